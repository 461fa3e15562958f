use std::collections::BTreeSet;
use std::time::Duration;

use futures::AsyncWriteExt;
use libp2p::core::transport::TransportError;
use libp2p::swarm::DialError;
use tempfile::TempDir;
use tokio::sync::mpsc;
use tokio::time::timeout;
use windbreak_protocol::id::EnvelopeId;
use windbreak_protocol::identity::Verified;
use windbreak_protocol::secret::Secret;
use windbreak_protocol::time::Hour;
use windbreak_protocol::whereabouts::{Whereabouts, WhereaboutsKey};
use windbreak_protocol::wire::Envelope;

use super::*;
use crate::relay::{Circuits, RelayConfig, RelayHandle, run_relay};
use crate::swarm::limits::Timings;
use crate::swarm::raw;
use crate::swarm::testkit::{Client, Member, NOW, Seen, StillClock, envelopes, soon, topic_key};
use crate::swarm::transport::Base;
use crate::swarm::{VenueConfig, VenueStatus, Way};

async fn relay(folder: &TempDir, circuits: Circuits) -> RelayHandle {
    let (path, listen) = (folder.path().join("relay"), "/ip4/127.0.0.1/tcp/0".to_owned());
    let mut config = RelayConfig::new(path, vec![listen], StillClock::new().clock());
    (config.timings, config.circuits) = (Timings::fast(), circuits);
    run_relay(config).await.unwrap()
}

fn link_key(key: u8) -> LinkKey {
    Secret::from_bytes([key; 32])
}

fn met_over(relay: &RelayHandle, key: u8) -> VenueConfig {
    let direct = Some(link_key(key));
    VenueConfig { relays: relay.addresses(), direct, ..VenueConfig::default() }
}

fn ids(envelopes: &[Verified<Envelope>]) -> BTreeSet<EnvelopeId> {
    envelopes.iter().map(|envelope| envelope.id()).collect()
}

async fn until(member: &Member, what: impl Fn(&VenueStatus) -> bool) {
    soon(async {
        while !what(&member.venue.status()) {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    })
    .await;
}

/// What members said of where they are, as whoever holds the key of the era reads it at a relay.
async fn whereabouts(relay: &RelayHandle, key: u8, count: usize) -> Vec<Whereabouts> {
    let key = WhereaboutsKey::of(&link_key(key), Hour::new(NOW).day());
    let topic = key.topic_key().topic();
    let opened = Client::connect(&relay.addresses()[0]).await.open(key.topic_key()).await;
    opened.stream.follow().await.unwrap();
    soon(async {
        loop {
            let days = opened.stream.days().await.unwrap();
            if days.iter().map(|day| day.count as usize).sum::<usize>() >= count {
                break;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    })
    .await;
    let mut ours =
        negentropy::Negentropy::owned(crate::swarm::mailbox::reconcilable(&[]).unwrap(), 60_000)
            .unwrap();
    let step = ours.initiate().unwrap();
    let answer = opened.stream.reconcile(Hour::new(NOW).day(), step).await.unwrap();
    let (mut have, mut need) = (Vec::new(), Vec::new());
    ours.reconcile_with_ids(&answer, &mut have, &mut need).unwrap();
    let wanted = need.iter().map(|id| EnvelopeId::from_bytes(id.to_bytes())).collect();
    let read = |bytes: Vec<u8>| {
        let envelope = Envelope::from_bytes(bytes).unwrap().verify().unwrap();
        assert_eq!(envelope.topic(), topic);
        key.open(&envelope).unwrap()
    };
    opened.stream.fetch(wanted).await.unwrap().into_iter().map(read).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_members_meet_at_a_relay_and_go_on_without_it() {
    let folder = TempDir::new().unwrap();
    let relay = relay(&folder, Circuits::On).await;
    let key = topic_key(1);
    let (alder, rowan) =
        (Member::start(met_over(&relay, 7), &[]), Member::start(met_over(&relay, 7), &[]));
    for member in [&alder, &rowan] {
        member.follow(&key);
    }
    for member in [&alder, &rowan] {
        until(member, |status| status.direct == 1 && status.is_met_by_relay).await;
    }
    relay.shutdown().await;
    until(&rowan, |status| status.relays_connected == 0).await;

    let said = envelopes(&key, NOW, 1, 20);
    for envelope in &said {
        alder.publish(envelope);
    }
    // What is put and what is followed may cross; the engine takes each once.
    let arrived = |seen: &Seen| seen.arrived.iter().copied().collect::<BTreeSet<_>>();
    rowan.sees(|seen| arrived(seen) == ids(&said)).await;
    alder.sees(|seen| seen.held == ids(&said)).await;
    assert_eq!(alder.venue.status().direct, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_said_of_where_members_are_holds_no_address_and_reaches_no_engine() {
    let folder = TempDir::new().unwrap();
    let relay = relay(&folder, Circuits::Limited).await;
    let alder = Member::start(met_over(&relay, 7), &[]);
    let rowan = Member::start(met_over(&relay, 7), &[]);
    until(&rowan, |status| status.direct == 1).await;
    let said = whereabouts(&relay, 7, 2).await;
    assert_eq!(said.len(), 2);
    let relay_peer = relay.addresses()[0].rsplit('/').next().unwrap().to_owned();
    for said in said {
        // A version, a peer id, the relay's, a time: there is no place for an address.
        let relays: Vec<_> =
            said.relays().map(|peer| PeerId::from_bytes(peer).unwrap().to_string()).collect();
        assert_eq!(relays, std::slice::from_ref(&relay_peer));
    }
    for member in [alder, rowan] {
        assert!(member.seen().arrived.is_empty());
        assert!(member.mailbox.is_empty(), "nothing of it is kept");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn members_of_different_eras_do_not_meet() {
    let folder = TempDir::new().unwrap();
    let relay = relay(&folder, Circuits::On).await;
    let (alder, rowan) =
        (Member::start(met_over(&relay, 7), &[]), Member::start(met_over(&relay, 7), &[]));
    until(&alder, |status| status.direct == 1).await;
    // A removal changes the era, and whoever is removed stays behind.
    alder.venue.reconfigure(met_over(&relay, 8)).unwrap();
    until(&rowan, |status| status.direct == 0).await;
    until(&alder, |status| status.direct == 0 && status.is_met_by_relay).await;
    let yew = Member::start(met_over(&relay, 8), &[]);
    until(&yew, |status| status.direct == 1).await;
    assert_eq!(rowan.venue.status().direct, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_relay_that_brings_nobody_together_still_carries_everything() {
    let folder = TempDir::new().unwrap();
    let relay = relay(&folder, Circuits::Off).await;
    let key = topic_key(1);
    let (alder, rowan) =
        (Member::start(met_over(&relay, 7), &[]), Member::start(met_over(&relay, 7), &[]));
    for member in [&alder, &rowan] {
        member.follow(&key);
    }
    let said = envelopes(&key, NOW, 1, 5);
    for envelope in &said {
        alder.publish(envelope);
    }
    rowan.sees(|seen| seen.arrived.len() >= said.len()).await;
    alder.sees(|seen| seen.held == ids(&said)).await;
    let status = alder.venue.status();
    assert_eq!((status.direct, status.is_met_by_relay), (0, false));
}

/// Somebody who can dial as members do.
fn stranger(expected: &[PeerId]) -> (DirectSwarm, raw::Control) {
    let identity = Keypair::generate_ed25519();
    let me = identity.public().to_peer_id();
    let (circuits, client) = relay::client::new(me);
    let (mut behaviour, control) = Behaviour::new(me, client);
    for peer in expected {
        behaviour.expected.allow_peer(*peer);
    }
    let timings = Timings::fast();
    let swarm = transport::direct(&identity, circuits, Nearness::Machine, behaviour, &timings);
    (swarm.unwrap(), control)
}

/// Whether a stream of topics can be opened at `peer` while the swarm runs.
async fn is_heard(
    swarm: &mut DirectSwarm,
    control: raw::Control,
    peer: PeerId,
    key: &windbreak_protocol::wire::TopicKey,
) -> bool {
    let open = async move {
        control.connected(peer).await;
        let stream = control.open_stream(peer, StreamProtocol::new(PROTOCOL)).await.ok()?;
        let timings = Timings::fast();
        crate::swarm::stream::TopicStream::open(stream, key, &peer.to_bytes(), &timings, ())
            .await
            .ok()
            .map(|_| ())
    };
    let run = async {
        loop {
            swarm.select_next_some().await;
        }
    };
    let heard = timeout(Duration::from_secs(5), async {
        tokio::select! {
            heard = open => heard.is_some(),
            () = run => false,
        }
    });
    heard.await.unwrap_or(false)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stranger_at_the_relay_who_knows_whom_to_ask_for_gets_nothing() {
    let folder = TempDir::new().unwrap();
    let relay = relay(&folder, Circuits::On).await;
    let key = topic_key(1);
    let alder = Member::start(met_over(&relay, 7), &[]);
    alder.follow(&key);
    until(&alder, |status| status.is_met_by_relay).await;
    let peer = PeerId::from_bytes(whereabouts(&relay, 7, 1).await[0].peer()).unwrap();

    let address: Multiaddr = relay.addresses()[0].parse().unwrap();
    let Some(Protocol::P2p(relay_peer)) = address.iter().last() else { panic!("no peer id") };
    let tcp: Multiaddr = address.iter().take(2).collect();
    let way = quic_beside(&tcp).unwrap().with(Protocol::P2p(relay_peer));
    let way = way.with(Protocol::P2pCircuit).with(Protocol::P2p(peer));
    // Even with the key of the topic: without that of the era nobody is expected.
    let (mut swarm, control) = stranger(&[relay_peer, peer]);
    swarm.dial(way).unwrap();
    assert!(!is_heard(&mut swarm, control, peer, &key).await);
    assert_eq!(alder.venue.status().apart, 0);
}

/// Serves the topic of `key` at a port where `expected` are expected; ends with the handle.
async fn served(
    (mut swarm, control): (DirectSwarm, raw::Control),
    key: &windbreak_protocol::wire::TopicKey,
    expected: &[PeerId],
) -> (Multiaddr, [AbortOnDropHandle<()>; 2]) {
    let store = Arc::new(std::sync::Mutex::new(crate::store::MemoryStore::new()));
    let mailbox = crate::swarm::MemberMailbox::open(store).unwrap();
    let (events, _) = mpsc::channel(1);
    let clock = StillClock::new().clock();
    let shared = Arc::new(Shared::new(mailbox, events, Timings::fast(), clock));
    let followed = crate::swarm::FollowedTopic { key: key.clone(), publish: true, begins: None };
    shared.set_topics([(key.topic(), followed)].into());
    let serving = serve(&shared, &swarm, control).unwrap();
    swarm.listen_on("/ip4/127.0.0.1/udp/0/quic-v1".parse().unwrap()).unwrap();
    let address = loop {
        if let SwarmEvent::NewListenAddr { address, .. } = swarm.select_next_some().await {
            break address;
        }
    };
    for peer in expected {
        swarm.behaviour_mut().expected.allow_peer(*peer);
    }
    let way = address.with(Protocol::P2p(*swarm.local_peer_id()));
    (way, [serving, run_alone(swarm)])
}

fn run_alone(mut swarm: DirectSwarm) -> AbortOnDropHandle<()> {
    AbortOnDropHandle::new(tokio::spawn(async move {
        loop {
            swarm.select_next_some().await;
        }
    }))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stranger_at_the_port_gets_nothing_and_a_member_without_the_topic_no_more() {
    let alder = stranger(&[]);
    let (me, key) = (*alder.0.local_peer_id(), topic_key(1));
    let (mut unknown, control_of_unknown) = stranger(&[me]);
    let (mut known, control_of_known) = stranger(&[me]);
    let (way, _alder) = served(alder, &key, &[*known.local_peer_id()]).await;
    unknown.dial(way.clone()).unwrap();
    assert!(!is_heard(&mut unknown, control_of_unknown, me, &key).await);
    known.dial(way).unwrap();
    let control = control_of_known.clone();
    assert!(is_heard(&mut known, control_of_known, me, &key).await, "the test can fail");
    assert!(!is_heard(&mut known, control, me, &topic_key(2)).await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_member_who_floods_a_direct_link_keeps_nobody_else_from_being_served() {
    let alder = stranger(&[]);
    let (me, key) = (*alder.0.local_peer_id(), topic_key(1));
    let (mut flooder, control) = stranger(&[me]);
    let (mut rowan, control_of_rowan) = stranger(&[me]);
    let expected = [*flooder.local_peer_id(), *rowan.local_peer_id()];
    let (way, _alder) = served(alder, &key, &expected).await;
    flooder.dial(way.clone()).unwrap();
    let _flooder = run_alone(flooder);
    soon(control.connected(me)).await;
    // More streams than a peer may have, each with the beginning of a message that never ends.
    let stream = |control: raw::Control| async move {
        let mut stream = control.open_stream(me, StreamProtocol::new(PROTOCOL)).await.ok()?;
        stream.write_all(&60_000_u32.to_be_bytes()).await.ok()?;
        stream.write_all(&[7; 30_000]).await.ok()?;
        Some(stream)
    };
    let many = (0..MAX_STREAMS_PER_PEER * 2)
        .map(|_| timeout(Duration::from_secs(3), stream(control.clone())));
    let held = futures::future::join_all(many).await;
    assert!(held.iter().flatten().flatten().count() > 0, "the test can fail");
    rowan.dial(way).unwrap();
    assert!(is_heard(&mut rowan, control_of_rowan, me, &key).await);
}

#[tokio::test]
async fn without_the_choice_nothing_of_it_can_be_dialled() {
    let streams = raw::Behaviour::new();
    let identity = Keypair::generate_ed25519();
    let timings = Timings::fast();
    let mut swarm = transport::swarm(&identity, None, Base::Clear, streams, &timings).unwrap();
    let peer = PeerId::random();
    let nowhere = format!("/ip4/192.0.2.1/tcp/1/p2p/{peer}");
    for way in ["/ip4/192.0.2.1/udp/1/quic-v1".to_owned(), format!("{nowhere}/p2p-circuit")] {
        swarm.dial(way.parse::<Multiaddr>().unwrap()).unwrap();
        let refused = loop {
            if let SwarmEvent::OutgoingConnectionError { error, .. } =
                swarm.select_next_some().await
            {
                break error;
            }
        };
        let DialError::Transport(errors) = refused else { panic!("{refused:?}") };
        let unknown =
            |error: &TransportError<_>| matches!(error, TransportError::MultiaddrNotSupported(_));
        assert!(errors.iter().all(|(_, error)| unknown(error)), "{way}: {errors:?}");
    }
    // And the choice is worth nothing where a circle goes through Tor.
    let folder = TempDir::new().unwrap();
    let relay = relay(&folder, Circuits::On).await;
    let through_tor =
        VenueConfig { way: Way::Tor("127.0.0.1:9".parse().unwrap()), ..met_over(&relay, 7) };
    let alder = Member::start(through_tor, &[]);
    tokio::time::sleep(Duration::from_millis(500)).await;
    let status = alder.venue.status();
    assert_eq!((status.direct, status.is_met_by_relay), (0, false));
}

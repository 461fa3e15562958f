mod gossip;
mod liars;
mod links;
mod turns;

use std::collections::BTreeSet;

use futures::{AsyncReadExt, AsyncWriteExt, StreamExt};
use libp2p::identity::Keypair;
use libp2p::swarm::SwarmEvent;
use tempfile::TempDir;
use windbreak_protocol::id::EnvelopeId;
use windbreak_protocol::identity::Verified;
use windbreak_protocol::secret::Secret;
use windbreak_protocol::time::Hour;
use windbreak_protocol::wire::Envelope;
use windbreak_protocol::wire::sync::{DayFingerprint, Reply, Request};

use super::testkit::{Member, NOW, StillClock, envelopes, soon, topic_key};
use super::transport::Base;
use super::*;
use crate::relay::{RelayConfig, RelayHandle, run_relay};

async fn relay(folder: &TempDir, listen: &str) -> RelayHandle {
    let path = folder.path().join("relay");
    let mut config = RelayConfig::new(path, vec![listen.to_owned()], StillClock::new().clock());
    config.timings = Timings::fast();
    run_relay(config).await.unwrap()
}

fn over(relay: &RelayHandle) -> VenueConfig {
    VenueConfig { relays: relay.addresses(), ..VenueConfig::default() }
}

fn linked(listen: &[&str], peers: Vec<String>, key: u8) -> VenueConfig {
    let listen = listen.iter().map(|text| (*text).to_owned()).collect();
    let key = Secret::from_bytes([key; 32]);
    VenueConfig { link: Some(LinkConfig { listen, peers, key }), ..VenueConfig::default() }
}

fn ids(envelopes: &[Verified<Envelope>]) -> BTreeSet<EnvelopeId> {
    envelopes.iter().map(|envelope| envelope.id()).collect()
}

const ANYWHERE: &str = "/ip4/127.0.0.1/tcp/0";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_member_who_was_away_gets_exactly_what_it_lacks() {
    let folder = TempDir::new().unwrap();
    let relay = relay(&folder, ANYWHERE).await;
    let key = topic_key(1);
    let mut said = envelopes(&key, NOW - 30, 1, 600);
    said.extend(envelopes(&key, NOW, 2, 400));
    let author = Member::start(over(&relay), &said);
    author.follow(&key);
    author.sees(|seen| seen.synced > 0).await;
    soon(async {
        while relay.status().envelopes < 1000 {
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
    })
    .await;
    drop(author);

    let known: Vec<_> = said.iter().step_by(3).cloned().collect();
    let own = envelopes(&key, NOW, 3, 5);
    let away = Member::start(over(&relay), &[known.clone(), own.clone()].concat());
    away.follow(&key);
    let seen = away.sees(|seen| seen.synced > 0).await;
    let expected: BTreeSet<_> = ids(&said).difference(&ids(&known)).copied().collect();
    assert_eq!(seen.arrived.len(), expected.len(), "each once");
    assert_eq!(seen.arrived.iter().copied().collect::<BTreeSet<_>>(), expected);
    // And the relay gets what it lacked.
    soon(async {
        while relay.status().envelopes < 1005 {
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_circle_and_each_start_comes_under_a_peer_id_of_its_own() {
    let (identity, timings) = (Keypair::generate_ed25519(), Timings::fast());
    let streams = raw::Behaviour::new();
    let mut host = transport::swarm(&identity, None, Base::Clear, streams, &timings).unwrap();
    host.listen_on(ANYWHERE.parse().unwrap()).unwrap();
    let address = loop {
        if let SwarmEvent::NewListenAddr { address, .. } = host.select_next_some().await {
            break format!("{address}/p2p/{}", host.local_peer_id());
        }
    };
    let (mut came, mut members) = (BTreeSet::new(), Vec::new());
    for number in 0..3 {
        // The third is the first, started again.
        if number == 2 {
            members.remove(0);
        }
        let relays = vec![address.clone()];
        let member = Member::start(VenueConfig { relays, ..VenueConfig::default() }, &[]);
        member.follow(&topic_key(1));
        members.push(member);
        // Who comes under an id that was here before is not counted again.
        soon(async {
            loop {
                let event = host.select_next_some().await;
                if let SwarmEvent::ConnectionEstablished { peer_id, .. } = event
                    && came.insert(peer_id)
                {
                    break;
                }
            }
        })
        .await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_published_is_held_and_reaches_the_others() {
    let folder = TempDir::new().unwrap();
    let relay = relay(&folder, ANYWHERE).await;
    let key = topic_key(1);
    let (alice, bob) = (Member::start(over(&relay), &[]), Member::start(over(&relay), &[]));
    alice.follow(&key);
    bob.follow(&key);
    bob.sees(|seen| seen.synced > 0).await;
    let said = envelopes(&key, NOW, 1, 100);
    for envelope in &said {
        alice.publish(envelope);
    }
    alice.sees(|seen| seen.held == ids(&said)).await;
    let seen = bob.sees(|seen| seen.arrived.len() >= 100).await;
    assert_eq!(seen.arrived.into_iter().collect::<BTreeSet<_>>(), ids(&said));
    assert!(alice.seen().arrived.is_empty(), "nobody gets back what it said");
    assert_eq!(alice.venue.status().relays_connected, 1);
    assert_eq!(alice.venue.unheld(), 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn publishing_goes_on_until_a_relay_is_there() {
    let folder = TempDir::new().unwrap();
    let first = relay(&folder, ANYWHERE).await;
    let address = first.addresses()[0].clone();
    let alice = Member::start(over(&first), &[]);
    first.shutdown().await;
    let key = topic_key(1);
    alice.follow(&key);
    let said = envelopes(&key, NOW, 1, 3);
    for envelope in &said {
        alice.publish(envelope);
    }
    tokio::time::sleep(std::time::Duration::from_millis(300)).await;
    assert!(alice.seen().held.is_empty());

    let listen = address.split("/p2p/").next().unwrap();
    let second = relay(&folder, listen).await;
    assert_eq!(second.addresses()[0], address);
    alice.sees(|seen| seen.held == ids(&said)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_relay_that_lost_its_data_is_refilled() {
    let key = topic_key(1);
    let said = envelopes(&key, NOW, 1, 50);
    let old = envelopes(&key, NOW - 31 * 24, 2, 5);
    let alice_knows = [said.clone(), old].concat();
    let folder = TempDir::new().unwrap();
    let relay = relay(&folder, ANYWHERE).await;
    let alice = Member::start(over(&relay), &alice_knows);
    alice.follow(&key);
    let bob = Member::start(over(&relay), &[]);
    bob.follow(&key);
    let seen = bob.sees(|seen| seen.arrived.len() >= 50).await;
    assert_eq!(seen.arrived.into_iter().collect::<BTreeSet<_>>(), ids(&said));
    assert_eq!(relay.status().refused.expired, 0, "what no relay keeps is not put back");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_envelope_nobody_will_take_is_given_up() {
    let folder = TempDir::new().unwrap();
    let relay = relay(&folder, ANYWHERE).await;
    let key = topic_key(1);
    let alice = Member::start(over(&relay), &[]);
    alice.follow(&key);
    let said = envelopes(&key, NOW - 31 * 24, 1, 1);
    alice.publish(&said[0]);
    alice.sees(|seen| seen.refused == ids(&said)).await;
    // Published again, as the engine does, it is offered again: a relay's word is not for ever.
    alice.publish(&said[0]);
    soon(async {
        while relay.status().refused.expired < 2 {
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_members_with_a_link_gossip() {
    let key = topic_key(1);
    let old = envelopes(&key, NOW - 50, 1, 20);
    let alice = Member::start(linked(&[ANYWHERE], Vec::new(), 7), &old);
    alice.follow(&key);
    let listening = listening(&alice).await;
    let bob = Member::start(linked(&[], listening, 7), &[]);
    bob.follow(&key);

    // What was said before comes by comparing, what is said now by gossip.
    bob.sees(|seen| seen.arrived.len() >= 20).await;
    let said = envelopes(&key, NOW, 2, 20);
    for envelope in &said {
        alice.publish(envelope);
    }
    let reply = envelopes(&key, NOW, 3, 1);
    bob.publish(&reply[0]);
    bob.sees(|seen| ids(&said).is_subset(&seen.arrived.iter().copied().collect())).await;
    alice.sees(|seen| seen.arrived.contains(&reply[0].id())).await;
    alice.sees(|seen| seen.held == ids(&said)).await;
    assert_eq!((alice.venue.status().peers, bob.venue.status().peers), (1, 1));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stranger_on_the_link_port_learns_nothing() {
    let key = topic_key(1);
    let alice = Member::start(linked(&[ANYWHERE], Vec::new(), 7), &envelopes(&key, NOW, 1, 3));
    alice.follow(&key);
    let stranger = Member::start(linked(&[], listening(&alice).await, 8), &[]);
    stranger.follow(&key);
    tokio::time::sleep(std::time::Duration::from_millis(1500)).await;
    assert_eq!((alice.venue.status().peers, stranger.venue.status().peers), (0, 0));
    assert!(stranger.seen().arrived.is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_linked_member_who_does_not_hold_the_topic_gets_nothing() {
    let (key, other) = (topic_key(1), topic_key(2));
    let alice = Member::start(linked(&[ANYWHERE], Vec::new(), 7), &envelopes(&key, NOW, 1, 3));
    alice.follow(&key);
    let removed = Member::start(linked(&[], listening(&alice).await, 7), &[]);
    removed.follow(&other);
    tokio::time::sleep(std::time::Duration::from_millis(1000)).await;
    assert_eq!(removed.venue.status().peers, 1);
    assert_eq!((removed.seen().arrived.len(), removed.seen().synced), (0, 0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_node_without_links_does_not_listen() {
    let folder = TempDir::new().unwrap();
    let relay = relay(&folder, ANYWHERE).await;
    let alice = Member::start(over(&relay), &[]);
    alice.follow(&topic_key(1));
    alice.sees(|seen| seen.synced > 0).await;
    assert_eq!(alice.venue.status().listening, Vec::<String>::new());
    assert_eq!(alice.venue.status().peers, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_venue_can_be_changed_while_it_is_open() {
    let (first, second) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let (first, second) = (relay(&first, ANYWHERE).await, relay(&second, ANYWHERE).await);
    let (one, two) = (topic_key(1), topic_key(2));
    let alice = Member::start(over(&first), &[]);
    alice.follow(&one);
    alice.sees(|seen| seen.synced > 0).await;
    alice.venue.reconfigure(over(&second)).unwrap();
    alice.follow(&two);
    let said = envelopes(&two, NOW, 1, 2);
    alice.publish(&said[0]);
    alice.publish(&said[1]);
    alice.sees(|seen| seen.held == ids(&said)).await;
    assert_eq!((first.status().envelopes, second.status().envelopes), (0, 2));
    soon(async {
        while first.status().connections > 0 {
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
    })
    .await;
    alice.venue.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn malformed_addresses_are_refused() {
    let mailbox = {
        let store = Arc::new(std::sync::Mutex::new(crate::store::MemoryStore::new()));
        MemberMailbox::open(store).unwrap()
    };
    let start = |config| {
        let clock = StillClock::new().clock();
        OpenVenue::start(config, mailbox.clone(), Timings::fast(), clock).map(|_| ())
    };
    for relay in ["relay.example:9700", "/ip4/127.0.0.1/tcp/9700"] {
        let config = VenueConfig { relays: vec![relay.to_owned()], ..VenueConfig::default() };
        assert_eq!(start(config), Err(VenueError::RelayAddress));
    }
    assert_eq!(start(linked(&["nowhere"], Vec::new(), 1)), Err(VenueError::LinkAddress));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_host_that_lies_and_stalls_keeps_nobody_from_an_honest_one() {
    let folder = TempDir::new().unwrap();
    let honest = relay(&folder, ANYWHERE).await;
    let (hostile, mut seen_peers) = slow_relay(true).await;
    let key = topic_key(1);
    let said = envelopes(&key, NOW, 1, 20);
    let author = Member::start(over(&honest), &said);
    author.follow(&key);
    author.sees(|seen| seen.synced > 0).await;

    let relays = vec![hostile, honest.addresses()[0].clone()];
    let alice =
        Member::start(VenueConfig { relays: relays.clone(), ..VenueConfig::default() }, &[]);
    alice.follow(&key);
    soon(seen_peers.recv()).await.unwrap();
    alice.sees(|seen| seen.arrived.len() >= 20).await;
    assert_eq!(alice.seen().synced, 0, "one relay was not heard to the end");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_found_no_room_is_asked_for_again_at_once() {
    let folder = TempDir::new().unwrap();
    let relay = relay(&folder, ANYWHERE).await;
    let key = topic_key(1);
    let said = envelopes(&key, NOW, 1, 20);
    let author = Member::start(over(&relay), &said);
    author.follow(&key);
    soon(async {
        while relay.status().envelopes < 20 {
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
    })
    .await;

    let alice = Member::with_room(over(&relay), 6);
    alice.follow(&key);
    let began = std::time::Instant::now();
    alice.sees(|seen| seen.synced > 0).await;
    // Nobody is told that all of it was compared before all of it was.
    assert_eq!(alice.seen().arrived.iter().copied().collect::<BTreeSet<_>>(), ids(&said));
    assert!(began.elapsed() < Timings::fast().compare, "it waited for the next comparison");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_restart_changes_the_peer_id() {
    let (address, mut peers) = slow_relay(false).await;
    let config = || VenueConfig { relays: vec![address.clone()], ..VenueConfig::default() };
    let mut over_relays = Vec::new();
    // Two circles at once, then the first of them after a restart.
    let first = Member::start(config(), &[]);
    over_relays.push(soon(peers.recv()).await.unwrap());
    let _second = Member::start(config(), &[]);
    over_relays.push(soon(peers.recv()).await.unwrap());
    drop(first);
    let _again = Member::start(config(), &[]);
    over_relays.push(soon(peers.recv()).await.unwrap());
    assert_eq!(over_relays.iter().collect::<BTreeSet<_>>().len(), 3);

    let mut over_links = Vec::new();
    for _ in 0..2 {
        let member = Member::start(linked(&[ANYWHERE], Vec::new(), 1), &[]);
        let address = listening(&member).await.remove(0);
        let identity = Keypair::generate_ed25519();
        let (key, timings) = (Secret::from_bytes([1; 32]), Timings::fast());
        let streams = raw::Behaviour::new();
        let mut swarm =
            transport::swarm(&identity, Some(&key), Base::Clear, streams, &timings).unwrap();
        swarm.dial(address.parse::<libp2p::Multiaddr>().unwrap()).unwrap();
        let connected = async {
            loop {
                if let SwarmEvent::ConnectionEstablished { peer_id, .. } =
                    swarm.select_next_some().await
                {
                    return peer_id;
                }
            }
        };
        over_links.push(soon(connected).await);
    }
    let all: BTreeSet<_> = over_relays.iter().chain(&over_links).collect();
    assert_eq!(all.len(), 5);
}

/// A relay that tells who connects. It opens every topic, if it is to, claims days that may be,
/// and answers nothing more.
async fn slow_relay(
    serves: bool,
) -> (String, tokio::sync::mpsc::UnboundedReceiver<libp2p::PeerId>) {
    let identity = Keypair::generate_ed25519();
    let streams = raw::Behaviour::new();
    let control = streams.new_control();
    let mut swarm =
        transport::swarm(&identity, None, Base::Clear, streams, &Timings::fast()).unwrap();
    swarm.listen_on(ANYWHERE.parse().unwrap()).unwrap();
    let (connected, peers) = tokio::sync::mpsc::unbounded_channel();
    let (listens, address) = tokio::sync::oneshot::channel();
    let peer = *swarm.local_peer_id();
    tokio::spawn(async move {
        let mut listens = Some(listens);
        loop {
            match swarm.select_next_some().await {
                SwarmEvent::NewListenAddr { address, .. } => {
                    if let Some(listens) = listens.take() {
                        listens.send(address.with_p2p(peer).unwrap().to_string()).unwrap();
                    }
                }
                SwarmEvent::ConnectionEstablished { peer_id, .. } => {
                    let _ = connected.send(peer_id);
                }
                _ => {}
            }
        }
    });
    if serves {
        let protocol = libp2p::StreamProtocol::new(windbreak_protocol::wire::sync::PROTOCOL);
        let mut incoming = control.accept(protocol).unwrap();
        tokio::spawn(async move {
            while let Some((_, stream)) = incoming.next().await {
                tokio::spawn(stall(stream));
            }
        });
    }
    (soon(address).await.unwrap(), peers)
}

/// Serves a stream up to its days, and then only listens.
async fn stall(mut stream: libp2p::Stream) -> Option<()> {
    write(&mut stream, &Reply::Nonce { nonce: [0; 32] }).await?;
    loop {
        let mut length = [0; 4];
        stream.read_exact(&mut length).await.ok()?;
        let mut message = vec![0; u32::from_be_bytes(length) as usize];
        stream.read_exact(&mut message).await.ok()?;
        match Request::from_bytes(&message).unwrap() {
            Request::Open { .. } => write(&mut stream, &Reply::Opened).await?,
            Request::Days { number } => {
                let today = NOW / 24;
                let id = EnvelopeId::from_bytes([7; 32]);
                let lie =
                    |day: u32| DayFingerprint::of(day, std::iter::once((Hour::new(day * 24), id)));
                let days = (today - 1100..today + 100).map(lie).collect();
                write(&mut stream, &Reply::Days { number, days }).await?;
            }
            _ => {}
        }
    }
}

async fn write(stream: &mut libp2p::Stream, reply: &Reply) -> Option<()> {
    let message = reply.to_bytes();
    stream.write_all(&(message.len() as u32).to_be_bytes()).await.ok()?;
    stream.write_all(&message).await.ok()?;
    stream.flush().await.ok()
}

/// Where a member listens for links, once it does.
async fn listening(member: &Member) -> Vec<String> {
    soon(async {
        loop {
            let listening = member.venue.status().listening;
            if !listening.is_empty() {
                return listening;
            }
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_relay_that_has_no_room_is_told_of_until_it_has() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("relay");
    let mut config = RelayConfig::new(path, vec![ANYWHERE.to_owned()], StillClock::new().clock());
    config.timings = Timings::fast();
    config.limits.topic_envelopes = 2;
    let relay = run_relay(config).await.unwrap();
    let key = topic_key(1);
    let alice = Member::start(over(&relay), &[]);
    alice.follow(&key);
    let said = envelopes(&key, NOW, 1, 3);
    for envelope in &said {
        alice.publish(envelope);
    }
    soon(async {
        while alice.venue.status().refusal.is_none() {
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
    })
    .await;
    let status = alice.venue.status();
    assert_eq!(status.refusal, Some(windbreak_protocol::wire::sync::Refusal::Quota));
    assert!(alice.seen().refused.is_empty(), "it waits, and is offered again");

    // Another topic has room: what was refused before is no trouble of the whole any more.
    let other = topic_key(2);
    alice.follow(&other);
    alice.publish(&envelopes(&other, NOW, 2, 1)[0]);
    soon(async {
        while alice.venue.status().refusal.is_some() {
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_finds_no_place_at_a_relay_is_told_so_and_gets_one_later() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("relay");
    let mut config = RelayConfig::new(path, vec![ANYWHERE.to_owned()], StillClock::new().clock());
    config.timings = Timings::fast();
    config.limits.connections = 1;
    let relay = run_relay(config).await.unwrap();
    let key = topic_key(1);
    let alice = Member::start(over(&relay), &[]);
    alice.follow(&key);
    soon(async {
        while relay.status().connections == 0 {
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
    })
    .await;
    let bob = Member::start(over(&relay), &[]);
    bob.follow(&key);
    let said = envelopes(&key, NOW, 1, 1);
    bob.publish(&said[0]);
    let crowded = Some(windbreak_protocol::wire::sync::Refusal::Crowded);
    soon(async {
        while bob.venue.status().refusal != crowded {
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
    })
    .await;
    assert_eq!((bob.seen().held.len(), relay.status().connections), (0, 1));

    drop(alice);
    soon(async {
        while bob.seen().held.is_empty() {
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
    })
    .await;
    assert_eq!(bob.venue.status().refusal, None);
}

#[test]
fn a_relay_is_named_by_its_peer_id_in_one_way_only() {
    let peer = Keypair::generate_ed25519().public().to_peer_id();
    let address = |way: &str| format!("/ip4/192.0.2.1/tcp/1/{way}/{peer}");
    assert!(is_relay_address(&address("p2p")));
    // The same id for whoever dials it, and none for whoever asks which relay that is.
    assert!(!is_relay_address(&address("ipfs")));
    assert!(!is_relay_address("/ip4/192.0.2.1/tcp/1"));
}

#[test]
fn a_relay_under_a_name_is_not_taken_since_no_name_is_ever_asked_about() {
    let peer = Keypair::generate_ed25519().public().to_peer_id();
    for way in ["ip4/192.0.2.1/tcp/1", "ip6/2001:db8::1/tcp/1"] {
        assert!(is_relay_address(&format!("/{way}/p2p/{peer}")), "{way}");
    }
    for way in [
        "dns/relay.example/tcp/1",
        "dns4/relay.example/tcp/1",
        "dnsaddr/relay.example",
        "ip4/192.0.2.1/udp/1",
    ] {
        assert!(!is_relay_address(&format!("/{way}/p2p/{peer}")), "{way}");
    }
}

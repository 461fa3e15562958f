//! Linked members who gossip ill: what they publish, how many they are, what they say beside it.

use std::net::TcpListener;
use std::time::{Duration, Instant};

use futures::AsyncWrite;
use libp2p::gossipsub::{Event, IdentTopic};
use libp2p::{PeerId, StreamProtocol, Swarm};
use tokio::sync::watch;
use tokio_util::task::AbortOnDropHandle;
use windbreak_protocol::wire::TopicKey;

use super::super::limits::{MAX_GOSSIP_IDS, MAX_INCOMING_LINKS, MAX_REJECTED};
use super::super::testkit::spoilt;
use super::*;

/// What gossip speaks, by hand.
const GOSSIP: &str = "/meshsub/1.1.0";

/// A member's device that follows `topic` by gossip alone, and dials `address`.
fn dialling(address: &str, topic: &IdentTopic) -> Swarm<link::Behaviour> {
    let timings = Timings::fast();
    let (behaviour, filter, _control) = link::Behaviour::new(&timings).unwrap();
    filter.set([topic.hash()].into());
    let psk = Secret::from_bytes([7; 32]);
    let identity = Keypair::generate_ed25519();
    let mut swarm =
        transport::swarm(&identity, Some(&psk), Base::Clear, behaviour, &timings).unwrap();
    swarm.behaviour_mut().gossip.subscribe(topic).unwrap();
    swarm.dial(address.parse::<libp2p::Multiaddr>().unwrap()).unwrap();
    swarm
}

/// The same, once it knows that the other follows the topic.
async fn linked_to(address: &str, key: &TopicKey) -> Swarm<link::Behaviour> {
    let mut swarm = dialling(address, &name(key));
    let subscribed = async {
        loop {
            if let SwarmEvent::Behaviour(link::BehaviourEvent::Gossip(Event::Subscribed {
                ..
            })) = swarm.select_next_some().await
            {
                return;
            }
        }
    };
    soon(subscribed).await;
    swarm
}

fn name(key: &TopicKey) -> IdentTopic {
    IdentTopic::new(key.topic().to_text())
}

/// Has a swarm go on by itself.
fn drive(mut swarm: Swarm<link::Behaviour>) -> AbortOnDropHandle<()> {
    AbortOnDropHandle::new(tokio::spawn(async move {
        loop {
            swarm.select_next_some().await;
        }
    }))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_spoilt_copy_does_not_hide_the_true_envelope() {
    let key = topic_key(1);
    let alice = Member::start(linked(&[ANYWHERE], Vec::new(), 7), &[]);
    alice.follow(&key);
    let mut swarm = linked_to(&listening(&alice).await[0], &key).await;
    let said = envelopes(&key, NOW, 1, 1);
    let (gossip, topic) = (&mut swarm.behaviour_mut().gossip, name(&key).hash());
    gossip.publish(topic.clone(), spoilt(&said[0])).unwrap();
    gossip.publish(topic.clone(), b"noise".to_vec()).unwrap();
    gossip.publish(topic, said[0].as_bytes()).unwrap();
    let _running = drive(swarm);
    let seen = alice.sees(|seen| !seen.arrived.is_empty()).await;
    assert_eq!(seen.arrived, [said[0].id()]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_sends_what_nobody_may_pass_on_is_refused_for_a_while() {
    let key = topic_key(1);
    let alice = Member::start(linked(&[ANYWHERE], Vec::new(), 7), &[]);
    alice.follow(&key);
    let address = listening(&alice).await.remove(0);
    let mut swarm = linked_to(&address, &key).await;
    for number in 0..2 * MAX_REJECTED {
        let noise = format!("noise {number}").into_bytes();
        swarm.behaviour_mut().gossip.publish(name(&key).hash(), noise).unwrap();
    }
    // It is sent away, and again when it comes back.
    for _ in 0..2 {
        let sent_away = async {
            loop {
                if let SwarmEvent::ConnectionClosed { .. } = swarm.select_next_some().await {
                    return;
                }
            }
        };
        soon(sent_away).await;
        swarm.dial(address.parse::<libp2p::Multiaddr>().unwrap()).unwrap();
    }
    let _running = drive(swarm);
    // Somebody else is heard.
    let bob = Member::start(linked(&[], vec![address], 7), &[]);
    bob.follow(&key);
    let said = envelopes(&key, NOW, 1, 1);
    bob.publish(&said[0]);
    // By gossip, by comparing, or both at once.
    alice.sees(|seen| seen.arrived.contains(&said[0].id())).await;
    assert_eq!(alice.venue.status().peers, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_comes_in_great_number_leaves_places_for_whom_one_dials() {
    let key = topic_key(1);
    // Bob's place is known before he is there.
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let place = format!("/ip4/127.0.0.1/tcp/{port}");
    let alice = Member::start(linked(&[ANYWHERE], vec![place.clone()], 7), &[]);
    alice.follow(&key);
    let address = listening(&alice).await.remove(0);
    let mut crowd = Vec::new();
    for count in 1..=MAX_INCOMING_LINKS as usize {
        crowd.push(drive(dialling(&address, &name(&key))));
        soon(async {
            while alice.venue.status().peers < count {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        })
        .await;
    }
    for _ in 0..20 {
        crowd.push(drive(dialling(&address, &name(&key))));
    }
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert_eq!(alice.venue.status().peers, MAX_INCOMING_LINKS as usize);

    let said = envelopes(&key, NOW, 1, 3);
    let bob = Member::start(linked(&[&place], Vec::new(), 7), &said);
    bob.follow(&key);
    alice.sees(|seen| seen.arrived.len() >= 3).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_circle_with_very_many_topics_gossips() {
    let keys: Vec<_> = (0..=255).map(topic_key).collect();
    let alice = Member::start(linked(&[ANYWHERE], Vec::new(), 7), &[]);
    let followed = |key: &TopicKey| FollowedTopic { key: key.clone(), publish: true, begins: None };
    alice.venue.set_topics(keys.iter().map(followed).collect());
    let address = listening(&alice).await.remove(0);
    // Somebody who says nothing but by gossip, and hears of all those topics in one frame.
    let mut swarm = linked_to(&address, &keys[200]).await;
    let said = envelopes(&keys[200], NOW, 1, 1);
    swarm.behaviour_mut().gossip.publish(name(&keys[200]).hash(), said[0].as_bytes()).unwrap();
    let _running = drive(swarm);
    alice.sees(|seen| seen.arrived == [said[0].id()]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_offers_without_end_costs_a_bounded_amount_and_hides_nobody() {
    let key = topic_key(1);
    let topic = key.topic().to_text();
    let alice = Member::start(linked(&[ANYWHERE], Vec::new(), 7), &[]);
    alice.follow(&key);
    let address = listening(&alice).await.remove(0);
    let bob = Member::start(linked(&[], vec![address.clone()], 7), &[]);
    bob.follow(&key);
    alice.sees(|seen| seen.synced > 0).await;

    let (control, peer, heard) = raw(&address).await;
    let began = Instant::now();
    let mut stream = soon(control.open_stream(peer, StreamProtocol::new(GOSSIP))).await.unwrap();
    let named = field(2, topic.as_bytes());
    let (subscribe, leave) = (
        field(1, &[[8, 1].as_slice(), &named].concat()),
        field(1, &[[8, 0].as_slice(), &named].concat()),
    );
    let named = field(1, topic.as_bytes());
    let (graft, prune) = (field(3, &field(3, &named)), field(3, &field(4, &named)));
    let (come, go) = ([subscribe, graft].concat(), [leave, prune].concat());
    frame(&mut stream, &come).await;
    for number in 0..30_u32 {
        let id = |index: u32| [number, index].map(u32::to_be_bytes).concat().repeat(4);
        let ids = (0..400).flat_map(|index| field(2, &id(index)));
        let offers: Vec<u8> = named.iter().copied().chain(ids).collect();
        frame(&mut stream, &field(3, &field(1, &offers))).await;
        for _ in 0..20 {
            frame(&mut stream, &go).await;
            frame(&mut stream, &come).await;
        }
    }
    // What is said meanwhile arrives.
    let said = envelopes(&key, NOW, 1, 5);
    for envelope in &said {
        bob.publish(envelope);
    }
    alice.sees(|seen| seen.arrived.len() >= 5).await;
    tokio::time::sleep(Duration::from_millis(500)).await;
    let beats = began.elapsed().as_millis() / Timings::fast().heartbeat.as_millis() + 2;
    // An id that is asked for takes 34 bytes; besides there is an answer to each graft, and what
    // was said.
    let most = beats as usize * MAX_GOSSIP_IDS * 34 + 600 * 90 + 32 * 1024;
    let asked = *heard.borrow();
    assert!(asked > 0 && asked <= most, "{asked} bytes in {beats} heartbeats");
}

/// A linked peer that speaks streams alone: their control, who was dialled, and how many bytes of
/// gossip came.
async fn raw(address: &str) -> (raw::Control, PeerId, watch::Receiver<usize>) {
    let streams = raw::Behaviour::new();
    let control = streams.new_control();
    let (psk, identity) = (Secret::from_bytes([7; 32]), Keypair::generate_ed25519());
    let timings = Timings::fast();
    let mut swarm =
        transport::swarm(&identity, Some(&psk), Base::Clear, streams, &timings).unwrap();
    let mut incoming = control.clone().accept(StreamProtocol::new(GOSSIP)).unwrap();
    let (heard, bytes) = watch::channel(0);
    tokio::spawn(async move {
        while let Some((_, mut stream)) = incoming.next().await {
            let mut some = vec![0; 16 * 1024];
            while let Ok(count) = stream.read(&mut some).await
                && count > 0
            {
                heard.send_modify(|bytes| *bytes += count);
            }
        }
    });
    swarm.dial(address.parse::<libp2p::Multiaddr>().unwrap()).unwrap();
    let (connected, peer) = tokio::sync::oneshot::channel();
    tokio::spawn(async move {
        let mut connected = Some(connected);
        loop {
            if let SwarmEvent::ConnectionEstablished { peer_id, .. } =
                swarm.select_next_some().await
                && let Some(connected) = connected.take()
            {
                connected.send(peer_id).unwrap();
            }
        }
    });
    (control, soon(peer).await.unwrap(), bytes)
}

/// A field of a protocol buffer that holds bytes.
fn field(number: u8, bytes: &[u8]) -> Vec<u8> {
    [[(number << 3) | 2].as_slice(), &length(bytes.len()), bytes].concat()
}

fn length(mut length: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    while length >= 0x80 {
        bytes.push((length & 0x7f) as u8 | 0x80);
        length >>= 7;
    }
    bytes.push(length as u8);
    bytes
}

async fn frame(stream: &mut (impl AsyncWrite + Unpin), message: &[u8]) {
    stream.write_all(&length(message.len())).await.unwrap();
    stream.write_all(message).await.unwrap();
    stream.flush().await.unwrap();
}

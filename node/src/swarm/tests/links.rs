//! Linked members who come from several places, or are reached at several.

use std::time::Duration;

use libp2p::gossipsub::IdentTopic;
use libp2p::{Multiaddr, PeerId, Swarm};
use tokio::time::{Instant, sleep, timeout, timeout_at};
use tokio_util::task::AbortOnDropHandle;
use windbreak_protocol::wire::sync::PROTOCOL;

use super::super::limits::MAX_LINKS_PER_PEER;
use super::super::stream::{StreamError, TopicStream};
use super::*;

fn swarm(identity: &Keypair) -> Swarm<link::Behaviour> {
    let timings = Timings::fast();
    let (behaviour, filter, _control) = link::Behaviour::new(&timings).unwrap();
    filter.set([name().hash()].into());
    let psk = Secret::from_bytes([7; 32]);
    let mut swarm =
        transport::swarm(identity, Some(&psk), Base::Clear, behaviour, &timings).unwrap();
    swarm.behaviour_mut().gossip.subscribe(&name()).unwrap();
    swarm
}

fn name() -> IdentTopic {
    IdentTopic::new(topic_key(1).topic().to_text())
}

/// Comes to a link over one connection more, and has a topic opened over it.
async fn comes(identity: &Keypair, address: &Multiaddr, host: PeerId) -> Option<Came> {
    let streams = raw::Behaviour::new();
    let control = streams.new_control();
    let (psk, timings) = (Secret::from_bytes([7; 32]), Timings::fast());
    let mut swarm = transport::swarm(identity, Some(&psk), Base::Clear, streams, &timings).unwrap();
    swarm.dial(address.clone()).unwrap();
    let running = AbortOnDropHandle::new(tokio::spawn(async move {
        loop {
            swarm.select_next_some().await;
        }
    }));
    timeout(Duration::from_secs(2), control.connected(host)).await.ok()?;
    let stream = control.open_stream(host, libp2p::StreamProtocol::new(PROTOCOL)).await.ok()?;
    let opened = TopicStream::open(stream, &topic_key(1), &host.to_bytes(), &timings, ()).await;
    let (stream, _live, driver) = opened.ok()?;
    let _driver = AbortOnDropHandle::new(tokio::spawn(driver));
    Some(Came { stream, _driver, _running: running })
}

struct Came {
    stream: TopicStream,
    _driver: AbortOnDropHandle<StreamError>,
    _running: AbortOnDropHandle<()>,
}

/// Who is behind a link.
async fn peer_behind(address: &Multiaddr) -> PeerId {
    let mut swarm = swarm(&Keypair::generate_ed25519());
    swarm.dial(address.clone()).unwrap();
    loop {
        if let SwarmEvent::ConnectionEstablished { peer_id, .. } = swarm.select_next_some().await {
            return peer_id;
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_moves_again_and_again_is_linked_where_it_came_last() {
    let key = topic_key(1);
    let alice = Member::start(linked(&[ANYWHERE], Vec::new(), 7), &[]);
    alice.follow(&key);
    let address: Multiaddr = listening(&alice).await.remove(0).parse().unwrap();
    let host = soon(peer_behind(&address)).await;
    let identity = Keypair::generate_ed25519();
    // What it leaves behind neither ends nor says anything more.
    let mut left_behind = Vec::new();
    for _ in 0..3 * MAX_LINKS_PER_PEER {
        let came = soon(async {
            loop {
                if let Some(came) = comes(&identity, &address, host).await {
                    return came;
                }
                // One that makes room may not have gone yet.
                sleep(Duration::from_millis(50)).await;
            }
        });
        left_behind.push(came.await);
    }
    let newest = left_behind.pop().unwrap();
    assert!(soon(newest.stream.days()).await.is_ok());
    assert_eq!(alice.venue.status().peers, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_answers_at_several_addresses_is_linked_at_one() {
    const ADDRESSES: usize = 3;
    let mut host = swarm(&Keypair::generate_ed25519());
    let mut addresses = Vec::new();
    for _ in 0..ADDRESSES {
        host.listen_on(ANYWHERE.parse().unwrap()).unwrap();
    }
    while addresses.len() < ADDRESSES {
        if let SwarmEvent::NewListenAddr { address, .. } = host.select_next_some().await {
            addresses.push(address.to_string());
        }
    }
    let bob = Member::start(linked(&[], addresses, 7), &[]);
    bob.follow(&topic_key(1));
    let (mut came, mut gone) = (0, 0);
    let end = Instant::now() + Duration::from_secs(4);
    while let Ok(event) = timeout_at(end, host.select_next_some()).await {
        match event {
            SwarmEvent::ConnectionEstablished { .. } => came += 1,
            SwarmEvent::ConnectionClosed { .. } => gone += 1,
            _ => {}
        }
    }
    assert_eq!(came - gone, 1, "{came} came");
    // Each was dialled at the start, and the rest was left alone.
    assert!(came <= ADDRESSES + 1, "{came} came");
    assert_eq!(bob.venue.status().peers, 1);
}

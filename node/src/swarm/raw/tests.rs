use std::collections::BTreeSet;
use std::time::Duration;

use futures::{AsyncReadExt, AsyncWriteExt, StreamExt};
use libp2p::connection_limits::{self, ConnectionLimits};
use libp2p::identity::Keypair;
use libp2p::swarm::{NetworkBehaviour, SwarmEvent};
use libp2p::{Multiaddr, PeerId, StreamProtocol, Swarm};
use tokio::task::JoinSet;
use tokio::time::sleep;
use tokio_util::task::AbortOnDropHandle;

use super::*;
use crate::swarm::limits::{TAKEN_QUEUE, Timings};
use crate::swarm::testkit::soon;
use crate::swarm::transport::{self, Base};

const SPOKEN: StreamProtocol = StreamProtocol::new("/windbreak/test/1");
const UNSPOKEN: StreamProtocol = StreamProtocol::new("/windbreak/test/2");

fn swarm<B: NetworkBehaviour>(identity: &Keypair, behaviour: B) -> Swarm<B> {
    transport::swarm(identity, None, Base::Clear, behaviour, &Timings::fast()).unwrap()
}

/// Has a swarm listen; its address.
async fn listening<B: NetworkBehaviour>(swarm: &mut Swarm<B>) -> Multiaddr {
    swarm.listen_on("/ip4/127.0.0.1/tcp/0".parse().unwrap()).unwrap();
    loop {
        if let SwarmEvent::NewListenAddr { address, .. } = swarm.select_next_some().await {
            return address;
        }
    }
}

/// Has a swarm go on by itself.
fn drive<B: NetworkBehaviour + Send>(mut swarm: Swarm<B>) -> AbortOnDropHandle<()>
where
    B::ToSwarm: Send,
{
    AbortOnDropHandle::new(tokio::spawn(async move {
        loop {
            swarm.select_next_some().await;
        }
    }))
}

/// A host that goes on by itself, its address and its control.
async fn host() -> (AbortOnDropHandle<()>, Multiaddr, PeerId, Control) {
    let behaviour = Behaviour::new();
    let control = behaviour.new_control();
    let mut swarm = swarm(&Keypair::generate_ed25519(), behaviour);
    let (address, peer) = (listening(&mut swarm).await, *swarm.local_peer_id());
    (drive(swarm), address, peer, control)
}

/// Somebody who is connected with a host.
async fn client(identity: &Keypair, address: &Multiaddr) -> (AbortOnDropHandle<()>, Control) {
    let behaviour = Behaviour::new();
    let control = behaviour.new_control();
    let mut swarm = swarm(identity, behaviour);
    swarm.dial(address.clone()).unwrap();
    soon(async {
        while !matches!(swarm.select_next_some().await, SwarmEvent::ConnectionEstablished { .. }) {}
    })
    .await;
    (drive(swarm), control)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_of_many_streams_that_are_opened_at_once_is_taken() {
    const CLIENTS: u8 = 8;
    const EACH: u8 = 40;
    const _: () = assert!(CLIENTS as usize * EACH as usize > 2 * TAKEN_QUEUE);
    let (_host, address, peer, control) = host().await;
    let mut incoming = control.accept(SPOKEN).unwrap();
    let mut clients = Vec::new();
    for _ in 0..CLIENTS {
        clients.push(client(&Keypair::generate_ed25519(), &address).await);
    }
    let mut said = JoinSet::new();
    for (client, (_, control)) in (0..).zip(&clients) {
        for number in 0..EACH {
            let control = control.clone();
            said.spawn(async move {
                let mut stream = control.open_stream(peer, SPOKEN).await.unwrap();
                stream.write_all(&[client, number]).await.unwrap();
                stream.close().await.unwrap();
                // Whoever lets go of it too early takes it back.
                let _ = stream.read(&mut [0]).await;
            });
        }
    }
    // Whoever takes them is busy, and they come faster than they are taken.
    sleep(Duration::from_millis(500)).await;
    let mut heard = BTreeSet::new();
    soon(async {
        while heard.len() < usize::from(CLIENTS) * usize::from(EACH) {
            let (_, mut stream) = incoming.next().await.unwrap();
            let mut number = [0; 2];
            stream.read_exact(&mut number).await.unwrap();
            assert!(heard.insert(number));
        }
    })
    .await;
    soon(said.join_all()).await;
}

#[derive(NetworkBehaviour)]
struct Few {
    streams: Behaviour,
    limits: connection_limits::Behaviour,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_kept_of_connections_that_ended_or_were_denied() {
    const MANY: usize = 20;
    let limits = ConnectionLimits::default().with_max_established_incoming(Some(5));
    let behaviour =
        Few { streams: Behaviour::new(), limits: connection_limits::Behaviour::new(limits) };
    let mut host = swarm(&Keypair::generate_ed25519(), behaviour);
    let address = listening(&mut host).await;
    let mut clients = Vec::new();
    for _ in 0..MANY {
        let mut client = swarm(&Keypair::generate_ed25519(), Behaviour::new());
        client.dial(address.clone()).unwrap();
        clients.push(drive(client));
    }
    let (mut there, mut denied, mut gone) = (0, 0, 0);
    soon(async {
        while there + denied < MANY || gone < there {
            if there + denied == MANY {
                assert_eq!(host.behaviour().streams.connections(), there - gone);
                clients.clear();
            }
            match host.select_next_some().await {
                SwarmEvent::ConnectionEstablished { .. } => there += 1,
                SwarmEvent::IncomingConnectionError { .. } => denied += 1,
                SwarmEvent::ConnectionClosed { .. } => gone += 1,
                _ => {}
            }
        }
    })
    .await;
    assert!(there > 0 && denied > 0, "{there} and {denied}");
    assert_eq!(host.behaviour().streams.connections(), 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn streams_go_over_the_newest_connection() {
    let (_host, address, _, control) = host().await;
    let identity = Keypair::generate_ed25519();
    let peer = identity.public().to_peer_id();
    let mut earlier = Vec::new();
    let (_running, mut newest) = loop {
        let (running, taker) = client(&identity, &address).await;
        let mut taken = taker.accept(SPOKEN).unwrap();
        // The host may take two that came at once in either order. Whether it knows of this one yet is told by what
        // it opens.
        soon(async {
            loop {
                let stream = control.open_stream(peer, SPOKEN).await;
                tokio::select! {
                    Some(_) = taken.next() => break,
                    () = sleep(Duration::from_millis(100)) => drop(stream),
                }
            }
        })
        .await;
        if earlier.len() == 2 {
            break (running, taken);
        }
        earlier.push((running, taken));
    };
    for _ in 0..10 {
        let _stream = soon(control.open_stream(peer, SPOKEN)).await.unwrap();
        soon(newest.next()).await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_gets_no_stream_is_told_why() {
    let (_host, address, peer, control) = host().await;
    let incoming = control.accept(SPOKEN).unwrap();
    assert!(control.accept(SPOKEN).is_err(), "somebody takes them");
    let (_client, client) = client(&Keypair::generate_ed25519(), &address).await;
    assert!(soon(client.open_stream(peer, SPOKEN)).await.is_ok());
    let unspoken = soon(client.open_stream(peer, UNSPOKEN)).await;
    assert!(matches!(unspoken, Err(OpenError::NotSpoken)), "{unspoken:?}");
    let stranger = soon(client.open_stream(PeerId::random(), SPOKEN)).await;
    assert!(matches!(stranger, Err(OpenError::NotConnected)), "{stranger:?}");

    drop(incoming);
    let untaken = soon(client.open_stream(peer, SPOKEN)).await;
    assert!(matches!(untaken, Err(OpenError::NotSpoken)), "{untaken:?}");
    assert!(control.accept(SPOKEN).is_ok());
}

//! gossipsub alone, as libp2p brings it: everybody is linked with everybody over TCP on loopback, and
//! what is published is kept nowhere and sealed for nobody.

use std::time::{Duration, Instant};

use libp2p::futures::StreamExt;
use libp2p::gossipsub::{self, IdentTopic, MessageAuthenticity};
use libp2p::swarm::SwarmEvent;
use libp2p::{Multiaddr, Swarm, SwarmBuilder, noise, tcp, yamux};
use tokio::sync::mpsc;
use tokio::time::{sleep, timeout};
use windbreak_tests::measure::{Fault, Spread};

/// The topic of all.
const TOPIC: &str = "load";
/// Until the swarms are linked, and for each message.
const PATIENCE: Duration = Duration::from_secs(30);
/// Until each has chosen whom it passes things on to: some heartbeats of gossipsub.
const MESH: Duration = Duration::from_secs(4);

/// What a swarm tells.
enum Told {
    /// It has found out that another one listens to the topic.
    Linked,
    /// A message with this number came.
    Heard(usize, Instant),
}

/// `members` swarms; `shares` messages of `bytes` are published in turns, `pause` after one another.
/// Gives how long each took to each of the others.
pub(crate) fn alone(
    members: usize,
    bytes: usize,
    shares: usize,
    pause: Duration,
) -> Result<Spread, Fault> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let times = runtime.block_on(publish(members, bytes, shares, pause))?;
    Ok(Spread::of(&times))
}

async fn publish(
    members: usize,
    bytes: usize,
    shares: usize,
    pause: Duration,
) -> Result<Vec<Duration>, Fault> {
    let (tell, mut told) = mpsc::unbounded_channel();
    let (mut addresses, mut publishers) = (Vec::new(), Vec::new());
    for _ in 0..members {
        let mut swarm = swarm()?;
        for address in &addresses {
            swarm.dial(Multiaddr::clone(address))?;
        }
        addresses.push(listen(&mut swarm).await?);
        let (publisher, words) = mpsc::unbounded_channel();
        publishers.push(publisher);
        tokio::spawn(drive(swarm, words, tell.clone()));
    }
    let others = members.saturating_sub(1);
    for _ in 0..members * others {
        timeout(PATIENCE, told.recv()).await.map_err(|_| "gossipsub did not link all")?;
    }
    sleep(MESH).await;

    let mut published = Vec::with_capacity(shares);
    for (number, publisher) in (0..shares).zip(publishers.iter().cycle()) {
        let mut words = vec![7; bytes];
        words.splice(..size_of::<usize>(), number.to_be_bytes());
        published.push(Instant::now());
        publisher.send(words).map_err(|_| "gossipsub ended")?;
        sleep(pause).await;
    }
    let mut times = Vec::with_capacity(shares * others);
    while times.len() < shares * others {
        let heard = timeout(PATIENCE, told.recv()).await.map_err(|_| "gossipsub lost a message")?;
        let Some(Told::Heard(number, at)) = heard else { continue };
        let began = published.get(number).ok_or("gossipsub made a message up")?;
        times.push(at.saturating_duration_since(*began));
    }
    Ok(times)
}

fn swarm() -> Result<Swarm<gossipsub::Behaviour>, Fault> {
    let tcp = tcp::Config::default().nodelay(true);
    let mut swarm = SwarmBuilder::with_new_identity()
        .with_tokio()
        .with_tcp(tcp, noise::Config::new, yamux::Config::default)?
        .with_behaviour(|key| -> Result<_, Box<dyn std::error::Error + Send + Sync>> {
            let signed = MessageAuthenticity::Signed(key.clone());
            Ok(gossipsub::Behaviour::new(signed, gossipsub::Config::default())?)
        })?
        .with_swarm_config(|config| config.with_idle_connection_timeout(PATIENCE))
        .build();
    swarm.behaviour_mut().subscribe(&IdentTopic::new(TOPIC))?;
    Ok(swarm)
}

async fn listen(swarm: &mut Swarm<gossipsub::Behaviour>) -> Result<Multiaddr, Fault> {
    swarm.listen_on("/ip4/127.0.0.1/tcp/0".parse()?)?;
    let listens = async {
        loop {
            if let SwarmEvent::NewListenAddr { address, .. } = swarm.select_next_some().await {
                return address;
            }
        }
    };
    Ok(timeout(PATIENCE, listens).await.map_err(|_| "gossipsub did not listen")?)
}

/// Ends when nobody publishes any more.
async fn drive(
    mut swarm: Swarm<gossipsub::Behaviour>,
    mut words: mpsc::UnboundedReceiver<Vec<u8>>,
    tell: mpsc::UnboundedSender<Told>,
) {
    loop {
        let told = tokio::select! {
            event = swarm.select_next_some() => match event {
                SwarmEvent::Behaviour(gossipsub::Event::Subscribed { .. }) => Told::Linked,
                SwarmEvent::Behaviour(gossipsub::Event::Message { message, .. }) => {
                    let number = message.data.first_chunk().copied().map(usize::from_be_bytes);
                    Told::Heard(number.unwrap_or(usize::MAX), Instant::now())
                }
                _ => continue,
            },
            words = words.recv() => {
                let Some(words) = words else { return };
                // One that is not published is missed by whoever counts.
                let _ = swarm.behaviour_mut().publish(IdentTopic::new(TOPIC), words);
                continue;
            }
        };
        if tell.send(told).is_err() {
            return;
        }
    }
}

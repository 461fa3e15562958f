//! Direct links of a venue: a swarm of its own among members who hold the era's link key. Gossip
//! carries what is said now; streams even out what gossip lost.

mod behaviour;
mod filter;
mod gossip;
mod mailbox;
mod peers;
mod refused;

use std::sync::Arc;

use futures::StreamExt;
use libp2p::identity::Keypair;
use libp2p::swarm::SwarmEvent;
use libp2p::{Multiaddr, StreamProtocol, Swarm};
use tokio::sync::{mpsc, watch};
use tokio::time::interval;
use tokio_util::task::AbortOnDropHandle;
use windbreak_protocol::wire::sync::PROTOCOL;

use crate::swarm::LinkKey;
use crate::swarm::limits::{
    MAX_GOSSIP_IN_FLIGHT, MAX_LINK_BUFFER, MAX_LINKS, MAX_STREAMS_PER_PEER,
};
pub(crate) use crate::swarm::link::behaviour::{Behaviour, BehaviourEvent};
use crate::swarm::link::gossip::Gossip;
use crate::swarm::link::peers::Peers;
use crate::swarm::link::refused::Refused;
use crate::swarm::outgoing::Carrier;
use crate::swarm::relays::sleep_until_some;
use crate::swarm::shared::Shared;
use crate::swarm::stream::{Guests, Host, StreamLimits, accept};
use crate::swarm::tor::Circuits;
use crate::swarm::transport::{self, Base};
use crate::swarm::venue::{LinkConfig, VenueError, Way};

pub(crate) use crate::swarm::link::mailbox::LinkMailbox;

type LinkSwarm = Swarm<Behaviour>;

/// How a venue makes direct links, read.
#[derive(Debug, Eq, PartialEq)]
pub(crate) struct Link {
    way: Way,
    listen: Vec<Multiaddr>,
    peers: Vec<Multiaddr>,
    key: LinkKey,
}

impl Link {
    /// Reads it; addresses that cannot be used the chosen way are left out.
    pub(crate) fn parse(config: LinkConfig, way: Way) -> Result<Self, VenueError> {
        let parse = |texts: &[String]| {
            texts
                .iter()
                .map(|text| text.parse().map_err(|_| VenueError::LinkAddress))
                .collect::<Result<Vec<Multiaddr>, _>>()
        };
        let (mut listen, mut peers) = (parse(&config.listen)?, parse(&config.peers)?);
        listen.retain(|address| way.listens(address));
        peers.retain(|address| way.dials(address));
        Ok(Self { way, listen, peers, key: config.key })
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.listen.is_empty() && self.peers.is_empty()
    }
}

/// Keeps direct links, if there are to be any, until that changes.
pub(crate) async fn run(shared: Arc<Shared>, mut link: watch::Receiver<Option<Arc<Link>>>) {
    loop {
        let current = link.borrow_and_update().clone();
        let running = async {
            match current {
                Some(current) => connect(&shared, &current).await,
                None => std::future::pending().await,
            }
        };
        let changed = tokio::select! {
            () = running => None,
            changed = link.changed() => Some(changed),
        };
        shared.change_status(|status| {
            status.peers = 0;
            status.listening.clear();
        });
        shared.outgoing.unreachable(Carrier::Links);
        if !matches!(changed, Some(Ok(()))) {
            return;
        }
    }
}

async fn connect(shared: &Arc<Shared>, link: &Link) {
    let identity = Keypair::generate_ed25519();
    let Some((behaviour, filter, control)) = Behaviour::new(&shared.timings) else {
        return;
    };
    let base = match link.way {
        Way::Clear => Base::Clear,
        Way::Lan => Base::Near,
        Way::Tor(proxy) => match Circuits::fresh(proxy, shared.is_proxy_absent.clone()) {
            Some(circuits) => Base::TorAndLoopback(circuits),
            None => return,
        },
    };
    let built = transport::swarm(&identity, Some(&link.key), base, behaviour, &shared.timings);
    let Ok(mut swarm) = built else { return };
    let Ok(incoming) = control.accept(StreamProtocol::new(PROTOCOL)) else { return };
    let mailbox = Arc::new(LinkMailbox::new(shared.clone()));
    let host = Host::new(mailbox, &swarm.local_peer_id().to_bytes(), shared.timings);
    let per_peer = MAX_STREAMS_PER_PEER as u64;
    let limits = StreamLimits {
        streams: per_peer * u64::from(MAX_LINKS),
        streams_per_peer: per_peer,
        bytes_per_peer: MAX_LINK_BUFFER,
    };
    let served = accept(incoming, host, Arc::new(Guests::new(limits, Arc::default())));
    let _served = AbortOnDropHandle::new(tokio::spawn(served));

    for address in &link.listen {
        if swarm.listen_on(address.clone()).is_err() {
            tracing::warn!("cannot listen for direct links; it is tried again");
            return;
        }
    }
    let (verdicts, mut judged) = mpsc::channel(MAX_GOSSIP_IN_FLIGHT);
    let mut gossip = Gossip::new(shared.clone(), filter, verdicts);
    let (silent, mut silent_peers) = mpsc::channel(MAX_LINKS as usize);
    let mut peers = Peers::new(shared.clone(), control, silent, &link.peers);
    let mut refused = Refused::new(shared.timings.refuse);
    let mut topics = shared.topics();
    topics.mark_changed();
    let mut outgoing = shared.outgoing.subscribe();
    // What gossip could not take because nobody was there is offered again.
    let mut again = interval(shared.timings.retry);
    let mut shaken = shared.shaken();
    loop {
        let due = peers.due();
        tokio::select! {
            event = swarm.select_next_some() => match event {
                SwarmEvent::Behaviour(BehaviourEvent::Gossip(event)) => {
                    gossip.handle(&mut swarm, event);
                }
                SwarmEvent::ListenerClosed { .. } => {
                    tracing::warn!("cannot listen for direct links any more; it is tried again");
                    return;
                }
                event => {
                    note_address(shared, &event);
                    if let SwarmEvent::ConnectionClosed { peer_id, num_established: 0, .. } = &event {
                        gossip.forget(peer_id);
                    }
                    peers.handle(&mut swarm, event);
                }
            },
            Some(verdict) = judged.recv() => {
                if let Some(peer) = gossip.settle(&mut swarm, verdict) {
                    tracing::info!("a linked device sends what nobody may pass on; it is refused");
                    let until = refused.refuse(&mut swarm.behaviour_mut().refused, peer);
                    peers.refuse(&peer, until);
                }
            }
            changed = topics.changed() => {
                if changed.is_err() {
                    return;
                }
                let followed = topics.borrow_and_update().clone();
                gossip.follow(&mut swarm, &followed);
            }
            changed = outgoing.changed() => {
                if changed.is_err() {
                    return;
                }
                gossip.publish(&mut swarm);
            }
            _ = again.tick() => {
                refused.let_in(&mut swarm.behaviour_mut().refused);
                gossip.publish(&mut swarm);
            }
            Some(peer) = silent_peers.recv() => peers.silent(&mut swarm, peer),
            Ok(()) = shaken.changed() => peers.hurry(),
            () = sleep_until_some(due) => peers.dial(&mut swarm),
            () = peers.failed() => return,
        }
    }
}

fn note_address(shared: &Shared, event: &SwarmEvent<BehaviourEvent>) {
    match event {
        SwarmEvent::NewListenAddr { address, .. } => {
            shared.change_status(|status| status.listening.push(address.to_string()));
        }
        SwarmEvent::ExpiredListenAddr { address, .. } => {
            let address = address.to_string();
            shared.change_status(|status| status.listening.retain(|known| *known != address));
        }
        _ => {}
    }
}

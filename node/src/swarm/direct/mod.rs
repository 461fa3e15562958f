//! Members who meet without a relay between them, in a swarm of its own, only where a circle's
//! owner chose that: relays bring two of them together for a moment (a circuit), both send to each
//! other at once so that their routers let the answers in (hole punching), and from then on topics
//! are used directly, over QUIC. Only whoever said to the circle that they can be met, under the
//! key of its era, is listened to at all. Clauses: specs/06-sync Y-41 to Y-47.

mod behaviour;
mod others;
mod outside;
mod reservations;

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::sync::Arc;

use futures::StreamExt;
use libp2p::identity::Keypair;
use libp2p::multiaddr::Protocol;
use libp2p::swarm::SwarmEvent;
use libp2p::{Multiaddr, PeerId, StreamProtocol, Swarm, relay};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{Instant, MissedTickBehavior, interval};
use tokio_util::task::AbortOnDropHandle;
use windbreak_protocol::limits::WHEREABOUTS_EVERY;
use windbreak_protocol::wire::sync::PROTOCOL;

use crate::swarm::LinkKey;
use crate::swarm::direct::behaviour::{Behaviour, BehaviourEvent};
use crate::swarm::direct::others::Others;
use crate::swarm::direct::reservations::Reservations;
use crate::swarm::limits::{
    MAX_DIRECT, MAX_LINK_BUFFER, MAX_STREAMS_PER_PEER, WHEREABOUTS_RELAYS, WHEREABOUTS_REST,
};
use crate::swarm::link::LinkMailbox;
use crate::swarm::observed::{self, quic_beside};
use crate::swarm::outgoing::Carrier;
use crate::swarm::raw;
use crate::swarm::relays::Relay;
use crate::swarm::shared::Shared;
use crate::swarm::stream::{Guests, Host, StreamLimits, accept};
use crate::swarm::transport;

pub(crate) use outside::{Nearness, Outside};

type DirectSwarm = Swarm<Behaviour>;

/// How members are met, for a circle whose owner chose it.
#[derive(Debug, Eq, PartialEq)]
pub(crate) struct Direct {
    /// Relays that can bring members together, and where they speak QUIC.
    relays: Vec<Relay>,
    /// Without it nobody is found. It changes with the era, and then all of this begins anew.
    key: LinkKey,
}

impl Direct {
    /// Members are met over `relays`, each of which speaks QUIC at the port where it speaks TCP.
    pub(crate) fn new(relays: &[Relay], key: LinkKey) -> Self {
        let over_quic = |relay: &Relay| Relay {
            peer: relay.peer,
            addresses: relay.addresses.iter().filter_map(quic_beside).collect(),
        };
        let relays = relays.iter().map(over_quic).filter(|relay| !relay.addresses.is_empty());
        Self { relays: relays.take(WHEREABOUTS_RELAYS).collect(), key }
    }

    pub(crate) fn key(&self) -> &LinkKey {
        &self.key
    }

    /// How near the nearest relay is: members in the same network are met there, and nowhere else.
    fn nearest(&self) -> Nearness {
        let addresses = self.relays.iter().flat_map(|relay| &relay.addresses);
        addresses.filter_map(Nearness::of).max().unwrap_or(Nearness::Internet)
    }
}

/// Meets members, if that was chosen, until it changes. Without the choice nothing is made here.
pub(crate) async fn run(shared: Arc<Shared>, mut direct: watch::Receiver<Option<Arc<Direct>>>) {
    loop {
        let current = direct.borrow_and_update().clone();
        let running = async {
            match current {
                Some(current) => connect(&shared, &current).await,
                None => std::future::pending().await,
            }
        };
        let changed = tokio::select! {
            () = running => None,
            changed = direct.changed() => Some(changed),
        };
        shared.change_status(|status| {
            (status.direct, status.apart, status.is_met_by_relay) = (0, 0, false);
        });
        shared.outgoing.unreachable(Carrier::Direct);
        if !matches!(changed, Some(Ok(()))) {
            return;
        }
    }
}

async fn connect(shared: &Arc<Shared>, direct: &Direct) {
    let identity = Keypair::generate_ed25519();
    let me = identity.public().to_peer_id();
    let (circuits, client) = relay::client::new(me);
    let (behaviour, control) = Behaviour::new(me, client);
    let nearest = direct.nearest();
    let built = transport::direct(&identity, circuits, nearest, behaviour, &shared.timings);
    let Ok(mut swarm) = built else { return };
    for address in listen_on(direct, nearest) {
        if swarm.listen_on(address).is_err() {
            tracing::warn!("cannot listen for members; it is tried again");
            return;
        }
    }
    for relay in &direct.relays {
        swarm.behaviour_mut().expected.allow_peer(relay.peer);
    }
    let Some(_served) = serve(shared, &swarm, control.clone()) else { return };

    let mut places = Reservations::new(&direct.relays, &shared.timings);
    let mut others = Others::new(shared.clone(), me, control.clone());
    let mut observing = JoinSet::new();
    let mut speaker = Speaker { me, named: Vec::new(), said: None };
    let mut news = shared.finding.subscribe();
    news.mark_changed();
    let mut tick = interval(shared.timings.retry);
    tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut shaken = shared.shaken();
    loop {
        tokio::select! {
            event = swarm.select_next_some() => {
                others.handle(&mut swarm, &event);
                match event {
                    SwarmEvent::Behaviour(BehaviourEvent::Circuits(
                        relay::client::Event::ReservationReqAccepted { relay_peer_id: relay, .. },
                    )) => {
                        places.kept(&relay);
                        let asked = observed::ask(control.clone(), relay, shared.timings.connect);
                        observing.spawn(async move { (relay, asked.await) });
                    }
                    SwarmEvent::Behaviour(BehaviourEvent::Punching(event))
                        if event.result.is_err() =>
                    {
                        others.failed_with(&mut swarm, &event.remote_peer_id);
                    }
                    SwarmEvent::ListenerClosed { listener_id, .. }
                        if !places.ended(listener_id) =>
                    {
                        tracing::warn!("cannot listen for members any more; it is tried again");
                        return;
                    }
                    _ => {}
                }
            }
            Some(Ok((relay, address))) = observing.join_next(), if !observing.is_empty() => {
                places.seen(&mut swarm, &relay, address.is_some());
                if let Some(address) = address {
                    swarm.behaviour_mut().is_seen_at(&address);
                }
            }
            changed = news.changed() => {
                if changed.is_err() {
                    return;
                }
                others.learn(&mut swarm, &places, shared.finding.found((shared.clock)()));
            }
            _ = tick.tick() => {
                shared.turn_finding();
                let found = shared.finding.found((shared.clock)());
                others.learn(&mut swarm, &places, found);
                places.reserve(&mut swarm);
                others.meet(&mut swarm, &places);
                others.tell();
                speaker.say(shared, places.ready());
            }
            Ok(()) = shaken.changed() => {
                // QUIC finds out by itself what is dead; what failed before is tried again.
                places.hurry();
                others.hurry();
            }
            () = others.failed() => return,
        }
    }
}

/// Where to listen: a port of QUIC that the system chooses, in each family of addresses in which
/// there is a relay; on this machine alone if the relays are there.
fn listen_on(direct: &Direct, nearest: Nearness) -> BTreeSet<Multiaddr> {
    let addresses = direct.relays.iter().flat_map(|relay| &relay.addresses);
    let any = addresses.filter_map(|address| match (address.iter().next()?, nearest) {
        (Protocol::Ip4(_), Nearness::Machine) => Some("/ip4/127.0.0.1/udp/0/quic-v1"),
        (Protocol::Ip4(_), _) => Some("/ip4/0.0.0.0/udp/0/quic-v1"),
        (Protocol::Ip6(_), Nearness::Machine) => Some("/ip6/::1/udp/0/quic-v1"),
        (Protocol::Ip6(_), _) => Some("/ip6/::/udp/0/quic-v1"),
        _ => None,
    });
    any.filter_map(|text| text.parse().ok()).collect()
}

/// Serves members the topics of the circle.
fn serve(
    shared: &Arc<Shared>,
    swarm: &DirectSwarm,
    control: raw::Control,
) -> Option<AbortOnDropHandle<()>> {
    let incoming = control.accept(StreamProtocol::new(PROTOCOL)).ok()?;
    let mailbox = Arc::new(LinkMailbox::new(shared.clone()));
    let host = Host::new(mailbox, &swarm.local_peer_id().to_bytes(), shared.timings);
    let per_peer = MAX_STREAMS_PER_PEER as u64;
    let limits = StreamLimits {
        streams: per_peer * MAX_DIRECT as u64,
        streams_per_peer: per_peer,
        bytes_per_peer: MAX_LINK_BUFFER,
    };
    let served = accept(incoming, host, Arc::new(Guests::new(limits, Arc::default())));
    Some(AbortOnDropHandle::new(tokio::spawn(served)))
}

/// Says to the circle where this node can be met: when that changes, and now and then.
struct Speaker {
    me: PeerId,
    named: Vec<PeerId>,
    said: Option<Instant>,
}

impl Speaker {
    fn say(&mut self, shared: &Shared, relays: Vec<PeerId>) {
        shared.change_status(|status| status.is_met_by_relay = !relays.is_empty());
        // Who loses and finds places all the time does not fill the topic with it.
        let rest = if relays == self.named { WHEREABOUTS_EVERY } else { WHEREABOUTS_REST };
        let rests = self.said.is_some_and(|said| said.elapsed() < rest);
        if relays.is_empty() || rests {
            return;
        }
        let Some(said) = shared.finding.say(self.me, &relays, (shared.clock)()) else { return };
        // What is one's own need not come back.
        shared.mailbox.note_delivered(said.topic(), said.hour(), said.id());
        // Whoever is linked directly knows where, so it is for the relays alone.
        if shared.outgoing.push_instead(said, |id| shared.finding.has_said(id)) {
            (self.named, self.said) = (relays, Some(Instant::now()));
        }
    }
}

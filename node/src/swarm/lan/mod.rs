//! Members who find each other on a local network, with no relay and no internet, where a circle's
//! owner chose the mode `lan`: each says aloud under a passing name where it can be reached, who
//! holds the circle's key recognises that and dials, and topics are used over what nobody without
//! the key gets a word out of. An invite is answered at a door of its own, whose key those hold who
//! hold the invite. Clauses: specs/06-sync Y-80 to Y-87.

mod air;
mod door;
mod message;
mod near;
mod others;
mod ring;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use futures::StreamExt;
use libp2p::connection_limits::{self, ConnectionLimits};
use libp2p::core::transport::ListenerId;
use libp2p::identity::Keypair;
use libp2p::multiaddr::Protocol;
use libp2p::swarm::{NetworkBehaviour, SwarmEvent};
use libp2p::{Multiaddr, StreamProtocol, Swarm};
use tokio::sync::{broadcast, mpsc, watch};
use tokio::task::{AbortHandle, JoinSet};
use tokio::time::{Instant, MissedTickBehavior, interval, sleep};
use tokio_util::task::AbortOnDropHandle;
use windbreak_protocol::announcement::{Announced, AnnouncementKeys};
use windbreak_protocol::id::Topic;
use windbreak_protocol::wire::sync::PROTOCOL;

use crate::swarm::LinkKey;
use crate::swarm::doorway::Doorway;
use crate::swarm::lan::door::DoorMailbox;
use crate::swarm::lan::message::{Announcement, Message, octets};
use crate::swarm::lan::others::Others;
use crate::swarm::limits::{
    Backoff, MAX_CONNECTIONS_PER_PEER, MAX_DIRECT, MAX_LINK_BUFFER, MAX_STREAMS_PER_PEER, Timings,
    jittered, part_of,
};
use crate::swarm::link::LinkMailbox;
use crate::swarm::mailbox::Mailbox;
use crate::swarm::nets::{Net, Nets};
use crate::swarm::outgoing::Carrier;
use crate::swarm::raw;
use crate::swarm::relays::sleep_until_some;
use crate::swarm::shared::Shared;
use crate::swarm::stream::{Guests, Host, StreamLimits, accept};
use crate::swarm::transport::{self, Base};

pub(crate) use air::Air;
pub(crate) use near::Near;

/// How often something is said or asked quickly, before the pace is that of the settings.
const QUICK: u32 = 3;

type LanSwarm = Swarm<Behaviour>;

/// Others of one circle, or of one invite, on the local networks.
#[derive(Debug)]
pub(crate) struct Lan {
    air: Arc<Air>,
    key: LinkKey,
    role: Role,
    /// Within which it begins, so that circles of one device do not begin together.
    spread: Duration,
}

/// What this device is to the others.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Role {
    /// A member among members.
    Member,
    /// A member who answers an invite on its topic.
    Door(Topic),
    /// Somebody who holds an invite and looks for a door. It says nothing of itself.
    Visitor,
}

impl Lan {
    pub(crate) fn new(air: Arc<Air>, key: LinkKey, role: Role, spread: Duration) -> Self {
        Self { air, key, role, spread }
    }

    fn is_door(&self) -> bool {
        matches!(self.role, Role::Door(_))
    }

    /// Whether it is the door of the invite with this topic.
    pub(crate) fn answers(&self, topic: &Topic) -> bool {
        self.role == Role::Door(*topic)
    }
}

impl PartialEq for Lan {
    fn eq(&self, other: &Self) -> bool {
        self.key == other.key && self.role == other.role && Arc::ptr_eq(&self.air, &other.air)
    }
}

#[derive(NetworkBehaviour)]
pub(crate) struct Behaviour {
    doorway: Doorway,
    limits: connection_limits::Behaviour,
    streams: raw::Behaviour,
}

impl Behaviour {
    fn new() -> (Self, raw::Control) {
        let limits = ConnectionLimits::default()
            .with_max_established(Some(MAX_DIRECT as u32 * MAX_CONNECTIONS_PER_PEER))
            .with_max_established_per_peer(Some(MAX_CONNECTIONS_PER_PEER));
        let streams = raw::Behaviour::new();
        let control = streams.new_control();
        let limits = connection_limits::Behaviour::new(limits);
        (Self { doorway: Doorway::near(), limits, streams }, control)
    }
}

/// Why a swarm ended.
enum End {
    /// The networks are others now: all begins anew there, under another name.
    Moved,
    Failed,
}

/// Finds others on the local networks, if that was chosen, until it changes.
pub(crate) async fn run(shared: Arc<Shared>, mut lan: watch::Receiver<Option<Arc<Lan>>>) {
    loop {
        let current = lan.borrow_and_update().clone();
        let running = async {
            match current {
                Some(current) => keep(&shared, &current).await,
                None => std::future::pending().await,
            }
        };
        let changed = tokio::select! {
            () = running => None,
            changed = lan.changed() => Some(changed),
        };
        shared.change_status(|status| {
            (status.near, status.is_nowhere, status.is_deaf) = (0, false, false);
        });
        if !matches!(changed, Some(Ok(()))) {
            return;
        }
    }
}

/// Answers invites at their doors, as they come and go.
pub(crate) async fn run_doors(shared: Arc<Shared>, mut doors: watch::Receiver<Arc<Vec<Arc<Lan>>>>) {
    let mut kept = JoinSet::new();
    let mut open: Vec<(Arc<Lan>, AbortHandle)> = Vec::new();
    loop {
        let wanted = doors.borrow_and_update().clone();
        open.retain(|(door, task)| {
            let stays = wanted.contains(door) && !task.is_finished();
            if !stays {
                task.abort();
            }
            stays
        });
        for door in wanted.iter() {
            if !open.iter().any(|(other, _)| other == door) {
                let (shared, door) = (shared.clone(), door.clone());
                let kept_open = door.clone();
                let task = kept.spawn(async move { keep(&shared, &kept_open).await });
                open.push((door, task));
            }
        }
        tokio::select! {
            changed = doors.changed() => if changed.is_err() { return },
            Some(ended) = kept.join_next(), if !kept.is_empty() => {
                if ended.is_err_and(|error| error.is_panic()) {
                    return;
                }
            }
        }
    }
}

async fn keep(shared: &Arc<Shared>, lan: &Lan) {
    let mut backoff = Backoff::new(&shared.timings);
    sleep(part_of(lan.spread)).await;
    loop {
        let begun = Instant::now();
        let end = connect(shared, lan).await;
        if !lan.is_door() {
            shared.outgoing.unreachable(Carrier::Direct);
        }
        if begun.elapsed() > shared.timings.connect {
            backoff.reset();
        }
        let wait = match end {
            End::Moved => part_of(shared.timings.retry),
            End::Failed => backoff.wait(),
        };
        sleep(wait).await;
    }
}

async fn connect(shared: &Arc<Shared>, lan: &Lan) -> End {
    let mut nets = lan.air.nets();
    let here = nets.borrow_and_update().clone();
    if !lan.is_door() {
        shared.change_status(|status| status.is_nowhere = !here.has_others());
    }
    let identity = Keypair::generate_ed25519();
    let (behaviour, control) = Behaviour::new();
    let built = transport::swarm(&identity, Some(&lan.key), Base::Near, behaviour, &shared.timings);
    let Ok(mut swarm) = built else { return End::Failed };
    let mut voice = Voice::new(lan, &swarm, shared);
    if lan.role != Role::Visitor && !voice.listen(&mut swarm, &here) {
        tracing::warn!("cannot listen in the local network; it is tried again");
        return End::Failed;
    }
    let _served = serve(shared, lan.role, &swarm, control.clone());
    let (silent, mut silent_peers) = mpsc::channel(MAX_DIRECT);
    let mut others = Others::new(shared.clone(), lan.role, voice.name.clone(), control, silent);
    let mut heard = lan.air.listen();
    let mut tick = interval(shared.timings.retry);
    tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut shaken = shared.shaken();
    loop {
        let due = voice.due();
        tokio::select! {
            event = swarm.select_next_some() => match event {
                SwarmEvent::NewListenAddr { listener_id, address } => {
                    voice.listens(listener_id, &address);
                }
                SwarmEvent::ListenerClosed { .. } => return End::Failed,
                event => others.handle(&mut swarm, &event, |peer| voice.name_of(peer)),
            },
            message = heard.recv() => match message.as_deref() {
                Ok(Message::Question) => voice.answer_soon(),
                Ok(Message::Announcement(said)) => {
                    if voice.is_of_ours(said) && nets.borrow().reaches(said.address) {
                        others.learn(said);
                        others.meet(&mut swarm);
                    }
                }
                Err(broadcast::error::RecvError::Lagged(_)) => {}
                Err(broadcast::error::RecvError::Closed) => return End::Failed,
            },
            changed = nets.changed() => {
                if changed.is_err() {
                    return End::Failed;
                }
                if nets.borrow_and_update().local().ne(here.local()) {
                    return End::Moved;
                }
            }
            Some(peer) = silent_peers.recv() => {
                // One that is not connected any more is none the worse for it.
                let _ = swarm.disconnect_peer_id(peer);
            }
            // It may be elsewhere now, with the same addresses: under another name there.
            Ok(()) = shaken.changed() => return End::Moved,
            _ = tick.tick() => {
                others.meet(&mut swarm);
                others.tell();
                if !lan.is_door() {
                    shared.change_status(|status| status.is_deaf = lan.air.is_deaf());
                }
            }
            () = sleep_until_some(due) => voice.speak(others.is_linked()).await,
            () = others.failed() => return End::Failed,
        }
    }
}

/// Serves others the topics of the circle, or that of an invite.
fn serve(
    shared: &Arc<Shared>,
    role: Role,
    swarm: &LanSwarm,
    control: raw::Control,
) -> Option<AbortOnDropHandle<()>> {
    let mailbox: Arc<dyn Mailbox> = match role {
        Role::Member => Arc::new(LinkMailbox::new(shared.clone())),
        Role::Door(topic) => Arc::new(DoorMailbox::new(shared.clone(), topic)),
        Role::Visitor => return None,
    };
    let incoming = control.accept(StreamProtocol::new(PROTOCOL)).ok()?;
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

/// What this device says aloud, and when.
struct Voice<'a> {
    lan: &'a Lan,
    shared: &'a Arc<Shared>,
    keys: (u32, AnnouncementKeys),
    name: String,
    listeners: Vec<(ListenerId, Net)>,
    ports: BTreeMap<Net, u16>,
    /// When it says next where it is, if it does.
    says: Option<Instant>,
    said: Option<Instant>,
    times_said: u32,
    /// When it asks next who is there.
    asks: Option<Instant>,
    times_asked: u32,
}

impl<'a> Voice<'a> {
    fn new(lan: &'a Lan, swarm: &LanSwarm, shared: &'a Arc<Shared>) -> Self {
        let today = (shared.clock)().hour().day();
        let keys = AnnouncementKeys::of(&lan.key, today);
        let name = keys.name(&swarm.local_peer_id().to_bytes());
        let asks = (!lan.is_door()).then(|| Instant::now() + part_of(shared.timings.retry));
        Self {
            lan,
            shared,
            keys: (today, keys),
            name,
            listeners: Vec::new(),
            ports: BTreeMap::new(),
            says: None,
            said: None,
            times_said: 0,
            asks,
            times_asked: 0,
        }
    }

    fn timings(&self) -> &Timings {
        &self.shared.timings
    }

    /// Begins to listen in each of the networks, at a port that the system chooses.
    fn listen(&mut self, swarm: &mut LanSwarm, here: &Nets) -> bool {
        for net in here.local() {
            let address = match net.address {
                IpAddr::V4(ip) => Multiaddr::from(Protocol::Ip4(ip)),
                // This machine with itself: over its older address is enough.
                IpAddr::V6(ip) if ip.is_loopback() => continue,
                IpAddr::V6(ip) => Multiaddr::from(Protocol::Ip6(ip)),
            };
            // A fresh address of IPv6 may not be ready yet; where no other is, it is tried again.
            if let Ok(listener) = swarm.listen_on(address.with(Protocol::Tcp(0))) {
                self.listeners.push((listener, net));
            }
        }
        !self.listeners.is_empty() || here.local().next().is_none()
    }

    fn listens(&mut self, listener: ListenerId, address: &Multiaddr) {
        let port = address.iter().find_map(|part| match part {
            Protocol::Tcp(port) => Some(port),
            _ => None,
        });
        let net = self.listeners.iter().find(|(id, _)| *id == listener).map(|(_, net)| *net);
        if let (Some(net), Some(port)) = (net, port) {
            self.ports.insert(net, port);
            let soon = Instant::now() + part_of(self.timings().retry);
            self.says.get_or_insert(soon);
        }
    }

    /// Somebody asks: answered after a random while, and not all the time.
    fn answer_soon(&mut self) {
        let (Some(says), rest) = (self.says, self.timings().retry) else { return };
        let earliest = self.said.map_or_else(Instant::now, |said| said + rest * 2);
        let answers = earliest.max(Instant::now()) + part_of(rest);
        self.says = Some(says.min(answers));
    }

    fn name_of(&self, peer: &libp2p::PeerId) -> String {
        self.keys.1.name(&peer.to_bytes())
    }

    /// Whether an announcement is of another device of this circle, or of a door of this invite.
    fn is_of_ours(&mut self, said: &Announcement) -> bool {
        let today = (self.shared.clock)().hour().day();
        if self.keys.0 != today {
            self.keys = (today, AnnouncementKeys::of(&self.lan.key, today));
        }
        let octets = octets(said.address);
        let place = Announced { name: &said.name, address: &octets, port: said.port };
        !self.lan.is_door() && said.name != self.name && self.keys.1.recognises(&place, &said.tag)
    }

    fn due(&self) -> Option<Instant> {
        self.says.into_iter().chain(self.asks).min()
    }

    /// Says and asks what it is time for.
    async fn speak(&mut self, is_linked: bool) {
        let now = Instant::now();
        if self.says.is_some_and(|at| at <= now) {
            self.say().await;
            self.said = Some(now);
            let wait = match self.times_said {
                times if times < QUICK => self.timings().retry * 2_u32.pow(times + 1),
                _ => self.timings().announce,
            };
            self.times_said = self.times_said.saturating_add(1);
            self.says = Some(now + jittered(wait));
        }
        if self.asks.is_some_and(|at| at <= now) {
            if let Some(question) = message::question() {
                let here = self.lan.air.nets().borrow().clone();
                for net in here.local() {
                    self.lan.air.say(&net, &question).await;
                }
            }
            let wait = match (self.times_asked, self.lan.role) {
                (times, _) if times < QUICK => Some(self.timings().retry * 2_u32.pow(times + 1)),
                // Doors say where they are anyway; whoever stands before none asks on, rarely.
                (_, Role::Visitor) if !is_linked => Some(self.timings().announce / 3),
                (_, Role::Visitor) => Some(self.timings().announce),
                _ => None,
            };
            self.times_asked = self.times_asked.saturating_add(1);
            self.asks = wait.map(|wait| now + jittered(wait));
        }
    }

    /// Says in each network where this device is in it.
    async fn say(&self) {
        let today = (self.shared.clock)().hour().day();
        let keys = AnnouncementKeys::of(&self.lan.key, today);
        for (net, port) in &self.ports {
            let mut nonce = [0; 16];
            if getrandom::fill(&mut nonce).is_err() {
                return;
            }
            let octets = octets(net.address);
            let place = Announced { name: &self.name, address: &octets, port: *port };
            let tag = keys.tag(&place, nonce);
            let (name, address, port) = (self.name.clone(), net.address, *port);
            let said = message::announcement(&Announcement { name, address, port, tag });
            if let Some(said) = said {
                self.lan.air.say(net, &said).await;
            }
        }
    }
}

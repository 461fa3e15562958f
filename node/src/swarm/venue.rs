//! A venue from outside: how the node loop opens one, tells it what to follow and publish, and
//! hears what arrives. No method waits, so the loop never waits for a network that waits for it.

use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex};

use libp2p::multiaddr::Protocol;
use libp2p::{Multiaddr, PeerId};
use tokio::sync::{mpsc, oneshot, watch};
use tokio_util::sync::CancellationToken;
use tokio_util::task::AbortOnDropHandle;
use windbreak_protocol::admission::GrantId;
use windbreak_protocol::id::{EnvelopeId, Topic};
use windbreak_protocol::identity::Verified;
use windbreak_protocol::time::Timestamp;
use windbreak_protocol::wire::sync::Refusal;
use windbreak_protocol::wire::{Envelope, TopicKey};

use crate::swarm::direct::{self, Direct};
use crate::swarm::lan::{self, Lan, Role};
use crate::swarm::limits::{EVENT_QUEUE, SHORT_SPREAD, Timings, part_of};
use crate::swarm::mailbox::Live;
use crate::swarm::nets::is_local_address;
use crate::swarm::outgoing::Carrier;
use crate::swarm::progress::CatchingUp;
use crate::swarm::relays::{self, Relay, Relays};
use crate::swarm::shared::Shared;
use crate::swarm::supervisor::supervise;
use crate::swarm::tokens::{self, Drawn, TokenConfig, TokenStatus};
use crate::swarm::tor::{is_loopback, is_onion};
use crate::swarm::{Air, Clock, LinkKey, MemberMailbox, link, surroundings};

/// Which way a venue's connections go. It is never left for a weaker one: what cannot be reached
/// this way is not reached.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Way {
    /// Over TCP: whoever is at the other end sees this device's address.
    #[default]
    Clear,
    /// To onion services, through the SOCKS proxy of Tor at this address, and to nothing else.
    Tor(SocketAddr),
    /// Over TCP within the local networks, and to nothing that a router would have to carry.
    Lan,
}

impl Way {
    /// Whether an address can be dialled this way.
    #[must_use]
    pub fn can_dial(self, address: &str) -> bool {
        address.parse().is_ok_and(|address| self.dials(&address))
    }

    pub(crate) fn dials(self, address: &Multiaddr) -> bool {
        match self {
            Self::Clear => !is_onion(address),
            Self::Tor(_) => is_onion(address),
            Self::Lan => is_local_address(address),
        }
    }

    pub(crate) fn listens(self, address: &Multiaddr) -> bool {
        match self {
            Self::Clear => !is_onion(address),
            Self::Tor(_) => is_loopback(address),
            Self::Lan => false,
        }
    }
}

/// How a venue reaches others.
#[derive(Debug, Default)]
pub struct VenueConfig {
    /// Which way its connections go.
    pub way: Way,
    /// Relays, as multiaddresses that end with the relay's peer id.
    pub relays: Vec<String>,
    /// Direct links, if the member wants any.
    pub link: Option<LinkConfig>,
    /// The key under which members are met directly, if the member wants that.
    pub direct: Option<LinkKey>,
    /// How others are found on local networks, if the way is [`Way::Lan`].
    pub lan: Option<LanConfig>,
    /// Whether other venues open at the same time, as when a node starts.
    pub opens_with_others: bool,
    /// What relays that take by grant are paid with.
    pub(crate) tokens: TokenConfig,
}

/// How a venue finds others on local networks.
#[derive(Debug)]
pub struct LanConfig {
    pub(crate) air: Arc<Air>,
    pub(crate) key: LinkKey,
    /// Whether it only looks for a door where its invite is answered.
    pub(crate) is_visit: bool,
    /// The topics of invites that are answered here, and who may ask.
    pub(crate) doors: Vec<(Topic, LinkKey)>,
}

/// How a venue makes direct links.
#[derive(Debug)]
pub struct LinkConfig {
    /// Addresses to listen on; may be empty.
    pub listen: Vec<String>,
    /// Addresses of other members to dial.
    pub peers: Vec<String>,
    /// The key without which nobody gets a word out of a link.
    pub key: LinkKey,
}

/// A topic to follow.
#[derive(Clone, Debug)]
pub struct FollowedTopic {
    /// Opens the topic.
    pub key: TopicKey,
    /// Whether envelopes may be published and put back on it; else it is only read.
    pub publish: bool,
    /// When it is first written on, if that is known. Before, there is no haste to follow it: each venue
    /// begins at a moment of its own, so that circles of one device do not turn to it together.
    pub begins: Option<Timestamp>,
}

/// What a venue tells the node loop.
#[derive(Debug)]
pub enum VenueEvent {
    /// Envelopes arrived, all of one topic, signatures checked, none known before. Answer the
    /// ticket once they are dealt with: more come only then.
    Envelopes {
        /// Oldest hour first.
        envelopes: Vec<Verified<Envelope>>,
        /// To be answered with as many verdicts.
        ticket: Ticket,
    },
    /// Somebody holds published envelopes.
    Held {
        /// Which.
        envelopes: Vec<EnvelopeId>,
        /// Who.
        by: Holder,
    },
    /// Nobody will ever hold a published envelope as it is.
    Refused {
        /// Which.
        envelope: EnvelopeId,
        /// Why, by the last who was asked.
        reason: Refusal,
    },
    /// A topic was compared with every relay within reach, or, where there is none, with a peer,
    /// and everything missing has been given to the loop.
    Synced {
        /// Which.
        topic: Topic,
    },
    /// A relay has revoked parts of a grant, whose holders are gone.
    Revoked {
        /// Of which grant.
        grant: GrantId,
        /// Their numbers.
        members: Vec<u16>,
    },
    /// Who is connected has changed.
    Status(VenueStatus),
}

/// Who holds an envelope besides its author.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Holder {
    /// A relay, durably.
    Relay,
    /// Another member's node, durably.
    Peer,
}

/// What becomes of an envelope that arrived.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Acceptance {
    /// Of use; gossip passes it on.
    Accept,
    /// It waits for what opens it. It comes from a member, so gossip passes it on.
    Keep,
    /// Of no use; gossip does not pass it on, and it is not fetched again while the node runs.
    Ignore,
    /// Could not be dealt with now; it may come again.
    AskAgain,
}

/// Carries the verdicts on envelopes back to the network. Dropping it means
/// [`Acceptance::AskAgain`] for all.
#[derive(Debug)]
pub struct Ticket(pub(crate) oneshot::Sender<Vec<Acceptance>>);

impl Ticket {
    /// One verdict per envelope, in their order.
    pub fn answer(self, verdicts: Vec<Acceptance>) {
        // A network that was restarted meanwhile does not care.
        let _ = self.0.send(verdicts);
    }
}

/// Who a venue is connected with: counts, and one's own addresses.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct VenueStatus {
    /// Relays configured.
    pub relays: usize,
    /// Relays connected.
    pub relays_connected: usize,
    /// The peer ids of those that are connected.
    pub connected_to: BTreeSet<String>,
    /// Whether none is connected, and each was tried in vain since.
    pub relays_silent: bool,
    /// Relays configured none of whose addresses can be dialled the way that was chosen.
    pub relays_unusable: usize,
    /// Whether Tor's proxy, which the way needs, did not answer when it was last tried.
    pub is_proxy_absent: bool,
    /// Why a relay took nothing when it was last offered something, if it then refused for now.
    pub refusal: Option<Refusal>,
    /// How it stands with the tokens of each relay of whose grant there is a part, by peer id.
    pub tokens: BTreeMap<String, TokenStatus>,
    /// Members linked directly.
    pub peers: usize,
    /// Members met directly, with no relay between.
    pub direct: usize,
    /// Members who were met at a relay, and to whom neither side's network let the other through.
    pub apart: usize,
    /// Whether a relay brings members together with this node.
    pub is_met_by_relay: bool,
    /// Devices linked on local networks.
    pub near: usize,
    /// Whether this device is in no local network where others could be.
    pub is_nowhere: bool,
    /// Whether nothing can be heard or said in a local network that it is in.
    pub is_deaf: bool,
    /// How far catching up has come, if anything is known to be lacking.
    pub catching_up: Option<CatchingUp>,
    /// Where this node listens for direct links.
    pub listening: Vec<String>,
}

impl VenueStatus {
    /// No relay says any more that all its places are taken.
    pub(crate) fn has_a_place(&mut self) {
        self.refusal = self.refusal.filter(|refusal| *refusal != Refusal::Crowded);
    }
}

/// Why a venue cannot be opened or changed.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum VenueError {
    /// A relay's address is no multiaddress, or does not end with a peer id.
    #[error("a relay's address is malformed; it ends with /p2p/ and the relay's peer id")]
    RelayAddress,
    /// An address for direct links is no multiaddress.
    #[error("an address for direct links is malformed; write it as /ip4/192.0.2.1/tcp/9701")]
    LinkAddress,
    /// Too many envelopes wait to be held by somebody.
    #[error("too many envelopes are waiting to be sent; connect a relay or a member first")]
    QueueFull,
}

/// An open venue. Dropping it closes it.
pub struct OpenVenue {
    shared: Arc<Shared>,
    relays: watch::Sender<Arc<Relays>>,
    link: watch::Sender<Option<Arc<link::Link>>>,
    direct: watch::Sender<Option<Arc<Direct>>>,
    lan: watch::Sender<Option<Arc<Lan>>>,
    doors: watch::Sender<Arc<Vec<Arc<Lan>>>>,
    drawn: watch::Sender<Arc<Drawn>>,
    stop: CancellationToken,
    tasks: Vec<AbortOnDropHandle<()>>,
}

impl OpenVenue {
    /// Opens a venue; its networks start at once and follow nothing until told.
    ///
    /// # Errors
    /// [`VenueError`] for malformed addresses.
    pub fn start(
        config: VenueConfig,
        mailbox: Arc<MemberMailbox>,
        timings: Timings,
        clock: Clock,
    ) -> Result<(Self, mpsc::Receiver<VenueEvent>), VenueError> {
        let (events, receiver) = mpsc::channel(EVENT_QUEUE);
        let mut shared = Shared::new(mailbox, events, timings, clock);
        if config.opens_with_others && config.way != Way::Clear {
            shared.first_wait = Mutex::new(part_of(timings.spread));
        }
        shared.tokens.clone_from(&config.tokens.purse);
        let shared = Arc::new(shared);
        let stop = CancellationToken::new();
        let mut venue = Self {
            shared: shared.clone(),
            relays: watch::Sender::new(Arc::default()),
            link: watch::Sender::new(None),
            direct: watch::Sender::new(None),
            lan: watch::Sender::new(None),
            doors: watch::Sender::new(Arc::default()),
            drawn: watch::Sender::new(Arc::default()),
            stop: stop.clone(),
            tasks: Vec::new(),
        };
        venue.reconfigure(config)?;
        let relays = {
            let (shared, relays) = (shared.clone(), venue.relays.subscribe());
            supervise(stop.clone(), timings, move || relays::run(shared.clone(), relays.clone()))
        };
        let links = {
            let (shared, link) = (shared.clone(), venue.link.subscribe());
            supervise(stop.clone(), timings, move || link::run(shared.clone(), link.clone()))
        };
        let drawing = {
            let (shared, drawn) = (shared.clone(), venue.drawn.subscribe());
            supervise(stop.clone(), timings, move || tokens::run(shared.clone(), drawn.clone()))
        };
        let met = {
            let (shared, direct) = (shared.clone(), venue.direct.subscribe());
            supervise(stop.clone(), timings, move || direct::run(shared.clone(), direct.clone()))
        };
        let near = {
            let (shared, lan) = (shared.clone(), venue.lan.subscribe());
            supervise(stop.clone(), timings, move || lan::run(shared.clone(), lan.clone()))
        };
        let doors = {
            let (shared, doors) = (shared.clone(), venue.doors.subscribe());
            supervise(stop, timings, move || lan::run_doors(shared.clone(), doors.clone()))
        };
        let surroundings = surroundings::watch(shared.clone());
        let status = async move { shared.tell_status().await };
        venue.tasks = vec![
            AbortOnDropHandle::new(tokio::spawn(relays)),
            AbortOnDropHandle::new(tokio::spawn(links)),
            AbortOnDropHandle::new(tokio::spawn(met)),
            AbortOnDropHandle::new(tokio::spawn(near)),
            AbortOnDropHandle::new(tokio::spawn(doors)),
            AbortOnDropHandle::new(tokio::spawn(surroundings)),
            AbortOnDropHandle::new(tokio::spawn(drawing)),
            AbortOnDropHandle::new(tokio::spawn(status)),
        ];
        Ok((venue, receiver))
    }

    /// Changes how others are reached. What did not change is not disturbed.
    ///
    /// # Errors
    /// [`VenueError`] for malformed addresses; then nothing changes.
    pub fn reconfigure(&self, config: VenueConfig) -> Result<(), VenueError> {
        let way = config.way;
        let mut relays = parse_relays(&config.relays)?;
        let configured = relays.len();
        for relay in &mut relays {
            relay.addresses.retain(|address| way.dials(address));
        }
        relays.retain(|relay| !relay.addresses.is_empty());
        let link = config.link.map(|link| link::Link::parse(link, way)).transpose()?;
        let link = link.filter(|link| !link.is_empty());
        let direct = config.direct.filter(|_| way == Way::Clear);
        let direct = direct.map(|key| Direct::new(&relays, key));
        let (lan, doors) = match config.lan.filter(|_| way == Way::Lan) {
            Some(lan) => self.find_near(lan, config.opens_with_others),
            None => (None, Vec::new()),
        };

        let mut carriers: BTreeSet<_> =
            relays.iter().map(|relay| Carrier::Relay(relay.peer)).collect();
        if link.is_some() {
            carriers.insert(Carrier::Links);
        }
        if direct.is_some() || lan.is_some() {
            carriers.insert(Carrier::Direct);
        }
        self.shared.set_finding(direct.as_ref().map(Direct::key));
        self.shared.outgoing.set_carriers(carriers);
        self.shared.change_status(|status| {
            status.relays = configured;
            status.relays_unusable = configured - relays.len();
            status.is_proxy_absent &= way != Way::Clear;
        });
        self.shared.is_hidden.store(matches!(way, Way::Tor(_)), Ordering::Relaxed);
        let drawn = Drawn::new(way, &relays, &config.tokens);
        self.drawn.send_if_modified(|current| {
            let has_changed = **current != drawn;
            if has_changed {
                *current = Arc::new(drawn);
            }
            has_changed
        });
        let relays = Relays { way, relays };
        self.relays.send_if_modified(|current| {
            let has_changed = **current != relays;
            if has_changed {
                *current = Arc::new(relays);
            }
            has_changed
        });
        self.link.send_if_modified(|current| {
            let has_changed = current.as_deref() != link.as_ref();
            if has_changed {
                *current = link.map(Arc::new);
            }
            has_changed
        });
        self.direct.send_if_modified(|current| {
            let has_changed = current.as_deref() != direct.as_ref();
            if has_changed {
                *current = direct.map(Arc::new);
            }
            has_changed
        });
        self.lan.send_if_modified(|current| {
            let has_changed = current.as_deref() != lan.as_ref();
            if has_changed {
                *current = lan.map(Arc::new);
            }
            has_changed
        });
        self.doors.send_if_modified(|current| {
            // A door that stays is not closed.
            let kept = |door: &Lan| current.iter().find(|other| ***other == *door).cloned();
            let doors: Vec<_> = doors
                .into_iter()
                .map(|door| kept(&door).unwrap_or_else(|| Arc::new(door)))
                .collect();
            let has_changed = **current != doors;
            if has_changed {
                *current = Arc::new(doors);
            }
            has_changed
        });
        Ok(())
    }

    /// Who is looked for on local networks, and at which doors invites are answered there.
    fn find_near(&self, config: LanConfig, with_others: bool) -> (Option<Lan>, Vec<Lan>) {
        let LanConfig { air, key, is_visit, doors } = config;
        let spread = self.shared.timings.spread;
        let spread = if with_others { spread } else { spread / SHORT_SPREAD };
        let door = |(topic, key)| Lan::new(air.clone(), key, Role::Door(topic), spread);
        let doors = doors.into_iter().map(door).collect();
        let role = if is_visit { Role::Visitor } else { Role::Member };
        (Some(Lan::new(air.clone(), key, role, spread)), doors)
    }

    /// Which way its connections go.
    #[must_use]
    pub fn way(&self) -> Way {
        self.relays.borrow().way
    }

    /// Says which topics to follow, all of them.
    pub fn set_topics(&self, topics: Vec<FollowedTopic>) {
        let topics: BTreeMap<_, _> =
            topics.into_iter().map(|followed| (followed.key.topic(), followed)).collect();
        self.shared.set_topics(topics);
    }

    /// Publishes an envelope: it is offered to relays and members until somebody holds it, which
    /// [`VenueEvent::Held`] tells, or everybody refused it. It may be published again at any time:
    /// while it waits nothing changes, and after it was refused it is offered anew.
    ///
    /// # Errors
    /// [`VenueError::QueueFull`].
    pub fn publish(&self, envelope: Verified<Envelope>) -> Result<(), VenueError> {
        let (topic, id) = (envelope.topic(), envelope.id());
        if !self.shared.outgoing.push(envelope) {
            return Err(VenueError::QueueFull);
        }
        if self.doors.borrow().iter().any(|door| door.answers(&topic)) {
            // Whoever stands at a door hears of it before anybody holds it.
            self.shared.mailbox.followers.tell(&topic, Live { envelope: id, from: None });
        }
        Ok(())
    }

    /// Takes an envelope back that was published: it is offered to nobody from now on. Whoever is being
    /// offered it may still say that they hold it.
    pub fn take_back(&self, envelope: &EnvelopeId) {
        self.shared.outgoing.take_back(envelope);
    }

    /// Who is connected now.
    #[must_use]
    pub fn status(&self) -> VenueStatus {
        self.shared.status()
    }

    /// How many published envelopes nobody holds yet.
    #[must_use]
    pub fn unheld(&self) -> usize {
        self.shared.outgoing.unheld()
    }

    /// The network around has changed, as tests say it.
    #[cfg(test)]
    pub(crate) fn shake(&self) {
        self.shared.shake();
    }

    /// Closes it and waits until its networks are gone.
    pub async fn close(mut self) {
        self.stop.cancel();
        for task in self.tasks.drain(..) {
            task.abort();
            // Ended or aborted, it is gone either way.
            let _ = task.await;
        }
    }
}

impl std::fmt::Debug for OpenVenue {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("OpenVenue").finish_non_exhaustive()
    }
}

/// Whether a venue can use this as the address of a relay. It ends with the relay's peer id, as text:
/// what is asked about and kept off goes by that, so no other way of writing the id is taken.
#[must_use]
pub fn is_relay_address(text: &str) -> bool {
    let relays = parse_relays(&[text.to_owned()]).unwrap_or_default();
    let ends = |relay: &Relay| text.ends_with(&format!("/p2p/{}", relay.peer));
    is_link_address(text) && relays.first().is_some_and(ends)
}

/// Whether this is an address of an onion service.
#[must_use]
pub fn is_onion_address(text: &str) -> bool {
    text.parse().is_ok_and(|address| is_onion(&address))
}

/// Whether this is an address of TCP in a local network, or of this machine.
#[must_use]
pub fn is_near_address(text: &str) -> bool {
    text.parse().is_ok_and(|address| is_local_address(&address))
}

/// Whether this is an address of this machine alone.
#[must_use]
pub fn is_loopback_address(text: &str) -> bool {
    text.parse().is_ok_and(|address| is_loopback(&address))
}

/// Whether a venue can use this as an address to listen on or to dial for direct links.
#[must_use]
pub fn is_link_address(text: &str) -> bool {
    // There are two transports: TCP to an address, and onion services. Names are asked of nobody: whoever
    // answers for them would learn who is about to connect where.
    text.parse::<Multiaddr>().is_ok_and(|address| {
        let mut parts = address.iter();
        let is_numeric = matches!(parts.next(), Some(Protocol::Ip4(_) | Protocol::Ip6(_)));
        is_onion(&address) || is_numeric && matches!(parts.next(), Some(Protocol::Tcp(_)))
    })
}

/// Reads relays' addresses; several addresses of one relay are one relay.
fn parse_relays(texts: &[String]) -> Result<Vec<Relay>, VenueError> {
    let mut relays: BTreeMap<PeerId, Vec<Multiaddr>> = BTreeMap::new();
    for text in texts {
        let mut address: Multiaddr = text.parse().map_err(|_| VenueError::RelayAddress)?;
        let Some(Protocol::P2p(peer)) = address.pop() else {
            return Err(VenueError::RelayAddress);
        };
        relays.entry(peer).or_default().push(address);
    }
    Ok(relays.into_iter().map(|(peer, addresses)| Relay { peer, addresses }).collect())
}

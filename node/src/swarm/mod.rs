//! The network of a member: one [`OpenVenue`] per circle (or invite), with libp2p swarms that never
//! mix. The *relay client* dials relays and never listens; *direct links*, if the member asked for
//! them, speak gossip and serve other members; a *direct* swarm, if the member asked for that, meets
//! members through relays and then without them; a swarm on local networks finds them there, in the
//! mode `lan`. State lives outside of all of them, so any can fail and start again. Clauses: specs/06-sync.

mod catch_up;
mod closing;
pub(crate) mod connections;
mod dials;
mod direct;
pub(crate) mod doorway;
mod finding;
mod lan;
pub(crate) mod limits;
mod link;
pub(crate) mod mailbox;
mod nets;
pub(crate) mod observed;
mod outgoing;
mod progress;
pub(crate) mod raw;
mod relays;
mod session;
mod shared;
mod socks;
pub(crate) mod stream;
pub(crate) mod supervisor;
mod surroundings;
pub(crate) mod tokens;
mod tor;
pub(crate) mod transport;
mod unread;
mod venue;

#[cfg(test)]
pub(crate) mod testkit;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use windbreak_protocol::time::Timestamp;

pub(crate) use lan::Air;
pub(crate) use tokens::{Purse, TokenConfig};

pub use limits::Timings;
pub(crate) use mailbox::{EnvelopeChanges, HeldEnvelopes};
pub use mailbox::{MemberMailbox, SharedStore};
pub use progress::CatchingUp;
pub use tokens::{DrawTrouble, TokenStatus};
pub use tor::is_proxy_there;
pub use transport::{LinkKey, TransportError};
pub use venue::{
    Acceptance, FollowedTopic, Holder, LanConfig, LinkConfig, OpenVenue, Ticket, VenueConfig,
    VenueError, VenueEvent, VenueStatus, Way, is_link_address, is_loopback_address,
    is_near_address, is_onion_address, is_relay_address,
};

/// What a network asks for the time; it reads no clock itself.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

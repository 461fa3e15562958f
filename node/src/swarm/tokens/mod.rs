//! How a member's node pays relays that take by grant: it draws tokens with its part of the grant,
//! over connections of their own and at times of chance, keeps them, and spends them on the streams
//! of topics. Nothing that a relay sees of the one it sees of the other.
//! Clauses: specs/06-sync Y-64 to Y-66, Y-74 to Y-77.

mod draw;
mod keeper;
mod pay;
mod purse;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::sync::Arc;

use libp2p::PeerId;
use windbreak_protocol::admission::RelayPart;
use windbreak_protocol::time::Timestamp;
use windbreak_protocol::{EndedParts, Venue};

use crate::swarm::relays::Relay;
use crate::swarm::venue::Way;

pub(crate) use keeper::run;
pub(crate) use pay::{Payer, Reserve};
pub(crate) use purse::{Purse, is_tokens};

/// What a venue pays with.
#[derive(Clone, Debug, Default)]
pub(crate) struct TokenConfig {
    /// What tokens are drawn with.
    pub(crate) parts: Vec<Arc<RelayPart>>,
    /// What relays are to revoke.
    pub(crate) ended: Vec<Arc<EndedParts>>,
    /// Where they are kept, and for which venue.
    pub(crate) purse: Option<(Arc<Purse>, Venue)>,
}

/// The same, for the relays that are dialled.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Drawn {
    pub(crate) way: Way,
    pub(crate) parts: BTreeMap<PeerId, (Relay, Arc<RelayPart>)>,
    pub(crate) ended: Vec<(Relay, Arc<EndedParts>)>,
}

impl Drawn {
    /// Brings parts together with the relays they are for, by the relays' peer ids: an address may
    /// change.
    pub(crate) fn new(way: Way, relays: &[Relay], config: &TokenConfig) -> Self {
        let find = |address: &str| {
            let (_, peer) = address.rsplit_once("/p2p/")?;
            relays.iter().find(|relay| relay.peer.to_string() == peer).cloned()
        };
        let parts = config.parts.iter().filter_map(|part| {
            let relay = find(part.relay().as_str())?;
            Some((relay.peer, (relay, part.clone())))
        });
        let ended =
            config.ended.iter().filter_map(|ended| Some((find(&ended.relay)?, ended.clone())));
        Self { way, parts: parts.collect(), ended: ended.collect() }
    }
}

/// How a venue stands with one relay's grant.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct TokenStatus {
    /// Tokens that can be spent now.
    pub ready: usize,
    /// Tokens that rest: spent so soon after they were drawn, they would tell who drew them.
    pub resting: usize,
    /// When the first of these can be spent.
    pub ready_from: Option<Timestamp>,
    /// Why no more were drawn when it was last tried.
    pub trouble: Option<DrawTrouble>,
}

/// Why no tokens were drawn.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum DrawTrouble {
    /// The relay could not be reached on a connection of its own.
    Unreachable,
    /// The part has given its tokens for this week.
    UsedUp,
    /// The grant or the part is over, or was revoked.
    Ended,
    /// By the relay's clock it is another week.
    OtherWeek,
    /// The relay showed other keys than its grant pins, or proved nothing: nothing of it was used.
    Untrusted,
    /// The relay is full, has no place for this device, or stops.
    Busy,
    /// The relay takes from everybody: it gives no tokens.
    Open,
    /// What was drawn could not be kept.
    NotKept,
}

//! What a test needs and a shipped program must not have: an insider who breaks the rules with a
//! member's own keys, and a look behind what an engine tells (feature `testing`).
//!
//! An [`Insider`] works on the engine of a device in place, so that it uses the device's ratchets
//! and not copies of them. What it makes it hands over and does not send: a test publishes it when
//! and to whom it likes, or never.

mod insider;
mod observe;
mod raw;

pub use insider::Insider;
pub use observe::{Generation, devices, generation, has_from_unknown, head_secret, purpose};
pub use raw::{RawGroup, RawNewcomer};

use crate::content::Content;
use crate::id::{EnvelopeId, ItemId, KnockId, StateId};
use crate::identity::Verified;
use crate::ledger::Change;
use crate::time::Timestamp;
use crate::wire::Envelope;

/// A state as a device keeps it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Kept {
    /// The state.
    pub id: StateId,
    /// What it was made from.
    pub parent: Option<StateId>,
    /// Its epoch.
    pub epoch: u64,
    /// The leaf that made it.
    pub leaf: u32,
    /// The envelope its commit came in.
    pub commit: Option<EnvelopeId>,
    /// Whether its keys are there.
    pub keys: bool,
}

/// A commit to make, and in what it lies. The default is an honest renewal of one's leaf.
#[derive(Clone, Debug, Default)]
pub struct Forgery {
    /// What it changes. Changes against the rules are put into the commit all the same.
    pub changes: Vec<Change>,
    /// Who is added.
    pub key_packages: Vec<Vec<u8>>,
    /// Which leaves it removes, if not those of the members who depart.
    pub removes: Option<Vec<u32>>,
    /// The hash of the ledger it claims, if not the true one.
    pub ledger_hash: Option<[u8; 32]>,
    /// The state it says it is made from, if not the true one.
    pub parent: Option<StateId>,
    /// The seal counter it claims, if not the next one.
    pub counter: Option<u64>,
    /// What of the path is garbage: keys whose first byte is below this are sealed rubbish, 256
    /// is all of them.
    pub spoilt: u16,
}

/// A commit an insider made.
#[derive(Clone, Debug)]
pub struct Forged {
    /// The state it makes, which the insider's device keeps from now on.
    pub state: StateId,
    /// What to publish, in this order.
    pub envelopes: Vec<Verified<Envelope>>,
    /// The Welcome for those it adds.
    pub welcome: Option<Vec<u8>>,
}

/// An item to seal, and in what it lies. The default is honest.
#[derive(Clone, Debug, Default)]
pub struct ForgedItem {
    /// What it says.
    pub text: String,
    /// What it says instead, if it is no share.
    pub content: Option<Content>,
    /// The state it claims to be first sealed under, if not the one it is sealed under.
    pub first_state: Option<StateId>,
    /// Its number in the chain of the device, if not the next one.
    pub seq: Option<u64>,
    /// When it claims to be written, if not now.
    pub written: Option<Timestamp>,
    /// The seal counter, if not the next one.
    pub counter: Option<u64>,
}

/// An item an insider sealed.
#[derive(Clone, Debug)]
pub struct ForgedSeal {
    /// The item, or the latest one of the device if the seal holds none.
    pub item: Option<ItemId>,
    /// What to publish, in this order.
    pub envelopes: Vec<Verified<Envelope>>,
}

/// What somebody who is no member says to a device that asks what it missed.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum ForgedAnswer {
    /// That they know no way from where it stands, and that it is in their circle no more.
    NoWay,
    /// That nothing followed.
    Nothing,
    /// That it sealed what it never did, as if it were a copy.
    Seal,
}

/// What a commit needs to admit somebody who knocks.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The knock.
    pub knock: KnockId,
    /// The change.
    pub change: Change,
    /// The KeyPackage.
    pub key_package: Vec<u8>,
}

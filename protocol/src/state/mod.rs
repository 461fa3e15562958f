//! States as values. A commit is applied on a copy of its parent's namespace, checked before it is
//! merged, and becomes a state of its own; nothing is ever rolled back, and rivals stay readable.
//! With `mls/` this is the only place that calls openmls. Clauses: specs/03-circle C-5 to C-13.

mod apply;
mod build;
mod enter;
#[cfg(feature = "testing")]
mod forge;
mod links;
mod record;
#[cfg(test)]
mod tests;

pub(crate) use apply::{Me, Unapplied, apply};
pub(crate) use build::{Built, Plan, Successor, build};
pub(crate) use enter::{
    Entered, Entrance, EraShare, Header, MAX_HEADERS, PorchShare, enter, found,
};
#[cfg(feature = "testing")]
pub(crate) use forge::forge;
pub(crate) use links::{
    CommitLinks, MAX_SEAL_LINKS, Naming, SealLinks, SealPurpose, Short, are_siblings,
};
pub(crate) use record::StateRecord;

use std::collections::BTreeSet;
use std::sync::Arc;

use tls_codec::{TlsDeserialize, TlsSerialize, TlsSize};

use crate::id::{CircleId, DeviceId, EnvelopeId, MemberId, StateId};
use crate::identity::Credential;
use crate::label::Label;
use crate::ledger::Ledger;
use crate::mls::{Group, GroupError, Namespace, Provider};
use crate::order::{Class, Seal};
use crate::secret::Secret;
use crate::time::{Hour, Period};
use crate::wire::SealKey;

/// One state of a circle, as this device knows it.
#[derive(Debug)]
pub(crate) struct State {
    /// The state it was made from, if this device knows which.
    pub(crate) parent: Option<StateId>,
    /// Its epoch.
    pub(crate) epoch: u64,
    /// The MLS leaf whose commit made it.
    pub(crate) leaf: u32,
    /// Whose leaf that is, if this device knows.
    pub(crate) member: Option<MemberId>,
    /// What kind of commit made it.
    pub(crate) class: Class,
    /// The envelope its commit travelled in.
    pub(crate) commit: Option<EnvelopeId>,
    /// What this device holds of it.
    pub(crate) hold: Hold,
}

/// How it came that this device is in a circle no longer.
#[derive(Clone, Copy, Debug, Eq, PartialEq, TlsDeserialize, TlsSerialize, TlsSize)]
#[repr(u8)]
pub(crate) enum Ending {
    /// Its member was removed.
    Removed = 0,
    /// Its member left.
    Left = 1,
    /// Its member took this device out, from another device of theirs.
    DeviceRemoved = 2,
    /// A copy of this device came in anew in its place.
    Replaced = 3,
}

/// What a device holds of a state.
#[derive(Debug)]
pub(crate) enum Hold {
    /// Its keys.
    Keys(Box<Held>),
    /// Nothing: this device was taken out by the commit that made it.
    Closing(Ending),
    /// Nothing but what it was: learnt on joining, or what stays when its keys go.
    Header(Remains),
}

/// What is known of a state without its keys.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(crate) struct Remains {
    /// Whether this device once held its keys and let them go.
    pub(crate) pruned: bool,
    /// Since when it is nothing but a header here.
    pub(crate) since: Hour,
    /// The child of it that was chosen for good.
    pub(crate) chosen: Option<StateId>,
    /// Its members, if they are known.
    pub(crate) members: Option<Arc<BTreeSet<MemberId>>>,
    /// Tips named by the commit that made it, if that took somebody out.
    pub(crate) departures: Option<Vec<Short>>,
}

/// A state this device is in.
#[derive(Debug)]
pub(crate) struct Held {
    /// What its rules remember.
    pub(crate) ledger: Arc<Ledger>,
    /// The state that began its era.
    pub(crate) era: StateId,
    /// Tips named by the commit that made it, if that took somebody out.
    pub(crate) departures: Option<Vec<Short>>,
    /// Whether its commit is known to be with somebody else, or was made by somebody else.
    pub(crate) acknowledged: bool,
    /// Whether this device came in anew elsewhere since: it reads what is sealed here and seals
    /// nothing more.
    pub(crate) left: bool,
    /// Items this device sealed under it.
    pub(crate) sent: u64,
    /// Its MLS records.
    namespace: Namespace,
    /// The group that these records hold, while it is at hand. Whatever changes the one without the
    /// other goes through [`Held::keep`], so that they never say different things.
    group: Option<Box<Group>>,
    pub(crate) keys: StateKeys,
}

/// What seals envelopes under one state.
pub(crate) struct StateKeys {
    items: Secret<32>,
    commits: Secret<32>,
    /// Seals items of this state.
    pub(crate) item_seal: SealKey,
    /// Seals commits whose parent is this state.
    pub(crate) commit_seal: SealKey,
}

impl StateKeys {
    fn new(items: Secret<32>, commits: Secret<32>) -> Self {
        let item_seal = SealKey::from_secret(&items);
        let commit_seal = SealKey::from_secret(&commits);
        Self { items, commits, item_seal, commit_seal }
    }
}

impl std::fmt::Debug for StateKeys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("StateKeys(…)")
    }
}

impl Held {
    /// Its MLS records.
    pub(crate) fn namespace(&self) -> &Namespace {
        &self.namespace
    }

    /// The group of this state, to be used under `provider`, which stands over its records. It is
    /// taken out: after an error it is to be dropped, and the next operation loads it anew.
    ///
    /// # Errors
    /// [`GroupError`]: the records are damaged.
    pub(crate) fn take_group(
        &mut self,
        provider: &Provider,
        circle: &CircleId,
    ) -> Result<Box<Group>, GroupError> {
        match self.group.take() {
            Some(group) => Ok(group),
            None => Group::load(provider, circle).map(Box::new),
        }
    }

    /// The same where whoever takes it can load it as well.
    pub(crate) fn take_warm(&mut self) -> Option<Box<Group>> {
        self.group.take()
    }

    /// Keeps what an operation made of the records, and the group as it is after it, if that was
    /// the last thing done with it.
    pub(crate) fn keep(&mut self, namespace: Namespace, group: Option<Box<Group>>) {
        self.namespace = namespace;
        self.group = group;
    }

    /// Whether the group is at hand.
    pub(crate) fn is_warm(&self) -> bool {
        self.group.is_some()
    }

    /// Lets the group go; the records stay.
    pub(crate) fn cool(&mut self) {
        self.group = None;
    }

    /// Lets the keys go and keeps the rest; gives what the state's MLS records were.
    pub(crate) fn blank(&mut self) -> Namespace {
        self.keys = StateKeys::new(Secret::from_bytes([0; 32]), Secret::from_bytes([0; 32]));
        self.group = None;
        std::mem::replace(&mut self.namespace, Namespace::from_records(Vec::new()))
    }
}

impl State {
    /// What this device holds, if it holds the keys.
    pub(crate) fn held(&self) -> Option<&Held> {
        match &self.hold {
            Hold::Keys(held) => Some(held),
            Hold::Closing(_) | Hold::Header(_) => None,
        }
    }

    /// The same, to change it.
    pub(crate) fn held_mut(&mut self) -> Option<&mut Held> {
        match &mut self.hold {
            Hold::Keys(held) => Some(held),
            Hold::Closing(_) | Hold::Header(_) => None,
        }
    }

    /// Tips named by the commit that made it, if that took somebody out.
    pub(crate) fn departures(&self) -> Option<&Vec<Short>> {
        match &self.hold {
            Hold::Keys(held) => held.departures.as_ref(),
            Hold::Header(remains) => remains.departures.as_ref(),
            Hold::Closing(_) => None,
        }
    }
}

/// The id of the state `group` is in: over what its members agreed on, never over bytes that
/// somebody sent (C-5).
pub(crate) fn state_id(circle: &CircleId, group: &Group) -> Result<StateId, GroupError> {
    let agreed = group.identifiers()?;
    Ok(StateId::from_bytes(Label::STATE_ID.hash(&[
        circle.as_bytes(),
        &agreed.epoch.to_be_bytes(),
        &agreed.confirmed_transcript_hash,
        &agreed.confirmation_tag,
    ])))
}

/// The digest of a sealed message: over what its sender signed, and never over the MLS message.
/// Whoever can read one can encrypt what was signed again under a later key of its sender.
pub(crate) fn seal_digest(links: &[u8], plaintext: &[u8]) -> [u8; 32] {
    Label::SEAL_DIGEST.hash(&[links, plaintext])
}

/// The vote that a commit is: for the state it makes, whose id stands for all that was signed.
fn vote_of_commit(author: (MemberId, DeviceId), links: &CommitLinks, made: StateId) -> Seal {
    Seal {
        member: author.0,
        device: author.1,
        counter: links.counter,
        digest: Label::SEAL_DIGEST.hash(&[made.as_bytes()]),
        vote: Some(made),
        siblings: links.siblings.clone(),
    }
}

/// Whose device a leaf of a checked state is.
pub(crate) fn author_of(ledger: &Ledger, credential: &[u8]) -> Option<(MemberId, DeviceId)> {
    let credential = Credential::from_bytes(credential).ok()?;
    let claimed = credential.claimed();
    let member = ledger.member_of(&claimed.device)?;
    (*member == claimed.member).then_some((claimed.member, claimed.device))
}

/// The secrets of the era a state begins.
pub(crate) struct EraStart {
    /// From which period on the secret holds.
    pub(crate) period: Period,
    /// The secret its topics come from.
    pub(crate) secret: Secret<32>,
    /// What admits to direct links, for the whole era.
    pub(crate) link: Secret<32>,
    /// What the era's porch comes from.
    pub(crate) porch: Secret<32>,
}

impl EraStart {
    /// The era whose first secret is `secret`.
    fn first(period: Period, secret: Secret<32>) -> Self {
        let link = Label::ERA_LINK.derive(&secret, &[]);
        let porch = Label::ERA_PORCH.derive(&secret, &[]);
        Self { period, secret, link, porch }
    }
}

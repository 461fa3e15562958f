//! What is kept: keys, values, and the batch that one step of the engine writes.
//!
//! The engine never touches a store. It emits one [`Batch`] per step; whoever drives it makes the
//! batch durable as a whole before obeying anything after it. Clause: specs/07-store S-2.

use zeroize::Zeroizing;

use crate::id::{EnvelopeId, Topic};
use crate::time::Hour;

/// The kind of a record; the first byte of its key. Numbers are in specs/registry R-4.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
#[repr(u8)]
pub enum RecordKind {
    /// A circle of this device: identity, chain, settings.
    Circle = 1,
    /// A state of a circle without its MLS records.
    State = 2,
    /// One MLS record in the namespace of a state.
    Namespace = 3,
    /// An item, opened.
    Item = 4,
    /// An envelope waiting to be acknowledged by a relay or a peer.
    Outbox = 5,
    /// An envelope that could not be opened yet.
    Waiting = 6,
    /// A change this device wants and that is not in the head yet.
    Intent = 7,
    /// A knock in the lobby.
    Knock = 8,
    /// An attempt of this device to join a circle.
    Joining = 9,
    /// The secrets of an era.
    Era = 10,
    /// The secret half of an invite this device made.
    Invite = 11,
    /// An envelope as it travelled, kept to serve it to others.
    Envelope = 12,
    /// Something the node keeps for itself; the engine never reads it.
    Node = 13,
    /// A seal of a device: where it stood; or that a member broke its chain.
    Ballot = 14,
    /// Which of several commits of one leaf a device had sealed under.
    Naming = 15,
    /// The envelopes of a commit, kept for whoever comes back after weeks.
    Run = 16,
    /// The secret of an era's porch.
    Porch = 17,
    /// When something was last heard or seen, and what those who are gone were called.
    Watch = 18,
    /// The states an item was sealed under.
    Place = 19,
    /// The text that lets a further device of this device's member in, and who asks by it.
    DeviceCode = 20,
    /// The keys of a device that asks to be taken in anew.
    Return = 21,
    /// Where a device says it stands that shares no state with this one.
    Beacon = 22,
    /// The member key of a circle, under the recovery phrase.
    MemberKey = 24,
    /// By what this device knows a message it sealed when that comes back.
    OwnMessage = 25,
    /// What is kept of an item whose author took it back: its place, without its words.
    Erased = 26,
    /// What this device's owner accepted of a circle's agreements.
    Acceptance = 27,
    /// That an act of a facilitator had the right to be done, where it was first said.
    Right = 30,
    /// Whom a commit removed, and why.
    Removals = 31,
    /// A member whose words the owner of this device does not want to see.
    Blocked = 32,
    /// A report: one that is for this device, or one that this device made; and when this device
    /// next says something without its name.
    Report = 33,
    /// A relay that a circle named before and that somebody may still need.
    FormerRelay = 35,
    /// How this device steps out of the doubt whether it is a copy.
    WaysOut = 36,
    /// Something its owner has written for a circle and not said; the engine never reads it.
    Draft = 39,
    /// How its owner said they were, for themselves; the engine never reads it.
    CheckIn = 40,
    /// Under the id of an item from before this device's member came: who handed it over.
    Handed = 43,
    /// How far what was said before has been handed over.
    History = 44,
    /// Under the id of a device: its member's word that it is theirs.
    Author = 45,
    /// How its owner is told on this device that something is new; the engine never reads it.
    Notices = 49,
    /// What this device has of a relay's grant: its own part, the whole of it, or where the part for
    /// those who knock was put.
    Grant = 50,
    /// What a commit changed of the circle itself: who holds it, who listens, what it keeps.
    Deeds = 51,
    /// How long this device keeps words, and a shorter time that it does not follow yet.
    Keeping = 52,
    /// A part of what its owner has written for hard times, for themselves; the engine never reads it.
    PlanPart = 53,
    /// Under the id of an item that is dated further ahead than clocks may differ: when it came.
    DatedAhead = 54,
}

impl RecordKind {
    /// Every kind, in the order of their numbers.
    pub const ALL: [Self; 43] = [
        Self::Circle,
        Self::State,
        Self::Namespace,
        Self::Item,
        Self::Outbox,
        Self::Waiting,
        Self::Intent,
        Self::Knock,
        Self::Joining,
        Self::Era,
        Self::Invite,
        Self::Envelope,
        Self::Node,
        Self::Ballot,
        Self::Naming,
        Self::Run,
        Self::Porch,
        Self::Watch,
        Self::Place,
        Self::DeviceCode,
        Self::Return,
        Self::Beacon,
        Self::MemberKey,
        Self::OwnMessage,
        Self::Erased,
        Self::Acceptance,
        Self::Right,
        Self::Removals,
        Self::Blocked,
        Self::Report,
        Self::FormerRelay,
        Self::WaysOut,
        Self::Draft,
        Self::CheckIn,
        Self::Handed,
        Self::History,
        Self::Author,
        Self::Notices,
        Self::Grant,
        Self::Deeds,
        Self::Keeping,
        Self::PlanPart,
        Self::DatedAhead,
    ];

    /// Whether the engine has to do with it. The rest is the node's, or what a person has for
    /// themselves: the engine never reads it, so nothing of it is in any envelope.
    #[must_use]
    pub const fn is_engines(self) -> bool {
        !matches!(
            self,
            Self::Envelope
                | Self::Node
                | Self::Draft
                | Self::CheckIn
                | Self::Notices
                | Self::PlanPart
        )
    }

    /// The kind with this number, if there is one.
    #[must_use]
    pub fn from_number(number: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| *kind as u8 == number)
    }
}

/// The key of a record: a kind and the names under it.
#[derive(Clone, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Key {
    kind: RecordKind,
    name: Vec<u8>,
}

impl Key {
    /// A key of `kind` named by the concatenation of `parts`; all but the last part have a fixed
    /// length within one kind, so that no two lists of parts give one name.
    #[must_use]
    pub fn new(kind: RecordKind, parts: &[&[u8]]) -> Self {
        Self { kind, name: parts.concat() }
    }

    /// The key of an envelope kept to serve it: topic, hour, id. Sorted as reconciliation sorts.
    #[must_use]
    pub fn envelope(topic: &Topic, hour: Hour, id: &EnvelopeId) -> Self {
        Self::new(
            RecordKind::Envelope,
            &[topic.as_bytes(), &hour.get().to_be_bytes(), id.as_bytes()],
        )
    }

    /// The kind.
    #[must_use]
    pub fn kind(&self) -> RecordKind {
        self.kind
    }

    /// The name, without the kind.
    #[must_use]
    pub fn name(&self) -> &[u8] {
        &self.name
    }
}

impl std::fmt::Debug for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Key({:?}, …)", self.kind)
    }
}

/// The bytes of a record, wiped when dropped: most of them are secret.
pub type Value = Zeroizing<Vec<u8>>;

/// What one step writes: all of it or nothing.
#[derive(Default)]
#[must_use]
pub struct Batch {
    writes: std::collections::BTreeMap<Key, Option<Value>>,
}

impl Batch {
    /// An empty batch.
    pub fn new() -> Self {
        Self::default()
    }

    /// Writes `value` under `key`, whatever this batch said of it before.
    pub fn put(&mut self, key: Key, value: Vec<u8>) {
        self.writes.insert(key, Some(Zeroizing::new(value)));
    }

    /// Deletes `key`, whatever this batch said of it before.
    pub fn delete(&mut self, key: Key) {
        self.writes.insert(key, None);
    }

    /// Adds what `later` writes; where both write one key, `later` holds.
    pub fn extend(&mut self, later: Self) {
        self.writes.extend(later.writes);
    }

    /// Whether nothing is written.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.writes.is_empty()
    }

    /// How many records are written or deleted.
    #[must_use]
    pub fn len(&self) -> usize {
        self.writes.len()
    }

    /// The writes in the order of their keys; `None` deletes.
    pub fn iter(&self) -> impl Iterator<Item = (&Key, Option<&[u8]>)> {
        self.writes.iter().map(|(key, value)| (key, value.as_ref().map(|value| value.as_slice())))
    }
}

impl std::fmt::Debug for Batch {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Batch({} records)", self.writes.len())
    }
}

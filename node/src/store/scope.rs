//! Which records share a key, and when that key goes. A key is destroyed with the last record it
//! seals; what should not wait for that is sealed again under another key.
//! Clause: specs/07-store S-12.

use windbreak_protocol::record::{Key, RecordKind};

/// How the records of a scope are kept together, and when their key goes.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
#[repr(u8)]
pub(super) enum ScopeKind {
    /// The records of one state: the key goes with the last of its MLS records.
    State = 1,
    /// At most so many records: when one is deleted, the others are sealed anew at once.
    Page = 2,
    /// One record: the key goes when it is deleted or overwritten.
    Single = 3,
    /// What comes and goes: what is left is sealed anew at the next tidying.
    Passing = 4,
    /// What goes by age: the key goes with the last of it.
    Aging = 5,
}

impl ScopeKind {
    /// The kind with this number.
    pub(super) fn from_number(number: u8) -> Option<Self> {
        [Self::State, Self::Page, Self::Single, Self::Passing, Self::Aging]
            .into_iter()
            .find(|kind| *kind as u8 == number)
    }

    /// How many records at most share one key.
    pub(super) const fn capacity(self) -> usize {
        match self {
            Self::Page | Self::Passing => 256,
            Self::Single => 1,
            Self::State | Self::Aging => usize::MAX,
        }
    }
}

/// What a record shares its key with.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(super) struct Scope {
    kind: ScopeKind,
    name: Vec<u8>,
}

impl Scope {
    /// The scope of a record.
    pub(super) fn of(key: &Key) -> Self {
        let circle = || first(key, 32);
        let (kind, name) = match key.kind() {
            RecordKind::State | RecordKind::Namespace => {
                (ScopeKind::State, [b"s".as_slice(), first(key, 64)].concat())
            }
            RecordKind::Item => (ScopeKind::Page, [b"i".as_slice(), circle()].concat()),
            RecordKind::Era
            | RecordKind::Porch
            | RecordKind::DeviceCode
            | RecordKind::MemberKey
            | RecordKind::Return
            | RecordKind::Report
            | RecordKind::Notices
            | RecordKind::Grant
            | RecordKind::Draft
            | RecordKind::PlanPart => {
                (ScopeKind::Single, [&[key.kind() as u8], key.name()].concat())
            }
            RecordKind::CheckIn => (ScopeKind::Page, vec![b'n', key.kind() as u8]),
            // Whatever circle they are of: they go by their day.
            RecordKind::Envelope => (ScopeKind::Aging, [b"e".as_slice(), &day(key)].concat()),
            RecordKind::Run => (ScopeKind::Aging, [b"r".as_slice(), circle()].concat()),
            RecordKind::Node | RecordKind::Joining => {
                (ScopeKind::Passing, vec![b'n', key.kind() as u8])
            }
            RecordKind::Circle
            | RecordKind::Outbox
            | RecordKind::Waiting
            | RecordKind::Intent
            | RecordKind::Knock
            | RecordKind::Invite
            | RecordKind::Ballot
            | RecordKind::Naming
            | RecordKind::OwnMessage
            | RecordKind::Watch
            | RecordKind::Beacon
            | RecordKind::Place
            | RecordKind::Erased
            | RecordKind::Acceptance
            | RecordKind::Right
            | RecordKind::Removals
            | RecordKind::Deeds
            | RecordKind::Keeping
            | RecordKind::DatedAhead
            | RecordKind::Blocked
            | RecordKind::WaysOut
            | RecordKind::Handed
            | RecordKind::History
            | RecordKind::Author
            | RecordKind::FormerRelay => (ScopeKind::Passing, [b"c".as_slice(), circle()].concat()),
        };
        Self { kind, name }
    }

    /// How it is kept together.
    pub(super) fn kind(&self) -> ScopeKind {
        self.kind
    }

    /// What tells it from every other, to be hashed.
    pub(super) fn name(&self) -> &[u8] {
        &self.name
    }
}

fn first(key: &Key, length: usize) -> &[u8] {
    &key.name()[..key.name().len().min(length)]
}

/// The day in the name of an envelope's record: its hour stands behind the topic.
fn day(key: &Key) -> [u8; 4] {
    let hour = key.name().get(32..36).and_then(|hour| hour.try_into().ok());
    (hour.map_or(0, u32::from_be_bytes) / 24).to_be_bytes()
}

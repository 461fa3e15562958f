//! What becomes of an envelope: outcomes are not errors.

/// What the engine made of one envelope. Only [`Verdict::Reject`] says that a rule was broken, and
/// even that never punishes whoever carried it: a carrier can check the signature and the shape,
/// and those were checked before the envelope came here.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[must_use]
pub enum Verdict {
    /// Opened, checked, taken in; or taken in before and known to be good.
    Accept,
    /// Kept until what it needs arrives.
    Defer(Missing),
    /// Of no use, and nobody's fault.
    Ignore(Redundant),
    /// Opened, and against the rules: dropped.
    Reject(Violation),
}

/// What a deferred envelope waits for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Missing {
    /// A state whose keys are not known yet.
    Key,
    /// Chunks of a large record.
    Chunks,
    /// That somebody names it: its author made several commits on one state.
    Naming,
}

/// Why an envelope is of no use.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Redundant {
    /// Taken in before.
    Duplicate,
    /// Its topic is not followed, or its hour is outside the topic's period.
    ForeignTopic,
    /// Its hour is too far ahead of the clock.
    TooFarAhead,
    /// Meant for somebody else: a knock or an answer of another.
    NotForUs,
    /// What it speaks of is settled: a knock already answered, a card already replaced.
    Settled,
    /// The waiting room is full.
    NoRoom,
}

/// Which rule an opened envelope broke.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum Violation {
    /// What is inside is malformed.
    #[error("malformed record")]
    Malformed,
    /// A signature inside does not hold.
    #[error("a signature inside does not hold")]
    Signature,
    /// MLS refused the message.
    #[error("refused by mls")]
    Mls,
    /// The author is not who the message says.
    #[error("the author does not fit the sender")]
    Author,
    /// A commit its author had no right to make.
    #[error("a change without the right to make it")]
    Right,
    /// A commit whose changes, proposals and ledger hash do not agree.
    #[error("changes, proposals and ledger do not agree")]
    Ledger,
    /// An item breaks its author's own chain: two items with one number.
    #[error("two items with one number")]
    Equivocation,
    /// A record of a kind that does not belong where it was found.
    #[error("a record in the wrong place")]
    Misplaced,
}

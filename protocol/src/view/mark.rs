//! The mark of a member: a colour and two words that follow from their id, the same on every device,
//! so that two members who go by one name are told apart at a glance. It is for recognising, and
//! proves nothing: whoever makes many keys finds one with a given mark. Clause: specs/08-content I-54.

use crate::id::MemberId;
use crate::label::Label;

/// A colour and two words by which a member is recognised.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Mark {
    /// The colour.
    pub colour: Colour,
    /// The words.
    pub words: [&'static str; 2],
}

/// The colour of a mark; none stands for good or bad.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Colour {
    /// Amber.
    Amber,
    /// Blue.
    Blue,
    /// Coral.
    Coral,
    /// Gold.
    Gold,
    /// Green.
    Green,
    /// Lilac.
    Lilac,
    /// Pink.
    Pink,
    /// Teal.
    Teal,
}

impl Mark {
    /// The mark of a member.
    #[must_use]
    pub fn of(member: &MemberId) -> Self {
        let [colour, first, second, ..] = Label::MEMBER_MARK.hash(&[member.as_bytes()]);
        let one_of = |byte: u8, count: usize| usize::from(byte) % count;
        Self {
            colour: Colour::ALL[one_of(colour, Colour::ALL.len())],
            words: [FIRST[one_of(first, FIRST.len())], SECOND[one_of(second, SECOND.len())]],
        }
    }
}

impl Colour {
    /// All of them, as they are numbered.
    pub const ALL: [Self; 8] = [
        Self::Amber,
        Self::Blue,
        Self::Coral,
        Self::Gold,
        Self::Green,
        Self::Lilac,
        Self::Pink,
        Self::Teal,
    ];

    /// Its word.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Amber => "amber",
            Self::Blue => "blue",
            Self::Coral => "coral",
            Self::Gold => "gold",
            Self::Green => "green",
            Self::Lilac => "lilac",
            Self::Pink => "pink",
            Self::Teal => "teal",
        }
    }
}

/// First words, as they are numbered.
#[rustfmt::skip]
const FIRST: [&str; 64] = [
    "airy", "apt", "brave", "bright", "brisk", "broad", "calm", "candid", "civil", "clear",
    "clever", "cosy", "curious", "deep", "deft", "early", "earnest", "easy", "even", "fair",
    "fond", "frank", "free", "fresh", "gentle", "glad", "grand", "hale", "hardy", "hazy",
    "humble", "keen", "kind", "late", "light", "lively", "loyal", "lunar", "mellow", "merry",
    "mild", "misty", "modest", "neat", "noble", "open", "plain", "polite", "quick", "quiet",
    "ready", "serene", "shy", "sleek", "slow", "snug", "soft", "solar", "steady", "still",
    "sunny", "tidy", "warm", "wide",
];

/// Second words, likewise.
#[rustfmt::skip]
const SECOND: [&str; 64] = [
    "alpaca", "badger", "beaver", "bison", "bluebell", "bobcat", "brook", "canyon", "cedar",
    "clover", "comet", "cove", "crane", "cricket", "cypress", "daisy", "dolphin", "dove", "dune",
    "elk", "falcon", "fern", "finch", "fjord", "gecko", "glacier", "harbour", "hare", "hazel",
    "heath", "heron", "hill", "ibex", "island", "ivy", "juniper", "kestrel", "lagoon", "lake",
    "lark", "lichen", "linden", "lotus", "maple", "marten", "meadow", "moss", "otter", "owl",
    "pebble", "pine", "plover", "pond", "poplar", "prairie", "quail", "reed", "robin", "sparrow",
    "spruce", "swift", "thistle", "valley", "willow",
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn a_member_has_the_same_mark_on_every_device_and_it_is_pinned() {
        let mark = Mark::of(&MemberId::from_bytes([7; 32]));
        let [first, second] = mark.words;
        assert_eq!(format!("{} {first} {second}", mark.colour.word()), "gold quick cypress");
    }

    #[test]
    fn members_of_one_name_mostly_have_other_marks() {
        let marks: BTreeSet<_> = (0..100_u8)
            .map(|number| Mark::of(&MemberId::from_bytes([number; 32])))
            .map(|mark| (mark.colour.word(), mark.words))
            .collect();
        assert!(marks.len() >= 98, "{}", marks.len());
    }

    #[test]
    fn the_registry_lists_every_colour_and_word() {
        let registry = include_str!("../../../specs/registry.md");
        let (_, section) = registry.split_once("## R-12 ").unwrap();
        let listed: Vec<Vec<&str>> = section
            .lines()
            .filter_map(|line| line.split_once(": ")?.1.strip_suffix('.'))
            .map(|words| words.split(' ').collect())
            .collect();
        let colours = Colour::ALL.map(Colour::word).to_vec();
        assert_eq!(listed, [colours, FIRST.to_vec(), SECOND.to_vec()]);
    }
}

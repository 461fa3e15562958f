use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;
use crate::id::{CircleId, InviteId, MemberId};
use crate::identity::DeviceKey;
use crate::limits::MIN_VOTERS;
use crate::order::Class;
use crate::secret::Secret;
use crate::wire;

mod agreement;
mod returns;
mod roles;

const CIRCLE: CircleId = CircleId::from_bytes([1; 32]);

fn member(number: u8) -> MemberId {
    MemberId::from_bytes([number; 32])
}

fn key(number: u8) -> DeviceKey {
    DeviceKey::from_secret(&Secret::from_bytes([number; 32]))
}

fn entry(number: u8) -> MemberEntry {
    MemberEntry::founder(Text::new("Alder").unwrap(), key(number).id())
}

fn founded() -> Ledger {
    let settings = Settings {
        suite: Suite::X25519,
        title: Text::new("Evening walk").unwrap(),
        welcome: Text::default(),
        agreement: AgreementText::new("We listen.").unwrap(),
        declaration: None,
        relays: Vec::new(),
    };
    Ledger::found(settings, member(0), entry(0))
}

/// A ledger as commits make it, one after the other.
struct Story {
    ledger: Ledger,
    epoch: u64,
}

impl Story {
    fn new() -> Self {
        Self { ledger: founded(), epoch: 0 }
    }

    /// Member 0 admits members `numbers` with review, in one commit.
    fn admits(&mut self, numbers: impl IntoIterator<Item = u8>, reviewed: bool) {
        let parent = self.ledger.clone();
        self.epoch += 1;
        for number in numbers {
            let manner = if reviewed {
                Manner::Reviewed(member(0))
            } else {
                Manner::Open(InviteId::from_bytes([9; 32]))
            };
            let vote = parent.right_of_newcomer(self.epoch, &member(0), reviewed);
            let (role, role_since, since) = (Role::Member, self.epoch, self.epoch);
            let entry = MemberEntry { role, role_since, since, manner, vote, ..entry(number) };
            self.ledger.insert_for_test(member(number), entry);
        }
        self.ledger.remember(&member(0), self.epoch, false);
    }

    fn renews(&mut self, number: u8) -> Result<(), ChangeError> {
        let next = self.ledger.apply(&CIRCLE, &member(number), self.epoch + 1, &[])?;
        self.epoch += 1;
        self.ledger = next;
        Ok(())
    }

    fn removes(&mut self, number: u8) {
        let reason = Text::new("As agreed.").unwrap();
        let removal = Change::Depart(Departure::Removed {
            member: member(number),
            reason,
            consents: Vec::new(),
        });
        self.ledger = self.ledger.apply(&CIRCLE, &member(0), self.epoch + 1, &[removal]).unwrap();
        self.epoch += 1;
    }

    fn voters(&self) -> BTreeSet<u8> {
        self.ledger.voters().iter().map(|member| member.as_bytes()[0]).collect()
    }
}

/// A circle of the founders 0 to 4, each of whom has committed.
fn five_founders() -> Story {
    let mut story = Story::new();
    story.admits(1..5, true);
    for number in 0..5 {
        story.renews(number).unwrap();
    }
    assert_eq!(story.voters(), (0..5).collect());
    story
}

#[test]
fn a_facilitator_gives_no_vote_to_those_it_admits() {
    let mut story = five_founders();
    for puppet in 10..40 {
        story.admits([puppet], true);
        story.renews(puppet).unwrap();
    }
    story.admits(40..60, false);
    for _ in 0..70 {
        story.renews(0).unwrap();
    }
    assert_eq!(story.voters(), (0..5).collect());
}

#[test]
fn newcomers_vote_once_most_of_the_others_have_gone_on() {
    let mut story = five_founders();
    story.admits(10..15, true);
    story.admits(20..21, false);
    story.renews(1).unwrap();
    story.renews(2).unwrap();
    assert_eq!(story.voters().len(), 5);
    // Three of the four others: two of the five begin, then half of seven, which is all that wait.
    story.renews(3).unwrap();
    assert_eq!(story.voters(), (0..5).chain(10..12).collect());
    story.renews(0).unwrap();
    assert_eq!(story.voters(), (0..5).chain(10..15).collect());
    assert!(!story.voters().contains(&20));
}

#[test]
fn whoever_left_is_not_waited_for() {
    let mut story = five_founders();
    story.admits(10..11, true);
    story.renews(1).unwrap();
    story.renews(2).unwrap();
    assert!(!story.voters().contains(&10));
    story.removes(3);
    assert!(story.voters().contains(&10));
}

#[test]
fn where_fewer_than_three_have_the_right_everybody_votes() {
    let mut story = five_founders();
    story.admits(20..24, false);
    assert_eq!(story.voters().len(), 5);
    for number in 2..5 {
        story.removes(number);
    }
    assert_eq!(story.voters(), [0, 1, 20, 21, 22, 23].into());
}

#[test]
fn one_member_does_not_flood_a_large_circle_with_renewals() {
    let mut story = five_founders();
    story.admits(10..14, true);
    for _ in 0..20 {
        story.renews(1).unwrap();
    }
    story.admits(14..15, true);
    for _ in 0..7 {
        story.renews(0).unwrap();
    }
    assert_eq!(story.ledger.members().len(), 10);
    assert_eq!((story.renews(1), story.renews(1)), (Ok(()), Ok(())));
    assert!(!story.ledger.may_renew(&member(1)));
    assert_eq!(story.renews(1), Err(ChangeError::Flood));
    for number in [2, 3, 0, 0, 0] {
        story.renews(number).unwrap();
        assert_eq!(story.renews(1), Err(ChangeError::Flood));
    }
    // A facilitator's commits make room, and are never too many.
    story.renews(0).unwrap();
    story.renews(1).unwrap();
    for _ in 0..20 {
        story.renews(0).unwrap();
    }
}

#[test]
fn the_class_of_a_commit_depends_on_its_parent_and_its_changes() {
    let story = five_founders();
    let removal = Change::Depart(Departure::Removed {
        member: member(1),
        reason: Text::new("As agreed.").unwrap(),
        consents: Vec::new(),
    });
    assert_eq!(class_of(&story.ledger, &member(0), &[removal]), Class::Removal);
    assert_eq!(class_of(&story.ledger, &member(0), &[]), Class::Facilitator);
    assert_eq!(class_of(&story.ledger, &member(1), &[]), Class::Ordinary);
}

/// One thing that happens in a circle.
#[derive(Clone, Debug)]
enum Deed {
    Admit(bool),
    Renew(u8),
    Remove(u8),
}

fn deed() -> impl Strategy<Value = Deed> {
    prop_oneof![
        any::<bool>().prop_map(Deed::Admit),
        (0_u8..24).prop_map(Deed::Renew),
        (0_u8..24).prop_map(Deed::Renew),
        (1_u8..24).prop_map(Deed::Remove),
    ]
}

proptest! {
    #[test]
    fn who_votes_depends_on_the_commits_alone(deeds in prop::collection::vec(deed(), 0..60)) {
        let run = || {
            let mut story = Story::new();
            let mut next = 1;
            let mut before = story.voters().len();
            for deed in &deeds {
                let there = |number: &u8| story.ledger.members().contains_key(&member(*number));
                match deed {
                    Deed::Admit(reviewed) => {
                        story.admits([next], *reviewed);
                        next += 1;
                    }
                    Deed::Renew(number) if there(number) => {
                        let _ = story.renews(*number);
                    }
                    Deed::Remove(number) if there(number) => story.removes(*number),
                    _ => continue,
                }
                let voters = story.voters().len();
                assert!(voters >= 1 && voters <= story.ledger.members().len());
                if before >= MIN_VOTERS && story.ledger.committers >= 3 {
                    assert!(voters <= before + (before / 2).max(1) || voters == story.ledger.members().len());
                }
                before = voters;
                let bytes = wire::encode(&story.ledger);
                assert_eq!(wire::decode::<Ledger>(&bytes, 1 << 20).as_ref(), Ok(&story.ledger));
            }
            story
        };
        prop_assert_eq!(run().ledger.hash(), run().ledger.hash());
        prop_assert_eq!(run().voters(), run().voters());
    }
}

//! What may go, case by case and for any evidence.

use proptest::prelude::*;

use super::*;
use crate::id::DeviceId;
use crate::order::{Ballots, Cast, Class, Evidence, Namings, Seal};

const DAY: Duration = Duration::from_secs(24 * 3600);
const HOUR: Duration = Duration::from_secs(3600);

fn state(number: u8) -> StateId {
    StateId::from_bytes([number; 32])
}

fn member(number: u8) -> MemberId {
    MemberId::from_bytes([100 + number; 32])
}

/// A circle in which states are made one by one.
struct Circle {
    states: BTreeMap<StateId, Evidence>,
    held: BTreeMap<StateId, BTreeSet<MemberId>>,
    past: BTreeMap<StateId, Timestamp>,
    heard: BTreeMap<MemberId, Heard>,
    devices: BTreeMap<MemberId, Vec<DeviceId>>,
    unheard: BTreeMap<StateId, BTreeSet<DeviceId>>,
    taken_out: BTreeMap<StateId, BTreeSet<DeviceId>>,
    ballots: Ballots,
    counters: BTreeMap<u8, u64>,
    head: StateId,
    now: Timestamp,
}

impl Circle {
    /// Members 0 … `members` in a line of states 1 … `states`, all with their keys, each past for
    /// an hour, and nobody's vote known.
    fn line(members: u8, states: u8) -> Self {
        let now = Timestamp::from_seconds(100 * 24 * 3600);
        let everybody: BTreeSet<MemberId> = (0..members).map(member).collect();
        let mut circle = Self {
            states: BTreeMap::new(),
            held: BTreeMap::new(),
            past: BTreeMap::new(),
            heard: everybody.iter().map(|m| (*m, Heard { at: now, behind: None })).collect(),
            devices: BTreeMap::new(),
            unheard: BTreeMap::new(),
            taken_out: BTreeMap::new(),
            ballots: Ballots::default(),
            counters: BTreeMap::new(),
            head: state(states),
            now,
        };
        for number in 1..=states {
            let parent = (number > 1).then(|| number - 1);
            circle.add(number, parent, 0);
        }
        circle.past.remove(&state(states));
        circle
    }

    fn add(&mut self, number: u8, parent: Option<u8>, leaf: u32) {
        let parent = parent.map(state);
        let epoch = parent.and_then(|p| self.states.get(&p)).map_or(0, |e| e.epoch + 1);
        let evidence = Evidence {
            parent,
            epoch,
            leaf,
            member: None,
            class: Class::Ordinary,
            commit: None,
            eligible: true,
            told: false,
        };
        self.states.insert(state(number), evidence);
        self.held.insert(state(number), self.heard.keys().copied().collect());
        self.past.insert(state(number), Timestamp::from_seconds(self.now.as_seconds() - 3600));
    }

    fn vote(&mut self, who: u8, number: u8) {
        self.vote_by(who, who, number);
    }

    fn vote_by(&mut self, who: u8, device: u8, number: u8) {
        let counter = self.counters.entry(device).or_default();
        *counter += 1;
        let cast = self.ballots.cast(Seal {
            member: member(who),
            device: DeviceId::from_bytes([device; 32]),
            counter: *counter,
            digest: [number; 32],
            vote: Some(state(number)),
            siblings: Vec::new(),
        });
        assert!(matches!(cast, Cast::New { .. }));
    }

    fn settled(&self) -> Vec<Settled> {
        let electorates = self.held.clone();
        let (namings, given_up, frozen) = (Namings::new(), BTreeMap::new(), BTreeMap::new());
        Signs {
            circle: &CircleId::from_bytes([7; 32]),
            known: Known {
                me: member(0),
                states: &self.states,
                electorates: &electorates,
                since: &BTreeMap::new(),
                ballots: &self.ballots,
                namings: &namings,
                given_up: &given_up,
                taken_out: &self.taken_out,
                frozen: &frozen,
            },
            head: self.head,
            held: &self.held,
            past: &self.past,
            heard: &self.heard,
            devices: &self.devices,
            unheard: &self.unheard,
            now: self.now,
        }
        .settled()
    }

    /// The states whose keys may go.
    fn gone(&self) -> Vec<StateId> {
        let mut gone: Vec<StateId> = self.settled().into_iter().flat_map(|s| s.gone).collect();
        gone.sort_unstable();
        gone
    }
}

/// Its word is its member's as much as that of the other: what it makes there divides the others.
#[test]
fn a_state_stays_while_one_of_a_members_devices_was_last_heard_of_there() {
    let mut circle = Circle::line(3, 3);
    circle.devices = [(member(2), [2, 9].map(|of| DeviceId::from_bytes([of; 32])).into())].into();
    circle.vote_by(2, 9, 1);
    for who in 0..3 {
        circle.vote(who, 3);
    }
    assert!(circle.gone().is_empty());
    circle.vote_by(2, 9, 2);
    assert_eq!(circle.gone(), [state(1)]);
    // Where it stood goes in the end, and then nothing more waits for it.
    circle.past.insert(state(2), Timestamp::from_seconds(circle.now.as_seconds() - 15 * 24 * 3600));
    assert_eq!(circle.gone(), [state(1), state(2)]);
    circle.vote_by(2, 9, 1);
    circle.held.remove(&state(1));
    circle.past.insert(state(2), Timestamp::from_seconds(circle.now.as_seconds() - 3600));
    assert_eq!(circle.gone(), [state(2)]);
}

/// A stolen device that its member took out went on beside the removal, and held the keys of everybody.
#[test]
fn whom_their_member_took_out_on_the_path_is_not_waited_for() {
    let mut circle = Circle::line(2, 2);
    circle.vote(0, 2);
    circle.vote_by(1, 9, 2);
    circle.add(3, Some(1), 1);
    // The lower key of the two speaks, and stands on a rival that is past for long enough.
    circle.vote_by(1, 5, 3);
    for number in [1, 3] {
        let past = Timestamp::from_seconds(circle.now.as_seconds() - 30 * 3600);
        circle.past.insert(state(number), past);
    }
    assert!(circle.gone().is_empty());
    circle.taken_out = [(state(2), [DeviceId::from_bytes([5; 32])].into())].into();
    assert_eq!(circle.gone(), [state(1), state(3)]);
}

#[test]
fn a_state_goes_when_everybody_has_gone_on() {
    let mut circle = Circle::line(3, 2);
    assert!(circle.gone().is_empty(), "nobody's vote is known");
    circle.vote(0, 2);
    circle.vote(1, 2);
    assert!(circle.gone().is_empty(), "member 2 may still write under state 1");
    circle.vote(2, 2);
    assert_eq!(circle.gone(), [state(1)]);
}

/// It was so that what somebody said right after a commit of theirs could be opened by nobody who had
/// followed it at once.
#[test]
fn whoever_made_a_commit_may_still_write_where_they_made_it_from() {
    let mut circle = Circle::line(3, 3);
    for made in [2, 3] {
        circle.states.entry(state(made)).and_modify(|made| made.member = Some(member(0)));
    }
    circle.vote(0, 2);
    for number in [2, 3] {
        circle.vote(1, number);
        circle.vote(2, number);
    }
    circle.vote(0, 3);
    // The last commit was made from state 2, so that state 1 is behind its author for certain.
    assert_eq!(circle.gone(), [state(1)]);
    circle.past.insert(state(2), Timestamp::from_seconds(circle.now.as_seconds() - 24 * 3600));
    assert_eq!(circle.gone(), [state(1), state(2)], "what comes so late is sealed once more");
    circle.past.insert(state(2), Timestamp::from_seconds(circle.now.as_seconds() - 3600));
    circle.vote(0, 3);
    assert_eq!(circle.gone(), [state(1), state(2)]);
}

#[test]
fn the_head_never_goes_and_nothing_is_skipped() {
    let mut circle = Circle::line(1, 4);
    circle.vote(0, 4);
    assert_eq!(circle.gone(), [state(1), state(2), state(3)]);
    circle.past.remove(&state(1));
    circle.past.insert(state(1), circle.now.after(HOUR));
    let settled = circle.settled();
    assert_eq!(settled.last().map(|s| s.state), Some(Some(state(3))));
    assert!(settled.iter().all(|s| !s.gone.contains(&state(4))));
}

#[test]
fn whoever_was_not_heard_for_two_weeks_is_not_waited_for() {
    let mut circle = Circle::line(3, 2);
    circle.vote(0, 2);
    circle.vote(1, 2);
    let long_ago = Timestamp::from_seconds(circle.now.as_seconds() - 14 * 24 * 3600 - 1);
    circle.heard.insert(member(2), Heard { at: long_ago, behind: None });
    assert_eq!(circle.gone(), [state(1)]);
}

#[test]
fn a_member_who_seals_but_never_further_on_holds_nobody_back_for_more_than_a_day() {
    let mut circle = Circle::line(3, 2);
    circle.vote(0, 2);
    circle.vote(1, 2);
    circle.vote(2, 1);
    let since = |hours: u64| Timestamp::from_seconds(circle.now.as_seconds() - hours * 3600);
    let (a_day, more) = (since(24), since(25));
    circle.heard.insert(member(2), Heard { at: circle.now, behind: Some(a_day) });
    assert!(circle.gone().is_empty());
    circle.heard.insert(member(2), Heard { at: circle.now, behind: Some(more) });
    assert_eq!(circle.gone(), [state(1)]);
}

#[test]
fn without_a_majority_keys_stay_for_sixty_days_and_with_one_for_fourteen() {
    let mut circle = Circle::line(5, 2);
    let began = circle.past[&state(1)];
    circle.vote(0, 2);
    circle.vote(1, 2);
    circle.now = began.after(14 * DAY);
    assert!(circle.gone().is_empty(), "two of five are no majority");
    circle.now = began.after(59 * DAY);
    assert!(circle.gone().is_empty());
    circle.now = began.after(60 * DAY);
    assert_eq!(circle.gone(), [state(1)]);

    circle.vote(2, 2);
    circle.vote(3, 1);
    for heard in circle.heard.values_mut() {
        heard.at = began.after(14 * DAY);
    }
    circle.now = began.after(13 * DAY);
    assert!(circle.gone().is_empty(), "members 3 and 4 were heard of and have not gone on");
    circle.now = began.after(14 * DAY);
    assert_eq!(circle.gone(), [state(1)]);
}

#[test]
fn a_fork_goes_with_all_that_came_from_the_side_that_lost() {
    let mut circle = Circle::line(3, 3);
    circle.add(10, Some(1), 7);
    circle.add(11, Some(10), 0);
    for who in 0..3 {
        circle.vote(who, 3);
    }
    let settled = circle.settled();
    assert_eq!(settled[0].state, Some(state(1)));
    assert_eq!(settled[0].child, state(2));
    assert_eq!(settled[0].gone, [state(1), state(10), state(11)]);
    assert_eq!(circle.gone(), [state(1), state(2), state(10), state(11)]);
}

#[test]
fn a_side_on_which_somebody_stood_is_waited_for_for_a_day() {
    let mut circle = Circle::line(3, 3);
    circle.add(10, Some(1), 7);
    circle.vote(0, 10);
    for who in 0..3 {
        circle.vote(who, 3);
    }
    assert!(circle.gone().is_empty());
    circle.now = circle.past[&state(10)].after(DAY);
    assert_eq!(circle.gone(), [state(1), state(2), state(10)]);
}

/// Whoever does not know that its author left it goes there.
#[test]
fn a_side_that_its_author_left_is_waited_for_if_it_would_win_a_tie() {
    let mut circle = Circle::line(3, 3);
    circle.add(10, Some(1), 7);
    circle.states.entry(state(10)).and_modify(|made| made.member = Some(member(0)));
    circle.vote(0, 10);
    for who in 0..3 {
        circle.vote(who, 3);
    }
    circle.states.entry(state(2)).and_modify(|made| made.class = Class::Facilitator);
    assert_eq!(circle.gone(), [state(1), state(2), state(10)], "it moves nobody");
    circle.states.entry(state(2)).and_modify(|made| made.class = Class::Ordinary);
    circle.states.entry(state(10)).and_modify(|made| made.class = Class::Facilitator);
    assert!(circle.gone().is_empty());
    // What somebody else stood on beyond it was not its author's alone.
    circle.add(11, Some(10), 8);
    circle.states.entry(state(11)).and_modify(|made| made.member = Some(member(1)));
    circle.states.entry(state(2)).and_modify(|made| made.class = Class::Removal);
    circle.vote(1, 11);
    circle.vote(1, 3);
    assert!(circle.gone().is_empty());
    circle.now = circle.past[&state(11)].after(DAY);
    assert_eq!(circle.gone(), [state(1), state(2), state(10), state(11)]);
}

/// A second device let somebody in and said no more: what it still stood on went.
#[test]
fn a_device_never_heard_of_is_waited_for_where_this_one_came_in() {
    let mut circle = Circle::line(3, 3);
    circle.devices = [(member(2), [2, 9].map(|of| DeviceId::from_bytes([of; 32])).into())].into();
    circle.unheard = [(state(1), [DeviceId::from_bytes([9; 32])].into())].into();
    for who in 0..3 {
        circle.vote(who, 3);
    }
    assert!(circle.gone().is_empty());
    circle.past.insert(state(1), Timestamp::from_seconds(circle.now.as_seconds() - 15 * 24 * 3600));
    assert_eq!(circle.gone(), [state(1), state(2)]);
}

#[test]
fn who_was_not_heard_of_since_a_fork_was_contested_is_waited_for() {
    let mut circle = Circle::line(3, 3);
    circle.add(10, Some(1), 7);
    circle.vote(0, 10);
    for who in 0..3 {
        circle.vote(who, 3);
    }
    let past = circle.past[&state(10)];
    let before = Timestamp::from_seconds(past.as_seconds() - 1);
    circle.heard.insert(member(2), Heard { at: before, behind: None });
    circle.now = past.after(3 * DAY);
    assert!(circle.gone().is_empty(), "member 2 may have changed sides, unseen");
    circle.heard.insert(member(2), Heard { at: past.after(HOUR), behind: None });
    assert_eq!(circle.gone(), [state(1), state(2), state(10)]);
}

#[test]
fn a_seal_that_is_missing_between_others_is_waited_for_for_a_day() {
    let mut circle = Circle::line(2, 2);
    circle.vote(0, 2);
    circle.vote(1, 1);
    *circle.counters.get_mut(&1).unwrap() += 1;
    circle.vote(1, 2);
    assert!(circle.gone().is_empty());
    circle.now = circle.past[&state(1)].after(DAY);
    assert_eq!(circle.gone(), [state(1)]);
}

#[test]
fn rival_roots_go_like_the_sides_of_a_fork() {
    let mut circle = Circle::line(2, 2);
    circle.add(10, None, 7);
    circle.vote(0, 2);
    circle.vote(1, 1);
    assert_eq!(circle.gone(), [state(10)]);
}

#[test]
fn somebody_admitted_later_is_not_waited_for_below() {
    let mut circle = Circle::line(2, 2);
    circle.vote(0, 2);
    circle.vote(1, 2);
    circle.heard.insert(member(9), Heard { at: circle.now, behind: None });
    assert_eq!(circle.gone(), [state(1)]);
}

proptest! {
    #[test]
    fn nothing_goes_while_somebody_who_was_heard_may_still_need_it(
        parents in prop::collection::vec(0_u8..8, 1..10),
        votes in prop::collection::vec((0_u8..4, 1_u8..10), 0..20),
        hours in 0_u64..2000,
    ) {
        let mut circle = Circle::line(4, 1);
        let began = circle.now;
        circle.past.insert(state(1), began);
        for (place, parent) in parents.iter().enumerate() {
            let number = u8::try_from(place).unwrap() + 2;
            circle.add(number, Some(1 + parent % (number - 1)), u32::from(number));
        }
        let deepest = circle.states.iter().max_by_key(|(_, e)| e.epoch).map(|(id, _)| *id);
        circle.head = deepest.unwrap();
        for (who, number) in votes {
            if circle.states.contains_key(&state(number)) {
                circle.vote(who, number);
            }
        }
        circle.now = began.after(HOUR * u32::try_from(hours).unwrap());
        for heard in circle.heard.values_mut() {
            heard.at = circle.now;
        }
        let age = circle.now.since(circle.past[&state(1)]);
        for settled in circle.settled() {
            prop_assert!(!settled.gone.contains(&circle.head));
            let stays = |id: &StateId| !settled.gone.contains(id);
            for who in 0..4 {
                let stands = circle.ballots.stands(&member(who));
                // Whose newest seal is here can be read, or it is long ago.
                prop_assert!(stands.is_some_and(|id| stays(&id)) || age >= 14 * DAY);
            }
        }
    }

    #[test]
    fn what_may_go_once_may_go_later(
        votes in prop::collection::vec((0_u8..4, 1_u8..5), 0..12),
        hours in 0_u64..2000,
        later in 0_u64..2000,
    ) {
        let mut circle = Circle::line(4, 4);
        for (who, number) in votes {
            circle.vote(who, number);
        }
        circle.now = circle.now.after(HOUR * u32::try_from(hours).unwrap());
        let gone = circle.gone();
        circle.now = circle.now.after(HOUR * u32::try_from(later).unwrap());
        let even_later = circle.gone();
        prop_assert!(gone.iter().all(|id| even_later.contains(id)));
    }
}

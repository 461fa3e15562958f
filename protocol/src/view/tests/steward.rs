//! What facilitators do to hold the circle: who reads what, and that everybody who has the same
//! items sees the same.

use proptest::prelude::*;

use super::*;
use crate::content::{Edit, Hide, Mute, SlowMode, StewardReason};

fn reason() -> StewardReason {
    StewardReason::new("it names somebody").unwrap()
}

fn hide(to: ItemId, on: bool) -> Content {
    Content::Hide(Hide { to, on, reason: reason() })
}

fn mute(who: usize, until: Option<u64>) -> Content {
    let until = until.map(minute);
    Content::Mute(Mute { member: Circle::member(who), until, again: false, reason: reason() })
}

fn slow(minutes: u16) -> Content {
    Content::SlowMode(SlowMode { minutes, again: false, reason: reason() })
}

fn minute(minute: u64) -> Timestamp {
    Timestamp::from_seconds(minute * 60)
}

/// Member 1 holds the circle of three; these acts had their right; `reader` reads at this minute.
fn context(circle: &Circle, reader: usize, now: u64, in_right: &[ItemId]) -> ViewContext {
    ViewContext {
        facilitators: [Circle::member(1)].into(),
        reader: Some(Circle::member(reader)),
        in_right: in_right.iter().copied().collect(),
        now: minute(now),
        ..circle.head(&[0, 1, 2])
    }
}

fn reads(circle: &Circle, context: &ViewContext, id: ItemId) -> bool {
    let timeline = Timeline::build(&circle.items, context);
    let entry = timeline.entries().iter().find(|entry| entry.id() == id).unwrap();
    assert_eq!(timeline.content(entry).is_some(), !timeline.versions(entry).is_empty());
    timeline.content(entry).is_some()
}

#[test]
fn what_a_facilitator_hides_is_read_by_its_author_and_facilitators_alone() {
    let mut circle = Circle::new(3);
    let share = circle.share(0, 1, &[]);
    let without_right = circle.write(2, 2, &[share], hide(share, true));
    assert!(reads(&circle, &context(&circle, 2, 9, &[]), share));
    let act = circle.write(1, 3, &[share], hide(share, true));
    for (reader, may) in [(0, true), (1, true), (2, false)] {
        let context = context(&circle, reader, 9, &[act]);
        assert_eq!(reads(&circle, &context, share), may, "{reader}");
        let timeline = Timeline::build(&circle.items, &context);
        let log: Vec<_> = timeline.steward_log().map(Entry::id).collect();
        assert_eq!(log, [without_right, act]);
        assert_eq!(timeline.reason_of(&act).as_deref(), Some("it names somebody"));
    }
    // It stays hidden when who hid it holds the circle no longer.
    let no_longer = ViewContext { facilitators: BTreeSet::new(), ..context(&circle, 2, 9, &[act]) };
    assert!(!reads(&circle, &no_longer, share));
    let shown_again = circle.write(1, 4, &[], hide(share, false));
    assert!(reads(&circle, &context(&circle, 2, 9, &[act, shown_again]), share));
    // Not by somebody who had no right to.
    assert!(!reads(&circle, &context(&circle, 2, 9, &[act]), share));
}

#[test]
fn what_somebody_muted_says_is_held_back_and_nothing_else_of_theirs() {
    let mut circle = Circle::new(3);
    let before = circle.share(2, 1, &[]);
    let act = circle.write(1, 2, &[before], mute(2, Some(60)));
    let text = ItemText::new("in other words").unwrap();
    let edit = Edit { to: before, content_note: None, title: None, text };
    circle.write(2, 3, &[act], Content::Edit(edit));
    let during = circle.share(2, 4, &[]);
    let others = circle.share(0, 5, &[during]);
    // Dated after its end, and read before that.
    let ahead = circle.share(2, 61, &[]);
    let held = |reader, now, right: &[ItemId]| {
        let context = context(&circle, reader, now, right);
        [before, during, others, ahead].map(|id| !reads(&circle, &context, id))
    };
    assert_eq!(held(0, 30, &[act]), [false, true, false, true]);
    assert_eq!(held(0, 90, &[act]), [false, true, false, false]);
    assert_eq!(held(1, 30, &[act]), [false; 4]);
    assert_eq!(held(2, 30, &[act]), [false; 4]);
    assert_eq!(held(0, 30, &[]), [false; 4]);
    let here = context(&circle, 0, 30, &[act]);
    let timeline = Timeline::build(&circle.items, &here);
    let entry = timeline.entries().iter().find(|entry| entry.id() == before).unwrap();
    let Some(Content::Share(share)) = timeline.content(entry) else { panic!("no share") };
    assert_eq!(share.text.as_str(), "a hard week", "an edit of somebody muted shows");
    assert_eq!(timeline.stewardship().muted[&Circle::member(2)], (minute(60), act));
}

#[test]
fn a_mute_that_is_taken_back_held_nothing_back() {
    let mut circle = Circle::new(3);
    let act = circle.write(1, 2, &[], mute(2, Some(60)));
    let longer = circle.write(1, 3, &[], mute(2, Some(90)));
    let during = circle.share(2, 4, &[longer]);
    let undone = circle.write(1, 5, &[during], mute(2, None));
    let after = circle.share(2, 6, &[undone]);
    let held = |right: &[ItemId]| {
        let context = context(&circle, 0, 30, right);
        [during, after].map(|id| !reads(&circle, &context, id))
    };
    assert_eq!(held(&[act, longer]), [true, true]);
    assert_eq!(held(&[act, longer, undone]), [false, false]);
}

#[test]
fn a_mute_that_is_over_can_be_taken_back_and_one_that_runs_alone() {
    let mut circle = Circle::new(3);
    let first = circle.write(1, 2, &[], mute(2, Some(10)));
    let in_first = circle.share(2, 4, &[first]);
    let second = circle.write(1, 20, &[in_first], mute(2, Some(60)));
    let in_second = circle.share(2, 22, &[second]);
    let undo = circle.write(1, 24, &[in_second], mute(2, None));
    let after = circle.share(2, 26, &[undo]);
    let again = circle.write(1, 28, &[after], mute(2, None));
    let read = |right: &[ItemId]| {
        let context = context(&circle, 0, 30, right);
        let timeline = Timeline::build(&circle.items, &context);
        let to_undo = timeline.has_mute_of(&Circle::member(2));
        (to_undo, [in_first, in_second, after].map(|id| reads(&circle, &context, id)))
    };
    assert_eq!(read(&[first]), (true, [false, true, true]), "over, and holds something back");
    assert_eq!(read(&[first, second]), (true, [false; 3]));
    assert_eq!(read(&[first, second, undo]), (true, [false, true, true]), "the one that ran");
    assert_eq!(read(&[first, undo]), (false, [true; 3]));
    assert_eq!(read(&[first, second, undo, again]), (false, [true; 3]));
    // Nothing was said in it, and it is over: there is nothing to take back.
    let mut circle = Circle::new(3);
    let act = circle.write(1, 2, &[], mute(2, Some(10)));
    let context = context(&circle, 0, 30, &[act]);
    assert!(!Timeline::build(&circle.items, &context).has_mute_of(&Circle::member(2)));
}

#[test]
fn nothing_is_held_back_of_whoever_holds_the_circle_in_the_head() {
    let mut circle = Circle::new(3);
    let act = circle.write(1, 2, &[], mute(2, Some(60)));
    let before = circle.share(2, 4, &[act]);
    let since = circle.share(2, 6, &[]);
    let read = |facilitators: &[usize], now, right: &[ItemId]| {
        let facilitators = facilitators.iter().copied().map(Circle::member).collect();
        let context = ViewContext { facilitators, ..context(&circle, 0, now, right) };
        let timeline = Timeline::build(&circle.items, &context);
        let muted = timeline.stewardship().muted.contains_key(&Circle::member(2));
        (muted, [before, since].map(|id| reads(&circle, &context, id)))
    };
    assert_eq!(read(&[1], 30, &[act]), (true, [false; 2]));
    for now in [30, 90] {
        assert_eq!(read(&[1, 2], now, &[act]), (false, [true; 2]), "{now}");
    }
    // It goes by the head alone: whoever steps down is muted as they were.
    assert_eq!(read(&[1], 90, &[act]), (false, [false; 2]));
}

#[test]
fn what_repeats_a_mute_does_not_bring_it_back() {
    let mut circle = Circle::new(3);
    let act = circle.write(1, 2, &[], mute(2, Some(60)));
    let undone = circle.write(0, 3, &[act], mute(2, None));
    let Content::Mute(first) = mute(2, Some(60)) else { panic!("no mute") };
    let again = circle.write(1, 5, &[], Content::Mute(Mute { again: true, ..first }));
    let later = circle.share(2, 6, &[undone]);
    let all = [act, undone, again];
    assert!(reads(&circle, &context(&circle, 0, 30, &all), later));
    // For whoever came since it is the mute itself.
    let circle = Circle { items: circle.without(&[act, undone]), ..circle };
    let here = context(&circle, 0, 30, &[again]);
    assert!(!reads(&circle, &here, later));
    assert_eq!(Timeline::build(&circle.items, &here).steward_log().count(), 1);
}

#[test]
fn nobody_is_muted_for_longer_than_may_be() {
    let mut circle = Circle::new(3);
    let days = 24 * 60;
    let act = circle.write(1, 0, &[], mute(2, Some(400 * days)));
    let later = circle.share(2, 31 * days, &[act]);
    assert!(reads(&circle, &context(&circle, 0, 32 * days, &[act]), later));
}

#[test]
fn in_slow_mode_a_share_that_comes_too_soon_is_shown_when_its_turn_has_come() {
    let mut circle = Circle::new(3);
    let act = circle.write(1, 1, &[], slow(10));
    let first = circle.share(2, 2, &[act]);
    let second = circle.share(2, 3, &[]);
    // Dated back: it stands behind the others in its chain all the same.
    let third = circle.share(2, 0, &[]);
    let reply = circle.reply(2, 4, first);
    let of_another = circle.share(0, 4, &[act]);
    let shown = |now, right: &[ItemId]| {
        let context = context(&circle, 1, now, right);
        [first, second, third, reply, of_another].map(|id| reads(&circle, &context, id))
    };
    assert_eq!(shown(5, &[act]), [true, false, false, true, true]);
    assert_eq!(shown(12, &[act]), [true, true, false, true, true]);
    assert_eq!(shown(22, &[act]), [true; 5]);
    let own = context(&circle, 2, 5, &[act]);
    assert!(reads(&circle, &own, second));
    let timeline = Timeline::build(&circle.items, &own);
    assert_eq!(timeline.next_share(&Circle::member(2)), Some(minute(32)));
    assert_eq!(timeline.next_share(&Circle::member(1)), None);
    let over = circle.write(1, 6, &[], slow(0));
    let context = context(&circle, 1, 7, &[act, over]);
    assert!([second, third].iter().all(|id| reads(&circle, &context, *id)));
}

/// Who does what to which of the items there are then: words, acts of stewards, whether in right.
type Deed = (usize, u8, prop::sample::Index, bool);

fn played(deeds: &[Deed]) -> (Circle, Vec<ItemId>, Vec<ItemId>) {
    let mut circle = Circle::new(3);
    let mut ids = vec![circle.share(0, 0, &[])];
    let mut in_right = Vec::new();
    for (who, what, to, flag) in deeds {
        let (to, minute) = (ids[to.index(ids.len())], ids.len() as u64 % 17);
        let about = usize::from(*what) % 3;
        let content = match what {
            0..=2 => share(),
            3 => Content::Reply(Reply { to, text: ItemText::new("with you").unwrap() }),
            4 => hide(to, *flag),
            5 => mute(about, flag.then_some(minute + 5)),
            6 => mute((about + 1) % 3, flag.then_some(minute + 2)),
            _ => slow(if *flag { 3 } else { 0 }),
        };
        let seen = if *flag { vec![to] } else { Vec::new() };
        let id = circle.write(*who, minute, &seen, content);
        ids.push(id);
        if *who == 1 {
            in_right.push(id);
        }
    }
    (circle, ids, in_right)
}

proptest! {
    #[test]
    fn acts_of_stewards_show_the_same_whatever_the_order_of_arrival(
        (deeds, order) in prop::collection::vec(
            (0..3_usize, 0..8_u8, any::<prop::sample::Index>(), any::<bool>()), 1..40,
        ).prop_flat_map(|deeds| {
            let places: Vec<usize> = (0..=deeds.len()).chain(0..=deeds.len()).collect();
            (Just(deeds), Just(places).prop_shuffle())
        }),
        reader in 0..3_usize,
        now in 0..40_u64,
    ) {
        let (circle, ids, in_right) = played(&deeds);
        let here = context(&circle, reader, now, &in_right);
        let mut others = Items::new(CircleId::from_bytes([1; 32]));
        for place in order {
            let item = circle.items.whole(&ids[place]).unwrap().into_owned();
            others.insert(item);
        }
        let (one, other) = (Timeline::build(&circle.items, &here), Timeline::build(&others, &here));
        prop_assert_eq!(one.stewardship(), other.stewardship());
        for (a, b) in one.entries().iter().zip(other.entries()) {
            prop_assert_eq!(a.id(), b.id());
            prop_assert_eq!(one.content(a), other.content(b));
            prop_assert_eq!(one.marks(a), other.marks(b));
        }
        prop_assert_eq!(
            one.steward_log().map(Entry::id).collect::<Vec<_>>(),
            other.steward_log().map(Entry::id).collect::<Vec<_>>()
        );
    }
}

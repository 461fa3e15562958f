//! What acts make of what was said, and that everybody who has the same items sees the same.

use proptest::prelude::*;

use super::*;
use crate::content::{Allow, Edit, Gist, Pin, Reaction, WarmWord, Withdraw};

fn words(text: &str) -> ItemText {
    ItemText::new(text).unwrap()
}

fn edit(to: ItemId, text: &str) -> Content {
    Content::Edit(Edit { to, content_note: None, title: None, text: words(text) })
}

fn advice(to: ItemId) -> Content {
    Content::Advice(Reply { to, text: words("walk more") })
}

fn react(to: ItemId, word: WarmWord) -> Content {
    Content::Reaction(Reaction { to, word: Some(word) })
}

/// What an entry says, and how it stands, as `reader` sees it.
fn seen(circle: &Circle, context: &ViewContext, id: ItemId) -> (Option<String>, Marks) {
    let timeline = Timeline::build(&circle.items, context);
    let entry = timeline.entries().iter().find(|entry| entry.id() == id).unwrap();
    let text = match timeline.content(entry) {
        Some(Content::Share(share)) => Some(share.text.as_str().to_owned()),
        Some(Content::Reply(reply) | Content::Advice(reply)) => {
            Some(reply.text.as_str().to_owned())
        }
        _ => None,
    };
    (text, timeline.marks(entry).cloned().unwrap_or_default())
}

fn facilitated(circle: &Circle, by: usize) -> ViewContext {
    ViewContext { facilitators: [Circle::member(by)].into(), ..circle.head(&[0, 1, 2]) }
}

#[test]
fn only_its_author_takes_back_or_changes_what_was_said() {
    let mut circle = Circle::new(3);
    let share = circle.share(0, 1, &[]);
    circle.write(1, 2, &[share], edit(share, "put into their mouth"));
    circle.write(1, 3, &[share], Content::Withdraw(Withdraw { to: share }));
    let context = facilitated(&circle, 1);
    assert_eq!(seen(&circle, &context, share), (Some("a hard week".into()), Marks::default()));

    circle.write(0, 4, &[], edit(share, "a better week"));
    let last = circle.write(0, 5, &[], edit(share, "a good week"));
    let (text, marks) = seen(&circle, &context, share);
    assert_eq!(text.as_deref(), Some("a good week"));
    assert_eq!((marks.edits.len(), marks.edits.last()), (2, Some(&last)));
    let timeline = Timeline::build(&circle.items, &context);
    let entry = timeline.entries().iter().find(|entry| entry.id() == share).unwrap();
    assert_eq!(timeline.versions(entry).len(), 3);

    circle.write(0, 6, &[], Content::Withdraw(Withdraw { to: share }));
    let (text, marks) = seen(&circle, &context, share);
    assert_eq!((text, marks), (None, Marks { withdrawn: true, ..Marks::default() }));
    let timeline = Timeline::build(&circle.items, &context);
    let silent = timeline.entries().iter().filter(|entry| matches!(entry.gist(), Gist::Edit(_)));
    assert!(silent.clone().count() == 3 && silent.clone().all(|edit| timeline.is_silent(edit)));
    assert_eq!(timeline.talk().count(), 1);
}

#[test]
fn each_member_has_one_warm_word_and_takes_it_back() {
    let mut circle = Circle::new(3);
    let share = circle.share(0, 1, &[]);
    circle.write(1, 2, &[share], react(share, WarmWord::HEARD));
    circle.write(1, 3, &[share], react(share, WarmWord::GLAD));
    circle.write(2, 4, &[share], react(share, WarmWord(200)));
    let context = circle.head(&[0, 1, 2]);
    let (_, marks) = seen(&circle, &context, share);
    let expected = [(Circle::member(1), WarmWord::GLAD), (Circle::member(2), WarmWord(200))];
    assert_eq!(marks.reactions, expected.into());
    circle.write(1, 5, &[], Content::Reaction(Reaction { to: share, word: None }));
    assert_eq!(seen(&circle, &context, share).1.reactions.len(), 1);
}

#[test]
fn only_a_facilitator_pins() {
    let mut circle = Circle::new(3);
    let share = circle.share(0, 1, &[]);
    circle.write(1, 2, &[share], Content::Pin(Pin { to: share, on: true }));
    assert!(!seen(&circle, &facilitated(&circle, 2), share).1.pinned);
    let context = facilitated(&circle, 1);
    assert!(seen(&circle, &context, share).1.pinned);
    assert_eq!(Timeline::build(&circle.items, &context).pinned(), [share].into());
    // Neither does the author take it off.
    circle.write(0, 3, &[], Content::Pin(Pin { to: share, on: false }));
    assert!(seen(&circle, &context, share).1.pinned);
    circle.write(1, 4, &[], Content::Pin(Pin { to: share, on: false }));
    assert!(!seen(&circle, &context, share).1.pinned);
}

#[test]
fn advice_to_who_wants_to_be_heard_is_held_back_until_they_allow_it() {
    let mut circle = Circle::new(3);
    let share = circle.share(0, 1, &[]);
    let reply = circle.reply(1, 2, share);
    let one = circle.write(2, 3, &[reply], advice(reply));
    let other = circle.write(2, 4, &[], advice(share));
    let context = circle.head(&[0, 1, 2]);
    let held = |circle: &Circle, id| seen(circle, &context, id).0.is_none();
    assert!(held(&circle, one) && held(&circle, other) && !held(&circle, reply));
    // Who gave it sees it; and nobody but who asked lets it through.
    let giver = ViewContext { reader: Some(Circle::member(2)), ..context.clone() };
    let (text, marks) = seen(&circle, &giver, one);
    assert!(text.is_some() && marks.held_back);
    circle.write(1, 5, &[other], Content::Allow(Allow { to: share, on: true }));
    assert!(held(&circle, one));
    circle.write(0, 6, &[other], Content::Allow(Allow { to: one, on: true }));
    assert!(!held(&circle, one) && held(&circle, other));
    circle.write(0, 7, &[], Content::Allow(Allow { to: share, on: true }));
    assert!(!held(&circle, one) && !held(&circle, other));
    circle.write(0, 8, &[], Content::Allow(Allow { to: one, on: false }));
    assert!(held(&circle, one) && !held(&circle, other));
}

#[test]
fn advice_is_shown_where_ideas_are_welcome_and_held_back_where_the_share_is_missing() {
    let mut circle = Circle::new(2);
    let welcome = Content::Share(Share {
        ask: Ask::IdeasWelcome,
        content_note: None,
        title: None,
        text: words("what helps you?"),
    });
    let share = circle.write(0, 1, &[], welcome);
    let given = circle.write(1, 2, &[share], advice(share));
    let context = circle.head(&[0, 1]);
    assert!(seen(&circle, &context, given).0.is_some());
    circle.items.remove(&share);
    assert!(seen(&circle, &context, given).1.held_back);
}

#[test]
fn what_was_taken_back_before_it_came_leaves_no_gap() {
    let mut circle = Circle::new(2);
    let share = circle.share(0, 1, &[]);
    circle.share(1, 2, &[share]);
    circle.write(0, 3, &[], Content::Withdraw(Withdraw { to: share }));
    let context = circle.head(&[0, 1]);
    let rest = circle.without(&[share]);
    assert_eq!(Timeline::build(&rest, &context).gaps(), []);
}

#[test]
fn what_a_newer_version_says_is_shown_as_such_and_handed_on_as_it_was_signed() {
    let mut circle = Circle::new(2);
    let share = circle.share(0, 1, &[]);
    let newer: Content = crate::wire::decode(&[0x7f, 0xff, 3, 1, 2, 3], 16).unwrap();
    let id = circle.write(0, 2, &[], newer.clone());
    let answer = circle.reply(1, 3, id);
    let context = circle.head(&[0, 1]);
    let timeline = Timeline::build(&circle.items, &context);
    assert_eq!(shown(&timeline), [share, id, answer]);
    let entry = &timeline.entries()[1];
    assert_eq!((entry.gist(), timeline.content(entry)), (&Gist::Unknown, Some(newer)));
    assert_eq!(timeline.talk().count(), 3);
    // An act on it changes nothing, and its bytes are those its author signed.
    circle.write(0, 4, &[], Content::Withdraw(Withdraw { to: id }));
    circle.items.take_back(&id);
    assert_eq!(seen(&circle, &context, id).1, Marks::default());
    let signed = circle.items.signed(&id).unwrap();
    assert_eq!(signed.verify().unwrap().id, id);
}

type Deed = (usize, u8, prop::sample::Index, bool);

/// Shares, answers and acts on any of them by anybody, in any order.
fn played(deeds: &[Deed]) -> (Circle, Vec<ItemId>) {
    let mut circle = Circle::new(3);
    let mut ids: Vec<ItemId> = vec![circle.share(0, 0, &[])];
    for (minute, (who, what, to, on)) in deeds.iter().enumerate() {
        let (to, on) = (*to.get(&ids), *on);
        let content = match what {
            0 => share(),
            1 => Content::Reply(Reply { to, text: words("with you") }),
            2 => advice(to),
            3 => Content::Withdraw(Withdraw { to }),
            4 => edit(to, "in other words"),
            5 => Content::Reaction(Reaction { to, word: on.then_some(WarmWord::HEARD) }),
            6 => Content::Pin(Pin { to, on }),
            _ => Content::Allow(Allow { to, on }),
        };
        let seen = if on { vec![to] } else { Vec::new() };
        ids.push(circle.write(*who, minute as u64 / 3, &seen, content));
    }
    (circle, ids)
}

/// All that a device shows.
fn all_shown(items: &Items, context: &ViewContext) -> Vec<String> {
    let timeline = Timeline::build(items, context);
    let entries = timeline.entries().iter();
    let mut shown: Vec<String> = entries
        .map(|entry| {
            let (content, marks) = (timeline.content(entry), timeline.marks(entry));
            // `Debug` of a text does not tell it, so its encoding is compared.
            let bytes = content.map(|content| crate::wire::encode(&content).to_vec());
            format!("{:?} {:?} {bytes:?} {marks:?}", entry.id().to_text(), entry.place())
        })
        .collect();
    shown.push(format!("{:?} {:?}", timeline.gaps(), timeline.visible_tips()));
    shown
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn acts_show_the_same_whatever_the_order_of_arrival(
        (deeds, order) in prop::collection::vec(
            (0..3_usize, 0..8_u8, any::<prop::sample::Index>(), any::<bool>()), 1..40,
        ).prop_flat_map(|deeds| {
            let places: Vec<usize> = (0..=deeds.len()).chain(0..=deeds.len()).collect();
            (Just(deeds), Just(places).prop_shuffle())
        }),
    ) {
        let (circle, ids) = played(&deeds);
        let context = facilitated(&circle, 1);
        let arrive = |order: &mut dyn Iterator<Item = usize>| {
            let mut items = Items::new(CircleId::from_bytes([1; 32]));
            for at in order {
                if !items.contains_key(&ids[at]) {
                    items.insert(circle.items.whole(&ids[at]).unwrap().into_owned());
                    items.take_back(&ids[at]);
                }
            }
            items
        };
        let one = arrive(&mut (0..ids.len()));
        let other = arrive(&mut order.iter().copied());
        prop_assert_eq!(all_shown(&one, &context), all_shown(&other, &context));
        // Nothing of what its author took back is left, and nothing else went.
        for id in &ids {
            let body = &one.get(id).unwrap().body;
            prop_assert_eq!(one.whole(id).is_none(), one.is_withdrawn(id, body));
            prop_assert_eq!(one.whole(id).is_none(), other.whole(id).is_none());
        }
    }
}

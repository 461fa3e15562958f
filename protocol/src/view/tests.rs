use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::*;
use crate::content::{Ask, Content, ItemBody, ItemText, Mention, Reply, Scope, Share};
use crate::id::{CircleId, DeviceId, ItemId, MemberId, StateId};
use crate::identity::DeviceKey;
use crate::limits::MAX_SEEN;
use crate::secret::Secret;
use crate::shelf::Items;
use crate::time::Timestamp;

mod acts;
mod kinds;
mod steward;

/// Devices that write; each is the only one of its member.
struct Circle {
    keys: Vec<DeviceKey>,
    latest: Vec<Option<(u64, ItemId)>>,
    items: Items,
}

impl Circle {
    fn new(devices: u8) -> Self {
        let secret = |n| Secret::from_bytes([n + 1; 32]);
        let keys: Vec<_> = (0..devices).map(|n| DeviceKey::from_secret(&secret(n))).collect();
        Self {
            latest: vec![None; keys.len()],
            keys,
            items: Items::new(CircleId::from_bytes([1; 32])),
        }
    }

    fn device(&self, who: usize) -> DeviceId {
        self.keys[who].id()
    }

    fn member(who: usize) -> MemberId {
        MemberId::from_bytes([who as u8 + 100; 32])
    }

    fn write(&mut self, who: usize, minute: u64, seen: &[ItemId], content: Content) -> ItemId {
        let (seq, previous) = match self.latest[who] {
            Some((seq, id)) => (seq + 1, Some(id)),
            None => (0, None),
        };
        let body = ItemBody {
            circle: CircleId::from_bytes([1; 32]),
            member: Self::member(who),
            device: self.device(who),
            first_state: StateId::from_bytes([2; 32]),
            seq,
            previous,
            seen: seen.iter().map(ItemId::short).collect(),
            written: Timestamp::from_seconds(minute * 60),
            scope: Scope::LaterToo,
            content,
        };
        let item = body.sign(&self.keys[who]).verify().unwrap();
        let id = item.id;
        self.latest[who] = Some((seq, id));
        self.items.insert(item);
        id
    }

    fn share(&mut self, who: usize, minute: u64, seen: &[ItemId]) -> ItemId {
        self.write(who, minute, seen, share())
    }

    fn reply(&mut self, who: usize, minute: u64, to: ItemId) -> ItemId {
        let text = ItemText::new("with you").unwrap();
        self.write(who, minute, &[to], Content::Reply(Reply { to, text }))
    }

    /// The head is these devices and their members.
    fn head(&self, who: &[usize]) -> ViewContext {
        ViewContext {
            head_members: who.iter().map(|who| Self::member(*who)).collect(),
            head_devices: who.iter().map(|who| self.device(*who)).collect(),
            facilitators: BTreeSet::new(),
            in_right: BTreeSet::new(),
            now: Timestamp::default(),
            reader: None,
            departures: Vec::new(),
            came_later: BTreeSet::new(),
            handed: BTreeMap::new(),
            names: BTreeMap::from([(Self::member(0), "Ada".to_owned())]),
        }
    }

    fn without(&self, missing: &[ItemId]) -> Items {
        let mut items = self.items.clone();
        for id in missing {
            items.remove(id);
        }
        items
    }
}

fn share() -> Content {
    let text = ItemText::new("a hard week").unwrap();
    Content::Share(Share { ask: Ask::JustListening, content_note: None, title: None, text })
}

fn shown(timeline: &Timeline<'_>) -> Vec<ItemId> {
    timeline.entries().iter().map(Entry::id).collect()
}

#[test]
fn causes_come_before_effects_whatever_the_clocks_say() {
    let mut circle = Circle::new(2);
    let late_clock = circle.share(0, 900, &[]);
    let early_clock = circle.share(1, 1, &[late_clock]);
    let concurrent = circle.share(0, 950, &[]);
    let context = circle.head(&[0, 1]);
    let timeline = Timeline::build(&circle.items, &context);
    assert_eq!(shown(&timeline), [late_clock, early_clock, concurrent]);
    assert_eq!(timeline.visible_tips(), [concurrent, early_clock]);
    assert_eq!(timeline.entries()[0].name(), Some("Ada"));
    assert_eq!(timeline.entries()[1].name(), None);
}

#[test]
fn what_somebody_removed_wrote_is_shown_only_as_far_as_others_saw_it() {
    let mut circle = Circle::new(2);
    let before = circle.share(0, 1, &[]);
    let seen = circle.share(0, 2, &[]);
    let answer = circle.share(1, 3, &[seen]);
    let after = circle.share(0, 4, &[answer]);
    let context = circle.head(&[1]);
    let timeline = Timeline::build(&circle.items, &context);
    assert_eq!(shown(&timeline), [before, seen, answer]);
    assert!(!timeline.entries()[0].is_author_here());
    assert_eq!(timeline.visible_tips(), [answer]);

    let removal = ViewContext { departures: vec![vec![after.short()]], ..context };
    let timeline = Timeline::build(&circle.items, &removal);
    assert_eq!(shown(&timeline), [before, seen, answer, after]);
}

#[test]
fn a_reply_does_not_show_what_a_removed_member_wrote_unless_its_author_saw_it() {
    let mut circle = Circle::new(2);
    let unseen = circle.share(0, 1, &[]);
    let text = ItemText::new("hm").unwrap();
    let reply = circle.write(1, 2, &[], Content::Reply(Reply { to: unseen, text }));
    let context = circle.head(&[1]);
    let timeline = Timeline::build(&circle.items, &context);
    assert_eq!(shown(&timeline), [reply]);
    assert!(timeline.entries()[0].place().parent_missing);
}

#[test]
fn replies_stand_under_what_they_answer() {
    let mut circle = Circle::new(3);
    let one = circle.share(0, 1, &[]);
    let two = circle.share(1, 2, &[]);
    let under_one = circle.reply(2, 3, one);
    let under_two = circle.reply(0, 4, two);
    let deeper = circle.reply(1, 5, under_one);
    let context = circle.head(&[0, 1, 2]);
    let timeline = Timeline::build(&circle.items, &context);

    let threads: Vec<_> = timeline.threads().iter().map(|e| (e.id(), e.place().depth)).collect();
    let expected = [(one, 0), (under_one, 1), (deeper, 2), (two, 0), (under_two, 1)];
    assert_eq!(threads, expected);
    assert_eq!(timeline.threads()[2].place().root, one);
}

#[test]
fn a_missing_predecessor_shows_as_a_gap() {
    let mut circle = Circle::new(1);
    let ids: Vec<_> = (0..6).map(|minute| circle.share(0, minute, &[])).collect();
    let items = circle.without(&ids[2..5]);
    let context = circle.head(&[0]);
    let timeline = Timeline::build(&items, &context);
    let gap = Gap {
        before: Some(ids[5]),
        author: Some(Circle::member(0)),
        missing: 3,
        named: ids[4].short(),
        kind: GapKind::Lost,
    };
    assert_eq!(timeline.gaps(), [gap]);
    assert_eq!(timeline.lost(), 3);
    assert!(Timeline::build(&circle.items, &context).gaps().is_empty());
}

#[test]
fn what_lies_between_what_was_handed_over_from_before_is_no_loss() {
    let mut circle = Circle::new(2);
    let ids: Vec<_> = (0..8).map(|minute| circle.share(0, minute, &[])).collect();
    let gone = circle.share(1, 1, &[]);
    // Of before, two were open; of after, one is missing.
    let items = circle.without(&[ids[0], ids[2], ids[4], ids[6]]);
    let handed = Handed { by: None, vouched: false };
    let from_before = [(ids[1], handed), (ids[3], handed), (gone, handed)];
    let context = ViewContext { handed: from_before.into(), ..circle.head(&[0]) };
    let timeline = Timeline::build(&items, &context);
    let of = |kind| timeline.gaps().iter().filter(move |gap| gap.kind == kind).count();
    assert_eq!((of(GapKind::Earlier), of(GapKind::Lost), timeline.lost()), (3, 1, 1));
    // Shown, though nothing of a device in the head lies after it.
    assert!(timeline.entries().iter().any(|entry| entry.id() == gone));
}

#[test]
fn a_missing_tip_shows_as_a_gap_and_is_counted_once() {
    let mut circle = Circle::new(3);
    circle.share(0, 1, &[]);
    let lost = circle.share(1, 2, &[]);
    let names_it = circle.share(0, 3, &[lost]);
    circle.share(2, 4, &[lost, names_it]);
    let items = circle.without(&[lost]);
    let context = circle.head(&[0, 1, 2]);
    let timeline = Timeline::build(&items, &context);
    assert_eq!(timeline.gaps().len(), 1);

    circle.share(1, 5, &[]);
    let items = circle.without(&[lost]);
    let timeline = Timeline::build(&items, &context);
    assert_eq!(timeline.gaps().len(), 1);
    assert_eq!(timeline.gaps()[0].author, Some(Circle::member(1)));
}

#[test]
fn what_was_said_before_one_joined_is_not_called_lost() {
    let mut circle = Circle::new(2);
    let mine = circle.share(1, 1, &[]);
    let before = [circle.share(0, 1, &[]), circle.share(0, 2, &[mine])];
    let first = circle.share(0, 3, &[]);
    let items = circle.without(&[before[0], before[1], mine]);
    let context = circle.head(&[0, 1]);
    let timeline = Timeline::build(&items, &context);
    assert_eq!(shown(&timeline), [first]);
    assert_eq!(timeline.lost(), 0);
    assert_eq!(timeline.gaps()[0].kind, GapKind::Earlier);
    assert_eq!(timeline.gaps()[0].missing, 2);
}

#[test]
fn a_tip_that_a_removal_names_and_nobody_holds_is_lost() {
    let circle = Circle::new(1);
    let context = ViewContext { departures: vec![vec![[7; 16]]], ..circle.head(&[0]) };
    let timeline = Timeline::build(&circle.items, &context);
    assert_eq!(timeline.lost(), 1);
    assert_eq!(timeline.gaps()[0].before, None);
}

#[test]
fn the_latest_tips_are_named_and_no_more_than_an_item_may_name() {
    let mut circle = Circle::new(12);
    let ids: Vec<_> = (0..12).map(|who| circle.share(who, who as u64, &[])).collect();
    let context = circle.head(&(0..12).collect::<Vec<_>>());
    let timeline = Timeline::build(&circle.items, &context);
    let latest: Vec<_> = ids.into_iter().rev().take(MAX_SEEN).collect();
    assert_eq!(timeline.visible_tips(), latest);
}

#[test]
fn a_chain_as_long_as_the_store_is_walked_without_recursion() {
    let mut circle = Circle::new(1);
    let mut to = circle.share(0, 0, &[]);
    for minute in 1..20_000 {
        to = circle.reply(0, minute, to);
    }
    let context = circle.head(&[0]);
    let timeline = Timeline::build(&circle.items, &context);
    assert_eq!(timeline.threads().len(), 20_000);
    assert_eq!(timeline.entries()[19_999].place().depth, 19_999);
    assert_eq!(timeline.visible_tips(), [to]);
}

/// One thing somebody does: who, when, which of the earlier items they name, whether they answer.
type Step = (usize, u64, Vec<prop::sample::Index>, bool);

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let named = prop::collection::vec(any::<prop::sample::Index>(), 0..4);
    prop::collection::vec((0..4_usize, 0..20_u64, named, any::<bool>()), 1..40)
}

fn play(steps: &[Step]) -> (Circle, Vec<ItemId>) {
    let mut circle = Circle::new(4);
    let mut ids: Vec<ItemId> = Vec::new();
    for (who, minute, named, answers) in steps {
        let named: Vec<_> =
            named.iter().filter(|_| !ids.is_empty()).map(|i| *i.get(&ids)).collect();
        let id = match named.first() {
            Some(to) if *answers => circle.reply(*who, *minute, *to),
            _ => circle.share(*who, *minute, &named),
        };
        ids.push(id);
    }
    (circle, ids)
}

/// The same question asked in the plainest way: repeat until nothing changes.
fn plainly_shown(items: &Items, context: &ViewContext) -> BTreeSet<ItemId> {
    let mut shown: BTreeSet<ItemId> = items
        .values()
        .filter(|item| {
            let by_head = context.head_devices.contains(&item.body.device);
            by_head || context.departures.iter().flatten().any(|short| *short == item.id.short())
        })
        .map(|item| item.id)
        .collect();
    loop {
        let more: BTreeSet<ItemId> = items
            .values()
            .filter(|item| {
                shown.iter().any(|id| {
                    let body = &items.get(id).unwrap().body;
                    body.previous == Some(item.id) || body.seen.contains(&item.id.short())
                })
            })
            .map(|item| item.id)
            .collect();
        let before = shown.len();
        shown.extend(more);
        if shown.len() == before {
            return shown;
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn the_timeline_does_not_depend_on_the_order_of_arrival(
        (steps, order) in steps().prop_flat_map(|steps| {
            let places: Vec<usize> = (0..steps.len()).chain(0..steps.len()).collect();
            (Just(steps), Just(places).prop_shuffle())
        }),
        cut in any::<prop::sample::Index>(),
    ) {
        let (circle, ids) = play(&steps);
        let context = circle.head(&[0, 1, 2]);
        let expected = Timeline::build(&circle.items, &context);

        // Two halves of a network, each with its own order and its own copies, meet.
        let (left, right) = order.split_at(cut.index(order.len()));
        let mut merged = Items::new(CircleId::from_bytes([1; 32]));
        for at in right.iter().chain(left) {
            merged.insert(circle.items.whole(&ids[*at]).unwrap().into_owned());
        }
        prop_assert_eq!(Timeline::build(&merged, &context), expected);
    }

    #[test]
    fn the_timeline_shows_what_it_should_in_an_order_that_makes_sense(
        steps in steps(),
        missing in prop::collection::vec(any::<prop::sample::Index>(), 0..5),
        departed in any::<prop::sample::Index>(),
    ) {
        let (circle, ids) = play(&steps);
        let missing: Vec<_> = missing.iter().map(|index| *index.get(&ids)).collect();
        let items = circle.without(&missing);
        let departures = vec![vec![departed.get(&ids).short()]];
        let context = ViewContext { departures, ..circle.head(&[0, 1]) };
        let timeline = Timeline::build(&items, &context);

        let order = shown(&timeline);
        let set: BTreeSet<_> = order.iter().copied().collect();
        prop_assert_eq!(set.len(), order.len());
        prop_assert_eq!(&set, &plainly_shown(&items, &context));
        let mut named = BTreeSet::new();
        for (at, id) in order.iter().enumerate() {
            let body = &items.get(id).unwrap().body;
            for short in body.previous.iter().map(ItemId::short).chain(body.seen.iter().copied()) {
                named.insert(short);
                let before = order[..at].iter().any(|earlier| earlier.short() == short);
                let absent = missing.iter().any(|gone| gone.short() == short);
                prop_assert!(before || absent, "a cause stands after its effect");
                let gap = timeline.gaps().iter().any(|gap| gap.named == short);
                prop_assert_eq!(gap, absent, "a gap shows exactly where something is missing");
            }
        }
        let tips: Vec<_> = order.iter().rev().filter(|id| !named.contains(&id.short())).copied().collect();
        prop_assert_eq!(timeline.visible_tips(), &tips[..tips.len().min(MAX_SEEN)]);
        let threads: BTreeSet<_> = timeline.threads().iter().map(|entry| entry.id()).collect();
        prop_assert_eq!(threads, set);
    }
}

#[test]
fn what_a_mention_names_is_shown_and_a_gap_where_it_is_lacking() {
    // The first device was given up, and the second stands in its place.
    let mut circle = Circle::new(2);
    let first = circle.share(0, 1, &[]);
    let last = circle.share(0, 2, &[]);
    let context = circle.head(&[1]);
    assert!(shown(&Timeline::build(&circle.items, &context)).is_empty());

    let mention = circle.write(1, 3, &[], Content::Mention(Mention { of: last }));
    let timeline = Timeline::build(&circle.items, &context);
    assert_eq!(shown(&timeline), [first, last, mention]);
    assert_eq!(timeline.talk().map(Entry::id).collect::<Vec<_>>(), [first, last]);

    let items = circle.without(&[last]);
    let gaps = Timeline::build(&items, &context).gaps().to_vec();
    assert_eq!(gaps.iter().map(|gap| gap.named).collect::<Vec<_>>(), [last.short()]);
}

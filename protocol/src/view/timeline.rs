//! The timeline: what is shown, in which order, under what, and what is missing.
//!
//! What a device that is not in the head wrote is shown only if it lies in the causal past of an
//! item of a device in the head, or of the tips a removal names: or people would go on talking
//! after their removal.

use std::collections::{BTreeMap, BTreeSet};

use crate::content::{Content, Edit, Gist, Reply, Scope, Share};
use crate::id::{DeviceId, ItemId, MemberId};
use crate::limits::MAX_SEEN;
use crate::shelf::{Items, Kept};
use crate::time::Timestamp;
use crate::view::gap::{Gap, GapKind};
use crate::view::graph::Graph;
use crate::view::handed::Handed;
use crate::view::marks::{AllMarks, Marks};
use crate::view::steward::{Held, Said, Stewardship, said};

/// What the timeline needs to know besides the items.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct ViewContext {
    /// The members of the head.
    pub head_members: BTreeSet<MemberId>,
    /// The devices of the head.
    pub head_devices: BTreeSet<DeviceId>,
    /// The facilitators among them.
    pub facilitators: BTreeSet<MemberId>,
    /// Facilitators' acts whose author had the right to them where they were said (I-31).
    pub in_right: BTreeSet<ItemId>,
    /// The reader's clock, in whole minutes.
    pub now: Timestamp,
    /// Who reads: they see their own words even where others do not.
    pub reader: Option<MemberId>,
    /// For each removal in the head's past the short ids of the tips it names.
    pub departures: Vec<Vec<[u8; 16]>>,
    /// Members who came when the reader was one already, or with them: all they ever said was to be
    /// heard.
    pub came_later: BTreeSet<MemberId>,
    /// What was said before the reader came, as it was handed over to them.
    pub handed: BTreeMap<ItemId, Handed>,
    /// The names members go by, those who left included.
    pub names: BTreeMap<MemberId, String>,
}

/// What a circle looks like now.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Timeline<'a> {
    items: &'a Items,
    entries: Vec<Entry<'a>>,
    marks: AllMarks,
    held: Held,
    context: &'a ViewContext,
    gaps: Vec<Gap>,
    tips: Vec<ItemId>,
}

/// One shown item.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Entry<'a> {
    item: &'a Kept,
    name: Option<&'a str>,
    here: bool,
    stands: Stands<'a>,
}

/// A [`Place`], without copies of ids: a circle of years has a hundred thousand entries.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
struct Stands<'a> {
    root: &'a ItemId,
    parent: Option<&'a ItemId>,
    depth: u32,
    parent_missing: bool,
}

/// Where an item stands among what it answers.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Place {
    /// The first of the thread, shown or not: the item itself if it answers nothing.
    pub root: ItemId,
    /// What it answers, if it answers something that is shown.
    pub parent: Option<ItemId>,
    /// 0 for what answers nothing, else one more than what it answers.
    pub depth: u32,
    /// Whether it answers something that is not shown.
    pub parent_missing: bool,
}

/// What a timeline shows, in no order: a small part of the work of building one.
pub(crate) fn shown<'a>(items: &'a Items, context: &ViewContext) -> Vec<&'a Kept> {
    let graph = Graph::new(items);
    let shown = reached(&graph, context);
    graph.marked(&shown).map(|place| graph.items[place]).collect()
}

/// Marks what is shown: what the devices of the head said or had seen, what those who went had, and
/// what was handed over.
fn reached(graph: &Graph<'_>, context: &ViewContext) -> Vec<bool> {
    let named = context.departures.iter().flatten().flat_map(|short| graph.places(short));
    let by_head = (0..graph.items.len())
        .filter(|place| context.head_devices.contains(&graph.items[*place].body.device));
    let handed = context.handed.keys().filter_map(|id| graph.place(id));
    graph.reachable(by_head.chain(named).chain(handed).collect())
}

impl<'a> Timeline<'a> {
    /// Builds the timeline. The same items and the same context give the same timeline.
    pub(crate) fn build(items: &'a Items, context: &'a ViewContext) -> Self {
        let graph = Graph::new(items);
        let shown = reached(&graph, context);
        let order = graph.ordered(&shown);
        let mut placed = vec![None; graph.items.len()];
        let mut entries: Vec<Entry<'_>> = Vec::with_capacity(order.len());
        for &index in &order {
            let item = graph.items[index];
            let parent = graph.answered(index).and_then(|at| placed[at]);
            let stands = stands(item, parent.map(|at: usize| &entries[at].stands));
            placed[index] = Some(entries.len());
            let name = context.names.get(&item.body.member).map(String::as_str);
            let here = context.head_members.contains(&item.body.member);
            entries.push(Entry { item, name, here, stands });
        }
        let gaps = graph.gaps(items, &shown, context);
        let held = Held::of(&entries, context);
        let marks = AllMarks::of(items, &entries, &held, context);
        let tips = tips(&graph, &shown, &order);
        Self { items, entries, marks, held, context, gaps, tips }
    }

    pub(super) fn items(&self) -> &'a Items {
        self.items
    }

    /// What is shown: causes before effects, concurrent things by time.
    #[must_use]
    pub fn entries(&self) -> &[Entry<'a>] {
        &self.entries
    }

    /// The entries thread by thread: each item that answers nothing shown, in the order of
    /// [`Self::entries`], and after it what answers it. What only acts on something is left out.
    #[must_use]
    pub fn threads(&self) -> Vec<&Entry<'a>> {
        let mut answers: BTreeMap<ItemId, Vec<&Entry<'a>>> = BTreeMap::new();
        for entry in self.talk().rev() {
            if let Some(parent) = entry.stands.parent {
                answers.entry(*parent).or_default().push(entry);
            }
        }
        let firsts = self.talk().rev().filter(|entry| entry.stands.parent.is_none());
        let mut waiting: Vec<_> = firsts.collect();
        let mut threads = Vec::with_capacity(self.entries.len());
        while let Some(entry) = waiting.pop() {
            threads.push(entry);
            waiting.extend(answers.remove(&entry.id()).unwrap_or_default());
        }
        threads
    }

    /// The entries that say something by themselves, without what only acts on something.
    pub fn talk(&self) -> impl DoubleEndedIterator<Item = &Entry<'a>> {
        self.entries.iter().filter(|entry| !entry.gist().is_act())
    }

    /// What became of an entry by what its author and others did to it.
    #[must_use]
    pub fn marks(&self, entry: &Entry<'_>) -> Option<&Marks> {
        self.marks.get(&entry.id())
    }

    /// An item and whatever answers it, directly or not.
    #[must_use]
    pub fn answers_to(&self, first: &ItemId) -> BTreeSet<ItemId> {
        let mut within = BTreeSet::from([*first]);
        // What is answered stands before what answers it.
        for entry in self.talk() {
            if entry.stands.parent.is_some_and(|parent| within.contains(parent)) {
                within.insert(entry.id());
            }
        }
        within
    }

    /// What is pinned.
    #[must_use]
    pub fn pinned(&self) -> BTreeSet<ItemId> {
        self.marks.pinned()
    }

    /// Whether the author of a share lets all advice in its thread be shown.
    #[must_use]
    pub fn allows_advice(&self, share: &ItemId) -> bool {
        self.marks.get(share).is_some_and(|marks| marks.advice_allowed)
    }

    /// What facilitators did to hold the circle, in the order of the timeline: the steward log. What
    /// only repeats an act for those who came later is left out where that act is here.
    pub fn steward_log(&self) -> impl Iterator<Item = &Entry<'a>> {
        let acts = self.entries.iter().filter_map(said);
        let mut seen: BTreeSet<Said> =
            acts.filter(|(_, again)| !again).map(|(said, _)| said).collect();
        self.entries.iter().filter(move |entry| match said(entry) {
            Some((act, again)) => !again || seen.insert(act),
            None => entry.gist().is_steward(),
        })
    }

    /// Whether an act of the steward log counts: its author had the right to it.
    #[must_use]
    pub fn is_in_right(&self, entry: &Entry<'_>) -> bool {
        self.context.in_right.contains(&entry.id())
    }

    /// Why a facilitator did something of the steward log.
    #[must_use]
    pub fn reason_of(&self, act: &ItemId) -> Option<String> {
        let reason = match self.items.content(act)? {
            Content::Hide(hide) => hide.reason,
            Content::Mute(mute) => mute.reason,
            Content::SlowMode(slow) => slow.reason,
            _ => return None,
        };
        Some(reason.as_str().to_owned())
    }

    /// The name a member goes by, or went by, if it is known.
    #[must_use]
    pub fn name_of(&self, member: &MemberId) -> Option<String> {
        self.context.names.get(member).cloned()
    }

    /// Who is muted, and whether the circle is slowed down.
    #[must_use]
    pub fn stewardship(&self) -> &Stewardship {
        &self.held.now
    }

    /// Whether there is a mute of a member to take back.
    pub(crate) fn has_mute_of(&self, member: &MemberId) -> bool {
        self.held.of_mutes.contains(member)
    }

    /// From when on the next share of a member is shown; `None` if at once.
    #[must_use]
    pub fn next_share(&self, member: &MemberId) -> Option<Timestamp> {
        self.held.next_turn(member).filter(|next| *next > self.context.now)
    }

    /// Whether the words of an entry are not for whoever reads: its author took it back, it is
    /// advice that is held back from everybody else, a facilitator hid it, or it was said by
    /// somebody muted or too soon in slow mode. Its author reads it all the same, and so do
    /// facilitators what is hidden or was said by somebody muted.
    #[must_use]
    pub fn is_silent(&self, entry: &Entry<'_>) -> bool {
        if let Gist::Edit(to) = entry.gist() {
            let said = self.entries.iter().find(|said| said.id() == *to);
            return said.is_none_or(|said| {
                !said.gist().is_words() || said.author() != entry.author() || self.is_silent(said)
            });
        }
        let reader = self.context.reader;
        let holds = reader.is_some_and(|reader| self.context.facilitators.contains(&reader));
        let kept = |marks: &Marks| {
            let for_facilitators = marks.hidden.is_some() || marks.muted.is_some();
            marks.held_back || marks.shown_from.is_some() || (for_facilitators && !holds)
        };
        let own = reader == Some(entry.author());
        self.marks(entry)
            .is_some_and(|marks| marks.withdrawn || marks.expired || (kept(marks) && !own))
    }

    /// What an entry says now; `None` if its words are not for whoever reads, or cannot be read from
    /// the shelf now.
    #[must_use]
    pub fn content(&self, entry: &Entry<'_>) -> Option<Content> {
        if self.is_silent(entry) {
            return None;
        }
        let said = self.items.content(&entry.id())?;
        let latest = self.marks(entry).and_then(|marks| marks.edits.last());
        match latest.and_then(|edit| self.items.content(edit)) {
            Some(Content::Edit(edit)) => Some(said_anew(said, edit)),
            _ => Some(said),
        }
    }

    /// The item whose words an entry shows now: its own, or those of what says it in other words;
    /// `None` if it has none, or they are not for whoever reads.
    #[must_use]
    pub fn shown_words(&self, entry: &Entry<'_>) -> Option<ItemId> {
        if !entry.gist().is_words() || self.is_silent(entry) {
            return None;
        }
        let latest = self.marks(entry).and_then(|marks| marks.edits.last());
        Some(latest.copied().unwrap_or_else(|| entry.id()))
    }

    /// All that an entry ever said, the first words first, and when; nothing of what is not for
    /// whoever reads.
    #[must_use]
    pub fn versions(&self, entry: &Entry<'_>) -> Vec<(Timestamp, Content)> {
        if self.is_silent(entry) {
            return Vec::new();
        }
        let Some(first) = self.items.content(&entry.id()) else {
            return Vec::new();
        };
        let mut versions = vec![(entry.written(), first.clone())];
        for id in self.marks(entry).map(|marks| marks.edits.as_slice()).unwrap_or_default() {
            let written = self.items.get(id).map(|edit| edit.body.written);
            if let (Some(written), Some(Content::Edit(edit))) = (written, self.items.content(id)) {
                versions.push((written, said_anew(first.clone(), edit)));
            }
        }
        versions
    }

    /// Who handed an entry over, if it is from before the reader came.
    #[must_use]
    pub fn handed(&self, entry: &Entry<'_>) -> Option<&Handed> {
        self.context.handed.get(&entry.id())
    }

    /// What is named and not there.
    #[must_use]
    pub fn gaps(&self) -> &[Gap] {
        &self.gaps
    }

    /// How many items are missing that one should have.
    #[must_use]
    pub fn lost(&self) -> u64 {
        let lost = self.gaps.iter().filter(|gap| gap.kind == GapKind::Lost);
        lost.fold(0, |sum, gap| sum.saturating_add(gap.missing))
    }

    /// The shown items nothing shown comes after, the latest first, at most [`MAX_SEEN`]: what the
    /// next item names.
    #[must_use]
    pub fn visible_tips(&self) -> &[ItemId] {
        &self.tips
    }
}

impl<'a> Entry<'a> {
    /// Whether its words are gone for good.
    pub(super) fn is_erased(&self) -> bool {
        self.item.is_erased()
    }

    /// Its id.
    #[must_use]
    pub fn id(&self) -> ItemId {
        self.item.id
    }

    /// Its author.
    #[must_use]
    pub fn author(&self) -> MemberId {
        self.item.body.member
    }

    /// The name its author goes by, if it is known.
    #[must_use]
    pub fn name(&self) -> Option<&'a str> {
        self.name
    }

    /// Whether its author is a member now.
    #[must_use]
    pub fn is_author_here(&self) -> bool {
        self.here
    }

    /// When it was written, by its author's clock.
    #[must_use]
    pub fn written(&self) -> Timestamp {
        self.item.body.written
    }

    /// Who may ever read it.
    #[must_use]
    pub fn scope(&self) -> Scope {
        self.item.body.scope
    }

    /// What kind of thing it says; [`Timeline::content`] has its words.
    #[must_use]
    pub fn gist(&self) -> &'a Gist {
        &self.item.body.gist
    }

    /// Where it stands among what it answers.
    #[must_use]
    pub fn place(&self) -> Place {
        let Stands { root, parent, depth, parent_missing } = self.stands;
        Place { root: *root, parent: parent.copied(), depth, parent_missing }
    }
}

/// What was said, in other words: what it asks or answers stays.
fn said_anew(said: Content, edit: Edit) -> Content {
    let Edit { to: _, content_note, title, text } = edit;
    match said {
        Content::Share(share) => Content::Share(Share { content_note, title, text, ..share }),
        Content::Reply(reply) => Content::Reply(Reply { text, ..reply }),
        Content::Advice(reply) => Content::Advice(Reply { text, ..reply }),
        other => other,
    }
}

/// Where an item stands; `parent` is where what it answers stands, if that is shown.
fn stands<'a>(item: &'a Kept, parent: Option<&Stands<'a>>) -> Stands<'a> {
    let Some(to) = item.body.gist.answers() else {
        return Stands { root: &item.id, parent: None, depth: 0, parent_missing: false };
    };
    match parent {
        Some(parent) => Stands {
            root: parent.root,
            parent: Some(to),
            depth: parent.depth.saturating_add(1),
            parent_missing: false,
        },
        None => Stands { root: to, parent: None, depth: 1, parent_missing: true },
    }
}

fn tips(graph: &Graph<'_>, shown: &[bool], order: &[usize]) -> Vec<ItemId> {
    let mut followed = vec![false; shown.len()];
    for place in graph.marked(shown) {
        for before in graph.past(place) {
            followed[before] = true;
        }
    }
    let tips = order.iter().rev().filter(|place| !followed[**place]);
    tips.take(MAX_SEEN).map(|place| graph.items[*place].id).collect()
}

//! Items in the words of this API, with what acts made of them.

use std::collections::BTreeMap;

use windbreak_protocol::content::{self, Content, Gist};
use windbreak_protocol::id::{CircleId, ItemId, MemberId};
use windbreak_protocol::time::Timestamp;
use windbreak_protocol::view::{Entry, Timeline};
use windbreak_protocol::{CircleOverview, Engine};

use crate::api::message::{
    Ask, Delivery, Item, ItemKind, Mark, Reaction, Scope, Version, WarmWord,
};
use crate::api::refusal::Refusal;

/// How far own items have come.
pub(crate) struct HowFar<'a> {
    engine: &'a Engine,
    circle: &'a CircleId,
    /// Devices known to have each.
    reached: BTreeMap<ItemId, usize>,
}

impl<'a> HowFar<'a> {
    /// How far those of `items` have come that are this device's member's own.
    pub(crate) fn of<'b>(
        engine: &'a Engine,
        circle: &'a CircleId,
        me: &MemberId,
        items: impl Iterator<Item = &'b Entry<'b>>,
    ) -> Self {
        let own = items.filter(|entry| entry.author() == *me).map(Entry::id).collect();
        Self { engine, circle, reached: engine.reached(circle, &own) }
    }

    /// Whether nothing of an item waits to be sent.
    pub(super) fn is_held(&self, item: &ItemId) -> bool {
        self.engine.is_held(self.circle, item)
    }

    fn delivery(&self, item: &ItemId) -> Delivery {
        if self.reached.contains_key(item) {
            Delivery::Reached
        } else if self.is_held(item) {
            Delivery::Held
        } else {
            Delivery::Queued
        }
    }
}

/// One entry of a timeline.
pub(crate) fn item(
    timeline: &Timeline<'_>,
    entry: &Entry<'_>,
    circle: &CircleOverview,
    how_far: &HowFar<'_>,
) -> Result<Item, Refusal> {
    let content = timeline.content(entry);
    if content.is_none() && !timeline.is_silent(entry) {
        return Err(Refusal::no_words());
    }
    let own = entry.author() == circle.me;
    let place = entry.place();
    let marks = timeline.marks(entry).cloned().unwrap_or_default();
    let reactions = marks.reactions.iter().map(|(member, word)| Reaction {
        member: *member,
        name: name_of(circle, member),
        word: warm_word(*word),
    });
    let (word, on) = match entry.gist() {
        Gist::Reaction(_, word) => (word.map(warm_word), None),
        Gist::Pin(_, on) | Gist::Allow(_, on) | Gist::Hide(_, on) => (None, Some(*on)),
        _ => (None, None),
    };
    let handed = timeline.handed(entry);
    let words = content.as_ref().map(words_of).unwrap_or_default();
    Ok(Item {
        id: entry.id(),
        author: entry.author(),
        name: entry.name().map(str::to_owned),
        mark: Mark::of(&entry.author()),
        here: entry.is_author_here(),
        own,
        written: entry.written().into(),
        kind: kind(entry.gist()),
        ask: match entry.gist() {
            Gist::Share(ask) => Some(ask_in_words(*ask)),
            _ => None,
        },
        content_note: words.content_note,
        title: words.title,
        text: words.text,
        file: timeline.file(entry).map(|file| super::file::file(timeline, &file, own, how_far)),
        scope: Some(match entry.scope() {
            content::Scope::HereNow => Scope::HereNow,
            content::Scope::LaterToo => Scope::AlsoLater,
        }),
        to: entry.gist().answers().copied(),
        thread: place.root,
        depth: place.depth,
        parent_missing: place.parent_missing,
        before_you: handed.is_some(),
        handed_by: handed.and_then(|handed| handed.by),
        vouched: handed.is_some_and(|handed| handed.vouched),
        withdrawn: marks.withdrawn,
        expired: marks.expired,
        edited: marks.edited.map(Into::into),
        held_back: marks.held_back,
        hidden: marks.hidden.is_some(),
        muted: marks.muted.is_some(),
        reason: marks.hidden.or(marks.muted).and_then(|act| timeline.reason_of(&act)),
        shown_from: marks.shown_from.map(Into::into),
        blocked: false,
        advice_allowed: marks.advice_allowed,
        pinned: marks.pinned,
        reactions: reactions.collect(),
        word,
        on,
        delivery: (own && !marks.withdrawn && !marks.expired)
            .then(|| how_far.delivery(&entry.id())),
        reached: if own && !marks.withdrawn && !marks.expired {
            how_far.reached.get(&entry.id()).copied()
        } else {
            None
        },
    })
}

/// What an item said from some time on.
pub(crate) fn version(written: Timestamp, content: &Content) -> Version {
    Version { written: written.into(), ..words_of(content) }
}

pub(crate) fn words_of(content: &Content) -> Version {
    let [title, text, content_note] = words_in(content).map(|words| words.map(str::to_owned));
    Version { content_note, title, text: text.unwrap_or_default(), ..Version::default() }
}

/// The title, the text and the content note of what has words.
pub(crate) fn words_in(content: &Content) -> [Option<&str>; 3] {
    let (content_note, title, text) = match content {
        Content::Share(share) => (share.content_note.as_ref(), share.title.as_ref(), &share.text),
        Content::Reply(reply) | Content::Advice(reply) => (None, None, &reply.text),
        Content::Edit(edit) => (edit.content_note.as_ref(), edit.title.as_ref(), &edit.text),
        _ => return [None; 3],
    };
    [title.map(|title| title.as_str()), Some(text.as_str()), content_note.map(|note| note.as_str())]
}

pub(crate) fn kind(gist: &Gist) -> ItemKind {
    match gist {
        Gist::Share(_) => ItemKind::Share,
        Gist::Reply(_) => ItemKind::Reply,
        Gist::Leave => ItemKind::Leave,
        Gist::Proposal(_) => ItemKind::Proposal,
        Gist::Consent(_) => ItemKind::Consent,
        Gist::Advice(_) => ItemKind::Advice,
        Gist::Withdraw(_) => ItemKind::Withdraw,
        Gist::Edit(_) => ItemKind::Edit,
        Gist::Reaction(..) => ItemKind::Reaction,
        Gist::Pin(..) => ItemKind::Pin,
        Gist::Allow(..) => ItemKind::Allow,
        Gist::AgreementProposal(_) => ItemKind::AgreementProposal,
        Gist::AgreementConsent(_) => ItemKind::AgreementConsent,
        Gist::Hide(..) => ItemKind::Hide,
        Gist::Mute(..) => ItemKind::Mute,
        Gist::SlowMode(..) => ItemKind::SlowMode,
        Gist::ReportAnswer(_) => ItemKind::ReportAnswer,
        Gist::File(..) => ItemKind::File,
        Gist::Piece(..) => ItemKind::Piece,
        Gist::Spared(_) => ItemKind::Spared,
        Gist::Mention(_) => ItemKind::Mention,
        Gist::Unknown => ItemKind::Unknown,
    }
}

fn ask_in_words(ask: content::Ask) -> Ask {
    match ask {
        content::Ask::JustListening => Ask::JustListening,
        content::Ask::IdeasWelcome => Ask::IdeasWelcome,
        content::Ask::Resources => Ask::Resources,
    }
}

fn name_of(circle: &CircleOverview, member: &MemberId) -> Option<String> {
    let member = circle.members.iter().find(|known| known.id == *member)?;
    Some(member.name.clone())
}

/// The words and their numbers, in the order of the numbers.
const WARM_WORDS: [(WarmWord, content::WarmWord); 6] = [
    (WarmWord::WithYou, content::WarmWord::WITH_YOU),
    (WarmWord::Heard, content::WarmWord::HEARD),
    (WarmWord::MeToo, content::WarmWord::ME_TOO),
    (WarmWord::ThankYou, content::WarmWord::THANK_YOU),
    (WarmWord::Strength, content::WarmWord::STRENGTH),
    (WarmWord::Glad, content::WarmWord::GLAD),
];

fn warm_word(word: content::WarmWord) -> WarmWord {
    let known = WARM_WORDS.into_iter().find(|(_, number)| *number == word);
    known.map_or(WarmWord::Newer, |(word, _)| word)
}

/// The number of a word; none for what a newer version has.
pub(crate) fn warm_word_of(word: WarmWord) -> Option<content::WarmWord> {
    WARM_WORDS.into_iter().find(|(known, _)| *known == word).map(|(_, number)| number)
}

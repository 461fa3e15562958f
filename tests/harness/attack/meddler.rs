//! An attacker that holds no circle and acts as if it did: it hides, mutes, slows down, pins, takes
//! back and changes what others said, lets advice through that others asked not to have, sends files
//! where there are none, and speaks while it may not. What it had no right to it tells the checker.

use windbreak_protocol::content::{
    Allow, Content, Edit, File, FileKind, Hide, ItemText, Mute, Piece, PieceBytes, PieceHash, Pin,
    Reply, SlowMode, StewardReason, Withdraw,
};
use windbreak_protocol::id::{ItemId, MemberId, StateId};
use windbreak_protocol::identity::Verified;
use windbreak_protocol::ledger::{Change, FilesAllowed, KeepDays};
use windbreak_protocol::testing::{ForgedItem, Forgery};
use windbreak_protocol::wire::Envelope;

use crate::attack::true_path;
use crate::sim::{Attacker, Hand, Wrong};

/// How many acts there are to draw from.
const ACTS: u64 = 13;
/// For how long it mutes.
const MUTE: std::time::Duration = std::time::Duration::from_secs(20 * 24 * 3600);

/// Does what only others may do, one thing after another.
#[derive(Debug, Default)]
pub(super) struct Meddler {
    /// The states it made that no rule allows: nothing honest is sealed under them.
    lies: Vec<StateId>,
}

/// Under which state it acts, and which state it names.
struct Place {
    sealed: StateId,
    named: StateId,
}

impl Attacker for Meddler {
    fn name(&self) -> &'static str {
        "meddler"
    }

    fn act(&mut self, hand: &mut Hand<'_>) {
        for _ in 0..hand.dice.between(1, 3) {
            let Some(place) = self.place(hand) else {
                return;
            };
            let lot = hand.dice.below(ACTS);
            if lot == 0 {
                self.change_rules(hand, place.sealed);
                continue;
            }
            if lot <= 2 {
                send_file(hand, &place);
                continue;
            }
            let Some((to, author)) = said_by_others(hand) else {
                speak(hand, &place, None);
                continue;
            };
            match lot {
                3 => speak(hand, &place, None),
                4 => speak(hand, &place, Some(to)),
                _ => {
                    if let Some(content) = meddling(hand, lot, to, author) {
                        say(hand, &place, content, String::new());
                    }
                }
            }
        }
    }
}

impl Meddler {
    /// Draws where it acts: mostly at the head, sometimes further down, and sometimes it says that it
    /// did so earlier than it does.
    fn place(&self, hand: &mut Hand<'_>) -> Option<Place> {
        let (deep, lies) = (hand.dice.below(5), hand.dice.chance(250));
        let path = true_path(hand, &self.lies)?;
        let at = match deep {
            0 => path.len().checked_sub(1)?,
            1 => 1.min(path.len().checked_sub(1)?),
            _ => 0,
        };
        let sealed = *path.get(at)?;
        let named = if lies { *path.last()? } else { sealed };
        Some(Place { sealed, named })
    }

    /// Commits that the circle keeps nothing for longer than a day, or that files may be sent.
    fn change_rules(&mut self, hand: &mut Hand<'_>, parent: StateId) {
        if is_facilitator(hand, &parent) {
            return;
        }
        let change = match KeepDays::new(1) {
            Some(days) if hand.dice.chance(500) => Change::SetKeep(Some(days)),
            _ => Change::SetFiles(FilesAllowed::Any),
        };
        let forgery = Forgery { changes: vec![change], ..Forgery::default() };
        let made = hand.insider().and_then(|mut insider| insider.commit(&parent, forgery));
        let Some(made) = made else { return };
        self.lies.push(made.state);
        hand.own_up_state(made.state);
        send(hand, made.envelopes);
    }
}

/// What it does to somebody or to what they said, by its number.
fn meddling(hand: &mut Hand<'_>, lot: u64, to: ItemId, author: MemberId) -> Option<Content> {
    let reason = StewardReason::new("Because I can.").ok()?;
    let on = hand.dice.chance(700);
    Some(match lot {
        5 | 6 => Content::Hide(Hide { to, on, reason }),
        7 => {
            let until = on.then(|| hand.now.after(MUTE));
            Content::Mute(Mute { member: author, until, again: !hand.dice.chance(700), reason })
        }
        8 => {
            let minutes = if on { 1440 } else { 0 };
            Content::SlowMode(SlowMode { minutes, again: !hand.dice.chance(700), reason })
        }
        9 => Content::Pin(Pin { to, on }),
        10 => Content::Withdraw(Withdraw { to }),
        11 => {
            let text = ItemText::new("What somebody else never said.").ok()?;
            Content::Edit(Edit { to, content_note: None, title: None, text })
        }
        _ => Content::Allow(Allow { to, on }),
    })
}

/// Says words, or advice to somebody.
fn speak(hand: &mut Hand<'_>, place: &Place, to: Option<ItemId>) {
    let number = hand.insider().map_or(0, |insider| insider.seq());
    let words = format!("said by whoever meddles, {number}");
    let advice = to.zip(ItemText::new(words.clone()).ok());
    match advice {
        Some((to, text)) => say(hand, place, Content::Advice(Reply { to, text }), String::new()),
        None => {
            let item = ForgedItem { text: words, ..ForgedItem::default() };
            forge(hand, place, item, true, false);
        }
    }
}

/// Sends words with a file of one piece.
fn send_file(hand: &mut Hand<'_>, place: &Place) {
    let bytes = b"what a file holds".to_vec();
    let words = ForgedItem { text: "words with a file".to_owned(), ..ForgedItem::default() };
    let Some(to) = forge(hand, place, words, true, false) else {
        return;
    };
    let Ok(length) = u32::try_from(bytes.len()) else {
        return;
    };
    let pieces = vec![PieceHash::of(&bytes)];
    let file = Content::File(File { to, kind: FileKind::Other, length, name: None, pieces });
    let file = ForgedItem { content: Some(file), ..ForgedItem::default() };
    let Some((file, bytes)) = forge(hand, place, file, true, true).zip(PieceBytes::new(bytes).ok())
    else {
        return;
    };
    let piece = Content::Piece(Piece { file, number: 0, bytes });
    forge(hand, place, ForgedItem { content: Some(piece), ..ForgedItem::default() }, true, true);
}

fn say(hand: &mut Hand<'_>, place: &Place, content: Content, text: String) {
    let talks = content.needs_acceptance();
    let holds = is_facilitator(hand, &place.sealed) || is_facilitator(hand, &place.named);
    let advice = matches!(content, Content::Advice(_));
    let item = ForgedItem { content: Some(content), text, ..ForgedItem::default() };
    let made = forge(hand, place, item, talks, false);
    if let Some(made) = made.filter(|_| !holds && !advice) {
        hand.own_up(made, Wrong::Counts);
    }
}

/// Makes an item, tells the checker if nobody may take it in, and sends it.
fn forge(
    hand: &mut Hand<'_>,
    place: &Place,
    item: ForgedItem,
    talks: bool,
    file: bool,
) -> Option<ItemId> {
    let me = hand.me()?;
    let mut insider = hand.insider()?;
    // Where it was first sealed is what others go by who only know that.
    let ledgers = [&place.sealed, &place.named].map(|state| insider.ledger(state));
    let all = |is: &dyn Fn(&windbreak_protocol::ledger::Ledger) -> bool| {
        ledgers.iter().all(|ledger| ledger.as_ref().is_some_and(is))
    };
    let refused = talks && all(&|ledger| ledger.is_listener(&me))
        || file && all(&|ledger| !ledger.files().allowed.lets_kind(&FileKind::Other));
    let item = ForgedItem { first_state: Some(place.named), ..item };
    let made = insider.item(&place.sealed, item)?;
    let id = made.item?;
    if refused {
        hand.own_up(id, Wrong::Arrives { named: place.named, file });
    }
    send(hand, made.envelopes);
    Some(id)
}

fn is_facilitator(hand: &mut Hand<'_>, state: &StateId) -> bool {
    let Some(me) = hand.me() else { return true };
    let ledger = hand.insider().and_then(|insider| insider.ledger(state));
    ledger.is_none_or(|ledger| ledger.is_facilitator(&me))
}

/// Something that somebody else said, and who.
fn said_by_others(hand: &mut Hand<'_>) -> Option<(ItemId, MemberId)> {
    let me = hand.me()?;
    let said: Vec<_> = hand.engine.with_timeline(&hand.circle, |timeline| {
        let said = timeline.entries().iter().rev();
        let said = said.filter(|entry| entry.gist().is_words() && entry.author() != me);
        said.map(|entry| (entry.id(), entry.author())).take(6).collect()
    })?;
    said.get(hand.dice.place(said.len())).copied()
}

/// Sends to all, or to some devices alone.
fn send(hand: &mut Hand<'_>, envelopes: Vec<Verified<Envelope>>) {
    if hand.dice.chance(700) {
        hand.publish(envelopes);
        return;
    }
    for device in 0..hand.devices {
        if hand.dice.chance(500) {
            hand.whisper(device, envelopes.clone());
        }
    }
}

//! What was said while a device was away: others hand it over beside the commits, to a device that
//! asks and to one that comes in anew. Clauses: specs/04-order O-73.

use std::time::Duration;

use tls_codec::{TlsDeserialize, TlsSerialize, TlsSize};

use crate::circle::items::decides;
use crate::circle::run::ANSWERED_BY_ALL;
use crate::circle::{Circle, Step};
use crate::content::{Content, Gist, Item};
use crate::id::{DeviceId, MemberId};
use crate::identity::Verified;
use crate::label::Label;
use crate::limits::MAX_PIECES_HANDED;
use crate::output::Event;
use crate::porch::{AskBody, AskId, Handover, SealedReply};
use crate::shelf::Kept;
use crate::time::Timestamp;
use crate::verdict::{Missing, Redundant, Verdict, Violation};

/// What a device may have missed.
#[derive(Clone, Debug, TlsDeserialize, TlsSerialize, TlsSize)]
pub(crate) struct Missed {
    /// Whose it is.
    pub(super) member: MemberId,
    /// The device, or those in whose place it comes.
    pub(super) devices: Vec<DeviceId>,
    /// How many items they wrote, as far as it knows.
    pub(super) seq: u64,
    /// Until when it heard everything.
    pub(super) heard: Timestamp,
}

impl Circle {
    /// What a device that asks may have missed, if its member is in the head.
    pub(super) fn missed_by(&self, body: &AskBody) -> Option<Missed> {
        let member = *self.ledger()?.member_of(&body.device())?;
        let (devices, seq, heard) = (vec![body.device()], body.seq, body.heard);
        Some(Missed { member, devices, seq, heard })
    }

    /// The items a device may have missed and may read, newest first.
    fn items_for<'a>(&'a self, missed: &'a Missed) -> impl Iterator<Item = &'a Kept> {
        // Clocks differ, and what was written earlier may have been sent later.
        let since = missed.heard.as_millis().saturating_sub(HANDED_BEFORE.as_millis() as u64);
        // Worked out for all of them at once: whoever asks says since when.
        let out = self.states_without(&missed.member);
        let is_theirs = |item: &Kept| item.body.member == missed.member;
        let was_out = |item: &Kept| out.contains(&item.body.first_state) && !is_theirs(item);
        let mut items: Vec<&Kept> = self
            .items
            .values()
            .filter(|item| {
                // Of its own it may lack what a copy of it said, whatever number that has.
                let own = missed.devices.contains(&item.body.device);
                let lacks =
                    item.body.written.as_millis() >= since || own && item.body.seq >= missed.seq;
                lacks && !was_out(item) && self.may_read(&missed.member, item)
            })
            .collect();
        // Words first: a few files fill a handover.
        items.sort_by_key(|item| {
            let is_piece = matches!(item.body.gist, Gist::Piece(..));
            (is_piece, std::cmp::Reverse(item.body.written), item.id)
        });
        items.into_iter()
    }

    /// What a device that comes in anew is told of that it missed, as it is sealed.
    pub(super) fn handover(&self, missed: &Missed) -> Option<Vec<u8>> {
        Handover::of(self.items_for(missed).filter_map(|item| self.items.signed(&item.id)))
    }

    /// The same for a device that asks, and may ask a dozen times for the sake of one item: of files
    /// only some pieces, each time others, and none once everybody answers.
    pub(super) fn answer_with(&self, missed: &Missed, ask: &AskId, attempt: u8) -> Option<Vec<u8>> {
        let is_piece = |item: &&Kept| matches!(item.body.gist, Gist::Piece(..));
        let (mut pieces, words): (Vec<&Kept>, Vec<&Kept>) =
            self.items_for(missed).partition(is_piece);
        pieces.retain(|piece| !piece.is_erased());
        if attempt >= ANSWERED_BY_ALL {
            pieces.clear();
        }
        let from = u64::from_le_bytes(*ask.first_chunk().unwrap_or(&[0; 8]));
        let from = from.checked_rem(pieces.len() as u64).unwrap_or_default();
        pieces.rotate_left(usize::try_from(from).unwrap_or_default());
        pieces.truncate(MAX_PIECES_HANDED);
        let items = words.into_iter().chain(pieces);
        Handover::of(items.filter_map(|item| self.items.signed(&item.id)))
    }

    /// Items were found on a porch.
    pub(super) fn take_handover(&mut self, step: &mut Step<'_>, record: &[u8]) -> Verdict {
        let Ok(sealed) = SealedReply::from_bytes(record) else {
            return Verdict::Reject(Violation::Malformed);
        };
        if let Some(verdict) = self.take_history(step, &sealed) {
            return verdict;
        }
        let reply = match (self.way_back.opens(&sealed.ask), self.returning_reply(&sealed.ask)) {
            (Some(reply), _) | (None, Some((reply, true))) => reply,
            // Who wrote these items is known once the Welcome is here.
            (None, Some((_, false))) => return Verdict::Defer(Missing::Key),
            (None, None) => {
                // Of what was said before somebody came one page is enough, as of runs.
                self.stand_down(&sealed.ask, |body| body.history.is_some());
                return Verdict::Ignore(Redundant::NotForUs);
            }
        };
        let opened = sealed.open(Label::HANDOVER_HPKE, self.suite, reply);
        let Some(items) = opened.and_then(|bytes| Handover::read(&bytes).ok()) else {
            return Verdict::Reject(Violation::Signature);
        };
        let back = self.returning_reply(&sealed.ask).is_some();
        let items: Vec<_> = items
            .into_iter()
            .filter_map(|item| item.verify_by(&mut self.known_keys).ok())
            .collect();
        if back || self.waits_to_say_anew() {
            self.told_of_unsaid(step, &items, back);
        }
        let decides = items.iter().any(|item| decides(&item.body.content));
        for item in items {
            self.take_handed(step, item);
        }
        if decides {
            self.review_motions(step);
        }
        Verdict::Accept
    }

    /// Takes in an item that somebody handed over.
    fn take_handed(&mut self, step: &mut Step<'_>, item: Verified<Item>) {
        let place = (item.body.device, item.body.seq);
        if self.meet_own_item(step, &item) {
            return;
        }
        // Of what two said under a key that this device gave up both is kept, as it is where it comes by itself.
        let taken = self.places.contains_key(&place) && !self.former.contains(&item.body.device);
        let known = self.items.contains_key(&item.id) || taken;
        if known || item.body.circle != self.id || item.body.device == self.key.id() {
            return;
        }
        if self.items.is_stray_too_many(&item) {
            return;
        }
        if !self.takes_forwarded(&item) {
            // Whoever answers may not put words into the mouth of a member, nor hand over what was
            // said for others.
            return;
        }
        self.note_if_from_before(step, &item);
        let (id, written, is_news) = (item.id, item.body.written, item.body.content.is_news());
        let leaves = matches!(item.body.content, Content::Leave(_));
        self.keep_item(step, item);
        if leaves {
            self.want_to_let_go(step, id);
        }
        if is_news {
            step.tell(Event::ItemArrived { circle: self.id, item: id, written, own: false });
        }
    }
}

/// How much older than a silence items are that are handed over after it.
const HANDED_BEFORE: Duration = Duration::from_secs(2 * 24 * 3600);

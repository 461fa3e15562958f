//! Words that are older than a circle keeps them: erased on this device as if their authors had
//! taken them back, without anything being sent. Where the time becomes shorter, everybody is told
//! first: a device follows it only when it has known of it for a while. Clause: specs/03-circle C-62.

use std::time::Duration;

use tls_codec::{TlsDeserialize, TlsSerialize, TlsSize};

use crate::circle::{Circle, Step};
use crate::id::ItemId;
use crate::ledger::KeepDays;
use crate::limits::{KEEP_NOTICE, MAX_HOURS_AHEAD, RECORD_OVERHEAD};
use crate::output::Event;
use crate::record::RecordKind;
use crate::shelf::Kept;
use crate::time::Timestamp;
use crate::wire::{self, DecodeError};

const VERSION: u8 = 1;
/// How often a device looks for what is too old.
const SWEEP: Duration = Duration::from_secs(10 * 60);
/// How far ahead something may honestly be dated when it comes (W-6).
const MAX_AHEAD: Duration = Duration::from_secs(3600 * MAX_HOURS_AHEAD as u64);

/// How long this device keeps words, and a shorter time that it does not follow yet.
#[derive(Clone, Copy, Debug, Eq, PartialEq, TlsDeserialize, TlsSerialize, TlsSize)]
pub(crate) struct Keeping {
    version: u8,
    followed: Option<KeepDays>,
    shorter: Option<Shorter>,
}

/// A time that is shorter than the one this device follows.
#[derive(Clone, Copy, Debug, Eq, PartialEq, TlsDeserialize, TlsSerialize, TlsSize)]
struct Shorter {
    keep: KeepDays,
    /// The epoch in which it was said.
    since: u64,
    /// When this device saw it first, by its own clock.
    seen: Timestamp,
}

impl Keeping {
    pub(super) fn following(followed: Option<KeepDays>) -> Self {
        Self { version: VERSION, followed, shorter: None }
    }

    /// Reads it back.
    ///
    /// # Errors
    /// [`DecodeError`]: the store is damaged or newer.
    pub(crate) fn read(bytes: &[u8]) -> Result<Self, DecodeError> {
        let record: Self = wire::decode(bytes, RECORD_OVERHEAD)?;
        if record.version == VERSION { Ok(record) } else { Err(DecodeError::UnknownVersion) }
    }

    /// What it is at `now` where the circle says `keep` since that epoch.
    fn at(self, now: Timestamp, keep: Option<KeepDays>, since: u64) -> Self {
        let Some(keep) = keep.filter(|keep| keep.shortens(self.followed)) else {
            return Self::following(keep);
        };
        match self.shorter {
            Some(known) if (known.keep, known.since) == (keep, since) => {
                if now.since(known.seen) >= KEEP_NOTICE {
                    Self::following(Some(keep))
                } else {
                    self
                }
            }
            _ => Self { shorter: Some(Shorter { keep, since, seen: now }), ..self },
        }
    }
}

/// When this device first had something that is dated further ahead than clocks may differ.
#[derive(Clone, Copy, Debug, Eq, PartialEq, TlsDeserialize, TlsSerialize, TlsSize)]
pub(crate) struct CameAt {
    version: u8,
    at: Timestamp,
}

impl CameAt {
    /// If what is dated so is dated too far ahead. A clock that is further behind than that lets
    /// nothing in (W-6), so it does not make what is honestly dated look so.
    fn of(written: Timestamp, now: Timestamp) -> Option<Self> {
        (written > now.after(MAX_AHEAD)).then_some(Self { version: VERSION, at: now })
    }

    /// From when on it has its age: the latest time that could be true when it came.
    fn bound(self, written: Timestamp) -> Timestamp {
        written.min(self.at.after(MAX_AHEAD))
    }

    /// Reads it back.
    ///
    /// # Errors
    /// [`DecodeError`]: the store is damaged or newer.
    pub(crate) fn read(bytes: &[u8]) -> Result<Self, DecodeError> {
        let record: Self = wire::decode(bytes, RECORD_OVERHEAD)?;
        if record.version == VERSION { Ok(record) } else { Err(DecodeError::UnknownVersion) }
    }
}

impl Circle {
    /// Erases what is older than the circle keeps it, now and then, and at once where that changed.
    /// A circle that was left keeps to what it said last.
    pub(super) fn erase_expired(&mut self, step: &mut Step<'_>) {
        let keep = self.note_keeping(step, None);
        let (swept, kept) = self.swept;
        let early = step.now >= swept && step.now.since(swept) < SWEEP;
        if early && kept == keep {
            return;
        }
        self.swept = (step.now, keep);
        let Some(keep) = keep.map(KeepDays::duration) else {
            return;
        };
        let now = step.now;
        let dated_ahead = &self.dated_ahead;
        let too_old = |kept: &Kept| {
            let written = kept.body.written;
            let from = dated_ahead.get(&kept.id).map_or(written, |came| came.bound(written));
            now.since(from) > keep
        };
        let with_files = self.items.too_old_with_files(too_old);
        let unsent = with_files.iter().flat_map(|words| self.unsent_with_file(words)).collect();
        for (id, record) in self.items.expire(too_old) {
            self.write_erased(step, &id, record);
            self.drop_unsent(step, &id);
        }
        self.spare_later(unsent);
        self.say_spared(step);
    }

    /// For how long this device keeps words now: a shorter time only when it has stood for a while
    /// since this device heard of it. Somebody who was away has as much time as all others.
    /// `before` is what the head before said, if there was one.
    pub(super) fn note_keeping(
        &mut self,
        step: &mut Step<'_>,
        before: Option<Option<KeepDays>>,
    ) -> Option<KeepDays> {
        let Some(rules) = self.ledger().map(|ledger| *ledger.rules()) else {
            return self.keeping.and_then(|keeping| keeping.followed);
        };
        // Whoever comes has nothing yet that it could erase too soon.
        let before =
            self.keeping.unwrap_or_else(|| Keeping::following(before.unwrap_or(rules.keep)));
        let after = before.at(step.now, rules.keep, rules.keep_since);
        if self.keeping != Some(after) {
            self.keeping = Some(after);
            let key = self.key_of(RecordKind::Keeping, &[]);
            step.put(key, wire::encode(&after).to_vec());
        }
        if after.shorter.is_some() && after.shorter != before.shorter {
            step.tell(Event::KeepShortened { circle: self.id });
        }
        after.followed
    }

    /// A shorter time that this device does not follow yet, and from when on it does.
    pub(crate) fn keeps_shorter_from(&self) -> Option<Timestamp> {
        let shorter = self.keeping.and_then(|keeping| keeping.shorter);
        shorter.map(|shorter| shorter.seen.after(KEEP_NOTICE))
    }

    /// An item came: if it is dated too far ahead, it would never be too old by what it says.
    pub(super) fn note_dated_ahead(
        &mut self,
        step: &mut Step<'_>,
        id: &ItemId,
        written: Timestamp,
    ) {
        // By a clock that was set back meanwhile, what waited here since it was right would look so.
        let heard = self.watch.heard.values().map(|heard| heard.at);
        let now = heard.fold(step.now, Timestamp::max);
        let Some(came) = CameAt::of(written, now) else {
            return;
        };
        self.dated_ahead.insert(*id, came);
        step.put(self.key_of(RecordKind::DatedAhead, id.as_bytes()), wire::encode(&came).to_vec());
    }

    /// The item goes, and with it when it came.
    pub(super) fn forget_dated_ahead(&mut self, step: &mut Step<'_>, id: &ItemId) {
        if self.dated_ahead.remove(id).is_some() {
            step.delete(self.key_of(RecordKind::DatedAhead, id.as_bytes()));
        }
    }

    /// Forgets it: the circle goes.
    pub(super) fn erase_keeping(&self, step: &mut Step<'_>) {
        for id in self.dated_ahead.keys() {
            step.delete(self.key_of(RecordKind::DatedAhead, id.as_bytes()));
        }
        if self.keeping.is_some() {
            step.delete(self.key_of(RecordKind::Keeping, &[]));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: u64 = 3600;

    fn hour(hour: u64) -> Timestamp {
        Timestamp::from_seconds(hour * HOUR)
    }

    #[test]
    fn only_what_no_honest_clock_says_is_as_old_as_when_it_came() {
        // By a clock that is as far ahead as may be, and by one of years ago.
        for written in [0, 1_000, 1_026] {
            assert_eq!(CameAt::of(hour(written), hour(1_000)), None, "{written}");
        }
        let came = CameAt::of(hour(1_000_000), hour(1_000)).unwrap();
        assert_eq!(CameAt::read(&wire::encode(&came)), Ok(came));
        // As long as it can be true, it counts.
        assert_eq!(came.bound(hour(1_000_000)), hour(1_026));
    }
}

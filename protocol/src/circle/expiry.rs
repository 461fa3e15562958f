//! Words that are older than a circle keeps them: erased on this device as if their authors had
//! taken them back, without anything being sent. Where the time becomes shorter, everybody is told
//! first: a device follows it only when it has known of it for a while. Clause: specs/03-circle C-62.

use std::time::Duration;

use tls_codec::{TlsDeserialize, TlsSerialize, TlsSize};

use crate::circle::send::Carries;
use crate::circle::{Circle, Step};
use crate::ledger::KeepDays;
use crate::limits::{KEEP_NOTICE, RECORD_OVERHEAD};
use crate::output::Event;
use crate::record::RecordKind;
use crate::time::Timestamp;
use crate::wire::{self, DecodeError};

const VERSION: u8 = 1;
/// How often a device looks for what is too old.
const SWEEP: Duration = Duration::from_secs(10 * 60);

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
        let too_old = |written| now.since(written) > keep;
        let with_files = self.items.too_old_with_files(too_old);
        let unsent = with_files.iter().flat_map(|words| self.unsent_with_file(words)).collect();
        for (id, record) in self.items.expire(too_old) {
            self.write_erased(step, &id, record);
            self.drop_outgoing(step, Carries::Item(id));
            self.drop_outgoing(step, Carries::Forward(id));
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

    /// Forgets it: the circle goes.
    pub(super) fn erase_keeping(&self, step: &mut Step<'_>) {
        if self.keeping.is_some() {
            step.delete(self.key_of(RecordKind::Keeping, &[]));
        }
    }
}

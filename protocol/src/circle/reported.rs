//! The words of what was reported without a quote, beside its reports: the author takes them back or
//! they grow too old, and whoever answers a report is to see all the same what it is about. One copy
//! serves all reports of the same words, and who is reported most has room last.
//! Clause: specs/08-content I-45.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use tls_codec::{TlsDeserialize, TlsSerialize, TlsSize};

use crate::circle::reports::About;
use crate::circle::{Circle, Step};
use crate::content::SignedItem;
use crate::id::{ItemId, MemberId, ReportId};
use crate::limits::{MAX_REPORTED_WORDS, RECORD_OVERHEAD};
use crate::time::Timestamp;
use crate::wire::text::Opaque;
use crate::wire::{self, DecodeError};

const SAID: u8 = 1;
const WITH: u8 = 2;

/// What was reported, as this device held it when the report came.
#[derive(Debug, TlsDeserialize, TlsSerialize, TlsSize)]
struct SaidRecord {
    version: u8,
    said: Opaque<{ SignedItem::MAX_LEN }>,
}

/// Beside which other report the same words are kept.
#[derive(Debug, TlsDeserialize, TlsSerialize, TlsSize)]
struct WithRecord {
    version: u8,
    with: ReportId,
}

/// What stays beside one report.
#[derive(Debug)]
enum Held {
    /// The words, as their author signed them.
    Said(Vec<u8>),
    /// The same as beside this one, which has them.
    With(ReportId),
}

/// All that stays beside reports.
#[derive(Debug, Default)]
pub(super) struct ReportedWords(BTreeMap<ReportId, Held>);

/// One copy, and what decides whether it goes for another.
struct Copy {
    id: ReportId,
    author: MemberId,
    at: Timestamp,
    length: usize,
}

impl ReportedWords {
    /// Takes back what was written beside a report.
    ///
    /// # Errors
    /// [`DecodeError`]: the store is damaged or newer.
    pub(super) fn read(&mut self, id: ReportId, value: &[u8]) -> Result<(), DecodeError> {
        let held = match value.first() {
            Some(&SAID) => {
                let record: SaidRecord =
                    wire::decode(value, SignedItem::MAX_LEN + RECORD_OVERHEAD)?;
                Held::Said(record.said.as_bytes().to_vec())
            }
            Some(&WITH) => {
                let record: WithRecord = wire::decode(value, RECORD_OVERHEAD)?;
                Held::With(record.with)
            }
            _ => return Err(DecodeError::UnknownVersion),
        };
        self.0.insert(id, held);
        Ok(())
    }

    /// The words beside a report, as their author signed them.
    pub(super) fn get(&self, id: &ReportId) -> Option<&[u8]> {
        let held = match self.0.get(id)? {
            Held::With(other) => self.0.get(other)?,
            said => said,
        };
        match held {
            Held::Said(said) => Some(said),
            Held::With(_) => None,
        }
    }

    pub(super) fn ids(&self) -> impl Iterator<Item = &ReportId> {
        self.0.keys()
    }

    /// The report beside which these very words are kept.
    fn holder(&self, said: &[u8]) -> Option<ReportId> {
        let is_it = |held: &Held| matches!(held, Held::Said(other) if other == said);
        self.0.iter().find(|(_, held)| is_it(held)).map(|(id, _)| *id)
    }

    /// The other reports of the words that are kept beside this one.
    fn sharers(&self, holder: &ReportId) -> Vec<ReportId> {
        let shares = |held: &Held| matches!(held, Held::With(other) if other == holder);
        self.0.iter().filter(|(_, held)| shares(held)).map(|(id, _)| *id).collect()
    }
}

impl Circle {
    /// Keeps what a report without a quote is about beside it, in the words that stand there now.
    pub(super) fn hold_words(
        &mut self,
        step: &mut Step<'_>,
        id: &ReportId,
        item: &ItemId,
        author: &MemberId,
    ) {
        let Some(said) = self.items.signed(&self.newest_words(item)) else {
            return;
        };
        let said = said.to_bytes();
        if let Some(with) = self.reports.words.holder(&said) {
            return self.put_with(step, id, with);
        }
        let Some(gone) = self.copies_to_drop(author, said.len()) else {
            return;
        };
        for copy in gone {
            self.drop_copy(step, &copy);
        }
        self.put_said(step, id, said);
    }

    /// Which copies go for a new one of an author; `None` if it is the new one that is not kept.
    fn copies_to_drop(&self, author: &MemberId, length: usize) -> Option<Vec<ReportId>> {
        let room = MAX_REPORTED_WORDS.checked_sub(length)?;
        let copies = self.reports.words.0.iter().filter_map(|(id, held)| {
            let (Held::Said(said), Some(report)) = (held, self.reports.received.get(id)) else {
                return None;
            };
            Some(Copy { id: *id, author: report.author, at: report.at, length: said.len() })
        });
        let copies: Vec<Copy> = copies.collect();
        let mut kept: usize = copies.iter().map(|copy| copy.length).sum();
        let mut gone = Vec::new();
        if kept <= room {
            return Some(gone);
        }
        let closed: BTreeSet<ReportId> = self.closed_reports().collect();
        let is_closed = |copy: &Copy| {
            let sharers = self.reports.words.sharers(&copy.id);
            closed.contains(&copy.id) && sharers.iter().all(|id| closed.contains(id))
        };
        let (mut closed, mut open): (Vec<Copy>, Vec<Copy>) =
            copies.into_iter().partition(is_closed);
        // What is closed was looked at, and what was closed first goes last into the list.
        closed.sort_by_key(|copy| Reverse((copy.at, copy.id)));
        open.sort_by_key(|copy| (copy.at, copy.id));
        while kept > room {
            let copy = match closed.pop() {
                Some(copy) => copy,
                None => open.remove(newest_of_heaviest(&open, author, length)?),
            };
            kept -= copy.length;
            gone.push(copy.id);
        }
        Some(gone)
    }

    /// What stays beside a report goes with it; the words stay with the other reports of them.
    pub(super) fn drop_words(&mut self, step: &mut Step<'_>, id: &ReportId) {
        let Some(held) = self.reports.words.0.remove(id) else {
            return;
        };
        step.delete(self.report_key(About::Words, id));
        let Held::Said(said) = held else {
            return;
        };
        if let Some((heir, others)) = self.reports.words.sharers(id).split_first() {
            self.put_said(step, heir, said);
            for other in others {
                self.put_with(step, other, *heir);
            }
        }
    }

    /// The words beside a report go, and so they do for the others that share them.
    fn drop_copy(&mut self, step: &mut Step<'_>, holder: &ReportId) {
        for id in self.reports.words.sharers(holder).iter().chain([holder]) {
            self.reports.words.0.remove(id);
            step.delete(self.report_key(About::Words, id));
        }
    }

    fn put_said(&mut self, step: &mut Step<'_>, id: &ReportId, said: Vec<u8>) {
        let Ok(opaque) = Opaque::new(said.clone()) else {
            return;
        };
        let record = SaidRecord { version: SAID, said: opaque };
        step.put(self.report_key(About::Words, id), wire::encode(&record).to_vec());
        self.reports.words.0.insert(*id, Held::Said(said));
    }

    fn put_with(&mut self, step: &mut Step<'_>, id: &ReportId, with: ReportId) {
        let record = WithRecord { version: WITH, with };
        step.put(self.report_key(About::Words, id), wire::encode(&record).to_vec());
        self.reports.words.0.insert(*id, Held::With(with));
    }
}

/// Of copies, the oldest first, the newest of the author with most bytes: nobody takes the room of
/// others. `None` if nobody has more than the author of the new one would.
fn newest_of_heaviest(copies: &[Copy], author: &MemberId, length: usize) -> Option<usize> {
    let mut bytes: BTreeMap<MemberId, usize> = BTreeMap::new();
    for copy in copies {
        *bytes.entry(copy.author).or_default() += copy.length;
    }
    let own = bytes.remove(author).unwrap_or_default() + length;
    let (heaviest, most) = bytes.into_iter().max_by_key(|(author, bytes)| (*bytes, *author))?;
    copies.iter().rposition(|copy| copy.author == heaviest).filter(|_| most > own)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn copy(author: u8, number: u8, length: usize) -> Copy {
        Copy {
            id: ReportId::from_bytes([number; 32]),
            author: MemberId::from_bytes([author; 32]),
            at: Timestamp::from_seconds(u64::from(number)),
            length,
        }
    }

    #[test]
    fn nobody_takes_the_room_of_others() {
        let copies = [copy(1, 1, 50), copy(2, 2, 30), copy(2, 3, 30), copy(3, 4, 10)];
        let goes = |author: u8, length| {
            newest_of_heaviest(&copies, &MemberId::from_bytes([author; 32]), length)
        };
        assert_eq!(goes(3, 20), Some(2), "the newest of who has most");
        assert_eq!(goes(4, 59), Some(2));
        assert_eq!(goes(4, 60), None, "whoever would have as much is not kept");
        assert_eq!(goes(2, 1), None);
        assert_eq!(goes(1, 1), Some(2));
        assert_eq!(newest_of_heaviest(&[], &MemberId::from_bytes([4; 32]), 1), None);
    }
}

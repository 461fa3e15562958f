//! The sketches of all that was said, in memory alone: under a key that is drawn at each start, and gone with
//! the process. Clause: specs/08-content I-50.

use std::fmt;

use windbreak_protocol::content::Content;
use windbreak_protocol::id::{CircleId, ItemId};
use zeroize::Zeroize;

use super::Query;
use super::sketch::{Demand, SketchKey, Sketcher};
use crate::api::words_in;

/// Parts of the table, each of which is gone over to find a sketch in it.
const PARTS: usize = 4096;
/// Bits of a name that choose the part.
const PART_BITS: u32 = PARTS.ilog2();
/// Bits of an entry's first word that say how many words its sketch has.
const LENGTH_BITS: u32 = 8;
/// Bytes of all of them at most: some 60 for each of 130,000 shares of 200 characters. What is said beyond
/// is read whenever somebody looks for words.
const MAX_BYTES: usize = 8 * 1024 * 1024;

/// Sketches by the items whose words they are of.
#[derive(Default)]
pub(crate) struct Sketches {
    key: SketchKey,
    /// Entries in a row: what the item is called and how long its sketch is, then the sketch. Nothing, or
    /// as many as there are parts.
    parts: Vec<Vec<u64>>,
    bytes: usize,
}

/// A sketch that waits to be kept.
pub(crate) struct Sketch(Vec<u64>);

impl Sketches {
    /// Makes the sketch of what an item says, if it has words and a sketch would put anything aside.
    pub(crate) fn sketch_of(&self, said: &Content) -> Option<Sketch> {
        let mut sketcher = Sketcher::default();
        self.is_sketched(&mut sketcher, said).then_some(Sketch(sketcher.sketch))
    }

    /// Makes the sketch of what an item says, and keeps it.
    pub(super) fn add(
        &mut self,
        circle: &CircleId,
        item: &ItemId,
        said: &Content,
        sketcher: &mut Sketcher,
    ) {
        let is_sketched = self.is_sketched(sketcher, said);
        self.put_bits(self.name(circle, item), is_sketched.then_some(&sketcher.sketch));
    }

    /// Keeps the sketch of an item's words, or forgets it if there is none.
    pub(crate) fn put(&mut self, circle: &CircleId, item: &ItemId, sketch: Option<Sketch>) {
        self.put_bits(self.name(circle, item), sketch.as_ref().map(|sketch| &sketch.0[..]));
    }

    fn is_sketched(&self, sketcher: &mut Sketcher, said: &Content) -> bool {
        let parts = words_in(said).into_iter().flatten();
        parts.clone().next().is_some() && self.key.sketch_with(sketcher, parts)
    }

    fn put_bits(&mut self, name: u64, sketch: Option<&[u64]>) {
        let found = self.parts.get(part_of(name)).and_then(|part| find(part, name));
        match (sketch, found) {
            (None, None) => {}
            (None, Some((at, words))) => {
                self.bytes -= (1 + words) * size_of::<u64>();
                let part = &mut self.parts[part_of(name)];
                // What was taken back is not to be told from what is left of its words.
                part[at..=at + words].zeroize();
                part.drain(at..=at + words);
            }
            (Some(sketch), Some((at, words))) => {
                let kept = &self.parts[part_of(name)][at + 1..=at + words];
                // What is said under an id does not change. Should two ids ever have one name, both are read.
                if *kept != *sketch {
                    self.put_bits(name, None);
                    self.push(name, &[]);
                }
            }
            (Some(sketch), None) => self.push(name, sketch),
        }
    }

    /// Those of the items that may hold what is looked for; those without a sketch may.
    pub(crate) fn sift<T>(
        &self,
        query: &Query,
        items: impl Iterator<Item = (CircleId, ItemId, T)>,
    ) -> Vec<T> {
        let demand = self.key.demand(query);
        let may = items.filter(|(circle, item, _)| self.may_hold(&demand, circle, item));
        may.map(|(_, _, item)| item).collect()
    }

    fn may_hold(&self, demand: &Demand, circle: &CircleId, item: &ItemId) -> bool {
        if demand.is_empty() || self.parts.is_empty() {
            return true;
        }
        let name = self.name(circle, item);
        let part = &self.parts[part_of(name)];
        // One without words is that of two items.
        find(part, name)
            .is_none_or(|(at, words)| words == 0 || demand.is_met_by(&part[at + 1..=at + words]))
    }

    fn push(&mut self, name: u64, sketch: &[u64]) {
        let bytes = (1 + sketch.len()) * size_of::<u64>();
        if self.bytes + bytes > MAX_BYTES {
            return;
        }
        self.bytes += bytes;
        self.parts.resize_with(PARTS, Vec::new);
        let part = &mut self.parts[part_of(name)];
        if part.capacity() - part.len() <= sketch.len() {
            // Not twice as much as is needed, as a list does by itself.
            part.reserve_exact((1 + sketch.len()).max(part.len() / 8));
        }
        part.push(name << LENGTH_BITS | sketch.len() as u64);
        part.extend_from_slice(sketch);
    }

    /// By which an item is known here. Nobody can choose items that have the same.
    fn name(&self, circle: &CircleId, item: &ItemId) -> u64 {
        self.key.name((circle, item))
    }
}

/// The part in which a name is, chosen by those of its bits that an entry has no room for, and some more.
const fn part_of(name: u64) -> usize {
    (name >> (u64::BITS - PART_BITS)) as usize
}

/// Where in a part the entry of a name begins, and how many words its sketch has.
fn find(part: &[u64], name: u64) -> Option<(usize, usize)> {
    let mut at = 0;
    while let Some(first) = part.get(at) {
        let words = (first & ((1 << LENGTH_BITS) - 1)) as usize;
        if first >> LENGTH_BITS == name << LENGTH_BITS >> LENGTH_BITS {
            return Some((at, words));
        }
        at += 1 + words;
    }
    None
}

impl fmt::Debug for Sketches {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Sketches({} bytes)", self.bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CIRCLE: CircleId = CircleId::from_bytes([1; 32]);

    fn item(number: u64) -> ItemId {
        let mut bytes = [0; 32];
        bytes[..8].copy_from_slice(&number.to_be_bytes());
        ItemId::from_bytes(bytes)
    }

    fn put(sketches: &mut Sketches, number: u64, text: &str) {
        let mut sketcher = Sketcher::default();
        assert!(sketches.key.sketch_with(&mut sketcher, [text]));
        sketches.put(&CIRCLE, &item(number), Some(Sketch(sketcher.sketch)));
    }

    /// Which of so many items may hold what was typed.
    fn sifted(sketches: &Sketches, typed: &str, numbers: std::ops::Range<u64>) -> Vec<u64> {
        let items = numbers.map(|number| (CIRCLE, item(number), number));
        sketches.sift(&Query::new(typed).unwrap(), items)
    }

    #[test]
    fn items_are_sifted_by_their_words_and_those_without_a_sketch_stay() {
        let mut sketches = Sketches::default();
        let text = |number| format!("This is said by number{number}y, and by nobody else.");
        (0..20_000).for_each(|number| put(&mut sketches, number, &text(number)));
        let found = sifted(&sketches, "number777y", 0..20_000);
        assert!(found.contains(&777) && found.len() < 500, "{}", found.len());
        assert!(sifted(&sketches, "bicycle", 0..20_000).len() < 200);
        assert_eq!(sifted(&sketches, "said", 0..20_000).len(), 20_000);
        assert_eq!(sifted(&sketches, "s", 0..20_000).len(), 20_000);
        // What came meanwhile, and is not known here, is read.
        assert_eq!(sifted(&sketches, "number20001y", 20_000..20_003), [20_000, 20_001, 20_002]);

        // Another circle's item of the same id is another one.
        let other = [(CircleId::from_bytes([2; 32]), item(5), ())];
        assert_eq!(sketches.sift(&Query::new("bicycle").unwrap(), other.into_iter()).len(), 1);

        // Said once more, it takes no more room; taken back, none.
        let bytes = sketches.bytes;
        assert!(bytes < 20_000 * 48, "{bytes}");
        (0..20_000).step_by(7).for_each(|number| put(&mut sketches, number, &text(number)));
        assert_eq!(sketches.bytes, bytes);
        (0..20_000).for_each(|number| sketches.put(&CIRCLE, &item(number), None));
        assert_eq!(sketches.bytes, 0);
        assert!(sketches.parts.iter().all(|part| part.is_empty()));
        assert_eq!(sifted(&sketches, "bicycle", 0..3), [0, 1, 2]);
    }

    #[test]
    fn two_items_of_one_name_are_both_read() {
        let mut sketches = Sketches::default();
        put(&mut sketches, 1, "A quiet evening.");
        assert!(sifted(&sketches, "bicycle", 1..2).is_empty());
        // Nobody can find two such items; it is as if there were.
        put(&mut sketches, 1, "By bicycle.");
        for typed in ["bicycle", "evening", "xylophone"] {
            assert_eq!(sifted(&sketches, typed, 1..2), [1], "{typed}");
        }
        sketches.put(&CIRCLE, &item(1), None);
        assert_eq!(sketches.bytes, 0);
    }

    #[test]
    fn sketches_take_a_bounded_room_and_what_finds_none_is_read() {
        let mut sketches = Sketches::default();
        let long = |number: u64| -> String {
            let word = |at: u64| {
                format!("{:x} ", (number * 1000 + at).wrapping_mul(0x9e37_79b9_7f4a_7c15))
            };
            (0..60).map(word).collect()
        };
        (0..40_000).for_each(|number| put(&mut sketches, number, &long(number)));
        assert!(sketches.bytes <= MAX_BYTES, "{sketches:?}");
        assert!(sketches.bytes > MAX_BYTES / 10 * 9, "{sketches:?}");
        let held: usize =
            sketches.parts.iter().map(|part| part.capacity() * size_of::<u64>()).sum();
        assert!(held < MAX_BYTES / 8 * 10, "{held}");
        let last = 39_999;
        assert!(sifted(&sketches, "bicycle", last..last + 1) == [last]);
    }
}

//! A sketch of a text: some hundred bits by which most texts that cannot hold what is looked for are put
//! aside unread. For each letter in a row with others, and for each beginning of a word, a few bits are
//! set. Where the search finds words in a text, all their bits are set in its sketch; where they are set,
//! the words may be there. Clause: specs/08-content I-50.

use std::hash::{BuildHasher, Hash, RandomState};

use foldhash::SharedSeed;
use foldhash::quality::SeedableRandomState;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::canonical_combining_class;

use super::{Query, Sought, folded, is_written_without_spaces};

/// Bits of a sketch for each that a text sets, in quarters: a third of them is set then.
const BITS_IN_QUARTERS: usize = 9;
/// Words of 64 bits that a sketch has at most. Longer texts set more of its bits.
const MAX_WORDS: usize = 64;
/// A sketch of which more bits are set than so many of eight puts nothing aside, and is none.
const MAX_SET_OF_EIGHT: usize = 7;
/// Bits of a hash that choose one bit of a sketch.
const CHOICE: u32 = 21;
/// Bits of a letter in the number of a gram.
const LETTER: u32 = 21;

/// Something small that stands in a text: a number for it, and how many bits are set for it. What says more
/// gets more.
#[derive(Clone, Copy)]
struct Gram(u64, u32);

/// The key of the sketches of a process: none can be read, or aimed at, without it.
pub(super) struct SketchKey {
    names: RandomState,
    /// Quicker, for there are hundreds of grams in a text; what is alike for it costs a look.
    grams: SeedableRandomState,
}

/// The bits that must be set in the sketch of a text with what is looked for.
pub(super) struct Demand(Vec<Bits>);

/// What chooses the bits of one gram, and how many.
#[derive(Clone, Copy)]
struct Bits(u64, u32);

/// What it takes to make one sketch after the other.
#[derive(Default)]
pub(super) struct Sketcher {
    all: Vec<Bits>,
    /// The last one.
    pub(super) sketch: Vec<u64>,
}

/// Follows the letters of a text and tells the grams in it.
#[derive(Default)]
struct Follower {
    /// Letters and digits in a row before.
    row: usize,
    /// The last three of them.
    last: u64,
    /// Whether a word may begin with the last one, and it is one of ASCII.
    is_beginning: bool,
}

impl Gram {
    /// Three letters in a row.
    const fn three(last: u64) -> Self {
        Self(last, 1)
    }

    /// Two in a row, of a script that is written without spaces.
    const fn two(last: u64) -> Self {
        Self(last & ((1 << (2 * LETTER)) - 1), 1)
    }

    /// One of those.
    fn one(c: char) -> Self {
        Self(c.into(), 2)
    }

    /// How a word begins: the last two letters.
    const fn beginning(last: u64) -> Self {
        Self(1 << 63 | last & ((1 << (2 * LETTER)) - 1), 3)
    }

    /// A word that begins with a digit: those are few, and one alone is looked for, too.
    fn digit(c: char) -> Self {
        Self(1 << 62 | u64::from(c), 3)
    }

    /// A sign that is no letter. Those of ASCII stand everywhere.
    fn sign(c: char) -> Option<Self> {
        let is_one = !c.is_ascii() && !c.is_alphanumeric() && !c.is_whitespace();
        is_one.then(|| Self(1 << 63 | u64::from(c), 3))
    }
}

impl Bits {
    /// Which they are in a sketch of so many words.
    fn places(self, words: usize) -> impl Iterator<Item = (usize, u64)> {
        let Self(hash, count) = self;
        (0..count).map(move |number| {
            let choice = hash >> (number * CHOICE) & ((1 << CHOICE) - 1);
            let bit = (choice * (words as u64 * 64)) >> CHOICE;
            ((bit / 64) as usize, 1 << (bit % 64))
        })
    }
}

impl Default for SketchKey {
    fn default() -> Self {
        let names = RandomState::new();
        let seed = names.hash_one("grams");
        Self { names, grams: SeedableRandomState::with_seed(seed, SharedSeed::global_random()) }
    }
}

impl SketchKey {
    /// The sketch of a text in words of 64 bits; none if it would put nothing aside.
    #[cfg(test)]
    fn sketch(&self, text: &str) -> Option<Vec<u64>> {
        let mut sketch = Sketcher::default();
        self.sketch_with(&mut sketch, [text]).then_some(sketch.sketch)
    }

    /// Makes the sketch of a text, in parts; says whether it would put anything aside.
    pub(super) fn sketch_with<'a>(
        &self,
        sketcher: &mut Sketcher,
        parts: impl IntoIterator<Item = &'a str>,
    ) -> bool {
        let Sketcher { all, sketch } = sketcher;
        all.clear();
        // How many bits are set for different ones: what a text says again takes no room.
        let (mut seen, mut count) = ([0_u64; MAX_WORDS], 0);
        let mut note = |gram| {
            let bits = self.bits(gram);
            let seen = &mut seen[(bits.0 >> CHOICE) as usize % MAX_WORDS];
            let bit = 1 << (bits.0 % 64);
            if *seen & bit == 0 {
                *seen |= bit;
                count += bits.1 as usize;
            }
            all.push(bits);
        };
        parts.into_iter().for_each(|part| grams_of_text(part, &mut note));
        let words = (count * BITS_IN_QUARTERS).div_ceil(4 * 64).clamp(1, MAX_WORDS);
        sketch.clear();
        sketch.resize(words, 0);
        for bits in &*all {
            bits.places(words).for_each(|(word, bit)| sketch[word] |= bit);
        }
        let set: usize = sketch.iter().map(|word| word.count_ones() as usize).sum();
        set * 8 <= words * 64 * MAX_SET_OF_EIGHT
    }

    /// What a query demands of the sketches made with this key.
    pub(super) fn demand(&self, query: &Query) -> Demand {
        let mut all = Vec::new();
        for sought in &query.0 {
            match sought {
                Sought::Words(words) => words.iter().for_each(|word| {
                    grams_of_word(word, |gram| all.push(self.bits(gram)));
                }),
                Sought::Signs(signs) => {
                    all.extend(signs.chars().filter_map(Gram::sign).map(|gram| self.bits(gram)));
                }
            }
        }
        Demand(all)
    }

    /// The hash by which something is named beside its sketch.
    pub(super) fn name(&self, of: impl Hash) -> u64 {
        self.names.hash_one(of)
    }

    fn bits(&self, gram: Gram) -> Bits {
        Bits(self.grams.hash_one(gram.0), gram.1)
    }
}

impl Demand {
    /// Whether every sketch meets it.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether a sketch does.
    pub(super) fn is_met_by(&self, sketch: &[u64]) -> bool {
        let mut places = self.0.iter().flat_map(|bits| bits.places(sketch.len()));
        places.all(|(word, bit)| sketch[word] & bit != 0)
    }
}

impl Follower {
    /// Takes the next letter of a folded text; `begins` if a word may begin with it.
    fn take(&mut self, c: char, begins: bool, tell: &mut impl FnMut(Gram)) {
        if c.is_ascii() {
            return self.take_plain(c, begins, tell);
        }
        // Signs on letters may change places with each other where a text is folded as a whole.
        if canonical_combining_class(c) != 0 {
            return;
        }
        let is_unspaced = is_written_without_spaces(c);
        if !is_unspaced && !c.is_alphanumeric() {
            *self = Self::default();
            return;
        }
        self.go_on(c);
        if is_unspaced {
            tell(Gram::one(c));
            if self.row > 1 {
                tell(Gram::two(self.last));
            }
        } else if self.row > 2 {
            tell(Gram::three(self.last));
        }
        self.is_beginning = false;
    }

    /// The same for one of ASCII: most are.
    fn take_plain(&mut self, c: char, begins: bool, tell: &mut impl FnMut(Gram)) {
        if !c.is_ascii_alphanumeric() {
            (self.row, self.is_beginning) = (0, false);
            return;
        }
        self.go_on(c);
        if self.row > 2 {
            tell(Gram::three(self.last));
        }
        if self.is_beginning {
            tell(Gram::beginning(self.last));
        }
        self.is_beginning = begins;
        if begins && c.is_ascii_digit() {
            tell(Gram::digit(c));
        }
    }

    fn go_on(&mut self, c: char) {
        self.row += 1;
        self.last = (self.last << LETTER | u64::from(c)) & ((1 << (3 * LETTER)) - 1);
    }
}

/// Tells the grams of a text. It is folded letter by letter, so that it is known where words may begin:
/// nowhere between two letters or digits of ASCII.
fn grams_of_text(text: &str, tell: &mut impl FnMut(Gram)) {
    let mut follower = Follower::default();
    let mut was_plain = false;
    for c in text.chars() {
        let is_plain = c.is_ascii_alphanumeric();
        let begins = !(was_plain && is_plain);
        was_plain = is_plain;
        if c.is_ascii() {
            follower.take_plain(c.to_ascii_lowercase(), begins, tell);
        } else if is_folded(c) {
            follower.take(c, begins, tell);
        } else {
            Gram::sign(c).into_iter().for_each(&mut *tell);
            folded(c.nfkd()).for_each(|c| follower.take(c, begins, tell));
        }
    }
}

/// Tells the grams of a word that is looked for, and was folded.
fn grams_of_word(word: &str, mut tell: impl FnMut(Gram)) {
    let mut follower = Follower::default();
    for (at, c) in word.char_indices() {
        follower.take(c, at == 0, &mut tell);
    }
}

/// Frequent letters that are folded to themselves, so that nobody need look: small ones of Cyrillic, those of
/// Hebrew, most of Arabic, and ideographs.
const fn is_folded(c: char) -> bool {
    matches!(c, 'а'..='и' | 'к'..='я' | 'א'..='ת' | 'ا'..='غ' | 'ف'..='ي' | '一'..='鿿')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Whether the sketch of a text admits what was typed.
    fn admits(key: &SketchKey, typed: &str, text: &str) -> bool {
        let demand = key.demand(&Query::new(typed).unwrap());
        key.sketch(text).is_none_or(|sketch| demand.is_met_by(&sketch))
    }

    /// Letters that are folded to others, change places, stand apart or join what is beside them.
    fn odd_text(most: usize) -> impl Strategy<Value = String> {
        let odd = "aabcEI19 .,'-_\n’ʼßẞİıſςΣéÉe\u{301}\u{323}\u{345}\u{20d0}\u{ad}\u{200d}ŉǰﬁ½Ⅷ²\
            ЖжЁйאבְּעمَـلا한국각天气は゛がデｶﾞﾂสวัสดีุ่ဗမာក្មེនक्षि་རྒྱུ🌳👩‍🌾♥️…—“”";
        let odd: Vec<char> = odd.chars().collect();
        let one = prop_oneof![4 => prop::sample::select(odd), 1 => any::<char>()];
        prop::collection::vec(one, 0..most).prop_map(String::from_iter)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(512))]

        #[test]
        fn what_is_found_in_a_text_is_admitted_by_its_sketch(
            text in prop_oneof![odd_text(60), ".{0,200}", "([a-zA-Zäß]{1,9}[ ,.’-]{1,2}){0,40}"],
            (from, length) in (any::<prop::sample::Index>(), 1..30_usize),
            other in odd_text(6),
            is_loud in any::<bool>(),
        ) {
            let key = SketchKey::default();
            // Mostly what stands there, whole words or not, as it is or in capitals; or anything.
            let part = text.chars().skip(from.index(text.len().max(1))).take(length);
            let part: String = if is_loud { part.flat_map(char::to_uppercase).collect() } else { part.collect() };
            let words = text.split_whitespace().step_by(2).take(8).collect::<Vec<_>>().join(" ");
            for typed in [part.clone(), format!("{part} {other}"), words, other] {
                if let Ok(query) = Query::new(&typed) && query.places(&text).is_some() {
                    prop_assert!(admits(&key, &typed, &text), "{typed:?} in {text:?}");
                }
            }
        }
    }

    #[test]
    fn what_is_found_with_odd_letters_is_admitted() {
        let found = [
            ("cafe", "im CAFÉ"),
            ("strasse", "die Straße"),
            ("naive", "Naïve?"),
            ("ete", "C’est l’ Été"),
            ("find", "ﬁnden"),
            ("οδος", "η οδός"),
            ("сегодня", "Сего́дня тихо"),
            ("天气", "今天天气很好"),
            ("สวัสดี", "คำว่าสวัสดีครับ"),
            ("سلام", "السَّلام سَلام"),
            ("한국", "한국어"),
            ("🌳", "a tree 🌳 stands"),
            ("self-care", "Some self-care."),
            ("don't", "We don’t know."),
            ("ab", "_x (ab)"),
            ("?!", "What?!"),
        ];
        for (typed, text) in found {
            assert!(Query::new(typed).unwrap().places(text).is_some(), "{typed:?} in {text:?}");
            assert!(admits(&SketchKey::default(), typed, text), "{typed:?} in {text:?}");
        }
    }

    #[test]
    fn what_is_taken_for_folded_is() {
        for c in ('\0'..=char::MAX).filter(|c| is_folded(*c)) {
            assert_eq!(folded(c.nfkd()).collect::<Vec<_>>(), [c]);
            assert!(c.is_alphanumeric() && canonical_combining_class(c) == 0, "{c:?}");
        }
    }

    #[test]
    fn most_texts_without_a_word_are_put_aside() {
        let said = "Yesterday evening I walked home along the canal and noticed that I had not been \
            thinking about work for a whole hour. It surprised me. Small thing, but I wanted to tell \
            somebody who would understand why.";
        let russian = "Вчера вечером я шёл домой вдоль канала и заметил, что целый час не думал о работе. \
            Это меня удивило. Мелочь, но мне хотелось рассказать тому, кто поймёт почему.";
        let chinese =
            "昨天晚上我沿着运河走回家，发现自己整整一个小时没有想工作的事。这让我很惊讶。";
        // Of 2000 keys, how many admit it. Each says something else of chance alone.
        let admitted = |typed: &str, text: &str| {
            (0..2000).filter(|_| admits(&SketchKey::default(), typed, text)).count()
        };
        for typed in ["bicycle", "xylophone", "zebra", "ursday", "Fahrrad", "🌳"] {
            assert!(admitted(typed, said) < 200, "{typed}: {}", admitted(typed, said));
        }
        assert!(admitted("велосипед", russian) < 60);
        assert!(admitted("猫粮", chinese) < 200);
        let words = SketchKey::default().sketch(said).unwrap().len();
        assert!((5..=8).contains(&words), "{words}");
        // What is said again takes no more, and a book takes a bounded room.
        assert_eq!(
            SketchKey::default().sketch(&[said, said].join(" ")).unwrap().len().abs_diff(words),
            0
        );
        let book: String = (0..20_000_u64)
            .map(|n| format!("{:x} ", n.wrapping_mul(0x9e37_79b9_7f4a_7c15)))
            .collect();
        assert!(SketchKey::default().sketch(&book).is_none_or(|sketch| sketch.len() == MAX_WORDS));
    }
}

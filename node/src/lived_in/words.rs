//! What people say in a circle that nobody is in: ordinary days, in one language, under `words/`. Nothing
//! is said twice in one life. It is not meant to be read closely, and says so nowhere: whoever compares
//! it with this program knows it (S-15).

use std::collections::BTreeMap;

use windbreak_protocol::content::Ask;
use windbreak_protocol::random::Random;
use windbreak_protocol::secret::Secret;

/// Of so many shares one begins with some words to begin with, and one ends with some to end with.
const OPENED: u64 = 3;
/// Of so many answers one has something more general before it, and one is nothing else.
const GENERAL: u64 = 4;

/// A language that such a life can be in.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Language {
    /// `words/en.txt`.
    English,
    /// `words/de.txt`.
    German,
    /// `words/es.txt`.
    Spanish,
}

impl Language {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::English, Self::German, Self::Spanish];

    const fn text(self) -> &'static str {
        match self {
            Self::English => include_str!("words/en.txt"),
            Self::German => include_str!("words/de.txt"),
            Self::Spanish => include_str!("words/es.txt"),
        }
    }
}

/// What one circle is like.
pub(super) struct Story {
    pub(super) title: &'static str,
    pub(super) names: Vec<&'static str>,
    pub(super) welcome: &'static str,
    pub(super) agreement: &'static str,
    pub(super) declaration: &'static str,
}

/// What is left to say in it.
pub(super) struct Talk {
    openings: Vec<&'static str>,
    closings: Vec<&'static str>,
    answers: Vec<&'static str>,
    thanks: Vec<&'static str>,
    topics: Vec<Topic>,
    /// How many of them somebody began.
    begun: usize,
}

/// A share, and what fits it as an answer.
struct Topic {
    ask: Ask,
    text: &'static str,
    replies: Vec<&'static str>,
}

/// What somebody says without being asked.
pub(super) struct Share {
    pub(super) ask: Ask,
    pub(super) text: String,
    /// What it is about, for [`Talk::reply`].
    pub(super) topic: usize,
}

/// Draws one of many circles, with all that can be said in it; none if the words are not there.
pub(super) fn begin(language: Language, draw: &mut Draw) -> Option<(Story, Talk)> {
    let mut parts: BTreeMap<&str, Vec<&'static str>> = BTreeMap::new();
    let mut part = "";
    for line in language.text().lines().filter(|line| !line.is_empty()) {
        match line.strip_prefix("== ") {
            Some(name) => part = name,
            None => parts.entry(part).or_default().push(line),
        }
    }
    let [welcome, agreement, declaration]: [&str; 3] = parts.remove("circle")?.try_into().ok()?;
    let topics = topics(&parts.remove("shares")?, draw)?;
    let topics = draw.shuffled(topics);
    let mut drawn = |name: &str| Some(draw.shuffled(parts.remove(name)?));
    let title = drawn("titles")?.pop()?;
    let story = Story { title, names: drawn("names")?, welcome, agreement, declaration };
    let talk = Talk {
        openings: drawn("openings")?,
        closings: drawn("closings")?,
        answers: drawn("answers")?,
        thanks: drawn("thanks")?,
        topics,
        begun: 0,
    };
    Some((story, talk))
}

/// Reads shares, which begin with `- ` or, where ideas are welcome, with `? `, and after each its answers,
/// which begin with `> `.
fn topics(lines: &[&'static str], draw: &mut Draw) -> Option<Vec<Topic>> {
    let mut topics: Vec<Topic> = Vec::new();
    for line in lines {
        let (mark, text) = line.split_once(' ')?;
        let ask = match mark {
            ">" => {
                topics.last_mut()?.replies.push(text);
                continue;
            }
            "?" => Ask::IdeasWelcome,
            _ => Ask::JustListening,
        };
        topics.push(Topic { ask, text, replies: Vec::new() });
    }
    for topic in &mut topics {
        topic.replies = draw.shuffled(std::mem::take(&mut topic.replies));
    }
    Some(topics)
}

impl Talk {
    /// A share, unless all was shared.
    pub(super) fn share(&mut self, draw: &mut Draw) -> Option<Share> {
        let (topic, Topic { ask, text, .. }) = (self.begun, self.topics.get(self.begun)?);
        self.begun += 1;
        // A question stands alone.
        let mut some = |words: &mut Vec<&'static str>| {
            (*ask == Ask::JustListening && draw.below(OPENED) == 0).then(|| words.pop()).flatten()
        };
        let (opening, closing) = (some(&mut self.openings), some(&mut self.closings));
        let parts: Vec<&str> = opening.into_iter().chain([*text]).chain(closing).collect();
        Some(Share { ask: *ask, text: parts.join(" "), topic })
    }

    /// What another says to a share, unless nothing that fits is left.
    pub(super) fn reply(&mut self, topic: usize, draw: &mut Draw) -> Option<String> {
        let Topic { ask, replies, .. } = self.topics.get_mut(topic)?;
        // Who asks for ideas gets some.
        let mut nothing = Vec::new();
        let general = if *ask == Ask::JustListening { &mut self.answers } else { &mut nothing };
        let parts = match draw.below(GENERAL) {
            0 => [general.pop(), replies.pop()],
            1 => [general.pop().or_else(|| replies.pop()), None],
            _ => [replies.pop().or_else(|| general.pop()), None],
        };
        let parts: Vec<&str> = parts.into_iter().flatten().collect();
        (!parts.is_empty()).then(|| parts.join(" "))
    }

    /// What somebody says to an answer they got.
    pub(super) fn thanks(&mut self) -> Option<String> {
        self.thanks.pop().map(str::to_owned)
    }
}

/// Draws what happens.
pub(super) struct Draw(Random);

impl Draw {
    pub(super) fn new(seed: Secret<32>) -> Self {
        Self(Random::from_seed(&seed))
    }

    pub(super) fn below(&mut self, bound: u64) -> u64 {
        self.0.below(bound)
    }

    pub(super) fn secret(&mut self) -> Secret<32> {
        self.0.secret()
    }

    /// The same in another order.
    fn shuffled<T>(&mut self, mut list: Vec<T>) -> Vec<T> {
        for at in (1..list.len()).rev() {
            list.swap(at, self.below(at as u64 + 1) as usize);
        }
        list
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    /// A circle in `language`, and all that is said in it until nobody has anything left to say.
    fn all_said(language: Language, seed: u8) -> (Story, Vec<String>) {
        let mut draw = Draw::new(Secret::from_bytes([seed; 32]));
        let (story, mut talk) = begin(language, &mut draw).unwrap();
        let mut said = Vec::new();
        while let Some(share) = talk.share(&mut draw) {
            said.push(share.text);
            said.extend(std::iter::from_fn(|| talk.reply(share.topic, &mut draw)));
        }
        said.extend(std::iter::from_fn(|| talk.thanks()));
        (story, said)
    }

    #[test]
    fn nothing_is_said_twice_in_one_life() {
        for (language, seed) in Language::ALL.into_iter().flat_map(|one| [(one, 1), (one, 2)]) {
            let (_, said) = all_said(language, seed);
            // More than the 54 days of the longest life have room for.
            assert!(said.len() > 130, "{language:?}: {}", said.len());
            let mut sentences = BTreeSet::new();
            for sentence in said.iter().flat_map(|text| text.split_inclusive(['.', '?', '!'])) {
                assert!(sentences.insert(sentence.trim()), "{language:?}: {sentence}");
            }
        }
    }

    #[test]
    fn every_language_has_as_much_to_say_in_its_own_words() {
        let all = Language::ALL.map(|language| {
            let mut draw = Draw::new(Secret::from_bytes([1; 32]));
            let (story, talk) = begin(language, &mut draw).unwrap();
            assert!(story.names.iter().collect::<BTreeSet<_>>().len() > 8);
            assert!(talk.topics.iter().all(|topic| topic.replies.len() > 1), "{language:?}");
            let asking = |topic: &&Topic| topic.ask == Ask::IdeasWelcome;
            let lists = [&talk.openings, &talk.closings, &talk.answers, &talk.thanks];
            let asked = talk.topics.iter().filter(asking).count();
            (talk.topics.len(), asked, lists.map(Vec::len))
        });
        assert_eq!((all[0], all[0]), (all[1], all[2]));
        let [english, german, spanish] = Language::ALL.map(|one| all_said(one, 3).1);
        let shared = |one: &[String], other: &[String]| one.iter().any(|text| other.contains(text));
        assert!(!shared(&english, &german) && !shared(&german, &spanish));
    }

    #[test]
    fn two_lives_differ() {
        let [one, other] = [1, 2].map(|seed| all_said(Language::English, seed).1);
        assert_ne!(one[..4], other[..4]);
    }
}

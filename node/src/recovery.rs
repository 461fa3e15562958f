//! The recovery phrase: twenty-four words that open the member keys of a profile. The words are
//! shown once and kept nowhere; the store has the public half of what they give.
//! Clause: specs/02-identity D-6.

use bip39::{Language, Mnemonic};
use windbreak_protocol::record::{Batch, Key, RecordKind};
use windbreak_protocol::recovery::{RecoveryKey, RecoverySecret};
use windbreak_protocol::secret::Secret;
use zeroize::Zeroizing;

use crate::store::{Store, StoreError, random};

/// Words of a phrase.
pub const PHRASE_WORDS: usize = 24;
/// The name of the record that holds the public half.
const NAME: &[u8] = b"recovery";

/// A recovery phrase. It is never printed by accident: whoever shows it says so.
pub struct Phrase(Zeroizing<[u8; 32]>);

/// Why words are no recovery phrase.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum PhraseError {
    /// The wrong number of words.
    #[error("a recovery phrase has {PHRASE_WORDS} words, and these are {0}; type all of them")]
    Count(usize),
    /// A word that is not in the list.
    #[error("word {0} is not in the list; compare it with what you wrote down")]
    Word(usize),
    /// All words are in the list, and they do not belong together.
    #[error(
        "the words do not belong together: one of them is another word, or two changed places; compare them with what you wrote down"
    )]
    Sum,
}

impl Phrase {
    /// A new phrase.
    ///
    /// # Errors
    /// [`StoreError::NoRandomness`].
    pub fn generate() -> Result<Self, StoreError> {
        Ok(Self(Zeroizing::new(random()?)))
    }

    /// Reads words as they were written down; case, the space between, and the numbers before them do
    /// not matter.
    ///
    /// # Errors
    /// [`PhraseError`] says which word it is, never what was typed.
    pub fn parse(text: &str) -> Result<Self, PhraseError> {
        let text = Zeroizing::new(text.to_lowercase());
        let is_number = |word: &&str| word.bytes().all(|byte| byte.is_ascii_digit());
        let words: Vec<&str> = text.split_whitespace().filter(|word| !is_number(word)).collect();
        if words.len() != PHRASE_WORDS {
            return Err(PhraseError::Count(words.len()));
        }
        let joined = Zeroizing::new(words.join(" "));
        let mnemonic = Mnemonic::parse_in_normalized(Language::English, &joined).map_err(
            |error| match error {
                bip39::Error::UnknownWord(at) => PhraseError::Word(at + 1),
                bip39::Error::BadWordCount(count) => PhraseError::Count(count),
                _ => PhraseError::Sum,
            },
        )?;
        let entropy = Zeroizing::new(mnemonic.to_entropy_array().0);
        let mut bytes = Zeroizing::new([0; 32]);
        bytes.copy_from_slice(&entropy[..32]);
        Ok(Self(bytes))
    }

    /// The words, to be shown once.
    #[must_use]
    pub fn words(&self) -> Zeroizing<String> {
        let mnemonic = Mnemonic::from_entropy_in(Language::English, self.0.as_slice());
        let words = mnemonic.map(|mnemonic| mnemonic.words().collect::<Vec<_>>().join(" "));
        // Thirty-two bytes always make twenty-four words.
        Zeroizing::new(words.unwrap_or_default())
    }

    /// The pair of keys it gives; `None` if this device cannot use them.
    pub(crate) fn keys(&self) -> Option<(RecoverySecret, RecoveryKey)> {
        RecoverySecret::derive(&Secret::from_bytes(*self.0))
    }

    /// Has a new profile's store seal member keys to this phrase.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn keep_public_half(&self, store: &mut dyn Store) -> Result<(), StoreError> {
        let Some((_, public)) = self.keys() else { return Err(StoreError::Damaged) };
        let mut batch = Batch::new();
        batch.put(key(), public.to_bytes());
        store.apply(batch)
    }
}

impl std::fmt::Debug for Phrase {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Phrase(…)")
    }
}

/// What the words of a phrase open.
///
/// # Errors
/// [`PhraseError`].
pub(crate) fn secret_of(words: &str) -> Result<RecoverySecret, PhraseError> {
    // A device that cannot use the keys has sealed nothing to them either.
    Phrase::parse(words)?.keys().map(|(secret, _)| secret).ok_or(PhraseError::Sum)
}

/// The record of the public half.
pub(crate) fn key() -> Key {
    Key::new(RecordKind::Node, &[NAME])
}

/// The public half that a store has; none in a profile that never had a phrase.
pub(crate) fn public_half(store: &dyn Store) -> Result<Option<RecoveryKey>, StoreError> {
    let Some(bytes) = store.get(&key())? else { return Ok(None) };
    RecoveryKey::from_bytes(&bytes).map(Some).map_err(|_| StoreError::Damaged)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_phrase_reads_back_however_it_was_typed() {
        let phrase = Phrase::generate().unwrap();
        let words = phrase.words();
        assert_eq!(words.split(' ').count(), PHRASE_WORDS);
        let typed = format!("  {}\n", words.to_uppercase().replace(' ', "  "));
        assert_eq!(Phrase::parse(&typed).unwrap().words(), words);
        // As it is shown: numbered, in lines of six.
        let numbered =
            words.split(' ').enumerate().map(|(at, word)| format!("{:2} {word}", at + 1));
        let numbered: Vec<String> = numbered.collect();
        let shown: Vec<String> = numbered.chunks(6).map(|line| line.join("  ")).collect();
        assert_eq!(Phrase::parse(&shown.join("\n")).unwrap().words(), words);
    }

    #[test]
    fn a_mistake_in_a_phrase_is_told_by_its_place() {
        let words = Phrase(Zeroizing::new([0; 32])).words();
        let list: Vec<&str> = words.split(' ').collect();
        assert_eq!(Phrase::parse(&list[1..].join(" ")).err(), Some(PhraseError::Count(23)));
        let mut other = list.clone();
        other[4] = "windbreak";
        assert_eq!(Phrase::parse(&other.join(" ")).err(), Some(PhraseError::Word(5)));
        let mut other = list;
        other[4] = "zoo";
        assert_eq!(Phrase::parse(&other.join(" ")).err(), Some(PhraseError::Sum));
    }
}

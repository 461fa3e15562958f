//! What is said in the demo: our own words, in several scripts, so that a scan has something to
//! look for that stands nowhere else.

use windbreak_protocol::limits::MAX_TEXT;

use crate::error::{Failure, Kind};
use crate::words::say;

pub(super) const TITLE: &str = "Evening walk by the canal";
pub(super) const WELCOME: &str = "Come as you are. Most of us arrive tired, and that is fine.";
pub(super) const DECLARATION: &str =
    "I work at a school. If a pupil of mine is in danger, I have to tell the school's counsellor.";
pub(super) const KNOCK_NOTE: &str = "Добрый вечер. A friend told me there is room on the bench.";
pub(super) const LETTER_TITLE: &str = "The walk I nearly did not take";
pub(super) const CONTENT_NOTE: &str = "sleepless nights, a long winter";
pub(super) const FIRST_REPLY: &str =
    "I read every word, twice. Thank you for staying at the bridge a little. 🌾";
pub(super) const SECOND_REPLY: &str = "Same here. ありがとう for writing it down.";
pub(super) const AFTER_REMOVAL: &str = "Only for those of us who are left at the canal tonight. 🕯️";

/// One of the hundred small things said while somebody is away.
pub(super) fn postcard(number: usize) -> String {
    format!("Postcard {number:03} from the towpath: the herons are back, and so is the light. 🪶")
}

/// A share of several kilobytes.
pub(super) const LETTER: &str = include_str!("letter.txt");

/// Characters of the pieces a text is looked for in.
const PIECE: usize = 16;

/// Refuses a text that cannot be shared, or that is too short to be looked for.
pub(super) fn check(text: &str) -> Result<(), Failure> {
    if text.trim().chars().count() < 2 * PIECE {
        let message = say!("demo-text-demo-fewer-than", limit = 2 * PIECE);
        return Err(Failure::new(
            Kind::Failed,
            "text_short",
            message,
            say!("demo-text-short-next"),
        ));
    }
    if text.len() > MAX_TEXT {
        let message = say!("write-text-too-long", limit = MAX_TEXT / 1024);
        return Err(Failure::new(
            Kind::Failed,
            "text_too_long",
            message,
            say!("demo-text-too-long-next"),
        ));
    }
    Ok(())
}

/// The pieces of a text that would be found wherever it stood in the clear.
pub(super) fn pieces(text: &str) -> Vec<String> {
    let chars: Vec<char> = text.trim().chars().collect();
    if chars.len() < 2 * PIECE {
        return vec![text.trim().to_owned()];
    }
    // Pieces of blanks stand in any file.
    let whole = chars.chunks_exact(PIECE).map(|piece| piece.iter().collect::<String>());
    whole
        .filter(|piece| piece.chars().filter(|c| c.is_alphanumeric()).count() >= PIECE / 2)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_letter_is_several_kilobytes_in_several_scripts() {
        assert!((4 * 1024..16 * 1024).contains(&LETTER.len()), "{}", LETTER.len());
        for script in ["а", "の", "م", "ש", "🌱", "👩🏽‍🌾"] {
            assert!(LETTER.contains(script), "{script}");
        }
        assert!(pieces(LETTER).len() > 100);
    }

    #[test]
    fn a_short_text_is_looked_for_as_a_whole() {
        assert_eq!(pieces(" Evening walk "), ["Evening walk"]);
    }
}

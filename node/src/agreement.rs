//! What a new circle agrees on if its maker brings no text of their own, in the languages that
//! Windbreak speaks; and what is different in a text that takes the place of another.

use similar::{ChangeTag, TextDiff};

use crate::api::message::{AgreementLine, Language, LineChange};

/// Lines of two texts that are compared. Of more all are told as gone and new: whoever proposes can make two
/// texts that would take long.
const MOST_LINES: usize = 2000;

/// The usual agreement in a language.
#[must_use]
pub const fn usual(language: Language) -> &'static str {
    match language {
        Language::En => include_str!("../assets/agreement.en.txt"),
        Language::De => include_str!("../assets/agreement.de.txt"),
        Language::Es => include_str!("../assets/agreement.es.txt"),
    }
}

/// What is different in `new`, line by line.
#[must_use]
pub fn differences(old: &str, new: &str) -> Vec<AgreementLine> {
    // How lines end, and whether the last one does, is no difference.
    let old: Vec<&str> = old.trim_end().lines().collect();
    let new: Vec<&str> = new.trim_end().lines().collect();
    if old.len() + new.len() > MOST_LINES {
        let told = |lines: Vec<&str>, change| {
            let line = move |text: &str| AgreementLine { change, text: text.to_owned() };
            lines.into_iter().map(line).collect::<Vec<_>>()
        };
        return [told(old, LineChange::Gone), told(new, LineChange::New)].concat();
    }
    let compared = TextDiff::from_slices(&old, &new);
    let line = |change: similar::Change<&str>| AgreementLine {
        change: match change.tag() {
            ChangeTag::Equal => LineChange::Same,
            ChangeTag::Delete => LineChange::Gone,
            ChangeTag::Insert => LineChange::New,
        },
        text: change.value().to_owned(),
    };
    compared.iter_all_changes().map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_differences_of_two_agreements_are_told_line_by_line() {
        let lines = differences("We listen.\r\nWe wait.", "We listen.\nWe begin with quiet.\n");
        let told: Vec<_> = lines.iter().map(|line| (line.change, line.text.as_str())).collect();
        assert_eq!(
            told,
            [
                (LineChange::Same, "We listen."),
                (LineChange::Gone, "We wait."),
                (LineChange::New, "We begin with quiet."),
            ]
        );
    }

    #[test]
    fn every_line_of_both_agreements_is_told_however_different_they_are() {
        // As many short lines as an agreement holds, all of them in another order.
        let old: String = (0..4000).map(|n| format!("{:x}\n", n * 7919 % 4001)).collect();
        let new: String = (0..4000).map(|n| format!("{:x}\n", n * 104_729 % 4003)).collect();
        let lines = differences(&old, &new);
        let side = |gone: LineChange| {
            let kept = lines.iter().filter(|line| line.change != gone);
            kept.map(|line| format!("{}\n", line.text)).collect::<String>()
        };
        assert!(side(LineChange::New) == old && side(LineChange::Gone) == new);
    }
}

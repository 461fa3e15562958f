//! What a new circle agrees on if its maker brings no text of their own, in the languages that
//! Windbreak speaks.

use crate::api::message::Language;

/// The usual agreement in a language.
#[must_use]
pub const fn usual(language: Language) -> &'static str {
    match language {
        Language::En => include_str!("../assets/agreement.en.txt"),
        Language::De => include_str!("../assets/agreement.de.txt"),
        Language::Es => include_str!("../assets/agreement.es.txt"),
    }
}

//! The texts of all languages.

use std::cell::Cell;

use super::*;

thread_local! {
    static SPOKEN: Cell<Option<Language>> = const { Cell::new(None) };
}

pub(super) fn language_of_this_thread() -> Option<Language> {
    SPOKEN.get()
}

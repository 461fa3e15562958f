//! Which language is spoken: typed, from the environment, or that of the system.

use std::ffi::OsString;
use std::sync::OnceLock;

use super::Language;

static CHOSEN: OnceLock<Language> = OnceLock::new();

/// What is asked first to last for the language of the system, as POSIX has it.
const SYSTEM: [&str; 3] = ["LC_ALL", "LC_MESSAGES", "LANG"];

/// The language of this process.
pub(super) fn chosen() -> Language {
    CHOSEN.get().copied().unwrap_or(Language::English)
}

/// Chooses the language, once, from what was typed; programs are always answered in English.
pub(crate) fn choose(typed: &[OsString]) {
    let language = of(typed, |name| std::env::var_os(name));
    // Whoever chose first is listened to: nothing changes its language on the way.
    let _ = CHOSEN.set(language);
}

fn of(typed: &[OsString], environment: impl Fn(&str) -> Option<OsString>) -> Language {
    let words = || typed.iter().map(|word| word.to_string_lossy()).take_while(|word| word != "--");
    if words().any(|word| word == "--json") {
        return Language::English;
    }
    let beside = words().find_map(|word| word.strip_prefix("--language=").map(str::to_owned));
    let after = || words().skip_while(|word| word != "--language").nth(1).map(String::from);
    if let Some(language) = beside.or_else(after).and_then(|name| named(&name)) {
        return language;
    }
    let set = |name: &str| environment(name).filter(|value| !value.is_empty());
    if let Some(name) = set("WINDBREAK_LANGUAGE") {
        return named(&name.to_string_lossy()).unwrap_or(Language::English);
    }
    let system = SYSTEM.iter().find_map(|name| set(name));
    system.and_then(|name| named(&name.to_string_lossy())).unwrap_or(Language::English)
}

/// The language of a tag or of a locale: `de`, `de-AT`, `de_DE.UTF-8`.
fn named(name: &str) -> Option<Language> {
    let language = name.split(['-', '_', '.', '@']).next()?.to_ascii_lowercase();
    Language::ALL.into_iter().find(|known| known.tag() == language)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spoken(typed: &[&str], set: &[(&str, &str)]) -> Language {
        let typed: Vec<OsString> = typed.iter().map(OsString::from).collect();
        of(&typed, |name| {
            set.iter().find(|(known, _)| *known == name).map(|(_, value)| OsString::from(value))
        })
    }

    #[test]
    fn what_is_typed_comes_before_the_environment() {
        let set = [("WINDBREAK_LANGUAGE", "es"), ("LANG", "en_US.UTF-8")];
        assert_eq!(spoken(&["windbreak", "--language", "de"], &set), Language::German);
        assert_eq!(spoken(&["windbreak", "--language=de"], &set), Language::German);
        assert_eq!(spoken(&["windbreak"], &set), Language::Spanish);
        assert_eq!(spoken(&["windbreak", "--", "--language", "de"], &set), Language::Spanish);
    }

    #[test]
    fn the_system_is_heard_in_its_order() {
        let set = [("LC_ALL", ""), ("LC_MESSAGES", "de_AT.UTF-8"), ("LANG", "es_ES.UTF-8")];
        assert_eq!(spoken(&[], &set), Language::German);
        assert_eq!(spoken(&[], &[("LC_ALL", "C"), ("LANG", "de_DE")]), Language::English);
        assert_eq!(spoken(&[], &[("LANG", "tlh")]), Language::English);
    }

    #[test]
    fn programs_are_answered_in_english() {
        let typed = ["windbreak", "--language", "de", "--json", "circle", "list"];
        assert_eq!(spoken(&typed, &[("LANG", "de_DE.UTF-8")]), Language::English);
    }
}

//! What the program says to a person, in the language that was chosen once for the process.
//!
//! The texts stand in `locales/`, one folder for each language, as Fluent messages. A message that
//! a language lacks is said in English. Values put into a text are kept apart from it where they
//! run in the other direction. Programs are answered in English: `--json` chooses it.

mod choice;
mod isolate;
mod node;
#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::sync::OnceLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentError, FluentResource, FluentValue};
use unic_langid::LanguageIdentifier;
use windbreak_node::agreement;
use windbreak_node::api::message;

pub(crate) use choice::choose;
pub(crate) use isolate::{FIRST_STRONG, POP, is_isolate, isolated, whole_lines};
pub(crate) use node::known;

/// The texts of one language, embedded.
macro_rules! texts {
    ($folder:literal) => {
        &[
            include_str!(concat!("../locales/", $folder, "/general.ftl")),
            include_str!(concat!("../locales/", $folder, "/circle.ftl")),
            include_str!(concat!("../locales/", $folder, "/talk.ftl")),
            include_str!(concat!("../locales/", $folder, "/device.ftl")),
            include_str!(concat!("../locales/", $folder, "/network.ftl")),
            include_str!(concat!("../locales/", $folder, "/demo.ftl")),
            include_str!(concat!("../locales/", $folder, "/engine.ftl")),
            include_str!(concat!("../locales/", $folder, "/node.ftl")),
            include_str!(concat!("../locales/", $folder, "/help.ftl")),
        ]
    };
}

/// A text by its key, with what is to stand in it: `say!("key")` or `say!("key", title, days = 7)`.
macro_rules! say {
    ($key:literal $(,)?) => { $crate::words::plain($key) };
    ($key:literal, $($name:ident $(= $value:expr)?),+ $(,)?) => {
        $crate::words::filled(
            $key,
            &[$((stringify!($name), $crate::words::say!(@value $name $(= $value)?))),+],
        )
    };
    (@value $name:ident) => { $crate::words::Speak::spoken(&$name) };
    (@value $name:ident = $value:expr) => { $crate::words::Speak::spoken(&$value) };
}
pub(crate) use say;

/// A language that the program speaks.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Language {
    English,
    German,
    Spanish,
}

impl Language {
    /// All of them, English first.
    pub(crate) const ALL: [Self; 3] = [Self::English, Self::German, Self::Spanish];

    /// Its tag, as it is chosen.
    pub(crate) const fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::German => "de",
            Self::Spanish => "es",
        }
    }

    const fn texts(self) -> &'static [&'static str] {
        match self {
            Self::English => texts!("en"),
            Self::German => texts!("de"),
            Self::Spanish => texts!("es"),
        }
    }

    /// What a new circle agrees on if its maker brings no text of their own.
    pub(crate) const fn agreement(self) -> &'static str {
        agreement::usual(self.of_the_node())
    }

    /// The same, as the local API calls it.
    pub(crate) const fn of_the_node(self) -> message::Language {
        match self {
            Self::English => message::Language::En,
            Self::German => message::Language::De,
            Self::Spanish => message::Language::Es,
        }
    }

    /// What stands below the short help of all commands.
    pub(crate) const fn after_help(self) -> &'static str {
        match self {
            Self::English => include_str!("../locales/en/after-help.txt"),
            Self::German => include_str!("../locales/de/after-help.txt"),
            Self::Spanish => include_str!("../locales/es/after-help.txt"),
        }
    }

    /// What stands below the long help of all commands.
    pub(crate) const fn after_long_help(self) -> &'static str {
        match self {
            Self::English => include_str!("../locales/en/after-long-help.txt"),
            Self::German => include_str!("../locales/de/after-long-help.txt"),
            Self::Spanish => include_str!("../locales/es/after-long-help.txt"),
        }
    }

    /// What is said in it; read when it is first needed.
    fn words(self) -> &'static Words {
        static ENGLISH: OnceLock<Words> = OnceLock::new();
        static GERMAN: OnceLock<Words> = OnceLock::new();
        static SPANISH: OnceLock<Words> = OnceLock::new();
        let place = match self {
            Self::English => &ENGLISH,
            Self::German => &GERMAN,
            Self::Spanish => &SPANISH,
        };
        place.get_or_init(|| Words::new(self.tag(), self.texts()))
    }
}

/// All that one language says.
struct Words {
    bundle: FluentBundle<FluentResource>,
    /// Texts in which nothing is put, ready.
    plain: HashMap<String, String>,
    right_to_left: bool,
}

impl Words {
    fn new(tag: &str, texts: &[&str]) -> Self {
        let id: LanguageIdentifier = tag.parse().unwrap_or_default();
        let right_to_left = isolate::is_right_to_left(id.language.as_str());
        let mut bundle = FluentBundle::new_concurrent(vec![id]);
        // Values are kept apart where it matters; elsewhere the marks would only be in the way.
        bundle.set_use_isolating(false);
        let mut keys = Vec::new();
        for text in texts {
            // A file with a mistake still gives what is right in it; a test finds the mistake.
            let resource = FluentResource::try_new((*text).to_owned())
                .unwrap_or_else(|(resource, _)| resource);
            keys.extend(resource.entries().filter_map(node::key).map(str::to_owned));
            bundle.add_resource_overriding(resource);
        }
        let mut words = Self { bundle, plain: HashMap::new(), right_to_left };
        let plain = keys.into_iter().filter_map(|key| Some((words.say(&key, None)?, key)));
        words.plain = plain.map(|(text, key)| (key, text)).collect();
        words
    }

    /// A text with what stands in it, unless it is missing or asks for something else.
    fn say(&self, key: &str, values: Option<&FluentArgs<'_>>) -> Option<String> {
        let pattern = self.bundle.get_message(key)?.value()?;
        let mut errors: Vec<FluentError> = Vec::new();
        let text = self.bundle.format_pattern(pattern, values, &mut errors).into_owned();
        errors.is_empty().then_some(text)
    }

    fn fill(&self, key: &str, values: &[(&str, Spoken<'_>)]) -> Option<String> {
        let mut args = FluentArgs::with_capacity(values.len());
        for (name, value) in values {
            args.set((*name).to_owned(), value.value(self.right_to_left));
        }
        self.say(key, Some(&args))
    }
}

/// A value in a text.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Spoken<'a> {
    Number(u64),
    Text(&'a str),
}

impl<'a> Spoken<'a> {
    fn value(self, right_to_left: bool) -> FluentValue<'a> {
        match self {
            Self::Number(number) => FluentValue::from(number),
            Self::Text(text) => FluentValue::String(isolated(text, right_to_left)),
        }
    }
}

/// What can stand in a text: words as they are, numbers for the language to count by.
pub(crate) trait Speak {
    fn spoken(&self) -> Spoken<'_>;
}

impl Speak for str {
    fn spoken(&self) -> Spoken<'_> {
        Spoken::Text(self)
    }
}

impl Speak for String {
    fn spoken(&self) -> Spoken<'_> {
        Spoken::Text(self)
    }
}

impl<T: Speak + ?Sized> Speak for &T {
    fn spoken(&self) -> Spoken<'_> {
        T::spoken(self)
    }
}

macro_rules! speak_numbers {
    ($($number:ty),+) => {$(
        impl Speak for $number {
            fn spoken(&self) -> Spoken<'_> {
                Spoken::Number(u64::try_from(*self).unwrap_or(u64::MAX))
            }
        }
    )+};
}
speak_numbers!(u8, u16, u32, u64, usize);

/// The language of this process; English until it is chosen.
pub(crate) fn language() -> Language {
    #[cfg(test)]
    if let Some(language) = tests::language_of_this_thread() {
        return language;
    }
    choice::chosen()
}

/// A text in which nothing is put.
pub(crate) fn plain(key: &'static str) -> &'static str {
    let spoken = language().words().plain.get(key);
    spoken.or_else(|| Language::English.words().plain.get(key)).map_or(key, String::as_str)
}

/// A text with what stands in it.
pub(crate) fn filled(key: &'static str, values: &[(&str, Spoken<'_>)]) -> String {
    let spoken = language().words().fill(key, values);
    spoken.or_else(|| Language::English.words().fill(key, values)).unwrap_or_else(|| key.to_owned())
}

/// One of several things in a line: kept apart if it runs in the other direction.
pub(crate) fn apart(words: &str) -> String {
    isolated(words, language().words().right_to_left).into_owned()
}

/// Several things in a line, each kept apart if it runs in the other direction.
pub(crate) fn listed<T: AsRef<str>>(things: &[T], between: &str) -> String {
    things.iter().map(|thing| apart(thing.as_ref())).collect::<Vec<_>>().join(between)
}

//! Names of towns and employers behind words like "I live in": by their capital, or, since many
//! people write without capitals, by standing alone where a name would, unless the words are ones
//! that people say there anyway ("in fear", "at night"). It knows no names.

use super::HintKind;

/// Words of one name without a capital, as in `milton keynes`.
const MAX_WORDS: usize = 3;

/// What has to stand behind a phrase.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Wants {
    /// A name in whichever letters.
    Name,
    /// A name with a capital: without one the phrase says other things too ("je viens de manger").
    Capital,
}

/// After these somebody names where they live, work or learn; each is one way to say so.
#[rustfmt::skip]
pub(super) const PHRASES: [(HintKind, Wants, &str); 31] = {
    use HintKind::{Employer, Place};
    use Wants::{Capital, Name};
    [
        (Place, Name, r"(?:I|we)(?:['’]m|['’]re| am| are)? (?:live|lived|living) (?:in|at|near)"),
        (Place, Name, r"(?:I['’]?m|we['’]re|(?:I|we) (?:am|are|come|came)) from"),
        (Place, Name, r"ich (?:wohne|wohnte|lebe|lebte) in"),
        (Place, Name, r"(?:ich komme|wir kommen) aus"),
        (Place, Name, r"j['’]habite (?:à|a|en|au)"),
        (Place, Capital, r"je viens de"),
        (Place, Name, r"vivo en"),
        (Place, Capital, r"soy de"),
        (Place, Name, r"(?:vivo|abito) a"),
        (Place, Capital, r"(?:vengo da|sono di)"),
        (Place, Name, r"(?:moro|vivo) em"),
        (Place, Capital, r"sou (?:de|do|da)"),
        (Place, Name, r"ik woon in"),
        (Place, Name, r"ik kom uit"),
        (Place, Name, r"mieszkam (?:w|we)"),
        (Place, Name, r"pochodzę (?:z|ze)"),
        (
            Employer,
            Name,
            r"(?:I|we)(?:['’]m|['’]re| am| are| was| were)? (?:work|worked|working|employed|teach|study|studying) (?:at|for|by)",
        ),
        (Employer, Capital, r"(?:my|our) (?:employer|company|school|university) is"),
        (Employer, Name, r"ich (?:arbeite|studiere) (?:bei|für)"),
        (Employer, Name, r"ich (?:arbeite|studiere) (?:an der|bei der|beim|im)"),
        (Employer, Name, r"je travaille (?:chez|pour|à)"),
        (Employer, Name, r"trabajo (?:en|para)"),
        (Employer, Name, r"estudio en"),
        (Employer, Name, r"trabalho (?:na|no|para)"),
        (Employer, Name, r"estudo (?:na|no)"),
        (Employer, Name, r"ik werk (?:bij|voor)"),
        (Employer, Name, r"ik studeer aan"),
        (Employer, Name, r"lavoro (?:per|da|presso|alla)"),
        (Employer, Capital, r"studio a"),
        (Employer, Name, r"pracuję (?:w|we|dla)"),
        (Employer, Name, r"studiuję (?:na|w)"),
    ]
};

/// Words before a name with a capital that are not part of it.
const ARTICLES: &[&str] = &[
    "the", "a", "der", "die", "das", "den", "dem", "la", "le", "el", "los", "las", "les", "de",
    "het", "il", "lo", "o", "os", "as",
];

/// What ends a name without a capital when it comes behind it.
const JOINTS: &[&str] = &[
    "and", "but", "with", "since", "now", "for", "on", "in", "at", "near", "by", "as", "to",
    "where", "which", "because", "so", "too", "again", "still", "und", "aber", "mit", "seit", "wo",
    "weil", "jetzt", "et", "mais", "avec", "depuis", "y", "pero", "con", "desde", "e", "ma", "da",
    "mas", "com", "desde", "en", "maar", "met", "sinds", "i", "ale", "z", "od",
];

/// What people say behind these phrases that names neither a town nor an employer, or no one place:
/// where one of these stands, nothing is hinted at.
#[rustfmt::skip]
const NO_NAMES: &[&str] = &[
    // English.
    "a", "an", "the", "my", "our", "your", "his", "her", "their", "its", "this", "that", "these", "those",
    "it", "them", "him", "me", "us", "you", "myself", "ourselves", "someone", "somebody", "people", "who",
    "what", "here", "there", "where", "nowhere", "somewhere", "elsewhere", "anywhere", "everywhere", "one",
    "two", "three", "four", "five", "some", "any", "no", "not", "all", "both", "many", "every", "each",
    "more", "less", "much", "such", "of", "if", "or", "is", "are", "was", "fear", "terror", "pain", "hope",
    "peace", "silence", "darkness", "dark", "denial", "poverty", "shame", "guilt", "grief", "dread",
    "anxiety", "worry", "panic", "stress", "hell", "limbo", "doubt", "misery", "constant", "permanent",
    "constantly", "chaos", "isolation", "loneliness", "exile", "hiding", "secret", "sin", "bed", "care",
    "fog", "dreams", "memories", "times", "time", "night", "nights", "day", "days", "week", "weeks",
    "weekend", "weekends", "month", "months", "year", "years", "hour", "hours", "minutes", "ages", "ever",
    "now", "today", "then", "once", "last", "least", "most", "first", "home", "work", "school", "university",
    "college", "uni", "work", "hospital", "rehab", "therapy", "town", "peoples", "family", "living", "money",
    "free", "nothing", "something", "everything", "anything", "fun", "food", "rent", "love", "life", "number",
    "high", "low", "full", "half", "part", "early", "late", "pace", "being", "having", "getting", "doing",
    "exams", "hand", "hands", "heart", "myself", "experience", "outside", "inside", "afar", "abroad",
    "different", "difficult", "hard", "interesting", "small", "big", "old",
    // German.
    "ein", "eine", "einem", "einer", "einen", "dem", "den", "der", "die", "das", "mir", "mich", "uns", "dir",
    "ihm", "ihr", "ihnen", "mein", "meine", "meinem", "meinen", "meiner", "unserem", "unserer", "diesem",
    "dieser", "angst", "ängsten", "panik", "sorge", "sorgen", "hoffnung", "frieden", "armut", "stille",
    "schmerz", "schmerzen", "trauer", "scham", "dunkeln", "dunkelheit", "moment", "augenblick", "garten",
    "homeoffice", "büro", "schichtdienst", "schicht", "team", "sommer", "winter", "herbst", "frühling",
    "haushalt", "kopf", "bett", "liegen", "stehen", "sitzen", "freien", "verborgenen", "hintergrund",
    "nachtdienst", "akkord", "therapie", "klinik", "dusche", "krise", "arbeit", "schule", "hause", "zuhause",
    "ganzen", "zwei", "drei", "eltern", "freunden", "familie", "vergangenheit", "geld", "nichts", "alles",
    "wenig", "viel", "immer", "nicht", "nie", "verdrängung", "ständiger", "trennung", "scheidung", "haus",
    "zukunft", "zwischen", "tag", "nacht", "außen", "zeit", "zeiten", "puste", "übung",
    // French.
    "un", "une", "des", "du", "de", "la", "le", "les", "mon", "ma", "mes", "moi", "nous", "ce", "cette",
    "domicile", "temps", "mi-temps", "maison", "ville", "campagne", "paix", "peur", "vivre", "rien", "plein",
    "perte", "côté", "distance", "ça", "deux",
    // Spanish.
    "el", "los", "las", "lo", "una", "uno", "mi", "mí", "mis", "mío", "casa", "paz", "miedo", "dolor",
    "silencio", "esperanza", "soledad", "equipo", "esto", "eso", "ello", "este", "esta", "vivir", "nada",
    "turnos", "negro", "alerta", "constante", "ti", "nosotros", "ella", "él", "pareja", "familia", "ellos",
    "calma", "tensión", "pocas", "diario", "medias", "oscuridad", "pasado", "pobreza", "ansiedad", "pánico",
    // Italian.
    "il", "gli", "i", "un'", "me", "te", "noi", "mio", "mia", "pace", "paura", "silenzio", "solo", "sola",
    "sempre", "anni", "mesi", "ore", "tempo", "vivere", "due", "turni", "nero", "memoria", "fatica", "lungo",
    "piano", "modo", "metà",
    // Portuguese.
    "o", "os", "as", "um", "uma", "mim", "meu", "minha", "medo", "silêncio", "dor", "viver", "noite", "dia",
    "equipa", "equipe", "escuro", "momento", "isso", "isto", "anos", "solidão",
    // Dutch.
    "een", "het", "mijn", "ons", "onze", "mij", "mezelf", "angst", "pijn", "rust", "huis", "thuis", "stilte",
    "geld", "niets", "jaren", "dit", "deze", "ouders", "nood", "avond", "twee", "zichzelf", "elkaar",
    // Polish.
    "domu", "mieście", "nocy", "dzień", "strachu", "lęku", "bólu", "ciszy", "spokoju", "samotności", "pracy",
    "firmie", "siebie", "tym", "tej", "mojej", "moim", "małym", "dużym", "zespole", "weekendy", "nocy",
    "pieniędzy", "ciągłym", "biurze", "rodziny",
];

/// Bytes of what stands behind a phrase until the end of a name, if there is one.
pub(super) fn named(after: &str, wants: Wants) -> Option<usize> {
    let first = word(after)?;
    let second =
        after.get(first.len()..).and_then(|rest| Some(1 + word(rest.strip_prefix(' ')?)?.len()));
    let is_article = is_in(ARTICLES, first);
    // In German every noun has a capital: what people say there anyway is none the more a name.
    if let Some(end) = second.filter(|_| is_article).map(|more| first.len() + more) {
        let name = after.get(first.len() + 1..end)?;
        return (is_capital(name) && !is_in(NO_NAMES, name)).then_some(end);
    }
    if is_capital(first) {
        let is_name = first.chars().count() > 1 && !is_in(NO_NAMES, first);
        return is_name.then_some(first.len());
    }
    if wants == Wants::Capital { None } else { alone(after) }
}

/// A name without a capital: few words up to where the thought ends, none of which is said there anyway.
fn alone(after: &str) -> Option<usize> {
    let mut end = 0;
    for count in 0..=MAX_WORDS {
        let start = if count == 0 { 0 } else { end + 1 };
        let goes_on = count == 0 || after.get(end..start) == Some(" ");
        let next = after.get(start..).filter(|_| goes_on).and_then(word);
        match next {
            None if count > 0 => return Some(end),
            Some(next) if count > 0 && is_in(JOINTS, next) => return Some(end),
            Some(next)
                if count < MAX_WORDS && next.chars().count() > 1 && !is_in(NO_NAMES, next) =>
            {
                end = start + next.len();
            }
            _ => return None,
        }
    }
    None
}

/// The word that a text begins with.
fn word(text: &str) -> Option<&str> {
    let goes_on = |c: char| c.is_alphanumeric() || matches!(c, '&' | '\'' | '’' | '-');
    let end = text.find(|c| !goes_on(c)).unwrap_or(text.len());
    let word = text.get(..end)?.trim_end_matches(['\'', '’', '-']);
    word.starts_with(char::is_alphabetic).then_some(word)
}

fn is_capital(word: &str) -> bool {
    word.starts_with(char::is_uppercase)
}

fn is_in(words: &[&str], word: &str) -> bool {
    let word = word.to_lowercase();
    words.contains(&word.as_str())
}

/// Words with a capital, or months and measures, that stand behind a number of four to six figures and
/// are no town.
#[rustfmt::skip]
const NO_TOWNS: &[&str] = &[
    "euro", "euros", "eur", "franken", "chf", "dollar", "dollars", "pfund", "pounds", "kronen", "cent",
    "schritte", "schritten", "steps", "pasos", "passi", "pas", "meter", "metern", "kilometer", "kilometern",
    "meters", "metres", "miles", "meilen", "kilo", "gramm", "milligramm", "liter", "kalorien", "calories",
    "menschen", "leute", "personen", "people", "einwohner", "mitglieder", "tage", "tagen", "days", "stunden",
    "hours", "minuten", "sekunden", "wochen", "monate", "jahre", "jahren", "years", "mal", "times", "uhr",
    "seiten", "wörter", "worte", "words", "follower", "nachrichten", "prozent", "watt", "gründe", "dinge",
    "januar", "februar", "märz", "april", "mai", "juni", "juli", "august", "september", "oktober", "november",
    "dezember", "january", "february", "march", "may", "june", "july", "october", "december", "monday",
    "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "montag", "dienstag", "mittwoch",
    "donnerstag", "freitag", "samstag", "sonntag",
];

/// Towns whose numbers look like the years people tell of; of others with such a number nothing is known.
#[rustfmt::skip]
const TOWNS_LIKE_YEARS: &[&str] = &[
    "antwerpen", "antwerp", "anvers", "berchem", "zaventem", "frederiksberg", "neuchâtel", "neuenburg",
    "stockerau", "szentendre", "sion", "sitten", "martigny", "lillestrøm", "boksburg", "johannesburg",
];

/// Whether a number and the word behind it can be a postcode and a town. `before` is what stands before.
pub(super) fn is_town(before: &str, found: &str) -> bool {
    let is_price = before.trim_end().ends_with(['€', '$', '£', '¥', '#']);
    let goes_on =
        before.ends_with(|c: char| c.is_ascii_digit() || matches!(c, '.' | ',' | '-' | ':'));
    let Some((number, town)) = found.split_once(char::is_whitespace) else {
        return true;
    };
    let is_year = number.len() == 4 && (number.starts_with("19") || number.starts_with("20"));
    let is_free = !is_in(NO_TOWNS, town) && !is_in(NO_NAMES, town);
    !is_price && !goes_on && is_free && (!is_year || is_in(TOWNS_LIKE_YEARS, town))
}

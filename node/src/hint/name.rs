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
    /// A name, where German says states as well ("ich komme aus dem Grübeln nicht heraus"): no noun whose
    /// ending makes it one, and behind an article only a land.
    German,
    /// A name, where verbs stand as well ("trabajo en mejorar").
    NoVerb,
}

/// After these somebody names where they live, work or learn; each is one way to say so.
#[rustfmt::skip]
pub(super) const PHRASES: [(HintKind, Wants, &str); 33] = {
    use HintKind::{Employer, Place};
    use Wants::{Capital, German, Name, NoVerb};
    [
        (Place, Name, r"(?:I|we)(?:['’]m|['’]re| am| are)? (?:live|lived|living) (?:in|at|near)"),
        (Place, Name, r"(?:I['’]?m|we['’]re|(?:I|we) (?:am|are|come|came)) from"),
        (Place, Name, r"ich (?:wohne|wohnte) in"),
        (Place, German, r"ich (?:lebe|lebte) in"),
        (Place, German, r"(?:ich komme|wir kommen) aus"),
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
        (Employer, Name, r"ich (?:arbeite|studiere) (?:bei der|beim|im)"),
        (Employer, German, r"ich (?:arbeite|studiere) an der"),
        (Employer, NoVerb, r"je travaille (?:chez|pour|à)"),
        (Employer, NoVerb, r"trabajo (?:en|para)"),
        (Employer, Name, r"estudio en"),
        (Employer, NoVerb, r"trabalho (?:na|no|para)"),
        (Employer, Name, r"estudo (?:na|no)"),
        (Employer, Name, r"ik werk (?:bij|voor)"),
        (Employer, Name, r"ik studeer aan"),
        (Employer, NoVerb, r"lavoro (?:per|da|presso|alla)"),
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
    "different", "difficult", "hard", "interesting", "small", "big", "old", "despair", "survival", "sadness",
    "regret", "solitude", "depression", "supported", "sheltered", "assisted", "temporary", "trauma", "abuse",
    "neglect", "violence", "addiction", "dialysis", "chemo", "surgery", "sorrow", "anger", "rage", "agony",
    "anguish", "exhaustion", "confusion", "uncertainty", "recovery", "debt", "crisis", "prison", "jail",
    "detox", "harmony", "comfort", "nature", "example", "finals",
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
    "zukunft", "zwischen", "tag", "nacht", "außen", "zeit", "zeiten", "puste", "übung", "beziehung",
    "einsamkeit", "unsicherheit", "verzweiflung", "akzeptanz", "partnerschaft", "ehe", "miete", "heim",
    "schichtbetrieb", "außendienst", "innendienst", "einzelhandel", "krankenhaus", "altenheim", "pflegeheim",
    "kindergarten", "ausland", "verkauf", "vertrieb",
    // French.
    "un", "une", "des", "du", "de", "la", "le", "les", "mon", "ma", "mes", "moi", "nous", "ce", "cette",
    "domicile", "temps", "mi-temps", "maison", "ville", "campagne", "paix", "peur", "vivre", "rien", "plein",
    "perte", "côté", "distance", "ça", "deux", "banlieue", "province", "foyer", "colocation", "coloc", "couple",
    "appartement", "résidence", "centre-ville", "montagne", "eux", "elle", "elles", "lui", "toi", "vous",
    // Spanish.
    "el", "los", "las", "lo", "una", "uno", "mi", "mí", "mis", "mío", "casa", "paz", "miedo", "dolor",
    "silencio", "esperanza", "soledad", "equipo", "esto", "eso", "ello", "este", "esta", "vivir", "nada",
    "turnos", "negro", "alerta", "constante", "ti", "nosotros", "ella", "él", "pareja", "familia", "ellos",
    "calma", "tensión", "pocas", "diario", "medias", "oscuridad", "pasado", "pobreza", "ansiedad", "pánico",
    "angustia", "automático", "piloto", "duelo", "tristeza", "depresión", "estrés", "culpa", "vergüenza",
    "rabia", "incertidumbre", "caos", "crisis", "alquiler", "compañía", "negación", "remoto",
    // Italian.
    "il", "gli", "i", "un'", "me", "te", "noi", "mio", "mia", "pace", "paura", "silenzio", "solo", "sola",
    "sempre", "anni", "mesi", "ore", "tempo", "vivere", "due", "turni", "nero", "memoria", "fatica", "lungo",
    "piano", "modo", "metà", "ieri", "oggi", "mattina", "sera", "notte", "giorni", "settimane", "ansia",
    // Portuguese.
    "o", "os", "as", "um", "uma", "mim", "meu", "minha", "medo", "silêncio", "dor", "viver", "noite", "dia",
    "equipa", "equipe", "escuro", "momento", "isso", "isto", "anos", "solidão",
    // Dutch.
    "een", "het", "mijn", "ons", "onze", "mij", "mezelf", "angst", "pijn", "rust", "huis", "thuis", "stilte",
    "geld", "niets", "jaren", "dit", "deze", "ouders", "nood", "avond", "twee", "zichzelf", "elkaar",
    "balans", "onzekerheid", "eenzaamheid", "verdriet", "depressie", "appartement", "flat",
    // Polish.
    "domu", "mieście", "nocy", "dzień", "strachu", "lęku", "bólu", "ciszy", "spokoju", "samotności", "pracy",
    "firmie", "siebie", "tym", "tej", "mojej", "moim", "małym", "dużym", "zespole", "weekendy", "nocy",
    "pieniędzy", "ciągłym", "biurze", "rodziny", "bloku", "kamienicy", "mieszkaniu", "akademiku", "kawalerce",
    "depresji", "chaosie", "niepewności", "ciemności",
];

/// Lands and parts of lands that German says with an article.
#[rustfmt::skip]
const LANDS: &[&str] = &[
    "schweiz", "türkei", "ukraine", "slowakei", "mongolei", "niederlande", "niederlanden", "usa", "ddr",
    "philippinen", "bahamas", "malediven", "elfenbeinküste", "emiraten", "iran", "irak", "libanon", "jemen",
    "sudan", "südsudan", "kosovo", "kongo", "senegal", "tschad", "oman", "saarland", "allgäu", "ruhrgebiet",
    "ruhrpott", "schwarzwald", "harz", "pfalz", "eifel", "lausitz", "altmark", "uckermark", "steiermark",
    "toskana", "bretagne", "normandie", "provence", "lombardei",
];

/// Endings of German nouns that say a state or a doing.
const GERMAN_STATES: [&str; 5] = ["ung", "heit", "keit", "schaft", "ismus"];

/// Endings of Spanish, French, Portuguese and Italian verbs as they stand behind "to".
const INFINITIVES: [&str; 12] =
    ["ar", "er", "ir", "arme", "erme", "irme", "arse", "are", "ere", "ire", "armi", "arsi"];

/// Bytes of what stands behind a phrase until the end of a name, if there is one.
pub(super) fn named(after: &str, wants: Wants) -> Option<usize> {
    let first = word(after)?;
    let behind = after.get(first.len()..)?.strip_prefix(' ').unwrap_or_default();
    // In German every noun has a capital: what people say there anyway is none the more a name.
    if let Some(next) = word(behind).filter(|_| is_in(ARTICLES, first)) {
        let start = first.len() + 1;
        if wants == Wants::German {
            return is_in(LANDS, next).then_some(start + next.len());
        }
        // An article with a capital is part of the name.
        if is_titled(first) && is_titled(next) {
            return Some(start + next.len());
        }
        return capital(behind, wants).map(|length| start + length);
    }
    if is_capital(first) {
        return capital(after, wants);
    }
    if wants == Wants::Capital { None } else { alone(after, wants) }
}

/// A name with a capital: one word, or more where the first is one that people say there anyway ("high")
/// and another behind it is not ("High Wycombe").
fn capital(text: &str, wants: Wants) -> Option<usize> {
    let first = word(text).filter(|first| is_capital(first) && first.chars().count() > 1)?;
    if !says_other(first, wants) {
        return Some(first.len());
    }
    let mut end = first.len();
    for _ in 1..MAX_WORDS {
        let behind = text.get(end..)?.strip_prefix(' ')?;
        let next = word(behind).filter(|next| is_titled(next) && is_titled(first))?;
        end += 1 + next.len();
        if !says_other(next, wants) {
            return Some(end);
        }
    }
    None
}

/// A name without a capital: few words up to where the thought ends, none of which is said there anyway.
fn alone(after: &str, wants: Wants) -> Option<usize> {
    let mut end = 0;
    for count in 0..=MAX_WORDS {
        let start = if count == 0 { 0 } else { end + 1 };
        let goes_on = count == 0 || after.get(end..start) == Some(" ");
        let next = after.get(start..).filter(|_| goes_on).and_then(word);
        match next {
            None if count > 0 => return Some(end),
            Some(next) if count > 0 && is_in(JOINTS, next) => return Some(end),
            Some(next)
                if count < MAX_WORDS && next.chars().count() > 1 && !says_other(next, wants) =>
            {
                end = start + next.len();
            }
            _ => return None,
        }
    }
    None
}

/// Whether people say a word behind such a phrase without naming anything.
fn says_other(word: &str, wants: Wants) -> bool {
    let small = word.to_lowercase();
    let is_other = match wants {
        Wants::German => {
            let is_state = GERMAN_STATES.iter().any(|end| small.ends_with(end));
            is_state || small.ends_with("ion") && small.chars().count() > 5
        }
        Wants::NoVerb => !is_capital(word) && INFINITIVES.iter().any(|end| small.ends_with(end)),
        Wants::Name | Wants::Capital => false,
    };
    is_other || is_in(NO_NAMES, word)
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

/// Whether a word has a capital as names have it, and not as shouting has.
fn is_titled(word: &str) -> bool {
    is_capital(word) && word.contains(char::is_lowercase)
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
    "donnerstag", "freitag", "samstag", "sonntag", "zeichen", "anschläge", "kcal", "abendessen", "frühstück",
    "mittagessen", "miete", "gedanken", "fragen", "dank", "tode", "likes", "rent", "dinner", "breakfast",
];

/// Towns whose numbers look like the years people tell of; of others with such a number nothing is known.
#[rustfmt::skip]
const TOWNS_LIKE_YEARS: &[&str] = &[
    "antwerpen", "antwerp", "anvers", "berchem", "zaventem", "frederiksberg", "neuchâtel", "neuenburg",
    "stockerau", "szentendre", "sion", "sitten", "martigny", "lillestrøm", "boksburg", "johannesburg",
];

/// Towns whose number is 1000: before anything else it is a great many.
const TOWNS_OF_1000: &[&str] =
    &["bruxelles", "brussel", "brüssel", "brussels", "lausanne", "lisboa", "ljubljana", "sofia"];

/// What stands before a price.
const COINS: &[&str] = &["chf", "eur", "euro", "usd", "gbp", "sfr", "fr."];

/// What stands before a time of the day.
const AT_TIME: &[&str] = &["um", "gegen", "ab", "at"];

/// Whether a number and the word behind it can be a postcode and a town. `before` is what stands before.
pub(super) fn is_town(before: &str, found: &str) -> bool {
    let last = before.trim_end().rsplit(char::is_whitespace).next().unwrap_or_default();
    let is_price = last.ends_with(['€', '$', '£', '¥', '#']) || is_in(COINS, last);
    let goes_on =
        before.ends_with(|c: char| c.is_ascii_digit() || matches!(c, '.' | ',' | '-' | ':'));
    let Some((number, town)) = found.split_once(char::is_whitespace) else {
        return true;
    };
    let is_year = number.len() == 4 && (number.starts_with("19") || number.starts_with("20"));
    let is_time = is_in(AT_TIME, last) && is_clock(number);
    let is_free = !is_in(NO_TOWNS, town) && !is_in(NO_NAMES, town);
    !(is_price || goes_on || is_time || is_grouped(before))
        && is_free
        && (!is_year || is_in(TOWNS_LIKE_YEARS, town))
        && (number != "1000" || is_in(TOWNS_OF_1000, town))
}

/// Whether a number is one more group of digits, as of a telephone number; a house number before a
/// postcode is shorter.
fn is_grouped(before: &str) -> bool {
    let group = before.rsplit(|c: char| !c.is_ascii_digit() && c != ' ').next().unwrap_or_default();
    group.ends_with(' ') && group.chars().filter(char::is_ascii_digit).count() > 2
}

/// Whether four figures can be a time of the day.
fn is_clock(number: &str) -> bool {
    let part = |from: usize| number.get(from..from + 2).and_then(|part| part.parse::<u8>().ok());
    number.len() == 4 && part(0).is_some_and(|hour| hour < 24) && part(2).is_some_and(|m| m < 60)
}

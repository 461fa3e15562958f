//! What is found, what is not, and that each way to say it is needed.

use super::*;

fn kinds(text: &str) -> Vec<HintKind> {
    find(text).into_iter().map(|hint| hint.kind).collect()
}

#[test]
fn every_pattern_compiles() {
    assert_eq!(PATTERNS.len(), 23 + name::PHRASES.len());
}

#[test]
fn what_could_tell_who_somebody_is_is_found() {
    use HintKind::*;
    for (kind, texts) in [
        (Mail, vec!["write to alder.walk+1@example.org!", "änne@bücher.example"]),
        (Link, vec!["see https://example.org/me", "www.example.org", "t.me/alderwalk"]),
        (Handle, vec!["I am @alder_walk there"]),
        (
            Phone,
            vec![
                "+49 171 2345678",
                "0171/2345678",
                "(030) 123 456 78",
                "+44 20 7946 0958",
                "07700 900123",
                "call (212) 555-0147",
                "212-555-0147",
                "+33 1 99 00 12 34",
                "06 39 98 12 34",
                "612 345 678",
                "0031 20 123 4567",
                "+91 98765 43210",
            ],
        ),
        (
            Street,
            vec![
                "at 12 Elm Street",
                "221B Baker Street",
                "Lindenstraße 4a",
                "Am Alten Weg 12",
                "Hauptstr. 7",
                "12 rue de la Paix",
                "3 bis, avenue Foch",
                "calle de Alcalá 45",
                "via Garibaldi 3",
                "Rua Augusta, 120",
                "ul. Długa 12",
                "Prinsengracht 263",
            ],
        ),
        (
            Postcode,
            vec![
                "SW1A 1AA",
                "K1A 0B1",
                "NY 10001",
                "1012 AB",
                "10115 Berlin",
                "75001 Paris",
                "CH-8001",
                "1010 Wien",
                "8001 Zürich",
                "2000 Antwerpen",
                "Sydney NSW 2000",
                "Melbourne, VIC 3000",
                "Brisbane QLD 4000",
                "Hobart TAS 7000",
                "Adelaide SA 5000",
                "Perth WA 6000",
                "Canberra ACT 2600",
                "Darwin NT 0800",
                "00-001 Warszawa",
                "1000-001 Lisboa",
                "560001 Bengaluru",
                "Bengaluru - 560 001",
                "A-1010",
                "B-2000",
                "DK-2000",
                "L-1009",
                "LI-9490",
                "NO-0010",
                "D-10115 Berlin",
            ],
        ),
        (
            Place,
            vec!["I live in Leeds", "ich wohne in Bremen", "j’habite à Lyon", "vivo en Sevilla"],
        ),
        (
            Employer,
            vec![
                "I work at Harrow Bakery",
                "I'm employed by the Ministry",
                "ich arbeite bei Meier",
                "je travaille chez Dupont",
                "my school is Hilltop",
            ],
        ),
    ] {
        for text in texts {
            assert_eq!(kinds(text), [kind], "{text}");
        }
    }
}

#[test]
fn what_people_say_is_left_alone() {
    for text in [
        "I slept 4 hours, and yesterday 6.",
        "It began on 01.02.2024, and again on 2024-03-05.",
        "I work at night, and I live in fear of Mondays.",
        "I was 12 when it happened, in 1998.",
        "We walked 12 kilometres along the way.",
        "My dose went from 25 to 100 and back to 50.",
        "Call 988, 116 123 or 112; or 0800 111 0 111, which is free.",
        "1-800-273-8255 was the number before.",
        "He said: see you @ the lake at 7.",
        "10 000 steps, 3.5 stars, 50%",
        "Ich arbeite an mir. Je travaille sur moi.",
    ] {
        assert_eq!(find(text), [], "{text}");
    }
}

/// Each way to say where one lives, works or learns, by itself: none of them can go.
#[test]
fn each_way_to_say_where_one_is_counts_with_a_capital_and_without() {
    use HintKind::{Employer, Place};
    let both = |kind, phrase: &str, name: &str| {
        for name in [name.to_owned(), name.to_lowercase()] {
            let text = format!("{phrase} {name}");
            assert_eq!(kinds(&text), [kind], "{text}");
            let text = format!("Well: {phrase} {name}, as I said. It rains.");
            assert_eq!(kinds(&text), [kind], "{text}");
        }
    };
    for who in ["I", "we", "I'm", "I’m", "I am", "we are", "we're"] {
        for does in ["live", "lived", "living"] {
            for place in ["in", "at", "near"] {
                both(Place, &format!("{who} {does} {place}"), "Leeds");
            }
        }
    }
    for who in ["I", "we", "I'm", "I’m", "I am", "we are", "we're", "I was", "we were"] {
        for does in ["work", "worked", "working", "employed", "teach", "study", "studying"] {
            for place in ["at", "for", "by"] {
                both(Employer, &format!("{who} {does} {place}"), "Tesco");
            }
        }
    }
    for (kind, name, phrases) in [
        (
            Place,
            "Leeds",
            &["I'm from", "im from", "I am from", "we're from", "we are from", "I come from"][..],
        ),
        (Place, "Leeds", &["I came from", "we come from", "we came from"]),
        (Place, "Bremen", &["ich wohne in", "ich wohnte in", "ich lebe in", "ich lebte in"]),
        (Place, "Bremen", &["ich komme aus", "wir kommen aus"]),
        (Place, "Lyon", &["j'habite à", "j’habite a", "j'habite en", "j'habite au"]),
        (Place, "Sevilla", &["vivo en"]),
        (Place, "Torino", &["vivo a", "abito a"]),
        (Place, "Braga", &["moro em", "vivo em"]),
        (Place, "Utrecht", &["ik woon in", "ik kom uit"]),
        (Place, "Gdańsku", &["mieszkam w", "mieszkam we", "pochodzę z", "pochodzę ze"]),
        (Employer, "Meier", &["ich arbeite bei", "ich arbeite für", "ich studiere bei"]),
        (Employer, "Rathaus", &["ich arbeite im", "ich studiere im", "ich arbeite beim"]),
        (
            Employer,
            "Charité",
            &["ich arbeite an der", "ich studiere an der", "ich arbeite bei der"],
        ),
        (Employer, "Dupont", &["je travaille chez", "je travaille pour", "je travaille à"]),
        (Employer, "Mercadona", &["trabajo en", "trabajo para", "estudio en"]),
        (Employer, "Continente", &["trabalho na", "trabalho no", "trabalho para"]),
        (Employer, "Minho", &["estudo na", "estudo no"]),
        (Employer, "Philips", &["ik werk bij", "ik werk voor", "ik studeer aan"]),
        (Employer, "Barilla", &["lavoro per", "lavoro da", "lavoro presso", "lavoro alla"]),
        (Employer, "Orlenie", &["pracuję w", "pracuję we", "pracuję dla"]),
        (Employer, "Politechnice", &["studiuję na", "studiuję w"]),
    ] {
        for phrase in phrases {
            both(kind, phrase, name);
        }
    }
}

/// Without a capital these say other things as well.
#[test]
fn some_ways_to_say_it_need_a_capital() {
    use HintKind::{Employer, Place};
    for (kind, phrase, name) in [
        (Place, "je viens de", "Lyon"),
        (Place, "soy de", "Sevilla"),
        (Place, "vengo da", "Torino"),
        (Place, "sono di", "Torino"),
        (Place, "sou de", "Braga"),
        (Place, "sou do", "Porto"),
        (Place, "sou da", "Guarda"),
        (Employer, "studio a", "Bologna"),
        (Employer, "my employer is", "Tesco"),
        (Employer, "my company is", "Tesco"),
        (Employer, "our school is", "Hilltop"),
        (Employer, "my university is", "Hilltop"),
    ] {
        assert_eq!(kinds(&format!("{phrase} {name}.")), [kind], "{phrase}");
        assert_eq!(kinds(&format!("{phrase} {}.", name.to_lowercase())), [], "{phrase}");
    }
}

#[test]
fn names_of_several_words_and_with_an_article_count() {
    use HintKind::{Employer, Place};
    for (kind, text) in [
        (Place, "i live in milton keynes"),
        (Place, "i live in stoke on trent"),
        (Place, "i'm from newcastle upon tyne but moved"),
        (Place, "i live in leeds and it rains"),
        (Place, "I live in the Netherlands"),
        (Place, "Ich lebe in der Schweiz"),
        (Place, "ich komme aus leipzig, und du?"),
        (Place, "Ich komme aus der Türkei."),
        (Place, "ich komme aus der ukraine"),
        (Place, "Wir kommen aus dem Kosovo."),
        (Place, "Ich komme aus den Niederlanden."),
        (Place, "Ich lebe in Koblenz, vorher in Konstanz."),
        (Place, "I live in High Wycombe."),
        (Place, "I live in Des Moines"),
        (Place, "I live in Big Sur now"),
        (Place, "Vivo en La Paz."),
        (Employer, "I work at Home Depot"),
        (Employer, "I work at Five Guys."),
        (Employer, "I work at the Home Office"),
        (Employer, "I work for First Direct"),
        (Employer, "I study at University College London"),
        (Employer, "Trabajo en Casa Tarradellas."),
        (Employer, "Ich arbeite an der Universität Leipzig."),
        (Employer, "i work at b&q"),
        (Employer, "I work for the Council"),
        (Employer, "Ich arbeite für die Bahn"),
    ] {
        assert_eq!(kinds(text), [kind], "{text}");
    }
}

#[test]
fn what_people_say_where_a_name_could_stand_is_left_alone() {
    for text in [
        "I live in fear",
        "I live in Fear.",
        "I live in constant fear and shame.",
        "i live in a small house",
        "i live in the past",
        "i live in here, mostly in my head",
        "we live in difficult times",
        "i live at home with my mother",
        "i work at night",
        "i work at weekends, and I study for exams",
        "i work for myself",
        "i work for a living",
        "i was working at the time",
        "i worked for years on that",
        "i work by day and sleep by night",
        "I'm from a family that never talked",
        "i come from nothing",
        "I am from time to time very low",
        "we came from there an hour ago",
        "There were from time to time voices.",
        "our company is great, my school is hard",
        "Ich lebe in Angst.",
        "ich lebe in ständiger sorge",
        "Ich wohne in einer WG.",
        "Ich komme aus der Klinik und bin müde.",
        "ich komme aus dem bett nicht heraus",
        "Ich arbeite im Moment nicht.",
        "ich arbeite im Homeoffice",
        "ich arbeite im garten",
        "ich arbeite für mich",
        "Ich arbeite bei Nacht.",
        "je viens de manger",
        "j'habite à la campagne, j'habite en ville",
        "je travaille à temps partiel, je travaille pour vivre",
        "vivo en paz, trabajo en equipo y trabajo para vivir",
        "soy de pocas palabras",
        "lavoro per vivere, lavoro da casa, abito a due passi",
        "sou de poucas palavras, vivo em silêncio, trabalho para viver",
        "ik woon in een huis, ik werk voor mezelf",
        "mieszkam w domu, pracuję w nocy",
        "Ich komme aus dem Loch nicht raus.",
        "Ich komme aus dem Teufelskreis nicht heraus, aus dem Grübeln nicht.",
        "Ich komme aus dem Grübeln nicht raus.",
        "Ich komme aus der Depression nicht raus.",
        "Ich komme aus der Spirale.",
        "Wir kommen aus der Isolation.",
        "Ich lebe in Einsamkeit.",
        "Ich lebe in Unsicherheit.",
        "ich lebe in unsicherheit",
        "Ich lebe in Beziehung.",
        "Ich lebe in der Vergangenheit, ich lebe in der Hoffnung.",
        "Ich arbeite im Schichtbetrieb.",
        "Ich arbeite an der Akzeptanz.",
        "Ich arbeite an der Beziehung, und ich arbeite an der Heilung.",
        "I live in despair",
        "I live in survival mode",
        "I live in sadness",
        "I live in regret and solitude",
        "I live in solitude",
        "I live in depression",
        "I live in supported accommodation",
        "I LIVE IN CONSTANT FEAR",
        "I come from trauma",
        "I come from abuse",
        "we came from dialysis",
        "I teach by example",
        "I study for finals",
        "j'habite en banlieue",
        "je travaille pour eux",
        "je travaille à changer",
        "vivo en angustia",
        "vivo en automático",
        "trabajo en soltar",
        "trabajo en mejorar",
        "trabajo en cuidarme",
        "lavoro da remoto",
        "lavoro da ieri",
        "lavoro per mangiare",
        "mieszkam w bloku",
        "ik kom uit balans",
    ] {
        assert_eq!(find(text), [], "{text}");
    }
}

#[test]
fn years_prices_and_measures_are_no_postcodes() {
    for text in [
        "In 1998 Anna left, and in 2020 Corona came.",
        "2019 Weihnachten war schwer.",
        "Das kostet 1500 Euro, oder 1200 Franken.",
        "€1500 Rent, $1200 Food, £ 1100 Heating",
        "Ich bin 5000 Schritte gegangen, sie 12000 Schritte.",
        "Da waren 3000 Menschen und 10000 Leute.",
        "1800 Uhr, 1500 Monday",
        "From 10-100 Tage to 1000-100 Meter.",
        "ACT 2600 helps some, and so does it.",
        "Nearly 100000 people, about 120 000 in all",
        "There are 4711 Gründe.",
        "1000 Gedanken, 1000 Fragen, 1000 Dank, ich starb 1000 Tode.",
        "1000 Küsse",
        "Höchstens 2500 Zeichen.",
        "1200 Kcal am Tag",
        "um 1800 Abendessen, um 1900 Tagesschau",
        "at 0730 Breakfast, at 1845 Choir",
        "CHF 1500 Miete, EUR 1200 Kaution",
        "Tel. 1234 5678 Anna",
        "Tel. 12 34 5678 Anna",
    ] {
        assert_eq!(find(text), [], "{text}");
    }
}

#[test]
fn a_thousand_is_a_postcode_before_a_town_that_has_it() {
    for town in ["Bruxelles", "Brussel", "Lausanne", "Lisboa", "Ljubljana", "Sofia"] {
        assert_eq!(kinds(&format!("1000 {town}")), [HintKind::Postcode], "{town}");
    }
    // A house number before a postcode is none of a telephone number's groups.
    assert_eq!(kinds("Am Platz 12 8001 Zürich").last(), Some(&HintKind::Postcode));
    assert_eq!(kinds("um 8001 Zürich herum"), [HintKind::Postcode]);
}

#[test]
fn a_long_text_is_looked_at_in_time_and_gives_few_hints() {
    let text = "0171 2345678 ".repeat(20_000);
    assert_eq!(find(&text).len(), MAX_HINTS);
    let spaces = "0 1 ".repeat(60_000);
    assert!(find(&spaces).len() <= MAX_HINTS);
}

#[test]
fn kinds_make_one_phrase() {
    use HintKind::{Link, Phone, Postcode};
    let all = [Phone, Link, Postcode].into();
    assert_eq!(words(all), "a link, a telephone number and a postcode");
    assert_eq!(words([Phone].into()), "a telephone number");
}

//! What may never reach a terminal, and what must.

use proptest::prelude::*;

use super::*;

/// The bidi controls of Unicode, written out here again so that the test does not trust the code.
const BIDI: [char; 12] = [
    '\u{061c}', '\u{200e}', '\u{200f}', '\u{202a}', '\u{202b}', '\u{202c}', '\u{202d}', '\u{202e}',
    '\u{2066}', '\u{2067}', '\u{2068}', '\u{2069}',
];

const INVISIBLE: [char; 4] = ['\u{2028}', '\u{2029}', '\u{feff}', '\u{200b}'];

fn anything() -> impl Strategy<Value = String> {
    let nasty = prop::sample::select(
        "\u{1b}[31m\r\n\t\u{7}\u{8}\u{7f}\u{9b}\u{90}\u{9d}\u{200b}\u{200d}\u{2028}\u{feff}\u{e0041}\u{fe0f}👩🏽🚀aа\u{301}م\u{200c}"
            .chars()
            .chain(BIDI)
            .collect::<Vec<_>>(),
    );
    prop::collection::vec(prop_oneof![nasty, any::<char>()], 0..80)
        .prop_map(|chars| chars.into_iter().collect())
}

proptest! {
    #[test]
    fn no_control_and_no_bidi_control_is_left(text in anything()) {
        for shown in [body(&text), line(&text), name(&text), wrap(&body(&text), 40, "  ")] {
            prop_assert!(!shown.chars().any(|c| c.is_control() && c != '\n'));
            prop_assert!(!shown.chars().any(|c| BIDI.contains(&c)));
            prop_assert!(!shown.contains(INVISIBLE));
        }
        prop_assert!(!line(&text).contains('\n'));
        prop_assert!(!name(&text).contains('\n'));
    }

    #[test]
    fn what_is_harmless_stays_as_it_is(text in "[a-zA-Z0-9 .,;:!?äöüßéñçабвгдежз日本語한국어ﬁ\n]{0,200}") {
        prop_assert_eq!(body(&text), text);
    }

    #[test]
    fn nothing_that_others_write_stands_at_the_margin(
        text in prop_oneof![anything(), "[a-z語 \u{a0}\u{2003}\u{3000}❤\n]{0,200}"],
        width in 12usize..60,
    ) {
        let shown = quote(&body(&text), width, "  ", "  ");
        for line in shown.lines() {
            prop_assert!(line.is_empty() || line.starts_with("  "), "{line:?}");
            prop_assert!(line.width() <= width, "{line:?}");
        }
    }

    #[test]
    fn making_harmless_twice_changes_nothing(text in anything()) {
        let once = body(&text);
        prop_assert_eq!(body(&once), once);
    }
}

#[test]
fn nothing_is_joined_to_a_mark() {
    assert_eq!(body("\u{fe0f}\u{200d}\u{1f000}"), "‹U+FE0F›‹U+200D›\u{1f000}");
}

#[test]
fn an_escape_sequence_is_shown_and_not_obeyed() {
    assert_eq!(body("a\u{1b}[2Jb"), "a␛[2Jb");
    assert_eq!(body("a\u{9b}2Jb"), "a‹U+009B›2Jb");
    assert_eq!(body("50%\rfree"), "50%␍free");
    assert_eq!(body("one\r\ntwo"), "one\ntwo");
}

#[test]
fn a_title_stays_on_its_line() {
    assert_eq!(line("walk\nfrom: Alder"), "walk↵from: Alder");
}

#[test]
fn text_cannot_be_turned_around() {
    assert_eq!(body("abc\u{202e}fed"), "abc‹U+202E›fed");
}

#[test]
fn a_crowd_of_hidden_characters_is_one_mark() {
    assert_eq!(body(&format!("a{}b", "\u{200b}".repeat(1000))), "a‹U+200B›b");
}

#[test]
fn letters_cannot_be_piled_over_other_lines() {
    let piled = format!("a{}b", "\u{301}".repeat(200));
    assert!(body(&piled).chars().count() < 16);
    assert!(body(&piled).ends_with("‹…›b"));
}

#[test]
fn emoji_stay_whole() {
    for emoji in ["👩🏽‍🚀", "👨‍👩‍👧", "❤️", "🏳️‍🌈", "1️⃣", "🙋🏿‍♀️", "🌱"]
    {
        assert_eq!(body(emoji), emoji);
    }
}

#[test]
fn joiners_stay_where_they_are_spelling() {
    for word in ["می‌خواهم", "क्‍ष", "ක්‍ෂ"] {
        assert_eq!(body(word), word);
    }
    assert_eq!(body("pay\u{200c}pal"), "pay‹U+200C›pal");
}

#[test]
fn a_name_of_one_script_carries_no_mark() {
    for plain in ["Alder", "Сосна", "אלון", "さくら", "Chêne 🌱", "민들레", "زيتون", "Ελιά"]
    {
        assert_eq!(name(plain), plain);
    }
}

#[test]
fn a_name_of_mixed_scripts_carries_a_mark() {
    assert_eq!(name("Pоplar"), "Pоplar ‹mixed letters›");
}

#[test]
fn names_that_look_alike_carry_their_ids() {
    let names = Names::new([("aaaaaaaa11", "Elm"), ("bbbbbbbb22", "elm"), ("cccccccc33", "Alder")]);
    assert_eq!(names.of("aaaaaaaa11", ""), "Elm ‹aaaaaaaa, looks like another›");
    assert_eq!(names.of("bbbbbbbb22", ""), "elm ‹bbbbbbbb, looks like another›");
    assert_eq!(names.of("cccccccc33", ""), "Alder");
    let names = Names::new([
        ("1111111111", "Ирис"),
        ("2222222222", "Iris"),
        ("3333333333", "Ива"),
        ("4444444444", "Ивa"),
    ]);
    assert_eq!(names.of("2222222222", ""), "Iris");
    assert!(names.of("3333333333", "").contains("looks like another"));
}

#[test]
fn a_name_of_nothing_is_said_to_be_none() {
    assert_eq!(name("  "), "‹no name›");
}

#[test]
fn a_word_without_an_end_cannot_look_like_a_header() {
    let filler = "x".repeat(78);
    for space in ["\u{a0}", "\u{2007}", "\u{3000}", ""] {
        let text = format!("{filler}{space}a1b2c3d4{space}·{space}Alder{space}(you)");
        let shown = quote(&body(&text), 80, "  ", "  ");
        assert!(shown.lines().count() > 1);
        assert!(shown.lines().all(|line| line.starts_with("  ")), "{shown}");
    }
}

#[test]
fn wrapping_keeps_to_the_width_and_the_empty_lines() {
    let wrapped = wrap("one two three four five six seven eight\n\nnine", 24, "  ");
    assert_eq!(wrapped, "  one two three four\n  five six seven eight\n\n  nine");
    assert!(wrap(&"語".repeat(60), 40, "").lines().all(|line| line.width() <= 40));
}

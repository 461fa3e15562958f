//! The text answers to the code and the code to the text: every MUST of `specs/` names how it is
//! tested, every clause the code cites exists, every number of the registry is the code's.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use windbreak_protocol::content::ContentKind;
use windbreak_protocol::label::Label;
use windbreak_protocol::record::RecordKind;
use windbreak_protocol::wire::FrameKind;

/// The letters that clause numbers start with.
const CHAPTERS: &str = "PWDCOVYSIR";

#[test]
fn every_must_names_a_test_or_a_vector_that_exists() {
    let sources = sources();
    let guards = read("../.ci/guards");
    let mut faults = Vec::new();
    for clause in clauses() {
        let proofs = clause.proofs();
        if clause.says_must() && proofs.is_empty() {
            faults.push(format!("{} says MUST and names no test", clause.number));
        }
        for (kind, name) in proofs {
            let exists = match kind {
                "test" => is_a_test(&sources, &name),
                "vector" => root().join("specs/vectors").join(&name).exists(),
                _ => guards.contains(&format!("{name}() {{")),
            };
            if !exists {
                faults.push(format!("{}: there is no {kind} `{name}`", clause.number));
            }
        }
    }
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

#[test]
fn must_stands_only_in_a_clause_and_no_number_twice() {
    let mut numbers = BTreeSet::new();
    for clause in clauses() {
        assert!(numbers.insert(clause.number.clone()), "{} stands twice", clause.number);
    }
    for (name, text) in chapters() {
        let outside = text.split("\n\n").take_while(|part| number_of(part).is_none());
        for part in outside {
            let defines_the_word = part.contains("BCP 14");
            assert!(!says_must(part) || defines_the_word, "{name}: MUST before the first clause");
        }
    }
}

#[test]
fn every_clause_the_code_cites_exists() {
    let numbers: BTreeSet<String> = clauses().into_iter().map(|clause| clause.number).collect();
    let mut faults = BTreeSet::new();
    for (path, source) in sources() {
        for line in source.lines().filter(|line| line.trim_start().starts_with("//")) {
            for cited in citations(line) {
                if !numbers.contains(&cited) {
                    faults.insert(format!("{} cites {cited}", path.display()));
                }
            }
        }
    }
    assert!(faults.is_empty(), "{faults:#?}");
}

#[test]
fn the_registry_lists_every_label() {
    let listed: BTreeSet<String> =
        table("R-2").into_iter().map(|row| format!("windbreak/1 {}", row[0])).collect();
    let used: BTreeSet<String> = Label::ALL.iter().map(|label| label.text().to_owned()).collect();
    assert_eq!(listed, used);
    assert_eq!(used.len(), Label::ALL.len(), "two labels have one text");
}

#[test]
fn the_registry_lists_every_kind() {
    let frames = FrameKind::ALL.map(|kind| (kind as u8, format!("{kind:?}")));
    assert_eq!(numbered("R-3"), BTreeMap::from(frames));
    let records = RecordKind::ALL.map(|kind| (kind as u8, format!("{kind:?}")));
    assert_eq!(numbered("R-4"), BTreeMap::from(records));
    let contents = ContentKind::ALL.map(|kind| (kind as u8, format!("{kind:?}")));
    assert_eq!(numbered("R-7"), BTreeMap::from(contents));
}

#[test]
fn the_registry_lists_every_limit() {
    let mut limits: BTreeMap<String, String> = BTreeMap::new();
    for line in read("../protocol/src/limits.rs").lines() {
        let Some((name, value)) =
            line.strip_prefix("pub const ").and_then(|rest| rest.split_once(" = "))
        else {
            continue;
        };
        let name = name.split(':').next().unwrap().to_owned();
        let value = evaluate(value.trim_end_matches(';'), &limits);
        limits.insert(name, value);
    }
    let listed: BTreeMap<String, String> =
        table("R-5").into_iter().map(|row| (row[0].clone(), row[1].clone())).collect();
    assert_eq!(listed, limits);
}

/// What people come for when they live in a circle: the tests that fail where it is missing, which run
/// every time, and words of the README or of the help that show it.
const PROMISED: [(&str, &[&str], &[&str]); 18] = [
    (
        "delivery is told truly, and never who read",
        &[
            "what_others_answered_or_named_has_reached_them",
            "who_names_an_item_has_it_and_who_names_a_later_one_may_not",
            "reading_sends_nothing",
            "whoever_reads_puts_nothing_on_the_relay_and_tells_the_author_nothing",
        ],
        &["how many devices they reached, never who read them"],
    ),
    (
        "threads, replies, warm words, edits, pins, search",
        &[
            "what_was_said_is_edited_answered_pinned_and_taken_back_and_a_restart_changes_nothing",
            "acts_reach_the_others_and_advice_waits_for_who_asked",
            "a_thread_is_read_by_itself",
            "only_its_author_takes_back_or_changes_what_was_said",
            "each_member_has_one_warm_word_and_takes_it_back",
            "only_a_facilitator_pins",
            "what_was_said_is_found_by_its_words_as_long_as_it_may_be_read",
            "a_draft_waits_on_its_device_alone_until_it_is_sent",
        ],
        &["find what was said, offline", "`react`, `edit`, `history`", "--thread"],
    ),
    (
        "withdraw and retention",
        &[
            "what_is_taken_back_is_in_no_store_any_more",
            "a_device_that_was_away_obeys_when_it_is_back",
            "words_that_went_do_not_open_from_the_files_of_before_with_the_keys_that_are_left",
            "what_was_taken_back_since_a_backup_is_not_said_anew",
            "what_is_older_than_the_circle_keeps_it_is_erased_everywhere",
            "a_shorter_time_erases_nothing_for_a_week_whoever_was_away",
            "words_that_come_after_they_were_taken_back_are_not_kept",
            "a_file_goes_with_its_words_when_they_are_taken_back_or_too_old",
            "a_shorter_time_needs_a_reason_is_told_and_erases_nothing_for_a_week",
            "a_shorter_time_and_a_voice_taken_are_refused_without_a_reason",
        ],
        &["a shorter time needs a reason and erases nothing for a week", "`withdraw`"],
    ),
    (
        "moderation, with reasons that all read, and undone",
        &[
            "a_circle_is_held_by_facilitators_with_reasons_that_all_members_read",
            "what_somebody_blocked_says_is_folded_away_for_who_blocked_them_alone",
            "the_log_says_who_was_removed_by_whom_and_why_after_a_restart_too",
            "whoever_acts_without_the_right_changes_nothing_for_anybody",
            "a_member_who_removes_somebody_is_refused_by_everybody",
            "a_removal_without_a_reason_is_refused_by_every_node",
            "acts_of_somebody_who_is_no_facilitator_count_for_nothing_on_any_node",
            "acts_without_a_reason_count_for_nothing_on_any_node",
            "a_facilitator_is_not_muted_and_a_mute_has_an_end",
            "what_a_facilitator_hides_is_read_by_its_author_and_facilitators_alone",
            "a_mute_that_is_taken_back_held_nothing_back",
            "in_slow_mode_a_share_that_comes_too_soon_is_shown_when_its_turn_has_come",
            "whoever_joins_learns_who_is_muted_and_how_slow_the_circle_is",
            "what_a_listener_says_is_refused_by_every_node",
            "who_holds_no_circle_takes_nobodys_voice_and_gives_none_on_any_node",
            "whom_somebody_blocks_is_kept_on_their_device_alone",
        ],
        &["hold a circle, with reasons that all members read", "`member block\\|unblock`"],
    ),
    (
        "sealed reports",
        &[
            "a_report_comes_to_the_facilitator_without_a_name_and_is_answered",
            "a_report_is_read_by_facilitators_alone_answered_and_appealed_against",
            "who_reported_is_in_nothing_that_others_keep_of_it",
            "a_reported_facilitator_is_passed_by_and_without_another_the_eldest_members_read_it",
            "a_quote_that_nobody_said_here_is_no_report",
            "a_long_story_stays_with_its_report_when_it_is_taken_back",
        ],
        &["tell facilitators of something, without your name"],
    ),
    (
        "files and pictures",
        &[
            "a_picture_is_sent_cut_off_in_the_middle_and_saved_as_it_was_made",
            "nothing_of_where_and_when_a_picture_was_taken_is_left_in_it",
            "what_a_camera_wrote_does_not_leave_by_the_local_api",
            "a_circle_begins_without_files",
            "files_are_refused_by_every_node_where_the_circle_does_not_let_them",
            "where_pictures_alone_are_let_every_node_refuses_other_files",
            "a_file_has_an_end",
            "of_one_members_files_the_newest_stay_when_there_is_no_more_room",
            "a_circle_begins_without_files_and_its_facilitators_say_which",
            "a_file_that_is_too_large_or_not_cut_as_it_must_be_is_read_by_nobody",
            "what_is_no_piece_of_a_file_is_not_kept_and_a_false_picture_is_not_handed_out",
        ],
        &["pictures, without what a camera wrote into them"],
    ),
    (
        "devices and backup",
        &[
            "a_second_device_comes_in_and_is_taken_out_again",
            "a_restored_backup_comes_back_as_a_new_device_and_shares",
            "a_backup_needs_its_own_passphrase",
            "a_wrong_passphrase_is_not_taken_for_damage_and_touches_no_profile",
            "every_cut_and_every_flipped_byte_is_told_apart_and_makes_nothing",
            "any_file_is_no_backup",
            "a_restore_that_is_killed_leaves_a_whole_profile_or_none",
        ],
        &["everything in one encrypted file, and back", "your other devices in a circle"],
    ),
    (
        "notices that say nothing, and quiet hours",
        &[
            "a_notice_says_the_same_whatever_it_is_for_and_nothing_while_locked",
            "a_notice_is_for_words_of_others_that_are_there_and_new",
            "what_comes_together_is_told_once_and_not_in_quiet_hours",
            "what_is_hidden_or_taken_back_before_it_is_told_is_no_news",
        ],
        &["be told that something is new, never what; quiet hours"],
    ),
    (
        "succession",
        &[
            "members_replace_a_facilitator_who_is_silent_for_three_days",
            "most_members_make_somebody_hold_a_circle_that_nobody_answers_in",
            "most_members_make_a_facilitator_where_none_answers",
            "a_word_of_the_facilitator_holds_a_succession_up",
        ],
        &[
            "members make a facilitator where none answers",
            "whoever was silent stays one until `member demote` is agreed to",
            "the new one proposes with `member demote` that they are none any more",
        ],
    ),
    (
        "the local API and a bot",
        &[
            "the_openapi_file_is_what_the_code_says",
            "whatever_is_asked_of_the_local_api_is_answered_as_it_is_described",
            "the_socket_is_private_and_gone_after_the_end",
            "the_example_bot_posts_the_agenda_of_a_week_once",
        ],
        &["specs/openapi.json", "weekly-agenda.py"],
    ),
    (
        "the agreement",
        &[
            "the_agreement_and_the_declarations_come_before_the_first_words",
            "a_new_agreement_is_everybodys_and_asks_everybody_again",
            "an_agreement_that_too_few_agree_to_is_refused_by_every_node",
            "the_differences_of_two_agreements_are_told_line_by_line",
            "an_agreement_holds_when_more_than_half_agree_and_a_facilitator_among_them",
            "an_agreement_is_refused_if_its_consents_are_for_another_one",
        ],
        &["what the circle agrees on; nothing is read before you accept it"],
    ),
    (
        "shares and stories, with a scope",
        &[
            "acts_reach_the_others_and_advice_waits_for_who_asked",
            "a_newcomer_reads_what_was_opened_to_them_and_is_told_that_there_was_more",
            "whoever_joins_reads_what_was_opened_to_them_and_nothing_else",
            "other_words_of_what_was_for_those_here_then_do_not_reach_who_came_since",
            "nobody_hands_over_what_its_author_did_not_open",
            "what_is_not_open_does_not_even_leave_for_whoever_joins",
            "an_open_answer_to_what_is_not_open_is_handed_to_nobody",
            "what_was_taken_back_or_hidden_is_not_handed_over",
            "whoever_is_gone_says_nothing_new_to_newcomers_by_way_of_a_member",
        ],
        &["a story with a `--title`", "--scope also-later"],
    ),
    (
        "check-ins",
        &[
            "a_check_in_stays_on_its_device_unless_its_owner_shares_it",
            "what_somebody_noted_is_seen_as_a_picture_at_a_terminal",
        ],
        &["note how you are, for yourself, and look back, on a terminal as a picture"],
    ),
    (
        "the hint at what could tell who somebody is",
        &[
            "what_could_tell_who_somebody_is_is_found",
            "each_way_to_say_where_one_is_counts_with_a_capital_and_without",
            "what_people_say_where_a_name_could_stand_is_left_alone",
            "whatever_others_read_is_looked_at_for_what_could_tell_who_somebody_is",
            "what_could_tell_who_somebody_is_is_asked_about_at_a_terminal",
            "what_could_tell_who_somebody_is_waits_for_a_yes",
        ],
        &[
            "you are asked before something that others read goes out that could tell who somebody is",
        ],
    ),
    (
        "asks that bind",
        &[
            "advice_to_who_wants_to_be_heard_is_held_back_until_they_allow_it",
            "advice_is_shown_where_ideas_are_welcome_and_held_back_where_the_share_is_missing",
            "advice_to_who_asked_only_to_be_heard_is_read_once_they_let_it_through",
            "whoever_answers_at_a_terminal_sees_what_was_asked_for_before_it_is_sent",
        ],
        &["is held back, and shown to nobody until the author lets it through"],
    ),
    (
        "the duty to report",
        &[
            "a_circle_needs_a_declaration",
            "nobody_becomes_a_facilitator_without_agreeing_and_declaring",
            "other_words_wait_until_a_new_declaration_was_shown",
            "a_declaration_and_whom_somebody_blocks_are_what_people_did",
            "the_agreement_and_the_declarations_come_before_the_first_words",
        ],
        &["`share` shows what its facilitators would have to report and asks"],
    ),
    (
        "the privacy receipt",
        &[
            "what_is_explained_follows_what_is_set",
            "what_is_explained_of_each_way_to_reach_a_circle",
            "what_is_explained_of_a_circle_without_a_relay_and_of_a_weaker_seal",
            "what_a_relay_learns_by_its_grant_is_explained",
            "nothing_explained_tells_of_another_profile",
        ],
        &["who can see what, circle by circle, from the settings as they are now"],
    ),
    (
        "languages",
        &[
            "every_language_says_everything_with_the_same_values",
            "the_help_is_translated_and_nothing_else_stands_beside_it",
        ],
        &["--language en|de|es"],
    ),
];

#[test]
fn what_people_come_for_is_shown_and_has_tests() {
    let sources = sources();
    let shown = [read("../README.md"), read("../cli/locales/en/help.ftl")];
    let shown = shown.map(|text| text.split_whitespace().collect::<Vec<_>>().join(" "));
    for (what, tests, words) in PROMISED {
        for name in tests {
            assert!(is_a_test(&sources, name), "{what}: there is no test {name}");
            assert!(!is_ignored(&sources, name), "{what}: the test {name} is ignored");
        }
        for words in words {
            let is_shown = shown.iter().any(|text| text.contains(words));
            assert!(is_shown, "{what}: neither the README nor the help says: {words}");
        }
    }
}

#[test]
fn an_ignored_test_is_told_from_one_that_runs() {
    let source = "#[test]\nfn one() {}\n\n#[test]\n#[ignore = \"slow\"]\nfn two() {}\n\n\
                  #[ignore]\n#[cfg_attr(x, y)]\n/// Said of it.\nfn three() {}\n\n#[test]\n\
                  #[cfg_attr(miri, ignore)]\nasync fn four() {}\n\nfn five() {\n    one();\n}\n";
    let sources = BTreeMap::from([(PathBuf::from("some.rs"), source.to_owned())]);
    let ignored = ["one", "two", "three", "four", "five"].map(|name| is_ignored(&sources, name));
    assert_eq!(ignored, [false, true, true, true, false]);
}

/// Whether what stands right above a test of that name says that it is not run.
fn is_ignored(sources: &BTreeMap<PathBuf, String>, name: &str) -> bool {
    let function = format!("fn {name}(");
    let above = |source: &str| {
        let (above, _) = source.split_once(&function)?;
        // Without what stands before it in its own line.
        let above = above.trim_end_matches(|c| c != '\n');
        let lines = above.lines().rev().map(str::trim).skip_while(|line| line.is_empty());
        let mut lines = lines.take_while(|line| line.starts_with("#[") || line.starts_with("//"));
        lines.any(|line| line.starts_with("#[") && line.contains("ignore")).then_some(())
    };
    sources.values().any(|source| above(source).is_some())
}

/// Whether there is a test of that name, in Rust or of the command line.
fn is_a_test(sources: &BTreeMap<PathBuf, String>, name: &str) -> bool {
    let function = format!("fn {name}(");
    sources.values().any(|source| source.contains(&function))
        || root().join(format!("cli/tests/cmd/{name}.toml")).exists()
}

/// A clause: its number and everything up to the next clause or heading.
struct Clause {
    number: String,
    text: String,
}

impl Clause {
    fn says_must(&self) -> bool {
        says_must(&self.text)
    }

    /// What it names as its proofs: kind and name.
    fn proofs(&self) -> Vec<(&'static str, String)> {
        let mut proofs = Vec::new();
        let mut kind = None;
        for line in self.text.lines() {
            kind = match line {
                line if line.starts_with("- test:") => Some("test"),
                line if line.starts_with("- vector:") => Some("vector"),
                line if line.starts_with("- guard:") => Some("guard"),
                line if line.starts_with("  ") => kind,
                _ => None,
            };
            if let Some(kind) = kind {
                proofs.extend(quoted(line).map(|name| (kind, name)));
            }
        }
        proofs
    }
}

fn clauses() -> Vec<Clause> {
    let mut clauses: Vec<Clause> = Vec::new();
    for (_, text) in chapters() {
        let mut open = false;
        for line in text.lines() {
            if let Some(number) = number_of(line) {
                clauses.push(Clause { number, text: String::new() });
                open = true;
            } else if line.starts_with('#') {
                open = false;
            }
            if let Some(clause) = clauses.last_mut().filter(|_| open) {
                clause.text.push_str(line);
                clause.text.push('\n');
            }
        }
    }
    clauses
}

/// The number a line opens with, in `**W-4 …` or `## R-2 …`.
fn number_of(line: &str) -> Option<String> {
    let rest = line.strip_prefix("**").or_else(|| line.strip_prefix("## "))?;
    let number = rest.split_whitespace().next()?;
    (citations(number).first()? == number).then(|| number.to_owned())
}

/// Whatever in a line looks like the number of a clause.
fn citations(line: &str) -> Vec<String> {
    line.split(|c: char| !c.is_ascii_alphanumeric() && c != '-')
        .filter(|word| {
            word.split_once('-').is_some_and(|(chapter, number)| {
                chapter.len() == 1
                    && CHAPTERS.contains(chapter)
                    && !number.is_empty()
                    && number.bytes().all(|byte| byte.is_ascii_digit())
            })
        })
        .map(str::to_owned)
        .collect()
}

/// What stands between backticks.
fn quoted(text: &str) -> impl Iterator<Item = String> {
    text.split('`').skip(1).step_by(2).map(str::to_owned)
}

fn says_must(text: &str) -> bool {
    text.split(|c: char| !c.is_ascii_alphabetic()).any(|word| word == "MUST")
}

/// The rows of the table of one section of the registry, without its head.
fn table(section: &str) -> Vec<Vec<String>> {
    let registry = read("../specs/registry.md");
    let (_, rest) = registry.split_once(&format!("## {section} ")).expect("the section exists");
    let section = rest.split("\n## ").next().unwrap();
    section
        .lines()
        .filter(|line| line.starts_with('|'))
        .skip(2)
        .map(|line| line.trim_matches('|').split('|').map(|cell| cell.trim().to_owned()).collect())
        .collect()
}

fn numbered(section: &str) -> BTreeMap<u8, String> {
    table(section).into_iter().map(|row| (row[0].parse().unwrap(), row[1].clone())).collect()
}

/// A limit as the registry writes it: sums and products worked out, durations in seconds.
fn evaluate(value: &str, known: &BTreeMap<String, String>) -> String {
    if let Some(list) = value.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        return list.split(',').map(|each| evaluate(each, known)).collect::<Vec<_>>().join(", ");
    }
    let value = value.trim().trim_start_matches("Duration::from_secs(").trim_end_matches(')');
    let factor = |text: &str| -> u64 {
        let text = text.trim().replace('_', "");
        let plain = text.parse().ok();
        let named = || known.iter().find(|(name, _)| name.replace('_', "") == text);
        plain.or_else(|| named()?.1.parse().ok()).expect("a number or an earlier limit")
    };
    let product = |text: &str| text.split('*').map(factor).product::<u64>();
    value.split('+').map(product).sum::<u64>().to_string()
}

/// The numbered files of `specs/` and the registry, by name.
fn chapters() -> BTreeMap<String, String> {
    fs::read_dir(root().join("specs"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.starts_with('0') || name == "registry.md")
        .map(|name| (name.clone(), read(&format!("../specs/{name}"))))
        .collect()
}

/// Every Rust file of the four packages.
fn sources() -> BTreeMap<PathBuf, String> {
    let mut found = BTreeMap::new();
    let mut folders: Vec<PathBuf> =
        ["protocol", "node", "cli", "tests"].map(|name| root().join(name)).into();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() && path.file_name().is_some_and(|name| name != "target") {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let source = fs::read_to_string(&path).unwrap();
                found.insert(path, source);
            }
        }
    }
    found
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn read(path: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).expect("the file exists")
}

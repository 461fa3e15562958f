//! The example bot on the local API of a real node.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use crate::circle::two_in;
use crate::missing::not_run;
use crate::stage::{Party, Stage, until};

const TITLE: &str = "Evening walk";
const AGENDA: &str = "How was your week? Who wants to go first?";

fn script() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/weekly-agenda.py")
}

/// When the bot posts, checked by Python itself: mondays at seven in the evening.
const WEEKS: &str = r#"
import datetime, runpy, sys
bot = runpy.run_path(sys.argv[1])
before, due, week = bot["moment_before"], bot["is_due"], bot["WEEK"]
monday, at = bot["weekday"]("monday"), bot["clock"]("19:00")
def day(number, hour, minute=0):
    return datetime.datetime(2026, 11, number, hour, minute)
first = day(23, 19)
# On the minute, late on the day before, and just before it is time again.
for now in [first, day(24, 3), day(29, 23, 59), day(30, 18, 59)]:
    assert before(monday, at, now) == first, now
assert before(monday, at, day(23, 18, 59)) == day(16, 19)
# A week later it is time once more, for whoever stayed.
second = before(monday, at, day(30, 19))
assert second == first + week
assert due(first, None, first, 24) and not due(first, first, day(30, 18, 59), 24)
assert due(second, first, day(30, 19), 24)
# A laptop that slept posts it late, but not later than it was told.
assert due(first, None, day(24, 19), 24) and not due(first, None, day(24, 19, 1), 24)
assert due(first, None, day(25, 18), 48) and not due(first, None, day(23, 20, 1), 1)
"#;

/// Whether there is a Python that the example runs on; says so if not.
fn has_python() -> bool {
    let found = Command::new("python3").arg("--version").output();
    let is_there = found.is_ok_and(|output| output.status.success());
    if !is_there {
        not_run("python3 is not on this machine, which the example bot takes");
    }
    is_there
}

fn runs(party: &Party, agenda: &Path) -> Output {
    let mut command = Command::new("python3");
    // It leaves nothing beside itself.
    command.env("PYTHONDONTWRITEBYTECODE", "1").arg(script());
    command.arg("--profile").arg(&party.folder).args(["--circle", "Evening", "--once"]);
    command.arg("--agenda").arg(agenda).output().unwrap()
}

fn said(output: &Output) -> (i32, String) {
    let text = [output.stdout.as_slice(), &output.stderr].concat();
    (output.status.code().unwrap_or(-1), String::from_utf8(text).unwrap())
}

#[test]
fn the_example_bot_posts_once_a_week_and_not_too_late() {
    if !has_python() {
        return;
    }
    let mut command = Command::new("python3");
    command.env("PYTHONDONTWRITEBYTECODE", "1").args(["-c", WEEKS]).arg(script());
    let (code, words) = said(&command.output().unwrap());
    assert!(code == 0, "{words}");
}

#[test]
fn the_example_bot_posts_the_agenda_of_a_week_once() {
    if !has_python() {
        return;
    }
    let stage = Stage::new();
    let relay = stage.relay();
    let (mut alder, rowan) = (stage.person("alder"), stage.person("rowan"));
    two_in(TITLE, &relay, &alder, &rowan);
    let agenda = stage.folder("words").join("agenda.txt");

    // What is a person's to do it leaves to them, and says so.
    let (code, words) = said(&runs(&rowan, &agenda));
    assert!(code == 1 && words.contains("cannot be read"), "{code} {words}");
    fs::write(&agenda, AGENDA).unwrap();
    let (code, words) = said(&runs(&rowan, &agenda));
    assert!(code == 3 && words.contains("windbreak share"), "{code} {words}");
    assert!(rowan.texts(TITLE).is_empty());

    // Something else that was taken back is no agenda.
    let other = alder.shares(TITLE, "Good to be here.");
    alder.does(&["withdraw", &other, "--yes"]);
    let (code, words) = said(&runs(&alder, &agenda));
    assert!(code == 0 && words.starts_with("posted "), "{code} {words}");
    let id = words.trim().trim_start_matches("posted ").to_owned();
    rowan.reads(TITLE, AGENDA);
    let memory = agenda.with_file_name("agenda.txt.posted");
    let mode = fs::metadata(&memory).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600, "others read what it remembers");
    // Not a second time, whether it or the node starts anew.
    for _ in 0..2 {
        let (code, words) = said(&runs(&alder, &agenda));
        assert!(code == 0 && words.contains("already"), "{code} {words}");
        alder.is_killed();
        let (code, words) = said(&runs(&alder, &agenda));
        assert!(code == 4 && words.contains("windbreak node start"), "{code} {words}");
        alder.starts();
    }
    assert_eq!(rowan.texts(TITLE).iter().filter(|text| *text == AGENDA).count(), 1);
    // Nor what it does not remember: it finds it by its title, and remembers it then.
    fs::remove_file(&memory).unwrap();
    let (code, words) = said(&runs(&alder, &agenda));
    assert!(code == 0 && words.contains("already"), "{code} {words}");
    // Nor what was taken back since.
    alder.does(&["withdraw", &id, "--yes"]);
    let (code, words) = said(&runs(&alder, &agenda));
    assert!(code == 0 && words.contains("already"), "{code} {words}");
    // What it cannot remember it does not post.
    fs::write(&memory, "[]").unwrap();
    let (code, words) = said(&runs(&alder, &agenda));
    assert!(code == 1 && words.contains("--memory"), "{code} {words}");
    fs::remove_file(&memory).unwrap();

    // Of somebody muted, and where another agreement waits, nothing is posted.
    rowan.shares(TITLE, "I am here, too.");
    alder.reads(TITLE, "I am here, too.");
    alder.does(&["steward", "mute", TITLE, "Rowan", "--for", "1d", "--reason", "As agreed."]);
    until("rowan to be told", || {
        let (code, words) = said(&runs(&rowan, &agenda));
        (code == 3 && words.contains("steward log")).then_some(())
    });
    assert!(rowan.texts(TITLE).iter().filter(|text| *text == AGENDA).count() <= 1);
}

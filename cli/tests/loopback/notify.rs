//! Being told that something is new, by a program that is told nothing of what.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::thread;
use std::time::Duration;

use serde_json::Value;

use crate::circle::{restoring, text, two_in};
use crate::search::Needles;
use crate::stage::{Party, Stage, until};

const TITLE: &str = "Evening walk";
/// Long enough for several notices, if there were any.
pub(crate) const WHILE: Duration = Duration::from_secs(5);

/// What a notice was started with, one after the other, each with its environment.
fn shown(folder: &Path) -> Vec<String> {
    let mut names: Vec<_> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    names.sort();
    names.iter().map(|name| fs::read_to_string(name).unwrap()).collect()
}

/// A program in `folder` that writes down with what it was started.
pub(crate) fn helper(folder: &Path, told: &Path) -> String {
    fs::create_dir_all(folder).unwrap();
    fs::create_dir_all(told).unwrap();
    let program = folder.join("notify-send");
    let lines = format!(
        "#!/bin/sh\nfile={0}/$(date +%s%N)\n{{ printf '%s\\n' \"$@\"; env; ls -l /proc/$$/fd; }} > \
         $file.part\nmv $file.part $file.told\n",
        told.display()
    );
    fs::write(&program, lines).unwrap();
    fs::set_permissions(&program, fs::Permissions::from_mode(0o700)).unwrap();
    program.to_str().unwrap().to_owned()
}

pub(crate) fn whole(folder: &Path) -> Vec<String> {
    let all = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let whole = all.filter(|path| path.extension().is_some_and(|end| end == "told")).count();
    if whole == fs::read_dir(folder).unwrap().count() { shown(folder) } else { Vec::new() }
}

/// Waits until there are more notices than so many, and gives how many there are.
pub(crate) fn more_than(folder: &Path, count: usize) -> usize {
    until("a notice", || Some(whole(folder).len()).filter(|now| *now > count))
}

fn status(party: &Party) -> Value {
    party.does(&["node", "status"])
}

#[test]
fn a_notice_says_the_same_whatever_it_is_for_and_nothing_while_locked() {
    let stage = Stage::new();
    let mut relay = stage.relay();
    let (mut alder, rowan) = (stage.person("alder"), stage.person("rowan"));
    two_in(TITLE, &relay, &alder, &rowan);
    rowan.shares(TITLE, "Hummingbirds before anything was turned on.");
    alder.reads(TITLE, "Hummingbirds before anything was turned on.");

    let told = stage.folder("told");
    let program = helper(&stage.folder("bin"), &told);
    assert_eq!(alder.does(&["notify", "show"])["notices"]["on"], false);
    alder.does(&["notify", "command", "--", &program, "--", "{}"]);
    let on = alder.does(&["notify", "on", "--every", "1"]);
    assert_eq!(on["notices"]["on"], true);
    alder.does(&["notify", "test"]);
    let count = more_than(&told, 0);

    // Something to read, and somebody who knocks.
    rowan.shares(TITLE, "Hummingbirds, told to nobody's screen.");
    let count = more_than(&told, count);
    let made = alder.does(&["invite", "new", TITLE, "--review"]);
    alder.has_sent_all();
    let willow = stage.person("willow");
    willow.knocks(&text(&made, "/invite/code"), "Willow Motyl", "Hummingbirds sent me.");
    alder.hears_a_knock(TITLE);
    let count = more_than(&told, count);
    // One's own words, a warm word, and what is taken out, are no news.
    alder.reads(TITLE, "Hummingbirds, told to nobody's screen.");
    alder.does(&["notify", "circle", TITLE, "off"]);
    rowan.shares(TITLE, "Hummingbirds in a circle of which nothing is told.");
    alder.reads(TITLE, "Hummingbirds in a circle of which nothing is told.");
    thread::sleep(WHILE);
    assert_eq!(whole(&told).len(), count);
    alder.does(&["notify", "circle", TITLE, "on"]);
    alder.shares(TITLE, "Hummingbirds of my own.");
    thread::sleep(WHILE);
    assert_eq!(whole(&told).len(), count);
    // Nor in quiet hours: all hours but one minute that is not now.
    let away = |minutes: i64| {
        let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
        let minute = (now.as_secs() as i64 / 60 + minutes).rem_euclid(1440);
        format!("{:02}:{:02}", minute / 60, minute % 60)
    };
    let hours = format!("{}-{}", away(-60), away(-61));
    alder.does(&["notify", "quiet", &hours, "--zone", "Etc/UTC"]);
    assert_eq!(alder.does(&["notify", "show"])["notices"]["quiet_now"], true);
    rowan.shares(TITLE, "Hummingbirds at night.");
    until("the words of the night", || {
        (alder.does(&["circle", "show", TITLE])["circle"]["items"].as_u64()? > 4).then_some(())
    });
    thread::sleep(WHILE);
    assert_eq!(whole(&told).len(), count);
    // They are told once in the morning.
    alder.does(&["notify", "quiet", "never"]);
    let count = more_than(&told, count);

    // It is all the same after a restart; and nothing is told while nobody unlocked.
    alder.does(&["notify", "for", "words", "reports"]);
    let before = alder.does(&["notify", "show"]);
    alder.does(&["lock"]);
    until("the node to end", || alder.has_ended().then_some(()));
    rowan.shares(TITLE, "Hummingbirds behind a locked door.");
    thread::sleep(WHILE);
    assert_eq!(whole(&told).len(), count);
    alder.starts();
    assert_eq!(alder.does(&["notify", "show"]), before);
    alder.reads(TITLE, "Hummingbirds behind a locked door.");

    // What it was started with: the same each time, and nothing that tells anything.
    let all = whole(&told);
    for (at, one) in all.iter().enumerate() {
        let mut lines = one.lines();
        let words = [lines.next().unwrap(), lines.next().unwrap()];
        assert_eq!(words, ["--", "Windbreak: there is something new."], "{at}");
        for telling in ["ummingbird", "Evening", "alder", "Rowan", "Alder", "PROFILE", "socket"] {
            let own = one.replace(told.to_str().unwrap(), "");
            assert!(!own.contains(telling), "{at}: {telling} in {own}");
        }
    }

    // What goes wrong is told by the status, and not by the log.
    alder.does(&["notify", "command", "--", "/bin/false"]);
    let refused = alder.asks(&["notify", "test"]);
    assert_eq!((refused.exit_code, refused.code()), (1, "notice_failed"));
    assert_eq!(text(&status(&alder), "/notices/trouble/code"), "notice_failed");
    let gone = alder.asks(&["notify", "command", "--", "/nowhere/at-all"]);
    assert_eq!((gone.exit_code, gone.code()), (1, "no_program"));

    // A backup holds none of it: a program of this machine is not started on another.
    relay.party.stops();
    relay.is_gone();
    let secret = stage.passphrase("backup", "a backup of few words");
    let backup = stage.folder("words").join("backup");
    let backup = backup.to_str().unwrap();
    alder.does(&["backup", "create", backup, "--backup-passphrase-file", &secret]);
    let passphrase = stage.passphrase("restored", "restored: four quiet words");
    let other = stage.absent("restored");
    other.does(&restoring(backup, &secret, &passphrase));
    other.does(&["unlock", "--passphrase-file", &passphrase]);
    let notices = other.does(&["notify", "show"]);
    assert_eq!(
        (&notices["notices"]["on"], text(&notices, "/notices/way/way")),
        (&false.into(), "desktop".into())
    );
    other.does(&["lock"]);
    alder.stops();
    let mut needles = Needles::default();
    needles.add("the program", program.as_bytes());
    for folder in ["alder", "restored", "logs", "words"] {
        assert_eq!(needles.found_under(&stage.folder(folder)), [], "{folder}");
    }
}

#[test]
fn a_desktop_shows_notices_where_it_has_a_program_for_it() {
    let stage = Stage::new();
    let (bin, told) = (stage.folder("bin"), stage.folder("told"));
    helper(&bin, &told);
    let mut alder = stage.newcomer("alder");
    // As a shell does for --passphrase-fd 7: what is open then is for the node alone.
    let secret = alder.passphrase();
    alder.starts_after(&format!("exec 7<{secret}; PATH={}:$PATH", bin.display()));
    alder.does(&["notify", "on", "--words", "Tea is ready."]);
    alder.does(&["notify", "test"]);
    let all = until("a notice", || Some(whole(&told)).filter(|all| !all.is_empty()));
    let lines: Vec<&str> = all[0].lines().take(3).collect();
    assert_eq!(lines, ["--hint=int:transient:1", "--", "Tea is ready."]);
    assert!(!all[0].contains(&secret), "{}", all[0]);
    alder.does(&["notify", "off"]);
    alder.stops();
}

//! What somebody is asked at a terminal: a real one, made for the test, with a person who reads and
//! types.

use std::ffi::OsStr;
use std::fs::{File, OpenOptions};
use std::io::{Read, Write};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::OpenOptionsExt;
use std::process::{Child, Stdio};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};

use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{Winsize, tcsetwinsize};

use crate::circle::{text, two_in};
use crate::stage::{Party, Stage, until};

const TITLE: &str = "Evening walk";
/// How wide the terminal is.
const SIZE: Winsize = Winsize { ws_row: 24, ws_col: 80, ws_xpixel: 0, ws_ypixel: 0 };

/// A command that runs at a terminal.
struct Terminal {
    child: Child,
    /// Where somebody types.
    keys: File,
    shown: Arc<Mutex<Vec<u8>>>,
    /// Reads what is shown, until nobody has the terminal any more.
    reader: Option<JoinHandle<()>>,
}

impl Party {
    /// Begins a command at a terminal.
    fn types(&self, args: &[&str]) -> Terminal {
        let ours = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC).unwrap();
        grantpt(&ours).unwrap();
        unlockpt(&ours).unwrap();
        tcsetwinsize(&ours, SIZE).unwrap();
        let name = ptsname(&ours, Vec::new()).unwrap();
        let mut theirs = OpenOptions::new();
        // It must not become the terminal of the test itself.
        let flags = rustix::fs::OFlags::NOCTTY.bits();
        theirs.read(true).write(true).custom_flags(i32::try_from(flags).unwrap());
        let theirs = theirs.open(OsStr::from_bytes(name.as_bytes())).unwrap();
        let end = || Stdio::from(theirs.try_clone().unwrap());
        let mut command = self.command_of_a_person(args);
        command.env("TERM", "dumb").stdin(end()).stdout(end()).stderr(end());
        let child = command.spawn().unwrap();
        let keys = File::from(ours);
        let mut screen = keys.try_clone().unwrap();
        let shown = Arc::new(Mutex::new(Vec::new()));
        let kept = shown.clone();
        let reader = thread::spawn(move || {
            let mut part = [0; 1024];
            // The last end that closes is told as an error, not as the end.
            while let Ok(length @ 1..) = screen.read(&mut part) {
                kept.lock().unwrap().extend_from_slice(&part[..length]);
            }
        });
        Terminal { child, keys, shown, reader: Some(reader) }
    }
}

impl Terminal {
    /// All that was shown so far, in one line.
    fn shown(&self) -> String {
        let shown = String::from_utf8_lossy(&self.shown.lock().unwrap()).into_owned();
        shown.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    fn shows(&self, words: &str) {
        until(words, || self.shown().contains(words).then_some(()));
    }

    /// Somebody types an answer; gives the exit code and all that was shown in the end.
    fn answers(mut self, answer: &str) -> (i32, String) {
        self.keys.write_all(format!("{answer}\n").as_bytes()).unwrap();
        self.ends()
    }

    /// Waits until it ends by itself.
    fn ends(mut self) -> (i32, String) {
        let status = until("the command to end", || self.child.try_wait().unwrap());
        if let Some(reader) = self.reader.take() {
            reader.join().unwrap();
        }
        (status.code().unwrap_or(-1), self.shown())
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn whoever_answers_at_a_terminal_sees_what_was_asked_for_before_it_is_sent() {
    const ASKED: &str = "This share asks for just listening.";
    let stage = Stage::new();
    let relay = stage.relay();
    let (alder, rowan) = (stage.person("alder"), stage.person("rowan"));
    two_in(TITLE, &relay, &alder, &rowan);
    let share = alder.shares(TITLE, "I only want to be heard.");
    rowan.reads(TITLE, "I only want to be heard.");

    let answer = ["reply", &share, "I read every word.", "--declaration-heard"];
    let terminal = rowan.types(&answer);
    terminal.shows(ASKED);
    terminal.shows("say so with --advice");
    terminal.shows("Send it? [y/N]");
    assert_eq!(rowan.texts(TITLE).len(), 1, "it was sent before the answer");
    let (code, shown) = terminal.answers("");
    assert_eq!(code, 1, "{shown}");
    assert!(shown.contains("nothing was sent"), "{shown}");
    assert_eq!(rowan.texts(TITLE).len(), 1);

    let terminal = rowan.types(&answer);
    terminal.shows("Send it? [y/N]");
    let (code, shown) = terminal.answers("y");
    assert_eq!(code, 0, "{shown}");
    alder.reads(TITLE, "I read every word.");

    // To answer an answer is to answer the share; advice is asked about in its own way.
    let reply = rowan.items(TITLE).iter().find(|item| item["to"] == share).map(|i| text(i, "/id"));
    let terminal = rowan.types(&["reply", &reply.unwrap(), "And again.", "--declaration-heard"]);
    terminal.shows(ASKED);
    assert_eq!(terminal.answers("n").0, 1);
    let advice = ["reply", &share, "Walk more.", "--advice", "--declaration-heard"];
    let terminal = rowan.types(&advice);
    terminal.shows("nobody sees this advice unless its author wants to. Send it anyway? [y/N]");
    let (code, shown) = terminal.answers("n");
    assert!(code == 1 && !shown.contains(ASKED), "{shown}");

    // Where ideas are welcome, and to one's own words, nobody is asked.
    let open = ["share", TITLE, "What would you do?", "--ask", "ideas", "--wait", "80s"];
    let open = text(&alder.does(&open), "/id");
    rowan.reads(TITLE, "What would you do?");
    for (who, to) in [(&rowan, &open), (&alder, &share)] {
        let (code, shown) = who.types(&["reply", to, "Here.", "--declaration-heard"]).ends();
        assert!(code == 0 && !shown.contains("[y/N]"), "{shown}");
    }
}

#[test]
fn what_could_tell_who_somebody_is_is_asked_about_at_a_terminal() {
    let stage = Stage::new();
    let relay = stage.relay();
    let (alder, rowan) = (stage.person("alder"), stage.person("rowan"));
    two_in(TITLE, &relay, &alder, &rowan);
    let declared = ["--declaration", "Ring me at 0171 2345678."];
    let succeed = [&["succession", "propose", TITLE, "Rowan"][..], &declared].concat();
    for (who, args) in [
        (&rowan, &["share", TITLE, "Ring me at 0171 2345678.", "--declaration-heard"][..]),
        (&rowan, &succeed),
        (&alder, &["member", "declare", TITLE, "Ring me at 0171 2345678."]),
    ] {
        let terminal = who.types(args);
        terminal.shows("\"0171 2345678\" could tell who somebody is. Send it anyway? [y/N]");
        let (code, shown) = terminal.answers("n");
        assert!(code == 1 && shown.contains("nothing was sent"), "{args:?}: {shown}");
        // Where nobody can be asked, it says how to send it all the same.
        let refused = who.asks_unheard(args);
        assert_eq!((refused.exit_code, refused.code()), (1, "could_identify"), "{args:?}");
        assert!(refused.next().contains("--send-anyway"), "{}", refused.next());
    }
    assert!(rowan.texts(TITLE).is_empty());
    rowan.does(&[&succeed[..], &["--send-anyway"]].concat());
}

#[test]
fn what_somebody_noted_is_seen_as_a_picture_at_a_terminal() {
    let stage = Stage::new();
    let alder = stage.person("alder");
    let (code, shown) = alder.types(&["checkin"]).ends();
    assert!(code == 0 && !shown.contains('|'), "{shown}");
    alder.does(&["checkin", "3"]);
    alder.does(&["checkin", "7", "A good walk."]);
    let (code, shown) = alder.types(&["checkin"]).ends();
    assert_eq!(code, 0, "{shown}");
    for part in ["10 |", "5 |", "0 |", "+---", "today", "between 3 and 7"] {
        assert!(shown.contains(part), "{part} is not in: {shown}");
    }
    assert_eq!(shown.matches('*').count(), 2, "{shown}");
}

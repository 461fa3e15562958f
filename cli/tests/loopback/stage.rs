//! The folders, passphrases and processes of one test. Whatever happens, the processes end with
//! it; where a test fails, the folders stay for whoever looks into the logs.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{BufRead, BufReader, Read, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;
use tempfile::TempDir;

use crate::door::{Door, Upstream};

const PROGRAM: &str = env!("CARGO_BIN_EXE_windbreak");
/// How long something may take on a busy machine before a test fails.
const PATIENCE: Duration = Duration::from_secs(240);
/// How long to look for what a process does in passing.
const IN_VAIN: Duration = Duration::from_secs(10);
/// How often to look whether something has happened.
const INTERVAL: Duration = Duration::from_millis(100);
/// How often to look whether a process has ended.
const TICK: Duration = Duration::from_millis(5);
/// Waits of the nodes are multiplied by this.
pub(crate) const FASTER: &str = "0.05";

/// The folder everything of one test lies in.
pub(crate) struct Stage(Option<TempDir>);

impl Stage {
    pub(crate) fn new() -> Self {
        let root = tempfile::Builder::new().prefix("windbreak-").tempdir().unwrap();
        for folder in ["logs", "passphrases", "words"] {
            DirBuilder::new().mode(0o700).create(root.path().join(folder)).unwrap();
        }
        Self(Some(root))
    }

    pub(crate) fn folder(&self, name: &str) -> PathBuf {
        self.0.as_ref().unwrap().path().join(name)
    }

    /// A relay that runs.
    pub(crate) fn relay(&self) -> Relay {
        self.relay_called("relay")
    }

    pub(crate) fn relay_called(&self, name: &str) -> Relay {
        let mut relay = self.relay_to_be(name);
        relay.starts();
        relay
    }

    /// A relay that does not run yet.
    pub(crate) fn relay_to_be(&self, name: &str) -> Relay {
        let run = ["relay", "run", "--listen", "/ip4/127.0.0.1/tcp/0"];
        let party = Party::new(self.folder("."), name, &run);
        let upstream = Upstream::default();
        let door = Door::open(upstream.clone());
        Relay { party, upstream, door, peer: String::new() }
    }

    /// A person with a profile and without a node yet.
    pub(crate) fn newcomer(&self, name: &str) -> Party {
        let passphrase = self.folder("passphrases").join(name);
        private_file(&passphrase)
            .write_all(format!("{name}: four quiet words\n").as_bytes())
            .unwrap();
        let passphrase = passphrase.to_str().unwrap();
        let party =
            Party::new(self.folder("."), name, &["node", "run", "--passphrase-file", passphrase]);
        let made = party.does(&[
            "init",
            "--test-cost",
            "--network",
            "relay-only",
            "--passphrase-file",
            passphrase,
        ]);
        let phrase = made["recovery_phrase"].as_str().unwrap();
        self.passphrase(&format!("{name}-phrase"), phrase);
        let config = party.folder.join("config.toml");
        let text = fs::read_to_string(&config).unwrap();
        let faster = text.replace("timing_factor = 1.0", &format!("timing_factor = {FASTER}"));
        assert_ne!(text, faster, "config.toml names the timing factor otherwise");
        fs::write(&config, faster).unwrap();
        party
    }

    /// A private file with a passphrase; gives its path.
    pub(crate) fn passphrase(&self, name: &str, words: &str) -> String {
        let path = self.folder("passphrases").join(name);
        private_file(&path).write_all(words.as_bytes()).unwrap();
        path.to_str().unwrap().to_owned()
    }

    /// Somebody without a profile yet.
    pub(crate) fn absent(&self, name: &str) -> Party {
        self.somebody(name, &["node", "run"])
    }

    /// Somebody whose profile comes from elsewhere, and how their node is run.
    pub(crate) fn somebody(&self, name: &str, run: &[&str]) -> Party {
        Party::new(self.folder("."), name, run)
    }

    /// Somebody whose folder lies in another one than this test's, with passphrases and logs beside it.
    pub(crate) fn somebody_in(root: &Path, name: &str, run: &[&str]) -> Party {
        Party::new(root.to_owned(), name, run)
    }

    /// A person whose node runs.
    pub(crate) fn person(&self, name: &str) -> Party {
        let mut party = self.newcomer(name);
        party.starts();
        party
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        if thread::panicking()
            && let Some(root) = self.0.take()
        {
            eprintln!("the folders of the test are left in {}", root.keep().display());
        }
    }
}

/// A relay, and the door that nodes reach it through: its port stays the same when the relay
/// starts again, whatever else happens on this machine.
pub(crate) struct Relay {
    pub(crate) party: Party,
    upstream: Upstream,
    pub(crate) door: Door,
    peer: String,
}

impl Relay {
    pub(crate) fn pid(&self) -> Pid {
        self.party.pid()
    }

    pub(crate) fn starts(&mut self) {
        let ready = self.party.starts();
        self.is_ready(&ready);
    }

    /// The same from a shell that has done something before.
    pub(crate) fn starts_after(&mut self, shell: &str) {
        let ready = self.party.starts_after(shell);
        self.is_ready(&ready);
    }

    fn is_ready(&mut self, ready: &Value) {
        let address = ready.pointer("/addresses/0").and_then(Value::as_str).unwrap().to_owned();
        let (place, peer) = address.split_once("/p2p/").unwrap();
        assert!(self.peer.is_empty() || self.peer == peer, "the relay has become another one");
        self.peer = peer.to_owned();
        self.upstream.leads_to(place.rsplit('/').next().unwrap().parse().unwrap());
    }

    /// The relay is not there any more, for whoever asks.
    pub(crate) fn is_gone(&self) {
        self.upstream.leads_nowhere();
    }

    /// It begins anew in an empty folder.
    pub(crate) fn is_another(&mut self) {
        self.is_gone();
        self.peer.clear();
    }

    pub(crate) fn address(&self) -> String {
        format!("/ip4/127.0.0.1/tcp/{}/p2p/{}", self.door.port(), self.peer)
    }
}

/// What a command answered.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) exit_code: i32,
    json: Value,
}

impl Answer {
    pub(crate) fn data(&self) -> &Value {
        self.json.get("data").unwrap_or(&Value::Null)
    }

    /// The code of the failure.
    pub(crate) fn code(&self) -> &str {
        self.json.pointer("/error/code").and_then(Value::as_str).unwrap_or_default()
    }

    /// What it says to do next.
    pub(crate) fn next(&self) -> &str {
        self.json.pointer("/error/next").and_then(Value::as_str).unwrap_or_default()
    }
}

/// Somebody who reads along.
pub(crate) struct Follow {
    child: Child,
    said: Arc<Mutex<Vec<u8>>>,
}

impl Follow {
    /// All that it has printed so far.
    pub(crate) fn said(&self) -> String {
        String::from_utf8_lossy(&self.said.lock().unwrap()).into_owned()
    }

    pub(crate) fn shows(&self, words: &str) {
        until(words, || self.said().contains(words).then_some(()));
    }

    /// Waits until it ends by itself; with which code.
    pub(crate) fn ends(&mut self) -> i32 {
        let status = ended(&mut self.child, PATIENCE, || "who reads along is not told".into());
        status.code().unwrap_or(-1)
    }
}

impl Drop for Follow {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A command that has begun.
pub(crate) struct Begun {
    child: Child,
    told: thread::JoinHandle<std::io::Result<Vec<u8>>>,
    what: String,
}

impl Begun {
    /// Waits for its answer.
    pub(crate) fn answer(mut self) -> Answer {
        let what = self.what;
        let status = ended(&mut self.child, PATIENCE, || format!("too long: {what}"));
        let json = serde_json::from_slice(&self.told.join().unwrap().unwrap()).unwrap_or_default();
        Answer { exit_code: status.code().unwrap_or(-1), json }
    }

    /// Sends it a signal, unless it has ended.
    pub(crate) fn gets(&self, signal: Signal) {
        kill_process(Pid::from_child(&self.child), signal).unwrap();
    }

    /// Ends it as a power cut would; whether it had come to an end by itself.
    pub(crate) fn dies_after(mut self, time: Duration) -> bool {
        thread::sleep(time);
        let _ = self.child.kill();
        self.answer().exit_code == 0
    }
}

/// A profile or a relay's folder, and the process that runs for it.
pub(crate) struct Party {
    root: PathBuf,
    name: String,
    pub(crate) folder: PathBuf,
    run: Vec<String>,
    process: Option<Child>,
    in_background: bool,
}

impl Party {
    fn new(root: PathBuf, name: &str, run: &[&str]) -> Self {
        let run = run.iter().map(|word| (*word).to_owned()).collect();
        let root = fs::canonicalize(root).unwrap();
        let folder = root.join(name);
        Self { root, name: name.to_owned(), folder, run, process: None, in_background: false }
    }

    /// Starts its process, and waits until that says that it is ready.
    pub(crate) fn starts(&mut self) -> Value {
        self.starts_with(self.prepare(&mut Command::new(PROGRAM)))
    }

    /// The same from a shell that has done something before.
    pub(crate) fn starts_after(&mut self, shell: &str) -> Value {
        self.starts_with(self.prepare(&mut after(shell)))
    }

    /// Runs a command from such a shell, and gives its answer.
    pub(crate) fn asks_after(&self, shell: &str, args: &[&str]) -> Answer {
        self.begins_with(&mut after(shell), args).answer()
    }

    /// The file with its passphrase.
    pub(crate) fn passphrase(&self) -> String {
        self.root.join("passphrases").join(&self.name).to_str().unwrap().to_owned()
    }

    /// Starts its node in the background, as a command does that needs one.
    pub(crate) fn starts_in_background(&mut self) {
        self.does(&["node", "start", "--passphrase-file", &self.passphrase()]);
        self.in_background = true;
    }

    fn starts_with(&mut self, command: &mut Command) -> Value {
        let log = self.root.join("logs").join(&self.name);
        let log = OpenOptions::new().append(true).create(true).mode(0o600).open(log).unwrap();
        let process = command.args(&self.run).stderr(log).stdin(Stdio::null());
        let mut process = process.stdout(Stdio::piped()).spawn().unwrap();
        let mut pipe = BufReader::new(process.stdout.take().unwrap());
        let (tx, rx) = mpsc::channel();
        thread::spawn(move || {
            let mut word = String::new();
            let _ = pipe.read_line(&mut word);
            let _ = tx.send(word);
        });
        self.process = Some(process);
        let word = rx.recv_timeout(PATIENCE).unwrap_or_default();
        let json: Value = serde_json::from_str(&word).unwrap_or_default();
        let data =
            json.get("data").unwrap_or_else(|| panic!("{} did not start: {word}", self.name));
        data.clone()
    }

    /// Ctrl-C, and the end of the process.
    pub(crate) fn is_interrupted(&mut self) -> ExitStatus {
        self.gets(Signal::INT)
    }

    /// Ctrl-C; the process must end well.
    pub(crate) fn stops(&mut self) {
        let status = self.is_interrupted();
        assert!(status.success(), "{} ended with {status}", self.name);
    }

    /// SIGTERM, as systemd says it, and the end of the process, which must be a good one.
    pub(crate) fn is_told_to_end(&mut self) {
        let status = self.gets(Signal::TERM);
        assert!(status.success(), "{} ended with {status}", self.name);
    }

    /// Ends the process as a power cut would.
    pub(crate) fn is_killed(&mut self) {
        self.gets(Signal::KILL);
    }

    /// The same after a start that had gigabytes to write, which the end waits for.
    pub(crate) fn stops_within(&mut self, patience: Duration) {
        let status = self.gets_within(Signal::INT, patience);
        assert!(status.success(), "{} ended with {status}", self.name);
    }

    fn gets(&mut self, signal: Signal) -> ExitStatus {
        self.gets_within(signal, PATIENCE)
    }

    fn gets_within(&mut self, signal: Signal, patience: Duration) -> ExitStatus {
        kill_process(self.pid(), signal).unwrap();
        let mut process = self.process.take().unwrap();
        ended(&mut process, patience, || format!("the process of {} does not end", self.name))
    }

    /// Whether its process was started and not ended here.
    pub(crate) fn is_running(&self) -> bool {
        self.process.is_some()
    }

    /// Whether its process has ended by itself, or does within a moment.
    pub(crate) fn has_ended(&mut self) -> bool {
        let Some(process) = &mut self.process else { return true };
        for _ in 0..100 {
            if process.try_wait().unwrap().is_some() {
                return true;
            }
            thread::sleep(TICK);
        }
        false
    }

    /// With what its process has ended by itself, if it has.
    pub(crate) fn exit_status(&mut self) -> Option<ExitStatus> {
        self.process.as_mut()?.try_wait().unwrap()
    }

    pub(crate) fn pid(&self) -> Pid {
        Pid::from_child(self.process.as_ref().unwrap())
    }

    /// Runs a command and waits for its answer.
    pub(crate) fn asks(&self, args: &[&str]) -> Answer {
        self.begins(args).answer()
    }

    /// Runs a command as it stands, and waits for its answer.
    pub(crate) fn asks_unheard(&self, args: &[&str]) -> Answer {
        self.begins_unheard(args).answer()
    }

    /// Begins a command whose answer is not waited for yet. Who speaks has read what the
    /// facilitators would have to report.
    pub(crate) fn begins(&self, args: &[&str]) -> Begun {
        let speaks = matches!(args, ["share" | "reply" | "edit", ..] | ["draft", "send", ..])
            || args.first() == Some(&"checkin") && args.contains(&"--share");
        let heard: &[&str] = if speaks { &["--declaration-heard"] } else { &[] };
        self.begins_unheard(&[args, heard].concat())
    }

    fn begins_unheard(&self, args: &[&str]) -> Begun {
        self.begins_with(&mut Command::new(PROGRAM), args)
    }

    fn begins_with(&self, command: &mut Command, args: &[&str]) -> Begun {
        let mut child = self
            .prepare(command)
            .args(args)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut pipe = child.stdout.take().unwrap();
        let told = thread::spawn(move || {
            let mut told = Vec::new();
            pipe.read_to_end(&mut told).map(|_| told)
        });
        Begun { child, told, what: format!("{args:?} for {}", self.name) }
    }

    /// Begins to read a circle along.
    pub(crate) fn follows(&self, circle: &str) -> Follow {
        let mut command = Command::new(PROGRAM);
        let command = self.prepare(&mut command).args(["read", circle, "--follow"]);
        let command = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().unwrap();
        let mut pipe = child.stdout.take().unwrap();
        let said = Arc::new(Mutex::new(Vec::new()));
        let told = said.clone();
        thread::spawn(move || {
            let mut part = [0; 4096];
            while let Ok(length @ 1..) = pipe.read(&mut part) {
                told.lock().unwrap().extend_from_slice(&part[..length]);
            }
        });
        Follow { child, said }
    }

    /// Starts its process and ends it as a power cut would, ready or not.
    pub(crate) fn starts_and_is_killed(&mut self, after: Duration) {
        self.starts_and_is_killed_once(&|| true, after);
    }

    /// The same, so much after something is seen to hold, or was waited for in vain.
    pub(crate) fn starts_and_is_killed_once(&mut self, holds: &dyn Fn() -> bool, after: Duration) {
        let mut command = Command::new(PROGRAM);
        let command = self.prepare(&mut command).args(&self.run).stdin(Stdio::null());
        let mut process = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let began = Instant::now();
        while !holds() && began.elapsed() < IN_VAIN {
            thread::yield_now();
        }
        thread::sleep(after);
        let _ = process.kill();
        let _ = process.wait();
    }

    /// Runs a command that must succeed, and gives its data.
    pub(crate) fn does(&self, args: &[&str]) -> Value {
        let answer = self.asks(args);
        assert_eq!(answer.exit_code, 0, "{} {args:?}: {}", self.name, answer.json);
        answer.data().clone()
    }

    /// What a person reads of a command that must succeed, in one line.
    pub(crate) fn prints(&self, args: &[&str]) -> String {
        let mut command = Command::new(PROGRAM);
        let command = self.prepare_for_a_person(&mut command).args(args).stdin(Stdio::null());
        let output = command.output().unwrap();
        assert!(output.status.success(), "{} {args:?}: {output:?}", self.name);
        let words = String::from_utf8(output.stdout).unwrap();
        words.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// A command as a person types it, that was not started yet.
    pub(crate) fn command_of_a_person(&self, args: &[&str]) -> Command {
        let mut command = Command::new(PROGRAM);
        self.prepare_for_a_person(&mut command).args(args);
        command
    }

    fn prepare<'a>(&self, command: &'a mut Command) -> &'a mut Command {
        self.prepare_for_a_person(command).arg("--json")
    }

    fn prepare_for_a_person<'a>(&self, command: &'a mut Command) -> &'a mut Command {
        command.arg("--profile").arg(&self.folder).env_remove("WINDBREAK_PROFILE");
        command.env("WINDBREAK_LANGUAGE", "en");
        // Too long a path of the folder puts sockets elsewhere: never where a person's are.
        command.env("XDG_RUNTIME_DIR", &self.root);
        // Nor does anything show on their screen.
        for name in ["DBUS_SESSION_BUS_ADDRESS", "DISPLAY", "WAYLAND_DISPLAY"] {
            command.env_remove(name);
        }
        command
    }
}

impl Drop for Party {
    fn drop(&mut self) {
        if self.in_background {
            // Also when the test failed: no node may outlive it.
            let _ = self.prepare(&mut Command::new(PROGRAM)).args(["node", "stop"]).output();
        }
        if let Some(mut process) = self.process.take() {
            let _ = process.kill();
            let _ = process.wait();
        }
    }
}

/// The program, started by a shell that does something before.
fn after(shell: &str) -> Command {
    let mut command = Command::new("sh");
    command.args(["-c", &format!("{shell}; exec \"$0\" \"$@\""), PROGRAM]);
    command
}

/// Waits until a process has ended; kills it if it takes too long.
fn ended(process: &mut Child, patience: Duration, complaint: impl Fn() -> String) -> ExitStatus {
    let began = Instant::now();
    loop {
        if let Some(status) = process.try_wait().unwrap() {
            return status;
        }
        if began.elapsed() > patience {
            let _ = process.kill();
            let _ = process.wait();
            panic!("{}", complaint());
        }
        thread::sleep(TICK);
    }
}

/// A relay's folder before its first start, with a limit of its own.
pub(crate) fn bounds_itself(folder: &Path, limit: &str) {
    fs::DirBuilder::new().recursive(true).mode(0o700).create(folder).unwrap();
    let mut settings = private_file(&folder.join("relay.toml"));
    settings.write_all(format!("[limits]\n{limit}\n").as_bytes()).unwrap();
}

/// Looks again and again until something is there.
pub(crate) fn until<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let began = Instant::now();
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(began.elapsed() < PATIENCE, "waited in vain for {what}");
        thread::sleep(INTERVAL);
    }
}

fn private_file(path: &Path) -> File {
    OpenOptions::new().write(true).create_new(true).mode(0o600).open(path).unwrap()
}

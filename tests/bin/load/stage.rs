//! The folders and processes of one measurement: relays and nodes as people run them, with waits
//! twenty times shorter where people come in. All of it ends with the measurement.

use std::fs::{self, DirBuilder, OpenOptions};
use std::io::{BufRead, BufReader, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tempfile::TempDir;
use windbreak_tests::measure::Fault;

use crate::client::{self, Client, Events};
use crate::door::Door;
use crate::machine::Usage;

/// How long something may take before a measurement gives up.
const PATIENCE: Duration = Duration::from_secs(180);
const TICK: Duration = Duration::from_millis(5);
/// What facilitators would have to report: whoever shares has read it.
pub(crate) const DECLARATION: &str = "Nobody here has a duty to report.";
/// As every node has it that a command starts, which is how people run one.
const GIVES_MEMORY_BACK: [(&str, &str); 3] = [
    ("MALLOC_ARENA_MAX", "1"),
    ("MALLOC_MMAP_THRESHOLD_", "1048576"),
    ("MALLOC_TRIM_THRESHOLD_", "4194304"),
];
/// The circle's title.
const TITLE: &str = "Evening circle";

/// Where everything lies.
#[derive(Debug)]
pub(crate) struct Stage {
    root: TempDir,
    program: PathBuf,
}

/// A relay that runs, and the door it is reached through, where bytes are counted.
#[derive(Debug)]
pub(crate) struct Relay {
    pub(crate) process: Process,
    pub(crate) door: Door,
    /// Its address by way of the door.
    pub(crate) address: String,
    /// The same past the door.
    pub(crate) direct: String,
    name: String,
}

/// A process that ends when this is dropped.
#[derive(Debug)]
pub(crate) struct Process(Child);

impl Process {
    pub(crate) fn usage(&self) -> Usage {
        Usage::of(self.0.id())
    }

    fn end(&mut self) {
        // One that has ended already is as good.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.end();
    }
}

/// Somebody with a profile.
#[derive(Debug)]
pub(crate) struct Person {
    pub(crate) name: String,
    program: PathBuf,
    passphrase: PathBuf,
    log: PathBuf,
    pub(crate) folder: PathBuf,
    node: Option<Process>,
}

impl Stage {
    pub(crate) fn new() -> Result<Self, Fault> {
        let own = std::env::current_exe()?;
        let program = own.with_file_name("windbreak");
        if !program.exists() {
            return Err("there is no program `windbreak` beside this one; make it with: \
                        cargo build --release -p windbreak"
                .into());
        }
        let root = tempfile::Builder::new().prefix("windbreak-load-").tempdir()?;
        for folder in ["logs", "words"] {
            DirBuilder::new().mode(0o700).create(root.path().join(folder))?;
        }
        Ok(Self { root, program })
    }

    pub(crate) fn folder(&self) -> &Path {
        self.root.path()
    }

    /// Starts a relay with these lines in its settings, after `[limits]`.
    pub(crate) fn relay(&self, limits: &str) -> Result<Relay, Fault> {
        self.relay_called("relay", limits)
    }

    /// The same, one of several.
    pub(crate) fn relay_called(&self, name: &str, limits: &str) -> Result<Relay, Fault> {
        let folder = self.root.path().join(name);
        DirBuilder::new().mode(0o700).create(&folder)?;
        let settings = format!("listen = [\"/ip4/127.0.0.1/tcp/0\"]\n\n[limits]\n{limits}\n");
        private(&folder.join("relay.toml"))?.write_all(settings.as_bytes())?;
        self.run_relay(name)
    }

    /// Ends a relay as a power cut would, and starts it again, at another address; gives how long it
    /// took until it was ready.
    pub(crate) fn restart(&self, relay: &mut Relay) -> Result<Duration, Fault> {
        relay.process.end();
        let began = Instant::now();
        let name = relay.name.clone();
        *relay = self.run_relay(&name)?;
        Ok(began.elapsed())
    }

    fn run_relay(&self, name: &str) -> Result<Relay, Fault> {
        let mut command = self.command(&self.root.path().join(name));
        command.args(["relay", "run"]);
        let (process, ready) = start(&mut command, &self.root.path().join("logs").join(name))?;
        let direct = ready["addresses"][0].as_str().ok_or("the relay gave no address")?.to_owned();
        let (place, peer) = direct.split_once("/p2p/").ok_or("an address without an end")?;
        let port = place.rsplit('/').next().unwrap_or_default().parse()?;
        let door = Door::open(port)?;
        let address = format!("/ip4/127.0.0.1/tcp/{}/p2p/{peer}", door.port());
        Ok(Relay { process, door, address, direct, name: name.to_owned() })
    }

    /// A person whose node runs.
    pub(crate) fn person(&self, name: &str) -> Result<Person, Fault> {
        let root = self.root.path();
        let passphrase = root.join("words").join(name);
        private(&passphrase)?.write_all(b"four quiet words of load\n")?;
        let mut person = Person {
            name: name.to_owned(),
            program: self.program.clone(),
            folder: root.join(name),
            log: root.join("logs").join(name),
            passphrase,
            node: None,
        };
        person.does(&["init", "--test-cost", "--network", "relay-only", "--passphrase-file"])?;
        person.pace("0.05")?;
        person.starts()?;
        Ok(person)
    }

    fn command(&self, folder: &Path) -> Command {
        command(&self.program, folder)
    }
}

impl Person {
    /// From the next start on all waits are multiplied by this.
    pub(crate) fn pace(&self, factor: &str) -> Result<(), Fault> {
        let path = self.folder.join("config.toml");
        let text = fs::read_to_string(&path)?;
        let lines = text.lines().map(|line| {
            let is_factor = line.starts_with("timing_factor = ");
            if is_factor { format!("timing_factor = {factor}") } else { line.to_owned() }
        });
        fs::write(path, lines.collect::<Vec<_>>().join("\n") + "\n")?;
        Ok(())
    }

    pub(crate) fn starts(&mut self) -> Result<(), Fault> {
        let mut command = command(&self.program, &self.folder);
        command.args(["node", "run", "--passphrase-file"]).arg(&self.passphrase);
        command.envs(GIVES_MEMORY_BACK);
        self.node = Some(start(&mut command, &self.log)?.0);
        Ok(())
    }

    /// Ends the node as a power cut would: what it said it kept must be there.
    pub(crate) fn dies(&mut self) {
        self.node = None;
    }

    pub(crate) fn usage(&self) -> Usage {
        self.node.as_ref().map(Process::usage).unwrap_or_default()
    }

    pub(crate) fn client(&self) -> Result<Client, Fault> {
        Client::connect(&self.socket())
    }

    pub(crate) fn events(&self) -> Result<Events, Fault> {
        Events::listen(&self.socket())
    }

    pub(crate) fn socket(&self) -> PathBuf {
        client::socket(&self.folder)
    }

    /// Makes a circle with X25519; gives its id.
    pub(crate) fn makes_a_circle(&self, relay: &str) -> Result<String, Fault> {
        self.makes_a_circle_on(&[relay])
    }

    /// The same on several relays.
    pub(crate) fn makes_a_circle_on(&self, relays: &[&str]) -> Result<String, Fault> {
        let new = json!({
            "title": TITLE, "name": self.name, "suite": "x25519", "relays": relays,
            "same_relay": true, "agreement": "We listen.",
            "declaration": DECLARATION, "adult": true,
        });
        let made = self.client()?.post("/v1/circles", &new)?;
        let id = made["id"].as_str().or_else(|| made["circle"]["id"].as_str());
        Ok(id.ok_or("a circle without an id")?.to_owned())
    }

    /// Lets somebody into the circle.
    pub(crate) fn lets_in(&self, circle: &str, newcomer: &Person) -> Result<(), Fault> {
        newcomer.joins(&self.invites(circle)?)
    }

    /// Makes an invite; gives its code.
    pub(crate) fn invites(&self, circle: &str) -> Result<String, Fault> {
        let made = self.does(&["invite", "new", circle])?;
        let code = made["invite"]["code"].as_str().ok_or("an invite without a code")?.to_owned();
        self.has_sent_all()?;
        Ok(code)
    }

    /// Comes in by an invite.
    pub(crate) fn joins(&self, code: &str) -> Result<(), Fault> {
        let args = ["join", code, "--name", &self.name, "--accept-agreement", "--adult", "--yes"];
        let joined = self.does(&[&args[..], &["--wait", "80s"]].concat())?;
        if joined["stage"] == "joined" { Ok(()) } else { Err("somebody did not come in".into()) }
    }

    /// Waits until nothing of this person waits to be sent.
    pub(crate) fn has_sent_all(&self) -> Result<(), Fault> {
        let mut client = self.client()?;
        until("everything to be sent", || Ok(client.get("/v1/status")?["outbox"] == 0))
    }

    /// Runs a command; a passphrase file follows where its last word asks for one.
    pub(crate) fn does(&self, args: &[&str]) -> Result<Value, Fault> {
        let mut command = command(&self.program, &self.folder);
        command.args(args);
        if args.last() == Some(&"--passphrase-file") {
            command.arg(&self.passphrase);
        }
        let told = command.stdin(Stdio::null()).stderr(Stdio::null()).output()?;
        let answer: Value = serde_json::from_slice(&told.stdout)?;
        if told.status.success() {
            return Ok(answer["data"].clone());
        }
        let first = args.iter().take(2).copied().collect::<Vec<_>>().join(" ");
        Err(format!("windbreak {first}: {}", answer["error"]["message"]).into())
    }
}

/// Looks again and again until something is so.
pub(crate) fn until(what: &str, look: impl FnMut() -> Result<bool, Fault>) -> Result<(), Fault> {
    until_every(TICK, what, look)
}

/// The same where looking is work for whoever is measured.
pub(crate) fn until_every(
    tick: Duration,
    what: &str,
    mut look: impl FnMut() -> Result<bool, Fault>,
) -> Result<(), Fault> {
    let began = Instant::now();
    while !look()? {
        if began.elapsed() > PATIENCE {
            return Err(format!("waited in vain for {what}").into());
        }
        std::thread::sleep(tick);
    }
    Ok(())
}

fn command(program: &Path, folder: &Path) -> Command {
    let mut command = Command::new(program);
    command.args(["--json", "--profile"]).arg(folder).env_remove("WINDBREAK_PROFILE");
    command
}

/// Starts a process that stays, and waits for its word that it is ready.
fn start(command: &mut Command, log: &Path) -> Result<(Process, Value), Fault> {
    let log = OpenOptions::new().append(true).create(true).mode(0o600).open(log)?;
    let child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(log).spawn()?;
    let mut process = Process(child);
    let mut word = String::new();
    if let Some(pipe) = process.0.stdout.take() {
        BufReader::new(pipe).read_line(&mut word)?;
    }
    let answer: Value = serde_json::from_str(&word).unwrap_or_default();
    if answer["data"].is_null() {
        return Err(format!("a process did not start: {}", answer["error"]["message"]).into());
    }
    Ok((process, answer["data"].clone()))
}

fn private(path: &Path) -> Result<fs::File, Fault> {
    Ok(OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?)
}

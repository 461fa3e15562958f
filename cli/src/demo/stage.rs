//! The processes of the demo, and the commands they are driven by. All of it lives in one private
//! folder and ends with the demo.

use std::fs::{self, DirBuilder, File};
use std::io::{self, Read};
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};
use tokio::time::timeout;
use windbreak_node::private;

use super::transcript::Transcript;
use crate::error::{Failure, Kind};
use crate::words::say;

/// How long one command may take before the demo gives up.
const COMMAND_PATIENCE: Duration = Duration::from_secs(90);
/// How long a process may take to put everything away.
const STOP_PATIENCE: Duration = Duration::from_secs(20);

/// Who takes part, with the folder's name; the names in the circle are others.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Who {
    Relay,
    Alder,
    Rowan,
    Osina,
    Yanagi,
}

impl Who {
    pub(super) const PEOPLE: [Self; 4] = [Self::Alder, Self::Rowan, Self::Osina, Self::Yanagi];

    /// The name of the folder.
    pub(super) const fn folder(self) -> &'static str {
        match self {
            Self::Relay => "relay",
            Self::Alder => "alder",
            Self::Rowan => "rowan",
            Self::Osina => "osina",
            Self::Yanagi => "yanagi",
        }
    }

    /// The name this person goes by in the circle.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Relay => "",
            Self::Alder => "Alder",
            Self::Rowan => "Rowan",
            Self::Osina => "Осина",
            Self::Yanagi => "柳 🌿",
        }
    }
}

/// What a command answered.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) exit_code: i32,
    json: Value,
}

impl Answer {
    /// The data; nothing for a failure.
    pub(super) fn data(&self) -> &Value {
        self.json.get("data").unwrap_or(&Value::Null)
    }

    /// A text in the data.
    pub(super) fn text(&self, pointer: &str) -> Result<String, Failure> {
        let text = self.data().pointer(pointer).and_then(Value::as_str);
        text.map(ToOwned::to_owned).ok_or_else(|| broken(&say!("demo-answer-holds-no", pointer)))
    }

    /// The code of the failure.
    pub(super) fn error_code(&self) -> &str {
        self.json.pointer("/error/code").and_then(Value::as_str).unwrap_or_default()
    }

    /// The words of the failure.
    pub(super) fn error_words(&self) -> &str {
        self.json
            .pointer("/error/message")
            .and_then(Value::as_str)
            .unwrap_or(say!("demo-no-reason-given"))
    }
}

/// The folder and the processes.
#[derive(Debug)]
pub(super) struct Stage {
    root: PathBuf,
    program: PathBuf,
    kept: bool,
    running: Vec<(Who, Child)>,
}

impl Stage {
    /// Makes the folder, and a passphrase for everybody.
    pub(super) fn set_up() -> Result<Self, Failure> {
        let program = std::env::current_exe()
            .map_err(|error| Failure::system(say!("session-cannot-find-program"), &error))?;
        let failed =
            |error: io::Error| Failure::system(say!("demo-cannot-make-folder-demo"), &error);
        let name = format!("windbreak-demo-{}", random_hex(4)?);
        let root = std::env::temp_dir().join(name);
        // Exclusive and private: a folder that somebody else put there is not used.
        DirBuilder::new().mode(private::FOLDER_MODE).create(&root).map_err(failed)?;
        let root = fs::canonicalize(&root).map_err(failed)?;
        let stage = Self { root, program, kept: false, running: Vec::new() };
        for folder in ["words", "logs", "passphrases"] {
            DirBuilder::new()
                .mode(private::FOLDER_MODE)
                .create(stage.root.join(folder))
                .map_err(failed)?;
        }
        for who in Who::PEOPLE {
            let path = stage.passphrase(who);
            private::replace_file(&path, random_hex(16)?.as_bytes()).map_err(|error| {
                Failure::new(Kind::Failed, "file", error.to_string(), say!("demo-file-next"))
            })?;
        }
        Ok(stage)
    }

    /// A file with words for a command to share.
    pub(super) fn write_words(&self, name: &str, words: &str) -> Result<PathBuf, Failure> {
        let path = self.words().join(name);
        fs::write(&path, words)
            .map_err(|error| Failure::file(say!("files-cannot-write"), &path, &error))?;
        Ok(path)
    }

    /// Where the words lie that the demo shares.
    pub(super) fn words(&self) -> PathBuf {
        self.root.join("words")
    }

    /// Everything that must not hold a word: stores, relay, logs.
    pub(super) fn sealed_folders(&self) -> Vec<PathBuf> {
        let people = Who::PEOPLE.iter().map(|who| self.root.join(who.folder()));
        people.chain([self.root.join("relay"), self.root.join("logs")]).collect()
    }

    /// Runs a command as `who`, and tells it as a person would type it.
    pub(super) async fn types(
        &self,
        told: &mut Transcript,
        who: Who,
        args: &[&str],
    ) -> Result<Answer, Failure> {
        told.types(&shown(who, args))?;
        let answer = self.asks(who, args).await?;
        told.ended(answer.exit_code);
        Ok(answer)
    }

    /// The same, for a command that must succeed.
    pub(super) async fn does(
        &self,
        told: &mut Transcript,
        who: Who,
        args: &[&str],
    ) -> Result<Answer, Failure> {
        let answer = self.types(told, who, args).await?;
        succeeded(answer, args)
    }

    /// Runs a command without telling it: looking again until something has happened.
    pub(super) async fn asks(&self, who: Who, args: &[&str]) -> Result<Answer, Failure> {
        let output =
            self.command(who).args(args).stdin(Stdio::null()).stderr(Stdio::null()).output();
        let output = timeout(COMMAND_PATIENCE, output)
            .await
            .map_err(|_| broken(&say!("demo-windbreak-takes-too-long", args = args.join(" "))))?
            .map_err(|error| Failure::system(say!("demo-cannot-run-command"), &error))?;
        let json = serde_json::from_slice(&output.stdout).unwrap_or(Value::Null);
        Ok(Answer { exit_code: output.status.code().unwrap_or(-1), json })
    }

    /// Starts a process that stays, and waits until it says that it is ready.
    pub(super) async fn starts(
        &mut self,
        told: &mut Transcript,
        who: Who,
        args: &[&str],
    ) -> Result<Value, Failure> {
        told.types(&format!("{} &", shown(who, args)))?;
        let log =
            private::append_file(&self.root.join("logs").join(format!("{}.log", who.folder())))
                .map_err(|error| broken(&error.to_string()))?;
        let mut child = self
            .command(who)
            .args(args)
            // It closes with the demo, however that ends, and the process ends with it.
            .arg("--while-stdin")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()
            .map_err(|error| Failure::system(say!("demo-cannot-start-process"), &error))?;
        let mut word = String::new();
        if let Some(pipe) = child.stdout.take() {
            let read = async { BufReader::new(pipe).read_line(&mut word).await };
            // A process that says nothing is told from one that is ready below.
            let _ = timeout(COMMAND_PATIENCE, read).await;
        }
        self.running.push((who, child));
        let json: Value = serde_json::from_str(&word).unwrap_or(Value::Null);
        match json.get("data") {
            Some(data) => Ok(data.clone()),
            None => {
                let words = json
                    .pointer("/error/message")
                    .and_then(Value::as_str)
                    .unwrap_or(say!("demo-said-nothing"));
                Err(broken(&say!("demo-did-not-start", folder = who.folder(), words)))
            }
        }
    }

    /// Starts the node of a person.
    pub(super) async fn starts_node(
        &mut self,
        told: &mut Transcript,
        who: Who,
    ) -> Result<(), Failure> {
        let passphrase = self.passphrase(who);
        let args = ["node", "run", "--passphrase-file", &passphrase.to_string_lossy()];
        self.starts(told, who, &args).await.map(|_| ())
    }

    /// Stops the node of a person with a command, and waits until its process has ended well.
    pub(super) async fn stops_node(
        &mut self,
        told: &mut Transcript,
        who: Who,
    ) -> Result<(), Failure> {
        self.does(told, who, &["node", "stop"]).await?;
        self.has_ended(who).await
    }

    /// Ends a process as Ctrl-C would.
    pub(super) async fn interrupts(&mut self, who: Who) -> Result<(), Failure> {
        if let Some((_, child)) = self.running.iter().find(|(running, _)| *running == who) {
            signal(child, Signal::INT);
        }
        self.has_ended(who).await
    }

    async fn has_ended(&mut self, who: Who) -> Result<(), Failure> {
        let Some(at) = self.running.iter().position(|(running, _)| *running == who) else {
            return Ok(());
        };
        let (_, mut child) = self.running.swap_remove(at);
        match timeout(STOP_PATIENCE, child.wait()).await {
            Ok(Ok(status)) if status.success() || status.code() == Some(130) => Ok(()),
            Ok(Ok(status)) => Err(broken(&say!(
                "demo-process-ended",
                folder = who.folder(),
                status = status.to_string()
            ))),
            Ok(Err(error)) => Err(Failure::system(say!("demo-cannot-wait-process"), &error)),
            Err(_) => Err(broken(&say!("demo-process-does-not-stop", folder = who.folder()))),
        }
    }

    /// Ends every process that is left, in order if it goes, else at once.
    pub(super) async fn stop_everybody(&mut self) {
        for (_, child) in &self.running {
            signal(child, Signal::TERM);
        }
        for (_, mut child) in self.running.drain(..) {
            if timeout(STOP_PATIENCE, child.wait()).await.is_err() {
                // Nothing more can be done about one that cannot even be killed.
                let _ = child.kill().await;
            }
        }
    }

    /// Leaves the folder where it is.
    pub(super) fn keep(&mut self) -> PathBuf {
        self.kept = true;
        self.root.clone()
    }

    /// The file with a person's passphrase.
    pub(super) fn passphrase(&self, who: Who) -> PathBuf {
        self.root.join("passphrases").join(who.folder())
    }

    /// The folder of a person or the relay.
    pub(super) fn folder(&self, who: Who) -> PathBuf {
        self.root.join(who.folder())
    }

    fn command(&self, who: Who) -> Command {
        let mut command = Command::new(&self.program);
        command.args(["--json", "--profile"]).arg(self.folder(who));
        command.env_remove("WINDBREAK_PROFILE").kill_on_drop(true);
        command
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        if !self.kept {
            // What cannot be removed is private, and in the folder for temporary files.
            let _ = fs::remove_dir_all(&self.root);
        }
    }
}

/// Turns a failed answer into a failure of the demo.
pub(super) fn succeeded(answer: Answer, args: &[&str]) -> Result<Answer, Failure> {
    if answer.exit_code == 0 {
        return Ok(answer);
    }
    let command = args.iter().take(2).copied().collect::<Vec<_>>().join(" ");
    Err(broken(&say!(
        "demo-windbreak-exit-code",
        command,
        error_words = answer.error_words(),
        exit_code = answer.exit_code.to_string()
    )))
}

/// A step that did not hold.
pub(super) fn broken(words: &str) -> Failure {
    Failure::new(Kind::Failed, "demo_step", words, say!("demo-step-next"))
}

fn signal(child: &Child, signal: Signal) {
    let pid = child.id().and_then(|id| i32::try_from(id).ok()).and_then(Pid::from_raw);
    if let Some(pid) = pid {
        // A process that is gone needs no signal.
        let _ = kill_process(pid, signal);
    }
}

/// The command as a person would type it, long codes shortened.
fn shown(who: Who, args: &[&str]) -> String {
    let mut words = vec!["windbreak".to_owned(), "--profile".to_owned(), who.folder().to_owned()];
    words.extend(args.iter().map(|word| shorten(word)));
    words.join(" ")
}

fn shorten(word: &str) -> String {
    if word.starts_with("windbreak:") {
        return "windbreak:…".to_owned();
    }
    if word.len() == 64 && word.bytes().all(|digit| digit.is_ascii_hexdigit()) {
        return word[..8].to_owned();
    }
    if let Some((address, _)) = word.split_once("/p2p/") {
        return format!("{address}/p2p/…");
    }
    let path = Path::new(word);
    if let (true, Some(name)) = (path.is_absolute() && !word.starts_with("/ip4"), path.file_name())
    {
        return name.to_string_lossy().into_owned();
    }
    if word.is_empty() || word.contains(|c: char| c.is_whitespace() || "\"'$;&|<>()!".contains(c)) {
        return format!("\"{word}\"");
    }
    word.to_owned()
}

fn random_hex(bytes: usize) -> Result<String, Failure> {
    let mut random = vec![0; bytes];
    File::open("/dev/urandom")
        .and_then(|mut source| source.read_exact(&mut random))
        .map_err(|error| Failure::system(say!("demo-system-gives-no-random"), &error))?;
    Ok(random.iter().map(|byte| format!("{byte:02x}")).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_is_shown_as_a_person_would_type_it() {
        let id = "ab".repeat(32);
        let args =
            ["share", "Evening walk", "--file", "/tmp/x/words/letter.txt", &id, "windbreak:aaaa"];
        assert_eq!(
            shown(Who::Rowan, &args),
            "windbreak --profile rowan share \"Evening walk\" --file letter.txt abababab windbreak:…"
        );
        assert_eq!(shorten("/ip4/127.0.0.1/tcp/1/p2p/12D3Koo"), "/ip4/127.0.0.1/tcp/1/p2p/…");
    }
}

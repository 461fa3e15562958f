//! What the command line says, one file per behaviour, most of them mistakes. No test reaches a
//! network, and none touches the profile of whoever runs it.

#![allow(clippy::unwrap_used, reason = "what a test cannot do ends it")]

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

const PROGRAM: &str = env!("CARGO_BIN_EXE_windbreak");
const CASES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cmd/*.toml");

/// A relay that nobody asks.
const RELAY: &str = "/ip4/127.0.0.1/tcp/9/p2p/12D3KooWDpJ7As7BWAwRMfu1VU2WCqNjvq387JEYKDBj4kx6nXTN";

/// Folder, passphrases, texts, one profile with a running node, one without, and one that names a relay.
struct Home(tempfile::TempDir);

impl Home {
    fn new() -> Self {
        let home = Self(tempfile::tempdir().unwrap());
        home.file("passphrase", b"four quiet words here\n", 0o600);
        home.file("wrong", b"four other words here\n", 0o600);
        home.file("open", b"four quiet words here\n", 0o644);
        home.file("short", b"short\n", 0o600);
        home.file("empty", b"", 0o600);
        home.file("long-text", "long ".repeat(60_000).as_bytes(), 0o600);
        home.file("large-file", &[7; 1024 * 1024 + 1], 0o600);
        home.file("no-text", &[0xff, 0xfe, 0x80], 0o600);
        home.file("relay-wrong.toml", b"[limits]\ntopcs = 3\n", 0o600);
        home.run(&["relay", "init-config", "--profile", "relay-set"]);
        for profile in ["running", "resting", "reaching"] {
            home.run(&[
                "init",
                "--test-cost",
                "--network",
                "relay-only",
                "--profile",
                profile,
                "--passphrase-file",
                "passphrase",
            ]);
        }
        let config = home.path().join("reaching/config.toml");
        let words = fs::read_to_string(&config).unwrap();
        fs::write(&config, words.replace("relays = []", &format!("relays = [\"{RELAY}\"]")))
            .unwrap();
        home.run(&["node", "start", "--profile", "running", "--passphrase-file", "passphrase"]);
        home.run(&[
            "circle",
            "new",
            "Evening walk",
            "--name",
            "Alder",
            "--adult",
            "--declaration",
            "I have nothing to report.",
            "--profile",
            "running",
        ]);
        home.run(&[
            "circle",
            "new",
            "Evening talk",
            "--name",
            "Alder",
            "--adult",
            "--declaration",
            "I have nothing to report.",
            "--profile",
            "running",
        ]);
        let hostile = "\u{1b}[2J\u{202e}klaw";
        home.run(&[
            "circle",
            "new",
            hostile,
            "--name",
            "Pоplar",
            "--adult",
            "--declaration",
            "I have nothing to report.",
            "--profile",
            "running",
        ]);
        home
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn file(&self, name: &str, content: &[u8], mode: u32) {
        let path = self.path().join(name);
        fs::write(&path, content).unwrap();
        fs::set_permissions(&path, Permissions::from_mode(mode)).unwrap();
    }

    fn run(&self, args: &[&str]) {
        let output = Command::new(PROGRAM)
            .args(args)
            .env("WINDBREAK_LANGUAGE", "en")
            .current_dir(self.path())
            .output()
            .unwrap();
        assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
    }
}

impl Drop for Home {
    fn drop(&mut self) {
        // Also when a case failed: no node may outlive the test.
        let stop = ["node", "stop", "--profile", "running"];
        let _ = Command::new(PROGRAM).args(stop).current_dir(self.path()).output();
    }
}

#[test]
fn the_command_line_answers_as_written() {
    let home = Home::new();
    // Paths in the cases are relative to the folder made for this run.
    std::env::set_current_dir(home.path()).unwrap();
    let real = fs::canonicalize(home.path()).unwrap();
    let cases = trycmd::TestCases::new();
    cases
        .env("HOME", real.to_string_lossy())
        .env("XDG_DATA_HOME", real.join("data").to_string_lossy())
        .env("WINDBREAK_PROFILE", "nowhere")
        .env("COLUMNS", "80")
        // Whatever the language of the machine: the cases are in English.
        .env("WINDBREAK_LANGUAGE", "en")
        .case(CASES);
    cases.run();
}

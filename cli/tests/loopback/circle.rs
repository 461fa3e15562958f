//! What people do in these tests, in their words.

use serde_json::Value;

use crate::stage::{Party, Relay, Stage, until};

/// How long a command may wait for others.
pub(crate) const LONG: &str = "80s";

/// Text at `pointer`; a test fails where there is none.
pub(crate) fn text(data: &Value, pointer: &str) -> String {
    let text = data.pointer(pointer).and_then(Value::as_str);
    text.unwrap_or_else(|| panic!("there is no {pointer} in {data}")).to_owned()
}

pub(crate) fn list<'a>(data: &'a Value, pointer: &str) -> &'a [Value] {
    data.pointer(pointer).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

impl Party {
    /// Makes a circle; gives its id.
    pub(crate) fn makes(&self, title: &str, name: &str, relay: &str) -> String {
        let made = self.does(&[
            "circle",
            "new",
            title,
            "--name",
            name,
            "--relay",
            relay,
            "--yes",
            "--adult",
            "--declaration",
            "I have nothing to report.",
        ]);
        text(&made, "/circle/id")
    }

    /// The one item with this id, as this person reads it, once `holds` is true of it.
    pub(crate) fn reads_item(
        &self,
        circle: &str,
        id: &str,
        what: &str,
        holds: impl Fn(&Value) -> bool,
    ) -> Value {
        until(what, || {
            let read = self.does(&["read", circle]);
            let item = list(&read, "/items").iter().find(|item| item["id"] == id)?.clone();
            holds(&item).then_some(item)
        })
    }

    /// Makes an invite for one person; gives its code once the relay holds the card.
    pub(crate) fn invites(&self, circle: &str) -> String {
        let made = self.does(&["invite", "new", circle]);
        self.has_sent_all();
        text(&made, "/invite/code")
    }

    /// Joins and is in.
    pub(crate) fn joins(&self, code: &str, name: &str) {
        let args = [
            "join",
            code,
            "--name",
            name,
            "--accept-agreement",
            "--adult",
            "--yes",
            "--wait",
            LONG,
        ];
        let joined = self.does(&args);
        assert_eq!(text(&joined, "/stage"), "joined");
    }

    /// Knocks at a door that a facilitator opens, and waits until the knock is held.
    pub(crate) fn knocks(&self, code: &str, name: &str, note: &str) {
        let args = [
            "join",
            code,
            "--name",
            name,
            "--note",
            note,
            "--accept-agreement",
            "--adult",
            "--yes",
        ];
        let knocked = self.asks(&[&args[..], &["--wait", "10s"]].concat());
        assert_eq!(knocked.exit_code, 6, "{knocked:?}");
        self.is_told("knocked");
    }

    /// Waits until this person's one attempt to join has come to `stage`.
    pub(crate) fn is_told(&self, stage: &str) {
        until(stage, || {
            let joins = self.does(&["join"]);
            (text(&joins, "/joins/0/stage") == stage).then_some(())
        });
    }

    /// Waits until somebody knocks; gives the knock's id.
    pub(crate) fn hears_a_knock(&self, circle: &str) -> String {
        until("a knock", || {
            let lobby = self.does(&["lobby", "list", circle]);
            Some(lobby.pointer("/knocks/0/id")?.as_str()?.to_owned())
        })
    }

    /// Shares, and waits until somebody else's machine holds it; gives the item's id.
    pub(crate) fn shares(&self, circle: &str, words: &str) -> String {
        let shared = self.does(&["share", circle, words, "--wait", LONG]);
        assert_eq!(text(&shared, "/delivery"), "held");
        text(&shared, "/id")
    }

    /// Everything that was said, in order.
    pub(crate) fn items(&self, circle: &str) -> Vec<Value> {
        list(&self.does(&["read", circle, "--limit", "10000"]), "/items").to_vec()
    }

    /// The texts of everything that was said, in order.
    pub(crate) fn texts(&self, circle: &str) -> Vec<String> {
        self.items(circle).iter().map(|item| text(item, "/text")).collect()
    }

    /// Waits until a text is here.
    pub(crate) fn reads(&self, circle: &str, words: &str) {
        until(words, || self.texts(circle).iter().any(|found| found == words).then_some(()));
    }

    /// Waits until the circle has so many members here.
    pub(crate) fn sees_members(&self, circle: &str, count: usize) {
        until("the members", || {
            let members = self.does(&["member", "list", circle]);
            (list(&members, "/members").len() == count).then_some(())
        });
    }

    /// Waits until this person's device knows that they are out of the circle, and how.
    pub(crate) fn is_out(&self, circle: &str, standing: &str) {
        until(standing, || {
            let circle = self.does(&["circle", "show", circle]);
            (text(&circle, "/circle/standing") == standing).then_some(())
        });
    }

    /// Waits until nothing is left that only this device holds.
    pub(crate) fn has_sent_all(&self) {
        until("everything to be held by somebody else", || {
            let status = self.does(&["node", "status"]);
            (status.get("outbox")?.as_u64()? == 0).then_some(())
        });
    }
}

/// A circle of two: somebody makes it, somebody else joins.
pub(crate) fn two_in(title: &str, relay: &Relay, first: &Party, second: &Party) {
    first.makes(title, "Alder Aurora", &relay.address());
    second.joins(&first.invites(title), "Rowan Jahan");
    first.sees_members(title, 2);
}

/// The address of a relay where nothing listens.
pub(crate) const NO_RELAY: &str =
    "/ip4/127.0.0.1/tcp/9/p2p/12D3KooWDpJ7As7BWAwRMfu1VU2WCqNjvq387JEYKDBj4kx6nXTN";

/// A circle that nobody else can reach, with something said.
pub(crate) fn says_alone(party: &Party, title: &str, words: &str) {
    party.does(&[
        "circle",
        "new",
        title,
        "--name",
        "Alder",
        "--relay",
        NO_RELAY,
        "--yes",
        "--adult",
        "--declaration",
        "I have nothing to report.",
    ]);
    party.does(&["share", title, words]);
}

/// The same, and a backup of it; gives where that is and the file with its passphrase.
pub(crate) fn saves_alone(stage: &Stage, party: &Party, title: &str, words: &str) -> [String; 2] {
    says_alone(party, title, words);
    let secret = stage.passphrase("backup", "a backup of few words");
    let file = stage.folder("words").join("backup").to_str().unwrap().to_owned();
    party.does(&["backup", "create", &file, "--backup-passphrase-file", &secret]);
    [file, secret]
}

/// The arguments that make a profile of a backup.
pub(crate) fn restoring<'a>(file: &'a str, secret: &'a str, own: &'a str) -> [&'a str; 9] {
    let (backup, passphrase) = ("--backup-passphrase-file", "--passphrase-file");
    ["restore", file, "--test-cost", "--network", "relay-only", backup, secret, passphrase, own]
}

//! How processes end, and who may not begin.

use std::os::unix::fs::FileTypeExt;
use std::path::Path;

use crate::circle::two_in;
use crate::stage::Stage;

const TITLE: &str = "Evening walk";

#[test]
fn every_process_ends_in_order_on_ctrl_c() {
    let stage = Stage::new();
    let mut relay = stage.relay();
    let (mut alder, mut rowan) = (stage.person("alder"), stage.person("rowan"));
    two_in(TITLE, &relay, &alder, &rowan);
    alder.shares(TITLE, "Before the break.");
    for party in [&mut alder, &mut rowan, &mut relay.party] {
        assert_eq!(sockets_in(&party.folder), 1);
        party.stops();
        assert_eq!(sockets_in(&party.folder), 0);
    }
    let status = alder.asks(&["node", "status"]);
    assert_eq!(status.exit_code, 4, "{status:?}");
    let status = relay.party.asks(&["relay", "status"]);
    assert_eq!((status.exit_code, status.code()), (4, "relay_not_running"));

    relay.starts();
    alder.starts();
    rowan.starts();
    rowan.reads(TITLE, "Before the break.");
    rowan.shares(TITLE, "After the break.");
    alder.reads(TITLE, "After the break.");
}

#[test]
fn a_second_node_or_relay_of_one_folder_is_refused_and_disturbs_nothing() {
    let stage = Stage::new();
    let relay = stage.relay();
    let (alder, rowan) = (stage.person("alder"), stage.person("rowan"));
    two_in(TITLE, &relay, &alder, &rowan);

    let passphrase = stage.folder("passphrases").join("alder");
    let second = ["node", "run", "--passphrase-file", passphrase.to_str().unwrap()];
    let answer = alder.asks(&second);
    assert_eq!((answer.exit_code, answer.code()), (1, "node_runs_already"));
    // The lock holds also where nobody answers.
    let socket = alder.folder.join("node.sock");
    std::fs::rename(&socket, alder.folder.join("hidden")).unwrap();
    let answer = alder.asks(&second);
    assert_eq!((answer.exit_code, answer.code()), (1, "profile_in_use"), "{answer:?}");
    std::fs::rename(alder.folder.join("hidden"), &socket).unwrap();

    let second = ["relay", "run", "--listen", "/ip4/127.0.0.1/tcp/0"];
    let answer = relay.party.asks(&second);
    assert_ne!(answer.exit_code, 0);
    assert_eq!(answer.code(), "relay_folder_in_use");

    rowan.shares(TITLE, "Nothing was disturbed.");
    alder.reads(TITLE, "Nothing was disturbed.");
    relay.party.does(&["relay", "status"]);
}

fn sockets_in(folder: &Path) -> usize {
    let entries = std::fs::read_dir(folder).unwrap().map(Result::unwrap);
    entries.filter(|entry| entry.file_type().unwrap().is_socket()).count()
}

//! Members who link directly need no relay while both are there.

use crate::circle::{text, two_in};
use crate::stage::{Stage, until};

const TITLE: &str = "Evening walk";

#[test]
fn two_members_with_direct_links_talk_without_any_relay() {
    let stage = Stage::new();
    let mut relay = stage.relay();
    let (ines, noor) = (stage.person("ines"), stage.person("noor"));
    two_in(TITLE, &relay, &ines, &noor);
    let listen = ["link", "listen", TITLE, "--listen", "/ip4/127.0.0.1/tcp/0", "--yes"];
    let address = text(&ines.does(&listen), "/listening/0");
    noor.does(&["link", "add", TITLE, &address, "--yes"]);
    for party in [&ines, &noor] {
        until("the direct link", || {
            let links = party.does(&["link", "list", TITLE]);
            (links.get("connected")?.as_u64()? > 0).then_some(())
        });
    }
    relay.is_gone();
    relay.party.stops();
    for party in [&ines, &noor] {
        until("the relay to be gone", || {
            let status = party.does(&["node", "status"]);
            (status.pointer("/networks/0/relays_connected")?.as_u64()? == 0).then_some(())
        });
    }

    let shared = ines.shares(TITLE, "Nobody between us.");
    noor.reads(TITLE, "Nobody between us.");
    noor.does(&["reply", &shared, "Just you and me."]);
    ines.reads(TITLE, "Just you and me.");
    for party in [&ines, &noor] {
        assert_eq!(party.texts(TITLE), ["Nobody between us.", "Just you and me."]);
    }
}

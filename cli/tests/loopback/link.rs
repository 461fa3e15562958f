//! Members who link directly need no relay while both are there.

use crate::circle::{text, two_in};
use crate::stage::{Stage, until};

const TITLE: &str = "Evening walk";

#[test]
fn two_members_with_direct_links_talk_without_any_relay() {
    let stage = Stage::new();
    let mut relay = stage.relay();
    let (alder, rowan) = (stage.person("alder"), stage.person("rowan"));
    two_in(TITLE, &relay, &alder, &rowan);
    let listen = ["link", "listen", TITLE, "--listen", "/ip4/127.0.0.1/tcp/0", "--yes"];
    let address = text(&alder.does(&listen), "/listening/0");
    rowan.does(&["link", "add", TITLE, &address, "--yes"]);
    for party in [&alder, &rowan] {
        until("the direct link", || {
            let links = party.does(&["link", "list", TITLE]);
            (links.get("connected")?.as_u64()? > 0).then_some(())
        });
    }
    relay.is_gone();
    relay.party.stops();
    for party in [&alder, &rowan] {
        until("the relay to be gone", || {
            let status = party.does(&["node", "status"]);
            (status.pointer("/networks/0/relays_connected")?.as_u64()? == 0).then_some(())
        });
    }

    let shared = alder.shares(TITLE, "Nobody between us.");
    rowan.reads(TITLE, "Nobody between us.");
    rowan.does(&["reply", &shared, "Just you and me."]);
    alder.reads(TITLE, "Just you and me.");
    for party in [&alder, &rowan] {
        assert_eq!(party.texts(TITLE), ["Nobody between us.", "Just you and me."]);
    }
}

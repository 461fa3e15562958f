//! The mode `lan` among real processes of one machine: an invite, shares and a restart, without any
//! relay. What leaves the machine, and a network with several of them: tests/netns/lan.

use crate::circle::{LONG, text};
use crate::stage::{Party, Stage, until};

impl Party {
    fn joins_here(&self, code: &str, name: &str) {
        let args = [
            "join",
            code,
            "--name",
            name,
            "--network",
            "lan",
            "--accept-agreement",
            "--adult",
            "--yes",
            "--wait",
            LONG,
        ];
        assert_eq!(text(&self.does(&args), "/stage"), "joined");
    }

    fn is_linked_here(&self, count: u64) {
        until("members are linked on the local network", || {
            let shown = self.does(&["network", "show", "Walk"]);
            (shown["lan"]["linked"].as_u64()? >= count).then_some(())
        });
    }
}

#[test]
fn a_circle_begins_and_lives_on_a_local_network_with_no_relay() {
    let stage = Stage::new();
    let (alder, mut rowan, yew) =
        (stage.person("alder"), stage.person("rowan"), stage.person("yew"));
    alder.does(&[
        "circle",
        "new",
        "Walk",
        "--name",
        "Alder",
        "--network",
        "lan",
        "--yes",
        "--adult",
        "--declaration",
        "I have nothing to report.",
    ]);
    let first = alder.does(&["share", "Walk", "nobody is here yet"]);
    assert_ne!(first["delivery"], "held");
    for (who, name) in [(&rowan, "Rowan"), (&yew, "Yew")] {
        let made = alder.does(&["invite", "new", "Walk"]);
        who.joins_here(&text(&made, "/invite/code"), name);
    }
    for who in [&alder, &rowan, &yew] {
        who.is_linked_here(2);
    }
    alder.does(&["share", "Walk", "from alder"]);
    yew.does(&["share", "Walk", "from yew"]);
    rowan.reads("Walk", "from alder");
    rowan.reads("Walk", "from yew");

    // The choice outlives the node.
    rowan.stops();
    alder.does(&["share", "Walk", "while rowan slept"]);
    rowan.starts();
    rowan.reads("Walk", "while rowan slept");
    assert_eq!(rowan.does(&["network", "show", "Walk"])["mode"], "lan");
    let explained = rowan.does(&["explain"]);
    assert_eq!(explained["circles"][0]["network"], "lan");
}

//! What somebody costs who only listens: bytes on the wire while nothing is said.

use std::time::Duration;

use crate::circle::two_in;
use crate::stage::{Relay, Stage};

/// Bytes a member of one circle may send and receive in a minute in which nothing happens (Y-32).
const A_MINUTE: f64 = 5000.0;
/// What the waits of the nodes are multiplied by. A day shrinks with the third power of it, and in each
/// day a device sends one message of 16 KiB without its name (I-42): at this pace hardly ever one.
const PACE: &str = "0.5";
/// How long is measured: twice as long for the nodes.
const MEASURED: Duration = Duration::from_secs(60);
/// Bytes of TCP and IP around each piece that was passed on, and as much for its acknowledgement.
const AROUND: usize = 2 * 52;

#[test]
fn who_only_listens_costs_at_most_five_kilobytes_a_minute() {
    let stage = Stage::new();
    let relay = stage.relay();
    let [alder, rowan] = ["alder", "rowan"].map(|name| {
        let mut person = stage.newcomer_at(name, PACE);
        person.starts();
        person
    });
    two_in("Evening walk", &relay, &alder, &rowan);
    for number in 0..20 {
        alder.shares("Evening walk", &format!("number {number}"));
    }
    rowan.reads("Evening walk", "number 19");
    alder.has_sent_all();
    rowan.has_sent_all();
    // Newcomers renew their leaf, and everybody votes: that is over by then.
    std::thread::sleep(Duration::from_secs(60));

    // Something without a name may fall into one of them, and hardly into both.
    let each = in_a_minute(&relay).min(in_a_minute(&relay));
    assert!(each <= A_MINUTE, "{each:.0} bytes a minute");
}

/// What one of two members sends and receives in a minute of the nodes.
fn in_a_minute(relay: &Relay) -> f64 {
    let before = relay.door.passed();
    std::thread::sleep(MEASURED);
    let after = relay.door.passed();
    let (bytes, pieces) = (after.0 - before.0, after.1 - before.1);
    let minutes = MEASURED.as_secs_f64() / PACE.parse::<f64>().unwrap() / 60.0;
    let each = (bytes + pieces * AROUND) as f64 / minutes / 2.0;
    println!(
        "{each:.0} bytes a minute; {bytes} bytes in {pieces} pieces in {minutes:.0} minutes of two"
    );
    each
}

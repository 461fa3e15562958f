//! What somebody costs who only listens: bytes on the wire while nothing is said.

use std::time::Duration;

use crate::circle::two_in;
use crate::stage::{FASTER, Stage};

/// Bytes a member of one circle may send and receive in a minute in which nothing happens (Y-32).
const A_MINUTE: f64 = 5000.0;
/// How long is measured; the waits of the nodes are shorter, so it stands for a quarter of an hour.
const MEASURED: Duration = Duration::from_secs(45);
/// Bytes of TCP and IP around each piece that was passed on, and as much for its acknowledgement.
const AROUND: usize = 2 * 52;

#[test]
fn who_only_listens_costs_at_most_five_kilobytes_a_minute() {
    let stage = Stage::new();
    let relay = stage.relay();
    let (alder, rowan) = (stage.person("alder"), stage.person("rowan"));
    two_in("Evening walk", &relay, &alder, &rowan);
    for number in 0..20 {
        alder.shares("Evening walk", &format!("number {number}"));
    }
    rowan.reads("Evening walk", "number 19");
    alder.has_sent_all();
    rowan.has_sent_all();
    // Newcomers renew their leaf, and everybody votes: that is over by then.
    std::thread::sleep(Duration::from_secs(15));

    let before = relay.door.passed();
    std::thread::sleep(MEASURED);
    let after = relay.door.passed();
    let (bytes, pieces) = (after.0 - before.0, after.1 - before.1);
    let minutes = MEASURED.as_secs_f64() / FASTER.parse::<f64>().unwrap() / 60.0;
    let each = (bytes + pieces * AROUND) as f64 / minutes / 2.0;
    println!(
        "{each:.0} bytes a minute; {bytes} bytes in {pieces} pieces in {minutes:.0} minutes of two"
    );
    assert!(bytes > 0, "nothing was compared");
    assert!(each <= A_MINUTE, "{each:.0} bytes a minute");
}

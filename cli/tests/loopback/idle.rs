//! What somebody costs who only listens: bytes on the wire while nothing is said.

use std::time::Duration;

use crate::circle::two_in;
use crate::stage::{FASTER, Relay, Stage};

/// Bytes a member of one circle may send and receive in a minute in which nothing happens (Y-32).
const A_MINUTE: f64 = 5000.0;
/// How long is measured; the waits of the nodes are shorter, so it stands for a quarter of an hour.
const MEASURED: Duration = Duration::from_secs(45);
/// Bytes of what a device says once a day without its name (I-40). A day shrinks by more than other waits
/// here, so these are told apart, and counted for what they are.
pub(crate) const UNNAMED: u64 = 16_384;
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

    let (before, held_before) = (relay.door.passed(), held(&relay));
    std::thread::sleep(MEASURED);
    let held_after = held(&relay);
    // What the relay gave may still be at the door.
    std::thread::sleep(Duration::from_secs(1));
    let after = relay.door.passed();
    let [taken, given, kept] = [0, 1, 2].map(|place| held_after[place] - held_before[place]);
    assert_eq!(kept, taken * UNNAMED, "something else was said");
    let (bytes, pieces) = (after.0 - before.0, after.1 - before.1);
    let bytes = bytes - usize::try_from((taken + given) * UNNAMED).unwrap();
    let minutes = MEASURED.as_secs_f64() / FASTER.parse::<f64>().unwrap() / 60.0;
    // One a day goes out, and one comes in from each other member.
    let unnamed = 2.0 * UNNAMED as f64 / (24.0 * 60.0);
    let each = (bytes + pieces * AROUND) as f64 / minutes / 2.0 + unnamed;
    println!(
        "{each:.0} bytes a minute; {bytes} bytes in {pieces} pieces in {minutes:.0} minutes of two"
    );
    assert!(bytes > 0, "nothing was compared");
    assert!(each <= A_MINUTE, "{each:.0} bytes a minute");
}

/// Envelopes the relay took and gave since it started, and bytes it holds.
pub(crate) fn held(relay: &Relay) -> [u64; 3] {
    let told = relay.party.does(&["relay", "status"]);
    ["taken", "given", "bytes"].map(|name| told["status"][name].as_u64().unwrap())
}

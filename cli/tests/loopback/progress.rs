//! How far somebody has come with what was said while they were away, as it is shown to them.

use serde_json::Value;

use crate::circle::two_in;
use crate::stage::{Stage, until};

const TITLE: &str = "Evening walk";
const SHARES: usize = 300;
/// Bytes a second: all of it takes some ten seconds.
const SLOW: u32 = 60_000;

/// What came, and of about how many, if anything is said of it.
fn told(data: &Value) -> Option<(u64, u64)> {
    let told = data.get("catching_up")?;
    Some((told["here"].as_u64()?, told["about"].as_u64()?))
}

#[test]
fn catching_up_is_shown_as_far_as_it_is_known_and_ends() {
    let stage = Stage::new();
    let relay = stage.relay();
    let (alder, mut rowan) = (stage.person("alder"), stage.person("rowan"));
    two_in(TITLE, &relay, &alder, &rowan);
    rowan.has_sent_all();
    rowan.stops();
    for number in 0..SHARES {
        alder.does(&["share", TITLE, &format!("number {number}")]);
    }
    alder.has_sent_all();
    assert_eq!(told(&alder.does(&["circle", "show", TITLE])["circle"]), None, "nothing is lacking");
    relay.door.carries(SLOW);
    rowan.starts();
    let mut seen = Vec::new();
    until("all that was missed", || {
        let status = rowan.does(&["node", "status"]);
        let now = told(&status["networks"][0]);
        if let (true, Some(_)) = (seen.is_empty(), now) {
            // A person reads it too, at both places.
            for command in [&["node", "status"][..], &["circle", "show", TITLE]] {
                let words = rowan.prints(command);
                let told = words.contains("Catching up: ") && words.contains(" of about ");
                assert!(told, "{command:?}: {words}");
            }
            assert!(told(&rowan.does(&["circle", "show", TITLE])["circle"]).is_some());
        }
        // Topics are compared one after the other; the one with the shares is not always the first.
        seen.extend(now.filter(|(_, about)| *about >= SHARES as u64));
        (now.is_none() && !seen.is_empty()).then_some(())
    });
    assert_eq!(rowan.texts(TITLE).len(), SHARES, "it was over before all was here: {seen:?}");
    assert_eq!(told(&rowan.does(&["circle", "show", TITLE])["circle"]), None);

    // Looked at now: both devices said something meanwhile, too.
    let relays = relay.party.does(&["relay", "status"]);
    let held = relays["status"]["envelopes"].as_u64().unwrap();
    println!("{seen:?} of {held}");
    let steps: std::collections::BTreeSet<_> = seen.iter().map(|(here, _)| here).collect();
    assert!(steps.len() >= 3, "it does not go up: {seen:?}");
    assert!(seen.is_sorted_by_key(|(here, _)| *here), "it goes back: {seen:?}");
    for (here, about) in &seen {
        assert!(here < about && *about <= held, "more than there is, {held}: {seen:?}");
    }
}

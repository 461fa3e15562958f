//! Devices whose clock is wrong, and devices that sleep.

use std::thread::sleep;
use std::time::{Duration, Instant};

use rustix::process::{Signal, kill_process};

use crate::circle::{list, two_in};
use crate::preload::library;
use crate::stage::{Party, Relay, Stage, until};

const TITLE: &str = "Evening walk";
const A_DAY: i64 = 24 * 3600;
/// How long a device sleeps: ten minutes at the pace of these nodes.
const SLEEP: Duration = Duration::from_secs(30);
/// Within which whoever woke has heard and is heard: a probe, a dial, and a busy machine.
const SOON: Duration = Duration::from_secs(20);

impl Party {
    /// Starts its node with a clock that is ahead by so many seconds.
    pub(crate) fn starts_with_clock(&mut self, library: &str, ahead: i64) {
        self.starts_after(&shifted(library, ahead));
        // It would prove nothing with a clock that is right.
        let started = self.does(&["node", "status"])["started"].as_i64().unwrap();
        let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
        let off = started - i64::try_from(now.as_secs()).unwrap();
        assert!((off - ahead).abs() < 600, "its clock is off by {off}");
    }
}

impl Relay {
    /// Starts it with a clock that is ahead by so many seconds.
    pub(crate) fn starts_with_clock(&mut self, library: &str, ahead: i64) {
        self.starts_after(&shifted(library, ahead));
    }
}

/// What a shell does so that what it starts has a clock that is ahead.
fn shifted(library: &str, ahead: i64) -> String {
    format!("export LD_PRELOAD={library} CLOCK_AHEAD={ahead}")
}

#[test]
fn who_has_a_clock_that_is_wrong_by_a_day_shares_and_reads() {
    let stage = Stage::new();
    let Some(library) = library(&stage, "clock") else { return };
    let relay = stage.relay();
    let alder = stage.person("alder");
    for (name, ahead) in [("ahead", A_DAY), ("behind", -A_DAY)] {
        let mut rowan = stage.newcomer(name);
        rowan.starts_with_clock(&library, ahead);
        two_in(name, &relay, &alder, &rowan);
        let mut said = Vec::new();
        for round in 0..3 {
            for (who, person, other) in [("alder", &alder, &rowan), ("rowan", &rowan, &alder)] {
                let words = format!("{who}, round {round}");
                person.shares(name, &words);
                other.reads(name, &words);
                said.push(words);
            }
        }
        // Also what was said while they were away.
        rowan.stops();
        alder.shares(name, "while you were away");
        said.push("while you were away".to_owned());
        rowan.starts_with_clock(&library, ahead);
        rowan.reads(name, "while you were away");
        // A clock that is set right parts nobody either.
        rowan.stops();
        rowan.starts();
        rowan.shares(name, "the right time");
        alder.reads(name, "the right time");
        said.push("the right time".to_owned());
        for reader in [&alder, &rowan] {
            assert_eq!(reader.texts(name), said, "each knew what was said before");
            let gaps = reader.does(&["read", name]);
            assert!(list(&gaps, "/gaps").is_empty(), "{gaps}");
        }
    }
}

#[test]
fn who_slept_hears_and_is_heard_soon_after() {
    let stage = Stage::new();
    let mut relay = stage.relay();
    let (alder, rowan) = (stage.person("alder"), stage.person("rowan"));
    two_in(TITLE, &relay, &alder, &rowan);
    alder.shares(TITLE, "before");
    rowan.reads(TITLE, "before");

    for (name, is_cut) in [("the connection stands", false), ("the connection is gone", true)] {
        kill_process(rowan.pid(), Signal::STOP).unwrap();
        if is_cut {
            relay.party.stops();
            relay.starts();
        }
        alder.shares(TITLE, name);
        sleep(SLEEP);
        kill_process(rowan.pid(), Signal::CONT).unwrap();
        let woke = Instant::now();
        rowan.reads(TITLE, name);
        let heard = woke.elapsed();
        let reply = format!("awake: {name}");
        rowan.shares(TITLE, &reply);
        alder.reads(TITLE, &reply);
        println!("{name}: heard after {heard:.1?}, was heard after {:.1?}", woke.elapsed());
        assert!(woke.elapsed() < SOON, "{name}: {:?}", woke.elapsed());
    }
    until("nothing to wait any more", || {
        (rowan.does(&["node", "status"])["outbox"] == 0).then_some(())
    });
}

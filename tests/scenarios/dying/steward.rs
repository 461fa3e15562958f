//! Whoever dies while the circle is held: something is hidden, somebody is muted, something is reported.

use std::time::Duration;

use windbreak_protocol::content::Scope;
use windbreak_protocol::id::{CircleId, ItemId, ReportId};
use windbreak_protocol::{ReportOverview, ReportStage, ShareError, StewardAct};
use windbreak_tests::World;

use super::{HOUR, MINUTE, WORDS, at_every_output_after, has_said};

const REASON: &str = "it names somebody";
const OUTCOME: &str = "We talked with them.";

fn steward(world: &mut World, circle: &CircleId, act: StewardAct) {
    // It may die before it is written that this is wanted.
    let _ = world.hosts[0].engine.steward(world.now, circle, act, REASON);
    world.hosts[0].obey_all();
    world.run_for(MINUTE * 2);
}

/// How many acts of facilitators device `host` knows of.
fn acts(world: &World, host: usize, circle: &CircleId) -> usize {
    let engine = &world.hosts[host].engine;
    let acts = engine.with_timeline(circle, |timeline| {
        timeline.entries().iter().filter(|entry| entry.gist().is_steward()).count()
    });
    acts.unwrap()
}

fn is_hidden(world: &World, host: usize, circle: &CircleId, id: &ItemId) -> bool {
    let engine = &world.hosts[host].engine;
    let hidden = engine.with_timeline(circle, |timeline| {
        let entry = timeline.entries().iter().find(|entry| entry.id() == *id).unwrap();
        timeline.marks(entry).is_some_and(|marks| marks.hidden.is_some())
    });
    hidden.unwrap()
}

#[test]
fn whoever_dies_while_something_is_hidden_and_shown_again_has_done_each_once() {
    for who in [0, 1, 2] {
        let died = at_every_output_after(4, who, has_said, |world, circle, said| {
            for on in [true, false] {
                for _ in 0..2 {
                    if is_hidden(world, 0, circle, &said) != on {
                        steward(world, circle, StewardAct::Hide { item: said, on });
                    }
                }
                for host in 0..3 {
                    assert_eq!(is_hidden(world, host, circle, &said), on, "device {host}");
                    // Its author and who holds the circle go on reading it.
                    let shown: &[&str] = if on && host == 2 { &[] } else { &[WORDS] };
                    assert_eq!(world.hosts[host].texts(circle), shown, "device {host}");
                }
            }
            for host in 0..3 {
                assert_eq!(acts(world, host, circle), 2, "device {host}");
            }
        });
        assert!(died > 1, "{died}");
    }
}

fn is_muted(world: &World, host: usize, circle: &CircleId) -> bool {
    let (now, engine) = (world.now, &world.hosts[host].engine);
    let muted = engine.with_timeline_at(now, circle, |timeline| {
        let member = world.member(1, circle).unwrap();
        timeline.stewardship().muted.contains_key(&member)
    });
    muted.unwrap()
}

#[test]
fn whoever_dies_while_somebody_is_muted_and_no_longer_has_done_each_once() {
    for who in [0, 1, 2] {
        let died = at_every_output_after(4, who, has_said, |world, circle, said| {
            let member = world.member(1, circle).unwrap();
            for on in [true, false] {
                for _ in 0..2 {
                    if is_muted(world, 0, circle) != on {
                        let until = on.then(|| world.now.after(HOUR));
                        steward(world, circle, StewardAct::Mute { member, until });
                    }
                }
                for host in 0..3 {
                    assert_eq!(is_muted(world, host, circle), on, "device {host}");
                }
                let (now, engine) = (world.now, &mut world.hosts[1].engine);
                let replied = engine.reply(now, circle, &said, "more".into(), Scope::HereNow);
                assert_eq!(matches!(replied, Err(ShareError::Muted { .. })), on, "{replied:?}");
                world.hosts[1].obey_all();
                world.run_for(MINUTE * 2);
            }
            for host in 0..3 {
                assert_eq!(acts(world, host, circle), 2, "device {host}");
            }
        });
        assert!(died > 1, "{died}");
    }
}

/// The one report that device `host` knows of, if it does.
fn report(world: &World, host: usize, circle: &CircleId) -> Option<ReportOverview> {
    let mut reports = world.hosts[host].engine.reports(circle).unwrap();
    assert!(reports.len() < 2, "device {host}: {reports:?}");
    reports.pop()
}

fn is_closed(world: &World, host: usize, circle: &CircleId) -> bool {
    report(world, host, circle).is_some_and(|report| report.stage == ReportStage::Closed)
}

/// Device 2 reports what device 1 said; asked for again if that was not written.
fn reports(world: &mut World, circle: &CircleId, said: &ItemId) -> ReportId {
    for _ in 0..2 {
        if report(world, 2, circle).is_none() {
            let _ = world.hosts[2].engine.report(world.now, circle, said, REASON);
            world.hosts[2].obey_all();
        }
        world.run_for(MINUTE);
    }
    // So long that every device has said something without its name since.
    for _ in 0..48 {
        world.sleep(HOUR);
        world.run_for(Duration::from_secs(2));
    }
    report(world, 2, circle).unwrap().id
}

#[test]
fn whoever_dies_while_something_is_reported_and_answered_has_it_once() {
    for who in [0, 2] {
        let died = at_every_output_after(4, who, has_said, |world, circle, said| {
            let id = reports(world, circle, &said);
            let read = report(world, 0, circle).expect("nobody reads it");
            assert_eq!((read.id, read.item, read.reason.as_str()), (id, said, REASON));
            assert!(read.quote.is_some());
            for _ in 0..2 {
                if !is_closed(world, 0, circle) {
                    let _ = world.hosts[0].engine.close_report(world.now, circle, &id, OUTCOME);
                    world.hosts[0].obey_all();
                    world.run_for(MINUTE * 2);
                }
            }
            for host in [0, 2] {
                let report = report(world, host, circle).unwrap();
                assert_eq!(report.stage, ReportStage::Closed, "device {host}");
                assert_eq!(report.answers.len(), 1, "device {host}");
                assert_eq!(report.answers[0].outcome.as_deref(), Some(OUTCOME));
            }
            assert!(report(world, 1, circle).is_none(), "whoever is reported reads it");
        });
        assert!(died > 5, "{died}");
    }
}

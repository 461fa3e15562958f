//! A device that dies between any two things its engine wants done: before anything is written, after
//! it is written and before it is published, after each further step. Whatever it was doing goes on
//! when it starts again, and nothing is lost or stands twice.

mod files;
mod roles;
mod steward;

use std::cell::Cell;
use std::collections::BTreeSet;
use std::time::Duration;

use windbreak_protocol::id::{CircleId, ItemId};
use windbreak_protocol::invite::RelayAddress;
use windbreak_protocol::ledger::KeepDays;
use windbreak_protocol::{Event, JoinStage, NewEdit, Standing, Venue};
use windbreak_tests::{Seed, World};

const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(3600);
const DAY: Duration = Duration::from_secs(24 * 3600);
/// Nobody has as much to do in one of these.
const MOST: usize = 400;

/// Begins anew with each number of outputs until the device has done all of it before it would die.
/// Gives how many times it died.
fn at_every_output(count: u8, who: usize, deed: impl Fn(&mut World, &CircleId)) -> usize {
    at_every_output_after(count, who, |_, _| (), |world, circle, ()| deed(world, circle))
}

/// The same where something comes before that the device lives through.
fn at_every_output_after<T>(
    count: u8,
    who: usize,
    before: impl Fn(&mut World, &CircleId) -> T,
    deed: impl Fn(&mut World, &CircleId, T),
) -> usize {
    for outputs in 0..MOST {
        let mut world = World::new(count, Seed(170));
        let circle = world.circle_of(usize::from(count) - 1).unwrap();
        world.run_for(MINUTE);
        let made = before(&mut world, &circle);
        let now = world.now;
        world.hosts[who].dies_after(outputs, now);
        deed(&mut world, &circle, made);
        world.run_for(MINUTE * 5);
        let survived = world.hosts[who].lives_on();
        holds(&mut world, &circle);
        if survived {
            return outputs;
        }
    }
    panic!("it has more than {MOST} things to do");
}

/// Everybody who is in the circle stands at one head, talks with the others, and reads the same.
fn holds(world: &mut World, circle: &CircleId) {
    let is_in = |world: &World, host: usize| {
        let overview = world.hosts[host].engine.circle(world.now, circle);
        overview.is_some_and(|overview| overview.standing == Standing::Active)
    };
    let members: Vec<usize> = (0..world.hosts.len()).filter(|host| is_in(world, *host)).collect();
    for host in &members {
        world.share(*host, circle, &format!("still here: {host}")).unwrap();
        world.run_for(MINUTE);
    }
    let heads: BTreeSet<_> = members
        .iter()
        .map(|host| world.hosts[*host].engine.circle(world.now, circle).unwrap().head)
        .collect();
    assert_eq!(heads.len(), 1, "one head");
    let texts: Vec<_> = members.iter().map(|host| world.hosts[*host].texts(circle)).collect();
    for said in &texts {
        let once: BTreeSet<_> = said.iter().collect();
        assert_eq!(once.len(), said.len(), "something stands twice: {said:?}");
        for host in &members {
            assert!(said.contains(&format!("still here: {host}")), "{said:?} lacks {host}");
        }
    }
}

#[test]
fn whoever_dies_while_sharing_has_said_it_once_or_not_at_all() {
    let died = at_every_output(3, 1, |world, circle| {
        let said = world.share(1, circle, "said while dying").is_ok();
        world.run_for(MINUTE * 5);
        let there =
            |host: usize| world.hosts[host].texts(circle).contains(&"said while dying".to_owned());
        assert_eq!(there(0), there(1));
        // What is written is sent, however often it dies.
        assert!(said);
    });
    assert!(died > 1, "{died}");
}

#[test]
fn whoever_dies_while_somebody_is_let_in_has_let_them_in_at_last() {
    for who in [0, 2] {
        let died = at_every_output(3, who, |world, circle| {
            // What died before it was written is asked for again by whoever wants it.
            for _ in 0..4 {
                if world.member(2, circle).is_some() {
                    break;
                }
                if let Ok((_, text)) = world.invite(0, circle, 1, false) {
                    world.run_for(MINUTE);
                    let _ = world.knock(2, text);
                }
                world.run_for(MINUTE * 10);
            }
            assert!(world.member(2, circle).is_some(), "device 2 is in");
        });
        assert!(died > 5, "{died}");
    }
}

#[test]
fn whoever_dies_while_somebody_is_taken_out_takes_them_out_at_last() {
    let died = at_every_output(3, 0, |world, circle| {
        let gone = world.member(1, circle).unwrap();
        for _ in 0..2 {
            let now = world.now;
            // It may have died before it was written that this is wanted.
            let _ = world.hosts[0].engine.remove_member(now, circle, &gone, "As agreed.".into());
            world.hosts[0].obey_all();
            world.run_for(MINUTE * 5);
        }
        let closed = world.hosts[1].engine.circle(world.now, circle).unwrap().standing;
        assert_ne!(closed, Standing::Active);
    });
    assert!(died > 1, "{died}");
}

/// Whether words lie anywhere in the store of device `host`.
fn stores(world: &World, host: usize, words: &str) -> bool {
    let words = words.as_bytes();
    let holds = |value: Vec<u8>| value.windows(words.len()).any(|window| window == words);
    world.hosts[host].records().any(|(_, value)| holds(value))
}

const WORDS: &str = "said before the device died";
const OTHER_WORDS: &str = "the same in other words";

/// Somebody has said something, and everybody has it.
fn has_said(world: &mut World, circle: &CircleId) -> ItemId {
    let said = world.share(1, circle, WORDS).unwrap();
    world.run_for(MINUTE);
    said
}

#[test]
fn whoever_dies_while_something_is_said_anew_shows_the_old_words_or_the_new_ones() {
    for who in [0, 1] {
        let died = at_every_output_after(3, who, has_said, |world, circle, said| {
            for _ in 0..2 {
                let shown = world.hosts[1].texts(circle);
                if shown == [OTHER_WORDS] {
                    break;
                }
                assert_eq!(shown, [WORDS]);
                let text = OTHER_WORDS.to_owned();
                let edit = NewEdit { content_note: None, title: None, text };
                world.hosts[1].engine.edit(world.now, circle, &said, edit).unwrap();
                world.hosts[1].obey_all();
                world.run_for(MINUTE * 5);
            }
            for host in [0, 1] {
                assert_eq!(world.hosts[host].texts(circle), [OTHER_WORDS], "device {host}");
            }
        });
        assert!(died > 1, "{died}");
    }
}

#[test]
fn whoever_dies_while_something_is_taken_back_has_it_nowhere_at_last() {
    for who in [0, 1] {
        let died = at_every_output_after(3, who, has_said, |world, circle, said| {
            assert!(stores(world, who, WORDS));
            for _ in 0..2 {
                // It may have died before it was written that this is wanted.
                let _ = world.hosts[1].engine.withdraw(world.now, circle, &said);
                world.hosts[1].obey_all();
                world.run_for(MINUTE * 5);
            }
            for host in [0, 1] {
                assert!(!stores(world, host, WORDS), "device {host}");
            }
        });
        assert!(died > 1, "{died}");
    }
}

#[test]
fn whoever_dies_while_another_agreement_is_adopted_has_it_once() {
    const NEXT: &str = "We listen, and we begin with a quiet minute.";
    let version = |world: &World, circle: &CircleId, host: usize| {
        let agreement = world.hosts[host].engine.agreement(world.now, circle).unwrap();
        (agreement.text.as_str().to_owned(), agreement.version.get())
    };
    let is_open = |world: &World, circle: &CircleId, host: usize| {
        let agreement = world.hosts[host].engine.agreement(world.now, circle).unwrap();
        let asked = agreement.proposals.iter().rev().find(|proposal| proposal.asks_me);
        (agreement.proposals.is_empty(), asked.map(|proposal| proposal.id))
    };
    for who in [0, 1, 2] {
        let died = at_every_output(4, who, |world, circle| {
            for _ in 0..3 {
                if is_open(world, circle, 0).0 {
                    let _ = world.hosts[0].engine.propose_agreement(world.now, circle, NEXT);
                    world.hosts[0].obey_all();
                    world.run_for(MINUTE);
                }
                if let Some(proposal) = is_open(world, circle, 1).1 {
                    let _ =
                        world.hosts[1].engine.consent_to_agreement(world.now, circle, &proposal);
                    world.hosts[1].obey_all();
                }
                world.run_for(MINUTE * 2);
            }
            for host in 0..3 {
                assert_eq!(version(world, circle, host), (NEXT.to_owned(), 2), "device {host}");
                for _ in 0..2 {
                    if !world.hosts[host].engine.has_accepted(circle).unwrap() {
                        world.accept_agreement(host, circle).unwrap();
                    }
                }
            }
        });
        assert!(died > 1, "{died}");
    }
}

/// The circle is to keep words for a week; asked for again if that was not written.
fn keeps_a_week(world: &mut World, circle: &CircleId) {
    let week = KeepDays::new(7);
    for _ in 0..2 {
        if world.hosts[0].engine.circle(world.now, circle).unwrap().keep != week {
            let _ = world.hosts[0].engine.set_keep(world.now, circle, week, "As agreed.");
            world.hosts[0].obey_all();
            world.run_for(MINUTE * 3);
        }
    }
    for host in [0, 1] {
        let overview = world.hosts[host].engine.circle(world.now, circle).unwrap();
        assert_eq!(overview.keep, week, "device {host}");
    }
}

#[test]
fn whoever_dies_while_a_shorter_time_is_set_keeps_to_it_at_last() {
    for who in [0, 1] {
        let died = at_every_output_after(3, who, has_said, |world, circle, _| {
            keeps_a_week(world, circle);
            for host in [0, 1] {
                assert!(stores(world, host, WORDS), "device {host} erases before it is time");
            }
        });
        assert!(died > 1, "{died}");
    }
}

#[test]
fn whoever_dies_while_words_expire_has_them_nowhere_at_last() {
    let has_almost_kept = |world: &mut World, circle: &CircleId| {
        has_said(world, circle);
        keeps_a_week(world, circle);
        for _ in 0..6 {
            world.sleep(DAY);
            world.run_for(MINUTE);
        }
    };
    for who in [0, 1] {
        let died = at_every_output_after(3, who, has_almost_kept, |world, _, ()| {
            assert!(stores(world, who, WORDS), "it erases before it is time");
            world.sleep(DAY * 2);
            world.run_for(MINUTE * 11);
            for host in [0, 1] {
                assert!(!stores(world, host, WORDS), "device {host}");
            }
        });
        assert!(died > 1, "{died}");
    }
}

#[test]
fn whoever_dies_while_somebody_leaves_lets_them_go_at_last() {
    for who in [0, 1, 2] {
        let died = at_every_output(4, who, |world, circle| {
            for _ in 0..2 {
                // It may have died before it was written that this is wanted.
                let _ = world.hosts[2].engine.leave(world.now, circle);
                world.hosts[2].obey_all();
                world.run_for(MINUTE * 5);
            }
            let standing = world.hosts[2].engine.circle(world.now, circle).unwrap().standing;
            assert_eq!(standing, Standing::Left);
            for host in [0, 1] {
                let overview = world.hosts[host].engine.circle(world.now, circle).unwrap();
                assert_eq!(overview.members.len(), 2, "device {host}");
            }
        });
        assert!(died > 1, "{died}");
    }
}

#[test]
fn whoever_dies_while_another_relay_is_named_uses_it_at_last() {
    const RELAY: &str = "/ip4/127.0.0.1/tcp/2";
    for who in [0, 1] {
        let died = at_every_output(3, who, |world, circle| {
            for _ in 0..2 {
                let relays = vec![RelayAddress::new(RELAY).unwrap()];
                let _ = world.hosts[0].engine.set_relays(world.now, circle, relays);
                world.hosts[0].obey_all();
                world.run_for(MINUTE * 3);
            }
            for host in [0, 1] {
                let reach = world.hosts[host].engine.reach(&Venue::Circle(*circle)).unwrap();
                assert_eq!(reach.relays.first().map(String::as_str), Some(RELAY), "device {host}");
            }
        });
        assert!(died > 1, "{died}");
    }
}

#[test]
fn whoever_dies_while_a_second_device_comes_in_has_two_at_last() {
    for who in [1, 2] {
        let died = at_every_output(3, who, |world, circle| {
            for _ in 0..4 {
                if world.member(2, circle).is_some() {
                    break;
                }
                comes_in_as_a_device_of_1(world, circle);
                world.run_for(MINUTE * 10);
            }
            assert_eq!(world.member(2, circle), world.member(1, circle));
            for _ in 0..2 {
                let _ = world.accept_agreement(2, circle);
            }
            world.run_for(MINUTE);
            for host in 0..3 {
                let overview = world.hosts[host].engine.circle(world.now, circle).unwrap();
                let devices: usize = overview.members.iter().map(|member| member.devices).sum();
                assert_eq!((overview.members.len(), devices), (2, 3), "device {host}");
            }
        });
        assert!(died > 5, "{died}");
    }
}

/// Device 2 asks to be one of the member of device 1, as far as both come.
fn comes_in_as_a_device_of_1(world: &mut World, circle: &CircleId) {
    let _ = world.hosts[1].engine.open_device_code(world.now, circle);
    world.hosts[1].obey_all();
    let Some(code) = world.hosts[1].engine.device_code_text(world.now, circle) else { return };
    let Ok(invite) = world.hosts[2].engine.start_device_join(world.now, code) else { return };
    world.hosts[2].obey_all();
    world.run_for(MINUTE);
    let _ = world.hosts[2].engine.ask_as_device(world.now, &invite);
    world.hosts[2].obey_all();
    world.run_for(MINUTE);
    let Some(join) = world.hosts[2].engine.join(&invite) else { return };
    let JoinStage::Requested(number) = join.stage else { return };
    let _ = world.hosts[1].engine.confirm_device(world.now, circle, number);
    world.hosts[1].obey_all();
}

#[test]
fn whoever_dies_while_catching_up_has_all_of_it_once() {
    let is_away = |world: &mut World, circle: &CircleId| {
        world.set_online(1, false);
        // What is said while nobody hears it goes on its way, too.
        let mut said = vec!["written on the train".to_owned()];
        world.share(1, circle, &said[0]).unwrap();
        for number in 0..4 {
            // A change of the circle, and what is said after it.
            world.invite(0, circle, 1, false).unwrap();
            said.push(format!("missed {number}"));
            world.share(0, circle, &said[said.len() - 1]).unwrap();
            world.run_for(MINUTE);
            world.sleep(HOUR * 5);
        }
        said.sort();
        said
    };
    for who in [0, 1] {
        let died = at_every_output_after(3, who, is_away, |world, circle, said| {
            world.set_online(1, true);
            world.run_for(MINUTE * 10);
            for host in [0, 1] {
                let mut texts = world.hosts[host].texts(circle);
                texts.sort();
                assert_eq!(texts, said, "device {host}");
            }
        });
        assert!(died > 1, "{died}");
    }
}

#[test]
fn whoever_dies_while_coming_back_after_a_restore_is_back_at_last() {
    let has_gone_on = |world: &mut World, circle: &CircleId| {
        let snapshot = world.snapshot(1);
        has_said(world, circle);
        snapshot
    };
    for who in [0, 1] {
        let told = Cell::new(0);
        let died = at_every_output_after(3, who, has_gone_on, |world, circle, snapshot| {
            world.restore(1, &snapshot);
            world.run_for(HOUR);
            // Whoever dies between coming back and telling so does not tell it again.
            let is_back = |event: &Event| matches!(event, Event::CameBack { .. });
            told.set(told.get() + usize::from(world.hosts[1].events.iter().any(is_back)));
            let overview = world.hosts[1].engine.circle(world.now, circle).unwrap();
            assert!(!overview.coming_back, "it has not come back");
            for host in [0, 1] {
                let overview = world.hosts[host].engine.circle(world.now, circle).unwrap();
                assert_eq!(overview.members.len(), 2, "device {host}");
                assert!(overview.members.iter().all(|member| member.devices == 1));
                assert_eq!(world.hosts[host].texts(circle), [WORDS], "device {host}");
            }
        });
        assert!(died > 5, "{died}");
        assert!(told.get() + 3 >= died, "of {} times, it came back {}", died + 1, told.get());
    }
}

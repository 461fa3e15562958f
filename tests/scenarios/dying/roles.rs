//! Whoever dies while it changes who holds the circle.

use windbreak_protocol::MotionStage;
use windbreak_protocol::id::CircleId;
use windbreak_protocol::ledger::{MotionKind, Role};
use windbreak_tests::World;

use super::{MINUTE, at_every_output, at_every_output_after};

/// Who holds the circle, as device `host` sees it.
fn facilitators(world: &World, host: usize, circle: &CircleId) -> Vec<usize> {
    let overview = world.hosts[host].engine.circle(world.now, circle).unwrap();
    let holds_it = |number: &usize| {
        let member = world.member(*number, circle);
        overview.members.iter().any(|m| Some(m.id) == member && m.role == Role::Facilitator)
    };
    (0..world.hosts.len()).filter(holds_it).collect()
}

fn assert_held_by(world: &World, circle: &CircleId, expected: &[usize]) {
    for host in 0..3 {
        assert_eq!(facilitators(world, host, circle), expected, "device {host}");
        let motions = world.hosts[host].engine.motions(world.now, circle).unwrap();
        let is_open = motions.iter().any(|motion| motion.stage == MotionStage::Open);
        assert!(!is_open, "device {host}: {motions:?}");
    }
}

/// Whatever is proposed and waits for the word of device `host` gets it.
fn consents(world: &mut World, host: usize, circle: &CircleId, declaration: Option<&str>) {
    let motions = world.hosts[host].engine.motions(world.now, circle).unwrap();
    if let Some(motion) = motions.into_iter().find(|motion| motion.asks_me) {
        let declaration = declaration.map(str::to_owned);
        let engine = &mut world.hosts[host].engine;
        let _ = engine.consent(world.now, circle, &motion.id, declaration);
        world.hosts[host].obey_all();
    }
}

#[test]
fn whoever_dies_while_somebody_is_made_a_facilitator_has_made_them_one_at_last() {
    for who in [0, 1, 2] {
        let died = at_every_output(4, who, |world, circle| {
            let member = world.member(1, circle).unwrap();
            for _ in 0..3 {
                let motions = world.hosts[0].engine.motions(world.now, circle).unwrap();
                if motions.iter().all(|motion| motion.stage != MotionStage::Open) {
                    // It may die before it is written that this is wanted, or have done it.
                    let (now, engine) = (world.now, &mut world.hosts[0].engine);
                    let _ = engine.propose(now, circle, MotionKind::Promote, &member, None);
                    world.hosts[0].obey_all();
                }
                world.run_for(MINUTE);
                consents(world, 1, circle, Some("I have no duty to report."));
                world.run_for(MINUTE * 2);
            }
            assert_held_by(world, circle, &[0, 1]);
        });
        assert!(died > 1, "{died}");
    }
}

#[test]
fn whoever_dies_while_somebody_steps_down_lets_them_at_last() {
    let are_two = |world: &mut World, circle: &CircleId| world.promote(0, circle, 1).unwrap();
    for who in [0, 1, 2] {
        let died = at_every_output_after(4, who, are_two, |world, circle, ()| {
            for _ in 0..2 {
                let _ = world.hosts[0].engine.step_down(world.now, circle);
                world.hosts[0].obey_all();
                world.run_for(MINUTE * 3);
            }
            assert_held_by(world, circle, &[1]);
        });
        assert!(died > 1, "{died}");
    }
}

#[test]
fn whoever_dies_while_the_others_take_the_role_of_one_does_so_at_last() {
    let are_three = |world: &mut World, circle: &CircleId| {
        world.promote(0, circle, 1).unwrap();
        world.promote(0, circle, 2).unwrap();
    };
    for who in [0, 1, 2] {
        let died = at_every_output_after(4, who, are_three, |world, circle, ()| {
            let member = world.member(2, circle).unwrap();
            for _ in 0..3 {
                let motions = world.hosts[0].engine.motions(world.now, circle).unwrap();
                if motions.iter().all(|motion| motion.stage != MotionStage::Open) {
                    let (now, engine) = (world.now, &mut world.hosts[0].engine);
                    let _ = engine.propose(now, circle, MotionKind::Demote, &member, None);
                    world.hosts[0].obey_all();
                }
                world.run_for(MINUTE);
                consents(world, 1, circle, None);
                world.run_for(MINUTE * 2);
            }
            assert_held_by(world, circle, &[0, 1]);
        });
        assert!(died > 1, "{died}");
    }
}

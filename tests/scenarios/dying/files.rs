//! Whoever dies while files are allowed, sent with words, and taken back with them.

use windbreak_protocol::content::{Ask, Content, Scope};
use windbreak_protocol::id::{CircleId, ItemId};
use windbreak_protocol::ledger::FilesAllowed;
use windbreak_protocol::limits::FILE_PIECE;
use windbreak_protocol::{NewFile, NewShare};
use windbreak_tests::World;

use super::{MINUTE, WORDS, at_every_output, at_every_output_after, stores};

/// Stands in every piece, so that a store can be searched for it.
const TRACE: &str = "the lamp by the window";

/// The circle lets its members send files; asked for again if that was not written.
fn allows_files(world: &mut World, circle: &CircleId) {
    for _ in 0..2 {
        if files(world, 0, circle) != FilesAllowed::Any {
            let _ = world.hosts[0].engine.set_files(world.now, circle, FilesAllowed::Any);
            world.hosts[0].obey_all();
            world.run_for(MINUTE * 3);
        }
    }
    for host in 0..world.hosts.len() - 1 {
        assert_eq!(files(world, host, circle), FilesAllowed::Any, "device {host}");
    }
}

fn files(world: &World, host: usize, circle: &CircleId) -> FilesAllowed {
    world.hosts[host].engine.circle(world.now, circle).unwrap().files
}

#[test]
fn whoever_dies_while_files_are_allowed_allows_them_at_last() {
    for who in [0, 1] {
        let died = at_every_output(3, who, allows_files);
        assert!(died > 1, "{died}");
    }
}

/// The words that device `host` has of the others, with their file as far as it has come.
fn shown(world: &World, host: usize, circle: &CircleId) -> Vec<(ItemId, Option<Vec<u8>>)> {
    let engine = &world.hosts[host].engine;
    let shown = engine.with_timeline(circle, |timeline| {
        let entries = timeline.entries().iter();
        let words = entries
            .filter(|entry| matches!(timeline.content(entry), Some(Content::Share(_))))
            .map(|entry| (entry.id(), timeline.file_bytes(entry).ok()));
        words.collect()
    });
    shown.unwrap()
}

#[test]
fn whoever_dies_while_a_file_is_sent_and_taken_back_has_sent_it_whole_and_has_it_nowhere() {
    let bytes: Vec<u8> = TRACE.bytes().cycle().take(3 * FILE_PIECE + 100).collect();
    for who in [0, 1] {
        let died = at_every_output_after(3, who, allows_files, |world, circle, ()| {
            for _ in 0..2 {
                if shown(world, 1, circle).is_empty() {
                    let share = NewShare {
                        ask: Ask::JustListening,
                        content_note: None,
                        title: None,
                        text: WORDS.to_owned(),
                        scope: Scope::HereNow,
                    };
                    let file = NewFile { bytes: bytes.clone(), name: Some("lamp.txt".to_owned()) };
                    // It may die before it is written that this is wanted: then both are not there.
                    let (now, engine) = (world.now, &mut world.hosts[1].engine);
                    let _ = engine.share_with_file(now, circle, share, file);
                    world.hosts[1].obey_all();
                    world.run_for(MINUTE * 3);
                }
            }
            let said = shown(world, 1, circle)[0].0;
            for host in [0, 1] {
                let expected = [(said, Some(bytes.clone()))];
                assert!(shown(world, host, circle) == expected, "device {host}");
                assert!(stores(world, host, TRACE), "device {host}");
            }
            for _ in 0..2 {
                let _ = world.hosts[1].engine.withdraw(world.now, circle, &said);
                world.hosts[1].obey_all();
                world.run_for(MINUTE * 3);
            }
            for host in [0, 1] {
                assert!(!stores(world, host, TRACE), "device {host}");
                assert!(!stores(world, host, WORDS), "device {host}");
            }
        });
        assert!(died > 5, "{died}");
    }
}

//! Files that go along with what is said: who may send which, that they come whole whatever comes
//! between, that nobody slips anything in, and that they go with their words.

use std::time::Duration;

use windbreak_protocol::content::{
    Ask, Content, File, FileKind, ItemBody, PictureFormat, Piece, PieceHash, Scope,
};
use windbreak_protocol::id::{CircleId, ItemId, MemberId, StateId};
use windbreak_protocol::identity::DeviceKey;
use windbreak_protocol::ledger::{FilesAllowed, KeepDays};
use windbreak_protocol::limits::{FILE_PIECE, MAX_FILE, MAX_FILES_OF_MEMBER, MAX_PIECES_HANDED};
use windbreak_protocol::record::RecordKind;
use windbreak_protocol::secret::Secret;
use windbreak_protocol::testing::{ForgedItem, Insider};
use windbreak_protocol::time::Timestamp;
use windbreak_protocol::view::FileProblem;
use windbreak_protocol::wire::text::Opaque;
use windbreak_protocol::{
    AgreementError, Event, FileError, JoinStage, NewFile, NewShare, ShareError, Venue, Verdict,
    Voice,
};
use windbreak_tests::{Seed, World};

/// Stands in every piece, so that a store can be searched for it.
const TRACE: &[u8] = b"the lamp by the window";

fn moment(world: &mut World) {
    world.run_for(Duration::from_secs(10));
}

fn bytes(length: usize) -> Vec<u8> {
    TRACE.iter().copied().cycle().take(length).collect()
}

/// A circle of `count` whose members may send these files.
fn circle_with(world: &mut World, count: usize, allowed: FilesAllowed) -> CircleId {
    let circle = world.circle_of(count).unwrap();
    allow(world, 0, &circle, allowed).unwrap();
    circle
}

fn allow(
    world: &mut World,
    host: usize,
    circle: &CircleId,
    allowed: FilesAllowed,
) -> Result<(), AgreementError> {
    let done = world.hosts[host].engine.set_files(world.now, circle, allowed);
    world.hosts[host].obey_all();
    moment(world);
    done
}

fn words(text: &str, scope: Scope) -> NewShare {
    let (content_note, title) = (None, None);
    NewShare { ask: Ask::JustListening, content_note, title, text: text.to_owned(), scope }
}

fn send(
    world: &mut World,
    host: usize,
    circle: &CircleId,
    bytes: Vec<u8>,
) -> Result<ItemId, FileError> {
    send_for(world, host, circle, bytes, Scope::HereNow)
}

fn send_for(
    world: &mut World,
    host: usize,
    circle: &CircleId,
    bytes: Vec<u8>,
    scope: Scope,
) -> Result<ItemId, FileError> {
    let file = NewFile { bytes, name: Some("window.txt".to_owned()) };
    let share = words("what I see in the evening", scope);
    let sent = world.hosts[host].engine.share_with_file(world.now, circle, share, file);
    world.hosts[host].obey_all();
    sent
}

fn received(
    world: &World,
    host: usize,
    circle: &CircleId,
    item: &ItemId,
) -> Result<Vec<u8>, FileProblem> {
    let engine = &world.hosts[host].engine;
    let read = engine.with_timeline(circle, |timeline| {
        let entry = timeline.entries().iter().find(|entry| entry.id() == *item);
        entry.map_or(Err(FileProblem::None), |entry| timeline.file_bytes(entry))
    });
    read.unwrap()
}

fn lost(world: &World, host: usize, circle: &CircleId) -> u64 {
    world.hosts[host].engine.with_timeline(circle, |timeline| timeline.lost()).unwrap()
}

/// Bytes of items in the store of a device that hold a trace of the file.
fn kept(world: &World, host: usize) -> usize {
    let records = world.hosts[host].records();
    let pieces = records.filter(|(key, value)| {
        key.kind() == RecordKind::Item && value.windows(TRACE.len()).any(|part| part == TRACE)
    });
    pieces.map(|(_, value)| value.len()).sum()
}

#[test]
fn a_file_comes_whole_whatever_comes_between() {
    let mut world = World::new(3, Seed(171));
    let circle = circle_with(&mut world, 3, FilesAllowed::Any);
    world.set_online(1, false);
    let file = bytes(5 * FILE_PIECE + 100);
    let share = send(&mut world, 0, &circle, file.clone()).unwrap();
    moment(&mut world);
    assert_eq!(received(&world, 2, &circle, &share), Ok(file.clone()));

    // Half of it comes, then the device dies, then the rest.
    let mut half: Vec<_> = world.relay().cloned().collect();
    half.sort_by_key(|envelope| envelope.id());
    half.retain(|envelope| !world.hosts[1].keeps(&envelope.id(), envelope));
    half.truncate(half.len() / 2 + 1);
    let verdicts = world.inject(1, Venue::Circle(circle), half);
    assert!(!verdicts.iter().any(|verdict| matches!(verdict, Verdict::Reject(_))));
    world.restart(1);
    assert!(received(&world, 1, &circle, &share).is_err());
    world.set_online(1, true);
    moment(&mut world);
    assert_eq!(received(&world, 1, &circle, &share), Ok(file.clone()));
    assert_eq!(lost(&world, 1, &circle), 0);
    world.restart(1);
    assert_eq!(received(&world, 1, &circle, &share), Ok(file));
    assert_eq!(world.hosts[1].texts(&circle), ["what I see in the evening"], "a piece is no words");
}

#[test]
fn each_piece_fits_one_envelope() {
    let mut world = World::new(2, Seed(172));
    let circle = circle_with(&mut world, 2, FilesAllowed::Any);
    // With as much around it as there can be.
    for host in [0, 1, 0, 1] {
        world.share(host, &circle, "a word").unwrap();
    }
    moment(&mut world);
    let before = world.relay().count();
    send(&mut world, 0, &circle, bytes(MAX_FILE)).unwrap();
    moment(&mut world);
    let pieces = MAX_FILE.div_ceil(FILE_PIECE);
    assert_eq!(
        world.relay().filter(|envelope| envelope.as_bytes().len() == 60 * 1024).count(),
        pieces
    );
    assert!(world.relay().count() >= before + pieces + 2);
}

#[test]
fn a_circle_begins_without_files_and_its_facilitators_say_which() {
    let mut world = World::new(3, Seed(173));
    let circle = world.circle_of(3).unwrap();
    let refused = send(&mut world, 1, &circle, bytes(10));
    assert_eq!(refused, Err(FileError::NotAllowed));
    let by_member = allow(&mut world, 1, &circle, FilesAllowed::Any);
    assert_eq!(by_member, Err(AgreementError::NotFacilitator));
    allow(&mut world, 0, &circle, FilesAllowed::Pictures).unwrap();
    for host in 0..3 {
        world.restart(host);
        let overview = world.hosts[host].engine.circle(world.now, &circle).unwrap();
        assert_eq!(overview.files, FilesAllowed::Pictures);
    }
    let refused = send(&mut world, 1, &circle, bytes(10));
    assert_eq!(refused, Err(FileError::OnlyPictures));
    allow(&mut world, 0, &circle, FilesAllowed::Any).unwrap();
    assert_eq!(send(&mut world, 1, &circle, Vec::new()), Err(FileError::Empty));
    let large = send(&mut world, 1, &circle, bytes(MAX_FILE + 1));
    assert_eq!(large, Err(FileError::TooLarge { limit: MAX_FILE }));
    let photo = [&[0xFF, 0xD8, 0xFF, 0xE1, 0, 16][..], b"Exif\0\0 51.5 north"].concat();
    assert_eq!(send(&mut world, 1, &circle, photo), Err(FileError::NotBare));
    assert!(world.hosts[1].texts(&circle).is_empty(), "nothing was said without its file");
    send(&mut world, 1, &circle, bytes(10)).unwrap();
    allow(&mut world, 0, &circle, FilesAllowed::None).unwrap();
    assert_eq!(send(&mut world, 1, &circle, bytes(10)), Err(FileError::NotAllowed));
}

#[test]
fn a_listener_sends_no_file() {
    let mut world = World::new(3, Seed(174));
    let circle = circle_with(&mut world, 3, FilesAllowed::Any);
    let member = world.member(2, &circle).unwrap();
    let listens = Voice::Listens { reason: "As agreed.".into() };
    world.hosts[0].engine.set_voice(world.now, &circle, &member, listens).unwrap();
    world.hosts[0].obey_all();
    moment(&mut world);
    let refused = send(&mut world, 2, &circle, bytes(10));
    assert_eq!(refused, Err(FileError::Share(ShareError::Listener)));
}

/// Device 2 says something against the rules; what others make of it.
fn forged(world: &mut World, circle: &CircleId, content: Content) -> (ItemId, Vec<Verdict>) {
    let now = world.now;
    let mut insider = Insider::of(&mut world.hosts[2].engine, circle, now).unwrap();
    let state = insider.head().unwrap();
    let item = ForgedItem { content: Some(content), ..ForgedItem::default() };
    let forged = insider.item(&state, item).unwrap();
    world.hosts[2].obey_all();
    let verdicts = world.inject(1, Venue::Circle(*circle), forged.envelopes);
    (forged.item.unwrap(), verdicts)
}

fn forged_file(to: ItemId, kind: FileKind, pieces: &[&[u8]]) -> Content {
    let length = pieces.iter().map(|piece| piece.len()).sum::<usize>();
    let pieces = pieces.iter().map(|piece| PieceHash::of(piece)).collect();
    Content::File(File { to, kind, length: u32::try_from(length).unwrap(), name: None, pieces })
}

fn forged_piece(file: ItemId, number: u8, bytes: &[u8]) -> Content {
    Content::Piece(Piece { file, number, bytes: Opaque::new(bytes).unwrap() })
}

#[test]
fn files_are_refused_by_every_node_where_the_circle_does_not_let_them() {
    let mut world = World::new(3, Seed(175));
    let circle = world.circle_of(3).unwrap();
    let share = world.share(2, &circle, "look at this").unwrap();
    moment(&mut world);
    let (_, verdicts) = forged(&mut world, &circle, forged_file(share, FileKind::Other, &[TRACE]));
    assert!(verdicts.iter().all(|verdict| matches!(verdict, Verdict::Reject(_))), "{verdicts:?}");
    assert_eq!(received(&world, 1, &circle, &share), Err(FileProblem::None));
}

#[test]
fn where_pictures_alone_are_let_every_node_refuses_other_files() {
    let mut world = World::new(3, Seed(191));
    let circle = circle_with(&mut world, 3, FilesAllowed::Pictures);
    let share = world.share(2, &circle, "look at this").unwrap();
    moment(&mut world);
    let (_, verdicts) = forged(&mut world, &circle, forged_file(share, FileKind::Other, &[TRACE]));
    assert!(verdicts.iter().all(|verdict| matches!(verdict, Verdict::Reject(_))), "{verdicts:?}");
    assert_eq!(received(&world, 1, &circle, &share), Err(FileProblem::None));

    let picture = FileKind::Picture { format: PictureFormat::Png, width: 1, height: 1 };
    let (_, verdicts) = forged(&mut world, &circle, forged_file(share, picture, &[TRACE]));
    assert!(verdicts.iter().all(|verdict| *verdict == Verdict::Accept), "{verdicts:?}");
}

#[test]
fn a_file_that_is_too_large_or_not_cut_as_it_must_be_is_read_by_nobody() {
    let key = DeviceKey::from_secret(&Secret::from_bytes([9; 32]));
    let is_read = |length: usize, pieces: usize| {
        let file = File {
            to: ItemId::from_bytes([2; 32]),
            kind: FileKind::Other,
            length: u32::try_from(length).unwrap(),
            name: None,
            pieces: vec![PieceHash::of(TRACE); pieces],
        };
        let body = ItemBody {
            circle: CircleId::from_bytes([1; 32]),
            member: MemberId::from_bytes([3; 32]),
            device: key.id(),
            first_state: StateId::from_bytes([4; 32]),
            seq: 1,
            previous: Some(file.to),
            seen: Vec::new(),
            written: Timestamp::from_seconds(1_800_000_000),
            scope: Scope::HereNow,
            content: Content::File(file),
        };
        body.sign(&key).verify().is_ok()
    };
    let most = MAX_FILE.div_ceil(FILE_PIECE);
    assert!(is_read(1, 1) && is_read(MAX_FILE, most));
    assert!(!is_read(0, 0) && !is_read(1, 0) && !is_read(1, 2));
    assert!(!is_read(MAX_FILE, most - 1));
    for beyond in [1, FILE_PIECE, MAX_FILE] {
        let length = MAX_FILE + beyond;
        assert!(!is_read(length, length.div_ceil(FILE_PIECE)), "{length} bytes");
    }
}

#[test]
fn what_is_no_piece_of_a_file_is_not_kept_and_a_false_picture_is_not_handed_out() {
    let mut world = World::new(3, Seed(176));
    let circle = circle_with(&mut world, 3, FilesAllowed::Pictures);
    let share = world.share(2, &circle, "look at this").unwrap();
    moment(&mut world);
    let kind = FileKind::Picture { format: PictureFormat::Png, width: 4, height: 4 };
    let (file, _) = forged(&mut world, &circle, forged_file(share, kind, &[TRACE]));
    // Another's piece, a wrong one, one too many: nothing of them is kept.
    let wrong = [TRACE, b"!"].concat();
    for (number, bytes) in [(0, &wrong[..]), (1, TRACE), (200, TRACE)] {
        forged(&mut world, &circle, forged_piece(file, number, bytes));
        assert_eq!(kept(&world, 1), 0);
    }
    assert_eq!(received(&world, 1, &circle, &share), Err(FileProblem::Gone));
    // The right one comes after all: all of it is there, and is no picture.
    forged(&mut world, &circle, forged_piece(file, 0, TRACE));
    assert!(kept(&world, 1) > 0);
    forged(&mut world, &circle, forged_piece(file, 0, TRACE));
    world.restart(1);
    assert_eq!(received(&world, 1, &circle, &share), Err(FileProblem::NotWhatItSays));

    // A file that does not follow its words goes along with nothing.
    let (late, _) = forged(&mut world, &circle, forged_file(share, kind, &[TRACE]));
    let before = kept(&world, 1);
    forged(&mut world, &circle, forged_piece(late, 0, TRACE));
    assert_eq!(kept(&world, 1), before);
}

#[test]
fn a_moving_picture_that_was_sent_before_is_handed_out_and_sent_no_more() {
    let mut world = World::new(3, Seed(187));
    let circle = circle_with(&mut world, 3, FilesAllowed::Any);
    let share = world.share(2, &circle, "look at this").unwrap();
    moment(&mut world);
    let gif = [b"GIF89a", TRACE].concat();
    let (file, _) = forged(&mut world, &circle, forged_file(share, FileKind::Other, &[&gif]));
    forged(&mut world, &circle, forged_piece(file, 0, &gif));
    assert_eq!(received(&world, 1, &circle, &share), Ok(gif.clone()));
    assert_eq!(send(&mut world, 1, &circle, gif), Err(FileError::NotBare));
}

#[test]
fn a_file_goes_with_its_words_when_they_are_taken_back_or_too_old() {
    let mut world = World::new(3, Seed(177));
    let circle = circle_with(&mut world, 3, FilesAllowed::Any);
    let share = send(&mut world, 0, &circle, bytes(3 * FILE_PIECE)).unwrap();
    moment(&mut world);
    world.set_online(2, false);
    assert!((0..3).all(|host| kept(&world, host) > 3 * FILE_PIECE));
    world.hosts[0].engine.withdraw(world.now, &circle, &share).unwrap();
    world.hosts[0].obey_all();
    moment(&mut world);
    world.set_online(2, true);
    moment(&mut world);
    for host in 0..3 {
        world.restart(host);
        assert_eq!(kept(&world, host), 0, "device {host}");
        assert_eq!(received(&world, host, &circle, &share), Err(FileProblem::None));
        assert_eq!(lost(&world, host, &circle), 0);
    }

    let share = send(&mut world, 0, &circle, bytes(2 * FILE_PIECE)).unwrap();
    moment(&mut world);
    world.hosts[0].engine.set_keep(world.now, &circle, KeepDays::new(7), "As agreed.").unwrap();
    world.hosts[0].obey_all();
    moment(&mut world);
    assert!(received(&world, 1, &circle, &share).is_ok());
    world.sleep(Duration::from_secs(8 * 24 * 3600));
    world.run_for(Duration::from_secs(11 * 60));
    assert!((0..3).all(|host| kept(&world, host) == 0));
}

#[test]
fn what_is_taken_back_in_the_middle_comes_no_further_and_leaves_no_gap() {
    for (seed, sent) in [(180, 0), (181, 1), (182, 3), (183, 6)] {
        let mut world = World::new(3, Seed(seed));
        let circle = circle_with(&mut world, 3, FilesAllowed::Any);
        world.set_online(0, false);
        let share = send(&mut world, 0, &circle, bytes(8 * FILE_PIECE)).unwrap();
        world.carry_some(0, sent);
        moment(&mut world);
        world.restart(0);
        world.hosts[0].engine.withdraw(world.now, &circle, &share).unwrap();
        world.hosts[0].obey_all();
        world.set_online(0, true);
        moment(&mut world);
        world.share(0, &circle, "another evening").unwrap();
        moment(&mut world);
        for host in 0..3 {
            world.restart(host);
            assert_eq!(kept(&world, host), 0, "{sent} sent, device {host}");
            assert_eq!(lost(&world, host, &circle), 0, "{sent} sent, device {host}");
            assert_eq!(world.hosts[host].texts(&circle), ["another evening"]);
        }
    }
}

/// Device `new` comes in as a further device of the member of device `old`.
fn add_device(world: &mut World, old: usize, new: usize, circle: &CircleId) {
    world.hosts[old].engine.open_device_code(world.now, circle).unwrap();
    world.hosts[old].obey_all();
    let code = world.hosts[old].engine.device_code_text(world.now, circle).unwrap();
    let invite = world.hosts[new].engine.start_device_join(world.now, code).unwrap();
    world.hosts[new].obey_all();
    world.settle();
    world.hosts[new].engine.ask_as_device(world.now, &invite).unwrap();
    world.hosts[new].obey_all();
    world.settle();
    let JoinStage::Requested(number) = world.hosts[new].engine.join(&invite).unwrap().stage else {
        panic!("it does not ask");
    };
    world.hosts[old].engine.confirm_device(world.now, circle, number).unwrap();
    world.hosts[old].obey_all();
    world.run_for(Duration::from_secs(60));
    world.accept_agreement(new, circle).unwrap();
}

#[test]
fn what_another_device_takes_back_in_the_middle_leaves_no_gap() {
    for seed in 190..193 {
        let mut world = World::new(3, Seed(seed));
        let circle = circle_with(&mut world, 2, FilesAllowed::Any);
        add_device(&mut world, 1, 2, &circle);
        moment(&mut world);
        world.set_online(1, false);
        let share = send(&mut world, 1, &circle, bytes(8 * FILE_PIECE)).unwrap();
        // Until its words are there.
        while world.hosts[2].engine.withdraw(world.now, &circle, &share).is_err() {
            world.carry_some(1, 1);
            moment(&mut world);
        }
        world.hosts[2].obey_all();
        moment(&mut world);
        world.restart(1);
        world.set_online(1, true);
        moment(&mut world);
        world.share(1, &circle, "another evening").unwrap();
        moment(&mut world);
        for host in 0..3 {
            world.restart(host);
            assert_eq!(kept(&world, host), 0, "seed {seed}, device {host}");
            assert_eq!(lost(&world, host, &circle), 0, "seed {seed}, device {host}");
            assert_eq!(world.hosts[host].texts(&circle), ["another evening"]);
        }
    }
}

#[test]
fn what_grew_too_old_before_it_left_leaves_no_gap() {
    for (seed, sent) in [(193, 0), (194, 4)] {
        let mut world = World::new(2, Seed(seed));
        let circle = circle_with(&mut world, 2, FilesAllowed::Any);
        world.hosts[0].engine.set_keep(world.now, &circle, KeepDays::new(7), "As agreed.").unwrap();
        world.hosts[0].obey_all();
        moment(&mut world);
        world.set_online(0, false);
        send(&mut world, 0, &circle, bytes(8 * FILE_PIECE)).unwrap();
        world.carry_some(0, sent);
        moment(&mut world);
        world.restart(0);
        world.sleep(Duration::from_secs(8 * 24 * 3600));
        world.hosts[0].engine.handle_timeout(world.now);
        world.hosts[0].obey_all();
        world.set_online(0, true);
        moment(&mut world);
        world.share(0, &circle, "another evening").unwrap();
        world.run_for(Duration::from_secs(11 * 60));
        for host in 0..2 {
            assert_eq!(kept(&world, host), 0, "{sent} sent, device {host}");
            assert_eq!(lost(&world, host, &circle), 0, "{sent} sent, device {host}");
        }
    }
}

#[test]
fn an_answer_holds_few_pieces_and_each_answer_others() {
    let mut world = World::new(3, Seed(195));
    let circle = circle_with(&mut world, 3, FilesAllowed::Any);
    world.share(0, &circle, "an evening").unwrap();
    moment(&mut world);
    world.set_online(2, false);
    let file = bytes(MAX_FILE);
    let share = send(&mut world, 0, &circle, file.clone()).unwrap();
    moment(&mut world);
    // No relay has it any more.
    world.hide_relay();
    world.hosts[2].events.clear();
    world.set_online(2, true);
    world.share(0, &circle, "another evening").unwrap();
    let mut first = Err(FileProblem::None);
    for _ in 0..120 {
        world.sleep(Duration::from_secs(60));
        first = received(&world, 2, &circle, &share);
        if first != Err(FileProblem::None) {
            break;
        }
    }
    let some = matches!(first, Err(FileProblem::Coming { here: 1..=MAX_PIECES_HANDED, of: 19 }));
    assert!(some, "{:?}", first.map(|bytes| bytes.len()));
    for _ in 0..20 * 24 * 6 {
        world.sleep(Duration::from_secs(600));
    }
    assert!(received(&world, 2, &circle, &share) == Ok(file));
    let news = |event: &&Event| matches!(event, Event::ItemArrived { .. });
    assert_eq!(world.hosts[2].events.iter().filter(news).count(), 3, "of pieces nobody is told");
}

#[test]
fn what_was_sent_before_files_were_taken_away_still_comes() {
    let mut world = World::new(4, Seed(185));
    let circle = circle_with(&mut world, 4, FilesAllowed::Any);
    // Two sides: on one a file is sent, on the other the facilitator ends files.
    world.split(&[2, 3]);
    let file = bytes(3 * FILE_PIECE);
    let share = send(&mut world, 2, &circle, file.clone()).unwrap();
    allow(&mut world, 0, &circle, FilesAllowed::None).unwrap();
    world.heal();
    world.run_for(Duration::from_secs(180));
    for host in 0..4 {
        let overview = world.hosts[host].engine.circle(world.now, &circle).unwrap();
        assert_eq!(overview.files, FilesAllowed::None);
        assert_eq!(received(&world, host, &circle, &share), Ok(file.clone()), "device {host}");
    }
    assert_eq!(send(&mut world, 2, &circle, bytes(10)), Err(FileError::NotAllowed));
}

#[test]
fn of_one_members_files_the_newest_stay_when_there_is_no_more_room() {
    let mut world = World::new(2, Seed(186));
    let circle = circle_with(&mut world, 2, FilesAllowed::Any);
    let room = usize::try_from(MAX_FILES_OF_MEMBER).unwrap() / MAX_FILE;
    let mut sent = Vec::new();
    for _ in 0..=room {
        sent.push(send(&mut world, 0, &circle, bytes(MAX_FILE)).unwrap());
        world.run_for(Duration::from_secs(61));
    }
    for host in 0..2 {
        assert_eq!(received(&world, host, &circle, &sent[0]), Err(FileProblem::Gone));
        assert!(received(&world, host, &circle, &sent[1]).is_ok());
        assert!(received(&world, host, &circle, &sent[room]).is_ok());
        assert_eq!(lost(&world, host, &circle), 0);
    }
}

#[test]
fn what_nobody_else_holds_yet_keeps_its_room_until_it_has_left() {
    let mut world = World::new(2, Seed(189));
    let circle = circle_with(&mut world, 2, FilesAllowed::Any);
    let room = usize::try_from(MAX_FILES_OF_MEMBER).unwrap() / MAX_FILE;
    world.set_online(0, false);
    let mut sent = Vec::new();
    for _ in 0..=room {
        sent.push(send(&mut world, 0, &circle, bytes(MAX_FILE)).unwrap());
        world.run_for(Duration::from_secs(61));
    }
    world.restart(0);
    assert!(received(&world, 0, &circle, &sent[0]).is_ok());
    // So long that all of it is sealed anew, which takes its bytes.
    for _ in 0..13 {
        world.sleep(Duration::from_secs(24 * 3600));
    }
    world.hosts[0].engine.handle_timeout(world.now);
    world.hosts[0].obey_all();
    world.set_online(0, true);
    world.run_for(Duration::from_secs(120));
    for host in 0..2 {
        assert_eq!(received(&world, host, &circle, &sent[0]), Err(FileProblem::Gone));
        assert!(received(&world, host, &circle, &sent[room]).is_ok());
        assert_eq!(lost(&world, host, &circle), 0, "device {host}");
    }
}

#[test]
fn what_is_hidden_takes_its_file_out_of_sight() {
    let mut world = World::new(3, Seed(187));
    let circle = circle_with(&mut world, 3, FilesAllowed::Any);
    let share = send(&mut world, 1, &circle, bytes(100)).unwrap();
    moment(&mut world);
    let hide = windbreak_protocol::StewardAct::Hide { item: share, on: true };
    world.hosts[0].engine.steward(world.now, &circle, hide, "it shows somebody").unwrap();
    world.hosts[0].obey_all();
    moment(&mut world);
    assert_eq!(received(&world, 2, &circle, &share), Err(FileProblem::None));
    assert!(received(&world, 1, &circle, &share).is_ok(), "who sent it sees it");
    assert!(received(&world, 0, &circle, &share).is_ok(), "who hid it can look at it");
}

#[test]
fn what_somebody_muted_sends_along_is_there_for_who_reads_the_words() {
    let mut world = World::new(3, Seed(190));
    let circle = circle_with(&mut world, 3, FilesAllowed::Any);
    let member = world.member(1, &circle).unwrap();
    world.set_online(1, false);
    let until = Some(world.now.after(Duration::from_secs(3600)));
    let mute = windbreak_protocol::StewardAct::Mute { member, until };
    world.hosts[0].engine.steward(world.now, &circle, mute, "a quiet evening").unwrap();
    world.hosts[0].obey_all();
    // Times are told in minutes.
    world.run_for(Duration::from_secs(120));
    // Who sends it has not heard of that.
    let file = bytes(100);
    let share = send(&mut world, 1, &circle, file.clone()).unwrap();
    world.run_for(Duration::from_secs(2 * 3600));
    world.set_online(1, true);
    world.run_for(Duration::from_secs(60));
    for host in 0..3 {
        let known = world.hosts[host].engine.with_timeline(&circle, |timeline| {
            timeline.entries().iter().any(|entry| entry.id() == share)
        });
        assert_eq!(known, Some(true), "{host}");
    }
    assert_eq!(received(&world, 2, &circle, &share), Err(FileProblem::None));
    for host in [0, 1] {
        assert_eq!(received(&world, host, &circle, &share), Ok(file.clone()), "{host}");
    }
}

#[test]
fn whoever_joins_gets_the_files_that_were_opened_to_them() {
    let mut world = World::new(3, Seed(188));
    let circle = circle_with(&mut world, 2, FilesAllowed::Any);
    let file = bytes(4 * FILE_PIECE);
    let open = send_for(&mut world, 0, &circle, file.clone(), Scope::LaterToo).unwrap();
    let closed = send(&mut world, 0, &circle, bytes(10)).unwrap();
    moment(&mut world);
    let (_, invite) = world.invite(0, &circle, 1, true).unwrap();
    world.settle();
    world.knock(2, invite).unwrap();
    moment(&mut world);
    let knock = world.first_knock(0, &circle).unwrap();
    world.hosts[0].engine.admit(world.now, &circle, &knock).unwrap();
    world.hosts[0].obey_all();
    world.run_for(Duration::from_secs(180));
    assert_eq!(received(&world, 2, &circle, &open), Ok(file));
    assert_eq!(received(&world, 2, &circle, &closed), Err(FileProblem::None));
}

//! Which pieces are kept, whatever comes first. Clauses: specs/08-content I-71, I-72, I-75.

use std::sync::Arc;

use super::*;
use crate::content::{
    Ask, File, FileKind, ItemBody, ItemText, Piece, PieceBytes, Reply, Scope, Share,
};
use crate::id::{CircleId, StateId};
use crate::identity::{DeviceKey, Verified};
use crate::limits::{FILE_PIECE, MAX_FILE};
use crate::record::{Key, Value};
use crate::secret::Secret;
use crate::shelf::Shelf;
use crate::time::Timestamp;

const CIRCLE: CircleId = CircleId::from_bytes([1; 32]);

/// A device that says things, one after the other.
struct Author {
    key: DeviceKey,
    member: MemberId,
    seq: u64,
    previous: Option<ItemId>,
}

impl Author {
    fn new(number: u8) -> Self {
        let key = DeviceKey::from_secret(&Secret::from_bytes([number; 32]));
        Self { key, member: MemberId::from_bytes([number; 32]), seq: 0, previous: None }
    }

    fn says(&mut self, minute: u64, content: Content) -> Verified<Item> {
        let body = ItemBody {
            circle: CIRCLE,
            member: self.member,
            device: self.key.id(),
            first_state: StateId::from_bytes([4; 32]),
            seq: self.seq,
            previous: self.previous,
            seen: Vec::new(),
            written: Timestamp::from_seconds(60 * minute),
            scope: Scope::LaterToo,
            content,
        };
        let item = body.sign(&self.key).verify().unwrap();
        (self.seq, self.previous) = (self.seq + 1, Some(item.id));
        item
    }

    fn shares(&mut self, minute: u64) -> Verified<Item> {
        let text = ItemText::new("look at this").unwrap();
        let share = Share { ask: Ask::JustListening, content_note: None, title: None, text };
        self.says(minute, Content::Share(share))
    }

    /// A file that claims to be of these pieces, the last of them as long as it is.
    fn sends(&mut self, minute: u64, length: usize, pieces: &[&[u8]]) -> Verified<Item> {
        let to = self.previous.unwrap();
        let hashes = (0..length.div_ceil(FILE_PIECE))
            .map(|place| PieceHash::of(pieces.get(place).copied().unwrap_or(b"none")));
        let (kind, length) = (FileKind::Other, u32::try_from(length).unwrap());
        let file = File { to, kind, length, name: None, pieces: hashes.collect() };
        self.says(minute, Content::File(file))
    }

    fn sends_piece(&mut self, file: ItemId, number: u8, bytes: &[u8]) -> Verified<Item> {
        let bytes = PieceBytes::new(bytes).unwrap();
        self.says(0, Content::Piece(Piece { file, number, bytes }))
    }
}

/// Takes an item in as a circle does. Says what was erased.
fn take(items: &mut Items, item: Verified<Item>) -> Vec<ItemId> {
    let id = item.id;
    if items.is_stray_too_many(&item) {
        return Vec::new();
    }
    items.insert(item);
    items.sift_files(&id, |_| false).into_iter().map(|(id, _)| id).collect()
}

/// Words of somebody, a file that claims to be of this length, and its first piece, which is here.
fn claim(author: &mut Author, minute: u64, length: usize) -> [Verified<Item>; 3] {
    let words = author.shares(minute);
    let file = author.sends(minute, length, &[b"a lamp"]);
    let piece = author.sends_piece(file.id, 0, b"a lamp");
    [words, file, piece]
}

fn whole(items: &Items, file: &ItemId) -> bool {
    let file = items.get(file).unwrap();
    let here = items.standing_file(file).map(|outline| items.pieces_here(file, outline));
    here.is_some_and(|here| here.pieces.iter().all(Option::is_some))
}

fn has_piece(items: &Items, piece: &ItemId) -> bool {
    items.get(piece).is_some_and(|piece| !piece.is_erased())
}

#[test]
fn one_member_takes_no_more_room_than_their_own() {
    let mut items = Items::new(CIRCLE);
    let [words, file, piece] = claim(&mut Author::new(2), 0, 6);
    let id = piece.id;
    for item in [words, file, piece] {
        take(&mut items, item);
    }
    let mut other = Author::new(3);
    for minute in 1..100 {
        for item in claim(&mut other, minute, MAX_FILE) {
            take(&mut items, item);
        }
        assert!(has_piece(&items, &id), "after {minute} files");
    }
}

#[test]
fn four_members_together_take_the_room_of_others() {
    let mut items = Items::new(CIRCLE);
    let [words, file, piece] = claim(&mut Author::new(2), 0, 6);
    let id = piece.id;
    for item in [words, file, piece] {
        take(&mut items, item);
    }
    for number in 3..7 {
        assert!(has_piece(&items, &id));
        let mut other = Author::new(number);
        for minute in 1..=16 {
            for item in claim(&mut other, minute, MAX_FILE) {
                take(&mut items, item);
            }
        }
    }
    assert!(!has_piece(&items, &id));
}

#[test]
fn which_files_there_is_room_for_only_ever_shrinks() {
    // Files of six members, of many lengths: whatever more comes, what had no room gets none.
    let mut all = Vec::new();
    for number in 2..8 {
        let mut author = Author::new(number);
        for minute in 0..40_u64 {
            let length = MAX_FILE >> ((minute + u64::from(number)) % 4);
            let [words, file, _] = claim(&mut author, minute * 7 % 41, length);
            all.extend([words, file]);
        }
    }
    all.sort_by_key(|item| item.id);
    let mut items = Items::new(CIRCLE);
    let mut beyond: BTreeSet<ItemId> = BTreeSet::new();
    for item in all {
        items.insert(item);
        let now: BTreeSet<ItemId> = items.beyond_room().into_iter().collect();
        assert!(beyond.is_subset(&now));
        beyond = now;
    }
    assert!(!beyond.is_empty());
}

#[test]
fn pieces_without_their_file_are_bounded_and_can_come_again() {
    let mut items = Items::new(CIRCLE);
    let mut hostile = Author::new(3);
    let most = MAX_STRAYS_OF_CIRCLE + MAX_STRAY_PIECES;
    for number in 0..most {
        let nowhere = ItemId::from_bytes([u8::try_from(number % 200).unwrap(); 32]);
        let stray = hostile.sends_piece(nowhere, 0, &number.to_be_bytes());
        let id = stray.id;
        assert!(take(&mut items, stray).is_empty());
        assert_eq!(items.contains_key(&id), number < MAX_STRAYS_OF_CIRCLE);
    }

    // Nobody else's have to go for it.
    let mut author = Author::new(2);
    let words = author.shares(0);
    let parts: Vec<Vec<u8>> = (0..=18).map(|number| vec![number; 3]).collect();
    let parts: Vec<&[u8]> = parts.iter().map(Vec::as_slice).collect();
    let file = author.sends(0, MAX_FILE, &parts);
    let id = file.id;
    let pieces = (0..).zip(&parts).map(|(number, bytes)| author.sends_piece(id, number, bytes));
    let pieces: Vec<_> = pieces.collect();
    let mut more = Vec::new();
    for number in 0..=5 {
        more.push(author.sends_piece(ItemId::from_bytes([201; 32]), number, b"late"));
    }
    for item in pieces.into_iter().chain(more.clone()) {
        take(&mut items, item);
    }
    let last = more.last().unwrap();
    assert!(!items.contains_key(&last.id), "it is not kept, not even as erased");
    take(&mut items, file);
    take(&mut items, words);
    assert!(whole(&items, &id));
    take(&mut items, last.clone());
    assert!(has_piece(&items, &last.id), "there is room again");
}

#[test]
fn pieces_of_what_is_no_file_are_not_kept_whichever_came_first() {
    for piece_first in [true, false] {
        let (mut author, mut items) = (Author::new(7), Items::new(CIRCLE));
        let words = author.shares(1);
        let piece = author.sends_piece(words.id, 0, b"a lamp");
        let of_piece = author.sends_piece(piece.id, 0, b"another");
        let [id, of_piece_id] = [piece.id, of_piece.id];
        let mut all = vec![words, piece, of_piece];
        if piece_first {
            all.reverse();
        }
        for item in all {
            take(&mut items, item);
        }
        assert_eq!([id, of_piece_id].map(|id| has_piece(&items, &id)), [false; 2], "{piece_first}");
    }
}

#[test]
fn a_file_is_whole_whatever_false_pieces_came_first() {
    for false_ones in 0..8_u8 {
        let mut items = Items::new(CIRCLE);
        let mut author = Author::new(2);
        let words = author.shares(0);
        let file = author.sends(0, 6, &[b"a lamp"]);
        let id = file.id;
        // Their ids lie before and behind that of the right one.
        for wrong in 0..false_ones {
            take(&mut items, author.sends_piece(id, 0, &[wrong; 6]));
        }
        take(&mut items, author.sends_piece(id, 0, b"a lamp"));
        take(&mut items, author.sends_piece(id, 0, b"a lamp"));
        take(&mut items, words);
        take(&mut items, file);
        assert!(whole(&items, &id), "{false_ones} false ones");
        let kept = items.pieces_of(&id).filter(|id| has_piece(&items, id)).count();
        assert_eq!(kept, 1, "{false_ones} false ones");
    }
}

#[test]
fn a_piece_that_cannot_be_read_now_is_kept() {
    struct Nothing;
    impl Shelf for Nothing {
        fn read(&self, _: &Key) -> Option<Value> {
            None
        }
    }
    let mut items = Items::new(CIRCLE);
    let [words, file, piece] = claim(&mut Author::new(2), 0, 6);
    let (file_id, id) = (file.id, piece.id);
    take(&mut items, words);
    take(&mut items, piece);
    let nothing: Arc<dyn Shelf> = Arc::new(Nothing);
    items.shelve(&nothing);
    assert!(take(&mut items, file).is_empty());
    assert!(has_piece(&items, &id));
    assert!(whole(&items, &file_id));
}

#[test]
fn a_file_falls_when_what_it_follows_turns_out_to_be_no_words() {
    let share = Author::new(3).shares(0);
    let reply = |text| Reply { to: share.id, text: ItemText::new(text).unwrap() };
    let stands = |content: Content| {
        let mut items = Items::new(CIRCLE);
        let mut author = Author::new(2);
        let words = author.says(0, content);
        let file = author.sends(0, 6, &[b"a lamp"]);
        let piece = author.sends_piece(file.id, 0, b"a lamp");
        let id = piece.id;
        take(&mut items, file);
        take(&mut items, piece);
        assert!(has_piece(&items, &id), "its words may come");
        take(&mut items, words);
        has_piece(&items, &id)
    };
    assert!(stands(Content::Reply(reply("a reply"))));
    assert!(!stands(Content::Advice(reply("advice"))));
    assert!(!stands(Content::Leave(crate::content::Leave)));

    // Somebody else's words.
    let mut items = Items::new(CIRCLE);
    let mut author = Author::new(2);
    (author.seq, author.previous) = (1, Some(share.id));
    let file = author.sends(0, 6, &[b"a lamp"]);
    let piece = author.sends_piece(file.id, 0, b"a lamp");
    let id = piece.id;
    take(&mut items, file);
    take(&mut items, piece);
    take(&mut items, share);
    assert!(!has_piece(&items, &id));
}

#[test]
fn a_file_dated_ahead_goes_with_its_words() {
    let mut items = Items::new(CIRCLE);
    let mut author = Author::new(2);
    let words = author.shares(0);
    let file = author.sends(5000, 6, &[b"a lamp"]);
    let piece = |author: &mut Author| {
        let (number, bytes) = (0, PieceBytes::new(b"a lamp").unwrap());
        author.says(5000, Content::Piece(Piece { file: file.id, number, bytes }))
    };
    let all = [words, file.clone(), piece(&mut author)];
    let ids: BTreeSet<ItemId> = all.iter().map(|item| item.id).collect();
    for item in all {
        take(&mut items, item);
    }
    let too_old = |kept: &Kept| kept.body.written < Timestamp::from_seconds(60 * 100);
    let erased: BTreeSet<ItemId> = items.expire(too_old).into_iter().map(|(id, _)| id).collect();
    assert_eq!(erased, ids);
    assert!(items.expire(too_old).is_empty());
    let late = piece(&mut author);
    let id = late.id;
    take(&mut items, late);
    items.expire(too_old);
    assert!(!has_piece(&items, &id), "nor does it come again");
}

#[test]
fn what_waits_to_be_sent_is_not_erased_for_want_of_room() {
    let mut items = Items::new(CIRCLE);
    let mut author = Author::new(2);
    let mut pieces = Vec::new();
    for minute in 0..18 {
        for item in claim(&mut author, minute, MAX_FILE) {
            let id = item.id;
            pieces.extend(matches!(item.body.content, Content::Piece(_)).then_some(id));
            items.insert(item);
            assert!(items.sift_files(&id, |_| true).is_empty());
        }
    }
    let erased = items.sift_files(&pieces[0], |id| *id == pieces[1]);
    let erased: Vec<ItemId> = erased.into_iter().map(|(id, _)| id).collect();
    assert_eq!(erased, [pieces[0]]);
}

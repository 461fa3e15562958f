use super::*;
use crate::id::{CircleId, ItemId, MemberId, StateId};
use crate::identity::{DeviceKey, Verified};
use crate::invite::AgreementText;
use crate::label::Label;
use crate::ledger::AgreementVersion;
use crate::limits::{MAX_SEEN, MAX_TEXT};
use crate::secret::Secret;
use crate::time::Timestamp;
use crate::wire::text::{LongText, Text};
use crate::wire::{self, DecodeError};

fn key() -> DeviceKey {
    DeviceKey::from_secret(&Secret::from_bytes([7; 32]))
}

fn text(text: &str) -> ItemText {
    LongText::new(text).unwrap()
}

fn body(content: Content) -> ItemBody {
    ItemBody {
        circle: CircleId::from_bytes([1; 32]),
        member: MemberId::from_bytes([2; 32]),
        device: key().id(),
        first_state: StateId::from_bytes([3; 32]),
        seq: 4,
        previous: Some(ItemId::from_bytes([4; 32])),
        seen: vec![[5; 16], [6; 16]],
        written: Timestamp::from_seconds(60 * 29_000_000),
        scope: Scope::LaterToo,
        content,
    }
}

fn share() -> Content {
    Content::Share(Share {
        ask: Ask::JustListening,
        content_note: Some(Text::new("loss").unwrap()),
        title: None,
        text: text("शांति 🌿 a hard week"),
    })
}

/// Signs a body exactly as it is, as somebody would who breaks the rules.
fn sign_as_is(body: &ItemBody) -> SignedItem {
    sign_bytes(&wire::encode(body))
}

fn sign_bytes(body: &[u8]) -> SignedItem {
    let signature = key().sign(Label::ITEM_SIGNATURE, body);
    let length = wire::encode(&LongText::<MAX_TEXT>::new("x".repeat(body.len())).unwrap());
    let prefix = &length[..length.len() - body.len()];
    SignedItem::from_bytes(&[prefix, body, &signature].concat()).unwrap()
}

fn verify(signed: &SignedItem) -> Result<Verified<Item>, ItemError> {
    let again = SignedItem::from_bytes(&signed.to_bytes()).unwrap();
    assert_eq!(&again, signed);
    again.verify()
}

#[test]
fn an_item_says_what_was_signed_and_gives_its_bytes_back() {
    let to = ItemId::from_bytes([9; 32]);
    let reply = Reply { to, text: text("with you") };
    let title = Some(Text::new("Sleep").unwrap());
    let reason = StewardReason::new("it names somebody").unwrap();
    let (member, until) = (MemberId::from_bytes([8; 32]), Timestamp::from_seconds(600));
    for content in [
        share(),
        Content::Reply(reply.clone()),
        Content::Leave(Leave),
        Content::Advice(reply),
        Content::Withdraw(Withdraw { to }),
        Content::Edit(Edit { to, content_note: None, title, text: text("a better week") }),
        Content::Reaction(Reaction { to, word: Some(WarmWord::HEARD) }),
        Content::Reaction(Reaction { to, word: None }),
        Content::Pin(Pin { to, on: true }),
        Content::Allow(Allow { to, on: false }),
        Content::AgreementProposal(AgreementProposal {
            version: AgreementVersion::FIRST,
            text: AgreementText::new("We listen.").unwrap(),
        }),
        Content::AgreementConsent(AgreementConsent { proposal: to, signature: [5; 64] }),
        Content::Hide(Hide { to, on: true, reason: reason.clone() }),
        Content::Mute(Mute { member, until: Some(until), again: false, reason: reason.clone() }),
        Content::Mute(Mute { member, until: None, again: true, reason: reason.clone() }),
        Content::SlowMode(SlowMode { minutes: 10, again: false, reason }),
    ] {
        let signed = body(content.clone()).sign(&key());
        let item = verify(&signed).unwrap();
        assert_eq!(*item.body, body(content));
        assert_eq!(item.signed(), signed);
        assert_eq!(item.id, signed.id());
    }
}

#[test]
fn signing_puts_a_body_in_canonical_form() {
    let mut messy = body(share());
    messy.seen = (0..12).rev().map(|n| [n / 2; 16]).collect();
    messy.written = Timestamp::from_millis(61_234);
    let item = verify(&messy.sign(&key())).unwrap();
    assert_eq!(item.body.seen, (0..6).map(|n| [n; 16]).collect::<Vec<_>>());
    assert_eq!(item.body.written, Timestamp::from_seconds(60));
}

#[test]
fn an_item_that_names_too_much_is_refused() {
    let mut greedy = body(share());
    greedy.seen = (0..=MAX_SEEN as u8).map(|n| [n; 16]).collect();
    assert_eq!(verify(&sign_as_is(&greedy)), Err(ItemError::Body(DecodeError::Limit)));
}

#[test]
fn an_item_with_a_second_form_is_refused() {
    let unordered = ItemBody { seen: vec![[6; 16], [5; 16]], ..body(share()) };
    let doubled = ItemBody { seen: vec![[5; 16], [5; 16]], ..body(share()) };
    let seconds = ItemBody { written: Timestamp::from_seconds(61), ..body(share()) };
    for wrong in [unordered, doubled, seconds] {
        assert_eq!(verify(&sign_as_is(&wrong)), Err(ItemError::Body(DecodeError::NotCanonical)));
    }
}

#[test]
fn only_the_first_item_of_a_device_has_no_predecessor() {
    let first = ItemBody { seq: 0, previous: None, ..body(share()) };
    assert!(verify(&sign_as_is(&first)).is_ok());
    let orphan = ItemBody { previous: None, ..body(share()) };
    let impossible = ItemBody { seq: 0, ..body(share()) };
    for wrong in [orphan, impossible] {
        assert_eq!(verify(&sign_as_is(&wrong)), Err(ItemError::Body(DecodeError::Malformed)));
    }
}

#[test]
fn an_item_of_an_unknown_kind_is_kept() {
    let mut bytes = wire::encode(&body(Content::Leave(Leave))).to_vec();
    let at = bytes.len() - 3;
    assert_eq!(bytes[at..], [0, 3, 0]);
    bytes.truncate(at);
    bytes.extend_from_slice(&[0x12, 0x34, 5, b'l', b'a', b't', b'e', b'r']);

    let item = verify(&sign_bytes(&bytes)).unwrap();
    let Content::Unknown(unknown) = &item.body.content else {
        panic!("it is of an unknown kind");
    };
    assert_eq!((unknown.kind(), unknown.as_bytes()), (0x1234, b"later".as_slice()));
    assert_eq!(*wire::encode(&item.body), bytes);
    assert_eq!(item.body.clone().sign(&key()).id(), item.id);
}

#[test]
fn a_known_kind_with_more_than_belongs_to_it_is_refused() {
    let bytes = wire::encode(&body(Content::Leave(Leave))).to_vec();
    let longer = [&bytes[..bytes.len() - 1], &[1, 0]].concat();
    assert_eq!(verify(&sign_bytes(&longer)), Err(ItemError::Body(DecodeError::Malformed)));
}

#[test]
fn a_text_beyond_the_limit_is_refused() {
    assert!(ItemText::new("x".repeat(MAX_TEXT)).is_ok());
    assert!(ItemText::new("x".repeat(MAX_TEXT + 1)).is_err());

    let longest = Share {
        ask: Ask::Resources,
        content_note: Some(Text::new("🌿".repeat(120)).unwrap()),
        title: Some(Text::new("🌿".repeat(80)).unwrap()),
        text: text(&"x".repeat(MAX_TEXT)),
    };
    let full = ItemBody {
        seen: (0..MAX_SEEN as u8).map(|n| [n; 16]).collect(),
        ..body(Content::Share(longest))
    };
    let item = verify(&full.sign(&key())).unwrap();
    let beyond = [wire::encode(&item.body).as_slice(), &[0]].concat();
    assert!(SignedItem::from_bytes(&[0; SignedItem::MAX_LEN + 1]).is_err());
    assert!(wire::decode::<Content>(&beyond, MAX_TEXT).is_err());
}

#[test]
fn an_item_of_another_device_is_refused() {
    let other = DeviceKey::from_secret(&Secret::from_bytes([8; 32]));
    let signed = body(share()).sign(&other);
    assert_eq!(verify(&signed), Err(ItemError::BadSignature));
}

#[test]
fn every_flipped_bit_of_an_item_is_refused() {
    let bytes = body(share()).sign(&key()).to_bytes();
    for bit in 0..bytes.len() * 8 {
        let mut spoilt = bytes.clone();
        spoilt[bit / 8] ^= 1 << (bit % 8);
        let read = SignedItem::from_bytes(&spoilt);
        assert!(!read.is_ok_and(|signed| signed.verify().is_ok()), "bit {bit}");
    }
}

#[test]
fn debug_of_an_item_does_not_give_its_text_away() {
    let item = verify(&body(share()).sign(&key())).unwrap();
    let debug = format!("{item:?}");
    assert!(!debug.contains("hard") && !debug.contains("loss"), "{debug}");
}

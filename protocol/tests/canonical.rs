//! Properties of everything a peer sends: bytes from anywhere never make a decoder panic, and what
//! decodes has one form. Clauses: specs/01-wire W-1, W-2.
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used)]

use proptest::prelude::*;
use windbreak_protocol::content::{
    AgreementConsent, AgreementProposal, Allow, Ask, Content, Edit, File, FileKind, Hide, ItemBody,
    ItemText, Leave, Mention, Mute, PictureFormat, Piece, PieceHash, Pin, Reaction, Reply,
    ReportAnswer, Scope, Share, SignedItem, SlowMode, Spared, WarmWord, Withdraw,
};
use windbreak_protocol::id::{
    CircleId, InviteId, IssuerId, ItemId, KnockId, MemberId, ReportId, StateId,
};
use windbreak_protocol::identity::{Credential, DeviceKey, MemberKey};
use windbreak_protocol::invite::{
    AgreementText, Answer, InviteSeed, InviteText, IssuerKey, Knock, KnockProof, Refusal,
    RelayAddress, SealedAnswer, SealedKnock, SignedCard,
};
use windbreak_protocol::ledger::AgreementVersion;
use windbreak_protocol::limits::{FILE_PIECE, MAX_FILE};
use windbreak_protocol::secret::Secret;
use windbreak_protocol::time::Timestamp;
use windbreak_protocol::wire::chunk::Manifest;
use windbreak_protocol::wire::text::{Opaque, Text};
use windbreak_protocol::wire::{decode, encode};

fn key() -> DeviceKey {
    DeviceKey::from_secret(&Secret::from_bytes([1; 32]))
}

fn content() -> impl Strategy<Value = Content> {
    let ask = prop::sample::select(vec![Ask::JustListening, Ask::IdeasWelcome, Ask::Resources]);
    let note = prop::option::of(".{0,120}".prop_map(|text| Text::new(text).unwrap()));
    let title = prop::option::of(".{0,80}".prop_map(|text| Text::new(text).unwrap()));
    let text = || ".{0,200}".prop_map(|text| ItemText::new(text).unwrap());
    let share = (ask, note, title, text()).prop_map(|(ask, content_note, title, text)| {
        Content::Share(Share { ask, content_note, title, text })
    });
    let to = || any::<[u8; 32]>().prop_map(ItemId::from_bytes);
    let reply = (to(), text()).prop_map(|(to, text)| Content::Reply(Reply { to, text }));
    let advice = (to(), text()).prop_map(|(to, text)| Content::Advice(Reply { to, text }));
    let edit = (to(), prop::option::of(".{0,80}"), text()).prop_map(|(to, title, text)| {
        let title = title.map(|title| Text::new(title).unwrap());
        Content::Edit(Edit { to, content_note: None, title, text })
    });
    let word = prop::option::of(any::<u8>().prop_map(WarmWord));
    let reaction = (to(), word).prop_map(|(to, word)| Content::Reaction(Reaction { to, word }));
    let pin = (to(), any::<bool>()).prop_map(|(to, on)| Content::Pin(Pin { to, on }));
    let allow = (to(), any::<bool>()).prop_map(|(to, on)| Content::Allow(Allow { to, on }));
    let agreement = (1u8..4, ".{0,200}").prop_map(|(number, text)| {
        let next = |version: AgreementVersion, _| version.next().unwrap();
        let version = (1..number).fold(AgreementVersion::FIRST, next);
        let text = AgreementText::new(text).unwrap();
        Content::AgreementProposal(AgreementProposal { version, text })
    });
    let agreed = (to(), any::<u8>()).prop_map(|(proposal, byte)| {
        Content::AgreementConsent(AgreementConsent { proposal, signature: [byte; 64] })
    });
    let withdraw = to().prop_map(|to| Content::Withdraw(Withdraw { to }));
    let leave = Just(Content::Leave(Leave));
    let reason = || ".{0,300}".prop_map(|text| Text::new(text).unwrap());
    let hide = (to(), any::<bool>(), reason())
        .prop_map(|(to, on, reason)| Content::Hide(Hide { to, on, reason }));
    let until = prop::option::of(any::<u64>().prop_map(Timestamp::from_millis));
    let mute = (any::<[u8; 32]>(), until, any::<bool>(), reason()).prop_map(
        |(member, until, again, reason)| {
            let member = MemberId::from_bytes(member);
            Content::Mute(Mute { member, until, again, reason })
        },
    );
    let slow = (any::<u16>(), any::<bool>(), reason()).prop_map(|(minutes, again, reason)| {
        Content::SlowMode(SlowMode { minutes, again, reason })
    });
    let answer = (any::<[u8; 32]>(), prop::collection::vec(any::<u8>(), 0..200)).prop_map(
        |(report, sealed)| {
            let (report, sealed) = (ReportId::from_bytes(report), Opaque::new(sealed).unwrap());
            Content::ReportAnswer(ReportAnswer { report, sealed })
        },
    );
    let file = (to(), 1..=MAX_FILE, prop::option::of(".{0,120}"), any::<bool>()).prop_map(
        |(to, length, name, picture)| {
            let (format, width, height) = (PictureFormat::Jpeg, 640, 480);
            Content::File(File {
                to,
                kind: if picture {
                    FileKind::Picture { format, width, height }
                } else {
                    FileKind::Other
                },
                length: u32::try_from(length).unwrap(),
                name: name.map(|name| Text::new(name).unwrap()),
                pieces: vec![PieceHash::of(&[1]); length.div_ceil(FILE_PIECE)],
            })
        },
    );
    let bytes = prop::collection::vec(any::<u8>(), 0..200);
    let piece = (to(), any::<u8>(), bytes).prop_map(|(file, number, bytes)| {
        Content::Piece(Piece { file, number, bytes: Opaque::new(bytes).unwrap() })
    });
    let mention = to().prop_map(|of| Content::Mention(Mention { of }));
    let spared = (to(), to(), any::<u8>())
        .prop_map(|(of, last, count)| Content::Spared(Spared { of, last, count }));
    prop_oneof![
        share, reply, leave, advice, withdraw, edit, reaction, pin, allow, agreement, agreed, hide,
        mute, slow, answer, file, piece, spared, mention
    ]
}

fn body() -> impl Strategy<Value = ItemBody> {
    let seen = prop::collection::btree_set(any::<[u8; 16]>(), 0..=8);
    let place = (any::<[u8; 32]>(), any::<[u8; 32]>(), any::<u64>(), any::<[u8; 32]>());
    (place, seen, 0..u64::MAX / 60_000, any::<bool>(), content()).prop_map(
        |((circle, state, seq, previous), seen, minute, later, content)| ItemBody {
            circle: CircleId::from_bytes(circle),
            member: MemberId::from_bytes([2; 32]),
            device: key().id(),
            first_state: StateId::from_bytes(state),
            seq,
            previous: (seq > 0).then(|| ItemId::from_bytes(previous)),
            seen: seen.into_iter().collect(),
            written: Timestamp::from_millis(minute * 60_000),
            scope: if later { Scope::LaterToo } else { Scope::HereNow },
            content,
        },
    )
}

/// One spoilt byte, one missing, or one too many.
#[derive(Clone, Debug)]
enum Spoilt {
    Changed(prop::sample::Index, u8),
    Cut(prop::sample::Index),
    Longer(u8),
}

impl Spoilt {
    fn applied(&self, bytes: &[u8]) -> Vec<u8> {
        let mut bytes = bytes.to_vec();
        match self {
            Self::Changed(at, by) => {
                let at = at.index(bytes.len());
                bytes[at] ^= by;
            }
            Self::Cut(at) => bytes.truncate(at.index(bytes.len())),
            Self::Longer(byte) => bytes.push(*byte),
        }
        bytes
    }
}

fn spoilt() -> impl Strategy<Value = Spoilt> {
    let at = any::<prop::sample::Index>;
    prop_oneof![
        (at(), 1..=255_u8).prop_map(|(at, by)| Spoilt::Changed(at, by)),
        at().prop_map(Spoilt::Cut),
        any::<u8>().prop_map(Spoilt::Longer),
    ]
}

/// Whatever of these types the bytes are read as encodes to the same bytes.
fn has_one_form(bytes: &[u8]) -> Result<(), TestCaseError> {
    const LIMIT: usize = 1 << 16;
    if let Ok(content) = decode::<Content>(bytes, LIMIT) {
        prop_assert_eq!(&*encode(&content), bytes);
    }
    if let Ok(body) = decode::<ItemBody>(bytes, LIMIT) {
        prop_assert_eq!(&*encode(&body), bytes);
    }
    if let Ok(signed) = SignedItem::from_bytes(bytes) {
        prop_assert_eq!(signed.to_bytes(), bytes);
        let _ = signed.verify();
    }
    if let Ok(credential) = Credential::from_bytes(bytes) {
        prop_assert_eq!(credential.claimed().to_bytes(), bytes);
    }
    if let Ok(card) = SignedCard::from_bytes(bytes) {
        prop_assert_eq!(card.to_bytes(), bytes);
        let (issuer, invite) = (IssuerId::from_bytes([1; 32]), InviteId::from_bytes([1; 32]));
        prop_assert!(card.verify(&issuer, &invite).is_err());
    }
    if let Ok(knock) = SealedKnock::from_bytes(bytes) {
        prop_assert_eq!(knock.to_bytes(), bytes);
    }
    if let Ok(answer) = SealedAnswer::from_bytes(bytes) {
        prop_assert_eq!(answer.to_bytes(), bytes);
    }
    if let Ok(manifest) = Manifest::from_bytes(bytes) {
        prop_assert_eq!(&**manifest.to_bytes(), bytes);
    }
    if let Ok(proof) = decode::<KnockProof>(bytes, LIMIT) {
        prop_assert_eq!(&*encode(&proof), bytes);
    }
    if let Ok(address) = decode::<RelayAddress>(bytes, LIMIT) {
        prop_assert_eq!(&*encode(&address), bytes);
    }
    let knock = KnockId::from_bytes([1; 32]);
    if let Ok(answer) = Answer::from_bytes(bytes, &knock, &IssuerId::from_bytes([1; 32])) {
        prop_assert_eq!(&**answer.to_bytes(), bytes);
    }
    prop_assert!(Knock::from_bytes(bytes, &InviteId::from_bytes([1; 32])).is_err());
    Ok(())
}

proptest! {
    #[test]
    fn what_decodes_encodes_to_the_same_bytes(body in body(), spoilt in spoilt()) {
        let encoded = encode(&body);
        has_one_form(&encoded)?;
        has_one_form(&spoilt.applied(&encoded))?;
        let content = encode(&body.content);
        has_one_form(&content)?;
        has_one_form(&spoilt.applied(&content))?;

        let item = body.clone().sign(&key()).verify().unwrap();
        prop_assert_eq!(&*item.body, &body);
        let again = SignedItem::from_bytes(&item.signed().to_bytes());
        prop_assert_eq!(again, Ok(item.signed()));
    }

    #[test]
    fn no_bytes_make_a_decoder_panic(bytes in prop::collection::vec(any::<u8>(), 0..600)) {
        has_one_form(&bytes)?;
    }

    #[test]
    fn no_text_makes_the_reader_of_invites_panic(text in ".{0,200}", prefixed in any::<bool>()) {
        let text = if prefixed { format!("windbreak:{text}") } else { text };
        prop_assert!(InviteText::parse(&text).is_err());
    }

    #[test]
    fn whatever_is_spoilt_of_a_signed_thing_is_refused(body in body(), spoilt in spoilt()) {
        let item = spoilt.applied(&body.sign(&key()).to_bytes());
        prop_assert!(!SignedItem::from_bytes(&item).is_ok_and(|item| item.verify().is_ok()));

        let member = MemberKey::from_secret(&Secret::from_bytes([3; 32]));
        let circle = CircleId::from_bytes([4; 32]);
        let bytes = spoilt.applied(&member.certify(&circle, &key().id()).to_bytes());
        let credential = Credential::from_bytes(&bytes);
        let passes = credential.is_ok_and(|c| c.verify(&circle, key().id().as_bytes()).is_ok());
        prop_assert!(!passes);

        let issuer = IssuerKey::from_secret(&Secret::from_bytes([5; 32]));
        let knock = KnockId::from_bytes([6; 32]);
        let no = Answer::refused(&knock, Refusal::Full, &issuer);
        let bytes = spoilt.applied(&no.to_bytes());
        prop_assert!(Answer::from_bytes(&bytes, &knock, &issuer.id()).is_err());
    }

    #[test]
    fn an_invite_reads_back_whatever_it_holds(
        seed in any::<[u8; 32]>(),
        issuer in any::<[u8; 32]>(),
        relays in prop::collection::vec("[!-~]{1,256}", 0..=3),
    ) {
        let relays: Vec<_> = relays.iter().map(|relay| RelayAddress::new(relay).unwrap()).collect();
        let seed = InviteSeed::from_secret(Secret::from_bytes(seed));
        let invite = InviteText { seed, issuer: IssuerId::from_bytes(issuer), relays };
        for text in [invite.to_code(), invite.to_link(), invite.to_qr_text()] {
            let again = InviteText::parse(&text);
            prop_assert_eq!(again.as_ref(), Ok(&invite));
        }
    }
}

//! The cases. Reasons for refusing are written here by hand; what breaks the rules is signed here
//! without the program's own checks.

use data_encoding::HEXLOWER;
use ed25519_dalek::{Signer, SigningKey};
use serde_json::{Value, json};
use windbreak_protocol::content::{
    AgreementConsent, AgreementProposal, Allow, Ask, Content, Edit, Hide, ItemBody, ItemText,
    Leave, Mute, Pin, Reaction, Reply, ReportAnswer, Scope, Share, SignedItem, SlowMode, WarmWord,
    Withdraw,
};
use windbreak_protocol::id::{CircleId, DeviceId, ItemId, MemberId, ReportId, StateId};
use windbreak_protocol::identity::{DeviceKey, MemberKey};
use windbreak_protocol::invite::{AgreementHash, AgreementText};
use windbreak_protocol::label::Label;
use windbreak_protocol::ledger::{AgreementMotion, AgreementVersion};
use windbreak_protocol::random::Random;
use windbreak_protocol::secret::Secret;
use windbreak_protocol::time::{Hour, Timestamp};
use windbreak_protocol::wire::chunk::{CHUNK_LEN, seal_record};
use windbreak_protocol::wire::text::{Opaque, Text};
use windbreak_protocol::wire::{self, FrameKind, SealKey, TopicKey};

use crate::case::Case;
use crate::invite;

/// One file: what it is about, and its cases.
pub(crate) struct File {
    pub(crate) name: &'static str,
    pub(crate) clauses: &'static [&'static str],
    pub(crate) about: &'static str,
    pub(crate) valid: Vec<Case>,
    pub(crate) invalid: Vec<Case>,
}

impl File {
    pub(crate) fn to_json(&self) -> Value {
        let list = |cases: &[Case]| cases.iter().map(Case::to_json).collect::<Vec<_>>();
        json!({
            "clauses": self.clauses, "about": self.about,
            "valid": list(&self.valid), "invalid": list(&self.invalid),
        })
    }
}

pub(crate) fn files() -> Vec<File> {
    vec![invite::answers(), invite::cards(), chunks(), credentials(), items(), invite::knocks()]
}

pub(crate) const CIRCLE: CircleId = CircleId::from_bytes([0x11; 32]);
const NOT_SIGNED: &str = "the item is not signed by its device";

pub(crate) fn secret(byte: u8) -> Secret<32> {
    Secret::from_bytes([byte; 32])
}

pub(crate) fn sign(key: u8, label: Label, content: &[u8]) -> [u8; 64] {
    SigningKey::from_bytes(&[key; 32]).sign(&label.to_be_signed(content)).to_bytes()
}

/// The bytes behind their length, then a signature.
pub(crate) fn behind_length(body: &[u8], signature: &[u8; 64]) -> Vec<u8> {
    let body = wire::encode(&Opaque::<{ 1 << 20 }>::new(body).unwrap());
    [body.as_slice(), signature].concat()
}

pub(crate) fn flipped(bytes: &[u8], at: usize) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    bytes[at] ^= 1;
    bytes
}

fn credentials() -> File {
    let member = MemberKey::from_secret(&secret(0x21));
    let device = DeviceKey::from_secret(&secret(0x22)).id();
    let bytes = member.certify(&CIRCLE, &device).to_bytes();
    let with = |case: Case, circle: &CircleId, leaf: &[u8], bytes: &[u8]| {
        let case = case.with_bytes("circle", circle.as_bytes()).with_bytes("leaf_key", leaf);
        case.with_bytes("bytes", bytes)
    };
    let leaf = device.as_bytes();
    let valid = with(Case::valid("for its circle and its leaf"), &CIRCLE, leaf, &bytes)
        .with_bytes("member_secret", &[0x21; 32])
        .with_bytes("member", member.id().as_bytes())
        .with_bytes("device", leaf);
    let unsigned = "the credential is not signed by its member for this circle";
    let mut neutral = [0; 32];
    neutral[0] = 1;
    let weak = member.certify(&CIRCLE, &DeviceId::from_bytes(neutral)).to_bytes();
    let elsewhere = CircleId::from_bytes([0x12; 32]);
    let case = Case::invalid;
    let invalid = vec![
        with(case("for another circle", unsigned), &elsewhere, leaf, &bytes),
        with(
            case("on another leaf", "the credential is for another device"),
            &CIRCLE,
            &[0x33; 32],
            &bytes,
        ),
        with(
            case("a device key anybody can sign with", "the device key is not a sound key"),
            &CIRCLE,
            &neutral,
            &weak,
        ),
        with(case("another member", unsigned), &CIRCLE, leaf, &flipped(&bytes, 0)),
        with(case("a spoilt signature", unsigned), &CIRCLE, leaf, &flipped(&bytes, 100)),
        with(case("one byte short", "malformed"), &CIRCLE, leaf, &bytes[..bytes.len() - 1]),
        with(case("one byte more", "malformed"), &CIRCLE, leaf, &[bytes.as_slice(), &[0]].concat()),
    ];
    let about = "The identity of a leaf's BasicCredential, with the circle and the leaf's \
                 signature key it is checked against.";
    File {
        name: "wire/credential_rules.json",
        clauses: &["D-3", "D-4"],
        about,
        valid: vec![valid],
        invalid,
    }
}

fn share() -> Content {
    let text = ItemText::new("शांति 🌿 a hard week").unwrap();
    Content::Share(Share {
        ask: Ask::IdeasWelcome,
        content_note: Some(Text::new("loss").unwrap()),
        title: None,
        text,
    })
}

fn body(content: Content) -> ItemBody {
    ItemBody {
        circle: CIRCLE,
        member: MemberId::from_bytes([0x12; 32]),
        device: DeviceKey::from_secret(&secret(0x22)).id(),
        first_state: StateId::from_bytes([0x13; 32]),
        seq: 4,
        previous: Some(ItemId::from_bytes([0x14; 32])),
        seen: vec![[0x15; 16], [0x16; 16]],
        written: Timestamp::from_seconds(1_740_000_000),
        scope: Scope::LaterToo,
        content,
    }
}

fn items() -> File {
    let key = DeviceKey::from_secret(&secret(0x22));
    let signed_as_is = |body: &[u8]| behind_length(body, &sign(0x22, Label::ITEM_SIGNATURE, body));
    let described = |name: &str, bytes: &[u8]| {
        let signed = SignedItem::from_bytes(bytes).unwrap();
        Case::valid(name)
            .with_bytes("device_secret", &[0x22; 32])
            .with_bytes("item_id", signed.id().as_bytes())
            .with_bytes("bytes", bytes)
    };
    let whole = body(share()).sign(&key).to_bytes();
    let to = ItemId::from_bytes([0x17; 32]);
    let reply = Content::Reply(Reply { to, text: ItemText::new("with you").unwrap() });
    let first = ItemBody { seq: 0, previous: None, seen: Vec::new(), ..body(reply) };
    let leave = wire::encode(&body(Content::Leave(Leave))).to_vec();
    let (before_kind, _) = leave.split_at(leave.len() - 3);
    let newer = [before_kind, &[0x7f, 0xff, 3, 1, 2, 3]].concat();
    let words = |text: &str| ItemText::new(text).unwrap();
    let said = |name: &str, content: Content| described(name, &body(content).sign(&key).to_bytes());
    let agreed = AgreementText::new("We begin with a quiet minute.").unwrap();
    let version = AgreementVersion::FIRST.next().unwrap();
    let motion = AgreementMotion { version, hash: AgreementHash::of(&agreed) };
    let consent = motion.agree(&CIRCLE, &DeviceKey::from_secret(&secret(0x22))).signature;
    let reason = || Text::new("it names somebody").unwrap();
    let (muted, until) = (MemberId::from_bytes([8; 32]), Timestamp::from_seconds(1_740_000_000));
    let valid = vec![
        described("a share", &whole)
            .with("kind", 1)
            .with("ask", 1)
            .with("seq", 4)
            .with("seen", 2)
            .with("written", 1_740_000_000)
            .with("scope", 1)
            .with("text", "शांति 🌿 a hard week"),
        described("a reply, the first item of a device", &first.sign(&key).to_bytes())
            .with("kind", 2)
            .with("seq", 0)
            .with_bytes("to", to.as_bytes())
            .with("text", "with you"),
        described("a leave", &signed_as_is(&leave)).with("kind", 3),
        said("advice", Content::Advice(Reply { to, text: words("a walk helps me") }))
            .with("kind", 6)
            .with_bytes("to", to.as_bytes())
            .with("text", "a walk helps me"),
        said("a withdrawal", Content::Withdraw(Withdraw { to }))
            .with("kind", 7)
            .with_bytes("to", to.as_bytes()),
        said(
            "an edit",
            Content::Edit(Edit {
                to,
                content_note: None,
                title: Some(Text::new("Sleep").unwrap()),
                text: words("a better week"),
            }),
        )
        .with("kind", 8)
        .with_bytes("to", to.as_bytes())
        .with("title", "Sleep")
        .with("text", "a better week"),
        said("a reaction", Content::Reaction(Reaction { to, word: Some(WarmWord::THANK_YOU) }))
            .with("kind", 9)
            .with_bytes("to", to.as_bytes())
            .with("word", 4),
        said("a reaction taken back", Content::Reaction(Reaction { to, word: None }))
            .with("kind", 9)
            .with("word", serde_json::Value::Null),
        said(
            "a reaction with a word of a newer version",
            Content::Reaction(Reaction { to, word: Some(WarmWord(200)) }),
        )
        .with("kind", 9)
        .with("word", 200),
        said("a pin", Content::Pin(Pin { to, on: true })).with("kind", 10).with("on", true),
        said("advice no longer allowed", Content::Allow(Allow { to, on: false }))
            .with("kind", 11)
            .with("on", false),
        said(
            "a proposed agreement",
            Content::AgreementProposal(AgreementProposal { version, text: agreed }),
        )
        .with("kind", 12)
        .with("version", 2)
        .with("text", "We begin with a quiet minute."),
        said(
            "a consent to it",
            Content::AgreementConsent(AgreementConsent { proposal: to, signature: consent }),
        )
        .with("kind", 13)
        .with_bytes("to", to.as_bytes())
        .with_bytes("signature", &consent),
        said(
            "something hidden, with the reason",
            Content::Hide(Hide { to, on: true, reason: reason() }),
        )
        .with("kind", 16)
        .with_bytes("to", to.as_bytes())
        .with("on", true)
        .with("reason", "it names somebody"),
        said(
            "a mute",
            Content::Mute(Mute {
                member: muted,
                until: Some(until),
                again: false,
                reason: reason(),
            }),
        )
        .with("kind", 17)
        .with_bytes("muted", muted.as_bytes())
        .with("until", until.as_seconds())
        .with("again", false),
        said(
            "a mute taken back",
            Content::Mute(Mute { member: muted, until: None, again: false, reason: reason() }),
        )
        .with("kind", 17)
        .with("until", serde_json::Value::Null),
        said(
            "a slow mode, said again",
            Content::SlowMode(SlowMode { minutes: 10, again: true, reason: reason() }),
        )
        .with("kind", 18)
        .with("minutes", 10)
        .with("again", true),
        said(
            "an answer to a report",
            Content::ReportAnswer(ReportAnswer {
                report: ReportId::from_bytes([9; 32]),
                sealed: Opaque::new(vec![1, 2, 3]).unwrap(),
            }),
        )
        .with("kind", 19)
        .with_bytes("report", &[9; 32])
        .with_bytes("sealed", &[1, 2, 3]),
        described("a kind of a newer version", &signed_as_is(&newer))
            .with("kind", 0x7fff)
            .with_bytes("unknown", &[1, 2, 3]),
    ];

    let wrong = |name: &str, reason: &str, body: &ItemBody| {
        Case::invalid(name, reason).with_bytes("bytes", &signed_as_is(&wire::encode(body)))
    };
    let second_form = "the item is unreadable: not in canonical form";
    let malformed = "the item is unreadable: malformed";
    let nine = (0..9).map(|n| [n; 16]).collect();
    let mut no_scope = wire::encode(&body(share())).to_vec();
    let scope_at = no_scope.len() - wire::encode(&share()).len() - 1;
    no_scope[scope_at] = 2;
    let mut half_pinned = wire::encode(&body(Content::Pin(Pin { to, on: true }))).to_vec();
    if let Some(on) = half_pinned.last_mut() {
        *on = 2;
    }
    let long_leave = [before_kind, &[0, 3, 1, 0]].concat();
    let invalid = vec![
        wrong(
            "nine tips",
            "the item is unreadable: a field exceeds its limit",
            &ItemBody { seen: nine, ..body(share()) },
        ),
        wrong(
            "tips out of order",
            second_form,
            &ItemBody { seen: vec![[2; 16], [1; 16]], ..body(share()) },
        ),
        wrong(
            "a tip named twice",
            second_form,
            &ItemBody { seen: vec![[1; 16], [1; 16]], ..body(share()) },
        ),
        wrong(
            "a time with seconds",
            second_form,
            &ItemBody { written: Timestamp::from_seconds(1_740_000_001), ..body(share()) },
        ),
        wrong(
            "a later item without a predecessor",
            malformed,
            &ItemBody { previous: None, ..body(share()) },
        ),
        wrong("a first item with a predecessor", malformed, &ItemBody { seq: 0, ..body(share()) }),
        Case::invalid("a scope that does not exist", malformed)
            .with_bytes("bytes", &signed_as_is(&no_scope)),
        Case::invalid("a leave that says something", malformed)
            .with_bytes("bytes", &signed_as_is(&long_leave)),
        Case::invalid("a pin that is neither on nor off", malformed)
            .with_bytes("bytes", &signed_as_is(&half_pinned)),
        Case::invalid("a spoilt text", NOT_SIGNED)
            .with_bytes("bytes", &flipped(&whole, whole.len() - 65)),
        Case::invalid("a spoilt signature", NOT_SIGNED)
            .with_bytes("bytes", &flipped(&whole, whole.len() - 1)),
        Case::invalid("one byte more", "malformed")
            .with_bytes("bytes", &[whole.as_slice(), &[0]].concat()),
        Case::invalid("nothing at all", "malformed").with_bytes("bytes", &[]),
    ];
    let about = "What an MLS application message holds: the body behind its length, and the \
                 signature of the device it names. `device_secret` is that device's Ed25519 seed.";
    let clauses = &["I-1", "I-2", "I-3", "I-4", "I-5", "I-9", "I-10"];
    File { name: "wire/item_rules.json", clauses, about, valid, invalid }
}

fn chunks() -> File {
    let sealed = |name: &str, kind: FrameKind, length: usize| {
        let record: Vec<u8> = (0..length).map(|at| (at % 251) as u8).collect();
        let (seal, topic) =
            (SealKey::from_secret(&secret(0x31)), TopicKey::from_secret(&secret(0x32)));
        let mut random = Random::from_seed(&secret(0x33));
        let hour = Hour::new(483_333);
        let envelopes = seal_record(&seal, &topic, hour, kind, &record, &mut random).unwrap();
        let nonces: Vec<_> =
            envelopes.iter().map(|e| HEXLOWER.encode(&e.as_bytes()[54..78])).collect();
        let ids: Vec<_> = envelopes.iter().map(|envelope| envelope.id().to_text()).collect();
        let manifest = seal.open(envelopes.last().unwrap()).unwrap();
        Case::valid(name)
            .with("kind", kind as u8)
            .with("length", length)
            .with_bytes("seal_secret", &[0x31; 32])
            .with_bytes("topic_secret", &[0x32; 32])
            .with_bytes("chacha20_seed", &[0x33; 32])
            .with("hour", 483_333)
            .with("nonces", nonces)
            .with("envelope_ids", ids)
            .with_bytes("manifest_record", &manifest.record)
    };
    let valid = vec![
        sealed("an item in two chunks", FrameKind::Item, CHUNK_LEN + 1),
        sealed("an answer of three chunks, padded to four", FrameKind::Answer, 3 * CHUNK_LEN),
    ];
    let manifest = |kind: u8, length: usize, count: u8| {
        let ids: Vec<u8> = (0..count).flat_map(|n| [n; 32]).collect();
        let ids = wire::encode(&Opaque::<{ 1 << 14 }>::new(ids).unwrap());
        let length = u32::try_from(length).unwrap().to_be_bytes();
        [&[kind], length.as_slice(), &[7; 64], &ids].concat()
    };
    let two = 2 * CHUNK_LEN;
    let mut named_twice = manifest(1, two, 2);
    let last = named_twice.len() - 32;
    named_twice[last..].fill(0);
    let cases = [
        ("a length that fits one envelope", "not in canonical form", manifest(1, CHUNK_LEN, 1)),
        ("a chunk too few", "malformed", manifest(1, two, 1)),
        ("a chunk too many", "malformed", manifest(1, two, 3)),
        ("an answer that is not padded", "malformed", manifest(5, 3 * CHUNK_LEN, 3)),
        ("a manifest of a manifest", "malformed", manifest(6, two, 2)),
        ("an unknown kind", "malformed", manifest(99, two, 2)),
        ("a chunk named twice", "malformed", named_twice),
        ("a record too long", "a field exceeds its limit", manifest(1, 512 * 1024 + 1, 9)),
        ("an answer too long", "a field exceeds its limit", manifest(5, 4 * 1024 * 1024 + 1, 128)),
    ];
    let invalid = cases
        .map(|(name, reason, bytes)| Case::invalid(name, reason).with_bytes("manifest", &bytes));
    let about = "A record of `length` bytes, of which byte n is n modulo 251, sealed in chunks: \
                 the EnvelopeIds in the order of publishing, the last that of the manifest. The \
                 key in the manifest and the nonces are what ChaCha20 with `chacha20_seed` gives.";
    File { name: "wire/chunk.json", clauses: &["W-12"], about, valid, invalid: invalid.into() }
}

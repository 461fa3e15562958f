//! The cases. Reasons for refusing are written here by hand; what breaks the rules is signed here
//! without the program's own checks.

use data_encoding::HEXLOWER;
use ed25519_dalek::{Signer, SigningKey};
use serde_json::{Value, json};
use windbreak_protocol::content::{
    Ask, Content, ItemBody, ItemText, Leave, Reply, Scope, Share, SignedItem,
};
use windbreak_protocol::id::{CircleId, DeviceId, InviteId, ItemId, KnockId, MemberId, StateId};
use windbreak_protocol::identity::{DeviceKey, MemberKey};
use windbreak_protocol::invite::{
    Admission, Answer, Card, Closed, InviteSeed, IssuerKey, Knock, KnockBody, Refusal,
};
use windbreak_protocol::label::Label;
use windbreak_protocol::random::Random;
use windbreak_protocol::secret::Secret;
use windbreak_protocol::time::{Hour, Timestamp};
use windbreak_protocol::wire::chunk::{CHUNK_LEN, seal_record};
use windbreak_protocol::wire::text::{LongText, Opaque, Text};
use windbreak_protocol::wire::{self, FrameKind, SealKey, TopicKey};
use windbreak_protocol::{HpkePublic, Suite};

use crate::case::Case;

/// One file: what it is about, and its cases.
pub(crate) struct File {
    pub(crate) name: &'static str,
    pub(crate) clauses: &'static [&'static str],
    about: &'static str,
    valid: Vec<Case>,
    invalid: Vec<Case>,
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
    vec![answers(), cards(), chunks(), credentials(), items(), knocks()]
}

const CIRCLE: CircleId = CircleId::from_bytes([0x11; 32]);
const NOT_SIGNED: &str = "the item is not signed by its device";

/// A secret of X25519.
const X25519_SECRET: &str = "5353535353535353535353535353535353535353535353535353535353535353";
/// Its public half (computed by a program of its own) as a vector of the wire: length, then key.
const X25519_PUBLIC: &str = "20261cd9cd2e935f9c2455876a80f02a4d6786b8ab877f07227737ca0b577bf161";

fn secret(byte: u8) -> Secret<32> {
    Secret::from_bytes([byte; 32])
}

fn public() -> HpkePublic {
    wire::decode(&HEXLOWER.decode(X25519_PUBLIC.as_bytes()).unwrap(), 64).unwrap()
}

fn sign(key: u8, label: Label, content: &[u8]) -> [u8; 64] {
    SigningKey::from_bytes(&[key; 32]).sign(&label.to_be_signed(content)).to_bytes()
}

/// The bytes behind their length, then a signature.
fn behind_length(body: &[u8], signature: &[u8; 64]) -> Vec<u8> {
    let body = wire::encode(&Opaque::<{ 1 << 20 }>::new(body).unwrap());
    [body.as_slice(), signature].concat()
}

fn flipped(bytes: &[u8], at: usize) -> Vec<u8> {
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
        with(case("one byte short", "malformed"), &CIRCLE, leaf, &bytes[..127]),
        with(
            case("one byte more", "longer than allowed"),
            &CIRCLE,
            leaf,
            &[bytes.as_slice(), &[0]].concat(),
        ),
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

fn seed() -> InviteSeed {
    InviteSeed::from_secret(secret(0x41))
}

fn issuer() -> IssuerKey {
    IssuerKey::from_secret(&secret(0x42))
}

fn card() -> Card {
    Card {
        circle: CIRCLE,
        suite: Suite::X25519,
        title: Text::new("Tuesday evening").unwrap(),
        welcome: Text::new("Come as you are.").unwrap(),
        agreement: LongText::new("What is said here stays here.").unwrap(),
        declaration: Some(Text::new("None of us has a duty to report.").unwrap()),
        facilitators: vec![Text::new("Ada").unwrap()],
        opening: public(),
        expires: Timestamp::from_seconds(1_750_000_000),
        uses: 5,
        review: true,
        closed: None,
        revision: 1,
    }
}

fn cards() -> File {
    let invite = seed().id();
    let with = |case: Case, invite: &InviteId, bytes: &[u8]| {
        case.with_bytes("issuer", issuer().id().as_bytes())
            .with_bytes("invite", invite.as_bytes())
            .with_bytes("bytes", bytes)
    };
    let whole = card().sign(&issuer(), &invite).unwrap().to_bytes();
    let revoked = Card { closed: Some(Closed::Revoked), revision: 2, ..card() };
    let revoked = revoked.sign(&issuer(), &invite).unwrap().to_bytes();
    let hash = card().agreement_hash();
    let valid = vec![
        with(Case::valid("an open invite"), &invite, &whole)
            .with_bytes("issuer_secret", &[0x42; 32])
            .with("title", "Tuesday evening")
            .with_bytes("agreement_hash", hash.as_bytes())
            .with("uses", 5)
            .with("review", true)
            .with("revision", 1)
            .with("closed", Value::Null),
        with(Case::valid("a revoked invite"), &invite, &revoked)
            .with("revision", 2)
            .with("closed", 2),
    ];
    let signed_as_is = |card: &[u8]| {
        let content = [invite.as_bytes().as_slice(), card].concat();
        behind_length(card, &sign(0x42, Label::CARD_SIGNATURE, &content))
    };
    let no_uses = wire::encode(&Card { uses: 0, ..card() });
    let mut no_flag = wire::encode(&card()).to_vec();
    let review_at = no_flag.len() - 6;
    no_flag[review_at] = 2;
    let unsigned = "the card is not signed by the invite's issuer";
    let other = InviteSeed::from_secret(secret(0x43)).id();
    let invalid = vec![
        with(Case::invalid("the card of another invite", unsigned), &other, &whole),
        with(Case::invalid("a spoilt card", unsigned), &invite, &flipped(&whole, 40)),
        with(
            Case::invalid("no uses", "the card is unreadable: a field exceeds its limit"),
            &invite,
            &signed_as_is(&no_uses),
        ),
        with(
            Case::invalid("neither with review nor without", "the card is unreadable: malformed"),
            &invite,
            &signed_as_is(&no_flag),
        ),
        with(Case::invalid("one byte short", "malformed"), &invite, &whole[..whole.len() - 1]),
    ];
    let about = "A card behind its length, and the issuer's signature over the InviteId and the \
                 card. `issuer_secret` is the issuer's Ed25519 seed.";
    File { name: "wire/card.json", clauses: &["V-5", "V-6"], about, valid, invalid }
}

fn knock() -> Knock {
    KnockBody {
        key_packages: vec![Opaque::new([0x51; 40]).unwrap(), Opaque::new([0x52; 40]).unwrap()],
        name: Text::new("Lin").unwrap(),
        note: Text::new("A friend told me.").unwrap(),
        agreement: card().agreement_hash(),
        reply: public(),
        expires: Timestamp::from_seconds(1_750_000_000),
    }
    .sign(&seed())
    .unwrap()
}

fn knocks() -> File {
    let invite = seed().id();
    let with = |case: Case, invite: &InviteId, bytes: &[u8]| {
        case.with_bytes("invite", invite.as_bytes()).with_bytes("bytes", bytes)
    };
    let whole = knock().to_bytes();
    let sealed =
        knock().seal(&invite, Suite::X25519, &public(), &mut Random::from_seed(&secret(1)));
    let sealed = sealed.unwrap().to_bytes();
    let opening = HEXLOWER.decode(X25519_SECRET.as_bytes()).unwrap();
    let described = |case: Case| {
        case.with_bytes("knock", knock().id().as_bytes())
            .with("name", "Lin")
            .with("note", "A friend told me.")
            .with("key_packages", 2)
            .with_bytes("proof", &wire::encode(&knock().proof()))
    };
    let valid = vec![
        with(described(Case::valid("a knock")), &invite, &whole)
            .with_bytes("invite_seed", &[0x41; 32]),
        with(described(Case::valid("a sealed knock")), &invite, &sealed)
            .with_bytes("opening_secret", &opening),
    ];
    let unsigned = "the knock is not signed with the invite";
    let closed = "the knock does not open: sealed to another key or altered";
    let other = InviteSeed::from_secret(secret(0x43)).id();
    let name_at = 2 + 2 * 41 + 1;
    let no_packages = [&[0], &whole[name_at - 1..]].concat();
    let invalid = vec![
        with(Case::invalid("a knock on another invite", unsigned), &other, &whole),
        with(Case::invalid("another KeyPackage", unsigned), &invite, &flipped(&whole, 10)),
        with(Case::invalid("another name", unsigned), &invite, &flipped(&whole, name_at)),
        with(
            Case::invalid("a spoilt signature", unsigned),
            &invite,
            &flipped(&whole, whole.len() - 64),
        ),
        with(
            Case::invalid("no KeyPackage", "the knock is unreadable: a field exceeds its limit"),
            &invite,
            &no_packages,
        ),
        with(Case::invalid("sealed for another invite", closed), &other, &sealed)
            .with_bytes("opening_secret", &opening),
        with(Case::invalid("another id beside the seal", closed), &invite, &flipped(&sealed, 0))
            .with_bytes("opening_secret", &opening),
        with(Case::invalid("a spoilt seal", closed), &invite, &flipped(&sealed, sealed.len() - 1))
            .with_bytes("opening_secret", &opening),
    ];
    let about = "A knock, or with `opening_secret` a sealed one (suite 0x0003, HPKE base mode). \
                 `proof` is what an Add carries of it. The reply key is the same key.";
    File { name: "wire/knock.json", clauses: &["V-7", "V-8", "V-9", "V-14"], about, valid, invalid }
}

fn answers() -> File {
    let id = knock().id();
    let with = |case: Case, knock: &KnockId, bytes: &[u8]| {
        case.with_bytes("issuer", issuer().id().as_bytes())
            .with_bytes("knock", knock.as_bytes())
            .with_bytes("bytes", bytes)
    };
    let admitted = Answer::Admitted(Admission {
        welcome: Opaque::new([0x61; 20]).unwrap(),
        entrance: Opaque::new([0x62; 10]).unwrap(),
    });
    let declined = Answer::declined(&id, Text::new("The circle rests.").unwrap(), &issuer());
    let refused = Answer::refused(&id, Refusal::AgreementChanged, &issuer());
    let sealed = refused.seal(&id, Suite::X25519, &public(), &mut Random::from_seed(&secret(2)));
    let sealed = sealed.unwrap().to_bytes();
    let reply = HEXLOWER.decode(X25519_SECRET.as_bytes()).unwrap();
    let valid = vec![
        with(Case::valid("an admission"), &id, &admitted.to_bytes())
            .with_bytes("welcome", &[0x61; 20])
            .with_bytes("entrance", &[0x62; 10]),
        with(Case::valid("declined"), &id, &declined.to_bytes()).with("note", "The circle rests."),
        with(Case::valid("refused"), &id, &refused.to_bytes()).with("refusal", 4),
        with(Case::valid("a sealed refusal"), &id, &sealed)
            .with("refusal", 4)
            .with_bytes("reply_secret", &reply),
    ];
    let unsigned = "the answer is not signed by the invite's issuer";
    let closed = "the answer does not open: sealed to another key or altered";
    let forger = IssuerKey::from_secret(&secret(0x43));
    let forged = Answer::refused(&id, Refusal::Used, &forger).to_bytes();
    let other = KnockId::from_bytes([0; 32]);
    let invalid = vec![
        with(Case::invalid("a no by somebody else", unsigned), &id, &forged),
        with(Case::invalid("a no to another knock", unsigned), &other, &refused.to_bytes()),
        with(Case::invalid("another reason", unsigned), &id, &flipped(&declined.to_bytes(), 5)),
        with(
            Case::invalid("an unknown answer", "the answer is unreadable: malformed"),
            &id,
            &[4, 0],
        ),
        with(Case::invalid("a spoilt seal", closed), &id, &flipped(&sealed, sealed.len() - 1))
            .with_bytes("reply_secret", &reply),
    ];
    let about = "An answer to `knock`, or with `reply_secret` a sealed one. What a no says is \
                 signed by the issuer of card.json.";
    File { name: "wire/answer.json", clauses: &["V-7", "V-11"], about, valid, invalid }
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

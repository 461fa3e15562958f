//! The cases of cards, knocks and answers.

use data_encoding::HEXLOWER;
use serde_json::Value;
use windbreak_protocol::id::{InviteId, KnockId};
use windbreak_protocol::invite::{
    Admission, Answer, Card, Closed, Door, InviteSeed, IssuerKey, Knock, KnockBody, Refusal,
};
use windbreak_protocol::label::Label;
use windbreak_protocol::random::Random;
use windbreak_protocol::time::Timestamp;
use windbreak_protocol::wire;
use windbreak_protocol::wire::text::{LongText, Opaque, Text};
use windbreak_protocol::{HpkePublic, Suite};

use crate::case::Case;
use crate::generate::{CIRCLE, File, behind_length, flipped, secret, sign};

/// A secret of X25519.
const X25519_SECRET: &str = "5353535353535353535353535353535353535353535353535353535353535353";
/// Its public half (computed by a program of its own) as a vector of the wire: length, then key.
const X25519_PUBLIC: &str = "20261cd9cd2e935f9c2455876a80f02a4d6786b8ab877f07227737ca0b577bf161";

fn public() -> HpkePublic {
    wire::decode(&HEXLOWER.decode(X25519_PUBLIC.as_bytes()).unwrap(), 64).unwrap()
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
        door: Door { review: true, listens: false },
        closed: None,
        revision: 1,
    }
}

pub(crate) fn cards() -> File {
    let invite = seed().id();
    let with = |case: Case, invite: &InviteId, bytes: &[u8]| {
        case.with_bytes("issuer", issuer().id().as_bytes())
            .with_bytes("invite", invite.as_bytes())
            .with_bytes("bytes", bytes)
    };
    let whole = card().sign(&issuer(), &invite).unwrap().to_bytes();
    let revoked = Card { closed: Some(Closed::Revoked), revision: 2, ..card() };
    let revoked = revoked.sign(&issuer(), &invite).unwrap().to_bytes();
    let listening = |review| {
        let card = Card { door: Door { review, listens: true }, ..card() };
        card.sign(&issuer(), &invite).unwrap().to_bytes()
    };
    let (quiet, looked_at) = (listening(false), listening(true));
    let hash = card().agreement_hash();
    let valid = vec![
        with(Case::valid("an open invite"), &invite, &whole)
            .with_bytes("issuer_secret", &[0x42; 32])
            .with("title", "Tuesday evening")
            .with_bytes("agreement_hash", hash.as_bytes())
            .with("uses", 5)
            .with("review", true)
            .with("listens", false)
            .with("revision", 1)
            .with("closed", Value::Null),
        with(Case::valid("a revoked invite"), &invite, &revoked)
            .with("revision", 2)
            .with("closed", 2),
        with(Case::valid("an invite for somebody who only listens"), &invite, &quiet)
            .with("review", false)
            .with("listens", true),
        with(Case::valid("the same, with review"), &invite, &looked_at)
            .with("review", true)
            .with("listens", true),
    ];
    let signed_as_is = |card: &[u8]| {
        let content = [invite.as_bytes().as_slice(), card].concat();
        behind_length(card, &sign(0x42, Label::CARD_SIGNATURE, &content))
    };
    let no_uses = wire::encode(&Card { uses: 0, ..card() });
    let mut no_flag = wire::encode(&card()).to_vec();
    let review_at = no_flag.len() - 6;
    no_flag[review_at] = 4;
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
    File { name: "wire/card.json", clauses: &["V-5", "V-6", "V-20"], about, valid, invalid }
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

pub(crate) fn knocks() -> File {
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

pub(crate) fn answers() -> File {
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

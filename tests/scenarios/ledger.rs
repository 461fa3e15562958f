//! The rules of a circle, one change at a time: who may do what, and that everybody finds the same.

use windbreak_protocol::content::{Content, ItemBody, Leave, Scope};
use windbreak_protocol::id::{CircleId, DeviceId, IssuerId, MemberId, StateId};
use windbreak_protocol::identity::DeviceKey;
use windbreak_protocol::invite::{
    AgreementHash, AgreementText, Door, InviteSeed, KeyPackageBytes, KnockBody,
};
use windbreak_protocol::ledger::{
    Admission, Change, ChangeError, Departure, FilesAllowed, InviteEntry, InviteStanding,
    InviteTerms, KeepDays, Keeper, Ledger, Manner, MemberEntry, Role, Settings,
};
use windbreak_protocol::limits::{MAX_INVITE_USES, MAX_MEMBERS, MAX_OPEN_INVITES};
use windbreak_protocol::secret::Secret;
use windbreak_protocol::time::Timestamp;
use windbreak_protocol::wire::text::{Opaque, Text};
use windbreak_protocol::wire::{decode, encode};
use windbreak_protocol::{HpkePublic, Suite};

const CIRCLE: CircleId = CircleId::from_bytes([1; 32]);
const FOUNDER: MemberId = MemberId::from_bytes([2; 32]);

fn founded() -> Ledger {
    let settings = Settings {
        suite: Suite::X25519,
        title: Text::new("Evening walk").unwrap(),
        welcome: Text::default(),
        agreement: AgreementText::new("We listen.").unwrap(),
        declaration: None,
        relays: Vec::new(),
    };
    let founder = MemberEntry::founder(Text::new("Alder").unwrap(), device(0));
    Ledger::found(settings, FOUNDER, founder)
}

fn key(number: u16) -> DeviceKey {
    let mut seed = [9; 32];
    seed[..2].copy_from_slice(&number.to_be_bytes());
    DeviceKey::from_secret(&Secret::from_bytes(seed))
}

fn device(number: u16) -> DeviceId {
    key(number).id()
}

fn member(number: u16) -> MemberId {
    let mut bytes = [3; 32];
    bytes[..2].copy_from_slice(&number.to_be_bytes());
    MemberId::from_bytes(bytes)
}

fn seed(number: u16) -> InviteSeed {
    let mut bytes = [4; 32];
    bytes[..2].copy_from_slice(&number.to_be_bytes());
    InviteSeed::from_secret(Secret::from_bytes(bytes))
}

fn public() -> HpkePublic {
    let bytes = Opaque::<32>::new([5; 32]).unwrap();
    decode(&encode(&bytes), 64).unwrap()
}

fn open(number: u16, uses: u16, review: bool) -> Change {
    open_by(number, uses, Door { review, listens: false })
}

fn open_by(number: u16, uses: u16, door: Door) -> Change {
    let seed = seed(number);
    let expires = Timestamp::from_seconds(1_800_000_000);
    let entry = InviteEntry {
        inviter: FOUNDER,
        terms: InviteTerms { expires, uses, door },
        used: 0,
        standing: InviteStanding::Open,
        issuer: IssuerId::from_bytes([6; 32]),
        topic: seed.topic_secret(),
        card: seed.card_secret(),
        opening: public(),
        keeper: Keeper::Inviter,
    };
    Change::OpenInvite { invite: seed.id(), entry }
}

/// Somebody comes in by invite `invite`, with a knock signed by the seed of invite `signed_by`.
fn admit(number: u16, invite: u16, signed_by: u16) -> Change {
    let body = KnockBody {
        key_packages: vec![KeyPackageBytes::new([7; 100]).unwrap()],
        name: Text::new("Rowan").unwrap(),
        note: Text::default(),
        agreement: AgreementHash::from_bytes([8; 32]),
        reply: public(),
        expires: Timestamp::from_seconds(1_800_000_000),
    };
    Change::Admit(Admission {
        member: member(number),
        device: device(number),
        name: Text::new("Rowan").unwrap(),
        invite: seed(invite).id(),
        proof: body.sign(&seed(signed_by)).unwrap().proof(),
        again: false,
    })
}

fn removed(member: MemberId) -> Change {
    let reason = Text::new("As agreed.").unwrap();
    Change::Depart(Departure::Removed { member, reason, consents: Vec::new() })
}

fn left(number: u16, signed_by: u16) -> Change {
    let item = ItemBody {
        circle: CIRCLE,
        member: member(number),
        device: device(signed_by),
        first_state: StateId::from_bytes([1; 32]),
        seq: 0,
        previous: None,
        seen: Vec::new(),
        written: Timestamp::from_seconds(0),
        scope: Scope::HereNow,
        content: Content::Leave(Leave),
    };
    let item = Opaque::new(item.sign(&key(signed_by)).to_bytes()).unwrap();
    Change::Depart(Departure::Left { member: member(number), item })
}

fn by_founder(ledger: &Ledger, changes: &[Change]) -> Result<Ledger, ChangeError> {
    ledger.apply(&CIRCLE, &FOUNDER, 1, changes)
}

/// A circle with members 1 and 2, who came by the open invite 1, and room on it for more.
fn three() -> Ledger {
    let changes = [open(1, 1000, false), admit(1, 1, 1), admit(2, 1, 1)];
    by_founder(&founded(), &changes).unwrap()
}

#[test]
fn a_commit_without_the_right_is_refused() {
    let ledger = three();
    let by_member = |change: Change| ledger.apply(&CIRCLE, &member(1), 2, &[change]).err();
    let mut foreign = open(7, 1, false);
    if let Change::OpenInvite { entry, .. } = &mut foreign {
        entry.inviter = member(1);
    }
    for change in [
        removed(member(2)),
        open(7, 1, false),
        foreign,
        Change::RevokeInvite(seed(1).id()),
        Change::SetRelays(Vec::new()),
        Change::SetFiles(FilesAllowed::Any),
        Change::SetKeep(None),
        Change::ShortenKeep {
            keep: KeepDays::new(7).unwrap(),
            reason: Text::new("As agreed.").unwrap(),
        },
        Change::TakeVoice { member: member(2), reason: Text::new("As agreed.").unwrap() },
        Change::Declare(Text::new("no duty to report").unwrap()),
    ] {
        assert_eq!(by_member(change), Some(ChangeError::Right));
    }
    assert_eq!(by_member(admit(3, 1, 1)), None);
    assert_eq!(by_member(left(2, 2)), None);
    assert_eq!(by_member(removed(member(1))), Some(ChangeError::Right));
    let stranger = ledger.apply(&CIRCLE, &member(9), 2, &[]).err();
    assert_eq!(stranger, Some(ChangeError::NotAMember));
    assert_eq!(by_founder(&ledger, &[removed(FOUNDER)]).err(), Some(ChangeError::Right));
}

#[test]
fn nobody_leaves_by_the_word_of_another() {
    let ledger = three();
    let forged = by_founder(&ledger, &[left(2, 1)]).err();
    assert_eq!(forged, Some(ChangeError::Proof));
    let elsewhere = ledger.apply(&CircleId::from_bytes([9; 32]), &FOUNDER, 2, &[left(2, 2)]).err();
    assert_eq!(elsewhere, Some(ChangeError::Proof));
}

#[test]
fn a_review_is_a_facilitators() {
    let ledger = by_founder(&three(), &[open(2, 5, true)]).unwrap();
    let by_member = ledger.apply(&CIRCLE, &member(1), 2, &[admit(3, 2, 2)]).err();
    assert_eq!(by_member, Some(ChangeError::Right));
    let reviewed = by_founder(&ledger, &[admit(3, 2, 2)]).unwrap();
    assert_eq!(reviewed.members()[&member(3)].manner, Manner::Reviewed(FOUNDER));
}

#[test]
fn whoever_comes_by_an_invite_for_listeners_is_one() {
    for review in [false, true] {
        let door = Door { review, listens: true };
        let ledger = by_founder(&three(), &[open_by(2, 1, door)]).unwrap();
        // It stands in the ledger, so its hash binds whoever commits.
        assert_eq!(decode::<Ledger>(&encode(&ledger), 1 << 20).unwrap(), ledger);
        let speaking = by_founder(&three(), &[open(2, 1, review)]).unwrap();
        assert_ne!(ledger.hash(), speaking.hash());
        let next = by_founder(&ledger, &[admit(3, 2, 2)]).unwrap();
        assert_eq!(next.members()[&member(3)].role, Role::Listener);
        assert!(!next.invites()[&seed(2).id()].admits());
        // Also once more, when a branch that lost had let them in.
        let again = match admit(4, 2, 2) {
            Change::Admit(admission) => Change::Admit(Admission { again: true, ..admission }),
            other => other,
        };
        let next = by_founder(&next, &[again]).unwrap();
        assert!(next.is_listener(&member(4)));
    }
    let one = by_founder(&three(), &[open(2, 1, false)]).unwrap();
    let one = by_founder(&one, &[admit(3, 2, 2)]).unwrap();
    assert_eq!(one.members()[&member(3)].role, Role::Member);
}

#[test]
fn a_commit_that_removes_does_nothing_else() {
    let mixed = by_founder(&three(), &[removed(member(1)), open(2, 1, false)]).err();
    assert_eq!(mixed, Some(ChangeError::Mixed));
    let both = by_founder(&three(), &[removed(member(1)), left(2, 2)]).unwrap();
    assert_eq!(both.members().len(), 1);
}

#[test]
fn a_second_use_of_a_single_invite_is_refused() {
    let ledger = by_founder(&founded(), &[open(1, 1, false)]).unwrap();
    let both = by_founder(&ledger, &[admit(1, 1, 1), admit(2, 1, 1)]).err();
    assert_eq!(both, Some(ChangeError::Invite));
    let once = by_founder(&ledger, &[admit(1, 1, 1)]).unwrap();
    assert_eq!(by_founder(&once, &[admit(2, 1, 1)]).err(), Some(ChangeError::Invite));
    assert_eq!(by_founder(&once, &[admit(1, 1, 1)]).err(), Some(ChangeError::AlreadyMember));
}

#[test]
fn a_facilitator_lets_somebody_in_again_without_using_anything_up() {
    let again = |number, invite, signed_by| match admit(number, invite, signed_by) {
        Change::Admit(admission) => Change::Admit(Admission { again: true, ..admission }),
        other => other,
    };
    let ledger = by_founder(&founded(), &[open(1, 1, false)]).unwrap();
    let once = by_founder(&ledger, &[admit(1, 1, 1)]).unwrap();
    let both = by_founder(&once, &[again(2, 1, 1)]).unwrap();
    assert_eq!(both.members().len(), 3);
    assert_eq!(both.invites().values().map(|invite| invite.used).sum::<u16>(), 1);
    let taken_back = by_founder(&ledger, &[Change::RevokeInvite(seed(1).id())]).unwrap();
    assert!(by_founder(&taken_back, &[again(2, 1, 1)]).is_ok());
    // It needs the word of a facilitator, an invite of this circle, and a knock by it.
    let by_member = once.apply(&CIRCLE, &member(1), 9, &[again(2, 1, 1)]).err();
    assert_eq!(by_member, Some(ChangeError::Right));
    assert_eq!(by_founder(&once, &[again(2, 3, 3)]).err(), Some(ChangeError::Invite));
    assert_eq!(by_founder(&once, &[again(2, 1, 3)]).err(), Some(ChangeError::Proof));
    assert_eq!(by_founder(&once, &[again(1, 1, 1)]).err(), Some(ChangeError::AlreadyMember));
}

#[test]
fn an_admission_rests_on_the_invite_it_names() {
    let ledger = by_founder(&founded(), &[open(1, 5, false), open(2, 5, false)]).unwrap();
    assert_eq!(by_founder(&ledger, &[admit(1, 1, 2)]).err(), Some(ChangeError::Proof));
    assert_eq!(by_founder(&ledger, &[admit(1, 3, 3)]).err(), Some(ChangeError::Invite));
}

#[test]
fn a_removal_closes_invites_without_review() {
    let ledger = by_founder(&three(), &[open(2, 5, true)]).unwrap();
    let after = by_founder(&ledger, &[removed(member(2))]).unwrap();
    assert_eq!(by_founder(&after, &[admit(3, 1, 1)]).err(), Some(ChangeError::Invite));
    assert!(by_founder(&after, &[admit(3, 2, 2)]).is_ok());
    let revoked = by_founder(&after, &[Change::RevokeInvite(seed(2).id())]).unwrap();
    assert_eq!(by_founder(&revoked, &[admit(3, 2, 2)]).err(), Some(ChangeError::Invite));
}

#[test]
fn an_invite_beyond_its_limits_is_refused() {
    for uses in [0, MAX_INVITE_USES + 1] {
        let refused = by_founder(&founded(), &[open(1, uses, false)]).err();
        assert_eq!(refused, Some(ChangeError::Invite));
    }
    let many: Vec<Change> = (0..MAX_OPEN_INVITES as u16).map(|n| open(n, 1, false)).collect();
    let full = by_founder(&founded(), &many).unwrap();
    assert_eq!(by_founder(&full, &[open(99, 1, false)]).err(), Some(ChangeError::Limit));
    let twice = by_founder(&founded(), &[open(1, 1, false), open(1, 1, false)]).err();
    assert_eq!(twice, Some(ChangeError::Invite));
}

#[test]
fn a_full_circle_admits_nobody() {
    let mut ledger = three();
    for number in 3..MAX_MEMBERS as u16 {
        ledger = by_founder(&ledger, &[admit(number, 1, 1)]).unwrap();
    }
    assert_eq!(ledger.members().len(), MAX_MEMBERS);
    let mut again = by_founder(&ledger, &[open(2, 1, false)]).unwrap();
    assert_eq!(by_founder(&again, &[admit(2000, 2, 2)]).err(), Some(ChangeError::Limit));
    again = by_founder(&again, &[removed(member(2))]).unwrap();
    again = by_founder(&again, &[open(3, 1, false)]).unwrap();
    assert!(by_founder(&again, &[admit(2000, 3, 3)]).is_ok());
}

#[test]
fn everybody_computes_the_same_ledger() {
    let (one, other) = (three(), three());
    assert_eq!(one.hash(), other.hash());
    let read: Ledger = decode(&encode(&one), 1 << 20).unwrap();
    assert_eq!((read.hash(), &read), (one.hash(), &one));
    // Whatever else can be read from bytes beside these is another ledger.
    let bytes = encode(&one);
    for at in 0..bytes.len() {
        let mut spoilt = bytes.to_vec();
        spoilt[at] ^= 1;
        if let Ok(read) = decode::<Ledger>(&spoilt, 1 << 20) {
            assert_ne!(read.hash(), one.hash());
        }
    }
}

#[test]
fn the_ledger_does_not_give_the_signing_key_away() {
    let seed = seed(1);
    let ledger = by_founder(&founded(), &[open(1, 1, false)]).unwrap();
    let written = encode(&ledger);
    let holds = |bytes: &[u8]| written.windows(bytes.len()).any(|window| window == bytes);
    assert!(holds(seed.id().as_bytes()) && holds(seed.card_secret().expose()));
    assert!(!holds(seed.to_secret().expose()));
    let signing = windbreak_protocol::label::Label::INVITE_SIGNING.derive(&seed.to_secret(), &[]);
    assert!(!holds(signing.expose()));
}

//! Roles given and taken.

use super::*;
use crate::id::ItemId;

/// A circle of members 0 to 6 with facilitators 0 to `facilitators`, excluding the last.
fn circle(facilitators: u8) -> Ledger {
    let mut story = five_founders();
    story.admits(5..7, true);
    for number in 0..7 {
        let entry = story.ledger.members.get_mut(&member(number)).unwrap();
        entry.role = if number < facilitators { Role::Facilitator } else { Role::Member };
    }
    story.ledger
}

fn declared() -> Declaration {
    Text::new("I have no duty to report.").unwrap()
}

fn text(words: &str) -> Text<500> {
    Text::new(words).unwrap()
}

fn motion(ledger: &Ledger, kind: MotionKind, number: u8) -> Motion {
    ledger.motion(kind, &member(number)).unwrap()
}

/// The consents of members to a motion, in canonical order.
fn consents(motion: &Motion, numbers: impl IntoIterator<Item = u8>) -> Vec<ConsentProof> {
    let agree = |number: u8| {
        let declaration = (member(number) == motion.member).then(declared);
        motion.agree(&CIRCLE, &key(number), None, declaration.as_ref())
    };
    let mut proofs: Vec<ConsentProof> = numbers.into_iter().map(agree).collect();
    proofs.sort_by_key(|proof| proof.device);
    proofs
}

fn promotion(number: u8, consents: Vec<ConsentProof>) -> Change {
    let declaration = Some(declared());
    Change::SetRole(RoleChange {
        member: member(number),
        role: Role::Facilitator,
        declaration,
        consents,
    })
}

fn demotion(ledger: &Ledger, number: u8, by: Vec<u8>) -> Change {
    let consents = consents(&motion(ledger, MotionKind::Demote, number), by);
    let (member, role) = (member(number), Role::Member);
    Change::SetRole(RoleChange { member, role, declaration: None, consents })
}

fn removal(ledger: &Ledger, number: u8, by: Vec<u8>) -> Change {
    let reason = text("It is time.");
    let kind = MotionKind::Remove { reason: reason.clone() };
    let consents = consents(&motion(ledger, kind, number), by);
    Change::Depart(Departure::Removed { member: member(number), reason, consents })
}

fn succession(ledger: &Ledger, number: u8, by: Vec<u8>) -> Change {
    let consents = consents(&motion(ledger, MotionKind::Succeed, number), by);
    Change::Succeed(Succession { member: member(number), declaration: declared(), consents })
}

/// A change against somebody, with the consents of others.
type Against = fn(&Ledger, u8, Vec<u8>) -> Change;

/// What becomes of a commit of member `by` with this one change.
fn judge(ledger: &Ledger, by: u8, change: Change) -> Result<Ledger, ChangeError> {
    ledger.apply(&CIRCLE, &member(by), 50, &[change])
}

#[test]
fn a_facilitator_makes_another_who_agrees_and_declares() {
    let ledger = circle(1);
    let agrees = consents(&motion(&ledger, MotionKind::Promote, 1), [1]);
    let next = judge(&ledger, 0, promotion(1, agrees.clone())).unwrap();
    assert!(next.is_facilitator(&member(1)));
    assert_eq!(next.members()[&member(1)].role_since, 50);
    assert_eq!(next.members()[&member(1)].declaration, Some(declared()));

    assert_eq!(judge(&ledger, 2, promotion(1, agrees.clone())), Err(ChangeError::Right));
    assert_eq!(judge(&ledger, 0, promotion(1, vec![])), Err(ChangeError::Consent));
    assert_eq!(judge(&ledger, 0, promotion(2, agrees.clone())), Err(ChangeError::Consent));
    assert_eq!(judge(&next, 0, promotion(1, agrees.clone())), Err(ChangeError::Consent));
    let undeclared = Change::SetRole(RoleChange {
        member: member(1),
        role: Role::Facilitator,
        declaration: None,
        consents: agrees,
    });
    assert_eq!(judge(&ledger, 0, undeclared), Err(ChangeError::Consent));
}

#[test]
fn a_facilitator_goes_only_if_most_of_the_others_agree() {
    let ledger = circle(4);
    for change in [removal as Against, demotion] {
        assert_eq!(judge(&ledger, 0, change(&ledger, 3, vec![])), Err(ChangeError::Facilitator));
        assert_eq!(judge(&ledger, 0, change(&ledger, 3, vec![5])), Err(ChangeError::Facilitator));
        assert_eq!(judge(&ledger, 4, change(&ledger, 3, vec![0, 1, 2])), Err(ChangeError::Right));
        let next = judge(&ledger, 0, change(&ledger, 3, vec![1])).unwrap();
        assert!(!next.is_facilitator(&member(3)));
    }
    // The word of whoever shall go counts for nothing.
    assert!(judge(&ledger, 0, demotion(&ledger, 3, vec![3])).is_err());
}

#[test]
fn where_one_other_facilitator_is_left_two_members_must_agree_too() {
    let ledger = circle(2);
    for change in [removal as Against, demotion] {
        assert_eq!(judge(&ledger, 0, change(&ledger, 1, vec![])), Err(ChangeError::Facilitator));
        assert_eq!(judge(&ledger, 0, change(&ledger, 1, vec![4])), Err(ChangeError::Facilitator));
        assert!(judge(&ledger, 0, change(&ledger, 1, vec![4, 5])).is_ok());
    }
    let mut two = ledger;
    for number in 2..7 {
        two.members.remove(&member(number));
    }
    assert!(judge(&two, 0, removal(&two, 1, vec![])).is_ok());
}

#[test]
fn a_consent_is_for_one_motion_in_one_circle_and_not_for_later() {
    let ledger = circle(4);
    let consents_of = |change: &Change| match change {
        Change::Depart(Departure::Removed { consents, .. }) => consents.clone(),
        Change::SetRole(RoleChange { consents, .. }) => consents.clone(),
        _ => vec![],
    };
    let with = |consents: Vec<ConsentProof>, reason: &str| {
        let (member, reason) = (member(3), text(reason));
        Change::Depart(Departure::Removed { member, reason, consents })
    };
    let agreed = consents_of(&removal(&ledger, 3, vec![1]));
    assert!(judge(&ledger, 0, with(agreed.clone(), "It is time.")).is_ok());
    // Another reason, another motion, another member, another circle.
    assert_eq!(judge(&ledger, 0, with(agreed.clone(), "No.")), Err(ChangeError::Consent));
    let other = consents_of(&demotion(&ledger, 3, vec![1]));
    assert_eq!(judge(&ledger, 0, with(other, "It is time.")), Err(ChangeError::Consent));
    let other = consents_of(&removal(&ledger, 2, vec![1]));
    assert_eq!(judge(&ledger, 0, with(other, "It is time.")), Err(ChangeError::Consent));
    let elsewhere = CircleId::from_bytes([9; 32]);
    let change = with(agreed.clone(), "It is time.");
    let judged = ledger.apply(&elsewhere, &member(0), 50, &[change]);
    assert_eq!(judged, Err(ChangeError::Consent));
    // Twice the same, or of somebody who is not here.
    let twice = [agreed.clone(), agreed.clone()].concat();
    assert_eq!(judge(&ledger, 0, with(twice, "It is time.")), Err(ChangeError::Consent));
    let kind = MotionKind::Remove { reason: text("It is time.") };
    let stranger = consents(&motion(&ledger, kind, 3), [1, 99]);
    assert_eq!(judge(&ledger, 0, with(stranger, "It is time.")), Err(ChangeError::Consent));
    // Others' commits meanwhile change nothing; the role given anew changes all.
    let later = ledger.apply(&CIRCLE, &member(2), 49, &[]).unwrap();
    assert!(judge(&later, 0, with(agreed.clone(), "It is time.")).is_ok());
    let mut anew = judge(&ledger, 3, demotion(&ledger, 3, vec![])).unwrap();
    let agrees = consents(&motion(&anew, MotionKind::Promote, 3), [3]);
    anew = anew.apply(&CIRCLE, &member(0), 51, &[promotion(3, agrees)]).unwrap();
    assert_eq!(judge(&anew, 0, with(agreed, "It is time.")), Err(ChangeError::Consent));
}

#[test]
fn a_facilitator_steps_down_unless_nobody_else_holds_the_circle() {
    let two = circle(2);
    let next = judge(&two, 1, demotion(&two, 1, vec![])).unwrap();
    assert!(!next.is_facilitator(&member(1)));
    assert_eq!(next.members()[&member(1)].declaration, None);
    let one = circle(1);
    assert_eq!(judge(&one, 0, demotion(&one, 0, vec![])), Err(ChangeError::Facilitator));
    let both = [demotion(&two, 0, vec![4, 5]), demotion(&two, 1, vec![])];
    assert_eq!(two.apply(&CIRCLE, &member(1), 50, &both), Err(ChangeError::Facilitator));
}

#[test]
fn most_members_make_a_facilitator_where_none_answers() {
    let ledger = circle(1);
    let next = judge(&ledger, 2, succession(&ledger, 1, vec![1, 2, 3, 4])).unwrap();
    assert!(next.is_facilitator(&member(1)) && next.is_facilitator(&member(0)));
    let few = judge(&ledger, 2, succession(&ledger, 1, vec![1, 2, 3]));
    assert_eq!(few, Err(ChangeError::Consent));
    let without_them = judge(&ledger, 2, succession(&ledger, 1, vec![2, 3, 4, 5]));
    assert_eq!(without_them, Err(ChangeError::Consent));
    let already = judge(&ledger, 2, succession(&ledger, 0, vec![0, 2, 3, 4]));
    assert_eq!(already, Err(ChangeError::Right));
}

#[test]
fn a_succession_signature_names_what_its_signer_had_seen() {
    let ledger = circle(1);
    let motion = motion(&ledger, MotionKind::Succeed, 1);
    let seen = ItemId::from_bytes([7; 32]);
    let mut proof = motion.agree(&CIRCLE, &key(2), Some(seen), None);
    assert!(motion.is_agreed(&CIRCLE, &proof, None));
    proof.seen = None;
    assert!(!motion.is_agreed(&CIRCLE, &proof, None));
}

#[test]
fn whoever_came_by_an_open_invite_waits_for_a_vote_from_their_role_on() {
    let mut story = five_founders();
    story.admits(10..11, false);
    let agrees = consents(&motion(&story.ledger, MotionKind::Promote, 10), [10]);
    story.epoch += 1;
    story.ledger =
        story.ledger.apply(&CIRCLE, &member(0), story.epoch, &[promotion(10, agrees)]).unwrap();
    story.renews(10).unwrap();
    assert!(!story.voters().contains(&10));
    for number in 1..4 {
        story.renews(number).unwrap();
    }
    assert!(story.voters().contains(&10));
}

#[test]
fn every_facilitators_declaration_stands_on_its_own_line() {
    let mut ledger = circle(1);
    assert_eq!(ledger.declarations(), None);
    for number in 1..3 {
        let agrees = consents(&motion(&ledger, MotionKind::Promote, number), [number]);
        ledger = judge(&ledger, 0, promotion(number, agrees)).unwrap();
    }
    let line = format!("Alder: {}", declared().as_str());
    assert_eq!(ledger.declarations().unwrap().as_str(), format!("{line}\n{line}"));
    let entry = ledger.members.get_mut(&member(1)).unwrap();
    entry.declaration = Some(text("nothing\nBirch: all"));
    let all = ledger.declarations().unwrap();
    assert_eq!(all.as_str().lines().count(), 2);
    assert!(all.as_str().contains("Alder: nothing Birch: all"));
}

#[test]
fn a_long_declaration_hides_no_other_and_goes_with_the_founder() {
    let mut ledger = circle(1);
    let long = "a".repeat(MAX_CARD_TEXT_CHARS);
    ledger.settings.declaration = Some(Text::new(long.as_str()).unwrap());
    let agrees = consents(&motion(&ledger, MotionKind::Promote, 1), [1]);
    ledger = judge(&ledger, 0, promotion(1, agrees)).unwrap();
    let line = format!("Alder: {}", declared().as_str());
    assert_eq!(ledger.declarations().unwrap().as_str(), long, "a card holds no more");
    assert_eq!(ledger.all_declarations(), Some(format!("{long}\n{line}")));

    ledger.members.get_mut(&member(0)).unwrap().role = Role::Member;
    assert_eq!(ledger.all_declarations(), Some(line));
}

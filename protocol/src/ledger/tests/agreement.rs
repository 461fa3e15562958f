//! Agreements, declarations and how long words are kept.

use super::*;
use crate::invite::AgreementHash;

/// Members 0 to 4, of whom 0 is the facilitator.
fn circle() -> Ledger {
    let mut ledger = five_founders().ledger;
    ledger.settings.declaration = Some(Text::new("I report nothing.").unwrap());
    for number in 1..5 {
        let entry = ledger.members.get_mut(&member(number)).unwrap();
        entry.role = Role::Member;
        entry.manner = Manner::Reviewed(member(0));
    }
    ledger
}

fn words(text: &str) -> AgreementText {
    AgreementText::new(text).unwrap()
}

fn consents(
    motion: &AgreementMotion,
    numbers: impl IntoIterator<Item = u8>,
) -> Vec<AgreementProof> {
    let mut proofs: Vec<AgreementProof> =
        numbers.into_iter().map(|number| motion.agree(&CIRCLE, &key(number))).collect();
    proofs.sort_by_key(|proof| proof.device);
    proofs
}

/// A new agreement with the word of these members.
fn adoption(ledger: &Ledger, text: &str, by: impl IntoIterator<Item = u8>) -> Adoption {
    let motion = ledger.agreement_motion(&words(text)).unwrap();
    let consents = consents(&motion, by);
    Adoption { version: motion.version, text: words(text), consents }
}

fn judge(ledger: &Ledger, by: u8, change: Change) -> Result<Ledger, ChangeError> {
    ledger.apply(&CIRCLE, &member(by), 50, &[change])
}

#[test]
fn an_agreement_holds_when_more_than_half_agree_and_a_facilitator_among_them() {
    let ledger = circle();
    let next = judge(&ledger, 3, Change::Adopt(adoption(&ledger, "We wait.", [0, 2, 3]))).unwrap();
    assert_eq!(next.settings().agreement, words("We wait."));
    assert_eq!(next.rules().agreement.get(), 2);

    for too_few in [vec![], vec![0], vec![0, 1], vec![1, 2, 3]] {
        let change = Change::Adopt(adoption(&ledger, "We wait.", too_few));
        assert_eq!(judge(&ledger, 0, change), Err(ChangeError::Consent));
    }
    let everybody_else = Change::Adopt(adoption(&ledger, "We wait.", 1..5));
    assert_eq!(judge(&ledger, 1, everybody_else), Err(ChangeError::Consent));
}

#[test]
fn an_agreement_is_refused_if_its_consents_are_for_another_one() {
    let ledger = circle();
    let good = adoption(&ledger, "We wait.", [0, 1, 2]);
    assert!(judge(&ledger, 0, Change::Adopt(good.clone())).is_ok());

    let other_text = Adoption { text: words("We hurry."), ..good.clone() };
    assert_eq!(judge(&ledger, 0, Change::Adopt(other_text)), Err(ChangeError::Consent));
    let blank = Adoption { text: words("  \n"), ..good.clone() };
    assert_eq!(judge(&ledger, 0, Change::Adopt(blank)), Err(ChangeError::Agreement));
    let same = Adoption { text: ledger.settings().agreement.clone(), ..good.clone() };
    assert_eq!(judge(&ledger, 0, Change::Adopt(same)), Err(ChangeError::Agreement));
    let version = AgreementVersion::FIRST;
    let old = Adoption { version, ..good.clone() };
    assert_eq!(judge(&ledger, 0, Change::Adopt(old)), Err(ChangeError::Agreement));

    // Not in another circle, not twice, not of strangers, not in another order.
    let elsewhere = CircleId::from_bytes([8; 32]);
    let motion = good.motion();
    let foreign = vec![motion.agree(&elsewhere, &key(0)), motion.agree(&elsewhere, &key(1))];
    let twice = vec![good.consents[0].clone(); 3];
    let stranger = consents(&motion, [0, 1, 77]);
    let mut turned = good.consents.clone();
    turned.reverse();
    for consents in [foreign, twice, stranger, turned] {
        let change = Change::Adopt(Adoption { consents, ..good.clone() });
        assert_eq!(judge(&ledger, 0, change), Err(ChangeError::Consent));
    }

    // Whoever agreed to it once has not agreed to it for ever.
    let next = judge(&ledger, 0, Change::Adopt(good.clone())).unwrap();
    let between = adoption(&next, "We hurry.", 0..5);
    let next = judge(&next, 0, Change::Adopt(between)).unwrap();
    assert_eq!(judge(&next, 0, Change::Adopt(good)), Err(ChangeError::Agreement));
}

#[test]
fn a_circle_that_never_changed_its_rules_is_encoded_as_it_always_was() {
    let ledger = circle();
    let bytes = wire::encode(&ledger);
    assert_eq!(bytes[0], 1);
    assert_eq!(wire::decode::<Ledger>(&bytes, 1 << 20).unwrap(), ledger);

    let next = judge(&ledger, 0, Change::Adopt(adoption(&ledger, "We wait.", 0..5))).unwrap();
    let keep = KeepDays::new(30);
    let next = judge(&next, 0, Change::SetKeep(keep)).unwrap();
    let bytes = wire::encode(&next);
    assert_eq!(bytes[0], 2);
    assert_eq!(wire::decode::<Ledger>(&bytes, 1 << 20).unwrap(), next);
    assert_ne!(ledger.hash(), next.hash());

    // One ledger has one encoding: rules that are those of the beginning are not written.
    let mut with_rules = wire::encode(&ledger).to_vec();
    with_rules[0] = 2;
    with_rules.extend_from_slice(&wire::encode(&Rules::default()));
    assert!(wire::decode::<Ledger>(&with_rules, 1 << 20).is_err());
}

#[test]
fn a_facilitator_declares_anew_and_never_nothing() {
    let ledger = circle();
    let said = |text: &str| Change::Declare(Text::new(text).unwrap());
    let next = judge(&ledger, 0, said("I report abuse of children.")).unwrap();
    let entry = &next.members()[&member(0)];
    assert_eq!(next.declaration_of(entry), Some("I report abuse of children."));
    // The founder's word was the circle's: it does not stand beside the new one.
    assert_eq!(next.declarations().unwrap().as_str(), "Alder: I report abuse of children.");
    assert!(next.rules().edition > ledger.rules().edition);

    assert_eq!(judge(&ledger, 0, said("  ")), Err(ChangeError::Consent));
    assert_eq!(judge(&ledger, 1, said("I report nothing.")), Err(ChangeError::Right));
}

#[test]
fn only_a_facilitator_says_how_long_words_are_kept() {
    let ledger = circle();
    let keep = KeepDays::new(30);
    assert_eq!(judge(&ledger, 1, Change::SetKeep(keep)), Err(ChangeError::Right));
    let next = judge(&ledger, 0, Change::SetKeep(keep)).unwrap();
    assert_eq!((next.rules().keep, next.rules().keep_since), (keep, 50));
    assert_eq!(judge(&next, 0, Change::SetKeep(None)).unwrap().rules().keep, None);
    assert_eq!((KeepDays::new(0), KeepDays::new(u16::MAX)), (None, None));

    // What decodes to no number of days there is does not pass either.
    let none: KeepDays = wire::decode(&[0, 0], 2).unwrap();
    assert_eq!(judge(&ledger, 0, Change::SetKeep(Some(none))), Err(ChangeError::Limit));
}

#[test]
fn a_shorter_time_and_a_voice_taken_are_refused_without_a_reason() {
    let ledger = circle();
    let days = |days: u16| KeepDays::new(days).unwrap();
    let shorten = |keep: u16, reason: &str| Change::ShortenKeep {
        keep: days(keep),
        reason: Text::new(reason).unwrap(),
    };
    assert_eq!(judge(&ledger, 1, shorten(30, "Less to find.")), Err(ChangeError::Right));
    assert_eq!(judge(&ledger, 0, shorten(30, " \n")), Err(ChangeError::Reason));
    let next = judge(&ledger, 0, shorten(30, "Less to find.")).unwrap();
    assert_eq!((next.rules().keep, next.rules().keep_since), (Some(days(30)), 50));
    // It says that the time becomes shorter, so it must.
    for not_shorter in [30, 31] {
        assert_eq!(judge(&next, 0, shorten(not_shorter, "Why?")), Err(ChangeError::Limit));
    }
    let listens =
        |reason: &str| Change::TakeVoice { member: member(1), reason: Text::new(reason).unwrap() };
    assert_eq!(judge(&ledger, 1, listens("Asked to.")), Err(ChangeError::Right));
    assert_eq!(judge(&ledger, 0, listens("")), Err(ChangeError::Reason));
    let next = judge(&ledger, 0, listens("Asked to.")).unwrap();
    assert_eq!(next.members()[&member(1)].role, Role::Listener);
    assert_eq!(judge(&next, 0, listens("Asked to.")), Err(ChangeError::Right));
}

#[test]
fn nobody_holds_a_circle_with_a_blank_declaration() {
    let ledger = circle();
    let blank: Declaration = Text::new(" \t").unwrap();
    let motion = ledger.motion(MotionKind::Promote, &member(1)).unwrap();
    let consents = vec![motion.agree(&CIRCLE, &key(1), None, Some(&blank))];
    let promotion = Change::SetRole(RoleChange {
        member: member(1),
        role: Role::Facilitator,
        declaration: Some(blank.clone()),
        consents,
    });
    assert_eq!(judge(&ledger, 0, promotion), Err(ChangeError::Consent));

    let motion = ledger.motion(MotionKind::Succeed, &member(1)).unwrap();
    let mut consents: Vec<ConsentProof> = (0..5)
        .map(|number| {
            let declared = (number == 1).then_some(&blank);
            motion.agree(&CIRCLE, &key(number), None, declared)
        })
        .collect();
    consents.sort_by_key(|proof| proof.device);
    let succession = Succession { member: member(1), declaration: blank, consents };
    assert_eq!(judge(&ledger, 1, Change::Succeed(succession)), Err(ChangeError::Consent));
}

proptest! {
    #[test]
    fn whether_an_agreement_holds_depends_on_who_agrees_and_on_nothing_else(
        mut by in proptest::collection::vec(0u8..5, 0..5),
        committer in 0u8..5,
    ) {
        let ledger = circle();
        by.sort_unstable();
        by.dedup();
        let enough = by.len() > 2 && by.contains(&0);
        let change = Change::Adopt(adoption(&ledger, "We wait.", by.clone()));
        let judged = judge(&ledger, committer, change);
        prop_assert_eq!(judged.is_ok(), enough);
        if let Ok(next) = judged {
            let hash = AgreementHash::of(&next.settings().agreement);
            prop_assert_eq!(hash, AgreementHash::of(&words("We wait.")));
        }
    }
}

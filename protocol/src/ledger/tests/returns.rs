//! Devices that come back.

use super::*;
use crate::identity::{Credential, MemberKey};
use crate::limits::MAX_VOUCHERS;
use crate::time::Timestamp;

fn member_key(number: u8) -> MemberKey {
    MemberKey::from_secret(&Secret::from_bytes([100 + number; 32]))
}

fn credential(number: u8, device: u8) -> Credential {
    member_key(number).certify(&CIRCLE, &key(device).id())
}

/// A founder and `count` more members, each with the device of its number.
fn circle(count: u8) -> Ledger {
    let base = founded();
    let mut ledger = Ledger::found(base.settings().clone(), member_key(0).id(), entry(0));
    for number in 1..=count {
        let mut entry = entry(number);
        entry.role = Role::Member;
        ledger.insert_for_test(member_key(number).id(), entry);
    }
    ledger
}

fn packages() -> impl Iterator<Item = &'static [u8]> {
    [b"package".as_slice()].into_iter()
}

fn at(second: u64) -> Timestamp {
    Timestamp::from_seconds(second)
}

/// Device `number` of member `number` comes back as itself.
fn itself(number: u8, second: u64) -> Return {
    let (own, gone) = (key(number), vec![key(number).id()]);
    Return::sign(
        &CIRCLE,
        &own,
        credential(number, number),
        gone,
        ReturnAs::Member,
        at(second),
        packages(),
    )
}

fn apply(ledger: &Ledger, by: u8, changes: Vec<Return>) -> Result<Ledger, ChangeError> {
    let changes: Vec<Change> = changes.into_iter().map(Change::Return).collect();
    ledger.apply(&CIRCLE, &member_key(by).id(), 9, &changes)
}

#[test]
fn anybody_takes_a_device_back_and_nobody_twice() {
    let ledger = circle(2);
    let member = member_key(2).id();
    let next = apply(&ledger, 1, vec![itself(2, 50)]).unwrap();
    let before = &ledger.members()[&member];
    let after = &next.members()[&member];
    assert_eq!(after.devices, before.devices);
    assert_eq!((after.since, after.vote, after.role), (before.since, before.vote, before.role));
    assert_eq!(after.returned, at(50));
    // The same word, or an older one, takes nobody back a second time.
    assert_eq!(apply(&next, 0, vec![itself(2, 50)]), Err(ChangeError::Proof));
    assert_eq!(apply(&next, 0, vec![itself(2, 49)]), Err(ChangeError::Proof));
    assert!(apply(&next, 0, vec![itself(2, 51)]).is_ok());
}

#[test]
fn a_copy_takes_the_place_of_the_device_that_vouches_for_it_and_of_no_other() {
    let ledger = circle(2);
    let vouched = credential(2, 2).vouch(&CIRCLE, &key(2), &key(20).id()).unwrap();
    let sign = |by: u8, credential: &Credential, gone: Vec<u8>| {
        let gone = gone.into_iter().map(|device| key(device).id()).collect();
        Return::sign(
            &CIRCLE,
            &key(by),
            credential.clone(),
            gone,
            ReturnAs::Member,
            at(5),
            packages(),
        )
    };
    let next = apply(&ledger, 1, vec![sign(2, &vouched, vec![2])]).unwrap();
    assert_eq!(next.members()[&member_key(2).id()].devices, [key(20).id()]);
    assert_eq!(next.member_of(&key(2).id()), None);

    // Not signed by the one that goes; in the place of somebody else's; of one it has not.
    let refused =
        [sign(20, &vouched, vec![2]), sign(2, &vouched, vec![1]), sign(2, &vouched, vec![7])];
    for change in refused {
        assert!(apply(&ledger, 1, vec![change]).is_err());
    }
    // A device with nobody's word.
    let own_word = Credential { signature: [7; 64], ..credential(2, 20) };
    assert_eq!(apply(&ledger, 1, vec![sign(2, &own_word, vec![2])]), Err(ChangeError::Proof));
    // One more device is not made this way.
    let more = Change::AddDevice(vouched);
    let added = ledger.apply(&CIRCLE, &member_key(2).id(), 9, &[more]);
    assert_eq!(added, Err(ChangeError::Proof));
}

#[test]
fn devices_stand_in_the_place_of_each_other_a_few_times() {
    let mut ledger = circle(1);
    let mut word = credential(1, 1);
    for step in 0..MAX_VOUCHERS as u8 {
        let (old, new) = (if step == 0 { 1 } else { 29 + step }, 30 + step);
        let next = word.vouch(&CIRCLE, &key(old), &key(new).id()).unwrap();
        let gone = vec![key(old).id()];
        let (second, old) = (u64::from(step) + 1, key(old));
        let change = Return::sign(
            &CIRCLE,
            &old,
            next.clone(),
            gone,
            ReturnAs::Member,
            at(second),
            packages(),
        );
        ledger = apply(&ledger, 0, vec![change]).unwrap();
        word = next;
    }
    let last = key(29 + MAX_VOUCHERS as u8);
    assert_eq!(ledger.members()[&member_key(1).id()].devices, [last.id()]);
    assert_eq!(word.vouch(&CIRCLE, &last, &key(99).id()), None);
}

#[test]
fn a_stranger_comes_back_as_a_member_only_by_a_facilitator() {
    let ledger = circle(1);
    let name = || ReturnAs::Stranger(Text::new("Rowan").unwrap());
    let come = |credential: Credential, second: u64| {
        Return::sign(&CIRCLE, &key(8), credential, vec![], name(), at(second), packages())
    };
    let change = come(credential(8, 8), 5);
    assert_eq!(apply(&ledger, 1, vec![change.clone()]), Err(ChangeError::Right));
    let next = apply(&ledger, 0, vec![change.clone()]).unwrap();
    let entry = &next.members()[&member_key(8).id()];
    assert_eq!((entry.role, entry.name.as_str()), (Role::Member, "Rowan"));
    assert_eq!(entry.manner, Manner::Reviewed(member_key(0).id()));
    assert_eq!(apply(&next, 0, vec![change]), Err(ChangeError::AlreadyMember));
    // Who only listened there only listens here.
    let quiet = ReturnAs::Listener(Text::new("Rowan").unwrap());
    let quiet = Return::sign(&CIRCLE, &key(8), credential(8, 8), vec![], quiet, at(5), packages());
    assert!(apply(&ledger, 0, vec![quiet.clone()]).unwrap().is_listener(&member_key(8).id()));
    // It is signed as which of both they come.
    let name = ReturnAs::Stranger(Text::new("Rowan").unwrap());
    let mut louder = quiet;
    louder.comes = name;
    assert_eq!(apply(&ledger, 0, vec![louder]), Err(ChangeError::Proof));
    // Whoever is a member gives something up, and a stranger has nothing to give up.
    let gone = vec![key(8).id()];
    let name = ReturnAs::Stranger(Text::new("Rowan").unwrap());
    let both = Return::sign(&CIRCLE, &key(8), credential(8, 8), gone, name, at(6), packages());
    assert_eq!(apply(&next, 0, vec![both]), Err(ChangeError::Proof));
}

#[test]
fn a_device_that_only_another_branch_knew_comes_back_by_another_one_of_its_member() {
    let ledger = circle(2);
    let name = || ReturnAs::Stranger(Text::new("Rowan").unwrap());
    let come = |credential: Credential, second: u64| {
        Return::sign(&CIRCLE, &key(8), credential, vec![], name(), at(second), packages())
    };
    let change = come(credential(2, 8), 5);
    assert_eq!(apply(&ledger, 1, vec![change.clone()]), Err(ChangeError::Right));
    // Not by a facilitator either: nobody else says which devices a member has.
    assert_eq!(apply(&ledger, 0, vec![change.clone()]), Err(ChangeError::AlreadyMember));
    let next = apply(&ledger, 2, vec![change.clone()]).unwrap();
    let entry = &next.members()[&member_key(2).id()];
    assert_eq!(entry.devices, [key(2).id(), key(8).id()]);
    assert_eq!(entry.name, ledger.members()[&member_key(2).id()].name);
    assert_eq!(apply(&next, 2, vec![change]), Err(ChangeError::AlreadyMember));
    // Once it was taken out, what it asked before brings it back no more.
    let mut gone = next.clone();
    gone.members.get_mut(&member_key(2).id()).unwrap().devices.pop();
    assert_eq!(apply(&gone, 2, vec![come(credential(2, 8), 5)]), Err(ChangeError::Proof));
}

#[test]
fn a_return_stands_with_returns_alone_and_counts_for_whoever_takes_back_itself() {
    let ledger = circle(11);
    let mixed = [Change::Return(itself(2, 5)), Change::SetRelays(Vec::new())];
    let refused = ledger.apply(&CIRCLE, &member_key(0).id(), 9, &mixed);
    assert_eq!(refused, Err(ChangeError::Mixed));
    assert!(apply(&ledger, 1, vec![itself(2, 5), itself(3, 5)]).is_ok());

    let mut ledger = ledger;
    for second in 1..=2 {
        ledger = apply(&ledger, 4, vec![itself(4, second)]).unwrap();
    }
    assert_eq!(apply(&ledger, 4, vec![itself(4, 3)]), Err(ChangeError::Flood));
    for second in 1..=5 {
        ledger = apply(&ledger, 5, vec![itself(6, second)]).unwrap();
    }
}

//! Commits and Welcomes that MLS accepts and the rules of the circle do not.

use super::*;
use crate::identity::{DeviceKey, MemberKey};
use crate::invite::AgreementText;
use crate::ledger::{MemberEntry, Settings};
use crate::mls::{CommitChanges, DeviceSigner, Provider, Suite, key_package};
use crate::order::Class;
use crate::random::Random;
use crate::state::enter::{EnterError, Entered};
use crate::verdict::Violation;
use crate::wire::{encode, text::Text};

const CIRCLE: CircleId = CircleId::from_bytes([4; 32]);

struct Device {
    key: DeviceKey,
    member: MemberKey,
}

impl Device {
    fn new(random: &mut Random) -> Self {
        Self { key: DeviceKey::generate(random), member: MemberKey::generate(random) }
    }

    fn credential(&self) -> Credential {
        self.member.certify(&CIRCLE, &self.key.id())
    }

    fn signer(&self) -> DeviceSigner {
        DeviceSigner::of(&self.key)
    }

    fn entry(&self) -> MemberEntry {
        MemberEntry::founder(Text::new("Alder").unwrap(), self.key.id())
    }
}

fn random() -> Random {
    Random::from_seed(&Secret::from_bytes([8; 32]))
}

fn ledger(founder: &Device) -> Ledger {
    let settings = Settings {
        suite: Suite::X25519,
        title: Text::new("Evening circle").unwrap(),
        welcome: Text::new("").unwrap(),
        agreement: AgreementText::new("We listen.").unwrap(),
        declaration: None,
        relays: vec![],
    };
    Ledger::found(settings, founder.member.id(), founder.entry())
}

/// A state of two devices, as the second sees it: the first is free to commit what it likes.
struct Pair {
    first: Device,
    second: Device,
    id: StateId,
    ours: State,
    theirs: Namespace,
    ledger: Ledger,
    random: Random,
}

fn pair() -> Pair {
    let mut random = random();
    let (first, second) = (Device::new(&mut random), Device::new(&mut random));
    // Both are founders by this ledger, so that no admission stands in the way of these tests.
    let mut ledger = ledger(&first);
    ledger.insert_for_test(second.member.id(), second.entry());
    let (theirs, welcome, keys) = welcome_of(&first, &second, &ledger, &mut random);
    let entrance = entrance(&first, &theirs, ledger.clone(), &mut random);
    let entered =
        enter(&CIRCLE, Suite::X25519, &second.key, &welcome, entrance, &keys, random.secret())
            .unwrap();
    let Entered { id, state: ours, .. } = entered;
    Pair { first, second, id, ours, theirs, ledger, random }
}

fn welcome_of(
    first: &Device,
    second: &Device,
    ledger: &Ledger,
    random: &mut Random,
) -> (Namespace, Vec<u8>, Namespace) {
    let keys = Provider::new(random.secret(), &Namespace::default());
    let credential = second.credential().to_bytes();
    let package = key_package(&keys, &second.signer(), Suite::X25519, &credential, false).unwrap();
    let provider = Provider::new(random.secret(), &Namespace::default());
    let credential = first.credential().to_bytes();
    let (signer, hash) = (first.signer(), ledger.hash());
    let mut group =
        Group::create(&provider, &signer, Suite::X25519, &CIRCLE, &credential, &hash).unwrap();
    let changes = CommitChanges { adds: &[package], removes: &[], ..CommitChanges::default() };
    let built = group.commit(&provider, &signer, b"", changes, &hash).unwrap();
    (provider.into_changes().0, built.welcome.unwrap(), keys.into_changes().0)
}

fn entrance(
    first: &Device,
    namespace: &Namespace,
    ledger: Ledger,
    random: &mut Random,
) -> Entrance {
    let provider = Provider::new(random.secret(), namespace);
    let group = Group::load(&provider, &CIRCLE).unwrap();
    assert_eq!(group.leaves().unwrap()[0].device, first.key.id());
    let id = state_id(&CIRCLE, &group).unwrap();
    let epoch = group.identifiers().unwrap().epoch;
    let (period, secret, link) = (Period::new(1), random.secret(), random.secret());
    let porches = vec![PorchShare { era: id, secret: random.secret() }];
    Entrance {
        ledger,
        era: EraShare { era: id, period, secret, link, porches },
        header: Header {
            id,
            parent: None,
            epoch,
            leaf: 0,
            member: None,
            class: Class::Ordinary,
            chosen: None,
            departures: None,
        },
        headers: vec![],
    }
}

impl Pair {
    /// The hash of the ledger after a commit of the first device that changes nothing.
    fn next_hash(&self) -> [u8; 32] {
        let committer = self.first.member.id();
        self.ledger.apply(&CIRCLE, &committer, self.ours.epoch + 1, &[]).unwrap().hash()
    }

    /// A commit by the first device as it likes, judged by the second.
    fn judge(&mut self, adds: &[Vec<u8>], hash: &[u8; 32]) -> Result<(), Unapplied> {
        let links = CommitLinks::new(self.id, 1, vec![], Period::new(1), vec![], vec![]);
        let provider = Provider::new(self.random.secret(), &self.theirs);
        let mut group = Group::load(&provider, &CIRCLE).unwrap();
        let changes = CommitChanges { adds, removes: &[], ..CommitChanges::default() };
        let signer = self.first.signer();
        let built = group.commit(&provider, &signer, &encode(&links), changes, hash).unwrap();
        let injected = self.random.secret();
        let me = Me { device: self.second.key.id(), coming: None };
        apply(&CIRCLE, me, self.id, &mut self.ours, &built.commit, injected).map(|_| ())
    }
}

#[test]
fn a_commit_with_a_wrong_ledger_hash_is_refused() {
    let mut pair = pair();
    let right = pair.next_hash();
    assert_eq!(pair.judge(&[], &[0; 32]), Err(Violation::Ledger.into()));
    assert_eq!(pair.judge(&[], &right), Ok(()));
}

#[test]
fn a_commit_that_adds_without_saying_so_is_refused() {
    let mut pair = pair();
    let stranger = Device::new(&mut pair.random);
    let keys = Provider::new(pair.random.secret(), &Namespace::default());
    let credential = stranger.credential().to_bytes();
    let package =
        key_package(&keys, &stranger.signer(), Suite::X25519, &credential, false).unwrap();
    let right = pair.next_hash();
    assert_eq!(pair.judge(&[package], &right), Err(Violation::Ledger.into()));
}

#[test]
fn a_welcome_with_another_ledger_is_refused() {
    let mut random = random();
    let (first, second) = (Device::new(&mut random), Device::new(&mut random));
    let mut honest = ledger(&first);
    honest.insert_for_test(second.member.id(), second.entry());
    let (namespace, welcome, keys) = welcome_of(&first, &second, &honest, &mut random);
    let mut other = honest.clone();
    let stranger = Device::new(&mut random);
    other.insert_for_test(stranger.member.id(), stranger.entry());
    let mut join = |ledger: Ledger| {
        let entrance = entrance(&first, &namespace, ledger, &mut random);
        let injected = random.secret();
        enter(&CIRCLE, Suite::X25519, &second.key, &welcome, entrance, &keys, injected).map(|_| ())
    };

    assert_eq!(join(other), Err(EnterError::Ledger));
    assert_eq!(join(honest), Ok(()));
}

#[test]
fn a_welcome_that_sends_parents_in_a_circle_is_refused() {
    let mut random = random();
    let (first, second) = (Device::new(&mut random), Device::new(&mut random));
    let mut ledger = ledger(&first);
    ledger.insert_for_test(second.member.id(), second.entry());
    let (namespace, welcome, keys) = welcome_of(&first, &second, &ledger, &mut random);
    let mut join = |change: &dyn Fn(&mut Entrance)| {
        let mut entrance = entrance(&first, &namespace, ledger.clone(), &mut random);
        change(&mut entrance);
        let injected = random.secret();
        enter(&CIRCLE, Suite::X25519, &second.key, &welcome, entrance, &keys, injected).map(|_| ())
    };
    let other = StateId::from_bytes([7; 32]);

    let own_parent = |entrance: &mut Entrance| entrance.header.parent = Some(entrance.header.id);
    assert_eq!(join(&own_parent), Err(EnterError::Ledger));
    let two = |entrance: &mut Entrance| {
        let Header { id, epoch, .. } = entrance.header;
        entrance.header.parent = Some(other);
        entrance.headers.push(Header {
            id: other,
            parent: Some(id),
            epoch,
            leaf: 0,
            member: None,
            class: Class::Ordinary,
            chosen: None,
            departures: None,
        });
    };
    assert_eq!(join(&two), Err(EnterError::Ledger));
    let below = |entrance: &mut Entrance| {
        let epoch = entrance.header.epoch - 1;
        entrance.header.parent = Some(other);
        entrance.headers.push(Header {
            id: other,
            parent: None,
            epoch,
            leaf: 0,
            member: None,
            class: Class::Ordinary,
            chosen: None,
            departures: None,
        });
    };
    assert_eq!(join(&below), Ok(()));
}

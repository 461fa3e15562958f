//! Devices that talk through bytes alone, each with its own namespace and seed.

use openmls_traits::OpenMlsProvider;
use openmls_traits::storage::StorageProvider;

use super::error::{KeyPackageError, StageError};
use super::group::Built;
use super::message::Opened;
use super::*;
use crate::id::CircleId;
use crate::label::Label;
use crate::random::Random;
use crate::secret::Secret;

mod paths;
mod refusals;

const CIRCLE: CircleId = CircleId::from_bytes([7; 32]);
const BOTH: [Suite; 2] = [Suite::XWing, Suite::X25519];

struct Device {
    suite: Suite,
    signer: DeviceSigner,
    credential: Vec<u8>,
    random: Random,
    namespace: Namespace,
}

impl Device {
    fn new(suite: Suite, number: u8) -> Self {
        Self {
            suite,
            signer: DeviceSigner::new(&Secret::from_bytes([number; 32])),
            credential: format!("credential {number}").into_bytes(),
            random: Random::from_seed(&Secret::from_bytes([number ^ 0x55; 32])),
            namespace: Namespace::new(),
        }
    }

    fn provider(&mut self) -> Provider {
        Provider::new(self.random.secret(), &self.namespace)
    }

    /// One operation that succeeds, and keeps what it wrote.
    fn run<T>(&mut self, operate: impl FnOnce(&mut Group, &Provider, &DeviceSigner) -> T) -> T {
        let provider = self.provider();
        let mut group = Group::load(&provider, &CIRCLE).unwrap();
        let output = operate(&mut group, &provider, &self.signer);
        self.namespace = provider.into_changes().0;
        output
    }

    fn create(&mut self, ledger_hash: &[u8; 32]) {
        let provider = self.provider();
        let (suite, credential) = (self.suite, &self.credential);
        Group::create(&provider, &self.signer, suite, &CIRCLE, credential, ledger_hash).unwrap();
        self.namespace = provider.into_changes().0;
    }

    fn key_package(&mut self, last_resort: bool) -> Vec<u8> {
        let provider = self.provider();
        let bytes = key_package(&provider, &self.signer, self.suite, &self.credential, last_resort)
            .unwrap();
        self.namespace = provider.into_changes().0;
        bytes
    }

    fn join(&mut self, welcome: &[u8]) -> Result<(), JoinError> {
        let provider = self.provider();
        Group::join(&provider, self.suite, welcome)?;
        self.namespace = provider.into_changes().0;
        Ok(())
    }

    fn commit(&mut self, adds: &[Vec<u8>], removes: &[u32], ledger_hash: u8) -> Built {
        let changes = CommitChanges { adds, removes, ..CommitChanges::default() };
        self.run(|group, provider, signer| {
            group.commit(provider, signer, b"beside", changes, &[ledger_hash; 32]).unwrap()
        })
    }

    fn follow(&mut self, commit: &[u8]) {
        self.run(|group, provider, _| {
            let staged = group.stage(provider, commit).unwrap();
            group.merge(provider, staged).unwrap();
        });
    }

    fn stage(&mut self, commit: &[u8]) -> Result<Staged, StageError> {
        let provider = self.provider();
        Group::load(&provider, &CIRCLE).unwrap().stage(&provider, commit)
    }

    fn say(&mut self, text: &[u8]) -> Vec<u8> {
        self.run(|group, provider, signer| group.encrypt(provider, signer, b"links", text).unwrap())
    }

    fn hear(&mut self, message: &[u8]) -> Result<Opened, OpenError> {
        let provider = self.provider();
        let opened = Group::load(&provider, &CIRCLE).unwrap().decrypt(&provider, message)?;
        self.namespace = provider.into_changes().0;
        Ok(opened)
    }

    fn records(&self) -> Vec<(Vec<u8>, Vec<u8>)> {
        self.namespace.records().map(|(key, value)| (key.to_vec(), value.to_vec())).collect()
    }
}

/// A circle of two, in its second state.
fn pair(suite: Suite) -> (Device, Device, Built) {
    let (mut ada, mut ben) = (Device::new(suite, 1), Device::new(suite, 2));
    ada.create(&[1; 32]);
    let package = ben.key_package(false);
    let built = ada.commit(&[package], &[], 2);
    ben.join(built.welcome.as_ref().unwrap()).unwrap();
    (ada, ben, built)
}

#[test]
fn members_read_each_other_and_agree_on_their_state() {
    for suite in BOTH {
        let (mut ada, mut ben, _) = pair(suite);
        let opened = ben.hear(&ada.say(b"hello")).unwrap();
        assert_eq!((opened.sender, opened.aad.as_slice()), (0, b"links".as_slice()));
        assert_eq!(opened.plaintext.as_slice(), b"hello");

        let commit = ben.commit(&[], &[], 3).commit;
        ada.follow(&commit);
        let seen = [&mut ada, &mut ben].map(|device| {
            device.run(|group, provider, _| {
                let exported = group.export(provider, Label::EXPORT_ITEMS, b"").unwrap();
                (group.identifiers().unwrap(), group.leaves().unwrap(), *exported.expose())
            })
        });
        assert!(seen[0] == seen[1]);
        assert_eq!(seen[0].0.epoch, 2);
        assert_eq!(seen[0].0.confirmation_tag.len(), 32);
        assert_eq!(seen[0].1[1].credential, b"credential 2");
        assert_eq!(seen[0].1[1].device, ben.signer.device());
    }
}

/// Everything that leaves the devices of a circle of `members` in one run.
fn transcript(suite: Suite, members: u8) -> Vec<Vec<u8>> {
    let mut ada = Device::new(suite, 1);
    ada.create(&[1; 32]);
    let mut others: Vec<_> = (2..=members).map(|number| Device::new(suite, number)).collect();
    let packages: Vec<_> = others.iter_mut().map(|device| device.key_package(false)).collect();
    let built = ada.commit(&packages, &[], 2);
    let welcome = built.welcome.unwrap();
    let joiner = others.last_mut().unwrap();
    joiner.join(&welcome).unwrap();
    let renewal = joiner.commit(&[], &[], 3).commit;
    ada.follow(&renewal);
    let gone: Vec<u32> = (1..u32::from(members.min(4))).collect();
    let removal = ada.commit(&[], &gone, 4).commit;
    let share = ada.say(b"share");
    let mut sent = packages;
    sent.extend([built.commit, welcome, renewal, removal, share]);
    sent
}

#[test]
fn two_runs_of_one_seed_give_the_same_bytes() {
    for suite in BOTH {
        for members in [2, 24] {
            assert!(transcript(suite, members) == transcript(suite, members));
        }
    }
}

#[test]
fn a_namespace_survives_in_its_changes() {
    let (mut ada, mut ben, _) = pair(Suite::X25519);
    let provider = ben.provider();
    let mut group = Group::load(&provider, &CIRCLE).unwrap();
    let staged = group.stage(&provider, &ada.commit(&[], &[], 3).commit).unwrap();
    group.merge(&provider, staged).unwrap();
    let before = ben.records();
    let (after, changes) = provider.into_changes();

    let mut stored: std::collections::BTreeMap<_, _> = before.into_iter().collect();
    for (key, value) in changes {
        match value {
            Some(value) => stored.insert(key, value),
            None => stored.remove(&key),
        };
    }
    ben.namespace = Namespace::from_records(stored);
    let expected: Vec<_> = after.records().map(|(k, v)| (k.to_vec(), v.to_vec())).collect();
    assert!(ben.records() == expected);
    assert_eq!(ben.hear(&ada.say(b"still here")).unwrap().plaintext.as_slice(), b"still here");
}

#[test]
fn the_ledger_hash_rides_in_every_commit_and_reaches_the_joiner() {
    let (mut ada, mut ben, _) = pair(Suite::X25519);
    assert_eq!(ben.run(|group, _, _| group.ledger_hash().unwrap()), [2; 32]);
    let commit = ada.commit(&[], &[], 3).commit;
    let staged = ben.stage(&commit).unwrap();
    assert_eq!((staged.sender, staged.ledger_hash), (0, [3; 32]));
    assert_eq!(staged.aad, b"beside");
    assert_eq!(staged.device, ada.signer.device());
    // Staging alone puts nothing in force.
    assert_eq!(ben.run(|group, _, _| group.ledger_hash().unwrap()), [2; 32]);
    ben.follow(&commit);
    assert_eq!(ben.run(|group, _, _| group.ledger_hash().unwrap()), [3; 32]);
}

#[test]
fn the_removed_read_their_removal_and_nothing_after_it() {
    let (mut ada, mut ben, _) = pair(Suite::X25519);
    let removal = ada.commit(&[], &[1], 3).commit;
    let staged = ben.stage(&removal).unwrap();
    assert_eq!(staged.removes, [1]);
    ben.follow(&removal);
    assert!(ben.hear(&ada.say(b"later")).is_err());
}

#[test]
fn a_joined_state_keeps_no_key_package() {
    for last_resort in [false, true] {
        let (mut ada, mut ben) = (Device::new(Suite::X25519, 1), Device::new(Suite::X25519, 2));
        ada.create(&[1; 32]);
        ben.key_package(false);
        let package = ben.key_package(last_resort);
        let offered = ben.namespace.clone();
        let welcome = ada.commit(&[package], &[], 2).welcome.unwrap();
        ben.join(&welcome).unwrap();
        let kept = ben.records();
        assert!(offered.records().all(|(key, _)| kept.iter().all(|(other, _)| other != key)));

        // The offer is a value of its own: whoever kept it can be welcomed by it again.
        ben.namespace = offered;
        ben.join(&welcome).unwrap();
    }
}

#[test]
fn the_join_configuration_is_rebuilt_and_never_stored() {
    let (mut ada, _, _) = pair(Suite::X25519);
    let provider = ada.provider();
    let config: openmls::group::MlsGroupJoinConfig =
        provider.storage().mls_group_join_config(&group::group_id(&CIRCLE)).unwrap().unwrap();
    assert!(config == profile::join_config());
    let loaded = Group::load(&provider, &CIRCLE).unwrap();
    assert!(*loaded.inner.configuration() == profile::join_config());
}

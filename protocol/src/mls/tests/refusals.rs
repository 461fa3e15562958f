//! What peers may send and nobody accepts.

use openmls::framing::{MlsMessageBodyIn, MlsMessageIn, MlsMessageOut};
use openmls::group::MlsGroup;
use openmls::prelude::{
    Capabilities, CustomProposal, Extension, ExtensionType, Extensions, ExternalSendersExtension,
    KeyPackage, KeyPackageIn, LeafNodeParameters, Lifetime, Proposal, ProposalType,
    ProtocolVersion,
};
use openmls_traits::OpenMlsProvider;

use super::*;
use crate::wire;

#[test]
fn a_forged_message_does_not_burn_the_key_of_a_true_one() {
    let (mut ada, mut ben, _) = pair(Suite::X25519);
    let message = ada.say(b"true");
    let before = ben.records();
    for at in 0..message.len() {
        let mut forged = message.clone();
        forged[at] ^= 1;
        assert!(ben.hear(&forged).is_err());
    }
    for end in 0..message.len() {
        assert!(ben.hear(&message[..end]).is_err());
    }
    assert!(ben.records() == before);
    assert_eq!(ben.hear(&message).unwrap().plaintext.as_slice(), b"true");
    assert_eq!(ben.hear(&message).unwrap_err(), OpenError::Refused);
    let own = ben.say(b"own");
    assert_eq!(ben.hear(&own).unwrap_err(), OpenError::Own);
}

#[test]
fn a_damaged_commit_or_welcome_is_refused_without_a_panic() {
    for suite in BOTH {
        let (mut ada, mut ben, built) = pair(suite);
        let commit = ada.commit(&[], &[], 3).commit;
        let mut eve = Device::new(suite, 9);
        let welcome = built.welcome.unwrap();
        for at in (0..commit.len()).step_by(7) {
            let mut damaged = commit.clone();
            damaged[at] ^= 0x80;
            assert!(ben.stage(&damaged).is_err());
            assert!(ben.stage(&commit[..at]).is_err());
        }
        for at in (0..welcome.len()).step_by(97) {
            let mut damaged = welcome.clone();
            damaged[at] ^= 0x80;
            assert!(eve.join(&damaged).is_err());
            assert!(eve.join(&welcome[..at]).is_err());
        }
        ben.follow(&commit);
    }
}

/// A commit that openmls builds and our own `commit` never would.
fn foreign(
    device: &mut Device,
    extensions: Option<Extensions<openmls::group::GroupContext>>,
    proposals: Vec<Proposal>,
    adds: Vec<KeyPackage>,
) -> Vec<u8> {
    let provider = device.provider();
    let mut group = Group::load(&provider, &CIRCLE).unwrap();
    let mut builder = group
        .inner
        .commit_builder()
        .force_self_update(!proposals.is_empty())
        .add_proposals(proposals)
        .propose_adds(adds);
    if let Some(extensions) = extensions {
        builder = builder.propose_group_context_extensions(extensions).unwrap();
    }
    let bundle = builder
        .load_psks(provider.storage())
        .unwrap()
        .build(provider.rand(), provider.crypto(), &device.signer, |_| true)
        .unwrap()
        .stage_commit(&provider)
        .unwrap();
    wire::encode::<MlsMessageOut>(bundle.commit()).to_vec()
}

#[test]
fn proposals_outside_the_profile_are_refused() {
    let (mut ada, mut ben, _) = pair(Suite::X25519);
    let next = || profile::context_extensions(&[3; 32]);

    let without_ledger = foreign(&mut ada, None, vec![], vec![]);
    assert_eq!(ben.stage(&without_ledger).unwrap_err(), StageError::Ledger);

    let mut senders = next().unwrap();
    senders.add(Extension::ExternalSenders(ExternalSendersExtension::new())).unwrap();
    let external = foreign(&mut ada, Some(senders), vec![], vec![]);
    assert_eq!(ben.stage(&external).unwrap_err(), StageError::Ledger);

    let mut cleo = Device::new(Suite::X25519, 3);
    let provider = cleo.provider();
    let mortal = KeyPackage::builder()
        .leaf_node_capabilities(profile::capabilities(Suite::X25519))
        .key_package_lifetime(Lifetime::init(0, u64::MAX - 1))
        .build(
            Suite::X25519.ciphersuite(),
            &provider,
            &cleo.signer,
            group::credential_with_key(&cleo.signer, b"cleo").unwrap(),
        )
        .unwrap()
        .key_package()
        .clone();
    let adds_mortal = foreign(&mut ada, next(), vec![], vec![mortal.clone()]);
    let lifetime = KeyPackageError::Lifetime;
    assert_eq!(ben.stage(&adds_mortal).unwrap_err(), StageError::KeyPackage(lifetime));
    let bytes = wire::encode(&mortal);
    let seen = inspect_key_package(&ben.provider(), Suite::X25519, &bytes);
    assert_eq!(seen.unwrap_err(), lifetime);

    let before = ben.namespace.clone();
    let own = ben.commit(&[], &[], 3).commit;
    ben.namespace = before;
    assert_eq!(ben.stage(&own).unwrap_err(), StageError::Own);
    assert_eq!(ada.stage(&ben.say(b"an item")).unwrap_err(), StageError::Kind);
}

#[test]
fn custom_proposals_are_refused_even_where_every_leaf_knows_them() {
    const CUSTOM: u16 = 0xF0F0;
    let suite = Suite::X25519;
    let capabilities = Capabilities::builder()
        .ciphersuites(vec![suite.ciphersuite()])
        .extensions(vec![ExtensionType::Unknown(profile::POLICY_EXTENSION)])
        .proposals(vec![ProposalType::Custom(CUSTOM)])
        .build();
    let (mut ada, mut ben) = (Device::new(suite, 1), Device::new(suite, 2));

    let provider = ada.provider();
    MlsGroup::builder()
        .with_group_id(group::group_id(&CIRCLE))
        .ciphersuite(suite.ciphersuite())
        .with_capabilities(capabilities.clone())
        .lifetime(profile::lifetime())
        .with_group_context_extensions(profile::context_extensions(&[1; 32]).unwrap())
        .build(&provider, &ada.signer, group::credential_with_key(&ada.signer, b"ada").unwrap())
        .unwrap();
    ada.namespace = provider.into_changes().0;

    let provider = ben.provider();
    let package = KeyPackage::builder()
        .leaf_node_capabilities(capabilities)
        .key_package_lifetime(profile::lifetime())
        .build(
            suite.ciphersuite(),
            &provider,
            &ben.signer,
            group::credential_with_key(&ben.signer, b"ben").unwrap(),
        )
        .unwrap();
    ben.namespace = provider.into_changes().0;
    let package = wire::encode(package.key_package()).to_vec();
    ben.join(&ada.commit(&[package], &[], 2).welcome.unwrap()).unwrap();

    let custom = Proposal::Custom(Box::new(CustomProposal::new(CUSTOM, vec![])));
    let commit = foreign(&mut ada, profile::context_extensions(&[3; 32]), vec![custom], vec![]);
    assert_eq!(ben.stage(&commit).unwrap_err(), StageError::ForeignProposal);
}

#[test]
fn proposals_by_reference_and_external_commits_are_refused() {
    let (mut ada, mut ben, _) = pair(Suite::X25519);
    let mut cleo = Device::new(Suite::X25519, 3);
    let package = cleo.key_package(false);

    let provider = ada.provider();
    let mut group = Group::load(&provider, &CIRCLE).unwrap();
    let package = wire::decode::<KeyPackageIn>(&package, profile::MAX_KEY_PACKAGE)
        .unwrap()
        .validate(provider.crypto(), ProtocolVersion::Mls10)
        .unwrap();
    let (proposal, _) = group.inner.propose_add_member(&provider, &ada.signer, &package).unwrap();
    let (commit, _, _) = group.inner.commit_to_pending_proposals(&provider, &ada.signer).unwrap();
    assert_eq!(ben.stage(&wire::encode(&proposal)).unwrap_err(), StageError::Kind);
    assert_eq!(ben.stage(&wire::encode(&commit)).unwrap_err(), StageError::Refused);

    let provider = ada.provider();
    let group = Group::load(&provider, &CIRCLE).unwrap();
    let info = group.inner.export_group_info(provider.crypto(), &ada.signer, true).unwrap();
    let info: MlsMessageIn = wire::decode(&wire::encode(&info), 65_536).unwrap();
    let MlsMessageBodyIn::GroupInfo(info) = info.extract() else { panic!("not a GroupInfo") };
    let provider = cleo.provider();
    let credential = group::credential_with_key(&cleo.signer, b"cleo").unwrap();
    let leaf = LeafNodeParameters::builder()
        .with_capabilities(profile::capabilities(Suite::X25519))
        .build();
    let (_, bundle) = MlsGroup::external_commit_builder()
        .with_config(profile::join_config())
        .build_group(&provider, info, credential)
        .unwrap()
        .leaf_node_parameters(leaf)
        .load_psks(provider.storage())
        .unwrap()
        .build(provider.rand(), provider.crypto(), &cleo.signer, |_| true)
        .unwrap()
        .finalize(&provider)
        .unwrap();
    let commit = wire::encode(bundle.commit());
    assert_eq!(ben.stage(&commit).unwrap_err(), StageError::NotAMember);
}

#[test]
fn noise_is_refused_everywhere() {
    let (mut ada, _, _) = pair(Suite::XWing);
    let mut random = Random::from_seed(&Secret::from_bytes([8; 32]));
    for round in 0..2000_u32 {
        let mut noise: [u8; 96] = random.bytes();
        // MLS 1.0, then each wire format in turn: past the first four bytes it is noise.
        noise[..4].copy_from_slice(&[0, 1, 0, (round % 6) as u8]);
        assert!(ada.stage(&noise).is_err());
        assert!(ada.hear(&noise).is_err());
        assert!(unopened(&noise).is_err());
        assert!(ada.join(&noise).is_err());
        assert!(inspect_key_package(&ada.provider(), Suite::XWing, &noise).is_err());
    }
}

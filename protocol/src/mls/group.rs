//! One device's view of a group in one state, and what it does with it.
//!
//! A [`Group`] is loaded from a namespace, used for one operation under one [`Provider`], and
//! dropped; what remains is the namespace that [`Provider::into_changes`] gives. After an error
//! drop both: nothing has happened.

use openmls::credentials::NewSignerBundle;
use openmls::framing::{MlsMessageBodyIn, MlsMessageIn, MlsMessageOut};
use openmls::group::{GroupId, MlsGroup, StagedWelcome};
use openmls::prelude::{
    BasicCredential, Credential, CredentialType, CredentialWithKey, KeyPackage, KeyPackageIn,
    LeafNode, LeafNodeIndex, ProtocolVersion,
};
use openmls_traits::OpenMlsProvider;
use tls_codec::{Deserialize, VLBytes};

use crate::id::{CircleId, DeviceId};
use crate::label::Label;
use crate::limits;
use crate::mls::error::{GroupError, JoinError, KeyPackageError};
use crate::mls::profile::{self, Suite};
use crate::mls::provider::Provider;
use crate::mls::signer::DeviceSigner;
use crate::mls::tree;
use crate::secret::Secret;
use crate::wire;

/// Up to how many removals of a commit a test waits for their order: openmls has to be asked as
/// often as there are orders.
#[cfg(any(test, feature = "testing"))]
const MAX_SORTED: usize = 4;

/// A device in the tree of a group.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Leaf {
    /// Where it stands.
    pub(crate) index: u32,
    /// Which device it is: its MLS signature key.
    pub(crate) device: DeviceId,
    /// Its credential, not yet checked (specs/02-identity D-3).
    pub(crate) credential: Vec<u8>,
}

/// A device that is not in the tree yet, as its KeyPackage describes it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Candidate {
    /// Which device it is: its MLS signature key.
    pub(crate) device: DeviceId,
    /// Its credential, not yet checked.
    pub(crate) credential: Vec<u8>,
    /// Its KeyPackage, as it travelled.
    pub(crate) key_package: Vec<u8>,
}

/// What one's own commit changes, all of it by value. Every commit also renews the committer's
/// leaf and sets the hash of the next ledger.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct CommitChanges<'a> {
    /// KeyPackages of those to add.
    pub(crate) adds: &'a [Vec<u8>],
    /// Leaves to remove.
    pub(crate) removes: &'a [u32],
    /// The device that stands in the committer's leaf from then on, and its credential.
    pub(crate) successor: Option<(&'a DeviceSigner, &'a [u8])>,
}

/// A commit that was built, and merged in the namespace it was built in.
pub(crate) struct Built {
    /// The commit, a PublicMessage. It leaves the device only inside a seal.
    pub(crate) commit: Vec<u8>,
    /// The Welcome with the tree, for those added.
    pub(crate) welcome: Option<Vec<u8>>,
}

/// What the members of a state agreed on: from this its id is made.
#[derive(Clone, Eq, PartialEq)]
pub(crate) struct Identifiers {
    pub(crate) epoch: u64,
    pub(crate) confirmed_transcript_hash: Vec<u8>,
    pub(crate) confirmation_tag: Vec<u8>,
}

/// A group in one state.
pub(crate) struct Group {
    pub(super) inner: MlsGroup,
}

impl Group {
    /// Makes the group of a new circle, with this device as its only leaf.
    pub(crate) fn create(
        provider: &Provider,
        signer: &DeviceSigner,
        suite: Suite,
        circle: &CircleId,
        credential: &[u8],
        ledger_hash: &[u8; 32],
    ) -> Result<Self, GroupError> {
        let config = profile::join_config();
        let inner = MlsGroup::builder()
            .with_group_id(group_id(circle))
            .ciphersuite(suite.ciphersuite())
            .with_capabilities(profile::capabilities(suite))
            .lifetime(profile::lifetime())
            .with_wire_format_policy(config.wire_format_policy())
            .max_past_epochs(0)
            .use_ratchet_tree_extension(true)
            .sender_ratchet_configuration(profile::ratchet())
            .padding_size(config.padding_size())
            .with_group_context_extensions(
                profile::context_extensions(ledger_hash).ok_or(GroupError::Ledger)?,
            )
            .build(provider, signer, credential_with_key(signer, credential)?)
            .map_err(|_| GroupError::Refused)?;
        Ok(Self { inner })
    }

    /// Loads the group of `circle` from the provider's namespace.
    pub(crate) fn load(provider: &Provider, circle: &CircleId) -> Result<Self, GroupError> {
        MlsGroup::load(provider.storage(), &group_id(circle))?
            .map(|inner| Self { inner })
            .ok_or(GroupError::Missing)
    }

    /// Becomes a member by a Welcome, with a KeyPackage that the provider's namespace holds. The
    /// other KeyPackages in it are forgotten. Nothing says yet that the leaves are who they claim
    /// to be, nor that the ledger is the one whose hash stands in the group: compare both.
    pub(crate) fn join(
        provider: &Provider,
        suite: Suite,
        welcome: &[u8],
    ) -> Result<Self, JoinError> {
        let message: MlsMessageIn = wire::decode(welcome, limits::MAX_WELCOME)?;
        let MlsMessageBodyIn::Welcome(welcome) = message.extract() else {
            return Err(JoinError::Kind);
        };
        if welcome.ciphersuite() != suite.ciphersuite() {
            return Err(JoinError::Suite);
        }
        let config = profile::join_config();
        let staged = StagedWelcome::build_from_welcome(provider, &config, welcome)
            .map_err(|_| JoinError::Refused)?;
        if !staged.processed_welcome().psks().is_empty() {
            return Err(JoinError::Psk);
        }
        // Lifetimes were checked by whoever added each leaf, and must not be by a clock.
        let inner = staged
            .skip_lifetime_validation()
            .build()
            .and_then(|staged| staged.into_group(provider))
            .map_err(|_| JoinError::Refused)?;
        provider.storage().forget_key_packages();

        let group = Self { inner };
        group.ledger_hash().map_err(|_| JoinError::Ledger)?;
        group.leaves().map_err(|_| JoinError::Leaf)?;
        if group.inner.ciphersuite() != suite.ciphersuite() {
            return Err(JoinError::Suite);
        }
        Ok(group)
    }

    /// Builds a commit and merges it: the group and its namespace are then those of the child.
    /// `aad` is readable before the commit is processed, and signed.
    pub(crate) fn commit(
        &mut self,
        provider: &Provider,
        signer: &DeviceSigner,
        aad: &[u8],
        changes: CommitChanges<'_>,
        next_ledger_hash: &[u8; 32],
    ) -> Result<Built, GroupError> {
        let (commit, welcome) = self.build(provider, signer, aad, changes, next_ledger_hash)?;
        #[cfg(any(test, feature = "testing"))]
        let (commit, welcome) = {
            let mut made = (commit, welcome);
            // openmls puts several removals into the order of a hash map, another one each time; a
            // run that is to repeat itself wants one order.
            while (2..=MAX_SORTED).contains(&changes.removes.len()) && !self.is_sorted() {
                let cleared = self.inner.clear_pending_commit(provider.storage());
                cleared.map_err(|_| GroupError::Refused)?;
                provider.rewind();
                made = self.build(provider, signer, aad, changes, next_ledger_hash)?;
            }
            made
        };
        self.inner.merge_pending_commit(provider).map_err(|_| GroupError::Refused)?;
        Ok(Built {
            commit: wire::encode(&commit).to_vec(),
            welcome: welcome.map(|welcome| wire::encode(&welcome).to_vec()),
        })
    }

    /// Builds a commit and its Welcome, and leaves it pending.
    fn build(
        &mut self,
        provider: &Provider,
        signer: &DeviceSigner,
        aad: &[u8],
        changes: CommitChanges<'_>,
        next_ledger_hash: &[u8; 32],
    ) -> Result<(MlsMessageOut, Option<MlsMessageOut>), GroupError> {
        let suite = self.suite()?;
        let adds = changes
            .adds
            .iter()
            .map(|bytes| read_key_package(provider, suite, bytes))
            .collect::<Result<Vec<_>, _>>()?;
        let removes = changes.removes.iter().copied().map(LeafNodeIndex::new);
        let extensions = profile::context_extensions(next_ledger_hash).ok_or(GroupError::Ledger)?;
        let bundle = |(signer, credential)| {
            let credential_with_key = credential_with_key(signer, credential)?;
            Ok::<_, GroupError>(NewSignerBundle { signer, credential_with_key })
        };
        let successor = changes.successor.map(bundle).transpose()?;

        self.inner.set_aad(aad.to_vec());
        let (commit, welcome, _) = self
            .inner
            .commit_builder()
            .consume_proposal_store(false)
            .force_self_update(true)
            .propose_adds(adds)
            .propose_removals(removes)
            .propose_group_context_extensions(extensions)
            .and_then(|builder| builder.load_psks(provider.storage()))
            // A GroupInfo of its own is for external joins, which this profile refuses.
            .map(|builder| builder.create_group_info(false))
            .and_then(|builder| {
                let (rand, crypto) = (provider.rand(), provider.crypto());
                match successor {
                    None => builder.build(rand, crypto, signer, |_| true),
                    Some(new) => builder.build_with_new_signer(rand, crypto, signer, new, |_| true),
                }
            })
            .map_err(|_| GroupError::Refused)?
            .stage_commit(provider)
            .map_err(|_| GroupError::Refused)?
            .into_messages();
        Ok((commit, welcome))
    }

    /// Whether the removals of the pending commit stand in the order of their leaves.
    #[cfg(any(test, feature = "testing"))]
    fn is_sorted(&self) -> bool {
        let removes = self.inner.pending_commit().into_iter().flat_map(|c| c.remove_proposals());
        removes.map(|remove| remove.remove_proposal().removed()).is_sorted()
    }

    /// A secret that every member of this state can derive, and nobody else.
    pub(crate) fn export(
        &self,
        provider: &Provider,
        label: Label,
        context: &[u8],
    ) -> Result<Secret<32>, GroupError> {
        let mut exported = self
            .inner
            .export_secret(provider.crypto(), label.text(), context, 32)
            .map_err(|_| GroupError::Refused)?;
        let secret = Secret::try_from(exported.as_slice()).map_err(|_| GroupError::Refused);
        zeroize::Zeroize::zeroize(&mut exported);
        secret
    }

    /// What the id of this state is made of.
    pub(crate) fn identifiers(&self) -> Result<Identifiers, GroupError> {
        let tag = wire::encode(self.inner.confirmation_tag());
        Ok(Identifiers {
            epoch: self.inner.epoch().as_u64(),
            confirmed_transcript_hash: self
                .inner
                .public_group()
                .group_context()
                .confirmed_transcript_hash()
                .to_vec(),
            confirmation_tag: VLBytes::tls_deserialize_exact(tag.as_slice())
                .map_err(|_| GroupError::Refused)?
                .into(),
        })
    }

    /// The circle this group belongs to.
    pub(crate) fn circle(&self) -> Result<CircleId, GroupError> {
        let id = self.inner.group_id().as_slice();
        id.try_into().map(CircleId::from_bytes).map_err(|_| GroupError::Missing)
    }

    /// The suite, chosen when the circle was made.
    pub(crate) fn suite(&self) -> Result<Suite, GroupError> {
        Suite::from_ciphersuite(self.inner.ciphersuite()).ok_or(GroupError::Refused)
    }

    /// The hash of the ledger that belongs to this state.
    pub(crate) fn ledger_hash(&self) -> Result<[u8; 32], GroupError> {
        profile::ledger_hash_of(self.inner.extensions()).ok_or(GroupError::Ledger)
    }

    /// Every device in the group, in the order of leaves.
    pub(crate) fn leaves(&self) -> Result<Vec<Leaf>, GroupError> {
        self.inner
            .members()
            .map(|member| {
                let (device, credential) =
                    device_of(&member.credential, &member.signature_key).ok_or(GroupError::Leaf)?;
                Ok(Leaf { index: member.index.u32(), device, credential })
            })
            .collect()
    }

    /// One of them; `None` if there is none, or it has not the form this profile admits.
    pub(crate) fn leaf(&self, index: u32) -> Option<Leaf> {
        let member = self.inner.member_at(LeafNodeIndex::new(index))?;
        let (device, credential) = device_of(&member.credential, &member.signature_key)?;
        Some(Leaf { index, device, credential })
    }

    /// The leaf of this device.
    pub(crate) fn own_leaf(&self) -> u32 {
        self.inner.own_leaf_index().u32()
    }
}

impl std::fmt::Debug for Group {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Group(…)")
    }
}

/// Makes a KeyPackage; its secrets stay in the provider's namespace until a Welcome uses them. One
/// of last resort may be used more than once.
pub(crate) fn key_package(
    provider: &Provider,
    signer: &DeviceSigner,
    suite: Suite,
    credential: &[u8],
    last_resort: bool,
) -> Result<Vec<u8>, GroupError> {
    let builder = KeyPackage::builder()
        .leaf_node_capabilities(profile::capabilities(suite))
        .key_package_lifetime(profile::lifetime());
    let builder = if last_resort { builder.mark_as_last_resort() } else { builder };
    let bundle = builder
        .build(suite.ciphersuite(), provider, signer, credential_with_key(signer, credential)?)
        .map_err(|_| GroupError::Refused)?;
    Ok(wire::encode(bundle.key_package()).to_vec())
}

/// Who a KeyPackage is for, if it is a valid one of this suite and profile.
pub(crate) fn inspect_key_package(
    provider: &Provider,
    suite: Suite,
    bytes: &[u8],
) -> Result<Candidate, KeyPackageError> {
    candidate(&read_key_package(provider, suite, bytes)?)
}

fn read_key_package(
    provider: &Provider,
    suite: Suite,
    bytes: &[u8],
) -> Result<KeyPackage, KeyPackageError> {
    let key_package = wire::decode::<KeyPackageIn>(bytes, profile::MAX_KEY_PACKAGE)?
        .validate(provider.crypto(), ProtocolVersion::Mls10)
        .map_err(|_| KeyPackageError::Invalid)?;
    if key_package.ciphersuite() != suite.ciphersuite() {
        return Err(KeyPackageError::Suite);
    }
    candidate(&key_package)?;
    if !tree::key_package_is_sound(suite, &key_package) {
        return Err(KeyPackageError::Key);
    }
    Ok(key_package)
}

/// The device a valid KeyPackage is for, if the package follows the profile.
pub(super) fn candidate(key_package: &KeyPackage) -> Result<Candidate, KeyPackageError> {
    if *key_package.life_time() != profile::lifetime() {
        return Err(KeyPackageError::Lifetime);
    }
    let (device, credential) =
        device_of_leaf(key_package.leaf_node()).ok_or(KeyPackageError::Leaf)?;
    let key_package = wire::encode(key_package).to_vec();
    Ok(Candidate { device, credential, key_package })
}

/// The device and the credential of a leaf, if they have the form this profile admits.
pub(super) fn device_of_leaf(leaf: &LeafNode) -> Option<(DeviceId, Vec<u8>)> {
    device_of(leaf.credential(), leaf.signature_key().as_slice())
}

fn device_of(credential: &Credential, signature_key: &[u8]) -> Option<(DeviceId, Vec<u8>)> {
    let content = credential.serialized_content();
    if credential.credential_type() != CredentialType::Basic
        || content.len() > profile::MAX_CREDENTIAL
    {
        return None;
    }
    Some((DeviceId::from_bytes(signature_key.try_into().ok()?), content.to_vec()))
}

pub(super) fn group_id(circle: &CircleId) -> GroupId {
    GroupId::from_slice(circle.as_bytes())
}

pub(super) fn credential_with_key(
    signer: &DeviceSigner,
    credential: &[u8],
) -> Result<CredentialWithKey, GroupError> {
    if credential.len() > profile::MAX_CREDENTIAL {
        return Err(GroupError::Credential);
    }
    Ok(CredentialWithKey {
        credential: BasicCredential::new(credential.to_vec()).into(),
        signature_key: signer.device().as_bytes().as_slice().into(),
    })
}

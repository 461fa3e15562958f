//! The storage openmls writes to in the middle of its calls: a copy of one namespace in memory.
//!
//! Nothing reaches a store before [`Overlay::into_changes`]; a dropped overlay changes nothing.
//! That is the policy for whatever is refused, and it is deliberate: openmls may have marked a
//! ratchet key as used before the refusal, and dropping gives the key back, so that a forged
//! message cannot burn the key of the true one. openmls 0.9.2 itself marks it only after the
//! signature was verified; the policy also covers what our own checks refuse after that.
//! Clause: specs/03-circle C-11.

use std::cell::RefCell;

use openmls_traits::storage::{CURRENT_VERSION, Entity, Key, StorageProvider, traits};
use serde::de::DeserializeOwned;

use crate::mls::codec::{RecordError, decode, decode_bare, encode, encode_id};
use crate::mls::namespace::{Change, Namespace};
use crate::mls::profile;

/// What a record of openmls is; the first byte of its key in the namespace.
#[derive(Clone, Copy)]
#[repr(u8)]
enum Kind {
    Tree = 1,
    InterimTranscriptHash = 2,
    GroupContext = 3,
    ConfirmationTag = 4,
    GroupState = 5,
    MessageSecrets = 6,
    ResumptionPsks = 7,
    OwnLeafIndex = 8,
    EpochSecrets = 9,
    OwnLeafNodes = 10,
    Proposal = 11,
    SignatureKeyPair = 12,
    EncryptionKeyPair = 13,
    EpochKeyPairs = 14,
    KeyPackage = 15,
    Psk = 16,
}

/// One namespace while openmls works on it.
pub(crate) struct Overlay {
    base: Namespace,
    current: RefCell<Namespace>,
}

impl Overlay {
    /// Over a copy of `namespace`.
    pub(crate) fn new(namespace: &Namespace) -> Self {
        Self { base: namespace.clone(), current: RefCell::new(namespace.clone()) }
    }

    /// The namespace as openmls left it, and what differs from the one it began with.
    pub(crate) fn into_changes(self) -> (Namespace, Vec<Change>) {
        let current = self.current.into_inner();
        let changes = current.changes_since(&self.base);
        (current, changes)
    }

    /// The records as they are now.
    pub(crate) fn snapshot(&self) -> Namespace {
        self.current.borrow().clone()
    }

    /// Whether the record under `key` holds the secrets of a state's messages.
    #[cfg(feature = "testing")]
    pub(super) fn is_message_secrets(key: &[u8]) -> bool {
        key.first() == Some(&(Kind::MessageSecrets as u8))
    }

    /// Forgets the KeyPackages that were offered and not used: the state they led to has no use
    /// for them.
    pub(super) fn forget_key_packages(&self) {
        self.current.borrow_mut().delete_all(&[Kind::KeyPackage as u8]);
    }

    fn write<T: Entity<CURRENT_VERSION>>(&self, key: &[u8], value: &T) -> Result<(), RecordError> {
        let value = encode(value)?;
        self.current.borrow_mut().put(key, value);
        Ok(())
    }

    fn read<T: DeserializeOwned>(&self, key: &[u8]) -> Result<Option<T>, RecordError> {
        let value = self.current.borrow().get(key);
        value.map(|value| decode(&value)).transpose()
    }

    fn delete(&self, key: &[u8]) {
        self.current.borrow_mut().delete(key);
    }

    fn read_list<T: DeserializeOwned>(&self, key: &[u8]) -> Result<Vec<T>, RecordError> {
        let list: Vec<Vec<u8>> = self.read(key)?.unwrap_or_default();
        list.iter().map(|value| decode(value)).collect()
    }

    fn proposal_refs<T: DeserializeOwned>(&self, group: &[u8]) -> Result<Vec<T>, RecordError> {
        self.current.borrow().names_under(group).map(decode_bare).collect()
    }
}

fn key(kind: Kind, id: &impl Key<CURRENT_VERSION>) -> Result<Vec<u8>, RecordError> {
    encode_id(vec![kind as u8], id)
}

/// One record under one id: how it is written, read and deleted, each with the order of type
/// parameters that the trait asks for.
macro_rules! records {
    ($($kind:ident: $id:ident => $entity:ident,
       $write:ident<$($w:ident),*>, $read:ident<$($r:ident),*>, $delete:ident;)*) => {$(
        fn $write<$($w: traits::$w<CURRENT_VERSION>),*>(
            &self,
            id: &$id,
            value: &$entity,
        ) -> Result<(), RecordError> {
            self.write(&key(Kind::$kind, id)?, value)
        }

        fn $read<$($r: traits::$r<CURRENT_VERSION>),*>(
            &self,
            id: &$id,
        ) -> Result<Option<$entity>, RecordError> {
            self.read(&key(Kind::$kind, id)?)
        }

        fn $delete<$id: traits::$id<CURRENT_VERSION>>(&self, id: &$id) -> Result<(), RecordError> {
            self.delete(&key(Kind::$kind, id)?);
            Ok(())
        }
    )*};
}

impl StorageProvider<CURRENT_VERSION> for Overlay {
    type Error = RecordError;

    records! {
        Tree: GroupId => TreeSync,
            write_tree<GroupId, TreeSync>, tree<GroupId, TreeSync>, delete_tree;
        InterimTranscriptHash: GroupId => InterimTranscriptHash,
            write_interim_transcript_hash<GroupId, InterimTranscriptHash>,
            interim_transcript_hash<GroupId, InterimTranscriptHash>,
            delete_interim_transcript_hash;
        GroupContext: GroupId => GroupContext,
            write_context<GroupId, GroupContext>, group_context<GroupId, GroupContext>,
            delete_context;
        ConfirmationTag: GroupId => ConfirmationTag,
            write_confirmation_tag<GroupId, ConfirmationTag>,
            confirmation_tag<GroupId, ConfirmationTag>, delete_confirmation_tag;
        GroupState: GroupId => GroupState,
            write_group_state<GroupState, GroupId>, group_state<GroupState, GroupId>,
            delete_group_state;
        MessageSecrets: GroupId => MessageSecrets,
            write_message_secrets<GroupId, MessageSecrets>,
            message_secrets<GroupId, MessageSecrets>, delete_message_secrets;
        ResumptionPsks: GroupId => ResumptionPskStore,
            write_resumption_psk_store<GroupId, ResumptionPskStore>,
            resumption_psk_store<GroupId, ResumptionPskStore>,
            delete_all_resumption_psk_secrets;
        OwnLeafIndex: GroupId => LeafNodeIndex,
            write_own_leaf_index<GroupId, LeafNodeIndex>,
            own_leaf_index<GroupId, LeafNodeIndex>, delete_own_leaf_index;
        EpochSecrets: GroupId => GroupEpochSecrets,
            write_group_epoch_secrets<GroupId, GroupEpochSecrets>,
            group_epoch_secrets<GroupId, GroupEpochSecrets>, delete_group_epoch_secrets;
        SignatureKeyPair: SignaturePublicKey => SignatureKeyPair,
            write_signature_key_pair<SignaturePublicKey, SignatureKeyPair>,
            signature_key_pair<SignaturePublicKey, SignatureKeyPair>, delete_signature_key_pair;
        EncryptionKeyPair: EncryptionKey => HpkeKeyPair,
            write_encryption_key_pair<EncryptionKey, HpkeKeyPair>,
            encryption_key_pair<HpkeKeyPair, EncryptionKey>, delete_encryption_key_pair;
        KeyPackage: HashReference => KeyPackage,
            write_key_package<HashReference, KeyPackage>,
            key_package<HashReference, KeyPackage>, delete_key_package;
        Psk: PskId => PskBundle,
            write_psk<PskId, PskBundle>, psk<PskBundle, PskId>, delete_psk;
    }

    // The configuration is a constant (see `profile::join_config`): writing it does nothing, and
    // reading it gives the constant as the type that openmls asks for.

    fn write_mls_join_config<
        GroupId: traits::GroupId<CURRENT_VERSION>,
        MlsGroupJoinConfig: traits::MlsGroupJoinConfig<CURRENT_VERSION>,
    >(
        &self,
        _: &GroupId,
        _: &MlsGroupJoinConfig,
    ) -> Result<(), RecordError> {
        Ok(())
    }

    fn mls_group_join_config<
        GroupId: traits::GroupId<CURRENT_VERSION>,
        MlsGroupJoinConfig: traits::MlsGroupJoinConfig<CURRENT_VERSION>,
    >(
        &self,
        _: &GroupId,
    ) -> Result<Option<MlsGroupJoinConfig>, RecordError> {
        // The trait leaves only serde between our value and its type, and part of the value needs
        // a format that describes itself.
        serde_json::to_value(profile::join_config())
            .and_then(serde_json::from_value)
            .map(Some)
            .map_err(|_| RecordError::Encode)
    }

    fn delete_group_config<GroupId: traits::GroupId<CURRENT_VERSION>>(
        &self,
        _: &GroupId,
    ) -> Result<(), RecordError> {
        Ok(())
    }

    fn append_own_leaf_node<
        GroupId: traits::GroupId<CURRENT_VERSION>,
        LeafNode: traits::LeafNode<CURRENT_VERSION>,
    >(
        &self,
        group: &GroupId,
        leaf: &LeafNode,
    ) -> Result<(), RecordError> {
        let key = key(Kind::OwnLeafNodes, group)?;
        let mut list: Vec<Vec<u8>> = self.read(&key)?.unwrap_or_default();
        list.push(encode(leaf)?.to_vec());
        let list = encode(&list)?;
        self.current.borrow_mut().put(&key, list);
        Ok(())
    }

    fn own_leaf_nodes<
        GroupId: traits::GroupId<CURRENT_VERSION>,
        LeafNode: traits::LeafNode<CURRENT_VERSION>,
    >(
        &self,
        group: &GroupId,
    ) -> Result<Vec<LeafNode>, RecordError> {
        self.read_list(&key(Kind::OwnLeafNodes, group)?)
    }

    fn delete_own_leaf_nodes<GroupId: traits::GroupId<CURRENT_VERSION>>(
        &self,
        group: &GroupId,
    ) -> Result<(), RecordError> {
        self.delete(&key(Kind::OwnLeafNodes, group)?);
        Ok(())
    }

    fn queue_proposal<
        GroupId: traits::GroupId<CURRENT_VERSION>,
        ProposalRef: traits::ProposalRef<CURRENT_VERSION>,
        QueuedProposal: traits::QueuedProposal<CURRENT_VERSION>,
    >(
        &self,
        group: &GroupId,
        proposal_ref: &ProposalRef,
        proposal: &QueuedProposal,
    ) -> Result<(), RecordError> {
        self.write(&encode_id(key(Kind::Proposal, group)?, proposal_ref)?, proposal)
    }

    fn queued_proposal_refs<
        GroupId: traits::GroupId<CURRENT_VERSION>,
        ProposalRef: traits::ProposalRef<CURRENT_VERSION>,
    >(
        &self,
        group: &GroupId,
    ) -> Result<Vec<ProposalRef>, RecordError> {
        self.proposal_refs(&key(Kind::Proposal, group)?)
    }

    fn queued_proposals<
        GroupId: traits::GroupId<CURRENT_VERSION>,
        ProposalRef: traits::ProposalRef<CURRENT_VERSION>,
        QueuedProposal: traits::QueuedProposal<CURRENT_VERSION>,
    >(
        &self,
        group: &GroupId,
    ) -> Result<Vec<(ProposalRef, QueuedProposal)>, RecordError> {
        let group = key(Kind::Proposal, group)?;
        self.proposal_refs(&group)?
            .into_iter()
            .map(|proposal_ref| {
                let key = encode_id(group.clone(), &proposal_ref)?;
                Ok((proposal_ref, self.read(&key)?.ok_or(RecordError::Damaged)?))
            })
            .collect()
    }

    fn remove_proposal<
        GroupId: traits::GroupId<CURRENT_VERSION>,
        ProposalRef: traits::ProposalRef<CURRENT_VERSION>,
    >(
        &self,
        group: &GroupId,
        proposal_ref: &ProposalRef,
    ) -> Result<(), RecordError> {
        self.delete(&encode_id(key(Kind::Proposal, group)?, proposal_ref)?);
        Ok(())
    }

    fn clear_proposal_queue<
        GroupId: traits::GroupId<CURRENT_VERSION>,
        ProposalRef: traits::ProposalRef<CURRENT_VERSION>,
    >(
        &self,
        group: &GroupId,
    ) -> Result<(), RecordError> {
        self.current.borrow_mut().delete_all(&key(Kind::Proposal, group)?);
        Ok(())
    }

    fn write_encryption_epoch_key_pairs<
        GroupId: traits::GroupId<CURRENT_VERSION>,
        EpochKey: traits::EpochKey<CURRENT_VERSION>,
        HpkeKeyPair: traits::HpkeKeyPair<CURRENT_VERSION>,
    >(
        &self,
        group: &GroupId,
        epoch: &EpochKey,
        leaf_index: u32,
        key_pairs: &[HpkeKeyPair],
    ) -> Result<(), RecordError> {
        let key = epoch_key(group, epoch, leaf_index)?;
        let key_pairs = encode(key_pairs)?;
        self.current.borrow_mut().put(&key, key_pairs);
        Ok(())
    }

    fn encryption_epoch_key_pairs<
        GroupId: traits::GroupId<CURRENT_VERSION>,
        EpochKey: traits::EpochKey<CURRENT_VERSION>,
        HpkeKeyPair: traits::HpkeKeyPair<CURRENT_VERSION>,
    >(
        &self,
        group: &GroupId,
        epoch: &EpochKey,
        leaf_index: u32,
    ) -> Result<Vec<HpkeKeyPair>, RecordError> {
        Ok(self.read(&epoch_key(group, epoch, leaf_index)?)?.unwrap_or_default())
    }

    fn delete_encryption_epoch_key_pairs<
        GroupId: traits::GroupId<CURRENT_VERSION>,
        EpochKey: traits::EpochKey<CURRENT_VERSION>,
    >(
        &self,
        group: &GroupId,
        epoch: &EpochKey,
        leaf_index: u32,
    ) -> Result<(), RecordError> {
        self.delete(&epoch_key(group, epoch, leaf_index)?);
        Ok(())
    }
}

fn epoch_key(
    group: &impl Key<CURRENT_VERSION>,
    epoch: &impl Key<CURRENT_VERSION>,
    leaf_index: u32,
) -> Result<Vec<u8>, RecordError> {
    let key = encode_id(key(Kind::EpochKeyPairs, group)?, epoch)?;
    encode_id(key, &leaf_index)
}

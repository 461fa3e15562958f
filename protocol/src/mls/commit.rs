//! Commits of others: staged and described, checked by the circle, then merged.
//!
//! openmls checks signatures, tags and keys. It does not know who may do what, so a staged commit
//! is described in full here and nothing of it is in force before [`Group::merge`].
//! Clauses: specs/03-circle C-8, C-10.

use openmls::framing::{
    ContentType, MlsMessageBodyIn, MlsMessageIn, ProcessedMessageContent, PublicMessageIn, Sender,
};
use openmls::group::{ProcessMessageError, StageCommitError, StagedCommit};
use openmls::prelude::{Proposal, ProposalOrRefType};
use tls_codec::{Deserialize, TlsDeserialize, TlsSize, VLBytes};

use crate::id::DeviceId;
use crate::limits;
use crate::mls::error::{GroupError, StageError};
use crate::mls::group::{Candidate, Group, candidate, device_of_leaf};
use crate::mls::profile;
use crate::mls::provider::Provider;
use crate::mls::tree;
use crate::wire::{self, DecodeError};

/// How a PublicMessage of a member begins (RFC 9420 sections 6 and 6.2).
#[derive(TlsDeserialize, TlsSize)]
pub(super) struct Beginning {
    _version: u16,
    _wire_format: u16,
    _group: VLBytes,
    _epoch: u64,
    _sender_type: u8,
    _leaf: u32,
    aad: VLBytes,
}

/// A commit that is valid as MLS and not in force yet.
pub(crate) struct Staged {
    /// The leaf that made it.
    pub(crate) sender: u32,
    /// What its maker said beside it, signed.
    pub(crate) aad: Vec<u8>,
    /// Whom it adds, in its order.
    pub(crate) adds: Vec<Candidate>,
    /// Which leaves it removes, in its order.
    pub(crate) removes: Vec<u32>,
    /// The device at the committer's leaf from then on: the circle refuses it if it differs.
    pub(crate) device: DeviceId,
    /// The credential at the committer's leaf from then on.
    pub(crate) credential: Vec<u8>,
    /// The hash of the ledger of the state it makes.
    pub(crate) ledger_hash: [u8; 32],
    inner: StagedCommit,
}

impl Group {
    /// Reads a commit on this state. Nothing changes; a refusal costs nothing once the provider
    /// is dropped.
    pub(crate) fn stage(
        &mut self,
        provider: &Provider,
        commit: &[u8],
    ) -> Result<Staged, StageError> {
        let message = read_commit(commit)?;
        let Sender::Member(sender) = *message.sender() else {
            return Err(StageError::NotAMember);
        };
        if message.group_id() != self.inner.group_id() || message.epoch() != self.inner.epoch() {
            return Err(StageError::OtherState);
        }
        let processed = self.inner.process_message(provider, message).map_err(refusal)?;
        let aad = processed.aad().to_vec();
        let ProcessedMessageContent::StagedCommitMessage(inner) = processed.into_content() else {
            return Err(StageError::Kind);
        };

        let (adds, removes) = changes_of(&inner)?;
        let path = inner.update_path_leaf_node().ok_or(StageError::NoPath)?;
        let (device, credential) = device_of_leaf(path).ok_or(StageError::Leaf)?;
        if !tree::keys_are_sound(self, commit, &inner) {
            return Err(StageError::Key);
        }
        let ledger_hash = profile::ledger_hash_of(inner.group_context().extensions())
            .ok_or(StageError::Ledger)?;
        Ok(Staged {
            sender: sender.u32(),
            aad,
            adds,
            removes,
            device,
            credential,
            ledger_hash,
            inner: *inner,
        })
    }

    /// Processes and merges a commit as openmls does by itself, without anything that is refused here.
    #[cfg(feature = "testing")]
    pub(crate) fn follow_unchecked(
        &mut self,
        provider: &Provider,
        commit: &[u8],
    ) -> Result<(), StageError> {
        let message = read_commit(commit)?;
        let processed = self.inner.process_message(provider, message).map_err(refusal)?;
        let ProcessedMessageContent::StagedCommitMessage(staged) = processed.into_content() else {
            return Err(StageError::Kind);
        };
        self.inner.merge_staged_commit(provider, *staged).map_err(|_| StageError::Refused)
    }

    /// Puts a staged commit in force: the group and its namespace are then those of the child.
    pub(crate) fn merge(&mut self, provider: &Provider, staged: Staged) -> Result<(), GroupError> {
        self.inner.merge_staged_commit(provider, staged.inner).map_err(|_| GroupError::Refused)
    }
}

/// What stands beside a commit; nothing of it is verified by this.
///
/// # Errors
/// [`DecodeError`]: it is no PublicMessage of a member.
pub(crate) fn beside(commit: &[u8]) -> Result<Vec<u8>, DecodeError> {
    let Beginning { aad, .. } =
        Beginning::tls_deserialize(&mut &*commit).map_err(|_| DecodeError::Malformed)?;
    Ok(aad.into())
}

/// openmls looks at signature and tag before it finds out that a commit is one's own.
fn refusal<E>(error: ProcessMessageError<E>) -> StageError {
    match error {
        ProcessMessageError::InvalidCommit(StageCommitError::OwnCommitMismatch) => StageError::Own,
        _ => StageError::Refused,
    }
}

fn read_commit(bytes: &[u8]) -> Result<PublicMessageIn, StageError> {
    let message: MlsMessageIn = wire::decode(bytes, limits::MAX_RECORD)?;
    match message.extract() {
        MlsMessageBodyIn::PublicMessage(message)
            if message.content_type() == ContentType::Commit =>
        {
            Ok(message)
        }
        _ => Err(StageError::Kind),
    }
}

/// The adds and removes of a commit that carries nothing else but the next ledger's hash.
fn changes_of(commit: &StagedCommit) -> Result<(Vec<Candidate>, Vec<u32>), StageError> {
    let (mut adds, mut removes, mut ledgers) = (Vec::new(), Vec::new(), 0_usize);
    for queued in commit.queued_proposals() {
        if queued.proposal_or_ref_type() != ProposalOrRefType::Proposal {
            return Err(StageError::ForeignProposal);
        }
        match queued.proposal() {
            Proposal::Add(add) => adds.push(candidate(add.key_package())?),
            Proposal::Remove(remove) => removes.push(remove.removed().u32()),
            Proposal::GroupContextExtensions(_) => ledgers += 1,
            _ => return Err(StageError::ForeignProposal),
        }
    }
    if ledgers == 1 { Ok((adds, removes)) } else { Err(StageError::Ledger) }
}

impl std::fmt::Debug for Staged {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Staged({} adds, {} removes)", self.adds.len(), self.removes.len())
    }
}

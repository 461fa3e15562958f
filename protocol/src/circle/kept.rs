//! The commits of the head's path as they travelled, sealed, kept long after relays dropped them:
//! whoever comes back after weeks and still holds one of the states replays what followed.
//! Clauses: specs/04-order O-64.

use std::collections::BTreeMap;

use tls_codec::{TlsDeserialize, TlsSerialize, TlsSize};

use crate::circle::{Circle, Step};
use crate::id::{EnvelopeId, StateId};
use crate::identity::Verified;
use crate::limits::{ENVELOPE_SIZES, MAX_KEPT_COMMITS, MAX_RECORD, MAX_RUN_BYTES, RECORD_OVERHEAD};
use crate::record::RecordKind;
use crate::wire::text::Opaque;
use crate::wire::{self, DecodeError, Envelope};

const VERSION: u8 = 1;
/// Bytes of the longest record: a commit in chunks, each padded to the size of its envelope.
const MAX_KEPT_RECORD: usize = 4 * MAX_RECORD + RECORD_OVERHEAD;

/// One commit: the envelopes it travelled in, its chunks first.
#[derive(Debug)]
pub(crate) struct KeptCommit {
    epoch: u64,
    envelopes: Vec<Verified<Envelope>>,
}

#[derive(Debug, TlsDeserialize, TlsSerialize, TlsSize)]
struct KeptRecord {
    version: u8,
    epoch: u64,
    envelopes: Vec<Opaque<{ ENVELOPE_SIZES[2] }>>,
}

/// The commits kept, by the state each makes.
#[derive(Debug, Default)]
pub(crate) struct KeptCommits {
    commits: BTreeMap<StateId, KeptCommit>,
    bytes: usize,
}

impl KeptCommits {
    fn insert(&mut self, state: StateId, commit: KeptCommit) {
        self.bytes += commit.bytes();
        if let Some(before) = self.commits.insert(state, commit) {
            self.bytes = self.bytes.saturating_sub(before.bytes());
        }
    }

    fn remove(&mut self, state: &StateId) -> bool {
        let Some(gone) = self.commits.remove(state) else {
            return false;
        };
        self.bytes = self.bytes.saturating_sub(gone.bytes());
        true
    }

    /// The one to go when there are too many.
    fn too_many(&self) -> Option<StateId> {
        if self.commits.len() <= MAX_KEPT_COMMITS && self.bytes <= MAX_RUN_BYTES {
            return None;
        }
        self.commits.iter().min_by_key(|(id, commit)| (commit.epoch, **id)).map(|(id, _)| *id)
    }

    /// Takes back one record.
    ///
    /// # Errors
    /// [`DecodeError`]: the store is damaged or newer.
    pub(crate) fn read(&mut self, state: StateId, value: &[u8]) -> Result<(), DecodeError> {
        let record: KeptRecord = wire::decode(value, MAX_KEPT_RECORD)?;
        if record.version != VERSION {
            return Err(DecodeError::UnknownVersion);
        }
        let mut envelopes = Vec::new();
        for bytes in &record.envelopes {
            // Checked before it was written; the store's seal says that it is the same.
            envelopes.push(Verified::assert(Envelope::from_bytes(bytes.as_bytes())?));
        }
        self.insert(state, KeptCommit { epoch: record.epoch, envelopes });
        Ok(())
    }
}

impl KeptCommit {
    fn bytes(&self) -> usize {
        self.envelopes.iter().map(|envelope| envelope.as_bytes().len()).sum()
    }
}

impl Circle {
    /// Keeps the envelopes of a commit that was taken in or made. They leave with the state, if it
    /// loses, or after 400 days with its header.
    pub(super) fn keep_commit(
        &mut self,
        step: &mut Step<'_>,
        state: StateId,
        envelopes: Vec<Verified<Envelope>>,
    ) {
        let Some(epoch) = self.states.get(&state).map(|state| state.epoch) else {
            return;
        };
        let bytes = envelopes.iter().map(|envelope| Opaque::new(envelope.as_bytes()));
        let Ok(written) = bytes.collect::<Result<Vec<_>, _>>() else {
            return;
        };
        let record = KeptRecord { version: VERSION, epoch, envelopes: written };
        let key = self.key_of(RecordKind::Run, state.as_bytes());
        step.put(key, wire::encode(&record).to_vec());
        self.kept.insert(state, KeptCommit { epoch, envelopes });
        while let Some(oldest) = self.kept.too_many() {
            self.drop_commit(step, &oldest);
        }
    }

    /// The same for a commit whose envelopes are still in the waiting room.
    pub(super) fn keep_waiting_commit(
        &mut self,
        step: &mut Step<'_>,
        envelope: &EnvelopeId,
        chunks: &[EnvelopeId],
    ) {
        let made = self.states.iter().find(|(_, state)| state.commit == Some(*envelope));
        let Some(state) = made.map(|(id, _)| *id) else {
            return;
        };
        let ids = chunks.iter().chain([envelope]);
        let envelopes: Option<Vec<_>> = ids.map(|id| self.waiting.get(id).cloned()).collect();
        if let Some(envelopes) = envelopes {
            self.keep_commit(step, state, envelopes);
        }
    }

    pub(super) fn drop_commit(&mut self, step: &mut Step<'_>, state: &StateId) {
        if self.kept.remove(state) {
            step.delete(self.key_of(RecordKind::Run, state.as_bytes()));
        }
    }

    pub(super) fn erase_commits(&self, step: &mut Step<'_>) {
        for state in self.kept.commits.keys() {
            step.delete(self.key_of(RecordKind::Run, state.as_bytes()));
        }
    }

    /// The commits that lead from a state to the head, in order, as they travelled. `None` if the
    /// state is not below the head, or if one of them is not kept.
    pub(crate) fn run_from(&self, from: &StateId) -> Option<Vec<Vec<Verified<Envelope>>>> {
        let mut run = Vec::new();
        let mut at = self.head;
        // A walk along parents is never longer than there are states.
        for _ in 0..=self.states.len() {
            if at == *from {
                run.reverse();
                return Some(run);
            }
            run.push(self.kept.commits.get(&at)?.envelopes.clone());
            at = self.states.get(&at)?.parent?;
        }
        None
    }
}

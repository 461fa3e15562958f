//! The porches a circle follows: one topic for each of its latest eras, whose secret does not move
//! on with the periods, so that a device away for months still finds it. Clause: specs/04-order
//! O-70.

use tls_codec::{TlsDeserialize, TlsSerialize, TlsSize};

use crate::circle::send::Carries;
use crate::circle::{Circle, Standing, Step};
use crate::id::StateId;
use crate::label::Label;
use crate::limits::{MAX_PORCHES, PORCH_KEEP, RECORD_OVERHEAD};
use crate::record::RecordKind;
use crate::secret::Secret;
use crate::state::PorchShare;
use crate::time::Timestamp;
use crate::verdict::{Missing, Redundant, Verdict};
use crate::wire::chunk::seal_record;
use crate::wire::{self, DecodeError, Frame, FrameKind, SealKey, TopicKey};

/// The porch of one era.
#[derive(Debug)]
pub(crate) struct Porch {
    secret: Secret<32>,
    /// Since when its era is no longer the head's.
    ended: Option<Timestamp>,
}

#[derive(Debug, TlsDeserialize, TlsSerialize, TlsSize)]
struct PorchRecord {
    secret: Secret<32>,
    ended: Option<Timestamp>,
}

impl Porch {
    /// Reads what was written.
    ///
    /// # Errors
    /// [`DecodeError`]: the store is damaged or newer.
    pub(super) fn read(value: &[u8]) -> Result<Self, DecodeError> {
        let PorchRecord { secret, ended } = wire::decode(value, RECORD_OVERHEAD)?;
        Ok(Self { secret, ended })
    }

    /// The key of its topic.
    pub(super) fn topic_key(&self) -> TopicKey {
        TopicKey::from_secret(&Label::PORCH_TOPIC.derive(&self.secret, &[]))
    }

    /// What seals the envelopes on it.
    pub(super) fn seal_key(&self) -> SealKey {
        SealKey::from_secret(&Label::PORCH_SEAL.derive(&self.secret, &[]))
    }
}

impl Circle {
    /// Follows the porch of an era from now on.
    pub(super) fn open_porch(&mut self, step: &mut Step<'_>, era: StateId, secret: Secret<32>) {
        if self.porches.contains_key(&era) {
            return;
        }
        let porch = Porch { secret, ended: None };
        self.write_porch(step, &era, &porch);
        self.porches.insert(era, porch);
    }

    fn write_porch(&self, step: &mut Step<'_>, era: &StateId, porch: &Porch) {
        let record = PorchRecord { secret: porch.secret.duplicate(), ended: porch.ended };
        let key = self.key_of(RecordKind::Porch, era.as_bytes());
        step.put(key, wire::encode(&record).to_vec());
    }

    /// Forgets all porches, before somebody comes in anew.
    pub(super) fn erase_porches(&self, step: &mut Step<'_>) {
        for id in self.porches.keys() {
            self.delete_porch(step, id);
        }
    }

    fn delete_porch(&self, step: &mut Step<'_>, era: &StateId) {
        step.delete(self.key_of(RecordKind::Porch, era.as_bytes()));
    }

    /// The porches a newcomer to `era` gets: that of the era first, then those before it.
    pub(super) fn porches_to_share(&self, era: &StateId) -> Vec<PorchShare> {
        let mut porches: Vec<_> = self.porches.iter().collect();
        porches.sort_by_key(|(id, porch)| (*id != era, std::cmp::Reverse(porch.ended), **id));
        porches
            .into_iter()
            .take(MAX_PORCHES)
            .map(|(era, porch)| PorchShare { era: *era, secret: porch.secret.duplicate() })
            .collect()
    }

    /// Marks porches whose eras are over, and leaves those nobody can still need.
    pub(super) fn age_porches(&mut self, step: &mut Step<'_>) {
        let current = self.head_held().map(|held| held.era);
        let mut changed = Vec::new();
        for (id, porch) in &mut self.porches {
            let over = current != Some(*id);
            let ended = if over { porch.ended.or(Some(step.now)) } else { None };
            if ended != porch.ended {
                porch.ended = ended;
                changed.push(*id);
            }
        }
        for id in changed {
            if let Some(porch) = self.porches.get(&id) {
                self.write_porch(step, &id, porch);
            }
        }
        let mut newest: Vec<_> =
            self.porches.iter().map(|(id, porch)| (porch.ended, *id)).collect();
        // Those that have not ended first, then those that ended last.
        newest.sort_by_key(|(ended, id)| (ended.is_some(), std::cmp::Reverse(*ended), *id));
        let keep = |ended: Option<Timestamp>| {
            ended.is_none_or(|ended| step.now.since(ended) <= PORCH_KEEP)
        };
        let gone: Vec<StateId> = newest
            .iter()
            .enumerate()
            .filter(|(place, (ended, _))| *place >= MAX_PORCHES || !keep(*ended))
            .map(|(_, (_, id))| *id)
            .collect();
        for id in gone {
            self.porches.remove(&id);
            self.delete_porch(step, &id);
        }
    }

    /// Puts a record on a porch.
    pub(super) fn post(
        &mut self,
        step: &mut Step<'_>,
        era: &StateId,
        kind: FrameKind,
        record: &[u8],
    ) {
        let Some(porch) = self.porches.get(era) else {
            return;
        };
        let (key, seal, hour) = (porch.topic_key(), porch.seal_key(), step.now.hour());
        if let Ok(envelopes) = seal_record(&seal, &key, hour, kind, record, step.random) {
            self.send_out(step, envelopes, Carries::Post);
        }
    }

    /// A record was found on a porch. Says also whether new states came with it.
    pub(super) fn take_porch(
        &mut self,
        step: &mut Step<'_>,
        era: StateId,
        frame: &Frame,
    ) -> (Verdict, bool) {
        if self.standing != Standing::Active {
            return match frame.kind {
                FrameKind::TakenBack => self.take_back_in(step, &frame.record),
                // Who wrote these items is known once this device is in.
                FrameKind::Handover => (Verdict::Defer(Missing::Key), false),
                _ => (Verdict::Ignore(Redundant::NotForUs), false),
            };
        }
        match frame.kind {
            FrameKind::Ask => (self.take_ask(step, era, &frame.record), false),
            FrameKind::Run => self.take_run(step, &frame.record),
            FrameKind::Handover => (self.take_handover(step, &frame.record), false),
            FrameKind::Return => (self.take_return(step, era, &frame.record), false),
            FrameKind::TakenBack => self.take_back_in(step, &frame.record),
            FrameKind::Beacon => (self.take_beacon(step, &frame.record), false),
            _ => (Verdict::Ignore(Redundant::NotForUs), false),
        }
    }
}

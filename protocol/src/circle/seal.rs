//! One message of this device: encrypted under a state, sealed, sent out. Every seal has its place
//! in the device's one count over all states. Clauses: specs/03-circle C-11, C-12.

use crate::circle::send::{Carries, ShareError};
use crate::circle::{Circle, Step};
use crate::id::StateId;
use crate::limits::{ITEMS_PER_STATE, MAX_TEXT};
use crate::mls::{DeviceSigner, Provider};
use crate::order::Seal;
use crate::state::{SealLinks, SealPurpose, seal_digest};
use crate::wire::{self, FrameKind};

/// A message to be sealed.
pub(super) struct Message<'a> {
    /// The state to seal it under.
    pub(super) state: StateId,
    /// What it is for.
    pub(super) purpose: SealPurpose,
    /// What it says.
    pub(super) plaintext: &'a [u8],
    /// What the envelope stands for in the outbox.
    pub(super) carries: Carries,
}

impl Circle {
    /// Encrypts a message, seals it, and sends it out. Says whether this device has now sealed so
    /// much under the state that its leaf should be renewed.
    pub(super) fn seal_message(
        &mut self,
        step: &mut Step<'_>,
        message: &Message<'_>,
    ) -> Result<bool, ShareError> {
        let renew = self.seal_unwritten(step, message)?;
        self.write(step);
        Ok(renew)
    }

    /// The same for whoever changes the circle further and writes it then.
    pub(super) fn seal_unwritten(
        &mut self,
        step: &mut Step<'_>,
        message: &Message<'_>,
    ) -> Result<bool, ShareError> {
        let Message { state: id, purpose, plaintext, carries } = *message;
        if self.is_muted() || !self.seals_alone_under(&id) {
            return Err(ShareError::ComingBack);
        }
        let (counter, siblings) = (self.chain.counter + 1, self.siblings());
        let links = wire::encode(&SealLinks::new(id, counter, purpose, siblings.clone()));

        let held = self.states.get_mut(&id).and_then(|state| state.held_mut());
        // Under a state that this device has left another one may seal with its leaf, and under one
        // of a branch that knows another key of it only that key signs.
        let own = self.key.id();
        let held = held.filter(|held| !held.left && held.ledger.member_of(&own).is_some());
        let held = held.ok_or(ShareError::Damaged)?;
        let provider = Provider::new(step.injected(), held.namespace());
        let signer = DeviceSigner::of(&self.key);
        let mut group = held.take_group(&provider, &self.id).map_err(|_| ShareError::Damaged)?;
        let message = group
            .encrypt(&provider, &signer, &links, plaintext)
            .map_err(|_| ShareError::Damaged)?;
        let (namespace, changes) = provider.into_changes();
        held.keep(namespace, Some(group));
        held.sent += 1;
        // At least: after a start the count is what the ballots say, which may be a few more or less.
        let often = held.sent >= ITEMS_PER_STATE;
        let era = held.era;

        let topic_key = self.own_publish_key(&era, step.now).ok_or(ShareError::Damaged)?;
        let held = self.states.get(&id).and_then(|state| state.held());
        let seal = &held.ok_or(ShareError::Damaged)?.keys.item_seal;
        let envelopes = Self::seal(step, seal, &topic_key, FrameKind::Item, &message)
            .ok_or(ShareError::TooLong { limit: MAX_TEXT })?;

        self.keep_warm(&id, step.now);
        let (member, device) = (self.me, self.key.id());
        let vote = purpose.votes().then_some(id);
        let digest = seal_digest(&links, plaintext);
        self.chain.counter = counter;
        self.note_sealed(step, counter, &message);
        self.take_seal(step, &Seal { member, device, counter, digest, vote, siblings });
        if matches!(purpose, SealPurpose::Item | SealPurpose::Forward) {
            self.state_used(step, &id);
        }
        // Not the state: it holds the ledger, and what was sent under it is counted by its ballots.
        self.write_namespace(step, &id, changes);
        self.send_out(step, envelopes, carries);
        // A renewal may be on its way already.
        Ok(often && !self.has_committed_here())
    }
}

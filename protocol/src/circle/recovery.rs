//! The member key of a circle under the recovery phrase, and the keys of a circle one is out of.
//! Clauses: specs/02-identity D-6, specs/04-order O-41, specs/07-store S-12.

use crate::circle::device::DeviceError;
use crate::circle::{Circle, Standing, Step};
use crate::identity::MemberKey;
use crate::input::Venue;
use crate::limits::KEEP_WITH_MAJORITY;
use crate::output::Output;
use crate::record::{Key, RecordKind};
use crate::recovery::{RecoveryKey, RecoverySecret, SealedMemberKey};
use crate::state::{Ending, Hold};
use crate::time::Timestamp;

impl Circle {
    /// Keeps a member key that was sealed already.
    pub(crate) fn keep_sealed(&mut self, step: &mut Step<'_>, sealed: SealedMemberKey) {
        step.put(self.member_key_record(), sealed.to_bytes());
        self.sealed_key = Some(sealed);
    }

    /// Seals the member key, if it lies open, and keeps only that.
    pub(crate) fn seal_member_key(&mut self, step: &mut Step<'_>, recovery: &RecoveryKey) {
        let Some(key) = &self.member_key else { return };
        // A device that cannot seal keeps what it has: losing it would be worse.
        let Some(sealed) = recovery.seal(&self.id, key, step.random) else { return };
        self.keep_sealed(step, sealed);
        self.member_key = None;
        self.write(step);
    }

    /// Whether the member key is on this device, sealed or not.
    pub(super) fn has_member_key(&self) -> bool {
        self.member_key.is_some() || self.sealed_key.is_some()
    }

    /// Lets `act` use the member key, which is forgotten again when it has.
    ///
    /// # Errors
    /// [`DeviceError::PhraseNeeded`] without a phrase, [`DeviceError::WrongPhrase`] with another.
    pub(crate) fn with_member_key<T>(
        &mut self,
        phrase: Option<&RecoverySecret>,
        act: impl FnOnce(&mut Self) -> Result<T, DeviceError>,
    ) -> Result<T, DeviceError> {
        let Some(sealed) = self.sealed_key.as_ref().filter(|_| self.member_key.is_none()) else {
            return act(self);
        };
        let phrase = phrase.ok_or(DeviceError::PhraseNeeded)?;
        let key = sealed.open(&self.id, phrase).ok_or(DeviceError::WrongPhrase)?;
        self.member_key = Some(key);
        let done = act(self);
        self.member_key = None;
        done
    }

    /// Whether the phrase opens this circle's member key; one that lies open or is not here is
    /// opened by any.
    pub(crate) fn fits_phrase(&self, phrase: &RecoverySecret) -> bool {
        self.sealed_key.as_ref().is_none_or(|sealed| sealed.open(&self.id, phrase).is_some())
    }

    /// Seals the member key to another phrase.
    pub(crate) fn reseal_member_key(
        &mut self,
        step: &mut Step<'_>,
        phrase: &RecoverySecret,
        recovery: &RecoveryKey,
    ) {
        let opened: Option<MemberKey> =
            self.sealed_key.as_ref().and_then(|sealed| sealed.open(&self.id, phrase));
        if let Some(key) = opened
            && let Some(sealed) = recovery.seal(&self.id, &key, step.random)
        {
            self.keep_sealed(step, sealed);
        }
    }

    pub(super) fn delete_sealed_key(&self, step: &mut Step<'_>) {
        step.delete(self.member_key_record());
    }

    fn member_key_record(&self) -> Key {
        Key::new(RecordKind::MemberKey, &[self.id.as_bytes()])
    }

    /// Time goes by for a circle this device is out of: its keys go at once if its member left, and
    /// otherwise when nothing can bring the device back any more.
    pub(super) fn age_closed(&mut self, step: &mut Step<'_>) {
        let may_come_back = match self.standing {
            Standing::Active | Standing::Leaving => return,
            Standing::Left => false,
            Standing::Removed | Standing::DeviceRemoved | Standing::Replaced => {
                self.may_be_let_back(step.now)
            }
        };
        let has_keys = !self.eras.is_empty() || !self.porches.is_empty() || self.has_member_key();
        if has_keys && !may_come_back {
            self.let_keys_go(step);
        }
    }

    /// Whether what took this device out is so young that its branch may still lose.
    fn may_be_let_back(&self, now: Timestamp) -> bool {
        now.since(self.heard) <= KEEP_WITH_MAJORITY
    }

    /// Whether this device hears what others say: also for a while after its own member took it out. If
    /// the branch on which that happened loses, it may be the only device that its member has where the
    /// others stand.
    pub(crate) fn listens(&self, now: Timestamp) -> bool {
        let ending = self.states.get(&self.head).map(|head| &head.hold);
        let by_its_member =
            matches!(ending, Some(Hold::Closing(Ending::DeviceRemoved | Ending::Replaced)));
        self.standing == Standing::Active || by_its_member && self.may_be_let_back(now)
    }

    /// Ends that.
    pub(super) fn age_listening(&mut self, step: &mut Step<'_>) {
        if self.topics.is_empty() {
            return;
        }
        self.refresh_topics(step);
        if self.topics.is_empty() {
            step.ask(Output::Close(Venue::Circle(self.id)));
        }
    }

    /// Lets the keys of a circle go that this device is out of. What was said stays, and who was
    /// there when it ended; nothing more can be opened, or sent.
    pub(super) fn let_keys_go(&mut self, step: &mut Step<'_>) {
        let held = self.states.iter().filter(|(_, state)| state.held().is_some());
        let held: Vec<_> = held.map(|(id, state)| (state.epoch, *id)).collect();
        // The last one says who was there; of the others the headers do.
        let last = held.iter().max().map(|(_, id)| *id);
        for (_, id) in held {
            if Some(id) != last {
                self.shed(step, &id);
            } else if let Some(held) = self.states.get_mut(&id).and_then(|state| state.held_mut()) {
                let namespace = held.blank();
                self.delete_namespace(step, &id, &namespace);
                self.write_state_of(step, &id);
            }
        }
        self.publishing = None;
        for id in std::mem::take(&mut self.eras).into_keys() {
            self.delete_era(step, &id);
        }
        self.erase_porches(step);
        self.porches.clear();
        self.forget_returning(step);
        for id in self.waiting.ids() {
            self.delete_waiting(step, &id);
        }
        self.waiting = Default::default();
        for id in std::mem::take(&mut self.invites).into_keys() {
            step.delete(self.key_of(RecordKind::Invite, id.as_bytes()));
        }
        self.delete_code(step);
        self.code = None;
        self.delete_sealed_key(step);
        self.sealed_key = None;
        self.member_key = None;
        self.write(step);
    }
}

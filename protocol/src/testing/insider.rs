//! A member's device in the hands of somebody who breaks the rules.

use std::collections::BTreeSet;

use crate::engine::Engine;
use crate::id::{CircleId, EnvelopeId, ItemId, KnockId, MemberId, StateId};
use crate::identity::{Credential, DeviceKey, Verified};
use crate::input::Venue;
use crate::ledger::{AgreementMotion, AgreementProof, ConsentProof, Declaration, Ledger, Motion};
use crate::output::Output;
use crate::testing::{Entry, Forged, ForgedAnswer, ForgedItem, ForgedSeal, Forgery, Kept};
use crate::time::Timestamp;
use crate::wire::{Envelope, FrameKind, TopicKey};

/// One circle of one device, used against the rules.
#[derive(Debug)]
pub struct Insider<'a> {
    engine: &'a mut Engine,
    circle: CircleId,
    now: Timestamp,
}

impl<'a> Insider<'a> {
    /// The insider who holds `engine`; `None` if it is not in the circle.
    pub fn of(engine: &'a mut Engine, circle: &CircleId, now: Timestamp) -> Option<Self> {
        engine.opened(circle)?;
        Some(Self { engine, circle: *circle, now })
    }

    /// The head of this device.
    #[must_use]
    pub fn head(&self) -> Option<StateId> {
        self.engine.opened(&self.circle).map(|circle| circle.head_id())
    }

    /// Every state this device keeps.
    #[must_use]
    pub fn states(&self) -> Vec<Kept> {
        self.engine.opened(&self.circle).map(|circle| circle.kept_states()).unwrap_or_default()
    }

    /// The path of the head, from the head downwards, as far as it is known.
    #[must_use]
    pub fn path(&self) -> Vec<Kept> {
        let states = self.states();
        let mut path = Vec::new();
        let mut at = self.head();
        while let Some(state) = at.and_then(|id| states.iter().find(|state| state.id == id)) {
            path.push(*state);
            at = state.parent;
        }
        path
    }

    /// The ledger of a state.
    #[must_use]
    pub fn ledger(&self, state: &StateId) -> Option<Ledger> {
        self.engine.opened(&self.circle)?.ledger_of(state)
    }

    /// The counter of the latest seal of this device.
    #[must_use]
    pub fn counter(&self) -> u64 {
        self.engine.opened(&self.circle).map_or(0, |circle| circle.seal_counter())
    }

    /// The members who broke their chains, as far as this device knows.
    #[must_use]
    pub fn equivocators(&self) -> BTreeSet<MemberId> {
        let circle = self.engine.opened(&self.circle);
        circle.map(|circle| circle.equivocators().clone()).unwrap_or_default()
    }

    /// The number of the next item of this device.
    #[must_use]
    pub fn seq(&self) -> u64 {
        self.engine.opened(&self.circle).map_or(0, |circle| circle.next_seq())
    }

    /// Makes a commit on any state whose keys are here. Nobody hears of it until it is published.
    pub fn commit(&mut self, parent: &StateId, forgery: Forgery) -> Option<Forged> {
        let now = self.now;
        self.engine
            .bend(now, &self.circle, |circle, step| circle.forge_commit(step, *parent, forgery))?
    }

    /// The state `made` counts on this device as if somebody else had its commit.
    pub fn take_up(&mut self, made: &StateId) {
        let now = self.now;
        self.engine.bend(now, &self.circle, |circle, step| circle.take_up(step, *made));
    }

    /// Seals an item under any state whose keys are here.
    pub fn item(&mut self, state: &StateId, item: ForgedItem) -> Option<ForgedSeal> {
        let now = self.now;
        self.engine.bend(now, &self.circle, |circle, step| circle.forge_item(step, *state, item))?
    }

    /// Seals an item that exists under any state whose keys are here.
    pub fn seal_again(
        &mut self,
        state: &StateId,
        item: &ItemId,
        counter: Option<u64>,
    ) -> Option<ForgedSeal> {
        let now = self.now;
        self.engine.bend(now, &self.circle, |circle, step| {
            circle.forge_seal_again(step, *state, item, counter)
        })?
    }

    /// Seals an item that exists as others carry it, be it one's own.
    pub fn forward(&mut self, state: &StateId, item: &ItemId) -> Option<ForgedSeal> {
        let now = self.now;
        self.engine
            .bend(now, &self.circle, |circle, step| circle.forge_forward(step, *state, item))?
    }

    /// Says something without a name: a report of an item with this quote, sealed to all devices.
    pub fn report(
        &mut self,
        item: &ItemId,
        quote: Option<Vec<u8>>,
    ) -> Option<Vec<Verified<Envelope>>> {
        let now = self.now;
        self.engine
            .bend(now, &self.circle, |circle, step| circle.forge_report(step, *item, quote))?
    }

    /// An item as its author signed it.
    pub fn signed(&mut self, item: &ItemId) -> Option<Vec<u8>> {
        let now = self.now;
        self.engine.bend(now, &self.circle, |circle, _| circle.signed_item(item))?
    }

    /// Answers whoever asks for what was said before with these signed items. Says how many asked.
    pub fn give_history(&mut self, items: &[Vec<u8>]) -> usize {
        self.give_history_with(items, &[], None)
    }

    /// The same with these credentials of authors, whatever they are, on a page that `stranger`
    /// vouches for, if there is one.
    pub fn give_history_with(
        &mut self,
        items: &[Vec<u8>],
        credentials: &[Credential],
        stranger: Option<&DeviceKey>,
    ) -> usize {
        let now = self.now;
        let given = self.engine.bend(now, &self.circle, |circle, step| {
            circle.forge_history(step, items, credentials, stranger)
        });
        given.unwrap_or_default()
    }

    /// Votes for any state whose keys are here.
    pub fn vote(&mut self, state: &StateId, counter: Option<u64>) -> Option<ForgedSeal> {
        let now = self.now;
        self.engine
            .bend(now, &self.circle, |circle, step| circle.forge_vote(step, *state, counter))?
    }

    /// Names, under the parent of two twins, the one this device says it had sealed under.
    pub fn name_twin(
        &mut self,
        parent: &StateId,
        twin: &StateId,
        commit: &EnvelopeId,
    ) -> Option<ForgedSeal> {
        let now = self.now;
        self.engine.bend(now, &self.circle, |circle, step| {
            circle.forge_naming(step, *parent, *twin, *commit)
        })?
    }

    /// Seals any record where items of a state belong, or where commits on it do.
    pub fn envelopes(
        &mut self,
        state: &StateId,
        kind: FrameKind,
        record: &[u8],
    ) -> Option<Vec<Verified<Envelope>>> {
        let now = self.now;
        self.engine.bend(now, &self.circle, |circle, step| {
            circle.forge_envelopes(step, state, kind, record)
        })?
    }

    /// Says of this device that it stands where `above`, from the head downwards, goes up from
    /// `common`.
    pub fn false_beacon(
        &mut self,
        above: Vec<[u8; 32]>,
        common: &StateId,
    ) -> Option<Vec<Verified<Envelope>>> {
        let now = self.now;
        let states = above.into_iter().map(StateId::from_bytes).chain([*common]).collect();
        self.engine.bend(now, &self.circle, |circle, step| circle.forge_beacon(step, states))?
    }

    /// Answers every question this device knows of, as somebody who is no member. Says how many
    /// there were.
    pub fn answer(&mut self, answer: ForgedAnswer) -> usize {
        let now = self.now;
        let answered =
            self.engine.bend(now, &self.circle, |circle, step| circle.forge_answers(step, answer));
        answered.unwrap_or_default()
    }

    /// Who knocked, also of those who are in by now, as long as it is remembered.
    #[must_use]
    pub fn knocks(&self) -> Vec<KnockId> {
        self.engine.opened(&self.circle).map(|circle| circle.knocks_kept()).unwrap_or_default()
    }

    /// What admits somebody who knocks here.
    #[must_use]
    pub fn entry(&self, knock: &KnockId) -> Option<Entry> {
        self.engine.opened(&self.circle)?.entry_of(knock)
    }

    /// This device's signature under a motion.
    #[must_use]
    pub fn consent(
        &self,
        motion: &Motion,
        declaration: Option<&Declaration>,
    ) -> Option<ConsentProof> {
        let key = self.engine.opened(&self.circle)?.key();
        Some(motion.agree(&self.circle, key, None, declaration))
    }

    /// This device's signature under a new agreement.
    #[must_use]
    pub fn agree(&self, motion: &AgreementMotion) -> Option<AgreementProof> {
        Some(motion.agree(&self.circle, self.engine.opened(&self.circle)?.key()))
    }

    /// The Welcome of a forged commit for somebody who knocked, sealed as an answer.
    pub fn welcome(&mut self, made: &Forged, knock: &KnockId) -> Option<Vec<Verified<Envelope>>> {
        let now = self.now;
        self.engine.bend(now, &self.circle, |circle, step| {
            circle.forge_welcome(step, &made.state, made.welcome.as_deref()?, knock)
        })?
    }

    /// The key of the topic that items of a state are published with now.
    #[must_use]
    pub fn topic_key(&self, state: &StateId) -> Option<TopicKey> {
        self.engine.opened(&self.circle)?.topic_key_of(state, self.now)
    }

    /// Hands envelopes to the driver of this device, as if they were honest.
    pub fn publish(&mut self, envelopes: Vec<Verified<Envelope>>) {
        let venue = Venue::Circle(self.circle);
        for envelope in envelopes {
            self.engine.emit(Output::Publish { venue, envelope });
        }
    }
}

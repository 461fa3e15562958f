//! What a circle's keys can do against its rules: for the attackers of the tests alone (feature
//! `testing`). Nothing here is reached from honest code.

use std::collections::BTreeSet;

use crate::circle::{Circle, Step};
use crate::content::{Ask, Content, ItemBody, ItemText, Scope, Share};
use crate::id::{EnvelopeId, ItemId, KnockId, MemberId, StateId};
use crate::identity::{DeviceKey, Verified};
use crate::ledger::{Admission, Change, Ledger};
use crate::mls::{DeviceSigner, Group, Provider};
use crate::order::Seal;
use crate::porch::{Beacon, Newest, Told};
use crate::state::{Built, Naming, Plan, SealLinks, SealPurpose, forge, seal_digest};
use crate::testing::{Entry, Forged, ForgedAnswer, ForgedItem, ForgedSeal, Forgery, Kept};
use crate::time::Timestamp;
use crate::wire::{self, Envelope, FrameKind, TopicKey};

impl Circle {
    /// The head.
    pub(crate) fn head_id(&self) -> StateId {
        self.head
    }

    /// Every state that is kept.
    pub(crate) fn kept_states(&self) -> Vec<Kept> {
        let kept = |(id, state): (&StateId, &crate::state::State)| Kept {
            id: *id,
            parent: state.parent,
            epoch: state.epoch,
            leaf: state.leaf,
            commit: state.commit,
            keys: state.held().is_some(),
        };
        self.states.iter().map(kept).collect()
    }

    /// The ledger of a state.
    pub(crate) fn ledger_of(&self, state: &StateId) -> Option<Ledger> {
        Some(Ledger::clone(&self.states.get(state)?.held()?.ledger))
    }

    /// The counter of the latest seal.
    pub(crate) fn seal_counter(&self) -> u64 {
        self.chain.counter
    }

    /// The number of the next item.
    pub(crate) fn next_seq(&self) -> u64 {
        self.chain.seq
    }

    /// The secrets behind a state's namespace, to look at what was sent under it.
    pub(crate) fn namespace_of(&self, state: &StateId) -> Option<&crate::mls::Namespace> {
        Some(self.states.get(state)?.held()?.namespace())
    }

    /// The state whose items an envelope holds, and the MLS message in it, if it is in one piece.
    pub(crate) fn message_in(&self, envelope: &Verified<Envelope>) -> Option<(StateId, Vec<u8>)> {
        let (id, held) = self.states.iter().find_map(|(id, state)| {
            let held = state.held()?;
            held.keys.item_seal.recognises(envelope).then_some((*id, held))
        })?;
        let frame = held.keys.item_seal.open(envelope).ok()?;
        (frame.kind == FrameKind::Item).then(|| (id, frame.record.to_vec()))
    }

    /// Whether an item is here, and who was in the state that it was first sealed under is not known.
    pub(crate) fn has_from_unknown(&self, item: &ItemId) -> bool {
        let first = self.items.get(item).map(|item| item.body.first_state);
        first.is_some_and(|first| self.members_at(&first).is_none())
    }

    /// A secret that only those in the head can work out, hashed.
    pub(crate) fn head_secret(&self) -> Option<[u8; 32]> {
        let held = self.head_held()?;
        let provider = Provider::new(crate::secret::Secret::from_bytes([0; 32]), held.namespace());
        let group = Group::load(&provider, &self.id).ok()?;
        let label = crate::label::Label::EXPORT_ITEMS;
        let secret = group.export(&provider, label, b"observed").ok()?;
        Some(crate::label::Label::STATE_ID.hash(&[secret.expose()]))
    }

    /// Makes a commit on any state, lawful or not, and keeps the state it makes.
    pub(crate) fn forge_commit(
        &mut self,
        step: &mut Step<'_>,
        parent: StateId,
        forgery: Forgery,
    ) -> Option<Forged> {
        let state = self.states.get(&parent)?;
        let counter = forgery.counter.unwrap_or(self.chain.counter + 1);
        let plan = Plan {
            changes: forgery.changes.clone(),
            key_packages: forgery.key_packages.clone(),
            counter,
            siblings: self.siblings(),
            period: step.now.hour().period(),
            seen: self.tips_to_name(),
            successor: None,
        };
        let injected = step.injected();
        let built = forge(&self.id, &self.key, parent, state, plan, &forgery, injected).ok()?;
        let held = state.held()?;
        let topic_key = self.publish_key(&held.era, step.now)?;
        let seal = &held.keys.commit_seal;
        let envelopes = Self::seal(step, seal, &topic_key, FrameKind::Commit, &built.commit)?;

        let Built { id, mut state, commit, welcome, era, seal } = built;
        state.commit = envelopes.last().map(|envelope| envelope.id());
        if let Some(start) = era {
            self.begin_era(step, id, start);
        }
        if forgery.counter.is_none() {
            self.chain.counter += 1;
        }
        self.note_sealed(step, seal.counter, &commit);
        self.take_seal(step, &seal);
        self.insert_state(step, id, state);
        self.write(step);
        Some(Forged { state: id, envelopes, welcome })
    }

    /// An own state counts as acknowledged.
    pub(crate) fn take_up(&mut self, step: &mut Step<'_>, state: StateId) {
        self.commit_held(step, state);
    }

    /// Signs and seals an item under any state.
    pub(crate) fn forge_item(
        &mut self,
        step: &mut Step<'_>,
        state: StateId,
        forged: ForgedItem,
    ) -> Option<ForgedSeal> {
        let seq = forged.seq.unwrap_or(self.chain.seq);
        let previous = if seq == 0 {
            None
        } else {
            self.places.get(&(self.key.id(), seq - 1)).copied().or(self.chain.previous)
        };
        let text = ItemText::new(forged.text).ok()?;
        let content = Share { ask: Ask::JustListening, content_note: None, title: None, text };
        let body = ItemBody {
            circle: self.id,
            member: self.me,
            device: self.key.id(),
            first_state: forged.first_state.unwrap_or(state),
            seq,
            previous,
            seen: self.tips_to_name(),
            written: forged.written.unwrap_or(step.now),
            scope: Scope::LaterToo,
            content: forged.content.unwrap_or(Content::Share(content)),
        };
        let item = body.sign(&self.key).verify().ok()?;
        let (id, signed) = (item.id, item.signed().to_bytes());
        if forged.seq.is_none() {
            self.chain.seq += 1;
            self.chain.previous = Some(id);
            self.keep_item(step, item);
        }
        let envelopes = self.forge_seal(step, state, SealPurpose::Item, forged.counter, &signed)?;
        Some(ForgedSeal { item: Some(id), envelopes })
    }

    /// Seals an item that exists under any state.
    pub(crate) fn forge_seal_again(
        &mut self,
        step: &mut Step<'_>,
        state: StateId,
        item: &ItemId,
        counter: Option<u64>,
    ) -> Option<ForgedSeal> {
        let known = self.items.whole(item)?;
        let own = known.body.device == self.key.id();
        let purpose = if own { SealPurpose::Item } else { SealPurpose::Forward };
        let signed = known.signed().to_bytes();
        let envelopes = self.forge_seal(step, state, purpose, counter, &signed)?;
        Some(ForgedSeal { item: Some(*item), envelopes })
    }

    /// Seals an item that exists under any state as others carry it, be it one's own.
    pub(crate) fn forge_forward(
        &mut self,
        step: &mut Step<'_>,
        state: StateId,
        item: &ItemId,
    ) -> Option<ForgedSeal> {
        let signed = self.items.whole(item)?.signed().to_bytes();
        let envelopes = self.forge_seal(step, state, SealPurpose::Forward, None, &signed)?;
        Some(ForgedSeal { item: Some(*item), envelopes })
    }

    /// Votes for any state.
    pub(crate) fn forge_vote(
        &mut self,
        step: &mut Step<'_>,
        state: StateId,
        counter: Option<u64>,
    ) -> Option<ForgedSeal> {
        let envelopes = self.forge_seal(step, state, SealPurpose::Vote, counter, &[])?;
        Some(ForgedSeal { item: None, envelopes })
    }

    /// Names one of two twins under their parent.
    pub(crate) fn forge_naming(
        &mut self,
        step: &mut Step<'_>,
        parent: StateId,
        state: StateId,
        commit: EnvelopeId,
    ) -> Option<ForgedSeal> {
        let naming = wire::encode(&Naming { state, commit });
        let envelopes = self.forge_seal(step, parent, SealPurpose::Naming, None, &naming)?;
        Some(ForgedSeal { item: None, envelopes })
    }

    /// Encrypts and seals a plaintext under any state.
    fn forge_seal(
        &mut self,
        step: &mut Step<'_>,
        state: StateId,
        purpose: SealPurpose,
        counter: Option<u64>,
        plaintext: &[u8],
    ) -> Option<Vec<Verified<Envelope>>> {
        let number = counter.unwrap_or(self.chain.counter + 1);
        let siblings = self.siblings();
        let links = SealLinks::new(state, number, purpose, siblings.clone());
        let held = self.states.get_mut(&state)?.held_mut()?;
        let provider = Provider::new(step.injected(), held.namespace());
        let signer = DeviceSigner::of(&self.key);
        let mut group = Group::load(&provider, &self.id).ok()?;
        let links = wire::encode(&links);
        let message = group.encrypt(&provider, &signer, &links, plaintext).ok()?;
        let (namespace, changes) = provider.into_changes();
        held.keep(namespace, None);
        if counter.is_none() {
            self.chain.counter += 1;
        }
        self.write_namespace(step, &state, changes);
        let seal = Seal {
            member: self.me,
            device: self.key.id(),
            counter: number,
            digest: seal_digest(&links, plaintext),
            vote: purpose.votes().then_some(state),
            siblings,
        };
        self.note_sealed(step, number, &message);
        self.take_seal(step, &seal);
        self.write(step);
        self.forge_envelopes(step, &state, FrameKind::Item, &message)
    }

    /// Seals any record under a state: commits where commits on it belong, all else where items do.
    pub(crate) fn forge_envelopes(
        &mut self,
        step: &mut Step<'_>,
        state: &StateId,
        kind: FrameKind,
        record: &[u8],
    ) -> Option<Vec<Verified<Envelope>>> {
        let topic_key = self.topic_key_of(state, step.now)?;
        let held = self.states.get(state)?.held()?;
        let seal = match kind {
            FrameKind::Commit => &held.keys.commit_seal,
            _ => &held.keys.item_seal,
        };
        Self::seal(step, seal, &topic_key, kind, record)
    }

    /// A beacon that names any states, sealed for the porch of the head's era.
    pub(crate) fn forge_beacon(
        &mut self,
        step: &mut Step<'_>,
        states: Vec<StateId>,
    ) -> Option<Vec<Verified<Envelope>>> {
        let era = self.head_held()?.era;
        let credential = self.own_credential()?;
        let record = Beacon::new(self.id, credential, states, step.now).sign(&self.key)?;
        let porch = self.porches.get(&era)?;
        let (seal, key) = (porch.seal_key(), porch.topic_key());
        Self::seal(step, &seal, &key, FrameKind::Beacon, &record)
    }

    /// The members who broke their chains, as far as this device knows.
    pub(crate) fn equivocators(&self) -> &BTreeSet<MemberId> {
        self.ballots.equivocators()
    }

    /// Answers every question on the porches as a stranger. Says how many there were.
    pub(crate) fn forge_answers(&mut self, step: &mut Step<'_>, answer: ForgedAnswer) -> usize {
        let key = DeviceKey::generate(step.random);
        let none = Told { from: None, steps: vec![], more: false, newest: None, is_member: true };
        let counted = self.answer_falsely(step, &key, |body| match answer {
            ForgedAnswer::NoWay => Told { is_member: false, ..none.clone() },
            ForgedAnswer::Nothing => Told { from: Some(body.head), ..none.clone() },
            ForgedAnswer::Seal => {
                let newest = Some(Newest { counter: u64::MAX, digest: [7; 32] });
                Told { from: Some(body.head), newest, ..none.clone() }
            }
        });
        self.write(step);
        counted
    }

    /// The key of the topic of a state's era.
    pub(crate) fn topic_key_of(&self, state: &StateId, now: Timestamp) -> Option<TopicKey> {
        self.publish_key(&self.states.get(state)?.held()?.era, now)
    }

    /// The knocks that are remembered.
    pub(crate) fn knocks_kept(&self) -> Vec<KnockId> {
        self.knocks.keys().copied().collect()
    }

    /// What admits somebody who knocks.
    pub(crate) fn entry_of(&self, knock: &KnockId) -> Option<Entry> {
        let entry = self.knocks.get(knock)?;
        let change = Change::Admit(Admission {
            member: entry.member,
            device: entry.device,
            name: entry.knock.body.name.clone(),
            invite: entry.invite,
            proof: entry.knock.proof(),
            again: false,
        });
        Some(Entry { knock: *knock, change, key_package: entry.key_package()?.to_vec() })
    }

    /// The Welcome into a forged state, sealed as an answer to a knock.
    pub(crate) fn forge_welcome(
        &mut self,
        step: &mut Step<'_>,
        state: &StateId,
        welcome: &[u8],
        knock: &KnockId,
    ) -> Option<Vec<Verified<Envelope>>> {
        let answer = self.admission(step, state, welcome)?;
        let entry = self.knocks.get(knock)?;
        let invite = self.ledger()?.invites().get(&entry.invite)?;
        let (topic_key, seal) = (invite.topic_key(), invite.seal_key());
        let reply = &entry.knock.body.reply;
        let sealed = answer.seal(knock, self.suite, reply, step.random).ok()?;
        Self::seal(step, &seal, &topic_key, FrameKind::Answer, &sealed.to_bytes())
    }
}

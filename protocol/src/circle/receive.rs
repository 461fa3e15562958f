//! Envelopes that arrive: opened, sorted, applied. Clauses: specs/03-circle C-8, C-12, specs/06-sync
//! Y-13 to Y-15.
//!
//! Everything new goes into the waiting room first and is resolved out of it, again and again as
//! long as commits bring new keys. Items of one batch are sorted by their device's seal counter
//! before they are decrypted, because a sender's ratchet tolerates only so much disorder.

use std::collections::{BTreeMap, BTreeSet};

use crate::circle::era::TopicUse;
use crate::circle::items::Closed;
use crate::circle::steward::removed_by;
use crate::circle::{Circle, Step};
use crate::id::{EnvelopeId, InviteId, StateId, Topic};
use crate::identity::Verified;
use crate::limits::{
    MAX_HOURS_AHEAD, MAX_WAITING, MAX_WAITING_OF_INVITE, MAX_WAITING_OF_PORCH, RELAY_KEEP,
};
use crate::state::{Hold, Me, Unapplied, apply};
use crate::time::Hour;
use crate::verdict::{Missing, Redundant, Verdict, Violation};
use crate::wire::chunk::{AssembleError, Manifest};
use crate::wire::{Envelope, Frame, FrameKind};

/// What an envelope turned out to hold.
enum Found {
    Commit(StateId, Frame),
    Item(StateId, Frame),
    Anonymous(StateId, Frame),
    Grant(StateId, Frame),
    Post(InviteId, Frame),
    Porch(StateId, Frame),
}

/// Something found, and the chunks it was put together from.
type Whole = (Found, Vec<EnvelopeId>);

/// What has become of the envelopes of one call.
pub(super) type Verdicts = BTreeMap<EnvelopeId, Verdict>;

impl Circle {
    /// Takes in a batch; the verdicts are in the order of the envelopes.
    pub(crate) fn receive(
        &mut self,
        step: &mut Step<'_>,
        envelopes: Vec<Verified<Envelope>>,
    ) -> Vec<Verdict> {
        let ids: Vec<EnvelopeId> = envelopes.iter().map(|envelope| envelope.id()).collect();
        let mut verdicts = Verdicts::new();
        let mut fresh = BTreeSet::new();
        for (id, envelope) in ids.iter().zip(envelopes) {
            // What this device sent comes from somebody else: so somebody else has it.
            self.note_acknowledged(step, id);
            match self.screen(step, id, &envelope) {
                Some(verdict) => {
                    verdicts.entry(*id).or_insert(verdict);
                }
                None => {
                    self.waiting.insert(*id, envelope, false);
                    fresh.insert(*id);
                }
            }
        }
        if !fresh.is_empty() {
            self.note_heard(step);
            let candidates = self.waiting.helped_by(&fresh).into_iter().collect();
            self.resolve(step, candidates, &mut verdicts);
            self.keep_waiting(step, &fresh, &mut verdicts);
            self.name_twins(step);
            self.name_removals(step);
            self.settle(step);
            self.say_spared(step);
            self.go_if_alone(step);
        } else {
            self.say_again(step);
        }
        let unknown = Verdict::Ignore(Redundant::Duplicate);
        ids.iter().map(|id| verdicts.get(id).copied().unwrap_or(unknown)).collect()
    }

    /// What can be said of an envelope without opening it.
    fn screen(
        &self,
        step: &Step<'_>,
        id: &EnvelopeId,
        envelope: &Verified<Envelope>,
    ) -> Option<Verdict> {
        let hour = envelope.hour();
        if hour.get() > step.now.hour().get().saturating_add(MAX_HOURS_AHEAD) {
            return Some(Verdict::Ignore(Redundant::TooFarAhead));
        }
        // Sealed before this device came in, even by a slow clock: nothing it could ever open.
        if hour.get().saturating_add(MAX_HOURS_AHEAD) < self.since.get() {
            return Some(Verdict::Ignore(Redundant::Settled));
        }
        if self.seen.contains(id) || self.waiting.get(id).is_some() {
            return Some(Verdict::Ignore(Redundant::Duplicate));
        }
        match self.topic_use(&envelope.topic()) {
            None => Some(Verdict::Ignore(Redundant::ForeignTopic)),
            Some(TopicUse::Era(_, period)) if hour.period() != period => {
                Some(Verdict::Ignore(Redundant::ForeignTopic))
            }
            Some(_) => None,
        }
    }

    /// Keys came by another way than a commit: what waits may be for them.
    pub(super) fn open_waiting(&mut self, step: &mut Step<'_>) {
        let waiting = self.waiting.ids().into_iter().collect();
        self.resolve(step, waiting, &mut Verdicts::new());
    }

    /// Opens what can be opened among `candidates`, and again whatever waits when that brought new
    /// keys.
    fn resolve(
        &mut self,
        step: &mut Step<'_>,
        mut candidates: BTreeSet<EnvelopeId>,
        verdicts: &mut Verdicts,
    ) {
        let mut votes_came = false;
        loop {
            self.ring.refresh(&self.states);
            let mut items: BTreeMap<StateId, Vec<Closed>> = BTreeMap::new();
            let mut states_came = false;
            for id in candidates {
                let (verdict, chunks) = match self.open(&id) {
                    Ok(None) => continue,
                    Err(verdict) => (verdict, Vec::new()),
                    Ok(Some((found, chunks))) => match found {
                        Found::Commit(parent, frame) => {
                            let sealed = self.waiting.get(&id).map(|envelope| envelope.hour());
                            let hour = sealed.unwrap_or_else(|| step.now.hour());
                            let verdict =
                                self.take_commit(step, (&id, hour), parent, &frame.record);
                            if matches!(verdict, Verdict::Defer(_)) {
                                continue;
                            }
                            if verdict == Verdict::Accept {
                                states_came = true;
                                // What comes after it in this round may be for its keys.
                                self.ring.refresh(&self.states);
                                self.keep_waiting_commit(step, &id, &chunks);
                            }
                            (verdict, chunks)
                        }
                        Found::Anonymous(state, frame) => {
                            let sealed = self.waiting.get(&id).map(|envelope| envelope.hour());
                            let hour = sealed.unwrap_or_else(|| step.now.hour());
                            (self.take_anonymous(step, state, hour, &frame.record), chunks)
                        }
                        Found::Grant(state, frame) => {
                            (self.take_given(step, state, &frame.record), chunks)
                        }
                        Found::Post(invite, frame) => {
                            (self.take_post(step, invite, &frame), chunks)
                        }
                        Found::Porch(era, frame) => {
                            let (verdict, came) = self.take_porch(step, era, &frame);
                            states_came |= came;
                            if matches!(verdict, Verdict::Defer(_)) {
                                continue;
                            }
                            (verdict, chunks)
                        }
                        Found::Item(state, frame) => {
                            match Closed::read((id, &chunks), state, frame) {
                                Ok(closed) => {
                                    items.entry(state).or_default().push(closed);
                                    continue;
                                }
                                Err(violation) => (Verdict::Reject(violation), chunks),
                            }
                        }
                    },
                };
                self.resolved_whole(step, id, &chunks, verdict, verdicts);
            }
            let mut by_epoch: Vec<_> = items.into_iter().collect();
            by_epoch.sort_by_key(|(state, _)| self.states.get(state).map(|state| state.epoch));
            for (state, closed) in by_epoch {
                let came = self.take_items(step, state, closed, verdicts);
                votes_came |= came.votes;
                states_came |= came.namings;
            }
            if !states_came {
                break;
            }
            votes_came = false;
            self.choose_head(step);
            candidates = self.waiting.ids().into_iter().collect();
        }
        // Chosen after the batch and not per message.
        if votes_came {
            self.choose_head(step);
        }
        self.say_again(step);
    }

    /// Opens one waiting envelope; large records are put together from their chunks, which are
    /// named so that they leave the waiting room with it.
    fn open(&mut self, id: &EnvelopeId) -> Result<Option<Whole>, Verdict> {
        let Some(envelope) = self.waiting.get(id) else {
            return Ok(None);
        };
        let malformed = Verdict::Reject(Violation::Malformed);
        let unsealed = self.unseal(envelope, self.waiting.tried(id)).map_err(|_| malformed)?;
        let Some((place, frame)) = unsealed else {
            self.waiting.lacks_key(id, self.ring.newest());
            return Ok(None);
        };
        let (frame, chunks) = match frame.kind {
            FrameKind::Manifest => {
                let manifest = Manifest::from_bytes(&frame.record).map_err(|_| malformed)?;
                match manifest.assemble(|chunk| self.waiting.get(chunk).cloned()) {
                    Ok(whole) => (whole, manifest.chunks().to_vec()),
                    Err(AssembleError::Missing(chunks)) => {
                        if let Some(chunk) = chunks.first() {
                            self.waiting.lacks_chunk(id, *chunk);
                        }
                        return Ok(None);
                    }
                    Err(_) => return Err(malformed),
                }
            }
            _ => (frame, Vec::new()),
        };
        let found = match (place, frame.kind) {
            (Place::Items(state), FrameKind::Item) => Found::Item(state, frame),
            (Place::Items(state), FrameKind::Anonymous) if chunks.is_empty() => {
                Found::Anonymous(state, frame)
            }
            (Place::Items(state), FrameKind::Grant) => Found::Grant(state, frame),
            (Place::Commits(state), FrameKind::Commit) => Found::Commit(state, frame),
            (
                Place::Porch(era),
                FrameKind::Ask
                | FrameKind::Run
                | FrameKind::Handover
                | FrameKind::Return
                | FrameKind::TakenBack
                | FrameKind::Beacon,
            ) => Found::Porch(era, frame),
            (
                Place::Post(invite),
                FrameKind::Card
                | FrameKind::Knock
                | FrameKind::Answer
                | FrameKind::DeviceRequest
                | FrameKind::DeviceGrant
                | FrameKind::Door,
            ) => Found::Post(invite, frame),
            _ => return Err(Verdict::Reject(Violation::Misplaced)),
        };
        Ok(Some((found, chunks)))
    }

    /// Finds the key whose hint an envelope carries, and opens the envelope with it. Of the keys of
    /// states only those that came after `tried` are looked at.
    fn unseal(
        &self,
        envelope: &Verified<Envelope>,
        tried: u64,
    ) -> Result<Option<(Place, Frame)>, crate::wire::envelope::OpenError> {
        match self.topic_use(&envelope.topic()) {
            Some(TopicUse::Invite(invite)) => {
                let entry = self.ledger().and_then(|ledger| ledger.invites().get(&invite));
                let code = || self.code_keys(&invite).map(|(_, seal)| seal);
                let Some(seal) = entry.map(|entry| entry.seal_key()).or_else(code) else {
                    return Ok(None);
                };
                if !seal.recognises(envelope) {
                    return Ok(None);
                }
                Ok(Some((Place::Post(invite), seal.open(envelope)?)))
            }
            Some(TopicUse::Porch(era)) => {
                let Some(seal) = self.porches.get(&era).map(|porch| porch.seal_key()) else {
                    return Ok(None);
                };
                if !seal.recognises(envelope) {
                    return Ok(None);
                }
                Ok(Some((Place::Porch(era), seal.open(envelope)?)))
            }
            // It was followed when this came in: a clock set right meanwhile takes nothing away.
            None | Some(TopicUse::Era(..)) => {
                for id in self.ring.since(tried) {
                    let Some(held) = self.states.get(id).and_then(|state| state.held()) else {
                        continue;
                    };
                    if held.keys.item_seal.recognises(envelope) {
                        return Ok(Some((Place::Items(*id), held.keys.item_seal.open(envelope)?)));
                    }
                    if held.keys.commit_seal.recognises(envelope) {
                        let frame = held.keys.commit_seal.open(envelope)?;
                        return Ok(Some((Place::Commits(*id), frame)));
                    }
                }
                Ok(None)
            }
        }
    }

    pub(super) fn take_commit(
        &mut self,
        step: &mut Step<'_>,
        (envelope, hour): (&EnvelopeId, Hour),
        parent: StateId,
        message: &[u8],
    ) -> Verdict {
        let me = Me { device: self.key.id(), coming: self.coming_as() };
        let Some(state) = self.states.get_mut(&parent) else {
            return Verdict::Defer(Missing::Key);
        };
        match apply(&self.id, me, parent, state, message, step.injected()) {
            Err(Unapplied::Against(violation)) => {
                if violation == Violation::Mls {
                    self.note_unfollowed(&parent);
                }
                Verdict::Reject(violation)
            }
            Err(Unapplied::Own { counter }) => {
                // With a leaf that was given up nothing can be said of today's key.
                if state.held().is_some_and(|held| {
                    !held.left && held.ledger.member_of(&self.key.id()).is_some()
                }) {
                    self.meet_own_commit(step, counter, message);
                }
                Verdict::Ignore(Redundant::Duplicate)
            }
            Err(Unapplied::TakesBack) => Verdict::Ignore(Redundant::NotForUs),
            Ok(applied) if self.knows_keys_of(&applied.id) => Verdict::Ignore(Redundant::Duplicate),
            Ok(applied)
                if self.waits_to_be_named(&parent, (&applied.id, &applied.state), envelope) =>
            {
                Verdict::Defer(Missing::Naming)
            }
            Ok(mut applied) => {
                self.take_seal(step, &applied.seal);
                applied.state.commit = Some(*envelope);
                let removed = removed_by(&applied.changes);
                let by = applied.state.member;
                self.log_removals(step, applied.id, by, hour, removed);
                self.log_deeds(step, (&parent, applied.id), by, hour, &applied.changes);
                if let Some(era) = applied.era {
                    self.begin_era(step, applied.id, era);
                }
                self.insert_state(step, applied.id, applied.state);
                self.stir(step);
                self.to_name.insert(applied.id);
                self.heed_namings(step, &parent);
                Verdict::Accept
            }
        }
    }

    /// Whether a state is, or was, more than a header learnt on joining.
    fn knows_keys_of(&self, id: &StateId) -> bool {
        let learnt = |hold: &Hold| matches!(hold, Hold::Header(remains) if !remains.pruned);
        self.states.get(id).is_some_and(|state| !learnt(&state.hold))
    }

    fn take_post(&mut self, step: &mut Step<'_>, invite: InviteId, frame: &Frame) -> Verdict {
        if self.code_keys(&invite).is_some() {
            return self.take_code_post(step, frame);
        }
        match frame.kind {
            FrameKind::Card => self.take_card(step, invite, &frame.record),
            FrameKind::Knock => self.take_knock(step, invite, &frame.record),
            // Answers are for those who knocked; the engine shows them to a joining of this device.
            _ => Verdict::Ignore(Redundant::NotForUs),
        }
    }

    /// An envelope leaves the waiting room with the chunks it was put together from.
    pub(super) fn resolved_whole(
        &mut self,
        step: &mut Step<'_>,
        id: EnvelopeId,
        chunks: &[EnvelopeId],
        verdict: Verdict,
        verdicts: &mut Verdicts,
    ) {
        for id in [&id].into_iter().chain(chunks) {
            self.resolved(step, *id, verdict, verdicts);
        }
    }

    /// An envelope leaves the waiting room: kept to be served if it is good, else forgotten.
    pub(super) fn resolved(
        &mut self,
        step: &mut Step<'_>,
        id: EnvelopeId,
        verdict: Verdict,
        verdicts: &mut Verdicts,
    ) {
        let Some(waiting) = self.waiting.remove(&id) else {
            return;
        };
        verdicts.insert(id, verdict);
        if waiting.written {
            self.delete_waiting(step, &id);
        }
        if verdict == Verdict::Ignore(Redundant::NoRoom) {
            // There may be room when it is offered again.
            return;
        }
        self.seen.insert(id);
        // What is for others to open is theirs to fetch from relays.
        let ours = !matches!(verdict, Verdict::Ignore(Redundant::NotForUs) | Verdict::Reject(_));
        if ours {
            self.write_envelope(step, &id, &waiting.envelope);
        } else if waiting.written {
            self.delete_envelope(step, &waiting.envelope, &id);
        }
    }

    /// If there is no room for one more of a topic, somebody goes, drawn by lot: whoever floods the
    /// room mostly evicts what they sent. What went is no longer held, so it is asked for again.
    fn make_room(&mut self, step: &mut Step<'_>, topic: &Topic) {
        let limit = match self.topic_use(topic) {
            // What waits on the topic of an invite is chunks for others, or noise.
            Some(TopicUse::Invite(_)) | None => MAX_WAITING_OF_INVITE,
            Some(TopicUse::Porch(_)) => MAX_WAITING_OF_PORCH,
            Some(TopicUse::Era(..)) => MAX_WAITING / 4,
        };
        let written = if !self.waiting.has_room(topic, limit) {
            self.waiting.written(Some(topic))
        } else if self.waiting.is_full() {
            self.waiting.written(None)
        } else {
            return;
        };
        let lot = step.random.below(written.len() as u64);
        let drawn = usize::try_from(lot).ok().and_then(|lot| written.get(lot).copied());
        if let Some(id) = drawn {
            self.stop_waiting(step, &id);
        }
    }

    fn stop_waiting(&mut self, step: &mut Step<'_>, id: &EnvelopeId) {
        if let Some(waiting) = self.waiting.remove(id) {
            self.delete_waiting(step, id);
            self.delete_envelope(step, &waiting.envelope, id);
        }
    }

    /// Drops what has waited longer than any relay keeps what it waits for.
    pub(super) fn age_waiting(&mut self, step: &mut Step<'_>) {
        let keep = u32::try_from(RELAY_KEEP.as_secs() / 3600).unwrap_or(u32::MAX);
        let oldest = Hour::new(step.now.hour().get().saturating_sub(keep));
        for id in self.waiting.older_than(oldest) {
            self.stop_waiting(step, &id);
        }
    }

    /// What is left of this call's envelopes stays, and others may have to go.
    fn keep_waiting(
        &mut self,
        step: &mut Step<'_>,
        fresh: &BTreeSet<EnvelopeId>,
        verdicts: &mut Verdicts,
    ) {
        for id in fresh {
            let Some(envelope) = self.waiting.get(id).cloned() else {
                continue;
            };
            self.make_room(step, &envelope.topic());
            self.waiting.mark_written(id);
            self.write_waiting(step, id, &envelope);
            self.write_envelope(step, id, &envelope);
            verdicts.insert(*id, Verdict::Defer(Missing::Key));
        }
        // Who had to go for what came after it is to be asked for again, like who found no room.
        for (id, verdict) in verdicts.iter_mut() {
            if *verdict == Verdict::Defer(Missing::Key) && self.waiting.get(id).is_none() {
                *verdict = Verdict::Ignore(Redundant::NoRoom);
            }
        }
    }
}

/// Under which key an envelope was found.
enum Place {
    Items(StateId),
    Commits(StateId),
    Post(InviteId),
    Porch(StateId),
}

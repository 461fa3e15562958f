//! Keys go when nobody needs them any more; what a state was stays as a header.
//! Clauses: specs/04-order O-52, O-54 to O-60.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use crate::circle::intent::IntentKind;
use crate::circle::send::Carries;
use crate::circle::votes::{evidence, voters};
use crate::circle::{Circle, Step};
use crate::id::{DeviceId, MemberId, StateId};
use crate::ledger::Ledger;
use crate::limits::{
    HEAD_AGE, HEADER_KEEP, MAX_HEADER_MEMBERS, MAX_KEPT_HEADERS, MAX_STATES, YOUNG_STATE,
};
use crate::order::{Evidence, Heard, Known, Settled, Signs};
use crate::state::{Hold, Remains, State};
use crate::time::{Hour, Timestamp};

/// How often a circle looks at what may go.
const REVIEW: Duration = Duration::from_secs(10 * 60);

impl Circle {
    /// Looks, now and then, at what may go and at what has to move on for it.
    pub(super) fn review_retention(&mut self, step: &mut Step<'_>) {
        let early = self.watch.reviewed.is_some_and(|at| step.now.since(at) < REVIEW);
        if early || !self.has_caught_up(step.now) {
            return;
        }
        self.watch.reviewed = Some(step.now);
        self.move_on(step);
        self.let_go(step);
        self.drop_headers(step);
    }

    /// A head under which something was said is left after twelve hours, so that its keys can go, and
    /// sooner where somebody has said as much under it as they may: one member renews a leaf, each after
    /// its own wait, and the others stand down.
    fn move_on(&mut self, step: &mut Step<'_>) {
        let head = self.head;
        let has_moved =
            |kind: &IntentKind| matches!(kind, IntentKind::MoveOn(state) if *state != head);
        self.drop_intents(step, has_moved);
        let watch = self.watch.states.get(&head).copied().unwrap_or_default();
        let old = watch.head_since.is_some_and(|since| step.now.since(since) >= HEAD_AGE);
        let wanted =
            self.intents.values().any(|intent| matches!(intent.kind, IntentKind::MoveOn(_)));
        if watch.used && !wanted && (old || self.is_full_for_somebody(&head)) {
            let due = self.turn(step, None);
            self.want(step, IntentKind::MoveOn(head), due);
        }
    }

    /// Lets go what is settled, and keeps the choices that were made there for good.
    fn let_go(&mut self, step: &mut Step<'_>) {
        let settled = self.settled(step.now);
        if settled.is_empty() {
            return;
        }
        self.remember_devices(step);
        for Settled { state, child, gone } in settled {
            for id in gone {
                self.shed(step, &id);
            }
            if let Some(state) = state {
                self.freeze(step, state, child);
            }
        }
        self.forget_ballots(step);
        self.refresh_topics(step);
    }

    fn settled(&self, now: Timestamp) -> Vec<Settled> {
        let mut held: BTreeMap<StateId, BTreeSet<MemberId>> = BTreeMap::new();
        let mut electorates = BTreeMap::new();
        for (id, state) in &self.states {
            if let Some(here) = state.held() {
                held.insert(*id, here.ledger.members().keys().copied().collect());
                electorates.extend(voters(state).map(|voters| (*id, voters)));
            }
        }
        if held.len() < 2 {
            return Vec::new();
        }
        let states: BTreeMap<StateId, Evidence> =
            self.states.iter().map(|(id, state)| (*id, evidence(state))).collect();
        let past = self.watch.states.iter();
        let mut past: BTreeMap<StateId, Timestamp> =
            past.filter_map(|(id, watch)| Some((*id, watch.past_since?))).collect();
        // Nobody has it yet: from when on they may go there is to be seen.
        past.extend(self.pending.as_ref().map(|pending| (pending.state, now)));
        let (given_up, taken_out) = (self.given_up(), self.taken_out());
        let since = self.first_stood();
        let devices = self.ledger().map(several_devices).unwrap_or_default();
        let mut heard = self.watch.heard.clone();
        // Where this device stands it knows.
        heard.entry(self.me).and_modify(|own| own.at = now);
        if devices.contains_key(&self.me) {
            heard.entry(self.me).or_insert(Heard { at: now, behind: None });
        }
        let unheard = self.unheard_where_it_came_in(&devices);
        let signs = Signs {
            circle: &self.id,
            known: Known {
                me: self.me,
                states: &states,
                electorates: &electorates,
                since: &since,
                ballots: &self.ballots,
                namings: &self.namings,
                given_up: &given_up,
                taken_out: &taken_out,
                frozen: &self.frozen,
            },
            head: self.head,
            held: &held,
            past: &past,
            heard: &heard,
            devices: &devices,
            unheard: &unheard,
            now,
        };
        signs.settled()
    }

    /// Of these devices those that were in a state by which this one came in, and of which it has heard nothing.
    fn unheard_where_it_came_in(
        &self,
        devices: &BTreeMap<MemberId, Vec<DeviceId>>,
    ) -> BTreeMap<StateId, BTreeSet<DeviceId>> {
        let is_entry = |state: &State| {
            let parent = state.parent.and_then(|parent| self.states.get(&parent));
            parent.is_none_or(|parent| evidence(parent).told)
        };
        let devices: Vec<&DeviceId> = devices.values().flatten().collect();
        let own = self.key.id();
        let unheard = |ledger: &Ledger| {
            let silent = devices.iter().filter(|device| ***device != own);
            let silent = silent.filter(|device| self.ballots.vote_of(device).is_none());
            silent.filter(|device| ledger.member_of(device).is_some()).map(|id| **id).collect()
        };
        let entries = self.states.iter().filter(|(_, state)| is_entry(state));
        entries
            .filter_map(|(id, state)| Some((*id, unheard(&state.held()?.ledger))))
            .filter(|(_, unheard): &(StateId, BTreeSet<DeviceId>)| !unheard.is_empty())
            .collect()
    }

    /// The keys of a state go, with its MLS records and all that only they could open. Its header
    /// stays.
    pub(super) fn shed(&mut self, step: &mut Step<'_>, id: &StateId) {
        self.remember_names(step, id);
        let Some(state) = self.states.get_mut(id) else {
            return;
        };
        let Some(held) = state.held() else {
            return;
        };
        let remains = Remains {
            pruned: true,
            since: step.now.hour(),
            chosen: self.frozen.get(id).copied(),
            members: Some(Arc::new(held.ledger.members().keys().copied().collect())),
            departures: held.departures.clone(),
        };
        if let Hold::Keys(held) = std::mem::replace(&mut state.hold, Hold::Header(remains)) {
            self.delete_namespace(step, id, held.namespace());
        }
        self.write_state_of(step, id);
        self.unwatch_state(step, id);
        if self.pending.as_ref().is_some_and(|pending| pending.state == *id) {
            self.pending = None;
            self.drop_outgoing(step, Carries::Commit(*id));
            self.write(step);
        }
        self.drop_namings(step, id);
    }

    /// From now on the child that was chosen is the only one, whatever else turns up.
    fn freeze(&mut self, step: &mut Step<'_>, id: StateId, child: StateId) {
        self.frozen.insert(id, child);
        let state = self.states.get_mut(&id).map(|state| &mut state.hold);
        if let Some(Hold::Header(remains)) = state {
            remains.chosen = Some(child);
        }
        self.write_state_of(step, &id);
        let path = self.path();
        let lost: Vec<StateId> = self
            .states
            .iter()
            .filter(|(other, state)| state.parent == Some(id) && !path.contains(*other))
            .map(|(other, _)| *other)
            .collect();
        // Nobody replays what lost for good.
        for other in lost {
            self.drop_commit(step, &other);
        }
    }

    /// Seals under states whose keys are gone vote for nothing that is still open.
    fn forget_ballots(&mut self, step: &mut Step<'_>) {
        let states = &self.states;
        let kept = |id: &StateId| {
            states.get(id).is_none_or(|state| !matches!(state.hold, Hold::Header(_)))
        };
        for (device, counter) in self.ballots.forget(kept) {
            self.delete_ballot(step, &device, counter);
        }
    }

    /// Headers go after 400 days, or when there are too many. The one that began an era in use
    /// stays, and those that say how far somebody who was taken out was heard.
    fn drop_headers(&mut self, step: &mut Step<'_>) {
        let keep = u32::try_from(HEADER_KEEP.as_secs() / 3600).unwrap_or(u32::MAX);
        let oldest = Hour::new(step.now.hour().get().saturating_sub(keep));
        let mut headers: Vec<(u64, StateId, Hour)> = self
            .states
            .iter()
            .filter(|(id, _)| !self.eras.contains_key(*id))
            .filter_map(|(id, state)| match &state.hold {
                Hold::Header(remains) if remains.departures.is_none() => {
                    Some((state.epoch, *id, remains.since))
                }
                _ => None,
            })
            .collect();
        headers.sort_unstable();
        let too_many = headers.len().saturating_sub(MAX_KEPT_HEADERS);
        for (place, (_, id, since)) in headers.into_iter().enumerate() {
            if place < too_many || since < oldest {
                self.forget_state(step, &id);
            }
        }
        self.drop_header_members(step);
    }

    /// The lists of members of old headers go when all together are too long.
    fn drop_header_members(&mut self, step: &mut Step<'_>) {
        let mut lists: Vec<(u64, StateId, usize)> = self
            .states
            .iter()
            .filter_map(|(id, state)| match &state.hold {
                Hold::Header(remains) => Some((state.epoch, *id, remains.members.as_ref()?.len())),
                _ => None,
            })
            .collect();
        lists.sort_unstable();
        let mut all: usize = lists.iter().map(|(_, _, members)| members).sum();
        for (_, id, members) in lists {
            if all <= MAX_HEADER_MEMBERS {
                return;
            }
            all -= members;
            if let Some(Hold::Header(remains)) = self.states.get_mut(&id).map(|s| &mut s.hold) {
                remains.members = None;
            }
            self.write_state_of(step, &id);
        }
    }

    /// Takes back from the headers what was chosen for good: after a start, or on coming in.
    pub(super) fn refreeze(&mut self) {
        for (id, state) in &self.states {
            if let Hold::Header(Remains { chosen: Some(chosen), .. }) = &state.hold {
                self.frozen.insert(*id, *chosen);
            }
        }
    }

    /// More states than a circle keeps: some have to go before they are settled. Rivals go before
    /// the path, old before new; none is younger than two days as long as there is another.
    pub(super) fn shed_too_many(&mut self, step: &mut Step<'_>) {
        while self.states.values().filter(|state| state.held().is_some()).count() > MAX_STATES {
            let path = self.path();
            let pending = self.pending.as_ref().map(|pending| pending.state);
            let young = |id: &StateId| {
                let past = self.watch.states.get(id).and_then(|watch| watch.past_since);
                past.is_none_or(|past| step.now.since(past) < YOUNG_STATE)
            };
            let oldest = self
                .states
                .iter()
                .filter(|(_, state)| state.held().is_some())
                .filter(|(id, _)| **id != self.head && Some(**id) != pending)
                .min_by_key(|(id, state)| (young(id), path.contains(*id), state.epoch, **id))
                .map(|(id, _)| *id);
            let Some(oldest) = oldest else {
                return;
            };
            let child = path
                .iter()
                .find(|id| self.states.get(*id).is_some_and(|state| state.parent == Some(oldest)));
            let child = child.copied();
            self.remember_devices(step);
            self.shed(step, &oldest);
            if let Some(child) = child {
                self.freeze(step, oldest, child);
            }
        }
    }

    /// Whether this device held the keys of a state and has let them go.
    pub(super) fn is_pruned(&self, id: &StateId) -> bool {
        let hold = self.states.get(id).map(|state| &state.hold);
        matches!(hold, Some(Hold::Header(remains)) if remains.pruned)
    }

    /// The members of a state, also of one whose keys are gone, as long as they are remembered.
    pub(super) fn members_at(&self, id: &StateId) -> Option<Arc<BTreeSet<MemberId>>> {
        match &self.states.get(id)?.hold {
            Hold::Keys(held) => Some(Arc::new(held.ledger.members().keys().copied().collect())),
            Hold::Header(remains) => remains.members.clone(),
            Hold::Closing(_) => None,
        }
    }
}

/// The devices of the members who have several.
fn several_devices(ledger: &Ledger) -> BTreeMap<MemberId, Vec<DeviceId>> {
    let several = ledger.members().iter().filter(|(_, entry)| entry.devices.len() > 1);
    several.map(|(member, entry)| (*member, entry.devices.clone())).collect()
}

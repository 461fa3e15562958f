//! What this device knows of who stands where, and what the choice of the head makes of it.
//! Clauses: specs/04-order O-10, O-31 to O-39, specs/03-circle C-12.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use crate::circle::seal::Message;
use crate::circle::send::Carries;
use crate::circle::{Circle, Standing, Step};
use crate::id::{DeviceId, MemberId, StateId};
use crate::ledger::{Ledger, MemberEntry};
use crate::limits::{MAX_OUTBOX, MAX_SIBLINGS};
use crate::order::{Cast, Evidence, Known, Seal, Sibling};
use crate::state::{Ending, Hold, SealPurpose, State};
use crate::time::Timestamp;

/// When a device says where it stands, though it has nothing to say.
#[derive(Debug, Default)]
pub(super) struct Poll {
    /// When it did so last, since it was started.
    last: Option<Timestamp>,
    /// When it will.
    pub(super) due: Option<Timestamp>,
}

impl Circle {
    /// Says where this device stands when that is due, and decides when it will be: soon after
    /// nothing that it sealed says so any more.
    pub(super) fn review_vote(&mut self, step: &mut Step<'_>) {
        if !self.stands_elsewhere() {
            self.poll.due = None;
            return;
        }
        match self.poll.due {
            None => {
                let longest = u64::try_from(step.timings.vote_wait.as_millis()).unwrap_or(u64::MAX);
                let wait = Duration::from_millis(step.random.below(longest.max(1)));
                let interval = if self.rivals() > 0 || self.newcomers_lack_its_vote() {
                    step.timings.vote_interval_in_a_fork
                } else {
                    step.timings.vote_interval
                };
                let earliest = self.poll.last.map_or(step.now, |last| last.after(interval));
                self.poll.due = Some(earliest.max(step.now).after(wait));
            }
            Some(due) if due <= step.now => {
                self.poll = Poll { last: Some(step.now), due: None };
                let message = Message {
                    state: self.head,
                    purpose: SealPurpose::Vote,
                    plaintext: &[],
                    carries: Carries::Seal(self.chain.counter + 1),
                };
                // If the head cannot seal, this device has nothing to say under it either.
                let _ = self.seal_message(step, &message);
            }
            Some(_) => {}
        }
    }

    /// Whether the newest vote of this device is not for the head, though others would count it.
    fn stands_elsewhere(&self) -> bool {
        let stands = self.ballots.vote_of(&self.key.id()).and_then(|seal| seal.vote);
        !self.is_alone()
            && self.standing == Standing::Active
            && self.pending.is_none()
            && !self.is_muted()
            && self.outbox.len() < MAX_OUTBOX
            && (stands != Some(self.head) || self.newcomers_lack_its_vote())
    }

    /// Whether a commit of this member made the head and let somebody in, while there are rivals, or further
    /// devices of this member, and this device said no more there since: who came in by it does not have
    /// the vote that is in it.
    fn newcomers_lack_its_vote(&self) -> bool {
        let own = self.key.id();
        let at_head = |seal: &&Seal| seal.device == own && seal.vote == Some(self.head);
        self.let_somebody_in(&self.head)
            && (self.rivals() > 0 || self.has_further_devices())
            && self.ballots.seals().filter(at_head).count() == 1
    }

    /// Whether this device's member has others in the head.
    fn has_further_devices(&self) -> bool {
        let own = self.ledger().and_then(|ledger| ledger.members().get(&self.me));
        own.is_some_and(|own| own.devices.len() > 1)
    }

    /// Whether a commit of this member made a state, in which there is a device that was none before.
    fn let_somebody_in(&self, state: &StateId) -> bool {
        let Some(made) = self.states.get(state).filter(|state| state.member == Some(self.me))
        else {
            return false;
        };
        let before = made.parent.and_then(|parent| self.states.get(&parent)).and_then(State::held);
        let Some((before, after)) = before.zip(made.held()) else {
            return false;
        };
        let mut devices = after.ledger.members().values().flat_map(|entry| &entry.devices);
        devices.any(|device| before.ledger.member_of(device).is_none())
    }

    /// What this device has taken in of its member's other devices.
    pub(super) fn siblings(&self) -> Vec<Sibling> {
        let own = self.key.id();
        let mut devices: Vec<_> = self
            .ledger()
            .and_then(|ledger| ledger.members().get(&self.me))
            .map(|entry| entry.devices.clone())
            .unwrap_or_default();
        devices.sort_unstable();
        devices.dedup();
        devices
            .into_iter()
            .filter(|device| *device != own)
            .filter_map(|device| Some(Sibling { device, counter: self.ballots.newest(&device)? }))
            .take(MAX_SIBLINGS)
            .collect()
    }

    /// Takes in one seal, of this device or another. Says whether the choice of the head may be
    /// another now.
    pub(super) fn take_seal(&mut self, step: &mut Step<'_>, seal: &Seal) -> bool {
        let cast = self.ballots.cast(seal.clone());
        self.heard_of(step, seal.member);
        self.note_under_twins(seal.vote);
        match cast {
            Cast::Known => false,
            Cast::New { forgotten } => {
                self.write_ballot(step, seal);
                // Whoever has moved on needs no relay that was left behind.
                if self.has_former_relays() {
                    self.refresh_relays(step);
                }
                if let Some(counter) = forgotten {
                    self.delete_ballot(step, &seal.device, counter);
                }
                true
            }
            Cast::Equivocation => {
                for member in self.ballots.equivocators() {
                    self.write_equivocator(step, member);
                }
                true
            }
        }
    }

    /// Says of a member that two items with one number were signed by one device of it.
    pub(super) fn accuse(&mut self, step: &mut Step<'_>, member: MemberId) {
        if !self.ballots.equivocated(&member) {
            self.ballots.accuse(member);
            self.write_equivocator(step, &member);
        }
    }

    /// The head, by all that is known.
    pub(super) fn choice(&self) -> Option<StateId> {
        self.with_known(|known| known.choose(&self.id))
    }

    /// Shows all that a choice rests on.
    pub(super) fn with_known<T>(&self, look: impl FnOnce(&Known<'_>) -> T) -> T {
        let states: BTreeMap<StateId, Evidence> =
            self.states.iter().map(|(id, state)| (*id, evidence(state))).collect();
        let forks = self.forks();
        let borrows = self.borrows(&forks);
        let electorates = self.electorates(&forks, borrows);
        let since = if borrows { self.first_stood() } else { BTreeMap::new() };
        let is_forked = !forks.is_empty();
        let given_up = if is_forked { self.given_up() } else { BTreeMap::new() };
        let taken_out = if is_forked { self.taken_out() } else { BTreeMap::new() };
        look(&Known {
            me: self.me,
            states: &states,
            electorates: &electorates,
            since: &since,
            ballots: &self.ballots,
            namings: &self.namings,
            given_up: &given_up,
            taken_out: &taken_out,
            frozen: &self.frozen,
        })
    }

    /// The devices that their members gave up for others, by the state whose commit says so. Whose
    /// place was taken by it knows that of itself alone.
    pub(super) fn given_up(&self) -> BTreeMap<StateId, BTreeSet<DeviceId>> {
        self.put_out(Ending::Replaced, |before, now| now.returned > before.returned)
    }

    /// The devices that their members took out by others of theirs, by the state whose commit did so.
    pub(super) fn taken_out(&self) -> BTreeMap<StateId, BTreeSet<DeviceId>> {
        self.put_out(Ending::DeviceRemoved, |before, now| now.returned == before.returned)
    }

    /// The devices that a commit put out of members who stayed, by the state it makes: by what their entries
    /// were `before` and are `now`, and of this device by how it ended there.
    fn put_out(
        &self,
        own: Ending,
        is_so: impl Fn(&MemberEntry, &MemberEntry) -> bool,
    ) -> BTreeMap<StateId, BTreeSet<DeviceId>> {
        let mut put_out = BTreeMap::new();
        for (id, state) in &self.states {
            let below = state.parent.and_then(|parent| self.states.get(&parent));
            let Some(before) = below.and_then(State::held).map(|held| &held.ledger) else {
                continue;
            };
            let devices = match &state.hold {
                Hold::Closing(ending) if *ending == own => self.own_keys_in(before),
                // Every commit that puts a device out names tips.
                Hold::Keys(held) if held.departures.is_some() => {
                    devices_gone(before, &held.ledger, &is_so)
                }
                _ => continue,
            };
            if !devices.is_empty() {
                put_out.insert(*id, devices);
            }
        }
        put_out
    }

    /// The keys of this device, the present one and those it gave up, by which a ledger knows it.
    fn own_keys_in(&self, ledger: &Ledger) -> BTreeSet<DeviceId> {
        let keys = self.former.iter().copied().chain([self.key.id()]);
        keys.filter(|device| ledger.member_of(device) == Some(&self.me)).collect()
    }

    /// The states with several children; none for the one above all whose parent is not known.
    fn forks(&self) -> BTreeSet<Option<StateId>> {
        let mut children: BTreeMap<Option<StateId>, usize> = BTreeMap::new();
        for state in self.states.values() {
            let parent = state.parent.filter(|parent| self.states.contains_key(parent));
            *children.entry(parent).or_default() += 1;
        }
        children.into_iter().filter(|(_, count)| *count > 1).map(|(parent, _)| parent).collect()
    }

    /// Whether there is a fork of which this device holds no ledger, which borrows from the states below
    /// it.
    fn borrows(&self, forks: &BTreeSet<Option<StateId>>) -> bool {
        forks.iter().any(|fork| {
            let state = fork.and_then(|fork| self.states.get(&fork));
            state.and_then(State::held).is_none()
        })
    }

    /// Who votes where several children compete. Where nothing does, nobody needs to be asked.
    fn electorates(
        &self,
        forks: &BTreeSet<Option<StateId>>,
        borrows: bool,
    ) -> BTreeMap<StateId, BTreeSet<MemberId>> {
        self.states
            .iter()
            .filter(|(id, _)| borrows || forks.contains(&Some(**id)))
            .filter_map(|(id, state)| Some((*id, voters(state)?)))
            .collect()
    }

    /// The epoch of the first state in which each member stood, by all ledgers that are held.
    pub(super) fn first_stood(&self) -> BTreeMap<MemberId, u64> {
        let mut first = BTreeMap::new();
        let ledgers = self.states.values().filter_map(|state| Some(&state.held()?.ledger));
        for (member, entry) in ledgers.flat_map(|ledger| ledger.members()) {
            let since = first.entry(*member).or_insert(entry.since);
            *since = entry.since.min(*since);
        }
        first
    }
}

/// The devices that members do not have any more who are there before and after, and of whom it `is_so`.
fn devices_gone(
    before: &Ledger,
    after: &Ledger,
    is_so: impl Fn(&MemberEntry, &MemberEntry) -> bool,
) -> BTreeSet<DeviceId> {
    let mut gone = BTreeSet::new();
    for (member, entry) in before.members() {
        let Some(now) = after.members().get(member).filter(|now| is_so(entry, now)) else {
            continue;
        };
        gone.extend(entry.devices.iter().filter(|device| !now.devices.contains(device)));
    }
    gone
}

pub(super) fn voters(state: &State) -> Option<BTreeSet<MemberId>> {
    state.held().map(|held| held.ledger.voters())
}

/// What the choice knows of a state.
pub(super) fn evidence(state: &State) -> Evidence {
    let State { parent, epoch, leaf, member, class, commit, ref hold } = *state;
    let eligible = match hold {
        Hold::Keys(held) => held.acknowledged && !held.left,
        Hold::Closing(_) => true,
        Hold::Header(_) => false,
    };
    let told = matches!(hold, Hold::Header(remains) if !remains.pruned);
    Evidence { parent, epoch, leaf, member, class, commit, eligible, told }
}

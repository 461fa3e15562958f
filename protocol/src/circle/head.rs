//! The head: chosen anew whenever a state comes in or is acknowledged, and what follows from its
//! moving. Clauses: specs/04-order O-10 to O-16.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::circle::{Circle, Era, Standing, Step};
use crate::content::Gist;
use crate::id::StateId;
use crate::input::Venue;
use crate::ledger::Ledger;
use crate::output::{Event, Output};
use crate::state::{Ending, EraStart, Hold, State};

/// What is to be said again since the head moved.
#[derive(Debug)]
pub(super) struct Moved {
    /// The ledger from which it moved.
    before: Option<Arc<Ledger>>,
    /// Whether it moved to another era.
    era: bool,
}

impl Circle {
    /// Somebody else has the commit that made `state`: it may be the head now, and those it admits
    /// get their Welcome.
    pub(super) fn commit_held(&mut self, step: &mut Step<'_>, state: StateId) {
        self.note_commit_held(step, state);
        self.say_again(step);
    }

    /// The same before what came with it was looked at.
    pub(super) fn note_commit_held(&mut self, step: &mut Step<'_>, state: StateId) {
        let held = self.states.get_mut(&state).and_then(|state| state.held_mut());
        if let Some(held) = held.filter(|held| !held.acknowledged) {
            held.acknowledged = true;
            // Only now others may go there.
            self.watch_anew(step, state);
        }
        self.write_state_of(step, &state);
        if self.pending.as_ref().is_some_and(|pending| pending.state == state)
            && let Some(pending) = self.pending.take()
        {
            self.send_welcomes(step, &pending);
        }
        self.write(step);
        self.choose_head(step);
        self.end_question_of_doubt(&state);
    }

    pub(super) fn begin_era(&mut self, step: &mut Step<'_>, id: StateId, start: EraStart) {
        self.open_porch(step, id, start.porch.duplicate());
        let era = Era::new(id, start, step.now);
        self.write_era(step, &era);
        self.eras.insert(id, era);
    }

    /// Chooses the head from all that is known, and does what follows if it moved.
    pub(super) fn follow_head(&mut self, step: &mut Step<'_>) {
        self.choose_head(step);
        self.say_again(step);
    }

    /// The same, but that nothing is said yet: what waits may tell that this device, as it was before its
    /// folder was put back, has used the keys of the new head.
    pub(super) fn choose_head(&mut self, step: &mut Step<'_>) {
        let Some(chosen) = self.choice() else {
            return;
        };
        if chosen != self.head {
            self.move_head(step, chosen);
        }
        self.watch_states(step);
        if self.standing != Standing::Active {
            self.refresh_topics(step);
            return;
        }
        self.want_readmissions(step);
        self.settle(step);
        self.review_vote(step);
        self.refresh_topics(step);
    }

    /// Says what is to be said again since the head moved.
    pub(super) fn say_again(&mut self, step: &mut Step<'_>) {
        let Some(moved) = self.moved.take() else {
            return;
        };
        if self.standing != Standing::Active {
            return;
        }
        if moved.era {
            self.say_unheard_again(step);
        }
        if let (Some(before), Some(after)) = (moved.before, self.shared_ledger()) {
            self.say_acts_again(step, &before, &after);
        }
    }

    fn move_head(&mut self, step: &mut Step<'_>, chosen: StateId) {
        let before = self.shared_ledger();
        let side = self.side_left_for(&chosen);
        let era = self.head_held().map(|held| held.era);
        self.head = chosen;
        self.review_tips();
        step.tell(Event::HeadMoved { circle: self.id });
        self.note_keeping(step, before.as_ref().map(|before| before.rules().keep));
        match self.states.get(&chosen).map(|state| &state.hold) {
            Some(Hold::Closing(ending)) => {
                let (standing, event) = match *ending {
                    Ending::Left => {
                        (Standing::Left, Event::CircleClosed { circle: self.id, left: true })
                    }
                    Ending::Removed => {
                        (Standing::Removed, Event::CircleClosed { circle: self.id, left: false })
                    }
                    Ending::DeviceRemoved => {
                        (Standing::DeviceRemoved, Event::DeviceClosed { circle: self.id })
                    }
                    Ending::Replaced => {
                        (Standing::Replaced, Event::DeviceClosed { circle: self.id })
                    }
                };
                self.standing = standing;
                step.tell(event);
                if !self.listens(step.now) {
                    step.ask(Output::Close(Venue::Circle(self.id)));
                }
                self.forget_wishes(step);
            }
            _ => {
                if self.standing != Standing::Active {
                    // The branch that took this device out has lost.
                    self.standing = Standing::Active;
                    step.reach(Venue::Circle(self.id));
                    self.return_if_put_back(step);
                }
                self.review_motions(step);
                if let (Some(before), Some(after)) = (before.clone(), self.shared_ledger()) {
                    self.note_returns(step.now, &before);
                    self.note_relays(step, &before, &after);
                    self.note_agreement(step, &before, &after);
                    self.tell_differences(step, &before, &after);
                    self.tell_readmissions(step, &before, &after);
                    self.doubt_last_words(step, &before, &after);
                }
                self.plan_all_carrying(step);
                if side.is_some() {
                    // What somebody named on the side that was left may be named by nobody here.
                    self.mention_former(step);
                }
            }
        }
        self.watch_members(step);
        if let Some(side) = side {
            self.want_again(step, &side);
            self.doubt_old_places(step);
        }
        self.note_gone(step);
        self.note_rights(step);
        let moved = self.moved.take();
        let is_other_era = self.head_held().map(|held| held.era) != era;
        self.moved = Some(Moved {
            era: is_other_era || moved.as_ref().is_some_and(|moved| moved.era),
            before: moved.map_or(before, |moved| moved.before),
        });
        self.write(step);
        self.review_invites(step);
        self.tend_grants(step);
    }

    fn tell_differences(&self, step: &mut Step<'_>, before: &Ledger, after: &Ledger) {
        let (before, after) = (before.members(), after.members());
        for member in after.keys().filter(|member| !before.contains_key(*member)) {
            step.tell(Event::MemberAdded { circle: self.id, member: *member });
        }
        for member in before.keys().filter(|member| !after.contains_key(*member)) {
            let left = self
                .items
                .about_circle()
                .any(|item| item.body.member == *member && item.body.gist == Gist::Leave);
            step.tell(Event::MemberRemoved { circle: self.id, member: *member, left });
        }
    }

    /// Tips named by the removals on the head's path: how far what those taken out wrote is shown.
    pub(super) fn departures(&self) -> Vec<Vec<crate::state::Short>> {
        let path = self.path().into_iter().filter_map(|id| self.states.get(&id));
        path.filter_map(|state| state.departures().cloned()).collect()
    }

    /// The states from the head down to the root.
    pub(super) fn down_the_path(&self) -> impl Iterator<Item = (&StateId, &State)> {
        self.down_from(self.head)
    }

    /// The same from any state.
    pub(super) fn down_from(&self, state: StateId) -> impl Iterator<Item = (&StateId, &State)> {
        let found = |id: &StateId| self.states.get_key_value(id);
        let walk = std::iter::successors(found(&state), move |(_, state)| {
            state.parent.as_ref().and_then(found)
        });
        // No walk along parents is longer than there are states.
        walk.take(self.states.len())
    }

    /// The head and the states below it.
    pub(super) fn path(&self) -> BTreeSet<StateId> {
        self.down_the_path().map(|(id, _)| *id).collect()
    }

    /// States beside the head's path: rivals that lost, kept and readable.
    pub(super) fn rivals(&self) -> usize {
        let path = self.path();
        let oldest = path.iter().filter_map(|id| self.states.get(id)).map(|s| s.epoch).min();
        self.states
            .iter()
            .filter(|(id, state)| {
                !matches!(state.hold, Hold::Header(_))
                    && !path.contains(*id)
                    && oldest.is_none_or(|oldest| state.epoch > oldest)
            })
            .count()
    }

    pub(super) fn forget_wishes(&mut self, step: &mut Step<'_>) {
        for id in self.intents.keys().copied().collect::<Vec<_>>() {
            self.intents.remove(&id);
            self.delete_intent(step, id);
        }
        self.drop_all_outgoing(step);
        self.pending = None;
    }
}

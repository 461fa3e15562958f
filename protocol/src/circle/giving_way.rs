//! Whoever is asked for a way from a side that they can read, and has none, may be the one who has to go over:
//! the asker cannot. Clause: specs/04-order O-72.

use std::collections::BTreeSet;

use crate::circle::run::may_go_over;
use crate::circle::seal::Message;
use crate::circle::send::Carries;
use crate::circle::{Circle, Step};
use crate::id::{MemberId, StateId};
use crate::limits::LONG_AWAY;
use crate::order::{Known, Seal};
use crate::porch::AskBody;
use crate::state::{SealPurpose, State};
use crate::time::Timestamp;

impl Circle {
    /// Goes over to where whoever asks stands, by this device's own vote, if it reads that side, and that side
    /// would win with it and stays by the same count as that by which the asker would come over (O-75).
    /// Says whether it went.
    pub(super) fn give_way(&mut self, step: &mut Step<'_>, asker: &AskBody) -> bool {
        let Some(to) = self.side_to_join(step.now, asker) else {
            return false;
        };
        let message = Message {
            state: to,
            purpose: SealPurpose::Vote,
            plaintext: &[],
            carries: Carries::Seal(self.chain.counter + 1),
        };
        let goes = self.seal_message(step, &message).is_ok();
        if goes {
            self.follow_head(step);
        }
        goes
    }

    fn side_to_join(&self, now: Timestamp, asker: &AskBody) -> Option<StateId> {
        if asker.attempt == 0 || self.pending.is_some() || self.is_returning() || self.is_behind() {
            return None;
        }
        let by = *self.ledger()?.member_of(&asker.device())?;
        let path = self.path();
        // From a side that is younger than this the asker can still be led away. Whoever asks often is answered
        // as often, so what costs little is looked at first.
        let parting = self.above(asker.head, &path).filter(|parting| *parting != asker.head)?;
        let since = self.watch.states.get(&parting)?.head_since?;
        if now.since(since) < LONG_AWAY {
            return None;
        }
        let to = self.head_with_own_vote_for(asker.head)?;
        let held = self.states.get(&to).and_then(State::held).filter(|held| !held.left)?;
        held.ledger.member_of(&self.key.id())?;
        let way: BTreeSet<StateId> = self.down_from(to).map(|(id, _)| *id).collect();
        if !way.contains(&asker.head) {
            return None;
        }
        let both: BTreeSet<StateId> = path.union(&way).copied().collect();
        let stands_in = |member: &MemberId, side: &BTreeSet<StateId>, other: &BTreeSet<StateId>| {
            let stands = self.ballots.stands(member).and_then(|at| self.above(at, &both));
            stands.is_some_and(|at| side.contains(&at) && !other.contains(&at))
        };
        let members = || held.ledger.members().keys().filter(|member| **member != self.me);
        let here: BTreeSet<MemberId> = members()
            .filter(|member| **member != by && stands_in(member, &path, &way))
            .chain([&self.me])
            .copied()
            .collect();
        let there: BTreeSet<MemberId> = members()
            .filter(|member| **member == by || stands_in(member, &way, &path))
            .copied()
            .collect();
        may_go_over(&here, &there).then_some(to)
    }

    /// What the head would be if this device voted for a state.
    fn head_with_own_vote_for(&self, state: StateId) -> Option<StateId> {
        let mut ballots = self.ballots.clone();
        let _ = ballots.cast(Seal {
            member: self.me,
            device: self.key.id(),
            counter: self.chain.counter + 1,
            digest: [0; 32],
            siblings: self.siblings(),
            vote: Some(state),
        });
        self.with_known(|known| Known { ballots: &ballots, ..*known }.choose(&self.id))
    }
}

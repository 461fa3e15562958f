//! Others come back: whoever's turn it is commits it, and sends the Welcome to the porch where they
//! asked, with the items they missed. Clauses: specs/04-order O-74 to O-78.

use std::collections::BTreeMap;
use std::iter;
use std::time::Duration;

use tls_codec::{TlsDeserialize, TlsSerialize, TlsSize};

use crate::circle::handover::Missed;
use crate::circle::intent::IntentKind;
use crate::circle::send::Pending;
use crate::circle::{Circle, Step};
use crate::id::{DeviceId, MemberId, StateId};
use crate::invite::Answer;
use crate::label::Label;
use crate::ledger::{Ledger, ReturnAs};
use crate::limits::{MAX_RETURNS, RETURN_REST};
use crate::mls::{Group, HpkePublic, Provider};
use crate::porch::{ReturnId, ReturnPost, SealedReply};
use crate::secret::Secret;
use crate::state::State;
use crate::time::Timestamp;
use crate::verdict::{Redundant, Verdict, Violation};
use crate::wire::{self, FrameKind};

/// How long whoever stands at the very head of a device that asks leaves it to others.
const OTHERS_FIRST: Duration = Duration::from_secs(10 * 3600);

/// A device that this one is to take in anew.
#[derive(Clone, Debug, TlsDeserialize, TlsSerialize, TlsSize)]
pub(crate) struct TakeBack {
    pub(super) post: ReturnPost,
    /// The era on whose porch it asked.
    era: StateId,
    /// How many commits have tried; each took the next KeyPackage.
    attempts: u8,
}

/// Whom a commit takes in anew: where the Welcome goes, and what they have missed.
#[derive(Clone, Debug, TlsDeserialize, TlsSerialize, TlsSize)]
pub(crate) struct TakenBack {
    id: ReturnId,
    era: StateId,
    reply: HpkePublic,
    missed: Missed,
}

/// When the latest return of a member came into the head here, and which one it was.
pub(super) type Rests = BTreeMap<MemberId, (Timestamp, Timestamp)>;

impl TakeBack {
    /// What is committed for it: a KeyPackage, and where the Welcome goes.
    pub(super) fn gather(&self) -> Option<(Vec<u8>, TakenBack)> {
        let Self { post, era, attempts } = self;
        let missed = Missed {
            member: *post.change.member(),
            devices: post.change.gives_up.clone(),
            seq: post.seq,
            heard: post.heard,
        };
        let taken = TakenBack { id: post.id(), era: *era, reply: post.reply.clone(), missed };
        Some((post.key_package(*attempts)?.to_vec(), taken))
    }
}

impl Circle {
    /// A device asks on a porch to be taken in anew.
    pub(super) fn take_return(
        &mut self,
        step: &mut Step<'_>,
        era: StateId,
        record: &[u8],
    ) -> Verdict {
        let Ok(post) = ReturnPost::read(record) else {
            return Verdict::Reject(Violation::Malformed);
        };
        if post.circle != self.id {
            return Verdict::Reject(Violation::Misplaced);
        }
        if *post.change.device() == self.key.id() || Self::is_stale(&post, step.now) {
            return Verdict::Ignore(Redundant::Settled);
        }
        self.meet_own_return(step, &post.change);
        let Some(ledger) = self.ledger() else {
            return Verdict::Ignore(Redundant::NotForUs);
        };
        let (member, written) = (*post.change.member(), post.change.written);
        // What it cannot follow others to, this device has not followed them to either.
        let keeps_its_key = post.change.gives_up.contains(post.change.device());
        let is_lost_with_us = keeps_its_key && post.head == self.head;
        let wanted = TakeBack { post, era, attempts: 0 };
        if self.return_is_settled(ledger, &wanted, step.now) {
            return Verdict::Ignore(Redundant::NotForUs);
        }
        let newer = self.wanted_returns().any(|other| {
            *other.post.change.member() == member && other.post.change.written >= written
        });
        if newer {
            return Verdict::Ignore(Redundant::Duplicate);
        }
        self.drop_intents(step, |kind| match kind {
            IntentKind::TakeBack(other) => {
                *other.post.change.member() == member && other.post.change.written < written
            }
            _ => false,
        });
        if self.wanted_returns().count() >= MAX_RETURNS {
            return Verdict::Ignore(Redundant::NoRoom);
        }
        let rested = self.rested(&member).unwrap_or_default();
        let mut due = self.turn(step, None).max(rested);
        if is_lost_with_us {
            due = due.max(step.now.after(OTHERS_FIRST));
        }
        self.want(step, IntentKind::TakeBack(Box::new(wanted)), due);
        Verdict::Accept
    }

    pub(super) fn wanted_returns(&self) -> impl Iterator<Item = &TakeBack> {
        self.intents.values().filter_map(|intent| match &intent.kind {
            IntentKind::TakeBack(wanted) => Some(&**wanted),
            _ => None,
        })
    }

    /// Whether there is nothing to do about it on a head with this ledger, by this device.
    pub(super) fn return_is_settled(
        &self,
        ledger: &Ledger,
        wanted: &TakeBack,
        now: Timestamp,
    ) -> bool {
        let change = &wanted.post.change;
        if Self::is_stale(&wanted.post, now) {
            return true;
        }
        match (ledger.members().get(change.member()), &change.comes) {
            (Some(entry), ReturnAs::Member) => {
                entry.returned >= change.written
                    || !change.gives_up.iter().all(|device| entry.devices.contains(device))
            }
            (None, ReturnAs::Stranger(_) | ReturnAs::Listener(_)) => {
                let says = matches!(change.comes, ReturnAs::Listener(_));
                !ledger.is_facilitator(&self.me)
                    || self.was_on_path(change.member())
                    || !self.was_member_elsewhere(change.member())
                    // Nobody gets a voice that they had not where they come from.
                    || self.listened_elsewhere(change.member()) && !says
            }
            (Some(entry), _) => {
                *change.member() != self.me
                    || entry.returned >= change.written
                    || !change.credential.is_direct()
                    || !self.had_elsewhere(change.device())
            }
            (None, ReturnAs::Member) => true,
        }
    }

    /// Whether somebody is or was a member in a state of the head's path, as far as it is known.
    fn was_on_path(&self, member: &MemberId) -> bool {
        let mut path = self.path().into_iter();
        path.any(|id| self.members_at(&id).is_some_and(|members| members.contains(member)))
    }

    /// Whether a branch beside the head's path gave this device's member a further device, which
    /// neither the path nor another branch ever had or took out. What is not known for sure is no, but
    /// for what was while the keys of that branch were here.
    pub(super) fn had_elsewhere(&self, device: &DeviceId) -> bool {
        let has = |id: &StateId| {
            let held = self.states.get(id)?.held()?;
            Some(held.ledger.member_of(device).is_some())
        };
        let with: Vec<StateId> =
            self.states.keys().filter(|id| has(id) == Some(true)).copied().collect();
        let parent = |id: &StateId| self.states.get(id)?.parent;
        let came_beside = |id: &StateId| {
            let mut below = iter::successors(Some(*id), parent);
            let fork = below.find(|id| self.is_on_path(id));
            fork.is_some_and(|fork| has(&fork) == Some(false))
        };
        let known =
            self.watch.devices.contains(device) || !with.is_empty() && with.iter().all(came_beside);
        let took_it_out = |(id, state): (&StateId, &State)| {
            let from_with = state.parent.is_some_and(|parent| with.contains(&parent));
            from_with
                && match has(id) {
                    Some(has) => !has,
                    None => !self.is_made_by(device, state),
                }
        };
        known && !self.states.iter().any(took_it_out)
    }

    /// Whether a commit beyond which nothing is known here was made by `device`, by the leaf it had in the state
    /// before: whatever the commit did, nobody takes out themselves.
    fn is_made_by(&self, device: &DeviceId, state: &State) -> bool {
        let parent = state.parent.and_then(|parent| self.states.get(&parent)?.held());
        parent.is_some_and(|held| {
            let provider = Provider::new(Secret::from_bytes([0; 32]), held.namespace());
            let group = Group::load(&provider, &self.id).ok();
            group
                .and_then(|group| group.leaf(state.leaf))
                .is_some_and(|leaf| leaf.device == *device)
        })
    }

    /// A commit was made that tried to take these in.
    pub(super) fn return_attempted(&mut self, step: &mut Step<'_>, taken: &TakenBack) {
        let found = self.intents.iter_mut().find_map(|(id, intent)| match &mut intent.kind {
            IntentKind::TakeBack(wanted) if wanted.post.id() == taken.id => Some((*id, wanted)),
            _ => None,
        });
        let Some((id, wanted)) = found else {
            return;
        };
        wanted.attempts = wanted.attempts.saturating_add(1);
        if let Some(intent) = self.intents.get(&id) {
            self.write_intent(step, id, intent);
        }
    }

    /// Sends the Welcome of a commit to a device that it takes in anew, and what it missed.
    pub(super) fn welcome_back(
        &mut self,
        step: &mut Step<'_>,
        pending: &Pending,
        welcome: &[u8],
        taken: &TakenBack,
    ) {
        if self.leads_away(pending, taken) {
            return;
        }
        let Some(Answer::Admitted(admission)) = self.admission(step, &pending.state, welcome)
        else {
            return;
        };
        let bytes = wire::encode(&admission);
        self.tell_returner(step, taken, Label::RETURN_HPKE, FrameKind::TakenBack, &bytes);
        let handover = self.handover(&taken.missed);
        if let Some(handover) = handover {
            self.tell_returner(step, taken, Label::HANDOVER_HPKE, FrameKind::Handover, &handover);
        }
    }

    /// Whether this device goes another way than the commit by which it took somebody in, on which what they
    /// gave up has another one in its place already: the Welcome would lead them where nobody is, and no
    /// second one could lead them here.
    fn leads_away(&self, pending: &Pending, taken: &TakenBack) -> bool {
        let head = self.choice().unwrap_or(self.head);
        let mut way = iter::successors(Some(head), |id| self.states.get(id)?.parent);
        if way.any(|id| id == pending.state) {
            return false;
        }
        let entry = |id: &StateId| {
            let held = self.states.get(id).and_then(State::held)?;
            held.ledger.members().get(&taken.missed.member)
        };
        let returned = entry(&pending.state).map(|entry| entry.returned);
        entry(&head).is_some_and(|entry| {
            let mut given_up = taken.missed.devices.iter();
            // Two commits for one request are another thing: either may win.
            Some(entry.returned) != returned && given_up.any(|id| !entry.devices.contains(id))
        })
    }

    fn tell_returner(
        &mut self,
        step: &mut Step<'_>,
        taken: &TakenBack,
        info: Label,
        kind: FrameKind,
        answer: &[u8],
    ) {
        let sealed =
            SealedReply::seal(taken.id, info, self.suite, &taken.reply, answer, step.random);
        if let Some(sealed) = sealed {
            self.post(step, &taken.era, kind, &sealed.to_bytes());
        }
    }

    /// The head moved: notes who came back with it, so that nobody keeps a circle busy by coming
    /// back again and again.
    pub(super) fn note_returns(&mut self, now: Timestamp, before: &Ledger) {
        let Some(ledger) = self.ledger() else {
            return;
        };
        let came = ledger.members().iter().filter(|(member, entry)| {
            let known = before.members().get(*member).map(|entry| entry.returned);
            entry.returned > known.unwrap_or_default()
        });
        let came: Vec<_> = came.map(|(member, entry)| (*member, entry.returned)).collect();
        for (member, returned) in came {
            self.rests.insert(member, (returned, now));
        }
    }

    /// From when on a further return of a member is carried out.
    fn rested(&self, member: &MemberId) -> Option<Timestamp> {
        let (returned, at) = self.rests.get(member)?;
        let stands = self.ledger()?.members().get(member)?.returned == *returned;
        stands.then(|| at.after(RETURN_REST))
    }
}

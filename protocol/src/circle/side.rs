//! What one side of a split had changed, and the other does not show: it is wanted again, whoever
//! committed it, as far as it is this device's to want. A long split outlasts every intent, and
//! what was decided on it must not be undone by its end. Clauses: specs/04-order O-6, O-78.

use std::collections::BTreeSet;

use crate::circle::intent::IntentKind;
use crate::circle::{Circle, Step};
use crate::content::Gist;
use crate::id::{DeviceId, ItemId, MemberId, StateId};
use crate::ledger::{InviteEntry, InviteStanding, Ledger};
use crate::limits::MAX_NOTE_CHARS;
use crate::time::Timestamp;
use crate::wire::text::Text;

/// One side, as a device remembers it when it goes over to the other.
#[derive(Debug)]
pub(super) struct Side {
    ledger: Ledger,
    /// Who was taken out on it.
    gone: Vec<Gone>,
    /// Devices of this device's member that stood on it at some time.
    devices: BTreeSet<DeviceId>,
}

/// Somebody who was taken out.
#[derive(Debug)]
struct Gone {
    member: MemberId,
    by: MemberId,
    /// Why, in the words of whoever did it; blank if they did not come.
    reason: Text<MAX_NOTE_CHARS>,
}

/// Why somebody is removed again of whom nothing is known but that they were: every node wants a reason.
const ON_ANOTHER_SIDE: &str = "Removed on another side of a split, from where no reason came.";

/// The reason of a removal, also where none came or an earlier version wanted it without one.
pub(super) fn reason_or_origin(reason: &Text<MAX_NOTE_CHARS>) -> Text<MAX_NOTE_CHARS> {
    let told = Some(reason).filter(|reason| !reason.is_blank()).cloned();
    told.or_else(|| Text::new(ON_ANOTHER_SIDE).ok()).unwrap_or_default()
}

impl Circle {
    /// The side on which this device stands.
    pub(super) fn side(&self) -> Option<Side> {
        let ledger = self.ledger()?.clone();
        let mut gone = Vec::new();
        let mut devices = BTreeSet::new();
        let mut at = Some(self.head);
        let mut above: Option<StateId> = None;
        while let Some((id, state)) = at.and_then(|id| self.states.get_key_value(&id)) {
            if let Some(above) = above {
                gone.extend(self.taken_out_between(id, &above));
            }
            let own = state.held().and_then(|held| held.ledger.members().get(&self.me));
            devices.extend(own.into_iter().flat_map(|entry| entry.devices.iter().copied()));
            above = Some(*id);
            at = state.parent;
        }
        Some(Side { ledger, gone, devices })
    }

    /// The same, if `chosen` is on another one.
    pub(super) fn side_left_for(&self, chosen: &StateId) -> Option<Side> {
        let mut at = Some(*chosen);
        let own = self.states.get(&self.head)?.epoch;
        while let Some((id, state)) = at.and_then(|id| self.states.get_key_value(&id)) {
            if *id == self.head {
                return None;
            }
            if state.epoch < own {
                break;
            }
            at = state.parent;
        }
        self.side()
    }

    /// Who is a member of a state and not of its child, whose commit that was, and why.
    fn taken_out_between(&self, parent: &StateId, child: &StateId) -> Vec<Gone> {
        let by = self.states.get(child).and_then(|state| state.member);
        let (Some(before), Some(after), Some(by)) =
            (self.members_at(parent), self.members_at(child), by)
        else {
            return Vec::new();
        };
        let removals = self.removals.get(child);
        let gone = before.difference(&after).map(|member| {
            let reason = removals.and_then(|removals| removals.reason_of(member));
            Gone { member: *member, by, reason: reason.cloned().unwrap_or_default() }
        });
        gone.collect()
    }

    /// The head stands on another side now: what `side` had changed is wanted again.
    pub(super) fn want_again(&mut self, step: &mut Step<'_>, side: &Side) {
        let Some(now) = self.ledger().cloned() else {
            return;
        };
        for kind in self.lost_departures(side, &now) {
            self.want_once(step, kind);
        }
        for kind in self.lost_invites(side, &now, step.now) {
            self.want_once(step, kind);
        }
        self.settle(step);
    }

    fn lost_departures(&self, side: &Side, now: &Ledger) -> Vec<IntentKind> {
        let mut lost = Vec::new();
        let facilitator = now.is_facilitator(&self.me);
        for Gone { member, by, reason } in &side.gone {
            let still_here = now.members().contains_key(member)
                && !side.ledger.members().contains_key(member)
                && *member != self.me;
            if !still_here {
                continue;
            }
            if let Some(leave) = self.leave_of(member) {
                lost.push(IntentKind::LetGo(leave));
            } else if facilitator && now.is_facilitator(by) && !now.is_facilitator(member) {
                lost.push(IntentKind::Remove { member: *member, reason: reason.clone() });
            }
        }
        let here = |ledger: &Ledger| -> BTreeSet<DeviceId> {
            let own = ledger.members().get(&self.me);
            own.into_iter().flat_map(|entry| entry.devices.iter().copied()).collect()
        };
        let (then, now) = (here(&side.ledger), here(now));
        let back = now
            .difference(&then)
            .filter(|device| side.devices.contains(*device) && **device != self.key.id());
        lost.extend(back.map(|device| IntentKind::RemoveDevice(*device)));
        lost
    }

    /// The item by which somebody said that they leave.
    fn leave_of(&self, member: &MemberId) -> Option<ItemId> {
        let mut items = self.items.about_circle();
        let left = items.find(|item| item.body.member == *member && item.body.gist == Gist::Leave);
        left.map(|item| item.id)
    }

    fn lost_invites(&self, side: &Side, ledger: &Ledger, now: Timestamp) -> Vec<IntentKind> {
        if !ledger.is_facilitator(&self.me) {
            return Vec::new();
        }
        let mut lost = Vec::new();
        for (invite, entry) in side.ledger.invites() {
            match ledger.invites().get(invite) {
                None if entry.inviter == self.me && entry.admits() && entry.terms.expires > now => {
                    let mut terms = entry.terms;
                    terms.uses = terms.uses.saturating_sub(entry.used);
                    let entry = InviteEntry { terms, used: 0, ..entry.clone() };
                    lost.push(IntentKind::OpenInvite { invite: *invite, entry });
                }
                Some(here)
                    if entry.standing == InviteStanding::Revoked
                        && here.standing == InviteStanding::Open =>
                {
                    lost.push(IntentKind::RevokeInvite(*invite));
                }
                _ => {}
            }
        }
        lost
    }

    /// Wants a change that others may want as well, unless it is wanted here already.
    fn want_once(&mut self, step: &mut Step<'_>, kind: IntentKind) {
        let wanted = self.intents.values().any(|intent| match (&intent.kind, &kind) {
            (IntentKind::LetGo(one), IntentKind::LetGo(other)) => one == other,
            (IntentKind::Remove { member: one, .. }, IntentKind::Remove { member: other, .. }) => {
                one == other
            }
            (IntentKind::RemoveDevice(one), IntentKind::RemoveDevice(other)) => one == other,
            (IntentKind::RevokeInvite(one), IntentKind::RevokeInvite(other)) => one == other,
            (
                IntentKind::OpenInvite { invite: one, .. },
                IntentKind::OpenInvite { invite: other, .. },
            ) => one == other,
            _ => false,
        });
        if !wanted {
            let due = self.turn(step, None);
            self.want(step, kind, due);
        }
    }
}

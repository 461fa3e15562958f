//! A device says that there is more of its own than reached everybody: what lies on a branch that
//! lost and may not be carried over, and what was said under a key that it gave up. Whoever lacks it
//! sees a gap then, and asks. Clause: specs/04-order O-106.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use crate::circle::{Circle, Standing, Step};
use crate::content::{Content, Mention, Scope};
use crate::id::{DeviceId, ItemId};
use crate::limits::MAX_OUTBOX;
use crate::time::Timestamp;

impl Circle {
    /// Something of this device may not have reached everybody. Others may yet name it, and more may
    /// turn up: so it is looked at a little later.
    pub(super) fn mention_soon(&mut self, step: &mut Step<'_>) {
        let longest = u64::try_from(step.timings.vote_wait.as_millis()).unwrap_or(u64::MAX);
        let wait = Duration::from_millis(step.random.below(longest.max(1)));
        let due = step.now.after(step.timings.carry_own).after(wait);
        self.mention.get_or_insert(due);
    }

    /// After a start, and when this device came in anew: what it said under the keys before may never
    /// have been mentioned.
    pub(super) fn mention_former(&mut self, step: &mut Step<'_>) {
        if !self.former.is_empty() {
            self.mention_soon(step);
        }
    }

    /// When it is to be looked at.
    pub(super) fn next_mention(&self) -> Option<Timestamp> {
        let waits = self.is_muted() || self.is_returning() || self.outbox.len() >= MAX_OUTBOX / 2;
        self.mention.filter(|_| !waits)
    }

    /// Says what is to be mentioned, one after the other.
    pub(super) fn tend_mentions(&mut self, step: &mut Step<'_>) {
        let due = self.next_mention().is_some_and(|due| due <= step.now);
        if !due || self.standing != Standing::Active {
            return;
        }
        self.mention = None;
        if self.waits_to_say_anew() {
            // What is said anew is not mentioned.
            self.mention_soon(step);
            return;
        }
        let Some(of) = self.unmentioned() else {
            return;
        };
        if self.say(step, Content::Mention(Mention { of }), Scope::LaterToo).is_ok() {
            self.mention_former(step);
        }
    }

    /// What a device said that only a branch that lost had let in stays to be read (O-7): of what is due and
    /// not shown the last is mentioned, and all of it is shown by that.
    pub(super) fn mention_lost_sides(
        &mut self,
        step: &mut Step<'_>,
        due: &[ItemId],
        shown: &mut BTreeSet<ItemId>,
    ) {
        let mut said: BTreeMap<DeviceId, BTreeSet<(u64, ItemId)>> = BTreeMap::new();
        let hidden = due.iter().filter(|id| !shown.contains(*id));
        for item in hidden.filter_map(|id| self.items.get(id)) {
            if self.is_of_a_lost_side(item) {
                said.entry(item.body.device).or_default().insert((item.body.seq, item.id));
            }
        }
        for said in said.into_values() {
            let last = said.last().map(|(_, of)| Content::Mention(Mention { of: *of }));
            let is_said = |last| self.say(step, last, Scope::LaterToo).is_ok();
            if last.is_some_and(is_said) {
                shown.extend(said.into_iter().map(|(_, id)| id));
            }
        }
    }

    /// The last of what may not have reached everybody, and that nobody shows.
    fn unmentioned(&self) -> Option<ItemId> {
        let former = || {
            let last = self.former.iter().filter_map(|device| self.last_of_former(device));
            let mut last = last.peekable();
            last.peek()?;
            self.with_timeline(|timeline| {
                let is_shown = |id: &ItemId| timeline.entries().iter().any(|e| e.id() == *id);
                last.find(|id| !is_shown(id))
            })
        };
        self.uncarried().or_else(former)
    }

    /// The last that this device said, if it lies beside the head's path, may not be carried over, and
    /// is named by nobody.
    fn uncarried(&self) -> Option<ItemId> {
        let last = self.chain.previous?;
        let item = self.items.get(&last)?;
        let lacking =
            !self.is_named(&last) && self.lies_beside_the_path(&last) && !self.may_carry(item);
        lacking.then_some(last)
    }

    /// The last that was said under a key that this device gave up, unless somebody names it: without
    /// what was said anew since.
    pub(super) fn last_of_former(&self, device: &DeviceId) -> Option<ItemId> {
        let chain = self.places.range((*device, 0)..=(*device, u64::MAX)).rev();
        for (_, id) in chain {
            if self.is_named(id) {
                return None;
            }
            if !self.is_unsaid(id) && !self.is_said_anew(id) {
                return Some(*id);
            }
        }
        None
    }

    /// What is to be named of what was said under keys that this device gave up: of each key the last; and
    /// where that is not for everybody, also the last before it that is, since whoever lacks the one would
    /// not see that the other is named.
    pub(super) fn tips_of_former(&self) -> Vec<ItemId> {
        let of = |device: &DeviceId| {
            let last = self.last_of_former(device);
            let is_for_all = |id: &ItemId| self.items.get(id).is_some_and(|i| self.may_carry(i));
            let chain = self.places.range((*device, 0)..=(*device, u64::MAX)).rev();
            let before = last.filter(|last| !is_for_all(last)).and_then(|_| {
                let said = |id: &ItemId| !self.is_unsaid(id) && !self.is_said_anew(id);
                let mut open = chain.map(|(_, id)| *id).take_while(|id| !self.is_named(id));
                open.find(|id| is_for_all(id) && said(id))
            });
            last.into_iter().chain(before)
        };
        self.former.iter().flat_map(of).collect()
    }

    /// Whether this device said the same under the key it has now.
    fn is_said_anew(&self, id: &ItemId) -> bool {
        let Some(item) = self.items.get(id) else {
            return false;
        };
        let own = self.key.id();
        let mut chain = self.places.range((own, 0)..=(own, u64::MAX));
        chain.any(|(_, other)| {
            let other = self.items.get(other);
            other.is_some_and(|other| {
                let body = |kept: &crate::shelf::Kept| (kept.body.scope, kept.body.gist.clone());
                body(other) == body(item) && self.items.content(&other.id) == self.items.content(id)
            })
        })
    }
}

//! Copies of the only device of a circle: nobody else is there to take one of them in. One of them
//! takes its own place, and the others are told so. Clause: specs/04-order O-84.

use std::iter;
use std::time::Duration;

use crate::circle::request::Cause;
use crate::circle::send::Chain;
use crate::circle::unsaid::TOLD_LATEST;
use crate::circle::{Circle, Standing, Step};
use crate::id::DeviceId;
use crate::identity::{Credential, DeviceKey};
use crate::ledger::{Change, Return, ReturnAs};
use crate::output::Event;
use crate::porch::Beacon;
use crate::state::{Plan, Successor, build};
use crate::time::Timestamp;

/// How long a copy waits for somebody to let it in, whom it may not know of.
const LET_IN_LATEST: Duration = Duration::from_secs(10 * 3600);

impl Circle {
    /// Something was signed with the key of this device that it never signed: nobody but a copy can have.
    pub(super) fn meet_own_word(&mut self, step: &mut Step<'_>) {
        if self.standing == Standing::Active
            && self.coming_as().is_none_or(|id| id == self.key.id())
        {
            self.doubt = None;
            self.come_back(step, Cause::Copy);
        }
    }

    /// Another copy of this device asks to be taken in anew.
    pub(super) fn meet_own_return(&mut self, step: &mut Step<'_>, change: &Return) {
        if self.coming_as() == Some(*change.device()) {
            if self.is_alone() {
                self.ask_with_another_key(step, change.written);
            }
        } else if change.speaker == self.key.id() {
            self.meet_own_word(step);
        } else if self.is_alone() && self.former.contains(&change.speaker) {
            // It hears by that that its place is taken.
            self.say_where(step);
        }
    }

    /// Somebody says where they stand who came in the place of a device that this one is, or was. There is
    /// one place.
    pub(super) fn meet_heir(&mut self, step: &mut Step<'_>, beacon: &Beacon) {
        let device = beacon.device();
        let is_mine = device == self.key.id() || self.coming_as() == Some(device);
        if !self.is_alone() || is_mine || self.former.contains(&device) {
            return;
        }
        let gave_up = |key: &DeviceId| beacon.is_vouched_for_by(key);
        // Where both took it, the lower one stays.
        let was_first = self.former.iter().any(gave_up) && device < self.key.id();
        if self.standing == Standing::Active && (gave_up(&self.key.id()) || was_first) {
            self.standing = Standing::Replaced;
            step.tell(Event::DeviceClosed { circle: self.id });
            self.forget_wishes(step);
            self.write(step);
        }
    }

    /// When this device takes its own place, if it is alone, knows of another copy, and asks with the lowest
    /// key: once nobody has let it in for long, while it listened.
    pub(super) fn takes_own_place_at(&self) -> Option<Timestamp> {
        let own = self.returning.as_ref().filter(|own| own.is_open() && !own.told)?;
        let rivals: Vec<_> = self.wanted_returns().map(|wanted| &wanted.post.change).collect();
        let goes_first = |other: &&Return| {
            other.speaker == self.key.id() && self.coming_as() < Some(*other.device())
        };
        let may = own.cause == Cause::Copy
            && self.is_alone()
            && !rivals.is_empty()
            && rivals.iter().all(goes_first);
        own.listens.filter(|_| may).map(|since| since.after(LET_IN_LATEST))
    }

    /// Its commit puts a fresh key into its leaf. Says whether it could.
    pub(super) fn take_own_place(&mut self, step: &mut Step<'_>) -> bool {
        // Should it fail, it is tried again as late.
        if let Some(own) = &mut self.returning {
            own.listens = Some(step.now);
        }
        let vouched = self.own_credential().and_then(|credential| {
            // Not the one it asked with: if it was put back meanwhile, another may have that.
            let key = DeviceKey::generate(step.random);
            Some((credential.vouch(&self.id, &self.key, &key.id())?, key))
        });
        vouched.is_some_and(|(credential, key)| self.enter_as(step, key, credential))
    }

    /// This device goes on under another key, in the leaf it has.
    fn enter_as(&mut self, step: &mut Step<'_>, key: DeviceKey, credential: Credential) -> bool {
        let Some(parent) = self.states.get(&self.head) else {
            return false;
        };
        if parent.held().is_none_or(|held| self.publish_key(&held.era, step.now).is_none()) {
            return false;
        }
        // Nothing is offered: nobody adds it.
        let nothing: &[u8] = &[];
        let change = Return::sign(
            &self.id,
            &self.key,
            credential.clone(),
            vec![self.key.id()],
            ReturnAs::Member,
            self.asks_at(step.now),
            iter::once(nothing),
        );
        let plan = Plan {
            changes: vec![Change::Return(change)],
            key_packages: Vec::new(),
            counter: self.chain.counter + 1,
            siblings: self.siblings(),
            period: step.now.hour().period(),
            seen: self.tips_to_commit(),
            successor: Some(Successor {
                key: DeviceKey::from_secret(&key.to_secret()),
                credential,
            }),
        };
        let built = build(&self.id, &self.key, self.head, parent, plan, step.injected());
        let Ok(built) = built else {
            return false;
        };
        self.drop_own_commit(step);
        self.former.push(self.key.id());
        self.key = key;
        self.chain = Chain::default();
        self.doubt = None;
        if let Some(returning) = &mut self.returning {
            returning.done = Some(step.now);
            returning.next = step.now.after(TOLD_LATEST);
            returning.used = false;
        }
        self.write_returning(step);
        let root = built.id;
        self.leave_all_but(step, &root);
        self.way_back.forget_questions();
        if self.put_forward(step, built, Vec::new()).is_none() {
            return false;
        }
        self.beacons.say_anew();
        self.say_where(step);
        step.tell(Event::CameBack { circle: self.id });
        true
    }
}

//! What this device knows it lacks: what was said before it came in anew or while it was away for
//! long, and what others name and it does not hold. It asks for it on the porch until somebody
//! answers who can have it. Clause: specs/04-order O-83.

use std::time::Duration;

use tls_codec::{TlsDeserialize, TlsSerialize, TlsSize};

use crate::circle::run::ANSWERED_BY_ALL;
use crate::circle::{Circle, Standing, Step};
use crate::id::DeviceId;
use crate::label::Label;
use crate::limits::{HEAD_AGE, MAX_LONGINGS, RELAY_KEEP};
use crate::porch::{Run, SealedReply};
use crate::time::Timestamp;

/// How often a device looks for what it lacks.
const LOOK: Duration = Duration::from_secs(10 * 60);

/// Hours after which a device has been in its circle for a while.
const SETTLED_HOURS: u32 = 24;

/// What a device lacks.
#[derive(Clone, Copy, Debug, TlsDeserialize, TlsSerialize, TlsSize)]
pub(super) struct Longing {
    /// It lacks what was written from then on.
    since: Timestamp,
    /// Whoever was a member at this epoch may have it; of gaps nobody knows who.
    epoch: Option<u64>,
    /// How often it has asked.
    tries: u8,
    /// When it asks again.
    next: Timestamp,
}

/// What a device remembers of gaps; starts anew with the device.
#[derive(Debug, Default)]
pub(super) struct Gaps {
    looked: Timestamp,
    /// How many items were missing when it last looked.
    missing: u64,
    /// How many were missing when it last asked because of them.
    asked: u64,
}

impl Circle {
    /// This device did not hear all that was said from `since` on.
    pub(super) fn long_for(&mut self, step: &mut Step<'_>, since: Timestamp, epoch: Option<u64>) {
        let since = self.longing.map_or(since, |longing| longing.since.min(since));
        // Who was there for all of it.
        let before = self.longing.and_then(|longing| longing.epoch);
        let epoch = before.into_iter().chain(epoch).min();
        let next = step.now.after(step.timings.ask_again);
        self.longing = Some(Longing { since, epoch, tries: 0, next });
        self.write(step);
    }

    /// From when on others shall hand over what was written.
    pub(super) fn lacks_since(&self) -> Timestamp {
        self.longing.map_or(self.heard, |longing| longing.since.min(self.heard))
    }

    /// A device has answered: if it was there, it has handed over what there is.
    pub(super) fn longing_answered(&mut self, step: &mut Step<'_>, by: &DeviceId) {
        let Some(longing) = self.longing else {
            return;
        };
        let entry = self.ledger().and_then(|ledger| {
            let member = ledger.member_of(by)?;
            ledger.members().get(member)
        });
        let was_member = |since: u64| longing.epoch.is_some_and(|epoch| since <= epoch);
        let was_there = match self.witnesses() {
            Some(witnesses) => witnesses.contains(by),
            None => entry.is_some_and(|entry| was_member(entry.since)),
        };
        if was_there {
            self.longing = None;
            self.write(step);
            self.expect_handover(step);
        }
    }

    /// One more device has answered, after somebody who may not have been there.
    pub(super) fn longing_answered_too(&mut self, step: &mut Step<'_>, sealed: &SealedReply) {
        let reply = self.way_back.answered(&sealed.ask);
        let opened = reply.and_then(|reply| sealed.open(Label::RUN_HPKE, self.suite, reply));
        let run = opened.and_then(|bytes| Run::read(&bytes, &sealed.ask).ok());
        if let Some(run) = run {
            self.longing_answered(step, &run.device);
        }
    }

    /// Whether somebody is in the circle who can tell what this device lacks, and has not.
    pub(super) fn longs_for_others(&self) -> bool {
        let epoch = self.longing.and_then(|longing| longing.epoch);
        let Some((epoch, ledger)) = epoch.zip(self.ledger()) else {
            return false;
        };
        if let Some(witnesses) = self.witnesses() {
            return !witnesses.is_empty();
        }
        ledger.members().iter().any(|(member, entry)| {
            let is_other = *member != self.me || entry.devices.len() > 1;
            is_other && entry.since <= epoch
        })
    }

    /// Asks now what would be asked for a while later.
    pub(super) fn ask_sooner(&mut self, now: Timestamp) {
        if let Some(longing) = self.longing.as_mut().filter(|longing| longing.tries == 0) {
            longing.next = longing.next.min(now);
        }
    }

    /// Asks for what is lacking, ever more rarely, and looks for gaps.
    pub(super) fn tend_longing(&mut self, step: &mut Step<'_>) {
        if !self.may_ask() {
            return;
        }
        self.look_for_gaps(step);
        let Some(mut longing) = self.longing.filter(|longing| longing.next <= step.now) else {
            return;
        };
        if longing.tries >= MAX_LONGINGS {
            // Nobody can hand it over: it is a gap, and shown as one.
            self.longing = None;
            self.write(step);
            self.expect_handover(step);
            return;
        }
        if self.waits_to_say_anew() && step.now.since(self.heard) >= HEAD_AGE {
            // Nobody is in reach: what asks in vain now is no reason to say what may be taken back.
            longing.next = step.now.after(step.timings.ask_again);
            self.longing = Some(longing);
            return;
        }
        // Of three questions the third is answered by everybody; where words wait for it, the second is.
        let attempt = match longing.tries {
            0 => 0,
            _ if self.waits_to_say_anew() => ANSWERED_BY_ALL,
            tries => tries % 3,
        };
        self.ask_for_items(step, attempt);
        let wait = step.timings.ask_again.saturating_mul(2 << u32::from(longing.tries.min(8)));
        longing.next = step.now.after(wait.min(step.timings.ask_again_most));
        longing.tries += 1;
        self.longing = Some(longing);
        self.write(step);
    }

    /// When it is to ask again.
    pub(super) fn next_longing(&self) -> Option<Timestamp> {
        self.longing.filter(|_| self.may_ask()).map(|longing| longing.next)
    }

    /// Whether there is anybody to ask, and this device may speak.
    pub(super) fn may_ask(&self) -> bool {
        self.standing == Standing::Active && !self.is_alone() && !self.is_muted()
    }

    /// What others name and this device does not hold, twice in a row, is asked for.
    fn look_for_gaps(&mut self, step: &mut Step<'_>) {
        let for_others = self.longing.is_some_and(|longing| longing.epoch.is_some());
        if step.now.since(self.gaps.looked) < LOOK || for_others {
            return;
        }
        let (lost, earlier) =
            self.with_timeline(|timeline| (timeline.lost(), timeline.gaps().len()));
        // What was said before this device came looks like what it did not hear of those who had
        // said nothing until then; so that is asked for, too, but not for long.
        let settled = step.now.hour().get() > self.since.get().saturating_add(SETTLED_HOURS);
        let missing = if lost == 0 && settled { earlier as u64 } else { lost };
        let lasting = missing > 0 && self.gaps.missing > 0 && missing != self.gaps.asked;
        self.gaps.looked = step.now;
        self.gaps.missing = missing;
        if missing == 0 && self.longing.take().is_some() {
            self.write(step);
        }
        if lasting && self.longing.is_none() {
            self.gaps.asked = missing;
            let keep = u64::try_from(RELAY_KEEP.as_millis()).unwrap_or(u64::MAX);
            let since = Timestamp::from_millis(step.now.as_millis().saturating_sub(keep));
            self.long_for(step, since, None);
            if let Some(longing) = self.longing.as_mut().filter(|_| lost == 0) {
                longing.tries = MAX_LONGINGS - 3;
            }
        }
    }
}

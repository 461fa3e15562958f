//! The commits that a device missed: it asks on the porch, and a member that kept those of the path
//! gives them. Clauses: specs/04-order O-71, O-72.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::time::Duration;

use crate::circle::era::TopicUse;
use crate::circle::intent::{Intent, IntentKind};
use crate::circle::request::Cause;
use crate::circle::{Circle, Standing, Step};
use crate::id::{DeviceId, EnvelopeId, MemberId, StateId};
use crate::identity::Verified;
use crate::label::Label;
use crate::limits::{ASK_LIFE, LONG_AWAY, MAX_ASKS, MAX_KNOWN_STATES, MAX_RUN_STEPS};
use crate::mls::{HpkeSecret, generate};
use crate::porch::{Ask, AskBody, AskId, MAX_SEALED, Newest, Run, RunStep, SealedReply, Told};
use crate::secret::SecretBytes;
use crate::time::Timestamp;
use crate::verdict::{Redundant, Verdict, Violation};
use crate::wire::chunk::Manifest;
use crate::wire::text::Opaque;
use crate::wire::{Envelope, FrameKind};

/// A question of this device that nobody has answered in full.
#[derive(Debug)]
pub(crate) struct Asking {
    id: AskId,
    reply: HpkeSecret,
    attempt: u8,
    /// When to ask again.
    next: Timestamp,
}

/// A question of somebody else that this device may answer.
#[derive(Debug)]
pub(crate) struct Asked {
    era: StateId,
    pub(super) body: Verified<AskBody>,
    /// When it is this device's turn.
    due: Timestamp,
}

/// How long nothing was heard, and what was done about it; starts anew with the device.
#[derive(Debug, Default)]
pub(crate) struct WayBack {
    /// The question of this device.
    asking: Option<Asking>,
    /// The questions before it, whose handovers may still come.
    told: VecDeque<Asking>,
    /// Questions of others.
    asked: BTreeMap<AskId, Asked>,
    /// Whether others were met after a long silence.
    met: bool,
    /// The head on which somebody made a commit that this device cannot follow.
    unfollowed: Option<StateId>,
    /// How often a run led nowhere: to a commit that this device cannot follow.
    blocked: u8,
    /// Members who know no way from where this device stands, and when they said so.
    elsewhere: BTreeMap<MemberId, Timestamp>,
    /// Devices of this member that stood here and know no way from here any more, and the newest counter that
    /// was known of each when it said so.
    left_by: BTreeMap<DeviceId, Option<u64>>,
    /// Since when envelopes wait that nothing opens.
    stuck: Option<Timestamp>,
    /// Not before this another question because of those.
    rest: Timestamp,
}

impl WayBack {
    /// The question of this device is answered; what goes with the answer may still come.
    pub(super) fn end_question(&mut self) {
        self.told.extend(self.asking.take());
        if self.told.len() > MAX_TOLD {
            self.told.pop_front();
        }
    }

    /// What opens an answer to a question of this device, answered before or not.
    pub(super) fn opens(&self, ask: &AskId) -> Option<&HpkeSecret> {
        let open = self.asking.as_ref().filter(|own| own.id == *ask).map(|own| &own.reply);
        open.or_else(|| self.answered(ask))
    }

    /// What opens one more answer to a question that somebody answered before.
    pub(super) fn answered(&self, ask: &AskId) -> Option<&HpkeSecret> {
        self.told.iter().find(|own| own.id == *ask).map(|own| &own.reply)
    }

    /// This device is in again: what it asked before is answered.
    pub(super) fn forget_questions(&mut self) {
        self.end_question();
        self.met = false;
        self.stuck = None;
        self.blocked = 0;
        self.forget_who_is_elsewhere();
    }

    fn forget_who_is_elsewhere(&mut self) {
        self.elsewhere.clear();
        self.left_by.clear();
    }
}

impl Circle {
    /// Something was heard, or everything was fetched. After a long silence that may not be all
    /// there was: the silence lasts until somebody has told what was missed.
    pub(super) fn note_heard(&mut self, step: &mut Step<'_>) {
        if self.standing != Standing::Active {
            return;
        }
        let silence = step.now.since(self.heard);
        if silence > LONG_AWAY && !self.is_alone() {
            self.way_back.met = true;
            return;
        }
        self.heard = step.now;
        if step.now.since(self.heard_written) > HEARD_WRITTEN {
            self.heard_written = step.now;
            self.write(step);
        }
    }

    /// Everything of a topic has been fetched.
    pub(super) fn note_fetched(&mut self, step: &mut Step<'_>) {
        self.note_heard(step);
        if self.way_back.met {
            self.ask(step);
        }
    }

    /// Whether no other device is there that could answer, of this member neither.
    pub(super) fn is_alone(&self) -> bool {
        self.ledger().is_none_or(|ledger| {
            ledger.members().values().map(|entry| entry.devices.len()).sum::<usize>() <= 1
        })
    }

    /// Looks after questions: of this device, of others, and whether there is cause for one.
    pub(super) fn tend_way_back(&mut self, step: &mut Step<'_>) {
        // What waits on the topic of an invite is for others, or noise; what was sealed about when
        // this device came in may be of before.
        let since = self.since.get().saturating_add(1);
        let stuck = self.waiting.envelopes().any(|envelope| {
            matches!(self.topic_use(&envelope.topic()), Some(TopicUse::Era(..)))
                && envelope.hour().get() > since
        });
        self.way_back.stuck = if stuck { self.way_back.stuck.or(Some(step.now)) } else { None };
        let long = self.is_stuck(step);
        if long && self.way_back.unfollowed == Some(self.head) {
            self.part_ways(step);
        }
        if (long || self.way_back.met) && step.now >= self.way_back.rest {
            self.ask(step);
        }
        if let Some(asking) = &self.way_back.asking
            && asking.next <= step.now
        {
            let attempt = asking.attempt.saturating_add(1);
            self.ask_once_more(step, attempt);
        }
        self.answer_due(step);
    }

    /// Whether something waits for long that nothing opens.
    fn is_stuck(&self, step: &Step<'_>) -> bool {
        self.way_back.stuck.is_some_and(|at| step.now.since(at) >= step.timings.stuck)
    }

    /// When questions want to be looked after.
    pub(super) fn next_question(&self) -> Option<Timestamp> {
        let asking = self.way_back.asking.as_ref().map(|asking| asking.next);
        // Whoever may not speak answers nobody.
        let asked = self.way_back.asked.values().filter(|_| !self.is_muted());
        asked.map(|asked| asked.due).chain(asking).min()
    }

    /// Whether this device has asked what it missed and waits to be told.
    pub(super) fn is_asking(&self) -> bool {
        self.way_back.asking.is_some()
    }

    /// Asks what was missed.
    pub(super) fn ask(&mut self, step: &mut Step<'_>) {
        if self.way_back.asking.is_none() {
            self.ask_once_more(step, 0);
        }
    }

    /// Asks for items that are lacking.
    pub(super) fn ask_for_items(&mut self, step: &mut Step<'_>, attempt: u8) {
        if self.way_back.asking.is_none() {
            self.ask_once_more(step, attempt);
        }
    }

    fn ask_once_more(&mut self, step: &mut Step<'_>, attempt: u8) {
        let Ok((secret, reply)) = generate(self.suite, step.random) else {
            return;
        };
        self.way_back.rest = step.now.after(step.timings.ask_again_most);
        // A copy may be alone only as far as it knows.
        if self.is_alone() && !self.is_doubting() {
            self.way_back.end_question();
            self.say_where(step);
            return;
        }
        let Some(credential) = self.own_credential() else {
            self.way_back.end_question();
            return;
        };
        let mut body = AskBody::new(self.id, credential, self.head, step.now, reply);
        body.known = self.known_states();
        body.seq = self.first_unheard();
        body.heard = self.lacks_since();
        body.attempt = attempt;
        let Some(ask) = body.sign(&self.key) else {
            return;
        };
        let wait = step.timings.ask_again.saturating_mul(1 << u32::from(attempt.min(10)));
        let next = step.now.after(wait.min(step.timings.ask_again_most));
        self.way_back.asking = Some(Asking { id: ask.id(), reply: secret, attempt, next });
        // The others may have left the era of this device's head.
        for era in self.porches_to_ask() {
            self.post(step, &era, FrameKind::Ask, &ask.to_bytes());
        }
        if attempt >= BEFORE_BEACON {
            self.say_where(step);
        }
    }

    /// States below the head whose keys are here, ever farther apart, and the oldest of them: where the
    /// others parted from this device is nowhere below that, or nobody can show it the way.
    fn known_states(&self) -> Vec<StateId> {
        let (mut known, mut oldest, mut next) = (Vec::new(), None, 1);
        let below = self.down_the_path().enumerate().skip(1);
        for (depth, (id, _)) in below.filter(|(_, (_, state))| state.held().is_some()) {
            oldest = Some(*id);
            if depth >= next && known.len() + 1 < MAX_KNOWN_STATES {
                known.push(*id);
                next = 2 * depth;
            }
        }
        known.extend(oldest.filter(|oldest| !known.contains(oldest)));
        known
    }

    /// A question was found on a porch.
    pub(super) fn take_ask(&mut self, step: &mut Step<'_>, era: StateId, record: &[u8]) -> Verdict {
        let Ok((id, body)) = Ask::read(record) else {
            return Verdict::Reject(Violation::Malformed);
        };
        if body.circle != self.id {
            return Verdict::Reject(Violation::Misplaced);
        }
        if body.device() == self.key.id() || step.now.since(body.written) > ASK_LIFE {
            return Verdict::Ignore(Redundant::Settled);
        }
        if self.way_back.asked.contains_key(&id) {
            return Verdict::Ignore(Redundant::Duplicate);
        }
        if !self.was_ever_in(&body) {
            // Somebody of another side, perhaps.
            self.say_where(step);
            return Verdict::Ignore(Redundant::NotForUs);
        }
        // One question of a device at a time: the latest.
        self.way_back.asked.retain(|_, asked| asked.body.device() != body.device());
        if self.way_back.asked.len() >= MAX_ASKS {
            return Verdict::Ignore(Redundant::NoRoom);
        }
        let due = self.turn(step, None).after(self.leaves_to_others(step, &body));
        self.way_back.asked.insert(id, Asked { era, body, due });
        Verdict::Accept
    }

    /// How long an answer is left to others: whoever knows a way goes first, then whoever can say that
    /// there is none, and at last whoever is where the asker is and lacks as much.
    fn leaves_to_others(&self, step: &Step<'_>, body: &AskBody) -> Duration {
        let lacks = body.history.is_none() && self.lacks_itself(step);
        let turn = match self.way_from(body) {
            None => 1,
            Some((_, run)) if run.is_empty() && lacks => 2,
            Some(_) => 0,
        };
        step.timings.no_way * turn
    }

    /// Whether this device has reason to ask, too.
    fn lacks_itself(&self, step: &Step<'_>) -> bool {
        self.is_behind() || self.is_stuck(step)
    }

    /// Whether it met others after a long silence and was not told yet what it missed.
    pub(super) fn is_behind(&self) -> bool {
        self.way_back.met
    }

    /// Every open question, to be answered otherwise.
    #[cfg(feature = "testing")]
    pub(super) fn take_asked(&mut self) -> BTreeMap<AskId, Asked> {
        std::mem::take(&mut self.way_back.asked)
    }

    /// Answers every open question with the key of a stranger.
    #[cfg(feature = "testing")]
    pub(super) fn answer_falsely(
        &mut self,
        step: &mut Step<'_>,
        key: &crate::identity::DeviceKey,
        lie: impl Fn(&AskBody) -> Told,
    ) -> usize {
        let asked = std::mem::take(&mut self.way_back.asked);
        for (id, asked) in &asked {
            let run = Run::sign(id, key, lie(&asked.body)).to_bytes();
            self.tell_asker(step, id, asked, Label::RUN_HPKE, FrameKind::Run, &run);
        }
        asked.len()
    }

    /// Leaves a question to who answered it already, unless answers to it have failed before.
    pub(super) fn stand_down(&mut self, ask: &AskId, answered: impl Fn(&AskBody) -> bool) {
        let asked = self.way_back.asked.get(ask).map(|asked| &asked.body);
        if asked.is_some_and(|body| body.attempt < ANSWERED_BY_ALL && answered(body)) {
            self.way_back.asked.remove(ask);
        }
    }

    /// Whether whoever asks is or was a member of a state that is known here.
    fn was_ever_in(&self, body: &AskBody) -> bool {
        let mut known = self.states.keys().filter_map(|id| self.members_at(id));
        known.any(|members| members.contains(&body.credential.member))
    }

    fn answer_due(&mut self, step: &mut Step<'_>) {
        if self.is_muted() {
            return;
        }
        let due: Vec<AskId> = self
            .way_back
            .asked
            .iter()
            .filter(|(_, asked)| asked.due <= step.now)
            .map(|(id, _)| *id)
            .collect();
        for id in due {
            if let Some(asked) = self.way_back.asked.remove(&id) {
                self.answer_ask(step, &id, &asked);
            }
        }
    }

    fn answer_ask(&mut self, step: &mut Step<'_>, id: &AskId, asked: &Asked) {
        if let Some(ask) = asked.body.history {
            self.answer_history(step, id, asked, ask);
            return;
        }
        let mut way = self.way_from(&asked.body);
        if way.is_none() && self.give_way(step, &asked.body) {
            way = self.way_from(&asked.body);
        }
        let (from, steps, more) = match way {
            Some((from, run)) => {
                let (steps, more) = Self::first_steps(run);
                (Some(from), steps, more)
            }
            None => (None, Vec::new(), false),
        };
        let missed = self.missed_by(&asked.body);
        let handover = missed.and_then(|missed| self.answer_with(&missed, id, asked.body.attempt));
        if let Some(handover) = handover {
            let info = Label::HANDOVER_HPKE;
            self.tell_asker(step, id, asked, info, FrameKind::Handover, &handover);
        }
        let told = Told {
            from,
            steps,
            more,
            newest: self.newest_of(&asked.body.device()),
            is_member: self.ledger().is_some_and(|l| l.member_of(&asked.body.device()).is_some()),
        };
        let run = Run::sign(id, &self.key, told);
        self.tell_asker(step, id, asked, Label::RUN_HPKE, FrameKind::Run, &run.to_bytes());
    }

    fn newest_of(&self, device: &DeviceId) -> Option<Newest> {
        let counter = self.ballots.newest(device)?;
        let digest = self.ballots.seal_of(device, counter)?.digest;
        Some(Newest { counter, digest })
    }

    pub(super) fn tell_asker(
        &mut self,
        step: &mut Step<'_>,
        id: &AskId,
        asked: &Asked,
        info: Label,
        kind: FrameKind,
        answer: &[u8],
    ) {
        let key = &asked.body.reply;
        if let Some(sealed) = SealedReply::seal(*id, info, self.suite, key, answer, step.random) {
            self.post(step, &asked.era, kind, &sealed.to_bytes());
        }
    }

    /// The way from a state the asker knows to the head, if every commit between was kept.
    fn way_from(&self, body: &AskBody) -> Option<(StateId, KeptRun)> {
        let known = [&body.head].into_iter().chain(&body.known);
        known.filter_map(|from| Some((*from, self.run_from(from)?))).next()
    }

    /// As many commits of a way as one run holds, and whether there are more.
    fn first_steps(run: KeptRun) -> (Vec<RunStep>, bool) {
        let (count, mut length) = (run.len(), 1024);
        let mut steps = Vec::new();
        for commit in run.into_iter().take(MAX_RUN_STEPS) {
            length +=
                commit.iter().map(|envelope| envelope.as_bytes().len() + 4).sum::<usize>() + 4;
            let envelopes = commit.iter().map(|envelope| Opaque::new(envelope.as_bytes()));
            let Ok(envelopes) = envelopes.collect::<Result<Vec<_>, _>>() else {
                break;
            };
            if length > MAX_SEALED {
                break;
            }
            steps.push(RunStep { envelopes });
        }
        let more = steps.len() < count;
        (steps, more)
    }

    /// An answer was found on a porch. Says also whether states came with it.
    pub(super) fn take_run(&mut self, step: &mut Step<'_>, record: &[u8]) -> (Verdict, bool) {
        let Ok(sealed) = SealedReply::from_bytes(record) else {
            return (Verdict::Reject(Violation::Malformed), false);
        };
        let Some(asking) = self.way_back.asking.as_ref().filter(|own| own.id == sealed.ask) else {
            self.longing_answered_too(step, &sealed);
            // Somebody else answered: this device need not, unless answers have failed before.
            self.stand_down(&sealed.ask, |_| true);
            return (Verdict::Ignore(Redundant::NotForUs), false);
        };
        let opened = sealed.open(Label::RUN_HPKE, self.suite, &asking.reply);
        let run = opened.and_then(|bytes| Run::read(&bytes, &sealed.ask).ok());
        let Some(run) = run else {
            return (Verdict::Reject(Violation::Signature), false);
        };
        let replayed = run.told.from.map(|from| self.replay(step, from, &run.told.steps));
        let came = replayed.is_some_and(|(_, came)| came);
        if came {
            // Those who came in since are known by what they tell.
            self.choose_head(step);
        }
        // What proves itself is taken from anybody, and no more than that from a stranger: whoever
        // was taken out still reads the porches of their eras.
        let is_known = self.ledger().is_some_and(|ledger| ledger.member_of(&run.device).is_some());
        if is_known {
            self.longing_answered(step, &run.device);
            self.heard_up_to(step, run.told.newest);
        }
        let doubts = self.is_doubting();
        let Some((end, _)) = replayed else {
            if !doubts {
                self.no_way_back(step, &run.device, &run.told);
            }
            return (Verdict::Accept, false);
        };
        if end == End::Blocked && is_known {
            self.blocked(step);
        }
        if end == End::Arrived && is_known {
            self.way_back.blocked = 0;
            self.way_back.forget_who_is_elsewhere();
            // A doubt asks until somebody settles it.
            if !doubts {
                self.way_back.end_question();
            }
            if run.told.more && came {
                self.ask(step);
            } else {
                self.way_back.met = false;
                self.heard = step.now;
                self.write(step);
            }
        }
        (Verdict::Accept, came)
    }

    /// Applies the commits of a run, one after the other. Says where that ended, and whether any was
    /// new.
    fn replay(&mut self, step: &mut Step<'_>, from: StateId, steps: &[RunStep]) -> (End, bool) {
        let (mut at, mut came) = (from, false);
        for commit in steps {
            let Some((envelopes, message)) = self.open_step(&at, commit) else {
                return (End::Elsewhere, came);
            };
            let last = envelopes.last().map(|envelope| (envelope.id(), envelope.hour()));
            let Some((id, hour)) = last else {
                return (End::Elsewhere, came);
            };
            // A commit of its own this device does not apply; it only learns that others have it.
            for envelope in &envelopes {
                self.note_acknowledged(step, &envelope.id());
            }
            let verdict = self.take_commit(step, (&id, hour), at, &message);
            let mut children = self.states.iter().filter(|(_, state)| state.parent == Some(at));
            let made = children.find(|(_, state)| state.commit == Some(id)).map(|(id, _)| *id);
            let Some(made) = made else {
                let held = self.states.get(&at).and_then(|state| state.held());
                let blocked = match verdict {
                    Verdict::Reject(_) => true,
                    // It was taken in anew, and the Welcome did not reach it.
                    Verdict::Ignore(Redundant::NotForUs) => true,
                    // It made that commit as what it was before.
                    Verdict::Ignore(Redundant::Duplicate) => held.is_some_and(|held| held.left),
                    _ => false,
                };
                return (if blocked { End::Blocked } else { End::Elsewhere }, came);
            };
            if verdict == Verdict::Accept {
                came = true;
                self.keep_commit(step, made, envelopes);
            }
            // Beyond a commit that takes this device out nothing is for it.
            if self.states.get(&made).is_none_or(|state| state.held().is_none()) {
                return (End::Arrived, came);
            }
            at = made;
        }
        (End::Arrived, came)
    }

    /// A commit on the head cannot be followed by this device, as a commit whose path was spoilt for
    /// some.
    pub(super) fn note_unfollowed(&mut self, parent: &StateId) {
        if *parent == self.head {
            self.way_back.unfollowed = Some(*parent);
        }
    }

    /// Others went on with a commit that this device cannot follow. A rival of it lets the votes
    /// decide: if most cannot follow it either, those who did come over; if most did, this device
    /// comes in anew.
    fn part_ways(&mut self, step: &mut Step<'_>) {
        let head = self.head;
        let wanted = |intent: &Intent| matches!(intent.kind, IntentKind::MoveOn(at) if at == head);
        if !self.intents.values().any(wanted) {
            let due = self.turn(step, None);
            self.want(step, IntentKind::MoveOn(head), due);
        }
    }

    /// A run led to a commit that this device cannot follow. Once that may be somebody's lie; then it
    /// comes in anew.
    fn blocked(&mut self, step: &mut Step<'_>) {
        self.way_back.blocked = self.way_back.blocked.saturating_add(1);
        if self.way_back.blocked >= BELIEVED {
            self.come_back(step, Cause::Lost);
        } else if let Some(asking) = &mut self.way_back.asking {
            // Whoever asked in vain for long need not wait as long for the second answer.
            asking.next = asking.next.min(step.now.after(step.timings.ask_again));
        }
    }

    /// The envelopes of one commit on `parent`, and the commit.
    fn open_step(
        &self,
        parent: &StateId,
        commit: &RunStep,
    ) -> Option<(Vec<Verified<Envelope>>, SecretBytes)> {
        let held = self.states.get(parent)?.held()?;
        let envelopes: Vec<Verified<Envelope>> = commit
            .envelopes
            .iter()
            .map(|bytes| Envelope::from_bytes(bytes.as_bytes()).ok()?.verify().ok())
            .collect::<Option<_>>()?;
        let last = envelopes.last()?;
        if !held.keys.commit_seal.recognises(last) {
            return None;
        }
        let frame = held.keys.commit_seal.open(last).ok()?;
        let frame = if frame.kind == FrameKind::Manifest {
            let chunks: BTreeMap<EnvelopeId, &Verified<Envelope>> =
                envelopes.iter().map(|envelope| (envelope.id(), envelope)).collect();
            let manifest = Manifest::from_bytes(&frame.record).ok()?;
            manifest.assemble(|id| chunks.get(id).map(|chunk| (*chunk).clone())).ok()?
        } else {
            frame
        };
        (frame.kind == FrameKind::Commit).then_some((envelopes, frame.record))
    }

    /// Somebody knows no way from where this device stands. Somebody else may; but whoever was away
    /// for long, asked more than once, and was told so again, comes in anew. A stranger may have come
    /// in meanwhile or have been taken out: they are believed late. Whoever heard others
    /// all the time may just be ahead of the one who answers, or on the larger of two sides: it
    /// comes in anew only if more members stand elsewhere than here.
    fn no_way_back(&mut self, step: &mut Step<'_>, by: &DeviceId, told: &Told) {
        let member = self.ledger().and_then(|ledger| ledger.member_of(by)).copied();
        let believed = if member.is_some() { 1 } else { STRANGER_BELIEVED };
        self.way_back.elsewhere.extend(member.map(|member| (member, step.now)));
        let is_own = member == Some(self.me) && *by != self.key.id();
        if is_own && told.newest.is_some_and(|newest| self.is_said_here(newest)) {
            let known = self.ballots.newest(by);
            self.way_back.left_by.insert(*by, known);
        }
        if self.way_back.asking.as_ref().is_none_or(|asking| asking.attempt < believed) {
            return;
        }
        let cause = if told.is_member { Cause::Lost } else { Cause::Stranger };
        if self.way_back.met {
            self.come_back(step, cause);
        } else if self.is_stuck(step) && self.most_stand_elsewhere() {
            self.change_sides(step, cause);
        }
    }

    /// Whether something that this device sealed lies on its head's path, under a state whose keys it holds:
    /// whoever opened it stood here.
    fn is_said_here(&self, newest: Newest) -> bool {
        let own = self.ballots.seal_of(&self.key.id(), newest.counter);
        let at = own.filter(|own| own.digest == newest.digest).and_then(|own| own.vote);
        at.is_some_and(|at| {
            self.path().contains(&at)
                && self.states.get(&at).is_some_and(|state| state.held().is_some())
        })
    }

    /// Whether another device of this member stood here, went on where this one does not hear it, and said
    /// so: it knows what this one said, and not the reverse, so that its word is the member's (O-34).
    fn has_own_member_left(&self) -> bool {
        let left_by = &self.way_back.left_by;
        let left = left_by.iter().filter(|(by, known)| self.ballots.newest(by) == **known);
        let own = self.ledger().and_then(|ledger| ledger.members().get(&self.me));
        own.is_some_and(|own| left.into_iter().any(|(by, _)| own.devices.contains(by)))
    }

    /// Whether more members of the head know no way from here than are known to stand here. If they
    /// are as many, the side of the lowest member stays.
    fn most_stand_elsewhere(&self) -> bool {
        let Some(ledger) = self.ledger() else {
            return false;
        };
        let path = self.path();
        let has_left = self.has_own_member_left();
        let is_here = |member: &MemberId| {
            if *member == self.me {
                return !has_left;
            }
            let heard = self.watch.heard.get(member).map(|heard| heard.at);
            let told = self.way_back.elsewhere.get(member);
            told.is_none_or(|told| heard > Some(*told)) && self.stands_on(&path, member)
        };
        let (here, others): (Vec<_>, Vec<_>) =
            ledger.members().keys().partition(|member| is_here(member));
        let there = others.into_iter().filter(|m| self.way_back.elsewhere.contains_key(m));
        may_go_over(&here.into_iter().collect(), &there.collect())
    }

    /// Whether a member was last heard of at a state that comes from one of `path` whose keys are
    /// here.
    fn stands_on(&self, path: &BTreeSet<StateId>, member: &MemberId) -> bool {
        let stands = self.ballots.stands(member);
        let parts = stands.and_then(|at| self.above(at, path)).and_then(|id| self.states.get(&id));
        parts.is_some_and(|state| state.held().is_some())
    }
}

/// Whether whoever stands with those who are `here` goes over to those who are `there`: to more, or to as many
/// if the lowest of all is among them.
pub(super) fn may_go_over<T: Ord>(here: &BTreeSet<T>, there: &BTreeSet<T>) -> bool {
    there.len() > here.len() || there.len() == here.len() && there.first() < here.first()
}

/// The commits of a way, each in the envelopes it travelled in.
type KeptRun = Vec<Vec<Verified<Envelope>>>;

/// How a run ended.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum End {
    /// At its last commit, or at one that takes this device out.
    Arrived,
    /// At a commit that this device cannot follow.
    Blocked,
    /// At something that is no commit on the state before, or one that has to wait.
    Elsewhere,
}

/// How often this device must be led to a commit it cannot follow before it comes in anew.
const BELIEVED: u8 = 2;
/// How often a device has asked in vain before it believes a stranger that there is no way.
const STRANGER_BELIEVED: u8 = 4;
/// How often it has asked in vain before everybody answers, whoever else did.
pub(super) const ANSWERED_BY_ALL: u8 = 2;
/// How often it has asked in vain before it says where it stands.
const BEFORE_BEACON: u8 = 2;
/// How many questions of its own a device remembers after they were answered.
const MAX_TOLD: usize = 8;
/// How much older the time of the last hearing may be in the store.
const HEARD_WRITTEN: Duration = Duration::from_secs(3600);

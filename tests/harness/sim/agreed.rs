//! What a circle agrees on: what people proposed, agreed to and accepted, and what must hold of it on
//! every device, worked out from what they did. An attacker's word under a text is never asked for, so
//! none counts.

use std::collections::{BTreeMap, BTreeSet};

use windbreak_protocol::content::{Ask, Scope};
use windbreak_protocol::id::{CircleId, DeviceId, MemberId, StateId};
use windbreak_protocol::invite::AgreementHash;
use windbreak_protocol::ledger::{Ledger, Role};
use windbreak_protocol::testing::Insider;
use windbreak_protocol::{
    AgreementOverview, AgreementProposalOverview, MotionStage, NewShare, Standing,
};

use crate::sim::Sim;
use crate::sim::check::View;

/// What a circle is made with.
pub(super) const FIRST_AGREEMENT: &str = "We listen, and what is said here stays here.";
/// For how long a word under a text surely counts, in milliseconds: a day less than it does.
const FRESH: u64 = 13 * 24 * 3_600_000;
/// How many later proposals of one device surely hide none of its earlier ones.
const FEW: usize = 3;

/// Who proposed a text or agreed to it, with which device, and when.
#[derive(Clone, Copy, Debug)]
struct Word {
    member: MemberId,
    device: DeviceId,
    at: u64,
}

/// A text that was put to the circle.
#[derive(Debug)]
struct Proposed {
    /// Which agreement it would be, counted from 1.
    number: u32,
    by: Word,
    agreed: Vec<Word>,
}

/// What people did about what they agree on.
#[derive(Debug, Default)]
pub(crate) struct Agreed {
    /// By its text, which nothing else has.
    proposed: BTreeMap<String, Proposed>,
    /// By device, what its owner ever accepted, by a knock or by agreeing too.
    accepted: BTreeMap<usize, BTreeSet<AgreementHash>>,
    /// The same since the device came in, without knocks: what it must know to be accepted.
    known: BTreeMap<usize, BTreeSet<AgreementHash>>,
    /// The states that were found to follow from the one before.
    looked_at: BTreeSet<StateId>,
}

impl Agreed {
    /// Somebody knocks by a card with this text.
    pub(crate) fn knocks(&mut self, device: usize, hash: AgreementHash) {
        self.accepted.entry(device).or_default().insert(hash);
    }

    /// The owner of a device accepts this text.
    pub(super) fn accepts(&mut self, device: usize, hash: AgreementHash) {
        self.knocks(device, hash);
        self.known.entry(device).or_default().insert(hash);
    }

    /// A device shows a circle anew, as somebody who has not been in it.
    pub(crate) fn begins_anew(&mut self, device: usize) {
        self.known.remove(&device);
    }

    /// One device holds all that another one does.
    pub(crate) fn is_copied(&mut self, of: usize, to: usize) {
        if let Some(accepted) = self.accepted.get(&of).cloned() {
            self.accepted.entry(to).or_default().extend(accepted);
        }
    }

    /// Whether a text holds that somebody proposed as this one.
    fn is_known(&self, number: u32, text: &str) -> bool {
        let proposed = self.proposed.get(text).map(|proposed| proposed.number);
        proposed.map_or(number == 1 && text == FIRST_AGREEMENT, |proposed| proposed == number)
    }

    /// Whether one state says the same as the one before, or what most of its members agreed to, a
    /// facilitator among them.
    fn follows(&self, before: &Ledger, after: &Ledger) -> Result<(), String> {
        let (old, new) = (&before.settings().agreement, &after.settings().agreement);
        let (number, next) = (before.rules().agreement.get(), after.rules().agreement.get());
        if old == new && number == next {
            return Ok(());
        }
        let proposed = self.proposed.get(new.as_str());
        let Some(proposed) = proposed.filter(|known| known.number == next && number + 1 == next)
        else {
            return Err(format!("number {next} follows {number}, and nobody proposed it so"));
        };
        let members = before.members();
        let agreed = proposed.agreed.iter().map(|word| word.member);
        let agreed: BTreeSet<MemberId> = agreed.filter(|who| members.contains_key(who)).collect();
        let of = (agreed.len(), members.len());
        if of.0 * 2 <= of.1 || !agreed.iter().any(|member| before.is_facilitator(member)) {
            return Err(format!("number {next} holds by the word of {} of {}", of.0, of.1));
        }
        Ok(())
    }

    /// Whether a device shows of a proposal what people did, which they did not unseen.
    fn shows(&self, asked: &AgreementProposalOverview, seen: bool) -> Result<(), String> {
        let Some(text) = &asked.text else { return Ok(()) };
        let proposed = self.proposed.get(text.as_str());
        if seen && proposed.is_none_or(|proposed| proposed.by.member != asked.by) {
            return Err(format!("{:?} never proposed {:?}", asked.by, text.as_str()));
        }
        let agreed = proposed.map(|proposed| &*proposed.agreed).unwrap_or_default();
        let known = |member: &&MemberId| agreed.iter().any(|word| word.member == **member);
        match asked.agreeing.iter().find(|member| !known(member)) {
            Some(member) => Err(format!("{member:?} never agreed to {:?}", text.as_str())),
            None => Ok(()),
        }
    }
}

impl Sim {
    /// What a device shows of what its circle agrees on.
    fn shown_agreement(&self, device: usize) -> Option<AgreementOverview> {
        let here = self.devices.get(device)?;
        here.engine.as_ref()?.agreement(here.clock(self.now), &self.circle?)
    }

    /// Whoever says something now.
    fn word_of(&self, device: usize) -> Option<Word> {
        let here = self.devices.get(device)?;
        let own = here.engine.as_ref()?.devices(&self.circle?)?;
        let own = own.iter().find(|own| own.this)?;
        Some(Word { member: here.member?, device: own.id, at: self.now })
    }

    /// Whoever made the circle has accepted what it was made with.
    pub(super) fn accept_first(&mut self) {
        if let Some(shown) = self.shown_agreement(0) {
            self.model.agreed.accepts(0, shown.hash);
        }
    }

    /// Somebody puts another text to the circle, and so agrees to it.
    pub(super) fn propose_agreement(&mut self, by: usize, circle: &CircleId, text: &str) {
        let Some((word, shown)) = self.word_of(by).zip(self.shown_agreement(by)) else {
            return;
        };
        let holds = self.holds(by);
        let done = self.by(by, |engine, clock| engine.propose_agreement(clock, circle, text));
        if done.is_none() {
            return;
        }
        if !holds {
            self.fail("no change without the right", format!("device {by} proposes {text:?}"));
        }
        self.tally.lived += 1;
        let number = shown.version.get() + 1;
        let proposed = Proposed { number, by: word, agreed: vec![word] };
        self.model.agreed.proposed.insert(text.to_owned(), proposed);
        if let Ok(text) = windbreak_protocol::invite::AgreementText::new(text) {
            self.model.agreed.accepts(by, AgreementHash::of(&text));
        }
        self.ask_everybody();
    }

    /// Somebody agrees to every text they are asked about.
    pub(super) fn agree(&mut self, device: usize, circle: &CircleId) {
        let asked = self.shown_agreement(device).map(|shown| shown.proposals).unwrap_or_default();
        for asked in asked.into_iter().filter(|asked| asked.asks_me) {
            let (Some(text), Some(word)) = (asked.text, self.word_of(device)) else {
                continue;
            };
            let done = self
                .by(device, |engine, clock| engine.consent_to_agreement(clock, circle, &asked.id));
            if done.is_some() {
                let agreed = &mut self.model.agreed;
                // What an attacker proposed once it came to hold the circle.
                let (number, by) = (asked.version.get(), Word { member: asked.by, ..word });
                let unseen = || Proposed { number, by, agreed: Vec::new() };
                let proposed = agreed.proposed.entry(text.as_str().to_owned());
                proposed.or_insert_with(unseen).agreed.push(word);
                agreed.accepts(device, AgreementHash::of(&text));
            }
        }
    }

    /// Somebody reads the agreement that holds, and accepts it; before that they say nothing.
    pub(super) fn accept_agreement(&mut self, device: usize) {
        let Some(circle) = self.circle else { return };
        let Some(shown) = self.shown_agreement(device).filter(|shown| !shown.accepted) else {
            return;
        };
        let share = NewShare {
            ask: Ask::JustListening,
            content_note: None,
            title: None,
            text: format!("too soon, {}", self.step),
            scope: Scope::HereNow,
        };
        if self.by(device, |engine, clock| engine.share(clock, &circle, share)).is_some() {
            self.fail("the agreement comes first", format!("device {device} shares unasked"));
        }
        let hash = shown.hash;
        let done = self.by(device, |engine, clock| engine.accept_agreement(clock, &circle, &hash));
        if done.is_some() {
            self.model.agreed.accepts(device, hash);
        }
    }

    /// What holds of this after every step.
    pub(super) fn check_agreements(&mut self) {
        let Some(circle) = self.circle.filter(|_| self.is_well()) else { return };
        let insider = self.insider;
        for device in (0..self.devices.len()).filter(|device| insider != Some(*device)) {
            let checks = [
                ("most members make an agreement", self.states_follow(device, &circle)),
                ("an agreement is what people did", self.shows_what_was_done(device)),
            ];
            for (rule, check) in checks {
                if let Err(detail) = check {
                    self.fail(rule, format!("device {device}: {detail}"));
                }
            }
            let number = self.shown_agreement(device).map_or(1, |shown| shown.version.get());
            self.tally.adopted = self.tally.adopted.max(u64::from(number - 1));
        }
    }

    /// Every state a device keeps says of the agreement what follows from the one before.
    fn states_follow(&mut self, device: usize, circle: &CircleId) -> Result<(), String> {
        let clock = self.devices[device].clock(self.now);
        let Some(engine) = &mut self.devices[device].engine else { return Ok(()) };
        let Some(insider) = Insider::of(engine, circle, clock) else { return Ok(()) };
        let agreed = &mut self.model.agreed;
        for state in insider.states().iter().filter(|state| state.keys) {
            let before = state.parent.filter(|_| !agreed.looked_at.contains(&state.id));
            let before = before.and_then(|parent| insider.ledger(&parent));
            if let Some((before, after)) = before.zip(insider.ledger(&state.id)) {
                agreed.follows(&before, &after)?;
                agreed.looked_at.insert(state.id);
            }
        }
        Ok(())
    }

    /// What a device shows was proposed by somebody who holds the circle, agreed to by those it names,
    /// and accepted by its owner.
    fn shows_what_was_done(&self, device: usize) -> Result<(), String> {
        let (Some(shown), Some(overview)) = (self.shown_agreement(device), self.overview(device))
        else {
            return Ok(());
        };
        let agreed = &self.model.agreed;
        let (number, text) = (shown.version.get(), shown.text.as_str());
        if !agreed.is_known(number, text) {
            return Err(format!("{text:?} holds as number {number}, and nobody proposed it"));
        }
        let attacker = self.insider.and_then(|insider| self.devices[insider].member);
        for asked in &shown.proposals {
            let mut members = overview.members.iter();
            if !members.any(|m| m.id == asked.by && m.role == Role::Facilitator) {
                return Err(format!("{:?} proposes and holds no circle", asked.by));
            }
            let seen = Some(asked.by) != attacker || !self.model.attacker_holds;
            agreed.shows(asked, seen)?;
        }
        let is_in = |by: &BTreeMap<usize, BTreeSet<AgreementHash>>| {
            by.get(&device).is_some_and(|texts| texts.contains(&shown.hash))
        };
        if shown.accepted && !is_in(&agreed.accepted) {
            return Err(format!("{text:?} counts as accepted, and nobody accepted it here"));
        }
        if !shown.accepted && is_in(&agreed.known) && !self.devices[device].is_old() {
            return Err(format!("{text:?} was accepted here, and is asked for again"));
        }
        Ok(())
    }

    /// What enough agree to holds, once everybody has heard of it.
    pub(super) fn agreements_at_rest(&self, inside: &[&View]) -> Result<(), String> {
        for view in inside.iter().filter(|view| view.overview.standing == Standing::Active) {
            let me = &view.overview.me;
            let shown = self.shown_agreement(view.device);
            let asked = shown.map(|shown| shown.proposals).unwrap_or_default();
            let enough = |asked: &&AgreementProposalOverview| {
                asked.stage == MotionStage::Enough && asked.agreeing.contains(me)
            };
            if let Some(left) = asked.iter().find(enough).filter(|_| !view.overview.coming_back) {
                return Err(format!("device {} leaves {:?} undone", view.device, left.text));
            }
        }
        // Whoever died, was put back or copied may have lost a word, and an attacker may hold it up.
        let tally = &self.tally;
        let doubtful = tally.restored + tally.copies + tally.crashes > 0 || self.insider.is_some();
        let Some(first) = inside.first().filter(|_| !doubtful) else { return Ok(()) };
        let Some(shown) = self.shown_agreement(first.device) else { return Ok(()) };
        for (text, proposed) in &self.model.agreed.proposed {
            let is_next = proposed.number == shown.version.get() + 1;
            if is_next && self.is_agreed_to(proposed, first, inside) {
                return Err(format!("enough agree to {text:?}, and it does not hold"));
            }
        }
        Ok(())
    }

    /// Whether enough of those who are in the head, with devices that are, have lately agreed to what
    /// one proposed who still holds the circle.
    fn is_agreed_to(&self, proposed: &Proposed, head: &View, inside: &[&View]) -> bool {
        let role = |who: &MemberId| {
            let mut members = head.overview.members.iter();
            members.find(|member| member.id == *who).map(|member| member.role)
        };
        let counts = |word: &&Word| {
            let here = role(&word.member).is_some() && head.devices.contains(&word.device);
            here && word.at + FRESH > self.now
        };
        let by = &proposed.by;
        let later = self.model.agreed.proposed.values();
        let later = later.filter(|other| other.by.device == by.device && other.by.at > by.at);
        let stands = counts(&by) && role(&by.member) == Some(Role::Facilitator);
        let agreed: Vec<&Word> = proposed.agreed.iter().filter(counts).collect();
        let who: BTreeSet<&MemberId> = agreed.iter().map(|word| &word.member).collect();
        let held = who.iter().any(|member| role(member) == Some(Role::Facilitator));
        let own: Vec<DeviceId> = inside.iter().filter_map(|view| view.own).collect();
        let is_on = agreed.iter().any(|word| own.contains(&word.device));
        let most = who.len() * 2 > head.overview.members.len();
        stands && later.count() <= FEW && most && held && is_on
    }
}

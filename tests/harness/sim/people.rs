//! What people do with their devices.

use windbreak_protocol::content::{Ask, Scope};
use windbreak_protocol::id::InviteId;
use windbreak_protocol::invite::{Door, InviteText, RelayAddress};
use windbreak_protocol::ledger::InviteTerms;
use windbreak_protocol::{
    Engine, JoinStage, KnockStage, NewCircle, NewKnock, NewShare, Standing, Suite, testing,
};

use std::time::Duration;

use crate::sim::agreed::FIRST_AGREEMENT;
use crate::sim::check::REST;
use crate::sim::device::relay_address;
use crate::sim::model::{Gone, HeadShown, Said};
use crate::sim::{Deed, Dice, Sim};

const DAY: Duration = Duration::from_secs(24 * 3600);

impl Sim {
    /// Makes the circle, and brings its first members in.
    pub fn set_up(&mut self) {
        for device in 0..self.devices.len() {
            self.switch_on(device);
        }
        let new = NewCircle {
            title: "Evening circle".into(),
            name: "member 0".into(),
            suite: Suite::X25519,
            relays: (0..self.relays.len()).map(relay_address).collect(),
            welcome: "Come in.".into(),
            agreement: FIRST_AGREEMENT.into(),
            declaration: Some("I have nothing to report.".into()),
        };
        let clock = self.devices[0].clock(self.now);
        let engine = self.devices[0].engine.as_mut();
        self.circle = engine.and_then(|engine| engine.create_circle(clock, new).ok());
        self.obey(0);
        if self.circle.is_none() {
            self.fail("a circle can be made", String::new());
            return;
        }
        self.run_for(5_000);
        self.accept_first();
        let uses = u16::try_from(self.plan.members).unwrap_or(u16::MAX);
        for device in 1..self.plan.members {
            self.invite(0, device, Door::default(), uses);
            self.run_for(2_000);
        }
        let members = self.plan.members;
        for _ in 0..120 {
            let inside = (0..members).filter(|n| self.devices[*n].member.is_some()).count();
            if inside == members {
                break;
            }
            self.run_for(10_000);
        }
        let outside = (0..members).filter(|device| self.devices[*device].member.is_none());
        let stages: Vec<String> = outside.map(|device| self.attempt(device)).collect();
        if !stages.is_empty() {
            self.fail("who is invited comes in", stages.join(", "));
        }
        self.run_for(120_000);
    }

    /// How far a device outside has come, in words.
    fn attempt(&self, device: usize) -> String {
        let engine = self.devices[device].engine.as_ref();
        let joins = engine.map(Engine::joins).unwrap_or_default();
        let stages: Vec<_> = joins.iter().map(|join| &join.stage).collect();
        format!("device {device}: {stages:?}")
    }

    /// Does one thing of the plan.
    pub fn perform(&mut self, deed: &Deed) {
        match *deed {
            Deed::Share { by, later } => self.share(by, later),
            Deed::Reply { by, back } => self.reply(by, back),
            Deed::Invite { by, to, review, listens, uses } => {
                self.invite(by, to, Door { review, listens }, uses);
            }
            Deed::PassOn { to } => self.pass_on(to),
            Deed::Revoke { by } => self.revoke(by),
            Deed::Admit { by } => self.answer(by, true),
            Deed::Decline { by } => self.answer(by, false),
            Deed::Remove { by, whom } => self.remove(by, whom),
            Deed::Propose { by, whom, motion } => self.propose(by, whom, motion),
            Deed::StepDown { by } => self.step_down(by),
            Deed::Leave { by } => self.leave(by),
            Deed::AddDevice { by, new } => self.add_device(by, new),
            Deed::RemoveDevice { by, place } => self.remove_device(by, place),
            Deed::BackUp { who } => self.back_up(who),
            Deed::Restore { who, told } => self.restore(who, told),
            Deed::Copy { of, to } => self.copy(of, to),
            Deed::Live { by, back, how } => self.live(by, back, how),
            Deed::Relays { by, relays } => self.set_relays(by, relays),
            Deed::Offline { who } => self.network(who, false),
            Deed::Online { who } => self.network(who, true),
            Deed::Off { who } => self.on(who, |sim, who| sim.switch_off(who)),
            Deed::On { who } => self.on(who, |sim, who| sim.switch_on(who)),
            Deed::Crash { who, outputs } => self.on(who, |sim, who| {
                if sim.devices[who].engine.is_some() {
                    sim.devices[who].fuse = Some(outputs);
                }
            }),
            Deed::Reset { who } => self.on(who, |sim, who| {
                for relay in 0..sim.relays.len() {
                    sim.reset(who, relay);
                }
            }),
            Deed::Split { sides } => {
                self.split = true;
                self.sides = sides;
                self.relink_all();
            }
            Deed::Heal => {
                self.split = false;
                self.relink_all();
            }
            Deed::Clock { who, minutes } => self.on(who, |sim, who| {
                sim.devices[who].drift = minutes * 60_000;
            }),
            Deed::Calm => {
                self.run_for(REST);
                self.check_sides();
            }
            Deed::Attack { lot } => self.attack(lot),
        }
    }

    pub(crate) fn relink_all(&mut self) {
        for device in 0..self.devices.len() {
            self.relink(device);
        }
    }

    fn on(&mut self, who: usize, act: impl FnOnce(&mut Self, usize)) {
        if who < self.devices.len() {
            act(self, who);
        }
    }

    fn network(&mut self, who: usize, online: bool) {
        self.on(who, |sim, who| {
            sim.devices[who].online = online;
            sim.relink(who);
        });
    }

    /// Lets somebody use their engine. `None` if it is off, refuses, or dies before it has written
    /// what it did: then nothing has happened.
    pub(super) fn by<T, E>(
        &mut self,
        by: usize,
        act: impl FnOnce(&mut Engine, windbreak_protocol::time::Timestamp) -> Result<T, E>,
    ) -> Option<T> {
        if by >= self.devices.len() || self.insider == Some(by) {
            return None;
        }
        let clock = self.devices[by].clock(self.now);
        // What an earlier step still asks for comes first, so that the next batch is this one's.
        self.obey(by);
        let engine = self.devices[by].engine.as_mut()?;
        let done = act(engine, clock).ok();
        let dies_before = self.devices[by].fuse == Some(0);
        self.obey(by);
        done.filter(|_| !dies_before)
    }

    pub(super) fn overview(&self, by: usize) -> Option<windbreak_protocol::CircleOverview> {
        self.devices.get(by)?.overview(self.now, &self.circle?)
    }

    pub(super) fn note(
        &mut self,
        by: usize,
        item: windbreak_protocol::id::ItemId,
        later: bool,
        text: String,
    ) {
        self.tally.items += 1;
        // The device may have died a moment ago.
        let Some(head) = self.head_shown(by).or_else(|| self.before_death.clone()) else {
            return;
        };
        let HeadShown { members: here, devices } = head;
        let gone = self.devices[by].met.difference(&here).copied().collect();
        let (at, left) = (self.now, None);
        let (forgotten, clashes, key_lost, for_all_later) = (false, false, false, false);
        let key = self.own_id(by);
        let said = Said {
            by,
            later,
            here,
            devices,
            gone,
            text,
            at,
            left,
            forgotten,
            clashes,
            key,
            key_lost,
            for_all_later,
        };
        self.model.said.insert(item, said);
        self.note_clash(by);
    }

    /// Who is there for a device.
    pub(super) fn head_shown(&self, by: usize) -> Option<HeadShown> {
        let (circle, engine) = (self.circle?, self.devices.get(by)?.engine.as_ref()?);
        let members = self.overview(by)?.members.iter().map(|member| member.id).collect();
        Some(HeadShown { members, devices: testing::devices(engine, &circle) })
    }

    fn share(&mut self, by: usize, later: bool) {
        let Some(circle) = self.circle else { return };
        let text = format!("share {} of device {by}", self.step);
        let scope = if later { Scope::LaterToo } else { Scope::HereNow };
        let share = NewShare {
            ask: Ask::JustListening,
            content_note: None,
            title: None,
            text: text.clone(),
            scope,
        };
        self.accept_agreement(by);
        self.before_death = self.head_shown(by);
        let item = self.by(by, |engine, clock| engine.share(clock, &circle, share));
        if let Some(item) = item {
            self.note_ask(by, item, Ask::JustListening);
            self.note(by, item, later, text);
        }
    }

    fn reply(&mut self, by: usize, back: usize) {
        let Some(circle) = self.circle else { return };
        self.accept_agreement(by);
        let text = format!("reply {} of device {by}", self.step);
        let engine = self.devices.get(by).and_then(|device| device.engine.as_ref());
        let to = engine.and_then(|engine| {
            engine.with_timeline(&circle, |timeline| {
                let said = timeline.entries().iter().rev();
                let said = said.filter(|e| e.gist().is_words());
                said.map(|entry| (entry.id(), entry.scope())).nth(back)
            })
        });
        let Some((to, scope)) = to.flatten() else {
            return;
        };
        self.before_death = self.head_shown(by);
        let said = text.clone();
        // An answer to what is open opens itself, so that threads are handed over whole.
        let item = self.by(by, |engine, clock| engine.reply(clock, &circle, &to, said, scope));
        if let Some(item) = item {
            self.note(by, item, scope == Scope::LaterToo, text);
        }
    }

    fn invite(&mut self, by: usize, to: usize, door: Door, uses: u16) {
        let Some(circle) = self.circle else { return };
        let made = self.by(by, |engine, clock| {
            let terms = InviteTerms { expires: clock.after(30 * DAY), uses, door };
            let invite = engine.open_invite(clock, &circle, terms)?;
            engine.invite_text(&circle, &invite).map(|text| text.to_code().to_string())
        });
        if let Some(text) = made {
            self.invites.push(text);
            self.pass_on(to);
        }
    }

    fn pass_on(&mut self, to: usize) {
        let text = self.invites.last().and_then(|text| InviteText::parse(text).ok());
        let Some(text) = text else { return };
        self.by(to, |engine, clock| engine.start_join(clock, text));
    }

    fn newest_invite(&self) -> Option<InviteId> {
        Some(InviteText::parse(self.invites.last()?).ok()?.seed.id())
    }

    fn revoke(&mut self, by: usize) {
        let Some(circle) = self.circle else { return };
        let Some(invite) = self.newest_invite() else {
            return;
        };
        self.by(by, |engine, clock| engine.revoke_invite(clock, &circle, &invite));
    }

    /// Somebody reads the card and knocks.
    pub(crate) fn knock(&mut self, device: usize, invite: &InviteId) {
        let engine = self.devices[device].engine.as_ref();
        let join = engine.and_then(|engine| engine.join(invite));
        let Some(join) = join.filter(|join| join.stage == JoinStage::Ready) else {
            return;
        };
        if join.for_device {
            return self.ask_as_device(device, invite);
        }
        let Some(agreement) = join.agreement else {
            return;
        };
        let knock = NewKnock {
            name: format!("member {device}"),
            note: "I read about you.".into(),
            agreement,
            patience: 20 * DAY,
        };
        if self.by(device, |engine, clock| engine.knock(clock, invite, knock)).is_some() {
            self.model.agreed.knocks(device, agreement);
        }
    }

    /// Somebody looks at who knocks, and mostly admits them.
    pub(crate) fn look(&mut self, device: usize) {
        let mut dice = Dice::new(self.plan.seed ^ self.now, 3);
        self.answer(device, dice.chance(850));
    }

    fn answer(&mut self, by: usize, admit: bool) {
        let Some(circle) = self.circle else { return };
        let engine = self.devices.get(by).and_then(|device| device.engine.as_ref());
        let lobby = engine.and_then(|engine| engine.lobby(&circle)).unwrap_or_default();
        let waiting = lobby.iter().find(|knock| knock.review && knock.stage == KnockStage::Waiting);
        let Some(knock) = waiting.map(|knock| knock.id) else {
            return;
        };
        self.by(by, |engine, clock| {
            if admit {
                engine.admit(clock, &circle, &knock)
            } else {
                engine.decline(clock, &circle, &knock, "Not now.".into())
            }
        });
    }

    fn remove(&mut self, by: usize, whom: usize) {
        let Some(circle) = self.circle else { return };
        let Some(member) = self.devices.get(whom).and_then(|device| device.member) else {
            return;
        };
        if by == whom {
            return;
        }
        let removed = self.by(by, |engine, clock| {
            engine.remove_member(clock, &circle, &member, "As agreed.".into())
        });
        match removed {
            Some(None) => {
                self.tally.removals += 1;
                let sure = self.devices[by].unaware.is_none();
                self.model.removed.push(Gone { by, member, at: self.now, sure });
            }
            // Of a facilitator it is only a proposal.
            Some(Some(_)) => {
                self.tally.proposals += 1;
                self.model.may_be_gone.insert(member);
            }
            None => {}
        }
    }

    fn leave(&mut self, by: usize) {
        let Some(circle) = self.circle else { return };
        let Some(overview) = self.overview(by) else {
            return;
        };
        if overview.standing != Standing::Active || overview.members.len() < 3 {
            return;
        }
        if self.by(by, |engine, clock| engine.leave(clock, &circle)).is_some() {
            // Whom nobody lets in again tells nobody that they go.
            let told = self.overview(by).is_some_and(|now| now.standing != Standing::Left);
            let sure = told && self.devices[by].unaware.is_none();
            self.model.left.push(Gone { by, member: overview.me, at: self.now, sure });
        }
    }

    fn set_relays(&mut self, by: usize, relays: u8) {
        let Some(circle) = self.circle else { return };
        let chosen = (0..self.relays.len()).filter(|relay| relays >> relay & 1 == 1);
        let addresses: Vec<RelayAddress> =
            chosen.filter_map(|relay| RelayAddress::new(&relay_address(relay)).ok()).collect();
        if !addresses.is_empty() {
            self.by(by, |engine, clock| engine.set_relays(clock, &circle, addresses));
        }
    }
}

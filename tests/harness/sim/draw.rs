//! Plans drawn from seeds: how often people do what, and how long they wait.

use crate::sim::{Deed, Dice, Faults, Living, Motion, Plan, Step};

const MINUTE: u64 = 60_000;
const HOUR: u64 = 60 * MINUTE;

impl Plan {
    /// The plan of a seed, in which each member has one device that keeps what it has.
    #[must_use]
    pub fn draw(seed: u64, members: usize, steps: usize, faults: Faults) -> Self {
        let mut dice = Dice::new(seed, 1);
        let relays = if faults.network() { 1 + dice.place(3) } else { 1 };
        let outside = 1 + dice.place(3);
        let loss = if faults.network() { [0, 0, 5, 30][dice.place(4)] } else { 0 };
        let latency = [50, 300, 2_000, 8_000][dice.place(4)];
        let pace = dice.place(3);
        let mut plan = Self {
            about: String::new(),
            seed,
            members,
            outside,
            spare: 0,
            relays,
            latency,
            loss,
            faults,
            attacker: None,
            steps: Vec::new(),
        };
        for _ in 0..steps {
            let after = pause(&mut dice, pace);
            let deed = plan.deed(&mut dice);
            plan.steps.push(Step { after, deed });
        }
        plan
    }

    /// The same plan, and in two of three seeds also deeds of people with several devices, in every
    /// other of these with backups and copies too. They are drawn from a stream of their own and
    /// stand between the others, which stay as they were.
    #[must_use]
    pub fn with_devices(mut self) -> Self {
        let mut dice = Dice::new(self.seed, 5);
        let backups = match dice.place(3) {
            0 => return self,
            kind => kind == 1,
        };
        self.spare = 1 + dice.place(3);
        for step in std::mem::take(&mut self.steps) {
            self.steps.push(step);
            if dice.chance(400) {
                let deed = self.device_deed(&mut dice, backups);
                self.steps.push(Step { after: pause(&mut dice, 0), deed });
            }
        }
        self
    }

    /// The same plan, and between its steps what people do to what was said and to hold the circle,
    /// also drawn from a stream of its own.
    #[must_use]
    pub fn with_living(mut self) -> Self {
        let mut dice = Dice::new(self.seed, 6);
        for step in std::mem::take(&mut self.steps) {
            self.steps.push(step);
            if dice.chance(600) {
                let weights = [12, 12, 14, 6, 8, 4, 10, 5, 6, 4, 5, 4, 4];
                let first = Living::ALL.into_iter().take(Living::FIRST);
                let kinds: Vec<(u64, Living)> = weights.into_iter().zip(first).collect();
                let how = dice.weighted(&kinds).unwrap_or(Living::React);
                let by = dice.place(self.members + self.outside);
                // What only facilitators may do is mostly done by one, and sometimes tried by others.
                let by = if dice.chance(600) { dice.place(2.min(self.members)) } else { by };
                let deed = Deed::Live { by, back: dice.place(6), how };
                self.steps.push(Step { after: pause(&mut dice, 0), deed });
            }
        }
        self.with_voices_files_and_reports()
    }

    /// Who only listens, which files there are, and what is reported; and some invites are for listeners.
    fn with_voices_files_and_reports(mut self) -> Self {
        let mut dice = Dice::new(self.seed, 7);
        for step in std::mem::take(&mut self.steps) {
            self.steps.push(step);
            if dice.chance(250) {
                let kinds = [
                    (8, Living::Listen),
                    (8, Living::Speak),
                    (8, Living::Report),
                    (10, Living::Files),
                    (4, Living::NoFiles),
                    (12, Living::Attach),
                ];
                let how = dice.weighted(&kinds).unwrap_or(Living::Report);
                let by = dice.place(self.members + self.outside);
                let by = if dice.chance(600) { dice.place(2.min(self.members)) } else { by };
                let deed = Deed::Live { by, back: dice.place(6), how };
                self.steps.push(Step { after: pause(&mut dice, 0), deed });
            }
            if dice.chance(40) {
                let by = dice.place(2.min(self.members));
                let to = self.members + dice.place(self.outside);
                let deed =
                    Deed::Invite { by, to, review: dice.chance(400), listens: true, uses: 1 };
                self.steps.push(Step { after: pause(&mut dice, 0), deed });
            }
        }
        self.with_advice_and_answers()
    }

    /// Advice, leave for it, and what becomes of reports, in a stream of their own as well.
    fn with_advice_and_answers(mut self) -> Self {
        let mut dice = Dice::new(self.seed, 8);
        for step in std::mem::take(&mut self.steps) {
            self.steps.push(step);
            if dice.chance(200) {
                let kinds = [
                    (12, Living::Advise),
                    (8, Living::Allow),
                    (3, Living::Disallow),
                    (10, Living::Answer),
                    (5, Living::Appeal),
                ];
                let how = dice.weighted(&kinds).unwrap_or(Living::Advise);
                let by = dice.place(self.members + self.outside);
                let by = if dice.chance(600) { dice.place(2.min(self.members)) } else { by };
                let deed = Deed::Live { by, back: dice.place(6), how };
                self.steps.push(Step { after: pause(&mut dice, 0), deed });
            }
        }
        self
    }

    /// The same plan, and between its steps what people ask for, how long words are kept, what
    /// facilitators declare and whom somebody blocks, drawn from a stream of its own; in two of three
    /// seeds also something at its end that takes days.
    #[must_use]
    pub fn with_holding(mut self) -> Self {
        let mut dice = Dice::new(self.seed, 9);
        for step in std::mem::take(&mut self.steps) {
            self.steps.push(step);
            if dice.chance(300) {
                let kinds = [
                    (10, Living::AskIdeas),
                    (6, Living::AskResources),
                    (14, Living::Suggest),
                    (8, Living::Allow),
                    (3, Living::Disallow),
                    (3, Living::KeepTwoDays),
                    (4, Living::KeepNineDays),
                    (4, Living::KeepAlways),
                    (6, Living::Declare),
                    (8, Living::Hear),
                    (8, Living::Block),
                    (5, Living::Unblock),
                    (2, Living::Succeed),
                ];
                let how = dice.weighted(&kinds).unwrap_or(Living::Suggest);
                let by = dice.place(self.members + self.outside);
                let by = if dice.chance(600) { dice.place(2.min(self.members)) } else { by };
                let deed = Deed::Live { by, back: dice.place(6), how };
                self.steps.push(Step { after: pause(&mut dice, 0), deed });
            }
        }
        match dice.place(3) {
            0 => {}
            1 => self.end_with_a_succession(&mut dice),
            _ => self.end_with_a_shorter_time(&mut dice),
        }
        self
    }

    /// The same plan, and between its steps more of what few of the others come to: other agreements, and
    /// files; also drawn from a stream of its own.
    #[must_use]
    pub fn with_agreeing(mut self) -> Self {
        let mut dice = Dice::new(self.seed, 10);
        for step in std::mem::take(&mut self.steps) {
            self.steps.push(step);
            if dice.chance(90) {
                let kinds = [(10, Living::Agree), (5, Living::Files), (8, Living::Attach)];
                let how = dice.weighted(&kinds).unwrap_or(Living::Agree);
                // Mostly who holds the circle.
                let by = if dice.chance(700) { 0 } else { dice.place(self.members) };
                let deed = Deed::Live { by, back: 0, how };
                self.steps.push(Step { after: pause(&mut dice, 0), deed });
            }
        }
        self
    }

    /// Nobody who holds the circle answers for three days, and what somebody does who holds it then.
    fn end_with_a_succession(&mut self, dice: &mut Dice) {
        let by = 2.min(self.members.saturating_sub(1));
        let live = |how| Deed::Live { by, back: 0, how };
        if dice.chance(700) {
            self.steps.push(Step { after: MINUTE, deed: Deed::Heal });
        }
        for (after, how) in [
            (HOUR, Living::Silence),
            (MINUTE, Living::Succeed),
            (70 * HOUR, Living::Slow),
            (4 * HOUR, Living::Slow),
            (MINUTE, Living::Declare),
            (MINUTE, Living::Hear),
        ] {
            self.steps.push(Step { after, deed: live(how) });
        }
    }

    /// Words are kept for a shorter time, while somebody is away; and sometimes for longer after all,
    /// before that has come true.
    fn end_with_a_shorter_time(&mut self, dice: &mut Dice) {
        let (by, who) = (dice.place(2.min(self.members)), dice.place(self.members));
        let live = |by, how| Deed::Live { by, back: 0, how };
        let away = if dice.chance(500) { Deed::Offline { who } } else { Deed::Off { who } };
        let back = if dice.chance(500) { Deed::Online { who } } else { Deed::On { who } };
        let days = |days: u64| 24 * HOUR * days;
        let mut steps = vec![
            (MINUTE, Deed::Share { by: 1, later: true }),
            (MINUTE, live(0, Living::KeepTwoDays)),
            (MINUTE, live(by, Living::KeepTwoDays)),
            (MINUTE, away),
            (days(3), Deed::Share { by, later: false }),
        ];
        if dice.chance(250) {
            steps.push((HOUR, live(0, Living::KeepAlways)));
        }
        steps.extend([
            (days(3), live(1, Living::React)),
            (20 * HOUR, Deed::Share { by: 0, later: false }),
            (8 * HOUR, Deed::Share { by: 1, later: false }),
            (HOUR, back),
            (days(1), live(1, Living::AskIdeas)),
        ]);
        self.steps.extend(steps.into_iter().map(|(after, deed)| Step { after, deed }));
    }

    fn device_deed(&self, dice: &mut Dice, backups: bool) -> Deed {
        let first_spare = self.members + self.outside;
        let spare = first_spare + dice.place(self.spare);
        let (by, any) = (dice.place(self.devices()), dice.place(self.devices()));
        // A few people have all the devices.
        let by = if dice.chance(600) { dice.place(2.min(self.members)) } else { by };
        let backed_up: Vec<usize> = self.steps.iter().filter_map(backed_up).collect();
        let put_back = backed_up.get(dice.place(backed_up.len())).copied();
        let either = if dice.chance(500) { spare } else { any };
        let quiet = |weight: u64, on: bool| if on { weight } else { 0 };
        let kinds = [
            (200, 0),
            (80, 1),
            (quiet(130, backups), 2),
            (quiet(150, backups), 3),
            (quiet(80, backups), 4),
            (250, 5),
            (40, 6),
            (70, 7),
            (25, 8),
            (50, 9),
            (quiet(60, self.faults.crash()), 10),
        ];
        match dice.weighted(&kinds).unwrap_or_default() {
            0 => Deed::AddDevice { by, new: spare },
            1 => Deed::RemoveDevice { by: either, place: dice.place(2) },
            2 => Deed::BackUp { who: by },
            3 => Deed::Restore { who: put_back.unwrap_or(by), told: dice.chance(700) },
            4 => Deed::Copy { of: by, to: spare },
            5 => Deed::Share { by: either, later: dice.chance(250) },
            6 => Deed::Offline { who: either },
            7 => Deed::Online { who: either },
            8 => Deed::Off { who: either },
            9 => Deed::On { who: either },
            _ => Deed::Crash { who: either, outputs: dice.below(12) as u32 },
        }
    }

    fn deed(&self, dice: &mut Dice) -> Deed {
        let all = self.members + self.outside;
        let (by, who) = (dice.place(all), dice.place(all));
        // Founders and early members do most.
        let by = if dice.chance(400) { dice.place(2.min(self.members)) } else { by };
        let quiet = |weight: u64, on: bool| if on { weight } else { 0 };
        let (network, crash) = (self.faults.network(), self.faults.crash());
        let kinds = [
            (220, 0),
            (60, 1),
            (60, 2),
            (15, 3),
            (10, 4),
            (40, 5),
            (8, 6),
            (45, 7),
            (12, 8),
            (quiet(10, self.relays > 1), 9),
            (60, 10),
            (90, 11),
            (25, 12),
            (50, 13),
            (quiet(90, crash), 14),
            (quiet(40, network), 15),
            (quiet(45, network), 16),
            (quiet(70, network), 17),
            (quiet(15, network), 18),
            (20, 19),
            (45, 21),
            (5, 22),
            (quiet(120, self.faults.insider()), 20),
        ];
        match dice.weighted(&kinds).unwrap_or_default() {
            0 => Deed::Share { by, later: dice.chance(250) },
            1 => Deed::Reply { by, back: dice.place(3) },
            2 => Deed::Invite {
                by,
                to: self.members + dice.place(self.outside),
                review: dice.chance(400),
                listens: false,
                uses: if dice.chance(700) { 1 } else { 3 },
            },
            3 => Deed::PassOn { to: self.members + dice.place(self.outside) },
            4 => Deed::Revoke { by },
            5 => Deed::Admit { by },
            6 => Deed::Decline { by },
            7 => Deed::Remove { by, whom: who },
            8 => Deed::Leave { by: who },
            9 => Deed::Relays { by, relays: 1 + dice.place((1 << self.relays) - 1) as u8 },
            10 => Deed::Offline { who },
            11 => Deed::Online { who },
            12 => Deed::Off { who },
            13 => Deed::On { who },
            14 => Deed::Crash { who, outputs: dice.below(12) as u32 },
            15 => Deed::Reset { who },
            16 => Deed::Split { sides: dice.draw() as u32 },
            17 => Deed::Heal,
            18 => Deed::Clock { who, minutes: dice.below(61) as i64 - 30 },
            19 => Deed::Calm,
            21 => {
                let motions = [
                    (60, Motion::Promote),
                    (15, Motion::Demote),
                    (15, Motion::Remove),
                    (10, Motion::Succeed),
                ];
                let motion = dice.weighted(&motions).unwrap_or(Motion::Promote);
                Deed::Propose { by, whom: who, motion }
            }
            22 => Deed::StepDown { by },
            _ => Deed::Attack { lot: dice.draw() },
        }
    }
}

/// Whose device is backed up in a step, if that is what it is.
fn backed_up(step: &Step) -> Option<usize> {
    match step.deed {
        Deed::BackUp { who } => Some(who),
        _ => None,
    }
}

/// How long people wait between two deeds: mostly moments, sometimes days.
fn pause(dice: &mut Dice, pace: usize) -> u64 {
    let kinds: &[(u64, (u64, u64))] = match pace {
        // A lively evening.
        0 => &[(60, (0, 2_000)), (35, (2_000, 2 * MINUTE)), (5, (2 * MINUTE, HOUR))],
        // Days.
        1 => &[(50, (0, 5_000)), (30, (MINUTE, 30 * MINUTE)), (20, (HOUR, 10 * HOUR))],
        // Weeks.
        _ => &[
            (60, (0, 5_000)),
            (25, (MINUTE, 2 * HOUR)),
            (12, (2 * HOUR, 24 * HOUR)),
            (3, (24 * HOUR, 6 * 24 * HOUR)),
        ],
    };
    let (low, high) = dice.weighted(kinds).unwrap_or((0, 0));
    dice.between(low, high)
}

//! A plan: what people do and what goes wrong, in order. It is drawn from a seed, or kept in a file.

use serde::{Deserialize, Serialize};

use crate::sim::Dice;

/// What may go wrong besides people being people.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Faults {
    /// Nothing but latency and people who are away.
    None,
    /// Lost connections, duplicates, disorder, splits, clocks that differ.
    Network,
    /// Devices that die at any output, and that start again.
    Crash,
    /// Members who break the rules.
    Insider,
    /// All of it.
    All,
}

impl Faults {
    /// Whether the network misbehaves.
    #[must_use]
    pub fn network(self) -> bool {
        matches!(self, Self::Network | Self::All)
    }

    /// Whether devices die.
    #[must_use]
    pub fn crash(self) -> bool {
        matches!(self, Self::Crash | Self::All)
    }

    /// Whether somebody breaks the rules.
    #[must_use]
    pub fn insider(self) -> bool {
        matches!(self, Self::Insider | Self::All)
    }
}

/// What members decide together about one of them.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Motion {
    /// Becomes a facilitator.
    Promote,
    /// Is a facilitator no longer.
    Demote,
    /// A facilitator is a member no longer.
    Remove,
    /// Becomes a facilitator because none answers.
    Succeed,
}

/// One thing that somebody does or that happens. Devices are counted from 0; who does not exist or
/// may not do it does nothing.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "what")]
pub enum Deed {
    /// Shares a text, for those here now or also for those who come later.
    Share {
        /// Which device.
        by: usize,
        /// Also for those who come later.
        later: bool,
    },
    /// Replies to the item shown at a place, counted from the newest.
    Reply {
        /// Which device.
        by: usize,
        /// Counted from the newest.
        back: usize,
    },
    /// Opens an invite, and gives it to a device outside, who joins by it.
    Invite {
        /// Which device.
        by: usize,
        /// Who gets it.
        to: usize,
        /// Whether knocks are reviewed.
        review: bool,
        /// How many may use it.
        uses: u16,
    },
    /// Gives the newest invite that was made to one more device.
    PassOn {
        /// Who gets it.
        to: usize,
    },
    /// Takes the newest invite back.
    Revoke {
        /// Which device.
        by: usize,
    },
    /// Admits the first who knocks.
    Admit {
        /// Which device.
        by: usize,
    },
    /// Declines the first who knocks.
    Decline {
        /// Which device.
        by: usize,
    },
    /// Removes the member of a device.
    Remove {
        /// Which device.
        by: usize,
        /// Whose member.
        whom: usize,
    },
    /// Proposes what members decide together about the member of a device. The others are asked,
    /// and mostly agree within half an hour.
    Propose {
        /// Which device.
        by: usize,
        /// Whose member.
        whom: usize,
        /// What.
        motion: Motion,
    },
    /// Is a facilitator no longer.
    StepDown {
        /// Which device.
        by: usize,
    },
    /// Leaves.
    Leave {
        /// Which device.
        by: usize,
    },
    /// Names other relays, as bits.
    Relays {
        /// Which device.
        by: usize,
        /// A bit for each relay.
        relays: u8,
    },
    /// Loses the network.
    Offline {
        /// Which device.
        who: usize,
    },
    /// Has the network again.
    Online {
        /// Which device.
        who: usize,
    },
    /// Is switched off: its engine is gone until it is switched on.
    Off {
        /// Which device.
        who: usize,
    },
    /// Is switched on.
    On {
        /// Which device.
        who: usize,
    },
    /// Dies at one of its next outputs and starts again a while later.
    Crash {
        /// Which device.
        who: usize,
        /// How many outputs it still obeys.
        outputs: u32,
    },
    /// Its connections break and come back.
    Reset {
        /// Which device.
        who: usize,
    },
    /// The network falls apart: a bit for each device says on which side it is.
    Split {
        /// A bit for each device.
        sides: u32,
    },
    /// The network is whole again.
    Heal,
    /// Its clock is set, so many minutes ahead or behind.
    Clock {
        /// Which device.
        who: usize,
        /// Minutes ahead.
        minutes: i64,
    },
    /// Nobody does anything until everything has settled; then each side must agree.
    Calm,
    /// An insider has a turn.
    Attack {
        /// Drawn for the attacker.
        lot: u64,
    },
}

/// A deed and when it is done.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Step {
    /// How many milliseconds after the one before.
    pub after: u64,
    /// What.
    #[serde(flatten)]
    pub deed: Deed,
}

/// All of a run.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Plan {
    /// What this plan showed, for people.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub about: String,
    /// Drives the devices' randomness and the network's weather.
    pub seed: u64,
    /// How many are members at the beginning.
    pub members: usize,
    /// How many more devices there are, outside.
    pub outside: usize,
    /// How many relays the circle has.
    pub relays: usize,
    /// The longest a message takes, in milliseconds.
    pub latency: u64,
    /// Of a thousand messages, how many break their connection.
    pub loss: u64,
    /// What may go wrong.
    pub faults: Faults,
    /// Who attacks, by name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attacker: Option<String>,
    /// What happens.
    pub steps: Vec<Step>,
}

const MINUTE: u64 = 60_000;
const HOUR: u64 = 60 * MINUTE;

impl Plan {
    /// The plan of a seed.
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

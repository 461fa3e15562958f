//! Attackers at the doors of a circle: what waits to be opened, who is let in, and who was away for long.

use std::collections::BTreeSet;

use windbreak_protocol::Venue;
use windbreak_protocol::id::{KnockId, StateId};
use windbreak_protocol::ledger::Change;
use windbreak_protocol::limits::MAX_WAITING;
use windbreak_protocol::random::Random;
use windbreak_protocol::secret::Secret;
use windbreak_protocol::testing::Forgery;
use windbreak_protocol::wire::{FrameKind, SealKey};

use crate::sim::{Attacker, Hand};

/// What is put on relays, too, for each topic: what lies there goes to everybody, again and again.
const ON_RELAYS: usize = 4;

/// Fills the waiting room of somebody with what nobody can open, on every topic it knows.
#[derive(Debug)]
pub(super) struct Crowder;

impl Attacker for Crowder {
    fn name(&self) -> &'static str {
        "crowder"
    }

    fn act(&mut self, hand: &mut Hand<'_>) {
        let Some(reach) = hand.engine.reach(&Venue::Circle(hand.circle)) else {
            return;
        };
        let seed: Vec<u8> = (0..4).flat_map(|_| hand.dice.draw().to_be_bytes()).collect();
        let seed = seed.try_into().unwrap_or([0; 32]);
        let mut random = Random::from_seed(&Secret::from_bytes(seed));
        let hour = hand.now.hour();
        let to = hand.dice.place(hand.devices);
        for followed in reach.topics {
            if followed.period.is_some_and(|period| period != hour.period()) {
                continue;
            }
            for number in 0..MAX_WAITING / 4 + ON_RELAYS {
                let seal = SealKey::from_secret(&random.secret());
                let rubbish =
                    seal.seal(&followed.key, hour, FrameKind::Item, b"rubbish", &mut random);
                let rubbish = rubbish.into_iter().collect();
                if number < ON_RELAYS {
                    hand.publish(rubbish);
                } else {
                    hand.whisper(to, rubbish);
                }
            }
        }
    }
}

/// Lets everybody who knocked in twice, also if others did meanwhile: each time for other members, where the
/// newcomer is not in yet, and sends both Welcomes.
#[derive(Debug, Default)]
pub(super) struct Doorkeeper {
    let_in: BTreeSet<KnockId>,
}

impl Attacker for Doorkeeper {
    fn name(&self) -> &'static str {
        "doorkeeper"
    }

    fn act(&mut self, hand: &mut Hand<'_>) {
        let knocks = hand.insider().map(|insider| insider.knocks()).unwrap_or_default();
        for knock in knocks {
            if !self.let_in.insert(knock) {
                continue;
            }
            let Some(root) = before(hand, &knock) else {
                continue;
            };
            for half in 0..2 {
                let Some(mut insider) = hand.insider() else {
                    return;
                };
                let Some(entry) = insider.entry(&knock) else {
                    break;
                };
                let forgery = Forgery {
                    changes: vec![entry.change],
                    key_packages: vec![entry.key_package],
                    ..Forgery::default()
                };
                let Some(twin) = insider.commit(&root, forgery) else {
                    break;
                };
                let welcome = insider.welcome(&twin, &knock).unwrap_or_default();
                for device in (0..hand.devices).filter(|device| device % 2 == half) {
                    hand.whisper(device, twin.envelopes.clone());
                    hand.whisper(device, welcome.clone());
                }
                hand.publish(twin.envelopes);
                hand.publish(welcome);
            }
        }
    }
}

/// The newest state whose keys it has in which whoever knocked is no member.
fn before(hand: &mut Hand<'_>, knock: &KnockId) -> Option<StateId> {
    let insider = hand.insider()?;
    let Change::Admit(admission) = insider.entry(knock)?.change else {
        return None;
    };
    let lacks = |state: &StateId| {
        let ledger = insider.ledger(state);
        ledger.is_some_and(|ledger| !ledger.members().contains_key(&admission.member))
    };
    let mut path = insider.path().into_iter().filter(|state| state.keys).map(|state| state.id);
    path.find(lacks)
}

/// Says that it stands where nobody else does, by beacons that part from everybody's way.
#[derive(Debug)]
pub(super) struct Misleader;

impl Attacker for Misleader {
    fn name(&self) -> &'static str {
        "misleader"
    }

    fn act(&mut self, hand: &mut Hand<'_>) {
        let nowhere = [(); 2].map(|()| [u8::try_from(hand.dice.below(256)).unwrap_or(0); 32]);
        let Some(mut insider) = hand.insider() else {
            return;
        };
        let path = insider.path();
        let parting = path.iter().find(|state| !state.keys).or(path.last()).map(|state| state.id);
        let beacon = parting.and_then(|parting| insider.false_beacon(nowhere.into(), &parting));
        hand.publish(beacon.unwrap_or_default());
    }
}

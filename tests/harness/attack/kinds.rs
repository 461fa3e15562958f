//! The attackers of the simulator. Each has one idea and pursues it turn by turn; between turns its
//! device behaves, so that it keeps its place in the circle.

use windbreak_protocol::id::{ItemId, StateId};
use windbreak_protocol::identity::Verified;
use windbreak_protocol::testing::{ForgedItem, Forgery};
use windbreak_protocol::wire::Envelope;

use crate::attack::doors::{Crowder, Doorkeeper, Misleader};
use crate::attack::forger::Forger;
use crate::attack::meddler::Meddler;
use crate::attack::usurper::Usurper;
use crate::sim::{Attacker, Hand};

/// Commits an attacker keeps back at most.
const CHAIN: usize = 40;
/// Twins it makes of one commit.
const TWINS: usize = 4;

/// The one of that name, also one that came later than those whose places seeds go by.
#[must_use]
pub fn attacker(name: &str) -> Option<Box<dyn Attacker>> {
    let later: [Box<dyn Attacker>; 5] = [
        Box::new(Usurper::default()),
        Box::new(Forger::default()),
        Box::new(Crowder),
        Box::new(Doorkeeper::default()),
        Box::new(Misleader),
    ];
    attackers().into_iter().chain(later).find(|attacker| attacker.name() == name)
}

/// One of each that seeds are given in turn.
#[must_use]
pub fn attackers() -> Vec<Box<dyn Attacker>> {
    vec![
        Box::new(Withholder::default()),
        Box::new(PrivateChain::default()),
        Box::new(Bouncer::default()),
        Box::new(Twins),
        Box::new(Equivocator::default()),
        Box::new(Flooder),
        Box::new(Laggard::default()),
        Box::new(Liar),
        Box::new(Vandal),
        Box::new(FarBack),
        Box::new(Meddler::default()),
    ]
}

/// Makes a commit, keeps it back for a few turns, and publishes it then.
#[derive(Debug, Default)]
struct Withholder {
    kept: Vec<Verified<Envelope>>,
    turns: u64,
}

impl Attacker for Withholder {
    fn name(&self) -> &'static str {
        "withholder"
    }

    fn act(&mut self, hand: &mut Hand<'_>) {
        if self.turns == 0 {
            let late = std::mem::take(&mut self.kept);
            hand.publish(late);
            self.turns = hand.dice.between(1, 4);
            self.kept = commit_on_head(hand).map(|made| made.1).unwrap_or_default();
        }
        self.turns -= 1;
    }
}

/// Goes on committing on its own commits, tells nobody, and publishes the whole chain at once.
#[derive(Debug, Default)]
struct PrivateChain {
    tip: Option<StateId>,
    kept: Vec<Vec<Verified<Envelope>>>,
}

impl Attacker for PrivateChain {
    fn name(&self) -> &'static str {
        "private chain"
    }

    fn act(&mut self, hand: &mut Hand<'_>) {
        for _ in 0..hand.dice.between(4, 16) {
            let Some(mut insider) = hand.insider() else {
                return;
            };
            let Some(parent) = self.tip.or_else(|| insider.head()) else {
                return;
            };
            let Some(made) = insider.commit(&parent, Forgery::default()) else {
                break;
            };
            self.tip = Some(made.state);
            self.kept.push(made.envelopes);
        }
        if self.kept.len() >= CHAIN || hand.dice.chance(150) {
            self.tip = None;
            for envelopes in std::mem::take(&mut self.kept) {
                hand.publish(envelopes);
            }
        }
    }
}

/// Stands now on one side of the newest fork and now on the other.
#[derive(Debug, Default)]
struct Bouncer {
    turn: usize,
}

impl Attacker for Bouncer {
    fn name(&self) -> &'static str {
        "bouncer"
    }

    fn act(&mut self, hand: &mut Hand<'_>) {
        let Some(sides) = newest_fork(hand) else {
            // Without a fork there is nothing to do but to make one.
            if let Some((_, envelopes)) = commit_on_parent_of_head(hand) {
                hand.publish(envelopes);
            }
            return;
        };
        for _ in 0..4 {
            self.turn += 1;
            let side = sides[self.turn % sides.len()];
            let sealed = hand.insider().and_then(|mut insider| insider.vote(&side, None));
            if let Some(sealed) = sealed {
                hand.publish(sealed.envelopes);
            }
        }
    }
}

/// Makes four commits on one state and tells everybody another one first.
#[derive(Debug)]
struct Twins;

impl Attacker for Twins {
    fn name(&self) -> &'static str {
        "twins"
    }

    fn act(&mut self, hand: &mut Hand<'_>) {
        let Some(parent) = hand.insider().and_then(|insider| insider.head()) else {
            return;
        };
        let mut twins = Vec::new();
        for _ in 0..TWINS {
            let made = hand.insider().and_then(|mut i| i.commit(&parent, Forgery::default()));
            twins.extend(made.map(|made| made.envelopes));
        }
        for device in 0..hand.devices {
            if let Some(twin) = twins.get(device % TWINS) {
                hand.whisper(device, twin.clone());
            }
        }
        for twin in twins {
            hand.publish(twin);
        }
    }
}

/// Uses numbers twice: one counter for two seals, one place in its chain for two items, one item
/// under two states with one counter.
#[derive(Debug, Default)]
struct Equivocator {
    last: Option<ItemId>,
}

impl Attacker for Equivocator {
    fn name(&self) -> &'static str {
        "equivocator"
    }

    fn act(&mut self, hand: &mut Hand<'_>) {
        let lot = hand.dice.below(3);
        let Some(mut insider) = hand.insider() else {
            return;
        };
        let states: Vec<StateId> =
            insider.path().into_iter().filter(|state| state.keys).map(|state| state.id).collect();
        let [head, below, ..] = states.as_slice() else {
            return;
        };
        let counter = Some(insider.counter() + 1);
        let text = format!("said beside number {}", insider.counter());
        let sealed = match (lot, self.last) {
            (0, _) => [insider.vote(head, counter), insider.vote(below, counter)],
            (1, _) if insider.seq() > 0 => {
                let seq = Some(insider.seq() - 1);
                [insider.item(head, ForgedItem { text, seq, ..ForgedItem::default() }), None]
            }
            (2, Some(item)) => [
                insider.seal_again(head, &item, counter),
                insider.seal_again(below, &item, counter),
            ],
            _ => {
                let said = insider.item(head, ForgedItem { text, ..ForgedItem::default() });
                self.last = said.as_ref().and_then(|said| said.item);
                [said, None]
            }
        };
        for sealed in sealed.into_iter().flatten() {
            hand.publish(sealed.envelopes);
        }
    }
}

/// Commits as often as it can.
#[derive(Debug)]
struct Flooder;

impl Attacker for Flooder {
    fn name(&self) -> &'static str {
        "flooder"
    }

    fn act(&mut self, hand: &mut Hand<'_>) {
        for _ in 0..8 {
            if let Some((state, envelopes)) = commit_on_head(hand) {
                hand.publish(envelopes);
                if let Some(mut insider) = hand.insider() {
                    insider.take_up(&state);
                }
            }
        }
    }
}

/// Says things, always under the oldest state it has the keys of, and never stands anywhere else.
#[derive(Debug, Default)]
struct Laggard {
    said: u64,
}

impl Attacker for Laggard {
    fn name(&self) -> &'static str {
        "laggard"
    }

    fn act(&mut self, hand: &mut Hand<'_>) {
        let Some(mut insider) = hand.insider() else {
            return;
        };
        let oldest = insider.path().into_iter().rev().find(|state| state.keys);
        self.said += 1;
        let text = format!("under what is old {}", self.said);
        let item = ForgedItem { text, ..ForgedItem::default() };
        let sealed = oldest.and_then(|state| insider.item(&state.id, item));
        if let Some(sealed) = sealed {
            hand.publish(sealed.envelopes);
        }
    }
}

/// Makes commits that lie about what they do.
#[derive(Debug)]
struct Liar;

impl Attacker for Liar {
    fn name(&self) -> &'static str {
        "liar"
    }

    fn act(&mut self, hand: &mut Hand<'_>) {
        let lot = hand.dice.below(4);
        let Some(mut insider) = hand.insider() else {
            return;
        };
        let path = insider.path();
        let Some(head) = path.first() else {
            return;
        };
        let lie = match lot {
            0 => Forgery { ledger_hash: Some([7; 32]), ..Forgery::default() },
            1 => Forgery { parent: path.get(1).map(|state| state.id), ..Forgery::default() },
            2 => Forgery { removes: Some(vec![0]), ..Forgery::default() },
            _ => Forgery { counter: Some(1), ..Forgery::default() },
        };
        if let Some(made) = insider.commit(&head.id, lie) {
            hand.publish(made.envelopes);
        }
    }
}

/// Makes commits whose path opens for nobody.
#[derive(Debug)]
struct Vandal;

impl Attacker for Vandal {
    fn name(&self) -> &'static str {
        "vandal"
    }

    fn act(&mut self, hand: &mut Hand<'_>) {
        let Some(mut insider) = hand.insider() else {
            return;
        };
        let spoilt = Forgery { spoilt: 256, ..Forgery::default() };
        let made = insider.head().and_then(|head| insider.commit(&head, spoilt));
        if let Some(made) = made {
            hand.publish(made.envelopes);
        }
    }
}

/// Commits on the oldest states it has the keys of, and votes there.
#[derive(Debug)]
struct FarBack;

impl Attacker for FarBack {
    fn name(&self) -> &'static str {
        "far back"
    }

    fn act(&mut self, hand: &mut Hand<'_>) {
        let Some(mut insider) = hand.insider() else {
            return;
        };
        let oldest = insider.path().into_iter().rev().find(|state| state.keys);
        let made = oldest.and_then(|old| insider.commit(&old.id, Forgery::default()));
        let Some(made) = made else {
            return;
        };
        let vote = insider.vote(&made.state, None);
        hand.publish(made.envelopes);
        if let Some(vote) = vote {
            hand.publish(vote.envelopes);
        }
    }
}

fn commit_on_head(hand: &mut Hand<'_>) -> Option<(StateId, Vec<Verified<Envelope>>)> {
    let mut insider = hand.insider()?;
    let head = insider.head()?;
    let made = insider.commit(&head, Forgery::default())?;
    Some((made.state, made.envelopes))
}

fn commit_on_parent_of_head(hand: &mut Hand<'_>) -> Option<(StateId, Vec<Verified<Envelope>>)> {
    let mut insider = hand.insider()?;
    let parent = *insider.path().get(1).filter(|state| state.keys)?;
    let made = insider.commit(&parent.id, Forgery::default())?;
    Some((made.state, made.envelopes))
}

/// The children of the newest state that has several, if this device has the keys of them.
fn newest_fork(hand: &mut Hand<'_>) -> Option<Vec<StateId>> {
    let insider = hand.insider()?;
    let mut states = insider.states();
    states.retain(|state| state.keys);
    states.sort_by_key(|state| (std::cmp::Reverse(state.epoch), state.id));
    states.iter().find_map(|parent| {
        let children: Vec<StateId> =
            states.iter().filter(|s| s.parent == Some(parent.id)).map(|s| s.id).collect();
        (children.len() > 1).then_some(children)
    })
}

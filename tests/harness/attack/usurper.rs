//! An attacker that takes what only others can give: it commits that it holds the circle by its own word
//! alone, declares for a circle it does not hold, and has words kept for a day without the right to it,
//! or without a reason where it holds the circle. The checker is told of every such state.

use windbreak_protocol::content::StewardReason;
use windbreak_protocol::id::{MemberId, StateId};
use windbreak_protocol::ledger::{
    Change, Declaration, KeepDays, Ledger, MotionKind, Role, RoleChange, Succession,
};
use windbreak_protocol::testing::Forgery;

use crate::attack::true_path;
use crate::sim::{Attacker, Hand};

/// Takes what others have to give, one thing after another.
#[derive(Debug, Default)]
pub(super) struct Usurper {
    /// The states it made that no rule allows: nothing honest is sealed under them.
    lies: Vec<StateId>,
}

impl Attacker for Usurper {
    fn name(&self) -> &'static str {
        "usurper"
    }

    fn act(&mut self, hand: &mut Hand<'_>) {
        for _ in 0..hand.dice.between(1, 3) {
            let Some(parent) = self.parent(hand) else {
                return;
            };
            let (lot, late) = (hand.dice.below(4), hand.dice.chance(300));
            let Some(change) = taken(hand, &parent, lot) else {
                continue;
            };
            let forgery = Forgery { changes: vec![change], ..Forgery::default() };
            let made = hand.insider().and_then(|mut insider| insider.commit(&parent, forgery));
            let Some(made) = made else { continue };
            self.lies.push(made.state);
            hand.own_up_state(made.state);
            if late {
                let to = hand.dice.place(hand.devices);
                hand.whisper(to, made.envelopes);
            } else {
                hand.publish(made.envelopes);
            }
        }
    }
}

impl Usurper {
    /// The newest state of its head that it did not make itself, or the one before.
    fn parent(&self, hand: &mut Hand<'_>) -> Option<StateId> {
        let before = hand.dice.chance(250);
        let mut path = true_path(hand, &self.lies)?.into_iter();
        let (newest, older) = (path.next()?, path.next());
        Some(older.filter(|_| before).unwrap_or(newest))
    }
}

/// What it takes on this state, by its number; `None` where that would be its right.
fn taken(hand: &mut Hand<'_>, parent: &StateId, lot: u64) -> Option<Change> {
    let me = hand.me()?;
    let ledger = hand.insider()?.ledger(parent)?;
    let declaration = Declaration::new("I report nothing, believe me.").ok()?;
    if ledger.is_facilitator(&me) {
        let keep = KeepDays::new(1).filter(|keep| keep.shortens(ledger.rules().keep))?;
        return Some(match lot {
            0 | 1 => Change::ShortenKeep { keep, reason: StewardReason::new(" ").ok()? },
            _ => Change::Declare(Declaration::new(" \n ").ok()?),
        });
    }
    Some(match lot {
        0 => succession(hand, &ledger, me, declaration)?,
        1 => Change::SetRole(RoleChange {
            member: me,
            role: Role::Facilitator,
            declaration: Some(declaration),
            consents: Vec::new(),
        }),
        2 => Change::Declare(declaration),
        _ => {
            let reason = StewardReason::new("Because I can.").ok()?;
            let keep = KeepDays::new(1).filter(|keep| keep.shortens(ledger.rules().keep))?;
            Change::ShortenKeep { keep, reason }
        }
    })
}

/// That it holds the circle, by its own word alone.
fn succession(
    hand: &mut Hand<'_>,
    ledger: &Ledger,
    me: MemberId,
    declaration: Declaration,
) -> Option<Change> {
    // Alone, its word would be that of most.
    let motion = ledger.motion(MotionKind::Succeed, &me).ok();
    let motion = motion.filter(|_| ledger.members().len() > 1)?;
    let consents = vec![hand.insider()?.consent(&motion, Some(&declaration))?];
    Some(Change::Succeed(Succession { member: me, declaration, consents }))
}

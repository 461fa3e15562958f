//! An attacker that forges what a circle agrees on: it commits another agreement by its own word alone,
//! in the names of others, with what they signed for another text, or with what they really agreed to
//! once more when its time is over; it proposes without holding the circle, and agrees with signatures
//! that do not hold. The checker is told of every such state, and counts no word of it under any text.

use windbreak_protocol::content::{AgreementConsent, AgreementProposal, Content, Gist};
use windbreak_protocol::id::{DeviceId, ItemId, StateId};
use windbreak_protocol::invite::AgreementText;
use windbreak_protocol::ledger::{Adoption, AgreementMotion, AgreementProof, Change, Ledger};
use windbreak_protocol::testing::{self, ForgedItem, Forgery};

use crate::attack::true_path;
use crate::sim::{Attacker, Hand};

/// Forges one agreement after another.
#[derive(Debug, Default)]
pub(super) struct Forger {
    /// The states it made that no rule allows: nothing honest is sealed under them.
    lies: Vec<StateId>,
}

impl Attacker for Forger {
    fn name(&self) -> &'static str {
        "forger"
    }

    fn act(&mut self, hand: &mut Hand<'_>) {
        for _ in 0..hand.dice.between(1, 3) {
            let older = hand.dice.chance(250);
            let (lot, late) = (hand.dice.below(7), hand.dice.chance(300));
            let path = true_path(hand, &self.lies).unwrap_or_default();
            let older = path.get(1).filter(|_| older);
            let Some(parent) = older.or(path.first()).copied() else {
                return;
            };
            let sealed = match lot {
                0..=3 => self.adopt(hand, &parent, lot),
                4 => propose(hand, &parent),
                _ => agree(hand, &parent),
            };
            let Some(envelopes) = sealed else { continue };
            if late {
                let to = hand.dice.place(hand.devices);
                hand.whisper(to, envelopes);
            } else {
                hand.publish(envelopes);
            }
        }
    }
}

type Envelopes = Vec<windbreak_protocol::identity::Verified<windbreak_protocol::wire::Envelope>>;

impl Forger {
    /// Commits an agreement that too few agreed to, in one of four ways.
    fn adopt(&mut self, hand: &mut Hand<'_>, parent: &StateId, lot: u64) -> Option<Envelopes> {
        let ledger = hand.insider()?.ledger(parent)?;
        let adoption = forged(hand, &ledger, lot)?;
        let forgery = Forgery { changes: vec![Change::Adopt(adoption)], ..Forgery::default() };
        let made = hand.insider()?.commit(parent, forgery)?;
        self.lies.push(made.state);
        hand.own_up_state(made.state);
        Some(made.envelopes)
    }
}

/// An agreement as nobody may adopt it; `None` where it would be its right.
fn forged(hand: &mut Hand<'_>, ledger: &Ledger, lot: u64) -> Option<Adoption> {
    if let Some(past) = over(hand, ledger).filter(|_| lot == 3) {
        return Some(past);
    }
    // Alone, its word would be that of most.
    let next = ledger.rules().agreement.next().filter(|_| ledger.members().len() > 1)?;
    let text = AgreementText::new(format!("We do as I say, {}.", hand.dice.draw())).ok()?;
    let motion = ledger.agreement_motion(&text)?;
    let own = hand.insider()?.agree(&motion)?;
    let (version, mut consents) = match lot {
        0 => (next, vec![own]),
        1 => {
            let in_name = |device: DeviceId| AgreementProof { device, ..own.clone() };
            (next, one_each(hand, ledger).into_iter().map(in_name).collect())
        }
        2 => {
            let signed = signed_by_others(hand, ledger);
            let all = signed.into_iter().map(|(proof, _)| proof).chain([own]).collect();
            (next, all)
        }
        _ => {
            // Nothing was agreed to so far: signed as it says, one too early.
            let version = next.next()?;
            let motion = AgreementMotion { version, ..motion };
            (version, vec![hand.insider()?.agree(&motion)?])
        }
    };
    consents.sort_by_key(|proof| proof.device);
    consents.dedup_by_key(|proof| proof.device);
    Some(Adoption { version, text, consents })
}

/// What really was agreed to, when its time is over: another agreement has its number, or is beyond it.
fn over(hand: &Hand<'_>, ledger: &Ledger) -> Option<Adoption> {
    let (now, holds) = (ledger.rules().agreement, &ledger.settings().agreement);
    let asked = hand.engine.with_timeline(&hand.circle, |timeline| {
        let entries = timeline.entries().iter();
        let asked = entries.filter_map(|entry| match timeline.content(entry)? {
            Content::AgreementProposal(asked) => Some((entry.id(), asked)),
            _ => None,
        });
        asked.filter(|(_, asked)| asked.version <= now && asked.text != *holds).collect::<Vec<_>>()
    });
    let past = asked?.into_iter().map(|(proposal, asked)| {
        let motion = asked.motion();
        let devices = one_each(hand, ledger).into_iter();
        let signed = signed_under(hand, &proposal);
        let proofs = devices.filter_map(|device| {
            let mut proofs = signed.iter().map(|signed| signed.proof(&device));
            proofs.find(|proof| motion.is_agreed(&hand.circle, proof))
        });
        Adoption { version: asked.version, text: asked.text, consents: proofs.collect() }
    });
    let mut past = past.max_by_key(|past| past.consents.len())?;
    past.consents.sort_by_key(|proof| proof.device);
    Some(past)
}

/// What anybody signed under a proposal.
fn signed_under(hand: &Hand<'_>, proposal: &ItemId) -> Vec<AgreementConsent> {
    let signed = hand.engine.with_timeline(&hand.circle, |timeline| {
        let entries = timeline.entries().iter();
        let consents = entries.filter_map(|entry| match entry.gist() {
            Gist::AgreementConsent(consent) => Some((**consent).clone()),
            _ => None,
        });
        consents.filter(|consent| consent.proposal == *proposal).collect()
    });
    signed.unwrap_or_default()
}

/// One device of each member there is.
fn one_each(hand: &Hand<'_>, ledger: &Ledger) -> Vec<DeviceId> {
    let mut named = Vec::new();
    let devices = testing::devices(hand.engine, &hand.circle).into_iter();
    let first = |device: &DeviceId| {
        let member = ledger.member_of(device).copied();
        let is_new = member.is_some() && !named.contains(&member);
        named.push(member);
        is_new
    };
    devices.filter(first).collect()
}

/// What others really signed, for whichever text, one of each member; and under which proposal.
fn signed_by_others(hand: &Hand<'_>, ledger: &Ledger) -> Vec<(AgreementProof, ItemId)> {
    let me = hand.me();
    let agreed = hand.engine.with_timeline(&hand.circle, |timeline| {
        let entries = timeline.entries().iter().filter(|entry| Some(entry.author()) != me);
        let consents = entries.filter_map(|entry| match entry.gist() {
            Gist::AgreementConsent(consent) => Some((entry.author(), (**consent).clone())),
            _ => None,
        });
        consents.collect::<Vec<_>>()
    });
    let mut signed: Vec<(AgreementProof, ItemId)> = Vec::new();
    for device in one_each(hand, ledger) {
        let of = |(by, _): &&(_, AgreementConsent)| ledger.member_of(&device) == Some(by);
        if let Some((_, consent)) = agreed.iter().flatten().find(of) {
            signed.push((consent.proof(&device), consent.proposal));
        }
    }
    signed
}

/// Puts a text to the circle that it does not hold.
fn propose(hand: &mut Hand<'_>, parent: &StateId) -> Option<Envelopes> {
    let (me, ledger) = (hand.me()?, hand.insider()?.ledger(parent)?);
    let version = ledger.rules().agreement.next().filter(|_| !ledger.is_facilitator(&me))?;
    let text = AgreementText::new(format!("I propose, {}.", hand.dice.draw())).ok()?;
    let content = Content::AgreementProposal(AgreementProposal { version, text });
    say(hand, parent, content)
}

/// Agrees to what somebody proposed, by what is no signature, or is one of somebody else.
fn agree(hand: &mut Hand<'_>, parent: &StateId) -> Option<Envelopes> {
    let ledger = hand.insider()?.ledger(parent)?;
    let (me, now) = (hand.me()?, hand.now);
    let asked = hand.engine.agreement(now, &hand.circle)?.proposals;
    let asked: Vec<ItemId> = asked.iter().filter(|asked| asked.by != me).map(|a| a.id).collect();
    let proposal = asked.get(hand.dice.place(asked.len())).copied()?;
    let of_others = signed_by_others(hand, &ledger).into_iter();
    let mut of_others = of_others.filter(|(_, to)| *to == proposal);
    let signature = of_others.next().map_or([7; 64], |(proof, _)| proof.signature);
    let consent = AgreementConsent { proposal, signature };
    say(hand, parent, Content::AgreementConsent(consent))
}

fn say(hand: &mut Hand<'_>, parent: &StateId, content: Content) -> Option<Envelopes> {
    let item = ForgedItem { content: Some(content), ..ForgedItem::default() };
    Some(hand.insider()?.item(parent, item)?.envelopes)
}

//! What arrives on the topic of an invite: the card, and the answer to the knock.

use std::sync::Arc;

use crate::admission::{Door, RelayPart};
use crate::circle::Step;
use crate::id::EnvelopeId;
use crate::identity::{DeviceKey, MemberKey, Verified};
use crate::invite::{Answer, Card, SealedAnswer, SignedCard};
use crate::joining::{End, Joining, Sent, WayIn, Who};
use crate::limits::{MAX_HOURS_AHEAD, MAX_WELCOME};
use crate::output::{Event, Output};
use crate::state::{Entrance, enter};
use crate::time::Hour;
use crate::verdict::{Missing, Redundant, Verdict, Violation};
use crate::wire::chunk::Manifest;
use crate::wire::{self, Envelope, Frame, FrameKind};

/// Envelopes of an invite's topic kept while chunks are missing.
const MAX_PIECES: usize = 512;

impl Joining {
    /// Takes in envelopes of the invite's topic; a way in is handed to the engine.
    pub(crate) fn receive(
        &mut self,
        step: &mut Step<'_>,
        envelopes: Vec<Verified<Envelope>>,
    ) -> (Vec<Verdict>, Vec<WayIn>) {
        let mut verdicts = Vec::with_capacity(envelopes.len());
        let mut ways = Vec::new();
        let topic = self.topic;
        for envelope in envelopes {
            let latest = step.now.hour().get().saturating_add(MAX_HOURS_AHEAD);
            let verdict = if envelope.topic() != topic {
                Verdict::Ignore(Redundant::ForeignTopic)
            } else if envelope.hour().get() > latest {
                Verdict::Ignore(Redundant::TooFarAhead)
            } else if !self.may_concern(&envelope) {
                Verdict::Ignore(Redundant::Settled)
            } else {
                self.take(step, envelope, &mut ways)
            };
            verdicts.push(verdict);
        }
        // A manifest may have come before its chunks.
        let seal = self.text.seed.card_key();
        let manifests = self.pieces.values().filter(|piece| seal.recognises(piece));
        for envelope in manifests.cloned().collect::<Vec<_>>() {
            let _ = self.take(step, envelope, &mut ways);
        }
        (verdicts, ways)
    }

    fn take(
        &mut self,
        step: &mut Step<'_>,
        envelope: Verified<Envelope>,
        ways: &mut Vec<WayIn>,
    ) -> Verdict {
        let id = envelope.id();
        let seal = self.text.seed.card_key();
        if !seal.recognises(&envelope) {
            return self.keep_piece(step, id, envelope);
        }
        let Ok(frame) = seal.open(&envelope) else {
            return Verdict::Reject(Violation::Malformed);
        };
        let frame = if frame.kind == FrameKind::Manifest {
            let Ok(manifest) = Manifest::from_bytes(&frame.record) else {
                return Verdict::Reject(Violation::Malformed);
            };
            match manifest.assemble(|chunk| self.pieces.get(chunk).cloned()) {
                Ok(whole) => {
                    self.pieces.remove(&id);
                    self.pieces.retain(|piece, _| !manifest.chunks().contains(piece));
                    whole
                }
                Err(wire::chunk::AssembleError::Missing(_)) => {
                    return self.keep_piece(step, id, envelope);
                }
                Err(_) => return Verdict::Reject(Violation::Malformed),
            }
        } else {
            frame
        };
        self.take_frame(step, &frame, ways)
    }

    /// Whether an envelope can be the card or part of an answer to this knock; cards are older.
    fn may_concern(&self, envelope: &Verified<Envelope>) -> bool {
        let hour = envelope.hour().get().saturating_add(MAX_HOURS_AHEAD);
        hour >= self.started.hour().get() || self.text.seed.card_key().recognises(envelope)
    }

    /// Keeps what may be a chunk. If there is no room, somebody goes, drawn by lot.
    fn keep_piece(
        &mut self,
        step: &mut Step<'_>,
        id: EnvelopeId,
        envelope: Verified<Envelope>,
    ) -> Verdict {
        if self.pieces.len() >= MAX_PIECES && !self.pieces.contains_key(&id) {
            let lot = usize::try_from(step.random.below(MAX_PIECES as u64)).unwrap_or(0);
            if let Some(drawn) = self.pieces.keys().nth(lot).copied() {
                self.pieces.remove(&drawn);
            }
        }
        self.pieces.insert(id, envelope);
        Verdict::Defer(Missing::Chunks)
    }

    fn take_frame(&mut self, step: &mut Step<'_>, frame: &Frame, ways: &mut Vec<WayIn>) -> Verdict {
        match frame.kind {
            FrameKind::Card => self.take_card(step, &frame.record),
            FrameKind::Answer => self.take_answer(step, &frame.record, ways),
            FrameKind::Door => self.take_door(step, &frame.record),
            FrameKind::DeviceGrant if self.for_device => self.take_grant(step, &frame.record),
            FrameKind::Knock | FrameKind::DeviceRequest => Verdict::Ignore(Redundant::NotForUs),
            _ => Verdict::Reject(Violation::Misplaced),
        }
    }

    fn take_card(&mut self, step: &mut Step<'_>, record: &[u8]) -> Verdict {
        let Ok(signed) = SignedCard::from_bytes(record) else {
            return Verdict::Reject(Violation::Malformed);
        };
        let Ok(card) = signed.verify(&self.text.issuer, &self.invite()) else {
            return Verdict::Reject(Violation::Signature);
        };
        if self.card.as_ref().is_some_and(|(_, known)| !card.supersedes(known)) {
            return Verdict::Ignore(Redundant::Settled);
        }
        // What was knocked with was read and accepted: another text is for another knock.
        let read = self.knock.is_some().then_some(&self.card);
        if let Some(Some((_, known))) = read
            && known.agreement != card.agreement
        {
            return Verdict::Ignore(Redundant::Settled);
        }
        self.card = Some((signed, card));
        self.write(step);
        step.tell(Event::CardArrived { invite: self.invite() });
        Verdict::Accept
    }

    fn take_door(&mut self, step: &mut Step<'_>, record: &[u8]) -> Verdict {
        let Ok(part) = Door::open(record, &self.text.issuer, &self.invite()) else {
            return Verdict::Reject(Violation::Signature);
        };
        // Of a relay that the invite does not name nobody can knock at.
        if !self.text.relays.contains(part.relay()) {
            return Verdict::Ignore(Redundant::NotForUs);
        }
        // The last to come counts: which was put last the issuer alone could say.
        if self.doors.get(part.relay()).is_none_or(|known| **known != part) {
            self.doors.insert(part.relay().clone(), Arc::new(part));
            if self.is_open() {
                step.reach(self.venue());
            }
        }
        Verdict::Accept
    }

    fn take_answer(
        &mut self,
        step: &mut Step<'_>,
        record: &[u8],
        ways: &mut Vec<WayIn>,
    ) -> Verdict {
        let Ok(sealed) = SealedAnswer::from_bytes(record) else {
            return Verdict::Reject(Violation::Malformed);
        };
        let invite = self.invite();
        let (Some(sent), Some((_, card))) = (&self.knock, &self.card) else {
            return Verdict::Ignore(Redundant::NotForUs);
        };
        if sealed.knock != sent.id {
            return Verdict::Ignore(Redundant::NotForUs);
        }
        let Ok(answer) = sealed.open(card.suite, &sent.reply, &self.text.issuer) else {
            return Verdict::Reject(Violation::Signature);
        };
        match answer.into_inner() {
            Answer::Admitted(admission) => {
                let since = self.started.hour();
                let doors = self.doors.values().cloned().collect();
                let Some(way) = way_in(step, card, sent, since, &admission, doors) else {
                    return Verdict::Reject(Violation::Mls);
                };
                let circle = way.circle;
                ways.push(way);
                if self.end != End::Joined(circle) {
                    self.end = End::Joined(circle);
                    step.tell(Event::Joined { invite, circle });
                    if !self.is_open() {
                        step.ask(Output::Close(self.venue()));
                    }
                }
            }
            // Once in, a late no of somebody who had not seen it changes nothing.
            _ if matches!(self.end, End::Joined(_)) => {
                return Verdict::Ignore(Redundant::Settled);
            }
            Answer::Declined(no) => {
                self.end = End::Declined(no.reason);
                step.tell(Event::Declined { invite });
                step.ask(Output::Close(self.venue()));
            }
            Answer::Refused(no) => {
                self.end = End::Refused(no.reason);
                step.tell(Event::Refused { invite, refusal: no.reason });
                step.ask(Output::Close(self.venue()));
            }
        }
        self.write(step);
        Verdict::Accept
    }
}

/// Goes in by an admission; nothing is used up if that fails.
fn way_in(
    step: &mut Step<'_>,
    card: &Card,
    sent: &Sent,
    since: Hour,
    admission: &crate::invite::Admission,
    doors: Vec<Arc<RelayPart>>,
) -> Option<WayIn> {
    let entrance: Entrance = wire::decode(admission.entrance.as_bytes(), MAX_WELCOME).ok()?;
    let device = DeviceKey::from_secret(&sent.device);
    let injected = step.injected();
    let welcome = admission.welcome.as_bytes();
    let entered =
        enter(&card.circle, card.suite, &device, welcome, entrance, &sent.keys, injected).ok()?;
    let member = sent.who.member()?;
    let member_key = match &sent.who {
        Who::Person(secret) => Some(MemberKey::from_secret(secret)),
        Who::Sealed(_) | Who::Device { .. } => None,
    };
    let sealed_key = match &sent.who {
        Who::Sealed(sealed) => Some(sealed.clone()),
        Who::Person(_) | Who::Device { .. } => None,
    };
    let agreement = match &sent.who {
        Who::Person(_) | Who::Sealed(_) => Some(card.agreement.clone()),
        // Accepted on the member's first device, and to be read on this one.
        Who::Device { .. } => None,
    };
    let circle = card.circle;
    Some(WayIn { circle, device, member, member_key, sealed_key, since, agreement, entered, doors })
}

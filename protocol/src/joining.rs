//! An attempt of this device to come into a circle: the card, the knock, the answer.
//! Clauses: specs/05-invite V-5 to V-13.

use std::time::Duration;

use tls_codec::{TlsDeserialize, TlsSerialize, TlsSize};

use crate::circle::Step;
use crate::id::{CircleId, EnvelopeId, InviteId, KnockId, Topic};
use crate::identity::{DeviceKey, MemberKey, Verified};
use crate::input::Venue;
use crate::invite::{
    AgreementHash, Answer, Card, Closed, InviteText, KnockBody, Refusal, SealedAnswer, SignedCard,
};
use crate::limits::{
    CLOSED_INVITE, MAX_HOURS_AHEAD, MAX_KEY_PACKAGES, MAX_KNOCK, MAX_NAME_CHARS, MAX_NOTE_CHARS,
    MAX_RECORD, MAX_WELCOME, RECORD_OVERHEAD,
};
use crate::mls::{DeviceSigner, HpkeSecret, Namespace, Provider, generate, key_package};
use crate::output::{Event, FollowedTopic, Output, Reach};
use crate::record::{Key, RecordKind};
use crate::secret::Secret;
use crate::state::{Entered, Entrance, enter};
use crate::time::Timestamp;
use crate::verdict::{Missing, Redundant, Verdict, Violation};
use crate::wire::chunk::{Manifest, seal_record};
use crate::wire::text::{Opaque, Text};
use crate::wire::{self, DecodeError, Envelope, Frame, FrameKind};

/// KeyPackages that are used once; one of last resort comes with them.
const FRESH_KEY_PACKAGES: usize = MAX_KEY_PACKAGES - 1;
/// Envelopes of an invite's topic kept while chunks are missing.
const MAX_PIECES: usize = 128;

/// How somebody wants to be known, and what they accept.
#[derive(Clone, Debug)]
pub struct NewKnock {
    /// The name to be known by.
    pub name: String,
    /// A note to whoever looks at the knock.
    pub note: String,
    /// The agreement that was read and accepted.
    pub agreement: AgreementHash,
    /// How long to wait for an answer.
    pub patience: Duration,
}

/// Why a step towards a circle was not taken.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum JoinError {
    /// No attempt to join by this invite.
    #[error("no attempt to join by this invite")]
    UnknownInvite,
    /// Already in the circle this invite leads to.
    #[error("already in this circle")]
    AlreadyMember,
    /// Too many circles on this device.
    #[error("too many circles on this device")]
    TooManyCircles,
    /// The card of the circle has not arrived.
    #[error("the card of the circle has not arrived yet")]
    NoCard,
    /// The card says that the invite admits nobody any more.
    #[error("this invite was used up")]
    Used,
    /// The invite expired.
    #[error("this invite has expired")]
    Expired,
    /// The invite was taken back.
    #[error("this invite was revoked")]
    Revoked,
    /// The agreement accepted is not the one on the card.
    #[error("the agreement accepted is not the circle's")]
    Agreement,
    /// A knock is on its way already.
    #[error("a knock is on its way already")]
    AlreadyKnocked,
    /// There is no name.
    #[error("a name is needed")]
    NoName,
    /// The name or the note is too long.
    #[error("the name or the note is longer than {limit} characters")]
    TooLong {
        /// Characters allowed.
        limit: usize,
    },
    /// The circle's keys cannot be used.
    #[error("the card of the circle cannot be used")]
    BadCard,
}

/// How far an attempt has come.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum JoinStage {
    /// The card has not arrived.
    LookingForCard,
    /// The card is here; nothing was sent.
    Ready,
    /// The knock is in the outbox.
    Knocking,
    /// A relay holds the knock.
    Knocked,
    /// In.
    Joined(CircleId),
    /// Declined by a person, with a reason.
    Declined(String),
    /// Refused by the rules.
    Refused(Refusal),
}

/// One attempt to join.
#[derive(Clone, Debug)]
pub struct JoinOverview {
    /// The invite.
    pub invite: InviteId,
    /// How far it has come.
    pub stage: JoinStage,
    /// What the circle says of itself.
    pub card: Option<Card>,
    /// Names the agreement on the card.
    pub agreement: Option<AgreementHash>,
    /// When the knock gives up.
    pub expires: Option<Timestamp>,
}

/// An attempt to join, with the keys made for it.
#[derive(Debug)]
pub(crate) struct Joining {
    text: InviteText,
    started: Timestamp,
    card: Option<(SignedCard, Verified<Card>)>,
    knock: Option<Sent>,
    end: End,
    /// Envelopes that wait for their manifest.
    pieces: std::collections::BTreeMap<EnvelopeId, Verified<Envelope>>,
}

#[derive(Debug)]
struct Sent {
    id: KnockId,
    member: Secret<32>,
    device: Secret<32>,
    reply: HpkeSecret,
    keys: Namespace,
    expires: Timestamp,
    /// The sealed knock, until a relay holds it.
    outbox: Vec<Verified<Envelope>>,
}

/// How an attempt ended.
#[derive(Clone, Debug, Eq, PartialEq, TlsDeserialize, TlsSerialize, TlsSize)]
#[repr(u8)]
enum End {
    #[tls_codec(discriminant = 1)]
    Open,
    #[tls_codec(discriminant = 2)]
    Joined(CircleId),
    #[tls_codec(discriminant = 3)]
    Declined(Text<MAX_NOTE_CHARS>),
    #[tls_codec(discriminant = 4)]
    Refused(Refusal),
}

#[derive(Debug, TlsDeserialize, TlsSerialize, TlsSize)]
struct JoiningRecord {
    text: InviteText,
    started: Timestamp,
    card: Option<Opaque<{ SignedCard::MAX_LEN }>>,
    knock: Option<SentRecord>,
    end: End,
}

#[derive(Debug, TlsDeserialize, TlsSerialize, TlsSize)]
struct SentRecord {
    id: KnockId,
    member: Secret<32>,
    device: Secret<32>,
    reply: HpkeSecret,
    keys: Vec<KeyRecord>,
    expires: Timestamp,
    outbox: Vec<Opaque<{ crate::limits::ENVELOPE_SIZES[2] }>>,
}

#[derive(Debug, TlsDeserialize, TlsSerialize, TlsSize)]
struct KeyRecord {
    name: Opaque<1024>,
    value: Opaque<MAX_KNOCK>,
}

/// Somebody's way in, once it is open.
pub(crate) struct WayIn {
    pub(crate) circle: CircleId,
    pub(crate) device: DeviceKey,
    pub(crate) member: MemberKey,
    pub(crate) entered: Entered,
}

impl Joining {
    /// Starts looking for the card of an invite.
    pub(crate) fn start(step: &mut Step<'_>, text: InviteText) -> Self {
        let joining = Self {
            text,
            started: step.now,
            card: None,
            knock: None,
            end: End::Open,
            pieces: std::collections::BTreeMap::new(),
        };
        joining.write(step);
        step.reach(joining.venue());
        joining
    }

    /// The invite.
    pub(crate) fn invite(&self) -> InviteId {
        self.text.seed.id()
    }

    /// Where the invite's envelopes travel.
    pub(crate) fn venue(&self) -> Venue {
        Venue::Invite(self.invite())
    }

    /// How the invite's topic is reached; nothing to reach once the attempt has ended.
    pub(crate) fn reach(&self) -> Option<Reach> {
        if self.is_over() {
            return None;
        }
        let key = self.text.seed.topic_key();
        Some(Reach {
            relays: self.text.relays.iter().map(|relay| relay.as_str().to_owned()).collect(),
            topics: vec![FollowedTopic { topic: key.topic(), key, period: None }],
            link_key: None,
        })
    }

    /// Whether the attempt has ended, well or not.
    pub(crate) fn is_over(&self) -> bool {
        self.end != End::Open
    }

    /// Whether nothing more can come of it.
    pub(crate) fn can_be_forgotten(&self, now: Timestamp) -> bool {
        let settled = match self.end {
            End::Open => false,
            End::Joined(_) | End::Declined(_) | End::Refused(_) => true,
        };
        settled && now.since(self.started) > CLOSED_INVITE
    }

    /// The circle joined by it.
    pub(crate) fn joined(&self) -> Option<CircleId> {
        match self.end {
            End::Joined(circle) => Some(circle),
            _ => None,
        }
    }

    /// Whether `topic` is that of the invite.
    pub(crate) fn follows(&self, topic: &Topic) -> bool {
        self.text.seed.topic_key().topic() == *topic
    }

    /// Knocks.
    ///
    /// # Errors
    /// [`JoinError`]; nothing was sent.
    pub(crate) fn knock(&mut self, step: &mut Step<'_>, new: NewKnock) -> Result<(), JoinError> {
        let invite = self.invite();
        let (_, card) = self.card.as_ref().ok_or(JoinError::NoCard)?;
        match card.closed {
            Some(Closed::Used) => return Err(JoinError::Used),
            Some(Closed::Expired) => return Err(JoinError::Expired),
            Some(Closed::Revoked) => return Err(JoinError::Revoked),
            None if card.expires <= step.now => return Err(JoinError::Expired),
            None => {}
        }
        if card.agreement_hash() != new.agreement {
            return Err(JoinError::Agreement);
        }
        if self.knock.is_some() {
            return Err(JoinError::AlreadyKnocked);
        }
        if new.name.trim().is_empty() {
            return Err(JoinError::NoName);
        }
        let name = Text::<MAX_NAME_CHARS>::new(new.name.trim())
            .map_err(|error| JoinError::TooLong { limit: error.limit })?;
        let note = Text::<MAX_NOTE_CHARS>::new(new.note)
            .map_err(|error| JoinError::TooLong { limit: error.limit })?;

        let member = MemberKey::generate(step.random);
        let device = DeviceKey::generate(step.random);
        let credential = member.certify(&card.circle, &device.id()).to_bytes();
        let signer = DeviceSigner::new(&device.to_secret());
        let provider = Provider::new(step.injected(), &Namespace::default());
        let mut key_packages = Vec::new();
        for index in 0..=FRESH_KEY_PACKAGES {
            let last_resort = index == FRESH_KEY_PACKAGES;
            let package = key_package(&provider, &signer, card.suite, &credential, last_resort)
                .map_err(|_| JoinError::BadCard)?;
            key_packages.push(Opaque::new(package).map_err(|_| JoinError::BadCard)?);
        }
        let (secret, reply) = generate(card.suite, step.random).map_err(|_| JoinError::BadCard)?;
        let expires = step.now.after(new.patience).min(card.expires);
        let body = KnockBody { key_packages, name, note, agreement: new.agreement, reply, expires };
        let knock = body.sign(&self.text.seed).map_err(|_| JoinError::BadCard)?;
        let id = knock.id();
        let sealed = knock
            .seal(&invite, card.suite, &card.opening, step.random)
            .map_err(|_| JoinError::BadCard)?;
        let outbox = seal_record(
            &self.text.seed.card_key(),
            &self.text.seed.topic_key(),
            step.now.hour(),
            FrameKind::Knock,
            &sealed.to_bytes(),
            step.random,
        )
        .map_err(|_| JoinError::BadCard)?;
        self.knock = Some(Sent {
            id,
            member: member.to_secret(),
            device: device.to_secret(),
            reply: secret,
            keys: provider.into_changes().0,
            expires,
            outbox,
        });
        self.write(step);
        self.publish_again(step);
        Ok(())
    }

    /// Asks for the knock to be published, as long as no relay holds it.
    pub(crate) fn publish_again(&self, step: &mut Step<'_>) {
        if self.is_over() {
            return;
        }
        for envelope in self.knock.iter().flat_map(|sent| &sent.outbox) {
            step.ask(Output::Publish { venue: self.venue(), envelope: envelope.clone() });
        }
    }

    /// A relay holds an envelope of the knock.
    pub(crate) fn acknowledged(&mut self, step: &mut Step<'_>, envelope: &EnvelopeId) {
        let Some(sent) = &mut self.knock else {
            return;
        };
        let before = sent.outbox.len();
        sent.outbox.retain(|other| other.id() != *envelope);
        if sent.outbox.len() == before {
            return;
        }
        if sent.outbox.is_empty() {
            step.tell(Event::KnockHeld { invite: self.text.seed.id() });
        }
        self.write(step);
    }

    /// Takes in envelopes of the invite's topic; a way in is handed to the engine.
    pub(crate) fn receive(
        &mut self,
        step: &mut Step<'_>,
        envelopes: Vec<Verified<Envelope>>,
    ) -> (Vec<Verdict>, Vec<WayIn>) {
        let mut verdicts = Vec::with_capacity(envelopes.len());
        let mut ways = Vec::new();
        let topic = self.text.seed.topic_key().topic();
        for envelope in envelopes {
            let latest = step.now.hour().get().saturating_add(MAX_HOURS_AHEAD);
            let verdict = if envelope.topic() != topic {
                Verdict::Ignore(Redundant::ForeignTopic)
            } else if envelope.hour().get() > latest {
                Verdict::Ignore(Redundant::TooFarAhead)
            } else {
                self.take(step, envelope, &mut ways)
            };
            verdicts.push(verdict);
        }
        // A manifest may have come before its chunks.
        let waiting: Vec<_> = self.pieces.values().cloned().collect();
        for envelope in waiting {
            if self.text.seed.card_key().recognises(&envelope) {
                let _ = self.take(step, envelope, &mut ways);
            }
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
            return self.keep_piece(id, envelope);
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
                    return self.keep_piece(id, envelope);
                }
                Err(_) => return Verdict::Reject(Violation::Malformed),
            }
        } else {
            frame
        };
        self.take_frame(step, &frame, ways)
    }

    fn keep_piece(&mut self, id: EnvelopeId, envelope: Verified<Envelope>) -> Verdict {
        if self.pieces.len() >= MAX_PIECES {
            return Verdict::Ignore(Redundant::NoRoom);
        }
        self.pieces.insert(id, envelope);
        Verdict::Defer(Missing::Chunks)
    }

    fn take_frame(&mut self, step: &mut Step<'_>, frame: &Frame, ways: &mut Vec<WayIn>) -> Verdict {
        match frame.kind {
            FrameKind::Card => self.take_card(step, &frame.record),
            FrameKind::Answer => self.take_answer(step, &frame.record, ways),
            FrameKind::Knock => Verdict::Ignore(Redundant::NotForUs),
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
        self.card = Some((signed, card));
        self.write(step);
        step.tell(Event::CardArrived { invite: self.invite() });
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
                let Some(way) = way_in(step, card, sent, &admission) else {
                    return Verdict::Reject(Violation::Mls);
                };
                let circle = way.circle;
                ways.push(way);
                if self.end != End::Joined(circle) {
                    self.end = End::Joined(circle);
                    step.tell(Event::Joined { invite, circle });
                    step.ask(Output::Close(self.venue()));
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

    /// What the attempt looks like.
    pub(crate) fn overview(&self) -> JoinOverview {
        let stage = match (&self.end, &self.knock, &self.card) {
            (End::Joined(circle), _, _) => JoinStage::Joined(*circle),
            (End::Declined(reason), _, _) => JoinStage::Declined(reason.as_str().to_owned()),
            (End::Refused(refusal), _, _) => JoinStage::Refused(*refusal),
            (End::Open, Some(sent), _) if sent.outbox.is_empty() => JoinStage::Knocked,
            (End::Open, Some(_), _) => JoinStage::Knocking,
            (End::Open, None, Some(_)) => JoinStage::Ready,
            (End::Open, None, None) => JoinStage::LookingForCard,
        };
        let card = self.card.as_ref().map(|(_, card)| Card::clone(card));
        JoinOverview {
            invite: self.invite(),
            stage,
            agreement: card.as_ref().map(Card::agreement_hash),
            card,
            expires: self.knock.as_ref().map(|sent| sent.expires),
        }
    }

    /// The key of the record of an attempt by `invite`.
    pub(crate) fn key(invite: &InviteId) -> Key {
        Key::new(RecordKind::Joining, &[invite.as_bytes()])
    }

    fn write(&self, step: &mut Step<'_>) {
        let record = JoiningRecord {
            text: InviteText {
                seed: self.text.seed.duplicate(),
                issuer: self.text.issuer,
                relays: self.text.relays.clone(),
            },
            started: self.started,
            card: self.card.as_ref().and_then(|(signed, _)| Opaque::new(signed.to_bytes()).ok()),
            knock: self.knock.as_ref().map(|sent| SentRecord {
                id: sent.id,
                member: sent.member.duplicate(),
                device: sent.device.duplicate(),
                reply: sent.reply.duplicate(),
                keys: sent
                    .keys
                    .records()
                    .filter_map(|(name, value)| {
                        let (name, value) = (Opaque::new(name).ok()?, Opaque::new(value).ok()?);
                        Some(KeyRecord { name, value })
                    })
                    .collect(),
                expires: sent.expires,
                outbox: sent
                    .outbox
                    .iter()
                    .filter_map(|envelope| Opaque::new(envelope.as_bytes()).ok())
                    .collect(),
            }),
            end: self.end.clone(),
        };
        step.put(Self::key(&self.invite()), wire::encode(&record).to_vec());
    }

    /// Reads what was written.
    ///
    /// # Errors
    /// [`DecodeError`]: the store is damaged or newer.
    pub(crate) fn read(bytes: &[u8]) -> Result<Self, DecodeError> {
        let record: JoiningRecord =
            wire::decode(bytes, MAX_RECORD + MAX_WELCOME + RECORD_OVERHEAD)?;
        let invite = record.text.seed.id();
        let card = record
            .card
            .map(|bytes| {
                let signed = SignedCard::from_bytes(bytes.as_bytes())?;
                let card = signed
                    .verify(&record.text.issuer, &invite)
                    .map_err(|_| DecodeError::Malformed)?;
                Ok::<_, DecodeError>((signed, card))
            })
            .transpose()?;
        let knock = record
            .knock
            .map(|sent| {
                let outbox = sent
                    .outbox
                    .iter()
                    .map(|bytes| Ok(Verified::assert(Envelope::from_bytes(bytes.as_bytes())?)))
                    .collect::<Result<_, DecodeError>>()?;
                let keys = sent.keys.into_iter().map(|record| {
                    (record.name.as_bytes().to_vec(), record.value.as_bytes().to_vec())
                });
                Ok::<_, DecodeError>(Sent {
                    id: sent.id,
                    member: sent.member,
                    device: sent.device,
                    reply: sent.reply,
                    keys: Namespace::from_records(keys),
                    expires: sent.expires,
                    outbox,
                })
            })
            .transpose()?;
        Ok(Self {
            text: record.text,
            started: record.started,
            card,
            knock,
            end: record.end,
            pieces: std::collections::BTreeMap::new(),
        })
    }
}

/// Goes in by an admission; nothing is used up if that fails.
fn way_in(
    step: &mut Step<'_>,
    card: &Card,
    sent: &Sent,
    admission: &crate::invite::Admission,
) -> Option<WayIn> {
    let entrance: Entrance = wire::decode(admission.entrance.as_bytes(), MAX_WELCOME).ok()?;
    let device = DeviceKey::from_secret(&sent.device);
    let injected = step.injected();
    let welcome = admission.welcome.as_bytes();
    let entered =
        enter(&card.circle, card.suite, &device, welcome, entrance, &sent.keys, injected).ok()?;
    let member = MemberKey::from_secret(&sent.member);
    Some(WayIn { circle: card.circle, device, member, entered })
}

//! An attempt of this device to come into a circle: the card, the knock, the answer.
//! Clauses: specs/05-invite V-5 to V-13.

mod device;
mod receive;
mod record;

use std::sync::Arc;
use std::time::Duration;

use tls_codec::{TlsDeserialize, TlsSerialize, TlsSize};

use crate::admission::RelayPart;
use crate::circle::Step;
use crate::id::{CircleId, EnvelopeId, InviteId, KnockId, MemberId, Topic};
use crate::identity::{Credential, DeviceKey, MemberKey, Verified};
use crate::input::Venue;
use crate::invite::{
    AgreementHash, AgreementText, Card, Closed, DeviceNumber, DeviceRequest, InviteText, KnockBody,
    Refusal, RelayAddress, SignedCard,
};
use crate::label::Label;
use crate::limits::{CLOSED_INVITE, MAX_KEY_PACKAGES, MAX_NAME_CHARS, MAX_NOTE_CHARS};
use crate::mls::{
    DeviceSigner, HpkePublic, HpkeSecret, Namespace, Provider, generate, key_package,
};
use crate::output::{Event, FollowedTopic, LinkKey, Output, Reach};
use crate::recovery::{RecoveryKey, SealedMemberKey};
use crate::secret::Secret;
use crate::state::Entered;
use crate::time::{Hour, Timestamp};
use crate::wire::chunk::seal_record;
use crate::wire::text::{Opaque, Text};
use crate::wire::{Envelope, FrameKind};

/// KeyPackages that are used once; one of last resort comes with them.
const FRESH_KEY_PACKAGES: usize = MAX_KEY_PACKAGES - 1;

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
    /// The card says nothing about a duty to report.
    #[error("the circle's card does not say what its facilitators would have to report")]
    Undeclared,
    /// The agreement accepted is not the one on the card.
    #[error("the agreement accepted is not the circle's")]
    Agreement,
    /// The text is for a further device of a member, not for a person.
    #[error("this is for another device of the same person")]
    ForDevice,
    /// The text is an invite for a person.
    #[error("this is an invite for a person")]
    ForPerson,
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
    /// A further device waits for the word of the member's first one. Both show this number.
    Requested(DeviceNumber),
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
    /// Whether it is to come in as a further device of a member.
    pub for_device: bool,
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
    /// Its topic: to derive it takes a multiplication on the curve, and whatever comes is compared with it.
    topic: Topic,
    /// Whether this is to be a further device of a member.
    for_device: bool,
    started: Timestamp,
    card: Option<(SignedCard, Verified<Card>)>,
    knock: Option<Sent>,
    end: End,
    /// Whether a device that is in has stopped looking for another Welcome.
    closed: bool,
    /// Envelopes that wait for their manifest.
    pieces: std::collections::BTreeMap<EnvelopeId, Verified<Envelope>>,
    /// What relays that take by grant are paid with; found anew after a start.
    doors: std::collections::BTreeMap<RelayAddress, Arc<RelayPart>>,
}

#[derive(Debug)]
struct Sent {
    id: KnockId,
    who: Who,
    device: Secret<32>,
    reply: HpkeSecret,
    keys: Namespace,
    expires: Timestamp,
    /// The sealed knock, until a relay holds it.
    outbox: Vec<Verified<Envelope>>,
}

/// As whom this device wants to come in.
#[derive(Debug, TlsDeserialize, TlsSerialize, TlsSize)]
#[repr(u8)]
enum Who {
    /// As a new member, with this member key.
    #[tls_codec(discriminant = 1)]
    Person(Secret<32>),
    /// As a new member whose member key is sealed under the recovery phrase.
    #[tls_codec(discriminant = 3)]
    Sealed(SealedMemberKey),
    /// As a further device of a member, who is known once its first device has given its word.
    #[tls_codec(discriminant = 2)]
    Device { request: DeviceRequest, granted: Option<MemberId> },
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

/// Somebody's way in, once it is open.
pub(crate) struct WayIn {
    pub(crate) circle: CircleId,
    pub(crate) device: DeviceKey,
    pub(crate) member: MemberId,
    /// Only a new member has one of its own.
    pub(crate) member_key: Option<MemberKey>,
    /// The same, if it is sealed under the recovery phrase.
    pub(crate) sealed_key: Option<SealedMemberKey>,
    /// Nothing sealed before this hour can be for the newcomer.
    pub(crate) since: Hour,
    /// The agreement that was read and accepted; none for a further device of a member.
    pub(crate) agreement: Option<AgreementText>,
    pub(crate) entered: Entered,
    /// What tokens are drawn with until the newcomer has a part of its own.
    pub(crate) doors: Vec<Arc<RelayPart>>,
}

impl Joining {
    /// Starts looking for the card of an invite.
    pub(crate) fn start(step: &mut Step<'_>, text: InviteText) -> Self {
        let joining = Self::new(step.now, text);
        joining.write(step);
        step.reach(joining.venue());
        joining
    }

    fn new(now: Timestamp, text: InviteText) -> Self {
        Self {
            topic: text.seed.topic_key().topic(),
            text,
            for_device: false,
            started: now,
            card: None,
            knock: None,
            end: End::Open,
            closed: false,
            pieces: std::collections::BTreeMap::new(),
            doors: std::collections::BTreeMap::new(),
        }
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
        if !self.is_open() {
            return None;
        }
        let key = self.text.seed.topic_key();
        Some(Reach {
            relays: self.text.relays.iter().map(|relay| relay.as_str().to_owned()).collect(),
            topics: vec![FollowedTopic { topic: key.topic(), key, period: None }],
            link_key: Some(LinkKey(*self.text.seed.door_secret().expose())),
            doors: Vec::new(),
            parts: self.doors.values().cloned().collect(),
            ended_parts: Vec::new(),
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
        self.has_faded(now) || settled && now.since(self.started) > CLOSED_INVITE
    }

    /// The circle its card speaks of.
    pub(crate) fn leads_to(&self) -> Option<CircleId> {
        self.card.as_ref().map(|(_, card)| card.circle)
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
        self.topic == *topic
    }

    /// Knocks.
    ///
    /// # Errors
    /// [`JoinError`]; nothing was sent.
    pub(crate) fn knock(&mut self, step: &mut Step<'_>, new: NewKnock) -> Result<(), JoinError> {
        if self.for_device {
            return Err(JoinError::ForDevice);
        }
        let card = self.usable_card(step.now)?;
        if card.agreement_hash() != new.agreement {
            return Err(JoinError::Agreement);
        }
        if card.declaration.as_ref().is_none_or(|words| words.is_blank()) {
            return Err(JoinError::Undeclared);
        }
        if new.name.trim().is_empty() {
            return Err(JoinError::NoName);
        }
        let member = MemberKey::generate(step.random);
        let device = DeviceKey::generate(step.random);
        let credential = member.certify(&card.circle, &device.id());
        let (secret, reply) = generate(card.suite, step.random).map_err(|_| JoinError::BadCard)?;
        let (keys, outbox) = self.make_knock(step, &new, &device, &credential, &reply)?;
        let id = KnockId::from_bytes(Label::KNOCK_ID.hash(&[reply.as_bytes()]));
        self.knock = Some(Sent {
            id,
            who: Who::Person(member.to_secret()),
            device: device.to_secret(),
            reply: secret,
            keys,
            // Not bound by the invite: a knock that comes late is told so (V-12).
            expires: step.now.after(new.patience),
            outbox,
        });
        self.write(step);
        self.publish_again(step);
        Ok(())
    }

    /// Seals the member key that a knock was made with, and keeps only that.
    pub(crate) fn seal_member_key(&mut self, step: &mut Step<'_>, recovery: &RecoveryKey) {
        let Some(circle) = self.leads_to() else { return };
        let Some(Sent { who, .. }) = &mut self.knock else { return };
        if let Who::Person(secret) = who
            && let Some(sealed) =
                recovery.seal(&circle, &MemberKey::from_secret(secret), step.random)
        {
            *who = Who::Sealed(sealed);
            self.write(step);
        }
    }

    /// The card, if one can still knock by it.
    fn usable_card(&self, now: Timestamp) -> Result<&Card, JoinError> {
        let (_, card) = self.card.as_ref().ok_or(JoinError::NoCard)?;
        match card.closed {
            Some(Closed::Used) => return Err(JoinError::Used),
            Some(Closed::Expired) => return Err(JoinError::Expired),
            Some(Closed::Revoked) => return Err(JoinError::Revoked),
            None if card.expires <= now => return Err(JoinError::Expired),
            None => {}
        }
        if self.knock.is_some() {
            return Err(JoinError::AlreadyKnocked);
        }
        Ok(card)
    }

    /// KeyPackages with their private halves, and the sealed knock that carries them.
    fn make_knock(
        &self,
        step: &mut Step<'_>,
        new: &NewKnock,
        device: &DeviceKey,
        credential: &Credential,
        reply: &HpkePublic,
    ) -> Result<(Namespace, Vec<Verified<Envelope>>), JoinError> {
        let (_, card) = self.card.as_ref().ok_or(JoinError::NoCard)?;
        let name = Text::<MAX_NAME_CHARS>::new(new.name.trim())
            .map_err(|error| JoinError::TooLong { limit: error.limit })?;
        let note = Text::<MAX_NOTE_CHARS>::new(new.note.as_str())
            .map_err(|error| JoinError::TooLong { limit: error.limit })?;
        let credential = credential.to_bytes();
        let signer = DeviceSigner::of(device);
        let provider = Provider::new(step.injected(), &Namespace::default());
        let mut key_packages = Vec::new();
        for index in 0..=FRESH_KEY_PACKAGES {
            let last_resort = index == FRESH_KEY_PACKAGES;
            let package = key_package(&provider, &signer, card.suite, &credential, last_resort)
                .map_err(|_| JoinError::BadCard)?;
            key_packages.push(Opaque::new(package).map_err(|_| JoinError::BadCard)?);
        }
        let expires = step.now.after(new.patience);
        let (agreement, reply) = (new.agreement, reply.clone());
        let body = KnockBody { key_packages, name, note, agreement, reply, expires };
        let knock = body.sign(&self.text.seed).map_err(|_| JoinError::BadCard)?;
        let sealed = knock
            .seal(&self.invite(), card.suite, &card.opening, step.random)
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
        Ok((provider.into_changes().0, outbox))
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
        if sent.outbox.is_empty() && !self.for_device {
            step.tell(Event::KnockHeld { invite: self.text.seed.id() });
        }
        self.write(step);
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
        let stage = match self.number().filter(|_| self.end == End::Open) {
            Some(number) => JoinStage::Requested(number),
            None => stage,
        };
        let card = self.card.as_ref().map(|(_, card)| Card::clone(card));
        JoinOverview {
            invite: self.invite(),
            for_device: self.for_device,
            stage,
            agreement: card.as_ref().map(Card::agreement_hash),
            card,
            expires: self.knock.as_ref().map(|sent| sent.expires),
        }
    }
}

//! An attempt to come in as a further device of a member: first the request, and once the member's
//! first device has given its word, the knock. Clauses: specs/05-invite V-17 to V-19.

use std::time::Duration;

use crate::circle::Step;
use crate::id::MemberId;
use crate::identity::DeviceKey;
use crate::invite::{DeviceCode, DeviceNumber, DevicePost, DeviceRequest};
use crate::joining::{End, JoinError, Joining, NewKnock, Sent, Who};
use crate::limits::{CLOSED_INVITE, INTENT_MEMORY};
use crate::mls::{Namespace, generate};
use crate::output::{Event, Output};
use crate::time::Timestamp;
use crate::verdict::{Redundant, Verdict, Violation};
use crate::wire::FrameKind;
use crate::wire::chunk::seal_record;

impl Joining {
    /// Starts looking for the card of a device code.
    pub(crate) fn start_device(step: &mut Step<'_>, text: DeviceCode) -> Self {
        let mut joining = Self::new(step.now, text.into_text());
        joining.for_device = true;
        joining.write(step);
        step.reach(joining.venue());
        joining
    }

    /// Asks to be certified, with a fresh device key. The person has seen the card.
    ///
    /// # Errors
    /// [`JoinError`]; nothing was sent.
    pub(crate) fn ask_as_device(&mut self, step: &mut Step<'_>) -> Result<(), JoinError> {
        if !self.for_device {
            return Err(JoinError::ForPerson);
        }
        let card = self.usable_card(step.now)?;
        let invite = self.invite();
        let device = DeviceKey::generate(step.random);
        let (secret, reply) = generate(card.suite, step.random).map_err(|_| JoinError::BadCard)?;
        let request = DeviceRequest { device: device.id(), reply };
        let sealed = request
            .seal(&invite, card.suite, &card.opening, step.random)
            .map_err(|_| JoinError::BadCard)?;
        let outbox = seal_record(
            &self.text.seed.card_key(),
            &self.text.seed.topic_key(),
            step.now.hour(),
            FrameKind::DeviceRequest,
            &sealed.to_bytes(),
            step.random,
        )
        .map_err(|_| JoinError::BadCard)?;
        let expires = card.expires;
        self.knock = Some(Sent {
            id: request.id(),
            who: Who::Device { request, granted: None },
            device: device.to_secret(),
            reply: secret,
            keys: Namespace::default(),
            expires,
            outbox,
        });
        self.write(step);
        self.publish_again(step);
        Ok(())
    }

    /// What this device shows while it waits for the other to give its word.
    pub(super) fn number(&self) -> Option<DeviceNumber> {
        match &self.knock.as_ref()?.who {
            Who::Device { request, granted: None } => Some(request.number(&self.invite())),
            Who::Device { .. } | Who::Person(_) | Who::Sealed(_) => None,
        }
    }

    /// The word of the member's first device: now this one knocks.
    pub(super) fn take_grant(&mut self, step: &mut Step<'_>, record: &[u8]) -> Verdict {
        let Ok(post) = DevicePost::from_bytes(record) else {
            return Verdict::Reject(Violation::Malformed);
        };
        let invite = self.invite();
        let (Some(sent), Some((_, card))) = (&self.knock, &self.card) else {
            return Verdict::Ignore(Redundant::NotForUs);
        };
        let Who::Device { request, granted } = &sent.who else {
            return Verdict::Reject(Violation::Misplaced);
        };
        if post.knock != sent.id {
            return Verdict::Ignore(Redundant::NotForUs);
        }
        if granted.is_some() {
            return Verdict::Ignore(Redundant::Settled);
        }
        let credential = post
            .open_grant(&invite, card.suite, &sent.reply)
            .and_then(|claimed| claimed.verify(&card.circle, request.device.as_bytes()).ok());
        let Some(credential) = credential else {
            return Verdict::Reject(Violation::Signature);
        };
        let request = request.clone();
        let device = DeviceKey::from_secret(&sent.device);
        let knock = NewKnock {
            name: card.welcome.as_str().to_owned(),
            note: String::new(),
            agreement: card.agreement_hash(),
            patience: Duration::ZERO,
        };
        let made = self.make_knock(step, &knock, &device, &credential, &request.reply);
        let (Ok((keys, outbox)), Some(sent)) = (made, &mut self.knock) else {
            return Verdict::Reject(Violation::Malformed);
        };
        sent.who = Who::Device { request, granted: Some(credential.member) };
        sent.keys = keys;
        sent.outbox = outbox;
        self.write(step);
        self.publish_again(step);
        step.tell(Event::DeviceGranted { invite });
        Verdict::Accept
    }

    /// Whether its topic is still followed.
    pub(crate) fn is_open(&self) -> bool {
        match self.end {
            End::Open => true,
            End::Joined(_) => self.for_device && !self.closed,
            End::Declined(_) | End::Refused(_) => false,
        }
    }

    /// Time goes by. The commit that let a device in may lose, and then a second Welcome comes, as long as its
    /// member's wish to let it in is remembered (O-6).
    pub(crate) fn handle_timeout(&mut self, step: &mut Step<'_>) {
        let lingers = matches!(self.end, End::Joined(_)) && self.is_open();
        if lingers && step.now.since(self.started) > INTENT_MEMORY {
            self.closed = true;
            step.ask(Output::Close(self.venue()));
        }
    }

    /// When a code that came to nothing is given up: long after its end, so that a late no is heard.
    pub(super) fn has_faded(&self, now: Timestamp) -> bool {
        self.for_device && self.end == End::Open && now.since(self.started) > CLOSED_INVITE
    }
}

impl Who {
    /// A second copy, on purpose.
    pub(super) fn duplicate(&self) -> Self {
        match self {
            Self::Person(secret) => Self::Person(secret.duplicate()),
            Self::Sealed(sealed) => Self::Sealed(sealed.clone()),
            Self::Device { request, granted } => {
                Self::Device { request: request.clone(), granted: *granted }
            }
        }
    }

    /// The member this device is or will be of, once that is known.
    pub(super) fn member(&self) -> Option<MemberId> {
        match self {
            Self::Person(secret) => Some(crate::identity::MemberKey::from_secret(secret).id()),
            Self::Sealed(sealed) => Some(sealed.member()),
            Self::Device { granted, .. } => *granted,
        }
    }
}

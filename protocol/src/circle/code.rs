//! The device code this device has made: who asks by it, whom its owner knows again by the number
//! both devices show, and how that device comes in. Clauses: specs/05-invite V-17 to V-19.

use std::sync::OnceLock;

use tls_codec::{TlsDeserialize, TlsSerialize, TlsSize};

use crate::circle::device::DeviceError;
use crate::circle::intent::IntentKind;
use crate::circle::send::{Carries, Knocked};
use crate::circle::{Circle, Step};
use crate::id::{DeviceId, InviteId, KnockId};
use crate::identity::{Credential, Verified};
use crate::invite::{
    AgreementText, Answer, Card, DeviceCode, DeviceNumber, DevicePost, DeviceRequest, Door,
    InviteSeed, InviteText, IssuerKey, Knock, Refusal, SealedKnock,
};
use crate::ledger::{InviteSecrets, Ledger};
use crate::limits::{
    CLOSED_INVITE, DEVICE_CODE_LIFETIME, MAX_DEVICE_REQUESTS, MAX_DEVICES_PER_MEMBER, MAX_KNOCK,
};
use crate::mls::{HpkePublic, generate};
use crate::output::Event;
use crate::record::{Key, RecordKind};
use crate::secret::Secret;
use crate::time::Timestamp;
use crate::verdict::{Redundant, Verdict, Violation};
use crate::wire::text::{Opaque, Text};
use crate::wire::{self, DecodeError, Frame, FrameKind, SealKey, TopicKey};

/// The revision of the card of a device code: it is put once.
const REVISION: u32 = 1;
/// Bytes of the record of a code: a knock, and a few keys.
const MAX_CODE_RECORD: usize = MAX_KNOCK + 16 * 1024;

/// A device code of this device, as it is written.
#[derive(Debug, TlsDeserialize, TlsSerialize, TlsSize)]
pub(crate) struct OpenCode {
    seed: InviteSeed,
    secrets: InviteSecrets,
    expires: Timestamp,
    /// Devices that ask; one, once the owner has chosen.
    asking: Vec<DeviceRequest>,
    #[tls_codec(with = "crate::wire::flag")]
    chosen: bool,
    /// The knock of the chosen device.
    knock: Option<Opaque<MAX_KNOCK>>,
    /// How many commits have tried to let it in.
    attempts: u8,
    /// What the member key said of the chosen device.
    credential: Option<Credential>,
    /// What names it, once worked out: a public key, and asked for whenever the circle wakes.
    #[tls_codec(skip)]
    id: OnceLock<InviteId>,
}

/// What a device code looks like to its owner.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct CodeOverview {
    /// Names it, like an invite.
    pub id: InviteId,
    /// Until when devices can ask by it.
    pub expires: Timestamp,
    /// The numbers that devices show which ask by it.
    pub asking: Vec<DeviceNumber>,
    /// The device its owner has chosen.
    pub chosen: Option<DeviceId>,
    /// Whether that device is in.
    pub done: bool,
}

impl Circle {
    /// Makes a device code. One that was made before is given up.
    ///
    /// # Errors
    /// [`DeviceError`]; nothing has changed.
    pub(crate) fn open_code(&mut self, step: &mut Step<'_>) -> Result<InviteId, DeviceError> {
        if !self.may_talk() {
            return Err(DeviceError::Closed);
        }
        if !self.has_member_key() {
            return Err(DeviceError::NotFirst);
        }
        if self.devices().len() >= MAX_DEVICES_PER_MEMBER {
            return Err(DeviceError::TooMany);
        }
        let (opening, public) =
            generate(self.suite, step.random).map_err(|_| DeviceError::Closed)?;
        let seed = InviteSeed::generate(step.random);
        let issuer = IssuerKey::generate(step.random).to_secret();
        let code = OpenCode {
            seed,
            secrets: InviteSecrets { issuer, opening },
            expires: step.now.after(DEVICE_CODE_LIFETIME),
            asking: Vec::new(),
            chosen: false,
            knock: None,
            attempts: 0,
            credential: None,
            id: OnceLock::new(),
        };
        let id = code.id();
        let card = self.code_card(&code, public).ok_or(DeviceError::Closed)?;
        let signed = card.sign(&code.secrets.issuer_key(), &id).map_err(|_| DeviceError::Closed)?;
        let (topic_key, seal) = (code.seed.topic_key(), code.seed.card_key());
        let envelopes = Self::seal(step, &seal, &topic_key, FrameKind::Card, &signed.to_bytes())
            .ok_or(DeviceError::Closed)?;
        self.close_code(step);
        self.code = Some(code);
        self.write_code(step);
        self.send_out(step, envelopes, Carries::Post);
        self.put_doors(step);
        self.refresh_topics(step);
        Ok(id)
    }

    /// What stands on the topic of a device code: an invite's card whose welcome is the name the
    /// member goes by, and whose agreement is empty, because the member has accepted it already.
    fn code_card(&self, code: &OpenCode, opening: HpkePublic) -> Option<Card> {
        let ledger = self.ledger()?;
        let name = ledger.members().get(&self.me)?.name.as_str();
        Some(Card {
            circle: self.id,
            suite: self.suite,
            title: ledger.settings().title.clone(),
            welcome: Text::new(name).ok()?,
            agreement: AgreementText::new("").ok()?,
            declaration: None,
            facilitators: Vec::new(),
            opening,
            expires: code.expires,
            uses: 1,
            door: Door::default(),
            closed: None,
            revision: REVISION,
        })
    }

    /// The text of the device code, while devices can ask by it.
    pub(crate) fn code_text(&self, now: Timestamp) -> Option<DeviceCode> {
        let code = self.code.as_ref().filter(|code| !code.chosen && now < code.expires)?;
        Some(DeviceCode::new(InviteText {
            seed: code.seed.duplicate(),
            issuer: code.secrets.issuer_key().id(),
            relays: self.ledger()?.settings().relays.clone(),
        }))
    }

    /// What the device code looks like.
    pub(crate) fn code_overview(&self) -> Option<CodeOverview> {
        let code = self.code.as_ref()?;
        let id = code.id();
        let chosen = code.chosen_device().map(|request| request.device);
        let waiting = code.asking.iter().filter(|_| !code.chosen);
        Some(CodeOverview {
            id,
            expires: code.expires,
            asking: waiting.map(|request| request.number(&id)).collect(),
            chosen,
            done: chosen.is_some_and(|device| self.has_device(&device)),
        })
    }

    fn has_device(&self, device: &DeviceId) -> bool {
        self.ledger().is_some_and(|ledger| ledger.member_of(device) == Some(&self.me))
    }

    /// The owner has read this number on the new device: it gets this member's word.
    ///
    /// # Errors
    /// [`DeviceError`]; nothing has changed.
    pub(crate) fn confirm_device(
        &mut self,
        step: &mut Step<'_>,
        number: DeviceNumber,
    ) -> Result<(), DeviceError> {
        if !self.may_talk() {
            return Err(DeviceError::Closed);
        }
        let key = self.member_key.as_ref().ok_or(DeviceError::NotFirst)?;
        let code = self.code.as_ref().filter(|code| !code.chosen);
        let code = code.ok_or(DeviceError::UnknownNumber)?;
        let id = code.id();
        let mut fitting = code.asking.iter().filter(|request| request.number(&id) == number);
        let request = fitting.next().ok_or(DeviceError::UnknownNumber)?.clone();
        if fitting.next().is_some() {
            // Two that show one number cannot be told apart by it.
            return Err(DeviceError::UnknownNumber);
        }
        let credential = key.certify(&self.id, &request.device);
        let grant = DevicePost::grant(&credential, &request, &id, self.suite, step.random)
            .map_err(|_| DeviceError::UnknownNumber)?;
        if let Some(code) = &mut self.code {
            code.asking = vec![request];
            code.chosen = true;
            code.credential = Some(credential);
        }
        self.write_code(step);
        self.send_post(step, &id, FrameKind::DeviceGrant, &grant.to_bytes());
        Ok(())
    }

    /// Something arrived on the topic of the device code.
    pub(super) fn take_code_post(&mut self, step: &mut Step<'_>, frame: &Frame) -> Verdict {
        match frame.kind {
            FrameKind::DeviceRequest => self.take_request(step, &frame.record),
            FrameKind::Knock => self.take_device_knock(step, &frame.record),
            _ => Verdict::Ignore(Redundant::NotForUs),
        }
    }

    fn take_request(&mut self, step: &mut Step<'_>, record: &[u8]) -> Verdict {
        let Ok(post) = DevicePost::from_bytes(record) else {
            return Verdict::Reject(Violation::Malformed);
        };
        let Some(code) = &mut self.code else {
            return Verdict::Ignore(Redundant::NotForUs);
        };
        let id = code.id();
        let Some(request) = post.open_request(&id, self.suite, &code.secrets.opening) else {
            return Verdict::Reject(Violation::Signature);
        };
        if code.asking.contains(&request) {
            return Verdict::Ignore(Redundant::Duplicate);
        }
        let refusal = if code.chosen {
            Some(Refusal::Used)
        } else if code.expires <= step.now {
            Some(Refusal::Expired)
        } else {
            None
        };
        if let Some(refusal) = refusal {
            let answer = Answer::refused(&request.id(), refusal, &code.secrets.issuer_key());
            self.answer(step, &id, &request.id(), &request.reply, &answer);
            return Verdict::Accept;
        }
        if code.asking.len() >= MAX_DEVICE_REQUESTS {
            return Verdict::Ignore(Redundant::NoRoom);
        }
        code.asking.push(request);
        self.write_code(step);
        step.tell(Event::DeviceAsked { circle: self.id });
        Verdict::Accept
    }

    /// The chosen device knocks: its KeyPackages are here.
    fn take_device_knock(&mut self, step: &mut Step<'_>, record: &[u8]) -> Verdict {
        let Ok(sealed) = SealedKnock::from_bytes(record) else {
            return Verdict::Reject(Violation::Malformed);
        };
        let Some(code) = &self.code else {
            return Verdict::Ignore(Redundant::NotForUs);
        };
        let Some(request) = code.chosen_device().filter(|chosen| chosen.id() == sealed.knock)
        else {
            return Verdict::Ignore(Redundant::NotForUs);
        };
        if code.knock.is_some() {
            return Verdict::Ignore(Redundant::Duplicate);
        }
        let (id, device) = (code.id(), request.device);
        let Ok(knock) = sealed.open(&id, self.suite, &code.secrets.opening) else {
            return Verdict::Reject(Violation::Signature);
        };
        if self.newcomer(step, &knock) != Some((self.me, device)) {
            return Verdict::Reject(Violation::Signature);
        }
        let Ok(bytes) = Opaque::new(knock.to_bytes()) else {
            return Verdict::Reject(Violation::Malformed);
        };
        if let Some(code) = &mut self.code {
            code.knock = Some(bytes);
        }
        self.write_code(step);
        self.want(step, IntentKind::AddDevice(sealed.knock), step.now);
        Verdict::Accept
    }

    /// What a commit needs that lets the chosen device in: its credential, a KeyPackage, and where
    /// the Welcome goes.
    pub(super) fn device_to_add(&self) -> Option<(Credential, Vec<u8>, Knocked)> {
        let code = self.code.as_ref()?;
        let request = code.chosen_device()?;
        let knock = code.knock()?;
        let packages = &knock.body.key_packages;
        let index = usize::from(code.attempts).min(packages.len().saturating_sub(1));
        let credential = code.credential.clone()?;
        let admitted =
            Knocked { invite: code.id(), knock: knock.id(), reply: request.reply.clone() };
        Some((credential, packages.get(index)?.as_bytes().to_vec(), admitted))
    }

    /// A commit was made with the KeyPackage of the chosen device; the next takes the next one.
    pub(super) fn device_attempted(&mut self, step: &mut Step<'_>, knock: &KnockId) {
        let Some(code) = &mut self.code else {
            return;
        };
        if code.chosen_device().is_some_and(|request| request.id() == *knock) {
            code.attempts = code.attempts.saturating_add(1);
            self.write_code(step);
        }
    }

    /// Whether the wish that a device comes in is fulfilled, or pointless, or not to be had now.
    pub(super) fn device_is_settled(&self, ledger: &Ledger, knock: &KnockId) -> bool {
        let chosen = self.code.as_ref().and_then(OpenCode::chosen_device);
        let Some(request) = chosen.filter(|request| request.id() == *knock) else {
            return true;
        };
        let own = ledger.members().get(&self.me).map_or(0, |entry| entry.devices.len());
        self.was_in(&request.device) || own >= MAX_DEVICES_PER_MEMBER || !ledger.may_renew(&self.me)
    }

    /// Whether the device that knocks by the code was in, and is no more. The states that tell are
    /// let go of in time.
    pub(super) fn was_taken_out(&self, knock: &KnockId) -> bool {
        let chosen = self.code.as_ref().and_then(OpenCode::chosen_device);
        chosen.filter(|request| request.id() == *knock).is_some_and(|request| {
            !self.has_device(&request.device) && self.was_in(&request.device)
        })
    }

    /// Whether a device is or was in a state of the head's path: one that was taken out since does
    /// not come in again by itself.
    fn was_in(&self, device: &DeviceId) -> bool {
        self.down_the_path().any(|(_, state)| {
            state.held().is_some_and(|held| held.ledger.member_of(device).is_some())
        })
    }

    /// The topic key and the seal of the device code, if `id` names it.
    pub(super) fn code_keys(&self, id: &InviteId) -> Option<(TopicKey, SealKey)> {
        let code = self.code.as_ref().filter(|code| code.id() == *id)?;
        Some((code.seed.topic_key(), code.seed.card_key()))
    }

    /// What admits to the door of the open device code on a local network.
    pub(super) fn code_door(&self, id: &InviteId) -> Option<Secret<32>> {
        let code = self.code.as_ref().filter(|code| code.id() == *id)?;
        Some(code.seed.door_secret())
    }

    /// The same, and what speaks for the code.
    pub(super) fn code_door_keys(&self, id: &InviteId) -> Option<(TopicKey, SealKey, IssuerKey)> {
        let (topic, seal) = self.code_keys(id)?;
        Some((topic, seal, self.code.as_ref()?.secrets.issuer_key()))
    }

    /// The device code whose topic is followed: until a while after it expires, so that whoever
    /// comes late is told.
    pub(super) fn code_to_follow(&self, now: Timestamp) -> Option<InviteId> {
        let code = self.code.as_ref()?;
        (now < code.expires.after(CLOSED_INVITE)).then(|| code.id())
    }

    /// Forgets a device code whose time is long over.
    pub(super) fn age_code(&mut self, step: &mut Step<'_>) {
        if self.code.is_some() && self.code_to_follow(step.now).is_none() {
            self.close_code(step);
        }
    }

    fn close_code(&mut self, step: &mut Step<'_>) {
        if self.code.take().is_some() {
            step.delete(self.code_key());
        }
    }

    fn code_key(&self) -> Key {
        Key::new(RecordKind::DeviceCode, &[self.id.as_bytes()])
    }

    fn write_code(&self, step: &mut Step<'_>) {
        if let Some(code) = &self.code {
            step.put(self.code_key(), wire::encode(code).to_vec());
        }
    }

    /// Forgets the record of a device code, with the circle.
    pub(super) fn delete_code(&self, step: &mut Step<'_>) {
        step.delete(self.code_key());
    }
}

impl OpenCode {
    fn id(&self) -> InviteId {
        *self.id.get_or_init(|| self.seed.id())
    }

    fn chosen_device(&self) -> Option<&DeviceRequest> {
        self.asking.first().filter(|_| self.chosen)
    }

    fn knock(&self) -> Option<Verified<Knock>> {
        Knock::from_bytes(self.knock.as_ref()?.as_bytes(), &self.id()).ok()
    }

    /// Reads what was written.
    ///
    /// # Errors
    /// [`DecodeError`]: the store is damaged or newer.
    pub(crate) fn read(bytes: &[u8]) -> Result<Self, DecodeError> {
        wire::decode(bytes, MAX_CODE_RECORD)
    }
}

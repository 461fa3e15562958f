//! What the owner of a device asks for. Each command either does all of it or nothing.

use crate::circle::{
    AdmitError, Came, Circle, DeviceError, Identity, InviteError, NewShare, RelaysError,
    RemoveError, ShareError, Step, Voice, VoiceError,
};
use crate::content::Scope;
use crate::engine::Engine;
use crate::id::{CircleId, DeviceId, InviteId, ItemId, KnockId, MemberId};
use crate::identity::{DeviceKey, MemberKey};
use crate::invite::{AgreementText, DeviceCode, DeviceNumber, InviteText, RelayAddress};
use crate::joining::{JoinError, Joining, NewKnock};
use crate::ledger::{InviteTerms, Ledger, MemberEntry, Settings};
use crate::limits::MAX_TITLE_CHARS;
use crate::limits::{MAX_AGREEMENT, MAX_CARD_TEXT_CHARS, MAX_CIRCLES, MAX_NAME_CHARS, MAX_RELAYS};
use crate::mls::Suite;
use crate::output::{Event, Output};
use crate::state::found;
use crate::time::Timestamp;
use crate::wire::text::Text;

/// A circle to be made.
#[derive(Clone, Debug)]
pub struct NewCircle {
    /// Its title, for members.
    pub title: String,
    /// The founder's name in it.
    pub name: String,
    /// Its suite.
    pub suite: Suite,
    /// Its relays.
    pub relays: Vec<String>,
    /// What its card says to newcomers.
    pub welcome: String,
    /// Its agreement.
    pub agreement: String,
    /// What the facilitators declare about a duty to report.
    pub declaration: Option<String>,
}

/// Why no circle was made.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum CreateError {
    /// A title and a name are needed.
    #[error("a title and a name are needed")]
    Nameless,
    /// Whoever holds a circle declares first.
    #[error("a facilitator declares a duty to report, or that there is none")]
    Undeclared,
    /// A text is too long.
    #[error("the {field} is longer than {limit} characters or bytes")]
    TooLong {
        /// Which.
        field: &'static str,
        /// How long it may be.
        limit: usize,
    },
    /// A relay's address cannot be one.
    #[error("a relay's address is not one")]
    Relay,
    /// Too many relays.
    #[error("a circle has at most {MAX_RELAYS} relays")]
    TooManyRelays,
    /// Too many circles on this device.
    #[error("too many circles on this device")]
    TooManyCircles,
    /// The suite cannot be used on this device.
    #[error("the suite cannot be used on this device")]
    Suite,
}

impl Engine {
    /// Makes a circle with this device in it.
    ///
    /// # Errors
    /// [`CreateError`]; nothing was made.
    pub fn create_circle(
        &mut self,
        now: Timestamp,
        new: NewCircle,
    ) -> Result<CircleId, CreateError> {
        if self.circles.len() >= MAX_CIRCLES {
            return Err(CreateError::TooManyCircles);
        }
        if new.title.trim().is_empty() || new.name.trim().is_empty() {
            return Err(CreateError::Nameless);
        }
        if new.declaration.as_ref().is_none_or(|words| words.trim().is_empty()) {
            return Err(CreateError::Undeclared);
        }
        let settings = settings(&new)?;
        let name = Text::<MAX_NAME_CHARS>::new(new.name.trim())
            .map_err(|error| CreateError::TooLong { field: "name", limit: error.limit })?;
        let agreement = settings.agreement.clone();
        let mut step = Step::new(now, &mut self.random, &self.timings);
        let id = CircleId::from_bytes(step.random.bytes());
        let member_key = MemberKey::generate(step.random);
        let key = DeviceKey::generate(step.random);
        let credential = member_key.certify(&id, &key.id());
        let founder = MemberEntry::founder(name, key.id());
        let ledger = Ledger::found(settings, member_key.id(), founder);
        let period = now.hour().period();
        let entered = found(&id, &key, &credential, ledger, period, step.injected())
            .map_err(|_| CreateError::Suite)?;
        let identity = Identity { key, member: member_key.id(), member_key: Some(member_key) };
        let came = Came { by: None, since: now.hour() };
        let mut circle = Circle::begin(&mut step, id, identity, came, entered);
        circle.begin_acceptance(&mut step, Some(agreement));
        // Whoever declared it knows it.
        circle.hear(&mut step);
        if let Some(recovery) = &self.recovery {
            circle.seal_member_key(&mut step, recovery);
        }
        self.circles.insert(id, circle);
        step.tell(Event::CircleOpened { circle: id });
        let outputs = step.into_outputs();
        self.outputs.extend(outputs);
        Ok(id)
    }

    /// Names other relays for a circle.
    ///
    /// # Errors
    /// [`RelaysError`] when this device may not; nothing has changed.
    pub fn set_relays(
        &mut self,
        now: Timestamp,
        circle: &CircleId,
        relays: Vec<RelayAddress>,
    ) -> Result<(), RelaysError> {
        self.act(now, circle, RelaysError::UnknownCircle, |circle, step| {
            circle.set_relays(step, relays)
        })
    }

    /// Opens an invite.
    ///
    /// # Errors
    /// [`InviteError`]; nothing has changed.
    pub fn open_invite(
        &mut self,
        now: Timestamp,
        circle: &CircleId,
        terms: InviteTerms,
    ) -> Result<InviteId, InviteError> {
        self.act(now, circle, InviteError::UnknownCircle, |circle, step| {
            circle.open_invite(step, terms)
        })
    }

    /// Takes an invite back.
    ///
    /// # Errors
    /// [`InviteError`]; nothing has changed.
    pub fn revoke_invite(
        &mut self,
        now: Timestamp,
        circle: &CircleId,
        invite: &InviteId,
    ) -> Result<(), InviteError> {
        self.act(now, circle, InviteError::UnknownCircle, |circle, step| {
            circle.revoke_invite(step, invite)
        })
    }

    /// The text of an invite this device made.
    ///
    /// # Errors
    /// [`InviteError`].
    pub fn invite_text(
        &self,
        circle: &CircleId,
        invite: &InviteId,
    ) -> Result<InviteText, InviteError> {
        self.circles.get(circle).ok_or(InviteError::UnknownCircle)?.invite_text(invite)
    }

    /// Starts to join by an invite: its card is looked for, nothing is sent. Starting again goes on
    /// where the first attempt stands.
    ///
    /// # Errors
    /// [`JoinError`].
    pub fn start_join(&mut self, now: Timestamp, text: InviteText) -> Result<InviteId, JoinError> {
        let invite = text.seed.id();
        if self.circles.values().any(|circle| circle.is_active() && circle.knows(&invite)) {
            return Err(JoinError::AlreadyMember);
        }
        if let Some(joining) = self.joinings.get(&invite) {
            let inside = joining.joined().and_then(|circle| self.circles.get(&circle));
            if inside.is_some_and(Circle::is_active) {
                return Err(JoinError::AlreadyMember);
            }
            if !joining.is_over() {
                return Ok(invite);
            }
        }
        if self.circles.len() + self.joinings.len() >= 2 * MAX_CIRCLES {
            return Err(JoinError::TooManyCircles);
        }
        let mut step = Step::new(now, &mut self.random, &self.timings);
        let joining = Joining::start(&mut step, text);
        self.joinings.insert(invite, joining);
        let outputs = step.into_outputs();
        self.outputs.extend(outputs);
        Ok(invite)
    }

    /// Knocks, once the card is here.
    ///
    /// # Errors
    /// [`JoinError`]; nothing was sent.
    pub fn knock(
        &mut self,
        now: Timestamp,
        invite: &InviteId,
        knock: NewKnock,
    ) -> Result<(), JoinError> {
        let joining = self.joinings.get_mut(invite).ok_or(JoinError::UnknownInvite)?;
        let inside = joining.leads_to().and_then(|circle| self.circles.get(&circle));
        if inside.is_some_and(Circle::is_active) {
            return Err(JoinError::AlreadyMember);
        }
        let mut step = Step::new(now, &mut self.random, &self.timings);
        let done = joining.knock(&mut step, knock);
        if let Some(recovery) = &self.recovery {
            joining.seal_member_key(&mut step, recovery);
        }
        let outputs = step.into_outputs();
        self.outputs.extend(outputs);
        done
    }

    /// Gives up joining; a knock that is out already may still be answered, to nobody.
    ///
    /// # Errors
    /// [`JoinError::UnknownInvite`].
    pub fn cancel_join(&mut self, now: Timestamp, invite: &InviteId) -> Result<(), JoinError> {
        let joining = self.joinings.remove(invite).ok_or(JoinError::UnknownInvite)?;
        let mut step = Step::new(now, &mut self.random, &self.timings);
        step.delete(Joining::key(invite));
        step.ask(Output::Close(joining.venue()));
        let outputs = step.into_outputs();
        self.outputs.extend(outputs);
        Ok(())
    }

    /// Admits somebody who knocks.
    ///
    /// # Errors
    /// [`AdmitError`]; the knock stays.
    pub fn admit(
        &mut self,
        now: Timestamp,
        circle: &CircleId,
        knock: &KnockId,
    ) -> Result<(), AdmitError> {
        self.act(now, circle, AdmitError::UnknownCircle, |circle, step| circle.admit(step, knock))
    }

    /// Declines somebody who knocks, with a reason they read.
    ///
    /// # Errors
    /// [`AdmitError`]; the knock stays.
    pub fn decline(
        &mut self,
        now: Timestamp,
        circle: &CircleId,
        knock: &KnockId,
        reason: String,
    ) -> Result<(), AdmitError> {
        self.act(now, circle, AdmitError::UnknownCircle, |circle, step| {
            circle.decline(step, knock, reason)
        })
    }

    /// Shares something with a circle.
    ///
    /// # Errors
    /// [`ShareError`]; nothing was said.
    pub fn share(
        &mut self,
        now: Timestamp,
        circle: &CircleId,
        share: NewShare,
    ) -> Result<ItemId, ShareError> {
        self.act(now, circle, ShareError::UnknownCircle, |circle, step| circle.share(step, share))
    }

    /// Replies to a share or a reply.
    ///
    /// # Errors
    /// [`ShareError`]; nothing was said.
    pub fn reply(
        &mut self,
        now: Timestamp,
        circle: &CircleId,
        to: &ItemId,
        text: String,
        scope: Scope,
    ) -> Result<ItemId, ShareError> {
        self.act(now, circle, ShareError::UnknownCircle, |circle, step| {
            circle.reply(step, *to, text, scope)
        })
    }

    /// Leaves a circle.
    ///
    /// # Errors
    /// [`ShareError`]; nothing has changed.
    pub fn leave(&mut self, now: Timestamp, circle: &CircleId) -> Result<(), ShareError> {
        self.act(now, circle, ShareError::UnknownCircle, |circle, step| circle.leave(step))
    }

    /// Makes a device code: by its text a further device of this device's member comes in. One
    /// that was made before is given up.
    ///
    /// # Errors
    /// [`DeviceError`]; nothing has changed.
    pub fn open_device_code(
        &mut self,
        now: Timestamp,
        circle: &CircleId,
    ) -> Result<InviteId, DeviceError> {
        self.act(now, circle, DeviceError::UnknownCircle, Circle::open_code)
    }

    /// The owner of both devices has read `number` on the new one: it may come in.
    ///
    /// # Errors
    /// [`DeviceError`]; nothing has changed.
    pub fn confirm_device(
        &mut self,
        now: Timestamp,
        circle: &CircleId,
        number: DeviceNumber,
    ) -> Result<(), DeviceError> {
        self.act(now, circle, DeviceError::UnknownCircle, |circle, step| {
            circle.confirm_device(step, number)
        })
    }

    /// Starts to come in as a further device of a member: the card of the code is looked for,
    /// nothing is sent. Starting again goes on where the first attempt stands.
    ///
    /// # Errors
    /// [`JoinError`].
    pub fn start_device_join(
        &mut self,
        now: Timestamp,
        code: DeviceCode,
    ) -> Result<InviteId, JoinError> {
        let invite = code.id();
        if self.joinings.contains_key(&invite) {
            return Ok(invite);
        }
        if self.circles.values().any(|circle| circle.knows(&invite)) {
            return Err(JoinError::AlreadyMember);
        }
        if self.circles.len() + self.joinings.len() >= 2 * MAX_CIRCLES {
            return Err(JoinError::TooManyCircles);
        }
        let mut step = Step::new(now, &mut self.random, &self.timings);
        let joining = Joining::start_device(&mut step, code);
        self.joinings.insert(invite, joining);
        let outputs = step.into_outputs();
        self.outputs.extend(outputs);
        Ok(invite)
    }

    /// Asks the member's first device for its word, once the card is here: both devices then show
    /// one number.
    ///
    /// # Errors
    /// [`JoinError`]; nothing was sent.
    pub fn ask_as_device(&mut self, now: Timestamp, invite: &InviteId) -> Result<(), JoinError> {
        let joining = self.joinings.get_mut(invite).ok_or(JoinError::UnknownInvite)?;
        let inside = joining.leads_to().and_then(|circle| self.circles.get(&circle));
        if inside.is_some_and(Circle::is_active) {
            return Err(JoinError::AlreadyMember);
        }
        let mut step = Step::new(now, &mut self.random, &self.timings);
        let done = joining.ask_as_device(&mut step);
        let outputs = step.into_outputs();
        self.outputs.extend(outputs);
        done
    }

    /// Takes another device of this device's member out of a circle.
    ///
    /// # Errors
    /// [`DeviceError`]; nothing has changed.
    pub fn remove_device(
        &mut self,
        now: Timestamp,
        circle: &CircleId,
        device: &DeviceId,
    ) -> Result<(), DeviceError> {
        self.act(now, circle, DeviceError::UnknownCircle, |circle, step| {
            circle.remove_device(step, device)
        })
    }

    /// Says, as a facilitator, that a member only listens from now on, and why, or speaks again.
    ///
    /// # Errors
    /// [`VoiceError`]; nothing has changed.
    pub fn set_voice(
        &mut self,
        now: Timestamp,
        circle: &CircleId,
        member: &MemberId,
        voice: Voice,
    ) -> Result<(), VoiceError> {
        self.act(now, circle, VoiceError::UnknownCircle, |circle, step| {
            circle.set_voice(step, member, voice)
        })
    }

    /// Removes somebody from a circle; a facilitator only with the word of others, so that is
    /// proposed, under the id returned.
    ///
    /// # Errors
    /// [`RemoveError`]; nothing has changed.
    pub fn remove_member(
        &mut self,
        now: Timestamp,
        circle: &CircleId,
        member: &MemberId,
        reason: String,
    ) -> Result<Option<ItemId>, RemoveError> {
        self.act(now, circle, RemoveError::UnknownCircle, |circle, step| {
            circle.remove_member(step, member, reason)
        })
    }
}

fn settings(new: &NewCircle) -> Result<Settings, CreateError> {
    let too_long = |field, limit| move |_| CreateError::TooLong { field, limit };
    let relays: Vec<RelayAddress> = new
        .relays
        .iter()
        .map(|relay| RelayAddress::new(relay).map_err(|_| CreateError::Relay))
        .collect::<Result<_, _>>()?;
    if relays.len() > MAX_RELAYS {
        return Err(CreateError::TooManyRelays);
    }
    Ok(Settings {
        suite: new.suite,
        title: Text::new(new.title.trim()).map_err(|_| too_long("title", MAX_TITLE_CHARS)(()))?,
        welcome: Text::new(new.welcome.as_str())
            .map_err(|_| too_long("welcome", MAX_CARD_TEXT_CHARS)(()))?,
        agreement: AgreementText::new(new.agreement.as_str())
            .map_err(|_| too_long("agreement", MAX_AGREEMENT)(()))?,
        declaration: new
            .declaration
            .as_deref()
            .map(Text::new)
            .transpose()
            .map_err(|_| too_long("declaration", MAX_CARD_TEXT_CHARS)(()))?,
        relays,
    })
}

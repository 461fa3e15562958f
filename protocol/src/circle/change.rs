//! What its owner asks of a circle besides talking: invites, removals, relays, leaving.

use crate::circle::consent::MotionError;
use crate::circle::intent::{Intent, IntentKind};
use crate::circle::invites::OwnInvite;
use crate::circle::send::ShareError;
use crate::circle::{Circle, Standing, Step};
use crate::content::{Content, Gist, Leave, Scope};
use crate::id::{InviteId, ItemId, MemberId};
use crate::input::Venue;
use crate::invite::{InviteSeed, InviteText, IssuerKey};
use crate::ledger::{InviteEntry, InviteSecrets, InviteStanding, InviteTerms, Keeper, MotionKind};
use crate::limits::{MAX_INVITE_LIFETIME, MAX_INVITE_USES, MAX_NOTE_CHARS, MAX_OPEN_INVITES};
use crate::mls::generate;
use crate::output::{Event, Output};
use crate::wire::text::Text;

/// Why an invite was not made, shown or taken back.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum InviteError {
    /// No such circle on this device.
    #[error("no such circle")]
    UnknownCircle,
    /// This device's member is no longer in the circle.
    #[error("you are no longer in this circle")]
    Closed,
    /// Only a facilitator invites.
    #[error("only a facilitator invites")]
    NotFacilitator,
    /// No uses, or too many.
    #[error("an invite has 1 to {MAX_INVITE_USES} uses")]
    Uses,
    /// It would be over at once, or last too long.
    #[error("an invite lasts from a minute to {} days", MAX_INVITE_LIFETIME.as_secs() / 86_400)]
    Lifetime,
    /// Too many are open.
    #[error("{MAX_OPEN_INVITES} invites are open already")]
    TooMany,
    /// No such invite in this circle.
    #[error("no such invite")]
    UnknownInvite,
    /// Its text is on the device that made it.
    #[error("the text of this invite is on the device that made it")]
    OtherDevice,
    /// It admits nobody any more.
    #[error("this invite admits nobody any more")]
    Over,
}

/// Why nobody was removed.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum RemoveError {
    /// No such circle on this device.
    #[error("no such circle")]
    UnknownCircle,
    /// This device's member is no longer in the circle.
    #[error("you are no longer in this circle")]
    Closed,
    /// Only a facilitator removes.
    #[error("only a facilitator removes members")]
    NotFacilitator,
    /// No such member.
    #[error("no such member")]
    UnknownMember,
    /// It could not be proposed to those who decide with.
    #[error(transparent)]
    Proposal(#[from] MotionError),
    /// No reason was given: everybody in the circle reads it.
    #[error("there is no reason")]
    NoReason,
    /// One leaves, one does not remove oneself.
    #[error("to go yourself, leave the circle")]
    Yourself,
    /// The reason is too long.
    #[error("the reason is longer than {limit} characters")]
    ReasonTooLong {
        /// Characters allowed.
        limit: usize,
    },
}

impl Circle {
    /// Opens an invite.
    ///
    /// # Errors
    /// [`InviteError`]; nothing has changed.
    pub(crate) fn open_invite(
        &mut self,
        step: &mut Step<'_>,
        terms: InviteTerms,
    ) -> Result<InviteId, InviteError> {
        self.may_invite()?;
        if !(1..=MAX_INVITE_USES).contains(&terms.uses) {
            return Err(InviteError::Uses);
        }
        if terms.expires <= step.now || terms.expires > step.now.after(MAX_INVITE_LIFETIME) {
            return Err(InviteError::Lifetime);
        }
        let open = self
            .ledger()
            .map_or(0, |ledger| ledger.invites().values().filter(|entry| entry.admits()).count());
        let unopened = |intent: &&Intent| match &intent.kind {
            IntentKind::OpenInvite { invite, .. } => !self.is_in_head(invite),
            _ => false,
        };
        let waiting = self.intents.values().filter(unopened).count();
        if open + waiting >= MAX_OPEN_INVITES {
            return Err(InviteError::TooMany);
        }

        let seed = InviteSeed::generate(step.random);
        let issuer = IssuerKey::generate(step.random);
        let (secret, public) =
            generate(self.suite, step.random).map_err(|_| InviteError::Closed)?;
        let secrets = InviteSecrets { issuer: issuer.to_secret(), opening: secret };
        let (keeper, secrets) = if terms.door.review {
            (Keeper::Inviter, Some(secrets))
        } else {
            (Keeper::Members(secrets), None)
        };
        let entry = InviteEntry {
            inviter: self.me,
            terms,
            used: 0,
            standing: InviteStanding::Open,
            issuer: issuer.id(),
            topic: seed.topic_secret(),
            card: seed.card_secret(),
            opening: public,
            keeper,
        };
        let invite = seed.id();
        let own = OwnInvite { seed: Some(seed), secrets, ..OwnInvite::default() };
        self.invites.insert(invite, own);
        self.write_own_invite(step, &invite);
        self.want(step, IntentKind::OpenInvite { invite, entry }, step.now);
        self.settle(step);
        Ok(invite)
    }

    /// Takes an invite back.
    ///
    /// # Errors
    /// [`InviteError`]; nothing has changed.
    pub(crate) fn revoke_invite(
        &mut self,
        step: &mut Step<'_>,
        invite: &InviteId,
    ) -> Result<(), InviteError> {
        self.may_invite()?;
        let unopened = self.intents.iter().find_map(|(id, intent)| match &intent.kind {
            IntentKind::OpenInvite { invite: other, .. } if other == invite => Some(*id),
            _ => None,
        });
        let unopened = unopened.filter(|_| !self.is_in_head(invite));
        if let Some(id) = unopened {
            self.intents.remove(&id);
            self.delete_intent(step, id);
            if self.pending.is_none() {
                return Ok(());
            }
        }
        let known = self.ledger().and_then(|ledger| ledger.invites().get(invite));
        match known.map(InviteEntry::admits) {
            Some(true) => {}
            Some(false) => return Err(InviteError::Over),
            None if unopened.is_some() => {}
            None => return Err(InviteError::UnknownInvite),
        }
        self.want(step, IntentKind::RevokeInvite(*invite), step.now);
        self.settle(step);
        Ok(())
    }

    /// Whether the head knows an invite, whatever has become of it.
    fn is_in_head(&self, invite: &InviteId) -> bool {
        self.ledger().is_some_and(|ledger| ledger.invites().contains_key(invite))
    }

    fn may_invite(&self) -> Result<(), InviteError> {
        if !self.may_talk() {
            return Err(InviteError::Closed);
        }
        if self.is_facilitator() { Ok(()) } else { Err(InviteError::NotFacilitator) }
    }

    /// The text of an invite this device made.
    ///
    /// # Errors
    /// [`InviteError`].
    pub(crate) fn invite_text(&self, invite: &InviteId) -> Result<InviteText, InviteError> {
        let ledger = self.ledger().ok_or(InviteError::Closed)?;
        let wanted = self.intents.values().find_map(|intent| match &intent.kind {
            IntentKind::OpenInvite { invite: other, entry } if other == invite => Some(entry),
            _ => None,
        });
        let entry = ledger.invites().get(invite).or(wanted).ok_or(InviteError::UnknownInvite)?;
        let seed = self
            .invites
            .get(invite)
            .and_then(|own| own.seed.as_ref())
            .ok_or(InviteError::OtherDevice)?;
        Ok(InviteText {
            seed: seed.duplicate(),
            issuer: entry.issuer,
            relays: ledger.settings().relays.clone(),
        })
    }

    /// Removes somebody; if it is a facilitator, proposes it, and says under which id.
    ///
    /// # Errors
    /// [`RemoveError`]; nothing has changed.
    pub(crate) fn remove_member(
        &mut self,
        step: &mut Step<'_>,
        member: &MemberId,
        reason: String,
    ) -> Result<Option<ItemId>, RemoveError> {
        if !self.may_talk() {
            return Err(RemoveError::Closed);
        }
        let reason =
            Text::new(reason).map_err(|_| RemoveError::ReasonTooLong { limit: MAX_NOTE_CHARS })?;
        let ledger = self.ledger().ok_or(RemoveError::Closed)?;
        if !ledger.is_facilitator(&self.me) {
            return Err(RemoveError::NotFacilitator);
        }
        if *member == self.me {
            return Err(RemoveError::Yourself);
        }
        if !ledger.members().contains_key(member) {
            return Err(RemoveError::UnknownMember);
        }
        if reason.is_blank() {
            return Err(RemoveError::NoReason);
        }
        if ledger.is_facilitator(member) {
            // Others decide with.
            let kind = MotionKind::Remove { reason };
            return Ok(Some(self.propose(step, kind, member, None)?));
        }
        self.want(step, IntentKind::Remove { member: *member, reason }, step.now);
        self.settle(step);
        Ok(None)
    }

    /// Says that this device's member leaves; somebody else takes the leaf out. Alone there is
    /// nobody to tell, and a device that nobody takes in again can tell nobody.
    ///
    /// # Errors
    /// [`ShareError`]; nothing has changed.
    pub(crate) fn leave(&mut self, step: &mut Step<'_>) -> Result<(), ShareError> {
        if self.standing != Standing::Active {
            return Err(ShareError::Closed);
        }
        if self.asks_in_vain() && (self.is_muted() || self.is_leaving()) {
            self.go(step);
            return Ok(());
        }
        if self.is_leaving() {
            return Ok(());
        }
        let others = self.ledger().is_some_and(|ledger| ledger.devices().count() > 1);
        if others {
            self.say(step, Content::Leave(Leave), Scope::HereNow)?;
            return Ok(());
        }
        self.go(step);
        Ok(())
    }

    /// Nobody else is there to take this device's member out: it goes by itself, once its other
    /// devices have been told.
    pub(super) fn go_if_alone(&mut self, step: &mut Step<'_>) {
        let is_alone = || self.ledger().is_some_and(|ledger| ledger.members().len() == 1);
        // Last of all what is looked at one by one, and may be thousands.
        let was_told =
            || self.places_of.unsealed() == 0 && self.outbox.values().all(|outgoing| outgoing.held);
        if self.standing == Standing::Active && is_alone() && self.is_leaving() && was_told() {
            self.go(step);
        }
    }

    fn go(&mut self, step: &mut Step<'_>) {
        self.standing = Standing::Left;
        self.forget_wishes(step);
        self.write(step);
        step.tell(Event::CircleClosed { circle: self.id, left: true });
        step.ask(Output::Close(Venue::Circle(self.id)));
    }

    /// Whether this device's member has said that they leave.
    pub(super) fn is_leaving(&self) -> bool {
        // Nothing is said after that, so it is the last item of one of the member's devices.
        let devices = self.ledger().and_then(|ledger| ledger.members().get(&self.me));
        let own = devices.into_iter().flat_map(|entry| &entry.devices);
        own.chain([&self.key.id()]).any(|device| {
            let last = self.places.range((*device, 0)..=(*device, u64::MAX)).next_back();
            let last = last.and_then(|(_, id)| self.items.get(id));
            last.is_some_and(|item| item.body.gist == Gist::Leave)
        })
    }

    pub(super) fn may_talk(&self) -> bool {
        self.standing == Standing::Active && !self.is_leaving()
    }
}

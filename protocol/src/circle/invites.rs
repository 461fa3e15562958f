//! Invites as this device knows them beyond the ledger: the texts of its own, and the cards that
//! stand on their topics. Clauses: specs/05-invite V-2 to V-7.

use crate::circle::send::Carries;
use crate::circle::{Circle, Step};
use crate::id::InviteId;
use crate::invite::{Card, Closed, InviteSeed, SignedCard};
use crate::ledger::{InviteEntry, InviteSecrets, InviteStanding, Keeper, Role, Rules};
use crate::limits::MAX_CARD_FACILITATORS;
use crate::time::Timestamp;
use crate::verdict::{Redundant, Verdict, Violation};
use crate::wire::FrameKind;

/// The revision of the first card while the invite admits.
const OPEN: u32 = 1;
/// The revision of the card that says that it no longer does.
const CLOSED: u32 = 2;

/// The revision of a card under these rules: what the circle says of itself may have changed, and a
/// later card counts more.
fn revision(rules: &Rules, closed: bool) -> u32 {
    let standing = if closed { CLOSED } else { OPEN };
    rules.edition.saturating_mul(2).saturating_add(standing)
}

/// What this device keeps of one invite.
#[derive(Debug, Default)]
pub(crate) struct OwnInvite {
    /// Its seed, if this device made it.
    pub(crate) seed: Option<InviteSeed>,
    /// What speaks for it and opens its knocks, if only the inviter can.
    pub(crate) secrets: Option<InviteSecrets>,
    /// The revision of the card last seen or put.
    pub(crate) revision: u32,
    /// When that was.
    pub(crate) card: Timestamp,
}

impl OwnInvite {
    /// Whether its latest card says that it admits nobody any more.
    fn says_closed(&self) -> bool {
        self.revision > 0 && self.revision % 2 != OPEN
    }
}

impl Circle {
    /// Puts the cards that are missing, outdated or about to be forgotten by relays, and looks
    /// after the lobby.
    pub(super) fn review_invites(&mut self, step: &mut Step<'_>) {
        self.review_lobby(step);
        let Some(ledger) = self.ledger() else {
            return;
        };
        let mut due = Vec::new();
        for (id, entry) in ledger.invites() {
            let is_closed = closed(entry, step.now).is_some();
            let revision = revision(ledger.rules(), is_closed);
            let known = self.invites.get(id);
            let own = entry.inviter == self.me;
            // That an invite is closed is said once, whatever the circle agrees on afterwards.
            let outdated = own
                && known.is_none_or(|known| {
                    known.revision < revision && !(is_closed && known.says_closed())
                });
            // The inviter keeps the card alive; others step in when nobody did for a while.
            let patience = if own { 1 } else { 2 };
            let fading = known.is_some_and(|known| {
                known.revision > 0
                    && step.now.since(known.card) > step.timings.card_interval * patience
            });
            let needed = step.now < entry.terms.expires;
            if outdated && (needed || known.is_some_and(|k| k.revision > 0)) || fading && needed {
                due.push((*id, revision));
            }
        }
        for (id, revision) in due {
            self.put_card(step, &id, revision);
        }
        self.put_doors(step);
    }

    /// When the next invite of this device's member expires: its card must say so then.
    pub(super) fn next_expiry(&self) -> Option<Timestamp> {
        let ledger = self.ledger()?;
        let open = self.invites.iter().filter(|(_, own)| own.revision % 2 == OPEN);
        open.filter_map(|(id, _)| ledger.invites().get(id))
            .filter(|entry| entry.inviter == self.me)
            .map(|entry| entry.terms.expires)
            .min()
    }

    fn put_card(&mut self, step: &mut Step<'_>, invite: &InviteId, revision: u32) {
        let Some((signed, topic_key, seal)) = self.card(invite, revision, step.now) else {
            return;
        };
        let envelopes = Self::seal(step, &seal, &topic_key, FrameKind::Card, &signed.to_bytes());
        let Some(envelopes) = envelopes else {
            return;
        };
        self.send_out(step, envelopes, Carries::Post);
        self.note_card(step, invite, revision);
    }

    /// What speaks for an invite and opens its knocks, if this device holds it.
    pub(super) fn secrets_of(&self, invite: &InviteId) -> Option<&InviteSecrets> {
        match &self.ledger()?.invites().get(invite)?.keeper {
            Keeper::Members(secrets) => Some(secrets),
            Keeper::Inviter => self.invites.get(invite)?.secrets.as_ref(),
        }
    }

    fn note_card(&mut self, step: &mut Step<'_>, invite: &InviteId, revision: u32) {
        let own = self.invites.entry(*invite).or_default();
        own.revision = own.revision.max(revision);
        own.card = step.now;
        self.write_own_invite(step, invite);
    }

    fn card(
        &self,
        invite: &InviteId,
        revision: u32,
        now: Timestamp,
    ) -> Option<(SignedCard, crate::wire::TopicKey, crate::wire::SealKey)> {
        let ledger = self.ledger()?;
        let entry = ledger.invites().get(invite)?;
        let settings = ledger.settings();
        let facilitators = ledger
            .members()
            .values()
            .filter(|member| member.role == Role::Facilitator)
            .map(|member| member.name.clone())
            .take(MAX_CARD_FACILITATORS)
            .collect();
        let card = Card {
            circle: self.id,
            suite: settings.suite,
            title: settings.title.clone(),
            welcome: settings.welcome.clone(),
            agreement: settings.agreement.clone(),
            declaration: ledger.declarations(),
            facilitators,
            opening: entry.opening.clone(),
            expires: entry.terms.expires,
            uses: entry.terms.uses,
            door: entry.terms.door,
            closed: closed(entry, now),
            revision,
        };
        let signed = card.sign(&self.secrets_of(invite)?.issuer_key(), invite).ok()?;
        Some((signed, entry.topic_key(), entry.seal_key()))
    }

    /// A card was found on the topic of an invite: it need not be put again for a while.
    pub(super) fn take_card(
        &mut self,
        step: &mut Step<'_>,
        invite: InviteId,
        record: &[u8],
    ) -> Verdict {
        let Some(entry) = self.ledger().and_then(|ledger| ledger.invites().get(&invite)) else {
            return Verdict::Ignore(Redundant::NotForUs);
        };
        let issuer = entry.issuer;
        let newest = self.ledger().map_or(CLOSED, |ledger| revision(ledger.rules(), true));
        let Ok(signed) = SignedCard::from_bytes(record) else {
            return Verdict::Reject(Violation::Malformed);
        };
        match signed.verify(&issuer, &invite) {
            // No member writes such a revision.
            Ok(card) if card.revision < OPEN => Verdict::Reject(Violation::Misplaced),
            // Of an agreement that is not known here yet, or of nobody's: it does not stand for the
            // card of this head.
            Ok(card) if card.revision > newest => Verdict::Ignore(Redundant::NotForUs),
            Ok(card) => {
                self.note_card(step, &invite, card.revision);
                Verdict::Accept
            }
            Err(_) => Verdict::Reject(Violation::Signature),
        }
    }
}

/// Why an invite admits nobody, if it does not.
pub(super) fn closed(entry: &InviteEntry, now: Timestamp) -> Option<Closed> {
    if entry.standing != InviteStanding::Open {
        Some(Closed::Revoked)
    } else if entry.used >= entry.terms.uses {
        Some(Closed::Used)
    } else if entry.terms.expires <= now {
        Some(Closed::Expired)
    } else {
        None
    }
}

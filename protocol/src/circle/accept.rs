//! What the owner of this device accepted of a circle's agreements. Until the one that holds is
//! accepted here, nothing of the circle is read or said on this device. Nobody else learns of it.
//! Clauses: specs/08-content I-22; why so: specs/decisions/0062.

use tls_codec::{TlsDeserialize, TlsSerialize, TlsSize};

use crate::circle::agreement::{AgreementError, AgreementProposalOverview};
use crate::circle::{Circle, Step};
use crate::invite::{AgreementHash, AgreementText};
use crate::label::Label;
use crate::ledger::{AgreementVersion, Ledger};
use crate::limits::{MAX_CARD_TEXT_CHARS, RECORD_OVERHEAD};
use crate::record::RecordKind;
use crate::time::Timestamp;
use crate::wire::text::Text;
use crate::wire::{self, DecodeError};

const VERSION: u8 = 1;
/// Texts agreed to before they held, or accepted before, that are remembered, the newest: more than somebody agrees
/// to while they are cut off, and far less than a record holds.
const AGREED: usize = 256;

/// What was accepted.
#[derive(Clone, Debug, Eq, PartialEq, TlsDeserialize, TlsSerialize, TlsSize)]
pub(super) struct Acceptance {
    version: u8,
    /// The text accepted last, to show what is different in the next; none yet on a further device
    /// of a member.
    text: Option<AgreementText>,
    /// Texts agreed to on this device when they were proposed, or accepted before.
    agreed: Vec<AgreementHash>,
    /// The hash of what the facilitators declared when it was shown last.
    heard: Option<Text<MAX_CARD_TEXT_CHARS>>,
}

/// A circle's agreement, and what was accepted of it.
#[derive(Clone, Debug)]
pub struct AgreementOverview {
    /// Which it is.
    pub version: AgreementVersion,
    /// Its text.
    pub text: AgreementText,
    /// Names that text.
    pub hash: AgreementHash,
    /// Whether it was accepted on this device.
    pub accepted: bool,
    /// What was accepted last, if that is another text.
    pub accepted_before: Option<AgreementText>,
    /// What is proposed in its place, the oldest first.
    pub proposals: Vec<AgreementProposalOverview>,
}

impl Acceptance {
    fn of(text: Option<AgreementText>) -> Self {
        Self { version: VERSION, text, agreed: Vec::new(), heard: None }
    }

    /// Another text is accepted; the one before stays so, if the head comes back to it.
    fn replace(&mut self, text: AgreementText) {
        if let Some(before) = self.text.replace(text) {
            self.remember(AgreementHash::of(&before));
        }
    }

    fn remember(&mut self, hash: AgreementHash) {
        self.agreed.retain(|known| *known != hash);
        self.agreed.push(hash);
        if self.agreed.len() > AGREED {
            self.agreed.remove(0);
        }
    }

    fn covers(&self, text: &AgreementText) -> bool {
        self.text.as_ref() == Some(text) || self.agreed.contains(&AgreementHash::of(text))
    }

    /// Reads what was written.
    ///
    /// # Errors
    /// [`DecodeError`]: the store is damaged or newer.
    pub(super) fn read(value: &[u8]) -> Result<Self, DecodeError> {
        let read: Self = wire::decode(value, RECORD_OVERHEAD)?;
        if read.version != VERSION {
            return Err(DecodeError::UnknownVersion);
        }
        Ok(read)
    }
}

impl Circle {
    /// Whether the agreement that holds was accepted on this device. An older version asked before
    /// it made or joined a circle, and knew no other agreement than the first.
    pub(crate) fn has_accepted(&self) -> bool {
        let Some(ledger) = self.ledger() else {
            return false;
        };
        let text = &ledger.settings().agreement;
        text.as_str().trim().is_empty()
            || match &self.acceptance {
                Some(acceptance) => acceptance.covers(text),
                None => ledger.rules().agreement == AgreementVersion::FIRST,
            }
    }

    /// The circle was made or joined with this text; none if nothing was shown on this device.
    pub(crate) fn begin_acceptance(&mut self, step: &mut Step<'_>, text: Option<AgreementText>) {
        self.acceptance = Some(Acceptance::of(text));
        self.write_acceptance(step);
    }

    /// Whether what the facilitators declare now was shown on this device.
    pub(crate) fn has_heard(&self) -> bool {
        let Some(declared) = self.declared() else {
            return true;
        };
        let heard = self.acceptance.as_ref().and_then(|acceptance| acceptance.heard.as_ref());
        heard == Some(&declared)
    }

    /// Names what the facilitators declare now, all of it.
    fn declared(&self) -> Option<Text<MAX_CARD_TEXT_CHARS>> {
        let declared = self.ledger()?.all_declarations()?;
        let hash = Label::DECLARATIONS.hash(&[declared.as_bytes()]);
        Text::new(hash.iter().map(|byte| format!("{byte:02x}")).collect::<String>()).ok()
    }

    /// What the facilitators declare now was shown.
    pub(crate) fn hear(&mut self, step: &mut Step<'_>) {
        if self.has_heard() {
            return;
        }
        let declared = self.declared();
        let accepted = self.accepted_text();
        let acceptance = self.acceptance.get_or_insert_with(|| Acceptance::of(accepted));
        acceptance.heard = declared;
        self.write_acceptance(step);
    }

    /// The agreement that holds, if it is accepted.
    fn accepted_text(&self) -> Option<AgreementText> {
        let text = self.ledger().map(|ledger| ledger.settings().agreement.clone());
        text.filter(|_| self.has_accepted())
    }

    /// Accepts the agreement that holds, which must be the one that was shown.
    ///
    /// # Errors
    /// [`AgreementError`]; nothing has changed.
    pub(crate) fn accept_agreement(
        &mut self,
        step: &mut Step<'_>,
        shown: &AgreementHash,
    ) -> Result<(), AgreementError> {
        let ledger = self.ledger().ok_or(AgreementError::Closed)?;
        let text = ledger.settings().agreement.clone();
        if AgreementHash::of(&text) != *shown {
            return Err(AgreementError::NotTheOneShown);
        }
        let acceptance = self.acceptance.get_or_insert_with(|| Acceptance::of(None));
        acceptance.replace(text);
        self.write_acceptance(step);
        Ok(())
    }

    /// Whoever agreed to a text when it was proposed has read it.
    pub(crate) fn note_agreed(&mut self, step: &mut Step<'_>, hash: AgreementHash) {
        let before = self.accepted_text();
        let acceptance = self.acceptance.get_or_insert_with(|| Acceptance::of(before));
        acceptance.remember(hash);
        self.write_acceptance(step);
    }

    /// The head has moved: keeps in mind what was accepted, if it says something else now.
    pub(super) fn note_agreement(&mut self, step: &mut Step<'_>, before: &Ledger, after: &Ledger) {
        if before.settings().agreement == after.settings().agreement {
            return;
        }
        let first = before.rules().agreement == AgreementVersion::FIRST;
        let known = self.acceptance.is_some();
        let accepted_first = Some(before.settings().agreement.clone()).filter(|_| first);
        let acceptance = self.acceptance.get_or_insert_with(|| Acceptance::of(accepted_first));
        let text = &after.settings().agreement;
        let agreed = acceptance.text.as_ref() != Some(text) && acceptance.covers(text);
        if agreed {
            acceptance.replace(text.clone());
        }
        if agreed || !known {
            self.write_acceptance(step);
        }
    }

    /// The agreement, what was accepted of it, and what is proposed.
    pub(crate) fn agreement(&self, now: Timestamp) -> Option<AgreementOverview> {
        let ledger = self.ledger()?;
        let text = ledger.settings().agreement.clone();
        let before = self.acceptance.as_ref().and_then(|acceptance| acceptance.text.clone());
        Some(AgreementOverview {
            version: ledger.rules().agreement,
            hash: AgreementHash::of(&text),
            accepted: self.has_accepted(),
            accepted_before: before.filter(|before| *before != text),
            proposals: self.agreement_proposals(now),
            text,
        })
    }

    fn write_acceptance(&self, step: &mut Step<'_>) {
        if let Some(acceptance) = &self.acceptance {
            let key = self.key_of(RecordKind::Acceptance, &[]);
            step.put(key, wire::encode(acceptance).to_vec());
        }
    }

    pub(super) fn delete_acceptance(&self, step: &mut Step<'_>) {
        step.delete(self.key_of(RecordKind::Acceptance, &[]));
    }
}

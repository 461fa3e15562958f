//! The circle's agreement, changed by its members: a new text holds when more than half of all
//! members agree, a facilitator among them. A facilitator's declaration, and how long words are
//! kept, are theirs to change. Clauses: specs/03-circle C-60 to C-62; why so: specs/decisions/0061.

use std::collections::BTreeSet;

use tls_codec::{TlsDeserialize, TlsSerialize, TlsSize};

use crate::content::StewardReason;
use crate::id::{CircleId, DeviceId, MemberId};
use crate::identity::{DeviceKey, signature_holds};
use crate::invite::{AgreementHash, AgreementText};
use crate::label::Label;
use crate::ledger::change::Act;
use crate::ledger::motion::is_declared;
use crate::ledger::rules::KeepDays;
use crate::ledger::{
    AgreementVersion, ChangeError, Declaration, Ledger, Manner, MemberEntry, Role,
};
use crate::limits::MAX_MEMBERS;
use crate::wire;

/// A new agreement, before it holds: which it would be, and the hash of its text.
#[derive(Clone, Copy, Debug, Eq, PartialEq, TlsDeserialize, TlsSerialize, TlsSize)]
pub struct AgreementMotion {
    /// One more than the agreement it would follow.
    pub version: AgreementVersion,
    /// Names its exact text.
    pub hash: AgreementHash,
}

/// One device's signature under it.
#[derive(Clone, Debug, Eq, PartialEq, TlsDeserialize, TlsSerialize, TlsSize)]
pub struct AgreementProof {
    /// Whose.
    pub device: DeviceId,
    /// The signature.
    pub signature: [u8; 64],
}

/// A new agreement, with those who agree.
#[derive(Clone, Debug, Eq, PartialEq, TlsDeserialize, TlsSerialize, TlsSize)]
pub struct Adoption {
    /// One more than the agreement it follows.
    pub version: AgreementVersion,
    /// The text.
    pub text: AgreementText,
    /// Who agrees, in ascending order of the devices.
    pub consents: Vec<AgreementProof>,
}

/// What is signed.
#[derive(TlsSerialize, TlsSize)]
struct ToBeSigned<'a> {
    circle: &'a CircleId,
    motion: &'a AgreementMotion,
}

impl AgreementMotion {
    /// Agrees.
    #[must_use]
    pub fn agree(&self, circle: &CircleId, key: &DeviceKey) -> AgreementProof {
        let content = wire::encode(&ToBeSigned { circle, motion: self });
        AgreementProof { device: key.id(), signature: key.sign(Label::AGREEMENT_CONSENT, &content) }
    }

    /// Whether a device agreed.
    #[must_use]
    pub fn is_agreed(&self, circle: &CircleId, proof: &AgreementProof) -> bool {
        let content = wire::encode(&ToBeSigned { circle, motion: self });
        let device = proof.device.as_bytes();
        signature_holds(device, Label::AGREEMENT_CONSENT, &content, &proof.signature)
    }
}

impl Adoption {
    /// What those who agree have signed.
    #[must_use]
    pub fn motion(&self) -> AgreementMotion {
        AgreementMotion { version: self.version, hash: AgreementHash::of(&self.text) }
    }
}

impl Ledger {
    /// What a new agreement with this text would be; none if it is no new one.
    #[must_use]
    pub fn agreement_motion(&self, text: &AgreementText) -> Option<AgreementMotion> {
        let is_new = !text.as_str().trim().is_empty() && *text != self.settings.agreement;
        let version = self.rules.agreement.next().filter(|_| is_new)?;
        Some(AgreementMotion { version, hash: AgreementHash::of(text) })
    }

    /// Whether this agreement would be the next one.
    #[must_use]
    pub fn is_next(&self, motion: &AgreementMotion) -> bool {
        self.rules.agreement.next() == Some(motion.version)
            && AgreementHash::of(&self.settings.agreement) != motion.hash
    }

    /// How many more must agree before a new agreement holds: members in all, and facilitators
    /// among them.
    #[must_use]
    pub fn missing_to_adopt(&self, consenting: &BTreeSet<MemberId>) -> (usize, usize) {
        let most = self.members.len() / 2 + 1;
        let agreed = consenting.iter().filter(|member| self.members.contains_key(*member)).count();
        let held = consenting.iter().any(|member| self.is_facilitator(member));
        let facilitators = usize::from(!held);
        (most.saturating_sub(agreed).max(facilitators), facilitators)
    }

    pub(super) fn adopt(
        &mut self,
        act: Act<'_>,
        parent: &Self,
        adoption: &Adoption,
    ) -> Result<(), ChangeError> {
        if adoption.consents.len() > MAX_MEMBERS {
            return Err(ChangeError::Limit);
        }
        let motion = adoption.motion();
        if self.agreement_motion(&adoption.text) != Some(motion) {
            return Err(ChangeError::Agreement);
        }
        if !adoption.consents.is_sorted_by(|one, next| one.device < next.device) {
            return Err(ChangeError::Consent);
        }
        let mut consenting = BTreeSet::new();
        for proof in &adoption.consents {
            let member = parent.member_of(&proof.device).ok_or(ChangeError::Consent)?;
            if !motion.is_agreed(act.circle, proof) || !consenting.insert(*member) {
                return Err(ChangeError::Consent);
            }
        }
        if parent.missing_to_adopt(&consenting) != (0, 0) {
            return Err(ChangeError::Consent);
        }
        self.settings.agreement = adoption.text.clone();
        self.rules.agreement = adoption.version;
        self.turn_card();
        Ok(())
    }

    pub(super) fn declare(
        &mut self,
        act: Act<'_>,
        declaration: &Declaration,
    ) -> Result<(), ChangeError> {
        if !is_declared(Some(declaration)) {
            return Err(ChangeError::Consent);
        }
        let entry = self.members.get_mut(act.committer).ok_or(ChangeError::NotAMember)?;
        if entry.declaration.as_ref() == Some(declaration) {
            return Err(ChangeError::Consent);
        }
        entry.declaration = Some(declaration.clone());
        if entry.manner == Manner::Founder {
            // The founder's word was the circle's until now.
            self.settings.declaration = None;
        }
        self.turn_card();
        Ok(())
    }

    pub(super) fn set_keep(
        &mut self,
        act: Act<'_>,
        keep: Option<KeepDays>,
    ) -> Result<(), ChangeError> {
        if keep.is_some_and(|keep| KeepDays::new(keep.get()).is_none()) {
            return Err(ChangeError::Limit);
        }
        self.rules.keep = keep;
        self.rules.keep_since = act.epoch;
        Ok(())
    }

    /// A shorter time, with the reason that everybody reads.
    pub(super) fn shorten_keep(
        &mut self,
        act: Act<'_>,
        keep: KeepDays,
        reason: &StewardReason,
    ) -> Result<(), ChangeError> {
        if !keep.shortens(self.rules.keep) {
            return Err(ChangeError::Limit);
        }
        if reason.is_blank() {
            return Err(ChangeError::Reason);
        }
        self.set_keep(act, Some(keep))
    }

    fn turn_card(&mut self) {
        self.rules.edition = self.rules.edition.saturating_add(1);
    }

    /// What a facilitator declares about a duty to report. The founder's word is the circle's until
    /// they declare anew.
    #[must_use]
    pub fn declaration_of<'a>(&'a self, entry: &'a MemberEntry) -> Option<&'a str> {
        if entry.role != Role::Facilitator {
            return None;
        }
        let own = entry.declaration.as_ref().map(|words| words.as_str());
        let circles = self.settings.declaration.as_ref().map(|words| words.as_str());
        own.or_else(|| circles.filter(|_| entry.manner == Manner::Founder))
    }
}

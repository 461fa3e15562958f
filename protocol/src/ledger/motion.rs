//! What one member cannot decide alone: a motion, and the signatures of those who agree.
//!
//! A signature speaks for one motion about one member *as their role is now*: a motion names the
//! epoch in which the member got the role, so that a signature is void once the role was given or
//! taken anew, and goes on holding when somebody else commits meanwhile. Clause: specs/03-circle
//! C-42; why so: specs/decisions/0017.

use std::collections::BTreeSet;

use tls_codec::{TlsDeserialize, TlsSerialize, TlsSize};

use crate::id::{CircleId, DeviceId, ItemId, MemberId};
use crate::identity::{DeviceKey, signature_holds};
use crate::label::Label;
use crate::ledger::{ChangeError, Ledger};
use crate::limits::{MAX_MEMBERS, MAX_NOTE_CHARS};
use crate::wire;
use crate::wire::text::Text;

/// What a facilitator says about a duty to report.
pub type Declaration = Text<MAX_NOTE_CHARS>;

/// What shall happen to a member.
#[derive(Clone, Debug, Eq, PartialEq, TlsDeserialize, TlsSerialize, TlsSize)]
#[repr(u8)]
pub enum MotionKind {
    /// They become a facilitator, as a facilitator wishes.
    #[tls_codec(discriminant = 1)]
    Promote,
    /// They are a facilitator no longer.
    #[tls_codec(discriminant = 2)]
    Demote,
    /// They, a facilitator, are a member no longer.
    #[tls_codec(discriminant = 3)]
    Remove {
        /// Why, for all to read.
        reason: Text<MAX_NOTE_CHARS>,
    },
    /// They become a facilitator, as most members wish, because no facilitator answers.
    #[tls_codec(discriminant = 4)]
    Succeed,
}

impl MotionKind {
    /// Whether it is a removal whose reason is blank (I-39).
    pub(crate) fn lacks_reason(&self) -> bool {
        matches!(self, Self::Remove { reason } if reason.is_blank())
    }
}

/// One thing to decide.
#[derive(Clone, Debug, Eq, PartialEq, TlsDeserialize, TlsSerialize, TlsSize)]
pub struct Motion {
    /// What shall happen.
    pub kind: MotionKind,
    /// To whom.
    pub member: MemberId,
    /// The epoch in which this member got the role they have.
    pub role_since: u64,
}

/// One device's signature under a motion.
#[derive(Clone, Debug, Eq, PartialEq, TlsDeserialize, TlsSerialize, TlsSize)]
pub struct ConsentProof {
    /// Whose.
    pub device: DeviceId,
    /// For a succession the last item of a facilitator that the signer had seen.
    pub seen: Option<ItemId>,
    /// The signature.
    pub signature: [u8; 64],
}

/// What is signed.
#[derive(TlsSerialize, TlsSize)]
struct ToBeSigned<'a> {
    circle: &'a CircleId,
    motion: &'a Motion,
    seen: Option<ItemId>,
    declaration: Option<Declaration>,
}

impl Motion {
    fn to_be_signed(
        &self,
        circle: &CircleId,
        seen: Option<ItemId>,
        declaration: Option<&Declaration>,
    ) -> zeroize::Zeroizing<Vec<u8>> {
        let declaration = declaration.cloned();
        wire::encode(&ToBeSigned { circle, motion: self, seen, declaration })
    }

    /// Agrees. Whoever is to become a facilitator gives their declaration with it.
    #[must_use]
    pub fn agree(
        &self,
        circle: &CircleId,
        key: &DeviceKey,
        seen: Option<ItemId>,
        declaration: Option<&Declaration>,
    ) -> ConsentProof {
        let content = self.to_be_signed(circle, seen, declaration);
        ConsentProof { device: key.id(), seen, signature: key.sign(Label::CONSENT, &content) }
    }

    /// Whether a device agreed, to this and with this declaration.
    #[must_use]
    pub fn is_agreed(
        &self,
        circle: &CircleId,
        proof: &ConsentProof,
        declaration: Option<&Declaration>,
    ) -> bool {
        let content = self.to_be_signed(circle, proof.seen, declaration);
        signature_holds(proof.device.as_bytes(), Label::CONSENT, &content, &proof.signature)
    }
}

/// A declaration that says something.
pub(super) fn is_declared(declaration: Option<&Declaration>) -> bool {
    declaration.is_some_and(|words| !words.is_blank())
}

impl Ledger {
    /// The members whose devices agree; each at most once, in ascending order of the devices. The
    /// member it is about signs with the declaration, everybody else without.
    pub(super) fn consenting(
        &self,
        circle: &CircleId,
        motion: &Motion,
        declaration: Option<&Declaration>,
        proofs: &[ConsentProof],
    ) -> Result<BTreeSet<MemberId>, ChangeError> {
        if proofs.len() > MAX_MEMBERS {
            return Err(ChangeError::Limit);
        }
        if !proofs.is_sorted_by(|one, next| one.device < next.device) {
            return Err(ChangeError::Consent);
        }
        let mut members = BTreeSet::new();
        for proof in proofs {
            let member = self.member_of(&proof.device).ok_or(ChangeError::Consent)?;
            let declared = declaration.filter(|_| *member == motion.member);
            if !motion.is_agreed(circle, proof, declared) || !members.insert(*member) {
                return Err(ChangeError::Consent);
            }
        }
        Ok(members)
    }

    /// Whether enough of the others agree that `target`, a facilitator, loses the role: more than
    /// half of the other facilitators, `committer` among them, and where these are fewer than two
    /// also two ordinary members, or as many as there are.
    pub(super) fn suffices_against(
        &self,
        target: &MemberId,
        committer: &MemberId,
        mut consenting: BTreeSet<MemberId>,
    ) -> bool {
        consenting.insert(*committer);
        let facilitators = self.facilitators().filter(|member| *member != target);
        let (mut others, mut agreeing) = (0, 0);
        for member in facilitators {
            others += 1;
            agreeing += usize::from(consenting.contains(member));
        }
        let ordinary = || self.members.keys().filter(|member| !self.is_facilitator(member));
        let asked = if others < 2 { ordinary().count().min(2) } else { 0 };
        let agreed = ordinary().filter(|member| consenting.contains(*member)).count();
        agreeing * 2 > others && agreed >= asked
    }

    /// Whether enough agree that somebody becomes a facilitator although none answers: more than
    /// half of all members, and they themselves.
    pub(super) fn suffices_to_succeed(
        &self,
        target: &MemberId,
        consenting: &BTreeSet<MemberId>,
    ) -> bool {
        consenting.contains(target) && consenting.len() * 2 > self.members.len()
    }
}

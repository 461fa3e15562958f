//! Roles given and taken. One facilitator makes another who agrees; to take the role from somebody
//! needs the others; and where no facilitator answers, the members make one.
//! Clauses: specs/03-circle C-42 to C-44.

use tls_codec::{TlsDeserialize, TlsSerialize, TlsSize};

use crate::content::StewardReason;
use crate::id::MemberId;
use crate::ledger::change::Act;
use crate::ledger::motion::is_declared;
use crate::ledger::{
    ChangeError, ConsentProof, Declaration, Ledger, Manner, Motion, MotionKind, Role, VoteRight,
};
use crate::limits::MAX_CARD_TEXT_CHARS;
use crate::wire::text::Text;

/// Somebody has another role from now on.
#[derive(Clone, Debug, Eq, PartialEq, TlsDeserialize, TlsSerialize, TlsSize)]
pub struct RoleChange {
    /// Who.
    pub member: MemberId,
    /// The role.
    pub role: Role,
    /// What a new facilitator declares.
    pub declaration: Option<Declaration>,
    /// Who agrees besides the committer: of a new facilitator themselves; of somebody who loses
    /// the role against their will, the others.
    pub consents: Vec<ConsentProof>,
}

/// Somebody becomes a facilitator because most members wish it.
#[derive(Clone, Debug, Eq, PartialEq, TlsDeserialize, TlsSerialize, TlsSize)]
pub struct Succession {
    /// Who.
    pub member: MemberId,
    /// What they declare.
    pub declaration: Declaration,
    /// Who agrees.
    pub consents: Vec<ConsentProof>,
}

impl Ledger {
    /// The facilitators.
    pub fn facilitators(&self) -> impl Iterator<Item = &MemberId> {
        self.members.keys().filter(|member| self.is_facilitator(member))
    }

    /// What the facilitators declare, for those who consider joining: the founder's words for the
    /// circle, and below them one line for each who became one later. What does not fit a card any
    /// more is left to the circle.
    #[must_use]
    pub fn declarations(&self) -> Option<Text<MAX_CARD_TEXT_CHARS>> {
        let mut all: Option<Text<MAX_CARD_TEXT_CHARS>> = None;
        for line in self.declaration_lines() {
            let above = all.as_ref().map(|all| format!("{}\n", all.as_str())).unwrap_or_default();
            let Ok(with) = Text::new(format!("{above}{line}")) else {
                break;
            };
            all = Some(with);
        }
        all
    }

    /// All that the facilitators declare, however long it is; `None` if nobody declared anything.
    #[must_use]
    pub fn all_declarations(&self) -> Option<String> {
        let lines: Vec<String> = self.declaration_lines().collect();
        (!lines.is_empty()).then(|| lines.join("\n"))
    }

    fn declaration_lines(&self) -> impl Iterator<Item = String> {
        let holds = || self.members.values().filter(|entry| entry.role == Role::Facilitator);
        // The founder's words are theirs alone, and go when they hold the circle no more.
        let founder = holds().any(|e| e.manner == Manner::Founder && e.declaration.is_none());
        let founders = self.settings.declaration.as_ref().filter(|_| founder);
        let others = holds().filter_map(|entry| {
            // One line each, so that nobody speaks in the name of somebody else.
            let words = entry.declaration.as_ref()?.as_str();
            let [name, words] = [entry.name.as_str(), words]
                .map(|text| text.split_whitespace().collect::<Vec<_>>().join(" "));
            Some(format!("{name}: {words}"))
        });
        founders.map(|words| words.as_str().to_owned()).into_iter().chain(others)
    }

    pub(super) fn set_role(
        &mut self,
        act: Act<'_>,
        parent: &Self,
        change: &RoleChange,
    ) -> Result<(), ChangeError> {
        match change.role {
            Role::Facilitator => self.promote(act, parent, change),
            Role::Listener => self.set_voice(act, change),
            Role::Member if self.is_listener(&change.member) => self.set_voice(act, change),
            Role::Member => self.demote(act, parent, change),
        }
    }

    /// Who is no facilitator only listens from now on, or speaks again. It takes nobody's vote and
    /// nobody's word in what is decided together, or a facilitator could choose who decides.
    fn set_voice(&mut self, act: Act<'_>, change: &RoleChange) -> Result<(), ChangeError> {
        if !act.by_facilitator {
            return Err(ChangeError::Right);
        }
        if change.declaration.is_some() || !change.consents.is_empty() {
            return Err(ChangeError::Consent);
        }
        let entry = self.members.get_mut(&change.member).ok_or(ChangeError::NotAMember)?;
        if entry.role == Role::Facilitator || entry.role == change.role {
            return Err(ChangeError::Right);
        }
        entry.role = change.role;
        entry.role_since = act.epoch;
        Ok(())
    }

    /// The same, with the reason that everybody reads.
    pub(super) fn take_voice(
        &mut self,
        act: Act<'_>,
        member: &MemberId,
        reason: &StewardReason,
    ) -> Result<(), ChangeError> {
        if reason.is_blank() {
            return Err(ChangeError::Reason);
        }
        let (declaration, consents) = (None, Vec::new());
        let change = RoleChange { member: *member, role: Role::Listener, declaration, consents };
        self.set_voice(act, &change)
    }

    fn promote(
        &mut self,
        act: Act<'_>,
        parent: &Self,
        change: &RoleChange,
    ) -> Result<(), ChangeError> {
        if !act.by_facilitator {
            return Err(ChangeError::Right);
        }
        let motion = parent.motion(MotionKind::Promote, &change.member)?;
        let declaration = change.declaration.as_ref();
        let consenting = parent.consenting(act.circle, &motion, declaration, &change.consents)?;
        let alone = consenting.len() == 1 && consenting.contains(&change.member);
        if !alone || !is_declared(declaration) {
            return Err(ChangeError::Consent);
        }
        self.make_facilitator(act, parent, &change.member, change.declaration.clone())
    }

    fn demote(
        &mut self,
        act: Act<'_>,
        parent: &Self,
        change: &RoleChange,
    ) -> Result<(), ChangeError> {
        if !act.by_facilitator || !parent.is_facilitator(&change.member) {
            return Err(ChangeError::Right);
        }
        if change.declaration.is_some() {
            return Err(ChangeError::Consent);
        }
        if change.member == *act.committer {
            if !change.consents.is_empty() {
                return Err(ChangeError::Consent);
            }
        } else {
            parent.check_against(act, MotionKind::Demote, &change.member, &change.consents)?;
        }
        let entry = self.members.get_mut(&change.member).ok_or(ChangeError::NotAMember)?;
        entry.role = Role::Member;
        entry.role_since = act.epoch;
        entry.declaration = None;
        self.close_reviewed_invites(&change.member);
        if self.facilitators().next().is_none() {
            return Err(ChangeError::Facilitator);
        }
        Ok(())
    }

    /// Whether a facilitator may lose what `kind` says by this commit.
    pub(super) fn check_against(
        &self,
        act: Act<'_>,
        kind: MotionKind,
        member: &MemberId,
        consents: &[ConsentProof],
    ) -> Result<(), ChangeError> {
        let motion = self.motion(kind, member)?;
        let consenting = self.consenting(act.circle, &motion, None, consents)?;
        if self.suffices_against(member, act.committer, consenting) {
            Ok(())
        } else {
            Err(ChangeError::Facilitator)
        }
    }

    pub(super) fn succeed(
        &mut self,
        act: Act<'_>,
        parent: &Self,
        change: &Succession,
    ) -> Result<(), ChangeError> {
        let motion = parent.motion(MotionKind::Succeed, &change.member)?;
        let declaration = Some(&change.declaration);
        let consenting = parent.consenting(act.circle, &motion, declaration, &change.consents)?;
        if !is_declared(declaration) || !parent.suffices_to_succeed(&change.member, &consenting) {
            return Err(ChangeError::Consent);
        }
        self.make_facilitator(act, parent, &change.member, Some(change.declaration.clone()))
    }

    fn make_facilitator(
        &mut self,
        act: Act<'_>,
        parent: &Self,
        member: &MemberId,
        declaration: Option<Declaration>,
    ) -> Result<(), ChangeError> {
        // A listener speaks before they hold a circle.
        if parent.is_facilitator(member) || self.is_listener(member) {
            return Err(ChangeError::Right);
        }
        let vote = parent.right_of_newcomer(act.epoch, act.committer, true);
        let entry = self.members.get_mut(member).ok_or(ChangeError::NotAMember)?;
        entry.role = Role::Facilitator;
        entry.role_since = act.epoch;
        entry.declaration = declaration;
        if matches!((entry.manner, entry.vote), (Manner::Open(_), VoteRight::Without)) {
            // Somebody has looked at them now.
            entry.vote = vote;
        }
        Ok(())
    }

    /// A motion about a member as their role is now.
    ///
    /// # Errors
    /// [`ChangeError::NotAMember`].
    pub fn motion(&self, kind: MotionKind, member: &MemberId) -> Result<Motion, ChangeError> {
        let entry = self.members.get(member).ok_or(ChangeError::NotAMember)?;
        Ok(Motion { kind, member: *member, role_since: entry.role_since })
    }
}

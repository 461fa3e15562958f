//! Changes to the ledger, as they travel in the AAD of a commit, and the one function that applies
//! them. Clauses: specs/03-circle C-9, C-10; numbers in specs/registry R-6.

use tls_codec::{TlsDeserialize, TlsSerialize, TlsSize};

use crate::content::{Content, SignedItem, StewardReason};
use crate::id::{CircleId, DeviceId, InviteId, MemberId};
use crate::identity::Credential;
use crate::invite::{Door, KnockProof, RelayAddress};
use crate::ledger::{
    Adoption, ConsentProof, Declaration, FileRules, FilesAllowed, InviteEntry, InviteStanding,
    KeepDays, Ledger, Manner, MemberEntry, MotionKind, Return, Role, RoleChange, Succession,
};
use crate::limits::{
    MAX_CHANGES, MAX_INVITE_USES, MAX_INVITES, MAX_MEMBERS, MAX_NAME_CHARS, MAX_NOTE_CHARS,
    MAX_OPEN_INVITES, MAX_RELAYS,
};
use crate::time::Timestamp;
use crate::wire::text::{Opaque, Text};

/// Bytes of a signed item by which somebody leaves.
const MAX_LEAVE_ITEM: usize = 2048;

/// Somebody becomes a member.
#[derive(Clone, Debug, Eq, PartialEq, TlsDeserialize, TlsSerialize, TlsSize)]
pub struct Admission {
    /// The new member.
    pub member: MemberId,
    /// The device that knocked.
    pub device: DeviceId,
    /// The chosen name.
    pub name: Text<MAX_NAME_CHARS>,
    /// The invite.
    pub invite: InviteId,
    /// What shows that the holder of the invite knocked with the KeyPackage that is added: it
    /// counts a real use.
    pub proof: KnockProof,
    /// Whether a branch that lost had let them in: then it uses nothing up, and is a facilitator's
    /// to say, who could open an invite as well.
    #[tls_codec(with = "crate::wire::flag")]
    pub again: bool,
}

/// Somebody stops being a member.
#[derive(Clone, Debug, Eq, PartialEq, TlsDeserialize, TlsSerialize, TlsSize)]
#[repr(u8)]
pub enum Departure {
    /// A facilitator removes them, and says why.
    #[tls_codec(discriminant = 1)]
    Removed {
        /// Who.
        member: MemberId,
        /// Why, for all to read.
        reason: Text<MAX_NOTE_CHARS>,
        /// Who agrees besides the committer, if it is a facilitator who goes.
        consents: Vec<ConsentProof>,
    },
    /// They leave: their own signed item says so.
    #[tls_codec(discriminant = 2)]
    Left {
        /// Who.
        member: MemberId,
        /// The item, as signed.
        item: Opaque<MAX_LEAVE_ITEM>,
    },
}

impl Departure {
    /// Who goes.
    #[must_use]
    pub fn member(&self) -> &MemberId {
        match self {
            Self::Removed { member, .. } | Self::Left { member, .. } => member,
        }
    }
}

/// One change to the ledger.
#[derive(Clone, Debug, Eq, PartialEq, TlsDeserialize, TlsSerialize, TlsSize)]
#[repr(u8)]
pub enum Change {
    /// Somebody comes.
    #[tls_codec(discriminant = 1)]
    Admit(Admission),
    /// Somebody goes. A commit with one of these holds nothing else.
    #[tls_codec(discriminant = 2)]
    Depart(Departure),
    /// An invite opens.
    #[tls_codec(discriminant = 3)]
    OpenInvite {
        /// Its id.
        invite: InviteId,
        /// What members know of it.
        entry: InviteEntry,
    },
    /// An invite is taken back.
    #[tls_codec(discriminant = 4)]
    RevokeInvite(InviteId),
    /// The circle's relays are others now.
    #[tls_codec(discriminant = 5)]
    SetRelays(Vec<RelayAddress>),
    /// Somebody has another role.
    #[tls_codec(discriminant = 6)]
    SetRole(RoleChange),
    /// The committer has one more device: what their member key says of it.
    #[tls_codec(discriminant = 7)]
    AddDevice(Credential),
    /// One of the committer's other devices goes. Stands with departures only.
    #[tls_codec(discriminant = 8)]
    RemoveDevice {
        /// Whose.
        member: MemberId,
        /// Which.
        device: DeviceId,
    },
    /// A device comes in anew. A commit with one of these holds nothing else.
    #[tls_codec(discriminant = 9)]
    Return(Return),
    /// Somebody becomes a facilitator as most members wish.
    #[tls_codec(discriminant = 10)]
    Succeed(Succession),
    /// Another agreement holds, as most members wish.
    #[tls_codec(discriminant = 11)]
    Adopt(Adoption),
    /// The committer, a facilitator, declares anew.
    #[tls_codec(discriminant = 12)]
    Declare(Declaration),
    /// How long words are kept; none: as long as their authors leave them.
    #[tls_codec(discriminant = 13)]
    SetKeep(Option<KeepDays>),
    /// Which files may be sent.
    #[tls_codec(discriminant = 14)]
    SetFiles(FilesAllowed),
    /// Words are kept for a shorter time, and why, for all to read.
    #[tls_codec(discriminant = 15)]
    ShortenKeep {
        /// For how long.
        keep: KeepDays,
        /// Why.
        reason: StewardReason,
    },
    /// Somebody only listens from now on, and why, for all to read.
    #[tls_codec(discriminant = 16)]
    TakeVoice {
        /// Who.
        member: MemberId,
        /// Why.
        reason: StewardReason,
    },
}

impl Change {
    /// Whether it takes devices out: a commit that does begins an era and holds nothing else,
    /// because those taken out read it.
    #[must_use]
    pub fn takes_out(&self) -> bool {
        matches!(self, Self::Depart(_) | Self::RemoveDevice { .. })
    }
}

impl Change {
    /// Whether it removes somebody against their will, or gives or takes a role.
    pub(super) fn is_of_removals_or_roles(&self) -> bool {
        matches!(
            self,
            Self::Depart(Departure::Removed { .. })
                | Self::SetRole(_)
                | Self::Succeed(_)
                | Self::TakeVoice { .. }
        )
    }
}

/// Why a change does not apply.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum ChangeError {
    /// Only a facilitator may do this.
    #[error("only a facilitator may do this")]
    Right,
    /// The committer, or whoever should go, is not a member.
    #[error("not a member")]
    NotAMember,
    /// The member or device is there already.
    #[error("already a member")]
    AlreadyMember,
    /// The invite is unknown, used up, revoked or closed.
    #[error("the invite does not admit")]
    Invite,
    /// A signature that the change rests on does not hold.
    #[error("a proof does not hold")]
    Proof,
    /// A facilitator does not go this way: too few others agree, or nobody would hold the circle.
    #[error("too few others agree that a facilitator goes")]
    Facilitator,
    /// Removals stand alone, and so do returns.
    #[error("a removal or a return stands with something else")]
    Mixed,
    /// More than a limit allows.
    #[error("more than a limit allows")]
    Limit,
    /// It is not the next agreement, or no new one.
    #[error("this is not the next agreement")]
    Agreement,
    /// A consent does not hold, is missing, or stands in the wrong place.
    #[error("a consent does not hold")]
    Consent,
    /// The committer has renewed its leaf too often lately.
    #[error("too many renewals by one member")]
    Flood,
    /// The member has no such device.
    #[error("not a device of this member")]
    NotADevice,
    /// A member's last device is not taken out: they leave.
    #[error("the last device of a member")]
    LastDevice,
    /// A reason has to be given, for all to read.
    #[error("there is no reason")]
    Reason,
}

/// Who makes a change, and where: what every rule below asks for.
#[derive(Clone, Copy)]
pub(super) struct Act<'a> {
    pub(super) circle: &'a CircleId,
    pub(super) committer: &'a MemberId,
    pub(super) by_facilitator: bool,
    pub(super) epoch: u64,
}

impl Ledger {
    /// The ledger after `changes` by `committer`, in the state of epoch `epoch`. A pure function:
    /// every member computes the same, whenever they do.
    ///
    /// # Errors
    /// [`ChangeError`]: the commit is against the rules.
    pub fn apply(
        &self,
        circle: &CircleId,
        committer: &MemberId,
        epoch: u64,
        changes: &[Change],
    ) -> Result<Self, ChangeError> {
        if changes.len() > MAX_CHANGES {
            return Err(ChangeError::Limit);
        }
        if !self.members.contains_key(committer) {
            return Err(ChangeError::NotAMember);
        }
        let departures = changes.iter().filter(|change| change.takes_out()).count();
        if departures != 0 && departures != changes.len() {
            return Err(ChangeError::Mixed);
        }
        let returns = changes.iter().filter(|change| matches!(change, Change::Return(_))).count();
        if returns != 0 && returns != changes.len() {
            return Err(ChangeError::Mixed);
        }
        // A device that comes is counted like a renewal: so nobody floods with devices that come
        // and go, and one that is lost goes at once.
        let only_renews = changes.iter().all(|change| match change {
            Change::AddDevice(_) => true,
            Change::Return(change) => change.member() == committer,
            _ => false,
        });
        if only_renews && !self.may_renew(committer) {
            return Err(ChangeError::Flood);
        }
        let act = Act { circle, committer, by_facilitator: self.is_facilitator(committer), epoch };
        let mut next = self.clone();
        for change in changes {
            match change {
                Change::Admit(admission) => next.admit(act, self, admission)?,
                Change::Depart(departure) => next.depart(act, self, departure)?,
                Change::SetRole(change) => next.set_role(act, self, change)?,
                Change::Succeed(succession) => next.succeed(act, self, succession)?,
                Change::AddDevice(credential) => next.add_device(circle, committer, credential)?,
                Change::Return(change) => next.take_back(act, change)?,
                Change::RemoveDevice { member, device } => {
                    next.remove_device(committer, member, device)?;
                }
                Change::Adopt(adoption) => next.adopt(act, self, adoption)?,
                _ if !act.by_facilitator => return Err(ChangeError::Right),
                Change::OpenInvite { invite, entry } => next.open_invite(act, *invite, entry)?,
                Change::RevokeInvite(invite) => next.revoke_invite(invite)?,
                Change::SetRelays(relays) => next.set_relays(relays)?,
                Change::Declare(declaration) => next.declare(act, declaration)?,
                Change::SetKeep(keep) => next.set_keep(act, *keep)?,
                Change::ShortenKeep { keep, reason } => next.shorten_keep(act, *keep, reason)?,
                Change::TakeVoice { member, reason } => next.take_voice(act, member, reason)?,
                Change::SetFiles(allowed) => {
                    next.files = FileRules { allowed: *allowed, since: act.epoch };
                }
            }
        }
        if departures != 0 {
            next.close_open_invites();
        }
        next.remember(committer, epoch, only_renews);
        Ok(next)
    }

    fn admit(
        &mut self,
        act: Act<'_>,
        parent: &Self,
        admission: &Admission,
    ) -> Result<(), ChangeError> {
        if self.members.len() >= MAX_MEMBERS {
            return Err(ChangeError::Limit);
        }
        if self.members.contains_key(&admission.member)
            || self.member_of(&admission.device).is_some()
        {
            return Err(ChangeError::AlreadyMember);
        }
        let invite = self.invites.get_mut(&admission.invite).ok_or(ChangeError::Invite)?;
        if !admission.again && !invite.admits() {
            return Err(ChangeError::Invite);
        }
        if (invite.terms.door.review || admission.again) && !act.by_facilitator {
            return Err(ChangeError::Right);
        }
        if !admission.proof.holds(&admission.invite) {
            return Err(ChangeError::Proof);
        }
        invite.used += u16::from(!admission.again);
        let Door { review: reviewed, listens } = invite.terms.door;
        let manner = if reviewed {
            Manner::Reviewed(*act.committer)
        } else {
            Manner::Open(admission.invite)
        };
        let entry = MemberEntry {
            name: admission.name.clone(),
            role: if listens { Role::Listener } else { Role::Member },
            role_since: act.epoch,
            declaration: None,
            since: act.epoch,
            manner,
            devices: vec![admission.device],
            committed: 0,
            vote: parent.right_of_newcomer(act.epoch, act.committer, reviewed),
            returned: Timestamp::default(),
        };
        self.members.insert(admission.member, entry);
        Ok(())
    }

    fn depart(
        &mut self,
        act: Act<'_>,
        parent: &Self,
        departure: &Departure,
    ) -> Result<(), ChangeError> {
        let member = departure.member();
        if member == act.committer {
            return Err(ChangeError::Right);
        }
        match departure {
            Departure::Removed { .. } if !act.by_facilitator => return Err(ChangeError::Right),
            Departure::Removed { reason, .. } if reason.is_blank() => {
                return Err(ChangeError::Reason);
            }
            Departure::Removed { reason, consents, .. } if parent.is_facilitator(member) => {
                let kind = MotionKind::Remove { reason: reason.clone() };
                parent.check_against(act, kind, member, consents)?;
            }
            Departure::Removed { consents, .. } if !consents.is_empty() => {
                return Err(ChangeError::Consent);
            }
            Departure::Removed { .. } => {}
            Departure::Left { item, .. } => {
                let item = SignedItem::from_bytes(item.as_bytes())
                    .ok()
                    .and_then(|signed| signed.verify().ok())
                    .ok_or(ChangeError::Proof)?;
                let says_so = item.body.circle == *act.circle
                    && item.body.member == *member
                    && parent.member_of(&item.body.device) == Some(member)
                    && matches!(item.body.content, Content::Leave(_));
                if !says_so {
                    return Err(ChangeError::Proof);
                }
            }
        }
        self.close_reviewed_invites(member);
        self.members.remove(member).map(|_| ()).ok_or(ChangeError::NotAMember)
    }

    fn open_invite(
        &mut self,
        act: Act<'_>,
        invite: InviteId,
        entry: &InviteEntry,
    ) -> Result<(), ChangeError> {
        let open = self.invites.values().filter(|entry| entry.admits()).count();
        if open >= MAX_OPEN_INVITES || self.invites.len() >= MAX_INVITES {
            return Err(ChangeError::Limit);
        }
        let fresh = entry.inviter == *act.committer
            && entry.used == 0
            && entry.standing == InviteStanding::Open
            && (1..=MAX_INVITE_USES).contains(&entry.terms.uses);
        if !fresh || self.invites.insert(invite, entry.clone()).is_some() {
            return Err(ChangeError::Invite);
        }
        Ok(())
    }

    fn revoke_invite(&mut self, invite: &InviteId) -> Result<(), ChangeError> {
        let entry = self.invites.get_mut(invite).ok_or(ChangeError::Invite)?;
        entry.standing = InviteStanding::Revoked;
        Ok(())
    }

    fn set_relays(&mut self, relays: &[RelayAddress]) -> Result<(), ChangeError> {
        if relays.len() > MAX_RELAYS {
            return Err(ChangeError::Limit);
        }
        self.settings.relays = relays.to_vec();
        Ok(())
    }

    /// With review the inviter alone opens knocks, so without them, or their role, nobody could
    /// answer one.
    pub(super) fn close_reviewed_invites(&mut self, inviter: &MemberId) {
        for entry in self.invites.values_mut() {
            let theirs = entry.inviter == *inviter && entry.terms.door.review;
            if theirs && entry.standing == InviteStanding::Open {
                entry.standing = InviteStanding::Closed;
            }
        }
    }

    /// Whoever was removed may hold links that admit without review, so a removal closes them.
    fn close_open_invites(&mut self) {
        for entry in self.invites.values_mut() {
            if !entry.terms.door.review && entry.standing == InviteStanding::Open {
                entry.standing = InviteStanding::Closed;
            }
        }
    }
}

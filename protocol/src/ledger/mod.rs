//! What the rules must remember: members and how they came, invites and their uses, roles, the
//! agreement. Its hash stands in every commit, so that whether a commit is valid depends on its
//! parent and on nothing else: no clock, no receiver's memory. Clauses: specs/03-circle C-7 to C-11.

mod agreement;
mod change;
mod device;
mod encoding;
mod invite;
mod member;
mod motion;
mod returns;
mod roles;
mod rules;
#[cfg(test)]
mod tests;
mod voters;

pub use agreement::{Adoption, AgreementMotion, AgreementProof};
pub use change::{Admission, Change, ChangeError, Departure};
pub use invite::{InviteEntry, InviteSecrets, InviteStanding, InviteTerms, Keeper};
pub use member::{Manner, MemberEntry, Role};
pub use motion::{ConsentProof, Declaration, Motion, MotionKind};
pub use returns::{Return, ReturnAs};
pub use roles::{RoleChange, Succession};
pub use rules::{AgreementVersion, FileRules, FilesAllowed, KeepDays, Rules};
pub use voters::{VoteRight, class_of};

use std::collections::BTreeMap;

use crate::id::{DeviceId, InviteId, MemberId};
use crate::invite::{AgreementText, RelayAddress};
use crate::label::Label;
use crate::limits::{MAX_CARD_TEXT_CHARS, MAX_TITLE_CHARS};
use crate::mls::Suite;
use crate::wire::encode;
use crate::wire::text::Text;

/// What a circle says of itself: the same for all members, changed only by commits.
#[derive(
    Clone,
    Debug,
    Eq,
    PartialEq,
    tls_codec::TlsDeserialize,
    tls_codec::TlsSerialize,
    tls_codec::TlsSize,
)]
pub struct Settings {
    /// The MLS suite, fixed for the life of the circle.
    pub suite: Suite,
    /// The title members see.
    pub title: Text<MAX_TITLE_CHARS>,
    /// What the card says to those who consider joining.
    pub welcome: Text<MAX_CARD_TEXT_CHARS>,
    /// The agreement.
    pub agreement: AgreementText,
    /// What the facilitators declare about a duty to report.
    pub declaration: Option<Text<MAX_CARD_TEXT_CHARS>>,
    /// The circle's relays.
    pub relays: Vec<RelayAddress>,
}

/// The ledger of one state. A value: a commit makes a new one.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Ledger {
    settings: Settings,
    rules: Rules,
    files: FileRules,
    members: BTreeMap<MemberId, MemberEntry>,
    invites: BTreeMap<InviteId, InviteEntry>,
    /// How many different members have committed, up to the number that ends the founding.
    committers: u8,
    /// Of the latest commits, who made those that only renewed a leaf. The latest is the last.
    recent: Vec<Option<MemberId>>,
}

impl Ledger {
    /// The ledger of a new circle: one founder, who is its facilitator.
    #[must_use]
    pub fn found(settings: Settings, founder: MemberId, entry: MemberEntry) -> Self {
        Self {
            settings,
            rules: Rules::default(),
            files: FileRules::default(),
            members: BTreeMap::from([(founder, entry)]),
            invites: BTreeMap::new(),
            committers: 0,
            recent: Vec::new(),
        }
    }

    /// What the circle says of itself.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// The rules that are not those it began with.
    #[must_use]
    pub fn rules(&self) -> &Rules {
        &self.rules
    }

    /// What it says of files.
    #[must_use]
    pub fn files(&self) -> &FileRules {
        &self.files
    }

    /// The members.
    #[must_use]
    pub fn members(&self) -> &BTreeMap<MemberId, MemberEntry> {
        &self.members
    }

    /// The invites the circle remembers.
    #[must_use]
    pub fn invites(&self) -> &BTreeMap<InviteId, InviteEntry> {
        &self.invites
    }

    /// Whose device this is, if it is a member's.
    #[must_use]
    pub fn member_of(&self, device: &DeviceId) -> Option<&MemberId> {
        self.members
            .iter()
            .find(|(_, entry)| entry.devices.contains(device))
            .map(|(member, _)| member)
    }

    /// Whether this member is a facilitator.
    #[must_use]
    pub fn is_facilitator(&self, member: &MemberId) -> bool {
        self.members.get(member).is_some_and(|entry| entry.role == Role::Facilitator)
    }

    /// Whether this member only reads.
    #[must_use]
    pub fn is_listener(&self, member: &MemberId) -> bool {
        self.members.get(member).is_some_and(|entry| entry.role == Role::Listener)
    }

    /// A member no commit admitted.
    #[cfg(test)]
    pub(crate) fn insert_for_test(&mut self, member: MemberId, entry: MemberEntry) {
        self.members.insert(member, entry);
    }

    /// The hash that stands in the GroupContext.
    #[must_use]
    pub fn hash(&self) -> [u8; 32] {
        Label::LEDGER.hash(&[&encode(self)])
    }
}

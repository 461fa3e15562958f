//! A device that comes back: it takes the place of devices its member gives up, itself among them
//! or not, under a fresh leaf. Whoever stands in no state of a branch any more comes back to it as
//! a member, if a facilitator says so. Clauses: specs/03-circle C-46, specs/04-order O-74, O-75.

use tls_codec::{TlsDeserialize, TlsSerialize, TlsSize};

use crate::id::{CircleId, DeviceId, MemberId};
use crate::identity::{Credential, DeviceKey, Unverified, signature_holds};
use crate::label::Label;
use crate::ledger::change::Act;
use crate::ledger::{ChangeError, Ledger, Manner, MemberEntry, Role};
use crate::limits::{MAX_DEVICES_PER_MEMBER, MAX_KEY_PACKAGES, MAX_MEMBERS, MAX_NAME_CHARS};
use crate::time::Timestamp;
use crate::wire;
use crate::wire::text::Text;

/// As what a device comes in anew.
#[derive(Clone, Debug, Eq, PartialEq, TlsDeserialize, TlsSerialize, TlsSize)]
#[repr(u8)]
pub enum ReturnAs {
    /// As one of a member of this state.
    #[tls_codec(discriminant = 0)]
    Member,
    /// As one that this state does not know, of somebody of this name.
    #[tls_codec(discriminant = 1)]
    Stranger(Text<MAX_NAME_CHARS>),
    /// The same, of somebody who only listened where they come from.
    #[tls_codec(discriminant = 2)]
    Listener(Text<MAX_NAME_CHARS>),
}

impl ReturnAs {
    /// What a stranger is called, and whether they only listen.
    fn stranger(&self) -> Option<(&Text<MAX_NAME_CHARS>, Role)> {
        match self {
            Self::Member => None,
            Self::Stranger(name) => Some((name, Role::Member)),
            Self::Listener(name) => Some((name, Role::Listener)),
        }
    }
}

/// A device of a member comes in anew.
#[derive(Clone, Debug, Eq, PartialEq, TlsDeserialize, TlsSerialize, TlsSize)]
pub struct Return {
    /// Who comes, and the word that the device is theirs.
    pub credential: Credential,
    /// The devices that go for it, in ascending order; none exactly if its member is none in this
    /// state, or has this device not.
    pub gives_up: Vec<DeviceId>,
    /// As what it comes: as a stranger exactly if nothing is given up.
    pub comes: ReturnAs,
    /// When the device asked for it, by its own clock: grows with every return of a member, so that
    /// none is made twice.
    pub written: Timestamp,
    /// Hashes of the KeyPackages that were offered with it.
    key_packages: Vec<[u8; 32]>,
    /// The device that speaks for all this: one of those given up, or the one that comes.
    pub speaker: DeviceId,
    signature: [u8; 64],
}

impl Return {
    /// Asks for it with the key of one of the devices given up, or of the one that comes.
    #[must_use]
    pub fn sign<'a>(
        circle: &CircleId,
        key: &DeviceKey,
        credential: Credential,
        mut gives_up: Vec<DeviceId>,
        comes: ReturnAs,
        written: Timestamp,
        key_packages: impl Iterator<Item = &'a [u8]>,
    ) -> Self {
        gives_up.sort_unstable();
        let key_packages = key_packages.map(package_hash).collect();
        let (speaker, signature) = (key.id(), [0; 64]);
        let mut this =
            Self { credential, gives_up, comes, written, key_packages, speaker, signature };
        this.signature = key.sign(Label::RETURN_SIGNATURE, &this.signed_content(circle));
        this
    }

    /// What the signature is over: the circle, and every field in its order.
    fn signed_content(&self, circle: &CircleId) -> Vec<u8> {
        let Self { credential, gives_up, comes, written, key_packages, speaker, .. } = self;
        let parts = [
            wire::encode(circle),
            wire::encode(credential),
            wire::encode(gives_up),
            wire::encode(comes),
            wire::encode(written),
            wire::encode(key_packages),
            wire::encode(speaker),
        ];
        parts.iter().flat_map(|part| part.iter().copied()).collect()
    }

    /// The member.
    #[must_use]
    pub fn member(&self) -> &MemberId {
        &self.credential.member
    }

    /// The device that comes.
    #[must_use]
    pub fn device(&self) -> &DeviceId {
        &self.credential.device
    }

    /// Whether a KeyPackage was offered with it.
    #[must_use]
    pub fn covers(&self, key_package: &[u8]) -> bool {
        self.key_packages.contains(&package_hash(key_package))
    }

    /// Whether the speaker signed it for `circle`, the device is its member's, and the speaker is
    /// one that may speak for it. What a state says of all this is another matter.
    #[must_use]
    pub fn holds(&self, circle: &CircleId) -> bool {
        let ascending = self.gives_up.is_sorted_by(|one, next| one < next);
        let fits = ascending
            && self.gives_up.len() <= MAX_DEVICES_PER_MEMBER
            && self.gives_up.is_empty() == self.comes.stranger().is_some()
            && (1..=MAX_KEY_PACKAGES).contains(&self.key_packages.len());
        let comes_back_as_itself =
            self.gives_up.contains(self.device()) || self.comes.stranger().is_some();
        let speaks = if comes_back_as_itself {
            self.speaker == *self.device()
        } else {
            // Only a device that goes vouches for the one in its place, or the member key does.
            let vouched = self.credential.vouchers.last().map(|voucher| voucher.device);
            self.gives_up.contains(&self.speaker)
                && vouched.is_none_or(|device| device == self.speaker)
        };
        let device = self.device().as_bytes();
        fits && speaks
            && Unverified::new(self.credential.clone()).verify(circle, device).is_ok()
            && signature_holds(
                self.speaker.as_bytes(),
                Label::RETURN_SIGNATURE,
                &self.signed_content(circle),
                &self.signature,
            )
    }
}

fn package_hash(key_package: &[u8]) -> [u8; 32] {
    Label::RETURN_KEY_PACKAGE.hash(&[key_package])
}

impl Ledger {
    /// A device comes back. Anybody may commit it for a member; for somebody who is none, a
    /// facilitator, who could open an invite as well; for a device more of a member, another of
    /// theirs.
    pub(super) fn take_back(&mut self, act: Act<'_>, change: &Return) -> Result<(), ChangeError> {
        if !change.holds(act.circle) {
            return Err(ChangeError::Proof);
        }
        let (member, device) = (*change.member(), *change.device());
        let taken = self.member_of(&device).is_some() && !change.gives_up.contains(&device);
        if taken {
            return Err(ChangeError::AlreadyMember);
        }
        let Some((name, role)) = change.comes.stranger() else {
            let entry = self.members.get_mut(&member).ok_or(ChangeError::NotAMember)?;
            if change.written <= entry.returned {
                return Err(ChangeError::Proof);
            }
            if !change.gives_up.iter().all(|device| entry.devices.contains(device)) {
                return Err(ChangeError::NotADevice);
            }
            entry.devices.retain(|device| !change.gives_up.contains(device));
            entry.devices.push(device);
            entry.returned = change.written;
            return Ok(());
        };
        if member == *act.committer {
            return self.take_back_one_more(act.circle, change);
        }
        if !act.by_facilitator {
            return Err(ChangeError::Right);
        }
        if self.members.contains_key(&member) {
            return Err(ChangeError::AlreadyMember);
        }
        if self.members.len() >= MAX_MEMBERS {
            return Err(ChangeError::Limit);
        }
        let vote = self.right_of_newcomer(act.epoch, act.committer, true);
        let entry = MemberEntry {
            name: name.clone(),
            role,
            role_since: act.epoch,
            declaration: None,
            since: act.epoch,
            manner: Manner::Reviewed(*act.committer),
            devices: vec![device],
            committed: 0,
            vote,
            returned: change.written,
        };
        self.members.insert(member, entry);
        Ok(())
    }

    /// A device comes back that only another branch knew: another one of its member adds it, as it
    /// may add any.
    fn take_back_one_more(
        &mut self,
        circle: &CircleId,
        change: &Return,
    ) -> Result<(), ChangeError> {
        let member = change.member();
        let returned = self.members.get(member).map(|entry| entry.returned);
        if returned.is_none_or(|returned| change.written <= returned) {
            return Err(ChangeError::Proof);
        }
        self.add_device(circle, member, &change.credential)?;
        let entry = self.members.get_mut(member).ok_or(ChangeError::NotAMember)?;
        entry.returned = change.written;
        Ok(())
    }
}

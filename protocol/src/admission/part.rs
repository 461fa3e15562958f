//! A sub-grant with all that one has to know to draw by it, as it is kept, and what brings it to a
//! device: sealed to the device's leaf, or, for those who have none yet, behind the door of an
//! invite. Clauses: specs/06-sync Y-70 to Y-73.
//!
//! ```text
//! +-----------+-----------+-------+--------+-------------------------------+--------------+
//! | version 1 | giver 32  | at 8  | relay V | terms: grant id, epochs, keys | parts V      |
//! +-----------+-----------+-------+--------+-------------------------------+--------------+
//! ```
//! Signed by the giver's device key over circle, state and these bytes. Each part names a device and
//! is sealed by HPKE to the key of its leaf in that state.

use tls_codec::{TlsDeserialize, TlsSerialize, TlsSize};

use super::grant::{Grant, GrantId, SubGrant};
use crate::id::{CircleId, DeviceId, InviteId, IssuerId, StateId};
use crate::identity::{DeviceKey, signature_holds};
use crate::invite::{IssuerKey, RelayAddress};
use crate::label::Label;
use crate::limits::{GRANT_PARTS, MAX_GIVEN_GRANT, MAX_GRANT_EPOCHS, MAX_SEALED_PART};
use crate::mls::{self, HpkePublic, HpkeSecret, Suite};
use crate::random::Random;
use crate::secret::Secret;
use crate::time::Timestamp;
use crate::wire::text::Opaque;
use crate::wire::{self, DecodeError};

const VERSION: u8 = 1;

/// What all sub-grants of a grant have in common.
#[derive(Clone, Debug, Eq, PartialEq, TlsDeserialize, TlsSerialize, TlsSize)]
pub(crate) struct Terms {
    grant: GrantId,
    first_epoch: u32,
    epochs: u8,
    keys: [u8; 32],
}

/// One number and its secret.
#[derive(Debug, Eq, PartialEq, TlsDeserialize, TlsSerialize, TlsSize)]
pub(crate) struct Numbered {
    member: u16,
    secret: Secret<32>,
}

/// A sub-grant of one relay.
#[derive(Debug, Eq, PartialEq, TlsDeserialize, TlsSerialize, TlsSize)]
pub struct RelayPart {
    relay: RelayAddress,
    terms: Terms,
    numbered: Numbered,
}

/// What one device gets: its own sub-grant and, if it may invite, one for those who knock.
#[derive(Debug, Eq, PartialEq, TlsDeserialize, TlsSerialize, TlsSize)]
pub(crate) struct Parts {
    pub(crate) own: Numbered,
    pub(crate) door: Option<Numbered>,
}

impl Numbered {
    fn of(part: SubGrant) -> Self {
        Self { member: part.member, secret: part.secret }
    }

    fn duplicate(&self) -> Self {
        Self { member: self.member, secret: self.secret.duplicate() }
    }
}

impl Terms {
    pub(crate) fn of(grant: &Grant) -> Self {
        let epochs = grant.epochs();
        Self {
            grant: grant.id(),
            first_epoch: epochs.start,
            epochs: u8::try_from(epochs.len()).unwrap_or(u8::MAX),
            keys: *grant.keys(),
        }
    }

    fn is_bounded(&self) -> bool {
        (1..=MAX_GRANT_EPOCHS).contains(&usize::from(self.epochs))
            && self.first_epoch.checked_add(u32::from(self.epochs)).is_some()
    }
}

impl RelayPart {
    /// The part of member number `member` of a grant for the relay at this address; nothing if there
    /// are not so many.
    #[must_use]
    pub fn of(relay: &RelayAddress, grant: &Grant, member: u16) -> Option<Self> {
        let numbered = Numbered::of(grant.split(member)?);
        Some(Self { relay: relay.clone(), terms: Terms::of(grant), numbered })
    }

    pub(crate) fn new(relay: RelayAddress, terms: Terms, numbered: Numbered) -> Self {
        Self { relay, terms, numbered }
    }

    /// Its number and secret alone.
    pub(crate) fn into_numbered(self) -> Numbered {
        self.numbered
    }

    /// A second copy, on purpose.
    #[must_use]
    pub fn duplicate(&self) -> Self {
        let (relay, terms) = (self.relay.clone(), self.terms.clone());
        Self { relay, terms, numbered: self.numbered.duplicate() }
    }

    /// The relay it is for.
    #[must_use]
    pub fn relay(&self) -> &RelayAddress {
        &self.relay
    }

    /// What tokens are drawn with.
    #[must_use]
    pub fn sub_grant(&self) -> SubGrant {
        let Numbered { member, secret } = self.numbered.duplicate();
        SubGrant { grant: self.terms.grant, member, secret }
    }

    /// The epochs in which it holds.
    #[must_use]
    pub fn epochs(&self) -> std::ops::Range<u32> {
        let first = self.terms.first_epoch;
        first..first.saturating_add(u32::from(self.terms.epochs))
    }

    /// What the relay's public keys must hash to.
    #[must_use]
    pub fn keys(&self) -> &[u8; 32] {
        &self.terms.keys
    }

    /// The grant it is a part of.
    #[must_use]
    pub fn grant(&self) -> GrantId {
        self.terms.grant
    }

    /// Its number in the grant.
    #[must_use]
    pub fn member(&self) -> u16 {
        self.numbered.member
    }
}

/// A grant that is given to some devices of a circle.
#[derive(Debug, Eq, PartialEq, TlsDeserialize, TlsSerialize, TlsSize)]
pub(crate) struct Giving {
    version: u8,
    pub(crate) giver: DeviceId,
    pub(crate) at: Timestamp,
    pub(crate) relay: RelayAddress,
    pub(crate) terms: Terms,
    parts: Vec<SealedPart>,
}

#[derive(Debug, Eq, PartialEq, TlsDeserialize, TlsSerialize, TlsSize)]
struct SealedPart {
    device: DeviceId,
    sealed: Opaque<MAX_SEALED_PART>,
}

#[derive(TlsDeserialize, TlsSerialize, TlsSize)]
struct Signed {
    body: Opaque<MAX_GIVEN_GRANT>,
    signature: [u8; 64],
}

/// Where a part is given: it is worth nothing elsewhere.
#[derive(Clone, Copy)]
pub(crate) struct Place<'a> {
    pub(crate) circle: &'a CircleId,
    pub(crate) state: &'a StateId,
    pub(crate) suite: Suite,
}

impl Place<'_> {
    fn content(&self, body: &[u8]) -> Vec<u8> {
        [self.circle.as_bytes().as_slice(), self.state.as_bytes(), body].concat()
    }

    fn aad(&self, device: &DeviceId, grant: &GrantId) -> Vec<u8> {
        let parts: [&[u8]; 4] =
            [self.circle.as_bytes(), self.state.as_bytes(), device.as_bytes(), grant.as_bytes()];
        parts.concat()
    }
}

impl Giving {
    /// Seals parts to the leaves of devices, at most [`GRANT_PARTS`] at once, and signs; nothing if
    /// a key is none of the suite.
    pub(crate) fn seal(
        key: &DeviceKey,
        place: Place<'_>,
        (relay, terms, at): (&RelayAddress, &Terms, Timestamp),
        parts: &[(DeviceId, HpkePublic, Parts)],
        random: &mut Random,
    ) -> Option<Vec<u8>> {
        let mut sealed_parts = Vec::with_capacity(parts.len());
        for (device, leaf, parts) in parts.iter().take(GRANT_PARTS) {
            let (aad, bytes) = (place.aad(device, &terms.grant), wire::encode(parts));
            let label = Label::SUB_GRANT_HPKE;
            let sealed = mls::seal(place.suite, leaf, label, &aad, &bytes, random).ok()?;
            sealed_parts.push(SealedPart { device: *device, sealed: Opaque::new(sealed).ok()? });
        }
        let giving = Self {
            version: VERSION,
            giver: key.id(),
            at,
            relay: relay.clone(),
            terms: terms.clone(),
            parts: sealed_parts,
        };
        let body = wire::encode(&giving).to_vec();
        let signature = key.sign(Label::SUB_GRANT_GIVEN, &place.content(&body));
        Some(wire::encode(&Signed { body: Opaque::new(body).ok()?, signature }).to_vec())
    }

    /// Reads what [`Self::seal`] wrote and checks that the device it names signed it for this place.
    /// Whether that device may give is for the state to say.
    pub(crate) fn open(bytes: &[u8], place: Place<'_>) -> Result<Self, DecodeError> {
        let signed: Signed = wire::decode(bytes, MAX_GIVEN_GRANT + 128)?;
        let body = signed.body.as_bytes();
        let giving: Self = wire::decode(body, MAX_GIVEN_GRANT)?;
        if giving.version != VERSION {
            return Err(DecodeError::UnknownVersion);
        }
        if giving.parts.len() > GRANT_PARTS || !giving.terms.is_bounded() {
            return Err(DecodeError::Limit);
        }
        let (giver, content) = (giving.giver.as_bytes(), place.content(body));
        if !signature_holds(giver, Label::SUB_GRANT_GIVEN, &content, &signed.signature) {
            return Err(DecodeError::Malformed);
        }
        Ok(giving)
    }

    /// What is for one device, opened with the key of its leaf.
    pub(crate) fn part_of(
        &self,
        place: Place<'_>,
        device: &DeviceId,
        leaf: &HpkeSecret,
    ) -> Option<Parts> {
        let part = self.parts.iter().find(|part| part.device == *device)?;
        let (label, aad) = (Label::SUB_GRANT_HPKE, place.aad(device, &self.terms.grant));
        let bytes = mls::open(place.suite, leaf, label, &aad, part.sealed.as_bytes()).ok()?;
        wire::decode(&bytes, MAX_SEALED_PART).ok()
    }

    /// The devices it is for.
    pub(crate) fn devices(&self) -> impl Iterator<Item = &DeviceId> {
        self.parts.iter().map(|part| &part.device)
    }
}

/// What stands on the topic of an invite so that whoever holds the invite can knock.
pub(crate) struct Door;

impl Door {
    /// A part for those who hold an invite, signed by its issuer.
    pub(crate) fn sign(part: &RelayPart, key: &IssuerKey, invite: &InviteId) -> Option<Vec<u8>> {
        let body = wire::encode(part).to_vec();
        let content = [invite.as_bytes().as_slice(), &body].concat();
        let signature = key.sign(Label::DOOR_SIGNATURE, &content);
        Some(wire::encode(&Signed { body: Opaque::new(body).ok()?, signature }).to_vec())
    }

    /// Reads it, if `issuer` signed it for this invite.
    pub(crate) fn open(
        bytes: &[u8],
        issuer: &IssuerId,
        invite: &InviteId,
    ) -> Result<RelayPart, DecodeError> {
        let signed: Signed = wire::decode(bytes, MAX_GIVEN_GRANT + 128)?;
        let body = signed.body.as_bytes();
        let content = [invite.as_bytes().as_slice(), body].concat();
        let label = Label::DOOR_SIGNATURE;
        if !signature_holds(issuer.as_bytes(), label, &content, &signed.signature) {
            return Err(DecodeError::Malformed);
        }
        let part: RelayPart = wire::decode(body, MAX_GIVEN_GRANT)?;
        if part.terms.is_bounded() { Ok(part) } else { Err(DecodeError::Limit) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn random() -> Random {
        Random::from_seed(&Secret::from_bytes([9; 32]))
    }

    fn grant() -> Grant {
        let (id, secret) = (GrantId::from_bytes([7; 8]), Secret::from_bytes([5; 32]));
        Grant::new(id, secret, (9, 16), (100, 4), [3; 32]).unwrap()
    }

    #[test]
    fn a_part_opens_on_its_device_alone_and_in_its_place() {
        for suite in [Suite::XWing, Suite::X25519] {
            let mut random = random();
            let key = DeviceKey::generate(&mut random);
            let (circle, state) = (CircleId::from_bytes([1; 32]), StateId::from_bytes([2; 32]));
            let place = Place { circle: &circle, state: &state, suite };
            let devices = [DeviceId::from_bytes([3; 32]), DeviceId::from_bytes([4; 32])];
            let leaves = [0, 1].map(|_| mls::generate(suite, &mut random).unwrap());
            let part = |member| Numbered::of(grant().split(member).unwrap());
            let parts = [
                (devices[0], leaves[0].1.clone(), Parts { own: part(0), door: Some(part(1)) }),
                (devices[1], leaves[1].1.clone(), Parts { own: part(2), door: None }),
            ];
            let relay = RelayAddress::new("/dns4/relay.example/tcp/1").unwrap();
            let terms = Terms::of(&grant());
            let about = (&relay, &terms, Timestamp::from_seconds(1));
            let bytes = Giving::seal(&key, place, about, &parts, &mut random).unwrap();
            let giving = Giving::open(&bytes, place).unwrap();
            assert_eq!(giving.giver, key.id());
            assert_eq!(
                giving.part_of(place, &devices[0], &leaves[0].0).as_ref(),
                Some(&parts[0].2)
            );
            assert!(giving.part_of(place, &devices[1], &leaves[0].0).is_none());
            assert!(giving.part_of(place, &devices[0], &leaves[1].0).is_none());

            let elsewhere = StateId::from_bytes([6; 32]);
            let elsewhere = Place { state: &elsewhere, ..place };
            assert!(Giving::open(&bytes, elsewhere).is_err(), "nobody says it again elsewhere");
            let mut spoilt = bytes.clone();
            spoilt[60] ^= 1;
            assert!(Giving::open(&spoilt, place).is_err());
        }
    }

    #[test]
    fn as_many_parts_as_may_be_given_at_once_fit() {
        let mut random = random();
        let (circle, state) = (CircleId::from_bytes([1; 32]), StateId::from_bytes([2; 32]));
        let place = Place { circle: &circle, state: &state, suite: Suite::XWing };
        let (_, leaf) = mls::generate(Suite::XWing, &mut random).unwrap();
        let numbered = |n| Numbered { member: n, secret: Secret::from_bytes([1; 32]) };
        let parts: Vec<_> = (0..GRANT_PARTS)
            .map(|_| {
                let parts = Parts { own: numbered(0), door: Some(numbered(1)) };
                (DeviceId::from_bytes([3; 32]), leaf.clone(), parts)
            })
            .collect();
        let relay = RelayAddress::new(&"a".repeat(crate::limits::MAX_RELAY_ADDRESS)).unwrap();
        let about = (&relay, &Terms::of(&grant()), Timestamp::from_seconds(1));
        let key = DeviceKey::generate(&mut random);
        let bytes = Giving::seal(&key, place, about, &parts, &mut random).unwrap();
        assert_eq!(Giving::open(&bytes, place).unwrap().devices().count(), GRANT_PARTS);
    }

    #[test]
    fn a_door_is_signed_by_the_issuer_of_its_invite() {
        let (key, other) = (IssuerKey::generate(&mut random()), InviteId::from_bytes([9; 32]));
        let invite = InviteId::from_bytes([8; 32]);
        let relay = RelayAddress::new("/dns4/relay.example/tcp/1").unwrap();
        let part = RelayPart::of(&relay, &grant(), 3).unwrap();
        let bytes = Door::sign(&part, &key, &invite).unwrap();
        assert_eq!(Door::open(&bytes, &key.id(), &invite).unwrap(), part);
        assert!(Door::open(&bytes, &key.id(), &other).is_err());
        assert!(Door::open(&bytes, &IssuerId::from_bytes([1; 32]), &invite).is_err());
    }
}

//! A beacon: a device says where it stands, to those who share no state with it any more.

use tls_codec::{TlsDeserialize, TlsSerialize, TlsSize};

use crate::id::{CircleId, DeviceId, MemberId, StateId};
use crate::identity::{Credential, DeviceKey, Unverified, Verified, signature_holds};
use crate::label::Label;
use crate::limits::{MAX_BEACON, MAX_BEACON_STATES};
use crate::time::Timestamp;
use crate::wire::text::Opaque;
use crate::wire::{self, DecodeError};

const VERSION: u8 = 1;

/// Where one device stands. It speaks for its member alone.
#[derive(Clone, Debug, Eq, PartialEq, TlsDeserialize, TlsSerialize, TlsSize)]
pub(crate) struct Beacon {
    version: u8,
    circle: CircleId,
    credential: Credential,
    /// The way of its head, from the head downwards: without gaps at first, then ever farther
    /// apart. At most [`MAX_BEACON_STATES`], the head among them.
    pub(crate) states: Vec<StateId>,
    /// When it says so, by its own clock.
    pub(crate) written: Timestamp,
}

#[derive(TlsDeserialize, TlsSerialize, TlsSize)]
struct SignedBeacon {
    body: Opaque<MAX_BEACON>,
    signature: [u8; 64],
}

impl Beacon {
    /// What a device says whose way is `states`.
    pub(crate) fn new(
        circle: CircleId,
        credential: Credential,
        states: Vec<StateId>,
        written: Timestamp,
    ) -> Self {
        Self { version: VERSION, circle, credential, states, written }
    }

    /// Whose device says it.
    pub(crate) fn member(&self) -> MemberId {
        self.credential.member
    }

    /// Which device says it.
    pub(crate) fn device(&self) -> DeviceId {
        self.credential.device
    }

    /// Whether it came in the place of `device`, or of one that came in its place.
    pub(crate) fn is_vouched_for_by(&self, device: &DeviceId) -> bool {
        self.credential.vouchers.iter().any(|voucher| voucher.device == *device)
    }

    /// The record of its frame, signed; `None` if it is longer than anybody reads.
    pub(crate) fn sign(&self, key: &DeviceKey) -> Option<Vec<u8>> {
        let body = wire::encode(self);
        let signature = key.sign(Label::BEACON_SIGNATURE, &body);
        let signed = SignedBeacon { body: Opaque::new(body.as_slice()).ok()?, signature };
        Some(wire::encode(&signed).to_vec())
    }

    /// Reads what [`Self::sign`] wrote for `circle`, and checks that the device it names signed it
    /// and is its member's.
    ///
    /// # Errors
    /// [`DecodeError`]; it says nothing.
    pub(crate) fn read(bytes: &[u8], circle: &CircleId) -> Result<Verified<Self>, DecodeError> {
        let signed: SignedBeacon = wire::decode(bytes, 2 * MAX_BEACON)?;
        let beacon: Self = wire::decode(signed.body.as_bytes(), MAX_BEACON)?;
        if beacon.version != VERSION {
            return Err(DecodeError::UnknownVersion);
        }
        if !(1..=MAX_BEACON_STATES).contains(&beacon.states.len()) {
            return Err(DecodeError::Limit);
        }
        let device = beacon.credential.device;
        let certified =
            Unverified::new(beacon.credential.clone()).verify(circle, device.as_bytes()).is_ok();
        let holds = signature_holds(
            device.as_bytes(),
            Label::BEACON_SIGNATURE,
            signed.body.as_bytes(),
            &signed.signature,
        );
        if beacon.circle != *circle || !certified || !holds {
            return Err(DecodeError::Malformed);
        }
        Ok(Verified::assert(beacon))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::MemberKey;
    use crate::secret::Secret;

    const CIRCLE: CircleId = CircleId::from_bytes([1; 32]);

    #[test]
    fn the_fullest_beacon_fits_and_is_believed_only_from_its_device() {
        let member = MemberKey::from_secret(&Secret::from_bytes([2; 32]));
        let mut key = DeviceKey::from_secret(&Secret::from_bytes([3; 32]));
        let mut credential = member.certify(&CIRCLE, &key.id());
        for seed in 4..11 {
            let next = DeviceKey::from_secret(&Secret::from_bytes([seed; 32]));
            credential = credential.vouch(&CIRCLE, &key, &next.id()).unwrap();
            key = next;
        }
        let states = (0..MAX_BEACON_STATES).map(|n| StateId::from_bytes([n as u8; 32])).collect();
        let beacon = Beacon::new(CIRCLE, credential, states, Timestamp::from_seconds(7));
        let bytes = beacon.sign(&key).unwrap();
        assert_eq!(*Beacon::read(&bytes, &CIRCLE).unwrap(), beacon);

        let other = DeviceKey::from_secret(&Secret::from_bytes([99; 32]));
        assert!(Beacon::read(&beacon.sign(&other).unwrap(), &CIRCLE).is_err());
        assert!(Beacon::read(&bytes, &CircleId::from_bytes([9; 32])).is_err());
        for end in (0..bytes.len()).step_by(97) {
            assert!(Beacon::read(&bytes[..end], &CIRCLE).is_err());
        }
    }
}

//! The question of a device that was away for long, or cannot open what it sees.

use tls_codec::{TlsDeserialize, TlsSerialize, TlsSize};

use crate::id::{CircleId, DeviceId, StateId};
use crate::identity::{Credential, DeviceKey, Unverified, Verified, signature_holds};
use crate::label::Label;
use crate::limits::{MAX_ASK, MAX_KNOWN_STATES};
use crate::mls::HpkePublic;
use crate::porch::HistoryAsk;
use crate::time::Timestamp;
use crate::wire::text::Opaque;
use crate::wire::{self, DecodeError};

const VERSION: u8 = 1;

/// Names a question.
pub(crate) type AskId = [u8; 32];

/// What a device says when it asks.
#[derive(Clone, Debug, Eq, PartialEq, TlsDeserialize, TlsSerialize, TlsSize)]
pub(crate) struct AskBody {
    version: u8,
    /// The circle.
    pub(crate) circle: CircleId,
    /// Who asks, and the word that the device is its member's: those who asks may have forgotten
    /// the states in which it was, and not their members.
    pub(crate) credential: Credential,
    /// Its head.
    pub(crate) head: StateId,
    /// States below its head whose keys it has, ever farther apart: at most [`MAX_KNOWN_STATES`].
    pub(crate) known: Vec<StateId>,
    /// How many items it has written.
    pub(crate) seq: u64,
    /// Until when it heard everything.
    pub(crate) heard: Timestamp,
    /// When it asks.
    pub(crate) written: Timestamp,
    /// How often it has asked before.
    pub(crate) attempt: u8,
    /// The key that answers are sealed to.
    pub(crate) reply: HpkePublic,
    /// What it asks for of what was said before its member came, if it asks for that and not for
    /// what it missed.
    pub(crate) history: Option<HistoryAsk>,
}

/// A question and the signature of the device that asks.
#[derive(Clone, Debug, Eq, PartialEq, TlsDeserialize, TlsSerialize, TlsSize)]
pub(crate) struct Ask {
    body: Opaque<MAX_ASK>,
    signature: [u8; 64],
}

impl AskBody {
    /// The body of a question about `circle` by a device whose head is `head`.
    pub(crate) fn new(
        circle: CircleId,
        credential: Credential,
        head: StateId,
        written: Timestamp,
        reply: HpkePublic,
    ) -> Self {
        let (known, heard) = (Vec::new(), Timestamp::default());
        let (seq, attempt) = (0, 0);
        Self {
            version: VERSION,
            circle,
            credential,
            head,
            known,
            seq,
            heard,
            written,
            attempt,
            reply,
            history: None,
        }
    }

    /// The device that asks.
    pub(crate) fn device(&self) -> DeviceId {
        self.credential.device
    }

    /// Signs it; `None` if it is longer than anybody reads.
    pub(crate) fn sign(&self, key: &DeviceKey) -> Option<Ask> {
        let body = wire::encode(self);
        let signature = key.sign(Label::ASK_SIGNATURE, &body);
        Some(Ask { body: Opaque::new(body.as_slice()).ok()?, signature })
    }
}

impl Ask {
    /// Its id.
    pub(crate) fn id(&self) -> AskId {
        Label::ASK_ID.hash(&[self.body.as_bytes()])
    }

    /// The record of its frame.
    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        wire::encode(self).to_vec()
    }

    /// Reads what [`Self::to_bytes`] wrote, and checks that the device it names signed it.
    ///
    /// # Errors
    /// [`DecodeError`]; nobody answers it.
    pub(crate) fn read(bytes: &[u8]) -> Result<(AskId, Verified<AskBody>), DecodeError> {
        let ask: Self = wire::decode(bytes, 2 * MAX_ASK)?;
        let body: AskBody = wire::decode(ask.body.as_bytes(), MAX_ASK)?;
        if body.version != VERSION {
            return Err(DecodeError::UnknownVersion);
        }
        if body.known.len() > MAX_KNOWN_STATES {
            return Err(DecodeError::Limit);
        }
        let device = body.credential.device.as_bytes();
        let certified = Unverified::new(body.credential.clone()).verify(&body.circle, device);
        let holds =
            signature_holds(device, Label::ASK_SIGNATURE, ask.body.as_bytes(), &ask.signature);
        if !holds || certified.is_err() {
            return Err(DecodeError::Malformed);
        }
        Ok((ask.id(), Verified::assert(body)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::MemberKey;
    use crate::mls::{Suite, generate};
    use crate::random::Random;
    use crate::secret::Secret;

    #[test]
    fn the_fullest_question_fits_and_is_believed_only_from_its_device() {
        let mut random = Random::from_seed(&Secret::from_bytes([1; 32]));
        let key = DeviceKey::generate(&mut random);
        let (_, reply) = generate(Suite::XWing, &mut random).unwrap();
        let state = |byte| StateId::from_bytes([byte; 32]);
        let circle = CircleId::from_bytes([2; 32]);
        let member = MemberKey::generate(&mut random);
        let mut body = AskBody::new(
            circle,
            member.certify(&circle, &key.id()),
            state(3),
            Timestamp::from_seconds(7),
            reply,
        );
        body.known = (0..16).map(state).collect();
        let bytes = body.sign(&key).unwrap().to_bytes();
        let (_, read) = Ask::read(&bytes).unwrap();
        assert_eq!(*read, body);

        let other = DeviceKey::generate(&mut random);
        assert!(Ask::read(&body.sign(&other).unwrap().to_bytes()).is_err());
        body.known.push(state(17));
        assert!(Ask::read(&body.sign(&key).unwrap().to_bytes()).is_err());
        for end in 0..bytes.len() {
            assert!(Ask::read(&bytes[..end]).is_err());
        }
    }
}

//! How a further device of a member comes in: the line of text its owner carries over, what the
//! new device asks, and the word it gets. Everything else is an invite's: topic, card, knock and
//! answer. Clauses: specs/05-invite V-17 to V-19.
//!
//! ```text
//! +----------+----------------+
//! | knock 32 | sealed (W-15) V |     request: to the code's opening key; grant: to the reply key
//! +----------+----------------+
//! ```

use tls_codec::{TlsDeserialize, TlsSerialize, TlsSize};
use zeroize::Zeroizing;

use crate::id::{DeviceId, InviteId, KnockId};
use crate::identity::{Credential, Unverified};
use crate::invite::text::{Scheme, parse_as};
use crate::invite::{InviteText, InviteTextError, RelayAddress};
use crate::label::Label;
use crate::limits::MAX_DEVICE_POST;
use crate::mls::{self, HpkeError, HpkePublic, HpkeSecret, Suite};
use crate::random::Random;
use crate::wire::text::Opaque;
use crate::wire::{self, DecodeError};

/// Numbers two devices can show: six decimal digits.
const NUMBERS: u32 = 1_000_000;

/// The line of text by which a further device of the same member comes in.
#[derive(Debug, Eq, PartialEq)]
pub struct DeviceCode(InviteText);

impl DeviceCode {
    pub(crate) fn new(text: InviteText) -> Self {
        Self(text)
    }

    /// Where the circle is reached.
    #[must_use]
    pub fn relays(&self) -> &[RelayAddress] {
        &self.0.relays
    }

    /// Names the code like an invite.
    #[must_use]
    pub fn id(&self) -> InviteId {
        self.0.seed.id()
    }

    pub(crate) fn into_text(self) -> InviteText {
        self.0
    }

    /// One line: `windbreak-device:` and lower-case base32.
    #[must_use]
    pub fn to_code(&self) -> Zeroizing<String> {
        self.0.to_code_as(Scheme::Device)
    }

    /// The line in upper case, which a QR code holds in little more than half the space.
    #[must_use]
    pub fn to_qr_text(&self) -> Zeroizing<String> {
        let mut text = self.to_code();
        text.make_ascii_uppercase();
        text
    }

    /// Reads a line as people paste it.
    ///
    /// # Errors
    /// [`InviteTextError`] says what to do next.
    pub fn parse(text: &str) -> Result<Self, InviteTextError> {
        parse_as(text, Scheme::Device).map(Self)
    }
}

/// What both devices show, so that a person sees that they talk with each other and with nobody
/// between: six digits.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct DeviceNumber(u32);

impl DeviceNumber {
    /// The number in these digits; spaces between them are passed over.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let digits: String = text.chars().filter(|c| !c.is_whitespace()).collect();
        let six = digits.len() == 6 && digits.bytes().all(|byte| byte.is_ascii_digit());
        six.then(|| digits.parse().ok().map(Self)).flatten()
    }
}

impl std::fmt::Display for DeviceNumber {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:03} {:03}", self.0 / 1000, self.0 % 1000)
    }
}

/// What a new device asks: that its key be certified.
#[derive(Clone, Debug, Eq, PartialEq, TlsDeserialize, TlsSerialize, TlsSize)]
pub struct DeviceRequest {
    /// The new device.
    pub device: DeviceId,
    /// The key that grant and answer are sealed to; it names the knock that will follow.
    pub reply: HpkePublic,
}

impl DeviceRequest {
    /// The id of the knock that will follow.
    #[must_use]
    pub fn id(&self) -> KnockId {
        KnockId::from_bytes(Label::KNOCK_ID.hash(&[self.reply.as_bytes()]))
    }

    /// What both devices show.
    #[must_use]
    pub fn number(&self, code: &InviteId) -> DeviceNumber {
        let parts: [&[u8]; 3] = [code.as_bytes(), self.device.as_bytes(), self.reply.as_bytes()];
        let [first, second, third, fourth, ..] = Label::DEVICE_NUMBER.hash(&parts);
        DeviceNumber(u32::from_be_bytes([first, second, third, fourth]) % NUMBERS)
    }

    /// Seals the request to the opening key of the code's card.
    ///
    /// # Errors
    /// [`HpkeError::Key`] when the card's key is not one of its suite.
    pub fn seal(
        &self,
        code: &InviteId,
        suite: Suite,
        opening: &HpkePublic,
        random: &mut Random,
    ) -> Result<DevicePost, HpkeError> {
        let (label, bytes) = (Label::DEVICE_REQUEST_HPKE, wire::encode(self));
        DevicePost::seal(self.id(), code, suite, opening, label, &bytes, random)
    }
}

/// A request or a grant as it travels.
#[derive(Clone, Debug, Eq, PartialEq, TlsDeserialize, TlsSerialize, TlsSize)]
pub struct DevicePost {
    /// The knock that will follow, as its sender claims.
    pub knock: KnockId,
    sealed: Opaque<MAX_DEVICE_POST>,
}

impl DevicePost {
    fn seal(
        knock: KnockId,
        code: &InviteId,
        suite: Suite,
        to: &HpkePublic,
        label: Label,
        bytes: &[u8],
        random: &mut Random,
    ) -> Result<Self, HpkeError> {
        let aad = [code.as_bytes().as_slice(), knock.as_bytes()].concat();
        let sealed = mls::seal(suite, to, label, &aad, bytes, random)?;
        let sealed = Opaque::new(sealed).map_err(|_| DecodeError::TooLong)?;
        Ok(Self { knock, sealed })
    }

    /// The word of a member's first device for a new one, sealed to its reply key.
    ///
    /// # Errors
    /// [`HpkeError::Key`] when the reply key is not one of the suite.
    pub fn grant(
        credential: &Credential,
        request: &DeviceRequest,
        code: &InviteId,
        suite: Suite,
        random: &mut Random,
    ) -> Result<Self, HpkeError> {
        let label = Label::DEVICE_GRANT_HPKE;
        let bytes = credential.to_bytes();
        Self::seal(request.id(), code, suite, &request.reply, label, &bytes, random)
    }

    /// Reads what [`Self::to_bytes`] wrote.
    ///
    /// # Errors
    /// [`DecodeError`] when the bytes are neither a request nor a grant.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, DecodeError> {
        wire::decode(bytes, 2 * MAX_DEVICE_POST)
    }

    /// The record of a frame.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        wire::encode(self).to_vec()
    }

    fn open(
        &self,
        code: &InviteId,
        suite: Suite,
        key: &HpkeSecret,
        label: Label,
    ) -> Result<crate::secret::SecretBytes, HpkeError> {
        let aad = [code.as_bytes().as_slice(), self.knock.as_bytes()].concat();
        mls::open(suite, key, label, &aad, self.sealed.as_bytes())
    }

    /// Opens a request; `None` if it is not what it claims to be.
    #[must_use]
    pub fn open_request(
        &self,
        code: &InviteId,
        suite: Suite,
        opening: &HpkeSecret,
    ) -> Option<DeviceRequest> {
        let bytes = self.open(code, suite, opening, Label::DEVICE_REQUEST_HPKE).ok()?;
        let request: DeviceRequest = wire::decode(&bytes, MAX_DEVICE_POST).ok()?;
        (request.id() == self.knock).then_some(request)
    }

    /// Opens a grant; nothing about it is believed yet.
    #[must_use]
    pub fn open_grant(
        &self,
        code: &InviteId,
        suite: Suite,
        reply: &HpkeSecret,
    ) -> Option<Unverified<Credential>> {
        let bytes = self.open(code, suite, reply, Label::DEVICE_GRANT_HPKE).ok()?;
        Credential::from_bytes(&bytes).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::CircleId;
    use crate::identity::{DeviceKey, MemberKey};
    use crate::secret::Secret;

    const CODE: InviteId = InviteId::from_bytes([7; 32]);

    fn request(suite: Suite, random: &mut Random) -> (DeviceRequest, HpkeSecret) {
        let (secret, reply) = mls::generate(suite, random).unwrap();
        (DeviceRequest { device: DeviceKey::generate(random).id(), reply }, secret)
    }

    #[test]
    fn a_request_and_its_grant_open_with_their_keys_and_with_no_other() {
        for suite in [Suite::XWing, Suite::X25519] {
            let mut random = Random::from_seed(&Secret::from_bytes([3; 32]));
            let (opening, public) = mls::generate(suite, &mut random).unwrap();
            let (request, reply) = request(suite, &mut random);
            let sealed = request.seal(&CODE, suite, &public, &mut random).unwrap();
            let sealed = DevicePost::from_bytes(&sealed.to_bytes()).unwrap();
            assert_eq!(sealed.open_request(&CODE, suite, &opening), Some(request.clone()));
            assert_eq!(sealed.open_request(&CODE, suite, &reply), None);
            let other = InviteId::from_bytes([8; 32]);
            assert_eq!(sealed.open_request(&other, suite, &opening), None);

            let credential = MemberKey::generate(&mut random)
                .certify(&CircleId::from_bytes([1; 32]), &request.device);
            let grant = DevicePost::grant(&credential, &request, &CODE, suite, &mut random);
            let grant = DevicePost::from_bytes(&grant.unwrap().to_bytes()).unwrap();
            let opened = grant.open_grant(&CODE, suite, &reply).unwrap();
            assert_eq!(*opened.claimed(), credential);
            assert!(grant.open_grant(&CODE, suite, &opening).is_none());
            assert_eq!(grant.open_request(&CODE, suite, &reply), None);
        }
    }

    #[test]
    fn another_device_or_another_key_shows_another_number() {
        let mut random = Random::from_seed(&Secret::from_bytes([3; 32]));
        let (one, _) = request(Suite::X25519, &mut random);
        let (other, _) = request(Suite::X25519, &mut random);
        let number = one.number(&CODE);
        assert_eq!(DeviceNumber::parse(&number.to_string()), Some(number));
        assert_ne!(number, other.number(&CODE));
        let between = DeviceRequest { reply: other.reply, device: one.device };
        assert_ne!(number, between.number(&CODE));
        assert_ne!(number, one.number(&InviteId::from_bytes([8; 32])));
        for wrong in ["", "12345", "1234567", "12345a", "１２３４５６"] {
            assert_eq!(DeviceNumber::parse(wrong), None, "{wrong}");
        }
    }
}

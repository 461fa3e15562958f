//! The seed of an invite, and what it yields: the key that signs a knock, the topic, and the key
//! that seals what stands there. Clause: specs/05-invite V-1.

use ed25519_dalek::{Signer, SigningKey};
use tls_codec::{TlsDeserialize, TlsSerialize, TlsSize};

use crate::id::InviteId;
use crate::label::Label;
use crate::random::Random;
use crate::secret::Secret;
use crate::wire::{SealKey, TopicKey};

/// Thirty-two bytes, held by the inviter's devices and the invitee alone. The circle knows what it
/// yields except the signing key.
#[derive(Debug, Eq, PartialEq, TlsDeserialize, TlsSerialize, TlsSize)]
pub struct InviteSeed(Secret<32>);

impl InviteSeed {
    /// A fresh seed.
    #[must_use]
    pub fn generate(random: &mut Random) -> Self {
        Self(random.secret())
    }

    /// The seed with these bytes.
    #[must_use]
    pub fn from_secret(secret: Secret<32>) -> Self {
        Self(secret)
    }

    /// The bytes, to be kept sealed.
    #[must_use]
    pub fn to_secret(&self) -> Secret<32> {
        self.0.duplicate()
    }

    /// A second copy, on purpose.
    #[must_use]
    pub fn duplicate(&self) -> Self {
        Self(self.0.duplicate())
    }

    /// The invite: the public half of its signing key.
    #[must_use]
    pub fn id(&self) -> InviteId {
        InviteId::from_bytes(self.signing_key().verifying_key().to_bytes())
    }

    /// The secret of the invite's topic, as the circle keeps it.
    #[must_use]
    pub fn topic_secret(&self) -> Secret<32> {
        Label::INVITE_TOPIC.derive(&self.0, &[])
    }

    /// The key of the invite's topic.
    #[must_use]
    pub fn topic_key(&self) -> TopicKey {
        TopicKey::from_secret(&self.topic_secret())
    }

    /// The secret that seals what stands on the invite's topic, as the circle keeps it.
    #[must_use]
    pub fn card_secret(&self) -> Secret<32> {
        Label::INVITE_CARD.derive(&self.0, &[])
    }

    /// What seals the envelopes on the invite's topic.
    #[must_use]
    pub fn card_key(&self) -> SealKey {
        SealKey::from_secret(&self.card_secret())
    }

    /// What admits to the door where the invite is answered on a local network.
    #[must_use]
    pub fn door_secret(&self) -> Secret<32> {
        Label::INVITE_DOOR.derive(&self.card_secret(), &[])
    }

    pub(super) fn sign(&self, label: Label, content: &[u8]) -> [u8; 64] {
        self.signing_key().sign(&label.to_be_signed(content)).to_bytes()
    }

    fn signing_key(&self) -> SigningKey {
        SigningKey::from_bytes(Label::INVITE_SIGNING.derive(&self.0, &[]).expose())
    }
}

//! What an engine does not tell and a test must see: the secret behind a head, and which key of
//! which ratchet an envelope was sent with.

use std::collections::BTreeSet;

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{ChaCha20Poly1305, Nonce};
use hkdf::Hkdf;
use sha2::Sha256;
use tls_codec::{TlsDeserialize, TlsSerialize, TlsSize, VLBytes};

use crate::engine::Engine;
use crate::id::{CircleId, DeviceId, ItemId, StateId};
use crate::identity::Verified;
use crate::mls::sender_data_secret;
use crate::secret::Secret;
use crate::state::{MAX_SEAL_LINKS, SealLinks};
use crate::wire::{self, Envelope};

/// Bytes of a ciphertext from which the key of the sender data follows: the length of a hash
/// (RFC 9420 section 6.3.2).
const SAMPLE: usize = 32;

/// Which key an item was encrypted with: nothing may ever be sent twice with one.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct Generation {
    /// The state.
    pub state: StateId,
    /// The sender's leaf.
    pub leaf: u32,
    /// The generation of the sender's ratchet.
    pub generation: u32,
}

/// RFC 9420 section 6.3, inside an MLSMessage.
#[derive(TlsDeserialize, TlsSerialize, TlsSize)]
struct PrivateMessage {
    version: u16,
    wire_format: u16,
    group: VLBytes,
    epoch: u64,
    content_type: u8,
    authenticated_data: VLBytes,
    sender_data: VLBytes,
    ciphertext: VLBytes,
}

#[derive(TlsDeserialize, TlsSerialize, TlsSize)]
struct SenderData {
    leaf: u32,
    generation: u32,
    reuse_guard: [u8; 4],
}

/// RFC 9420 section 6.3.2.
#[derive(TlsSerialize, TlsSize)]
struct SenderDataAad {
    group: VLBytes,
    epoch: u64,
    content_type: u8,
}

/// RFC 9420 section 8.
#[derive(TlsSerialize, TlsSize)]
struct KdfLabel {
    length: u16,
    label: VLBytes,
    context: VLBytes,
}

/// A hash of a secret that only those who are in the head of this device can work out: equal heads
/// must have equal ones.
#[must_use]
pub fn head_secret(engine: &Engine, circle: &CircleId) -> Option<[u8; 32]> {
    engine.opened(circle)?.head_secret()
}

/// The devices that are in the head of this device, whosever they are.
#[must_use]
pub fn devices(engine: &Engine, circle: &CircleId) -> BTreeSet<DeviceId> {
    let circle = engine.opened(circle);
    let ledger = circle.and_then(|circle| circle.ledger_of(&circle.head_id()));
    let members = ledger.iter().flat_map(|ledger| ledger.members().values());
    members.flat_map(|entry| &entry.devices).copied().collect()
}

/// Which key the item in an envelope was encrypted with, if this device has the keys of its state.
/// Nothing is used up by looking. `None` also for records that travel in chunks.
#[must_use]
pub fn generation(
    engine: &Engine,
    circle: &CircleId,
    envelope: &Verified<Envelope>,
) -> Option<Generation> {
    let circle = engine.opened(circle)?;
    let (state, message) = circle.message_in(envelope)?;
    let secret = sender_data_secret(circle.namespace_of(&state)?)?;
    let message: PrivateMessage = wire::decode(&message, message.len()).ok()?;
    let data = sender_data(&secret, &message)?;
    Some(Generation { state, leaf: data.leaf, generation: data.generation })
}

/// Whether a device has an item and does not know who was in the state that it was first sealed under: it
/// cannot tell then who had been taken out there (O-73).
#[must_use]
pub fn has_from_unknown(engine: &Engine, circle: &CircleId, item: &ItemId) -> bool {
    engine.opened(circle).is_some_and(|circle| circle.has_from_unknown(item))
}

/// What the message in an envelope is for, by the numbers of the registry, if this device has the
/// keys of its state. `None` also for commits and for records that travel in chunks.
#[must_use]
pub fn purpose(engine: &Engine, circle: &CircleId, envelope: &Verified<Envelope>) -> Option<u8> {
    let (_, message) = engine.opened(circle)?.message_in(envelope)?;
    let message: PrivateMessage = wire::decode(&message, message.len()).ok()?;
    let links: SealLinks =
        wire::decode(message.authenticated_data.as_slice(), MAX_SEAL_LINKS).ok()?;
    Some(links.purpose as u8)
}

fn sender_data(secret: &Secret<32>, message: &PrivateMessage) -> Option<SenderData> {
    let ciphertext = message.ciphertext.as_slice();
    let sample = ciphertext.get(..SAMPLE).unwrap_or(ciphertext);
    let key: [u8; 32] = expand(secret, b"key", sample)?;
    let nonce: [u8; 12] = expand(secret, b"nonce", sample)?;
    let aad = SenderDataAad {
        group: message.group.as_slice().into(),
        epoch: message.epoch,
        content_type: message.content_type,
    };
    let aad = wire::encode(&aad);
    let payload = Payload { msg: message.sender_data.as_slice(), aad: &aad };
    let data = ChaCha20Poly1305::new(&key.into()).decrypt(&Nonce::from(nonce), payload).ok()?;
    wire::decode(&data, data.len()).ok()
}

fn expand<const N: usize>(secret: &Secret<32>, label: &[u8], context: &[u8]) -> Option<[u8; N]> {
    let label = KdfLabel {
        length: u16::try_from(N).ok()?,
        label: [b"MLS 1.0 ", label].concat().into(),
        context: context.into(),
    };
    let mut output = [0; N];
    let hkdf = Hkdf::<Sha256>::from_prk(secret.expose()).ok()?;
    hkdf.expand(&wire::encode(&label), &mut output).ok()?;
    Some(output)
}

//! Who is who: member keys, device keys, and the credential that binds a device to its member.
//! Clauses: specs/02-identity.

mod credential;
mod device_key;
mod known_keys;
mod member_key;
mod verified;

pub use credential::{Credential, CredentialError, Voucher};
pub use device_key::DeviceKey;
pub use member_key::MemberKey;
pub use verified::{Unverified, Verified};

pub(crate) use known_keys::KnownKeys;

use ed25519_dalek::{Signature, VerifyingKey};

use crate::label::Label;

/// Whether `signature` is what the holder of `public` makes over `content` for `label`.
///
/// Strict (RFC 8032 section 5.1.7): small-order keys and non-canonical points are refused, so that
/// everybody decides alike.
#[must_use]
pub(crate) fn signature_holds(
    public: &[u8; 32],
    label: Label,
    content: &[u8],
    signature: &[u8; 64],
) -> bool {
    VerifyingKey::from_bytes(public).is_ok_and(|key| {
        key.verify_strict(&label.to_be_signed(content), &Signature::from_bytes(signature)).is_ok()
    })
}

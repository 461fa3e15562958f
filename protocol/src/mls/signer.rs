//! The device key as openmls wants a signer. Clause: specs/02-identity D-3.

use ed25519_dalek::{Signer as _, SigningKey};
use openmls_traits::signatures::{Signer, SignerError};
use openmls_traits::types::SignatureScheme;

use crate::id::DeviceId;
use crate::identity::DeviceKey;
#[cfg(any(test, feature = "testing"))]
use crate::secret::Secret;

/// Signs for one device of one circle.
pub(crate) struct DeviceSigner(SigningKey);

impl DeviceSigner {
    /// From the device key.
    pub(crate) fn of(key: &DeviceKey) -> Self {
        Self(key.to_signing_key())
    }

    /// From the secret half of a device key.
    #[cfg(any(test, feature = "testing"))]
    pub(crate) fn new(secret: &Secret<32>) -> Self {
        Self(SigningKey::from_bytes(secret.expose()))
    }

    /// The device it signs for.
    pub(crate) fn device(&self) -> DeviceId {
        DeviceId::from_bytes(self.0.verifying_key().to_bytes())
    }
}

impl Signer for DeviceSigner {
    fn sign(&self, payload: &[u8]) -> Result<Vec<u8>, SignerError> {
        Ok(self.0.sign(payload).to_bytes().to_vec())
    }

    fn signature_scheme(&self) -> SignatureScheme {
        SignatureScheme::ED25519
    }
}

impl std::fmt::Debug for DeviceSigner {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("DeviceSigner(…)")
    }
}

//! What openmls is handed for one call sequence: cryptography and storage.

use openmls_traits::OpenMlsProvider;

use crate::mls::crypto::Crypto;
use crate::mls::namespace::{Change, Namespace};
use crate::mls::overlay::Overlay;
use crate::secret::Secret;

/// Cryptography with injected randomness over an overlay of one namespace.
pub(crate) struct Provider {
    crypto: Crypto,
    overlay: Overlay,
}

impl Provider {
    /// For one operation on `namespace`; all its randomness follows from `injected`.
    pub(crate) fn new(injected: Secret<32>, namespace: &Namespace) -> Self {
        Self { crypto: Crypto::new(injected), overlay: Overlay::new(namespace) }
    }

    /// Seals rubbish to the keys whose first byte is below `share`.
    #[cfg(feature = "testing")]
    pub(crate) fn spoiling(mut self, share: u16) -> Self {
        self.crypto.spoil(share);
        self
    }

    /// Breaks the public key of the key pair that is derived after `count` others.
    #[cfg(test)]
    pub(crate) fn breaking(mut self, count: usize) -> Self {
        self.crypto.break_key(count);
        self
    }

    /// Begins the randomness of the operation anew.
    #[cfg(any(test, feature = "testing"))]
    pub(crate) fn rewind(&self) {
        self.crypto.rewind();
    }

    /// The namespace as it is now, to come back to.
    pub(crate) fn snapshot(&self) -> Namespace {
        self.overlay.snapshot()
    }

    /// Ends the operation: the namespace as it is now, and what was written or deleted.
    pub(crate) fn into_changes(self) -> (Namespace, Vec<Change>) {
        self.overlay.into_changes()
    }
}

/// The secret from which the keys of all sender data of a state follow. In the record that openmls
/// keeps it stands behind how many past epochs there may be and are: none, twice.
#[cfg(feature = "testing")]
pub(crate) fn sender_data_secret(namespace: &Namespace) -> Option<Secret<32>> {
    let mut records = namespace.records();
    let (_, record) = records.find(|(key, _)| Overlay::is_message_secrets(key))?;
    let (_, record) = record.split_first()?;
    let ((_, _, secret), _) = postcard::take_from_bytes::<(u8, u8, Vec<u8>)>(record).ok()?;
    Secret::try_from(secret.as_slice()).ok()
}

impl OpenMlsProvider for Provider {
    type CryptoProvider = Crypto;
    type RandProvider = Crypto;
    type StorageProvider = Overlay;

    fn storage(&self) -> &Overlay {
        &self.overlay
    }

    fn crypto(&self) -> &Crypto {
        &self.crypto
    }

    fn rand(&self) -> &Crypto {
        &self.crypto
    }
}

impl std::fmt::Debug for Provider {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Provider(…)")
    }
}

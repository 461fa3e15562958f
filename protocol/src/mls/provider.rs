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

    /// Ends the operation: the namespace as it is now, and what was written or deleted.
    /// The namespace as it is now, to come back to.
    pub(crate) fn snapshot(&self) -> Namespace {
        self.overlay.snapshot()
    }

    pub(crate) fn into_changes(self) -> (Namespace, Vec<Change>) {
        self.overlay.into_changes()
    }
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

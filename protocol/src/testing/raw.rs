//! MLS alone, as the yardstick for what an engine adds: the same group in the same state over the
//! same overlay, with the same codec, suite and randomness, loaded once and kept. Nothing of what
//! is done here reaches the engine it was taken from.

use crate::engine::Engine;
use crate::id::CircleId;
use crate::mls::{CommitChanges, DeviceSigner, Group, Provider};
use crate::secret::Secret;

/// A copy of the group behind the head of one device.
pub struct RawGroup {
    provider: Provider,
    group: Group,
    signer: DeviceSigner,
}

impl RawGroup {
    /// The group behind the head of `engine`; `None` if it is not in the circle.
    #[must_use]
    pub fn of(engine: &Engine, circle: &CircleId) -> Option<Self> {
        let opened = engine.opened(circle)?;
        let provider =
            Provider::new(Secret::from_bytes([7; 32]), opened.namespace_of(&opened.head_id())?);
        let group = Group::load(&provider, circle).ok()?;
        let signer = DeviceSigner::of(opened.key());
        Some(Self { provider, group, signer })
    }

    /// Encrypts, with `beside` as authenticated data; `None` if MLS refuses.
    pub fn encrypt(&mut self, beside: &[u8], plaintext: &[u8]) -> Option<Vec<u8>> {
        self.group.encrypt(&self.provider, &self.signer, beside, plaintext).ok()
    }

    /// Decrypts what another member encrypted; the bytes of the plaintext, or `None` if MLS refuses.
    pub fn decrypt(&mut self, message: &[u8]) -> Option<usize> {
        let opened = self.group.decrypt(&self.provider, message).ok()?;
        Some(opened.plaintext.len())
    }

    /// Commits a renewal of this device's leaf, and merges it.
    pub fn commit(&mut self) -> Option<Vec<u8>> {
        let ledger = self.group.ledger_hash().ok()?;
        let changes = CommitChanges::default();
        let made = self.group.commit(&self.provider, &self.signer, b"", changes, &ledger).ok()?;
        Some(made.commit)
    }

    /// Processes a commit of another member, and merges it.
    pub fn process(&mut self, commit: &[u8]) -> Option<()> {
        let staged = self.group.stage(&self.provider, commit).ok()?;
        self.group.merge(&self.provider, staged).ok()
    }
}

impl std::fmt::Debug for RawGroup {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("RawGroup(…)")
    }
}

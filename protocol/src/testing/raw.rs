//! MLS alone, as the yardstick for what an engine adds: the same group in the same state over the
//! same overlay, with the same codec, suite and randomness, loaded once and kept. Nothing of what
//! is done here reaches the engine it was taken from.

use crate::engine::Engine;
use crate::id::CircleId;
use crate::mls::{CommitChanges, DeviceSigner, Group, Namespace, Provider, Suite, key_package};
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

    /// Commits that somebody comes in, and merges it; gives the commit and the Welcome.
    pub fn add(&mut self, newcomer: &RawNewcomer) -> Option<(Vec<u8>, Vec<u8>)> {
        let ledger = self.group.ledger_hash().ok()?;
        let adds = [newcomer.package.clone()];
        let changes = CommitChanges { adds: &adds, removes: &[], ..CommitChanges::default() };
        let made = self.group.commit(&self.provider, &self.signer, b"", changes, &ledger).ok()?;
        Some((made.commit, made.welcome?))
    }

    /// Processes a commit of another member, and merges it, as openmls alone does.
    pub fn process_alone(&mut self, commit: &[u8]) -> Option<()> {
        self.group.follow_unchecked(&self.provider, commit).ok()
    }

    /// The same, with what a circle's profile refuses looked for, the check of new keys (C-10) too.
    pub fn process(&mut self, commit: &[u8]) -> Option<()> {
        let staged = self.group.stage(&self.provider, commit).ok()?;
        self.group.merge(&self.provider, staged).ok()
    }
}

/// Somebody who is in no group, and may come into one.
pub struct RawNewcomer {
    provider: Provider,
    suite: Suite,
    package: Vec<u8>,
}

impl RawNewcomer {
    /// The newcomer of this number; `None` if MLS refuses.
    #[must_use]
    pub fn new(suite: Suite, number: u8) -> Option<Self> {
        let secret = |what| Secret::from_bytes([number ^ what; 32]);
        let provider = Provider::new(secret(0x35), &Namespace::new());
        let signer = DeviceSigner::new(&secret(0x53));
        let package = key_package(&provider, &signer, suite, b"a newcomer", false).ok()?;
        Some(Self { provider, suite, package })
    }

    /// Comes in by a Welcome.
    pub fn join(&mut self, welcome: &[u8]) -> Option<()> {
        Group::join(&self.provider, self.suite, welcome).ok().map(drop)
    }
}

impl std::fmt::Debug for RawNewcomer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("RawNewcomer(…)")
    }
}

impl std::fmt::Debug for RawGroup {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("RawGroup(…)")
    }
}

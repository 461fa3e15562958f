//! MLS, and the only place that knows how openmls is provided for.
//!
//! The order of use: a [`Namespace`] is what a state keeps; a [`Provider`] over it, with fresh
//! randomness, lives for one operation; a [`Group`] is loaded, used and dropped; then
//! [`Provider::into_changes`] gives the namespace of the next state and what to write, or the
//! provider is dropped and nothing has happened.
//!
//! What this profile settles once (`profile`): two suites, handshakes as PublicMessages and items
//! as PrivateMessages, everything by value, no past epochs, no external commits. Every commit
//! carries the hash of the next ledger, and therefore a path.
//!
//! # Where openmls 0.9.2 reads a clock by itself
//! - `Lifetime::validate`, whenever a KeyPackage is checked, on adding and on replaying an Add.
//!   All our lifetimes run from 0 to 2^64 − 1 and any other is refused, so the answer does not
//!   depend on the clock, unless it stands before 1970.
//! - `Lifetime::new`, the default lifetime of a KeyPackage: never used, we always give one.
//! - `past_secrets`: the time a past epoch was left. With `max_past_epochs = 0` no such epoch is
//!   kept. Deleting by age is never asked for.
//!
//! # Where it draws randomness by itself
//! Nowhere, as long as it is handed [`crypto::Crypto`]. libcrux seeds a generator from the system
//! once per process, which nothing draws from.

mod codec;
mod commit;
mod crypto;
mod error;
mod group;
mod hpke;
mod injected;
mod leaf_key;
mod message;
mod namespace;
mod overlay;
mod profile;
mod provider;
mod public_key;
mod signer;
#[cfg(test)]
mod tests;
mod tree;

pub(crate) use commit::{Staged, beside};
pub(crate) use error::{GroupError, JoinError, OpenError, StageError};
pub(crate) use group::{CommitChanges, Group, Leaf, inspect_key_package, key_package};
pub use hpke::{HpkeError, HpkePublic, HpkeSecret};
pub(crate) use hpke::{derive, generate, open, seal};
pub(crate) use message::{Opened, unopened};
pub(crate) use namespace::{Change, Namespace};
pub use profile::Suite;
pub(crate) use provider::Provider;
#[cfg(feature = "testing")]
pub(crate) use provider::sender_data_secret;
pub(crate) use signer::DeviceSigner;

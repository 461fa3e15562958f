//! The pure part of Windbreak.
#![warn(missing_docs)]

pub mod content;
pub mod id;
pub mod identity;
pub mod invite;
pub mod label;
pub mod limits;
// Until the circle is written against all of it.
#[allow(dead_code, unused_imports)]
pub(crate) mod mls;
pub mod random;
pub mod record;
pub mod secret;
pub mod time;
pub mod view;
pub mod wire;

pub use mls::{HpkeError, HpkePublic, HpkeSecret, Suite};

//! The pure part of Windbreak.
#![warn(missing_docs)]

pub mod content;
pub mod id;
pub mod identity;
pub mod invite;
pub mod label;
pub mod limits;
pub mod random;
pub mod record;
pub mod secret;
pub mod time;
pub mod wire;

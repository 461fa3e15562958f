//! The local API: HTTP over a private Unix socket, described in OpenAPI, with an event stream.
//!
//! [`message`] holds what is said, [`server`] hears it, [`client`] says it. Whoever can open the
//! socket is the owner of the profile: there is no other permission.

pub mod client;
mod describe;
mod extract;
pub mod message;
mod reason;
pub(crate) mod refusal;
mod route;
pub(crate) mod server;
pub mod stream;
mod wiped;

pub use client::{Client, ClientError, Connected};
pub use route::description;
pub use stream::EventStream;

pub use crate::picture::MAX_SOURCE as MAX_PICTURE;

/// The header of a request that a program makes by itself: it does not keep the node from locking.
const BY_ITSELF: &str = "windbreak-by-itself";

pub(crate) use describe::{event, words_in};

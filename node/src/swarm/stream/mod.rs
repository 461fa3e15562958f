//! The streams of topics: one protocol, served by relays and by members with direct links, used
//! by members. One stream is about one topic. Clauses: specs/06-sync.

mod accept;
mod client;
mod frames;
mod guests;
mod host;

pub(crate) use accept::{StreamLimits, accept, no_place, refuse};
pub(crate) use client::{LiveEnvelopes, TopicStream};
pub(crate) use frames::{MessageWriter, StreamError, messages};
pub(crate) use guests::{Budget, Guests, PutQuota};
pub(crate) use host::Host;

//! Admission to a relay by grants and blinded tokens: what relay and members both have to know.
//!
//! A host of a relay issues a [`Grant`] to a circle. It splits into one [`SubGrant`] for each
//! member. With a sub-grant one draws tokens, blinded (VOPRF of RFC 9497, ristretto255 and
//! SHA-512), and spends them later and elsewhere: the relay knows a token as its own and cannot
//! tell to whom it gave it. Clauses: specs/06-sync Y-60 to Y-73.

mod grant;
mod message;
mod part;
mod token;

#[cfg(test)]
mod tests;

use crate::limits::TOKEN_EPOCH_HOURS;
use crate::time::Hour;

pub use grant::{Grant, GrantId, GrantTextError, SubGrant};
pub use message::{AdmissionReply, AdmissionRequest, Element, MAX_ADMISSION_MESSAGE, PROTOCOL};
pub use part::RelayPart;
pub use token::{Drawing, EpochKey, PublicKeys, ShownToken, Token, TokenError, TokenSecret};

pub(crate) use part::{Door, Giving, Parts, Place, Terms};

/// The epoch of tokens in which an hour lies (Y-63).
#[must_use]
pub const fn epoch_of(hour: Hour) -> u32 {
    hour.get() / TOKEN_EPOCH_HOURS
}

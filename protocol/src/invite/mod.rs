//! Invites, from the seed in a line of text to the answer a newcomer gets.
//!
//! An invite's [`InviteSeed`] yields its topic, where its [`Card`] stands and [`Knock`]s and
//! [`Answer`]s travel. Nothing in an [`InviteText`] names the circle. Clauses: specs/05-invite.

mod agreement;
mod answer;
mod base32;
mod card;
mod device;
mod door;
mod issuer;
mod knock;
mod relay;
mod sealed;
mod seed;
mod text;

pub use agreement::{AgreementHash, AgreementText};
pub use answer::{Admission, Answer, AnswerError, Declined, Refusal, Refused};
pub use card::{Card, CardError, Closed, SignedCard};
pub use device::{DeviceCode, DeviceNumber, DevicePost, DeviceRequest};
pub use door::Door;
pub use issuer::IssuerKey;
pub use knock::{KeyPackageBytes, Knock, KnockBody, KnockError, KnockProof};
pub use relay::{RelayAddress, RelayAddressError};
pub use sealed::{SealedAnswer, SealedKnock};
pub use seed::InviteSeed;
pub use text::{InviteText, InviteTextError};

#[cfg(test)]
mod tests;

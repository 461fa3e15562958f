//! Who is who: member keys, device keys, and the credential that binds a device to its member.
//! Clauses: specs/02-identity.

mod verified;

pub use verified::Verified;

//! What was said before the reader came and was handed over to them. Clause: specs/08-content I-60.

use tls_codec::{TlsDeserialize, TlsSerialize, TlsSize};

use crate::id::MemberId;

/// Who handed an item over, and what that rests on.
#[derive(Clone, Copy, Debug, Eq, PartialEq, TlsDeserialize, TlsSerialize, TlsSize)]
pub struct Handed {
    /// Who handed it over, if they said so. That its author wrote it shows by itself.
    pub by: Option<MemberId>,
    /// Whether that its author was ever a member is nothing but their word.
    #[tls_codec(with = "crate::wire::flag")]
    pub vouched: bool,
}

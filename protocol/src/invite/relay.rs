//! The address of a relay as an invite and an admission carry it. What it means is the node's to
//! say; here it is text of a kind that cannot hurt. Clause: specs/05-invite V-4.

use std::fmt;

use tls_codec::{Deserialize, Error, TlsSerialize, TlsSize};

use crate::limits::MAX_RELAY_ADDRESS;
use crate::wire::text::Opaque;

/// Visible ASCII without spaces, 1 to [`MAX_RELAY_ADDRESS`] bytes.
#[derive(Clone, Eq, Hash, Ord, PartialEq, PartialOrd, TlsSerialize, TlsSize)]
pub struct RelayAddress(Opaque<MAX_RELAY_ADDRESS>);

/// A text is not the address of a relay.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("a relay's address is 1 to {MAX_RELAY_ADDRESS} visible ASCII characters")]
pub struct RelayAddressError;

impl RelayAddress {
    /// Takes an address.
    ///
    /// # Errors
    /// [`RelayAddressError`] when it is empty, too long, or not visible ASCII.
    pub fn new(text: &str) -> Result<Self, RelayAddressError> {
        Self::from_opaque(Opaque::new(text).map_err(|_| RelayAddressError)?)
    }

    /// The address.
    #[must_use]
    pub fn as_str(&self) -> &str {
        // Only ASCII gets in, so this never falls back.
        std::str::from_utf8(self.0.as_bytes()).unwrap_or_default()
    }

    fn from_opaque(bytes: Opaque<MAX_RELAY_ADDRESS>) -> Result<Self, RelayAddressError> {
        let visible = bytes.as_bytes().iter().all(u8::is_ascii_graphic);
        if bytes.as_bytes().is_empty() || !visible {
            return Err(RelayAddressError);
        }
        Ok(Self(bytes))
    }
}

impl fmt::Debug for RelayAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RelayAddress(…)")
    }
}

impl Deserialize for RelayAddress {
    fn tls_deserialize<R: std::io::Read>(reader: &mut R) -> Result<Self, Error> {
        Self::from_opaque(Opaque::tls_deserialize(reader)?).map_err(|_| Error::InvalidInput)
    }
}

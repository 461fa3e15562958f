//! A `bool` on the wire: one byte, 0 or 1. For `#[tls_codec(with = "crate::wire::flag")]`.

use std::io::{Read, Write};

use tls_codec::{Deserialize, Error, Serialize};

/// One byte.
#[must_use]
pub fn tls_serialized_len(_: &bool) -> usize {
    1
}

/// Writes 0 or 1.
///
/// # Errors
/// Those of the writer.
pub fn tls_serialize<W: Write>(flag: &bool, writer: &mut W) -> Result<usize, Error> {
    u8::from(*flag).tls_serialize(writer)
}

/// Reads 0 or 1.
///
/// # Errors
/// Those of the reader, and [`Error::InvalidInput`] for any other byte.
pub fn tls_deserialize<R: Read>(reader: &mut R) -> Result<bool, Error> {
    match u8::tls_deserialize(reader)? {
        0 => Ok(false),
        1 => Ok(true),
        _ => Err(Error::InvalidInput),
    }
}

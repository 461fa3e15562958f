//! Text and opaque bytes with a limit, for every field of a wire type that a peer fills.

use std::fmt;

use tls_codec::{Error, Size, VLBytes};

/// UTF-8 text of at most `CHARS` Unicode scalar values. `Debug` does not print it.
#[derive(Clone, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Text<const CHARS: usize>(String);

/// A text is longer than its field allows.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("the text is longer than {limit} characters")]
pub struct TextTooLong {
    /// Characters allowed.
    pub limit: usize,
}

impl<const CHARS: usize> Text<CHARS> {
    /// Takes a text.
    ///
    /// # Errors
    /// [`TextTooLong`] beyond `CHARS` characters.
    pub fn new(text: impl Into<String>) -> Result<Self, TextTooLong> {
        let text = text.into();
        if text.len() > CHARS && text.chars().count() > CHARS {
            return Err(TextTooLong { limit: CHARS });
        }
        Ok(Self(text))
    }

    /// The text as its author wrote it. Whoever shows it makes it harmless first.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it says nothing: where a reason or a name is wanted, spaces are none.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        self.0.trim().is_empty()
    }
}

impl<const CHARS: usize> fmt::Debug for Text<CHARS> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Text(…)")
    }
}

impl<const CHARS: usize> Size for Text<CHARS> {
    fn tls_serialized_len(&self) -> usize {
        tls_codec::VLByteSlice(self.0.as_bytes()).tls_serialized_len()
    }
}

impl<const CHARS: usize> tls_codec::Serialize for Text<CHARS> {
    fn tls_serialize<W: std::io::Write>(&self, writer: &mut W) -> Result<usize, Error> {
        tls_codec::Serialize::tls_serialize(&tls_codec::VLByteSlice(self.0.as_bytes()), writer)
    }
}

impl<const CHARS: usize> tls_codec::Deserialize for Text<CHARS> {
    fn tls_deserialize<R: std::io::Read>(bytes: &mut R) -> Result<Self, Error> {
        let raw: Vec<u8> = VLBytes::tls_deserialize(bytes)?.into();
        let text = String::from_utf8(raw).map_err(|_| Error::InvalidInput)?;
        Self::new(text).map_err(|_| Error::InvalidInput)
    }
}

/// Opaque bytes of at most `BYTES`. `Debug` gives only their length.
#[derive(Clone, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Opaque<const BYTES: usize>(Vec<u8>);

/// Bytes are longer than their field allows.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("longer than {limit} bytes")]
pub struct OpaqueTooLong {
    /// Bytes allowed.
    pub limit: usize,
}

impl<const BYTES: usize> Opaque<BYTES> {
    /// Takes bytes.
    ///
    /// # Errors
    /// [`OpaqueTooLong`] beyond `BYTES` bytes.
    pub fn new(bytes: impl Into<Vec<u8>>) -> Result<Self, OpaqueTooLong> {
        let bytes = bytes.into();
        if bytes.len() > BYTES {
            return Err(OpaqueTooLong { limit: BYTES });
        }
        Ok(Self(bytes))
    }

    /// The bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// The bytes, without a copy.
    #[must_use]
    pub fn into_bytes(self) -> Vec<u8> {
        self.0
    }
}

impl<const BYTES: usize> fmt::Debug for Opaque<BYTES> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Opaque({} bytes)", self.0.len())
    }
}

impl<const BYTES: usize> Size for Opaque<BYTES> {
    fn tls_serialized_len(&self) -> usize {
        tls_codec::VLByteSlice(&self.0).tls_serialized_len()
    }
}

impl<const BYTES: usize> tls_codec::Serialize for Opaque<BYTES> {
    fn tls_serialize<W: std::io::Write>(&self, writer: &mut W) -> Result<usize, Error> {
        tls_codec::Serialize::tls_serialize(&tls_codec::VLByteSlice(&self.0), writer)
    }
}

impl<const BYTES: usize> tls_codec::Deserialize for Opaque<BYTES> {
    fn tls_deserialize<R: std::io::Read>(bytes: &mut R) -> Result<Self, Error> {
        let raw: Vec<u8> = VLBytes::tls_deserialize(bytes)?.into();
        Self::new(raw).map_err(|_| Error::InvalidInput)
    }
}

/// UTF-8 text of at most `BYTES` bytes, for what may be long. `Debug` does not print it.
#[derive(Clone, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct LongText<const BYTES: usize>(String);

impl<const BYTES: usize> LongText<BYTES> {
    /// Takes a text.
    ///
    /// # Errors
    /// [`OpaqueTooLong`] beyond `BYTES` bytes.
    pub fn new(text: impl Into<String>) -> Result<Self, OpaqueTooLong> {
        let text = text.into();
        if text.len() > BYTES {
            return Err(OpaqueTooLong { limit: BYTES });
        }
        Ok(Self(text))
    }

    /// The text as its author wrote it. Whoever shows it makes it harmless first.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<const BYTES: usize> fmt::Debug for LongText<BYTES> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LongText(…)")
    }
}

impl<const BYTES: usize> Size for LongText<BYTES> {
    fn tls_serialized_len(&self) -> usize {
        tls_codec::VLByteSlice(self.0.as_bytes()).tls_serialized_len()
    }
}

impl<const BYTES: usize> tls_codec::Serialize for LongText<BYTES> {
    fn tls_serialize<W: std::io::Write>(&self, writer: &mut W) -> Result<usize, Error> {
        tls_codec::Serialize::tls_serialize(&tls_codec::VLByteSlice(self.0.as_bytes()), writer)
    }
}

impl<const BYTES: usize> tls_codec::Deserialize for LongText<BYTES> {
    fn tls_deserialize<R: std::io::Read>(bytes: &mut R) -> Result<Self, Error> {
        let raw: Vec<u8> = VLBytes::tls_deserialize(bytes)?.into();
        let text = String::from_utf8(raw).map_err(|_| Error::InvalidInput)?;
        Self::new(text).map_err(|_| Error::InvalidInput)
    }
}

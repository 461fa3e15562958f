//! Secret bytes: boxed so that moving them leaves no copy behind, wiped when dropped, never printed.

use std::fmt;

use subtle::ConstantTimeEq;
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

/// `N` secret bytes. What is missing is the point: no `Display`, no serde, no derived `Debug`.
#[derive(ZeroizeOnDrop)]
pub struct Secret<const N: usize>(Box<[u8; N]>);

impl<const N: usize> Secret<N> {
    /// Takes the bytes and wipes the copy it was given.
    #[must_use]
    pub fn from_bytes(mut bytes: [u8; N]) -> Self {
        let mut boxed = Box::new([0; N]);
        boxed.copy_from_slice(&bytes);
        bytes.zeroize();
        Self(boxed)
    }

    /// The bytes. Name the call where it stands; do not keep what it returns.
    #[must_use]
    pub fn expose(&self) -> &[u8; N] {
        &self.0
    }

    /// A second copy, on purpose.
    #[must_use]
    pub fn duplicate(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<const N: usize> TryFrom<&[u8]> for Secret<N> {
    type Error = std::array::TryFromSliceError;

    fn try_from(bytes: &[u8]) -> Result<Self, Self::Error> {
        let mut boxed = Box::new([0; N]);
        let array: &[u8; N] = bytes.try_into()?;
        boxed.copy_from_slice(array);
        Ok(Self(boxed))
    }
}

impl<const N: usize> PartialEq for Secret<N> {
    fn eq(&self, other: &Self) -> bool {
        self.0.as_slice().ct_eq(other.0.as_slice()).into()
    }
}

impl<const N: usize> Eq for Secret<N> {}

impl<const N: usize> fmt::Debug for Secret<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

impl<const N: usize> tls_codec::Size for Secret<N> {
    fn tls_serialized_len(&self) -> usize {
        N
    }
}

impl<const N: usize> tls_codec::Serialize for Secret<N> {
    fn tls_serialize<W: std::io::Write>(&self, writer: &mut W) -> Result<usize, tls_codec::Error> {
        writer.write_all(self.0.as_slice())?;
        Ok(N)
    }
}

impl<const N: usize> tls_codec::Deserialize for Secret<N> {
    fn tls_deserialize<R: std::io::Read>(bytes: &mut R) -> Result<Self, tls_codec::Error> {
        let mut boxed = Box::new([0; N]);
        bytes.read_exact(boxed.as_mut_slice())?;
        Ok(Self(boxed))
    }
}

/// Secret bytes whose length is not known beforehand; wiped when dropped.
pub type SecretBytes = Zeroizing<Vec<u8>>;

#[cfg(test)]
mod tests {
    use super::*;

    /// Compiles only for what is wiped when it is dropped.
    fn is_wiped<T: ZeroizeOnDrop>() {}

    #[test]
    fn a_secret_is_wiped_when_it_is_let_go() {
        is_wiped::<Secret<32>>();
        is_wiped::<Secret<64>>();
        is_wiped::<SecretBytes>();
        // What labels hash keys with (an HMAC is two of them); a feature of the crate says so.
        is_wiped::<sha2::Sha256>();
    }
}

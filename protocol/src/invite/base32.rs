//! RFC 4648 base32 without padding: one case, no look-alike trouble, and few enough characters for
//! the alphanumeric mode of a QR code.

use data_encoding::BASE32_NOPAD;
use zeroize::Zeroizing;

/// Lower-case base32.
pub(super) fn encode(bytes: &[u8]) -> Zeroizing<String> {
    let mut text = Zeroizing::new(BASE32_NOPAD.encode(bytes));
    text.make_ascii_lowercase();
    text
}

/// Reads base32 in either case; refuses bits that belong to no byte.
pub(super) fn decode(text: &str) -> Option<Zeroizing<Vec<u8>>> {
    let upper = Zeroizing::new(text.to_ascii_uppercase());
    BASE32_NOPAD.decode(upper.as_bytes()).ok().map(Zeroizing::new)
}

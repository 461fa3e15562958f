//! Bodies of requests that may hold a passphrase or a phrase: wiped when they are let go, and where they had to
//! grow. Clause: specs/07-store S-5.
//!
//! What is read from the socket lies in a buffer of the HTTP library first, which wipes nothing.

use std::io::{self, Write};

use hyper::body::Bytes;
use serde::Serialize;
use zeroize::{Zeroize, Zeroizing};

/// Room for most requests.
const USUAL: usize = 4096;

/// What is sent, as JSON.
pub(super) fn json<T: Serialize>(value: &T) -> serde_json::Result<Bytes> {
    let mut buffer = Buffer(Zeroizing::new(Vec::with_capacity(USUAL)));
    serde_json::to_writer(&mut buffer, value)?;
    Ok(Bytes::from_owner(buffer.0))
}

/// Lets go of what was received. Bytes that others still refer to are not ours to wipe.
pub(super) fn let_go(bytes: Bytes) {
    if let Ok(mut bytes) = bytes.try_into_mut() {
        bytes.as_mut().zeroize();
    }
}

/// Moves to another place when it grows, and wipes the one before.
struct Buffer(Zeroizing<Vec<u8>>);

impl Write for Buffer {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let needed = self.0.len() + bytes.len();
        if needed > self.0.capacity() {
            let mut larger = Zeroizing::new(Vec::with_capacity(needed.max(2 * self.0.capacity())));
            larger.extend_from_slice(&self.0);
            self.0 = larger;
        }
        self.0.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sent_is_the_same_however_often_it_grew() {
        for length in [0, 10, USUAL, 5 * USUAL] {
            let words = "a ".repeat(length);
            assert_eq!(json(&words).unwrap(), serde_json::to_vec(&words).unwrap());
        }
    }

    #[test]
    fn a_buffer_that_grows_never_does_so_in_place() {
        let mut buffer = Buffer(Zeroizing::new(Vec::with_capacity(USUAL)));
        for _ in 0..64 {
            let (place, room) = (buffer.0.as_ptr(), buffer.0.capacity());
            buffer.write_all(&[7; 1000]).unwrap();
            assert!(buffer.0.capacity() == room || buffer.0.as_ptr() != place);
        }
        assert!(buffer.0.iter().all(|byte| *byte == 7) && buffer.0.len() == 64_000);
    }
}

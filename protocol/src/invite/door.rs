//! How an invite lets people in: whether somebody looks at each knock, and whether who comes by it
//! only listens. Both stand in one byte, which is 0 or 1 for invites that bring no listeners, as it
//! always was. Clauses: specs/05-invite V-3, V-20.

use std::io::{Read, Write};

use tls_codec::{Deserialize, Error, Serialize, Size};

/// Somebody looks at each knock.
const REVIEW: u8 = 1;
/// Who comes only listens.
const LISTENS: u8 = 2;

/// How an invite lets people in.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Door {
    /// Whether a facilitator looks at each knock before it is admitted.
    pub review: bool,
    /// Whether who comes in only listens, until a facilitator says otherwise.
    pub listens: bool,
}

impl Door {
    const fn byte(self) -> u8 {
        (if self.review { REVIEW } else { 0 }) | (if self.listens { LISTENS } else { 0 })
    }

    fn from_byte(byte: u8) -> Result<Self, Error> {
        let door = Self { review: byte & REVIEW != 0, listens: byte & LISTENS != 0 };
        if door.byte() == byte { Ok(door) } else { Err(Error::InvalidInput) }
    }
}

impl Size for Door {
    fn tls_serialized_len(&self) -> usize {
        1
    }
}

impl Serialize for Door {
    fn tls_serialize<W: Write>(&self, writer: &mut W) -> Result<usize, Error> {
        self.byte().tls_serialize(writer)
    }
}

impl Deserialize for Door {
    fn tls_deserialize<R: Read>(reader: &mut R) -> Result<Self, Error> {
        Self::from_byte(u8::tls_deserialize(reader)?)
    }
}

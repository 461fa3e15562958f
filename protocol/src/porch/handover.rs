//! Items that a device is told of, as far as their scope allows.

use tls_codec::{TlsDeserialize, TlsSerialize, TlsSize};

use crate::content::SignedItem;
use crate::limits::MAX_HANDED;
use crate::porch::MAX_SEALED;
use crate::wire::text::Opaque;
use crate::wire::{self, DecodeError};

const VERSION: u8 = 1;

/// Items, each as its author signed it.
#[derive(Debug, Default, Eq, PartialEq, TlsDeserialize, TlsSerialize, TlsSize)]
pub(crate) struct Handover {
    version: u8,
    items: Vec<Opaque<{ SignedItem::MAX_LEN }>>,
}

impl Handover {
    /// The bytes to seal: as many of `items` as fit, in order.
    pub(crate) fn of(items: impl Iterator<Item = SignedItem>) -> Option<Vec<u8>> {
        let mut handover = Self { version: VERSION, items: Vec::new() };
        let mut length = 64;
        for item in items.take(MAX_HANDED) {
            let bytes = item.to_bytes();
            length += bytes.len() + 4;
            if length > MAX_SEALED {
                break;
            }
            handover.items.push(Opaque::new(bytes).ok()?);
        }
        (!handover.items.is_empty()).then(|| wire::encode(&handover).to_vec())
    }

    /// Reads what [`Self::of`] wrote; nothing about the items is believed yet.
    ///
    /// # Errors
    /// [`DecodeError`]; nothing of it is looked at.
    pub(crate) fn read(bytes: &[u8]) -> Result<Vec<SignedItem>, DecodeError> {
        let handover: Self = wire::decode(bytes, MAX_SEALED)?;
        if handover.version != VERSION {
            return Err(DecodeError::UnknownVersion);
        }
        if handover.items.len() > MAX_HANDED {
            return Err(DecodeError::Limit);
        }
        handover.items.iter().map(|item| SignedItem::from_bytes(item.as_bytes())).collect()
    }
}

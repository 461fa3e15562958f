//! What was said before somebody came and is open to those who join later: the question for it, and
//! one page of the answer. Clauses: specs/08-content I-61, I-62.

use tls_codec::{TlsDeserialize, TlsSerialize, TlsSize};

use crate::content::SignedItem;
use crate::id::{DeviceId, ItemId};
use crate::identity::{Credential, DeviceKey, Unverified, Verified, signature_holds};
use crate::label::Label;
use crate::limits::{MAX_HISTORY_ITEMS, MAX_NAME_CHARS};
use crate::porch::{AskId, MAX_SEALED};
use crate::time::Timestamp;
use crate::wire::text::{Opaque, Text};
use crate::wire::{self, DecodeError};

const VERSION: u8 = 1;

/// How far somebody was handed what was said: all up to here is there, the newest first.
#[derive(
    Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd, TlsDeserialize, TlsSerialize, TlsSize,
)]
pub(crate) struct HistoryPost {
    /// When the last words handed over were written.
    pub(crate) written: Timestamp,
    /// Which they are.
    pub(crate) item: ItemId,
}

/// What a question asks for of what was said before.
#[derive(Clone, Copy, Debug, Eq, PartialEq, TlsDeserialize, TlsSerialize, TlsSize)]
pub(crate) struct HistoryAsk {
    /// What is there already; nothing yet, if there is none.
    pub(crate) after: Option<HistoryPost>,
}

/// The word of a member that a device, which is in the head no more, is theirs; and what they were
/// called, as far as whoever hands it over knows.
#[derive(Clone, Debug, Eq, PartialEq, TlsDeserialize, TlsSerialize, TlsSize)]
pub(crate) struct AuthorProof {
    /// The word.
    pub(crate) credential: Credential,
    /// The name.
    pub(crate) name: Option<Text<MAX_NAME_CHARS>>,
}

/// One page.
#[derive(Debug, Default, Eq, PartialEq, TlsDeserialize, TlsSerialize, TlsSize)]
pub(crate) struct HistoryPage {
    version: u8,
    items: Vec<Opaque<{ SignedItem::MAX_LEN }>>,
    /// Whose devices wrote them, of those who are in the head no more.
    pub(crate) authors: Vec<AuthorProof>,
    /// How far the page goes.
    pub(crate) until: Option<HistoryPost>,
    /// Whether there is more.
    #[tls_codec(with = "crate::wire::flag")]
    pub(crate) more: bool,
    /// Whether something was said that is not open to those who join later.
    #[tls_codec(with = "crate::wire::flag")]
    pub(crate) withheld: bool,
}

/// A page, and the device that vouches for it.
#[derive(Debug, TlsDeserialize, TlsSerialize, TlsSize)]
struct SignedPage {
    device: DeviceId,
    page: Opaque<MAX_SEALED>,
    signature: [u8; 64],
}

impl HistoryPage {
    /// A page of these items; `None` if they are more than a page holds.
    pub(crate) fn of(items: &[SignedItem]) -> Option<Self> {
        if items.len() > MAX_HISTORY_ITEMS {
            return None;
        }
        let items = items.iter().map(|item| Opaque::new(item.to_bytes()));
        let items = items.collect::<Result<_, _>>().ok()?;
        Some(Self { version: VERSION, items, ..Self::default() })
    }

    /// The bytes to seal for whoever asked `ask`; `None` if they are too many.
    pub(crate) fn sign(&self, ask: &AskId, key: &DeviceKey) -> Option<Vec<u8>> {
        let page = wire::encode(self);
        let signature = key.sign(Label::HISTORY_SIGNATURE, &[ask, page.as_slice()].concat());
        let page = Opaque::new(page.as_slice()).ok()?;
        Some(wire::encode(&SignedPage { device: key.id(), page, signature }).to_vec())
    }

    /// Reads what [`Self::sign`] wrote for `ask`, and by whom; nothing about the items is believed
    /// yet.
    ///
    /// # Errors
    /// [`DecodeError`]; nothing of it is looked at.
    pub(crate) fn read(bytes: &[u8], ask: &AskId) -> Result<(DeviceId, Self), DecodeError> {
        let signed: SignedPage = wire::decode(bytes, MAX_SEALED)?;
        let content = [ask, signed.page.as_bytes()].concat();
        let device = signed.device.as_bytes();
        if !signature_holds(device, Label::HISTORY_SIGNATURE, &content, &signed.signature) {
            return Err(DecodeError::Malformed);
        }
        let page: Self = wire::decode(signed.page.as_bytes(), MAX_SEALED)?;
        if page.version != VERSION {
            return Err(DecodeError::UnknownVersion);
        }
        if page.items.len() > MAX_HISTORY_ITEMS || page.authors.len() > MAX_HISTORY_ITEMS {
            return Err(DecodeError::Limit);
        }
        Ok((signed.device, page))
    }

    /// The items whose signatures hold.
    pub(crate) fn items(&self) -> impl Iterator<Item = Verified<crate::content::Item>> + '_ {
        let signed = self.items.iter().map(|bytes| SignedItem::from_bytes(bytes.as_bytes()));
        signed.filter_map(|item| item.ok()?.verify().ok())
    }
}

impl AuthorProof {
    /// The word, if it holds in this circle.
    pub(crate) fn verify(&self, circle: &crate::id::CircleId) -> Option<Verified<Credential>> {
        let device = self.credential.device;
        let claimed = Unverified::new(self.credential.clone());
        claimed.verify(circle, device.as_bytes()).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Random;
    use crate::secret::Secret;

    #[test]
    fn a_page_is_believed_only_from_its_device_and_for_its_question() {
        let mut random = Random::from_seed(&Secret::from_bytes([1; 32]));
        let key = DeviceKey::generate(&mut random);
        let page = HistoryPage { more: true, ..HistoryPage::of(&[]).unwrap() };
        let bytes = page.sign(&[2; 32], &key).unwrap();
        assert_eq!(HistoryPage::read(&bytes, &[2; 32]), Ok((key.id(), page)));
        assert!(HistoryPage::read(&bytes, &[3; 32]).is_err());
        for end in 0..bytes.len() {
            assert!(HistoryPage::read(&bytes[..end], &[2; 32]).is_err());
            let mut other = bytes.clone();
            other[end] ^= 1;
            assert!(HistoryPage::read(&other, &[2; 32]).is_err());
        }
    }
}

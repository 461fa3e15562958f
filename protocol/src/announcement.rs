//! What a device says of itself on a local network, so that those who hold a circle's key find it
//! there and nobody else learns which circle it is of. What is announced is a name, an address and a
//! port; that it is of the circle, a tag says, which only the key of direct links (or of an invite's
//! door) makes and checks. The tag covers name, address and port: whoever repeats an announcement
//! leads nobody anywhere but to where its author was. Clauses: specs/06-sync Y-82, Y-83.

use data_encoding::BASE32_NOPAD;
use subtle::ConstantTimeEq;

use crate::label::Label;
use crate::limits::ANNOUNCEMENT_TAG;
use crate::secret::Secret;

/// Bytes of a name before it is text.
const NAME: usize = 10;

/// Keys of announcements, for a circle's era or an invite's door, around one day.
#[derive(Debug)]
pub struct AnnouncementKeys {
    name: Secret<32>,
    /// Of yesterday, today and tomorrow: clocks differ, most of all where there is no internet.
    days: [Secret<32>; 3],
}

/// What stands in an announcement, beside its tag.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Announced<'a> {
    /// Its name on the network.
    pub name: &'a str,
    /// The address it stands for, 4 or 16 bytes.
    pub address: &'a [u8],
    /// The port.
    pub port: u16,
}

/// Says to those who hold the key that an announcement is of their circle; to others it is noise.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct AnnouncementTag([u8; ANNOUNCEMENT_TAG]);

impl AnnouncementTag {
    /// Reads what was heard.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        Some(Self(bytes.try_into().ok()?))
    }

    /// A nonce and what was made of it.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8; ANNOUNCEMENT_TAG] {
        &self.0
    }
}

impl AnnouncementKeys {
    /// The keys on the day `today` (hour / 24) for whoever holds `link`.
    #[must_use]
    pub fn of(link: &Secret<32>, today: u32) -> Self {
        let days = [today.saturating_sub(1), today, today.saturating_add(1)];
        Self {
            name: Label::ANNOUNCEMENT_NAME.derive(link, &[]),
            days: days.map(|day| Label::ANNOUNCEMENT_TAG.derive(link, &[&day.to_be_bytes()])),
        }
    }

    /// The name under which the device with this peer id is announced. Peer ids are new at every
    /// start, so it is as well; whoever is connected with a device knows its name by this.
    #[must_use]
    pub fn name(&self, peer: &[u8]) -> String {
        let mac = Label::ANNOUNCEMENT_NAME.mac(&self.name, &[peer]);
        let short: Vec<u8> = mac.into_iter().take(NAME).collect();
        BASE32_NOPAD.encode(&short).to_ascii_lowercase()
    }

    /// The tag of an announcement made today, with a fresh random `nonce`.
    #[must_use]
    pub fn tag(&self, announced: &Announced<'_>, nonce: [u8; 16]) -> AnnouncementTag {
        let [_, today, _] = &self.days;
        tag(today, announced, nonce)
    }

    /// Whether an announcement is of this circle, and not older than a day or two.
    #[must_use]
    pub fn recognises(&self, announced: &Announced<'_>, said: &AnnouncementTag) -> bool {
        let Some((nonce, _)) = said.0.split_first_chunk::<16>() else { return false };
        let fits = |day| tag(day, announced, *nonce).0.as_slice().ct_eq(said.0.as_slice());
        self.days.iter().any(|day| fits(day).into())
    }
}

fn tag(key: &Secret<32>, announced: &Announced<'_>, nonce: [u8; 16]) -> AnnouncementTag {
    let port = announced.port.to_be_bytes();
    let parts = [nonce.as_slice(), announced.name.as_bytes(), announced.address, &port];
    let mac = Label::ANNOUNCEMENT_TAG.mac(key, &parts);
    let mut bytes = [0; ANNOUNCEMENT_TAG];
    for (byte, from) in bytes.iter_mut().zip(nonce.into_iter().chain(mac)) {
        *byte = from;
    }
    AnnouncementTag(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    const HERE: Announced<'_> =
        Announced { name: "aaaabbbbccccdddd", address: &[192, 168, 1, 7], port: 4710 };

    fn keys(link: u8, day: u32) -> AnnouncementKeys {
        AnnouncementKeys::of(&Secret::from_bytes([link; 32]), day)
    }

    #[test]
    fn only_who_holds_the_key_knows_an_announcement() {
        let said = keys(1, 7).tag(&HERE, [3; 16]);
        assert!(keys(1, 7).recognises(&HERE, &said));
        assert!(!keys(2, 7).recognises(&HERE, &said), "another circle, or another era");
        assert_eq!(AnnouncementTag::from_bytes(said.as_bytes()), Some(said));
        assert_eq!(AnnouncementTag::from_bytes(&said.as_bytes()[1..]), None);
    }

    #[test]
    fn an_announcement_says_nothing_of_another_place() {
        let said = keys(1, 7).tag(&HERE, [3; 16]);
        let elsewhere = [
            Announced { address: &[192, 168, 1, 8], ..HERE },
            Announced { port: 4711, ..HERE },
            Announced { name: "aaaabbbbccccddde", ..HERE },
        ];
        for place in elsewhere {
            assert!(!keys(1, 7).recognises(&place, &said));
        }
    }

    #[test]
    fn an_announcement_holds_over_midnight_and_with_clocks_a_day_apart_and_no_longer() {
        let said = keys(1, 7).tag(&HERE, [3; 16]);
        for today in [6, 8] {
            assert!(keys(1, today).recognises(&HERE, &said));
        }
        for today in [5, 9] {
            assert!(!keys(1, today).recognises(&HERE, &said));
        }
    }

    #[test]
    fn two_announcements_of_one_circle_share_nothing() {
        let keys = keys(1, 7);
        let (one, other) = (keys.tag(&HERE, [3; 16]), keys.tag(&HERE, [4; 16]));
        assert_ne!(one.as_bytes()[16..], other.as_bytes()[16..]);
        let (one, other) = (keys.name(&[1; 38]), keys.name(&[2; 38]));
        assert_ne!(one, other);
        assert_eq!(one.len(), 16);
        assert_ne!(one, AnnouncementKeys::of(&Secret::from_bytes([2; 32]), 7).name(&[1; 38]));
        assert_eq!(one, AnnouncementKeys::of(&Secret::from_bytes([1; 32]), 9).name(&[1; 38]));
    }
}

//! Where a device can be met directly: its peer id of this start and the relays that bring others
//! to it. No address stands in it. It travels in envelopes on a topic of the day that whoever holds
//! the key of direct links can open, so that only members of the era learn whom to expect, and
//! expect nobody else. Clause: specs/06-sync Y-42.

use tls_codec::{TlsDeserialize, TlsSerialize, TlsSize};

use crate::identity::Verified;
use crate::label::Label;
use crate::limits::{MAX_PEER_ID, MAX_WHEREABOUTS, WHEREABOUTS_LIFE, WHEREABOUTS_RELAYS};
use crate::random::Random;
use crate::secret::Secret;
use crate::time::Timestamp;
use crate::wire::text::Opaque;
use crate::wire::{self, Envelope, FrameKind, SealKey, TopicKey};

const VERSION: u8 = 1;

/// Where a device can be met.
///
/// ```text
/// +-----------+-----------------+------------------------+------------+
/// | version 1 | peer id (var)   | relays' peer ids (var) | written 8  |
/// +-----------+-----------------+------------------------+------------+
/// ```
#[derive(Clone, Debug, Eq, PartialEq, TlsDeserialize, TlsSerialize, TlsSize)]
pub struct Whereabouts {
    version: u8,
    peer: Opaque<MAX_PEER_ID>,
    relays: Vec<Opaque<MAX_PEER_ID>>,
    written: Timestamp,
}

impl Whereabouts {
    /// The device with the peer id `peer` is brought to by `relays`, the first of them; nothing if
    /// a peer id is longer than any is.
    #[must_use]
    pub fn new(peer: &[u8], relays: &[Vec<u8>], written: Timestamp) -> Option<Self> {
        let relays = relays.iter().take(WHEREABOUTS_RELAYS);
        Some(Self {
            version: VERSION,
            peer: Opaque::new(peer).ok()?,
            relays: relays
                .map(|relay| Opaque::new(relay.as_slice()).ok())
                .collect::<Option<_>>()?,
            written,
        })
    }

    /// The peer id of the device.
    #[must_use]
    pub fn peer(&self) -> &[u8] {
        self.peer.as_bytes()
    }

    /// The peer ids of the relays that bring others to it.
    pub fn relays(&self) -> impl Iterator<Item = &[u8]> {
        self.relays.iter().map(Opaque::as_bytes)
    }

    /// When it was said, by the clock of who said it.
    #[must_use]
    pub fn written(&self) -> Timestamp {
        self.written
    }

    /// Whether it holds at `now`. Whoever's clock is off by more than that is not met directly.
    #[must_use]
    pub fn holds(&self, now: Timestamp) -> bool {
        now.since(self.written) <= WHEREABOUTS_LIFE && self.written.since(now) <= WHEREABOUTS_LIFE
    }
}

/// What opens the whereabouts of one day.
#[derive(Debug)]
pub struct WhereaboutsKey {
    topic: TopicKey,
    seal: SealKey,
}

impl WhereaboutsKey {
    /// The key of `day` (hour / 24) for whoever holds the key of the era's direct links.
    #[must_use]
    pub fn of(link: &Secret<32>, day: u32) -> Self {
        let secret = Label::WHEREABOUTS.derive(link, &[&day.to_be_bytes()]);
        Self {
            topic: TopicKey::from_secret(&Label::WHEREABOUTS_TOPIC.derive(&secret, &[])),
            seal: SealKey::from_secret(&Label::WHEREABOUTS_SEAL.derive(&secret, &[])),
        }
    }

    /// The key of the topic.
    #[must_use]
    pub fn topic_key(&self) -> &TopicKey {
        &self.topic
    }

    /// Seals whereabouts.
    #[must_use]
    pub fn seal(
        &self,
        whereabouts: &Whereabouts,
        random: &mut Random,
    ) -> Option<Verified<Envelope>> {
        let record = wire::encode(whereabouts);
        if record.len() > MAX_WHEREABOUTS {
            return None;
        }
        let hour = whereabouts.written.hour();
        self.seal.seal(&self.topic, hour, FrameKind::Whereabouts, &record, random).ok()
    }

    /// Opens what stands on the topic; nothing if it is no whereabouts of this day's key.
    #[must_use]
    pub fn open(&self, envelope: &Verified<Envelope>) -> Option<Whereabouts> {
        if !self.seal.recognises(envelope) {
            return None;
        }
        let frame = self.seal.open(envelope).ok()?;
        if frame.kind != FrameKind::Whereabouts {
            return None;
        }
        let whereabouts: Whereabouts = wire::decode(&frame.record, MAX_WHEREABOUTS).ok()?;
        let fits = whereabouts.relays.len() <= WHEREABOUTS_RELAYS;
        (whereabouts.version == VERSION && fits).then_some(whereabouts)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_seconds(1_800_000_000);

    fn key(link: u8, day: u32) -> WhereaboutsKey {
        WhereaboutsKey::of(&Secret::from_bytes([link; 32]), day)
    }

    fn sealed(relays: usize) -> Verified<Envelope> {
        let said = Whereabouts {
            version: VERSION,
            peer: Opaque::new(vec![1; 38]).unwrap(),
            relays: vec![Opaque::new(vec![2; 38]).unwrap(); relays],
            written: NOW,
        };
        key(1, 7).seal(&said, &mut Random::from_seed(&Secret::from_bytes([3; 32]))).unwrap()
    }

    #[test]
    fn only_who_holds_the_key_of_the_era_and_day_reads_where_somebody_is() {
        let envelope = sealed(1);
        let said = key(1, 7).open(&envelope).unwrap();
        assert_eq!((said.peer(), said.relays().count()), ([1; 38].as_slice(), 1));
        assert!(key(2, 7).open(&envelope).is_none(), "another era");
        assert!(key(1, 8).open(&envelope).is_none(), "another day");
        assert_ne!(key(1, 7).topic_key().topic(), key(1, 8).topic_key().topic());
    }

    #[test]
    fn whereabouts_hold_for_two_hours_and_name_few_relays() {
        let said = Whereabouts::new(&[1; 38], &vec![vec![2; 38]; 9], NOW).unwrap();
        assert_eq!(said.relays().count(), WHEREABOUTS_RELAYS);
        assert!(said.holds(NOW) && said.holds(NOW.after(WHEREABOUTS_LIFE)));
        assert!(!said.holds(NOW.after(WHEREABOUTS_LIFE * 2)));
        assert!(Whereabouts::new(&[1; 65], &[], NOW).is_none());
        assert!(key(1, 7).open(&sealed(WHEREABOUTS_RELAYS + 1)).is_none());
    }
}

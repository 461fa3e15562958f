//! What is kept of a request to be taken in anew: why, the keys that open the answers, and what is to be said
//! once the device is in. Clauses: specs/04-order O-74 to O-79.

use std::collections::{BTreeMap, BTreeSet};

use tls_codec::{TlsDeserialize, TlsSerialize, TlsSize};

use crate::circle::{Circle, Step};
use crate::id::{DeviceId, ItemId};
use crate::identity::Credential;
use crate::limits::{MAX_RETURN, RECORD_OVERHEAD};
use crate::mls::{HpkeSecret, Namespace};
use crate::porch::ReturnId;
use crate::record::{Key, RecordKind, Value};
use crate::secret::Secret;
use crate::time::Timestamp;
use crate::wire::text::Opaque;
use crate::wire::{self, DecodeError};

/// Under which name it is kept what of the unsaid had left: no id of a request is as short.
const LEFT: &[u8] = b"left";
/// And that the keys of the request may have been used.
const USED: &[u8] = b"used";
/// And which devices were there when it found out.
const THERE: &[u8] = b"there";
/// And that its owner says that what it keeps is old.
const TOLD: &[u8] = b"told";

/// Why a device comes back.
#[derive(Clone, Copy, Debug, Eq, PartialEq, TlsDeserialize, TlsSerialize, TlsSize)]
#[repr(u8)]
pub(crate) enum Cause {
    /// It cannot follow the others, or they share no state with it.
    Lost = 1,
    /// It is a copy: something sealed with its key is not from it.
    Copy = 2,
    /// The others stand in states in which its member never was.
    Stranger = 3,
}

/// What opens the answers to one request to be taken in anew.
#[derive(Debug)]
pub(super) struct Offer {
    pub(super) id: ReturnId,
    pub(super) reply: HpkeSecret,
    /// The private halves of the KeyPackages it offered.
    pub(super) keys: Namespace,
    pub(super) written: Timestamp,
}

/// What a device keeps that asks to be taken in anew.
#[derive(Debug)]
pub(crate) struct Returning {
    pub(super) cause: Cause,
    /// The key it comes back with.
    pub(super) key: Secret<32>,
    pub(super) credential: Credential,
    /// What it asked last.
    pub(super) offer: Offer,
    /// What it asked before with the same key: somebody may have heard no more than that.
    pub(super) earlier: Vec<Offer>,
    pub(super) attempt: u8,
    /// When it asks again; once it is in, when it looks after what is to be said anew.
    pub(super) next: Timestamp,
    /// Until when it had heard everything when it first asked.
    pub(super) heard: Timestamp,
    /// When it came in.
    pub(super) done: Option<Timestamp>,
    /// What its owner wrote and nobody has, if this device is a copy: said anew once it is in.
    pub(super) unsaid: Vec<ItemId>,
    /// What of that had left, if only for a relay: others may have it or get it yet, under its old id.
    pub(super) left: BTreeSet<ItemId>,
    /// The other devices in the head when it found out that it is a copy: what it wrote before they may have.
    /// None of one that an older version wrote.
    pub(super) there: Option<BTreeSet<DeviceId>>,
    /// Whether the device was put back while it waited: it may have come in by this request before, and
    /// used its keys.
    pub(super) used: bool,
    /// Whether its owner says that what it keeps is old: others may have come since.
    pub(super) told: bool,
    /// Whether somebody who was there has handed over what they have. Not kept: else it asks.
    pub(super) answered: bool,
    /// From where on of each key the copy and what it is a copy of went two ways, as far as that was handed
    /// over. Not kept either.
    pub(super) parted: BTreeMap<DeviceId, u64>,
    /// Since when it listens. Not kept: while it was off others may have let it in.
    pub(super) listens: Option<Timestamp>,
}

#[derive(Debug, TlsDeserialize, TlsSerialize, TlsSize)]
struct ReturningRecord {
    cause: Cause,
    key: Secret<32>,
    credential: Credential,
    id: ReturnId,
    reply: HpkeSecret,
    keys: Vec<KeyRecord>,
    written: Timestamp,
    attempt: u8,
    next: Timestamp,
    heard: Timestamp,
    done: Option<Timestamp>,
    unsaid: Vec<ItemId>,
}

/// Kept apart from the request, whose record is older.
#[derive(Debug, TlsDeserialize, TlsSerialize, TlsSize)]
struct LeftRecord {
    left: Vec<ItemId>,
}

#[derive(Debug, TlsDeserialize, TlsSerialize, TlsSize)]
struct ThereRecord {
    there: Vec<DeviceId>,
}

#[derive(Debug, TlsDeserialize, TlsSerialize, TlsSize)]
struct OfferRecord {
    reply: HpkeSecret,
    keys: Vec<KeyRecord>,
    written: Timestamp,
}

#[derive(Debug, TlsDeserialize, TlsSerialize, TlsSize)]
struct KeyRecord {
    name: Opaque<1024>,
    value: Opaque<MAX_RETURN>,
}

impl Offer {
    pub(super) fn to_record(&self) -> Vec<u8> {
        let (reply, keys) = (self.reply.duplicate(), write_keys(&self.keys));
        wire::encode(&OfferRecord { reply, keys, written: self.written }).to_vec()
    }

    fn read(id: ReturnId, value: &[u8]) -> Result<Self, DecodeError> {
        let OfferRecord { reply, keys, written } =
            wire::decode(value, 4 * MAX_RETURN + RECORD_OVERHEAD)?;
        Ok(Self { id, reply, keys: read_keys(keys), written })
    }
}

impl Returning {
    /// Reads what was written: the request under no name, and what was asked before under the id of
    /// each. `None` if there is no request.
    ///
    /// # Errors
    /// [`DecodeError`]: the store is damaged or newer.
    pub(super) fn read(records: Vec<(Vec<u8>, Value)>) -> Result<Option<Self>, DecodeError> {
        let (mut returning, mut earlier, mut left) = (None, Vec::new(), BTreeSet::new());
        let (mut used, mut told, mut there) = (false, false, None);
        for (name, value) in records {
            if name.is_empty() {
                returning = Some(Self::read_newest(&value)?);
            } else if name == LEFT {
                // As long as there are words: the store bounds it.
                let record: LeftRecord = wire::decode(&value, value.len())?;
                left.extend(record.left);
            } else if name == USED {
                used = true;
            } else if name == THERE {
                // As long as a circle has devices: the store bounds it.
                let record: ThereRecord = wire::decode(&value, value.len())?;
                there = Some(record.there.into_iter().collect());
            } else if name == TOLD {
                told = true;
            } else {
                let id = name.try_into().map_err(|_| DecodeError::Malformed)?;
                earlier.push(Offer::read(id, &value)?);
            }
        }
        earlier.sort_by_key(|offer| offer.written);
        Ok(returning.map(|returning| Self { earlier, left, used, told, there, ..returning }))
    }

    fn read_newest(value: &[u8]) -> Result<Self, DecodeError> {
        // It grows with what is unsaid: the store bounds it.
        let record: ReturningRecord = wire::decode(value, value.len())?;
        let ReturningRecord { cause, key, credential, id, reply, keys, written, .. } = record;
        Ok(Self {
            cause,
            key,
            credential,
            offer: Offer { id, reply, keys: read_keys(keys), written },
            earlier: Vec::new(),
            attempt: record.attempt,
            next: record.next,
            heard: record.heard,
            done: record.done,
            unsaid: record.unsaid,
            left: BTreeSet::new(),
            there: None,
            used: false,
            told: false,
            answered: false,
            parted: BTreeMap::new(),
            listens: None,
        })
    }

    /// What opens the answers to a request, the newest or one before.
    pub(super) fn offer(&self, id: &ReturnId) -> Option<&Offer> {
        std::iter::once(&self.offer).chain(&self.earlier).find(|offer| offer.id == *id)
    }

    /// Whether the device still waits to be taken in.
    pub(super) fn is_open(&self) -> bool {
        self.done.is_none()
    }
}

impl Circle {
    pub(super) fn offer_key(&self, id: &ReturnId) -> Key {
        self.key_of(RecordKind::Return, id)
    }

    /// Forgets the request to be taken in anew, with all before it.
    pub(super) fn forget_returning(&mut self, step: &mut Step<'_>) {
        self.erase_returning(step);
        self.returning = None;
    }

    /// Forgets what is written of it.
    pub(super) fn erase_returning(&self, step: &mut Step<'_>) {
        for offer in self.returning.iter().flat_map(|returning| &returning.earlier) {
            step.delete(self.offer_key(&offer.id));
        }
        step.delete(self.key_of(RecordKind::Return, LEFT));
        step.delete(self.key_of(RecordKind::Return, USED));
        step.delete(self.key_of(RecordKind::Return, TOLD));
        step.delete(self.key_of(RecordKind::Return, THERE));
        step.delete(self.key_of(RecordKind::Return, &[]));
    }

    pub(super) fn write_returning(&self, step: &mut Step<'_>) {
        let Some(returning) = &self.returning else {
            return;
        };
        let record = ReturningRecord {
            cause: returning.cause,
            key: returning.key.duplicate(),
            credential: returning.credential.clone(),
            id: returning.offer.id,
            reply: returning.offer.reply.duplicate(),
            keys: write_keys(&returning.offer.keys),
            written: returning.offer.written,
            attempt: returning.attempt,
            next: returning.next,
            heard: returning.heard,
            done: returning.done,
            unsaid: returning.unsaid.clone(),
        };
        step.put(self.key_of(RecordKind::Return, &[]), wire::encode(&record).to_vec());
        let left: Vec<ItemId> =
            returning.unsaid.iter().filter(|id| returning.left.contains(id)).copied().collect();
        let key = self.key_of(RecordKind::Return, LEFT);
        if left.is_empty() {
            step.delete(key);
        } else {
            step.put(key, wire::encode(&LeftRecord { left }).to_vec());
        }
        let key = self.key_of(RecordKind::Return, THERE);
        match &returning.there {
            Some(there) => {
                let record = ThereRecord { there: there.iter().copied().collect() };
                step.put(key, wire::encode(&record).to_vec());
            }
            None => step.delete(key),
        }
        for (name, holds) in [(USED, returning.used), (TOLD, returning.told)] {
            let key = self.key_of(RecordKind::Return, name);
            if holds {
                step.put(key, vec![1]);
            } else {
                step.delete(key);
            }
        }
    }
}

fn write_keys(keys: &Namespace) -> Vec<KeyRecord> {
    let key_record = |(name, value): (&[u8], &[u8])| {
        let (name, value) = (Opaque::new(name).ok()?, Opaque::new(value).ok()?);
        Some(KeyRecord { name, value })
    };
    keys.records().filter_map(key_record).collect()
}

fn read_keys(records: Vec<KeyRecord>) -> Namespace {
    Namespace::from_records(
        records
            .into_iter()
            .map(|record| (record.name.as_bytes().to_vec(), record.value.as_bytes().to_vec())),
    )
}

//! Ballots in the store. Clause: specs/04-order O-31.

use tls_codec::{TlsDeserialize, TlsSerialize, TlsSize};

use crate::circle::{Circle, Step};
use crate::id::{DeviceId, MemberId, StateId};
use crate::limits::{MAX_SIBLINGS, RECORD_OVERHEAD};
use crate::order::{Ballots, Cast, Seal, Sibling};
use crate::record::{Key, RecordKind, Value};
use crate::wire::{self, DecodeError};

/// What stands under a member who broke its chain.
const VERSION: u8 = 1;

/// A seal under its device and counter.
#[derive(Debug, TlsDeserialize, TlsSerialize, TlsSize)]
struct BallotRecord {
    member: MemberId,
    digest: [u8; 32],
    vote: Option<StateId>,
    siblings: Vec<Sibling>,
}

impl Circle {
    fn ballot_key(&self, device: &DeviceId, counter: u64) -> Key {
        let name = [device.as_bytes().as_slice(), &counter.to_be_bytes()].concat();
        self.key_of(RecordKind::Ballot, &name)
    }

    pub(super) fn write_ballot(&self, step: &mut Step<'_>, seal: &Seal) {
        let Seal { member, device, counter, digest, vote, ref siblings } = *seal;
        let record = BallotRecord { member, digest, vote, siblings: siblings.clone() };
        step.put(self.ballot_key(&device, counter), wire::encode(&record).to_vec());
    }

    pub(super) fn delete_ballot(&mut self, step: &mut Step<'_>, device: &DeviceId, counter: u64) {
        if *device == self.key.id() {
            self.forget_sealed(step, counter);
        }
        step.delete(self.ballot_key(device, counter));
    }

    /// Writes that a member broke its chain: a record under the member alone.
    pub(super) fn write_equivocator(&self, step: &mut Step<'_>, member: &MemberId) {
        step.put(self.key_of(RecordKind::Ballot, member.as_bytes()), vec![VERSION]);
    }
}

/// Puts the ballots together from their records.
pub(super) fn read_ballots(records: Vec<(Vec<u8>, Value)>) -> Result<Ballots, DecodeError> {
    let mut ballots = Ballots::default();
    for (name, value) in records {
        let (name, counter) = name.split_first_chunk::<32>().ok_or(DecodeError::Malformed)?;
        if counter.is_empty() {
            ballots.accuse(MemberId::from_bytes(*name));
            continue;
        }
        let counter = counter.try_into().map(u64::from_be_bytes);
        let counter = counter.map_err(|_| DecodeError::Malformed)?;
        let record: BallotRecord = wire::decode(&value, RECORD_OVERHEAD)?;
        let BallotRecord { member, digest, vote, siblings } = record;
        if siblings.len() > MAX_SIBLINGS {
            return Err(DecodeError::Limit);
        }
        let device = DeviceId::from_bytes(*name);
        // A record under each name: none is known yet.
        let _: Cast = ballots.cast(Seal { member, device, counter, digest, vote, siblings });
    }
    Ok(ballots)
}

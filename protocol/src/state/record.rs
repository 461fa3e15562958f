//! A state in the store: everything but its MLS records, which are records of their own.

use std::sync::Arc;

use tls_codec::{TlsDeserialize, TlsSerialize, TlsSize};

use crate::id::{EnvelopeId, MemberId, StateId};
use crate::ledger::Ledger;
use crate::mls::Namespace;
use crate::order::Class;
use crate::secret::Secret;
use crate::state::{Ending, Held, Hold, Remains, Short, State, StateKeys};
use crate::time::Hour;
use crate::wire::{self, DecodeError};

const VERSION: u8 = 1;
/// Bytes of the largest record: a ledger of a thousand members and as many invites.
const MAX_STATE_RECORD: usize = 4 * 1024 * 1024;

/// A state as it is written.
#[derive(Debug, TlsDeserialize, TlsSerialize, TlsSize)]
pub(crate) struct StateRecord {
    version: u8,
    parent: Option<StateId>,
    epoch: u64,
    leaf: u32,
    member: Option<MemberId>,
    class: Class,
    commit: Option<EnvelopeId>,
    hold: HoldRecord,
}

#[derive(Debug, TlsDeserialize, TlsSerialize, TlsSize)]
#[repr(u8)]
// Lives for one encoding; boxing it would cost more than it saves.
#[allow(clippy::large_enum_variant)]
enum HoldRecord {
    #[tls_codec(discriminant = 1)]
    Keys(KeysRecord),
    #[tls_codec(discriminant = 2)]
    Closing(Ending),
    #[tls_codec(discriminant = 3)]
    Header(RemainsRecord),
}

#[derive(Debug, TlsDeserialize, TlsSerialize, TlsSize)]
struct RemainsRecord {
    #[tls_codec(with = "crate::wire::flag")]
    pruned: bool,
    since: Hour,
    chosen: Option<StateId>,
    members: Option<Vec<MemberId>>,
    departures: Option<Vec<Short>>,
}

#[derive(Debug, TlsDeserialize, TlsSerialize, TlsSize)]
struct KeysRecord {
    #[tls_codec(with = "shared")]
    ledger: Arc<Ledger>,
    era: StateId,
    departures: Option<Vec<Short>>,
    #[tls_codec(with = "crate::wire::flag")]
    acknowledged: bool,
    #[tls_codec(with = "crate::wire::flag")]
    left: bool,
    sent: u64,
    items: Secret<32>,
    commits: Secret<32>,
}

impl StateRecord {
    /// The bytes of `state` without its MLS records.
    pub(crate) fn encode(state: &State) -> Vec<u8> {
        let hold = match &state.hold {
            Hold::Keys(held) => HoldRecord::Keys(KeysRecord {
                ledger: held.ledger.clone(),
                era: held.era,
                departures: held.departures.clone(),
                acknowledged: held.acknowledged,
                left: held.left,
                sent: held.sent,
                items: held.keys.items.duplicate(),
                commits: held.keys.commits.duplicate(),
            }),
            Hold::Closing(ending) => HoldRecord::Closing(*ending),
            Hold::Header(remains) => HoldRecord::Header(RemainsRecord {
                pruned: remains.pruned,
                since: remains.since,
                chosen: remains.chosen,
                members: remains.members.as_ref().map(|m| m.iter().copied().collect()),
                departures: remains.departures.clone(),
            }),
        };
        let record = Self {
            version: VERSION,
            parent: state.parent,
            epoch: state.epoch,
            leaf: state.leaf,
            member: state.member,
            class: state.class,
            commit: state.commit,
            hold,
        };
        std::mem::take(&mut *wire::encode(&record))
    }

    /// The state in these bytes, with the MLS records found beside it.
    ///
    /// # Errors
    /// [`DecodeError`]: the store is damaged or newer.
    pub(crate) fn decode(bytes: &[u8], namespace: Namespace) -> Result<State, DecodeError> {
        let record: Self = wire::decode(bytes, MAX_STATE_RECORD)?;
        if record.version != VERSION {
            return Err(DecodeError::UnknownVersion);
        }
        let hold = match record.hold {
            HoldRecord::Keys(keys) => Hold::Keys(Box::new(Held {
                ledger: keys.ledger,
                era: keys.era,
                departures: keys.departures,
                acknowledged: keys.acknowledged,
                left: keys.left,
                sent: keys.sent,
                namespace,
                group: None,
                keys: StateKeys::new(keys.items, keys.commits),
            })),
            HoldRecord::Closing(ending) => Hold::Closing(ending),
            HoldRecord::Header(RemainsRecord { pruned, since, chosen, members, departures }) => {
                let members = members.map(|members| Arc::new(members.into_iter().collect()));
                Hold::Header(Remains { pruned, since, chosen, members, departures })
            }
        };
        Ok(State {
            parent: record.parent,
            epoch: record.epoch,
            leaf: record.leaf,
            member: record.member,
            class: record.class,
            commit: record.commit,
            hold,
        })
    }
}

/// A ledger that its states share, as what it is: nothing is copied to write it.
mod shared {
    use std::io::{Read, Write};
    use std::sync::Arc;

    use tls_codec::{Deserialize, Error, Serialize, Size};

    use crate::ledger::Ledger;

    pub(super) fn tls_serialized_len(ledger: &Arc<Ledger>) -> usize {
        Ledger::tls_serialized_len(ledger)
    }

    pub(super) fn tls_serialize<W: Write>(
        ledger: &Arc<Ledger>,
        writer: &mut W,
    ) -> Result<usize, Error> {
        Ledger::tls_serialize(ledger, writer)
    }

    pub(super) fn tls_deserialize<R: Read>(reader: &mut R) -> Result<Arc<Ledger>, Error> {
        Ledger::tls_deserialize(reader).map(Arc::new)
    }
}

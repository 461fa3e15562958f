//! The ledger on the wire: beside a Welcome, and hashed. Entries stand in ascending order of their
//! keys, so that there is one encoding. A circle that has never changed its rules is encoded as it
//! always was; the rules of any other follow, behind another version.

use std::collections::BTreeMap;

use tls_codec::{Deserialize, Error, Serialize, Size, TlsDeserialize, TlsSerialize, TlsSize};

use crate::id::{InviteId, MemberId};
use crate::ledger::{InviteEntry, Ledger, MemberEntry, Rules, Settings};
use crate::limits::{
    FLOOD_WINDOW, FOUNDING_COMMITTERS, MAX_DEVICES_PER_MEMBER, MAX_INVITES, MAX_MEMBERS, MAX_RELAYS,
};

/// A circle with the rules it began with.
const VERSION: u8 = 1;
/// A circle with others, which stand after everything else.
const WITH_RULES: u8 = 2;

#[derive(Debug, TlsDeserialize, TlsSerialize, TlsSize)]
struct MemberRow {
    member: MemberId,
    entry: MemberEntry,
}

#[derive(Debug, TlsDeserialize, TlsSerialize, TlsSize)]
struct InviteRow {
    invite: InviteId,
    entry: InviteEntry,
}

#[derive(Debug, TlsDeserialize, TlsSerialize, TlsSize)]
struct Encoded {
    version: u8,
    settings: Settings,
    members: Vec<MemberRow>,
    invites: Vec<InviteRow>,
    committers: u8,
    recent: Vec<Option<MemberId>>,
}

/// The rows as a map, if there are no more than `limit` and they ascend.
fn ordered<K: Ord, V>(
    rows: impl ExactSizeIterator<Item = (K, V)>,
    limit: usize,
) -> Result<BTreeMap<K, V>, Error> {
    if rows.len() > limit {
        return Err(Error::InvalidInput);
    }
    let mut map = BTreeMap::new();
    for (key, value) in rows {
        if map.last_key_value().is_some_and(|(last, _)| *last >= key) {
            return Err(Error::InvalidInput);
        }
        map.insert(key, value);
    }
    Ok(map)
}

impl Ledger {
    fn encoded(&self) -> Encoded {
        let member_row = |(member, entry): (&MemberId, &MemberEntry)| MemberRow {
            member: *member,
            entry: entry.clone(),
        };
        let invite_row = |(invite, entry): (&InviteId, &InviteEntry)| InviteRow {
            invite: *invite,
            entry: entry.clone(),
        };
        let first = self.rules == Rules::default();
        Encoded {
            version: if first { VERSION } else { WITH_RULES },
            settings: self.settings.clone(),
            members: self.members.iter().map(member_row).collect(),
            invites: self.invites.iter().map(invite_row).collect(),
            committers: self.committers,
            recent: self.recent.clone(),
        }
    }
}

impl Size for Ledger {
    fn tls_serialized_len(&self) -> usize {
        let encoded = self.encoded();
        let rules = if encoded.version == WITH_RULES { self.rules.tls_serialized_len() } else { 0 };
        encoded.tls_serialized_len() + rules
    }
}

impl Serialize for Ledger {
    fn tls_serialize<W: std::io::Write>(&self, writer: &mut W) -> Result<usize, Error> {
        let encoded = self.encoded();
        let written = encoded.tls_serialize(writer)?;
        if encoded.version == WITH_RULES {
            return Ok(written + self.rules.tls_serialize(writer)?);
        }
        Ok(written)
    }
}

impl Deserialize for Ledger {
    fn tls_deserialize<R: std::io::Read>(bytes: &mut R) -> Result<Self, Error> {
        let encoded = Encoded::tls_deserialize(bytes)?;
        let rules = match encoded.version {
            VERSION => Rules::default(),
            WITH_RULES => {
                let rules = Rules::tls_deserialize(bytes)?;
                if rules == Rules::default() || !rules.are_possible() {
                    return Err(Error::InvalidInput);
                }
                rules
            }
            _ => return Err(Error::InvalidInput),
        };
        let members =
            ordered(encoded.members.into_iter().map(|row| (row.member, row.entry)), MAX_MEMBERS)?;
        let invites =
            ordered(encoded.invites.into_iter().map(|row| (row.invite, row.entry)), MAX_INVITES)?;
        let devices_fit = members
            .values()
            .all(|entry| (1..=MAX_DEVICES_PER_MEMBER).contains(&entry.devices.len()));
        if !devices_fit
            || members.is_empty()
            || encoded.settings.relays.len() > MAX_RELAYS
            || usize::from(encoded.committers) > FOUNDING_COMMITTERS
            || encoded.recent.len() >= FLOOD_WINDOW
        {
            return Err(Error::InvalidInput);
        }
        let Encoded { settings, committers, recent, .. } = encoded;
        Ok(Self { settings, rules, members, invites, committers, recent })
    }
}

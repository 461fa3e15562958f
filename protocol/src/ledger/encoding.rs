//! The ledger on the wire: beside a Welcome, and hashed. Entries stand in ascending order of their
//! keys, so that there is one encoding.

use std::collections::BTreeMap;

use tls_codec::{Deserialize, Error, Serialize, Size, TlsDeserialize, TlsSerialize, TlsSize};

use crate::id::{InviteId, MemberId};
use crate::ledger::{InviteEntry, Ledger, MemberEntry, Settings};
use crate::limits::{
    FLOOD_WINDOW, FOUNDING_COMMITTERS, MAX_DEVICES_PER_MEMBER, MAX_INVITES, MAX_MEMBERS, MAX_RELAYS,
};

const VERSION: u8 = 1;

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
        Encoded {
            version: VERSION,
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
        self.encoded().tls_serialized_len()
    }
}

impl Serialize for Ledger {
    fn tls_serialize<W: std::io::Write>(&self, writer: &mut W) -> Result<usize, Error> {
        self.encoded().tls_serialize(writer)
    }
}

impl Deserialize for Ledger {
    fn tls_deserialize<R: std::io::Read>(bytes: &mut R) -> Result<Self, Error> {
        let encoded = Encoded::tls_deserialize(bytes)?;
        let members =
            ordered(encoded.members.into_iter().map(|row| (row.member, row.entry)), MAX_MEMBERS)?;
        let invites =
            ordered(encoded.invites.into_iter().map(|row| (row.invite, row.entry)), MAX_INVITES)?;
        let devices_fit = members
            .values()
            .all(|entry| (1..=MAX_DEVICES_PER_MEMBER).contains(&entry.devices.len()));
        if encoded.version != VERSION
            || !devices_fit
            || members.is_empty()
            || encoded.settings.relays.len() > MAX_RELAYS
            || usize::from(encoded.committers) > FOUNDING_COMMITTERS
            || encoded.recent.len() >= FLOOD_WINDOW
        {
            return Err(Error::InvalidInput);
        }
        let Encoded { settings, committers, recent, .. } = encoded;
        Ok(Self { settings, members, invites, committers, recent })
    }
}

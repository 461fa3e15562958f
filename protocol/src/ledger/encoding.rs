//! The ledger on the wire: beside a Welcome, and hashed. Entries stand in ascending order of their
//! keys, so that there is one encoding. A circle that has never changed its rules is encoded as it
//! always was; the rules of any other follow, behind another version, and after them what it has said
//! of files, behind a third.

use std::collections::BTreeMap;

use tls_codec::{Deserialize, Error, Serialize, Size, TlsDeserialize, TlsSize};

use crate::id::{InviteId, MemberId};
use crate::ledger::{FileRules, InviteEntry, Ledger, MemberEntry, Rules, Settings};
use crate::limits::{
    FLOOD_WINDOW, FOUNDING_COMMITTERS, MAX_DEVICES_PER_MEMBER, MAX_INVITES, MAX_MEMBERS, MAX_RELAYS,
};

/// A circle with the rules it began with.
const VERSION: u8 = 1;
/// A circle with others, which stand after everything else.
const WITH_RULES: u8 = 2;
/// A circle that has said something of files, which stands after the rules.
const WITH_FILES: u8 = 3;

#[derive(Debug, TlsDeserialize, TlsSize)]
struct MemberRow {
    member: MemberId,
    entry: MemberEntry,
}

#[derive(Debug, TlsDeserialize, TlsSize)]
struct InviteRow {
    invite: InviteId,
    entry: InviteEntry,
}

/// What is read.
#[derive(Debug, TlsDeserialize, TlsSize)]
struct Encoded {
    version: u8,
    settings: Settings,
    members: Vec<MemberRow>,
    invites: Vec<InviteRow>,
    committers: u8,
    recent: Vec<Option<MemberId>>,
}

/// A row as it is written: a ledger of a thousand members is hashed at each commit, and not copied for that.
#[derive(Debug)]
struct Row<'a, K, V>(&'a K, &'a V);

impl<K: Size, V: Size> Size for Row<'_, K, V> {
    fn tls_serialized_len(&self) -> usize {
        self.0.tls_serialized_len() + self.1.tls_serialized_len()
    }
}

impl<K: Serialize, V: Serialize> Serialize for Row<'_, K, V> {
    fn tls_serialize<W: std::io::Write>(&self, writer: &mut W) -> Result<usize, Error> {
        Ok(self.0.tls_serialize(writer)? + self.1.tls_serialize(writer)?)
    }
}

fn rows<K, V>(map: &BTreeMap<K, V>) -> Vec<Row<'_, K, V>> {
    map.iter().map(|(key, value)| Row(key, value)).collect()
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
    fn version(&self) -> u8 {
        if self.files != FileRules::default() {
            WITH_FILES
        } else if self.rules != Rules::default() {
            WITH_RULES
        } else {
            VERSION
        }
    }
}

impl Size for Ledger {
    fn tls_serialized_len(&self) -> usize {
        let version = self.version();
        let behind = match version {
            VERSION => 0,
            WITH_RULES => self.rules.tls_serialized_len(),
            _ => self.rules.tls_serialized_len() + self.files.tls_serialized_len(),
        };
        version.tls_serialized_len()
            + self.settings.tls_serialized_len()
            + rows(&self.members).tls_serialized_len()
            + rows(&self.invites).tls_serialized_len()
            + self.committers.tls_serialized_len()
            + self.recent.tls_serialized_len()
            + behind
    }
}

impl Serialize for Ledger {
    fn tls_serialize<W: std::io::Write>(&self, writer: &mut W) -> Result<usize, Error> {
        let version = self.version();
        let mut written = version.tls_serialize(writer)?
            + self.settings.tls_serialize(writer)?
            + rows(&self.members).tls_serialize(writer)?
            + rows(&self.invites).tls_serialize(writer)?
            + self.committers.tls_serialize(writer)?
            + self.recent.tls_serialize(writer)?;
        if version != VERSION {
            written += self.rules.tls_serialize(writer)?;
        }
        if version == WITH_FILES {
            written += self.files.tls_serialize(writer)?;
        }
        Ok(written)
    }
}

impl Deserialize for Ledger {
    fn tls_deserialize<R: std::io::Read>(bytes: &mut R) -> Result<Self, Error> {
        let encoded = Encoded::tls_deserialize(bytes)?;
        let (rules, files) = match encoded.version {
            VERSION => (Rules::default(), FileRules::default()),
            WITH_RULES => {
                let rules = Rules::tls_deserialize(bytes)?;
                if rules == Rules::default() || !rules.are_possible() {
                    return Err(Error::InvalidInput);
                }
                (rules, FileRules::default())
            }
            WITH_FILES => {
                let rules = Rules::tls_deserialize(bytes)?;
                let files = FileRules::tls_deserialize(bytes)?;
                if files == FileRules::default() || !rules.are_possible() {
                    return Err(Error::InvalidInput);
                }
                (rules, files)
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
        Ok(Self { settings, rules, files, members, invites, committers, recent })
    }
}

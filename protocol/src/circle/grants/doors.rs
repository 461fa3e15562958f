//! The part of a grant that stands on the topic of an invite, so that whoever holds the invite can
//! knock at a relay that takes by grant. Clause: specs/06-sync Y-72.

use tls_codec::{TlsDeserialize, TlsSerialize, TlsSize};

use crate::admission::{Door, GrantId, RelayPart};
use crate::circle::grants::{About, VERSION};
use crate::circle::send::Carries;
use crate::circle::{Circle, Step};
use crate::id::InviteId;
use crate::invite::RelayAddress;
use crate::limits::MAX_OUTBOX;
use crate::record::{Key, RecordKind};
use crate::time::Timestamp;
use crate::wire::{self, FrameKind};

/// When such a part was put, and which.
#[derive(Debug, TlsDeserialize, TlsSerialize, TlsSize)]
pub(super) struct PutDoor {
    pub(super) version: u8,
    at: Timestamp,
    grant: GrantId,
    member: u16,
}

impl Circle {
    /// Puts the part for those who knock on the topics of this device's invites and of its device
    /// code: where there is none, where it is another by now, or where relays are about to forget it.
    pub(in crate::circle) fn put_doors(&mut self, step: &mut Step<'_>) {
        let Some(ledger) = self.ledger() else { return };
        let open: Vec<InviteId> = ledger
            .invites()
            .iter()
            .filter(|(_, entry)| entry.inviter == self.me && entry.admits())
            .filter(|(_, entry)| entry.terms.expires > step.now)
            .map(|(invite, _)| *invite)
            .collect();
        let code = self.code_to_follow(step.now);
        let over: Vec<_> = self
            .grants
            .doors
            .keys()
            .filter(|(invite, _)| !open.contains(invite) && code != Some(*invite))
            .cloned()
            .collect();
        for (invite, relay) in over {
            step.delete(self.door_key(&invite, &relay));
            self.grants.doors.remove(&(invite, relay));
        }
        let mut due = Vec::new();
        for (relay, held) in self.grants.held.iter().filter(|(_, held)| held.at.is_some()) {
            let is_due = |invite: &InviteId, part: &RelayPart| {
                self.grants.doors.get(&(*invite, relay.clone())).is_none_or(|put| {
                    (put.grant, put.member) != (part.grant(), part.member())
                        || step.now.since(put.at) > step.timings.card_interval
                })
            };
            for invite in &open {
                if let Some(part) = held.door.as_ref().filter(|part| is_due(invite, part)) {
                    due.push((*invite, part.duplicate()));
                }
            }
            // A further device is the same member's: it begins with what that member has.
            if let Some(invite) = code.filter(|invite| is_due(invite, &held.own)) {
                due.push((invite, held.own.duplicate()));
            }
        }
        for (invite, part) in due {
            if self.outbox.len() < MAX_OUTBOX {
                self.put_door(step, &invite, &part);
            }
        }
    }

    fn put_door(&mut self, step: &mut Step<'_>, invite: &InviteId, part: &RelayPart) {
        let entry = self.ledger().and_then(|ledger| ledger.invites().get(invite));
        let keys = match entry {
            Some(entry) => self
                .secrets_of(invite)
                .map(|secrets| (entry.topic_key(), entry.seal_key(), secrets.issuer_key())),
            None => self.code_door_keys(invite),
        };
        let Some((topic, seal, issuer)) = keys else { return };
        let Some(record) = Door::sign(part, &issuer, invite) else { return };
        let Some(envelopes) = Self::seal(step, &seal, &topic, FrameKind::Door, &record) else {
            return;
        };
        self.send_out(step, envelopes, Carries::Post);
        let relay = part.relay().clone();
        let (grant, member) = (part.grant(), part.member());
        let put = PutDoor { version: VERSION, at: step.now, grant, member };
        step.put(self.door_key(invite, &relay), wire::encode(&put).to_vec());
        self.grants.doors.insert((*invite, relay), put);
    }

    pub(super) fn door_key(&self, invite: &InviteId, relay: &RelayAddress) -> Key {
        let parts: [&[u8]; 3] =
            [&[About::Door as u8], invite.as_bytes(), relay.as_str().as_bytes()];
        self.key_of(RecordKind::Grant, &parts.concat())
    }
}

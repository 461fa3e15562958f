//! An attempt to join in the store, with the keys made for it.

use tls_codec::{TlsDeserialize, TlsSerialize, TlsSize};

use crate::circle::Step;
use crate::id::{InviteId, KnockId};
use crate::identity::Verified;
use crate::invite::{InviteText, SignedCard};
use crate::joining::{End, Joining, Sent, Who};
use crate::limits::{MAX_KNOCK, MAX_RECORD, MAX_WELCOME, RECORD_OVERHEAD};
use crate::mls::{HpkeSecret, Namespace};
use crate::record::{Key, RecordKind};
use crate::secret::Secret;
use crate::time::Timestamp;
use crate::wire::text::Opaque;
use crate::wire::{self, DecodeError, Envelope};

#[derive(Debug, TlsDeserialize, TlsSerialize, TlsSize)]
struct JoiningRecord {
    text: InviteText,
    #[tls_codec(with = "crate::wire::flag")]
    for_device: bool,
    started: Timestamp,
    card: Option<Opaque<{ SignedCard::MAX_LEN }>>,
    knock: Option<SentRecord>,
    end: End,
}

#[derive(Debug, TlsDeserialize, TlsSerialize, TlsSize)]
struct SentRecord {
    id: KnockId,
    who: Who,
    device: Secret<32>,
    reply: HpkeSecret,
    keys: Vec<KeyRecord>,
    expires: Timestamp,
    outbox: Vec<Opaque<{ crate::limits::ENVELOPE_SIZES[2] }>>,
}

#[derive(Debug, TlsDeserialize, TlsSerialize, TlsSize)]
struct KeyRecord {
    name: Opaque<1024>,
    value: Opaque<MAX_KNOCK>,
}

impl Joining {
    /// The key of the record of an attempt by `invite`.
    pub(crate) fn key(invite: &InviteId) -> Key {
        Key::new(RecordKind::Joining, &[invite.as_bytes()])
    }

    pub(super) fn write(&self, step: &mut Step<'_>) {
        let record = JoiningRecord {
            text: InviteText {
                seed: self.text.seed.duplicate(),
                issuer: self.text.issuer,
                relays: self.text.relays.clone(),
            },
            for_device: self.for_device,
            started: self.started,
            card: self.card.as_ref().and_then(|(signed, _)| Opaque::new(signed.to_bytes()).ok()),
            knock: self.knock.as_ref().map(|sent| SentRecord {
                id: sent.id,
                who: sent.who.duplicate(),
                device: sent.device.duplicate(),
                reply: sent.reply.duplicate(),
                keys: sent
                    .keys
                    .records()
                    .filter_map(|(name, value)| {
                        let (name, value) = (Opaque::new(name).ok()?, Opaque::new(value).ok()?);
                        Some(KeyRecord { name, value })
                    })
                    .collect(),
                expires: sent.expires,
                outbox: sent
                    .outbox
                    .iter()
                    .filter_map(|envelope| Opaque::new(envelope.as_bytes()).ok())
                    .collect(),
            }),
            end: self.end.clone(),
        };
        step.put(Self::key(&self.invite()), wire::encode(&record).to_vec());
    }

    /// Reads what was written.
    ///
    /// # Errors
    /// [`DecodeError`]: the store is damaged or newer.
    pub(crate) fn read(bytes: &[u8]) -> Result<Self, DecodeError> {
        let record: JoiningRecord =
            wire::decode(bytes, MAX_RECORD + MAX_WELCOME + RECORD_OVERHEAD)?;
        let invite = record.text.seed.id();
        let card = record
            .card
            .map(|bytes| {
                let signed = SignedCard::from_bytes(bytes.as_bytes())?;
                let card = signed
                    .verify(&record.text.issuer, &invite)
                    .map_err(|_| DecodeError::Malformed)?;
                Ok::<_, DecodeError>((signed, card))
            })
            .transpose()?;
        let knock = record
            .knock
            .map(|sent| {
                let outbox = sent
                    .outbox
                    .iter()
                    .map(|bytes| Ok(Verified::assert(Envelope::from_bytes(bytes.as_bytes())?)))
                    .collect::<Result<_, DecodeError>>()?;
                let keys = sent.keys.into_iter().map(|record| {
                    (record.name.as_bytes().to_vec(), record.value.as_bytes().to_vec())
                });
                Ok::<_, DecodeError>(Sent {
                    id: sent.id,
                    who: sent.who,
                    device: sent.device,
                    reply: sent.reply,
                    keys: Namespace::from_records(keys),
                    expires: sent.expires,
                    outbox,
                })
            })
            .transpose()?;
        Ok(Self {
            topic: record.text.seed.topic_key().topic(),
            text: record.text,
            for_device: record.for_device,
            started: record.started,
            card,
            knock,
            end: record.end,
            closed: false,
            pieces: std::collections::BTreeMap::new(),
            doors: std::collections::BTreeMap::new(),
        })
    }
}

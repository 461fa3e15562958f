//! A run: the commits of the path from a state that the asker knows, as they once travelled.

use tls_codec::{TlsDeserialize, TlsSerialize, TlsSize};

use crate::id::{DeviceId, StateId};
use crate::identity::{DeviceKey, signature_holds};
use crate::label::Label;
use crate::limits::{ENVELOPE_SIZES, MAX_RUN_STEPS};
use crate::porch::{AskId, MAX_SEALED};
use crate::wire::text::Opaque;
use crate::wire::{self, DecodeError};

const VERSION: u8 = 1;

/// One commit of a run: the envelopes it travelled in, the chunks of a large one first.
#[derive(Clone, Debug, Eq, PartialEq, TlsDeserialize, TlsSerialize, TlsSize)]
pub(crate) struct RunStep {
    /// The envelopes.
    pub(crate) envelopes: Vec<Opaque<{ ENVELOPE_SIZES[2] }>>,
}

/// A seal of a device.
#[derive(Clone, Copy, Debug, Eq, PartialEq, TlsDeserialize, TlsSerialize, TlsSize)]
pub(crate) struct Newest {
    /// Its counter.
    pub(crate) counter: u64,
    /// Its digest.
    pub(crate) digest: [u8; 32],
}

/// What a device is told.
#[derive(Clone, Debug, Eq, PartialEq, TlsDeserialize, TlsSerialize, TlsSize)]
pub(crate) struct Told {
    /// The state the commits begin at; none if whoever answers knows no way from where the asker
    /// stands.
    pub(crate) from: Option<StateId>,
    /// The commits, in order.
    pub(crate) steps: Vec<RunStep>,
    /// Whether there are more: ask again from where this leads.
    #[tls_codec(with = "crate::wire::flag")]
    pub(crate) more: bool,
    /// The newest seal of the asker that whoever answers has opened.
    pub(crate) newest: Option<Newest>,
    /// Whether the asker's device is in the head of whoever answers.
    #[tls_codec(with = "crate::wire::flag")]
    pub(crate) is_member: bool,
}

/// An answer to a question, and who gives it.
#[derive(Debug, Eq, PartialEq, TlsDeserialize, TlsSerialize, TlsSize)]
pub(crate) struct Run {
    version: u8,
    /// Who tells it.
    pub(crate) device: DeviceId,
    /// What.
    pub(crate) told: Told,
    signature: [u8; 64],
}

impl Run {
    /// A run in answer to `ask`, signed by the device that gives it.
    pub(crate) fn sign(ask: &AskId, key: &DeviceKey, told: Told) -> Self {
        let (version, device) = (VERSION, key.id());
        let mut run = Self { version, device, told, signature: [0; 64] };
        run.signature = key.sign(Label::RUN_SIGNATURE, &run.signed(ask));
        run
    }

    /// The bytes to seal.
    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        wire::encode(self).to_vec()
    }

    /// Reads what [`Self::to_bytes`] wrote in answer to `ask`, and checks that the device it names
    /// signed it.
    ///
    /// # Errors
    /// [`DecodeError`]; nothing of it is looked at.
    pub(crate) fn read(bytes: &[u8], ask: &AskId) -> Result<Self, DecodeError> {
        let run: Self = wire::decode(bytes, MAX_SEALED)?;
        if run.version != VERSION {
            return Err(DecodeError::UnknownVersion);
        }
        if run.told.steps.len() > MAX_RUN_STEPS {
            return Err(DecodeError::Limit);
        }
        let (device, signed) = (run.device.as_bytes(), run.signed(ask));
        if !signature_holds(device, Label::RUN_SIGNATURE, &signed, &run.signature) {
            return Err(DecodeError::Malformed);
        }
        Ok(run)
    }

    /// What the signature is over: the question, and what is told beside the commits, which prove
    /// themselves.
    fn signed(&self, ask: &AskId) -> Vec<u8> {
        let Told { from, newest, is_member, .. } = &self.told;
        let (from, newest) = (wire::encode(from), wire::encode(newest));
        [ask.as_slice(), &from, &newest, &[u8::from(*is_member)]].concat()
    }
}

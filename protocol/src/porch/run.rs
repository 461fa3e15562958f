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

/// What a device is told of commits.
#[derive(Debug, Eq, PartialEq, TlsDeserialize, TlsSerialize, TlsSize)]
pub(crate) struct Run {
    version: u8,
    /// Who tells it.
    pub(crate) device: DeviceId,
    /// The state it begins at; none if whoever answers knows no way from where the asker stands.
    pub(crate) from: Option<StateId>,
    /// The commits, in order.
    pub(crate) steps: Vec<RunStep>,
    /// Whether there are more: ask again from where this leads.
    #[tls_codec(with = "crate::wire::flag")]
    pub(crate) more: bool,
    signature: [u8; 64],
}

impl Run {
    /// A run in answer to `ask`, signed by the device that gives it.
    pub(crate) fn sign(
        ask: &AskId,
        key: &DeviceKey,
        from: Option<StateId>,
        steps: Vec<RunStep>,
        more: bool,
    ) -> Self {
        let (version, device) = (VERSION, key.id());
        let mut run = Self { version, device, from, steps, more, signature: [0; 64] };
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
        if run.steps.len() > MAX_RUN_STEPS {
            return Err(DecodeError::Limit);
        }
        let (device, signed) = (run.device.as_bytes(), run.signed(ask));
        if !signature_holds(device, Label::RUN_SIGNATURE, &signed, &run.signature) {
            return Err(DecodeError::Malformed);
        }
        Ok(run)
    }

    /// What the signature is over: the question, and from where there is a way. The commits prove
    /// themselves.
    fn signed(&self, ask: &AskId) -> Vec<u8> {
        [ask.as_slice(), &wire::encode(&self.from)].concat()
    }
}

//! Items under MLS: encrypted, looked at, decrypted. Clauses: specs/03-circle C-11, C-12.

use openmls::framing::{
    ContentType, MlsMessageBodyIn, MlsMessageIn, PrivateMessageIn, ProcessedMessageContent, Sender,
};

use crate::limits;
use crate::mls::error::{GroupError, OpenError};
use crate::mls::group::Group;
use crate::mls::provider::Provider;
use crate::mls::signer::DeviceSigner;
use crate::secret::SecretBytes;
use crate::wire;

/// A message that was opened; its sender's signature was checked.
pub(crate) struct Opened {
    /// The leaf that sent it.
    pub(crate) sender: u32,
    /// What its sender said beside it, signed.
    pub(crate) aad: Vec<u8>,
    /// What it says.
    pub(crate) plaintext: SecretBytes,
}

/// A message that was not opened yet. Nothing of it is verified.
pub(crate) struct Unopened {
    /// What stands beside it.
    pub(crate) aad: Vec<u8>,
}

impl Group {
    /// Encrypts to all members of this state. The namespace changes: make it durable before the
    /// message leaves, or its key could be used twice.
    pub(crate) fn encrypt(
        &mut self,
        provider: &Provider,
        signer: &DeviceSigner,
        aad: &[u8],
        plaintext: &[u8],
    ) -> Result<Vec<u8>, GroupError> {
        self.inner.set_aad(aad.to_vec());
        let message = self
            .inner
            .create_message(provider, signer, plaintext)
            .map_err(|_| GroupError::Refused)?;
        Ok(wire::encode(&message).to_vec())
    }

    /// Opens a message of another member. The namespace changes: its key is used up.
    pub(crate) fn decrypt(
        &mut self,
        provider: &Provider,
        message: &[u8],
    ) -> Result<Opened, OpenError> {
        let message = read_message(message)?;
        if message.group_id() != self.inner.group_id() || message.epoch() != self.inner.epoch() {
            return Err(OpenError::OtherState);
        }
        let processed =
            self.inner.process_message(provider, message).map_err(|_| OpenError::Refused)?;
        let (sender, aad) = (processed.sender().clone(), processed.aad().to_vec());
        match (processed.into_content(), sender) {
            (ProcessedMessageContent::ApplicationMessage(message), Sender::Member(sender)) => {
                let plaintext = SecretBytes::new(message.into_bytes());
                Ok(Opened { sender: sender.u32(), aad, plaintext })
            }
            (ProcessedMessageContent::OwnPrivateMessage, _) => Err(OpenError::Own),
            _ => Err(OpenError::Kind),
        }
    }
}

/// Looks at a message without opening it.
pub(crate) fn unopened(message: &[u8]) -> Result<Unopened, OpenError> {
    let message = read_message(message)?;
    Ok(Unopened { aad: message.aad().to_vec() })
}

fn read_message(bytes: &[u8]) -> Result<PrivateMessageIn, OpenError> {
    let message: MlsMessageIn = wire::decode(bytes, limits::MAX_RECORD)?;
    match message.extract() {
        MlsMessageBodyIn::PrivateMessage(message)
            if message.content_type() == ContentType::Application =>
        {
            Ok(message)
        }
        _ => Err(OpenError::Kind),
    }
}

impl std::fmt::Debug for Opened {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Opened(…)")
    }
}

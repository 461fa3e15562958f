//! Blinded tokens: the keys a relay gives them under, drawing them, and showing one for a topic.
//! The only place that knows the crate `voprf`. Clauses: specs/06-sync Y-63 to Y-66.

use std::fmt;

use rand_core_06::{CryptoRng, RngCore};
use subtle::ConstantTimeEq;
use tls_codec::{TlsDeserialize, TlsSerialize, TlsSize};
use voprf::{
    BlindedElement, EvaluationElement, Group, Proof, Ristretto255, VoprfClient, VoprfServer,
};
use zeroize::Zeroizing;

use super::epoch_of;
use super::message::Element;
use crate::id::Topic;
use crate::label::Label;
use crate::limits::{DRAW_TOKENS, MAX_GRANT_EPOCHS, TOKEN_EPOCH_HOURS, TOKEN_GRACE_HOURS};
use crate::random::Random;
use crate::secret::Secret;
use crate::time::Hour;
use crate::wire::{DecodeError, decode, encode};

/// Bytes of a token as it is kept.
const MAX_TOKEN: usize = 128;

/// Why tokens were not drawn.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum TokenError {
    /// An element or a proof does not decode, or there are more or fewer than [`DRAW_TOKENS`].
    #[error("an element of a draw is malformed")]
    Malformed,
    /// The relay's keys are not those that the grant pins: it could tell members apart by them.
    #[error("the relay showed other keys than its grant pins")]
    OtherKeys,
    /// The proof does not show that all tokens were made with the key of the epoch.
    #[error("the relay did not prove that it used the key of the epoch")]
    Unproven,
}

/// From which a relay makes the keys of all epochs, so that they can be pinned beforehand.
pub struct TokenSecret(Secret<32>);

/// A relay's key for the tokens of one epoch.
pub struct EpochKey(VoprfServer<Ristretto255>);

/// The public keys of some epochs in a row.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct PublicKeys {
    first_epoch: u32,
    keys: Vec<Element>,
}

/// Tokens that are being drawn.
pub struct Drawing {
    epoch: u32,
    inputs: Vec<[u8; 32]>,
    clients: Vec<VoprfClient<Ristretto255>>,
    blinded: Vec<Element>,
}

/// A token that was drawn and can be spent once.
#[derive(Eq, PartialEq, TlsDeserialize, TlsSerialize, TlsSize)]
pub struct Token {
    epoch: u32,
    input: [u8; 32],
    output: Secret<32>,
}

/// A token as a relay is shown it, for one topic.
///
/// ```text
/// +---------+----------+----------+
/// | epoch 4 | input 32 | proof 32 |
/// +---------+----------+----------+
/// ```
#[derive(Clone, Copy, Eq, PartialEq, TlsDeserialize, TlsSerialize, TlsSize)]
pub struct ShownToken {
    epoch: u32,
    input: [u8; 32],
    proof: [u8; 32],
}

impl TokenSecret {
    /// From 32 random bytes.
    #[must_use]
    pub fn new(secret: Secret<32>) -> Self {
        Self(secret)
    }

    /// The key of an epoch; nothing with a probability that never occurs (RFC 9497, 3.2.1).
    #[must_use]
    pub fn key(&self, epoch: u32) -> Option<EpochKey> {
        let seed = Label::TOKEN_EPOCH.derive(&self.0, &[&epoch.to_be_bytes()]);
        VoprfServer::new_from_seed(seed.expose(), &epoch.to_be_bytes()).ok().map(EpochKey)
    }

    /// The public keys of some epochs.
    #[must_use]
    pub fn public_keys(&self, epochs: std::ops::Range<u32>) -> Option<PublicKeys> {
        let first_epoch = epochs.start;
        let keys = epochs.take(MAX_GRANT_EPOCHS).map(|epoch| Some(self.key(epoch)?.public()));
        Some(PublicKeys { first_epoch, keys: keys.collect::<Option<_>>()? })
    }
}

impl EpochKey {
    /// The public half.
    #[must_use]
    pub fn public(&self) -> Element {
        Element::from_bytes(Ristretto255::serialize_elem(self.0.get_public_key()).into())
    }

    /// Makes tokens of what was blinded, and proves that all were made with this key.
    ///
    /// # Errors
    /// [`TokenError::Malformed`].
    pub fn evaluate(
        &self,
        blinded: &[Element],
        random: &mut Random,
    ) -> Result<(Vec<Element>, [u8; 64]), TokenError> {
        if blinded.len() != DRAW_TOKENS {
            return Err(TokenError::Malformed);
        }
        let read =
            |element: &Element| BlindedElement::<Ristretto255>::deserialize(element.as_bytes());
        let blinded: Vec<_> = blinded
            .iter()
            .map(read)
            .collect::<Result<_, _>>()
            .map_err(|_| TokenError::Malformed)?;
        let made = self
            .0
            .batch_blind_evaluate(&mut Bridge(random), &blinded)
            .map_err(|_| TokenError::Malformed)?;
        let write =
            |element: &EvaluationElement<_>| Element::from_bytes(element.serialize().into());
        Ok((made.messages.iter().map(write).collect(), made.proof.serialize().into()))
    }

    /// Whether this key made the token, and it is shown for this topic.
    #[must_use]
    pub fn made(&self, token: &ShownToken, topic: &Topic) -> bool {
        let Ok(output) = self.0.evaluate(&token.input) else { return false };
        let output = output_secret(&output);
        spent_proof(&output, token.epoch, topic).ct_eq(&token.proof).into()
    }
}

impl PublicKeys {
    /// As a relay showed them for epochs from `first_epoch` on; unchecked.
    #[must_use]
    pub fn new(first_epoch: u32, keys: Vec<Element>) -> Self {
        Self { first_epoch, keys }
    }

    /// By what a grant pins them.
    #[must_use]
    pub fn hash(&self) -> [u8; 32] {
        let keys: Vec<u8> = self.keys.iter().flat_map(|key| *key.as_bytes()).collect();
        Label::TOKEN_KEYS.hash(&[&self.first_epoch.to_be_bytes(), &keys])
    }

    /// The keys, as they travel.
    #[must_use]
    pub fn as_elements(&self) -> &[Element] {
        &self.keys
    }

    fn of(&self, epoch: u32) -> Option<&Element> {
        self.keys.get(epoch.checked_sub(self.first_epoch)? as usize)
    }
}

impl Drawing {
    /// Blinds [`DRAW_TOKENS`] fresh inputs.
    ///
    /// # Errors
    /// [`TokenError::Malformed`], with a probability that never occurs.
    pub fn begin(epoch: u32, random: &mut Random) -> Result<Self, TokenError> {
        let (mut inputs, mut clients, mut blinded) = (Vec::new(), Vec::new(), Vec::new());
        for _ in 0..DRAW_TOKENS {
            let input: [u8; 32] = random.bytes();
            let begun = VoprfClient::<Ristretto255>::blind(&input, &mut Bridge(random))
                .map_err(|_| TokenError::Malformed)?;
            inputs.push(input);
            clients.push(begun.state);
            blinded.push(Element::from_bytes(begun.message.serialize().into()));
        }
        Ok(Self { epoch, inputs, clients, blinded })
    }

    /// The epoch of the tokens.
    #[must_use]
    pub fn epoch(&self) -> u32 {
        self.epoch
    }

    /// What is sent to the relay.
    #[must_use]
    pub fn blinded(&self) -> &[Element] {
        &self.blinded
    }

    /// The tokens, if the relay used the key of the epoch that the grant pins by `pinned`.
    ///
    /// # Errors
    /// [`TokenError`]. Nothing of what the relay sent may be used then.
    pub fn finish(
        &self,
        pinned: &[u8; 32],
        keys: &PublicKeys,
        evaluated: &[Element],
        proof: &[u8; 64],
    ) -> Result<Vec<Token>, TokenError> {
        if keys.hash() != *pinned {
            return Err(TokenError::OtherKeys);
        }
        let key = keys.of(self.epoch).ok_or(TokenError::OtherKeys)?;
        let key =
            Ristretto255::deserialize_elem(key.as_bytes()).map_err(|_| TokenError::Malformed)?;
        if evaluated.len() != self.inputs.len() {
            return Err(TokenError::Malformed);
        }
        let read =
            |element: &Element| EvaluationElement::<Ristretto255>::deserialize(element.as_bytes());
        let evaluated: Vec<_> = evaluated
            .iter()
            .map(read)
            .collect::<Result<_, _>>()
            .map_err(|_| TokenError::Malformed)?;
        let proof = Proof::<Ristretto255>::deserialize(proof).map_err(|_| TokenError::Malformed)?;
        let outputs =
            VoprfClient::batch_finalize(&self.inputs, &self.clients, &evaluated, &proof, key)
                .map_err(|_| TokenError::Unproven)?;
        self.inputs
            .iter()
            .zip(outputs)
            .map(|(input, output)| {
                let output = output_secret(&output.map_err(|_| TokenError::Unproven)?);
                Ok(Token { epoch: self.epoch, input: *input, output })
            })
            .collect()
    }
}

impl Token {
    /// The epoch it is of.
    #[must_use]
    pub fn epoch(&self) -> u32 {
        self.epoch
    }

    /// By what it is told from others where it is kept.
    #[must_use]
    pub fn input(&self) -> &[u8; 32] {
        &self.input
    }

    /// Whether a relay whose clock is right takes it at this hour (Y-63).
    #[must_use]
    pub fn is_good_at(&self, hour: Hour) -> bool {
        let ends = self.epoch.saturating_add(1).saturating_mul(TOKEN_EPOCH_HOURS);
        self.epoch <= epoch_of(hour) && hour.get() < ends.saturating_add(TOKEN_GRACE_HOURS)
    }

    /// The bytes under which it is kept; secret.
    #[must_use]
    pub fn to_bytes(&self) -> Zeroizing<Vec<u8>> {
        encode(self)
    }

    /// Reads what [`Self::to_bytes`] wrote.
    ///
    /// # Errors
    /// [`DecodeError`]: what was kept is damaged.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, DecodeError> {
        decode(bytes, MAX_TOKEN)
    }

    /// Shows it for a topic; whoever sees that can spend it on no other.
    #[must_use]
    pub fn show(&self, topic: &Topic) -> ShownToken {
        let proof = spent_proof(&self.output, self.epoch, topic);
        ShownToken { epoch: self.epoch, input: self.input, proof }
    }
}

impl ShownToken {
    /// From its parts.
    #[must_use]
    pub const fn from_parts(epoch: u32, input: [u8; 32], proof: [u8; 32]) -> Self {
        Self { epoch, input, proof }
    }

    /// The epoch it says it is of.
    #[must_use]
    pub fn epoch(&self) -> u32 {
        self.epoch
    }

    /// By what a relay remembers it.
    #[must_use]
    pub fn input(&self) -> &[u8; 32] {
        &self.input
    }
}

fn spent_proof(output: &Secret<32>, epoch: u32, topic: &Topic) -> [u8; 32] {
    Label::TOKEN_SPENT.mac(output, &[&epoch.to_be_bytes(), topic.as_bytes()])
}

/// The first half of the VOPRF's output: as much as a key of ours has.
fn output_secret(output: &[u8]) -> Secret<32> {
    let mut bytes = [0; 32];
    for (to, from) in bytes.iter_mut().zip(output) {
        *to = *from;
    }
    Secret::from_bytes(bytes)
}

/// Our randomness under the traits that `voprf` knows.
struct Bridge<'a>(&'a mut Random);

impl RngCore for Bridge<'_> {
    fn next_u32(&mut self) -> u32 {
        u32::from_be_bytes(self.0.bytes())
    }

    fn next_u64(&mut self) -> u64 {
        u64::from_be_bytes(self.0.bytes())
    }

    fn fill_bytes(&mut self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(32) {
            let random: [u8; 32] = self.0.bytes();
            for (to, from) in chunk.iter_mut().zip(random) {
                *to = from;
            }
        }
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), rand_core_06::Error> {
        self.fill_bytes(bytes);
        Ok(())
    }
}

impl CryptoRng for Bridge<'_> {}

macro_rules! opaque_debug {
    ($($name:ident),*) => {
        $(impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "(…)"))
            }
        })*
    };
}
opaque_debug!(TokenSecret, EpochKey, Drawing, Token, ShownToken);

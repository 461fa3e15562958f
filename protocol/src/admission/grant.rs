//! A grant: what the host of a relay passes on so that a circle may use it, and what is split from
//! it for each member. Clauses: specs/06-sync Y-61, Y-62.

use data_encoding::BASE32_NOPAD;
use tls_codec::{TlsDeserialize, TlsSerialize, TlsSize};
use zeroize::Zeroizing;

use super::epoch_of;
use super::message::Element;
use crate::label::Label;
use crate::limits::{MAX_GRANT_EPOCHS, MAX_GRANT_MEMBERS};
use crate::secret::Secret;
use crate::time::Hour;
use crate::wire::{decode, encode};

const VERSION: u8 = 1;
const SCHEME: &str = "windbreak-grant:";
const CHECK: usize = 4;
/// Characters of the longest text that is looked at.
const MAX_TEXT: usize = 512;

/// By what a relay finds a grant; random.
#[derive(
    Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd, TlsDeserialize, TlsSerialize, TlsSize,
)]
pub struct GrantId([u8; 8]);

impl GrantId {
    /// From its bytes.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 8]) -> Self {
        Self(bytes)
    }

    /// Its bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 8] {
        &self.0
    }
}

/// Why a text is no grant.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum GrantTextError {
    /// It does not begin as one, or holds other characters, or too many or few.
    #[error("this is not the text of a grant")]
    NotAGrant,
    /// Its sum is wrong.
    #[error("a character of the grant is wrong or missing")]
    Mistyped,
    /// Its version is unknown.
    #[error("the grant was made by a newer version")]
    UnknownVersion,
}

/// What a host of a relay passes on.
///
/// ```text
/// +-----------+------+-----------+------------+---------+---------------+----------+---------+
/// | version 1 | id 8 | secret 32 | members 2  | draws 2 | first epoch 4 | epochs 1 | keys 32 |
/// +-----------+------+-----------+------------+---------+---------------+----------+---------+
/// ```
#[derive(Debug, Eq, PartialEq, TlsDeserialize, TlsSerialize, TlsSize)]
pub struct Grant {
    version: u8,
    id: GrantId,
    secret: Secret<32>,
    members: u16,
    draws: u16,
    first_epoch: u32,
    epochs: u8,
    keys: [u8; 32],
}

/// What one member draws tokens with.
#[derive(Debug, Eq, PartialEq)]
pub struct SubGrant {
    /// The grant it is a part of.
    pub grant: GrantId,
    /// Which of its members this is, counted from 0.
    pub member: u16,
    pub(super) secret: Secret<32>,
}

impl Grant {
    /// A grant for so many members and draws of each in an epoch, that holds for so many epochs
    /// from `first_epoch` on; nothing if one of them is out of its bounds. `keys` is
    /// [`PublicKeys::hash`](super::PublicKeys::hash) of those epochs.
    #[must_use]
    pub fn new(
        id: GrantId,
        secret: Secret<32>,
        (members, draws): (u16, u16),
        (first_epoch, epochs): (u32, u8),
        keys: [u8; 32],
    ) -> Option<Self> {
        let grant =
            Self { version: VERSION, id, secret, members, draws, first_epoch, epochs, keys };
        grant.is_bounded().then_some(grant)
    }

    fn is_bounded(&self) -> bool {
        (1..=MAX_GRANT_MEMBERS).contains(&self.members)
            && self.draws > 0
            && (1..=MAX_GRANT_EPOCHS).contains(&usize::from(self.epochs))
            && self.first_epoch.checked_add(u32::from(self.epochs)).is_some()
    }

    /// By what the relay finds it.
    #[must_use]
    pub fn id(&self) -> GrantId {
        self.id
    }

    /// For how many members it is.
    #[must_use]
    pub fn members(&self) -> u16 {
        self.members
    }

    /// How often each may draw in an epoch.
    #[must_use]
    pub fn draws(&self) -> u16 {
        self.draws
    }

    /// The epochs in which it holds.
    #[must_use]
    pub fn epochs(&self) -> std::ops::Range<u32> {
        self.first_epoch..self.first_epoch.saturating_add(u32::from(self.epochs))
    }

    /// Whether it holds at this hour.
    #[must_use]
    pub fn holds_at(&self, hour: Hour) -> bool {
        self.epochs().contains(&epoch_of(hour))
    }

    /// What the relay's public keys must hash to, so that all members see the same ones.
    #[must_use]
    pub fn keys(&self) -> &[u8; 32] {
        &self.keys
    }

    /// The part of one member; nothing if there are not so many.
    #[must_use]
    pub fn split(&self, member: u16) -> Option<SubGrant> {
        (member < self.members).then(|| SubGrant {
            grant: self.id,
            member,
            secret: Label::SUB_GRANT
                .derive(&self.secret, &[self.id.as_bytes(), &member.to_be_bytes()]),
        })
    }

    /// Shows the relay at the other end of a stream with this nonce that the holder of the grant
    /// revokes a sub-grant.
    #[must_use]
    pub fn revocation(&self, member: u16, nonce: &[u8; 32], relay: &[u8]) -> [u8; 32] {
        let member = member.to_be_bytes();
        Label::SUB_GRANT_REVOKED.mac(&self.secret, &[nonce, relay, self.id.as_bytes(), &member])
    }

    /// The bytes under which a relay keeps it; secret.
    #[must_use]
    pub fn to_bytes(&self) -> Zeroizing<Vec<u8>> {
        encode(self)
    }

    /// Reads what [`Self::to_bytes`] wrote.
    ///
    /// # Errors
    /// [`GrantTextError`].
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, GrantTextError> {
        if bytes.first().is_some_and(|version| *version != VERSION) {
            return Err(GrantTextError::UnknownVersion);
        }
        let grant: Self = decode(bytes, MAX_TEXT).map_err(|_| GrantTextError::NotAGrant)?;
        if grant.is_bounded() { Ok(grant) } else { Err(GrantTextError::NotAGrant) }
    }

    /// The text that is passed on.
    #[must_use]
    pub fn to_text(&self) -> Zeroizing<String> {
        let mut bytes = self.to_bytes();
        let sum = Label::GRANT_TEXT.hash(&[&bytes]);
        bytes.extend_from_slice(&sum[..CHECK]);
        let mut text = Zeroizing::new(BASE32_NOPAD.encode(&bytes));
        text.make_ascii_lowercase();
        Zeroizing::new(format!("{SCHEME}{}", *text))
    }

    /// Reads what [`Self::to_text`] wrote, in either case, with white space around it.
    ///
    /// # Errors
    /// [`GrantTextError`].
    pub fn from_text(text: &str) -> Result<Self, GrantTextError> {
        let text = text.trim();
        if text.len() > MAX_TEXT || !text.is_ascii() {
            return Err(GrantTextError::NotAGrant);
        }
        let text = Zeroizing::new(text.to_ascii_lowercase());
        let body = text.strip_prefix(SCHEME).ok_or(GrantTextError::NotAGrant)?;
        let upper = Zeroizing::new(body.to_ascii_uppercase());
        let bytes = BASE32_NOPAD
            .decode(upper.as_bytes())
            .map(Zeroizing::new)
            .map_err(|_| GrantTextError::NotAGrant)?;
        let (bytes, sum) = bytes.split_last_chunk::<CHECK>().ok_or(GrantTextError::NotAGrant)?;
        if Label::GRANT_TEXT.hash(&[bytes])[..CHECK] != *sum {
            return Err(GrantTextError::Mistyped);
        }
        Self::from_bytes(bytes)
    }
}

impl SubGrant {
    /// Shows the relay at the other end of a stream with this nonce who draws.
    #[must_use]
    pub fn draw_proof(
        &self,
        nonce: &[u8; 32],
        relay: &[u8],
        epoch: u32,
        blinded: &[Element],
    ) -> [u8; 32] {
        let blinded: Vec<u8> = blinded.iter().flat_map(|element| *element.as_bytes()).collect();
        let (member, epoch) = (self.member.to_be_bytes(), epoch.to_be_bytes());
        let parts: [&[u8]; 6] = [nonce, relay, self.grant.as_bytes(), &member, &epoch, &blinded];
        Label::TOKEN_DRAW.mac(&self.secret, &parts)
    }
}

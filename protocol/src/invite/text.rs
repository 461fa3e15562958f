//! An invite as one line of text, a link, or the content of a QR code.
//!
//! ```text
//! windbreak:  ‖ base32( version 1 ‖ seed 32 ‖ issuer 32 ‖ relays V ‖ checksum 4 )
//! ```
//! The checksum is the start of the SHA-256 of everything before it, in every version, so that
//! "damaged" and "made by a newer version" are never confused. Clause: specs/05-invite V-4.

use sha2::{Digest, Sha256};
use tls_codec::{TlsDeserialize, TlsSerialize, TlsSize};
use zeroize::Zeroizing;

use crate::id::IssuerId;
use crate::invite::{InviteSeed, RelayAddress, base32};
use crate::limits::{MAX_INVITE_TEXT, MAX_RELAYS};
use crate::wire;

const VERSION: u8 = 1;
const CHECKSUM: usize = 4;
const LINK_PATH: &str = "//join/";

/// What a text is for: by which word it starts.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Scheme {
    /// Somebody joins.
    Invite,
    /// A further device of the same member.
    Device,
}

impl Scheme {
    const fn text(self) -> &'static str {
        match self {
            Self::Invite => "windbreak:",
            Self::Device => "windbreak-device:",
        }
    }
}

/// What an invitee gets: enough to find the card and to knock, and nothing that names the circle.
#[derive(Debug, Eq, PartialEq, TlsDeserialize, TlsSerialize, TlsSize)]
pub struct InviteText {
    /// The seed of the invite.
    pub seed: InviteSeed,
    /// Who signs the card and the refusals.
    pub issuer: IssuerId,
    /// Where its topic is kept: at most [`MAX_RELAYS`].
    pub relays: Vec<RelayAddress>,
}

/// Why a text is not an invite one can use.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum InviteTextError {
    /// It does not start like an invite.
    #[error("this is not an invite: an invite starts with \"windbreak:\"")]
    NotAnInvite,
    /// It is for a further device of the member who made it.
    #[error("this is for another device of the same person; use it with windbreak device join")]
    ForDevice,
    /// It is an invite, not for a further device.
    #[error("this is an invite for a person; use it with windbreak join")]
    ForPerson,
    /// Longer than any invite.
    #[error("this is longer than any invite; paste the invite alone")]
    TooLong,
    /// A character is missing, added or changed.
    #[error("the invite is damaged: a part is missing or was changed; copy the whole invite again")]
    Damaged,
    /// Made by a version this program does not know.
    #[error("the invite was made by a newer version of windbreak; update windbreak to use it")]
    Newer,
    /// It is whole, and what it says makes no sense.
    #[error("the invite was not made by windbreak, or by a broken version; ask for a new one")]
    Malformed,
}

impl InviteText {
    /// One line: `windbreak:` and lower-case base32.
    #[must_use]
    pub fn to_code(&self) -> Zeroizing<String> {
        self.to_code_as(Scheme::Invite)
    }

    /// A link that opens the program: `windbreak://join/` and the same base32.
    #[must_use]
    pub fn to_link(&self) -> Zeroizing<String> {
        Zeroizing::new([Scheme::Invite.text(), LINK_PATH, &self.to_base32()].concat())
    }

    pub(super) fn to_code_as(&self, scheme: Scheme) -> Zeroizing<String> {
        Zeroizing::new([scheme.text(), &self.to_base32()].concat())
    }

    /// The line in upper case, which a QR code holds in little more than half the space.
    #[must_use]
    pub fn to_qr_text(&self) -> Zeroizing<String> {
        let mut text = self.to_code();
        text.make_ascii_uppercase();
        text
    }

    /// Reads a line or a link as people paste it: in either case, with spaces and line breaks
    /// around and inside.
    ///
    /// # Errors
    /// [`InviteTextError`] says what to do next.
    pub fn parse(text: &str) -> Result<Self, InviteTextError> {
        parse_as(text, Scheme::Invite)
    }

    fn from_body(body: &[u8]) -> Result<Self, InviteTextError> {
        let invite: Self =
            wire::decode(body, MAX_INVITE_TEXT).map_err(|_| InviteTextError::Malformed)?;
        if invite.relays.len() > MAX_RELAYS {
            return Err(InviteTextError::Malformed);
        }
        Ok(invite)
    }

    fn to_base32(&self) -> Zeroizing<String> {
        let mut bytes = Zeroizing::new(vec![VERSION]);
        bytes.extend_from_slice(&wire::encode(self));
        let sum = checksum(&bytes);
        bytes.extend_from_slice(&sum);
        base32::encode(&bytes)
    }
}

/// Reads a text of one kind; a text of the other kind is told apart from rubbish.
pub(super) fn parse_as(text: &str, wanted: Scheme) -> Result<InviteText, InviteTextError> {
    if text.len() > MAX_INVITE_TEXT {
        return Err(InviteTextError::TooLong);
    }
    let mut text: Zeroizing<String> =
        Zeroizing::new(text.chars().filter(|c| !c.is_whitespace()).collect());
    text.make_ascii_lowercase();
    let Some(code) = text.strip_prefix(wanted.text()) else {
        return Err(match wanted {
            Scheme::Invite if text.starts_with(Scheme::Device.text()) => InviteTextError::ForDevice,
            Scheme::Device if text.starts_with(Scheme::Invite.text()) => InviteTextError::ForPerson,
            Scheme::Invite | Scheme::Device => InviteTextError::NotAnInvite,
        });
    };
    let code = match wanted {
        Scheme::Invite => code.strip_prefix(LINK_PATH).unwrap_or(code),
        Scheme::Device => code,
    };

    let bytes = base32::decode(code).ok_or(InviteTextError::Damaged)?;
    let (content, sum) = bytes.split_last_chunk::<CHECKSUM>().ok_or(InviteTextError::Damaged)?;
    if checksum(content) != *sum {
        return Err(InviteTextError::Damaged);
    }
    let (version, body) = content.split_first().ok_or(InviteTextError::Damaged)?;
    match *version {
        VERSION => InviteText::from_body(body),
        0 => Err(InviteTextError::Malformed),
        _ => Err(InviteTextError::Newer),
    }
}

fn checksum(content: &[u8]) -> [u8; CHECKSUM] {
    let mut sum = [0; CHECKSUM];
    sum.copy_from_slice(&Sha256::digest(content)[..CHECKSUM]);
    sum
}

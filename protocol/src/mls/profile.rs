//! The one MLS profile a circle uses: suites, capabilities, configuration, the policy extension.
//!
//! Nothing here is negotiated. A member whose KeyPackage or commit departs from it is refused.
//! Clauses: specs/03-circle C-4, C-7, C-10, C-12, C-18.

use openmls::extensions::{
    Extension, ExtensionType, Extensions, RequiredCapabilitiesExtension, UnknownExtension,
};
use openmls::group::{GroupContext, MlsGroupJoinConfig, PURE_PLAINTEXT_WIRE_FORMAT_POLICY};
use openmls::key_packages::Lifetime;
use openmls::prelude::{Capabilities, SenderRatchetConfiguration};
use openmls_traits::types::{Ciphersuite, HpkeConfig};
use tls_codec::{TlsDeserialize, TlsSerialize, TlsSize};

use crate::limits;

/// Number of the policy extension: the hash of the ledger in the GroupContext (C-7, R-8). Private use
/// range of RFC 9420 section 17.3.
pub(crate) const POLICY_EXTENSION: u16 = 0xF0A1;
/// Bytes of a credential (D-3): member key, device key, signature, vouchers.
pub(crate) const MAX_CREDENTIAL: usize = crate::identity::Credential::MAX_LEN;
/// Bytes of a KeyPackage. With X-Wing it holds two keys of 1,216 bytes (V-8).
pub(crate) const MAX_KEY_PACKAGE: usize = 8 * 1024;

/// The cipher suite of a circle, chosen when it is made and never changed (C-4).
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    Eq,
    Hash,
    Ord,
    PartialEq,
    PartialOrd,
    TlsDeserialize,
    TlsSerialize,
    TlsSize,
)]
#[repr(u16)]
pub enum Suite {
    /// X25519 together with ML-KEM-768: what is recorded today stays closed to a quantum computer.
    #[default]
    XWing = 0x004D,
    /// X25519 alone: a Welcome for 32 members is a ninth of the size.
    X25519 = 0x0003,
}

impl Suite {
    /// Bytes of an HPKE secret key; the same in both suites.
    pub(crate) const SECRET_KEY_LEN: usize = 32;

    pub(crate) const fn ciphersuite(self) -> Ciphersuite {
        match self {
            Self::XWing => Ciphersuite::MLS_256_XWING_CHACHA20POLY1305_SHA256_Ed25519,
            Self::X25519 => Ciphersuite::MLS_128_DHKEMX25519_CHACHA20POLY1305_SHA256_Ed25519,
        }
    }

    pub(crate) fn from_ciphersuite(ciphersuite: Ciphersuite) -> Option<Self> {
        [Self::XWing, Self::X25519].into_iter().find(|suite| suite.ciphersuite() == ciphersuite)
    }

    pub(crate) const fn hpke_config(self) -> HpkeConfig {
        self.ciphersuite().hpke_config()
    }

    /// Bytes of an HPKE public key.
    pub(crate) const fn public_key_len(self) -> usize {
        match self {
            Self::XWing => 1216,
            Self::X25519 => 32,
        }
    }

    /// Bytes of what an HPKE sender gives beside the ciphertext.
    pub(crate) const fn kem_output_len(self) -> usize {
        match self {
            Self::XWing => 1120,
            Self::X25519 => 32,
        }
    }
}

/// What every leaf of a circle says it can do.
pub(crate) fn capabilities(suite: Suite) -> Capabilities {
    Capabilities::builder()
        .ciphersuites(vec![suite.ciphersuite()])
        .extensions(vec![ExtensionType::LastResort, ExtensionType::Unknown(POLICY_EXTENSION)])
        .build()
}

/// For ever: openmls compares lifetimes with the system's clock whenever an Add is replayed, so a
/// real one would break catching up. The real expiry stands in the knock.
pub(crate) fn lifetime() -> Lifetime {
    Lifetime::init(0, u64::MAX)
}

/// How a group is run. It is never stored: `postcard` cannot read it back, and a constant need
/// not be stored.
pub(crate) fn join_config() -> MlsGroupJoinConfig {
    MlsGroupJoinConfig::builder()
        .max_past_epochs(0)
        .use_ratchet_tree_extension(true)
        .wire_format_policy(PURE_PLAINTEXT_WIRE_FORMAT_POLICY)
        .sender_ratchet_configuration(ratchet())
        .padding_size(0)
        .build()
}

/// How many messages of one sender may be late or missing.
pub(crate) fn ratchet() -> SenderRatchetConfiguration {
    SenderRatchetConfiguration::new(limits::RATCHET_LATE, limits::RATCHET_AHEAD)
}

/// The extensions of a GroupContext: the hash of the ledger, and the demand that every member
/// knows what that is. `None` only if openmls no longer takes them.
pub(crate) fn context_extensions(ledger_hash: &[u8; 32]) -> Option<Extensions<GroupContext>> {
    let policy = ExtensionType::Unknown(POLICY_EXTENSION);
    Extensions::from_vec(vec![
        Extension::Unknown(POLICY_EXTENSION, UnknownExtension(ledger_hash.to_vec())),
        Extension::RequiredCapabilities(RequiredCapabilitiesExtension::new(&[policy], &[], &[])),
    ])
    .ok()
}

/// The hash of the ledger, if the extensions are exactly those of [`context_extensions`].
pub(crate) fn ledger_hash_of(extensions: &Extensions<GroupContext>) -> Option<[u8; 32]> {
    let hash = extensions.unknown(POLICY_EXTENSION)?.0.as_slice().try_into().ok()?;
    (*extensions == context_extensions(&hash)?).then_some(hash)
}

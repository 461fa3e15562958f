//! Domain separation: every hash, MAC, signature and derived key names what it is for.
//!
//! A label is never reused for a second purpose; the registry lists them all
//! (specs/registry R-2), and a test compares the two.

use hkdf::Hkdf;
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use crate::secret::Secret;

/// What a hash, signature or derived key is for. The text is hashed in front of the content.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Label(&'static str);

macro_rules! labels {
    ($($(#[$doc:meta])* $name:ident = $text:literal;)*) => {
        impl Label {
            $($(#[$doc])* pub const $name: Self = Self(concat!("windbreak/1 ", $text));)*

            /// Every label there is, for the registry test.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];
        }
    };
}

labels! {
    /// A member key speaks for a device key.
    DEVICE_CREDENTIAL = "device credential";
    /// A device speaks for the one that takes its place.
    DEVICE_VOUCHED = "device vouched";
    /// A device asks to be taken in anew.
    RETURN_SIGNATURE = "return signature";
    /// The same device signs all it says on coming back.
    RETURN_POST = "return post";
    /// The hash by which a return names a KeyPackage.
    RETURN_KEY_PACKAGE = "return key package";
    /// The id of what a device says on coming back.
    RETURN_ID = "return id";
    /// HPKE info of the Welcome for a device that comes back.
    RETURN_HPKE = "return hpke";
    /// A device says where it stands to those who share no state with it.
    BEACON_SIGNATURE = "beacon signature";
    /// The id of a state.
    STATE_ID = "state id";
    /// What tells one seal of a device from another: a hash of what was signed.
    SEAL_DIGEST = "seal digest";
    /// By what a device knows an MLS message it made itself.
    SEALED_MESSAGE = "sealed message";
    /// The rank of a commit among its siblings.
    RANK = "rank";
    /// The hash of a ledger.
    LEDGER = "ledger";
    /// The id of an item.
    ITEM_ID = "item id";
    /// A device signs an item.
    ITEM_SIGNATURE = "item signature";
    /// A device agrees to a motion.
    CONSENT = "consent";
    /// By what a member is recognised: a colour and two words.
    MEMBER_MARK = "member mark";
    /// The id of an envelope.
    ENVELOPE_ID = "envelope id";
    /// The id of the exact bytes of an envelope.
    GOSSIP_ID = "gossip id";
    /// A topic key signs an envelope.
    ENVELOPE_SIGNATURE = "envelope signature";
    /// The hint of an envelope.
    HINT = "hint";
    /// Exporter label: what seals items of a state.
    EXPORT_ITEMS = "export items";
    /// Exporter label: what seals commits whose parent is a state.
    EXPORT_COMMITS = "export commits";
    /// Exporter label: the first secret of an era.
    EXPORT_ERA = "export era";
    /// From one period's era secret to the next.
    ERA_NEXT = "era next";
    /// From an era secret to its topic key.
    ERA_TOPIC = "era topic";
    /// From an era secret to the key that admits to direct links.
    ERA_LINK = "era link";
    /// From the key that admits to direct links to what seals whereabouts for a day.
    WHEREABOUTS = "whereabouts";
    /// From the secret of a day's whereabouts to their topic key.
    WHEREABOUTS_TOPIC = "whereabouts topic";
    /// From the same secret to the key that seals them.
    WHEREABOUTS_SEAL = "whereabouts seal";
    /// The name under which a device is announced on a local network, and its key.
    ANNOUNCEMENT_NAME = "announcement name";
    /// What says of such an announcement of which circle it is, and its key of a day.
    ANNOUNCEMENT_TAG = "announcement tag";
    /// From an era's first secret to the secret of its porch.
    ERA_PORCH = "era porch";
    /// From the secret of a porch to its topic key.
    PORCH_TOPIC = "porch topic";
    /// From the secret of a porch to the key that seals what stands there.
    PORCH_SEAL = "porch seal";
    /// A device asks on a porch what it has missed.
    ASK_SIGNATURE = "ask signature";
    /// The id of such a question.
    ASK_ID = "ask id";
    /// HPKE info of a sealed run.
    RUN_HPKE = "run hpke";
    /// HPKE info of sealed items that are handed over.
    HANDOVER_HPKE = "handover hpke";
    /// HPKE info of what was said before somebody came, for them.
    HISTORY_HPKE = "history hpke";
    /// A device vouches for what it hands over of that.
    HISTORY_SIGNATURE = "history signature";
    /// A device vouches for the run it gives.
    RUN_SIGNATURE = "run signature";
    /// From an invite's seed to its signing key.
    INVITE_SIGNING = "invite signing";
    /// From an invite's seed to its topic key.
    INVITE_TOPIC = "invite topic";
    /// From an invite's seed to the key that seals what stands on its topic.
    INVITE_CARD = "invite card";
    /// From that secret to the key that admits to the door where an invite is answered on a local
    /// network.
    INVITE_DOOR = "invite door";
    /// The issuer of an invite signs its card.
    CARD_SIGNATURE = "card signature";
    /// The issuer of an invite signs an answer to a knock.
    ANSWER_SIGNATURE = "answer signature";
    /// The invite key signs the KeyPackages of a knock.
    KNOCK_SIGNATURE = "knock signature";
    /// The hash by which the signature of a knock names a KeyPackage.
    KNOCK_KEY_PACKAGE = "knock key package";
    /// The hash by which the signature of a knock names everything else in it.
    KNOCK_DETAILS = "knock details";
    /// The id of a knock.
    KNOCK_ID = "knock id";
    /// HPKE info of a sealed knock.
    KNOCK_HPKE = "knock hpke";
    /// HPKE info of a sealed answer.
    ANSWER_HPKE = "answer hpke";
    /// The number that a new device and the one that lets it in both show.
    DEVICE_NUMBER = "device number";
    /// HPKE info of what a new device asks.
    DEVICE_REQUEST_HPKE = "device request hpke";
    /// HPKE info of the word for a new device.
    DEVICE_GRANT_HPKE = "device grant hpke";
    /// HPKE info of what each reader of an anonymous message gets.
    ANONYMOUS_READER = "anonymous reader hpke";
    /// HPKE info of what an anonymous message says.
    ANONYMOUS_BODY = "anonymous body hpke";
    /// From a device's key to the moments at which it says something without its name.
    ANONYMOUS_TIME = "anonymous time";
    /// The id of a report: a hash of what opens the answers to it.
    REPORT_ID = "report id";
    /// HPKE info of an answer to a report.
    REPORT_ANSWER = "report answer hpke";
    /// The hash of an agreement.
    AGREEMENT = "agreement";
    /// A device agrees to a new agreement.
    AGREEMENT_CONSENT = "agreement consent";
    /// The hash of all that the facilitators declare.
    DECLARATIONS = "declarations";
    /// What seals the chunks of a large record.
    CHUNK = "chunk";
    /// The hash of a whole record that travels in chunks.
    CHUNKED_HASH = "chunked hash";
    /// The hash of a piece of a file.
    FILE_PIECE = "file piece";
    /// A topic key answers a relay's nonce.
    TOPIC_PROOF = "topic proof";
    /// From a grant's secret to that of one of its sub-grants.
    SUB_GRANT = "sub-grant";
    /// Whoever holds a sub-grant draws tokens with it.
    TOKEN_DRAW = "token draw";
    /// Whoever holds a grant revokes one of its sub-grants.
    SUB_GRANT_REVOKED = "sub-grant revoked";
    /// The hash of all public keys under which a relay gives tokens to one grant.
    TOKEN_KEYS = "token keys";
    /// From a relay's secret to the keys of its tokens, one for each epoch.
    TOKEN_EPOCH = "token epoch";
    /// Spends a token on one topic.
    TOKEN_SPENT = "token spent";
    /// Sub-grants are sealed to a device's leaf.
    SUB_GRANT_HPKE = "sub-grant hpke";
    /// A facilitator's device gives sub-grants to devices of the circle.
    SUB_GRANT_GIVEN = "sub-grant given";
    /// The issuer of an invite gives a sub-grant to those who hold the invite.
    DOOR_SIGNATURE = "door signature";
    /// The sum over the text of a grant that tells a typing mistake.
    GRANT_TEXT = "grant text";
    /// The fingerprint of a day of envelopes.
    DAY_FINGERPRINT = "day fingerprint";
    /// Splits one derived key into its sealing half.
    SEAL_KEY = "seal key";
    /// Splits one derived key into its hint half.
    HINT_KEY = "hint key";
    /// Randomness of one HPKE operation.
    HPKE_RANDOMNESS = "hpke randomness";
    /// Randomness of one MLS operation outside HPKE.
    MLS_RANDOMNESS = "mls randomness";
    /// From a store key to the key that hashes the names of records.
    STORE_NAMES = "store names";
    /// From a store key to the key that seals records.
    STORE_VALUES = "store values";
    /// From a store key to the key that seals the file of the keys of its records.
    STORE_KEYS = "store keys";
    /// Tells the scopes whose records share a key, and hides which one a record has.
    STORE_SCOPE = "store scope";
    /// Where a store keeps what it checks its key with.
    STORE_CHECK = "store check";
    /// The name of the mark that a write to the stores of a profile failed.
    STORE_DOUBT = "store doubt";
    /// From the entropy of a recovery phrase to what makes its key pair.
    RECOVERY = "recovery";
    /// HPKE info of a member key under a recovery phrase.
    RECOVERY_HPKE = "recovery hpke";
    /// From a stretched passphrase to the key that wraps a profile's store key.
    PROFILE_WRAP = "profile wrap";
    /// The sum over a profile's header that tells damage from a wrong passphrase.
    PROFILE_HEADER = "profile header";
    /// The name of a profile's socket where its own folder has too long a path.
    SOCKET_NAME = "socket name";
}

impl Label {
    /// The text, as the registry lists it.
    #[must_use]
    pub const fn text(self) -> &'static str {
        self.0
    }

    /// SHA-256 over the label and the parts, each behind its length (u64, big endian).
    #[must_use]
    pub fn hash(self, parts: &[&[u8]]) -> [u8; 32] {
        let mut hasher = Sha256::new();
        for part in std::iter::once(self.0.as_bytes()).chain(parts.iter().copied()) {
            hasher.update((part.len() as u64).to_be_bytes());
            hasher.update(part);
        }
        hasher.finalize().into()
    }

    /// The bytes that are signed for this label: its text behind its length, then the content.
    #[must_use]
    pub fn to_be_signed(self, content: &[u8]) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(8 + self.0.len() + content.len());
        bytes.extend_from_slice(&(self.0.len() as u64).to_be_bytes());
        bytes.extend_from_slice(self.0.as_bytes());
        bytes.extend_from_slice(content);
        bytes
    }

    /// HMAC-SHA-256 under `key` over the label and the parts, each behind its length.
    #[must_use]
    pub fn mac(self, key: &Secret<32>, parts: &[&[u8]]) -> [u8; 32] {
        // A key of any length is accepted by HMAC, so this arm is never taken.
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key.expose()) else {
            return [0; 32];
        };
        for part in std::iter::once(self.0.as_bytes()).chain(parts.iter().copied()) {
            mac.update(&(part.len() as u64).to_be_bytes());
            mac.update(part);
        }
        mac.finalize().into_bytes().into()
    }

    /// HKDF-SHA-256 from `key`, with this label and the parts as info.
    #[must_use]
    pub fn derive(self, key: &Secret<32>, parts: &[&[u8]]) -> Secret<32> {
        let mut info = Vec::new();
        for part in std::iter::once(self.0.as_bytes()).chain(parts.iter().copied()) {
            info.extend_from_slice(&(part.len() as u64).to_be_bytes());
            info.extend_from_slice(part);
        }
        let mut output = Zeroizing::new([0; 32]);
        // 32 bytes is one block: far below the 255 blocks HKDF can give, so this cannot fail.
        let expanded = Hkdf::<Sha256>::new(None, key.expose()).expand(&info, output.as_mut_slice());
        debug_assert!(expanded.is_ok());
        Secret::from_bytes(*output)
    }
}

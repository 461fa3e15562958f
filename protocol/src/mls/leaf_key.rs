//! What is sealed to some devices of a state alone, by the keys that their leaves hold there: MLS
//! seals path secrets to the same keys, under another HPKE info. Everybody in a state has all of
//! them, each device opens with its own as long as it keeps the state's records.
//! Clause: specs/08-content I-41.

use openmls_traits::OpenMlsProvider;
use openmls_traits::storage::{CURRENT_VERSION, Entity, StorageProvider, traits};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::id::DeviceId;
use crate::mls::group::Group;
use crate::mls::hpke::{HpkePublic, HpkeSecret};
use crate::mls::provider::Provider;

/// A key pair as openmls keeps it: the public half, then the private one.
#[derive(Deserialize, Serialize)]
struct KeyPair {
    public: Vec<u8>,
    private: Zeroizing<Vec<u8>>,
}

impl Entity<CURRENT_VERSION> for KeyPair {}
impl traits::HpkeKeyPair<CURRENT_VERSION> for KeyPair {}

impl Group {
    /// What others seal to the devices of this state, in the order of leaves.
    pub(crate) fn leaf_keys(&self) -> Vec<(DeviceId, HpkePublic)> {
        let keys = self.inner.members().filter_map(|member| {
            let device = member.signature_key.as_slice().try_into().ok()?;
            let public = HpkePublic::from_leaf(&member.encryption_key)?;
            Some((DeviceId::from_bytes(device), public))
        });
        keys.collect()
    }

    /// What this device opens that with.
    pub(crate) fn own_leaf_secret(&self, provider: &Provider) -> Option<HpkeSecret> {
        let index = self.inner.own_leaf_index();
        let own = self.inner.members().find(|member| member.index == index)?.encryption_key;
        let (id, epoch) = (self.inner.group_id(), self.inner.epoch());
        let pairs: Vec<KeyPair> =
            provider.storage().encryption_epoch_key_pairs(id, &epoch, self.own_leaf()).ok()?;
        let pair = pairs.into_iter().find(|pair| pair.public == own)?;
        HpkeSecret::from_leaf(&pair.private)
    }
}

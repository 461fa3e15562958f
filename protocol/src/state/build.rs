//! Own commits: built and merged in the child's namespace, so that the parent stays as it was and
//! the new state is written together with its outbox entry (specs/03-circle C-11).

use std::sync::Arc;

use crate::id::{CircleId, StateId};
use crate::identity::{Credential, DeviceKey};
use crate::label::Label;
use crate::ledger::{Change, ChangeError, class_of};
use crate::mls::{CommitChanges, DeviceSigner, Group, GroupError, Provider};
use crate::order::{Seal, Sibling};
use crate::secret::Secret;
use crate::state::apply::{devices_out, export_keys, leaves_of};
use crate::state::{CommitLinks, EraStart, Held, Hold, Short, State, state_id, vote_of_commit};
use crate::time::Period;
use crate::wire;

/// What a commit shall do.
pub(crate) struct Plan {
    /// The changes to the ledger.
    pub(crate) changes: Vec<Change>,
    /// One KeyPackage for every admission, in the same order.
    pub(crate) key_packages: Vec<Vec<u8>>,
    /// The seal counter of the commit.
    pub(crate) counter: u64,
    /// What this device has taken in of its member's other devices.
    pub(crate) siblings: Vec<Sibling>,
    /// The present period.
    pub(crate) period: Period,
    /// The tips this device sees.
    pub(crate) seen: Vec<Short>,
    /// The device that stands in this one's leaf from then on.
    pub(crate) successor: Option<Successor>,
}

/// The device that takes the leaf of the one that commits, as one of the changes says.
pub(crate) struct Successor {
    /// Its key.
    pub(crate) key: DeviceKey,
    /// What its leaf says of it.
    pub(crate) credential: Credential,
}

/// A commit made by this device, and the state it makes.
pub(crate) struct Built {
    /// The id of the new state.
    pub(crate) id: StateId,
    /// The new state, not acknowledged yet.
    pub(crate) state: State,
    /// The MLS commit, to be sealed under the parent.
    pub(crate) commit: Vec<u8>,
    /// The Welcome for those it adds.
    pub(crate) welcome: Option<Vec<u8>>,
    /// The era it begins, if it takes somebody out.
    pub(crate) era: Option<EraStart>,
    /// The commit as a vote of this device.
    pub(crate) seal: Seal,
}

/// Why no commit could be made.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub(crate) enum BuildError {
    /// The changes are against the rules of the parent.
    #[error(transparent)]
    Change(#[from] ChangeError),
    /// MLS refused, for example a KeyPackage.
    #[error(transparent)]
    Mls(#[from] GroupError),
    /// This device is not in the parent.
    #[error("this device is not in the state")]
    NotInState,
}

/// Builds a commit on `parent`.
///
/// # Errors
/// [`BuildError`]; nothing has changed.
pub(crate) fn build(
    circle: &CircleId,
    key: &DeviceKey,
    parent_id: StateId,
    parent: &State,
    plan: Plan,
    injected: Secret<32>,
) -> Result<Built, BuildError> {
    let held = parent.held().ok_or(BuildError::NotInState)?;
    let provider = Provider::new(injected, &held.namespace);
    let mut group = Group::load(&provider, circle)?;
    let own = group.own_leaf();
    let member = *held.ledger.member_of(&key.id()).ok_or(BuildError::NotInState)?;
    let epoch = parent.epoch + 1;
    let ledger = held.ledger.apply(circle, &member, epoch, &plan.changes)?;
    let departing = devices_out(&held.ledger, &plan.changes);
    let Plan { changes, key_packages, counter, siblings, period, seen, successor } = plan;
    let leaves = leaves_of(&held.ledger, &group.leaves()?, &departing).into_iter();
    let removes: Vec<u32> = leaves.filter(|leaf| successor.is_none() || *leaf != own).collect();
    let links = CommitLinks::new(parent_id, counter, siblings, period, seen, changes);
    let signer = DeviceSigner::of(key);
    let successor = successor.map(|Successor { key, credential }| {
        let (signer, credential) = (DeviceSigner::of(&key), credential.to_bytes());
        (signer, credential)
    });
    let successor = successor.as_ref().map(|(signer, credential)| (signer, credential.as_slice()));
    let mls = CommitChanges { adds: &key_packages, removes: &removes, successor };
    let messages = group.commit(&provider, &signer, &wire::encode(&links), mls, &ledger.hash())?;

    let id = state_id(circle, &group)?;
    let keys = export_keys(&group, &provider)?;
    let departs = links.departs();
    let era = if departs {
        let secret = group.export(&provider, Label::EXPORT_ERA, &[])?;
        Some(EraStart::first(period, secret))
    } else {
        None
    };
    let next = Held {
        ledger: Arc::new(ledger),
        era: if departs { id } else { held.era },
        departures: links.departures(),
        acknowledged: false,
        left: false,
        sent: 0,
        namespace: provider.into_changes().0,
        group: None,
        keys,
    };
    let hold = Hold::Keys(Box::new(next));
    let state = State {
        parent: Some(parent_id),
        epoch,
        leaf: own,
        member: Some(member),
        class: class_of(&held.ledger, &member, &links.changes),
        commit: None,
        hold,
    };
    let seal = vote_of_commit((member, key.id()), &links, id);
    Ok(Built { id, state, commit: messages.commit, welcome: messages.welcome, era, seal })
}

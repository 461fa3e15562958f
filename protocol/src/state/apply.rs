//! A foreign commit, applied on a copy of its parent and checked before it is merged. Whether it
//! is valid is a function of the parent and the commit, and of nothing else (specs/03-circle C-8).

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::id::{CircleId, DeviceId, MemberId, StateId};
use crate::identity::Credential;
use crate::label::Label;
use crate::ledger::{Change, Ledger, class_of};
use crate::limits::{MAX_RECORD, MAX_SEEN};
use crate::mls::{Group, GroupError, Leaf, Provider, StageError, Staged, beside};
use crate::order::Seal;
use crate::secret::Secret;
use crate::state::links::MAX_LINKS;
use crate::state::{
    CommitLinks, Ending, EraStart, Held, Hold, State, StateKeys, are_siblings, author_of, state_id,
    vote_of_commit,
};
use crate::verdict::Violation;
use crate::wire;
use crate::wire::text::Opaque;

/// What a commit made.
pub(crate) struct Applied {
    /// The id of the new state; for one that took this device out, an id of its own making.
    pub(crate) id: StateId,
    /// The new state.
    pub(crate) state: State,
    /// The era it begins, if it takes somebody out and this device stays.
    pub(crate) era: Option<EraStart>,
    /// The commit as a vote of its author.
    pub(crate) seal: Seal,
    /// What it changes in the ledger.
    pub(crate) changes: Vec<Change>,
}

/// Which device this is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Me {
    /// The device.
    pub(crate) device: DeviceId,
    /// The device as which it comes in anew, if it does.
    pub(crate) coming: Option<DeviceId>,
}

/// Why a commit was not applied.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Unapplied {
    /// It is against a rule.
    Against(Violation),
    /// This device signed it, or a copy of it did, with this counter.
    Own {
        /// The counter of its seal.
        counter: u64,
    },
    /// It takes this device in anew: a Welcome leads to the state it makes.
    TakesBack,
}

impl From<Violation> for Unapplied {
    fn from(violation: Violation) -> Self {
        Self::Against(violation)
    }
}

/// Applies the commit `message` to `parent`. The group of the parent, if it is at hand, becomes that
/// of the new state, since hardly anything is said under the parent any more.
///
/// # Errors
/// [`Unapplied`] says why not; nothing of the parent has changed.
pub(crate) fn apply(
    circle: &CircleId,
    me: Me,
    parent_id: StateId,
    parent: &mut State,
    message: &[u8],
    injected: Secret<32>,
) -> Result<Applied, Unapplied> {
    let parent_epoch = parent.epoch;
    let held = parent.held_mut().ok_or(Violation::Misplaced)?;
    if message.len() > MAX_RECORD {
        return Err(Violation::Malformed.into());
    }
    let provider = Provider::new(injected, &held.namespace);
    let mut group = held.take_group(&provider, circle).map_err(|_| Violation::Mls)?;
    let held = &*held;
    let staged = match group.stage(&provider, message) {
        Err(StageError::Own) => return Err(own(message)?),
        staged => staged.map_err(|_| Violation::Mls)?,
    };
    let links: CommitLinks =
        wire::decode(&staged.aad, MAX_LINKS).map_err(|_| Violation::Malformed)?;
    if !links.is_known_version() || links.parent != parent_id || links.seen.len() > MAX_SEEN {
        return Err(Violation::Malformed.into());
    }
    let author = author_at(&held.ledger, &group, &staged)?;
    let committer = author.0;
    if !are_siblings(&links.siblings, &staged.device) {
        return Err(Violation::Malformed.into());
    }
    let epoch = parent_epoch.checked_add(1).ok_or(Violation::Malformed)?;
    let ledger = held
        .ledger
        .apply(circle, &committer, epoch, &links.changes)
        .map_err(|_| Violation::Right)?;
    check_proposals(circle, &held.ledger, &group, &staged, &links)?;
    if staged.ledger_hash != ledger.hash() {
        return Err(Violation::Ledger.into());
    }
    let Me { device: ref me, coming } = me;
    if links.takes_back(me) || coming.is_some_and(|coming| links.takes_back(&coming)) {
        return Err(Unapplied::TakesBack);
    }

    let leaf = staged.sender;
    let class = class_of(&held.ledger, &committer, &links.changes);
    let made = |hold| State {
        parent: Some(parent_id),
        epoch,
        leaf,
        member: Some(committer),
        class,
        commit: None,
        hold,
    };
    let member = held.ledger.member_of(me).filter(|_| ledger.member_of(me).is_none());
    if let Some(member) = member {
        let ending = if links.replaces(me) {
            Ending::Replaced
        } else if ledger.members().contains_key(member) {
            Ending::DeviceRemoved
        } else if links.lets_go(member) {
            Ending::Left
        } else {
            Ending::Removed
        };
        // The keys of the new state are closed to this device, so its id cannot be computed; this
        // one differs from every other state's and is the same for the same commit.
        let id = StateId::from_bytes(Label::STATE_ID.hash(&[circle.as_bytes(), message]));
        let state = made(Hold::Closing(ending));
        let seal = vote_of_commit(author, &links, id);
        return Ok(Applied { id, state, era: None, seal, changes: links.changes });
    }

    group.merge(&provider, staged).map_err(|_| Violation::Mls)?;
    let id = state_id(circle, &group).map_err(|_| Violation::Mls)?;
    let keys = export_keys(&group, &provider).map_err(|_| Violation::Mls)?;
    let departs = links.departs();
    let era = if departs {
        let secret = group.export(&provider, Label::EXPORT_ERA, &[]).map_err(|_| Violation::Mls)?;
        Some(EraStart::first(links.period, secret))
    } else {
        None
    };
    let held = Held {
        ledger: Arc::new(ledger),
        era: if departs { id } else { held.era },
        departures: links.departures(),
        acknowledged: true,
        left: false,
        sent: 0,
        namespace: provider.into_changes().0,
        group: Some(group),
        keys,
    };
    let state = made(Hold::Keys(Box::new(held)));
    let seal = vote_of_commit(author, &links, id);
    Ok(Applied { id, state, era, seal, changes: links.changes })
}

/// What a commit of this device says of itself. What was found of it was verified.
fn own(message: &[u8]) -> Result<Unapplied, Violation> {
    let aad = beside(message).map_err(|_| Violation::Malformed)?;
    let links: CommitLinks = wire::decode(&aad, MAX_LINKS).map_err(|_| Violation::Malformed)?;
    Ok(Unapplied::Own { counter: links.counter })
}

/// The exporter secrets that seal envelopes under the state `group` is in.
pub(super) fn export_keys(group: &Group, provider: &Provider) -> Result<StateKeys, GroupError> {
    let items = group.export(provider, Label::EXPORT_ITEMS, &[])?;
    let commits = group.export(provider, Label::EXPORT_COMMITS, &[])?;
    Ok(StateKeys::new(items, commits))
}

/// The member whose leaf committed. The renewed leaf must be the same device with the same
/// credential: openmls would let it change both.
fn author_at(
    ledger: &Ledger,
    group: &Group,
    staged: &Staged,
) -> Result<(MemberId, DeviceId), Violation> {
    let leaf = group.leaf(staged.sender).ok_or(Violation::Author)?;
    if leaf.device != staged.device || leaf.credential != staged.credential {
        return Err(Violation::Author);
    }
    author_of(ledger, &leaf.credential).ok_or(Violation::Author)
}

/// MLS proposals and ledger changes say the same: who is added is admitted, with a KeyPackage the
/// invite vouches for, or is one more device of a member; and the leaves removed are those of the
/// devices that go.
fn check_proposals(
    circle: &CircleId,
    ledger: &Ledger,
    group: &Group,
    staged: &Staged,
    links: &CommitLinks,
) -> Result<(), Violation> {
    let mut admitted = BTreeMap::new();
    let mut more_devices = BTreeSet::new();
    let mut returns = BTreeMap::new();
    for change in &links.changes {
        match change {
            Change::Admit(admission) => {
                admitted.insert((admission.member, admission.device), admission);
            }
            Change::AddDevice(credential) => {
                more_devices.insert((credential.member, credential.device));
            }
            Change::Return(change) => {
                returns.insert((*change.member(), *change.device()), change);
            }
            _ => {}
        }
    }
    for candidate in &staged.adds {
        let credential =
            Credential::from_bytes(&candidate.credential).map_err(|_| Violation::Malformed)?;
        let credential = credential
            .verify(circle, candidate.device.as_bytes())
            .map_err(|_| Violation::Signature)?;
        let who = (credential.member, credential.device);
        if let Some(change) = returns.remove(&who) {
            // The leaf says of the device what the change says.
            if change.credential != *credential || !change.covers(&candidate.key_package) {
                return Err(Violation::Signature);
            }
            continue;
        }
        if !credential.is_direct() {
            return Err(Violation::Signature);
        }
        if more_devices.remove(&who) {
            continue;
        }
        let admission = admitted.remove(&who).ok_or(Violation::Ledger)?;
        let package =
            Opaque::new(candidate.key_package.as_slice()).map_err(|_| Violation::Malformed)?;
        if !admission.proof.covers(&package) {
            return Err(Violation::Signature);
        }
    }
    let out = devices_out(ledger, &links.changes);
    // Most commits take nobody out, and a circle may have a thousand leaves.
    let leaves = if out.is_empty() { Ok(Vec::new()) } else { group.leaves() };
    let expected = leaves_of(ledger, &leaves.map_err(|_| Violation::Mls)?, &out);
    let removed: BTreeSet<u32> = staged.removes.iter().copied().collect();
    let all_added = admitted.is_empty() && more_devices.is_empty() && returns.is_empty();
    if !all_added || removed != expected || removed.len() != staged.removes.len() {
        return Err(Violation::Ledger);
    }
    Ok(())
}

/// The devices that `changes` take out of the state `ledger` belongs to.
pub(super) fn devices_out(ledger: &Ledger, changes: &[Change]) -> BTreeSet<DeviceId> {
    let mut devices = BTreeSet::new();
    for change in changes {
        match change {
            Change::Depart(departure) => {
                let entry = ledger.members().get(departure.member());
                devices.extend(entry.into_iter().flat_map(|entry| entry.devices.iter().copied()));
            }
            Change::RemoveDevice { device, .. } => {
                devices.insert(*device);
            }
            Change::Return(change) => devices.extend(&change.gives_up),
            _ => {}
        }
    }
    devices
}

/// The leaves of these devices.
pub(super) fn leaves_of(
    ledger: &Ledger,
    leaves: &[Leaf],
    devices: &BTreeSet<DeviceId>,
) -> BTreeSet<u32> {
    leaves
        .iter()
        .filter(|leaf| {
            author_of(ledger, &leaf.credential).is_some_and(|(_, device)| devices.contains(&device))
        })
        .map(|leaf| leaf.index)
        .collect()
}

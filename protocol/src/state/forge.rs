//! Commits as nobody should make them, for the attackers of the tests (feature `testing`).

use std::sync::Arc;

use crate::id::CircleId;
use crate::identity::DeviceKey;
use crate::label::Label;
use crate::ledger::{Ledger, class_of};
use crate::mls::{CommitChanges, DeviceSigner, Group, Provider};
use crate::secret::Secret;
use crate::state::apply::{devices_out, export_keys, leaves_of};
use crate::state::build::{BuildError, Built, Plan};
use crate::state::{CommitLinks, EraStart, Held, Hold, State, StateId, state_id, vote_of_commit};
use crate::testing::Forgery;
use crate::wire;

/// Builds a commit on `parent` that says whatever `lies` say.
///
/// # Errors
/// [`BuildError`]; not even MLS makes that commit.
pub(crate) fn forge(
    circle: &CircleId,
    key: &DeviceKey,
    parent_id: StateId,
    parent: &State,
    plan: Plan,
    lies: &Forgery,
    injected: Secret<32>,
) -> Result<Built, BuildError> {
    let held = parent.held().ok_or(BuildError::NotInState)?;
    let provider = Provider::new(injected, &held.namespace).spoiling(lies.spoilt);
    let mut group = Group::load(&provider, circle)?;
    let own = group.own_leaf();
    let member = *held.ledger.member_of(&key.id()).ok_or(BuildError::NotInState)?;
    let epoch = parent.epoch + 1;
    let lawful = held.ledger.apply(circle, &member, epoch, &plan.changes);
    let ledger = lawful.unwrap_or_else(|_| Ledger::clone(&held.ledger));
    let hash = lies.ledger_hash.unwrap_or_else(|| ledger.hash());
    let departing = devices_out(&held.ledger, &plan.changes);
    let removes = match &lies.removes {
        Some(removes) => removes.clone(),
        None => leaves_of(&held.ledger, &group.leaves()?, &departing).into_iter().collect(),
    };
    let named = lies.parent.unwrap_or(parent_id);
    let links =
        CommitLinks::new(named, plan.counter, plan.siblings, plan.period, plan.seen, plan.changes);
    let signer = DeviceSigner::of(key);
    let mls =
        CommitChanges { adds: &plan.key_packages, removes: &removes, ..CommitChanges::default() };
    let messages = group.commit(&provider, &signer, &wire::encode(&links), mls, &hash)?;

    let id = state_id(circle, &group)?;
    let keys = export_keys(&group, &provider)?;
    let departs = links.departs();
    let era = if departs {
        let secret = group.export(&provider, Label::EXPORT_ERA, &[])?;
        Some(EraStart::first(plan.period, secret))
    } else {
        None
    };
    let next = Held {
        ledger: Arc::new(ledger),
        era: if departs { id } else { held.era },
        departures: departs.then(|| links.seen.clone()),
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

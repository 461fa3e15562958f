//! One circle on one device: its states, its items, what it wants and what it still has to send.
//!
//! A [`Circle`] is driven by the engine, one step at a time. A [`Step`] collects what the step
//! writes and asks for; nothing leaves before all of it is one batch. Clauses: specs/03-circle.

mod change;
mod era;
mod head;
mod intent;
mod invites;
mod items;
mod lobby;
mod overview;
mod persist;
mod receive;
mod send;
mod step;
mod waiting;

pub use change::{InviteError, RemoveError};
pub use lobby::AdmitError;
pub use overview::{
    CircleOverview, InviteOverview, InviteState, KnockOverview, KnockStage, MemberOverview,
    Standing,
};
pub use send::{NewShare, ShareError};

pub(crate) use era::Era;
pub(crate) use intent::{Intent, IntentKind};
pub(crate) use persist::Stored;
pub(crate) use step::Step;

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use crate::content::Item;
use crate::id::{
    CircleId, DeviceId, EnvelopeId, InviteId, ItemId, KnockId, MemberId, StateId, Topic,
};
use crate::identity::{DeviceKey, MemberKey, Verified};
use crate::input::Venue;
use crate::ledger::Ledger;
use crate::limits::LEAF_AGE;
use crate::mls::Suite;
use crate::state::{Entered, Held, Hold, Short, State};
use crate::time::{Hour, Timestamp};
use era::TopicUse;
use invites::OwnInvite;
use lobby::KnockEntry;
use send::{Chain, Outgoing, Pending};
use waiting::{Seen, WaitingRoom};

/// One circle on one device.
#[derive(Debug)]
pub(crate) struct Circle {
    id: CircleId,
    suite: Suite,
    key: DeviceKey,
    member_key: MemberKey,
    me: MemberId,
    standing: Standing,
    /// The invite this device came by, whose topic may still bring a second Welcome.
    joined_by: Option<InviteId>,
    /// The hour in which this device came in.
    since: Hour,
    /// When this device last committed, and so renewed its leaf.
    renewed: Timestamp,
    states: BTreeMap<StateId, State>,
    head: StateId,
    chain: Chain,
    items: BTreeMap<ItemId, Verified<Item>>,
    places: BTreeMap<(DeviceId, u64), ItemId>,
    eras: BTreeMap<StateId, Era>,
    topics: BTreeMap<Topic, TopicUse>,
    waiting: WaitingRoom,
    seen: Seen,
    outbox: BTreeMap<EnvelopeId, Outgoing>,
    pending: Option<Pending>,
    intents: BTreeMap<u64, Intent>,
    knocks: BTreeMap<KnockId, KnockEntry>,
    invites: BTreeMap<InviteId, OwnInvite>,
    /// Items of the head's devices that no other such item names.
    tips: BTreeSet<ItemId>,
    /// What such items name.
    named: BTreeSet<Short>,
}

/// Who this device is in a circle.
#[derive(Debug)]
pub(crate) struct Identity {
    pub(crate) key: DeviceKey,
    pub(crate) member_key: MemberKey,
}

impl Circle {
    /// A circle this device has just founded or entered.
    pub(crate) fn begin(
        step: &mut Step<'_>,
        id: CircleId,
        identity: Identity,
        joined_by: Option<InviteId>,
        entered: Entered,
    ) -> Self {
        let suite = entered.state.held().map_or_else(Suite::default, |h| h.ledger.settings().suite);
        let Identity { key, member_key } = identity;
        let mut circle = Self::empty(id, suite, key, member_key, entered.id);
        circle.joined_by = joined_by;
        circle.since = step.now.hour();
        circle.renewed = step.now;
        circle.take_root(step, entered);
        circle.write(step);
        circle.refresh_topics(step);
        circle
    }

    fn empty(
        id: CircleId,
        suite: Suite,
        key: DeviceKey,
        member_key: MemberKey,
        head: StateId,
    ) -> Self {
        Self {
            id,
            suite,
            key,
            me: member_key.id(),
            member_key,
            standing: Standing::Active,
            joined_by: None,
            since: Hour::default(),
            renewed: Timestamp::default(),
            states: BTreeMap::new(),
            head,
            chain: Chain::default(),
            items: BTreeMap::new(),
            places: BTreeMap::new(),
            eras: BTreeMap::new(),
            topics: BTreeMap::new(),
            waiting: WaitingRoom::default(),
            seen: Seen::default(),
            outbox: BTreeMap::new(),
            pending: None,
            intents: BTreeMap::new(),
            knocks: BTreeMap::new(),
            invites: BTreeMap::new(),
            tips: BTreeSet::new(),
            named: BTreeSet::new(),
        }
    }

    /// The first steps of a newcomer: its leaf gets fresh keys soon, because until then every
    /// commit of others is larger.
    pub(crate) fn arrive(&mut self, step: &mut Step<'_>) {
        self.want_renewal(step);
    }

    /// Takes in one more Welcome: the commit of the first may have lost a race.
    pub(crate) fn come_again(&mut self, step: &mut Step<'_>, entered: Entered) {
        if self.states.get(&entered.id).is_some_and(|state| state.held().is_some()) {
            return;
        }
        self.take_root(step, entered);
        self.follow_head(step);
        self.write(step);
    }

    /// After a restart: the venue is opened again, and what nobody is known to have is published.
    pub(crate) fn resume(&mut self, step: &mut Step<'_>) {
        if self.standing != Standing::Active {
            return;
        }
        self.refresh_topics(step);
        step.reach(Venue::Circle(self.id));
        self.publish_again(step);
        self.settle(step);
    }

    /// Time has come for something.
    pub(crate) fn handle_timeout(&mut self, step: &mut Step<'_>) {
        if self.standing != Standing::Active {
            return;
        }
        if step.now.since(self.renewed) > LEAF_AGE {
            self.want_renewal(step);
        }
        self.settle(step);
        self.review_invites(step);
        self.refresh_topics(step);
    }

    /// When it wants to be woken.
    pub(crate) fn poll_timeout(&self) -> Option<Timestamp> {
        if self.standing != Standing::Active {
            return None;
        }
        self.next_intent().into_iter().chain(self.next_expiry()).min()
    }

    /// Takes in a state entered by a Welcome: the first, or one more on another branch.
    pub(crate) fn take_root(&mut self, step: &mut Step<'_>, entered: Entered) {
        let Entered { id, state, era, headers } = entered;
        if let Some(held) = state.held() {
            let starts = Era::new(held.era, era, step.now);
            self.write_era(step, &starts);
            self.eras.entry(held.era).or_insert(starts);
        }
        for (id, header) in headers {
            if !self.states.contains_key(&id) {
                self.insert_state(step, id, header);
            }
        }
        self.insert_state(step, id, state);
    }

    /// The invite it was joined by.
    pub(crate) fn joined_by(&self) -> Option<InviteId> {
        self.joined_by
    }

    /// Whether this device's member is still in it.
    pub(crate) fn is_active(&self) -> bool {
        self.standing == Standing::Active
    }

    /// This device's key in this circle.
    pub(crate) fn key(&self) -> &DeviceKey {
        &self.key
    }

    /// The state this device talks in: the head, or for a closed circle the last one it was in.
    fn head_held(&self) -> Option<&Held> {
        self.last_held(self.head)
    }

    fn last_held(&self, from: StateId) -> Option<&Held> {
        let mut at = Some(from);
        while let Some(state) = at.and_then(|id| self.states.get(&id)) {
            if let Hold::Keys(held) = &state.hold {
                return Some(held);
            }
            at = state.parent;
        }
        None
    }

    fn ledger(&self) -> Option<&Ledger> {
        self.head_held().map(|held| &*held.ledger)
    }

    fn is_facilitator(&self) -> bool {
        self.ledger().is_some_and(|ledger| ledger.is_facilitator(&self.me))
    }

    fn insert_state(&mut self, step: &mut Step<'_>, id: StateId, state: State) {
        self.write_state(step, &id, &state);
        self.states.insert(id, state);
    }

    /// The states in the order in which an envelope is most likely to belong to them.
    fn states_newest_first(&self) -> Vec<StateId> {
        let mut ids: VecDeque<StateId> = self
            .states
            .iter()
            .filter(|(id, state)| **id != self.head && state.held().is_some())
            .map(|(id, _)| *id)
            .collect();
        ids.make_contiguous()
            .sort_by_key(|id| std::cmp::Reverse(self.states.get(id).map(|state| state.epoch)));
        ids.push_front(self.head);
        ids.into()
    }
}

//! One circle on one device: its states, its items, what it wants and what it still has to send.
//!
//! A [`Circle`] is driven by the engine, one step at a time. A [`Step`] collects what the step
//! writes and asks for; nothing leaves before all of it is one batch. Clauses: specs/03-circle.

mod accept;
mod acts;
mod agreement;
mod anonymous;
mod ballots;
mod beacons;
mod block;
mod carry;
mod change;
mod code;
mod consent;
mod copies;
mod deeds;
mod device;
mod era;
mod expiry;
mod files;
#[cfg(feature = "testing")]
mod forge;
#[cfg(feature = "testing")]
mod forge_history;
#[cfg(feature = "testing")]
mod forge_report;
mod giving_way;
mod grants;
mod handover;
mod head;
mod history;
mod intent;
mod invites;
mod items;
mod kept;
mod knock;
mod listener;
mod lobby;
mod longing;
mod mention;
mod motions;
mod opened;
mod outbox;
mod overview;
mod own_place;
mod persist;
mod places;
mod porch;
mod reached;
mod readmit;
mod receive;
mod recovery;
mod relays;
mod removed;
mod reported;
mod reports;
mod request;
mod retention;
mod returning;
mod room;
mod run;
mod seal;
mod send;
mod side;
mod splits;
mod step;
mod steward;
mod taking_back;
mod tips;
mod turn;
mod twins;
mod unsaid;
mod votes;
mod waiting;
mod watch;
mod weigh;

pub use accept::AgreementOverview;
pub use acts::{ActError, NewEdit};
pub use agreement::{AgreementError, AgreementProposalOverview};
pub use block::BlockError;
pub use change::{InviteError, RemoveError};
pub use code::CodeOverview;
pub use consent::MotionError;
pub use deeds::{Deed, DeedKind};
pub use device::{DeviceError, DeviceOverview};
pub use files::{FileError, NewFile};
pub use grants::{GivenOverview, GrantError, GrantOverview};
pub use history::{HistoryOverview, HistoryStage};
pub use listener::{Voice, VoiceError};
pub use lobby::AdmitError;
pub use motions::{MotionOverview, MotionStage};
pub use overview::{
    CircleOverview, InviteOverview, InviteState, KnockOverview, KnockStage, MemberOverview,
    Standing,
};
pub use relays::{FormerRelay, RelaysError};
pub use reports::{ReportAnswerOverview, ReportError, ReportOverview, ReportStage};
pub use send::{NewShare, ShareError};
pub use steward::{Removal, StewardAct, StewardError};

pub(crate) use era::Era;
pub(crate) use intent::{Intent, IntentKind};
pub(crate) use persist::Stored;
pub(crate) use reports::Reports;
pub(crate) use step::Step;
pub(crate) use steward::Removals;

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;

use crate::content::Spared;
use crate::id::{CircleId, DeviceId, InviteId, ItemId, KnockId, MemberId, StateId, Topic};
use crate::identity::{DeviceKey, KnownKeys, MemberKey};
use crate::input::Venue;
use crate::ledger::{KeepDays, Ledger};
use crate::limits::LEAF_AGE;
use crate::mls::Suite;
use crate::order::{Ballots, Namings};
use crate::recovery::SealedMemberKey;
use crate::shelf::{Items, Shelf};
use crate::state::{Entered, Held, Hold, PorchShare, State};
use crate::time::{Hour, Period, Timestamp};
use crate::wire::TopicKey;
use accept::Acceptance;
use beacons::Beacons;
use copies::{Doubt, WaysOut};
use deeds::AllDeeds;
use era::TopicUse;
use expiry::{CameAt, Keeping};
use grants::Grants;
use history::History;
use invites::OwnInvite;
use kept::KeptCommits;
use knock::KnockEntry;
use longing::{Gaps, Longing};
use outbox::Outbox;
use places::PlacesOf;
use porch::Porch;
use relays::Relays;
use request::Returning;
use run::WayBack;
use send::{Chain, Pending};
use steward::AllRemovals;
use taking_back::Rests;
use tips::Tips;
use votes::Poll;
use waiting::{KeyRing, Seen, WaitingRoom};
use watch::Watch;

/// How long a group that nobody uses stays at hand.
const WARM: std::time::Duration = std::time::Duration::from_secs(600);

/// One circle on one device.
#[derive(Debug)]
pub(crate) struct Circle {
    id: CircleId,
    suite: Suite,
    key: DeviceKey,
    /// The member key, on the device that made or joined the circle; others are certified by it.
    member_key: Option<MemberKey>,
    /// The same under the recovery phrase, and then not open beside it.
    sealed_key: Option<SealedMemberKey>,
    me: MemberId,
    standing: Standing,
    /// The invite this device came by, whose topic may still bring a second Welcome.
    joined_by: Option<InviteId>,
    /// The hour in which this device came in.
    since: Hour,
    /// When this device last committed, and so renewed its leaf.
    renewed: Timestamp,
    /// When what nobody has acknowledged is published again.
    republish: Timestamp,
    states: BTreeMap<StateId, State>,
    head: StateId,
    /// The state whose group is at hand, and when it was used last.
    warm: Option<(StateId, Timestamp)>,
    chain: Chain,
    items: Items,
    places: BTreeMap<(DeviceId, u64), ItemId>,
    /// What is nobody's hurry waits until then, but never longer than `patience`.
    quiet_from: Timestamp,
    patience: std::time::Duration,
    /// When this device learnt that the circle was changed in two places at once.
    splits: Vec<Timestamp>,
    /// Where the items lie that do not lie firmly yet.
    places_of: PlacesOf,
    eras: BTreeMap<StateId, Era>,
    porches: BTreeMap<StateId, Porch>,
    way_back: WayBack,
    /// When something was heard last, or everything had been fetched.
    heard: Timestamp,
    /// Until when the store says so.
    heard_written: Timestamp,
    topics: BTreeMap<Topic, TopicUse>,
    /// The head under which they were worked out last.
    topics_at: Option<StateId>,
    /// The key this device publishes with, for as long as its era and period last.
    publishing: Option<((StateId, Period), TopicKey)>,
    waiting: WaitingRoom,
    ring: KeyRing,
    /// Keys of those who said something lately.
    known_keys: KnownKeys,
    seen: Seen,
    outbox: Outbox,
    pending: Option<Pending>,
    intents: BTreeMap<u64, Intent>,
    knocks: BTreeMap<KnockId, KnockEntry>,
    invites: BTreeMap<InviteId, OwnInvite>,
    /// Who stands where.
    ballots: Ballots,
    /// Hashes of the MLS messages of this device, by the counters of their seals.
    sealed: BTreeMap<u64, [u8; 32]>,
    /// Which of several commits by one leaf others have sealed under.
    namings: Namings,
    /// States that may have twins which this device has to name.
    to_name: BTreeSet<StateId>,
    /// Twins under which nobody is known to have sealed.
    unnamed: BTreeSet<StateId>,
    /// When this device last said where it stands, and when it will say so next.
    poll: Poll,
    /// Choices made for good, by the state at which they were made.
    frozen: BTreeMap<StateId, StateId>,
    /// The device code this device has made last.
    code: Option<code::OpenCode>,
    /// What the next item of this device names.
    tips: Tips,
    /// What says when keys may go.
    watch: Watch,
    /// The commits kept for those who come back.
    kept: KeptCommits,
    /// The keys of this device before the one it has: it gave them up when it came in anew.
    former: Vec<DeviceId>,
    /// Facilitators' acts whose author had the right to them.
    in_right: BTreeSet<ItemId>,
    /// Whom commits removed, and why.
    removals: AllRemovals,
    /// What commits changed of the circle itself, for the steward log.
    deeds: AllDeeds,
    /// How long this device keeps words; unknown until it first looks.
    keeping: Option<Keeping>,
    /// When what was dated further ahead than clocks may differ came.
    dated_ahead: BTreeMap<ItemId, CameAt>,
    /// Whose words the owner of this device does not want to see.
    blocked: BTreeSet<MemberId>,
    /// Reports for this device and of its member.
    reports: Reports,
    /// How this device comes back, if it has to.
    returning: Option<Returning>,
    /// What this device lacks of what was said.
    longing: Option<Longing>,
    gaps: Gaps,
    /// What was said before this device's member came.
    history: History,
    /// Whether it may be a copy.
    doubt: Option<Doubt>,
    /// How it steps out of that doubt.
    ways_out: WaysOut,
    /// The latest returns of others.
    rests: Rests,
    /// Where others stand who share no state with this device.
    beacons: Beacons,
    /// The relays that were named before, and what was said of how the circle is reached.
    relays: Relays,
    /// What it has of their grants.
    grants: Grants,
    /// What its owner accepted of the agreements, on this device; unknown of a circle that an
    /// older version made or joined.
    acceptance: Option<Acceptance>,
    /// When this device last looked for words that are too old, and how long the circle kept them.
    swept: (Timestamp, Option<KeepDays>),
    /// What never leaves this device and is not told yet; no more than waited to be sent.
    to_spare: Vec<Spared>,
    /// When this device looks whether there is more of its own than reached everybody.
    mention: Option<Timestamp>,
    /// Until then nothing leaves after a start: if this device is a copy, it shall hear so first.
    hold_until: Timestamp,
    /// What is to be said again once all that waits was looked at.
    moved: Option<head::Moved>,
}

/// How this device came into a circle.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Came {
    /// By which invite; none for whoever made it.
    pub(crate) by: Option<InviteId>,
    /// Nothing sealed before this hour can be for it.
    pub(crate) since: Hour,
}

/// Who this device is in a circle.
#[derive(Debug)]
pub(crate) struct Identity {
    pub(crate) key: DeviceKey,
    pub(crate) member: MemberId,
    /// Only the member's first device holds it.
    pub(crate) member_key: Option<MemberKey>,
}

impl Circle {
    /// A circle this device has just founded or entered.
    pub(crate) fn begin(
        step: &mut Step<'_>,
        id: CircleId,
        identity: Identity,
        came: Came,
        entered: Entered,
    ) -> Self {
        let suite = entered.state.held().map_or_else(Suite::default, |h| h.ledger.settings().suite);
        let mut circle = Self::empty(id, suite, identity, entered.id);
        circle.joined_by = came.by;
        circle.since = came.since;
        circle.renewed = step.now;
        circle.heard = step.now;
        circle.take_root(step, entered);
        circle.watch_states(step);
        circle.watch_members(step);
        circle.write(step);
        circle.refresh_topics(step);
        if came.by.is_some() {
            circle.begin_history(step, came.since);
        }
        circle
    }

    fn empty(id: CircleId, suite: Suite, identity: Identity, head: StateId) -> Self {
        let Identity { key, member, member_key } = identity;
        Self {
            id,
            suite,
            key,
            me: member,
            member_key,
            sealed_key: None,
            standing: Standing::Active,
            joined_by: None,
            since: Hour::default(),
            renewed: Timestamp::default(),
            republish: Timestamp::default(),
            states: BTreeMap::new(),
            head,
            warm: None,
            chain: Chain::default(),
            items: Items::new(id),
            places: BTreeMap::new(),
            quiet_from: Timestamp::default(),
            patience: std::time::Duration::ZERO,
            splits: Vec::new(),
            places_of: PlacesOf::default(),
            eras: BTreeMap::new(),
            porches: BTreeMap::new(),
            way_back: WayBack::default(),
            heard: Timestamp::default(),
            heard_written: Timestamp::default(),
            topics: BTreeMap::new(),
            topics_at: None,
            publishing: None,
            waiting: WaitingRoom::default(),
            known_keys: KnownKeys::default(),
            ring: KeyRing::default(),
            seen: Seen::default(),
            outbox: Outbox::default(),
            pending: None,
            intents: BTreeMap::new(),
            knocks: BTreeMap::new(),
            invites: BTreeMap::new(),
            ballots: Ballots::default(),
            sealed: BTreeMap::new(),
            namings: Namings::new(),
            to_name: BTreeSet::new(),
            unnamed: BTreeSet::new(),
            poll: Poll::default(),
            frozen: BTreeMap::new(),
            code: None,
            tips: Tips::default(),
            watch: Watch::default(),
            kept: KeptCommits::default(),
            former: Vec::new(),
            in_right: BTreeSet::new(),
            removals: AllRemovals::new(),
            deeds: AllDeeds::new(),
            keeping: None,
            dated_ahead: BTreeMap::new(),
            blocked: BTreeSet::new(),
            reports: Reports::default(),
            returning: None,
            longing: None,
            gaps: Gaps::default(),
            history: History::default(),
            doubt: None,
            ways_out: WaysOut::default(),
            rests: Rests::new(),
            beacons: Beacons::default(),
            relays: Relays::default(),
            grants: Grants::default(),
            acceptance: None,
            swept: (Timestamp::default(), None),
            to_spare: Vec::new(),
            mention: None,
            hold_until: Timestamp::default(),
            moved: None,
        }
    }

    /// The first steps of a newcomer: its leaf gets fresh keys soon, because until then every
    /// commit of others is larger.
    pub(crate) fn arrive(&mut self, step: &mut Step<'_>) {
        self.want_renewal(step);
    }

    /// Takes in one more Welcome: the commit of the first may have lost a race.
    pub(crate) fn come_again(&mut self, step: &mut Step<'_>, entered: Entered) {
        let known = self.states.get(&entered.id).is_some_and(|state| state.held().is_some())
            || self.is_pruned(&entered.id);
        if known || !self.fits(&entered) {
            return;
        }
        self.take_root(step, entered);
        self.choose_head(step);
        self.open_waiting(step);
        self.write(step);
    }

    /// Whether what a Welcome says of states goes with what is known: a child is one epoch above
    /// its parent, so that no walk along parents ever goes in a circle.
    fn fits(&self, entered: &Entered) -> bool {
        let mut epochs: BTreeMap<StateId, u64> =
            self.states.iter().map(|(id, state)| (*id, state.epoch)).collect();
        let told = entered.headers.iter().chain([(&entered.id, &entered.state)]);
        for (id, state) in told.clone() {
            if *epochs.entry(*id).or_insert(state.epoch) != state.epoch {
                return false;
            }
        }
        self.states.iter().chain(told).all(|(_, state)| {
            let parent = state.parent.and_then(|parent| epochs.get(&parent));
            parent.is_none_or(|parent| parent.checked_add(1) == Some(state.epoch))
        })
    }

    /// After a restart: the venue is opened again, and what nobody is known to have is published.
    pub(crate) fn resume(&mut self, step: &mut Step<'_>) {
        if !self.listens(step.now) {
            return;
        }
        self.refresh_topics(step);
        step.reach(Venue::Circle(self.id));
        if self.standing != Standing::Active {
            return;
        }
        self.delay_intents(step);
        self.review_vote(step);
        self.plan_all_carrying(step);
        self.hold_until = step.now.after(step.timings.after_start);
        self.republish = self.hold_until;
        self.publish_stale_again(step);
        self.resume_anonymous(step);
        self.resume_doubt(step);
        self.look_for_twins();
        self.mention_former(step);
    }

    /// Time has come for something.
    pub(crate) fn handle_timeout(&mut self, step: &mut Step<'_>) {
        self.erase_expired(step);
        self.forget_old_reports(step);
        if self.standing != Standing::Active {
            self.age_closed(step);
            self.age_listening(step);
            return;
        }
        self.cool_down(step.now);
        self.say_spared(step);
        self.age_waiting(step);
        self.publish_stale_again(step);
        if step.now >= self.republish {
            self.publish_again(step);
        }
        if step.now.since(self.renewed) > LEAF_AGE {
            self.want_renewal(step);
        }
        self.review_retention(step);
        self.carry_over(step);
        self.tend_mentions(step);
        self.name_twins(step);
        self.name_removals(step);
        self.settle(step);
        self.review_vote(step);
        self.tend_way_back(step);
        self.tend_returning(step);
        self.tend_longing(step);
        self.tend_history(step);
        self.tend_doubt(step);
        self.weigh_sides(step);
        self.say_anonymous(step);
        self.review_invites(step);
        self.age_code(step);
        self.refresh_topics(step);
        self.tend_grants(step);
    }

    /// When it wants to be woken.
    pub(crate) fn poll_timeout(&self, now: Timestamp) -> Option<Timestamp> {
        if self.standing != Standing::Active {
            return None;
        }
        let republish = (!self.outbox.is_empty()).then_some(self.republish);
        let next = self.next_intent(now).into_iter().chain(self.next_expiry());
        let own = republish.into_iter().chain(self.poll.due).chain(self.next_question());
        let back = self.next_return().into_iter().chain(self.next_doubt(now));
        let back =
            back.chain(self.next_longing()).chain(self.next_history()).chain(self.next_anonymous());
        let back = back.chain(self.next_mention());
        next.chain(own).chain(self.next_carrying()).chain(back).chain(self.next_weighing()).min()
    }

    /// Takes in a state entered by a Welcome: the first, or one more on another branch.
    pub(crate) fn take_root(&mut self, step: &mut Step<'_>, entered: Entered) {
        let Entered { id, state, era, porches, headers } = entered;
        if let Some(held) = state.held()
            && !self.eras.contains_key(&held.era)
        {
            self.begin_era(step, held.era, era);
        }
        for PorchShare { era, secret } in porches {
            self.open_porch(step, era, secret);
        }
        for (id, mut header) in headers {
            if !self.states.contains_key(&id) {
                if let Hold::Header(remains) = &mut header.hold {
                    remains.since = step.now.hour();
                }
                self.insert_state(step, id, header);
            }
        }
        self.refreeze();
        self.insert_state(step, id, state);
    }

    /// All that was to be written is durable: words go from memory, and are read from `shelf`.
    pub(crate) fn shelve(&mut self, shelf: &Arc<dyn Shelf>) {
        self.items.shelve(shelf);
    }

    /// What was to be written since could not be: such items never came.
    pub(crate) fn forget_unwritten(&mut self) {
        self.items.forget_unwritten();
    }

    /// The invite it was joined by.
    pub(crate) fn joined_by(&self) -> Option<InviteId> {
        self.joined_by
    }

    /// Whether this device's member is still in it.
    pub(crate) fn is_active(&self) -> bool {
        self.standing == Standing::Active
    }

    /// Whether an invite is one of this circle.
    pub(crate) fn knows(&self, invite: &InviteId) -> bool {
        self.ledger().is_some_and(|ledger| ledger.invites().contains_key(invite))
            || self.invites.contains_key(invite)
            || self.code_keys(invite).is_some()
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

    /// The same, to keep while the head moves.
    fn shared_ledger(&self) -> Option<Arc<Ledger>> {
        self.head_held().map(|held| held.ledger.clone())
    }

    fn is_facilitator(&self) -> bool {
        self.ledger().is_some_and(|ledger| ledger.is_facilitator(&self.me))
    }

    fn insert_state(&mut self, step: &mut Step<'_>, id: StateId, state: State) {
        self.write_state(step, &id, &state);
        self.states.insert(id, state);
        self.keep_warm(&id, step.now);
        self.note_split(step.now, &id);
        self.shed_too_many(step);
    }

    /// Of all states only the one that was used last keeps its group at hand: a large circle's takes
    /// megabytes.
    fn keep_warm(&mut self, id: &StateId, now: Timestamp) {
        let is_warm = self.states.get(id).and_then(State::held).is_some_and(Held::is_warm);
        let now_warm = is_warm.then_some((*id, now));
        let Some(now_warm) = now_warm else { return };
        if let Some((before, _)) = self.warm.replace(now_warm).filter(|(before, _)| before != id) {
            self.cool(&before);
        }
    }

    /// What nobody used for a while is loaded again when somebody does.
    fn cool_down(&mut self, now: Timestamp) {
        if let Some((id, _)) = self.warm.filter(|(_, used)| now.since(*used) > WARM) {
            self.cool(&id);
            self.warm = None;
        }
    }

    fn cool(&mut self, id: &StateId) {
        if let Some(held) = self.states.get_mut(id).and_then(State::held_mut) {
            held.cool();
        }
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

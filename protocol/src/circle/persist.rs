//! A circle in the store: which record holds what, written step by step and read back at start.
//! Clauses: specs/07-store S-2 to S-6.

use std::collections::{BTreeMap, BTreeSet};

use tls_codec::{TlsDeserialize, TlsSerialize, TlsSize};

use crate::circle::accept::Acceptance;
use crate::circle::ballots::read_ballots;
use crate::circle::code::OpenCode;
use crate::circle::copies::{Doubt, WaysOut, read_sealed};
use crate::circle::deeds::Deeds;
use crate::circle::expiry::{CameAt, Keeping};
use crate::circle::history::History;
use crate::circle::invites::OwnInvite;
use crate::circle::knock::KnockEntry;
use crate::circle::longing::Longing;
use crate::circle::outbox::Outgoing;
use crate::circle::places::Places;
use crate::circle::porch::Porch;
use crate::circle::request::Returning;
use crate::circle::send::{Admitted, Carries, Chain, Pending};
use crate::circle::twins::read_namings;
use crate::circle::{Circle, Era, Identity, Intent, IntentKind, Removals, Reports, Standing, Step};
use crate::content::{Content, Item};
use crate::id::{CircleId, DeviceId, EnvelopeId, InviteId, ItemId, KnockId, MemberId, StateId};
use crate::identity::{DeviceKey, MemberKey, Verified};
use crate::invite::InviteSeed;
use crate::ledger::InviteSecrets;
use crate::limits::{MAX_RECORD, MAX_WELCOME, RECORD_OVERHEAD};
use crate::mls::{Change, Namespace, Suite};
use crate::record::{Key, RecordKind, Value};
use crate::recovery::SealedMemberKey;
use crate::secret::Secret;
use crate::shelf::Kept;
use crate::state::{State, StateRecord};
use crate::time::{Hour, Period, Timestamp};
use crate::wire::text::Opaque;
use crate::wire::{self, DecodeError, Envelope};

const VERSION: u8 = 3;
/// Bytes of the largest record of this file: a circle with a Welcome that waits to be sent.
const MAX_CIRCLE_RECORD: usize = 2 * MAX_WELCOME + RECORD_OVERHEAD;

/// What a circle is besides its parts.
#[derive(Debug, TlsDeserialize, TlsSerialize, TlsSize)]
pub(crate) struct CircleRecord {
    version: u8,
    circle: CircleId,
    suite: Suite,
    device: Secret<32>,
    me: MemberId,
    member: Option<Secret<32>>,
    standing: Standing,
    joined_by: Option<InviteId>,
    since: Hour,
    renewed: Timestamp,
    heard: Timestamp,
    head: StateId,
    counter: u64,
    seq: u64,
    previous: Option<ItemId>,
    splits: Vec<Timestamp>,
    doubt: Option<Doubt>,
    longing: Option<Longing>,
    former: Vec<DeviceId>,
    pending: Option<PendingRecord>,
}

#[derive(Debug, TlsDeserialize, TlsSerialize, TlsSize)]
struct PendingRecord {
    state: StateId,
    commit: Option<Opaque<MAX_RECORD>>,
    welcome: Option<Opaque<MAX_WELCOME>>,
    admitted: Vec<Admitted>,
}

#[derive(Debug, TlsDeserialize, TlsSerialize, TlsSize)]
struct EraRecord {
    base: Period,
    secret: Secret<32>,
    link: Secret<32>,
    ended: Option<Timestamp>,
    oldest: Period,
}

#[derive(Debug, TlsDeserialize, TlsSerialize, TlsSize)]
struct OutgoingRecord {
    order: u64,
    carries: CarriesRecord,
    envelope: Opaque<{ crate::limits::ENVELOPE_SIZES[2] }>,
}

#[derive(Debug, TlsDeserialize, TlsSerialize, TlsSize)]
#[repr(u8)]
enum CarriesRecord {
    #[tls_codec(discriminant = 1)]
    Item(ItemId),
    #[tls_codec(discriminant = 2)]
    Commit(StateId),
    #[tls_codec(discriminant = 3)]
    Post,
    #[tls_codec(discriminant = 4)]
    Seal(u64),
    #[tls_codec(discriminant = 5)]
    Forward(ItemId),
}

#[derive(Debug, TlsDeserialize, TlsSerialize, TlsSize)]
struct IntentRecord {
    due: Timestamp,
    kind: IntentKind,
}

#[derive(Debug, TlsDeserialize, TlsSerialize, TlsSize)]
struct InviteRecord {
    seed: Option<InviteSeed>,
    secrets: Option<InviteSecrets>,
    revision: u32,
    card: Timestamp,
}

impl Circle {
    /// The key of one record of this circle.
    pub(super) fn key_of(&self, kind: RecordKind, name: &[u8]) -> Key {
        Key::new(kind, &[self.id.as_bytes(), name])
    }

    /// Writes the circle's own record.
    pub(super) fn write(&self, step: &mut Step<'_>) {
        let pending = self.pending.as_ref().map(|pending| PendingRecord {
            state: pending.state,
            // A commit or a Welcome beyond its limit could never be sent either.
            commit: Opaque::new(pending.commit.as_slice()).ok(),
            welcome: pending.welcome.as_deref().and_then(|bytes| Opaque::new(bytes).ok()),
            admitted: pending.admitted.clone(),
        });
        let record = CircleRecord {
            version: VERSION,
            circle: self.id,
            suite: self.suite,
            device: self.key.to_secret(),
            me: self.me,
            member: self.member_key.as_ref().map(MemberKey::to_secret),
            standing: self.standing,
            joined_by: self.joined_by,
            since: self.since,
            renewed: self.renewed,
            heard: self.heard,
            head: self.head,
            counter: self.chain.counter,
            seq: self.chain.seq,
            previous: self.chain.previous,
            splits: self.splits.clone(),
            doubt: self.doubt,
            longing: self.longing,
            former: self.former.clone(),
            pending,
        };
        let key = self.key_of(RecordKind::Circle, &[]);
        step.put(key, wire::encode(&record).to_vec());
    }

    pub(super) fn write_state(&self, step: &mut Step<'_>, id: &StateId, state: &State) {
        step.put(self.key_of(RecordKind::State, id.as_bytes()), StateRecord::encode(state));
        if let Some(held) = state.held() {
            for (name, value) in held.namespace().records() {
                step.put(self.namespace_key(id, name), value.to_vec());
            }
        }
    }

    /// Forgets a state and its MLS records.
    pub(super) fn forget_state(&mut self, step: &mut Step<'_>, id: &StateId) {
        self.remember_names(step, id);
        // Of a branch that lost nobody could tell any more that it did.
        if !self.is_on_path(id) && self.removals.remove(id).is_some() {
            step.delete(self.key_of(RecordKind::Removals, id.as_bytes()));
        }
        if !self.is_on_path(id) && self.deeds.remove(id).is_some() {
            step.delete(self.key_of(RecordKind::Deeds, id.as_bytes()));
        }
        let Some(state) = self.states.remove(id) else {
            return;
        };
        step.delete(self.key_of(RecordKind::State, id.as_bytes()));
        self.unwatch_state(step, id);
        self.drop_commit(step, id);
        self.frozen.remove(id);
        if let Some(held) = state.held() {
            self.delete_namespace(step, id, held.namespace());
        }
    }

    /// Deletes the MLS records of a state.
    pub(super) fn delete_namespace(
        &self,
        step: &mut Step<'_>,
        id: &StateId,
        namespace: &Namespace,
    ) {
        for (name, _) in namespace.records() {
            step.delete(self.namespace_key(id, name));
        }
    }

    /// Forgets everything of the circle but its items: before somebody comes in anew.
    pub(crate) fn erase(mut self, step: &mut Step<'_>) {
        for id in self.states.keys().copied().collect::<Vec<_>>() {
            self.forget_state(step, &id);
        }
        for id in self.items.keys() {
            step.delete(self.key_of(RecordKind::Item, id.as_bytes()));
            step.delete(self.key_of(RecordKind::Erased, id.as_bytes()));
        }
        self.erase_namings(step);
        let ballots = std::mem::take(&mut self.ballots);
        for seal in ballots.seals() {
            self.delete_ballot(step, &seal.device, seal.counter);
        }
        for member in ballots.equivocators() {
            step.delete(self.key_of(RecordKind::Ballot, member.as_bytes()));
        }
        self.erase_places(step);
        for id in self.eras.keys() {
            self.delete_era(step, id);
        }
        self.erase_porches(step);
        for id in self.outbox.ids() {
            self.delete_outgoing(step, id);
        }
        for id in self.waiting.ids() {
            self.delete_waiting(step, &id);
        }
        for id in self.intents.keys() {
            self.delete_intent(step, *id);
        }
        for id in self.knocks.keys() {
            self.delete_knock(step, id);
        }
        for id in self.invites.keys() {
            step.delete(self.key_of(RecordKind::Invite, id.as_bytes()));
        }
        self.erase_steward(step);
        self.erase_deeds(step);
        self.erase_keeping(step);
        self.erase_blocked(step);
        self.erase_reports(step);
        self.erase_history(step);
        self.erase_watch(step);
        self.erase_former(step);
        self.erase_grants(step);
        self.erase_beacons(step);
        self.erase_returning(step);
        self.erase_commits(step);
        self.delete_code(step);
        self.delete_sealed_key(step);
        self.delete_acceptance(step);
        self.delete_ways_out(step);
        step.delete(self.key_of(RecordKind::Circle, &[]));
    }

    /// Writes a state whose MLS records are written already.
    pub(super) fn write_state_of(&self, step: &mut Step<'_>, id: &StateId) {
        if let Some(state) = self.states.get(id) {
            step.put(self.key_of(RecordKind::State, id.as_bytes()), StateRecord::encode(state));
        }
    }

    pub(super) fn write_namespace(&self, step: &mut Step<'_>, id: &StateId, changes: Vec<Change>) {
        for (name, value) in changes {
            let key = self.namespace_key(id, &name);
            match value {
                Some(value) => step.put(key, value),
                None => step.delete(key),
            }
        }
    }

    fn namespace_key(&self, state: &StateId, name: &[u8]) -> Key {
        Key::new(RecordKind::Namespace, &[self.id.as_bytes(), state.as_bytes(), name])
    }

    pub(super) fn write_item(&self, step: &mut Step<'_>, item: &Item) {
        let key = self.key_of(RecordKind::Item, item.id.as_bytes());
        step.put(key, item.signed().to_bytes());
    }

    /// Writes what is kept of an item whose words go, in their place.
    pub(super) fn write_erased(&self, step: &mut Step<'_>, id: &ItemId, record: Vec<u8>) {
        step.delete(self.key_of(RecordKind::Item, id.as_bytes()));
        step.put(self.key_of(RecordKind::Erased, id.as_bytes()), record);
    }

    pub(super) fn write_era(&self, step: &mut Step<'_>, era: &Era) {
        let record = EraRecord {
            base: era.base,
            secret: era.secret.duplicate(),
            link: era.link.duplicate(),
            ended: era.ended,
            oldest: era.oldest,
        };
        let key = self.key_of(RecordKind::Era, era.id.as_bytes());
        step.put(key, wire::encode(&record).to_vec());
    }

    pub(super) fn delete_era(&self, step: &mut Step<'_>, era: &StateId) {
        step.delete(self.key_of(RecordKind::Era, era.as_bytes()));
    }

    /// Writes an envelope as it travels, to serve it to others.
    pub(super) fn write_envelope(&self, step: &mut Step<'_>, id: &EnvelopeId, envelope: &Envelope) {
        let key = Key::envelope(&envelope.topic(), envelope.hour(), id);
        step.put(key, envelope.as_bytes().to_vec());
    }

    pub(super) fn delete_envelope(
        &self,
        step: &mut Step<'_>,
        envelope: &Envelope,
        id: &EnvelopeId,
    ) {
        step.delete(Key::envelope(&envelope.topic(), envelope.hour(), id));
    }

    pub(super) fn write_outgoing(
        &self,
        step: &mut Step<'_>,
        id: &EnvelopeId,
        envelope: &Envelope,
        order: u64,
        carries: Carries,
    ) {
        let carries = match carries {
            Carries::Item(item) => CarriesRecord::Item(item),
            Carries::Commit(state) => CarriesRecord::Commit(state),
            Carries::Post => CarriesRecord::Post,
            Carries::Seal(counter) => CarriesRecord::Seal(counter),
            Carries::Forward(item) => CarriesRecord::Forward(item),
        };
        let Ok(envelope) = Opaque::new(envelope.as_bytes()) else {
            return;
        };
        let record = OutgoingRecord { order, carries, envelope };
        let key = self.key_of(RecordKind::Outbox, id.as_bytes());
        step.put(key, wire::encode(&record).to_vec());
    }

    pub(super) fn delete_outgoing(&self, step: &mut Step<'_>, id: &EnvelopeId) {
        step.delete(self.key_of(RecordKind::Outbox, id.as_bytes()));
    }

    pub(super) fn write_waiting(&self, step: &mut Step<'_>, id: &EnvelopeId, envelope: &Envelope) {
        let key = self.key_of(RecordKind::Waiting, id.as_bytes());
        step.put(key, envelope.as_bytes().to_vec());
    }

    pub(super) fn delete_waiting(&self, step: &mut Step<'_>, id: &EnvelopeId) {
        step.delete(self.key_of(RecordKind::Waiting, id.as_bytes()));
    }

    pub(super) fn write_intent(&self, step: &mut Step<'_>, id: u64, intent: &Intent) {
        let record = IntentRecord { due: intent.due, kind: intent.kind.clone() };
        let key = self.key_of(RecordKind::Intent, &id.to_be_bytes());
        step.put(key, wire::encode(&record).to_vec());
    }

    pub(super) fn delete_intent(&self, step: &mut Step<'_>, id: u64) {
        step.delete(self.key_of(RecordKind::Intent, &id.to_be_bytes()));
    }

    pub(super) fn write_own_invite(&self, step: &mut Step<'_>, id: &InviteId) {
        let Some(own) = self.invites.get(id) else {
            return;
        };
        let record = InviteRecord {
            seed: own.seed.as_ref().map(InviteSeed::duplicate),
            secrets: own.secrets.as_ref().map(InviteSecrets::duplicate),
            revision: own.revision,
            card: own.card,
        };
        let key = self.key_of(RecordKind::Invite, id.as_bytes());
        step.put(key, wire::encode(&record).to_vec());
    }
}

/// The records of one circle, by kind, as they come out of the store.
#[derive(Default)]
pub(crate) struct Stored {
    /// Read as they come: all of them as bytes beside what they say would be twice the memory. Put in
    /// order at the end: that is quicker, and what is built of what is in order has no gaps.
    #[expect(
        clippy::vec_box,
        reason = "the map they end in holds boxes; a growing list moves them all"
    )]
    items: Vec<Box<Kept>>,
    records: BTreeMap<RecordKind, Vec<(Vec<u8>, Value)>>,
}

impl Stored {
    /// Takes one record, its name without the circle's. What an item says stays where it came from if
    /// that is a shelf, and is given back.
    ///
    /// # Errors
    /// [`DecodeError`]: the store is damaged or newer.
    pub(crate) fn take(
        &mut self,
        kind: RecordKind,
        name: &[u8],
        value: Value,
        on_shelf: bool,
    ) -> Result<Option<Content>, DecodeError> {
        if kind == RecordKind::Item {
            let id = ItemId::from_bytes(name32(name)?);
            let (kept, said) = if on_shelf {
                let (kept, said) = Kept::read_outline(id, &value)?;
                (kept, Some(said))
            } else {
                (Kept::read(id, &value)?, None)
            };
            self.items.push(Box::new(kept));
            return Ok(said);
        }
        if kind == RecordKind::Erased {
            let id = ItemId::from_bytes(name32(name)?);
            self.items.push(Box::new(Kept::read_erased(id, &value)?));
            return Ok(None);
        }
        self.records.entry(kind).or_default().push((name.to_vec(), value));
        Ok(None)
    }

    fn drain(&mut self, kind: RecordKind) -> Vec<(Vec<u8>, Value)> {
        self.records.remove(&kind).unwrap_or_default()
    }
}

/// The 32-byte name of a record.
fn name32(name: &[u8]) -> Result<[u8; 32], DecodeError> {
    name.try_into().map_err(|_| DecodeError::Malformed)
}

impl Circle {
    /// Puts a circle together from its records; `None` if they hold no circle.
    ///
    /// # Errors
    /// [`DecodeError`]: the store is damaged or newer.
    pub(crate) fn read(id: CircleId, mut stored: Stored) -> Result<Option<Self>, DecodeError> {
        let Some((_, own)) = stored.drain(RecordKind::Circle).pop() else {
            return Ok(None);
        };
        let own: CircleRecord = wire::decode(&own, MAX_CIRCLE_RECORD)?;
        if own.version != VERSION {
            return Err(DecodeError::UnknownVersion);
        }
        if own.circle != id {
            return Err(DecodeError::Malformed);
        }
        let identity = Identity {
            key: DeviceKey::from_secret(&own.device),
            member: own.me,
            member_key: own.member.as_ref().map(MemberKey::from_secret),
        };
        if identity.member_key.as_ref().is_some_and(|key| key.id() != own.me) {
            return Err(DecodeError::Malformed);
        }
        let mut circle = Self::empty(id, own.suite, identity, own.head);
        circle.standing = own.standing;
        circle.joined_by = own.joined_by;
        circle.since = own.since;
        circle.renewed = own.renewed;
        circle.splits = own.splits;
        circle.doubt = own.doubt;
        circle.longing = own.longing;
        circle.former = own.former;
        circle.heard = own.heard;
        circle.states = read_states(&mut stored)?;
        circle.chain = Chain { counter: own.counter, seq: own.seq, previous: own.previous };
        circle.pending = own.pending.map(|pending| Pending {
            state: pending.state,
            commit: pending.commit.map(|b| b.as_bytes().to_vec()).unwrap_or_default(),
            welcome: pending.welcome.map(|bytes| bytes.as_bytes().to_vec()),
            admitted: pending.admitted,
        });
        circle.read_parts(&mut stored)?;
        circle.count_sent();
        circle.refreeze();
        Ok(Some(circle))
    }

    /// How much this device sealed under each state is written with the state only when that is
    /// written for another reason; in between its ballots say so.
    fn count_sent(&mut self) {
        let own = self.key.id();
        let mut counts: BTreeMap<StateId, u64> = BTreeMap::new();
        for seal in self.ballots.seals().filter(|seal| seal.device == own) {
            if let Some(state) = seal.vote {
                *counts.entry(state).or_default() += 1;
            }
        }
        for (state, count) in counts {
            if let Some(held) = self.states.get_mut(&state).and_then(State::held_mut) {
                held.sent = held.sent.max(count);
            }
        }
    }

    fn read_parts(&mut self, stored: &mut Stored) -> Result<(), DecodeError> {
        let items = std::mem::take(&mut stored.items);
        let places = items.iter().map(|item| ((item.body.device, item.body.seq), item.id));
        let mut places: Vec<_> = places.collect();
        // Of several at one place the first.
        places.sort_unstable();
        places.dedup_by_key(|(place, _)| *place);
        self.places = places.into_iter().collect();
        self.items.fill(items.into_iter().map(|item| (item.id, item)).collect());
        for (name, value) in stored.drain(RecordKind::Place) {
            let id = ItemId::from_bytes(name32(&name)?);
            self.places_of.set(id, Places::read(&value)?);
        }
        for (name, value) in stored.drain(RecordKind::Era) {
            let id = StateId::from_bytes(name32(&name)?);
            let record: EraRecord = wire::decode(&value, RECORD_OVERHEAD)?;
            let EraRecord { base, secret, link, ended, oldest } = record;
            self.eras
                .insert(id, Era { id, base, secret, link, ended, oldest, done: BTreeSet::new() });
        }
        for (name, value) in stored.drain(RecordKind::Porch) {
            self.porches.insert(StateId::from_bytes(name32(&name)?), Porch::read(&value)?);
        }
        for (name, value) in stored.drain(RecordKind::Outbox) {
            let id = EnvelopeId::from_bytes(name32(&name)?);
            let record: OutgoingRecord = wire::decode(&value, MAX_CIRCLE_RECORD)?;
            let carries = match record.carries {
                CarriesRecord::Item(item) => Carries::Item(item),
                CarriesRecord::Commit(state) => Carries::Commit(state),
                CarriesRecord::Post => Carries::Post,
                CarriesRecord::Seal(counter) => Carries::Seal(counter),
                CarriesRecord::Forward(item) => Carries::Forward(item),
            };
            let envelope = trusted_envelope(record.envelope.as_bytes())?;
            self.seen.insert(id);
            let order = record.order;
            self.outbox.insert(id, Outgoing { envelope, order, carries, held: false });
        }
        self.namings = read_namings(stored.drain(RecordKind::Naming))?;
        self.ballots = read_ballots(stored.drain(RecordKind::Ballot))?;
        self.sealed = read_sealed(stored.drain(RecordKind::OwnMessage))?;
        for (name, value) in stored.drain(RecordKind::Waiting) {
            let id = EnvelopeId::from_bytes(name32(&name)?);
            self.waiting.insert(id, trusted_envelope(&value)?, true);
        }
        for (name, value) in stored.drain(RecordKind::Intent) {
            let id = name.try_into().map(u64::from_be_bytes).map_err(|_| DecodeError::Malformed)?;
            let IntentRecord { due, kind } = wire::decode(&value, MAX_CIRCLE_RECORD)?;
            self.intents.insert(id, Intent { kind, due });
        }
        for (name, value) in stored.drain(RecordKind::Knock) {
            let id = KnockId::from_bytes(name32(&name)?);
            self.knocks.insert(id, KnockEntry::read(&value)?);
        }
        for (name, value) in stored.drain(RecordKind::Run) {
            self.kept.read(StateId::from_bytes(name32(&name)?), &value)?;
        }
        for (name, _) in stored.drain(RecordKind::Right) {
            self.in_right.insert(ItemId::from_bytes(name32(&name)?));
        }
        for (name, value) in stored.drain(RecordKind::Removals) {
            let id = StateId::from_bytes(name32(&name)?);
            self.removals.insert(id, Removals::read(&value)?);
        }
        for (name, value) in stored.drain(RecordKind::Deeds) {
            let id = StateId::from_bytes(name32(&name)?);
            self.deeds.insert(id, Deeds::read(&value)?);
        }
        for (_, value) in stored.drain(RecordKind::Keeping) {
            self.keeping = Some(Keeping::read(&value)?);
        }
        for (name, value) in stored.drain(RecordKind::DatedAhead) {
            self.dated_ahead.insert(ItemId::from_bytes(name32(&name)?), CameAt::read(&value)?);
        }
        for (name, _) in stored.drain(RecordKind::Blocked) {
            self.blocked.insert(MemberId::from_bytes(name32(&name)?));
        }
        self.history = History::read(
            stored.drain(RecordKind::History),
            stored.drain(RecordKind::Handed),
            stored.drain(RecordKind::Author),
        )?;
        self.reports = Reports::read(stored.drain(RecordKind::Report))?;
        for (name, value) in stored.drain(RecordKind::Watch) {
            self.watch.read(&name, &value)?;
        }
        for (name, value) in stored.drain(RecordKind::FormerRelay) {
            self.relays.read(&name, &value)?;
        }
        for (name, value) in stored.drain(RecordKind::Grant) {
            self.grants.read(&name, &value)?;
        }
        self.returning = Returning::read(stored.drain(RecordKind::Return))?;
        for (name, value) in stored.drain(RecordKind::Beacon) {
            self.beacons.read(name32(&name)?, &value)?;
        }
        for (_, value) in stored.drain(RecordKind::DeviceCode) {
            self.code = Some(OpenCode::read(&value)?);
        }
        for (_, value) in stored.drain(RecordKind::MemberKey) {
            self.sealed_key = Some(SealedMemberKey::from_bytes(&value)?);
        }
        for (_, value) in stored.drain(RecordKind::WaysOut) {
            self.ways_out = WaysOut::read(&value)?;
        }
        for (_, value) in stored.drain(RecordKind::Acceptance) {
            self.acceptance = Some(Acceptance::read(&value)?);
        }
        for (name, value) in stored.drain(RecordKind::Invite) {
            let id = InviteId::from_bytes(name32(&name)?);
            let record: InviteRecord = wire::decode(&value, RECORD_OVERHEAD)?;
            let InviteRecord { seed, secrets, revision, card } = record;
            self.invites.insert(id, OwnInvite { seed, secrets, revision, card });
        }
        Ok(())
    }
}

/// The names and values of one state's MLS records.
type MlsRecords = Vec<(Vec<u8>, Vec<u8>)>;

fn read_states(stored: &mut Stored) -> Result<BTreeMap<StateId, State>, DecodeError> {
    let mut namespaces: BTreeMap<StateId, MlsRecords> = BTreeMap::new();
    for (name, value) in stored.drain(RecordKind::Namespace) {
        let (state, record) = name.split_at_checked(32).ok_or(DecodeError::Malformed)?;
        let state = StateId::from_bytes(name32(state)?);
        namespaces.entry(state).or_default().push((record.to_vec(), value.to_vec()));
    }
    let mut states = BTreeMap::new();
    for (name, value) in stored.drain(RecordKind::State) {
        let id = StateId::from_bytes(name32(&name)?);
        let records = namespaces.remove(&id).unwrap_or_default();
        states.insert(id, StateRecord::decode(&value, Namespace::from_records(records))?);
    }
    Ok(states)
}

/// An envelope that was checked before it was written; the store's seal says that it is the same.
fn trusted_envelope(bytes: &[u8]) -> Result<Verified<Envelope>, DecodeError> {
    Ok(Verified::assert(Envelope::from_bytes(bytes)?))
}

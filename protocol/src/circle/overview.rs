//! What a circle looks like to its owner: plain values, safe to hand out.

use std::collections::{BTreeMap, BTreeSet};

use tls_codec::{TlsDeserialize, TlsSerialize, TlsSize};

use crate::circle::intent::IntentKind;
use crate::circle::invites::closed;
use crate::circle::relays::FormerRelay;
use crate::circle::{Circle, GrantOverview, HistoryOverview};
use crate::id::{CircleId, InviteId, KnockId, MemberId, StateId};
use crate::invite::{Closed, Door};
use crate::ledger::{AgreementVersion, FilesAllowed, InviteEntry, InviteStanding, KeepDays, Role};
use crate::mls::Suite;
use crate::state::State;
use crate::time::Timestamp;
use crate::view::{Timeline, ViewContext};

/// Whether this device's member is in the circle.
#[derive(Clone, Copy, Debug, Eq, PartialEq, TlsDeserialize, TlsSerialize, TlsSize)]
#[repr(u8)]
pub enum Standing {
    /// In it.
    Active = 1,
    /// Gone by themselves.
    Left = 2,
    /// Taken out.
    Removed = 3,
    /// Has said that they leave; somebody else's device has yet to take the leaf out.
    Leaving = 4,
    /// Taken out by another device of this device's member, who stays in the circle.
    DeviceRemoved = 5,
    /// A copy of this device, or of what it kept, came in anew in its place.
    Replaced = 6,
}

/// One circle.
#[derive(Clone, Debug)]
pub struct CircleOverview {
    /// The circle.
    pub id: CircleId,
    /// Its title.
    pub title: String,
    /// Its suite.
    pub suite: Suite,
    /// Whether this device's member is in it.
    pub standing: Standing,
    /// This device's member.
    pub me: MemberId,
    /// Their name here.
    pub my_name: String,
    /// The members, this device's among them.
    pub members: Vec<MemberOverview>,
    /// The invites the circle remembers.
    pub invites: Vec<InviteOverview>,
    /// How many knock.
    pub knocks: usize,
    /// The head.
    pub head: StateId,
    /// The head's epoch.
    pub epoch: u64,
    /// Rival states that lost, kept and readable.
    pub forks: usize,
    /// How often in the last seven days it turned out that the circle had been changed in two places
    /// at once.
    pub splits: usize,
    /// Past states whose keys are kept, since somebody may still need them.
    pub past_keys: usize,
    /// Since when the oldest of them is past.
    pub past_keys_since: Option<Timestamp>,
    /// The relays it names.
    pub relays: Vec<String>,
    /// The relays this device's member wants it to name, if the head does not yet.
    pub relays_wanted: Option<Vec<String>>,
    /// Relays it named before and that this device still uses, the latest first.
    pub relays_former: Vec<FormerRelay>,
    /// What this device knows of the grants of its relays.
    pub grants: Vec<GrantOverview>,
    /// The agreement.
    pub agreement: String,
    /// Which of the circle's agreements that is.
    pub agreement_version: AgreementVersion,
    /// Whether it was accepted on this device: before, nothing is read or said.
    pub agreement_accepted: bool,
    /// How long words are kept; none: as long as their authors leave them.
    pub keep: Option<KeepDays>,
    /// Until then this device erases nothing because of that: it is shorter than before.
    pub keeps_shorter_from: Option<Timestamp>,
    /// Which files may be sent.
    pub files: FilesAllowed,
    /// What the facilitators declare about a duty to report.
    pub declaration: Option<String>,
    /// Envelopes nobody else is known to have.
    pub outbox: usize,
    /// Envelopes that cannot be opened yet.
    pub waiting: usize,
    /// Whether this device has asked the others what it missed, and waits to be told.
    pub catching_up: bool,
    /// Whether this device has to come in anew, or may have to, because it is a copy or lost the way.
    pub coming_back: bool,
    /// Whether it has asked for ten hours to come in anew, and nobody let it.
    pub asks_in_vain: bool,
    /// How much its owner wrote before it was put back to what it was waits until somebody who was there has
    /// told what came of it.
    pub unsaid: usize,
    /// How far what was said before this device's member came has been handed over; none for who
    /// was there from the beginning.
    pub history: Option<HistoryOverview>,
    /// Items known.
    pub items: usize,
    /// Changes wanted that the head does not show yet.
    pub pending_changes: usize,
}

/// One member.
#[derive(Clone, Debug)]
pub struct MemberOverview {
    /// The member.
    pub id: MemberId,
    /// The name in this circle.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// What they declare about a duty to report, if they are a facilitator.
    pub declaration: Option<String>,
    /// How many devices they have.
    pub devices: usize,
    /// Whether it is this device's member.
    pub me: bool,
}

/// Whether an invite admits.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum InviteState {
    /// Its commit is not with anybody else yet.
    Pending,
    /// It admits.
    Open,
    /// All uses are used.
    Used,
    /// It expired.
    Expired,
    /// A facilitator took it back.
    Revoked,
    /// A removal closed it.
    Closed,
}

/// One invite.
#[derive(Clone, Copy, Debug)]
pub struct InviteOverview {
    /// The invite.
    pub id: InviteId,
    /// When it expires.
    pub expires: Timestamp,
    /// How many may join by it.
    pub uses: u16,
    /// How many have.
    pub used: u16,
    /// Whether a facilitator looks at each knock.
    pub review: bool,
    /// Whether who comes by it only listens.
    pub listens: bool,
    /// Whether it admits.
    pub state: InviteState,
    /// Whether this device holds its text.
    pub mine: bool,
    /// How many knock by it now.
    pub knocks: usize,
}

/// How far a knock has come.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum KnockStage {
    /// It waits for a person, or for its turn.
    Waiting,
    /// It is being admitted.
    Admitting,
}

/// One knock.
#[derive(Clone, Debug)]
pub struct KnockOverview {
    /// The knock.
    pub id: KnockId,
    /// The invite it came by.
    pub invite: InviteId,
    /// The name the newcomer chose.
    pub name: String,
    /// What they wrote.
    pub note: String,
    /// When it arrived here.
    pub arrived: Timestamp,
    /// Until when the newcomer waits.
    pub expires: Timestamp,
    /// Whether a person must look at it.
    pub review: bool,
    /// Whether they would only listen.
    pub listens: bool,
    /// How far it has come.
    pub stage: KnockStage,
}

impl Circle {
    /// What the circle looks like at `now`.
    pub(crate) fn overview(&self, now: Timestamp) -> Option<CircleOverview> {
        let ledger = self.ledger()?;
        let settings = ledger.settings();
        let members: Vec<MemberOverview> = ledger
            .members()
            .iter()
            .map(|(id, entry)| MemberOverview {
                id: *id,
                name: entry.name.as_str().to_owned(),
                role: entry.role,
                declaration: ledger.declaration_of(entry).map(str::to_owned),
                devices: entry.devices.len(),
                me: *id == self.me,
            })
            .collect();
        let standing = match self.standing {
            Standing::Active if self.is_leaving() => Standing::Leaving,
            standing => standing,
        };
        Some(CircleOverview {
            id: self.id,
            title: settings.title.as_str().to_owned(),
            suite: self.suite,
            standing,
            me: self.me,
            my_name: members.iter().find(|m| m.me).map(|m| m.name.clone()).unwrap_or_default(),
            members,
            invites: self.invite_overviews(now),
            knocks: self.knocks.values().filter(|entry| self.is_at_the_door(entry)).count(),
            head: self.head,
            epoch: self.states.get(&self.head)?.epoch,
            forks: self.rivals(),
            splits: self.splits_lately(now),
            past_keys: self.watch.past().count(),
            past_keys_since: self.watch.past().min(),
            relays: settings.relays.iter().map(|relay| relay.as_str().to_owned()).collect(),
            relays_wanted: self
                .relays_wanted()
                .map(|relays| relays.iter().map(|relay| relay.as_str().to_owned()).collect()),
            relays_former: self.former_relays(),
            grants: self.grant_overviews(),
            agreement: settings.agreement.as_str().to_owned(),
            agreement_version: ledger.rules().agreement,
            agreement_accepted: self.has_accepted(),
            keep: ledger.rules().keep,
            keeps_shorter_from: self.keeps_shorter_from(),
            files: ledger.files().allowed,
            declaration: ledger.all_declarations(),
            outbox: self.unsent(),
            waiting: self.waiting.len(),
            catching_up: self.is_asking(),
            coming_back: self.standing == Standing::Active
                && (self.is_returning() || self.is_muted()),
            asks_in_vain: self.standing == Standing::Active && self.asks_in_vain(),
            unsaid: self.unsaid(),
            history: self.history(),
            items: self.items.len(),
            pending_changes: self.wanted(now) + usize::from(self.pending.is_some()),
        })
    }

    fn invite_overviews(&self, now: Timestamp) -> Vec<InviteOverview> {
        let counts = self.knock_counts();
        let overview = |id: &InviteId, entry: &InviteEntry, state: InviteState| InviteOverview {
            id: *id,
            expires: entry.terms.expires,
            uses: entry.terms.uses,
            used: entry.used,
            review: entry.terms.door.review,
            listens: entry.terms.door.listens,
            state,
            mine: self.invites.get(id).is_some_and(|own| own.seed.is_some()),
            knocks: counts.get(id).copied().unwrap_or(0),
        };
        let known =
            self.ledger().into_iter().flat_map(|ledger| ledger.invites()).map(|(id, entry)| {
                let state = match closed(entry, now) {
                    None => InviteState::Open,
                    Some(Closed::Used) => InviteState::Used,
                    Some(Closed::Expired) => InviteState::Expired,
                    Some(Closed::Revoked) if entry.standing == InviteStanding::Closed => {
                        InviteState::Closed
                    }
                    Some(Closed::Revoked) => InviteState::Revoked,
                };
                overview(id, entry, state)
            });
        let wanted = self.intents.values().filter_map(|intent| match &intent.kind {
            IntentKind::OpenInvite { invite, entry } => {
                Some(overview(invite, entry, InviteState::Pending))
            }
            _ => None,
        });
        let mut seen = BTreeSet::new();
        known.chain(wanted).filter(|invite| seen.insert(invite.id)).collect()
    }

    /// Those who knock.
    pub(crate) fn lobby(&self) -> Vec<KnockOverview> {
        let mut knocks: Vec<KnockOverview> = self
            .knocks
            .iter()
            .filter(|(_, entry)| self.is_at_the_door(entry))
            .map(|(id, entry)| {
                let invite = self.ledger().and_then(|ledger| ledger.invites().get(&entry.invite));
                let Door { review, listens } =
                    invite.map(|invite| invite.terms.door).unwrap_or_default();
                let stage = if entry.attempts > 0 || review && self.is_being_admitted(id) {
                    KnockStage::Admitting
                } else {
                    KnockStage::Waiting
                };
                KnockOverview {
                    id: *id,
                    invite: entry.invite,
                    name: entry.knock.body.name.as_str().to_owned(),
                    note: entry.knock.body.note.as_str().to_owned(),
                    arrived: entry.arrived,
                    expires: entry.knock.body.expires,
                    review,
                    listens,
                    stage,
                }
            })
            .collect();
        knocks.sort_by_key(|knock| (knock.arrived, knock.id));
        knocks
    }

    /// What members are and were called. Names of those who are gone are remembered by the states in
    /// which they were; of who went before this device's member came, others say them.
    pub(super) fn names(&self) -> BTreeMap<MemberId, String> {
        let held = self.states.values().filter_map(State::held);
        let members = held.flat_map(|held| held.ledger.members());
        let named = members.map(|(member, entry)| (*member, entry.name.as_str()));
        let gone = self.watch.names.iter().map(|(member, name)| (*member, name.as_str()));
        let told = self
            .history
            .authors
            .values()
            .filter_map(|proof| Some((proof.credential.member, proof.name.as_ref()?.as_str())));
        let mut names = BTreeMap::new();
        for (member, name) in named.chain(gone).chain(told) {
            names.entry(member).or_insert_with(|| name.to_owned());
        }
        names
    }

    /// Shows the circle's timeline to `reader`, who has no clock.
    pub(crate) fn with_timeline<R>(&self, reader: impl FnOnce(&Timeline<'_>) -> R) -> R {
        self.with_timeline_at(Timestamp::default(), reader)
    }

    /// The same, as it is read at `now`.
    pub(crate) fn with_timeline_at<R>(
        &self,
        now: Timestamp,
        reader: impl FnOnce(&Timeline<'_>) -> R,
    ) -> R {
        reader(&Timeline::build(&self.items, &self.view_context(now)))
    }

    /// What the view of this circle is built from beside its items.
    pub(super) fn view_context(&self, now: Timestamp) -> ViewContext {
        let mut context = ViewContext {
            departures: self.departures(),
            in_right: self.in_right.clone(),
            now,
            reader: Some(self.me),
            handed: self.history.handed.clone(),
            ..ViewContext::default()
        };
        context.names = self.names();
        if let Some(ledger) = self.ledger() {
            context.facilitators.extend(ledger.facilitators().copied());
            let since = ledger.members().get(&self.me).map(|own| own.since);
            for (member, entry) in ledger.members() {
                if since.is_some_and(|since| entry.since >= since) {
                    context.came_later.insert(*member);
                }
                context.head_members.insert(*member);
                context.head_devices.extend(entry.devices.iter().copied());
            }
        }
        context
    }
}

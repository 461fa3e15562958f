//! What this device wants changed and the head does not show yet. A change whose commit lost a
//! race is still wanted, so it is committed again: nobody asks twice. Clauses: specs/04-order O-16,
//! O-20.

use std::collections::BTreeSet;
use std::time::Duration;

use crate::circle::send::{Admitted, Carries, Knocked, Pending};
use crate::circle::side::reason_or_origin;
use crate::circle::steward::removed_by;
use crate::circle::taking_back::TakeBack;
use crate::circle::{Circle, Standing, Step};
use crate::content::{Gist, StewardReason};
use crate::id::{DeviceId, InviteId, ItemId, KnockId, MemberId, StateId};
use crate::invite::RelayAddress;
use crate::ledger::{
    Admission, Change, Declaration, Departure, FilesAllowed, InviteEntry, InviteStanding, KeepDays,
    Ledger, Role, RoleChange,
};
use crate::limits::{INTENT_MEMORY, MAX_CHANGES, MAX_NOTE_CHARS};
use crate::state::{Built, Plan, State, build};
use crate::time::Timestamp;
use crate::wire::FrameKind;
use crate::wire::text::{Opaque, Text};

/// One wanted change.
#[derive(Clone, Debug)]
pub(crate) struct Intent {
    pub(crate) kind: IntentKind,
    /// Not before this.
    pub(crate) due: Timestamp,
}

/// What is wanted.
#[derive(Clone, Debug, tls_codec::TlsDeserialize, tls_codec::TlsSerialize, tls_codec::TlsSize)]
#[repr(u8)]
pub(crate) enum IntentKind {
    /// That an invite is open.
    #[tls_codec(discriminant = 1)]
    OpenInvite { invite: InviteId, entry: InviteEntry },
    /// That an invite admits nobody.
    #[tls_codec(discriminant = 2)]
    RevokeInvite(InviteId),
    /// That the circle's relays are these.
    #[tls_codec(discriminant = 3)]
    SetRelays(Vec<RelayAddress>),
    /// That somebody is not a member.
    #[tls_codec(discriminant = 4)]
    Remove { member: MemberId, reason: Text<MAX_NOTE_CHARS> },
    /// That somebody who said so is not a member.
    #[tls_codec(discriminant = 5)]
    LetGo(ItemId),
    /// That somebody who knocked is a member.
    #[tls_codec(discriminant = 6)]
    Admit(KnockId),
    /// That this device's leaf has fresh keys.
    #[tls_codec(discriminant = 7)]
    Renew,
    /// That a device of this device's member is none any more.
    #[tls_codec(discriminant = 8)]
    RemoveDevice(DeviceId),
    /// That the device that knocked is one of this device's member.
    #[tls_codec(discriminant = 9)]
    AddDevice(KnockId),
    /// That a device that comes back has a fresh leaf.
    #[tls_codec(discriminant = 10)]
    TakeBack(Box<TakeBack>),
    /// That the head is no longer this state, whoever sees to it.
    #[tls_codec(discriminant = 16)]
    MoveOn(StateId),
    /// That what was proposed, and enough agree to, is so.
    #[tls_codec(discriminant = 17)]
    Carry {
        proposal: ItemId,
        #[tls_codec(with = "crate::wire::flag")]
        departs: bool,
    },
    /// That this device's member, a facilitator since this epoch, is one no longer.
    #[tls_codec(discriminant = 18)]
    StepDown(u64),
    /// That the agreement that was proposed, and enough agree to, holds.
    #[tls_codec(discriminant = 19)]
    Adopt(ItemId),
    /// That this device's member, a facilitator, declares something else than before.
    #[tls_codec(discriminant = 20)]
    Declare { declaration: Declaration, before: Option<Declaration> },
    /// That words are kept for so long, as long as nobody has said so since this epoch.
    #[tls_codec(discriminant = 21)]
    SetKeep { keep: Option<KeepDays>, since: u64 },
    /// That these files may be sent, as long as nobody has said so since this epoch.
    #[tls_codec(discriminant = 22)]
    SetFiles { allowed: FilesAllowed, since: u64 },
    /// That somebody who has had their role since this epoch only listens, or speaks again.
    #[tls_codec(discriminant = 26)]
    SetVoice { member: MemberId, role: Role, since: u64 },
    /// That words are kept for a shorter time, as long as nobody has said so since this epoch.
    #[tls_codec(discriminant = 27)]
    ShortenKeep { keep: KeepDays, since: u64, reason: StewardReason },
    /// That somebody who has had their role since this epoch only listens.
    #[tls_codec(discriminant = 28)]
    TakeVoice { member: MemberId, since: u64, reason: StewardReason },
}

impl IntentKind {
    /// Whether it is nobody's hurry: what its owner asks for, and who is to go, do not wait.
    pub(super) fn waits_for_quiet(&self) -> bool {
        matches!(
            self,
            Self::Admit(_) | Self::LetGo(_) | Self::TakeBack(_) | Self::Renew | Self::MoveOn(_)
        )
    }

    /// Whether it says how long words are kept.
    pub(super) fn is_of_keeping(&self) -> bool {
        matches!(self, Self::SetKeep { .. } | Self::ShortenKeep { .. })
    }

    fn company(&self) -> Company {
        match self {
            Self::Remove { .. }
            | Self::LetGo(_)
            | Self::RemoveDevice(_)
            | Self::Carry { departs: true, .. } => Company::Departures,
            Self::TakeBack(_) => Company::Returns,
            _ => Company::Others,
        }
    }
}

/// What a change may stand with in one commit; departures go first.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
enum Company {
    Departures,
    Returns,
    Others,
}

/// What a set of intents comes to: changes, and KeyPackages for those who come.
#[derive(Default)]
struct Gathered {
    changes: Vec<Change>,
    key_packages: Vec<Vec<u8>>,
    admitted: Vec<Admitted>,
}

impl Circle {
    /// Wants a change, from `due` on.
    pub(super) fn want(&mut self, step: &mut Step<'_>, kind: IntentKind, due: Timestamp) {
        if let IntentKind::SetRelays(_) = kind {
            self.drop_intents(step, |other| matches!(other, IntentKind::SetRelays(_)));
        }
        if let IntentKind::Declare { .. } = kind {
            self.drop_intents(step, |other| matches!(other, IntentKind::Declare { .. }));
        }
        if kind.is_of_keeping() {
            self.drop_intents(step, IntentKind::is_of_keeping);
        }
        if let IntentKind::SetFiles { .. } = kind {
            self.drop_intents(step, |other| matches!(other, IntentKind::SetFiles { .. }));
        }
        let id = self.intents.last_key_value().map_or(0, |(id, _)| id + 1);
        let intent = Intent { kind, due };
        self.write_intent(step, id, &intent);
        self.intents.insert(id, intent);
    }

    /// Wants fresh keys for this device's leaf, soon.
    pub(super) fn want_renewal(&mut self, step: &mut Step<'_>) {
        if self.intents.values().any(|intent| matches!(intent.kind, IntentKind::Renew)) {
            return;
        }
        let longest = millis(step.timings.newcomer_renewal);
        let wait = Duration::from_millis(step.random.below(longest.max(1)));
        self.want(step, IntentKind::Renew, step.now.after(wait));
    }

    /// Wants the same as soon as may be, and no sooner than a commit of this device on the head is done
    /// with.
    pub(super) fn want_renewal_now(&mut self, step: &mut Step<'_>) {
        if self.has_committed_here() {
            return;
        }
        let renewals = self.intents.iter().filter(|(_, i)| matches!(i.kind, IntentKind::Renew));
        let known: Vec<(u64, Timestamp)> = renewals.map(|(id, i)| (*id, i.due)).collect();
        if known.is_empty() {
            self.want(step, IntentKind::Renew, step.now);
        }
        let now = step.now;
        for (id, _) in known.into_iter().filter(|(_, due)| *due > now) {
            let intent = Intent { kind: IntentKind::Renew, due: now };
            self.write_intent(step, id, &intent);
            self.intents.insert(id, intent);
        }
    }

    /// Drops the intents that `which` names.
    pub(super) fn drop_intents(
        &mut self,
        step: &mut Step<'_>,
        which: impl Fn(&IntentKind) -> bool,
    ) {
        let named = self.intents.iter().filter(|(_, intent)| which(&intent.kind));
        for id in named.map(|(id, _)| *id).collect::<Vec<_>>() {
            self.drop_intent(step, id);
        }
    }

    /// After a restart nothing is committed before there was a chance to hear what others did.
    pub(super) fn delay_intents(&mut self, step: &Step<'_>) {
        let soonest = step.now.after(step.timings.after_start);
        for intent in self.intents.values_mut() {
            intent.due = intent.due.max(soonest);
        }
    }

    /// Commits what is wanted, due, and not in the head.
    pub(super) fn settle(&mut self, step: &mut Step<'_>) {
        let steps_out = self.may_step_out(step.now);
        if self.standing != Standing::Active || self.is_muted() && !steps_out {
            return;
        }
        self.drop_old(step);
        while self.pending.is_none() && !self.has_committed_here() {
            let due: Vec<u64> = self
                .unfulfilled(step.now)
                .filter(|(_, intent)| !steps_out || matches!(intent.kind, IntentKind::Renew))
                .filter(|(_, intent)| self.ready(intent) <= step.now)
                .map(|(id, _)| id)
                .collect();
            let first = due.iter().map(|id| self.intents[id].kind.company()).min();
            let chosen: Vec<u64> = due
                .into_iter()
                .filter(|id| Some(self.intents[id].kind.company()) == first)
                .take(MAX_CHANGES)
                .collect();
            if chosen.is_empty() || !self.commit(step, &chosen) {
                return;
            }
        }
    }

    /// The next time at which an intent is due.
    pub(super) fn next_intent(&self, now: Timestamp) -> Option<Timestamp> {
        // What may not be committed on this head waits for another, whenever it was due.
        let steps_out = self.may_step_out(now);
        let muted = self.is_muted() && !steps_out;
        if self.pending.is_some() || self.has_committed_here() || muted {
            return None;
        }
        self.unfulfilled(now)
            .filter(|(_, intent)| !steps_out || matches!(intent.kind, IntentKind::Renew))
            .map(|(_, intent)| self.ready(intent))
            .min()
    }

    /// How many changes are wanted that the head does not show.
    pub(super) fn wanted(&self, now: Timestamp) -> usize {
        self.unfulfilled(now).count()
    }

    /// Intents the head neither fulfils nor has made pointless.
    fn unfulfilled(&self, now: Timestamp) -> impl Iterator<Item = (u64, &Intent)> {
        let ledger = self.ledger();
        self.intents
            .iter()
            .filter(move |(_, intent)| {
                ledger.is_some_and(|ledger| !self.is_settled(ledger, &intent.kind, now))
            })
            .map(|(id, intent)| (*id, intent))
    }

    /// Forgets what was fulfilled long ago. Until then a rival branch may turn up and win, and the
    /// change is wanted again; but not that a device comes in which was taken out since.
    fn drop_old(&mut self, step: &mut Step<'_>) {
        let Some(ledger) = self.ledger() else {
            return;
        };
        let old: Vec<u64> = self
            .intents
            .iter()
            .filter(|(_, intent)| match intent.kind {
                IntentKind::AddDevice(knock) if self.was_taken_out(&knock) => true,
                _ => step.now.since(intent.due) > INTENT_MEMORY,
            })
            .filter(|(_, intent)| self.is_settled(ledger, &intent.kind, step.now))
            .map(|(id, _)| *id)
            .collect();
        for id in old {
            self.drop_intent(step, id);
        }
    }

    fn drop_intent(&mut self, step: &mut Step<'_>, id: u64) {
        self.intents.remove(&id);
        self.delete_intent(step, id);
    }

    fn is_settled(&self, ledger: &Ledger, kind: &IntentKind, now: Timestamp) -> bool {
        match kind {
            IntentKind::OpenInvite { invite, .. } => ledger.invites().contains_key(invite),
            IntentKind::RevokeInvite(invite) => ledger
                .invites()
                .get(invite)
                .is_some_and(|entry| entry.standing != InviteStanding::Open),
            IntentKind::SetRelays(relays) => ledger.settings().relays == *relays,
            IntentKind::Remove { member, .. } => !ledger.members().contains_key(member),
            IntentKind::LetGo(item) => self
                .items
                .get(item)
                .is_none_or(|item| !ledger.members().contains_key(&item.body.member)),
            IntentKind::Admit(knock) => self.knock_is_settled(ledger, knock, now),
            IntentKind::Carry { proposal, .. } => self.is_carried(ledger, proposal),
            IntentKind::StepDown(since) => {
                let me = ledger.members().get(&self.me);
                me.is_none_or(|me| me.role != Role::Facilitator || me.role_since != *since)
            }
            IntentKind::Adopt(proposal) => self.is_adopted(ledger, proposal),
            IntentKind::Declare { before, .. } => {
                let me = ledger.members().get(&self.me);
                me.is_none_or(|me| me.role != Role::Facilitator || me.declaration != *before)
            }
            IntentKind::SetKeep { since, .. } | IntentKind::ShortenKeep { since, .. } => {
                ledger.rules().keep_since != *since
            }
            IntentKind::SetFiles { since, .. } => ledger.files().since != *since,
            IntentKind::SetVoice { member, since, .. }
            | IntentKind::TakeVoice { member, since, .. } => {
                ledger.members().get(member).is_none_or(|entry| entry.role_since != *since)
            }
            // Not now; the wish stays, since others' commits make room for it.
            IntentKind::Renew => !ledger.may_renew(&self.me),
            IntentKind::AddDevice(knock) => self.device_is_settled(ledger, knock),
            IntentKind::TakeBack(wanted) => {
                self.waits_to_be_taken_in() || self.return_is_settled(ledger, wanted, now)
            }
            IntentKind::RemoveDevice(device) => ledger.member_of(device) != Some(&self.me),
            IntentKind::MoveOn(state) => *state != self.head || !ledger.may_renew(&self.me),
        }
    }

    /// Whether this member has committed on the head already. A second commit there would be a twin
    /// of the first, and then neither counts.
    pub(super) fn has_committed_here(&self) -> bool {
        let own = |state: &State| state.parent == Some(self.head) && state.member == Some(self.me);
        self.states.values().any(own)
    }

    /// Commits these intents together; if the rules refuse that, one by one. Returns whether
    /// anything happened.
    fn commit(&mut self, step: &mut Step<'_>, chosen: &[u64]) -> bool {
        if self.commit_together(step, chosen) {
            return true;
        }
        if let [single] = chosen {
            // Refused alone: it can never be fulfilled on this head.
            self.drop_intent(step, *single);
            return true;
        }
        for id in chosen {
            if self.commit_together(step, &[*id]) {
                return true;
            }
            self.drop_intent(step, *id);
        }
        true
    }

    fn commit_together(&mut self, step: &mut Step<'_>, chosen: &[u64]) -> bool {
        let Some(gathered) = self.gather(chosen, step.now) else {
            return false;
        };
        let Gathered { changes, key_packages, admitted } = gathered;
        self.count_on(step);
        let Some(parent) = self.states.get(&self.head) else {
            return false;
        };
        let (removed, changed) = (removed_by(&changes), changes.clone());
        let from = self.head;
        let plan = Plan {
            changes,
            key_packages,
            counter: self.chain.counter + 1,
            siblings: self.siblings(),
            period: step.now.hour().period(),
            seen: self.tips_to_commit(),
            successor: None,
        };
        let built = build(&self.id, &self.key, self.head, parent, plan, step.injected());
        let Ok(built) = built else {
            return false;
        };
        let state = built.id;
        let made = self.put_forward(step, built, admitted).is_some();
        if made {
            self.log_removals(step, state, Some(self.me), step.now.hour(), removed);
            self.log_deeds(step, (&from, state), Some(self.me), step.now.hour(), &changed);
        }
        made
    }

    /// A commit names all it has seen, its own latest item included.
    pub(super) fn tips_to_commit(&self) -> Vec<crate::state::Short> {
        let mut seen = self.tips_to_name();
        if let Some(own) = self.chain.previous.map(|id| id.short()) {
            seen.truncate(crate::limits::MAX_SEEN - 1);
            seen.push(own);
            seen.sort_unstable();
            seen.dedup();
        }
        seen
    }

    fn gather(&self, chosen: &[u64], now: Timestamp) -> Option<Gathered> {
        let mut gathered = Gathered::default();
        for id in chosen {
            match &self.intents.get(id)?.kind {
                IntentKind::OpenInvite { invite, entry } => gathered
                    .changes
                    .push(Change::OpenInvite { invite: *invite, entry: entry.clone() }),
                IntentKind::RevokeInvite(invite) => {
                    gathered.changes.push(Change::RevokeInvite(*invite));
                }
                IntentKind::SetRelays(relays) => {
                    gathered.changes.push(Change::SetRelays(relays.clone()));
                }
                IntentKind::Remove { member, reason } => {
                    gathered.changes.push(Change::Depart(Departure::Removed {
                        member: *member,
                        reason: reason_or_origin(reason),
                        consents: Vec::new(),
                    }));
                }
                IntentKind::LetGo(item) => {
                    let item = self.items.get(item)?;
                    debug_assert!(item.body.gist == Gist::Leave);
                    gathered.changes.push(Change::Depart(Departure::Left {
                        member: item.body.member,
                        item: Opaque::new(self.items.signed(&item.id)?.to_bytes()).ok()?,
                    }));
                }
                IntentKind::Admit(knock) => {
                    let entry = self.knocks.get(knock)?;
                    gathered.key_packages.push(entry.key_package()?.to_vec());
                    gathered.admitted.push(Admitted::Knocked(Knocked {
                        invite: entry.invite,
                        knock: *knock,
                        reply: entry.knock.body.reply.clone(),
                    }));
                    gathered.changes.push(Change::Admit(Admission {
                        member: entry.member,
                        device: entry.device,
                        name: entry.knock.body.name.clone(),
                        invite: entry.invite,
                        proof: entry.knock.proof(),
                        again: self.is_let_in_again(entry),
                    }));
                }
                IntentKind::AddDevice(_) => {
                    let (credential, key_package, knocked) = self.device_to_add()?;
                    gathered.key_packages.push(key_package);
                    gathered.admitted.push(Admitted::Knocked(knocked));
                    gathered.changes.push(Change::AddDevice(credential));
                }
                IntentKind::TakeBack(wanted) => {
                    let (key_package, taken) = wanted.gather()?;
                    gathered.key_packages.push(key_package);
                    gathered.admitted.push(Admitted::TakenBack(taken));
                    gathered.changes.push(Change::Return(wanted.post.change.clone()));
                }
                IntentKind::RemoveDevice(device) => {
                    let (member, device) = (self.me, *device);
                    gathered.changes.push(Change::RemoveDevice { member, device });
                }
                IntentKind::Renew | IntentKind::MoveOn(_) => {}
                IntentKind::Carry { proposal, .. } => {
                    gathered.changes.push(self.decided(proposal, now)?);
                }
                IntentKind::Adopt(proposal) => {
                    gathered.changes.push(self.adoption_of(proposal, now)?);
                }
                IntentKind::Declare { declaration, .. } => {
                    gathered.changes.push(Change::Declare(declaration.clone()));
                }
                IntentKind::SetKeep { keep, .. } => gathered.changes.push(Change::SetKeep(*keep)),
                IntentKind::ShortenKeep { keep, reason, .. } => gathered
                    .changes
                    .push(Change::ShortenKeep { keep: *keep, reason: reason.clone() }),
                IntentKind::TakeVoice { member, reason, .. } => gathered
                    .changes
                    .push(Change::TakeVoice { member: *member, reason: reason.clone() }),
                IntentKind::SetFiles { allowed, .. } => {
                    gathered.changes.push(Change::SetFiles(*allowed));
                }
                IntentKind::SetVoice { member, role, .. } => {
                    gathered.changes.push(Change::SetRole(RoleChange {
                        member: *member,
                        role: *role,
                        declaration: None,
                        consents: Vec::new(),
                    }));
                }
                IntentKind::StepDown(_) => gathered.changes.push(Change::SetRole(RoleChange {
                    member: self.me,
                    role: Role::Member,
                    declaration: None,
                    consents: Vec::new(),
                })),
            }
        }
        Some(gathered)
    }

    /// Writes an own commit with its state and its outbox entries, and asks for it to be published.
    pub(super) fn put_forward(
        &mut self,
        step: &mut Step<'_>,
        built: Built,
        admitted: Vec<Admitted>,
    ) -> Option<StateId> {
        let alone = self.is_alone();
        let era = self.states.get(&self.head)?.held()?.era;
        let topic_key = self.publish_key(&era, step.now)?;
        let parent = self.states.get(&self.head)?.held()?;
        let envelopes = Self::seal(
            step,
            &parent.keys.commit_seal,
            &topic_key,
            FrameKind::Commit,
            &built.commit,
        )?;

        let Built { id, mut state, commit, welcome, era, seal } = built;
        state.commit = envelopes.last().map(|envelope| envelope.id());
        if let Some(start) = era {
            self.begin_era(step, id, start);
        }
        for admitted in &admitted {
            match admitted {
                Admitted::Knocked(Knocked { knock, .. }) => {
                    self.knock_attempted(step, knock);
                    self.device_attempted(step, knock);
                }
                Admitted::TakenBack(taken) => self.return_attempted(step, taken),
            }
        }
        self.chain.counter += 1;
        self.renewed = step.now;
        self.note_sealed(step, seal.counter, &commit);
        self.take_seal(step, &seal);
        self.insert_state(step, id, state);
        self.note_way_out(step, id);
        self.pending = Some(Pending { state: id, commit, welcome, admitted });
        let renewals: Vec<u64> = self
            .intents
            .iter()
            .filter(|(_, intent)| matches!(intent.kind, IntentKind::Renew))
            .map(|(id, _)| *id)
            .collect();
        for renewal in renewals {
            self.drop_intent(step, renewal);
        }
        self.keep_commit(step, id, envelopes.clone());
        self.send_out(step, envelopes, Carries::Commit(id));
        self.write(step);
        if alone {
            // Nobody else could have made a rival, and nobody else could acknowledge.
            self.commit_held(step, id);
        }
        Some(id)
    }

    /// Members who have said that they leave and whom nobody has let go yet.
    pub(super) fn leavers(&self) -> BTreeSet<ItemId> {
        self.intents
            .values()
            .filter_map(|intent| match &intent.kind {
                IntentKind::LetGo(item) => Some(*item),
                _ => None,
            })
            .collect()
    }
}

pub(super) fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

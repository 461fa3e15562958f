//! The loop: one task, one `select!`, every branch becomes one input of the engine or one command
//! of a request. What the engine asks for in return is obeyed in `drive.rs`.
//!
//! When the store fails, what the engine did since the last durable batch never happened: the
//! engine is read again from the store, nothing is published, and no work is taken until a write
//! succeeds.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinHandle;
use tokio::time::Instant;
use windbreak_protocol::record::Batch;
use windbreak_protocol::recovery::RecoveryKey;
use windbreak_protocol::{Engine, Event as Told, Input, Venue};

use crate::api::message::Event;
use crate::api::refusal::Refusal;
use crate::api::server::Server;
use crate::backup::Begun;
use crate::clock;
use crate::config::NodeConfig;
use crate::desk::{About, Desk};
use crate::drive::{self, Loaded, Undone};
use crate::error::NodeError;
use crate::handle::{Handle, Inbox, Job, Save, Settle};
use crate::idle::Idle;
use crate::links::LinkBook;
use crate::notice::Notices;
use crate::personal::Personal;
use crate::profile::Profile;
use crate::reopen::{self, OpenStore, Shared};
use crate::store::{Store, StoreError};
use crate::swarm::{Acceptance, MemberMailbox, Purse, Ticket, VenueEvent};
use crate::sweep;
use crate::upkeep::{Upkeep, Usage};
use crate::venues::Venues;

/// Inputs taken together before their outputs are obeyed: one wait for the disk for all of them.
const MAX_BURST: usize = 64;
/// After the start, before the first look for envelopes nobody needs any more.
const FIRST_SWEEP: Duration = Duration::from_secs(300);
/// After the start, before the store is looked after for the first time.
const FIRST_UPKEEP: Duration = Duration::from_secs(60);
/// Between two looks for such envelopes.
const SWEEP: Duration = Duration::from_secs(24 * 3600);

/// A node of one profile.
#[derive(Debug)]
pub struct Node;

impl Node {
    /// Starts the node of an open profile: reads its store, opens its networks, serves its API.
    /// The profile stays locked until the node has stopped.
    ///
    /// # Errors
    /// [`NodeError`]; nothing then runs.
    pub async fn start(profile: Profile, config: NodeConfig) -> Result<Handle, NodeError> {
        let socket = profile.socket_path()?;
        let folder = profile.folder().to_owned();
        let profile = Arc::new(profile);
        let lock = profile.clone();
        let upkeep = Upkeep::of(profile.clone());
        let open: OpenStore =
            Box::new(move || Ok(Box::new(profile.open_unread_store()?) as Box<dyn Store>));
        Self::start_on(folder, &socket, open, config, upkeep, lock).await
    }

    /// Starts a node on any store. `lock` is dropped last, when another node may start.
    pub(crate) async fn start_on(
        folder: PathBuf,
        socket: &Path,
        open: OpenStore,
        config: NodeConfig,
        upkeep: Upkeep,
        lock: impl Send + 'static,
    ) -> Result<Handle, NodeError> {
        let about = Arc::new(About {
            profile: folder.clone(),
            started: clock::now(),
            relays: config.relays.clone(),
            reach: config.reach.clone(),
            bounds: config.bounds,
        });
        let (handle, inbox) = Handle::new(folder.clone());
        let (store, loaded) = drive::open(open, config.timings.clone()).await?;
        let server = Server::start(socket, handle.clone()).map_err(NodeError::Socket)?;

        let (events, ended) = (inbox.events.clone(), inbox.ended.clone());
        let work = tokio::spawn(Loop::new(inbox, about, config, store, loaded, upkeep).run());
        tokio::spawn(async move {
            if work.await.is_err() {
                tracing::error!("the loop of the node failed");
            }
            // Nobody may listen.
            let _ = events.send(Event::Stopping);
            server.stop().await;
            // The socket is gone: from here on another node may have the profile.
            drop(lock);
            ended.send_replace(true);
        });
        Ok(handle)
    }
}

/// What the loop owns.
pub(crate) struct Loop {
    pub(crate) inbox: Inbox,
    pub(crate) about: Arc<About>,
    pub(crate) config: NodeConfig,
    pub(crate) store: Shared,
    pub(crate) mailbox: Arc<MemberMailbox>,
    pub(crate) purse: Arc<Purse>,
    pub(crate) engine: Engine,
    pub(crate) links: LinkBook,
    pub(crate) personal: Personal,
    pub(crate) notices: Notices,
    pub(crate) venues: Venues,
    pub(crate) condition: Condition,
    pub(crate) usage: Usage,
    /// The public half of a new recovery phrase, until it is written.
    pub(crate) kept: Option<RecoveryKey>,
    upkeep: Upkeep,
    next_upkeep: Instant,
    next_sweep: Instant,
    idle: Idle,
    /// Whether all venues are opened together, as at the start.
    pub(crate) is_starting: bool,
    /// A backup that is being made.
    saving: Option<JoinHandle<()>>,
}

/// Whether the node takes work.
pub(crate) enum Condition {
    /// It does.
    Working,
    /// It reads only: the engine was read again after a write failed.
    ReadOnly {
        /// Why.
        why: StoreError,
        /// When to try again.
        retry: Instant,
    },
    /// The store cannot even be read. What is in memory is shown, without items that could not be
    /// kept: it may hold what else the one step did, and that is worth less than reading on.
    Blind {
        /// Why.
        why: StoreError,
        /// When to try again.
        retry: Instant,
    },
}

/// What waits until the outputs of a burst are obeyed.
#[derive(Default)]
pub(crate) struct Waiting {
    pub(crate) settles: Vec<Settle>,
    pub(crate) tickets: Vec<(Ticket, Vec<Acceptance>)>,
}

impl Loop {
    pub(crate) fn new(
        inbox: Inbox,
        about: Arc<About>,
        config: NodeConfig,
        store: Shared,
        loaded: Loaded,
        upkeep: Upkeep,
    ) -> Self {
        let next_upkeep = Instant::now() + config.upkeep.min(FIRST_UPKEEP);
        let venues = Venues::new(loaded.mailbox.clone(), loaded.purse.clone(), config.network);
        let personal = Personal::new(store.clone());
        let notices = Notices::new(loaded.notices, config.notices, about.started);
        let idle = Idle::new(config.idle_lock);
        Self {
            inbox,
            about,
            config,
            store,
            mailbox: loaded.mailbox,
            purse: loaded.purse,
            engine: loaded.engine,
            links: loaded.links,
            personal,
            notices,
            venues,
            condition: Condition::Working,
            usage: loaded.usage,
            kept: None,
            upkeep,
            next_upkeep,
            next_sweep: Instant::now() + FIRST_SWEEP,
            idle,
            is_starting: true,
            saving: None,
        }
    }

    /// Runs until it is told to stop, then closes networks and store.
    pub(crate) async fn run(mut self) {
        tracing::info!("node started");
        // Loading queued the venues to open and the outbox to publish.
        self.obey(Waiting::default()).await;
        self.is_starting = false;
        self.upkeep.begin(&self.store);
        while self.turn().await {}
        self.venues.close_all().await;
        self.upkeep.halt().await;
        drive::close(self.store).await;
        self.upkeep.end().await;
        tracing::info!("node stopped");
    }

    /// Takes what comes next, and what came with it; `false` once the node is to stop.
    async fn turn(&mut self) -> bool {
        let mut waiting = Waiting::default();
        let due = match self.condition {
            Condition::Working => self.engine.poll_timeout(),
            _ => None,
        };
        let retry = match self.condition {
            Condition::Working => None,
            Condition::ReadOnly { retry, .. } | Condition::Blind { retry, .. } => Some(retry),
        };
        tokio::select! {
            () = self.inbox.stop.cancelled() => return false,
            Some(save) = self.inbox.saves.recv(), if self.saving.is_none() => {
                if self.is_to_lock() {
                    return false;
                }
                self.saving = Some(self.begin_saving(save));
                return true;
            }
            () = ended(&mut self.saving), if self.saving.is_some() => {
                self.saving = None;
                self.idle.begin();
                return true;
            }
            Some(job) = self.inbox.jobs.recv() => {
                if self.is_to_lock() {
                    return false;
                }
                self.take(job, &mut waiting);
            }
            (venue, event) = self.venues.next() => self.hear(venue, event, &mut waiting),
            () = clock::until(due), if retry.is_none() => {}
            () = clock::at(retry) => {
                self.recover().await;
                return true;
            }
            () = self.idle.over(), if self.saving.is_none() => return !self.is_to_lock(),
            () = clock::at(self.notices.due()) => {
                self.notify();
                return true;
            }
            () = tokio::time::sleep_until(self.next_upkeep) => {
                self.next_upkeep = Instant::now() + self.config.upkeep;
                if matches!(self.condition, Condition::Working) {
                    self.upkeep.begin(&self.store);
                }
                return true;
            }
            trouble = self.upkeep.ended(), if self.upkeep.is_running() => {
                if let Some(why) = trouble
                    && matches!(self.condition, Condition::Working)
                {
                    self.fail(why).await;
                }
                return true;
            }
            () = tokio::time::sleep_until(self.next_sweep) => {
                self.next_sweep = Instant::now() + SWEEP;
                self.sweep().await;
                return true;
            }
        }
        for _ in 1..MAX_BURST {
            // Both, so that who asks much does not keep the node from hearing what is held.
            let told = self.venues.told_already();
            let asked = self.inbox.jobs.try_recv().ok();
            if told.is_none() && asked.is_none() {
                break;
            }
            if let Some((venue, event)) = told {
                self.hear(venue, event, &mut waiting);
            }
            if let Some(job) = asked {
                self.take(job, &mut waiting);
            }
        }
        if matches!(self.condition, Condition::Working) {
            let now = clock::now();
            if self.engine.poll_timeout().is_some_and(|due| due <= now) {
                self.engine.handle_timeout(now);
            }
        }
        self.obey(waiting).await;
        true
    }

    /// Whether nothing was asked for so long that the node locks. Looked at before anything is answered:
    /// whoever woke this machine may not be who had it sleep.
    fn is_to_lock(&self) -> bool {
        let is_over = self.saving.is_none() && self.idle.is_over();
        if is_over {
            tracing::info!("nothing was asked for a while; the node locks");
        }
        is_over
    }

    /// Runs a request.
    fn take(&mut self, job: Job, waiting: &mut Waiting) {
        let refusal = self.trouble();
        if !matches!(job, Job::Glance(_)) {
            self.idle.begin();
        }
        let mut desk = Desk {
            engine: &mut self.engine,
            links: &mut self.links,
            personal: &mut self.personal,
            notices: &mut self.notices,
            venues: &self.venues,
            trouble: refusal.as_ref().map(Refusal::why),
            about: &self.about,
            kept: &mut self.kept,
            store: &self.store,
            usage: &self.usage,
            now: clock::now(),
        };
        match (job, refusal) {
            (Job::Read(look) | Job::Glance(look), _) => look(Ok(&desk)),
            (Job::Change(change), Some(refusal)) => {
                let settle = change(Err(refusal));
                settle(Ok(()));
            }
            (Job::Change(change), None) => waiting.settles.push(change(Ok(&mut desk))),
        }
    }

    /// Hands the engine what a venue tells.
    fn hear(&mut self, venue: Venue, event: VenueEvent, waiting: &mut Waiting) {
        if !matches!(self.condition, Condition::Working) {
            // Tickets that are dropped ask again; the rest is told again when venues reopen.
            return;
        }
        let now = clock::now();
        match event {
            VenueEvent::Envelopes { envelopes, ticket } if self.is_full(&venue) => {
                // Others keep them until there is room.
                let later = envelopes.iter().map(|_| Acceptance::AskAgain).collect();
                waiting.tickets.push((ticket, later));
            }
            VenueEvent::Envelopes { envelopes, ticket } => {
                let verdicts = self.engine.handle(now, Input::Envelopes { venue, envelopes });
                let verdicts = verdicts.into_iter().map(drive::acceptance).collect();
                waiting.tickets.push((ticket, verdicts));
            }
            VenueEvent::Held { envelopes, by: _ } => {
                for envelope in envelopes {
                    // Only envelopes that arrived get verdicts.
                    let _ = self.engine.handle(now, Input::Acknowledged { venue, envelope });
                }
            }
            VenueEvent::Synced { topic } => {
                let _ = self.engine.handle(now, Input::Synced { venue, topic });
            }
            VenueEvent::Refused { envelope: _, reason } => {
                tracing::warn!(?reason, "no relay takes an envelope of ours");
            }
            VenueEvent::Revoked { grant, members } => {
                if let Venue::Circle(circle) = venue {
                    self.engine.parts_revoked(now, &circle, grant, &members);
                }
            }
            VenueEvent::Status(_) => {}
        }
    }

    /// Whether a venue's circle takes all the room it may have.
    fn is_full(&self, venue: &Venue) -> bool {
        let (Venue::Circle(circle), Some(quota)) = (venue, self.config.bounds.circle_quota) else {
            return false;
        };
        self.usage.of(circle) >= quota
    }

    /// Why no work is taken, while that is so.
    fn trouble(&self) -> Option<Refusal> {
        match &self.condition {
            Condition::Working => None,
            Condition::ReadOnly { why, .. } | Condition::Blind { why, .. } => Some((*why).into()),
        }
    }

    /// Obeys what the engine asks for; then those who wait are answered.
    async fn obey(&mut self, waiting: Waiting) {
        // While nothing can be written nothing is obeyed: what the engine has is not all durable then,
        // and words that are let go of could not be read again.
        let done = match self.condition {
            Condition::Working => self.drive().await,
            Condition::ReadOnly { .. } | Condition::Blind { .. } => Ok(Batch::new()),
        };
        match done {
            Ok(late) => {
                for settle in waiting.settles {
                    settle(Ok(()));
                }
                for (ticket, verdicts) in waiting.tickets {
                    ticket.answer(verdicts);
                }
                if let Err(why) = self.write(late).await {
                    self.fail(why).await;
                }
            }
            Err(Undone(why)) => {
                self.fail(why).await;
                for settle in waiting.settles {
                    settle(Err(why.into()));
                }
            }
        }
    }

    /// Takes no more work after a write failed, and goes back to what is durable.
    async fn fail(&mut self, why: StoreError) {
        tracing::error!(%why, "a write failed; the node takes no work until one succeeds");
        self.venues.close_all().await;
        let retry = Instant::now() + self.config.try_again;
        self.condition = match self.reload().await {
            Ok(()) => Condition::ReadOnly { why, retry },
            Err(_) => {
                // What was refused must not be read as if it had been said.
                self.engine.forget_unwritten();
                Condition::Blind { why, retry }
            }
        };
    }

    /// Works again if the store can be written.
    async fn recover(&mut self) {
        let retry = Instant::now() + self.config.try_again;
        if let Err(why) = self.reload().await {
            self.condition = Condition::Blind { why, retry };
            return;
        }
        if let Err(why) = drive::probe(&self.store).await {
            self.fail(why).await;
            return;
        }
        tracing::info!("writing works again; the node takes work");
        self.condition = Condition::Working;
        self.is_starting = true;
        self.obey(Waiting::default()).await;
        self.is_starting = false;
    }

    /// Opens the store again and reads everything from it. Nothing the engine asks for is obeyed
    /// yet.
    async fn reload(&mut self) -> Result<(), StoreError> {
        let loaded = drive::reload(self.store.clone(), self.config.timings.clone()).await?;
        self.venues =
            Venues::new(loaded.mailbox.clone(), loaded.purse.clone(), self.config.network);
        self.mailbox = loaded.mailbox;
        self.purse = loaded.purse;
        self.engine = loaded.engine;
        self.links = loaded.links;
        self.personal = Personal::new(self.store.clone());
        self.notices.reload(loaded.notices);
        self.usage = loaded.usage;
        Ok(())
    }

    /// Makes a backup of what is durable, beside the loop. The store is held only while it is read:
    /// stretching the passphrase takes a second, and the file is synced at the end.
    fn begin_saving(&self, save: Save) -> JoinHandle<()> {
        let Save { path, lock, answer } = save;
        let (store, stop, now) = (self.store.clone(), self.inbox.stop.clone(), clock::now());
        let about = self.about.clone();
        tokio::task::spawn_blocking(move || {
            // One that was spoilt by hand since the start keeps nobody from making a backup.
            let config = Profile::read_config(&about.profile).ok();
            let saved = Begun::new(&path, &lock, now, config.as_ref()).and_then(|mut begun| {
                begun.take(&*reopen::lock(&store))?;
                begun.finish()
            });
            // Of a node that stops, the store is closed: whoever asked hears that it stops. They
            // may have gone away, too.
            if saved.is_ok() || !stop.is_cancelled() {
                let _ = answer.send(saved);
            }
        })
    }

    /// Deletes envelopes that relays have dropped by now.
    async fn sweep(&mut self) {
        if !matches!(self.condition, Condition::Working) {
            return;
        }
        match sweep::sweep(self.store.clone(), self.mailbox.clone(), clock::now()).await {
            Ok(0) => {}
            Ok(count) => tracing::info!(count, "old envelopes deleted"),
            Err(why) => self.fail(why).await,
        }
    }

    /// Has a program show that something is new, if it still is. How that went is told by the status.
    fn notify(&self) {
        if let Some((teller, plan)) = self.notices.take(&self.engine, clock::now()) {
            tokio::spawn(async move { teller.tell(plan).await });
        }
    }

    /// Tells whoever listens.
    pub(crate) fn tell(&self, event: Told) {
        self.notices.hear(&event);
        // Nobody may listen.
        let _ = self.inbox.events.send(crate::api::event(event));
    }
}

/// Waits until a task has ended.
async fn ended(task: &mut Option<JoinHandle<()>>) {
    if let Some(task) = task {
        let _ = task.await;
    }
}

#[cfg(test)]
mod tests;

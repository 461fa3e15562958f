//! The durable mailboxes of a relay. Whatever is put goes through one writer, which makes many
//! envelopes durable with one wait for the disk and only then says that they are held.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures::future::BoxFuture;
use tokio::sync::{mpsc, oneshot};
use windbreak_protocol::admission::ShownToken;
use windbreak_protocol::id::{EnvelopeId, Topic};
use windbreak_protocol::identity::Verified;
use windbreak_protocol::limits::MAX_HOURS_AHEAD;
use windbreak_protocol::record::{Batch, Key, RecordKind};
use windbreak_protocol::time::Hour;
use windbreak_protocol::wire::Envelope;
use windbreak_protocol::wire::sync::{DayFingerprint, Refusal};

use crate::private;
use crate::relay::admission::{Admission, Remembered};
use crate::relay::config::{AdmissionMode, RelayLimits};
use crate::relay::reserve::Reserve;
use crate::relay::shelf::{Entry, Shelf};
use crate::relay::status::{Counters, RelayStatus};
use crate::store::{Store, StoreError, Wanted};
use crate::swarm::Clock;
use crate::swarm::mailbox::{Follower, Followers, Live, Mailbox, StreamNumber};

/// Puts that wait for the writer.
const PUT_QUEUE: usize = 512;
/// Puts made durable together.
const COMMIT: usize = 256;
/// Puts that are not kept waiting for more to be made durable with them: a commit costs about as much as
/// these.
const ENOUGH: usize = 32;
/// How long fewer wait. Only who put them notices: whoever follows was told.
const GATHERING: Duration = Duration::from_millis(1);

/// Opens the relay's store, at the start and again after it failed.
pub(crate) type OpenStore = Box<dyn Fn() -> Result<Box<dyn Store>, StoreError> + Send + Sync>;

/// The mailboxes of all topics. When the last is dropped, the writer ends.
#[derive(Clone)]
pub(crate) struct RelayMailbox {
    contents: Arc<Contents>,
    /// Who may put; nothing where everybody may.
    admission: Option<Arc<Admission>>,
    jobs: mpsc::Sender<Job>,
}

/// What the mailboxes and their writer share.
struct Contents {
    shelf: Mutex<Shelf>,
    /// After a failed write it takes no more until it is opened again, and goes on being read.
    /// `None` where that failed, too.
    store: Mutex<Option<Box<dyn Store>>>,
    followers: Followers,
    /// What is being made durable, at most [`COMMIT`]: whoever follows reads it meanwhile.
    passing: Mutex<BTreeMap<EnvelopeId, Arc<Verified<Envelope>>>>,
    has_room: AtomicBool,
    is_stopping: AtomicBool,
    counters: Counters,
}

enum Job {
    Put(Put),
    /// What admission has to remember; answered with whether it is durable.
    Note(Note),
    /// Drop what has expired.
    Sweep,
    /// Open the store again if it failed.
    Look,
    Stop,
}

struct Put {
    envelope: Arc<Verified<Envelope>>,
    from: StreamNumber,
    answer: oneshot::Sender<Result<(), Refusal>>,
}

struct Note {
    batch: Batch,
    answer: oneshot::Sender<bool>,
}

/// The one who writes.
pub(crate) struct Writer {
    contents: Arc<Contents>,
    jobs: mpsc::Receiver<Job>,
    open: OpenStore,
    /// Where free room is looked for; none in tests without a disk.
    folder: Option<PathBuf>,
    /// Room for opening the store where there is none else.
    reserve: Option<Reserve>,
    limits: RelayLimits,
    clock: Clock,
}

/// What a store held when it was opened.
struct Held {
    store: Box<dyn Store>,
    shelf: Shelf,
    admission: Option<Arc<Admission>>,
}

impl RelayMailbox {
    /// Opens the store and reads what is held, and by whom it may be added to.
    pub(crate) fn open(
        open: OpenStore,
        folder: Option<PathBuf>,
        limits: RelayLimits,
        mode: AdmissionMode,
        clock: Clock,
    ) -> Result<(Arc<Self>, Writer), StoreError> {
        let mut reserve = folder.as_deref().map(Reserve::of);
        let read = match Self::read(&open, mode, &clock) {
            Err(StoreError::DiskFull) if reserve.as_mut().is_some_and(Reserve::give_up) => {
                Self::read(&open, mode, &clock)
            }
            read => read,
        };
        let Held { store, shelf, admission } = read?;
        let (sender, jobs) = mpsc::channel(PUT_QUEUE);
        let contents = Arc::new(Contents {
            shelf: Mutex::new(shelf),
            store: Mutex::new(Some(store)),
            followers: Followers::default(),
            passing: Mutex::default(),
            has_room: AtomicBool::new(true),
            is_stopping: AtomicBool::new(false),
            counters: Counters::default(),
        });
        let mailbox = Self { contents: contents.clone(), admission, jobs: sender };
        let mut writer = Writer { contents, jobs, open, folder, reserve, limits, clock };
        writer.look_for_room();
        Ok((Arc::new(mailbox), writer))
    }

    fn read(open: &OpenStore, mode: AdmissionMode, clock: &Clock) -> Result<Held, StoreError> {
        let mut store = open()?;
        let mut shelf = Shelf::default();
        let mut remembered = Remembered::default();
        let wants = |kind: RecordKind| match kind {
            RecordKind::Node => Wanted::Whole,
            _ => Wanted::Nothing,
        };
        store.begin(&wants, &mut |key, value| {
            let value = value.unwrap_or_default();
            if let Some(entry) = Entry::from_record(&key, &value) {
                shelf.insert(entry);
            } else {
                remembered.take(&key, &value);
            }
        })?;
        let admission = match mode {
            AdmissionMode::Open => None,
            AdmissionMode::Grant => {
                Some(Arc::new(Admission::open(remembered, &mut *store, clock.clone())?))
            }
        };
        Ok(Held { store, shelf, admission })
    }

    /// Asks the writer to drop what has expired.
    pub(crate) async fn sweep(&self) {
        self.contents.followers.sweep();
        if let Some(admission) = &self.admission {
            admission.sweep(self).await;
        }
        // A writer that has stopped has nothing to sweep.
        let _ = self.jobs.send(Job::Sweep).await;
    }

    /// Who may put; nothing where everybody may.
    pub(crate) fn admission(&self) -> Option<&Arc<Admission>> {
        self.admission.as_ref()
    }

    /// Makes what admission has to remember durable; says whether it is.
    pub(crate) async fn note(&self, batch: Batch) -> bool {
        let (answer, outcome) = oneshot::channel();
        let note = Job::Note(Note { batch, answer });
        self.jobs.send(note).await.is_ok() && outcome.await.unwrap_or(false)
    }

    /// Asks the writer to open the store again, should it have failed.
    pub(crate) async fn look(&self) {
        if !self.contents.has_room.load(Ordering::Relaxed) {
            let _ = self.jobs.send(Job::Look).await;
        }
    }

    /// Refuses whatever is put from now on, and lets the writer end after what it has.
    pub(crate) async fn stop(&self) {
        self.contents.is_stopping.store(true, Ordering::Relaxed);
        let _ = self.jobs.send(Job::Stop).await;
    }

    /// Whether it was not told to stop.
    pub(crate) fn is_taking(&self) -> bool {
        !self.contents.is_stopping.load(Ordering::Relaxed)
    }

    /// Closes the store; nothing can be put or fetched after it.
    pub(crate) fn close(&self) {
        *self.contents.store() = None;
    }

    pub(crate) fn status(&self) -> RelayStatus {
        let shelf = self.contents.shelf();
        let counters = &self.contents.counters;
        RelayStatus {
            connections: counters.connections.load(Ordering::Relaxed),
            streams: counters.streams.load(Ordering::Relaxed),
            topics: shelf.index.topics() as u64,
            envelopes: shelf.index.len() as u64,
            bytes: shelf.bytes(),
            taken: counters.taken.load(Ordering::Relaxed),
            given: counters.given.load(Ordering::Relaxed),
            expired: counters.expired.load(Ordering::Relaxed),
            refused: counters.refused(),
            tokens_drawn: counters.tokens_drawn.load(Ordering::Relaxed),
            tokens_spent: counters.tokens_spent.load(Ordering::Relaxed),
            turned_away: counters.turned_away.load(Ordering::Relaxed),
            has_room: self.contents.has_room.load(Ordering::Relaxed),
            by_grant: self.admission.is_some(),
            is_stopping: self.contents.is_stopping.load(Ordering::Relaxed),
        }
    }

    pub(crate) fn counters(&self) -> &Counters {
        &self.contents.counters
    }
}

impl Contents {
    fn shelf(&self) -> MutexGuard<'_, Shelf> {
        // Each change leaves the shelf whole, so a panic elsewhere does not spoil it.
        self.shelf.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn store(&self) -> MutexGuard<'_, Option<Box<dyn Store>>> {
        self.store.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn passing(&self) -> MutexGuard<'_, BTreeMap<EnvelopeId, Arc<Verified<Envelope>>>> {
        self.passing.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Mailbox for RelayMailbox {
    fn serves(&self, _: &Topic) -> bool {
        // What is open goes on to its end; nothing new begins.
        !self.contents.is_stopping.load(Ordering::Relaxed)
    }

    fn days(&self, topic: &Topic) -> Vec<DayFingerprint> {
        self.contents.shelf().index.days(topic)
    }

    fn day(&self, topic: &Topic, day: u32) -> Vec<(Hour, EnvelopeId)> {
        self.contents.shelf().index.day(topic, day)
    }

    fn envelope(&self, topic: &Topic, id: &EnvelopeId) -> Option<Vec<u8>> {
        let hour = self.contents.shelf().index.hour(topic, id)?;
        let key = Key::envelope(topic, hour, id);
        let value = self.contents.store().as_ref()?.glimpse(&key).ok().flatten()?;
        self.contents.counters.given.fetch_add(1, Ordering::Relaxed);
        Some(value.to_vec())
    }

    fn passing(&self, id: &EnvelopeId) -> Option<Vec<u8>> {
        let bytes = self.contents.passing().get(id).map(|envelope| envelope.as_bytes().to_vec())?;
        self.contents.counters.given.fetch_add(1, Ordering::Relaxed);
        Some(bytes)
    }

    fn passing_on(&self, topic: &Topic) -> Vec<EnvelopeId> {
        let passing = self.contents.passing();
        let on_topic = passing.iter().filter(|(_, envelope)| envelope.topic() == *topic);
        on_topic.map(|(id, _)| *id).collect()
    }

    fn holds(&self, topic: &Topic, id: &EnvelopeId) -> bool {
        self.contents.shelf().index.hour(topic, id).is_some()
    }

    fn holds_any(&self, topic: &Topic) -> bool {
        self.contents.shelf().index.len_of(topic) > 0
    }

    fn put(
        &self,
        envelope: Verified<Envelope>,
        from: StreamNumber,
    ) -> BoxFuture<'static, Result<(), Refusal>> {
        if self.contents.is_stopping.load(Ordering::Relaxed) {
            return Box::pin(std::future::ready(Err(Refusal::ShuttingDown)));
        }
        let jobs = self.jobs.clone();
        Box::pin(async move {
            let (answer, outcome) = oneshot::channel();
            let put = Job::Put(Put { envelope: Arc::new(envelope), from, answer });
            jobs.send(put).await.map_err(|_| Refusal::ShuttingDown)?;
            outcome.await.unwrap_or(Err(Refusal::ShuttingDown))
        })
    }

    fn follow(&self, topic: &Topic, stream: StreamNumber) -> Follower {
        self.contents.followers.follow(topic, stream)
    }

    fn wants_tokens(&self) -> bool {
        self.admission.is_some()
    }

    fn spend(&self, topic: Topic, token: ShownToken) -> BoxFuture<'static, Result<(), Refusal>> {
        if self.contents.is_stopping.load(Ordering::Relaxed) {
            return Box::pin(std::future::ready(Err(Refusal::ShuttingDown)));
        }
        // Nothing can be put now, so that a token would be lost for nothing.
        if !self.contents.has_room.load(Ordering::Relaxed) {
            return Box::pin(std::future::ready(Err(Refusal::Full)));
        }
        let mailbox = self.clone();
        Box::pin(async move {
            match &mailbox.admission {
                Some(admission) => admission.spend(&mailbox, topic, token).await,
                // Here nobody pays, so that a token would be lost for nothing.
                None => Err(Refusal::Unwanted),
            }
        })
    }

    fn note_refused(&self, reason: Refusal) {
        self.contents.counters.count_refused(reason);
    }
}

/// Puts that the next commit makes durable.
#[derive(Default)]
struct Commit {
    entries: BTreeMap<EnvelopeId, (Entry, Vec<Put>)>,
    /// What the commit adds to each topic: envelopes and bytes.
    topics: BTreeMap<Topic, (u64, u64)>,
    /// How many of those topics nothing was held of before.
    begun: usize,
    bytes: u64,
    notes: Vec<Note>,
}

impl Commit {
    /// Whether what comes within a moment is better made durable with it than after it.
    fn wants_more(&self) -> bool {
        !self.entries.is_empty() && self.entries.len() < ENOUGH
    }
}

impl Writer {
    /// Writes until it is told to stop. Blocks; give it a thread of its own.
    pub(crate) fn run(mut self) {
        let mut jobs = Vec::with_capacity(COMMIT);
        let mut is_stopping = false;
        while !is_stopping && self.jobs.blocking_recv_many(&mut jobs, COMMIT) > 0 {
            let now = (self.clock)().hour();
            self.look_for_room();
            let mut commit = Commit::default();
            is_stopping = self.take(&mut jobs, now, &mut commit);
            if !is_stopping && commit.wants_more() {
                std::thread::sleep(GATHERING);
                while commit.entries.len() + jobs.len() < COMMIT
                    && let Ok(job) = self.jobs.try_recv()
                {
                    jobs.push(job);
                }
                is_stopping = self.take(&mut jobs, now, &mut commit);
            }
            self.commit(commit);
        }
        // What is still queued is answered by the dropped channels: shutting down.
    }

    /// Does what it is told, or adds it to the commit. Says whether it is to stop.
    fn take(&mut self, jobs: &mut Vec<Job>, now: Hour, commit: &mut Commit) -> bool {
        let mut is_stopping = false;
        for job in jobs.drain(..) {
            match job {
                Job::Put(put) => self.admit(put, now, commit),
                Job::Note(note) => commit.notes.push(note),
                Job::Sweep => self.sweep(now),
                Job::Look => {
                    self.reopen();
                    self.look_for_room();
                }
                Job::Stop => is_stopping = true,
            }
        }
        is_stopping
    }

    /// Adds a put to the commit and tells those who follow, or answers it. Only whoever puts has to
    /// know that it is durable.
    fn admit(&self, put: Put, now: Hour, commit: &mut Commit) {
        let (topic, hour, id) = (put.envelope.topic(), put.envelope.hour(), put.envelope.id());
        if let Some((_, puts)) = commit.entries.get_mut(&id) {
            puts.push(put);
            return;
        }
        let outcome = {
            let shelf = self.contents.shelf();
            if shelf.index.hour(&topic, &id).is_some() {
                Some(Ok(()))
            } else {
                let refusal = self.refusal(&shelf, &put.envelope, now, commit);
                let is_first =
                    shelf.index.len_of(&topic) == 0 && !commit.topics.contains_key(&topic);
                commit.begun += usize::from(refusal.is_none() && is_first);
                refusal.map(Err)
            }
        };
        if let Some(outcome) = outcome {
            // A client that has gone needs no answer.
            let _ = put.answer.send(outcome);
            return;
        }
        let len = put.envelope.as_bytes().len();
        let added = commit.topics.entry(topic).or_default();
        added.0 += 1;
        added.1 += len as u64;
        commit.bytes += len as u64;
        let len = u32::try_from(len).unwrap_or(u32::MAX);
        self.contents.passing().insert(id, put.envelope.clone());
        self.contents.followers.tell(&topic, Live { envelope: id, from: Some(put.from) });
        commit.entries.insert(id, (Entry { receipt: now, topic, id, hour, len }, vec![put]));
    }

    fn refusal(
        &self,
        shelf: &Shelf,
        envelope: &Envelope,
        now: Hour,
        commit: &Commit,
    ) -> Option<Refusal> {
        let (topic, hour) = (envelope.topic(), envelope.hour());
        let len = envelope.as_bytes().len() as u64;
        let (envelopes, bytes) = commit.topics.get(&topic).copied().unwrap_or_default();
        let held = shelf.index.len_of(&topic) as u64;
        if hour.get() > now.get().saturating_add(MAX_HOURS_AHEAD) {
            Some(Refusal::TooFarAhead)
        } else if hour < self.oldest_kept(now) {
            Some(Refusal::Expired)
        } else if !self.contents.has_room.load(Ordering::Relaxed)
            || shelf.bytes() + commit.bytes + len > self.limits.total_bytes
            || (shelf.index.len() + commit.entries.len()) as u64 >= self.limits.envelopes
            || (held + envelopes == 0
                && (shelf.index.topics() + commit.begun) as u64 >= self.limits.topics)
        {
            Some(Refusal::Full)
        } else if held + envelopes >= self.limits.topic_envelopes
            || shelf.bytes_of(&topic) + bytes + len > self.limits.topic_bytes
        {
            Some(Refusal::Quota)
        } else {
            None
        }
    }

    /// Makes all of it durable, or refuses all of it.
    fn commit(&mut self, commit: Commit) {
        if commit.entries.is_empty() && commit.notes.is_empty() {
            return;
        }
        let mut batch = Batch::new();
        let mut noted = Vec::with_capacity(commit.notes.len());
        for note in commit.notes {
            batch.extend(note.batch);
            noted.push(note.answer);
        }
        for (entry, puts) in commit.entries.values() {
            let (key, value) = entry.to_record();
            batch.put(key, value);
            if let Some(put) = puts.first() {
                let key = Key::envelope(&entry.topic, entry.hour, &entry.id);
                batch.put(key, put.envelope.as_bytes().to_vec());
            }
        }
        let written = self.write(batch);
        for answer in noted {
            let _ = answer.send(written);
        }
        for (entry, puts) in commit.entries.into_values() {
            if written {
                self.contents.shelf().insert(entry);
                self.contents.counters.taken.fetch_add(1, Ordering::Relaxed);
            }
            for put in puts {
                let _ = put.answer.send(if written { Ok(()) } else { Err(Refusal::Full) });
            }
        }
        // Not before the shelf knows them.
        self.contents.passing().clear();
    }

    fn write(&mut self, batch: Batch) -> bool {
        let written = match self.contents.store().as_mut().filter(|store| !store.has_ended()) {
            Some(open) if self.may_write() => open.apply(batch),
            _ => return false,
        };
        let Err(error) = written else { return true };
        tracing::error!(%error, "the relay cannot write; it refuses new envelopes");
        self.contents.has_room.store(false, Ordering::Relaxed);
        if matches!(error, StoreError::DiskFull) && self.reserve.is_some() {
            // A store that failed may not read everything any more.
            self.reopen();
        }
        false
    }

    /// Whether nothing keeps the writer from an open store: one that was opened with the last room there
    /// was is read, and nothing else.
    fn may_write(&self) -> bool {
        self.reserve.as_ref().is_none_or(Reserve::is_kept)
    }

    /// Drops what arrived too long ago.
    fn sweep(&mut self, now: Hour) {
        self.reopen();
        self.look_for_room();
        let oldest = self.oldest_kept(now);
        loop {
            let expired = self.contents.shelf().received_before(oldest, COMMIT);
            if expired.is_empty() {
                if self.may_write() {
                    self.tidy();
                }
                return;
            }
            let mut batch = Batch::new();
            for entry in &expired {
                batch.delete(entry.to_record().0);
                batch.delete(Key::envelope(&entry.topic, entry.hour, &entry.id));
            }
            if !self.write(batch) {
                return;
            }
            let mut shelf = self.contents.shelf();
            for entry in &expired {
                shelf.remove(entry);
            }
            self.contents.counters.expired.fetch_add(expired.len() as u64, Ordering::Relaxed);
        }
    }

    /// Destroys the keys of what has expired. A store that fails shows it at the next write.
    fn tidy(&self) {
        // Let go of after each step: members read meanwhile.
        let step = || self.contents.store().as_mut().map_or(Ok(true), |store| store.tidy_some());
        loop {
            match step() {
                Ok(true) => return,
                Ok(false) => {}
                Err(error) => {
                    tracing::error!(%error, "keys of what has expired are kept for now");
                    return;
                }
            }
        }
    }

    /// Opens the store again after a failed write. What is held is given out meanwhile, so nothing is
    /// closed before it looks as if it could be opened.
    fn reopen(&mut self) {
        let opened = match self.try_reopen() {
            Err(StoreError::DiskFull) if self.reserve.as_mut().is_some_and(Reserve::give_up) => {
                tracing::warn!("the disk is full; what the relay holds is given out all the same");
                let opened = self.try_reopen();
                // The next start may need what is left before anything is swept.
                self.reserve.as_mut().map(Reserve::keep);
                opened
            }
            opened => opened,
        };
        if let Err(error) = opened {
            tracing::warn!(%error, "the relay's store still fails");
        }
    }

    fn try_reopen(&self) -> Result<(), StoreError> {
        let mut store = self.contents.store();
        match store.as_ref() {
            Some(working) if !working.has_ended() => return Ok(()),
            Some(failed) => failed.could_reopen()?,
            None => {}
        }
        *store = None;
        *store = Some((self.open)()?);
        tracing::info!("the relay's store is open again");
        Ok(())
    }

    fn look_for_room(&mut self) {
        let is_open = self.contents.store().as_ref().is_some_and(|store| !store.has_ended());
        let has_space = self
            .folder
            .as_deref()
            .and_then(private::free_bytes)
            .is_none_or(|free| free >= self.limits.free_bytes);
        let has_reserve = self.reserve.as_mut().is_none_or(Reserve::keep);
        self.contents.has_room.store(is_open && has_space && has_reserve, Ordering::Relaxed);
    }

    /// The hour before which nothing is kept.
    fn oldest_kept(&self, now: Hour) -> Hour {
        let hours = u32::try_from(self.limits.keep.as_secs() / 3600).unwrap_or(u32::MAX);
        Hour::new(now.get().saturating_sub(hours))
    }
}

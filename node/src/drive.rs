//! Obeys the engine's outputs in their order, and nothing else may. All batches of a burst become
//! one write; only when it is durable is anything published, opened, closed or told.

use std::sync::Arc;

use windbreak_protocol::record::{Batch, Key, RecordKind};
use windbreak_protocol::secret::Secret;
use windbreak_protocol::{
    Engine, Event, Loading, Output, Redundant, Timings, Venue, Verdict, item_at,
};

use crate::clock;
use crate::error::NodeError;
use crate::links::LinkBook;
use crate::node::Loop;
use crate::notice;
use crate::profile::NetworkMode;
use crate::recovery;
use crate::reopen::{self, OpenStore, ReopeningStore, Shared};
use crate::returning;
use crate::search::Sketching;
use crate::store::{Store, StoreError, Wanted};
use crate::swarm::{
    self, Acceptance, EnvelopeChanges, HeldEnvelopes, MemberMailbox, Purse, SharedStore, Way,
};
use crate::upkeep::Usage;

/// The name of the record that is written to see whether writing works.
const PROBE: &[u8] = b"probe";

/// What a burst did could not be written, so it never happened.
pub(crate) struct Undone(pub(crate) StoreError);

/// Everything that is read from the store at the start.
pub(crate) struct Loaded {
    pub(crate) engine: Engine,
    pub(crate) links: LinkBook,
    pub(crate) mailbox: Arc<MemberMailbox>,
    pub(crate) purse: Arc<Purse>,
    pub(crate) usage: Usage,
    pub(crate) notices: Option<notice::Kept>,
}

impl Loop {
    /// Obeys all that is queued. Gives what nobody waits for, to be written once those are answered who
    /// wait for the burst: all of that is durable, whatever becomes of the rest.
    pub(crate) async fn drive(&mut self) -> Result<Batch, Undone> {
        let mut batch = Batch::new();
        let mut outputs = Vec::new();
        while let Some(output) = self.engine.poll_output() {
            match output {
                Output::Persist(written) => batch.extend(written),
                output => {
                    if let Output::Event(Event::CircleClosed { circle, left: true }) = &output {
                        self.personal.forget(circle).map_err(Undone)?;
                        self.notices.forget(circle);
                    }
                    self.note_mode(&output);
                    self.note_tokens(&output, &mut batch);
                    outputs.push(output);
                }
            }
        }
        let (chosen, relinked) = self.links.take_changes();
        batch.extend(chosen);
        batch.extend(self.personal.take_changes());
        batch.extend(self.notices.take_changes());
        if let Some(public) = self.kept.take() {
            batch.put(recovery::key(), public.to_bytes());
        }
        self.write(batch).await.map_err(Undone)?;
        self.engine.shelve();

        let mut late = Batch::new();
        for output in outputs {
            match output {
                // Taken out above.
                Output::Persist(_) => {}
                Output::Publish { venue, envelope } => self.venues.publish(&venue, envelope),
                Output::TakeBack { venue, envelope } => self.venues.take_back(&venue, &envelope),
                Output::Reach(venue) => self.reach(venue).await,
                Output::Close(venue) => {
                    self.venues.close(&venue).await;
                    // What a draw brought meanwhile goes, too.
                    late.extend(self.purse.forget(&venue));
                }
                Output::Event(event) => self.tell(event),
            }
        }
        for circle in relinked {
            self.reach(Venue::Circle(circle)).await;
        }
        Ok(late)
    }

    /// Keeps how a circle is reached from its beginning to its end.
    fn note_mode(&mut self, output: &Output) {
        match output {
            Output::Event(Event::Joined { invite, circle }) => {
                let is_in_by_it = self.engine.came_by(circle) == Some(*invite);
                self.links.joined(invite, circle, is_in_by_it);
            }
            Output::Reach(Venue::Circle(circle)) => {
                let config = &self.about.reach;
                self.links.settle(circle, config.mode);
                if let Some(reach) = self.engine.reach(&Venue::Circle(*circle)) {
                    self.links.settle_relays(circle, &reach.relays, config);
                }
            }
            Output::Close(Venue::Circle(circle)) => {
                if self.engine.circle(clock::now(), circle).is_some() {
                    self.links.close(circle);
                } else {
                    self.links.forget(circle);
                }
            }
            Output::Close(Venue::Invite(invite)) => self.links.forget_join(invite),
            _ => {}
        }
    }

    /// What was drawn to knock serves the circle it led to; of what is over nothing is kept.
    fn note_tokens(&self, output: &Output, batch: &mut Batch) {
        match output {
            Output::Event(Event::Joined { invite, circle })
                if self.engine.came_by(circle) == Some(*invite) =>
            {
                let (from, to) = (Venue::Invite(*invite), Venue::Circle(*circle));
                batch.extend(self.purse.inherit(&from, &to));
            }
            Output::Close(venue) => batch.extend(self.purse.forget(venue)),
            _ => {}
        }
    }

    /// Makes a batch durable, off the threads that serve others, and tells the mailbox.
    pub(crate) async fn write(&mut self, batch: Batch) -> Result<(), StoreError> {
        if batch.is_empty() {
            return Ok(());
        }
        let envelopes = EnvelopeChanges::of(&batch);
        self.usage.add_batch(&batch);
        let store = self.store.clone();
        let applied = off_thread(move || {
            let mut store = reopen::lock(&store);
            let deleted = Usage::deleted_by(&batch, &*store);
            store.apply(batch).map(|()| deleted)
        });
        let deleted = applied.await.unwrap_or(Err(StoreError::Stopped))?;
        self.usage.take_off(&deleted);
        self.mailbox.observe(&envelopes);
        Ok(())
    }

    async fn reach(&mut self, venue: Venue) {
        let Some(mut reach) = self.engine.reach(&venue) else {
            self.venues.close(&venue).await;
            return;
        };
        let config = &self.about.reach;
        let (mode, links) = (self.links.mode(&venue, config), self.links.used(&venue, config));
        reach.relays = self.links.relays_to_dial(&venue, reach.relays, config);
        let way = match mode {
            NetworkMode::Tor => Way::Tor(self.about.reach.tor_proxy),
            NetworkMode::RelayOnly | NetworkMode::Direct => Way::Clear,
            NetworkMode::Lan => Way::Lan,
        };
        if self.venues.way(&venue).is_some_and(|opened| opened != way) {
            // Nothing that was begun one way ends the other.
            self.venues.close(&venue).await;
        }
        if let Err(error) = self.venues.reach(venue, way, self.is_starting, reach, links) {
            tracing::warn!(%error, "a circle's network cannot be opened");
            // Better none than one that its owner has chosen otherwise.
            self.venues.close(&venue).await;
        }
    }
}

/// Opens the store and reads everything from it.
pub(crate) async fn open(open: OpenStore, timings: Timings) -> Result<(Shared, Loaded), NodeError> {
    off_thread(move || {
        let store = ReopeningStore::open(open)?;
        let loaded = load(&store, timings)?;
        Ok((store, loaded))
    })
    .await
    .unwrap_or(Err(NodeError::Fault))
}

/// Opens the store again and reads everything from it.
pub(crate) async fn reload(store: Shared, timings: Timings) -> Result<Loaded, StoreError> {
    let loaded = off_thread(move || {
        reopen::lock(&store).reopen()?;
        load(&store, timings)
    });
    match loaded.await {
        Some(Ok(loaded)) => Ok(loaded),
        Some(Err(NodeError::Store(error))) => Err(error),
        // It was read before: what cannot be read now is not what was written.
        Some(Err(_)) | None => Err(StoreError::Damaged),
    }
}

/// Closes the store; what it holds is durable already.
pub(crate) async fn close(store: Shared) {
    off_thread(move || reopen::lock(&store).close()).await;
}

/// Whether the store can be written.
pub(crate) async fn probe(store: &Shared) -> Result<(), StoreError> {
    let mut batch = Batch::new();
    let now = clock::now().as_seconds().to_be_bytes();
    batch.put(Key::new(RecordKind::Node, &[PROBE]), now.to_vec());
    apply(store.clone(), batch).await
}

/// Makes a batch durable.
pub(crate) async fn apply(store: Shared, batch: Batch) -> Result<(), StoreError> {
    off_thread(move || reopen::lock(&store).apply(batch)).await.unwrap_or(Err(StoreError::Stopped))
}

/// What the network is to do with an envelope.
pub(crate) fn acceptance(verdict: Verdict) -> Acceptance {
    match verdict {
        Verdict::Accept => Acceptance::Accept,
        Verdict::Defer(_) => Acceptance::Keep,
        Verdict::Ignore(Redundant::NoRoom | Redundant::TooFarAhead) => Acceptance::AskAgain,
        Verdict::Ignore(_) | Verdict::Reject(_) => Acceptance::Ignore,
    }
}

/// Runs what blocks; nothing if it failed by a fault of the program.
async fn off_thread<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Option<T> {
    tokio::task::spawn_blocking(work).await.ok()
}

fn load(store: &Shared, timings: Timings) -> Result<Loaded, NodeError> {
    let mut loading = Loading::from_shelf(Arc::new(reopen::Words(store.clone())));
    let mut own = Vec::new();
    let mut usage = Usage::default();
    let mut refused = None;
    let mut held = HeldEnvelopes::default();
    let is_own = |kind| matches!(kind, RecordKind::Node | RecordKind::Notices);
    let wants = |kind: RecordKind| match kind {
        // What is kept for others is read when it is asked for.
        RecordKind::Envelope => Wanted::Key,
        kind if is_own(kind) || kind.is_engines() => Wanted::Whole,
        _ => Wanted::Nothing,
    };
    let mut sketching = Sketching::begin();
    reopen::lock(store).begin(&wants, &mut |key, value| {
        let Some(value) = value else {
            held.note(&key);
            return;
        };
        if is_own(key.kind()) {
            own.push((key, value));
            return;
        }
        usage.add(&key, value.len());
        if refused.is_none() {
            match loading.take(&key, value) {
                Ok(said) => {
                    if let (Some((circle, item)), Some(said)) = (item_at(&key), said) {
                        sketching.take(circle, item, said);
                    }
                }
                Err(error) => refused = Some(error),
            }
        }
    })?;
    if let Some(error) = refused {
        return Err(error.into());
    }
    own.sort_by(|left, right| left.0.cmp(&right.0));
    let mut seed = [0; 32];
    getrandom::fill(&mut seed).map_err(|_| NodeError::NoRandomness)?;
    let recovery = recovery::public_half(&*reopen::lock(store))?;
    let must_return = returning::is_marked(&*reopen::lock(store))?;
    let mut engine = loading.finish(clock::now(), &Secret::from_bytes(seed), timings.clone())?;
    // Before anything is written, which has sketches of its own.
    let sketches = sketching.end();
    reopen::lock(store).have(sketches);
    if let Some(recovery) = recovery {
        engine.set_recovery(clock::now(), recovery);
    }
    if must_return {
        // Not under the lock: the engine may read from the store.
        let mut begun = returning::begin(&mut engine, clock::now());
        // Others may have spent them since, and a relay would see one token twice.
        for (key, _) in own.iter().filter(|(key, _)| swarm::tokens::is_tokens(key)) {
            begun.delete(key.clone());
        }
        reopen::lock(store).apply(begun)?;
        return load(store, timings);
    }
    let shared: SharedStore = store.clone();
    let (links, purse) = (LinkBook::load(&own), Purse::open(shared.clone())?);
    let mailbox = MemberMailbox::new(shared, held);
    let notices = notice::read(&own);
    Ok(Loaded { engine, links, mailbox, purse, usage, notices })
}

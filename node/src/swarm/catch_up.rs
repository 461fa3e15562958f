//! Comparing a topic with a host: days by fingerprint, differing days by reconciliation, what is
//! missing fetched in batches and given to the node loop, what the host lacks put back.

use std::collections::{BTreeMap, BTreeSet};

use futures::{StreamExt, TryStreamExt};
use negentropy::{Id, Negentropy};
use tokio::time::{Instant, timeout};
use windbreak_protocol::id::{EnvelopeId, Topic};
use windbreak_protocol::identity::Verified;
use windbreak_protocol::time::Hour;
use windbreak_protocol::wire::Envelope;
use windbreak_protocol::wire::sync::{DayFingerprint, MAX_FETCH, MAX_RECONCILE};

use crate::swarm::limits::{
    DAYS_AHEAD, DAYS_BACK, MAX_BATCH, MAX_BATCH_BYTES, MAX_PUTS_IN_FLIGHT, MAX_RECONCILE_STEPS,
    MAX_WAIT_FOR_TURN, MAX_WANTED,
};
use crate::swarm::mailbox::reconcilable;
use crate::swarm::session::{Paid, Remote};
use crate::swarm::shared::Shared;
use crate::swarm::stream::{StreamError, TopicStream};

/// How a day differs between two nodes.
#[derive(Default)]
struct Difference {
    /// We lack these.
    wanted: Vec<EnvelopeId>,
    /// The host lacks these.
    lacking: Vec<EnvelopeId>,
}

/// How far a comparison came.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Compared {
    /// Through everything.
    Whole,
    /// Its time was up. What was fetched so far is kept, so the next one begins further on.
    Cut,
}

/// Compares `topic` with a host and evens out what differs. What lies before `refill_from` is not
/// put back; `None` puts nothing back.
///
/// A host may lie about its days and answer as late as it can. So nobody waits long for another
/// comparison to end (what both fetch is handed over once), only days a host can honestly hold
/// anything of are looked at, and all of it has an end.
pub(crate) async fn catch_up(
    shared: &Shared,
    remote: &Remote,
    paid: Paid<'_>,
    topic: Topic,
    refill_from: Option<Hour>,
) -> Result<Compared, StreamError> {
    let stream = paid.stream;
    let lock = shared.comparing(&topic);
    let turn = timeout(MAX_WAIT_FOR_TURN, lock.lock()).await;
    let end = Instant::now() + shared.timings.comparison;

    let today = (shared.clock)().hour().day();
    let possible = today.saturating_sub(DAYS_BACK)..=today.saturating_add(DAYS_AHEAD);
    let listed = stream.days().await?;
    let theirs: BTreeMap<_, _> = listed
        .into_iter()
        .filter(|day| possible.contains(&day.day))
        .map(|day| (day.day, day))
        .collect();
    let mut refill = Vec::new();
    // The newest first: it is what people wait for if the time is up too soon.
    for day in theirs.values().rev() {
        if Instant::now() >= end {
            return Ok(Compared::Cut);
        }
        let known = shared.mailbox.known_day(&topic, day.day);
        if DayFingerprint::of(day.day, known.iter().copied()) == *day {
            continue;
        }
        let Some(difference) = reconcile(stream, day.day, &known, end).await? else {
            return Ok(Compared::Cut);
        };
        if fetch(shared, stream, topic, difference.wanted, end).await? == Compared::Cut {
            return Ok(Compared::Cut);
        }
        refill.extend(difference.lacking);
    }
    let theirs: BTreeSet<_> = theirs.into_keys().collect();
    for day in shared.mailbox.stored_days(&topic) {
        if !theirs.contains(&day.day) {
            let held = shared.mailbox.stored_day(&topic, day.day);
            refill.extend(held.into_iter().map(|(_, id)| id));
        }
    }
    drop(turn);
    shared.compared(remote.carrier, topic).await?;
    if let Some(first) = refill_from {
        put_back(shared, paid, topic, refill, first).await?;
    }
    Ok(Compared::Whole)
}

/// How a day differs; none if the time is up before that is known.
async fn reconcile(
    stream: &TopicStream,
    day: u32,
    known: &[(Hour, EnvelopeId)],
    end: Instant,
) -> Result<Option<Difference>, StreamError> {
    let failed = |_| StreamError::Reconciliation;
    let items = reconcilable(known).map_err(failed)?;
    let mut ours = Negentropy::owned(items, MAX_RECONCILE as u64).map_err(failed)?;
    let mut step = ours.initiate().map_err(failed)?;
    let (mut have, mut need) = (Vec::new(), Vec::new());
    for _ in 0..MAX_RECONCILE_STEPS {
        if Instant::now() >= end {
            return Ok(None);
        }
        let answer = stream.reconcile(day, step).await?;
        let next = ours.reconcile_with_ids(&answer, &mut have, &mut need).map_err(failed)?;
        if need.len() > MAX_WANTED {
            return Err(StreamError::Reconciliation);
        }
        match next {
            Some(next) => step = next,
            None => return Ok(Some(Difference { wanted: ids(need), lacking: ids(have) })),
        }
    }
    Err(StreamError::Reconciliation)
}

/// The ids negentropy gave, in order and once each.
fn ids(ids: Vec<Id>) -> Vec<EnvelopeId> {
    let mut ids: Vec<_> = ids.into_iter().map(|id| EnvelopeId::from_bytes(id.to_bytes())).collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}

/// Fetches envelopes and gives them to the node loop, a batch at a time; the next batch is asked
/// for when the loop is done with the one before.
async fn fetch(
    shared: &Shared,
    stream: &TopicStream,
    topic: Topic,
    wanted: Vec<EnvelopeId>,
    end: Instant,
) -> Result<Compared, StreamError> {
    let mut batch = Vec::new();
    let mut bytes = 0;
    let mut came = Compared::Whole;
    for some in wanted.chunks(MAX_FETCH) {
        if Instant::now() >= end {
            came = Compared::Cut;
            break;
        }
        for envelope in stream.fetch(some.to_vec()).await? {
            bytes += envelope.len();
            batch.push(envelope);
        }
        if batch.len() + MAX_FETCH > MAX_BATCH || bytes >= MAX_BATCH_BYTES {
            bytes = 0;
            shared.deliver(verified(topic, std::mem::take(&mut batch)).await?).await?;
        }
    }
    shared.deliver(verified(topic, batch).await?).await?;
    Ok(came)
}

/// Those of `envelopes` that are well-formed, of `topic`, and signed by it. The others are
/// dropped: a host that sends such has not checked them itself.
pub(crate) async fn verified(
    topic: Topic,
    envelopes: Vec<Vec<u8>>,
) -> Result<Vec<Verified<Envelope>>, StreamError> {
    let check = move || {
        let check = |bytes: Vec<u8>| {
            let envelope = Envelope::from_bytes(bytes).ok()?;
            (envelope.topic() == topic).then_some(envelope)?.verify().ok()
        };
        envelopes.into_iter().filter_map(check).collect()
    };
    tokio::task::spawn_blocking(check).await.map_err(|_| StreamError::Stopping)
}

/// Puts back what the host lacks and would still keep. Refusals are its own business.
async fn put_back(
    shared: &Shared,
    paid: Paid<'_>,
    topic: Topic,
    lacking: Vec<EnvelopeId>,
    first: Hour,
) -> Result<(), StreamError> {
    let puts = lacking
        .into_iter()
        .filter(|id| shared.mailbox.stored_hour(&topic, id).is_some_and(|hour| hour >= first));
    futures::stream::iter(puts)
        .map(|id| async move {
            let mailbox = shared.mailbox.clone();
            let bytes = tokio::task::spawn_blocking(move || mailbox.bytes(&topic, &id))
                .await
                .map_err(|_| StreamError::Stopping)?;
            match bytes {
                Some(bytes) => paid.put_back(&bytes).await.map(|_| ()),
                None => Ok(()),
            }
        })
        .buffer_unordered(MAX_PUTS_IN_FLIGHT / 2)
        .try_collect()
        .await
}

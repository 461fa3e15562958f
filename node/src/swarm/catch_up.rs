//! Comparing a topic with a host: days by fingerprint, differing days by reconciliation, what is
//! missing fetched in batches and given to the node loop, what the host lacks put back.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use futures::stream::FuturesOrdered;
use futures::{StreamExt, TryStreamExt};
use negentropy::{Id, Negentropy};
use tokio::time::{Instant, timeout};
use windbreak_protocol::id::{EnvelopeId, Topic};
use windbreak_protocol::identity::Verified;
use windbreak_protocol::time::Hour;
use windbreak_protocol::wire::sync::{DayFingerprint, MAX_RECONCILE};
use windbreak_protocol::wire::{DecodeError, Envelope, TopicVerifier};

use crate::swarm::limits::{
    DAYS_AHEAD, DAYS_BACK, FETCH_STEP, FETCHES, FIRST_FETCH, LATE, LONG_BATCH, MAX_BATCH,
    MAX_BATCH_BYTES, MAX_LACKING, MAX_PUTS_IN_FLIGHT, MAX_RECONCILE_STEPS, MAX_WAIT_FOR_TURN,
    MAX_WANTED, MOST_AT_ONCE, SLOW_BATCH, SOON,
};
use crate::swarm::mailbox::reconcilable;
use crate::swarm::session::{Paid, Remote};
use crate::swarm::shared::{Delivered, Shared};
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
    /// Through everything, but for some there was no room. Other things were opened, which may have
    /// made some.
    Again,
    /// Its time was up. What was fetched so far is kept, so the next one begins further on.
    Cut,
    /// So many envelopes were listed and not handed over when they were asked for.
    Lacking(usize),
    /// What was handed over was sealed in a version that this node does not know.
    Unreadable,
}

/// What a comparison has fetched so far.
#[derive(Default)]
struct Fetched {
    /// Envelopes that were listed and did not come.
    lacking: usize,
    /// Envelopes that came in a version that this node does not know.
    unreadable: usize,
    /// What became of what came.
    delivered: Delivered,
}

impl Fetched {
    fn note(&mut self, delivered: Delivered) {
        self.delivered.is_of_use |= delivered.is_of_use;
        self.delivered.comes_again |= delivered.comes_again;
    }

    /// What became of a comparison that came to `end`.
    fn outcome(&self, end: Compared) -> Compared {
        match self {
            Self { lacking: 0, unreadable: 0, delivered } => match end {
                Compared::Whole if delivered.is_of_use && delivered.comes_again => Compared::Again,
                end => end,
            },
            Self { lacking: 0, .. } => Compared::Unreadable,
            Self { lacking, .. } => Compared::Lacking(*lacking),
        }
    }
}

/// Compares `topic` with a host and evens out what differs. What lies before `refill_from` is not
/// put back; `None` puts nothing back.
///
/// A host may lie about its days and answer as late as it can. So nobody waits long for another
/// comparison to end (what both fetch is handed over once), only days a host can honestly hold
/// anything of are looked at, and all of it has an end. What it lists and does not hand over keeps
/// the comparison from counting.
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
    let known_of = |day: &DayFingerprint| {
        let known = shared.mailbox.known_day(&topic, day.day);
        let differs = DayFingerprint::of(day.day, known.iter().copied()) != *day;
        differs.then_some(known)
    };
    let differing: Vec<_> = theirs.values().filter(|day| known_of(day).is_some()).collect();
    let counted = |day: &&DayFingerprint| {
        let count = usize::try_from(day.count).unwrap_or(usize::MAX);
        (day.day, count)
    };
    // Where members are is nothing that anybody waits for.
    let is_shown = !shared.finding.is_about(&topic);
    let counts = if is_shown { differing.iter().map(counted).collect() } else { BTreeMap::new() };
    shared.progress().begin(remote.peer, topic, counts);
    let finish = |outcome: Compared| {
        // What is cut goes on soon, and what found no room at once; else nothing more is to be had here.
        if !matches!(outcome, Compared::Cut | Compared::Again) {
            shared.progress().end(remote.peer, topic);
        }
        Ok(outcome)
    };
    let mut refill = Vec::new();
    let mut fetched = Fetched::default();
    // The newest first: it is what people wait for if the time is up too soon.
    for day in differing.into_iter().rev() {
        if Instant::now() >= end {
            return finish(fetched.outcome(Compared::Cut));
        }
        // It may have come from another host meanwhile.
        let Some(known) = known_of(day) else { continue };
        let Some(difference) = reconcile(stream, day.day, &known, end).await? else {
            return finish(fetched.outcome(Compared::Cut));
        };
        let wanted = difference.wanted;
        shared.progress().name(remote.peer, topic, day.day, &wanted);
        if fetch(shared, stream, topic, wanted, end, &mut fetched).await? == Compared::Cut {
            return finish(fetched.outcome(Compared::Cut));
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
    let outcome = finish(fetched.outcome(Compared::Whole))?;
    if outcome == Compared::Whole {
        shared.compared(remote.carrier, topic).await?;
    }
    if let Some(first) = refill_from {
        put_back(shared, paid, topic, refill, first).await?;
    }
    Ok(outcome)
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

/// Fetches envelopes, looks at each while the next come, and gives them to the node loop, a batch at
/// a time; when a batch is handed over little more is under way. Few are asked for at first, and more
/// while answers come soon. Whoever hands over too little of what it listed is asked no further.
async fn fetch(
    shared: &Shared,
    stream: &TopicStream,
    topic: Topic,
    wanted: Vec<EnvelopeId>,
    end: Instant,
    fetched: &mut Fetched,
) -> Result<Compared, StreamError> {
    let mut batch = Checked::default();
    let mut came = Compared::Whole;
    let mut left = wanted.as_slice();
    let mut at_once = FIRST_FETCH;
    let mut under_way = FuturesOrdered::new();
    let mut began = Instant::now();
    loop {
        while under_way.len() < FETCHES && !left.is_empty() {
            let (some, rest) = left.split_at(at_once.min(left.len()));
            left = rest;
            under_way.push_back(fetch_some(stream.clone(), topic, some.to_vec()));
        }
        let (asked, checked, took) = match under_way.next().await {
            None => break,
            Some(Ok(answer)) => answer,
            Some(Err(error)) => {
                // What came before it is good.
                batch.deliver(shared).await?;
                return Err(error);
            }
        };
        at_once = next_fetch(at_once, took, shared.timings.answer);
        let here: BTreeSet<_> = checked.envelopes.iter().map(|found| found.id()).collect();
        let missing = asked.iter().filter(|id| !here.contains(id)).count();
        // Which of them those are that cannot be read is not known.
        fetched.lacking += missing.saturating_sub(checked.unreadable);
        fetched.unreadable += checked.unreadable;
        batch.add(checked);
        if batch.is_spoilt {
            break;
        }
        if Instant::now() >= end || fetched.lacking > MAX_LACKING {
            came = Compared::Cut;
            break;
        }
        let is_large =
            batch.envelopes.len() + MOST_AT_ONCE > MAX_BATCH || batch.bytes() >= MAX_BATCH_BYTES;
        let patience = if at_once < MOST_AT_ONCE { SLOW_BATCH } else { LONG_BATCH };
        if is_large || began.elapsed() >= patience {
            fetched.note(std::mem::take(&mut batch).deliver(shared).await?);
            began = Instant::now();
        }
    }
    fetched.note(batch.deliver(shared).await?);
    Ok(came)
}

/// How many envelopes to ask for after so many took so long.
fn next_fetch(at_once: usize, took: Duration, answer: Duration) -> usize {
    if took < answer / SOON {
        (at_once * FETCH_STEP).min(MOST_AT_ONCE)
    } else if took > answer / LATE {
        (at_once / FETCH_STEP).max(1)
    } else {
        at_once
    }
}

/// Fetches some envelopes and looks at what comes; says how long it took to come.
async fn fetch_some(
    stream: TopicStream,
    topic: Topic,
    some: Vec<EnvelopeId>,
) -> Result<(Vec<EnvelopeId>, Checked, Duration), StreamError> {
    let began = Instant::now();
    let found = stream.fetch(some.clone()).await?;
    let took = began.elapsed();
    Ok((some, check(topic, found).await?, took))
}

/// What a host sent as envelopes, once each was looked at.
#[derive(Default)]
pub(crate) struct Checked {
    /// Those that are well-formed, of the topic, and signed by it.
    envelopes: Vec<Verified<Envelope>>,
    /// How many are of a version that this node does not know, which is no fault of the host.
    unreadable: usize,
    /// Whether any are none of the topic: a host that sends such has not checked them itself.
    is_spoilt: bool,
}

impl Checked {
    /// Adds what came after it.
    fn add(&mut self, other: Self) {
        self.envelopes.extend(other.envelopes);
        self.unreadable += other.unreadable;
        self.is_spoilt |= other.is_spoilt;
    }

    fn bytes(&self) -> usize {
        self.envelopes.iter().map(|envelope| envelope.as_bytes().len()).sum()
    }

    /// Gives to the node loop what is good.
    ///
    /// # Errors
    /// [`StreamError::Spoilt`] if anything else was among it.
    pub(crate) async fn deliver(self, shared: &Shared) -> Result<Delivered, StreamError> {
        let delivered = shared.deliver(self.envelopes).await?;
        if self.is_spoilt { Err(StreamError::Spoilt) } else { Ok(delivered) }
    }
}

/// Looks at what a host sent as envelopes of `topic`.
pub(crate) async fn check(topic: Topic, envelopes: Vec<Vec<u8>>) -> Result<Checked, StreamError> {
    let check = move || {
        let mut checked = Checked::default();
        let verifier = TopicVerifier::of(&topic).ok();
        for bytes in envelopes {
            let verified = match Envelope::from_bytes(bytes) {
                Ok(envelope) => verifier.as_ref().and_then(|key| key.verify(envelope).ok()),
                Err(DecodeError::UnknownVersion) => {
                    checked.unreadable += 1;
                    continue;
                }
                Err(_) => None,
            };
            match verified {
                Some(envelope) => checked.envelopes.push(envelope),
                None => checked.is_spoilt = true,
            }
        }
        checked
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::swarm::limits::Timings;

    #[test]
    fn what_a_slow_line_brings_in_time_is_asked_for_and_no_more() {
        let answer = Timings::default().answer;
        for (bytes_per_second, size) in [(1_400, 61_440), (2_500, 2_048), (1_000_000, 2_048)] {
            let (mut at_once, mut most) = (FIRST_FETCH, 0);
            for _ in 0..20 {
                most = most.max(at_once);
                let took =
                    Duration::from_secs_f64((at_once * size) as f64 / f64::from(bytes_per_second));
                assert!(took < answer, "{at_once} envelopes of {size} at {bytes_per_second}");
                at_once = next_fetch(at_once, took, answer);
            }
            assert!(most == MOST_AT_ONCE || bytes_per_second < 10_000);
        }
        assert_eq!(next_fetch(1, answer, answer), 1);
    }
}

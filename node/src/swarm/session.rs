//! A member's use of one topic at one host, for as long as the stream lasts: compare, follow,
//! publish, all at once.

use std::collections::BTreeSet;
use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use futures::stream::FuturesUnordered;
use futures::{FutureExt, StreamExt};
use libp2p::{PeerId, StreamProtocol};
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep, sleep_until, timeout};
use windbreak_protocol::id::Topic;
use windbreak_protocol::identity::Verified;
use windbreak_protocol::limits::RELAY_KEEP;
use windbreak_protocol::time::Hour;
use windbreak_protocol::wire::Envelope;
use windbreak_protocol::wire::sync::{PROTOCOL, Refusal};

use crate::swarm::catch_up::{Compared, catch_up, check};
use crate::swarm::limits::{
    Backoff, MAX_BATCH, MAX_IN_A_ROW, MAX_LACKING_BORNE, MAX_PUTS_IN_FLIGHT, jittered, part_of,
};
use crate::swarm::outgoing::Carrier;
use crate::swarm::raw;
use crate::swarm::shared::Shared;
use crate::swarm::stream::{LiveEnvelopes, StreamError, TopicStream};
use crate::swarm::tokens::{Payer, Reserve};
use crate::swarm::venue::{FollowedTopic, VenueStatus};

/// A host whose topics a member uses.
#[derive(Clone)]
pub(crate) struct Remote {
    pub(crate) peer: PeerId,
    pub(crate) carrier: Carrier,
    pub(crate) control: raw::Control,
    /// Told of hosts that no longer answer, so that their connection is given up: a connection
    /// whose other end vanished looks alive for many minutes.
    pub(crate) silent: Option<mpsc::Sender<PeerId>>,
    /// One opening at a time, until the host has said its first word: hosts of before decision 0130 drop
    /// streams that come faster than they take them.
    pub(crate) gate: Arc<tokio::sync::Mutex<()>>,
}

impl Remote {
    fn is_relay(&self) -> bool {
        matches!(self.carrier, Carrier::Relay(_))
    }
}

/// What a host has listed, for as long as it may be had there: a relay comes back, a member's device
/// may not.
struct Listed<'a> {
    shared: &'a Shared,
    host: PeerId,
    topic: Topic,
    is_relay: bool,
}

impl Drop for Listed<'_> {
    fn drop(&mut self) {
        if !self.is_relay {
            self.shared.progress().end(self.host, self.topic);
        }
    }
}

/// A stream, and what pays for what is put on it.
#[derive(Clone, Copy)]
pub(crate) struct Paid<'a> {
    pub(crate) stream: &'a TopicStream,
    payer: &'a Payer<'a>,
}

impl Paid<'_> {
    /// Asks the host to keep an envelope; `Ok(Ok)` when it is durable there.
    pub(crate) async fn put(
        self,
        envelope: &Verified<Envelope>,
    ) -> Result<Result<(), Refusal>, StreamError> {
        let id = envelope.id();
        self.payer.put(self.stream, envelope.as_bytes(), Reserve::None, Some(&id)).await
    }

    /// The same of what a host lacks and somebody else may put as well.
    pub(crate) async fn put_back(
        self,
        envelope: &[u8],
    ) -> Result<Result<(), Refusal>, StreamError> {
        self.payer.put(self.stream, envelope, Reserve::Some, None).await
    }
}

/// Uses a topic at a host, opening the stream again whenever it ends. Never returns.
pub(crate) async fn keep_open(shared: Arc<Shared>, remote: Remote, followed: FollowedTopic) {
    let mut backoff = Backoff::new(&shared.timings);
    loop {
        let opened = tokio::time::Instant::now();
        let Err(error) = session(&shared, &remote, &followed).await;
        tracing::debug!(%error, "a topic's stream ended");
        if matches!(error, StreamError::TimedOut)
            && let Some(silent) = &remote.silent
        {
            // If the channel is full, somebody else has said it.
            let _ = silent.try_send(remote.peer);
        }
        let is_crowded = matches!(error, StreamError::Crowded);
        if is_crowded && remote.is_relay() {
            shared.change_status(|status| status.refusal = Some(Refusal::Crowded));
        }
        if error.is_lie() {
            shared.progress().end(remote.peer, followed.key.topic());
            // A node that is stopping needs no word.
            let _ = shared.doubt(remote.carrier, followed.key.topic()).await;
        } else if !is_crowded && opened.elapsed() > shared.timings.handshake {
            backoff.reset();
        }
        sleep(backoff.wait()).await;
    }
}

async fn session(
    shared: &Shared,
    remote: &Remote,
    followed: &FollowedTopic,
) -> Result<Infallible, StreamError> {
    let topic = followed.key.topic();
    let _listed = Listed { shared, host: remote.peer, topic, is_relay: remote.is_relay() };
    let turn = remote.gate.clone().lock_owned().await;
    let opening = remote.control.open_stream(remote.peer, StreamProtocol::new(PROTOCOL));
    let stream = timeout(shared.timings.connect, opening)
        .await
        .map_err(|_| StreamError::TimedOut)?
        .map_err(|_| StreamError::Closed)?;
    let host = remote.peer.to_bytes();
    let opened = TopicStream::open(stream, &followed.key, &host, &shared.timings, turn).await?;
    let (stream, live, driver) = opened;
    if remote.is_relay() {
        shared.change_status(VenueStatus::has_a_place);
    }
    let payer = Payer::new(shared, remote.carrier, topic);
    let paid = Paid { stream: &stream, payer: &payer };
    tokio::select! {
        error = driver => Err(error),
        ended = take_live(shared, topic, live) => ended,
        ended = compare(shared, remote, followed, paid) => ended,
        ended = publish(shared, remote, followed, paid) => ended,
        ended = probe(shared, &stream) => ended,
    }
}

/// Gives live envelopes to the node loop as they come, together with those that came meanwhile.
async fn take_live(
    shared: &Shared,
    topic: Topic,
    mut live: LiveEnvelopes,
) -> Result<Infallible, StreamError> {
    let mut batch = Vec::new();
    while live.recv_many(&mut batch, MAX_BATCH).await > 0 {
        check(topic, std::mem::take(&mut batch)).await?.deliver(shared).await?;
    }
    Err(StreamError::Closed)
}

/// Compares at once, whenever live envelopes were missed, and now and then.
async fn compare(
    shared: &Shared,
    remote: &Remote,
    followed: &FollowedTopic,
    paid: Paid<'_>,
) -> Result<Infallible, StreamError> {
    let stream = paid.stream;
    let is_relay = remote.is_relay();
    if remote.carrier != Carrier::Links {
        // First, so that nothing falls between the comparison and what follows it. Linked members
        // hear live envelopes by gossip instead.
        stream.follow().await?;
    }
    let mut backoff = Backoff::new(&shared.timings);
    let mut is_in_doubt = false;
    let mut in_a_row = 0;
    loop {
        let keep = u32::try_from(RELAY_KEEP.as_secs() / 3600).unwrap_or(u32::MAX);
        let now = (shared.clock)().hour();
        let oldest = Hour::new(now.get().saturating_sub(keep));
        // Members fetch for themselves; a relay cannot.
        let refill_from = (is_relay && followed.publish).then_some(oldest);
        let topic = followed.key.topic();
        let compared = catch_up(shared, remote, paid, topic, refill_from).await?;
        let wait = match compared {
            // Each brings something that was not known before, so it ends.
            Compared::Again if in_a_row < MAX_IN_A_ROW => {
                in_a_row += 1;
                continue;
            }
            Compared::Whole | Compared::Again => {
                backoff.reset();
                in_a_row = 0;
                jittered(shared.timings.compare)
            }
            Compared::Cut => backoff.wait(),
            // What had expired when it was asked for is not listed again.
            Compared::Lacking(_) if !is_in_doubt => backoff.wait(),
            Compared::Lacking(count) if count > MAX_LACKING_BORNE => {
                return Err(StreamError::Withheld);
            }
            Compared::Lacking(_) => {
                shared.doubt(remote.carrier, topic).await?;
                jittered(shared.timings.compare)
            }
            Compared::Unreadable => jittered(shared.timings.compare),
        };
        is_in_doubt = matches!(compared, Compared::Lacking(_));
        tokio::select! {
            () = sleep(wait) => {}
            () = stream.lagged() => {}
        }
    }
}

/// Asks something small whenever there is a reason to, as when the network has changed: a host that
/// does not answer soon is not connected any more, whatever the connection says.
async fn probe(shared: &Shared, stream: &TopicStream) -> Result<Infallible, StreamError> {
    let mut asked = shared.asked();
    loop {
        asked.changed().await.map_err(|_| StreamError::Stopping)?;
        // A relay that serves two circles of one person through Tor must not see both ask together.
        let spread = match shared.is_hidden.load(Ordering::Relaxed) {
            true => shared.timings.spread,
            false => shared.timings.retry,
        };
        sleep(part_of(spread)).await;
        stream.is_there(shared.timings.probe).await?;
    }
}

/// Puts what waits for this host, many at a time.
async fn publish(
    shared: &Shared,
    remote: &Remote,
    followed: &FollowedTopic,
    paid: Paid<'_>,
) -> Result<Infallible, StreamError> {
    if !followed.publish {
        return std::future::pending().await;
    }
    let topic = followed.key.topic();
    let is_relay = remote.is_relay();
    let mut changes = shared.outgoing.subscribe();
    let mut backoff = Backoff::new(&shared.timings);
    let mut in_flight = BTreeSet::new();
    let mut puts = FuturesUnordered::new();
    // Puts go on being looked at while nothing new is offered: an answer that nobody reads ends a stream.
    let mut rests_until = Instant::now();
    loop {
        changes.mark_unchanged();
        let rests = rests_until > Instant::now();
        let room = if rests { 0 } else { MAX_PUTS_IN_FLIGHT - in_flight.len() };
        for (id, envelope) in shared.outgoing.next(remote.carrier, &topic, &in_flight, room) {
            in_flight.insert(id);
            puts.push(async move { (id, paid.put(&envelope).await) });
        }
        tokio::select! {
            Some(first) = puts.next(), if !puts.is_empty() => {
                // A host makes many durable at once and says so at once: so are they told.
                let mut answered = vec![first];
                while let Some(Some(next)) = puts.next().now_or_never() {
                    answered.push(next);
                }
                let mut held = Vec::new();
                let mut ended = Ok(());
                for (id, outcome) in answered {
                    in_flight.remove(&id);
                    match outcome {
                        Ok(Ok(())) => held.push(id),
                        Ok(Err(reason)) if reason.is_passing() => {
                            // A member's device without room is no matter of a relay's host.
                            if is_relay {
                                shared.change_status(|status| status.refusal = Some(reason));
                            }
                            rests_until = Instant::now() + backoff.wait();
                        }
                        Ok(Err(reason)) => {
                            shared.tell_refused(remote.carrier, id, reason).await?;
                        }
                        Err(error) => ended = Err(error),
                    }
                }
                if !held.is_empty() {
                    backoff.reset();
                    if is_relay && rests_until <= Instant::now() {
                        shared.change_status(|status| status.refusal = None);
                    }
                    shared.tell_held(remote.carrier, &held).await?;
                }
                ended?;
            }
            () = sleep_until(rests_until), if rests => {}
            changed = changes.changed(), if !rests && in_flight.len() < MAX_PUTS_IN_FLIGHT => {
                changed.map_err(|_| StreamError::Stopping)?;
                if remote.carrier == Carrier::Links {
                    // Gossip is faster; this is for what it lost, and for the acknowledgement.
                    rests_until = Instant::now() + shared.timings.retry;
                }
            }
        }
    }
}

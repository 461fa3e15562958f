//! The host's side of a topic's stream: it asks for a proof, then answers requests in the order
//! they come, one at a time, so that a client's own slowness is the only thing it waits for.

use std::pin::pin;
use std::sync::Arc;

use futures::future::BoxFuture;
use futures::stream::FuturesUnordered;
use futures::{AsyncRead, AsyncReadExt, AsyncWrite, FutureExt, StreamExt};
use negentropy::Negentropy;
use tokio::time::{Instant, sleep_until, timeout};
use windbreak_protocol::admission::ShownToken;
use windbreak_protocol::id::{EnvelopeId, Topic};
use windbreak_protocol::identity::Verified;
use windbreak_protocol::limits::TOKEN_BYTES;
use windbreak_protocol::wire::envelope::{BadSignature, proof_holds};
use windbreak_protocol::wire::sync::{
    MAX_MESSAGE, MAX_RECONCILE, Refusal, Reply, Request, RequestNumber,
};
use windbreak_protocol::wire::{Envelope, TopicVerifier};

use crate::swarm::limits::{MAX_BAD_TOKENS, MAX_PUTS_SERVED, Timings};
use crate::swarm::mailbox::{Follower, Heard, Mailbox, StreamNumber, reconcilable};
use crate::swarm::stream::frames::{MessageWriter, StreamError, messages};
use crate::swarm::stream::guests::{Place, Share};

/// Serves the streams of one host.
#[derive(Clone)]
pub(crate) struct Host {
    mailbox: Arc<dyn Mailbox>,
    /// The bytes of the host's peer id, which every proof names.
    peer: Arc<[u8]>,
    pub(super) timings: Timings,
}

/// Envelopes read from the store in one go, off the network's threads; fewer if they are large.
const READ_AHEAD: usize = 32;
/// Bytes read from the store in one go at most: the envelope that exceeds half of it is the last.
const READ_BYTES: usize = 2 * MAX_MESSAGE;

impl Host {
    pub(crate) fn new(mailbox: Arc<dyn Mailbox>, peer: &[u8], timings: Timings) -> Self {
        Self { mailbox, peer: peer.into(), timings }
    }

    /// Serves one stream until it ends, which it always does with an error.
    pub(crate) async fn serve<S>(&self, stream: S, place: &Place) -> Result<(), StreamError>
    where
        S: AsyncRead + AsyncWrite + Unpin + Send,
    {
        let (reader, writer) = stream.split();
        let mut requests = pin!(messages(reader, self.timings.message, place.requests.clone()));
        let mut writer = MessageWriter::new(writer, self.timings.message);

        let mut nonce = [0; 32];
        getrandom::fill(&mut nonce).map_err(|_| StreamError::NoRandomness)?;
        writer.send(&Reply::Nonce { nonce }.to_bytes()).await?;
        let (first, share) = timeout(self.timings.handshake, requests.next())
            .await
            .map_err(|_| StreamError::TimedOut)?
            .ok_or(StreamError::Closed)??;
        let Request::Open { topic, proof } = Request::from_bytes(&first)? else {
            return Err(StreamError::OutOfOrder);
        };
        // A wrong proof and a topic that is not served end the same way: a host tells nobody
        // which topics there are.
        if !proof_holds(&topic, &nonce, &self.peer, &proof) || !self.mailbox.serves(&topic) {
            return Err(StreamError::NotOpened);
        }
        drop((first, share));
        writer.send(&Reply::Opened.to_bytes()).await?;

        let mut session = Session {
            host: self,
            place,
            topic,
            verifier: None,
            number: StreamNumber::fresh(),
            writer,
            puts: FuturesUnordered::new(),
            live: None,
            paid: 0,
            bad_tokens: 0,
            has_begun: false,
        };
        let mut idle = pin!(sleep_until(Instant::now() + self.timings.idle));
        loop {
            tokio::select! {
                Some(put) = session.puts.next(), if !session.puts.is_empty() => {
                    session.settle_puts(put).await?;
                }
                heard = next_live(session.live.as_ref()) => session.push(heard).await?,
                request = requests.next(), if session.puts.len() < MAX_PUTS_SERVED => {
                    let (request, share) = request.ok_or(StreamError::Closed)??;
                    place.note_request();
                    let _answering = place.answering();
                    session.handle(Request::from_bytes(&request)?, share).await?;
                    idle.as_mut().reset(Instant::now() + self.timings.idle);
                }
                () = &mut idle => return Err(StreamError::TimedOut),
            }
        }
    }
}

/// What became of a put.
struct PutOutcome {
    number: RequestNumber,
    /// Bytes that were taken off what tokens paid for.
    price: u64,
    /// Whether it was counted as the beginning of a topic.
    begins: bool,
    outcome: Result<(), Refusal>,
}

/// An opened stream.
struct Session<'a, W> {
    host: &'a Host,
    place: &'a Place,
    topic: Topic,
    /// The topic's key, from the first put on.
    verifier: Option<Box<TopicVerifier>>,
    number: StreamNumber,
    writer: MessageWriter<W>,
    puts: FuturesUnordered<BoxFuture<'static, PutOutcome>>,
    live: Option<Follower>,
    /// Bytes that tokens spent on this stream still pay for.
    paid: u64,
    bad_tokens: u32,
    /// Whether this stream is counted as having begun its topic.
    has_begun: bool,
}

impl<W: AsyncWrite + Unpin + Send> Session<'_, W> {
    async fn handle(&mut self, request: Request, share: Share) -> Result<(), StreamError> {
        let request = match request {
            Request::Put { number, envelope } => {
                return self.put(number, envelope.into(), share).await;
            }
            request => request,
        };
        match request {
            Request::Open { .. } | Request::Put { .. } => Err(StreamError::OutOfOrder),
            Request::Follow => self.follow().await,
            Request::Days { number } => {
                let (mailbox, topic) = (self.host.mailbox.clone(), self.topic);
                let turn = self.place.turn().await?;
                let days = off_thread(move || (mailbox.days(&topic), turn)).await?.0;
                self.reply(&Reply::Days { number, days }).await
            }
            Request::Reconcile { number, day, step } => {
                let (mailbox, topic) = (self.host.mailbox.clone(), self.topic);
                let turn = self.place.turn().await?;
                let work = move || (answer_step(&*mailbox, &topic, day, step.as_slice()), turn);
                let answer = off_thread(work).await?.0.map_err(|_| StreamError::Reconciliation)?;
                drop(share);
                let _share = self.room(answer.len()).await?;
                self.reply(&Reply::Reconciled { number, step: answer.into() }).await
            }
            Request::Fetch { number, envelopes } => {
                drop(share);
                self.fetch(number, envelopes).await
            }
            Request::Spend { number, token } => self.spend(number, token).await,
        }
    }

    async fn spend(&mut self, number: RequestNumber, token: ShownToken) -> Result<(), StreamError> {
        match self.host.mailbox.spend(self.topic, token).await {
            Ok(()) => {
                self.paid = self.paid.saturating_add(TOKEN_BYTES);
                self.reply(&Reply::Paid { number }).await
            }
            Err(reason) => {
                if reason == Refusal::TokenInvalid {
                    // Each costs the host more than the client.
                    self.bad_tokens += 1;
                    if self.bad_tokens > MAX_BAD_TOKENS {
                        return Err(StreamError::OutOfOrder);
                    }
                }
                self.answer_put(number, Err(reason)).await
            }
        }
    }

    /// Waits for room for an answer. If there is none at once, the puts of this stream are answered
    /// first, so that none waits for it.
    async fn room(&mut self, bytes: usize) -> Result<Share, StreamError> {
        if let Some(share) = self.place.answers.take(bytes).now_or_never() {
            return share;
        }
        while let Some(put) = self.puts.next().await {
            self.settle_puts(put).await?;
        }
        self.place.answers.take(bytes).await
    }

    async fn put(
        &mut self,
        number: RequestNumber,
        bytes: Vec<u8>,
        share: Share,
    ) -> Result<(), StreamError> {
        let envelope = match Envelope::from_bytes(bytes) {
            Ok(envelope) if envelope.topic() == self.topic => envelope,
            Ok(_) => return self.answer_put(number, Err(Refusal::WrongTopic)).await,
            Err(_) => return self.answer_put(number, Err(Refusal::Malformed)).await,
        };
        let price = envelope.as_bytes().len() as u64;
        let wants_tokens = self.host.mailbox.wants_tokens();
        if wants_tokens {
            // What is held costs nothing again: whoever puts it refills what others kept here.
            if self.host.mailbox.holds(&self.topic, &envelope.id()) {
                return self.answer_put(number, Ok(())).await;
            }
            // Before the signature is looked at: whoever pays nothing costs no more than this.
            if self.paid < price {
                return self.answer_put(number, Err(Refusal::TokenWanted)).await;
            }
        }
        let Ok(envelope) = self.verify(envelope) else {
            return self.answer_put(number, Err(Refusal::Malformed)).await;
        };
        if !self.place.may_put(envelope.as_bytes().len()) {
            return self.answer_put(number, Err(Refusal::Quota)).await;
        }
        let begins = !self.has_begun && !self.host.mailbox.holds_any(&self.topic);
        if begins && !self.place.may_begin() {
            return self.answer_put(number, Err(Refusal::Quota)).await;
        }
        let price = if wants_tokens { price } else { 0 };
        self.paid -= price;
        let outcome = self.host.mailbox.put(envelope, self.number);
        let answering = self.place.answering();
        self.puts.push(Box::pin(async move {
            let outcome = outcome.await;
            drop(share);
            // Until it is sent another request is answered, or waits for this one.
            drop(answering);
            PutOutcome { number, price, begins, outcome }
        }));
        Ok(())
    }

    /// Looks at an envelope of the stream's topic. Its key is kept by those who put alone: most only read.
    fn verify(&mut self, envelope: Envelope) -> Result<Verified<Envelope>, BadSignature> {
        let verifier = match self.verifier.take() {
            Some(verifier) => verifier,
            None => Box::new(TopicVerifier::of(&self.topic)?),
        };
        self.verifier.insert(verifier).verify(envelope)
    }

    /// Answers a put, and in one go with it all others that are ready: one commit makes many of them
    /// durable.
    async fn settle_puts(&mut self, first: PutOutcome) -> Result<(), StreamError> {
        let mut replies = Vec::new();
        let mut ready = Some(first);
        while let Some(put) = ready {
            replies.push(self.settle_put(put).to_bytes());
            ready = self.puts.next().now_or_never().flatten();
        }
        self.writer.send_all(&replies).await
    }

    fn settle_put(&mut self, put: PutOutcome) -> Reply {
        if put.outcome.is_err() {
            // What is not kept costs nothing.
            self.paid += put.price;
        }
        if put.begins {
            // Of those that were on their way together one began the topic, and only if it is kept.
            if put.outcome.is_err() || self.has_begun {
                self.place.begun_in_vain();
            } else {
                self.has_begun = true;
            }
        }
        self.answer_to_put(put.number, put.outcome)
    }

    fn answer_to_put(&self, number: RequestNumber, outcome: Result<(), Refusal>) -> Reply {
        match outcome {
            Ok(()) => Reply::Held { number },
            Err(reason) => {
                self.host.mailbox.note_refused(reason);
                Reply::Refused { number, reason }
            }
        }
    }

    async fn answer_put(
        &mut self,
        number: RequestNumber,
        outcome: Result<(), Refusal>,
    ) -> Result<(), StreamError> {
        let answer = self.answer_to_put(number, outcome);
        self.reply(&answer).await
    }

    async fn fetch(
        &mut self,
        number: RequestNumber,
        wanted: Vec<EnvelopeId>,
    ) -> Result<(), StreamError> {
        let mut missing = Vec::new();
        let mut wanted = wanted.as_slice();
        while !wanted.is_empty() {
            let mut share = self.room(READ_BYTES).await?;
            let (mailbox, topic) = (self.host.mailbox.clone(), self.topic);
            let some: Vec<_> = wanted.iter().copied().take(READ_AHEAD).collect();
            let (found, bytes) = off_thread(move || read(&*mailbox, &topic, some)).await?;
            share.shrink(bytes);
            wanted = wanted.get(found.len()..).unwrap_or_default();
            for (id, bytes) in found {
                match bytes {
                    Some(bytes) => {
                        self.reply(&Reply::Found { number, envelope: bytes.into() }).await?;
                    }
                    None => missing.push(id),
                }
            }
        }
        self.reply(&Reply::Done { number, missing }).await
    }

    /// Follows the topic from now on. Whoever comes now is given what is on its way, too.
    async fn follow(&mut self) -> Result<(), StreamError> {
        if self.live.is_some() {
            return Ok(());
        }
        self.live = Some(self.host.mailbox.follow(&self.topic, self.number));
        self.push_passing().await
    }

    async fn push(&mut self, heard: Heard) -> Result<(), StreamError> {
        match heard {
            Heard::Live(envelope) => self.push_live(envelope).await,
            Heard::Missed => {
                self.reply(&Reply::Lagging).await?;
                self.push_passing().await
            }
        }
    }

    /// Of what is just being made durable nobody is told any more, and no day lists it yet.
    async fn push_passing(&mut self) -> Result<(), StreamError> {
        for envelope in self.host.mailbox.passing_on(&self.topic) {
            self.push_live(envelope).await?;
        }
        Ok(())
    }

    async fn push_live(&mut self, envelope: EnvelopeId) -> Result<(), StreamError> {
        let mut share = self.room(MAX_MESSAGE).await?;
        let (mailbox, topic) = (self.host.mailbox.clone(), self.topic);
        let read = match mailbox.passing(&envelope) {
            None => off_thread(move || mailbox.envelope(&topic, &envelope)).await?,
            passing => passing,
        };
        // One that is gone already has expired, or could not be kept.
        let Some(bytes) = read else { return Ok(()) };
        share.shrink(bytes.len());
        self.reply(&Reply::Live { envelope: bytes.into() }).await
    }

    async fn reply(&mut self, reply: &Reply) -> Result<(), StreamError> {
        self.writer.send(&reply.to_bytes()).await
    }
}

/// The next live envelope; never, for who does not follow.
async fn next_live(live: Option<&Follower>) -> Heard {
    match live {
        Some(live) => live.next().await,
        None => std::future::pending().await,
    }
}

/// What is held under an id.
type Found = (EnvelopeId, Option<Vec<u8>>);

/// Envelopes by id, in their order, as many as there is room for and one at least; and how many
/// bytes they have.
fn read(mailbox: &dyn Mailbox, topic: &Topic, wanted: Vec<EnvelopeId>) -> (Vec<Found>, usize) {
    let (mut found, mut bytes) = (Vec::new(), 0);
    for id in wanted {
        let envelope = mailbox.envelope(topic, &id);
        bytes += envelope.as_ref().map_or(0, Vec::len);
        found.push((id, envelope));
        if bytes > READ_BYTES / 2 {
            break;
        }
    }
    (found, bytes)
}

fn answer_step(
    mailbox: &dyn Mailbox,
    topic: &Topic,
    day: u32,
    step: &[u8],
) -> Result<Vec<u8>, negentropy::Error> {
    let items = reconcilable(&mailbox.day(topic, day))?;
    Negentropy::owned(items, MAX_RECONCILE as u64)?.reconcile(step)
}

/// Runs what may block or compute for long where it stops nobody else.
async fn off_thread<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, StreamError> {
    tokio::task::spawn_blocking(work).await.map_err(|_| StreamError::Stopping)
}

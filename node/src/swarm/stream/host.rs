//! The host's side of a topic's stream: it asks for a proof, then answers requests in the order
//! they come, one at a time, so that a client's own slowness is the only thing it waits for.

use std::pin::pin;
use std::sync::Arc;

use futures::future::BoxFuture;
use futures::stream::FuturesUnordered;
use futures::{AsyncRead, AsyncReadExt, AsyncWrite, StreamExt};
use negentropy::Negentropy;
use tokio::sync::broadcast;
use tokio::time::{Instant, sleep_until, timeout};
use windbreak_protocol::id::{EnvelopeId, Topic};
use windbreak_protocol::wire::Envelope;
use windbreak_protocol::wire::envelope::proof_holds;
use windbreak_protocol::wire::sync::{MAX_RECONCILE, Refusal, Reply, Request, RequestNumber};

use crate::swarm::limits::{MAX_PUTS_IN_FLIGHT, Timings};
use crate::swarm::mailbox::{Live, Mailbox, StreamNumber, reconcilable};
use crate::swarm::stream::frames::{MessageWriter, StreamError, messages};

/// Serves the streams of one host.
#[derive(Clone)]
pub(crate) struct Host {
    mailbox: Arc<dyn Mailbox>,
    /// The bytes of the host's peer id, which every proof names.
    peer: Arc<[u8]>,
    timings: Timings,
}

/// Envelopes read from the store in one go, off the network's threads.
const READ_AHEAD: usize = 8;

impl Host {
    pub(crate) fn new(mailbox: Arc<dyn Mailbox>, peer: &[u8], timings: Timings) -> Self {
        Self { mailbox, peer: peer.into(), timings }
    }

    /// Serves one stream until it ends, which it always does with an error.
    pub(crate) async fn serve<S>(&self, stream: S) -> Result<(), StreamError>
    where
        S: AsyncRead + AsyncWrite + Unpin + Send,
    {
        let (reader, writer) = stream.split();
        let mut requests = pin!(messages(reader, self.timings.message));
        let mut writer = MessageWriter::new(writer, self.timings.message);

        let mut nonce = [0; 32];
        getrandom::fill(&mut nonce).map_err(|_| StreamError::NoRandomness)?;
        writer.send(&Reply::Nonce { nonce }.to_bytes()).await?;
        let first = timeout(self.timings.handshake, requests.next())
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
        writer.send(&Reply::Opened.to_bytes()).await?;

        let mut session = Session {
            host: self,
            topic,
            number: StreamNumber::fresh(),
            writer,
            puts: FuturesUnordered::new(),
            live: None,
        };
        let mut idle = pin!(sleep_until(Instant::now() + self.timings.idle));
        loop {
            tokio::select! {
                Some((number, outcome)) = session.puts.next(), if !session.puts.is_empty() => {
                    session.answer_put(number, outcome).await?;
                }
                live = next_live(&mut session.live) => session.push(live).await?,
                request = requests.next(), if session.puts.len() < MAX_PUTS_IN_FLIGHT => {
                    let request = request.ok_or(StreamError::Closed)??;
                    session.handle(Request::from_bytes(&request)?).await?;
                    idle.as_mut().reset(Instant::now() + self.timings.idle);
                }
                () = &mut idle => return Err(StreamError::TimedOut),
            }
        }
    }
}

/// An opened stream.
struct Session<'a, W> {
    host: &'a Host,
    topic: Topic,
    number: StreamNumber,
    writer: MessageWriter<W>,
    puts: FuturesUnordered<BoxFuture<'static, (RequestNumber, Result<(), Refusal>)>>,
    live: Option<broadcast::Receiver<Live>>,
}

impl<W: AsyncWrite + Unpin + Send> Session<'_, W> {
    async fn handle(&mut self, request: Request) -> Result<(), StreamError> {
        match request {
            Request::Open { .. } => Err(StreamError::OutOfOrder),
            Request::Put { number, envelope } => self.put(number, envelope.into()).await,
            Request::Follow => {
                self.live.get_or_insert_with(|| self.host.mailbox.follow(&self.topic));
                Ok(())
            }
            Request::Days { number } => {
                let (mailbox, topic) = (self.host.mailbox.clone(), self.topic);
                let days = off_thread(move || mailbox.days(&topic)).await?;
                self.reply(&Reply::Days { number, days }).await
            }
            Request::Reconcile { number, day, step } => {
                let (mailbox, topic) = (self.host.mailbox.clone(), self.topic);
                let answer =
                    off_thread(move || answer_step(&*mailbox, &topic, day, step.as_slice()))
                        .await?
                        .map_err(|_| StreamError::Reconciliation)?;
                self.reply(&Reply::Reconciled { number, step: answer.into() }).await
            }
            Request::Fetch { number, envelopes } => self.fetch(number, envelopes).await,
        }
    }

    async fn put(&mut self, number: RequestNumber, bytes: Vec<u8>) -> Result<(), StreamError> {
        let envelope = match Envelope::from_bytes(bytes) {
            Ok(envelope) if envelope.topic() == self.topic => envelope,
            Ok(_) => return self.answer_put(number, Err(Refusal::WrongTopic)).await,
            Err(_) => return self.answer_put(number, Err(Refusal::Malformed)).await,
        };
        let Ok(envelope) = envelope.verify() else {
            return self.answer_put(number, Err(Refusal::Malformed)).await;
        };
        let outcome = self.host.mailbox.put(envelope, self.number);
        self.puts.push(Box::pin(async move { (number, outcome.await) }));
        Ok(())
    }

    async fn answer_put(
        &mut self,
        number: RequestNumber,
        outcome: Result<(), Refusal>,
    ) -> Result<(), StreamError> {
        self.reply(&match outcome {
            Ok(()) => Reply::Held { number },
            Err(reason) => {
                self.host.mailbox.note_refused(reason);
                Reply::Refused { number, reason }
            }
        })
        .await
    }

    async fn fetch(
        &mut self,
        number: RequestNumber,
        wanted: Vec<EnvelopeId>,
    ) -> Result<(), StreamError> {
        let mut missing = Vec::new();
        for some in wanted.chunks(READ_AHEAD) {
            let (mailbox, topic, some) = (self.host.mailbox.clone(), self.topic, some.to_vec());
            let found = off_thread(move || {
                some.into_iter().map(|id| (id, mailbox.envelope(&topic, &id))).collect::<Vec<_>>()
            })
            .await?;
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

    async fn push(
        &mut self,
        live: Result<Live, broadcast::error::RecvError>,
    ) -> Result<(), StreamError> {
        match live {
            Ok(live) if live.from == Some(self.number) => Ok(()),
            Ok(live) => self.reply(&Reply::Live { envelope: live.envelope.to_vec().into() }).await,
            Err(broadcast::error::RecvError::Lagged(_)) => self.reply(&Reply::Lagging).await,
            // The mailbox forgot the topic's followers, which it does only when it ends.
            Err(broadcast::error::RecvError::Closed) => Err(StreamError::Stopping),
        }
    }

    async fn reply(&mut self, reply: &Reply) -> Result<(), StreamError> {
        self.writer.send(&reply.to_bytes()).await
    }
}

/// The next live envelope; never, for who does not follow.
async fn next_live(
    live: &mut Option<broadcast::Receiver<Live>>,
) -> Result<Live, broadcast::error::RecvError> {
    match live {
        Some(live) => live.recv().await,
        None => std::future::pending().await,
    }
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

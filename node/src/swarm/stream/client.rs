//! The client's side of a topic's stream. Whoever holds a [`TopicStream`] asks; a driver future
//! beside it moves the messages, so that answers, live envelopes and requests never wait for each
//! other.

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures::{AsyncRead, AsyncReadExt, AsyncWrite, StreamExt};
use tokio::sync::{Notify, mpsc, oneshot};
use tokio::time::{Instant, timeout};
use windbreak_protocol::id::EnvelopeId;
use windbreak_protocol::wire::TopicKey;
use windbreak_protocol::wire::sync::{DayFingerprint, Refusal, Reply, Request, RequestNumber};

use crate::swarm::limits::{LIVE_QUEUE, Timings};
use crate::swarm::stream::frames::{MessageWriter, StreamError, messages};
use crate::swarm::stream::guests::Budget;

/// Live envelopes as they arrive, unchecked.
pub(crate) type LiveEnvelopes = mpsc::Receiver<Vec<u8>>;

/// Messages that wait to be written.
const WRITE_QUEUE: usize = 4;

/// An opened topic at a host.
#[derive(Clone)]
pub(crate) struct TopicStream {
    requests: mpsc::Sender<Vec<u8>>,
    waiting: Arc<Mutex<Waiting>>,
    lagging: Arc<Notify>,
    heard: Arc<AtomicU64>,
    answer: Duration,
    longest: Duration,
}

#[derive(Default)]
struct Waiting {
    next: u32,
    requests: BTreeMap<RequestNumber, Waiter>,
}

/// Who waits for which kind of answer.
enum Waiter {
    Put(oneshot::Sender<Result<(), Refusal>>),
    Days(oneshot::Sender<Vec<DayFingerprint>>),
    Reconcile(oneshot::Sender<Vec<u8>>),
    /// How many more may come, and those that came.
    Fetch(usize, Vec<Vec<u8>>, oneshot::Sender<Vec<Vec<u8>>>),
}

impl TopicStream {
    /// Opens the topic of `key` at the host with the peer id `host`. The returned future moves
    /// all messages and must be polled beside the use of the stream; it ends with the stream. `turn`
    /// is let go of once the host has taken the stream.
    pub(crate) async fn open<S, T>(
        stream: S,
        key: &TopicKey,
        host: &[u8],
        timings: &Timings,
        turn: T,
    ) -> Result<(Self, LiveEnvelopes, impl Future<Output = StreamError> + use<S, T>), StreamError>
    where
        S: AsyncRead + AsyncWrite + Unpin + Send,
        T: Send,
    {
        let (reader, writer) = stream.split();
        let mut replies = Box::pin(messages(reader, timings.message, Budget::unlimited()));
        let mut writer = MessageWriter::new(writer, timings.message);
        let open = async {
            let (first, _) = replies.next().await.ok_or(StreamError::Closed)??;
            let nonce = match Reply::from_bytes(&first)? {
                Reply::Nonce { nonce } => nonce,
                Reply::Refused { reason: Refusal::Crowded, .. } => {
                    return Err(StreamError::Crowded);
                }
                _ => return Err(StreamError::OutOfOrder),
            };
            drop(turn);
            let proof = key.prove(&nonce, host);
            writer.send(&Request::Open { topic: key.topic(), proof }.to_bytes()).await?;
            match replies.next().await {
                Some(Ok((reply, _))) if Reply::from_bytes(&reply)? == Reply::Opened => Ok(()),
                Some(Ok(_)) => Err(StreamError::OutOfOrder),
                Some(Err(_)) | None => Err(StreamError::NotOpened),
            }
        };
        timeout(timings.handshake, open).await.map_err(|_| StreamError::TimedOut)??;

        let (requests, mut outgoing) = mpsc::channel::<Vec<u8>>(WRITE_QUEUE);
        let (live_sender, live) = mpsc::channel(LIVE_QUEUE);
        let topic_stream = Self {
            requests,
            waiting: Arc::default(),
            lagging: Arc::default(),
            heard: Arc::default(),
            answer: timings.answer,
            longest: timings.comparison,
        };
        let (waiting, lagging) = (topic_stream.waiting.clone(), topic_stream.lagging.clone());
        let heard = topic_stream.heard.clone();
        let driver = async move {
            let write = async {
                while let Some(message) = outgoing.recv().await {
                    writer.send(&message).await?;
                }
                // Nobody holds the stream any more.
                Err::<(), _>(StreamError::Closed)
            };
            let read = async {
                while let Some(reply) = replies.next().await {
                    heard.fetch_add(1, Ordering::Relaxed);
                    match Reply::from_bytes(&reply?.0)? {
                        Reply::Live { envelope } => {
                            // Waiting here slows only this host down; it then says that we lag.
                            let sent = live_sender.send(envelope.into()).await;
                            sent.map_err(|_| StreamError::Closed)?;
                        }
                        Reply::Lagging => lagging.notify_one(),
                        answer => lock(&waiting).answer(answer)?,
                    }
                }
                Err::<(), _>(StreamError::Closed)
            };
            let (write, read) = (pin!(write), pin!(read));
            let ended = match futures::future::select(write, read).await {
                futures::future::Either::Left((ended, _)) => ended,
                futures::future::Either::Right((ended, _)) => ended,
            };
            // Whoever still waits learns that no answer will come.
            lock(&waiting).requests.clear();
            ended.err().unwrap_or(StreamError::Closed)
        };
        Ok((topic_stream, live, driver))
    }

    /// Asks the host to keep an envelope; `Ok(Ok)` when it is durable there.
    pub(crate) async fn put(&self, envelope: &[u8]) -> Result<Result<(), Refusal>, StreamError> {
        let (sender, answer) = oneshot::channel();
        let envelope: Vec<u8> = envelope.to_vec();
        self.ask(Waiter::Put(sender), answer, |number| Request::Put {
            number,
            envelope: envelope.into(),
        })
        .await
    }

    /// Pays with a token for what is put on this stream; `Ok(Ok)` when it counts.
    pub(crate) async fn spend(
        &self,
        token: windbreak_protocol::admission::ShownToken,
    ) -> Result<Result<(), Refusal>, StreamError> {
        let (sender, answer) = oneshot::channel();
        self.ask(Waiter::Put(sender), answer, |number| Request::Spend { number, token }).await
    }

    /// Asks for everything that arrives from now on.
    pub(crate) async fn follow(&self) -> Result<(), StreamError> {
        self.requests.send(Request::Follow.to_bytes()).await.map_err(|_| StreamError::Closed)
    }

    /// Resolves when the host has said that we missed live envelopes.
    pub(crate) async fn lagged(&self) {
        self.lagging.notified().await;
    }

    /// Asks something small. Whoever sends anything is there: on a slow line the answer stands behind
    /// what the host is sending anyway.
    ///
    /// # Errors
    /// [`StreamError::TimedOut`] if nothing comes for so long.
    pub(crate) async fn is_there(&self, patience: Duration) -> Result<(), StreamError> {
        let heard = self.heard.load(Ordering::Relaxed);
        match timeout(patience, self.days()).await {
            Ok(answered) => answered.map(drop),
            Err(_) if self.heard.load(Ordering::Relaxed) != heard => Ok(()),
            Err(_) => Err(StreamError::TimedOut),
        }
    }

    /// Asks for the fingerprints of all days.
    pub(crate) async fn days(&self) -> Result<Vec<DayFingerprint>, StreamError> {
        let (sender, answer) = oneshot::channel();
        self.ask(Waiter::Days(sender), answer, |number| Request::Days { number }).await
    }

    /// One step of reconciling a day.
    pub(crate) async fn reconcile(&self, day: u32, step: Vec<u8>) -> Result<Vec<u8>, StreamError> {
        let (sender, answer) = oneshot::channel();
        self.ask(Waiter::Reconcile(sender), answer, |number| Request::Reconcile {
            number,
            day,
            step: step.into(),
        })
        .await
    }

    /// Asks for envelopes by id, at most [`windbreak_protocol::wire::sync::MAX_FETCH`]; those the
    /// host does not hold are left out.
    pub(crate) async fn fetch(
        &self,
        envelopes: Vec<EnvelopeId>,
    ) -> Result<Vec<Vec<u8>>, StreamError> {
        let (sender, answer) = oneshot::channel();
        let waiter = Waiter::Fetch(envelopes.len(), Vec::new(), sender);
        self.ask(waiter, answer, |number| Request::Fetch { number, envelopes }).await
    }

    async fn ask<T>(
        &self,
        waiter: Waiter,
        answer: oneshot::Receiver<T>,
        request: impl FnOnce(RequestNumber) -> Request,
    ) -> Result<T, StreamError> {
        let number = {
            let mut waiting = lock(&self.waiting);
            let number = RequestNumber::new(waiting.next);
            waiting.next = number.next().get();
            waiting.requests.insert(number, waiter);
            number
        };
        let request = request(number).to_bytes();
        let mut asking = pin!(async {
            self.requests.send(request).await.map_err(|_| StreamError::Closed)?;
            answer.await.map_err(|_| StreamError::Closed)
        });
        // On a narrow line an answer takes long. Whoever goes on sending is waited for, not for ever.
        let end = Instant::now() + self.longest;
        loop {
            let heard = self.heard.load(Ordering::Relaxed);
            match timeout(self.answer, &mut asking).await {
                Ok(answered) => return answered,
                Err(_) if self.heard.load(Ordering::Relaxed) != heard && Instant::now() < end => {}
                Err(_) => return Err(StreamError::TimedOut),
            }
        }
    }
}

impl Waiting {
    /// Gives an answer to who waits for it. A waiter that has gone is fine; an answer nobody
    /// asked for is not.
    fn answer(&mut self, reply: Reply) -> Result<(), StreamError> {
        match reply {
            Reply::Held { number } | Reply::Paid { number } => self.put_answered(number, Ok(())),
            Reply::Refused { number, reason } => self.put_answered(number, Err(reason)),
            Reply::Days { number, days } => match self.requests.remove(&number) {
                Some(Waiter::Days(waiter)) => {
                    let _ = waiter.send(days);
                    Ok(())
                }
                _ => Err(StreamError::OutOfOrder),
            },
            Reply::Reconciled { number, step } => match self.requests.remove(&number) {
                Some(Waiter::Reconcile(waiter)) => {
                    let _ = waiter.send(step.into());
                    Ok(())
                }
                _ => Err(StreamError::OutOfOrder),
            },
            Reply::Found { number, envelope } => match self.requests.get_mut(&number) {
                Some(Waiter::Fetch(left, found, _)) if *left > 0 => {
                    *left -= 1;
                    found.push(envelope.into());
                    Ok(())
                }
                _ => Err(StreamError::OutOfOrder),
            },
            Reply::Done { number, .. } => match self.requests.remove(&number) {
                Some(Waiter::Fetch(_, found, waiter)) => {
                    let _ = waiter.send(found);
                    Ok(())
                }
                _ => Err(StreamError::OutOfOrder),
            },
            Reply::Nonce { .. } | Reply::Opened | Reply::Live { .. } | Reply::Lagging => {
                Err(StreamError::OutOfOrder)
            }
        }
    }

    fn put_answered(
        &mut self,
        number: RequestNumber,
        outcome: Result<(), Refusal>,
    ) -> Result<(), StreamError> {
        match self.requests.remove(&number) {
            Some(Waiter::Put(waiter)) => {
                let _ = waiter.send(outcome);
                Ok(())
            }
            _ => Err(StreamError::OutOfOrder),
        }
    }
}

fn lock(waiting: &Mutex<Waiting>) -> MutexGuard<'_, Waiting> {
    waiting.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use tokio::io::duplex;
    use tokio_util::compat::TokioAsyncReadCompatExt;

    use super::*;
    use crate::swarm::testkit::topic_key;

    /// A host that lets a topic be opened, sends so many envelopes, and answers nothing.
    async fn busy(stream: impl AsyncRead + AsyncWrite + Unpin, envelopes: u32, timings: Timings) {
        let (reader, writer) = stream.split();
        let mut requests = Box::pin(messages(reader, timings.message, Budget::unlimited()));
        let mut writer = MessageWriter::new(writer, timings.message);
        let nonce = Reply::Nonce { nonce: [7; 32] };
        writer.send(&nonce.to_bytes()).await.unwrap();
        requests.next().await.unwrap().unwrap();
        writer.send(&Reply::Opened.to_bytes()).await.unwrap();
        for _ in 0..envelopes {
            tokio::time::sleep(Duration::from_millis(20)).await;
            writer.send(&Reply::Live { envelope: vec![1; 64].into() }.to_bytes()).await.unwrap();
        }
        std::future::pending::<()>().await;
    }

    /// A host that hands over so many envelopes, one after the other, and never more.
    async fn slow(stream: impl AsyncRead + AsyncWrite + Unpin, envelopes: u32, timings: Timings) {
        let (reader, writer) = stream.split();
        let mut requests = Box::pin(messages(reader, timings.message, Budget::unlimited()));
        let mut writer = MessageWriter::new(writer, timings.message);
        writer.send(&Reply::Nonce { nonce: [7; 32] }.to_bytes()).await.unwrap();
        requests.next().await.unwrap().unwrap();
        writer.send(&Reply::Opened.to_bytes()).await.unwrap();
        let (request, _) = requests.next().await.unwrap().unwrap();
        let Request::Fetch { number, envelopes: asked } = Request::from_bytes(&request).unwrap()
        else {
            panic!("not asked for envelopes");
        };
        for _ in 0..envelopes {
            tokio::time::sleep(Duration::from_millis(60)).await;
            let found = Reply::Found { number, envelope: vec![1; 64].into() };
            writer.send(&found.to_bytes()).await.unwrap();
        }
        if envelopes as usize == asked.len() {
            writer.send(&Reply::Done { number, missing: Vec::new() }.to_bytes()).await.unwrap();
        }
        std::future::pending::<()>().await;
    }

    #[tokio::test]
    async fn an_answer_that_takes_long_is_waited_for_while_it_comes() {
        let timings = Timings { answer: Duration::from_millis(200), ..Timings::fast() };
        for (envelopes, comes) in [(8, true), (3, false)] {
            let (near, far) = duplex(64 * 1024);
            let host = tokio::spawn(slow(far.compat(), envelopes, timings));
            let opened =
                TopicStream::open(near.compat(), &topic_key(1), b"host", &timings, ()).await;
            let (stream, _live, driver) = opened.unwrap();
            let driver = tokio::spawn(driver);
            let wanted = (0..8).map(|byte| EnvelopeId::from_bytes([byte; 32])).collect();
            assert_eq!(stream.fetch(wanted).await.is_ok(), comes);
            driver.abort();
            host.abort();
        }
    }

    #[tokio::test]
    async fn whoever_sends_is_there_though_an_answer_is_late_and_whoever_is_silent_is_not() {
        let timings = Timings::fast();
        let patience = Duration::from_millis(200);
        for (envelopes, is_there) in [(5, true), (0, false)] {
            let (near, far) = duplex(64 * 1024);
            let host = tokio::spawn(busy(far.compat(), envelopes, timings));
            let opened =
                TopicStream::open(near.compat(), &topic_key(1), b"host", &timings, ()).await;
            let (stream, _live, driver) = opened.unwrap();
            let driver = tokio::spawn(driver);
            assert_eq!(stream.is_there(patience).await.is_ok(), is_there);
            driver.abort();
            host.abort();
        }
    }
}

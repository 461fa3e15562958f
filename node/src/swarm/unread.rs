//! What was received on connections and read by nobody yet. The multiplexer takes up to 256 KiB for each
//! stream before anybody reads it, and a peer may have hundreds of streams: who answers nothing could take
//! gigabytes of whom it talks to. So all connections of a swarm share one room; when it is used up, nothing more
//! is received from a connection on which more than a fair part of it waits, until some of that was read, and
//! one of which nothing is read for too long is given up.
//! Clause: specs/06-sync Y-116.

use std::collections::BTreeMap;
use std::future::Future;
use std::io;
use std::pin::Pin;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker, ready};
use std::time::Duration;

use futures::future::BoxFuture;
use futures::{AsyncRead, AsyncWrite, TryFutureExt};
use libp2p::core::StreamMuxer;
use libp2p::core::muxing::StreamMuxerEvent;
use libp2p::core::upgrade::{InboundConnectionUpgrade, OutboundConnectionUpgrade, UpgradeInfo};

use tokio::time::{Sleep, sleep};

use crate::swarm::limits::{MAX_UNREAD, UNREAD_ANYWAY, UNREAD_PATIENCE};

/// The room of a swarm.
pub(super) struct Unread {
    /// Bytes that wait, on all connections.
    in_all: AtomicUsize,
    /// How many of them there may be before connections are held up.
    limit: usize,
    /// How many of them a connection may have in any case.
    anyway: usize,
    /// How long a connection is held up of which nothing is read.
    patience: Duration,
    /// Connections on which any wait.
    connections: AtomicUsize,
    next: AtomicU64,
    /// Connections that are held up.
    held_up: Mutex<BTreeMap<u64, Waker>>,
}

impl Unread {
    /// That of one swarm.
    pub(super) fn new() -> Arc<Self> {
        Self::with(MAX_UNREAD, UNREAD_ANYWAY, UNREAD_PATIENCE)
    }

    fn with(limit: usize, anyway: usize, patience: Duration) -> Arc<Self> {
        Arc::new(Self {
            in_all: AtomicUsize::new(0),
            limit,
            anyway,
            patience,
            connections: AtomicUsize::new(0),
            next: AtomicU64::new(0),
            held_up: Mutex::default(),
        })
    }

    fn held_up(&self) -> MutexGuard<'_, BTreeMap<u64, Waker>> {
        self.held_up.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The part of a new connection.
    fn part(self: &Arc<Self>) -> Arc<Part> {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        let (waits, reads) = (AtomicUsize::new(0), AtomicU64::new(0));
        Arc::new(Part { number, waits, reads, unread: self.clone() })
    }

    fn wake_all(&self) {
        let all = std::mem::take(&mut *self.held_up());
        all.into_values().for_each(Waker::wake);
    }
}

/// What waits on one connection.
struct Part {
    number: u64,
    waits: AtomicUsize,
    /// How often anything was read.
    reads: AtomicU64,
    unread: Arc<Unread>,
}

impl Part {
    fn is_held_up(&self) -> bool {
        let unread = &self.unread;
        let fair = unread.limit / unread.connections.load(Ordering::Acquire).max(1);
        unread.in_all.load(Ordering::Acquire) > unread.limit
            && self.waits.load(Ordering::Acquire) > unread.anyway.max(fair)
    }

    /// Whether more may be received; if not, who asks is woken once that has changed.
    fn poll_room(&self, cx: &mut Context<'_>) -> Poll<()> {
        if !self.is_held_up() {
            return Poll::Ready(());
        }
        self.unread.held_up().insert(self.number, cx.waker().clone());
        // Somebody may have read between the look and the note.
        if self.is_held_up() {
            return Poll::Pending;
        }
        self.unread.held_up().remove(&self.number);
        Poll::Ready(())
    }

    fn was_received(&self, bytes: usize) {
        if bytes > 0 && self.waits.fetch_add(bytes, Ordering::AcqRel) == 0 {
            self.unread.connections.fetch_add(1, Ordering::AcqRel);
        }
        self.unread.in_all.fetch_add(bytes, Ordering::AcqRel);
    }

    fn was_read(&self, bytes: usize) {
        if bytes == 0 {
            return;
        }
        self.reads.fetch_add(1, Ordering::AcqRel);
        let waited = self.waits.fetch_sub(bytes, Ordering::AcqRel);
        let unread = &self.unread;
        let before = unread.in_all.fetch_sub(bytes, Ordering::AcqRel);
        if waited == bytes {
            unread.connections.fetch_sub(1, Ordering::AcqRel);
        }
        if before <= unread.limit {
            return;
        }
        // Whoever is held up looks again: there is room, or the parts are larger, or this one is smaller.
        if before - bytes <= unread.limit || waited == bytes {
            unread.wake_all();
        } else if !self.is_held_up() {
            let waker = unread.held_up().remove(&self.number);
            waker.into_iter().for_each(Waker::wake);
        }
    }
}

impl Drop for Part {
    fn drop(&mut self) {
        self.unread.held_up().remove(&self.number);
        self.was_read(self.waits.load(Ordering::Acquire));
    }
}

/// The making of a multiplexer whose connections share the room of a swarm.
#[derive(Clone)]
pub(super) struct Metered<U> {
    upgrade: U,
    unread: Arc<Unread>,
}

impl<U> Metered<U> {
    pub(super) fn new(upgrade: U, unread: Arc<Unread>) -> Self {
        Self { upgrade, unread }
    }
}

impl<U: UpgradeInfo> UpgradeInfo for Metered<U> {
    type Info = U::Info;
    type InfoIter = U::InfoIter;

    fn protocol_info(&self) -> Self::InfoIter {
        self.upgrade.protocol_info()
    }
}

impl<U, C> InboundConnectionUpgrade<C> for Metered<U>
where
    U: InboundConnectionUpgrade<Receiving<C>>,
    U::Future: Send + 'static,
{
    type Output = MeteredMuxer<U::Output>;
    type Error = U::Error;
    type Future = BoxFuture<'static, Result<Self::Output, Self::Error>>;

    fn upgrade_inbound(self, socket: C, info: Self::Info) -> Self::Future {
        let part = self.unread.part();
        let made = self.upgrade.upgrade_inbound(Receiving::new(socket, part.clone()), info);
        Box::pin(made.map_ok(|muxer| MeteredMuxer { muxer, part }))
    }
}

impl<U, C> OutboundConnectionUpgrade<C> for Metered<U>
where
    U: OutboundConnectionUpgrade<Receiving<C>>,
    U::Future: Send + 'static,
{
    type Output = MeteredMuxer<U::Output>;
    type Error = U::Error;
    type Future = BoxFuture<'static, Result<Self::Output, Self::Error>>;

    fn upgrade_outbound(self, socket: C, info: Self::Info) -> Self::Future {
        let part = self.unread.part();
        let made = self.upgrade.upgrade_outbound(Receiving::new(socket, part.clone()), info);
        Box::pin(made.map_ok(|muxer| MeteredMuxer { muxer, part }))
    }
}

/// What lies under the multiplexer: counts what is received for its streams.
pub(super) struct Receiving<C> {
    socket: C,
    part: Arc<Part>,
    frames: Frames,
    held_up: Option<HeldUp>,
}

/// Since when a connection is held up.
struct HeldUp {
    /// How often anything of it had been read by then.
    reads: u64,
    end: Pin<Box<Sleep>>,
}

impl<C> Receiving<C> {
    fn new(socket: C, part: Arc<Part>) -> Self {
        Self { socket, part, frames: Frames::default(), held_up: None }
    }

    /// Waits until more may be received; fails once nothing was read for too long.
    fn poll_room(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        if self.part.poll_room(cx).is_ready() {
            self.held_up = None;
            return Poll::Ready(Ok(()));
        }
        let reads = self.part.reads.load(Ordering::Acquire);
        let patience = self.part.unread.patience;
        let fresh = || HeldUp { reads, end: Box::pin(sleep(patience)) };
        let held_up = self.held_up.get_or_insert_with(fresh);
        if held_up.reads != reads {
            *held_up = fresh();
        }
        held_up.end.as_mut().poll(cx).map(|()| Err(io::ErrorKind::TimedOut.into()))
    }
}

impl<C: AsyncRead + Unpin> AsyncRead for Receiving<C> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        into: &mut [u8],
    ) -> Poll<io::Result<usize>> {
        ready!(self.poll_room(cx))?;
        let length = ready!(Pin::new(&mut self.socket).poll_read(cx, into))?;
        let bytes = self.frames.data_in(into.get(..length).unwrap_or_default());
        self.part.was_received(bytes);
        Poll::Ready(Ok(length))
    }
}

impl<C: AsyncWrite + Unpin> AsyncWrite for Receiving<C> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.socket).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.socket).poll_flush(cx)
    }

    fn poll_close(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.socket).poll_close(cx)
    }
}

/// Where in the frames of yamux a connection is: a header of twelve bytes, its kind in the second and a
/// length in the last four, and after that of data so many bytes (yamux specification, "Framing").
#[derive(Default)]
struct Frames {
    header: [u8; Frames::HEADER_LEN],
    filled: usize,
    left: usize,
}

impl Frames {
    const HEADER_LEN: usize = 12;
    const DATA: u8 = 0;

    /// How many of these bytes, which come next, are for streams.
    fn data_in(&mut self, mut bytes: &[u8]) -> usize {
        let mut data = 0;
        while !bytes.is_empty() {
            if self.left > 0 {
                let length = self.left.min(bytes.len());
                self.left -= length;
                data += length;
                bytes = bytes.get(length..).unwrap_or_default();
                continue;
            }
            let length = (Self::HEADER_LEN - self.filled).min(bytes.len());
            let (head, rest) = bytes.split_at(length);
            self.header[self.filled..self.filled + length].copy_from_slice(head);
            self.filled += length;
            bytes = rest;
            if self.filled == Self::HEADER_LEN {
                self.filled = 0;
                let [_, kind, .., a, b, c, d] = self.header;
                if kind == Self::DATA {
                    self.left =
                        usize::try_from(u32::from_be_bytes([a, b, c, d])).unwrap_or(usize::MAX);
                }
            }
        }
        data
    }
}

/// A muxer of which it is counted what its streams read.
pub(super) struct MeteredMuxer<M> {
    muxer: M,
    part: Arc<Part>,
}

impl<M> MeteredMuxer<M> {
    fn stream<S: AsyncRead + Unpin>(&self, stream: S) -> Reading<S> {
        Reading { stream, part: self.part.clone() }
    }
}

impl<M> StreamMuxer for MeteredMuxer<M>
where
    M: StreamMuxer + Unpin,
    M::Substream: Unpin,
{
    type Substream = Reading<M::Substream>;
    type Error = M::Error;

    fn poll_inbound(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Result<Self::Substream, Self::Error>> {
        let stream = ready!(Pin::new(&mut self.muxer).poll_inbound(cx))?;
        Poll::Ready(Ok(self.stream(stream)))
    }

    fn poll_outbound(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Result<Self::Substream, Self::Error>> {
        let stream = ready!(Pin::new(&mut self.muxer).poll_outbound(cx))?;
        Poll::Ready(Ok(self.stream(stream)))
    }

    fn poll_close(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        Pin::new(&mut self.muxer).poll_close(cx)
    }

    fn poll(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Result<StreamMuxerEvent, Self::Error>> {
        Pin::new(&mut self.muxer).poll(cx)
    }
}

/// A stream that counts what is read from it.
pub(super) struct Reading<S: AsyncRead + Unpin> {
    stream: S,
    part: Arc<Part>,
}

impl<S: AsyncRead + Unpin> AsyncRead for Reading<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        into: &mut [u8],
    ) -> Poll<io::Result<usize>> {
        let length = ready!(Pin::new(&mut self.stream).poll_read(cx, into))?;
        self.part.was_read(length);
        Poll::Ready(Ok(length))
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncWrite for Reading<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_close(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_close(cx)
    }
}

impl<S: AsyncRead + Unpin> Drop for Reading<S> {
    /// What waits goes with the stream. What was under way to it then counts until the connection ends.
    fn drop(&mut self) {
        let mut scrap = [0; 4096];
        let mut cx = Context::from_waker(Waker::noop());
        while let Poll::Ready(Ok(1..)) = Pin::new(&mut *self).poll_read(&mut cx, &mut scrap) {}
    }
}

#[cfg(test)]
mod tests {
    use std::future::poll_fn;
    use std::time::Duration;

    use futures::{AsyncReadExt, AsyncWriteExt};
    use libp2p::core::muxing::StreamMuxerExt;
    use libp2p::yamux;
    use tokio::sync::Barrier;
    use tokio_util::compat::TokioAsyncReadCompatExt;
    use tokio_util::task::AbortOnDropHandle;

    use super::*;
    use crate::swarm::testkit::soon;

    /// What each stream of the greedy one brings.
    const MUCH: usize = 100_000;

    type Stream = Reading<yamux::Stream>;
    type Task = AbortOnDropHandle<()>;

    fn driven<M>(mut muxer: M) -> Task
    where
        M: StreamMuxer + Unpin + Send + 'static,
        M::Error: Send,
    {
        AbortOnDropHandle::new(tokio::spawn(async move {
            while poll_fn(|cx| muxer.poll_unpin(cx)).await.is_ok() {}
        }))
    }

    /// Streams of one connection, on each of which so much is sent, at the end that shares the room.
    async fn sent(unread: &Arc<Unread>, streams: usize, bytes: usize) -> (Vec<Stream>, Vec<Task>) {
        let (near, far) = tokio::io::duplex(MUCH);
        let info = "/yamux/1.0.0";
        let config = yamux::Config::default();
        let mut there = config.clone().upgrade_outbound(far.compat(), info).await.unwrap();
        let metered = Metered::new(config, unread.clone());
        let mut here = metered.upgrade_inbound(near.compat(), info).await.unwrap();
        let (mut taken, mut tasks) = (Vec::new(), Vec::new());
        let all_are_there = Arc::new(Barrier::new(streams + 1));
        for _ in 0..streams {
            let mut out = poll_fn(|cx| there.poll_outbound_unpin(cx)).await.unwrap();
            let all_are_there = all_are_there.clone();
            tasks.push(AbortOnDropHandle::new(tokio::spawn(async move {
                // A stream is not there before something came over it.
                out.write_all(&[7]).await.unwrap();
                all_are_there.wait().await;
                out.write_all(&vec![7; bytes - 1]).await.unwrap();
                out.close().await.unwrap();
            })));
        }
        tasks.push(driven(there));
        for _ in 0..streams {
            taken.push(soon(poll_fn(|cx| here.poll_inbound_unpin(cx))).await.unwrap());
        }
        tasks.push(driven(here));
        all_are_there.wait().await;
        (taken, tasks)
    }

    fn in_all(unread: &Unread) -> usize {
        unread.in_all.load(Ordering::Relaxed)
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn what_nobody_reads_takes_a_bounded_room_and_holds_up_nobody_else() {
        let unread = Unread::with(MUCH, 20_000, Duration::from_secs(60));
        let (mut greedy, tasks) = sent(&unread, 8, MUCH).await;
        soon(async {
            while in_all(&unread) <= MUCH {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        })
        .await;
        for _ in 0..5 {
            let (mut polite, _tasks) = sent(&unread, 1, 10_000).await;
            let mut heard = Vec::new();
            soon(polite[0].read_to_end(&mut heard)).await.unwrap();
            assert_eq!(heard.len(), 10_000);
            // One piece more than the room: what is received at once is not known before.
            assert!(in_all(&unread) < MUCH + 64 * 1024, "{}", in_all(&unread));
        }
        // Nothing is lost of what was held up; what is not read goes with its stream.
        let read = greedy[1..].iter_mut().map(|stream| async {
            let mut heard = Vec::new();
            stream.read_to_end(&mut heard).await.map(|_| heard.len())
        });
        for length in soon(futures::future::join_all(read)).await {
            assert_eq!(length.unwrap(), MUCH);
        }
        drop((greedy, tasks));
        soon(async {
            while in_all(&unread) > 0 {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        })
        .await;
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn a_connection_of_which_nothing_is_read_is_given_up() {
        let unread = Unread::with(MUCH, 20_000, Duration::from_millis(200));
        let (mut greedy, _tasks) = sent(&unread, 8, MUCH).await;
        // Nobody reads for so long; then what came is there, and no more.
        tokio::time::sleep(Duration::from_millis(1500)).await;
        let mut heard = Vec::new();
        for stream in &mut greedy {
            let _ = soon(stream.read_to_end(&mut heard)).await;
        }
        assert!(heard.len() > MUCH / 2 && heard.len() < 8 * MUCH, "{}", heard.len());
        // Others have the room.
        let (mut polite, _tasks) = sent(&unread, 1, 10_000).await;
        let mut heard = Vec::new();
        soon(polite[0].read_to_end(&mut heard)).await.unwrap();
        assert_eq!(heard.len(), 10_000);
    }

    #[test]
    fn what_is_for_streams_is_told_from_what_is_about_them() {
        let data =
            |length: u8| [vec![0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, length], vec![9; length.into()]];
        let window = vec![0, 1, 0, 0, 0, 0, 0, 1, 0, 4, 0, 0];
        let said = [data(5).concat(), window.clone(), data(0).concat(), data(200).concat(), window];
        let said = said.concat();
        for step in [1, 3, 12, 13, said.len()] {
            let mut frames = Frames::default();
            assert_eq!(said.chunks(step).map(|some| frames.data_in(some)).sum::<usize>(), 205);
        }
    }
}

//! A connection that is closed within a bound. To close one is to send what still waits on it and a
//! farewell behind that; where the other end vanished, nothing is taken any more, and the system gives a
//! connection up after a quarter of an hour. Nobody is dialled anew before the old one is closed.
//! Clause: specs/06-sync Y-111.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use libp2p::core::StreamMuxer;
use libp2p::core::muxing::StreamMuxerEvent;
use tokio::time::{Sleep, sleep};

/// A muxer that is given up if it does not close in time.
pub(super) struct Closing<M> {
    muxer: M,
    limit: Duration,
    /// When a close that began is over.
    end: Option<Pin<Box<Sleep>>>,
}

impl<M> Closing<M> {
    /// One that may take so long to close.
    pub(super) fn new(muxer: M, limit: Duration) -> Self {
        Self { muxer, limit, end: None }
    }
}

impl<M: StreamMuxer + Unpin> StreamMuxer for Closing<M> {
    type Substream = M::Substream;
    type Error = M::Error;

    fn poll_inbound(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Result<Self::Substream, Self::Error>> {
        Pin::new(&mut self.muxer).poll_inbound(cx)
    }

    fn poll_outbound(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Result<Self::Substream, Self::Error>> {
        Pin::new(&mut self.muxer).poll_outbound(cx)
    }

    fn poll_close(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        if let Poll::Ready(closed) = Pin::new(&mut self.muxer).poll_close(cx) {
            return Poll::Ready(closed);
        }
        let limit = self.limit;
        let end = self.end.get_or_insert_with(|| Box::pin(sleep(limit)));
        end.as_mut().poll(cx).map(Ok)
    }

    fn poll(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Result<StreamMuxerEvent, Self::Error>> {
        Pin::new(&mut self.muxer).poll(cx)
    }
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use futures::io::Cursor;
    use libp2p::core::muxing::StreamMuxerExt;
    use tokio::time::{Instant, timeout};

    use super::*;

    /// A connection whose other end takes nothing any more.
    struct Stuck;

    impl StreamMuxer for Stuck {
        type Substream = Cursor<Vec<u8>>;
        type Error = Infallible;

        fn poll_inbound(
            self: Pin<&mut Self>,
            _: &mut Context<'_>,
        ) -> Poll<Result<Self::Substream, Self::Error>> {
            Poll::Pending
        }

        fn poll_outbound(
            self: Pin<&mut Self>,
            _: &mut Context<'_>,
        ) -> Poll<Result<Self::Substream, Self::Error>> {
            Poll::Pending
        }

        fn poll_close(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
            Poll::Pending
        }

        fn poll(
            self: Pin<&mut Self>,
            _: &mut Context<'_>,
        ) -> Poll<Result<StreamMuxerEvent, Self::Error>> {
            Poll::Pending
        }
    }

    #[tokio::test]
    async fn a_connection_whose_other_end_takes_nothing_is_closed_all_the_same() {
        let (begun, limit) = (Instant::now(), Duration::from_millis(50));
        let closed = timeout(Duration::from_secs(20), Closing::new(Stuck, limit).close()).await;
        assert!(closed.is_ok() && begun.elapsed() >= limit, "{:?}", begun.elapsed());
    }
}

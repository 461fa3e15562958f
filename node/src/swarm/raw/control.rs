//! How streams are asked for and taken, from outside the swarm.

use std::io;

use libp2p::{PeerId, Stream, StreamProtocol};
use tokio::sync::{mpsc, oneshot};

use crate::swarm::limits::TAKEN_QUEUE;
use crate::swarm::raw::registry::{Ask, Came, Registry};

/// Asks for streams, and says whose are taken. Clones are of the same swarm.
#[derive(Clone)]
pub(crate) struct Control(Registry);

/// The streams of one protocol as they come. Once dropped, the protocol is not spoken any more.
pub(crate) struct Incoming(mpsc::Receiver<Came>);

/// The streams of the protocol are taken already.
#[derive(Debug, thiserror::Error)]
#[error("the streams of this protocol are taken already")]
pub(crate) struct Taken;

/// Why there is no stream.
#[derive(Debug, thiserror::Error)]
pub(crate) enum OpenError {
    #[error("the peer is not connected, or is not any more")]
    NotConnected,
    #[error("the peer does not speak the protocol")]
    NotSpoken,
    #[error("the peer did not agree on the protocol in time")]
    TimedOut,
    #[error("the connection failed")]
    Failed(#[source] io::Error),
}

impl Control {
    pub(super) fn new(registry: Registry) -> Self {
        Self(registry)
    }

    /// A stream to a connected peer.
    ///
    /// # Errors
    /// [`OpenError`] if there is none; nobody is dialled.
    pub(crate) async fn open_stream(
        &self,
        peer: PeerId,
        protocol: StreamProtocol,
    ) -> Result<Stream, OpenError> {
        let asks = self.0.newest(&peer).ok_or(OpenError::NotConnected)?;
        let (answer, opened) = oneshot::channel();
        let asked = asks.send(Ask { protocol, answer }).await;
        asked.map_err(|_| OpenError::NotConnected)?;
        opened.await.map_err(|_| OpenError::NotConnected)?
    }

    /// Waits until a peer is connected.
    #[cfg(test)]
    pub(crate) async fn connected(&self, peer: PeerId) {
        while self.0.newest(&peer).is_none() {
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
    }

    /// Takes the streams of a protocol.
    ///
    /// # Errors
    /// [`Taken`] if somebody else does.
    pub(crate) fn accept(&self, protocol: StreamProtocol) -> Result<Incoming, Taken> {
        let (taker, incoming) = mpsc::channel(TAKEN_QUEUE);
        if self.0.take(protocol, taker) { Ok(Incoming(incoming)) } else { Err(Taken) }
    }
}

impl Incoming {
    /// The next stream, and whose it is; none once the swarm is gone. It may be dropped at any time, and
    /// no stream is lost with it.
    pub(crate) async fn next(&mut self) -> Option<(PeerId, Stream)> {
        self.0.recv().await
    }
}

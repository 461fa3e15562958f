//! Messages on a stream: a length (u32, big endian) and that many bytes. The length is checked
//! before anything is allocated, and a message that stalls half-way ends the stream.

use std::io;
use std::time::Duration;

use futures::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, Stream};
use tokio::time::timeout;
use windbreak_protocol::wire::DecodeError;
use windbreak_protocol::wire::sync::MAX_MESSAGE;

use crate::swarm::stream::guests::{Budget, Share};

/// Why a stream ended before its time.
#[derive(Debug, thiserror::Error)]
pub(crate) enum StreamError {
    /// The other side closed it, or the connection is gone.
    #[error("the stream was closed")]
    Closed,
    /// The connection failed.
    #[error("the connection failed: {0}")]
    Io(io::ErrorKind),
    /// The other side was silent or slow for too long.
    #[error("the other side took too long")]
    TimedOut,
    /// The other side sent what the protocol does not know.
    #[error("the other side sent a message that is {0}")]
    Message(#[from] DecodeError),
    /// The other side sent a message where it has no place.
    #[error("the other side broke the order of messages")]
    OutOfOrder,
    /// The client did not prove that it may use the topic, or it is not served here.
    #[error("the topic was not opened")]
    NotOpened,
    /// All places of the host are taken.
    #[error("all places of the host are taken")]
    Crowded,
    /// Reconciliation did not come to an end, or made no sense.
    #[error("reconciliation failed")]
    Reconciliation,
    /// The other side lists envelopes and does not hand them over.
    #[error("the other side does not hand over what it lists")]
    Withheld,
    /// The other side sent as an envelope of the topic what is none.
    #[error("the other side sent what is no envelope of the topic")]
    Spoilt,
    /// The operating system gave no randomness.
    #[error("the operating system gave no random bytes")]
    NoRandomness,
    /// This node is stopping.
    #[error("the node is stopping")]
    Stopping,
}

impl StreamError {
    /// Whether the other side did what an honest host does not.
    pub(crate) fn is_lie(&self) -> bool {
        matches!(self, Self::Withheld | Self::Spoilt)
    }
}

impl From<io::Error> for StreamError {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::UnexpectedEof
            | io::ErrorKind::ConnectionReset
            | io::ErrorKind::ConnectionAborted
            | io::ErrorKind::BrokenPipe
            | io::ErrorKind::WriteZero => Self::Closed,
            kind => Self::Io(kind),
        }
    }
}

/// The messages that arrive, each with its share of `budget`. The time limit runs from a message's
/// first byte to its last, but for the time it waits for its share.
pub(crate) fn messages<R: AsyncRead + Unpin>(
    reader: R,
    limit: Duration,
    budget: Budget,
) -> impl Stream<Item = Result<(Vec<u8>, Share), StreamError>> {
    futures::stream::unfold(Some((reader, budget)), move |state| async move {
        let (mut reader, budget) = state?;
        match next_message(&mut reader, limit, &budget).await {
            Ok(message) => Some((Ok(message), Some((reader, budget)))),
            Err(error) => Some((Err(error), None)),
        }
    })
}

async fn next_message<R: AsyncRead + Unpin>(
    reader: &mut R,
    limit: Duration,
    budget: &Budget,
) -> Result<(Vec<u8>, Share), StreamError> {
    let mut length = [0; 4];
    let (first, rest) = length.split_at_mut(1);
    reader.read_exact(first).await?;
    timeout(limit, reader.read_exact(rest)).await.map_err(|_| StreamError::TimedOut)??;
    let length = u32::from_be_bytes(length) as usize;
    if length > MAX_MESSAGE {
        return Err(DecodeError::TooLong.into());
    }
    let share = budget.take(length).await?;
    let mut message = vec![0; length];
    timeout(limit, reader.read_exact(&mut message)).await.map_err(|_| StreamError::TimedOut)??;
    Ok((message, share))
}

/// Writes messages, each within a time limit.
pub(crate) struct MessageWriter<W> {
    writer: W,
    limit: Duration,
}

impl<W: AsyncWrite + Unpin> MessageWriter<W> {
    pub(crate) fn new(writer: W, limit: Duration) -> Self {
        Self { writer, limit }
    }

    /// Writes one message and sees it on its way.
    pub(crate) async fn send(&mut self, message: &[u8]) -> Result<(), StreamError> {
        self.send_all(&[message]).await
    }

    /// Writes several small ones together, within one time limit.
    pub(crate) async fn send_all(
        &mut self,
        messages: &[impl AsRef<[u8]>],
    ) -> Result<(), StreamError> {
        // In one piece: each piece becomes a frame of the connection.
        let bytes = messages.iter().map(|message| 4 + message.as_ref().len()).sum();
        let mut framed = Vec::with_capacity(bytes);
        for message in messages {
            let message = message.as_ref();
            let length = u32::try_from(message.len()).map_err(|_| DecodeError::TooLong)?;
            framed.extend_from_slice(&length.to_be_bytes());
            framed.extend_from_slice(message);
        }
        let write = async {
            self.writer.write_all(&framed).await?;
            self.writer.flush().await
        };
        timeout(self.limit, write).await.map_err(|_| StreamError::TimedOut)??;
        Ok(())
    }
}

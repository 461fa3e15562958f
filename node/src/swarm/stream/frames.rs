//! Messages on a stream: a length (u32, big endian) and that many bytes. The length is checked
//! before anything is allocated, and a message that stalls half-way ends the stream.

use std::io;
use std::time::Duration;

use futures::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, Stream};
use tokio::time::timeout;
use windbreak_protocol::wire::DecodeError;
use windbreak_protocol::wire::sync::MAX_MESSAGE;

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
    /// Reconciliation did not come to an end, or made no sense.
    #[error("reconciliation failed")]
    Reconciliation,
    /// The operating system gave no randomness.
    #[error("the operating system gave no random bytes")]
    NoRandomness,
    /// This node is stopping.
    #[error("the node is stopping")]
    Stopping,
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

/// The messages that arrive. The time limit runs from a message's first byte to its last.
pub(crate) fn messages<R: AsyncRead + Unpin>(
    reader: R,
    limit: Duration,
) -> impl Stream<Item = Result<Vec<u8>, StreamError>> {
    futures::stream::unfold(Some(reader), move |reader| async move {
        let mut reader = reader?;
        match next_message(&mut reader, limit).await {
            Ok(message) => Some((Ok(message), Some(reader))),
            Err(error) => Some((Err(error), None)),
        }
    })
}

async fn next_message<R: AsyncRead + Unpin>(
    reader: &mut R,
    limit: Duration,
) -> Result<Vec<u8>, StreamError> {
    let mut first = [0; 1];
    reader.read_exact(&mut first).await?;
    timeout(limit, async {
        let mut rest = [0; 3];
        reader.read_exact(&mut rest).await?;
        let length = u32::from_be_bytes([first[0], rest[0], rest[1], rest[2]]) as usize;
        if length > MAX_MESSAGE {
            return Err(DecodeError::TooLong.into());
        }
        let mut message = vec![0; length];
        reader.read_exact(&mut message).await?;
        Ok(message)
    })
    .await
    .map_err(|_| StreamError::TimedOut)?
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
        let length = u32::try_from(message.len()).map_err(|_| DecodeError::TooLong)?;
        let write = async {
            self.writer.write_all(&length.to_be_bytes()).await?;
            self.writer.write_all(message).await?;
            self.writer.flush().await
        };
        timeout(self.limit, write).await.map_err(|_| StreamError::TimedOut)??;
        Ok(())
    }
}

//! The client's end of the event stream: server-sent events, one line of JSON each.

use std::time::Duration;

use http_body_util::BodyExt;
use hyper::body::Incoming;
use tokio_util::task::AbortOnDropHandle;

use super::client::{ClientError, answered};
use super::message::Event;

/// Bytes read ahead of what was taken; one event is a few hundred.
const MAX_EVENT: usize = 1024 * 1024;
/// Longest silence: the server says that it is there every 15 seconds.
const SILENCE: Duration = Duration::from_secs(60);

/// What happens, one event after the other. Dropping it closes the connection.
#[derive(Debug)]
pub struct EventStream {
    body: Incoming,
    unread: Vec<u8>,
    _connection: AbortOnDropHandle<()>,
}

impl EventStream {
    /// Waits for the node's word that the stream is up.
    pub(super) async fn open(
        body: Incoming,
        connection: AbortOnDropHandle<()>,
    ) -> Result<Self, ClientError> {
        let mut stream = Self { body, unread: Vec::new(), _connection: connection };
        match stream.next().await {
            Some(Ok(Event::Ready)) => Ok(stream),
            Some(Err(error)) => Err(error),
            Some(Ok(_)) | None => Err(ClientError::OtherVersion),
        }
    }

    /// The next event; `None` when the node closed the stream.
    pub async fn next(&mut self) -> Option<Result<Event, ClientError>> {
        loop {
            if let Some(block) = self.block() {
                match data(&block) {
                    Some(data) => return Some(answered(&data)),
                    // A comment: the node is still there.
                    None => continue,
                }
            }
            match tokio::time::timeout(SILENCE, self.body.frame()).await {
                Err(_) => return Some(Err(ClientError::TimedOut)),
                Ok(None) => return None,
                Ok(Some(Err(error))) => return Some(Err(ClientError::BrokeOff(error))),
                Ok(Some(Ok(frame))) => {
                    if let Some(bytes) = frame.data_ref() {
                        if self.unread.len() + bytes.len() > MAX_EVENT {
                            return Some(Err(ClientError::TooLong));
                        }
                        self.unread.extend_from_slice(bytes);
                    }
                }
            }
        }
    }

    /// Takes the next block, which ends with an empty line, off what was read.
    fn block(&mut self) -> Option<Vec<u8>> {
        let end = self.unread.windows(2).position(|pair| pair == b"\n\n")?;
        let rest = self.unread.split_off(end + 2);
        Some(std::mem::replace(&mut self.unread, rest))
    }
}

/// What stands in the `data:` lines of a block.
fn data(block: &[u8]) -> Option<Vec<u8>> {
    let lines: Vec<&[u8]> = block
        .split(|byte| *byte == b'\n')
        .filter_map(|line| line.strip_prefix(b"data:"))
        .map(<[u8]>::trim_ascii_start)
        .collect();
    if lines.is_empty() { None } else { Some(lines.join(&b'\n')) }
}

//! When a node stops: by a signal, by the local API, or by itself. It always stops in order.

use tokio::signal::unix::{Signal, SignalKind, signal};

use crate::error::NodeError;
use crate::handle::Handle;

/// Whether the node has a terminal whose end is its own.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Attachment {
    /// It runs in a terminal: when that is closed, the node stops.
    Terminal,
    /// It runs in the background: it outlives the terminal it was started from.
    Background,
}

/// What asks a node from outside to stop: SIGINT, SIGTERM, and the end of its terminal. From when they are
/// listened for, none of them ends the process without order; what came meanwhile is acted on later.
#[derive(Debug)]
pub struct Signals {
    interrupt: Signal,
    terminate: Signal,
    hangup: Signal,
}

impl Signals {
    /// Listens for them from now on: before anybody is told that the node runs.
    ///
    /// # Errors
    /// [`NodeError::Signals`].
    pub fn listen() -> Result<Self, NodeError> {
        Ok(Self {
            interrupt: hear(SignalKind::interrupt())?,
            terminate: hear(SignalKind::terminate())?,
            hangup: hear(SignalKind::hangup())?,
        })
    }

    /// Waits until the node has stopped, and has it stop when one of them says so.
    pub async fn run_until_shutdown(&mut self, handle: &Handle, attached: Attachment) {
        loop {
            tokio::select! {
                () = handle.stopped() => return,
                _ = self.interrupt.recv() => handle.stop(),
                _ = self.terminate.recv() => handle.stop(),
                _ = self.hangup.recv() => {
                    if attached == Attachment::Terminal {
                        handle.stop();
                    }
                }
            }
        }
    }
}

fn hear(kind: SignalKind) -> Result<Signal, NodeError> {
    signal(kind).map_err(NodeError::Signals)
}

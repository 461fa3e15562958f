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

/// Waits until the node has stopped, and has it stop on SIGINT, SIGTERM, or the end of its
/// terminal.
///
/// # Errors
/// [`NodeError::Signals`]; the node goes on.
pub async fn run_until_shutdown(handle: &Handle, attached: Attachment) -> Result<(), NodeError> {
    let mut interrupt = hear(SignalKind::interrupt())?;
    let mut terminate = hear(SignalKind::terminate())?;
    let mut hangup = hear(SignalKind::hangup())?;
    loop {
        tokio::select! {
            () = handle.stopped() => return Ok(()),
            _ = interrupt.recv() => handle.stop(),
            _ = terminate.recv() => handle.stop(),
            _ = hangup.recv() => {
                if attached == Attachment::Terminal {
                    handle.stop();
                }
            }
        }
    }
}

fn hear(kind: SignalKind) -> Result<Signal, NodeError> {
    signal(kind).map_err(NodeError::Signals)
}

//! Starts a network task again when it ends or panics: the libraries below have had remote
//! crashes, and nothing that matters lives inside.

use std::future::Future;

use tokio::time::{Instant, sleep};
use tokio_util::sync::CancellationToken;
use tokio_util::task::AbortOnDropHandle;

use crate::swarm::limits::{Backoff, Timings};

/// Runs what `start` gives until `stop`, each run as a task of its own.
pub(crate) async fn supervise<F>(
    stop: CancellationToken,
    timings: Timings,
    mut start: impl FnMut() -> F,
) where
    F: Future<Output = ()> + Send + 'static,
{
    let mut backoff = Backoff::new(&timings);
    loop {
        let started = Instant::now();
        let run = AbortOnDropHandle::new(tokio::spawn(start()));
        let ended = tokio::select! {
            ended = run => ended,
            () = stop.cancelled() => return,
        };
        match ended {
            Ok(()) => tracing::debug!("a network task ended; it is started again"),
            Err(_) => tracing::warn!("a network task failed; it is started again"),
        }
        if started.elapsed() > timings.connect {
            backoff.reset();
        }
        tokio::select! {
            () = sleep(backoff.wait()) => {}
            () = stop.cancelled() => return,
        }
    }
}

//! The only reader of clocks: wall time for the engine, and waits for the loop.

use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use windbreak_protocol::time::Timestamp;

use crate::swarm::Clock;

/// Longest wait at a time: a clock that was set, or a laptop that slept, shows after it.
const LONGEST_WAIT: Duration = Duration::from_secs(60);

/// What time it is. A clock before 1970 reads as 1970.
pub(crate) fn now() -> Timestamp {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Timestamp::from_millis(u64::try_from(since.as_millis()).unwrap_or(u64::MAX))
}

/// How long this machine has been on, its sleep included, which the clock of waits leaves out.
pub(crate) fn since_start_of_machine() -> Duration {
    #[cfg(any(target_os = "linux", target_os = "android"))]
    let id = rustix::time::ClockId::Boottime;
    // Elsewhere this one goes on in sleep, or none does.
    #[cfg(not(any(target_os = "linux", target_os = "android")))]
    let id = rustix::time::ClockId::Monotonic;
    rustix::time::clock_gettime(id).try_into().unwrap_or_default()
}

/// The clock of this device, for those who ask for the time and read no clock themselves.
#[must_use]
pub fn system_clock() -> Clock {
    Arc::new(now)
}

/// Waits until `due`, or for a minute if that is sooner: the caller looks at the clock again.
/// Without a time it waits a minute.
pub(crate) async fn until(due: Option<Timestamp>) {
    let wait = due.map_or(LONGEST_WAIT, |due| due.since(now()).min(LONGEST_WAIT));
    tokio::time::sleep(wait).await;
}

/// Waits until `instant`; without one for ever.
pub(crate) async fn at(instant: Option<tokio::time::Instant>) {
    match instant {
        Some(instant) => tokio::time::sleep_until(instant).await,
        None => std::future::pending().await,
    }
}

//! When a node locks itself: after so long in which nobody asked anything of it, by a clock that goes on
//! while the machine sleeps. Clause: specs/07-store S-16.

use std::time::Duration;

use crate::clock;

/// The longest wait at a time: waits stand still while the machine sleeps, so the clock is looked at again
/// soon after it woke up.
const LONGEST_WAIT: Duration = Duration::from_secs(5);

/// Counts how long nobody asked anything.
pub(crate) struct Idle {
    /// After how long it is over; never, if there is no time.
    after: Option<Duration>,
    /// When somebody last asked something.
    asked: Duration,
    clock: fn() -> Duration,
}

impl Idle {
    /// Begins to count.
    pub(crate) fn new(after: Option<Duration>) -> Self {
        Self::by(clock::since_start_of_machine, after)
    }

    fn by(clock: fn() -> Duration, after: Option<Duration>) -> Self {
        Self { after, asked: clock(), clock }
    }

    /// Somebody is there: begins anew.
    pub(crate) fn begin(&mut self) {
        self.asked = (self.clock)();
    }

    /// Whether the time is over.
    pub(crate) fn is_over(&self) -> bool {
        self.left() == Some(Duration::ZERO)
    }

    /// Waits until the time is over.
    pub(crate) async fn over(&self) {
        loop {
            match self.left() {
                None => std::future::pending::<()>().await,
                Some(Duration::ZERO) => return,
                Some(left) => tokio::time::sleep(left.min(LONGEST_WAIT)).await,
            }
        }
    }

    fn left(&self) -> Option<Duration> {
        let passed = (self.clock)().saturating_sub(self.asked);
        self.after.map(|after| after.saturating_sub(passed))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU64, Ordering};

    use super::*;

    /// Seconds since the machine of this test was started.
    static SECONDS: AtomicU64 = AtomicU64::new(1000);

    fn clock() -> Duration {
        Duration::from_secs(SECONDS.load(Ordering::SeqCst))
    }

    #[tokio::test]
    async fn a_machine_that_slept_is_locked_as_soon_as_it_wakes() {
        let minutes = |minutes: u64| Some(Duration::from_secs(60 * minutes));
        let mut idle = Idle::by(clock, minutes(15));
        assert!(!idle.is_over());
        SECONDS.fetch_add(60, Ordering::SeqCst);
        assert_eq!(idle.left(), minutes(14));
        idle.begin();
        assert_eq!(idle.left(), minutes(15));
        let woke = async {
            tokio::time::sleep(Duration::from_millis(20)).await;
            // It sleeps until the next day: no wait of this process sees anything of that.
            SECONDS.fetch_add(24 * 3600, Ordering::SeqCst);
            assert!(idle.is_over(), "whoever asks something now would be answered");
        };
        let began = std::time::Instant::now();
        tokio::join!(woke, idle.over());
        assert!(began.elapsed() < 2 * LONGEST_WAIT, "{:?}", began.elapsed());
        assert!(!Idle::by(clock, None).is_over());
    }

    #[test]
    fn the_clock_of_the_machine_goes_on() {
        let before = clock::since_start_of_machine();
        std::thread::sleep(Duration::from_millis(3));
        assert!(before > Duration::ZERO && clock::since_start_of_machine() > before);
    }
}

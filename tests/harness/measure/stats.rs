//! Many times of one thing, and what is said of them.

use std::time::{Duration, Instant};

use serde::Serialize;

/// How times are spread, in microseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Spread {
    /// How many there were.
    pub count: usize,
    /// Half took less.
    pub p50_us: f64,
    /// One of a hundred took more.
    pub p99_us: f64,
    /// The longest.
    pub max_us: f64,
}

impl Spread {
    /// The spread of these times.
    #[must_use]
    pub fn of(times: &[Duration]) -> Self {
        let mut times: Vec<f64> = times.iter().map(|time| time.as_secs_f64() * 1e6).collect();
        times.sort_by(f64::total_cmp);
        let at = |share: f64| {
            // A place in a list that is far shorter than a float is exact.
            let place = (times.len() as f64 * share).ceil() as usize;
            times.get(place.saturating_sub(1)).copied().unwrap_or_default()
        };
        Self { count: times.len(), p50_us: at(0.5), p99_us: at(0.99), max_us: at(1.0) }
    }
}

/// How many times longer `ours` takes than `raw`, half against half.
#[must_use]
pub fn ratio(ours: Spread, raw: Spread) -> f64 {
    if raw.p50_us > 0.0 { ours.p50_us / raw.p50_us } else { 0.0 }
}

/// Does something, and says how long it took.
pub fn timed<T>(act: impl FnOnce() -> T) -> (T, Duration) {
    let began = Instant::now();
    let done = act();
    (done, began.elapsed())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_of_the_times_lie_below_the_median_and_one_in_a_hundred_above_p99() {
        let times: Vec<Duration> = (1..=200).map(Duration::from_micros).collect();
        let spread = Spread::of(&times);
        assert_eq!((spread.count, spread.p50_us, spread.p99_us), (200, 100.0, 198.0));
        assert_eq!(spread.max_us, 200.0);
        assert_eq!(Spread::of(&[]), Spread::default());
    }
}

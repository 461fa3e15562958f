//! Time as a value. Nothing here reads a clock: whoever drives the engine says what time it is.

use std::time::Duration;

use tls_codec::{TlsDeserialize, TlsSerialize, TlsSize};

/// Milliseconds since the Unix epoch, by the clock of whoever drives the engine.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    Eq,
    Hash,
    Ord,
    PartialEq,
    PartialOrd,
    TlsDeserialize,
    TlsSerialize,
    TlsSize,
)]
pub struct Timestamp(u64);

impl Timestamp {
    /// From milliseconds since the Unix epoch.
    #[must_use]
    pub const fn from_millis(millis: u64) -> Self {
        Self(millis)
    }

    /// From seconds since the Unix epoch.
    #[must_use]
    pub const fn from_seconds(seconds: u64) -> Self {
        Self(seconds.saturating_mul(1000))
    }

    /// Milliseconds since the Unix epoch.
    #[must_use]
    pub const fn as_millis(self) -> u64 {
        self.0
    }

    /// Whole seconds since the Unix epoch.
    #[must_use]
    pub const fn as_seconds(self) -> u64 {
        self.0 / 1000
    }

    /// The hour this falls in, as it stands in an envelope's header.
    #[must_use]
    pub const fn hour(self) -> Hour {
        let hours = self.0 / 3_600_000;
        Hour(if hours > u32::MAX as u64 { u32::MAX } else { hours as u32 })
    }

    /// Rounded down to the whole minute: the finest time an item carries.
    #[must_use]
    pub const fn to_minute(self) -> Self {
        Self(self.0 - self.0 % 60_000)
    }

    /// This instant and `duration` after it, saturating.
    #[must_use]
    pub fn after(self, duration: Duration) -> Self {
        let millis = u64::try_from(duration.as_millis()).unwrap_or(u64::MAX);
        Self(self.0.saturating_add(millis))
    }

    /// How long after `earlier` this is; zero if it is not after it.
    #[must_use]
    pub fn since(self, earlier: Self) -> Duration {
        Duration::from_millis(self.0.saturating_sub(earlier.0))
    }
}

/// Hours since the Unix epoch: the only time on the wire outside a seal (specs/01-wire W-6).
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    Eq,
    Hash,
    Ord,
    PartialEq,
    PartialOrd,
    TlsDeserialize,
    TlsSerialize,
    TlsSize,
)]
pub struct Hour(u32);

impl Hour {
    /// From a count of hours since the Unix epoch.
    #[must_use]
    pub const fn new(hours: u32) -> Self {
        Self(hours)
    }

    /// Hours since the Unix epoch.
    #[must_use]
    pub const fn get(self) -> u32 {
        self.0
    }

    /// The day this hour falls in: the unit of catch-up (specs/06-sync Y-6).
    #[must_use]
    pub const fn day(self) -> u32 {
        self.0 / 24
    }

    /// The period this hour falls in: how often topics change (specs/03-circle C-22).
    #[must_use]
    pub const fn period(self) -> Period {
        Period(self.0 / crate::limits::PERIOD_HOURS)
    }
}

/// A span of seven days counted from the Unix epoch; every era has one topic per period.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    Eq,
    Hash,
    Ord,
    PartialEq,
    PartialOrd,
    TlsDeserialize,
    TlsSerialize,
    TlsSize,
)]
pub struct Period(u32);

impl Period {
    /// From a count of periods since the Unix epoch.
    #[must_use]
    pub const fn new(periods: u32) -> Self {
        Self(periods)
    }

    /// Periods since the Unix epoch.
    #[must_use]
    pub const fn get(self) -> u32 {
        self.0
    }

    /// The period after this one, saturating.
    #[must_use]
    pub const fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }

    /// The period before this one, saturating.
    #[must_use]
    pub const fn previous(self) -> Self {
        Self(self.0.saturating_sub(1))
    }
}

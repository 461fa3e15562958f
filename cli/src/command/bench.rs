//! `bench`: what this machine can carry, in a minute and in plain words. It works in a folder of its
//! own beside the profile, on the same disk, and takes it away at the end. No profile is opened.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use serde::Serialize;
use windbreak_node::private;
use windbreak_node::profile::{KdfCost, Profile, ProfileError};
use windbreak_node::store::Store;
use windbreak_node::system_clock;
use windbreak_protocol::content::{Ask, Scope};
use windbreak_protocol::record::{Batch, Key, RecordKind};
use windbreak_protocol::secret::{Secret, SecretBytes};
use windbreak_protocol::wire::Envelope;
use windbreak_protocol::{Engine, Input, NewCircle, NewShare, Output, Suite, Timings};

use super::Context;
use crate::error::{Failure, Kind};
use crate::output::{Page, Report};
use crate::profile;
use crate::words::say;

/// How long each of the parts may take.
const PART: Duration = Duration::from_secs(8);
/// Bytes of an envelope, and of a share's text in it.
const ENVELOPE: usize = 2048;
const TEXT: usize = 1024;
/// Envelopes that a relay makes durable together when much comes in.
const TOGETHER: usize = 64;
/// Shares of a month in a lively circle of thirty.
const MONTH: f64 = 3000.0;
/// What somebody says in a day when much is going on; and how much more there is in the busiest
/// minute of a day than on average.
const A_DAY: f64 = 20.0;
const BUSIEST: f64 = 20.0;
/// What is tried here are parts. A node takes so many times the seal of a share to send one, and to take
/// one in; a relay so many times the check of an envelope to take it and give it on. As measured with
/// processes, and for this test's parts beside them (decision 0124).
const SENDING: f64 = 9.0;
const TAKING_IN: f64 = 5.0;
const CARRYING: f64 = 7.0;
/// Circles of one person: each is a connection of a relay, which takes so much memory.
const CIRCLES: f64 = 3.0;
const CONNECTION_KIB: f64 = 80.0;
/// Connections of a relay whose settings nobody changed.
const USUAL_CONNECTIONS: u32 = 1024;
/// How often, and after how long each time, a folder is removed into which something may still be
/// written.
const REMOVALS: u32 = 40;
const REMOVAL_PAUSE: Duration = Duration::from_millis(50);

/// What was found.
#[derive(Serialize)]
struct Found {
    /// Seconds to open a profile: what trying one passphrase costs.
    open_seconds: f64,
    /// Shares sealed in a second, by one core.
    sealed_per_second: f64,
    /// Envelopes whose signature is checked in a second, by one core.
    checked_per_second: f64,
    /// Waits for the disk in a second, one small write each.
    synced_per_second: f64,
    /// Milliseconds that one of a hundred such waits takes.
    slowest_sync_ms: f64,
    /// Envelopes kept in a second when many are made durable together.
    kept_per_second: f64,
    /// Cores.
    cores: usize,
    /// What it comes to.
    carries: Carries,
}

/// What it comes to, in the words of people.
#[derive(Serialize)]
struct Carries {
    /// Shares of one's own in a second, one after the other.
    shares_per_second: f64,
    /// Seconds to catch up after a month away from a lively circle, without the network.
    month_away_seconds: f64,
    /// Envelopes a relay takes in a second, without the network.
    relay_per_second: f64,
    /// Connections that half of the memory is enough for, where the system tells how much there is.
    relay_connections: Option<f64>,
    /// People it would be enough for, if they said twenty things a day each, in three circles.
    relay_people: f64,
}

impl Report for Found {
    fn page(&self, page: &mut Page) {
        let Carries {
            shares_per_second, month_away_seconds, relay_per_second, relay_people, ..
        } = self.carries;
        page.text(if self.is_slow() {
            say!("bench-machine-slow-will-do")
        } else {
            say!("bench-machine-well-able-carry")
        });
        page.gap();
        page.field(
            say!("bench-opening"),
            &say!("bench-open-profile", open_seconds = seconds(self.open_seconds)),
        );
        page.field(
            say!("bench-sharing"),
            &say!("bench-shares-second", shares_per_second = about(shares_per_second)),
        );
        page.field(
            say!("bench-catching-up"),
            &say!("bench-after-month-away-from", month_away_seconds = seconds(month_away_seconds)),
        );
        page.field(
            say!("bench-relay"),
            &say!(
                "bench-envelopes-second-most-would",
                relay_per_second = about(relay_per_second),
                relay_people = about(relay_people)
            ),
        );
        page.field(
            say!("bench-disk"),
            &say!(
                "bench-ms-one-hundred-waits",
                slowest_sync_ms = format!("{:.1}", self.slowest_sync_ms)
            ),
        );
        page.gap();
        page.hint(&say!("bench-relay-limit", connections = USUAL_CONNECTIONS.to_string()));
        page.hint(say!("bench-these-processor-disk-can"));
    }
}

impl Found {
    /// A person notices when a wait for the disk takes longer than this.
    fn is_slow(&self) -> bool {
        self.carries.shares_per_second < 20.0 || self.slowest_sync_ms > 500.0
    }
}

/// Two digits that mean something.
fn about(number: f64) -> String {
    let digits = number.max(1.0).log10().floor() as i32;
    let unit = 10_f64.powi((digits - 1).max(0));
    let rounded = (number / unit).round() * unit;
    if rounded >= 1e6 {
        return say!("bench-million", count = format!("{:.1}", rounded / 1e6));
    }
    let text = format!("{rounded:.0}");
    let cut = text.len().saturating_sub(3);
    match text.split_at_checked(cut) {
        Some((thousands, rest)) if !thousands.is_empty() => format!("{thousands},{rest}"),
        _ => text,
    }
}

fn seconds(seconds: f64) -> String {
    if seconds < 0.1 {
        say!("bench-moment").to_owned()
    } else if seconds < 10.0 {
        format!("{seconds:.1} s")
    } else {
        format!("{seconds:.0} s")
    }
}

pub(super) async fn run(context: Context<'_>, quick: bool) -> Result<(), Failure> {
    let profile = profile::folder(context.global)?;
    let progress = context.out.progress(say!("bench-trying-machine-can-do"));
    // Dropped on Ctrl-C as well: the thread is told, and what it has written goes.
    let scratch = Scratch::beside(&profile)?;
    let folder = scratch.0.join("profile");
    let part = if quick { PART / 100 } else { PART };
    let stop = Stop::default();
    let stopped = stop.0.clone();
    let measured = tokio::task::spawn_blocking(move || measure(&folder, part, &stopped));
    let found = measured.await.map_err(|_| Failure::interrupted())??;
    drop(progress);
    context.out.tell(&found)
}

/// Says that nobody waits any more.
#[derive(Default)]
struct Stop(Arc<AtomicBool>);

impl Drop for Stop {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// Whether a part that began then goes on.
fn goes_on(began: Instant, time: Duration, stopped: &AtomicBool) -> bool {
    began.elapsed() < time && !stopped.load(Ordering::Relaxed)
}

/// A folder that goes when it is dropped.
struct Scratch(PathBuf);

impl Scratch {
    /// Beside the profile, or as near as there is a folder.
    fn beside(profile: &Path) -> Result<Self, Failure> {
        let profile = std::path::absolute(profile).unwrap_or_else(|_| profile.to_owned());
        let mut above = profile.ancestors().skip(1);
        let near = above.find(|folder| folder.is_dir()).unwrap_or(Path::new("/tmp"));
        let folder = near.join(format!(".windbreak-bench-{}", std::process::id()));
        private::create_folder(&folder).map_err(|error| {
            Failure::new(Kind::Failed, "file", error.to_string(), say!("bench-file-next"))
        })?;
        Ok(Self(folder))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // After Ctrl-C the thread may be in the middle of a write. What cannot be removed is private
        // and holds nothing of anybody.
        for _ in 0..REMOVALS {
            if fs::remove_dir_all(&self.0).is_ok() || !self.0.exists() {
                return;
            }
            std::thread::sleep(REMOVAL_PAUSE);
        }
    }
}

fn measure(folder: &Path, part: Duration, stopped: &AtomicBool) -> Result<Found, Failure> {
    let words = SecretBytes::new(b"four quiet words of bench".to_vec()); // data
    drop(Profile::create(folder, &words, KdfCost::DEFAULT)?);
    let began = Instant::now();
    let profile = Profile::open(folder, &words)?;
    let open_seconds = began.elapsed().as_secs_f64();

    let (sealed_per_second, envelope) = seal(part / 2, stopped)?;
    let checked_per_second = check(&envelope, part / 4, stopped);
    if stopped.load(Ordering::Relaxed) {
        return Err(Failure::interrupted());
    }
    let mut store = profile.open_store().map_err(ProfileError::from)?;
    let (synced_per_second, slowest_sync_ms) = write(&mut store, 1, part, stopped)?;
    let (batches_per_second, _) = write(&mut store, TOGETHER, part, stopped)?;
    let kept_per_second = batches_per_second * TOGETHER as f64;
    drop(store);

    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let relay_per_second = kept_per_second.min(checked_per_second * cores as f64 / CARRYING);
    let by_envelopes = relay_per_second * 86_400.0 / (A_DAY * BUSIEST);
    let relay_connections = memory_kib().map(|kib| kib / 2.0 / CONNECTION_KIB);
    let by_memory = relay_connections.map_or(f64::INFINITY, |connections| connections / CIRCLES);
    let carries = Carries {
        shares_per_second: 1.0 / (SENDING / sealed_per_second + 1.0 / synced_per_second),
        month_away_seconds: MONTH * TAKING_IN / sealed_per_second + MONTH / kept_per_second,
        relay_per_second,
        relay_connections,
        relay_people: by_envelopes.min(by_memory),
    };
    Ok(Found {
        open_seconds,
        sealed_per_second,
        checked_per_second,
        synced_per_second,
        slowest_sync_ms,
        kept_per_second,
        cores,
        carries,
    })
}

/// The memory of the machine, where the system tells.
fn memory_kib() -> Option<f64> {
    let told = fs::read_to_string("/proc/meminfo").ok()?;
    let line = told.lines().find_map(|line| line.strip_prefix("MemTotal:"))?;
    line.split_whitespace().next()?.parse().ok()
}

/// Seals shares in a circle of one; gives how many a second, and one envelope.
fn seal(time: Duration, stopped: &AtomicBool) -> Result<(f64, Vec<u8>), Failure> {
    let broken = || Failure::new(Kind::Failed, "bench", say!("bench-bench"), say!("bench-next"));
    let now = system_clock()();
    // Nothing of this circle is anybody's secret.
    let seed = Secret::from_bytes([7; 32]);
    let mut engine = Engine::load(now, &seed, Timings::default(), []).map_err(|_| broken())?;
    let new = NewCircle {
        title: "Bench".into(),
        name: "Alder".into(),
        suite: Suite::XWing,
        relays: vec![],
        welcome: String::new(),
        agreement: "We listen.".into(), // data
        declaration: Some("Nobody here has a duty to report.".into()), // data
    };
    let circle = engine.create_circle(now, new).map_err(|_| broken())?;
    let (mut count, mut last, began) = (0_u32, Vec::new(), Instant::now());
    while goes_on(began, time, stopped) {
        let share = NewShare {
            ask: Ask::JustListening,
            content_note: None,
            title: None,
            text: "a".repeat(TEXT),
            scope: Scope::HereNow,
        };
        engine.share(now, &circle, share).map_err(|_| broken())?;
        while let Some(output) = engine.poll_output() {
            if let Output::Publish { venue, envelope } = output {
                let id = envelope.id();
                last = envelope.as_bytes().to_vec();
                let _ = engine.handle(now, Input::Acknowledged { venue, envelope: id });
            }
        }
        count += 1;
    }
    Ok((f64::from(count) / began.elapsed().as_secs_f64(), last))
}

/// Checks the signature of an envelope again and again, as a relay does with each.
fn check(envelope: &[u8], time: Duration, stopped: &AtomicBool) -> f64 {
    let (mut count, began) = (0_u32, Instant::now());
    while goes_on(began, time, stopped) {
        let sound = Envelope::from_bytes(envelope).is_ok_and(|envelope| envelope.verify().is_ok());
        count += u32::from(std::hint::black_box(sound));
    }
    f64::from(count) / began.elapsed().as_secs_f64()
}

/// Writes batches of so many envelopes, each durable before the next; gives batches a second, and
/// milliseconds that one of a hundred takes.
fn write(
    store: &mut dyn Store,
    together: usize,
    time: Duration,
    stopped: &AtomicBool,
) -> Result<(f64, f64), Failure> {
    let (mut number, mut times, began) = (0_u64, Vec::new(), Instant::now());
    while goes_on(began, time, stopped) {
        let mut batch = Batch::new();
        for _ in 0..together {
            number += 1;
            let name = [together as u64, number].map(u64::to_be_bytes).concat();
            batch.put(Key::new(RecordKind::Node, &[b"bench".as_slice(), &name]), vec![7; ENVELOPE]);
        }
        let start = Instant::now();
        store.apply(batch).map_err(ProfileError::from)?;
        times.push(start.elapsed().as_secs_f64() * 1e3);
    }
    let rate = times.len() as f64 / began.elapsed().as_secs_f64();
    times.sort_by(f64::total_cmp);
    let slow = times.get(times.len() * 99 / 100).or(times.last()).copied().unwrap_or_default();
    Ok((rate, slow))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_told_with_two_digits_that_mean_something() {
        let told: Vec<String> = [7.0, 42.4, 1234.0, 56_789.0, 1_234_567.0].map(about).into();
        assert_eq!(told, ["7", "42", "1,200", "57,000", "1.2 million"]);
        assert_eq!([0.04, 1.26, 34.2].map(seconds), ["a moment", "1.3 s", "34 s"]);
    }

    #[test]
    fn a_scratch_folder_goes_with_its_owner() {
        let above = tempfile::tempdir().unwrap();
        let scratch = Scratch::beside(&above.path().join("profile")).unwrap();
        let folder = scratch.0.clone();
        assert!(folder.is_dir() && folder.starts_with(above.path()));
        drop(scratch);
        assert!(!folder.exists());
    }
}

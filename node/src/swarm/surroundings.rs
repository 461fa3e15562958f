//! Notices that the network around this device has changed, or that the device slept: connections may
//! be dead then and not know it. Every network of the venue is told, asks those it is connected with,
//! and stops waiting for a retry that was put off. Each venue looks at its own pace, so that circles of
//! one device do not stir together. Clause: specs/06-sync Y-90.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::{Instant, sleep};
use windbreak_protocol::time::Timestamp;

use crate::swarm::limits::jittered;
use crate::swarm::nets::Nets;
use crate::swarm::shared::Shared;

/// Looks that a device must have missed to have slept.
const SLEPT: u32 = 6;

/// One moment by both clocks: one goes on while a device sleeps, the other may not.
#[derive(Clone, Copy)]
struct Moment {
    wall: Timestamp,
    steady: Instant,
}

impl Moment {
    fn now(shared: &Shared) -> Self {
        Self { wall: (shared.clock)(), steady: Instant::now() }
    }

    /// Whether the device was asleep between two looks. A clock that was set forward looks the same,
    /// and costs a question.
    fn slept_until(self, later: Self, look: Duration) -> bool {
        let steady = later.steady.duration_since(self.steady);
        let wall = later.wall.since(self.wall);
        steady.max(wall) > look * SLEPT
    }
}

/// Looks around for as long as the venue is open.
pub(crate) async fn watch(shared: Arc<Shared>) {
    let look = shared.timings.look;
    let mut known = Nets::look().outward();
    let mut before = Moment::now(&shared);
    loop {
        sleep(jittered(look)).await;
        shared.turn_topics();
        let (seen, now) = (Nets::look().outward(), Moment::now(&shared));
        if seen != known || before.slept_until(now, look) {
            tracing::debug!("the network has changed, or the device slept");
            shared.shake();
        }
        (known, before) = (seen, now);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use tempfile::TempDir;
    use tokio::net::{TcpListener, TcpStream};
    use tokio_util::task::AbortOnDropHandle;

    use super::*;
    use crate::relay::{RelayConfig, run_relay};
    use crate::swarm::testkit::{Member, NOW, StillClock, envelopes, soon, topic_key};
    use crate::swarm::{Timings, VenueConfig};

    #[tokio::test]
    async fn sleep_shows_by_either_clock_and_a_clock_set_back_is_no_sleep() {
        let look = Duration::from_secs(5);
        let (wall, steady) = (Timestamp::from_seconds(1_800_000_000), Instant::now());
        let before = Moment { wall, steady };
        let later = |wall: Timestamp, steady: u64| Moment {
            wall,
            steady: before.steady + Duration::from_secs(steady),
        };
        assert!(!before.slept_until(later(wall.after(look), 5), look));
        assert!(before.slept_until(later(wall.after(look * 100), 5), look), "by the wall clock");
        assert!(before.slept_until(later(wall, 500), look), "by the steady one");
        let yesterday = Timestamp::from_seconds(1_800_000_000 - 24 * 3600);
        assert!(!before.slept_until(later(yesterday, 5), look));
    }

    /// Stands between a member and a relay. Connections that were there when it broke are never heard
    /// of again, and nobody is told; new ones work.
    struct Line {
        address: String,
        breaks: Arc<AtomicUsize>,
        carried: Arc<AtomicUsize>,
        _task: AbortOnDropHandle<()>,
    }

    impl Line {
        async fn to(relay: &str) -> Self {
            let mut parts = relay.split('/');
            let (port, peer) = (parts.nth(4).unwrap().to_owned(), parts.nth(1).unwrap().to_owned());
            let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
            let own = listener.local_addr().unwrap().port();
            let (breaks, carried) = (Arc::<AtomicUsize>::default(), Arc::default());
            let (broken, count) = (breaks.clone(), Arc::clone(&carried));
            let run = async move {
                let mut held = Vec::new();
                loop {
                    let (mut near, _) = listener.accept().await.unwrap();
                    let mut far = TcpStream::connect(format!("127.0.0.1:{port}")).await.unwrap();
                    AtomicUsize::fetch_add(&count, 1, Ordering::SeqCst);
                    let (broken, before) = (broken.clone(), broken.load(Ordering::SeqCst));
                    held.push(AbortOnDropHandle::new(tokio::spawn(async move {
                        let break_off = async {
                            while broken.load(Ordering::SeqCst) == before {
                                sleep(Duration::from_millis(10)).await;
                            }
                        };
                        tokio::select! {
                            _ = tokio::io::copy_bidirectional(&mut near, &mut far) => {}
                            () = break_off => std::future::pending().await,
                        }
                    })));
                }
            };
            Self {
                address: format!("/ip4/127.0.0.1/tcp/{own}/p2p/{peer}"),
                breaks,
                carried,
                _task: AbortOnDropHandle::new(tokio::spawn(run)),
            }
        }
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn a_connection_that_died_with_the_network_is_made_anew_at_once() {
        let folder = TempDir::new().unwrap();
        let listen = vec!["/ip4/127.0.0.1/tcp/0".to_owned()];
        let clock = StillClock::new().clock();
        let mut config = RelayConfig::new(folder.path().join("relay"), listen, clock);
        config.timings = Timings::fast();
        let relay = run_relay(config).await.unwrap();
        let line = Line::to(&relay.addresses()[0]).await;
        let relays = vec![line.address.clone()];
        let alder = Member::start(VenueConfig { relays, ..VenueConfig::default() }, &[]);
        let key = topic_key(1);
        alder.follow(&key);
        alder.sees(|seen| seen.synced > 0).await;
        let timings = Timings::fast();
        // Again and again: the relay is told of no connection that it died.
        for said in envelopes(&key, NOW, 1, 4) {
            let connections = line.carried.load(Ordering::SeqCst);
            line.breaks.fetch_add(1, Ordering::SeqCst);
            // What was on its way is through: whoever is heard after the change is there.
            sleep(Duration::from_millis(100)).await;
            alder.venue.shake();
            let begun = Instant::now();
            soon(async {
                while line.carried.load(Ordering::SeqCst) == connections {
                    sleep(Duration::from_millis(20)).await;
                }
            })
            .await;
            // Without it, nothing is asked before the next comparison.
            assert!(begun.elapsed() < timings.compare / 2, "{:?}", begun.elapsed());
            alder.publish(&said);
            alder.sees(|seen| seen.held.contains(&said.id())).await;
        }
    }
}

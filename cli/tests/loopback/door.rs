//! A door between nodes and a relay: passes bytes on, and remembers all that went through, as
//! whoever sits at the wire sees it.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

/// Bytes read at once.
const CHUNK: usize = 64 * 1024;

/// Where doors lead to: a port of this machine, or nowhere.
#[derive(Clone, Default)]
pub(crate) struct Upstream(Arc<Mutex<Option<u16>>>);

impl Upstream {
    pub(crate) fn leads_to(&self, port: u16) {
        *self.0.lock().unwrap() = Some(port);
    }

    pub(crate) fn leads_nowhere(&self) {
        *self.0.lock().unwrap() = None;
    }

    fn connect(&self) -> Option<TcpStream> {
        let port = (*self.0.lock().unwrap())?;
        TcpStream::connect((Ipv4Addr::LOCALHOST, port)).ok()
    }
}

/// Bytes and pieces passed on, in both directions.
type Passed = Arc<Mutex<(usize, usize)>>;

/// Bytes that go through in a second, in each direction of a connection; none: as they come.
type Pace = Arc<AtomicU32>;

/// What one side of a connection sent.
type Recording = Arc<Mutex<Vec<u8>>>;

/// An open door. Its thread sleeps until the test's process ends.
pub(crate) struct Door {
    port: u16,
    recordings: Arc<Mutex<Vec<Recording>>>,
    passed: Passed,
    pace: Pace,
}

impl Door {
    pub(crate) fn open(upstream: Upstream) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let recordings = Arc::new(Mutex::new(Vec::new()));
        let kept = recordings.clone();
        let passed = Passed::default();
        let counted = passed.clone();
        let pace = Pace::default();
        let slowed = pace.clone();
        thread::spawn(move || {
            for guest in listener.incoming().flatten() {
                // Without a relay behind it the guest is sent away at once.
                let Some(host) = upstream.connect() else { continue };
                let pair = (guest.try_clone().unwrap(), host.try_clone().unwrap());
                for (from, to) in [(guest, host), (pair.1, pair.0)] {
                    let recording = Recording::default();
                    kept.lock().unwrap().push(recording.clone());
                    let (counted, pace) = (counted.clone(), slowed.clone());
                    thread::spawn(move || pass(from, to, &recording, &counted, &pace));
                }
            }
        });
        Self { port, recordings, passed, pace }
    }

    /// From now on so many bytes go through in a second; none: as they come.
    pub(crate) fn carries(&self, bytes: u32) {
        self.pace.store(bytes, Ordering::Relaxed);
    }

    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    /// How many bytes went through, in how many pieces.
    pub(crate) fn passed(&self) -> (usize, usize) {
        *self.passed.lock().unwrap()
    }

    /// Everything that went through, one piece per connection and direction.
    pub(crate) fn recorded(&self) -> Vec<Vec<u8>> {
        let recordings = self.recordings.lock().unwrap();
        recordings.iter().map(|recording| recording.lock().unwrap().clone()).collect()
    }
}

/// Passes bytes on until either side closes.
fn pass(
    mut from: TcpStream,
    mut to: TcpStream,
    recording: &Recording,
    passed: &Passed,
    pace: &Pace,
) {
    let mut chunk = vec![0; CHUNK];
    while let Ok(length @ 1..) = from.read(&mut chunk) {
        let pace = pace.load(Ordering::Relaxed);
        if pace > 0 {
            thread::sleep(Duration::from_secs_f64(length as f64 / f64::from(pace)));
        }
        recording.lock().unwrap().extend_from_slice(&chunk[..length]);
        {
            let mut passed = passed.lock().unwrap();
            *passed = (passed.0 + length, passed.1 + 1);
        }
        if to.write_all(&chunk[..length]).is_err() {
            break;
        }
    }
    // Closed already is as good.
    let _ = from.shutdown(Shutdown::Both);
    let _ = to.shutdown(Shutdown::Both);
}

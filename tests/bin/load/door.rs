//! A door in front of a relay: passes bytes on, counts them, and can be shut.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use windbreak_tests::measure::Fault;

/// Bytes read at once.
const CHUNK: usize = 256 * 1024;

/// An open door. Its threads end with the process.
#[derive(Debug)]
pub(crate) struct Door {
    port: u16,
    passed: Arc<AtomicU64>,
    shut: Arc<AtomicBool>,
    /// Who has gone through.
    guests: Arc<Mutex<Vec<TcpStream>>>,
}

impl Door {
    /// Opens one that leads to a port of this machine.
    pub(crate) fn open(to: u16) -> Result<Self, Fault> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let port = listener.local_addr()?.port();
        let passed = Arc::new(AtomicU64::new(0));
        let (shut, guests) = (Arc::new(AtomicBool::new(false)), Arc::new(Mutex::new(Vec::new())));
        let (counter, is_shut, inside) = (passed.clone(), shut.clone(), guests.clone());
        thread::spawn(move || {
            for guest in listener.incoming().flatten() {
                if is_shut.load(Ordering::Relaxed) {
                    continue;
                }
                // Whoever cannot be led on is sent away.
                let Ok(host) = TcpStream::connect((Ipv4Addr::LOCALHOST, to)) else { continue };
                let _ = (guest.set_nodelay(true), host.set_nodelay(true));
                let (Ok(from), Ok(back)) = (guest.try_clone(), host.try_clone()) else { continue };
                if let Ok(guest) = guest.try_clone() {
                    inside.lock().unwrap_or_else(PoisonError::into_inner).push(guest);
                }
                for (from, to) in [(from, host), (back, guest)] {
                    let counter = counter.clone();
                    thread::spawn(move || pass(from, to, &counter));
                }
            }
        });
        Ok(Self { port, passed, shut, guests })
    }

    /// Lets nobody in or out, or everybody again.
    pub(crate) fn shut(&self, shut: bool) {
        self.shut.store(shut, Ordering::Relaxed);
        for guest in self.guests.lock().unwrap_or_else(PoisonError::into_inner).drain(..) {
            // Gone already is as good.
            let _ = guest.shutdown(Shutdown::Both);
        }
    }

    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    /// Bytes that went through up to now, both ways.
    pub(crate) fn passed(&self) -> u64 {
        self.passed.load(Ordering::Relaxed)
    }
}

/// Passes bytes on until either side closes.
fn pass(mut from: TcpStream, mut to: TcpStream, passed: &AtomicU64) {
    let mut chunk = vec![0; CHUNK];
    while let Ok(length @ 1..) = from.read(&mut chunk) {
        passed.fetch_add(length as u64, Ordering::Relaxed);
        if to.write_all(&chunk[..length]).is_err() {
            break;
        }
    }
    // Closed already is as good.
    let _ = from.shutdown(Shutdown::Both);
    let _ = to.shutdown(Shutdown::Both);
}

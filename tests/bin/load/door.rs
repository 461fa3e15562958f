//! A door in front of a relay: passes bytes on and counts them.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, Shutdown, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

use windbreak_tests::measure::Fault;

/// Bytes read at once.
const CHUNK: usize = 256 * 1024;

/// An open door. Its threads end with the process.
#[derive(Debug)]
pub(crate) struct Door {
    port: u16,
    passed: Arc<AtomicU64>,
}

impl Door {
    /// Opens one that leads to a port of this machine.
    pub(crate) fn open(to: u16) -> Result<Self, Fault> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let port = listener.local_addr()?.port();
        let passed = Arc::new(AtomicU64::new(0));
        let counter = passed.clone();
        thread::spawn(move || {
            for guest in listener.incoming().flatten() {
                // Whoever cannot be led on is sent away.
                let Ok(host) = TcpStream::connect((Ipv4Addr::LOCALHOST, to)) else { continue };
                let _ = (guest.set_nodelay(true), host.set_nodelay(true));
                let (Ok(from), Ok(back)) = (guest.try_clone(), host.try_clone()) else { continue };
                for (from, to) in [(from, host), (back, guest)] {
                    let counter = counter.clone();
                    thread::spawn(move || pass(from, to, &counter));
                }
            }
        });
        Ok(Self { port, passed })
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

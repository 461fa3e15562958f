//! The raw parts: what a disk, a store and a wire do by themselves, measured in the same run.

use std::fs::OpenOptions;
use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use windbreak_tests::measure::Fault;
use windbreak_tests::measure::stats::timed;

/// Appends `bytes` to a file and waits for the disk, `count` times.
pub(crate) fn append_and_sync(
    folder: &Path,
    bytes: usize,
    count: usize,
) -> Result<Vec<Duration>, Fault> {
    let path = folder.join("appended");
    let mut file = OpenOptions::new().create(true).append(true).open(&path)?;
    let piece = vec![7; bytes];
    let mut times = Vec::with_capacity(count);
    for _ in 0..count {
        let (done, time) = timed(|| file.write_all(&piece).and_then(|()| file.sync_data()));
        done?;
        times.push(time);
    }
    std::fs::remove_file(path)?;
    Ok(times)
}

/// Puts values of `bytes` into sled, `together` with one wait for the disk; gives values a second.
pub(crate) fn sled_alone(
    folder: &Path,
    bytes: usize,
    count: usize,
    together: usize,
) -> Result<f64, Fault> {
    let path = folder.join("sled");
    let store = sled::Config::new().path(&path).flush_every_ms(None).open()?;
    let value = vec![7; bytes];
    let began = Instant::now();
    for number in 0..count {
        store.insert((number as u64).to_be_bytes(), value.as_slice())?;
        if (number + 1) % together == 0 {
            store.flush()?;
        }
    }
    store.flush()?;
    let rate = count as f64 / began.elapsed().as_secs_f64();
    drop(store);
    std::fs::remove_dir_all(path)?;
    Ok(rate)
}

/// `bytes` go from one connection through a hub to another, `count` times, and the two that keep
/// them wait for the disk each time: what a share takes at least from one screen to another.
pub(crate) fn through_a_hub(
    folder: &Path,
    bytes: usize,
    count: usize,
) -> Result<Vec<Duration>, Fault> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    let address = listener.local_addr()?;
    let kept = folder.join("hub");
    let path = kept.clone();
    let hub = thread::spawn(move || -> std::io::Result<()> {
        let (mut from, _) = listener.accept()?;
        let (mut to, _) = listener.accept()?;
        to.set_nodelay(true)?;
        let mut file = OpenOptions::new().create(true).append(true).open(path)?;
        let mut piece = vec![0; bytes];
        while from.read_exact(&mut piece).is_ok() {
            file.write_all(&piece)?;
            file.sync_data()?;
            to.write_all(&piece)?;
        }
        Ok(())
    });
    let mut from = TcpStream::connect(address)?;
    from.set_nodelay(true)?;
    // The hub takes them in the order in which they came.
    let mut to = TcpStream::connect(address)?;
    let own = folder.join("own");
    let mut file = OpenOptions::new().create(true).append(true).open(&own)?;
    let (piece, mut arrived) = (vec![7; bytes], vec![0; bytes]);
    let mut times = Vec::with_capacity(count);
    for _ in 0..count {
        let (done, time) = timed(|| {
            file.write_all(&piece)?;
            file.sync_data()?;
            from.write_all(&piece)?;
            to.read_exact(&mut arrived)
        });
        done?;
        times.push(time);
    }
    drop(from);
    hub.join().map_err(|_| "the hub broke")??;
    std::fs::remove_file(kept)?;
    std::fs::remove_file(own)?;
    Ok(times)
}

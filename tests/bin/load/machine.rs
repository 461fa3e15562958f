//! What the system says of a process, and of itself.

use std::fs;

use serde::Serialize;
use serde_json::{Value, json};

/// Parts of a second in which the system counts a process's time; the same on every Linux.
const TICKS: f64 = 100.0;

/// What a process has used up to now.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub(crate) struct Usage {
    /// Memory now, in KiB.
    pub(crate) memory_kib: u64,
    /// The most it was.
    pub(crate) most_memory_kib: u64,
    /// Seconds of a core.
    pub(crate) cpu_seconds: f64,
    /// Bytes it had written to disks.
    pub(crate) written_bytes: u64,
    /// Calls that wrote, to files and sockets.
    pub(crate) write_calls: u64,
}

impl Usage {
    /// Of the process with this number; zeros where the system does not tell.
    pub(crate) fn of(pid: u32) -> Self {
        let read = |name: &str| fs::read_to_string(format!("/proc/{pid}/{name}"));
        let (status, io) = (read("status").unwrap_or_default(), read("io").unwrap_or_default());
        let stat = read("stat").unwrap_or_default();
        // The name of a program may hold anything but is followed by the last bracket.
        let fields = stat.rsplit_once(')').map_or("", |(_, rest)| rest);
        let ticks = |field: usize| -> f64 {
            fields.split_whitespace().nth(field).and_then(|n| n.parse().ok()).unwrap_or_default()
        };
        Self {
            memory_kib: field(&status, "VmRSS:"),
            most_memory_kib: field(&status, "VmHWM:"),
            cpu_seconds: (ticks(11) + ticks(12)) / TICKS,
            written_bytes: field(&io, "write_bytes:"),
            write_calls: field(&io, "syscw:"),
        }
    }

    /// What was used since `before`; memory is what it is now.
    pub(crate) fn since(self, before: Self) -> Self {
        Self {
            cpu_seconds: self.cpu_seconds - before.cpu_seconds,
            written_bytes: self.written_bytes - before.written_bytes,
            write_calls: self.write_calls - before.write_calls,
            ..self
        }
    }
}

fn field(text: &str, name: &str) -> u64 {
    let line = text.lines().find_map(|line| line.strip_prefix(name));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or_default()
}

/// The machine a measurement was made on, and how busy it was.
pub(crate) fn describe() -> Value {
    let read = |path: &str| fs::read_to_string(path).unwrap_or_default();
    let cpu = read("/proc/cpuinfo");
    let model = cpu.lines().find_map(|line| line.strip_prefix("model name")).unwrap_or_default();
    let load = read("/proc/loadavg");
    json!({
        "processor": model.trim_start_matches([' ', '\t', ':']),
        "cores": std::thread::available_parallelism().map_or(1, usize::from),
        "memory_mib": field(&read("/proc/meminfo"), "MemTotal:") / 1024,
        "kernel": read("/proc/sys/kernel/osrelease").trim(),
        "load": load.split_whitespace().take(3).collect::<Vec<_>>(),
        "commit": commit(),
    })
}

/// The commit this was built from, if it is run where that is known.
fn commit() -> Option<String> {
    let told = std::process::Command::new("git").args(["rev-parse", "--short", "HEAD"]).output();
    let told = told.ok().filter(|told| told.status.success())?;
    Some(String::from_utf8_lossy(&told.stdout).trim().to_owned())
}

//! How cost grows with members, items, circles and topics: measured, drawn, and kept with the machine
//! and the commit. Each series can be taken alone; the others then stay as they are kept.

use std::fs::{self, File};
use std::io::{BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use clap::ValueEnum;
use serde_json::{Value, json};
use windbreak_protocol::Suite;
use windbreak_tests::measure::engine::{Measured, measure};
use windbreak_tests::measure::{Fault, items};

use crate::plot::{Chart, Line};
use crate::stage::Stage;
use crate::topics::Held;
use crate::{Outcome, Report, machine, topics};

/// How much, and where to.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The folder for charts and figures.
    #[arg(long, default_value = "specs/figures")]
    into: PathBuf,
    /// Takes these series alone.
    #[arg(long, value_enum, value_delimiter = ',')]
    only: Vec<Series>,
    /// Circle sizes.
    #[arg(long, value_delimiter = ',', default_value = "2,10,30,100,300,1000")]
    members: Vec<usize>,
    /// Numbers of items; a million takes many minutes.
    #[arg(long, value_delimiter = ',', default_value = "100,1000,10000,100000")]
    items: Vec<usize>,
    /// Numbers of circles on one node.
    #[arg(long, value_delimiter = ',', default_value = "1,2,5,10,20,50")]
    circles: Vec<usize>,
    /// Numbers of topics on one relay.
    #[arg(long, value_delimiter = ',', default_value = "10,100,1000,10000,100000")]
    topics: Vec<u64>,
}

/// A chart and its file.
type Named = (&'static str, Chart);

/// What grows.
#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
enum Series {
    /// Members of a circle.
    Members,
    /// Items of a circle.
    Items,
    /// Circles of a node.
    Circles,
    /// Topics of a relay.
    Topics,
}

impl Series {
    const ALL: [Self; 4] = [Self::Members, Self::Items, Self::Circles, Self::Topics];

    /// Its name in growth.json.
    const fn name(self) -> &'static str {
        match self {
            Self::Members => "members",
            Self::Items => "items",
            Self::Circles => "circles",
            Self::Topics => "topics",
        }
    }

    /// What was measured, and how it is drawn.
    fn measure(self, args: &Args, note: &str) -> Result<(Value, Vec<Named>), Fault> {
        Ok(match self {
            Self::Members => {
                let sizes = args.members.iter().map(|size| measure(*size, Suite::X25519, 40, 8, 0));
                let sizes = sizes.collect::<Result<Vec<_>, _>>()?;
                let messages = ("members.svg", of_messages(&sizes, note));
                (json!(sizes), vec![messages, ("entering.svg", of_entering(&sizes, note))])
            }
            Self::Items => {
                let opened = args.items.iter().map(|count| opened(*count));
                let opened = opened.collect::<Result<Vec<_>, _>>()?;
                (json!(opened), vec![("items.svg", of_items(&opened, note))])
            }
            Self::Circles => {
                let rows = circles(&args.circles)?;
                let chart = of_circles(&rows, note);
                (json!(rows), vec![("circles.svg", chart)])
            }
            Self::Topics => {
                let held = topics::fill(&args.topics)?;
                (json!(held), vec![("topics.svg", of_topics(&held, note))])
            }
        })
    }
}

/// Which circle to open.
#[derive(Debug, clap::Args)]
pub(crate) struct Made {
    /// Shares in it.
    items: usize,
    /// Its records.
    records: PathBuf,
}

/// Makes a circle here, and opens it in a process that does nothing else.
fn opened(items: usize) -> Result<items::Opened, Fault> {
    let mut file = BufWriter::new(tempfile::NamedTempFile::new()?);
    items::make(items, &mut file)?;
    file.flush()?;
    let mut command = Command::new(std::env::current_exe()?);
    command.args(["--json", "open-made", &items.to_string()]).arg(file.get_ref().path());
    let told = command.output()?;
    if !told.status.success() {
        return Err(String::from_utf8_lossy(&told.stderr).into_owned().into());
    }
    let told: Value = serde_json::from_slice(&told.stdout)?;
    Ok(serde_json::from_value(told["figures"].clone())?)
}

/// Opens a circle that was made.
pub(crate) fn open_made(made: &Made) -> Outcome {
    let records = BufReader::new(File::open(&made.records)?);
    let opened = items::open(made.items, records)?;
    Ok(Report { text: format!("{opened:?}"), json: json!(opened), holds: true })
}

pub(crate) fn run(args: &Args) -> Outcome {
    let machine = machine::describe();
    let text = |name: &str| machine[name].as_str().unwrap_or("unknown").to_owned();
    let note =
        format!("{}, {} cores, commit {}", text("processor"), machine["cores"], text("commit"));
    fs::create_dir_all(&args.into)?;
    let path = args.into.join("growth.json");
    let mut figures = kept(&path)?;
    let mut written = Vec::new();
    let all = || args.only.is_empty();
    for series in Series::ALL.into_iter().filter(|series| all() || args.only.contains(series)) {
        let (rows, charts) = series.measure(args, &note)?;
        for (name, chart) in charts {
            let path = args.into.join(name);
            fs::write(&path, chart.to_svg())?;
            written.push(path.display().to_string());
        }
        figures[series.name()] = json!({ "machine": machine, "rows": rows });
        // What follows may take long, and be broken off.
        fs::write(&path, format!("{figures:#}\n"))?;
    }
    Ok(Report { text: format!("written: {}", written.join(", ")), json: figures, holds: true })
}

/// What is kept of all series.
fn kept(path: &Path) -> Result<Value, Fault> {
    match fs::read(path) {
        Ok(bytes) => Ok(serde_json::from_slice(&bytes)?),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(json!({})),
        Err(error) => Err(error.into()),
    }
}

fn of_messages(sizes: &[Measured], note: &str) -> Chart {
    let mut lines = Vec::new();
    for (number, name) in ["send", "receive", "apply a commit"].into_iter().enumerate() {
        let line = |raw: bool| {
            let points = sizes.iter().filter_map(|size| {
                let row = size.rows.get(number)?;
                let spread = if raw { row.raw } else { row.ours };
                Some((size.members as f64, spread.p50_us))
            });
            points.collect()
        };
        lines.push(Line::new(name, false, line(false)));
        lines.push(Line::new(&format!("{name}, raw"), true, line(true)));
    }
    Chart {
        title: "Messages and commits by members (X25519)".into(),
        note: note.into(),
        across: "members".into(),
        up: "microseconds, median".into(),
        lines,
    }
}

fn of_entering(sizes: &[Measured], note: &str) -> Chart {
    let line = |of: fn(&Measured) -> f64| {
        sizes.iter().map(|size| (size.members as f64, of(size))).collect::<Vec<_>>()
    };
    let written = |number: usize| {
        let points = sizes.iter().filter_map(|size| {
            Some((size.members as f64, size.rows.get(number)?.written as f64 / 1024.0))
        });
        points.collect::<Vec<_>>()
    };
    Chart {
        title: "Coming in, and what is written, by members (X25519)".into(),
        note: note.into(),
        across: "members".into(),
        up: "ms, or KiB".into(),
        lines: vec![
            Line::new("coming in, ms", false, line(|size| size.join_us / 1e3)),
            Line::new("the answer, KiB", true, line(|size| size.welcome_bytes as f64 / 1024.0)),
            Line::new("written to send, KiB", false, written(0)),
            Line::new("written to receive, KiB", true, written(1)),
            Line::new("written for a commit, KiB", false, written(2)),
        ],
    }
}

fn of_items(opened: &[items::Opened], note: &str) -> Chart {
    let line = |of: fn(&items::Opened) -> f64| {
        opened.iter().map(|opened| (opened.items as f64, of(opened))).collect::<Vec<_>>()
    };
    Chart {
        title: "A circle's items".into(),
        note: note.into(),
        across: "items".into(),
        up: "ms, MiB, or us".into(),
        lines: vec![
            Line::new("opening, ms", false, line(|opened| opened.open_ms)),
            Line::new("the timeline, ms", true, line(|opened| opened.timeline_ms)),
            Line::new("memory, MiB", false, line(|opened| opened.memory_mib)),
            Line::new("one more share, us", true, line(|opened| opened.share_us)),
        ],
    }
}

/// Circles on one node that is started again: how long, and how much memory.
fn circles(counts: &[usize]) -> Result<Vec<Value>, Fault> {
    let stage = Stage::new()?;
    let relay = stage.relay("")?;
    let mut alder = stage.person("alder")?;
    let (mut made, mut rows) = (0, Vec::new());
    for count in counts {
        while made < *count {
            alder.makes_a_circle(&relay.address)?;
            made += 1;
        }
        alder.has_sent_all()?;
        alder.dies();
        let began = Instant::now();
        alder.starts()?;
        let start = began.elapsed();
        std::thread::sleep(std::time::Duration::from_secs(5));
        let (used, keeper) = (alder.usage(), relay.process.usage());
        rows.push(json!({
            "circles": count, "start_ms": start.as_secs_f64() * 1e3,
            "memory_mib": used.memory_kib as f64 / 1024.0, "cpu_seconds": used.cpu_seconds,
            "relay_memory_mib": keeper.memory_kib as f64 / 1024.0,
        }));
    }
    Ok(rows)
}

fn of_circles(rows: &[Value], note: &str) -> Chart {
    let line = |name: &str| {
        let points =
            rows.iter().filter_map(|row| Some((row["circles"].as_f64()?, row[name].as_f64()?)));
        points.collect::<Vec<_>>()
    };
    Chart {
        title: "Circles of one node on one relay".into(),
        note: note.into(),
        across: "circles".into(),
        up: "ms, or MiB".into(),
        lines: vec![
            Line::new("start, ms", false, line("start_ms")),
            Line::new("memory of the node, MiB", true, line("memory_mib")),
            Line::new("memory of the relay, MiB", false, line("relay_memory_mib")),
        ],
    }
}

fn of_topics(held: &[Held], note: &str) -> Chart {
    let line = |of: fn(&Held) -> f64| {
        held.iter().map(|held| (held.topics as f64, of(held))).collect::<Vec<_>>()
    };
    Chart {
        title: "Topics of one relay, an envelope on each".into(),
        note: note.into(),
        across: "topics".into(),
        up: "us, ms, or MiB".into(),
        lines: vec![
            Line::new("beginning one, us", false, line(|held| held.begin_us)),
            Line::new("the relay's core, us", true, line(|held| held.begin_cpu_us)),
            Line::new("opening one, us", false, line(|held| held.open.p50_us)),
            Line::new("starting again, ms", true, line(|held| held.start_ms)),
            Line::new("memory, MiB", false, line(|held| held.memory_mib)),
        ],
    }
}

//! What happened in the demo: told step by step to a person, kept as data for a program.

use std::path::PathBuf;
use std::time::Instant;

use serde::Serialize;
use serde_json::Value;

use super::scan::Scan;
use crate::error::Failure;
use crate::output::{Output, Page, Report};
use crate::words::say;

/// The demo as it went.
#[derive(Debug)]
pub(super) struct Transcript {
    out: Output,
    began: Instant,
    steps: Vec<Step>,
    relay: Option<Value>,
    scan: Option<Scan>,
}

/// One step: what happens, the commands for it, and whether it held.
#[derive(Clone, Debug, Serialize)]
struct Step {
    number: usize,
    title: String,
    commands: Vec<Typed>,
    held: bool,
    result: String,
    seconds: f64,
    #[serde(skip)]
    began: Instant,
}

/// A command as a person would type it, and its exit code.
#[derive(Clone, Debug, Serialize)]
struct Typed {
    command: String,
    exit_code: Option<i32>,
    times: usize,
}

/// How the demo ended.
#[derive(Clone, Debug)]
pub(super) enum Outcome {
    Held,
    Failed(Failure),
}

#[derive(Serialize)]
struct Told<'a> {
    held: bool,
    seconds: f64,
    steps: &'a [Step],
    /// What the relay saw, as `relay status` tells it.
    relay: &'a Option<Value>,
    scan: &'a Option<Scan>,
    folder: Option<PathBuf>,
    error: Option<Failure>,
}

impl Report for Told<'_> {
    fn page(&self, page: &mut Page) {
        page.gap();
        if self.held {
            page.text(&say!(
                "demo-every-step-held-steps",
                steps = self.steps.len(),
                seconds = format!("{:.0}", self.seconds)
            ));
        }
        match &self.folder {
            Some(folder) => {
                page.text(&say!("demo-folders-left", folder = folder.display().to_string()));
            }
            None => page.hint(say!("demo-folders-processes-demo-gone")),
        }
    }
}

impl Transcript {
    pub(super) fn new(out: Output) -> Self {
        Self { out, began: Instant::now(), steps: Vec::new(), relay: None, scan: None }
    }

    /// What is going to happen.
    pub(super) fn opening(&self) -> Result<(), Failure> {
        self.tell(|page| {
            page.heading(say!("demo-circle-work-machine-alone"));
            page.text(say!("demo-five-real-processes-talk"));
        })
    }

    /// Begins a step.
    pub(super) fn step(&mut self, title: &str) -> Result<(), Failure> {
        let number = self.steps.len() + 1;
        self.steps.push(Step {
            number,
            title: title.to_owned(),
            commands: Vec::new(),
            held: false,
            result: String::new(),
            seconds: 0.0,
            began: Instant::now(),
        });
        self.tell(|page| {
            page.gap();
            let heading = page.strong(&format!("{number:>2}  {title}"));
            page.verbatim(&heading);
        })
    }

    /// A command is about to run.
    pub(super) fn types(&mut self, command: &str) -> Result<(), Failure> {
        if let Some(step) = self.steps.last_mut() {
            step.commands.push(Typed { command: command.to_owned(), exit_code: None, times: 1 });
        }
        self.tell(|page| page.verbatim(&format!("    $ {command}")))
    }

    /// The command typed last has ended.
    pub(super) fn ended(&mut self, exit_code: i32) {
        if let Some(typed) = self.steps.last_mut().and_then(|step| step.commands.last_mut()) {
            typed.exit_code = Some(exit_code);
        }
    }

    /// The command typed last is repeated.
    pub(super) fn repeated(&mut self, times: usize) {
        if let Some(typed) = self.steps.last_mut().and_then(|step| step.commands.last_mut()) {
            typed.times = times;
        }
    }

    /// The step held, and what came of it.
    pub(super) fn held(&mut self, result: &str) -> Result<(), Failure> {
        if let Some(step) = self.steps.last_mut() {
            step.held = true;
            step.result = result.to_owned();
            step.seconds = step.began.elapsed().as_secs_f64();
        }
        self.tell(|page| page.point("✓", result, "    "))
    }

    /// What the relay says of itself.
    pub(super) fn relay(&mut self, status: Value) {
        self.relay = Some(status);
    }

    /// What the scan found.
    pub(super) fn scanned(&mut self, scan: Scan) {
        self.scan = Some(scan);
    }

    /// The end.
    pub(super) fn close(
        mut self,
        outcome: Outcome,
        folder: Option<PathBuf>,
    ) -> Result<(), Failure> {
        let error = match outcome {
            Outcome::Held => None,
            Outcome::Failed(failure) => {
                if let Some(step) = self.steps.last_mut().filter(|step| !step.held) {
                    step.result = failure.message().to_owned();
                    step.seconds = step.began.elapsed().as_secs_f64();
                }
                Some(failure)
            }
        };
        self.out.tell(&Told {
            held: error.is_none(),
            seconds: self.began.elapsed().as_secs_f64(),
            steps: &self.steps,
            relay: &self.relay,
            scan: &self.scan,
            folder,
            error,
        })
    }

    fn tell(&self, write: impl FnOnce(&mut Page)) -> Result<(), Failure> {
        if self.out.is_json() { Ok(()) } else { self.out.page(write) }
    }
}

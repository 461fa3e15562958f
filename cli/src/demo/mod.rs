//! `demo`: a whole circle at work on this machine alone, as real processes that are driven by the
//! same commands a person types. Every step says what must hold; the demo succeeds only if all do.

mod look;
mod scan;
mod stage;
mod story;
mod transcript;
mod words;

use crate::args::DemoArgs;
use crate::command::Context;
use crate::error::{Failure, Kind};
use crate::words::say;
use stage::Stage;
use transcript::{Outcome, Transcript};

/// Plays the demo, then puts everything away, whatever happened.
pub(crate) async fn run(context: Context<'_>, args: &DemoArgs) -> Result<(), Failure> {
    let text = match &args.input {
        None => words::LETTER.to_owned(),
        Some(path) => std::fs::read_to_string(path)
            .map_err(|error| Failure::file(say!("write-cannot-read"), path, &error))?,
    };
    words::check(&text)?;
    let mut stage = Stage::set_up()?;
    let mut transcript = Transcript::new(context.out.clone());
    transcript.opening()?;
    let told = tokio::select! {
        told = story::tell(&mut stage, &mut transcript, &text) => told,
        interrupted = interrupted() => interrupted,
    };
    stage.stop_everybody().await;
    let kept = if args.keep { Some(stage.keep()) } else { None };
    drop(stage);
    match told {
        Ok(()) => transcript.close(Outcome::Held, kept),
        // Whoever interrupts knows why it ends.
        Err(failure) if failure.kind() == Kind::Interrupted => Err(failure),
        Err(failure) => {
            transcript.close(Outcome::Failed(failure.clone()), kept)?;
            Err(if context.out.is_json() { Failure::told(Kind::Failed) } else { failure })
        }
    }
}

async fn interrupted() -> Result<(), Failure> {
    use tokio::signal::unix::{SignalKind, signal};

    let failed = |error| Failure::system(say!("relay-cannot-hear-signals"), &error);
    let mut end = signal(SignalKind::terminate()).map_err(failed)?;
    let mut hangup = signal(SignalKind::hangup()).map_err(failed)?;
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        _ = end.recv() => {}
        _ = hangup.recv() => {}
    }
    Err(Failure::interrupted())
}

//! The command line of Windbreak.
//!
//! [`main_with`] is the whole program: it reads what was typed (`args`), does it by asking the
//! node of the profile over its local API (`command`, `session`), and answers in words or in JSON
//! (`output`). Whatever other people wrote is made harmless for a terminal first (`text`).

mod args;
mod command;
mod demo;
mod error;
mod help;
mod output;
mod passphrase;
mod pick;
mod profile;
mod session;
mod text;
mod when;
mod words;

use std::ffi::OsString;
use std::io::Write;
use std::process::ExitCode;

use clap::{ColorChoice, CommandFactory, FromArgMatches};

use crate::args::Cli;
use crate::error::{Failure, Kind};
use crate::output::Output;
use crate::words::say;

/// The first descriptor behind standard input, output and error.
const FIRST_OF_OTHERS: i32 = 3;

/// Runs the program with what was typed, its own name first.
pub fn main_with(args: impl IntoIterator<Item = OsString>) -> ExitCode {
    // What was open before, as the file of a passphrase, is for this process and for none it starts.
    close_fds::set_fds_cloexec(FIRST_OF_OTHERS, &[]);
    let typed: Vec<OsString> = args.into_iter().collect();
    words::choose(&typed);
    let cli = match understood(&typed) {
        Ok(cli) => cli,
        Err(error) => return misunderstood(&typed, &error),
    };
    let out = Output::new(&cli.global, command::name(&cli.command));
    match run(cli, &out) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            out.fail(&failure);
            ExitCode::from(failure.kind().exit_code())
        }
    }
}

fn understood(typed: &[OsString]) -> Result<Cli, clap::Error> {
    // Colours of mistakes and of the help are chosen before the options are known.
    let color = if has(typed, "--no-color") { ColorChoice::Never } else { ColorChoice::Auto };
    let matches = help::told(Cli::command()).color(color).try_get_matches_from(typed)?;
    Cli::from_arg_matches(&matches)
}

/// Whether an option without a value was typed.
fn has(typed: &[OsString], option: &str) -> bool {
    typed.iter().take_while(|word| *word != "--").any(|word| word == option)
}

fn run(cli: Cli, out: &Output) -> Result<(), Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::system(say!("lib-cannot-start"), &error))?;
    let outcome = runtime.block_on(command::run(cli, out));
    // A thread that waits for somebody to type must not hold the program.
    runtime.shutdown_background();
    outcome
}

/// Help and version are answers; everything else is a mistake, told in the form that was asked for.
fn misunderstood(typed: &[OsString], error: &clap::Error) -> ExitCode {
    if !error.use_stderr() || !has(typed, "--json") {
        // Nothing is left to do if the terminal is gone.
        let _ = match help::printed(error) {
            Some(words) if error.use_stderr() => write!(std::io::stderr(), "{words}"),
            Some(words) => write!(std::io::stdout(), "{words}"),
            None => error.print(),
        };
        let code = if error.use_stderr() { Kind::Usage.exit_code() } else { 0 };
        return ExitCode::from(code);
    }
    let words = error.render().to_string();
    // What is missing stands in lines of its own, up to the first empty one.
    let lines = words.lines().map(str::trim).take_while(|line| !line.is_empty());
    let message = lines.collect::<Vec<_>>().join(" ");
    let message = message.trim_start_matches("error: ");
    let failure = Failure::new(Kind::Usage, "usage", message, say!("lib-usage-next"));
    Output::json("usage").fail(&failure);
    ExitCode::from(Kind::Usage.exit_code())
}

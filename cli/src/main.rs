//! The program `windbreak`: everything it does stands in the library beside it.

use std::process::ExitCode;

fn main() -> ExitCode {
    windbreak::main_with(std::env::args_os())
}

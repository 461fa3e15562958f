//! Libraries that are loaded before the C library, made with the C compiler that building takes anyway:
//! one for what the system would never do by itself.

use std::process::Command;

use crate::missing::not_run;
use crate::stage::Stage;

/// Makes a library of the source of that name beside this file; none where it cannot be, which is said.
pub(crate) fn library(stage: &Stage, name: &str) -> Option<String> {
    if !cfg!(target_env = "gnu") {
        not_run(&format!("{name} takes a program with a C library that is loaded"));
        return None;
    }
    let source = format!("{}/tests/loopback/{name}.c", env!("CARGO_MANIFEST_DIR"));
    let library = stage.folder(&format!("{name}.so"));
    let mut compiler = Command::new("cc");
    compiler.args(["-shared", "-fPIC", "-O1", "-pthread", "-o"]).arg(&library).arg(source);
    if !cfg!(target_os = "linux") || !compiler.status().is_ok_and(|made| made.success()) {
        not_run(&format!("{name} takes Linux and a C compiler"));
        return None;
    }
    Some(library.to_str().unwrap().to_owned())
}

//! The help and what is said of a mistyped command, in the language of whoever reads it.
//!
//! The English texts stand as comments beside the arguments they are about, where clap takes them
//! from. In another language each of their paragraphs is found among the messages (`words`) and put
//! in its place; clap's own words are changed in what it prints.

use clap::Command;
use clap::builder::StyledStr;

use crate::words::{self, Language, say};

/// Columns of the help: clap is told the same.
const WIDTH: usize = 80;
/// What stands before the description of a value.
const VALUE: &str = "          - ";

/// The command with its help in the language of the process.
pub(crate) fn told(command: Command) -> Command {
    let language = words::language();
    if language == Language::English {
        return command;
    }
    // What stands below all commands is a page of its own, not paragraphs.
    translated(command)
        .after_help(language.after_help())
        .after_long_help(language.after_long_help())
}

fn translated(mut command: Command) -> Command {
    if let Some(text) = command.get_about().map(in_words) {
        command = command.about(text);
    }
    if let Some(text) = command.get_long_about().map(in_words) {
        command = command.long_about(text);
    }
    if let Some(text) = command.get_after_help().map(in_words) {
        command = command.after_help(text);
    }
    if let Some(text) = command.get_after_long_help().map(in_words) {
        command = command.after_long_help(text);
    }
    command = command.mut_args(|mut arg| {
        if let Some(text) = arg.get_help().map(in_words) {
            arg = arg.help(text);
        }
        if let Some(text) = arg.get_long_help().map(in_words) {
            arg = arg.long_help(text);
        }
        arg
    });
    command.mut_subcommands(translated)
}

/// A text of the help, paragraph by paragraph.
fn in_words(text: &StyledStr) -> String {
    paragraphs(&text.to_string()).iter().map(|part| words::known(part)).collect::<Vec<_>>().join("")
}

/// What is translated as one: paragraphs, and of an example its heading alone; what stands between
/// them are texts of their own, which no language changes.
pub(crate) fn paragraphs(text: &str) -> Vec<String> {
    let mut parts: Vec<String> = Vec::new();
    for (at, paragraph) in text.split("\n\n").enumerate() {
        if at > 0 {
            parts.push("\n\n".to_owned());
        }
        match paragraph.split_once('\n') {
            Some((heading, example))
                if example.trim_start().starts_with("windbreak ") && at == 0 =>
            {
                parts.push(heading.to_owned());
                parts.push(format!("\n{example}"));
            }
            _ => parts.push(paragraph.to_owned()),
        }
    }
    parts
}

/// What clap prints, its own words in the language of the process. Without colours, but in English.
pub(crate) fn printed(error: &clap::Error) -> Option<String> {
    if words::language() == Language::English {
        return None;
    }
    let text = error.render().to_string();
    Some(if error.use_stderr() { mistake(&text) } else { page(&text) })
}

/// A page of the help: headings, and the descriptions of values, which clap keeps to itself.
fn page(text: &str) -> String {
    let mut out: Vec<String> = Vec::new();
    let mut value: Option<String> = None;
    for line in text.lines() {
        if let Some(started) = &mut value {
            // What did not fit a line of its own hangs below it.
            if line.starts_with("            ")
                && !line.starts_with(VALUE)
                && !line.trim().is_empty()
            {
                started.push(' ');
                started.push_str(line.trim());
                continue;
            }
            out.push(described(started));
            value = None;
        }
        if line.starts_with(VALUE) {
            value = Some(line.trim().to_owned());
        } else {
            out.push(clap_words(line));
        }
    }
    out.extend(value.map(|started| described(&started)));
    out.push(String::new());
    out.join("\n")
}

/// A value and what it means: `- tor: …`.
fn described(line: &str) -> String {
    let Some((name, meaning)) = line.split_once(':') else { return line.to_owned() };
    let space: String = meaning.chars().take_while(|c| *c == ' ').collect();
    let words = format!("{name}:{space}{}", words::known(meaning.trim_start()));
    let options = textwrap::Options::new(WIDTH)
        .initial_indent("          ")
        .subsequent_indent("            ")
        .break_words(false);
    textwrap::fill(&words, &options)
}

/// Clap's own words in a line of the help.
fn clap_words(line: &str) -> String {
    let trimmed = line.trim();
    let known = words::known(trimmed);
    if known != trimmed {
        return line.replacen(trimmed, &known, 1);
    }
    let Some(end) = line.find("  Print ").or_else(|| line.strip_prefix("  Print ").map(|_| 0))
    else {
        return inside(line);
    };
    let (before, words) = line.split_at(end);
    let shown = words.trim_start();
    format!("{before}{}{}", " ".repeat(words.len() - shown.len()), words::known(shown))
}

/// Words of clap that stand within a line.
fn inside(line: &str) -> String {
    line.replace("Usage:", say!("clap-usage"))
        .replace("[OPTIONS]", say!("clap-options-name"))
        .replace("<COMMAND>", say!("clap-command-name"))
        .replace("[COMMAND]", say!("clap-optional-command-name"))
        .replace("[default: ", say!("clap-default"))
        .replace("[possible values: ", say!("clap-possible-values")) // data: a word of clap
        .replace("[aliases: ", say!("clap-aliases"))
}

/// A mistake, line by line.
fn mistake(text: &str) -> String {
    let line = |line: &str| {
        let words = line.trim();
        let (before, words) = match words.strip_prefix("error: ") {
            Some(rest) => (format!("{} ", say!("output-error")), rest),
            None => match words.strip_prefix("tip: ") {
                Some(rest) => (format!("  {} ", say!("clap-tip")), rest),
                None => (" ".repeat(line.len() - line.trim_start().len()), words),
            },
        };
        let known = words::known(words);
        if known == words {
            inside(&format!("{before}{words}"))
        } else {
            format!("{before}{known}")
        }
    };
    let mut out: Vec<String> = text.lines().map(line).collect();
    out.push(String::new());
    out.join("\n")
}

//! The only place that prints. One value becomes a line of JSON or text for a person; both come
//! from the same data, so they cannot tell different things.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "this is where the program speaks")]

use std::io::{self, IsTerminal, Write};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde::Serialize;
use windbreak_protocol::view::{Colour, Mark};

use crate::args::GlobalArgs;
use crate::error::{Failure, Kind};
use crate::text;
use crate::words::{self, say};

/// The version of the JSON shapes: `{"v":1,"command":…,"data":…}` and `{"v":1,"error":…}`.
pub(crate) const SHAPE_VERSION: u32 = 1;
/// Columns where the terminal does not say how many it has.
const DEFAULT_WIDTH: usize = 80;
/// Longer lines are tiring to read, however wide the window is.
const MAX_WIDTH: usize = 100;
/// Columns of the words in front of values.
const FIELD: usize = 14;
/// What stands before the second line of a header.
const HANGING: &str = "        ";
/// Progress shows only when something takes longer than this.
const PATIENCE: Duration = Duration::from_secs(1);

/// What a command has to say: data for a program, a page for a person.
pub(crate) trait Report: Serialize {
    /// Writes the page.
    fn page(&self, page: &mut Page);
}

/// Where answers go and in which form.
#[derive(Clone, Debug)]
pub(crate) struct Output {
    json: bool,
    quiet: bool,
    color: bool,
    width: usize,
    command: &'static str,
}

impl Output {
    /// Reads the options and what the terminal is.
    pub(crate) fn new(global: &GlobalArgs, command: &'static str) -> Self {
        let terminal = io::stdout().is_terminal();
        let no_color = global.no_color
            || std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty())
            || std::env::var_os("TERM").is_some_and(|term| term == "dumb");
        let width = if terminal { textwrap_width() } else { DEFAULT_WIDTH };
        Self {
            json: global.json,
            quiet: global.quiet,
            color: terminal && !no_color,
            width,
            command,
        }
    }

    /// Answers in JSON, before the options are known.
    pub(crate) const fn json(command: &'static str) -> Self {
        Self { json: true, quiet: true, color: false, width: DEFAULT_WIDTH, command }
    }

    /// True when answers are JSON.
    pub(crate) const fn is_json(&self) -> bool {
        self.json
    }

    /// True when a person sees the answer on a terminal.
    pub(crate) fn is_on_terminal(&self) -> bool {
        !self.json && io::stdout().is_terminal()
    }

    /// True when a person can be asked something.
    pub(crate) fn can_ask(&self) -> bool {
        !self.json && io::stdin().is_terminal() && io::stderr().is_terminal()
    }

    /// Prints an answer.
    pub(crate) fn tell<T: Report>(&self, value: &T) -> Result<(), Failure> {
        if self.json {
            return print(&envelope(self.command, value)?);
        }
        let mut page = Page::new(self.width, self.color, self.quiet);
        value.page(&mut page);
        print(page.finish().trim_end_matches('\n'))
    }

    /// Prints an answer that says only that something was done: the quiet do without it.
    pub(crate) fn confirm_done<T: Report>(&self, value: &T) -> Result<(), Failure> {
        if self.quiet && !self.json { Ok(()) } else { self.tell(value) }
    }

    /// Prints a page for a person that is no answer: what they decide about.
    pub(crate) fn page(&self, write: impl FnOnce(&mut Page)) -> Result<(), Failure> {
        let mut page = Page::new(self.width, self.color, self.quiet);
        write(&mut page);
        print(page.finish().trim_end_matches('\n'))
    }

    /// Prints plain text as it stands, in either form: completions and nothing else.
    pub(crate) fn raw(&self, text: &str) -> Result<(), Failure> {
        print(text.trim_end_matches('\n'))
    }

    /// A hint for a person, beside the answer; programs and the quiet do not see it.
    pub(crate) fn hint(&self, words: &str) {
        if !self.json && !self.quiet {
            // A hint that cannot be printed is no failure of the command.
            let _ = writeln!(
                io::stderr(),
                "{}",
                text::wrap(&text::spoken_lines(words), self.width, "")
            );
        }
    }

    /// Says why a command failed: JSON on standard output, words on standard error.
    pub(crate) fn fail(&self, failure: &Failure) {
        if !failure.is_untold() {
            return;
        }
        if self.json {
            if let Ok(line) = error_envelope(failure) {
                let _ = print(&line);
            }
            return;
        }
        if failure.kind() == Kind::Interrupted {
            if io::stderr().is_terminal() {
                // The prompt of the shell begins on a line of its own, below ^C.
                let _ = writeln!(io::stderr());
            }
            return;
        }
        let mut page = Page::new(self.width, self.color && io::stderr().is_terminal(), false);
        let word = page.strong(if failure.kind() == Kind::Waiting {
            say!("output-not-yet")
        } else {
            say!("output-error")
        });
        page.text(&format!("{word} {}", text::spoken(failure.message())));
        if !failure.next().is_empty() {
            let word = page.strong(say!("output-next"));
            page.text(&format!("{word} {}", text::spoken(failure.next())));
        }
        let _ = write!(io::stderr(), "{}", page.finish());
    }

    /// Asks for a yes; anything else is a no.
    pub(crate) fn confirm(&self, question: &str) -> Result<bool, Failure> {
        let mut terminal = io::stderr();
        let asked = write!(terminal, "{} {} ", text::spoken(question), say!("output-yes-or-no"))
            .and_then(|()| terminal.flush());
        asked.map_err(|error| Failure::system(say!("output-cannot-ask-terminal"), &error))?;
        let answer = self.answer()?;
        if answer.is_empty() {
            // Ctrl-D leaves the cursor behind the question.
            let _ = writeln!(terminal);
        }
        Ok(is_yes(&answer))
    }

    /// Asks for one line.
    pub(crate) fn ask(&self, question: &str) -> Result<String, Failure> {
        let mut terminal = io::stderr();
        let asked = write!(terminal, "{} ", text::spoken(question)).and_then(|()| terminal.flush());
        asked.map_err(|error| Failure::system(say!("output-cannot-ask-terminal"), &error))?;
        self.answer()
    }

    fn answer(&self) -> Result<String, Failure> {
        let mut answer = String::new();
        io::stdin()
            .read_line(&mut answer)
            .map_err(|error| Failure::system(say!("output-cannot-read-answer"), &error))?;
        Ok(answer.trim().to_owned())
    }

    /// Shows that something is going on, if it takes longer than a second.
    pub(crate) fn progress(&self, words: &str) -> Progress {
        let shown = !self.json && !self.quiet && io::stderr().is_terminal();
        Progress::start(words, shown, self.color)
    }
}

/// A line that says that something is going on; it disappears when dropped.
#[derive(Debug)]
pub(crate) struct Progress {
    bar: ProgressBar,
    shown: bool,
    waiting: Option<std::thread::JoinHandle<()>>,
}

impl Progress {
    fn start(words: &str, shown: bool, color: bool) -> Self {
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden());
        let template = if color { "{spinner:.cyan} {msg}" } else { "{spinner} {msg}" };
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style.tick_chars("·•● "));
        }
        bar.set_message(text::spoken(words));
        let waiting = shown.then(|| {
            let bar = bar.clone();
            std::thread::spawn(move || {
                std::thread::park_timeout(PATIENCE);
                if !bar.is_finished() {
                    bar.set_draw_target(ProgressDrawTarget::stderr());
                    bar.enable_steady_tick(Duration::from_millis(150));
                }
            })
        });
        Self { bar, shown, waiting }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
        if let Some(waiting) = self.waiting.take() {
            waiting.thread().unpark();
            // A thread that drew a spinner has nothing to report.
            let _ = waiting.join();
        }
        if self.shown {
            self.bar.finish_and_clear();
        }
    }
}

/// Text for a person, wrapped to the width of the terminal.
#[derive(Debug)]
pub(crate) struct Page {
    out: String,
    width: usize,
    color: bool,
    quiet: bool,
}

impl Page {
    pub(crate) const fn new(width: usize, color: bool, quiet: bool) -> Self {
        Self { out: String::new(), width, color, quiet }
    }

    /// The text so far.
    pub(crate) fn finish(self) -> String {
        self.out
    }

    /// One paragraph of our own words; texts of others are made harmless before.
    pub(crate) fn text(&mut self, words: &str) {
        self.indented(words, "");
    }

    /// A paragraph with spaces before each line.
    pub(crate) fn indented(&mut self, words: &str, indent: &str) {
        self.out.push_str(&text::wrap(words, self.width, indent));
        self.out.push('\n');
    }

    /// Words of others, made harmless before: none of their lines begins left of `indent`.
    pub(crate) fn quoted(&mut self, words: &str, indent: &str) {
        self.out.push_str(&text::quote(words, self.width, indent, indent));
        self.out.push('\n');
    }

    /// A line of ours that holds words of others; what does not fit hangs below it.
    pub(crate) fn header(&mut self, words: &str, indent: &str) {
        let hanging = format!("{indent}{HANGING}");
        self.out.push_str(&text::quote(words, self.width, indent, &hanging));
        self.out.push('\n');
    }

    /// A line that must stay one line: what people copy.
    pub(crate) fn verbatim(&mut self, line: &str) {
        self.out.push_str(line);
        self.out.push('\n');
    }

    /// An empty line.
    pub(crate) fn gap(&mut self) {
        self.out.push('\n');
    }

    /// A heading.
    pub(crate) fn heading(&mut self, words: &str) {
        let words = self.strong(words);
        self.verbatim(&words);
    }

    /// A hint: left out with `--quiet`.
    pub(crate) fn hint(&mut self, words: &str) {
        if !self.quiet {
            self.text(words);
        }
    }

    /// A point of a list; what follows its first line hangs below it.
    pub(crate) fn point(&mut self, sign: &str, words: &str, indent: &str) {
        let hanging = format!("{indent}{}", " ".repeat(sign.chars().count() + 1));
        let wrapped = text::wrap(words, self.width, &hanging);
        self.out.push_str(&format!("{indent}{sign} {}", wrapped.trim_start_matches(' ')));
        self.out.push('\n');
    }

    /// A word and a line that must stay one line.
    pub(crate) fn field_verbatim(&mut self, word: &str, line: &str) {
        self.verbatim(&format!("{}{line}", text::pad(&format!("{word}:"), FIELD)));
    }

    /// Words and what they stand for, in two columns.
    pub(crate) fn field(&mut self, word: &str, value: &str) {
        let head = text::pad(&format!("{word}:"), FIELD);
        let wrapped = text::wrap(value, self.width, &" ".repeat(FIELD));
        self.out.push_str(&head);
        self.out.push_str(wrapped.trim_start_matches(' '));
        self.out.push('\n');
    }

    /// Rows in columns as wide as their widest cell; the last column takes what is left.
    pub(crate) fn table(&mut self, rows: &[Vec<String>]) {
        // The marks around a cell that runs the other way take no column.
        let apart = |row: &Vec<String>| row.iter().map(|cell| words::apart(cell)).collect();
        let rows: Vec<Vec<String>> = rows.iter().map(apart).collect();
        let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
        let widths: Vec<usize> = (0..columns)
            .map(|at| {
                let cells = rows.iter().filter_map(|row| row.get(at));
                cells
                    .map(|cell| unicode_width::UnicodeWidthStr::width(cell.as_str()))
                    .max()
                    .unwrap_or(0)
            })
            .collect();
        for row in &rows {
            let cells: Vec<String> =
                row.iter().zip(&widths).map(|(cell, width)| text::pad(cell, *width)).collect();
            self.verbatim(cells.join("  ").trim_end());
        }
    }

    /// Columns of a line.
    pub(crate) const fn width(&self) -> usize {
        self.width
    }

    /// Whether so many columns fit a line.
    pub(crate) const fn fits(&self, columns: usize) -> bool {
        columns <= self.width
    }

    /// Whether colours are wanted.
    pub(crate) const fn has_color(&self) -> bool {
        self.color
    }

    /// Words that were looked for: they stand out, without colours in brackets.
    pub(crate) fn marked(&self, words: &str) -> String {
        if self.color { format!("\u{1b}[1;7m{words}\u{1b}[0m") } else { format!("[{words}]") }
    }

    /// A member's mark: its words, in its colour where colours are wanted.
    pub(crate) fn mark(&self, mark: &Mark) -> String {
        let words = format!("{} {}", mark.colour.word(), mark.words.join(" "));
        if self.color {
            format!("\u{1b}[38;5;{}m{words}\u{1b}[0m", shade(mark.colour))
        } else {
            words
        }
    }

    /// Words that stand out where colours are wanted.
    pub(crate) fn strong(&self, words: &str) -> String {
        if self.color { format!("\u{1b}[1m{words}\u{1b}[0m") } else { words.to_owned() }
    }
}

/// The number of a mark's colour among the 256 of a terminal: each can be read on light and on dark.
const fn shade(colour: Colour) -> u8 {
    match colour {
        Colour::Amber => 172,
        Colour::Blue => 33,
        Colour::Coral => 167,
        Colour::Gold => 136,
        Colour::Green => 71,
        Colour::Lilac => 98,
        Colour::Pink => 169,
        Colour::Teal => 30,
    }
}

/// Says on the terminal what was wrong with what was typed, before it is asked for again.
pub(crate) fn again(failure: &Failure) {
    // If the terminal is gone, the next question fails and says so.
    let words = sentence(failure.message());
    let _ = writeln!(io::stderr(), "{}", text::spoken(&say!("output-try-again", words)));
}

/// Says on the terminal what is asked for next.
pub(crate) fn say(words: &str) {
    let _ = writeln!(io::stderr(), "{}", text::spoken(words));
}

/// Whether an answer means yes, in the language that was spoken.
fn is_yes(answer: &str) -> bool {
    let answer = answer.to_lowercase();
    say!("output-yes").split_whitespace().any(|yes| yes == answer)
}

/// Words that begin with a capital letter.
fn sentence(words: &str) -> String {
    let mut chars = words.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

/// The line for an answer.
pub(crate) fn envelope<T: Serialize>(command: &str, data: &T) -> Result<String, Failure> {
    #[derive(Serialize)]
    struct Envelope<'a, T> {
        v: u32,
        command: &'a str,
        data: &'a T,
    }
    escaped(&Envelope { v: SHAPE_VERSION, command, data })
}

/// The line for a failure.
pub(crate) fn error_envelope(failure: &Failure) -> Result<String, Failure> {
    #[derive(Serialize)]
    struct Envelope<'a> {
        v: u32,
        error: &'a Failure,
    }
    escaped(&Envelope { v: SHAPE_VERSION, error: failure })
}

/// JSON in which characters that could trouble a terminal are escaped. Outside strings JSON has
/// none of them, so every one found stands in a string and may be written as an escape.
fn escaped<T: Serialize>(value: &T) -> Result<String, Failure> {
    let json = serde_json::to_string(value).map_err(|_| {
        Failure::new(Kind::Failed, "bug", say!("output-bug"), say!("output-bug-next"))
    })?;
    let mut out = String::with_capacity(json.len());
    for c in json.chars() {
        if text::is_trouble(c) {
            let mut units = [0; 2];
            for unit in c.encode_utf16(&mut units) {
                out.push_str(&format!("\\u{unit:04x}"));
            }
        } else {
            out.push(c);
        }
    }
    Ok(out)
}

fn print(text: &str) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    let written = out
        .write_all(text.as_bytes())
        .and_then(|()| out.write_all(b"\n"))
        .and_then(|()| out.flush());
    match written {
        // Whoever reads has seen enough: `windbreak read … | head`.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::StorageFull => Err(Failure::new(
            Kind::Failed,
            "answer_not_written",
            say!("output-answer-not-written"),
            say!("output-answer-not-written-next"),
        )),
        result => {
            result.map_err(|error| Failure::system(say!("output-cannot-write-answer"), &error))
        }
    }
}

fn textwrap_width() -> usize {
    let columns =
        rustix::termios::tcgetwinsize(io::stdout()).map_or(0, |size| usize::from(size.ws_col));
    if columns == 0 { DEFAULT_WIDTH } else { columns.min(MAX_WIDTH) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_has_its_colour_in_words_and_is_painted_only_where_colours_are_wanted() {
        let mark = Mark { colour: Colour::Teal, words: ["quiet", "heron"] };
        assert_eq!(Page::new(80, false, false).mark(&mark), "teal quiet heron");
        let painted = Page::new(80, true, false).mark(&mark);
        assert!(painted.contains("teal quiet heron") && painted.starts_with('\u{1b}'));
    }

    #[test]
    fn json_is_exact_and_harmless() {
        let text = "a\u{1b}[2J\u{9b}\u{202e}\u{e0041}é🌱\n\"";
        let line = envelope("read", &text).unwrap();
        assert!(!line.chars().any(|c| c.is_control() || text::is_trouble(c)));
        let back: serde_json::Value = serde_json::from_str(&line).unwrap();
        assert_eq!(back["data"], text);
        assert_eq!(back["v"], 1);
        assert_eq!(back["command"], "read");
    }

    #[test]
    fn a_failure_has_code_message_and_next() {
        let failure =
            Failure::new(Kind::NoNode, "node_not_running", "the node is not running", "start it");
        let back: serde_json::Value =
            serde_json::from_str(&error_envelope(&failure).unwrap()).unwrap();
        let expected = serde_json::json!({"v":1,"error":{
            "code":"node_not_running","message":"the node is not running","next":"start it"}});
        assert_eq!(back, expected);
    }

    #[test]
    fn columns_line_up_whatever_the_script() {
        let mut page = Page::new(80, false, false);
        page.table(&[vec!["さくら".into(), "x".into()], vec!["Alder".into(), "y".into()]]);
        assert_eq!(page.finish(), "さくら  x\nAlder   y\n");
    }

    #[test]
    fn a_long_field_hangs_below_its_word() {
        let mut page = Page::new(40, false, false);
        page.field("Agreement", "one two three four five six seven eight nine");
        assert_eq!(
            page.finish(),
            "Agreement:    one two three four five\n              six seven eight nine\n"
        );
    }

    #[test]
    fn no_colour_means_no_escape() {
        let page = Page::new(80, false, false);
        assert_eq!(page.strong("x"), "x");
    }
}

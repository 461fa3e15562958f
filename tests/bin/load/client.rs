//! The local API of a node, spoken as its description says: HTTP over a Unix socket, no more of it
//! than a measurement needs, so that little of a time measured is the client's.

use std::io::{BufRead, BufReader, Read, Write};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde_json::Value;
use windbreak_tests::measure::Fault;

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(120);

/// One connection, used for one request after the other.
#[derive(Debug)]
pub(crate) struct Client {
    stream: BufReader<UnixStream>,
}

impl Client {
    pub(crate) fn connect(socket: &Path) -> Result<Self, Fault> {
        let stream = UnixStream::connect(socket)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        Ok(Self { stream: BufReader::new(stream) })
    }

    pub(crate) fn get(&mut self, path: &str) -> Result<Value, Fault> {
        self.ask("GET", path, "")
    }

    pub(crate) fn post(&mut self, path: &str, body: &Value) -> Result<Value, Fault> {
        self.ask("POST", path, &body.to_string())
    }

    fn ask(&mut self, method: &str, path: &str, body: &str) -> Result<Value, Fault> {
        let kind = if body.is_empty() { "" } else { "content-type: application/json\r\n" };
        let length = body.len();
        let request = format!(
            "{method} {path} HTTP/1.1\r\nhost: windbreak\r\n{kind}content-length: {length}\r\n\r\n{body}"
        );
        self.stream.get_mut().write_all(request.as_bytes())?;
        let (status, length) = self.head()?;
        let mut body = vec![0; length];
        self.stream.read_exact(&mut body)?;
        let answer: Value = serde_json::from_slice(&body)?;
        if status != 200 {
            return Err(format!("{method} {path}: {}", answer["error"]["message"]).into());
        }
        Ok(answer["data"].clone())
    }

    /// The status, and the bytes of the body.
    fn head(&mut self) -> Result<(u16, usize), Fault> {
        let mut line = String::new();
        self.stream.read_line(&mut line)?;
        let status = line.split_whitespace().nth(1).ok_or("the node gave no answer")?.parse()?;
        let mut length = 0;
        loop {
            line.clear();
            self.stream.read_line(&mut line)?;
            if line.trim().is_empty() {
                return Ok((status, length));
            }
            if let Some((name, value)) = line.split_once(':')
                && name.eq_ignore_ascii_case("content-length")
            {
                length = value.trim().parse()?;
            }
        }
    }
}

/// What happens in a node, as it tells.
#[derive(Debug)]
pub(crate) struct Events {
    stream: BufReader<UnixStream>,
}

impl Events {
    /// Listens; everything from here on is told.
    pub(crate) fn listen(socket: &Path) -> Result<Self, Fault> {
        let mut client = Client::connect(socket)?;
        let stream = client.stream.get_mut();
        stream.write_all(b"GET /v1/events HTTP/1.1\r\nhost: windbreak\r\n\r\n")?;
        let (status, _) = client.head()?;
        let mut events = Self { stream: client.stream };
        if status != 200 || events.next()?["event"] != "ready" {
            return Err("the node does not tell what happens".into());
        }
        Ok(events)
    }

    /// The next event.
    pub(crate) fn next(&mut self) -> Result<Value, Fault> {
        let mut line = String::new();
        loop {
            line.clear();
            if self.stream.read_line(&mut line)? == 0 {
                return Err("the node stopped".into());
            }
            // Between events stand the lengths of chunks, and comments.
            if let Some(data) = line.strip_prefix("data:") {
                let answer: Value = serde_json::from_str(data.trim())?;
                return Ok(answer["data"].clone());
            }
        }
    }

    /// Waits until `count` items have arrived, own ones left out; says the id of the last.
    pub(crate) fn arrivals(&mut self, count: usize) -> Result<String, Fault> {
        let mut last = String::new();
        let mut arrived = 0;
        while arrived < count {
            let event = self.next()?;
            if event["event"] == "lagged" {
                return Err("the node told less than there was".into());
            }
            if event["event"] == "item_arrived" && event["own"] != true {
                arrived += 1;
                last = event["item"].as_str().unwrap_or_default().to_owned();
            }
        }
        Ok(last)
    }
}

/// Where a node of `profile` listens.
pub(crate) fn socket(profile: &Path) -> PathBuf {
    profile.join("node.sock")
}

//! The grant of a relay, as its host passed it on: read from a file or from standard input, never
//! from an argument, which others on the machine could see.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use windbreak_node::api::message::{GivenGrant, GrantText, GrantTrouble, RelayGrant};

use super::Context;
use crate::error::{Failure, Kind};
use crate::when;

/// Bytes of the longest text that is read.
const MAX_TEXT: u64 = 4096;

/// Reads the text of a grant.
pub(super) fn read(context: Context<'_>, path: &Path) -> Result<GrantText, Failure> {
    if path.to_string_lossy().trim_start().starts_with("windbreak-grant:") {
        // The text stands nowhere in the answer.
        return Err(Failure::new(
            Kind::Usage,
            "grant_in_argument",
            "a grant is a secret, and others on this machine can see arguments",
            "put it into a file, or give it on standard input: --grant -",
        ));
    }
    let failed = |error: std::io::Error| Failure::file("cannot read the grant", path, &error);
    let mut text = String::new();
    if path == Path::new("-") {
        if context.global.passphrase_fd == Some(0) {
            return Err(Failure::stdin_twice());
        }
        std::io::stdin().lock().take(MAX_TEXT).read_to_string(&mut text).map_err(failed)?;
    } else {
        let file = File::open(path).map_err(failed)?;
        file.take(MAX_TEXT).read_to_string(&mut text).map_err(failed)?;
    }
    Ok(GrantText::new(text))
}

/// What a person should know of the grant of a relay, in lines.
pub(super) fn words(grant: &RelayGrant) -> Vec<String> {
    let mut lines = vec![format!(
        "grant until {} · {} for about {} MiB",
        when::moment(grant.until),
        tokens(grant.tokens + grant.tokens_resting),
        grant.mib_left,
    )];
    if grant.tokens_resting > 0 {
        let from = grant.tokens_from.map(when::moment).unwrap_or_default();
        lines.push(format!(
            "{} rest until {from}, so that the relay cannot tell who drew them",
            tokens(grant.tokens_resting)
        ));
    }
    if grant.for_now {
        lines.push(
            "for now the part of the invite is used; your own comes from the facilitator's device that holds the grant, when it is on"
                .to_owned(),
        );
    }
    lines.extend(grant.trouble.map(|trouble| trouble_words(trouble).to_owned()));
    if let Some(given) = &grant.given {
        lines.extend(given_words(given));
    }
    lines
}

fn tokens(count: usize) -> String {
    match count {
        0 => "no tokens".to_owned(),
        1 => "1 token".to_owned(),
        count => format!("{count} tokens"),
    }
}

const fn trouble_words(trouble: GrantTrouble) -> &'static str {
    match trouble {
        GrantTrouble::Unreachable => {
            "no tokens were drawn: the relay did not answer; it is tried again"
        }
        GrantTrouble::UsedUp => "this device has drawn all it may this week",
        GrantTrouble::Ended => {
            "the relay says that the grant is over or was revoked: a facilitator asks its host for a new one"
        }
        GrantTrouble::OtherWeek => {
            "no tokens are given: by the relay's clock it is another week. See whether this device's is right, and tell who hosts the relay"
        }
        GrantTrouble::Untrusted => {
            "the relay showed other keys than its grant names, by which it could tell members apart. Nothing of what it gave is used: ask who hosts it, or choose another relay"
        }
        GrantTrouble::Busy => "no tokens were drawn: the relay is full or stops; it is tried again",
        GrantTrouble::Open => "the relay takes from everybody now, so that no tokens are needed",
        GrantTrouble::NotKept => "no tokens were drawn: this device could not keep them",
    }
}

fn given_words(given: &GivenGrant) -> Vec<String> {
    let GivenGrant { parts, free, without, to_revoke } = *given;
    let mut lines =
        vec![format!("this device gave it to the circle: {free} of {parts} parts left")];
    if without > 0 {
        lines.push(format!(
            "no part is left for {without} of the devices: ask the relay's host for a grant for more members"
        ));
    }
    if to_revoke > 0 {
        lines.push(format!(
            "the relay has yet to hear that {to_revoke} parts of who left are revoked"
        ));
    }
    lines
}

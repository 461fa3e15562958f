//! The grant of a relay, as its host passed it on: read from a file or from standard input, never
//! from an argument, which others on the machine could see.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use windbreak_node::api::message::{GivenGrant, GrantText, GrantTrouble, RelayGrant};

use super::Context;
use crate::error::{Failure, Kind};
use crate::when;
use crate::words::say;

/// Bytes of the longest text that is read.
const MAX_TEXT: u64 = 4096;

/// Reads the text of a grant.
pub(super) fn read(context: Context<'_>, path: &Path) -> Result<GrantText, Failure> {
    if path.to_string_lossy().trim_start().starts_with("windbreak-grant:") {
        // The text stands nowhere in the answer.
        return Err(Failure::new(
            Kind::Usage,
            "grant_in_argument",
            say!("grant-text-secret-argument"),
            say!("grant-text-secret-argument-next"),
        ));
    }
    let failed =
        |error: std::io::Error| Failure::file(say!("grant-text-cannot-read"), path, &error);
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
    let mut lines = vec![say!(
        "grant-text-until",
        until = when::moment(grant.until),
        tokens = say!("grant-text-tokens", count = grant.tokens + grant.tokens_resting),
        mib = grant.mib_left,
    )];
    if grant.tokens_resting > 0 {
        let from = grant.tokens_from.map(when::moment).unwrap_or_default();
        lines.push(say!("grant-text-tokens-rest", count = grant.tokens_resting, from));
    }
    if grant.for_now {
        lines.push(say!("grant-text-part-invite-now").to_owned());
    }
    lines.extend(grant.trouble.map(|trouble| trouble_words(trouble).to_owned()));
    if let Some(given) = &grant.given {
        lines.extend(given_words(given));
    }
    lines
}

fn trouble_words(trouble: GrantTrouble) -> &'static str {
    match trouble {
        GrantTrouble::Unreachable => say!("grant-text-did-not-answer"),
        GrantTrouble::UsedUp => say!("grant-text-used-up"),
        GrantTrouble::Ended => say!("grant-text-over-revoked"),
        GrantTrouble::OtherWeek => say!("grant-text-another-week"),
        GrantTrouble::Untrusted => say!("grant-text-other-keys"),
        GrantTrouble::Busy => say!("grant-text-full-stops"),
        GrantTrouble::Open => say!("grant-text-takes-everybody"),
        GrantTrouble::NotKept => say!("grant-text-not-kept"),
    }
}

fn given_words(given: &GivenGrant) -> Vec<String> {
    let GivenGrant { parts, free, without, to_revoke } = *given;
    let mut lines = vec![say!("grant-text-gave-circle", free, parts)];
    if without > 0 {
        lines.push(say!("grant-text-no-part-left", without));
    }
    if to_revoke > 0 {
        lines.push(say!("grant-text-to-revoke", to_revoke));
    }
    lines
}

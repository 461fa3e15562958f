//! Asks before something is sent that a person may not want to send as it is: what could tell who
//! somebody is, and advice to who wants to be heard.

use windbreak_node::api::ClientError;
use windbreak_node::hint;

use super::Context;
use crate::error::{Failure, Kind};
use crate::text;
use crate::words::{self, say};

/// Parts of the text that a question shows.
const SHOWN: usize = 3;
/// Characters of each.
const SHOWN_CHARS: usize = 40;

/// The node has not sent something: if that is for one of these reasons, whoever wrote it is asked
/// whether to send it anyway.
///
/// # Errors
/// What the node said, or that it was not to be sent.
pub(super) async fn ask_anyway(
    context: Context<'_>,
    error: ClientError,
    written: &str,
) -> Result<(), Failure> {
    let ClientError::Refused(why) = &error else {
        return Err(error.into());
    };
    let (question, next) = match why.code.as_str() {
        "could_identify" => (
            say!("send-could-tell-somebody-send", words = seen(written)),
            say!("send-leave-out-type-command"),
        ),
        "advice_held_back" => {
            (say!("send-share-asks-just-listening").to_owned(), say!("send-say-without-advice-if"))
        }
        "too_soon" => (
            say!("send-facilitator-slowed-circle-down").to_owned(),
            say!("send-wait-type-command-again"),
        ),
        _ => return Err(error.into()),
    };
    if !context.out.can_ask() {
        return Err(Failure::new(Kind::Failed, &why.code, words::known(&why.message), next));
    }
    agreed(context, &question, &why.code).await
}

/// Asks whoever sits at the terminal; without a yes nothing is sent, and `code` says why.
///
/// # Errors
/// That it was not to be sent.
pub(super) async fn agreed(
    context: Context<'_>,
    question: &str,
    code: &str,
) -> Result<(), Failure> {
    let (out, question) = (context.out.clone(), question.to_owned());
    let answer = tokio::task::spawn_blocking(move || out.confirm(&question)).await;
    if answer.map_err(|_| Failure::interrupted())?? {
        Ok(())
    } else {
        Err(Failure::new(Kind::Failed, code, say!("send-nothing-sent"), ""))
    }
}

/// Sends something, and asks whoever wrote it where it seems to say who somebody is.
///
/// # Errors
/// What the node said, or that it was not to be sent.
pub(super) async fn asking<T>(
    context: Context<'_>,
    written: &str,
    send_anyway: bool,
    send: impl AsyncFn(bool) -> Result<T, ClientError>,
) -> Result<T, Failure> {
    match send(send_anyway).await {
        Err(error) if !send_anyway => {
            ask_anyway(context, error, written).await?;
            Ok(send(true).await?)
        }
        done => Ok(done?),
    }
}

/// The parts of a text that could tell who somebody is, in quotes.
fn seen(written: &str) -> String {
    let hints = hint::find(written);
    let parts: Vec<String> = hints
        .iter()
        .take(SHOWN)
        .filter_map(|hint| written.get(hint.range.clone()))
        .map(|part| {
            let part: String = part.trim().chars().take(SHOWN_CHARS).collect();
            say!("text-quoted", words = text::line(&part))
        })
        .collect();
    match (parts.as_slice(), hints.len() > SHOWN) {
        ([], _) => say!("send-title-content-note").to_owned(),
        (parts, true) => say!("send-more", parts = words::listed(parts, ", ")),
        (parts, false) => words::listed(parts, ", "),
    }
}

//! Asks before something is sent that a person may not want to send as it is: what could tell who
//! somebody is, and advice to who wants to be heard.

use windbreak_node::api::ClientError;
use windbreak_node::hint;

use super::Context;
use crate::error::{Failure, Kind};
use crate::text;

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
            format!("{} could tell who somebody is. Send it anyway?", seen(written)),
            "leave it out, or type the command again with --send-anyway",
        ),
        "advice_held_back" => (
            "The share asks for just listening: nobody sees this advice unless its author wants to. Send \
             it anyway?"
                .to_owned(),
            "say it without --advice if it is none, or type the command again with \
             --even-if-held-back",
        ),
        "too_soon" => (
            "A facilitator slowed the circle down: others see this later. Share it all the same?"
                .to_owned(),
            "wait, or type the command again with --even-if-later; replies do not wait",
        ),
        _ => return Err(error.into()),
    };
    if !context.out.can_ask() {
        return Err(Failure::new(Kind::Failed, &why.code, why.message.clone(), next));
    }
    let out = context.out.clone();
    let answer = tokio::task::spawn_blocking(move || out.confirm(&question)).await;
    if answer.map_err(|_| Failure::interrupted())?? {
        Ok(())
    } else {
        Err(Failure::new(Kind::Failed, &why.code, "nothing was sent", ""))
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
            format!("\"{}\"", text::line(&part))
        })
        .collect();
    match (parts.as_slice(), hints.len() > SHOWN) {
        ([], _) => "The title or the content note".to_owned(),
        (parts, true) => format!("{} and more", parts.join(", ")),
        (parts, false) => parts.join(", "),
    }
}

//! The store itself: backup, recovery phrase, panic.

use std::path::PathBuf;

use axum::Json;
use axum::extract::State;

use super::super::extract::{Nothing, Sent};
use super::super::message::{
    Answer, Done, Failure, MadeBackup, NewBackup, NewPhrase, TheNewPhrase,
};
use super::super::refusal::Refusal;
use crate::backup::Lock;
use crate::handle::Handle;
use crate::recovery::{self, Phrase};
use windbreak_protocol::secret::SecretBytes;

/// Makes a backup: one encrypted file with everything the profile keeps.
#[utoipa::path(
    post, path = "/v1/backup", tag = "store", request_body = NewBackup,
    responses(
        (status = 200, body = Answer<MadeBackup>),
        (status = "default", description = "refused", body = Failure),
    )
)]
pub(super) async fn backup(
    State(handle): State<Handle>,
    Sent(sent): Sent<NewBackup>,
) -> Result<Json<Answer<MadeBackup>>, Refusal> {
    let path = PathBuf::from(&sent.path);
    if !path.is_absolute() {
        return Err(Refusal::not_allowed_value(
            "bad_path",
            "the path of a backup must be absolute",
            "write it from the root: /home/…",
        ));
    }
    let lock = match (sent.passphrase, sent.recipient) {
        (Some(passphrase), None) if !passphrase.is_empty() => {
            Lock::Passphrase(SecretBytes::new(passphrase.as_bytes().to_vec()))
        }
        (None, Some(recipient)) => Lock::Recipient(recipient),
        _ => {
            return Err(Refusal::not_allowed_value(
                "bad_lock",
                "a backup is for a passphrase or for a recipient",
                "give one of the two",
            ));
        }
    };
    let saved = handle.save(path, lock).await??;
    let made = MadeBackup { path: sent.path, records: saved.records, bytes: saved.bytes };
    Ok(Json(Answer::new(made)))
}

/// Makes a new recovery phrase, and seals every member key to it. The words are in the answer and
/// nowhere else.
#[utoipa::path(
    post, path = "/v1/recovery", tag = "store", request_body = NewPhrase,
    responses(
        (status = 200, body = Answer<TheNewPhrase>),
        (status = "default", description = "refused", body = Failure),
    )
)]
pub(super) async fn phrase(
    State(handle): State<Handle>,
    Sent(sent): Sent<NewPhrase>,
) -> Result<Json<Answer<TheNewPhrase>>, Refusal> {
    let before = sent.phrase.map(|words| recovery::secret_of(&words)).transpose()?;
    let fresh = Phrase::generate()?;
    let words = fresh.words();
    handle.change(move |desk| desk.change_phrase(before.as_ref(), &fresh)).await?;
    Ok(Json(Answer::new(TheNewPhrase { phrase: words })))
}

/// Destroys the keys of every profile in this folder, then the files, and ends the node. Nothing is
/// asked and nothing can be taken back.
#[utoipa::path(
    post, path = "/v1/panic", tag = "store",
    responses(
        (status = 200, body = Answer<Done>),
        (status = "default", description = "refused", body = Failure),
    )
)]
pub(super) async fn panic(
    State(handle): State<Handle>,
    _: Nothing,
) -> Result<Json<Answer<Done>>, Refusal> {
    handle.destroy();
    Ok(Json(Answer::new(Done {})))
}

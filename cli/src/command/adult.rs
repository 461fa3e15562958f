//! Circles are for adults, by declaration: asked once, where somebody makes or joins one.

use super::Context;
use crate::error::{Failure, Kind};

/// Goes on only with somebody who says that they are an adult.
///
/// # Errors
/// That they are none, or did not say so.
pub(super) async fn declared(context: Context<'_>, adult: bool) -> Result<(), Failure> {
    if adult {
        return Ok(());
    }
    if !context.out.can_ask() {
        return Err(Failure::new(
            Kind::Usage,
            "not_adult",
            "circles are for adults, and you have not said that you are one",
            "if you are, type the command again with --adult",
        ));
    }
    let out = context.out.clone();
    let answer = tokio::task::spawn_blocking(move || out.confirm("Are you an adult?"));
    if answer.await.map_err(|_| Failure::interrupted())?? {
        return Ok(());
    }
    Err(Failure::new(
        Kind::Refused,
        "not_adult",
        "circles are for adults; nothing was done, and nobody was told",
        "there are helplines for young people, and people near you whom you trust",
    ))
}

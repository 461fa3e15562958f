//! Circles are for adults, by declaration: asked once, where somebody makes or joins one.

use super::Context;
use crate::error::{Failure, Kind};
use crate::words::say;

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
            say!("adult-not-adult"),
            say!("adult-not-adult-next"),
        ));
    }
    let out = context.out.clone();
    let answer = tokio::task::spawn_blocking(move || out.confirm(say!("adult-adult")));
    if answer.await.map_err(|_| Failure::interrupted())?? {
        return Ok(());
    }
    Err(Failure::new(
        Kind::Refused,
        "not_adult",
        say!("adult-not-adult-2"),
        say!("adult-not-adult-next-2"),
    ))
}

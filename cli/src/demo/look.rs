//! Looking at what people's devices have, again and again until it is there.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use serde_json::Value;

use super::stage::{Answer, Stage, Who, broken};
use super::words;
use crate::error::Failure;
use crate::words::say;

/// How long something may take to arrive.
const PATIENCE: Duration = Duration::from_secs(60);
/// How often to look.
pub(super) const INTERVAL: Duration = Duration::from_millis(200);

/// Waits until somebody's device has a text, exactly as it was written.
pub(super) async fn reads(stage: &Stage, who: Who, text: &str) -> Result<(), Failure> {
    let what = say!("demo-text-arrive", folder = who.folder());
    until(&what, async || Ok(texts(stage, who).await?.iter().any(|found| found == text))).await
}

pub(super) async fn members(stage: &Stage, who: Who, expected: usize) -> Result<(), Failure> {
    let what = say!("demo-know-there-members", folder = who.folder(), expected);
    until(&what, async || {
        let members = stage.asks(who, &["member", "list", words::TITLE]).await?;
        Ok(count(&members, "/members") == expected)
    })
    .await
}

/// Waits until all devices stand on one state and none wants a change.
pub(super) async fn agree(stage: &Stage) -> Result<(), Failure> {
    until(say!("demo-all-devices-stand-same"), async || {
        let mut epochs = BTreeSet::new();
        for who in Who::PEOPLE {
            let shown = stage.asks(who, &["circle", "show", words::TITLE]).await?;
            let number = |name: &str| {
                shown.data().pointer(&format!("/circle/{name}")).and_then(Value::as_u64)
            };
            if number("pending_changes") != Some(0) || number("outbox") != Some(0) {
                return Ok(false);
            }
            epochs.insert(number("epoch"));
        }
        Ok(epochs.len() == 1)
    })
    .await
}

/// Everything somebody's device has, in order.
pub(super) async fn texts(stage: &Stage, who: Who) -> Result<Vec<String>, Failure> {
    let read = stage.asks(who, &["read", words::TITLE, "--limit", "10000"]).await?;
    let items = read.data().get("items").and_then(Value::as_array).cloned().unwrap_or_default();
    Ok(items.iter().filter_map(|item| item.get("text")?.as_str().map(ToOwned::to_owned)).collect())
}

pub(super) fn count(answer: &Answer, pointer: &str) -> usize {
    answer.data().pointer(pointer).and_then(Value::as_array).map_or(0, Vec::len)
}

/// Looks again and again, for as long as something may take.
pub(super) async fn until(
    what: &str,
    mut holds: impl AsyncFnMut() -> Result<bool, Failure>,
) -> Result<(), Failure> {
    let began = Instant::now();
    while began.elapsed() < PATIENCE {
        if holds().await? {
            return Ok(());
        }
        tokio::time::sleep(INTERVAL).await;
    }
    Err(broken(&say!("demo-waited-seconds", seconds = PATIENCE.as_secs(), what)))
}

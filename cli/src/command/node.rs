//! `node`: starts, stops and shows the node of the profile, or runs it in this terminal.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use serde::Serialize;
use windbreak_node::api::Client;
use windbreak_node::api::message::{Condition, Mode, Status};
use windbreak_protocol::id::CircleId;

use super::Context;
use super::network::trouble_words as network_words;
use crate::error::{Failure, Kind};
use crate::output::{Page, Report};
use crate::{session, text, when};

mod run;

pub(super) use run::run;

/// How long a node may take to put everything away.
const STOP_PATIENCE: Duration = Duration::from_secs(60);
/// How often to look whether it is gone.
const STOP_INTERVAL: Duration = Duration::from_millis(50);

#[derive(Serialize)]
struct Shown {
    running: bool,
    #[serde(flatten)]
    status: Option<Status>,
    #[serde(skip)]
    titles: BTreeMap<CircleId, String>,
}

impl Report for Shown {
    fn page(&self, page: &mut Page) {
        let Some(status) = &self.status else {
            page.text("Your node is not running.");
            page.hint("Start it with: windbreak node start");
            return;
        };
        page.text(match status.condition {
            Condition::Working => "Your node is running.",
            Condition::ReadOnly => "Your node is running, and cannot write: it takes no new work.",
        });
        if let Some(trouble) = &status.trouble {
            page.text(&format!("Trouble: {}", text::line(&trouble.message)));
            page.text(&format!("Next: {}", text::line(&trouble.next)));
        }
        page.gap();
        page.field("Profile", &text::line(&status.profile));
        page.field("Started", &when::moment(status.started));
        page.field("Circles", &status.circles.to_string());
        let mib = |bytes: u64| bytes.div_ceil(1024 * 1024);
        page.field("Store", &format!("at most {} MiB of memory", mib(status.store.cache)));
        for usage in &status.store.circles {
            let title = self.titles.get(&usage.circle).map_or("a circle", String::as_str);
            let room = status.store.circle_quota.map_or_else(
                || "without a limit".to_owned(),
                |quota| format!("of {} MiB", mib(quota)),
            );
            let words = format!("\"{}\" takes {} MiB, {room}", text::line(title), mib(usage.bytes));
            page.field("Room", &words);
        }
        if status.joins > 0 {
            page.field("Joining", &format!("{} not over: windbreak join", status.joins));
        }
        page.field(
            "To be sent",
            &match status.outbox {
                0 => "nothing".to_owned(),
                count => format!("{count}, kept until a relay or a member's device takes them"),
            },
        );
        if let Some(trouble) = &status.notices.trouble {
            page.field("Notices", &format!("not shown: {}", text::line(&trouble.message)));
        }
        for network in &status.networks {
            let whose = match &network.circle {
                Some(circle) => self.titles.get(circle).map_or_else(
                    || format!("circle {}", text::short(&circle.to_text())),
                    |title| format!("\"{}\"", text::line(title)),
                ),
                None => "joining".to_owned(),
            };
            let relays = match network.relays {
                0 => None,
                1 if network.relays_connected == 1 => Some("its relay is connected".to_owned()),
                1 => Some("its relay is not connected".to_owned()),
                relays => {
                    Some(format!("{} of {relays} relays connected", network.relays_connected))
                }
            };
            let links = match network.linked {
                0 if network.mode == Mode::Lan => Some("no other device is here now".to_owned()),
                0 if network.relays == 0 => Some("no relay, and no direct link is up".to_owned()),
                0 => None,
                1 => Some("1 direct link".to_owned()),
                links => Some(format!("{links} direct links")),
            };
            let reached: Vec<String> = [relays, links].into_iter().flatten().collect();
            let mode = match network.mode {
                Mode::Tor => "through Tor",
                Mode::RelayOnly => "over relays",
                Mode::Direct => "over relays and links",
                Mode::Lan => "on the local network",
            };
            page.field("Network", &format!("{whose}, {mode}: {}", reached.join(", ")));
            if let Some(trouble) = network.trouble {
                page.field("Trouble", network_words(trouble));
            }
        }
    }
}

#[derive(Serialize)]
struct Stopped {
    was_running: bool,
}

impl Report for Stopped {
    fn page(&self, page: &mut Page) {
        page.text(if self.was_running {
            "Your node has stopped. What waits to be sent is kept."
        } else {
            "Your node was not running."
        });
    }
}

/// The titles of the circles; without them their ids are shown.
async fn titles(client: &Client) -> BTreeMap<CircleId, String> {
    let circles = client.circles().await.map(|circles| circles.circles).unwrap_or_default();
    circles.into_iter().map(|circle| (circle.id, circle.title)).collect()
}

/// Starts the node in the background, if it does not run.
pub(super) async fn start(context: Context<'_>) -> Result<(), Failure> {
    let client = session::connect(context.global, context.out).await?;
    let status = client.status().await?;
    let titles = titles(&client).await;
    context.out.confirm_done(&Shown { running: true, status: Some(status), titles })
}

/// Says how the node is; that none runs is an answer with its own exit code.
pub(super) async fn status(context: Context<'_>) -> Result<(), Failure> {
    let found = session::find(context.global).await?;
    let running = found.is_some();
    let titles = match &found {
        Some((client, _)) => titles(client).await,
        None => BTreeMap::new(),
    };
    context.out.tell(&Shown { running, status: found.map(|(_, status)| status), titles })?;
    if running { Ok(()) } else { Err(Failure::told(Kind::NoNode)) }
}

/// Stops the node and waits until it is gone.
pub(super) async fn stop(context: Context<'_>) -> Result<(), Failure> {
    let was_running = end(context).await?;
    context.out.tell(&Stopped { was_running })
}

/// Ends the node, if one runs, and waits until it is gone.
pub(super) async fn end(context: Context<'_>) -> Result<bool, Failure> {
    let Some((client, status)) = session::find(context.global).await? else {
        return Ok(false);
    };
    client.shutdown().await?;
    let _progress = context.out.progress("Waiting until your node has put everything away");
    wait_until_gone(&client, &PathBuf::from(&status.profile)).await?;
    Ok(true)
}

/// Gone is who answers no more and holds the profile no more.
async fn wait_until_gone(client: &Client, folder: &std::path::Path) -> Result<(), Failure> {
    let began = Instant::now();
    while began.elapsed() < STOP_PATIENCE {
        let answers = client.status().await.is_ok();
        if !answers && windbreak_node::private::Lock::acquire(&folder.join("lock")).is_ok() {
            return Ok(());
        }
        tokio::time::sleep(STOP_INTERVAL).await;
    }
    Err(Failure::new(
        Kind::NoNode,
        "node_does_not_stop",
        "the node was asked to stop and has not",
        "wait a little and look again: windbreak node status",
    ))
}

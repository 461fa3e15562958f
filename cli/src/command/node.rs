//! `node`: starts, stops and shows the node of the profile, or runs it in this terminal.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use serde::Serialize;
use windbreak_node::api::Client;
use windbreak_node::api::message::{Condition, Mode, Status};
use windbreak_node::private::Lock;
use windbreak_protocol::id::CircleId;

use super::Context;
use super::network::trouble_words as network_words;
use crate::error::{Failure, Kind};
use crate::output::{Page, Report};
use crate::words::{self, say};
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
            page.text(say!("node-node-not-running"));
            page.hint(say!("node-start-windbreak-node-start"));
            return;
        };
        page.text(match status.condition {
            Condition::Working => say!("node-node-running"),
            Condition::ReadOnly => say!("node-node-running-cannot-write"),
        });
        if let Some(trouble) = &status.trouble {
            page.text(&say!("node-trouble", message = text::line(&words::known(&trouble.message))));
            page.text(&say!("node-next", next = text::line(&words::known(&trouble.next))));
        }
        page.gap();
        page.field(say!("node-profile"), &text::line(&status.profile));
        page.field(say!("node-started"), &when::moment(status.started));
        page.field(say!("node-circles"), &status.circles.to_string());
        let mib = |bytes: u64| bytes.div_ceil(1024 * 1024);
        page.field(
            say!("node-store"),
            &say!(
                "node-most-mib-memory",
                cache = mib(status.store.cache),
                disk = mib(status.store.disk)
            ),
        );
        for usage in &status.store.circles {
            let title = self.titles.get(&usage.circle).map_or(say!("join-circle"), String::as_str);
            let room = status.store.circle_quota.map_or_else(
                || say!("node-without-limit").to_owned(),
                |quota| say!("node-mib", quota = mib(quota)),
            );
            let words =
                say!("node-takes-mib", title = text::line(title), bytes = mib(usage.bytes), room);
            page.field(say!("node-room"), &words);
        }
        if status.joins > 0 {
            page.field(
                say!("node-joining"),
                &say!("node-not-over-windbreak-join", joins = status.joins),
            );
        }
        page.field(
            say!("circle-sent"),
            &match status.outbox {
                0 => say!("node-nothing").to_owned(),
                count => say!("node-kept-until-relay-members", count),
            },
        );
        if let Some(trouble) = &status.notices.trouble {
            let message = text::line(&words::known(&trouble.message));
            page.field(say!("node-notices"), &say!("node-notice-not-shown", message));
        }
        for network in &status.networks {
            let whose = match &network.circle {
                Some(circle) => self.titles.get(circle).map_or_else(
                    || say!("node-circle", id = text::short(&circle.to_text())),
                    |title| say!("text-quoted", words = text::line(title)),
                ),
                None => say!("node-joining-2").to_owned(),
            };
            let relays = match network.relays {
                0 => None,
                1 if network.relays_connected == 1 => Some(say!("node-relay-connected").to_owned()),
                1 => Some(say!("node-relay-not-connected").to_owned()),
                relays => Some(say!(
                    "node-relays-connected",
                    relays_connected = network.relays_connected,
                    relays
                )),
            };
            let links = match network.linked {
                0 if network.mode == Mode::Lan => {
                    Some(say!("node-no-other-device-here").to_owned())
                }
                0 if network.relays == 0 => Some(say!("node-no-relay-no-direct").to_owned()),
                0 => None,
                links => Some(say!("node-direct-links", links)),
            };
            let reached: Vec<String> = [relays, links].into_iter().flatten().collect();
            let mode = match network.mode {
                Mode::Tor => say!("node-through-tor"),
                Mode::RelayOnly => say!("node-over-relays"),
                Mode::Direct => say!("node-over-relays-links"),
                Mode::Lan => say!("node-on-local-network"),
            };
            page.field(
                say!("node-network"),
                &format!("{}, {mode}: {}", words::apart(&whose), reached.join(", ")),
            );
            if let Some(words) = super::catching_up(network.catching_up) {
                page.field(say!("node-catching-up"), &words);
            }
            if let Some(trouble) = network.trouble {
                page.field(say!("node-trouble-2"), network_words(trouble));
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
            say!("node-node-stopped-waits-sent")
        } else {
            say!("node-node-not-running-2")
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
async fn end(context: Context<'_>) -> Result<bool, Failure> {
    let Some((client, status)) = session::find(context.global).await? else {
        return Ok(false);
    };
    client.shutdown().await?;
    let _progress = context.out.progress(say!("node-waiting-until-node-put"));
    wait_until_gone(&client, &PathBuf::from(&status.profile)).await?;
    Ok(true)
}

/// Gone is who answers no more and holds the profile no more.
async fn wait_until_gone(client: &Client, folder: &std::path::Path) -> Result<(), Failure> {
    let began = Instant::now();
    while began.elapsed() < STOP_PATIENCE {
        let answers = client.status().await.is_ok();
        if !answers && !Lock::is_held(&folder.join("lock")) {
            return Ok(());
        }
        tokio::time::sleep(STOP_INTERVAL).await;
    }
    Err(Failure::new(
        Kind::NoNode,
        "node_does_not_stop",
        say!("node-does-not-stop"),
        say!("node-does-not-stop-next"),
    ))
}

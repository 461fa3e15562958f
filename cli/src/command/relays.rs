//! `relay list`, `add`, `remove`, `replace`, `use` and `avoid`: the relays of a circle.

use serde::Serialize;
use windbreak_node::api::Client;
use windbreak_node::api::message::{
    CircleRelay, CircleRelays, GrantFor, GrantText, RelayChange, RelayChoice, RelayStanding,
    RelayUsage,
};
use windbreak_protocol::id::CircleId;

use super::network::{ask_for_same, is_shared};
use super::{Context, confirm, find, grant_text};
use crate::args::RelayCommand;
use crate::error::{Failure, Kind};
use crate::output::{Page, Report};
use crate::words::say;
use crate::{session, text, when};

#[derive(Serialize)]
struct Shown {
    #[serde(flatten)]
    relays: CircleRelays,
    #[serde(skip)]
    hint: Option<String>,
}

impl Report for Shown {
    fn page(&self, page: &mut Page) {
        if self.relays.relays.is_empty() {
            page.text(say!("relays-circle-no-relay-members"));
        }
        for relay in &self.relays.relays {
            page.verbatim(&text::line(&relay.address));
            page.text(&format!("  {}", words(relay).join(" · ")));
            for line in relay.grant.iter().flat_map(grant_text::words) {
                page.text(&format!("  {line}"));
            }
        }
        if self.relays.changing {
            page.gap();
            page.text(say!("relays-change-waits-device-until"));
        }
        let asks = |relay: &CircleRelay| relay.usage == RelayUsage::Asks;
        if self.relays.relays.iter().any(asks) {
            page.gap();
            page.text(say!("relays-relay-asks-serves-another"));
            page.hint(say!("relays-say-yes-windbreak-relay"));
        }
        if let Some(hint) = &self.hint {
            page.gap();
            page.hint(hint);
        }
    }
}

fn words(relay: &CircleRelay) -> Vec<String> {
    let standing = match relay.standing {
        RelayStanding::Named => say!("relays-named-circle").to_owned(),
        RelayStanding::Wanted => say!("relays-named").to_owned(),
        RelayStanding::Former => match relay.former_since {
            Some(since) => say!("relays-named-until", since = when::moment(since)),
            None => say!("relays-named-before").to_owned(),
        },
        RelayStanding::Rival => say!("relays-named-another-branch-circle").to_owned(),
        RelayStanding::Own => say!("relays-added-device").to_owned(),
    };
    let usage = match relay.usage {
        RelayUsage::Used if relay.connected => say!("relays-connected"),
        RelayUsage::Used => say!("relays-does-not-answer-now"),
        RelayUsage::Unusable => say!("relays-cannot-dialled-mode"),
        RelayUsage::Asks => say!("relays-asks"),
        RelayUsage::Avoided => say!("relays-avoided"),
    };
    let waiting = relay
        .waits_for
        .filter(|count| *count > 0)
        .map(|count| say!("relays-kept-devices-may-know", count));
    [standing, usage.to_owned()].into_iter().chain(waiting).collect()
}

/// What was to be done, once the circle is known.
enum Change {
    Add { address: String, grant: Option<GrantText> },
    Remove { relay: String },
    Replace { relay: String, address: String },
}

pub(super) async fn run(context: Context<'_>, command: RelayCommand) -> Result<(), Failure> {
    let client = session::connect(context.global, context.out).await?;
    match command {
        RelayCommand::List { circle } => {
            let circle = find::circle(&client, &circle).await?;
            let relays = client.relays(&circle.id).await?;
            context.out.tell(&Shown { relays, hint: None })
        }
        RelayCommand::Add(args) => {
            let circle = find::circle(&client, &args.circle).await?;
            let grant = match &args.grant {
                Some(path) => Some(grant_text::read(context, path)?),
                None => None,
            };
            let change = Change::Add { address: args.address, grant };
            rename(context, &client, &circle.id, change, args.yes).await
        }
        RelayCommand::Remove { circle, relay, yes } => {
            let circle = find::circle(&client, &circle).await?;
            rename(context, &client, &circle.id, Change::Remove { relay }, yes).await
        }
        RelayCommand::Replace { circle, relay, address, yes } => {
            let circle = find::circle(&client, &circle).await?;
            let change = Change::Replace { relay, address };
            rename(context, &client, &circle.id, change, yes).await
        }
        RelayCommand::Use { circle, relay, yes } => {
            let circle = find::circle(&client, &circle).await?;
            let known = client.relays(&circle.id).await?;
            // An address that is not known yet is one that somebody passed on.
            let address = if relay.starts_with('/') && relay.contains("/p2p/") {
                relay
            } else {
                pick(&known.relays, &relay)?.address.clone()
            };
            let mut choice = RelayChoice { address, avoid: false, same_relay: false };
            let relays = match client.choose_relay(&circle.id, &choice).await {
                Err(error) if is_shared(&error) => {
                    ask_for_same(context, yes).await?;
                    choice.same_relay = true;
                    client.choose_relay(&circle.id, &choice).await?
                }
                outcome => outcome?,
            };
            context.out.tell(&Shown { relays, hint: None })
        }
        RelayCommand::Avoid { circle, relay } => {
            let circle = find::circle(&client, &circle).await?;
            let known = client.relays(&circle.id).await?;
            let address = pick(&known.relays, &relay)?.address.clone();
            let choice = RelayChoice { address, avoid: true, same_relay: false };
            let relays = client.choose_relay(&circle.id, &choice).await?;
            let is_used = |relay: &CircleRelay| relay.usage == RelayUsage::Used;
            let hint = (!relays.relays.iter().any(is_used))
                .then(|| say!("relays-no-relay-left-device").to_owned());
            context.out.tell(&Shown { relays, hint })
        }
        // These are about a relay that one hosts.
        RelayCommand::Run(_)
        | RelayCommand::InitConfig
        | RelayCommand::Unit
        | RelayCommand::Grant(_)
        | RelayCommand::Status => Ok(()),
    }
}

/// Names a circle's relays anew.
async fn rename(
    context: Context<'_>,
    client: &Client,
    circle: &CircleId,
    change: Change,
    yes: bool,
) -> Result<(), Failure> {
    let known = client.relays(circle).await?.relays;
    // What was asked for a moment ago counts as named.
    let wanted = known.iter().any(|relay| relay.standing == RelayStanding::Wanted);
    let counts = |relay: &&CircleRelay| {
        matches!(relay.standing, RelayStanding::Named | RelayStanding::Wanted)
    };
    let named: Vec<CircleRelay> = known.iter().filter(counts).cloned().collect();
    let mut relays: Vec<String> = named.iter().map(|relay| relay.address.clone()).collect();
    let mut given = None;
    match change {
        Change::Add { address, grant } => {
            given = grant.map(|grant| GrantFor { address: address.clone(), grant });
            if !relays.contains(&address) {
                relays.push(address);
            }
        }
        Change::Remove { relay } => {
            let gone = pick(&named, &relay)?.address.clone();
            relays.retain(|address| *address != gone);
            if relays.is_empty() {
                confirm(context, yes, say!("relays-last-relay-members-would")).await?;
            }
        }
        Change::Replace { relay, address } => {
            let gone = pick(&named, &relay)?.address.clone();
            relays.retain(|known| *known != address);
            for known in &mut relays {
                if *known == gone {
                    known.clone_from(&address);
                }
            }
        }
    }
    let mut change = RelayChange { relays, same_relay: false, grant: given };
    let relays = match client.set_relays(circle, &change).await {
        Err(error) if is_shared(&error) => {
            ask_for_same(context, yes).await?;
            change.same_relay = true;
            client.set_relays(circle, &change).await?
        }
        outcome => outcome?,
    };
    let nobody_hears = !wanted && !named.is_empty() && !named.iter().any(|relay| relay.connected);
    let hint = nobody_hears.then(|| say!("relays-none-relays-members-know").to_owned());
    context.out.tell(&Shown { relays, hint })
}

/// The one relay that a text names: its address, or a part that no other has.
fn pick<'a>(relays: &'a [CircleRelay], named: &str) -> Result<&'a CircleRelay, Failure> {
    if let Some(relay) = relays.iter().find(|relay| relay.address == named) {
        return Ok(relay);
    }
    let named = named.trim();
    let fits = |relay: &&CircleRelay| !named.is_empty() && relay.address.contains(named);
    let mut fitting = relays.iter().filter(fits);
    match (fitting.next(), fitting.next()) {
        (Some(relay), None) => Ok(relay),
        (Some(_), Some(_)) => Err(Failure::new(
            Kind::Failed,
            "ambiguous_relay",
            say!("relays-ambiguous-relay").to_owned(),
            say!("relays-ambiguous-relay-next"),
        )),
        (None, _) => Err(Failure::new(
            Kind::Failed,
            "unknown_relay",
            say!("relays-unknown-relay").to_owned(),
            say!("relays-unknown-relay-next"),
        )),
    }
}

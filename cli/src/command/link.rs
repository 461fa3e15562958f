//! `link`: direct links between members' devices, after a plain warning.

use std::time::{Duration, Instant};

use serde::Serialize;
use windbreak_node::api::message::{LinkChange, Links};

use super::{Context, confirm, find};
use crate::args::LinkCommand;
use crate::error::Failure;
use crate::output::{Page, Report};
use crate::{session, text};

const WARNING: &str = "Members who link directly see each other's internet addresses, which tell roughly where somebody is.";
/// How long a listener may take to say where it listens.
const PATIENCE: Duration = Duration::from_secs(5);
const INTERVAL: Duration = Duration::from_millis(100);

#[derive(Serialize)]
struct Shown {
    #[serde(flatten)]
    links: Links,
}

impl Report for Shown {
    fn page(&self, page: &mut Page) {
        let Links { listen, dial, listening, connected } = &self.links;
        if listen.is_empty() && dial.is_empty() {
            page.text("There are no direct links; this circle goes over its relay.");
            return;
        }
        page.text(&format!(
            "{connected} direct link{} up.",
            if *connected == 1 { " is" } else { "s are" }
        ));
        if !listening.is_empty() {
            page.gap();
            page.text("Give one of these lines to the member who shall link with you:");
            for address in listening {
                page.verbatim(&text::line(address));
            }
        }
        if listening.is_empty() && !listen.is_empty() {
            page.gap();
            page.text("Told to listen, and not listening yet, on:");
            for address in listen {
                page.verbatim(&text::line(address));
            }
        }
        if !dial.is_empty() {
            page.gap();
            page.text("Linking with:");
            for address in dial {
                page.verbatim(&text::line(address));
            }
        }
    }
}

pub(super) async fn run(context: Context<'_>, command: LinkCommand) -> Result<(), Failure> {
    let client = session::connect(context.global, context.out).await?;
    let links = match command {
        LinkCommand::Listen(args) => {
            let circle = find::circle(&client, &args.circle).await?;
            confirm(context, args.yes, &format!("{WARNING} Listen for direct links?")).await?;
            let change = LinkChange { listen: vec![args.listen], dial: Vec::new() };
            let mut links = client.add_links(&circle.id, &change).await?;
            let began = Instant::now();
            while links.listening.is_empty() && began.elapsed() < PATIENCE {
                tokio::time::sleep(INTERVAL).await;
                links = client.links(&circle.id).await?;
            }
            links
        }
        LinkCommand::Add { circle, address, yes } => {
            let circle = find::circle(&client, &circle).await?;
            confirm(context, yes, &format!("{WARNING} Link directly?")).await?;
            let change = LinkChange { listen: Vec::new(), dial: vec![address] };
            client.add_links(&circle.id, &change).await?
        }
        LinkCommand::List { circle } => {
            let circle = find::circle(&client, &circle).await?;
            client.links(&circle.id).await?
        }
        LinkCommand::Remove { circle, address } => {
            let circle = find::circle(&client, &circle).await?;
            // It stands in one of the lists; taking it from both is right either way.
            let change = LinkChange { listen: vec![address.clone()], dial: vec![address] };
            client.remove_links(&circle.id, &change).await?
        }
    };
    context.out.tell(&Shown { links })
}

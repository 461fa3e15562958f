//! `link`: direct links between members' devices, after a plain warning.

use std::time::{Duration, Instant};

use serde::Serialize;
use windbreak_node::api::message::{LinkChange, Links};

use super::{Context, confirm, find};
use crate::args::LinkCommand;
use crate::error::Failure;
use crate::output::{Page, Report};
use crate::words::say;
use crate::{session, text};

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
            page.text(say!("link-there-no-direct-links"));
            return;
        }
        page.text(&say!("link-direct-link-up", connected));
        if !listening.is_empty() {
            page.gap();
            page.text(say!("link-give-one-these-lines"));
            for address in listening {
                page.verbatim(&text::line(address));
            }
        }
        if listening.is_empty() && !listen.is_empty() {
            page.gap();
            page.text(say!("link-told-listen-not-listening"));
            for address in listen {
                page.verbatim(&text::line(address));
            }
        }
        if !dial.is_empty() {
            page.gap();
            page.text(say!("link-linking"));
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
            confirm(
                context,
                args.yes,
                &[say!("link-warning"), say!("link-listen-direct-links")].join(" "),
            )
            .await?;
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
            confirm(context, yes, &[say!("link-warning"), say!("link-link-directly")].join(" "))
                .await?;
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

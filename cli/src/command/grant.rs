//! `relay grant`: the host of a running relay issues, lists and revokes grants.

use serde::Serialize;
use windbreak_node::relay::{GrantList, GrantOrder, IssuedGrant};

use super::{Context, confirm, relay};
use crate::args::GrantCommand;
use crate::error::Failure;
use crate::output::{Page, Report};
use crate::{text, when};

#[derive(Serialize)]
struct Issued {
    #[serde(flatten)]
    issued: IssuedGrant,
}

impl Report for Issued {
    fn page(&self, page: &mut Page) {
        page.text("The grant, to pass on to one facilitator by a way that nobody else reads:");
        page.verbatim(&text::line(&self.issued.grant));
        page.gap();
        page.field("Id", &text::line(&self.issued.id));
        page.field("Until", &when::moment(self.issued.until));
        page.gap();
        page.text("It is not shown again. Whoever has it can put on your relay what it allows.");
        page.hint(
            "Whoever gets it gives it to the circle: windbreak relay add CIRCLE ADDRESS --grant -",
        );
    }
}

#[derive(Serialize)]
struct Listed {
    #[serde(flatten)]
    list: GrantList,
}

impl Report for Listed {
    fn page(&self, page: &mut Page) {
        if self.list.grants.is_empty() {
            page.text("No grant holds, so nothing can be put on this relay.");
            page.hint("Issue one: windbreak relay grant issue");
        }
        for grant in &self.list.grants {
            page.text(&format!(
                "{}  {} members, {} MiB a week each, until {} · {} MiB drawn this week · {} members revoked",
                text::line(&grant.id),
                grant.members,
                grant.member_mib_per_week,
                when::moment(grant.until),
                grant.mib_drawn,
                grant.members_revoked,
            ));
        }
    }
}

/// Does one of them at the relay of the folder.
pub(super) async fn run(context: Context<'_>, command: GrantCommand) -> Result<(), Failure> {
    let folder = relay::hosted(context)?;
    let client = relay::client(&folder)?;
    let failed = |error| relay::unreachable(&folder, error);
    match command {
        GrantCommand::Issue(args) => {
            let order = GrantOrder {
                members: args.members,
                member_mib_per_week: args.quota,
                weeks: args.weeks,
            };
            let issued = client.issue_grant(&order).await.map_err(failed)?;
            context.out.tell(&Issued { issued })
        }
        GrantCommand::List => {
            let list = client.grants().await.map_err(failed)?;
            context.out.tell(&Listed { list })
        }
        GrantCommand::Revoke { id, yes } => {
            let question = "the circle that has this grant can put nothing more here once its tokens are used. Revoke it?";
            confirm(context, yes, question).await?;
            let list = client.revoke_grant(&id).await.map_err(failed)?;
            context.out.tell(&Listed { list })
        }
    }
}

//! `relay grant`: the host of a running relay issues, lists and revokes grants.

use serde::Serialize;
use windbreak_node::relay::{GrantList, GrantOrder, IssuedGrant};

use super::{Context, confirm, relay};
use crate::args::GrantCommand;
use crate::error::Failure;
use crate::output::{Page, Report};
use crate::words::say;
use crate::{text, when};

#[derive(Serialize)]
struct Issued {
    #[serde(flatten)]
    issued: IssuedGrant,
}

impl Report for Issued {
    fn page(&self, page: &mut Page) {
        page.text(say!("grant-grant-pass-one-facilitator"));
        page.verbatim(&text::line(&self.issued.grant));
        page.gap();
        page.field(say!("circle-id"), &text::line(&self.issued.id));
        page.field(say!("grant-until"), &when::moment(self.issued.until));
        page.gap();
        page.text(say!("grant-not-shown-again-whoever"));
        page.hint(say!("grant-whoever-gives-circle"));
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
            page.text(say!("grant-no-grant-holds-so"));
            page.hint(say!("grant-issue-one-windbreak-relay"));
        }
        for grant in &self.list.grants {
            page.text(&say!(
                "grant-members-mib-week-each",
                id = text::line(&grant.id),
                members = grant.members,
                member_mib_per_week = grant.member_mib_per_week,
                until = when::moment(grant.until),
                mib_drawn = grant.mib_drawn,
                members_revoked = grant.members_revoked
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
            let question = say!("grant-circle-grant-can-put");
            confirm(context, yes, question).await?;
            let list = client.revoke_grant(&id).await.map_err(failed)?;
            context.out.tell(&Listed { list })
        }
    }
}

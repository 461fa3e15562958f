//! `member`: who is in a circle, and how somebody is removed.

use serde::Serialize;
use windbreak_node::api::message::{Member, Members, Reason, Role};

use super::{Context, confirm, find};
use crate::args::MemberCommand;
use crate::error::Failure;
use crate::output::{Page, Report};
use crate::pick::{shown, unique_length};
use crate::{session, text};

impl Report for Members {
    fn page(&self, page: &mut Page) {
        list(page, &self.members);
    }
}

#[derive(Serialize)]
struct Removed {
    member: String,
    name: String,
}

impl Report for Removed {
    fn page(&self, page: &mut Page) {
        page.text(&format!(
            "{} is removed and reads nothing that is said from now on.",
            text::name(&self.name)
        ));
        page.hint(
            "What they have read stays with them, and open invites without a lobby are closed.",
        );
    }
}

/// One line for each member.
pub(super) fn list(page: &mut Page, members: &[Member]) {
    let ids: Vec<String> = members.iter().map(|member| member.id.to_text()).collect();
    let length = unique_length(ids.iter().map(String::as_str));
    let names = names(members);
    let rows: Vec<Vec<String>> = members
        .iter()
        .zip(&ids)
        .map(|(member, id)| {
            let role = match member.role {
                Role::Facilitator => "facilitator",
                Role::Member => "",
            };
            let me = if member.me { "you" } else { "" };
            let words: Vec<&str> = [role, me].into_iter().filter(|word| !word.is_empty()).collect();
            vec![shown(id, length).to_owned(), names.of(id, &member.name), words.join(", ")]
        })
        .collect();
    page.table(&rows);
}

/// The members' names, none to be taken for another.
pub(crate) fn names(members: &[Member]) -> text::Names {
    let ids: Vec<String> = members.iter().map(|member| member.id.to_text()).collect();
    text::Names::new(
        ids.iter().map(String::as_str).zip(members.iter().map(|member| member.name.as_str())),
    )
}

pub(super) async fn run(context: Context<'_>, command: MemberCommand) -> Result<(), Failure> {
    let client = session::connect(context.global, context.out).await?;
    match command {
        MemberCommand::List { circle } => {
            let circle = find::circle(&client, &circle).await?;
            context.out.tell(&client.members(&circle.id).await?)
        }
        MemberCommand::Remove { circle, member, reason, yes } => {
            let circle = find::circle(&client, &circle).await?;
            let member = find::member(&client, &circle.id, &member).await?;
            let question = format!(
                "Remove {} from \"{}\"?",
                text::name(&member.name),
                text::line(&circle.title)
            );
            confirm(context, yes, &question).await?;
            client.remove_member(&circle.id, &member.id, &Reason { reason }).await?;
            context.out.tell(&Removed { member: member.id.to_text(), name: member.name })
        }
    }
}

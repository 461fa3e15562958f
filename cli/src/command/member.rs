//! `member`: who is in a circle, and how somebody is removed.

use serde::Serialize;
use windbreak_node::api::Client;
use windbreak_node::api::message::{
    self as message, Circle, Member, Members, NewConsent, NewDeclaration, NewProposal, Proposal,
    ProposalKind, Reason, Role,
};
use windbreak_protocol::id::{ItemId, MemberId};
use windbreak_protocol::view::Mark;

use super::proposal::{Agreed, List, Named, Proposed, SteppedDown, sentence};
use super::{Context, confirm, find, send};
use crate::args::{MemberCommand, RoleArg, SuccessionCommand};
use crate::error::{Failure, Kind};
use crate::output::{Page, Report};
use crate::pick::{shown, unique_length};
use crate::words::say;
use crate::{session, text};

impl Report for Members {
    fn page(&self, page: &mut Page) {
        list_with_declarations(page, &self.members);
    }
}

#[derive(Serialize)]
struct Removed {
    member: String,
    name: String,
}

impl Report for Removed {
    fn page(&self, page: &mut Page) {
        page.text(&say!("member-removed-reads-nothing-said", name = text::name(&self.name)));
        page.hint(say!("member-they-read-stays-them"));
    }
}

/// A facilitator has declared anew.
#[derive(Serialize)]
struct Declared {
    circle: String,
    declaration: String,
}

impl Report for Declared {
    fn page(&self, page: &mut Page) {
        page.text(say!("member-declared-everybody-sees-before"));
    }
}

/// One line for each member, and what those who hold the circle would have to report.
pub(super) fn list_with_declarations(page: &mut Page, members: &[Member]) {
    list(page, members);
    let names = names(members);
    for member in members.iter().filter(|member| member.role == Role::Facilitator) {
        page.gap();
        let name = names.of(&member.id.to_text(), &member.name);
        match member.declaration.as_deref().map(str::trim).filter(|words| !words.is_empty()) {
            Some(words) => {
                page.text(&say!("member-would-report-others", name));
                page.quoted(&text::body(words), "  ");
            }
            None => page.text(&say!("member-not-said-whether-they", name)),
        }
    }
}

/// One line for each member.
pub(super) fn list(page: &mut Page, members: &[Member]) {
    let ids: Vec<String> = members.iter().map(|member| member.id.to_text()).collect();
    let length = unique_length(ids.iter().map(String::as_str));
    let names = names(members);
    // One role: of several who hold a circle, none stands above another.
    let holding = members.iter().filter(|member| member.role == Role::Facilitator).count();
    let rows: Vec<Vec<String>> = members
        .iter()
        .zip(&ids)
        .map(|(member, id)| {
            let role = match member.role {
                Role::Facilitator if holding > 1 => say!("member-co-facilitator"),
                Role::Facilitator => say!("member-facilitator"),
                Role::Member => "",
                Role::Listener => say!("member-listener"),
            };
            let me = if member.me { say!("member-you") } else { "" };
            let blocked = if member.blocked { say!("member-blocked") } else { "" };
            let words: Vec<&str> =
                [role, me, blocked].into_iter().filter(|word| !word.is_empty()).collect();
            vec![
                shown(id, length).to_owned(),
                names.of(id, &member.name),
                words.join(", "),
                page.mark(&Mark::of(&member.id)),
            ]
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

#[derive(Serialize)]
struct NewRole {
    member: String,
    role: Role,
    #[serde(skip)]
    name: String,
}

impl Report for NewRole {
    fn page(&self, page: &mut Page) {
        let name = text::name(&self.name);
        page.text(&if self.role == Role::Listener {
            say!("member-only-listens-here-from", name)
        } else {
            say!("member-speaks-here-again", name)
        });
    }
}

#[derive(Serialize)]
struct Blocked {
    member: MemberId,
    blocked: bool,
    #[serde(skip)]
    name: Option<String>,
}

impl Report for Blocked {
    fn page(&self, page: &mut Page) {
        let name = self.name.as_deref().map_or_else(|| say!("member-they").to_owned(), text::name);
        page.text(&if self.blocked {
            say!("member-they-say-folded-away", name)
        } else {
            say!("member-they-say-shown-again", name)
        });
        if self.blocked {
            page.hint(say!("member-nobody-told-they-still"));
        }
    }
}

async fn block(
    context: Context<'_>,
    client: &Client,
    circle: &str,
    typed: &str,
    on: bool,
) -> Result<(), Failure> {
    let circle = find::circle(client, circle).await?;
    let (member, name) = match find::member(client, &circle.id, typed).await {
        Ok(member) => (member.id, Some(member.name)),
        // Somebody who is gone has no place in the list; their words are still here.
        Err(failure) => match MemberId::from_text(typed) {
            Ok(id) => (id, None),
            Err(_) => return Err(failure),
        },
    };
    client.block(&circle.id, &member, on).await?;
    context.out.confirm_done(&Blocked { member, blocked: on, name })
}

/// What somebody declares who would hold the circle.
#[derive(Default)]
struct Words {
    declaration: Option<String>,
    /// Whether it is sent even if it seems to say who somebody is.
    send_anyway: bool,
}

async fn propose(
    context: Context<'_>,
    client: &Client,
    circle: &Circle,
    kind: ProposalKind,
    member: &Member,
    words: Words,
) -> Result<(), Failure> {
    let Words { declaration, send_anyway } = words;
    let written = declaration.as_deref().unwrap_or_default();
    let made = send::asking(context, written, send_anyway, async |send_anyway| {
        let (reason, declaration) = (String::new(), declaration.clone());
        let new = NewProposal { kind, member: member.id, reason, declaration, send_anyway };
        client.propose(&circle.id, &new).await
    });
    let made = made.await?;
    context.out.tell(&proposed(kind, member, made.proposal))
}

fn proposed(kind: ProposalKind, member: &Member, proposal: Option<ItemId>) -> Proposed {
    Proposed {
        proposal: proposal.map(|id| id.to_text()),
        kind,
        member: member.id.to_text(),
        name: member.name.clone(),
    }
}

pub(super) fn name_of(members: &[Member], id: &MemberId) -> String {
    let member = members.iter().find(|member| member.id == *id);
    member.map_or_else(|| say!("member-former-member").to_owned(), |member| member.name.clone())
}

pub(super) async fn run(context: Context<'_>, command: MemberCommand) -> Result<(), Failure> {
    let client = session::connect(context.global, context.out).await?;
    match command {
        MemberCommand::List { circle } => {
            let circle = find::circle(&client, &circle).await?;
            context.out.tell(&client.members(&circle.id).await?)
        }
        MemberCommand::Remove { circle, member, reason, send_anyway, yes } => {
            let circle = find::circle(&client, &circle).await?;
            let member = find::member(&client, &circle.id, &member).await?;
            if !yes && reason.trim().is_empty() {
                return Err(no_reason());
            }
            let question = say!(
                "member-remove-from",
                member = text::name(&member.name),
                title = text::line(&circle.title)
            );
            confirm(context, yes, &question).await?;
            let removed = send::asking(context, &reason, send_anyway, async |send_anyway| {
                let reason = Reason { reason: reason.clone(), send_anyway };
                client.remove_member(&circle.id, &member.id, &reason).await
            });
            let removed = removed.await?;
            match removed.proposal {
                None => {
                    context.out.tell(&Removed { member: member.id.to_text(), name: member.name })
                }
                Some(_) => {
                    context.out.tell(&proposed(ProposalKind::Remove, &member, removed.proposal))
                }
            }
        }
        MemberCommand::Block { circle, member } => {
            block(context, &client, &circle, &member, true).await
        }
        MemberCommand::Unblock { circle, member } => {
            block(context, &client, &circle, &member, false).await
        }
        MemberCommand::Promote { circle, member } => {
            let circle = find::circle(&client, &circle).await?;
            let member = find::member(&client, &circle.id, &member).await?;
            let words = Words::default();
            propose(context, &client, &circle, ProposalKind::Promote, &member, words).await
        }
        MemberCommand::Demote { circle, member, yes } => {
            let circle = find::circle(&client, &circle).await?;
            let member = find::member(&client, &circle.id, &member).await?;
            if !member.me {
                let (kind, words) = (ProposalKind::Demote, Words::default());
                return propose(context, &client, &circle, kind, &member, words).await;
            }
            let title = text::line(&circle.title);
            let question = say!("member-give-up-role-facilitator", title);
            confirm(context, yes, &question).await?;
            client.step_down(&circle.id).await?;
            context.out.tell(&SteppedDown { member: member.id.to_text() })
        }
        MemberCommand::Succeed { circle, member, declaration, send_anyway } => {
            let circle = find::circle(&client, &circle).await?;
            let member = find::member(&client, &circle.id, &member).await?;
            let words = Words { declaration, send_anyway };
            propose(context, &client, &circle, ProposalKind::Succeed, &member, words).await
        }
        MemberCommand::Role { circle, member, role, reason, send_anyway } => {
            let circle = find::circle(&client, &circle).await?;
            let member = find::member(&client, &circle.id, &member).await?;
            let role = match role {
                RoleArg::Listener => Role::Listener,
                RoleArg::Member => Role::Member,
            };
            let done = send::asking(context, &reason, send_anyway, async |send_anyway| {
                let new = message::NewRole { role, reason: reason.clone(), send_anyway };
                client.set_role(&circle.id, &member.id, &new).await
            });
            done.await?;
            context.out.tell(&NewRole { member: member.id.to_text(), role, name: member.name })
        }
        MemberCommand::Declare { circle, declaration, send_anyway } => {
            let circle = find::circle(&client, &circle).await?;
            let done = send::asking(context, &declaration, send_anyway, async |send_anyway| {
                let new = NewDeclaration { declaration: declaration.clone(), send_anyway };
                client.declare(&circle.id, &new).await
            });
            done.await?;
            context.out.tell(&Declared { circle: circle.id.to_text(), declaration })
        }
        MemberCommand::Proposals { circle } => {
            let circle = find::circle(&client, &circle).await?;
            proposals(context, &client, &circle, |_| true).await
        }
        MemberCommand::Consent { circle, proposal, declaration, send_anyway, yes } => {
            let words = Words { declaration, send_anyway };
            consent(context, &client, &circle, &proposal, words, yes).await
        }
    }
}

/// What the node says where there is no reason, before anybody is asked for a yes.
pub(super) fn no_reason() -> Failure {
    let next = say!("node-says-say-why-sentence-all-members");
    Failure::new(Kind::Failed, "no_reason", say!("node-says-there-no-reason"), next)
}

/// Agrees to a proposal.
async fn consent(
    context: Context<'_>,
    client: &Client,
    circle: &str,
    proposal: &str,
    words: Words,
    yes: bool,
) -> Result<(), Failure> {
    let circle = find::circle(client, circle).await?;
    let proposal = find::proposal(client, &circle.id, proposal).await?;
    let members = client.members(&circle.id).await?.members;
    let name = name_of(&members, &proposal.member);
    let sentence = sentence(proposal.kind, &text::name(&name));
    let title = text::line(&circle.title);
    let question = say!("member-agree", title, sentence);
    confirm(context, yes, &question).await?;
    let Words { declaration, send_anyway } = words;
    let written = declaration.as_deref().unwrap_or_default();
    let agreed = send::asking(context, written, send_anyway, async |send_anyway| {
        let new = NewConsent { declaration: declaration.clone(), send_anyway };
        client.consent(&circle.id, &proposal.id, &new).await
    });
    agreed.await?;
    let (proposal, kind) = (proposal.id.to_text(), proposal.kind);
    context.out.tell(&Agreed { proposal, kind, name })
}

/// Lists what is proposed in a circle.
async fn proposals(
    context: Context<'_>,
    client: &Client,
    circle: &Circle,
    which: impl Fn(&Proposal) -> bool,
) -> Result<(), Failure> {
    let members = client.members(&circle.id).await?.members;
    let proposals = client.proposals(&circle.id).await?.proposals;
    let proposals = proposals
        .into_iter()
        .filter(which)
        .map(|proposal| Named {
            member_name: name_of(&members, &proposal.member),
            by_name: name_of(&members, &proposal.by),
            proposal,
        })
        .collect();
    context.out.tell(&List { proposals })
}

/// Members make a facilitator where none answers.
pub(super) async fn succession(
    context: Context<'_>,
    command: SuccessionCommand,
) -> Result<(), Failure> {
    let client = session::connect(context.global, context.out).await?;
    match command {
        SuccessionCommand::Propose { circle, member, declaration, send_anyway } => {
            let circle = find::circle(&client, &circle).await?;
            let member = find::member(&client, &circle.id, &member).await?;
            let words = Words { declaration, send_anyway };
            propose(context, &client, &circle, ProposalKind::Succeed, &member, words).await
        }
        SuccessionCommand::Consent { circle, proposal, declaration, send_anyway, yes } => {
            let circle = find::circle(&client, &circle).await?;
            let found = find::proposal(&client, &circle.id, &proposal).await?;
            if found.kind != ProposalKind::Succeed {
                return Err(Failure::new(
                    Kind::Failed,
                    "unknown_proposal",
                    say!("member-unknown-proposal"),
                    say!("member-unknown-proposal-next"),
                ));
            }
            let words = Words { declaration, send_anyway };
            consent(context, &client, &circle.id.to_text(), &proposal, words, yes).await
        }
        SuccessionCommand::Status { circle } => {
            let circle = find::circle(&client, &circle).await?;
            let is_succession = |proposal: &Proposal| proposal.kind == ProposalKind::Succeed;
            proposals(context, &client, &circle, is_succession).await
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn shown(roles: &[&str]) -> String {
        let member = |(at, role): (usize, &&str)| {
            let id = format!("{at}{}", "a".repeat(63));
            let fields =
                json!({"id": id, "name": "Rowan", "role": role, "devices": 1, "me": false});
            serde_json::from_value(fields).unwrap()
        };
        let members: Vec<Member> = roles.iter().enumerate().map(member).collect();
        let mut page = Page::new(80, false, false);
        list(&mut page, &members);
        page.finish()
    }

    #[test]
    fn who_holds_a_circle_with_others_is_a_co_facilitator() {
        assert!(!shown(&["facilitator", "member"]).contains("co-facilitator"));
        let together = shown(&["facilitator", "listener", "facilitator"]);
        assert_eq!(together.matches("co-facilitator").count(), 2, "{together}");
    }
}

//! `agreement`: what a circle agrees on, how it changes, and that it is accepted on this device.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use serde::Serialize;
use windbreak_node::api::Client;
use windbreak_node::api::message::{
    Agreement, AgreementLine, AgreementProposal, Circle, LineChange, Member, NewAgreement,
    ProposalStage,
};
use windbreak_protocol::limits::MAX_AGREEMENT;

use super::{Context, confirm, find, member, send};
use crate::args::AgreementCommand;
use crate::error::{Failure, Kind};
use crate::output::{Page, Report};
use crate::pick::{Candidate, pick, shown, unique_length};
use crate::words::say;
use crate::{session, text, when};

/// What stands before the words of others.
const MARGIN: &str = "  ";

fn show_differences(page: &mut Page, lines: &[AgreementLine]) {
    for line in lines {
        let sign = match line.change {
            LineChange::Same => " ",
            LineChange::Gone => "-",
            LineChange::New => "+",
        };
        // The sign stands before the words on their first line; what hangs below is the same line.
        page.header(&format!("{sign} {}", text::body(&line.text)), MARGIN);
    }
    page.hint(say!("agreement-lines-new-lines-gone"));
}

/// A proposal, and the name of who made it.
#[derive(Serialize)]
struct Proposed {
    #[serde(flatten)]
    proposal: AgreementProposal,
    by_name: String,
}

#[derive(Serialize)]
struct Shown {
    circle: String,
    #[serde(skip)]
    title: String,
    version: u32,
    text: String,
    hash: String,
    accepted: bool,
    /// What is different from the text accepted on this device before, if it is another one.
    differences: Option<Vec<AgreementLine>>,
    proposals: Vec<Proposed>,
}

impl Shown {
    fn new(circle: &Circle, members: &[Member], agreement: Agreement) -> Self {
        let Agreement { version, text, hash, accepted, differences, proposals, .. } = agreement;
        let proposed = |proposal: AgreementProposal| Proposed {
            by_name: member::name_of(members, &proposal.by),
            proposal,
        };
        Self {
            circle: circle.id.to_text(),
            title: circle.title.clone(),
            version,
            hash,
            accepted,
            differences,
            proposals: proposals.into_iter().map(proposed).collect(),
            text,
        }
    }

    /// What is to be accepted: the differences where something was accepted before, else all of it.
    fn show_text(&self, page: &mut Page) {
        page.heading(&say!("agreement-agrees", title = text::line(&self.title)));
        match &self.differences {
            Some(lines) if !self.accepted => {
                page.text(say!("agreement-changed-since-accepted"));
                show_differences(page, lines);
            }
            _ if self.text.trim().is_empty() => page.text(say!("agreement-nothing-writing")),
            _ => page.quoted(&text::body(self.text.trim()), MARGIN),
        }
    }
}

impl Report for Shown {
    fn page(&self, page: &mut Page) {
        self.show_text(page);
        page.gap();
        let title = text::argument(&self.title);
        page.field(say!("agreement-version"), &self.version.to_string());
        if self.accepted {
            page.field(say!("agreement-accepted"), say!("agreement-yes-device"));
        } else {
            page.field(say!("agreement-accepted"), say!("agreement-not-yet-device-until"));
            page.hint(&say!("agreement-if-agree-windbreak-agreement", title));
        }
        let open = |proposed: &&Proposed| proposed.proposal.stage != ProposalStage::Over;
        let ids: Vec<String> =
            self.proposals.iter().map(|proposed| proposed.proposal.id.to_text()).collect();
        let length = unique_length(ids.iter().map(String::as_str));
        for proposed in self.proposals.iter().filter(open) {
            let Proposed { proposal, by_name } = proposed;
            let id = proposal.id.to_text();
            page.gap();
            page.heading(&say!("agreement-proposed", id = shown(&id, length)));
            let since = when::moment(proposal.written);
            page.text(&say!(
                "agreement-by",
                name = text::name(by_name),
                since,
                stage = stage_words(proposal)
            ));
            show_differences(page, &proposal.differences);
            if proposal.asks_me {
                let id = shown(&id, length);
                page.hint(&say!("agreement-if-agree-windbreak-agreement-2", title, id));
            }
        }
    }
}

fn stage_words(proposal: &AgreementProposal) -> String {
    match (proposal.stage, proposal.missing) {
        (ProposalStage::Lapsed, _) => say!("agreement-lapsed-after-14-days").to_owned(),
        (ProposalStage::Over, _) => say!("agreement-done-no-longer-possible").to_owned(),
        (ProposalStage::Open, missing) => say!("agreement-more-members-agree", missing),
        _ => say!("agreement-enough-agree-being-done").to_owned(),
    }
}

#[derive(Serialize)]
struct Accepted {
    circle: String,
    version: u32,
    accepted: bool,
    #[serde(skip)]
    title: String,
}

impl Report for Accepted {
    fn page(&self, page: &mut Page) {
        let title = text::line(&self.title);
        page.text(&say!("agreement-accept-agrees-nobody-told", title));
        page.hint(&say!("agreement-next-windbreak-read", title = text::argument(&self.title)));
    }
}

#[derive(Serialize)]
struct Made {
    proposal: String,
    /// Whether it holds already, since nobody else has to agree.
    holds: bool,
}

impl Report for Made {
    fn page(&self, page: &mut Page) {
        if self.holds {
            page.text(say!("agreement-holds-enough-agree-already"));
            return;
        }
        page.text(say!("agreement-proposed-agree"));
        page.hint(say!("agreement-holds-soon-more-than"));
        page.hint(say!("agreement-see-how-far-come"));
    }
}

#[derive(Serialize)]
struct Agreed {
    proposal: String,
    agreed: bool,
}

impl Report for Agreed {
    fn page(&self, page: &mut Page) {
        page.text(say!("agreement-agree-accepted-if-comes"));
        page.hint(say!("agreement-holds-soon-more-than"));
    }
}

pub(super) async fn run(context: Context<'_>, command: AgreementCommand) -> Result<(), Failure> {
    match command {
        AgreementCommand::Show { circle } => {
            let client = session::connect(context.global, context.out).await?;
            let circle = find::circle(&client, &circle).await?;
            context.out.tell(&look(&client, &circle).await?)
        }
        AgreementCommand::Accept { circle, yes } => {
            let client = session::connect(context.global, context.out).await?;
            let circle = find::circle(&client, &circle).await?;
            accept(context, &client, &circle, yes).await
        }
        AgreementCommand::Propose { circle, file, send_anyway } => {
            let text = read_text(context, &file)?;
            let client = session::connect(context.global, context.out).await?;
            let circle = find::circle(&client, &circle).await?;
            let made = send::asking(context, &text, send_anyway, async |send_anyway| {
                let new = NewAgreement { text: text.clone(), send_anyway };
                client.propose_agreement(&circle.id, &new).await
            });
            let made = made.await?;
            let proposals = client.agreement(&circle.id).await?.proposals;
            let is_open = |proposal: &AgreementProposal| {
                proposal.id == made.proposal && proposal.stage != ProposalStage::Over
            };
            let holds = !proposals.iter().any(is_open);
            context.out.tell(&Made { proposal: made.proposal.to_text(), holds })
        }
        AgreementCommand::Consent { circle, proposal, yes } => {
            let client = session::connect(context.global, context.out).await?;
            let circle = find::circle(&client, &circle).await?;
            let seen = look(&client, &circle).await?;
            let candidates: Vec<_> = seen
                .proposals
                .iter()
                .map(|one| Candidate { id: one.proposal.id.to_text(), words: None, value: one })
                .collect();
            let next = "windbreak agreement show CIRCLE";
            let proposed = pick("proposal", next, &proposal, &candidates)?;
            if !yes && context.out.can_ask() {
                context.out.page(|page| show_differences(page, &proposed.proposal.differences))?;
            }
            let title = text::line(&circle.title);
            let question = say!("agreement-agree-agrees-from-now", title);
            confirm(context, yes, &question).await?;
            client.consent_to_agreement(&circle.id, &proposed.proposal.id).await?;
            context.out.tell(&Agreed { proposal: proposed.proposal.id.to_text(), agreed: true })
        }
    }
}

async fn look(client: &Client, circle: &Circle) -> Result<Shown, Failure> {
    let agreement = client.agreement(&circle.id).await?;
    let members = client.members(&circle.id).await?.members;
    Ok(Shown::new(circle, &members, agreement))
}

async fn accept(
    context: Context<'_>,
    client: &Client,
    circle: &Circle,
    yes: bool,
) -> Result<(), Failure> {
    let seen = look(client, circle).await?;
    if !seen.accepted {
        if !context.out.is_json() {
            context.out.page(|page| {
                seen.show_text(page);
                page.gap();
            })?;
        }
        confirm(context, yes, say!("agreement-do-accept")).await?;
        client.accept_agreement(&circle.id, &seen.hash).await?;
    }
    context.out.tell(&Accepted {
        circle: seen.circle,
        version: seen.version,
        accepted: true,
        title: circle.title.clone(),
    })
}

/// The text of an agreement from a file, or from standard input.
pub(super) fn read_text(context: Context<'_>, path: &Path) -> Result<String, Failure> {
    let mut bytes = Vec::new();
    let most = MAX_AGREEMENT as u64 + 1;
    let failed = |error: std::io::Error| {
        Failure::file(say!("agreement-cannot-read-agreement"), path, &error)
    };
    if path == Path::new("-") {
        if context.global.passphrase_fd == Some(0) {
            return Err(Failure::stdin_twice());
        }
        std::io::stdin().lock().take(most).read_to_end(&mut bytes).map_err(failed)?;
    } else {
        let file = File::open(path).map_err(failed)?;
        file.take(most).read_to_end(&mut bytes).map_err(failed)?;
    }
    let too_long = bytes.len() > MAX_AGREEMENT;
    let words = String::from_utf8(bytes).ok().filter(|_| !too_long);
    match words {
        Some(words) if words.trim().is_empty() => Err(Failure::new(
            Kind::Failed,
            "agreement_empty",
            say!("agreement-empty"),
            say!("agreement-empty-next"),
        )),
        Some(words) => Ok(words),
        None if too_long => Err(long()),
        None => Err(Failure::new(
            Kind::Failed,
            "agreement_no_text",
            say!("agreement-no-text"),
            say!("agreement-no-text-next"),
        )),
    }
}

/// The failure for an agreement that does not fit.
pub(super) fn long() -> Failure {
    Failure::new(
        Kind::Failed,
        "agreement_long",
        say!("agreement-long", max_agreement = MAX_AGREEMENT),
        say!("agreement-long-next"),
    )
}

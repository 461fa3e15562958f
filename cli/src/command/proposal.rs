//! What members decide together: the words for it.

use serde::Serialize;
use windbreak_node::api::message::{Proposal, ProposalKind, ProposalStage};

use crate::output::{Page, Report};
use crate::pick::{shown, unique_length};
use crate::{text, when};

/// One proposal with the names of those it is about.
#[derive(Serialize)]
pub(super) struct Named {
    #[serde(flatten)]
    pub(super) proposal: Proposal,
    /// Whom it is about.
    pub(super) member_name: String,
    /// Who proposed it.
    pub(super) by_name: String,
}

/// The proposals of a circle.
#[derive(Serialize)]
pub(super) struct List {
    pub(super) proposals: Vec<Named>,
}

impl Report for List {
    fn page(&self, page: &mut Page) {
        if self.proposals.is_empty() {
            page.text("Nothing was proposed here.");
            return;
        }
        let ids: Vec<String> =
            self.proposals.iter().map(|named| named.proposal.id.to_text()).collect();
        let length = unique_length(ids.iter().map(String::as_str));
        for (named, id) in self.proposals.iter().zip(&ids) {
            let Named { proposal, by_name, .. } = named;
            page.verbatim(&format!(
                "{}  {}",
                shown(id, length),
                sentence(proposal.kind, &text::name(&named.member_name))
            ));
            let since = when::moment(proposal.written);
            page.indented(&format!("proposed by {}, {since}", text::name(by_name)), "    ");
            if let Some(reason) = proposal.reason.as_deref().filter(|why| !why.trim().is_empty()) {
                page.indented(&text::body(reason.trim()), "    ");
            }
            page.indented(&stage_words(proposal), "    ");
        }
        if self.proposals.iter().any(|named| named.proposal.asks_me) {
            page.gap();
            page.hint("Agree, if you do: windbreak member consent CIRCLE ID");
        }
    }
}

/// What a proposal asks for.
pub(super) fn sentence(kind: ProposalKind, name: &str) -> String {
    match kind {
        ProposalKind::Promote => format!("{name} becomes a facilitator"),
        ProposalKind::Demote => format!("{name} is a facilitator no longer"),
        ProposalKind::Remove => format!("{name} is removed from the circle"),
        ProposalKind::Succeed => format!("{name} becomes a facilitator, since none answers"),
    }
}

fn stage_words(proposal: &Proposal) -> String {
    let asks = if proposal.asks_me { "; your word is asked for" } else { "" };
    match proposal.stage {
        ProposalStage::Open => {
            let missing = [
                count(proposal.facilitators_missing, "facilitator"),
                count(proposal.members_missing, "member"),
            ];
            let missing: Vec<String> = missing.into_iter().flatten().collect();
            format!("still to agree: {}{asks}", missing.join(" and "))
        }
        ProposalStage::Enough => "enough agree; it is being done".to_owned(),
        ProposalStage::Silence => {
            format!("enough agree; done if no facilitator answers for 72 hours{asks}")
        }
        ProposalStage::Over => "done, or no longer possible".to_owned(),
        ProposalStage::Lapsed => "lapsed after 14 days; propose it again if it matters".to_owned(),
    }
}

fn count(number: usize, what: &str) -> Option<String> {
    match number {
        0 => None,
        1 => Some(format!("1 {what}")),
        number => Some(format!("{number} {what}s")),
    }
}

/// Something was proposed, or is being done at once.
#[derive(Serialize)]
pub(super) struct Proposed {
    pub(super) proposal: Option<String>,
    pub(super) kind: ProposalKind,
    pub(super) member: String,
    pub(super) name: String,
}

impl Report for Proposed {
    fn page(&self, page: &mut Page) {
        let sentence = sentence(self.kind, &text::name(&self.name));
        page.text(&format!("It is proposed: {sentence}."));
        let next = match self.kind {
            ProposalKind::Promote => {
                "They are asked whether they want to. Their answer: windbreak member consent."
            }
            ProposalKind::Succeed => {
                "More than half of all members must agree, and they themselves. Then the circle \
                 waits 72 hours for a word of a facilitator."
            }
            ProposalKind::Demote | ProposalKind::Remove => {
                "Others must agree; all members see it, also whom it is about."
            }
        };
        page.hint(next);
        page.hint("See how far it has come: windbreak member proposals CIRCLE");
    }
}

/// A consent was given.
#[derive(Serialize)]
pub(super) struct Agreed {
    pub(super) proposal: String,
    pub(super) kind: ProposalKind,
    pub(super) name: String,
}

impl Report for Agreed {
    fn page(&self, page: &mut Page) {
        let sentence = sentence(self.kind, &text::name(&self.name));
        page.text(&format!("You agree: {sentence}."));
        page.hint("It is done as soon as enough agree. Nothing more is needed from you.");
    }
}

/// A facilitator gave up the role.
#[derive(Serialize)]
pub(super) struct SteppedDown {
    pub(super) member: String,
}

impl Report for SteppedDown {
    fn page(&self, page: &mut Page) {
        page.text("You are a facilitator no longer. You stay a member of the circle.");
    }
}

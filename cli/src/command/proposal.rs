//! What members decide together: the words for it.

use serde::Serialize;
use windbreak_node::api::message::{Proposal, ProposalKind, ProposalStage};

use crate::output::{Page, Report};
use crate::pick::{shown, unique_length};
use crate::words::say;
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
            page.text(say!("proposal-nothing-proposed-here"));
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
            page.indented(&say!("proposal-proposed", name = text::name(by_name), since), "    ");
            if let Some(reason) = proposal.reason.as_deref().filter(|why| !why.trim().is_empty()) {
                page.indented(&text::body(reason.trim()), "    ");
            }
            page.indented(&stage_words(proposal), "    ");
        }
        if self.proposals.iter().any(|named| named.proposal.asks_me) {
            page.gap();
            page.hint(say!("proposal-agree-if-do-windbreak"));
        }
    }
}

/// What a proposal asks for.
pub(super) fn sentence(kind: ProposalKind, name: &str) -> String {
    match kind {
        ProposalKind::Promote => say!("proposal-becomes-facilitator", name),
        ProposalKind::Demote => say!("proposal-facilitator-no-longer", name),
        ProposalKind::Remove => say!("proposal-removed-from-circle", name),
        ProposalKind::Succeed => say!("proposal-becomes-facilitator-since-none", name),
    }
}

fn stage_words(proposal: &Proposal) -> String {
    let asks = if proposal.asks_me { say!("proposal-word-asked") } else { "" };
    match proposal.stage {
        ProposalStage::Open => {
            let missing = [
                (proposal.facilitators_missing > 0)
                    .then(|| say!("proposal-facilitators", count = proposal.facilitators_missing)),
                (proposal.members_missing > 0)
                    .then(|| say!("proposal-members", count = proposal.members_missing)),
            ];
            let missing: Vec<String> = missing.into_iter().flatten().collect();
            say!("proposal-still-agree", missing = missing.join(say!("proposal-and")), asks)
        }
        ProposalStage::Enough => say!("agreement-enough-agree-being-done").to_owned(),
        ProposalStage::Silence => {
            say!("proposal-enough-agree-done-if", asks)
        }
        ProposalStage::Over => say!("agreement-done-no-longer-possible").to_owned(),
        ProposalStage::Lapsed => say!("agreement-lapsed-after-14-days").to_owned(),
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
        page.text(&say!("proposal-proposed-2", sentence));
        let next = match self.kind {
            ProposalKind::Promote => {
                say!("proposal-they-asked-whether-they")
            }
            ProposalKind::Succeed => {
                say!("proposal-more-than-half-all")
            }
            ProposalKind::Demote | ProposalKind::Remove => {
                say!("proposal-others-must-agree-all")
            }
        };
        page.hint(next);
        page.hint(say!("proposal-see-how-far-come"));
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
        page.text(&say!("proposal-agree", sentence));
        page.hint(say!("proposal-done-soon-enough-agree"));
    }
}

/// A facilitator gave up the role.
#[derive(Serialize)]
pub(super) struct SteppedDown {
    pub(super) member: String,
}

impl Report for SteppedDown {
    fn page(&self, page: &mut Page) {
        page.text(say!("proposal-facilitator-no-longer-stay"));
    }
}

//! Parts that a plan can begin with. They are in the language of whoever reads them, and nobody has to
//! take any: a plan is its owner's. The node has their texts, for every program of the local API; they
//! are shown without a profile, too. Source of the idea: specs/08-content I-57.

use serde::Serialize;
use windbreak_node::api::message::{NewPlanPart, PlanPart, SuggestedPart};
use windbreak_node::suggestion;
use windbreak_protocol::limits::MAX_PLAN_PARTS;

use super::Context;
use crate::error::{Failure, Kind};
use crate::output::{Page, Report};
use crate::words::{self, say};
use crate::{session, text};

#[derive(Serialize)]
struct Suggestions {
    suggestions: Vec<SuggestedPart>,
}

impl Report for Suggestions {
    fn page(&self, page: &mut Page) {
        page.text(say!("plan-suggest-intro"));
        page.gap();
        list(page, &self.suggestions);
    }
}

/// Lists them, and how they are taken.
pub(super) fn list(page: &mut Page, suggestions: &[SuggestedPart]) {
    for SuggestedPart { title, about } in suggestions {
        page.point("-", &page.strong(title), "");
        page.indented(about, "  ");
    }
    page.gap();
    page.hint(say!("plan-suggest-next"));
}

/// Parts that are new in a plan.
#[derive(Serialize)]
struct Taken {
    parts: Vec<PlanPart>,
}

impl Report for Taken {
    fn page(&self, page: &mut Page) {
        let Some(first) = self.parts.first() else {
            page.text(say!("plan-suggest-all-there"));
            return;
        };
        page.text(say!("plan-suggest-taken"));
        page.gap();
        for part in &self.parts {
            let title = text::line(&part.title);
            page.header(&say!("plan-head", number = part.place, title), "");
        }
        page.gap();
        page.hint(&say!("plan-suggest-write", number = first.place));
    }
}

/// Shows them.
pub(super) fn show(context: Context<'_>) -> Result<(), Failure> {
    let suggestions = suggestion::parts_of_a_plan(words::language().of_the_node());
    context.out.tell(&Suggestions { suggestions })
}

/// Puts those into the plan whose titles are not there yet: all of them, or none where they have no room.
pub(super) async fn take(context: Context<'_>) -> Result<(), Failure> {
    let client = session::connect(context.global, context.out).await?;
    let there: Vec<String> =
        client.plan().await?.parts.iter().map(|part| part.title.to_lowercase()).collect();
    let is_new = |suggested: &SuggestedPart| !there.contains(&suggested.title.to_lowercase());
    let all = client.suggested_parts(words::language().of_the_node()).await?.suggestions;
    let suggested: Vec<_> = all.into_iter().filter(is_new).collect();
    if there.len() + suggested.len() > MAX_PLAN_PARTS {
        return Err(Failure::new(
            Kind::Failed,
            "too_many_plan_parts",
            say!("node-says-plan-most-parts", max_plan_parts = MAX_PLAN_PARTS),
            say!("node-says-plan-make-one-two"),
        ));
    }
    let mut parts = Vec::with_capacity(suggested.len());
    for SuggestedPart { title, .. } in suggested {
        let new = NewPlanPart { title, text: String::new() };
        parts.push(client.add_plan_part(&new).await?);
    }
    context.out.tell(&Taken { parts })
}

//! Parts that a plan can begin with. They are in the language of whoever reads them, and nobody has to
//! take any: a plan is its owner's. Source of the idea: specs/08-content I-57.

use serde::Serialize;
use windbreak_node::api::message::{NewPlanPart, PlanPart};

use super::Context;
use crate::error::Failure;
use crate::output::{Page, Report};
use crate::words::say;
use crate::{session, text};

/// A part that somebody may want.
#[derive(Clone, Copy, Serialize)]
struct Suggestion {
    title: &'static str,
    /// What could stand in it.
    about: &'static str,
}

/// All of them, from what one notices first to what one lives for.
fn all() -> [Suggestion; 7] {
    [
        (say!("plan-suggest-signs"), say!("plan-suggest-signs-about")),
        (say!("plan-suggest-alone"), say!("plan-suggest-alone-about")),
        (say!("plan-suggest-places"), say!("plan-suggest-places-about")),
        (say!("plan-suggest-people"), say!("plan-suggest-people-about")),
        (say!("plan-suggest-help"), say!("plan-suggest-help-about")),
        (say!("plan-suggest-away"), say!("plan-suggest-away-about")),
        (say!("plan-suggest-life"), say!("plan-suggest-life-about")),
    ]
    .map(|(title, about)| Suggestion { title, about })
}

#[derive(Serialize)]
struct Suggestions {
    suggestions: [Suggestion; 7],
}

impl Report for Suggestions {
    fn page(&self, page: &mut Page) {
        page.text(say!("plan-suggest-intro"));
        page.gap();
        list(page);
    }
}

/// Lists them, and how they are taken.
pub(super) fn list(page: &mut Page) {
    for Suggestion { title, about } in all() {
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
    context.out.tell(&Suggestions { suggestions: all() })
}

/// Puts those into the plan whose titles are not there yet.
pub(super) async fn take(context: Context<'_>) -> Result<(), Failure> {
    let client = session::connect(context.global, context.out).await?;
    let there: Vec<String> =
        client.plan().await?.parts.iter().map(|part| part.title.to_lowercase()).collect();
    let mut parts = Vec::new();
    for Suggestion { title, .. } in all() {
        if !there.contains(&title.to_lowercase()) {
            let new = NewPlanPart { title: title.to_owned(), text: String::new() };
            parts.push(client.add_plan_part(&new).await?);
        }
    }
    context.out.tell(&Taken { parts })
}

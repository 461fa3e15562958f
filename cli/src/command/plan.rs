//! `plan`: what somebody wrote for themselves, in quiet times, for hard ones. Alone it shows all of it
//! and nothing else: whoever needs it has no patience for more.

mod suggestions;

use serde::Serialize;
use windbreak_node::api::message::{ChangePlanPart, NewPlanPart, Plan, PlanPart, SuggestedPart};
use windbreak_protocol::id::PlanPartId;
use windbreak_protocol::limits::MAX_PLAN_TEXT;

use super::write::{file_text, typed};
use super::{Context, confirm};
use crate::args::{PlaceArg, PlanArgs, PlanCommand, WritePlanArgs};
use crate::error::{Failure, Kind};
use crate::output::{Page, Report};
use crate::pick::{Candidate, pick};
use crate::words::{self, say};
use crate::{session, text};

/// Shows the plan, and so its numbers and titles.
const SHOW: &str = "windbreak plan";
/// What stands before the words of a part.
const INDENT: &str = "   ";

/// The whole plan.
#[derive(Serialize)]
struct Shown {
    #[serde(flatten)]
    plan: Plan,
    /// What it can begin with, while it is empty.
    #[serde(skip)]
    suggestions: Vec<SuggestedPart>,
}

impl Report for Shown {
    fn page(&self, page: &mut Page) {
        for part in &self.plan.parts {
            if part.place > 1 {
                page.gap();
            }
            let head = say!("plan-head", number = part.place, title = text::line(&part.title));
            page.header(&page.strong(&head), "");
            if part.text.trim().is_empty() {
                page.indented(say!("plan-nothing-written-yet"), INDENT);
            } else {
                page.quoted(&text::body(part.text.trim_end()), INDENT);
            }
        }
        if self.plan.parts.is_empty() {
            page.text(say!("plan-empty"));
            page.gap();
            suggestions::list(page, &self.suggestions);
        }
    }
}

/// What became of a part, in a sentence.
#[derive(Serialize)]
struct Done<'a> {
    part: &'a PlanPart,
    #[serde(skip)]
    words: String,
}

impl Report for Done<'_> {
    fn page(&self, page: &mut Page) {
        page.text(&self.words);
    }
}

#[derive(Serialize)]
struct Removed {
    #[serde(skip_serializing_if = "Option::is_none")]
    part: Option<PlanPartId>,
    removed: bool,
}

impl Report for Removed {
    fn page(&self, page: &mut Page) {
        page.text(if self.part.is_some() {
            say!("plan-removed")
        } else {
            say!("plan-all-removed")
        });
    }
}

pub(super) async fn run(context: Context<'_>, args: PlanArgs) -> Result<(), Failure> {
    match args.command {
        None => {
            let client = session::connect(context.global, context.out).await?;
            let plan = client.plan().await?;
            let suggestions = if plan.parts.is_empty() {
                client.suggested_parts(words::language().of_the_node()).await?.suggestions
            } else {
                Vec::new()
            };
            context.out.tell(&Shown { plan, suggestions })
        }
        Some(PlanCommand::Write(args)) => write(context, args).await,
        Some(PlanCommand::Title { part, title }) => {
            let client = session::connect(context.global, context.out).await?;
            let part = find(&client.plan().await?.parts, &part)?;
            let change = ChangePlanPart { title: Some(title), ..ChangePlanPart::default() };
            let part = client.change_plan_part(&part.id, &change).await?;
            let (number, title) = (part.place, text::line(&part.title));
            let words = say!("plan-called-now", number, title);
            context.out.confirm_done(&Done { part: &part, words })
        }
        Some(PlanCommand::Move { part, place }) => shift(context, &part, place).await,
        Some(PlanCommand::Remove { part: Some(part), yes, .. }) => {
            let client = session::connect(context.global, context.out).await?;
            let part = find(&client.plan().await?.parts, &part)?;
            let title = text::line(&part.title);
            confirm(context, yes, &say!("plan-remove-part-good", title)).await?;
            client.delete_plan_part(&part.id).await?;
            context.out.confirm_done(&Removed { part: Some(part.id), removed: true })
        }
        Some(PlanCommand::Remove { part: None, yes, .. }) => {
            let client = session::connect(context.global, context.out).await?;
            confirm(context, yes, say!("plan-remove-all-good")).await?;
            client.delete_plan().await?;
            context.out.confirm_done(&Removed { part: None, removed: true })
        }
        Some(PlanCommand::Suggest { take: false }) => suggestions::show(context),
        Some(PlanCommand::Suggest { take: true }) => suggestions::take(context).await,
    }
}

/// The part that somebody means: by its number, its title, how that begins, or its id.
fn find(parts: &[PlanPart], typed: &str) -> Result<PlanPart, Failure> {
    if let Some(part) = parts.iter().find(|part| part.id.to_text() == typed) {
        return Ok(part.clone());
    }
    let candidates: Vec<_> = parts
        .iter()
        .map(|part| Candidate {
            id: part.place.to_string(),
            words: Some(part.title.as_str()),
            value: part,
        })
        .collect();
    pick("part", SHOW, typed, &candidates).cloned().map_err(|failure| match failure.code() {
        "ambiguous_part" => Failure::new(
            failure.kind(),
            failure.code(),
            failure.message(),
            say!("plan-type-number"),
        ),
        _ => failure,
    })
}

/// The part that is written anew, or nothing if a new one is meant. How a title begins is not enough:
/// what stood in a part is gone when it is written anew. A number that no part has is a slip.
fn find_to_write(parts: &[PlanPart], typed: &str) -> Result<Option<PlanPart>, Failure> {
    let lower = typed.to_lowercase();
    let is_number = typed.bytes().all(|byte| byte.is_ascii_digit());
    let is_there =
        |part: &PlanPart| part.title.to_lowercase() == lower || part.id.to_text() == typed;
    if is_number || parts.iter().any(is_there) { find(parts, typed).map(Some) } else { Ok(None) }
}

async fn write(context: Context<'_>, args: WritePlanArgs) -> Result<(), Failure> {
    let WritePlanArgs { part, text: given, file, add } = args;
    let is_typed = file.is_none() && given.as_deref().is_none_or(|given| given == "-");
    if is_typed && context.global.passphrase_fd == Some(0) {
        return Err(Failure::stdin_twice());
    }
    // The part is found first: nobody is to write long for a part that there is not.
    let client = session::connect(context.global, context.out).await?;
    // Copied from a line of ours, a title may bring the marks that kept it apart.
    let part = part.trim_matches(|c: char| c.is_whitespace() || words::is_isolate(c));
    let before = find_to_write(&client.plan().await?.parts, part)?;
    if let Some(before) = before.as_ref().filter(|_| is_typed && !add) {
        show_what_goes(context, before)?;
    }
    let given = match &file {
        Some(path) => file_text(path),
        None => typed(context, given.as_deref()),
    };
    let given = given.map_err(|failure| match failure.code() {
        "text_too_long" => too_long(),
        _ => failure,
    })?;
    let given = given.trim_end();
    if given.trim().is_empty() {
        return Err(Failure::new(
            Kind::Failed,
            "empty_text",
            say!("plan-empty-text"),
            say!("plan-empty-text-next"),
        ));
    }
    let Some(before) = before else {
        let new = NewPlanPart { title: part.to_owned(), text: given.to_owned() };
        let part = client.add_plan_part(&new).await?;
        let (number, title) = (part.place, text::line(&part.title));
        let words = say!("plan-new-part", number, title);
        return context.out.confirm_done(&Done { part: &part, words });
    };
    let stood = before.text.trim_end();
    let words = if add && !stood.is_empty() { [stood, given].join("\n") } else { given.to_owned() };
    let change = ChangePlanPart { text: Some(words), ..ChangePlanPart::default() };
    let part = client.change_plan_part(&before.id, &change).await?;
    let (number, title) = (part.place, text::line(&part.title));
    let words = say!("plan-kept", number, title);
    context.out.confirm_done(&Done { part: &part, words })
}

/// Whoever sits at a terminal sees what they are about to write over.
fn show_what_goes(context: Context<'_>, before: &PlanPart) -> Result<(), Failure> {
    let stood = before.text.trim_end();
    if stood.is_empty() || !context.out.can_ask() {
        return Ok(());
    }
    context.out.page(|page| {
        page.text(say!("plan-takes-place"));
        page.quoted(&text::body(stood), INDENT);
        page.gap();
    })
}

fn too_long() -> Failure {
    Failure::new(
        Kind::Failed,
        "too_long_text",
        say!("plan-too-long-text", limit = MAX_PLAN_TEXT / 1024),
        say!("plan-too-long-text-next"),
    )
}

async fn shift(context: Context<'_>, typed: &str, place: PlaceArg) -> Result<(), Failure> {
    let client = session::connect(context.global, context.out).await?;
    let parts = client.plan().await?.parts;
    let part = find(&parts, typed)?;
    let last = parts.last().map_or(part.place, |last| last.place);
    // At the end there is nowhere to go, and nothing to complain of.
    let place = match place {
        PlaceArg::Up => part.place.saturating_sub(1).max(1),
        PlaceArg::Down => part.place.saturating_add(1).min(last),
        PlaceArg::At(place) => place,
    };
    let change = ChangePlanPart { place: Some(place), ..ChangePlanPart::default() };
    let part = client.change_plan_part(&part.id, &change).await?;
    let (number, title) = (part.place, text::line(&part.title));
    let words = say!("plan-moved", title, number);
    context.out.confirm_done(&Done { part: &part, words })
}

#[cfg(test)]
mod tests;

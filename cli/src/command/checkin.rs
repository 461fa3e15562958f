//! `checkin`: how somebody says they are, for themselves, and what they said before. No count of days,
//! no average, no judgement.

mod picture;

use serde::Serialize;
use windbreak_node::api::Client;
use windbreak_node::api::message::{Ask, CheckIn, NewCheckIn, NewItem, Scope};
use windbreak_protocol::id::CheckInId;
use windbreak_protocol::limits::MAX_CHECK_IN_CHARS;

use super::write::{Saying, typed, write};
use super::{Context, confirm, find};
use crate::args::CheckInArgs;
use crate::error::{Failure, Kind};
use crate::output::{Page, Report};
use crate::pick::{Candidate, pick, shown, unique_length};
use crate::words::say;
use crate::{session, text, when};

const LIST: &str = "windbreak checkin --list --days 3650";

#[derive(Serialize)]
struct Kept {
    check_in: CheckIn,
}

impl Report for Kept {
    fn page(&self, page: &mut Page) {
        page.text(say!("checkin-noted-stays-device"));
    }
}

#[derive(Serialize)]
struct History<'a> {
    check_ins: &'a [CheckIn],
    /// How many are older than what is shown.
    older: usize,
    #[serde(skip)]
    days: u16,
    #[serde(skip)]
    is_list: bool,
}

impl Report for History<'_> {
    fn page(&self, page: &mut Page) {
        page.text(&picture::in_words(self.check_ins, self.days));
        if !self.check_ins.is_empty() {
            page.gap();
            if self.is_list {
                self.list(page);
            } else {
                for line in picture::lines(self.check_ins, self.days, page.width()) {
                    page.verbatim(&line);
                }
            }
        }
        if self.older > 0 {
            page.gap();
            page.hint(&say!("checkin-from-before-days-shows", older = self.older));
        }
    }
}

impl History<'_> {
    fn list(&self, page: &mut Page) {
        let ids: Vec<String> = self.check_ins.iter().map(|one| one.id.to_text()).collect();
        let length = unique_length(ids.iter().map(String::as_str));
        for (check_in, id) in self.check_ins.iter().zip(&ids) {
            let head = [shown(id, length).to_owned(), when::moment(check_in.when)].join(" · ");
            page.header(&say!("checkin-10", head, value = check_in.value), "");
            if let Some(words) = &check_in.words {
                page.quoted(&text::body(words.trim_end()), "  ");
            }
        }
    }
}

#[derive(Serialize)]
struct Deleted {
    #[serde(skip_serializing_if = "Option::is_none")]
    check_in: Option<CheckInId>,
    deleted: bool,
}

impl Report for Deleted {
    fn page(&self, page: &mut Page) {
        page.text(if self.check_in.is_some() {
            say!("draft-deleted")
        } else {
            say!("checkin-all-deleted")
        });
    }
}

pub(super) async fn run(context: Context<'_>, args: CheckInArgs) -> Result<(), Failure> {
    if let Some(value) = args.value {
        return note(context, value, args).await;
    }
    let client = session::connect(context.global, context.out).await?;
    if let Some(typed) = &args.delete {
        let check_ins = client.check_ins().await?.check_ins;
        let candidates: Vec<_> = check_ins
            .iter()
            .map(|one| Candidate { id: one.id.to_text(), words: None, value: one })
            .collect();
        let id = pick("check-in", LIST, typed, &candidates)?.id;
        confirm(context, args.yes, say!("checkin-delete-check-good")).await?;
        client.delete_check_in(&id).await?;
        return context.out.confirm_done(&Deleted { check_in: Some(id), deleted: true });
    }
    if args.delete_all {
        confirm(context, args.yes, say!("checkin-delete-all-check-ins")).await?;
        client.delete_check_ins().await?;
        return context.out.confirm_done(&Deleted { check_in: None, deleted: true });
    }
    look_back(context, &client, &args).await
}

async fn note(context: Context<'_>, value: u8, args: CheckInArgs) -> Result<(), Failure> {
    let words = match args.words.as_deref() {
        Some("-") => Some(typed(context, None)?.trim_end().to_owned()),
        words => words.map(str::to_owned),
    };
    if words.as_ref().is_some_and(|words| words.chars().nth(MAX_CHECK_IN_CHARS).is_some()) {
        return Err(Failure::new(
            Kind::Failed,
            "too_long_text",
            say!("checkin-too-long-text", max_check_in_chars = MAX_CHECK_IN_CHARS),
            say!("checkin-too-long-text-next"),
        ));
    }
    let client = session::connect(context.global, context.out).await?;
    let new = NewCheckIn { value, words };
    let Some(circle) = &args.share else {
        let check_in = client.check_in(&new).await?;
        return context.out.confirm_done(&Kept { check_in });
    };
    // Shared first: what is refused is not noted, so that it can be typed again.
    let circle = find::circle(&client, circle).await?.id;
    let words = new.words.as_deref().map(|words| format!(" {words}")).unwrap_or_default();
    let share = NewItem::Share {
        ask: Ask::JustListening,
        content_note: None,
        title: None,
        // In one language for all: that of a machine would tell something of who uses it.
        text: format!("Check-in: {value} of 10.{words}"),
        file: None,
        scope: Scope::HereNow,
        send_anyway: args.send_anyway,
        declaration_heard: None,
        even_if_later: args.even_if_later,
    };
    let said = Saying {
        circle,
        draft: None,
        declaration_heard: args.declaration_heard,
        wait: None,
        word: say!("write-shared"),
    };
    let shared = write(context, &client, share, said).await;
    shared.map_err(|failure| failure.or_else(say!("checkin-without-share-noted-device")))?;
    let noted = client.check_in(&new).await.map_err(Failure::from);
    noted.map_err(|failure| failure.or_else(say!("checkin-shared-all-same")))?;
    context.out.hint(say!("checkin-noted-device-too"));
    Ok(())
}

async fn look_back(
    context: Context<'_>,
    client: &Client,
    args: &CheckInArgs,
) -> Result<(), Failure> {
    let all = client.check_ins().await?.check_ins;
    let first = when::days_ago(args.days.saturating_sub(1));
    let older = all.iter().filter(|one| when::day(one.when) < first).count();
    context.out.tell(&History {
        check_ins: all.get(older..).unwrap_or_default(),
        older,
        days: args.days,
        is_list: args.list || !context.out.is_on_terminal(),
    })
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use serde_json::json;

    use super::*;

    #[test]
    fn looking_back_on_a_terminal_draws_the_picture() {
        let (now, id) = (Timestamp::now().as_second(), "a".repeat(64));
        let check_in = serde_json::from_value(json!({"id": id, "when": now, "value": 7})).unwrap();
        let check_ins = &[check_in];
        let shown = |is_list| {
            let mut page = Page::new(80, false, false);
            History { check_ins, older: 0, days: 7, is_list }.page(&mut page);
            page.finish()
        };
        let drawn = picture::lines(check_ins, 7, 80).join("\n");
        assert!(drawn.contains('*'));
        let page = shown(false);
        assert!(page.contains(&drawn), "{page}");
        assert!(!shown(true).contains('*'));
    }
}

//! `draft`: words that wait on this device until they are sent, or deleted.

use serde::Serialize;
use windbreak_node::api::Client;
use windbreak_node::api::message::{Draft, DraftWords, Drafts, NewDraft, Scope, SendDraft};
use windbreak_protocol::id::DraftId;

use super::write::{Saying, ask, checked, file_text, scope, typed, write};
use super::{Context, confirm, find};
use crate::args::{DraftCommand, EditDraftArgs, SaveDraftArgs, SendDraftArgs};
use crate::error::Failure;
use crate::output::{Page, Report};
use crate::pick::{Candidate, pick, shown, unique_length};
use crate::words::{self, say};
use crate::{session, text, when};

/// Characters of a draft that a list shows.
const SHOWN: usize = 60;

/// Drafts with the titles of their circles.
#[derive(Serialize)]
struct List<'a> {
    drafts: &'a [Draft],
    #[serde(skip)]
    titles: &'a [String],
}

impl Report for List<'_> {
    fn page(&self, page: &mut Page) {
        if self.drafts.is_empty() {
            page.text(say!("draft-there-no-drafts"));
        }
        let ids: Vec<String> = self.drafts.iter().map(|draft| draft.id.to_text()).collect();
        let length = unique_length(ids.iter().map(String::as_str));
        for ((draft, id), title) in self.drafts.iter().zip(&ids).zip(self.titles) {
            let kind = match &draft.words {
                DraftWords::Share { .. } => say!("draft-share"),
                DraftWords::Reply { .. } => say!("draft-reply"),
            };
            let head = words::listed(&[shown(id, length), kind, &text::line(title)], " · ");
            page.header(&format!("{head} · {}", when::moment(draft.saved)), "");
            let line: String = draft.words.text().chars().take(SHOWN).collect();
            let end = if draft.words.text().chars().nth(SHOWN).is_some() { "…" } else { "" };
            page.quoted(&format!("{}{end}", text::line(line.trim())), "  ");
        }
    }
}

/// One draft, whole.
#[derive(Serialize)]
struct Shown<'a> {
    #[serde(flatten)]
    draft: &'a Draft,
    #[serde(skip)]
    title: &'a str,
    #[serde(skip)]
    word: &'static str,
}

impl Report for Shown<'_> {
    fn page(&self, page: &mut Page) {
        let id = self.draft.id.to_text();
        let head = format!(
            "{}{} · {} · {}",
            self.word,
            text::short(&id),
            words::apart(&text::line(self.title)),
            when::moment(self.draft.saved)
        );
        page.header(&page.strong(&head), "");
        match &self.draft.words {
            DraftWords::Share { ask, content_note, title, text: words, .. } => {
                page.quoted(super::read::ask_words(*ask), "  ");
                if let Some(note) = content_note {
                    page.quoted(&say!("act-content-note", note = text::line(note)), "  ");
                }
                if let Some(title) = title {
                    page.quoted(&page.strong(&text::line(title)), "  ");
                }
                page.quoted(&text::body(words.trim_end()), "  ");
            }
            DraftWords::Reply { to, text: words, advice, .. } => {
                let to = to.to_text();
                let id = text::short(&to);
                let what = if *advice {
                    say!("draft-gives-advice", id)
                } else {
                    say!("draft-answers", id)
                };
                page.quoted(&what, "  ");
                page.quoted(&text::body(words.trim_end()), "  ");
            }
        }
        let (DraftWords::Share { scope, .. } | DraftWords::Reply { scope, .. }) = &self.draft.words;
        if *scope == Scope::AlsoLater {
            page.quoted(say!("draft-also-those-join-later"), "  ");
        }
        if !self.word.is_empty() {
            page.hint(&say!("draft-stays-device-send-windbreak", id = text::short(&id)));
        }
    }
}

#[derive(Serialize)]
struct Deleted {
    draft: DraftId,
    deleted: bool,
}

impl Report for Deleted {
    fn page(&self, page: &mut Page) {
        page.text(say!("draft-deleted"));
    }
}

pub(super) async fn run(context: Context<'_>, command: DraftCommand) -> Result<(), Failure> {
    match command {
        DraftCommand::Save(args) => save(context, args).await,
        DraftCommand::List => {
            let client = session::connect(context.global, context.out).await?;
            let Drafts { drafts } = client.drafts().await?;
            let circles = client.circles().await?.circles;
            let title = |draft: &Draft| {
                let circle = circles.iter().find(|circle| circle.id == draft.circle);
                circle.map_or_else(|| say!("draft-circle-gone").to_owned(), |c| c.title.clone())
            };
            let titles: Vec<String> = drafts.iter().map(title).collect();
            context.out.tell(&List { drafts: &drafts, titles: &titles })
        }
        DraftCommand::Show { draft } => {
            let client = session::connect(context.global, context.out).await?;
            let draft = find_draft(&client, &draft).await?;
            tell(context, &client, &draft, "").await
        }
        DraftCommand::Edit(args) => edit(context, args).await,
        DraftCommand::Send(args) => send(context, args).await,
        DraftCommand::Delete { draft, yes } => {
            let client = session::connect(context.global, context.out).await?;
            let draft = find_draft(&client, &draft).await?;
            confirm(context, yes, say!("draft-delete-draft-good")).await?;
            client.delete_draft(&draft.id).await?;
            context.out.confirm_done(&Deleted { draft: draft.id, deleted: true })
        }
    }
}

async fn find_draft(client: &Client, typed: &str) -> Result<Draft, Failure> {
    let drafts = client.drafts().await?.drafts;
    let candidates: Vec<_> = drafts
        .iter()
        .map(|draft| Candidate { id: draft.id.to_text(), words: None, value: draft })
        .collect();
    pick("draft", "windbreak draft list", typed, &candidates).cloned()
}

async fn tell(
    context: Context<'_>,
    client: &Client,
    draft: &Draft,
    word: &'static str,
) -> Result<(), Failure> {
    let circle = client.circle(&draft.circle).await;
    let title = circle.map_or_else(|_| say!("draft-circle-gone").to_owned(), |circle| circle.title);
    context.out.tell(&Shown { draft, title: &title, word })
}

async fn save(context: Context<'_>, args: SaveDraftArgs) -> Result<(), Failure> {
    let words = match &args.file {
        Some(path) => file_text(path)?,
        None => typed(context, args.text.as_deref())?,
    };
    let words = checked(words)?;
    let client = session::connect(context.global, context.out).await?;
    let circle = find::circle(&client, &args.circle).await?;
    let words = match &args.reply {
        Some(item) => DraftWords::Reply {
            to: find::item(&client, Some(&circle), item).await?.1.id,
            text: words,
            advice: args.advice,
            scope: scope(args.scope),
        },
        None => DraftWords::Share {
            ask: ask(args.ask),
            content_note: args.note,
            title: args.title,
            text: words,
            scope: scope(args.scope),
        },
    };
    let draft = client.save_draft(&NewDraft { circle: circle.id, words }).await?;
    tell(context, &client, &draft, say!("draft-kept")).await
}

async fn edit(context: Context<'_>, args: EditDraftArgs) -> Result<(), Failure> {
    let new = match args.text.as_deref() {
        Some(text) => Some(checked(typed(context, Some(text))?)?),
        None => None,
    };
    let client = session::connect(context.global, context.out).await?;
    let draft = find_draft(&client, &args.draft).await?;
    // What is left out stays; an empty one is taken off.
    let kept = |given: Option<String>, before: Option<String>| match given {
        Some(given) if given.trim().is_empty() => None,
        Some(given) => Some(given),
        None => before,
    };
    let words = match draft.words {
        DraftWords::Share { ask: asked, content_note, title, text, scope: seen } => {
            DraftWords::Share {
                ask: args.ask.map_or(asked, ask),
                content_note: kept(args.note, content_note),
                title: kept(args.title, title),
                text: new.unwrap_or(text),
                scope: args.scope.map_or(seen, scope),
            }
        }
        DraftWords::Reply { to, text, advice, scope: seen } => DraftWords::Reply {
            to,
            text: new.unwrap_or(text),
            advice,
            scope: args.scope.map_or(seen, scope),
        },
    };
    let draft = client.edit_draft(&draft.id, &words).await?;
    tell(context, &client, &draft, say!("draft-kept")).await
}

async fn send(context: Context<'_>, args: SendDraftArgs) -> Result<(), Failure> {
    let client = session::connect(context.global, context.out).await?;
    let draft = find_draft(&client, &args.draft).await?;
    let sent = SendDraft {
        send_anyway: args.send_anyway,
        even_if_later: args.even_if_later,
        even_if_held_back: args.even_if_held_back,
        declaration_heard: None,
    };
    let new = draft.words.into_item(sent);
    let said = Saying {
        circle: draft.circle,
        draft: Some(draft.id),
        declaration_heard: args.declaration_heard,
        wait: args.wait,
        word: say!("write-sent"),
    };
    write(context, &client, new, said).await
}

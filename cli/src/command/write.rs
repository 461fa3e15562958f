//! `share` and `reply`: says something in a circle.

use std::fs::File;
use std::io::{self, IsTerminal, Read};
use std::path::Path;
use std::time::Duration;

use serde::Serialize;
use windbreak_node::api::message::{
    Ask, Circle, Delivery, Event, Item, NewItem, Scope, SendDraft, Written,
};
use windbreak_node::api::{Client, ClientError, EventStream};
use windbreak_protocol::id::{CircleId, DraftId, ItemId};
use windbreak_protocol::limits::MAX_TEXT;

use super::{Context, files, find, send};
use crate::args::{AskArg, ReplyArgs, ScopeArg, ShareArgs};
use crate::error::{Failure, Kind};
use crate::output::{Page, Report};
use crate::session;
use crate::text;
use crate::words::say;

#[derive(Serialize)]
struct Said {
    circle: CircleId,
    id: ItemId,
    delivery: Delivery,
    /// Whom its author lets read it.
    scope: Scope,
    /// What the facilitators declare, if this was the first share since they did.
    #[serde(skip_serializing_if = "Option::is_none")]
    declaration: Option<String>,
    #[serde(skip)]
    word: &'static str,
    /// It was waited for in vain, if it is still queued.
    #[serde(skip)]
    is_late: bool,
}

impl Report for Said {
    fn page(&self, page: &mut Page) {
        let id = self.id.to_text();
        page.text(&match self.delivery {
            Delivery::Held | Delivery::Reached => {
                say!("write-relay-another-device-holds", word = self.word, id = text::short(&id))
            }
            Delivery::Queued if self.is_late => {
                say!("write-time-wait-up-nobody", word = self.word, id = text::short(&id))
            }
            Delivery::Queued => {
                say!("write-kept-device-goes-out", word = self.word, id = text::short(&id))
            }
        });
        if self.scope == Scope::AlsoLater {
            page.text(say!("write-those-join-later-read"));
        }
    }
}

pub(super) async fn share(context: Context<'_>, args: ShareArgs) -> Result<(), Failure> {
    let text = match &args.file {
        Some(path) => file_text(path)?,
        None => typed(context, args.text.as_deref())?,
    };
    let file = files::read(args.along).await?;
    let new = NewItem::Share {
        ask: ask(args.ask),
        content_note: args.note,
        title: args.title,
        text: checked(text)?,
        file,
        scope: scope(args.scope),
        send_anyway: args.send_anyway,
        declaration_heard: None,
        even_if_later: args.even_if_later,
    };
    let client = session::connect(context.global, context.out).await?;
    let circle = find::circle(&client, &args.circle).await?;
    let said = Saying {
        circle: circle.id,
        draft: None,
        declaration_heard: args.declaration_heard,
        wait: args.wait,
        word: say!("write-shared"),
    };
    write(context, &client, new, said).await
}

pub(super) async fn reply(context: Context<'_>, args: ReplyArgs) -> Result<(), Failure> {
    let text = checked(typed(context, Some(&args.text))?)?;
    let file = files::read(args.along).await?;
    let client = session::connect(context.global, context.out).await?;
    let within = match &args.circle {
        Some(circle) => Some(find::circle(&client, circle).await?),
        None => None,
    };
    let (circle, item) = find::item(&client, within.as_ref(), &args.item).await?;
    if !args.advice {
        show_ask(context, &client, &circle, &item).await?;
    }
    let new = NewItem::Reply {
        to: item.id,
        text,
        file,
        advice: args.advice,
        scope: scope(args.scope),
        send_anyway: args.send_anyway,
        even_if_held_back: args.even_if_held_back,
        declaration_heard: None,
    };
    let said = Saying {
        circle,
        draft: None,
        declaration_heard: args.declaration_heard,
        wait: args.wait,
        word: say!("write-replied"),
    };
    write(context, &client, new, said).await
}

/// Whoever answers at a terminal sees once more what was asked for, before anything is sent. What the
/// words say is for them alone to know: nothing looks at it.
async fn show_ask(
    context: Context<'_>,
    client: &Client,
    circle: &CircleId,
    item: &Item,
) -> Result<(), Failure> {
    if !context.out.can_ask() {
        return Ok(());
    }
    let root = match item.thread == item.id {
        true => item.clone(),
        // Where the share is not here, nobody knows what it asked for.
        false => match client.item(circle, &item.thread).await {
            Ok(root) => root,
            Err(_) => return Ok(()),
        },
    };
    if root.own || root.withdrawn || root.ask != Some(Ask::JustListening) {
        return Ok(());
    }
    context.out.hint(say!("write-asks-just-listening"));
    send::agreed(context, say!("write-send"), "not_confirmed").await
}

/// Where something is said, and how it is told that it was.
pub(super) struct Saying {
    pub(super) circle: CircleId,
    /// The draft that it is, if it is one.
    pub(super) draft: Option<DraftId>,
    /// Whether its author says that they have read what the facilitators would have to report.
    pub(super) declaration_heard: bool,
    /// How long to wait until somebody else holds it.
    pub(super) wait: Option<Duration>,
    pub(super) word: &'static str,
}

/// Says it, and tells where it is.
pub(super) async fn write(
    context: Context<'_>,
    client: &Client,
    new: NewItem,
    said: Saying,
) -> Result<(), Failure> {
    let Saying { circle, draft, declaration_heard, wait, word } = said;
    let (NewItem::Share { scope, .. } | NewItem::Reply { scope, .. }) = &new;
    let scope = *scope;
    // Listening begins before writing, or the news could come in between.
    let events = match wait {
        Some(_) => Some(client.events(Some(&circle)).await?),
        None => None,
    };
    let written =
        write_or_ask(context, client, &circle, draft.as_ref(), declaration_heard, new).await;
    let (written, declaration) = written.map_err(|failure| keeping(failure, draft.is_some()))?;
    let Written { id, mut delivery } = written;
    if let (Some(wait), Some(events), Delivery::Queued) = (wait, events, delivery) {
        let _progress = context.out.progress(say!("write-waiting-until-relay-members"));
        // Late is no failure of writing: the answer says where it is.
        if let Ok(outcome) = tokio::time::timeout(wait, until_held(events, &id)).await {
            outcome?;
            delivery = Delivery::Held;
        }
    }
    let out = context.out;
    out.confirm_done(&Said {
        circle,
        id,
        delivery,
        scope,
        declaration,
        word,
        is_late: wait.is_some(),
    })?;
    if wait.is_some() && delivery == Delivery::Queued {
        Err(Failure::told(Kind::Waiting))
    } else {
        Ok(())
    }
}

/// Writes it, and asks where the node does not send it without a yes. With it comes what was shown
/// of the facilitators' declaration, for programs.
async fn write_or_ask(
    context: Context<'_>,
    client: &Client,
    circle: &CircleId,
    draft: Option<&DraftId>,
    knows_declaration: bool,
    mut new: NewItem,
) -> Result<(Written, Option<String>), Failure> {
    let mut declaration = None;
    loop {
        let answer = match draft {
            Some(draft) => client.send_draft(draft, &SendDraft::of(&new)).await,
            None => client.write(circle, &new).await,
        };
        let error = match answer {
            Ok(written) => return Ok((written, declaration)),
            Err(error) => error,
        };
        let is = |code| matches!(&error, ClientError::Refused(why) if why.code == code);
        if is("declaration_unheard") {
            let (NewItem::Share { declaration_heard, .. }
            | NewItem::Reply { declaration_heard, .. }) = &mut new;
            let declared = client.circle(circle).await?;
            // Asked again only if it changed meanwhile.
            if *declaration_heard == declared.declaration {
                return Err(error.into());
            }
            hear(context, &declared, knows_declaration).await?;
            declaration_heard.clone_from(&declared.declaration);
            declaration = declared.declaration.filter(|_| context.out.is_json());
            continue;
        }
        let (held_back, too_soon) = (is("advice_held_back"), is("too_soon"));
        let (text, anyway) = match &mut new {
            NewItem::Share { text, even_if_later, .. } if too_soon => (text, even_if_later),
            NewItem::Share { text, send_anyway, .. } => (text, send_anyway),
            NewItem::Reply { text, even_if_held_back, .. } if held_back => {
                (text, even_if_held_back)
            }
            NewItem::Reply { text, send_anyway, .. } => (text, send_anyway),
        };
        if *anyway {
            return Err(error.into());
        }
        send::ask_anyway(context, error, text).await?;
        *anyway = true;
    }
}

/// What cannot be said now can be said later: how its words are kept until then.
fn keeping(failure: Failure, is_draft: bool) -> Failure {
    match failure.code() {
        "muted" | "too_soon" | "coming_back" if is_draft => {
            failure.or_else(say!("write-draft-stays"))
        }
        "muted" | "too_soon" | "coming_back" => {
            failure.or_else(say!("write-keep-words-device-until"))
        }
        _ => failure,
    }
}

/// Shows what the facilitators would have to report, before the first share in a circle and
/// whenever it has changed. Whoever sits at a terminal can still stop; where nobody can be asked,
/// nothing is sent before its author says that they have read it.
pub(super) async fn hear(
    context: Context<'_>,
    circle: &Circle,
    is_known: bool,
) -> Result<(), Failure> {
    if !context.out.is_json() {
        let title = text::line(&circle.title);
        let words = circle.declaration.as_deref().map(str::trim).unwrap_or_default();
        context.out.page(|page| {
            page.text(&say!("write-before-share-facilitators-would", title));
            page.quoted(&text::body(words), "  ");
            page.gap();
        })?;
    }
    if is_known {
        return Ok(());
    }
    if !context.out.can_ask() {
        return Err(Failure::new(
            Kind::Refused,
            "declaration_unheard",
            say!("write-declaration-unheard"),
            say!("write-declaration-unheard-next"),
        ));
    }
    send::agreed(context, say!("write-send"), "not_confirmed").await
}

async fn until_held(mut events: EventStream, id: &ItemId) -> Result<(), Failure> {
    while let Some(event) = events.next().await {
        if matches!(event?, Event::ItemHeld(news) if news.item == *id) {
            return Ok(());
        }
    }
    Err(Failure::new(
        Kind::NoNode,
        "node_stopped",
        say!("write-node-stopped"),
        say!("session-start-windbreak-node-start"),
    ))
}

pub(super) const fn ask(typed: AskArg) -> Ask {
    match typed {
        AskArg::JustListening => Ask::JustListening,
        AskArg::Ideas => Ask::IdeasWelcome,
        AskArg::Resources => Ask::Resources,
    }
}

pub(super) const fn scope(typed: ScopeArg) -> Scope {
    match typed {
        ScopeArg::HereNow => Scope::HereNow,
        ScopeArg::AlsoLater => Scope::AlsoLater,
    }
}

/// The text of a file.
pub(super) fn file_text(path: &Path) -> Result<String, Failure> {
    let file =
        File::open(path).map_err(|error| Failure::file(say!("write-cannot-read"), path, &error))?;
    read_text(file).map_err(|problem| match problem {
        ReadProblem::Io(error) => Failure::file(say!("write-cannot-read"), path, &error),
        ReadProblem::TooLong => too_long(),
    })
}

/// The text as typed; `-` or nothing reads standard input.
pub(super) fn typed(context: Context<'_>, text: Option<&str>) -> Result<String, Failure> {
    match text {
        Some(text) if text != "-" => Ok(text.to_owned()),
        _ if context.global.passphrase_fd == Some(0) => Err(Failure::stdin_twice()),
        _ => {
            if io::stdin().is_terminal() {
                context.out.hint(say!("write-write-then-press-ctrl"));
            }
            read_text(io::stdin().lock()).map_err(|problem| match problem {
                ReadProblem::Io(error) => Failure::system(say!("write-cannot-read-text"), &error),
                ReadProblem::TooLong => too_long(),
            })
        }
    }
}

enum ReadProblem {
    Io(io::Error),
    TooLong,
}

/// Reads no more than may be shared.
fn read_text(reader: impl Read) -> Result<String, ReadProblem> {
    let mut bytes = Vec::new();
    reader.take(MAX_TEXT as u64 + 1).read_to_end(&mut bytes).map_err(ReadProblem::Io)?;
    if bytes.len() > MAX_TEXT {
        return Err(ReadProblem::TooLong);
    }
    String::from_utf8(bytes).map_err(|_| ReadProblem::Io(io::ErrorKind::InvalidData.into()))
}

pub(super) fn checked(text: String) -> Result<String, Failure> {
    if text.trim().is_empty() {
        return Err(Failure::new(
            Kind::Failed,
            "empty_text",
            say!("write-empty-text"),
            say!("write-empty-text-next"),
        ));
    }
    if text.len() > MAX_TEXT {
        return Err(too_long());
    }
    Ok(text)
}

fn too_long() -> Failure {
    Failure::new(
        Kind::Failed,
        "text_too_long",
        say!("write-text-too-long", limit = MAX_TEXT / 1024),
        say!("write-text-too-long-next"),
    )
}

//! `withdraw`, `edit`, `history`, `react`, `pin` and `allow`: what is done to something that was said.

use serde::Serialize;
use windbreak_node::api::message::{Item, NewEdit, Version, WarmWord};
use windbreak_node::api::{Client, ClientError};
use windbreak_protocol::id::{CircleId, ItemId};

use super::write::{checked, hear, typed};
use super::{Context, confirm, find, send};
use crate::args::{
    AllowArgs, EditArgs, HistoryArgs, ItemArgs, PinArgs, ReactArgs, WithdrawArgs, WordArg,
};
use crate::error::Failure;
use crate::output::{Page, Report};
use crate::words::say;
use crate::{session, text, when};

/// Something was done to what was said.
#[derive(Serialize)]
struct Acted {
    circle: CircleId,
    /// What it was done to.
    to: ItemId,
    /// The act, an item itself.
    id: ItemId,
    #[serde(skip)]
    words: String,
}

impl Report for Acted {
    fn page(&self, page: &mut Page) {
        page.text(&self.words);
    }
}

/// All that something ever said.
#[derive(Serialize)]
struct History<'a> {
    circle: CircleId,
    id: ItemId,
    versions: &'a [Version],
    #[serde(skip)]
    is_withdrawn: bool,
}

impl Report for History<'_> {
    fn page(&self, page: &mut Page) {
        if self.versions.is_empty() {
            page.text(if self.is_withdrawn {
                say!("act-author-took-back-nothing")
            } else {
                say!("act-there-no-words-read")
            });
        }
        for (at, version) in self.versions.iter().enumerate() {
            if at > 0 {
                page.gap();
            }
            let what = if at == 0 { say!("act-said-first") } else { say!("act-said-other-words") };
            let head = format!("{what} · {}", when::moment(version.written));
            page.header(&page.strong(&head), "");
            if let Some(note) = &version.content_note {
                page.quoted(&say!("act-content-note", note = text::line(note)), "  ");
            }
            if let Some(title) = &version.title {
                page.quoted(&page.strong(&text::line(title)), "  ");
            }
            page.quoted(&text::body(version.text.trim_end()), "  ");
        }
    }
}

/// What somebody named, and the node that has it.
struct Found {
    client: Client,
    circle: CircleId,
    item: Item,
}

async fn find(context: Context<'_>, item: &str, circle: Option<&str>) -> Result<Found, Failure> {
    let client = session::connect(context.global, context.out).await?;
    let within = match circle {
        Some(circle) => Some(find::circle(&client, circle).await?),
        None => None,
    };
    let (circle, item) = find::item(&client, within.as_ref(), item).await?;
    Ok(Found { client, circle, item })
}

async fn find_of(context: Context<'_>, of: &ItemArgs) -> Result<Found, Failure> {
    find(context, &of.item, of.circle.as_deref()).await
}

impl Found {
    fn tell(&self, context: Context<'_>, id: ItemId, words: String) -> Result<(), Failure> {
        let acted = Acted { circle: self.circle, to: self.item.id, id, words };
        context.out.confirm_done(&acted)
    }

    fn short(&self) -> String {
        text::short(&self.item.id.to_text()).to_owned()
    }
}

pub(super) async fn withdraw(context: Context<'_>, args: &WithdrawArgs) -> Result<(), Failure> {
    let found = find_of(context, &args.of).await?;
    if found.item.own && !found.item.withdrawn {
        let question = say!("act-words-erased-everybody-do");
        confirm(context, args.yes, question).await?;
    }
    let written = found.client.withdraw(&found.circle, &found.item.id).await?;
    let words = say!("act-taken-back-words-gone", id = found.short());
    found.tell(context, written.id, words)
}

pub(super) async fn edit(context: Context<'_>, args: EditArgs) -> Result<(), Failure> {
    let text = checked(typed(context, Some(&args.text))?)?;
    let found = find(context, &args.item, args.circle.as_deref()).await?;
    // What is left out stays; an empty one is taken off.
    let kept = |given: Option<String>, before: &Option<String>| match given {
        Some(given) if given.trim().is_empty() => None,
        Some(given) => Some(given),
        None => before.clone(),
    };
    let mut edit = NewEdit {
        content_note: kept(args.note, &found.item.content_note),
        title: kept(args.title, &found.item.title),
        text,
        send_anyway: args.send_anyway,
        declaration_heard: None,
    };
    let written = loop {
        match found.client.edit(&found.circle, &found.item.id, &edit).await {
            Err(ClientError::Refused(why))
                if why.code == "declaration_unheard" && edit.declaration_heard.is_none() =>
            {
                let declared = found.client.circle(&found.circle).await?;
                hear(context, &declared, args.declaration_heard).await?;
                edit.declaration_heard = declared.declaration;
            }
            Err(error) if !edit.send_anyway => {
                send::ask_anyway(context, error, &edit.text).await?;
                edit.send_anyway = true;
            }
            written => break written?,
        }
    };
    found.tell(context, written.id, say!("act-said-other-words-2", id = found.short()))
}

pub(super) async fn history(context: Context<'_>, args: &HistoryArgs) -> Result<(), Failure> {
    let found = find_of(context, &args.of).await?;
    let versions = found.client.versions(&found.circle, &found.item.id).await?.versions;
    context.out.tell(&History {
        circle: found.circle,
        id: found.item.id,
        versions: &versions,
        is_withdrawn: found.item.withdrawn,
    })
}

pub(super) async fn react(context: Context<'_>, args: &ReactArgs) -> Result<(), Failure> {
    let found = find_of(context, &args.of).await?;
    let word = args.word.map(word);
    let written = found.client.react(&found.circle, &found.item.id, word).await?;
    let words = match word {
        Some(word) => say!("act-answered", id = found.short(), word = word_words(word)),
        None => say!("act-word-taken-back", id = found.short()),
    };
    found.tell(context, written.id, words)
}

pub(super) async fn pin(context: Context<'_>, args: &PinArgs) -> Result<(), Failure> {
    let found = find_of(context, &args.of).await?;
    let written = found.client.pin(&found.circle, &found.item.id, !args.take_off).await?;
    let id = found.short();
    let words =
        if args.take_off { say!("act-pinned-no-longer", id) } else { say!("act-pinned", id) };
    found.tell(context, written.id, words)
}

pub(super) async fn allow(context: Context<'_>, args: &AllowArgs) -> Result<(), Failure> {
    let found = find_of(context, &args.of).await?;
    let on = !args.no_longer;
    let written = found.client.allow_advice(&found.circle, &found.item.id, on).await?;
    let id = found.short();
    let words =
        if on { say!("act-advice-may-shown", id) } else { say!("act-advice-held-back-again", id) };
    found.tell(context, written.id, words)
}

const fn word(word: WordArg) -> WarmWord {
    match word {
        WordArg::WithYou => WarmWord::WithYou,
        WordArg::Heard => WarmWord::Heard,
        WordArg::MeToo => WarmWord::MeToo,
        WordArg::ThankYou => WarmWord::ThankYou,
        WordArg::Strength => WarmWord::Strength,
        WordArg::Glad => WarmWord::Glad,
    }
}

/// A warm word in words.
pub(super) fn word_words(word: WarmWord) -> &'static str {
    match word {
        WarmWord::WithYou => say!("act-with-you"),
        WarmWord::Heard => say!("act-heard"),
        WarmWord::MeToo => say!("act-me-too"),
        WarmWord::ThankYou => say!("act-thank"),
        WarmWord::Strength => say!("act-strength"),
        WarmWord::Glad => say!("act-glad"),
        WarmWord::Newer => say!("act-word-newer-version"),
    }
}

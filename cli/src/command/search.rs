//! `search`: finds what was said, the newest first.

use windbreak_node::api::message::{Found, FoundItem, ItemKind, SearchFor};
use windbreak_protocol::view::Mark;

use super::write::typed;
use super::{Context, find};
use crate::args::SearchArgs;
use crate::error::Failure;
use crate::output::{Page, Report};
use crate::pick::{shown, unique_length};
use crate::words::{self, say};
use crate::{session, text, when};

impl Report for Found {
    fn page(&self, page: &mut Page) {
        let ids: Vec<String> = self.items.iter().map(|item| item.id.to_text()).collect();
        let length = unique_length(ids.iter().map(String::as_str));
        if self.items.is_empty() {
            page.text(say!("search-nothing-found"));
        }
        for (at, (item, id)) in self.items.iter().zip(&ids).enumerate() {
            if at > 0 {
                page.gap();
            }
            show(page, item, shown(id, length));
        }
        if self.left_out > 0 {
            page.gap();
            page.hint(&say!("search-left-out-whose-agreement", left_out = self.left_out));
        }
        if let Some(next) = &self.next {
            page.gap();
            let next = next.to_text();
            page.hint(&say!("search-there-may-more-add", next = text::short(&next)));
        }
    }
}

/// One thing that was found: where it stands, and what stands around the words.
fn show(page: &mut Page, item: &FoundItem, id: &str) {
    let name =
        item.name.as_deref().map_or_else(|| say!("member-former-member").to_owned(), text::name);
    let mark = page.mark(&Mark::of(&item.author));
    let head = [
        id.to_owned(),
        if item.own { say!("read-you", name) } else { name },
        mark,
        when::moment(item.written),
        text::line(&item.circle_title),
        match item.kind {
            ItemKind::Reply | ItemKind::Advice => {
                say!("search-in", id = text::short(&item.thread.to_text()))
            }
            _ => String::new(),
        },
    ];
    let head: Vec<String> = head.into_iter().filter(|part| !part.is_empty()).collect();
    page.header(&words::listed(&head, " · "), "");
    if let Some(note) = &item.content_note {
        page.quoted(&say!("act-content-note", note = text::line(note)), "  ");
    }
    let mut around = String::new();
    if item.cut_before {
        around.push('…');
    }
    for piece in &item.excerpt {
        let words = text::line(&piece.text);
        around.push_str(&if piece.found { page.marked(&words) } else { words });
    }
    if item.cut_after {
        around.push('…');
    }
    page.quoted(&around, "  ");
}

pub(super) async fn run(context: Context<'_>, args: &SearchArgs) -> Result<(), Failure> {
    // Words that are typed are seen by whoever lists the processes of this machine.
    let words = match args.words.as_slice() {
        [words] => typed(context, Some(words))?,
        words => words.join(" "),
    };
    let client = session::connect(context.global, context.out).await?;
    let circle = match &args.circle {
        Some(circle) => Some(find::circle(&client, circle).await?.id),
        None => None,
    };
    let mut search = SearchFor {
        words: words.trim().to_owned(),
        circle,
        blocked: args.blocked,
        after: args.after.clone(),
        limit: Some(usize::try_from(args.limit).unwrap_or(usize::MAX)),
    };
    let _progress = context.out.progress(say!("search-looking-through-said"));
    let mut found = client.search(&search).await?;
    // A circle of years is looked through in parts: one without anything in it is no answer yet.
    while let (true, Some(next)) = (found.items.is_empty(), found.next) {
        search.after = Some(next.to_text());
        found = client.search(&search).await?;
    }
    context.out.tell(&found)
}

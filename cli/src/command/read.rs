//! `read`: shows what was said, newest at the end; stays and goes on with `--follow`.

use std::collections::BTreeSet;

use serde::Serialize;
use windbreak_node::api::Client;
use windbreak_node::api::message::{
    Ask, Circle, Delivery, Event, Gap, GapKind, Item, ItemKind, Member,
};
use windbreak_protocol::id::{CircleId, ItemId};
use windbreak_protocol::view::Mark;

use super::act::word_words;
use super::steward::why_kept;
use super::{Context, files, find, member};
use crate::args::ReadArgs;
use crate::error::{Failure, Kind};
use crate::output::{Page, Report};
use crate::pick::{shown, unique_length};
use crate::text::{self, Names};
use crate::{session, when};

/// Indentation of a reply, for each step into the thread.
const STEP: usize = 4;
/// Replies deeper than this are not moved further to the right.
const MAX_STEPS: u32 = 3;

#[derive(Serialize)]
struct Read<'a> {
    circle: CircleId,
    title: &'a str,
    items: &'a [Item],
    gaps: &'a [Gap],
    /// How many older items were left out.
    older: usize,
    /// How many were folded away because you blocked their authors.
    folded: usize,
    /// Whether there was talk before you came that stays with those who were there.
    kept_from_you: bool,
    #[serde(skip)]
    names: &'a Names,
    #[serde(skip)]
    length: usize,
    #[serde(skip)]
    more_of_the_same: bool,
    #[serde(skip)]
    nothing: &'static str,
}

impl Report for Read<'_> {
    fn page(&self, page: &mut Page) {
        if self.older > 0 {
            page.hint(&format!("{} older left out; --limit shows more.", self.older));
            page.gap();
        }
        if self.items.is_empty() && !self.more_of_the_same && self.folded == 0 {
            page.text(self.nothing);
        }
        for (at, item) in self.items.iter().enumerate() {
            if at > 0 || self.more_of_the_same {
                page.gap();
            }
            show_item(page, item, self.names, self.length);
        }
        if self.folded > 0 {
            page.gap();
            page.hint(&format!(
                "{} of members you blocked folded away; --blocked shows them.",
                self.folded
            ));
        }
        for gap in self.gaps.iter().filter(|gap| gap.kind == GapKind::Lost) {
            page.gap();
            page.text(&gap_words(gap, self.names));
        }
        if self.kept_from_you {
            page.hint(
                "There was talk here before you came. What its authors opened to those who join later \
                 you can read; the rest stays with those who were there.",
            );
        }
    }
}

fn gap_words(gap: &Gap, names: &Names) -> String {
    let whose = match (&gap.author, &gap.name) {
        (Some(author), name) => names.of(&author.to_text(), name.as_deref().unwrap_or("a member")),
        (None, Some(name)) => text::name(name),
        (None, None) => "a member".to_owned(),
    };
    match gap.missing {
        1 => format!("Something {whose} wrote is missing here; your node keeps asking for it."),
        count => {
            format!(
                "{count} things {whose} wrote are missing here; your node keeps asking for them."
            )
        }
    }
}

/// One item for a person: who, when, what they ask for, then the words.
pub(crate) fn show_item(page: &mut Page, item: &Item, names: &Names, length: usize) {
    let indent = " ".repeat(STEP * item.depth.min(MAX_STEPS) as usize);
    let id = item.id.to_text();
    let name = names.of(&item.author.to_text(), item.name.as_deref().unwrap_or("a former member"));
    let mut head =
        vec![shown(&id, length).to_owned(), if item.own { format!("{name} (you)") } else { name }];
    head.push(page.mark(&Mark::of(&item.author)));
    head.push(when::moment(item.written));
    match (item.kind, &item.to) {
        (ItemKind::Reply | ItemKind::Advice, Some(to)) if item.withdrawn || item.expired => {
            head.push(format!("answered {}", shown(&to.to_text(), length)));
        }
        (ItemKind::Advice, Some(to)) => {
            head.push(format!("gives advice to {}", shown(&to.to_text(), length)));
        }
        (ItemKind::Advice, None) => head.push("gives advice".to_owned()),
        (ItemKind::Withdraw, Some(to)) => {
            head.push(format!("takes back {}", shown(&to.to_text(), length)));
        }
        (ItemKind::Edit, Some(to)) => {
            head.push(format!("says {} in other words", shown(&to.to_text(), length)));
        }
        (ItemKind::Reaction, Some(to)) => {
            let word = item.word.map_or("takes a warm word back", word_words);
            head.push(format!("to {}: {word}", shown(&to.to_text(), length)));
        }
        (ItemKind::Pin, Some(to)) => {
            let what = if item.on == Some(false) { "takes the pin off" } else { "pins" };
            head.push(format!("{what} {}", shown(&to.to_text(), length)));
        }
        (ItemKind::Allow, Some(to)) => {
            let what = if item.on == Some(false) { "holds back" } else { "lets be shown" };
            head.push(format!("{what} advice to {}", shown(&to.to_text(), length)));
        }
        (
            ItemKind::Withdraw
            | ItemKind::Edit
            | ItemKind::Reaction
            | ItemKind::Pin
            | ItemKind::Allow,
            None,
        ) => {}
        (ItemKind::Hide, _) => head.push("hides something, or shows it again".to_owned()),
        (ItemKind::Mute, _) => head.push("mutes somebody, or no longer".to_owned()),
        (ItemKind::File | ItemKind::Piece | ItemKind::Spared, _) => {
            head.push("sends a file".to_owned());
        }
        (ItemKind::ReportAnswer, _) => head.push("answers a report".to_owned()),
        (ItemKind::SlowMode, _) => head.push("sets the pace of the circle".to_owned()),
        (ItemKind::Reply, Some(to)) => {
            head.push(format!("answers {}", shown(&to.to_text(), length)));
        }
        (ItemKind::Reply, None) => head.push("answers".to_owned()),
        (ItemKind::Leave, _) => head.push("has left the circle".to_owned()),
        (ItemKind::Proposal, _) => head.push("proposes something to decide together".to_owned()),
        (ItemKind::Consent, _) => head.push("agrees to a proposal".to_owned()),
        (ItemKind::AgreementProposal, _) => {
            head.push("proposes another agreement; see: windbreak agreement show".to_owned());
        }
        (ItemKind::AgreementConsent, _) => head.push("agrees to another agreement".to_owned()),
        (ItemKind::Unknown, _) => {
            head.push("something this version cannot show; update windbreak".to_owned());
        }
        (ItemKind::Share, _) => head.extend(item.ask.map(|ask| ask_words(ask).to_owned())),
    }
    if item.before_you {
        head.push("from before you came".to_owned());
    }
    if item.pinned {
        head.push("pinned".to_owned());
    }
    if let Some(edited) = item.edited {
        head.push(format!("in other words since {}", when::moment(edited)));
    }
    match item.delivery {
        Some(Delivery::Queued) => head.push("queued on this device".to_owned()),
        Some(Delivery::Held) => head.push("held by a relay or another device".to_owned()),
        Some(Delivery::Reached) => {
            head.push(format!("reached {}", devices(item.reached.unwrap_or(1))));
        }
        None => {}
    }
    // Each part by itself: the end of the mark's colour would end what makes them stand out.
    let head: Vec<String> = head
        .iter()
        .map(|part| if part.contains('\u{1b}') { part.clone() } else { page.strong(part) })
        .collect();
    page.header(&head.join(" · "), &indent);
    let words = format!("{indent}  ");
    if item.withdrawn {
        page.quoted("Taken back by who wrote it.", &words);
        return;
    }
    if item.expired {
        page.quoted("Erased: the circle keeps nothing for so long.", &words);
        return;
    }
    if item.hidden || item.muted || item.shown_from.is_some() {
        page.quoted(&why_kept(item), &words);
    }
    if item.held_back {
        page.quoted(
            if item.own {
                "Held back: nobody else sees this unless the author of the share wants to."
            } else {
                "Advice, held back: the share asks for just listening. Its author can let it be shown: \
                 windbreak allow"
            },
            &words,
        );
    }
    if let (true, Some(by)) = (item.vouched, &item.handed_by) {
        let by = names.of(&by.to_text(), "a member");
        page.quoted(&format!("Who wrote this is the word of {by}, who handed it over."), &words);
    }
    if item.advice_allowed {
        page.quoted("Advice is welcome here now.", &words);
    }
    if let Some(note) = &item.content_note {
        page.quoted(&format!("Content note: {}", text::line(note)), &words);
    }
    if let Some(title) = &item.title {
        page.quoted(&page.strong(&text::line(title)), &words);
    }
    if !item.text.trim().is_empty() {
        page.quoted(&text::body(item.text.trim_end()), &words);
    }
    if let Some(file) = &item.file {
        page.quoted(&format!("[{}]", files::words(file)), &words);
    }
    if !item.reactions.is_empty() {
        let said = item.reactions.iter().map(|reaction| {
            let name = reaction.name.as_deref().unwrap_or("a former member");
            format!(
                "{} ({})",
                word_words(reaction.word),
                names.of(&reaction.member.to_text(), name)
            )
        });
        page.quoted(&said.collect::<Vec<_>>().join(", "), &words);
    }
}

pub(super) const fn ask_words(ask: Ask) -> &'static str {
    match ask {
        Ask::JustListening => "just listening",
        Ask::IdeasWelcome => "ideas welcome",
        Ask::Resources => "looking for resources",
    }
}

pub(super) async fn run(context: Context<'_>, args: &ReadArgs) -> Result<(), Failure> {
    let client = session::connect(context.global, context.out).await?;
    let circle = find::circle(&client, &args.circle).await?;
    if let Some(thread) = &args.thread {
        let (_, first) = find::item(&client, Some(&circle), thread).await?;
        return Reader::new(context, &client, circle, args.blocked)
            .thread(&first.id, args.limit)
            .await;
    }
    if args.pinned {
        return Reader::new(context, &client, circle, args.blocked).pinned(args.limit).await;
    }
    if !args.follow {
        return Reader::new(context, &client, circle, args.blocked).glance(args.limit).await;
    }
    // Listening begins before reading, or something could arrive in between unseen.
    let mut events = client.events(Some(&circle.id)).await?;
    let mut reader = Reader::new(context, &client, circle, args.blocked);
    reader.newest(args.limit).await?;
    while let Some(event) = events.next().await {
        match event? {
            Event::ItemArrived(news) => reader.arrived(&news.item).await?,
            Event::Lagged(_) => reader.whatever_is_new().await?,
            Event::CircleLost(_) => {
                return Err(Failure::new(
                    Kind::Refused,
                    "removed",
                    "you were removed from the circle; what you have is kept on this device",
                    "",
                ));
            }
            Event::DeviceTakenOut(_) => {
                return Err(Failure::new(
                    Kind::Refused,
                    "device_taken_out",
                    "your other device took this one out; what it has is kept here",
                    "",
                ));
            }
            _ => {}
        }
    }
    Err(Failure::new(
        Kind::NoNode,
        "node_stopped",
        "the node has stopped",
        "start it with: windbreak node start",
    ))
}

/// What was shown already, so that nothing is shown twice.
struct Reader<'a> {
    context: Context<'a>,
    client: &'a Client,
    circle: Circle,
    seen: BTreeSet<ItemId>,
    /// Whether to show what members said who are blocked.
    with_blocked: bool,
    /// What to say where there is nothing.
    nothing: &'static str,
}

impl<'a> Reader<'a> {
    const fn new(
        context: Context<'a>,
        client: &'a Client,
        circle: Circle,
        with_blocked: bool,
    ) -> Self {
        Self {
            context,
            client,
            circle,
            seen: BTreeSet::new(),
            with_blocked,
            nothing: "Nothing was said here yet.",
        }
    }

    /// Shows the newest items, of which one answer mostly holds enough: a circle of years is not
    /// read as a whole for that.
    async fn glance(&mut self, limit: u32) -> Result<(), Failure> {
        let wanted = usize::try_from(limit).unwrap_or(usize::MAX);
        if !(1..=find::PAGE).contains(&wanted) {
            return self.newest(limit).await;
        }
        let page = self.client.newest(&self.circle.id, wanted).await?;
        if page.items.len() < wanted && page.before > 0 {
            return self.newest(limit).await;
        }
        self.seen.extend(page.items.iter().map(|item| item.id));
        self.show(&page.items, &page.gaps, page.before, false).await
    }

    /// The same, and remembers all that was ever said.
    async fn newest(&mut self, limit: u32) -> Result<(), Failure> {
        let whole = find::timeline(self.client, &self.circle.id).await?;
        self.seen.extend(whole.items.iter().map(|item| item.id));
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let older = whole.items.len().saturating_sub(limit);
        let items = whole.items.get(older..).unwrap_or_default();
        self.show(items, &whole.gaps, older, false).await
    }

    /// One thread, or a part of it; the newest `limit`.
    async fn thread(&mut self, first: &ItemId, limit: u32) -> Result<(), Failure> {
        let mut items: Vec<Item> = Vec::new();
        loop {
            let after = items.last().map(|item| item.id);
            let page = self.client.thread(&self.circle.id, first, after.as_ref()).await?;
            let more = page.more && !page.items.is_empty();
            items.extend(page.items);
            if !more {
                break;
            }
        }
        self.part(&items, limit).await
    }

    /// What is pinned; the newest `limit`.
    async fn pinned(&mut self, limit: u32) -> Result<(), Failure> {
        self.nothing = "Nothing is pinned here.";
        let page = self.client.pinned(&self.circle.id).await?;
        self.part(&page.items, limit).await
    }

    async fn part(&mut self, items: &[Item], limit: u32) -> Result<(), Failure> {
        self.seen.extend(items.iter().map(|item| item.id));
        let older = items.len().saturating_sub(usize::try_from(limit).unwrap_or(usize::MAX));
        self.show(items.get(older..).unwrap_or_default(), &[], older, false).await
    }

    async fn arrived(&mut self, id: &ItemId) -> Result<(), Failure> {
        if !self.seen.insert(*id) {
            return Ok(());
        }
        let item = self.client.item(&self.circle.id, id).await?;
        if item.blocked && !self.with_blocked {
            return Ok(());
        }
        // A file is told with the words it goes along with; more of it may come later.
        if item.kind == ItemKind::File {
            return Ok(());
        }
        self.show(&[item], &[], 0, true).await
    }

    async fn whatever_is_new(&mut self) -> Result<(), Failure> {
        let whole = find::timeline(self.client, &self.circle.id).await?;
        let unseen: Vec<Item> =
            whole.items.into_iter().filter(|item| self.seen.insert(item.id)).collect();
        if unseen.is_empty() { Ok(()) } else { self.show(&unseen, &[], 0, true).await }
    }

    async fn show(
        &self,
        items: &[Item],
        gaps: &[Gap],
        older: usize,
        more_of_the_same: bool,
    ) -> Result<(), Failure> {
        let members: Vec<Member> = self.client.members(&self.circle.id).await?.members;
        let ids: Vec<String> = self.seen.iter().map(|id| id.to_text()).collect();
        let shown: Vec<Item> =
            items.iter().filter(|item| self.with_blocked || !item.blocked).cloned().collect();
        let folded = items.len() - shown.len();
        let read = Read {
            circle: self.circle.id,
            title: &self.circle.title,
            items: &shown,
            folded,
            gaps,
            older,
            kept_from_you: gaps.iter().any(|gap| gap.kind == GapKind::Earlier)
                || !more_of_the_same
                    && self.circle.before_you.is_some_and(|before| before.withheld),
            names: &member::names(&members),
            length: unique_length(ids.iter().map(String::as_str)),
            more_of_the_same,
            nothing: self.nothing,
        };
        self.context.out.tell(&read)
    }
}

/// How many devices an item has reached, at the least.
fn devices(count: usize) -> String {
    match count {
        1 => "at least 1 device".to_owned(),
        count => format!("at least {count} devices"),
    }
}

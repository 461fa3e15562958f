//! `read`: shows what was said, newest at the end; stays and goes on with `--follow`.

use std::collections::BTreeSet;
use std::time::Duration;

use serde::Serialize;
use windbreak_node::api::message::{
    Ask, Circle, Delivery, Event, Gap, GapKind, Item, ItemKind, Member, Scope, UnixSeconds,
};
use windbreak_node::api::{Client, ClientError};
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
use crate::words::{self, say};
use crate::{session, when};

/// How long at most until it is looked again whether something is shown now.
const LONGEST_LOOK: Duration = Duration::from_secs(120);

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
    /// When older words begin to be erased here, where the circle keeps them for a shorter time now.
    #[serde(skip_serializing_if = "Option::is_none")]
    keep_from: Option<UnixSeconds>,
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
            page.hint(&say!("read-older-left-out-limit", older = self.older));
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
            page.hint(&say!("read-members-blocked-folded-away", folded = self.folded));
        }
        for gap in self.gaps.iter().filter(|gap| gap.kind == GapKind::Lost) {
            page.gap();
            page.text(&gap_words(gap, self.names));
        }
        if self.kept_from_you {
            page.hint(say!("read-there-talk-here-before"));
        }
        if let Some(from) = self.keep_from {
            page.gap();
            page.text(&say!("read-kept-shorter", from = when::moment(from)));
        }
    }
}

fn gap_words(gap: &Gap, names: &Names) -> String {
    let whose = match (&gap.author, &gap.name) {
        (Some(author), name) => {
            names.of(&author.to_text(), name.as_deref().unwrap_or(say!("read-member")))
        }
        (None, Some(name)) => text::name(name),
        (None, None) => say!("read-member").to_owned(),
    };
    say!("read-things-wrote-missing-here", count = gap.missing, whose)
}

/// One item for a person: who, when, what they ask for, then the words.
pub(crate) fn show_item(page: &mut Page, item: &Item, names: &Names, length: usize) {
    let indent = " ".repeat(STEP * item.depth.min(MAX_STEPS) as usize);
    let id = item.id.to_text();
    let name = names
        .of(&item.author.to_text(), item.name.as_deref().unwrap_or(say!("member-former-member")));
    let mut head =
        vec![shown(&id, length).to_owned(), if item.own { say!("read-you", name) } else { name }];
    head.push(page.mark(&Mark::of(&item.author)));
    head.push(when::moment(item.written));
    match (item.kind, &item.to) {
        (ItemKind::Reply | ItemKind::Advice, Some(to)) if item.withdrawn || item.expired => {
            head.push(say!("read-answered", id = shown(&to.to_text(), length)));
        }
        (ItemKind::Advice, Some(to)) => {
            head.push(say!("read-gives-advice", id = shown(&to.to_text(), length)));
        }
        (ItemKind::Advice, None) => head.push(say!("read-gives-advice-2").to_owned()),
        (ItemKind::Withdraw, Some(to)) => {
            head.push(say!("read-takes-back", id = shown(&to.to_text(), length)));
        }
        (ItemKind::Edit, Some(to)) => {
            head.push(say!("read-says-other-words", id = shown(&to.to_text(), length)));
        }
        (ItemKind::Reaction, Some(to)) => {
            let word = item.word.map_or(say!("read-takes-warm-word-back"), word_words);
            head.push(say!("read-to", id = shown(&to.to_text(), length), word));
        }
        (ItemKind::Pin, Some(to)) => {
            let to = to.to_text();
            let id = shown(&to, length);
            head.push(if item.on == Some(false) {
                say!("read-takes-pin-off", id)
            } else {
                say!("read-pins", id)
            });
        }
        (ItemKind::Allow, Some(to)) => {
            let to = to.to_text();
            let id = shown(&to, length);
            head.push(if item.on == Some(false) {
                say!("read-holds-back", id)
            } else {
                say!("read-lets-shown", id)
            });
        }
        (
            ItemKind::Withdraw
            | ItemKind::Edit
            | ItemKind::Reaction
            | ItemKind::Pin
            | ItemKind::Allow,
            None,
        ) => {}
        (ItemKind::Mention, _) => {}
        (ItemKind::Hide, _) => head.push(say!("read-hides-something-shows-again").to_owned()),
        (ItemKind::Mute, _) => head.push(say!("read-mutes-somebody-no-longer").to_owned()),
        (ItemKind::File | ItemKind::Piece | ItemKind::Spared, _) => {
            head.push(say!("read-sends-file").to_owned());
        }
        (ItemKind::ReportAnswer, _) => head.push(say!("read-answers-report").to_owned()),
        (ItemKind::SlowMode, _) => head.push(say!("read-sets-pace-circle").to_owned()),
        (ItemKind::Reply, Some(to)) => {
            head.push(say!("read-answers", id = shown(&to.to_text(), length)));
        }
        (ItemKind::Reply, None) => head.push(say!("read-answers-2").to_owned()),
        (ItemKind::Leave, _) => head.push(say!("read-left-circle").to_owned()),
        (ItemKind::Proposal, _) => {
            head.push(say!("read-proposes-something-decide-together").to_owned());
        }
        (ItemKind::Consent, _) => head.push(say!("read-agrees-proposal").to_owned()),
        (ItemKind::AgreementProposal, _) => {
            head.push(say!("read-proposes-another-agreement-see").to_owned());
        }
        (ItemKind::AgreementConsent, _) => {
            head.push(say!("read-agrees-another-agreement").to_owned());
        }
        (ItemKind::Unknown, _) => {
            head.push(say!("read-something-version-cannot-show").to_owned());
        }
        (ItemKind::Share, _) => head.extend(item.ask.map(|ask| ask_words(ask).to_owned())),
    }
    let is_words = matches!(item.kind, ItemKind::Share | ItemKind::Reply | ItemKind::Advice);
    if is_words && item.scope == Some(Scope::AlsoLater) && !item.withdrawn && !item.expired {
        head.push(say!("read-also-those-join-later").to_owned());
    }
    if item.before_you {
        head.push(say!("read-from-before-came").to_owned());
    }
    if item.pinned {
        head.push(say!("read-pinned").to_owned());
    }
    if let Some(edited) = item.edited {
        head.push(say!("read-other-words-since", edited = when::moment(edited)));
    }
    match item.delivery {
        Some(Delivery::Queued) => head.push(say!("read-queued-device").to_owned()),
        Some(Delivery::Held) => head.push(say!("read-held-relay-another-device").to_owned()),
        Some(Delivery::Reached) => {
            head.push(say!("read-reached", reached = devices(item.reached.unwrap_or(1))));
        }
        None => {}
    }
    // Each part by itself: the end of the mark's colour would end what makes them stand out.
    let head: Vec<String> = head
        .iter()
        .map(|part| if part.contains('\u{1b}') { part.clone() } else { page.strong(part) })
        .collect();
    page.header(&words::listed(&head, " · "), &indent);
    let words = format!("{indent}  ");
    if item.withdrawn {
        page.quoted(say!("read-taken-back-wrote"), &words);
        return;
    }
    if item.expired {
        page.quoted(say!("read-erased-circle-keeps-nothing"), &words);
        return;
    }
    if item.hidden || item.muted || item.shown_from.is_some() {
        page.quoted(&why_kept(item), &words);
    }
    if item.held_back {
        page.quoted(
            if item.own {
                say!("read-held-back-nobody-else")
            } else {
                say!("read-advice-held-back-share")
            },
            &words,
        );
    }
    if let (true, Some(by)) = (item.vouched, &item.handed_by) {
        let by = names.of(&by.to_text(), say!("read-member"));
        page.quoted(&say!("read-wrote-word-handed-over", by), &words);
    }
    if item.advice_allowed {
        page.quoted(say!("read-advice-welcome-here-now"), &words);
    }
    if let Some(note) = &item.content_note {
        page.quoted(&say!("act-content-note", note = text::line(note)), &words);
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
            let name = reaction.name.as_deref().unwrap_or(say!("member-former-member"));
            format!(
                "{} ({})",
                word_words(reaction.word),
                names.of(&reaction.member.to_text(), name)
            )
        });
        page.quoted(&words::listed(&said.collect::<Vec<_>>(), ", "), &words);
    }
}

pub(super) fn ask_words(ask: Ask) -> &'static str {
    match ask {
        Ask::JustListening => say!("read-just-listening"),
        Ask::IdeasWelcome => say!("read-ideas-welcome"),
        Ask::Resources => say!("read-looking-resources"),
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
    let by_itself = client.by_itself();
    let mut reader = Reader::new(context, &client, circle, args.blocked);
    reader.newest(args.limit).await?;
    // What comes from here on is read whether anybody is there or not.
    reader.client = &by_itself;
    loop {
        let event = tokio::select! {
            event = events.next() => event,
            () = reader.turn() => {
                reader.whose_turn_came().await?;
                continue;
            }
        };
        let Some(event) = event else { break };
        match event? {
            Event::ItemArrived(news) => reader.arrived(&news.item).await?,
            Event::Lagged(_) => reader.whatever_is_new().await?,
            Event::KeepShortened(_) => reader.kept_shorter().await?,
            Event::CircleLost(_) => {
                let next = say!("circle-read-before-stays-readable");
                return Err(Failure::new(Kind::Refused, "removed", say!("read-removed"), next));
            }
            Event::DeviceTakenOut(_) => {
                return Err(Failure::new(
                    Kind::Refused,
                    "device_taken_out",
                    say!("circle-other-device-took-one"),
                    say!("read-come-in-again"),
                ));
            }
            _ => {}
        }
    }
    Err(Failure::new(
        Kind::NoNode,
        "node_stopped",
        say!("read-node-stopped"),
        say!("session-start-windbreak-node-start"),
    ))
}

/// What was shown already, so that nothing is shown twice.
struct Reader<'a> {
    context: Context<'a>,
    client: &'a Client,
    circle: Circle,
    seen: BTreeSet<ItemId>,
    /// What was said too soon in slow mode and is shown again, with its words, when its turn comes.
    waiting: BTreeSet<(UnixSeconds, ItemId)>,
    /// Whether to show what members said who are blocked.
    with_blocked: bool,
    /// What to say where there is nothing.
    nothing: &'static str,
}

impl<'a> Reader<'a> {
    fn new(context: Context<'a>, client: &'a Client, circle: Circle, with_blocked: bool) -> Self {
        Self {
            context,
            client,
            circle,
            seen: BTreeSet::new(),
            waiting: BTreeSet::new(),
            with_blocked,
            nothing: say!("read-nothing-said-here-yet"),
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
        self.nothing = say!("read-nothing-pinned-here");
        let page = self.client.pinned(&self.circle.id).await?;
        self.part(&page.items, limit).await
    }

    async fn part(&mut self, items: &[Item], limit: u32) -> Result<(), Failure> {
        self.seen.extend(items.iter().map(|item| item.id));
        let older = items.len().saturating_sub(usize::try_from(limit).unwrap_or(usize::MAX));
        self.show(items.get(older..).unwrap_or_default(), &[], older, false).await
    }

    /// One item; `None` if it is not shown any more, as what somebody said whom others took out meanwhile
    /// without having heard it.
    async fn item(&self, id: &ItemId) -> Result<Option<Item>, ClientError> {
        match self.client.item(&self.circle.id, id).await {
            Err(ClientError::Refused(why)) if why.code == "unknown_item" => Ok(None),
            item => item.map(Some),
        }
    }

    async fn arrived(&mut self, id: &ItemId) -> Result<(), Failure> {
        if !self.seen.insert(*id) {
            return Ok(());
        }
        let Some(item) = self.item(id).await? else { return Ok(()) };
        if item.blocked && !self.with_blocked {
            return Ok(());
        }
        // A file is told with the words it goes along with; more of it may come later.
        if item.kind == ItemKind::File {
            return Ok(());
        }
        self.show(&[item], &[], 0, true).await
    }

    /// Until the first turn comes. A clock that is set, or a device that slept, delays it for as long as
    /// [`LONGEST_LOOK`] at most.
    async fn turn(&self) {
        match self.waiting.first() {
            Some((due, _)) => tokio::time::sleep(when::until(*due).min(LONGEST_LOOK)).await,
            None => std::future::pending().await,
        }
    }

    /// Shows whose turn has come.
    async fn whose_turn_came(&mut self) -> Result<(), Failure> {
        while let Some((due, id)) = self.waiting.first().copied()
            && when::until(due).is_zero()
        {
            self.waiting.pop_first();
            let Some(item) = self.item(&id).await? else { continue };
            if let Some(later) = item.shown_from {
                // It is not yet, or the circle is slower now.
                self.waiting.insert((later.max(UnixSeconds(due.0.saturating_add(1))), id));
                continue;
            }
            if !item.blocked || self.with_blocked {
                self.show(&[item], &[], 0, true).await?;
            }
        }
        Ok(())
    }

    /// Told while somebody reads along: from when on older words are erased here.
    async fn kept_shorter(&mut self) -> Result<(), Failure> {
        let circle = self.client.circle(&self.circle.id).await?;
        if let Some(from) = circle.keep_from {
            self.context.out.hint(&say!("read-kept-shorter", from = when::moment(from)));
        }
        Ok(())
    }

    async fn whatever_is_new(&mut self) -> Result<(), Failure> {
        let whole = find::timeline(self.client, &self.circle.id).await?;
        let unseen: Vec<Item> =
            whole.items.into_iter().filter(|item| self.seen.insert(item.id)).collect();
        if unseen.is_empty() { Ok(()) } else { self.show(&unseen, &[], 0, true).await }
    }

    async fn show(
        &mut self,
        items: &[Item],
        gaps: &[Gap],
        older: usize,
        more_of_the_same: bool,
    ) -> Result<(), Failure> {
        let later = items.iter().filter(|item| !item.own);
        self.waiting.extend(later.filter_map(|item| Some((item.shown_from?, item.id))));
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
            keep_from: self.circle.keep_from.filter(|_| !more_of_the_same),
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
    say!("read-least-devices", count)
}

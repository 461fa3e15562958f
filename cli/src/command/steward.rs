//! `steward`: how facilitators hold a circle, and the log that all members read.

use std::time::Duration;

use serde::Serialize;
use windbreak_node::api::message::{
    Circle, Item, LogEntry, Member, NewStewardAct, Steward, StewardDeed,
};
use windbreak_protocol::id::{CircleId, ItemId};

use super::{Context, find, member};
use crate::args::{HideArgs, StewardCommand};
use crate::error::Failure;
use crate::output::{Page, Report};
use crate::text::{self, Names};
use crate::{session, when};

/// Something was done to hold a circle.
#[derive(Serialize)]
struct Done {
    circle: CircleId,
    /// The act, an item itself.
    id: ItemId,
    #[serde(skip)]
    words: String,
}

impl Report for Done {
    fn page(&self, page: &mut Page) {
        page.text(&self.words);
        page.hint("All members read it, with your name and the reason: windbreak steward log");
    }
}

#[derive(Serialize)]
struct Log<'a> {
    circle: CircleId,
    title: &'a str,
    #[serde(flatten)]
    steward: &'a Steward,
    #[serde(skip)]
    names: &'a Names,
    #[serde(skip)]
    members: &'a [Member],
}

impl Log<'_> {
    fn name(&self, id: &str, known: Option<&str>) -> String {
        let member = self.members.iter().find(|member| member.id.to_text() == id);
        let name = member.map(|member| member.name.as_str()).or(known);
        self.names.of(id, name.unwrap_or("a former member"))
    }

    fn entry(&self, page: &mut Page, entry: &LogEntry) {
        let by = self.name(&entry.by.to_text(), entry.by_name.as_deref());
        let member = entry
            .member
            .map(|member| self.name(&member.to_text(), entry.member_name.as_deref()))
            .unwrap_or_default();
        let item = entry.item.map(|item| item.to_text()).unwrap_or_default();
        let item = text::short(&item);
        let what = match entry.what {
            StewardDeed::Hide => format!("hid {item}"),
            StewardDeed::Unhide => format!("showed {item} again"),
            StewardDeed::Mute => {
                let until = entry.until.map(when::moment).unwrap_or_default();
                format!("muted {member} until {until}")
            }
            StewardDeed::Unmute => format!("took the mute of {member} back"),
            StewardDeed::Slow => {
                format!("slowed the circle down: {}", slow(entry.minutes.unwrap_or(0)))
            }
            StewardDeed::EndSlow => "let the circle go at its own pace again".to_owned(),
            StewardDeed::Remove => format!("removed {member}"),
        };
        page.header(&page.strong(&format!("{by} {what} · {}", when::moment(entry.at))), "");
        if !entry.counts {
            page.quoted("It counts for nothing: they held no such role when they did it.", "  ");
        }
        if !entry.reason.trim().is_empty() {
            page.quoted(&text::body(entry.reason.trim()), "  ");
        }
    }
}

impl Report for Log<'_> {
    fn page(&self, page: &mut Page) {
        let steward = self.steward;
        if let Some(minutes) = steward.slow_minutes {
            page.text(&format!("The circle is slowed down: {}.", slow(minutes)));
        }
        if let Some(next) = steward.my_next_share {
            page.text(&format!("What you share now is shown from {} on.", when::moment(next)));
        }
        if let Some(until) = steward.me_muted_until {
            page.text(&format!("You are muted until {}.", when::moment(until)));
        }
        for muted in steward.muted.iter().filter(|_| steward.me_muted_until.is_none()) {
            let name = self.name(&muted.member.to_text(), None);
            page.text(&format!("{name} is muted until {}.", when::moment(muted.until)));
        }
        if steward.log.is_empty() {
            page.text("Nobody was hidden, muted, slowed down or removed here.");
        }
        if steward.older > 0 {
            page.hint(&format!("{} older left out.", steward.older));
        }
        for entry in &steward.log {
            page.gap();
            self.entry(page, entry);
        }
    }
}

fn slow(minutes: u16) -> String {
    format!("one share of each member in {}", when::span(60 * u64::from(minutes)))
}

/// Whole minutes of a span, at least one if it is not nothing.
fn minutes(span: Duration) -> u64 {
    span.as_secs().div_ceil(60)
}

pub(super) async fn run(context: Context<'_>, command: StewardCommand) -> Result<(), Failure> {
    let client = session::connect(context.global, context.out).await?;
    let (circle, act, words): (Circle, NewStewardAct, String) = match command {
        StewardCommand::Log { circle } => {
            let circle = find::circle(&client, &circle).await?;
            let steward = client.steward(&circle.id).await?;
            let members = client.members(&circle.id).await?.members;
            return context.out.tell(&Log {
                circle: circle.id,
                title: &circle.title,
                steward: &steward,
                names: &member::names(&members),
                members: &members,
            });
        }
        StewardCommand::Hide(args) => return hide(context, args, true).await,
        StewardCommand::Unhide(args) => return hide(context, args, false).await,
        StewardCommand::Mute { circle, member, lasts, reason } => {
            let circle = find::circle(&client, &circle).await?;
            let member = find::member(&client, &circle.id, &member).await?;
            let minutes = u32::try_from(minutes(lasts)).unwrap_or(u32::MAX);
            let words = format!(
                "{} is muted for {}.",
                text::name(&member.name),
                when::span(60 * u64::from(minutes))
            );
            (circle, NewStewardAct::Mute { member: member.id, minutes, reason }, words)
        }
        StewardCommand::Unmute { circle, member, reason } => {
            let circle = find::circle(&client, &circle).await?;
            let member = find::member(&client, &circle.id, &member).await?;
            let words = format!("{} is muted no longer.", text::name(&member.name));
            (circle, NewStewardAct::Unmute { member: member.id, reason }, words)
        }
        StewardCommand::Slow { circle, every, off: _, reason } => {
            let circle = find::circle(&client, &circle).await?;
            let every = every.map_or(0, minutes);
            let minutes = u16::try_from(every).unwrap_or(u16::MAX);
            let words = match minutes {
                0 => "The circle goes at its own pace again.".to_owned(),
                minutes => format!("The circle is slowed down: {}.", slow(minutes)),
            };
            (circle, NewStewardAct::Slow { minutes, reason }, words)
        }
    };
    let written = client.steward_act(&circle.id, &act).await?;
    context.out.confirm_done(&Done { circle: circle.id, id: written.id, words })
}

async fn hide(context: Context<'_>, args: HideArgs, on: bool) -> Result<(), Failure> {
    let HideArgs { of, reason } = args;
    let client = session::connect(context.global, context.out).await?;
    let within = match &of.circle {
        Some(circle) => Some(find::circle(&client, circle).await?),
        None => None,
    };
    let (circle, found) = find::item(&client, within.as_ref(), &of.item).await?;
    let id = found.id.to_text();
    let (act, words) = if on {
        let words = format!("{} is hidden.", text::short(&id));
        (NewStewardAct::Hide { item: found.id, reason }, words)
    } else {
        let words = format!("{} is shown again.", text::short(&id));
        (NewStewardAct::Unhide { item: found.id, reason }, words)
    };
    let written = client.steward_act(&circle, &act).await?;
    context.out.confirm_done(&Done { circle, id: written.id, words })
}

/// What a person sees in the place of words that a facilitator keeps from others.
pub(super) fn why_kept(item: &Item) -> String {
    let Item { own, hidden, muted, shown_from, .. } = *item;
    let reason = item.reason.as_deref().map(|reason| format!(" ({})", text::line(reason.trim())));
    let reason = reason.unwrap_or_default();
    let who = if own { "only you and facilitators read it" } else { "see windbreak steward log" };
    match shown_from.filter(|_| !hidden && !muted) {
        Some(at) => format!("Shared in slow mode: shown to others from {} on.", when::moment(at)),
        None if hidden => format!("Hidden by a facilitator{reason}; {who}."),
        None => format!("Said while its author was muted{reason}; {who}."),
    }
}

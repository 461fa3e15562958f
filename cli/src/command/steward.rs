//! `steward`: how facilitators hold a circle, and the log that all members read.

use std::time::Duration;

use serde::Serialize;
use windbreak_node::api::Client;
use windbreak_node::api::message::{
    Circle, Item, LogEntry, Member, NewStewardAct, Steward, StewardDeed, Written,
};
use windbreak_protocol::id::{CircleId, ItemId};

use super::{Context, files, find, member, send};
use crate::args::{HideArgs, StewardCommand};
use crate::error::Failure;
use crate::output::{Page, Report};
use crate::text::{self, Names};
use crate::words::{self, say};
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
        page.hint(say!("steward-all-members-read-name"));
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
        self.names.of(id, name.unwrap_or(say!("member-former-member")))
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
            StewardDeed::Hide => say!("steward-hid", item),
            StewardDeed::Unhide => say!("steward-showed-again", item),
            StewardDeed::Mute => {
                let until = entry.until.map(when::moment).unwrap_or_default();
                say!("steward-muted-until", member, until)
            }
            StewardDeed::Unmute => say!("steward-took-mute-back", member),
            StewardDeed::Slow => {
                say!("steward-slowed-circle-down", pace = slow(entry.minutes.unwrap_or(0)))
            }
            StewardDeed::EndSlow => say!("steward-let-circle-go-own").to_owned(),
            StewardDeed::Remove => say!("steward-removed", member),
            StewardDeed::Listen => say!("steward-lets-only-listen", member),
            StewardDeed::Speak => say!("steward-lets-speak-again", member),
            StewardDeed::Promote => say!("steward-made-facilitator", member),
            StewardDeed::Demote => say!("steward-took-role", member),
            StewardDeed::StepDown => say!("steward-stepped-down").to_owned(),
            StewardDeed::Succeed => say!("steward-carried-out-succession", member),
            StewardDeed::Keep => match entry.keep_days {
                Some(days) => say!("steward-keeps-days", days),
                None => say!("steward-keeps-always").to_owned(),
            },
            StewardDeed::Files => {
                let files = entry.files.map(files::allowed_words).unwrap_or_default();
                say!("steward-set-files", files)
            }
            StewardDeed::Adopt => {
                say!("steward-carried-out-adoption", version = entry.agreement.unwrap_or_default())
            }
            StewardDeed::Declare => say!("steward-declared-anew").to_owned(),
        };
        page.header(
            &page.strong(&format!("{} {what} · {}", words::apart(&by), when::moment(entry.at))),
            "",
        );
        let reason = entry.reason.trim();
        if !entry.counts && reason.is_empty() {
            page.quoted(say!("steward-counts-nothing-no-reason"), "  ");
        } else if !entry.counts {
            page.quoted(say!("steward-counts-nothing-they-held"), "  ");
        }
        if let Some(words) = &entry.declaration {
            page.quoted(&text::body(words.trim()), "  ");
        }
        if !reason.is_empty() {
            page.quoted(&text::body(reason), "  ");
        }
    }
}

impl Report for Log<'_> {
    fn page(&self, page: &mut Page) {
        let steward = self.steward;
        if let Some(minutes) = steward.slow_minutes {
            page.text(&say!("steward-circle-slowed-down", pace = slow(minutes)));
        }
        if let Some(next) = steward.my_next_share {
            page.text(&say!("steward-share-now-shown-from", next = when::moment(next)));
        }
        if let Some(until) = steward.me_muted_until {
            page.text(&say!("steward-muted-until-2", until = when::moment(until)));
        }
        for muted in steward.muted.iter().filter(|_| steward.me_muted_until.is_none()) {
            let name = self.name(&muted.member.to_text(), None);
            page.text(&say!("steward-muted-until-3", name, until = when::moment(muted.until)));
        }
        if steward.log.is_empty() {
            page.text(say!("steward-nobody-hidden-muted-slowed"));
        }
        if steward.older > 0 {
            page.hint(&say!("steward-older-left-out", older = steward.older));
        }
        for entry in &steward.log {
            page.gap();
            self.entry(page, entry);
        }
    }
}

fn slow(minutes: u16) -> String {
    say!("steward-one-share-each-member", span = when::span(60 * u64::from(minutes)))
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
        StewardCommand::Mute { circle, member, lasts, reason, send_anyway } => {
            let circle = find::circle(&client, &circle).await?;
            let member = find::member(&client, &circle.id, &member).await?;
            let minutes = u32::try_from(minutes(lasts)).unwrap_or(u32::MAX);
            let words = say!(
                "steward-muted",
                member = text::name(&member.name),
                span = when::span(60 * u64::from(minutes))
            );
            (circle, NewStewardAct::Mute { member: member.id, minutes, reason, send_anyway }, words)
        }
        StewardCommand::Unmute { circle, member, reason, send_anyway } => {
            let circle = find::circle(&client, &circle).await?;
            let (member, name) = find::muted(&client, &circle.id, &member).await?;
            let words = say!("steward-muted-no-longer", member = text::name(&name));
            (circle, NewStewardAct::Unmute { member, reason, send_anyway }, words)
        }
        StewardCommand::Slow { circle, every, off: _, reason, send_anyway } => {
            let circle = find::circle(&client, &circle).await?;
            let every = every.map_or(0, minutes);
            let minutes = u16::try_from(every).unwrap_or(u16::MAX);
            let words = match minutes {
                0 => say!("steward-circle-goes-own-pace").to_owned(),
                minutes => say!("steward-circle-slowed-down", pace = slow(minutes)),
            };
            (circle, NewStewardAct::Slow { minutes, reason, send_anyway }, words)
        }
    };
    let written = act_or_ask(context, &client, &circle.id, act).await?;
    context.out.confirm_done(&Done { circle: circle.id, id: written.id, words })
}

/// Does it, and asks first where its reason seems to say who somebody is.
async fn act_or_ask(
    context: Context<'_>,
    client: &Client,
    circle: &CircleId,
    act: NewStewardAct,
) -> Result<Written, Failure> {
    let (reason, send_anyway) = act.reason();
    send::asking(context, reason, send_anyway, async |anyway| {
        let act = if anyway { act.clone().anyway() } else { act.clone() };
        client.steward_act(circle, &act).await
    })
    .await
}

async fn hide(context: Context<'_>, args: HideArgs, on: bool) -> Result<(), Failure> {
    let HideArgs { of, reason, send_anyway } = args;
    let client = session::connect(context.global, context.out).await?;
    let within = match &of.circle {
        Some(circle) => Some(find::circle(&client, circle).await?),
        None => None,
    };
    let (circle, found) = find::item(&client, within.as_ref(), &of.item).await?;
    let id = found.id.to_text();
    let (act, words) = if on {
        let words = say!("steward-hidden", id = text::short(&id));
        (NewStewardAct::Hide { item: found.id, reason, send_anyway }, words)
    } else {
        let words = say!("steward-shown-again", id = text::short(&id));
        (NewStewardAct::Unhide { item: found.id, reason, send_anyway }, words)
    };
    let written = act_or_ask(context, &client, &circle, act).await?;
    context.out.confirm_done(&Done { circle, id: written.id, words })
}

/// What a person sees in the place of words that a facilitator keeps from others.
pub(super) fn why_kept(item: &Item) -> String {
    let Item { own, hidden, muted, shown_from, .. } = *item;
    let reason = item.reason.as_deref().map(|reason| format!(" ({})", text::line(reason.trim())));
    let reason = reason.unwrap_or_default();
    let who = if own {
        say!("steward-only-facilitators-read")
    } else {
        say!("steward-see-windbreak-steward-log")
    };
    match shown_from.filter(|_| !hidden && !muted) {
        Some(at) => say!("steward-shared-slow-mode-shown", at = when::moment(at)),
        None if hidden => say!("steward-hidden-facilitator", reason, who),
        None => say!("steward-said-while-author-muted", reason, who),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_log_says_why_an_act_counts_for_nothing() {
        let shown = |reason: &str, counts: bool| {
            let entry = json!({
                "at": 60, "by": "a".repeat(64), "what": "end_slow", "reason": reason, "counts": counts,
            });
            let steward = json!({"muted": [], "log": [entry], "older": 0});
            let steward: Steward = serde_json::from_value(steward).unwrap();
            let circle = CircleId::from_bytes([1; 32]);
            let names = member::names(&[]);
            let log =
                Log { circle, title: "Riverside", steward: &steward, names: &names, members: &[] };
            let mut page = Page::new(100, false, false);
            log.page(&mut page);
            page.finish()
        };
        let (role, reason) =
            (say!("steward-counts-nothing-they-held"), say!("steward-counts-nothing-no-reason"));
        let says = |shown: &str| (shown.contains(role), shown.contains(reason));
        assert_eq!(says(&shown(" \n", false)), (false, true));
        assert_eq!(says(&shown("too fast", false)), (true, false));
        assert_eq!(says(&shown("too fast", true)), (false, false));
        assert_eq!(says(&shown("", true)), (false, false), "what a commit did may lack one");
    }
}

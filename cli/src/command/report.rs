//! `report`: what is told to the facilitators without a name, and what they answer.

use serde::Serialize;
use windbreak_node::api::Client;
use windbreak_node::api::message::{Member, NewReport, Outcome, Reason, Report, ReportStage};
use windbreak_protocol::id::{CircleId, ItemId, ReportId};

use super::{Context, find, member, send};
use crate::args::ReportCommand;
use crate::error::Failure;
use crate::output::{self, Page};
use crate::pick::{shown, unique_length};
use crate::text::{self, Names};
use crate::words::say;
use crate::{session, when};

#[derive(Serialize)]
struct Made {
    circle: CircleId,
    report: ReportId,
    item: ItemId,
}

impl output::Report for Made {
    fn page(&self, page: &mut Page) {
        let id = self.report.to_text();
        page.text(&say!("report-kept-device-goes-facilitators", id = text::short(&id)));
        page.hint(say!("report-leave-node-running-until"));
        page.hint(say!("report-if-somebody-danger-now"));
    }
}

/// Something was done with a report.
#[derive(Serialize)]
struct Done {
    circle: CircleId,
    report: ReportId,
    #[serde(skip)]
    words: &'static str,
}

impl output::Report for Done {
    fn page(&self, page: &mut Page) {
        page.text(self.words);
    }
}

#[derive(Serialize)]
struct List<'a> {
    circle: CircleId,
    reports: &'a [Report],
    #[serde(skip)]
    names: &'a Names,
}

impl output::Report for List<'_> {
    fn page(&self, page: &mut Page) {
        if self.reports.is_empty() {
            page.text(say!("report-there-no-reports-here"));
            return;
        }
        let ids: Vec<String> = self.reports.iter().map(|report| report.id.to_text()).collect();
        let length = unique_length(ids.iter().map(String::as_str));
        let rows: Vec<Vec<String>> = self
            .reports
            .iter()
            .zip(&ids)
            .map(|(report, id)| {
                vec![
                    shown(id, length).to_owned(),
                    when::moment(report.at),
                    stage_words(report.stage).to_owned(),
                    say!("report-about", name = author(report, self.names)),
                    if report.own { say!("invite-yours").to_owned() } else { String::new() },
                ]
            })
            .collect();
        page.table(&rows);
    }
}

#[derive(Serialize)]
struct One<'a> {
    circle: CircleId,
    report: &'a Report,
    #[serde(skip)]
    names: &'a Names,
}

impl output::Report for One<'_> {
    fn page(&self, page: &mut Page) {
        let report = self.report;
        let id = report.id.to_text();
        let whose = if report.own { say!("report-report") } else { say!("report-report-2") };
        let head = format!("{} · {whose} · {}", text::short(&id), stage_words(report.stage));
        page.header(&page.strong(&head), "");
        let item = report.item.to_text();
        let author = author(report, self.names);
        page.text(&say!("report-said", author, item = text::short(&item)));
        match &report.quote {
            Some(quote) => {
                for above in [&quote.content_note, &quote.title].into_iter().flatten() {
                    page.quoted(&text::line(above), "  ");
                }
                page.quoted(&text::body(quote.text.trim_end()), "  ");
            }
            None => page.quoted(say!("report-too-long-go-along"), "  "),
        }
        page.text(say!("report-why-reported"));
        page.quoted(&text::body(report.reason.trim_end()), "  ");
        for answer in &report.answers {
            let by = answer.by_name.as_deref().unwrap_or(say!("member-former-member"));
            let by = self.names.of(&answer.by.to_text(), by);
            let at = when::moment(answer.at);
            match &answer.outcome {
                None => page.text(&say!("report-read", by, at)),
                Some(outcome) => {
                    page.text(&say!("report-closed", by, at));
                    page.quoted(&text::body(outcome.trim_end()), "  ");
                }
            }
        }
        for appeal in &report.appeals {
            page.text(say!("report-made-asks-look-again"));
            page.quoted(&text::body(appeal.trim_end()), "  ");
        }
        if report.to_answer {
            page.hint(say!("report-words-signed-wrote-them"));
        }
    }
}

fn author(report: &Report, names: &Names) -> String {
    let name = report.author_name.as_deref().unwrap_or(say!("member-former-member"));
    names.of(&report.author.to_text(), name)
}

fn stage_words(stage: ReportStage) -> &'static str {
    match stage {
        ReportStage::Waiting => say!("report-waits-device-moment"),
        ReportStage::Open => say!("report-nobody-answered-yet"),
        ReportStage::Acknowledged => say!("report-read-2"),
        ReportStage::Closed => say!("report-closed-2"),
        ReportStage::Appealed => say!("report-looked-again"),
    }
}

pub(super) async fn run(context: Context<'_>, command: ReportCommand) -> Result<(), Failure> {
    let client = session::connect(context.global, context.out).await?;
    match command {
        ReportCommand::New { of, reason, send_anyway } => {
            let within = match &of.circle {
                Some(circle) => Some(find::circle(&client, circle).await?),
                None => None,
            };
            let (circle, item) = find::item(&client, within.as_ref(), &of.item).await?;
            let made = send::asking(context, &reason, send_anyway, async |send_anyway| {
                let new = NewReport { item: item.id, reason: reason.clone(), send_anyway };
                client.report(&circle, &new).await
            });
            let made = made.await?;
            context.out.tell(&Made { circle, report: made.report, item: item.id })
        }
        ReportCommand::List { circle } => {
            let circle = find::circle(&client, &circle).await?;
            let members: Vec<Member> = client.members(&circle.id).await?.members;
            let reports = client.reports(&circle.id).await?.reports;
            let names = member::names(&members);
            context.out.tell(&List { circle: circle.id, reports: &reports, names: &names })
        }
        ReportCommand::Show { circle, report } => {
            let circle = find::circle(&client, &circle).await?;
            let report = find::report(&client, &circle.id, &report).await?;
            let members: Vec<Member> = client.members(&circle.id).await?.members;
            let names = member::names(&members);
            context.out.tell(&One { circle: circle.id, report: &report, names: &names })
        }
        ReportCommand::Acknowledge { circle, report } => {
            let (circle, report) = named(&client, &circle, &report).await?;
            client.acknowledge_report(&circle, &report).await?;
            let words = say!("report-made-will-see-read");
            context.out.confirm_done(&Done { circle, report, words })
        }
        ReportCommand::Close { circle, report, outcome, send_anyway } => {
            let (circle, report) = named(&client, &circle, &report).await?;
            let done = send::asking(context, &outcome, send_anyway, async |send_anyway| {
                let outcome = Outcome { outcome: outcome.clone(), send_anyway };
                client.close_report(&circle, &report, &outcome).await
            });
            done.await?;
            let words = say!("report-closed-made-reads-how");
            context.out.confirm_done(&Done { circle, report, words })
        }
        ReportCommand::Appeal { circle, report, reason, send_anyway } => {
            let (circle, report) = named(&client, &circle, &report).await?;
            let done = send::asking(context, &reason, send_anyway, async |send_anyway| {
                let reason = Reason { reason: reason.clone(), send_anyway };
                client.appeal(&circle, &report, &reason).await
            });
            done.await?;
            let words = say!("report-kept-device-goes-report");
            context.out.confirm_done(&Done { circle, report, words })
        }
    }
}

async fn named(
    client: &Client,
    circle: &str,
    report: &str,
) -> Result<(CircleId, ReportId), Failure> {
    let circle = find::circle(client, circle).await?;
    let report = find::report(client, &circle.id, report).await?;
    Ok((circle.id, report.id))
}

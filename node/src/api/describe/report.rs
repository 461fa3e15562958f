//! Reports in the words of this API.

use windbreak_protocol::view::Timeline;
use windbreak_protocol::{self as engine, ReportOverview};

use crate::api::describe::item::words_of;
use crate::api::message::{Report, ReportAnswer, ReportStage};

/// One report, with the names that the timeline knows.
pub(crate) fn report(report: ReportOverview, timeline: &Timeline<'_>) -> Report {
    let answers = report.answers.into_iter().map(|answer| ReportAnswer {
        by: answer.by,
        by_name: timeline.name_of(&answer.by),
        at: answer.at.into(),
        outcome: answer.outcome,
    });
    Report {
        id: report.id,
        own: report.own,
        to_answer: report.to_answer,
        item: report.item,
        author: report.author,
        author_name: timeline.name_of(&report.author),
        quote: report.quote.as_ref().map(words_of),
        reason: report.reason,
        at: report.at.into(),
        stage: match report.stage {
            engine::ReportStage::Waiting => ReportStage::Waiting,
            engine::ReportStage::Open => ReportStage::Open,
            engine::ReportStage::Acknowledged => ReportStage::Acknowledged,
            engine::ReportStage::Closed => ReportStage::Closed,
            engine::ReportStage::Appealed => ReportStage::Appealed,
        },
        answers: answers.collect(),
        appeals: report.appeals,
    }
}

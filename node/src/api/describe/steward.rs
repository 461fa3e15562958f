//! The steward log in the words of this API.

use std::time::Duration;

use windbreak_protocol::content::Gist;
use windbreak_protocol::id::MemberId;
use windbreak_protocol::ledger::KeepDays;
use windbreak_protocol::time::{Hour, Timestamp};
use windbreak_protocol::view::{Entry, Timeline};
use windbreak_protocol::{Deed, DeedKind, Removal, StewardAct};

use crate::api::message::{LogEntry, NewStewardAct, StewardDeed};

/// What a request asks to be done at `now`, and why.
pub(crate) fn act_of(new: NewStewardAct, now: Timestamp) -> (StewardAct, String) {
    match new {
        NewStewardAct::Hide { item, reason, .. } => (StewardAct::Hide { item, on: true }, reason),
        NewStewardAct::Unhide { item, reason, .. } => {
            (StewardAct::Hide { item, on: false }, reason)
        }
        NewStewardAct::Mute { member, minutes, reason, .. } => {
            let until = now.to_minute().after(Duration::from_secs(60 * u64::from(minutes)));
            (StewardAct::Mute { member, until: Some(until) }, reason)
        }
        NewStewardAct::Unmute { member, reason, .. } => {
            (StewardAct::Mute { member, until: None }, reason)
        }
        NewStewardAct::Slow { minutes, reason, .. } => (StewardAct::SlowMode { minutes }, reason),
    }
}

/// The log, the oldest first: what was said as items, who was removed, and what commits changed of
/// the circle itself.
pub(crate) fn log(
    timeline: &Timeline<'_>,
    removals: Vec<Removal>,
    deeds: Vec<Deed>,
) -> Vec<LogEntry> {
    let mut log: Vec<LogEntry> =
        timeline.steward_log().filter_map(|entry| act(timeline, entry)).collect();
    log.extend(removals.into_iter().map(|removal| LogEntry {
        id: None,
        at: moment_of(removal.at).into(),
        by: removal.by,
        by_name: timeline.name_of(&removal.by),
        what: StewardDeed::Remove,
        item: None,
        member: Some(removal.member),
        member_name: timeline.name_of(&removal.member),
        until: None,
        minutes: None,
        keep_days: None,
        files: None,
        agreement: None,
        declaration: None,
        reason: removal.reason,
        counts: true,
    }));
    log.extend(deeds.into_iter().map(|deed| deed_of(timeline, deed)));
    log.sort_by_key(|entry| (entry.at, entry.id));
    log
}

fn deed_of(timeline: &Timeline<'_>, deed: Deed) -> LogEntry {
    let (mut member, mut keep_days, mut files, mut reason) = (None, None, None, None);
    let (mut agreement, mut declaration) = (None, None);
    let what = match deed.kind {
        DeedKind::Listen { member: whom, reason: why } => {
            (member, reason) = (Some(whom), why);
            StewardDeed::Listen
        }
        DeedKind::Speak(whom) => {
            member = Some(whom);
            StewardDeed::Speak
        }
        DeedKind::Promote(whom) => {
            member = Some(whom);
            StewardDeed::Promote
        }
        DeedKind::Demote(whom) => {
            member = Some(whom);
            StewardDeed::Demote
        }
        DeedKind::StepDown => StewardDeed::StepDown,
        DeedKind::Succeed(whom) => {
            member = Some(whom);
            StewardDeed::Succeed
        }
        DeedKind::Keep { keep, reason: why } => {
            (keep_days, reason) = (keep.map(KeepDays::get), why);
            StewardDeed::Keep
        }
        DeedKind::Files(allowed) => {
            files = Some(super::file::files_allowed(allowed));
            StewardDeed::Files
        }
        DeedKind::Adopt(version) => {
            agreement = Some(version.get());
            StewardDeed::Adopt
        }
        DeedKind::Declare(words) => {
            declaration = Some(words.as_str().to_owned());
            StewardDeed::Declare
        }
    };
    LogEntry {
        id: None,
        at: moment_of(deed.at).into(),
        by: deed.by,
        by_name: timeline.name_of(&deed.by),
        what,
        item: None,
        member,
        member_name: member.and_then(|member| timeline.name_of(&member)),
        until: None,
        minutes: None,
        keep_days,
        files,
        agreement,
        declaration,
        reason: reason.map(|reason| reason.as_str().to_owned()).unwrap_or_default(),
        counts: true,
    }
}

fn act(timeline: &Timeline<'_>, entry: &Entry<'_>) -> Option<LogEntry> {
    let (what, item, member, until, minutes) = match entry.gist() {
        Gist::Hide(item, true) => (StewardDeed::Hide, Some(*item), None, None, None),
        Gist::Hide(item, false) => (StewardDeed::Unhide, Some(*item), None, None, None),
        Gist::Mute(member, Some(until), _) => {
            (StewardDeed::Mute, None, Some(*member), Some(*until), None)
        }
        Gist::Mute(member, None, _) => (StewardDeed::Unmute, None, Some(*member), None, None),
        Gist::SlowMode(0, _) => (StewardDeed::EndSlow, None, None, None, None),
        Gist::SlowMode(minutes, _) => (StewardDeed::Slow, None, None, None, Some(*minutes)),
        _ => return None,
    };
    Some(LogEntry {
        id: Some(entry.id()),
        at: entry.written().into(),
        by: entry.author(),
        by_name: entry.name().map(str::to_owned),
        what,
        item,
        member,
        member_name: member.and_then(|member: MemberId| timeline.name_of(&member)),
        until: until.map(Into::into),
        minutes,
        keep_days: None,
        files: None,
        agreement: None,
        declaration: None,
        reason: timeline.reason_of(&entry.id()).unwrap_or_default(),
        counts: timeline.is_in_right(entry),
    })
}

/// The beginning of an hour.
fn moment_of(hour: Hour) -> Timestamp {
    Timestamp::from_seconds(3600 * u64::from(hour.get()))
}

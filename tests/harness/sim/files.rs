//! Files that people send along with words: who sent which, and that those who see the words have all
//! of the file once everything has settled, byte by byte as it was sent.

use std::collections::BTreeMap;

use windbreak_protocol::NewFile;
use windbreak_protocol::content::{Ask, Scope};
use windbreak_protocol::id::{CircleId, ItemId};
use windbreak_protocol::limits::FILE_PIECE;
use windbreak_protocol::view::Entry;

use crate::sim::Sim;
use crate::sim::check::View;

/// A file that somebody sent.
#[derive(Debug)]
pub(crate) struct Sent {
    bytes: Vec<u8>,
    /// Whether its device was put back to what it kept before: some of it may never have left.
    pub(crate) cut: bool,
}

impl Sim {
    /// Somebody shares words with a file of several pieces.
    pub(super) fn attach(&mut self, by: usize, circle: &CircleId, text: String) {
        self.before_death = self.head_shown(by);
        let share = windbreak_protocol::NewShare {
            ask: Ask::JustListening,
            content_note: None,
            title: None,
            text: text.clone(),
            scope: Scope::HereNow,
        };
        let bytes = text.as_bytes().repeat(2 * FILE_PIECE / 10);
        let file = NewFile { bytes: bytes.clone(), name: None };
        let done = self.by(by, |engine, clock| engine.share_with_file(clock, circle, share, file));
        if let Some(item) = done {
            self.tally.lived += 1;
            self.note_ask(by, item, Ask::JustListening);
            self.note(by, item, false, text);
            self.model.files.insert(item, Sent { bytes, cut: false });
        }
    }

    /// What people sent along with an entry, also if a copy said it anew.
    fn sent_with(&self, entry: &Entry<'_>) -> Option<&Sent> {
        let id = entry.id();
        self.model.files.get(self.model.said_anew.get(&id).unwrap_or(&id))
    }

    /// Of the words with a file that a device shows, whether it has all of the file.
    pub(super) fn files_shown(&self, device: usize) -> Option<BTreeMap<ItemId, bool>> {
        let here = &self.devices[device];
        let clock = here.clock(self.now);
        here.engine.as_ref()?.with_timeline_at(clock, &self.circle?, |timeline| {
            let entries = timeline.entries().iter();
            let shown = entries.filter(|entry| {
                self.sent_with(entry).is_some() && timeline.content(entry).is_some()
            });
            let is_whole = |entry: &Entry<'_>| {
                let file = timeline.file(entry);
                file.is_some_and(|file| !file.gone && file.here() == file.pieces.len())
            };
            shown.map(|entry| (entry.id(), is_whole(entry))).collect()
        })
    }

    /// Whoever sees words has the file that goes along with them, if anybody could give it to them.
    pub(super) fn files_at_rest(&self, inside: &[&View]) -> Result<(), String> {
        let in_head = inside.iter().flat_map(|view| &view.overview.members);
        let in_head = in_head.map(|member| member.id).collect();
        for (item, sent) in &self.model.files {
            let Some(said) = self.model.said.get(item) else { continue };
            let ids = self.model.ids_of(item);
            let shows = |view: &&&View| {
                let is_for = said.is_for(&view.overview.me, &self.devices[view.device]);
                is_for && ids.iter().any(|id| view.files.contains_key(id))
            };
            let is_whole =
                |view: &&&View| ids.iter().any(|id| view.files.get(id).copied().unwrap_or(false));
            let (have, lack): (Vec<&View>, Vec<&View>) =
                inside.iter().filter(shows).partition(is_whole);
            let author = inside.iter().any(|view| said.is_by(view));
            let kept = author && !said.forgotten && !sent.cut;
            // As of words: what came too late for the keys, or has a number that a copy used too.
            let excused = said.came_too_late(&in_head) || said.clashes;
            if !lack.is_empty() && (kept || !have.is_empty()) && !excused {
                let numbers = |views: &[&View]| views.iter().map(|v| v.device).collect::<Vec<_>>();
                let (have, lack) = (numbers(&have), numbers(&lack));
                return Err(format!("the file of {:?}: {have:?} have it, {lack:?} not", said.text));
            }
        }
        Ok(())
    }

    /// What anybody has of a file as a whole is what was sent.
    pub(super) fn check_files(&mut self) {
        let Some(circle) = self.circle.filter(|_| self.is_well()) else { return };
        let mut whole = 0;
        for device in 0..self.devices.len() {
            let here = &self.devices[device];
            let Some(engine) = here.engine.as_ref() else { continue };
            let clock = here.clock(self.now);
            let looked = engine.with_timeline_at(clock, &circle, |timeline| {
                let entries = timeline.entries().iter();
                let sent = entries.filter_map(|entry| Some((entry, self.sent_with(entry)?)));
                let read = sent.filter_map(|(entry, sent)| {
                    let bytes = timeline.file_bytes(entry).ok()?;
                    Some((entry.id(), bytes == sent.bytes, Some(entry.author()) == here.member))
                });
                read.collect::<Vec<_>>()
            });
            for (item, is_same, own) in looked.unwrap_or_default() {
                whole += u64::from(!own);
                if !is_same {
                    self.fail("files come as they were sent", format!("device {device}: {item:?}"));
                }
            }
        }
        self.tally.files += whole;
    }
}

//! A member who hands over what nobody opened, for the attackers of the tests alone (feature
//! `testing`).

use crate::circle::{Circle, Step};
use crate::content::SignedItem;
use crate::identity::{Credential, DeviceKey};
use crate::label::Label;
use crate::porch::{AuthorProof, HistoryPage};
use crate::wire::FrameKind;

impl Circle {
    /// Answers every question for what was said before with these items, whatever they are, and all
    /// that this device knows of its authors, besides these credentials; in the name of `stranger`, if
    /// there is one. Says how many questions there were.
    pub(crate) fn forge_history(
        &mut self,
        step: &mut Step<'_>,
        items: &[Vec<u8>],
        credentials: &[Credential],
        stranger: Option<&DeviceKey>,
    ) -> usize {
        let items = items.iter().filter_map(|item| SignedItem::from_bytes(item).ok());
        let items: Vec<SignedItem> = items.collect();
        let Some(mut page) = HistoryPage::of(&items) else {
            return 0;
        };
        let words = self.own_credential().into_iter().chain(credentials.iter().cloned());
        let words = words.map(|credential| AuthorProof { credential, name: None });
        page.authors = self.history.authors.values().cloned().chain(words).collect();
        let asked = self.take_asked();
        for (id, asked) in &asked {
            if let Some(page) = page.sign(id, stranger.unwrap_or(&self.key)) {
                self.tell_asker(step, id, asked, Label::HISTORY_HPKE, FrameKind::Handover, &page);
            }
        }
        asked.len()
    }
}

//! What a member does to something that was said: takes it back, says it in other words, answers it
//! with a warm word, pins it, lets advice be shown. Every node looks at the right to it again.
//! Clauses: specs/08-content I-14 to I-19.

use crate::circle::send::{item_text, line_text};
use crate::circle::{Circle, ShareError, Step};
use crate::content::{Allow, Ask, Content, Edit, Gist, Pin, Reaction, Scope, WarmWord, Withdraw};
use crate::id::{ItemId, MemberId};

/// Something said in other words.
#[derive(Clone, Debug)]
pub struct NewEdit {
    /// The content note from now on.
    pub content_note: Option<String>,
    /// The title from now on.
    pub title: Option<String>,
    /// The text from now on.
    pub text: String,
}

/// Why nothing was done to something that was said.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum ActError {
    /// It could not be said.
    #[error(transparent)]
    Share(#[from] ShareError),
    /// It is nobody's words: somebody left, or something was done.
    #[error("this is neither a share nor a reply")]
    NotWords,
    /// Somebody has come since, for whom it was not said.
    #[error("it was said for those who were here then, and somebody has come since")]
    SomebodyCame,
    /// Only its author may.
    #[error("only who wrote it may do that")]
    NotAuthor,
    /// Its author took it back.
    #[error("its author took it back")]
    Withdrawn,
    /// It is older than the circle keeps what is said.
    #[error("the circle keeps nothing for so long")]
    Expired,
    /// Only a facilitator may.
    #[error("only a facilitator may do that")]
    NotFacilitator,
    /// Only the author of the share may, to whom the advice is given.
    #[error("only who wrote the share may do that")]
    NotAsker,
    /// This version does not know the word.
    #[error("there is no such word")]
    UnknownWord,
}

impl Circle {
    /// Takes back something this device's member said.
    ///
    /// # Errors
    /// [`ActError`]; nothing has changed.
    pub(crate) fn withdraw(&mut self, step: &mut Step<'_>, to: ItemId) -> Result<ItemId, ActError> {
        self.check_own(&to)?;
        // Whoever may ever have the words must hear of it, and it says nothing but an id.
        let id = self.say(step, Content::Withdraw(Withdraw { to }), Scope::LaterToo)?;
        self.say_spared(step);
        Ok(id)
    }

    /// Says something this device's member said in other words.
    ///
    /// # Errors
    /// [`ActError`]; nothing has changed.
    pub(crate) fn edit(
        &mut self,
        step: &mut Step<'_>,
        to: ItemId,
        edit: NewEdit,
    ) -> Result<ItemId, ActError> {
        self.check_muted(step.now)?;
        let scope = self.check_own(&to)?;
        if self.items.get(&to).is_some_and(|item| !self.may_carry(item)) {
            return Err(ActError::SomebodyCame);
        }
        let content_note = line_text(edit.content_note)?;
        let title = line_text(edit.title)?;
        let edit = Edit { to, content_note, title, text: item_text(edit.text)? };
        Ok(self.say(step, Content::Edit(edit), scope)?)
    }

    /// Gives something a warm word, in place of the one before; none takes it back.
    ///
    /// # Errors
    /// [`ActError`]; nothing has changed.
    pub(crate) fn react(
        &mut self,
        step: &mut Step<'_>,
        to: ItemId,
        word: Option<WarmWord>,
    ) -> Result<ItemId, ActError> {
        let (_, scope) = self.check_words(&to)?;
        if word.is_some_and(|word| !WarmWord::KNOWN.contains(&word)) {
            return Err(ActError::UnknownWord);
        }
        Ok(self.say(step, Content::Reaction(Reaction { to, word }), scope)?)
    }

    /// Pins something, or takes the pin off.
    ///
    /// # Errors
    /// [`ActError`]; nothing has changed.
    pub(crate) fn pin(
        &mut self,
        step: &mut Step<'_>,
        to: ItemId,
        on: bool,
    ) -> Result<ItemId, ActError> {
        let (_, scope) = self.check_words(&to)?;
        if !self.is_facilitator() {
            return Err(ActError::NotFacilitator);
        }
        Ok(self.say(step, Content::Pin(Pin { to, on }), scope)?)
    }

    /// Lets advice be shown that was held back, or no longer: in a whole thread, or one of it.
    ///
    /// # Errors
    /// [`ActError`]; nothing has changed.
    pub(crate) fn allow_advice(
        &mut self,
        step: &mut Step<'_>,
        to: ItemId,
        on: bool,
    ) -> Result<ItemId, ActError> {
        let (_, scope) = self.check_words(&to)?;
        let root = self.thread_of(to);
        if self.items.get(&root).is_none_or(|share| share.body.member != self.me) {
            return Err(ActError::NotAsker);
        }
        Ok(self.say(step, Content::Allow(Allow { to, on }), scope)?)
    }

    /// Gives advice.
    ///
    /// # Errors
    /// [`ShareError`]; nothing was said.
    pub(crate) fn advise(
        &mut self,
        step: &mut Step<'_>,
        to: ItemId,
        text: String,
        scope: Scope,
    ) -> Result<ItemId, ShareError> {
        self.say_to(step, to, text, scope, Content::Advice)
    }

    /// Whether advice given here would be held back unless the author of the share allows it.
    pub(crate) fn holds_advice_back(&self, to: &ItemId) -> bool {
        let root = self.thread_of(*to);
        let Some(share) = self.items.get(&root) else {
            return true;
        };
        if share.body.gist != Gist::Share(Ask::JustListening) || share.body.member == self.me {
            return false;
        }
        self.with_timeline(|timeline| !timeline.allows_advice(&root))
    }

    /// What stands first in the thread of an item.
    fn thread_of(&self, id: ItemId) -> ItemId {
        let mut at = id;
        // No thread is deeper than there are items.
        for _ in 0..=self.items.len() {
            let Some(to) = self.items.get(&at).and_then(|item| item.body.gist.answers()) else {
                break;
            };
            at = *to;
        }
        at
    }

    /// Words of this device's member that can still be changed; who may read them.
    fn check_own(&self, to: &ItemId) -> Result<Scope, ActError> {
        let (author, scope) = self.check_words(to)?;
        if author == self.me { Ok(scope) } else { Err(ActError::NotAuthor) }
    }

    /// Words that stand; their author, and who may read them.
    pub(super) fn check_words(&self, to: &ItemId) -> Result<(MemberId, Scope), ActError> {
        let item = self.items.get(to).ok_or(ShareError::UnknownItem)?;
        if !item.body.gist.is_words() {
            return Err(ActError::NotWords);
        }
        if item.is_erased() {
            let by_author = self.items.is_withdrawn(to, &item.body);
            return Err(if by_author { ActError::Withdrawn } else { ActError::Expired });
        }
        Ok((item.body.member, item.body.scope))
    }
}

//! What a request may look at and change while the loop runs it: nothing here reaches the store
//! or the network, which is left to the outputs of the engine.

use std::path::PathBuf;

use windbreak_protocol::id::CircleId;
use windbreak_protocol::recovery::{RecoveryKey, RecoverySecret};
use windbreak_protocol::time::Timestamp;
use windbreak_protocol::view::Timeline;
use windbreak_protocol::{CircleOverview, Engine};

use crate::api::message::Why;
use crate::api::refusal::Refusal;
use crate::config::Bounds;
use crate::links::LinkBook;
use crate::notice::Notices;
use crate::personal::Personal;
use crate::profile::NetworkConfig;
use crate::recovery::Phrase;
use crate::reopen::{Shared, Words};
use crate::upkeep::Usage;
use crate::venues::Venues;

/// What lies open before a request.
pub(crate) struct Desk<'a> {
    pub(crate) engine: &'a mut Engine,
    pub(crate) links: &'a mut LinkBook,
    pub(crate) venues: &'a Venues,
    /// What the owner of this device has for themselves.
    pub(crate) personal: &'a mut Personal,
    /// How they are told that something is new.
    pub(crate) notices: &'a mut Notices,
    /// Why nothing can be written, while that is so.
    pub(crate) trouble: Option<Why>,
    pub(crate) about: &'a About,
    /// The public half of a new recovery phrase, to be written with what this request changes.
    pub(crate) kept: &'a mut Option<RecoveryKey>,
    /// Where words are read from.
    pub(crate) store: &'a Shared,
    /// What each circle takes.
    pub(crate) usage: &'a Usage,
    pub(crate) now: Timestamp,
}

impl Desk<'_> {
    /// The circles of this profile.
    pub(crate) fn circles(&self) -> Vec<CircleOverview> {
        self.engine.circles(self.now)
    }

    /// One of them.
    pub(crate) fn circle(&self, circle: &CircleId) -> Result<CircleOverview, Refusal> {
        self.engine.circle(self.now, circle).ok_or_else(Refusal::no_circle)
    }

    /// Where the words of items are read from, also beside the loop.
    pub(crate) fn words(&self) -> Words {
        Words(self.store.clone())
    }

    /// Seals every member key to another phrase, and those to come.
    pub(crate) fn change_phrase(
        &mut self,
        before: Option<&RecoverySecret>,
        fresh: &Phrase,
    ) -> Result<(), Refusal> {
        let Some((_, public)) = fresh.keys() else {
            return Err(Refusal::fault("this device cannot use a recovery phrase"));
        };
        match before {
            Some(before) => self.engine.change_recovery(self.now, before, public.clone())?,
            None if self.engine.has_recovery() => {
                return Err(windbreak_protocol::DeviceError::PhraseNeeded.into());
            }
            None => self.engine.set_recovery(self.now, public.clone()),
        }
        *self.kept = Some(public);
        Ok(())
    }

    /// Refuses to write more into a circle that takes all the room it may have.
    pub(crate) fn check_room(&self, circle: &CircleId) -> Result<(), Refusal> {
        match self.about.bounds.circle_quota {
            Some(quota) if self.usage.of(circle) >= quota => Err(Refusal::circle_quota()),
            _ => Ok(()),
        }
    }

    /// Refuses to write before what the facilitators declare was shown; notes that it was.
    pub(crate) fn check_heard(
        &mut self,
        circle: &CircleId,
        shown: Option<&str>,
    ) -> Result<(), Refusal> {
        if self.engine.has_accepted(circle) == Some(false) {
            // Nothing is asked of somebody who may not share anyway.
            return Err(Refusal::agreement_unaccepted());
        }
        if self.engine.has_heard(circle) {
            return Ok(());
        }
        let declared = self.engine.circle(self.now, circle).and_then(|circle| circle.declaration);
        if shown.is_none() || shown != declared.as_deref() {
            return Err(Refusal::declaration_unheard());
        }
        Ok(self.engine.hear_declaration(self.now, circle)?)
    }

    /// Reads the timeline of one of them, if its agreement was accepted on this device.
    pub(crate) fn with_timeline<T>(
        &self,
        circle: &CircleId,
        read: impl FnOnce(&Timeline<'_>) -> Result<T, Refusal>,
    ) -> Result<T, Refusal> {
        if self.engine.has_accepted(circle) == Some(false) {
            return Err(Refusal::agreement_unaccepted());
        }
        let read = self.engine.with_timeline_at(self.now, circle, read);
        read.unwrap_or_else(|| Err(Refusal::no_circle()))
    }
}

/// What does not change while a node runs.
#[derive(Debug)]
pub(crate) struct About {
    pub(crate) profile: PathBuf,
    pub(crate) started: Timestamp,
    /// Relays a new circle names unless told otherwise.
    pub(crate) relays: Vec<String>,
    /// How circles reach others, unless one was given a mode of its own.
    pub(crate) reach: NetworkConfig,
    /// What the store may take.
    pub(crate) bounds: Bounds,
}

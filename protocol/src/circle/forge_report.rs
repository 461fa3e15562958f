//! What an insider says without a name, against the rules: for the attackers of the tests alone
//! (feature `testing`).

use crate::anonymous::{ANONYMOUS_CLASS, Anonymous, Report, ReportText, SealedAnonymous};
use crate::circle::{Circle, Step};
use crate::id::ItemId;
use crate::identity::Verified;
use crate::mls::{Group, HpkePublic, Provider};
use crate::state::State;
use crate::wire::text::Opaque;
use crate::wire::{Envelope, FrameKind};

impl Circle {
    /// A report with any quote, for every device there is room for, whoever is reported.
    pub(crate) fn forge_report(
        &mut self,
        step: &mut Step<'_>,
        item: ItemId,
        quote: Option<Vec<u8>>,
    ) -> Option<Vec<Verified<Envelope>>> {
        let held = self.states.get(&self.head).and_then(State::held)?;
        let provider = Provider::new(step.injected(), held.namespace());
        let group = Group::load(&provider, &self.id).ok()?;
        let keys: Vec<HpkePublic> = group.leaf_keys().into_iter().map(|(_, key)| key).collect();
        let report = Report {
            answers: step.random.secret(),
            item,
            quote: quote.and_then(|quote| Opaque::new(quote).ok()),
            reason: ReportText::new("a reason").ok()?,
            appeal: None,
        };
        let said = Anonymous::Report(report);
        let sealed = SealedAnonymous::seal(&self.head, self.suite, &keys, &said, step.random)?;
        let (topic, hour) = (self.publish_key(&held.era, step.now)?, step.now.hour());
        let (kind, record) = (FrameKind::Anonymous, sealed.to_bytes());
        let seal = &held.keys.item_seal;
        let sealed = seal.seal_as(&topic, hour, kind, &record, ANONYMOUS_CLASS, step.random);
        Some(vec![sealed.ok()?])
    }

    /// An item as its author signed it.
    pub(crate) fn signed_item(&self, item: &ItemId) -> Option<Vec<u8>> {
        Some(self.items.signed(item)?.to_bytes())
    }
}

//! Items of a batch: sorted by the counters of their seals, decrypted one after the other, taken in.
//!
//! A message that turns out wrong leaves no trace: decryption goes on from what the last good one
//! left, so that a forged message never burns the key of a true one. Clause: specs/03-circle C-12.

use std::collections::BTreeMap;

use crate::circle::intent::IntentKind;
use crate::circle::receive::Verdicts;
use crate::circle::{Circle, Step};
use crate::content::{Content, Item, SignedItem};
use crate::id::{CircleId, DeviceId, EnvelopeId, MemberId, StateId};
use crate::identity::Verified;
use crate::ledger::Ledger;
use crate::mls::{Group, Namespace, OpenError, Provider, unopened};
use crate::output::Event;
use crate::secret::Secret;
use crate::state::{SealLinks, author_of};
use crate::verdict::{Redundant, Verdict, Violation};
use crate::wire::{self, Frame};

/// Bytes of the links beside an item.
const MAX_SEAL_LINKS: usize = 64;

/// An item still under MLS, with what sorts it.
pub(super) struct Closed {
    envelope: EnvelopeId,
    counter: u64,
    message: zeroize::Zeroizing<Vec<u8>>,
}

impl Closed {
    /// Reads beside a still encrypted item what sorts it.
    pub(super) fn read(
        envelope: EnvelopeId,
        state: StateId,
        frame: Frame,
    ) -> Result<Self, Violation> {
        let outer = unopened(&frame.record).map_err(|_| Violation::Malformed)?;
        let links: SealLinks =
            wire::decode(&outer.aad, MAX_SEAL_LINKS).map_err(|_| Violation::Malformed)?;
        if !links.is_known_version() || links.state != state {
            return Err(Violation::Misplaced);
        }
        Ok(Self { envelope, counter: links.counter, message: frame.record })
    }
}

/// A state whose items are being decrypted.
struct Decrypting {
    circle: CircleId,
    state: StateId,
    provider: Provider,
    group: Group,
    authors: BTreeMap<u32, (MemberId, DeviceId)>,
}

impl Decrypting {
    fn start(
        circle: CircleId,
        state: StateId,
        ledger: &Ledger,
        namespace: &Namespace,
        injected: Secret<32>,
    ) -> Option<Self> {
        let provider = Provider::new(injected, namespace);
        let group = Group::load(&provider, &circle).ok()?;
        let leaves = group.leaves().ok()?;
        let author =
            |leaf: crate::mls::Leaf| Some((leaf.index, author_of(ledger, &leaf.credential)?));
        let authors = leaves.into_iter().filter_map(author).collect();
        Some(Self { circle, state, provider, group, authors })
    }

    fn decrypt(&mut self, item: &Closed) -> Result<Verified<Item>, Verdict> {
        let opened =
            self.group.decrypt(&self.provider, &item.message).map_err(|error| match error {
                // What this device wrote itself comes back from relays after a restart.
                OpenError::Own => Verdict::Ignore(Redundant::Duplicate),
                _ => Verdict::Reject(Violation::Mls),
            })?;
        // Sorting went by bytes nothing vouched for yet; now they are authentic, or this fails.
        let links: SealLinks = wire::decode(&opened.aad, MAX_SEAL_LINKS)
            .map_err(|_| Verdict::Reject(Violation::Malformed))?;
        let signed = SignedItem::from_bytes(&opened.plaintext)
            .map_err(|_| Verdict::Reject(Violation::Malformed))?;
        let received = signed.verify().map_err(|_| Verdict::Reject(Violation::Signature))?;
        let author = self.authors.get(&opened.sender).ok_or(Verdict::Reject(Violation::Author))?;
        let fits = received.body.circle == self.circle
            && (received.body.member, received.body.device) == *author
            && (links.state, links.counter) == (self.state, item.counter);
        if fits { Ok(received) } else { Err(Verdict::Reject(Violation::Author)) }
    }
}

impl Circle {
    /// Decrypts items of one state, in the order of their seals.
    pub(super) fn take_items(
        &mut self,
        step: &mut Step<'_>,
        id: StateId,
        mut closed: Vec<Closed>,
        verdicts: &mut Verdicts,
    ) {
        closed.sort_by_key(|item| item.counter);
        let Some(held) = self.states.get(&id).and_then(|state| state.held()) else {
            return;
        };
        let base = held.namespace.clone();
        let ledger = held.ledger.clone();
        let mut namespace = base.clone();
        let mut open: Option<Decrypting> = None;
        let mut arrived = Vec::new();
        for item in closed {
            let started = match open.take() {
                Some(started) => Some(started),
                None => Decrypting::start(self.id, id, &ledger, &namespace, step.injected()),
            };
            let Some(mut started) = started else {
                return;
            };
            match started.decrypt(&item) {
                Ok(received) => {
                    namespace = started.provider.snapshot();
                    arrived.push((item.envelope, received));
                    open = Some(started);
                }
                Err(verdict) => self.resolved(step, item.envelope, verdict, verdicts),
            }
        }
        let changes = namespace.changes_since(&base);
        if let Some(held) = self.states.get_mut(&id).and_then(|state| state.held_mut()) {
            held.namespace = namespace;
        }
        self.write_namespace(step, &id, changes);
        for (envelope, item) in arrived {
            let verdict = self.take_item(step, item);
            self.resolved(step, envelope, verdict, verdicts);
        }
    }

    fn take_item(&mut self, step: &mut Step<'_>, item: Verified<Item>) -> Verdict {
        let id = item.id;
        if self.items.contains_key(&id) {
            return Verdict::Accept;
        }
        let place = (item.body.device, item.body.seq);
        if self.places.get(&place).is_some_and(|other| *other != id) {
            return Verdict::Reject(Violation::Equivocation);
        }
        let written = item.body.written;
        let leaves = matches!(item.body.content, Content::Leave(_));
        self.keep_item(step, item);
        if leaves && !self.leavers().contains(&id) {
            let due = self.turn(step, None);
            self.want(step, IntentKind::LetGo(id), due);
        }
        step.tell(Event::ItemArrived { circle: self.id, item: id, written, own: false });
        Verdict::Accept
    }

    /// Keeps an item, of this device or another.
    pub(super) fn keep_item(&mut self, step: &mut Step<'_>, item: Verified<Item>) {
        let id = item.id;
        self.write_item(step, &item);
        self.places.insert((item.body.device, item.body.seq), id);
        self.items.insert(id, item);
        self.note_tip(id);
    }
}

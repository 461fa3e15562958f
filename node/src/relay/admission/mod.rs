//! Admission by grant: who drew how much, which tokens were spent, and what of it is durable when.
//!
//! Nothing counts before it is written: a draw before its tokens are made, a spent token before it
//! pays. What fails in between is lost to whoever asked, never to the relay; a draw that broke off
//! can be repeated as it was. Clauses: specs/06-sync Y-60 to Y-69.

mod ledger;
mod records;
mod serve;
mod spent;

use std::collections::BTreeMap;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use windbreak_protocol::admission::{
    AdmissionReply, Element, Grant, GrantId, ShownToken, TokenSecret, epoch_of,
};
use windbreak_protocol::id::Topic;
use windbreak_protocol::limits::DRAW_TOKENS;
use windbreak_protocol::random::Random;
use windbreak_protocol::record::Batch;
use windbreak_protocol::secret::Secret;
use windbreak_protocol::time::Hour;
use windbreak_protocol::wire::sync::Refusal;

use self::ledger::Ledger;
use self::spent::Spent;
use crate::relay::mailbox::RelayMailbox;
use crate::store::{Store, StoreError};
use crate::swarm::Clock;

pub(crate) use ledger::{Draw, IssueError, Terms, Use};
pub(crate) use records::Remembered;
pub(crate) use serve::serve;

/// Whom a relay admits.
pub(crate) struct Admission {
    /// Held over each write, so that the store sees changes in their order.
    ledger: tokio::sync::Mutex<Ledger>,
    spent: Mutex<Spent>,
    secret: Arc<TokenSecret>,
    /// The hour in which the relay ran last, as far as it is written.
    seen: Mutex<Option<Hour>>,
    clock: Clock,
}

impl Admission {
    /// From what the store remembers; the first time, with a new secret.
    pub(crate) fn open(
        remembered: Remembered,
        store: &mut dyn Store,
        clock: Clock,
    ) -> Result<Self, StoreError> {
        if remembered.is_damaged {
            return Err(StoreError::Damaged);
        }
        let secret = match remembered.secret {
            Some(secret) => secret,
            None => {
                let secret = fresh_secret().ok_or(StoreError::Stopped)?;
                let mut batch = Batch::new();
                let (key, value) = records::secret(&secret);
                batch.put(key, value);
                store.apply(batch)?;
                secret
            }
        };
        Ok(Self {
            ledger: tokio::sync::Mutex::new(Ledger::new(remembered.grants, remembered.uses)),
            spent: Mutex::new(Spent::new(remembered.spent, remembered.floor)),
            secret: Arc::new(TokenSecret::new(secret)),
            seen: Mutex::new(remembered.seen),
            clock,
        })
    }

    /// Issues a grant; it is durable when it is given out.
    pub(crate) async fn issue(
        &self,
        mailbox: &RelayMailbox,
        terms: Terms,
    ) -> Result<Grant, IssueError> {
        let first = epoch_of(self.now());
        let keys = {
            let secret = self.secret.clone();
            let epochs = first..first.saturating_add(u32::from(terms.epochs));
            off_thread(move || secret.public_keys(epochs)).await.flatten()
        };
        let keys = keys.ok_or(IssueError::System)?.hash();
        let mut ledger = self.ledger.lock().await;
        let id = GrantId::from_bytes(fresh_bytes().ok_or(IssueError::System)?);
        let secret = fresh_secret().ok_or(IssueError::System)?;
        let grant =
            Grant::new(id, secret, (terms.members, terms.draws), (first, terms.epochs), keys)
                .ok_or(IssueError::Bounds)?;
        ledger.has_room_for(&grant)?;
        let mut batch = Batch::new();
        let (key, value) = records::grant(&grant);
        batch.put(key, value);
        if !mailbox.note(batch).await {
            return Err(IssueError::NotWritten);
        }
        // A second copy, on purpose: one stays, one is passed on.
        let copy = Grant::from_bytes(&grant.to_bytes()).map_err(|_| IssueError::System)?;
        ledger.insert(grant);
        Ok(copy)
    }

    /// Every grant that holds, and how much of it is used in this epoch.
    pub(crate) async fn list(&self) -> Vec<Use> {
        self.ledger.lock().await.list(epoch_of(self.now()))
    }

    /// Ends a grant; `None` if there is none such, `Some(false)` if that could not be written.
    pub(crate) async fn revoke(&self, mailbox: &RelayMailbox, id: GrantId) -> Option<bool> {
        let mut ledger = self.ledger.lock().await;
        let batch = ledger.removal(id)?;
        let written = mailbox.note(batch).await;
        if written {
            ledger.remove(id);
        }
        Some(written)
    }

    /// Makes tokens for whoever shows a sub-grant.
    pub(crate) async fn draw(
        &self,
        mailbox: &RelayMailbox,
        draw: Draw,
        (nonce, peer): (&[u8; 32], &[u8]),
        blinded: Vec<Element>,
    ) -> Result<AdmissionReply, Refusal> {
        let epoch = draw.epoch;
        let now = epoch_of(self.now());
        let epochs = {
            let mut ledger = self.ledger.lock().await;
            let epochs = ledger.check(&draw, now, nonce, peer, &blinded)?;
            if let Some(used) = ledger.charge(&draw, &blinded)? {
                let mut batch = Batch::new();
                let (key, value) = records::used(draw.grant, draw.member, &used);
                batch.put(key, value);
                if !mailbox.note(batch).await {
                    return Err(Refusal::Full);
                }
                let drawn = &mailbox.counters().tokens_drawn;
                drawn.fetch_add(DRAW_TOKENS as u64, Ordering::Relaxed);
                ledger.set(draw.grant, draw.member, used);
            }
            epochs
        };
        let secret = self.secret.clone();
        let made = off_thread(move || {
            let mut random = Random::from_seed(&fresh_secret()?);
            let keys = secret.public_keys(epochs)?.as_elements().to_vec();
            Some((keys, secret.key(epoch)?.evaluate(&blinded, &mut random)))
        });
        let (keys, made) = made.await.flatten().ok_or(Refusal::Full)?;
        let (evaluated, proof) = made.map_err(|_| Refusal::Malformed)?;
        Ok(AdmissionReply::Drawn { keys, evaluated, proof })
    }

    /// Ends a sub-grant, for whoever shows the grant.
    pub(crate) async fn revoke_member(
        &self,
        mailbox: &RelayMailbox,
        (id, member): (GrantId, u16),
        (nonce, peer): (&[u8; 32], &[u8]),
        proof: &[u8; 32],
    ) -> Result<(), Refusal> {
        let mut ledger = self.ledger.lock().await;
        let used = ledger.revocation((id, member), nonce, peer, proof)?;
        let mut batch = Batch::new();
        let (key, value) = records::used(id, member, &used);
        batch.put(key, value);
        if !mailbox.note(batch).await {
            return Err(Refusal::Full);
        }
        ledger.set(id, member, used);
        Ok(())
    }

    /// Spends a token on a topic, once.
    pub(crate) async fn spend(
        &self,
        mailbox: &RelayMailbox,
        topic: Topic,
        token: ShownToken,
    ) -> Result<(), Refusal> {
        if !self.spent().takes(token.epoch(), self.now()) {
            return Err(Refusal::TokenInvalid);
        }
        let secret = self.secret.clone();
        let made = off_thread(move || {
            secret.key(token.epoch()).is_some_and(|key| key.made(&token, &topic))
        });
        if made.await != Some(true) {
            return Err(Refusal::TokenInvalid);
        }
        // In memory first, so that of two at once one is refused.
        self.spent().insert(token.epoch(), *token.input())?;
        let mut batch = Batch::new();
        let (key, value) = records::spent(token.epoch(), token.input());
        batch.put(key, value);
        if !mailbox.note(batch).await {
            self.spent().forget(token.epoch(), token.input());
            return Err(Refusal::Full);
        }
        mailbox.counters().tokens_spent.fetch_add(1, Ordering::Relaxed);
        Ok(())
    }

    /// Whether the clock shows an hour that can follow the last in which the relay ran. A clock that is
    /// a week ahead for one start would end grants for good, and take no token when it is right again.
    pub(crate) fn trusts_clock(&self) -> bool {
        let now = self.now();
        self.last_seen().is_none_or(|seen| now.get() <= seen.get().saturating_add(MAX_ABSENCE))
    }

    /// The host says that the clock is right.
    pub(crate) async fn confirm_clock(&self, mailbox: &RelayMailbox) {
        self.note_clock(mailbox, self.now()).await;
    }

    fn last_seen(&self) -> Option<Hour> {
        *self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn note_clock(&self, mailbox: &RelayMailbox, now: Hour) {
        // Never lower: a machine without a clock of its own begins in the past at each start.
        if self.last_seen().is_some_and(|seen| seen >= now) {
            return;
        }
        let mut batch = Batch::new();
        let (key, value) = records::seen(now);
        batch.put(key, value);
        if mailbox.note(batch).await {
            *self.seen.lock().unwrap_or_else(PoisonError::into_inner) = Some(now);
        }
    }

    /// Forgets tokens of epochs that are over, and grants that are.
    pub(crate) async fn sweep(&self, mailbox: &RelayMailbox) {
        let now = self.now();
        if !self.trusts_clock() {
            tracing::error!(
                "the clock jumped by more than eight days: nothing is forgotten until the relay starts again"
            );
            return;
        }
        self.note_clock(mailbox, now).await;
        let over = self.spent().over(now);
        if let Some((floor, inputs)) = over {
            let mut batch = Batch::new();
            let (key, value) = records::floor(floor);
            // First, and by itself: what is forgotten must not count anew, whatever clocks do.
            batch.put(key, value);
            if !mailbox.note(batch).await {
                return;
            }
            self.spent().drop_below(floor);
            for some in inputs.chunks(FORGOTTEN) {
                let mut batch = Batch::new();
                for (epoch, input) in some {
                    batch.delete(records::spent(*epoch, input).0);
                }
                mailbox.note(batch).await;
            }
        }
        let mut ledger = self.ledger.lock().await;
        for id in ledger.over(epoch_of(now)) {
            if let Some(batch) = ledger.removal(id)
                && mailbox.note(batch).await
            {
                ledger.remove(id);
            }
        }
    }

    fn now(&self) -> Hour {
        (self.clock)().hour()
    }

    fn spent(&self) -> MutexGuard<'_, Spent> {
        // Each change leaves the set whole, so a panic elsewhere does not spoil it.
        self.spent.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Hours for which a relay by grant was not running and still takes its clock on trust: eight days.
const MAX_ABSENCE: u32 = 192;

/// Records deleted in one batch.
const FORGOTTEN: usize = 1024;

/// What each sub-grant of a grant has used, by its number.
pub(crate) type Uses = BTreeMap<(GrantId, u16), ledger::MemberUse>;

fn fresh_bytes<const N: usize>() -> Option<[u8; N]> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).ok()?;
    Some(bytes)
}

fn fresh_secret() -> Option<Secret<32>> {
    fresh_bytes().map(Secret::from_bytes)
}

/// Computes where it stops nobody else.
async fn off_thread<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Option<T> {
    tokio::task::spawn_blocking(work).await.ok()
}

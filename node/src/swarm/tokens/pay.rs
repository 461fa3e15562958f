//! Puts on one stream, paid for with tokens where the relay wants that. A relay that takes from
//! everybody is never shown one. Clauses: specs/06-sync Y-66, Y-76.

use libp2p::PeerId;
use tokio::sync::Mutex;
use windbreak_protocol::admission::{ShownToken, epoch_of};
use windbreak_protocol::id::{EnvelopeId, Topic};
use windbreak_protocol::limits::TOKEN_BYTES;
use windbreak_protocol::wire::sync::Refusal;

use super::purse::PouchName;
use crate::swarm::limits::MIN_TOKENS;
use crate::swarm::outgoing::Carrier;
use crate::swarm::shared::Shared;
use crate::swarm::stream::{StreamError, TopicStream};

/// Tokens that a relay calls invalid and after which none is shown to it on this stream: it would
/// end the stream, and what is wrong is more than one token.
const MAX_INVALID: u32 = 3;

/// Whether the last tokens are left for what this device has to say.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Reserve {
    /// They may be spent.
    None,
    /// A relay that says it lost everything must not use them up.
    Some,
}

/// Pays on one stream.
pub(crate) struct Payer<'a> {
    shared: &'a Shared,
    relay: Option<PeerId>,
    topic: Topic,
    account: Mutex<Account>,
}

#[derive(Default)]
struct Account {
    /// Whether the relay has asked for tokens on this stream.
    is_asked: bool,
    /// Bytes that were paid for and are not used.
    paid: u64,
    /// A token that was shown and not taken, because the relay is full: it is shown again here, and
    /// nowhere else.
    shown: Option<ShownToken>,
    invalid: u32,
}

impl<'a> Payer<'a> {
    pub(crate) fn new(shared: &'a Shared, carrier: Carrier, topic: Topic) -> Self {
        let relay = match carrier {
            Carrier::Relay(relay) => Some(relay),
            Carrier::Links | Carrier::Direct => None,
        };
        Self { shared, relay, topic, account: Mutex::default() }
    }

    /// Puts an envelope; without a token where one is wanted, it is refused as the relay did. What this
    /// device published is put once more only while it is still to leave.
    pub(crate) async fn put(
        &self,
        stream: &TopicStream,
        envelope: &[u8],
        reserve: Reserve,
        published: Option<&EnvelopeId>,
    ) -> Result<Result<(), Refusal>, StreamError> {
        let price = envelope.len() as u64;
        // Once to hear that tokens are wanted, and once with one.
        for _ in 0..2 {
            let is_paid = match self.pay(stream, price, reserve).await? {
                Ok(is_paid) => is_paid,
                Err(reason) => return Ok(Err(reason)),
            };
            match stream.put(envelope).await? {
                Err(Refusal::TokenWanted) => {
                    let mut account = self.account.lock().await;
                    account.is_asked = true;
                    if is_paid {
                        // The relay counts otherwise; by its count nothing is left.
                        account.paid = 0;
                    }
                    // It may have been taken back meanwhile, and is on no relay yet.
                    if published.is_some_and(|id| !self.shared.outgoing.has(id)) {
                        break;
                    }
                }
                Err(reason) => {
                    if is_paid {
                        self.account.lock().await.paid += price;
                    }
                    return Ok(Err(reason));
                }
                Ok(()) => return Ok(Ok(())),
            }
        }
        Ok(Err(Refusal::TokenWanted))
    }

    /// Sees to it that so much is paid for; says whether anything has to be.
    async fn pay(
        &self,
        stream: &TopicStream,
        price: u64,
        reserve: Reserve,
    ) -> Result<Result<bool, Refusal>, StreamError> {
        // Held while a token is spent, so that of many puts at once one spends it.
        let mut account = self.account.lock().await;
        if !account.is_asked {
            return Ok(Ok(false));
        }
        while account.paid < price {
            let shown = match account.shown.take() {
                Some(shown) => Some(shown),
                None if account.invalid >= MAX_INVALID => None,
                None => self.take(reserve).await,
            };
            let Some(shown) = shown else { return Ok(Err(Refusal::TokenWanted)) };
            match stream.spend(shown).await? {
                Ok(()) => account.paid += TOKEN_BYTES,
                Err(Refusal::TokenInvalid) => {
                    tracing::debug!("a relay does not take a token");
                    account.invalid += 1;
                }
                Err(reason) => {
                    account.shown = Some(shown);
                    return Ok(Err(reason));
                }
            }
        }
        account.paid -= price;
        Ok(Ok(true))
    }

    async fn take(&self, reserve: Reserve) -> Option<ShownToken> {
        let (purse, venue) = self.shared.tokens.as_ref()?;
        let name = PouchName::of(venue, &self.relay?);
        let now = (self.shared.clock)();
        if reserve == Reserve::Some {
            let counted = purse.count(&name, now, epoch_of(now.hour()));
            let resting = if self.shared.spends_at_once() { counted.resting } else { 0 };
            if counted.ready + resting <= MIN_TOKENS {
                return None;
            }
        }
        let token = purse.take(&name, now, self.shared.spends_at_once()).await?;
        Some(token.show(&self.topic))
    }
}

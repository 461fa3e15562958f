//! The tokens a node has, durably: what is drawn is written before it can be spent, and a token goes
//! from the store before a relay is shown it. A crash in between loses one token and shows none twice.
//! Clause: specs/06-sync Y-75.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use libp2p::PeerId;
use sha2::{Digest, Sha256};
use tokio::sync::watch;
use windbreak_protocol::Venue;
use windbreak_protocol::admission::{GrantId, RelayPart, Token};
use windbreak_protocol::record::{Batch, Key, RecordKind};
use windbreak_protocol::secret::Secret;
use windbreak_protocol::time::Timestamp;

use crate::store::StoreError;
use crate::swarm::mailbox::SharedStore;

/// First part of the name of a record; venue, relay and what it is follow.
const NAME: &[u8] = b"tokens/";
/// What a record is.
const TOKEN: u8 = 1;
const BEGUN: u8 = 2;
const DUE: u8 = 3;
/// Tokens kept for one relay of one venue: what is drawn beyond is not kept.
const MAX_TOKENS: usize = 512;

/// Whether a record of the node is one of a purse.
pub(crate) fn is_tokens(key: &Key) -> bool {
    key.kind() == RecordKind::Node && key.name().starts_with(NAME)
}

/// Names the tokens of one relay in one venue.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(crate) struct PouchName {
    venue: [u8; 16],
    relay: [u8; 16],
}

impl PouchName {
    pub(crate) fn of(venue: &Venue, relay: &PeerId) -> Self {
        Self { venue: venue_name(venue), relay: half(&relay.to_bytes()) }
    }
}

fn venue_name(venue: &Venue) -> [u8; 16] {
    match venue {
        Venue::Circle(circle) => half(&[b"c".as_slice(), circle.as_bytes()].concat()),
        Venue::Invite(invite) => half(&[b"i".as_slice(), invite.as_bytes()].concat()),
    }
}

fn half(bytes: &[u8]) -> [u8; 16] {
    let hash: [u8; 32] = Sha256::digest(bytes).into();
    let mut half = [0; 16];
    half.copy_from_slice(&hash[..16]);
    half
}

/// A draw that has begun: repeated as it was, it is answered again and costs nothing (Y-68).
#[derive(Debug)]
pub(crate) struct Begun {
    grant: GrantId,
    member: u16,
    pub(crate) epoch: u32,
    /// From which its elements are made again.
    pub(crate) seed: Secret<32>,
}

impl Begun {
    pub(crate) fn new(part: &RelayPart, epoch: u32, seed: Secret<32>) -> Self {
        Self { grant: part.grant(), member: part.member(), epoch, seed }
    }

    /// Whether it is a draw by this part in this epoch.
    pub(crate) fn is_by(&self, part: &RelayPart, epoch: u32) -> bool {
        (self.grant, self.member, self.epoch) == (part.grant(), part.member(), epoch)
    }

    fn duplicate(&self) -> Self {
        let seed = self.seed.duplicate();
        Self { seed, grant: self.grant, member: self.member, epoch: self.epoch }
    }

    fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = self.grant.as_bytes().to_vec();
        bytes.extend_from_slice(&self.member.to_be_bytes());
        bytes.extend_from_slice(&self.epoch.to_be_bytes());
        bytes.extend_from_slice(self.seed.expose());
        bytes
    }

    fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (grant, rest) = bytes.split_first_chunk::<8>()?;
        let (member, rest) = rest.split_first_chunk::<2>()?;
        let (epoch, seed) = rest.split_first_chunk::<4>()?;
        Some(Self {
            grant: GrantId::from_bytes(*grant),
            member: u16::from_be_bytes(*member),
            epoch: u32::from_be_bytes(*epoch),
            seed: Secret::try_from(seed).ok()?,
        })
    }
}

/// A token, and from when on it may be spent.
struct Kept {
    ready: Timestamp,
    token: Token,
}

#[derive(Default)]
struct Pouch {
    tokens: Vec<Kept>,
    begun: Option<Begun>,
    /// When more are drawn.
    due: Option<Timestamp>,
}

/// How much there is.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(crate) struct Counted {
    /// Can be spent now.
    pub(crate) ready: usize,
    /// Can be spent later.
    pub(crate) resting: usize,
    /// Of the present epoch, among these.
    pub(crate) of_epoch: usize,
    pub(crate) ready_from: Option<Timestamp>,
    pub(crate) due: Option<Timestamp>,
}

/// All tokens of a node.
pub(crate) struct Purse {
    store: SharedStore,
    pouches: Mutex<BTreeMap<PouchName, Pouch>>,
    changed: watch::Sender<()>,
}

impl Purse {
    /// Reads what the store holds.
    pub(crate) fn open(store: SharedStore) -> Result<Arc<Self>, StoreError> {
        let mut pouches: BTreeMap<PouchName, Pouch> = BTreeMap::new();
        store.lock().unwrap_or_else(PoisonError::into_inner).visit(
            RecordKind::Node,
            &mut |key, value| {
                let Some((name, what)) = read_name(&key) else { return };
                let pouch = pouches.entry(name).or_default();
                // What does not read is lost: tokens are drawn anew.
                match what {
                    TOKEN => pouch.tokens.extend(read_token(&value)),
                    BEGUN => pouch.begun = Begun::from_bytes(&value),
                    DUE => {
                        let due = value.as_slice().try_into().ok().map(u64::from_be_bytes);
                        pouch.due = due.map(Timestamp::from_seconds);
                    }
                    _ => {}
                }
            },
        )?;
        Ok(Arc::new(Self { store, pouches: Mutex::new(pouches), changed: watch::Sender::new(()) }))
    }

    /// Tells of every change.
    pub(crate) fn subscribe(&self) -> watch::Receiver<()> {
        self.changed.subscribe()
    }

    pub(crate) fn count(&self, name: &PouchName, now: Timestamp, epoch: u32) -> Counted {
        let pouches = self.pouches();
        let Some(pouch) = pouches.get(name) else { return Counted::default() };
        let good = pouch.tokens.iter().filter(|kept| kept.token.is_good_at(now.hour()));
        let mut counted = Counted { due: pouch.due, ..Counted::default() };
        for kept in good {
            if kept.ready <= now {
                counted.ready += 1;
            } else {
                counted.resting += 1;
                let first = counted.ready_from.unwrap_or(kept.ready).min(kept.ready);
                counted.ready_from = Some(first);
            }
            counted.of_epoch += usize::from(kept.token.epoch() == epoch);
        }
        counted
    }

    /// Takes a token out for good; durably, before it is given. One that has rested, if there is one;
    /// one that has not only with `any_age`.
    pub(crate) async fn take(
        &self,
        name: &PouchName,
        now: Timestamp,
        any_age: bool,
    ) -> Option<Token> {
        let kept = {
            let mut pouches = self.pouches();
            let pouch = pouches.get_mut(name)?;
            let places = |rested: bool| {
                let fits = move |kept: &Kept| {
                    kept.token.is_good_at(now.hour()) && (kept.ready <= now) == rested
                };
                let fitting: Vec<usize> = (0..pouch.tokens.len())
                    .filter(|place| pouch.tokens.get(*place).is_some_and(fits))
                    .collect();
                // The oldest go first; among those it is left to chance.
                let epoch = |place: &usize| pouch.tokens.get(*place).map(|kept| kept.token.epoch());
                let oldest = fitting.iter().filter_map(epoch).min();
                let oldest: Vec<usize> =
                    fitting.into_iter().filter(|place| epoch(place) == oldest).collect();
                let lot = usize::try_from(getrandom::u32().unwrap_or(0)).unwrap_or(0);
                oldest.get(lot.checked_rem(oldest.len())?).copied()
            };
            let place = places(true).or_else(|| any_age.then(|| places(false)).flatten())?;
            pouch.tokens.swap_remove(place)
        };
        let mut batch = Batch::new();
        batch.delete(token_key(name, &kept.token));
        if let Err(error) = self.write(batch).await {
            // It was shown to nobody: after a start it is there again.
            tracing::warn!(%error, "a token cannot be spent");
            return None;
        }
        self.changed.send_replace(());
        Some(kept.token)
    }

    /// The draw that has begun, if it has.
    pub(crate) fn begun(&self, name: &PouchName) -> Option<Begun> {
        self.pouches().get(name)?.begun.as_ref().map(Begun::duplicate)
    }

    /// Keeps a draw before the relay is asked.
    pub(crate) async fn begin(&self, name: &PouchName, begun: Begun) -> Result<(), StoreError> {
        let mut batch = Batch::new();
        batch.put(key(name, BEGUN, &[]), begun.to_bytes());
        self.write(batch).await?;
        self.pouches().entry(*name).or_default().begun = Some(begun);
        Ok(())
    }

    /// Keeps what was drawn; what cannot be good any more goes.
    pub(crate) async fn finish(
        &self,
        name: &PouchName,
        tokens: Vec<Token>,
        ready: Timestamp,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let room = {
            let pouches = self.pouches();
            MAX_TOKENS.saturating_sub(pouches.get(name).map_or(0, |pouch| pouch.tokens.len()))
        };
        let mut batch = Batch::new();
        batch.delete(key(name, BEGUN, &[]));
        batch.delete(key(name, DUE, &[]));
        let tokens: Vec<Token> = tokens.into_iter().take(room).collect();
        for token in &tokens {
            batch.put(token_key(name, token), write_token(ready, token));
        }
        let old: Vec<[u8; 32]> = {
            let pouches = self.pouches();
            let kept = pouches.get(name).into_iter().flat_map(|pouch| &pouch.tokens);
            let old = kept.filter(|kept| !kept.token.is_good_at(now.hour()));
            let old: Vec<_> = old.map(|kept| *kept.token.input()).collect();
            old
        };
        for input in &old {
            batch.delete(key(name, TOKEN, input));
        }
        self.write(batch).await?;
        {
            let mut pouches = self.pouches();
            let pouch = pouches.entry(*name).or_default();
            pouch.tokens.retain(|kept| !old.contains(kept.token.input()));
            pouch.tokens.extend(tokens.into_iter().map(|token| Kept { ready, token }));
            (pouch.begun, pouch.due) = (None, None);
        }
        self.changed.send_replace(());
        Ok(())
    }

    /// Gives up a draw, as one that was refused.
    pub(crate) async fn give_up(&self, name: &PouchName) -> Result<(), StoreError> {
        let mut batch = Batch::new();
        batch.delete(key(name, BEGUN, &[]));
        self.write(batch).await?;
        if let Some(pouch) = self.pouches().get_mut(name) {
            pouch.begun = None;
        }
        Ok(())
    }

    /// Says when more are drawn: durably, or each start would show in it.
    pub(crate) async fn plan(&self, name: &PouchName, due: Timestamp) -> Result<(), StoreError> {
        let mut batch = Batch::new();
        batch.put(key(name, DUE, &[]), due.as_seconds().to_be_bytes().to_vec());
        self.write(batch).await?;
        self.pouches().entry(*name).or_default().due = Some(due);
        Ok(())
    }

    /// What was drawn for an attempt to join serves the circle it led to. To be written with what
    /// else is written of that.
    pub(crate) fn inherit(&self, from: &Venue, to: &Venue) -> Batch {
        let (from, to) = (venue_name(from), venue_name(to));
        let mut batch = Batch::new();
        let mut pouches = self.pouches();
        let names: Vec<_> = pouches.keys().filter(|name| name.venue == from).copied().collect();
        for name in names {
            let Some(pouch) = pouches.remove(&name) else { continue };
            delete(&mut batch, &name, &pouch);
            let heir = PouchName { venue: to, ..name };
            let target = pouches.entry(heir).or_default();
            for kept in pouch.tokens {
                batch.put(token_key(&heir, &kept.token), write_token(kept.ready, &kept.token));
                target.tokens.push(kept);
            }
        }
        batch
    }

    /// Forgets the tokens of a venue that is over.
    pub(crate) fn forget(&self, venue: &Venue) -> Batch {
        let venue = venue_name(venue);
        let mut batch = Batch::new();
        self.pouches().retain(|name, pouch| {
            if name.venue == venue {
                delete(&mut batch, name, pouch);
            }
            name.venue != venue
        });
        batch
    }

    async fn write(&self, batch: Batch) -> Result<(), StoreError> {
        let store = self.store.clone();
        let write = move || store.lock().unwrap_or_else(PoisonError::into_inner).apply(batch);
        tokio::task::spawn_blocking(write).await.unwrap_or(Err(StoreError::Stopped))
    }

    fn pouches(&self) -> MutexGuard<'_, BTreeMap<PouchName, Pouch>> {
        // Each change leaves the pouches whole, so a panic elsewhere does not spoil them.
        self.pouches.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl std::fmt::Debug for Purse {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Purse").finish_non_exhaustive()
    }
}

fn delete(batch: &mut Batch, name: &PouchName, pouch: &Pouch) {
    batch.delete(key(name, BEGUN, &[]));
    batch.delete(key(name, DUE, &[]));
    for kept in &pouch.tokens {
        batch.delete(token_key(name, &kept.token));
    }
}

fn key(name: &PouchName, what: u8, rest: &[u8]) -> Key {
    Key::new(RecordKind::Node, &[NAME, &name.venue, &name.relay, &[what], rest])
}

fn token_key(name: &PouchName, token: &Token) -> Key {
    key(name, TOKEN, token.input())
}

fn read_name(key: &Key) -> Option<(PouchName, u8)> {
    let name = key.name().strip_prefix(NAME)?;
    let (venue, name) = name.split_first_chunk::<16>()?;
    let (relay, name) = name.split_first_chunk::<16>()?;
    Some((PouchName { venue: *venue, relay: *relay }, *name.first()?))
}

fn write_token(ready: Timestamp, token: &Token) -> Vec<u8> {
    let mut value = ready.as_seconds().to_be_bytes().to_vec();
    value.extend_from_slice(&token.to_bytes());
    value
}

fn read_token(value: &[u8]) -> Option<Kept> {
    let (ready, token) = value.split_first_chunk::<8>()?;
    let ready = Timestamp::from_seconds(u64::from_be_bytes(*ready));
    Some(Kept { ready, token: Token::from_bytes(token).ok()? })
}

//! When tokens are drawn: at times of chance and ahead of need, so that a draw tells nothing of when
//! somebody writes. Only who has none at all draws soon. Clauses: specs/06-sync Y-74, Y-76.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use libp2p::PeerId;
use tokio::sync::watch;
use tokio::time::{Instant, sleep};
use windbreak_protocol::Venue;
use windbreak_protocol::admission::{GrantId, RelayPart, epoch_of};
use windbreak_protocol::limits::TOKEN_EPOCH_HOURS;
use windbreak_protocol::secret::Secret;
use windbreak_protocol::time::Timestamp;

use super::draw::{self, Asking};
use super::purse::{Begun, Counted, PouchName, Purse};
use super::{DrawTrouble, Drawn, TokenStatus};
use crate::swarm::limits::{DRAW_AGAIN, DRAW_LOOK, LOW_TOKENS, MIN_TOKENS, jittered, part_of};
use crate::swarm::relays::Relay;
use crate::swarm::shared::Shared;
use crate::swarm::venue::Way;

/// What is remembered of one relay while the venue is open.
#[derive(Default)]
struct Kept {
    /// By which part it was drawn last: another begins anew.
    part: Option<(GrantId, u16)>,
    trouble: Option<DrawTrouble>,
    /// Nothing is tried before it.
    not_before: Option<Instant>,
    /// Failures in a row.
    failures: u32,
}

/// Draws for a venue, and has revoked what ended, until the venue closes.
pub(crate) async fn run(shared: Arc<Shared>, mut drawn: watch::Receiver<Arc<Drawn>>) {
    let Some((purse, venue)) = shared.tokens.clone() else {
        return std::future::pending().await;
    };
    let mut kept: BTreeMap<PeerId, Kept> = BTreeMap::new();
    let mut changes = purse.subscribe();
    let (mut revoke_at, mut revoke_failures) = (Instant::now(), 0_u32);
    loop {
        let current = drawn.borrow_and_update().clone();
        changes.mark_unchanged();
        let keeper = Keeper { shared: &shared, purse: &purse, venue, way: current.way };
        kept.retain(|peer, _| current.parts.contains_key(peer));
        let mut next = DRAW_LOOK;
        for (peer, (relay, part)) in &current.parts {
            let state = kept.entry(*peer).or_default();
            next = next.min(keeper.look_after(state, relay, part).await);
        }
        if !current.ended.is_empty() {
            if revoke_at <= Instant::now() {
                let is_done = keeper.revoke(&current).await;
                revoke_failures = if is_done { 0 } else { revoke_failures.saturating_add(1) };
                let wait = match revoke_failures {
                    0..=MAX_QUICK_REVOKES => keeper.again(revoke_failures.max(1)),
                    _ => DRAW_AGAIN,
                };
                revoke_at = Instant::now() + jittered(wait);
            }
            next = next.min(revoke_at.saturating_duration_since(Instant::now()));
        }
        keeper.tell(&current, &kept);
        tokio::select! {
            () = sleep(next.max(shared.timings.retry / 4)) => {}
            changed = drawn.changed() => if changed.is_err() { return },
            changed = changes.changed() => if changed.is_err() { return },
        }
    }
}

/// Failures in a row after which a relay is asked to revoke only now and then: who asks without end
/// shows that it holds the grant.
const MAX_QUICK_REVOKES: u32 = 6;

struct Keeper<'a> {
    shared: &'a Shared,
    purse: &'a Purse,
    venue: Venue,
    way: Way,
}

impl Keeper<'_> {
    fn now(&self) -> Timestamp {
        (self.shared.clock)()
    }

    /// Draws if it is time; says when to look again.
    async fn look_after(&self, kept: &mut Kept, relay: &Relay, part: &RelayPart) -> Duration {
        let by = (part.grant(), part.member());
        if kept.part != Some(by) {
            *kept = Kept { part: Some(by), ..Kept::default() };
        }
        let epoch = epoch_of(self.now().hour());
        if !part.epochs().contains(&epoch) {
            kept.trouble = Some(DrawTrouble::Ended);
            return DRAW_LOOK;
        }
        let wait = kept.not_before.map(|at| at.saturating_duration_since(Instant::now()));
        if let Some(wait) = wait.filter(|wait| !wait.is_zero()) {
            return wait;
        }
        let name = PouchName::of(&self.venue, &relay.peer);
        let begun = self.purse.begun(&name).filter(|begun| begun.is_by(part, epoch));
        if begun.is_none() {
            let counted = self.purse.count(&name, self.now(), epoch);
            if let Some(wait) = self.wait(&name, counted, kept).await {
                return wait;
            }
        }
        match self.draw(&name, begun, (relay, part), epoch).await {
            Ok(()) => {
                kept.trouble = None;
                kept.failures = 0;
                kept.not_before = None;
                Duration::ZERO
            }
            Err(trouble) => {
                kept.trouble = Some(trouble);
                kept.failures = kept.failures.saturating_add(1);
                let wait = match trouble {
                    DrawTrouble::Unreachable | DrawTrouble::Busy | DrawTrouble::NotKept => {
                        self.again(kept.failures)
                    }
                    DrawTrouble::Ended | DrawTrouble::OtherWeek | DrawTrouble::Open => DRAW_AGAIN,
                    DrawTrouble::UsedUp => self.until_next_epoch().min(DRAW_AGAIN * 6),
                    DrawTrouble::Untrusted => DRAW_AGAIN * 24,
                };
                let wait = jittered(wait);
                kept.not_before = Some(Instant::now() + wait);
                wait
            }
        }
    }

    /// How long not to draw yet; nothing if it is time.
    async fn wait(&self, name: &PouchName, counted: Counted, kept: &mut Kept) -> Option<Duration> {
        let timings = &self.shared.timings;
        let has = counted.ready + counted.resting;
        if has == 0 {
            // Nobody writes without one. Whoever just came in the same minute did so anyway.
            let at_once = self.shared.spends_at_once();
            let soon = if at_once { timings.retry } else { timings.draw_soon };
            if kept.not_before.is_none() {
                let wait = part_of(soon);
                kept.not_before = Some(Instant::now() + wait);
                return Some(wait);
            }
            return None;
        }
        // Somebody who only knocks needs one draw.
        if matches!(self.venue, Venue::Invite(_)) || counted.of_epoch >= LOW_TOKENS {
            return Some(DRAW_LOOK);
        }
        let (now, spread) = (self.now(), timings.draw_spread);
        let spread = if has < MIN_TOKENS { spread / 8 } else { spread };
        let latest = now.after(spread);
        // One so far ahead was set by a clock that was wrong, or when there were more.
        let due = match counted.due.filter(|due| *due <= latest) {
            Some(due) => due,
            None => {
                let due = now.after(part_of(spread));
                if self.purse.plan(name, due).await.is_err() {
                    return Some(DRAW_LOOK);
                }
                due
            }
        };
        (due > now).then(|| due.since(now).min(DRAW_LOOK).max(timings.retry))
    }

    async fn draw(
        &self,
        name: &PouchName,
        begun: Option<Begun>,
        (relay, part): (&Relay, &RelayPart),
        epoch: u32,
    ) -> Result<(), DrawTrouble> {
        let seed = match begun {
            Some(begun) => begun.seed,
            None => {
                let mut seed = [0; 32];
                getrandom::fill(&mut seed).map_err(|_| DrawTrouble::NotKept)?;
                let seed = Secret::from_bytes(seed);
                // First, so that an answer that is lost can be asked for again.
                let begun = Begun::new(part, epoch, seed.duplicate());
                self.purse.begin(name, begun).await.map_err(|_| DrawTrouble::NotKept)?;
                seed
            }
        };
        let asking = Asking { way: self.way, relay, timings: &self.shared.timings };
        let tokens = match draw::draw(&asking, part, epoch, &seed).await {
            Ok(tokens) => tokens,
            Err(trouble) => {
                let for_good = matches!(
                    trouble,
                    DrawTrouble::UsedUp | DrawTrouble::Ended | DrawTrouble::Untrusted
                );
                if for_good {
                    self.purse.give_up(name).await.map_err(|_| DrawTrouble::NotKept)?;
                }
                return Err(trouble);
            }
        };
        let now = self.now();
        let ready = now.after(jittered(self.shared.timings.token_rest));
        let kept = self.purse.finish(name, tokens, ready, now).await;
        kept.map_err(|_| DrawTrouble::NotKept)
    }

    /// Whether all of it is done.
    async fn revoke(&self, drawn: &Drawn) -> bool {
        let mut is_done = true;
        for (relay, ended) in &drawn.ended {
            let asking = Asking { way: self.way, relay, timings: &self.shared.timings };
            let mut done = Vec::new();
            for member in &ended.members {
                match draw::revoke(&asking, &ended.grant, *member).await {
                    Ok(()) => done.push(*member),
                    // The host has revoked all of it, or it is over: nobody draws by any part.
                    Err(DrawTrouble::Ended) => {
                        done.clone_from(&ended.members);
                        break;
                    }
                    Err(_) => break,
                }
            }
            is_done &= done.len() == ended.members.len();
            if !done.is_empty() {
                self.shared.tell_revoked(ended.grant.id(), done).await;
            }
        }
        is_done
    }

    fn tell(&self, drawn: &Drawn, kept: &BTreeMap<PeerId, Kept>) {
        let (now, at_once) = (self.now(), self.shared.spends_at_once());
        let epoch = epoch_of(now.hour());
        let tokens = drawn.parts.keys().map(|peer| {
            let name = PouchName::of(&self.venue, peer);
            let counted = self.purse.count(&name, now, epoch);
            let resting = if at_once { 0 } else { counted.resting };
            let status = TokenStatus {
                ready: counted.ready + counted.resting - resting,
                resting,
                ready_from: counted.ready_from.filter(|_| resting > 0),
                trouble: kept.get(peer).and_then(|kept| kept.trouble),
            };
            (peer.to_string(), status)
        });
        let tokens: BTreeMap<String, TokenStatus> = tokens.collect();
        self.shared.change_status(|status| status.tokens = tokens);
    }

    fn again(&self, failures: u32) -> Duration {
        let timings = &self.shared.timings;
        (timings.retry * 2_u32.saturating_pow(failures.min(16))).min(timings.retry_at_most)
    }

    fn until_next_epoch(&self) -> Duration {
        let hours = TOKEN_EPOCH_HOURS - self.now().hour().get() % TOKEN_EPOCH_HOURS;
        Duration::from_secs(u64::from(hours) * 3600)
    }
}

//! The tokens that were spent, of the epochs in which they could be spent again.

use std::collections::{BTreeMap, BTreeSet};

use windbreak_protocol::admission::epoch_of;
use windbreak_protocol::limits::{
    DRAW_TOKENS, MAX_DRAWS_PER_EPOCH, TOKEN_EPOCH_HOURS, TOKEN_GRACE_HOURS,
};
use windbreak_protocol::time::Hour;
use windbreak_protocol::wire::sync::Refusal;

/// Spent tokens of one epoch: as many as all grants that hold at once allow.
const MAX_SPENT_PER_EPOCH: usize = MAX_DRAWS_PER_EPOCH as usize * DRAW_TOKENS;

/// A spent token: its epoch and its input.
pub(super) type SpentToken = (u32, [u8; 32]);

/// Spent tokens by their epoch. How many there can be is bounded by [`MAX_SPENT_PER_EPOCH`].
pub(super) struct Spent {
    /// No token of an epoch below it is taken, whatever the clock says.
    floor: u32,
    epochs: BTreeMap<u32, BTreeSet<[u8; 32]>>,
}

impl Spent {
    pub(super) fn new(known: Vec<SpentToken>, floor: u32) -> Self {
        let mut spent = Self { floor, epochs: BTreeMap::new() };
        for (epoch, input) in known {
            spent.epochs.entry(epoch).or_default().insert(input);
        }
        spent
    }

    /// Whether tokens of an epoch are taken at this hour: its own, and a day beyond.
    pub(super) fn takes(&self, epoch: u32, now: Hour) -> bool {
        epoch >= self.floor && (oldest(now)..=epoch_of(now)).contains(&epoch)
    }

    /// Remembers a token, unless it was spent before or does not count any more.
    pub(super) fn insert(&mut self, epoch: u32, input: [u8; 32]) -> Result<(), Refusal> {
        if epoch < self.floor {
            return Err(Refusal::TokenInvalid);
        }
        let inputs = self.epochs.entry(epoch).or_default();
        if inputs.contains(&input) {
            return Err(Refusal::TokenInvalid);
        }
        // A host that revokes and issues anew lets more be drawn than is remembered.
        if inputs.len() >= MAX_SPENT_PER_EPOCH {
            return Err(Refusal::Full);
        }
        inputs.insert(input);
        Ok(())
    }

    /// Takes back what could not be written.
    pub(super) fn forget(&mut self, epoch: u32, input: &[u8; 32]) {
        if let Some(inputs) = self.epochs.get_mut(&epoch) {
            inputs.remove(input);
        }
    }

    /// The first epoch whose tokens are still taken, and what was spent before it; nothing if
    /// nothing was.
    pub(super) fn over(&self, now: Hour) -> Option<(u32, Vec<SpentToken>)> {
        // Never lower than it was: what is written of it must hold when the clock goes back.
        let floor = self.floor.max(oldest(now));
        let inputs: Vec<_> = self
            .epochs
            .range(..floor)
            .flat_map(|(epoch, inputs)| inputs.iter().map(|input| (*epoch, *input)))
            .collect();
        (!inputs.is_empty()).then_some((floor, inputs))
    }

    /// Forgets what was spent below an epoch, and takes nothing of it any more.
    pub(super) fn drop_below(&mut self, floor: u32) {
        self.floor = self.floor.max(floor);
        self.epochs = self.epochs.split_off(&self.floor);
    }
}

/// The first epoch whose tokens are taken at this hour.
fn oldest(now: Hour) -> u32 {
    let is_grace = now.get() % TOKEN_EPOCH_HOURS < TOKEN_GRACE_HOURS;
    epoch_of(now).saturating_sub(is_grace.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_forgotten_stays_forgotten_when_a_clock_goes_back_between_two_starts() {
        let at = |epoch: u32| Hour::new(epoch * TOKEN_EPOCH_HOURS + TOKEN_GRACE_HOURS);
        let (early, late) = ((10, [1; 32]), (12, [2; 32]));
        let (floor, _) = Spent::new(vec![early], 0).over(at(20)).unwrap();
        assert_eq!(floor, 20);
        // It broke off before the records were deleted, and the clock was set back.
        let (floor, left) = Spent::new(vec![early, late], floor).over(at(11)).unwrap();
        assert_eq!((floor, left), (20, vec![early, late]));
        // Started once more, without the records.
        let mut spent = Spent::new(Vec::new(), floor);
        assert!(!spent.takes(10, at(10)) && !spent.takes(12, at(12)));
        assert_eq!(spent.insert(12, late.1), Err(Refusal::TokenInvalid));
    }

    #[test]
    fn no_more_is_remembered_of_an_epoch_than_grants_allow_at_once() {
        let mut spent = Spent::new(Vec::new(), 0);
        let input = |number: usize| {
            let mut input = [0; 32];
            input[..8].copy_from_slice(&number.to_be_bytes());
            input
        };
        spent.epochs.insert(3, (0..MAX_SPENT_PER_EPOCH).map(input).collect());
        assert_eq!(spent.insert(3, input(MAX_SPENT_PER_EPOCH)), Err(Refusal::Full));
        assert_eq!(spent.insert(3, input(0)), Err(Refusal::TokenInvalid));
        assert_eq!(spent.insert(4, input(0)), Ok(()));
    }
}

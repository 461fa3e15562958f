//! What one step of the engine collects before anything leaves.

use crate::input::Venue;
use crate::output::{Event, Output};
use crate::random::Random;
use crate::record::{Batch, Key};
use crate::secret::Secret;
use crate::time::Timestamp;
use crate::timings::Timings;

/// One step: its time, its randomness, and what it writes and asks for.
pub(crate) struct Step<'a> {
    /// The time of the step.
    pub(crate) now: Timestamp,
    /// The randomness of the engine.
    pub(crate) random: &'a mut Random,
    /// The waits of the engine.
    pub(crate) timings: &'a Timings,
    batch: Batch,
    after: Vec<Output>,
}

impl<'a> Step<'a> {
    /// A step at `now` that has done nothing yet.
    pub(crate) fn new(now: Timestamp, random: &'a mut Random, timings: &'a Timings) -> Self {
        Self { now, random, timings, batch: Batch::new(), after: Vec::new() }
    }

    /// Writes a record.
    pub(crate) fn put(&mut self, key: Key, value: Vec<u8>) {
        self.batch.put(key, value);
    }

    /// Deletes a record.
    pub(crate) fn delete(&mut self, key: Key) {
        self.batch.delete(key);
    }

    /// Asks for something once the batch is durable.
    pub(crate) fn ask(&mut self, output: Output) {
        self.after.push(output);
    }

    /// Tells whoever listens, once the batch is durable.
    pub(crate) fn tell(&mut self, event: Event) {
        self.after.push(Output::Event(event));
    }

    /// Says that the way a venue is reached has changed; saying it twice in a step is once.
    pub(crate) fn reach(&mut self, venue: Venue) {
        let said = self.after.iter().any(|o| matches!(o, Output::Reach(other) if *other == venue));
        if !said {
            self.after.push(Output::Reach(venue));
        }
    }

    /// Fresh randomness for one MLS operation.
    pub(crate) fn injected(&mut self) -> Secret<32> {
        self.random.secret()
    }

    /// What the step asks for, in order: the batch first.
    pub(crate) fn into_outputs(self) -> impl Iterator<Item = Output> {
        let persist = (!self.batch.is_empty()).then_some(Output::Persist(self.batch));
        persist.into_iter().chain(self.after)
    }
}

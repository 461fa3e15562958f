//! Makes the sketches of all that is read at a start, beside whoever reads it: on a thread of its own, since
//! the one that reads has its hands full. Clause: specs/08-content I-50.

use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread::{self, JoinHandle};

use windbreak_protocol::content::Content;
use windbreak_protocol::id::{CircleId, ItemId};

use super::Sketches;
use super::sketch::Sketcher;

/// Things that are handed over at a time, and how often that may be ahead: some hundred kilobytes in all.
const HANDED: usize = 128;
const AHEAD: usize = 4;

/// What an item of a circle says.
type Said = (CircleId, ItemId, Content);

/// Sketches that are being made.
pub(crate) struct Sketching {
    waiting: Vec<Said>,
    ahead: SyncSender<Vec<Said>>,
    made: JoinHandle<Sketches>,
}

impl Sketching {
    /// Begins with none.
    pub(crate) fn begin() -> Self {
        let (ahead, behind) = sync_channel::<Vec<Said>>(AHEAD);
        let made = thread::spawn(move || {
            let (mut sketches, mut sketcher) = (Sketches::default(), Sketcher::default());
            for (circle, item, said) in behind.into_iter().flatten() {
                sketches.add(&circle, &item, &said, &mut sketcher);
            }
            sketches
        });
        Self { waiting: Vec::new(), ahead, made }
    }

    /// Takes what an item says; waits where too much is waiting.
    pub(crate) fn take(&mut self, circle: CircleId, item: ItemId, said: Content) {
        self.waiting.push((circle, item, said));
        if self.waiting.len() == HANDED {
            self.hand_over();
        }
    }

    /// All of them, once they are made. None by a fault of the program: then all is read.
    pub(crate) fn end(mut self) -> Sketches {
        self.hand_over();
        drop(self.ahead);
        self.made.join().unwrap_or_default()
    }

    fn hand_over(&mut self) {
        // Nobody listens after a fault alone.
        let _ = self.ahead.send(std::mem::take(&mut self.waiting));
    }
}

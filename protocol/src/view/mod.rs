//! What a circle looks like now: a pure function of the items and of who is in the head, whatever
//! order, however often and by whichever way the items came. Clauses: specs/08-content I-6 to I-8,
//! I-14 to I-19, I-30 to I-36, I-54, I-70 to I-76.

mod file;
mod gap;
mod graph;
mod handed;
mod mark;
mod marks;
mod steward;
mod timeline;

pub use file::{FileProblem, FileView};
pub use gap::{Gap, GapKind};
pub(crate) use graph::after;
pub use handed::Handed;
pub use mark::{Colour, Mark};
pub use marks::Marks;
pub use steward::Stewardship;
pub(crate) use timeline::shown;
pub use timeline::{Entry, Place, Timeline, ViewContext};

#[cfg(test)]
mod tests;

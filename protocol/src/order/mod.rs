//! Which of several rival states is the head: a pure function of what is known, never of the order
//! in which it became known. Clauses: specs/04-order O-10 to O-14 and O-31 to O-39.
//!
//! ```text
//!            ┌── B ── C        At every fork the child with the most votes wins, and its
//!  A (root) ─┤                 descendants with it; rivals are kept and stay readable.
//!            └── D
//! ```
//!
//! Everything a device seals shows where it stands, so there is nothing to be asked and nobody to
//! count: [`Ballots`] keeps who stood where, [`Known`] puts it together with the states, and
//! [`Known::choose`] walks.

mod ballot;
mod choice;
mod evidence;
mod retention;
mod twins;

pub use ballot::{Ballots, Cast, Seal, Sibling};
pub use choice::Tally;
pub use evidence::{Class, Evidence, Known, rank};
pub use retention::{Heard, Settled, Signs};
pub use twins::{Naming, Namings};

#[cfg(test)]
mod tests;

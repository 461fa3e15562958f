//! The simulator: one plan, one run. Real engines over a network and stores that fail as the plan
//! says, watched by rules and a reference model that share no code with them.
//!
//! Reading order: [`Plan`], `people`, [`Sim`], `model`, `check`, `run`.

mod agreed;
mod backups;
mod check;
mod decide;
mod device;
mod dice;
mod draw;
mod files;
mod holding;
mod insider;
mod kept;
mod living;
mod model;
mod network;
mod newcomers;
mod pairing;
mod people;
mod plan;
mod reports;
mod rights;
mod run;
mod sea;
mod shrink;
mod tally;
mod trace;
mod unspoken;
mod world;

pub use device::{Device, relay_address};
pub use dice::Dice;
pub use insider::{Attacker, Hand};
pub use plan::{Deed, Faults, Living, Motion, Plan, Step};
pub use rights::Wrong;
pub use run::{Outcome, run, trace};
pub use shrink::{Effort, Shrunk, shrink};
pub use tally::{Failure, Tally};
pub use world::Sim;

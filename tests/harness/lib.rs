//! A world in memory: real engines, a store per device that survives a restart, and a relay that
//! keeps envelopes. One seed gives one run.

pub mod attack;
pub mod host;
pub mod measure;
pub mod sim;
pub mod world;

pub use host::{Host, Snapshot};
pub use world::{Seed, World};

//! What things cost, each beside its raw counterpart in the same run: a time says something about
//! a machine, a ratio about this program.

pub mod crowd;
pub mod engine;
pub mod heal;
pub mod items;
pub mod stats;

pub use crowd::{Crowd, Meter};
pub use stats::{Spread, ratio};

/// Why a measurement came to nothing.
pub type Fault = Box<dyn std::error::Error>;

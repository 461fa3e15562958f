//! Raw streams of our protocols, over whatever connections a swarm has. Whoever asks gets a stream to a
//! peer over its newest connection, since those before it may be dead; whoever takes the streams of a
//! protocol gets each that comes: one that finds no room at once waits in its connection, within a bound
//! that no honest peer reaches. See specs/decisions/0130. Clause: specs/06-sync Y-1.

mod behaviour;
mod control;
mod handler;
mod registry;

#[cfg(test)]
mod tests;

pub(crate) use behaviour::Behaviour;
pub(crate) use control::{Control, Incoming, OpenError};

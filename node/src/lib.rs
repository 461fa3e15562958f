//! The part of Windbreak that touches the world: network, store, clock, local API.

pub mod api;
pub mod private;
pub mod profile;
pub mod relay;
pub mod store;
pub mod swarm;
pub mod telemetry;

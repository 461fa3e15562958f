//! The part of Windbreak that touches the world: network, store, clock, local API.

pub mod api;

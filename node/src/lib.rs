//! The part of Windbreak that touches the world: network, store, clock, local API.

pub mod api;
mod clock;
mod config;
mod desk;
mod drive;
mod error;
mod handle;
mod links;
mod node;
pub mod private;
pub mod profile;
pub mod relay;
mod reopen;
mod shutdown;
pub mod store;
pub mod swarm;
mod sweep;
pub mod telemetry;
mod venues;

pub use config::NodeConfig;
pub use error::NodeError;
pub use handle::Handle;
pub use node::Node;
pub use shutdown::{Attachment, run_until_shutdown};

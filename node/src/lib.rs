//! The part of Windbreak that touches the world: network, store, clock, local API.
//!
//! A [`Node`] is the node of one [`profile::Profile`]. It drives one
//! [`windbreak_protocol::Engine`], which decides everything; here nothing is decided, only done.
//!
//! The way of a share: a program asks for it over the socket (`api`), the request becomes a job
//! ([`Handle`]) that the loop runs (`node`), the engine seals it and asks for two things, and the
//! driver (`drive`) does them in order: the batch is made durable ([`store`]), then the envelope is
//! handed to the network of its circle ([`swarm`], by way of `venues`). Only then is the program
//! answered. On the other side a network hands envelopes to the loop, the engine opens them, and
//! what it tells becomes an event on the stream of the API.
//!
//! When a write fails, what the engine did since the last durable batch never happened: it is read
//! again from the store (`reopen`), and the node takes no work until a write succeeds.
//!
//! [`relay`] is the other role of this crate: it keeps envelopes for circles and holds no key.
//!
//! Reading order: `node`, `drive`, `handle`, `desk`, `api::route`, then [`store`] and [`swarm`].
//!
//! # Starting a node and asking it something
//! ```
//! use windbreak_node::api::Client;
//! use windbreak_node::profile::{KdfCost, Profile};
//! use windbreak_node::{Node, NodeConfig};
//! use windbreak_protocol::secret::SecretBytes;
//!
//! # let runtime = tokio::runtime::Runtime::new()?;
//! # runtime.block_on(async {
//! # let folder = tempfile::tempdir()?;
//! # let folder = folder.path().join("profile");
//! let passphrase = SecretBytes::new(b"a row of trees".to_vec());
//! let profile = Profile::create(&folder, &passphrase, KdfCost::TEST)?;
//! let (config, socket) = (NodeConfig::from_profile(profile.config()), profile.socket_path()?);
//! let node = Node::start(profile, config).await?;
//!
//! let status = Client::new(socket).status().await?;
//! assert_eq!(status.circles, 0);
//!
//! node.stop();
//! node.stopped().await;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! # })?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub mod agreement;
pub mod api;
pub mod backup;
mod clock;
mod config;
mod desk;
mod drive;
mod error;
mod handle;
pub mod hint;
mod idle;
mod links;
pub mod lived_in;
mod node;
mod notice;
mod own_relays;
mod personal;
mod picture;
pub mod private;
pub mod profile;
pub mod recovery;
pub mod relay;
mod reopen;
mod returning;
mod search;
mod shutdown;
pub mod store;
pub mod suggestion;
pub mod swarm;
mod sweep;
pub mod telemetry;
mod upkeep;
mod venues;

pub use clock::system_clock;
pub use config::{Bounds, NodeConfig};
pub use error::NodeError;
pub use handle::Handle;
pub use node::Node;
pub use notice::NoticePace;
pub use shutdown::{Attachment, Signals};
pub use swarm::is_proxy_there;

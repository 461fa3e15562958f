//! How connections are made: TCP, or Tor, then noise and yamux; for direct links a shared key before
//! noise, so that whoever does not hold it sees nothing but noise. No other transport is compiled
//! in.

use std::time::Duration;

use futures::{AsyncRead, AsyncWrite};
use libp2p::core::muxing::StreamMuxerBox;
use libp2p::core::transport::{Boxed, OrTransport};
use libp2p::core::upgrade::Version;
use libp2p::identity::Keypair;
use libp2p::pnet::{PnetConfig, PreSharedKey};
use libp2p::swarm::{Config, NetworkBehaviour};
use libp2p::{PeerId, Swarm, Transport, noise, tcp, yamux};
use windbreak_protocol::secret::Secret;

use crate::swarm::limits::{MAX_STREAMS_PER_CONNECTION, TOR_CONNECT, Timings};
use crate::swarm::tor::{Circuits, LoopbackOnly, Onion};

/// The shared key of a circle's direct links.
pub type LinkKey = Secret<32>;

/// The noise handshake could not be set up.
#[derive(Debug, thiserror::Error)]
#[error("the noise handshake could not be set up")]
pub struct TransportError(#[from] noise::Error);

/// What a swarm's connections are made of.
pub(crate) enum Base {
    /// TCP: both ends see each other's addresses.
    Clear,
    /// Onion services, dialled through Tor; no socket but the one to Tor's proxy.
    Tor(Circuits),
    /// The same, and a listener on loopback for an onion service of one's own.
    TorAndLoopback(Circuits),
}

/// A swarm. `link_key` keeps out whoever does not hold it.
pub(crate) fn swarm<B: NetworkBehaviour>(
    identity: &Keypair,
    link_key: Option<&LinkKey>,
    base: Base,
    behaviour: B,
    timings: &Timings,
) -> Result<Swarm<B>, TransportError> {
    let peer = identity.public().to_peer_id();
    let tcp = || tcp::tokio::Transport::new(tcp::Config::default().nodelay(true));
    let limit = match base {
        Base::Clear => timings.connect,
        // A circuit to an onion service has six hops, and is built first.
        Base::Tor(_) | Base::TorAndLoopback(_) => timings.connect.max(TOR_CONNECT),
    };
    let transport = match base {
        Base::Clear => secure(tcp(), identity, link_key, limit),
        Base::Tor(circuits) => secure(Onion(circuits), identity, link_key, limit),
        Base::TorAndLoopback(circuits) => {
            let both = OrTransport::new(Onion(circuits), LoopbackOnly(tcp()));
            secure(both, identity, link_key, limit)
        }
    };
    let config = Config::with_tokio_executor()
        .with_idle_connection_timeout(timings.handshake)
        .with_max_negotiating_inbound_streams(32);
    Ok(Swarm::new(transport?, behaviour, peer, config))
}

fn secure<T>(
    base: T,
    identity: &Keypair,
    link_key: Option<&LinkKey>,
    limit: Duration,
) -> Result<Boxed<(PeerId, StreamMuxerBox)>, TransportError>
where
    T: Transport + Send + Unpin + 'static,
    T::Output: AsyncRead + AsyncWrite + Send + Unpin + 'static,
    T::Error: Send + Sync + 'static,
    T::Dial: Send + 'static,
    T::ListenerUpgrade: Send + 'static,
{
    let noise = noise::Config::new(identity)?;
    let mut yamux = yamux::Config::default();
    yamux.set_max_num_streams(MAX_STREAMS_PER_CONNECTION);
    Ok(match link_key {
        None => base
            .upgrade(Version::V1Lazy)
            .authenticate(noise)
            .multiplex(yamux)
            .timeout(limit)
            .boxed(),
        Some(key) => {
            let key = PnetConfig::new(PreSharedKey::new(*key.expose()));
            base.and_then(move |socket, _| key.handshake(socket))
                .upgrade(Version::V1Lazy)
                .authenticate(noise)
                .multiplex(yamux)
                .timeout(limit)
                .boxed()
        }
    })
}

//! How connections are made: TCP, noise, yamux; for direct links a shared key before all of it,
//! so that whoever does not hold it sees nothing but noise. No other transport is compiled in.

use std::time::Duration;

use libp2p::core::muxing::StreamMuxerBox;
use libp2p::core::transport::Boxed;
use libp2p::core::upgrade::Version;
use libp2p::identity::Keypair;
use libp2p::pnet::{PnetConfig, PreSharedKey};
use libp2p::swarm::{Config, NetworkBehaviour};
use libp2p::{PeerId, Swarm, Transport, noise, tcp, yamux};
use windbreak_protocol::secret::Secret;

use crate::swarm::limits::{MAX_STREAMS_PER_CONNECTION, Timings};

/// The shared key of a circle's direct links.
pub type LinkKey = Secret<32>;

/// The noise handshake could not be set up.
#[derive(Debug, thiserror::Error)]
#[error("the noise handshake could not be set up")]
pub struct TransportError(#[from] noise::Error);

/// A swarm over TCP. `link_key` keeps out whoever does not hold it.
pub(crate) fn swarm<B: NetworkBehaviour>(
    identity: &Keypair,
    link_key: Option<&LinkKey>,
    behaviour: B,
    timings: &Timings,
) -> Result<Swarm<B>, TransportError> {
    let peer = identity.public().to_peer_id();
    let transport = transport(identity, link_key, timings.connect)?;
    let config = Config::with_tokio_executor()
        .with_idle_connection_timeout(timings.handshake)
        .with_max_negotiating_inbound_streams(32);
    Ok(Swarm::new(transport, behaviour, peer, config))
}

fn transport(
    identity: &Keypair,
    link_key: Option<&LinkKey>,
    limit: Duration,
) -> Result<Boxed<(PeerId, StreamMuxerBox)>, TransportError> {
    let noise = noise::Config::new(identity)?;
    let mut yamux = yamux::Config::default();
    yamux.set_max_num_streams(MAX_STREAMS_PER_CONNECTION);
    let tcp = tcp::tokio::Transport::new(tcp::Config::default().nodelay(true));
    Ok(match link_key {
        None => {
            tcp.upgrade(Version::V1Lazy).authenticate(noise).multiplex(yamux).timeout(limit).boxed()
        }
        Some(key) => {
            let key = PnetConfig::new(PreSharedKey::new(*key.expose()));
            tcp.and_then(move |socket, _| key.handshake(socket))
                .upgrade(Version::V1Lazy)
                .authenticate(noise)
                .multiplex(yamux)
                .timeout(limit)
                .boxed()
        }
    })
}

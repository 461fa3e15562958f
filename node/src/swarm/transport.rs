//! How connections are made: TCP, or Tor, then noise and yamux; for direct links a shared key before
//! noise, so that whoever does not hold it sees nothing but noise. QUIC is spoken by the swarm that
//! meets members directly, and by a relay that brings them together, and by nothing else.

use std::time::Duration;

use futures::{AsyncRead, AsyncWrite};
use libp2p::core::muxing::StreamMuxerBox;
use libp2p::core::transport::{Boxed, OrTransport};
use libp2p::core::upgrade::Version;
use libp2p::identity::Keypair;
use libp2p::pnet::{PnetConfig, PreSharedKey};
use libp2p::swarm::{Config, NetworkBehaviour};
use libp2p::{PeerId, Swarm, Transport, noise, quic, relay, tcp, yamux};
use windbreak_protocol::secret::Secret;

use crate::swarm::closing::Closing;
use crate::swarm::direct::{Nearness, Outside};
use crate::swarm::lan::Near;
use crate::swarm::limits::{
    CLOSING, MAX_STREAMS_PER_CONNECTION, QUIC_BUFFER, QUIC_HANDSHAKE, QUIC_STREAM_BUFFER,
    TOR_CONNECT, Timings,
};
use crate::swarm::tor::{Circuits, LoopbackOnly, Onion};
use crate::swarm::unread::{Metered, Unread};

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
    /// The same, and QUIC.
    ClearAndQuic,
    /// TCP within the local networks.
    Near,
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
        Base::Clear | Base::ClearAndQuic | Base::Near => timings.connect,
        // A circuit to an onion service has six hops, and is built first.
        Base::Tor(_) | Base::TorAndLoopback(_) => timings.connect.max(TOR_CONNECT),
    };
    let transport = match base {
        Base::Clear => secure(tcp(), identity, link_key, limit),
        Base::ClearAndQuic => {
            secure(tcp(), identity, link_key, limit).map(|tcp| either(tcp, quic(identity, timings)))
        }
        Base::Near => secure(Near::new(tcp()), identity, link_key, limit),
        Base::Tor(circuits) => secure(Onion(circuits), identity, link_key, limit),
        Base::TorAndLoopback(circuits) => {
            let both = OrTransport::new(Onion(circuits), LoopbackOnly(tcp()));
            secure(both, identity, link_key, limit)
        }
    };
    Ok(Swarm::new(transport?, behaviour, peer, config(timings)))
}

/// A swarm that meets members: circuits through relays, and QUIC that dials nothing nearer than
/// `nearest`.
pub(crate) fn direct<B: NetworkBehaviour>(
    identity: &Keypair,
    circuits: relay::client::Transport,
    nearest: Nearness,
    behaviour: B,
    timings: &Timings,
) -> Result<Swarm<B>, TransportError> {
    let circuits = secure(circuits, identity, None, timings.connect)?;
    let transport = either(circuits, Outside::new(quic(identity, timings), nearest));
    let peer = identity.public().to_peer_id();
    Ok(Swarm::new(transport, behaviour, peer, config(timings)))
}

fn config(timings: &Timings) -> Config {
    Config::with_tokio_executor()
        .with_idle_connection_timeout(timings.handshake)
        .with_max_negotiating_inbound_streams(32)
}

type Secured = Boxed<(PeerId, StreamMuxerBox)>;

/// QUIC, which secures and multiplexes by itself.
fn quic(identity: &Keypair, timings: &Timings) -> Secured {
    let mut config = quic::Config::new(identity);
    config.handshake_timeout = QUIC_HANDSHAKE;
    // Routers forget within half a minute whom they let in, and each word costs who is silent (Y-32).
    config.keep_alive_interval = timings.connect * 2 / 3;
    // What was lost is said again a few times before.
    let idle = timings.connect * 3 / 2;
    config.max_idle_timeout = u32::try_from(idle.as_millis()).unwrap_or(u32::MAX);
    config.max_concurrent_stream_limit =
        u32::try_from(MAX_STREAMS_PER_CONNECTION).unwrap_or(u32::MAX);
    config.max_stream_data = QUIC_STREAM_BUFFER;
    config.max_connection_data = QUIC_BUFFER;
    quic::tokio::Transport::new(config)
        .map(|(peer, connection), _| (peer, StreamMuxerBox::new(connection)))
        .boxed()
}

/// Either of two transports, whichever knows an address.
fn either<A, B>(first: A, second: B) -> Secured
where
    A: Transport<Output = (PeerId, StreamMuxerBox)> + Send + Unpin + 'static,
    A::Error: Send + Sync + 'static,
    A::Dial: Send + 'static,
    A::ListenerUpgrade: Send + 'static,
    B: Transport<Output = (PeerId, StreamMuxerBox)> + Send + Unpin + 'static,
    B::Error: Send + Sync + 'static,
    B::Dial: Send + 'static,
    B::ListenerUpgrade: Send + 'static,
{
    OrTransport::new(first, second).map(|either, _| either.into_inner()).boxed()
}

fn secure<T>(
    base: T,
    identity: &Keypair,
    link_key: Option<&LinkKey>,
    limit: Duration,
) -> Result<Secured, TransportError>
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
    let streams = Metered::new(yamux, Unread::new());
    Ok(match link_key {
        None => base
            .upgrade(Version::V1Lazy)
            .authenticate(noise)
            .multiplex(streams)
            .timeout(limit)
            .map(|(peer, muxer), _| (peer, StreamMuxerBox::new(Closing::new(muxer, CLOSING))))
            .boxed(),
        Some(key) => {
            let key = PnetConfig::new(PreSharedKey::new(*key.expose()));
            base.and_then(move |socket, _| key.handshake(socket))
                .upgrade(Version::V1Lazy)
                .authenticate(noise)
                .multiplex(streams)
                .timeout(limit)
                .map(|(peer, muxer), _| (peer, StreamMuxerBox::new(Closing::new(muxer, CLOSING))))
                .boxed()
        }
    })
}

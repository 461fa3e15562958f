//! Through Tor, and no other way: a transport that dials `/onion3/…` over the SOCKS port of a Tor
//! that runs beside us, and one that listens on loopback for the onion service of that Tor and
//! dials nothing. A swarm made of these two has no means to show an address or to ask for a name.

use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use data_encoding::{BASE32_NOPAD, HEXLOWER};
use futures::FutureExt;
use futures::future::{BoxFuture, Pending};
use libp2p::core::transport::{DialOpts, ListenerId, TransportError, TransportEvent};
use libp2p::multiaddr::Protocol;
use libp2p::{Multiaddr, Transport};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_util::compat::{Compat, TokioAsyncReadCompatExt};

use crate::swarm::socks::{self, Login, SocksError};

/// How long a proxy beside us may take to answer a greeting.
const GREETING: Duration = Duration::from_secs(3);

/// A connection that Tor carries.
type Carried = Compat<TcpStream>;

/// The circuits of one swarm: apart from those of every other, and one for each onion service.
#[derive(Clone)]
pub(crate) struct Circuits {
    proxy: SocketAddr,
    /// Random, and new at each start: to Tor, circles look like programs that share nothing.
    user: Arc<str>,
    /// Whether the proxy was not there when it was last needed.
    is_absent: Arc<AtomicBool>,
}

impl Circuits {
    /// Circuits of their own; none without randomness.
    pub(crate) fn fresh(proxy: SocketAddr, is_absent: Arc<AtomicBool>) -> Option<Self> {
        let mut user = [0; 16];
        getrandom::fill(&mut user).ok()?;
        Some(Self { proxy, user: HEXLOWER.encode(&user).into(), is_absent })
    }

    async fn dial(self, host: String, port: u16) -> Result<Carried, SocksError> {
        let dialled = async {
            let mut stream = TcpStream::connect(self.proxy).await?;
            // What is small goes at once; it fails on no socket that works.
            let _ = stream.set_nodelay(true);
            let login = Login { user: &self.user, password: &host };
            timeout(GREETING, socks::log_in(&mut stream, &login))
                .await
                .map_err(|_| SocksError::NotSocks)??;
            Ok(stream)
        };
        let dialled: Result<_, SocksError> = dialled.await;
        self.is_absent.store(dialled.is_err(), Ordering::Relaxed);
        let mut stream = dialled?;
        let connected = socks::connect(&mut stream, &host, port).await;
        if let Err(error) = connected {
            self.is_absent.store(error.is_of_proxy(), Ordering::Relaxed);
            return Err(error);
        }
        Ok(stream.compat())
    }
}

/// Whether a proxy with logins answers there, as Tor's does. Nothing leaves for the network.
pub async fn is_proxy_there(proxy: SocketAddr) -> bool {
    let Some(circuits) = Circuits::fresh(proxy, Arc::default()) else { return false };
    let greeted = async {
        let mut stream = TcpStream::connect(proxy).await.ok()?;
        let login = Login { user: &circuits.user, password: "greeting" };
        socks::log_in(&mut stream, &login).await.ok()
    };
    timeout(GREETING, greeted).await.ok().flatten().is_some()
}

/// Whether an address is one that Tor alone can reach.
pub(crate) fn is_onion(address: &Multiaddr) -> bool {
    matches!(address.iter().next(), Some(Protocol::Onion3(_)))
}

/// Dials onion services through the proxy, and nothing else; never listens.
pub(crate) struct Onion(pub(crate) Circuits);

impl Transport for Onion {
    type Output = Carried;
    type Error = SocksError;
    type ListenerUpgrade = Pending<Result<Carried, SocksError>>;
    type Dial = BoxFuture<'static, Result<Carried, SocksError>>;

    fn listen_on(
        &mut self,
        _: ListenerId,
        address: Multiaddr,
    ) -> Result<(), TransportError<SocksError>> {
        Err(TransportError::MultiaddrNotSupported(address))
    }

    fn remove_listener(&mut self, _: ListenerId) -> bool {
        false
    }

    fn dial(
        &mut self,
        address: Multiaddr,
        _: DialOpts,
    ) -> Result<Self::Dial, TransportError<SocksError>> {
        let mut protocols = address.iter();
        let (Some(Protocol::Onion3(onion)), None | Some(Protocol::P2p(_)), None) =
            (protocols.next(), protocols.next(), protocols.next())
        else {
            return Err(TransportError::MultiaddrNotSupported(address));
        };
        let host = BASE32_NOPAD.encode(onion.hash()).to_ascii_lowercase() + ".onion";
        Ok(self.0.clone().dial(host, onion.port()).boxed())
    }

    fn poll(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<TransportEvent<Self::ListenerUpgrade, SocksError>> {
        Poll::Pending
    }
}

/// Listens on loopback, where an onion service hands over what came to it, and nowhere else; never
/// dials.
pub(crate) struct LoopbackOnly<T>(pub(crate) T);

impl<T: Transport + Unpin> Transport for LoopbackOnly<T> {
    type Output = T::Output;
    type Error = T::Error;
    type ListenerUpgrade = T::ListenerUpgrade;
    type Dial = T::Dial;

    fn listen_on(
        &mut self,
        id: ListenerId,
        address: Multiaddr,
    ) -> Result<(), TransportError<T::Error>> {
        if is_loopback(&address) {
            self.0.listen_on(id, address)
        } else {
            Err(TransportError::MultiaddrNotSupported(address))
        }
    }

    fn remove_listener(&mut self, id: ListenerId) -> bool {
        self.0.remove_listener(id)
    }

    fn dial(
        &mut self,
        address: Multiaddr,
        _: DialOpts,
    ) -> Result<Self::Dial, TransportError<T::Error>> {
        Err(TransportError::MultiaddrNotSupported(address))
    }

    fn poll(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<TransportEvent<Self::ListenerUpgrade, Self::Error>> {
        Pin::new(&mut self.get_mut().0).poll(context)
    }
}

/// Whether an address is one of this machine alone.
pub(crate) fn is_loopback(address: &Multiaddr) -> bool {
    match address.iter().next() {
        Some(Protocol::Ip4(ip)) => ip.is_loopback(),
        Some(Protocol::Ip6(ip)) => ip.is_loopback(),
        _ => false,
    }
}

#[cfg(test)]
mod tests;

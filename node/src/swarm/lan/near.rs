//! What is dialled and listened on in the mode `lan`: addresses of TCP in a network that this device
//! is in right now, and no more than some in a while. Addresses come from what others say, who may
//! lie: none of them leads out of the local network. Clauses: specs/06-sync Y-84, Y-85.

use std::pin::Pin;
use std::task::{Context, Poll};

use libp2p::Multiaddr;
use libp2p::core::transport::{DialOpts, ListenerId, Transport, TransportError, TransportEvent};
use tokio::time::Instant;

use crate::swarm::dials::Dials;
use crate::swarm::nets::{Nets, is_local_address, tcp_ip};

/// A transport that stays in the local networks.
pub(crate) struct Near<T> {
    inner: T,
    look: fn() -> Nets,
    dialled: Dials,
}

impl<T> Near<T> {
    pub(crate) fn new(inner: T) -> Self {
        Self { inner, look: Nets::look, dialled: Dials::default() }
    }

    fn allows(&mut self, address: &Multiaddr, now: Instant) -> bool {
        // As the networks are now: a moment ago the same address may have been another house's.
        tcp_ip(address).is_some_and(|ip| (self.look)().reaches(ip)) && self.dialled.take(now)
    }
}

impl<T: Transport + Unpin> Transport for Near<T> {
    type Output = T::Output;
    type Error = T::Error;
    type ListenerUpgrade = T::ListenerUpgrade;
    type Dial = T::Dial;

    fn listen_on(
        &mut self,
        id: ListenerId,
        address: Multiaddr,
    ) -> Result<(), TransportError<Self::Error>> {
        if !is_local_address(&address) {
            return Err(TransportError::MultiaddrNotSupported(address));
        }
        self.inner.listen_on(id, address)
    }

    fn remove_listener(&mut self, id: ListenerId) -> bool {
        self.inner.remove_listener(id)
    }

    fn dial(
        &mut self,
        address: Multiaddr,
        options: DialOpts,
    ) -> Result<Self::Dial, TransportError<Self::Error>> {
        if !self.allows(&address, Instant::now()) {
            return Err(TransportError::MultiaddrNotSupported(address));
        }
        self.inner.dial(address, options)
    }

    fn poll(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<TransportEvent<Self::ListenerUpgrade, Self::Error>> {
        Pin::new(&mut self.inner).poll(cx)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::swarm::limits::{DIAL_WINDOW, MAX_DIALS};

    fn near() -> Near<()> {
        // This machine alone, wherever the test runs.
        Near { inner: (), look: Nets::look, dialled: Dials::default() }
    }

    #[test]
    fn nothing_out_of_the_local_network_is_dialled() {
        let mut near = near();
        let mut allows = |address: &str| near.allows(&address.parse().unwrap(), Instant::now());
        assert!(allows("/ip4/127.0.0.1/tcp/4710"), "the test can fail");
        let far = [
            "/ip4/192.0.2.1/tcp/4710",
            "/ip4/203.0.113.1/tcp/4710",
            "/ip6/2001:db8::1/tcp/4710",
            "/dns4/relay.example/tcp/4710",
            "/ip4/127.0.0.1/udp/4710/quic-v1",
            "/ip4/224.0.0.251/tcp/4710",
            "/ip4/0.0.0.0/tcp/4710",
            // Of one link, and TCP here cannot say of which.
            "/ip6/fe80::1/tcp/4710",
            "/ip6zone/lo/ip6/fe80::1/tcp/4710",
            "/ip6zone/lo/ip6/::1/tcp/4710",
        ];
        for far in far {
            assert!(!allows(far), "{far}");
        }
    }

    #[test]
    fn whoever_announces_much_has_few_doors_knocked_at() {
        let mut near = near();
        let now = Instant::now();
        let mut dialled = |now| {
            let address = |port| format!("/ip4/127.0.0.1/tcp/{port}").parse().unwrap();
            (1..200).filter(|port| near.allows(&address(*port), now)).count()
        };
        assert_eq!(dialled(now), MAX_DIALS);
        assert_eq!(dialled(now), 0);
        assert_eq!(dialled(now + DIAL_WINDOW * 2), MAX_DIALS);
    }
}

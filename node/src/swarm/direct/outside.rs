//! What a direct swarm dials over QUIC. The addresses come from other members, who may lie: none of
//! them makes this node knock at its own machine or its own network, or at many doors at once.
//! Clause: specs/06-sync Y-46.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::pin::Pin;
use std::task::{Context, Poll};

use libp2p::Multiaddr;
use libp2p::core::transport::{DialOpts, ListenerId, Transport, TransportError, TransportEvent};
use libp2p::multiaddr::Protocol;
use tokio::time::Instant;

use crate::swarm::dials::Dials;
use crate::swarm::observed::udp_address;

/// How near an address is: one that only means something nearer than the relays do is not dialled.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(crate) enum Nearness {
    /// On the internet.
    Internet,
    /// In the network around this machine.
    Network,
    /// On this machine.
    Machine,
}

impl Nearness {
    /// Of an address of QUIC; nothing if nobody can be there.
    pub(crate) fn of(address: &Multiaddr) -> Option<Self> {
        let ip = match udp_address(address)?.iter().next()? {
            Protocol::Ip4(ip) => IpAddr::V4(ip),
            Protocol::Ip6(ip) => within(ip).map_or(IpAddr::V6(ip), IpAddr::V4),
            _ => return None,
        };
        let is_many = match ip {
            IpAddr::V4(ip) => ip.is_broadcast() || ip.octets()[0] == 0 || ip.octets()[0] >= 240,
            IpAddr::V6(_) => false,
        };
        let is_near = match ip {
            IpAddr::V4(ip) => ip.is_private() || ip.is_link_local() || is_of_a_provider(ip),
            IpAddr::V6(ip) => {
                let is_site_local = ip.segments()[0] & 0xffc0 == 0xfec0;
                ip.is_unique_local() || ip.is_unicast_link_local() || is_site_local
            }
        };
        if is_many || ip.is_unspecified() || ip.is_multicast() {
            None
        } else if ip.is_loopback() {
            Some(Self::Machine)
        } else if is_near {
            Some(Self::Network)
        } else {
            Some(Self::Internet)
        }
    }
}

/// The address of the older kind that one of the newer kind stands for: written in full (RFC 4291),
/// or translated on the way (RFC 6052 and RFC 3056).
fn within(ip: Ipv6Addr) -> Option<Ipv4Addr> {
    let [a, b, c, d] = match ip.segments() {
        [0x64, 0xff9b, 0, 0, 0, 0, high, low] | [0x2002, high, low, ..] => {
            [high >> 8, high & 0xff, low >> 8, low & 0xff]
        }
        _ => return ip.to_ipv4_mapped(),
    };
    Some(Ipv4Addr::new(a as u8, b as u8, c as u8, d as u8))
}

/// Whether an address is of a network between a house and the internet, or of none (RFC 6598, RFC
/// 6890, RFC 2544).
fn is_of_a_provider(ip: Ipv4Addr) -> bool {
    let [a, b, c, _] = ip.octets();
    matches!((a, b), (100, 64..=127) | (198, 18 | 19)) || (a, b, c) == (192, 0, 0)
}

/// A transport that dials no nearer than `nearest`, and not too often.
pub(crate) struct Outside<T> {
    inner: T,
    nearest: Nearness,
    dialled: Dials,
}

impl<T> Outside<T> {
    pub(crate) fn new(inner: T, nearest: Nearness) -> Self {
        Self { inner, nearest, dialled: Dials::default() }
    }

    fn allows(&mut self, address: &Multiaddr, now: Instant) -> bool {
        Nearness::of(address).is_some_and(|nearness| nearness <= self.nearest)
            && self.dialled.take(now)
    }
}

impl<T: Transport + Unpin> Transport for Outside<T> {
    type Output = T::Output;
    type Error = T::Error;
    type ListenerUpgrade = T::ListenerUpgrade;
    type Dial = T::Dial;

    fn listen_on(
        &mut self,
        id: ListenerId,
        address: Multiaddr,
    ) -> Result<(), TransportError<Self::Error>> {
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
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<TransportEvent<Self::ListenerUpgrade, Self::Error>> {
        Pin::new(&mut self.get_mut().inner).poll(context)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::swarm::limits::{DIAL_WINDOW, MAX_DIALS};

    #[test]
    fn a_member_cannot_have_this_machine_or_its_network_dialled() {
        let now = Instant::now();
        let allows = |nearest, address: &str| {
            let address = format!("{address}/udp/4000/quic-v1").parse().unwrap();
            Outside::new((), nearest).allows(&address, now)
        };
        let (internet, network) = (Nearness::Internet, Nearness::Network);
        let house = ["/ip4/10.0.0.1", "/ip4/192.168.1.1", "/ip6/fd00::1", "/ip4/169.254.1.1"];
        let written_otherwise = ["/ip6/64:ff9b::c0a8:101", "/ip6/2002:c0a8:101::1", "/ip6/fec0::1"];
        let provider = ["/ip4/100.64.0.1", "/ip4/192.0.0.1", "/ip4/198.19.255.1"];
        for near in house.into_iter().chain(written_otherwise).chain(provider) {
            assert!(!allows(internet, near), "{near}");
            assert!(allows(network, near), "{near}");
        }
        let own = ["/ip4/127.0.0.1", "/ip6/::1", "/ip6/::ffff:127.0.0.1", "/ip6/64:ff9b::7f00:1"];
        for machine in own {
            assert!(!allows(network, machine), "{machine}");
        }
        for nobody in ["/ip4/0.0.0.0", "/ip4/255.255.255.255", "/ip4/224.0.0.1", "/ip6/ff02::1"] {
            assert!(!allows(Nearness::Machine, nobody), "{nobody}");
        }
        assert!(allows(internet, "/ip4/192.0.2.1") && allows(internet, "/ip6/2001:db8::1"));
        let tcp: Multiaddr = "/ip4/192.0.2.1/tcp/4000".parse().unwrap();
        assert!(!Outside::new((), internet).allows(&tcp, now));
    }

    #[test]
    fn a_member_cannot_have_many_doors_knocked_at() {
        let mut outside = Outside::new((), Nearness::Internet);
        let now = Instant::now();
        let allowed = |outside: &mut Outside<()>, now| {
            let address = |port| format!("/ip4/192.0.2.1/udp/{port}/quic-v1").parse().unwrap();
            (1..200).filter(|port| outside.allows(&address(*port), now)).count()
        };
        assert_eq!(allowed(&mut outside, now), MAX_DIALS);
        assert_eq!(allowed(&mut outside, now), 0);
        assert_eq!(allowed(&mut outside, now + DIAL_WINDOW * 2), MAX_DIALS);
    }
}

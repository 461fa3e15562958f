//! The networks around this device: its addresses, which of them are of a local network, and what
//! is within reach there without any router. Looked at anew every few seconds, since they change
//! when people move, and nothing tells us on every system. Clauses: specs/06-sync Y-84, Y-90.

use std::collections::BTreeSet;
use std::net::IpAddr;

use if_addrs::{IfAddr, Interface};
use libp2p::Multiaddr;
use libp2p::multiaddr::Protocol;

use crate::swarm::limits::MAX_NETS;

/// An address of this device, and the network it is in.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(crate) struct Net {
    /// The address.
    pub(crate) address: IpAddr,
    /// How many bits of it name the network.
    pub(crate) prefix: u8,
    /// The number of the interface.
    pub(crate) index: u32,
    /// Whether the other end is a single machine, as in a tunnel: what goes in there may leave
    /// anywhere.
    pub(crate) is_tunnel: bool,
}

/// All networks of this device at one moment.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(crate) struct Nets(BTreeSet<Net>);

impl Nets {
    /// Looks around; nothing if the system does not tell.
    pub(crate) fn look() -> Self {
        let interfaces = if_addrs::get_if_addrs().unwrap_or_default();
        Self(interfaces.iter().filter_map(Net::of).collect())
    }

    /// Those that are local networks, of a house or of this machine alone; some of them, if they are
    /// very many.
    pub(crate) fn local(&self) -> impl Iterator<Item = Net> {
        self.0.iter().copied().filter(Net::is_local).take(MAX_NETS)
    }

    /// Whether there is another local network than that of this machine with itself.
    pub(crate) fn has_others(&self) -> bool {
        self.local().any(|net| !net.address.is_loopback())
    }

    /// Whether `ip` is within one of the local networks, so that no router carries anything there.
    pub(crate) fn reaches(&self, ip: IpAddr) -> bool {
        let ip = plain(ip);
        is_local(ip) && self.local().any(|net| net.holds(ip))
    }

    /// The addresses by which others could reach this device: a change of them is a change of the
    /// network.
    pub(crate) fn outward(&self) -> BTreeSet<IpAddr> {
        let addresses = self.0.iter().map(|net| net.address);
        addresses.filter(|address| !address.is_loopback()).collect()
    }
}

impl Net {
    fn of(interface: &Interface) -> Option<Self> {
        let (address, prefix) = match &interface.addr {
            IfAddr::V4(address) => (IpAddr::V4(address.ip), address.prefixlen),
            IfAddr::V6(address) => (IpAddr::V6(address.ip), address.prefixlen),
        };
        let index = interface.index?;
        interface.is_oper_up().then_some(Self {
            address,
            prefix,
            index,
            is_tunnel: interface.is_p2p,
        })
    }

    fn is_local(&self) -> bool {
        // Without its interface an address of this kind says nothing, and TCP here knows none.
        let is_of_one_link = matches!(self.address, IpAddr::V6(ip) if ip.is_unicast_link_local());
        is_local(self.address) && !self.is_tunnel && !is_of_one_link
    }

    /// Whether `ip` is an address of a machine in this network.
    fn holds(&self, ip: IpAddr) -> bool {
        match (self.address, ip) {
            (IpAddr::V4(own), IpAddr::V4(ip)) => {
                let host = u32::MAX.checked_shr(u32::from(self.prefix)).unwrap_or(0);
                let is_everybody = host > 1 && ip.to_bits() & host == host;
                (own.to_bits() | host) == (ip.to_bits() | host) && !is_everybody
            }
            (IpAddr::V6(own), IpAddr::V6(ip)) => {
                let host = u128::MAX.checked_shr(u32::from(self.prefix)).unwrap_or(0);
                (own.to_bits() | host) == (ip.to_bits() | host)
            }
            _ => false,
        }
    }
}

/// Whether an address only means something on this machine or in the network around it.
pub(crate) fn is_local(ip: IpAddr) -> bool {
    match plain(ip) {
        IpAddr::V4(ip) => ip.is_private() || ip.is_link_local() || ip.is_loopback(),
        IpAddr::V6(ip) => ip.is_unique_local() || ip.is_unicast_link_local() || ip.is_loopback(),
    }
}

/// An address of the older kind that is written as one of the newer kind, as what it is.
fn plain(ip: IpAddr) -> IpAddr {
    match ip {
        IpAddr::V6(ip) => ip.to_ipv4_mapped().map_or(IpAddr::V6(ip), IpAddr::V4),
        ip => ip,
    }
}

/// The address of an address of TCP that needs no name looked up and no detour: nothing else stands
/// in it but a peer id behind.
pub(crate) fn tcp_ip(address: &Multiaddr) -> Option<IpAddr> {
    let mut parts = address.iter();
    let ip = match parts.next()? {
        Protocol::Ip4(ip) => IpAddr::V4(ip),
        Protocol::Ip6(ip) => IpAddr::V6(ip),
        _ => return None,
    };
    let is_tcp = matches!(parts.next()?, Protocol::Tcp(_));
    let is_all = parts.all(|part| matches!(part, Protocol::P2p(_)));
    (is_tcp && is_all).then_some(ip)
}

/// Whether an address is of TCP in a local network.
pub(crate) fn is_local_address(address: &Multiaddr) -> bool {
    tcp_ip(address).is_some_and(is_local)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn net(address: &str, prefix: u8) -> Net {
        Net { address: address.parse().unwrap(), prefix, index: 2, is_tunnel: false }
    }

    fn nets(all: &[(&str, u8)]) -> Nets {
        Nets(all.iter().map(|(address, prefix)| net(address, *prefix)).collect())
    }

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn only_what_no_router_carries_is_within_reach() {
        let here = nets(&[
            ("192.168.1.7", 24),
            ("127.0.0.1", 8),
            ("fd00:1::7", 64),
            ("203.0.113.7", 24),
            ("fe80::7", 64),
        ]);
        for near in ["192.168.1.9", "127.0.0.1", "fd00:1::9", "::ffff:192.168.1.9"] {
            assert!(here.reaches(ip(near)), "{near}");
        }
        let far = [
            // Another house's network behind some router, and this one's own by its public address.
            "192.168.2.9",
            "10.0.0.1",
            "fd00:2::9",
            "203.0.113.9",
            "2001:db8::1",
            "100.64.0.1",
            // Nobody, everybody, and what needs an interface to mean something.
            "192.168.1.255",
            "0.0.0.0",
            "255.255.255.255",
            "224.0.0.251",
            "ff02::fb",
            "::",
            "fe80::9",
            "::ffff:203.0.113.9",
            "64:ff9b::c0a8:109",
        ];
        for far in far {
            assert!(!here.reaches(ip(far)), "{far}");
        }
    }

    #[test]
    fn a_tunnel_is_no_local_network() {
        let tunnel = Net { is_tunnel: true, ..net("10.8.0.2", 24) };
        let here = Nets(BTreeSet::from([tunnel, net("127.0.0.1", 8)]));
        assert!(!here.reaches(ip("10.8.0.1")) && !here.has_others());
        assert_eq!(here.outward(), BTreeSet::from([ip("10.8.0.2")]));
    }

    #[test]
    fn a_local_address_is_of_tcp_and_takes_no_detour() {
        let peer = libp2p::PeerId::random();
        for local in ["/ip4/192.168.1.7/tcp/4710", "/ip6/fd00::1/tcp/1", "/ip4/127.0.0.1/tcp/1"] {
            assert!(is_local_address(&local.parse().unwrap()), "{local}");
            assert!(is_local_address(&format!("{local}/p2p/{peer}").parse().unwrap()));
        }
        let other = [
            "/dns4/relay.local/tcp/4710".to_owned(),
            "/ip4/203.0.113.7/tcp/4710".to_owned(),
            "/ip4/192.168.1.7/udp/4710/quic-v1".to_owned(),
            format!("/ip4/192.168.1.7/tcp/1/p2p/{peer}/p2p-circuit"),
            "/ip4/192.168.1.7/tcp/1/ws".to_owned(),
            "/ip4/192.168.1.7".to_owned(),
        ];
        for other in other {
            assert!(!is_local_address(&other.parse().unwrap()), "{other}");
        }
    }

    proptest! {
        #[test]
        fn whatever_is_within_reach_is_local(bits in any::<u128>(), own in any::<u32>(), prefix in 0..=32_u8) {
            let own = IpAddr::V4(own.into());
            let here = Nets(BTreeSet::from([Net { address: own, prefix, index: 1, is_tunnel: false }]));
            for ip in [IpAddr::V6(bits.into()), IpAddr::V4((bits as u32).into())] {
                prop_assert!(!here.reaches(ip) || is_local(ip) && is_local(own));
            }
        }
    }
}

//! Who may stand in the doorway of whoever listens: connections that are not through their handshake yet.
//! Each costs little and lasts half a minute at most, but whoever never ends a handshake would
//! else take the places of everybody. Clause: specs/06-sync Y-33.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::net::{IpAddr, Ipv6Addr};
use std::task::{Context, Poll};

use libp2p::core::Endpoint;
use libp2p::core::transport::PortUse;
use libp2p::multiaddr::Protocol;
use libp2p::swarm::{
    ConnectionDenied, ConnectionId, FromSwarm, NetworkBehaviour, THandler, THandlerInEvent,
    THandlerOutEvent, ToSwarm, dummy,
};
use libp2p::{Multiaddr, PeerId};

use crate::swarm::limits::{
    MAX_IN_DOORWAY, MAX_OF_ADDRESS, MAX_PENDING_INCOMING, MAX_PENDING_NEAR,
    MAX_PENDING_NEAR_OF_ADDRESS, MAX_PENDING_OF_ADDRESS,
};

/// Too many are here already.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("too many are here")]
pub(crate) struct Crowded;

/// The doorway.
pub(crate) struct Doorway {
    tcp: Side,
    /// Apart from the other: whoever begins over UDP can give any address as their own, and would
    /// else keep out those who live there.
    quic: Side,
    rule: Rule,
}

/// How many may stand there.
#[derive(Clone, Copy)]
struct Rule {
    in_all: usize,
    of_address: usize,
    /// What counts as one address.
    address_of: fn(&Multiaddr) -> Option<IpAddr>,
}

/// Who comes over one protocol.
#[derive(Default)]
struct Side {
    standing: BTreeMap<ConnectionId, Option<IpAddr>>,
    of_address: BTreeMap<IpAddr, usize>,
}

impl Doorway {
    /// That of a relay: behind one address there may be a whole house.
    pub(crate) fn of_relay() -> Self {
        Self::new(Rule { in_all: MAX_IN_DOORWAY, of_address: MAX_OF_ADDRESS, address_of })
    }

    /// That of a member whom others come to.
    pub(crate) fn of_member() -> Self {
        let (in_all, of_address) = (MAX_PENDING_INCOMING, MAX_PENDING_OF_ADDRESS);
        Self::new(Rule { in_all, of_address, address_of })
    }

    /// The same on a local network, where the 64 bits behind an address are those of all.
    pub(crate) fn near() -> Self {
        let (in_all, of_address) = (MAX_PENDING_NEAR, MAX_PENDING_NEAR_OF_ADDRESS);
        Self::new(Rule { in_all, of_address, address_of: whole_address_of })
    }

    fn new(rule: Rule) -> Self {
        Self { tcp: Side::default(), quic: Side::default(), rule }
    }

    fn comes(&mut self, connection: ConnectionId, from: &Multiaddr) -> Result<(), Crowded> {
        let is_quic = from.iter().any(|protocol| matches!(protocol, Protocol::Udp(_)));
        let side = if is_quic { &mut self.quic } else { &mut self.tcp };
        side.comes(connection, (self.rule.address_of)(from), &self.rule)
    }

    fn goes(&mut self, connection: ConnectionId) {
        self.tcp.goes(connection);
        self.quic.goes(connection);
    }
}

impl Side {
    fn comes(
        &mut self,
        connection: ConnectionId,
        from: Option<IpAddr>,
        rule: &Rule,
    ) -> Result<(), Crowded> {
        if self.standing.len() >= rule.in_all {
            return Err(Crowded);
        }
        if let Some(address) = from {
            let count = self.of_address.entry(address).or_default();
            if *count >= rule.of_address {
                return Err(Crowded);
            }
            *count += 1;
        }
        self.standing.insert(connection, from);
        Ok(())
    }

    fn goes(&mut self, connection: ConnectionId) {
        let Some(Some(address)) = self.standing.remove(&connection) else { return };
        if let Some(count) = self.of_address.get_mut(&address) {
            *count -= 1;
            if *count == 0 {
                self.of_address.remove(&address);
            }
        }
    }
}

/// The address that counts as one source: in IPv6 whoever has one has the 64 bits behind it. None behind an
/// onion service.
pub(crate) fn address_of(address: &Multiaddr) -> Option<IpAddr> {
    whole_address_of(address).map(|address| match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(ip) => {
            let [a, b, c, d, ..] = ip.segments();
            Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0).into()
        }
    })
}

fn whole_address_of(address: &Multiaddr) -> Option<IpAddr> {
    let address = match address.iter().next()? {
        Protocol::Ip4(ip) => IpAddr::from(ip),
        Protocol::Ip6(ip) => ip.into(),
        _ => return None,
    };
    (!address.is_loopback()).then_some(address)
}

impl NetworkBehaviour for Doorway {
    type ConnectionHandler = dummy::ConnectionHandler;
    type ToSwarm = Infallible;

    fn handle_pending_inbound_connection(
        &mut self,
        connection_id: ConnectionId,
        _: &Multiaddr,
        remote: &Multiaddr,
    ) -> Result<(), ConnectionDenied> {
        self.comes(connection_id, remote).map_err(ConnectionDenied::new)
    }

    fn handle_established_inbound_connection(
        &mut self,
        connection_id: ConnectionId,
        _: PeerId,
        _: &Multiaddr,
        _: &Multiaddr,
    ) -> Result<THandler<Self>, ConnectionDenied> {
        self.goes(connection_id);
        Ok(dummy::ConnectionHandler)
    }

    fn handle_established_outbound_connection(
        &mut self,
        _: ConnectionId,
        _: PeerId,
        _: &Multiaddr,
        _: Endpoint,
        _: PortUse,
    ) -> Result<THandler<Self>, ConnectionDenied> {
        Ok(dummy::ConnectionHandler)
    }

    fn on_swarm_event(&mut self, event: FromSwarm<'_>) {
        if let FromSwarm::ListenFailure(failure) = event {
            self.goes(failure.connection_id);
        }
    }

    fn on_connection_handler_event(
        &mut self,
        _: PeerId,
        _: ConnectionId,
        event: THandlerOutEvent<Self>,
    ) {
        match event {}
    }

    fn poll(&mut self, _: &mut Context<'_>) -> Poll<ToSwarm<Self::ToSwarm, THandlerInEvent<Self>>> {
        Poll::Pending
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> Multiaddr {
        text.parse().unwrap()
    }

    #[test]
    fn one_address_cannot_fill_the_doorway() {
        let mut doorway = Doorway::of_relay();
        let id = ConnectionId::new_unchecked;
        let (one, other) = (address("/ip4/192.0.2.1/tcp/1"), address("/ip4/192.0.2.2/tcp/1"));
        for number in 0..MAX_OF_ADDRESS {
            assert_eq!(doorway.comes(id(number), &one), Ok(()));
        }
        assert_eq!(doorway.comes(id(5000), &one), Err(Crowded));
        assert_eq!(doorway.comes(id(5001), &other), Ok(()));
        // Turned away or through: the place is free, once.
        doorway.goes(id(0));
        doorway.goes(id(0));
        assert_eq!(doorway.comes(id(5002), &one), Ok(()));
        assert_eq!(doorway.comes(id(5003), &one), Err(Crowded));
        // Behind an onion service all come from loopback.
        let onion = address("/ip4/127.0.0.1/tcp/1");
        let room = MAX_IN_DOORWAY - doorway.tcp.standing.len();
        for number in 0..room {
            assert_eq!(doorway.comes(id(10_000 + number), &onion), Ok(()));
        }
        assert_eq!(doorway.comes(id(20_000), &onion), Err(Crowded));
    }

    #[test]
    fn on_a_local_network_each_has_places_of_their_own() {
        let mut doorway = Doorway::near();
        let id = ConnectionId::new_unchecked;
        let (one, other) = (address("/ip6/fd00::1/tcp/1"), address("/ip6/fd00::2/tcp/1"));
        for number in 0..MAX_PENDING_NEAR_OF_ADDRESS {
            assert_eq!(doorway.comes(id(number), &one), Ok(()));
        }
        assert_eq!(doorway.comes(id(5000), &one), Err(Crowded));
        assert_eq!(doorway.comes(id(5001), &other), Ok(()));
        // On the internet both are one source.
        let mut doorway = Doorway::of_member();
        for number in 0..MAX_PENDING_OF_ADDRESS {
            assert_eq!(doorway.comes(id(number), &one), Ok(()));
        }
        assert_eq!(doorway.comes(id(5001), &other), Err(Crowded));
    }

    #[test]
    fn who_lies_about_their_address_over_udp_keeps_nobody_out_who_comes_over_tcp() {
        let mut doorway = Doorway::of_relay();
        let id = ConnectionId::new_unchecked;
        let claimed = address("/ip4/192.0.2.1/udp/1/quic-v1");
        for number in 0..MAX_IN_DOORWAY {
            let _ = doorway.comes(id(number), &claimed);
        }
        assert_eq!(doorway.comes(id(5000), &claimed), Err(Crowded));
        assert_eq!(doorway.comes(id(5001), &address("/ip4/192.0.2.1/tcp/1")), Ok(()));
    }
}

//! The address under which a relay sees whoever asks, over QUIC: what a member behind a NAT has to
//! know before it can be met. Nothing else is told, and nothing is asked of the member; `identify`
//! would tell both sides much more. Clause: specs/06-sync Y-43.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures::{AsyncReadExt, AsyncWriteExt};
use libp2p::multiaddr::Protocol;
use libp2p::{Multiaddr, PeerId, StreamProtocol};
use tokio::task::JoinSet;
use tokio::time::timeout;

use crate::swarm::limits::{MAX_OBSERVED, MAX_OBSERVED_STREAMS};
use crate::swarm::raw::{Control, Incoming};

/// The protocol of the one answer.
pub(crate) const OBSERVED: &str = "/windbreak/observed/1";

/// Which addresses a relay sees its peers under.
#[derive(Default)]
pub(crate) struct Seen(Mutex<BTreeMap<PeerId, Multiaddr>>);

impl Seen {
    /// A peer is connected from here. Only addresses of QUIC are remembered.
    pub(crate) fn connected(&self, peer: PeerId, address: &Multiaddr) {
        if let Some(address) = udp_address(address) {
            self.seen().insert(peer, address);
        }
    }

    /// A peer has gone.
    pub(crate) fn gone(&self, peer: &PeerId) {
        self.seen().remove(peer);
    }

    fn of(&self, peer: &PeerId) -> Option<Multiaddr> {
        self.seen().get(peer).cloned()
    }

    fn seen(&self) -> MutexGuard<'_, BTreeMap<PeerId, Multiaddr>> {
        // Each change leaves the map whole, so a panic elsewhere does not spoil it.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Tells everybody who asks their own address, until there are no more streams.
pub(crate) async fn serve(mut incoming: Incoming, seen: Arc<Seen>, limit: Duration) {
    let mut answers = JoinSet::new();
    loop {
        tokio::select! {
            next = incoming.next() => {
                let Some((peer, mut stream)) = next else { return };
                let Some(address) = seen.of(&peer) else { continue };
                if answers.len() >= MAX_OBSERVED_STREAMS {
                    continue;
                }
                answers.spawn(timeout(limit, async move {
                    // Who does not wait for the answer needs none.
                    let _ = stream.write_all(&address.to_vec()).await;
                    let _ = stream.close().await;
                }));
            }
            Some(_) = answers.join_next(), if !answers.is_empty() => {}
        }
    }
}

/// Asks a relay for the address under which it sees this node; nothing if it does not say one.
pub(crate) async fn ask(control: Control, relay: PeerId, limit: Duration) -> Option<Multiaddr> {
    timeout(limit, async move {
        let stream = control.open_stream(relay, StreamProtocol::new(OBSERVED)).await.ok()?;
        let mut bytes = Vec::new();
        stream.take(MAX_OBSERVED as u64 + 1).read_to_end(&mut bytes).await.ok()?;
        if bytes.len() > MAX_OBSERVED {
            return None;
        }
        udp_address(&Multiaddr::try_from(bytes).ok()?)
    })
    .await
    .ok()
    .flatten()
}

/// The part of an address that says where QUIC is spoken, if it begins with such.
pub(crate) fn udp_address(address: &Multiaddr) -> Option<Multiaddr> {
    let mut parts = address.iter();
    let (ip, port, quic) = (parts.next()?, parts.next()?, parts.next()?);
    let is_ip = matches!(ip, Protocol::Ip4(_) | Protocol::Ip6(_));
    let is_quic = matches!(port, Protocol::Udp(1..)) && quic == Protocol::QuicV1;
    let is_circuit = parts.any(|part| part == Protocol::P2pCircuit);
    let address = || Multiaddr::empty().with(ip.clone()).with(port.clone()).with(quic.clone());
    (is_ip && is_quic && !is_circuit).then(address)
}

/// Where a host speaks QUIC that speaks TCP at `address`.
pub(crate) fn quic_beside(address: &Multiaddr) -> Option<Multiaddr> {
    let mut parts = address.iter();
    let (Some(ip @ (Protocol::Ip4(_) | Protocol::Ip6(_))), Some(Protocol::Tcp(port)), None) =
        (parts.next(), parts.next(), parts.next())
    else {
        return None;
    };
    Some(Multiaddr::empty().with(ip).with(Protocol::Udp(port)).with(Protocol::QuicV1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_address_of_quic_is_one_that_others_can_be_told() {
        let read = |text: &str| udp_address(&text.parse().unwrap());
        let plain = "/ip4/192.0.2.1/udp/4000/quic-v1";
        assert_eq!(read(plain), Some(plain.parse().unwrap()));
        let peer = PeerId::random();
        assert_eq!(read(&format!("{plain}/p2p/{peer}")), Some(plain.parse().unwrap()));
        for other in [
            "/ip4/192.0.2.1/tcp/4000".to_owned(),
            "/ip4/192.0.2.1/udp/0/quic-v1".to_owned(),
            "/dns4/example.org/udp/4000/quic-v1".to_owned(),
            format!("{plain}/p2p/{peer}/p2p-circuit"),
        ] {
            assert_eq!(read(&other), None, "{other}");
        }
    }
}

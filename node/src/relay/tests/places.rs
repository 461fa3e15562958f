//! What is left for those who find no place at a relay.

use windbreak_protocol::admission::{AdmissionReply, PROTOCOL as GRANT};

use super::*;
use crate::swarm::observed::OBSERVED;
use crate::swarm::raw::OpenError;

/// How circuits are asked for.
const HOP: &str = "/libp2p/circuit/relay/0.2.0/hop";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_is_turned_away_hears_that_there_is_no_place_and_is_served_nothing() {
    let folder = TempDir::new().unwrap();
    let listen = vec!["/ip4/127.0.0.1/tcp/0".to_owned()];
    let mut config =
        RelayConfig::new(folder.path().join("relay"), listen, StillClock::new().clock());
    // Who is turned away stays long enough to try everything.
    config.timings = Timings { connect: Duration::from_secs(60), ..Timings::fast() };
    config.admission = AdmissionMode::Grant;
    config.circuits = Circuits::On;
    config.limits.connections = 1;
    let handle = run_relay(config).await.unwrap();
    let address = handle.addresses()[0].clone();
    let quic = address.replace("/tcp/", "/udp/").replace("/p2p/", "/quic-v1/p2p/");

    // To whoever has a place all of it is spoken; circuits, once the relay listens over UDP, too.
    let guest = Client::connect(&address).await;
    let opened = guest.open(&topic_key(1)).await;
    soon(async {
        while guest.try_stream_of(HOP).await.is_err() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    })
    .await;
    for protocol in [GRANT, OBSERVED] {
        guest.stream_of(protocol).await;
    }

    for address in [&address, &quic] {
        let client = Client::connect(address).await;
        let mut topic = client.stream().await;
        let said = read_reply(&mut topic).await;
        assert!(matches!(said, Some(Reply::Refused { reason: Refusal::Crowded, .. })), "{said:?}");
        assert!(read_reply(&mut topic).await.is_none());
        let mut grant = client.stream_of(GRANT).await;
        let said = AdmissionReply::from_bytes(&read_message(&mut grant).await.unwrap()).unwrap();
        assert!(matches!(said, AdmissionReply::Refused { reason: Refusal::Crowded }), "{said:?}");
        assert!(read_message(&mut grant).await.is_none());
        for protocol in [OBSERVED, HOP] {
            let outcome = client.try_stream_of(protocol).await;
            assert!(matches!(outcome, Err(OpenError::NotSpoken)), "{protocol}: {outcome:?}");
        }
    }
    let status = handle.status();
    assert_eq!((status.connections, status.streams, status.turned_away), (1, 1, 2));
    opened.stream.days().await.unwrap();
}

//! What a host of a relay is promised: quotas of a source, counts, a quiet end.

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::*;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_source_that_floods_is_refused_with_the_reason_and_others_are_not() {
    let limits = RelayLimits { source_bytes_per_hour: 10 * 2048, ..RelayLimits::default() };
    let relay = Relay::start(limits).await;
    let (key, other) = (topic_key(1), topic_key(2));
    let flooder = relay.client().await;
    let outcomes = put_all(&flooder, &key, &envelopes(&key, NOW, 1, 15)).await;
    assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 10);
    assert_eq!(outcomes[10..], [Err(Refusal::Quota); 5]);
    // Neither another stream nor another topic helps; somebody else is not held up.
    let more = put_all(&flooder, &other, &envelopes(&other, NOW, 2, 1)).await;
    assert_eq!(more, [Err(Refusal::Quota)]);
    let others = put_all(&relay.client().await, &key, &envelopes(&key, NOW, 3, 5)).await;
    assert!(others.iter().all(Result::is_ok));
    assert_eq!(relay.handle.status().refused.quota, 6);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_relay_that_stops_answers_what_was_asked_and_begins_nothing() {
    let relay = Relay::start(RelayLimits::default()).await;
    let key = topic_key(1);
    let said = envelopes(&key, NOW, 1, 256);
    let client = relay.client().await;
    put_all(&client, &key, &said).await;
    let opened = client.open(&key).await;
    let wanted: Vec<_> = said.iter().map(|envelope| envelope.id()).collect();
    let counters_busy = relay.handle.mailbox.counters().busy.clone();
    let asked = tokio::spawn(async move { opened.stream.fetch(wanted).await });
    while counters_busy.load(Ordering::Relaxed) == 0 && !asked.is_finished() {
        tokio::task::yield_now().await;
    }
    let mailbox = relay.handle.mailbox.clone();
    relay.handle.shutdown().await;
    assert_eq!(asked.await.unwrap().unwrap().len(), said.len());
    assert!(!mailbox.serves(&key.topic()), "a new stream would have begun");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_request_that_never_ends_does_not_keep_a_relay_from_stopping() {
    let relay = Relay::start(RelayLimits::default()).await;
    let busy = relay.handle.mailbox.counters().busy.clone();
    busy.fetch_add(1, Ordering::Relaxed);
    let mut handle = relay.handle;
    handle.drain = Duration::from_millis(100);
    soon(handle.shutdown()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn counts_are_served_on_this_machine_and_name_nobody() {
    let relay = Relay::start(RelayLimits::default()).await;
    let elsewhere = relay.handle.serve_metrics("0.0.0.0:0".parse().unwrap()).await;
    assert!(matches!(elsewhere, Err(RelayError::Metrics)));
    let server = relay.handle.serve_metrics("127.0.0.1:0".parse().unwrap()).await.unwrap();
    let get = async |path: &str| {
        let mut stream = TcpStream::connect(server.address()).await.unwrap();
        let request = format!("GET {path} HTTP/1.1\r\nhost: relay\r\nconnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        answer
    };
    let key = topic_key(1);
    put_all(&relay.client().await, &key, &envelopes(&key, NOW, 1, 3)).await;
    let text = get("/metrics").await;
    for line in ["windbreak_relay_taken_total 3\n", "windbreak_relay_topics 1\n"] {
        assert!(text.contains(line), "{text}");
    }
    let peer = relay.handle.peer.to_string();
    for secret in [key.topic().to_text(), peer, "/ip4/".to_owned(), "127.0.0.1".to_owned()] {
        assert!(!text.contains(&secret), "{text}");
    }
    assert!(get("/health").await.starts_with("HTTP/1.1 200"));
    relay.handle.mailbox.stop().await;
    assert!(get("/health").await.starts_with("HTTP/1.1 503"));
    assert!(get("/v1/relay").await.starts_with("HTTP/1.1 404"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_disk_without_room_takes_nothing_gives_all_and_recovers() {
    let limits = RelayLimits { free_bytes: u64::MAX, ..RelayLimits::default() };
    let mut relay = Relay::start(RelayLimits::default()).await;
    let key = topic_key(1);
    let said = envelopes(&key, NOW, 1, 3);
    put_all(&relay.client().await, &key, &said).await;
    relay.limits = limits;
    let mut relay = relay.restart().await;
    let more = envelopes(&key, NOW, 2, 2);
    let client = relay.client().await;
    assert_eq!(put_all(&client, &key, &more).await, [Err(Refusal::Full); 2]);
    assert!(!relay.handle.status().has_room);
    let opened = client.open(&key).await;
    let wanted = said.iter().map(|envelope| envelope.id()).collect();
    assert_eq!(opened.stream.fetch(wanted).await.unwrap().len(), said.len());
    relay.limits = RelayLimits::default();
    let relay = relay.restart().await;
    assert!(put_all(&relay.client().await, &key, &more).await.iter().all(Result::is_ok));
}

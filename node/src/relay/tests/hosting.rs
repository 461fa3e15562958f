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
async fn a_source_begins_few_topics_and_others_begin_theirs() {
    let limits = RelayLimits { source_topics_per_hour: 2, ..RelayLimits::default() };
    let relay = Relay::start(limits).await;
    let [one, two, three] = [1, 2, 3].map(topic_key);
    let squatter = relay.client().await;
    // What is refused begins nothing, and many on their way together begin one topic.
    let far = envelopes(&one, NOW + 48, 1, 3);
    assert_eq!(put_all(&squatter, &one, &far).await, [Err(Refusal::TooFarAhead); 3]);
    let opened = squatter.open(&one).await;
    let said = envelopes(&one, NOW, 2, 2);
    let puts = said.iter().map(|envelope| opened.stream.put(envelope.as_bytes()));
    assert!(futures::future::join_all(puts).await.iter().all(|put| matches!(put, Ok(Ok(())))));
    let more = put_all(&squatter, &two, &envelopes(&two, NOW, 3, 2)).await;
    assert!(more.iter().all(Result::is_ok));
    let third = envelopes(&three, NOW, 4, 1);
    assert_eq!(put_all(&squatter, &three, &third).await, [Err(Refusal::Quota)]);
    // What it began goes on; somebody else begins the third, and there it may put then.
    assert_eq!(put_all(&squatter, &one, &envelopes(&one, NOW, 5, 1)).await, [Ok(())]);
    let other = relay.client().await;
    assert_eq!(put_all(&other, &three, &envelopes(&three, NOW, 6, 1)).await, [Ok(())]);
    assert_eq!(put_all(&squatter, &three, &third).await, [Ok(())]);
    assert_eq!(relay.handle.status().topics, 3);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_relay_with_all_its_topics_begins_no_more_and_goes_on_with_those() {
    let relay = Relay::start(RelayLimits { topics: 2, ..RelayLimits::default() }).await;
    let [one, two, three] = [1, 2, 3].map(topic_key);
    let client = relay.client().await;
    assert_eq!(put_all(&client, &one, &envelopes(&one, NOW, 1, 1)).await, [Ok(())]);
    // A topic that is held takes no place of another one in the same commit.
    let (first, second) = (client.open(&one).await, client.open(&two).await);
    let (more, said) = (envelopes(&one, NOW, 2, 8), envelopes(&two, NOW, 3, 8));
    let puts = more.iter().map(|envelope| first.stream.put(envelope.as_bytes()));
    let others = said.iter().map(|envelope| second.stream.put(envelope.as_bytes()));
    let outcomes = futures::future::join_all(puts.chain(others)).await;
    assert!(outcomes.iter().all(|put| matches!(put, Ok(Ok(())))), "{outcomes:?}");
    assert_eq!(put_all(&client, &three, &envelopes(&three, NOW, 4, 1)).await, [Err(Refusal::Full)]);
    assert_eq!(put_all(&client, &two, &envelopes(&two, NOW, 5, 1)).await, [Ok(())]);
    assert_eq!((relay.handle.status().topics, relay.handle.status().refused.full), (2, 1));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_relay_with_all_its_envelopes_takes_no_more_and_gives_what_it_has() {
    let relay = Relay::start(RelayLimits { envelopes: 3, ..RelayLimits::default() }).await;
    let [one, two] = [1, 2].map(topic_key);
    let client = relay.client().await;
    // Those on their way together count together, on whichever topics they are.
    let (first, second) = (client.open(&one).await, client.open(&two).await);
    let (said, more) = (envelopes(&one, NOW, 1, 3), envelopes(&two, NOW, 2, 3));
    let puts = said.iter().map(|envelope| first.stream.put(envelope.as_bytes()));
    let others = more.iter().map(|envelope| second.stream.put(envelope.as_bytes()));
    let outcomes = futures::future::join_all(puts.chain(others)).await;
    let held = outcomes.iter().filter(|put| matches!(put, Ok(Ok(())))).count();
    let full = outcomes.iter().filter(|put| matches!(put, Ok(Err(Refusal::Full)))).count();
    assert_eq!((held, full), (3, 3), "{outcomes:?}");
    // What is held is held when it comes again, and is given.
    let mut given = 0;
    for (opened, envelopes) in [(&first, &said), (&second, &more)] {
        let wanted = envelopes.iter().map(|envelope| envelope.id()).collect();
        for found in opened.stream.fetch(wanted).await.unwrap() {
            assert_eq!(opened.stream.put(&found).await.unwrap(), Ok(()));
            given += 1;
        }
    }
    assert_eq!((given, relay.handle.status().envelopes), (3, 3));
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

//! Peers that mean ill, or whose lines and clocks are bad.

use std::env;
use std::io::Write;
use std::net::TcpStream;
use std::process::Command;

use super::*;
use crate::swarm::VenueConfig;
use crate::swarm::testkit::Member;

/// The port a relay listens on.
fn port(relay: &Relay) -> u16 {
    let address = relay.handle.addresses()[0].clone();
    address.split('/').nth(4).unwrap().parse().unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn handshakes_that_never_end_keep_nobody_out() {
    let relay = Relay::start(RelayLimits::default()).await;
    let port = port(&relay);
    let mut standing = Vec::new();
    for number in 0..300 {
        let mut socket = TcpStream::connect(("127.0.0.1", port)).unwrap();
        match number % 3 {
            0 => {}
            // The beginning of a handshake, and no more of it.
            1 => socket.write_all(b"\x13/multistream/1.0.0\n").unwrap(),
            // Something else altogether: the relay may close it while it is written.
            _ => drop(socket.write_all(&[0xff; 16 * 1024])),
        }
        standing.push(socket);
    }
    let began = std::time::Instant::now();
    let key = topic_key(1);
    let outcomes = put_all(&relay.client().await, &key, &envelopes(&key, NOW, 1, 3)).await;
    assert!(outcomes.iter().all(Result::is_ok));
    // Well before those who stand there are sent away.
    assert!(began.elapsed() < Duration::from_secs(4), "{:?}", began.elapsed());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn streams_that_drip_are_given_up_and_stop_nobody() {
    let relay = Relay::start(RelayLimits::default()).await;
    let (slow, other) = (topic_key(1), topic_key(2));
    let client = relay.client().await;
    let mut dripping = Vec::new();
    for _ in 0..64 {
        let mut stream = client.stream().await;
        let Some(Reply::Nonce { nonce }) = read_reply(&mut stream).await else { panic!() };
        let proof = slow.prove(&nonce, &client.host());
        write_message(&mut stream, &Request::Open { topic: slow.topic(), proof }.to_bytes()).await;
        dripping.push(tokio::spawn(async move {
            // The length of a large message, and then a byte of it now and then.
            let mut alive = stream.write_all(&(MAX_MESSAGE as u32).to_be_bytes()).await.is_ok();
            while alive {
                tokio::time::sleep(Duration::from_millis(100)).await;
                let written = stream.write_all(&[0]).await;
                alive = written.is_ok() && stream.flush().await.is_ok();
            }
        }));
    }
    let honest = relay.client().await;
    let outcomes = put_all(&honest, &other, &envelopes(&other, NOW, 2, 20)).await;
    assert!(outcomes.iter().all(Result::is_ok));
    // A message may take half a minute, which `soon` does not wait for.
    for stream in dripping {
        tokio::time::timeout(Duration::from_secs(90), stream).await.expect("given up").unwrap();
    }
    soon(async {
        while relay.handle.status().streams > 0 {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn clocks_that_are_wrong_by_a_day_part_nobody() {
    let relay = Relay::start(RelayLimits::default()).await;
    let key = topic_key(1);
    let client = relay.client().await;
    // The relay's clock is right, and its guests' are a day behind and a day ahead.
    let behind = envelopes(&key, NOW - 24, 1, 3);
    let ahead = envelopes(&key, NOW + 24, 2, 3);
    for said in [&behind, &ahead] {
        let outcomes = put_all(&client, &key, said).await;
        assert!(outcomes.iter().all(Result::is_ok), "{outcomes:?}");
    }
    // The relay's clock is put a day back and a day ahead.
    let now = envelopes(&key, NOW, 3, 3);
    for (clock, said) in [(NOW - 24, &now[..1]), (NOW + 24, &now[1..])] {
        relay.clock.set(clock);
        let outcomes = put_all(&client, &key, said).await;
        assert!(outcomes.iter().all(Result::is_ok), "{outcomes:?}");
    }
    // Whoever catches up gets all of it.
    let relays = vec![relay.handle.addresses()[0].clone()];
    let member = Member::start(VenueConfig { relays, ..VenueConfig::default() }, &[]);
    member.follow(&key);
    member.sees(|seen| seen.arrived.len() == 9).await;
    // Two days are too much, and are said to be.
    relay.clock.set(NOW);
    let far = envelopes(&key, NOW + 48, 4, 1);
    assert_eq!(put_all(&client, &key, &far).await, [Err(Refusal::TooFarAhead)]);
}

/// How many connections are to be made, for whom it is too much to make all.
const CONNECTIONS: &str = "WINDBREAK_CONNECTIONS";

/// The test below with a tenth of the connections, in a process of its own: what others do in this one
/// would be counted, too.
#[test]
fn a_thousand_idle_connections_cost_little_each() {
    let name = "relay::tests::hostile::many_idle_connections_cost_little_each";
    let mut alone = Command::new(env::current_exe().unwrap());
    let alone = alone.args(["--ignored", "--exact", "--nocapture", name]).env(CONNECTIONS, "1000");
    let ended = alone.output().unwrap();
    let told = String::from_utf8_lossy(&ended.stdout);
    println!("{told}");
    assert!(ended.status.success() && told.contains("bytes each"), "{ended:?}");
}

/// `cargo test --release -p windbreak-node --lib many_idle -- --ignored --nocapture`
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "takes minutes and thousands of sockets"]
async fn many_idle_connections_cost_little_each() {
    // Both ends lie in this process: two sockets each, and some for the rest.
    let open = open_files().saturating_sub(200) / 2;
    let wanted = env::var(CONNECTIONS).map_or(10_000, |count| count.parse().unwrap());
    let count = open.min(wanted);
    let folder = TempDir::new().unwrap();
    let listen = vec!["/ip4/127.0.0.1/tcp/0".to_owned()];
    let mut config =
        RelayConfig::new(folder.path().join("relay"), listen, StillClock::new().clock());
    config.timings = Timings::default();
    config.limits.connections = u32::try_from(count).unwrap() + 8;
    let handle = run_relay(config).await.unwrap();
    let address = handle.addresses()[0].clone();
    let mut clients = vec![Client::connect(&address).await.open(&topic_key(1)).await];
    let before = resident();
    while clients.len() < count {
        clients.push(Client::connect(&address).await.open(&topic_key(1)).await);
    }
    assert_eq!(handle.status().connections, count as u64);
    let each = (resident() - before) / (count as u64 - 1);
    println!("{count} idle connections with a stream each: {each} bytes each, both ends together");
    assert!(each < 2 * 105_000, "a relay has 1 GiB for 10,000");
}

/// Bytes of memory this process has.
fn resident() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap() * 1024
}

/// How many files this process may have open.
fn open_files() -> usize {
    let limits = std::fs::read_to_string("/proc/self/limits").unwrap();
    let line = limits.lines().find(|line| line.starts_with("Max open files")).unwrap();
    line.split_whitespace().nth(3).unwrap().parse().unwrap()
}

//! The way through Tor, with a proxy in this process in Tor's place: it takes logins as Tor does,
//! knows where onion services lead, and remembers who asked for what.

use std::collections::BTreeMap;
use std::sync::Mutex;

use libp2p::core::transport::PortUse;
use libp2p::core::{Endpoint, transport::ListenerId};
use libp2p::tcp;
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional};
use tokio::net::TcpListener;
use tokio_util::task::AbortOnDropHandle;
use windbreak_protocol::Venue;
use windbreak_protocol::admission::RelayPart;
use windbreak_protocol::id::CircleId;
use windbreak_protocol::invite::RelayAddress;

use super::*;
use crate::relay::{AdmissionMode, RelayConfig, RelayHandle, run_relay};
use crate::swarm::testkit::{Member, NOW, StillClock, envelopes, soon, topic_key};
use crate::swarm::{LinkConfig, Purse, Timings, TokenConfig, VenueConfig, Way};

/// What somebody asked the proxy for.
#[derive(Clone, Debug)]
struct Asked {
    at: tokio::time::Instant,
    user: String,
    password: String,
    host: String,
    port: u16,
}

struct StandIn {
    address: SocketAddr,
    asked: Arc<Mutex<Vec<Asked>>>,
    _task: AbortOnDropHandle<()>,
}

impl StandIn {
    /// A proxy that knows these onion services.
    async fn start(services: BTreeMap<String, SocketAddr>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        Self::on(listener, services)
    }

    fn on(listener: TcpListener, services: BTreeMap<String, SocketAddr>) -> Self {
        let address = listener.local_addr().unwrap();
        let asked = Arc::new(Mutex::new(Vec::new()));
        let (heard, services) = (asked.clone(), Arc::new(services));
        let task = tokio::spawn(async move {
            let mut served = tokio::task::JoinSet::new();
            while let Ok((stream, _)) = listener.accept().await {
                served.spawn(serve(stream, heard.clone(), services.clone()));
            }
        });
        Self { address, asked, _task: AbortOnDropHandle::new(task) }
    }

    fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap().clone()
    }
}

async fn serve(
    mut stream: TcpStream,
    heard: Arc<Mutex<Vec<Asked>>>,
    services: Arc<BTreeMap<String, SocketAddr>>,
) -> Option<()> {
    assert_eq!(take(&mut stream, 3).await?, [5, 1, 2], "only a login is offered");
    stream.write_all(&[5, 2]).await.ok()?;
    assert_eq!(stream.read_u8().await.ok()?, 1);
    let user = text(&mut stream).await?;
    let password = text(&mut stream).await?;
    stream.write_all(&[1, 0]).await.ok()?;
    assert_eq!(take(&mut stream, 4).await?, [5, 1, 0, 3], "a connection, by name");
    let host = text(&mut stream).await?;
    let port = stream.read_u16().await.ok()?;
    let service = services.get(&host).copied();
    heard.lock().unwrap().push(Asked {
        at: tokio::time::Instant::now(),
        user,
        password,
        host,
        port,
    });
    let Some(service) = service else {
        stream.write_all(&[5, 4, 0, 1, 0, 0, 0, 0, 0, 0]).await.ok()?;
        return None;
    };
    let mut end = TcpStream::connect(service).await.ok()?;
    stream.write_all(&[5, 0, 0, 1, 0, 0, 0, 0, 0, 0]).await.ok()?;
    copy_bidirectional(&mut stream, &mut end).await.ok().map(|_| ())
}

async fn take(stream: &mut TcpStream, count: usize) -> Option<Vec<u8>> {
    let mut bytes = vec![0; count];
    stream.read_exact(&mut bytes).await.ok()?;
    Some(bytes)
}

async fn text(stream: &mut TcpStream) -> Option<String> {
    let length = stream.read_u8().await.ok()?;
    Some(String::from_utf8(take(stream, length.into()).await?).unwrap())
}

async fn relay(folder: &TempDir) -> RelayHandle {
    relay_that_admits(folder, AdmissionMode::Open).await
}

async fn relay_that_admits(folder: &TempDir, admission: AdmissionMode) -> RelayHandle {
    let listen = vec!["/ip4/127.0.0.1/tcp/0".to_owned()];
    let clock = StillClock::new().clock();
    let mut config = RelayConfig::new(folder.path().join("relay"), listen, clock);
    config.timings = Timings::fast();
    config.admission = admission;
    run_relay(config).await.unwrap()
}

fn onion(letter: char) -> String {
    letter.to_string().repeat(56)
}

/// The socket behind a multiaddress.
fn socket(address: &str) -> SocketAddr {
    let parts: Vec<_> = address.split('/').collect();
    format!("{}:{}", parts[2], parts[4]).parse().unwrap()
}

/// A relay's address with its clear part replaced by an onion service.
fn by_onion(relay: &RelayHandle, letter: char) -> String {
    let clear = relay.addresses().remove(0);
    let (_, peer) = clear.split_once("/p2p/").unwrap();
    format!("/onion3/{}:4710/p2p/{peer}", onion(letter))
}

fn through(proxy: &StandIn, relays: Vec<String>) -> VenueConfig {
    VenueConfig { way: Way::Tor(proxy.address), relays, ..VenueConfig::default() }
}

fn leads_to(letter: char, service: SocketAddr) -> BTreeMap<String, SocketAddr> {
    BTreeMap::from([(onion(letter) + ".onion", service)])
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn shares_pass_an_onion_relay_and_each_circle_and_start_has_circuits_of_its_own() {
    let folder = TempDir::new().unwrap();
    let relay = relay(&folder).await;
    let proxy = StandIn::start(leads_to('a', socket(&relay.addresses()[0]))).await;
    let address = by_onion(&relay, 'a');
    let key = topic_key(1);
    let start = || Member::start(through(&proxy, vec![address.clone()]), &[]);
    let (alice, bob) = (start(), start());
    alice.follow(&key);
    bob.follow(&key);
    bob.sees(|seen| seen.synced > 0).await;
    let said = envelopes(&key, NOW, 1, 20);
    for envelope in &said {
        alice.publish(envelope);
    }
    bob.sees(|seen| seen.arrived.len() >= said.len()).await;
    assert!(!alice.venue.status().is_proxy_absent);

    drop(alice);
    let again = start();
    again.follow(&key);
    again.sees(|seen| seen.arrived.len() >= said.len()).await;
    let asked = proxy.asked();
    let users: std::collections::BTreeSet<_> = asked.iter().map(|asked| &asked.user).collect();
    assert_eq!(users.len(), 3, "two venues and a second start: {asked:?}");
    for asked in &asked {
        assert_eq!((&asked.host, asked.port), (&(onion('a') + ".onion"), 4710));
        assert_eq!(asked.password, asked.host, "one circuit for each relay");
        assert!(asked.user.len() == 32, "random: {asked:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_draw_has_circuits_of_its_own_and_what_it_brought_rests() {
    let folder = TempDir::new().unwrap();
    let relay = relay_that_admits(&folder, AdmissionMode::Grant).await;
    let proxy = StandIn::start(leads_to('a', socket(&relay.addresses()[0]))).await;
    let address = by_onion(&relay, 'a');
    let grant = relay.issue_for_test(2).await;
    let relay_address = RelayAddress::new(&address).unwrap();
    let store = crate::store::MemoryStore::new();
    let tokens = TokenConfig {
        parts: vec![Arc::new(RelayPart::of(&relay_address, &grant, 0).unwrap())],
        ended: Vec::new(),
        purse: Some((
            Purse::open(Arc::new(Mutex::new(store))).unwrap(),
            Venue::Circle(CircleId::from_bytes([1; 32])),
        )),
    };
    let config = VenueConfig { tokens, ..through(&proxy, vec![address]) };
    let (member, key) = (Member::start(config, &[]), topic_key(1));
    member.follow(&key);
    let said = &envelopes(&key, NOW, 1, 1)[0];
    member.publish(said);
    let began = tokio::time::Instant::now();
    loop {
        let tokens = member.venue.status().tokens;
        if let Some(tokens) = tokens.values().find(|tokens| tokens.resting > 0) {
            assert_eq!((tokens.ready, tokens.resting), (0, 32));
            assert!(tokens.ready_from.is_some());
            break;
        }
        assert!(began.elapsed() < Duration::from_secs(60), "nothing was drawn: {tokens:?}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert!(!member.seen().held.contains(&said.id()), "spent at once, it would tell who drew it");
    assert_eq!((relay.status().tokens_drawn, relay.status().tokens_spent), (32, 0));
    let asked = proxy.asked();
    let users: std::collections::BTreeSet<_> = asked.iter().map(|asked| &asked.user).collect();
    assert_eq!(users.len(), 2, "one login for topics, another for the draw: {asked:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_dialled_but_the_proxy() {
    let folder = TempDir::new().unwrap();
    let relay = relay(&folder).await;
    // A relay and a member that a clear mode would dial at once, and names that would be looked up.
    let tempting = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = tempting.local_addr().unwrap().port();
    let peer = libp2p::PeerId::random();
    let proxy = StandIn::start(leads_to('a', socket(&relay.addresses()[0]))).await;
    let link = LinkConfig {
        listen: vec!["/ip4/0.0.0.0/tcp/0".to_owned(), "/ip6/::/tcp/0".to_owned()],
        peers: vec![format!("/ip4/127.0.0.1/tcp/{port}"), format!("/dns4/localhost/tcp/{port}")],
        key: windbreak_protocol::secret::Secret::from_bytes([3; 32]),
    };
    let relays = vec![
        by_onion(&relay, 'a'),
        format!("/ip4/127.0.0.1/tcp/{port}/p2p/{peer}"),
        format!("/dns4/localhost/tcp/{port}/p2p/{}", libp2p::PeerId::random()),
    ];
    let member =
        Member::start(VenueConfig { link: Some(link), ..through(&proxy, relays.clone()) }, &[]);
    member.follow(&topic_key(1));
    member.sees(|seen| seen.synced > 0).await;
    let status = member.venue.status();
    assert_eq!((status.relays, status.relays_unusable), (3, 2));
    assert!(status.listening.is_empty(), "{status:?}");
    let waited = timeout(Duration::from_secs(1), tempting.accept()).await;
    assert!(waited.is_err(), "it was dialled in the clear");

    // The control: in the clear it is dialled at once, and the onion service is not.
    let asked = proxy.asked().len();
    member.venue.reconfigure(VenueConfig { relays, ..VenueConfig::default() }).unwrap();
    soon(tempting.accept()).await.unwrap();
    assert_eq!(member.venue.status().relays_unusable, 1);
    assert_eq!(proxy.asked().len(), asked);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_the_proxy_nothing_goes_out_and_it_is_said_until_it_is_there() {
    let folder = TempDir::new().unwrap();
    let relay = relay(&folder).await;
    let place = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = place.local_addr().unwrap();
    drop(place);
    assert!(!is_proxy_there(address).await);
    let clear = socket(&relay.addresses()[0]);
    let config = VenueConfig {
        way: Way::Tor(address),
        relays: vec![by_onion(&relay, 'a')],
        ..VenueConfig::default()
    };
    let member = Member::start(config, &[]);
    member.follow(&topic_key(1));
    soon(async {
        while !member.venue.status().is_proxy_absent {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    })
    .await;
    assert_eq!(relay.status().connections, 0);

    let listener = TcpListener::bind(address).await.unwrap();
    let _proxy = StandIn::on(listener, leads_to('a', clear));
    assert!(is_proxy_there(address).await);
    member.sees(|seen| seen.synced > 0).await;
    assert!(!member.venue.status().is_proxy_absent);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_members_link_through_their_onion_services() {
    let link = |listen: &[&str], peers: Vec<String>| LinkConfig {
        listen: listen.iter().map(|text| (*text).to_owned()).collect(),
        peers,
        key: windbreak_protocol::secret::Secret::from_bytes([3; 32]),
    };
    let idle = StandIn::start(BTreeMap::new()).await;
    let listening = link(&["/ip4/127.0.0.1/tcp/0"], Vec::new());
    let config = VenueConfig { link: Some(listening), ..through(&idle, Vec::new()) };
    let alice = Member::start(config, &[]);
    let key = topic_key(1);
    alice.follow(&key);
    let address = soon(async {
        loop {
            if let Some(address) = alice.venue.status().listening.first() {
                return socket(address);
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    })
    .await;
    let proxy = StandIn::start(leads_to('b', address)).await;
    let dialling = link(&[], vec![format!("/onion3/{}:9701", onion('b'))]);
    let bob =
        Member::start(VenueConfig { link: Some(dialling), ..through(&proxy, Vec::new()) }, &[]);
    bob.follow(&key);
    bob.sees(|seen| seen.synced > 0).await;
    let said = envelopes(&key, NOW, 1, 3);
    for envelope in &said {
        alice.publish(envelope);
    }
    bob.sees(|seen| seen.arrived.len() >= said.len()).await;
    assert!(idle.asked().is_empty());
}

/// By construction: neither half has a way to do what the other may.
#[tokio::test]
async fn neither_half_can_show_an_address() {
    let options = DialOpts { role: Endpoint::Dialer, port_use: PortUse::Reuse };
    let proxy = "127.0.0.1:9".parse().unwrap();
    let mut onion_half = Onion(Circuits::fresh(proxy, Arc::default()).unwrap());
    let mut loopback_half = LoopbackOnly(tcp::tokio::Transport::default());
    let name = onion('a');
    for clear in [
        "/ip4/192.0.2.1/tcp/1".to_owned(),
        "/ip4/127.0.0.1/tcp/1".to_owned(),
        "/ip6/2001:db8::1/tcp/1".to_owned(),
        "/dns4/relay.example/tcp/1".to_owned(),
        "/memory/1".to_owned(),
        format!("/onion3/{name}:1/ip4/192.0.2.1/tcp/1"),
    ] {
        let address: Multiaddr = clear.parse().unwrap();
        assert!(onion_half.dial(address.clone(), options).is_err(), "{clear}");
        assert!(loopback_half.dial(address.clone(), options).is_err(), "{clear}");
        assert!(onion_half.listen_on(ListenerId::next(), address.clone()).is_err(), "{clear}");
        let listens = loopback_half.listen_on(ListenerId::next(), address).is_ok();
        assert_eq!(listens, clear.starts_with("/ip4/127."), "{clear}");
    }
    let address: Multiaddr = format!("/onion3/{name}:1").parse().unwrap();
    assert!(loopback_half.dial(address.clone(), options).is_err());
    assert!(onion_half.dial(address, options).is_ok());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn circles_that_open_together_come_to_tor_one_by_one() {
    // On a machine that stands still for a second all of them are seen at once.
    for _ in 0..3 {
        if time_between_the_first_and_the_last().await > Timings::fast().spread / 8 {
            return;
        }
    }
    panic!("eight circles came to Tor together, three times");
}

/// Opens eight circles together.
async fn time_between_the_first_and_the_last() -> Duration {
    let proxy = StandIn::start(BTreeMap::new()).await;
    let relay =
        |letter: char| format!("/onion3/{}:1/p2p/{}", onion(letter), libp2p::PeerId::random());
    let members: Vec<_> = ('a'..='h')
        .map(|letter| {
            let config = through(&proxy, vec![relay(letter)]);
            Member::start(VenueConfig { opens_with_others: true, ..config }, &[])
        })
        .collect();
    soon(async {
        while proxy.asked().len() < members.len() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    })
    .await;
    // The first time each was asked for.
    let mut first = BTreeMap::new();
    for asked in proxy.asked() {
        first.entry(asked.host).or_insert(asked.at);
    }
    let (earliest, latest) = (first.values().min().unwrap(), first.values().max().unwrap());
    latest.duration_since(*earliest)
}

//! What is said aloud on the local networks: one for a node, only while a circle is in the mode
//! `lan`. It carries what venues say, and hands them what was heard, read once, within bounds on what
//! anybody's noise costs. It knows no circle. Clauses: specs/06-sync Y-82, Y-85.

use std::collections::BTreeMap;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, SocketAddrV4, SocketAddrV6};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use socket2::{Domain, Protocol, SockAddr, Socket, Type};
use tokio::net::UdpSocket;
use tokio::sync::{broadcast, watch};
use tokio::time::{Instant, sleep};
use tokio_util::task::AbortOnDropHandle;

use crate::swarm::lan::message::{self, Message};
use crate::swarm::limits::{
    HEARD_QUEUE, HEARD_WINDOW, MAX_ANNOUNCEMENT, MAX_HEARD, MAX_HEARD_OF_ONE, MAX_SPEAKERS,
};
use crate::swarm::nets::{Net, Nets};

/// Where mDNS is spoken (RFC 6762, section 3).
const PORT: u16 = 5353;
const GROUP_V4: Ipv4Addr = Ipv4Addr::new(224, 0, 0, 251);
const GROUP_V6: Ipv6Addr = Ipv6Addr::new(0xff02, 0, 0, 0, 0, 0, 0, 0xfb);

/// The local networks as places where something is said.
pub(crate) struct Air {
    places: Arc<Mutex<BTreeMap<Net, Place>>>,
    heard: broadcast::Sender<Arc<Message>>,
    nets: watch::Receiver<Arc<Nets>>,
    is_deaf: Arc<AtomicBool>,
    _looking: AbortOnDropHandle<()>,
}

/// One network, as long as this device is in it.
struct Place {
    socket: Arc<UdpSocket>,
    listening: AbortOnDropHandle<()>,
}

impl Air {
    /// Listens on all local networks, those that come later too; looks for them every `look`.
    pub(crate) fn start(look: Duration) -> Arc<Self> {
        let (places, heard) = (Arc::default(), broadcast::Sender::new(HEARD_QUEUE));
        let nets = watch::Sender::new(Arc::new(Nets::default()));
        let seen = nets.subscribe();
        let is_deaf = Arc::<AtomicBool>::default();
        let looking = look_around(Arc::clone(&places), heard.clone(), nets, is_deaf.clone(), look);
        let _looking = AbortOnDropHandle::new(tokio::spawn(looking));
        Arc::new(Self { places, heard, nets: seen, is_deaf, _looking })
    }

    /// Whether there is a network in which nothing can be heard or said: another program of this device
    /// has the port of mDNS for itself.
    pub(crate) fn is_deaf(&self) -> bool {
        self.is_deaf.load(Ordering::Relaxed)
    }

    /// The networks, as they change.
    pub(crate) fn nets(&self) -> watch::Receiver<Arc<Nets>> {
        self.nets.clone()
    }

    /// What is heard from now on. Whoever is slow misses some of it.
    pub(crate) fn listen(&self) -> broadcast::Receiver<Arc<Message>> {
        self.heard.subscribe()
    }

    /// Says something in one network. What cannot be said now is said the next time.
    pub(crate) async fn say(&self, net: &Net, words: &[u8]) {
        let place = lock(&self.places).get(net).map(|place| place.socket.clone());
        let Some(socket) = place else { return };
        if let Err(error) = socket.send_to(words, group(net)).await {
            tracing::debug!(kind = ?error.kind(), "nothing can be said in a local network");
        }
    }
}

impl std::fmt::Debug for Air {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Air").finish_non_exhaustive()
    }
}

/// Keeps a socket in every local network, for as long as it is there.
async fn look_around(
    places: Arc<Mutex<BTreeMap<Net, Place>>>,
    heard: broadcast::Sender<Arc<Message>>,
    nets: watch::Sender<Arc<Nets>>,
    is_deaf: Arc<AtomicBool>,
    look: Duration,
) {
    let budget = Arc::new(Mutex::new(Budget::new(Instant::now())));
    loop {
        let seen = Nets::look();
        let mut misses_some = false;
        {
            let mut places = lock(&places);
            places.retain(|net, place| {
                seen.local().any(|there| there == *net) && !place.listening.is_finished()
            });
            for net in seen.local().filter(|net| !is_spoken_for(net)) {
                if places.contains_key(&net) {
                    continue;
                }
                let Ok(socket) = socket(&net).map(Arc::new) else {
                    tracing::debug!("a local network cannot be listened to; it is tried again");
                    // Nobody is looked for on this machine itself.
                    misses_some |= !net.address.is_loopback();
                    continue;
                };
                let listening = listen(socket.clone(), heard.clone(), budget.clone());
                let listening = AbortOnDropHandle::new(tokio::spawn(listening));
                places.insert(net, Place { socket, listening });
            }
        }
        is_deaf.store(misses_some, Ordering::Relaxed);
        nets.send_if_modified(|known| {
            let has_changed = **known != seen;
            if has_changed {
                *known = Arc::new(seen);
            }
            has_changed
        });
        sleep(look).await;
    }
}

/// This machine with itself: over its older address is enough.
fn is_spoken_for(net: &Net) -> bool {
    net.address == IpAddr::V6(Ipv6Addr::LOCALHOST)
}

async fn listen(
    socket: Arc<UdpSocket>,
    heard: broadcast::Sender<Arc<Message>>,
    budget: Arc<Mutex<Budget>>,
) {
    let mut buffer = vec![0; MAX_ANNOUNCEMENT + 1];
    loop {
        let Ok((length, from)) = socket.recv_from(&mut buffer).await else { return };
        let bytes = buffer.get(..length).unwrap_or_default();
        if !message::may_be_ours(bytes) || !lock(&budget).allows(from.ip(), Instant::now()) {
            continue;
        }
        if let Some(message) = message::read(bytes).filter(|message| is_from(message, from.ip())) {
            // Nobody may listen just now.
            let _ = heard.send(Arc::new(message));
        }
    }
}

/// Whether an announcement comes from where it says it is. Over IPv6 it comes from the address of
/// the interface, and says another.
fn is_from(message: &Message, from: IpAddr) -> bool {
    match message {
        Message::Question => true,
        Message::Announcement(said) => from.is_ipv6() || said.address == from,
    }
}

/// A socket that hears what is said to the group in one network, and nothing else, so that it takes
/// nothing from another program that speaks mDNS on this machine.
fn socket(net: &Net) -> io::Result<UdpSocket> {
    let domain = if net.address.is_ipv4() { Domain::IPV4 } else { Domain::IPV6 };
    let socket = Socket::new(domain, Type::DGRAM, Some(Protocol::UDP))?;
    socket.set_reuse_address(true)?;
    socket.set_reuse_port(true)?;
    socket.set_nonblocking(true)?;
    match net.address {
        IpAddr::V4(address) => {
            socket.bind(&SockAddr::from(group(net)))?;
            socket.join_multicast_v4(&GROUP_V4, &address)?;
            socket.set_multicast_if_v4(&address)?;
            // Other devices in the network are as far as this goes, and other programs here.
            socket.set_multicast_ttl_v4(1)?;
            socket.set_multicast_loop_v4(true)?;
            #[cfg(target_os = "linux")]
            socket.set_multicast_all_v4(false)?;
        }
        IpAddr::V6(_) => {
            socket.set_only_v6(true)?;
            socket.bind(&SockAddr::from(group(net)))?;
            socket.join_multicast_v6(&GROUP_V6, net.index)?;
            socket.set_multicast_if_v6(net.index)?;
            socket.set_multicast_hops_v6(1)?;
            socket.set_multicast_loop_v6(true)?;
            #[cfg(target_os = "linux")]
            socket.set_multicast_all_v6(false)?;
        }
    }
    UdpSocket::from_std(socket.into())
}

fn group(net: &Net) -> SocketAddr {
    match net.address {
        IpAddr::V4(_) => SocketAddrV4::new(GROUP_V4, PORT).into(),
        IpAddr::V6(_) => SocketAddrV6::new(GROUP_V6, PORT, 0, net.index).into(),
    }
}

/// How much is listened to: of everybody, and of each who speaks. What is beyond is not read.
struct Budget {
    since: Instant,
    all: u32,
    of: BTreeMap<IpAddr, u32>,
}

impl Budget {
    fn new(now: Instant) -> Self {
        Self { since: now, all: 0, of: BTreeMap::new() }
    }

    fn allows(&mut self, from: IpAddr, now: Instant) -> bool {
        if now.duration_since(self.since) >= HEARD_WINDOW {
            *self = Self::new(now);
        }
        if self.all >= MAX_HEARD {
            return false;
        }
        let is_known = self.of.contains_key(&from);
        if !is_known && self.of.len() >= MAX_SPEAKERS {
            return false;
        }
        let heard = self.of.entry(from).or_default();
        if *heard >= MAX_HEARD_OF_ONE {
            return false;
        }
        *heard += 1;
        self.all += 1;
        true
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    // Each change leaves it whole, so a panic elsewhere does not spoil it.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_talks_without_end_is_heard_within_bounds_and_others_still_are() {
        let now = Instant::now();
        let mut budget = Budget::new(now);
        let ip = |last: u8| IpAddr::V4(Ipv4Addr::new(192, 168, 1, last));
        let heard = |budget: &mut Budget, from, now| {
            (0..100_000).filter(|_| budget.allows(from, now)).count()
        };
        assert_eq!(heard(&mut budget, ip(66), now), MAX_HEARD_OF_ONE as usize);
        assert!(budget.allows(ip(7), now), "another is still heard");
        assert_eq!(heard(&mut budget, ip(66), now), 0);
        assert_eq!(heard(&mut budget, ip(66), now + HEARD_WINDOW), MAX_HEARD_OF_ONE as usize);
    }

    #[test]
    fn who_speaks_under_many_addresses_costs_a_bounded_amount() {
        let now = Instant::now();
        let mut budget = Budget::new(now);
        let spoken = (0..u32::from(u16::MAX))
            .filter(|bits| budget.allows(IpAddr::V4((0x0a00_0000 + bits).into()), now));
        assert!(spoken.count() <= MAX_SPEAKERS.min(MAX_HEARD as usize));
        assert!(budget.of.len() <= MAX_SPEAKERS);
    }

    #[test]
    fn an_announcement_counts_only_from_the_address_it_names() {
        let said = message::Announcement {
            name: "abcdefghijklmno7".to_owned(),
            address: IpAddr::V4(Ipv4Addr::new(192, 168, 1, 7)),
            port: 1,
            tag: windbreak_protocol::announcement::AnnouncementTag::from_bytes(&[1; 32]).unwrap(),
        };
        let said = Message::Announcement(said);
        assert!(is_from(&said, "192.168.1.7".parse().unwrap()));
        assert!(!is_from(&said, "192.168.1.66".parse().unwrap()));
        assert!(is_from(&Message::Question, "192.168.1.66".parse().unwrap()));
    }
}

use std::collections::BTreeSet;
use std::iter::repeat;

use windbreak_protocol::announcement::AnnouncementTag;
use windbreak_protocol::secret::Secret;

use super::*;
use crate::swarm::testkit::{Member, NOW, Seen, StillClock, envelopes, soon, topic_key};
use crate::swarm::{FollowedTopic, LanConfig, Timings, VenueConfig, VenueStatus, Way};

fn air() -> Arc<Air> {
    Air::start(Timings::fast().look)
}

/// Keys that nobody else has who runs these tests on the same network now.
#[derive(Clone, Copy)]
struct Keys([u8; 32]);

impl Keys {
    fn fresh() -> Self {
        let mut bytes = [0; 32];
        getrandom::fill(&mut bytes).unwrap();
        Self(bytes)
    }

    fn of(mut self, key: u8) -> LinkKey {
        self.0[0] = key;
        Secret::from_bytes(self.0)
    }

    fn within(self, air: &Arc<Air>, key: u8) -> VenueConfig {
        let lan =
            LanConfig { air: air.clone(), key: self.of(key), is_visit: false, doors: Vec::new() };
        VenueConfig { way: Way::Lan, lan: Some(lan), ..VenueConfig::default() }
    }

    fn made(self, key: u8, said: &Announcement) -> bool {
        let today = windbreak_protocol::time::Hour::new(NOW).day();
        let octets = octets(said.address);
        let place = Announced { name: &said.name, address: &octets, port: said.port };
        AnnouncementKeys::of(&self.of(key), today).recognises(&place, &said.tag)
    }
}

async fn until(member: &Member, what: impl Fn(&VenueStatus) -> bool) {
    soon(async {
        while !what(&member.venue.status()) {
            sleep(Duration::from_millis(20)).await;
        }
    })
    .await;
}

fn arrived(seen: &Seen) -> BTreeSet<windbreak_protocol::id::EnvelopeId> {
    seen.arrived.iter().copied().collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn three_members_on_one_network_share_with_no_relay() {
    let keys = Keys::fresh();
    // Each with ears of its own, as three nodes have.
    let members = [7, 7, 7].map(|key| Member::start(keys.within(&air(), key), &[]));
    let key = topic_key(1);
    for member in &members {
        member.follow(&key);
    }
    for member in &members {
        until(member, |status| status.near == 2).await;
    }
    let said = envelopes(&key, NOW, 1, 20);
    let ids: BTreeSet<_> = said.iter().map(|envelope| envelope.id()).collect();
    for envelope in &said {
        members[0].publish(envelope);
    }
    for member in &members[1..] {
        member.sees(|seen| arrived(seen) == ids).await;
    }
    members[0].sees(|seen| seen.held == ids).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_comes_where_all_places_are_taken_finds_one() {
    let keys = Keys::fresh();
    let air = air();
    let key = topic_key(1);
    let start = || {
        let member = Member::start(keys.within(&air, 7), &[]);
        member.follow(&key);
        member
    };
    let mut members: Vec<_> = (0..=MAX_DIRECT).map(|_| start()).collect();
    for member in &members {
        until(member, |status| status.near == MAX_DIRECT).await;
    }
    let late = start();
    until(&late, |status| status.near > 0).await;
    members.push(late);
    let said = envelopes(&key, NOW, 1, 3);
    let ids: BTreeSet<_> = said.iter().map(|envelope| envelope.id()).collect();
    for (member, envelope) in members.iter().rev().zip(&said) {
        member.publish(envelope);
    }
    for (member, own) in members.iter().rev().zip(said.iter().map(Some).chain(repeat(None))) {
        let own = own.map(|envelope| envelope.id());
        member
            .sees(|seen| arrived(seen).into_iter().chain(own).collect::<BTreeSet<_>>() == ids)
            .await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn circles_and_eras_do_not_meet_on_a_network() {
    let keys = Keys::fresh();
    let air = air();
    let (alder, rowan) =
        (Member::start(keys.within(&air, 7), &[]), Member::start(keys.within(&air, 8), &[]));
    let yew = Member::start(keys.within(&air, 8), &[]);
    until(&yew, |status| status.near == 1).await;
    assert_eq!(alder.venue.status().near, 0);
    // A removal changes the era, and whoever is removed stays behind.
    rowan.venue.reconfigure(keys.within(&air, 7)).unwrap();
    until(&alder, |status| status.near == 1).await;
    until(&yew, |status| status.near == 0).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_clock_that_jumps_by_a_day_parts_nobody_on_a_network() {
    let keys = Keys::fresh();
    let clock = StillClock::new();
    let alder = Member::start_at(keys.within(&air(), 7), &[], &clock);
    let rowan = Member::start(keys.within(&air(), 7), &[]);
    let key = topic_key(1);
    for member in [&alder, &rowan] {
        member.follow(&key);
    }
    until(&rowan, |status| status.near == 1).await;
    for hour in [NOW + 24, NOW - 24] {
        clock.set(hour);
        let yew = Member::start(keys.within(&air(), 7), &[]);
        yew.follow(&key);
        until(&yew, |status| status.near == 2).await;
        let said = envelopes(&key, hour, (hour % 251) as u8, 3);
        for envelope in &said {
            alder.publish(envelope);
        }
        let ids: BTreeSet<_> = said.iter().map(|envelope| envelope.id()).collect();
        yew.sees(|seen| arrived(seen).is_superset(&ids)).await;
        rowan.sees(|seen| arrived(seen).is_superset(&ids)).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_invite_is_answered_at_a_door_with_no_relay() {
    let keys = Keys::fresh();
    let (key, circle) = (topic_key(1), topic_key(2));
    let mut config = keys.within(&air(), 7);
    config.lan.as_mut().unwrap().doors = vec![(key.topic(), keys.of(9))];
    let alder = Member::start(config, &[]);
    let followed = |key: &windbreak_protocol::wire::TopicKey| FollowedTopic {
        key: key.clone(),
        publish: true,
        begins: None,
    };
    alder.venue.set_topics(vec![followed(&key), followed(&circle)]);
    // What is said at the door before anybody came, and kept by nobody yet: a card.
    let card = envelopes(&key, NOW, 1, 1).remove(0);
    alder.venue.publish(card.clone()).unwrap();

    let visit = || {
        let mut config = keys.within(&air(), 9);
        config.lan.as_mut().unwrap().is_visit = true;
        config
    };
    let rowan = Member::start(visit(), &[]);
    rowan.venue.set_topics(vec![followed(&key), followed(&circle)]);
    rowan.sees(|seen| arrived(seen).contains(&card.id())).await;
    let knock = envelopes(&key, NOW, 2, 1).remove(0);
    rowan.venue.publish(knock.clone()).unwrap();
    rowan.sees(|seen| seen.held.contains(&knock.id())).await;
    alder.sees(|seen| arrived(seen).contains(&knock.id())).await;
    let answer = envelopes(&key, NOW, 3, 1).remove(0);
    alder.venue.publish(answer.clone()).unwrap();
    rowan.sees(|seen| arrived(seen).contains(&answer.id())).await;

    // Nothing but the invite's topic is served there, and no member is linked by it.
    let secret = envelopes(&circle, NOW, 4, 1).remove(0);
    alder.publish(&secret);
    let other = Member::start(visit(), &[]);
    other.venue.set_topics(vec![followed(&key), followed(&circle)]);
    other.sees(|seen| arrived(seen).contains(&card.id())).await;
    for visitor in [&rowan, &other] {
        assert!(!arrived(&visitor.seen()).contains(&secret.id()));
    }
    assert_eq!(alder.venue.status().near, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn in_a_local_network_no_relay_elsewhere_is_dialled_and_one_here_is() {
    let keys = Keys::fresh();
    let folder = tempfile::TempDir::new().unwrap();
    let listen = vec!["/ip4/127.0.0.1/tcp/0".to_owned()];
    let clock = StillClock::new().clock();
    let mut config = crate::relay::RelayConfig::new(folder.path().join("relay"), listen, clock);
    config.timings = Timings::fast();
    let relay = crate::relay::run_relay(config).await.unwrap();
    let peer = libp2p::PeerId::random();
    let mut config = keys.within(&air(), 7);
    config.relays = relay.addresses();
    config.relays.push(format!("/ip4/192.0.2.1/tcp/4710/p2p/{peer}"));
    let alder = Member::start(config, &[]);
    until(&alder, |status| status.relays_connected == 1).await;
    let status = alder.venue.status();
    assert_eq!((status.relays, status.relays_unusable), (2, 1));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_circles_of_one_device_share_no_value_on_a_network() {
    let keys = Keys::fresh();
    let (here, ears) = (air(), air());
    let mut heard = ears.listen();
    let _circles = [7, 8].map(|key| Member::start(keys.within(&here, key), &[]));
    let mut announced = BTreeMap::<String, Vec<Announcement>>::new();
    soon(async {
        while announced.len() < 2 || announced.values().any(|said| said.len() < 3) {
            if let Ok(message) = heard.recv().await
                && let Message::Announcement(said) = &*message
                && [7, 8].iter().any(|key| keys.made(*key, said))
            {
                announced.entry(said.name.clone()).or_default().push(said.clone());
            }
        }
    })
    .await;
    let ports = |said: &Vec<Announcement>| said.iter().map(|said| said.port).collect();
    let ports: Vec<BTreeSet<u16>> = announced.values().map(ports).collect();
    assert!(ports[0].is_disjoint(&ports[1]));
    let tags: Vec<_> = announced.values().flatten().map(|said| *said.tag.as_bytes()).collect();
    let parts = |tag: &[u8; 32]| tag.windows(8).map(<[u8]>::to_vec).collect::<BTreeSet<_>>();
    for (at, tag) in tags.iter().enumerate() {
        for other in &tags[at + 1..] {
            assert!(parts(tag).is_disjoint(&parts(other)), "even of one circle");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_repeated_or_made_up_leads_to_no_dial() {
    let keys = Keys::fresh();
    let (here, ears) = (air(), air());
    let alder = Member::start(keys.within(&here, 7), &[]);
    let mut heard = ears.listen();
    let said = soon(async {
        loop {
            if let Ok(message) = heard.recv().await
                && let Message::Announcement(said) = &*message
                && keys.made(7, said)
                && said.address.is_loopback()
            {
                return said.clone();
            }
        }
    })
    .await;
    // Whoever listens here would be dialled, if anybody were.
    let trap = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = trap.local_addr().unwrap().port();
    let rowan = Member::start(keys.within(&here, 7), &[]);
    let noise = AnnouncementTag::from_bytes(&[5; 32]).unwrap();
    let net = ears.nets().borrow().local().find(|net| net.address == said.address).unwrap();
    let forged = [
        Announcement { port, ..said.clone() },
        Announcement { port, tag: noise, ..said.clone() },
        Announcement { port, name: "2222222222222222".to_owned(), ..said },
    ];
    for _ in 0..20 {
        for forged in &forged {
            ears.say(&net, &message::announcement(forged).unwrap()).await;
        }
        sleep(Duration::from_millis(10)).await;
    }
    until(&rowan, |status| status.near == 1).await;
    until(&alder, |status| status.near == 1).await;
    let knocked = tokio::time::timeout(Duration::from_millis(500), trap.accept()).await;
    assert!(knocked.is_err(), "a forged announcement had a port dialled");
}

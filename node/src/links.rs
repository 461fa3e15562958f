//! How a person chose to reach a circle: its network mode and its direct links. Kept in the node's
//! own records, because members choose them per device and the circle knows nothing of them.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use windbreak_protocol::Venue;
use windbreak_protocol::id::{CircleId, InviteId};
use windbreak_protocol::record::{Batch, Key, RecordKind, Value};

use crate::own_relays::{OwnRelays, Use};
use crate::profile::{NetworkConfig, NetworkMode};
use crate::swarm;

/// First part of the name of a record; the circle follows.
const NAME: &[u8] = b"links/";
/// The same of an attempt to join; the invite follows.
const JOIN: &[u8] = b"join-mode/";
/// The relays that an attempt to join named; the invite follows.
const JOIN_RELAYS: &[u8] = b"join-relays/";
/// Addresses of each sort per circle.
pub(crate) const MAX_ADDRESSES: usize = 16;

/// The network mode and the direct links of one circle on this device.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
pub(crate) struct CircleLinks {
    /// Addresses to listen on.
    pub(crate) listen: BTreeSet<String>,
    /// Addresses to dial.
    pub(crate) dial: BTreeSet<String>,
    /// Whether members are met directly, without their addresses being typed in. Chosen for one circle
    /// at a time, with the mode `direct`; nothing else leads to it.
    #[serde(default)]
    pub(crate) finds: bool,
    /// The mode it was given; none for what an older version wrote.
    #[serde(default)]
    pub(crate) mode: Option<NetworkMode>,
    /// Which relays are used here.
    #[serde(default)]
    pub(crate) relays: OwnRelays,
}

impl CircleLinks {
    /// Whether there are no direct links.
    pub(crate) fn is_empty(&self) -> bool {
        self.listen.is_empty() && self.dial.is_empty()
    }
}

/// How all circles and attempts to join are reached, and what of it is not written yet.
#[derive(Debug, Default)]
pub(crate) struct LinkBook {
    circles: BTreeMap<CircleId, CircleLinks>,
    joins: BTreeMap<InviteId, NetworkMode>,
    /// Relays that were looked at when the attempt began.
    join_relays: BTreeMap<InviteId, Vec<String>>,
    unwritten: BTreeSet<CircleId>,
    unwritten_joins: BTreeSet<InviteId>,
}

/// More addresses than a circle may have.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct TooMany;

impl LinkBook {
    /// Reads the book out of the node's own records. What cannot be read is reached in the mode that
    /// tells nobody an address: the choice that is lost may have been that one.
    pub(crate) fn load(records: &[(Key, Value)]) -> Self {
        let circles = records.iter().filter_map(|(key, value)| {
            let circle: [u8; 32] = key.name().strip_prefix(NAME)?.try_into().ok()?;
            let strict = || CircleLinks { mode: Some(NetworkMode::Tor), ..CircleLinks::default() };
            let links = serde_json::from_slice(value).unwrap_or_else(|_| strict());
            Some((CircleId::from_bytes(circle), links))
        });
        let joins = records.iter().filter_map(|(key, value)| {
            let invite: [u8; 32] = key.name().strip_prefix(JOIN)?.try_into().ok()?;
            let mode = serde_json::from_slice(value).unwrap_or(NetworkMode::Tor);
            Some((InviteId::from_bytes(invite), mode))
        });
        let join_relays = records.iter().filter_map(|(key, value)| {
            let invite: [u8; 32] = key.name().strip_prefix(JOIN_RELAYS)?.try_into().ok()?;
            // Without them every relay is asked about that serves another circle.
            let relays = serde_json::from_slice(value).unwrap_or_default();
            Some((InviteId::from_bytes(invite), relays))
        });
        Self {
            circles: circles.collect(),
            joins: joins.collect(),
            join_relays: join_relays.collect(),
            ..Self::default()
        }
    }

    /// Gives a circle its mode, in which no members are met but those whose addresses are typed in.
    pub(crate) fn set_mode(&mut self, circle: &CircleId, mode: NetworkMode) {
        let mut links = self.of(circle);
        links.mode = Some(mode);
        links.finds &= mode == NetworkMode::Direct;
        self.set(circle, links);
    }

    /// Gives a circle the mode that its owner chose for it alone, in which members are met directly
    /// if it is `direct`.
    pub(crate) fn choose(&mut self, circle: &CircleId, mode: NetworkMode) {
        self.set_mode(circle, mode);
        let mut links = self.of(circle);
        links.finds = mode == NetworkMode::Direct;
        self.set(circle, links);
    }

    /// Makes sure that a circle has a mode of its own: what is later chosen for new circles must
    /// not change how this one is reached. With links and without a mode it is one of an older
    /// version.
    pub(crate) fn settle(&mut self, circle: &CircleId, default: NetworkMode) {
        let links = self.of(circle);
        if links.mode.is_none() {
            let is_linked = default == NetworkMode::RelayOnly && !links.is_empty();
            self.set_mode(circle, if is_linked { NetworkMode::Direct } else { default });
        }
    }

    /// Says how an attempt to join reaches others; what it leads to is then reached the same way.
    pub(crate) fn join_by(&mut self, invite: &InviteId, mode: NetworkMode) {
        if self.joins.insert(*invite, mode) != Some(mode) {
            self.unwritten_joins.insert(*invite);
        }
    }

    /// The relays that an attempt to join names, which were looked at: the circle may use them.
    pub(crate) fn join_with(&mut self, invite: &InviteId, relays: Vec<String>) {
        self.join_relays.insert(*invite, relays);
        self.unwritten_joins.insert(*invite);
    }

    /// How an attempt to join reaches others.
    pub(crate) fn mode_of_join(&self, invite: &InviteId) -> Option<NetworkMode> {
        self.joins.get(invite).copied()
    }

    /// An attempt to join led into a circle, which `is_in_by_it`: or this device was inside before. One
    /// that it had left is reached as it now was joined, and not as it was then.
    pub(crate) fn joined(&mut self, invite: &InviteId, circle: &CircleId, is_in_by_it: bool) {
        if !is_in_by_it {
            return;
        }
        if let Some(mode) = self.mode_of_join(invite) {
            self.set_mode(circle, mode);
        }
        if let Some(relays) = self.join_relays.get(invite).cloned() {
            self.agree(circle, &relays);
        }
    }

    /// These relays may serve a circle, whatever else they serve.
    pub(crate) fn agree(&mut self, circle: &CircleId, relays: &[String]) {
        self.change_relays(circle, |own| own.agree(relays));
    }

    /// Changes which relays are used for a circle here.
    pub(crate) fn change_relays<T>(
        &mut self,
        circle: &CircleId,
        change: impl FnOnce(&mut OwnRelays) -> T,
    ) -> T {
        let mut links = self.of(circle);
        let changed = change(&mut links.relays);
        self.set(circle, links);
        changed
    }

    /// A circle is reached by these relays now: those that serve no other circle without Tor may
    /// serve it.
    pub(crate) fn settle_relays(
        &mut self,
        circle: &CircleId,
        used: &[String],
        config: &NetworkConfig,
    ) {
        if self.mode(&Venue::Circle(*circle), config) == NetworkMode::Tor {
            return;
        }
        let mut own = self.of(circle).relays;
        own.settle(used, |peer| self.serves_another(Some(circle), peer, config));
        self.change_relays(circle, |relays| *relays = own);
    }

    /// Whether a relay serves a circle other than this one without Tor.
    pub(crate) fn serves_another(
        &self,
        circle: Option<&CircleId>,
        peer: &str,
        config: &NetworkConfig,
    ) -> bool {
        self.circles.iter().any(|(other, links)| {
            Some(other) != circle
                && links.relays.serves(peer)
                && links.mode.unwrap_or(config.mode) != NetworkMode::Tor
        })
    }

    /// What is dialled of the relays by which a venue is reached.
    pub(crate) fn relays_to_dial(
        &self,
        venue: &Venue,
        used: Vec<String>,
        config: &NetworkConfig,
    ) -> Vec<String> {
        let Venue::Circle(circle) = venue else { return used };
        let mode = self.mode(venue, config);
        let through_tor = mode == NetworkMode::Tor;
        let own = self.of(circle).relays;
        let all = used.iter().chain(own.added());
        // What leads out of the local network is of no use in `lan`, and nobody is asked about it.
        let of_use = |relay: &&String| mode != NetworkMode::Lan || swarm::is_near_address(relay);
        let dialled = |relay: &&String| own.of(relay, through_tor) == Use::Dialled;
        all.filter(of_use).filter(dialled).cloned().collect()
    }

    /// Forgets an attempt to join.
    pub(crate) fn forget_join(&mut self, invite: &InviteId) {
        let relays = self.join_relays.remove(invite);
        if self.joins.remove(invite).is_some() || relays.is_some() {
            self.unwritten_joins.insert(*invite);
        }
    }

    /// The mode of a circle or an attempt to join.
    pub(crate) fn mode(&self, venue: &Venue, config: &NetworkConfig) -> NetworkMode {
        let own = match venue {
            Venue::Circle(circle) => self.of(circle).mode,
            Venue::Invite(invite) => self.mode_of_join(invite),
        };
        own.unwrap_or(config.mode)
    }

    /// The links that the mode of a circle allows.
    pub(crate) fn used(&self, venue: &Venue, config: &NetworkConfig) -> CircleLinks {
        let Venue::Circle(circle) = venue else { return CircleLinks::default() };
        let mut links = self.of(circle);
        match self.mode(venue, config) {
            NetworkMode::RelayOnly | NetworkMode::Lan => return CircleLinks::default(),
            NetworkMode::Direct => links.listen.extend(config.listen.iter().cloned()),
            NetworkMode::Tor => {
                links.finds = false;
                links.listen.retain(|address| swarm::is_loopback_address(address));
                links.dial.retain(|address| swarm::is_onion_address(address));
            }
        }
        links
    }

    /// The links of a circle.
    pub(crate) fn of(&self, circle: &CircleId) -> CircleLinks {
        self.circles.get(circle).cloned().unwrap_or_default()
    }

    /// Adds addresses, all of them or none.
    pub(crate) fn add(
        &mut self,
        circle: &CircleId,
        listen: Vec<String>,
        dial: Vec<String>,
    ) -> Result<(), TooMany> {
        let mut links = self.of(circle);
        links.listen.extend(listen);
        links.dial.extend(dial);
        if links.listen.len() > MAX_ADDRESSES || links.dial.len() > MAX_ADDRESSES {
            return Err(TooMany);
        }
        self.set(circle, links);
        Ok(())
    }

    /// Takes addresses away; those that are not there are no error.
    pub(crate) fn remove(&mut self, circle: &CircleId, listen: &[String], dial: &[String]) {
        let mut links = self.of(circle);
        links.listen.retain(|address| !listen.contains(address));
        links.dial.retain(|address| !dial.contains(address));
        self.set(circle, links);
    }

    /// A circle is reached no more, for now: its links go, and its mode stays, since a removal that
    /// loses brings the circle back.
    pub(crate) fn close(&mut self, circle: &CircleId) {
        let CircleLinks { mode, mut relays, .. } = self.of(circle);
        relays.close();
        self.set(circle, CircleLinks { mode, relays, ..CircleLinks::default() });
    }

    /// Forgets a circle.
    pub(crate) fn forget(&mut self, circle: &CircleId) {
        self.set(circle, CircleLinks::default());
    }

    /// What changed since this was asked last: the batch to write, and the circles it is about.
    pub(crate) fn take_changes(&mut self) -> (Batch, BTreeSet<CircleId>) {
        let changed = std::mem::take(&mut self.unwritten);
        let mut batch = Batch::new();
        for circle in &changed {
            let key = Key::new(RecordKind::Node, &[NAME, circle.as_bytes()]);
            match self.circles.get(circle).map(serde_json::to_vec) {
                Some(Ok(bytes)) => batch.put(key, bytes),
                // Sets of strings always encode.
                Some(Err(_)) | None => batch.delete(key),
            }
        }
        for invite in std::mem::take(&mut self.unwritten_joins) {
            let key = Key::new(RecordKind::Node, &[JOIN, invite.as_bytes()]);
            match self.joins.get(&invite).map(serde_json::to_vec) {
                Some(Ok(bytes)) => batch.put(key, bytes),
                Some(Err(_)) | None => batch.delete(key),
            }
            let key = Key::new(RecordKind::Node, &[JOIN_RELAYS, invite.as_bytes()]);
            match self.join_relays.get(&invite).map(serde_json::to_vec) {
                Some(Ok(bytes)) => batch.put(key, bytes),
                Some(Err(_)) | None => batch.delete(key),
            }
        }
        (batch, changed)
    }

    fn set(&mut self, circle: &CircleId, links: CircleLinks) {
        if self.of(circle) == links {
            return;
        }
        if links == CircleLinks::default() {
            self.circles.remove(circle);
        } else {
            self.circles.insert(*circle, links);
        }
        self.unwritten.insert(*circle);
    }
}

#[cfg(test)]
mod tests {
    use windbreak_protocol::secret::SecretBytes;

    use super::*;

    fn records(batch: &Batch) -> Vec<(Key, Value)> {
        let written = batch.iter().filter_map(|(key, value)| Some((key.clone(), value?)));
        written.map(|(key, value)| (key, SecretBytes::new(value.to_vec()))).collect()
    }

    #[test]
    fn what_was_written_is_read_again() {
        let circle = CircleId::from_bytes([7; 32]);
        let mut book = LinkBook::default();
        book.add(&circle, vec!["/ip4/127.0.0.1/tcp/0".into()], vec!["/ip4/1.2.3.4/tcp/5".into()])
            .unwrap();
        let (batch, changed) = book.take_changes();
        assert_eq!(changed, BTreeSet::from([circle]));
        assert_eq!(LinkBook::load(&records(&batch)).of(&circle), book.of(&circle));
        assert!(book.take_changes().0.is_empty());

        book.remove(&circle, &["/ip4/127.0.0.1/tcp/0".into()], &["/ip4/1.2.3.4/tcp/5".into()]);
        let (batch, _) = book.take_changes();
        assert_eq!((batch.len(), records(&batch).len()), (1, 0));
    }

    #[test]
    fn on_a_local_network_no_link_and_no_relay_elsewhere_is_used() {
        let (circle, config) = (CircleId::from_bytes([7; 32]), NetworkConfig::default());
        let venue = Venue::Circle(circle);
        let mut book = LinkBook::default();
        let (near, far) = ("/ip4/192.168.1.7/tcp/1", "/ip4/203.0.113.7/tcp/1");
        book.add(&circle, vec!["/ip4/127.0.0.1/tcp/0".into()], vec!["/ip4/1.2.3.4/tcp/5".into()])
            .unwrap();
        book.choose(&circle, NetworkMode::Lan);
        assert_eq!(book.used(&venue, &config), CircleLinks::default());
        let relays = book.relays_to_dial(&venue, vec![near.into(), far.into()], &config);
        assert_eq!(relays, [near]);
        let read = LinkBook::load(&records(&book.take_changes().0));
        assert_eq!(read.mode(&venue, &config), NetworkMode::Lan, "over a restart");
    }

    #[test]
    fn a_circle_keeps_the_mode_it_began_with() {
        let (circle, other) = (CircleId::from_bytes([7; 32]), CircleId::from_bytes([8; 32]));
        let invite = InviteId::from_bytes([9; 32]);
        let mut book = LinkBook::default();
        book.settle(&circle, NetworkMode::Tor);
        book.join_by(&invite, NetworkMode::Tor);
        let mut read = LinkBook::load(&records(&book.take_changes().0));
        // Whatever new circles get by then.
        read.settle(&circle, NetworkMode::Direct);
        read.joined(&invite, &other, true);
        read.settle(&other, NetworkMode::RelayOnly);
        assert!(!read.used(&Venue::Circle(other), &NetworkConfig::default()).finds);
        read.forget_join(&invite);
        let (batch, changed) = read.take_changes();
        assert_eq!(changed, BTreeSet::from([other]));
        assert_eq!(batch.len(), 3, "the circle's mode, and the end of the attempt");
        for circle in [circle, other] {
            assert_eq!(read.of(&circle).mode, Some(NetworkMode::Tor));
        }
        assert_eq!(read.mode_of_join(&invite), None);
    }

    #[test]
    fn members_are_met_only_in_a_circle_for_which_that_was_chosen() {
        let (circle, other) = (CircleId::from_bytes([7; 32]), CircleId::from_bytes([8; 32]));
        let all_direct = NetworkConfig { mode: NetworkMode::Direct, ..NetworkConfig::default() };
        let mut book = LinkBook::default();
        let finds = |book: &LinkBook, circle: &CircleId| {
            book.used(&Venue::Circle(*circle), &all_direct).finds
        };
        // Neither a mode that circles begin with, nor one that a link led to, nor an older record.
        book.settle(&circle, NetworkMode::Direct);
        book.set_mode(&other, NetworkMode::Direct);
        assert!(!finds(&book, &circle) && !finds(&book, &other));
        let key = Key::new(RecordKind::Node, &[NAME, circle.as_bytes()]);
        let old = br#"{"listen":[],"dial":[],"mode":"direct"}"#;
        let old = LinkBook::load(&[(key, SecretBytes::new(old.to_vec()))]);
        assert_eq!(old.of(&circle).mode, Some(NetworkMode::Direct));
        assert!(!finds(&old, &circle));

        book.choose(&circle, NetworkMode::Direct);
        let read = LinkBook::load(&records(&book.take_changes().0));
        assert!(finds(&read, &circle) && !finds(&read, &other));
        for mode in [NetworkMode::RelayOnly, NetworkMode::Tor] {
            let mut left = LinkBook::load(&[]);
            left.choose(&circle, NetworkMode::Direct);
            left.set_mode(&circle, mode);
            assert!(!left.of(&circle).finds);
            left.set_mode(&circle, NetworkMode::Direct);
            assert!(!finds(&left, &circle), "it is chosen anew or not at all");
        }
        book.choose(&circle, NetworkMode::Direct);
        book.close(&circle);
        assert!(!finds(&book, &circle));
    }

    #[test]
    fn a_circle_joined_again_is_reached_as_it_is_joined_now() {
        let (circle, invite) = (CircleId::from_bytes([7; 32]), InviteId::from_bytes([9; 32]));
        let mut book = LinkBook::default();
        book.settle(&circle, NetworkMode::RelayOnly);
        book.close(&circle);
        book.join_by(&invite, NetworkMode::Tor);
        book.joined(&invite, &circle, true);
        assert_eq!(book.of(&circle).mode, Some(NetworkMode::Tor));

        let other = InviteId::from_bytes([10; 32]);
        book.join_by(&other, NetworkMode::Direct);
        book.joined(&other, &circle, false);
        assert_eq!(book.of(&circle).mode, Some(NetworkMode::Tor), "it was inside before");
    }

    #[test]
    fn a_circle_that_comes_back_is_reached_as_before() {
        let circle = CircleId::from_bytes([7; 32]);
        let mut book = LinkBook::default();
        book.settle(&circle, NetworkMode::Tor);
        book.add(&circle, vec!["/ip4/127.0.0.1/tcp/0".into()], vec![]).unwrap();
        book.close(&circle);
        book.settle(&circle, NetworkMode::RelayOnly);
        assert_eq!(book.of(&circle).mode, Some(NetworkMode::Tor));
        assert!(book.of(&circle).is_empty());
        book.forget(&circle);
        assert_eq!(book.of(&circle), CircleLinks::default());
    }

    #[test]
    fn what_cannot_be_read_tells_nobody_an_address() {
        let (circle, invite) = (CircleId::from_bytes([7; 32]), InviteId::from_bytes([9; 32]));
        let damaged = |name: &[u8], id: &[u8]| {
            let value = SecretBytes::new(br#"{"mode":"newer"}"#.to_vec());
            (Key::new(RecordKind::Node, &[name, id]), value)
        };
        let records = [damaged(NAME, circle.as_bytes()), damaged(JOIN, invite.as_bytes())];
        let book = LinkBook::load(&records);
        let config = NetworkConfig { mode: NetworkMode::Direct, ..NetworkConfig::default() };
        for venue in [Venue::Circle(circle), Venue::Invite(invite)] {
            assert_eq!(book.mode(&venue, &config), NetworkMode::Tor);
        }
    }

    #[test]
    fn links_of_an_older_version_stay_links() {
        let circle = CircleId::from_bytes([7; 32]);
        let key = Key::new(RecordKind::Node, &[NAME, circle.as_bytes()]);
        let old = br#"{"listen":["/ip4/127.0.0.1/tcp/0"],"dial":[]}"#;
        let mut book = LinkBook::load(&[(key, SecretBytes::new(old.to_vec()))]);
        book.settle(&circle, NetworkMode::RelayOnly);
        assert_eq!(book.of(&circle).mode, Some(NetworkMode::Direct));
    }

    #[test]
    fn too_many_addresses_change_nothing() {
        let circle = CircleId::from_bytes([7; 32]);
        let mut book = LinkBook::default();
        let many = (0..=MAX_ADDRESSES).map(|port| format!("/ip4/127.0.0.1/tcp/{port}"));
        assert_eq!(book.add(&circle, vec![], many.collect()), Err(TooMany));
        assert_eq!(book.of(&circle), CircleLinks::default());
        assert!(book.take_changes().0.is_empty());
    }
}

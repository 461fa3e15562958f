//! Which relays this device uses for a circle: what the circle names, what its person added, and
//! without what they do not want. Without Tor a relay that serves another circle of theirs is asked
//! about first. Clauses: specs/06-sync Y-26, Y-29, Y-30.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::swarm;

/// Relays that a person adds to a circle on one device.
pub(crate) const MAX_OWN: usize = 3;
/// Relays that a person keeps off.
pub(crate) const MAX_AVOIDED: usize = 64;

/// What a device knows of the relays of one circle beyond what the circle says. Relays stand by
/// their peer ids: one can have several addresses.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
pub(crate) struct OwnRelays {
    /// Those that may serve this circle without Tor; none before it was reached for the first time.
    agreed: Option<BTreeSet<String>>,
    /// Those that are never dialled.
    avoided: BTreeSet<String>,
    /// Addresses of those that the circle does not name.
    added: BTreeSet<String>,
}

/// What a device does with a relay.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Use {
    /// It is dialled.
    Dialled,
    /// It serves another circle of this person, who is asked first.
    Asks,
    /// Its person does not want it.
    Avoided,
}

/// One more than there may be.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct TooMany;

impl OwnRelays {
    /// Those that its person added.
    pub(crate) fn added(&self) -> impl Iterator<Item = &String> {
        self.added.iter()
    }

    /// What happens to an address, with or without Tor.
    pub(crate) fn of(&self, address: &str, through_tor: bool) -> Use {
        let Some(peer) = peer_of(address) else {
            // Dropped where addresses are read.
            return Use::Dialled;
        };
        let may_serve = || self.agreed.as_ref().is_none_or(|agreed| agreed.contains(peer));
        if self.avoided.contains(peer) {
            Use::Avoided
        } else if through_tor || swarm::is_onion_address(address) || may_serve() {
            Use::Dialled
        } else {
            Use::Asks
        }
    }

    /// Whether a relay serves this circle without Tor, by its peer id.
    pub(crate) fn serves(&self, peer: &str) -> bool {
        self.agreed.as_ref().is_some_and(|agreed| agreed.contains(peer))
    }

    /// The circle is reached by these relays now, without Tor. Those that are new serve it, unless
    /// they serve another circle already. What was there before this was kept was asked about.
    pub(crate) fn settle(&mut self, used: &[String], serves_another: impl Fn(&str) -> bool) {
        self.added.retain(|address| !used.contains(address));
        let all: BTreeSet<String> = used
            .iter()
            .chain(&self.added)
            .filter_map(|a| clear_peer(a))
            .filter(|peer| !self.avoided.contains(*peer))
            .map(str::to_owned)
            .collect();
        let Some(agreed) = &mut self.agreed else {
            self.agreed = Some(all);
            return;
        };
        let new = all.iter().filter(|peer| !serves_another(peer));
        agreed.extend(new.cloned());
        agreed.retain(|peer| all.contains(peer));
    }

    /// These relays may serve the circle, whatever else they serve.
    pub(crate) fn agree(&mut self, addresses: &[String]) {
        for peer in addresses.iter().filter_map(|address| peer_of(address)) {
            self.avoided.remove(peer);
        }
        let peers = addresses.iter().filter_map(|address| clear_peer(address)).map(str::to_owned);
        self.agreed.get_or_insert_default().extend(peers);
    }

    /// Uses a relay that the circle does not name.
    pub(crate) fn add(&mut self, address: &str) -> Result<(), TooMany> {
        if self.added.len() >= MAX_OWN && !self.added.contains(address) {
            return Err(TooMany);
        }
        self.added.insert(address.to_owned());
        self.agree(&[address.to_owned()]);
        Ok(())
    }

    /// Never dials a relay again.
    pub(crate) fn avoid(&mut self, address: &str) -> Result<(), TooMany> {
        let Some(peer) = peer_of(address) else { return Ok(()) };
        if self.avoided.len() >= MAX_AVOIDED && !self.avoided.contains(peer) {
            return Err(TooMany);
        }
        self.avoided.insert(peer.to_owned());
        self.added.retain(|added| peer_of(added) != Some(peer));
        if let Some(agreed) = &mut self.agreed {
            agreed.remove(peer);
        }
        Ok(())
    }

    /// The circle is reached no more: no relay serves it, and on its return all are looked at anew.
    pub(crate) fn close(&mut self) {
        if let Some(agreed) = &mut self.agreed {
            agreed.clear();
        }
    }
}

/// The peer id at the end of a relay's address.
pub(crate) fn peer_of(address: &str) -> Option<&str> {
    address.rsplit_once("/p2p/").map(|(_, peer)| peer)
}

/// The same, if whoever dials it shows an address.
pub(crate) fn clear_peer(address: &str) -> Option<&str> {
    peer_of(address).filter(|_| !swarm::is_onion_address(address))
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: &str = "/ip4/192.0.2.1/tcp/1/p2p/A";
    const B: &str = "/ip4/192.0.2.1/tcp/2/p2p/B";

    fn addresses(these: &[&str]) -> Vec<String> {
        these.iter().map(|&address| address.to_owned()).collect()
    }

    #[test]
    fn what_is_named_later_and_serves_another_circle_is_asked_about() {
        let mut own = OwnRelays::default();
        own.settle(&addresses(&[A]), |_| true);
        assert_eq!(own.of(A, false), Use::Dialled, "it was asked about when the circle began");
        own.settle(&addresses(&[A, B]), |peer| peer == "B");
        assert_eq!((own.of(A, false), own.of(B, false)), (Use::Dialled, Use::Asks));
        assert_eq!(own.of(B, true), Use::Dialled, "through tor nobody can tell");
        own.agree(&addresses(&[B]));
        own.settle(&addresses(&[A, B]), |peer| peer == "B");
        assert_eq!(own.of(B, false), Use::Dialled);
        own.settle(&addresses(&[A]), |_| false);
        own.settle(&addresses(&[A, B]), |peer| peer == "B");
        assert_eq!(own.of(B, false), Use::Asks, "who comes again is asked about again");
        own.settle(&addresses(&[A, B]), |_| false);
        assert_eq!(own.of(B, false), Use::Dialled, "it serves no other circle any more");
    }

    #[test]
    fn what_is_avoided_is_never_dialled_until_it_is_wanted_again() {
        let mut own = OwnRelays::default();
        own.settle(&addresses(&[A, B]), |_| false);
        own.avoid(B).unwrap();
        own.settle(&addresses(&[A, B]), |_| false);
        assert_eq!((own.of(B, false), own.of(B, true)), (Use::Avoided, Use::Avoided));
        own.agree(&addresses(&[B]));
        assert_eq!(own.of(B, false), Use::Dialled);
        own.add("/ip4/192.0.2.9/tcp/3/p2p/C").unwrap();
        own.avoid("/ip4/192.0.2.9/tcp/4/p2p/C").unwrap();
        assert_eq!(own.added().count(), 0);
    }

    #[test]
    fn what_is_added_goes_when_the_circle_names_it_and_has_a_bound() {
        let mut own = OwnRelays::default();
        own.settle(&addresses(&[A]), |_| false);
        for port in 0..MAX_OWN {
            own.add(&format!("/ip4/192.0.2.9/tcp/{port}/p2p/{port}")).unwrap();
        }
        assert_eq!(own.add(B), Err(TooMany));
        own.settle(&addresses(&["/ip4/192.0.2.9/tcp/0/p2p/0"]), |_| false);
        assert_eq!(own.added().count(), MAX_OWN - 1);
    }
}

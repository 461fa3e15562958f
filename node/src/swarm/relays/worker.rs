//! Keeps one stream per followed topic open with one connected host.

use std::collections::BTreeMap;
use std::sync::Arc;

use tokio::sync::watch;
use tokio::task::JoinSet;
use windbreak_protocol::id::Topic;

use crate::swarm::outgoing::Carrier;
use crate::swarm::session::{Remote, keep_open};
use crate::swarm::shared::Shared;

/// Uses all followed topics at a host while it is connected. Ends only by a fault, or with the
/// network it belongs to.
pub(crate) async fn use_topics(
    shared: Arc<Shared>,
    remote: Remote,
    mut connected: watch::Receiver<bool>,
) {
    let mut topics = shared.topics();
    while connected.wait_for(|connected| *connected).await.is_ok() {
        let mut sessions = JoinSet::new();
        let mut running = BTreeMap::new();
        while *connected.borrow_and_update() {
            let followed = topics.borrow_and_update().clone();
            running.retain(|topic, (publish, session): &mut (bool, tokio::task::AbortHandle)| {
                let keeps = followed.get(topic).is_some_and(|new| new.publish == *publish);
                if !keeps {
                    session.abort();
                }
                keeps
            });
            // Where members are is said at relays; whoever is linked knows it of the other.
            let is_relay = matches!(remote.carrier, Carrier::Relay(_));
            let of_use = |topic: &Topic| is_relay || !shared.finding.is_about(topic);
            for (topic, followed) in followed.iter().filter(|(topic, _)| of_use(topic)) {
                running.entry(*topic).or_insert_with(|| {
                    let session = keep_open(shared.clone(), remote.clone(), followed.clone());
                    (followed.publish, sessions.spawn(session))
                });
            }
            tokio::select! {
                changed = connected.changed() => if changed.is_err() { return },
                changed = topics.changed() => if changed.is_err() { return },
                Some(ended) = sessions.join_next() => {
                    if ended.is_err_and(|error| error.is_panic()) {
                        return;
                    }
                }
            }
        }
    }
}

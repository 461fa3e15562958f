//! Which topics gossip knows: those we follow, which change. The stock filter cannot be changed
//! once the behaviour has it.

use std::collections::BTreeSet;
use std::sync::{Arc, PoisonError, RwLock};

use libp2p::gossipsub::{MaxCountSubscriptionFilter, TopicHash, TopicSubscriptionFilter};

use crate::swarm::limits::MAX_SUBSCRIPTIONS;

/// The topics we follow, shared with the behaviour. What a peer follows beyond them is not
/// remembered; once we follow it too, the peer's mesh takes us in.
#[derive(Clone, Default)]
pub(crate) struct Filter(Arc<RwLock<BTreeSet<TopicHash>>>);

impl Filter {
    /// Says which topics are followed from now on.
    pub(crate) fn set(&self, topics: BTreeSet<TopicHash>) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = topics;
    }

    /// The filter, with a bound on what one peer can make us look at.
    pub(crate) fn bounded(&self) -> MaxCountSubscriptionFilter<Self> {
        MaxCountSubscriptionFilter {
            filter: self.clone(),
            max_subscribed_topics: MAX_SUBSCRIPTIONS,
            max_subscriptions_per_request: MAX_SUBSCRIPTIONS,
        }
    }
}

impl TopicSubscriptionFilter for Filter {
    fn can_subscribe(&mut self, topic: &TopicHash) -> bool {
        self.0.read().unwrap_or_else(PoisonError::into_inner).contains(topic)
    }
}

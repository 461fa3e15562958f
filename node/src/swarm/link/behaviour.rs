//! What a link swarm speaks: gossip in anonymous mode, and the streams of topics.

use libp2p::allow_block_list::{self, BlockedPeers};
use libp2p::connection_limits::{self, ConnectionLimits};
use libp2p::gossipsub::{
    self, IdentityTransform, MaxCountSubscriptionFilter, MessageAuthenticity, MessageId,
    ValidationMode,
};
use libp2p::swarm::NetworkBehaviour;
use windbreak_protocol::label::Label;

use crate::swarm::doorway::Doorway;
use crate::swarm::limits::{
    GOSSIP_MEMORY, MAX_GOSSIP, MAX_GOSSIP_CONTROL, MAX_GOSSIP_IDS, MAX_GOSSIP_MESSAGES,
    MAX_GOSSIP_OFFERS, MAX_GOSSIP_QUEUE, MAX_GOSSIP_REPEATS, MAX_INCOMING_LINKS, MAX_LINKS,
    MAX_LINKS_PER_PEER, Timings,
};
use crate::swarm::link::filter::Filter;
use crate::swarm::raw;

/// Gossip with our own subscription filter.
pub(crate) type GossipBehaviour =
    gossipsub::Behaviour<IdentityTransform, MaxCountSubscriptionFilter<Filter>>;

#[derive(NetworkBehaviour)]
pub(crate) struct Behaviour {
    doorway: Doorway,
    limits: connection_limits::Behaviour,
    pub(crate) refused: allow_block_list::Behaviour<BlockedPeers>,
    pub(crate) gossip: GossipBehaviour,
    streams: raw::Behaviour,
}

/// Heartbeats for which a message is kept: to be asked for, and to wait for its verdict.
const HISTORY: usize = 20;
/// Heartbeats of which message ids are offered.
const OFFERED: usize = 3;
/// Peers of a topic's mesh; circles are small.
const MESH: usize = 4;

impl Behaviour {
    /// The behaviour, the filter it shares with us, and the control of its streams; nothing if
    /// the settings contradict each other, which only a change of this file can cause.
    pub(crate) fn new(timings: &Timings) -> Option<(Self, Filter, raw::Control)> {
        let config = gossipsub::ConfigBuilder::default()
            .validation_mode(ValidationMode::Anonymous)
            .validate_messages()
            // The stock id is made of author and number, which anonymous messages do not have:
            // all of them would be one. Ours is of all bytes, the signature included, so that a
            // spoilt copy does not hide the true envelope.
            .message_id_fn(|message| {
                MessageId::new(&Label::GOSSIP_ID.hash(&[message.data.as_slice()]))
            })
            // Publishing to everybody at once would tell who the author is.
            .flood_publish(false)
            .heartbeat_interval(timings.heartbeat)
            .heartbeat_initial_delay(timings.heartbeat)
            .duplicate_cache_time(GOSSIP_MEMORY)
            .max_transmit_size(MAX_GOSSIP)
            .max_publish_messages(MAX_GOSSIP_MESSAGES)
            .max_control_message_size(MAX_GOSSIP_CONTROL)
            .max_control_messages_sent(MAX_GOSSIP_IDS)
            .max_ihave_messages_heartbeat(MAX_GOSSIP_OFFERS)
            .gossip_retransimission(MAX_GOSSIP_REPEATS)
            .connection_handler_queue_len(MAX_GOSSIP_QUEUE)
            .history_length(HISTORY)
            .history_gossip(OFFERED)
            .mesh_n(MESH)
            .mesh_n_low(2)
            .mesh_n_high(2 * MESH)
            .mesh_outbound_min(1)
            .build()
            .ok()?;
        let filter = Filter::default();
        let gossip = gossipsub::Behaviour::new_with_subscription_filter(
            MessageAuthenticity::Anonymous,
            config,
            filter.bounded(),
        )
        .ok()?;
        let limits = ConnectionLimits::default()
            .with_max_established(Some(MAX_LINKS))
            .with_max_established_incoming(Some(MAX_INCOMING_LINKS))
            // One more comes in, and the oldest goes for it: it may be dead.
            .with_max_established_per_peer(Some(MAX_LINKS_PER_PEER + 1));
        let limits = connection_limits::Behaviour::new(limits);
        let streams = raw::Behaviour::new();
        let control = streams.new_control();
        let refused = allow_block_list::Behaviour::default();
        Some((
            Self { doorway: Doorway::of_member(), limits, refused, gossip, streams },
            filter,
            control,
        ))
    }
}

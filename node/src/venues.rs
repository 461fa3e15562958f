//! The open venues of a node: one network per circle and per attempt to join, and one stream of
//! what they all tell.

use std::collections::BTreeMap;
use std::sync::{Arc, Weak};

use futures::FutureExt;
use tokio_stream::wrappers::ReceiverStream;
use tokio_stream::{StreamExt, StreamMap};
use windbreak_protocol::id::EnvelopeId;
use windbreak_protocol::identity::Verified;
use windbreak_protocol::limits::PERIOD_HOURS;
use windbreak_protocol::time::{Period, Timestamp};
use windbreak_protocol::wire::Envelope;
use windbreak_protocol::{Reach, Venue};

use crate::clock;
use crate::links::CircleLinks;
use crate::swarm::{
    self, Air, FollowedTopic, LanConfig, LinkConfig, LinkKey, MemberMailbox, OpenVenue, Purse,
    TokenConfig, VenueConfig, VenueError, VenueEvent, VenueStatus, Way,
};

/// The open venues.
pub(crate) struct Venues {
    mailbox: Arc<MemberMailbox>,
    purse: Arc<Purse>,
    timings: swarm::Timings,
    open: BTreeMap<Venue, OpenVenue>,
    told: StreamMap<Venue, ReceiverStream<VenueEvent>>,
    /// What is said on local networks, while a venue is open that needs it.
    air: Weak<Air>,
}

impl Venues {
    /// No venue yet.
    pub(crate) fn new(
        mailbox: Arc<MemberMailbox>,
        purse: Arc<Purse>,
        timings: swarm::Timings,
    ) -> Self {
        let (open, told, air) = (BTreeMap::new(), StreamMap::new(), Weak::new());
        Self { mailbox, purse, timings, open, told, air }
    }

    fn air(&mut self) -> Arc<Air> {
        self.air.upgrade().unwrap_or_else(|| {
            let air = Air::start(self.timings.look);
            self.air = Arc::downgrade(&air);
            air
        })
    }

    /// Opens a venue, or changes how it is reached.
    pub(crate) fn reach(
        &mut self,
        venue: Venue,
        way: Way,
        opens_with_others: bool,
        reach: Reach,
        links: CircleLinks,
    ) -> Result<(), VenueError> {
        let direct = reach.link_key.as_ref().filter(|_| links.finds);
        let direct = direct.map(|key| LinkKey::from_bytes(key.0));
        let lan = reach.link_key.as_ref().filter(|_| way == Way::Lan).map(|key| LanConfig {
            air: self.air(),
            key: LinkKey::from_bytes(key.0),
            is_visit: matches!(venue, Venue::Invite(_)),
            doors: reach
                .doors
                .iter()
                .map(|door| (door.topic, LinkKey::from_bytes(door.key.0)))
                .collect(),
        });
        let link = match reach.link_key {
            Some(key) if !links.is_empty() => Some(LinkConfig {
                listen: links.listen.into_iter().collect(),
                peers: links.dial.into_iter().collect(),
                key: LinkKey::from_bytes(key.0),
            }),
            _ => None,
        };
        // Others chose some of these addresses: one that makes no sense must not cost the rest.
        let relays = reach.relays.into_iter().filter(|relay| swarm::is_relay_address(relay));
        let tokens = TokenConfig {
            parts: reach.parts,
            ended: reach.ended_parts,
            purse: Some((self.purse.clone(), venue)),
        };
        let relays = relays.collect();
        let config = VenueConfig { way, relays, link, direct, lan, opens_with_others, tokens };
        let opened = match self.open.get(&venue) {
            Some(opened) => {
                opened.reconfigure(config)?;
                opened
            }
            None => {
                for topic in &reach.topics {
                    self.mailbox.forget_delivered(&topic.key.topic());
                }
                let (mailbox, clock) = (self.mailbox.clone(), clock::system_clock());
                let (opened, told) = OpenVenue::start(config, mailbox, self.timings, clock)?;
                self.told.insert(venue, ReceiverStream::new(told));
                self.open.entry(venue).or_insert(opened)
            }
        };
        let topics = reach.topics.into_iter();
        opened.set_topics(
            topics
                .map(|topic| FollowedTopic {
                    key: topic.key,
                    publish: true,
                    begins: topic.period.map(beginning),
                })
                .collect(),
        );
        Ok(())
    }

    /// Which way an open venue's connections go.
    pub(crate) fn way(&self, venue: &Venue) -> Option<Way> {
        self.open.get(venue).map(OpenVenue::way)
    }

    /// Hands an envelope to the venue's network.
    pub(crate) fn publish(&self, venue: &Venue, envelope: Verified<Envelope>) {
        // Whatever is not handed over now stands in the engine's outbox, which is published again.
        match self.open.get(venue).map(|opened| opened.publish(envelope)) {
            Some(Ok(())) => {}
            Some(Err(error)) => tracing::warn!(%error, "an envelope has to wait"),
            None => tracing::debug!("an envelope waits for its venue to open"),
        }
    }

    /// Takes an envelope back that the venue's network was handed.
    pub(crate) fn take_back(&self, venue: &Venue, envelope: &EnvelopeId) {
        if let Some(opened) = self.open.get(venue) {
            opened.take_back(envelope);
        }
    }

    /// Closes a venue.
    pub(crate) async fn close(&mut self, venue: &Venue) {
        self.told.remove(venue);
        if let Some(opened) = self.open.remove(venue) {
            opened.close().await;
        }
    }

    /// Closes all of them at once.
    pub(crate) async fn close_all(&mut self) {
        self.told.clear();
        let closing = std::mem::take(&mut self.open).into_values().map(OpenVenue::close);
        futures::future::join_all(closing).await;
    }

    /// What a venue tells next. Waits while none is open.
    pub(crate) async fn next(&mut self) -> (Venue, VenueEvent) {
        match self.told.next().await {
            Some(told) => told,
            None => std::future::pending().await,
        }
    }

    /// What a venue has told already, if any has.
    pub(crate) fn told_already(&mut self) -> Option<(Venue, VenueEvent)> {
        self.told.next().now_or_never().flatten()
    }

    /// How a venue is connected.
    pub(crate) fn status(&self, venue: &Venue) -> Option<VenueStatus> {
        self.open.get(venue).map(OpenVenue::status)
    }

    /// How all are connected.
    pub(crate) fn statuses(&self) -> impl Iterator<Item = (Venue, VenueStatus)> {
        self.open.iter().map(|(venue, opened)| (*venue, opened.status()))
    }
}

/// When a period begins.
fn beginning(period: Period) -> Timestamp {
    let hours = u64::from(period.get()) * u64::from(PERIOD_HOURS);
    Timestamp::from_seconds(hours * 3600)
}

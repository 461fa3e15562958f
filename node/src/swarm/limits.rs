//! Every bound and every pace of the network, with its unit. The protocol's own bounds stand in
//! `windbreak_protocol::limits` and `wire::sync`; these are the node's choices (specs/06-sync Y-13).

use std::time::Duration;

use windbreak_protocol::limits::{MAX_ERAS, MAX_OPEN_INVITES, MAX_PERIODS_BACK};
use windbreak_protocol::wire::sync::MAX_FETCH;

pub(crate) use windbreak_protocol::limits::WHEREABOUTS_RELAYS;

/// Puts a client has unanswered on one stream.
pub(crate) const MAX_PUTS_IN_FLIGHT: usize = 64;
/// Puts a host works on for one stream; more wait in the connection.
pub(crate) const MAX_PUTS_SERVED: usize = 64;
/// Bytes of messages one peer may have in a host's memory at once, at least: two of the largest in
/// each direction.
pub(crate) const MIN_PEER_BUFFER: usize = 256 * 1024;
/// Live envelopes kept for a slow follower before it is told that it lags.
pub(crate) const LIVE_QUEUE: usize = 64;
/// Envelopes of one batch handed to the node loop. A host lists them by ids, which say nothing of what
/// came first; within a batch the circle finds their order, so it holds what a busy hour brings.
pub(crate) const MAX_BATCH: usize = 16_384;
/// Bytes of one batch handed to the node loop; the last fetch may exceed it by one request.
pub(crate) const MAX_BATCH_BYTES: usize = 32 * 1024 * 1024;
/// How long a batch grows on a narrow line: people read what came before the rest is there.
pub(crate) const SLOW_BATCH: Duration = Duration::from_secs(2);
/// How long it grows on any other.
pub(crate) const LONG_BATCH: Duration = Duration::from_secs(10);
/// Requests for envelopes that a comparison has under way: while some are looked at others come.
pub(crate) const FETCHES: usize = 3;
/// Envelopes that one of them asks for at most: all together as many as one may, since a host can send the
/// largest there are for each.
pub(crate) const MOST_AT_ONCE: usize = MAX_FETCH / FETCHES;
/// Comparisons in a row that follow each other without a pause, for what there was no room for.
pub(crate) const MAX_IN_A_ROW: u32 = 64;
/// Envelopes that a comparison asks a host for at first. On a line of 11 kbit/s so many of the largest
/// come within [`Timings::answer`]; where they come sooner, more are asked for.
pub(crate) const FIRST_FETCH: usize = 2;
/// By how much more or fewer are asked for next.
pub(crate) const FETCH_STEP: usize = 4;
/// More are asked for if an answer took less than this part of [`Timings::answer`].
pub(crate) const SOON: u32 = 16;
/// Fewer, if it took more than this part.
pub(crate) const LATE: u32 = 4;
/// Batches waiting for the node loop.
pub(crate) const EVENT_QUEUE: usize = 4;
/// How long a comparison waits for another of the same topic to end before it begins all the same.
pub(crate) const MAX_WAIT_FOR_TURN: Duration = Duration::from_secs(3);
/// Days before today that are compared: a relay takes an envelope up to 30 days old and keeps it
/// for 30 more (Y-3, Y-4).
pub(crate) const DAYS_BACK: u32 = 61;
/// Days after today that are compared: clocks may run ahead.
pub(crate) const DAYS_AHEAD: u32 = 2;
/// Steps of reconciling one day before the stream is given up.
pub(crate) const MAX_RECONCILE_STEPS: usize = 256;
/// Ids one day's reconciliation may ask for.
pub(crate) const MAX_WANTED: usize = 1_000_000;
/// Ids of lacking envelopes a venue remembers to show how far it has come; what is beyond is fetched
/// like any other, and not counted.
pub(crate) const MAX_AWAITED: usize = 262_144;
/// Envelopes a host listed and did not hand over, after which a comparison is broken off.
pub(crate) const MAX_LACKING: usize = 256;
/// How many of them may be lacking time and again: a disk may have lost a few. A host that lacks
/// more is given up for a while.
pub(crate) const MAX_LACKING_BORNE: usize = 16;
/// Ids remembered, over all topics, of envelopes that the circle had no use for.
pub(crate) const MAX_DELIVERED: usize = 262_144;
/// Envelopes waiting to be held by somebody; the engine's outbox has the same bound.
pub(crate) const MAX_OUTGOING: usize = windbreak_protocol::limits::MAX_OUTBOX;
/// Streams one peer may have open with a host: one for each topic of a circle at the very most
/// (eras times periods, and the topics of invites), and a few that are just being opened again.
/// An honest member is never cut off; with fewer, a circle with many invites would be.
pub(crate) const MAX_STREAMS_PER_PEER: usize =
    MAX_ERAS * (MAX_PERIODS_BACK as usize + 2) + 2 * MAX_OPEN_INVITES + 8;
/// Streams of one connection: members with a link open theirs from both sides.
pub(crate) const MAX_STREAMS_PER_CONNECTION: usize = 2 * MAX_STREAMS_PER_PEER;
/// Bytes received on all connections of a swarm that no stream of theirs has read, beyond which those on
/// which more than a fair part of it, and than [`UNREAD_ANYWAY`], waits are held up (Y-116).
pub(crate) const MAX_UNREAD: usize = 32 * 1024 * 1024;
/// Of one connection, in any case.
pub(crate) const UNREAD_ANYWAY: usize = 64 * 1024;
/// How long a connection is held up of which nothing is read.
pub(crate) const UNREAD_PATIENCE: Duration = Duration::from_secs(30);
/// Connections a relay keeps for a moment beyond those it has places for, to say that (Y-117).
pub(crate) const MAX_TURNED_AWAY: u32 = 64;
/// Days that a host works through at once for all peers, and one of each: with as many envelopes as a topic may
/// have, one takes some megabytes and a core for a while.
pub(crate) const MAX_COMPARING: usize = 4;
/// Streams of which a host says at once that there is no place for them.
pub(crate) const MAX_REFUSING: usize = 64;
/// Connections of one peer with a relay, or with a device on a local network; at a relay the oldest of
/// more is closed (Y-110).
pub(crate) const MAX_CONNECTIONS_PER_PEER: u32 = 2;
/// Connections of a linked device: one from each side, and one that was left behind. Of more the oldest is
/// closed (Y-110).
pub(crate) const MAX_LINKS_PER_PEER: u32 = 3;
/// Streams that came and wait for whoever takes those of their protocol; beyond them they wait in their
/// connections, [`MAX_STREAMS_PER_PEER`] in each.
pub(crate) const TAKEN_QUEUE: usize = 64;
/// Streams of one connection that are being opened at once, and as many that wait for it.
pub(crate) const MAX_OPENING: usize = 8;
/// Direct links a member accepts or dials.
pub(crate) const MAX_LINKS: u32 = 64;
/// Of those, how many it accepts: whoever comes in great number leaves places for whom it dials.
pub(crate) const MAX_INCOMING_LINKS: u32 = 48;
/// Members met directly at once: enough to hear everything, few enough that each share is carried
/// to a bounded number of them.
pub(crate) const MAX_DIRECT: usize = 12;
/// Connections of one of them: a circuit, and one from each side if both came through at once. What was
/// left behind needs no room: QUIC finds out within [`Timings::connect`] who has vanished.
pub(crate) const MAX_DIRECT_CONNECTIONS_PER_PEER: u32 = 4;
/// Members of whom it is known where they can be met.
pub(crate) const MAX_FOUND: usize = 64;
/// At least this long between two words of where a node can be met.
pub(crate) const WHEREABOUTS_REST: Duration = Duration::from_secs(20);
/// Addresses dialled within [`DIAL_WINDOW`] to meet members, whoever named them.
pub(crate) const MAX_DIALS: usize = 32;
/// Within which they are counted.
pub(crate) const DIAL_WINDOW: Duration = Duration::from_secs(30);
/// How long a relay carries one circuit.
pub(crate) const MAX_CIRCUIT: Duration = Duration::from_secs(60);
/// Bytes that it carries over it in either direction.
pub(crate) const MAX_CIRCUIT_BYTES: u64 = 64 * 1024;
/// Bytes of an address that a relay tells.
pub(crate) const MAX_OBSERVED: usize = 64;
/// Addresses that a relay tells at once; who asks beyond them asks again.
pub(crate) const MAX_OBSERVED_STREAMS: usize = 64;
/// Bytes of what is said on a local network; what is longer is nothing of ours.
pub(crate) const MAX_ANNOUNCEMENT: usize = 512;
/// How long others on a local network may remember an announcement.
pub(crate) const ANNOUNCEMENT_LIFE: Duration = Duration::from_secs(120);
/// Messages of ours, or that look like it, that are read within [`HEARD_WINDOW`], over all networks.
pub(crate) const MAX_HEARD: u32 = 200;
/// Of one address.
pub(crate) const MAX_HEARD_OF_ONE: u32 = 32;
/// Addresses that are told apart within it; whoever comes after them is heard in the next.
pub(crate) const MAX_SPEAKERS: usize = 128;
/// Within which they are counted.
pub(crate) const HEARD_WINDOW: Duration = Duration::from_secs(1);
/// Messages that wait for a venue; what is beyond is missed and said again.
pub(crate) const HEARD_QUEUE: usize = 256;
/// Into how small a part of [`Timings::spread`] a venue that opens alone on a local network waits.
pub(crate) const SHORT_SPREAD: u32 = 10;
/// Devices on local networks that a venue remembers beside those it is linked with.
pub(crate) const MAX_NEAR: usize = 64;
/// Addresses of one of them that are remembered: one for each network that both may be in.
pub(crate) const MAX_PLACES: usize = 4;
/// Of those, how many whose names come next, on each side, keep their place when all are taken (Y-85).
pub(crate) const NEXT_NAMES: usize = 4;
/// This long before it begins, a topic is followed in any case: a clock may be 26 hours ahead (W-6).
pub(crate) const TURN_MARGIN: Duration = Duration::from_secs(48 * 3600);
/// Tokens that are not valid and after which a stream ends (Y-66).
pub(crate) const MAX_BAD_TOKENS: u32 = 4;
/// Streams on which tokens are drawn at once; more are closed unanswered (Y-64).
pub(crate) const MAX_DRAWING_STREAMS: usize = 32;
/// Of one peer (Y-64).
pub(crate) const MAX_DRAWING_STREAMS_PER_PEER: usize = 2;
/// From the opening of such a stream to its request, at most (Y-64).
pub(crate) const DRAWING_PATIENCE: Duration = Duration::from_secs(5);
/// Tokens of the present epoch below which more are drawn, at a time of chance (Y-74).
pub(crate) const LOW_TOKENS: usize = 16;
/// Tokens below which that time is soon (Y-74).
pub(crate) const MIN_TOKENS: usize = 4;
/// Between two looks whether tokens are to be drawn.
pub(crate) const DRAW_LOOK: Duration = Duration::from_secs(600);
/// Before it is asked again what was refused for a reason that may pass.
pub(crate) const DRAW_AGAIN: Duration = Duration::from_secs(3600);
/// For a connection to be closed in order, before it is dropped (Y-111).
pub(crate) const CLOSING: Duration = Duration::from_secs(5);
/// For a handshake over QUIC; punching tries three times within [`Timings::punch`].
pub(crate) const QUIC_HANDSHAKE: Duration = Duration::from_secs(8);
/// Bytes on the way on one stream over QUIC.
pub(crate) const QUIC_STREAM_BUFFER: u32 = 128 * 1024;
/// Bytes on the way on one connection over QUIC.
pub(crate) const QUIC_BUFFER: u32 = 256 * 1024;
/// Bytes of messages one linked member may have in memory at once.
pub(crate) const MAX_LINK_BUFFER: usize = 1024 * 1024;
/// Handshakes at once at a relay, over one protocol.
pub(crate) const MAX_IN_DOORWAY: usize = 1024;
/// Of one address.
pub(crate) const MAX_OF_ADDRESS: usize = 32;
/// Handshakes of incoming connections at once.
pub(crate) const MAX_PENDING_INCOMING: usize = 64;
/// Of one address.
pub(crate) const MAX_PENDING_OF_ADDRESS: usize = 8;
/// The same in the mode `lan`, where each circle and each of its doors listens: all of them together
/// leave descriptors for the store.
pub(crate) const MAX_PENDING_NEAR: usize = 8;
/// Of one address.
pub(crate) const MAX_PENDING_NEAR_OF_ADDRESS: usize = 4;
/// Local networks that are used at once.
pub(crate) const MAX_NETS: usize = 8;
/// Topics a gossip peer may subscribe to in one message.
pub(crate) const MAX_SUBSCRIPTIONS: usize = 512;
/// Bytes of one gossip message: the largest envelope and gossipsub's frame around it.
pub(crate) const MAX_GOSSIP: usize = 64 * 1024 + 1024;
/// To connect, secure and multiplex through Tor, at least.
pub(crate) const TOR_CONNECT: Duration = Duration::from_secs(120);
/// How long a gossip id is remembered.
pub(crate) const GOSSIP_MEMORY: Duration = Duration::from_secs(600);
/// Gossip messages of one peer that are nothing any carrier would pass on, and after which it is
/// refused for [`Timings::refuse`]: honest members check before they forward.
pub(crate) const MAX_REJECTED: u32 = 8;
/// Peers that are refused at once; beyond them the first is let in again.
pub(crate) const MAX_REFUSED: usize = 256;
/// Messages of one gossip frame: of the smallest envelopes no more fit.
pub(crate) const MAX_GOSSIP_MESSAGES: usize = 32;
/// Bytes of what one gossip frame says of messages and topics, beside the messages themselves. Who is
/// linked names all topics of a circle in one frame, with at most 80 bytes each; with gossipsub's own
/// 16 KiB a circle with more than 221 had no gossip.
pub(crate) const MAX_GOSSIP_CONTROL: usize = 24 * 1024;
const _: () = assert!(MAX_STREAMS_PER_PEER * 80 <= MAX_GOSSIP_CONTROL);
/// Message ids that are offered to a peer, and asked of it, within a heartbeat. Those of one frame
/// fit into [`MAX_GOSSIP_CONTROL`].
pub(crate) const MAX_GOSSIP_IDS: usize = 256;
/// Frames with offers that are looked at of one peer within a heartbeat.
pub(crate) const MAX_GOSSIP_OFFERS: usize = 10;
/// How often one peer is given the same message that it asks for.
pub(crate) const MAX_GOSSIP_REPEATS: u32 = 3;
/// Messages and offers that wait for a peer who does not read.
pub(crate) const MAX_GOSSIP_QUEUE: usize = 256;
/// At least this long between two looks for what a peer that has just subscribed may lack.
pub(crate) const SUBSCRIBED_REST: Duration = Duration::from_millis(100);
/// Gossip messages that wait for a verdict; beyond it they are ignored and come by streams.
pub(crate) const MAX_GOSSIP_IN_FLIGHT: usize = 256;

/// The pace of everything that waits. Tests run it faster; nothing else differs.
#[derive(Clone, Copy, Debug)]
pub struct Timings {
    /// To connect, secure and multiplex.
    pub connect: Duration,
    /// From the opening of a stream to its first request.
    pub handshake: Duration,
    /// From the first byte of a message to its last, in either direction.
    pub message: Duration,
    /// For the answer to a request.
    pub answer: Duration,
    /// Without any request, after which a host drops a stream.
    pub idle: Duration,
    /// Without any request, after which a full host may give a connection's place to another. Well
    /// above [`Timings::compare`], so that no working member is meant.
    pub unused: Duration,
    /// For one comparison of a topic with a host; the next goes on where it ended.
    pub comparison: Duration,
    /// Between two comparisons of a topic with a host, half of it random.
    pub compare: Duration,
    /// Before the first retry of what failed; it doubles up to [`Timings::retry_at_most`], and a
    /// random half of it is added.
    pub retry: Duration,
    /// The longest wait between retries.
    pub retry_at_most: Duration,
    /// Within which circles that go through Tor connect at the start, and again when they were cut
    /// off: each after a random part of it, so that they do not come and go together.
    pub spread: Duration,
    /// Within which a circle follows the topic of one period more once another has begun: each after a
    /// random part of it, so that circles of one device do not turn together.
    pub turn: Duration,
    /// For two members to get through to each other once a relay brought them together.
    pub punch: Duration,
    /// Before it is tried again with a member whom this node did not get through to.
    pub punch_again: Duration,
    /// Between two announcements on a local network, half of it random.
    pub announce: Duration,
    /// Between two looks at the networks around; of a relay, at a store that has failed.
    pub look: Duration,
    /// For a host to answer after the network has changed, before its connection is given up.
    pub probe: Duration,
    /// At least this long a token rests before it is spent, where a relay could not tell anyway who
    /// drew it.
    pub token_rest: Duration,
    /// Within which more tokens are drawn once they are few: at a time of chance.
    pub draw_spread: Duration,
    /// The same for who has none at all.
    pub draw_soon: Duration,
    /// Heartbeat of the gossip mesh.
    pub heartbeat: Duration,
    /// How long a gossip peer is refused that sent what nobody may pass on.
    pub refuse: Duration,
    /// Between two looks for what has expired, and for a store that works again.
    pub sweep: Duration,
    /// For open work to end at shutdown.
    pub shutdown: Duration,
}

impl Timings {
    /// All of it twenty times faster, as tests run it; what guards against a slow machine keeps
    /// at least a second.
    #[must_use]
    pub fn fast() -> Self {
        let usual = Self::default();
        let second = Duration::from_secs(1);
        Self {
            connect: (usual.connect / 20).max(second * 5),
            handshake: (usual.handshake / 20).max(second * 2),
            message: (usual.message / 20).max(second),
            answer: (usual.answer / 20).max(second * 5),
            idle: (usual.idle / 20).max(second),
            unused: usual.unused / 20,
            comparison: usual.comparison / 20,
            compare: usual.compare / 20,
            retry: usual.retry / 20,
            retry_at_most: usual.retry_at_most / 20,
            spread: usual.spread / 20,
            turn: usual.turn / 20,
            punch: usual.punch / 3,
            punch_again: usual.punch_again / 20,
            announce: usual.announce / 20,
            look: usual.look / 20,
            probe: (usual.probe / 20).max(second * 2),
            // So that whoever tries it sees it end.
            token_rest: usual.token_rest / 60,
            draw_spread: usual.draw_spread / 20,
            draw_soon: usual.draw_soon / 20,
            heartbeat: usual.heartbeat / 5,
            refuse: usual.refuse / 20,
            sweep: usual.sweep / 20,
            shutdown: usual.shutdown,
        }
    }
}

impl Default for Timings {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(30),
            handshake: Duration::from_secs(20),
            message: Duration::from_secs(30),
            answer: Duration::from_secs(90),
            idle: Duration::from_secs(900),
            unused: Duration::from_secs(600),
            comparison: Duration::from_secs(600),
            compare: Duration::from_secs(240),
            retry: Duration::from_secs(1),
            retry_at_most: Duration::from_secs(120),
            spread: Duration::from_secs(20),
            turn: Duration::from_secs(24 * 3600),
            punch: Duration::from_secs(45),
            punch_again: Duration::from_secs(600),
            announce: Duration::from_secs(60),
            look: Duration::from_secs(5),
            probe: Duration::from_secs(30),
            token_rest: Duration::from_secs(3600),
            draw_spread: Duration::from_secs(22 * 3600),
            draw_soon: Duration::from_secs(300),
            heartbeat: Duration::from_secs(1),
            refuse: Duration::from_secs(900),
            sweep: Duration::from_secs(600),
            shutdown: Duration::from_secs(2),
        }
    }
}

/// A wait that doubles with each failure, with a random half added so that nodes do not move in
/// step.
#[derive(Debug)]
pub(crate) struct Backoff {
    next: Duration,
    first: Duration,
    most: Duration,
}

impl Backoff {
    pub(crate) fn new(timings: &Timings) -> Self {
        Self { next: timings.retry, first: timings.retry, most: timings.retry_at_most }
    }

    /// The next wait.
    pub(crate) fn wait(&mut self) -> Duration {
        let wait = jittered(self.next);
        self.next = (self.next * 2).min(self.most);
        wait
    }

    /// What was tried has worked.
    pub(crate) fn reset(&mut self) {
        self.next = self.first;
    }
}

/// A random part of `duration`.
pub(crate) fn part_of(duration: Duration) -> Duration {
    // Without randomness it is only less well spread.
    duration.mul_f64(f64::from(getrandom::u32().unwrap_or(0)) / f64::from(u32::MAX))
}

/// `duration` and up to half of it more.
pub(crate) fn jittered(duration: Duration) -> Duration {
    // Without randomness the wait is only less well spread.
    let fraction = f64::from(getrandom::u32().unwrap_or(0)) / f64::from(u32::MAX);
    duration + duration.mul_f64(fraction / 2.0)
}

//! One connection: asks for the streams that were asked of it, and hands on those that come.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::future::{Ready, ready};
use std::task::{Context, Poll};

use libp2p::core::upgrade::{InboundUpgrade, ReadyUpgrade, UpgradeInfo};
use libp2p::swarm::handler::{
    ConnectionEvent, DialUpgradeError, FullyNegotiatedInbound, FullyNegotiatedOutbound,
};
use libp2p::swarm::{
    ConnectionHandler, ConnectionHandlerEvent, StreamUpgradeError, SubstreamProtocol,
};
use libp2p::{PeerId, Stream, StreamProtocol};
use tokio::sync::mpsc;
use tokio::sync::mpsc::error::TrySendError;
use tokio_util::sync::PollSender;

use crate::swarm::limits::{MAX_OPENING, MAX_STREAMS_PER_PEER};
use crate::swarm::raw::OpenError;
use crate::swarm::raw::registry::{Answer, Ask, Came, Registry};

pub(crate) struct Handler {
    remote: PeerId,
    registry: Registry,
    asks: mpsc::Receiver<Ask>,
    /// Streams that were asked for and are not agreed on yet.
    opening: usize,
    waiting: Vec<Waiting>,
}

/// Streams of one protocol that found no room; those that come meanwhile stand behind them.
struct Waiting {
    protocol: StreamProtocol,
    taker: PollSender<Came>,
    streams: VecDeque<Stream>,
}

/// Whatever protocol of ours a peer chooses.
pub(crate) struct AnyOf(Vec<StreamProtocol>);

impl Handler {
    pub(super) fn new(remote: PeerId, registry: Registry, asks: mpsc::Receiver<Ask>) -> Self {
        Self { remote, registry, asks, opening: 0, waiting: Vec::new() }
    }

    fn take(&mut self, stream: Stream, protocol: StreamProtocol) {
        if let Some(waiting) = self.waiting.iter_mut().find(|other| other.protocol == protocol) {
            if waiting.streams.len() < MAX_STREAMS_PER_PEER {
                waiting.streams.push_back(stream);
            } else {
                tracing::debug!("a peer opens more streams than it may have; one was dropped");
            }
            return;
        }
        // Nobody takes them any more: the stream ends, and whoever opened it sees that.
        let Some(taker) = self.registry.taker(&protocol) else { return };
        if let Err(TrySendError::Full((_, stream))) = taker.try_send((self.remote, stream)) {
            let (taker, streams) = (PollSender::new(taker), VecDeque::from([stream]));
            self.waiting.push(Waiting { protocol, taker, streams });
        }
    }

    fn hand_on(&mut self, cx: &mut Context<'_>) {
        let remote = self.remote;
        self.waiting.retain_mut(|waiting| {
            while !waiting.streams.is_empty() {
                match waiting.taker.poll_reserve(cx) {
                    Poll::Ready(Ok(())) => {
                        if let Some(stream) = waiting.streams.pop_front() {
                            // A taker that has gone since then takes nothing.
                            let _ = waiting.taker.send_item((remote, stream));
                        }
                    }
                    Poll::Ready(Err(_)) => return false,
                    Poll::Pending => return true,
                }
            }
            false
        });
    }
}

impl ConnectionHandler for Handler {
    type FromBehaviour = Infallible;
    type ToBehaviour = Infallible;
    type InboundProtocol = AnyOf;
    type OutboundProtocol = ReadyUpgrade<StreamProtocol>;
    type InboundOpenInfo = ();
    type OutboundOpenInfo = Answer;

    fn listen_protocol(&self) -> SubstreamProtocol<Self::InboundProtocol> {
        SubstreamProtocol::new(AnyOf(self.registry.protocols()), ())
    }

    fn poll(
        &mut self,
        cx: &mut Context<'_>,
    ) -> Poll<ConnectionHandlerEvent<Self::OutboundProtocol, Answer, Infallible>> {
        self.hand_on(cx);
        if self.opening >= MAX_OPENING {
            // It is polled again when one of them is agreed on.
            return Poll::Pending;
        }
        match self.asks.poll_recv(cx) {
            Poll::Ready(Some(Ask { protocol, answer })) => {
                self.opening += 1;
                let protocol = SubstreamProtocol::new(ReadyUpgrade::new(protocol), answer);
                Poll::Ready(ConnectionHandlerEvent::OutboundSubstreamRequest { protocol })
            }
            // Without a behaviour nobody asks any more.
            Poll::Ready(None) | Poll::Pending => Poll::Pending,
        }
    }

    fn on_behaviour_event(&mut self, event: Infallible) {
        match event {}
    }

    fn on_connection_event(
        &mut self,
        event: ConnectionEvent<'_, Self::InboundProtocol, Self::OutboundProtocol, (), Answer>,
    ) {
        let (answer, opened) = match event {
            ConnectionEvent::FullyNegotiatedInbound(FullyNegotiatedInbound {
                protocol: (stream, protocol),
                info: (),
            }) => return self.take(stream, protocol),
            ConnectionEvent::FullyNegotiatedOutbound(FullyNegotiatedOutbound {
                protocol: stream,
                info,
            }) => (info, Ok(stream)),
            ConnectionEvent::DialUpgradeError(DialUpgradeError { info, error }) => {
                let error = match error {
                    StreamUpgradeError::Timeout => OpenError::TimedOut,
                    StreamUpgradeError::NegotiationFailed => OpenError::NotSpoken,
                    StreamUpgradeError::Io(error) => OpenError::Failed(error),
                    StreamUpgradeError::Apply(never) => match never {},
                };
                (info, Err(error))
            }
            _ => return,
        };
        self.opening = self.opening.saturating_sub(1);
        // Who does not wait any more needs no stream.
        let _ = answer.send(opened);
    }
}

impl UpgradeInfo for AnyOf {
    type Info = StreamProtocol;
    type InfoIter = std::vec::IntoIter<StreamProtocol>;

    fn protocol_info(&self) -> Self::InfoIter {
        self.0.clone().into_iter()
    }
}

impl InboundUpgrade<Stream> for AnyOf {
    type Output = (Stream, StreamProtocol);
    type Error = Infallible;
    type Future = Ready<Result<Self::Output, Infallible>>;

    fn upgrade_inbound(self, stream: Stream, protocol: StreamProtocol) -> Self::Future {
        ready(Ok((stream, protocol)))
    }
}

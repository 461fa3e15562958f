//! One question to a relay about a grant, on a connection of its own: a fresh peer id, and through
//! Tor circuits that carry nothing else.

use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use futures::{AsyncReadExt, StreamExt};
use libp2p::StreamProtocol;
use libp2p::identity::Keypair;
use libp2p::swarm::SwarmEvent;
use libp2p::swarm::dial_opts::DialOpts;
use tokio::time::timeout;
use windbreak_protocol::admission::{
    AdmissionReply, AdmissionRequest, Drawing, MAX_ADMISSION_MESSAGE, PROTOCOL, PublicKeys,
    RelayPart, Token,
};
use windbreak_protocol::random::Random;
use windbreak_protocol::secret::Secret;
use windbreak_protocol::wire::sync::Refusal;

use super::DrawTrouble;
use crate::swarm::limits::{TOR_CONNECT, Timings};
use crate::swarm::raw;
use crate::swarm::relays::Relay;
use crate::swarm::stream::{Budget, MessageWriter, messages};
use crate::swarm::tor::Circuits;
use crate::swarm::transport::{self, Base};
use crate::swarm::venue::Way;

/// How a relay is asked.
pub(super) struct Asking<'a> {
    pub(super) way: Way,
    pub(super) relay: &'a Relay,
    pub(super) timings: &'a Timings,
}

/// Draws tokens. Nothing of an answer is used whose keys are not those that the grant pins, or that
/// proves nothing (Y-65).
pub(super) async fn draw(
    asking: &Asking<'_>,
    part: &RelayPart,
    epoch: u32,
    seed: &Secret<32>,
) -> Result<Vec<Token>, DrawTrouble> {
    let drawing =
        Drawing::begin(epoch, &mut Random::from_seed(seed)).map_err(|_| DrawTrouble::NotKept)?;
    let sub_grant = part.sub_grant();
    let reply = asking
        .ask(|nonce, relay| AdmissionRequest::Draw {
            grant: sub_grant.grant,
            member: sub_grant.member,
            epoch,
            proof: sub_grant.draw_proof(nonce, relay, epoch, drawing.blinded()),
            blinded: drawing.blinded().to_vec(),
        })
        .await?;
    let AdmissionReply::Drawn { keys, evaluated, proof } = reply else {
        return Err(trouble(&reply));
    };
    let keys = PublicKeys::new(part.epochs().start, keys);
    drawing.finish(part.keys(), &keys, &evaluated, &proof).map_err(|error| {
        tracing::warn!(%error, "a relay's tokens are not used");
        DrawTrouble::Untrusted
    })
}

/// Has a part of a grant revoked.
pub(super) async fn revoke(
    asking: &Asking<'_>,
    grant: &windbreak_protocol::admission::Grant,
    member: u16,
) -> Result<(), DrawTrouble> {
    let reply = asking
        .ask(|nonce, relay| AdmissionRequest::Revoke {
            grant: grant.id(),
            member,
            proof: grant.revocation(member, nonce, relay),
        })
        .await?;
    match reply {
        AdmissionReply::Revoked => Ok(()),
        reply => Err(trouble(&reply)),
    }
}

fn trouble(reply: &AdmissionReply) -> DrawTrouble {
    match reply {
        AdmissionReply::Refused { reason: Refusal::GrantUsedUp } => DrawTrouble::UsedUp,
        AdmissionReply::Refused { reason: Refusal::GrantEnded } => DrawTrouble::Ended,
        AdmissionReply::Refused { reason: Refusal::OtherEpoch } => DrawTrouble::OtherWeek,
        AdmissionReply::Refused {
            reason: Refusal::Full | Refusal::ShuttingDown | Refusal::Crowded,
        } => DrawTrouble::Busy,
        _ => DrawTrouble::Untrusted,
    }
}

impl Asking<'_> {
    async fn ask(
        &self,
        request: impl FnOnce(&[u8; 32], &[u8]) -> AdmissionRequest,
    ) -> Result<AdmissionReply, DrawTrouble> {
        let gone = || DrawTrouble::Unreachable;
        let base = match self.way {
            Way::Clear => Base::Clear,
            Way::Lan => Base::Near,
            // Whether the proxy answers is told where topics are followed.
            Way::Tor(proxy) => {
                let circuits = Circuits::fresh(proxy, Arc::new(AtomicBool::new(false)));
                Base::Tor(circuits.ok_or_else(gone)?)
            }
        };
        let patience = match self.way {
            Way::Clear | Way::Lan => self.timings.connect,
            Way::Tor(_) => self.timings.connect.max(TOR_CONNECT),
        };
        let behaviour = raw::Behaviour::new();
        let control = behaviour.new_control();
        let identity = Keypair::generate_ed25519();
        let swarm = transport::swarm(&identity, None, base, behaviour, self.timings);
        let mut swarm = swarm.map_err(|_| gone())?;
        let peer = self.relay.peer;
        let dial = DialOpts::peer_id(peer).addresses(self.relay.addresses.clone()).build();
        swarm.dial(dial).map_err(|_| gone())?;
        let connected = async {
            loop {
                match swarm.select_next_some().await {
                    SwarmEvent::ConnectionEstablished { .. } => return Ok(()),
                    SwarmEvent::OutgoingConnectionError { .. } => return Err(gone()),
                    _ => {}
                }
            }
        };
        timeout(patience, connected).await.map_err(|_| gone())??;
        let talk = async {
            let opening = control.open_stream(peer, StreamProtocol::new(PROTOCOL));
            let stream = opening.await.map_err(|error| match error {
                raw::OpenError::NotSpoken => DrawTrouble::Open,
                _ => gone(),
            })?;
            let (reader, writer) = stream.split();
            let mut replies = pin!(messages(reader, self.timings.message, Budget::unlimited()));
            let mut writer = MessageWriter::new(writer, self.timings.message);
            let mut next = async || {
                let (reply, _) = replies.next().await.and_then(Result::ok).ok_or_else(gone)?;
                if reply.len() > MAX_ADMISSION_MESSAGE {
                    return Err(DrawTrouble::Untrusted);
                }
                AdmissionReply::from_bytes(&reply).map_err(|_| DrawTrouble::Untrusted)
            };
            let nonce = match next().await? {
                AdmissionReply::Nonce { nonce } => nonce,
                // No place there, so far.
                reply => return Err(trouble(&reply)),
            };
            let request = request(&nonce, &peer.to_bytes());
            writer.send(&request.to_bytes()).await.map_err(|_| gone())?;
            next().await
        };
        tokio::select! {
            reply = timeout(self.timings.answer, talk) => reply.map_err(|_| gone())?,
            () = async { loop { swarm.select_next_some().await; } } => Err(gone()),
        }
    }
}

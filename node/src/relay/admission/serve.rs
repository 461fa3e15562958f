//! The streams on which tokens are drawn: one request each, within a time, and few at once.

use std::collections::HashMap;
use std::pin::pin;
use std::sync::Arc;

use futures::{AsyncRead, AsyncReadExt, AsyncWrite, StreamExt};
use libp2p::PeerId;
use tokio::task::{self, JoinSet};
use tokio::time::timeout;
use windbreak_protocol::admission::{AdmissionReply, AdmissionRequest, MAX_ADMISSION_MESSAGE};
use windbreak_protocol::wire::DecodeError;
use windbreak_protocol::wire::sync::Refusal;

use super::ledger::Draw;
use crate::relay::mailbox::RelayMailbox;
use crate::swarm::limits::{
    DRAWING_PATIENCE, MAX_DRAWING_STREAMS, MAX_DRAWING_STREAMS_PER_PEER, Timings,
};
use crate::swarm::mailbox::Mailbox;
use crate::swarm::raw::Incoming;
use crate::swarm::stream::{Budget, MessageWriter, StreamError, messages};

/// Serves until there are no more streams.
pub(crate) async fn serve(
    mut incoming: Incoming,
    mailbox: Arc<RelayMailbox>,
    peer: Vec<u8>,
    timings: Timings,
) {
    let peer: Arc<[u8]> = peer.into();
    let mut answers = JoinSet::new();
    // Who is answered by each.
    let mut clients: HashMap<task::Id, PeerId> = HashMap::new();
    loop {
        tokio::select! {
            next = incoming.next() => {
                let Some((client, stream)) = next else { return };
                while let Some(ended) = answers.try_join_next_with_id() {
                    clients.remove(&task(&ended));
                }
                let of_client = clients.values().filter(|known| **known == client).count();
                if clients.len() >= MAX_DRAWING_STREAMS || of_client >= MAX_DRAWING_STREAMS_PER_PEER {
                    continue;
                }
                let (mailbox, peer) = (mailbox.clone(), peer.clone());
                let answering = answers.spawn(async move {
                    if let Err(error) = answer(stream, &mailbox, &peer, &timings).await {
                        tracing::debug!(%error, "a stream for drawing tokens ended");
                    }
                });
                clients.insert(answering.id(), client);
            }
            Some(ended) = answers.join_next_with_id(), if !answers.is_empty() => {
                clients.remove(&task(&ended));
            }
        }
    }
}

/// Which one ended, however it did.
fn task(ended: &Result<(task::Id, ()), task::JoinError>) -> task::Id {
    match ended {
        Ok((id, ())) => *id,
        Err(error) => error.id(),
    }
}

async fn answer<S: AsyncRead + AsyncWrite + Unpin + Send>(
    stream: S,
    mailbox: &RelayMailbox,
    peer: &[u8],
    timings: &Timings,
) -> Result<(), StreamError> {
    let Some(admission) = mailbox.admission() else { return Err(StreamError::NotOpened) };
    let (reader, writer) = stream.split();
    let budget = Budget::unlimited();
    let mut requests = pin!(messages(reader, timings.message, budget));
    let mut writer = MessageWriter::new(writer, timings.message);
    let mut nonce = [0; 32];
    getrandom::fill(&mut nonce).map_err(|_| StreamError::NoRandomness)?;
    writer.send(&AdmissionReply::Nonce { nonce }.to_bytes()).await?;
    let (request, _) = timeout(timings.handshake.min(DRAWING_PATIENCE), requests.next())
        .await
        .map_err(|_| StreamError::TimedOut)?
        .ok_or(StreamError::Closed)??;
    if request.len() > MAX_ADMISSION_MESSAGE {
        return Err(DecodeError::TooLong.into());
    }
    let outcome = match AdmissionRequest::from_bytes(&request)? {
        _ if !mailbox.is_taking() => Err(Refusal::ShuttingDown),
        AdmissionRequest::Draw { grant, member, epoch, proof, blinded } => {
            let draw = Draw { grant, member, epoch, proof };
            admission.draw(mailbox, draw, (&nonce, peer), blinded).await
        }
        AdmissionRequest::Revoke { grant, member, proof } => admission
            .revoke_member(mailbox, (grant, member), (&nonce, peer), &proof)
            .await
            .map(|()| AdmissionReply::Revoked),
    };
    let reply = outcome.unwrap_or_else(|reason| {
        mailbox.note_refused(reason);
        AdmissionReply::Refused { reason }
    });
    writer.send(&reply.to_bytes()).await
}

//! Who may put where a relay takes by grant, and what of that outlives a crash and a hostile peer.

use windbreak_protocol::admission::{
    AdmissionReply, AdmissionRequest, Drawing, Element, Grant, GrantId, PublicKeys, ShownToken,
    SubGrant, Token, epoch_of,
};
use windbreak_protocol::limits::{DRAW_TOKENS, TOKEN_EPOCH_HOURS};
use windbreak_protocol::random::Random;
use windbreak_protocol::secret::Secret;
use windbreak_protocol::time::Hour;

use super::*;
use crate::relay::admission::{Admission, IssueError, Remembered, Terms};

/// The first hour of an epoch.
const MONDAY: u32 = NOW / TOKEN_EPOCH_HOURS * TOKEN_EPOCH_HOURS + TOKEN_EPOCH_HOURS;

async fn start(folder: TempDir, clock: &StillClock) -> (RelayHandle, TempDir) {
    let listen = vec!["/ip4/127.0.0.1/tcp/0".to_owned()];
    let mut config = RelayConfig::new(folder.path().join("relay"), listen, clock.clock());
    config.timings = Timings { sweep: Duration::from_millis(50), ..Timings::fast() };
    config.admission = AdmissionMode::Grant;
    (run_relay(config).await.unwrap(), folder)
}

async fn fresh(clock: &StillClock) -> (RelayHandle, TempDir) {
    start(TempDir::new().unwrap(), clock).await
}

async fn client(relay: &RelayHandle) -> Client {
    Client::connect(&relay.addresses()[0]).await
}

async fn issue(relay: &RelayHandle, members: u16, draws: u16) -> Grant {
    let terms = Terms { members, draws, epochs: 3 };
    let admission = relay.mailbox.admission().unwrap();
    admission.issue(&relay.mailbox, terms).await.unwrap()
}

fn random(seed: u8) -> Random {
    Random::from_seed(&Secret::from_bytes([seed; 32]))
}

async fn ask(
    client: &Client,
    request: impl FnOnce(&[u8; 32]) -> AdmissionRequest,
) -> Option<AdmissionReply> {
    let mut stream = client.stream_of(windbreak_protocol::admission::PROTOCOL).await;
    let nonce = AdmissionReply::from_bytes(&read_message(&mut stream).await?).unwrap();
    let AdmissionReply::Nonce { nonce } = nonce else { panic!("no nonce") };
    write_message(&mut stream, &request(&nonce).to_bytes()).await;
    Some(AdmissionReply::from_bytes(&read_message(&mut stream).await?).unwrap())
}

fn draw_request(
    part: &SubGrant,
    epoch: u32,
    blinded: &[Element],
    host: &[u8],
    nonce: &[u8; 32],
) -> AdmissionRequest {
    let proof = part.draw_proof(nonce, host, epoch, blinded);
    let (grant, member) = (part.grant, part.member);
    AdmissionRequest::Draw { grant, member, epoch, proof, blinded: blinded.to_vec() }
}

async fn draw(
    client: &Client,
    grant: &Grant,
    member: u16,
    epoch: u32,
    seed: u8,
) -> Result<Vec<Token>, Refusal> {
    let part = grant.split(member).unwrap();
    let drawing = Drawing::begin(epoch, &mut random(seed)).unwrap();
    let host = client.host();
    let reply =
        ask(client, |nonce| draw_request(&part, epoch, drawing.blinded(), &host, nonce)).await;
    match reply.unwrap() {
        AdmissionReply::Drawn { keys, evaluated, proof } => {
            let keys = PublicKeys::new(grant.epochs().start, keys);
            Ok(drawing.finish(grant.keys(), &keys, &evaluated, &proof).unwrap())
        }
        AdmissionReply::Refused { reason } => Err(reason),
        other => panic!("{other:?}"),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_spends_a_token_may_put_and_a_stranger_only_reads() {
    let (relay, _folder) = fresh(&StillClock::new()).await;
    let grant = issue(&relay, 2, 2).await;
    let epoch = epoch_of(Hour::new(NOW));
    let key = topic_key(1);
    let said = envelopes(&key, NOW, 1, 65);
    let stranger = client(&relay).await.open(&key).await;
    let refused = stranger.stream.put(said[0].as_bytes()).await.unwrap();
    assert_eq!(refused, Err(Refusal::TokenWanted));

    let tokens = draw(&client(&relay).await, &grant, 0, epoch, 1).await.unwrap();
    // Elsewhere, as somebody else.
    let opened = client(&relay).await.open(&key).await;
    assert_eq!(opened.stream.spend(tokens[0].show(&key.topic())).await.unwrap(), Ok(()));
    // 128 KiB: 64 of the smallest.
    for envelope in &said[..64] {
        assert_eq!(opened.stream.put(envelope.as_bytes()).await.unwrap(), Ok(()));
    }
    let refused = opened.stream.put(said[64].as_bytes()).await.unwrap();
    assert_eq!(refused, Err(Refusal::TokenWanted));
    assert_eq!(opened.stream.spend(tokens[1].show(&key.topic())).await.unwrap(), Ok(()));
    assert_eq!(opened.stream.put(said[64].as_bytes()).await.unwrap(), Ok(()));

    assert_eq!(stranger.stream.days().await.unwrap()[0].count, 65);
    let status = relay.status();
    assert_eq!((status.tokens_drawn, status.tokens_spent), (DRAW_TOKENS as u64, 2));
    assert_eq!(status.refused.token_wanted, 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_token_is_spent_once_also_after_a_restart() {
    let clock = StillClock::new();
    let (relay, folder) = fresh(&clock).await;
    let grant = issue(&relay, 1, 2).await;
    let epoch = epoch_of(Hour::new(NOW));
    let tokens = draw(&client(&relay).await, &grant, 0, epoch, 1).await.unwrap();
    let (key, other) = (topic_key(1), topic_key(2));
    let shown = tokens[0].show(&key.topic());
    let (one, two) = (client(&relay).await.open(&key).await, client(&relay).await.open(&key).await);
    // Of two at once one counts.
    let (first, second) = tokio::join!(one.stream.spend(shown), two.stream.spend(shown));
    let outcomes = [first.unwrap(), second.unwrap()];
    assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1, "{outcomes:?}");
    relay.shutdown().await;

    let (relay, _folder) = start(folder, &clock).await;
    let opened = client(&relay).await.open(&key).await;
    assert_eq!(opened.stream.spend(shown).await.unwrap(), Err(Refusal::TokenInvalid));
    let elsewhere = client(&relay).await.open(&other).await;
    let again = tokens[0].show(&other.topic());
    assert_eq!(elsewhere.stream.spend(again).await.unwrap(), Err(Refusal::TokenInvalid));
    // What was not spent is still good, and what is left of the grant still counted.
    assert_eq!(opened.stream.spend(tokens[1].show(&key.topic())).await.unwrap(), Ok(()));
    assert!(draw(&client(&relay).await, &grant, 0, epoch, 2).await.is_ok());
    let refused = draw(&client(&relay).await, &grant, 0, epoch, 3).await;
    assert_eq!(refused.err(), Some(Refusal::GrantUsedUp));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_flooder_empties_its_own_sub_grant_and_a_repeated_draw_costs_nothing() {
    let (relay, _folder) = fresh(&StillClock::new()).await;
    let grant = issue(&relay, 2, 2).await;
    let epoch = epoch_of(Hour::new(NOW));
    let flooder = client(&relay).await;
    let first = draw(&flooder, &grant, 0, epoch, 1).await.unwrap();
    // The answer was lost: the same draw again gives the same tokens.
    let again = draw(&flooder, &grant, 0, epoch, 1).await.unwrap();
    assert!(first == again);
    assert!(draw(&flooder, &grant, 0, epoch, 2).await.is_ok());
    for seed in 3..20 {
        let refused = draw(&flooder, &grant, 0, epoch, seed).await;
        assert_eq!(refused.err(), Some(Refusal::GrantUsedUp));
    }
    assert!(draw(&client(&relay).await, &grant, 1, epoch, 1).await.is_ok());
    assert_eq!(relay.status().tokens_drawn, 3 * DRAW_TOKENS as u64);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_clock_that_goes_back_gives_no_allowance_again() {
    let clock = StillClock::new();
    clock.set(MONDAY);
    let (relay, _folder) = fresh(&clock).await;
    let grant = issue(&relay, 1, 1).await;
    let epoch = epoch_of(Hour::new(MONDAY));
    let member = client(&relay).await;
    assert!(draw(&member, &grant, 0, epoch, 1).await.is_ok());
    clock.set(MONDAY + TOKEN_EPOCH_HOURS);
    assert!(draw(&member, &grant, 0, epoch + 1, 2).await.is_ok());
    clock.set(MONDAY);
    let refused = draw(&member, &grant, 0, epoch, 3).await;
    assert_eq!(refused.err(), Some(Refusal::GrantUsedUp));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_revoked_draws_nothing_and_the_rest_does() {
    let clock = StillClock::new();
    let (relay, folder) = fresh(&clock).await;
    let (grant, other) = (issue(&relay, 2, 2).await, issue(&relay, 1, 2).await);
    let epoch = epoch_of(Hour::new(NOW));
    let facilitator = client(&relay).await;
    let host = facilitator.host();
    let revoke = |member: u16, proof: [u8; 32]| AdmissionRequest::Revoke {
        grant: grant.id(),
        member,
        proof,
    };
    // Not by whoever holds another grant, nor with the proof for another member.
    let reply = ask(&facilitator, |nonce| revoke(0, other.revocation(0, nonce, &host))).await;
    assert_eq!(reply, Some(AdmissionReply::Refused { reason: Refusal::GrantEnded }));
    let reply = ask(&facilitator, |nonce| revoke(0, grant.revocation(1, nonce, &host))).await;
    assert_eq!(reply, Some(AdmissionReply::Refused { reason: Refusal::GrantEnded }));
    let reply = ask(&facilitator, |nonce| revoke(0, grant.revocation(0, nonce, &host))).await;
    assert_eq!(reply, Some(AdmissionReply::Revoked));
    relay.shutdown().await;

    let (relay, _folder) = start(folder, &clock).await;
    let member = client(&relay).await;
    let refused = draw(&member, &grant, 0, epoch, 1).await;
    assert_eq!(refused.err(), Some(Refusal::GrantEnded));
    assert!(draw(&member, &grant, 1, epoch, 1).await.is_ok());
    let admission = relay.mailbox.admission().unwrap();
    assert_eq!(admission.revoke(&relay.mailbox, grant.id()).await, Some(true));
    assert_eq!(admission.revoke(&relay.mailbox, grant.id()).await, None);
    let refused = draw(&member, &grant, 1, epoch, 2).await;
    assert_eq!(refused.err(), Some(Refusal::GrantEnded));
    assert!(draw(&member, &other, 0, epoch, 1).await.is_ok());
    assert_eq!(admission.list().await.len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_token_is_good_for_its_epoch_and_a_day_and_is_forgotten_then() {
    let clock = StillClock::new();
    clock.set(MONDAY);
    let (relay, _folder) = fresh(&clock).await;
    let grant = issue(&relay, 1, 2).await;
    let epoch = epoch_of(Hour::new(MONDAY));
    let (key, drawer) = (topic_key(1), client(&relay).await);
    let tokens = draw(&drawer, &grant, 0, epoch, 1).await.unwrap();
    let refused = draw(&drawer, &grant, 0, epoch + 1, 2).await;
    assert_eq!(refused.err(), Some(Refusal::OtherEpoch));
    let opened = client(&relay).await.open(&key).await;
    let shown: Vec<_> = tokens.iter().map(|token| token.show(&key.topic())).collect();
    clock.set(MONDAY + TOKEN_EPOCH_HOURS + 23);
    assert_eq!(opened.stream.spend(shown[0]).await.unwrap(), Ok(()));
    clock.set(MONDAY + TOKEN_EPOCH_HOURS + 24);
    assert_eq!(opened.stream.spend(shown[1]).await.unwrap(), Err(Refusal::TokenInvalid));
    // Forgotten, so that a clock that goes back must not make it good again.
    let admission = relay.mailbox.admission().unwrap();
    admission.sweep(&relay.mailbox).await;
    clock.set(MONDAY);
    assert_eq!(opened.stream.spend(shown[0]).await.unwrap(), Err(Refusal::TokenInvalid));
    // And a grant that is over is gone.
    for week in 2..=3 {
        clock.set(MONDAY + week * TOKEN_EPOCH_HOURS);
        admission.sweep(&relay.mailbox).await;
    }
    assert!(admission.list().await.is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn forged_tokens_and_draws_are_refused_and_stop_nobody() {
    let (relay, _folder) = fresh(&StillClock::new()).await;
    let grant = issue(&relay, 1, 8).await;
    let epoch = epoch_of(Hour::new(NOW));
    let (key, hostile) = (topic_key(1), client(&relay).await);
    let host = hostile.host();
    // Tokens of nobody: refused, and then the stream ends.
    let opened = hostile.open(&key).await;
    let mut refused = 0;
    for seed in 0..20 {
        let forged = ShownToken::from_parts(epoch, [seed; 32], [seed; 32]);
        match opened.stream.spend(forged).await {
            Ok(outcome) => assert_eq!(outcome, Err(Refusal::TokenInvalid)),
            Err(_) => break,
        }
        refused += 1;
    }
    assert_eq!(refused, 4);
    // An unknown grant, a stolen number, a spoilt point, an answer from before.
    let part = grant.split(0).unwrap();
    let drawing = Drawing::begin(epoch, &mut random(1)).unwrap();
    let ended = Some(AdmissionReply::Refused { reason: Refusal::GrantEnded });
    let reply = ask(&hostile, |_| AdmissionRequest::Draw {
        grant: GrantId::from_bytes([0; 8]),
        member: 0,
        epoch,
        proof: [0; 32],
        blinded: drawing.blinded().to_vec(),
    });
    assert_eq!(reply.await, ended);
    let stale = |_: &[u8; 32]| draw_request(&part, epoch, drawing.blinded(), &host, &[0; 32]);
    assert_eq!(ask(&hostile, stale).await, ended);
    let mut blinded = drawing.blinded().to_vec();
    blinded[3] = Element::from_bytes([0xff; 32]);
    let reply = ask(&hostile, |nonce| draw_request(&part, epoch, &blinded, &host, nonce)).await;
    assert_eq!(reply, Some(AdmissionReply::Refused { reason: Refusal::Malformed }));
    // Who opens many such streams and says nothing takes few of the places.
    let mut silent = Vec::new();
    for _ in 0..64 {
        silent.push(hostile.stream_of(windbreak_protocol::admission::PROTOCOL).await);
    }
    assert!(draw(&client(&relay).await, &grant, 0, epoch, 9).await.is_ok());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_relay_grants_no_more_than_it_can_keep_account_of() {
    let (relay, _folder) = fresh(&StillClock::new()).await;
    let admission = relay.mailbox.admission().unwrap();
    let half = Terms { members: 512, draws: 16, epochs: 1 };
    let first = admission.issue(&relay.mailbox, half).await.unwrap();
    admission.issue(&relay.mailbox, half).await.unwrap();
    let least = Terms { members: 1, draws: 1, epochs: 1 };
    let refused = admission.issue(&relay.mailbox, least).await;
    assert_eq!(refused.err(), Some(IssueError::NoRoom));
    assert_eq!(admission.revoke(&relay.mailbox, first.id()).await, Some(true));
    assert!(admission.issue(&relay.mailbox, least).await.is_ok());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_counts_that_could_not_be_written() {
    let store = MemoryStore::new();
    let (opened, later) = (Mutex::new(Some(store.clone())), store.clone());
    let open: OpenStore = Box::new(move || {
        let first = opened.lock().unwrap().take();
        Ok(Box::new(first.unwrap_or_else(|| later.durable())) as Box<dyn Store>)
    });
    let (limits, mode) = (RelayLimits::default(), AdmissionMode::Grant);
    let clock = StillClock::new().clock();
    let (mailbox, writer) = RelayMailbox::open(open, None, limits, mode, clock).unwrap();
    let writer = tokio::task::spawn_blocking(move || writer.run());
    let admission: Arc<Admission> = mailbox.admission().unwrap().clone();
    let terms = Terms { members: 1, draws: 1, epochs: 1 };
    let grant = admission.issue(&mailbox, terms).await.unwrap();
    let epoch = epoch_of(Hour::new(NOW));
    let part = grant.split(0).unwrap();
    let drawing = Drawing::begin(epoch, &mut random(1)).unwrap();
    let request = || {
        let proof = part.draw_proof(&[1; 32], b"relay", epoch, drawing.blinded());
        let draw = crate::relay::admission::Draw { grant: grant.id(), member: 0, epoch, proof };
        admission.draw(&mailbox, draw, (&[1; 32], b"relay"), drawing.blinded().to_vec())
    };
    store.fail_at(1, crate::store::StoreError::DiskFull);
    assert_eq!(request().await, Err(Refusal::Full));
    assert!(remembered(&store).uses().is_empty(), "counted and not given");
    mailbox.sweep().await;
    // The store is open again, and so is the draw.
    let reply = soon(async {
        loop {
            match request().await {
                Ok(reply) => break reply,
                Err(_) => tokio::time::sleep(Duration::from_millis(20)).await,
            }
        }
    });
    let AdmissionReply::Drawn { keys, evaluated, proof } = reply.await else { panic!() };
    let keys = PublicKeys::new(grant.epochs().start, keys);
    let tokens = drawing.finish(grant.keys(), &keys, &evaluated, &proof).unwrap();
    let topic = topic_key(1).topic();
    assert_eq!(mailbox.spend(topic, tokens[0].show(&topic)).await, Ok(()));
    mailbox.stop().await;
    writer.await.unwrap();
}

/// What a store would remember after a crash.
fn remembered(store: &MemoryStore) -> Remembered {
    let mut remembered = Remembered::default();
    let visit = &mut |key, value: windbreak_protocol::record::Value| remembered.take(&key, &value);
    store.durable().visit(windbreak_protocol::record::RecordKind::Node, visit).unwrap();
    remembered
}

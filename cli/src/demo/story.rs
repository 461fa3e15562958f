//! The demo, step by step.

use std::path::Path;
use std::time::{Duration, Instant};

use serde_json::Value;

use super::look::{INTERVAL, agree, count, members, reads, texts, until};
use super::scan::scan;
use super::stage::{Stage, Who, broken, succeeded};
use super::transcript::Transcript;
use super::words;
use crate::error::Failure;
use crate::words::say;

/// Shares somebody misses while away.
const POSTCARDS: usize = 100;
/// How long the removed member is watched for what must not arrive.
const WATCH: Duration = Duration::from_secs(2);

/// Plays everything; `letter` is the long text that is shared.
pub(super) async fn tell(
    stage: &mut Stage,
    told: &mut Transcript,
    letter: &str,
) -> Result<(), Failure> {
    let relay = relay_and_people(stage, told).await?;
    circle(stage, told, &relay).await?;
    let first_code = two_join(stage, told).await?;
    three_invites_refuse(stage, told, &first_code).await?;
    one_waits_in_the_lobby(stage, told).await?;
    everybody_settles(stage, told).await?;
    two_link(stage, told).await?;
    share_and_reply(stage, told, letter).await?;
    catch_up(stage, told).await?;
    removal(stage, told).await?;
    explained(stage, told).await?;
    relay_saw(stage, told).await?;
    everybody_stops(stage, told).await?;
    nothing_in_the_clear(stage, told, letter)
}

async fn relay_and_people(stage: &mut Stage, told: &mut Transcript) -> Result<String, Failure> {
    told.step(say!("demo-relay-starts"))?;
    let ready = stage
        .starts(told, Who::Relay, &["relay", "run", "--listen", "/ip4/127.0.0.1/tcp/0"])
        .await?;
    let address = ready.pointer("/addresses/0").and_then(Value::as_str);
    let address = address.ok_or_else(|| broken(say!("demo-relay-tells-no-address")))?.to_owned();
    told.held(say!("demo-listens-will-keep-cannot"))?;

    told.step(say!("demo-four-people-make-profile"))?;
    for who in Who::PEOPLE {
        let passphrase = stage.passphrase(who);
        stage
            .does(
                told,
                who,
                &[
                    "init",
                    "--network",
                    "relay-only",
                    "--passphrase-file",
                    &passphrase.to_string_lossy(),
                ],
            )
            .await?;
    }
    told.held(say!("demo-four-sealed-folders"))?;

    told.step(say!("demo-their-nodes-start"))?;
    for who in Who::PEOPLE {
        stage.starts_node(told, who).await?;
    }
    told.held(say!("demo-four-nodes-run"))?;
    Ok(address)
}

async fn circle(stage: &Stage, told: &mut Transcript, relay: &str) -> Result<(), Failure> {
    told.step(say!("demo-alder-makes-circle"))?;
    let args = [
        "circle",
        "new",
        words::TITLE,
        "--name",
        Who::Alder.name(),
        "--relay",
        relay,
        "--welcome",
        words::WELCOME,
        "--declaration",
        words::DECLARATION,
        "--adult",
    ];
    stage.does(told, Who::Alder, &args).await?;
    told.held(say!("demo-circle-exists-one-member"))
}

async fn two_join(stage: &Stage, told: &mut Transcript) -> Result<String, Failure> {
    told.step(say!("demo-rowan-joins-invite-one"))?;
    let first = invite(stage, told, &[]).await?;
    joins(stage, told, Who::Rowan, &first, "").await?;
    told.held(say!("demo-rowan-saw-card-agreement"))?;

    told.step(say!("demo-joins-another"))?;
    let second = invite(stage, told, &[]).await?;
    joins(stage, told, Who::Osina, &second, "").await?;
    members(stage, Who::Alder, 3).await?;
    told.held(say!("demo-three-members"))?;
    Ok(first)
}

async fn three_invites_refuse(
    stage: &Stage,
    told: &mut Transcript,
    used: &str,
) -> Result<(), Failure> {
    told.step(say!("demo-tries-invite-used"))?;
    refused(stage, told, used, "invite_used").await?;

    told.step(say!("demo-tries-invite-whose-time"))?;
    let expired = invite(stage, told, &["--expires", "1s"]).await?;
    tokio::time::sleep(Duration::from_secs(2)).await;
    refused(stage, told, &expired, "invite_expired").await?;

    told.step(say!("demo-tries-invite-taken-back"))?;
    let made = stage.does(told, Who::Alder, &["invite", "new", words::TITLE]).await?;
    let (id, code) = (made.text("/invite/id")?, made.text("/invite/code")?);
    stage.does(told, Who::Alder, &["invite", "revoke", words::TITLE, &id]).await?;
    refused(stage, told, &code, "invite_revoked").await
}

async fn one_waits_in_the_lobby(stage: &Stage, told: &mut Transcript) -> Result<(), Failure> {
    told.step(say!("demo-joins-through-lobby"))?;
    let code = invite(stage, told, &["--review"]).await?;
    let args = [
        "join",
        &code,
        "--name",
        Who::Yanagi.name(),
        "--note",
        words::KNOCK_NOTE,
        "--accept-agreement",
        "--adult",
        "--wait",
        "3s",
    ];
    let knocked = stage.types(told, Who::Yanagi, &args).await?;
    if knocked.exit_code != 6 {
        return Err(broken(&say!(
            "demo-knock-waits-ends-exit",
            exit_code = knocked.exit_code.to_string()
        )));
    }
    let circles = stage.asks(Who::Yanagi, &["circle", "list"]).await?;
    if count(&circles, "/circles") != 0 {
        return Err(broken(say!("demo-somebody-waits-lobby-sees")));
    }
    let mut knock = None;
    until(say!("demo-knock-arrive"), async || {
        let lobby = stage.asks(Who::Alder, &["lobby", "list", words::TITLE]).await?;
        knock = lobby.data().pointer("/knocks/0").cloned();
        Ok(knock.is_some())
    })
    .await?;
    let knock = knock.unwrap_or_default();
    if knock.get("note").and_then(Value::as_str) != Some(words::KNOCK_NOTE) {
        return Err(broken(say!("demo-note-knock-not-written")));
    }
    stage.does(told, Who::Alder, &["lobby", "list", words::TITLE]).await?;
    let id = knock.get("id").and_then(Value::as_str).unwrap_or_default();
    stage.does(told, Who::Alder, &["lobby", "admit", words::TITLE, id]).await?;
    stage.does(told, Who::Yanagi, &["join", &code, "--wait", "60s"]).await?;
    for who in Who::PEOPLE {
        members(stage, who, 4).await?;
    }
    told.held(say!("demo-until-they-admitted-they"))
}

/// Newcomers renew their keys at a random time soon after they came. A removal at the same moment
/// would be a race of two changes, which is another story than this one.
async fn everybody_settles(stage: &Stage, told: &mut Transcript) -> Result<(), Failure> {
    told.step(say!("demo-every-newcomers-device-gives"))?;
    told.types(&format!("windbreak --profile noor circle show \"{}\"", words::TITLE))?;
    told.ended(0);
    agree(stage).await?;
    told.held(say!("demo-all-four-devices-stand"))
}

async fn two_link(stage: &Stage, told: &mut Transcript) -> Result<(), Failure> {
    told.step(say!("demo-rowan-also-link-directly"))?;
    let args = ["link", "listen", words::TITLE, "--listen", "/ip4/127.0.0.1/tcp/0", "--yes"];
    let listening = stage.does(told, Who::Rowan, &args).await?;
    let address = listening.text("/listening/0")?;
    stage.does(told, Who::Osina, &["link", "add", words::TITLE, &address, "--yes"]).await?;
    until(say!("demo-direct-link"), async || {
        let links = stage.asks(Who::Osina, &["link", "list", words::TITLE]).await?;
        Ok(links.data().get("connected").and_then(Value::as_u64) >= Some(1))
    })
    .await?;
    told.held(say!("demo-they-linked-everybody-else"))
}

async fn share_and_reply(
    stage: &Stage,
    told: &mut Transcript,
    letter: &str,
) -> Result<(), Failure> {
    told.step(say!("demo-rowan-shares-letter-asks"))?;
    let path = stage.write_words("letter.txt", letter)?;
    let args = [
        "share",
        words::TITLE,
        "--file",
        &path.to_string_lossy(),
        "--title",
        words::LETTER_TITLE,
        "--note",
        words::CONTENT_NOTE,
        "--ask",
        "just-listening",
        "--declaration-heard",
        "--wait",
        "30s",
    ];
    let shared = stage.does(told, Who::Rowan, &args).await?;
    let id = shared.text("/id")?;
    for who in [Who::Alder, Who::Osina, Who::Yanagi] {
        reads(stage, who, letter).await?;
    }
    let chars = letter.chars().count();
    told.held(&say!("demo-all-three-others-read", bytes = letter.len(), chars))?;

    told.step(say!("demo-two-reply"))?;
    let reply = ["reply", &id, words::FIRST_REPLY, "--declaration-heard"];
    let first = stage.does(told, Who::Yanagi, &reply).await?;
    reads(stage, Who::Osina, words::FIRST_REPLY).await?;
    let first = first.text("/id")?;
    let reply = ["reply", &first, words::SECOND_REPLY, "--declaration-heard"];
    stage.does(told, Who::Osina, &reply).await?;
    for who in Who::PEOPLE {
        reads(stage, who, words::FIRST_REPLY).await?;
        reads(stage, who, words::SECOND_REPLY).await?;
    }
    stage.does(told, Who::Rowan, &["read", words::TITLE, "--limit", "3"]).await?;
    told.held(say!("demo-rowan-reads-both-one"))
}

async fn catch_up(stage: &mut Stage, told: &mut Transcript) -> Result<(), Failure> {
    told.step(say!("demo-goes-away"))?;
    stage.stops_node(told, Who::Osina).await?;
    told.held(say!("demo-their-node-stopped"))?;

    told.step(&say!("demo-alder-shares-postcards-meanwhile", postcards = POSTCARDS))?;
    let circle = words::TITLE;
    for number in 1..=POSTCARDS {
        let text = words::postcard(number);
        if number == 1 {
            stage.does(told, Who::Alder, &["share", circle, &text]).await?;
            continue;
        }
        // The last one waits until it is held, and with it all before.
        let args = ["share", circle, &text, "--wait", "60s"];
        let args = if number == POSTCARDS { &args[..] } else { &args[..3] };
        succeeded(stage.asks(Who::Alder, args).await?, args)?;
    }
    told.repeated(POSTCARDS);
    until(say!("demo-everything-held-relay"), async || {
        let status = stage.asks(Who::Alder, &["node", "status"]).await?;
        Ok(status.data().get("outbox").and_then(Value::as_u64) == Some(0))
    })
    .await?;
    stage.stops_node(told, Who::Alder).await?;
    told.held(say!("demo-their-author-gone-relay"))?;

    told.step(say!("demo-comes-back"))?;
    stage.starts_node(told, Who::Osina).await?;
    let mut found = Vec::new();
    until(say!("demo-all-postcards-arrive"), async || {
        found = texts(stage, Who::Osina)
            .await?
            .into_iter()
            .filter(|text| text.starts_with("Postcard "))
            .collect();
        Ok(found.len() >= POSTCARDS)
    })
    .await?;
    told.types(&format!("windbreak --profile osina read \"{circle}\" --limit {POSTCARDS}"))?;
    told.ended(0);
    let expected: Vec<String> = (1..=POSTCARDS).map(words::postcard).collect();
    if found != expected {
        return Err(broken(say!("demo-postcards-did-not-arrive")));
    }
    told.held(&say!("demo-all-here-once-each", postcards = POSTCARDS))?;

    told.step(say!("demo-alder-comes-back"))?;
    stage.starts_node(told, Who::Alder).await?;
    agree(stage).await?;
    told.held(say!("demo-they-go-where-they"))
}

async fn removal(stage: &Stage, told: &mut Transcript) -> Result<(), Failure> {
    told.step(say!("demo-alder-removes"))?;
    let args = [
        "member",
        "remove",
        words::TITLE,
        Who::Yanagi.name(),
        "--reason",
        "Agreed with them.", // data
        "--yes",
    ];
    stage.does(told, Who::Alder, &args).await?;
    for who in [Who::Alder, Who::Rowan, Who::Osina] {
        members(stage, who, 3).await?;
    }
    until(say!("demo-device-hear"), async || {
        let circle = stage.asks(Who::Yanagi, &["circle", "show", words::TITLE]).await?;
        Ok(circle.data().pointer("/circle/standing").and_then(Value::as_str) == Some("removed"))
    })
    .await?;
    told.held(say!("demo-everybody-knows-they-well"))?;

    told.step(say!("demo-alder-shares-once-more"))?;
    stage
        .does(told, Who::Alder, &["share", words::TITLE, words::AFTER_REMOVAL, "--wait", "30s"])
        .await?;
    for who in [Who::Rowan, Who::Osina] {
        reads(stage, who, words::AFTER_REMOVAL).await?;
    }
    let watched = Instant::now();
    while watched.elapsed() < WATCH {
        if texts(stage, Who::Yanagi).await?.iter().any(|text| text == words::AFTER_REMOVAL) {
            return Err(broken(say!("demo-somebody-removed-reads-said")));
        }
        tokio::time::sleep(INTERVAL).await;
    }
    stage.does(told, Who::Yanagi, &["read", words::TITLE, "--limit", "1"]).await?;
    told.held(say!("demo-rowan-read-keeps-they"))
}

async fn explained(stage: &Stage, told: &mut Transcript) -> Result<(), Failure> {
    told.step(say!("demo-rowan-asks-can-see"))?;
    let explained = stage.does(told, Who::Rowan, &["explain"]).await?;
    if count(&explained, "/limits") == 0 || count(&explained, "/circles") == 0 {
        return Err(broken(say!("demo-explanation-does-not-say")));
    }
    told.held(say!("demo-names-members-relay-those"))
}

async fn relay_saw(stage: &Stage, told: &mut Transcript) -> Result<(), Failure> {
    told.step(say!("demo-relay-saw"))?;
    let status = stage.does(told, Who::Relay, &["relay", "status"]).await?;
    let number = |name: &str| {
        status.data().pointer(&format!("/status/{name}")).and_then(Value::as_u64).unwrap_or(0)
    };
    let (topics, envelopes, bytes) = (number("topics"), number("envelopes"), number("bytes"));
    told.relay(status.data().clone());
    if topics == 0 || envelopes < POSTCARDS as u64 {
        return Err(broken(say!("demo-relay-tells-fewer-envelopes")));
    }
    told.held(&say!(
        "demo-topics-random-numbers-sealed",
        topics,
        envelopes,
        bytes,
        connections = number("connections")
    ))
}

async fn everybody_stops(stage: &mut Stage, told: &mut Transcript) -> Result<(), Failure> {
    told.step(say!("demo-everybody-stops"))?;
    for who in Who::PEOPLE {
        stage.stops_node(told, who).await?;
    }
    stage.interrupts(Who::Relay).await?;
    told.held(say!("demo-all-processes-ended-order"))
}

fn nothing_in_the_clear(stage: &Stage, told: &mut Transcript, letter: &str) -> Result<(), Failure> {
    told.step(say!("demo-anything-said-written-anywhere"))?;
    let mut wanted: Vec<String> = Who::PEOPLE.iter().map(|who| who.name().to_owned()).collect();
    let said = [
        words::TITLE,
        words::WELCOME,
        words::DECLARATION,
        words::KNOCK_NOTE,
        words::LETTER_TITLE,
        words::CONTENT_NOTE,
        words::FIRST_REPLY,
        words::SECOND_REPLY,
        words::AFTER_REMOVAL,
        letter,
        &words::postcard(1),
        &words::postcard(POSTCARDS),
    ];
    wanted.extend(said.iter().flat_map(|text| words::pieces(text)));
    let failed = |error| Failure::system(say!("demo-cannot-look-through-folders"), &error);
    // The eye is tested first: where the words do lie in the clear, they must be found.
    if scan(&[&stage.words()], &wanted).map_err(failed)?.found_in.is_empty() {
        return Err(broken(say!("demo-scan-does-not-find")));
    }
    let folders = stage.sealed_folders();
    let folders: Vec<&Path> = folders.iter().map(AsRef::as_ref).collect();
    let found = scan(&folders, &wanted).map_err(failed)?;
    told.scanned(found.clone());
    if let Some(path) = found.found_in.first() {
        return Err(broken(&say!(
            "demo-something-said-stands-clear",
            path = path.display().to_string()
        )));
    }
    told.held(&say!(
        "demo-no-names-titles-pieces",
        words = found.words,
        files = found.files,
        bytes = found.bytes
    ))
}

async fn invite(stage: &Stage, told: &mut Transcript, more: &[&str]) -> Result<String, Failure> {
    let args: Vec<&str> =
        ["invite", "new", words::TITLE].into_iter().chain(more.iter().copied()).collect();
    stage.does(told, Who::Alder, &args).await?.text("/invite/code")
}

async fn joins(
    stage: &Stage,
    told: &mut Transcript,
    who: Who,
    code: &str,
    note: &str,
) -> Result<(), Failure> {
    let args = [
        "join",
        code,
        "--name",
        who.name(),
        "--note",
        note,
        "--accept-agreement",
        "--adult",
        "--wait",
        "60s",
    ];
    let args: Vec<&str> =
        if note.is_empty() { [&args[..4], &args[6..]].concat() } else { args.to_vec() };
    stage.does(told, who, &args).await.map(|_| ())
}

/// 柳 tries to join, and is refused for the right reason.
async fn refused(
    stage: &Stage,
    told: &mut Transcript,
    code: &str,
    reason: &str,
) -> Result<(), Failure> {
    let args = [
        "join",
        code,
        "--name",
        Who::Yanagi.name(),
        "--accept-agreement",
        "--adult",
        "--wait",
        "60s",
    ];
    let answer = stage.types(told, Who::Yanagi, &args).await?;
    if answer.exit_code != 3 || answer.error_code() != reason {
        let words = answer.error_words();
        return Err(broken(&say!(
            "demo-expected-refusal-got-exit",
            exit_code = answer.exit_code.to_string(),
            words
        )));
    }
    told.held(&say!("demo-refused-exit-code-3", error_words = answer.error_words()))
}

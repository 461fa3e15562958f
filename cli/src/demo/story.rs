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
    told.step("A relay starts")?;
    let ready = stage
        .starts(told, Who::Relay, &["relay", "run", "--listen", "/ip4/127.0.0.1/tcp/0"])
        .await?;
    let address = ready.pointer("/addresses/0").and_then(Value::as_str);
    let address = address.ok_or_else(|| broken("the relay tells no address"))?.to_owned();
    told.held("It listens, and will keep what it cannot read.")?;

    told.step("Four people make a profile, each with a passphrase of their own")?;
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
    told.held("Four sealed folders.")?;

    told.step("Their nodes start")?;
    for who in Who::PEOPLE {
        stage.starts_node(told, who).await?;
    }
    told.held("Four nodes run.")?;
    Ok(address)
}

async fn circle(stage: &Stage, told: &mut Transcript, relay: &str) -> Result<(), Failure> {
    told.step("Alder makes a circle")?;
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
    told.held("The circle exists, with one member.")
}

async fn two_join(stage: &Stage, told: &mut Transcript) -> Result<String, Failure> {
    told.step("Rowan joins with an invite for one person")?;
    let first = invite(stage, told, &[]).await?;
    joins(stage, told, Who::Rowan, &first, "").await?;
    told.held("Rowan saw the card and the agreement, accepted, and is in.")?;

    told.step("Осина joins with another")?;
    let second = invite(stage, told, &[]).await?;
    joins(stage, told, Who::Osina, &second, "").await?;
    members(stage, Who::Alder, 3).await?;
    told.held("Three members.")?;
    Ok(first)
}

async fn three_invites_refuse(
    stage: &Stage,
    told: &mut Transcript,
    used: &str,
) -> Result<(), Failure> {
    told.step("柳 tries an invite that was used")?;
    refused(stage, told, used, "invite_used").await?;

    told.step("柳 tries an invite whose time is over")?;
    let expired = invite(stage, told, &["--expires", "1s"]).await?;
    tokio::time::sleep(Duration::from_secs(2)).await;
    refused(stage, told, &expired, "invite_expired").await?;

    told.step("柳 tries an invite that was taken back")?;
    let made = stage.does(told, Who::Alder, &["invite", "new", words::TITLE]).await?;
    let (id, code) = (made.text("/invite/id")?, made.text("/invite/code")?);
    stage.does(told, Who::Alder, &["invite", "revoke", words::TITLE, &id]).await?;
    refused(stage, told, &code, "invite_revoked").await
}

async fn one_waits_in_the_lobby(stage: &Stage, told: &mut Transcript) -> Result<(), Failure> {
    told.step("柳 joins through the lobby")?;
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
        return Err(broken(&format!(
            "a knock that waits ends with exit code {}, not 6",
            knocked.exit_code
        )));
    }
    let circles = stage.asks(Who::Yanagi, &["circle", "list"]).await?;
    if count(&circles, "/circles") != 0 {
        return Err(broken("somebody who waits in the lobby sees the circle already"));
    }
    let mut knock = None;
    until("the knock to arrive", async || {
        let lobby = stage.asks(Who::Alder, &["lobby", "list", words::TITLE]).await?;
        knock = lobby.data().pointer("/knocks/0").cloned();
        Ok(knock.is_some())
    })
    .await?;
    let knock = knock.unwrap_or_default();
    if knock.get("note").and_then(Value::as_str) != Some(words::KNOCK_NOTE) {
        return Err(broken("the note of the knock is not what was written"));
    }
    stage.does(told, Who::Alder, &["lobby", "list", words::TITLE]).await?;
    let id = knock.get("id").and_then(Value::as_str).unwrap_or_default();
    stage.does(told, Who::Alder, &["lobby", "admit", words::TITLE, id]).await?;
    stage.does(told, Who::Yanagi, &["join", &code, "--wait", "60s"]).await?;
    for who in Who::PEOPLE {
        members(stage, who, 4).await?;
    }
    told.held(
        "Until they were admitted they saw nothing of the circle; now there are four members.",
    )
}

/// Newcomers renew their keys at a random time soon after they came. A removal at the same moment
/// would be a race of two changes, which is another story than this one.
async fn everybody_settles(stage: &Stage, told: &mut Transcript) -> Result<(), Failure> {
    told.step("Every newcomer's device gives itself fresh keys")?;
    told.types(&format!("windbreak --profile noor circle show \"{}\"", words::TITLE))?;
    told.ended(0);
    agree(stage).await?;
    told.held("All four devices stand on the same state of the circle.")
}

async fn two_link(stage: &Stage, told: &mut Transcript) -> Result<(), Failure> {
    told.step(
        "Rowan and Осина also link directly; they know that they see each other's addresses",
    )?;
    let args = ["link", "listen", words::TITLE, "--listen", "/ip4/127.0.0.1/tcp/0", "--yes"];
    let listening = stage.does(told, Who::Rowan, &args).await?;
    let address = listening.text("/listening/0")?;
    stage.does(told, Who::Osina, &["link", "add", words::TITLE, &address, "--yes"]).await?;
    until("the direct link", async || {
        let links = stage.asks(Who::Osina, &["link", "list", words::TITLE]).await?;
        Ok(links.data().get("connected").and_then(Value::as_u64) >= Some(1))
    })
    .await?;
    told.held("They are linked; everybody else goes on over the relay alone.")
}

async fn share_and_reply(
    stage: &Stage,
    told: &mut Transcript,
    letter: &str,
) -> Result<(), Failure> {
    told.step("Rowan shares a letter, and asks that people just listen")?;
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
        "--wait",
        "30s",
    ];
    let shared = stage.does(told, Who::Rowan, &args).await?;
    let id = shared.text("/id")?;
    for who in [Who::Alder, Who::Osina, Who::Yanagi] {
        reads(stage, who, letter).await?;
    }
    let chars = letter.chars().count();
    told.held(&format!(
        "All three others read the same {} bytes, {chars} characters of them.",
        letter.len()
    ))?;

    told.step("Two reply")?;
    let first = stage.does(told, Who::Yanagi, &["reply", &id, words::FIRST_REPLY]).await?;
    reads(stage, Who::Osina, words::FIRST_REPLY).await?;
    stage.does(told, Who::Osina, &["reply", &first.text("/id")?, words::SECOND_REPLY]).await?;
    for who in Who::PEOPLE {
        reads(stage, who, words::FIRST_REPLY).await?;
        reads(stage, who, words::SECOND_REPLY).await?;
    }
    stage.does(told, Who::Rowan, &["read", words::TITLE, "--limit", "3"]).await?;
    told.held("Rowan reads both, one below the other.")
}

async fn catch_up(stage: &mut Stage, told: &mut Transcript) -> Result<(), Failure> {
    told.step("Осина goes away")?;
    stage.stops_node(told, Who::Osina).await?;
    told.held("Their node has stopped.")?;

    told.step(&format!("Alder shares {POSTCARDS} postcards meanwhile, then goes away too"))?;
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
    until("everything to be held by the relay", async || {
        let status = stage.asks(Who::Alder, &["node", "status"]).await?;
        Ok(status.data().get("outbox").and_then(Value::as_u64) == Some(0))
    })
    .await?;
    stage.stops_node(told, Who::Alder).await?;
    told.held("Their author is gone; the relay holds them.")?;

    told.step("Осина comes back")?;
    stage.starts_node(told, Who::Osina).await?;
    let mut found = Vec::new();
    until("all postcards to arrive", async || {
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
        return Err(broken("the postcards did not arrive once each and in their order"));
    }
    told.held(&format!(
        "All {POSTCARDS} are here, once each and in their order, without their author."
    ))?;

    told.step("Alder comes back")?;
    stage.starts_node(told, Who::Alder).await?;
    agree(stage).await?;
    told.held("They go on where they were.")
}

async fn removal(stage: &Stage, told: &mut Transcript) -> Result<(), Failure> {
    told.step("Alder removes 柳")?;
    let args = [
        "member",
        "remove",
        words::TITLE,
        Who::Yanagi.name(),
        "--reason",
        "Agreed with them.",
        "--yes",
    ];
    stage.does(told, Who::Alder, &args).await?;
    for who in [Who::Alder, Who::Rowan, Who::Osina] {
        members(stage, who, 3).await?;
    }
    until("柳's device to hear of it", async || {
        let circle = stage.asks(Who::Yanagi, &["circle", "show", words::TITLE]).await?;
        Ok(circle.data().pointer("/circle/standing").and_then(Value::as_str) == Some("removed"))
    })
    .await?;
    told.held("Everybody knows, they as well.")?;

    told.step("Alder shares once more")?;
    stage
        .does(told, Who::Alder, &["share", words::TITLE, words::AFTER_REMOVAL, "--wait", "30s"])
        .await?;
    for who in [Who::Rowan, Who::Osina] {
        reads(stage, who, words::AFTER_REMOVAL).await?;
    }
    let watched = Instant::now();
    while watched.elapsed() < WATCH {
        if texts(stage, Who::Yanagi).await?.iter().any(|text| text == words::AFTER_REMOVAL) {
            return Err(broken("somebody who was removed reads what was said afterwards"));
        }
        tokio::time::sleep(INTERVAL).await;
    }
    stage.does(told, Who::Yanagi, &["read", words::TITLE, "--limit", "1"]).await?;
    told.held("Rowan and Осина read it. 柳 keeps what they had and reads nothing new.")
}

async fn explained(stage: &Stage, told: &mut Transcript) -> Result<(), Failure> {
    told.step("Rowan asks who can see what")?;
    let explained = stage.does(told, Who::Rowan, &["explain"]).await?;
    if count(&explained, "/limits") == 0 || count(&explained, "/circles") == 0 {
        return Err(broken("the explanation does not say what is not promised"));
    }
    told.held(
        "It names the members, the relay, those with a direct link, and what is not promised.",
    )
}

async fn relay_saw(stage: &Stage, told: &mut Transcript) -> Result<(), Failure> {
    told.step("What the relay saw")?;
    let status = stage.does(told, Who::Relay, &["relay", "status"]).await?;
    let number = |name: &str| {
        status.data().pointer(&format!("/status/{name}")).and_then(Value::as_u64).unwrap_or(0)
    };
    let (topics, envelopes, bytes) = (number("topics"), number("envelopes"), number("bytes"));
    told.relay(status.data().clone());
    if topics == 0 || envelopes < POSTCARDS as u64 {
        return Err(broken("the relay tells fewer envelopes than there must be"));
    }
    told.held(&format!(
        "{topics} topics that are random numbers, {envelopes} sealed envelopes, {bytes} bytes in three sizes, \
         {} connections; when, and from which address.",
        number("connections")
    ))
}

async fn everybody_stops(stage: &mut Stage, told: &mut Transcript) -> Result<(), Failure> {
    told.step("Everybody stops")?;
    for who in Who::PEOPLE {
        stage.stops_node(told, who).await?;
    }
    stage.interrupts(Who::Relay).await?;
    told.held("All processes have ended in order.")
}

fn nothing_in_the_clear(stage: &Stage, told: &mut Transcript, letter: &str) -> Result<(), Failure> {
    told.step("Is anything that was said written anywhere in the clear?")?;
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
    let failed = |error| Failure::system("cannot look through the folders", &error);
    // The eye is tested first: where the words do lie in the clear, they must be found.
    if scan(&[&stage.words()], &wanted).map_err(failed)?.found_in.is_empty() {
        return Err(broken("the scan does not find words where they are"));
    }
    let folders = stage.sealed_folders();
    let folders: Vec<&Path> = folders.iter().map(AsRef::as_ref).collect();
    let found = scan(&folders, &wanted).map_err(failed)?;
    told.scanned(found.clone());
    if let Some(path) = found.found_in.first() {
        return Err(broken(&format!(
            "something that was said stands in the clear in {}",
            path.display()
        )));
    }
    told.held(&format!(
        "No: {} names, titles and pieces of text were looked for in {} files ({} bytes) of the relay, the four \
         stores and all logs, and none was found.",
        found.words, found.files, found.bytes
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
        return Err(broken(&format!(
            "expected a refusal, got exit code {}: {words}",
            answer.exit_code
        )));
    }
    told.held(&format!("Refused with exit code 3: {}.", answer.error_words()))
}

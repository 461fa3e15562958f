//! `join`: from an invite to a seat in the circle. First what the circle says of itself, then a
//! decision, then a knock; each wait has an end, after which the node goes on by itself.

use std::io::{self, IsTerminal, Read};
use std::time::{Duration, Instant};

use serde::Serialize;
use windbreak_node::api::message::{Card, Join, JoinStage, Joins, Knock};
use windbreak_node::api::{Client, ClientError};
use windbreak_protocol::id::InviteId;
use windbreak_protocol::invite::InviteText;
use zeroize::Zeroizing;

use super::{Context, adult, network, send};
use crate::args::JoinArgs;
use crate::error::{Failure, Kind};
use crate::output::{Output, Page, Report};
use crate::pick::{shown, unique_length};
use crate::words::{self, say};
use crate::{session, text, when};

/// How often to look whether something has happened.
const INTERVAL: Duration = Duration::from_millis(150);
/// How long a knock waits on relays.
const PATIENCE: Duration = Duration::from_secs(14 * 24 * 3600);
/// Bytes read from standard input in search of an invite.
const MAX_INPUT: u64 = 16 * 1024;

/// What stands before the words of others.
const MARGIN: &str = "  ";

impl Report for Joins {
    fn page(&self, page: &mut Page) {
        if self.joins.is_empty() {
            page.text(say!("join-not-joining-any-circle"));
            return;
        }
        let ids: Vec<String> = self.joins.iter().map(|join| join.invite.to_text()).collect();
        let length = unique_length(ids.iter().map(String::as_str));
        for (join, id) in self.joins.iter().zip(&ids) {
            let title = join
                .card
                .as_ref()
                .map_or_else(|| say!("join-circle").to_owned(), |card| text::line(&card.title));
            page.text(&format!("{}  {title}: {}", shown(id, length), stage_words(&join.stage)));
        }
    }
}

#[derive(Serialize)]
struct Shown {
    #[serde(flatten)]
    join: Join,
}

impl Report for Shown {
    fn page(&self, page: &mut Page) {
        let title = self.join.card.as_ref().map_or_else(
            || say!("join-circle-2").to_owned(),
            |card| say!("text-quoted", words = text::line(&card.title)),
        );
        match &self.join.stage {
            JoinStage::Joined { .. } => {
                page.text(&say!("join-read-said-from-now", title));
                if let Some(card) = &self.join.card {
                    page.gap();
                    page.hint(&say!(
                        "agreement-next-windbreak-read",
                        title = text::argument(&card.title)
                    ));
                }
            }
            JoinStage::Ready => page.text(&say!("join-waits-decision", title)),
            stage => {
                page.text(&say!("join-joining", title, stage = stage_words(stage)));
                page.hint(say!("join-goes-background-look-again"));
            }
        }
    }
}

#[derive(Serialize)]
struct Cancelled {
    invite: InviteId,
}

impl Report for Cancelled {
    fn page(&self, page: &mut Page) {
        page.text(say!("join-no-longer-joining-invite"));
    }
}

pub(super) async fn run(context: Context<'_>, args: JoinArgs) -> Result<(), Failure> {
    let Some(typed) = &args.code else {
        let client = session::connect(context.global, context.out).await?;
        return context.out.tell(&client.joins().await?);
    };
    let code = code(context, typed)?;
    // Refused here what no node could use: no need to start one for it.
    let invite = InviteText::parse(&code).map_err(|error| {
        let words = error.to_string();
        let (message, next) =
            words.split_once("; ").unwrap_or((&words, say!("join-copy-whole-invite-again")));
        Failure::new(Kind::Failed, "bad_invite", words::known(message), words::known(next))
    })?;
    let id = invite.seed.id();
    let client = session::connect(context.global, context.out).await?;
    if args.cancel {
        client.cancel_join(&id).await.map_err(|error| match Failure::from(error) {
            failure if failure.code() == "unknown_join" => Failure::new(
                Kind::Failed,
                "unknown_join",
                say!("join-unknown-join"),
                say!("join-unknown-join-next"),
            ),
            failure => failure,
        })?;
        return context.out.tell(&Cancelled { invite: id });
    }
    let join = begin(context, &client, &id, &code, &args).await?;
    let join = if matches!(join.stage, JoinStage::LookingForCard) {
        let _progress = context.out.progress(say!("join-looking-circle-says-about"));
        wait(context.out, &client, join, args.wait, |stage| {
            matches!(stage, JoinStage::LookingForCard)
        })
        .await?
    } else {
        join
    };
    let join = match (&join.stage, &join.card) {
        (JoinStage::Ready, Some(card)) => {
            if context.out.is_json() && !args.accept_agreement {
                // A program reads the card first and decides with a second call.
                return context.out.tell(&Shown { join });
            }
            let knock = decide(context, &args, card).await?;
            let said = format!("{}\n{}", knock.name, knock.note);
            let knocked = send::asking(context, &said, args.send_anyway, async |send_anyway| {
                client.knock(&id, &Knock { send_anyway, ..knock.clone() }).await
            });
            knocked.await?
        }
        _ => join,
    };
    let join = if is_pending(&join.stage) {
        let _progress = context.out.progress(say!("join-knocked-waiting-answer"));
        wait(context.out, &client, join, args.wait, is_pending).await?
    } else {
        join
    };
    if matches!(join.stage, JoinStage::LookingForCard) {
        // Without its network the wait has a reason that a person can mend.
        let networks = client.status().await?.networks;
        let joining = networks.iter().filter(|network| network.circle.is_none());
        if let Some(trouble) = joining.filter_map(|network| network.trouble).next() {
            return Err(Failure::new(
                Kind::Waiting,
                "no_network",
                say!("join-no-network", trouble = network::trouble_words(trouble)),
                say!("join-no-network-next"),
            ));
        }
    }
    finish(context, join)
}

fn finish(context: Context<'_>, join: Join) -> Result<(), Failure> {
    match &join.stage {
        JoinStage::Joined { .. } => context.out.tell(&Shown { join }),
        JoinStage::Declined { reason } => {
            let words = match text::line(reason.trim()) {
                words if words.is_empty() => say!("join-not-let-no-reason").to_owned(),
                words => say!("join-not-let", words),
            };
            Err(Failure::new(Kind::Refused, "declined", words, say!("join-declined-next")))
        }
        JoinStage::Refused { refusal } => {
            Err(Failure::from(refusal.clone()).with_kind(Kind::Refused))
        }
        JoinStage::LookingForCard => Err(Failure::new(
            Kind::Waiting,
            "no_card_yet",
            say!("join-no-card-yet"),
            say!("join-no-card-yet-next"),
        )),
        JoinStage::Ready
        | JoinStage::Requested { .. }
        | JoinStage::Knocking
        | JoinStage::Knocked => {
            context.out.tell(&Shown { join })?;
            Err(Failure::told(Kind::Waiting))
        }
    }
}

/// Starts to join, or finds the attempt that was started before.
async fn begin(
    context: Context<'_>,
    client: &Client,
    id: &InviteId,
    code: &str,
    args: &JoinArgs,
) -> Result<Join, Failure> {
    // A new agreement can be read and accepted; every other answer stays what it was.
    let can_try_again = |join: &Join| match &join.stage {
        JoinStage::Refused { refusal } => refusal.code == "agreement_changed",
        _ => false,
    };
    let mut joins = client.joins().await?.joins.into_iter();
    if let Some(join) = joins.find(|join| join.invite == *id && !can_try_again(join)) {
        return Ok(join);
    }
    network::start_join(context, client, code, args.network, args.yes).await?;
    Ok(client.join(id).await?)
}

/// Looks until the stage is another one or the time is up; the node works meanwhile either way.
async fn wait(
    out: &Output,
    client: &Client,
    mut join: Join,
    patience: Duration,
    still: impl Fn(&JoinStage) -> bool,
) -> Result<Join, Failure> {
    let (began, client) = (Instant::now(), &client.by_itself());
    while still(&join.stage) && began.elapsed() < patience {
        tokio::select! {
            () = tokio::time::sleep(INTERVAL) => {}
            _ = tokio::signal::ctrl_c() => {
                out.hint(&format!("\n{}", say!("join-goes-background-windbreak-join")));
                return Err(Failure::interrupted());
            }
        }
        join = match client.join(&join.invite).await {
            Ok(join) => join,
            // A node that is busy with the joining itself answers a little later.
            Err(ClientError::TimedOut) => continue,
            Err(error) => return Err(error.into()),
        };
    }
    Ok(join)
}

const fn is_pending(stage: &JoinStage) -> bool {
    matches!(stage, JoinStage::Knocking | JoinStage::Knocked)
}

/// Shows the card and takes the decision.
async fn decide(context: Context<'_>, args: &JoinArgs, card: &Card) -> Result<Knock, Failure> {
    if !context.out.is_json() {
        context.out.page(|page| show_card(page, card))?;
    }
    if !args.accept_agreement {
        if !context.out.can_ask() {
            return Err(Failure::new(
                Kind::Usage,
                "agreement_not_accepted",
                say!("join-agreement-not-accepted"),
                say!("join-agreement-not-accepted-next"),
            ));
        }
        let out = context.out.clone();
        let answer =
            tokio::task::spawn_blocking(move || out.confirm(say!("join-do-accept-agreement")));
        if !answer.await.map_err(|_| Failure::interrupted())?? {
            return Err(Failure::new(
                Kind::Failed,
                "agreement_not_accepted",
                say!("join-agreement-not-accepted-2"),
                say!("join-invite-stays-good"),
            ));
        }
    }
    adult::declared(context, args.adult).await?;
    let name = match &args.name {
        Some(name) => name.clone(),
        None if context.out.can_ask() => {
            let out = context.out.clone();
            let answer =
                tokio::task::spawn_blocking(move || out.ask(say!("join-name-will-go-here")));
            answer.await.map_err(|_| Failure::interrupted())??
        }
        None => String::new(),
    };
    if name.trim().is_empty() {
        return Err(Failure::new(
            Kind::Usage,
            "no_name",
            say!("join-no-name"),
            say!("join-no-name-next"),
        ));
    }
    Ok(Knock {
        name: name.trim().to_owned(),
        note: args.note.clone(),
        agreement: card.agreement_hash.clone(),
        adult: true,
        patience_seconds: PATIENCE.as_secs(),
        send_anyway: false,
    })
}

fn show_card(page: &mut Page, card: &Card) {
    page.heading(&text::line(&card.title));
    if !card.welcome.trim().is_empty() {
        page.quoted(&text::body(card.welcome.trim()), MARGIN);
    }
    if !card.facilitators.is_empty() {
        let names: Vec<String> = card.facilitators.iter().map(|name| text::name(name)).collect();
        page.text(&say!("join-held", names = words::listed(&names, ", ")));
    }
    page.gap();
    page.heading(say!("join-circle-agrees"));
    match card.agreement.trim() {
        "" => page.text(say!("agreement-nothing-writing")),
        words => page.quoted(&text::body(words), MARGIN),
    }
    page.gap();
    page.heading(say!("join-facilitator-would-report-others"));
    match card.declaration.as_deref().map(str::trim) {
        Some(words) if !words.is_empty() => page.quoted(&text::body(words), MARGIN),
        _ => page.text(say!("join-facilitator-not-said-whether")),
    }
    page.gap();
    page.text(if card.review {
        say!("join-wait-lobby-until-somebody")
    } else {
        say!("join-let-soon-members-device")
    });
    if card.listener {
        page.text(say!("join-come-listener"));
    }
    page.text(&say!("join-invite", expires = when::left(card.expires)));
    page.gap();
}

fn stage_words(stage: &JoinStage) -> String {
    match stage {
        JoinStage::LookingForCard => say!("join-looking-circle-says-about-2").to_owned(),
        JoinStage::Ready => say!("join-waits-decision-type-join").to_owned(),
        JoinStage::Requested { number } => {
            say!("join-device-shows-confirm-other", number)
        }
        JoinStage::Knocking => say!("join-knock-waits-device").to_owned(),
        JoinStage::Knocked => say!("join-knocked-waiting-let").to_owned(),
        JoinStage::Joined { .. } => say!("join-you-are-in").to_owned(),
        JoinStage::Declined { reason } if reason.trim().is_empty() => {
            say!("join-not-let-2").to_owned()
        }
        JoinStage::Declined { reason } => {
            say!("join-not-let-3", reason = text::line(reason.trim()))
        }
        JoinStage::Refused { refusal } => {
            say!("join-refused", message = text::line(&words::known(&refusal.message)))
        }
    }
}

/// The invite as typed, or from standard input: what is typed stays in the shell's history.
pub(super) fn code(context: Context<'_>, typed: &str) -> Result<Zeroizing<String>, Failure> {
    if typed != "-" {
        return Ok(Zeroizing::new(typed.to_owned()));
    }
    if context.global.passphrase_fd == Some(0) {
        return Err(Failure::stdin_twice());
    }
    let mut code = Zeroizing::new(String::new());
    if io::stdin().is_terminal() {
        context.out.hint(say!("join-paste-invite-then-press"));
        io::stdin()
            .read_line(&mut code)
            .map_err(|error| Failure::system(say!("join-cannot-read-invite"), &error))?;
    } else {
        let mut input = io::stdin().lock().take(MAX_INPUT);
        input
            .read_to_string(&mut code)
            .map_err(|error| Failure::system(say!("join-cannot-read-invite"), &error))?;
    }
    Ok(code)
}

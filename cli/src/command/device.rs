//! `device`: your other machines in a circle. One comes in by a code and a number that both show;
//! one that is lost is taken out from another.

use std::time::{Duration, Instant};

use serde::Serialize;
use windbreak_node::api::Client;
use windbreak_node::api::message::{Circle, Device, Devices, Join, JoinStage};
use windbreak_protocol::invite::{DeviceCode, InviteTextError};

use super::invite::picture_of;
use super::{Context, confirm, find, guard, join, network};
use crate::args::{AddDeviceArgs, DeviceCommand, JoinDeviceArgs, PhraseArgs};
use crate::error::{Failure, Kind};
use crate::output::{Page, Report};
use crate::pick::{shown, unique_length};
use crate::words::say;
use crate::{session, text, when};

/// How long a device that was confirmed may take to be in before it goes on in the background.
const CONFIRM_PATIENCE: Duration = Duration::from_secs(30);
/// How often to look whether something has happened.
const INTERVAL: Duration = Duration::from_millis(200);

impl Report for Devices {
    fn page(&self, page: &mut Page) {
        let ids: Vec<String> = self.devices.iter().map(|device| device.id.to_text()).collect();
        let length = unique_length(ids.iter().map(String::as_str));
        let rows: Vec<Vec<String>> = self
            .devices
            .iter()
            .zip(&ids)
            .map(|(device, id)| {
                let this = if device.this { say!("device-device") } else { "" };
                let wrote = device.last_written.map_or_else(
                    || say!("device-written-nothing-known-here").to_owned(),
                    |time| say!("device-last-wrote", time = when::moment(time)),
                );
                vec![shown(id, length).to_owned(), wrote, this.to_owned()]
            })
            .collect();
        page.table(&rows);
        for number in self.code.iter().flat_map(|code| &code.asking) {
            page.text(&say!("device-new-device-asks-come", number));
            page.hint(say!("device-yours-then-windbreak-device"));
        }
    }
}

#[derive(Serialize)]
struct Code {
    #[serde(flatten)]
    devices: Devices,
    #[serde(skip)]
    qr: bool,
}

impl Report for Code {
    fn page(&self, page: &mut Page) {
        let Some(code) = &self.devices.code else {
            return;
        };
        if self.qr {
            picture_of(page, code.qr.as_deref());
        }
        if let Some(line) = &code.line {
            page.verbatim(&text::line(line));
        }
        page.gap();
        page.hint(&say!("device-one-more-device-yours", expires = when::left(code.expires)));
        page.hint(say!("device-keep-yourself-whoever-came"));
    }
}

#[derive(Serialize)]
struct Confirmed {
    done: bool,
}

impl Report for Confirmed {
    fn page(&self, page: &mut Page) {
        page.text(if self.done {
            say!("device-new-device-said-from")
        } else {
            say!("device-new-device-let-soon")
        });
    }
}

#[derive(Serialize)]
struct Removed {
    device: String,
}

impl Report for Removed {
    fn page(&self, page: &mut Page) {
        page.text(say!("device-device-taken-out-reads"));
        page.hint(say!("device-read-stays-open-invites"));
    }
}

#[derive(Serialize)]
struct Joining {
    #[serde(flatten)]
    join: Join,
}

impl Report for Joining {
    fn page(&self, page: &mut Page) {
        match &self.join.stage {
            JoinStage::Joined { .. } => {
                page.text(say!("device-device-said-from-now"));
            }
            JoinStage::Requested { number } => {
                page.text(&say!("device-device-shows", number));
                page.hint(say!("device-confirm-other-one-goes"));
            }
            JoinStage::Ready => page.text(say!("device-circle-waits-yes-add")),
            JoinStage::LookingForCard => page.text(say!("device-nothing-heard-from-circle")),
            _ => page.text(say!("device-other-device-said-yes")),
        }
    }
}

pub(super) async fn run(context: Context<'_>, command: DeviceCommand) -> Result<(), Failure> {
    match command {
        DeviceCommand::Add(args) => add(context, args).await,
        DeviceCommand::Confirm { circle, number, phrase } => {
            let client = session::connect(context.global, context.out).await?;
            let circle = find::circle(&client, &circle).await?;
            let done = confirmed(context, &client, &circle, &number, &phrase).await?;
            context.out.tell(&Confirmed { done })
        }
        DeviceCommand::List { circle } => {
            let client = session::connect(context.global, context.out).await?;
            let circle = find::circle(&client, &circle).await?;
            context.out.tell(&client.devices(&circle.id).await?)
        }
        DeviceCommand::Remove { circle, device, yes } => {
            let client = session::connect(context.global, context.out).await?;
            let circle = find::circle(&client, &circle).await?;
            let devices = client.devices(&circle.id).await?.devices;
            let device = pick(&devices, &device)?;
            let question = say!("device-take-device-yours-out", title = text::line(&circle.title));
            // The node refuses it, and says what to do instead: no need to ask first.
            if device.this {
                client.remove_device(&circle.id, &device.id).await?;
            }
            confirm(context, yes, &question).await?;
            client.remove_device(&circle.id, &device.id).await?;
            context.out.tell(&Removed { device: device.id.to_text() })
        }
        DeviceCommand::Join(args) => join_as_device(context, args).await,
    }
}

fn pick<'a>(devices: &'a [Device], typed: &str) -> Result<&'a Device, Failure> {
    let typed = typed.to_lowercase();
    let mut found = devices.iter().filter(|device| device.id.to_text().starts_with(&typed));
    match (found.next(), found.next()) {
        (Some(device), None) if !typed.is_empty() => Ok(device),
        (Some(_), Some(_)) => Err(Failure::new(
            Kind::Failed,
            "ambiguous",
            say!("device-ambiguous"),
            say!("device-ambiguous-next"),
        )),
        _ => Err(Failure::new(
            Kind::Failed,
            "unknown_device",
            say!("device-unknown-device"),
            say!("device-unknown-device-next"),
        )),
    }
}

async fn add(context: Context<'_>, args: AddDeviceArgs) -> Result<(), Failure> {
    let client = session::connect(context.global, context.out).await?;
    let circle = find::circle(&client, &args.circle).await?;
    let devices = client.open_device_code(&circle.id).await?;
    context.out.tell(&Code { devices, qr: args.qr })?;
    if context.out.is_json() || !context.out.can_ask() {
        return Ok(());
    }
    let number = {
        let _progress = context.out.progress(say!("device-waiting-other-device"));
        asking(&client, &circle, args.wait).await?
    };
    let Some(number) = number else {
        context.out.hint(say!("device-look-again-windbreak-device"));
        return Err(Failure::told(Kind::Waiting));
    };
    confirm(context, false, &say!("device-does-other-device-show", number)).await?;
    let done = confirmed(context, &client, &circle, &number, &args.phrase).await?;
    context.out.tell(&Confirmed { done })
}

async fn asking(
    client: &Client,
    circle: &Circle,
    patience: Duration,
) -> Result<Option<String>, Failure> {
    let (began, client) = (Instant::now(), client.by_itself());
    while began.elapsed() < patience {
        let code = client.devices(&circle.id).await?.code;
        if let Some(number) = code.and_then(|code| code.asking.first().cloned()) {
            return Ok(Some(number));
        }
        tokio::time::sleep(INTERVAL).await;
    }
    Ok(None)
}

async fn confirmed(
    context: Context<'_>,
    client: &Client,
    circle: &Circle,
    number: &str,
    phrase: &PhraseArgs,
) -> Result<bool, Failure> {
    let ask = async |words| client.confirm_device(&circle.id, number, words).await;
    guard::with_phrase(context, phrase, ask).await?;
    let (began, client) = (Instant::now(), client.by_itself());
    while began.elapsed() < CONFIRM_PATIENCE {
        if client.devices(&circle.id).await?.code.is_some_and(|code| code.done) {
            return Ok(true);
        }
        tokio::time::sleep(INTERVAL).await;
    }
    Ok(false)
}

async fn join_as_device(context: Context<'_>, args: JoinDeviceArgs) -> Result<(), Failure> {
    let line = join::code(context, &args.code)?;
    // Refused here what no node could use: no need to start one for it.
    let code = DeviceCode::parse(&line).map_err(|error| {
        let (message, next) = match error {
            InviteTextError::ForPerson => {
                (say!("device-invite-person"), say!("device-use-windbreak-join-code"))
            }
            InviteTextError::Newer => {
                (say!("device-device-code-made-newer"), say!("device-update-windbreak-use"))
            }
            InviteTextError::NotAnInvite => {
                (say!("device-no-device-code-one"), say!("device-make-one-other-device"))
            }
            _ => (say!("device-device-code-damaged-part"), say!("device-copy-whole-line-again")),
        };
        Failure::new(Kind::Failed, "bad_device_code", message, next)
    })?;
    let id = code.id();
    let client = session::connect(context.global, context.out).await?;
    network::start_join(context, &client, &line, args.network, args.yes).await?;
    let mut join = client.join(&id).await?;
    let (began, by_itself) = (Instant::now(), client.by_itself());
    let mut told = false;
    while began.elapsed() < args.wait {
        match &join.stage {
            JoinStage::Ready => {
                let card = join.card.as_ref();
                let title = card.map(|card| text::line(&card.title)).unwrap_or_default();
                let name = card.map(|card| text::name(&card.welcome)).unwrap_or_default();
                let question = say!("device-come-into-here-too", title, name);
                confirm(context, args.yes, &question).await?;
                join = client.ask_as_device(&id).await?;
                continue;
            }
            JoinStage::Requested { number } if !told => {
                told = true;
                if context.out.is_json() {
                    return context.out.tell(&Joining { join });
                }
                let words = say!("device-device-shows-confirm-other", number);
                context.out.page(|page| page.text(&words))?;
            }
            JoinStage::Joined { .. } => return context.out.tell(&Joining { join }),
            JoinStage::Refused { refusal } => {
                return Err(Failure::from(refusal.clone()).with_kind(Kind::Refused));
            }
            _ => {}
        }
        tokio::time::sleep(INTERVAL).await;
        join = by_itself.join(&id).await?;
    }
    context.out.tell(&Joining { join })?;
    Err(Failure::told(Kind::Waiting))
}

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
                let this = if device.this { "this device" } else { "" };
                let wrote = device.last_written.map_or_else(
                    || "has written nothing that is known here".to_owned(),
                    |time| format!("last wrote {}", when::moment(time)),
                );
                vec![shown(id, length).to_owned(), wrote, this.to_owned()]
            })
            .collect();
        page.table(&rows);
        for number in self.code.iter().flat_map(|code| &code.asking) {
            page.text(&format!("A new device asks to come in. It shows {number}."));
            page.hint("Is it yours? Then: windbreak device confirm CIRCLE NUMBER");
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
        page.hint(&format!(
            "For one more device of yours, {}. There, type: windbreak device join -",
            when::left(code.expires)
        ));
        page.hint("Keep it to yourself: whoever came in by it would read and write as you.");
    }
}

#[derive(Serialize)]
struct Confirmed {
    done: bool,
}

impl Report for Confirmed {
    fn page(&self, page: &mut Page) {
        page.text(if self.done {
            "Your new device is in. It has what is said from now on."
        } else {
            "Your new device is let in as soon as it is heard; it goes on in the background."
        });
    }
}

#[derive(Serialize)]
struct Removed {
    device: String,
}

impl Report for Removed {
    fn page(&self, page: &mut Page) {
        page.text("The device is taken out and reads nothing that is said from now on.");
        page.hint("What it has read stays on it, and open invites without a lobby are closed.");
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
                page.text("This device is in. It has what is said from now on.");
            }
            JoinStage::Requested { number } => {
                page.text(&format!("This device shows: {number}"));
                page.hint("Confirm it on the other one; it goes on in the background.");
            }
            JoinStage::Ready => page.text("The circle waits for your yes: add --yes."),
            JoinStage::LookingForCard => page.text("Nothing was heard from the circle yet."),
            _ => page.text("Your other device has said yes; this one is being let in."),
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
            let question =
                format!("Take this device of yours out of \"{}\"?", text::line(&circle.title));
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
            "more than one of your devices begins like that",
            "type more of its id: windbreak device list CIRCLE",
        )),
        _ => Err(Failure::new(
            Kind::Failed,
            "unknown_device",
            "you have no such device in this circle",
            "list your devices: windbreak device list CIRCLE",
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
        let _progress = context.out.progress("Waiting for the other device");
        asking(&client, &circle, args.wait).await?
    };
    let Some(number) = number else {
        context.out.hint("Look again with: windbreak device list CIRCLE");
        return Err(Failure::told(Kind::Waiting));
    };
    confirm(context, false, &format!("Does your other device show {number}?")).await?;
    let done = confirmed(context, &client, &circle, &number, &args.phrase).await?;
    context.out.tell(&Confirmed { done })
}

async fn asking(
    client: &Client,
    circle: &Circle,
    patience: Duration,
) -> Result<Option<String>, Failure> {
    let began = Instant::now();
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
    let began = Instant::now();
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
                ("this is an invite for a person", "use it with: windbreak join CODE")
            }
            InviteTextError::Newer => (
                "the device code was made by a newer version of windbreak",
                "update windbreak to use it",
            ),
            InviteTextError::NotAnInvite => (
                "this is no device code: one starts with \"windbreak-device:\"",
                "make one on your other device: windbreak device add CIRCLE",
            ),
            _ => (
                "the device code is damaged: a part is missing or was changed",
                "copy the whole line again",
            ),
        };
        Failure::new(Kind::Failed, "bad_device_code", message, next)
    })?;
    let id = code.id();
    let client = session::connect(context.global, context.out).await?;
    network::start_join(context, &client, &line, args.network, args.yes).await?;
    let mut join = client.join(&id).await?;
    let began = Instant::now();
    let mut told = false;
    while began.elapsed() < args.wait {
        match &join.stage {
            JoinStage::Ready => {
                let card = join.card.as_ref();
                let title = card.map(|card| text::line(&card.title)).unwrap_or_default();
                let name = card.map(|card| text::name(&card.welcome)).unwrap_or_default();
                let question = format!("Come into \"{title}\" here too, as {name}?");
                confirm(context, args.yes, &question).await?;
                join = client.ask_as_device(&id).await?;
                continue;
            }
            JoinStage::Requested { number } if !told => {
                told = true;
                if context.out.is_json() {
                    return context.out.tell(&Joining { join });
                }
                let words = format!("This device shows {number}. Confirm it on the other one.");
                context.out.page(|page| page.text(&words))?;
            }
            JoinStage::Joined { .. } => return context.out.tell(&Joining { join }),
            JoinStage::Refused { refusal } => {
                return Err(Failure::from(refusal.clone()).with_kind(Kind::Refused));
            }
            _ => {}
        }
        tokio::time::sleep(INTERVAL).await;
        join = client.join(&id).await?;
    }
    context.out.tell(&Joining { join })?;
    Err(Failure::told(Kind::Waiting))
}

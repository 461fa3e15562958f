//! `invite`: opens the door of a circle to somebody, and shows what became of it.

use qrcode::render::unicode::Dense1x2;
use qrcode::{EcLevel, QrCode};
use serde::Serialize;
use windbreak_node::api::message::{Invite, InviteState, InviteTerms, Invites};

use super::{Context, find};
use crate::args::{InviteCommand, InviteFormArgs, NewInviteArgs};
use crate::error::{Failure, Kind};
use crate::output::{Page, Report};
use crate::pick::{shown, unique_length};
use crate::words::say;
use crate::{session, text, when};

/// What a picture is made of.
const BLOCKS: [char; 4] = [' ', '▀', '▄', '█'];

#[derive(Serialize)]
struct Shown {
    invite: Invite,
    #[serde(skip)]
    form: InviteFormArgs,
}

impl Report for Shown {
    fn page(&self, page: &mut Page) {
        let Invite { code, link, qr, .. } = &self.invite;
        if self.form.qr {
            picture_of(page, qr.as_deref());
        }
        let words = if self.form.link { link } else { code };
        if let Some(words) = words {
            // One line, unbroken: it is meant to be copied.
            page.verbatim(&text::line(words));
        }
        page.gap();
        let people = say!("invite-people", uses = self.invite.uses);
        let door = if self.invite.review {
            say!("invite-comes-waits-lobby-until")
        } else {
            say!("invite-comes-let-once")
        };
        page.hint(&say!("invite-for", people, expires = when::left(self.invite.expires), door));
        if self.invite.listener {
            page.hint(say!("invite-comes-only-listens"));
        }
        page.hint(say!("invite-whoever-can-knock-give"));
    }
}

impl Report for Invites {
    fn page(&self, page: &mut Page) {
        if self.invites.is_empty() {
            page.text(say!("invite-there-no-invites"));
            return;
        }
        let ids: Vec<String> = self.invites.iter().map(|invite| invite.id.to_text()).collect();
        let length = unique_length(ids.iter().map(String::as_str));
        let rows: Vec<Vec<String>> = self
            .invites
            .iter()
            .zip(&ids)
            .map(|(invite, id)| {
                let state = match invite.state {
                    InviteState::Open => say!("invite-open", expires = when::left(invite.expires)),
                    InviteState::Pending => say!("invite-not-out-yet-no").to_owned(),
                    InviteState::Used => say!("invite-used").to_owned(),
                    InviteState::Expired => say!("invite-expired").to_owned(),
                    InviteState::Revoked => say!("invite-revoked").to_owned(),
                    InviteState::Closed => say!("invite-closed-removal").to_owned(),
                };
                let lobby = match (invite.review, invite.listener) {
                    (true, true) => say!("invite-lobby-listeners"),
                    (true, false) => say!("invite-lobby"),
                    (false, true) => say!("invite-listeners"),
                    (false, false) => "",
                };
                let mine = if invite.mine { say!("invite-yours") } else { "" };
                let uses = say!("invite-used-2", used = invite.used, uses = invite.uses);
                vec![shown(id, length).to_owned(), state, uses, lobby.to_owned(), mine.to_owned()]
            })
            .collect();
        page.table(&rows);
    }
}

#[derive(Serialize)]
struct Revoked {
    invite: String,
}

impl Report for Revoked {
    fn page(&self, page: &mut Page) {
        page.text(say!("invite-invite-taken-back-knocks"));
    }
}

pub(super) async fn run(context: Context<'_>, command: InviteCommand) -> Result<(), Failure> {
    let client = session::connect(context.global, context.out).await?;
    match command {
        InviteCommand::New(args) => {
            let circle = find::circle(&client, &args.circle).await?;
            let invite = client.open_invite(&circle.id, &terms(&args)).await?;
            context.out.tell(&Shown { invite, form: args.form })
        }
        InviteCommand::Show { circle, invite, form } => {
            let circle = find::circle(&client, &circle).await?;
            let invite = find::invite(&client, &circle.id, &invite).await?;
            let invite = client.invite(&circle.id, &invite.id).await?;
            if invite.code.is_none() {
                return Err(Failure::new(
                    Kind::Failed,
                    "invite_not_yours",
                    say!("invite-not-yours"),
                    say!("invite-not-yours-next"),
                ));
            }
            context.out.tell(&Shown { invite, form })
        }
        InviteCommand::List { circle } => {
            let circle = find::circle(&client, &circle).await?;
            context.out.tell(&client.invites(&circle.id).await?)
        }
        InviteCommand::Revoke { circle, invite } => {
            let circle = find::circle(&client, &circle).await?;
            let invite = find::invite(&client, &circle.id, &invite).await?;
            client.revoke_invite(&circle.id, &invite.id).await?;
            context.out.tell(&Revoked { invite: invite.id.to_text() })
        }
    }
}

fn terms(args: &NewInviteArgs) -> InviteTerms {
    InviteTerms {
        expires_in_seconds: args.expires.as_secs(),
        uses: args.uses,
        review: args.review,
        listener: args.listener,
    }
}

/// Shows what a camera reads, if there is room for it.
pub(super) fn picture_of(page: &mut Page, words: Option<&str>) {
    match words.map(|words| picture(words, page.has_color())) {
        Some(Some(picture)) if !page.fits(columns(&picture)) => {
            page.hint(say!("invite-terminal-too-narrow-picture"));
        }
        Some(Some(picture)) => page.verbatim(&picture),
        _ => page.hint(say!("invite-invite-too-long-picture")),
    }
}

/// A QR code of half blocks. Where there are colours, dark on light whatever the terminal's own are;
/// else what is printed is the light part, since most terminals are dark.
fn picture(words: &str, colored: bool) -> Option<String> {
    let code = QrCode::with_error_correction_level(words, EcLevel::L).ok()?;
    let (dark, light) =
        if colored { (Dense1x2::Dark, Dense1x2::Light) } else { (Dense1x2::Light, Dense1x2::Dark) };
    let picture =
        code.render::<Dense1x2>().dark_color(dark).light_color(light).quiet_zone(true).build();
    if !colored {
        return Some(picture);
    }
    let lines: Vec<String> =
        picture.lines().map(|line| format!("\u{1b}[30;107m{line}\u{1b}[0m")).collect();
    Some(lines.join("\n"))
}

/// How wide a picture is; colours take no room.
fn columns(picture: &str) -> usize {
    picture
        .lines()
        .map(|line| line.chars().filter(|c| BLOCKS.contains(c)).count())
        .max()
        .unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_invite_fits_a_picture_that_fits_a_terminal() {
        let line = format!("WINDBREAK:{}", "A".repeat(300));
        let picture = picture(&line, false).unwrap();
        assert!(picture.lines().all(|line| line.chars().count() <= 80));
        assert!(picture.lines().count() < 45);
    }
}

//! `lobby`: those who knocked and wait for somebody to open.

use serde::Serialize;
use windbreak_node::api::message::{KnockStage, Lobby, Reason};

use super::{Context, find, send};
use crate::args::LobbyCommand;
use crate::error::Failure;
use crate::output::{Page, Report};
use crate::pick::{shown, unique_length};
use crate::words::say;
use crate::{session, text, when};

impl Report for Lobby {
    fn page(&self, page: &mut Page) {
        if self.knocks.is_empty() {
            page.text(say!("lobby-nobody-waits-lobby"));
            return;
        }
        let ids: Vec<String> = self.knocks.iter().map(|knock| knock.id.to_text()).collect();
        let length = unique_length(ids.iter().map(String::as_str));
        for (knock, id) in self.knocks.iter().zip(&ids) {
            let stage = match knock.stage {
                KnockStage::Waiting if !knock.review => {
                    say!("lobby-let-without-when-turn").to_owned()
                }
                KnockStage::Waiting => {
                    say!(
                        "lobby-since",
                        arrived = when::moment(knock.arrived),
                        expires = when::left(knock.expires)
                    )
                }
                KnockStage::Admitting => say!("lobby-being-let").to_owned(),
            };
            let stage = if knock.listener { say!("lobby-as-listener", stage) } else { stage };
            page.verbatim(&format!("{}  {}  {stage}", shown(id, length), text::name(&knock.name)));
            if !knock.note.trim().is_empty() {
                page.indented(&text::body(knock.note.trim()), "    ");
            }
        }
        page.gap();
        page.hint(say!("lobby-let-somebody-windbreak-lobby"));
    }
}

#[derive(Serialize)]
struct Answered {
    knock: String,
    name: String,
    admitted: bool,
}

impl Report for Answered {
    fn page(&self, page: &mut Page) {
        let name = text::name(&self.name);
        page.text(&if self.admitted {
            say!("lobby-being-let-they-read", name)
        } else {
            say!("lobby-told-they-not-let", name)
        });
    }
}

pub(super) async fn run(context: Context<'_>, command: LobbyCommand) -> Result<(), Failure> {
    let client = session::connect(context.global, context.out).await?;
    match command {
        LobbyCommand::List { circle } => {
            let circle = find::circle(&client, &circle).await?;
            context.out.tell(&client.lobby(&circle.id).await?)
        }
        LobbyCommand::Admit { circle, knock } => {
            let circle = find::circle(&client, &circle).await?;
            let knock = find::knock(&client, &circle.id, &knock).await?;
            client.admit(&circle.id, &knock.id).await?;
            context.out.tell(&Answered {
                knock: knock.id.to_text(),
                name: knock.name,
                admitted: true,
            })
        }
        LobbyCommand::Decline { circle, knock, reason, send_anyway } => {
            let circle = find::circle(&client, &circle).await?;
            let knock = find::knock(&client, &circle.id, &knock).await?;
            let done = send::asking(context, &reason, send_anyway, async |send_anyway| {
                let reason = Reason { reason: reason.clone(), send_anyway };
                client.decline(&circle.id, &knock.id, &reason).await
            });
            done.await?;
            context.out.tell(&Answered {
                knock: knock.id.to_text(),
                name: knock.name,
                admitted: false,
            })
        }
    }
}

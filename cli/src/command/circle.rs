//! `circle`: makes circles, lists and shows them, leaves them.

use serde::Serialize;
use windbreak_node::api::Client;
use windbreak_node::api::message::{
    BeforeYou, BeforeYouStage, Circle, Circles, Member, NewCircle, Role, Standing, Suite,
};

use super::{Context, adult, agreement, confirm, files, find, grant_text, network};
use crate::args::{CircleCommand, Keep, ModeArg, NewCircleArgs, SuiteArg};
use crate::error::{Failure, Kind};
use crate::output::{Page, Report};
use crate::pick::{shown, unique_length};
use crate::{session, text};

/// What a circle agrees on if its facilitator brings no words of their own.
const AGREEMENT: &str = include_str!("agreement.txt");

/// What stands before the words of others.
const MARGIN: &str = "  ";

#[derive(Serialize)]
struct Made {
    circle: Circle,
    #[serde(skip)]
    is_near: bool,
}

impl Report for Made {
    fn page(&self, page: &mut Page) {
        let title = text::line(&self.circle.title);
        page.text(&format!(
            "The circle \"{title}\" is made, and you hold it as {}.",
            text::name(&self.circle.my_name)
        ));
        if self.is_near {
            page.hint(super::lan::MADE);
        } else if self.circle.relays.is_empty() {
            page.hint(
                "It has no relay: others reach it only over a direct link, while both are there. \
                 A relay keeps envelopes for those who are away.",
            );
        }
        page.gap();
        page.hint(&format!("Next: windbreak invite new {}", text::argument(&self.circle.title)));
    }
}

impl Report for Circles {
    fn page(&self, page: &mut Page) {
        if self.circles.is_empty() {
            page.text("You are in no circle yet.");
            page.hint("Make one: windbreak circle new TITLE --name NAME, or join one: windbreak join CODE");
            return;
        }
        let ids: Vec<String> = self.circles.iter().map(|circle| circle.id.to_text()).collect();
        let length = unique_length(ids.iter().map(String::as_str));
        let mut rows = Vec::new();
        for (circle, id) in self.circles.iter().zip(&ids) {
            let people =
                format!("{} member{}", circle.members, if circle.members == 1 { "" } else { "s" });
            let state = match circle.standing {
                Standing::Active if circle.knocks > 0 => {
                    format!("{people}, {} in the lobby", circle.knocks)
                }
                Standing::Active if !circle.agreement_accepted => {
                    format!("{people}, an agreement to accept")
                }
                Standing::Active => people,
                Standing::Leaving => "you are leaving".to_owned(),
                Standing::Left => "you have left".to_owned(),
                Standing::Removed => "you were removed".to_owned(),
                Standing::DeviceTakenOut => "this device was taken out".to_owned(),
                Standing::Replaced => "a copy took this device's place".to_owned(),
            };
            rows.push(vec![shown(id, length).to_owned(), text::line(&circle.title), state]);
        }
        page.table(&rows);
    }
}

#[derive(Serialize)]
struct Shown {
    circle: Circle,
    members: Vec<Member>,
}

impl Report for Shown {
    fn page(&self, page: &mut Page) {
        let circle = &self.circle;
        page.heading(&text::line(&circle.title));
        page.field("Id", &circle.id.to_text());
        page.field("You", &text::name(&circle.my_name));
        match circle.standing {
            Standing::Active => {}
            Standing::Leaving => page.field(
                "Standing",
                "you are leaving; another member's device has yet to take yours out",
            ),
            Standing::Left => {
                page.field("Standing", "you have left; what you have is kept on this device");
            }
            Standing::Removed => {
                page.field("Standing", "you were removed; what you have is kept on this device");
            }
            Standing::DeviceTakenOut => page
                .field("Standing", "your other device took this one out; what it has is kept here"),
            Standing::Replaced => page.field(
                "Standing",
                "a copy of this device came into the circle in its place, because one key cannot \
                 be used by two; what this one has is kept here. To use both: windbreak device add, \
                 on the copy",
            ),
        }
        page.field(
            "Sealed with",
            match circle.suite {
                Suite::Xwing => {
                    "X25519 and ML-KEM-768 together: what is recorded today stays closed"
                }
                Suite::X25519 => "X25519",
            },
        );
        if circle.relays.is_empty() {
            page.field("Relay", "none: direct links only");
        }
        for relay in &circle.relays {
            page.field_verbatim("Relay", &text::line(relay));
            if circle.relays_by_grant.contains(relay) {
                page.field("Grant", "given to this device; what is left: windbreak relay list");
            }
        }
        page.field(
            "Kept",
            &match circle.keep_days {
                None => "as long as its authors leave it".to_owned(),
                Some(1) => "what is said is erased after a day".to_owned(),
                Some(days) => format!("what is said is erased after {days} days"),
            },
        );
        page.field("Files", files::allowed_words(circle.files));
        if let Some(before) = circle.before_you {
            page.field("Before you", before_you(before));
        }
        page.field("Invites", &format!("{} open", circle.open_invites));
        if circle.knocks > 0 {
            page.field("Lobby", &format!("{} waiting", circle.knocks));
        }
        if circle.outbox > 0 {
            page.field("To be sent", &circle.outbox.to_string());
        }
        if circle.coming_back {
            page.field(
                "This device",
                "is coming into the circle anew: what it keeps is old, or was copied. That happens \
                 by itself once another member can be reached",
            );
        }
        if let Some(words) = history(circle.splits, circle.pending_changes) {
            page.field("History", &words);
        }
        page.gap();
        page.heading("Members");
        super::member::list_with_declarations(page, &self.members);
        page.gap();
        page.heading(&format!("Agreement, version {}", circle.agreement_version));
        if !circle.agreement_accepted {
            page.text("Not accepted on this device yet: until then nothing is read or said here.");
            page.hint(&format!(
                "Read and decide: windbreak agreement accept {}",
                text::argument(&circle.title)
            ));
        }
        match circle.agreement.trim() {
            "" => page.text("None."),
            words => page.quoted(&text::body(words), MARGIN),
        }
    }
}

/// What a person should know of what was said before they came.
const fn before_you(before: BeforeYou) -> &'static str {
    match (before.stage, before.withheld) {
        (BeforeYouStage::Asking, _) => {
            "your node asks the others for what was opened to those who join later"
        }
        (BeforeYouStage::Here, true) => {
            "what was opened to those who join later is here; the rest stays with those who were there"
        }
        (BeforeYouStage::Here, false) => "what was said is here, as far as whoever told you knows",
        (BeforeYouStage::Unanswered, _) => {
            "nobody answered for long; what was opened to those who join later is not here"
        }
    }
}

/// What a person should know of changes made in two places at once: nothing is to be done.
fn history(splits: usize, pending_changes: usize) -> Option<String> {
    let often = match splits {
        0 => return None,
        1 => "Once".to_owned(),
        2 => "Twice".to_owned(),
        more => format!("{more} times"),
    };
    let outcome = if pending_changes == 0 {
        "it came together again by itself. Nothing was lost, and there is nothing to do."
    } else {
        "it is coming together by itself: what was changed on one side is being made again. There \
         is nothing to do."
    };
    Some(format!("{often} this week the circle was changed in two places at once; {outcome}"))
}

#[derive(Serialize)]
struct Kept {
    circle: String,
    days: Option<u16>,
}

impl Report for Kept {
    fn page(&self, page: &mut Page) {
        match self.days {
            Some(days) => page.text(&format!(
                "What is said is erased after {days} days, on each device as soon as it runs."
            )),
            None => page.text("What is said is kept as long as its authors leave it."),
        }
    }
}

#[derive(Serialize)]
struct Left<'a> {
    circle: &'a str,
    /// Nobody is left who could invite or remove.
    without_facilitator: bool,
    #[serde(skip)]
    title: &'a str,
}

impl Report for Left<'_> {
    fn page(&self, page: &mut Page) {
        page.text(&format!(
            "You have left \"{}\". What others wrote stays on their devices.",
            text::line(self.title)
        ));
        if self.without_facilitator {
            page.text("Nobody is left in it who could invite or remove anybody.");
        }
    }
}

pub(super) async fn run(context: Context<'_>, command: CircleCommand) -> Result<(), Failure> {
    match command {
        CircleCommand::New(args) => new(context, args).await,
        CircleCommand::List => {
            let client = session::connect(context.global, context.out).await?;
            context.out.tell(&client.circles().await?)
        }
        CircleCommand::Show { circle } => {
            let client = session::connect(context.global, context.out).await?;
            let circle = find::circle(&client, &circle).await?;
            let members = client.members(&circle.id).await?.members;
            context.out.tell(&Shown { circle, members })
        }
        CircleCommand::Keep { circle, days, yes } => keep(context, &circle, days, yes).await,
        CircleCommand::Files { circle, allowed } => files::allow(context, &circle, allowed).await,
        CircleCommand::Leave { circle, yes } => {
            let client = session::connect(context.global, context.out).await?;
            let circle = find::circle(&client, &circle).await?;
            leave(context, &client, &circle, yes).await
        }
    }
}

async fn leave(
    context: Context<'_>,
    client: &Client,
    circle: &Circle,
    yes: bool,
) -> Result<(), Failure> {
    let title = text::line(&circle.title);
    let (code, message) = match circle.standing {
        Standing::Active => ("", ""),
        Standing::Leaving | Standing::Left => ("already_left", "you have left this circle already"),
        Standing::Removed => ("circle_closed", "you were removed from this circle"),
        Standing::DeviceTakenOut => {
            ("circle_closed", "this device was taken out of the circle by your other device")
        }
        Standing::Replaced => ("circle_closed", "a copy of this device took its place"),
    };
    if !code.is_empty() {
        let next = "what you read before stays readable: windbreak read CIRCLE";
        return Err(Failure::new(Kind::Refused, code, message, next));
    }
    let members = client.members(&circle.id).await?.members;
    let leaves_others = members.iter().any(|member| !member.me);
    let is_held = members.iter().any(|member| !member.me && member.role == Role::Facilitator);
    let without_facilitator = leaves_others && !is_held;
    let mut question = format!("Leave \"{title}\" for good?");
    if without_facilitator {
        question = format!(
            "Nobody else holds this circle: without you, nobody could invite or remove anybody. {question}"
        );
    }
    confirm(context, yes, &question).await?;
    client.leave(&circle.id).await?;
    let id = circle.id.to_text();
    context.out.tell(&Left { circle: &id, title: &circle.title, without_facilitator })
}

/// What a facilitator would have to report: asked for where it was not given.
async fn declared(context: Context<'_>, given: Option<String>) -> Result<String, Failure> {
    let words = match given {
        Some(words) => words,
        None if context.out.can_ask() => {
            let out = context.out.clone();
            let answer = tokio::task::spawn_blocking(move || {
                out.ask("What would you have to report to others, by law or by your work (or: nothing)?")
            });
            answer.await.map_err(|_| Failure::interrupted())??
        }
        None => String::new(),
    };
    if words.trim().is_empty() {
        return Err(Failure::new(
            Kind::Usage,
            "undeclared",
            "nobody holds a circle without saying what they would have to report to others",
            "say it with --declaration TEXT, also if it is nothing",
        ));
    }
    Ok(words.trim().to_owned())
}

async fn keep(context: Context<'_>, circle: &str, days: Keep, yes: bool) -> Result<(), Failure> {
    let client = session::connect(context.global, context.out).await?;
    let circle = find::circle(&client, circle).await?;
    let days = match days {
        Keep::Always => None,
        Keep::Days(days) => Some(days),
    };
    if let Some(days) = days {
        let title = text::line(&circle.title);
        let question = format!(
            "Erase what is older than {days} days in \"{title}\", on every member's device?"
        );
        confirm(context, yes, &question).await?;
    }
    client.set_retention(&circle.id, days).await?;
    context.out.tell(&Kept { circle: circle.id.to_text(), days })
}

async fn new(context: Context<'_>, args: NewCircleArgs) -> Result<(), Failure> {
    let text = match &args.agreement_file {
        None => AGREEMENT.to_owned(),
        Some(path) => agreement::read_text(context, path)?,
    };
    let declaration = declared(context, args.declaration).await?;
    adult::declared(context, args.adult).await?;
    let client = session::connect(context.global, context.out).await?;
    let suite = match args.suite {
        SuiteArg::XWing => Suite::Xwing,
        SuiteArg::X25519 => Suite::X25519,
    };
    let is_near = args.network == Some(ModeArg::Lan);
    super::lan::ask(context, args.yes, args.network).await?;
    let grant = match &args.grant {
        Some(path) => Some(grant_text::read(context, path)?),
        None => None,
    };
    // None leaves the choice to the profile's own list.
    let relays = (!args.relays.is_empty()).then_some(args.relays);
    let mut new = NewCircle {
        title: args.title,
        name: args.name,
        suite,
        relays,
        mode: args.network.map(Into::into),
        same_relay: false,
        grant,
        welcome: args.welcome,
        agreement: text,
        declaration: Some(declaration),
        adult: true,
    };
    let known = client.circles().await?.circles;
    if known.iter().any(|circle| circle.title.trim() == new.title.trim()) {
        context.out.hint("You are in another circle with this title: commands will need an id.");
    }
    let circle = match client.create_circle(&new).await {
        Err(error) if network::is_shared(&error) => {
            network::ask_for_same(context, args.yes).await?;
            new.same_relay = true;
            client.create_circle(&new).await?
        }
        outcome => outcome?,
    };
    context.out.tell(&Made { circle, is_near })
}

#[cfg(test)]
mod tests {
    use super::history;

    #[test]
    fn a_split_is_told_in_plain_words_and_asks_nothing_of_anybody() {
        assert_eq!(history(0, 0), None);
        assert_eq!(history(0, 3), None);
        assert_eq!(
            history(2, 0).unwrap(),
            "Twice this week the circle was changed in two places at once; it came together again \
             by itself. Nothing was lost, and there is nothing to do."
        );
        for words in [history(1, 1), history(7, 2)] {
            let words = words.unwrap();
            assert!(words.contains("it is coming together by itself"), "{words}");
            assert!(words.ends_with("There is nothing to do."), "{words}");
        }
        assert!(history(7, 0).unwrap().starts_with("7 times this week"));
    }
}

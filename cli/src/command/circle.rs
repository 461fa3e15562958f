//! `circle`: makes circles, lists and shows them, leaves them.

use serde::Serialize;
use windbreak_node::api::Client;
use windbreak_node::api::message::{
    BeforeYou, BeforeYouStage, Circle, Circles, Member, NewCircle, Reason, Retention, Role,
    Standing, Suite,
};

use super::{Context, adult, agreement, confirm, files, find, grant_text, network, send};
use crate::args::{CircleCommand, Keep, ModeArg, NewCircleArgs, SuiteArg};
use crate::error::{Failure, Kind};
use crate::output::{Page, Report};
use crate::pick::{shown, unique_length};
use crate::words::{self, say};
use crate::{session, text, when};

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
        page.text(&say!(
            "circle-circle-made-hold",
            title,
            my_name = text::name(&self.circle.my_name)
        ));
        if self.is_near {
            page.hint(say!("lan-made-stays"));
        } else if self.circle.relays.is_empty() {
            page.hint(say!("circle-no-relay-others-reach"));
        }
        page.gap();
        page.hint(&say!(
            "circle-next-windbreak-invite-new",
            title = text::argument(&self.circle.title)
        ));
    }
}

impl Report for Circles {
    fn page(&self, page: &mut Page) {
        if self.circles.is_empty() {
            page.text(say!("circle-no-circle-yet"));
            page.hint(say!("circle-make-one-windbreak-circle"));
            return;
        }
        let ids: Vec<String> = self.circles.iter().map(|circle| circle.id.to_text()).collect();
        let length = unique_length(ids.iter().map(String::as_str));
        let mut rows = Vec::new();
        for (circle, id) in self.circles.iter().zip(&ids) {
            let people = say!("circle-member", members = circle.members);
            let state = match circle.standing {
                Standing::Active if circle.knocks > 0 => {
                    say!("circle-lobby", people, knocks = circle.knocks)
                }
                Standing::Active if !circle.agreement_accepted => {
                    say!("circle-agreement-accept", people)
                }
                Standing::Active => people,
                Standing::Leaving => say!("circle-leaving").to_owned(),
                Standing::Left => say!("circle-left").to_owned(),
                Standing::Removed => say!("circle-removed").to_owned(),
                Standing::DeviceTakenOut => say!("circle-device-taken-out").to_owned(),
                Standing::Replaced => say!("circle-copy-took-devices-place").to_owned(),
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
        page.field(say!("circle-id"), &circle.id.to_text());
        page.field(say!("circle-you"), &text::name(&circle.my_name));
        match circle.standing {
            Standing::Active => {}
            Standing::Leaving => {
                page.field(say!("circle-standing"), say!("circle-leaving-another-members-device"));
            }
            Standing::Left => {
                page.field(say!("circle-standing"), say!("circle-left-kept-device"));
            }
            Standing::Removed => {
                page.field(say!("circle-standing"), say!("circle-removed-kept-device"));
            }
            Standing::DeviceTakenOut => {
                page.field(say!("circle-standing"), say!("circle-other-device-took-one"));
            }
            Standing::Replaced => {
                page.field(say!("circle-standing"), say!("circle-copy-device-came-into"));
            }
        }
        page.field(
            say!("circle-sealed"),
            match circle.suite {
                Suite::Xwing => {
                    say!("circle-x25519-ml-kem-768")
                }
                Suite::X25519 => "X25519",
            },
        );
        if circle.relays.is_empty() {
            page.field(say!("circle-relay"), say!("circle-none-direct-links-only"));
        }
        for relay in &circle.relays {
            page.field_verbatim(say!("circle-relay"), &text::line(relay));
            if circle.relays_by_grant.contains(relay) {
                page.field(say!("circle-grant"), say!("circle-grant-given-device"));
            }
        }
        page.field(
            say!("circle-kept"),
            &match circle.keep_days {
                None => say!("circle-long-authors-leave").to_owned(),
                Some(days) => say!("circle-said-erased-after-days", days),
            },
        );
        if let Some(from) = circle.keep_from {
            page.field(
                say!("circle-shorter"),
                &say!("circle-erased-from", from = when::moment(from)),
            );
        }
        page.field(say!("circle-files"), files::allowed_words(circle.files));
        if let Some(before) = circle.before_you {
            page.field(say!("circle-before"), before_you(before));
        }
        page.field(
            say!("circle-invites"),
            &say!("circle-open", open_invites = circle.open_invites),
        );
        if circle.knocks > 0 {
            page.field(say!("circle-lobby-2"), &say!("circle-waiting", knocks = circle.knocks));
        }
        if circle.outbox > 0 {
            page.field(say!("circle-sent"), &circle.outbox.to_string());
        }
        if let Some(words) = super::catching_up(circle.catching_up) {
            page.field(say!("node-catching-up"), &words);
        } else if circle.asking {
            page.field(say!("node-catching-up"), say!("node-asking-others"));
        }
        if circle.coming_back {
            page.field(say!("circle-device"), say!("circle-coming-into-circle-anew"));
            if circle.asks_in_vain {
                page.hint(&say!("circle-asks-in-vain", title = text::argument(&circle.title)));
            }
        } else if circle.unsaid > 0 {
            page.field(say!("circle-device"), &say!("circle-unsaid", unsaid = circle.unsaid));
        }
        if let Some(words) = history(circle.splits, circle.pending_changes) {
            page.field(say!("circle-history"), &words);
        }
        page.gap();
        page.heading(say!("circle-members"));
        super::member::list_with_declarations(page, &self.members);
        page.gap();
        page.heading(&say!(
            "circle-agreement-version",
            agreement_version = circle.agreement_version
        ));
        if !circle.agreement_accepted {
            page.text(say!("circle-not-accepted-device-yet"));
            page.hint(&say!(
                "circle-read-decide-windbreak-agreement",
                title = text::argument(&circle.title)
            ));
        }
        match circle.agreement.trim() {
            "" => page.text(say!("circle-none")),
            words => page.quoted(&text::body(words), MARGIN),
        }
    }
}

/// What a person should know of what was said before they came.
fn before_you(before: BeforeYou) -> &'static str {
    match (before.stage, before.withheld) {
        (BeforeYouStage::Asking, _) => {
            say!("circle-node-asks-others-opened")
        }
        (BeforeYouStage::Here, true) => {
            say!("circle-opened-those-join-later")
        }
        (BeforeYouStage::Here, false) => say!("circle-said-here-far-whoever"),
        (BeforeYouStage::Unanswered, _) => {
            say!("circle-nobody-answered-long-opened")
        }
    }
}

/// What a person should know of changes made in two places at once: nothing is to be done.
fn history(splits: usize, pending_changes: usize) -> Option<String> {
    let often = match splits {
        0 => return None,
        times => say!("circle-times", times),
    };
    let outcome = if pending_changes == 0 {
        say!("circle-came-together-again-itself")
    } else {
        say!("circle-coming-together-itself-changed")
    };
    Some(say!("circle-week-circle-changed-two", often, outcome))
}

#[derive(Serialize)]
struct Kept {
    circle: String,
    days: Option<u16>,
    #[serde(skip)]
    is_shorter: bool,
}

impl Report for Kept {
    fn page(&self, page: &mut Page) {
        match self.days {
            Some(days) => page.text(&say!("circle-said-erased-after-days-2", days)),
            None => page.text(say!("circle-said-kept-long-authors")),
        }
        if self.is_shorter {
            page.hint(say!("circle-week-before-erased"));
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
        page.text(&say!("circle-left-others-wrote-stays", title = text::line(self.title)));
        if self.without_facilitator {
            page.text(say!("circle-nobody-left-could-invite"));
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
        CircleCommand::Keep { circle, days, reason, send_anyway, yes } => {
            let retention = (days, Reason { reason, send_anyway });
            keep(context, &circle, retention, yes).await
        }
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
        // Who has said it, and was never let in again, goes without anybody hearing it.
        Standing::Leaving if circle.asks_in_vain => ("", ""),
        Standing::Leaving | Standing::Left => ("already_left", say!("circle-left-circle-already")),
        Standing::Removed => ("circle_closed", say!("circle-removed-from-circle")),
        Standing::DeviceTakenOut => ("circle_closed", say!("circle-device-taken-out-circle")),
        Standing::Replaced => ("circle_closed", say!("circle-copy-device-took-place")),
    };
    if !code.is_empty() {
        let next = say!("circle-read-before-stays-readable");
        return Err(Failure::new(Kind::Refused, code, message, next));
    }
    let members = client.members(&circle.id).await?.members;
    let leaves_others = members.iter().any(|member| !member.me);
    let is_held = members.iter().any(|member| !member.me && member.role == Role::Facilitator);
    let without_facilitator = leaves_others && !is_held;
    let mut question = say!("circle-leave-good", title);
    if without_facilitator {
        question = say!("circle-nobody-else-holds-circle", question);
    }
    if circle.asks_in_vain && leaves_others {
        question = say!("circle-leave-untold", question);
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
                out.ask(say!("circle-would-report-others-law"))
            });
            answer.await.map_err(|_| Failure::interrupted())??
        }
        None => String::new(),
    };
    if words.trim().is_empty() {
        return Err(Failure::new(
            Kind::Usage,
            "undeclared",
            say!("circle-undeclared"),
            say!("circle-undeclared-next"),
        ));
    }
    Ok(words.trim().to_owned())
}

async fn keep(
    context: Context<'_>,
    circle: &str,
    (days, why): (Keep, Reason),
    yes: bool,
) -> Result<(), Failure> {
    let client = session::connect(context.global, context.out).await?;
    let circle = find::circle(&client, circle).await?;
    let days = match days {
        Keep::Always => None,
        Keep::Days(days) => Some(days),
    };
    let is_shorter = days.is_some_and(|days| circle.keep_days.is_none_or(|before| days < before));
    if is_shorter && why.reason.trim().is_empty() {
        return Err(super::member::no_reason());
    }
    if let Some(days) = days {
        let title = text::line(&circle.title);
        let question = say!("circle-erase-older-than-days", days, title);
        confirm(context, yes, &question).await?;
    }
    let done = send::asking(context, &why.reason, why.send_anyway, async |send_anyway| {
        let retention = Retention { days, reason: why.reason.clone(), send_anyway };
        client.set_retention(&circle.id, &retention).await
    });
    done.await?;
    context.out.tell(&Kept { circle: circle.id.to_text(), days, is_shorter })
}

async fn new(context: Context<'_>, args: NewCircleArgs) -> Result<(), Failure> {
    let text = match &args.agreement_file {
        None => words::language().agreement().to_owned(),
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
        send_anyway: args.send_anyway,
    };
    let known = client.circles().await?.circles;
    if known.iter().any(|circle| circle.title.trim() == new.title.trim()) {
        context.out.hint(say!("circle-another-circle-title-commands"));
    }
    let circle = loop {
        match client.create_circle(&new).await {
            Err(error) if network::is_shared(&error) && !new.same_relay => {
                network::ask_for_same(context, args.yes).await?;
                new.same_relay = true;
            }
            Err(error) if !new.send_anyway => {
                let declared = new.declaration.as_deref().unwrap_or_default();
                let told = [&new.title, &new.name, &new.welcome, declared, &new.agreement];
                send::ask_anyway(context, error, &told.join("\n")).await?;
                new.send_anyway = true;
            }
            outcome => break outcome?,
        }
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

//! One file per command: each asks the node, then tells one value.

mod act;
mod adult;
mod agreement;
mod backup;
mod bench;
mod checkin;
mod circle;
mod device;
mod draft;
mod explain;
mod files;
mod find;
mod grant;
mod grant_text;
mod guard;
mod hidden;
mod init;
mod invite;
mod join;
mod lan;
mod link;
mod lobby;
mod member;
mod network;
mod node;
mod notify;
mod plan;
mod proposal;
mod read;
mod relay;
mod relays;
mod report;
mod search;
mod send;
mod steward;
mod store;
mod write;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use clap::CommandFactory;

use crate::args::{
    AgreementCommand, BackupCommand, CircleCommand, Cli, Command, DeviceCommand, DraftCommand,
    FilesCommand, GlobalArgs, GrantCommand, HiddenCommand, InviteCommand, LinkCommand,
    LobbyCommand, MemberCommand, NetworkCommand, NodeCommand, NotifyCommand, PassphraseCommand,
    PlanArgs, PlanCommand, RecoveryCommand, RelayCommand, ReportCommand, ShellArg, StewardCommand,
    StoreCommand, SuccessionCommand,
};
use crate::error::Failure;
use crate::output::Output;
use crate::words::say;
use windbreak_node::api::message::CatchingUp;

/// What every command is given.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Context<'a> {
    pub(crate) global: &'a GlobalArgs,
    pub(crate) out: &'a Output,
}

/// How far a circle has come with what was missed, while anything is known to be lacking.
fn catching_up(catching_up: Option<CatchingUp>) -> Option<String> {
    let CatchingUp { here, about } = catching_up?;
    Some(say!("node-catching-up-of", here, about))
}

/// Does what was typed.
pub(crate) async fn run(cli: Cli, out: &Output) -> Result<(), Failure> {
    let global = cli.global;
    let context = Context { global: &global, out };
    match cli.command {
        // These hear Ctrl-C themselves: they have something to put away first.
        Command::Node(NodeCommand::Run(args)) => node::run(context, &args).await,
        Command::Relay(RelayCommand::Run(args)) => relay::run(context, &args).await,
        Command::Demo(args) => crate::demo::run(context, &args).await,
        Command::Init(args) => init::init(context, &args).await,
        Command::Restore(args) => backup::restore(context, args).await,
        Command::Hidden(command) => hidden::make(context, command).await,
        Command::Panic(args) => guard::panic(context, args).await,
        command => unless_interrupted(ask(context, command)).await,
    }
}

/// Gives up at Ctrl-C, wherever it is by then.
async fn unless_interrupted<T>(
    work: impl Future<Output = Result<T, Failure>>,
) -> Result<T, Failure> {
    tokio::select! {
        // A command that has something to say about Ctrl-C says it first.
        biased;
        outcome = work => outcome,
        _ = tokio::signal::ctrl_c() => Err(Failure::interrupted()),
    }
}

/// Does what would leave something behind if it were cut off. At Ctrl-C it is told to stop, by `go_on`, and
/// waited for until it has cleared up; where it was done by then, that is told. At a second one it is left.
async fn unless_stopped<T: Send + 'static>(
    work: impl FnOnce(&dyn Fn() -> bool) -> Result<T, Failure> + Send + 'static,
) -> Result<T, Failure> {
    let is_stopped = Arc::new(AtomicBool::new(false));
    let told = is_stopped.clone();
    let mut working = tokio::task::spawn_blocking(move || work(&|| !told.load(Ordering::Relaxed)));
    let done = tokio::select! {
        biased;
        done = &mut working => done,
        _ = tokio::signal::ctrl_c() => {
            is_stopped.store(true, Ordering::Relaxed);
            unless_interrupted(async { Ok(working.await) }).await?
        }
    };
    match done {
        // That something is left for a person to remove is said all the same.
        Ok(Err(failure))
            if is_stopped.load(Ordering::Relaxed) && failure.code() != hidden::COMPANION_LEFT =>
        {
            Err(Failure::interrupted())
        }
        Ok(outcome) => outcome,
        Err(_) => Err(Failure::interrupted()),
    }
}

async fn ask(context: Context<'_>, command: Command) -> Result<(), Failure> {
    match command {
        Command::Node(NodeCommand::Start) => node::start(context).await,
        Command::Node(NodeCommand::Stop) => node::stop(context).await,
        Command::Node(NodeCommand::Status) => node::status(context).await,
        Command::Circle(command) => circle::run(context, command).await,
        Command::Invite(command) => invite::run(context, command).await,
        Command::Join(args) => join::run(context, args).await,
        Command::Lobby(command) => lobby::run(context, command).await,
        Command::Share(args) => write::share(context, args).await,
        Command::Reply(args) => write::reply(context, args).await,
        Command::Draft(command) => draft::run(context, command).await,
        Command::CheckIn(args) => checkin::run(context, args).await,
        Command::Plan(args) => plan::run(context, args).await,
        Command::Read(args) => read::run(context, &args).await,
        Command::Notify(command) => notify::run(context, command).await,
        Command::Search(args) => search::run(context, &args).await,
        Command::Files(command) => files::run(context, command).await,
        Command::React(args) => act::react(context, &args).await,
        Command::Edit(args) => act::edit(context, args).await,
        Command::History(args) => act::history(context, &args).await,
        Command::Withdraw(args) => act::withdraw(context, &args).await,
        Command::Allow(args) => act::allow(context, &args).await,
        Command::Pin(args) => act::pin(context, &args).await,
        Command::Member(command) => member::run(context, command).await,
        Command::Agreement(command) => agreement::run(context, command).await,
        Command::Succession(command) => member::succession(context, command).await,
        Command::Report(command) => report::run(context, command).await,
        Command::Steward(command) => steward::run(context, command).await,
        Command::Device(command) => device::run(context, command).await,
        Command::Network(command) => network::run(context, command).await,
        Command::Link(command) => link::run(context, command).await,
        Command::Relay(RelayCommand::Status) => relay::status(context).await,
        Command::Relay(RelayCommand::Grant(command)) => grant::run(context, command).await,
        Command::Relay(RelayCommand::InitConfig) => relay::init_config(context),
        Command::Relay(RelayCommand::Unit) => relay::unit(context),
        Command::Relay(command) => relays::run(context, command).await,
        Command::Lock => guard::lock(context).await,
        Command::Unlock => node::start(context).await,
        Command::Backup(command) => backup::run(context, command).await,
        Command::Passphrase(command) => guard::passphrase(context, command).await,
        Command::Recovery(command) => guard::recovery(context, command).await,
        Command::Store(command) => store::run(context, command).await,
        Command::Explain => explain::run(context).await,
        Command::Bench { quick } => bench::run(context, quick).await,
        Command::Completions { shell } => completions(context, shell),
        Command::Node(NodeCommand::Run(_))
        | Command::Demo(_)
        | Command::Init(_)
        | Command::Restore(_)
        | Command::Hidden(_)
        | Command::Panic(_) => Ok(()),
    }
}

/// The words for a command in its answers.
pub(crate) const fn name(command: &Command) -> &'static str {
    match command {
        Command::Init(_) => "init",
        Command::Node(NodeCommand::Start) => "node start",
        Command::Node(NodeCommand::Stop) => "node stop",
        Command::Node(NodeCommand::Status) => "node status",
        Command::Node(NodeCommand::Run(_)) => "node run",
        Command::Circle(CircleCommand::New(_)) => "circle new",
        Command::Circle(CircleCommand::List) => "circle list",
        Command::Circle(CircleCommand::Show { .. }) => "circle show",
        Command::Circle(CircleCommand::Keep { .. }) => "circle keep",
        Command::Circle(CircleCommand::Files { .. }) => "circle files",
        Command::Circle(CircleCommand::Leave { .. }) => "circle leave",
        Command::Invite(InviteCommand::New(_)) => "invite new",
        Command::Invite(InviteCommand::Show { .. }) => "invite show",
        Command::Invite(InviteCommand::List { .. }) => "invite list",
        Command::Invite(InviteCommand::Revoke { .. }) => "invite revoke",
        Command::Join(_) => "join",
        Command::Lobby(LobbyCommand::List { .. }) => "lobby list",
        Command::Lobby(LobbyCommand::Admit { .. }) => "lobby admit",
        Command::Lobby(LobbyCommand::Decline { .. }) => "lobby decline",
        Command::Share(_) => "share",
        Command::Reply(_) => "reply",
        Command::Draft(DraftCommand::Save(_)) => "draft save",
        Command::Draft(DraftCommand::List) => "draft list",
        Command::Draft(DraftCommand::Show { .. }) => "draft show",
        Command::Draft(DraftCommand::Edit(_)) => "draft edit",
        Command::Draft(DraftCommand::Send(_)) => "draft send",
        Command::Draft(DraftCommand::Delete { .. }) => "draft delete",
        Command::CheckIn(_) => "checkin",
        Command::Plan(PlanArgs { command: None }) => "plan",
        Command::Plan(PlanArgs { command: Some(PlanCommand::Write(_)) }) => "plan write",
        Command::Plan(PlanArgs { command: Some(PlanCommand::Title { .. }) }) => "plan title",
        Command::Plan(PlanArgs { command: Some(PlanCommand::Move { .. }) }) => "plan move",
        Command::Plan(PlanArgs { command: Some(PlanCommand::Remove { .. }) }) => "plan remove",
        Command::Plan(PlanArgs { command: Some(PlanCommand::Suggest { .. }) }) => "plan suggest",
        Command::Read(_) => "read",
        Command::Notify(NotifyCommand::Show) => "notify show",
        Command::Notify(NotifyCommand::On(_)) => "notify on",
        Command::Notify(NotifyCommand::Off) => "notify off",
        Command::Notify(NotifyCommand::Test) => "notify test",
        Command::Notify(NotifyCommand::Quiet { .. }) => "notify quiet",
        Command::Notify(NotifyCommand::For { .. }) => "notify for",
        Command::Notify(NotifyCommand::Command { .. }) => "notify command",
        Command::Notify(NotifyCommand::Desktop) => "notify desktop",
        Command::Notify(NotifyCommand::Circle { .. }) => "notify circle",
        Command::Search(_) => "search",
        Command::Files(FilesCommand::List { .. }) => "files list",
        Command::Files(FilesCommand::Save { .. }) => "files save",
        Command::React(_) => "react",
        Command::Edit(_) => "edit",
        Command::History(_) => "history",
        Command::Withdraw(_) => "withdraw",
        Command::Allow(_) => "allow",
        Command::Pin(_) => "pin",
        Command::Member(MemberCommand::List { .. }) => "member list",
        Command::Member(MemberCommand::Remove { .. }) => "member remove",
        Command::Member(MemberCommand::Promote { .. }) => "member promote",
        Command::Member(MemberCommand::Demote { .. }) => "member demote",
        Command::Member(MemberCommand::Role { .. }) => "member role",
        Command::Member(MemberCommand::Succeed { .. }) => "member succeed",
        Command::Member(MemberCommand::Proposals { .. }) => "member proposals",
        Command::Member(MemberCommand::Consent { .. }) => "member consent",
        Command::Member(MemberCommand::Declare { .. }) => "member declare",
        Command::Agreement(AgreementCommand::Show { .. }) => "agreement show",
        Command::Agreement(AgreementCommand::Accept { .. }) => "agreement accept",
        Command::Agreement(AgreementCommand::Propose { .. }) => "agreement propose",
        Command::Agreement(AgreementCommand::Consent { .. }) => "agreement consent",
        Command::Succession(SuccessionCommand::Propose { .. }) => "succession propose",
        Command::Succession(SuccessionCommand::Consent { .. }) => "succession consent",
        Command::Succession(SuccessionCommand::Status { .. }) => "succession status",
        Command::Member(MemberCommand::Block { .. }) => "member block",
        Command::Member(MemberCommand::Unblock { .. }) => "member unblock",
        Command::Report(ReportCommand::New { .. }) => "report new",
        Command::Report(ReportCommand::List { .. }) => "report list",
        Command::Report(ReportCommand::Show { .. }) => "report show",
        Command::Report(ReportCommand::Acknowledge { .. }) => "report acknowledge",
        Command::Report(ReportCommand::Close { .. }) => "report close",
        Command::Report(ReportCommand::Appeal { .. }) => "report appeal",
        Command::Steward(StewardCommand::Log { .. }) => "steward log",
        Command::Steward(StewardCommand::Hide(_)) => "steward hide",
        Command::Steward(StewardCommand::Unhide(_)) => "steward unhide",
        Command::Steward(StewardCommand::Mute { .. }) => "steward mute",
        Command::Steward(StewardCommand::Unmute { .. }) => "steward unmute",
        Command::Steward(StewardCommand::Slow { .. }) => "steward slow",
        Command::Device(DeviceCommand::Add(_)) => "device add",
        Command::Device(DeviceCommand::Confirm { .. }) => "device confirm",
        Command::Device(DeviceCommand::List { .. }) => "device list",
        Command::Device(DeviceCommand::Remove { .. }) => "device remove",
        Command::Device(DeviceCommand::Join(_)) => "device join",
        Command::Network(NetworkCommand::Show { .. }) => "network show",
        Command::Network(NetworkCommand::Set { .. }) => "network set",
        Command::Network(NetworkCommand::Default { .. }) => "network default",
        Command::Link(LinkCommand::Listen(_)) => "link listen",
        Command::Link(LinkCommand::Add { .. }) => "link add",
        Command::Link(LinkCommand::List { .. }) => "link list",
        Command::Link(LinkCommand::Remove { .. }) => "link remove",
        Command::Relay(RelayCommand::Run(_)) => "relay run",
        Command::Relay(RelayCommand::Status) => "relay status",
        Command::Relay(RelayCommand::Grant(GrantCommand::Issue(_))) => "relay grant issue",
        Command::Relay(RelayCommand::Grant(GrantCommand::List)) => "relay grant list",
        Command::Relay(RelayCommand::Grant(GrantCommand::Revoke { .. })) => "relay grant revoke",
        Command::Relay(RelayCommand::InitConfig) => "relay init-config",
        Command::Relay(RelayCommand::Unit) => "relay unit",
        Command::Relay(RelayCommand::List { .. }) => "relay list",
        Command::Relay(RelayCommand::Add(_)) => "relay add",
        Command::Relay(RelayCommand::Remove { .. }) => "relay remove",
        Command::Relay(RelayCommand::Replace { .. }) => "relay replace",
        Command::Relay(RelayCommand::Use { .. }) => "relay use",
        Command::Relay(RelayCommand::Avoid { .. }) => "relay avoid",
        Command::Lock => "lock",
        Command::Unlock => "unlock",
        Command::Backup(BackupCommand::Create(_)) => "backup create",
        Command::Backup(BackupCommand::Check(_)) => "backup check",
        Command::Restore(_) => "restore",
        Command::Passphrase(PassphraseCommand::Change(_)) => "passphrase change",
        Command::Recovery(RecoveryCommand::New(_)) => "recovery new",
        Command::Hidden(HiddenCommand::New(_)) => "hidden new",
        Command::Panic(_) => "panic",
        Command::Store(StoreCommand::Check) => "store check",
        Command::Store(StoreCommand::Compact(_)) => "store compact",
        Command::Explain => "explain",
        Command::Bench { .. } => "bench",
        Command::Demo(_) => "demo",
        Command::Completions { .. } => "completions",
    }
}

/// Asks for a yes, where somebody can be asked; else `--yes` is needed.
pub(crate) async fn confirm(
    context: Context<'_>,
    yes: bool,
    question: &str,
) -> Result<(), Failure> {
    use crate::error::Kind;

    if yes {
        return Ok(());
    }
    if !context.out.can_ask() {
        let next = say!("command-if-sure-type-command");
        return Err(Failure::new(
            Kind::Usage,
            "not_confirmed",
            say!("command-not-confirmed", question),
            next,
        ));
    }
    let (out, question) = (context.out.clone(), question.to_owned());
    let answer = tokio::task::spawn_blocking(move || out.confirm(&question)).await;
    if answer.map_err(|_| Failure::interrupted())?? {
        Ok(())
    } else {
        Err(Failure::new(Kind::Failed, "not_confirmed", say!("command-not-confirmed-2"), ""))
    }
}

fn completions(context: Context<'_>, shell: ShellArg) -> Result<(), Failure> {
    let mut script = Vec::new();
    clap_complete::generate(
        clap_complete::Shell::from(shell),
        &mut Cli::command(),
        "windbreak",
        &mut script,
    );
    context.out.raw(&String::from_utf8_lossy(&script))
}

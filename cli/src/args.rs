//! What can be typed: the global options and the commands. Nothing here does anything; the
//! commands' own arguments stand in the files of `args/`.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

mod act;
mod agreement;
mod checkin;
mod circle;
mod device;
mod draft;
mod duration;
mod files;
mod grant;
mod link;
mod member;
mod network;
mod node;
mod notify;
mod plan;
mod report;
mod search;
mod steward;
mod store;
mod talk;

pub(crate) use act::{
    AllowArgs, EditArgs, HistoryArgs, ItemArgs, PinArgs, ReactArgs, WithdrawArgs, WordArg,
};
pub(crate) use agreement::{AgreementCommand, SuccessionCommand};
pub(crate) use checkin::CheckInArgs;
pub(crate) use circle::{
    CircleCommand, InviteCommand, InviteFormArgs, JoinArgs, Keep, LobbyCommand, NewCircleArgs,
    NewInviteArgs, SuiteArg,
};
pub(crate) use device::{AddDeviceArgs, DeviceCommand, JoinDeviceArgs};
pub(crate) use draft::{DraftCommand, EditDraftArgs, SaveDraftArgs, SendDraftArgs};
pub(crate) use files::{AttachArgs, FilesArg, FilesCommand};
pub(crate) use grant::GrantCommand;
pub(crate) use link::{LinkCommand, RelayCommand, RelayRunArgs};
pub(crate) use member::{MemberCommand, RoleArg};
pub(crate) use network::{ModeArg, NetworkCommand, TorArgs};
pub(crate) use node::{NodeCommand, RunArgs};
pub(crate) use notify::{NoticeKindArg, NotifyCommand, SwitchArg};
pub(crate) use plan::{PlaceArg, PlanArgs, PlanCommand, WritePlanArgs};
pub(crate) use report::ReportCommand;
pub(crate) use search::SearchArgs;
pub(crate) use steward::{HideArgs, StewardCommand};
pub(crate) use store::{
    BackupCommand, ChangePassphraseArgs, CompactArgs, CreateBackupArgs, HiddenCommand,
    NewHiddenArgs, OpenBackupArgs, PanicArgs, PassphraseCommand, PhraseArgs, RecoveryCommand,
    RestoreArgs, StoreCommand,
};
pub(crate) use talk::{AskArg, ReadArgs, ReplyArgs, ScopeArg, ShareArgs};

const AFTER_HELP: &str = include_str!("../locales/en/after-help.txt");

const AFTER_LONG_HELP: &str = include_str!("../locales/en/after-long-help.txt");

/// Peer support between people, with nobody in the middle.
///
/// Circles meet, share and listen on computers that belong to their members. Relays hosted by
/// communities carry sealed envelopes and can read none of them.
#[derive(Debug, Parser)]
#[command(
    name = "windbreak",
    version,
    arg_required_else_help = true,
    subcommand_required = true,
    after_help = AFTER_HELP,
    after_long_help = AFTER_LONG_HELP,
    max_term_width = 80
)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) global: GlobalArgs,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// Options that every command takes.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Options for every command")]
pub(crate) struct GlobalArgs {
    /// Folder of the profile (or WINDBREAK_PROFILE)
    #[arg(long, global = true, value_name = "DIR")]
    pub(crate) profile: Option<PathBuf>,
    /// Answer in JSON, one line for each answer
    #[arg(long, global = true)]
    pub(crate) json: bool,
    /// Read the passphrase from this file, which only you may read
    #[arg(long, global = true, value_name = "FILE", conflicts_with = "passphrase_fd")]
    pub(crate) passphrase_file: Option<PathBuf>,
    /// Read the passphrase from this open file descriptor
    #[arg(long, global = true, value_name = "N")]
    pub(crate) passphrase_fd: Option<u32>,
    /// No colours (or NO_COLOR)
    #[arg(long, global = true)]
    pub(crate) no_color: bool,
    /// Speak en, de or es (or WINDBREAK_LANGUAGE)
    #[arg(long, global = true, value_name = "LANG", value_parser = ["en", "de", "es"])]
    #[arg(hide_possible_values = true)]
    pub(crate) language: Option<String>,
    /// Only what was asked for: no hints, no progress
    #[arg(short, long, global = true)]
    pub(crate) quiet: bool,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Init(InitArgs),
    /// Start, stop or look at your node
    #[command(subcommand, after_long_help = "Example:\n  windbreak node status")]
    Node(NodeCommand),
    /// Make a circle, list yours, leave one
    #[command(
        subcommand,
        after_long_help = "Example:\n  windbreak circle new \"Evening walk\" --name Alder --relay ADDRESS"
    )]
    Circle(CircleCommand),
    /// Open the door of a circle to somebody
    #[command(
        subcommand,
        after_long_help = "Example:\n  windbreak invite new \"Evening walk\" --expires 2d --qr"
    )]
    Invite(InviteCommand),
    Join(JoinArgs),
    /// See who waits to be let in
    #[command(
        subcommand,
        after_long_help = "Example:\n  windbreak lobby admit \"Evening walk\" 3f2a91c0"
    )]
    Lobby(LobbyCommand),
    Share(ShareArgs),
    Reply(ReplyArgs),
    /// Words that wait on this device until you send them
    #[command(
        subcommand,
        after_long_help = "Example:\n  windbreak draft save \"Evening walk\" \"I never said this before.\""
    )]
    Draft(DraftCommand),
    #[command(name = "checkin")]
    CheckIn(CheckInArgs),
    Plan(PlanArgs),
    Read(ReadArgs),
    /// Be told that something is new, in words that say nothing of what
    #[command(subcommand, after_long_help = "Example:\n  windbreak notify on")]
    Notify(NotifyCommand),
    Search(SearchArgs),
    /// Files and pictures that were sent: list them, save one
    #[command(subcommand, after_long_help = "Example:\n  windbreak files list \"Evening walk\"")]
    Files(FilesCommand),
    React(ReactArgs),
    Edit(EditArgs),
    History(HistoryArgs),
    Withdraw(WithdrawArgs),
    Allow(AllowArgs),
    Pin(PinArgs),
    /// See who is in a circle, or remove somebody
    #[command(subcommand, after_long_help = "Example:\n  windbreak member list \"Evening walk\"")]
    Member(MemberCommand),
    /// What a circle agrees on: read it, accept it, change it together
    #[command(
        subcommand,
        after_long_help = "Example:\n  windbreak agreement show \"Evening walk\""
    )]
    Agreement(AgreementCommand),
    /// Make somebody a facilitator where none answers, as most members wish
    #[command(
        subcommand,
        after_long_help = "Example:\n  windbreak succession status \"Evening walk\""
    )]
    Succession(SuccessionCommand),
    /// Tell the facilitators of something that was said, without your name
    #[command(
        subcommand,
        after_long_help = "Example:\n  windbreak report new 3f2a91c0 --reason \"This is meant to hurt.\""
    )]
    Report(ReportCommand),
    /// How a circle is held: hide, mute, slow down, and the log of it
    #[command(subcommand, after_long_help = "Example:\n  windbreak steward log \"Evening walk\"")]
    Steward(StewardCommand),
    /// Your other devices in a circle: add one, take a lost one out
    #[command(subcommand, after_long_help = "Example:\n  windbreak device list \"Evening walk\"")]
    Device(DeviceCommand),
    /// Choose who may learn your address, for each circle
    #[command(
        subcommand,
        after_long_help = "Example:\n  windbreak network set \"Evening walk\" tor"
    )]
    Network(NetworkCommand),
    /// Link directly with members, without a relay between
    #[command(
        subcommand,
        after_long_help = "Example:\n  windbreak link listen \"Evening walk\" --yes"
    )]
    Link(LinkCommand),
    /// The relays of a circle; or host one, which keeps sealed envelopes and can read none
    #[command(
        subcommand,
        after_long_help = "Example:\n  windbreak relay run --listen /ip4/0.0.0.0/tcp/4710"
    )]
    Relay(RelayCommand),
    /// Close your profile: nothing of it stays in memory
    #[command(
        long_about = "Close your profile: nothing of it stays in memory, and nothing arrives until it is \
                      unlocked. To have it lock by itself when you were away, set idle_minutes under [lock] \
                      in config.toml.",
        after_long_help = "Example:\n  windbreak lock"
    )]
    Lock,
    /// Open your profile again
    #[command(after_long_help = "Example:\n  windbreak unlock")]
    Unlock,
    /// Everything you have in one encrypted file
    #[command(subcommand, after_long_help = "Example:\n  windbreak backup create ~/evening.backup")]
    Backup(BackupCommand),
    Restore(RestoreArgs),
    /// What opens your profile
    #[command(subcommand, after_long_help = "Example:\n  windbreak passphrase change")]
    Passphrase(PassphraseCommand),
    /// The words with which you add a device
    #[command(subcommand, after_long_help = "Example:\n  windbreak recovery new")]
    Recovery(RecoveryCommand),
    /// Another profile in the same folder, which another passphrase opens
    #[command(subcommand, after_long_help = "Example:\n  windbreak hidden new")]
    Hidden(HiddenCommand),
    Panic(PanicArgs),
    /// Look after the store of your profile
    #[command(subcommand, after_long_help = "Example:\n  windbreak store check")]
    Store(StoreCommand),
    /// Who can see what, from your live settings
    #[command(after_long_help = "Example:\n  windbreak explain")]
    Explain,
    /// What this machine can carry: a test of less than a minute
    #[command(
        long_about = "Tries what the processor and the disk of this machine can do, for less than a \
                      minute, and says what that comes to for your circles. It makes a folder beside \
                      your profile and removes it; your profile is not opened, and nothing is sent.",
        after_long_help = "Example:\n  windbreak bench\n  windbreak bench --json"
    )]
    Bench {
        /// So short that it says nothing: for tests
        #[arg(long, hide = true)]
        quick: bool,
    },
    Demo(DemoArgs),
    /// Print completions for a shell
    #[command(
        after_long_help = "Example:\n  windbreak completions bash > ~/.local/share/bash-completion/completions/windbreak"
    )]
    Completions {
        /// Which shell
        shell: ShellArg,
    },
}

/// Arguments of `init`.
#[derive(Args, Debug)]
#[command(
    about = "Make a profile: the sealed folder that holds your circles",
    long_about = "Make a profile: the sealed folder that holds your circles. The passphrase opens it; nobody \
                  can open it without, and only who knows it can set another. It also shows your recovery phrase, once.",
    after_long_help = "Example:\n  windbreak init\n  windbreak init --profile ~/evening --passphrase-file ~/.evening-passphrase"
)]
pub(crate) struct InitArgs {
    /// How your circles are reached; Tor if it runs on this machine, else over relays
    #[arg(long, value_enum, value_name = "MODE")]
    pub(crate) network: Option<ModeArg>,
    #[command(flatten)]
    pub(crate) tor: TorArgs,
    /// For tests: a passphrase that is quick to check, and to guess
    #[arg(long, hide = true)]
    pub(crate) test_cost: bool,
}

/// Arguments of `demo`.
#[derive(Args, Debug)]
#[command(
    about = "See a whole circle at work on this machine alone",
    long_about = "See a whole circle at work on this machine alone: a relay, a facilitator and three \
                  members, as real processes with folders of their own. Every step is an ordinary \
                  command, shown as you would type it. Takes about a minute and cleans up after itself; \
                  the exit code is 0 only if every step held.",
    after_long_help = "Example:\n  windbreak demo\n  windbreak demo --input my-text.txt --keep"
)]
pub(crate) struct DemoArgs {
    /// Share the text of this file instead of ours
    #[arg(long, value_name = "FILE")]
    pub(crate) input: Option<PathBuf>,
    /// Leave the folders, and say where they are
    #[arg(long)]
    pub(crate) keep: bool,
}

/// Shells that completions can be printed for.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum ShellArg {
    Bash,
    Elvish,
    Fish,
    #[value(name = "powershell")]
    PowerShell,
    Zsh,
}

impl From<ShellArg> for clap_complete::Shell {
    fn from(shell: ShellArg) -> Self {
        match shell {
            ShellArg::Bash => Self::Bash,
            ShellArg::Elvish => Self::Elvish,
            ShellArg::Fish => Self::Fish,
            ShellArg::PowerShell => Self::PowerShell,
            ShellArg::Zsh => Self::Zsh,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_commands_are_well_formed() {
        Cli::command().debug_assert();
    }

    #[test]
    fn every_command_shows_an_example_in_its_long_help() {
        fn check(command: &clap::Command, path: &str) {
            for sub in command.get_subcommands().filter(|sub| sub.get_name() != "help") {
                let path = format!("{path} {}", sub.get_name());
                let help = sub.get_after_long_help().map(ToString::to_string).unwrap_or_default();
                assert!(help.starts_with("Example:\n"), "{path} has no example");
                assert!(
                    help.contains(path.as_str()),
                    "the example of {path} shows another command"
                );
                if sub.get_subcommands().next().is_none() {
                    for line in help.lines().skip(1) {
                        assert!(line.starts_with("  windbreak "), "{path}: {line}");
                    }
                }
                check(sub, &path);
            }
        }
        check(&Cli::command(), "windbreak");
    }

    #[test]
    fn two_sources_of_the_passphrase_are_refused() {
        let typed = ["windbreak", "explain", "--passphrase-file", "a", "--passphrase-fd", "3"];
        assert!(Cli::try_parse_from(typed).is_err());
    }
}

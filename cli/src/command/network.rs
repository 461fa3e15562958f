//! `network`: how circles are reached, and the choice at `init`. A weaker mode is never chosen
//! without a yes, and never by the program.

use std::net::SocketAddr;

use serde::Serialize;
use windbreak_node::api::message::{CircleNetwork, DirectReach, Mode, NetworkTrouble};
use windbreak_node::api::{Client, ClientError};
use windbreak_node::is_proxy_there;
use windbreak_node::profile::{
    ConfigError, NetworkConfig, NetworkMode, Profile, ProfileError, TOR_PROXY,
};

use super::{Context, confirm, find, lan};
use crate::args::{ModeArg, NetworkCommand, TorArgs};
use crate::error::{Failure, Kind};
use crate::output::{Page, Report};
use crate::words::say;
use crate::{session, text};

/// Where Tor Browser has its SOCKS port.
const TOR_BROWSER: u16 = 9150;

impl From<ModeArg> for Mode {
    fn from(mode: ModeArg) -> Self {
        match mode {
            ModeArg::Tor => Self::Tor,
            ModeArg::RelayOnly => Self::RelayOnly,
            ModeArg::Direct => Self::Direct,
            ModeArg::Lan => Self::Lan,
        }
    }
}

impl From<ModeArg> for NetworkMode {
    fn from(mode: ModeArg) -> Self {
        Mode::from(mode).into()
    }
}

/// What a mode means, in one sentence.
pub(super) fn meaning(mode: Mode) -> &'static str {
    match mode {
        Mode::Tor => say!("network-through-tor-onion-services"),
        Mode::RelayOnly => {
            say!("network-over-relays-alone-whoever")
        }
        Mode::Direct => {
            say!("network-over-relays-direct-links")
        }
        Mode::Lan => {
            say!("network-within-local-network")
        }
    }
}

/// The same as a state of `node status` and `network show`.
pub(super) fn trouble_words(trouble: NetworkTrouble) -> &'static str {
    match trouble {
        NetworkTrouble::TorAbsent => {
            say!("network-tors-proxy-does-not")
        }
        NetworkTrouble::NoOnionRelay => {
            say!("network-none-relays-onion-address")
        }
        NetworkTrouble::RelayQuota => {
            say!("network-relay-no-more-room")
        }
        NetworkTrouble::RelayFull => {
            say!("network-relay-full-cannot-write")
        }
        NetworkTrouble::RelayCrowded => {
            say!("network-relay-places-taken")
        }
        NetworkTrouble::RelayGrant => {
            say!("network-relay-grant-no-part")
        }
        NetworkTrouble::RelayGrantDrawing => {
            say!("network-tokens-about-drawn")
        }
        NetworkTrouble::RelayGrantResting => {
            say!("network-tokens-rest")
        }
        NetworkTrouble::RelayGrantUsedUp => {
            say!("network-device-used-week")
        }
        NetworkTrouble::RelayGrantEnded => {
            say!("network-grant-over-revoked")
        }
        NetworkTrouble::RelayGrantClock => {
            say!("network-relays-clock-another-week")
        }
        NetworkTrouble::RelayUntrusted => {
            say!("network-relay-showed-other-keys")
        }
        NetworkTrouble::RelaysSilent => {
            say!("network-none-relays-answers-written")
        }
        NetworkTrouble::NoLocalNetwork => {
            say!("network-no-local-network")
        }
        NetworkTrouble::LocalNetworkDeaf => {
            say!("network-local-network-deaf")
        }
        NetworkTrouble::RelayAsks => {
            say!("network-relay-facilitator-named-serves")
        }
        NetworkTrouble::OnionRelaysOnly => {
            say!("network-relays-onion-addresses-alone")
        }
    }
}

#[derive(Serialize)]
struct Shown {
    #[serde(flatten)]
    network: CircleNetwork,
}

impl Report for Shown {
    fn page(&self, page: &mut Page) {
        let network = &self.network;
        page.text(&say!("network-circle-reached", mode = meaning(network.mode)));
        if let Some(trouble) = network.trouble {
            page.field(say!("node-trouble-2"), trouble_words(trouble));
        }
        page.gap();
        if let Some(proxy) = &network.tor_proxy {
            page.field(say!("network-tor"), &say!("network-proxy", proxy = text::line(proxy)));
        }
        for relay in &network.relays {
            let name =
                if relay.usable { say!("circle-relay") } else { say!("network-not-dialled") };
            page.field_verbatim(name, &text::line(&relay.address));
        }
        if network.mode != Mode::Lan || !network.relays.is_empty() {
            page.field(
                say!("network-connected"),
                &say!("network-relays", relays_connected = network.relays_connected),
            );
        }
        if let Some(reach) = &network.lan {
            page.field(say!("network-here"), &lan::linked(reach.linked));
        }
        if let Some(direct) = &network.direct {
            show_direct(page, direct);
        } else if network.mode == Mode::Direct {
            page.field(say!("network-directly"), say!("network-links-typed-alone-meet"));
        }
        for link in &network.unused_links {
            page.field_verbatim(say!("network-link-unused"), &text::line(link));
        }
    }
}

fn show_direct(page: &mut Page, direct: &DirectReach) {
    let DirectReach { met_by_relay, linked, apart } = *direct;
    page.field(say!("network-directly"), &say!("network-linked", linked = devices(linked)));
    if apart > 0 {
        page.field(
            say!("network-over-relays"),
            &say!("network-networks-between-let-nobody", apart = devices(apart)),
        );
    }
    if !met_by_relay {
        page.hint(say!("network-no-relay-brings-members"));
    }
}

fn devices(count: usize) -> String {
    say!("network-devices", count)
}

#[derive(Serialize)]
struct Chosen {
    mode: Mode,
    tor_proxy: String,
    node_restarts: bool,
}

impl Report for Chosen {
    fn page(&self, page: &mut Page) {
        page.text(&say!("network-circles-make-join-from", mode = meaning(self.mode)));
        page.hint(say!("network-circles-keep-their-mode"));
        if self.node_restarts {
            page.hint(say!("network-node-hears-when-starts"));
        }
    }
}

pub(super) async fn run(context: Context<'_>, command: NetworkCommand) -> Result<(), Failure> {
    match command {
        NetworkCommand::Show { circle } => {
            let client = session::connect(context.global, context.out).await?;
            let circle = find::circle(&client, &circle).await?;
            context.out.tell(&Shown { network: client.network(&circle.id).await? })
        }
        NetworkCommand::Set { circle, mode, yes } => {
            let client = session::connect(context.global, context.out).await?;
            let circle = find::circle(&client, &circle).await?;
            let (before, mode) = (client.network(&circle.id).await?, Mode::from(mode));
            if mode == Mode::Lan {
                let chosen = (before.mode != mode).then_some(ModeArg::Lan);
                lan::ask(context, yes, chosen).await?;
            } else if mode == Mode::Direct && before.direct.is_none() {
                confirm(context, yes, say!("network-before-direct")).await?;
            } else if lan::shows_more(before.mode, mode) {
                ask_for_weaker(context, yes, mode).await?;
            }
            let network = match client.set_mode(&circle.id, mode, false).await {
                Err(error) if is_shared(&error) => {
                    ask_for_same(context, yes).await?;
                    client.set_mode(&circle.id, mode, true).await?
                }
                outcome => outcome?,
            };
            context.out.tell(&Shown { network })
        }
        NetworkCommand::Default { mode, tor, yes } => default(context, mode, tor, yes).await,
    }
}

async fn default(
    context: Context<'_>,
    mode: ModeArg,
    tor: TorArgs,
    yes: bool,
) -> Result<(), Failure> {
    if mode == ModeArg::Lan {
        return Err(lan::refused_for_all());
    }
    let folder = session::existing_folder(context.global)?;
    let before = match Profile::read_config(&folder) {
        Ok(config) => config.network,
        // It is made anew. Any other mode may show more than the one that was lost.
        Err(ProfileError::Config(ConfigError::Missing)) => {
            NetworkConfig { mode: NetworkMode::Tor, ..NetworkConfig::default() }
        }
        Err(error) => return Err(error.into()),
    };
    let tor_proxy = tor.tor_proxy.unwrap_or(before.tor_proxy);
    if mode == ModeArg::Tor {
        require(tor_proxy).await?;
    }
    if NetworkMode::from(mode) > before.mode {
        ask_for_weaker(context, yes, mode.into()).await?;
    }
    let network = NetworkConfig { mode: mode.into(), tor_proxy, ..before };
    Profile::set_network(&folder, network)?;
    let node_restarts = session::find(context.global).await?.is_some();
    let tor_proxy = tor_proxy.to_string();
    context.out.tell(&Chosen { mode: mode.into(), tor_proxy, node_restarts })
}

/// Starts to join; asks first, if a relay would serve two circles of this person without Tor.
pub(super) async fn start_join(
    context: Context<'_>,
    client: &Client,
    line: &str,
    mode: Option<ModeArg>,
    yes: bool,
) -> Result<(), Failure> {
    lan::ask(context, yes, mode).await?;
    let mode = mode.map(Into::into);
    match client.start_join_by(line, mode, false).await {
        Err(error) if is_shared(&error) => {
            ask_for_same(context, yes).await?;
            client.start_join_by(line, mode, true).await?;
        }
        outcome => {
            outcome?;
        }
    }
    Ok(())
}

/// Whether the node wants to know that one relay may serve two circles.
pub(super) fn is_shared(error: &ClientError) -> bool {
    matches!(error, ClientError::Refused(why) if why.code == "relay_shared")
}

pub(super) async fn ask_for_same(context: Context<'_>, yes: bool) -> Result<(), Failure> {
    let question = say!("network-relay-circle-serves-another");
    confirm(context, yes, question).await
}

async fn ask_for_weaker(context: Context<'_>, yes: bool, mode: Mode) -> Result<(), Failure> {
    let question = say!("network-would-then-go-cannot", mode = meaning(mode));
    confirm(context, yes, &question).await
}

/// How a new profile reaches others: as asked; else through Tor if it is there, else over relays.
pub(super) async fn choose(asked: Option<ModeArg>, tor: TorArgs) -> Result<NetworkConfig, Failure> {
    let here = tor.tor_proxy.unwrap_or(TOR_PROXY);
    let network = |mode, tor_proxy| NetworkConfig { mode, tor_proxy, ..NetworkConfig::default() };
    match asked {
        Some(ModeArg::Lan) => Err(lan::refused_for_all()),
        Some(ModeArg::Tor) => {
            let found = find_proxy(here, tor).await;
            Ok(network(NetworkMode::Tor, found.ok_or_else(|| absent(here))?))
        }
        Some(mode) => Ok(network(mode.into(), here)),
        None => Ok(match find_proxy(here, tor).await {
            Some(found) => network(NetworkMode::Tor, found),
            None => network(NetworkMode::RelayOnly, here),
        }),
    }
}

/// How a profile of a backup reaches others: as it did, wherever Tor answers on this machine. Where it does
/// not, nothing takes its place.
pub(super) async fn as_before(before: NetworkConfig, tor: TorArgs) -> NetworkConfig {
    let here = tor.tor_proxy.unwrap_or(before.tor_proxy);
    let found = match before.mode {
        NetworkMode::Tor => find_proxy(here, tor).await,
        _ => None,
    };
    NetworkConfig { tor_proxy: found.unwrap_or(here), ..before }
}

/// Tor as a service, or else that of Tor Browser, unless an address was given.
async fn find_proxy(here: SocketAddr, tor: TorArgs) -> Option<SocketAddr> {
    if is_proxy_there(here).await {
        return Some(here);
    }
    let browser = SocketAddr::new(here.ip(), TOR_BROWSER);
    (tor.tor_proxy.is_none() && is_proxy_there(browser).await).then_some(browser)
}

async fn require(proxy: SocketAddr) -> Result<(), Failure> {
    if is_proxy_there(proxy).await { Ok(()) } else { Err(absent(proxy)) }
}

fn absent(proxy: SocketAddr) -> Failure {
    Failure::new(
        Kind::Failed,
        "tor_absent",
        say!("network-tor-absent", proxy = proxy.to_string()),
        say!("network-tor-absent-next"),
    )
}

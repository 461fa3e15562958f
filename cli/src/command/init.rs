//! `init`: makes a profile.

use std::path::PathBuf;

use serde::Serialize;
use windbreak_node::api::message::Mode;
use windbreak_node::profile::{KdfCost, NetworkMode, Profile, ProfileConfig, ProfileError};
use windbreak_node::recovery::Phrase;
use zeroize::Zeroizing;

use super::{Context, guard, network, unless_interrupted, unless_stopped};
use crate::args::InitArgs;
use crate::error::{Failure, Kind};
use crate::output::{Page, Report};
use crate::passphrase::Source;
use crate::profile;
use crate::words::say;

#[derive(Serialize)]
struct Made {
    profile: PathBuf,
    network: Mode,
    tor_proxy: Option<String>,
    recovery_phrase: Zeroizing<String>,
    #[serde(skip)]
    was_not_found: bool,
}

impl Report for Made {
    fn page(&self, page: &mut Page) {
        page.text(&say!("init-profile-made", profile = self.profile.display().to_string()));
        page.hint(say!("init-keep-passphrase-well-nobody"));
        page.gap();
        match &self.tor_proxy {
            Some(proxy) => page.text(&say!(
                "init-circles-go-tor-answers",
                network = network::meaning(self.network),
                proxy
            )),
            None => page.text(&say!("init-circles-go", network = network::meaning(self.network))),
        }
        if self.was_not_found {
            page.hint(say!("init-tor-not-found-machine"));
        }
        page.gap();
        guard::show_phrase(page, &self.recovery_phrase);
        page.gap();
        page.hint(say!("init-next-windbreak-circle-new"));
    }
}

pub(super) async fn init(context: Context<'_>, args: &InitArgs) -> Result<(), Failure> {
    let folder = profile::folder(context.global)?;
    if windbreak_node::profile::exists(&folder) {
        return Err(Failure::new(
            Kind::Failed,
            "profile_exists",
            say!("init-profile-exists", folder = folder.display().to_string()),
            say!("init-profile-exists-next"),
        ));
    }
    let (chosen, passphrase) = unless_interrupted(async {
        let chosen = network::choose(args.network, args.tor).await?;
        Ok((chosen, Source::new(context.global)?.choose().await?))
    })
    .await?;
    let cost = if args.test_cost { KdfCost::TEST } else { KdfCost::DEFAULT };
    let progress = context.out.progress(say!("init-making-profile"));
    let was_not_found = args.network.is_none() && chosen.mode != NetworkMode::Tor;
    let made = unless_stopped(move |go_on| {
        let phrase = Phrase::generate().map_err(ProfileError::from)?;
        let config = ProfileConfig { network: chosen.clone(), ..ProfileConfig::default() };
        let profile = Profile::create_with(&folder, &passphrase, cost, config, |store| {
            phrase.keep_public_half(store).map_err(ProfileError::from)?;
            // A profile whose words were never told would be of little use.
            if go_on() { Ok(()) } else { Err(Failure::interrupted()) }
        })?;
        Ok(Made {
            profile: profile.folder().to_owned(),
            network: chosen.mode.into(),
            tor_proxy: (chosen.mode == NetworkMode::Tor).then(|| chosen.tor_proxy.to_string()),
            recovery_phrase: phrase.words(),
            was_not_found,
        })
    });
    let made = made.await?;
    drop(progress);
    // Also for the quiet: the words are told once.
    context.out.tell(&made)
}

//! `init`: makes a profile.

use std::path::PathBuf;

use serde::Serialize;
use windbreak_node::profile::{KdfCost, Profile, ProfileError};
use windbreak_node::recovery::Phrase;
use zeroize::Zeroizing;

use super::{Context, guard};
use crate::args::InitArgs;
use crate::error::{Failure, Kind};
use crate::output::{Page, Report};
use crate::passphrase::Source;
use crate::profile;

#[derive(Serialize)]
struct Made {
    profile: PathBuf,
    recovery_phrase: Zeroizing<String>,
}

impl Report for Made {
    fn page(&self, page: &mut Page) {
        page.text(&format!("Your profile is made, in {}.", self.profile.display()));
        page.hint(
            "Keep the passphrase well: nobody can open the profile without it, and only who knows it can set another.",
        );
        page.gap();
        guard::show_phrase(page, &self.recovery_phrase);
        page.gap();
        page.hint(
            "Next: windbreak circle new TITLE --name NAME --relay ADDRESS, or windbreak join CODE",
        );
    }
}

pub(super) async fn init(context: Context<'_>, args: &InitArgs) -> Result<(), Failure> {
    let folder = profile::folder(context.global)?;
    if windbreak_node::profile::exists(&folder) {
        return Err(Failure::new(
            Kind::Failed,
            "profile_exists",
            format!("there is a profile in {} already", folder.display()),
            "use it, or name another folder with --profile DIR",
        ));
    }
    let passphrase = Source::new(context.global)?.choose().await?;
    let cost = if args.test_cost { KdfCost::TEST } else { KdfCost::DEFAULT };
    let progress = context.out.progress("Making your profile");
    let made = tokio::task::spawn_blocking(move || {
        let profile = Profile::create(&folder, &passphrase, cost)?;
        let phrase = Phrase::generate().map_err(ProfileError::from)?;
        let mut store = profile.open_store().map_err(ProfileError::from)?;
        phrase.keep_public_half(&mut store).map_err(ProfileError::from)?;
        let profile = profile.folder().to_owned();
        Ok::<_, Failure>(Made { profile, recovery_phrase: phrase.words() })
    });
    let made = made.await.map_err(|_| Failure::interrupted())??;
    drop(progress);
    // Also for the quiet: the words are told once.
    context.out.tell(&made)
}

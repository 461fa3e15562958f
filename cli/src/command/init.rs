//! `init`: makes a profile.

use std::path::PathBuf;

use serde::Serialize;
use windbreak_node::profile::{KdfCost, Profile};

use super::Context;
use crate::args::InitArgs;
use crate::error::{Failure, Kind};
use crate::output::{Page, Report};
use crate::passphrase::Source;
use crate::profile;

#[derive(Serialize)]
struct Made {
    profile: PathBuf,
}

impl Report for Made {
    fn page(&self, page: &mut Page) {
        page.text(&format!("Your profile is made, in {}.", self.profile.display()));
        page.hint(
            "Keep the passphrase well: nobody can open the profile without it, and nobody can set a new one.",
        );
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
        Ok::<_, Failure>(profile.folder().to_owned())
    });
    let profile = made.await.map_err(|_| Failure::interrupted())??;
    drop(progress);
    context.out.confirm_done(&Made { profile })
}

//! `hidden`: another profile in the same folder, and perhaps a companion of it in another one.
//! Clauses: specs/07-store S-15, S-21.

use std::io::{self, ErrorKind};
use std::path::{Component, Path, PathBuf};

use serde::Serialize;
use windbreak_node::lived_in::{self, Place};
use windbreak_node::private::PrivateError;
use windbreak_node::profile::{Profile, ProfileConfig, ProfileError, discard};
use windbreak_node::recovery::Phrase;
use windbreak_protocol::secret::SecretBytes;
use zeroize::Zeroizing;

use super::guard::show_phrase;
use super::{Context, confirm, unless_interrupted, unless_stopped};
use crate::args::{HiddenCommand, NewHiddenArgs};
use crate::error::{Failure, Kind};
use crate::output::{Page, Report};
use crate::passphrase::{self, Source};
use crate::session;
use crate::words::{self, Language, say};

/// The code of what is left for a person to remove.
pub(super) const COMPANION_LEFT: &str = "companion_left";

#[derive(Serialize)]
struct Hidden {
    recovery_phrase: Zeroizing<String>,
    companion: Option<Companion>,
}

#[derive(Serialize)]
struct Companion {
    profile: PathBuf,
    recovery_phrase: Zeroizing<String>,
}

impl Report for Hidden {
    fn page(&self, page: &mut Page) {
        page.text(say!("hidden-other-profile-made-passphrase"));
        match &self.companion {
            None => page.hint(say!("hidden-use-now-then-made")),
            Some(companion) => {
                let folder = companion.profile.display().to_string();
                page.text(&say!("hidden-one-others-circle-profile", folder));
                page.hint(&say!("hidden-now-then-say-something", folder));
                page.hint(say!("hidden-keep-folder-elsewhere-beside"));
            }
        }
        page.gap();
        show_phrase(page, &self.recovery_phrase);
        if let Some(companion) = &self.companion {
            page.gap();
            page.text(say!("hidden-companion"));
            show_phrase(page, &companion.recovery_phrase);
        }
    }
}

pub(super) async fn make(context: Context<'_>, command: HiddenCommand) -> Result<(), Failure> {
    let HiddenCommand::New(args) = command;
    let Asked { folder, passphrase, fresh, keep, companion } =
        unless_interrupted(ask(context, args)).await?;
    let progress = context.out.progress(say!("hidden-making-other-profile"));
    let language = spoken_there(words::language());
    let made = unless_stopped(move |go_on| {
        let profile = Profile::open(&folder, &passphrase)?;
        make_hidden(&profile, &fresh, &keep, companion, language, go_on)
    });
    let made = made.await?;
    drop(progress);
    context.out.tell(&made)
}

/// What is needed to make one.
struct Asked {
    folder: PathBuf,
    passphrase: SecretBytes,
    fresh: SecretBytes,
    keep: Vec<SecretBytes>,
    /// Where its companion is made, and the passphrase of that.
    companion: Option<(PathBuf, SecretBytes)>,
}

async fn ask(context: Context<'_>, args: NewHiddenArgs) -> Result<Asked, Failure> {
    let NewHiddenArgs { new_passphrase_file, keep_passphrase_file, yes, .. } = args;
    let folder = session::closed_folder(context.global).await?;
    check_relays(&folder)?;
    let companion = match args.companion {
        Some(place) => Some(place_for_a_companion(&folder, &place)?),
        None => None,
    };
    let question = say!("hidden-profile-folder-whose-passphrase");
    confirm(context, yes, question).await?;
    let passphrase = Source::new(context.global)?.read().await?;
    let source = Source::named(new_passphrase_file, say!("hidden-passphrase-new-profile"))?;
    let fresh = source.choose_called(say!("hidden-other-profile")).await?;
    let keep = keep_passphrase_file.iter().map(|path| passphrase::from_file(path));
    let keep = keep.collect::<Result<Vec<_>, _>>()?;
    let companion = match companion {
        Some(place) => {
            let source = Source::named(
                args.companion_passphrase_file,
                say!("hidden-companions-passphrase"),
            )?;
            Some((place, source.choose_called(say!("hidden-companion-2")).await?))
        }
        None => None,
    };
    Ok(Asked { folder, passphrase, fresh, keep, companion })
}

/// Refuses where no relay is known: a circle that nobody could have talked in would tell, and nobody
/// could go on with it.
fn check_relays(folder: &Path) -> Result<(), Failure> {
    if Profile::read_config(folder)?.relays.is_empty() {
        return Err(Failure::new(
            Kind::Failed,
            "hidden_needs_relay",
            say!("hidden-needs-relay"),
            say!("hidden-needs-relay-next"),
        ));
    }
    Ok(())
}

/// Where a companion's profile is made: not in the folder that must not tell of it.
fn place_for_a_companion(folder: &Path, place: &Path) -> Result<PathBuf, Failure> {
    let cannot = |error| Failure::file(say!("hidden-cannot-use-companions-folder"), place, &error);
    let resolved = resolve(place).map_err(cannot)?;
    if resolved.starts_with(folder.canonicalize().map_err(cannot)?) {
        return Err(Failure::new(
            Kind::Usage,
            "companion_inside",
            say!("hidden-companion-inside"),
            say!("hidden-companion-inside-next"),
        ));
    }
    Ok(resolved)
}

/// Where a path leads that need not be there yet: links are followed as far as there is anything.
fn resolve(path: &Path) -> io::Result<PathBuf> {
    let mut resolved = PathBuf::new();
    for component in std::path::absolute(path)?.components() {
        match component {
            Component::ParentDir => {
                resolved.pop();
            }
            component => resolved.push(component),
        }
        if resolved.symlink_metadata().is_ok() {
            resolved = resolved.canonicalize()?;
        }
    }
    Ok(resolved)
}

/// What people in a made-up circle speak: what the program speaks to whoever makes it.
fn spoken_there(language: Language) -> lived_in::Language {
    match language {
        Language::English => lived_in::Language::English,
        Language::German => lived_in::Language::German,
        Language::Spanish => lived_in::Language::Spanish,
    }
}

fn make_hidden(
    profile: &Profile,
    fresh: &SecretBytes,
    keep: &[SecretBytes],
    companion: Option<(PathBuf, SecretBytes)>,
    language: lived_in::Language,
    go_on: &dyn Fn() -> bool,
) -> Result<Hidden, Failure> {
    let new_phrase = || Phrase::generate().map_err(ProfileError::from);
    let (phrase, other_phrase) = (new_phrase()?, new_phrase()?);
    let (config, cost) = (profile.config(), profile.cost()?);
    let add = |theirs: Option<Place<'_>>| {
        profile.add_hidden(fresh, keep, |store| {
            lived_in::fill(Place { store, phrase: &phrase }, theirs, &config.relays, language)?;
            if go_on() { Ok(()) } else { Err(PrivateError::Io(ErrorKind::Interrupted).into()) }
        })
    };
    let Some((place, passphrase)) = companion else {
        add(None)?;
        return Ok(Hidden { recovery_phrase: phrase.words(), companion: None });
    };
    let mut is_begun = false;
    let of_companion =
        ProfileConfig { network: config.network.clone(), ..ProfileConfig::default() };
    // Only once there is the other profile does its companion exist: wherever this is cut off, no folder
    // can be opened that tells of one that is not there.
    let made = Profile::create_with(&place, &passphrase, cost, of_companion, |store| {
        is_begun = true;
        add(Some(Place { store, phrase: &other_phrase }))
    });
    let made = match made {
        Ok(made) => made,
        Err(why) => {
            // A companion of nobody: it would tell that there was to be another profile.
            if is_begun {
                discard(&place).map_err(|error| left_over(&error))?;
            }
            return Err(why.into());
        }
    };
    let companion =
        Companion { profile: made.folder().to_owned(), recovery_phrase: other_phrase.words() };
    Ok(Hidden { recovery_phrase: phrase.words(), companion: Some(companion) })
}

/// Says that the folder of a companion could not be removed.
fn left_over(error: &dyn std::error::Error) -> Failure {
    Failure::new(
        Kind::Failed,
        COMPANION_LEFT,
        say!("hidden-companion-left", error = words::known(&error.to_string())),
        say!("hidden-companion-left-next"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_followed_through_links_and_back_up() {
        let root = tempfile::tempdir().unwrap();
        let root = root.path().canonicalize().unwrap();
        let profile = root.join("profile");
        std::fs::create_dir(&profile).unwrap();
        std::os::unix::fs::symlink(&profile, root.join("link")).unwrap();
        for inside in
            ["link/wren", "profile/../link/wren", "nowhere/../profile/wren", "profile/a/../wren"]
        {
            assert_eq!(resolve(&root.join(inside)).unwrap(), profile.join("wren"), "{inside}");
        }
        assert_eq!(resolve(&root.join("link/../wren")).unwrap(), root.join("wren"));
    }
}

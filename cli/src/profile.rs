//! Which folder is the profile, and which the relay's: typed, from the environment, or the usual
//! place for data of this user.

use std::path::PathBuf;

use crate::args::GlobalArgs;
use crate::error::{Failure, Kind};
use crate::words::say;

/// The folder of the profile.
pub(crate) fn folder(global: &GlobalArgs) -> Result<PathBuf, Failure> {
    chosen(global, "default")
}

/// The folder of the relay.
pub(crate) fn relay_folder(global: &GlobalArgs) -> Result<PathBuf, Failure> {
    chosen(global, "relay")
}

fn chosen(global: &GlobalArgs, name: &str) -> Result<PathBuf, Failure> {
    if let Some(folder) = &global.profile {
        return Ok(folder.clone());
    }
    if let Some(folder) = std::env::var_os("WINDBREAK_PROFILE").filter(|folder| !folder.is_empty())
    {
        return Ok(folder.into());
    }
    let places = directories::ProjectDirs::from("", "", "windbreak").ok_or_else(|| {
        Failure::new(Kind::Failed, "no_home", say!("profile-no-home"), say!("profile-no-home-next"))
    })?;
    Ok(places.data_dir().join(name))
}

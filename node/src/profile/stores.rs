//! The four stores of a profile's folder: one that is open, and three of which it is not known
//! whether they are anybody's. Clause: specs/07-store S-15.

use std::fs;
use std::path::{Path, PathBuf};

use windbreak_protocol::secret::SecretBytes;

use super::header::{Header, HeaderError, Slot};
use super::{ProfileError, config_path, header_path, replace_header};
use crate::private::{self, PrivateError};
use crate::store::chaff::{self, GoOn, Size};
use crate::store::{self, SledStore, StoreError, StoreKey};

/// Memory for the pages of a store that is only made, in bytes.
const CACHE_BYTES: u64 = 2 * 1024 * 1024;
/// Stores whose files of records differ by no more are alike, in bytes: two segments of sled (S-22).
const ALIKE: u64 = 1024 * 1024;
/// How many bytes may lack, each time that stores are made larger: none at first, then what does not show,
/// so that most are opened once, which the database notes (S-15). Then the rest is left for the next time.
const SPARED: [u64; 4] = [0, ALIKE, ALIKE, ALIKE];
/// Stands in the folder while a profile is being made: what lies there is nobody's yet.
const MAKING: &str = "making";

/// Where the store of a slot is.
pub(super) fn folder(profile: &Path, slot: Slot) -> PathBuf {
    profile.join("stores").join(slot.number().to_string())
}

/// Where the one store of schema 1 was.
fn first_folder(profile: &Path) -> PathBuf {
    profile.join("store")
}

/// Where a store is made that takes another's place.
fn building(profile: &Path) -> PathBuf {
    profile.join("stores").join("next")
}

/// Says that a profile is being made here.
pub(super) fn begin(profile: &Path) -> Result<(), ProfileError> {
    if is_begun(profile) {
        store::remove(&profile.join("stores"))?;
    }
    Ok(private::replace_file(&profile.join(MAKING), b"")?)
}

/// Whether a profile was being made here and is not finished.
pub(super) fn is_begun(profile: &Path) -> bool {
    profile.join(MAKING).symlink_metadata().is_ok()
}

/// Says that it is made.
pub(super) fn end(profile: &Path) -> Result<(), ProfileError> {
    Ok(private::remove_if_there(&profile.join(MAKING))?)
}

/// Makes a store for every slot but one, each under a key that is forgotten at once.
pub(super) fn make_unused(profile: &Path, used: Slot) -> Result<(), ProfileError> {
    let mut unused = Slot::ALL.into_iter().filter(|slot| *slot != used);
    unused.try_for_each(|slot| make(profile, slot, &StoreKey::generate()?))
}

/// Makes a store for every slot, that of `own` under `key`. In the order of the slots, whichever it
/// is: when files were made shows.
pub(super) fn make_all(profile: &Path, own: Slot, key: &StoreKey) -> Result<(), ProfileError> {
    Slot::ALL.into_iter().try_for_each(|slot| {
        if slot == own {
            make(profile, slot, key)
        } else {
            make(profile, slot, &StoreKey::generate()?)
        }
    })
}

/// Makes a store for a slot, in place of the one that is there.
pub(super) fn make(profile: &Path, slot: Slot, key: &StoreKey) -> Result<(), ProfileError> {
    let folder = folder(profile, slot);
    store::remove(&folder)?;
    drop(SledStore::make(&folder, key, CACHE_BYTES)?);
    Ok(())
}

/// From schema 1, with one slot and one store: gives the slot that the store gets. The header comes
/// last but for the move of the store, which [`settle_first`] makes good if it did not happen.
pub(super) fn from_first(
    profile: &Path,
    header: &Header,
    key: &StoreKey,
    passphrase: &SecretBytes,
) -> Result<Slot, ProfileError> {
    let slot = Slot::any_of(&Slot::ALL)?.ok_or(HeaderError::NoRandomness)?;
    // While the header is of schema 1, they were left by an attempt that ended: for another slot.
    store::remove(&profile.join("stores"))?;
    make_unused(profile, slot)?;
    let fresh = Header::new(key, slot, passphrase, header.cost()?)?;
    replace_header(profile, &fresh)?;
    Ok(slot)
}

/// Moves the store of schema 1 to its slot, if it is still where it was.
pub(super) fn settle_first(profile: &Path, slot: Slot) -> Result<(), ProfileError> {
    let (old, new) = (first_folder(profile), folder(profile, slot));
    if old.symlink_metadata().is_ok() && new.symlink_metadata().is_err() {
        private::create_folder(&profile.join("stores"))?;
        fs::rename(old, new).map_err(PrivateError::from)?;
        private::sync_folder(profile)?;
    }
    Ok(())
}

/// A new store that takes another's place by [`put_in_place`]. It is opened a second time while nothing
/// stands in it, as those that nobody uses are before they are filled up: the database then notes the same
/// of its file (S-15).
pub(super) fn build(profile: &Path, key: &StoreKey) -> Result<SledStore, ProfileError> {
    let folder = building(profile);
    store::remove(&folder)?;
    drop(SledStore::make(&folder, key, CACHE_BYTES)?);
    Ok(SledStore::open(&folder, key, CACHE_BYTES)?)
}

/// Puts the store that was built, and is closed, into a slot.
pub(super) fn put_in_place(profile: &Path, slot: Slot) -> Result<(), ProfileError> {
    let folder = folder(profile, slot);
    chaff::pad_closed(&building(profile), Size::of(&folder), &|| true)?;
    chaff::touch_closed(&building(profile), Size::of(&folder))?;
    store::remove(&folder)?;
    fs::rename(building(profile), folder).map_err(PrivateError::from)?;
    Ok(private::sync_folder(&profile.join("stores"))?)
}

/// The size of the largest store.
pub(super) fn largest(profile: &Path) -> Size {
    let sizes = Slot::ALL.into_iter().map(|slot| Size::of(&folder(profile, slot)));
    sizes.fold(Size::default(), Size::max)
}

/// Bytes of all stores together, whoever's they are.
pub(super) fn taken(profile: &Path) -> u64 {
    Slot::ALL.into_iter().map(|slot| Size::of(&folder(profile, slot)).all()).sum()
}

/// What stood in the way of what was done to all stores. One that cannot be used keeps none of the others
/// from being made alike, and is not taken for the one of whoever asks.
pub(super) struct Trouble {
    own: Slot,
    of_own: Result<(), StoreError>,
    of_others: Result<(), StoreError>,
}

impl Trouble {
    /// None yet, for the profile of a slot.
    pub(super) fn none(own: Slot) -> Self {
        Self { own, of_own: Ok(()), of_others: Ok(()) }
    }

    /// Takes note of what became of the store of a slot.
    pub(super) fn note(&mut self, slot: Slot, outcome: Result<(), StoreError>) {
        let found = if slot == self.own { &mut self.of_own } else { &mut self.of_others };
        *found = found.and(outcome);
    }

    /// What is to be told of it.
    pub(super) fn outcome(self) -> Result<(), ProfileError> {
        self.of_own?;
        self.of_others.map_err(ProfileError::beside)
    }
}

/// Makes all stores alike, as far as `go_on` lets it; none is open.
pub(super) fn even_out(profile: &Path, own: Slot, go_on: GoOn<'_>) -> Result<(), ProfileError> {
    let mut trouble = Trouble::none(own);
    until_alike(profile, go_on, &mut |spared| {
        let size = largest(profile).less(spared);
        for slot in smallest_first(profile) {
            let there = there(profile, slot);
            trouble.note(slot, there.and_then(|store| chaff::pad_closed(&store, size, go_on)));
        }
        Ok(())
    })?;
    let size = largest(profile);
    for slot in Slot::ALL {
        trouble.note(slot, chaff::touch_closed(&folder(profile, slot), size));
    }
    let timed = same_times(profile);
    trouble.outcome()?;
    Ok(timed?)
}

/// Gives the stores, what lies in them, and what lies beside them one time: a header or a file that
/// alone is of another moment would say what was done then.
pub(super) fn same_times(profile: &Path) -> Result<(), StoreError> {
    let beside = [header_path(profile), config_path(profile), profile.join("stores")];
    let beside = beside.into_iter().chain([profile.to_owned()]).collect::<Vec<_>>();
    chaff::same_times(&Slot::ALL.map(|slot| folder(profile, slot)), &beside)
}

/// The same while the store of `own` is open: it is made larger by `pad_own`, which is told its size.
pub(super) fn even_out_beside(
    profile: &Path,
    own: Slot,
    pad_own: &mut dyn FnMut(u64) -> Result<(), StoreError>,
    go_on: GoOn<'_>,
) -> Result<(), ProfileError> {
    let others = || smallest_first(profile).into_iter().filter(|slot| *slot != own);
    let mut trouble = Trouble::none(own);
    until_alike(profile, go_on, &mut |spared| {
        pad_own(largest(profile).less(spared).records)?;
        let size = largest(profile).less(spared);
        for slot in others() {
            let there = there(profile, slot);
            trouble.note(slot, there.and_then(|store| chaff::pad_closed(&store, size, go_on)));
        }
        Ok(())
    })?;
    let size = largest(profile);
    for slot in others() {
        trouble.note(slot, chaff::touch_closed(&folder(profile, slot), size));
    }
    trouble.outcome()
}

/// Has stores made as large as the largest, but for so many bytes, until they are alike. Opening one to
/// fill it up can make it longer than that, or shorter: the database cuts off what it does not need,
/// and what is open grows meanwhile. So they are looked at again.
fn until_alike(
    profile: &Path,
    go_on: GoOn<'_>,
    pad: &mut dyn FnMut(u64) -> Result<(), StoreError>,
) -> Result<(), ProfileError> {
    for spared in SPARED {
        pad(spared)?;
        if spread(profile) <= ALIKE || !go_on() {
            break;
        }
    }
    Ok(())
}

/// The stores in the order of what they lack: there may be no time for all.
fn smallest_first(profile: &Path) -> [Slot; 4] {
    let mut slots = Slot::ALL;
    slots.sort_by_key(|slot| Size::of(&folder(profile, *slot)).records);
    slots
}

/// By how much the files of records differ, in bytes.
fn spread(profile: &Path) -> u64 {
    let sizes = Slot::ALL.map(|slot| Size::of(&folder(profile, slot)).records);
    sizes.iter().max().zip(sizes.iter().min()).map_or(0, |(most, least)| most - least)
}

/// The folder of a store, which is there.
fn there(profile: &Path, slot: Slot) -> Result<PathBuf, StoreError> {
    // A profile that was destroyed while its node ends: nothing is made there again.
    if !super::exists(profile) && !is_begun(profile) {
        return Err(StoreError::Stopped);
    }
    let folder = folder(profile, slot);
    if folder.symlink_metadata().is_err() {
        // A death between taking a store away and putting another in its place.
        drop(SledStore::make(&folder, &StoreKey::generate()?, CACHE_BYTES)?);
    }
    Ok(folder)
}

/// Removes what making a store left when it was interrupted.
pub(super) fn clear(profile: &Path) -> Result<(), ProfileError> {
    Ok(store::remove(&building(profile))?)
}

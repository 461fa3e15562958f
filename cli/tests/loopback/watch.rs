//! Watches what a process does to the files of a folder, and goes through it again: at many points it
//! lays out what a disk would hold if the power had failed there.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use crate::platter::{Deed, Draw, Left, Platter};
use crate::preload::library;
use crate::search::files_under;
use crate::stage::{Party, Stage};

/// Bytes of a deed before its path.
const HEAD: usize = 1 + 8 + 8 + 4 + 4;
/// Disks that are laid out for each point: what is certain alone, and others that are drawn.
const DISKS: usize = 3;
/// Where images lie, if there is such a folder: nothing of them is to last.
const MEMORY: &str = "/dev/shm";

/// A folder that is watched, as it was before.
pub(crate) struct Watch {
    folder: PathBuf,
    journal: PathBuf,
    library: String,
    before: Platter,
}

/// A point in what was done.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(crate) struct Point(usize);

impl Watch {
    /// Begins; none where a process cannot be watched, which is said.
    pub(crate) fn over(stage: &Stage, folder: &Path) -> Option<Self> {
        let library = library(stage, "power")?;
        let journal = stage.folder("journal");
        let _ = fs::remove_file(&journal);
        let before = Platter::of(folder);
        Some(Self { folder: folder.to_owned(), journal, library, before })
    }

    /// What a shell does before it starts the program that is watched.
    pub(crate) fn shell(&self) -> String {
        let (library, journal) = (&self.library, self.journal.display());
        let folder = self.folder.display();
        format!("export LD_PRELOAD={library} POWER_UNDER={folder} POWER_JOURNAL={journal}")
    }

    /// The same, of a process that syncs no file while there is one at `flag`.
    pub(crate) fn shell_that_fails(&self, flag: &Path) -> String {
        format!("{} POWER_FLAG={}", self.shell(), flag.display())
    }

    /// Ends a process that is watched as a power cut would. Nothing it did is missing then.
    pub(crate) fn kills(&self, party: &mut Party) {
        let journal = fs::File::open(&self.journal).unwrap();
        journal.lock().unwrap();
        party.is_killed();
    }

    /// How far it has come: what is done from here on is not done yet.
    pub(crate) fn point(&self) -> Point {
        Point(fs::metadata(&self.journal).map_or(0, |journal| journal.len() as usize))
    }

    /// How often the process waited for the disk since `from`, and how many bytes it wrote.
    pub(crate) fn cost_since(&self, from: Point) -> (usize, usize) {
        let journal = fs::read(&self.journal).expect("what the process did is not in the journal");
        let since = deeds(&journal).into_iter().filter(|(point, _)| *point > from);
        since.fold((0, 0), |(waits, bytes), (_, deed)| match deed {
            Deed::Synced { .. } | Deed::SyncedFolder { .. } => (waits + 1, bytes),
            Deed::Wrote { bytes: wrote, .. } => (waits, bytes + wrote.len()),
            _ => (waits, bytes),
        })
    }

    /// Loses power at about `count` points, before and after steps of what was done, and has each disk
    /// that may be left then looked at.
    pub(crate) fn loses_power(self, count: usize, seed: u64, look: &mut dyn FnMut(Point, &Path)) {
        let journal = fs::read(&self.journal).expect("what the process did is not in the journal");
        let deeds = deeds(&journal);
        assert_nothing_was_missed(&self.before, &deeds, &self.folder);
        let is_step = |at: usize| deeds.get(at).is_some_and(|(_, deed)| deed.is_step());
        let points: Vec<usize> =
            (1..deeds.len()).filter(|at| is_step(*at) || is_step(*at - 1)).collect();
        let (mut disk, mut draw) = (self.before, Draw(seed));
        for (number, (point, deed)) in deeds.iter().enumerate() {
            disk.does(deed);
            let at = number + 1;
            let is_one =
                points.binary_search(&at).is_ok() && draw.below(points.len() as u64) < count as u64;
            if is_one || at == deeds.len() {
                for disk_number in 0..DISKS {
                    let [names, bytes] = what_is_left(disk_number, &mut draw);
                    let what = format!("deed {at}, names {names:?}, bytes {bytes:?}");
                    let image = Image { place: Some(place()), what };
                    disk.left(&image.folder(), names, bytes, &mut draw);
                    look(*point, &image.folder());
                }
            }
        }
    }
}

/// A disk that is looked at. Where a test fails, it stays for whoever looks into it.
struct Image {
    place: Option<TempDir>,
    what: String,
}

impl Image {
    fn folder(&self) -> PathBuf {
        self.place.as_ref().unwrap().path().join("image")
    }
}

impl Drop for Image {
    fn drop(&mut self) {
        if std::thread::panicking()
            && let Some(place) = self.place.take()
        {
            eprintln!("{} is left in {}", self.what, place.keep().display());
        }
    }
}

/// What is certain alone; then anything.
fn what_is_left(disk: usize, draw: &mut Draw) -> [Left; 2] {
    const EACH: [Left; 3] = [Left::Any, Left::All, Left::Nothing];
    match disk {
        0 => [Left::Nothing; 2],
        // Names that are ahead of what is in the files are what most programs forget.
        1 => [Left::All, EACH[draw.below(3) as usize]],
        _ => [EACH[draw.below(3) as usize], Left::Any],
    }
}

/// Where an image lies.
fn place() -> TempDir {
    let mut place = tempfile::Builder::new();
    let place = place.prefix("windbreak-power-");
    if Path::new(MEMORY).is_dir() { place.tempdir_in(MEMORY) } else { place.tempdir() }.unwrap()
}

/// With all that the journal tells, the disk is what lies in the folder: it tells of everything.
fn assert_nothing_was_missed(before: &Platter, deeds: &[(Point, Deed)], folder: &Path) {
    let mut disk = before.clone();
    deeds.iter().for_each(|(_, deed)| disk.does(deed));
    let place = place();
    let image = place.path().join("image");
    disk.left(&image, Left::All, Left::All, &mut Draw(0));
    let all = |folder: &Path| -> BTreeMap<PathBuf, Vec<u8>> {
        let files = files_under(folder).into_iter();
        let named = files.map(|path| (path.strip_prefix(folder).unwrap().to_owned(), path));
        named.map(|(name, path)| (name, fs::read(path).unwrap())).collect()
    };
    let (told, is_there) = (all(&image), all(folder));
    assert_eq!(told.keys().collect::<Vec<_>>(), is_there.keys().collect::<Vec<_>>());
    for (name, bytes) in &told {
        assert!(*bytes == is_there[name], "the journal tells otherwise of {}", name.display());
    }
}

/// The deeds in a journal, each with the point after it.
fn deeds(journal: &[u8]) -> Vec<(Point, Deed)> {
    let mut deeds = Vec::new();
    let mut rest = journal;
    while !rest.is_empty() {
        let (head, behind) = rest.split_at(HEAD);
        let number = |at: usize| u64::from_ne_bytes(head[at..at + 8].try_into().unwrap());
        let length = |at: usize| u32::from_ne_bytes(head[at..at + 4].try_into().unwrap()) as usize;
        let (path, behind) = behind.split_at(length(17));
        let (bytes, behind) = behind.split_at(length(21));
        let as_path = |bytes: &[u8]| PathBuf::from(OsStr::from_bytes(bytes));
        let (file, value, path) = (number(1), number(9), as_path(path));
        let deed = match head[0] {
            b'o' => Deed::Opened { path, file, made: value & 1 != 0, cut: value & 2 != 0 },
            b'w' => Deed::Wrote { file, at: value, bytes: bytes.to_vec() },
            b't' => Deed::Length { file, length: value },
            b'f' => Deed::NotSynced { file },
            b's' if path.as_os_str().is_empty() => Deed::Synced { file },
            b's' => Deed::SyncedFolder { path },
            b'r' => Deed::Renamed { from: path, to: as_path(bytes) },
            b'u' => Deed::Removed { path },
            b'm' => Deed::MadeFolder { path },
            what => panic!("the journal tells of {what}"),
        };
        rest = behind;
        deeds.push((Point(journal.len() - rest.len()), deed));
    }
    deeds
}

//! A disk that loses what was not synced, as a model: which bytes and names are there for certain, and
//! what may be there of the rest when the power fails.
//!
//! Of a file, what was written since it was synced last is lost or kept sector by sector. A name is
//! there for certain once its folder was synced; names that came, went or changed since are kept in
//! their order up to any of them, as file systems with a journal do it, or not at all.

use std::collections::{BTreeMap, HashMap};
use std::ffi::{OsStr, OsString};
use std::fs;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt};
use std::path::{Component, Path, PathBuf};

/// What a disk writes as a whole, in bytes.
const SECTOR: u64 = 512;
/// The folder that is watched.
const ROOT: usize = 0;

/// What a process did to files.
#[derive(Debug)]
pub(crate) enum Deed {
    /// Made a file, or cut one to nothing, by opening it.
    Opened {
        path: PathBuf,
        file: u64,
        made: bool,
        cut: bool,
    },
    Wrote {
        file: u64,
        at: u64,
        bytes: Vec<u8>,
    },
    Length {
        file: u64,
        length: u64,
    },
    Synced {
        file: u64,
    },
    /// Could not sync a file. The system says so once, and takes what was written for written.
    NotSynced {
        file: u64,
    },
    SyncedFolder {
        path: PathBuf,
    },
    Renamed {
        from: PathBuf,
        to: PathBuf,
    },
    Removed {
        path: PathBuf,
    },
    MadeFolder {
        path: PathBuf,
    },
}

impl Deed {
    /// Whether more than bytes changed: before and after it is when power is lost to most effect.
    pub(crate) fn is_step(&self) -> bool {
        !matches!(self, Self::Wrote { .. } | Self::Length { .. })
    }
}

/// What is left of what was not synced.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Left {
    Nothing,
    Any,
    All,
}

#[derive(Clone)]
enum Node {
    File { kept: Vec<u8>, since: Vec<Change> },
    Folder(Names),
}

type Names = BTreeMap<OsString, usize>;

#[derive(Clone)]
enum Change {
    Bytes(u64, Vec<u8>),
    Length(u64),
}

/// A name in a folder.
#[derive(Clone, PartialEq)]
struct Name(usize, OsString);

/// What became of a name since its folder was synced.
#[derive(Clone)]
enum Naming {
    Put(Name, usize),
    Take(Name, usize),
    Move(Name, Name, usize),
}

impl Naming {
    fn is_in(&self, folder: usize) -> bool {
        match self {
            Self::Put(name, _) | Self::Take(name, _) => name.0 == folder,
            Self::Move(from, to, _) => from.0 == folder || to.0 == folder,
        }
    }

    /// Makes it certain.
    fn make(&self, kept: &mut [Names]) {
        if let Self::Take(name, node) | Self::Move(name, _, node) = self
            && kept[name.0].get(&name.1) == Some(node)
        {
            kept[name.0].remove(&name.1);
        }
        if let Self::Put(name, node) | Self::Move(_, name, node) = self {
            kept[name.0].insert(name.1.clone(), *node);
        }
    }
}

/// The disk.
#[derive(Clone)]
pub(crate) struct Platter {
    folder: PathBuf,
    nodes: Vec<Node>,
    /// The names that each folder has for certain; a file has none.
    kept: Vec<Names>,
    /// Files by the numbers that the system gives them; it gives those of files that are gone again.
    files: HashMap<u64, usize>,
    since: Vec<Naming>,
}

impl Platter {
    /// All that lies in a folder now, and is there for certain.
    pub(crate) fn of(folder: &Path) -> Self {
        let mut platter = Self {
            folder: folder.to_owned(),
            nodes: Vec::new(),
            kept: Vec::new(),
            files: HashMap::new(),
            since: Vec::new(),
        };
        platter.add(Node::Folder(Names::new()));
        if folder.exists() {
            platter.take_in(folder, ROOT);
        }
        platter
    }

    fn take_in(&mut self, folder: &Path, at: usize) {
        for entry in fs::read_dir(folder).unwrap() {
            let entry = entry.unwrap();
            let (path, metadata) = (entry.path(), entry.metadata().unwrap());
            let node = if metadata.is_dir() {
                let node = self.add(Node::Folder(Names::new()));
                self.take_in(&path, node);
                node
            } else if metadata.is_file() {
                let kept = fs::read(&path).unwrap();
                let node = self.add(Node::File { kept, since: Vec::new() });
                self.files.insert(metadata.ino(), node);
                node
            } else {
                continue;
            };
            self.kept[at].insert(entry.file_name(), node);
            self.names(at).insert(entry.file_name(), node);
        }
    }

    fn add(&mut self, node: Node) -> usize {
        self.nodes.push(node);
        self.kept.push(Names::new());
        self.nodes.len() - 1
    }

    /// The names in a folder now.
    fn names(&mut self, folder: usize) -> &mut Names {
        match &mut self.nodes[folder] {
            Node::Folder(now) => now,
            Node::File { .. } => panic!("a file is no folder"),
        }
    }

    fn file(&mut self, number: u64) -> (&mut Vec<u8>, &mut Vec<Change>) {
        let node = self.files.get(&number).unwrap_or_else(|| panic!("nobody made {number}"));
        match &mut self.nodes[*node] {
            Node::File { kept, since } => (kept, since),
            Node::Folder(_) => panic!("a folder is no file"),
        }
    }

    /// The parts of a path under the folder that is watched.
    fn parts<'a>(&self, path: &'a Path) -> Vec<&'a OsStr> {
        let path = path.strip_prefix(&self.folder).unwrap();
        path.components().map(Component::as_os_str).collect()
    }

    fn folder_at(&self, parts: &[&OsStr]) -> usize {
        parts.iter().fold(ROOT, |at, part| match &self.nodes[at] {
            Node::Folder(now) => now[*part],
            Node::File { .. } => panic!("a file is no folder"),
        })
    }

    fn name_of(&self, path: &Path) -> Name {
        let parts = self.parts(path);
        let (last, folder) = parts.split_last().unwrap();
        Name(self.folder_at(folder), (*last).to_owned())
    }

    fn put(&mut self, path: &Path, node: Node) -> usize {
        let (name, node) = (self.name_of(path), self.add(node));
        self.names(name.0).insert(name.1.clone(), node);
        self.since.push(Naming::Put(name, node));
        node
    }

    /// Something is done.
    pub(crate) fn does(&mut self, deed: &Deed) {
        match deed {
            Deed::Opened { path, file, made: true, .. } => {
                let node = self.put(path, Node::File { kept: Vec::new(), since: Vec::new() });
                self.files.insert(*file, node);
            }
            Deed::Opened { file, cut, .. } => {
                if *cut {
                    self.file(*file).1.push(Change::Length(0));
                }
            }
            Deed::Wrote { file, at, bytes } => {
                self.file(*file).1.push(Change::Bytes(*at, bytes.clone()));
            }
            Deed::Length { file, length } => self.file(*file).1.push(Change::Length(*length)),
            Deed::Synced { file } => {
                let (kept, since) = self.file(*file);
                since.drain(..).for_each(|change| change.make(kept, |_| true));
            }
            Deed::NotSynced { file } => self.file(*file).1.clear(),
            Deed::SyncedFolder { path } => {
                let folder = self.folder_at(&self.parts(path));
                for naming in self.since.extract_if(.., |naming| naming.is_in(folder)) {
                    naming.make(&mut self.kept);
                }
            }
            Deed::Renamed { from, to } => {
                let (from, to) = (self.name_of(from), self.name_of(to));
                // Sockets have names, too, and are no files.
                let Some(node) = self.names(from.0).remove(&from.1) else { return };
                self.names(to.0).insert(to.1.clone(), node);
                self.since.push(Naming::Move(from, to, node));
            }
            Deed::Removed { path } => {
                let name = self.name_of(path);
                let Some(node) = self.names(name.0).remove(&name.1) else { return };
                self.since.push(Naming::Take(name, node));
            }
            Deed::MadeFolder { path } if *path == self.folder => {}
            Deed::MadeFolder { path } => {
                self.put(path, Node::Folder(Names::new()));
            }
        }
    }

    /// Lays out in `place` what is there after the power failed now.
    pub(crate) fn left(&self, place: &Path, names: Left, bytes: Left, draw: &mut Draw) {
        let mut kept = self.kept.clone();
        let many = match names {
            Left::Nothing => 0,
            Left::Any => draw.below(self.since.len() as u64 + 1) as usize,
            Left::All => self.since.len(),
        };
        for naming in &self.since[..many] {
            naming.make(&mut kept);
        }
        self.lay_out(place, &kept, ROOT, bytes, draw);
    }

    fn lay_out(&self, place: &Path, kept: &[Names], at: usize, bytes: Left, draw: &mut Draw) {
        fs::DirBuilder::new().recursive(true).mode(0o700).create(place).unwrap();
        for (name, node) in &kept[at] {
            let path = place.join(name);
            match &self.nodes[*node] {
                Node::Folder(_) => self.lay_out(&path, kept, *node, bytes, draw),
                Node::File { kept, since } => {
                    let content = content(kept, since, bytes, draw);
                    let mut file = fs::OpenOptions::new();
                    let file = file.write(true).create_new(true).mode(0o600).open(path);
                    std::io::Write::write_all(&mut file.unwrap(), &content).unwrap();
                }
            }
        }
    }
}

impl Change {
    /// Makes this change, in the sectors that `takes` lets through.
    fn make(&self, content: &mut Vec<u8>, mut takes: impl FnMut(Option<u64>) -> bool) {
        match self {
            Self::Length(length) => {
                if takes(None) {
                    content.resize(usize::try_from(*length).unwrap(), 0);
                }
            }
            Self::Bytes(at, bytes) => {
                let end = at + bytes.len() as u64;
                for sector in at / SECTOR..end.div_ceil(SECTOR) {
                    if !takes(Some(sector)) {
                        continue;
                    }
                    let from = (sector * SECTOR).max(*at);
                    let until = ((sector + 1) * SECTOR).min(end);
                    let place = |at: u64| usize::try_from(at).unwrap();
                    content.resize(content.len().max(place(until)), 0);
                    content[place(from)..place(until)]
                        .copy_from_slice(&bytes[place(from - at)..place(until - at)]);
                }
            }
        }
    }
}

/// What a file holds after the power failed. A sector is as it was after any of its changes.
fn content(kept: &[u8], since: &[Change], left: Left, draw: &mut Draw) -> Vec<u8> {
    let mut content = kept.to_vec();
    let mut ends: HashMap<Option<u64>, u64> = HashMap::new();
    for (number, change) in since.iter().enumerate() {
        change.make(&mut content, |sector| match left {
            Left::Nothing => false,
            Left::All => true,
            Left::Any => {
                let end = ends.entry(sector).or_insert_with(|| draw.below(since.len() as u64 + 1));
                (number as u64) < *end
            }
        });
    }
    content
}

/// Draws what is lost; one seed gives one disk.
pub(crate) struct Draw(pub(crate) u64);

impl Draw {
    pub(crate) fn below(&mut self, bound: u64) -> u64 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % bound
    }
}

#[test]
fn what_could_not_be_synced_is_lost_until_it_is_written_again() {
    let place = tempfile::tempdir().unwrap();
    let folder = PathBuf::from("/watched");
    let path = folder.join("one");
    let wrote = |at, byte: u8, length| Deed::Wrote { file: 7, at, bytes: vec![byte; length] };
    let mut platter = Platter::of(&folder);
    let mut holds = |number: u64, deeds: &[Deed]| {
        deeds.iter().for_each(|deed| platter.does(deed));
        let image = place.path().join(number.to_string());
        platter.left(&image, Left::All, Left::All, &mut Draw(number));
        fs::read(image.join("one")).unwrap()
    };
    let one = [
        Deed::Opened { path, file: 7, made: true, cut: false },
        wrote(0, 1, 100),
        Deed::Synced { file: 7 },
    ];
    assert_eq!(holds(0, &one), [1; 100]);
    let two = [wrote(0, 2, 100), Deed::NotSynced { file: 7 }, Deed::Synced { file: 7 }];
    assert_eq!(holds(1, &two), [1; 100]);
    assert_eq!(holds(2, &[wrote(0, 2, 100), Deed::Synced { file: 7 }]), [2; 100]);
}

#[test]
fn what_was_not_synced_may_be_lost_and_nothing_else() {
    let place = tempfile::tempdir().unwrap();
    let folder = PathBuf::from("/watched");
    let at = |name: &str| folder.join(name);
    let opened = |name, file| Deed::Opened { path: at(name), file, made: true, cut: false };
    let mut platter = Platter::of(&folder);
    let bytes = |byte: u8, length| vec![byte; length];
    for deed in [
        opened("one", 7),
        Deed::Wrote { file: 7, at: 0, bytes: bytes(1, 600) },
        Deed::Synced { file: 7 },
        Deed::SyncedFolder { path: folder.clone() },
        // From here on nothing is certain.
        Deed::Wrote { file: 7, at: 512, bytes: bytes(2, 512) },
        opened("two", 8),
        Deed::Renamed { from: at("two"), to: at("three") },
    ] {
        platter.does(&deed);
    }
    let mut seen = std::collections::BTreeSet::new();
    let mut draw = Draw(1);
    for number in 0..64 {
        let image = place.path().join(number.to_string());
        platter.left(&image, Left::Any, Left::Any, &mut draw);
        let one = fs::read(image.join("one")).unwrap();
        assert_eq!(one[..512], bytes(1, 512));
        let is_new = one.len() == 1024;
        assert!(if is_new { one[512..] == bytes(2, 512) } else { one[512..] == bytes(1, 88) });
        let names = ["two", "three"].map(|name| image.join(name).exists());
        assert_ne!(names, [true, true], "a file has one name");
        seen.insert((is_new, names));
    }
    assert_eq!(seen.len(), 2 * 3);
    let image = place.path().join("certain");
    platter.left(&image, Left::Nothing, Left::Nothing, &mut draw);
    assert_eq!(fs::read(image.join("one")).unwrap(), bytes(1, 600));
    assert_eq!(fs::read_dir(&image).unwrap().count(), 1);
}

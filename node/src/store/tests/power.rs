//! Power loss: only what was synced is left for certain, and of what was written after it any part.

use std::sync::{Arc, Mutex};

use super::super::sealed::Moment;
use super::*;

/// What a store's folder holds, file by file.
type Image = BTreeMap<String, Vec<u8>>;

fn image_of(folder: &Path) -> Image {
    let mut image = Image::new();
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        if entry.file_type().unwrap().is_file() {
            let name = entry.file_name().into_string().unwrap();
            image.insert(name, fs::read(entry.path()).unwrap());
        }
    }
    image
}

fn laid_out(image: &Image) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("blobs")).unwrap();
    for (name, bytes) in image {
        fs::write(folder.path().join(name), bytes).unwrap();
    }
    folder
}

/// The synced bytes of each commit, and what had been written by then.
#[derive(Default)]
struct Disk {
    written: Option<Image>,
    synced: Option<Image>,
    /// What may lie on the disk if the power fails in the middle of each commit.
    torn: Vec<(usize, Image, Image)>,
    commits: usize,
}

impl Disk {
    fn note(&mut self, folder: &Path, moment: Moment) {
        let mut image = image_of(folder);
        match moment {
            Moment::Written => self.written = Some(image),
            Moment::Synced => {
                self.commits += 1;
                // Nobody waits for the witness to be durable: it is as old as it can be.
                let before = self.synced.clone().unwrap_or_else(|| image.clone());
                image.insert("witness".into(), before.get("witness").cloned().unwrap_or_default());
                if let Some(written) = self.written.take() {
                    self.torn.push((self.commits, before, written));
                }
                self.synced = Some(image);
            }
        }
    }
}

/// `before` with each sector of `after` that `takes` lets through.
fn mixed(before: &Image, after: &Image, mut takes: impl FnMut() -> bool) -> Image {
    const SECTOR: usize = 4096;
    let mut image = before.clone();
    let (Some(old), Some(new)) = (before.get("db"), after.get("db")) else { return image };
    let mut bytes = old.clone();
    bytes.resize(new.len().max(old.len()), 0);
    for at in (0..new.len()).step_by(SECTOR) {
        let end = (at + SECTOR).min(new.len());
        if takes() {
            bytes[at..end].copy_from_slice(&new[at..end]);
        }
    }
    image.insert("db".into(), bytes);
    // Keys are synced before the records that need them.
    image.insert("keys".into(), after["keys"].clone());
    image
}

/// It was so that a store was refused as damaged for good.
#[test]
fn a_death_while_the_database_notes_what_it_has_spoils_no_store() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = open(folder.path()).unwrap();
    put(&mut store, "item", b"kept");
    drop(store);
    for left in [b"".as_slice(), b"half of it, and no more", &[0; 4096]] {
        let path = folder.path().join("snap.00000000FFFFFFFF.generating");
        fs::write(&path, left).unwrap();
        let store = open(folder.path()).unwrap();
        assert_eq!(items(&store).len(), 1);
        assert!(!path.exists());
    }
}

#[test]
fn a_power_cut_loses_nothing_that_was_acknowledged() {
    let folder = tempfile::tempdir().unwrap();
    let disk = Arc::new(Mutex::new(Disk::default()));
    let mut store = open(folder.path()).unwrap();
    let noting = disk.clone();
    store.observe(Box::new(move |folder, moment| noting.lock().unwrap().note(folder, moment)));
    let mut history = vec![items(&store)];
    for step in 0..24_u8 {
        match step % 4 {
            3 => {
                let mut batch = Batch::new();
                batch.delete(key(RecordKind::Item, &format!("item {}", step / 2)));
                store.apply(batch).unwrap();
            }
            _ => put(&mut store, &format!("item {step}"), &large(usize::from(step) * 300, step)),
        }
        history.push(items(&store));
        // The moment after the acknowledgement: only synced bytes are left.
        let image = disk.lock().unwrap().synced.clone().unwrap();
        let left = open(laid_out(&image).path()).map(|store| items(&store));
        assert_eq!(left.as_ref(), Ok(&items(&store)), "after step {step}");
    }
    let disk = disk.lock().unwrap();
    let mut drawn = 7_u64;
    for (commit, before, after) in &disk.torn {
        for round in 0..3 {
            let image = mixed(before, after, || {
                drawn = drawn.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                round == 0 || drawn >> 63 == 0
            });
            let found = items(&open(laid_out(&image).path()).unwrap());
            let fits = history[commit - 1] == found || history.get(*commit) == Some(&found);
            assert!(fits, "power lost during commit {commit}: {} items", found.len());
        }
    }
}

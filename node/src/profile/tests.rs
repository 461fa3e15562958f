//! What a profile promises: private, one node at a time, and reasons that can be told apart.

use super::*;
use crate::private::{FILE_MODE, FOLDER_MODE, modes_under};
use crate::store::Store;
use windbreak_protocol::record::{Batch, Key, RecordKind};

fn passphrase(text: &str) -> SecretBytes {
    SecretBytes::new(text.as_bytes().to_vec())
}

fn create(folder: &Path) -> Profile {
    Profile::create(folder, &passphrase("correct horse"), KdfCost::TEST).unwrap()
}

fn open(folder: &Path) -> Result<Profile, ProfileError> {
    Profile::open(folder, &passphrase("correct horse"))
}

#[test]
fn a_profile_opens_again_with_all_it_kept() {
    let root = tempfile::tempdir().unwrap();
    let folder = root.path().join("me");
    let profile = create(&folder);
    let mut batch = Batch::new();
    batch.put(Key::new(RecordKind::Circle, &[b"a"]), b"kept".to_vec());
    profile.open_store().unwrap().apply(batch).unwrap();
    drop(profile);

    let mut profile = open(&folder).unwrap();
    let circles = profile.open_store().unwrap().load(RecordKind::Circle).unwrap();
    assert_eq!(circles[0].1.as_slice(), b"kept");
    let config = ProfileConfig { timing_factor: 0.05, ..ProfileConfig::default() };
    profile.write_config(config.clone()).unwrap();
    drop(profile);
    assert_eq!(open(&folder).unwrap().config(), &config);
}

#[test]
fn files_are_born_private() {
    let root = tempfile::tempdir().unwrap();
    let folder = root.path().join("me");
    let profile = create(&folder);
    let store = profile.open_store().unwrap();
    for (path, mode) in modes_under(&folder) {
        assert_eq!(mode, if path.is_dir() { FOLDER_MODE } else { FILE_MODE }, "{path:?}");
    }
    drop(store);
}

#[test]
fn a_profile_opens_once() {
    let root = tempfile::tempdir().unwrap();
    let folder = root.path().join("me");
    let profile = create(&folder);
    assert_eq!(open(&folder).err(), Some(ProfileError::AlreadyOpen));
    drop(profile);
    open(&folder).unwrap();
}

#[test]
fn a_wrong_passphrase_and_a_damaged_header_are_told_apart() {
    let root = tempfile::tempdir().unwrap();
    let folder = root.path().join("me");
    drop(create(&folder));
    let wrong = Profile::open(&folder, &passphrase("correct house"));
    assert_eq!(wrong.err(), Some(HeaderError::WrongPassphrase.into()));
    let path = folder.join("header");
    let good = fs::read(&path).unwrap();
    for at in 0..good.len() {
        let mut bytes = good.clone();
        bytes[at] ^= 0x40;
        fs::write(&path, &bytes).unwrap();
        let expected = match at {
            16 => HeaderError::Newer { found: 0x4002, known: 2 },
            17 => HeaderError::Newer { found: 0x42, known: 2 },
            _ => HeaderError::Damaged,
        };
        assert_eq!(open(&folder).err(), Some(expected.into()), "byte {at}");
        fs::write(&path, &good[..at]).unwrap();
        assert_eq!(open(&folder).err(), Some(HeaderError::Damaged.into()), "cut at {at}");
    }
    fs::write(&path, &good).unwrap();
    open(&folder).unwrap();
}

#[test]
fn a_wrong_passphrase_changes_nothing() {
    let root = tempfile::tempdir().unwrap();
    let folder = root.path().join("me");
    drop(create(&folder).open_store().unwrap());
    let content = || -> Vec<_> {
        let paths = modes_under(&folder).into_iter();
        paths.map(|(path, mode)| (fs::read(&path).ok(), path, mode)).collect()
    };
    let before = content();
    assert!(Profile::open(&folder, &passphrase("correct house")).is_err());
    assert_eq!(content(), before);
}

#[test]
fn a_key_file_that_asks_for_too_much_is_refused() {
    let root = tempfile::tempdir().unwrap();
    let folder = root.path().join("me");
    drop(create(&folder));
    let path = folder.join("header");
    let good = fs::read(&path).unwrap();
    for at in [18, 22, 26] {
        let mut bytes = good[..good.len() - 32].to_vec();
        bytes[at..at + 4].copy_from_slice(&u32::MAX.to_be_bytes());
        let sum = Label::PROFILE_HEADER.hash(&[&bytes]);
        bytes.extend_from_slice(&sum);
        fs::write(&path, &bytes).unwrap();
        assert_eq!(open(&folder).err(), Some(HeaderError::CostOutOfBounds.into()));
    }
}

#[test]
fn a_profile_is_made_only_in_an_empty_place() {
    let root = tempfile::tempdir().unwrap();
    let secret = passphrase("x");
    assert_eq!(open(root.path()).err(), Some(ProfileError::Missing));
    fs::write(root.path().join("letter.txt"), b"mine").unwrap();
    let refused = Profile::create(root.path(), &secret, KdfCost::TEST);
    assert_eq!(refused.err(), Some(ProfileError::NotEmpty));
    let folder = root.path().join("me");
    drop(create(&folder));
    let refused = Profile::create(&folder, &secret, KdfCost::TEST);
    assert_eq!(refused.err(), Some(ProfileError::Exists));
    let refused = Profile::create(&root.path().join("you"), &passphrase(""), KdfCost::TEST);
    assert_eq!(refused.err(), Some(ProfileError::PassphraseLength));
}

#[test]
fn an_interrupted_creation_can_be_repeated() {
    let root = tempfile::tempdir().unwrap();
    let folder = root.path().join("me");
    drop(create(&folder));
    // The header comes last; until then what lies there is marked as nobody's.
    fs::write(folder.join("making"), b"").unwrap();
    fs::remove_file(folder.join("header")).unwrap();
    drop(create(&folder));
    // Without the mark it may be somebody's who lost the header.
    fs::remove_file(folder.join("header")).unwrap();
    let refused = Profile::create(&folder, &passphrase("x"), KdfCost::TEST);
    assert_eq!(refused.err(), Some(ProfileError::NotEmpty));
}

#[test]
fn a_profile_is_none_until_it_reaches_others_as_chosen_and_has_what_it_begins_with() {
    let root = tempfile::tempdir().unwrap();
    let folder = root.path().join("me");
    let mut chosen = ProfileConfig::default();
    chosen.network.mode = NetworkMode::Tor;
    let key = || Key::new(RecordKind::Node, &[b"phrase"]);
    let make = |is_cut: bool| {
        Profile::create_with(
            &folder,
            &passphrase("correct horse"),
            KdfCost::TEST,
            chosen.clone(),
            |store| {
                let mut batch = Batch::new();
                batch.put(key(), b"its public half".to_vec());
                store.apply(batch)?;
                if is_cut { Err(ProfileError::Store(StoreError::DiskFull)) } else { Ok(()) }
            },
        )
    };
    // Wherever it is cut off by then: there is no profile, and it can be made again.
    assert_eq!(make(true).err(), Some(ProfileError::Store(StoreError::DiskFull)));
    assert!(!exists(&folder));
    assert_eq!(open(&folder).err(), Some(ProfileError::Missing));
    drop(make(false).unwrap());
    let profile = open(&folder).unwrap();
    assert_eq!(profile.config(), &chosen);
    assert!(profile.open_store().unwrap().get(&key()).unwrap().is_some());
}

#[test]
fn no_way_to_reach_others_is_taken_for_granted_where_the_configuration_is_gone() {
    let root = tempfile::tempdir().unwrap();
    let folder = root.path().join("me");
    drop(create(&folder));
    fs::remove_file(folder.join("config.toml")).unwrap();
    assert_eq!(open(&folder).err(), Some(ConfigError::Missing.into()));
    let network = NetworkConfig { mode: NetworkMode::Tor, ..NetworkConfig::default() };
    Profile::set_network(&folder, network.clone()).unwrap();
    assert_eq!(open(&folder).unwrap().config().network, network);
}

/// What can be told of the four stores without a key.
fn seen_from_outside(folder: &Path) -> Vec<(Vec<String>, u64)> {
    let stores = Slot::ALL.map(|slot| stores::folder(folder, slot));
    let seen = stores.map(|store| {
        let mut names: Vec<String> = modes_under(&store)
            .into_iter()
            .map(|(path, _)| path.strip_prefix(&store).unwrap().to_string_lossy().into_owned())
            .map(|name| name.split('.').next().unwrap().to_owned())
            .collect();
        names.sort();
        (names, crate::store::chaff::Size::of(&store).records)
    });
    seen.to_vec()
}

#[test]
fn a_profile_whose_store_is_gone_is_not_taken_for_an_empty_one() {
    let root = tempfile::tempdir().unwrap();
    let folder = root.path().join("me");
    let profile = create(&folder);
    fs::remove_dir_all(stores::folder(&folder, profile.slot)).unwrap();
    drop(profile);
    let profile = open(&folder).unwrap();
    for _ in 0..2 {
        assert_eq!(profile.open_store().err(), Some(StoreError::Damaged));
        assert_eq!(profile.open_unread_store().err(), Some(StoreError::Damaged));
    }
}

#[test]
fn four_stores_look_alike_however_one_grows() {
    let root = tempfile::tempdir().unwrap();
    let folder = root.path().join("me");
    let profile = create(&folder);
    let mut store = profile.open_store().unwrap();
    for round in 0..4_u8 {
        let mut batch = Batch::new();
        for name in 0..50 * round {
            batch.put(Key::new(RecordKind::Item, &[&[name; 40], &[round]]), vec![7; 9000]);
        }
        store.apply(batch).unwrap();
        profile.even_out(&mut store).unwrap();
        let seen = seen_from_outside(&folder);
        let sizes: Vec<u64> = seen.iter().map(|(_, size)| *size).collect();
        let (least, most) = (sizes.iter().min().unwrap(), sizes.iter().max().unwrap());
        // sled's file grows by segments of half a mebibyte.
        assert!(most - least <= 1024 * 1024, "{sizes:?}");
        assert!(seen.iter().all(|(names, _)| *names == seen[0].0), "{seen:?}");
    }
    assert_eq!(store.load(RecordKind::Item).unwrap().len(), 50 + 100 + 150);
}

/// By how much values are spread less evenly over `N` places than chance would have it: about zero
/// for random ones, in units of what chance itself varies by.
fn unevenness<const N: usize>(values: impl Iterator<Item = usize>) -> f64 {
    let (mut places, mut count) = ([0_f64; N], 0.0);
    for value in values {
        places[value] += 1.0;
        count += 1.0;
    }
    let expected = count / N as f64;
    let chi: f64 = places.iter().map(|found| (found - expected).powi(2) / expected).sum();
    let free = (N - 1) as f64;
    (chi - free) / (2.0 * free).sqrt()
}

#[test]
fn names_and_lengths_in_the_pages_do_not_tell_a_store_in_use() {
    let root = tempfile::tempdir().unwrap();
    let folder = root.path().join("me");
    let profile = create(&folder);
    let mut store = profile.open_store().unwrap();
    // Some of every kind and of many lengths, many of one kind and bucket, and some that went.
    let mut batch = Batch::new();
    for kind in RecordKind::ALL {
        for length in [0, 1, 300, 800, 5000, 20_000] {
            batch.put(
                Key::new(kind, &[&[1; 70], &u32::to_be_bytes(length)]),
                vec![7; length as usize],
            );
        }
    }
    for number in 0..1000_u16 {
        batch.put(Key::new(RecordKind::Item, &[&[2; 32], &number.to_be_bytes()]), vec![0; 400]);
    }
    store.apply(batch).unwrap();
    let mut batch = Batch::new();
    for number in 0..300_u16 {
        batch.delete(Key::new(RecordKind::Item, &[&[2; 32], &number.to_be_bytes()]));
    }
    store.apply(batch).unwrap();
    store.tidy().unwrap();
    profile.even_out(&mut store).unwrap();
    drop(store);
    for slot in Slot::ALL {
        let seen = crate::store::chaff::seen_without_a_key(&stores::folder(&folder, slot));
        assert!(seen.len() > 1000, "{}", seen.len());
        assert!(seen.iter().all(|(name, cell)| (name.len(), cell.len()) == (32, 768)));
        // Of some thousand random ones two are alike in six bytes once in ten million runs.
        for at in [0, 8, 26] {
            let parts: std::collections::BTreeSet<_> =
                seen.iter().map(|(name, _)| &name[at..at + 6]).collect();
            assert_eq!(parts.len(), seen.len());
        }
        // Chance comes to nine once in some million runs.
        let begins = unevenness::<16>(seen.iter().map(|(name, _)| usize::from(name[0] >> 4)));
        let bytes = seen.iter().flat_map(|(_, cell)| cell).map(|byte| usize::from(*byte));
        let (bytes, ends) = (
            unevenness::<256>(bytes),
            unevenness::<256>(
                seen.iter().filter_map(|(_, cell)| cell.last()).map(|b| usize::from(*b)),
            ),
        );
        assert!(begins < 9.0 && bytes < 9.0 && ends < 9.0, "{begins} {bytes} {ends}");
    }
    assert_eq!(profile.open_store().unwrap().load(RecordKind::Item).unwrap().len(), 706);
}

#[test]
fn four_closed_stores_are_alike_in_length_and_times_file_by_file() {
    let root = tempfile::tempdir().unwrap();
    let folder = root.path().join("me");
    let profile = create(&folder);
    let mut store = profile.open_store().unwrap();
    // Each of these has a key of its own: more than fit the file of a new store.
    let mut batch = Batch::new();
    for name in 0..1500_u16 {
        batch.put(Key::new(RecordKind::Porch, &[&name.to_be_bytes()]), vec![7; 40]);
    }
    store.apply(batch).unwrap();
    drop(store);
    profile.even_out_closed(&|| true).unwrap();
    let seen = |name: &str| {
        Slot::ALL.map(|slot| {
            let metadata = fs::metadata(stores::folder(&folder, slot).join(name)).unwrap();
            (metadata.len(), metadata.modified().unwrap())
        })
    };
    let names = Slot::ALL.map(|slot| {
        let entries = fs::read_dir(stores::folder(&folder, slot)).unwrap();
        entries.map(|entry| entry.unwrap().file_name()).collect::<std::collections::BTreeSet<_>>()
    });
    assert!(names.iter().all(|of_one| *of_one == names[0]), "{names:?}");
    for name in ["keys", "witness", "schema", "conf"] {
        assert!(seen(name).iter().all(|file| *file == seen(name)[0]), "{name}: {:?}", seen(name));
    }
    assert!(seen("keys")[0].0 > 128 * 1024);
    for name in [".", "blobs", "db"] {
        assert!(seen(name).iter().all(|(_, time)| *time == seen("keys")[0].1), "{name}");
    }
    assert_eq!(times_beside_the_stores(&folder), [seen("keys")[0].1; 4]);
    assert_eq!(profile.open_store().unwrap().load(RecordKind::Porch).unwrap().len(), 1500);
    // Whether another profile was made does not show in them either.
    let before = seen("keys")[0].1;
    profile.add_hidden(&passphrase("second passphrase"), &[], |_| Ok(())).unwrap();
    assert!(seen("keys")[0].1 > before);
    assert_eq!(times_beside_the_stores(&folder), [seen("keys")[0].1; 4]);
}

/// When what lies beside the stores changed last, and the folder itself.
fn times_beside_the_stores(folder: &Path) -> [std::time::SystemTime; 4] {
    ["header", "config.toml", "stores", "."]
        .map(|name| fs::metadata(folder.join(name)).unwrap().modified().unwrap())
}

#[test]
fn a_profile_that_was_just_made_has_one_time() {
    let root = tempfile::tempdir().unwrap();
    let folder = root.path().join("me");
    let profile = create(&folder);
    let keys = stores::folder(&folder, profile.slot).join("keys");
    let time = fs::metadata(keys).unwrap().modified().unwrap();
    assert_eq!(times_beside_the_stores(&folder), [time; 4]);
}

#[test]
fn a_profile_has_one_time_after_what_was_changed_in_it_alone() {
    let root = tempfile::tempdir().unwrap();
    let folder = root.path().join("me");
    let profile = create(&folder);
    let keys = stores::folder(&folder, profile.slot).join("keys");
    let time = || fs::metadata(&keys).unwrap().modified().unwrap();
    let made = time();
    profile.change_passphrase(&passphrase("another horse")).unwrap();
    assert!(time() > made);
    assert_eq!(times_beside_the_stores(&folder), [time(); 4]);
    drop(profile);
    let changed = time();
    std::thread::sleep(std::time::Duration::from_millis(5));
    Profile::set_network(&folder, NetworkConfig::default()).unwrap();
    assert!(time() > changed);
    assert_eq!(times_beside_the_stores(&folder), [time(); 4]);
}

#[test]
fn a_folder_is_known_for_a_destroyed_profile_while_a_process_holds_it() {
    let root = tempfile::tempdir().unwrap();
    let folder = root.path().join("me");
    let profile = create(&folder);
    assert!(!is_held_without_header(&folder));
    destroy(&folder).unwrap();
    assert!(is_held_without_header(&folder));
    fs::write(folder.join("letter.txt"), b"mine").unwrap();
    assert!(!is_held_without_header(&folder));
    fs::remove_file(folder.join("letter.txt")).unwrap();
    drop(profile);
    assert!(!is_held_without_header(&folder));
}

#[test]
fn what_a_death_left_in_one_store_goes_whosever_it_is() {
    let root = tempfile::tempdir().unwrap();
    let folder = root.path().join("me");
    let profile = create(&folder);
    // As `store compact` leaves it when it is killed while it copies one of them.
    let leave = || {
        Slot::ALL.map(|slot| {
            let next = stores::folder(&folder, slot).join("next");
            fs::create_dir(&next).unwrap();
            fs::write(next.join("db"), b"copied").unwrap();
            fs::write(next.join("keys"), [7; 100]).unwrap();
            fs::File::open(next.join("keys")).unwrap()
        })
    };
    let is_wiped = |mut file: &fs::File| {
        let mut left = Vec::new();
        std::io::Read::read_to_end(&mut file, &mut left).unwrap();
        left == [0; 100]
    };
    let is_there = |slot| stores::folder(&folder, slot).join("next").exists();
    let left = leave();
    profile.even_out_closed(&|| false).unwrap();
    assert!(Slot::ALL.into_iter().all(|slot| !is_there(slot)));
    assert!(left.iter().all(is_wiped));

    // A node that runs clears up in the three that it has not open.
    let mut store = profile.open_store().unwrap();
    let left = leave();
    profile.even_out(&mut store).unwrap();
    for (slot, file) in Slot::ALL.into_iter().zip(&left) {
        let is_own = slot == profile.slot;
        assert_eq!((is_there(slot), is_wiped(file)), (is_own, !is_own), "{slot:?}");
    }
}

#[test]
fn the_header_of_before_another_profile_was_made_is_overwritten() {
    let root = tempfile::tempdir().unwrap();
    let folder = root.path().join("me");
    let profile = create(&folder);
    // Whoever holds the file of before open sees what becomes of it.
    let mut old_file = fs::File::open(folder.join("header")).unwrap();
    profile.add_hidden(&passphrase("second passphrase"), &[], |_| Ok(())).unwrap();
    let mut left = Vec::new();
    std::io::Read::read_to_end(&mut old_file, &mut left).unwrap();
    assert!(!left.is_empty() && left.iter().all(|byte| *byte == 0));
}

/// Its store is far larger than those beside it.
fn says_a_great_deal(profile: &Profile) {
    let mut store = profile.open_store().unwrap();
    let mut batch = Batch::new();
    for name in 0..250_u8 {
        batch.put(Key::new(RecordKind::Item, &[&[name; 40]]), vec![7; 20_000]);
    }
    store.apply(batch).unwrap();
}

#[test]
fn an_end_that_is_cut_short_is_made_up_for_the_next_time() {
    let root = tempfile::tempdir().unwrap();
    let folder = root.path().join("me");
    let profile = create(&folder);
    says_a_great_deal(&profile);
    let spread = || {
        let sizes = seen_from_outside(&folder).into_iter().map(|(_, size)| size);
        let sizes: Vec<u64> = sizes.collect();
        sizes.iter().max().unwrap() - sizes.iter().min().unwrap()
    };
    let missing = spread();
    assert!(missing > 3 * 1024 * 1024, "{missing}");
    let began = std::time::Instant::now();
    profile.even_out_closed(&|| false).unwrap();
    assert!(began.elapsed() < std::time::Duration::from_secs(1), "{:?}", began.elapsed());
    assert_eq!(spread(), missing);
    profile.even_out_closed(&|| true).unwrap();
    assert!(spread() <= 1024 * 1024);
}

#[test]
fn one_store_that_cannot_be_used_keeps_no_other_from_being_made_alike() {
    let root = tempfile::tempdir().unwrap();
    let folder = root.path().join("me");
    let profile = create(&folder);
    says_a_great_deal(&profile);
    // Somebody's or nobody's, and the first whose turn it is.
    let broken = Slot::ALL.into_iter().find(|slot| *slot != profile.slot).unwrap();
    let spoilt = stores::folder(&folder, broken);
    fs::write(spoilt.join("schema"), b"what no program wrote").unwrap();
    let of_others = || {
        let slots = Slot::ALL.into_iter().filter(|slot| *slot != broken);
        let sizes = slots.map(|slot| Size::of(&stores::folder(&folder, slot)).records);
        let sizes: Vec<u64> = sizes.collect();
        sizes.iter().max().unwrap() - sizes.iter().min().unwrap()
    };
    assert!(of_others() > 3 * 1024 * 1024);
    let beside = ProfileError::Beside(StoreError::Damaged);
    assert_eq!(profile.even_out_closed(&|| true), Err(beside.clone()));
    assert!(of_others() <= 1024 * 1024);
    let time = |path: &Path| fs::metadata(path).unwrap().modified().unwrap();
    assert_eq!(times_beside_the_stores(&folder), [time(&spoilt); 4]);
    // What is told of it is not told of the own one, which was written anew.
    let mut store = profile.open_store().unwrap();
    let mut batch = Batch::new();
    for name in 0..250_u8 {
        batch.delete(Key::new(RecordKind::Item, &[&[name; 40]]));
    }
    store.apply(batch).unwrap();
    store.tidy().unwrap();
    assert_eq!(profile.even_out(&mut store), Err(beside.clone()));
    drop(store);
    let length = || Size::of(&stores::folder(&folder, profile.slot)).records;
    let before = length();
    assert_eq!(profile.compact(false), Err(beside));
    drop(profile.open_store().unwrap());
    profile.compact(true).unwrap();
    assert!(length() < before / 2, "{} of {before}", length());
    assert!(profile.even_out_closed(&|| true).is_ok());
    // The own one is told as such, whatever the others are.
    for slot in [broken, profile.slot] {
        fs::write(stores::folder(&folder, slot).join("schema"), b"what no program wrote").unwrap();
    }
    let own = Err(ProfileError::Store(StoreError::Damaged));
    assert_eq!(profile.even_out_closed(&|| true), own);
    assert_eq!(profile.compact(false).map(drop), own);
}

#[test]
fn stores_are_alike_however_often_one_is_opened_and_tidied() {
    let root = tempfile::tempdir().unwrap();
    let folder = root.path().join("me");
    let profile = create(&folder);
    for round in 0..12_u8 {
        let mut store = profile.open_store().unwrap();
        let key = |number: u8| Key::new(RecordKind::Outbox, &[&[round; 32], &[number]]);
        let (mut coming, mut going) = (Batch::new(), Batch::new());
        for number in 0..60 {
            coming.put(key(number), vec![7; 9000]);
            going.delete(key(number / 2));
        }
        store.apply(coming).unwrap();
        store.apply(going).unwrap();
        // At some ends what waits to be tidied is left.
        if round % 3 > 0 {
            store.tidy().unwrap();
        }
        drop(store);
        profile.even_out_closed(&|| true).unwrap();
        let sizes = seen_from_outside(&folder).into_iter().map(|(_, size)| size);
        let sizes: Vec<u64> = sizes.collect();
        let (least, most) = (sizes.iter().min().unwrap(), sizes.iter().max().unwrap());
        assert!(most - least <= 1024 * 1024, "round {round}: {sizes:?}");
    }
}

#[test]
fn nothing_is_made_again_in_a_profile_that_was_destroyed() {
    let root = tempfile::tempdir().unwrap();
    let folder = root.path().join("me");
    let profile = create(&folder);
    destroy(&folder).unwrap();
    assert!(profile.even_out_closed(&|| true).is_err());
    let left: Vec<_> = modes_under(&folder).into_iter().skip(1).map(|(path, _)| path).collect();
    assert_eq!(left, [folder.join("lock")]);
}

#[test]
fn another_passphrase_opens_another_profile_and_neither_knows_of_the_other() {
    let root = tempfile::tempdir().unwrap();
    let folder = root.path().join("me");
    let profile = create(&folder);
    let keep = |text: &'static [u8]| {
        move |store: &mut dyn Store| {
            let mut batch = Batch::new();
            batch.put(Key::new(RecordKind::Circle, &[b"a"]), text.to_vec());
            Ok(store.apply(batch)?)
        }
    };
    keep(b"first")(&mut profile.open_store().unwrap()).unwrap();
    let words = ["second passphrase", "third passphrase", "fourth passphrase"];
    for number in 0..words.len() {
        let others: Vec<SecretBytes> =
            words[..number].iter().map(|word| passphrase(word)).collect();
        let text = words[number].as_bytes();
        profile.add_hidden(&passphrase(words[number]), &others, keep(text)).unwrap();
    }
    let taken = profile.add_hidden(&passphrase(words[0]), &[], keep(b""));
    assert_eq!(taken, Err(ProfileError::PassphraseTaken));
    let all = words.map(passphrase);
    let full = profile.add_hidden(&passphrase("a fifth passphrase"), &all, keep(b""));
    assert_eq!(full, Err(ProfileError::NoPlace));
    drop(profile);
    let found = |word: &str| {
        let profile = Profile::open(&folder, &passphrase(word)).unwrap();
        let store = profile.open_store().unwrap();
        store.load(RecordKind::Circle).unwrap()[0].1.to_vec()
    };
    assert_eq!(found("correct horse"), b"first");
    for word in words {
        assert_eq!(found(word), word.as_bytes());
    }
    let seen = seen_from_outside(&folder);
    assert!(seen.iter().all(|(names, _)| *names == seen[0].0), "{seen:?}");
}

#[test]
fn the_passphrase_of_a_profile_that_compacting_destroyed_is_wrong_as_any_other() {
    let root = tempfile::tempdir().unwrap();
    let folder = root.path().join("me");
    let profile = create(&folder);
    profile.add_hidden(&passphrase("second passphrase"), &[], |_| Ok(())).unwrap();
    profile.compact(false).unwrap();
    drop(profile);
    drop(Profile::open(&folder, &passphrase("second passphrase")).unwrap().open_store().unwrap());
    open(&folder).unwrap().compact(true).unwrap();
    let gone = Profile::open(&folder, &passphrase("second passphrase"));
    assert_eq!(gone.err(), Some(HeaderError::WrongPassphrase.into()));
    drop(open(&folder).unwrap().open_store().unwrap());
}

#[test]
fn a_profile_whose_place_is_taken_does_not_open_from_the_moment_before() {
    let root = tempfile::tempdir().unwrap();
    let folder = root.path().join("me");
    let profile = create(&folder);
    let words = ["second passphrase", "third passphrase", "fourth passphrase"].map(passphrase);
    for number in 0..words.len() {
        profile.add_hidden(&words[number], &words[..number], |_| Ok(())).unwrap();
    }
    // Nothing takes its place after all, as after a death at that moment: what was built is not there.
    let next = folder.join("stores/next");
    let failed = profile.add_hidden(&passphrase("fifth passphrase"), &words[1..], |_| {
        fs::rename(&next, root.path().join("elsewhere")).map_err(PrivateError::from)?;
        Ok(())
    });
    assert!(failed.is_err());
    drop(profile);
    for (at, word) in words.iter().enumerate() {
        let opened = Profile::open(&folder, word).map(|profile| profile.open_store().map(drop));
        match at {
            0 => assert_eq!(opened, Err(HeaderError::WrongPassphrase.into())),
            _ => assert_eq!(opened, Ok(Ok(()))),
        }
    }
}

#[test]
fn a_changed_passphrase_opens_the_same_profile_and_leaves_the_others_alone() {
    let root = tempfile::tempdir().unwrap();
    let folder = root.path().join("me");
    let profile = create(&folder);
    let hidden = passphrase("second passphrase");
    profile.add_hidden(&hidden, &[], |_| Ok(())).unwrap();
    let mut batch = Batch::new();
    batch.put(Key::new(RecordKind::Circle, &[b"a"]), b"kept".to_vec());
    profile.open_store().unwrap().apply(batch).unwrap();
    let path = folder.join("header");
    let before = fs::read(&path).unwrap();
    // Whoever holds the file of before open sees what becomes of it.
    let mut old_file = fs::File::open(&path).unwrap();
    for taken in ["correct horse", "second passphrase"] {
        let refused = profile.change_passphrase(&passphrase(taken));
        assert_eq!(refused, Err(ProfileError::PassphraseTaken), "{taken}");
    }
    assert_eq!(profile.change_passphrase(&passphrase("")), Err(ProfileError::PassphraseLength));
    assert_eq!(fs::read(&path).unwrap(), before);
    profile.change_passphrase(&passphrase("another horse")).unwrap();
    let slot = profile.slot;
    drop(profile);

    let mut left = Vec::new();
    std::io::Read::read_to_end(&mut old_file, &mut left).unwrap();
    assert!(!left.is_empty() && left.iter().all(|byte| *byte == 0));
    let after = fs::read(&path).unwrap();
    let changed: Vec<usize> = (0..after.len()).filter(|at| after[*at] != before[*at]).collect();
    let sum = after.len() - 32;
    let own = slot.range();
    assert!(changed.iter().all(|at| own.contains(at) || *at >= sum), "{changed:?}");
    assert_eq!(open(&folder).err(), Some(HeaderError::WrongPassphrase.into()));
    Profile::open(&folder, &hidden).unwrap();
    let profile = Profile::open(&folder, &passphrase("another horse")).unwrap();
    let circles = profile.open_store().unwrap().load(RecordKind::Circle).unwrap();
    assert_eq!(circles[0].1.as_slice(), b"kept");
}

#[test]
fn a_death_while_another_profile_is_made_leaves_four_stores() {
    let root = tempfile::tempdir().unwrap();
    let folder = root.path().join("me");
    let profile = create(&folder);
    let other = Slot::ALL.into_iter().find(|slot| *slot != profile.slot).unwrap();
    fs::remove_dir_all(stores::folder(&folder, other)).unwrap();
    fs::create_dir(folder.join("stores/next")).unwrap();
    drop(profile);
    let profile = open(&folder).unwrap();
    let mut store = profile.open_store().unwrap();
    profile.even_out(&mut store).unwrap();
    let seen = seen_from_outside(&folder);
    assert!(seen.iter().all(|(names, _)| *names == seen[0].0), "{seen:?}");
    assert_eq!(fs::read_dir(folder.join("stores")).unwrap().count(), 4);
}

#[test]
fn another_profile_that_could_not_be_made_leaves_the_folder_as_it_was() {
    let root = tempfile::tempdir().unwrap();
    let folder = root.path().join("me");
    let profile = create(&folder);
    let before = seen_from_outside(&folder);
    let failed = profile.add_hidden(&passphrase("second"), &[], |store| {
        let mut batch = Batch::new();
        batch.put(Key::new(RecordKind::Circle, &[b"a"]), b"of nobody".to_vec());
        store.apply(batch)?;
        Err(ProfileError::NoPlace)
    });
    assert_eq!(failed, Err(ProfileError::NoPlace));
    assert_eq!(fs::read_dir(folder.join("stores")).unwrap().count(), 4);
    assert_eq!(seen_from_outside(&folder), before);
    let other = root.path().join("other");
    drop(create(&other));
    discard(&other).unwrap();
    assert!(!other.exists());
}

#[test]
fn panic_leaves_nothing_that_a_passphrase_opens() {
    let root = tempfile::tempdir().unwrap();
    let folder = root.path().join("me");
    let profile = create(&folder);
    // A node that still runs holds its files open.
    let header = fs::File::open(folder.join("header")).unwrap();
    let keys = fs::File::open(stores::folder(&folder, profile.slot).join("keys")).unwrap();
    let began = std::time::Instant::now();
    destroy(&folder).unwrap();
    assert!(began.elapsed() < std::time::Duration::from_secs(2));
    for mut file in [header, keys] {
        let mut bytes = Vec::new();
        std::io::Read::read_to_end(&mut file, &mut bytes).unwrap();
        assert!(!bytes.is_empty() && bytes.iter().all(|byte| *byte == 0));
    }
    let left: Vec<_> = fs::read_dir(&folder).unwrap().map(|e| e.unwrap().file_name()).collect();
    assert_eq!(left, ["lock"]);
    destroy(&folder).unwrap();
}

#[test]
fn a_long_path_moves_the_socket_to_a_short_private_folder() {
    let root = tempfile::tempdir().unwrap();
    let short = root.path().join("me");
    assert_eq!(
        create(&short).socket_path().unwrap(),
        fs::canonicalize(&short).unwrap().join("node.sock")
    );
    let long = root.path().join("long".repeat(30));
    let path = create(&long).socket_path().unwrap();
    assert!(fits_a_socket(&path));
    assert_eq!(socket_path(&long).unwrap(), path);
    let folder = path.parent().unwrap();
    assert_eq!(modes_under(folder)[0].1, FOLDER_MODE);
    assert_eq!(socket_path(&root.path().join("none")), Err(ProfileError::Missing));
}

#[test]
fn the_runtime_directory_is_used_only_where_it_serves() {
    let root = tempfile::tempdir().unwrap();
    let here = socket_folder(Some(root.path().as_os_str()), "a.sock");
    assert_eq!(here, root.path().join("windbreak"));
    let own = PathBuf::from(format!("/tmp/windbreak-{}", rustix::process::geteuid().as_raw()));
    let long = "/x".repeat(60);
    for runtime in [None, Some("relative"), Some("/does/not/exist"), Some(long.as_str())] {
        assert_eq!(socket_folder(runtime.map(OsStr::new), "a.sock"), own);
    }
}

//! What is gone is gone from a seized disk: a copy of a profile's files from before does not open
//! with the keys that are left. Processes write and take back; where only time does it, the engine
//! lives on in the same files for so long at once.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use tempfile::TempDir;
use windbreak_node::profile::Profile;
use windbreak_node::store::{SledStore, Store};
use windbreak_protocol::record::{Batch, Key, RecordKind};
use windbreak_protocol::secret::{Secret, SecretBytes};
use windbreak_protocol::time::Timestamp;
use windbreak_protocol::{Engine, Output, Timings};

use crate::circle::two_in;
use crate::stage::{Party, Stage, until};
use crate::store::copy;

const TITLE: &str = "Evening walk";
const TAKEN_BACK: &str = "Taken back in the morning.";
const TOO_OLD: &str = "Said a month ago.";
const DAY: Duration = Duration::from_secs(24 * 3600);
/// Records that hold the keys of a circle.
const KEYS: [RecordKind; 4] =
    [RecordKind::Namespace, RecordKind::Era, RecordKind::Porch, RecordKind::MemberKey];

#[test]
fn words_that_went_do_not_open_from_the_files_of_before_with_the_keys_that_are_left() {
    let stage = Stage::new();
    let relay = stage.relay();
    let (mut alder, mut rowan) = (stage.person("alder"), stage.person("rowan"));
    two_in(TITLE, &relay, &alder, &rowan);
    let taken_back = alder.shares(TITLE, TAKEN_BACK);
    alder.shares(TITLE, TOO_OLD);
    rowan.reads(TITLE, TOO_OLD);
    rowan.has_sent_all();
    let before = [&mut alder, &mut rowan].map(set_aside);

    // Words that their author took back, from every device.
    alder.starts();
    rowan.starts();
    alder.does(&["withdraw", &taken_back, "--yes"]);
    alder.has_sent_all();
    until("the words to go", || {
        let texts = rowan.texts(TITLE);
        (!texts.iter().any(|words| words == TAKEN_BACK)).then_some(())
    });
    alder.does(&["circle", "keep", TITLE, "30", "--reason", "As agreed.", "--yes"]);
    until("the other to hear how long words are kept", || {
        let circle = rowan.does(&["circle", "show", TITLE]);
        (circle.pointer("/circle/keep_days")?.as_u64()? == 30).then_some(())
    });
    let kept = [&mut alder, &mut rowan].map(set_aside);
    for (person, before) in [&alder, &rowan].into_iter().zip(&before) {
        let with_its_keys = opens(person, before.path(), before.path());
        assert!(says(&with_its_keys, TAKEN_BACK) && says(&with_its_keys, TOO_OLD));
        let with_keys_left = opens(person, before.path(), &person.folder);
        assert!(!says(&with_keys_left, TAKEN_BACK), "{}", person.folder.display());
    }

    // Words that are older than the circle keeps them.
    for (person, kept) in [&alder, &rowan].into_iter().zip(&kept) {
        assert!(says(&opens(person, kept.path(), kept.path()), TOO_OLD));
        assert!(says(&opens(person, kept.path(), &person.folder), TOO_OLD));
        lives_on(person, DAY * 31);
        let with_keys_left = opens(person, kept.path(), &person.folder);
        assert!(!says(&with_keys_left, TOO_OLD), "{}", person.folder.display());
        assert!(says(&opens(person, kept.path(), kept.path()), TOO_OLD));
    }
}

#[test]
fn keys_of_a_circle_one_is_out_of_do_not_open_from_the_files_of_before() {
    let stage = Stage::new();
    let relay = stage.relay();
    let (alder, mut rowan, mut willow) =
        (stage.person("alder"), stage.person("rowan"), stage.person("willow"));
    two_in(TITLE, &relay, &alder, &rowan);
    willow.joins(&alder.invites(TITLE), "Willow Motyl");
    rowan.sees_members(TITLE, 3);
    alder.shares(TITLE, "For all three of us.");
    rowan.reads(TITLE, "For all three of us.");
    willow.reads(TITLE, "For all three of us.");
    let before = [&mut rowan, &mut willow].map(set_aside);
    rowan.starts();
    willow.starts();

    rowan.does(&["circle", "leave", TITLE, "--yes"]);
    rowan.is_out(TITLE, "left");
    alder.sees_members(TITLE, 2);
    alder.does(&["member", "remove", TITLE, "Willow Motyl", "--reason", "As agreed.", "--yes"]);
    willow.is_out(TITLE, "removed");
    rowan.stops();
    willow.stops();
    for (person, before) in [&rowan, &willow].into_iter().zip(&before) {
        assert!(keys(&opens(person, before.path(), before.path())) > 3);
    }
    // Whoever left looks once more; who was removed may be let back for two weeks.
    lives_on(&rowan, Duration::from_secs(600));
    lives_on(&willow, Duration::from_secs(600));
    assert_eq!(keys(&opens(&rowan, before[0].path(), &rowan.folder)), 0);
    assert!(keys(&opens(&willow, before[1].path(), &willow.folder)) > 0);
    lives_on(&willow, DAY * 15);
    assert_eq!(keys(&opens(&willow, before[1].path(), &willow.folder)), 0);
}

/// Stops somebody's node, and copies their folder as a thief of the disk would.
fn set_aside(party: &mut Party) -> TempDir {
    party.stops();
    let aside = tempfile::tempdir().unwrap();
    copy(&party.folder, aside.path());
    aside
}

pub(crate) fn opened(party: &Party, folder: &Path) -> SledStore {
    opened_by(&party.passphrase(), folder)
}

/// The same of another profile in that folder, by the file with its passphrase.
pub(crate) fn opened_by(passphrase: &str, folder: &Path) -> SledStore {
    let words = fs::read(passphrase).unwrap();
    let words = SecretBytes::new(words.trim_ascii_end().to_vec());
    Profile::open(folder, &words).unwrap().open_store().unwrap()
}

fn folder_in(place: &TempDir) -> PathBuf {
    place.path().join("seized")
}

/// What opens of a copy of a profile's files, by whoever knows its passphrase, with the keys that lie
/// in another folder of the same profile.
pub(crate) fn opens(party: &Party, before: &Path, keys: &Path) -> BTreeMap<Key, Vec<u8>> {
    let place = tempfile::tempdir().unwrap();
    copy(before, &folder_in(&place));
    let store = opened(party, &folder_in(&place));
    let kinds = RecordKind::ALL.into_iter();
    let known: Vec<Key> =
        kinds.flat_map(|kind| store.load(kind).unwrap()).map(|(key, _)| key).collect();
    drop(store);

    // Opening it may have changed it.
    let place = tempfile::tempdir().unwrap();
    copy(before, &folder_in(&place));
    for slot in 0..4 {
        let file = format!("stores/{slot}/keys");
        fs::copy(keys.join(&file), folder_in(&place).join(&file)).unwrap();
    }
    let store = opened(party, &folder_in(&place));
    let found = known.into_iter().filter_map(|key| {
        let value = store.get(&key).ok()??;
        Some((key, value.to_vec()))
    });
    found.collect()
}

pub(crate) fn says(records: &BTreeMap<Key, Vec<u8>>, words: &str) -> bool {
    let mut values = records.values();
    values.any(|value| value.windows(words.len()).any(|window| window == words.as_bytes()))
}

pub(crate) fn keys(records: &BTreeMap<Key, Vec<u8>>) -> usize {
    records.keys().filter(|key| KEYS.contains(&key.kind())).count()
}

/// So much time goes by for a profile whose node does not run: it looks around then, a few times.
pub(crate) fn lives_on(party: &Party, time: Duration) {
    let mut store = opened(party, &party.folder);
    let kinds = RecordKind::ALL.into_iter().filter(|kind| kind.is_engines());
    let records: Vec<_> = kinds.flat_map(|kind| store.load(kind).unwrap()).collect();
    let unix = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    let mut now = Timestamp::from_seconds(unix.as_secs());
    let seed = Secret::from_bytes([9; 32]);
    let mut engine = Engine::load(now, &seed, Timings::default(), records).unwrap();
    now = now.after(time);
    for _ in 0..4 {
        engine.handle_timeout(now);
        let mut batch = Batch::new();
        while let Some(output) = engine.poll_output() {
            if let Output::Persist(written) = output {
                batch.extend(written);
            }
        }
        store.apply(batch).unwrap();
        now = now.after(Duration::from_secs(11 * 60));
    }
    store.tidy().unwrap();
}

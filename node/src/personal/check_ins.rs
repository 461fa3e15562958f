//! Check-ins: how its owner said they were. They share keys by the hundred, and when one is deleted
//! the others are sealed anew at once. Clause: specs/08-content I-56.

use serde::{Deserialize, Serialize};
use windbreak_protocol::id::CheckInId;
use windbreak_protocol::limits::{MAX_CHECK_IN_CHARS, MAX_CHECK_INS};
use windbreak_protocol::record::{Key, RecordKind};
use windbreak_protocol::time::Timestamp;

use super::Personal;
use crate::api::message::{CheckIn, NewCheckIn};
use crate::api::refusal::Refusal;
use crate::store::{StoreError, random};

/// The highest number there is.
const HIGHEST: u8 = 10;

/// What is kept under the id of a check-in.
#[derive(Deserialize, Serialize)]
struct Kept {
    /// In milliseconds, so that two of one second keep their order.
    when: u64,
    value: u8,
    #[serde(default)]
    words: Option<String>,
}

impl Personal {
    /// All check-ins, the earliest first.
    pub(crate) fn check_ins(&self) -> Result<Vec<CheckIn>, Refusal> {
        let all = self.all(RecordKind::CheckIn)?;
        let mut check_ins: Vec<(Timestamp, CheckIn)> =
            all.iter().map(|(key, value)| read(key, value)).collect::<Result<_, _>>()?;
        check_ins.sort_by_key(|(when, check_in)| (*when, check_in.id));
        Ok(check_ins.into_iter().map(|(_, check_in)| check_in).collect())
    }

    /// Keeps one more.
    pub(crate) fn check_in(&mut self, now: Timestamp, new: NewCheckIn) -> Result<CheckIn, Refusal> {
        if new.value > HIGHEST {
            return Err(Refusal::not_allowed_value(
                "bad_value",
                "a check-in is a number from 0 to 10",
                "choose the one that fits best",
            ));
        }
        let words = new.words.filter(|words| !words.trim().is_empty());
        if words.as_ref().is_some_and(|words| words.chars().nth(MAX_CHECK_IN_CHARS).is_some()) {
            return Err(Refusal::not_allowed_value(
                "too_long_text",
                format!("the words of a check-in have at most {MAX_CHECK_IN_CHARS} characters"),
                "make it shorter",
            ));
        }
        if self.all(RecordKind::CheckIn)?.len() >= MAX_CHECK_INS {
            return Err(Refusal::conflict(
                "too_many_check_ins",
                format!("this device keeps at most {MAX_CHECK_INS} check-ins"),
                "delete some that you do not need any more",
            ));
        }
        let id = CheckInId::from_bytes(random()?);
        let kept = Kept { when: now.as_millis(), value: new.value, words };
        let value = serde_json::to_vec(&kept)
            .map_err(|_| Refusal::fault("a check-in could not be written down"))?;
        self.unwritten.insert(key(&id), Some(value.into()));
        Ok(CheckIn { id, when: now.into(), value: kept.value, words: kept.words })
    }

    /// Deletes one for good.
    pub(crate) fn delete_check_in(&mut self, id: &CheckInId) -> Result<(), Refusal> {
        let key = key(id);
        if !self.all(RecordKind::CheckIn)?.contains_key(&key) {
            return Err(Refusal::not_found(
                "unknown_check_in",
                "there is no such check-in",
                "list the check-ins to find its id",
            ));
        }
        self.delete_all(vec![key]);
        Ok(())
    }

    /// Deletes all of them for good.
    pub(crate) fn delete_check_ins(&mut self) -> Result<(), Refusal> {
        let keys = self.all(RecordKind::CheckIn)?.into_keys().collect();
        self.delete_all(keys);
        Ok(())
    }
}

fn key(id: &CheckInId) -> Key {
    Key::new(RecordKind::CheckIn, &[id.as_bytes()])
}

fn read(key: &Key, value: &[u8]) -> Result<(Timestamp, CheckIn), Refusal> {
    let Kept { when, value, words } =
        serde_json::from_slice(value).map_err(|_| StoreError::Damaged)?;
    let id = CheckInId::from_bytes(key.name().try_into().map_err(|_| StoreError::Damaged)?);
    let when = Timestamp::from_millis(when);
    Ok((when, CheckIn { id, when: when.into(), value, words }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::drive;
    use crate::reopen::ReopeningStore;
    use crate::store::{MemoryStore, Store};

    const NOW: Timestamp = Timestamp::from_seconds(1_800_000_000);

    #[tokio::test]
    async fn check_ins_are_kept_in_order_and_deleted_one_by_one_or_all_together() {
        let store = ReopeningStore::open(Box::new(|| Ok(Box::new(MemoryStore::new())))).unwrap();
        let mut personal = Personal::new(store.clone());
        let later = NOW.after(std::time::Duration::from_millis(1));
        let new = |value, words: &str| NewCheckIn { value, words: Some(words.into()) };
        let second = personal.check_in(later, new(7, " ")).unwrap();
        assert_eq!(second.words, None);
        let first = personal.check_in(NOW, new(0, "Slept a little.")).unwrap();
        drive::apply(store.clone(), personal.take_changes()).await.unwrap();
        let mut personal = Personal::new(store.clone());
        assert_eq!(personal.check_ins().unwrap(), [first.clone(), second.clone()]);
        assert!(!RecordKind::CheckIn.is_engines());
        personal.delete_check_in(&first.id).unwrap();
        assert!(personal.delete_check_in(&first.id).is_err());
        assert_eq!(personal.check_ins().unwrap(), [second]);
        personal.delete_check_ins().unwrap();
        drive::apply(store.clone(), personal.take_changes()).await.unwrap();
        assert!(store.lock().unwrap().load(RecordKind::CheckIn).unwrap().is_empty());
    }

    #[test]
    fn a_check_in_is_a_number_from_0_to_10_and_few_words_and_there_is_an_end_of_them() {
        let store = ReopeningStore::open(Box::new(|| Ok(Box::new(MemoryStore::new())))).unwrap();
        let mut personal = Personal::new(store);
        let long = "é".repeat(MAX_CHECK_IN_CHARS + 1);
        for (value, words) in [(11, None), (5, Some(long))] {
            assert!(personal.check_in(NOW, NewCheckIn { value, words }).is_err());
        }
        for at in 0..MAX_CHECK_INS {
            let key = Key::new(RecordKind::CheckIn, &[&[0; 24], &at.to_be_bytes()]);
            personal.unwritten.insert(key, Some(br#"{"when":0,"value":5}"#.to_vec().into()));
        }
        let refused = personal.check_in(NOW, NewCheckIn { value: 5, words: None }).unwrap_err();
        assert_eq!(refused.why().code, "too_many_check_ins");
    }
}

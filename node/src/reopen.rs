//! A store that can be opened again. After a failed write a store refuses all work, since memory
//! and disk may differ; opening it again is the one safe way on. Whatever is written passes here, so
//! the sketches of what was said are kept here, too.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use windbreak_protocol::id::{CircleId, ItemId};
use windbreak_protocol::record::{Batch, Key, RecordKind, Value};
use windbreak_protocol::{Shelf, content_in, item_at};

use crate::search::{Query, Sketches};
use crate::store::{Store, StoreError, Visitor, Wants};

/// Opens the store of a profile, as often as it is asked.
pub(crate) type OpenStore = Box<dyn FnMut() -> Result<Box<dyn Store>, StoreError> + Send>;

/// The store, shared between the loop and its networks. Hold it shortly.
pub(crate) type Shared = Arc<Mutex<ReopeningStore>>;

/// A store and how to open it again.
pub(crate) struct ReopeningStore {
    open: OpenStore,
    store: Option<Box<dyn Store>>,
    /// Of the words of items; words without one are read whenever somebody looks for any.
    sketches: Sketches,
    /// Why a write failed, until the store is opened again: whoever comes after hears that, too.
    failed: Option<StoreError>,
}

impl ReopeningStore {
    /// Opens the store.
    ///
    /// # Errors
    /// [`StoreError`].
    pub(crate) fn open(open: OpenStore) -> Result<Shared, StoreError> {
        let sketches = Sketches::default();
        let mut store = Self { open, store: None, sketches, failed: None };
        store.reopen()?;
        Ok(Arc::new(Mutex::new(store)))
    }

    /// Closes the store and opens it again. One that could not be opened is not closed, so that
    /// words can still be read from it.
    ///
    /// # Errors
    /// [`StoreError`]; the store then stays closed, or takes no more writes.
    pub(crate) fn reopen(&mut self) -> Result<(), StoreError> {
        if let Some(store) = &self.store {
            store.could_reopen()?;
        }
        self.store = None;
        self.sketches = Sketches::default();
        self.store = Some((self.open)()?);
        self.failed = None;
        Ok(())
    }

    /// Has the sketches of all that was read when it was opened.
    pub(crate) fn have(&mut self, sketches: Sketches) {
        self.sketches = sketches;
    }

    /// The value under `key`. A write that failed while the database moved a page keeps it from
    /// reading there: what is durable is opened anew then, if that can be. One that works and has a
    /// page that does not read would not read it any better.
    fn read_on(&mut self, key: &Key) -> Result<Option<Value>, StoreError> {
        let found = self.glimpse(key);
        let Some(store) = &self.store else { return found };
        if found.is_ok() || !store.has_ended() {
            return found;
        }
        store.could_read_anew()?;
        self.store = None;
        self.store = Some((self.open)()?);
        self.glimpse(key)
    }

    /// Closes the store for good, and lets go of what it was opened from: a network that has not
    /// quite ended must not keep the profile locked.
    pub(crate) fn close(&mut self) {
        self.store = None;
        self.sketches = Sketches::default();
        self.open = Box::new(|| Err(StoreError::Stopped));
    }

    fn inner(&self) -> Result<&dyn Store, StoreError> {
        self.store.as_deref().ok_or(StoreError::Stopped)
    }

    /// Does what writes.
    fn write<T>(
        &mut self,
        work: impl FnOnce(&mut dyn Store) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let store = self.store.as_deref_mut().ok_or(StoreError::Stopped)?;
        let done = work(store);
        match &done {
            Err(StoreError::Stopped) => return Err(self.failed.unwrap_or(StoreError::Stopped)),
            Err(StoreError::TooLarge) | Ok(_) => {}
            Err(why) => self.failed = Some(*why),
        }
        done
    }
}

/// The words of items, read from the store whenever somebody needs them.
pub(crate) struct Words(pub(crate) Shared);

impl Words {
    /// Whether all items are gone over sooner than so many are read one by one.
    pub(crate) fn are_visited_sooner(&self, items: usize) -> bool {
        lock(&self.0).is_visited_sooner(items)
    }

    /// The items in one of the parts of the store: [`PARTS`](crate::store::PARTS).
    ///
    /// # Errors
    /// [`StoreError`].
    pub(crate) fn visit_part(
        &self,
        part: u8,
        visitor: &mut dyn FnMut(Key, Value),
    ) -> Result<(), StoreError> {
        lock(&self.0).visit_part(part, RecordKind::Item, visitor)
    }

    /// Those of the items that may hold what is looked for, by the sketches of their words.
    pub(crate) fn sift<T>(
        &self,
        query: &Query,
        items: impl Iterator<Item = (CircleId, ItemId, T)>,
    ) -> Vec<T> {
        lock(&self.0).sketches.sift(query, items)
    }
}

impl Shelf for Words {
    fn read(&self, key: &Key) -> Option<Value> {
        lock(&self.0).read_on(key).ok().flatten()
    }
}

/// The store, for as long as the guard lives. A panic elsewhere does not spoil it: what it keeps
/// changes only by whole batches.
pub(crate) fn lock(store: &Shared) -> MutexGuard<'_, ReopeningStore> {
    store.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Store for ReopeningStore {
    fn visit(
        &self,
        kind: RecordKind,
        visitor: &mut dyn FnMut(Key, Value),
    ) -> Result<(), StoreError> {
        self.inner()?.visit(kind, visitor)
    }

    fn visit_all(&self, wants: Wants<'_>, visitor: Visitor<'_>) -> Result<(), StoreError> {
        self.inner()?.visit_all(wants, visitor)
    }

    fn visit_part(
        &self,
        part: u8,
        kind: RecordKind,
        visitor: &mut dyn FnMut(Key, Value),
    ) -> Result<(), StoreError> {
        self.inner()?.visit_part(part, kind, visitor)
    }

    fn is_visited_sooner(&self, records: usize) -> bool {
        self.inner().is_ok_and(|store| store.is_visited_sooner(records))
    }

    fn begin(&mut self, wants: Wants<'_>, visitor: Visitor<'_>) -> Result<(), StoreError> {
        self.store.as_deref_mut().ok_or(StoreError::Stopped)?.begin(wants, visitor)
    }

    fn get(&self, key: &Key) -> Result<Option<Value>, StoreError> {
        self.inner()?.get(key)
    }

    fn glimpse(&self, key: &Key) -> Result<Option<Value>, StoreError> {
        self.inner()?.glimpse(key)
    }

    fn has_ended(&self) -> bool {
        self.store.as_ref().is_some_and(|store| store.has_ended())
    }

    fn apply(&mut self, batch: Batch) -> Result<(), StoreError> {
        let items = batch.iter().filter_map(|(key, value)| Some((item_at(key)?, value)));
        let sketched = items.map(|((circle, item), value)| {
            let said = value.and_then(|value| content_in(&item, value));
            (circle, item, said.and_then(|said| self.sketches.sketch_of(&said)))
        });
        let sketched: Vec<_> = sketched.collect();
        self.write(|store| store.apply(batch))?;
        for (circle, item, sketch) in sketched {
            self.sketches.put(&circle, &item, sketch);
        }
        Ok(())
    }

    fn tidy(&mut self) -> Result<(), StoreError> {
        self.write(|store| store.tidy())
    }

    fn tidy_some(&mut self) -> Result<bool, StoreError> {
        self.write(|store| store.tidy_some())
    }

    fn pad(&mut self, size: u64) -> Result<bool, StoreError> {
        self.write(|store| store.pad(size))
    }

    fn size(&self) -> Result<u64, StoreError> {
        self.inner()?.size()
    }
}

impl fmt::Debug for ReopeningStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ReopeningStore(open: {})", self.store.is_some())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;
    use crate::store::MemoryStore;

    /// A store with a page that does not read, after a failed write or without one.
    struct Unreadable {
        has_ended: bool,
    }

    impl Store for Unreadable {
        fn visit(&self, _: RecordKind, _: &mut dyn FnMut(Key, Value)) -> Result<(), StoreError> {
            Ok(())
        }

        fn get(&self, _: &Key) -> Result<Option<Value>, StoreError> {
            Err(StoreError::Damaged)
        }

        fn has_ended(&self) -> bool {
            self.has_ended
        }

        fn apply(&mut self, _: Batch) -> Result<(), StoreError> {
            Ok(())
        }
    }

    #[test]
    fn a_page_that_does_not_read_closes_no_store_that_works() {
        for (has_ended, expected) in [(false, 1), (true, 2)] {
            let opened = Arc::new(AtomicUsize::new(0));
            let count = opened.clone();
            let store = ReopeningStore::open(Box::new(move || {
                // Opened anew, it has no failed write behind it.
                let is_first = count.fetch_add(1, Ordering::Relaxed) == 0;
                Ok(Box::new(Unreadable { has_ended: has_ended && is_first }) as Box<dyn Store>)
            }))
            .unwrap();
            for _ in 0..3 {
                let read = lock(&store).read_on(&Key::new(RecordKind::Item, &[b"a"]));
                assert_eq!(read.err(), Some(StoreError::Damaged));
            }
            assert_eq!(opened.load(Ordering::Relaxed), expected);
            lock(&store).apply(Batch::new()).unwrap();
        }
    }

    #[test]
    fn whoever_writes_after_a_failed_write_hears_why_it_failed() {
        let disk = Arc::new(Mutex::new(MemoryStore::new()));
        let opened = disk.clone();
        let store = ReopeningStore::open(Box::new(move || {
            Ok(Box::new(opened.lock().unwrap().clone()) as Box<dyn Store>)
        }))
        .unwrap();
        let write = || {
            let mut batch = Batch::new();
            batch.put(Key::new(RecordKind::Item, &[b"a"]), vec![1]);
            lock(&store).apply(batch)
        };
        disk.lock().unwrap().fail_at(0, StoreError::DiskFull);
        lock(&store).reopen().unwrap();
        assert_eq!(write(), Err(StoreError::DiskFull));
        assert_eq!(write(), Err(StoreError::DiskFull));
        *disk.lock().unwrap() = MemoryStore::new();
        lock(&store).reopen().unwrap();
        assert_eq!(write(), Ok(()));
    }
}

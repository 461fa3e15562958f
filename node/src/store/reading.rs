//! Reads records, one by its name or all that are wanted in the order of the cells. A store that was
//! just opened does not know yet which records it has: the first look at all of it finds that out
//! and hands out what is wanted in the same go. Clauses: specs/07-store S-19, S-22.

use std::ops::Range;
use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread;

use windbreak_protocol::record::{Key, RecordKind, Value};

use super::key_file::KeyFile;
use super::seal::{CELL, Head, Seal, SealedName};
use super::sealed::SledStore;
use super::table::Table;
use super::{PARTS, Store, StoreError, Tree, Visitor, Wanted, Wants};

/// A kind of which the store has one cell in so many is read in the order of the cells, page by page;
/// what is rarer by its names.
const RARE: usize = 16;
/// Threads that read a store, or a part of it, side by side.
const READERS: u16 = 2;
/// Names by their first byte.
const NAMES: u16 = 256;
/// Cells that are read and opened at a time, and how often that may be ahead of whoever takes them:
/// some hundred kilobytes in all.
const HANDED: usize = 128;
const AHEAD: usize = 4;
/// Cells of records of several that are in memory together: 6 MiB.
const TOGETHER: usize = 8192;

/// What it takes to read, for several threads.
#[derive(Clone, Copy)]
struct Reader<'a> {
    tree: &'a Tree,
    seal: &'a Seal,
    keys: &'a KeyFile,
}

/// A record that was come across.
struct Found {
    name: SealedName,
    head: Head,
    wanted: Handed,
}

/// What is handed out of it.
enum Handed {
    Nothing,
    Key(Key),
    Whole(Key, Value),
    /// All of it, once all its cells are there.
    Later,
}

/// Some of a walk: how many cells it went over, and which records were among them.
type Walked = Result<(usize, Vec<Found>), StoreError>;

impl SledStore {
    /// Looks at all there is for the first time: finds which records there are, and hands out what
    /// is wanted.
    pub(super) fn look_through(
        &mut self,
        wants: Wants<'_>,
        visitor: Visitor<'_>,
    ) -> Result<(), StoreError> {
        let mut records = Vec::new();
        let cells = self.scan(0..NAMES, wants, visitor, &mut |name, head| {
            records.push((head.bucket, name, head.kind));
        })?;
        let table = Table::new(records);
        self.missing = self.found.records.saturating_sub(table.len() as u64);
        (self.table, self.cells, self.is_known) = (table, cells, true);
        let untidy = self.found.untidy.take();
        self.find_untidy(untidy);
        // A record whose head does not read has a bucket, too: its key is kept for whoever mends it.
        if self.missing == 0 {
            let dropped = self.drop_empty_buckets();
            return self.ending(dropped);
        }
        let is_wanted = RecordKind::ALL.into_iter().any(|kind| wants(kind) != Wanted::Nothing);
        if is_wanted { Err(StoreError::Damaged) } else { Ok(()) }
    }

    /// Walks over the cells whose names begin with one of `first`, tells `note` of each record of this
    /// store, and hands out what is wanted. Gives how many cells there are, whoever's.
    ///
    /// Threads of their own read and open while this one takes what they found.
    fn scan(
        &self,
        first: Range<u16>,
        wants: Wants<'_>,
        visitor: Visitor<'_>,
        note: &mut dyn FnMut(SealedName, Head),
    ) -> Result<usize, StoreError> {
        let reader = self.reader(self.tree()?);
        let share = (first.end - first.start).div_ceil(READERS);
        let (mut cells, mut long) = (0, Vec::new());
        thread::scope(|scope| {
            let (ahead, behind) = sync_channel(AHEAD);
            for number in 0..READERS {
                let from = first.start + number * share;
                let (ahead, part) = (ahead.clone(), from..first.end.min(from + share));
                scope.spawn(move || reader.walk(part, wants, &ahead));
            }
            drop(ahead);
            // Leaving the loop for an error drops the channel, which ends the threads.
            for walked in behind {
                let (over, found) = walked?;
                cells += over;
                for Found { name, head, wanted } in found {
                    note(name, head);
                    match wanted {
                        Handed::Nothing => {}
                        Handed::Key(key) => visitor(key, None),
                        Handed::Whole(key, value) => visitor(key, Some(value)),
                        Handed::Later => long.push((name, head)),
                    }
                }
            }
            Ok::<_, StoreError>(())
        })?;
        let mut from = 0;
        while from < long.len() {
            let mut together = 0;
            let fits = long[from..].iter().take_while(|(_, head)| {
                together += head.cells;
                together <= TOGETHER
            });
            let until = from + fits.count().max(1);
            reader.read_long(&long[from..until], visitor)?;
            from = until;
        }
        Ok(cells)
    }

    fn reader<'a>(&'a self, tree: &'a Tree) -> Reader<'a> {
        Reader { tree, seal: &self.seal, keys: &self.keys }
    }

    /// What the first cell at `name` says, if there is one.
    pub(super) fn standing(&self, name: &SealedName) -> Result<Option<Head>, StoreError> {
        let Some(cell) = self.tree()?.get(name)? else { return Ok(None) };
        self.seal.head(name, &cell).map(Some).ok_or(StoreError::Damaged)
    }

    /// The record at `name`, if there is one.
    pub(super) fn record(&self, name: &SealedName) -> Result<Option<(Key, Value)>, StoreError> {
        self.read(self.tree()?, name)
    }

    /// The same, in a tree that may have ended.
    pub(super) fn read(
        &self,
        tree: &Tree,
        name: &SealedName,
    ) -> Result<Option<(Key, Value)>, StoreError> {
        let Some(cell) = tree.get(name)? else { return Ok(None) };
        let head = self.seal.head(name, &cell).ok_or(StoreError::Damaged)?;
        self.reader(tree).whole(name, head, &cell).map(Some)
    }

    /// Every record of a kind; see [`Store::visit`].
    pub(super) fn visit_kind(
        &self,
        kind: RecordKind,
        visitor: &mut dyn FnMut(Key, Value),
    ) -> Result<(), StoreError> {
        if self.missing > 0 {
            return Err(StoreError::Damaged);
        }
        if self.is_known {
            let tree = self.tree()?;
            let names = self.table.of_kind(kind);
            if self.is_rare(names.len()) {
                for name in names {
                    let (key, value) = self.read(tree, &name)?.ok_or(StoreError::Damaged)?;
                    visitor(key, value);
                }
                return Ok(());
            }
        }
        let wants = |of: RecordKind| if of == kind { Wanted::Whole } else { Wanted::Nothing };
        self.visit_all(&wants, &mut |key, value| {
            visitor(key, value.unwrap_or_default());
        })
    }

    /// The records of a kind in a part of the store; see [`Store::visit_part`].
    pub(super) fn visit_kind_in(
        &self,
        part: u8,
        kind: RecordKind,
        visitor: &mut dyn FnMut(Key, Value),
    ) -> Result<(), StoreError> {
        if self.missing > 0 {
            return Err(StoreError::Damaged);
        }
        let share = NAMES / u16::from(PARTS);
        let from = u16::from(part) * share;
        let wants = |of: RecordKind| if of == kind { Wanted::Whole } else { Wanted::Nothing };
        let mut whole = |key, value: Option<Value>| visitor(key, value.unwrap_or_default());
        self.scan(from..from + share, &wants, &mut whole, &mut |_, _| {}).map(|_| ())
    }

    /// Whether so many records are read sooner by their names than by going over all cells.
    pub(super) fn is_rare(&self, records: usize) -> bool {
        records.saturating_mul(RARE) < self.cells
    }

    /// Every record of the kinds that are wanted; see [`Store::visit_all`].
    pub(super) fn visit_wanted(
        &self,
        wants: Wants<'_>,
        visitor: Visitor<'_>,
    ) -> Result<(), StoreError> {
        if self.missing > 0 {
            return Err(StoreError::Damaged);
        }
        let mut records = 0;
        self.scan(0..NAMES, wants, visitor, &mut |_, _| records += 1)?;
        // Nobody has looked yet whether all are there.
        let is_whole = self.is_known || records >= self.found.records;
        if is_whole { Ok(()) } else { Err(StoreError::Damaged) }
    }
}

impl Reader<'_> {
    /// Walks over a part of the cells, as far ahead of whoever takes what was found as the channel
    /// lets it; ends when nobody listens any more.
    fn walk(self, part: Range<u16>, wants: Wants<'_>, ahead: &SyncSender<Walked>) {
        if let Err(error) = self.try_walk(part, wants, ahead) {
            let _ = ahead.send(Err(error));
        }
    }

    fn try_walk(
        self,
        part: Range<u16>,
        wants: Wants<'_>,
        ahead: &SyncSender<Walked>,
    ) -> Result<(), StoreError> {
        let Ok(from) = u8::try_from(part.start) else { return Ok(()) };
        // Behind the last name nothing begins.
        let to = u8::try_from(part.end).ok().map(|to| [to]);
        let mut scan = self.tree.scan_between(&[from], to.as_ref().map(<[u8; 1]>::as_slice))?;
        let (mut over, mut found) = (0, Vec::with_capacity(HANDED));
        while let Some((at, cell)) = scan.next()? {
            over += 1;
            if let Some((name, head)) = self.own_head(&at, &cell) {
                let wanted = self.handed(&name, head, &cell, wants(head.kind))?;
                found.push(Found { name, head, wanted });
            }
            if over == HANDED {
                let full = std::mem::replace(&mut found, Vec::with_capacity(HANDED));
                if ahead.send(Ok((over, full))).is_err() {
                    return Ok(());
                }
                over = 0;
            }
        }
        // Nobody listens: then it does not matter.
        let _ = ahead.send(Ok((over, found)));
        Ok(())
    }

    /// What is wanted of the record whose first cell this is.
    fn handed(
        self,
        name: &SealedName,
        head: Head,
        first: &[u8],
        wanted: Wanted,
    ) -> Result<Handed, StoreError> {
        match wanted {
            Wanted::Nothing => Ok(Handed::Nothing),
            Wanted::Key => Ok(Handed::Key(self.key(name, head, first)?)),
            Wanted::Whole if head.cells > 1 => Ok(Handed::Later),
            Wanted::Whole => {
                let (key, value) = self.unseal(name, head, first)?;
                Ok(Handed::Whole(key, value))
            }
        }
    }

    /// Hands out records of several cells, which lie anywhere: those of all of them are read in the
    /// order of the pages.
    fn read_long(
        self,
        long: &[(SealedName, Head)],
        visitor: Visitor<'_>,
    ) -> Result<(), StoreError> {
        let mut places = Vec::with_capacity(long.iter().map(|(_, head)| head.cells).sum());
        let mut sealed = Vec::with_capacity(long.len());
        for (record, (name, head)) in long.iter().enumerate() {
            let at = |number| (self.seal.cell_name(name, number), record, number);
            places.extend((0..head.cells).map(at));
            sealed.push(vec![0; head.cells * CELL]);
        }
        places.sort_unstable();
        for (at, record, number) in places {
            let cell = self.tree.get(&at)?.filter(|cell| cell.len() == CELL);
            let cell = cell.ok_or(StoreError::Damaged)?;
            sealed[record][number * CELL..(number + 1) * CELL].copy_from_slice(&cell);
        }
        for ((name, head), sealed) in long.iter().zip(sealed) {
            let (key, value) = self.unseal(name, *head, &sealed)?;
            visitor(key, Some(value));
        }
        Ok(())
    }

    /// What a cell says, if it is the first of a record of this store. What no key of this store made
    /// is passed over.
    fn own_head(self, at: &[u8], cell: &[u8]) -> Option<(SealedName, Head)> {
        let name = at.try_into().ok().filter(|_| cell.len() == CELL)?;
        let head = self.seal.head(&name, cell)?;
        self.keys.get(&head.bucket).is_some().then_some((name, head))
    }

    /// The key and value of the record whose first cell this is.
    fn whole(
        self,
        name: &SealedName,
        head: Head,
        first: &[u8],
    ) -> Result<(Key, Value), StoreError> {
        if head.cells == 1 {
            return self.unseal(name, head, first);
        }
        let mut sealed = Vec::with_capacity(head.cells * CELL);
        sealed.extend_from_slice(first);
        for number in 1..head.cells {
            let cell = self.tree.get(&self.seal.cell_name(name, number))?;
            sealed.extend_from_slice(&cell.ok_or(StoreError::Damaged)?);
        }
        self.unseal(name, head, &sealed)
    }

    /// The key alone of the record whose first cell this is.
    fn key(self, name: &SealedName, head: Head, first: &[u8]) -> Result<Key, StoreError> {
        let bucket = self.keys.get(&head.bucket).ok_or(StoreError::Damaged)?;
        match self.seal.open_key(name, &head.bucket, &bucket.key, first)? {
            Some(key) if key.kind() == head.kind => Ok(key),
            Some(_) => Err(StoreError::Damaged),
            None => self.whole(name, head, first).map(|(key, _)| key),
        }
    }

    /// The key and value in all cells of a record.
    fn unseal(
        self,
        name: &SealedName,
        head: Head,
        sealed: &[u8],
    ) -> Result<(Key, Value), StoreError> {
        let bucket = self.keys.get(&head.bucket).ok_or(StoreError::Damaged)?;
        let (key, value) = self.seal.open(name, &head.bucket, &bucket.key, sealed)?;
        if key.kind() == head.kind { Ok((key, value)) } else { Err(StoreError::Damaged) }
    }
}

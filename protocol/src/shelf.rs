//! The items of a circle: their outlines in memory, their words in memory or on a shelf.
//!
//! Whoever drives an engine may give it a [`Shelf`], from which words that are durable are read
//! again when they are needed: to show them, to seal them anew, to hand them over. Without one,
//! everything stays in memory. Clause: specs/07-store S-19.

mod files;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

use crate::content::{Content, ErasedRecord, Gist, Item, Outline, SignedItem, Spared};
use crate::id::{CircleId, ItemId, MemberId, ReportId};
use crate::identity::Verified;
use crate::record::{Key, RecordKind, Value};
use crate::wire::DecodeError;

/// Reads back what the engine asked to be written and what is durable since.
pub trait Shelf: Send + Sync {
    /// The value under `key`; `None` if it cannot be read now. It is called while the engine works,
    /// so it must not wait for the engine.
    fn read(&self, key: &Key) -> Option<Value>;
}

/// What an item says, read from where the engine keeps it; `None` if it is not there now. For whoever
/// looks through words beside the engine: whether they may be shown is for the timeline to say.
pub fn content_on(shelf: &dyn Shelf, circle: &CircleId, item: &ItemId) -> Option<Content> {
    content_in(item, &shelf.read(&item_key(circle, item))?)
}

/// The same, in the record of an item that was read already.
pub fn content_in(item: &ItemId, record: &[u8]) -> Option<Content> {
    Some(item_in(item, record)?.into_inner().body.content)
}

/// Which item of which circle the engine keeps under `key`, if it is the key of one.
pub fn item_at(key: &Key) -> Option<(CircleId, ItemId)> {
    let (circle, item) = key.name().split_first_chunk()?;
    let is_item = key.kind() == RecordKind::Item;
    is_item.then_some((CircleId::from_bytes(*circle), ItemId::from_bytes(item.try_into().ok()?)))
}

fn item_key(circle: &CircleId, item: &ItemId) -> Key {
    Key::new(RecordKind::Item, &[circle.as_bytes(), item.as_bytes()])
}

fn item_on(shelf: &dyn Shelf, circle: &CircleId, item: &ItemId) -> Option<Verified<Item>> {
    item_in(item, &shelf.read(&item_key(circle, item))?)
}

fn item_in(item: &ItemId, record: &[u8]) -> Option<Verified<Item>> {
    SignedItem::from_bytes(record).ok()?.trusted(*item).ok()
}

/// The items of one circle.
#[derive(Clone)]
pub(crate) struct Items {
    circle: CircleId,
    kept: BTreeMap<ItemId, Box<Kept>>,
    /// What members took back, here or not.
    withdrawn: BTreeMap<ItemId, BTreeSet<MemberId>>,
    /// What says something in other words, by what it says.
    edits: BTreeMap<ItemId, BTreeSet<ItemId>>,
    /// Files, by the words they go along with.
    files: BTreeMap<ItemId, BTreeSet<ItemId>>,
    /// Pieces, by their file and their number.
    pieces: BTreeMap<ItemId, BTreeMap<u8, BTreeSet<ItemId>>>,
    /// Answers to reports, by the report.
    answers: BTreeMap<ReportId, BTreeSet<ItemId>>,
    /// Items about the circle itself.
    about_circle: BTreeSet<ItemId>,
    /// Items whose words are in memory and shall go on the shelf.
    fresh: Vec<ItemId>,
    shelf: Option<Arc<dyn Shelf>>,
}

/// One item.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Kept {
    pub(crate) id: ItemId,
    pub(crate) body: Outline,
    /// All of it, as long as it is not on the shelf.
    whole: Option<Box<Verified<Item>>>,
    /// Whether its words are gone for good.
    erased: bool,
}

impl Items {
    /// No items yet.
    pub(crate) fn new(circle: CircleId) -> Self {
        Self {
            circle,
            kept: BTreeMap::new(),
            withdrawn: BTreeMap::new(),
            edits: BTreeMap::new(),
            files: BTreeMap::new(),
            pieces: BTreeMap::new(),
            answers: BTreeMap::new(),
            about_circle: BTreeSet::new(),
            fresh: Vec::new(),
            shelf: None,
        }
    }

    pub(crate) fn get(&self, id: &ItemId) -> Option<&Kept> {
        self.kept.get(id).map(|kept| &**kept)
    }

    pub(crate) fn contains_key(&self, id: &ItemId) -> bool {
        self.kept.contains_key(id)
    }

    pub(crate) fn keys(&self) -> impl Iterator<Item = &ItemId> {
        self.kept.keys()
    }

    /// In the order of their ids.
    pub(crate) fn values(&self) -> impl Iterator<Item = &Kept> {
        self.kept.values().map(|kept| &**kept)
    }

    /// Those about the circle itself, in the order of their ids: [`Gist::is_about_circle`].
    pub(crate) fn about_circle(&self) -> impl Iterator<Item = &Kept> {
        self.about_circle.iter().filter_map(|id| self.get(id))
    }

    pub(crate) fn len(&self) -> usize {
        self.kept.len()
    }

    /// Takes an item in; its words stay in memory until [`Self::shelve`].
    pub(crate) fn insert(&mut self, item: Verified<Item>) {
        self.fresh.push(item.id);
        self.note(item.id, &Outline::of(&item));
        self.kept.insert(item.id, Box::new(Kept::whole(item)));
    }

    /// Whether its author took an item back, or what it says in other words.
    pub(crate) fn is_withdrawn(&self, id: &ItemId, body: &Outline) -> bool {
        let said = match &body.gist {
            Gist::Edit(to) | Gist::File(to, _) => *to,
            Gist::Piece(file, _) if self.took_back(file, &body.member) => return true,
            Gist::Piece(file, _) => match self.words_of_piece(file, body) {
                Some(words) => words,
                None => return false,
            },
            gist if gist.is_words() => *id,
            _ => return false,
        };
        self.took_back(&said, &body.member)
    }

    fn took_back(&self, said: &ItemId, member: &MemberId) -> bool {
        self.withdrawn.get(said).is_some_and(|by| by.contains(member))
    }

    /// What claims to answer a report.
    pub(crate) fn answers(&self, report: &ReportId) -> impl Iterator<Item = &Kept> {
        let answers = self.answers.get(report).into_iter().flatten();
        answers.filter_map(|id| self.kept.get(id).map(|kept| &**kept))
    }

    /// What members took back, here or not, and who.
    pub(crate) fn withdrawals(&self) -> impl Iterator<Item = (&ItemId, &BTreeSet<MemberId>)> {
        self.withdrawn.iter()
    }

    /// After an item came: forgets for good the words that their author took back, whichever of
    /// the two came first. Returns whose, with what is to be kept of each.
    pub(crate) fn take_back(&mut self, came: &ItemId) -> Vec<(ItemId, Vec<u8>)> {
        let Some(came) = self.kept.get(came) else {
            return Vec::new();
        };
        let said = match &came.body.gist {
            Gist::Withdraw(to)
            | Gist::Edit(to)
            | Gist::File(to, _)
            | Gist::Spared(Spared { of: to, .. }) => *to,
            _ => came.id,
        };
        let edits = self.edits.get(&said).into_iter().flatten().copied();
        let words: Vec<ItemId> = edits.chain(self.files_with(&said)).collect();
        words.into_iter().filter_map(|id| Some((id, self.erase(&id)?))).collect()
    }

    /// Words that are too old, erased or not, and have a file: it goes with them, whatever it is
    /// dated.
    pub(crate) fn too_old_with_files(&self, too_old: impl Fn(&Kept) -> bool) -> Vec<ItemId> {
        let words = self.files.keys().filter_map(|words| self.get(words));
        words.filter(|words| too_old(words)).map(|words| words.id).collect()
    }

    /// Forgets for good the words that are too old, and says of each what is to be kept.
    pub(crate) fn expire(&mut self, too_old: impl Fn(&Kept) -> bool) -> Vec<(ItemId, Vec<u8>)> {
        let words = self.kept.values().filter(|kept| !kept.erased && too_old(kept));
        let mut words: Vec<ItemId> = words.map(|kept| kept.id).collect();
        for with_file in self.too_old_with_files(&too_old) {
            words.extend(self.files_with(&with_file));
        }
        words.into_iter().filter_map(|id| Some((id, self.forget_words(&id)?))).collect()
    }

    fn erase(&mut self, id: &ItemId) -> Option<Vec<u8>> {
        let kept = self.kept.get(id)?;
        if !self.is_withdrawn(id, &kept.body) {
            return None;
        }
        self.forget_words(id)
    }

    /// Forgets the words of an item, if it is of a kind that has some, and says what is to be kept.
    fn forget_words(&mut self, id: &ItemId) -> Option<Vec<u8>> {
        let kept = self.kept.get(id).filter(|kept| !kept.erased)?;
        let record = ErasedRecord::of(&kept.body)?;
        let kept = self.kept.get_mut(id)?;
        kept.whole = None;
        kept.erased = true;
        Some(record)
    }

    fn note(&mut self, id: ItemId, body: &Outline) {
        match &body.gist {
            Gist::Withdraw(to) | Gist::Spared(Spared { of: to, .. }) => {
                self.withdrawn.entry(*to).or_default().insert(body.member);
            }
            Gist::Edit(to) => {
                self.edits.entry(*to).or_default().insert(id);
            }
            Gist::File(to, _) => {
                self.files.entry(*to).or_default().insert(id);
            }
            Gist::Piece(file, number) => {
                let pieces = self.pieces.entry(*file).or_default();
                pieces.entry(*number).or_default().insert(id);
            }
            Gist::ReportAnswer(report) => {
                self.answers.entry(*report).or_default().insert(id);
            }
            gist if gist.is_about_circle() => {
                self.about_circle.insert(id);
            }
            _ => {}
        }
    }

    /// Holds what was read from the store, and nothing else.
    pub(crate) fn fill(&mut self, kept: BTreeMap<ItemId, Box<Kept>>) {
        for (id, item) in &kept {
            self.note(*id, &item.body);
        }
        self.kept = kept;
    }

    pub(crate) fn remove(&mut self, id: &ItemId) -> Option<Box<Kept>> {
        let gone = self.kept.remove(id)?;
        if let Gist::Withdraw(to) | Gist::Spared(Spared { of: to, .. }) = &gone.body.gist {
            let (to, by) = (*to, gone.body.member);
            let again = |kept: &Kept| match &kept.body.gist {
                Gist::Withdraw(at) | Gist::Spared(Spared { of: at, .. }) => {
                    *at == to && kept.body.member == by
                }
                _ => false,
            };
            if !self.kept.values().any(|kept| again(kept))
                && let Some(members) = self.withdrawn.get_mut(&to)
            {
                members.remove(&by);
                if members.is_empty() {
                    self.withdrawn.remove(&to);
                }
            }
        }
        if let Gist::Edit(to) = &gone.body.gist
            && let Some(edits) = self.edits.get_mut(to)
        {
            edits.remove(id);
            if edits.is_empty() {
                self.edits.remove(to);
            }
        }
        if let Gist::File(to, _) = &gone.body.gist
            && let Some(files) = self.files.get_mut(to)
        {
            files.remove(id);
            if files.is_empty() {
                self.files.remove(to);
            }
        }
        if let Gist::Piece(file, number) = &gone.body.gist
            && let Some(pieces) = self.pieces.get_mut(file)
        {
            pieces.entry(*number).or_default().remove(id);
            pieces.retain(|_, ids| !ids.is_empty());
            if pieces.is_empty() {
                self.pieces.remove(file);
            }
        }
        if let Gist::ReportAnswer(report) = &gone.body.gist
            && let Some(answers) = self.answers.get_mut(report)
        {
            answers.remove(id);
        }
        self.about_circle.remove(id);
        Some(gone)
    }

    /// All that was to be written is durable: words go from memory, and are read from `shelf`.
    pub(crate) fn shelve(&mut self, shelf: &Arc<dyn Shelf>) {
        for id in self.fresh.drain(..) {
            if let Some(kept) = self.kept.get_mut(&id) {
                kept.whole = None;
            }
        }
        self.fresh.shrink_to(MAX_IDLE_FRESH);
        if self.shelf.is_none() {
            self.shelf = Some(shelf.clone());
        }
    }

    /// What was to be written since [`Self::shelve`] could not be: it never came.
    pub(crate) fn forget_unwritten(&mut self) {
        for id in std::mem::take(&mut self.fresh) {
            self.remove(&id);
        }
    }

    /// All of an item; `None` if there is none, or its words cannot be read now.
    pub(crate) fn whole(&self, id: &ItemId) -> Option<Cow<'_, Verified<Item>>> {
        let kept = self.kept.get(id).filter(|kept| !kept.erased)?;
        if let Some(whole) = &kept.whole {
            return Some(Cow::Borrowed(whole));
        }
        Some(Cow::Owned(item_on(&**self.shelf.as_ref()?, &self.circle, id)?))
    }

    /// An item as its author signed it, likewise.
    pub(crate) fn signed(&self, id: &ItemId) -> Option<SignedItem> {
        Some(self.whole(id)?.signed())
    }

    /// What an item says, likewise.
    pub(crate) fn content(&self, id: &ItemId) -> Option<Content> {
        Some(match self.whole(id)? {
            Cow::Borrowed(item) => item.body.content.clone(),
            Cow::Owned(item) => item.into_inner().body.content,
        })
    }
}

impl Kept {
    /// An item with its words.
    pub(crate) fn whole(item: Verified<Item>) -> Self {
        Self { id: item.id, body: Outline::of(&item), whole: Some(Box::new(item)), erased: false }
    }

    /// What was written of the item with this id.
    ///
    /// # Errors
    /// [`DecodeError`]: the store is damaged.
    pub(crate) fn read(id: ItemId, value: &[u8]) -> Result<Self, DecodeError> {
        Ok(Self::whole(SignedItem::from_bytes(value)?.trusted(id)?))
    }

    /// The same without what it says, which is left where it was read from, and what that is.
    ///
    /// # Errors
    /// [`DecodeError`]: the store is damaged.
    pub(crate) fn read_outline(id: ItemId, value: &[u8]) -> Result<(Self, Content), DecodeError> {
        let item = SignedItem::from_bytes(value)?.trusted(id)?.into_inner();
        let kept = Self { id, body: Outline::of(&item), whole: None, erased: false };
        Ok((kept, item.body.content))
    }

    /// What was kept of an item whose author took it back.
    ///
    /// # Errors
    /// [`DecodeError`]: the store is damaged.
    pub(crate) fn read_erased(id: ItemId, value: &[u8]) -> Result<Self, DecodeError> {
        Ok(Self { id, body: ErasedRecord::read(value)?, whole: None, erased: true })
    }

    /// Whether its words are gone for good.
    pub(crate) fn is_erased(&self) -> bool {
        self.erased
    }
}

impl PartialEq for Items {
    fn eq(&self, other: &Self) -> bool {
        self.circle == other.circle && self.kept == other.kept
    }
}

impl Eq for Items {}

impl fmt::Debug for Items {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Items({})", self.kept.len())
    }
}

/// Room that the list of fresh items keeps after it was emptied.
const MAX_IDLE_FRESH: usize = 64;

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;
    use crate::content::{Ask, ItemBody, ItemText, Scope, Share};
    use crate::id::{MemberId, StateId};
    use crate::identity::DeviceKey;
    use crate::secret::Secret;
    use crate::time::Timestamp;

    const CIRCLE: CircleId = CircleId::from_bytes([1; 32]);

    #[derive(Default)]
    struct Records(Mutex<BTreeMap<Key, Vec<u8>>>);

    impl Shelf for Records {
        fn read(&self, key: &Key) -> Option<Value> {
            self.0.lock().unwrap().get(key).map(|value| Value::new(value.clone()))
        }
    }

    fn item(text: &str) -> Verified<Item> {
        let key = DeviceKey::from_secret(&Secret::from_bytes([3; 32]));
        let text = ItemText::new(text).unwrap();
        let body = ItemBody {
            circle: CIRCLE,
            member: MemberId::from_bytes([2; 32]),
            device: key.id(),
            first_state: StateId::from_bytes([4; 32]),
            seq: 0,
            previous: None,
            seen: Vec::new(),
            written: Timestamp::from_seconds(60),
            scope: Scope::LaterToo,
            content: Content::Share(Share {
                ask: Ask::JustListening,
                content_note: None,
                title: None,
                text,
            }),
        };
        body.sign(&key).verify().unwrap()
    }

    #[test]
    fn what_could_not_be_written_is_forgotten_and_what_is_on_the_shelf_stays() {
        let shelf: Arc<dyn Shelf> = Arc::new(Records::default());
        let mut items = Items::new(CIRCLE);
        let (kept, lost) = (item("kept"), item("lost"));
        items.insert(kept.clone());
        items.shelve(&shelf);
        items.insert(lost);
        items.forget_unwritten();
        assert_eq!(items.keys().collect::<Vec<_>>(), [&kept.id]);
        items.forget_unwritten();
        assert_eq!(items.len(), 1);
    }

    #[test]
    fn words_are_in_memory_until_they_are_durable_and_then_on_the_shelf() {
        let kept = Arc::new(Records::default());
        let shelf: Arc<dyn Shelf> = kept.clone();
        let mut items = Items::new(CIRCLE);
        let (item, id) = (item("a quiet day"), item("a quiet day").id);
        items.insert(item.clone());
        assert_eq!(items.content(&id), Some(item.body.content.clone()));

        let key = Key::new(RecordKind::Item, &[CIRCLE.as_bytes(), id.as_bytes()]);
        kept.0.lock().unwrap().insert(key.clone(), item.signed().to_bytes());
        items.shelve(&shelf);
        assert!(items.get(&id).unwrap().whole.is_none(), "the words are in memory still");
        assert_eq!(items.content(&id), Some(item.body.content.clone()));
        assert_eq!(items.signed(&id), Some(item.signed()));
        assert_eq!(content_on(&*shelf, &CIRCLE, &id), Some(item.body.content.clone()));

        // A shelf that cannot be read takes the words, and nothing else.
        let value = kept.0.lock().unwrap().remove(&key).unwrap();
        assert_eq!(items.content(&id), None);
        assert_eq!(items.get(&id).unwrap().body.gist, Gist::Share(Ask::JustListening));
        assert_eq!(items.get(&id).unwrap().body, Kept::read_outline(id, &value).unwrap().0.body);
    }
}

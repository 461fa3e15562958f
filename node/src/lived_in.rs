//! A profile that somebody seems to have lived in: a circle of a few people over some weeks, made by
//! the engine itself at the times it says, with nobody behind the others. It is what another
//! passphrase opens. One of the others can go on, as a companion: from a profile of its own, in some
//! other place. Clauses: specs/07-store S-15, S-21.

mod words;

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use windbreak_protocol::content::{Ask, Scope, WarmWord};
use windbreak_protocol::id::{CircleId, EnvelopeId, ItemId, Topic};
use windbreak_protocol::identity::Verified;
use windbreak_protocol::invite::Door;
use windbreak_protocol::ledger::InviteTerms;
use windbreak_protocol::record::{Batch, Key, Value};
use windbreak_protocol::recovery::RecoveryKey;
use windbreak_protocol::secret::Secret;
use windbreak_protocol::time::Timestamp;
use windbreak_protocol::wire::Envelope;
use windbreak_protocol::{
    Engine, Input, NewCircle, NewKnock, NewShare, Output, Reach, Suite, Timings, Venue,
};

use crate::clock;
use crate::profile::ProfileError;
use crate::recovery::Phrase;
use crate::store::{Store, StoreError, random};
use words::{Draw, Story, Talk};

pub use words::Language;

/// People in the circle, its owner among them.
const PEOPLE: usize = 4;
/// Days that it goes back, at least, and how many more it may be.
const MIN_DAYS: u64 = 24;
const MORE_DAYS: u64 = 30;
/// Whose the profile is, and who made the circle: the companion, if there is one.
const OWNER: usize = 0;
const FOUNDER: usize = 1;
/// How many of the last things that were said somebody looks through for one to answer.
const LOOKED_BACK: usize = 6;
/// Of so many times that somebody reads what another said, they have a warm word for it once.
const WARMED: u64 = 4;
/// How often a newcomer looks whether they are in, every ten minutes.
const MAX_WAITS: usize = 72;
const HOUR: Duration = Duration::from_secs(3600);

/// A new store and what member keys in it are sealed to.
pub struct Place<'a> {
    /// Holds nothing yet.
    pub store: &'a mut dyn Store,
    /// Its recovery phrase.
    pub phrase: &'a Phrase,
}

/// Fills a new store with such a profile. Its circle names `relays`, as one made here would.
/// `companion` gets the device of whoever made the circle: a member like any other, who can go on
/// with it over these relays. Nothing in the one store tells of the other but the circle. All of it is
/// in `language`, which nothing but its words says: who goes on with it finds it there.
///
/// # Errors
/// [`ProfileError`] when a store or the system fails.
pub fn fill(
    own: Place<'_>,
    companion: Option<Place<'_>>,
    relays: &[String],
    language: Language,
) -> Result<(), ProfileError> {
    let mut draw = Draw::new(Secret::from_bytes(random()?));
    let days = MIN_DAYS + draw.below(MORE_DAYS);
    let now = clock::now();
    let began = Timestamp::from_seconds(
        now.as_seconds().saturating_sub(days * 24 * 3600 + draw.below(20 * 3600)),
    );
    let key_of = |place: &Place<'_>| place.phrase.keys().map(|(_, public)| public);
    let mut recovery = BTreeMap::new();
    recovery.extend(key_of(&own).map(|key| (OWNER, key)));
    recovery.extend(companion.as_ref().and_then(key_of).map(|key| (FOUNDER, key)));
    // A world that does not come about is a fault of this program, and never half of one.
    let (story, talk) = words::begin(language, &mut draw).ok_or(StoreError::Damaged)?;
    let mut devices = World::new(began, &story, relays, &recovery, &mut draw)
        .and_then(|world| world.live(talk, now, &mut draw))
        .ok_or(StoreError::Damaged)?;
    if let Some(companion) = companion {
        settle_in(companion, std::mem::take(&mut devices[FOUNDER].records))?;
    }
    settle_in(own, std::mem::take(&mut devices[OWNER].records))
}

fn settle_in(place: Place<'_>, records: BTreeMap<Key, Value>) -> Result<(), ProfileError> {
    let mut batch = Batch::new();
    for (key, value) in records {
        batch.put(key, value.to_vec());
    }
    place.store.apply(batch)?;
    Ok(place.phrase.keep_public_half(place.store)?)
}

impl std::fmt::Debug for Place<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Place(…)")
    }
}

/// Somebody's device.
struct Device {
    engine: Engine,
    records: BTreeMap<Key, Value>,
    outbox: Vec<(Venue, Verified<Envelope>)>,
    venues: BTreeMap<Venue, Reach>,
    has: BTreeSet<EnvelopeId>,
}

/// Something that was said, and by whom.
struct Said {
    who: usize,
    item: ItemId,
    what: What,
    read_by: BTreeSet<usize>,
    answered_by: BTreeSet<usize>,
}

/// What can be said to it.
#[derive(Clone, Copy)]
enum What {
    /// By everybody else: something about this.
    Share(usize),
    /// By whom it was said to: thanks.
    Answer(usize),
    /// Nothing more.
    Thanks,
}

impl Said {
    fn new(who: usize, item: ItemId, what: What) -> Self {
        Self { who, item, what, read_by: BTreeSet::new(), answered_by: BTreeSet::new() }
    }

    /// Warm words that fit it, whatever its words are.
    fn warm_words_of(&self, reader: usize) -> &'static [WarmWord] {
        match self.what {
            _ if self.who == reader => &[],
            What::Share(_) => &[WarmWord::HEARD, WarmWord::WITH_YOU, WarmWord::ME_TOO],
            What::Answer(to) if to == reader => &[WarmWord::THANK_YOU],
            What::Answer(_) => &[WarmWord::HEARD, WarmWord::ME_TOO],
            What::Thanks => &[],
        }
    }

    fn may_be_answered_by(&self, somebody: usize) -> bool {
        let is_theirs = match self.what {
            What::Share(_) => self.who != somebody,
            What::Answer(to) => to == somebody,
            What::Thanks => false,
        };
        is_theirs && !self.answered_by.contains(&somebody)
    }
}

/// All of them, and the relay between.
struct World {
    circle: CircleId,
    devices: Vec<Device>,
    relay: BTreeMap<Topic, BTreeMap<EnvelopeId, Verified<Envelope>>>,
    said: Vec<Said>,
    now: Timestamp,
}

impl World {
    /// A circle that began at `began`, and in which everybody is.
    fn new(
        began: Timestamp,
        story: &Story,
        relays: &[String],
        recovery: &BTreeMap<usize, RecoveryKey>,
        draw: &mut Draw,
    ) -> Option<Self> {
        let mut devices = Vec::new();
        for number in 0..PEOPLE {
            let mut engine =
                Engine::load(began, &draw.secret(), Timings::default(), Vec::new()).ok()?;
            if let Some(recovery) = recovery.get(&number) {
                engine.set_recovery(began, recovery.clone());
            }
            devices.push(Device::new(engine));
        }
        // Somebody else made the circle, and the owner came by an invite, as most people do.
        let founder = &mut devices[FOUNDER].engine;
        let circle = founder.create_circle(began, founded(story, relays)).ok()?;
        let (relay, said) = (BTreeMap::new(), Vec::new());
        let mut world = Self { circle, devices, relay, said, now: began };
        world.settle();
        for number in (0..PEOPLE).filter(|number| *number != FOUNDER) {
            world.join(number, story)?;
            world.pass(Duration::from_secs(3600 + draw.below(30 * 3600)));
        }
        Some(world)
    }

    /// Lives on to `until`; gives the devices with what they keep.
    fn live(mut self, mut talk: Talk, until: Timestamp, draw: &mut Draw) -> Option<Vec<Device>> {
        loop {
            let next = self.now.after(Duration::from_secs(3 * 3600 + draw.below(30 * 3600)));
            if next >= until {
                break;
            }
            self.pass(Duration::from_secs(next.since(self.now).as_secs()));
            let who = draw.below(PEOPLE as u64) as usize;
            self.read(who, draw);
            let answers = draw.below(5) < 3;
            // Who has nothing new to say is silent.
            if !(answers && self.answer(who, &mut talk, draw).is_some()) {
                self.begin(who, &mut talk, draw);
            }
        }
        self.now = until;
        self.settle();
        (self.said.len() > 4).then_some(self.devices)
    }

    /// Somebody reads what is new to them, and has a warm word for some of it.
    fn read(&mut self, who: usize, draw: &mut Draw) {
        for said in &mut self.said {
            let words = said.warm_words_of(who);
            if said.read_by.insert(who) && !words.is_empty() && draw.below(WARMED) == 0 {
                let word = words[draw.below(words.len() as u64) as usize];
                let engine = &mut self.devices[who].engine;
                // Where it does not come about, nobody had to say it.
                let _ = engine.react(self.now, &self.circle, &said.item, Some(word));
            }
        }
        self.settle();
    }

    /// Somebody answers one of the last things that were said.
    fn answer(&mut self, who: usize, talk: &mut Talk, draw: &mut Draw) -> Option<()> {
        for at in (0..self.said.len()).rev().take(LOOKED_BACK) {
            let Said { who: author, item, what, .. } = self.said[at];
            if !self.said[at].may_be_answered_by(who) {
                continue;
            }
            let (text, what) = match what {
                What::Share(topic) => (talk.reply(topic, draw), What::Answer(author)),
                What::Answer(_) | What::Thanks => (talk.thanks(), What::Thanks),
            };
            if let Some(text) = text {
                let reply = self.reply(who, &item, text)?;
                self.said[at].answered_by.insert(who);
                self.said.push(Said::new(who, reply, what));
                return Some(());
            }
        }
        None
    }

    /// Somebody begins with something.
    fn begin(&mut self, who: usize, talk: &mut Talk, draw: &mut Draw) -> Option<()> {
        let share = talk.share(draw)?;
        let item = self.share(who, share.text, share.ask)?;
        self.said.push(Said::new(who, item, What::Share(share.topic)));
        Some(())
    }

    fn join(&mut self, newcomer: usize, story: &Story) -> Option<()> {
        let circle = self.circle;
        let terms =
            InviteTerms { expires: self.now.after(72 * HOUR), uses: 1, door: Door::default() };
        let inviter = &mut self.devices[FOUNDER].engine;
        let invite = inviter.open_invite(self.now, &circle, terms).ok()?;
        let text = inviter.invite_text(&circle, &invite).ok()?;
        self.pass(HOUR);
        let now = self.now;
        let invite = self.devices[newcomer].engine.start_join(now, text).ok()?;
        self.settle();
        let engine = &mut self.devices[newcomer].engine;
        let agreement = engine.join(&invite)?.agreement?;
        let knock = NewKnock {
            name: story.names[newcomer].to_owned(),
            note: String::new(),
            agreement,
            patience: 24 * HOUR,
        };
        engine.knock(now, &invite, knock).ok()?;
        // Somebody lets the newcomer in when it is their turn, and answers are fetched after that.
        for _ in 0..MAX_WAITS {
            self.pass(HOUR / 6);
            if self.devices[newcomer].engine.circle(self.now, &circle).is_some() {
                return Some(());
            }
        }
        None
    }

    fn share(&mut self, who: usize, text: String, ask: Ask) -> Option<ItemId> {
        let share = NewShare { ask, content_note: None, title: None, text, scope: Scope::HereNow };
        let item = self.devices[who].engine.share(self.now, &self.circle, share).ok();
        self.settle();
        item
    }

    fn reply(&mut self, who: usize, to: &ItemId, text: String) -> Option<ItemId> {
        let engine = &mut self.devices[who].engine;
        let item = engine.reply(self.now, &self.circle, to, text, Scope::HereNow).ok();
        self.settle();
        item
    }

    /// Lets time go by, in steps of a few hours: nobody waits for anybody.
    fn pass(&mut self, time: Duration) {
        let until = self.now.after(time);
        while self.now < until {
            let step = 4 * HOUR;
            self.now = self.now.after(step.min(until.since(self.now)));
            for device in &mut self.devices {
                device.engine.handle_timeout(self.now);
            }
            self.settle();
        }
    }

    /// Carries envelopes until nobody has anything new.
    fn settle(&mut self) {
        for _ in 0..32 {
            if !self.carry() {
                return;
            }
        }
    }

    fn carry(&mut self) -> bool {
        let (now, relay) = (self.now, &mut self.relay);
        let mut moved = false;
        for device in &mut self.devices {
            device.obey();
            for (venue, envelope) in std::mem::take(&mut device.outbox) {
                let id = envelope.id();
                moved = true;
                relay.entry(envelope.topic()).or_default().insert(id, envelope);
                device.has.insert(id);
                let _ = device.engine.handle(now, Input::Acknowledged { venue, envelope: id });
            }
            device.obey();
        }
        for device in &mut self.devices {
            for (venue, reach) in device.venues.clone() {
                for followed in &reach.topics {
                    let held = relay.get(&followed.topic);
                    let fresh: Vec<_> = held
                        .into_iter()
                        .flatten()
                        .filter(|(id, _)| device.has.insert(**id))
                        .map(|(_, envelope)| envelope.clone())
                        .collect();
                    if !fresh.is_empty() {
                        moved = true;
                        let _ =
                            device.engine.handle(now, Input::Envelopes { venue, envelopes: fresh });
                    }
                    let topic = followed.topic;
                    let _ = device.engine.handle(now, Input::Synced { venue, topic });
                }
            }
            device.obey();
        }
        moved
    }
}

fn founded(story: &Story, relays: &[String]) -> NewCircle {
    NewCircle {
        title: story.title.to_owned(),
        name: story.names[FOUNDER].to_owned(),
        suite: Suite::default(),
        relays: relays.to_vec(),
        welcome: story.welcome.to_owned(),
        agreement: story.agreement.to_owned(),
        declaration: Some(story.declaration.to_owned()),
    }
}

impl Device {
    fn new(engine: Engine) -> Self {
        Self {
            engine,
            records: BTreeMap::new(),
            outbox: Vec::new(),
            venues: BTreeMap::new(),
            has: BTreeSet::new(),
        }
    }

    /// Obeys the engine, as the driver does.
    fn obey(&mut self) {
        while let Some(output) = self.engine.poll_output() {
            match output {
                Output::Persist(batch) => {
                    for (key, value) in batch.iter() {
                        match value {
                            Some(value) => {
                                self.records.insert(key.clone(), Value::new(value.to_vec()));
                            }
                            None => {
                                self.records.remove(key);
                            }
                        }
                    }
                }
                Output::Publish { venue, envelope } => self.outbox.push((venue, envelope)),
                Output::TakeBack { envelope, .. } => {
                    self.outbox.retain(|(_, waiting)| waiting.id() != envelope);
                }
                Output::Reach(venue) => {
                    if let Some(reach) = self.engine.reach(&venue) {
                        self.venues.insert(venue, reach);
                    }
                }
                Output::Close(venue) => {
                    self.venues.remove(&venue);
                }
                Output::Event(_) => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::MemoryStore;
    use windbreak_protocol::HistoryStage;
    use windbreak_protocol::record::RecordKind;

    #[test]
    fn a_life_comes_about_whatever_is_drawn() {
        for seed in 0..6 {
            let mut draw = Draw::new(Secret::from_bytes([seed; 32]));
            let until = clock::now();
            let began = Timestamp::from_seconds(until.as_seconds() - 25 * 24 * 3600);
            let language = Language::ALL[usize::from(seed) % 3];
            let (story, talk) = words::begin(language, &mut draw).unwrap();
            let world = World::new(began, &story, &[], &BTreeMap::new(), &mut draw).unwrap();
            let devices = world.live(talk, until, &mut draw).unwrap();
            let circles = devices[OWNER].engine.circles(until);
            assert_eq!(circles[0].title, story.title);
            // As to anybody who was let in where nothing had been said yet: they asked, and were told so.
            let before = circles[0].history.unwrap();
            assert_eq!((before.stage, before.withheld), (HistoryStage::Here, false), "{seed}");
        }
    }

    #[test]
    fn a_hidden_profile_looks_lived_in() {
        let mut store = MemoryStore::new();
        let phrase = Phrase::generate().unwrap();
        fill(Place { store: &mut store, phrase: &phrase }, None, &[], Language::English).unwrap();
        let kinds = RecordKind::ALL.into_iter();
        let kinds = kinds.filter(|kind| kind.is_engines());
        let records: Vec<_> = kinds.flat_map(|kind| store.load(kind).unwrap()).collect();
        let now = clock::now();
        let seed = Secret::from_bytes([1; 32]);
        let engine = Engine::load(now, &seed, Timings::default(), records).unwrap();
        let circles = engine.circles(now);
        assert_eq!(circles.len(), 1);
        engine
            .with_timeline(&circles[0].id, |timeline| {
                let entries = timeline.entries();
                assert!(entries.len() > 10, "{}", entries.len());
                let times: Vec<u64> =
                    entries.iter().map(|entry| entry.written().as_seconds()).collect();
                let (first, last) = (times.iter().min().unwrap(), times.iter().max().unwrap());
                // People come in over some days before the first of them says something.
                assert!(now.as_seconds() - first > 14 * 24 * 3600);
                assert!(now.as_seconds() - last < 4 * 24 * 3600);
                let words: usize = entries
                    .iter()
                    .filter_map(|entry| timeline.marks(entry))
                    .map(|marks| marks.reactions.len())
                    .sum();
                assert!(words > 2 && words < entries.len(), "{words} of {}", entries.len());
            })
            .unwrap();
        assert_eq!(circles[0].outbox, 0);
        assert_eq!(store.load(RecordKind::MemberKey).unwrap().len(), 1);
    }
}

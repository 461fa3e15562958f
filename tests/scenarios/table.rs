//! The table: after two members committed on one state, who reads whom? Every pair of what commits do,
//! every sender and every receiver, in every order in which the two commits and the share can reach
//! them, whether the committers count on their own commit already or not. Elsewhere 6 of 12 pairs could not read each
//! other after such a race.

use std::time::Duration;

use windbreak_protocol::content::{Ask, Content, Scope};
use windbreak_protocol::id::{CircleId, KnockId};
use windbreak_protocol::identity::Verified;
use windbreak_protocol::ledger::{Change, Departure, FilesAllowed};
use windbreak_protocol::record::{Key, Value};
use windbreak_protocol::secret::Secret;
use windbreak_protocol::testing::{Forgery, Insider};
use windbreak_protocol::time::Timestamp;
use windbreak_protocol::wire::Envelope;
use windbreak_protocol::wire::text::Text;
use windbreak_protocol::{Engine, Input, NewShare, Output, Redundant, Timings, Venue, Verdict};
use windbreak_tests::{Host, Seed, World};

const MEMBERS: usize = 4;
/// Who commits.
const RIVALS: [usize; 2] = [1, 2];
const TEXT: &str = "Can you read me?";

/// What reaches a device, in some order.
#[derive(Clone, Copy, Debug)]
enum Step {
    Commit(usize),
    Share,
}

const ORDERS: [[Step; 3]; 6] = [
    [Step::Commit(0), Step::Commit(1), Step::Share],
    [Step::Commit(1), Step::Commit(0), Step::Share],
    [Step::Commit(0), Step::Share, Step::Commit(1)],
    [Step::Commit(1), Step::Share, Step::Commit(0)],
    [Step::Share, Step::Commit(0), Step::Commit(1)],
    [Step::Share, Step::Commit(1), Step::Commit(0)],
];

/// What the store of a device holds.
struct Image(Vec<(Key, Vec<u8>)>);

impl Image {
    fn of(host: &Host) -> Self {
        Self(host.records().collect())
    }

    fn start(&self, now: Timestamp) -> Engine {
        let records = self.0.iter().map(|(key, value)| (key.clone(), Value::new(value.clone())));
        let seed = Secret::from_bytes([7; 32]);
        let mut engine = Engine::load(now, &seed, Timings::default(), records).unwrap();
        let _ = published(&mut engine);
        engine
    }
}

/// What an engine asks to be published.
fn published(engine: &mut Engine) -> Vec<Verified<Envelope>> {
    let mut envelopes = Vec::new();
    while let Some(output) = engine.poll_output() {
        if let Output::Publish { envelope, .. } = output {
            envelopes.push(envelope);
        }
    }
    envelopes
}

/// A device after a race, and what it said in it.
struct Played {
    engine: Engine,
    said: Vec<Verified<Envelope>>,
}

/// A circle in which two members have committed on one state, and nobody has heard of it.
struct Race {
    now: Timestamp,
    circle: CircleId,
    commits: Vec<Vec<Verified<Envelope>>>,
    images: Vec<Image>,
}

/// What a commit does.
#[derive(Clone, Copy, Debug)]
enum Deed {
    Renews,
    Removes,
    Admits,
    LetsFiles,
}

const DEEDS: [Deed; 4] = [Deed::Renews, Deed::Removes, Deed::Admits, Deed::LetsFiles];
/// Who is removed, and who knocks.
const GONE: usize = 4;
const NEWCOMER: usize = 5;

impl Deed {
    fn forgery(self, world: &mut World, circle: &CircleId, knock: &KnockId) -> Forgery {
        match self {
            Self::Renews => Forgery::default(),
            Self::LetsFiles => does(Change::SetFiles(FilesAllowed::Any)),
            Self::Removes => {
                let member = world.member(GONE, circle).unwrap();
                let reason = Text::new("As agreed.").unwrap();
                does(Change::Depart(Departure::Removed { member, reason, consents: Vec::new() }))
            }
            Self::Admits => {
                let now = world.now;
                let insider = Insider::of(&mut world.hosts[0].engine, circle, now).unwrap();
                let entry = insider.entry(knock).unwrap();
                Forgery { key_packages: vec![entry.key_package], ..does(entry.change) }
            }
        }
    }
}

fn does(change: Change) -> Forgery {
    Forgery { changes: vec![change], ..Forgery::default() }
}

/// Both who commit hold the circle, and somebody has knocked.
fn race(deeds: [Deed; 2], merged: bool) -> Race {
    let mut world = World::new(u8::try_from(NEWCOMER + 1).unwrap(), Seed(77));
    let circle = world.circle_of(GONE + 1).unwrap();
    for host in RIVALS {
        world.promote(0, &circle, host).unwrap();
    }
    let (_, text) = world.invite(0, &circle, 1, true).unwrap();
    world.settle();
    world.knock(NEWCOMER, text).unwrap();
    world.run_for(Duration::from_secs(90));
    let knock = world.first_knock(0, &circle).unwrap();
    let now = world.now;
    let mut commits = Vec::new();
    for (host, deed) in RIVALS.into_iter().zip(deeds) {
        let forgery = deed.forgery(&mut world, &circle, &knock);
        let mut insider = Insider::of(&mut world.hosts[host].engine, &circle, now).unwrap();
        let head = insider.head().unwrap();
        let forged = insider.commit(&head, forgery).unwrap();
        if merged {
            insider.take_up(&forged.state);
        }
        commits.push(forged.envelopes);
        world.hosts[host].obey_all();
    }
    let images = world.hosts[..MEMBERS].iter().map(Image::of).collect();
    Race { now, circle, commits, images }
}

impl Race {
    /// Plays one order on one device. Where it comes to the share, a sender says it, and a receiver
    /// is handed `share`.
    fn play(
        &self,
        device: usize,
        order: [Step; 3],
        share: Option<&[Verified<Envelope>]>,
    ) -> Played {
        // Started a moment ago: right after a start a device listens before it sends.
        let started = Timestamp::from_seconds(self.now.as_seconds() - 5);
        let mut engine = self.images[device].start(started);
        engine.handle_timeout(self.now);
        let venue = Venue::Circle(self.circle);
        let mut said = Vec::new();
        let mut unfollowed = Vec::new();
        for step in order {
            let envelopes = match (step, share) {
                (Step::Commit(rival), _) => self.commits[rival].clone(),
                (Step::Share, Some(share)) => share.to_vec(),
                (Step::Share, None) => {
                    let _ = published(&mut engine);
                    engine.share(self.now, &self.circle, words()).unwrap();
                    said = published(&mut engine);
                    continue;
                }
            };
            let verdicts =
                engine.handle(self.now, Input::Envelopes { venue, envelopes: envelopes.clone() });
            let foreign = Verdict::Ignore(Redundant::ForeignTopic);
            let told = envelopes.into_iter().zip(verdicts);
            unfollowed.extend(told.filter(|(_, verdict)| *verdict == foreign).map(|(one, _)| one));
        }
        // After a removal all speak on topics that are fetched once they are followed.
        engine.handle(self.now, Input::Envelopes { venue, envelopes: unfollowed });
        Played { engine, said }
    }
}

fn words() -> NewShare {
    NewShare {
        ask: Ask::JustListening,
        content_note: None,
        title: None,
        text: TEXT.into(),
        scope: Scope::HereNow,
    }
}

fn reads(engine: &Engine, circle: &CircleId) -> bool {
    let shares = engine.with_timeline(circle, |timeline| {
        let entries = timeline.entries().iter();
        entries.filter(|entry| matches!(timeline.content(entry), Some(Content::Share(_)))).count()
    });
    shares == Some(1)
}

#[test]
fn after_a_race_of_two_commits_twelve_of_twelve_pairs_read_each_other_in_every_order() {
    let mut cases = 0;
    for (place, one) in DEEDS.into_iter().enumerate() {
        for other in &DEEDS[place..] {
            for merged in [false, true] {
                cases += all_read_all(&race([one, *other], merged), &format!("{one:?} {other:?}"));
            }
        }
    }
    assert_eq!(cases, 10 * 2 * 12 * 6 * 6);
}

/// Returns how many times somebody was asked.
fn all_read_all(race: &Race, what: &str) -> usize {
    let mut cases = 0;
    for sender in 0..MEMBERS {
        for sent in ORDERS {
            let Played { engine: mut author, said } = race.play(sender, sent, None);
            assert!(reads(&author, &race.circle), "{what}: {sender} {sent:?}");
            assert!(!said.is_empty(), "{what}: {sender} {sent:?}");
            let votes = published(&mut author);
            for receiver in (0..MEMBERS).filter(|other| *other != sender) {
                for received in ORDERS {
                    let mut engine = race.play(receiver, received, Some(&said)).engine;
                    let case = format!("{what}: {sender} {sent:?} to {receiver} {received:?}");
                    assert!(reads(&engine, &race.circle), "{case}");
                    let venue = Venue::Circle(race.circle);
                    engine.handle(race.now, Input::Envelopes { venue, envelopes: votes.clone() });
                    let heads = [&author, &engine]
                        .map(|engine| engine.circle(race.now, &race.circle).unwrap().head);
                    assert_eq!(heads[0], heads[1], "{case}");
                    cases += 1;
                }
            }
        }
    }
    cases
}

//! The table: after two members committed on one state, who reads whom? Every sender and every
//! receiver, in every order in which the two commits and the share can reach them, whether the
//! committers count on their own commit already or not. Elsewhere 6 of 12 pairs could not read each
//! other after such a race.

use std::time::Duration;

use windbreak_protocol::content::{Ask, Scope};
use windbreak_protocol::id::CircleId;
use windbreak_protocol::identity::Verified;
use windbreak_protocol::record::{Key, Value};
use windbreak_protocol::secret::Secret;
use windbreak_protocol::testing::{Forgery, Insider};
use windbreak_protocol::time::Timestamp;
use windbreak_protocol::wire::Envelope;
use windbreak_protocol::{Engine, Input, NewShare, Output, Timings, Venue};
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

/// A circle in which two members have committed on one state, and nobody has heard of it.
struct Race {
    now: Timestamp,
    circle: CircleId,
    commits: Vec<Vec<Verified<Envelope>>>,
    images: Vec<Image>,
}

fn race(merged: bool) -> Race {
    let mut world = World::new(u8::try_from(MEMBERS).unwrap(), Seed(77));
    let circle = world.circle_of(MEMBERS).unwrap();
    world.run_for(Duration::from_secs(90));
    let now = world.now;
    let mut commits = Vec::new();
    for host in RIVALS {
        let mut insider = Insider::of(&mut world.hosts[host].engine, &circle, now).unwrap();
        let head = insider.head().unwrap();
        let forged = insider.commit(&head, Forgery::default()).unwrap();
        if merged {
            insider.take_up(&forged.state);
        }
        commits.push(forged.envelopes);
        world.hosts[host].obey_all();
    }
    let images = world.hosts.iter().map(Image::of).collect();
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
    ) -> (Engine, Vec<Verified<Envelope>>) {
        // Started a moment ago: right after a start a device listens before it sends.
        let started = Timestamp::from_seconds(self.now.as_seconds() - 5);
        let mut engine = self.images[device].start(started);
        engine.handle_timeout(self.now);
        let venue = Venue::Circle(self.circle);
        let mut said = Vec::new();
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
            engine.handle(self.now, Input::Envelopes { venue, envelopes });
        }
        (engine, said)
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
    engine.with_timeline(circle, |timeline| timeline.entries().len()) == Some(1)
}

#[test]
fn after_a_race_of_two_commits_twelve_of_twelve_pairs_read_each_other_in_every_order() {
    let mut cases = 0;
    for merged in [false, true] {
        let race = race(merged);
        for sender in 0..MEMBERS {
            for sent in ORDERS {
                let (author, share) = race.play(sender, sent, None);
                assert!(reads(&author, &race.circle) && !share.is_empty());
                for receiver in (0..MEMBERS).filter(|other| *other != sender) {
                    for received in ORDERS {
                        let (engine, _) = race.play(receiver, received, Some(&share));
                        let case =
                            format!("{sender} {sent:?} to {receiver} {received:?}, {merged}");
                        assert!(reads(&engine, &race.circle), "{case}");
                        let heads = [&author, &engine]
                            .map(|engine| engine.circle(race.now, &race.circle).unwrap().head);
                        assert_eq!(heads[0], heads[1], "{case}");
                        cases += 1;
                    }
                }
            }
        }
    }
    assert_eq!(cases, 2 * 12 * 6 * 6);
}

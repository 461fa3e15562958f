//! A circle of any size of which two devices are there: who made it, and who came in last. All
//! others came in by the same door and are heard of no more, as in a large circle most are not.
//!
//! Times are those of the engine alone: what it asks to be written is counted and not written.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use windbreak_protocol::content::{Ask, Scope};
use windbreak_protocol::id::{CircleId, EnvelopeId, InviteId};
use windbreak_protocol::identity::Verified;
use windbreak_protocol::invite::{Door, InviteText};
use windbreak_protocol::ledger::InviteTerms;
use windbreak_protocol::random::Random;
use windbreak_protocol::secret::Secret;
use windbreak_protocol::time::Timestamp;
use windbreak_protocol::wire::Envelope;
use windbreak_protocol::{
    Engine, Input, NewCircle, NewKnock, NewShare, Output, Suite, Timings, Venue,
};

use crate::measure::Fault;
use crate::measure::stats::timed;

/// Newcomers who knock together: as many as one commit takes.
const AT_ONCE: usize = 60;
/// Seconds within which they are let in.
const PATIENCE: u32 = 120;
/// How long a newcomer waits for an answer. A lobby remembers a knock for so long even of somebody who
/// is in, and has room for 256; so large a circle comes together over hours.
const WAITS: Duration = Duration::from_secs(600);
const DAY: Duration = Duration::from_secs(24 * 3600);

/// A device whose writes are counted.
#[derive(Debug)]
pub struct Meter {
    /// The engine.
    pub engine: Engine,
    /// Bytes it asked to be written, keys and deletions left out.
    pub written: u64,
    /// Batches it asked to be written: each is one wait for the disk.
    pub batches: u64,
}

impl Meter {
    fn new(now: Timestamp, seed: Secret<32>) -> Result<Self, Fault> {
        let engine = Engine::load(now, &seed, Timings::default(), [])?;
        Ok(Self { engine, written: 0, batches: 0 })
    }

    /// Counts from here on.
    fn begin(&mut self) {
        (self.written, self.batches) = (0, 0);
    }

    /// Bytes and batches it asked to be written.
    fn wrote(&self) -> (u64, u64) {
        (self.written, self.batches)
    }

    /// Obeys the engine; gives what it publishes.
    pub fn obey(&mut self) -> Vec<(Venue, Verified<Envelope>)> {
        let mut published = Vec::new();
        while let Some(output) = self.engine.poll_output() {
            match output {
                Output::Persist(batch) => {
                    self.batches += 1;
                    let bytes = batch.iter().filter_map(|(_, value)| value).map(<[u8]>::len);
                    self.written += bytes.sum::<usize>() as u64;
                }
                Output::Publish { venue, envelope } => published.push((venue, envelope)),
                Output::TakeBack { .. }
                | Output::Reach(_)
                | Output::Close(_)
                | Output::Event(_) => {}
            }
        }
        published
    }

    /// Somebody else holds these now.
    pub fn acknowledge(&mut self, now: Timestamp, published: &[(Venue, Verified<Envelope>)]) {
        for (venue, envelope) in published {
            let input = Input::Acknowledged { venue: *venue, envelope: envelope.id() };
            let _ = self.engine.handle(now, input);
        }
        // What follows on an acknowledgement is written, and goes to nobody here.
        let _ = self.obey();
    }
}

/// The circle.
#[derive(Debug)]
pub struct Crowd {
    /// The circle.
    pub circle: CircleId,
    /// Who made it, and lets people in.
    pub host: Host,
    /// Who came in last.
    pub newest: Meter,
    /// How long the newest took to come in by the Welcome.
    pub join: Duration,
    /// Bytes of the answer it came in by, as they travelled.
    pub welcome: usize,
}

/// What it took that somebody came in.
#[derive(Clone, Copy, Debug)]
pub struct Admission {
    /// The founder let somebody in: from the knock until the answer had left.
    pub admit: Duration,
    /// Bytes and batches that the founder asked to be written.
    pub admitted: (u64, u64),
    /// The newest before took in the commit.
    pub add: Duration,
    /// What it asked to be written.
    pub added: (u64, u64),
    /// The newcomer came in by the answer.
    pub join: Duration,
    /// What it asked to be written.
    pub joined: (u64, u64),
    /// Bytes of the answer, as they travelled.
    pub answer: usize,
}

/// Somebody who knocked.
struct Newcomer {
    meter: Meter,
    invite: InviteId,
}

/// Who made the circle, and the invite by which all others come in.
#[derive(Debug)]
pub struct Host {
    /// The device.
    pub meter: Meter,
    /// The time.
    pub now: Timestamp,
    circle: CircleId,
    random: Random,
    text: InviteText,
    cards: Vec<Verified<Envelope>>,
    /// What was published since somebody looked.
    published: Vec<Verified<Envelope>>,
    /// How long it was at work since somebody looked.
    busy: Duration,
}

impl Crowd {
    /// A circle of `members`, at least two.
    ///
    /// # Errors
    /// What an engine says, or that somebody was not let in.
    pub fn gather(members: usize, suite: Suite) -> Result<Self, Fault> {
        let mut host = Host::begin(suite)?;
        let mut inside = 1;
        while inside + 1 < members {
            let count = AT_ONCE.min(members - 1 - inside);
            host.let_in(count)?;
            inside += count;
        }
        let newcomer = host.knock()?;
        host.until(members)?;
        let (answer, _) = host.answer(&newcomer);
        let welcome = bytes_of(&answer);
        let (newest, join) = host.comes_in(newcomer, answer)?;
        Ok(Self { circle: host.circle, host, newest, join, welcome })
    }

    /// Somebody more comes in; who was the newest takes it in.
    ///
    /// # Errors
    /// What an engine says, or that somebody was not let in.
    pub fn admit(&mut self) -> Result<Admission, Fault> {
        let host = &mut self.host;
        let members = host.members() + 1;
        host.go_on();
        host.busy = Duration::ZERO;
        host.meter.begin();
        let newcomer = host.knock()?;
        host.until(members)?;
        let (admit, admitted) = (host.busy, host.meter.wrote());
        let (answer, commit) = host.answer(&newcomer);
        let (now, answer_bytes) = (host.now, bytes_of(&answer));

        let wire: Vec<Vec<u8>> = commit.iter().map(|e| e.as_bytes().to_vec()).collect();
        self.newest.engine.handle_timeout(now);
        let _ = self.newest.obey();
        self.newest.begin();
        let (arrived, add) = timed(|| self.arrive(&wire));
        arrived?;
        let seen = self.newest.engine.circle(now, &self.circle).map(|circle| circle.members.len());
        if seen != Some(members) {
            return Err("an admission was not taken in".into());
        }
        let (newest, join) = self.host.comes_in(newcomer, answer)?;
        Ok(Admission {
            admit,
            admitted,
            add,
            added: self.newest.wrote(),
            join,
            joined: newest.wrote(),
            answer: answer_bytes,
        })
    }

    /// The founder shares `text`; gives the envelopes.
    ///
    /// # Errors
    /// What the engine says.
    pub fn share(&mut self, text: &str) -> Result<Vec<(Venue, Verified<Envelope>)>, Fault> {
        self.host.meter.engine.share(self.host.now, &self.circle, new_share(text))?;
        Ok(self.host.meter.obey())
    }

    /// Envelopes arrive at the newest member as they come from a wire: their topics' signatures are
    /// checked. Says whether all were taken in.
    ///
    /// # Errors
    /// An envelope that is none.
    pub fn arrive(&mut self, wire: &[Vec<u8>]) -> Result<bool, Fault> {
        let mut envelopes = Vec::with_capacity(wire.len());
        for bytes in wire {
            let envelope = Envelope::from_bytes(bytes.as_slice())?;
            envelopes.push(envelope.verify().map_err(|_| "a topic's signature is wrong")?);
        }
        let input = Input::Envelopes { venue: Venue::Circle(self.circle), envelopes };
        let verdicts = self.newest.engine.handle(self.host.now, input);
        let _ = self.newest.obey();
        Ok(verdicts.iter().all(|verdict| *verdict == windbreak_protocol::Verdict::Accept))
    }
}

/// A share that asks for nothing.
#[must_use]
pub fn new_share(text: &str) -> NewShare {
    NewShare {
        ask: Ask::JustListening,
        content_note: None,
        title: None,
        text: text.to_owned(),
        scope: Scope::HereNow,
    }
}

fn bytes_of(envelopes: &[Verified<Envelope>]) -> usize {
    envelopes.iter().map(|envelope| envelope.as_bytes().len()).sum()
}

impl Host {
    fn begin(suite: Suite) -> Result<Self, Fault> {
        let now = Timestamp::from_seconds(1_800_001_800);
        let mut random = Random::from_seed(&Secret::from_bytes([3; 32]));
        let mut meter = Meter::new(now, random.secret())?;
        let new = NewCircle {
            title: "Evening circle".into(),
            name: "Alder".into(),
            suite,
            relays: vec!["/ip4/127.0.0.1/tcp/1".into()],
            welcome: String::new(),
            agreement: "We listen.".into(),
            declaration: Some("Nobody here has a duty to report.".into()),
        };
        let circle = meter.engine.create_circle(now, new)?;
        let terms = InviteTerms { expires: now.after(DAY), uses: 1000, door: Door::default() };
        let invite = meter.engine.open_invite(now, &circle, terms)?;
        let text = meter.engine.invite_text(&circle, &invite)?;
        let (cards, published, busy) = (Vec::new(), Vec::new(), Duration::ZERO);
        let mut host = Self { meter, now, circle, random, text, cards, published, busy };
        host.listen();
        host.cards = std::mem::take(&mut host.published);
        Ok(host)
    }

    /// Somebody looks at the card and knocks.
    fn knock(&mut self) -> Result<Newcomer, Fault> {
        let now = self.now;
        let mut meter = Meter::new(now, self.random.secret())?;
        let text = InviteText::parse(self.text.to_code().as_str())?;
        let invite = meter.engine.start_join(now, text)?;
        let venue = Venue::Invite(invite);
        meter.engine.handle(now, Input::Envelopes { venue, envelopes: self.cards.clone() });
        let agreement = meter.engine.join(&invite).and_then(|join| join.agreement);
        let knock = NewKnock {
            name: "Rowan".into(),
            note: String::new(),
            agreement: agreement.ok_or("the card did not arrive")?,
            patience: WAITS,
        };
        meter.engine.knock(now, &invite, knock)?;
        let published = meter.obey();
        meter.acknowledge(now, &published);
        let envelopes = published.into_iter().map(|(_, envelope)| envelope).collect();
        let venue = Venue::Circle(self.circle);
        let (_, took) =
            timed(|| self.meter.engine.handle(now, Input::Envelopes { venue, envelopes }));
        self.busy += took;
        self.listen();
        Ok(Newcomer { meter, invite })
    }

    /// Takes what the founder publishes to the relay.
    fn listen(&mut self) {
        let began = Instant::now();
        loop {
            let published = self.meter.obey();
            if published.is_empty() {
                break;
            }
            self.meter.acknowledge_keeping(self.now, &published, &mut self.published);
        }
        self.busy += began.elapsed();
    }

    fn wake(&mut self) {
        let began = Instant::now();
        self.meter.engine.handle_timeout(self.now);
        self.busy += began.elapsed();
    }

    /// Lets time go by until so many are members, and what answers them has left.
    fn until(&mut self, members: usize) -> Result<(), Fault> {
        for _ in 0..PATIENCE {
            self.now = self.now.after(Duration::from_secs(1));
            if self.meter.engine.poll_timeout().is_some_and(|due| due <= self.now) {
                self.wake();
            }
            self.listen();
            if self.members() >= members {
                // The Welcome leaves once the commit is held.
                self.listen();
                return Ok(());
            }
        }
        Err("nobody was let in".into())
    }

    fn members(&self) -> usize {
        let overview = self.meter.engine.circle(self.now, &self.circle);
        overview.map_or(0, |circle| circle.members.len())
    }

    /// Time goes by until who knocked before is forgotten.
    fn go_on(&mut self) {
        self.published.clear();
        self.now = self.now.after(2 * WAITS);
        self.wake();
        self.listen();
        self.published.clear();
    }

    fn let_in(&mut self, count: usize) -> Result<(), Fault> {
        let members = self.members() + count;
        for _ in 0..count {
            self.knock()?;
        }
        self.until(members)?;
        self.go_on();
        Ok(())
    }

    /// What was published since somebody looked: to whom knocked, and to the circle.
    fn answer(
        &mut self,
        newcomer: &Newcomer,
    ) -> (Vec<Verified<Envelope>>, Vec<Verified<Envelope>>) {
        let reach = newcomer.meter.engine.reach(&Venue::Invite(newcomer.invite));
        let topics = reach.map(|reach| reach.topics).unwrap_or_default();
        let is_answer =
            |envelope: &Verified<Envelope>| topics.iter().any(|t| t.topic == envelope.topic());
        std::mem::take(&mut self.published).into_iter().partition(is_answer)
    }

    /// A newcomer comes in by its answer; how long that took.
    fn comes_in(
        &self,
        newcomer: Newcomer,
        envelopes: Vec<Verified<Envelope>>,
    ) -> Result<(Meter, Duration), Fault> {
        let Newcomer { mut meter, invite } = newcomer;
        let venue = Venue::Invite(invite);
        meter.begin();
        let (_, join) = timed(|| {
            meter.engine.handle(self.now, Input::Envelopes { venue, envelopes });
            meter.obey()
        });
        if meter.engine.circle(self.now, &self.circle).is_none() {
            return Err("the newest member did not come in".into());
        }
        Ok((meter, join))
    }
}

impl Meter {
    /// The same as [`Self::acknowledge`], and what follows goes on.
    fn acknowledge_keeping(
        &mut self,
        now: Timestamp,
        published: &[(Venue, Verified<Envelope>)],
        kept: &mut Vec<Verified<Envelope>>,
    ) {
        let mut seen: BTreeSet<EnvelopeId> = BTreeSet::new();
        let mut fresh = published.to_vec();
        while !fresh.is_empty() {
            for (venue, envelope) in std::mem::take(&mut fresh) {
                let id = envelope.id();
                if seen.insert(id) {
                    kept.push(envelope);
                    let _ = self.engine.handle(now, Input::Acknowledged { venue, envelope: id });
                }
            }
            fresh = self.obey();
        }
    }
}

//! A circle of any size of which two devices are there: who made it, and who came in last. All
//! others came in by the same door and are heard of no more, as in a large circle most are not.
//!
//! Times are those of the engine alone: what it asks to be written is counted and not written.

use std::collections::BTreeSet;
use std::time::Duration;

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
                Output::Reach(_) | Output::Close(_) | Output::Event(_) => {}
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
    /// Who made it.
    pub founder: Meter,
    /// Who came in last.
    pub newest: Meter,
    /// The time.
    pub now: Timestamp,
    /// How long the newest took to come in by the Welcome.
    pub join: Duration,
    /// Bytes of the answer it came in by, as they travelled.
    pub welcome: usize,
}

/// Somebody who knocked.
struct Newcomer {
    meter: Meter,
    invite: InviteId,
}

/// The circle while people come in.
struct Gathering {
    circle: CircleId,
    founder: Meter,
    random: Random,
    now: Timestamp,
    text: InviteText,
    cards: Vec<Verified<Envelope>>,
    /// What was published to the door since somebody looked.
    answers: Vec<Verified<Envelope>>,
}

impl Crowd {
    /// A circle of `members`, at least two.
    ///
    /// # Errors
    /// What an engine says, or that somebody was not let in.
    pub fn gather(members: usize, suite: Suite) -> Result<Self, Fault> {
        let mut gathering = Gathering::begin(suite)?;
        let mut inside = 1;
        while inside + 1 < members {
            let count = AT_ONCE.min(members - 1 - inside);
            gathering.let_in(count)?;
            inside += count;
        }
        let (newest, join, welcome) = gathering.let_in_last(members)?;
        let Gathering { circle, founder, now, .. } = gathering;
        Ok(Self { circle, founder, newest, now, join, welcome })
    }

    /// The founder shares `text`; gives the envelopes.
    ///
    /// # Errors
    /// What the engine says.
    pub fn share(&mut self, text: &str) -> Result<Vec<(Venue, Verified<Envelope>)>, Fault> {
        self.founder.engine.share(self.now, &self.circle, new_share(text))?;
        Ok(self.founder.obey())
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
        let verdicts = self.newest.engine.handle(self.now, input);
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

impl Gathering {
    fn begin(suite: Suite) -> Result<Self, Fault> {
        let now = Timestamp::from_seconds(1_800_001_800);
        let mut random = Random::from_seed(&Secret::from_bytes([3; 32]));
        let mut founder = Meter::new(now, random.secret())?;
        let new = NewCircle {
            title: "Evening circle".into(),
            name: "Alder".into(),
            suite,
            relays: vec!["/ip4/127.0.0.1/tcp/1".into()],
            welcome: String::new(),
            agreement: "We listen.".into(),
            declaration: Some("Nobody here has a duty to report.".into()),
        };
        let circle = founder.engine.create_circle(now, new)?;
        let terms = InviteTerms { expires: now.after(DAY), uses: 1000, door: Door::default() };
        let invite = founder.engine.open_invite(now, &circle, terms)?;
        let text = founder.engine.invite_text(&circle, &invite)?;
        let cards = Vec::new();
        let mut gathering = Self { circle, founder, random, now, text, cards, answers: Vec::new() };
        gathering.listen();
        gathering.cards = std::mem::take(&mut gathering.answers);
        Ok(gathering)
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
        self.founder.engine.handle(now, Input::Envelopes { venue, envelopes });
        self.listen();
        Ok(Newcomer { meter, invite })
    }

    /// Takes what the founder publishes to the relay.
    fn listen(&mut self) {
        loop {
            let published = self.founder.obey();
            if published.is_empty() {
                return;
            }
            self.founder.acknowledge_keeping(self.now, &published, &mut self.answers);
        }
    }

    /// Lets time go by until so many are members.
    fn until(&mut self, members: usize) -> Result<(), Fault> {
        for _ in 0..PATIENCE {
            self.now = self.now.after(Duration::from_secs(1));
            if self.founder.engine.poll_timeout().is_some_and(|due| due <= self.now) {
                self.founder.engine.handle_timeout(self.now);
            }
            self.listen();
            let overview = self.founder.engine.circle(self.now, &self.circle);
            if overview.is_some_and(|circle| circle.members.len() >= members) {
                return Ok(());
            }
        }
        Err("nobody was let in".into())
    }

    fn members(&self) -> usize {
        let overview = self.founder.engine.circle(self.now, &self.circle);
        overview.map_or(0, |circle| circle.members.len())
    }

    fn let_in(&mut self, count: usize) -> Result<(), Fault> {
        let members = self.members() + count;
        for _ in 0..count {
            self.knock()?;
        }
        self.until(members)?;
        self.answers.clear();
        self.now = self.now.after(2 * WAITS);
        self.founder.engine.handle_timeout(self.now);
        self.listen();
        Ok(())
    }

    fn let_in_last(&mut self, members: usize) -> Result<(Meter, Duration, usize), Fault> {
        let Newcomer { mut meter, invite } = self.knock()?;
        self.answers.clear();
        self.until(members)?;
        // The Welcome leaves once the commit is held.
        self.listen();
        let envelopes = std::mem::take(&mut self.answers);
        let welcome = envelopes.iter().map(|envelope| envelope.as_bytes().len()).sum();
        let venue = Venue::Invite(invite);
        let began = std::time::Instant::now();
        meter.engine.handle(self.now, Input::Envelopes { venue, envelopes });
        let _ = meter.obey();
        let join = began.elapsed();
        if meter.engine.circle(self.now, &self.circle).is_none() {
            return Err("the newest member did not come in".into());
        }
        Ok((meter, join, welcome))
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

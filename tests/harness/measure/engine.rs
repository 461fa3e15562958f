//! What the engine costs beside MLS and signatures alone, in circles of any size. Ours and raw take
//! turns, so that whatever else the machine does falls on both.

use std::hint::black_box;
use std::time::Duration;

use ed25519_dalek::{Signer, SigningKey, Verifier};
use serde::Serialize;
use windbreak_protocol::Suite;
use windbreak_protocol::testing::{Forgery, Insider, RawGroup, RawNewcomer};

use crate::measure::stats::{Spread, ratio, timed};
use crate::measure::{Crowd, Fault, Meter};

/// Bytes of a share's text.
const TEXT: usize = 1024;
/// Bytes of authenticated data beside a raw message: about as long as ours.
const BESIDE: usize = 96;
/// Shares after which a device renews its leaf; the crowd is left alone before.
const BEFORE_RENEWAL: usize = 60;

/// One thing measured beside its raw counterpart.
#[derive(Clone, Debug, Serialize)]
pub struct Beside {
    /// What is done.
    pub what: &'static str,
    /// With what it is compared.
    pub raw_is: &'static str,
    /// Ours.
    pub ours: Spread,
    /// The counterpart.
    pub raw: Spread,
    /// Half against half.
    pub ratio: f64,
    /// The ratio to reach, if there is one.
    pub goal: Option<f64>,
    /// Bytes asked to be written each time.
    pub written: u64,
    /// Batches asked to be written each time: each is a commit of the store.
    pub batches: u64,
}

/// A circle of one size, measured.
#[derive(Clone, Debug, Serialize)]
pub struct Measured {
    /// Members of the circle.
    pub members: usize,
    /// Its suite.
    pub suite: String,
    /// What was measured.
    pub rows: Vec<Beside>,
    /// How long the last member took to come in, in microseconds.
    pub join_us: f64,
    /// Bytes of the answer it came in by.
    pub welcome_bytes: usize,
}

/// Measures a circle of `members`: `shares` shares (at most 60), `commits` commits, and so many who come
/// in after that.
///
/// # Errors
/// What an engine says, or that MLS refused.
pub fn measure(
    members: usize,
    suite: Suite,
    shares: usize,
    commits: usize,
    admissions: usize,
) -> Result<Measured, Fault> {
    let mut crowd = Crowd::gather(members, suite)?;
    let (send, receive) = messages(&mut crowd, shares.min(BEFORE_RENEWAL))?;
    let (apply, checked) = renewals(&mut crowd, commits)?;
    let mut rows = vec![send, receive, apply, checked];
    if admissions > 0 {
        rows.extend(newcomers(&mut crowd, suite, admissions)?);
    }
    Ok(Measured {
        members,
        suite: format!("{suite:?}"),
        rows,
        join_us: crowd.join.as_secs_f64() * 1e6,
        welcome_bytes: crowd.welcome,
    })
}

/// What a device asked to be written.
#[derive(Clone, Copy, Debug, Default)]
struct Wrote {
    bytes: u64,
    batches: u64,
}

impl Wrote {
    fn by(meter: &Meter) -> Self {
        Self { bytes: meter.written, batches: meter.batches }
    }

    fn since(self, before: Self) -> Self {
        Self { bytes: self.bytes - before.bytes, batches: self.batches - before.batches }
    }
}

/// Sending and receiving.
fn messages(crowd: &mut Crowd, shares: usize) -> Result<(Beside, Beside), Fault> {
    let refused = || Fault::from("mls refused a message");
    let gone = || Fault::from("the circle is gone");
    let mut sender = RawGroup::of(&crowd.host.meter.engine, &crowd.circle).ok_or_else(gone)?;
    let mut receiver = RawGroup::of(&crowd.newest.engine, &crowd.circle).ok_or_else(gone)?;
    let key = SigningKey::from_bytes(&[5; 32]);
    let verifying = key.verifying_key();
    let (text, beside) = ("a".repeat(TEXT), [1; BESIDE]);
    // What an item and its signature add.
    let plaintext = vec![b'a'; TEXT + 300];
    let signature = key.sign(&plaintext);

    let mut times: [Vec<Duration>; 4] = Default::default();
    let mut written = (Wrote::default(), Wrote::default());
    // The first of each is not counted: whatever is loaded late is loaded then.
    for round in 0..=shares {
        let (message, raw_send) = timed(|| {
            black_box((key.sign(&plaintext), key.sign(&plaintext)));
            sender.encrypt(&beside, &plaintext)
        });
        let message = message.ok_or_else(refused)?;
        let before = Wrote::by(&crowd.host.meter);
        let (published, send) = timed(|| crowd.share(&text));
        let published = published?;
        written.0 = Wrote::by(&crowd.host.meter).since(before);
        crowd.host.meter.acknowledge(crowd.host.now, &published);

        let (opened, raw_receive) = timed(|| {
            let _ = black_box(verifying.verify_strict(&plaintext, &signature));
            let _ = black_box(verifying.verify(&plaintext, &signature));
            receiver.decrypt(&message)
        });
        opened.ok_or_else(refused)?;
        let wire: Vec<Vec<u8>> = published.iter().map(|(_, e)| e.as_bytes().to_vec()).collect();
        let before = Wrote::by(&crowd.newest);
        let (taken, receive) = timed(|| crowd.arrive(&wire));
        written.1 = Wrote::by(&crowd.newest).since(before);
        if !taken? {
            return Err("a share was not taken in".into());
        }
        if round > 0 {
            for (list, time) in times.iter_mut().zip([send, raw_send, receive, raw_receive]) {
                list.push(time);
            }
        }
    }
    let [send, raw_send, receive, raw_receive] = times;
    Ok((
        beside_raw("send", "MLS and two signatures", &send, &raw_send, Some(1.3), written.0),
        beside_raw(
            "receive",
            "MLS and two verifications",
            &receive,
            &raw_receive,
            Some(1.3),
            written.1,
        ),
    ))
}

/// Commits of another member: beside MLS alone, and beside MLS with our check of what it puts into the
/// tree.
fn renewals(crowd: &mut Crowd, commits: usize) -> Result<(Beside, Beside), Fault> {
    let refused = || Fault::from("mls refused a commit");
    let gone = || Fault::from("the circle is gone");
    let mut maker = RawGroup::of(&crowd.host.meter.engine, &crowd.circle).ok_or_else(gone)?;
    let mut alone = RawGroup::of(&crowd.newest.engine, &crowd.circle).ok_or_else(gone)?;
    let mut checking = RawGroup::of(&crowd.newest.engine, &crowd.circle).ok_or_else(gone)?;
    let (mut ours, mut raw, mut raw_checked) = (Vec::new(), Vec::new(), Vec::new());
    let mut written = Wrote::default();
    for round in 0..=commits {
        let commit = maker.commit().ok_or_else(refused)?;
        let (processed, raw_time) = timed(|| alone.process_alone(&commit));
        processed.ok_or_else(refused)?;
        let (processed, checked_time) = timed(|| checking.process(&commit));
        processed.ok_or_else(refused)?;

        let (circle, now) = (crowd.circle, crowd.host.now);
        let mut insider =
            Insider::of(&mut crowd.host.meter.engine, &circle, now).ok_or_else(gone)?;
        let head = insider.head().ok_or_else(gone)?;
        let made = insider.commit(&head, Forgery::default()).ok_or_else(refused)?;
        insider.take_up(&made.state);
        let _ = crowd.host.meter.obey();
        let wire: Vec<Vec<u8>> = made.envelopes.iter().map(|e| e.as_bytes().to_vec()).collect();
        let before = Wrote::by(&crowd.newest);
        let (taken, time) = timed(|| crowd.arrive(&wire));
        written = Wrote::by(&crowd.newest).since(before);
        if !taken? {
            return Err("a commit was not taken in".into());
        }
        if round > 0 {
            ours.push(time);
            raw.push(raw_time);
            raw_checked.push(checked_time);
        }
    }
    let with_check = "MLS processing and merging, with the check of new keys";
    Ok((
        beside_raw("apply", "MLS processing and merging", &ours, &raw, Some(1.5), written),
        beside_raw("checked", with_check, &ours, &raw_checked, Some(1.5), written),
    ))
}

/// People who come in: whoever lets them in, whoever is there, and they themselves.
fn newcomers(crowd: &mut Crowd, suite: Suite, admissions: usize) -> Result<[Beside; 3], Fault> {
    let refused = || Fault::from("mls refused somebody");
    let gone = || Fault::from("the circle is gone");
    let mut maker = RawGroup::of(&crowd.host.meter.engine, &crowd.circle).ok_or_else(gone)?;
    let mut follower = RawGroup::of(&crowd.newest.engine, &crowd.circle).ok_or_else(gone)?;
    let mut times: [Vec<Duration>; 6] = Default::default();
    let mut wrote = [Wrote::default(); 3];
    for round in 0..=admissions {
        let mut newcomer = RawNewcomer::new(suite, u8::try_from(round)?).ok_or_else(refused)?;
        let (made, raw_admit) = timed(|| maker.add(&newcomer));
        let (commit, welcome) = made.ok_or_else(refused)?;
        let (added, raw_add) = timed(|| follower.process_alone(&commit));
        let (joined, raw_join) = timed(|| newcomer.join(&welcome));
        added.and(joined).ok_or_else(refused)?;
        let ours = crowd.admit()?;
        wrote = [ours.admitted, ours.added, ours.joined]
            .map(|(bytes, batches)| Wrote { bytes, batches });
        if round > 0 {
            let all = [ours.admit, raw_admit, ours.add, raw_add, ours.join, raw_join];
            times.iter_mut().zip(all).for_each(|(list, time)| list.push(time));
        }
    }
    let [admit, raw_admit, add, raw_add, join, raw_join] = times;
    let with_welcome = "MLS committing an Add, with the Welcome";
    Ok([
        beside_raw("admit", with_welcome, &admit, &raw_admit, None, wrote[0]),
        beside_raw("add", "MLS processing and merging an Add", &add, &raw_add, Some(1.5), wrote[1]),
        beside_raw("join", "MLS joining by the Welcome", &join, &raw_join, None, wrote[2]),
    ])
}

fn beside_raw(
    what: &'static str,
    raw_is: &'static str,
    ours: &[Duration],
    raw: &[Duration],
    goal: Option<f64>,
    wrote: Wrote,
) -> Beside {
    let (ours, raw) = (Spread::of(ours), Spread::of(raw));
    let Wrote { bytes, batches } = wrote;
    Beside { what, raw_is, ours, raw, ratio: ratio(ours, raw), goal, written: bytes, batches }
}

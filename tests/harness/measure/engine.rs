//! What the engine costs beside MLS and signatures alone, in circles of any size. Ours and raw take
//! turns, so that whatever else the machine does falls on both.

use std::hint::black_box;
use std::time::Duration;

use ed25519_dalek::{Signer, SigningKey, Verifier};
use serde::Serialize;
use windbreak_protocol::Suite;
use windbreak_protocol::testing::{Forgery, Insider, RawGroup};

use crate::measure::stats::{Spread, ratio, timed};
use crate::measure::{Crowd, Fault};

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
    /// The ratio to reach.
    pub goal: f64,
    /// Bytes asked to be written each time.
    pub written: u64,
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

/// Measures a circle of `members`: `shares` shares (at most 60) and `commits` commits.
///
/// # Errors
/// What an engine says, or that MLS refused.
pub fn measure(
    members: usize,
    suite: Suite,
    shares: usize,
    commits: usize,
) -> Result<Measured, Fault> {
    let mut crowd = Crowd::gather(members, suite)?;
    let (send, receive) = messages(&mut crowd, shares.min(BEFORE_RENEWAL))?;
    let apply = renewals(&mut crowd, commits)?;
    Ok(Measured {
        members,
        suite: format!("{suite:?}"),
        rows: vec![send, receive, apply],
        join_us: crowd.join.as_secs_f64() * 1e6,
        welcome_bytes: crowd.welcome,
    })
}

/// Sending and receiving.
fn messages(crowd: &mut Crowd, shares: usize) -> Result<(Beside, Beside), Fault> {
    let refused = || Fault::from("mls refused a message");
    let gone = || Fault::from("the circle is gone");
    let mut sender = RawGroup::of(&crowd.founder.engine, &crowd.circle).ok_or_else(gone)?;
    let mut receiver = RawGroup::of(&crowd.newest.engine, &crowd.circle).ok_or_else(gone)?;
    let key = SigningKey::from_bytes(&[5; 32]);
    let verifying = key.verifying_key();
    let (text, beside) = ("a".repeat(TEXT), [1; BESIDE]);
    // What an item and its signature add.
    let plaintext = vec![b'a'; TEXT + 300];
    let signature = key.sign(&plaintext);

    let mut times: [Vec<Duration>; 4] = Default::default();
    let mut written = (0, 0);
    // The first of each is not counted: whatever is loaded late is loaded then.
    for round in 0..=shares {
        let (message, raw_send) = timed(|| {
            black_box((key.sign(&plaintext), key.sign(&plaintext)));
            sender.encrypt(&beside, &plaintext)
        });
        let message = message.ok_or_else(refused)?;
        let before = crowd.founder.written;
        let (published, send) = timed(|| crowd.share(&text));
        let published = published?;
        written.0 = crowd.founder.written - before;
        crowd.founder.acknowledge(crowd.now, &published);

        let (opened, raw_receive) = timed(|| {
            let _ = black_box(verifying.verify_strict(&plaintext, &signature));
            let _ = black_box(verifying.verify(&plaintext, &signature));
            receiver.decrypt(&message)
        });
        opened.ok_or_else(refused)?;
        let wire: Vec<Vec<u8>> = published.iter().map(|(_, e)| e.as_bytes().to_vec()).collect();
        let before = crowd.newest.written;
        let (taken, receive) = timed(|| crowd.arrive(&wire));
        written.1 = crowd.newest.written - before;
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
        beside_raw("send", "MLS and two signatures", &send, &raw_send, 1.3, written.0),
        beside_raw("receive", "MLS and two verifications", &receive, &raw_receive, 1.3, written.1),
    ))
}

/// Commits of another member.
fn renewals(crowd: &mut Crowd, commits: usize) -> Result<Beside, Fault> {
    let refused = || Fault::from("mls refused a commit");
    let gone = || Fault::from("the circle is gone");
    let mut maker = RawGroup::of(&crowd.founder.engine, &crowd.circle).ok_or_else(gone)?;
    let mut follower = RawGroup::of(&crowd.newest.engine, &crowd.circle).ok_or_else(gone)?;
    let (mut ours, mut raw) = (Vec::new(), Vec::new());
    let mut written = 0;
    for round in 0..=commits {
        let commit = maker.commit().ok_or_else(refused)?;
        let (processed, raw_time) = timed(|| follower.process(&commit));
        processed.ok_or_else(refused)?;

        let (circle, now) = (crowd.circle, crowd.now);
        let mut insider = Insider::of(&mut crowd.founder.engine, &circle, now).ok_or_else(gone)?;
        let head = insider.head().ok_or_else(gone)?;
        let made = insider.commit(&head, Forgery::default()).ok_or_else(refused)?;
        insider.take_up(&made.state);
        let _ = crowd.founder.obey();
        let wire: Vec<Vec<u8>> = made.envelopes.iter().map(|e| e.as_bytes().to_vec()).collect();
        let before = crowd.newest.written;
        let (taken, time) = timed(|| crowd.arrive(&wire));
        written = crowd.newest.written - before;
        if !taken? {
            return Err("a commit was not taken in".into());
        }
        if round > 0 {
            ours.push(time);
            raw.push(raw_time);
        }
    }
    Ok(beside_raw(
        "apply",
        "MLS processing and merging, with the check of new keys",
        &ours,
        &raw,
        1.5,
        written,
    ))
}

fn beside_raw(
    what: &'static str,
    raw_is: &'static str,
    ours: &[Duration],
    raw: &[Duration],
    goal: f64,
    written: u64,
) -> Beside {
    let (ours, raw) = (Spread::of(ours), Spread::of(raw));
    Beside { what, raw_is, ours, raw, ratio: ratio(ours, raw), goal, written }
}

//! A circle on two relays that were cut from each other becomes one again: real nodes, real relays.
//!
//! The split lies in time, as in the program's own test of it: while one side talks through the first
//! relay, the door of the second is shut and the other side's nodes are off; then the other way
//! round. Neither hears of the other before both doors are open and all nodes start, and from then on
//! the time runs.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use windbreak_tests::measure::Fault;

use crate::stage::{DECLARATION, Person, Stage, until, until_every};
use crate::{Outcome, Report, send};

/// Seconds until all have one head and all shares, at most, at the pace of people: waits are twenty
/// times shorter here, which is why only the time of a core is compared.
const GOAL: f64 = 5.0;
/// Between two looks.
const LOOK: Duration = Duration::from_millis(100);

/// How much.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Members of each side who stay.
    #[arg(long, default_value_t = 3)]
    members: usize,
    /// Invites made on each side.
    #[arg(long, default_value_t = 5)]
    changes: usize,
    /// Shares on each side.
    #[arg(long, default_value_t = 100)]
    shares: usize,
}

/// One side: those who stay, the first of whom may remove others, whom it removes, and whom it lets in.
struct Side {
    people: Vec<Person>,
    removed: Person,
    newcomer: Person,
    code: String,
}

pub(crate) fn run(args: &Args) -> Outcome {
    let stage = Stage::new()?;
    let relays = [stage.relay_called("first", "")?, stage.relay_called("second", "")?];
    let (mut sides, circle) = gather(&stage, &relays.each_ref().map(|r| r.address.as_str()), args)?;
    sides.iter_mut().for_each(Side::rests);
    for (number, side) in sides.iter_mut().enumerate() {
        for (other, relay) in relays.iter().enumerate() {
            relay.door.shut(other != number);
        }
        side.changes(&circle, args)?;
        side.rests();
    }
    relays.iter().for_each(|relay| relay.door.shut(false));

    let began = Instant::now();
    for person in sides.iter_mut().flat_map(|side| side.remaining()) {
        person.starts()?;
    }
    let started = began.elapsed();
    until_every(LOOK, "one circle", || is_one(&sides, &circle, args))?;
    let took = began.elapsed();
    let all = || sides.iter().flat_map(|side| side.people.iter().chain([&side.newcomer]));
    let cpu: f64 = all().map(|person| person.usage().cpu_seconds).sum();
    let text = format!(
        "{} nodes on two relays that were cut from each other; on each side {} invites, one let in, one \
         removed, {} shares: one circle and all shares after {:.1} s, {:.1} s of them until all nodes \
         were up, and {cpu:.2} s of a core for all nodes together (goal {GOAL}{})",
        all().count(),
        args.changes,
        args.shares,
        took.as_secs_f64(),
        started.as_secs_f64(),
        if cpu > GOAL { ": MISSED" } else { "" },
    );
    let json = json!({
        "nodes": all().count(), "changes": args.changes, "shares": args.shares,
        "seconds": took.as_secs_f64(), "until_up_seconds": started.as_secs_f64(),
        "cpu_seconds": cpu, "goal_cpu_seconds": GOAL,
    });
    Ok(Report { json, text, holds: true })
}

/// Everybody in one circle, and an invite for each side's newcomer.
fn gather(stage: &Stage, relays: &[&str], args: &Args) -> Result<([Side; 2], String), Fault> {
    let founder = stage.person("alder")?;
    let circle = founder.makes_a_circle_on(relays)?;
    let side = |name: &str, first: Option<Person>| -> Result<Vec<Person>, Fault> {
        let mut people: Vec<Person> = first.into_iter().collect();
        for number in people.len()..=args.members {
            people.push(stage.person(&format!("{name}-{number}"))?);
        }
        Ok(people)
    };
    let mut sides = [side("first", Some(founder))?, side("second", None)?];
    let everybody: Vec<&Person> = sides.iter().flatten().collect();
    let (founder, others) = everybody.split_first().ok_or("a circle of nobody")?;
    for person in others {
        founder.lets_in(&circle, person)?;
    }
    let second = sides[1].first().ok_or("a side of nobody")?;
    promote(founder, second, &circle)?;
    let codes = [founder.invites(&circle)?, founder.invites(&circle)?];
    for person in sides.iter().flatten() {
        person.has_sent_all()?;
        let mut client = person.client()?;
        until("all invites to be known", || {
            let invites = client.get(&format!("/v1/circles/{circle}/invites"))?;
            let is_open = |invite: &&Value| invite["state"] == "open";
            let invites =
                invites["invites"].as_array().map_or(0, |all| all.iter().filter(is_open).count());
            Ok(invites == 2)
        })?;
    }
    let [first, second] = codes;
    let mut make = |number: usize, name: &str, code| -> Result<Side, Fault> {
        let mut people = std::mem::take(&mut sides[number]);
        let removed = people.pop().ok_or("a side of nobody")?;
        Ok(Side { people, removed, newcomer: stage.person(name)?, code })
    };
    Ok(([make(0, "early", first)?, make(1, "late", second)?], circle))
}

/// Makes somebody a facilitator.
fn promote(by: &Person, whom: &Person, circle: &str) -> Result<(), Fault> {
    by.does(&["member", "promote", circle, &whom.name])?;
    let mut proposal = String::new();
    until("the proposal to arrive", || {
        let listed = whom.does(&["member", "proposals", circle])?;
        let first = listed["proposals"].as_array().and_then(|all| all.first());
        proposal = first.and_then(|first| first["id"].as_str()).unwrap_or_default().to_owned();
        Ok(!proposal.is_empty())
    })?;
    whom.does(&["member", "consent", circle, &proposal, "--declaration", DECLARATION, "--yes"])?;
    until("there to be a second facilitator", || {
        let members = whom.does(&["member", "list", circle])?;
        let members = members["members"].as_array().map(Vec::as_slice).unwrap_or_default();
        Ok(members.iter().filter(|member| member["role"] == "facilitator").count() == 2)
    })
}

impl Side {
    fn remaining(&mut self) -> impl Iterator<Item = &mut Person> {
        self.people.iter_mut().chain([&mut self.newcomer])
    }

    fn rests(&mut self) {
        self.remaining().for_each(Person::dies);
        self.removed.dies();
    }

    /// What a side does by itself.
    fn changes(&mut self, circle: &str, args: &Args) -> Result<(), Fault> {
        self.removed.starts()?;
        for person in self.remaining() {
            person.starts()?;
        }
        self.newcomer.joins(&self.code)?;
        let first = self.people.first().ok_or("a side of nobody")?;
        let reason = ["--reason", "As agreed.", "--yes"];
        first.does(&[&["member", "remove", circle, &self.removed.name], &reason[..]].concat())?;
        for _ in 0..args.changes {
            first.invites(circle)?;
        }
        for (number, person) in self.people.iter().enumerate() {
            let each = args.shares / self.people.len();
            let more = usize::from(number < args.shares % self.people.len());
            let Some(left) = (each + more).checked_sub(1) else { continue };
            // There is another facilitator now, who declared something, too.
            let mut client = person.client()?;
            let shown = client.get(&format!("/v1/circles/{circle}"))?;
            let declared = shown["declaration"].as_str().unwrap_or_default();
            send::share_after(&mut client, circle, declared)?;
            send::send(person, circle, left, 4)?;
        }
        for person in self.people.iter().chain([&self.newcomer]) {
            person.has_sent_all()?;
        }
        Ok(())
    }
}

/// Whether all have one epoch and the right members, and all who were there all the time show all shares.
fn is_one(sides: &[Side; 2], circle: &str, args: &Args) -> Result<bool, Fault> {
    let mut epochs = Vec::new();
    for person in sides.iter().flat_map(|side| side.people.iter().chain([&side.newcomer])) {
        let mut client = person.client()?;
        let shown = client.get(&format!("/v1/circles/{circle}"))?;
        epochs.push((shown["epoch"].clone(), shown["members"].clone()));
    }
    let members = 2 * (args.members + 1);
    let is_right = |(epoch, count): &(Value, Value)| {
        !epoch.is_null() && Some(epoch) == epochs.first().map(|first| &first.0) && *count == members
    };
    if !epochs.iter().all(is_right) {
        return Ok(false);
    }
    for person in sides.iter().flat_map(|side| &side.people) {
        let page =
            person.client()?.get(&format!("/v1/circles/{circle}/items?limit=1&newest=true"))?;
        let shown = page["items"].as_array().map_or(0, Vec::len) as u64;
        if page["before"].as_u64().unwrap_or_default() + shown < 2 * args.shares as u64 {
            return Ok(false);
        }
    }
    Ok(true)
}

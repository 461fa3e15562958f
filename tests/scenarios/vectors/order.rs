//! Vectors of the choice of the head: `order/*.json`, sets of evidence and the head they give.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};
use windbreak_protocol::id::{CircleId, DeviceId, EnvelopeId, MemberId, StateId};
use windbreak_protocol::order::{
    Ballots, Class, Evidence, Known, Naming, Namings, Seal, Sibling, rank,
};

use super::{load, store, string};

const FILES: [&str; 6] = ["fork", "seals", "devices", "twins", "roots", "drawn"];
const CIRCLE: CircleId = CircleId::from_bytes([9; 32]);
const ABOUT: &str = "Sets of evidence and the head they give. Every id, key and digest is given as a \
    number n and is 32 bytes of the value n; the circle is 9. `states`: [id, parent or null, epoch, \
    leaf, member or null, class, envelope or null, eligible], where class 0 is a removal by a facilitator or a \
    change of roles, 1 any other commit of a facilitator, and 2 everything else. `voters`: who votes at a state. \
    `since`: [member, epoch] of the first state in which it stood. `seals`: [member, device, counter, digest, vote or null, siblings as [device, counter]]. \
    `namings`: [parent, member, device, counter, state, envelope]. `frozen`: [state, child]. \
    `numbered_twice`: members of whose devices two items had one number. `me`: the \
    member whose device chooses, which matters where it was told. `told`: states of which it has only \
    the word of a Welcome. `given_up`: [state, devices] that its commit gave up for others. `taken_out`: \
    [state, devices] that their members took out by its commit. `head`: \
    null if no state is eligible.";

#[test]
fn every_set_of_evidence_gives_the_head_of_its_vector() {
    let mut cases = 0;
    for file in FILES {
        for vector in load(&format!("order/{file}.json"))["valid"].as_array().unwrap() {
            assert_eq!(head(vector), vector["head"], "{file}: {}", string(&vector["name"]));
            cases += 1;
        }
    }
    assert!(cases >= 60);
}

fn number(value: &Value) -> u8 {
    u8::try_from(value.as_u64().unwrap()).unwrap()
}

fn state(value: &Value) -> StateId {
    StateId::from_bytes([number(value); 32])
}

fn member(value: &Value) -> MemberId {
    MemberId::from_bytes([number(value); 32])
}

fn device(value: &Value) -> DeviceId {
    DeviceId::from_bytes([number(value); 32])
}

fn list<'a>(vector: &'a Value, name: &str) -> impl Iterator<Item = &'a Value> {
    vector[name].as_array().into_iter().flatten()
}

fn some<T>(value: &Value, read: impl Fn(&Value) -> T) -> Option<T> {
    (!value.is_null()).then(|| read(value))
}

/// The head of a set of evidence, as a vector gives it.
fn head(vector: &Value) -> Value {
    let told: BTreeSet<StateId> = list(vector, "told").map(state).collect();
    let states: BTreeMap<StateId, Evidence> = list(vector, "states")
        .map(|row| {
            let evidence = Evidence {
                parent: some(&row[1], state),
                epoch: row[2].as_u64().unwrap(),
                leaf: u32::try_from(row[3].as_u64().unwrap()).unwrap(),
                member: some(&row[4], member),
                class: [Class::Removal, Class::Facilitator, Class::Ordinary]
                    [usize::from(number(&row[5]))],
                commit: some(&row[6], |value| EnvelopeId::from_bytes([number(value); 32])),
                eligible: row[7].as_bool().unwrap(),
                told: told.contains(&state(&row[0])),
            };
            (state(&row[0]), evidence)
        })
        .collect();
    let electorates: BTreeMap<StateId, BTreeSet<MemberId>> = list(vector, "voters")
        .map(|row| (state(&row[0]), row[1].as_array().unwrap().iter().map(member).collect()))
        .collect();
    let since =
        list(vector, "since").map(|row| (member(&row[0]), row[1].as_u64().unwrap())).collect();
    let mut ballots = Ballots::default();
    for row in list(vector, "seals") {
        let sibling =
            |row: &Value| Sibling { device: device(&row[0]), counter: row[1].as_u64().unwrap() };
        let _ = ballots.cast(Seal {
            member: member(&row[0]),
            device: device(&row[1]),
            counter: row[2].as_u64().unwrap(),
            digest: [number(&row[3]); 32],
            vote: some(&row[4], state),
            siblings: row[5].as_array().unwrap().iter().map(sibling).collect(),
        });
    }
    list(vector, "numbered_twice").for_each(|row| ballots.accuse(member(row)));
    let mut namings = Namings::new();
    for row in list(vector, "namings") {
        namings.entry(state(&row[0])).or_default().insert(Naming {
            member: member(&row[1]),
            device: device(&row[2]),
            counter: row[3].as_u64().unwrap(),
            state: state(&row[4]),
            commit: EnvelopeId::from_bytes([number(&row[5]); 32]),
        });
    }
    let frozen = list(vector, "frozen").map(|row| (state(&row[0]), state(&row[1]))).collect();
    let devices_at = |name| {
        let rows = list(vector, name);
        rows.map(|row| (state(&row[0]), row[1].as_array().unwrap().iter().map(device).collect()))
            .collect::<BTreeMap<StateId, BTreeSet<DeviceId>>>()
    };
    let (given_up, taken_out) = (devices_at("given_up"), devices_at("taken_out"));
    let known = Known {
        me: some(&vector["me"], member).unwrap_or(MemberId::from_bytes([0; 32])),
        states: &states,
        electorates: &electorates,
        since: &since,
        ballots: &ballots,
        namings: &namings,
        given_up: &given_up,
        taken_out: &taken_out,
        frozen: &frozen,
    };
    known.choose(&CIRCLE).map_or(Value::Null, |head| head.as_bytes()[0].into())
}

pub(super) fn write() {
    let files = [forks(), seals(), devices(), twins(), roots(), drawn()];
    let clauses = [
        json!(["O-11", "O-12", "O-13", "O-32", "O-33", "O-38"]),
        json!(["O-31", "O-33", "O-35", "O-36"]),
        json!(["O-34", "O-36"]),
        json!(["O-37"]),
        json!(["O-14"]),
        json!(["O-10", "O-11", "O-13", "O-33", "O-34", "O-35", "O-36", "O-37"]),
    ];
    for ((file, cases), clauses) in FILES.into_iter().zip(files).zip(clauses) {
        let mut valid = cases;
        for vector in &mut valid {
            vector["head"] = head(vector);
        }
        let content = json!({"clauses": clauses, "about": ABOUT, "valid": valid});
        store(&format!("order/{file}.json"), &content);
    }
}

/// Leaves by their rank at an epoch, the one that wins first.
fn ranked(epoch: u64) -> Vec<u32> {
    let mut leaves: Vec<u32> = (0..4).collect();
    leaves.sort_by_key(|leaf| rank(&CIRCLE, epoch, *leaf));
    leaves
}

fn case(name: &str, states: Value, more: &Value) -> Value {
    let mut case = json!({"name": name, "states": states});
    for (key, value) in more.as_object().unwrap() {
        case[key] = value.clone();
    }
    case
}

/// A row of a state: it, its parent, the place by rank of its committer, its class.
fn row(id: u8, parent: u8, epoch: u64, place: usize, class: u8) -> Value {
    json!([id, parent, epoch, ranked(epoch)[place], 10 + place, class, id, true])
}

fn root() -> Value {
    json!([1, null, 0, 0, 10, 1, null, true])
}

/// Root 1 with the rivals 2, by the lower rank, and 3; 4 stands on 2 and 5 on 3.
fn fork(two: u8, three: u8) -> Value {
    json!([
        root(),
        row(2, 1, 1, 0, two),
        row(3, 1, 1, 1, three),
        row(4, 2, 2, 0, 2),
        row(5, 3, 2, 0, 2)
    ])
}

fn vote(member: u8, counter: u64, state: u8) -> Value {
    json!([member, member, counter, state, state, []])
}

fn forks() -> Vec<Value> {
    let voters = json!([[1, [10, 11, 12, 13]], [2, [10]], [3, [10]]]);
    let of = |name: &str, two, three, votes: Value, frozen: Value| {
        case(name, fork(two, three), &json!({"voters": voters, "seals": votes, "frozen": frozen}))
    };
    let mut cases = vec![
        of("without votes the lower rank wins", 2, 2, json!([]), json!([])),
        of("the lower class before the lower rank", 2, 1, json!([]), json!([])),
        of("removals before other commits of facilitators", 1, 0, json!([]), json!([])),
        of("more votes before the class", 0, 2, json!([vote(11, 1, 3)]), json!([])),
        of("as many votes: the class", 2, 1, json!([vote(11, 1, 3), vote(10, 1, 2)]), json!([])),
        of("a vote below counts", 2, 2, json!([vote(11, 1, 5)]), json!([])),
        of("a vote at the fork counts for none", 2, 2, json!([vote(11, 1, 1)]), json!([])),
        of(
            "a vote for what is not known counts for none",
            2,
            2,
            json!([vote(11, 1, 77)]),
            json!([]),
        ),
        of("who does not vote there is not counted", 2, 2, json!([vote(14, 1, 3)]), json!([])),
        of(
            "three of four",
            0,
            2,
            json!([vote(11, 1, 3), vote(12, 1, 5), vote(13, 1, 3), vote(10, 1, 2)]),
            json!([]),
        ),
        of(
            "a frozen choice before all votes",
            2,
            2,
            json!([vote(11, 1, 2), vote(12, 1, 4)]),
            json!([[1, 3]]),
        ),
        of("a frozen choice that is not known", 2, 2, json!([vote(11, 1, 3)]), json!([[1, 88]])),
    ];
    let mut states = fork(2, 2);
    states[1][7] = json!(false);
    states[3][7] = json!(false);
    let more = json!({"voters": voters, "seals": [vote(11, 1, 2)]});
    cases.push(case("a child that leads nowhere eligible does not compete", states.clone(), &more));
    cases.push(case(
        "nor if it was frozen",
        states.clone(),
        &json!({"voters": voters, "frozen": [[1, 2]]}),
    ));
    states[3][7] = json!(true);
    cases.push(case("what is eligible below it lets it compete", states.clone(), &more));
    for place in 0..5 {
        states[place][7] = json!(false);
    }
    cases.push(case("nothing is eligible", states, &more));
    cases.extend(told());
    let same = json!([
        root(),
        row(3, 1, 1, 0, 2),
        row(2, 1, 1, 1, 2),
        row(4, 1, 1, 2, 2),
        row(5, 1, 1, 3, 2)
    ]);
    cases.push(case("four rivals by rank", same, &json!({"voters": voters})));
    cases
}

/// Of 2, which has the lower rank, a device of member 12 has only the word of a Welcome.
fn told() -> Vec<Value> {
    let of = |name: &str, voters: Value, seals: Value| {
        let mut states = fork(2, 1);
        states[1][7] = json!(false);
        states[1][6] = json!(null);
        states[2][5] = json!(2);
        case(name, states, &json!({"voters": voters, "seals": seals, "me": 12, "told": [2]}))
    };
    let all = || json!([[1, [10, 11, 12, 13]]]);
    let of_nobody = |name: &str, seals: Value| {
        let mut case = of(name, all(), seals);
        case["states"][1][4] = json!(null);
        case
    };
    vec![
        of_nobody(
            "it does not say who made it, and one more votes for it",
            json!([vote(10, 1, 2), vote(12, 1, 4), vote(11, 1, 3), vote(13, 1, 5)]),
        ),
        of_nobody(
            "it does not say who made it, and two more vote for it",
            json!([vote(10, 1, 2), vote(13, 1, 4), vote(11, 1, 3), vote(12, 1, 5)]),
        ),
        of("the word of a Welcome comes last by rank", all(), json!([])),
        of(
            "with as many votes, of its author and of whoever was told",
            all(),
            json!([vote(10, 1, 2), vote(12, 1, 4), vote(11, 1, 3), vote(13, 1, 5)]),
        ),
        of(
            "somebody else stands behind it",
            all(),
            json!([vote(10, 1, 2), vote(13, 1, 4), vote(11, 1, 3), vote(12, 1, 5)]),
        ),
        of("more votes win all the same", all(), json!([vote(12, 1, 4)])),
        of(
            "where its parent's keys are gone it says nothing",
            json!([[2, [10, 11, 12]], [3, [10, 11, 12]]]),
            json!([]),
        ),
    ]
}

fn seals() -> Vec<Value> {
    let of = |name: &str, seals: Value, more: Value| {
        let mut all = json!({"voters": [[1, [10, 11, 12]], [2, [10]], [3, [12]]], "seals": seals});
        for (key, value) in more.as_object().unwrap() {
            all[key] = value.clone();
        }
        case(name, fork(2, 2), &all)
    };
    let flips = |count: u64| -> Vec<Value> {
        (0..=count).map(|nth| vote(12, nth, if nth % 2 == count % 2 { 3 } else { 2 })).collect()
    };
    vec![
        of("the highest counter is the vote", json!([vote(12, 5, 3), vote(12, 4, 2)]), json!({})),
        of("however it came", json!([vote(12, 4, 2), vote(12, 5, 3)]), json!({})),
        of(
            "a seal that speaks for no state is no vote",
            json!([vote(12, 4, 3), [12, 12, 5, 1, null, []]]),
            json!({}),
        ),
        of(
            "one counter twice: none of it counts",
            json!([vote(12, 5, 3), vote(12, 5, 2)]),
            json!({}),
        ),
        of(
            "nor what was sealed before and after",
            json!([vote(12, 4, 3), [12, 12, 5, 7, 3, []], [12, 12, 5, 8, 3, []], vote(12, 6, 3)]),
            json!({}),
        ),
        of("one seal twice is one seal", json!([vote(12, 5, 3), vote(12, 5, 3)]), json!({})),
        of("one number of two items", json!([vote(12, 5, 3)]), json!({"numbered_twice": [12]})),
        of("of another", json!([vote(12, 5, 3)]), json!({"numbered_twice": [11]})),
        of("four changes of side", json!(flips(4)), json!({})),
        of("five changes of side", json!(flips(5)), json!({})),
        of(
            "moving on along a side is no change",
            json!([
                vote(12, 1, 3),
                vote(12, 2, 5),
                vote(12, 3, 3),
                vote(12, 4, 5),
                vote(12, 5, 3),
                vote(12, 6, 5)
            ]),
            json!({}),
        ),
        of(
            "passing by the fork itself is no change",
            json!([
                vote(12, 1, 3),
                vote(12, 2, 1),
                vote(12, 3, 3),
                vote(12, 4, 1),
                vote(12, 5, 3),
                vote(12, 6, 1),
                vote(12, 7, 3)
            ]),
            json!({}),
        ),
    ]
}

fn devices() -> Vec<Value> {
    let of = |name: &str, seals: Value| {
        case(name, fork(2, 2), &json!({"voters": [[1, [10, 11, 12]]], "seals": seals}))
    };
    let seal = |device: u8, counter: u64, at: u8, knows: Value| {
        json!([12, device, counter, at, at, knows])
    };
    let given_up = |name: &str, by: Value| {
        let mut case = of(name, json!([seal(20, 1, 3, json!([]))]));
        case["given_up"] = by;
        case
    };
    let taken_out = |name: &str, by: Value| {
        let seals = json!([seal(20, 5, 2, json!([[21, 2]])), seal(21, 2, 3, json!([[20, 4]]))]);
        let mut case = of(name, seals);
        case["taken_out"] = by;
        case
    };
    vec![
        of(
            "neither knows the other: the lower key",
            json!([seal(21, 9, 2, json!([])), seal(20, 1, 3, json!([]))]),
        ),
        of(
            "the one that knows the other",
            json!([seal(20, 4, 2, json!([])), seal(21, 2, 3, json!([[20, 4]]))]),
        ),
        of(
            "neither knows the other, and the lower key stands above the fork",
            json!([seal(21, 9, 2, json!([])), seal(20, 1, 1, json!([])), [10, 10, 1, 3, 3, []]]),
        ),
        of(
            "known to the one that stands above the fork",
            json!([seal(21, 9, 3, json!([])), seal(20, 1, 1, json!([[21, 9]]))]),
        ),
        of(
            "one that knows an older seal",
            json!([seal(20, 5, 2, json!([])), seal(21, 2, 3, json!([[20, 4]]))]),
        ),
        of(
            "each knows the other: the lower key",
            json!([seal(20, 4, 2, json!([[21, 2]])), seal(21, 2, 3, json!([[20, 4]]))]),
        ),
        of(
            "what was known stays known",
            json!([
                seal(20, 4, 2, json!([])),
                seal(21, 2, 3, json!([[20, 4]])),
                seal(21, 3, 3, json!([]))
            ]),
        ),
        of(
            "a device of another member does not count",
            json!([seal(20, 4, 2, json!([])), [13, 21, 2, 3, 3, [[20, 4]]]]),
        ),
        of(
            "three in a row",
            json!([
                seal(20, 4, 2, json!([])),
                seal(21, 2, 2, json!([[20, 4]])),
                seal(22, 7, 3, json!([[20, 3], [21, 2]]))
            ]),
        ),
        of(
            "one of them cheats: none counts",
            json!([seal(20, 4, 3, json!([])), seal(21, 2, 3, json!([])), [12, 21, 2, 9, 2, []]]),
        ),
        given_up("given up where it does not stand", json!([[2, [20]]])),
        given_up("given up below that", json!([[4, [20]]])),
        given_up("given up where it stands alone", json!([[5, [20]]])),
        given_up("given up on both sides", json!([[2, [20]], [3, [20]]])),
        given_up("another one was given up", json!([[2, [21]]])),
        taken_out("taken out where it does not stand: the other speaks", json!([[3, [20]]])),
        taken_out("taken out below that", json!([[5, [20]]])),
        taken_out("taken out where it stands alone", json!([[2, [20]]])),
        taken_out("taken out on both sides", json!([[2, [20]], [3, [20]]])),
        taken_out("each took the other out", json!([[2, [21]], [3, [20]]])),
    ]
}

fn twins() -> Vec<Value> {
    let of = |name: &str, states: Value, namings: Value, seals: Value| {
        let more = json!({"voters": [[1, [10, 11, 12]]], "namings": namings, "seals": seals});
        case(name, states, &more)
    };
    let two = || json!([root(), row(2, 1, 1, 0, 2), row(3, 1, 1, 0, 2)]);
    let three = || json!([root(), row(2, 1, 1, 0, 2), row(3, 1, 1, 0, 2), row(4, 1, 1, 0, 0)]);
    let beside = || json!([root(), row(2, 1, 1, 0, 2), row(3, 1, 1, 0, 2), row(5, 1, 1, 3, 2)]);
    let naming = |by: u8, counter: u64, named: u8| json!([1, by, by, counter, named, named]);
    vec![
        of("one alone is no twin", json!([root(), row(2, 1, 1, 0, 2)]), json!([]), json!([])),
        of("nobody named one", two(), json!([]), json!([vote(11, 1, 2), vote(12, 1, 2)])),
        of("their author names nothing", two(), json!([naming(10, 1, 3)]), json!([])),
        of("one is named", two(), json!([naming(11, 1, 3)]), json!([])),
        of("both are named", two(), json!([naming(11, 1, 3), naming(12, 1, 2)]), json!([])),
        of(
            "both are named and one has a vote",
            two(),
            json!([naming(11, 1, 3), naming(12, 1, 2)]),
            json!([vote(11, 2, 3)]),
        ),
        of("a device names once", three(), json!([naming(11, 1, 3), naming(11, 2, 4)]), json!([])),
        of(
            "the lower counter, however it came",
            three(),
            json!([naming(11, 2, 3), naming(11, 1, 4)]),
            json!([]),
        ),
        of("by the envelope alone", two(), json!([[1, 11, 11, 1, 99, 3]]), json!([])),
        of("by the state alone", two(), json!([[1, 11, 11, 1, 3, 99]]), json!([])),
        of("under another state it names nothing", two(), json!([[7, 11, 11, 1, 3, 3]]), json!([])),
        of("another leaf's commit beside unnamed twins", beside(), json!([]), json!([])),
        of("and beside a named one", beside(), json!([naming(12, 1, 2)]), json!([])),
        case("under a state whose ledger is gone nothing is a twin", two(), &json!({})),
        case("nor what was chosen there for good", two(), &json!({"frozen": [[1, 3]]})),
    ]
}

fn roots() -> Vec<Value> {
    let two = || json!([row(2, 1, 1, 0, 2), row(3, 1, 1, 1, 2)]);
    let of = |name: &str, states: Value, voters: Value, seals: Value| {
        case(name, states, &json!({"voters": voters, "seals": seals}))
    };
    let both = json!([[2, [10, 11]], [3, [10, 12]]]);
    let header = || {
        json!([
            [1, null, 0, 0, null, 2, null, false],
            [2, 1, 1, ranked(1)[0], null, 2, null, false],
            row(3, 1, 1, 1, 2),
            row(4, 2, 2, 0, 2)
        ])
    };
    let came = |name: &str, since: u64| {
        let voters = json!([[3, [10, 11]], [4, [10, 11]]]);
        let mut case = of(name, header(), voters, json!([vote(11, 1, 3)]));
        case["since"] = json!([[10, 0], [11, since]]);
        case
    };
    vec![
        of("two roots without votes", two(), both.clone(), json!([])),
        of(
            "who votes in one of them only is not counted",
            two(),
            both.clone(),
            json!([vote(12, 1, 3)]),
        ),
        of("who votes in both is", two(), both.clone(), json!([vote(10, 1, 3)])),
        of(
            "roots by one leaf are no twins",
            json!([row(2, 1, 1, 0, 2), row(3, 1, 1, 0, 2)]),
            both,
            json!([vote(10, 1, 3)]),
        ),
        of(
            "headers borrow from below",
            header(),
            json!([[3, [10, 11]], [4, [10]]]),
            json!([vote(10, 1, 3)]),
        ),
        of(
            "headers borrow from what competes",
            header(),
            json!([[3, [10, 11]], [4, [10]]]),
            json!([vote(11, 1, 3)]),
        ),
        came("who was in before they part is counted", 0),
        came("who came in where they part is not", 1),
        came("who came in further down is not", 2),
    ]
}

/// Trees with seals all over them, drawn by a fixed rule.
fn drawn() -> Vec<Value> {
    (0..24_u64)
        .map(|seed| {
            let mut dice = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
            let mut draw = |below: u64| {
                dice ^= dice << 13;
                dice ^= dice >> 7;
                dice ^= dice << 17;
                dice % below
            };
            let mut epochs = vec![0_u64];
            let mut states = vec![json!([0, null, 0, 0, 20, 2, 100, true])];
            let mut voters = vec![json!([0, [20, 21, 22, 23]])];
            for id in 1..12_u64 {
                let parent = draw(id);
                let epoch = epochs[usize::try_from(parent).unwrap()] + 1;
                let leaf = draw(4);
                epochs.push(epoch);
                let eligible = draw(8) != 0;
                // What is told may leave out who made it.
                let author = Some(20 + leaf).filter(|_| eligible || draw(3) != 0);
                states.push(json!([id, parent, epoch, leaf, author, draw(3), 100 + id, eligible]));
                let some: Vec<u64> = (20..24).filter(|_| draw(4) != 0).collect();
                voters.push(json!([id, some]));
            }
            let seals: Vec<Value> = (0..10)
                .map(|_| {
                    let (of, nth, at) = (20 + draw(4), draw(2), draw(12));
                    json!([of, of * 2 + nth, draw(6), at, at, [[of * 2 + 1 - nth, draw(6)]]])
                })
                .collect();
            let mut namings = Vec::new();
            for _ in 0..4 {
                let named = 1 + draw(11);
                let by = 20 + draw(4);
                let parent = &states[usize::try_from(named).unwrap()][1];
                namings.push(json!([parent, by, by * 2, draw(4), named, 100 + named]));
            }
            let given_up: Vec<Value> =
                (0..2).map(|_| json!([1 + draw(11), [40 + draw(8)]])).collect();
            let taken_out: Vec<Value> =
                (0..2).map(|_| json!([1 + draw(11), [40 + draw(8)]])).collect();
            let told: Vec<u64> = (1..12_u64)
                .filter(|id| states[usize::try_from(*id).unwrap()][7] == false)
                .collect();
            let more = json!({
                "voters": voters,
                "seals": seals,
                "namings": namings,
                "given_up": given_up,
                "taken_out": taken_out,
                "me": 20 + draw(4),
                "told": told
            });
            case(&format!("drawn {seed}"), json!(states), &more)
        })
        .collect()
}

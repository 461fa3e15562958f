//! Commits and seals that break a rule: refused by everybody alike, and without a trace.

use std::collections::BTreeSet;
use std::time::Duration;

use windbreak_protocol::ledger::{Change, Departure};
use windbreak_protocol::testing::{Forgery, generation};
use windbreak_protocol::wire::text::Text;
use windbreak_protocol::{Verdict, Violation};

use super::stage::{all_read, circle_of, forge, forge_on, head, insider, one_head, publish};

#[test]
fn a_commit_that_lies_about_its_ledger_its_parent_or_its_leaves_moves_nobody() {
    let (mut world, circle) = circle_of(3, 150);
    let before = head(&mut world, 0, &circle);
    let elsewhere = insider(&mut world, 2, &circle).path()[1].id;
    let lies = [
        Forgery { ledger_hash: Some([7; 32]), ..Forgery::default() },
        Forgery { parent: Some(elsewhere), ..Forgery::default() },
        Forgery { removes: Some(vec![0]), ..Forgery::default() },
    ];
    for (number, lie) in lies.into_iter().enumerate() {
        let forged = forge_on(&mut world, 2, &circle, &before, lie);
        world.verdicts.clear();
        publish(&mut world, 2, &circle, &forged);

        let refused = |verdict: &&Verdict| matches!(verdict, Verdict::Reject(_));
        // By both others; the device of the insider knows its own.
        assert_eq!(world.verdicts.iter().filter(refused).count(), 2, "lie {number}");
        assert_eq!(head(&mut world, 0, &circle), before, "lie {number}");
        assert_eq!(head(&mut world, 1, &circle), before, "lie {number}");
    }
    world.share(0, &circle, "going on").unwrap();
    world.run_for(Duration::from_secs(10));
    all_read(&world, &circle, &[0, 1], &["going on".into()]);
}

#[test]
fn a_member_who_removes_somebody_is_refused_by_everybody() {
    let (mut world, circle) = circle_of(3, 151);
    let member = world.member(1, &circle).unwrap();
    let reason = Text::new("As agreed.").unwrap();
    let changes = vec![Change::Depart(Departure::Removed { member, reason, consents: vec![] })];
    let forged = forge(&mut world, 2, &circle, Forgery { changes, ..Forgery::default() });
    world.verdicts.clear();
    publish(&mut world, 2, &circle, &forged);

    assert_eq!(world.verdicts[..2], [Verdict::Reject(Violation::Right); 2]);
    assert_eq!(world.hosts[0].engine.circle(world.now, &circle).unwrap().members.len(), 3);
    one_head(&world, &circle, &[0, 1]);
}

#[test]
fn a_removal_without_a_reason_is_refused_by_every_node() {
    for (blank, seed) in [("", 154), (" \n ", 155)] {
        let (mut world, circle) = circle_of(3, seed);
        let before = head(&mut world, 1, &circle);
        let member = world.member(2, &circle).unwrap();
        let reason = Text::new(blank).unwrap();
        let changes = vec![Change::Depart(Departure::Removed { member, reason, consents: vec![] })];
        let forged = forge(&mut world, 0, &circle, Forgery { changes, ..Forgery::default() });
        world.verdicts.clear();
        publish(&mut world, 0, &circle, &forged);
        let refused = |verdict: &Verdict| matches!(verdict, Verdict::Reject(_));
        let count = world.verdicts.iter().filter(|verdict| refused(verdict)).count();
        assert_eq!(count, 2, "{:?}", world.verdicts);
        assert_eq!([1, 2].map(|host| head(&mut world, host, &circle)), [before; 2]);
    }
}

#[test]
fn a_renewal_made_by_an_insider_honestly_is_a_renewal_like_any_other() {
    let (mut world, circle) = circle_of(3, 152);
    let forged = forge(&mut world, 2, &circle, Forgery::default());
    publish(&mut world, 2, &circle, &forged);
    insider(&mut world, 2, &circle).take_up(&forged.state);
    world.run_for(Duration::from_secs(5));

    assert_eq!(head(&mut world, 0, &circle), forged.state);
    one_head(&world, &circle, &[0, 1, 2]);
}

#[test]
fn every_item_is_sent_with_a_key_of_its_own() {
    let (mut world, circle) = circle_of(3, 153);
    for host in [0, 1, 2, 1] {
        world.share(host, &circle, "a word").unwrap();
        world.settle();
    }
    let sent: Vec<_> = world
        .relay()
        .filter_map(|envelope| generation(&world.hosts[0].engine, &circle, envelope))
        .collect();
    let different: BTreeSet<_> = sent.iter().collect();
    let leaves: BTreeSet<_> = sent.iter().map(|sent| sent.leaf).collect();

    // Four items, and what readers seal to say where they stand.
    assert!(sent.len() >= 4);
    assert_eq!((different.len(), leaves.len()), (sent.len(), 3));
}

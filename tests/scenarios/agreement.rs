//! What a circle agrees on: changed by its members, the same for everybody, and accepted on each
//! device before anything is said there again.

use std::time::Duration;

use windbreak_protocol::content::{AgreementConsent, Content, StewardReason};
use windbreak_protocol::id::{CircleId, ItemId};
use windbreak_protocol::invite::{AgreementText, Refusal};
use windbreak_protocol::ledger::{
    Adoption, AgreementProof, AgreementVersion, Change, Declaration, KeepDays,
};
use windbreak_protocol::record::{RecordKind, Value};
use windbreak_protocol::secret::Secret;
use windbreak_protocol::testing::{ForgedItem, Forgery, Insider};
use windbreak_protocol::time::Timestamp;
use windbreak_protocol::{
    AgreementError, DeedKind, Engine, Event, JoinError, JoinStage, MotionStage, NewKnock,
    ShareError, Timings, Venue,
};
use windbreak_tests::{Seed, World};

const FIRST: &str = "We listen, and what is said here stays here.";
const NEXT: &str = "We listen, and what is said here stays here. We begin with a quiet minute.";
const OTHER: &str = "We listen.";

fn minute() -> Duration {
    Duration::from_secs(60)
}

fn propose(world: &mut World, host: usize, circle: &CircleId, text: &str) -> ItemId {
    let now = world.now;
    let proposal = world.hosts[host].engine.propose_agreement(now, circle, text).unwrap();
    world.hosts[host].obey_all();
    proposal
}

fn consent(
    world: &mut World,
    host: usize,
    circle: &CircleId,
    proposal: &ItemId,
) -> Result<(), AgreementError> {
    let now = world.now;
    let agreed = world.hosts[host].engine.consent_to_agreement(now, circle, proposal);
    world.hosts[host].obey_all();
    agreed
}

/// The text and the number of the agreement, as device `host` sees it.
fn holds(world: &World, host: usize, circle: &CircleId) -> (String, u32) {
    let agreement = world.hosts[host].engine.agreement(world.now, circle).unwrap();
    (agreement.text.as_str().to_owned(), agreement.version.get())
}

fn has_accepted(world: &World, host: usize, circle: &CircleId) -> bool {
    world.hosts[host].engine.has_accepted(circle).unwrap()
}

/// The refusal to share, if there is one.
fn share(world: &mut World, host: usize, circle: &CircleId, text: &str) -> Result<(), ShareError> {
    let share = windbreak_protocol::NewShare {
        ask: windbreak_protocol::content::Ask::JustListening,
        content_note: None,
        title: None,
        text: text.to_owned(),
        scope: windbreak_protocol::content::Scope::HereNow,
    };
    let now = world.now;
    let shared = world.hosts[host].engine.share(now, circle, share).map(|_| ());
    world.hosts[host].obey_all();
    shared
}

#[test]
fn a_new_agreement_is_everybodys_and_asks_everybody_again() {
    let mut world = World::new(5, Seed(120));
    let circle = world.circle_of(5).unwrap();
    assert!((0..5).all(|host| has_accepted(&world, host, &circle)));
    const EARLIER: &str = "said under the first agreement";
    let earlier = world.share(4, &circle, EARLIER).unwrap();
    world.run_for(minute());
    assert!(stores(&world, 0, EARLIER));
    let now = world.now;
    let by_member = world.hosts[1].engine.propose_agreement(now, &circle, NEXT);
    assert_eq!(by_member, Err(AgreementError::NotFacilitator));
    let same = world.hosts[0].engine.propose_agreement(now, &circle, FIRST);
    assert_eq!(same, Err(AgreementError::Same));

    let proposal = propose(&mut world, 0, &circle, NEXT);
    world.run_for(minute());
    consent(&mut world, 1, &circle, &proposal).unwrap();
    world.run_for(minute());
    for host in 0..5 {
        assert_eq!(holds(&world, host, &circle), (FIRST.into(), 1), "two of five are too few");
        let seen = world.hosts[host].engine.agreement(world.now, &circle).unwrap();
        assert_eq!((seen.proposals[0].missing, seen.proposals[0].asks_me), (1, host > 1));
    }
    assert_eq!(consent(&mut world, 1, &circle, &proposal), Err(AgreementError::Agreed));
    consent(&mut world, 2, &circle, &proposal).unwrap();
    world.run_for(minute());

    for host in 0..5 {
        assert_eq!(holds(&world, host, &circle), (NEXT.into(), 2));
        // Whoever agreed has read it; everybody else is asked.
        assert_eq!(has_accepted(&world, host, &circle), host < 3);
        let seen = world.hosts[host].engine.agreement(world.now, &circle).unwrap();
        assert_eq!(seen.proposals[0].stage, MotionStage::Over);
    }
    assert_eq!(consent(&mut world, 3, &circle, &proposal), Err(AgreementError::Over));

    // What one said is taken back without accepting anything.
    let now = world.now;
    let engine = &mut world.hosts[4].engine;
    assert_eq!(engine.has_accepted(&circle), Some(false));
    engine.withdraw(now, &circle, &earlier).unwrap();
    world.hosts[4].obey_all();
    world.run_for(minute());
    assert!(!stores(&world, 0, EARLIER) && !stores(&world, 4, EARLIER));

    // Nothing is said there until it is accepted, whatever happens to the device meanwhile.
    world.restart(3);
    assert_eq!(share(&mut world, 3, &circle, "hello"), Err(ShareError::Unaccepted));
    let seen = world.hosts[3].engine.agreement(world.now, &circle).unwrap();
    assert_eq!(seen.accepted_before.unwrap().as_str(), FIRST);
    let old = windbreak_protocol::invite::AgreementHash::of(&AgreementText::new(FIRST).unwrap());
    let now = world.now;
    let unseen = world.hosts[3].engine.accept_agreement(now, &circle, &old);
    assert_eq!(unseen, Err(AgreementError::NotTheOneShown));
    world.accept_agreement(3, &circle).unwrap();
    world.restart(3);
    assert!(has_accepted(&world, 3, &circle));
    share(&mut world, 3, &circle, "with a quiet minute").unwrap();
    world.run_for(minute());
    assert_eq!(world.hosts[0].texts(&circle), ["with a quiet minute"]);

    // To leave needs no acceptance.
    assert!(!has_accepted(&world, 4, &circle));
    let now = world.now;
    world.hosts[4].engine.leave(now, &circle).unwrap();
}

#[test]
fn the_log_says_which_agreement_was_adopted_and_what_was_declared_anew() {
    const DECLARED: &str = "I teach, and would report harm to a child.";
    let mut world = World::new(3, Seed(136));
    let circle = world.circle_of(3).unwrap();
    world.hosts[0].engine.declare(world.now, &circle, DECLARED).unwrap();
    world.hosts[0].obey_all();
    world.run_for(minute());
    let proposal = propose(&mut world, 0, &circle, NEXT);
    world.run_for(minute());
    consent(&mut world, 1, &circle, &proposal).unwrap();
    world.run_for(minute());
    let version = AgreementVersion::FIRST.next().unwrap();
    let declared = Declaration::new(DECLARED).unwrap();
    let expected = [DeedKind::Declare(declared), DeedKind::Adopt(version)];
    for host in 0..3 {
        assert_eq!(holds(&world, host, &circle), (NEXT.to_owned(), version.get()));
        world.restart(host);
        let deeds = world.hosts[host].engine.deeds(&circle);
        let kinds: Vec<_> = deeds.iter().map(|deed| deed.kind.clone()).collect();
        assert_eq!(kinds.len(), 2, "{kinds:?}");
        assert!(expected.iter().all(|kind| kinds.contains(kind)), "{kinds:?}");
        assert_eq!(deeds[0].by, world.member(0, &circle).unwrap());
    }
}

#[test]
fn whoever_was_away_and_whoever_comes_later_has_the_agreement() {
    let mut world = World::new(5, Seed(121));
    let circle = world.circle_of(4).unwrap();
    world.set_online(3, false);
    let proposal = propose(&mut world, 0, &circle, NEXT);
    world.run_for(minute());
    consent(&mut world, 1, &circle, &proposal).unwrap();
    consent(&mut world, 2, &circle, &proposal).unwrap();
    world.run_for(minute());
    assert_eq!(holds(&world, 0, &circle), (NEXT.into(), 2));
    assert_eq!(holds(&world, 3, &circle), (FIRST.into(), 1));

    // Who comes now reads it on the card, accepts it by knocking, and is not asked again.
    let (_, text) = world.invite(0, &circle, 1, false).unwrap();
    world.settle();
    world.knock(4, text).unwrap();
    world.run_for(minute());
    assert_eq!(holds(&world, 4, &circle), (NEXT.into(), 2));
    assert!(has_accepted(&world, 4, &circle));
    world.restart(4);
    assert!(has_accepted(&world, 4, &circle));

    world.set_online(3, true);
    world.run_for(minute());
    assert_eq!(holds(&world, 3, &circle), (NEXT.into(), 2));
    assert!(!has_accepted(&world, 3, &circle));
}

#[test]
fn an_open_invite_shows_the_new_agreement_and_takes_no_yes_to_the_old_one() {
    let mut world = World::new(3, Seed(122));
    let circle = world.circle_of(2).unwrap();
    let (id, text) = world.invite(0, &circle, 1, true).unwrap();
    world.settle();
    let invite = world.knock(2, text).unwrap();
    world.settle();

    let proposal = propose(&mut world, 0, &circle, NEXT);
    world.run_for(minute());
    consent(&mut world, 1, &circle, &proposal).unwrap();
    world.run_for(minute());
    let knock = world.first_knock(0, &circle);
    if let Some(knock) = knock {
        let now = world.now;
        assert!(world.hosts[0].engine.admit(now, &circle, &knock).is_err());
        world.hosts[0].obey_all();
        world.run_for(minute());
    }
    let stage = world.hosts[2].engine.join(&invite).unwrap().stage;
    assert_eq!(stage, JoinStage::Refused(Refusal::AgreementChanged));

    // The same invite, once more.
    world.hosts[2].engine.cancel_join(world.now, &invite).unwrap();
    world.hosts[2].obey_all();
    let text = world.hosts[0].engine.invite_text(&circle, &id).unwrap();
    let invite = world.hosts[2].engine.start_join(world.now, text).unwrap();
    world.hosts[2].obey_all();
    let all = world.relay().cloned().collect();
    world.inject(2, Venue::Invite(invite), all);
    let card = world.hosts[2].engine.join(&invite).unwrap().card.unwrap();
    assert_eq!(card.agreement.as_str(), NEXT);
    let knock = NewKnock {
        name: "member 2".into(),
        note: String::new(),
        agreement: card.agreement_hash(),
        patience: minute() * 60,
    };
    world.hosts[2].engine.knock(world.now, &invite, knock).unwrap();
    world.hosts[2].obey_all();
    world.run_for(minute());
    let knock = world.first_knock(0, &circle).unwrap();
    world.hosts[0].engine.admit(world.now, &circle, &knock).unwrap();
    world.hosts[0].obey_all();
    world.run_for(minute());
    assert_eq!(holds(&world, 2, &circle), (NEXT.into(), 2));
    assert!(has_accepted(&world, 2, &circle));
}

#[test]
fn a_split_heals_to_one_agreement() {
    let mut world = World::new(5, Seed(123));
    let circle = world.circle_of(5).unwrap();
    let proposal = propose(&mut world, 0, &circle, NEXT);
    let rival = propose(&mut world, 0, &circle, OTHER);
    world.run_for(minute());
    // One of five decides for both: each side has its own majority only with the word of host 2.
    world.split(&[0, 1, 2]);
    consent(&mut world, 1, &circle, &proposal).unwrap();
    consent(&mut world, 2, &circle, &proposal).unwrap();
    consent(&mut world, 3, &circle, &rival).unwrap();
    consent(&mut world, 4, &circle, &rival).unwrap();
    // Others leave it to the proposer for a while.
    world.run_for(minute() * 3);
    assert_eq!(holds(&world, 0, &circle), (NEXT.into(), 2));
    assert_eq!(holds(&world, 3, &circle), (OTHER.into(), 2), "the proposer agreed to both");

    world.heal();
    world.run_for(minute() * 10);
    let one = holds(&world, 0, &circle);
    for host in 0..5 {
        assert_eq!(holds(&world, host, &circle), one, "device {host}");
        // Whoever agreed to the other text only, or to none, is asked about the one that holds.
        let agreed = match one.0.as_str() {
            NEXT => [true, true, true, false, false][host],
            _ => [true, false, false, true, true][host],
        };
        assert_eq!(has_accepted(&world, host, &circle), agreed, "device {host}");
    }
    assert_eq!(one.1, 2, "the loser is not carried out on top of the winner");
}

#[test]
fn who_proposed_much_while_cut_off_is_not_asked_again_for_what_was_adopted_meanwhile() {
    let mut world = World::new(5, Seed(127));
    let circle = world.circle_of(5).unwrap();
    let proposal = propose(&mut world, 0, &circle, NEXT);
    world.run_for(minute());
    world.split(&[0]);
    for number in 0..20 {
        propose(&mut world, 0, &circle, &format!("{OTHER} {number}"));
        world.run_for(minute());
    }
    consent(&mut world, 1, &circle, &proposal).unwrap();
    consent(&mut world, 2, &circle, &proposal).unwrap();
    world.run_for(minute() * 3);
    assert_eq!(holds(&world, 1, &circle), (NEXT.into(), 2));

    world.heal();
    world.run_for(minute() * 10);
    for host in 0..3 {
        assert_eq!(holds(&world, host, &circle), (NEXT.into(), 2), "device {host}");
        assert!(has_accepted(&world, host, &circle), "device {host}");
    }
}

#[test]
fn an_agreement_that_too_few_agree_to_is_refused_by_every_node() {
    let mut world = World::new(4, Seed(124));
    let circle = world.circle_of(4).unwrap();
    world.run_for(minute());
    let now = world.now;
    let head = world.hosts[0].engine.circle(now, &circle).unwrap().head;
    let mut insider = Insider::of(&mut world.hosts[0].engine, &circle, now).unwrap();
    let ledger = insider.ledger(&head).unwrap();
    let text = AgreementText::new(NEXT).unwrap();
    let motion = ledger.agreement_motion(&text).unwrap();
    // Nobody, a facilitator alone, and a signature that is nobody's.
    let alone = insider.agree(&motion).unwrap();
    let device = ledger.members().values().next().unwrap().devices[0];
    let nobodys = AgreementProof { device, signature: [7; 64] };
    for consents in [vec![], vec![alone], vec![nobodys]] {
        let change =
            Change::Adopt(Adoption { version: motion.version, text: text.clone(), consents });
        let forgery = Forgery { changes: vec![change], ..Forgery::default() };
        let forged = insider.commit(&head, forgery).unwrap();
        insider.publish(forged.envelopes);
    }
    world.hosts[0].obey_all();
    world.run_for(minute());
    for host in 1..4 {
        assert_eq!(holds(&world, host, &circle), (FIRST.into(), 1), "device {host}");
        assert!(has_accepted(&world, host, &circle));
    }
}

#[test]
fn a_proposal_of_somebody_who_holds_no_circle_is_nobodys_business() {
    let mut world = World::new(3, Seed(125));
    let circle = world.circle_of(3).unwrap();
    let proposal = propose(&mut world, 0, &circle, NEXT);
    world.run_for(minute());
    let unknown = ItemId::from_bytes([9; 32]);
    assert_eq!(consent(&mut world, 1, &circle, &unknown), Err(AgreementError::UnknownProposal));
    // A share is no proposal.
    let said = world.share(1, &circle, "hello").unwrap();
    world.settle();
    assert_eq!(consent(&mut world, 2, &circle, &said), Err(AgreementError::UnknownProposal));

    // Two weeks later it is no longer carried out.
    world.sleep(Duration::from_secs(15 * 24 * 3600));
    world.run_for(minute());
    assert_eq!(consent(&mut world, 1, &circle, &proposal), Err(AgreementError::Over));
    let seen = world.hosts[1].engine.agreement(world.now, &circle).unwrap();
    assert_eq!(seen.proposals[0].stage, MotionStage::Lapsed);
}

#[test]
fn a_yes_to_an_agreement_older_than_fourteen_days_counts_for_nothing() {
    let mut world = World::new(3, Seed(127));
    let circle = world.circle_of(3).unwrap();
    let proposal = propose(&mut world, 0, &circle, NEXT);
    world.run_for(minute());
    let agree = |world: &mut World, written: Timestamp| {
        let now = world.now;
        let mut insider = Insider::of(&mut world.hosts[1].engine, &circle, now).unwrap();
        let head = insider.head().unwrap();
        let ledger = insider.ledger(&head).unwrap();
        let motion = ledger.agreement_motion(&AgreementText::new(NEXT).unwrap()).unwrap();
        let signature = insider.agree(&motion).unwrap().signature;
        let consent = Content::AgreementConsent(AgreementConsent { proposal, signature });
        let (content, written) = (Some(consent), Some(written));
        let made = insider.item(&head, ForgedItem { content, written, ..ForgedItem::default() });
        insider.publish(made.unwrap().envelopes);
        world.hosts[1].obey_all();
        world.run_for(minute());
    };
    let now = world.now;
    agree(&mut world, Timestamp::from_seconds(now.as_seconds() - 15 * 24 * 3600));
    for host in 0..3 {
        assert_eq!(holds(&world, host, &circle), (FIRST.into(), 1), "device {host}");
    }
    let now = world.now;
    agree(&mut world, now);
    for host in 0..3 {
        assert_eq!(holds(&world, host, &circle), (NEXT.into(), 2), "device {host}");
    }
}

#[test]
fn what_an_older_version_made_or_joined_counts_as_accepted_until_the_agreement_changes() {
    let mut world = World::new(3, Seed(126));
    let circle = world.circle_of(3).unwrap();
    let load = |world: &World, host: usize| {
        let records = world.hosts[host].records();
        let older = records.filter(|(key, _)| key.kind() != RecordKind::Acceptance);
        let older = older.map(|(key, value)| (key, Value::new(value)));
        let seed = Secret::from_bytes([9; 32]);
        Engine::load(world.now, &seed, Timings::default(), older).unwrap()
    };
    assert_eq!(load(&world, 2).has_accepted(&circle), Some(true));
    let proposal = propose(&mut world, 0, &circle, NEXT);
    world.run_for(minute());
    consent(&mut world, 1, &circle, &proposal).unwrap();
    world.run_for(minute());
    assert_eq!(load(&world, 2).has_accepted(&circle), Some(false));
}

#[test]
fn nobody_makes_or_joins_a_circle_that_says_nothing_of_a_duty_to_report() {
    let mut world = World::new(2, Seed(127));
    let now = world.now;
    for declaration in [None, Some("  ".to_owned())] {
        let new = windbreak_protocol::NewCircle {
            title: "Evening circle".into(),
            name: "Alder".into(),
            suite: windbreak_protocol::Suite::X25519,
            relays: Vec::new(),
            welcome: String::new(),
            agreement: FIRST.into(),
            declaration,
        };
        let made = world.hosts[0].engine.create_circle(now, new);
        assert_eq!(made, Err(windbreak_protocol::CreateError::Undeclared));
    }
    let circle = world.create_circle(0).unwrap();
    let (_, text) = world.invite(0, &circle, 1, false).unwrap();
    world.settle();

    // The founder says something else now: the card says so too, and members are to hear it.
    assert!(world.hosts[0].engine.has_heard(&circle));
    let words = "I report danger to children.";
    world.hosts[0].engine.declare(world.now, &circle, words).unwrap();
    world.hosts[0].obey_all();
    world.run_for(minute());
    let blank = world.hosts[0].engine.declare(world.now, &circle, " ");
    assert_eq!(blank, Err(AgreementError::Empty));
    let invite = world.hosts[1].engine.start_join(world.now, text).unwrap();
    world.hosts[1].obey_all();
    world.settle();
    let join = world.hosts[1].engine.join(&invite).unwrap();
    let card = join.card.unwrap();
    assert_eq!(card.declaration.unwrap().as_str(), format!("member 0: {words}"));
    let knock = NewKnock {
        name: "member 1".into(),
        note: String::new(),
        agreement: join.agreement.unwrap(),
        patience: minute() * 60,
    };
    world.hosts[1].engine.knock(world.now, &invite, knock).unwrap();
    world.hosts[1].obey_all();
    world.run_for(minute());
    assert!(!world.hosts[1].engine.has_heard(&circle), "it is shown before the first share");
    world.hosts[1].engine.hear_declaration(world.now, &circle).unwrap();
    world.hosts[1].obey_all();
    world.restart(1);
    assert!(world.hosts[1].engine.has_heard(&circle));
    let by_member = world.hosts[1].engine.declare(world.now, &circle, "Nothing.");
    assert_eq!(by_member, Err(AgreementError::NotFacilitator));

    let overview = world.hosts[1].engine.circle(world.now, &circle).unwrap();
    let declared: Vec<_> = overview.members.iter().filter_map(|m| m.declaration.clone()).collect();
    assert_eq!(declared, [words]);
}

#[test]
fn a_card_without_a_declaration_is_not_knocked_at() {
    use windbreak_protocol::invite::{Card, InviteSeed, InviteText, IssuerKey};
    use windbreak_protocol::random::Random;
    use windbreak_protocol::wire::FrameKind;

    let mut world = World::new(2, Seed(128));
    let circle = world.create_circle(0).unwrap();
    let (_, honest) = world.invite(0, &circle, 1, false).unwrap();
    world.settle();
    let shown = world.hosts[1].engine.start_join(world.now, honest).unwrap();
    world.hosts[1].obey_all();
    world.settle();
    let card = world.hosts[1].engine.join(&shown).unwrap().card.unwrap();

    // Somebody's own program makes a card that says nothing.
    let mut random = Random::from_seed(&Secret::from_bytes([3; 32]));
    let (seed, issuer) = (InviteSeed::generate(&mut random), IssuerKey::generate(&mut random));
    let silent = Card { declaration: None, ..card };
    let signed = silent.sign(&issuer, &seed.id()).unwrap();
    let (topic, seal) = (seed.topic_key(), seed.card_key());
    let hour = world.now.hour();
    let envelope =
        seal.seal(&topic, hour, FrameKind::Card, &signed.to_bytes(), &mut random).unwrap();
    let text = InviteText { seed, issuer: issuer.id(), relays: Vec::new() };
    let invite = world.hosts[1].engine.start_join(world.now, text).unwrap();
    world.hosts[1].obey_all();
    world.inject(1, Venue::Invite(invite), vec![envelope]);
    let join = world.hosts[1].engine.join(&invite).unwrap();
    let knock = NewKnock {
        name: "member 1".into(),
        note: String::new(),
        agreement: join.agreement.unwrap(),
        patience: minute(),
    };
    let refused = world.hosts[1].engine.knock(world.now, &invite, knock);
    assert_eq!(refused, Err(JoinError::Undeclared));
}

/// Whether the store of a device holds these words in the clear.
fn stores(world: &World, host: usize, words: &str) -> bool {
    world.hosts[host]
        .records()
        .any(|(_, value)| value.windows(words.len()).any(|window| window == words.as_bytes()))
}

#[test]
fn what_is_dated_years_ahead_is_erased_as_if_it_had_been_written_when_it_came() {
    const AHEAD: &str = "something that says it is of the year after next";
    const HONEST: &str = "something of the same day";
    let day = Duration::from_secs(24 * 3600);
    let mut world = World::new(3, Seed(134));
    let circle = world.circle_of(3).unwrap();
    world.hosts[0].engine.set_keep(world.now, &circle, KeepDays::new(7), "As agreed.").unwrap();
    world.hosts[0].obey_all();
    world.run_for(minute());
    world.sleep(day * 8);
    world.run_for(minute() * 11);
    let now = world.now;
    let mut insider = Insider::of(&mut world.hosts[1].engine, &circle, now).unwrap();
    let head = insider.head().unwrap();
    let written = Some(now.after(day * 700).to_minute());
    let forged = ForgedItem { text: AHEAD.into(), written, ..ForgedItem::default() };
    let forged = insider.item(&head, forged).unwrap();
    world.hosts[1].obey_all();
    for host in [0, 2] {
        world.inject(host, Venue::Circle(circle), forged.envelopes.clone());
    }
    world.share(0, &circle, HONEST).unwrap();
    world.run_for(minute());
    world.sleep(day * 6);
    for host in 0..3 {
        world.restart(host);
    }
    world.run_for(minute() * 11);
    for host in 0..3 {
        assert!(stores(&world, host, AHEAD) && stores(&world, host, HONEST), "device {host}");
    }
    // As much as a clock may be ahead, it has longer.
    world.sleep(day + day / 2);
    world.run_for(minute() * 11);
    for host in 0..3 {
        assert!(stores(&world, host, AHEAD) && !stores(&world, host, HONEST), "device {host}");
    }
    world.sleep(day);
    world.run_for(minute() * 11);
    for host in 0..3 {
        assert!(!stores(&world, host, AHEAD), "device {host}");
        world.restart(host);
        assert!(world.hosts[host].texts(&circle).is_empty(), "device {host}");
    }
}

#[test]
fn what_is_older_than_the_circle_keeps_it_is_erased_everywhere() {
    const OLD: &str = "something said on the first day";
    const OTHER_WORDS: &str = "the same said anew on that day";
    const LATER: &str = "something said on the sixth day";
    let day = Duration::from_secs(24 * 3600);
    let mut world = World::new(3, Seed(130));
    let circle = world.circle_of(3).unwrap();
    let old = world.share(0, &circle, OLD).unwrap();
    let edit = windbreak_protocol::NewEdit {
        content_note: None,
        title: None,
        text: OTHER_WORDS.to_owned(),
    };
    world.hosts[0].engine.edit(world.now, &circle, &old, edit).unwrap();
    world.hosts[0].obey_all();
    world.run_for(minute());
    world.set_online(2, false);
    world.hosts[0].engine.set_keep(world.now, &circle, KeepDays::new(7), "As agreed.").unwrap();
    world.hosts[0].obey_all();
    world.run_for(minute());
    world.sleep(day * 5);
    world.share(1, &circle, LATER).unwrap();
    world.run_for(minute());
    for host in 0..2 {
        assert_eq!(world.hosts[host].texts(&circle), [OTHER_WORDS, LATER], "it is not time yet");
    }

    world.sleep(day * 3);
    world.run_for(minute() * 11);
    assert!(stores(&world, 2, OLD));
    world.set_online(2, true);
    world.run_for(minute() * 11);
    for host in 0..2 {
        assert!(!stores(&world, host, OLD) && !stores(&world, host, OTHER_WORDS), "device {host}");
        assert_eq!(world.hosts[host].texts(&circle), [LATER], "device {host}");
    }
    // Who was away hears of it when back, and has as much time from then on.
    assert!(stores(&world, 2, OLD));
    world.restart(2);
    world.sleep(day * 6);
    world.run_for(minute() * 11);
    assert!(stores(&world, 2, OLD));
    world.sleep(day);
    world.run_for(minute() * 11);
    assert!(!stores(&world, 2, OLD) && !stores(&world, 2, OTHER_WORDS));
    world.restart(0);
    let marks = world.hosts[0].engine.with_timeline(&circle, |timeline| {
        let entry = timeline.entries().iter().find(|entry| entry.id() == old).unwrap();
        timeline.marks(entry).cloned().unwrap()
    });
    let marks = marks.unwrap();
    assert!(marks.expired && !marks.withdrawn, "its author did not take it back");
    let lost = world.hosts[1].engine.with_timeline(&circle, |timeline| timeline.lost());
    assert_eq!(lost, Some(0));
    let again = world.hosts[0].engine.withdraw(world.now, &circle, &old);
    assert_eq!(again, Err(windbreak_protocol::ActError::Expired));
}

#[test]
fn a_shorter_time_needs_a_reason_is_told_and_erases_nothing_for_a_week() {
    const OLD: &str = "something said a month ago";
    let day = Duration::from_secs(24 * 3600);
    let mut world = World::new(2, Seed(131));
    let circle = world.circle_of(2).unwrap();
    world.share(1, &circle, OLD).unwrap();
    world.run_for(minute());
    world.sleep(day * 30);
    world.run_for(minute());
    let keep = |world: &mut World, days: u16, reason: &str| {
        let keep = KeepDays::new(days);
        let done = world.hosts[0].engine.set_keep(world.now, &circle, keep, reason);
        world.hosts[0].obey_all();
        world.run_for(minute());
        done
    };
    assert_eq!(keep(&mut world, 7, " "), Err(AgreementError::NoReason));
    let long = "x".repeat(301);
    let too_long = AgreementError::ReasonTooLong { limit: 300 };
    assert_eq!(keep(&mut world, 7, &long), Err(too_long));
    let told = |world: &World, host: usize| {
        let is_told = |event: &&Event| matches!(event, Event::KeepShortened { .. });
        world.hosts[host].events.iter().filter(is_told).count()
    };
    let bites = |world: &World, host: usize| {
        world.hosts[host].engine.circle(world.now, &circle).unwrap().keeps_shorter_from
    };
    keep(&mut world, 7, "Somebody is afraid of who may look.").unwrap();
    let from = bites(&world, 1).unwrap();
    assert!(from <= world.now.after(day * 7) && from > world.now.after(day * 6));
    for host in 0..2 {
        assert_eq!(told(&world, host), 1, "device {host}");
        assert!(stores(&world, host, OLD), "device {host} erased it at once");
        let deeds = world.hosts[host].engine.deeds(&circle);
        let reason = StewardReason::new("Somebody is afraid of who may look.").ok();
        let kind = DeedKind::Keep { keep: KeepDays::new(7), reason };
        assert_eq!(deeds.iter().map(|deed| &deed.kind).collect::<Vec<_>>(), [&kind]);
    }
    world.sleep(day * 6);
    world.restart(1);
    world.run_for(minute() * 11);
    assert!(stores(&world, 1, OLD), "not before the week is over, after a restart either");
    // One that is shorter still begins anew; as long as before is followed at once.
    keep(&mut world, 6, "Even shorter.").unwrap();
    assert!(bites(&world, 1).unwrap() > world.now.after(day * 6));
    keep(&mut world, 0, "").unwrap();
    assert_eq!((bites(&world, 0), bites(&world, 1)), (None, None));
    world.sleep(day * 8);
    world.run_for(minute() * 11);
    assert!((0..2).all(|host| stores(&world, host, OLD)));
    keep(&mut world, 7, "Agreed among all.").unwrap();
    world.sleep(day * 7);
    world.run_for(minute() * 11);
    assert!((0..2).all(|host| !stores(&world, host, OLD)));
}

#[test]
fn how_long_words_are_kept_is_the_same_for_everybody() {
    let mut world = World::new(3, Seed(129));
    let circle = world.circle_of(3).unwrap();
    let keep = |world: &mut World, host: usize, days: Option<u16>| {
        let keep = days.and_then(KeepDays::new);
        let set = world.hosts[host].engine.set_keep(world.now, &circle, keep, "As agreed.");
        world.hosts[host].obey_all();
        world.run_for(minute());
        set
    };
    assert_eq!(keep(&mut world, 1, Some(30)), Err(AgreementError::NotFacilitator));
    keep(&mut world, 0, Some(30)).unwrap();
    for host in 0..3 {
        let overview = world.hosts[host].engine.circle(world.now, &circle).unwrap();
        assert_eq!(overview.keep, KeepDays::new(30));
    }
    keep(&mut world, 0, None).unwrap();
    world.restart(2);
    assert_eq!(world.hosts[2].engine.circle(world.now, &circle).unwrap().keep, None);
}

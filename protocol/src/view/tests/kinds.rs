//! Every kind of item together, those of a newer version among them: whatever the order of arrival,
//! however often each came, and wherever a network was split, everybody who has the same items sees
//! the same, and has the same files and answers to reports.

use proptest::prelude::*;

use super::*;
use crate::content::{
    AgreementConsent, AgreementProposal, Allow, Consent, Edit, File, FileKind, Hide, Leave, Mute,
    Piece, PieceBytes, PieceHash, Pin, Proposal, Reaction, ReportAnswer, SlowMode, Spared,
    StewardReason, WarmWord, Withdraw,
};
use crate::id::ReportId;
use crate::invite::AgreementText;
use crate::ledger::{AgreementVersion, Motion, MotionKind};
use crate::wire::text::Opaque;

/// How many kinds of content there are, with one of a newer version.
const KINDS: u8 = 22;
const REPORT: ReportId = ReportId::from_bytes([9; 32]);

/// Who says something of which kind about which of the items there are then.
type Deed = (usize, u8, prop::sample::Index, bool);

fn words(text: &str) -> ItemText {
    ItemText::new(text).unwrap()
}

fn picture(number: u8) -> Vec<u8> {
    vec![number; 8]
}

/// What somebody says of a kind. `number` is that of the item, `last` what its device said before.
fn content(kind: u8, to: ItemId, last: ItemId, number: u8, on: bool) -> Content {
    let reason = StewardReason::new("it names somebody").unwrap();
    let member = Circle::member(usize::from(number) % 3);
    let motion = |kind| Motion { kind, member, role_since: 1 };
    match kind {
        0 => share(),
        1 => Content::Reply(Reply { to, text: words("with you") }),
        2 => Content::Advice(Reply { to, text: words("walk more") }),
        3 => Content::Withdraw(Withdraw { to }),
        4 => Content::Edit(Edit { to, content_note: None, title: None, text: words("anew") }),
        5 => Content::Reaction(Reaction { to, word: on.then_some(WarmWord::HEARD) }),
        6 => Content::Pin(Pin { to, on }),
        7 => Content::Allow(Allow { to, on }),
        8 => Content::Hide(Hide { to, on, reason }),
        9 => {
            let until = on.then_some(Timestamp::from_seconds(60 * u64::from(number)));
            Content::Mute(Mute { member, until, again: number.is_multiple_of(5), reason })
        }
        10 => Content::SlowMode(SlowMode { minutes: u16::from(on) * 3, again: false, reason }),
        // A file stands right behind its words; now and then one does not.
        11 | 12 => {
            let to = if number.is_multiple_of(7) { to } else { last };
            let pieces = vec![PieceHash::of(&picture(number % 3))];
            Content::File(File { to, kind: FileKind::Other, length: 8, name: None, pieces })
        }
        // A piece of it, or what is none.
        13 | 14 => {
            let file = if on { last } else { to };
            let bytes = PieceBytes::new(picture(number % 4)).unwrap();
            Content::Piece(Piece { file, number: 0, bytes })
        }
        15 => Content::Spared(Spared { of: to, last, count: 1 }),
        16 => Content::Mention(Mention { of: to }),
        17 => Content::Proposal(Proposal { motion: motion(MotionKind::Promote) }),
        18 => Content::Consent(Consent {
            proposal: to,
            seen: on.then_some(last),
            declaration: None,
            signature: [number; 64],
        }),
        19 => Content::ReportAnswer(ReportAnswer {
            report: REPORT,
            sealed: Opaque::new(vec![number; 40]).unwrap(),
        }),
        20 if on => Content::AgreementProposal(AgreementProposal {
            version: AgreementVersion::FIRST,
            text: AgreementText::new("We listen.").unwrap(),
        }),
        20 => Content::AgreementConsent(AgreementConsent { proposal: to, signature: [number; 64] }),
        21 if on => Content::Leave(Leave),
        _ => crate::wire::decode(&[0x7F, 0xFF, 3, 1, 2, number], 16).unwrap(),
    }
}

fn played(deeds: &[Deed]) -> (Circle, Vec<ItemId>, Vec<ItemId>) {
    let mut circle = Circle::new(3);
    let mut ids = vec![circle.share(0, 0, &[])];
    let mut in_right = Vec::new();
    for (who, kind, to, on) in deeds {
        let (to, number) = (*to.get(&ids), ids.len() as u8);
        let last = circle.latest[*who].map_or(to, |(_, id)| id);
        let seen = if *on { vec![to] } else { Vec::new() };
        let minute = u64::from(number) % 17;
        let id = circle.write(*who, minute, &seen, content(*kind, to, last, number, *on));
        ids.push(id);
        if *who == 1 {
            in_right.push(id);
        }
    }
    (circle, ids, in_right)
}

/// Items come in this order, as a circle takes them in.
fn arrive(circle: &Circle, ids: impl Iterator<Item = ItemId>) -> Items {
    let mut items = Items::new(CircleId::from_bytes([1; 32]));
    for id in ids {
        items.insert(circle.items.whole(&id).unwrap().into_owned());
        items.take_back(&id);
        items.sift_files(&id, |_| false);
    }
    items
}

/// All that is shown, with what of each file is here and gone, what stewards made of the circle and
/// which answers to the report there are.
fn all(items: &Items, context: &ViewContext) -> Vec<String> {
    let timeline = Timeline::build(items, context);
    let mut all = vec![format!("{:?} {:?}", timeline.gaps(), timeline.visible_tips())];
    for entry in timeline.entries() {
        let content =
            timeline.content(entry).filter(|content| !matches!(content, Content::Piece(_)));
        // `Debug` of a text does not tell it, so its encoding is compared.
        let content = content.map(|content| crate::wire::encode(&content).to_vec());
        let marks = timeline.marks(entry);
        all.push(format!("{:?} {:?} {content:?} {marks:?}", entry.id().to_text(), entry.place()));
        let file = timeline.file(entry);
        // Of two pieces that are the same, which one is kept is nobody's business.
        let here = file.as_ref().map(|file| (file.id, file.here(), file.gone));
        let bytes = file.map(|_| timeline.file_bytes(entry));
        all.push(format!("{:?} {here:?} {bytes:?}", entry.id()));
    }
    all.push(format!("{:?}", timeline.stewardship()));
    let log: Vec<_> =
        timeline.steward_log().map(|entry| (entry.id(), timeline.is_in_right(entry))).collect();
    all.push(format!("{log:?}"));
    let answers: Vec<_> = items.answers(&REPORT).map(|kept| kept.id).collect();
    all.push(format!("{answers:?}"));
    all
}

#[test]
fn every_kind_of_content_is_drawn() {
    let at = ItemId::from_bytes([7; 32]);
    let drawn = (0..KINDS).flat_map(|kind| [true, false].map(|on| content(kind, at, at, 1, on)));
    let kinds: BTreeSet<u16> = drawn.map(|content| content.kind_number()).collect();
    let known = kinds.iter().filter(|kind| **kind != 0x7FFF).count();
    assert_eq!(known, crate::content::ContentKind::ALL.len());
    assert!(kinds.contains(&0x7FFF), "none of a newer version");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn all_kinds_together_show_the_same_whatever_the_order_of_arrival(
        (deeds, order) in prop::collection::vec(
            (0..3_usize, 0..KINDS, any::<prop::sample::Index>(), any::<bool>()), 1..60,
        ).prop_flat_map(|deeds| {
            let places: Vec<usize> = (0..=deeds.len()).chain(0..=deeds.len()).collect();
            (Just(deeds), Just(places).prop_shuffle())
        }),
        cut in any::<prop::sample::Index>(),
        reader in 0..3_usize,
        now in 0..40_u64,
    ) {
        let (circle, ids, in_right) = played(&deeds);
        let context = ViewContext {
            facilitators: [Circle::member(1)].into(),
            reader: Some(Circle::member(reader)),
            in_right: in_right.into_iter().collect(),
            now: Timestamp::from_seconds(60 * now),
            ..circle.head(&[0, 1, 2])
        };
        let as_said = all(&arrive(&circle, ids.iter().copied()), &context);
        // Two sides of a split each have theirs first, with what came twice, and then the other's.
        let (left, right) = order.split_at(cut.index(order.len()));
        for sides in [[left, right], [right, left]] {
            let came = sides.into_iter().flatten().map(|place| ids[*place]);
            prop_assert_eq!(&all(&arrive(&circle, came), &context), &as_said);
        }
    }
}

use super::*;
use crate::id::CircleId;
use crate::mls::{self, HpkePublic, HpkeSecret, Suite};
use crate::random::Random;
use crate::secret::Secret;
use crate::time::Timestamp;
use crate::wire::text::{LongText, Opaque, Text};
use crate::wire::{self, DecodeError, SizeClass};

fn random() -> Random {
    Random::from_seed(&Secret::from_bytes([1; 32]))
}

fn seed() -> InviteSeed {
    InviteSeed::from_secret(Secret::from_bytes([2; 32]))
}

fn issuer() -> IssuerKey {
    IssuerKey::from_secret(&Secret::from_bytes([3; 32]))
}

fn pair(suite: Suite) -> (HpkeSecret, HpkePublic) {
    mls::generate(suite, &mut random()).unwrap()
}

fn invite() -> InviteText {
    let relays = ["/ip4/127.0.0.1/tcp/4001", "/dns4/relay.example/tcp/4001/p2p/12D3KooW"];
    let relays = relays.iter().map(|relay| RelayAddress::new(relay).unwrap()).collect();
    InviteText { seed: seed(), issuer: issuer().id(), relays }
}

fn card(suite: Suite) -> Card {
    Card {
        circle: CircleId::from_bytes([4; 32]),
        suite,
        title: Text::new("Tuesday evening").unwrap(),
        welcome: Text::new("Come as you are.").unwrap(),
        agreement: LongText::new("What is said here stays here.").unwrap(),
        declaration: None,
        facilitators: vec![Text::new("Ada").unwrap()],
        opening: pair(suite).1,
        expires: Timestamp::from_seconds(2_000_000_000),
        uses: 1,
        door: Door { review: true, listens: false },
        closed: None,
        revision: 3,
    }
}

fn knock(suite: Suite) -> Knock {
    KnockBody {
        key_packages: vec![Opaque::new([7; 900]).unwrap(), Opaque::new([8; 900]).unwrap()],
        name: Text::new("Lin").unwrap(),
        note: Text::new("A friend told me.").unwrap(),
        agreement: card(suite).agreement_hash(),
        reply: pair(suite).1,
        expires: Timestamp::from_seconds(2_000_000_000),
    }
    .sign(&seed())
    .unwrap()
}

fn admission() -> Answer {
    Answer::Admitted(Admission {
        welcome: Opaque::new(vec![9; 100_000]).unwrap(),
        entrance: Opaque::new(vec![6; 1000]).unwrap(),
    })
}

mod text {
    use super::*;

    #[test]
    fn an_invite_reads_back_from_every_form_people_paste() {
        let code = invite().to_code();
        let wrapped: String =
            code.as_bytes().chunks(40).map(|line| format!("  {}\r\n", ascii(line))).collect();
        let forms = [
            code.to_string(),
            invite().to_link().to_string(),
            invite().to_qr_text().to_string(),
            format!("\n\t {}  ", invite().to_link().to_uppercase()),
            wrapped,
        ];
        for form in forms {
            assert_eq!(InviteText::parse(&form), Ok(invite()), "{form}");
        }
    }

    fn ascii(bytes: &[u8]) -> &str {
        std::str::from_utf8(bytes).unwrap()
    }

    #[test]
    fn an_invite_does_not_name_its_circle_and_its_topic_is_its_own() {
        let other = InviteSeed::from_secret(Secret::from_bytes([9; 32]));
        assert_ne!(seed().topic_key().topic(), other.topic_key().topic());
        assert_ne!(seed().id(), other.id());
        assert_ne!(seed().id().as_bytes(), seed().topic_key().topic().as_bytes());
    }

    #[test]
    fn an_invite_text_with_a_typing_error_is_refused() {
        let code = invite().to_code();
        for at in "windbreak:".len()..code.len() {
            let mut typed: Vec<char> = code.chars().collect();
            typed[at] = if typed[at] == 'a' { 'b' } else { 'a' };
            let typed: String = typed.into_iter().collect();
            assert_eq!(InviteText::parse(&typed), Err(InviteTextError::Damaged), "{at}");
            let short = [&code[..at], &code[at + 1..]].concat();
            assert_eq!(InviteText::parse(&short), Err(InviteTextError::Damaged), "{at}");
        }
        for wrong in ["windbreak:", "windbreak://join/", "windbreak:0189", "windbreak:ä"] {
            assert_eq!(InviteText::parse(wrong), Err(InviteTextError::Damaged), "{wrong}");
        }
    }

    #[test]
    fn what_is_no_invite_is_told_apart_from_a_damaged_one() {
        for wrong in ["", "hello", "https://example.org", "windbreak", "windbrake:abc"] {
            assert_eq!(InviteText::parse(wrong), Err(InviteTextError::NotAnInvite), "{wrong}");
        }
    }

    #[test]
    fn an_invite_of_a_newer_version_says_so() {
        let code = with_checksum(&[&[2], [0; 80].as_slice()].concat());
        assert_eq!(InviteText::parse(&code), Err(InviteTextError::Newer));
    }

    #[test]
    fn an_invite_that_is_whole_and_makes_no_sense_is_refused() {
        let address = wire::encode(&RelayAddress::new("/r").unwrap()).to_vec();
        let keys = [0; 64];
        let four = [&[1], keys.as_slice(), &[12], &address.repeat(4)].concat();
        let control = [&[1], keys.as_slice(), &[3, 2, b'/', 0x1b]].concat();
        let trailing = [&[1], keys.as_slice(), &[0, 0]].concat();
        let short = [1, 2, 3].to_vec();
        for wrong in [four, control, trailing, short, vec![0]] {
            let code = with_checksum(&wrong);
            assert_eq!(InviteText::parse(&code), Err(InviteTextError::Malformed), "{wrong:?}");
        }
    }

    fn with_checksum(content: &[u8]) -> String {
        use sha2::Digest;
        let sum = sha2::Sha256::digest(content);
        format!("windbreak:{}", *base32::encode(&[content, &sum[..4]].concat()))
    }

    #[test]
    fn a_text_longer_than_any_invite_is_refused_before_it_is_looked_at() {
        let endless = "windbreak:".to_owned() + &"a".repeat(1 << 20);
        assert_eq!(InviteText::parse(&endless), Err(InviteTextError::TooLong));

        let longest = RelayAddress::new(&"x".repeat(256)).unwrap();
        let invite = InviteText { relays: vec![longest; 3], ..invite() };
        assert_eq!(InviteText::parse(&invite.to_link()), Ok(invite));
    }

    #[test]
    fn a_relay_address_is_visible_ascii() {
        for wrong in ["", " ", "a b", "a\u{1b}[2J", "ä", &"x".repeat(257)] {
            assert_eq!(RelayAddress::new(wrong), Err(RelayAddressError), "{wrong}");
        }
    }
}

mod card {
    use super::*;

    #[test]
    fn a_card_says_what_its_issuer_signed() {
        let signed = card(Suite::XWing).sign(&issuer(), &seed().id()).unwrap();
        let read = SignedCard::from_bytes(&signed.to_bytes()).unwrap();
        let verified = read.verify(&issuer().id(), &seed().id()).unwrap();
        assert_eq!(*verified, card(Suite::XWing));
    }

    #[test]
    fn another_holder_of_a_link_cannot_forge_a_card() {
        let forger = IssuerKey::from_secret(&Secret::from_bytes([9; 32]));
        let signed = card(Suite::X25519).sign(&forger, &seed().id()).unwrap();
        let refused = signed.verify(&issuer().id(), &seed().id());
        assert_eq!(refused, Err(CardError::BadSignature));
    }

    #[test]
    fn a_card_does_not_pass_for_that_of_another_invite() {
        let other = InviteSeed::from_secret(Secret::from_bytes([9; 32]));
        let signed = card(Suite::X25519).sign(&issuer(), &other.id()).unwrap();
        let refused = signed.verify(&issuer().id(), &seed().id());
        assert_eq!(refused, Err(CardError::BadSignature));
    }

    #[test]
    fn every_flipped_bit_of_a_card_is_refused() {
        let bytes = card(Suite::X25519).sign(&issuer(), &seed().id()).unwrap().to_bytes();
        for bit in 0..bytes.len() * 8 {
            let mut spoilt = bytes.clone();
            spoilt[bit / 8] ^= 1 << (bit % 8);
            let read = SignedCard::from_bytes(&spoilt);
            let passes = read.is_ok_and(|c| c.verify(&issuer().id(), &seed().id()).is_ok());
            assert!(!passes, "bit {bit}");
        }
    }

    #[test]
    fn the_fullest_card_fits_one_envelope() {
        let fullest = Card {
            title: Text::new("🌿".repeat(80)).unwrap(),
            welcome: Text::new("🌿".repeat(2000)).unwrap(),
            agreement: LongText::new("x".repeat(16 * 1024)).unwrap(),
            declaration: Some(Text::new("🌿".repeat(2000)).unwrap()),
            facilitators: vec![Text::new("🌿".repeat(40)).unwrap(); 64],
            ..card(Suite::XWing)
        };
        let signed = fullest.sign(&issuer(), &seed().id()).unwrap();
        assert!(signed.verify(&issuer().id(), &seed().id()).is_ok());
        assert!(signed.to_bytes().len() <= SizeClass::Large.record_len());
        assert!(SignedCard::MAX_LEN <= SizeClass::Large.record_len());
    }

    #[test]
    fn a_card_beyond_its_limits_is_not_signed() {
        let many = vec![Text::new("Ada").unwrap(); 65];
        let wrong = [
            Card { uses: 0, ..card(Suite::X25519) },
            Card { uses: 1001, ..card(Suite::X25519) },
            Card { facilitators: many, ..card(Suite::X25519) },
        ];
        for card in wrong {
            assert_eq!(card.sign(&issuer(), &seed().id()), Err(DecodeError::Limit));
        }
    }

    #[test]
    fn the_highest_revision_counts() {
        let later = Card { closed: Some(Closed::Revoked), revision: 4, ..card(Suite::X25519) };
        assert!(later.supersedes(&card(Suite::X25519)));
        assert!(!card(Suite::X25519).supersedes(&later));
        assert!(!later.supersedes(&later));
    }
}

mod knock {
    use super::*;

    #[test]
    fn a_knock_opens_with_the_opening_key_and_with_no_other() {
        for suite in [Suite::XWing, Suite::X25519] {
            let (secret, public) = pair(suite);
            let sealed = knock(suite).seal(&seed().id(), suite, &public, &mut random()).unwrap();
            let sealed = SealedKnock::from_bytes(&sealed.to_bytes()).unwrap();
            assert!(sealed.to_bytes().len() <= SizeClass::Large.record_len());
            assert_eq!(*sealed.open(&seed().id(), suite, &secret).unwrap(), knock(suite));

            let mut other = Random::from_seed(&Secret::from_bytes([5; 32]));
            let (stranger, _) = mls::generate(suite, &mut other).unwrap();
            let refused = sealed.open(&seed().id(), suite, &stranger);
            assert!(matches!(refused, Err(KnockError::Sealed(_))));
        }
    }

    #[test]
    fn a_knock_without_the_invite_is_refused() {
        let thief = InviteSeed::from_secret(Secret::from_bytes([9; 32]));
        let forged = knock(Suite::X25519).body.sign(&thief).unwrap();
        assert_eq!(
            Knock::from_bytes(&forged.to_bytes(), &seed().id()).err(),
            Some(KnockError::BadSignature)
        );
    }

    #[test]
    fn a_knock_that_claims_another_id_is_refused() {
        let suite = Suite::X25519;
        let (secret, public) = pair(suite);
        let mut sealed = knock(suite).seal(&seed().id(), suite, &public, &mut random()).unwrap();
        sealed.knock = crate::id::KnockId::from_bytes([0; 32]);
        assert!(sealed.open(&seed().id(), suite, &secret).is_err());
    }

    #[test]
    fn the_proof_of_a_knock_holds_without_the_rest_of_it() {
        let knock = knock(Suite::X25519);
        let proof: KnockProof = wire::decode(&wire::encode(&knock.proof()), 1024).unwrap();
        assert!(proof.holds(&seed().id()));
        assert_eq!(proof.knock, knock.id());
        assert!(proof.covers(&knock.body.key_packages[1]));
        assert!(!proof.covers(&Opaque::new([1; 900]).unwrap()));

        let other = InviteSeed::from_secret(Secret::from_bytes([9; 32]));
        assert!(!proof.holds(&other.id()));
    }

    #[test]
    fn every_flipped_bit_of_a_knock_is_refused() {
        let bytes = knock(Suite::X25519).to_bytes();
        for bit in 0..bytes.len() * 8 {
            let mut spoilt = bytes.clone();
            spoilt[bit / 8] ^= 1 << (bit % 8);
            assert!(Knock::from_bytes(&spoilt, &seed().id()).is_err(), "bit {bit}");
        }
    }

    #[test]
    fn a_knock_brings_one_to_four_key_packages() {
        for count in [0, 5] {
            let mut body = knock(Suite::X25519).body;
            body.key_packages = vec![Opaque::new([7; 900]).unwrap(); count];
            assert_eq!(body.sign(&seed()), Err(DecodeError::Limit));
        }
    }

    #[test]
    fn the_fullest_knock_fits_one_envelope() {
        let suite = Suite::XWing;
        let mut body = knock(suite).body;
        body.key_packages = vec![Opaque::new([7; 8 * 1024]).unwrap(); 4];
        body.name = Text::new("🌿".repeat(40)).unwrap();
        body.note = Text::new("🌿".repeat(500)).unwrap();
        let (secret, public) = pair(suite);
        let knock = body.sign(&seed()).unwrap();
        let sealed = knock.seal(&seed().id(), suite, &public, &mut random()).unwrap();
        assert!(sealed.to_bytes().len() <= SizeClass::Large.record_len());
        assert!(sealed.open(&seed().id(), suite, &secret).is_ok());
    }
}

mod answer {
    use super::*;

    fn through_the_seal(answer: &Answer) -> Result<(), AnswerError> {
        for suite in [Suite::XWing, Suite::X25519] {
            let (secret, public) = pair(suite);
            let id = knock(suite).id();
            let sealed = answer.seal(&id, suite, &public, &mut random()).unwrap();
            let sealed = SealedAnswer::from_bytes(&sealed.to_bytes()).unwrap();
            assert_eq!(*sealed.open(suite, &secret, &issuer().id())?, *answer);
        }
        Ok(())
    }

    #[test]
    fn an_admission_reaches_the_newcomer() {
        through_the_seal(&admission()).unwrap();
    }

    #[test]
    fn a_no_reaches_the_newcomer_with_its_reason() {
        let (suite, reason) = (Suite::XWing, Text::new("The circle rests in May.").unwrap());
        let (secret, public) = pair(suite);
        let id = knock(suite).id();
        let nos = [
            Answer::declined(&id, reason, &issuer()),
            Answer::refused(&id, Refusal::AgreementChanged, &issuer()),
        ];
        for no in nos {
            let sealed = no.seal(&id, suite, &public, &mut random()).unwrap();
            assert_eq!(*sealed.open(suite, &secret, &issuer().id()).unwrap(), no);
        }
    }

    #[test]
    fn nobody_but_the_issuer_says_no() {
        let id = knock(Suite::XWing).id();
        let forger = IssuerKey::from_secret(&Secret::from_bytes([9; 32]));
        let other = crate::id::KnockId::from_bytes([0; 32]);
        let nos = [
            Answer::declined(&id, Text::default(), &forger),
            Answer::refused(&id, Refusal::Used, &forger),
            Answer::refused(&other, Refusal::Used, &issuer()),
        ];
        for no in nos {
            let read = Answer::from_bytes(&no.to_bytes(), &id, &issuer().id());
            assert_eq!(read.err(), Some(AnswerError::BadSignature));
        }
    }

    #[test]
    fn one_reason_does_not_pass_for_another() {
        let id = knock(Suite::XWing).id();
        let mut bytes = Answer::refused(&id, Refusal::Used, &issuer()).to_bytes();
        bytes[1] = Refusal::Revoked as u8;
        let read = Answer::from_bytes(&bytes, &id, &issuer().id());
        assert_eq!(read.err(), Some(AnswerError::BadSignature));
    }

    #[test]
    fn an_answer_longer_than_any_receiver_accepts_is_not_sealed() {
        let Answer::Admitted(admission) = admission() else { panic!("it is an admission") };
        let welcome = Opaque::new(vec![0; crate::limits::MAX_WELCOME]).unwrap();
        let huge = Answer::Admitted(Admission { welcome, ..admission });
        let (_, public) = pair(Suite::X25519);
        let id = knock(Suite::X25519).id();
        assert!(huge.seal(&id, Suite::X25519, &public, &mut random()).is_err());
    }

    #[test]
    fn debug_of_an_admission_gives_nothing_away() {
        let debug = format!("{:?}", admission());
        assert!(!debug.contains("6, 6") && !debug.contains("9, 9"), "{debug}");
    }
}

use super::*;
use crate::id::Topic;
use crate::limits::DRAW_TOKENS;
use crate::random::Random;
use crate::secret::Secret;
use crate::wire::DecodeError;
use crate::wire::sync::Refusal;

fn random(seed: u8) -> Random {
    Random::from_seed(&Secret::from_bytes([seed; 32]))
}

fn relay(seed: u8) -> TokenSecret {
    TokenSecret::new(Secret::from_bytes([seed; 32]))
}

fn draw(relay: &TokenSecret, epoch: u32) -> Vec<Token> {
    let keys = relay.public_keys(epoch..epoch + 3).unwrap();
    let drawing = Drawing::begin(epoch, &mut random(1)).unwrap();
    let (made, proof) =
        relay.key(epoch).unwrap().evaluate(drawing.blinded(), &mut random(2)).unwrap();
    drawing.finish(&keys.hash(), &keys, &made, &proof).unwrap()
}

fn grant() -> Grant {
    let keys = relay(1).public_keys(100..104).unwrap().hash();
    let secret = Secret::from_bytes([5; 32]);
    Grant::new(GrantId::from_bytes([7; 8]), secret, (3, 16), (100, 4), keys).unwrap()
}

#[test]
fn a_token_that_was_drawn_is_known_to_the_relay_on_its_topic_alone() {
    let (relay_a, topic) = (relay(1), Topic::from_bytes([3; 32]));
    let tokens = draw(&relay_a, 100);
    assert_eq!(tokens.len(), DRAW_TOKENS);
    let shown = tokens[0].show(&topic);
    assert!(relay_a.key(100).unwrap().made(&shown, &topic));
    assert!(!relay_a.key(100).unwrap().made(&shown, &Topic::from_bytes([4; 32])));
    assert!(!relay_a.key(101).unwrap().made(&shown, &topic), "of another epoch");
    assert!(!relay(2).key(100).unwrap().made(&shown, &topic), "of another relay");
    let later = ShownToken::from_parts(101, *shown.input(), [0; 32]);
    assert!(!relay_a.key(101).unwrap().made(&later, &topic));
}

#[test]
fn what_a_relay_sees_of_a_draw_is_nothing_it_sees_when_a_token_is_spent() {
    let (relay, topic) = (relay(1), Topic::from_bytes([3; 32]));
    let drawing = Drawing::begin(100, &mut random(1)).unwrap();
    let (made, _) = relay.key(100).unwrap().evaluate(drawing.blinded(), &mut random(2)).unwrap();
    for token in draw(&relay, 100) {
        let shown = crate::wire::encode(&token.show(&topic)).to_vec();
        for element in drawing.blinded().iter().chain(&made) {
            for seen in element.as_bytes().windows(8) {
                assert!(!shown.windows(8).any(|bytes| bytes == seen));
            }
        }
    }
}

#[test]
fn a_relay_that_tells_members_apart_by_its_keys_is_refused() {
    let (honest, other) = (relay(1), relay(2));
    let keys = honest.public_keys(100..103).unwrap();
    let drawing = Drawing::begin(100, &mut random(1)).unwrap();
    let (made, proof) =
        other.key(100).unwrap().evaluate(drawing.blinded(), &mut random(2)).unwrap();
    // Under a key of its own for this member, whether it says so or not.
    let finished = drawing.finish(&keys.hash(), &keys, &made, &proof);
    assert_eq!(finished.err(), Some(TokenError::Unproven));
    let shown = other.public_keys(100..103).unwrap();
    let finished = drawing.finish(&keys.hash(), &shown, &made, &proof);
    assert_eq!(finished.err(), Some(TokenError::OtherKeys));
    // One token under another key than the rest is found as well.
    let (mut mixed, proof) =
        honest.key(100).unwrap().evaluate(drawing.blinded(), &mut random(3)).unwrap();
    mixed[5] = made[5];
    let finished = drawing.finish(&keys.hash(), &keys, &mixed, &proof);
    assert_eq!(finished.err(), Some(TokenError::Unproven));
    // And the key of another epoch than was asked for.
    let (made, proof) =
        honest.key(101).unwrap().evaluate(drawing.blinded(), &mut random(4)).unwrap();
    let finished = drawing.finish(&keys.hash(), &keys, &made, &proof);
    assert_eq!(finished.err(), Some(TokenError::Unproven));
}

#[test]
fn malformed_points_are_refused() {
    let key = relay(1).key(100).unwrap();
    let drawing = Drawing::begin(100, &mut random(1)).unwrap();
    for spoilt in [[0; 32], [0xff; 32], [1; 32]] {
        let mut blinded = drawing.blinded().to_vec();
        blinded[DRAW_TOKENS - 1] = Element::from_bytes(spoilt);
        assert_eq!(key.evaluate(&blinded, &mut random(2)).err(), Some(TokenError::Malformed));
    }
    let fewer = &drawing.blinded()[1..];
    assert_eq!(key.evaluate(fewer, &mut random(2)).err(), Some(TokenError::Malformed));
    let keys = relay(1).public_keys(100..103).unwrap();
    let (made, _) = key.evaluate(drawing.blinded(), &mut random(2)).unwrap();
    assert!(drawing.finish(&keys.hash(), &keys, &made, &[0xff; 64]).is_err());
    assert!(drawing.finish(&keys.hash(), &keys, &made[1..], &[0; 64]).is_err());
}

#[test]
fn a_grant_reads_back_from_its_text_and_a_mistake_is_told() {
    let text = grant().to_text();
    assert_eq!(Grant::from_text(&format!(" {}\n", text.to_uppercase())), Ok(grant()));
    for at in "windbreak-grant:".len()..text.len() {
        let mut spoilt = text.to_string();
        let other = if &spoilt[at..=at] == "a" { "b" } else { "a" };
        spoilt.replace_range(at..=at, other);
        assert!(Grant::from_text(&spoilt).is_err(), "{at}");
    }
    for wrong in ["", "windbreak-grant:", "windbreak:abc", &text[1..], &text[..text.len() - 1]] {
        assert!(Grant::from_text(wrong).is_err());
    }
    let keys = [0; 32];
    for (counts, epochs) in
        [((0, 1), (1, 1)), ((513, 1), (1, 1)), ((1, 0), (1, 1)), ((1, 1), (1, 28))]
    {
        let id = GrantId::from_bytes([0; 8]);
        assert!(Grant::new(id, Secret::from_bytes([0; 32]), counts, epochs, keys).is_none());
    }
}

#[test]
fn a_sub_grant_proves_nothing_for_another_one() {
    let (grant, nonce) = (grant(), [9; 32]);
    assert!(grant.split(3).is_none());
    let (own, other) = (grant.split(0).unwrap(), grant.split(1).unwrap());
    let blinded = [Element::from_bytes([2; 32])];
    let proof = own.draw_proof(&nonce, b"relay", 100, &blinded);
    assert_ne!(proof, other.draw_proof(&nonce, b"relay", 100, &blinded));
    assert_ne!(proof, own.draw_proof(&[8; 32], b"relay", 100, &blinded));
    assert_ne!(proof, own.draw_proof(&nonce, b"other", 100, &blinded));
    assert_ne!(proof, own.draw_proof(&nonce, b"relay", 101, &blinded));
    let mut stolen = own;
    stolen.member = 1;
    assert_ne!(
        stolen.draw_proof(&nonce, b"relay", 100, &blinded),
        other.draw_proof(&nonce, b"relay", 100, &blinded)
    );
    assert_ne!(grant.revocation(0, &nonce, b"relay"), grant.revocation(1, &nonce, b"relay"));
}

#[test]
fn every_message_of_admission_at_its_largest_reads_back() {
    let element = Element::from_bytes([1; 32]);
    let grant = GrantId::from_bytes([2; 8]);
    let blinded = vec![element; DRAW_TOKENS];
    let requests = [
        AdmissionRequest::Draw { grant, member: 1, epoch: 2, proof: [3; 32], blinded },
        AdmissionRequest::Revoke { grant, member: 1, proof: [3; 32] },
    ];
    for request in requests {
        assert_eq!(AdmissionRequest::from_bytes(&request.to_bytes()), Ok(request));
    }
    let keys = vec![element; crate::limits::MAX_GRANT_EPOCHS];
    let replies = [
        AdmissionReply::Nonce { nonce: [4; 32] },
        AdmissionReply::Drawn { keys, evaluated: vec![element; DRAW_TOKENS], proof: [5; 64] },
        AdmissionReply::Revoked,
        AdmissionReply::Refused { reason: Refusal::GrantEnded },
    ];
    for reply in replies {
        assert_eq!(AdmissionReply::from_bytes(&reply.to_bytes()), Ok(reply));
    }
    let blinded = vec![element; DRAW_TOKENS - 1];
    let few = AdmissionRequest::Draw { grant, member: 1, epoch: 2, proof: [3; 32], blinded };
    assert_eq!(AdmissionRequest::from_bytes(&few.to_bytes()), Err(DecodeError::Limit));
}

//! What the program makes of a case: nothing to say, after comparing everything the case says of
//! what is read, or the reason to refuse it.

use windbreak_protocol::HpkeSecret;
use windbreak_protocol::content::{Content, SignedItem, WarmWord};
use windbreak_protocol::id::{CircleId, InviteId, IssuerId, KnockId};
use windbreak_protocol::identity::Credential;
use windbreak_protocol::invite::{Answer, Knock, SealedAnswer, SealedKnock, SignedCard};
use windbreak_protocol::random::Random;
use windbreak_protocol::secret::Secret;
use windbreak_protocol::time::Hour;
use windbreak_protocol::wire::chunk::{Manifest, seal_record};
use windbreak_protocol::wire::{self, FrameKind, SealKey, TopicKey};

use crate::case::Case;

type Outcome = Result<(), String>;

pub(crate) fn refusal(file: &str, case: &Case) -> Option<String> {
    let checked = match file {
        "wire/chunk.json" => chunk(case),
        "wire/credential_rules.json" => credential(case),
        "wire/item_rules.json" => item(case),
        "wire/card.json" => card(case),
        "wire/knock.json" => knock(case),
        "wire/answer.json" => answer(case),
        _ => panic!("nobody knows how to check {file}"),
    };
    checked.err()
}

fn reason(error: impl std::fmt::Display) -> String {
    error.to_string()
}

fn chunk(case: &Case) -> Outcome {
    if case.has("manifest") {
        let bytes = case.bytes("manifest");
        let manifest = Manifest::from_bytes(&bytes).map_err(reason)?;
        case.agrees("kind", manifest.kind() as u8);
        case.agrees("chunks", manifest.chunks().len());
        assert_eq!(*manifest.to_bytes(), bytes);
        return Ok(());
    }
    let record: Vec<u8> = (0..case.number("length")).map(|at| (at % 251) as u8).collect();
    let topic_key = TopicKey::from_secret(&Secret::from_bytes(case.array("topic_secret")));
    let seal = SealKey::from_secret(&Secret::from_bytes(case.array("seal_secret")));
    let hour = Hour::new(case.number("hour") as u32);
    let kind = FrameKind::from_number(case.number("kind") as u8).unwrap();
    let mut random = Random::from_seed(&Secret::from_bytes(case.array("chacha20_seed")));
    let sealed = seal_record(&seal, &topic_key, hour, kind, &record, &mut random);
    let envelopes = sealed.map_err(reason)?;
    let nonces: Vec<_> =
        envelopes.iter().map(|e| data_encoding::HEXLOWER.encode(&e.as_bytes()[54..78])).collect();
    case.agrees("nonces", nonces);
    let ids: Vec<_> = envelopes.iter().map(|envelope| envelope.id().to_text()).collect();
    case.agrees("envelope_ids", ids);
    let manifest = seal.open(envelopes.last().unwrap()).map_err(reason)?;
    case.agrees_bytes("manifest_record", &manifest.record);
    let manifest = Manifest::from_bytes(&manifest.record).map_err(reason)?;
    let held = |id: &_| envelopes.iter().find(|envelope| envelope.id() == *id).cloned();
    assert_eq!(*manifest.assemble(held).map_err(reason)?.record, record);
    Ok(())
}

fn credential(case: &Case) -> Outcome {
    let bytes = case.bytes("bytes");
    let credential = Credential::from_bytes(&bytes).map_err(reason)?;
    let circle = CircleId::from_bytes(case.array("circle"));
    let credential = credential.verify(&circle, &case.bytes("leaf_key")).map_err(reason)?;
    case.agrees_bytes("member", credential.member.as_bytes());
    case.agrees_bytes("device", credential.device.as_bytes());
    assert_eq!(credential.to_bytes(), bytes);
    Ok(())
}

fn item(case: &Case) -> Outcome {
    let bytes = case.bytes("bytes");
    let signed = SignedItem::from_bytes(&bytes).map_err(reason)?;
    let item = signed.verify().map_err(reason)?;
    assert_eq!(item.signed().to_bytes(), bytes);
    let body = &item.body;
    case.agrees_bytes("item_id", item.id.as_bytes());
    case.agrees_bytes("circle", body.circle.as_bytes());
    case.agrees_bytes("member", body.member.as_bytes());
    case.agrees_bytes("device", body.device.as_bytes());
    case.agrees("seq", body.seq);
    case.agrees("seen", body.seen.len());
    case.agrees("written", body.written.as_seconds());
    case.agrees("scope", body.scope as u8);
    case.agrees("kind", body.content.kind_number());
    match &body.content {
        Content::Share(share) => {
            case.agrees("ask", share.ask as u8);
            case.agrees("text", share.text.as_str());
        }
        Content::Reply(reply) | Content::Advice(reply) => {
            case.agrees_bytes("to", reply.to.as_bytes());
            case.agrees("text", reply.text.as_str());
        }
        Content::Unknown(unknown) => case.agrees_bytes("unknown", unknown.as_bytes()),
        Content::Withdraw(withdraw) => case.agrees_bytes("to", withdraw.to.as_bytes()),
        Content::Edit(edit) => {
            case.agrees_bytes("to", edit.to.as_bytes());
            case.agrees("title", edit.title.as_ref().map(|title| title.as_str()));
            case.agrees("text", edit.text.as_str());
        }
        Content::Reaction(reaction) => {
            case.agrees_bytes("to", reaction.to.as_bytes());
            case.agrees("word", reaction.word.map(|WarmWord(word)| word));
        }
        Content::Pin(pin) => {
            case.agrees_bytes("to", pin.to.as_bytes());
            case.agrees("on", pin.on);
        }
        Content::Allow(allow) => {
            case.agrees_bytes("to", allow.to.as_bytes());
            case.agrees("on", allow.on);
        }
        Content::AgreementProposal(proposal) => {
            case.agrees("version", proposal.version.get());
            case.agrees("text", proposal.text.as_str());
        }
        Content::AgreementConsent(consent) => {
            case.agrees_bytes("to", consent.proposal.as_bytes());
            case.agrees_bytes("signature", &consent.signature);
        }
        Content::Hide(hide) => {
            case.agrees_bytes("to", hide.to.as_bytes());
            case.agrees("on", hide.on);
            case.agrees("reason", hide.reason.as_str());
        }
        Content::Mute(mute) => {
            case.agrees_bytes("muted", mute.member.as_bytes());
            case.agrees("until", mute.until.map(|until| until.as_seconds()));
            case.agrees("again", mute.again);
        }
        Content::SlowMode(slow) => {
            case.agrees("minutes", slow.minutes);
            case.agrees("again", slow.again);
        }
        Content::ReportAnswer(answer) => {
            case.agrees_bytes("report", answer.report.as_bytes());
            case.agrees_bytes("sealed", answer.sealed.as_bytes());
        }
        Content::File(file) => {
            case.agrees_bytes("to", file.to.as_bytes());
            case.agrees("length", file.length);
            case.agrees("name", file.name.as_ref().map(|name| name.as_str()));
            case.agrees("pieces", file.pieces.len());
        }
        Content::Piece(piece) => {
            case.agrees_bytes("file", piece.file.as_bytes());
            case.agrees("number", piece.number);
            case.agrees_bytes("piece", piece.bytes.as_bytes());
        }
        Content::Spared(spared) => {
            case.agrees_bytes("last", spared.last.as_bytes());
            case.agrees("count", spared.count);
        }
        Content::Mention(mention) => case.agrees_bytes("of", mention.of.as_bytes()),
        Content::Leave(_) | Content::Proposal(_) | Content::Consent(_) => {}
    }
    Ok(())
}

fn card(case: &Case) -> Outcome {
    let bytes = case.bytes("bytes");
    let signed = SignedCard::from_bytes(&bytes).map_err(reason)?;
    assert_eq!(signed.to_bytes(), bytes);
    let issuer = IssuerId::from_bytes(case.array("issuer"));
    let invite = InviteId::from_bytes(case.array("invite"));
    let card = signed.verify(&issuer, &invite).map_err(reason)?;
    case.agrees("title", card.title.as_str());
    case.agrees_bytes("agreement_hash", card.agreement_hash().as_bytes());
    case.agrees("uses", card.uses);
    case.agrees("review", card.door.review);
    case.agrees("listens", card.door.listens);
    case.agrees("revision", card.revision);
    case.agrees("closed", card.closed.map(|closed| closed as u8));
    Ok(())
}

fn knock(case: &Case) -> Outcome {
    let bytes = case.bytes("bytes");
    let invite = InviteId::from_bytes(case.array("invite"));
    let knock = if case.has("opening_secret") {
        let secret: HpkeSecret = wire::decode(&case.bytes("opening_secret"), 32).map_err(reason)?;
        let sealed = SealedKnock::from_bytes(&bytes).map_err(reason)?;
        assert_eq!(sealed.to_bytes(), bytes);
        sealed.open(&invite, windbreak_protocol::Suite::X25519, &secret).map_err(reason)?
    } else {
        let knock = Knock::from_bytes(&bytes, &invite).map_err(reason)?;
        assert_eq!(knock.to_bytes(), bytes);
        knock
    };
    case.agrees_bytes("knock", knock.id().as_bytes());
    case.agrees("name", knock.body.name.as_str());
    case.agrees("note", knock.body.note.as_str());
    case.agrees("key_packages", knock.body.key_packages.len());
    let proof = knock.proof();
    assert!(proof.holds(&invite));
    case.agrees_bytes("proof", &wire::encode(&proof));
    Ok(())
}

fn answer(case: &Case) -> Outcome {
    let bytes = case.bytes("bytes");
    let issuer = IssuerId::from_bytes(case.array("issuer"));
    let answer = if case.has("reply_secret") {
        let secret: HpkeSecret = wire::decode(&case.bytes("reply_secret"), 32).map_err(reason)?;
        let sealed = SealedAnswer::from_bytes(&bytes).map_err(reason)?;
        assert_eq!(sealed.to_bytes(), bytes);
        sealed.open(windbreak_protocol::Suite::X25519, &secret, &issuer).map_err(reason)?
    } else {
        let knock = KnockId::from_bytes(case.array("knock"));
        let answer = Answer::from_bytes(&bytes, &knock, &issuer).map_err(reason)?;
        assert_eq!(*answer.to_bytes(), bytes);
        answer
    };
    match &*answer {
        Answer::Admitted(admission) => {
            case.agrees_bytes("welcome", admission.welcome.as_bytes());
            case.agrees_bytes("entrance", admission.entrance.as_bytes());
        }
        Answer::Declined(no) => case.agrees("note", no.reason.as_str()),
        Answer::Refused(no) => case.agrees("refusal", no.reason as u8),
    }
    Ok(())
}

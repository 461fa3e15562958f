//! Announcements and the question for them as they travel: mDNS (RFC 6762) with the records of one
//! service (RFC 6763). Written and read by a crate that knows DNS; what it may take is bounded here
//! before it looks. Nothing stands in an announcement but a name, an address, a port and a tag: no
//! name of a machine or a person. Clause: specs/06-sync Y-82.
//!
//! ```text
//! PTR  _windbreak._tcp.local         NAME._windbreak._tcp.local
//! SRV  NAME._windbreak._tcp.local    port, NAME.local
//! TXT  NAME._windbreak._tcp.local    t=nonce and MAC, hexadecimal
//! A or AAAA  NAME.local              the address
//! ```

use std::net::IpAddr;

use data_encoding::HEXLOWER;
use simple_dns::rdata::{A, AAAA, PTR, RData, SRV, TXT};
use simple_dns::{CLASS, Name, Packet, PacketFlag, QCLASS, QTYPE, Question, ResourceRecord, TYPE};
use windbreak_protocol::announcement::AnnouncementTag;

use crate::swarm::limits::{ANNOUNCEMENT_LIFE, MAX_ANNOUNCEMENT};

/// The service by which devices find each other on a local network.
const SERVICE: &str = "_windbreak._tcp.local";
/// What every message of ours holds, to tell it from others' before it is read.
const MARK: &[u8] = b"\x0a_windbreak\x04_tcp\x05local\x00";
/// Records or questions of one sort in a message; one of ours has four.
const MAX_RECORDS: u16 = 8;
/// Characters of a name.
const NAME: usize = 16;
/// What stands before the tag.
const TAG: &[u8] = b"t=";

/// Where a device can be reached, as it says.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Announcement {
    pub(crate) name: String,
    pub(crate) address: IpAddr,
    pub(crate) port: u16,
    pub(crate) tag: AnnouncementTag,
}

/// What was heard.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Message {
    /// Somebody asks who is here.
    Question,
    /// Somebody is here.
    Announcement(Announcement),
}

/// The question who is here; always the same bytes.
pub(crate) fn question() -> Option<Vec<u8>> {
    let mut packet = Packet::new_query(0);
    let (kind, class) = (QTYPE::TYPE(TYPE::PTR), QCLASS::CLASS(CLASS::IN));
    packet.questions.push(Question::new(Name::new(SERVICE).ok()?, kind, class, false));
    packet.build_bytes_vec().ok()
}

/// An announcement.
pub(crate) fn announcement(said: &Announcement) -> Option<Vec<u8>> {
    let (instance, host) = (format!("{}.{SERVICE}", said.name), format!("{}.local", said.name));
    let (instance, host) = (Name::new(&instance).ok()?, Name::new(&host).ok()?);
    let text = format!("t={}", HEXLOWER.encode(said.tag.as_bytes()));
    let service = SRV { priority: 0, weight: 0, port: said.port, target: host.clone() };
    let address = match said.address {
        IpAddr::V4(ip) => RData::A(A::from(ip)),
        IpAddr::V6(ip) => RData::AAAA(AAAA::from(ip)),
    };
    let record = |name: &Name<'_>, is_own: bool, data| {
        let life = u32::try_from(ANNOUNCEMENT_LIFE.as_secs()).unwrap_or(u32::MAX);
        ResourceRecord::new(name.clone().into_owned(), CLASS::IN, life, data)
            .with_cache_flush(is_own)
    };
    let mut packet = Packet::new_reply(0);
    packet.set_flags(PacketFlag::AUTHORITATIVE_ANSWER);
    packet.answers = vec![
        record(&Name::new(SERVICE).ok()?, false, RData::PTR(PTR(instance.clone()))),
        record(&instance, true, RData::SRV(service)),
        record(&instance, true, RData::TXT(TXT::new().with_string(&text).ok()?)),
        record(&host, true, address),
    ];
    packet.build_bytes_vec().ok()
}

/// Whether bytes can be of ours at all: cheap, for all that is said on a network.
pub(crate) fn may_be_ours(bytes: &[u8]) -> bool {
    let has_mark = || bytes.windows(MARK.len()).any(|part| part.eq_ignore_ascii_case(MARK));
    bytes.len() <= MAX_ANNOUNCEMENT && has_mark()
}

/// Reads what was heard; nothing, if it is not exactly what we say.
pub(crate) fn read(bytes: &[u8]) -> Option<Message> {
    // The reader makes room for as many records as the header claims, before it finds them.
    let claimed = bytes.get(4..12)?.chunks_exact(2);
    let mut claimed = claimed.map(|count| u16::from_be_bytes([count[0], count[1]]));
    if bytes.len() > MAX_ANNOUNCEMENT || claimed.any(|count| count > MAX_RECORDS) {
        return None;
    }
    let packet = Packet::parse(bytes).ok()?;
    if packet.has_flags(PacketFlag::RESPONSE) {
        return read_announcement(&packet).map(Message::Announcement);
    }
    let service = Name::new(SERVICE).ok()?;
    let asks = |question: &Question<'_>| {
        question.qname == service && matches!(question.qtype, QTYPE::ANY | QTYPE::TYPE(TYPE::PTR))
    };
    packet.questions.iter().any(asks).then_some(Message::Question)
}

fn read_announcement(packet: &Packet<'_>) -> Option<Announcement> {
    let service = Name::new(SERVICE).ok()?;
    let records = || packet.answers.iter().chain(&packet.additional_records);
    let (instance, port, host) = records().find_map(|record| match &record.rdata {
        RData::SRV(at) => Some((&record.name, at.port, &at.target)),
        _ => None,
    })?;
    // A name under ours that is no more than one word, which is its host's as well.
    let word = instance.without(&service)?;
    let [word] = word.get_labels() else { return None };
    let name = word.to_string();
    let is_plain = |byte: u8| byte.is_ascii_lowercase() || matches!(byte, b'2'..=b'7');
    if name.len() != NAME || !name.bytes().all(is_plain) || port == 0 {
        return None;
    }
    let [own, _] = host.get_labels() else { return None };
    if own != word || !host.is_link_local() {
        return None;
    }
    let tag = records().find_map(|record| match &record.rdata {
        RData::TXT(text) if record.name == *instance => {
            let (key, value) = text.iter_raw().next()?;
            let is_tag = key == TAG.strip_suffix(b"=")?;
            let tag = HEXLOWER.decode(value.filter(|_| is_tag)?).ok()?;
            AnnouncementTag::from_bytes(&tag)
        }
        _ => None,
    })?;
    let address = records().filter(|record| record.name == *host);
    let address = address.map(|record| &record.rdata).find_map(|data| match data {
        RData::A(ip) => Some(IpAddr::V4((*ip).clone().into())),
        RData::AAAA(ip) => Some(IpAddr::V6((*ip).clone().into())),
        _ => None,
    })?;
    Some(Announcement { name, address, port, tag })
}

/// The bytes of an address, as a tag covers them.
pub(crate) fn octets(address: IpAddr) -> Vec<u8> {
    match address {
        IpAddr::V4(ip) => ip.octets().to_vec(),
        IpAddr::V6(ip) => ip.octets().to_vec(),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn said(address: &str) -> Announcement {
        Announcement {
            name: "abcdefghijklmno7".to_owned(),
            address: address.parse().unwrap(),
            port: 4710,
            tag: AnnouncementTag::from_bytes(&[7; 32]).unwrap(),
        }
    }

    #[test]
    fn what_is_said_is_read_again() {
        for address in ["192.168.1.7", "fd00::7"] {
            let said = said(address);
            let bytes = announcement(&said).unwrap();
            assert!(may_be_ours(&bytes));
            assert_eq!(read(&bytes), Some(Message::Announcement(said)));
        }
        let asked = question().unwrap();
        assert!(may_be_ours(&asked));
        assert_eq!(read(&asked), Some(Message::Question));
    }

    #[test]
    fn an_announcement_holds_nothing_but_name_address_port_and_tag() {
        let bytes = announcement(&said("192.168.1.7")).unwrap();
        let other = Announcement {
            name: "2222222222222222".to_owned(),
            address: "10.0.0.9".parse().unwrap(),
            port: 99,
            tag: AnnouncementTag::from_bytes(&[9; 32]).unwrap(),
        };
        let other = announcement(&other).unwrap();
        assert_eq!(bytes.len(), other.len(), "its length tells nothing either");
        let differ = bytes.iter().zip(&other).filter(|(one, other)| one != other).count();
        // Four times the name, the tag as text, an address and a port: all that differs, differs.
        assert!(differ > 3 * NAME, "{differ}");
        let host = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
        let host = host.trim().as_bytes();
        assert!(host.is_empty() || !bytes.windows(host.len()).any(|part| part == host));
    }

    #[test]
    fn what_claims_many_records_is_not_read() {
        let mut bytes = announcement(&said("192.168.1.7")).unwrap();
        for place in [4, 6, 8, 10] {
            let mut claims = bytes.clone();
            claims[place] = 0xff;
            assert_eq!(read(&claims), None);
        }
        bytes.resize(MAX_ANNOUNCEMENT + 1, 0);
        assert!(read(&bytes).is_none() && !may_be_ours(&bytes));
    }

    #[test]
    fn what_is_not_exactly_ours_is_not_read() {
        let good = announcement(&said("192.168.1.7")).unwrap();
        let text = |from: &str, to: &str| {
            let (from, to) = (from.as_bytes(), to.as_bytes());
            let mut bytes = good.clone();
            while let Some(at) = bytes.windows(from.len()).position(|part| part == from) {
                bytes[at..at + from.len()].copy_from_slice(to);
            }
            read(&bytes)
        };
        assert!(text("abcdefghijklmno7", "ABCDEFGHIJKLMNO7").is_none());
        assert!(text("abcdefghijklmno7", "abcdefgh.jklmno7").is_none());
        assert!(text("t=07", "t=zz").is_none());
        assert!(text("t=07", "u=07").is_none());
        assert!(text("windbreak", "windbroke").is_none());
    }

    proptest! {
        #[test]
        fn whatever_is_heard_is_read_or_not(bytes in prop::collection::vec(any::<u8>(), 0..600)) {
            let _ = (may_be_ours(&bytes), read(&bytes));
        }

        #[test]
        fn whatever_is_spoilt_is_read_or_not(place in 0_usize..300, value in any::<u8>(), end in 0_usize..300) {
            let mut bytes = announcement(&said("192.168.1.7")).unwrap();
            if let Some(byte) = bytes.get_mut(place) {
                *byte = value;
            }
            bytes.truncate(end.max(1));
            let _ = read(&bytes);
        }
    }
}

//! Looks for bytes: for what must stand nowhere, and for what two captures have in common.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::fs;
use std::path::{Path, PathBuf};

use data_encoding::{BASE32_NOPAD, BASE64, BASE64URL};

/// Bytes of the shortest value that two captures may not share.
pub(crate) const WINDOW: usize = 8;

/// What is looked for, and what it is called when it is found.
#[derive(Default)]
pub(crate) struct Needles {
    by_head: HashMap<[u8; WINDOW], Vec<(String, Vec<u8>)>>,
    /// Which three bytes any of them begins with: most places in noise are passed over by that.
    begins: Vec<bool>,
}

impl Needles {
    /// Looks for `bytes` too. Fewer than eight would be found in any noise.
    pub(crate) fn add(&mut self, name: &str, bytes: &[u8]) {
        let head = *bytes.first_chunk::<WINDOW>().unwrap_or_else(|| panic!("{name} is too short"));
        self.by_head.entry(head).or_default().push((name.to_owned(), bytes.to_vec()));
        self.begins.resize(1 << 24, false);
        self.begins[beginning(bytes)] = true;
    }

    /// Looks for an id in hexadecimal digits of either case and as bytes.
    pub(crate) fn add_id(&mut self, name: &str, hex: &str) {
        self.add(name, hex.to_lowercase().as_bytes());
        self.add(name, hex.to_uppercase().as_bytes());
        self.add(name, &bytes_of(hex));
    }

    /// The same, and in the other alphabets that a program may write bytes in.
    pub(crate) fn add_id_in_every_form(&mut self, name: &str, bytes: &[u8]) {
        self.add_id(name, &hex_of(bytes));
        // What comes behind the last whole group depends on what is written behind the id.
        let whole = &bytes[..bytes.len() / 15 * 15];
        let base32 = BASE32_NOPAD.encode(whole);
        for text in [base32.to_lowercase(), base32, BASE64.encode(whole), BASE64URL.encode(whole)] {
            self.add(name, text.as_bytes());
        }
    }

    /// Looks for the address of a relay as text and as bytes, and for the key it names in both forms.
    pub(crate) fn add_address(&mut self, address: &str) {
        let (place, peer) = address.split_once("/p2p/").unwrap();
        self.add("where a relay is", place.as_bytes());
        let parts: Vec<&str> = place.split('/').collect();
        if let ["", "ip4", ip, "tcp", port] = parts[..] {
            let (ip, port) =
                (ip.parse::<std::net::Ipv4Addr>().unwrap(), port.parse::<u16>().unwrap());
            let bytes = [&[4], &ip.octets()[..], &[6], &port.to_be_bytes()].concat();
            self.add("where a relay is, in bytes", &bytes);
        }
        self.add("the key of a relay", peer.as_bytes());
        let bytes = bytes_of_base58(peer);
        // Behind what says which kind of key it is.
        self.add("the key of a relay, in bytes", &bytes[bytes.len() - 32..]);
    }

    /// Looks for words, and for each of them that is long enough.
    pub(crate) fn add_words(&mut self, name: &str, words: &str) {
        for words in std::iter::once(words).chain(words.split_whitespace()) {
            if words.len() >= WINDOW {
                self.add(name, words.as_bytes());
            }
        }
    }

    /// One after the other: where a search must find them all.
    pub(crate) fn control(&self) -> Vec<u8> {
        self.by_head.values().flatten().flat_map(|(_, bytes)| bytes.clone()).collect()
    }

    /// What all that is looked for is called.
    pub(crate) fn names(&self) -> BTreeSet<String> {
        self.by_head.values().flatten().map(|(name, _)| name.clone()).collect()
    }

    /// What is found in the files under `folder` or in their names.
    pub(crate) fn found_under(&self, folder: &Path) -> Vec<(String, PathBuf)> {
        let mut found = Vec::new();
        for path in files_under(folder) {
            let name = path.strip_prefix(folder).unwrap().as_os_str().as_encoded_bytes().to_vec();
            for place in [name, fs::read(&path).unwrap()] {
                found.extend(self.found_in(&place).into_iter().map(|name| (name, path.clone())));
            }
        }
        found
    }

    fn found_in(&self, place: &[u8]) -> HashSet<String> {
        let mut found = HashSet::new();
        // The zeros of a file that is not full yet say nothing.
        for (at, window) in place.windows(WINDOW).enumerate() {
            if self.begins.get(beginning(window)) != Some(&true) || window == [0; WINDOW] {
                continue;
            }
            let needles = self.by_head.get(window).into_iter().flatten();
            let here = needles.filter(|(_, bytes)| place[at..].starts_with(bytes));
            found.extend(here.map(|(name, _)| name.clone()));
        }
        found
    }
}

/// The first three bytes as a number.
fn beginning(bytes: &[u8]) -> usize {
    usize::from(bytes[0]) << 16 | usize::from(bytes[1]) << 8 | usize::from(bytes[2])
}

/// Files under a folder; sockets are none.
pub(crate) fn files_under(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let kind = entry.file_type().unwrap();
        if kind.is_dir() {
            files.extend(files_under(&entry.path()));
        } else if kind.is_file() {
            files.push(entry.path());
        }
    }
    files
}

/// Values of eight bytes that stand in both captures, wherever they stand.
pub(crate) fn shared(left: &[Vec<u8>], right: &[Vec<u8>]) -> Vec<[u8; WINDOW]> {
    let all = |pieces: &[Vec<u8>]| -> HashSet<[u8; WINDOW]> {
        pieces.iter().flat_map(|piece| windows(piece).map(|(_, window)| window)).collect()
    };
    let (left, right) = (all(left), all(right));
    left.intersection(&right).copied().collect()
}

/// Cuts `constants` out of a capture, so that no window holds a part of one.
pub(crate) fn without(capture: Vec<Vec<u8>>, constants: &[&[u8]]) -> Vec<Vec<u8>> {
    constants.iter().fold(capture, |pieces, constant| {
        pieces.iter().flat_map(|piece| cut(piece, constant)).collect()
    })
}

fn cut(piece: &[u8], constant: &[u8]) -> Vec<Vec<u8>> {
    let mut rest = piece;
    let mut pieces = Vec::new();
    while let Some(at) = rest.windows(constant.len()).position(|window| window == constant) {
        pieces.push(rest[..at].to_vec());
        rest = &rest[at + constant.len()..];
    }
    pieces.push(rest.to_vec());
    pieces
}

/// Eight bytes at each place; the zeros of a file that is not full yet say nothing.
fn windows(bytes: &[u8]) -> impl Iterator<Item = (usize, [u8; WINDOW])> {
    let places = bytes.windows(WINDOW).enumerate();
    places
        .filter_map(|(at, window)| Some((at, *window.first_chunk()?)))
        .filter(|(_, window)| *window != [0; WINDOW])
}

/// The bytes that hexadecimal digits stand for.
pub(crate) fn bytes_of(hex: &str) -> Vec<u8> {
    let pairs = hex.as_bytes().chunks(2);
    pairs.map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap()).collect()
}

/// The bytes that digits of Base58 stand for, without zeros before them.
fn bytes_of_base58(text: &str) -> Vec<u8> {
    const DIGITS: &[u8] = b"123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
    let mut bytes: Vec<u8> = Vec::new();
    for digit in text.bytes() {
        let mut carry = DIGITS.iter().position(|other| *other == digit).unwrap();
        for byte in &mut bytes {
            carry += usize::from(*byte) * 58;
            *byte = u8::try_from(carry % 256).unwrap();
            carry /= 256;
        }
        while carry > 0 {
            bytes.push(u8::try_from(carry % 256).unwrap());
            carry /= 256;
        }
    }
    bytes.reverse();
    bytes
}

/// The hexadecimal digits of bytes.
pub(crate) fn hex_of(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn an_address_is_looked_for_as_bytes_too() {
    let peer = "12D3KooWDpJ7As7BWAwRMfu1VU2WCqNjvq387JEYKDBj4kx6nXTN";
    // An identity hash of 36 bytes: a key of Ed25519 with 32.
    assert_eq!(bytes_of_base58(peer)[..5], [0x24, 0x08, 0x01, 0x12, 0x20]);
    assert_eq!(bytes_of_base58(peer).len(), 37);
    let mut needles = Needles::default();
    needles.add_address(&format!("/ip4/127.0.0.1/tcp/258/p2p/{peer}"));
    let in_bytes = [&[4, 127, 0, 0, 1, 6, 1, 2], &bytes_of_base58(peer)[..]].concat();
    assert_eq!(needles.found_in(&in_bytes).len(), 2);
    assert_eq!(needles.names().len(), 4);
}

#[test]
fn what_two_captures_share_is_found_wherever_it_stands() {
    use std::slice::from_ref;

    let secret = *b"a value of both";
    let left = [b"noise ".as_slice(), &secret, b" and more"].concat();
    let right = [secret.as_slice(), b"other"].concat();
    assert!(!shared(from_ref(&left), from_ref(&right)).is_empty());
    assert!(shared(from_ref(&left), &[b"nothing of the kind".to_vec()]).is_empty());
    assert!(shared(&without(vec![left], &[&secret]), &without(vec![right], &[&secret])).is_empty());
}

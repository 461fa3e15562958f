//! Pictures that hold nothing but the picture: no place, no time, no camera, no small copy, nothing
//! behind the end. It is looked at by the bytes alone and nothing is decoded, so every node can tell.
//! Clause: specs/08-content I-73.

use tls_codec::{TlsDeserialize, TlsSerialize, TlsSize};

use crate::content::FileKind;

/// How a picture is written.
#[derive(
    Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, TlsDeserialize, TlsSerialize, TlsSize,
)]
#[repr(u8)]
pub enum PictureFormat {
    /// JPEG.
    Jpeg = 1,
    /// PNG.
    Png = 2,
}

/// Bytes begin like a picture and hold more than the picture, or are damaged.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("the picture holds more than the picture, or is damaged")]
pub struct NotBare;

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n";
const JPEG: &[u8] = &[0xFF, 0xD8, 0xFF];
/// The only chunks of a PNG that show: anything else says something about the picture.
const PNG_CHUNKS: [&[u8]; 5] = [b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"];
/// `JFIF`, with room for the version and the size of a pixel, and without a small copy.
const JFIF_LEN: usize = 16;

impl FileKind {
    /// What these bytes are, as every node must agree that reads them. Which bytes are refused here
    /// stays as it is: what was sent as [`FileKind::Other`] is to be read for as long as it is kept.
    ///
    /// # Errors
    /// [`NotBare`]: they are a picture with something beside it.
    pub fn of(bytes: &[u8]) -> Result<Self, NotBare> {
        let (format, sides) = if bytes.starts_with(PNG) {
            (PictureFormat::Png, png_sides(bytes))
        } else if bytes.starts_with(JPEG) {
            (PictureFormat::Jpeg, jpeg_sides(bytes))
        } else if is_refused_everywhere(bytes) {
            return Err(NotBare);
        } else {
            return Ok(Self::Other);
        };
        let (width, height) = sides.ok_or(NotBare)?;
        Ok(Self::Picture { format, width, height })
    }

    /// What bytes are that this device is asked to send: it sends no picture that could tell more than
    /// it shows, of more kinds than are refused where somebody else sent them.
    ///
    /// # Errors
    /// [`NotBare`]: they are a picture with something beside it, or of a kind that can have such.
    pub fn to_send(bytes: &[u8]) -> Result<Self, NotBare> {
        if is_not_sent(bytes) { Err(NotBare) } else { Self::of(bytes) }
    }

    /// Whether it is a picture.
    #[must_use]
    pub fn is_picture(&self) -> bool {
        matches!(self, Self::Picture { .. })
    }
}

/// Whether bytes begin like a picture of a kind that carries places and times and that nothing here
/// takes them out of: HEIC and AVIF, WebP, TIFF and what cameras write in it.
fn is_refused_everywhere(bytes: &[u8]) -> bool {
    let brands =
        [&b"heic"[..], b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1", b"avif", b"avis"];
    let webp = bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP");
    brand(bytes).is_some_and(|brand| brands.contains(&brand))
        || webp
        || bytes.starts_with(b"II*\0")
        || bytes.starts_with(b"MM\0*")
}

/// Whether bytes begin like a picture of one of the other kinds with places, times or a comment: GIF,
/// JPEG XL, large TIFF, and what cameras write in forms of their own. What moves (a film) and what is
/// laid out (a PDF) is a file like any other.
fn is_not_sent(bytes: &[u8]) -> bool {
    let begins = [
        &b"GIF87a"[..],
        b"GIF89a",
        // JPEG XL, bare and in boxes.
        b"\xFF\x0A",
        b"\0\0\0\x0CJXL \r\n\x87\n",
        // TIFF with large numbers, from either end; the small ones are DNG, NEF, ARW and CR2 as well.
        b"II+\0",
        b"MM\0+",
        // Olympus's ORF: with where its first directory stands, since the letters alone begin words.
        b"IIRO\x08\0\0\0",
        b"IIRS\x08\0\0\0",
        b"MMOR\0\0\0\x08",
        // Panasonic's RW2, Fujifilm's RAF, and CRW, which came before CR2.
        b"IIU\0",
        b"FUJIFILMCCD-RAW",
        b"II\x1A\0\0\0HEAPCCDR",
    ];
    // Canon's CR3.
    brand(bytes) == Some(b"crx ") || begins.iter().any(|begin| bytes.starts_with(begin))
}

/// Which form of the boxes that films and some pictures stand in this is.
fn brand(bytes: &[u8]) -> Option<&[u8]> {
    let is_boxes = bytes.get(4..8) == Some(b"ftyp");
    bytes.get(8..12).filter(|_| is_boxes)
}

/// The sides of a PNG whose every chunk shows; its checksums are for whoever decodes it.
fn png_sides(bytes: &[u8]) -> Option<(u16, u16)> {
    let mut rest = bytes.strip_prefix(PNG)?;
    let mut sides = None;
    loop {
        let length = u32::from_be_bytes(rest.get(..4)?.try_into().ok()?) as usize;
        let name = rest.get(4..8)?;
        let data = rest.get(8..)?.get(..length)?;
        rest = rest.get(8..)?.get(length..)?.get(4..)?;
        if !PNG_CHUNKS.contains(&name) || (name == b"IHDR") != sides.is_none() {
            return None;
        }
        match name {
            b"IHDR" if length == 13 => {
                let side = |at: usize| {
                    let side = u32::from_be_bytes(data.get(at..at + 4)?.try_into().ok()?);
                    u16::try_from(side).ok().filter(|side| *side > 0)
                };
                sides = Some((side(0)?, side(4)?));
            }
            b"IHDR" => return None,
            // Room enough for a colour table, and for how much shows through of each.
            b"PLTE" | b"tRNS" if length > 3 * 256 => return None,
            b"IEND" => return sides.filter(|_| length == 0 && rest.is_empty()),
            _ => {}
        }
    }
}

/// The sides of a JPEG whose every segment shows.
fn jpeg_sides(bytes: &[u8]) -> Option<(u16, u16)> {
    let mut rest = bytes.get(2..)?;
    let mut sides = None;
    let mut scanned = false;
    loop {
        let (&[0xFF, marker], after) = rest.split_first_chunk::<2>()? else {
            return None;
        };
        if marker == 0xD9 {
            return sides.filter(|_| scanned && after.is_empty());
        }
        let length = usize::from(u16::from_be_bytes(after.get(..2)?.try_into().ok()?));
        let data = after.get(2..length)?;
        rest = after.get(length..)?;
        match marker {
            // Tables, and how often it can be gone on from within a scan.
            0xC4 | 0xDB | 0xDD => {}
            0xE0 if length == JFIF_LEN
                && data.starts_with(b"JFIF\0")
                && data.ends_with(&[0, 0]) => {}
            0xC0..=0xC2 if sides.is_none() => {
                let side = |at: usize| {
                    let side = u16::from_be_bytes(data.get(at..at + 2)?.try_into().ok()?);
                    Some(side).filter(|side| *side > 0)
                };
                sides = Some((side(3)?, side(1)?));
            }
            0xDA => {
                scanned = true;
                rest = rest.get(scan_len(rest)?..)?;
            }
            // Everything else says something about the picture, or is not of this kind.
            _ => return None,
        }
    }
}

/// Bytes until the next marker that ends a scan.
fn scan_len(bytes: &[u8]) -> Option<usize> {
    let ends = |pair: &[u8]| pair[0] == 0xFF && !matches!(pair[1], 0x00 | 0xD0..=0xD7);
    bytes.windows(2).position(ends)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chunk(name: &[u8], data: &[u8]) -> Vec<u8> {
        let length = u32::try_from(data.len()).unwrap().to_be_bytes();
        [&length[..], name, data, &[0; 4]].concat()
    }

    fn png(between: &[Vec<u8>], after: &[u8]) -> Vec<u8> {
        let header = [&640_u32.to_be_bytes()[..], &480_u32.to_be_bytes(), &[8, 2, 0, 0, 0]];
        let mut all = [PNG.to_vec(), chunk(b"IHDR", &header.concat())];
        all[1].extend(between.concat());
        [all.concat(), chunk(b"IDAT", &[1, 2, 3]), chunk(b"IEND", &[]), after.to_vec()].concat()
    }

    fn segment(marker: u8, data: &[u8]) -> Vec<u8> {
        let length = u16::try_from(data.len() + 2).unwrap().to_be_bytes();
        [&[0xFF, marker][..], &length, data].concat()
    }

    fn jpeg(between: &[Vec<u8>], after: &[u8]) -> Vec<u8> {
        let frame = [8, 1, 0xE0, 2, 0x80, 1, 1, 0x11, 0];
        [
            vec![0xFF, 0xD8],
            between.concat(),
            segment(0xDB, &[0; 65]),
            segment(0xC0, &frame),
            segment(0xC4, &[0; 20]),
            segment(0xDA, &[1, 1, 0, 0, 63, 0]),
            vec![1, 2, 0xFF, 0, 3, 0xFF, 0xD0, 4],
            vec![0xFF, 0xD9],
            after.to_vec(),
        ]
        .concat()
    }

    #[test]
    fn a_picture_that_holds_more_than_the_picture_is_told_by_every_node() {
        let of = |format| FileKind::Picture { format, width: 640, height: 480 };
        assert_eq!(FileKind::of(&png(&[], &[])), Ok(of(PictureFormat::Png)));
        assert_eq!(FileKind::of(&jpeg(&[], &[])), Ok(of(PictureFormat::Jpeg)));
        let jfif = segment(0xE0, b"JFIF\0\x01\x02\x00\x00\x01\x00\x01\x00\x00");
        assert_eq!(FileKind::of(&jpeg(&[jfif], &[])), Ok(of(PictureFormat::Jpeg)));
        assert_eq!(FileKind::of(b"a letter"), Ok(FileKind::Other));

        for name in [&b"tEXt"[..], b"eXIf", b"iTXt", b"zTXt", b"iCCP", b"tIME", b"pHYs", b"acTL"] {
            let more = png(&[chunk(name, b"51.5 north")], &[]);
            assert_eq!(FileKind::of(&more), Err(NotBare), "{name:?}");
        }
        let thumbnail = b"JFIF\0\x01\x02\x00\x00\x01\x00\x01\x01\x01abc";
        for (marker, data) in [
            (0xE1, &b"Exif\0\0"[..]),
            (0xE2, b"ICC_PROFILE\0"),
            (0xED, b"Photoshop 3.0\0"),
            (0xFE, b"a comment"),
            (0xE0, thumbnail),
        ] {
            let more = jpeg(&[segment(marker, data)], &[]);
            assert_eq!(FileKind::of(&more), Err(NotBare), "{marker:x}");
        }
        assert_eq!(FileKind::of(&png(&[], b"behind the end")), Err(NotBare));
        assert_eq!(FileKind::of(&jpeg(&[], b"behind the end")), Err(NotBare));
    }

    /// How the kinds begin that every node refuses wherever they come from.
    const REFUSED: [&[u8]; 12] = [
        b"II*\0",
        b"MM\0*",
        b"\0\0\0\x18ftypheic",
        b"\0\0\0\x18ftypheix",
        b"\0\0\0\x18ftyphevc",
        b"\0\0\0\x18ftypheim",
        b"\0\0\0\x18ftypheis",
        b"\0\0\0\x18ftypmif1",
        b"\0\0\0\x18ftypmsf1",
        b"\0\0\0\x18ftypavif",
        b"\0\0\0\x18ftypavis",
        b"RIFF\x10\0\0\0WEBPVP8 ",
    ];
    /// And those that no device sends.
    const NOT_SENT: [&[u8]; 13] = [
        b"II+\0",
        b"MM\0+",
        b"\0\0\0\x18ftypcrx ",
        b"GIF87a",
        b"GIF89a",
        b"\xFF\x0A",
        b"\0\0\0\x0CJXL \r\n\x87\n",
        b"IIRO\x08\0\0\0",
        b"IIRS\x08\0\0\0",
        b"MMOR\0\0\0\x08",
        b"IIU\0\x18\0",
        b"FUJIFILMCCD-RAW 0201",
        b"II\x1A\0\0\0HEAPCCDR",
    ];

    #[test]
    fn pictures_of_other_kinds_are_told_by_how_they_begin_and_films_are_none() {
        for begin in REFUSED.iter().chain(&NOT_SENT) {
            let whole = [*begin, b"51.5 north"].concat();
            assert_eq!(FileKind::to_send(&whole), Err(NotBare), "{begin:?}");
        }
        for begin in [
            &b"%PDF-1.7"[..],
            b"\0\0\0\x18ftypisom",
            b"\0\0\0\x14ftypqt  ",
            b"RIFF\x10\0\0\0WAVEfmt ",
            b"GIF is a word",
            b"II was a letter",
            b"MMORPG and I: a list",
            b"IIRO and IIRS are letters",
            b"\x1A\x45\xDF\xA3",
        ] {
            assert_eq!(FileKind::to_send(begin), Ok(FileKind::Other), "{begin:?}");
        }
    }

    #[test]
    fn what_was_sent_before_its_kind_was_refused_is_read() {
        for begin in REFUSED {
            assert_eq!(FileKind::of(&[begin, b"51.5 north"].concat()), Err(NotBare), "{begin:?}");
        }
        for begin in NOT_SENT {
            let whole = [begin, b"51.5 north"].concat();
            assert_eq!(FileKind::of(&whole), Ok(FileKind::Other), "{begin:?}");
        }
    }

    #[test]
    fn no_bytes_of_a_picture_make_looking_at_it_panic() {
        for whole in [png(&[chunk(b"PLTE", &[0; 6])], &[]), jpeg(&[], &[])] {
            for at in 0..whole.len() {
                let cut = FileKind::of(&whole[..at]);
                assert!(!cut.is_ok_and(|kind| kind.is_picture()), "cut at {at}");
                for byte in [0, 1, 0x7F, 0xD9, 0xFF] {
                    let mut changed = whole.clone();
                    changed[at] = byte;
                    let _ = FileKind::of(&changed);
                }
            }
        }
    }
}

use super::*;

/// Where and when a picture was taken, as cameras and programs write it, held on its side.
const EXIF: &[u8] = b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0 \
                      GPS 51.5074N 0.1278W 2026:11:28 Canon";
const TRACES: [&[u8]; 5] = [b"51.5074N", b"Canon", b"Exif", b"adobe.com/xap", b"a note by hand"];

/// A picture whose left half is red and whose right half is blue.
fn halves(width: usize, height: usize) -> Vec<u8> {
    let pixel = |x: usize| if x < width / 2 { [200, 20, 20] } else { [20, 20, 200] };
    (0..height).flat_map(|_| (0..width).flat_map(pixel)).collect()
}

fn photo(width: u16, height: u16) -> Vec<u8> {
    let mut photo = Vec::new();
    let mut encoder = JpegEncoder::new(&mut photo, 90);
    encoder.add_app_segment(1, EXIF.to_vec()).unwrap();
    encoder.add_app_segment(1, b"http://ns.adobe.com/xap/1.0/\0<x:xmpmeta/>".to_vec()).unwrap();
    encoder.add_icc_profile(&[7; 300]).unwrap();
    let data = halves(width.into(), height.into());
    encoder.encode(&data, width, height, JpegColour::Rgb).unwrap();
    photo.extend_from_slice(b"a note by hand behind the end");
    photo
}

fn screenshot(width: u32, height: u32, data: &[u8], colour: png::ColorType) -> Vec<u8> {
    let mut shot = Vec::new();
    let mut encoder = png::Encoder::new(&mut shot, width, height);
    encoder.set_color(colour);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.add_text_chunk("Comment".to_owned(), "a note by hand, 51.5074N".to_owned()).unwrap();
    let mut writer = encoder.write_header().unwrap();
    writer.write_image_data(data).unwrap();
    writer.finish().unwrap();
    shot.extend_from_slice(b"Canon");
    shot
}

fn holds(bytes: &[u8], trace: &[u8]) -> bool {
    bytes.windows(trace.len()).any(|part| part == trace)
}

fn sides(bytes: &[u8]) -> (u16, u16) {
    match FileKind::of(bytes) {
        Ok(FileKind::Picture { width, height, .. }) => (width, height),
        other => panic!("no bare picture: {other:?}"),
    }
}

#[test]
fn nothing_of_where_and_when_a_picture_was_taken_is_left_in_it() {
    let photo = photo(64, 32);
    assert!(TRACES.iter().all(|trace| holds(&photo, trace)));
    let bare = remade(&photo).unwrap();
    assert!(!TRACES.iter().any(|trace| holds(&bare, trace)));
    assert!(!holds(&bare, &[7; 300]) && !holds(&bare, b"ICC_PROFILE"));
    // Every segment is one of those that show.
    assert_eq!(sides(&bare), (32, 64), "it was held on its side");
    // Of what was the left half, which is above now, it shows the red.
    let upright = read_jpeg(&bare).unwrap();
    let middle = |y: usize| upright.data()[(y * 32 + 16) * 3];
    assert!(middle(8) > 150 && middle(56) < 80, "{} {}", middle(8), middle(56));
    // What was made anew is made anew the same way.
    assert_eq!(sides(&remade(&bare).unwrap()), (32, 64));

    let shot = screenshot(64, 32, &halves(64, 32), png::ColorType::Rgb);
    assert!(holds(&shot, b"51.5074N") && holds(&shot, b"Canon"));
    let bare = remade(&shot).unwrap();
    assert!(!TRACES.iter().any(|trace| holds(&bare, trace)));
    assert_eq!(sides(&bare), (64, 32));
    assert_eq!(read_png(&bare).unwrap().data(), halves(64, 32), "a screenshot stays as it was");
}

#[test]
fn a_picture_of_a_hundred_million_pixels_is_refused_before_it_is_read() {
    let mut bomb = screenshot(1, 1, &[0, 0, 0], png::ColorType::Rgb);
    bomb[16..20].copy_from_slice(&10_000_u32.to_be_bytes());
    bomb[20..24].copy_from_slice(&10_000_u32.to_be_bytes());
    // The sum over the header as it is now.
    let sum = crc(&bomb[12..29]);
    bomb[29..33].copy_from_slice(&sum.to_be_bytes());
    assert_eq!(remade(&bomb), Err(PictureProblem::TooLarge));

    let mut wide = photo(64, 32);
    let frame = wide.windows(2).position(|pair| pair == [0xFF, 0xC0]).unwrap();
    wide[frame + 5..frame + 9].copy_from_slice(&[0xFF; 4]);
    assert_eq!(remade(&wide), Err(PictureProblem::TooLarge));
}

fn crc(bytes: &[u8]) -> u32 {
    let mut sum = u32::MAX;
    for byte in bytes {
        sum ^= u32::from(*byte);
        for _ in 0..8 {
            sum = if sum & 1 == 1 { (sum >> 1) ^ 0xEDB8_8320 } else { sum >> 1 };
        }
    }
    !sum
}

#[test]
fn hostile_pictures_neither_panic_nor_hang() {
    let shot = screenshot(16, 16, &halves(16, 16), png::ColorType::Rgb);
    for whole in [photo(16, 16), shot] {
        for at in 0..whole.len() {
            let _ = remade(&whole[..at]);
            for change in [0x01, 0x80, 0xFF] {
                let mut changed = whole.clone();
                changed[at] ^= change;
                if let Ok(bare) = remade(&changed) {
                    assert!(FileKind::of(&bare).is_ok_and(|kind| kind.is_picture()));
                }
            }
        }
    }
    assert_eq!(remade(b"GIF89a"), Err(PictureProblem::Unknown));
    assert_eq!(remade(&[]), Err(PictureProblem::Unknown));
}

#[test]
fn a_picture_is_made_small_enough_to_be_sent() {
    // Noise is what neither format makes small.
    let mut state = 1_u32;
    let mut noise = |_| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        state.to_be_bytes()[0]
    };
    let data: Vec<u8> = (0..2600 * 1000 * 4).map(&mut noise).collect();
    let large = screenshot(2600, 1000, &data, png::ColorType::Rgba);
    let bare = remade(&large).unwrap();
    assert!(bare.len() <= MAX_FILE);
    let (width, height) = sides(&bare);
    assert!(width <= 2048 && height < 1000 && width > 2 * height, "{width} {height}");
}

#[test]
fn grey_pictures_and_those_that_something_shows_through_are_read() {
    let grey = screenshot(4, 4, &[90; 16], png::ColorType::Grayscale);
    assert_eq!(read_png(&remade(&grey).unwrap()).unwrap().data(), [90; 48]);
    let glass = screenshot(2, 2, &[10, 0, 10, 0, 10, 0, 10, 0], png::ColorType::GrayscaleAlpha);
    assert_eq!(read_png(&remade(&glass).unwrap()).unwrap().channels(), 4);
    let mut photo = Vec::new();
    JpegEncoder::new(&mut photo, 90).encode(&[90; 256], 16, 16, JpegColour::Luma).unwrap();
    assert_eq!(sides(&remade(&photo).unwrap()), (16, 16));
}

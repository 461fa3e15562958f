//! Makes a picture anew before it is sent: read as pixels, turned upright, made smaller, written
//! again, so that nothing but the picture is left of it. What would take too much memory is refused
//! before any pixel is read. It reads what this node's owner hands in over the local API; pictures of
//! others are never read by this program. Clause: specs/08-content I-73.

mod pixels;
mod turn;

use std::io::Cursor;

use jpeg_encoder::{ColorType as JpegColour, Encoder as JpegEncoder};
use windbreak_protocol::content::FileKind;
use windbreak_protocol::limits::MAX_FILE;
use zune_jpeg::JpegDecoder;
use zune_jpeg::zune_core::bytestream::ZCursor;
use zune_jpeg::zune_core::colorspace::ColorSpace;
use zune_jpeg::zune_core::options::DecoderOptions;

use self::pixels::Pixels;

/// Bytes of a picture that is read.
pub const MAX_SOURCE: usize = 32 * 1024 * 1024;
/// Pixels of a picture that is read: some hundred MiB in memory while it is made anew.
const MAX_PIXELS: usize = 40_000_000;
/// Pixels along one side of a picture that is read.
const MAX_SIDE: usize = 16_384;
/// Pixels along the longer side of what is sent.
const SENT_SIDE: usize = 2048;
/// How finely what is sent is written as a JPEG, of 100.
const QUALITY: u8 = 85;
/// How often a picture is made smaller until it fits: each time by a quarter, so one side is left
/// with some twenty pixels.
const MAX_SHRINKS: usize = 16;
/// How often a JPEG goes over its pixels at most; those that cameras write do so ten times.
const MAX_SCANS: usize = 64;

/// Why a picture was not made anew.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub(crate) enum PictureProblem {
    /// It is neither JPEG nor PNG.
    #[error("this is neither a JPEG nor a PNG")]
    Unknown,
    /// It has too many pixels.
    #[error("the picture has more than 40 million pixels, or more than 16384 along one side")]
    TooLarge,
    /// It cannot be read.
    #[error("the picture is damaged, or of a rare kind")]
    Damaged,
}

/// The picture without anything else, small enough to be sent.
pub(crate) fn remade(source: &[u8]) -> Result<Vec<u8>, PictureProblem> {
    let (mut pixels, as_png) = if source.starts_with(b"\x89PNG") {
        (read_png(source)?, true)
    } else if source.starts_with(&[0xFF, 0xD8, 0xFF]) {
        (read_jpeg(source)?, false)
    } else {
        return Err(PictureProblem::Unknown);
    };
    pixels = pixels.fitted(SENT_SIDE);
    if as_png {
        let bare = write_png(&pixels)?;
        if bare.len() <= MAX_FILE {
            return checked(bare);
        }
    }
    // What shows through shows white.
    pixels = pixels.opaque();
    for _ in 0..MAX_SHRINKS {
        let bare = write_jpeg(&pixels)?;
        if bare.len() <= MAX_FILE {
            return checked(bare);
        }
        let side = pixels.longer_side() * 3 / 4;
        pixels = pixels.fitted(side.max(1));
    }
    Err(PictureProblem::TooLarge)
}

/// What was written, if it is a picture and nothing else by the look of every node.
fn checked(bare: Vec<u8>) -> Result<Vec<u8>, PictureProblem> {
    match FileKind::of(&bare) {
        Ok(kind) if kind.is_picture() => Ok(bare),
        _ => Err(PictureProblem::Damaged),
    }
}

/// Whether a picture of these sides is read.
fn check_sides(width: usize, height: usize) -> Result<(), PictureProblem> {
    if width == 0 || height == 0 {
        return Err(PictureProblem::Damaged);
    }
    if width > MAX_SIDE || height > MAX_SIDE || width.saturating_mul(height) > MAX_PIXELS {
        return Err(PictureProblem::TooLarge);
    }
    Ok(())
}

fn read_jpeg(source: &[u8]) -> Result<Pixels, PictureProblem> {
    let damaged = |_| PictureProblem::Damaged;
    // The decoder's own bounds would not tell what is too large from what is damaged.
    let options = DecoderOptions::default()
        .set_max_width(usize::from(u16::MAX))
        .set_max_height(usize::from(u16::MAX))
        .jpeg_set_max_scans(MAX_SCANS)
        .jpeg_set_out_colorspace(ColorSpace::RGB);
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(source), options);
    decoder.decode_headers().map_err(damaged)?;
    let info = decoder.info().ok_or(PictureProblem::Damaged)?;
    let (width, height) = (usize::from(info.width), usize::from(info.height));
    check_sides(width, height)?;
    if decoder.output_buffer_size() != width.checked_mul(height).and_then(|all| all.checked_mul(3))
    {
        return Err(PictureProblem::Damaged);
    }
    let data = decoder.decode().map_err(damaged)?;
    let turn = decoder.exif().and_then(|exif| turn::Turn::told(exif)).unwrap_or_default();
    let pixels = Pixels::new(width, height, 3, data).ok_or(PictureProblem::Damaged)?;
    Ok(pixels.turned(turn))
}

fn read_png(source: &[u8]) -> Result<Pixels, PictureProblem> {
    let damaged = |_| PictureProblem::Damaged;
    let limits = png::Limits { bytes: 2 * MAX_SOURCE };
    let mut decoder = png::Decoder::new_with_limits(Cursor::new(source), limits);
    decoder.set_ignore_text_chunk(true);
    decoder.set_ignore_iccp_chunk(true);
    decoder.set_transformations(png::Transformations::normalize_to_color8());
    let header = decoder.read_header_info().map_err(damaged)?;
    let (width, height) = (header.width as usize, header.height as usize);
    check_sides(width, height)?;
    let mut reader = decoder.read_info().map_err(damaged)?;
    let length = reader.output_buffer_size().ok_or(PictureProblem::TooLarge)?;
    if length > 4 * MAX_PIXELS {
        return Err(PictureProblem::TooLarge);
    }
    let mut data = vec![0; length];
    let frame = reader.next_frame(&mut data).map_err(damaged)?;
    data.truncate(frame.buffer_size());
    // An animation may begin with a frame that is smaller than the whole.
    let (width, height) = (frame.width as usize, frame.height as usize);
    let channels = frame.color_type.samples();
    let pixels = Pixels::new(width, height, channels, data).ok_or(PictureProblem::Damaged)?;
    let told = reader.info().exif_metadata.as_deref().and_then(turn::Turn::told);
    Ok(pixels.coloured().without_unseen().turned(told.unwrap_or_default()))
}

fn write_png(pixels: &Pixels) -> Result<Vec<u8>, PictureProblem> {
    let damaged = |_| PictureProblem::Damaged;
    let (width, height) = pixels.sides().ok_or(PictureProblem::TooLarge)?;
    let mut bare = Vec::new();
    let mut encoder = png::Encoder::new(&mut bare, width.into(), height.into());
    let transparent = pixels.channels() == 4;
    encoder.set_color(if transparent { png::ColorType::Rgba } else { png::ColorType::Rgb });
    encoder.set_depth(png::BitDepth::Eight);
    let mut writer = encoder.write_header().map_err(damaged)?;
    writer.write_image_data(pixels.data()).map_err(damaged)?;
    writer.finish().map_err(damaged)?;
    Ok(bare)
}

fn write_jpeg(pixels: &Pixels) -> Result<Vec<u8>, PictureProblem> {
    let (width, height) = pixels.sides().ok_or(PictureProblem::TooLarge)?;
    let mut bare = Vec::new();
    let encoder = JpegEncoder::new(&mut bare, QUALITY);
    let written = encoder.encode(pixels.data(), width, height, JpegColour::Rgb);
    written.map_err(|_| PictureProblem::Damaged)?;
    Ok(bare)
}

#[cfg(test)]
mod tests;

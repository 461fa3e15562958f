//! How a camera was held, as it wrote that into the picture (Exif, tag 0x0112): it goes with
//! everything else, so the picture is turned upright before.

/// From where each pixel of the upright picture is taken.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(super) struct Turn {
    /// Rows are taken from columns.
    pub(super) across: bool,
    /// From right to left.
    pub(super) from_right: bool,
    /// From below upwards.
    pub(super) from_below: bool,
}

/// Entries of the first directory that are looked at.
const MAX_ENTRIES: usize = 256;
const ORIENTATION: u16 = 0x0112;

impl Turn {
    /// What a camera wrote, if it can be read. Nothing else of it is looked at.
    pub(super) fn told(exif: &[u8]) -> Option<Self> {
        let exif = exif.strip_prefix(b"Exif\0\0").unwrap_or(exif);
        let little = match exif.get(..4)? {
            b"II*\0" => true,
            b"MM\0*" => false,
            _ => return None,
        };
        let short = |at: usize| -> Option<u16> {
            let bytes = exif.get(at..at.checked_add(2)?)?.try_into().ok()?;
            Some(if little { u16::from_le_bytes(bytes) } else { u16::from_be_bytes(bytes) })
        };
        let bytes = exif.get(4..8)?.try_into().ok()?;
        let directory = if little { u32::from_le_bytes(bytes) } else { u32::from_be_bytes(bytes) };
        let directory = usize::try_from(directory).ok()?;
        let count = usize::from(short(directory)?).min(MAX_ENTRIES);
        let entries = (0..count).map(|entry| directory.checked_add(2 + 12 * entry));
        let mut entries = entries.map_while(|entry| entry);
        let entry = entries.find(|entry| short(*entry) == Some(ORIENTATION))?;
        Self::of(short(entry.checked_add(8)?)?)
    }

    const fn of(orientation: u16) -> Option<Self> {
        let (across, from_right, from_below) = match orientation {
            1 => (false, false, false),
            2 => (false, true, false),
            3 => (false, true, true),
            4 => (false, false, true),
            5 => (true, false, false),
            6 => (true, false, true),
            7 => (true, true, true),
            8 => (true, true, false),
            _ => return None,
        };
        Some(Self { across, from_right, from_below })
    }
}

//! A picture as pixels: 8 bits for each of one to four channels, row by row.

use super::turn::Turn;

/// A picture in memory.
pub(super) struct Pixels {
    width: usize,
    height: usize,
    channels: usize,
    data: Vec<u8>,
}

impl Pixels {
    /// From its bytes, if there are as many as it takes.
    pub(super) fn new(width: usize, height: usize, channels: usize, data: Vec<u8>) -> Option<Self> {
        let length = width.checked_mul(height)?.checked_mul(channels)?;
        let fits = (1..=4).contains(&channels) && length > 0 && data.len() == length;
        fits.then_some(Self { width, height, channels, data })
    }

    pub(super) fn data(&self) -> &[u8] {
        &self.data
    }

    pub(super) const fn channels(&self) -> usize {
        self.channels
    }

    /// Width and height as they are written.
    pub(super) fn sides(&self) -> Option<(u16, u16)> {
        Some((u16::try_from(self.width).ok()?, u16::try_from(self.height).ok()?))
    }

    pub(super) fn longer_side(&self) -> usize {
        self.width.max(self.height)
    }

    fn at(&self, x: usize, y: usize) -> &[u8] {
        let start = (y * self.width + x) * self.channels;
        self.data.get(start..start + self.channels).unwrap_or_default()
    }

    /// With red, green and blue, whether it was grey or not.
    pub(super) fn coloured(self) -> Self {
        let data = match self.channels {
            1 => self.data.iter().flat_map(|grey| [*grey; 3]).collect(),
            2 => self
                .data
                .chunks_exact(2)
                .flat_map(|pixel| [pixel[0], pixel[0], pixel[0], pixel[1]])
                .collect(),
            _ => return self,
        };
        Self { channels: self.channels + 2, data, ..self }
    }

    /// Without colours where nothing of them is seen: somebody may have made something unseen.
    pub(super) fn without_unseen(mut self) -> Self {
        if self.channels == 4 {
            for pixel in self.data.chunks_exact_mut(4).filter(|pixel| pixel[3] == 0) {
                pixel.fill(0);
            }
        }
        self
    }

    /// On white, where something showed through.
    pub(super) fn opaque(self) -> Self {
        if self.channels != 4 {
            return self;
        }
        let over_white = |pixel: &[u8]| {
            let share = u32::from(pixel[3]);
            let mixed = |colour: u8| {
                let mixed = (u32::from(colour) * share + 255 * (255 - share)) / 255;
                u8::try_from(mixed).unwrap_or(u8::MAX)
            };
            [mixed(pixel[0]), mixed(pixel[1]), mixed(pixel[2])]
        };
        let data = self.data.chunks_exact(4).flat_map(over_white).collect();
        Self { channels: 3, data, ..self }
    }

    /// Upright, if it is to be turned for that.
    pub(super) fn turned(self, turn: Turn) -> Self {
        if turn == Turn::default() {
            return self;
        }
        let (width, height) =
            if turn.across { (self.height, self.width) } else { (self.width, self.height) };
        let mut data = Vec::with_capacity(self.data.len());
        for y in 0..height {
            for x in 0..width {
                let (mut from_x, mut from_y) = if turn.across { (y, x) } else { (x, y) };
                if turn.from_right {
                    from_x = self.width - 1 - from_x;
                }
                if turn.from_below {
                    from_y = self.height - 1 - from_y;
                }
                data.extend_from_slice(self.at(from_x, from_y));
            }
        }
        Self { width, height, data, ..self }
    }

    /// With no side longer than `side`: each pixel is the mean of those it stands for.
    pub(super) fn fitted(self, side: usize) -> Self {
        let longer = self.longer_side();
        if longer <= side {
            return self;
        }
        let scaled = |length: usize| (length * side / longer).max(1);
        let (width, height) = (scaled(self.width), scaled(self.height));
        let mut data = Vec::with_capacity(width * height * self.channels);
        for y in 0..height {
            let rows = part(y, height, self.height);
            for x in 0..width {
                let columns = part(x, width, self.width);
                let count = (rows.len() * columns.len()) as u64;
                let mut sums = [0_u64; 4];
                for row in rows.clone() {
                    for column in columns.clone() {
                        for (sum, value) in sums.iter_mut().zip(self.at(column, row)) {
                            *sum += u64::from(*value);
                        }
                    }
                }
                let means = sums.iter().take(self.channels);
                data.extend(means.map(|sum| u8::try_from(sum / count).unwrap_or(u8::MAX)));
            }
        }
        Self { width, height, data, ..self }
    }
}

/// Which of `before` pixels in a row the pixel `at` of `after` stands for: one at least.
fn part(at: usize, after: usize, before: usize) -> std::ops::Range<usize> {
    let start = at * before / after;
    start..((at + 1) * before / after).max(start + 1)
}

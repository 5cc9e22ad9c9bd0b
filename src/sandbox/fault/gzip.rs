//! A gzip body that is small on the wire and large when inflated.

use std::sync::OnceLock;

use hyper::body::Bytes;

/// "Copy 258 bytes from 1 byte back" takes 13 bits; eight of them fill 13 bytes and inflate to this many bytes.
const GROUP: usize = 258 * 8;
/// How many groups: a little over 64 MiB in total.
const GROUPS: usize = 32_600;
/// JSON whitespace, so that a parser finds no error before the size limit.
const FILLER: u8 = b' ';
/// The fixed Huffman code for length 258 (no extra bits), followed by the one for distance 1.
const LENGTH_258: (u32, u32) = (0b1100_0101, 8);
const DISTANCE_1: (u32, u32) = (0, 5);

/// The gzip bomb, hand-encoded as one run of copies: a compressor would take seconds.
pub fn bomb() -> Bytes {
    static BOMB: OnceLock<Bytes> = OnceLock::new();
    BOMB.get_or_init(|| Bytes::from(write())).clone()
}

fn write() -> Vec<u8> {
    // Header: deflate, no flags, no time, unknown system (RFC 1952).
    let mut bits = Bits::new(vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255]);
    bits.low_first(0b011, 3); // Final block, fixed Huffman codes (RFC 1951).
    bits.high_first(u32::from(FILLER) + 0x30, 8);
    for _ in 0..GROUPS * 8 {
        bits.high_first(LENGTH_258.0, LENGTH_258.1);
        bits.high_first(DISTANCE_1.0, DISTANCE_1.1);
    }
    bits.high_first(0, 7); // End of the block.
    let length = 1 + GROUPS * GROUP;
    let mut bytes = bits.finish();
    bytes.extend(crc_of_filler(length).to_le_bytes());
    bytes.extend(u32::try_from(length).unwrap_or(u32::MAX).to_le_bytes());
    bytes
}

/// The table-driven CRC-32 of `length` fillers: a decoder would refuse a bomb with a wrong trailer.
fn crc_of_filler(length: usize) -> u32 {
    let table: Vec<u32> = (0..256u32)
        .map(|byte| {
            (0..8).fold(byte, |crc, _| if crc & 1 == 1 { 0xEDB8_8320 ^ (crc >> 1) } else { crc >> 1 })
        })
        .collect();
    let crc = (0..length).fold(u32::MAX, |crc, _| {
        let [low, ..] = crc.to_le_bytes();
        table[usize::from(low ^ FILLER)] ^ (crc >> 8)
    });
    !crc
}

/// A bit writer that fills each byte from its low end, as deflate requires.
struct Bits {
    bytes: Vec<u8>,
    rest: u8,
    filled: u32,
}

impl Bits {
    fn new(bytes: Vec<u8>) -> Self {
        Self { bytes, rest: 0, filled: 0 }
    }

    fn push(&mut self, bit: bool) {
        self.rest |= u8::from(bit) << self.filled;
        self.filled += 1;
        if self.filled == 8 {
            self.bytes.push(self.rest);
            (self.rest, self.filled) = (0, 0);
        }
    }

    fn low_first(&mut self, value: u32, count: u32) {
        (0..count).for_each(|bit| self.push((value >> bit) & 1 == 1));
    }

    /// Huffman codes are written high bit first.
    fn high_first(&mut self, value: u32, count: u32) {
        (0..count).rev().for_each(|bit| self.push((value >> bit) & 1 == 1));
    }

    fn finish(mut self) -> Vec<u8> {
        if self.filled > 0 {
            self.bytes.push(self.rest);
        }
        self.bytes
    }
}

#[cfg(test)]
mod tests {
    use super::{bomb, crc_of_filler};

    #[test]
    fn the_bomb_is_small_on_the_wire() {
        let bomb = bomb();
        assert!(bomb.len() < 512 * 1024, "{}", bomb.len());
        assert_eq!(bomb[..3], [0x1f, 0x8b, 8]);
    }

    #[test]
    fn the_crc_matches_gzip() {
        // `printf '    ' | gzip -c | tail -c 8`
        assert_eq!(crc_of_filler(4), 0x17D1_32A8);
    }
}

//! Packed files: gzip, zstd and bzip2, told by their first bytes.

use super::error::Fault;
use std::io::BufRead;
#[cfg(feature = "formats")]
use {
    bzip2::bufread::MultiBzDecoder,
    flate2::bufread::MultiGzDecoder,
    ruzstd::decoding::StreamingDecoder,
    std::io::{self, BufReader, Read},
};

/// What a file is packed with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Packing {
    Gzip,
    Zstd,
    Bzip2,
}

impl Packing {
    fn of(start: &[u8]) -> Option<Self> {
        match start {
            [0x1f, 0x8b, ..] => Some(Self::Gzip),
            [0x28, 0xb5, 0x2f, 0xfd, ..] => Some(Self::Zstd),
            [b'B', b'Z', b'h', b'1'..=b'9', 0x31, 0x41, 0x59, ..] => Some(Self::Bzip2),
            _ => None,
        }
    }
}

/// What is in `reader`, unpacked where its first bytes say that it is packed.
pub(super) fn unpacked(mut reader: impl BufRead + Send + 'static) -> Result<Box<dyn BufRead + Send>, Fault> {
    let packing = Packing::of(reader.fill_buf().map_err(Fault::Unreadable)?);
    match packing {
        None => Ok(Box::new(reader)),
        Some(packing) => unpack(reader, packing),
    }
}

#[cfg(feature = "formats")]
#[expect(clippy::unnecessary_wraps, reason = "a build without the feature refuses")]
fn unpack(packed: impl BufRead + Send + 'static, packing: Packing) -> Result<Box<dyn BufRead + Send>, Fault> {
    Ok(match packing {
        Packing::Gzip => Box::new(BufReader::new(MultiGzDecoder::new(packed))),
        Packing::Zstd => Box::new(BufReader::new(ZstdFrames { packed: Some(packed), frame: None })),
        Packing::Bzip2 => Box::new(BufReader::new(MultiBzDecoder::new(packed))),
    })
}

#[cfg(not(feature = "formats"))]
fn unpack(_: impl BufRead, packing: Packing) -> Result<Box<dyn BufRead + Send>, Fault> {
    let format = match packing {
        Packing::Gzip => "gzip",
        Packing::Zstd => "zstd",
        Packing::Bzip2 => "bzip2",
    };
    Err(Fault::NotBuilt { format })
}

/// Reads one Zstandard frame after another; the decoder itself stops after the first.
#[cfg(feature = "formats")]
struct ZstdFrames<R: BufRead> {
    packed: Option<R>,
    frame: Option<StreamingDecoder<R, ruzstd::decoding::FrameDecoder>>,
}

#[cfg(feature = "formats")]
impl<R: BufRead> Read for ZstdFrames<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            if let Some(frame) = &mut self.frame {
                let count = frame.read(buffer)?;
                if count > 0 || buffer.is_empty() {
                    return Ok(count);
                }
                self.packed = self.frame.take().map(StreamingDecoder::into_inner);
            }
            let Some(mut packed) = self.packed.take() else { return Ok(0) };
            if packed.fill_buf()?.is_empty() {
                self.packed = Some(packed);
                return Ok(0);
            }
            let frame = StreamingDecoder::new(packed)
                .map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error.to_string()))?;
            self.frame = Some(frame);
        }
    }
}

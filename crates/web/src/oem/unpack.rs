//! Packed bodies, unpacked piece by piece: gzip with all its members (RFC 1952, 2.2), zstd with all
//! its frames. What follows that is neither, or ends in the middle, is an error and never left out.

use std::io::{Error, ErrorKind, Result, Write};

use axum::http::{HeaderMap, header};
use bytes::{Buf, Bytes};
use flate2::write::MultiGzDecoder;
use zstd::stream::raw::{Decoder, Operation};

/// Bytes that are unpacked in one go.
const PIECE: usize = 32 * 1024;

/// How a body is packed.
enum Packing {
    Plain,
    Gzip(Box<MultiGzDecoder<Vec<u8>>>),
    Zstd(Frames),
}

/// Frames of zstd, one after the other.
struct Frames {
    decoder: Decoder<'static>,
    /// Whether the last frame has ended and no other has begun.
    is_between: bool,
    /// Whether more of what was fed may come without feeding.
    is_full: bool,
}

/// Unpacks a body.
pub(super) struct Unpacker {
    packing: Packing,
    given: Bytes,
    is_untouched: bool,
}

impl Unpacker {
    /// For a body with these headers; `None` if it is packed in a way that is not known.
    pub(super) fn of(headers: &HeaderMap) -> Option<Self> {
        let mut codings = headers.get_all(header::CONTENT_ENCODING).iter();
        let coding = codings.next().map_or(Ok(""), |coding| coding.to_str());
        if codings.next().is_some() {
            return None;
        }
        let packing = match coding.ok()?.trim().to_ascii_lowercase().as_str() {
            "" | "identity" => Packing::Plain,
            "gzip" | "x-gzip" => Packing::Gzip(Box::new(MultiGzDecoder::new(Vec::new()))),
            "zstd" => Packing::Zstd(Frames {
                decoder: Decoder::new().ok()?,
                is_between: true,
                is_full: false,
            }),
            _ => return None,
        };
        Some(Self {
            packing,
            given: Bytes::new(),
            is_untouched: true,
        })
    }

    /// The next piece as it came, once [`Self::next`] asks for more.
    pub(super) fn feed(&mut self, bytes: Bytes) {
        self.is_untouched &= bytes.is_empty();
        self.given = bytes;
    }

    /// The next piece, unpacked, of what was fed; `None` asks for more.
    pub(super) fn next(&mut self) -> Result<Option<Bytes>> {
        match &mut self.packing {
            Packing::Plain if self.given.is_empty() => Ok(None),
            Packing::Plain => Ok(Some(std::mem::take(&mut self.given))),
            Packing::Gzip(decoder) => {
                while !self.given.is_empty() {
                    match decoder.write(&self.given)? {
                        0 => return Err(Error::from(ErrorKind::InvalidData)),
                        taken => self.given.advance(taken),
                    }
                    let unpacked = std::mem::take(decoder.get_mut());
                    if !unpacked.is_empty() {
                        return Ok(Some(unpacked.into()));
                    }
                }
                Ok(None)
            }
            Packing::Zstd(frames) => frames.next(&mut self.given),
        }
    }

    /// The body has ended: what was left of it.
    pub(super) fn end(&mut self) -> Result<Option<Bytes>> {
        match &mut self.packing {
            // A body without a byte is empty, however it says it is packed.
            _ if self.is_untouched => Ok(None),
            Packing::Plain => Ok(None),
            Packing::Gzip(decoder) => {
                decoder.try_finish()?;
                let unpacked = std::mem::take(decoder.get_mut());
                Ok((!unpacked.is_empty()).then(|| unpacked.into()))
            }
            Packing::Zstd(frames) if frames.is_between => Ok(None),
            Packing::Zstd(_) => Err(Error::from(ErrorKind::UnexpectedEof)),
        }
    }
}

impl Frames {
    fn next(&mut self, given: &mut Bytes) -> Result<Option<Bytes>> {
        while self.is_full || !given.is_empty() {
            let mut piece = vec![0; PIECE];
            let step = self.decoder.run_on_buffers(given, &mut piece)?;
            given.advance(step.bytes_read);
            self.is_between = step.remaining == 0;
            self.is_full = step.bytes_written == PIECE && !self.is_between;
            if step.bytes_written > 0 {
                piece.truncate(step.bytes_written);
                return Ok(Some(piece.into()));
            }
            if step.bytes_read == 0 && !given.is_empty() {
                return Err(Error::from(ErrorKind::InvalidData));
            }
        }
        Ok(None)
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;
    use flate2::Compression;
    use flate2::write::GzEncoder;
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
        packed.write_all(bytes).expect("packs");
        packed.finish().expect("packs")
    }

    fn zstd(bytes: &[u8]) -> Vec<u8> {
        zstd::bulk::compress(bytes, 1).expect("packs")
    }

    /// What comes out, and how long its longest piece is.
    fn unpack(coding: &'static str, packed: &[u8], size: usize) -> Result<(Vec<u8>, usize)> {
        let mut headers = HeaderMap::new();
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(coding));
        let mut unpacker = Unpacker::of(&headers).expect("a packing that is known");
        let (mut all, mut longest) = (Vec::new(), 0);
        let mut take = |piece: Bytes| {
            longest = longest.max(piece.len());
            all.extend_from_slice(&piece);
        };
        for piece in packed.chunks(size) {
            unpacker.feed(Bytes::copy_from_slice(piece));
            while let Some(unpacked) = unpacker.next()? {
                take(unpacked);
            }
        }
        if let Some(unpacked) = unpacker.end()? {
            take(unpacked);
        }
        Ok((all, longest))
    }

    #[test]
    fn what_unpacks_to_very_much_comes_in_pieces() {
        let long = vec![b'x'; 8 << 20];
        for (coding, packed) in [("gzip", gzip(&long)), ("zstd", zstd(&long))] {
            let (all, longest) = unpack(coding, &packed, usize::MAX).expect("unpacks");
            assert!(all == long && longest <= 4 * PIECE, "{coding}: {longest}");
        }
    }

    proptest! {
        #[test]
        fn all_parts_come_out_however_the_body_is_cut(
            parts in vec(vec(any::<u8>(), 0..400), 1..4), size in 1..700usize,
        ) {
            let all = parts.concat();
            for (coding, pack) in [("gzip", gzip as fn(&[u8]) -> Vec<u8>), ("zstd", zstd)] {
                let packed: Vec<u8> = parts.iter().flat_map(|part| pack(part)).collect();
                let (found, _) = unpack(coding, &packed, size).expect("unpacks");
                prop_assert_eq!(&found, &all);
                let last = pack(&parts[parts.len() - 1]).len();
                let cut = &packed[..packed.len() - 1 - size % (last - 1)];
                prop_assert!(unpack(coding, cut, size).is_err(), "{} cut", coding);
                let odd = [&packed[..], b"odd"].concat();
                prop_assert!(unpack(coding, &odd, size).is_err(), "{} and more", coding);
            }
        }
    }
}

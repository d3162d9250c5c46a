//! One part of a package, unpacked block by block and never further than allowed.

use std::io::{self, BufRead, Read};

use super::error::Limit;
use super::limits::{RATIO_FROM, WorkbookLimits};

/// How much is unpacked at once; also the least that a tag may take, however small cells must be.
const BLOCK: usize = 64 * 1024;

/// What a part may ask for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Allowance<'w> {
    pub(super) limits: &'w WorkbookLimits,
    /// Bytes that this part may unpack to.
    pub(super) part: u64,
    /// Bytes that it takes in the package.
    pub(super) packed: u64,
}

/// A part's bytes. A piece (one tag, one run of text) can't grow further than a cell may.
pub(super) struct Part<'w> {
    packed: Box<dyn Read + Send + 'w>,
    block: Vec<u8>,
    at: usize,
    allowance: Allowance<'w>,
    unpacked: u64,
    /// Bytes that the whole workbook may still unpack.
    left: &'w mut u64,
    piece: usize,
    refused: Option<Limit>,
}

impl<'w> Part<'w> {
    pub(super) fn new(
        packed: Box<dyn Read + Send + 'w>,
        allowance: Allowance<'w>,
        left: &'w mut u64,
    ) -> Self {
        Self {
            packed,
            block: Vec::new(),
            at: 0,
            allowance,
            unpacked: 0,
            left,
            piece: 0,
            refused: None,
        }
    }

    pub(super) fn limits(&self) -> &'w WorkbookLimits {
        self.allowance.limits
    }

    /// The limit at which reading stopped.
    pub(super) fn refused(&self) -> Option<Limit> {
        self.refused
    }

    /// A new piece of markup begins.
    pub(super) fn begin_piece(&mut self) {
        self.piece = BLOCK.max(self.allowance.limits.cell_text as usize);
    }

    fn unpack(&mut self) -> io::Result<()> {
        self.block.resize(BLOCK, 0);
        self.at = 0;
        let read = self.packed.read(&mut self.block);
        self.block.truncate(*read.as_ref().unwrap_or(&0));
        let read = read? as u64;
        self.unpacked += read;
        if read > *self.left {
            return Err(self.refuse(Limit::Unpacked));
        }
        *self.left -= read;
        if self.unpacked > self.allowance.part {
            return Err(self.refuse(Limit::Part));
        }
        let most = self
            .allowance
            .packed
            .saturating_mul(self.allowance.limits.ratio);
        if self.unpacked > RATIO_FROM.max(most) {
            return Err(self.refuse(Limit::Ratio));
        }
        Ok(())
    }

    fn refuse(&mut self, limit: Limit) -> io::Error {
        self.block.clear();
        self.at = 0;
        self.refused = Some(limit);
        io::Error::other("refused")
    }
}

impl Read for Part<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.begin_piece();
        let read = self.fill_buf()?.read(buffer)?;
        self.consume(read);
        Ok(read)
    }
}

impl BufRead for Part<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.piece == 0 {
            return Err(self.refuse(Limit::CellText));
        }
        while self.at == self.block.len() && self.refused.is_none() {
            match self.unpack() {
                Ok(()) if self.block.is_empty() => break,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                done => done?,
            }
        }
        let ahead = &self.block[self.at..];
        Ok(&ahead[..ahead.len().min(self.piece)])
    }

    fn consume(&mut self, length: usize) {
        self.at += length;
        self.piece -= length;
    }
}

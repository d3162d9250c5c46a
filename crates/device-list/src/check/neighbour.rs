//! The row above: whether its hash, or this row's, has slipped by one.

use super::row::Texts;
use crate::code::Code;
use crate::dialect::Column;
use crate::finding::Finding;
use crate::identifier::fold;

/// What the row above says.
#[derive(Default)]
pub(crate) struct Neighbour {
    serial: Vec<u8>,
    /// The serial number inside its hash, where it is another than its own.
    inside: Option<String>,
}

impl Neighbour {
    /// Says it more clearly where a row's serial number differs from its hash's because the hashes
    /// have slipped by one row. How bad it is stays: which row stands above changes when others are
    /// left out, and whether this one can be mended must not.
    pub(crate) fn look(&mut self, row: &Texts<'_>, findings: &mut [Finding]) {
        let own = row.bytes(Column::Serial);
        let differs = findings
            .iter_mut()
            .find(|finding| finding.code == Code::SERIAL_DIFFERS && !finding.certain);
        let inside = differs.and_then(|finding| {
            let inside = finding.corrected.clone()?;
            let above = fold(&inside) == fold(&String::from_utf8_lossy(&self.serial));
            let below = self.inside.as_deref().map(fold) == Some(fold(&row.text(Column::Serial)));
            if above || below {
                let cause = if above {
                    "The hash is the one of the row above."
                } else {
                    "The hash of this row's device stands in the row above."
                };
                let shifted = Finding::new(Code::ROWS_SHIFTED, cause).field(Column::Serial);
                *finding = Finding {
                    column: finding.column,
                    found: finding.found.take(),
                    severity: finding.severity,
                    ..shifted
                };
            }
            Some(inside)
        });
        self.inside = inside;
        self.serial.clear();
        self.serial.extend_from_slice(&own[..own.len().min(256)]);
    }
}

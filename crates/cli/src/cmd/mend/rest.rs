//! The rest file: rows that can't be mended, to be mended by hand.

use std::fs::File;
use std::io::{BufReader, BufWriter, IntoInnerError, Seek as _};
use std::path::PathBuf;

use device_list::{LeftLine, LeftRow, RestWriter, encode_rest};

use crate::exit::{Failure, say};
use crate::output::{Closed, Output, scratch};

/// The rows that can't be mended. How they are encoded is known only at the end, so they are kept in
/// a file without a name until then.
pub(in super::super) struct Rest(Option<Kept>);

struct Kept {
    path: PathBuf,
    to: Output,
    rows: Option<RestWriter<BufWriter<File>>>,
}

/// A rest file that is to be put in its place.
pub(in super::super) struct ClosedRest(Option<(PathBuf, Closed)>);

impl Rest {
    /// Fails where it could not be written. None is for rows that are only named.
    pub(in super::super) fn open(path: Option<PathBuf>) -> Result<Self, Failure> {
        let Some(path) = path else {
            return Ok(Self(None));
        };
        Ok(Self(Some(Kept {
            to: Output::open(Some(&path))?,
            path,
            rows: None,
        })))
    }

    /// Takes a row. `list` names the list that it comes from, where that is to be told.
    pub(in super::super) fn row(
        &mut self,
        left: &LeftRow<'_>,
        list: Option<&str>,
    ) -> Result<(), Failure> {
        match self.rows()? {
            Some(rows) => Ok(rows.row(left, list)?),
            None => Ok(()),
        }
    }

    /// Takes what there is of a line that is no row, as [`Rest::row`] does.
    pub(in super::super) fn line(
        &mut self,
        left: &LeftLine<'_>,
        list: Option<&str>,
    ) -> Result<(), Failure> {
        match self.rows()? {
            Some(rows) => Ok(rows.line(left, list)?),
            None => Ok(()),
        }
    }

    /// Where rows are kept, if they are.
    fn rows(&mut self) -> Result<Option<&mut RestWriter<BufWriter<File>>>, Failure> {
        let Some(kept) = &mut self.0 else {
            return Ok(None);
        };
        Ok(Some(match &mut kept.rows {
            Some(rows) => rows,
            none => {
                let file = scratch(kept.to.path())?;
                none.insert(RestWriter::new(BufWriter::new(file)))
            }
        }))
    }

    /// Ends it; nothing is written where there were no rows, and a file of an earlier run is named.
    pub(in super::super) fn close(self) -> Result<ClosedRest, Failure> {
        let Some(Kept { path, mut to, rows }) = self.0 else {
            return Ok(ClosedRest(None));
        };
        let Some(rows) = rows else {
            if path.is_file() {
                let path = path.display();
                say(&format!(
                    "{path} is of an earlier run; nothing is left this time."
                ));
            }
            return Ok(ClosedRest(None));
        };
        let (text, encoding) = rows.end()?;
        let mut text = text.into_inner().map_err(IntoInnerError::into_error)?;
        text.rewind()?;
        encode_rest(BufReader::new(text), &mut to, encoding)?;
        Ok(ClosedRest(Some((path, to.close()?))))
    }
}

impl ClosedRest {
    /// Puts it in its place, and says where that is.
    pub(in super::super) fn commit(self) -> Result<Option<PathBuf>, Failure> {
        let Some((path, file)) = self.0 else {
            return Ok(None);
        };
        file.commit()?;
        Ok(Some(path))
    }
}

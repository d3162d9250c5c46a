//! The values of one row, by column.

use std::fmt;

use crate::dialect::Column;
use crate::finding::holds_secret;

/// The texts of one row by column, exact as sent. A column that the list does not have is empty.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Cells {
    texts: [Box<str>; Column::COUNT],
}

impl Cells {
    /// The texts in the order of [`Column::ALL`].
    pub(crate) fn from_texts(texts: [Box<str>; Column::COUNT]) -> Self {
        Self { texts }
    }

    /// The text in a column, `""` where there is none.
    pub fn get(&self, column: Column) -> &str {
        &self.texts[column.index()]
    }

    /// Puts a text into a column.
    pub fn set(&mut self, column: Column, text: impl Into<Box<str>>) {
        self.texts[column.index()] = text.into();
    }

    /// [`Cells::set`] for building in one expression.
    #[must_use]
    pub fn with(mut self, column: Column, text: impl Into<Box<str>>) -> Self {
        self.set(column, text);
        self
    }

    /// The columns that hold something, with their texts.
    pub fn iter(&self) -> impl Iterator<Item = (Column, &str)> {
        Column::ALL
            .iter()
            .map(|column| (*column, self.get(*column)))
            .filter(|(_, t)| !t.is_empty())
    }

    /// Whether no column holds anything.
    pub fn is_empty(&self) -> bool {
        self.iter().next().is_none()
    }
}

/// Prints no hash and no product key, wherever they stand: they are sensitive.
impl fmt::Debug for Cells {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut map = f.debug_map();
        for (column, text) in self.iter() {
            if column == Column::Hash || holds_secret(text) {
                map.entry(&column, &format_args!("({} characters)", text.len()));
            } else {
                map.entry(&column, &text);
            }
        }
        map.finish()
    }
}

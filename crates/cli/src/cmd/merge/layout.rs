//! Which layout holds what several lists have.

use std::path::PathBuf;

use device_list::{CheckOptions, Checker, Column, Dialect, Event, RowRef};

use super::super::several::read;
use crate::exit::Failure;
use crate::input::progress::Progress;

/// What beside the identifiers is kept if that can be: the group tag, and the user.
const BESIDE: [Column; 2] = [Column::GroupTag, Column::AssignedUser];

/// The columns that the rows of several lists need.
#[derive(Debug, Default)]
pub(super) struct Wanted {
    dialects: Vec<Dialect>,
    columns: [bool; Column::COUNT],
}

impl Wanted {
    /// Reads the lists, and chooses.
    pub(super) fn by(
        lists: &[PathBuf],
        options: &CheckOptions,
        progress: &Progress,
    ) -> Result<Dialect, Failure> {
        let mut wanted = Self::default();
        let mut checker = Checker::new(options.clone());
        for path in lists {
            let (_, summary) = read(&mut checker, path, progress, &mut |event| {
                if let Event::Row(row) = event {
                    wanted.row(&row);
                }
                Ok(())
            })?;
            wanted.dialects.extend(summary.dialect);
        }
        Ok(wanted.layout())
    }

    fn row(&mut self, row: &RowRef<'_>) {
        if !row.is_identified() {
            return;
        }
        let has = |column: &Column| !row.value(*column).is_empty();
        let tuple = [Column::Manufacturer, Column::Model, Column::Serial];
        let own = [Column::Hash, Column::Pkid];
        let identifiers = if own.iter().any(has) {
            &own[..]
        } else {
            &tuple
        };
        let tag = Some(Column::GroupTag).filter(|tag| has(tag) || has(&Column::OrderId));
        let user = Some(Column::AssignedUser).filter(has);
        let identifiers = identifiers.iter().copied().filter(has);
        for column in identifiers.chain(tag).chain(user) {
            self.columns[column as usize] = true;
        }
    }

    /// The lists' common layout, unless another one keeps the tags and users that it would lose.
    fn layout(&self) -> Dialect {
        let common = Dialect::common(&self.dialects).unwrap_or(Dialect::PartnerCenter);
        let wants = |column: &&Column| self.columns[**column as usize];
        let lost = |dialect: Dialect| {
            let all = Column::ALL.iter().filter(wants);
            let lost = all.filter(|column| {
                let order = **column == Column::GroupTag && dialect.has(Column::OrderId);
                !dialect.has(**column) && !order
            });
            let (beside, identifiers): (Vec<&Column>, Vec<&Column>) =
                lost.partition(|column| BESIDE.contains(column));
            (identifiers.len(), beside.len())
        };
        let others = Dialect::ALL.into_iter().filter(|one| one.today() == *one);
        let best = others.min_by_key(|one| (lost(*one), one.columns().len()));
        match best {
            Some(best) if lost(best) < lost(common) => best,
            _ => common,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wanted(dialects: &[Dialect], columns: &[Column]) -> Dialect {
        let mut wanted = Wanted {
            dialects: dialects.to_vec(),
            ..Wanted::default()
        };
        for column in columns {
            wanted.columns[*column as usize] = true;
        }
        wanted.layout()
    }

    #[test]
    fn tags_are_kept_where_the_identifiers_allow_it() {
        let both = [Dialect::PartnerCenter, Dialect::Intune4];
        let hashes = [Column::Hash, Column::Serial, Column::GroupTag];
        assert_eq!(wanted(&both, &hashes), Dialect::Intune4);
        assert_eq!(wanted(&both, &hashes[..2]), Dialect::PartnerCenter);
        let tuples = [Column::Manufacturer, Column::Model, Column::GroupTag];
        assert_eq!(wanted(&both, &tuples), Dialect::PartnerCenter);
        let old = [Dialect::IntuneOrderId];
        assert_eq!(wanted(&old, &hashes), Dialect::IntuneOrderId);
    }
}

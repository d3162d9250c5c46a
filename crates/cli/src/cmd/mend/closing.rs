//! What the table of `check --fix` and `convert` ends with.

use std::fmt::Write as _;
use std::path::Path;

use device_list::Mended;

use super::files::Written;
use super::told::Counted;
use crate::cmd::several::what_is_left;
use crate::terminal::{count, counted, safe};

/// Names of parts that are told; there may be many.
const PARTS: usize = 8;

/// What was written where, whether it conforms, and where the rest is.
pub(super) fn closing(
    out: &Path,
    written: &Written,
    rest: Option<&Path>,
    mended: &Mended,
) -> String {
    let name = safe(&out.display().to_string());
    let changes = counted(mended.changes, "change", "changes");
    let verdict = if mended.is_conforming() {
        "It conforms."
    } else {
        "It still has findings: check it."
    };
    let mut said = format!("{name}: {changes}. {verdict}");
    said.push_str(&left(rest, mended));
    said.push('\n');
    if let Some(dialect) = mended.outgrown_by {
        // Writing to a string can't fail.
        let _ = writeln!(
            said,
            "The header changes further down: with --dialect {} there is a place for every value.",
            dialect.name()
        );
    }
    if let Written::Parts(parts) = written {
        said.push_str(&named(parts));
    }
    said
}

fn left(rest: Option<&Path>, mended: &Mended) -> String {
    if mended.left_out + mended.unread == 0 {
        return String::new();
    }
    let rows = what_is_left(mended);
    match rest {
        None => format!(" {rows} not in it: mend them as said and send them too."),
        Some(rest) => format!(
            " {rows} not in it, but in {}, with codes and advice: mend them there and check that \
             file.",
            safe(&rest.display().to_string())
        ),
    }
}

fn named(parts: &[Counted]) -> String {
    let mut names: Vec<_> = parts.iter().map(|part| safe(&part.file)).collect();
    if names.len() > PARTS {
        let last = names.split_off(names.len() - 1);
        names.truncate(PARTS - 2);
        names.push("…".to_owned());
        names.extend(last);
    }
    format!(
        "It is over the limit, so it is written as {} lists: {}.\n",
        count(parts.len() as u64),
        names.join(", ")
    )
}

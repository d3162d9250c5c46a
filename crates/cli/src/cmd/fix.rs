//! `enlist check --fix`: writes the repaired list and tells every change.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use comfy_table::Cell;
use device_list::{
    Change, CheckOptions, CheckedList, Column, Finding, RepairedList, check, repair,
};
use serde::Serialize;

use crate::exit::{Exit, Failure};
use crate::input::Input;
use crate::report::{Format, shortened};
use crate::terminal::{counted, print, ruled_table, table};

/// Changes shown in the table; JSON has them all.
const SHOWN: usize = 100;

/// What was done, as JSON.
#[derive(Serialize)]
struct Told<'a> {
    file: &'a str,
    written: &'a Path,
    changes: &'a [Change],
    left_out: Vec<LeftOut<'a>>,
    conforming: bool,
}

/// A row that is not in the repaired list, with what stands in the way.
#[derive(Serialize)]
struct LeftOut<'a> {
    line: u64,
    row: u32,
    findings: Vec<&'a Finding>,
}

/// Repairs `file` into `out`. Good when what was written conforms and has every row.
pub(super) fn run(
    file: &Path,
    out: &Path,
    options: &CheckOptions,
    format: Format,
) -> Result<Exit, Failure> {
    if !matches!(format, Format::Table | Format::Json) {
        return Err(Failure::new(
            "--fix tells its changes as a table or as JSON.",
            "Leave --format out, or give --format json.",
        ));
    }
    refuse_same_file(file, out)?;
    let mut input = Input::open(file)?;
    let list = check(&input.bytes()?, options);
    if !list.is_usable() {
        return Err(Failure::new(
            format!(
                "{} can't be repaired: it is not usable as a device list.",
                input.name
            ),
            format!("Run enlist check {} to see why.", input.name),
        ));
    }
    let repaired = repair(&list);
    write_list(out, &repaired.bytes)?;
    let conforming = check(&repaired.bytes, options).is_conforming();
    let told = Told {
        file: &input.name,
        written: out,
        changes: &repaired.changes,
        left_out: left_out(&list, &repaired),
        conforming,
    };
    // A list on standard output leaves no room there for anything else.
    if out.as_os_str() == "-" {
        tell(&told, format, &mut io::stderr())?;
    } else {
        tell(&told, format, &mut io::stdout())?;
    }
    Ok(if conforming && repaired.left_out.is_empty() {
        Exit::Good
    } else {
        Exit::Findings
    })
}

fn refuse_same_file(file: &Path, out: &Path) -> Result<(), Failure> {
    let same = match (fs::canonicalize(file), fs::canonicalize(out)) {
        (Ok(file), Ok(out)) => file == out,
        _ => false,
    };
    if same {
        return Err(Failure::new(
            "The repaired list would overwrite the list it is made from.",
            "Give --fix another name, so that the original stays.",
        ));
    }
    Ok(())
}

fn write_list(out: &Path, bytes: &[u8]) -> Result<(), Failure> {
    if out.as_os_str() == "-" {
        let mut stdout = io::stdout();
        return Ok(stdout.write_all(bytes).and_then(|()| stdout.flush())?);
    }
    fs::write(out, bytes).map_err(|error| {
        Failure::new(
            format!("{} can't be written: {error}.", out.display()),
            "Give --fix a place that you may write to.",
        )
    })
}

fn left_out<'a>(list: &'a CheckedList, repaired: &RepairedList) -> Vec<LeftOut<'a>> {
    let rows = list
        .rows
        .iter()
        .filter(|row| repaired.left_out.contains(&row.number));
    rows.map(|row| LeftOut {
        line: row.line,
        row: row.number,
        findings: list
            .findings_of(row.number)
            .filter(|finding| !finding.certain)
            .collect(),
    })
    .collect()
}

fn tell(told: &Told<'_>, format: Format, to: &mut impl Write) -> io::Result<()> {
    if format == Format::Json {
        serde_json::to_writer_pretty(&mut *to, told)?;
        return writeln!(to);
    }
    tell_changes(told.changes, to)?;
    tell_left_out(&told.left_out, to)?;
    let changes = counted(told.changes.len() as u64, "change", "changes");
    let verdict = if told.conforming {
        "It conforms."
    } else {
        "It still has findings: check it."
    };
    match told.left_out.len() as u64 {
        0 => writeln!(to, "{}: {changes}. {verdict}", told.written.display()),
        rows => {
            let rows = counted(rows, "row is", "rows are");
            writeln!(
                to,
                "{}: {changes}. {verdict} {rows} not in it: mend them as said and send them too.",
                told.written.display()
            )
        }
    }
}

fn tell_changes(changes: &[Change], to: &mut impl Write) -> io::Result<()> {
    if changes.is_empty() {
        return Ok(());
    }
    let mut rows = table(["Line", "Column", "Code", "Before", "After"]);
    for change in changes.iter().take(SHOWN) {
        let is_hash = change.field == Some(Column::Hash);
        rows.add_row([
            Cell::new(if change.line == 0 {
                "file".to_owned()
            } else {
                change.line.to_string()
            }),
            Cell::new(change.field.map(Column::name).unwrap_or_default()),
            Cell::new(change.code),
            Cell::new(shortened(&change.before, is_hash)),
            Cell::new(if change.after.is_empty() {
                "(dropped)".to_owned()
            } else {
                shortened(&change.after, is_hash)
            }),
        ]);
    }
    print(&rows, to)?;
    if changes.len() > SHOWN {
        let more = counted(
            (changes.len() - SHOWN) as u64,
            "more change",
            "more changes",
        );
        writeln!(to, "… and {more}; --format json has them all.")?;
    }
    Ok(())
}

fn tell_left_out(left_out: &[LeftOut<'_>], to: &mut impl Write) -> io::Result<()> {
    if left_out.is_empty() {
        return Ok(());
    }
    writeln!(to, "Left out, because mending them would be a guess:")?;
    let mut rows = ruled_table(["Line", "Code", "Cause", "Fix"]);
    for finding in left_out.iter().flat_map(|row| &row.findings).take(SHOWN) {
        rows.add_row([
            Cell::new(finding.line),
            Cell::new(finding.code),
            Cell::new(crate::terminal::safe(&finding.cause)),
            Cell::new(crate::terminal::safe(&finding.fix)),
        ]);
    }
    print(&rows, to)
}

//! Differences as a table, as JSON and as CSV.

use std::io::{self, Write};

use comfy_table::Cell;
use device_list::finding::is_harmless;
use device_list::{Aspect, DiffSummary, IdentifiedBy, Listed};
use serde::Serialize;

use super::{Changed, Differences};
use crate::report::csv::csv_cell;
use crate::report::json_text::write_json;
use crate::report::shortened;
use crate::terminal::{count, counted, print, safe, table as ruled};

/// Devices of each kind that the table shows; JSON and CSV have them all.
const SHOWN: usize = 100;
/// What stands for a value that has the form of a hash or of a product key.
const HIDDEN: &str = "(not shown)";

const HEADER: &str = "difference,line before,line after,serial number,PKID,manufacturer,model,\
                      what,before,after";

/// All of it, as JSON.
#[derive(Serialize)]
struct Document<'a> {
    before: &'a str,
    after: &'a str,
    summary: DiffSummary,
    new: Vec<Device<'a>>,
    gone: Vec<Device<'a>>,
    changed: Vec<Change<'a>>,
}

/// A device as its list has it.
#[derive(Serialize)]
struct Device<'a> {
    line: u64,
    identified_by: IdentifiedBy,
    serial: &'a str,
    pkid: &'a str,
    manufacturer: &'a str,
    model: &'a str,
    group_tag: &'a str,
    assigned_user: &'a str,
}

/// A device that changed: as it is now, and what it was.
#[derive(Serialize)]
struct Change<'a> {
    line_before: u64,
    device: Device<'a>,
    changes: Vec<Aspects<'a>>,
}

#[derive(Serialize)]
struct Aspects<'a> {
    what: Aspect,
    before: &'a str,
    after: &'a str,
}

/// A value that may be shown: a hash in a column where none belongs is none.
fn shown(text: &str) -> &str {
    if is_harmless(text) { text } else { HIDDEN }
}

impl<'a> From<&'a Listed> for Device<'a> {
    fn from(listed: &'a Listed) -> Self {
        Self {
            line: listed.line,
            identified_by: listed.identified_by,
            serial: shown(&listed.serial),
            pkid: shown(&listed.pkid),
            manufacturer: shown(&listed.manufacturer),
            model: shown(&listed.model),
            group_tag: shown(&listed.group_tag),
            assigned_user: shown(&listed.assigned_user),
        }
    }
}

impl Changed {
    fn aspects(&self) -> impl Iterator<Item = Aspects<'_>> {
        self.aspects.iter().map(|what| Aspects {
            what: *what,
            before: shown(self.before.text(*what)),
            after: shown(self.after.text(*what)),
        })
    }
}

/// One JSON document; docs/device-lists.md has its shape.
pub(super) fn json(
    differences: &Differences,
    [before, after]: &[String; 2],
    out: &mut impl Write,
) -> io::Result<()> {
    let changed = differences.changed.iter().map(|changed| Change {
        line_before: changed.before.line,
        device: Device::from(&changed.after),
        changes: changed.aspects().collect(),
    });
    let document = Document {
        before,
        after,
        summary: differences.summary,
        new: differences.new.iter().map(Device::from).collect(),
        gone: differences.gone.iter().map(Device::from).collect(),
        changed: changed.collect(),
    };
    write_json(&mut *out, &document)?;
    writeln!(out)
}

/// A line for each new or gone device, and for each thing that changed.
pub(super) fn csv(differences: &Differences, out: &mut impl Write) -> io::Result<()> {
    write!(out, "{HEADER}\r\n")?;
    for listed in &differences.new {
        csv_line(out, "new", ["", &listed.line.to_string()], listed, None)?;
    }
    for listed in &differences.gone {
        csv_line(out, "gone", [&listed.line.to_string(), ""], listed, None)?;
    }
    for changed in &differences.changed {
        let lines = [&changed.before, &changed.after].map(|listed| listed.line.to_string());
        for aspect in changed.aspects() {
            let lines = [&*lines[0], &*lines[1]];
            csv_line(out, "changed", lines, &changed.after, Some(&aspect))?;
        }
    }
    Ok(())
}

fn csv_line(
    out: &mut impl Write,
    difference: &str,
    [before, after]: [&str; 2],
    listed: &Listed,
    aspect: Option<&Aspects<'_>>,
) -> io::Result<()> {
    let device = Device::from(listed);
    let change = aspect.map_or(["", "", ""], |aspect| {
        [aspect.what.name(), aspect.before, aspect.after]
    });
    let front = [difference, before, after];
    let device = [
        device.serial,
        device.pkid,
        device.manufacturer,
        device.model,
    ];
    let cells = front.into_iter().chain(device).chain(change);
    let cells: Vec<_> = cells.map(csv_cell).collect();
    write!(out, "{}\r\n", cells.join(","))
}

/// For people: what changed, then the numbers.
pub(super) fn table(
    differences: &Differences,
    [before, after]: &[String; 2],
    out: &mut impl Write,
) -> io::Result<()> {
    devices("New", &differences.new, out)?;
    devices("Gone", &differences.gone, out)?;
    changes(&differences.changed, out)?;
    let DiffSummary {
        new,
        gone,
        changed,
        same,
        unknown_before,
        unknown_after,
    } = differences.summary;
    writeln!(
        out,
        "{} → {}: {} new, {} gone, {} changed, {} the same.",
        safe(before),
        safe(after),
        count(new),
        count(gone),
        count(changed),
        count(same)
    )?;
    for (name, rows) in [(before, unknown_before), (after, unknown_after)] {
        if rows > 0 {
            let rows = counted(rows, "row names", "rows name");
            let name = safe(name);
            writeln!(
                out,
                "{rows} no device in {name}, and can't be compared: see enlist check."
            )?;
        }
    }
    Ok(())
}

fn devices(title: &str, listed: &[Listed], out: &mut impl Write) -> io::Result<()> {
    if listed.is_empty() {
        return Ok(());
    }
    writeln!(out, "{title}")?;
    let mut rows = ruled(["Line", "Device", "Group tag", "User"]);
    for listed in listed.iter().take(SHOWN) {
        let texts = [&*listed.group_tag, &*listed.assigned_user].map(value);
        let [tag, user] = texts;
        rows.add_row([count(listed.line), device(listed), tag, user].map(Cell::new));
    }
    print(&rows, out)?;
    more(listed.len(), out)
}

fn changes(changed: &[Changed], out: &mut impl Write) -> io::Result<()> {
    if changed.is_empty() {
        return Ok(());
    }
    writeln!(out, "Changed")?;
    let mut rows = ruled(["Lines", "Device", "What", "Before", "After"]);
    for changed in changed.iter().take(SHOWN) {
        let lines = format!("{} → {}", changed.before.line, changed.after.line);
        for aspect in changed.aspects() {
            rows.add_row([
                Cell::new(&lines),
                Cell::new(device(&changed.after)),
                Cell::new(aspect.what.name()),
                Cell::new(value(aspect.before)),
                Cell::new(value(aspect.after)),
            ]);
        }
    }
    print(&rows, out)?;
    more(changed.len(), out)
}

/// What a device is called: manufacturer, model, serial number; its PKID where nothing else is known.
fn device(listed: &Listed) -> String {
    let known = [&listed.manufacturer, &listed.model, &listed.serial];
    let known: Vec<_> = known.into_iter().filter(|text| !text.is_empty()).collect();
    if known.is_empty() {
        return format!("PKID {}", value(&listed.pkid));
    }
    let known: Vec<_> = known.into_iter().map(|text| value(text)).collect();
    known.join(" ")
}

fn value(text: &str) -> String {
    if text.is_empty() {
        return "–".to_owned();
    }
    shortened(shown(text), false)
}

fn more(all: usize, out: &mut impl Write) -> io::Result<()> {
    match all.saturating_sub(SHOWN) {
        0 => Ok(()),
        left => {
            let more = counted(left as u64, "more device", "more devices");
            writeln!(out, "… and {more}; --format json has them all.")
        }
    }
}

//! Which part of an XLSX package leads to which.

use std::collections::BTreeMap;

use quick_xml::events::Event;

use super::error::WorkbookError;
use super::package::Package;
use super::xml::attributes;

/// Where a part leads to.
#[derive(Debug, Default)]
pub(super) struct Relationships {
    /// Kind and part, by id.
    by_id: BTreeMap<String, (String, String)>,
}

impl Relationships {
    /// Reads what leads away from a part; the package itself is `""`. None is no error.
    pub(super) fn read(package: &mut Package<'_>, part: &str) -> Result<Self, WorkbookError> {
        let (folder, name) = part.rsplit_once('/').unwrap_or(("", part));
        let own = resolved(folder, &format!("_rels/{name}.rels"));
        let mut relationships = Self::default();
        let Some(mut xml) = package.small_xml(&own)? else {
            return Ok(relationships);
        };
        loop {
            match xml.next().map_err(|error| error.in_part(&own))? {
                Event::Start(element) if element.local_name().as_ref() == "Relationship" => {
                    let (mut id, mut kind, mut target) = Default::default();
                    for pair in attributes(&element) {
                        match pair.map_err(|error| error.in_part(&own))? {
                            ("Id", value) => id = value.into_owned(),
                            ("Type", value) => kind = last(&value),
                            ("Target", value) => target = resolved(folder, &value),
                            _ => {}
                        }
                    }
                    relationships.by_id.insert(id, (kind, target));
                }
                Event::Eof => return Ok(relationships),
                _ => {}
            }
        }
    }

    /// The part of this kind (the last word of its type).
    pub(super) fn of_kind(&self, kind: &str) -> Option<&str> {
        let mut of_kind = self.by_id.values().filter(|(other, _)| other == kind);
        of_kind.next().map(|(_, part)| part.as_str())
    }

    /// Kind and part of an id.
    pub(super) fn get(&self, id: &str) -> Option<(&str, &str)> {
        let (kind, part) = self.by_id.get(id)?;
        Some((kind, part))
    }
}

/// The strict form of the format has other addresses; their last words are the same.
fn last(kind: &str) -> String {
    kind.rsplit('/').next().unwrap_or_default().to_string()
}

/// A target as a part's name: `/` leads from the package's root, `..` a folder up.
fn resolved(folder: &str, target: &str) -> String {
    let target = target.replace('\\', "/");
    let mut steps: Vec<&str> = if target.starts_with('/') {
        Vec::new()
    } else {
        folder.split('/').collect()
    };
    for step in target.split('/') {
        match step {
            ".." => drop(steps.pop()),
            "." => {}
            _ => steps.push(step),
        }
    }
    steps.retain(|step| !step.is_empty());
    steps.join("/")
}

#[cfg(test)]
mod tests {
    use super::resolved;

    #[test]
    fn targets_lead_to_parts() {
        for (folder, target, part) in [
            ("", "xl/workbook.xml", "xl/workbook.xml"),
            ("xl", "worksheets/sheet1.xml", "xl/worksheets/sheet1.xml"),
            (
                "xl",
                "/xl/worksheets/sheet1.xml",
                "xl/worksheets/sheet1.xml",
            ),
            ("xl", "../docProps/app.xml", "docProps/app.xml"),
            (
                "xl",
                ".\\worksheets\\sheet1.xml",
                "xl/worksheets/sheet1.xml",
            ),
            ("", "../../etc/passwd", "etc/passwd"),
            ("xl", "", "xl"),
        ] {
            assert_eq!(resolved(folder, target), part);
        }
    }
}

//! A hash for people: what it says of its device, then every record.

use std::io::{self, Write};

use comfy_table::Cell;
use device_list::hardware_hash::{
    DiskMedia, HardwareFacts, ManagedDesktopGap, TpmState, TpmText, Version, names, uuid_text,
};
use device_list::{DigestState, HashContents};

use super::output::{Decoded, Print, missing, verdict};
use super::words;
use crate::terminal::{bold, print, safe, table};

/// Characters of a record in the table; JSON has them all.
const SHOWN: usize = 240;

pub(super) struct TablePrint<W> {
    out: W,
    verify: bool,
    begun: bool,
}

impl<W: Write> TablePrint<W> {
    pub(super) fn new(out: W, verify: bool) -> Self {
        Self {
            out,
            verify,
            begun: false,
        }
    }

    /// Says which row follows, where there is one.
    fn heading(&mut self, decoded: &Decoded) -> io::Result<()> {
        if self.begun {
            writeln!(self.out)?;
        }
        self.begun = true;
        if let Some(place) = decoded.place {
            let text = format!("Row {}, line {}", place.row, place.line);
            writeln!(self.out, "{}", bold(&text))?;
        }
        Ok(())
    }
}

impl<W: Write> Print for TablePrint<W> {
    fn one(&mut self, decoded: &Decoded) -> io::Result<()> {
        self.heading(decoded)?;
        let contents = match &decoded.contents {
            Ok(contents) => contents,
            Err(error) => return writeln!(self.out, "Not readable: {error}."),
        };
        let mut facts = table(["Device", ""]);
        for (name, value) in device(contents) {
            facts.add_row([Cell::new(name), Cell::new(safe(&value))]);
        }
        print(&facts, &mut self.out)?;
        let mut records = table(["", "Record", "Value"]);
        for record in &contents.records {
            let (name, value) = words::record(record);
            records.add_row([
                Cell::new(record.kind()),
                Cell::new(name),
                Cell::new(shown(&value)),
            ]);
        }
        print(&records, &mut self.out)?;
        if self.verify {
            writeln!(self.out, "{}", bold(&verdict(decoded)))?;
            if let Some(missing) = missing(contents) {
                writeln!(self.out, "{missing}")?;
            }
        } else if !decoded.faults.is_empty() {
            writeln!(self.out, "{}", verdict(decoded))?;
        }
        Ok(())
    }

    fn end(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// What there is to say of the device, by name.
fn device(contents: &HashContents) -> impl Iterator<Item = (&'static str, String)> {
    let facts = &contents.facts;
    let version = |known: Option<Version>| known.map_or(String::new(), |known| known.to_string());
    let rows = [
        ("Manufacturer", contents.manufacturer.clone()),
        ("Model", contents.model.clone()),
        ("Serial number", contents.serial.clone()),
        ("PKID", contents.pkid.clone()),
        (
            "SMBIOS UUID",
            contents.smbios_uuid.map(uuid_text).unwrap_or_default(),
        ),
        (
            "Virtual machine",
            facts.virtual_machine.map_or("", |vm| vm.name()).to_owned(),
        ),
        (
            "Chassis",
            facts
                .chassis
                .and_then(names::chassis)
                .unwrap_or_default()
                .to_owned(),
        ),
        ("Windows version", windows(facts)),
        ("Tool version", version(contents.tool_version)),
        ("Collected", collected(facts)),
        (
            "Memory",
            facts
                .ram_gib
                .map_or(String::new(), |gib| format!("{gib} GiB")),
        ),
        ("Disk", disk(facts)),
        ("TPM", tpm(facts, contents.tpm.as_ref())),
        ("TPM key", tpm_key(contents).to_owned()),
        ("Managed Desktop", managed_desktop(facts)),
        ("Checksum", checksum(contents.digest)),
    ];
    rows.into_iter().filter(|(_, value)| !value.is_empty())
}

fn windows(facts: &HardwareFacts) -> String {
    let Some(os) = facts.os else {
        return String::new();
    };
    let name = facts
        .windows
        .map_or(String::new(), |name| format!(" ({name})"));
    let kind = match facts.full_os {
        Some(false) => ", no full Windows: collected in Windows PE, so parts can be missing",
        _ => "",
    };
    format!("{os}{name}{kind}")
}

/// When the hash was collected: by the device's clock, or else not before its Windows.
fn collected(facts: &HardwareFacts) -> String {
    let since = facts.not_before.map(|month| month.to_string());
    match (facts.collected(), facts.captured, since) {
        (Some(at), ..) => {
            let local = at.local().map(|local| format!(", there {local}"));
            format!("{at}{} (inferred)", local.unwrap_or_default())
        }
        (None, Some(wrong), Some(since)) => {
            format!(
                "not before {since}; its clock showed {} and was wrong",
                wrong.day()
            )
        }
        (None, Some(wrong), None) => format!("its clock showed {} and was wrong", wrong.day()),
        (None, None, Some(since)) => format!("not before {since}, by its versions"),
        (None, None, None) => String::new(),
    }
}

fn disk(facts: &HardwareFacts) -> String {
    let Some(gb) = facts.disk_gb else {
        return String::new();
    };
    let media = match facts.disk_media {
        Some(DiskMedia::Ssd) => ", SSD",
        Some(DiskMedia::Hdd) => ", hard disk",
        None => "",
    };
    format!("{gb} GB{media}")
}

fn tpm(facts: &HardwareFacts, text: Option<&TpmText>) -> String {
    match text {
        Some(tpm) => {
            let parts = [
                ("revision ", &tpm.revision),
                ("by ", &tpm.vendor),
                ("firmware ", &tpm.firmware),
            ];
            let parts = parts.into_iter().filter(|(_, value)| !value.is_empty());
            let parts = parts.map(|(name, value)| format!(", {name}{value}"));
            format!("{}{}", tpm.version, parts.collect::<String>())
        }
        None if facts.has_inventory && facts.tpm == TpmState::Absent => "none".to_owned(),
        None => String::new(),
    }
}

fn tpm_key(contents: &HashContents) -> &'static str {
    match contents.offline_id_fits {
        Some(true) => "the offline device id is its digest",
        Some(false) => "the offline device id is not its digest",
        None => "",
    }
}

fn managed_desktop(facts: &HardwareFacts) -> String {
    let asked = facts
        .managed_desktop_gaps()
        .map(ManagedDesktopGap::requirement);
    let asked = asked.collect::<Vec<_>>().join(" ");
    if asked.is_empty() || !facts.has_inventory {
        return String::new();
    }
    format!("asks for something else: {asked}")
}

fn checksum(digest: DigestState) -> String {
    match digest {
        DigestState::Verified => "whole and right".to_owned(),
        DigestState::CutShort { missing } => {
            format!("{missing} of 32 bytes are lost; the rest proves the content")
        }
        DigestState::Mismatch => "does not fit the content: it was changed".to_owned(),
        DigestState::Missing => "missing, so nothing proves the content".to_owned(),
    }
}

fn shown(text: &str) -> String {
    let text = safe(text);
    let length = text.chars().count();
    if length <= SHOWN {
        return text;
    }
    let start: String = text.chars().take(SHOWN).collect();
    format!("{start}… ({length} characters)")
}

#[cfg(test)]
mod tests {
    use super::*;
    use device_list::HashBuilder;

    fn of(builder: HashBuilder) -> String {
        let contents = HashContents::inspect_bytes(&builder.finish()).unwrap();
        let rows = device(&contents).map(|(name, value)| format!("{name}={value}\n"));
        rows.collect()
    }

    /// Record 1 of Windows 10 1809 with a stamp and an operating system type.
    fn build(stamp: [u8; 5], os_type: u8) -> HashBuilder {
        let version = [0, 0, 10, 0, 1, 0, 0x63, 0x45];
        let record = [&version[..], &version, &stamp, &[os_type, 9, 3]].concat();
        HashBuilder::default().record(1, &record)
    }

    #[test]
    fn the_date_is_told_with_what_speaks_for_it() {
        let told = of(build([0x60, 0x62, 0x32, 0x2a, 8], 2));
        assert!(
            told.contains(
                "Collected=2022-06-07T19:24:16Z, there 2022-06-07T21:24:16+02:00 (inferred)"
            ),
            "{told}"
        );
        let told = of(build([1, 0, 0, 0, 0], 2));
        assert!(
            told.contains("not before 2018-09; its clock showed 2000-01-01 and was wrong"),
            "{told}"
        );
        let told = of(build([0; 5], 1));
        assert!(
            told.contains("not before 2018-09, by its versions"),
            "{told}"
        );
        assert!(
            told.contains("(Windows 10 1809), no full Windows"),
            "{told}"
        );
    }

    #[test]
    fn what_a_hash_of_names_does_not_say_is_not_said() {
        let told = of(HashBuilder::default().text(14, "0042").text(16, "Contoso"));
        assert_eq!(
            told,
            "Manufacturer=Contoso\nSerial number=0042\nChecksum=whole and right\n"
        );
    }

    #[test]
    fn a_virtual_machine_and_a_device_without_a_tpm_are_named() {
        let told = of(HashBuilder::default()
            .text(16, "QEMU")
            .record(6, &[64, 0, 0, 0, 0, 0, 0, 0, 11, 0, 255, 0]));
        for text in [
            "Virtual machine=QEMU/KVM\n",
            "TPM=none\n",
            "Disk=64 GB, hard disk\n",
            "Its disk has at least 128 GB.",
        ] {
            assert!(told.contains(text), "{text} in {told}");
        }
    }
}

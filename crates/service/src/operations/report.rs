//! Devices that an OEM built, reported into the device directory.

use device_list::{Cells, Channel, CheckOptions, Column, Identification, Pkid, check_cells};
use registration::access::Action;
use registration::directory::{BuiltDevice, Reported};
use registration::operation::LineFinding;
use uuid::Uuid;

use super::check_count;
use super::line::{device_findings, finding};
use crate::register::in_background;
use crate::{Caller, Desk, Result};

/// A built device as it was given.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct GivenBuilt {
    /// Manufacturer.
    pub manufacturer: String,
    /// Model.
    pub model: String,
    /// Serial number.
    pub serial: String,
    /// Product key id, empty if it has none.
    pub pkid: String,
    /// SMBIOS UUID, which is what its hardware hash is known by; empty if it is not told.
    pub smbios_uuid: String,
    /// What was wrong with it before it could be looked at.
    pub findings: Vec<LineFinding>,
}

impl GivenBuilt {
    fn checked(self) -> std::result::Result<BuiltDevice, Vec<LineFinding>> {
        if !self.findings.is_empty() {
            return Err(self.findings);
        }
        let tuple = Cells::default()
            .with(Column::Manufacturer, self.manufacturer.as_str())
            .with(Column::Model, self.model.as_str())
            .with(Column::Serial, self.serial.as_str());
        if [&self.manufacturer, &self.model, &self.serial].map(|text| text.trim()) == [""; 3] {
            return Err(vec![finding(
                "tuple_missing",
                "",
                "A reported device is known by its tuple, and this one has none.",
                "Give manufacturer, model and serialNumber.",
            )]);
        }
        let tuple = identify(&tuple)?.tuple().ok_or_else(Vec::new)?;
        Ok(BuiltDevice {
            manufacturer: tuple.manufacturer,
            model: tuple.model,
            serial: tuple.serial,
            pkid: pkid(&self.pkid)?,
            smbios_uuid: smbios_uuid(&self.smbios_uuid)?,
        })
    }
}

fn pkid(text: &str) -> std::result::Result<Option<Pkid>, Vec<LineFinding>> {
    if text.trim().is_empty() {
        return Ok(None);
    }
    Ok(identify(&Cells::default().with(Column::Pkid, text))?.pkid())
}

fn smbios_uuid(text: &str) -> std::result::Result<Option<[u8; 16]>, Vec<LineFinding>> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    match Uuid::parse_str(text) {
        Ok(uuid) if !uuid.is_nil() && !uuid.is_max() => Ok(Some(uuid.into_bytes())),
        _ => Err(vec![finding(
            "smbios_uuid_unreadable",
            "smbiosUuid",
            "This is no UUID of a machine.",
            "Write it as the firmware shows it, or leave it out.",
        )]),
    }
}

fn identify(cells: &Cells) -> std::result::Result<Identification, Vec<LineFinding>> {
    let options = CheckOptions {
        channel: Channel::Oem,
        ..CheckOptions::default()
    };
    let (row, found) = check_cells(cells, &options);
    row.identification.ok_or_else(|| device_findings(found))
}

impl Desk {
    /// Adds devices that the caller's organization built to the directory. One answer per device,
    /// in order: what became of it, or what is wrong with it.
    pub async fn report_built(
        &self,
        caller: &Caller,
        devices: Vec<GivenBuilt>,
    ) -> Result<Vec<std::result::Result<Reported, Vec<LineFinding>>>> {
        let scope = caller.may(Action::ReportDevices)?;
        check_count(devices.len(), "devices")?;
        let check = move || devices.into_iter().map(GivenBuilt::checked).collect();
        let checked: Vec<_> = in_background(check).await?;
        let good: Vec<BuiltDevice> = checked.iter().flatten().cloned().collect();
        let act = caller.act(self);
        let storage = &self.storage;
        let mut reported = storage
            .report_devices(&scope, &act, &good)
            .await?
            .into_iter();
        let answer = |one: std::result::Result<BuiltDevice, Vec<LineFinding>>| {
            one.map(|_| reported.next().unwrap_or(Reported::Known))
        };
        Ok(checked.into_iter().map(answer).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn built() -> GivenBuilt {
        GivenBuilt {
            manufacturer: "Contoso".to_owned(),
            model: "Book 13".to_owned(),
            serial: "0042".to_owned(),
            pkid: "3305612345678".to_owned(),
            smbios_uuid: "11223344-5566-7788-99aa-bbccddeeff00".to_owned(),
            findings: Vec::new(),
        }
    }

    #[test]
    fn a_report_is_checked_field_by_field() {
        let good = built().checked().expect("a device");
        assert_eq!(good.smbios_uuid.map(|uuid| uuid[0]), Some(0x11));
        assert!(good.pkid.is_some());
        let field = |given: GivenBuilt| {
            let found = given.checked().expect_err("a finding");
            (found[0].code.clone(), found[0].field.clone())
        };
        let (code, at) = field(GivenBuilt {
            serial: "Default string".to_owned(),
            ..built()
        });
        assert!(code.starts_with("EN"), "{code} at {at}");
        let pkid = "12".to_owned();
        assert_eq!(field(GivenBuilt { pkid, ..built() }).1, "productKeyId");
        let smbios_uuid = "ffffffff-ffff-ffff-ffff-ffffffffffff".to_owned();
        let odd = GivenBuilt {
            smbios_uuid,
            ..built()
        };
        assert_eq!(field(odd).1, "smbiosUuid");
    }
}

//! What consoles export of devices: not made for registering, and used as far as it goes.
//!
//! Which columns an export has changes with the console; the tables list typical ones
//! (registration.md 6.5, MMD-INV, GR-DEV; where those say nothing, inferred).

use super::names::bare;
use super::recognize::{closest, known, slots};
use super::{DELIMITERS, Layout, Slot, repaired};
use crate::check::Channel;
use crate::code::Code;
use crate::dialect::{Column, Dialect};
use crate::fields::{Field, split};
use crate::finding::Finding;

/// An export: its name, and columns that are typical of it, as [`bare`] writes them.
struct Export {
    name: &'static str,
    columns: &'static [&'static str],
}

/// How many of its typical columns an export must have to be known.
const TYPICAL: usize = 3;

const EXPORTS: [Export; 4] = [
    Export {
        name: "Intune's Autopilot devices",
        columns: &[
            "purchaseorder",
            "associateduser",
            "associateduserprincipalname",
            "useremail",
            "user",
            "userlessenrollment",
            "devicename",
            "profilestatus",
            "assignedprofile",
            "deploymentprofile",
            "dateassigned",
            "enrollmentstate",
            "enrollmentstatus",
            "lastcontacted",
            "associatedintunedevice",
            "associatedazureaddevice",
            "associatedmicrosoftentradevice",
            "azureaddeviceid",
            "skunumber",
            "systemfamily",
            "remediationstate",
        ],
    },
    Export {
        name: "Managed Desktop's device inventory",
        columns: &[
            "devicelastcheckin",
            "oslicense",
            "ringname",
            "enrolledbyuserupn",
            "agemonths",
            "profile",
            "loggedinusers",
            "secureboot",
            "securebootenabled",
            "primarydisktype",
            "totalphysicalmemory",
            "storagefreeingb",
            "storagetotalingb",
            "tpmversion",
        ],
    },
    Export {
        name: "Endpoint Analytics",
        columns: &[
            "devicename",
            "osversion",
            "healthstatus",
            "endpointanalyticsscore",
            "startupperformancescore",
            "startupscore",
            "appreliabilityscore",
            "workfromanywherescore",
            "cloudmanagement",
            "cloudidentity",
            "cloudprovisioning",
            "cloudmanagementscore",
            "cloudidentityscore",
            "cloudprovisioningscore",
            "windowsscore",
            "autopilotprofileassigned",
            "autopilotregistered",
            "azureadregistered",
            "azureaddeviceid",
            "azureadjointype",
            "coreboottime",
            "coresignintime",
            "upgradeeligibility",
            "compliancepolicysetbyintune",
        ],
    },
    Export {
        name: "Intune's devices",
        columns: &[
            "deviceid",
            "devicename",
            "managedby",
            "ownership",
            "compliance",
            "compliancestate",
            "os",
            "osversion",
            "lastcheckin",
            "enrollmentdate",
            "enrolleddate",
            "primaryuserupn",
            "primaryuseremailaddress",
            "primaryuserdisplayname",
            "azureaddeviceid",
            "azureadregistered",
            "entradeviceid",
            "managementname",
            "devicestate",
            "category",
            "devicecategory",
            "imei",
            "meid",
            "wifimac",
            "ethernetmac",
            "totalstorage",
            "freestorage",
            "encrypted",
            "supervised",
            "jailbroken",
            "skufamily",
            "jointype",
            "phonenumber",
            "securitypatchlevel",
            "subscribercarrier",
            "intuneregistered",
        ],
    },
];

/// Reads a header as that of an export; `None` when it is none. There is one finding for all its
/// columns.
pub(super) fn read(text: &str, delimiter: u8, channel: Channel) -> Option<(Layout, Finding)> {
    let fields = split(text, delimiter);
    let export = export(&fields)?;
    let slots = slots(&fields);
    let known = known(&slots);
    if !known.contains(&Column::Serial) {
        return None;
    }
    let texts: Vec<&str> = fields.iter().map(|field| field.text.as_str()).collect();
    let layout = Layout::new(closest(&known, &texts, channel), delimiter, slots);
    let finding = finding(export.name, &fields, &layout, channel);
    Some((layout, finding))
}

/// What there is to say of a header that is an export's and names no serial numbers: nothing of it can
/// be used.
pub(super) fn unusable(text: &str) -> Option<Finding> {
    DELIMITERS.into_iter().find_map(|delimiter| {
        let fields = split(text, delimiter);
        let export = export(&fields)?;
        let known = known(&slots(&fields));
        let usable = [Column::Serial, Column::Hash, Column::Pkid];
        if usable.iter().any(|column| known.contains(column)) {
            return None;
        }
        let cause = format!(
            "This looks like an export of {}. None of its {} columns identifies a device: there are \
             neither serial numbers nor hardware hashes.",
            export.name,
            fields.len()
        );
        let fix = "Export the serial numbers too, or the hardware hashes.";
        Some(Finding::new(Code::DEVICE_EXPORT, cause).fix(fix))
    })
}

/// The export that has most of these columns.
fn export(fields: &[Field]) -> Option<&'static Export> {
    let names: Vec<String> = fields.iter().map(|field| bare(&field.text)).collect();
    let typical = |export: &Export| {
        let has = |column: &&&str| names.iter().any(|name| name == **column);
        export.columns.iter().filter(has).count()
    };
    EXPORTS
        .iter()
        .rev()
        .max_by_key(|export| typical(export))
        .filter(|export| typical(export) >= TYPICAL)
}

fn finding(name: &str, fields: &[Field], layout: &Layout, channel: Channel) -> Finding {
    let target: Dialect = repaired(layout.dialect, channel);
    let used: Vec<&str> = layout
        .slots
        .iter()
        .zip(fields)
        .filter(|(slot, _)| matches!(slot, Slot::Holds(column) if target.has(*column)))
        .map(|(_, field)| field.text.trim())
        .collect();
    let cause = format!(
        "This looks like an export of {name}. Of its {} columns, {} are used: {}. The header must \
         read \"{}\".",
        fields.len(),
        used.len(),
        used.join(", "),
        target.header()
    );
    Finding::new(Code::DEVICE_EXPORT, cause).certain()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(header: &str) -> Option<&'static str> {
        export(&split(header, b',')).map(|export| export.name)
    }

    #[test]
    fn exports_are_told_apart_by_typical_columns() {
        let intune = "Device name,Managed by,Ownership,Compliance,OS,OS version,Last check-in,Primary user UPN,Serial number,Manufacturer,Model";
        let autopilot = "Serial number,Manufacturer,Model,Group tag,Profile status,Assigned profile,Date assigned,Enrollment state,Purchase order";
        let associated = "Serial number,Manufacturer,Model,Group tag,Profile status,Purchase order,Associated user";
        assert_eq!(name(associated), Some("Intune's Autopilot devices"));
        let inventory = "Serial Number,Device Name,Device Last check-in,Managed By,Manufacturer,Model,OS,OS License,OS Version,Ownership,Ring Name,Enrolled by User UPN,Age (Months),Profile,TPM version,Secure Boot Enabled";
        assert_eq!(name(intune), Some("Intune's devices"));
        assert_eq!(name(autopilot), Some("Intune's Autopilot devices"));
        assert_eq!(name(inventory), Some("Managed Desktop's device inventory"));
        assert_eq!(
            name("Device name,Cloud management,Cloud identity,Cloud provisioning,Serial number"),
            Some("Endpoint Analytics")
        );
    }

    #[test]
    fn an_export_without_identifiers_is_named_and_not_read() {
        let finding = unusable("DeviceName;Manufacturer;Model;OsVersion;Startup score").unwrap();
        assert!(finding.cause.contains("Endpoint Analytics") && !finding.certain);
        for header in [
            "Device name,OS version,Compliance,Serial number",
            "Manufacturer,Model",
        ] {
            assert!(unusable(header).is_none(), "{header}");
        }
    }

    #[test]
    fn a_list_with_a_few_columns_more_is_no_export() {
        for header in [
            "Serial Number,Manufacturer,Model,Device name,Location",
            "Device Serial Number,Windows Product ID,Hardware Hash,Group Tag,Assigned User",
        ] {
            assert_eq!(name(header), None, "{header}");
        }
    }

    #[test]
    fn every_typical_column_is_bare() {
        for column in EXPORTS.iter().flat_map(|export| export.columns) {
            assert_eq!(&bare(column), column);
        }
    }
}

//! Records in words.

use device_list::Record;
use device_list::hardware_hash::{Captured, Hex, names};

/// A record's name and what it says, for people. Not escaped.
pub(super) fn record(record: &Record) -> (&'static str, String) {
    match record {
        Record::Build { .. }
        | Record::Processor { .. }
        | Record::Memory { .. }
        | Record::Chassis { .. }
        | Record::OfflineDeviceId { .. } => machine(record),
        Record::Disk { .. }
        | Record::Network { .. }
        | Record::Display { .. }
        | Record::GraphicsMemory { .. } => part(record),
        other => text(other),
    }
}

/// Numbers about the machine as a whole.
fn machine(record: &Record) -> (&'static str, String) {
    match record {
        Record::Build {
            tool,
            os,
            stamp,
            os_type,
            architecture,
            tool_number,
        } => {
            let parts = [
                format!("tool {tool} ({tool_number})"),
                format!("Windows {os}"),
                named(names::architecture((*architecture).into()), architecture),
                named(names::os_type(*os_type), os_type),
                time(stamp),
            ];
            ("build", parts.join(", "))
        }
        Record::Processor {
            architecture,
            packages,
            cores,
            threads,
            hyperthreading,
        } => {
            let mut parts = vec![
                named(names::architecture(*architecture), architecture),
                format!("packages {packages}, cores {cores}, threads {threads}"),
            ];
            parts.extend(hyperthreading.then(|| "hyperthreading".to_owned()));
            ("processor", parts.join(", "))
        }
        Record::Memory {
            total,
            maximum,
            slots,
            arrays,
            error_correction: code,
        } => {
            let correction = named(names::error_correction(*code), code);
            let parts = [
                format!("{total} GiB of {maximum}"),
                format!("slots {slots}, arrays {arrays}"),
                format!("error correction {correction}"),
            ];
            ("memory", parts.join(", "))
        }
        Record::Chassis { .. } => chassis(record),
        Record::OfflineDeviceId { kind, id } => {
            let kind = named(names::offline_device_id(*kind), kind);
            ("offline device id", format!("{kind}, {id}"))
        }
        other => text(other),
    }
}

fn chassis(record: &Record) -> (&'static str, String) {
    let Record::Chassis {
        chassis,
        role,
        optical_drive,
        touch,
        touch_points,
    } = record
    else {
        return text(record);
    };
    let has_drive = optical_drive.is_some_and(|drive| drive != 0);
    let points = touch_points.filter(|points| *points != 0);
    let touch = touch.iter().flat_map(|bits| names::touch(*bits));
    let mut parts = vec![
        named(names::chassis(*chassis), chassis),
        format!("role {}", named(names::role(*role), role)),
    ];
    parts.extend(has_drive.then(|| "optical drive".to_owned()));
    parts.extend(touch.map(str::to_owned));
    parts.extend(points.map(|points| format!("touch points {points}")));
    ("chassis", parts.join(", "))
}

/// Numbers about a part.
fn part(record: &Record) -> (&'static str, String) {
    match record {
        Record::Disk {
            capacity,
            bus,
            seek_penalty,
            trim,
        } => {
            let mut parts = vec![format!("{capacity} GB"), named(names::bus(*bus), bus)];
            parts.extend(seek_penalty.map(|penalty| format!("seek penalty {penalty}")));
            parts.extend(trim.map(|trim| format!("trim {trim}")));
            ("disk", parts.join(", "))
        }
        Record::Network { medium, mac, bus } => {
            let medium = named(names::medium(*medium), medium);
            ("network", format!("{medium}, {}, {bus}", colons(mac)))
        }
        Record::Display {
            width,
            height,
            columns,
            rows,
            output,
        } => {
            let mut parts = vec![
                format!("{width} × {height} mm"),
                format!("{columns} × {rows} pixels"),
            ];
            parts.extend(output.map(|code| named(names::output(code), &code)));
            ("display", parts.join(", "))
        }
        Record::GraphicsMemory {
            video,
            system,
            rest,
        } => {
            let mut parts = vec![format!("video {video}"), format!("system {system}")];
            parts.extend((!rest.0.is_empty()).then(|| format!("then {rest}")));
            ("graphics memory", parts.join(", "))
        }
        other => text(other),
    }
}

/// Texts, keys, and what is not understood.
fn text(record: &Record) -> (&'static str, String) {
    let (name, text) = match record {
        Record::ProcessorVendor(text) => ("processor vendor", text),
        Record::ProcessorName(text) => ("processor name", text),
        Record::DiskSerial(text) => ("disk serial number and model", text),
        Record::TpmVersion(text) => ("TPM version", text),
        Record::Serial(text) => ("serial number", text),
        Record::FirmwareVendor(text) => ("firmware vendor", text),
        Record::Manufacturer(text) => ("manufacturer", text),
        Record::Model(text) => ("model", text),
        Record::Sku(text) => ("SKU number", text),
        Record::Family(text) => ("family", text),
        Record::BoardManufacturer(text) => ("board manufacturer", text),
        Record::BoardProduct(text) => ("board product", text),
        Record::BoardVersion(text) => ("board version", text),
        Record::SystemVersion(text) => ("system version", text),
        Record::Pkid(text) => ("PKID", text),
        Record::ImageTag(text) => ("image tag", text),
        Record::Disks(text) => ("disks as the kernel sees them", text),
        Record::GraphicsName(text) => ("graphics name", text),
        Record::SmbiosUuid(uuid) => return ("SMBIOS UUID", uuid.to_string()),
        Record::TpmEndorsementKey(key) => return ("TPM endorsement key", key.to_string()),
        Record::Unknown { bytes, .. } => return ("not understood", bytes.to_string()),
        other => return ("other", format!("{other:?}")),
    };
    (name, text.clone())
}

/// The stamp as a time, or as it is.
fn time(stamp: &Hex) -> String {
    match Captured::read(&stamp.0) {
        Some(captured) => format!("clock {captured}"),
        None => format!("no time ({stamp})"),
    }
}

/// The word for a number, or the number.
fn named(word: Option<&str>, code: &impl ToString) -> String {
    word.map_or_else(|| code.to_string(), str::to_owned)
}

/// `bc:83:85:ec:4f:bb`.
fn colons(mac: &Hex) -> String {
    let pairs = mac.0.iter().map(|byte| format!("{byte:02x}"));
    pairs.collect::<Vec<_>>().join(":")
}

#[cfg(test)]
mod tests {
    use super::*;
    use device_list::hardware_hash::Version;

    fn hex(bytes: &[u8]) -> Hex {
        Hex(bytes.into())
    }

    #[test]
    fn numbers_become_words_and_unknown_ones_stay_numbers() {
        let told = |told: &Record| record(told).1;
        let disk = |bus| Record::Disk {
            capacity: 256,
            bus,
            seek_penalty: Some(0),
            trim: None,
        };
        assert_eq!(told(&disk(17)), "256 GB, NVMe, seek penalty 0");
        assert_eq!(told(&disk(99)), "256 GB, 99, seek penalty 0");
        let network = Record::Network {
            medium: 9,
            mac: hex(&[0xbc, 0, 1, 2, 3, 0xff]),
            bus: "PCI".to_owned(),
        };
        assert_eq!(told(&network), "Wi-Fi, bc:00:01:02:03:ff, PCI");
        let chassis = Record::Chassis {
            chassis: 9,
            role: 2,
            optical_drive: Some(0),
            touch: Some(0xc5),
            touch_points: Some(10),
        };
        assert_eq!(
            told(&chassis),
            "laptop, role mobile, touch, pen, several fingers, touch points 10"
        );
    }

    #[test]
    fn what_is_not_understood_is_shown_as_it_is() {
        let unknown = Record::Unknown {
            kind: 27,
            bytes: hex(&[0x1d, 0, 0x13, 0]),
        };
        assert_eq!(record(&unknown), ("not understood", "1d001300".to_owned()));
        let build = |stamp| Record::Build {
            tool: Version::default(),
            os: Version::default(),
            stamp,
            os_type: 1,
            architecture: 9,
            tool_number: 3,
        };
        let (_, told) = record(&build(hex(&[0; 5])));
        assert!(told.ends_with("x64, 1, no time (0000000000)"), "{told}");
        let (_, told) = record(&build(hex(&[0x4f, 0x0e, 0xfa, 0x23, 0x78])));
        assert!(told.ends_with("clock 2019-02-15T23:57:03Z"), "{told}");
    }
}

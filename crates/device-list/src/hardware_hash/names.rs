//! Words for the numbers in records (api.md 8.2). What is not in a table has no word: show the
//! number.

/// Processor architecture, records 1 and 2.
pub fn architecture(code: u16) -> Option<&'static str> {
    word(code, &[(0, "x86"), (5, "ARM"), (9, "x64"), (12, "ARM64")])
}

/// Kind of operating system, record 1.
pub fn os_type(code: u8) -> Option<&'static str> {
    word(code, &[(2, "full operating system")])
}

/// Error correction of the memory, record 5.
pub fn error_correction(code: u8) -> Option<&'static str> {
    word(
        code,
        &[
            (3, "none"),
            (4, "parity"),
            (5, "single-bit"),
            (6, "multi-bit"),
            (7, "CRC"),
        ],
    )
}

/// Bus of a disk, record 6.
pub fn bus(code: u16) -> Option<&'static str> {
    word(
        code,
        &[
            (1, "SCSI"),
            (2, "ATAPI"),
            (3, "ATA"),
            (7, "USB"),
            (8, "RAID"),
            (10, "SAS"),
            (11, "SATA"),
            (12, "SD"),
            (13, "MMC"),
            (17, "NVMe"),
        ],
    )
}

/// Medium of a network adapter, record 8.
pub fn medium(code: u16) -> Option<&'static str> {
    word(
        code,
        &[
            (1, "Wi-Fi"),
            (9, "Wi-Fi"),
            (10, "Bluetooth"),
            (14, "Ethernet"),
        ],
    )
}

/// How a display is connected, record 9 (inferred).
pub fn output(code: u32) -> Option<&'static str> {
    word(
        code,
        &[
            (5, "HDMI"),
            (6, "built in"),
            (10, "DisplayPort"),
            (11, "built in"),
            (0x8000_0000, "built in"),
        ],
    )
}

/// Chassis, record 10: the numbers of SMBIOS type 3.
pub fn chassis(code: u8) -> Option<&'static str> {
    const NAMES: [&str; 36] = [
        "other",
        "unknown",
        "desktop",
        "low-profile desktop",
        "pizza box",
        "mini tower",
        "tower",
        "portable",
        "laptop",
        "notebook",
        "hand-held",
        "docking station",
        "all in one",
        "sub-notebook",
        "space-saving",
        "lunch box",
        "main server chassis",
        "expansion chassis",
        "sub-chassis",
        "bus expansion chassis",
        "peripheral chassis",
        "RAID chassis",
        "rack mount chassis",
        "sealed-case PC",
        "multi-system chassis",
        "Compact PCI",
        "Advanced TCA",
        "blade",
        "blade enclosure",
        "tablet",
        "convertible",
        "detachable",
        "IoT gateway",
        "embedded PC",
        "mini PC",
        "stick PC",
    ];
    NAMES.get(usize::from(code).checked_sub(1)?).copied()
}

/// Power platform role, record 10.
pub fn role(code: u8) -> Option<&'static str> {
    const NAMES: [&str; 9] = [
        "unspecified",
        "desktop",
        "mobile",
        "workstation",
        "enterprise server",
        "small-office server",
        "appliance",
        "performance server",
        "slate",
    ];
    NAMES.get(usize::from(code)).copied()
}

/// The bits for touch and pen that are set, record 10 (*reported*).
pub fn touch(bits: u8) -> impl Iterator<Item = &'static str> {
    const NAMES: [(u8, &str); 5] = [
        (0x01, "touch"),
        (0x02, "external touch"),
        (0x04, "pen"),
        (0x08, "external pen"),
        (0x40, "several fingers"),
    ];
    let set = NAMES.into_iter().filter(move |(bit, _)| bits & bit != 0);
    set.map(|(_, name)| name)
}

/// Kind of an offline device id, record 11.
pub fn offline_device_id(code: u8) -> Option<&'static str> {
    word(code, &[(1, "TPM endorsement key"), (2, "UEFI variable")])
}

fn word<T: PartialEq + Copy>(code: T, table: &[(T, &'static str)]) -> Option<&'static str> {
    table
        .iter()
        .find(|(known, _)| *known == code)
        .map(|(_, name)| *name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_published_sample_has_words() {
        assert_eq!(chassis(9), Some("laptop"));
        assert_eq!(role(2), Some("mobile"));
        assert_eq!(architecture(9), Some("x64"));
        assert_eq!(bus(17), Some("NVMe"));
        assert_eq!(output(0x8000_0000), Some("built in"));
        let bits: Vec<_> = touch(0xc5).collect();
        assert_eq!(bits, ["touch", "pen", "several fingers"]);
    }

    #[test]
    fn the_ends_of_the_tables_are_right() {
        assert_eq!((chassis(0), chassis(37)), (None, None));
        assert_eq!((chassis(1), chassis(36)), (Some("other"), Some("stick PC")));
        assert_eq!((role(8), role(9)), (Some("slate"), None));
        assert_eq!(bus(99), None);
    }
}

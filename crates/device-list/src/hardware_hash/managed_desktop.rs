//! What Managed Desktop asked of a device (registration.md 5.5, MMD-REQ), as far as a hash tells.

use serde::Serialize;

use super::facts::{Architecture, DiskMedia, HardwareFacts, TpmState};
use super::virtual_machine::begins;

/// Makers whose devices it takes, as their names begin.
const MAKERS: [&str; 5] = ["Dell", "HP", "Hewlett-Packard", "Lenovo", "Microsoft"];
/// GiB of memory.
const MEMORY: u64 = 8;
/// GB of disk. A disk sold as 128 GB has 119 GiB, and which of the two a maker's firmware counts is not
/// known, so less than 119 is certainly too small.
const DISK: u32 = 119;

/// Something that Managed Desktop asks for and the hash shows otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ManagedDesktopGap {
    /// The maker is none of Dell, HP, Lenovo, Microsoft.
    Maker,
    /// It is an ARM device.
    Architecture,
    /// There is no TPM 2.0.
    Tpm,
    /// There are less than 8 GB of memory.
    Memory,
    /// The disk has less than 128 GB.
    DiskSize,
    /// The disk is a hard disk.
    DiskKind,
}

impl ManagedDesktopGap {
    /// What is asked for, as a sentence.
    pub fn requirement(self) -> &'static str {
        match self {
            Self::Maker => "Dell, HP, Lenovo or Microsoft has made the device.",
            Self::Architecture => "The processor is no ARM.",
            Self::Tpm => "The device has a TPM 2.0.",
            Self::Memory => "It has at least 8 GB of memory.",
            Self::DiskSize => "Its disk has at least 128 GB.",
            Self::DiskKind => "Its disk is no hard disk.",
        }
    }
}

impl HardwareFacts {
    /// What Managed Desktop asks for and this device does not have. A hash that says nothing of its
    /// hardware has only its maker judged; Secure Boot is in no hash.
    pub fn managed_desktop_gaps(&self) -> impl Iterator<Item = ManagedDesktopGap> {
        use ManagedDesktopGap as Gap;
        let gaps = [
            (Gap::Maker, !self.managed_desktop_maker),
            (
                Gap::Architecture,
                self.architecture == Some(Architecture::Arm64),
            ),
            (Gap::Tpm, self.has_inventory && self.tpm != TpmState::V2),
            (Gap::Memory, self.ram_gib.is_some_and(|gib| gib < MEMORY)),
            (Gap::DiskSize, self.disk_gb.is_some_and(|gb| gb < DISK)),
            (Gap::DiskKind, self.disk_media == Some(DiskMedia::Hdd)),
        ];
        let lacking = gaps.into_iter().filter(|(_, lacks)| *lacks);
        lacking.map(|(gap, _)| gap)
    }
}

/// Whether a manufacturer is one of [`MAKERS`]: the name, or a first word of it.
pub(crate) fn is_maker(manufacturer: &[u8]) -> bool {
    MAKERS.iter().any(|maker| {
        begins(manufacturer, maker.as_bytes())
            && !manufacturer
                .get(maker.len())
                .is_some_and(u8::is_ascii_alphanumeric)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn makers_are_known_by_their_first_word() {
        for maker in [
            "Dell Inc.",
            "HP",
            "hp inc.",
            "LENOVO",
            "Hewlett-Packard Company",
        ] {
            assert!(is_maker(maker.as_bytes()), "{maker}");
        }
        for other in ["", "HPE", "Dellmann", "Contoso", "The Microsoft"] {
            assert!(!is_maker(other.as_bytes()), "{other}");
        }
    }

    #[test]
    fn what_a_hash_does_not_say_is_no_gap() {
        let silent = HardwareFacts {
            managed_desktop_maker: true,
            ..HardwareFacts::default()
        };
        assert_eq!(silent.managed_desktop_gaps().count(), 0);
        let good = HardwareFacts {
            has_inventory: true,
            tpm: TpmState::V2,
            ram_gib: Some(8),
            disk_gb: Some(128),
            disk_media: Some(DiskMedia::Ssd),
            architecture: Some(Architecture::X64),
            ..silent
        };
        assert_eq!(good.managed_desktop_gaps().count(), 0);
    }

    #[test]
    fn every_gap_is_found() {
        use ManagedDesktopGap as Gap;
        let poor = HardwareFacts {
            has_inventory: true,
            tpm: TpmState::V1,
            ram_gib: Some(4),
            disk_gb: Some(64),
            disk_media: Some(DiskMedia::Hdd),
            architecture: Some(Architecture::Arm64),
            ..HardwareFacts::default()
        };
        let gaps: Vec<_> = poor.managed_desktop_gaps().collect();
        let all = [
            Gap::Maker,
            Gap::Architecture,
            Gap::Tpm,
            Gap::Memory,
            Gap::DiskSize,
            Gap::DiskKind,
        ];
        assert_eq!(gaps, all);
        assert!(all.iter().all(|gap| gap.requirement().ends_with('.')));
    }
}

//! Virtual machines, by what their firmware says. Autopilot takes them, for tests; among devices
//! that were sold one is a mistake.

use serde::Serialize;

/// What runs a virtual machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum VirtualMachine {
    /// Hyper-V, and with it Azure and Windows 365.
    HyperV,
    /// `VMware`.
    VMware,
    /// `VirtualBox`.
    VirtualBox,
    /// QEMU or KVM, and what is built on them.
    Qemu,
    /// Xen.
    Xen,
    /// Parallels.
    Parallels,
    /// Amazon EC2.
    AmazonEc2,
    /// Google Compute Engine.
    GoogleComputeEngine,
    /// Nutanix AHV.
    Nutanix,
    /// `OpenStack`.
    OpenStack,
    /// bhyve.
    Bhyve,
}

impl VirtualMachine {
    /// Its name for people.
    pub fn name(self) -> &'static str {
        match self {
            Self::HyperV => "Hyper-V",
            Self::VMware => "VMware",
            Self::VirtualBox => "VirtualBox",
            Self::Qemu => "QEMU/KVM",
            Self::Xen => "Xen",
            Self::Parallels => "Parallels",
            Self::AmazonEc2 => "Amazon EC2",
            Self::GoogleComputeEngine => "Google Compute Engine",
            Self::Nutanix => "Nutanix AHV",
            Self::OpenStack => "OpenStack",
            Self::Bhyve => "bhyve",
        }
    }
}

/// A text of the firmware that tells: which of them, and how it begins (in whatever capitals).
type Sign = (Place, &'static str);

/// The texts that are looked at.
#[derive(Debug, Clone, Copy)]
enum Place {
    Firmware,
    Manufacturer,
    Model,
    Board,
    Version,
}

impl Place {
    const COUNT: usize = 5;

    /// Which text a record is.
    fn of(kind: u16) -> Option<Self> {
        Some(match kind {
            15 => Self::Firmware,
            16 => Self::Manufacturer,
            17 => Self::Model,
            21 => Self::Board,
            23 => Self::Version,
            _ => return None,
        })
    }
}

/// Who shows which signs; all of a line must be there, and the first line that fits counts. Inferred
/// from what these programs are known to write; new ones go to the end.
const SIGNS: &[(VirtualMachine, &[Sign])] = {
    use Place as P;
    use VirtualMachine as V;
    &[
        (
            V::HyperV,
            &[
                (P::Manufacturer, "Microsoft Corporation"),
                (P::Model, "Virtual Machine"),
            ],
        ),
        (V::VMware, &[(P::Manufacturer, "VMware")]),
        (V::VMware, &[(P::Model, "VMware")]),
        (V::VirtualBox, &[(P::Manufacturer, "innotek")]),
        (V::VirtualBox, &[(P::Model, "VirtualBox")]),
        (V::VirtualBox, &[(P::Board, "VirtualBox")]),
        (V::AmazonEc2, &[(P::Manufacturer, "Amazon EC2")]),
        (
            V::AmazonEc2,
            &[(P::Manufacturer, "Xen"), (P::Firmware, "Amazon")],
        ),
        (
            V::GoogleComputeEngine,
            &[(P::Model, "Google Compute Engine")],
        ),
        (
            V::Nutanix,
            &[(P::Manufacturer, "Nutanix"), (P::Model, "AHV")],
        ),
        (V::OpenStack, &[(P::Manufacturer, "OpenStack")]),
        (V::OpenStack, &[(P::Model, "OpenStack")]),
        (V::Xen, &[(P::Manufacturer, "Xen")]),
        (V::Xen, &[(P::Model, "HVM domU")]),
        (V::Parallels, &[(P::Manufacturer, "Parallels")]),
        (V::Parallels, &[(P::Model, "Parallels")]),
        (V::Qemu, &[(P::Manufacturer, "QEMU")]),
        (V::Qemu, &[(P::Model, "KVM")]),
        (V::Qemu, &[(P::Manufacturer, "oVirt")]),
        (V::Qemu, &[(P::Manufacturer, "Red Hat"), (P::Model, "RHEV")]),
        (V::Qemu, &[(P::Firmware, "SeaBIOS")]),
        (V::Qemu, &[(P::Version, "pc-q35-")]),
        (V::Qemu, &[(P::Version, "pc-i440fx-")]),
        (V::Bhyve, &[(P::Model, "BHYVE")]),
    ]
};

/// The letters that the signs in each place begin with: most texts begin with another.
const FIRST_LETTERS: [u32; Place::COUNT] = {
    let mut letters = [0; Place::COUNT];
    let mut line = 0;
    while line < SIGNS.len() {
        let signs = SIGNS[line].1;
        let mut at = 0;
        while at < signs.len() {
            let (place, start) = signs[at];
            letters[place as usize] |= letter(start.as_bytes());
            at += 1;
        }
        line += 1;
    }
    letters
};

/// A bit for a text's first letter, whatever its capitals; other signs share the letters' bits.
const fn letter(text: &[u8]) -> u32 {
    match text {
        [first, ..] => 1 << (*first & 31),
        [] => 0,
    }
}

/// The texts that tell, as they come by: payloads, what follows a NUL included.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Firmware<'a> {
    texts: [&'a [u8]; Place::COUNT],
}

impl<'a> Firmware<'a> {
    /// Notes a record if it is one of those that tell; the first of each kind counts.
    pub(crate) fn note(&mut self, kind: u16, payload: &'a [u8]) {
        if let Some(place) = Place::of(kind) {
            let text = &mut self.texts[place as usize];
            if matches!(text, [] | [0, ..]) {
                *text = payload.trim_ascii_start();
            }
        }
    }

    /// The system's manufacturer.
    pub(crate) fn manufacturer(&self) -> &'a [u8] {
        self.texts[Place::Manufacturer as usize]
    }

    /// Which virtual machine it is, if it is one.
    pub(crate) fn virtual_machine(&self) -> Option<VirtualMachine> {
        let mut likely = self.texts.iter().zip(FIRST_LETTERS);
        if !likely.any(|(text, letters)| letters & letter(text) != 0) {
            return None;
        }
        let fits = |&(place, start): &Sign| begins(self.texts[place as usize], start.as_bytes());
        let found = SIGNS.iter().find(|(_, signs)| signs.iter().all(fits));
        found.map(|(machine, _)| *machine)
    }
}

/// Whether a text begins so, in whatever capitals.
pub(crate) fn begins(text: &[u8], start: &[u8]) -> bool {
    text.get(..start.len())
        .is_some_and(|head| head.eq_ignore_ascii_case(start))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn machine(texts: &[(u16, &str)]) -> Option<&'static str> {
        let mut firmware = Firmware::default();
        for (kind, text) in texts {
            firmware.note(*kind, text.as_bytes());
        }
        firmware.virtual_machine().map(VirtualMachine::name)
    }

    #[test]
    fn each_is_known_by_what_it_writes() {
        let by = |manufacturer, model| machine(&[(16, manufacturer), (17, model)]);
        for (manufacturer, model, name) in [
            ("Microsoft Corporation", "Virtual Machine", "Hyper-V"),
            ("VMware, Inc.", "VMware20,1", "VMware"),
            ("innotek GmbH", "VirtualBox", "VirtualBox"),
            ("QEMU", "Standard PC (Q35 + ICH9, 2009)", "QEMU/KVM"),
            ("Red Hat", "KVM", "QEMU/KVM"),
            ("Xen", "HVM domU", "Xen"),
            (
                "Parallels International GmbH.",
                "Parallels ARM Virtual Machine",
                "Parallels",
            ),
            ("Amazon EC2", "t3.large", "Amazon EC2"),
            ("Google", "Google Compute Engine", "Google Compute Engine"),
            ("Nutanix", "AHV", "Nutanix AHV"),
            ("OpenStack Foundation", "OpenStack Nova", "OpenStack"),
            ("FreeBSD", "BHYVE", "bhyve"),
            ("VMWARE, INC.", "vmware virtual platform", "VMware"),
        ] {
            assert_eq!(by(manufacturer, model), Some(name), "{manufacturer}");
        }
    }

    #[test]
    fn firmware_and_board_tell_where_the_names_were_changed() {
        let named = [(16, "Contoso"), (17, "Book 13")];
        let with = |sign| machine(&[&named[..], &[sign]].concat());
        assert_eq!(with((15, "SeaBIOS")), Some("QEMU/KVM"));
        assert_eq!(with((21, "VirtualBox")), Some("VirtualBox"));
        assert_eq!(with((23, "pc-q35-8.2")), Some("QEMU/KVM"));
        assert_eq!(with((15, "Contoso")), None);
    }

    #[test]
    fn a_device_that_was_built_is_none() {
        assert_eq!(machine(&[]), None);
        for (manufacturer, model) in [
            ("Microsoft Corporation", "Surface Laptop"),
            ("Google", "Pixelbook"),
            ("Red Hat", "Workstation"),
            ("Contoso", "Virtual Machine"),
        ] {
            assert_eq!(machine(&[(16, manufacturer), (17, model)]), None, "{model}");
        }
    }
}

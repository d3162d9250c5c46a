//! A quick look at the records of a hash, whether it is worth asking for all the facts.
//!
//! Most hashes say nothing that would have to be told, and there are many of them: so the look goes
//! along where the identifying records are read anyway, and says yes rather too often.

use super::facts::{DiskMedia, HardwareFacts, TpmState, disk_media};
use super::managed_desktop::ManagedDesktopGap;
use super::value::{u16_at, u32_at, u64_at};
use super::virtual_machine::{Firmware, VirtualMachine};
use super::windows::Month;

/// Builds before this one are of a Windows that is long out of date: 10 1809 is the oldest that is
/// still cared for (inferred from published dates of support).
const OLDEST_BUILD: u16 = 17763;
/// A hash collected before is old whatever its Windows.
const OLD_BEFORE: Month = Month {
    year: 2021,
    month: 1,
};
/// The same in seconds since 2000, as hashes have it.
const OLD_SECONDS: u32 = 7_671 * 86_400;

/// What there is to tell about the hardware.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Notable {
    pub(crate) virtual_machine: Option<VirtualMachine>,
    /// Whether it falls short of a requirement; see [`gaps`].
    pub(crate) below: bool,
    pub(crate) old: bool,
    pub(crate) not_full_windows: bool,
}

impl Notable {
    pub(crate) fn of(facts: &HardwareFacts) -> Self {
        let is_old = |month| month < OLD_BEFORE;
        let build = facts.os.map(|os| os.build);
        Self {
            virtual_machine: facts.virtual_machine,
            // A virtual machine is what its host makes of it.
            below: facts.virtual_machine.is_none() && gaps(facts).next().is_some(),
            old: build.is_some_and(|build| build != 0 && build < OLDEST_BUILD)
                || facts.collected().is_some_and(|at| is_old(at.month())),
            not_full_windows: facts.full_os == Some(false),
        }
    }
}

/// What Managed Desktop asks for and the hash shows otherwise: not the maker, as others take every
/// maker, and not what a hash leaves out.
pub(crate) fn gaps(facts: &HardwareFacts) -> impl Iterator<Item = ManagedDesktopGap> {
    use ManagedDesktopGap as Gap;
    let old_tpm = facts.tpm == TpmState::V1;
    let (has_memory, has_disk) = (facts.ram_gib != Some(0), facts.disk_gb != Some(0));
    facts.managed_desktop_gaps().filter(move |gap| match gap {
        Gap::Maker => false,
        Gap::Tpm => old_tpm,
        Gap::Memory => has_memory,
        Gap::DiskSize => has_disk,
        Gap::Architecture | Gap::DiskKind => true,
    })
}

/// What a gap is, in the words of a sentence about the device.
pub(crate) fn gap_text(gap: ManagedDesktopGap, facts: &HardwareFacts) -> String {
    use ManagedDesktopGap as Gap;
    match gap {
        Gap::Maker => "another maker".into(),
        Gap::Architecture => "an ARM processor".into(),
        Gap::Tpm => "a TPM of version 1.2".into(),
        Gap::Memory => format!("{} GB of memory", facts.ram_gib.unwrap_or_default()),
        Gap::DiskSize => format!("a disk of {} GB", facts.disk_gb.unwrap_or_default()),
        Gap::DiskKind => "a hard disk".into(),
    }
}

/// The quick look.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Glance<'a> {
    firmware: Firmware<'a>,
    seen: bool,
}

impl<'a> Glance<'a> {
    /// Looks at a record.
    pub(crate) fn note(&mut self, kind: u16, payload: &'a [u8]) {
        let notable = match kind {
            1 => is_notable_build(payload),
            2 => u16_at(payload, 0) == Some(12),
            5 => u64_at(payload, 0).is_some_and(|gib| gib < 8),
            6 => {
                u32_at(payload, 0).is_some_and(|gb| gb < 128)
                    || disk_media(payload) == Some(DiskMedia::Hdd)
            }
            13 => !payload.starts_with(b"TPM-Version:2."),
            15..=17 | 21 | 23 => {
                self.firmware.note(kind, payload);
                return;
            }
            _ => return,
        };
        self.seen |= notable;
    }

    /// Whether there may be something to tell.
    pub(crate) fn is_notable(&self) -> bool {
        self.seen || self.firmware.virtual_machine().is_some()
    }
}

/// Record 1: another system than a full Windows, another processor than 64-bit x86, or long ago.
fn is_notable_build(payload: &[u8]) -> bool {
    let Some([os_type, architecture, _]) = payload.last_chunk() else {
        return false;
    };
    let build = u16_at(payload, 14).unwrap_or_default();
    let collected = u32_at(payload, 16).unwrap_or_default();
    *os_type != 2
        || *architecture != 9
        || build < OLDEST_BUILD
        || (collected != 0 && collected < OLD_SECONDS)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hardware_hash::HashBuilder;
    use crate::hardware_hash::container::{TRAILER, records};
    use crate::hardware_hash::facts::hardware_facts;
    use proptest::prelude::*;

    fn looked_at(builder: HashBuilder) -> (bool, Notable) {
        let bytes = builder.finish();
        let content = &bytes[..bytes.len() - TRAILER];
        let mut glance = Glance::default();
        for (kind, payload) in records(content).map_while(Result::ok) {
            glance.note(kind, payload);
        }
        (glance.is_notable(), Notable::of(&hardware_facts(content)))
    }

    fn build(build: u16, seconds: u32, os_type: u8, architecture: u8) -> HashBuilder {
        let [low, high] = build.to_le_bytes();
        let version = [0, 0, 10, 0, 1, 0, low, high];
        let stamp = [&seconds.to_le_bytes()[..], &[4]].concat();
        let end = [os_type, architecture, 3];
        HashBuilder::default().record(1, &[&version[..], &version, &stamp, &end].concat())
    }

    #[test]
    fn a_usual_device_is_not_notable() {
        let usual = build(22631, 791_856_000, 2, 9)
            .record(2, &[9, 0])
            .record(5, &[16, 0, 0, 0, 0, 0, 0, 0])
            .record(6, &[0, 2, 0, 0, 0, 0, 0, 0, 17, 0, 0, 1])
            .text(13, "TPM-Version:2.0 -Level:0")
            .text(16, "Contoso")
            .text(17, "Book 13");
        assert_eq!(looked_at(usual), (false, Notable::default()));
        let minimal = HashBuilder::default().text(14, "0042").text(16, "Contoso");
        assert_eq!(looked_at(minimal), (false, Notable::default()));
    }

    #[test]
    fn everything_that_can_be_told_is_seen() {
        let (seen, found) = looked_at(build(22631, 0, 1, 9));
        assert!(seen && found.not_full_windows && !found.old);
        let (seen, found) = looked_at(build(17763, 603_503_999, 2, 9));
        assert!(seen && found.old);
        let (seen, found) = looked_at(build(15063, 0, 2, 9));
        assert!(seen && found.old);
        // A clock that was never set says nothing.
        let (seen, found) = looked_at(build(22631, 3, 2, 9));
        assert!(seen && !found.old);
        for below in [
            build(22631, 0, 2, 12),
            HashBuilder::default().record(5, &[4, 0, 0, 0, 0, 0, 0, 0]),
            HashBuilder::default().record(6, &[64, 0, 0, 0, 0, 0, 0, 0, 17, 0, 0]),
            HashBuilder::default().record(6, &[0, 2, 0, 0, 0, 0, 0, 0, 11, 0, 1]),
            HashBuilder::default().text(13, "TPM-Version:1.2 -Level:2"),
        ] {
            let (seen, found) = looked_at(below);
            assert!(seen && found.below);
        }
        let machine = HashBuilder::default()
            .text(16, "QEMU")
            .record(5, &[4, 0, 0, 0, 0, 0, 0, 0]);
        let (seen, found) = looked_at(machine);
        assert!(seen && found.virtual_machine.is_some() && !found.below);
    }

    #[test]
    fn the_two_old_days_are_one() {
        let seconds_of = |seconds| looked_at(build(17763, seconds, 2, 9)).1.old;
        assert!(seconds_of(OLD_SECONDS - 1) && !seconds_of(OLD_SECONDS));
    }

    proptest! {
        /// The quick look may say yes too often and never no too often.
        #[test]
        fn nothing_that_the_facts_tell_is_overlooked(
            records in prop::collection::vec(
                (prop::sample::select(vec![1_u16, 2, 5, 6, 13, 15, 16, 17, 21, 23]), prop_oneof![
                    prop::collection::vec(any::<u8>(), 0..28),
                    prop::collection::vec(0_u8..18, 8..28),
                    "(TPM-Version:[12].0|vmware|QEMU|SeaBIOS|HVM domU|Xen|Amazon)[a-z ]{0,5}".prop_map(String::into_bytes),
                ]),
                0..8,
            )
        ) {
            let builder = records
                .iter()
                .fold(HashBuilder::default(), |builder, (kind, payload)| builder.record(*kind, payload));
            let (seen, found) = looked_at(builder);
            prop_assert!(seen || found == Notable::default(), "{found:?}");
        }
    }
}

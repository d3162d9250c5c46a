//! What a hash says about the hardware that a judge wants to know: cheap, without words, without
//! allocating. Asked of every hash of a list.

use serde::Serialize;

use super::captured::Captured;
use super::container::{before_nul, records, until_nul, uuid};
use super::managed_desktop;
use super::tpm;
use super::value::{Version, u16_at, u32_at, u64_at};
use super::virtual_machine::{Firmware, VirtualMachine};
use super::windows::{self, Month};
use crate::identifier::Pkid;
use crate::identity_key::is_placeholder_uuid;

/// Bus type of `NVMe`: never a hard disk.
const NVME: u16 = 17;
/// Operating system type of a full Windows.
const FULL_OS: u8 = 2;

/// The processor's architecture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Architecture {
    /// 0.
    X86,
    /// 9.
    X64,
    /// 12.
    Arm64,
}

impl Architecture {
    fn of(code: u16) -> Option<Self> {
        Some(match code {
            0 => Self::X86,
            9 => Self::X64,
            12 => Self::Arm64,
            _ => return None,
        })
    }
}

/// Which TPM a hash names (record 13).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum TpmState {
    /// None.
    #[default]
    Absent,
    /// Version 1.2.
    V1,
    /// Version 2.0.
    V2,
    /// A text that names neither.
    Unknown,
}

/// What a disk is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum DiskMedia {
    /// No moving parts.
    Ssd,
    /// Turning.
    Hdd,
}

/// Whether a value is there, and is one that tells machines apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Presence {
    /// Not there, or empty.
    #[default]
    Absent,
    /// One that many machines carry, or none of its kind.
    Placeholder,
    /// There.
    Present,
}

/// What a hash says about its hardware. Where it does not say, there is `None` or `Absent`.
#[expect(
    clippy::struct_excessive_bools,
    reason = "facts of a machine, each by itself"
)]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct HardwareFacts {
    /// Whether anything about the hardware is recorded. Hashes of names only (registration.md 7.1)
    /// are taken too; what they lack is not lacking in the device.
    pub has_inventory: bool,
    /// The virtual machine it is.
    pub virtual_machine: Option<VirtualMachine>,
    /// Of the operating system, or else of the processor.
    pub architecture: Option<Architecture>,
    /// Whether a full Windows made the hash; `false` is Windows PE, which misses devices without
    /// drivers.
    pub full_os: Option<bool>,
    /// The operating system that made it.
    pub os: Option<Version>,
    /// What people call it.
    pub windows: Option<&'static str>,
    /// The program that made it.
    pub tool: Option<Version>,
    /// The earliest month in which the two can have made it.
    pub not_before: Option<Month>,
    /// When it was collected, by the device's clock (inferred).
    pub captured: Option<Captured>,
    /// Whether that clock was wrong: it showed a time before `not_before`.
    pub clock_wrong: bool,
    /// Which TPM.
    pub tpm: TpmState,
    /// Whether the TPM's endorsement key is there, or the digest that stands for it.
    pub has_tpm_key: bool,
    /// Memory in GiB.
    pub ram_gib: Option<u64>,
    /// Size of the first disk in GB.
    pub disk_gb: Option<u32>,
    /// What the first disk is made of.
    pub disk_media: Option<DiskMedia>,
    /// Whether a disk has a serial number.
    pub has_disk_serial: bool,
    /// Whether a network adapter has an address.
    pub has_network: bool,
    /// SMBIOS chassis type.
    pub chassis: Option<u8>,
    /// The SMBIOS UUID.
    pub uuid: Presence,
    /// The PKID.
    pub pkid: Presence,
    /// Whether its maker is one of those that Managed Desktop takes.
    pub managed_desktop_maker: bool,
}

/// What a content says about its hardware, as far as its records go.
pub(crate) fn hardware_facts(content: &[u8]) -> HardwareFacts {
    let mut facts = HardwareFacts::default();
    let mut firmware = Firmware::default();
    let mut cpu = None;
    let mut pkid: &[u8] = b"";
    for (kind, payload) in records(content).map_while(Result::ok) {
        firmware.note(kind, payload);
        match kind {
            1 => facts.build(payload),
            2 => cpu = cpu.or_else(|| Architecture::of(u16_at(payload, 0)?)),
            5..=8 | 10 | 11 | 13 | 25 | 28 => facts.part(kind, payload),
            12 if facts.uuid == Presence::Absent => facts.uuid = uuid_state(payload),
            24 if pkid.is_empty() => pkid = until_nul(payload),
            _ => {}
        }
    }
    facts.architecture = facts.architecture.or(cpu);
    facts.has_inventory |= cpu.is_some();
    facts.pkid = pkid_state(pkid);
    facts.virtual_machine = firmware.virtual_machine();
    facts.managed_desktop_maker = managed_desktop::is_maker(firmware.manufacturer());
    facts
}

impl HardwareFacts {
    /// When it was collected, where the device's clock can be believed.
    pub fn collected(&self) -> Option<Captured> {
        self.captured.filter(|_| !self.clock_wrong)
    }

    /// Record 1.
    fn build(&mut self, payload: &[u8]) {
        let Some([os_type, architecture, _]) = payload.last_chunk() else {
            return;
        };
        let (Some(tool), Some(os)) = (Version::at(payload, 0), Version::at(payload, 8)) else {
            return;
        };
        self.tool = Some(tool);
        self.os = Some(os);
        self.windows = windows::name(os);
        self.not_before = windows::not_before(os);
        if tool.build != os.build {
            self.not_before = self.not_before.max(windows::not_before(tool));
        }
        self.full_os = Some(*os_type == FULL_OS);
        self.architecture = Architecture::of(u16::from(*architecture));
        let stamp = payload.get(16..payload.len() - 3).unwrap_or_default();
        self.captured = Captured::read(stamp);
        self.clock_wrong = self
            .captured
            .is_some_and(|captured| !captured.is_plausible(self.not_before));
    }

    /// A record about a part of the machine; the first of each kind counts.
    fn part(&mut self, kind: u16, payload: &[u8]) {
        self.has_inventory = true;
        match kind {
            5 => self.ram_gib = self.ram_gib.or_else(|| u64_at(payload, 0)),
            6 if self.disk_gb.is_none() => {
                self.disk_gb = u32_at(payload, 0);
                self.disk_media = disk_media(payload);
            }
            7 | 28 => self.has_disk_serial |= has_serial(payload),
            8 => {
                let mac = payload.get(4..10).unwrap_or_default();
                self.has_network |= mac.iter().any(|byte| *byte != 0);
            }
            10 => self.chassis = self.chassis.or_else(|| payload.first().copied()),
            13 if self.tpm == TpmState::Absent => self.tpm = tpm_state(before_nul(payload)),
            11 => self.has_tpm_key |= payload.get(4) == Some(&1),
            25 => self.has_tpm_key |= payload.iter().any(|byte| *byte != 0),
            _ => {}
        }
    }
}

fn uuid_state(payload: &[u8]) -> Presence {
    match uuid(payload) {
        None => Presence::Absent,
        Some(uuid) if is_placeholder_uuid(uuid) => Presence::Placeholder,
        Some(_) => Presence::Present,
    }
}

fn pkid_state(text: &[u8]) -> Presence {
    match Pkid::from_bytes(text) {
        _ if text.is_empty() => Presence::Absent,
        Ok(pkid) if !pkid.is_placeholder() => Presence::Present,
        _ => Presence::Placeholder,
    }
}

/// What the disk in record 6 is made of. `None` where the record does not tell.
pub(crate) fn disk_media(payload: &[u8]) -> Option<DiskMedia> {
    match (u16_at(payload, 8)?, payload.get(10)) {
        (NVME, _) | (_, Some(0)) => Some(DiskMedia::Ssd),
        (_, Some(1 | 255)) => Some(DiskMedia::Hdd),
        _ => None,
    }
}

/// Whether the serial number in front of the first `|` is there and not a row of zeros or dots.
fn has_serial(payload: &[u8]) -> bool {
    let serial = payload.iter().take_while(|byte| !matches!(byte, b'|' | 0));
    let mut telling = serial.filter(|byte| byte.is_ascii_alphanumeric() && **byte != b'0');
    telling.next().is_some()
}

fn tpm_state(text: &[u8]) -> TpmState {
    match tpm::version(text) {
        _ if text.is_empty() => TpmState::Absent,
        Some(version) if version.starts_with(b"2.") => TpmState::V2,
        Some(version) if version.starts_with(b"1.") => TpmState::V1,
        _ => TpmState::Unknown,
    }
}

#[cfg(test)]
mod tests;

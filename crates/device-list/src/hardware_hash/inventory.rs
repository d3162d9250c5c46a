//! A hash in the words of Microsoft's own tool: the names and values of the report that
//! `oa3tool /DecodeHwHash` prints (api.md 8.3).

use super::contents::{HashContents, uuid_text};
use super::names;
use super::record::Record;
use super::value::Hex;

/// Version of the report's layout, as that tool prints it.
const INVENTORY_VERSION: &str = "131";

/// Names and values in the order of the report.
type Inventory = Vec<(&'static str, String)>;

impl HashContents {
    /// The hash as `oa3tool` names it. What the hash does not say is left out; a name may come
    /// several times (adapters, disks). The local time is left out where its offset is impossible.
    pub fn inventory(&self) -> Inventory {
        let mut told = Inventory::new();
        self.origin(&mut told);
        self.processor(&mut told);
        self.memory(&mut told);
        self.texts(&mut told);
        self.parts(&mut told);
        told
    }

    /// Record 1: who made the hash, where and when.
    fn origin(&self, told: &mut Inventory) {
        for record in &self.records {
            let Record::Build {
                tool,
                os,
                os_type,
                architecture,
                tool_number,
                ..
            } = record
            else {
                continue;
            };
            told.push(("ToolVersion", tool_number.to_string()));
            told.push(("HardwareInventoryVersion", INVENTORY_VERSION.to_owned()));
            told.push(("ToolBuild", tool.to_string()));
            let os_name = if *os_type == 2 {
                "FullOS".to_owned()
            } else {
                os_type.to_string()
            };
            told.push(("OSType", os_name));
            told.push((
                "OsCpuArchitecture",
                named(names::architecture(u16::from(*architecture)), architecture),
            ));
            told.push(("OsBuild", os.to_string()));
        }
        if let Some(captured) = self.facts.captured {
            told.push(("OsSystemTime", captured.to_string()));
            told.extend(captured.local().map(|local| ("OsLocalTime", local)));
        }
    }

    /// Records 4 and 2.
    fn processor(&self, told: &mut Inventory) {
        for record in &self.records {
            if let Record::ProcessorName(name) = record {
                told.push(("ProcessorModel", name.clone()));
            }
        }
        for record in &self.records {
            if let Record::Processor {
                packages,
                cores,
                threads,
                hyperthreading,
                ..
            } = record
            {
                told.push(("ProcessorPackages", packages.to_string()));
                told.push(("ProcessorThreads", threads.to_string()));
                told.push(("ProcessorCores", cores.to_string()));
                told.push(("ProcessorHyperThreading", hyperthreading.to_string()));
            }
        }
    }

    /// Record 5.
    fn memory(&self, told: &mut Inventory) {
        for record in &self.records {
            if let Record::Memory {
                total,
                maximum,
                slots,
                arrays,
                error_correction,
            } = record
            {
                let correction = match error_correction {
                    3 => "None".to_owned(),
                    other => named(names::error_correction(*other), other),
                };
                told.push(("SmbiosRamArrayCount", arrays.to_string()));
                told.push(("SmbiosRamSlots", slots.to_string()));
                told.push(("SmbiosRamErrorCorrection", correction));
                told.push(("SmbiosRamMaximumCapacity", maximum.to_string()));
                told.push(("TotalPhysicalRAM", total.to_string()));
            }
        }
    }

    /// SMBIOS: records 15 to 19, 14 and 12.
    fn texts(&self, told: &mut Inventory) {
        let of = |wanted: fn(&Record) -> Option<&String>| {
            let texts = self.records.iter().filter_map(wanted);
            texts
                .filter(|text| !text.is_empty())
                .cloned()
                .collect::<Vec<_>>()
        };
        let mut tell = |name, texts: Vec<String>| {
            told.extend(texts.into_iter().map(|text| (name, text)));
        };
        tell(
            "SmbiosFirmwareVendor",
            of(|record| match record {
                Record::FirmwareVendor(text) => Some(text),
                _ => None,
            }),
        );
        let known = |text: &String| Vec::from_iter((!text.is_empty()).then(|| text.clone()));
        tell("SmbiosSystemManufacturer", known(&self.manufacturer));
        tell("SmbiosSystemProductName", known(&self.model));
        tell("SmbiosSystemSerialNumber", known(&self.serial));
        tell(
            "SmbiosUuid",
            self.smbios_uuid.map(uuid_text).into_iter().collect(),
        );
        tell(
            "SmbiosSkuNumber",
            of(|record| match record {
                Record::Sku(text) => Some(text),
                _ => None,
            }),
        );
        tell(
            "SmbiosSystemFamily",
            of(|record| match record {
                Record::Family(text) => Some(text),
                _ => None,
            }),
        );
    }

    /// Adapters, disks, TPM, product key: records 8, 7, 13, 25, 24.
    fn parts(&self, told: &mut Inventory) {
        let mut tell = |name, value: fn(&Record) -> Option<String>| {
            told.extend(
                self.records
                    .iter()
                    .filter_map(value)
                    .map(|text| (name, text)),
            );
        };
        tell("MacAddress", |record| match record {
            Record::Network { mac, .. } => Some(colons(mac)),
            _ => None,
        });
        tell("DiskSerialNumber", |record| match record {
            Record::DiskSerial(text) => Some(text.clone()),
            _ => None,
        });
        tell("TPMVersion", |record| match record {
            Record::TpmVersion(text) => Some(text.clone()),
            _ => None,
        });
        tell("TPM EkPub", |record| match record {
            Record::TpmEndorsementKey(key) => Some(base64_simd::STANDARD.encode_to_string(&key.0)),
            _ => None,
        });
        if !self.pkid.is_empty() {
            told.push(("ProductKeyID", self.pkid.clone()));
        }
    }
}

fn named(name: Option<&str>, code: &impl ToString) -> String {
    name.map_or_else(|| code.to_string(), str::to_owned)
}

/// `BC:83:85:EC:4F:BB`.
fn colons(mac: &Hex) -> String {
    let pairs = mac.0.iter().map(|byte| format!("{byte:02X}"));
    pairs.collect::<Vec<_>>().join(":")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hardware_hash::HashBuilder;

    #[test]
    fn the_published_sample_reads_like_a_report() {
        let list = include_str!("../../tests/data/managed-desktop-sample-self.csv");
        let text = list.trim_end().rsplit(',').next().unwrap();
        let told = HashContents::inspect(text).unwrap().inventory();
        let names: Vec<_> = told.iter().map(|(name, _)| *name).collect();
        // api.md 8.3, without the local time: the sample's offset is impossible.
        let published = "ToolVersion HardwareInventoryVersion ToolBuild OSType OsCpuArchitecture \
            OsBuild OsSystemTime ProcessorModel ProcessorPackages ProcessorThreads ProcessorCores \
            ProcessorHyperThreading SmbiosRamArrayCount SmbiosRamSlots SmbiosRamErrorCorrection \
            SmbiosRamMaximumCapacity TotalPhysicalRAM SmbiosFirmwareVendor \
            SmbiosSystemManufacturer SmbiosSystemProductName SmbiosSystemSerialNumber SmbiosUuid \
            SmbiosSkuNumber SmbiosSystemFamily MacAddress MacAddress DiskSerialNumber TPMVersion \
            TPM_EkPub ProductKeyID";
        let names = names.join(" ").replace("TPM EkPub", "TPM_EkPub");
        assert!(names.split(' ').eq(published.split_whitespace()), "{names}");
        let value = |wanted| &told.iter().find(|(name, _)| *name == wanted).unwrap().1;
        assert_eq!(value("OSType"), "FullOS");
        assert_eq!(value("OsCpuArchitecture"), "x64");
        assert_eq!(value("OsBuild"), "10.0.17763.288");
        assert_eq!(value("OsSystemTime"), "2019-02-15T23:57:03Z");
        assert_eq!(value("SmbiosRamErrorCorrection"), "None");
        assert_eq!(value("SmbiosSystemSerialNumber"), "016520771357");
        assert_eq!(value("SmbiosUuid"), "2a856e34-c6b7-50dd-00eb-023e169e132d");
        assert_eq!(value("MacAddress"), "BC:83:85:EC:4F:BB");
    }

    #[test]
    fn the_local_time_is_told_where_its_offset_exists() {
        let told = crate::SampleDevice::new(1, 0).hash().decode().inventory();
        let local = ("OsLocalTime", "2025-02-03T01:00:00+01:00".to_owned());
        assert!(told.contains(&local), "{told:?}");
    }

    #[test]
    fn what_is_not_there_is_left_out() {
        let bytes = HashBuilder::default()
            .text(14, "0042")
            .text(16, "Contoso")
            .text(19, "")
            .finish();
        let told = HashContents::inspect_bytes(&bytes).unwrap().inventory();
        let names: Vec<_> = told.iter().map(|(name, _)| *name).collect();
        assert_eq!(
            names,
            ["SmbiosSystemManufacturer", "SmbiosSystemSerialNumber"]
        );
    }
}

//! The device list that the journey uploads: a real bulk of good rows, and mistakes of every kind.

use std::fmt::Write as _;

use base64_simd::STANDARD;
use device_list::sample::SampleDevice;

/// The file's name.
pub(crate) const NAME: &str = "spring order.csv";
/// Good rows below the ones with mistakes.
pub(crate) const GOOD: usize = 900;
/// Rows that no repair can save.
pub(crate) const BROKEN: usize = 3;
/// The maker whose unknown devices the operator refuses.
pub(crate) const REFUSED_MAKER: &str = "Wingtip Toys";
/// The serial number of the device that the directory does not know.
pub(crate) const REFUSED_SERIAL: &str = "WT-000417";

/// The line of the PKID that is none.
pub(crate) const PKID_LINE: u64 = 6;
/// The line with a comma in a value.
pub(crate) const COMMA_LINE: u64 = 9;
/// The line of the hash whose checksum does not fit.
pub(crate) const CHANGED_LINE: u64 = 5;

/// The code and the line of each finding that must be shown.
pub(crate) const FINDINGS: [(&str, u64); 9] = [
    ("EN0102", 0),
    ("EN0203", 1),
    ("EN0206", 1),
    ("EN0502", 2),
    ("EN0305", 3),
    ("EN0303", 4),
    ("EN0508", CHANGED_LINE),
    ("EN0402", PKID_LINE),
    ("EN0307", COMMA_LINE),
];

/// The list, and the machine of its second line.
pub(crate) struct JourneyList {
    pub(crate) bytes: Vec<u8>,
    pub(crate) device: SampleDevice,
}

/// UTF-8 with a mark, a header in the wrong case, a column too many, a hash without its padding,
/// quotes, a row of commas, a hash with a changed checksum, a PKID that is none, a blank row, a comma in
/// a value; and one row in good order whose device the directory does not know.
pub(crate) fn list() -> JourneyList {
    let device = |n| SampleDevice::new(77, n);
    let first = (1000..2000)
        .map(device)
        .find(|device| device.hash().to_text().ends_with('='))
        .expect("some hash ends with padding");
    let unpadded = first.hash().to_text();
    let unpadded = unpadded.trim_end_matches('=');
    let second = device(1);
    let mut text = String::from("\u{feff}Device Serial number,Windows Product ID,Hardware Hash,");
    text.push_str("Manufacturer name,Device model,Notes\r\n");
    let mut row = |cells: &str| {
        let _ = write!(text, "{cells}\r\n");
    };
    row(&format!("{},,{unpadded},,,", first.serial));
    row(&format!("\"{}\",,{},,,", second.serial, second.hash_text()));
    row(",,,,,");
    row(&format!(
        "{},,{},,,",
        device(2).serial,
        changed_hash(&device(2))
    ));
    row(",3305,,,,");
    row("");
    row(&format!("{REFUSED_SERIAL},,,{REFUSED_MAKER},Robot 3,"));
    row("LW-000418,,,\"Litware, Inc\",Slate 8,");
    for n in 0..GOOD as u64 {
        let device = device(10 + n);
        row(&format!(
            "{},,,{},{},",
            device.serial, device.manufacturer, device.model
        ));
    }
    JourneyList {
        bytes: text.into_bytes(),
        device: first,
    }
}

/// A hash whose content was changed after its checksum was made.
fn changed_hash(device: &SampleDevice) -> String {
    let mut bytes = device.hash().as_bytes().to_vec();
    let last = bytes.len() - 1;
    bytes[last] ^= 1;
    STANDARD.encode_to_string(bytes)
}

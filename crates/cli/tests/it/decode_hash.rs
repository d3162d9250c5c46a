//! `enlist decode-hash`: hashes by themselves, from files, and from lists.

use device_list::{HashBuilder, SampleDevice};
use serde_json::Value;

use crate::support::{Ran, Scratch, published, tuples};

/// The study's synthetic vector (api.md 8.4).
const VECTOR: &str = "T0FsAAEAHAAAAAoAIAPwVQAACgAgA/BVAAAAAAACCQgMABQARDMiEWZViHeZqrvM3e7/AA4ADgBURVNULTAwMDEAEAAMAENvbnRvc28AEQAMAE1vZGVsIFgAGAASADMzMDU2MTIzNDU2NzgAQ1MkABHyX7J/MOKddlri9W5h9nFAjowqcJ/VNOagC8JjD6UW";

const HEADER: &str =
    "Device Serial Number,Windows Product ID,Hardware Hash,Manufacturer name,Device model\r\n";

/// A synthetic device of the list below.
fn device(index: u64) -> SampleDevice {
    SampleDevice::new(7, index)
}

/// Four devices: one by tuple, three by hash, of which the second has lost its end.
fn list() -> String {
    let hash = |index| device(index).hash().to_text();
    let rows = [
        "S1,,,Contoso,Book 13".to_owned(),
        format!("{},,{},,", device(0).serial, hash(0)),
        format!("{},,{},,", device(1).serial, &hash(1)[..400]),
        format!("{},,{},,", device(2).serial, hash(2)),
    ];
    format!("{HEADER}{}\r\n", rows.join("\r\n"))
}

fn json(ran: &Ran) -> Value {
    serde_json::from_str(&ran.out).unwrap_or_else(|_| panic!("{ran:?}"))
}

#[test]
fn the_published_vector_reads_from_argument_file_and_pipe() {
    let scratch = Scratch::new();
    scratch.write("hash.txt", format!("{VECTOR:A<4000}\r\n"));
    let arguments = ["decode-hash", "--verify", "--format", "json"];
    let from = |last: &str| scratch.enlist(&[&arguments[..], &[last]].concat());
    let ran = from(VECTOR);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let told = json(&ran);
    assert_eq!(told["serial"], "TEST-0001");
    assert_eq!(told["manufacturer"], "Contoso");
    assert_eq!(told["model"], "Model X");
    assert_eq!(told["pkid"], "3305612345678");
    assert_eq!(told["smbios_uuid"], "11223344-5566-7788-99aa-bbccddeeff00");
    assert_eq!(told["verdict"]["right"], true);
    assert_eq!(told["facts"]["not_before"], "2021-06");
    assert_eq!(told["facts"]["has_inventory"], false);
    assert_eq!(from("hash.txt").out, ran.out);
    let piped = scratch.enlist_reading(&arguments, VECTOR.as_bytes());
    assert_eq!((piped.code, piped.out), (0, ran.out));
    let table = scratch.enlist(&["decode-hash", VECTOR]).out;
    for text in [
        "TEST-0001",
        "Model X",
        "10.0.22000.800 (Windows 11 21H2)",
        "whole and right",
    ] {
        assert!(table.contains(text), "{text} in {table}");
    }
}

#[test]
fn the_published_sample_tells_everything() {
    let scratch = Scratch::new();
    let sample = published("managed-desktop-sample-self.csv");
    let ran = scratch.enlist(&["decode-hash", &sample, "--format", "json"]);
    assert_eq!((ran.code, &*ran.err), (0, ""));
    let told = json(&ran);
    assert_eq!((&told["row"], &told["line"]), (&1.into(), &2.into()));
    let captured = &told["facts"]["captured"];
    assert_eq!(captured["at"], "2019-02-15T23:57:03Z");
    assert_eq!(
        (&captured["local"], &captured["inferred"]),
        (&Value::Null, &true.into())
    );
    assert_eq!(told["facts"]["windows"], "Windows 10 1809");
    assert_eq!(told["facts"]["disk_media"], "ssd");
    assert_eq!(told["tpm"]["vendor"], "NTC");
    assert_eq!(told["digest"]["cut_short"]["missing"], 1);
    assert_eq!(told["offline_id_fits"], true);
    assert_eq!(told["missing_critical"], Value::Array(vec![]));
    assert_eq!(told["managed_desktop_gaps"], Value::Array(vec![]));
    assert_eq!(told["records"].as_array().unwrap().len(), 29);
    let ran = scratch.enlist(&["decode-hash", &sample, "--verify"]);
    assert_eq!(ran.code, 1);
    for text in [
        "Row 1, line 2",
        "2019-02-15T23:57:03Z (inferred)",
        "285 × 190 mm",
        "laptop, role mobile, touch, pen",
        "1d001300",
        "Not right: its checksum has lost 1 of 32 bytes, and those that are left fit.",
    ] {
        assert!(ran.out.contains(text), "{text} in {}", ran.out);
    }
}

#[test]
fn damage_is_told_by_the_exit_code() {
    let scratch = Scratch::new();
    let changed = VECTOR.replace("BURVNU", "BURVNV");
    let ran = scratch.enlist(&["decode-hash", "--verify", &changed]);
    assert_eq!(ran.code, 1);
    assert!(ran.out.contains("does not fit the content"), "{}", ran.out);
    assert_eq!(scratch.enlist(&["decode-hash", &changed]).code, 0);
    let ran = scratch.enlist(&["decode-hash", "T0no+hash=here"]);
    assert_eq!(ran.code, 2);
    assert!(
        !ran.err.contains("T0no"),
        "a hash stays out of messages: {}",
        ran.err
    );
}

#[test]
fn a_damaged_hash_is_shown_as_far_as_it_goes() {
    let scratch = Scratch::new();
    let serial_is_there = |text: &str, fault: &str| {
        let ran = scratch.enlist(&["decode-hash", "--verify", text]);
        assert_eq!(ran.code, 1, "{}", ran.err);
        assert!(ran.out.contains("TEST-0001"), "{}", ran.out);
        let verdict = ran.out.lines().find(|line| line.starts_with("Not right: "));
        assert!(verdict.unwrap().contains(fault), "{verdict:?}");
    };
    serial_is_there(&VECTOR[..100], "its content is cut short");
    serial_is_there(&VECTOR[..148], "its checksum is missing");
    serial_is_there(
        &format!("{}#{}", &VECTOR[..120], &VECTOR[121..]),
        "character 121",
    );
    serial_is_there(&format!("{}\n{}", &VECTOR[..76], &VECTOR[76..]), "blanks");
}

#[test]
fn the_verdict_names_what_the_tool_would_miss() {
    let scratch = Scratch::new();
    let ran = scratch.enlist(&["decode-hash", "--verify", VECTOR]);
    assert_eq!(ran.code, 0);
    let end: Vec<_> = ran.out.lines().rev().take(2).collect();
    assert!(
        end[1].starts_with("Right: the checksum is whole"),
        "{end:?}"
    );
    assert!(
        end[0].contains("would miss DiskSerialNumber, TpmVersion, EkPubHash"),
        "{end:?}"
    );
    let ran = scratch.enlist(&["decode-hash", "--verify", "--format", "xml", VECTOR]);
    assert!(ran.out.ends_with("</HardwareReport>\n"), "{}", ran.out);
    assert!(
        ran.err.starts_with("Right: ") && ran.err.contains("would miss"),
        "{}",
        ran.err
    );
    let whole = device(0).hash().to_text();
    let ran = scratch.enlist(&["decode-hash", "--verify", &whole]);
    assert!(!ran.out.contains("would miss"), "{}", ran.out);
}

#[test]
fn the_first_of_a_list_is_shown_and_the_others_are_announced() {
    let scratch = Scratch::new();
    scratch.write("devices.csv", list());
    let ran = scratch.enlist(&["decode-hash", "devices.csv"]);
    assert_eq!(ran.code, 0);
    assert!(ran.out.contains(device(0).serial.as_str()), "{}", ran.out);
    assert!(!ran.out.contains(device(2).serial.as_str()));
    assert_eq!(
        ran.err,
        "devices.csv is a list: this is row 2. It has 2 more hashes; --row, --line and --serial \
         show another one, --all shows all.\n"
    );
    let piped = scratch.enlist_reading(&["decode-hash"], list().as_bytes());
    assert_eq!(piped.out, ran.out);
}

#[test]
fn a_hash_of_a_list_is_picked_by_row_line_and_serial_number() {
    let scratch = Scratch::new();
    scratch.write("devices.csv", list());
    let picked = |by: &[&str]| {
        let arguments = [&["decode-hash", "devices.csv", "--format", "json"], by].concat();
        let ran = scratch.enlist(&arguments);
        assert_eq!((ran.code, &*ran.err), (0, ""), "{by:?}");
        json(&ran)
    };
    let third = picked(&["--row", "4"]);
    assert_eq!(third["serial"], device(2).serial.as_str());
    assert_eq!(third["line"], 5);
    assert_eq!(picked(&["--line", "5"]), third);
    let serial = device(2).serial;
    assert_eq!(picked(&["--serial", serial.as_str()]), third);
    assert_eq!(
        picked(&["--serial", &serial.as_str().to_lowercase()]),
        third
    );
    // Device 0 has leading zeros, which a spreadsheet drops and the hash proves.
    let short = device(0).serial.as_str().trim_start_matches('0').to_owned();
    let spoilt = list().replacen(device(0).serial.as_str(), &short, 1);
    scratch.write("devices.csv", spoilt);
    assert_eq!(picked(&["--serial", device(0).serial.as_str()])["row"], 2);
    assert_eq!(picked(&["--serial", &short])["row"], 2);
}

#[test]
fn of_several_with_one_serial_number_the_first_with_a_hash_is_shown() {
    let scratch = Scratch::new();
    let serial = device(2).serial;
    let list = list().replacen("S1,,,", &format!("{serial},,,"), 1);
    scratch.write("devices.csv", list);
    let picked = ["decode-hash", "devices.csv", "--serial", serial.as_str()];
    let ran = scratch.enlist(&picked);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(ran.out.starts_with("Row 4, line 5\n"), "{}", ran.out);
    assert!(
        ran.err.starts_with("2 rows have this serial number"),
        "{}",
        ran.err
    );
}

#[test]
fn all_hashes_come_one_after_another() {
    let scratch = Scratch::new();
    scratch.write("devices.csv", list());
    let all =
        |more: &[&str]| scratch.enlist(&[&["decode-hash", "devices.csv", "--all"], more].concat());
    let ran = all(&["--format", "json"]);
    assert_eq!((ran.code, &*ran.err), (0, "1 row has no hardware hash.\n"));
    let lines: Vec<Value> = ran
        .out
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let rows: Vec<_> = lines
        .iter()
        .map(|told| told["row"].as_u64().unwrap())
        .collect();
    assert_eq!(rows, [2, 3, 4]);
    let right: Vec<_> = lines
        .iter()
        .map(|told| told["verdict"]["right"] == true)
        .collect();
    assert_eq!(right, [true, false, true]);
    assert_eq!(lines[1]["fault"], lines[1]["verdict"]["faults"][0]);
    let ran = all(&["--verify"]);
    assert_eq!(ran.code, 1);
    for text in ["Row 2, line 3", "Row 3, line 4", "Row 4, line 5"] {
        assert_eq!(ran.out.matches(text).count(), 1, "{text} in {}", ran.out);
    }
    assert!(
        ran.err.contains("3 hashes: 2 right, 1 not right."),
        "{}",
        ran.err
    );
    let ran = all(&["--format", "xml"]);
    assert!(
        ran.out
            .contains("<HardwareReports>\n  <HardwareReport row=\"2\" line=\"3\">")
    );
    assert_eq!(ran.out.matches("</HardwareReport>").count(), 3);
    assert!(ran.out.ends_with("</HardwareReports>\n"));
}

#[test]
fn what_can_not_be_read_is_named_among_the_others() {
    let scratch = Scratch::new();
    let spoilt = list().replacen("\r\nS1,,,", "\r\nS1,,bm8gaGFzaA==,", 1);
    scratch.write("devices.csv", spoilt);
    let all = |format| {
        let ran = scratch.enlist(&["decode-hash", "devices.csv", "--all", "--format", format]);
        assert_eq!(ran.code, 1, "{}", ran.err);
        ran.out
    };
    let error = "it does not begin like a hardware hash";
    assert!(all("table").contains(&format!("Row 1, line 2\nNot readable: {error}.")));
    let first = all("json").lines().next().unwrap().to_owned();
    let told: Value = serde_json::from_str(&first).unwrap();
    assert_eq!((&told["row"], &told["error"]), (&1.into(), &error.into()));
    let report = format!("<HardwareReport row=\"1\" line=\"2\" error=\"{error}\"/>");
    assert!(all("xml").contains(&report));
    let ran = scratch.enlist(&["decode-hash", "devices.csv", "--row", "1"]);
    assert_eq!((ran.code, &*ran.out), (2, ""));
    assert!(
        ran.err
            .contains("row 1 (line 2) is not a readable hardware hash"),
        "{}",
        ran.err
    );
}

#[test]
fn what_is_not_there_is_said() {
    let scratch = Scratch::new();
    scratch.write("devices.csv", list());
    scratch.write("tuples.csv", tuples(3));
    scratch.write(
        "notes.txt",
        "Please register these devices.\r\nThank you!\r\n",
    );
    scratch.write("empty.txt", "\r\n");
    std::fs::create_dir(scratch.path("folder")).unwrap();
    let refused = |arguments: &[&str], text: &str| {
        let ran = scratch.enlist(&[&["decode-hash"], arguments].concat());
        assert_eq!((ran.code, &*ran.out), (2, ""), "{arguments:?}");
        assert!(ran.err.contains(text), "{text} in {}", ran.err);
    };
    refused(
        &["devices.cvs"],
        "devices.cvs is neither a file nor a hardware hash.",
    );
    refused(&["T0.csv"], "T0.csv is neither a file nor a hardware hash.");
    refused(&[""], "The argument is empty.");
    refused(
        &[&"AAEAHAAA".repeat(20)],
        "The argument of 160 characters is neither",
    );
    refused(&["notes.txt"], "neither a hardware hash nor a device list");
    refused(&["empty.txt"], "empty.txt is empty");
    refused(&["folder"], "folder is a folder");
    refused(&["-"], "standard input is empty");
    refused(
        &["tuples.csv"],
        "None of the 3 rows of tuples.csv has a hardware hash.",
    );
    refused(&["tuples.csv", "--all"], "None of the 3 rows");
    refused(
        &["devices.csv", "--row", "1"],
        "Row 1 (line 2) of devices.csv has no hardware hash.",
    );
    refused(
        &["devices.csv", "--row", "9"],
        "There is no row 9: devices.csv has 4 rows.",
    );
    refused(
        &["devices.csv", "--line", "1"],
        "There is no device in line 1 of devices.csv.",
    );
    refused(
        &["devices.csv", "--serial", "0042"],
        "has the serial number 0042",
    );
    refused(&[VECTOR, "--row", "1"], "That is a single hash");
    refused(
        &["devices.csv", "--row", "1", "--all"],
        "cannot be used with",
    );
}

#[test]
fn a_hash_is_read_from_what_tools_write() {
    let scratch = Scratch::new();
    let utf16 = format!("\u{feff}{VECTOR}\r\n");
    let bytes: Vec<u8> = utf16.encode_utf16().flat_map(u16::to_le_bytes).collect();
    scratch.write("utf16.txt", bytes);
    let report = format!("<?xml version=\"1.0\"?><Key><HardwareHash>{VECTOR}</HardwareHash></Key>");
    scratch.write("OA3.xml", report);
    scratch.write("quoted.txt", format!("\u{feff}\"{VECTOR}\"\n"));
    for file in ["utf16.txt", "OA3.xml", "quoted.txt"] {
        let ran = scratch.enlist(&["decode-hash", "--verify", file]);
        assert_eq!(ran.code, 0, "{file}: {}{}", ran.out, ran.err);
        assert!(ran.out.contains("TEST-0001"), "{file}");
    }
}

#[test]
fn a_hash_can_not_drive_the_terminal_or_break_the_report() {
    let scratch = Scratch::new();
    let bytes = HashBuilder::default()
        .text(14, "00\u{1b}[2J42")
        .text(16, "Cont\"oso <&>")
        .text(17, "Book\r\n13")
        .finish();
    let text = base64_simd::STANDARD.encode_to_string(bytes);
    for format in ["table", "json", "xml"] {
        let ran = scratch.enlist(&["decode-hash", "--verify", "--format", format, &text]);
        assert_eq!(ran.code, 0, "{}", ran.err);
        let is_control = |c: char| c.is_control() && c != '\n';
        assert!(!ran.out.contains(is_control), "{format}: {:?}", ran.out);
        if format == "xml" {
            assert!(
                ran.out.contains("v=\"Cont&quot;oso &lt;&amp;&gt;\""),
                "{}",
                ran.out
            );
            assert!(ran.out.contains("v=\"00\\u{1b}[2J42\""), "{}", ran.out);
        }
    }
}

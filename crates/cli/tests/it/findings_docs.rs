//! The pages in `docs/findings` are what the table of codes says and what the binary answers to the
//! fixture of each code. `ENLIST_BLESS=1 cargo test -p cli --test it findings_docs` writes them anew.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use device_list::{Code, Severity};

use crate::support::{Scratch, repository};

/// Set to write the pages anew.
const BLESS: &str = "ENLIST_BLESS";
/// Columns of the answers on the pages.
const WIDTH: &str = "90";
/// Lines of a fixture on a page.
const LINES: usize = 24;
/// Letters and digits in a row that can only be a hash.
const HASH: usize = 60;

/// The way of registering that the command line does not have: the desk's own.
const PORTAL_ONLY: &str = "for customer-own";

/// The example of a code.
struct Example {
    files: Vec<PathBuf>,
    options: Vec<String>,
    /// Whether the command line says the same; else only the portal does.
    has_command: bool,
}

fn fixtures() -> PathBuf {
    repository("crates/device-list/tests/fixtures")
}

fn sorted(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten();
    let mut paths: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
}

fn example(code: Code) -> Option<Example> {
    let is_it = |path: &PathBuf| {
        path.file_stem().is_some_and(|stem| stem == code.as_str())
            && path.extension().is_none_or(|kind| kind != "options")
    };
    let path = sorted(&fixtures()).into_iter().find(is_it)?;
    let files = if path.is_dir() {
        sorted(&path)
    } else {
        vec![path]
    };
    let options = fs::read_to_string(fixtures().join(format!("{code}.options")));
    let options = options.unwrap_or_default();
    let has_command = options.lines().all(|line| line != PORTAL_ONLY);
    let words = options.lines().filter_map(|line| line.split_once(' '));
    let options = words
        .filter(|(word, _)| *word != "with")
        .flat_map(|(word, value)| [format!("--{word}"), value.to_owned()])
        .collect();
    Some(Example {
        files,
        options,
        has_command,
    })
}

/// A file's path in the folder of the fixtures.
fn name(file: &Path) -> String {
    let name = file.strip_prefix(fixtures()).unwrap();
    name.to_str().unwrap().replace('\\', "/")
}

fn page(scratch: &Scratch, code: Code) -> String {
    let severity = match code.severity() {
        Severity::Error => "Error",
        Severity::Warning => "Warning",
        Severity::Note => "Note",
    };
    let mut page = format!(
        "# {code}: {}\n\n{severity} · [{}](README.md)\n\n**Why.** {}\n\n**How to mend it.** {}\n",
        code.title(),
        code.group(),
        code.why(),
        code.fix_hint()
    );
    if let Some(accept) = code.accepting() {
        let _ = write!(
            page,
            "\n**A guess, if you accept it.** With `--fix --accept {code}`: {accept}\n"
        );
    }
    if let Some((number, name)) = code.dds() {
        let _ = write!(page, "\n**The original answers** {number} `{name}`.\n");
    }
    if let Some(example) = example(code) {
        page.push_str(&said_of(scratch, &example));
    }
    page
}

fn said_of(scratch: &Scratch, example: &Example) -> String {
    let mut text = String::from("\n## Example\n");
    for file in &example.files {
        let shown = shown(&fs::read(file).unwrap());
        let _ = write!(text, "\n`{}`\n```text\n{shown}\n```\n", name(file));
    }
    if !example.has_command {
        text.push_str("\nOnly the portal says so, where customers register their own devices.\n");
        return text;
    }
    let files: Vec<String> = example.files.iter().map(|file| name(file)).collect();
    let mut arguments: Vec<&str> = vec!["check"];
    arguments.extend(example.options.iter().map(String::as_str));
    arguments.extend(files.iter().map(String::as_str));
    let mut command = scratch.command(&arguments);
    let ran = command
        .current_dir(fixtures())
        .env("COLUMNS", WIDTH)
        .output()
        .unwrap();
    let err = String::from_utf8_lossy(&ran.stderr);
    assert!(err.is_empty(), "enlist {}: {err}", arguments.join(" "));
    let told = String::from_utf8(ran.stdout).unwrap();
    let _ = write!(
        text,
        "\n`enlist {}`\n```text\n{}\n```\n",
        arguments.join(" "),
        told.trim_end()
    );
    text
}

/// A fixture as text: hashes shortened, what can't be seen escaped, and no more lines than a page
/// bears.
fn shown(bytes: &[u8]) -> String {
    if bytes.is_empty() {
        return "(an empty file)".into();
    }
    if bytes.starts_with(b"PK\x03\x04") {
        return format!("(a workbook of {} bytes)", bytes.len());
    }
    let text = decoded(bytes);
    let text = text.replace("\r\n", "\n").replace('\0', "␀");
    let odd = text
        .chars()
        .filter(|c| c.is_control() && *c != '\n')
        .count();
    if odd * 10 > text.len() {
        return format!("(not text: {} bytes)", bytes.len());
    }
    let lines: Vec<String> = text.lines().map(|line| shortened(&escaped(line))).collect();
    let mut shown = lines[..lines.len().min(LINES)].join("\n");
    if lines.len() > LINES {
        let _ = write!(shown, "\n… and {} more lines", lines.len() - LINES);
    }
    shown
}

fn decoded(bytes: &[u8]) -> String {
    let wide = |units: &[u8], of: fn([u8; 2]) -> u16| {
        let units: Vec<u16> = units
            .chunks_exact(2)
            .map(|pair| of([pair[0], pair[1]]))
            .collect();
        String::from_utf16_lossy(&units)
    };
    match bytes {
        [0xff, 0xfe, rest @ ..] => wide(rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => wide(rest, u16::from_be_bytes),
        [_, 0, _, 0, ..] => wide(bytes, u16::from_le_bytes),
        [0, _, 0, _, ..] => wide(bytes, u16::from_be_bytes),
        // What is not UTF-8 is ANSI; its letters that fixtures have stand where Latin 1 has them.
        _ => String::from_utf8(bytes.to_vec())
            .unwrap_or_else(|_| bytes.iter().copied().map(char::from).collect()),
    }
}

fn escaped(line: &str) -> String {
    let hidden = |c: char| {
        c.is_control() && c != '\t'
            || matches!(c, '\u{a0}' | '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
    };
    line.chars()
        .map(|c| {
            if hidden(c) {
                c.escape_unicode().to_string()
            } else {
                c.to_string()
            }
        })
        .collect()
}

/// A line whose hashes are cut.
fn shortened(line: &str) -> String {
    let of_hash = |c: char| c.is_ascii_alphanumeric() || "+/=".contains(c);
    let mut shown = String::new();
    let mut rest = line;
    while !rest.is_empty() {
        let run = rest.find(|c| !of_hash(c)).unwrap_or(rest.len());
        if run >= HASH {
            let _ = write!(shown, "{}…({run})", &rest[..12]);
        } else {
            shown.push_str(&rest[..run]);
        }
        let behind = rest[run..].find(of_hash).map_or(rest.len(), |at| run + at);
        shown.push_str(&rest[run..behind]);
        rest = &rest[behind..];
    }
    shown
}

fn index() -> String {
    let mut index = String::from(
        "# Findings\n\nWhat `enlist check` has to say about a device list. Each code has a page: why \
         there is the rule, how to mend it,\nand an example. `enlist explain CODE` says the same; \
         [Checking lists](../checking.md) is about the command.\n\nThis folder is written from the \
         table in the code: `ENLIST_BLESS=1 cargo test -p cli --test it findings_docs`.\n",
    );
    let mut group = "";
    for code in Code::all() {
        if code.group() != group {
            group = code.group();
            let digits = &code.as_str()[..4];
            let _ = write!(
                index,
                "\n## {digits}: {group}\n\n| code | severity | finding | the original answers |\n|---|---|---|---|\n"
            );
        }
        let original = code
            .dds()
            .map_or(String::new(), |(number, name)| format!("{number} `{name}`"));
        let _ = writeln!(
            index,
            "| [{code}]({code}.md) | {} | {} | {original} |",
            code.severity(),
            code.title()
        );
    }
    index
}

/// Every page, by its name.
fn pages() -> BTreeMap<String, String> {
    let scratch = Scratch::new();
    let mut pages: BTreeMap<_, _> = Code::all()
        .map(|code| (format!("{code}.md"), page(&scratch, code)))
        .collect();
    pages.insert("README.md".into(), index());
    pages
}

#[test]
fn the_pages_are_what_the_table_and_the_fixtures_say() {
    let folder = repository("docs/findings");
    let pages = pages();
    if std::env::var_os(BLESS).is_some() {
        fs::create_dir_all(&folder).unwrap();
        for old in sorted(&folder) {
            fs::remove_file(old).unwrap();
        }
        for (name, page) in &pages {
            fs::write(folder.join(name), page).unwrap();
        }
    }
    let found: BTreeMap<_, _> = sorted(&folder)
        .into_iter()
        .map(|path| {
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            (name, fs::read_to_string(path).unwrap())
        })
        .collect();
    let differ: Vec<_> = pages
        .keys()
        .chain(found.keys())
        .filter(|name| pages.get(*name) != found.get(*name))
        .collect();
    assert!(
        differ.is_empty(),
        "docs/findings differs; if every change is meant, write it anew with {BLESS}=1 and read the \
         difference: {differ:?}"
    );
}

#[test]
fn a_fixture_is_shown_as_what_it_is() {
    let hash = "T0Fs".repeat(1000);
    assert_eq!(
        shown(format!("S1,,{hash}=,\r\n\0b\r\n").as_bytes()),
        "S1,,T0FsT0FsT0Fs…(4001),\n␀b"
    );
    assert_eq!(shown(b"\xff\xfea\0,\0"), "a,");
    assert_eq!(shown(b"M\xfcller\r\n"), "Müller");
    assert_eq!(shown(b""), "(an empty file)");
    assert_eq!(shown(b"PK\x03\x04\0\0"), "(a workbook of 6 bytes)");
    assert_eq!(shown(b"\x89\x01\x02\x03"), "(not text: 4 bytes)");
    assert!(shown("a\n".repeat(30).as_bytes()).ends_with("a\n… and 6 more lines"));
}

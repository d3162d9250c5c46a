//! What was given: a hash as the argument, a file with one, or a device list.

use std::io::{self, Cursor, Read};
use std::path::Path;

use crate::exit::Failure;
use crate::input::{Input, not_read};

/// No file system has names as long as a hash; asking it about one would be an error.
const LONGEST_NAME: usize = 255;
/// The longest argument that is repeated in an error: longer ones can be parts of a hash.
const LONGEST_SHOWN: usize = 80;
/// The longest hash has 65,535 bytes and so fewer than 90,000 characters, twice that in UTF-16. What
/// is longer is a list.
const LONGEST_HASH: u64 = 256 * 1024;

/// What there is to decode.
pub(super) enum Given {
    /// A single hash, its text.
    Hash(String),
    /// Something else, in which a list is to be looked for.
    List(Input),
}

/// Finds out what an argument is.
pub(super) fn open(argument: &str) -> Result<Given, Failure> {
    let path = Path::new(argument);
    if argument != "-" && !is_there(argument) {
        return if looks_like_hash(argument) {
            Ok(Given::Hash(argument.trim().to_owned()))
        } else {
            Err(neither(argument))
        };
    }
    if path.is_dir() {
        return Err(Failure::new(
            format!("{argument} is a folder."),
            "Give one of the files in it.",
        ));
    }
    within(Input::open(path)?)
}

fn is_there(argument: &str) -> bool {
    argument.len() < LONGEST_NAME && Path::new(argument).exists()
}

/// Whether an argument that names no file can be meant as a hash.
fn looks_like_hash(argument: &str) -> bool {
    let begins = argument.trim_start().starts_with("T0");
    argument.len() >= LONGEST_NAME || (begins && !argument.contains(['.', '\\']))
}

fn neither(argument: &str) -> Failure {
    let what = match argument.chars().count() {
        0 => "The argument is empty".to_owned(),
        length if length > LONGEST_SHOWN => {
            format!("The argument of {length} characters is neither a file nor a hardware hash")
        }
        _ => format!("{argument} is neither a file nor a hardware hash"),
    };
    Failure::new(
        format!("{what}."),
        "Give a hash, which begins with T0, or the name of a file that is there.",
    )
}

/// Looks into an opened file.
fn within(mut input: Input) -> Result<Given, Failure> {
    let mut head = Vec::new();
    (&mut input.reader)
        .take(LONGEST_HASH)
        .read_to_end(&mut head)
        .map_err(|error: io::Error| not_read(&input.name, &error))?;
    if head
        .iter()
        .all(|byte| byte.is_ascii_whitespace() || *byte == 0)
    {
        return Err(Failure::new(
            format!("{} is empty.", input.name),
            "Give a hash, a file that holds one, or a device list.",
        ));
    }
    if (head.len() as u64) < LONGEST_HASH
        && let Some(hash) = single(&head)
    {
        return Ok(Given::Hash(hash));
    }
    let rest = std::mem::replace(&mut input.reader, Box::new(io::empty()));
    input.reader = Box::new(Cursor::new(head).chain(rest));
    Ok(Given::List(input))
}

/// The one hash that a file holds: alone, or in the report that the tool writes (`OA3.xml`).
fn single(bytes: &[u8]) -> Option<String> {
    // A hash is ASCII: without the NULs UTF-16 reads like any other encoding.
    let bytes: Vec<u8> = bytes.iter().copied().filter(|byte| *byte != 0).collect();
    let text = String::from_utf8_lossy(&bytes);
    let element = text.split_once("<HardwareHash>");
    let text = element.map_or(&*text, |(_, rest)| {
        rest.split('<').next().unwrap_or_default()
    });
    let text = text.trim_matches(|c: char| {
        c.is_whitespace() || matches!(c, '"' | '\'' | '\u{feff}' | char::REPLACEMENT_CHARACTER)
    });
    let is_single = text.starts_with("T0") && !text.contains([',', ';', '\t', '|']);
    is_single.then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_single_hash_is_known_in_every_encoding_and_wrapping() {
        let utf16 = |text: &str, big: bool| {
            let units = std::iter::once('\u{feff}').chain(text.chars());
            let bytes = units.map(|c| {
                if big {
                    (c as u16).to_be_bytes()
                } else {
                    (c as u16).to_le_bytes()
                }
            });
            bytes.flatten().collect::<Vec<_>>()
        };
        for bytes in [
            b"T0FsAA==".to_vec(),
            b"\xef\xbb\xbf\"T0FsAA==\"\r\n".to_vec(),
            utf16("T0FsAA==\r\n", false),
            utf16("T0FsAA==\r\n", true),
            b"<Key><HardwareHash>T0FsAA==</HardwareHash></Key>".to_vec(),
        ] {
            assert_eq!(single(&bytes).as_deref(), Some("T0FsAA=="), "{bytes:?}");
        }
        assert_eq!(single(b"T0Fs\r\nAA==").as_deref(), Some("T0Fs\r\nAA=="));
        for list in ["Serial,Hash\n1,T0FsAA==", "T0,1,2", "", "hash"] {
            assert_eq!(single(list.as_bytes()), None, "{list}");
        }
    }

    #[test]
    fn names_are_no_hashes() {
        assert!(looks_like_hash("T0FsAAEA/+=") && looks_like_hash(&"x".repeat(255)));
        for name in ["T0.csv", "devices.csv", "", "T0\\hash", "hash"] {
            assert!(!looks_like_hash(name), "{name}");
        }
    }
}

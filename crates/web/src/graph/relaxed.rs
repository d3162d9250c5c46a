//! JSON as widely used scripts write it: names without quotes (api.md 5.4, `UpdateDeviceProperties`).

/// The same with every name in quotes, for a JSON reader. What is in texts stays as it is; what is
/// no JSON either way stays none.
pub(super) fn quoted(text: &str) -> String {
    let mut written = String::with_capacity(text.len() + 32);
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '"' => text_length(rest),
            c if begins_name(c) => rest.find(|c| !continues_name(c)).unwrap_or(rest.len()),
            c => c.len_utf8(),
        };
        let (piece, after) = rest.split_at(length);
        if begins_name(first) && after.trim_start().starts_with(':') {
            written.extend(["\"", piece, "\""]);
        } else {
            written.push_str(piece);
        }
        rest = after;
    }
    written
}

fn begins_name(c: char) -> bool {
    c.is_ascii_alphabetic() || "_@$".contains(c)
}

fn continues_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || "_@$.-".contains(c)
}

/// The length of the text at the beginning, its quotes included.
fn text_length(rest: &str) -> usize {
    let mut escaped = false;
    for (at, c) in rest.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return at + 1,
            _ => {}
        }
    }
    rest.len()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::*;

    #[test]
    fn names_without_quotes_are_read_and_texts_stay() {
        let sent = r#"{ userPrincipalName: "ada: \"x\", y: 1", displayName : "Desk 7",
            "groupTag":null, on:true }"#;
        let read: Value = serde_json::from_str(&quoted(sent)).expect("JSON");
        assert_eq!(
            read,
            json!({
                "userPrincipalName": "ada: \"x\", y: 1",
                "displayName": "Desk 7",
                "groupTag": null,
                "on": true,
            })
        );
    }

    proptest! {
        #[test]
        fn json_stays_what_it_is(text in "\\PC*", name in "[a-z]{1,8}") {
            let value = json!({name: text, "a": [1, true, null, {"b:c": "d"}]});
            let read: Value = serde_json::from_str(&quoted(&value.to_string())).expect("JSON");
            prop_assert_eq!(read, value);
        }

        #[test]
        fn nothing_panics(text in "\\PC*") {
            let _ = quoted(&text);
        }
    }
}

//! The form for tools that show findings in code.

use super::*;

#[test]
fn sarif_has_what_its_readers_ask_for() {
    let scratch = Scratch::new();
    lists(&scratch);
    let said: Value = serde_json::from_str(&in_form(&scratch, "sarif")).unwrap();
    assert_eq!(said["version"], "2.1.0");
    assert!(
        said["$schema"]
            .as_str()
            .unwrap()
            .ends_with("sarif-2.1.0.json")
    );
    let run = &said["runs"][0];
    let driver = &run["tool"]["driver"];
    assert_eq!(driver["name"], "enlist");
    let rules = driver["rules"].as_array().unwrap();
    let ids: BTreeSet<_> = rules
        .iter()
        .map(|rule| rule["id"].as_str().unwrap())
        .collect();
    assert_eq!(ids.len(), rules.len(), "each rule once");
    for rule in rules {
        assert!(rule["shortDescription"]["text"].is_string(), "{rule}");
        assert!(rule["help"]["text"].as_str().unwrap().len() > 10, "{rule}");
        // SARIF wants a whole address or none.
        let address = rule.get("helpUri");
        assert!(
            address.is_none_or(|uri| uri.as_str().unwrap().contains("://")),
            "{rule}"
        );
    }
    let artifacts = run["artifacts"].as_array().unwrap();
    assert_eq!(artifacts.len(), LISTS.len());
    let results = run["results"].as_array().unwrap();
    for result in results {
        let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(rules[index]["id"], result["ruleId"]);
        assert!(["error", "warning", "note"].contains(&result["level"].as_str().unwrap()));
        assert!(!result["message"]["text"].as_str().unwrap().is_empty());
        let place = &result["locations"][0]["physicalLocation"];
        let list = &place["artifactLocation"];
        let artifact = usize::try_from(list["index"].as_u64().unwrap()).unwrap();
        assert_eq!(artifacts[artifact]["location"]["uri"], list["uri"]);
        let uri = list["uri"].as_str().unwrap();
        assert!(
            uri.bytes().all(|b| b.is_ascii_graphic() && b != b'<'),
            "{uri}"
        );
        if let Some(region) = place.get("region") {
            assert!(region["startLine"].as_u64().unwrap() >= 1);
            // Bytes beside a line that they are only a part of make a region invalid.
            assert!(region.get("byteOffset").is_none(), "{region}");
        }
    }
    assert!(results.iter().any(|result| result.get("fixes").is_some()));
}

#[test]
fn a_fix_of_sarif_put_in_its_place_mends_the_list() {
    let scratch = Scratch::new();
    let list = "Manufacturer,Model,Serial number\r\n Contoso,\"Book 13\",0042\r\n";
    for (name, bytes) in [
        ("plain.csv", list.as_bytes().to_vec()),
        (
            "wide.csv",
            list.encode_utf16().flat_map(u16::to_le_bytes).collect(),
        ),
    ] {
        scratch.write(name, &bytes);
        let ran = scratch.enlist(&["check", "--format", "sarif", name]);
        let said = json(&ran);
        let results = said["runs"][0]["results"].as_array().unwrap();
        let of = |code: &str| {
            let mut found = results.iter().filter(|result| result["ruleId"] == code);
            let fix = &found.next().unwrap()["fixes"][0]["artifactChanges"][0]["replacements"][0];
            let number = |name: &str| fix["deletedRegion"][name].as_u64().unwrap();
            let from = usize::try_from(number("byteOffset")).unwrap();
            let to = from + usize::try_from(number("byteLength")).unwrap();
            (from..to, fix["insertedContent"]["text"].clone())
        };
        let told = |range: std::ops::Range<usize>| {
            let letters = bytes[range].iter().filter(|byte| **byte != 0);
            String::from_utf8(letters.copied().collect()).unwrap()
        };
        let (place, text) = of("EN0203");
        assert_eq!(
            (told(place), text),
            ("Serial number".into(), json!("Serial Number"))
        );
        let (place, text) = of("EN0310");
        assert_eq!((told(place), text), (" Contoso".into(), json!("Contoso")));
    }
}

//! What a machine can check of WCAG 2.2 AA on one page: a script run in the browser.

use std::collections::BTreeMap;

use serde_json::json;

use super::webdriver::WebDriver;

const SCHEMES: [&str; 2] = ["light", "dark"];
const WIDTHS: [u32; 2] = [1280, 390];

/// Everything wrong on the page as it stands, light and dark, wide and at 390 pixels.
pub(crate) fn check(driver: &mut WebDriver) -> Vec<String> {
    let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for scheme in SCHEMES {
        let media = json!({ "features": [{ "name": "prefers-color-scheme", "value": scheme }] });
        driver.devtools("Emulation.setEmulatedMedia", &media);
        for width in WIDTHS {
            let size = json!({
                "width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 600,
            });
            driver.devtools("Emulation.setDeviceMetricsOverride", &size);
            let list = driver.run(include_str!("accessibility.js"), &json!([]));
            let list: Vec<String> = serde_json::from_value(list).expect("a list of words");
            for what in list {
                found
                    .entry(what)
                    .or_default()
                    .push(format!("{scheme} {width}"));
            }
        }
    }
    driver.devtools("Emulation.setEmulatedMedia", &json!({ "features": [] }));
    driver.devtools("Emulation.clearDeviceMetricsOverride", &json!({}));
    let told = |(what, modes): (String, Vec<String>)| format!("{what} [{}]", modes.join(", "));
    found.into_iter().map(told).collect()
}

//! What a machine can check of WCAG 2.2 AA on one page: a script run in the browser.

use serde_json::json;

use super::webdriver::WebDriver;

/// Everything wrong on the page as it stands, light and dark, wide and at 390 pixels.
pub(crate) fn check(driver: &mut WebDriver) -> Vec<String> {
    let mut found = Vec::new();
    for scheme in ["light", "dark"] {
        let media = json!({ "features": [{ "name": "prefers-color-scheme", "value": scheme }] });
        driver.devtools("Emulation.setEmulatedMedia", &media);
        for width in [1280, 390] {
            let size = json!({
                "width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 600,
            });
            driver.devtools("Emulation.setDeviceMetricsOverride", &size);
            let list = driver.run(include_str!("accessibility.js"), &json!([]));
            for what in list.as_array().expect("a list") {
                let what = what.as_str().unwrap_or_default();
                found.push(format!("{what} ({scheme}, {width} wide)"));
            }
        }
    }
    driver.devtools("Emulation.setEmulatedMedia", &json!({ "features": [] }));
    driver.devtools("Emulation.clearDeviceMetricsOverride", &json!({}));
    found
}

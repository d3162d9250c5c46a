//! What a person does in a browser, in the words of a test. Everything waits until it is there.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::accessibility;
use super::http::Client;
use super::webdriver::{Element, WebDriver, until, write_picture};

/// A person at a browser.
pub(crate) struct Browser {
    /// For what has no word here.
    pub(crate) driver: WebDriver,
    base: String,
    /// Whether the pages' scripts run.
    pub(crate) scripts: bool,
    pictures: Option<PathBuf>,
    taken: u32,
    /// What the accessibility check found, page by page.
    pub(crate) complaints: Vec<String>,
}

impl Browser {
    /// A browser on the portal at `base`. With `ENLIST_SCREENSHOTS=DIR` it takes pictures.
    pub(crate) fn start(base: &str, scripts: bool) -> Self {
        let pictures = std::env::var_os("ENLIST_SCREENSHOTS").map(|folder| {
            let name = if scripts {
                "with-scripts"
            } else {
                "without-scripts"
            };
            Path::new(&folder).join(name)
        });
        if let Some(folder) = &pictures {
            std::fs::create_dir_all(folder).expect("ENLIST_SCREENSHOTS names a folder");
        }
        Self {
            driver: WebDriver::start(scripts),
            base: base.to_owned(),
            scripts,
            pictures,
            taken: 0,
            complaints: Vec::new(),
        }
    }

    /// Whether a page's own scripts run in this browser, tried out.
    pub(crate) fn scripts_run(&mut self) -> bool {
        let page = "data:text/html,<title>off</title><script>document.title='on'</script>";
        self.driver.open(page);
        let title = self.driver.run("return document.title", &json!([]));
        title == "on"
    }

    /// Opens a page of the portal.
    pub(crate) fn open(&mut self, path: &str) {
        let url = format!("{}{path}", self.base);
        self.driver.open(&url);
    }

    /// Opens a link that was handed out.
    pub(crate) fn open_link(&mut self, url: &str) {
        self.driver.open(url);
    }

    /// The path of the page.
    pub(crate) fn path(&mut self) -> String {
        let url = self.driver.url();
        url.strip_prefix(&self.base).unwrap_or(&url).to_owned()
    }

    /// All text that is shown; capitals don't count, styles may change them.
    pub(crate) fn shown(&mut self) -> String {
        let text = self
            .driver
            .run("return document.body.innerText", &json!([]));
        words(text.as_str().unwrap_or_default())
    }

    /// Waits until the text is shown.
    pub(crate) fn see(&mut self, text: &str) {
        let wanted = words(text);
        until("waiting for a text", || {
            let shown = self.shown();
            if shown.contains(&wanted) {
                Ok(())
            } else {
                Err(format!("\"{text}\" is not on {}:\n{shown}", self.path()))
            }
        });
    }

    /// The text is not on the page that is there.
    pub(crate) fn see_no(&mut self, text: &str) {
        let shown = self.shown();
        assert!(
            !shown.contains(&words(text)),
            "\"{text}\" is on {}:\n{shown}",
            self.path()
        );
    }

    /// Waits for the page with this main heading, checks it and takes its picture.
    pub(crate) fn arrive(&mut self, heading: &str) {
        let wanted = words(heading);
        until("waiting for a page", || {
            let found = self.driver.run(
                "return document.querySelector('h1')?.innerText ?? ''",
                &json!([]),
            );
            let found = words(found.as_str().unwrap_or_default());
            if found.contains(&wanted) {
                Ok(())
            } else {
                Err(format!(
                    "\"{heading}\" wanted, \"{found}\" found: {}",
                    self.shown()
                ))
            }
        });
        self.look(heading);
    }

    /// Looks at the page as it stands: the accessibility check, and pictures when wanted.
    pub(crate) fn look(&mut self, name: &str) {
        if self.scripts {
            let found = accessibility::check(&mut self.driver);
            // The same rule broken by every row of a table is told a few times.
            let told = found.iter().take(10);
            let told: Vec<_> = told.map(|what| format!("{name}: {what}")).collect();
            self.complaints.extend(told);
        }
        self.take_pictures(name);
    }

    /// One element that the selector finds.
    pub(crate) fn one(&mut self, css: &str) -> Element {
        until("waiting for an element", || {
            let found = self.driver.find_all(css)?;
            found.into_iter().next().ok_or_else(|| format!("no {css}"))
        })
    }

    /// How many elements the selector finds now.
    pub(crate) fn count(&mut self, css: &str) -> usize {
        self.driver.find_all(css).expect("a selector").len()
    }

    /// What stands in the element.
    pub(crate) fn text_of(&mut self, css: &str) -> String {
        until("reading an element", || {
            let found = self.driver.find_all(css)?;
            let first = found.first().ok_or_else(|| format!("no {css}"))?;
            self.driver.text(first)
        })
    }

    /// What stands in the element, shown or not.
    pub(crate) fn hidden_text_of(&mut self, css: &str) -> String {
        let script = "return document.querySelector(arguments[0])?.textContent ?? ''";
        let text = self.driver.run(script, &json!([css]));
        text.as_str().unwrap_or_default().to_owned()
    }

    /// Types into the field of this name.
    pub(crate) fn fill(&mut self, name: &str, text: &str) {
        let field = self.one(&format!(":not([type=hidden])[name=\"{name}\"]"));
        self.driver.clear(&field).expect("a text field");
        self.driver.type_into(&field, text).expect("a text field");
    }

    /// The cells of each table row, as text.
    pub(crate) fn rows(&mut self) -> Vec<String> {
        let script = "return [...document.querySelectorAll('tbody tr')].map(r => r.innerText)";
        let rows = self.driver.run(script, &json!([]));
        let rows = rows.as_array().into_iter().flatten();
        rows.map(|row| words(row.as_str().unwrap_or_default()))
            .collect()
    }

    /// Waits for a table row that has all of these texts.
    pub(crate) fn see_row(&mut self, texts: &[&str]) {
        let wanted: Vec<_> = texts.iter().map(|text| words(text)).collect();
        until("waiting for a row", || {
            let rows = self.rows();
            if rows
                .iter()
                .any(|row| wanted.iter().all(|text| row.contains(text)))
            {
                Ok(())
            } else {
                Err(format!(
                    "no row with {texts:?} on {}:\n{}",
                    self.path(),
                    rows.join("\n")
                ))
            }
        });
    }

    /// Somebody with this browser's session who speaks HTTP without a browser.
    pub(crate) fn client(&mut self) -> Client {
        let address = self.base.trim_start_matches("http://");
        let mut client = Client::new(address);
        let cookies = self.driver.cookies();
        for cookie in cookies.as_array().into_iter().flatten() {
            let text = |key: &str| cookie[key].as_str().unwrap_or_default().to_owned();
            client.set_cookie(&text("name"), &text("value"));
        }
        client
    }

    /// Picks a file in the field of this name.
    pub(crate) fn browse(&mut self, name: &str, file: &Path) {
        let field = self.one(&format!("input[type=file][name=\"{name}\"]"));
        let path = file.to_str().expect("a plain path");
        self.driver.type_into(&field, path).expect("a file field");
    }

    /// Chooses a radio button or ticks a checkbox.
    pub(crate) fn choose(&mut self, name: &str, value: &str) {
        let css = format!("input[name=\"{name}\"][value=\"{value}\"]");
        until("choosing", || {
            let found = self.driver.find_all(&css)?;
            let first = found.first().ok_or_else(|| format!("no {css}"))?;
            self.driver.click(first)
        });
    }

    /// Picks the choice of a list that begins with this text.
    pub(crate) fn pick(&mut self, css: &str, label: &str) {
        until(&format!("picking \"{label}\" in {css}"), || {
            for option in self.driver.find_all(&format!("{css} option"))? {
                if self.driver.text(&option)?.starts_with(label) {
                    return self.driver.click(&option);
                }
            }
            Err("no such choice".to_owned())
        });
    }

    /// Clicks the button or link with this text.
    pub(crate) fn press(&mut self, label: &str) {
        let exact = format!("normalize-space(.)=\"{label}\"");
        let begins = format!("starts-with(normalize-space(.), \"{label}\")");
        let xpath = |test: &str| format!("//*[self::a or self::button][{test}]");
        until(&format!("pressing \"{label}\""), || {
            for test in [&exact, &begins] {
                for element in self.driver.find_xpath(&xpath(test))? {
                    if self.driver.click(&element).is_ok() {
                        return Ok(());
                    }
                }
            }
            Err(format!("no button or link \"{label}\" on {}", self.path()))
        });
    }

    /// Types into the field that the selector finds.
    pub(crate) fn fill_one(&mut self, css: &str, text: &str) {
        let field = self.one(css);
        self.driver.clear(&field).expect("a text field");
        self.driver.type_into(&field, text).expect("a text field");
    }

    /// Clicks the button with this text inside of what the selector finds.
    pub(crate) fn press_in(&mut self, css: &str, label: &str) {
        until(&format!("pressing \"{label}\" in {css}"), || {
            for button in self.driver.find_all(&format!("{css} button"))? {
                if self.driver.text(&button)?.starts_with(label) {
                    return self.driver.click(&button);
                }
            }
            Err(format!("no such button on {}", self.path()))
        });
    }

    /// Where the link with this text leads.
    pub(crate) fn link_to(&mut self, label: &str) -> String {
        let xpath = format!("//a[starts-with(normalize-space(.), \"{label}\")]");
        until(&format!("looking for the link \"{label}\""), || {
            let found = self.driver.find_xpath(&xpath)?;
            let first = found.first().ok_or("no such link")?;
            self.driver.property(first, "href")
        })
    }

    /// Leaves the session of one person and goes on in that of another (none: signed out).
    pub(crate) fn change_person(&mut self, session: &Value) -> Value {
        let before = self.driver.cookies();
        self.driver.set_cookies(session);
        before
    }

    /// Signs in by the form.
    pub(crate) fn sign_in(&mut self, email: &str, password: &str) {
        self.fill("email", email);
        self.fill("password", password);
        self.press("Sign in");
    }

    /// Fails with everything that the accessibility check found.
    pub(crate) fn assert_accessible(&self) {
        let mut list = self.complaints.clone();
        list.sort();
        list.dedup();
        assert!(list.is_empty(), "accessibility:\n{}", list.join("\n"));
    }

    fn take_pictures(&mut self, name: &str) {
        let Some(folder) = self.pictures.clone() else {
            return;
        };
        self.taken += 1;
        let name: String = name
            .chars()
            .map(|c| {
                if c.is_ascii_alphanumeric() {
                    c.to_ascii_lowercase()
                } else {
                    '-'
                }
            })
            .collect();
        for (size, width) in [("wide", 1280), ("narrow", 390)] {
            for scheme in ["light", "dark"] {
                let picture = self.picture(width, scheme);
                let file = format!("{:02}-{name}-{size}-{scheme}.png", self.taken);
                write_picture(&picture, &folder.join(file));
            }
        }
        self.driver
            .devtools("Emulation.setEmulatedMedia", &json!({ "features": [] }));
        self.driver
            .devtools("Emulation.clearDeviceMetricsOverride", &json!({}));
    }

    /// The whole page at this width, at most 3,000 pixels of it.
    fn picture(&mut self, width: u32, scheme: &str) -> String {
        let scheme = json!({ "features": [{ "name": "prefers-color-scheme", "value": scheme }] });
        self.driver.devtools("Emulation.setEmulatedMedia", &scheme);
        self.driver.run("scrollTo(0, 0)", &json!([]));
        let mut size = json!({
            "width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 600,
        });
        self.driver
            .devtools("Emulation.setDeviceMetricsOverride", &size);
        let tall = self
            .driver
            .run("return document.documentElement.scrollHeight", &json!([]));
        size["height"] = json!(tall.as_u64().unwrap_or(900).clamp(900, 3000));
        self.driver
            .devtools("Emulation.setDeviceMetricsOverride", &size);
        self.driver.picture()
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("accessibility so far:\n{}", self.complaints.join("\n"));
        }
    }
}

/// Lower case, and one blank where there are several.
fn words(text: &str) -> String {
    text.to_lowercase()
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
}

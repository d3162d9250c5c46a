//! A real Chromium through chromedriver, spoken to in W3C `WebDriver`: JSON over plain HTTP. A
//! client crate would bring fifty more crates for the dozen commands used here.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tempfile::TempDir;

use super::http::Client;

/// The key under which `WebDriver` hands out elements.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";
/// How long anything may take before a test gives up.
pub(crate) const PATIENCE: Duration = Duration::from_mins(1);

/// Whether browser tests are switched off (`scripts/test --quick`); says so when they are.
pub(crate) fn switched_off() -> bool {
    let off = std::env::var("ENLIST_TEST_BROWSER").is_ok_and(|value| value == "off");
    if off {
        eprintln!("no browser test: ENLIST_TEST_BROWSER is off");
    }
    off
}

/// One browser with a profile of its own. Dropping it ends the browser and its driver.
pub(crate) struct WebDriver {
    driver: Child,
    client: Client,
    session: String,
    browser: Option<u64>,
    profile: TempDir,
}

/// An element of the page.
#[derive(Debug, Clone)]
pub(crate) struct Element(String);

impl WebDriver {
    /// Starts chromedriver on a free port and a headless Chromium.
    pub(crate) fn start(scripts: bool) -> Self {
        let profile = tempfile::tempdir().expect("a folder for the browser's profile");
        let (driver, port) = start_driver();
        let mut browser = Self {
            driver,
            client: Client::new(&format!("127.0.0.1:{port}")),
            session: String::new(),
            browser: None,
            profile,
        };
        let wanted = capabilities(browser.profile.path(), scripts);
        let made = browser
            .call("POST", "/session", &wanted)
            .expect("Chromium starts; scripts/test installs it");
        browser.session = text(&made["sessionId"]);
        browser.browser = made["capabilities"]["goog:processID"].as_u64();
        browser
    }

    /// A command of the session; the error is `WebDriver`'s message.
    pub(crate) fn command(
        &mut self,
        method: &str,
        path: &str,
        body: &Value,
    ) -> Result<Value, String> {
        let path = format!("/session/{}/{path}", self.session);
        self.call(method, &path, body)
    }

    fn call(&mut self, method: &str, path: &str, body: &Value) -> Result<Value, String> {
        let body = (method == "POST").then(|| ("application/json", body.to_string().into_bytes()));
        let answer = self
            .client
            .send(method, path, body)
            .map_err(|e| e.to_string())?;
        let mut said: Value = serde_json::from_slice(&answer.body).map_err(|e| e.to_string())?;
        let value = said["value"].take();
        if answer.status == 200 {
            Ok(value)
        } else {
            let message = text(&value["message"]);
            Err(format!(
                "{path}: {}",
                message.lines().next().unwrap_or_default()
            ))
        }
    }

    fn get(&mut self, path: &str) -> Result<Value, String> {
        self.command("GET", path, &Value::Null)
    }

    /// Opens an address and waits until it is loaded.
    pub(crate) fn open(&mut self, url: &str) {
        self.command("POST", "url", &json!({ "url": url }))
            .expect("the page opens");
    }

    /// The address of the page.
    pub(crate) fn url(&mut self) -> String {
        text(&self.get("url").expect("an address"))
    }

    /// Every element that the selector finds now.
    pub(crate) fn find_all(&mut self, css: &str) -> Result<Vec<Element>, String> {
        let using = json!({ "using": "css selector", "value": css });
        elements(&self.command("POST", "elements", &using)?)
    }

    /// Every element that the `XPath` finds now.
    pub(crate) fn find_xpath(&mut self, xpath: &str) -> Result<Vec<Element>, String> {
        let using = json!({ "using": "xpath", "value": xpath });
        elements(&self.command("POST", "elements", &using)?)
    }

    /// What stands in the element, as it is shown.
    pub(crate) fn text(&mut self, element: &Element) -> Result<String, String> {
        Ok(text(&self.get(&format!("element/{}/text", element.0))?))
    }

    /// A property of the element, as text.
    pub(crate) fn property(&mut self, element: &Element, name: &str) -> Result<String, String> {
        Ok(text(
            &self.get(&format!("element/{}/property/{name}", element.0))?,
        ))
    }

    pub(crate) fn click(&mut self, element: &Element) -> Result<(), String> {
        self.command("POST", &format!("element/{}/click", element.0), &json!({}))
            .map(drop)
    }

    pub(crate) fn clear(&mut self, element: &Element) -> Result<(), String> {
        self.command("POST", &format!("element/{}/clear", element.0), &json!({}))
            .map(drop)
    }

    /// Types into an element, or names the file of a file field.
    pub(crate) fn type_into(&mut self, element: &Element, keys: &str) -> Result<(), String> {
        let keys = json!({ "text": keys });
        self.command("POST", &format!("element/{}/value", element.0), &keys)
            .map(drop)
    }

    /// Presses one key wherever the focus is.
    pub(crate) fn press(&mut self, key: char) {
        let steps = json!([
            { "type": "keyDown", "value": key.to_string() },
            { "type": "keyUp", "value": key.to_string() },
        ]);
        let actions = json!({ "actions": [{ "type": "key", "id": "keys", "actions": steps }] });
        self.command("POST", "actions", &actions)
            .expect("a key is pressed");
    }

    /// Runs a script of the test in the page; works where the page's own scripts are off.
    pub(crate) fn run(&mut self, script: &str, arguments: &Value) -> Value {
        let body = json!({ "script": script, "args": arguments });
        self.command("POST", "execute/sync", &body)
            .unwrap_or_else(|error| panic!("{error} in {script}"))
    }

    /// The page as PNG, base64.
    pub(crate) fn picture(&mut self) -> String {
        text(&self.get("screenshot").expect("a picture"))
    }

    /// A command of the `DevTools` protocol.
    pub(crate) fn devtools(&mut self, command: &str, parameters: &Value) -> Value {
        let body = json!({ "cmd": command, "params": parameters });
        self.command("POST", "goog/cdp/execute", &body)
            .expect("DevTools takes it")
    }

    pub(crate) fn cookies(&mut self) -> Value {
        self.get("cookie").expect("cookies")
    }

    pub(crate) fn set_cookies(&mut self, cookies: &Value) {
        self.command("DELETE", "cookie", &Value::Null)
            .expect("no cookies");
        for cookie in cookies.as_array().into_iter().flatten() {
            self.command("POST", "cookie", &json!({ "cookie": cookie }))
                .expect("a cookie");
        }
    }
}

impl Drop for WebDriver {
    fn drop(&mut self) {
        if !self.session.is_empty() {
            // Closes the browser; the profile can only be removed when it is gone.
            let path = format!("/session/{}", self.session);
            let _ = self.call("DELETE", &path, &Value::Null);
        }
        if let Some(id) = self.browser {
            // Gone by now, unless it did not answer.
            let _ = Command::new("kill")
                .args(["-9", &id.to_string()])
                .stderr(Stdio::null())
                .status();
        }
        let _ = self.driver.kill();
        let _ = self.driver.wait();
    }
}

fn capabilities(profile: &Path, scripts: bool) -> Value {
    let profile = format!("--user-data-dir={}", profile.display());
    let arguments = [
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--disable-dev-shm-usage",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--hide-scrollbars",
        "--disable-sync",
        "--window-size=1280,900",
        &profile,
    ];
    let allowed = if scripts { 1 } else { 2 };
    json!({ "capabilities": { "alwaysMatch": {
        "browserName": "chrome",
        "goog:chromeOptions": {
            "args": arguments,
            "prefs": { "profile.managed_default_content_settings.javascript": allowed },
        },
    } } })
}

/// The driver says its port in its first lines.
fn start_driver() -> (Child, u16) {
    let started = Command::new("chromedriver")
        .args(["--port=0", "--log-level=SEVERE"])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn();
    let mut driver = started.unwrap_or_else(|error| {
        panic!(
            "chromedriver does not start ({error}). Run the tests by scripts/test, which installs \
             Chromium and its driver, or leave the browser out by scripts/test --quick."
        )
    });
    let output = driver.stdout.take().expect("stdout is a pipe");
    let mut lines = BufReader::new(output).lines();
    let port = lines
        .by_ref()
        .map_while(Result::ok)
        .find_map(|line| {
            let (_, port) = line.split_once("started successfully on port ")?;
            port.trim_end_matches('.').parse().ok()
        })
        .expect("chromedriver says its port");
    std::thread::spawn(move || lines.for_each(drop));
    (driver, port)
}

fn elements(found: &Value) -> Result<Vec<Element>, String> {
    let list = found.as_array().ok_or("no list of elements")?;
    Ok(list
        .iter()
        .map(|one| Element(text(&one[ELEMENT])))
        .collect())
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// Tries until something comes out or patience ends.
pub(crate) fn until<T>(what: &str, mut attempt: impl FnMut() -> Result<T, String>) -> T {
    let started = Instant::now();
    loop {
        match attempt() {
            Ok(value) => return value,
            Err(error) if started.elapsed() > PATIENCE => panic!("{what}: {error}"),
            Err(_) => std::thread::sleep(Duration::from_millis(50)),
        }
    }
}

/// Writes a picture taken by [`WebDriver::picture`].
pub(crate) fn write_picture(picture: &str, path: &Path) {
    let bytes = base64_simd::STANDARD
        .decode_to_vec(picture)
        .expect("base64");
    fs::write(path, bytes).expect("the picture is written");
}

//! The whole journey in real Chromium, once with the pages' scripts switched off and once with them:
//! from the one-time link on the server's console to a device that is turned away again.

use std::fs;
use std::path::PathBuf;

use device_list::sample::SampleDevice;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::journey_list::{self, REFUSED_MAKER};
use crate::world::browser::Browser;
use crate::world::database::Database;
use crate::world::desk::PASSWORD;
use crate::world::keyboard;
use crate::world::server::Server;
use crate::world::webdriver::switched_off;

#[test]
fn the_whole_journey_without_scripts() {
    if !switched_off() {
        Journey::begin(false).go();
    }
}

#[test]
fn the_whole_journey_with_scripts() {
    if !switched_off() {
        let browser = Journey::begin(true).go();
        browser.assert_accessible();
    }
}

/// The registry, the browser, and the sessions of the people who take turns at it.
pub(crate) struct Journey {
    pub(crate) browser: Browser,
    pub(crate) server: Server,
    pub(crate) files: TempDir,
    pub(crate) device: SampleDevice,
    operator: Value,
    pub(crate) partner: Value,
    pub(crate) administrator: Value,
    pub(crate) reader: Value,
    _database: Database,
}

impl Journey {
    fn begin(scripts: bool) -> Self {
        let database = Database::sqlite();
        // One row a transaction: slow enough to be watched.
        let server = Server::start(&database.url(), &["--chunk-rows", "1"]);
        let mut browser = Browser::start(&server.url(""), scripts);
        assert_eq!(
            browser.scripts_run(),
            scripts,
            "whether the pages' scripts run"
        );
        let files = tempfile::tempdir().expect("a folder for the lists");
        let list = journey_list::list();
        fs::write(files.path().join(journey_list::NAME), &list.bytes).expect("the list");
        Self {
            browser,
            server,
            files,
            device: list.device,
            operator: Value::Null,
            partner: Value::Null,
            administrator: Value::Null,
            reader: Value::Null,
            _database: database,
        }
    }

    pub(crate) fn go(mut self) -> Browser {
        self.operator_sets_up();
        self.operator_creates_organizations();
        self.customer_adds_a_reader();
        self.partner_manages_api_clients();
        let link = self.partner_invites();
        self.reader_can_not_accept(&link);
        self.administrator_accepts(&link);
        self.partner_adds_devices();
        self.partner_mends_the_list();
        self.partner_uses_the_repaired_list();
        self.partner_saves_and_reads_the_result();
        self.partner_sees_devices_and_profiles();
        self.devices_ask();
        self.customer_sees_its_devices();
        self.customer_assigns_profiles();
        self.customer_revokes();
        self.next_upload_is_refused();
        self.customer_deregisters();
        self.browser
    }

    /// Goes on as somebody else; the session left behind is kept.
    pub(crate) fn turn(&mut self, next: fn(&mut Self) -> &mut Value) {
        let session = next(self).clone();
        self.browser.change_person(&session);
    }

    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.files.path().join(name)
    }

    fn operator_sets_up(&mut self) {
        let link = self.server.set_up_path();
        let browser = &mut self.browser;
        browser.open("/sign-in");
        browser.arrive("Sign in");
        browser.open(&link);
        browser.arrive("Set up this registry");
        browser.fill("name", "Registry Operations");
        browser.fill("domain", "registry.example");
        browser.fill("person_name", "Olga Operator");
        browser.fill("email", "olga@registry.example");
        browser.fill("password", PASSWORD);
        browser.fill("password_again", "a slip of the finger");
        browser.press("Set up");
        browser.see("The two passwords differ");
        browser.look("Set up, passwords differ");
        browser.fill("password", PASSWORD);
        browser.fill("password_again", PASSWORD);
        browser.press("Set up");
        browser.arrive("Organizations");
        browser.see("The registry is set up");
        browser.open("/directory");
        browser.arrive("Directory");
        browser.fill("manufacturer", REFUSED_MAKER);
        browser.choose("policy", "refuse");
        browser.press("Save");
        browser.see("Refuse as not found");
        for (page, heading) in [
            ("/profiles", "Profiles and tags"),
            ("/settings", "Settings"),
            ("/people", "People"),
            ("/activity", "Activity"),
            ("/no-such-page", "Nothing here"),
        ] {
            browser.open(page);
            browser.arrive(heading);
        }
        self.browser.open("/profiles");
        self.browser
            .press("Modern Workplace Autopilot Profile Kiosk");
        self.browser
            .arrive("Modern Workplace Autopilot Profile Kiosk");
        self.operator = self.browser.driver.cookies();
    }

    fn operator_creates_organizations(&mut self) {
        let partner = self.organization("partner", "Contoso Devices", "Paula Partner");
        let oem = self.organization("oem", "Fabrikam Works", "Otto Maker");
        let customer = self.organization("customer", "Northwind Traders", "Greta Global");
        self.first_password(&oem, "Customers");
        self.browser.open("/link");
        self.browser.arrive("Your unique link");
        self.partner = self.first_password(&partner, "Customers");
        self.administrator = self.first_password(&customer, "Devices");
    }

    /// Creates an organization in the portal; the answer is its administrator's one-time link.
    fn organization(&mut self, kind: &str, name: &str, person: &str) -> String {
        self.turn(|journey| &mut journey.operator);
        let browser = &mut self.browser;
        let domain = format!("{}.example", name.to_lowercase().replace(' ', "-"));
        let first = person.split(' ').next().unwrap_or_default().to_lowercase();
        browser.open("/organizations");
        browser.press("Create an organization");
        browser.arrive("Create an organization");
        browser.choose("kind", kind);
        browser.fill("name", name);
        browser.fill("domain", &domain);
        browser.fill("person_name", person);
        browser.fill("email", &format!("{first}@{domain}"));
        browser.press("Create");
        browser.arrive(name);
        browser.text_of("#link")
    }

    /// Opens a one-time link, chooses a password, and gives the session that begins.
    fn first_password(&mut self, link: &str, home: &str) -> Value {
        let browser = &mut self.browser;
        browser.change_person(&json!([]));
        browser.open_link(link);
        browser.arrive("Welcome");
        browser.fill("password", PASSWORD);
        browser.fill("password_again", PASSWORD);
        browser.press("Set password and sign in");
        browser.arrive(home);
        browser.driver.cookies()
    }

    fn customer_adds_a_reader(&mut self) {
        self.turn(|journey| &mut journey.administrator);
        let browser = &mut self.browser;
        browser.open("/people");
        browser.arrive("People");
        browser.fill("person_name", "Rita Reader");
        browser.fill("email", "rita@northwind-traders.example");
        browser.choose("role", "reader");
        browser.press("Add and make the one-time link");
        browser.arrive("One-time link");
        let link = browser.text_of("#link");
        self.reader = self.first_password(&link, "Devices");
    }

    /// "Request a reseller relationship"; the answer is the link to send.
    fn partner_invites(&mut self) -> String {
        self.turn(|journey| &mut journey.partner);
        let browser = &mut self.browser;
        browser.open("/customers");
        browser.see("No customers yet");
        browser.press("Request a reseller relationship");
        browser.arrive("Request a reseller relationship");
        browser.fill("customer_label", "Northwind");
        browser.press("Make the invitation");
        browser.see("Text to send");
        browser.look("Invitation text");
        let link = browser.text_of("#link");
        assert!(
            browser.text_of("#draft").contains(&link),
            "the text has the link"
        );
        browser.open("/customers");
        browser.see("Waits for the customer");
        browser.look("Customers, waiting");
        link
    }

    fn reader_can_not_accept(&mut self, link: &str) {
        let browser = &mut self.browser;
        browser.change_person(&json!([]));
        browser.open_link(link);
        browser.arrive("Sign in");
        keyboard::walk(browser, "form");
        browser.sign_in("rita@northwind-traders.example", "not her password");
        browser.see("don't belong together");
        browser.look("Sign in, refused");
        browser.sign_in("rita@northwind-traders.example", PASSWORD);
        browser.see("only a global administrator may accept");
        browser.look("Invitation, reader");
        assert_eq!(browser.count("[name=yes]"), 0, "nothing to accept");
        browser.see("Greta Global");
    }

    fn administrator_accepts(&mut self, link: &str) {
        self.turn(|journey| &mut journey.administrator);
        let browser = &mut self.browser;
        browser.open_link(link);
        browser.see("Contoso Devices");
        browser.see("Who asks");
        browser.look("Invitation");
        browser.press("Accept");
        browser.see("Tick \"Yes\" to accept");
        browser.look("Invitation, not ticked");
        browser.choose("yes", "yes");
        browser.press("Accept");
        browser.arrive("Partners and OEMs");
        browser.see("Active");
        self.turn(|journey| &mut journey.partner);
        self.browser.open("/customers");
        self.browser.see("Northwind Traders");
        self.browser.see("Active");
        self.browser.look("Customers");
    }
}

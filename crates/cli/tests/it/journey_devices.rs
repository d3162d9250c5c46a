//! The journey's second half: from "Add devices" to a device that is turned away.

use device_list::sample::SampleDevice;
use device_list::{Channel, CheckOptions};
use serde_json::{Value, json};

use crate::journey::Journey;
use crate::journey_list::{self, BROKEN, FINDINGS, GOOD, REFUSED_MAKER, REFUSED_SERIAL};
use crate::world::http::File;
use crate::world::keyboard;
use crate::world::webdriver::until;

const TAG: &str = "Microsoft365Managed_PowerUser";
const NEAR_MISS: &str = "microsoft365managed_poweruser";
const PROFILE: &str = "Profile Modern Workplace Autopilot Profile Power User";
/// Rows that get registered: the good ones and the two that are repaired.
const REGISTERED: usize = GOOD + 2;

impl Journey {
    pub(crate) fn partner_adds_devices(&mut self) {
        let list = self.file(journey_list::NAME);
        self.turn(|journey| &mut journey.partner);
        let browser = &mut self.browser;
        browser.open("/customers");
        browser.press("Northwind Traders");
        browser.arrive("Northwind Traders");
        let customer = browser.path();
        browser.open(&format!("{customer}/devices"));
        browser.arrive("Apply profiles to devices");
        let sample = browser.link_to("Sample");
        let sample = sample
            .split_once("/samples/")
            .expect("a sample")
            .1
            .to_owned();
        let answer = browser
            .client()
            .get(&format!("/samples/{sample}"))
            .expect("an answer");
        let header = "Device Serial Number,Windows Product ID,Hardware Hash,Manufacturer name,";
        assert!(answer.text().starts_with(header), "{}", answer.text());
        browser.press("Add devices");
        browser.arrive("Add devices");
        keyboard::walk(browser, "main form");
        browser.fill("group_tag_typed", NEAR_MISS);
        browser.browse("file", &list);
        browser.press("Check the list");
        browser.see(&format!("\"{NEAR_MISS}\" is not a group tag, \"{TAG}\" is"));
        browser.look("Add devices, near miss");
        browser.fill("group_tag_typed", "");
        browser.choose("group_tag", TAG);
        browser.browse("file", &list);
        browser.press("Check the list");
        browser.arrive("Findings");
    }

    pub(crate) fn partner_uses_the_repaired_list(&mut self) {
        let browser = &mut self.browser;
        browser.see(journey_list::NAME);
        for (code, line) in FINDINGS {
            let place = match line {
                0 => "The whole file".to_owned(),
                line => format!("Line {line}"),
            };
            let found = browser.hidden_text_of(&format!("details#{code}"));
            assert!(found.contains(&place), "{code}, {place}: {found}");
        }
        let draft = browser.path();
        let draft = draft.trim_end_matches("/check").to_owned();
        let repaired = browser
            .client()
            .get(&format!("{draft}/repaired.csv"))
            .expect("an answer");
        let kind = repaired.header("content-type").unwrap_or_default();
        assert!(kind.starts_with("text/csv"), "{kind}");
        let kept = repaired.header("content-disposition").unwrap_or_default();
        assert!(kept.starts_with("attachment"), "{kept}");
        let checked = device_list::check(
            &repaired.body,
            &CheckOptions {
                channel: Channel::PartnerCenter,
                row_limit: None,
                ..CheckOptions::default()
            },
        );
        assert_eq!(
            checked.rows.len(),
            REGISTERED + 1,
            "{BROKEN} rows are left out"
        );
        assert!(checked.findings.is_empty(), "{:?}", checked.findings);
        browser.press("Use the repaired list");
        browser.see("The repaired list is in place");
        browser.see_row(&[REFUSED_SERIAL, "Not found in the directory"]);
        for (code, _) in FINDINGS {
            browser.see_no(code);
        }
        browser.arrive("Findings");
    }

    pub(crate) fn partner_saves_and_reads_the_result(&mut self) {
        let browser = &mut self.browser;
        browser.press("Save");
        browser.see(&format!("of {}", REGISTERED + 1));
        if browser.scripts {
            let mark = "window.same_page = document.querySelector('[data-live]') !== null;";
            let running = browser
                .driver
                .run(&format!("{mark} return same_page"), &json!([]));
            assert_eq!(
                running, true,
                "the progress is shown while the work goes on"
            );
        }
        browser.look("Progress");
        browser.arrive(&format!(
            "{REGISTERED} of {} devices registered",
            REGISTERED + 1
        ));
        if browser.scripts {
            let same = browser
                .driver
                .run("return window.same_page === true", &json!([]));
            assert_eq!(same, true, "the result came without a page load");
        }
        browser.see_row(&[
            REFUSED_SERIAL,
            "Not found in the directory",
            "812",
            "ZtdDeviceNotFound",
        ]);
        browser.see_row(&[REFUSED_SERIAL, "Check manufacturer, model, serial number"]);
        let upload = browser.path();
        let failed = browser
            .client()
            .get(&format!("{upload}/failed.csv"))
            .expect("an answer");
        let failed = failed.text();
        let lines: Vec<_> = failed.lines().collect();
        assert_eq!(lines.len(), 2, "{failed}");
        assert_eq!(
            lines[1],
            format!("{REFUSED_SERIAL},,,{REFUSED_MAKER},Robot 3")
        );
    }

    pub(crate) fn partner_sees_devices_and_profiles(&mut self) {
        let serial = self.device.serial.to_string();
        let browser = &mut self.browser;
        browser.open("/customers");
        browser.press("Devices");
        browser.arrive("Apply profiles to devices");
        browser.see_row(&[TAG, &REGISTERED.to_string()]);
        browser.fill("q", &serial);
        browser.press("Find");
        browser.see_row(&[&serial, "Power user"]);
        browser.press(&serial);
        browser.arrive(&serial);
        browser.see(TAG);
        browser.see("Modern Workplace Autopilot Profile Power User");
    }

    pub(crate) fn devices_ask(&mut self) {
        let (status, profile) = self.ask(&self.device);
        assert_eq!(status, 200, "{profile}");
        assert_eq!(profile["Comment_File"], PROFILE);
        assert_eq!(
            profile["CloudAssignedTenantDomain"],
            "northwind-traders.example"
        );
        let (status, problem) = self.ask(&SampleDevice::new(77, 999_999));
        assert_eq!((status, &problem["title"]), (404, &json!("Not registered")));
    }

    /// What the machine is told: it collects a fresh hash, which reads differently each time.
    pub(crate) fn ask(&self, device: &SampleDevice) -> (u16, Value) {
        let hash = device.fresh_hash(7).to_padded_text();
        assert_ne!(hash, device.hash_text());
        let body = json!({ "hardwareHash": hash });
        let answer = self
            .server
            .client()
            .post_json("/device/profile", &body)
            .expect("an answer");
        let said = serde_json::from_slice(&answer.body).expect("JSON");
        (answer.status, said)
    }

    pub(crate) fn customer_sees_its_devices(&mut self) {
        self.turn(|journey| &mut journey.administrator);
        let serial = self.device.serial.to_string();
        let browser = &mut self.browser;
        browser.open("/devices/register");
        browser.arrive("Register devices");
        browser.open("/devices");
        browser.arrive("Devices");
        until("the device is active", || {
            // What devices asked is noted twice a second.
            browser.open(&format!("/devices?q={serial}"));
            let rows = browser.rows();
            let active = |row: &String| row.contains("contoso devices") && row.contains("active");
            if rows.iter().any(active) {
                Ok(())
            } else {
                Err(rows.join("\n"))
            }
        });
        browser.see_row(&[&serial, "Contoso Devices", "Power user", "Active"]);
        browser.look("Devices, one found");
        browser.press(&serial);
        browser.arrive(&serial);
        browser.see("Contoso Devices");
        browser.open("/activity");
        browser.see_row(&["Upload finished", "Contoso Devices"]);
    }

    pub(crate) fn customer_revokes(&mut self) {
        let browser = &mut self.browser;
        browser.open("/partners");
        browser.press("Revoke");
        browser.see("What happens");
        browser.look("Revoke");
        browser.press("Revoke");
        browser.arrive("Partners and OEMs");
        browser.see_row(&["Contoso Devices", "Revoked"]);
    }

    pub(crate) fn next_upload_is_refused(&mut self) {
        self.turn(|journey| &mut journey.partner);
        let browser = &mut self.browser;
        browser.open("/customers");
        browser.see_row(&["Northwind Traders", "Revoked"]);
        browser.press("Northwind Traders");
        browser.arrive("Northwind Traders");
        let customer = browser.path();
        browser.open(&format!("{customer}/add-devices"));
        browser.see("consent");
        browser.look("Add devices, refused");
        assert_eq!(browser.count("input[type=file]"), 0, "no list can be sent");
        // Somebody whose form was still open sends it.
        let mut client = browser.client();
        let csrf = client.get("/customers").expect("an answer").csrf();
        let fields = [("csrf", csrf.as_str()), ("group_tag", TAG)];
        let file = File {
            field: "file",
            name: journey_list::NAME,
            bytes: &journey_list::list().bytes,
        };
        let page = format!("{customer}/add-devices");
        let answer = client.post_file(&page, &fields, &file).expect("an answer");
        assert_eq!(answer.status, 409, "{}", answer.text());
        assert!(
            answer
                .text()
                .contains("consent is missing, revoked or expired")
        );
    }

    pub(crate) fn customer_deregisters(&mut self) {
        self.turn(|journey| &mut journey.administrator);
        let serial = self.device.serial.to_string();
        let browser = &mut self.browser;
        browser.open(&format!("/devices?q={serial}"));
        browser.press(&serial);
        browser.arrive(&serial);
        browser.press("Deregister");
        browser.look("Deregister");
        browser.press("Deregister");
        browser.arrive("Devices");
        browser.see("deregistered");
        let (status, problem) = self.ask(&self.device);
        assert_eq!((status, &problem["title"]), (404, &json!("Not registered")));
    }
}

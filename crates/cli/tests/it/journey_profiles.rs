//! The journey's part about a customer's own deployment profiles: made, assigned, seen by the partner
//! as far as it may, and taken back.

use crate::journey::Journey;
use crate::world::keyboard;

const TAG: &str = "Microsoft365Managed_PowerUser";

impl Journey {
    pub(crate) fn customer_assigns_profiles(&mut self) {
        self.customer_makes_a_profile();
        self.customer_assigns_it_to_a_group_tag();
        self.partner_is_told_that_it_comes_first();
        self.reader_sees_and_changes_nothing();
        self.customer_assigns_it_to_a_device_and_takes_it_back();
        self.customer_deletes_it();
    }

    fn customer_makes_a_profile(&mut self) {
        let browser = &mut self.browser;
        browser.open("/deployment-profiles");
        browser.arrive("Deployment profiles");
        browser.see("No profiles of your own");
        browser.press("Make a profile");
        browser.arrive("Make a profile");
        keyboard::walk(browser, "main form");
        browser.fill("name", "Front desks");
        browser.fill("description", "Reception and meeting rooms");
        browser.fill("name_template", "DESK-%RAND:15%");
        browser.choose("hide_privacy", "yes");
        browser.press("Make the profile");
        browser.see("1 to 15 letters, digits and hyphens");
        browser.look("Make a profile, wrong template");
        browser.fill("name_template", "DESK-%RAND:5%");
        browser.press("Make the profile");
        browser.arrive("Front desks");
        browser.see("Nothing yet: no device gets it.");
        keyboard::walk(browser, "main form[action$=assignments]");
    }

    fn customer_assigns_it_to_a_group_tag(&mut self) {
        let browser = &mut self.browser;
        browser.press("Assign");
        browser.see("Choose a group tag.");
        browser.look("Assign, no group tag");
        browser.pick("#group", TAG);
        browser.press("Assign");
        browser.see("Devices get what is nearest to them when they next ask");
        browser.choose("target", "exclusion");
        browser.pick("#group", "Microsoft365Managed_SensitiveData");
        browser.press("Assign");
        browser.see("not group tag Microsoft365Managed_SensitiveData");
        browser.look("A profile, assigned");
        let (status, profile) = self.ask(&self.device);
        assert_eq!(
            (status, &profile["Comment_File"]),
            (200, &"Profile Front desks".into())
        );
        let browser = &mut self.browser;
        browser.open("/deployment-profiles");
        browser.see_row(&["Front desks", TAG, "DESK-%RAND:5%"]);
        browser.look("Deployment profiles, one");
    }

    fn partner_is_told_that_it_comes_first(&mut self) {
        self.turn(|journey| &mut journey.partner);
        let serial = self.device.serial.to_string();
        let browser = &mut self.browser;
        browser.open("/customers");
        browser.press("Devices");
        browser.fill("q", &serial);
        browser.press("Find");
        browser.see_row(&[&serial, "A profile of the customer's own"]);
        browser.press(&serial);
        browser.arrive(&serial);
        browser.see("it comes before a policy and the catalogue");
        browser.see_no("Front desks");
        browser.look("A device, the customer's own profile");
    }

    fn reader_sees_and_changes_nothing(&mut self) {
        self.turn(|journey| &mut journey.reader);
        let browser = &mut self.browser;
        browser.open("/deployment-profiles");
        browser.press("Front desks");
        browser.arrive("Front desks");
        browser.see("DESK-%RAND:5%");
        browser.look("A profile, reader");
        assert_eq!(browser.count("main button"), 0, "nothing to change");
    }

    fn customer_assigns_it_to_a_device_and_takes_it_back(&mut self) {
        self.turn(|journey| &mut journey.administrator);
        let serial = self.device.serial.to_string();
        let browser = &mut self.browser;
        browser.open(&format!("/devices?q={serial}"));
        browser.see_row(&[&serial, "Front desks", "Assigned to its group tag"]);
        browser.look("Devices, own profile");
        browser.press(&serial);
        browser.arrive(&serial);
        browser.see("Assigned to its group tag");
        browser.pick("#profile", "Front desks");
        browser.press_in("form[action$=deployment-profile]", "Assign");
        browser.see("Front desks is assigned to this device itself.");
        browser.look("A device with a profile of its own");
        browser.press("Take back");
        browser.see("the device gets what is nearest to it without that");
        browser.see("Assigned to its group tag");
    }

    fn customer_deletes_it(&mut self) {
        let browser = &mut self.browser;
        browser.open("/deployment-profiles");
        browser.press("Front desks");
        browser.press("Take back");
        browser.see("Taken back.");
        browser.press("Delete…");
        browser.arrive("Delete Front desks?");
        browser.press("Delete");
        browser.arrive("Deployment profiles");
        browser.see("No profiles of your own");
        browser.open("/activity");
        browser.see_row(&["Own profile deleted", "Front desks"]);
        browser.see("Profile of device taken back");
    }
}

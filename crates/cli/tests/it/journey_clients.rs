//! The journey's part about API clients: a server's, a program's on somebody's desk, and how a
//! person lets that act and ends it.

use serde_json::Value;

use crate::journey::Journey;
use crate::world::http::{Answer, encoded};
use crate::world::keyboard;
use crate::world::webdriver::until;

/// The example of RFC 7636, appendix B.
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
const DEVICE_GRANT: &str = "urn:ietf:params:oauth:grant-type:device_code";

impl Journey {
    pub(crate) fn partner_manages_api_clients(&mut self) {
        self.turn(|journey| &mut journey.partner);
        self.server_gets_a_client();
        self.server_s_client_is_changed_and_revoked();
        let program = self.program_gets_a_client();
        self.program_signs_in_by_device_code(&program);
        self.program_signs_in_by_device_code(&program);
        self.program_signs_in_by_browser(&program);
        self.partner_ends_it();
    }

    fn server_gets_a_client(&mut self) {
        let browser = &mut self.browser;
        browser.open("/clients");
        browser.arrive("API clients");
        browser.see("No API clients yet");
        keyboard::walk(browser, "main form");
        browser.fill("name", "Stock system");
        browser.choose("role", "sales_agent");
        browser.press("Add the client");
        browser.see("Choose at least one thing");
        browser.look("Add a client, no scope");
        browser.choose("scopes[]", "devices.read");
        browser.choose("scopes[]", "devices.register");
        browser.pick("#days", "30 days");
        browser.press("Add the client");
        browser.arrive("Secret");
        let secret = browser.text_of("#secret");
        assert!(secret.starts_with("enlist_"));
        browser.press("To the client");
        browser.arrive("Stock system");
        browser.see_no(&secret);
        browser.press("Make a secret");
        browser.arrive("Secret");
        browser.press("To the client");
        browser.arrive("Stock system");
        browser.look("A client with two secrets");
        browser.press_in("tbody", "Remove");
        browser.see("tokens given for it are of no use any more");
        browser.fill("key", "no key at all");
        browser.press("Register the key");
        browser.see("Paste a certificate or public key in PEM form");
        browser.look("A client, no key");
    }

    fn server_s_client_is_changed_and_revoked(&mut self) {
        let browser = &mut self.browser;
        browser.press("Change…");
        browser.arrive("Change the client");
        keyboard::walk(browser, "main form");
        browser.look("Change a client");
        browser.fill("name", "Stock and orders");
        browser.choose("role", "admin_agent");
        browser.choose("scopes[]", "devices.register");
        browser.choose("scopes[]", "customers.read");
        browser.fill("redirects", "ftp://stock.example");
        browser.press("See what changes");
        browser.see("A redirect address is https://");
        browser.fill("redirects", "https://stock.example/signed-in");
        browser.press("See what changes");
        browser.arrive("Change Stock system?");
        browser.see("No longer used for");
        browser.press("Back to the form");
        browser.arrive("Change the client");
        browser.fill("name", "Stock and orders");
        browser.press("See what changes");
        browser.arrive("Change Stock system?");
        browser.see("https://stock.example/signed-in");
        keyboard::walk(browser, "main form");
        browser.look("Change a client, asked");
        browser.press("Change");
        browser.arrive("Stock and orders");
        browser.see("It holds at once");
        browser.see("Admin agent, when it acts by itself");
        browser.press("Revoke…");
        browser.arrive("Revoke Stock and orders?");
        browser.press("Revoke");
        browser.arrive("API clients");
        browser.see_row(&["Stock and orders", "Revoked"]);
    }

    /// The answer is its id.
    fn program_gets_a_client(&mut self) -> String {
        let browser = &mut self.browser;
        browser.fill("name", "Desk script");
        browser.choose("kind", "public");
        browser.choose("role", "sales_agent");
        browser.choose("scopes[]", "customers.read");
        browser.fill("redirects", "http://localhost/health");
        browser.press("Add the client");
        browser.arrive("Desk script");
        browser.see("It has no secret");
        browser.text_of("#client-id")
    }

    fn program_signs_in_by_device_code(&mut self, client: &str) {
        let mut program = self.server.client();
        let asked = program
            .post_form(
                "/common/oauth2/v2.0/devicecode",
                &[
                    ("client_id", client),
                    ("scope", "customers.read offline_access"),
                ],
            )
            .expect("an answer");
        let asked = json_of(&asked);
        let code = asked["user_code"].as_str().expect("a code");
        let browser = &mut self.browser;
        browser.open("/device-login");
        browser.arrive("Sign in to a program");
        browser.fill("code", "BBBB-BBBB");
        browser.press("Continue");
        browser.see("No program of your organization waits with this code");
        browser.look("Sign in to a program, wrong code");
        browser.fill("code", &code.to_lowercase());
        browser.press("Continue");
        browser.arrive("Let Desk script act in your name?");
        browser.see(code);
        keyboard::walk(browser, "main form");
        browser.press("Approve");
        browser.arrive("Approved");
        let form = [
            ("grant_type", DEVICE_GRANT),
            ("client_id", client),
            (
                "device_code",
                asked["device_code"].as_str().expect("a code"),
            ),
        ];
        let answer = program.post_form("/common/oauth2/v2.0/token", &form);
        let answer = answer.expect("an answer");
        assert_eq!(answer.status, 200, "{}", answer.text());
        let tokens = json_of(&answer);
        program.set_bearer(tokens["access_token"].as_str().expect("a token"));
        let customers = program.get("/v1/customers").expect("an answer");
        assert_eq!(customers.status, 200, "{}", customers.text());
    }

    /// By another origin, as programs listen on one: the page's policy lets the browser go there.
    fn program_signs_in_by_browser(&mut self, client: &str) {
        let base = self.server.url("");
        let (_, port) = base.rsplit_once(':').expect("a port");
        let back = format!("http://localhost:{}/health", port.trim_end_matches('/'));
        let ask = |mode: &str| {
            format!(
                "/common/oauth2/v2.0/authorize?client_id={client}&response_type=code\
                 &redirect_uri={}&scope=customers.read&state=xyz&response_mode={mode}\
                 &code_challenge={CHALLENGE}&code_challenge_method=S256",
                encoded(&back)
            )
        };
        let browser = &mut self.browser;
        browser.open(&ask("query"));
        browser.arrive("Let Desk script act in your name?");
        browser.press("Approve");
        until("waiting for the way back", || {
            let address = browser.driver.url();
            let right =
                address.starts_with(&format!("{back}?code=")) && address.contains("state=xyz");
            if right { Ok(()) } else { Err(address) }
        });
        browser.open(&ask("form_post"));
        browser.arrive("Let Desk script act in your name?");
        browser.press("Decline");
        if !browser.scripts {
            browser.arrive("Back to the program");
            browser.press("Continue");
        }
        until("waiting for the way back", || {
            let address = browser.driver.url();
            if address == back {
                Ok(())
            } else {
                Err(address)
            }
        });
    }

    fn partner_ends_it(&mut self) {
        let browser = &mut self.browser;
        browser.open("/clients");
        browser.see_row(&["Desk script", "Active"]);
        browser.see("See customers and relationships, and make invitations");
        browser.look("API clients");
        browser.press("End");
        browser.see("the program can't act in your name any more");
        browser.press("End all");
        browser.see("the program can't act in your name any more");
        browser.see("When you sign in to a program with your account");
        browser.open("/activity");
        browser.see("API client approved");
        browser.see("API client changed");
    }
}

fn json_of(answer: &Answer) -> Value {
    serde_json::from_slice(&answer.body).unwrap_or_else(|_| panic!("no JSON: {}", answer.text()))
}

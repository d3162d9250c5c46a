//! The journey's page of findings: a cell mended in its place, a guess accepted, a line left out, and
//! everything taken back.

use device_list::{CheckOptions, Column};
use serde_json::json;

use crate::journey::Journey;
use crate::journey_list::{BROKEN, CHANGED_LINE, COMMA_LINE, GOOD, PKID_LINE};
use crate::world::browser::Browser;
use crate::world::keyboard;

const ENTER: &str = "\u{e007}";
const PKID: &str = "3305000000011";

/// Rows that are ready or can be repaired with certainty: the good ones, the one whose device is not
/// known, and two that need a repair.
const FINE: usize = GOOD + 3;

impl Journey {
    pub(crate) fn partner_mends_the_list(&mut self) {
        let browser = &mut self.browser;
        see_tally(browser, FINE, BROKEN);
        keyboard::walk(browser, "#EN0402 .place form");
        mends_a_cell(browser);
        accepts_a_guess(browser);
        leaves_a_line_out(browser);
        takes_the_lists(browser);
        reads_about_a_finding(browser);
        browser.press("Start again from the file as sent");
        browser.see("the file as it was sent");
        see_tally(browser, FINE, BROKEN);
        self.says_what_other_lists_need();
    }

    /// A list of which nothing can be read, one in which nothing is wrong, and one whose rows are odd.
    fn says_what_other_lists_need(&mut self) {
        let draft = self.browser.path();
        let draft = draft
            .split(['?', '#'])
            .next()
            .unwrap_or_default()
            .to_owned();
        let files = [
            (
                "notes.txt",
                "Dear all,\r\nthe devices come tomorrow.\r\n",
                "Not recognized",
            ),
            (
                "good.csv",
                "Manufacturer,Model,Serial Number\r\nContoso,Book 13,0042\r\n",
                "Nothing to mend",
            ),
            (
                "odd.csv",
                "Manufacturer,Model,Serial Number\r\nContoso,Book 13,\r\n Contoso ,Book\u{a0}13,00\u{200b}43\r\n\
                 Contoso, Ltd,Book 13,0044\r\nContoso,15\" Book,0045\r\nContoso,Book 13,1.2E+05\r\n",
                "To mend",
            ),
        ];
        for (name, text, shown) in files {
            let list = self.file(name);
            std::fs::write(&list, text).expect("a list");
            let browser = &mut self.browser;
            browser.open("/customers");
            browser.press("Northwind Traders");
            browser.arrive("Northwind Traders");
            let customer = browser.path();
            browser.open(&format!("{customer}/add-devices"));
            browser.choose("group_tag", "Microsoft365Managed_Standard");
            browser.browse("file", &list);
            browser.press("Check the list");
            browser.arrive(&format!("Findings in {name}"));
            browser.see(shown);
            browser.press("Drop");
            browser.see("The list is dropped");
        }
        self.browser.open(&draft);
        self.browser.arrive("Findings");
    }
}

/// The figures of the summary.
fn see_tally(browser: &mut Browser, fine: usize, to_mend: usize) {
    let figures = |browser: &mut Browser| -> Vec<usize> {
        let script =
            "return [...document.querySelectorAll('.tally dd')].map(e => Number(e.textContent))";
        serde_json::from_value(browser.driver.run(script, &json!([]))).expect("numbers")
    };
    crate::world::webdriver::until("waiting for the figures", || match figures(browser)[..] {
        [rows, ready, repaired, mend, ..]
            if ready + repaired == fine && mend == to_mend && rows >= fine + to_mend =>
        {
            Ok(())
        }
        ref other => Err(format!("{other:?}, wanted {fine} and {to_mend}")),
    });
}

/// First something that is wrong as well, then the right value, by the keyboard.
fn mends_a_cell(browser: &mut Browser) {
    let pkid = format!("input[aria-label=\"Windows Product ID in line {PKID_LINE}\"]");
    mark_page(browser);
    browser.fill_one(&pkid, "3305,1");
    let field = browser.one(&pkid);
    browser.driver.type_into(&field, ENTER).expect("a key");
    browser.see("A value can't hold commas");
    let field = browser.one(&pkid);
    let kept = browser.driver.property(&field, "value");
    assert_eq!(kept.as_deref(), Ok("3305,1"), "what was typed stays");
    browser.look("Findings, a value that can't be");
    browser.fill_one(&pkid, "33050000000");
    browser.press_in("#EN0402", "Mend");
    browser.see(&format!("Line {PKID_LINE}: changed, and still wrong"));
    browser.look("Findings, still wrong");
    // What somebody began to type elsewhere, and what is folded away, stays.
    let maker = format!("input[aria-label=\"Manufacturer name in line {COMMA_LINE}\"]");
    browser.fill_one(&maker, "Litware Ltd");
    let folds = "document.getElementById('EN0307').open";
    browser.driver.run(&format!("{folds} = false"), &json!([]));
    browser.fill_one(&pkid, PKID);
    let field = browser.one(&pkid);
    browser.driver.type_into(&field, ENTER).expect("a key");
    browser.see(&format!("Line {PKID_LINE}: mended"));
    see_tally(browser, FINE + 1, BROKEN - 1);
    assert_same_page(browser);
    if browser.scripts {
        let field = browser.one(&maker);
        let kept = browser.driver.property(&field, "value");
        assert_eq!(kept.as_deref(), Ok("Litware Ltd"));
        let folded = browser.driver.run(&format!("return {folds}"), &json!([]));
        assert_eq!(folded, false);
        let script = "return [document.activeElement.className, document.getElementById('announcer').textContent]";
        let now = browser.driver.run(script, &json!([]));
        assert_eq!(
            now,
            json!(["mono", format!("Line {PKID_LINE}: mended.")]),
            "the next field has the focus"
        );
        browser.driver.run(&format!("{folds} = true"), &json!([]));
    }
    browser.look("Findings, mended");
}

fn accepts_a_guess(browser: &mut Browser) {
    browser.see("A blank takes the comma's place");
    browser.press_in("#EN0307", "Accept this for 1 row");
    browser.see("Accepted.");
    browser.look("Findings, accepted");
    see_tally(browser, FINE + 2, BROKEN - 2);
    let found = browser.hidden_text_of("#EN0307");
    assert!(found.contains("Litware Inc"), "{found}");
    browser.press_in("#EN0307", "Take back");
    browser.see("Taken back");
    see_tally(browser, FINE + 1, BROKEN - 1);
    browser.press_in("#EN0307", "Accept this for 1 row");
    see_tally(browser, FINE + 2, BROKEN - 2);
}

fn leaves_a_line_out(browser: &mut Browser) {
    browser.press_in("#EN0508", "Leave this line out");
    browser.see(&format!("Line {CHANGED_LINE} is left out"));
    see_tally(browser, FINE + 2, BROKEN - 3);
    browser.look("Findings, left out");
    browser.press(&format!("Undo: line {CHANGED_LINE} left out"));
    browser.see("Taken back: line");
    see_tally(browser, FINE + 2, BROKEN - 2);
}

/// The rows to mend, and the repaired list with what was mended and accepted.
fn takes_the_lists(browser: &mut Browser) {
    let draft = browser.link_to("Rows to mend .csv");
    let path = draft.split_once("/uploads/").expect("a draft").1;
    let client = &mut browser.client();
    let mend = client.get(&format!("/uploads/{path}")).expect("an answer");
    let text = mend.text();
    let lines: Vec<_> = text.lines().collect();
    assert!(
        lines[0].ends_with("Manufacturer name,Device model,Notes"),
        "{text}"
    );
    assert!(
        lines[1].starts_with("EN0508 ") && lines[1].contains(&format!(",{CHANGED_LINE},")),
        "{text}"
    );
    let path = path.replace("to-mend", "repaired");
    let repaired = client.get(&format!("/uploads/{path}")).expect("an answer");
    let list = device_list::check(&repaired.body, &CheckOptions::default());
    let has = |column, text: &str| list.rows.iter().any(|row| row.value(column) == text);
    assert!(has(Column::Pkid, PKID) && has(Column::Manufacturer, "Litware Inc"));
    assert_eq!(list.rows.len(), FINE + 2, "{COMMA_LINE} is in it");
}

fn reads_about_a_finding(browser: &mut Browser) {
    let here = browser.path();
    browser.press("More about EN0508");
    browser.arrive("The hash's checksum does not fit");
    browser.press("All findings");
    browser.arrive("All findings");
    browser.open(&here);
    browser.arrive("Findings");
}

/// With scripts, mending replaces a part of the page and loads no other.
fn mark_page(browser: &mut Browser) {
    browser.driver.run("window.same_page = true", &json!([]));
}

fn assert_same_page(browser: &mut Browser) {
    let same = browser
        .driver
        .run("return window.same_page === true", &json!([]));
    assert_eq!(same, browser.scripts, "whether it is the same page");
}

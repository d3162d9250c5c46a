//! The page that `enlist check --format html` writes: safe to open, complete in itself, and good to
//! read for everybody.

use base64_simd::STANDARD;
use serde_json::json;
use sha2::{Digest as _, Sha256};

use crate::reports::{LISTS, lists};
use crate::support::{Scratch, tuples};
use crate::world::browser::Browser;
use crate::world::webdriver::{switched_off, until};

fn page(scratch: &Scratch, lists: &[&str]) -> String {
    let arguments = ["check", "--format", "html", "-o", "page.html"];
    scratch.enlist(&[&arguments, lists].concat());
    String::from_utf8(scratch.read("page.html")).unwrap()
}

/// What stands between two texts.
fn between<'a>(text: &'a str, start: &str, end: &str) -> &'a str {
    let (_, rest) = text.split_once(start).unwrap();
    rest.split_once(end).unwrap().0
}

#[test]
fn the_page_needs_nothing_else_and_runs_nothing_else() {
    let scratch = Scratch::new();
    lists(&scratch);
    let page = page(&scratch, &LISTS);
    for outside in [
        "http:",
        "https:",
        "src=",
        "url(",
        "@import",
        "<link rel=\"style",
        "onclick",
    ] {
        let at = page
            .find(outside)
            .map(|at| &page[at.saturating_sub(40)..at + 40]);
        // The drawing in the tab names its own language.
        let is_mark = at.is_some_and(|at| at.contains("xmlns='http://www.w3.org/2000/svg'"));
        assert!(at.is_none() || is_mark, "{outside}: {at:?}");
    }
    // The policy lets exactly this style and this script be used.
    let policy = between(&page, "Content-Security-Policy\" content=\"", "\">");
    let policy = policy.replace("&#39;", "'");
    for (kind, tag) in [("style", "style"), ("script", "script")] {
        let own = between(&page, &format!("<{tag}>"), &format!("</{tag}>"));
        let hash = STANDARD.encode_to_string(&Sha256::digest(own.as_bytes())[..]);
        assert!(
            policy.contains(&format!("{kind}-src 'sha256-{hash}'")),
            "{policy}"
        );
        assert_eq!(page.matches(&format!("<{tag}>")).count(), 1);
    }
    assert!(policy.contains("default-src 'none'"), "{policy}");
    assert!(!page.contains("style=\""), "the policy would not let it");
    // What came from the lists is text.
    assert!(
        !page.contains("<script>alert") && page.contains("&lt;script&gt;")
            || page.contains("&#60;script&#62;")
    );
    assert!(!page.contains("<b>.csv"));
    assert!(!page.contains('\u{1b}') && !page.contains('\u{202e}'));
}

#[test]
fn the_page_is_bounded_and_says_what_it_left_out() {
    let scratch = Scratch::new();
    scratch.write(
        "list.csv",
        tuples(1) + &",,\r\n".repeat(6000) + "Contoso,,S1\r\n",
    );
    let page = page(&scratch, &["list.csv"]);
    assert_eq!(page.matches("<tr data-severity").count(), 5001);
    // The rare one is there although it comes last.
    assert!(page.contains("data-code=\"EN0401\""));
    assert!(
        page.contains("… and 1,000 more findings that this page leaves out."),
        "says so"
    );
    assert!(page.contains("enlist check --fix MENDED.csv list.csv"));
}

#[test]
fn the_page_is_good_to_read_wide_and_narrow_light_and_dark() {
    if switched_off() {
        return;
    }
    let scratch = Scratch::new();
    lists(&scratch);
    page(&scratch, &LISTS);
    let base = format!("file://{}/", scratch.path("").display());
    let mut browser = Browser::start(&base, true);
    browser.open("page.html");
    browser.arrive("need mending by hand");
    browser.assert_accessible();
    let title = browser.driver.run("return document.title", &json!([]));
    assert!(
        title.as_str().unwrap().contains("need mending"),
        "nothing of a list ran: {title}"
    );

    let shown = "return [...document.querySelectorAll('#rows tbody tr')].filter(r => r.checkVisibility()).length";
    let all = browser.count("#rows tbody tr") as u64;
    let search = browser.one("#search");
    browser
        .driver
        .type_into(&search, "scientific EN0404")
        .unwrap();
    let wait_for = |browser: &mut Browser, wanted: u64| {
        until("waiting for the filter", || {
            let found = browser.driver.run(shown, &json!([]));
            if found == wanted {
                Ok(())
            } else {
                Err(format!("{found} rows instead of {wanted}"))
            }
        });
    };
    wait_for(&mut browser, 0);
    browser.see("No finding is like that.");
    browser.driver.clear(&search).unwrap();
    browser.driver.type_into(&search, "en0404").unwrap();
    wait_for(&mut browser, 1);
    browser.see(&format!("1 of {all} shown"));
}

#[test]
fn the_page_says_everything_without_scripts() {
    if switched_off() {
        return;
    }
    let scratch = Scratch::new();
    lists(&scratch);
    page(&scratch, &LISTS);
    let base = format!("file://{}/", scratch.path("").display());
    let mut browser = Browser::start(&base, false);
    browser.open("page.html");
    for text in [
        "EN0404",
        "<script>alert(1)</script>",
        "DEVICE MODEL",
        "Start from the sample list",
    ] {
        browser.see(text);
    }
    assert_eq!(browser.count("#tools[hidden]"), 1);
}

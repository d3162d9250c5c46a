//! Walking a form with the Tab key alone.

use serde_json::json;

use super::browser::Browser;

const TAB: char = '\u{e004}';

const NAMES: &str = "
const name = (e) => e.type === 'radio' ? `radio ${e.name}`
  : `${e.tagName} ${e.id || e.name || e.getAttribute('href') || e.textContent.trim()}`;
const marked = (e) => {
  const style = getComputedStyle(e);
  return (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2) || style.boxShadow !== 'none';
};";

const STOPS: &str = "
const stops = [];
document.querySelector(arguments[0]).querySelectorAll('a[href],button,input:not([type=hidden]),select,textarea')
  .forEach((e) => {
    if (e.disabled || !e.checkVisibility() || stops.includes(name(e))) return;
    stops.push(name(e));
  });
document.activeElement?.blur();
getSelection().removeAllRanges();
return stops;";

const FOCUS: &str = "
const e = document.activeElement;
if (!e || e === document.body) return ['', true];
const inside = document.querySelector(arguments[0]).contains(e);
return [inside ? name(e) : '', marked(e) || marked(e.closest('label') ?? e)];";

/// Tab from the top of the page comes by everything in the form, in the order in which it stands
/// there, and each stop is marked visibly.
pub(crate) fn walk(browser: &mut Browser, form: &str) {
    let stops = browser
        .driver
        .run(&format!("{NAMES}{STOPS}"), &json!([form]));
    let stops: Vec<String> = serde_json::from_value(stops).expect("names");
    assert!(!stops.is_empty(), "nothing to walk in {form}");
    let mut passed: Vec<String> = Vec::new();
    for _ in 0..stops.len() + 40 {
        browser.driver.press(TAB);
        let now = browser
            .driver
            .run(&format!("{NAMES}{FOCUS}"), &json!([form]));
        let (name, marked): (String, bool) = serde_json::from_value(now).expect("a name");
        assert!(marked, "the focus can't be seen after {passed:?}");
        if stops.contains(&name) && !passed.contains(&name) {
            passed.push(name);
        }
        if passed.len() == stops.len() {
            break;
        }
    }
    assert_eq!(passed, stops, "the Tab key's way through {form}");
}

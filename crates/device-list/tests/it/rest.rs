//! What a repair leaves, and that it stays so: the second file read back, the list checked again.

use device_list::{CheckOptions, Code, Dialect, MendTarget, SampleDevice, check};

use crate::mends::{Outcome, mend};

fn plainly(list: impl AsRef<[u8]>) -> Outcome {
    mend(list, &CheckOptions::default(), MendTarget::default())
}

#[test]
fn a_row_that_is_left_out_does_not_bring_the_next_one_into_doubt() {
    let device = |number| SampleDevice::new(3, number);
    let row = |serial: &str, number| {
        let device = device(number);
        let (maker, model, hash) = (&device.manufacturer, &device.model, device.hash_text());
        format!("{maker},{model},{serial},{hash}")
    };
    let slipped = device(1).serial;
    let list = format!(
        "{}\n{}\nContoso,,0042,\n{}\n",
        Dialect::ManagedDesktopSelf.header(),
        row("X1", 1),
        row(slipped.as_str(), 2),
    );
    let outcome = plainly(list);
    assert_eq!((outcome.mended.rows, outcome.left.len()), (2, 1));
    let read = check(&outcome.list, &CheckOptions::default());
    assert!(crate::codes(&read).contains(&Code::ROWS_SHIFTED));
    let again = plainly(&outcome.list);
    assert!(again.left.is_empty() && again.list == outcome.list);
}

//! Any bytes, checked for every channel: no panic, the same in a stream, and a repair that is
//! final.
#![no_main]

use device_list::{Channel, CheckOptions, Event, check, check_stream, repair};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    for channel in [Channel::PartnerCenter, Channel::CustomerOwn, Channel::Oem, Channel::Enlist] {
        let options = CheckOptions { channel, row_limit: Some(3), ..CheckOptions::default() };
        let list = check(bytes, &options);
        let mut events = 0;
        let mut on = |event: Event<'_>| events += usize::from(!matches!(event, Event::Header(_)));
        let summary = check_stream(bytes, &options, &mut on).expect("memory can be read");
        assert_eq!(events, list.findings.len() + list.rows.len());
        assert_eq!((summary.encoding, summary.dialect), (list.encoding, list.dialect));
        for row in &list.rows {
            let keys = row.identification.as_ref().map(|identification| identification.keys());
            assert!(keys.is_none_or(|keys| !keys.is_empty()));
        }
        let header = summary.lines - summary.row_lines.min(summary.lines) - summary.skipped.min(summary.lines);
        assert!(header <= 1 && summary.lines == header + summary.row_lines + summary.skipped);
        let repaired = repair(&list);
        let again = check(&repaired.bytes, &options);
        if list.is_usable() {
            assert!(again.findings.iter().all(|finding| !finding.certain), "{again:?}");
            assert_eq!(again.rows.len(), repaired.rows);
            assert_eq!(repair(&again).bytes, repaired.bytes);
        }
    }
});

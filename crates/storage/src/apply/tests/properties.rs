//! Whatever is applied in whatever order, keys and devices agree.

use proptest::collection::vec;
use proptest::prelude::*;

use super::*;

/// Any way to name one of the machines.
fn any_row() -> impl Strategy<Value = UploadRow> {
    let machine = 0..MACHINES.len();
    prop_oneof![
        4 => machine.clone().prop_map(tuple),
        3 => machine.clone().prop_map(pkid),
        3 => machine.clone().prop_map(hash),
        1 => machine.clone().prop_map(|m| UploadRow {
            group_tag: Some("Microsoft365Managed_Kiosk".to_owned()),
            ..tuple(m)
        }),
        1 => machine.prop_map(|m| UploadRow {
            verdict: RowVerdict::Duplicate { of_line: 2 },
            ..tuple(m)
        }),
    ]
}

proptest! {
    /// Whoever sends what: every row gets one result, keys and devices agree (checked after each
    /// chunk by the registry itself), and what was registered stays registered.
    #[test]
    fn keys_and_devices_always_agree(
        chunks in vec((1..3u64, 8..10u64, vec(any_row(), 1..9)), 1..6),
        known in vec(0..4usize, 0..4),
        refuse in any::<bool>(),
    ) {
        let mut registry = Registry::knowing(&known);
        if refuse {
            registry.policies.default = UnknownDevicePolicy::Refuse;
        }
        for (party, customer, rows) in chunks {
            let before = registry.devices.clone();
            let written = registry.apply(party, customer, &rows);
            prop_assert_eq!(written.results.len(), rows.len());
            prop_assert_eq!(written.counts.decided(), rows.len() as u64);
            prop_assert_eq!(written.rows.len(), rows.len());
            for (result, row) in written.results.iter().zip(&written.rows) {
                let held = result.device_id.and_then(|id| registry.devices.get(&id));
                let here = held.is_some_and(|d| d.customer_id == organization(customer));
                let expected = matches!(
                    result.outcome,
                    Outcome::Registered | Outcome::AlreadyRegistered
                );
                prop_assert_eq!(here, expected);
                prop_assert!(row.hash.is_empty() || !expected);
            }
            for (id, device) in before {
                prop_assert_eq!(registry.devices[&id].customer_id, device.customer_id);
                prop_assert!(registry.devices[&id].keys.starts_with(&device.keys));
            }
        }
    }
}

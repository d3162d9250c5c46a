//! Rows that add to what is known of a device.

use super::*;

#[test]
fn a_later_row_completes_a_device_of_the_same_chunk() {
    let mut registry = Registry::default();
    let written = registry.apply(1, 9, &[tuple(0), hash(0), pkid(0)]);
    let (new, known) = (Outcome::Registered, Outcome::AlreadyRegistered);
    assert_eq!(outcomes(&written), [new, known, known]);
    assert_eq!(written.devices.len(), 1);
    let device = &written.devices[0];
    assert!(device.verified && device.hash.is_some());
    assert_eq!(device.keys.len(), 3 * 16);
}

#[test]
fn only_the_party_that_registered_a_device_completes_it_and_the_customer() {
    for (party, completes) in [(1, true), (2, false), (9, true)] {
        let mut registry = Registry::default();
        let first = registry.apply(1, 9, &[tuple(0)]);
        let id = first.results[0].device_id.expect("registered");
        let second = registry.apply(party, 9, &[hash(0)]);
        assert_eq!(outcomes(&second), [Outcome::AlreadyRegistered]);
        assert_eq!(second.completed.len(), usize::from(completes));
        assert_eq!(second.released.len(), if completes { 0 } else { 2 });
        assert_eq!(registry.devices[&id].has_hash, completes);
    }
}

#[test]
fn two_rows_complete_the_same_stored_device_without_losing_a_key() {
    let mut registry = Registry::default();
    registry.apply(1, 9, &[tuple(0)]);
    registry.directory = Registry::knowing(&[0]).directory;
    let written = registry.apply(1, 9, &[tuple(0), hash(0)]);
    assert_eq!(outcomes(&written), [Outcome::AlreadyRegistered; 2]);
    let device = registry.devices.values().next().expect("one");
    assert_eq!((device.keys.len(), device.has_hash), (3 * 16, true));
}

fn completion(id: u128, pkid: Option<&str>, keys: &[u8]) -> Completion {
    let mut device = identify::device(None, DeviceId(Uuid::from_u128(id)));
    device.pkid = pkid.map(str::to_owned);
    device.keys = keys.iter().flat_map(|key| [*key; 16]).collect();
    Completion { device }
}

#[test]
fn two_rows_that_complete_one_device_keep_the_keys_of_both() {
    let mut completed = vec![
        completion(2, None, &[1, 2]),
        completion(1, None, &[9]),
        completion(2, Some("1234567890123"), &[1, 3]),
    ];
    identify::merge_completed(&mut completed);
    let merged = vec![
        completion(1, None, &[9]),
        completion(2, Some("1234567890123"), &[1, 2, 3]),
    ];
    assert_eq!(completed, merged);
}

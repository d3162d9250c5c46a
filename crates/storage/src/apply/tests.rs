use super::*;

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

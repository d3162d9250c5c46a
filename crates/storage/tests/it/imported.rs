//! Identities that a customer's script imports, and what it notes about its devices.

use std::sync::Arc;

use registration::audit::AuditAction;
use registration::ids::{BatchId, DeviceId, ImportId, JobId};
use registration::imported::{ImportState, ImportedIdentity};
use registration::properties::{DeviceProperties, PropertiesChange};
use registration::upload::{Upload, UploadRow};
use storage::devices::DeviceFilter;
use storage::imported::{Import, ImportChange};
use storage::jobs::{JobKind, NewJob};
use storage::submissions::{IntoBatch, Submission};
use storage::trail::TrailFilter;
use storage::{Storage, StorageError};

use crate::battery;
use crate::world::{Person, START, TAG, World, draft, fresh_at, tuple_rows};

battery![
    an_import_waits_and_gets_its_state_with_its_row,
    one_call_has_an_upload_for_each_tag_in_one_step,
    identities_are_their_customers_own,
    an_identity_goes_and_its_device_stays,
    properties_are_written_with_their_lines,
    properties_go_with_their_device,
    parts_of_serial_numbers_are_found,
    what_was_imported_long_ago_is_forgotten,
];

/// An import of the customer's own, a row in each chunk.
fn import(customer: &Person, tag: &str, rows: &[UploadRow]) -> Import {
    let upload = draft(customer, customer, 1);
    let identity = |row: &UploadRow| ImportedIdentity {
        id: ImportId(fresh_at(1)),
        upload_id: upload.id,
        number: row.number,
        serial: row.serial.clone(),
        product_key: String::new(),
        group_tag: tag.to_owned(),
        import_name: "spring".to_owned(),
        user_principal_name: format!("user{}@contoso.example", row.number),
        state: ImportState::Waiting,
        created_at: START,
    };
    Import {
        identities: rows.iter().map(identity).collect(),
        submission: Submission {
            job: NewJob {
                id: JobId(fresh_at(1)),
                kind: JobKind::ApplyUpload(upload.id),
                run_at: START,
            },
            upload,
            batch: IntoBatch::Tagged {
                name: tag.to_owned(),
                group_tag: tag.to_owned(),
                id: BatchId(fresh_at(1)),
            },
            key: None,
            chunks: rows.chunks(1).map(<[UploadRow]>::to_vec).collect(),
            policies: Vec::new(),
        },
    }
}

async fn imported(world: &World, customer: &Person, imports: Vec<Import>) {
    let (scope, act) = (customer.scope(), customer.act_at(1));
    let done = world.store.import(&scope, &act, imports).await;
    done.expect("imports");
}

async fn all(world: &World, who: &Person) -> Vec<ImportedIdentity> {
    let scope = who.scope();
    let found = world.store.imported(&scope, None, 100).await;
    found.expect("lists").items
}

async fn finish(world: &World, customer: &Person, upload: &Upload) {
    world.finish(customer, upload.id, 2).await;
}

/// One device of the customer's own, by import, for the user1 of Contoso.
async fn device(world: &World, tag: &str, serial: &str) -> DeviceId {
    let customer = &world.customer;
    let import = import(customer, tag, &tuple_rows(serial, 1));
    let (upload, id) = (import.submission.upload.clone(), import.identities[0].id);
    imported(world, customer, vec![import]).await;
    finish(world, customer, &upload).await;
    let found = world.store.imported_identity(&customer.scope(), id).await;
    match found.expect("answers").expect("is there").state {
        ImportState::Complete(device) => device,
        other => panic!("{other:?}"),
    }
}

async fn properties(world: &World, who: &Person, device: DeviceId) -> Option<DeviceProperties> {
    let found = world.store.properties(&who.scope(), &[device]).await;
    found.expect("answers").remove(&device)
}

async fn lines(world: &World, who: &Person, action: AuditAction) -> Vec<(String, String)> {
    let filter = TrailFilter::default();
    let found = world.store.trail(&who.scope(), filter, None, 100).await;
    let lines = found.expect("lists").items.into_iter();
    lines
        .filter(|line| line.action == action.as_str())
        .map(|line| (line.target, line.detail))
        .collect()
}

async fn an_import_waits_and_gets_its_state_with_its_row(store: Arc<dyn Storage>) {
    let world = World::new(store).await;
    let customer = &world.customer;
    let mut rows = tuple_rows("A", 3);
    let first = rows[0].serial.clone();
    rows[2].serial = first;
    let sent = import(customer, "Lab 7", &rows);
    let upload = sent.submission.upload.clone();
    imported(&world, customer, vec![sent.clone()]).await;
    let mut waiting = all(&world, customer).await;
    waiting.sort_by_key(|identity| identity.number);
    assert_eq!(waiting, sent.identities);
    // After the first chunk one is known and the others wait.
    let act = customer.act_at(2);
    let applied = world.store.apply_next_chunk(&act, upload.id).await;
    applied.expect("applies");
    let waits = |found: &[ImportedIdentity]| {
        let waits = |one: &&ImportedIdentity| one.state == ImportState::Waiting;
        found.iter().filter(waits).count()
    };
    assert_eq!(waits(&all(&world, customer).await), 2);
    finish(&world, customer, &upload).await;
    let mut done = all(&world, customer).await;
    done.sort_by_key(|identity| identity.number);
    let ImportState::Complete(first) = done[0].state else {
        panic!("{:?}", done[0]);
    };
    assert!(matches!(done[1].state, ImportState::Complete(_)));
    let again = ImportState::Failed {
        code: 806,
        name: "ZtdDeviceAlreadyAssigned".to_owned(),
        device: Some(first),
    };
    assert_eq!(done[2].state, again);
    let (scope, now) = (customer.scope(), START.plus_seconds(9));
    let device = world.store.device(&scope, first, customer.id(), now).await;
    let device = device.expect("answers").expect("is there");
    assert_eq!(device.group_tag, "Lab 7");
    let user = properties(&world, customer, first).await.expect("noted");
    assert_eq!(user.user_principal_name, "user1@contoso.example");
}

async fn one_call_has_an_upload_for_each_tag_in_one_step(store: Arc<dyn Storage>) {
    let world = World::new(store).await;
    let customer = &world.customer;
    let imports = vec![
        import(customer, TAG, &tuple_rows("B", 2)),
        import(customer, "lab", &tuple_rows("C", 1)),
        import(customer, "LAB", &tuple_rows("D", 1)),
    ];
    imported(&world, customer, imports.clone()).await;
    let queued = lines(&world, customer, AuditAction::UploadQueued).await;
    assert_eq!(queued.len(), 3);
    for import in &imports {
        finish(&world, customer, &import.submission.upload).await;
    }
    let scope = customer.scope();
    let filter = DeviceFilter::default();
    let devices = world
        .store
        .devices(&scope, customer.id(), &filter, START, None, 10)
        .await
        .expect("lists");
    let mut tags: Vec<_> = devices.items.iter().map(|d| d.group_tag.as_str()).collect();
    tags.sort_unstable();
    assert_eq!(tags, ["LAB", TAG, TAG, "lab"], "each to the letter");
    // If one can't be queued, none is.
    let mut strange = import(customer, TAG, &tuple_rows("E", 1));
    strange.submission.upload.customer_id = world.other.id();
    let both = vec![import(customer, TAG, &tuple_rows("F", 1)), strange];
    let (scope, act) = (customer.scope(), customer.act_at(3));
    assert!(world.store.import(&scope, &act, both).await.is_err());
    assert_eq!(all(&world, customer).await.len(), 4);
}

async fn identities_are_their_customers_own(store: Arc<dyn Storage>) {
    let world = World::new(store).await;
    let customer = &world.customer;
    world.consent(&world.partner, customer, None).await;
    let sent = import(customer, TAG, &tuple_rows("G", 3));
    imported(&world, customer, vec![sent.clone()]).await;
    let id = sent.identities[0].id;
    for stranger in [&world.other, &world.partner, &world.operator] {
        let (scope, act) = (stranger.scope(), stranger.act_at(2));
        assert!(all(&world, stranger).await.is_empty());
        assert_eq!(world.store.imported_count(&scope).await.expect("counts"), 0);
        let found = world.store.imported_identity(&scope, id).await;
        assert_eq!(found.expect("answers"), None);
        let deleted = world.store.delete_imported(&scope, &act, id).await;
        assert!(matches!(deleted, Err(StorageError::NotFound)));
        let change = ImportChange::default();
        let changed = world.store.change_imported(&scope, &act, id, change).await;
        assert!(matches!(changed, Err(StorageError::NotFound)));
    }
    let scope = customer.scope();
    assert_eq!(world.store.imported_count(&scope).await.expect("counts"), 3);
    let first = world.store.imported(&scope, None, 2).await.expect("lists");
    assert_eq!(first.items.len(), 2);
    let rest = world.store.imported(&scope, first.next, 2).await;
    let rest = rest.expect("lists");
    assert_eq!((rest.items.len(), rest.next), (1, None));
}

async fn an_identity_goes_and_its_device_stays(store: Arc<dyn Storage>) {
    let world = World::new(store).await;
    let customer = &world.customer;
    let id = device(&world, TAG, "H").await;
    let identity = all(&world, customer).await.remove(0);
    let (scope, act) = (customer.scope(), customer.act_at(3));
    let change = ImportChange {
        import_name: Some("autumn".to_owned()),
        user_principal_name: None,
    };
    let store = &world.store;
    store
        .change_imported(&scope, &act, identity.id, change)
        .await
        .expect("changes");
    let changed = all(&world, customer).await.remove(0);
    assert_eq!(changed.import_name, "autumn");
    assert_eq!(changed.user_principal_name, identity.user_principal_name);
    let act = customer.act_at(4);
    let deleted = store.delete_imported(&scope, &act, identity.id).await;
    deleted.expect("deletes");
    assert!(all(&world, customer).await.is_empty());
    let found = store.device(&scope, id, customer.id(), START).await;
    assert!(found.expect("answers").is_some());
    for action in [AuditAction::ImportChanged, AuditAction::ImportDeleted] {
        assert_eq!(lines(&world, customer, action).await.len(), 1);
    }
}

async fn properties_are_written_with_their_lines(store: Arc<dyn Storage>) {
    let world = World::new(store).await;
    let customer = &world.customer;
    let id = device(&world, TAG, "I").await;
    let change = PropertiesChange {
        group_tag: Some("Lab 7".to_owned()),
        display_name: Some("Desk 7".to_owned()),
        user_principal_name: Some(String::new()),
        allow_enrollment: true,
        ..PropertiesChange::default()
    };
    for seconds in [3, 4] {
        let (scope, act) = (customer.scope(), customer.act_at(seconds));
        let changed = world
            .store
            .change_properties(&scope, &act, id, change.clone())
            .await;
        changed.expect("changes");
    }
    let known = properties(&world, customer, id).await.expect("noted");
    assert_eq!(known.display_name, "Desk 7");
    assert_eq!(known.user_principal_name, "");
    assert_eq!(known.enrollment_allowed_at, Some(START.plus_seconds(4)));
    let retagged = lines(&world, customer, AuditAction::DeviceRetagged).await;
    assert_eq!(retagged.len(), 1, "the second time it had the tag");
    let noted = lines(&world, customer, AuditAction::DevicePropertiesChanged).await;
    let what = "user, display name, enrolment allowed".to_owned();
    assert!(noted.contains(&("I00001".to_owned(), what)), "{noted:?}");
    // Whoever else asks finds nothing and changes nothing.
    world.consent(&world.partner, customer, None).await;
    for stranger in [&world.other, &world.partner] {
        assert_eq!(properties(&world, stranger, id).await, None);
        let (scope, act) = (stranger.scope(), stranger.act_at(5));
        let changed = world
            .store
            .change_properties(&scope, &act, id, change.clone());
        assert!(matches!(changed.await, Err(StorageError::NotFound)));
    }
}

async fn properties_go_with_their_device(store: Arc<dyn Storage>) {
    let world = World::new(store).await;
    let customer = &world.customer;
    let id = device(&world, TAG, "J").await;
    assert!(properties(&world, customer, id).await.is_some());
    let (scope, act) = (customer.scope(), customer.act_at(3));
    let released = world
        .store
        .deregister(&scope, &act, customer.id(), &[id])
        .await;
    assert_eq!(released.expect("releases"), [id]);
    assert_eq!(properties(&world, customer, id).await, None);
}

async fn parts_of_serial_numbers_are_found(store: Arc<dyn Storage>) {
    let world = World::new(store).await;
    let customer = &world.customer;
    let id = device(&world, TAG, "K%_L").await;
    device(&world, TAG, "KxxL").await;
    let found = async |part: &str| {
        let filter = DeviceFilter {
            serial_contains: Some(part.to_owned()),
            ..DeviceFilter::default()
        };
        let scope = customer.scope();
        let devices = world
            .store
            .devices(&scope, customer.id(), &filter, START, None, 10);
        let devices = devices.await.expect("lists").items;
        devices
            .into_iter()
            .map(|device| device.id)
            .collect::<Vec<_>>()
    };
    assert_eq!(found("%_l").await, [id]);
    assert_eq!(found("l0000").await.len(), 2);
    assert!(found("m").await.is_empty());
}

async fn what_was_imported_long_ago_is_forgotten(store: Arc<dyn Storage>) {
    let world = World::new(store).await;
    device(&world, TAG, "M").await;
    for (days, left) in [(400, 1), (401, 0)] {
        let swept = world.store.sweep(START.plus_days(days)).await;
        swept.expect("sweeps");
        assert_eq!(all(&world, &world.customer).await.len(), left);
    }
}

//! Uploads, their rows and their batches, listed.

use super::*;

battery![
    uploads_are_listed_page_by_page,
    rows_are_listed_from_anywhere_and_by_outcome,
    batches_are_named_once_and_count_their_devices,
];

async fn uploads_are_listed_page_by_page(store: Arc<dyn Storage>) {
    let world = World::new(store).await;
    let (store, partner, customer) = (&world.store, &world.partner, &world.customer);
    world.consent(partner, customer, None).await;
    for n in 0..5 {
        let rows = tuple_rows(&format!("P{n}-"), 1);
        world.saved(partner, customer, &rows, 10).await;
    }
    world.draft(partner, customer).await;
    let mut seen = Vec::new();
    let mut before = None;
    loop {
        let page = store
            .uploads(&customer.scope(), customer.id(), before, 2)
            .await;
        let page = page.expect("lists");
        seen.extend(page.items.iter().map(|upload| upload.id));
        before = page.next;
        if before.is_none() {
            break;
        }
    }
    assert_eq!(seen.len(), 5, "drafts are left out");
    assert!(seen.is_sorted_by(|a, b| a > b), "newest first, none twice");
}

fn mixed_rows() -> Vec<UploadRow> {
    let mut rows = tuple_rows("M", 20);
    for row in rows.iter_mut().skip(4).step_by(5) {
        row.verdict = RowVerdict::Invalid {
            code: "EN0401".to_owned(),
            cause: "wrong".to_owned(),
            fix: "mend it".to_owned(),
            dds: Some((803, "InvalidZtdHardwareHash".to_owned())),
        };
    }
    rows[7].verdict = RowVerdict::Duplicate { of_line: 3 };
    rows
}

async fn rows_are_listed_from_anywhere_and_by_outcome(store: Arc<dyn Storage>) {
    let world = World::new(store).await;
    let (store, partner, customer) = (&world.store, &world.partner, &world.customer);
    world.consent(partner, customer, None).await;
    let upload = world.saved(partner, customer, &mixed_rows(), 6).await;
    let scope = partner.scope();
    let list = async |filter, after, limit| {
        let rows = store
            .upload_rows(&scope, upload.id, filter, after, limit)
            .await;
        rows.expect("lists")
            .iter()
            .map(|row| row.row.number)
            .collect::<Vec<_>>()
    };
    assert_eq!(list(RowFilter::All, 0, 3).await, [1, 2, 3]);
    assert_eq!(
        list(RowFilter::Failed, 0, 9).await,
        [0; 0],
        "nothing was applied"
    );
    world.finish(partner, upload.id, 1).await;
    assert_eq!(list(RowFilter::All, 5, 4).await, [6, 7, 8, 9]);
    assert_eq!(list(RowFilter::All, 18, 9).await, [19, 20]);
    assert_eq!(list(RowFilter::All, 20, 9).await, [0; 0]);
    assert_eq!(list(RowFilter::All, 0, 0).await, [0; 0]);
    assert_eq!(list(RowFilter::Failed, 0, 9).await, [5, 10, 15, 20]);
    assert_eq!(list(RowFilter::Failed, 10, 1).await, [15]);
    assert_eq!(
        list(RowFilter::Outcome(Outcome::DuplicateInList), 0, 9).await,
        [8]
    );
    assert_eq!(
        list(RowFilter::Outcome(Outcome::Registered), 16, 9).await,
        [17, 18, 19]
    );
    let rows = world.rows(partner, upload.id).await;
    assert_eq!(
        rows.iter().map(|row| row.row.clone()).collect::<Vec<_>>(),
        mixed_rows()
    );
}

async fn batches_are_named_once_and_count_their_devices(store: Arc<dyn Storage>) {
    let world = World::new(store).await;
    let (store, partner, customer) = (&world.store, &world.partner, &world.customer);
    world.consent(partner, customer, None).await;
    world.consent(&world.rival, customer, None).await;
    world.register(partner, customer, &tuple_rows("A", 3)).await;
    world.register(partner, customer, &tuple_rows("B", 4)).await;
    world
        .register(&world.rival, customer, &tuple_rows("C", 2))
        .await;
    let own = store
        .batches(&partner.scope(), customer.id())
        .await
        .expect("lists");
    assert_eq!(own.len(), 1, "the second upload joins the batch");
    assert_eq!((own[0].name.as_str(), own[0].device_count), (TAG, 7));
    assert_eq!(
        (own[0].party_id, own[0].customer_id),
        (partner.id(), customer.id())
    );
    let all = store
        .batches(&customer.scope(), customer.id())
        .await
        .expect("lists");
    assert_eq!(all.iter().map(|batch| batch.device_count).sum::<u64>(), 9);
    assert_eq!(all.len(), 2);
}

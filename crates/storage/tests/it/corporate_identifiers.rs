//! Corporate identifiers of a customer.

use std::sync::Arc;

use registration::corporate_identifier::{CorporateIdentifier, IdentifierKind, Platform};
use registration::ids::IdentifierId;
use storage::corporate_identifiers::IdentifierFilter;
use storage::{Storage, StorageError};

use crate::battery;
use crate::world::{Person, START, World, fresh};

battery![
    what_is_on_the_list_stays_unless_it_is_overwritten,
    the_list_is_read_page_by_page_and_searched,
    a_list_is_its_customers_alone,
];

fn entry(person: &Person, identifier: &str, description: &str) -> CorporateIdentifier {
    CorporateIdentifier {
        id: IdentifierId(fresh()),
        customer_id: person.id(),
        kind: IdentifierKind::ManufacturerModelSerial,
        identifier: identifier.to_owned(),
        description: description.to_owned(),
        platform: Platform::Windows,
        created_at: START,
        updated_at: START,
    }
}

/// Imports: what was taken, and as what it stands now.
async fn import(
    world: &World,
    entries: Vec<CorporateIdentifier>,
    overwrite: bool,
) -> Vec<(bool, String)> {
    let (scope, act) = (world.customer.scope(), world.customer.act_at(5));
    let imported = world
        .store
        .import_corporate_identifiers(&scope, &act, entries, overwrite)
        .await
        .expect("imports");
    let told = imported.into_iter();
    told.map(|one| (one.is_taken, one.identifier.description))
        .collect()
}

async fn what_is_on_the_list_stays_unless_it_is_overwritten(store: Arc<dyn Storage>) {
    let world = World::new(store).await;
    let customer = &world.customer;
    let of = |identifier: &str, says: &str| entry(customer, identifier, says);
    let says = |taken: bool, text: &str| (taken, text.to_owned());
    let first = vec![of("Contoso,Book,1", "a"), of("Contoso,Book,2", "b")];
    let imported = import(&world, first, false).await;
    assert_eq!(imported, [says(true, "a"), says(true, "b")]);
    let again = vec![of("CONTOSO,book,1", "c"), of("Contoso,Book,3", "d")];
    let imported = import(&world, again.clone(), false).await;
    assert_eq!(imported, [says(false, "a"), says(true, "d")]);
    let imported = import(&world, again, true).await;
    assert_eq!(imported, [says(true, "c"), says(true, "d")]);
    let twice = vec![of("Contoso,Book,4", "e"), of("contoso,book,4", "f")];
    let imported = import(&world, twice, false).await;
    assert_eq!(imported, [says(true, "e"), says(false, "e")]);
    let scope = customer.scope();
    let count = world.store.count_corporate_identifiers(&scope).await;
    assert_eq!(count.expect("counts"), 4);
}

async fn the_list_is_read_page_by_page_and_searched(store: Arc<dyn Storage>) {
    let world = World::new(store).await;
    let customer = &world.customer;
    let entries = (1..=5)
        .map(|n| entry(customer, &format!("Contoso,Book_{n},{n}"), ""))
        .collect();
    import(&world, entries, false).await;
    let scope = customer.scope();
    let list = async |contains: Option<&str>, before| {
        let filter = IdentifierFilter {
            contains: contains.map(str::to_owned),
        };
        let page = world
            .store
            .corporate_identifiers(&scope, &filter, before, 3)
            .await;
        page.expect("lists")
    };
    let first = list(None, None).await;
    assert_eq!(first.items.len(), 3);
    assert!(first.items.iter().is_sorted_by(|a, b| a.id > b.id));
    let second = list(None, first.next).await;
    assert_eq!((second.items.len(), second.next), (2, None));
    let found = list(Some("book_3"), None).await;
    assert_eq!(found.items.len(), 1);
    assert_eq!(list(Some("book%"), None).await.items, []);
    let wanted = [
        (
            IdentifierKind::ManufacturerModelSerial,
            "contoso,book_2,2".to_owned(),
        ),
        (IdentifierKind::SerialNumber, "contoso,book_3,3".to_owned()),
    ];
    let found = world
        .store
        .find_corporate_identifiers(&scope, &wanted)
        .await;
    assert_eq!(found.expect("finds").len(), 1);
}

async fn a_list_is_its_customers_alone(store: Arc<dyn Storage>) {
    let world = World::new(store).await;
    let customer = &world.customer;
    let known = entry(customer, "Contoso,Book,1", "a");
    import(&world, vec![known.clone()], false).await;
    let (stranger, act) = (world.partner.scope(), world.partner.act());
    let seen = world.store.corporate_identifier(&stranger, known.id).await;
    assert_eq!(seen.expect("answers"), None);
    let count = world.store.count_corporate_identifiers(&stranger).await;
    assert_eq!(count.expect("counts"), 0);
    let changed = world
        .store
        .change_corporate_identifier(&stranger, &act, known.clone())
        .await;
    assert!(matches!(changed, Err(StorageError::NotFound)));
    let deleted = world
        .store
        .delete_corporate_identifier(&stranger, &act, known.id);
    assert!(matches!(deleted.await, Err(StorageError::NotFound)));
    let (scope, act) = (customer.scope(), customer.act_at(9));
    let other = CorporateIdentifier {
        description: "z".to_owned(),
        ..known.clone()
    };
    let changed = world
        .store
        .change_corporate_identifier(&scope, &act, other)
        .await;
    changed.expect("changes");
    let now = world.store.corporate_identifier(&scope, known.id).await;
    let now = now.expect("answers").expect("is there");
    let at = (now.created_at, now.updated_at);
    assert_eq!(at, (START.plus_seconds(5), START.plus_seconds(9)));
    for _ in 0..2 {
        let act = customer.act_at(10);
        let deleted = world
            .store
            .delete_corporate_identifier(&scope, &act, known.id);
        let _ = deleted.await;
    }
    let now = world.store.corporate_identifier(&scope, known.id).await;
    assert_eq!(now.expect("answers"), None);
}

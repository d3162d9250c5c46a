//! Devices by what an OEM knows them by, and who sees an operation.

use super::*;

battery![
    nobody_else_sees_an_operation,
    devices_are_found_by_what_the_oem_knows_them_by,
];

async fn nobody_else_sees_an_operation(store: Arc<dyn Storage>) {
    let world = world(store).await;
    let (operation, _) = done(&world, &lines(&world.customer, "A", 2), Intent::Each).await;
    let id = operation.id;
    for person in [&world.partner, &world.customer, &world.operator] {
        let (scope, act) = (person.scope(), person.act());
        let store = &world.store;
        assert_eq!(store.operation(&scope, id).await.expect("reads"), None);
        assert_eq!(
            store
                .operations(&scope, None, 9)
                .await
                .expect("lists")
                .items,
            []
        );
        let lines = store.operation_lines(&scope, id, false, 0, 9).await;
        assert!(matches!(lines, Err(StorageError::NotFound)));
        let cancelled = store.cancel_operation(&scope, &act, id).await;
        assert!(matches!(cancelled, Err(StorageError::NotFound)));
        let preview = store.would_release(&scope, &act, id).await;
        assert!(matches!(preview, Err(StorageError::NotFound)));
        let voided = store.void_operation(&scope, &act, id, job(JobKind::VoidOperation(id)));
        assert!(matches!(voided.await, Err(StorageError::NotFound)));
        let by = KnownBy::PurchaseOrder("PO-7".to_owned());
        assert_eq!(known(&world, person, by).await, 0);
    }
}

async fn devices_are_found_by_what_the_oem_knows_them_by(store: Arc<dyn Storage>) {
    let world = world(store).await;
    world.consent(&world.partner, &world.customer, None).await;
    let (oem, customer) = (&world.oem, &world.customer);
    done(&world, &lines(customer, "A", 5), Intent::Each).await;
    let rows = tuple_rows("P", 1);
    world.register(&world.partner, customer, &rows).await;
    let (scope, now) = (oem.scope(), START.plus_seconds(20));
    let order = KnownBy::PurchaseOrder("PO-7".to_owned());
    let page = world
        .store
        .shipped_devices(&scope, from_ref(&order), now, None, 3)
        .await;
    let page = page.expect("lists");
    assert_eq!(page.items.len(), 3);
    let rest = world
        .store
        .shipped_devices(&scope, from_ref(&order), now, page.next, 3)
        .await;
    assert_eq!(rest.expect("lists").items.len(), 2);
    let one = &page.items[0];
    assert_eq!(one.shipment.ship_date, "2026-11-30");
    assert_eq!(one.customer_domain, customer.organization.domain);
    let serial = one.device.serial.clone().expect("a serial number");
    let tuple = device_list::IdentityKey::tuple("contoso", "book 13", &serial);
    let mut names = vec![
        KnownBy::Id(one.device.id),
        KnownBy::Reference(format!("R-{serial}")),
        KnownBy::Serial(device_list::identifier::fold(&serial)),
        KnownBy::Key(tuple.expect("a key")),
    ];
    for by in names.clone() {
        assert_eq!(known(&world, oem, by.clone()).await, 1, "{by:?}");
        assert_eq!(known(&world, &world.partner, by).await, 0);
    }
    // Of several all must fit; by nothing none is known.
    names.push(order);
    assert_eq!(known_by_all(&world, oem, &names).await, 1);
    assert_eq!(known_by_all(&world, oem, &[]).await, 0);
    let other = device_list::IdentityKey::tuple("contoso", "book 13", "A00001");
    for odd in [
        KnownBy::Reference("R-other".to_owned()),
        KnownBy::PurchaseOrder("PO-8".to_owned()),
        KnownBy::Key(other.expect("a key")),
        KnownBy::Id(page.items[1].device.id),
    ] {
        names.push(odd);
        assert_eq!(known_by_all(&world, oem, &names).await, 0, "{names:?}");
        names.pop();
    }
    let partners = device_list::IdentityKey::tuple("Contoso", "Book 13", "P00001");
    let partners = KnownBy::Key(partners.expect("a key"));
    assert_eq!(known(&world, oem, partners.clone()).await, 0);
    assert_eq!(known(&world, &world.partner, partners).await, 1);
    let names = [
        CustomerName::parse(&customer.id().to_string()),
        CustomerName::parse("CONTOSO.example"),
        CustomerName::parse("nobody.example"),
        CustomerName::parse(&world.other.organization.domain),
        CustomerName::parse(&oem.id().to_string()),
    ];
    let found = world.store.consenting(&scope, &names, now).await;
    let found: Vec<_> = found
        .expect("answers")
        .into_iter()
        .map(|one| one.map(|one| one.id))
        .collect();
    assert_eq!(
        found,
        [Some(customer.id()), Some(customer.id()), None, None, None]
    );
}

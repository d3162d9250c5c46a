//! Inviting, accepting, revoking.

use registration::user::Role;
use service::DeskError;
use service::consent::InvitationForm;
use service::register::ListFile;
use storage::uploads::RowFilter;

use crate::desk::{World, colleague};

const TAG: &str = "Microsoft365Managed_Standard";

fn list() -> ListFile {
    let bytes = b"Manufacturer,Model,Serial Number\r\nContoso,Book 13,0042\r\n".to_vec();
    ListFile {
        name: "devices.csv".into(),
        bytes,
    }
}

fn form(domain: &str) -> InvitationForm {
    InvitationForm {
        customer_label: "Contoso".into(),
        customer_domain: domain.into(),
        delegated_administration: false,
    }
}

#[tokio::test]
async fn only_a_global_administrator_accepts_and_it_is_effective_at_once() {
    let world = World::new().await;
    let desk = &world.desk;
    let customer = world.customer.organization.id;
    let refused = desk.browse(&world.partner, customer, TAG, list()).await;
    assert!(matches!(refused, Err(DeskError::NotFound)), "{refused:?}");

    let invitation = desk
        .invite(&world.partner, &form(""))
        .await
        .expect("an invitation");
    let reader = colleague(desk, &world.customer, Role::Reader).await;
    let refused = desk
        .accept_invitation(&reader, &invitation.token, true, "")
        .await;
    assert!(matches!(refused, Err(DeskError::Forbidden(_))));
    let refused = desk
        .accept_invitation(&world.partner, &invitation.token, true, "")
        .await;
    assert!(matches!(refused, Err(DeskError::NotFound)));
    let refused = desk
        .accept_invitation(&world.customer, &invitation.token, false, "")
        .await;
    assert!(matches!(refused, Err(DeskError::Invalid(_))));

    desk.accept_invitation(&world.customer, &invitation.token, true, "")
        .await
        .expect("accepted");
    desk.browse(&world.partner, customer, TAG, list())
        .await
        .expect("a draft");
    let again = desk
        .accept_invitation(&world.other_customer, &invitation.token, true, "")
        .await;
    assert!(matches!(
        again,
        Err(DeskError::Conflict {
            code: "invitation_not_open",
            ..
        })
    ));
}

#[tokio::test]
async fn revoking_stops_drafts_saved_uploads_and_new_ones() {
    let world = World::new().await;
    let desk = &world.desk;
    world.consent(&world.partner, &world.customer).await;
    let customer = world.customer.organization.id;
    let draft = desk
        .browse(&world.partner, customer, TAG, list())
        .await
        .expect("a draft");
    let queued = desk
        .browse(&world.partner, customer, TAG, list())
        .await
        .expect("a draft");
    desk.save(&world.partner, queued).await.expect("saved");

    let partners = desk
        .partners_and_oems(&world.customer, "")
        .await
        .expect("partners");
    desk.revoke(&world.customer, partners[0].relationship.id)
        .await
        .expect("revoked");

    let saved = desk.save(&world.partner, draft).await;
    assert!(matches!(
        saved,
        Err(DeskError::Conflict {
            code: "consent_missing",
            ..
        })
    ));
    let refused = desk.browse(&world.partner, customer, TAG, list()).await;
    assert!(matches!(
        refused,
        Err(DeskError::Conflict {
            code: "consent_missing",
            ..
        })
    ));
    world.work_off().await;
    let rows = desk
        .upload_rows(&world.partner, queued, RowFilter::default(), 0, 10)
        .await;
    let outcome = rows.expect("rows")[0]
        .result
        .as_ref()
        .map(|result| result.outcome);
    assert_eq!(outcome, Some(registration::plan::Outcome::NoConsent));

    world.consent(&world.partner, &world.customer).await;
    desk.browse(&world.partner, customer, TAG, list())
        .await
        .expect("a new consent helps");
}

#[tokio::test]
async fn an_invitation_by_domain_shows_at_the_customer_and_tells_the_partner_nothing() {
    let world = World::new().await;
    let desk = &world.desk;
    desk.invite(&world.partner, &form("contoso.example"))
        .await
        .expect("an invitation");
    desk.invite(&world.partner, &form("nobody.example"))
        .await
        .expect("the same answer");
    assert!(
        desk.customers(&world.partner, "")
            .await
            .expect("customers")
            .is_empty()
    );
    let asked = desk
        .partners_and_oems(&world.customer, "")
        .await
        .expect("partners");
    assert_eq!(asked.len(), 1);
    assert_eq!(asked[0].relationship.status_word(desk.now()), "requested");
    let token = &asked[0].invitation_token;
    let other = desk
        .accept_invitation(&world.other_customer, token, true, "")
        .await;
    assert!(matches!(other, Err(DeskError::Conflict { .. })));
    desk.decline_invitation(&world.customer, token)
        .await
        .expect("declined");
    let late = desk
        .accept_invitation(&world.customer, token, true, "")
        .await;
    assert!(matches!(late, Err(DeskError::Conflict { .. })));
}

#[tokio::test]
async fn an_oem_has_one_link_for_every_customer() {
    let world = World::new().await;
    let desk = &world.desk;
    let link = desk.unique_link(&world.oem).await.expect("a link");
    assert_eq!(
        desk.unique_link(&world.oem).await.expect("a link").token,
        link.token
    );
    for customer in [&world.customer, &world.other_customer] {
        desk.accept_invitation(customer, &link.token, true, "")
            .await
            .expect("accepted");
    }
    assert_eq!(
        desk.customers(&world.oem, "")
            .await
            .expect("customers")
            .len(),
        2
    );
    assert!(desk.unique_link(&world.partner).await.is_err());
}

#[tokio::test]
async fn a_consent_with_an_end_ends() {
    let world = World::new().await;
    let desk = &world.desk;
    let invitation = desk
        .invite(&world.partner, &form(""))
        .await
        .expect("an invitation");
    let past = desk
        .accept_invitation(&world.customer, &invitation.token, true, "2020-01-01")
        .await;
    assert!(matches!(past, Err(DeskError::Invalid(_))));
    let until = desk.now().plus_days(10).to_date();
    let accepted = desk
        .accept_invitation(&world.customer, &invitation.token, true, &until)
        .await;
    accepted.expect("accepted");
    let customer = world.customer.organization.id;
    desk.browse(&world.partner, customer, TAG, list())
        .await
        .expect("a draft");
    world.clock.advance_seconds(12 * 86_400);
    let refused = desk.browse(&world.partner, customer, TAG, list()).await;
    assert!(matches!(
        refused,
        Err(DeskError::Conflict {
            code: "consent_missing",
            ..
        })
    ));
}

#[tokio::test]
async fn the_audit_log_is_read_by_those_concerned_and_names_people_to_their_own_only() {
    let world = World::new().await;
    let desk = &world.desk;
    world.consent(&world.partner, &world.customer).await;
    let read = |caller| async move {
        desk.activity(caller, None, None, None, 100)
            .await
            .expect("activity")
            .items
    };
    let given = |lines: &[registration::audit::AuditLine]| {
        lines
            .iter()
            .find(|line| line.action == "consent.given")
            .cloned()
    };
    let mine = given(&read(&world.customer).await).expect("the customer's line");
    assert_eq!(mine.person.as_deref(), Some("admin@contoso.example"));
    let theirs = given(&read(&world.partner).await).expect("the partner's line");
    assert_eq!(theirs.person, None);
    for stranger in [&world.rival, &world.other_customer, &world.operator] {
        assert_eq!(given(&read(stranger).await), None);
    }
}

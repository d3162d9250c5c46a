//! The story so far, told through the use cases, from a month ago until now.

use std::sync::Arc;

use device_list::{Dialect, SampleKind};
use registration::ids::OrganizationId;
use service::{Caller, Desk};

use super::DemoClock;
use super::cast::{ADVENTURE, CONTOSO, FABRIKAM, NORTHWIND, SignIn, TAILSPIN, WIDE_WORLD};
use super::lists::{self, partner_list};
use super::teller::{Done, Teller, invitation_form};
use crate::exit::Failure;

/// The cast on the stage.
pub(crate) struct Stage {
    /// Everybody who can sign in.
    pub(crate) people: Vec<SignIn>,
    /// The link with which Tailspin's global administrator answers an invitation.
    pub(crate) invitation: String,
}

/// The administrators, by organization.
struct Cast {
    operator: Caller,
    wide_world: Caller,
    wide_world_sales: Caller,
    fabrikam: Caller,
    contoso: Caller,
    adventure: Caller,
    tailspin: Caller,
    northwind: Caller,
}

impl Stage {
    /// Tells the story on an empty database.
    pub(crate) async fn set(
        desk: &Arc<Desk>,
        clock: &DemoClock,
        password: &str,
    ) -> Result<Self, Failure> {
        let mut teller = Teller {
            desk,
            clock,
            password,
            people: Vec::new(),
        };
        let cast = teller.cast().await?;
        clock.move_to(29 * 24);
        teller.import_what_was_built(&cast).await?;
        clock.move_to(28 * 24);
        let invitation = teller.consents(&cast).await?;
        teller.registrations(&cast).await?;
        clock.move_to(0);
        Ok(Self {
            people: teller.people,
            invitation,
        })
    }
}

impl Teller<'_> {
    async fn cast(&mut self) -> Done<Cast> {
        let operator = self.operator().await?;
        let (wide_world, wide_world_sales) = self.member(&operator, &WIDE_WORLD).await?;
        let (fabrikam, _) = self.member(&operator, &FABRIKAM).await?;
        let (contoso, _) = self.member(&operator, &CONTOSO).await?;
        let (adventure, _) = self.member(&operator, &ADVENTURE).await?;
        let (tailspin, _) = self.member(&operator, &TAILSPIN).await?;
        let (northwind, _) = self.member(&operator, &NORTHWIND).await?;
        Ok(Cast {
            operator,
            wide_world_sales: wide_world_sales.unwrap_or_else(|| wide_world.clone()),
            wide_world,
            fabrikam,
            contoso,
            adventure,
            tailspin,
            northwind,
        })
    }

    /// What OEMs reported: most devices of the story. Hashes carry tuple, PKID and UUID.
    async fn import_what_was_built(&self, cast: &Cast) -> Done {
        let dialect = Dialect::ManagedDesktopSelf;
        let built = lists::list("built.csv", dialect, SampleKind::Hash, lists::BUILT)?;
        let operator = self.now_as(&cast.operator);
        self.desk
            .import_directory_as(&operator, "Built in October", built.bytes)
            .await?;
        Ok(())
    }

    /// Four consents, of which one ends later, and an invitation that waits for its answer: its
    /// token.
    async fn consents(&self, cast: &Cast) -> Done<String> {
        self.consent(&cast.wide_world, &cast.adventure, true)
            .await?;
        self.consent(&cast.fabrikam, &cast.tailspin, false).await?;
        self.consent(&cast.fabrikam, &cast.northwind, true).await?;
        let link = self.desk.unique_link(&self.now_as(&cast.contoso)).await?;
        let northwind = self.now_as(&cast.northwind);
        self.desk
            .accept_invitation(&northwind, &link.token, true, "")
            .await?;
        self.clock.move_to(26 * 24);
        let form = invitation_form(&cast.tailspin, false);
        let open = self
            .desk
            .invite(&self.now_as(&cast.wide_world_sales), &form)
            .await?;
        Ok(open.token)
    }

    /// Uploads of every kind, and devices that asked for their profiles.
    async fn registrations(&self, cast: &Cast) -> Done {
        let (adventure, tailspin) = (customer(&cast.adventure), customer(&cast.tailspin));
        let northwind = customer(&cast.northwind);
        let (hash, tuple, pkid) = (SampleKind::Hash, SampleKind::Tuple, SampleKind::Pkid);

        self.clock.move_to(25 * 24);
        let laptops = partner_list("laptops-october.csv", hash, 0..40)?;
        self.upload(&cast.wide_world, adventure, STANDARD, laptops)
            .await?;
        self.clock.move_to(22 * 24);
        let power = partner_list("engineering.csv", tuple, 40..65)?;
        self.upload(&cast.wide_world_sales, adventure, POWER_USER, power)
            .await?;
        self.asks(0..12).await?;

        self.clock.move_to(18 * 24);
        let kiosks = partner_list("front-desks.csv", pkid, 65..75)?;
        self.upload(&cast.wide_world, adventure, KIOSK, kiosks)
            .await?;
        let first = partner_list("first-delivery.csv", hash, 100..130)?;
        self.upload(&cast.fabrikam, tailspin, SENSITIVE, first)
            .await?;
        let stock = partner_list("from-stock.csv", hash, 160..175)?;
        self.upload(&cast.fabrikam, northwind, STANDARD, stock)
            .await?;

        self.clock.move_to(12 * 24);
        let oem = partner_list(
            "shipment-4711.csv",
            tuple,
            lists::built_by_contoso(180..400),
        )?;
        self.upload(&cast.contoso, northwind, STANDARD_SHARED, oem)
            .await?;
        self.end_consent(cast).await?;

        // Three devices that Adventure Works has, and five that nobody reported having built.
        self.clock.move_to(5 * 24);
        let mixed = (130..150)
            .chain(40..43)
            .chain(lists::BUILT.end..lists::BUILT.end + 5);
        let second = partner_list("second-delivery.csv", tuple, mixed)?;
        self.upload(&cast.fabrikam, tailspin, SENSITIVE, second)
            .await?;
        self.asks((6..30).chain(100..118)).await?;

        self.clock.move_to(3 * 24);
        let own = lists::list("found-in-the-cellar.csv", Dialect::Intune, hash, 430..438)?;
        self.own_upload(&cast.northwind, own).await?;
        self.clock.move_to(5);
        self.asks((20..34).chain(430..434)).await
    }

    /// Northwind no longer wants Fabrikam.
    async fn end_consent(&self, cast: &Cast) -> Done {
        let northwind = self.now_as(&cast.northwind);
        let parties = self.desk.partners_and_oems(&northwind, "").await?;
        let fabrikam = cast.fabrikam.organization.id;
        for view in parties
            .iter()
            .filter(|view| view.relationship.party_id == fabrikam)
        {
            self.desk.revoke(&northwind, view.relationship.id).await?;
        }
        Ok(())
    }
}

const STANDARD: &str = "Microsoft365Managed_Standard";
const STANDARD_SHARED: &str = "Microsoft365Managed_Standard-Shared";
const POWER_USER: &str = "Microsoft365Managed_PowerUser";
const SENSITIVE: &str = "Microsoft365Managed_SensitiveData";
const KIOSK: &str = "Microsoft365Managed_Kiosk";

fn customer(caller: &Caller) -> OrganizationId {
    caller.organization.id
}

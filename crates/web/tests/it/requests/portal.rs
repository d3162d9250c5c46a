//! Calls of the portal's pages and forms.

use super::*;

pub(super) fn everybodys() -> Vec<Case> {
    let sign_in = [
        ("email", "admin@brightwater.example"),
        ("password", PASSWORD),
    ];
    let ask = format!("{{\"hardwareHash\": \"{}\"}}", known_hash());
    vec![
        get("/static/{name}", "/static/enlist.css"),
        get("/health", "/health"),
        get("/limits", "/limits"),
        get("/api", "/api"),
        get("/api/openapi.json", "/api/openapi.json"),
        get("/", "/"),
        get("/sign-in", "/sign-in"),
        post("/sign-in", "/sign-in", &sign_in),
        post("/sign-out", "/sign-out", &[]),
        Case {
            body: Body::Json(ask),
            method: Method::POST,
            ..get("/device/profile", "/device/profile")
        },
    ]
}

/// API clients of the partner.
pub(super) fn clients(world: &World) -> Vec<Case> {
    let client = format!("/clients/{}", world.client);
    let credential = format!("{client}/credentials/{}/remove", world.credential);
    let grant = format!("/clients/programs/{}/end", world.grant);
    let revoke = format!("{client}/revoke");
    let change = format!("{client}/change");
    let terms = [
        ("name", "Renamed"),
        ("role", "sales_agent"),
        ("scopes[]", "devices.read"),
        ("seen", &*world.client_seen),
    ];
    let confirmed = [terms[0], terms[1], terms[2], terms[3], ("confirmed", "yes")];
    let new = |role| {
        [
            ("name", "New"),
            ("role", role),
            ("scopes[]", "devices.read"),
            ("kind", "confidential"),
        ]
    };
    let key = include_str!("../../../../service/src/oauth/test_keys/ec_public.pem");
    vec![
        get("/clients", "/clients"),
        post("/clients", "/clients", &new("sales_agent")).about("a sales agent"),
        post("/clients", "/clients", &new("reader")).about("a reader"),
        post("/clients", "/clients", &new("administrator")).about("an administrator"),
        post("/clients/programs/end", "/clients/programs/end", &[]),
        post("/clients/programs/{grant}/end", grant, &[]),
        get("/clients/{id}", &client),
        post("/clients/{id}/secret", format!("{client}/secret"), &[]),
        post(
            "/clients/{id}/key",
            format!("{client}/key"),
            &[("key", key)],
        ),
        post(
            "/clients/{id}/credentials/{credential}/remove",
            credential,
            &[],
        ),
        get("/clients/{id}/change", &change),
        post("/clients/{id}/change", &change, &terms).about("asked"),
        post("/clients/{id}/change", &change, &confirmed).about("confirmed"),
        get("/clients/{id}/revoke", &revoke),
        post("/clients/{id}/revoke", &revoke, &[]),
    ]
}

pub(super) fn links_and_people(world: &World) -> Vec<Case> {
    let welcome = format!("/welcome/{}", world.welcome);
    let sales = format!("/people/{}", world.sales.caller.user.id);
    let reader = format!("/people/{}", world.reader.caller.user.id);
    let chosen = [("password", PASSWORD), ("password_again", PASSWORD)];
    let set_up = [
        ("name", "X"),
        ("domain", "x.example"),
        ("person_name", "X"),
        ("email", "x@x.example"),
        chosen[0],
        chosen[1],
    ];
    let person = |role| {
        [
            ("person_name", "New"),
            ("email", "new@x.example"),
            ("role", role),
        ]
    };
    vec![
        get("/set-up/{secret}", "/set-up/0123").about("a spent link"),
        post("/set-up/{secret}", "/set-up/0123", &set_up).about("a spent link"),
        get("/welcome/{secret}", &welcome),
        post("/welcome/{secret}", &welcome, &chosen),
        get("/people", "/people"),
        post("/people", "/people", &person("sales_agent")).about("a sales agent"),
        post("/people", "/people", &person("reader")).about("a reader"),
        post("/people", "/people", &person("administrator")).about("an administrator"),
        post("/people/{id}/link", format!("{sales}/link"), &[]).about("partner's"),
        post("/people/{id}/link", format!("{reader}/link"), &[]).about("customer's"),
        post("/people/{id}/disable", format!("{sales}/disable"), &[]).about("partner's"),
        post("/people/{id}/disable", format!("{reader}/disable"), &[]).about("customer's"),
        post("/people/{id}/enable", format!("{sales}/enable"), &[]).about("partner's"),
        post("/people/{id}/enable", format!("{reader}/enable"), &[]).about("customer's"),
        get("/activity", "/activity"),
    ]
}

pub(super) fn operators(world: &World) -> Vec<Case> {
    let organization = format!("/organizations/{}", world.customer.organization_id());
    let profile = registration::profile::KIOSK;
    let path = format!("/profiles/{profile}");
    let new = [
        ("kind", "customer"),
        ("name", "New"),
        ("domain", "new.example"),
        ("person_name", "New"),
        ("email", "new@new.example"),
    ];
    let change = [("name", "Kiosk of ours"), ("name_template", "K-%RAND:5%")];
    let assign = [("profile", profile.to_string())];
    let assign = [(assign[0].0, assign[0].1.as_str())];
    let list = sample_list(SampleKind::Tuple, 5, 3);
    vec![
        get("/organizations", "/organizations"),
        get("/organizations/new", "/organizations/new"),
        post("/organizations/new", "/organizations/new", &new),
        get("/organizations/{id}", organization),
        get("/profiles", "/profiles"),
        get("/profiles/{id}", &path),
        post("/profiles/{id}", &path, &change),
        post(
            "/profiles/tags/{tag}",
            format!("/profiles/tags/{TAG}"),
            &assign,
        ),
        get("/directory", "/directory?q=3305612345678"),
        post_file("/directory/import", "/directory/import", &[], list),
        post(
            "/directory/policy",
            "/directory/policy",
            &[("manufacturer", "Contoso"), ("policy", "refuse")],
        ),
        get("/settings", "/settings"),
        post("/settings", "/settings", &[("ask_by_identifier", "yes")]),
        get("/link", "/link"),
    ]
}

pub(super) fn consents(world: &World) -> Vec<Case> {
    let invitation = format!("/customers/invitations/{}", world.invitation);
    let withdraw = format!("/customers/{}/withdraw", world.customer.organization_id());
    let revoke = format!("/partners/{}/revoke", world.relationship);
    let link = format!("/invitations/{}", world.token);
    let invite = [("customer_label", "Somebody else")];
    let yes = [("yes", "yes"), ("until", "2027-12-31")];
    vec![
        get("/customers/invite", "/customers/invite"),
        post("/customers/invite", "/customers/invite", &invite),
        get("/customers/invitations/{id}", &invitation),
        post(
            "/customers/invitations/{id}/withdraw",
            format!("{invitation}/withdraw"),
            &[],
        ),
        get("/customers/{customer}/withdraw", &withdraw),
        post("/customers/{customer}/withdraw", &withdraw, &[]),
        get("/partners", "/partners"),
        get("/partners/{relationship}/revoke", &revoke),
        post("/partners/{relationship}/revoke", &revoke, &[]),
        get("/invitations/{token}", &link),
        post(
            "/invitations/{token}/accept",
            format!("{link}/accept"),
            &yes,
        ),
        post(
            "/invitations/{token}/decline",
            format!("{link}/decline"),
            &[],
        ),
    ]
}

pub(super) fn of_parties(world: &World) -> Vec<Case> {
    let customer = format!("/customers/{}", world.customer.organization_id());
    let devices = format!("{customer}/devices");
    let device = format!("{devices}/{}", world.device);
    let own = format!("{devices}/{}", world.own_device);
    let id = world.device.to_string();
    let bulk = [
        ("action", "group_tag"),
        ("group_tag", TAG),
        ("devices[]", id.as_str()),
    ];
    let tag = [("group_tag", TAG)];
    let list = sample_list(SampleKind::Hash, 9, 2);
    vec![
        get("/customers", "/customers"),
        get("/customers/{customer}", &customer),
        get(
            "/customers/{customer}/activity",
            format!("{customer}/activity"),
        ),
        get(
            "/customers/{customer}/uploads",
            format!("{customer}/uploads"),
        ),
        get("/customers/{customer}/devices", &devices),
        post("/customers/{customer}/devices", &devices, &bulk),
        get("/customers/{customer}/devices/{device}", &device),
        get("/customers/{customer}/devices/{device}", &own).about("the customer's own"),
        post(
            "/customers/{customer}/devices/{device}/group-tag",
            format!("{device}/group-tag"),
            &tag,
        ),
        post(
            "/customers/{customer}/devices/{device}/group-tag",
            format!("{own}/group-tag"),
            &tag,
        )
        .about("the customer's own"),
        get(
            "/customers/{customer}/devices/{device}/deregister",
            format!("{device}/deregister"),
        ),
        post(
            "/customers/{customer}/devices/{device}/deregister",
            format!("{device}/deregister"),
            &[],
        ),
        post(
            "/customers/{customer}/devices/{device}/deregister",
            format!("{own}/deregister"),
            &[],
        )
        .about("the customer's own"),
        get(
            "/customers/{customer}/add-devices",
            format!("{customer}/add-devices"),
        ),
        post_file(
            "/customers/{customer}/add-devices",
            format!("{customer}/add-devices"),
            &tag,
            list,
        ),
        get("/samples/{name}", "/samples/partner-center.csv"),
    ]
}

pub(super) fn uploads(world: &World) -> Vec<Case> {
    let finished = format!("/uploads/{}", world.upload);
    let draft = format!("/uploads/{}", world.draft);
    let own = format!("/uploads/{}", world.own_draft);
    vec![
        get("/uploads", "/uploads"),
        get("/uploads/{id}", &finished),
        get("/uploads/{id}/failed.csv", format!("{finished}/failed.csv")),
        get("/uploads/{id}/check", format!("{draft}/check")),
        get("/uploads/{id}/check", format!("{own}/check")).about("the customer's own"),
        get(
            "/uploads/{id}/repaired.csv",
            format!("{draft}/repaired.csv"),
        ),
        get("/uploads/{id}/repaired.csv", format!("{own}/repaired.csv"))
            .about("the customer's own"),
        get("/uploads/{id}/to-mend.csv", format!("{draft}/to-mend.csv")),
        get("/uploads/{id}/to-mend.csv", format!("{own}/to-mend.csv")).about("the customer's own"),
        post("/uploads/{id}/save", format!("{draft}/save"), &[]),
        post("/uploads/{id}/save", format!("{own}/save"), &[]).about("the customer's own"),
        post("/uploads/{id}/drop", format!("{draft}/drop"), &[]),
        post("/uploads/{id}/drop", format!("{own}/drop"), &[]).about("the customer's own"),
    ]
}

/// Mending a draft: of the partner, of the customer itself, and an upload that is saved.
pub(super) fn mending(world: &World) -> Vec<Case> {
    let uploads = [
        (world.draft, ""),
        (world.own_draft, "the customer's own"),
        (world.upload, "a saved one"),
    ];
    let cell = [
        ("of", "0"),
        ("line", "2"),
        ("column[]", "1"),
        ("value[]", "0042"),
    ];
    let line = [("of", "0"), ("line", "2")];
    let guess = [("code", "EN0307")];
    let seen = [("of", "0")];
    let acts: [(&'static str, &[(&'static str, &str)]); 7] = [
        ("/uploads/{id}/cell", &cell),
        ("/uploads/{id}/leave-out", &line),
        ("/uploads/{id}/accept", &guess),
        ("/uploads/{id}/take-back", &guess),
        ("/uploads/{id}/use-repaired", &[]),
        ("/uploads/{id}/undo", &seen),
        ("/uploads/{id}/start-again", &seen),
    ];
    let mut cases = vec![
        get("/findings", "/findings"),
        get("/findings/{code}", "/findings/EN0402"),
        get("/findings/{code}", "/findings/en0402").about("in small letters"),
        get("/findings/{code}", "/findings/EN9999").about("none"),
    ];
    for (pattern, fields) in acts {
        for (id, note) in uploads {
            let path = pattern.replace("{id}", &id.to_string());
            cases.push(post(pattern, path, fields).about(note));
        }
    }
    cases
}

pub(super) fn of_customers(world: &World) -> Vec<Case> {
    let device = format!("/devices/{}", world.device);
    let id = world.device.to_string();
    let bulk = [
        ("action", "group_tag"),
        ("group_tag", TAG),
        ("devices[]", id.as_str()),
    ];
    let tag = [("group_tag", TAG)];
    let mut bytes = Vec::new();
    sample::list(Dialect::Intune, SampleKind::Hash, 9, 2, &mut bytes).expect("a list");
    let list = ListFile {
        name: "own.csv".to_owned(),
        bytes,
    };
    vec![
        get("/devices", "/devices"),
        post("/devices", "/devices", &bulk),
        get("/devices/register", "/devices/register"),
        post_file(
            "/devices/register",
            "/devices/register",
            &[("device_profile", "Standard")],
            list,
        ),
        get("/devices/{device}", &device),
        post(
            "/devices/{device}/group-tag",
            format!("{device}/group-tag"),
            &tag,
        ),
        get(
            "/devices/{device}/deregister",
            format!("{device}/deregister"),
        ),
        post(
            "/devices/{device}/deregister",
            format!("{device}/deregister"),
            &[],
        ),
    ]
}

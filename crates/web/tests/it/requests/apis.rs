//! Calls of the token endpoints, the Partner Center API and the OEM API.

use super::*;

/// The Partner Center API, about tenant A's customer.
pub(super) fn partner_center(world: &World) -> Vec<Case> {
    const CUSTOMER: &str = "/v1/customers/{customer}";
    const BATCHES: &str = "/v1/customers/{customer}/deviceBatches";
    const DEVICES: &str = "/v1/customers/{customer}/deviceBatches/{batch}/devices";
    const DEVICE: &str = "/v1/customers/{customer}/deviceBatches/{batch}/devices/{device}";
    const STATUS: &str = "/v1/customers/{customer}/batchJobStatus/{tracking}";
    const UPDATES: &str = "/v1/customers/{customer}/DevicePolicyUpdates";
    const POLICIES: &str = "/v1/customers/{customer}/policies";
    const POLICY: &str = "/v1/customers/{customer}/policies/{policy}";
    const SIGNED: &str = "/v1/customers/{customer}/directSignedMicrosoftCustomerAgreementStatus";
    let customer = format!("/v1/customers/{}", world.customer.organization_id());
    let at = |rest: &str| format!("{customer}{rest}");
    let device = at(&format!("/deviceBatches/{TAG}/devices/{}", world.device));
    let status = at(&format!("/batchJobStatus/{}", world.upload));
    let unknown = "/policies/01890000-0000-7000-8000-000000000000";
    let one = r#"[{"serialNumber":"A1","modelName":"B","oemManufacturerName":"C"}]"#;
    let batch = format!(r#"{{"batchId":"May","devices":{one}}}"#);
    let update = format!(
        r#"{{"devices":[{{"id":"{}","policies":[]}}]}}"#,
        world.device
    );
    let policy = r#"{"name":"Front desk","category":"o_o_b_e","policySettings":["skip_eula"]}"#;
    let withdraw = r#"{"relationshipToPartner":"none"}"#;
    vec![
        partner(Method::POST, BATCHES, at("/deviceBatches"), &batch),
        partner(Method::GET, BATCHES, at("/deviceBatches"), ""),
        partner(
            Method::POST,
            DEVICES,
            at(&format!("/deviceBatches/{TAG}/devices")),
            one,
        ),
        partner(
            Method::GET,
            DEVICES,
            at(&format!("/deviceBatches/{TAG}/devices")),
            "",
        ),
        partner(Method::GET, STATUS, status, ""),
        partner(Method::PATCH, UPDATES, at("/DevicePolicyUpdates"), &update),
        partner(Method::GET, DEVICE, &device, ""),
        partner(Method::PUT, DEVICE, &device, "{}"),
        partner(Method::PATCH, DEVICE, &device, "{}"),
        partner(Method::DELETE, DEVICE, &device, ""),
        partner(Method::POST, POLICIES, at("/policies"), policy),
        partner(Method::GET, POLICIES, at("/policies"), ""),
        partner(Method::GET, POLICY, at(unknown), ""),
        partner(Method::PUT, POLICY, at(unknown), policy),
        partner(Method::DELETE, POLICY, at(unknown), ""),
        partner(Method::GET, "/v1/customers", "/v1/customers", ""),
        partner(Method::GET, CUSTOMER, &customer, ""),
        partner(Method::PATCH, CUSTOMER, &customer, withdraw),
        partner(
            Method::GET,
            "/v1/customers/relationshiprequests",
            "/v1/customers/relationshiprequests",
            "",
        ),
        partner(
            Method::GET,
            "/v1/customers/{customer}/agreements",
            at("/agreements?agreementType=*"),
            "",
        ),
        partner(
            Method::GET,
            SIGNED,
            at("/directSignedMicrosoftCustomerAgreementStatus"),
            "",
        ),
        partner(
            Method::GET,
            "/v1/auditrecords",
            "/v1/auditrecords?startDate=2020-01-01",
            "",
        ),
    ]
}

/// The OEM API, about tenant A's customer.
pub(super) fn oem(world: &World) -> Vec<Case> {
    const OPERATION: &str = "/oem/v1/operations/{operation}";
    let customer = world.customer.organization_id();
    let operation = format!("/oem/v1/operations/{}", world.operation);
    let of = |rest: &str| format!("/oem/v1/registrations{rest}");
    let lines = format!(
        r#"[{{"customer":"{customer}","manufacturer":"A","model":"B","serialNumber":"C1"}}]"#
    );
    let device = format!(r#"{{"devices":[{{"id":"{}"}}]}}"#, world.device);
    let built = r#"{"devices":[{"manufacturer":"A","model":"B","serialNumber":"C1"}]}"#;
    let customers = format!(r#"{{"customers":["{customer}"]}}"#);
    let found = format!("/oem/v1/devices?id={}", world.device);
    let post = |pattern, path: String, json: &str| partner(Method::POST, pattern, path, json);
    let read = |pattern, path: &str| partner(Method::GET, pattern, path, "");
    vec![
        post("/oem/v1/registrations", of(""), &lines),
        post("/oem/v1/registrations:validate", of(":validate"), &lines),
        post(
            "/oem/v1/registrations:deregister",
            of(":deregister"),
            &device,
        ),
        read("/oem/v1/operations", "/oem/v1/operations"),
        read(OPERATION, &operation),
        post(OPERATION, format!("{operation}:cancel"), "{}").about("cancel"),
        post(OPERATION, format!("{operation}:void"), "{}").about("void"),
        post(OPERATION, format!("{operation}:void?preview=true"), "{}").about("preview"),
        read(
            "/oem/v1/operations/{operation}/results",
            &format!("{operation}/results"),
        ),
        read("/oem/v1/devices", &found),
        post(
            "/oem/v1/consents:check",
            "/oem/v1/consents:check".to_owned(),
            &customers,
        ),
        post(
            "/oem/v1/directory/devices",
            "/oem/v1/directory/devices".to_owned(),
            built,
        ),
    ]
}

/// Tokens, and the documents by which clients find them.
pub(super) fn oauth(world: &World) -> Vec<Case> {
    const V1: &str = "/{tenant}/oauth2/authorize";
    const V2: &str = "/{tenant}/oauth2/v2.0/authorize";
    let asked = [("grant_type", "client_credentials"), ("client_id", "x")];
    let program = world.program.to_string();
    let asks = [
        ("client_id", &*program),
        ("response_type", "code"),
        ("redirect_uri", "http://localhost/"),
        ("scope", "devices.read"),
        (
            "code_challenge",
            "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
        ),
        ("code_challenge_method", "S256"),
        ("decision", "approve"),
    ];
    let query: Vec<_> = asks[..6].iter().map(|(n, v)| format!("{n}={v}")).collect();
    let query = query.join("&");
    let (v1, v2) = ("/common/oauth2/authorize", "/common/oauth2/v2.0/authorize");
    vec![
        get(V1, format!("{v1}?{query}")),
        post(V1, v1, &asks),
        get(V2, format!("{v2}?{query}")),
        post(V2, v2, &asks),
        get(V2, v2).about("nothing asked"),
        post(
            "/{tenant}/oauth2/v2.0/devicecode",
            "/common/oauth2/v2.0/devicecode",
            &asks,
        ),
        get("/device-login", "/device-login"),
        get("/device-login", "/device-login?code=BBBB-BBBB").about("a code that nobody has"),
        post(
            "/device-login",
            "/device-login",
            &[("code", "BBBB-BBBB"), ("decision", "approve")],
        ),
        post("/{tenant}/oauth2/token", "/common/oauth2/token", &asked),
        post(
            "/{tenant}/oauth2/v2.0/token",
            "/common/oauth2/v2.0/token",
            &asked,
        ),
        get(
            "/{tenant}/.well-known/openid-configuration",
            "/common/.well-known/openid-configuration",
        ),
        get(
            "/{tenant}/v2.0/.well-known/openid-configuration",
            "/common/v2.0/.well-known/openid-configuration",
        ),
        get("/{tenant}/discovery/keys", "/common/discovery/keys"),
        get(
            "/{tenant}/discovery/v2.0/keys",
            "/common/discovery/v2.0/keys",
        ),
        get("/common/discovery/instance", "/common/discovery/instance"),
    ]
}

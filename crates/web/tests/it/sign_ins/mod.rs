//! People who sign in to programs: what each of the tests begins with.

mod assertion;
mod change;
mod code;
mod device;
mod end_all;
mod misuse;
mod refresh;
mod vault;

use registration::api_client::ApiScopes;
use registration::ids::ClientId;
use registration::organization::OrganizationKind;
use registration::user::Role;
use serde_json::Value;
use service::api_clients::ClientForm;

use crate::client::{Answer, Client};
use crate::harness::{Person, Registry};

/// The example of RFC 7636, appendix B.
pub(super) const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
pub(super) const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
/// Where the program listens.
pub(super) const REDIRECT: &str = "http://localhost:4711/";

pub(super) fn json(answer: &Answer) -> Value {
    serde_json::from_slice(&answer.bytes).unwrap_or_else(|_| panic!("no JSON: {}", answer.text()))
}

/// What stands in a token, unchecked.
pub(super) fn claims(token: &str) -> Value {
    let part = token.split('.').nth(1).expect("a token");
    let bytes = base64_simd::URL_SAFE_NO_PAD.decode_to_vec(part);
    serde_json::from_slice(&bytes.expect("base64url")).expect("JSON")
}

/// A partner's administrator, its sales agent, and a program on people's machines.
pub(super) struct Stage {
    pub(super) registry: Registry,
    pub(super) operator: Person,
    pub(super) admin: Person,
    pub(super) sales: Person,
    pub(super) client: String,
}

impl Stage {
    pub(super) async fn set(registry: Registry) -> Self {
        let operator = registry.operator().await;
        let (kind, domain) = (OrganizationKind::Partner, "brightwater.example");
        let admin = registry.organization(&operator, kind, "Brightwater", domain);
        let admin = admin.await;
        let sales = registry.colleague(&admin, Role::SalesAgent).await;
        let (client, _) = add_client(&registry, &admin, true).await;
        Self {
            registry,
            operator,
            admin,
            sales,
            client,
        }
    }

    /// The query of an authorization request of this program.
    pub(super) fn asks(&self) -> Vec<(&'static str, String)> {
        let fields = [
            ("client_id", self.client.as_str()),
            ("response_type", "code"),
            ("redirect_uri", REDIRECT),
            (
                "scope",
                "https://graph.microsoft.com/.default openid profile offline_access",
            ),
            ("state", "a state & more"),
            ("nonce", "n-0S6"),
            ("code_challenge", CHALLENGE),
            ("code_challenge_method", "S256"),
        ];
        fields.map(|(name, value)| (name, value.to_owned())).into()
    }

    /// The code of a person who says yes.
    pub(super) async fn code(&self, person: &Person) -> String {
        let mut browser = self.registry.client(person);
        let answer = decide(&mut browser, &self.asks(), "approve").await.is(303);
        parameter(answer.location(), "code").expect("a code")
    }

    /// What a token endpoint says to the code.
    pub(super) async fn redeem(&self, code: &str, verifier: &str) -> Answer {
        let form = [
            ("grant_type", "authorization_code"),
            ("client_id", &self.client),
            ("code", code),
            ("code_verifier", verifier),
            ("redirect_uri", REDIRECT),
            ("client_info", "1"),
        ];
        post_token(&self.registry, &form).await
    }

    /// What it says to a refresh token of this client.
    pub(super) async fn refresh(&self, client: &str, token: &str) -> Answer {
        let form = [
            ("grant_type", "refresh_token"),
            ("client_id", client),
            ("refresh_token", token),
        ];
        post_token(&self.registry, &form).await
    }

    /// Tokens of a person who signed in.
    pub(super) async fn signed_in(&self, person: &Person) -> Value {
        let code = self.code(person).await;
        json(&self.redeem(&code, VERIFIER).await.is(200))
    }

    /// The status of a call with this token.
    pub(super) async fn call(&self, token: &Value) -> u16 {
        let mut api = self.registry.visitor();
        api.bearer = Some(token.as_str().expect("a token").to_owned());
        api.get("/v1/customers").await.status.as_u16()
    }

    pub(super) fn client_id(&self) -> ClientId {
        self.client.parse().expect("an id")
    }
}

/// A client of this administrator's organization: its id, and its secret if it keeps one.
pub(super) async fn add_client(
    registry: &Registry,
    admin: &Person,
    public: bool,
) -> (String, Option<String>) {
    let role = Role::of_kind(admin.organization().kind)[0];
    let form = ClientForm {
        name: "Desk script".to_owned(),
        role: role.as_str().to_owned(),
        scopes: vec![ApiScopes::all().to_string()],
        redirects: "http://localhost\nhttp://localhost:4711/\nhttps://app.example/cb".to_owned(),
        public,
        days: 30,
    };
    let added = registry.desk.add_api_client(&admin.caller, &form).await;
    let (client, secret) = added.expect("the client is added");
    let secret = secret.map(|made| made.secret.reveal().to_owned());
    (client.id.to_string(), secret)
}

pub(super) async fn post_token(registry: &Registry, form: &[(&str, &str)]) -> Answer {
    let mut program = registry.visitor();
    program.post("/common/oauth2/v2.0/token", form).await
}

pub(super) fn address(fields: &[(&'static str, String)]) -> String {
    let pairs: Vec<_> = fields
        .iter()
        .map(|(name, value)| format!("{name}={}", web::session::percent_encoded(value)))
        .collect();
    format!(
        "/brightwater.example/oauth2/v2.0/authorize?{}",
        pairs.join("&")
    )
}

/// What a person answers on the page.
pub(super) async fn decide(
    browser: &mut Client,
    asks: &[(&'static str, String)],
    decision: &str,
) -> Answer {
    let mut fields: Vec<_> = asks.iter().map(|(n, v)| (*n, v.as_str())).collect();
    fields.push(("decision", decision));
    let path = "/brightwater.example/oauth2/v2.0/authorize";
    browser.post(path, &fields).await
}

/// A parameter of an address, decoded.
pub(super) fn parameter(address: &str, name: &str) -> Option<String> {
    let (_, query) = address.split_once(['?', '#'])?;
    let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    let mut found = pairs.filter(|(known, _)| *known == name);
    found
        .next()
        .map(|(_, value)| web::session::percent_decoded(value))
}

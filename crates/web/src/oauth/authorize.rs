//! The authorization endpoint: who asks, for what, and where the browser goes with the answer.

use std::sync::Arc;

use askama::Template;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use registration::api_client::ApiScope;
use registration::ids::RequestId;
use registration::redirect;
use serde::Deserialize;
use service::Caller;
use service::oauth::{
    Authorize, AuthorizeForm, AuthorizeRefusal, ResponseMode, Return, TokenRefusal, Version,
};

use super::refused::status_of;
use super::sent::{NamedTenant, endpoint};
use crate::app::App;
use crate::portal::shell::{PageResult, rendered};
use crate::problem::log_cause;
use crate::request::{RequestIds, policy_with_form_target};
use crate::session::{Rejection, Sent, SignedIn, percent_encoded};

/// What a browser brings along, and what the page's form carries on.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Asked {
    client_id: String,
    response_type: String,
    redirect_uri: String,
    response_mode: String,
    scope: String,
    resource: String,
    state: String,
    code_challenge: String,
    code_challenge_method: String,
    nonce: String,
    prompt: String,
    /// `approve`, or anything else: the person's answer.
    decision: String,
}

/// What the form of the page has beside its token and the answer.
const CARRIED: usize = 10;

impl Asked {
    fn form(&self) -> AuthorizeForm {
        AuthorizeForm {
            client_id: self.client_id.clone(),
            response_type: self.response_type.clone(),
            redirect_uri: self.redirect_uri.clone(),
            response_mode: self.response_mode.clone(),
            scope: self.scope.clone(),
            resource: self.resource.clone(),
            state: self.state.clone(),
            code_challenge: self.code_challenge.clone(),
            code_challenge_method: self.code_challenge_method.clone(),
            nonce: self.nonce.clone(),
            prompt: self.prompt.clone(),
        }
    }

    fn carried(&self) -> [(&'static str, &str); CARRIED] {
        [
            ("client_id", &self.client_id),
            ("response_type", &self.response_type),
            ("redirect_uri", &self.redirect_uri),
            ("response_mode", &self.response_mode),
            ("scope", &self.scope),
            ("resource", &self.resource),
            ("state", &self.state),
            ("code_challenge", &self.code_challenge),
            ("code_challenge_method", &self.code_challenge_method),
            ("nonce", &self.nonce),
        ]
    }
}

#[derive(Template)]
#[template(path = "authorize.html")]
struct ConsentPage<'a> {
    csrf: &'a str,
    me: &'a str,
    organization: &'a str,
    program: &'a str,
    scopes: Vec<ApiScope>,
    offline: bool,
    goes_to: String,
    carried: [(&'static str, &'a str); CARRIED],
}

/// The person is one of another organization.
#[derive(Template)]
#[template(path = "authorize_stranger.html")]
struct StrangerPage<'a> {
    csrf: &'a str,
    me: &'a str,
    organization: &'a str,
}

#[derive(Template)]
#[template(path = "authorize_refused.html")]
struct RefusedPage {
    text: String,
}

#[derive(Template)]
#[template(path = "form_post.html")]
struct FormPostPage<'a> {
    action: &'a str,
    fields: &'a [(&'static str, &'a str)],
}

type Asks = Result<Query<Asked>, QueryRejection>;

/// `GET /{tenant}/oauth2/authorize`
pub(super) async fn ask_v1(
    State(app): State<Arc<App>>,
    NamedTenant(tenant): NamedTenant,
    RequestIds(request): RequestIds,
    asks: Asks,
    signed: Result<SignedIn, Rejection>,
) -> PageResult {
    ask(&app, &tenant, Version::V1, request, asks, signed).await
}

/// `GET /{tenant}/oauth2/v2.0/authorize`
pub(super) async fn ask_v2(
    State(app): State<Arc<App>>,
    NamedTenant(tenant): NamedTenant,
    RequestIds(request): RequestIds,
    asks: Asks,
    signed: Result<SignedIn, Rejection>,
) -> PageResult {
    ask(&app, &tenant, Version::V2, request, asks, signed).await
}

/// `POST /{tenant}/oauth2/authorize`
pub(super) async fn answer_v1(
    State(app): State<Arc<App>>,
    NamedTenant(tenant): NamedTenant,
    RequestIds(request): RequestIds,
    sent: Sent<Asked>,
) -> PageResult {
    answer(&app, &tenant, Version::V1, request, sent).await
}

/// `POST /{tenant}/oauth2/v2.0/authorize`
pub(super) async fn answer_v2(
    State(app): State<Arc<App>>,
    NamedTenant(tenant): NamedTenant,
    RequestIds(request): RequestIds,
    sent: Sent<Asked>,
) -> PageResult {
    answer(&app, &tenant, Version::V2, request, sent).await
}

/// Shows the page, once client and address are known to be right and somebody is signed in.
async fn ask(
    app: &App,
    tenant: &str,
    version: Version,
    request: RequestId,
    asks: Asks,
    signed: Result<SignedIn, Rejection>,
) -> PageResult {
    let Ok(Query(asked)) = asks else {
        let text = "The query has a parameter more than once, or can't be read.";
        let refusal = TokenRefusal::malformed(text);
        return refused(AuthorizeRefusal::Here(refusal));
    };
    let at = endpoint(app, tenant, version, request);
    let wants = match app.desk.read_authorize(&at, &asked.form()).await {
        Ok(wants) => wants,
        Err(refusal) => return refused(refusal),
    };
    let signed = match signed {
        Ok(signed) => signed,
        Err(Rejection::SignIn(_)) if wants.silent => {
            return back(
                &wants.back,
                &error("login_required", "Nobody is signed in."),
            );
        }
        Err(rejection) => return Ok(rejection.into_response()),
    };
    if !wants.is_for(&signed.caller) {
        return stranger(&signed);
    }
    if wants.silent {
        let text = "The person has to be asked: leave prompt=none out.";
        return back(&wants.back, &error("consent_required", text));
    }
    consent_page(&asked, &wants, &signed)
}

/// What the person answered.
async fn answer(
    app: &App,
    tenant: &str,
    version: Version,
    request: RequestId,
    Sent {
        signed,
        form: asked,
    }: Sent<Asked>,
) -> PageResult {
    let at = endpoint(app, tenant, version, request);
    let wants = match app.desk.read_authorize(&at, &asked.form()).await {
        Ok(wants) => wants,
        Err(refusal) => return refused(refusal),
    };
    if !wants.is_for(&signed.caller) {
        return stranger(&signed);
    }
    if asked.decision != "approve" {
        return back(&wants.back, &error("access_denied", "The person declined."));
    }
    let code = app.desk.approve_authorize(&signed.caller, &wants).await?;
    back(&wants.back, &[("code", code.reveal())])
}

fn consent_page(asked: &Asked, wants: &Authorize, signed: &SignedIn) -> PageResult {
    let Caller {
        user, organization, ..
    } = &signed.caller;
    let origin = redirect::origin(&wants.back.redirect);
    let page = ConsentPage {
        csrf: &signed.csrf,
        me: &user.email,
        organization: &organization.name,
        program: &wants.client.name,
        scopes: wants.scopes().iter().collect(),
        offline: wants.offline(),
        goes_to: origin.clone(),
        carried: asked.carried(),
    };
    let response = rendered(StatusCode::OK, &page)?;
    Ok(sending_forms_to(response, &origin))
}

fn stranger(signed: &SignedIn) -> PageResult {
    let page = StrangerPage {
        csrf: &signed.csrf,
        me: &signed.caller.user.email,
        organization: &signed.caller.organization.name,
    };
    rendered(StatusCode::FORBIDDEN, &page)
}

fn refused(refusal: AuthorizeRefusal) -> PageResult {
    let (back_to, refusal) = match refusal {
        AuthorizeRefusal::Here(refusal) => (None, refusal),
        AuthorizeRefusal::There(back, refusal) => (Some(back), refusal),
    };
    if let Some(cause) = &refusal.cause {
        log_cause(cause);
    }
    let text = refusal.to_string();
    match back_to {
        Some(to) => back(&to, &error(refusal.error, &text)),
        None => rendered(status_of(&refusal), &RefusedPage { text }),
    }
}

fn error<'a>(word: &'a str, text: &'a str) -> [(&'static str, &'a str); 2] {
    [("error", word), ("error_description", text)]
}

/// Sends the browser back to the client.
fn back(to: &Return, answer: &[(&'static str, &str)]) -> PageResult {
    let mut fields = answer.to_vec();
    if !to.state.is_empty() {
        fields.push(("state", &to.state));
    }
    let mark = match to.mode {
        ResponseMode::FormPost => return form_post(&to.redirect, &fields),
        ResponseMode::Fragment => '#',
        ResponseMode::Query if to.redirect.contains('?') => '&',
        ResponseMode::Query => '?',
    };
    let pairs: Vec<_> = fields
        .iter()
        .map(|(name, value)| format!("{name}={}", percent_encoded(value)))
        .collect();
    let address = format!("{}{mark}{}", to.redirect, pairs.join("&"));
    Ok(Redirect::to(&address).into_response())
}

fn form_post(action: &str, fields: &[(&'static str, &str)]) -> PageResult {
    let page = FormPostPage { action, fields };
    let response = rendered(StatusCode::OK, &page)?;
    Ok(sending_forms_to(response, &redirect::origin(action)))
}

/// Lets the page's form lead to this origin beside our own.
fn sending_forms_to(mut response: Response, origin: &str) -> Response {
    let policy = policy_with_form_target(origin);
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    response
}

//! The token endpoints.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde_json::{Map, Value, json};
use service::oauth::{Tokens, Version, jwt};

use super::refused::Refused;
use super::sent::{Asker, NamedTenant, SentForm, endpoint, token_form};
use crate::app::App;

type Answer = Result<Json<Map<String, Value>>, Refused>;

/// `POST /{tenant}/oauth2/token`: numbers are strings.
pub(super) async fn v1(
    State(app): State<Arc<App>>,
    NamedTenant(tenant): NamedTenant,
    asker: Asker,
    form: SentForm,
) -> Answer {
    let (tokens, more) = give(&app, &tenant, Version::V1, &asker, form).await?;
    let ends = tokens.not_before + tokens.expires_in;
    let mut answer = more;
    answer.insert(
        "expires_in".to_owned(),
        json!(tokens.expires_in.to_string()),
    );
    answer.insert(
        "ext_expires_in".to_owned(),
        json!(tokens.expires_in.to_string()),
    );
    answer.insert("expires_on".to_owned(), json!(ends.to_string()));
    answer.insert(
        "not_before".to_owned(),
        json!(tokens.not_before.to_string()),
    );
    answer.insert("resource".to_owned(), json!(tokens.resource));
    Ok(Json(answer))
}

/// `POST /{tenant}/oauth2/v2.0/token`
pub(super) async fn v2(
    State(app): State<Arc<App>>,
    NamedTenant(tenant): NamedTenant,
    asker: Asker,
    form: SentForm,
) -> Answer {
    let (tokens, more) = give(&app, &tenant, Version::V2, &asker, form).await?;
    let mut answer = more;
    answer.insert("expires_in".to_owned(), json!(tokens.expires_in));
    answer.insert("ext_expires_in".to_owned(), json!(tokens.expires_in));
    Ok(Json(answer))
}

/// The tokens, and what both versions say of them in the same way.
async fn give(
    app: &App,
    tenant: &str,
    version: Version,
    asker: &Asker,
    form: SentForm,
) -> Result<(Tokens, Map<String, Value>), Refused> {
    let refused = |refusal| Refused::of(app, asker, refusal);
    let at = endpoint(app, tenant, version, asker.request);
    let sent = form.0.map_err(refused)?;
    let wants_account = sent.client_info == "1";
    let form = token_form(sent, asker).map_err(refused)?;
    let tokens = app.desk.token(&at, &form).await.map_err(refused)?;
    let account = tokens.account.as_ref().filter(|_| wants_account);
    let account = account.map(|(uid, utid)| {
        let text = json!({ "uid": uid, "utid": utid }).to_string();
        jwt::encode(text.as_bytes())
    });
    let mut answer = Map::new();
    answer.insert("token_type".to_owned(), json!("Bearer"));
    answer.insert("access_token".to_owned(), json!(tokens.access_token));
    for (name, value) in [
        ("scope", &tokens.scope),
        ("refresh_token", &tokens.refresh_token),
        ("id_token", &tokens.id_token),
        ("client_info", &account),
    ] {
        if let Some(value) = value {
            answer.insert(name.to_owned(), json!(value));
        }
    }
    Ok((tokens, answer))
}

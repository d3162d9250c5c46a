//! `POST /{tenant}/oauth2/v2.0/devicecode`: a program without a browser begins (RFC 8628, 3.1).

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde_json::{Value, json};
use service::oauth::Version;
use service::oauth::device::{DEVICE_CODE_SECONDS, POLL_SECONDS};

use super::refused::Refused;
use super::sent::{Asker, NamedTenant, SentForm, endpoint, token_form};
use crate::app::App;

pub(super) async fn begin(
    State(app): State<Arc<App>>,
    NamedTenant(tenant): NamedTenant,
    asker: Asker,
    SentForm(form): SentForm,
) -> Result<Json<Value>, Refused> {
    let refused = |refusal| Refused::of(&app, &asker, refusal);
    let form = form.and_then(|sent| token_form(sent, &asker));
    let form = form.map_err(refused)?;
    // Each is kept for a quarter of an hour, and anybody who knows a client's id may ask.
    asker.charge(&app.device_codes).map_err(refused)?;
    let at = endpoint(&app, &tenant, Version::V2, asker.request);
    let code = app.desk.device_code(&at, &form).await;
    let code = code.map_err(refused)?;
    let (page, user_code) = (app.link("/device-login"), code.user_code);
    let message = format!(
        "To sign in, use a web browser to open the page {page} and enter the code {user_code} to \
         authenticate."
    );
    Ok(Json(json!({
        "device_code": code.device_code.reveal(),
        "user_code": user_code,
        "verification_uri": page,
        "expires_in": DEVICE_CODE_SECONDS,
        "interval": POLL_SECONDS,
        "message": message,
    })))
}

//! One API client: its secrets and keys, where it may send people, and its end.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use registration::access::Action;
use registration::api_client::{ApiClient, ClientCredential, CredentialKind};
use registration::ids::{ClientId, CredentialId};
use serde::Deserialize;
use service::{DeskError, FieldError};

use crate::app::App;
use crate::portal::address::id;
use crate::portal::clients::SecretPage;
use crate::portal::pill::Pill;
use crate::portal::shell::{
    Crumb, Flash, PageResult, Shell, done, field_errors, message, page, page_again, rendered,
};
use crate::portal::validity::{Validity, days_of, validities};
use crate::routes::Routes;
use crate::session::{Pressed, Sent, SignedIn};

pub(super) fn routes(routes: Routes) -> Routes {
    routes
        .get("/clients/{id}", show)
        .post("/clients/{id}/secret", make_secret)
        .post("/clients/{id}/key", add_key)
        .post("/clients/{id}/credentials/{credential}/remove", remove)
        .get("/clients/{id}/revoke", ask)
        .post("/clients/{id}/revoke", revoke)
}

#[derive(Template)]
#[template(path = "client.html")]
struct ClientPage {
    shell: Shell,
    trail: Vec<Crumb>,
    client: ApiClient,
    pill: Pill,
    credentials: Vec<(ClientCredential, Pill)>,
    token_address: String,
    validities: Vec<Validity>,
    form: NewKey,
    errors: Vec<FieldError>,
}

#[derive(Template)]
#[template(path = "client_revoke.html")]
struct RevokePage {
    shell: Shell,
    trail: Vec<Crumb>,
    client: ApiClient,
    title: String,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct NewKey {
    key: String,
    days: String,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Lasting {
    days: String,
}

impl ClientPage {
    async fn of(
        app: &App,
        signed: &SignedIn,
        client: ClientId,
        form: NewKey,
        errors: Vec<FieldError>,
    ) -> Result<Self, DeskError> {
        let view = app.desk.api_client(&signed.caller, client).await?;
        let now = app.desk.now();
        let pill = Pill::of_client(&view, now);
        let with_pill = |known: ClientCredential| {
            let pill = Pill::of_credential(&known, now);
            (known, pill)
        };
        let tenant = view.client.organization_id;
        Ok(Self {
            shell: Shell::of(signed),
            trail: vec![Crumb::new("/clients", "API clients")],
            client: view.client,
            pill,
            credentials: view.credentials.into_iter().map(with_pill).collect(),
            token_address: app.link(&format!("/{tenant}/oauth2/v2.0/token")),
            validities: validities(now, &form.days),
            form,
            errors,
        })
    }

    fn error(&self, field: &str) -> &str {
        message(&self.errors, field)
    }
}

async fn show(
    State(app): State<Arc<App>>,
    Path(client): Path<String>,
    signed: SignedIn,
) -> PageResult {
    let client = id(&client)?;
    let shown = ClientPage::of(&app, &signed, client, NewKey::default(), Vec::new()).await?;
    page(&app, &signed, &shown)
}

async fn make_secret(
    State(app): State<Arc<App>>,
    Path(client): Path<String>,
    Sent { signed, form }: Sent<Lasting>,
) -> PageResult {
    let client: ClientId = id(&client)?;
    let made = app
        .desk
        .add_client_secret(&signed.caller, client, days_of(&form.days))
        .await?;
    let view = app.desk.api_client(&signed.caller, client).await?;
    rendered(StatusCode::OK, &SecretPage::of(&signed, view.client, &made))
}

async fn add_key(
    State(app): State<Arc<App>>,
    Path(client): Path<String>,
    Sent { signed, form }: Sent<NewKey>,
) -> PageResult {
    let client: ClientId = id(&client)?;
    let added = app
        .desk
        .add_client_key(&signed.caller, client, &form.key, days_of(&form.days))
        .await;
    match added {
        Ok(thumbprint) => {
            let flash = Flash::ok(format!("The key {thumbprint} is registered."));
            Ok(done(&app, &format!("/clients/{client}"), &flash))
        }
        Err(error) => {
            let errors = field_errors(error)?;
            // What was pasted may be a private key: it is not shown again.
            let empty = NewKey {
                key: String::new(),
                ..form
            };
            page_again(&ClientPage::of(&app, &signed, client, empty, errors).await?)
        }
    }
}

async fn remove(
    State(app): State<Arc<App>>,
    Path((client, credential)): Path<(String, String)>,
    Sent { signed, .. }: Sent<Pressed>,
) -> PageResult {
    let (client, credential): (ClientId, CredentialId) = (id(&client)?, id(&credential)?);
    app.desk
        .remove_client_credential(&signed.caller, client, credential)
        .await?;
    let flash = Flash::ok("Removed: tokens given for it are of no use any more.");
    Ok(done(&app, &format!("/clients/{client}"), &flash))
}

async fn ask(
    State(app): State<Arc<App>>,
    Path(client): Path<String>,
    signed: SignedIn,
) -> PageResult {
    signed.caller.may(Action::ManageClients)?;
    let view = app.desk.api_client(&signed.caller, id(&client)?).await?;
    let client = view.client;
    let ask = RevokePage {
        shell: Shell::of(&signed),
        trail: vec![
            Crumb::new("/clients", "API clients"),
            Crumb::new(format!("/clients/{}", client.id), &client.name),
        ],
        title: format!("Revoke {}?", client.name),
        client,
    };
    page(&app, &signed, &ask)
}

async fn revoke(
    State(app): State<Arc<App>>,
    Path(client): Path<String>,
    Sent { signed, .. }: Sent<Pressed>,
) -> PageResult {
    app.desk
        .revoke_api_client(&signed.caller, id(&client)?)
        .await?;
    let flash = Flash::ok("The client is revoked: its tokens are of no use any more.");
    Ok(done(&app, "/clients", &flash))
}

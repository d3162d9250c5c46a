//! Changing an API client: the form, what it would change, and doing so.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use registration::access::Action;
use registration::api_client::{ApiClient, ApiScope, TermChange};
use registration::ids::ClientId;
use registration::user::Role;
use serde::Deserialize;
use service::FieldError;
use service::api_clients::ClientForm;
use service::client_terms::version_of;

use crate::app::App;
use crate::portal::address::id;
use crate::portal::shell::{
    Crumb, Flash, PageResult, Shell, done, field_errors, message, page, page_again, rendered,
};
use crate::routes::Routes;
use crate::session::{Sent, SignedIn};

pub(super) fn routes(routes: Routes) -> Routes {
    routes
        .get("/clients/{id}/change", show)
        .post("/clients/{id}/change", change)
}

#[derive(Template)]
#[template(path = "client_change.html")]
struct ChangePage {
    shell: Shell,
    trail: Vec<Crumb>,
    client: ApiClient,
    roles: Vec<Role>,
    scopes: &'static [ApiScope],
    form: Terms,
    errors: Vec<FieldError>,
}

/// What would change, before it does.
#[derive(Template)]
#[template(path = "client_change_confirm.html")]
struct ConfirmPage {
    shell: Shell,
    trail: Vec<Crumb>,
    title: String,
    client: ApiClient,
    changes: Vec<TermChange>,
    form: Terms,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Terms {
    name: String,
    role: String,
    scopes: Vec<String>,
    redirects: String,
    /// Which state of the client the form was made from.
    seen: String,
    /// `yes` where what changes was seen and is right, `no` where it was seen and is not.
    confirmed: String,
}

impl Terms {
    fn of(client: &ApiClient) -> Self {
        Self {
            name: client.name.clone(),
            role: client.role.as_str().to_owned(),
            scopes: client
                .scopes
                .iter()
                .map(|one| one.as_str().to_owned())
                .collect(),
            redirects: client.redirects.join("\n"),
            seen: version_of(client),
            confirmed: String::new(),
        }
    }

    fn form(&self) -> ClientForm {
        ClientForm {
            name: self.name.clone(),
            role: self.role.clone(),
            scopes: self.scopes.clone(),
            redirects: self.redirects.clone(),
            ..ClientForm::default()
        }
    }
}

impl ChangePage {
    fn of(signed: &SignedIn, client: ApiClient, form: Terms, errors: Vec<FieldError>) -> Self {
        Self {
            shell: Shell::of(signed),
            trail: trail(&client),
            roles: Role::of_kind(signed.caller.organization.kind).to_vec(),
            scopes: ApiScope::ALL,
            client,
            form,
            errors,
        }
    }

    fn ticked(&self, scope: ApiScope) -> bool {
        self.form.scopes.iter().any(|word| word == scope.as_str())
    }

    fn error(&self, field: &str) -> &str {
        message(&self.errors, field)
    }
}

fn trail(client: &ApiClient) -> Vec<Crumb> {
    vec![
        Crumb::new("/clients", "API clients"),
        Crumb::new(format!("/clients/{}", client.id), &client.name),
    ]
}

async fn show(
    State(app): State<Arc<App>>,
    Path(client): Path<String>,
    signed: SignedIn,
) -> PageResult {
    signed.caller.may(Action::ManageClients)?;
    let client = app
        .desk
        .api_client(&signed.caller, id(&client)?)
        .await?
        .client;
    let form = Terms::of(&client);
    page(
        &app,
        &signed,
        &ChangePage::of(&signed, client, form, Vec::new()),
    )
}

async fn change(
    State(app): State<Arc<App>>,
    Path(client): Path<String>,
    Sent { signed, form }: Sent<Terms>,
) -> PageResult {
    let (id, caller): (ClientId, _) = (id(&client)?, &signed.caller);
    let (asked, desk) = (form.form(), &app.desk);
    let intended = desk.intend_change(caller, id, &form.seen, &asked).await;
    let intended = match intended {
        Ok(intended) => intended,
        Err(error) => {
            let errors = field_errors(error)?;
            let client = desk.api_client(caller, id).await?.client;
            return page_again(&ChangePage::of(&signed, client, form, errors));
        }
    };
    if form.confirmed == "no" {
        let again = ChangePage::of(&signed, intended.client, form, Vec::new());
        return page(&app, &signed, &again);
    }
    let there = format!("/clients/{id}");
    if intended.changes.is_empty() {
        let flash = Flash::note("Nothing changes: the client is like that already.");
        return Ok(done(&app, &there, &flash));
    }
    if form.confirmed != "yes" {
        let confirm = ConfirmPage {
            shell: Shell::of(&signed),
            trail: trail(&intended.client),
            title: format!("Change {}?", intended.client.name),
            client: intended.client,
            changes: intended.changes,
            form,
        };
        return rendered(StatusCode::OK, &confirm);
    }
    desk.change_api_client(caller, intended).await?;
    let flash = Flash::ok("The client is changed. It holds at once, for tokens already given too.");
    Ok(done(&app, &there, &flash))
}

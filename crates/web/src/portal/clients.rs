//! API clients: the programs that may call the API for one's organization, and those that act in
//! one's own name.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use registration::access::Action;
use registration::api_client::{ApiClient, ApiScope};
use registration::clock::Timestamp;
use registration::user::Role;
use serde::Deserialize;
use service::api_clients::{ClientForm, NewSecret};
use service::{ClientView, DeskError, FieldError, GrantView};

use crate::app::App;
use crate::portal::pill::Pill;
use crate::portal::shell::{
    Flash, PageResult, Shell, done, field_errors, page, page_again, rendered,
};
use crate::portal::validity::{Validity, days_of, validities};
use crate::routes::Routes;
use crate::session::{Sent, SignedIn};

pub(super) fn routes(routes: Routes) -> Routes {
    routes.get("/clients", list).post("/clients", add)
}

#[derive(Template)]
#[template(path = "clients.html")]
struct ClientsPage {
    shell: Shell,
    /// What acts in the person's own name.
    programs: Vec<GrantView>,
    may_manage: bool,
    clients: Vec<Listed>,
    roles: Vec<Role>,
    scopes: &'static [ApiScope],
    validities: Vec<Validity>,
    form: NewClient,
    errors: Vec<FieldError>,
}

struct Listed {
    client: ApiClient,
    pill: Pill,
    /// When the last of its secrets and keys ends.
    ends_at: Option<Timestamp>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct NewClient {
    name: String,
    role: String,
    scopes: Vec<String>,
    kind: String,
    redirects: String,
    days: String,
}

impl NewClient {
    fn form(&self) -> ClientForm {
        ClientForm {
            name: self.name.clone(),
            role: self.role.clone(),
            scopes: self.scopes.clone(),
            redirects: self.redirects.clone(),
            public: self.kind == "public",
            days: days_of(&self.days),
        }
    }
}

impl ClientsPage {
    async fn of(
        app: &App,
        signed: &SignedIn,
        form: NewClient,
        errors: Vec<FieldError>,
    ) -> Result<Self, DeskError> {
        let (caller, now) = (&signed.caller, app.desk.now());
        let may_manage = caller.can(Action::ManageClients);
        let views = if may_manage {
            app.desk.api_clients(caller).await?
        } else {
            Vec::new()
        };
        Ok(Self {
            shell: Shell::of(signed),
            programs: app.desk.programs(caller).await?,
            may_manage,
            clients: views.into_iter().map(|view| listed(view, now)).collect(),
            roles: Role::of_kind(caller.organization.kind).to_vec(),
            scopes: ApiScope::ALL,
            validities: validities(now, &form.days),
            form,
            errors,
        })
    }

    fn ticked(&self, scope: ApiScope) -> bool {
        self.form.scopes.iter().any(|word| word == scope.as_str())
    }

    fn error(&self, field: &str) -> &str {
        crate::portal::shell::message(&self.errors, field)
    }
}

fn listed(view: ClientView, now: Timestamp) -> Listed {
    let ends = view.credentials.iter().map(|known| known.expires_at);
    Listed {
        pill: Pill::of_client(&view, now),
        ends_at: ends.max(),
        client: view.client,
    }
}

/// A client's id and secret, shown once.
#[derive(Template)]
#[template(path = "client_secret.html")]
pub(super) struct SecretPage {
    shell: Shell,
    client: ApiClient,
    secret: String,
    until: String,
}

impl SecretPage {
    pub(super) fn of(signed: &SignedIn, client: ApiClient, made: &NewSecret) -> Self {
        Self {
            shell: Shell::of(signed).under("/clients"),
            client,
            secret: made.secret.reveal().to_owned(),
            until: made.expires_at.to_date(),
        }
    }
}

async fn list(State(app): State<Arc<App>>, signed: SignedIn) -> PageResult {
    let clients = ClientsPage::of(&app, &signed, NewClient::default(), Vec::new()).await?;
    page(&app, &signed, &clients)
}

async fn add(State(app): State<Arc<App>>, sent: Sent<NewClient>) -> PageResult {
    let Sent { signed, form } = sent;
    match app.desk.add_api_client(&signed.caller, &form.form()).await {
        Ok((client, Some(secret))) => {
            let page = SecretPage::of(&signed, client, &secret);
            rendered(StatusCode::OK, &page)
        }
        Ok((client, None)) => {
            let flash = Flash::ok("The client is added. It has no secret: people sign in with it.");
            Ok(done(&app, &format!("/clients/{}", client.id), &flash))
        }
        Err(error) => {
            let errors = field_errors(error)?;
            page_again(&ClientsPage::of(&app, &signed, form, errors).await?)
        }
    }
}

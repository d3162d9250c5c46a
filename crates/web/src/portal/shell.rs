//! The frame around every page of a signed-in person, and how a page becomes an answer.

use std::sync::Arc;

use askama::Template;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{Html, IntoResponse, Redirect, Response};
use registration::access::Action;
use registration::organization::OrganizationKind;
use service::{Caller, DeskError};

use crate::app::App;
use crate::portal::error::PageError;
use crate::session::{Anybody, SignedIn, clear_flash, percent_decoded, set_flash};

/// What a page's handler answers.
pub type PageResult = Result<Response, PageError>;

/// A message about what was just done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flash {
    /// `ok`, `warn`, `bad` or `note`.
    pub tone: String,
    /// The message.
    pub text: String,
}

impl Flash {
    /// It worked.
    pub fn ok(text: impl Into<String>) -> Self {
        Self {
            tone: "ok".to_owned(),
            text: text.into(),
        }
    }

    /// It did not work out as wished.
    pub fn warn(text: impl Into<String>) -> Self {
        Self {
            tone: "warn".to_owned(),
            text: text.into(),
        }
    }

    /// Nothing changed, or something to know.
    pub fn note(text: impl Into<String>) -> Self {
        Self {
            tone: "note".to_owned(),
            text: text.into(),
        }
    }

    /// The cookie's text before encoding.
    pub fn to_cookie(&self) -> String {
        format!("{}|{}", self.tone, self.text)
    }

    /// Reads the cookie.
    pub fn from_cookie(cookie: &str) -> Option<Self> {
        let text = percent_decoded(cookie);
        let (tone, text) = text.split_once('|')?;
        let known = ["ok", "warn", "bad", "note"].contains(&tone);
        known.then(|| Self {
            tone: tone.to_owned(),
            text: text.to_owned(),
        })
    }
}

/// One item of the navigation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NavItem {
    /// Where it leads.
    pub href: &'static str,
    /// Its name.
    pub label: &'static str,
    /// Its icon in `static/icons.svg`.
    pub icon: &'static str,
    /// Whether the page is under it.
    pub current: bool,
}

/// One step of the breadcrumbs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Crumb {
    /// Where it leads.
    pub href: String,
    /// Its name.
    pub label: String,
}

impl Crumb {
    /// A step.
    pub fn new(href: impl Into<String>, label: impl Into<String>) -> Self {
        Self {
            href: href.into(),
            label: label.into(),
        }
    }
}

/// What `layout.html` needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shell {
    /// Name of the organization.
    pub organization: String,
    /// Its kind, for people.
    pub kind: &'static str,
    /// Name and role of the person; empty where nobody is signed in.
    pub person: String,
    /// The token of forms.
    pub csrf: String,
    /// The navigation.
    pub nav: Vec<NavItem>,
    /// A message about what was just done.
    pub flash: Option<Flash>,
}

impl Shell {
    /// The frame for whoever reads a page that is for everybody.
    pub(crate) fn of_anybody(anybody: &Anybody) -> Self {
        let item = |href, label, icon, current| NavItem {
            href,
            label,
            icon,
            current,
        };
        anybody.0.as_ref().map_or_else(
            || Self {
                organization: "enlist".to_owned(),
                kind: "The registration desk for devices",
                person: String::new(),
                csrf: String::new(),
                nav: vec![
                    item("/findings", "Findings", "book", true),
                    item("/api", "API", "key", false),
                ],
                flash: None,
            },
            Self::of,
        )
    }

    /// The frame for this person on this page.
    pub fn of(signed: &SignedIn) -> Self {
        let caller = &signed.caller;
        Self {
            organization: caller.organization.name.clone(),
            kind: caller.organization.kind.title(),
            person: format!("{} · {}", caller.user.name, caller.user.role.title()),
            csrf: signed.csrf.clone(),
            nav: nav(caller, &signed.path),
            flash: signed.flash.clone(),
        }
    }
}

/// For pages whose address does not say which item of the navigation they are under.
impl Shell {
    /// The same, under the item that leads to `href`.
    #[must_use]
    pub fn under(mut self, href: &str) -> Self {
        for item in &mut self.nav {
            item.current = item.href == href;
        }
        self
    }
}

fn nav(caller: &Caller, path: &str) -> Vec<NavItem> {
    use Action as A;
    let items: [(&str, &str, &str, Action); 12] = [
        ("/customers", "Customers", "people", A::ViewCustomers),
        ("/link", "Your unique link", "link", A::Invite),
        (
            "/partners",
            "Partners and OEMs",
            "handshake",
            A::ViewRelationships,
        ),
        ("/devices", "Devices", "device", A::ViewDevices),
        (
            "/deployment-profiles",
            "Profiles",
            "tag",
            A::ViewOwnProfiles,
        ),
        (
            "/organizations",
            "Organizations",
            "building",
            A::ManageOrganizations,
        ),
        ("/profiles", "Profiles and tags", "tag", A::ManageProfiles),
        ("/directory", "Directory", "book", A::ManageDirectory),
        ("/settings", "Settings", "gear", A::ManageSettings),
        ("/activity", "Activity", "log", A::ViewActivity),
        ("/people", "People", "people", A::ViewPeople),
        ("/clients", "API clients", "key", A::ApproveClients),
    ];
    let kind = caller.organization.kind;
    items
        .into_iter()
        .filter(|(href, _, _, action)| {
            caller.can(*action)
                && (*href != "/link" || kind == OrganizationKind::Oem)
                && (*href != "/devices" || kind == OrganizationKind::Customer)
        })
        .map(|(href, label, icon, _)| NavItem {
            href,
            label,
            icon,
            current: path == href || path.starts_with(&format!("{href}/")),
        })
        .collect()
}

/// The page where a person of this kind begins.
pub fn home(kind: OrganizationKind) -> &'static str {
    match kind {
        OrganizationKind::Operator => "/organizations",
        OrganizationKind::Partner | OrganizationKind::Oem => "/customers",
        OrganizationKind::Customer => "/devices",
    }
}

/// Renders a page of a signed-in person; a message that was shown is removed.
pub fn page(app: &Arc<App>, signed: &SignedIn, template: &impl Template) -> PageResult {
    let mut response = rendered(StatusCode::OK, template)?;
    if signed.flash.is_some() {
        clear_flash(response.headers_mut(), app);
    }
    Ok(response)
}

/// Renders a page that is for everybody.
pub(crate) fn page_for_anybody(
    app: &Arc<App>,
    anybody: &Anybody,
    template: &impl Template,
) -> PageResult {
    match &anybody.0 {
        Some(signed) => page(app, signed, template),
        None => rendered(StatusCode::OK, template),
    }
}

/// Renders a form again with what is wrong: 422.
pub fn page_again(template: &impl Template) -> PageResult {
    rendered(StatusCode::UNPROCESSABLE_ENTITY, template)
}

/// Renders a template with this status.
pub fn rendered(status: StatusCode, template: &impl Template) -> PageResult {
    let html = template
        .render()
        .map_err(|error| DeskError::Internal(error.into()))?;
    Ok((status, Html(html)).into_response())
}

/// Leads to another page after an act (303), with a message there.
pub fn done(app: &Arc<App>, to: &str, flash: &Flash) -> Response {
    let mut headers = HeaderMap::new();
    set_flash(&mut headers, app, flash);
    (headers, Redirect::to(to)).into_response()
}

/// The message for a field, or nothing: for templates.
pub fn message<'a>(errors: &'a [service::FieldError], field: &str) -> &'a str {
    errors
        .iter()
        .find(|e| e.field == field)
        .map_or("", |e| e.message.as_str())
}

/// What is wrong with the fields, if that is what the error says; otherwise the error goes on to
/// its own page.
pub fn field_errors(error: DeskError) -> Result<Vec<service::FieldError>, PageError> {
    match error {
        DeskError::Invalid(errors) => Ok(errors),
        other => Err(other.into()),
    }
}

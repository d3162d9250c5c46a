//! The list of routes: the router is built from it, and the permission matrix is held against it.

use std::sync::Arc;

use axum::Extension;
use axum::Router;
use axum::extract::{DefaultBodyLimit, Request};
use axum::handler::Handler;
use axum::http::Method;
use axum::response::IntoResponse;
use axum::routing::{MethodFilter, get, on, post};

use crate::app::App;
use crate::portal::error::no_such_page;
use crate::{graph, oem, partner_center};

/// Bytes of an ordinary form.
pub(crate) const FORM_BYTES: usize = 64 * 1024;
/// Bytes of a form into which a hardware hash may be pasted, each letter of which may take three.
const LONG_FORM_BYTES: usize = 256 * 1024;
/// Bytes of an upload's form beside the file.
const FORM_AROUND_FILE: u64 = 64 * 1024;

/// How many bytes the form of this request may have, where that is not the usual number.
#[derive(Debug, Clone, Copy)]
pub(crate) struct FormLimit(pub(crate) usize);

impl Default for FormLimit {
    fn default() -> Self {
        Self(FORM_BYTES)
    }
}

/// Routes, each listed as it is added.
#[derive(Default)]
pub struct Routes {
    router: Router<Arc<App>>,
    long_forms: Router<Arc<App>>,
    uploads: Router<Arc<App>>,
    partner: Router<Arc<App>>,
    graph: Router<Arc<App>>,
    graph_paths: Vec<&'static str>,
    oem: Router<Arc<App>>,
    list: Vec<(Method, &'static str)>,
}

impl Routes {
    /// None yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds the routes of a face.
    #[must_use]
    pub fn with(self, add: impl FnOnce(Self) -> Self) -> Self {
        add(self)
    }

    /// A page to read.
    #[must_use]
    pub fn get<H: Handler<T, Arc<App>>, T: 'static>(
        mut self,
        path: &'static str,
        handler: H,
    ) -> Self {
        self.router = self.router.route(path, get(handler));
        self.list.push((Method::GET, path));
        self
    }

    /// A form to send.
    #[must_use]
    pub fn post<H: Handler<T, Arc<App>>, T: 'static>(
        mut self,
        path: &'static str,
        handler: H,
    ) -> Self {
        self.router = self.router.route(path, post(handler));
        self.list.push((Method::POST, path));
        self
    }

    /// A form to send, into which a hardware hash may be pasted.
    #[must_use]
    pub fn long_form<H: Handler<T, Arc<App>>, T: 'static>(
        mut self,
        path: &'static str,
        handler: H,
    ) -> Self {
        self.long_forms = self.long_forms.route(path, post(handler));
        self.list.push((Method::POST, path));
        self
    }

    /// A form with a device list: as large as the limit of uploads allows.
    #[must_use]
    pub fn upload<H: Handler<T, Arc<App>>, T: 'static>(
        mut self,
        path: &'static str,
        handler: H,
    ) -> Self {
        self.uploads = self.uploads.route(path, post(handler));
        self.list.push((Method::POST, path));
        self
    }

    /// A call of the Partner Center API.
    ///
    /// # Panics
    /// If the method is none that routes have: the list of calls is written in the program.
    #[must_use]
    pub fn partner<H: Handler<T, Arc<App>>, T: 'static>(
        mut self,
        method: Method,
        path: &'static str,
        handler: H,
    ) -> Self {
        let filter = MethodFilter::try_from(method.clone()).expect("a method that routes have");
        self.partner = self.partner.route(path, on(filter, handler));
        self.list.push((method, path));
        self
    }

    /// A call of the Graph API, at each of these addresses.
    ///
    /// # Panics
    /// If the method is none that routes have: the list of calls is written in the program.
    #[must_use]
    pub fn graph<H: Handler<T, Arc<App>>, T: 'static>(
        mut self,
        method: &Method,
        paths: &[&'static str],
        handler: H,
    ) -> Self {
        let filter = MethodFilter::try_from(method.clone()).expect("a method that routes have");
        let handlers = std::iter::repeat_n(handler, paths.len());
        for (path, handler) in paths.iter().zip(handlers) {
            self.graph = self.graph.route(path, on(filter, handler));
            self.graph_paths.push(path);
            self.list.push((method.clone(), path));
        }
        self
    }

    /// A call of the OEM API, whose body may be as long as it likes: it is read as it comes.
    ///
    /// # Panics
    /// If the method is none that routes have: the list of calls is written in the program.
    #[must_use]
    pub fn oem<H: Handler<T, Arc<App>>, T: 'static>(
        mut self,
        method: Method,
        path: &'static str,
        handler: H,
    ) -> Self {
        let filter = MethodFilter::try_from(method.clone()).expect("a method that routes have");
        self.oem = self.oem.route(path, on(filter, handler));
        self.list.push((method, path));
        self
    }

    /// Every route: method and path pattern.
    pub fn list(&self) -> &[(Method, &'static str)] {
        &self.list
    }

    /// The router over this state.
    pub fn into_router(self, app: &Arc<App>) -> Router {
        let upload = app.desk.limits().upload_bytes + FORM_AROUND_FILE;
        let upload = usize::try_from(upload).unwrap_or(usize::MAX);
        let partner = partner_center::layered(self.partner, app);
        let again = partner.clone().with_state(Arc::clone(app));
        let graph = graph::layered(self.graph, app);
        let graph_again = graph::Again::new(graph.clone(), self.graph_paths, app);
        let batch_calls = graph_again.clone();
        let state = Arc::clone(app);
        let elsewhere = move |request: Request| {
            let (again, app) = (again.clone(), Arc::clone(&state));
            let graph_again = graph_again.clone();
            async move {
                if graph::is_ours(request.uri().path()) {
                    return graph_again.answer(request).await;
                }
                if oem::is_ours(request.uri().path()) {
                    return oem::no_such_call(&app, request).await;
                }
                match partner_center::again(again, app, request).await {
                    Some(answer) => answer,
                    None => no_such_page().await.into_response(),
                }
            }
        };
        self.router
            .layer(DefaultBodyLimit::max(FORM_BYTES))
            .merge(self.long_forms.layer((
                DefaultBodyLimit::max(LONG_FORM_BYTES),
                Extension(FormLimit(LONG_FORM_BYTES)),
            )))
            .merge(self.uploads.layer(DefaultBodyLimit::max(upload)))
            .merge(partner)
            .merge(graph.layer(Extension(batch_calls)))
            .merge(oem::layered(self.oem, app))
            .fallback(elsewhere)
            .with_state(Arc::clone(app))
    }
}

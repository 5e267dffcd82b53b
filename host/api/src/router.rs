//! Which path and method is which handler's. The whole API on one page.

use axum::Router;
use axum::extract::{Request, State};
use axum::middleware;
use axum::response::Response;
use axum::routing::{MethodFilter, MethodRouter, any};

use crate::app::{ApiParts, App};
use crate::call::{Call, Gate, serve_through};
use crate::edge::{self, RequestIds};
use crate::error::{ApiError, ErrorShape, respond};
use crate::reply::Reply;
use crate::resources::{
    baymodels, bays, certificates, clusters, clustertemplates, containers, credentials, discovery, drivers, federations,
    mservices, nodegroups, nodes, operations, pods, quotas, rcs, root, services, stats, v1, x509keypairs,
};

/// A list of routes, and the router that is made from it.
macro_rules! routing {
    ($list:ident, $router:ident: $new:expr, $done:path; $($path:literal { $($method:ident $handler:path),+ })+) => {
        pub(crate) const $list: &[(&str, &str)] = &[$($((stringify!($method), $path)),+),+];

        /// The routes of the list.
        pub(crate) fn $router() -> axum::Router<crate::app::App> {
            axum::Router::new()$(.route($path, $done($new$(.$method($handler))+)))+
        }
    };
}
pub(crate) use routing;

routing! {
    MAGNUM, magnum: methods_of(ErrorShape::Errors), Methods::done;
    "/v1/clustertemplates" { get clustertemplates::list, post clustertemplates::create }
    "/v1/clustertemplates/detail" { get clustertemplates::detail }
    "/v1/clustertemplates/{ident}" { get clustertemplates::show, patch clustertemplates::update, delete clustertemplates::delete }
    "/v1/clusters" { get clusters::list, post clusters::create }
    "/v1/clusters/detail" { get clusters::detail }
    "/v1/clusters/{ident}" { get clusters::show, patch clusters::update, delete clusters::delete }
    "/v1/clusters/{ident}/actions/resize" { post clusters::resize }
    "/v1/clusters/{ident}/actions/upgrade" { post clusters::upgrade }
    "/v1/clusters/{ident}/nodegroups" { get nodegroups::list, post nodegroups::create }
    "/v1/clusters/{ident}/nodegroups/{nodegroup}" { get nodegroups::show, patch nodegroups::update, delete nodegroups::delete }
    "/v1/certificates" { post certificates::sign }
    "/v1/certificates/{ident}" { get certificates::show, patch certificates::rotate }
    "/v1/certificates/{ident}/{ca_cert_type}" { get certificates::show }
    "/v1/mservices" { get mservices::list }
    "/v1/credentials/{ident}" { patch credentials::rotate }
    "/v1/quotas" { get quotas::list, post quotas::create }
    "/v1/quotas/{project_id}/{resource}" { get quotas::show, patch quotas::update, delete quotas::delete }
    "/v1/stats" { get stats::show }
    "/v1/federations" { get federations::list, post federations::create }
    "/v1/federations/detail" { get federations::detail }
    "/v1/federations/{ident}" { get federations::show, patch federations::update, delete federations::delete }
}

routing! {
    LIBERTY, liberty: methods_of(ErrorShape::ErrorsAndMessage), Methods::done;
    "/v1/bays" { get bays::list, post bays::create }
    "/v1/bays/detail" { get bays::detail }
    "/v1/bays/{ident}" { get bays::show, patch bays::update, delete bays::delete }
    "/v1/baymodels" { get baymodels::list, post baymodels::create }
    "/v1/baymodels/detail" { get baymodels::detail }
    "/v1/baymodels/{ident}" { get baymodels::show, patch baymodels::update, delete baymodels::delete }
    "/v1/pods" { get pods::list, post pods::create }
    "/v1/pods/detail" { get pods::detail }
    "/v1/pods/{ident}" { get pods::show, patch pods::update, delete pods::delete }
    "/v1/pods/{ident}/{bay_ident}" { get pods::show, patch pods::update, delete pods::delete }
    "/v1/services" { get services::list, post services::create }
    "/v1/services/detail" { get services::detail }
    "/v1/services/{ident}" { get services::show, patch services::update, delete services::delete }
    "/v1/services/{ident}/{bay_ident}" { get services::show, patch services::update, delete services::delete }
    "/v1/rcs" { get rcs::list, post rcs::create }
    "/v1/rcs/detail" { get rcs::detail }
    "/v1/rcs/{ident}" { get rcs::show, patch rcs::update, delete rcs::delete }
    "/v1/rcs/{ident}/{bay_ident}" { get rcs::show, patch rcs::update, delete rcs::delete }
    "/v1/containers" { get containers::list, post containers::create }
    "/v1/containers/detail" { get containers::detail }
    "/v1/containers/{ident}" { get containers::show, patch containers::update, delete containers::delete }
    "/v1/containers/{ident}/start" { put containers::start }
    "/v1/containers/{ident}/stop" { put containers::stop }
    "/v1/containers/{ident}/reboot" { put containers::reboot }
    "/v1/containers/{ident}/pause" { put containers::pause }
    "/v1/containers/{ident}/unpause" { put containers::unpause }
    "/v1/containers/{ident}/logs" { get containers::logs }
    "/v1/containers/{ident}/execute" { put containers::execute }
    "/v1/nodes" { get nodes::list, post nodes::create }
    "/v1/nodes/detail" { get nodes::detail }
    "/v1/nodes/{ident}" { get nodes::show, patch nodes::update, delete nodes::delete }
    "/v1/x509keypairs" { get x509keypairs::list, post x509keypairs::create }
    "/v1/x509keypairs/detail" { get x509keypairs::detail }
    "/v1/x509keypairs/{ident}" { get x509keypairs::show, delete x509keypairs::delete }
}

routing! {
    DOCUMENTS, documents: MethodRouter::new(), only_get;
    "/" { get root::root }
    "/v1" { get v1::v1 }
}

/// Where it is unless the operator moves it; it answers to every method.
const HEALTH: &[(&str, &str)] = &[("get", "/healthcheck")];

/// Method and path of everything that is served.
pub fn routes() -> impl Iterator<Item = (String, &'static str)> {
    let tables = [HEALTH, DOCUMENTS, MAGNUM, LIBERTY, discovery::ROUTES, drivers::DOCUMENT, operations::DOCUMENT];
    let own = tables.into_iter().flatten().map(|(method, path)| (method.to_ascii_uppercase(), *path));
    own.chain(drivers::paths().chain(operations::paths()).map(|(method, path)| (method.to_string(), path)))
}

/// The service.
pub fn router(parts: ApiParts) -> Router {
    let app = App::new(parts);
    let api = documents()
        .merge(magnum())
        .merge(liberty())
        .merge(drivers::routes())
        .merge(operations::routes())
        .route_layer(middleware::from_fn(edge::name_route))
        .fallback(no_route)
        .method_not_allowed_fallback(method_not_allowed)
        .with_state(app.clone());

    // Paths are rewritten before they are routed, so the edge is around a router of its own.
    let mut edge = Router::new().fallback_service(api).layer(middleware::from_fn_with_state(app.clone(), edge::around));
    if !app.config.cors.is_off() {
        edge = edge.layer(middleware::from_fn_with_state(app.clone(), edge::cors));
    }
    Router::new()
        .route(app.config.healthcheck.path.as_str(), any(edge::healthcheck))
        .merge(discovery::routes())
        .with_state(app.clone())
        .fallback_service(edge)
        .layer(middleware::from_fn_with_state(app, edge::observe))
}

/// The methods of a path, each with its handler.
struct Methods {
    gate: Gate,
    methods: MethodRouter<App>,
}

fn methods_of(error_shape: ErrorShape) -> Methods {
    Methods { gate: Gate { error_shape, ..Gate::default() }, methods: MethodRouter::new() }
}

macro_rules! method {
    ($($name:ident = $filter:ident;)+) => {$(
        fn $name<F, Fut>(self, handler: F) -> Self
        where
            F: Fn(Call) -> Fut + Clone + Send + Sync + 'static,
            Fut: Future<Output = Result<Reply, ApiError>> + Send + 'static,
        {
            let Self { gate, methods } = self;
            let handle = move |state: State<App>, request: Request| serve_through(gate, state, request, handler);
            Self { gate, methods: methods.on(MethodFilter::$filter, handle) }
        }
    )+};
}

impl Methods {
    method! {
        get = GET;
        post = POST;
        put = PUT;
        patch = PATCH;
        delete = DELETE;
    }

    fn done(self) -> MethodRouter<App> {
        only_get(self.methods)
    }
}

/// Without HEAD, which axum would answer wherever there is a GET, and Magnum does not.
fn only_get(methods: MethodRouter<App>) -> MethodRouter<App> {
    methods.on(MethodFilter::HEAD, method_not_allowed)
}

async fn no_route(state: State<App>, request: Request) -> Response {
    refuse(state, &request, &ApiError::NoRoute)
}

async fn method_not_allowed(state: State<App>, request: Request) -> Response {
    refuse(state, &request, &ApiError::Method)
}

fn refuse(State(app): State<App>, request: &Request, error: &ApiError) -> Response {
    let ids = request.extensions().get().cloned().unwrap_or_else(|| RequestIds::of(request.headers()));
    respond(error, &ids.own, &app.www_authenticate)
}

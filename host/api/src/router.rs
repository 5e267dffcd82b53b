//! Which path and method is which handler's. The whole API on one page.

use axum::Router;
use axum::extract::{Request, State};
use axum::middleware;
use axum::response::Response;
use axum::routing::{MethodFilter, MethodRouter, get};
use jeroboam_model::RequestId;

use crate::app::{ApiParts, App};
use crate::call::{Call, serve};
use crate::edge;
use crate::error::{ApiError, respond};
use crate::reply::Reply;
use crate::resources::{
    baymodels, bays, certificates, clusters, clustertemplates, credentials, discovery, drivers, federations, healthcheck,
    mservices, nodegroups, quotas, root, stats, v1,
};

/// The service.
pub fn router(parts: ApiParts) -> Router {
    let app = App::new(parts);
    let api = Router::new()
        .route("/", only_get(get(root::root)))
        .route("/v1", only_get(get(v1::v1)))
        .route("/v1/clustertemplates", methods().get(clustertemplates::list).post(clustertemplates::create).done())
        .route("/v1/clustertemplates/detail", methods().get(clustertemplates::detail).done())
        .route(
            "/v1/clustertemplates/{ident}",
            methods().get(clustertemplates::show).patch(clustertemplates::update).delete(clustertemplates::delete).done(),
        )
        .route("/v1/clusters", methods().get(clusters::list).post(clusters::create).done())
        .route("/v1/clusters/detail", methods().get(clusters::detail).done())
        .route("/v1/clusters/{ident}", methods().get(clusters::show).patch(clusters::update).delete(clusters::delete).done())
        .route("/v1/clusters/{ident}/actions/resize", methods().post(clusters::resize).done())
        .route("/v1/clusters/{ident}/actions/upgrade", methods().post(clusters::upgrade).done())
        .route("/v1/clusters/{ident}/nodegroups", methods().get(nodegroups::list).post(nodegroups::create).done())
        .route(
            "/v1/clusters/{ident}/nodegroups/{nodegroup}",
            methods().get(nodegroups::show).patch(nodegroups::update).delete(nodegroups::delete).done(),
        )
        .route("/v1/certificates", methods().post(certificates::sign).done())
        .route("/v1/certificates/{ident}", methods().get(certificates::show).patch(certificates::rotate).done())
        .route("/v1/certificates/{ident}/{ca_cert_type}", methods().get(certificates::show).done())
        .route("/v1/mservices", methods().get(mservices::list).done())
        .route("/v1/bays", methods().get(bays::list).post(bays::create).done())
        .route("/v1/bays/detail", methods().get(bays::detail).done())
        .route("/v1/bays/{ident}", methods().get(bays::show).patch(bays::update).delete(bays::delete).done())
        .route("/v1/baymodels", methods().get(baymodels::list).post(baymodels::create).done())
        .route("/v1/baymodels/detail", methods().get(baymodels::detail).done())
        .route("/v1/baymodels/{ident}", methods().get(baymodels::show).patch(baymodels::update).delete(baymodels::delete).done())
        .route("/v1/credentials/{ident}", methods().patch(credentials::rotate).done())
        .route("/v1/quotas", methods().get(quotas::list).post(quotas::create).done())
        .route(
            "/v1/quotas/{project_id}/{resource}",
            methods().get(quotas::show).patch(quotas::update).delete(quotas::delete).done(),
        )
        .route("/v1/stats", methods().get(stats::show).done())
        .route("/v1/federations", methods().get(federations::list).post(federations::create).done())
        .route("/v1/federations/detail", methods().get(federations::detail).done())
        .route(
            "/v1/federations/{ident}",
            methods().get(federations::show).patch(federations::update).delete(federations::delete).done(),
        )
        .merge(drivers::routes())
        .route_layer(middleware::from_fn(edge::name_route))
        .fallback(no_route)
        .method_not_allowed_fallback(method_not_allowed)
        .with_state(app.clone());

    // Paths are rewritten before they are routed, so the edge is around a router of its own.
    let edge = Router::new().fallback_service(api).layer(middleware::from_fn_with_state(app.clone(), edge::around));
    Router::new()
        .route("/healthcheck", get(healthcheck::healthcheck))
        .merge(discovery::routes())
        .with_state(app.clone())
        .fallback_service(edge)
        .layer(middleware::from_fn_with_state(app, edge::observe))
}

/// The methods of a path, each with its handler.
struct Methods(MethodRouter<App>);

fn methods() -> Methods {
    Methods(MethodRouter::new())
}

macro_rules! method {
    ($($name:ident = $filter:ident;)+) => {$(
        fn $name<F, Fut>(self, handler: F) -> Self
        where
            F: Fn(Call) -> Fut + Clone + Send + Sync + 'static,
            Fut: Future<Output = Result<Reply, ApiError>> + Send + 'static,
        {
            let handle = move |state: State<App>, request: Request| serve(state, request, handler);
            Self(self.0.on(MethodFilter::$filter, handle))
        }
    )+};
}

impl Methods {
    method! {
        get = GET;
        post = POST;
        patch = PATCH;
        delete = DELETE;
    }

    fn done(self) -> MethodRouter<App> {
        only_get(self.0)
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
    let request_id = request.extensions().get::<RequestId>().cloned().unwrap_or_else(RequestId::random);
    respond(error, &request_id, &app.www_authenticate)
}

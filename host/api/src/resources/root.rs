//! `/`: which versions of the API there are.

use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};

use crate::app::App;
use crate::fields::Out;
use crate::links::Base;
use crate::microversion::Microversion;
use crate::reply::Reply;

pub async fn root(State(app): State<App>, request: Request) -> Response {
    let base = Base::of(request.uri(), request.headers(), app.config.enable_proxy_headers_parsing);
    let mut out = Out::with_capacity(512);
    out.object(|out| {
        out.key("name");
        out.text("OpenStack Magnum API");
        out.key("description");
        out.text("Magnum is an OpenStack project which aims to provide container cluster management.");
        out.key("versions");
        out.array(|out| out.object(|out| version(&base, out)));
    });
    Reply::ok(out).into_response()
}

fn version(base: &Base, out: &mut Out) {
    out.key("id");
    out.text("v1");
    out.key("links");
    out.array(|out| {
        out.object(|out| {
            out.key("href");
            out.plain(format_args!("{base}/v1/"));
            out.key("rel");
            out.text("self");
        });
    });
    out.key("status");
    out.text("CURRENT");
    out.key("max_version");
    out.plain(format_args!("{}", Microversion::MAX));
    out.key("min_version");
    out.plain(format_args!("{}", Microversion::MIN));
}

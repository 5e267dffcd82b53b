//! `/v1`: what this version of the API has.

use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};

use crate::app::App;
use crate::fields::Out;
use crate::links::Base;
use crate::reply::Reply;

/// The resources that are served, in Magnum's order, those of older releases first.
const RESOURCES: &[&str] = &[
    "pods",
    "rcs",
    "baymodels",
    "bays",
    "containers",
    "services",
    "x509keypairs",
    "nodes",
    "clustertemplates",
    "clusters",
    "quotas",
    "certificates",
    "mservices",
    "stats",
    "federations",
];
/// What came after the node groups.
const LATER: &[&str] = &["credentials"];

/// This service's own, with what they are for.
const EXTENSIONS: &[(&str, &str)] = &[
    ("operations", "What is done to clusters, step by step: progress, events, causes; retry and abort."),
    ("drivers", "Versions of drivers, and how they are swapped. For administrators."),
];

pub async fn v1(State(app): State<App>, request: Request) -> Response {
    let base = Base::of(request.uri(), request.headers(), app.config.enable_proxy_headers_parsing);
    let mut out = Out::with_capacity(1536);
    out.object(|out| {
        out.key("id");
        out.text("v1");
        out.key("media_types");
        out.array(|out| {
            out.object(|out| {
                out.key("base");
                out.text("application/json");
                out.key("type");
                out.text("application/vnd.openstack.magnum.v1+json");
            });
        });
        out.key("links");
        out.array(|out| {
            link(format_args!("{base}/v1/"), "self", None, out);
            let documentation = "http://docs.openstack.org/developer/magnum/dev/api-spec-v1.html";
            link(format_args!("{documentation}"), "describedby", Some("text/html"), out);
        });
        let resource = |resource: &'static str, out: &mut Out| {
            out.key(resource);
            out.array(|out| {
                link(format_args!("{base}/v1/{resource}/"), "self", None, out);
                link(format_args!("{base}/{resource}/"), "bookmark", None, out);
            });
        };
        RESOURCES.iter().for_each(|name| resource(name, out));
        // Magnum names the place of the cluster, and puts nothing there.
        out.key("nodegroups");
        out.array(|out| {
            link(format_args!("{base}/v1/clusters/{{cluster_id}}/nodegroups"), "self", None, out);
            link(format_args!("{base}/clusters/{{cluster_id}}/nodegroups"), "bookmark", None, out);
        });
        LATER.iter().for_each(|name| resource(name, out));
        // Under a key of their own: whoever takes each array of links for a resource of Magnum's does not take these for one.
        out.key("extensions");
        out.array(|out| EXTENSIONS.iter().for_each(|(name, about)| out.object(|out| extension(&base, name, about, out))));
    });
    Reply::ok(out).into_response()
}

fn extension(base: &Base, name: &str, about: &str, out: &mut Out) {
    out.key("name");
    out.text(name);
    out.key("description");
    out.text(about);
    out.key("links");
    out.array(|out| {
        link(format_args!("{base}/v1/{name}"), "self", None, out);
        link(format_args!("{base}/v1/{name}/openapi.json"), "describedby", Some("application/json"), out);
    });
}

fn link(href: std::fmt::Arguments<'_>, rel: &str, mimetype: Option<&str>, out: &mut Out) {
    out.object(|out| {
        out.key("href");
        out.plain(href);
        if let Some(mimetype) = mimetype {
            out.key("type");
            out.text(mimetype);
        }
        out.key("rel");
        out.text(rel);
    });
}

//! `/discovery`: where the first members of an etcd cluster find each other, in the discovery protocol of etcd 2 and 3 (v2).
//!
//! | request | is |
//! |---|---|
//! | `GET /discovery/new?size=3` | another one, for whoever may make clusters; the answer is its address |
//! | `GET /discovery/<token>/_config/size` | how many members there are to be |
//! | `GET /discovery/<token>` | who is there |
//! | `PUT /discovery/<token>/<member>` | here I am; with `prevExist=false`, for the first time |
//! | `DELETE /discovery/<token>/<member>` | I leave |
//! | `GET …?wait=true&waitIndex=4` | what happens from there on |
//!
//! etcd shows no token of Keystone's here, so whoever knows the address may read and write, within bounds. Clusters get theirs when they are made
//! (`jeroboam_conductor`), and it goes with them.

mod answer;
mod keys;
mod make;
mod wait;

use std::convert;

use axum::routing::MethodRouter;

pub use wait::Waiting;

// Outside the edge: these paths have one spelling, and no token of Keystone's.
crate::router::routing! {
    ROUTES, routes: MethodRouter::new(), convert::identity;
    "/discovery/new" { get make::make }
    "/discovery/{token}" { get keys::list }
    "/discovery/{token}/{*key}" { get keys::show, put keys::put, delete keys::delete }
}

//! The resources, a file each. A handler gets a [`Call`](crate::call::Call) and says what to answer; what all of them have in common stands elsewhere.

pub mod certificates;
pub mod clusters;
pub mod clustertemplates;
pub mod discovery;
pub mod drivers;
pub mod healthcheck;
pub mod mservices;
pub mod nodegroups;
pub mod root;
pub mod v1;

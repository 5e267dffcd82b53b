//! The resources, a file each. A handler gets a [`Call`](crate::call::Call) and says what to answer; what all of them have in common stands elsewhere.

pub mod baymodels;
pub mod bays;
pub mod certificates;
pub mod clusters;
pub mod clustertemplates;
pub mod coe;
pub mod containers;
pub mod credentials;
pub mod discovery;
pub mod drivers;
pub mod federations;
pub mod mservices;
pub mod nodegroups;
pub mod nodes;
pub mod operations;
pub mod pods;
pub mod quotas;
pub mod rcs;
pub mod root;
pub mod services;
pub mod stats;
pub mod v1;
pub mod x509keypairs;

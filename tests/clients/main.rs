//! A cluster's life with the real `openstack` command, against `jeroboam dev`.

mod certificates;
mod session;

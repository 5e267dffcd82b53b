//! HTTP as these services speak it: one call, its attempts, its answer.

mod call;
mod page;
mod refusal;
mod reply;
mod tls;
mod transport;

pub(crate) use call::Call;
pub(crate) use page::Pages;
pub(crate) use reply::Reply;
pub(crate) use transport::{AUTH_TOKEN, SUBJECT_TOKEN, Transport, Via};

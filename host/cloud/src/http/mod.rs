//! HTTP as these services speak it: one call, its attempts, its answer.

mod call;
mod page;
mod refusal;
mod reply;
mod transport;

pub(crate) use call::Call;
pub(crate) use page::MAX_PAGES;
pub(crate) use reply::Reply;
pub(crate) use transport::Transport;

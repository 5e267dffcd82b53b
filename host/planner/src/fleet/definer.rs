//! A version of a driver, as far as plans need one.

use async_trait::async_trait;
use jeroboam_model::{
    ClusterView, RequestId,
    driver::{Digest, StackDefinition, StackScope},
};
use jeroboam_plugins::{CallContext, Driver, RecordedRead, Replay, Sources};

/// Says what a stack is to be.
#[async_trait]
pub trait Definer: Send + Sync {
    /// Of the driver.
    fn name(&self) -> &str;

    fn digest(&self) -> Digest;

    /// The stack as this version would define it, had it been given these answers. An error is for operators.
    async fn define(&self, view: &ClusterView, scope: StackScope, reads: Vec<RecordedRead>) -> Result<StackDefinition, String>;
}

#[async_trait]
impl Definer for Driver {
    fn name(&self) -> &str {
        Self::name(self)
    }

    fn digest(&self) -> Digest {
        *Self::digest(self)
    }

    async fn define(&self, view: &ClusterView, scope: StackScope, reads: Vec<RecordedRead>) -> Result<StackDefinition, String> {
        let replay = Replay(reads);
        let sources = Sources::none().with_settings(replay.clone()).with_lookup(replay);
        let context = CallContext { request_id: RequestId::random(), sources };
        self.define_stack(view, scope, context).await.map(|defined| defined.definition).map_err(|error| error.to_string())
    }
}

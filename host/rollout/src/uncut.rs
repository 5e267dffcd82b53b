//! What is begun is carried through, even if whoever asked for it goes away: a request that was cut off must not leave the process behind the store.

use crate::RolloutError;

pub(crate) async fn uncut<T: Send + 'static>(
    work: impl Future<Output = Result<T, RolloutError>> + Send + 'static,
) -> Result<T, RolloutError> {
    tokio::spawn(work).await.unwrap_or_else(|error| Err(RolloutError::CutShort(error.into())))
}

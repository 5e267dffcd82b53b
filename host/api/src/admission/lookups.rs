//! What was found in OpenStack a moment ago, so that requests which come together ask once. Only what was found: what was missing may have come meanwhile.

use std::time::Duration;

use jeroboam_cloud::Image;
use jeroboam_cloud::nova::Flavor;
use jeroboam_model::Secret;
use jeroboam_plugins as plugins;
use moka::future::Cache;
use sha2::{Digest, Sha256};

use super::Resource;

/// The most things of a kind that are remembered.
const MOST: u64 = 2_000;

/// What tokens have found, each its own: another may not see it.
pub struct Lookups {
    pub images: Found<Image>,
    pub flavors: Found<Flavor>,
    /// Of which nothing is needed but that they are there.
    pub others: Found<()>,
    pub told: Told,
}

/// The same as drivers are told it.
#[derive(Clone)]
pub struct Told {
    pub images: Found<plugins::Image>,
    pub flavors: Found<plugins::Flavor>,
    pub networks: Found<plugins::Network>,
    pub subnets: Found<plugins::Subnet>,
    pub keypairs: Found<plugins::Keypair>,
}

/// A token's digest.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Asker([u8; 32]);

/// What was found, by who asked, what it is, and how it was called. Clones share it.
#[derive(Clone)]
pub struct Found<T>(Cache<(Asker, Resource, Box<str>), T>);

impl Lookups {
    /// `time`: for how long what was found counts as found. Zero: each request asks.
    pub fn new(time: Duration) -> Self {
        let told = Told {
            images: Found::new(time),
            flavors: Found::new(time),
            networks: Found::new(time),
            subnets: Found::new(time),
            keypairs: Found::new(time),
        };
        Self { images: Found::new(time), flavors: Found::new(time), others: Found::new(time), told }
    }
}

impl Asker {
    pub fn of(token: &Secret) -> Self {
        Self(Sha256::digest(token.expose()).into())
    }
}

impl<T: Clone + Send + Sync + 'static> Found<T> {
    fn new(time: Duration) -> Self {
        Self(Cache::builder().max_capacity(if time.is_zero() { 0 } else { MOST }).time_to_live(time).build())
    }

    /// What was found lately, or else what asking finds now.
    pub async fn get_or<E: Clone + Send + Sync + 'static>(
        &self,
        asker: Asker,
        resource: Resource,
        name: &str,
        ask: impl Future<Output = Result<T, E>>,
    ) -> Result<T, E> {
        let found = self.0.try_get_with((asker, resource, name.into()), ask).await;
        found.map_err(|error| E::clone(&error))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jeroboam_cloud::CloudError;

    async fn asked(found: &Found<u32>, token: &str, name: &str, answer: u32) -> u32 {
        let asker = Asker::of(&Secret::new(token));
        found.get_or(asker, Resource::Flavor, name, async { Ok::<_, CloudError>(answer) }).await.unwrap()
    }

    #[tokio::test]
    async fn what_was_found_is_believed_of_the_same_token_and_name_only() {
        let found = Found::new(Duration::from_secs(60));
        assert_eq!(asked(&found, "a", "m1", 1).await, 1);
        assert_eq!(asked(&found, "a", "m1", 2).await, 1);
        assert_eq!(asked(&found, "a", "m2", 3).await, 3);
        assert_eq!(asked(&found, "b", "m1", 4).await, 4);
    }

    #[tokio::test]
    async fn without_a_time_each_request_asks() {
        let found = Found::new(Duration::ZERO);
        assert_eq!(asked(&found, "a", "m1", 1).await, 1);
        assert_eq!(asked(&found, "a", "m1", 2).await, 2);
    }
}

//! What drivers look up while a request is checked: believed for as long as what the service itself has found.

use async_trait::async_trait;
use jeroboam_plugins::{Flavor, Image, Keypair, Lookup, Network, SourceError, Subnet, VolumeType};

use super::Resource;
use super::lookups::{Asker, Told};

/// A source that is asked for what it has not told lately.
pub struct Lately<L> {
    pub source: L,
    pub asker: Asker,
    pub told: Told,
}

#[async_trait]
impl<L: Lookup> Lookup for Lately<L> {
    async fn get_image(&self, name_or_id: &str) -> Result<Image, SourceError> {
        self.told.images.get_or(self.asker, Resource::Image, name_or_id, self.source.get_image(name_or_id)).await
    }

    async fn get_flavor(&self, name_or_id: &str) -> Result<Flavor, SourceError> {
        self.told.flavors.get_or(self.asker, Resource::Flavor, name_or_id, self.source.get_flavor(name_or_id)).await
    }

    async fn get_network(&self, name_or_id: &str) -> Result<Network, SourceError> {
        let found = self.source.get_network(name_or_id);
        self.told.networks.get_or(self.asker, Resource::FixedNetwork, name_or_id, found).await
    }

    async fn get_external_network(&self, name_or_id: &str) -> Result<Network, SourceError> {
        let found = self.source.get_external_network(name_or_id);
        self.told.networks.get_or(self.asker, Resource::ExternalNetwork, name_or_id, found).await
    }

    async fn get_subnet(&self, name_or_id: &str) -> Result<Subnet, SourceError> {
        self.told.subnets.get_or(self.asker, Resource::FixedSubnet, name_or_id, self.source.get_subnet(name_or_id)).await
    }

    async fn get_keypair(&self, name: &str) -> Result<Keypair, SourceError> {
        self.told.keypairs.get_or(self.asker, Resource::Keypair, name, self.source.get_keypair(name)).await
    }

    /// Lists change when something is added to them: they are always asked for.
    async fn list_volume_types(&self) -> Result<Vec<VolumeType>, SourceError> {
        self.source.list_volume_types().await
    }

    async fn list_regions(&self) -> Result<Vec<String>, SourceError> {
        self.source.list_regions().await
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::Duration;

    use jeroboam_model::Secret;

    use super::super::Lookups;
    use super::*;

    /// Has networks alone, and counts how often it is asked for them.
    #[derive(Default)]
    struct Networks(AtomicUsize);

    fn absent<T>() -> Result<T, SourceError> {
        Err(SourceError::NotFound("it".to_owned()))
    }

    #[async_trait]
    impl Lookup for Networks {
        async fn get_network(&self, name_or_id: &str) -> Result<Network, SourceError> {
            self.0.fetch_add(1, Ordering::Relaxed);
            if name_or_id == "none" {
                return absent();
            }
            Ok(Network { id: "1".to_owned(), name: name_or_id.to_owned(), external: false, subnets: Vec::new() })
        }
        async fn get_external_network(&self, name_or_id: &str) -> Result<Network, SourceError> {
            Ok(Network { external: true, ..self.get_network(name_or_id).await? })
        }
        async fn get_image(&self, _: &str) -> Result<Image, SourceError> {
            absent()
        }
        async fn get_flavor(&self, _: &str) -> Result<Flavor, SourceError> {
            absent()
        }
        async fn get_subnet(&self, _: &str) -> Result<Subnet, SourceError> {
            absent()
        }
        async fn get_keypair(&self, _: &str) -> Result<Keypair, SourceError> {
            absent()
        }
        async fn list_volume_types(&self) -> Result<Vec<VolumeType>, SourceError> {
            absent()
        }
        async fn list_regions(&self) -> Result<Vec<String>, SourceError> {
            absent()
        }
    }

    #[tokio::test]
    async fn what_was_found_is_not_asked_for_again_and_what_was_missing_is() {
        let told = Lookups::new(Duration::from_secs(60)).told;
        let of = |token: &str| Lately { source: Networks::default(), asker: Asker::of(&Secret::new(token)), told: told.clone() };
        let (one, again, other) = (of("a"), of("a"), of("b"));
        let external = async |lately: &Lately<Networks>, name: &str| lately.get_external_network(name).await;
        assert!(external(&one, "public").await.unwrap().external);
        assert!(external(&again, "public").await.unwrap().external);
        assert!(!again.get_network("public").await.unwrap().external, "one that is asked for in another way");
        assert!(external(&other, "public").await.unwrap().external);
        assert_eq!(external(&one, "none").await, absent());
        assert_eq!(external(&one, "none").await, absent());
        let counts = [one, again, other].map(|lately| lately.source.0.into_inner());
        assert_eq!(counts, [3, 1, 1]);
    }
}

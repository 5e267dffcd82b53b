//! What a request names in OpenStack: whether it is there, as far as the requesting user can see.

use jeroboam_cloud::nova::Flavor;
use jeroboam_cloud::{Cloud, CloudError, Identity, Image, Session};
use jeroboam_model::{RequestId, Secret};

use super::{Refusal, Resource};

/// The cloud, as the requesting user.
pub struct Openstack {
    session: Session,
}

/// Names and ids to look up; what is not set is not looked up.
#[derive(Clone, Copy, Debug, Default)]
pub struct Wanted<'a> {
    pub flavor: Option<&'a str>,
    pub master_flavor: Option<&'a str>,
    pub external_network: Option<&'a str>,
    pub fixed_network: Option<&'a str>,
    pub fixed_subnet: Option<&'a str>,
}

/// The flavors that were found.
#[derive(Clone, Debug, Default)]
pub struct Flavors {
    pub node: Option<Flavor>,
    pub master: Option<Flavor>,
}

impl Openstack {
    pub fn new(cloud: &Cloud, token: Secret, request_id: &RequestId) -> Self {
        Self { session: cloud.session(Identity::Token(token)).with_request_id(request_id.as_str()) }
    }

    pub async fn image(&self, name: &str) -> Result<Image, Refusal> {
        self.session.glance().find_image(name).await.map_err(|error| Refusal::of_lookup(Resource::Image, name, error))
    }

    pub async fn keypair(&self, name: &str) -> Result<(), Refusal> {
        let found = self.session.nova().find_keypair(name).await;
        found.map(drop).map_err(|error| Refusal::of_lookup(Resource::Keypair, name, error))
    }

    /// Asks for everything at once; of several errors, the first in the order of the fields counts.
    pub async fn check(&self, wanted: Wanted<'_>) -> Result<Flavors, Refusal> {
        let (nova, neutron) = (self.session.nova(), self.session.neutron());
        let (node, master, external, network, subnet) = futures::join!(
            look(Resource::Flavor, wanted.flavor, |name| nova.find_flavor(name)),
            look(Resource::Flavor, wanted.master_flavor.filter(|name| Some(*name) != wanted.flavor), |name| nova
                .find_flavor(name)),
            look(Resource::ExternalNetwork, wanted.external_network, |name| neutron.find_network(name, Some(true))),
            look(Resource::FixedNetwork, wanted.fixed_network, |name| neutron.find_network(name, None)),
            look(Resource::FixedSubnet, wanted.fixed_subnet, |name| neutron.find_subnet(name, None)),
        );
        let node = node?;
        let master = if wanted.master_flavor.is_some() && wanted.master_flavor == wanted.flavor { node.clone() } else { master? };
        external?;
        network?;
        subnet?;
        Ok(Flavors { node, master })
    }
}

async fn look<'a, T, F>(resource: Resource, name: Option<&'a str>, find: impl FnOnce(&'a str) -> F) -> Result<Option<T>, Refusal>
where
    F: Future<Output = Result<T, CloudError>>,
{
    match name {
        None => Ok(None),
        Some(name) => find(name).await.map(Some).map_err(|error| Refusal::of_lookup(resource, name, error)),
    }
}

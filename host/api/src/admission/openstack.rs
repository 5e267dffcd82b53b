//! What a request names in OpenStack: whether it is there, as far as the requesting user can see.

use futures::FutureExt as _;
use futures::future::BoxFuture;
use jeroboam_cloud::nova::Flavor;
use jeroboam_cloud::{CloudError, Identity, Image, Session};

use super::lookups::{Asker, Found, Lookups};
use super::{Refusal, Resource};
use crate::call::Call;

/// The cloud, as the requesting user.
pub struct Openstack<'a> {
    session: Session,
    asker: Asker,
    lookups: &'a Lookups,
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

impl<'a> Openstack<'a> {
    pub fn new(call: &'a Call) -> Self {
        let (session, asker) = as_user(call);
        Self { session, asker, lookups: &call.app.lookups }
    }

    pub async fn image(&self, name: &str) -> Result<Image, Refusal> {
        self.find(&self.lookups.images, Resource::Image, name, self.session.glance().find_image(name)).await
    }

    pub async fn keypair(&self, name: &str) -> Result<(), Refusal> {
        self.see(Resource::Keypair, name, self.session.nova().find_keypair(name)).await
    }

    /// Asks for everything at once; of several errors, the first in the order of the fields counts.
    pub async fn check(&self, wanted: Wanted<'_>) -> Result<Flavors, Refusal> {
        let (nova, neutron) = (self.session.nova(), self.session.neutron());
        let flavor = |name| self.find(&self.lookups.flavors, Resource::Flavor, name, nova.find_flavor(name));
        let (node, master, external, fixed, subnet) = futures::join!(
            look(wanted.flavor, flavor),
            look(wanted.master_flavor.filter(|name| Some(*name) != wanted.flavor), flavor),
            look(wanted.external_network, |name| {
                self.see(Resource::ExternalNetwork, name, neutron.find_network(name, Some(true)))
            }),
            look(wanted.fixed_network, |name| self.see(Resource::FixedNetwork, name, neutron.find_network(name, None))),
            look(wanted.fixed_subnet, |name| self.see(Resource::FixedSubnet, name, neutron.find_subnet(name, None))),
        );
        let node = node?;
        let master = if wanted.master_flavor.is_some() && wanted.master_flavor == wanted.flavor { node.clone() } else { master? };
        external?;
        fixed?;
        subnet?;
        Ok(Flavors { node, master })
    }

    /// Whether it is there: more than that is not asked of it.
    fn see<'f, T: 'f>(
        &'f self,
        resource: Resource,
        name: &'f str,
        found: impl Future<Output = Result<T, CloudError>> + Send + 'f,
    ) -> BoxFuture<'f, Result<(), Refusal>> {
        self.find(&self.lookups.others, resource, name, async { found.await.map(drop) })
    }

    /// On the heap: a request to the cloud is tens of kilobytes of state, several go side by side, and stacks are short.
    fn find<'f, T: Clone + Send + Sync + 'static>(
        &'f self,
        lately: &'f Found<T>,
        resource: Resource,
        name: &'f str,
        found: impl Future<Output = Result<T, CloudError>> + Send + 'f,
    ) -> BoxFuture<'f, Result<T, Refusal>> {
        let found = found.boxed();
        let looked = lately.get_or(self.asker, resource, name, found);
        async move { looked.await.map_err(|error| Refusal::of_lookup(resource, name, error)) }.boxed()
    }
}

/// The requesting user's way to the cloud, and what they are remembered by.
pub fn as_user(call: &Call) -> (Session, Asker) {
    let token = call.token();
    let asker = Asker::of(&token);
    (call.app.cloud.session(Identity::Token(token)).with_request_id(call.onward_id().as_str()), asker)
}

async fn look<'a, T, F>(name: Option<&'a str>, find: impl FnOnce(&'a str) -> F) -> Result<Option<T>, Refusal>
where
    F: Future<Output = Result<T, Refusal>>,
{
    match name {
        None => Ok(None),
        Some(name) => find(name).await.map(Some),
    }
}

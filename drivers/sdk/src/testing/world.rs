//! The double of a host.

use std::{cell::RefCell, collections::BTreeMap, rc::Rc};

use super::record::Recorded;
use crate::{
    Error, StackScope,
    certificates::Authority,
    coe_api::{Request, Response},
    floating_ips::FloatingIp,
    load_balancers::LoadBalancer,
    log::Level,
    lookup::{Flavor, Image, Keypair, Network, Subnet, VolumeType},
    settings::Platform,
    stacks::{Output, StackResource},
    volumes::Volume,
};

type Api = Rc<dyn Fn(&Request) -> Result<Response, Error>>;

/// What there is when the driver asks. A new one has a [platform](super::samples::platform) and nothing else.
#[derive(Clone)]
pub struct World {
    pub(crate) platform: Platform,
    pub(crate) settings: BTreeMap<String, String>,
    images: Vec<Image>,
    flavors: Vec<Flavor>,
    networks: Vec<Network>,
    subnets: Vec<Subnet>,
    keypairs: Vec<Keypair>,
    pub(crate) volume_types: Vec<VolumeType>,
    pub(crate) regions: Vec<String>,
    outputs: Vec<(StackScope, Output)>,
    resources: Vec<(StackScope, StackResource)>,
    pub(crate) load_balancers: Vec<LoadBalancer>,
    pub(crate) volumes: Vec<Volume>,
    pub(crate) floating_ips: Vec<FloatingIp>,
    api: Option<Api>,
    /// What is answered in place of all else.
    pub(super) record: Option<Recorded>,
    pub(super) trace: RefCell<Trace>,
}

/// What a driver did.
#[derive(Clone, Debug, Default)]
pub struct Trace {
    pub log: Vec<(Level, String)>,
    /// Interface and id: `("load_balancers", "…")`.
    pub deleted: Vec<(&'static str, String)>,
}

impl Default for World {
    fn default() -> Self {
        Self::new()
    }
}

impl World {
    pub fn new() -> Self {
        Self {
            platform: super::samples::platform(),
            settings: BTreeMap::new(),
            images: Vec::new(),
            flavors: Vec::new(),
            networks: Vec::new(),
            subnets: Vec::new(),
            keypairs: Vec::new(),
            volume_types: Vec::new(),
            regions: Vec::new(),
            outputs: Vec::new(),
            resources: Vec::new(),
            load_balancers: Vec::new(),
            volumes: Vec::new(),
            floating_ips: Vec::new(),
            api: None,
            record: None,
            trace: RefCell::default(),
        }
    }

    pub fn platform(mut self, platform: Platform) -> Self {
        self.platform = platform;
        self
    }

    pub fn setting(mut self, name: &str, value: &str) -> Self {
        self.settings.insert(name.to_owned(), value.to_owned());
        self
    }

    pub fn image(mut self, image: Image) -> Self {
        self.images.push(image);
        self
    }

    /// RAM in MiB, disk in GB; the id is the name.
    pub fn flavor(mut self, name: &str, vcpus: u32, ram: u32, disk: u32) -> Self {
        self.flavors.push(Flavor { id: name.to_owned(), name: name.to_owned(), vcpus, ram, disk });
        self
    }

    pub fn network(mut self, network: Network) -> Self {
        self.networks.push(network);
        self
    }

    pub fn subnet(mut self, subnet: Subnet) -> Self {
        self.subnets.push(subnet);
        self
    }

    /// After those there are; the id is the name.
    pub fn volume_type(mut self, name: &str, is_default: bool) -> Self {
        self.volume_types.push(VolumeType { id: name.to_owned(), name: name.to_owned(), is_default });
        self
    }

    pub fn keypair(mut self, name: &str, public_key: &str) -> Self {
        self.keypairs.push(Keypair { name: name.to_owned(), public_key: public_key.to_owned() });
        self
    }

    pub fn region(mut self, id: &str) -> Self {
        self.regions.push(id.to_owned());
        self
    }

    pub fn output(mut self, scope: StackScope, name: &str, value: serde_json::Value) -> Self {
        self.outputs.push((scope, (name.to_owned(), value.to_string())));
        self
    }

    pub fn resource(mut self, scope: StackScope, resource: StackResource) -> Self {
        self.resources.push((scope, resource));
        self
    }

    pub fn load_balancer(mut self, owned: LoadBalancer) -> Self {
        self.load_balancers.push(owned);
        self
    }

    pub fn volume(mut self, owned: Volume) -> Self {
        self.volumes.push(owned);
        self
    }

    pub fn floating_ip(mut self, owned: FloatingIp) -> Self {
        self.floating_ips.push(owned);
        self
    }

    /// What the cluster's API answers; without it there is none.
    pub fn coe_api(mut self, api: impl Fn(&Request) -> Result<Response, Error> + 'static) -> Self {
        self.api = Some(Rc::new(api));
        self
    }
}

/// How a host answers.
impl World {
    pub(crate) fn write(&self, level: Level, message: &str) {
        self.trace.borrow_mut().log.push((level, message.to_owned()));
    }

    pub(crate) fn image_named(&self, wanted: &str) -> Result<Image, Error> {
        one("image", wanted, &self.images, |image| (&image.id, &image.name))
    }

    pub(crate) fn flavor_named(&self, wanted: &str) -> Result<Flavor, Error> {
        one("flavor", wanted, &self.flavors, |flavor| (&flavor.id, &flavor.name))
    }

    pub(crate) fn network_named(&self, wanted: &str) -> Result<Network, Error> {
        one("network", wanted, &self.networks, |network| (&network.id, &network.name))
    }

    pub(crate) fn external_network_named(&self, wanted: &str) -> Result<Network, Error> {
        let external: Vec<Network> = self.networks.iter().filter(|network| network.external).cloned().collect();
        one("external network", wanted, &external, |network| (&network.id, &network.name))
    }

    pub(crate) fn subnet_named(&self, wanted: &str) -> Result<Subnet, Error> {
        one("subnet", wanted, &self.subnets, |subnet| (&subnet.id, &subnet.name))
    }

    pub(crate) fn keypair_named(&self, wanted: &str) -> Result<Keypair, Error> {
        one("keypair", wanted, &self.keypairs, |keypair| (&keypair.name, &keypair.name))
    }

    pub(crate) fn outputs(&self, scope: &StackScope) -> Result<Vec<Output>, Error> {
        let own = || Ok(self.outputs.iter().filter(|(of, _)| of == scope).map(|(_, output)| output.clone()).collect());
        self.recorded_outputs(scope).unwrap_or_else(own)
    }

    pub(crate) fn resources_of(&self, scope: &StackScope) -> Vec<StackResource> {
        self.resources.iter().filter(|(of, _)| of == scope).map(|(_, resource)| resource.clone()).collect()
    }

    pub(crate) fn delete(&self, interface: &'static str, id: &str, owned: bool) -> Result<(), Error> {
        let not_owned = || if owned { Ok(()) } else { Err(Error::NotFound(format!("{id} does not belong to this cluster"))) };
        self.recorded(&interface.replace('_', "-"), "delete", &[("id", &id)]).unwrap_or_else(not_owned)?;
        self.trace.borrow_mut().deleted.push((interface, id.to_owned()));
        Ok(())
    }

    /// A text that names what it stands for; nobody could verify it.
    pub(crate) fn certificates(&self, authority: Authority, what: &str) -> Result<String, Error> {
        Ok(format!("{what} of {authority:?}"))
    }

    pub(crate) fn send(&self, request: &Request) -> Result<Response, Error> {
        if let Some(recorded) = self.recorded_response(request) {
            return recorded;
        }
        match &self.api {
            Some(api) => api(request),
            None => Err(crate::errors::unavailable("the cluster has no API", 1000)),
        }
    }
}

fn one<T: Clone>(kind: &str, wanted: &str, all: &[T], keys: impl Fn(&T) -> (&String, &String)) -> Result<T, Error> {
    if let Some(found) = all.iter().find(|item| keys(item).0 == wanted) {
        return Ok(found.clone());
    }
    let mut named = all.iter().filter(|item| keys(item).1 == wanted);
    match (named.next(), named.next()) {
        (Some(found), None) => Ok(found.clone()),
        (None, _) => Err(Error::NotFound(format!("there is no {kind} {wanted}"))),
        (Some(_), Some(_)) => Err(Error::Conflict(format!("there are several {kind}s named {wanted}: use an id"))),
    }
}

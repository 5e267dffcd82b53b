// The driver: every function of the contract's interface `driver`, and nothing that has an effect.
//
// Each call runs in a fresh copy of what this module is once it has been evaluated, which happens when the component is built. So there is no clock, no
// chance, no file and no memory of earlier calls; templates are read when the bundle is made, and are part of the component.
//
// What is thrown is the contract's `error`; numbers of 64 bits are BigInt.

import { getExternalNetwork, getNetwork, getSubnet } from 'jeroboam:coe/lookup@0.1.0';

import cluster from '../templates/cluster.yaml';
import network from '../templates/network.yaml';
import node from '../templates/node.yaml';
import userData from '../templates/user-data.yaml';
import { asInternalErrors } from './exceptions.js';
import { labelSpecs, read } from './labels.js';

// Everything that a template names; Heat fetches nothing.
const FILES = [
  ['network.yaml', network],
  ['node.yaml', node],
  ['user-data.yaml', userData],
];

const functions = {
  describe() {
    return {
      name: 'javascript-example',
      version: '0.1.0',
      summary: 'Plain servers in a network of their own.',
      // The middle one is the property os_distro of the images that this driver is for.
      clusterTypes: [{ serverType: 'vm', osDistro: 'javascript-example', coe: 'kubernetes' }],
      labels: labelSpecs(),
      features: {},
      capabilities: [],
      extras: [],
    };
  },

  validateTemplate(template) {
    withoutLoadBalancer(template);
    read(template.labels);
    return [];
  },

  validateCluster(wanted) {
    withoutLoadBalancer(wanted);
    read(wanted.labels);
    const needsExternal = wanted.floatingIpEnabled || !wanted.fixedNetwork;
    if (needsExternal && !wanted.template.externalNetwork) {
      throw invalid('external_network_id', 'name an external network, or a fixed_network and floating_ip_enabled=false');
    }
    return [];
  },

  defineStack(wanted, scope) {
    if (scope.tag !== 'cluster') throw unsupported('this driver makes no node groups beyond the two default ones');
    functions.validateCluster(wanted);
    const labels = read(wanted.labels);
    const [masters, workers] = ['master', 'worker'].map((role) => defaultGroup(wanted, role));
    const { external, fixed, subnet } = networks(wanted);
    return {
      template: cluster,
      files: FILES,
      environment: '',
      parameters: [
        ['cluster_name', text(wanted.stackName)],
        ['keypair', text(wanted.keypair ?? '')],
        ['external_network', text(external)],
        ['fixed_network', text(fixed)],
        ['fixed_subnet', text(subnet)],
        ['subnet_cidr', text(labels.subnetCidr)],
        ['dns_nameserver', json(wanted.template.dnsNameservers)],
        ['ssh_cidr', text(labels.sshCidr)],
        ['floating_ip', { tag: 'flag', val: wanted.floatingIpEnabled }],
        ['master_count', number(masters.nodeCount)],
        ['master_image', text(masters.image)],
        ['master_flavor', text(masters.flavor)],
        ['worker_count', number(workers.nodeCount)],
        ['worker_image', text(workers.image)],
        ['worker_flavor', text(workers.flavor)],
        ['workers_to_remove', json(workers.nodesToRemove)],
        ['motd', text(labels.motd)],
        ['availability_zone', text(labels.availabilityZone)],
      ],
    };
  },

  planUpgrade() {
    throw unsupported('this driver does not upgrade clusters');
  },

  pickRemovals() {
    return []; // Heat takes those with the highest index.
  },

  readStack(wanted, _scope, outputs) {
    const found = Object.fromEntries(outputs.map(({ name, value }) => [name, JSON.parse(value)]));
    // Outputs of a stack that failed may be missing, null, or have holes.
    const observed = (role, name) => ({
      group: defaultGroup(wanted, role).uuid,
      nodeAddresses: Array.isArray(found[name]) ? found[name].filter(isText) : [],
      extras: [],
    });
    return {
      apiAddress: isText(found.api_address) ? `https://${found.api_address}:6443` : undefined,
      coeVersion: undefined,
      containerVersion: undefined,
      groups: [observed('master', 'master_addresses'), observed('worker', 'worker_addresses')],
      extras: [],
    };
  },

  beforeDelete() {
    return { tag: 'done' };
  },

  checkHealth() {
    throw unsupported('this driver does not check health');
  },
};

export const driver = asInternalErrors(functions);

const isText = (value) => typeof value === 'string' && value !== '';

const text = (val) => ({ tag: 'text', val });
const number = (val) => ({ tag: 'number', val: BigInt(val) });
const json = (value) => ({ tag: 'json', val: JSON.stringify(value) });

const unsupported = (val) => ({ tag: 'unsupported', val });
/** The user has to change this field. */
const invalid = (field, message) => ({ tag: 'invalid', val: [{ field, message }] });

function withoutLoadBalancer({ masterLbEnabled }) {
  if (masterLbEnabled) throw invalid('master_lb_enabled', 'this driver makes no load balancer: set master_lb_enabled to false');
}

function defaultGroup({ groups }, role) {
  const found = groups.find((group) => group.isDefault && group.role === role);
  if (!found) throw { tag: 'not-found', val: `the cluster has no default group of role ${role}` };
  return found;
}

/** Ids of the external network, the fixed network and its subnet; empty for those that there are none of. */
function networks({ template, fixedNetwork, fixedSubnet }) {
  const external = template.externalNetwork ? getExternalNetwork(template.externalNetwork).id : '';
  if (!fixedNetwork) return { external, fixed: '', subnet: '' };
  const { id: fixed, name, subnets } = getNetwork(fixedNetwork);
  const subnet = fixedSubnet ? getSubnet(fixedSubnet).id : subnets[0];
  if (!subnet) throw invalid('fixed_network', `network ${name} has no subnet`);
  return { external, fixed, subnet };
}

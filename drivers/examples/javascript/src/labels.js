// The labels that the driver reads, and the only way to read them, so that the schema in `describe` is complete.

const CIDR = /^(25[0-5]|2[0-4]\d|1?\d?\d)(\.(25[0-5]|2[0-4]\d|1?\d?\d)){3}\/(3[0-2]|[12]?\d)$/;

const TYPES = {
  text: { problem: () => undefined },
  cidr: { problem: (value) => (CIDR.test(value) ? undefined : 'has to be an IPv4 network such as 10.0.0.0/24') },
};

const label = (name, type, byDefault, meaning) => ({ name, type, byDefault, meaning });

export const LABELS = {
  motd: label('motd', 'text', 'A node of a cluster.', 'What a server greets those with who log in.'),
  sshCidr: label('ssh_cidr', 'cidr', '0.0.0.0/0', 'The network from which servers may be logged in to.'),
  subnetCidr: label('fixed_subnet_cidr', 'cidr', '10.0.0.0/24', 'Addresses of the network that is made for the servers.'),
  availabilityZone: label('availability_zone', 'text', '', 'Where workers are made. Left to Nova if absent.'),
};

/** The schema. */
export const labelSpecs = () =>
  Object.values(LABELS).map(({ name, type, byDefault, meaning }) => ({
    name,
    labelType: { tag: type },
    default: byDefault === '' ? undefined : byDefault,
    meaning,
    since: '0.1.0',
    perGroup: false,
    extras: [],
  }));

/** The values that hold, by the keys of `LABELS`. Throws `invalid`, with a line for each that is wrong. */
export function read(given) {
  const values = {};
  const wrong = [];
  for (const [key, { name, type, byDefault }] of Object.entries(LABELS)) {
    values[key] = given.find(([other]) => other === name)?.[1] ?? byDefault;
    const problem = TYPES[type].problem(values[key]);
    if (problem !== undefined) wrong.push({ field: `labels/${name}`, message: `label ${name} ${problem}` });
  }
  if (wrong.length > 0) throw { tag: 'invalid', val: wrong };
  return values;
}

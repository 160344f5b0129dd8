import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { Endpoint } from '@fissile/kit/rpc';
import { planProcess, type PlanRequest, type ProcessPlan } from './process-plan.js';
import { readTopologies } from './topology-file.js';

const COMPONENTS = ['gateway', 'alpha', 'beta', 'gamma', 'delta', 'epsilon', 'zeta'];

describe('The plan of a process', () => {
  let cwd: string;

  before(() => {
    cwd = mkdtempSync(join(tmpdir(), 'fissile-topology-'));
    mkdirSync(join(cwd, 'config'));
  });

  after(() => rmSync(cwd, { recursive: true }));

  /** What is planned, or the errors that were found. */
  function plan(file: string, request: Partial<PlanRequest> = {}) {
    writeFileSync(join(cwd, 'config/topology.yaml'), file);
    const errors: string[] = [];
    const settings = { TOPOLOGY: undefined, HOSTS: undefined, PROCESS_ADDRESSES: [], PORT: 3000 };
    const planned = planProcess(
      { components: COMPONENTS, available: COMPONENTS, ...settings, cwd, ...request },
      errors,
    );
    return { planned, errors };
  }

  const placesOf = (planned: ProcessPlan | undefined, wanted: string): readonly Endpoint[] =>
    planned?.processes.find(({ name }) => name === wanted)?.endpoints ?? [];
  const portsOf = ({ httpPort, rpcPort }: Endpoint) => [httpPort, rpcPort];

  const REST = COMPONENTS.filter((host) => host !== 'gateway' && host !== 'alpha');
  const SPLIT = COMPONENTS.map((host) => `  ${host}: [${host}]`).join('\n');
  const FILE = `split:\n${SPLIT}\ntwo:\n  edge: [gateway, alpha]\n  core:\n    hosts: [${REST}]\n    address: 10.0.0.5\n    http: 8080\n    rpc: 9090\n`;

  it('is one process that hosts everything, unless configured otherwise', () => {
    const { planned, errors } = plan(FILE);
    assert.deepEqual(errors, []);
    assert.equal(planned?.topology, 'monolith');
    assert.equal(planned?.self?.httpPort, 3000);
    assert.deepEqual(planned?.self?.hosts, COMPONENTS);
  });

  it('lets contexts move to the process that hosts the gateway, which loads the code of those that STANDBY names', () => {
    const { planned } = plan(FILE, { TOPOLOGY: 'two', HOSTS: ['gateway', 'alpha'], STANDBY: ['beta'] });
    assert.deepEqual(planned?.self?.standby, ['beta']);
    const all = plan(FILE, { TOPOLOGY: 'two', STANDBY: ['all'] }).planned?.processes;
    assert.deepEqual(
      all?.map(({ standby }) => standby),
      [REST, undefined],
    );
    assert.match(plan(FILE, { STANDBY: ['eta'] }).errors.join(), /STANDBY: eta is unknown/);
    assert.match(plan(FILE, { HOSTS: ['beta'], STANDBY: ['alpha'] }).errors.join(), /STANDBY: expected only/);
  });

  it('is what the supervisor says, whatever the topology is called', () => {
    const endpoints = [{ address: '127.0.0.1', httpPort: 1, rpcPort: 2 }];
    const processes = [
      { name: 'monolith', hosts: COMPONENTS.slice(1), standby: ['alpha'], endpoints },
      { name: 'alpha-2', hosts: ['alpha'], endpoints },
    ];
    const PLACEMENT = JSON.stringify({ topology: 'moved', version: 7, processes });
    const { planned, errors } = plan(FILE, { TOPOLOGY: 'moved', HOSTS: ['alpha'], PLACEMENT });
    assert.deepEqual(errors, []);
    assert.equal(planned?.self?.name, 'alpha-2');
    assert.equal(planned?.version, 7);
    assert.match(plan(FILE, { HOSTS: ['alpha'], PLACEMENT: '{' }).errors.join(), /PLACEMENT: expected what/);
    assert.match(
      plan(FILE, { HOSTS: ['beta'], PLACEMENT }).errors.join(),
      /no process of PLACEMENT hosts beta/,
    );
  });

  it('is several processes to be started when the topology has several', () => {
    const { planned } = plan(FILE, { TOPOLOGY: 'split' });
    assert.equal(planned?.self, undefined);
    assert.equal(planned?.processes.length, COMPONENTS.length);
    const ports = planned?.processes.flatMap(({ endpoints }) => endpoints.flatMap(portsOf)) ?? [];
    assert.equal(new Set(ports).size, ports.length);
    assert.equal(placesOf(planned, 'gateway')[0]?.httpPort, 3000);
  });

  it('is the process that HOSTS names, in whichever order, where its topology says', () => {
    const HOSTS = REST.toReversed();
    const { planned } = plan(FILE, { TOPOLOGY: 'two', HOSTS });
    assert.equal(planned?.self?.name, 'core');
    assert.deepEqual(
      [planned?.self?.address, planned?.self?.httpPort, planned?.self?.rpcPort],
      ['10.0.0.5', 8080, 9090],
    );
  });

  it('is a part of split for an app that is started by itself', () => {
    const { planned } = plan(FILE, { available: ['gamma'] });
    assert.equal(planned?.topology, 'split');
    assert.equal(planned?.self?.name, 'gamma');
  });

  it('accepts any set of HOSTS of split when no topology is named', () => {
    const { planned, errors } = plan(FILE, { HOSTS: ['gamma', 'delta'] });
    assert.deepEqual(errors, []);
    assert.deepEqual(planned?.self?.hosts, ['gamma', 'delta']);
    assert.equal(planned?.processes.length, COMPONENTS.length - 1);
  });

  it('reads the addresses of remote processes', () => {
    const { planned } = plan(FILE, {
      TOPOLOGY: 'two',
      HOSTS: ['gateway', 'alpha'],
      PROCESS_ADDRESSES: ['core=core.internal:80:81'],
    });
    assert.deepEqual(placesOf(planned, 'core'), [{ address: 'core.internal', httpPort: 80, rpcPort: 81 }]);
  });

  it('reads several addresses of one process, and is the one that INSTANCE names', () => {
    const request = {
      TOPOLOGY: 'two',
      HOSTS: REST,
      PROCESS_ADDRESSES: ['core=a:80:81', 'edge=b:80:81', 'core=c:82:83'],
    };
    const { planned } = plan(FILE, request);
    assert.deepEqual(
      placesOf(planned, 'core').map(({ address }) => address),
      ['a', 'c'],
    );
    assert.equal(planned?.self?.address, 'a');
    assert.equal(plan(FILE, { ...request, INSTANCE: 2 }).planned?.self?.httpPort, 82);
    assert.deepEqual(plan(FILE, { ...request, INSTANCE: 3 }).errors, [
      'INSTANCE: core has 2, and this is to be number 3',
    ]);
  });

  it('gives each instance that the topology asks for ports of its own', () => {
    const file = `custom:\n  edge: [gateway, alpha]\n  core: { hosts: [${REST}], instances: 3 }\n`;
    const { planned, errors } = plan(file, { TOPOLOGY: 'custom' });
    assert.deepEqual(errors, []);
    assert.equal(planned?.self, undefined);
    assert.deepEqual(placesOf(planned, 'core').map(portsOf), [
      [3002, 3102],
      [3003, 3103],
      [3004, 3104],
    ]);
    const none = file.replace('instances: 3', 'instances: 0');
    assert.match(
      plan(none, { TOPOLOGY: 'custom' }).errors.join(),
      /custom\.core\.instances: expected a number from 1/,
    );
  });

  it('names all that is wrong with a topology at once', () => {
    const { planned, errors } = plan(
      'custom:\n  edge: [gateway, alpha, omega]\n  core: [gamma, alpha, delta, epsilon]\n',
      { TOPOLOGY: 'custom' },
    );
    assert.equal(planned, undefined);
    assert.deepEqual(errors, [
      `config/topology.yaml: custom: edge hosts omega, which is unknown; expected ${COMPONENTS.join(', ')}`,
      'config/topology.yaml: custom: alpha is hosted more than once, by edge and core',
      ...COMPONENTS.filter((host) => !['gateway', 'alpha', 'gamma', 'delta', 'epsilon'].includes(host)).map(
        (host) => `config/topology.yaml: custom: nothing hosts ${host}`,
      ),
    ]);
  });

  it('rejects a port that is used twice, and one that is not a port', () => {
    const rest = `[${REST}]`;
    const twice = `custom:\n  edge: { hosts: [gateway, alpha], rpc: 4000 }\n  core: { hosts: ${rest}, http: 4000 }\n`;
    assert.deepEqual(plan(twice, { TOPOLOGY: 'custom' }).errors, [
      'config/topology.yaml: custom: 127.0.0.1:4000 is used by edge and core',
    ]);
    const none = `custom:\n  edge: { hosts: [gateway, alpha], rpc: 0 }\n  core: ${rest}\n`;
    assert.match(plan(none, { TOPOLOGY: 'custom' }).errors.join(), /custom\.edge\.rpc: expected a port/);
    assert.match(plan(FILE, { TOPOLOGY: 'split', PORT: 65_530 }).errors.join(), /above 65535/);
  });

  it('names the topologies that there are, the hosts that fit, and the form of addresses', () => {
    assert.match(
      plan(FILE, { TOPOLOGY: 'splitt' }).errors.join(),
      /there is no splitt in .*expected one of monolith, split, two/,
    );
    assert.match(
      plan(FILE, { TOPOLOGY: 'two', HOSTS: ['gamma'] }).errors.join(),
      /HOSTS: no process of two hosts gamma; it has gateway,alpha or beta,/,
    );
    assert.match(plan(FILE, { HOSTS: ['omega'] }).errors.join(), /HOSTS: omega is unknown here/);
    const errors = plan(FILE, { TOPOLOGY: 'two', PROCESS_ADDRESSES: ['core=x', 'omega=x:1:2'] }).errors;
    assert.match(
      errors.join(),
      /expected name=host:httpPort:rpcPort.*two has no process omega; it has edge, core/,
    );
  });

  it('says that the file cannot be read', () => {
    assert.match(
      plan('split: [', { TOPOLOGY: 'split' }).errors.join(),
      /config\/topology.yaml: not readable YAML/,
    );
    assert.match(plan('split: 3', { TOPOLOGY: 'split' }).errors.join(), /split: expected processes by name/);
    rmSync(join(cwd, 'config/topology.yaml'));
    const errors: string[] = [];
    const settings = { TOPOLOGY: 'split', HOSTS: undefined, PROCESS_ADDRESSES: [], PORT: 3000 };
    planProcess({ components: COMPONENTS, available: COMPONENTS, ...settings, cwd }, errors);
    assert.deepEqual(errors, ['config/topology.yaml: there is no such file']);
  });

  it('is of a topology of those that are as they should be, or of the monolith', () => {
    const namesIn = (file: string): string[] => {
      writeFileSync(join(cwd, 'config/topology.yaml'), file);
      return [...readTopologies(COMPONENTS, cwd).keys()];
    };
    assert.deepEqual(namesIn(`${FILE}odd:\n  edge: [gateway]\n`), ['monolith', 'split', 'two']);
    assert.deepEqual(namesIn('monolith:\n  edge: [gateway]\n'), ['monolith']);
    assert.deepEqual(namesIn('split: ['), ['monolith']);
    rmSync(join(cwd, 'config/topology.yaml'));
    assert.deepEqual([...readTopologies(COMPONENTS, cwd).keys()], ['monolith']);
  });
});

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { before, describe, it } from 'node:test';
import { parse, parseAllDocuments } from 'yaml';
import { CONTEXTS } from '#contracts';
import { hasKubectl, render } from './kubectl.js';
import { readResources, schemaFaults } from './kubernetes.js';

interface Resource {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly data?: Readonly<Record<string, string>>;
  readonly rules?: readonly object[];
  readonly spec?: Spec;
}

/** What is looked at of a Deployment, a NetworkPolicy or a CronJob. */
interface Spec {
  readonly replicas?: number;
  readonly suspend?: boolean;
  readonly template?: PodTemplate;
  readonly jobTemplate?: { readonly spec: { readonly template: PodTemplate } };
  readonly ingress?: readonly {
    readonly from: readonly {
      readonly podSelector: { readonly matchLabels: Readonly<Record<string, string>> };
    }[];
  }[];
}

interface PodTemplate {
  readonly metadata: { readonly labels: Readonly<Record<string, string>> };
  readonly spec: {
    readonly automountServiceAccountToken?: boolean;
    readonly serviceAccountName?: string;
    readonly containers: readonly Container[];
  };
}

interface Container {
  readonly image: string;
  readonly args?: readonly string[];
  readonly ports: readonly { readonly containerPort: number }[];
  readonly env: readonly { readonly name: string; readonly value?: string; readonly valueFrom?: object }[];
  readonly envFrom: readonly { readonly configMapRef: { readonly name: string } }[];
}

describe('The overlay for contexts that move on Kubernetes', async () => {
  const isRendered = await hasKubectl();
  let text: string;
  let resources: readonly Resource[];
  const named = (kind: string, name: string): Resource => {
    const found = resources.find((resource) => resource.kind === kind && resource.metadata.name === name);
    assert.ok(found, `${kind} ${name}`);
    return found;
  };
  const containerOf = (process: string): Container => {
    const [container] = named('Deployment', `fissile-${process}`).spec?.template?.spec.containers ?? [];
    assert.ok(container);
    return container;
  };
  const valueOf = ({ env }: Container, setting: string): string | undefined =>
    env.find(({ name }) => name === setting)?.value;
  const skip = { skip: !isRendered };

  before(async () => {
    if (!isRendered) return;
    text = await render('k8s/overlays/live');
    resources = parseAllDocuments(text).map((document) => document.toJS() as Resource);
  });

  it('fits the schemas of Kubernetes', skip, () => {
    assert.deepEqual(schemaFaults(readResources(text)), []);
  });

  it('has the settings that a shared placement needs', skip, () => {
    const { data } = named('ConfigMap', 'fissile-settings-monolith');
    assert.deepEqual(
      [data?.['TOPOLOGY'], data?.['PLACEMENT_STORE'], data?.['DISCOVERY']],
      ['monolith', 'consul', 'consul'],
    );
    assert.ok(data?.['CONSUL_URL']);
    assert.notEqual(data?.['EVENT_BUS'] ?? 'local', 'local');
  });

  it('starts what may take over when it is scaled, by the name that a move expects', skip, () => {
    const topologies = parse(readFileSync('config/topology.yaml', 'utf8')) as Record<
      string,
      Record<string, string[]>
    >;
    for (const context of CONTEXTS) {
      assert.equal(named('Deployment', `fissile-${context}`).spec?.replicas, 0);
      const topology = valueOf(containerOf(context), 'TOPOLOGY') ?? '';
      assert.deepEqual(topologies[topology]?.[context], [context]);
    }
    assert.equal(named('Deployment', 'fissile-monolith').spec?.replicas, undefined);
  });

  it('has each process listen where its container says', skip, () => {
    for (const name of ['monolith', ...CONTEXTS]) {
      const container = containerOf(name);
      const shared = named('ConfigMap', container.envFrom[0]?.configMapRef.name ?? '').data;
      const [http, rpc] = container.ports.map(({ containerPort }) => containerPort);
      assert.equal(
        valueOf(container, 'PROCESS_ADDRESSES') ?? shared?.['PROCESS_ADDRESSES'],
        `${name}=fissile-${name}:${http}:${rpc}`,
      );
    }
  });

  it('lets its processes call each other, on all ports', skip, () => {
    const [rule, ...others] = named('NetworkPolicy', 'fissile-internal').spec?.ingress ?? [];
    assert.deepEqual([Object.keys(rule ?? {}), others], [['from'], []]);
    const wanted = Object.entries(rule?.from[0]?.podSelector.matchLabels ?? {});
    assert.ok(wanted.length > 0);
    for (const name of ['monolith', ...CONTEXTS]) {
      const labels = named('Deployment', `fissile-${name}`).spec?.template?.metadata.labels;
      for (const [label, value] of wanted) assert.equal(labels?.[label], value, `${name}: ${label}`);
    }
  });

  it('lets what moves contexts scale these Deployments, and nothing else do anything', skip, () => {
    assert.deepEqual(named('Role', 'fissile-mover').rules, [
      {
        apiGroups: ['apps'],
        resources: ['deployments/scale'],
        resourceNames: CONTEXTS.map((context) => `fissile-${context}`),
        verbs: ['get', 'patch'],
      },
    ]);
    assert.equal(
      resources.some(({ kind }) => kind.startsWith('ClusterRole')),
      false,
    );
    for (const { spec } of resources.filter(({ kind }) => kind === 'Deployment')) {
      assert.equal(spec?.template?.spec.automountServiceAccountToken, false);
      assert.equal(spec?.template?.spec.serviceAccountName, undefined);
    }
  });

  it('has a job for each move, which runs when it is asked for and is no process', skip, () => {
    const moves = resources.filter(({ kind }) => kind === 'CronJob');
    const wanted = CONTEXTS.flatMap((context) =>
      ['own', 'gateway'].map((to) => `fissile-${context}-to-${to}`),
    );
    assert.deepEqual(moves.map(({ metadata }) => metadata.name).sort(), wanted.sort());
    for (const { spec } of moves) {
      const { metadata, spec: pod } = spec?.jobTemplate?.spec.template ?? assert.fail('it has no pod');
      assert.deepEqual([spec?.suspend, pod.serviceAccountName], [true, 'fissile-mover']);
      assert.equal(metadata.labels['app.kubernetes.io/component'], 'move');
      const [container] = pod.containers;
      assert.equal(container?.image, containerOf('monolith').image);
      assert.ok(
        container.env.every(({ value }) => value === undefined),
        'what it signs in with is in a Secret',
      );
    }
  });

  it('gives each job a command line that the command understands', skip, () => {
    const [container] =
      named('CronJob', 'fissile-orders-to-own').spec?.jobTemplate?.spec.template.spec.containers ?? [];
    const [program = '', ...words] = container?.args ?? [];
    assert.equal(program, 'node');
    assert.deepEqual(words.slice(1), [
      'topology',
      '--url=http://fissile-monolith:3000',
      'move',
      'orders',
      '--to=own',
      '--deployment=fissile-orders',
      '--replicas=3',
    ]);
    // Outside of a cluster that is what is missing, and all that is.
    assert.throws(
      () => execFileSync(process.execPath, words, { stdio: 'pipe', env: {} }),
      /--deployment: expected a pod of Kubernetes/,
    );
  });
});

import assert from 'node:assert/strict';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { parse, parseAllDocuments } from 'yaml';
import { hasKubectl, render } from './kubectl.js';

const GUIDE = 'docs/guides/move-in-production.md';

interface Resource {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly data?: Readonly<Record<string, string>>;
  readonly rules?: readonly object[];
  readonly spec?: Spec;
}

/** What is looked at of a Deployment or a NetworkPolicy. */
interface Spec {
  readonly replicas?: number;
  readonly template?: {
    readonly metadata: { readonly labels: Readonly<Record<string, string>> };
    readonly spec: {
      readonly automountServiceAccountToken?: boolean;
      readonly serviceAccountName?: string;
      readonly containers: readonly Container[];
    };
  };
  readonly ingress?: readonly {
    readonly from: readonly {
      readonly podSelector: { readonly matchLabels: Readonly<Record<string, string>> };
    }[];
  }[];
}

interface Container {
  readonly ports: readonly { readonly containerPort: number }[];
  readonly env: readonly { readonly name: string; readonly value?: string }[];
  readonly envFrom: readonly { readonly configMapRef: { readonly name: string } }[];
}

/** The files of the guide, by what their first line calls them. */
function filesOfGuide(): [string, string][] {
  const blocks = readFileSync(GUIDE, 'utf8').matchAll(/```yaml\n# (\S+)\n([\s\S]+?)```/g);
  return [...blocks].map(([, path = '', text = '']) => [path, text]);
}

describe('The overlay for contexts that move on Kubernetes', async () => {
  const isRendered = await hasKubectl();
  const folder = mkdtempSync(join(tmpdir(), 'live-placement-'));
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

  before(async () => {
    cpSync('k8s', join(folder, 'k8s'), { recursive: true });
    for (const [path, text] of filesOfGuide()) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    if (!isRendered) return;
    const text = await render(join(folder, 'k8s/overlays/live'));
    resources = parseAllDocuments(text).map((document) => document.toJS() as Resource);
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it('has the settings that a shared placement needs', { skip: !isRendered }, () => {
    const { data } = named('ConfigMap', 'fissile-settings-monolith');
    assert.deepEqual(
      [data?.['TOPOLOGY'], data?.['PLACEMENT_STORE'], data?.['DISCOVERY']],
      ['monolith', 'consul', 'consul'],
    );
    assert.ok(data?.['CONSUL_URL']);
    assert.notEqual(data?.['EVENT_BUS'] ?? 'local', 'local');
  });

  it(
    'starts what may take over when it is scaled, by the name that a move expects',
    { skip: !isRendered },
    () => {
      assert.equal(named('Deployment', 'fissile-orders').spec?.replicas, 0);
      const topology = valueOf(containerOf('orders'), 'TOPOLOGY') ?? '';
      const topologies = parse(readFileSync('config/topology.yaml', 'utf8')) as Record<
        string,
        Record<string, string[]>
      >;
      assert.deepEqual(topologies[topology]?.['orders'], ['orders']);
      assert.equal(named('Deployment', 'fissile-monolith').spec?.replicas, undefined);
    },
  );

  it('has each process listen where its container says', { skip: !isRendered }, () => {
    for (const name of ['monolith', 'orders']) {
      const container = containerOf(name);
      const shared = named('ConfigMap', container.envFrom[0]?.configMapRef.name ?? '').data;
      const [http, rpc] = container.ports.map(({ containerPort }) => containerPort);
      assert.equal(
        valueOf(container, 'PROCESS_ADDRESSES') ?? shared?.['PROCESS_ADDRESSES'],
        `${name}=fissile-${name}:${http}:${rpc}`,
      );
    }
  });

  it('lets its processes call each other, on all ports', { skip: !isRendered }, () => {
    const [rule, ...others] = named('NetworkPolicy', 'fissile-internal').spec?.ingress ?? [];
    assert.deepEqual([Object.keys(rule ?? {}), others], [['from'], []]);
    const wanted = Object.entries(rule?.from[0]?.podSelector.matchLabels ?? {});
    assert.ok(wanted.length > 0);
    for (const name of ['fissile-monolith', 'fissile-orders']) {
      const labels = named('Deployment', name).spec?.template?.metadata.labels;
      for (const [label, value] of wanted) assert.equal(labels?.[label], value, `${name}: ${label}`);
    }
  });

  it('lets whoever scales do that alone, to these Deployments alone', { skip: !isRendered }, () => {
    const { rules } = named('Role', 'fissile-scaler');
    const only = { apiGroups: ['apps'], resourceNames: ['fissile-orders'] };
    assert.deepEqual(rules, [
      { ...only, resources: ['deployments'], verbs: ['get'] },
      { ...only, resources: ['deployments/scale'], verbs: ['get', 'patch', 'update'] },
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
});

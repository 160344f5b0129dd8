import assert from 'node:assert/strict';
import { accessSync, constants, readdirSync, readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { parse } from 'yaml';

interface Job {
  readonly container: string;
  readonly steps: readonly { readonly uses?: string; readonly run?: string; readonly env?: object }[];
}

describe('The workflow of GitHub', () => {
  const text = readFileSync('.github/workflows/ci.yml', 'utf8');
  const { jobs } = parse(text) as { readonly jobs: Readonly<Record<string, Job>> };
  const job = jobs['test'];

  it('does what .ci/run does, with nothing left out silently', () => {
    accessSync('.ci/run', constants.X_OK);
    const steps = job?.steps ?? [];
    assert.match(steps[0]?.uses ?? '', /^actions\/checkout@v\d+$/);
    assert.deepEqual(steps.slice(1), [{ run: '.ci/run', env: { CI: 'true' } }]);
  });

  it('runs on the Node that the project is developed with, and that it asks for', () => {
    const major = /^node:(\d+)-/.exec(job?.container ?? '')?.[1];
    const { engines } = JSON.parse(readFileSync('package.json', 'utf8')) as { engines: { node: string } };
    assert.equal(major, readFileSync('.nvmrc', 'utf8').trim());
    assert.ok(Number(major) >= Number(/\d+/.exec(engines.node)?.[0]));
  });
});

describe('The workflow that tries the images', () => {
  const text = readFileSync('.github/workflows/images.yml', 'utf8');
  const { jobs } = parse(text) as { readonly jobs: Readonly<Record<string, Job>> };

  it('runs, after what the lock file names is installed, both commands that do so', () => {
    const commands = jobs['images']?.steps.map(({ run }) => run).filter((run) => run !== undefined);
    const tests = ['test:images', 'test:compose'];
    assert.deepEqual(commands, ['npm ci --no-audit --no-fund', ...tests.map((test) => `npm run ${test}`)]);
    const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: object };
    for (const test of tests) assert.ok(test in scripts, test);
  });
});

describe('The workflow that publishes images', () => {
  const { jobs } = parse(readFileSync('.github/workflows/publish.yml', 'utf8')) as {
    readonly jobs: {
      readonly image: {
        readonly strategy: { readonly matrix: { readonly app: string[] } };
        readonly steps: readonly {
          readonly run?: string;
          readonly with?: Readonly<Record<string, unknown>>;
        }[];
      };
    };
  };

  it('publishes every app, with a bill of materials and a signature', () => {
    const { strategy, steps } = jobs.image;
    assert.deepEqual([...strategy.matrix.app].sort(), readdirSync('apps').sort());
    const build = steps.find((step) => step.with?.['push'] === true)?.with;
    assert.deepEqual([build?.['sbom'], build?.['provenance']], [true, 'mode=max']);
    assert.match(steps.at(-1)?.run ?? '', /^cosign sign /);
  });

  it('gives the images of a version the tag that the manifests ask for', () => {
    const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
    const { kubernetes } = parse(readFileSync('config/deployment.yaml', 'utf8')) as {
      kubernetes: { tag: string };
    };
    assert.equal(kubernetes.tag, version);
    for (const page of ['k8s/README.md', 'docs/runbooks/restore.md']) {
      const named = readFileSync(page, 'utf8').matchAll(/fissile-[\w$]+:([\w.]+)/g);
      assert.deepEqual([...new Set([...named].map(([, tag]) => tag))], [version], page);
    }
    const { steps } = jobs.image;
    // Of v1.2.3, 1.2.3.
    assert.ok(steps.some(({ run }) => run?.includes('tag=${GITHUB_REF_NAME#v}')));
    const build = steps.find((step) => step.with?.['push'] === true)?.with;
    assert.match(String(build?.['tags']), /:\$\{\{ steps\.image\.outputs\.tag \}\}$/);
  });
});

import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** What Node runs in a process of its own. */
interface Program {
  readonly program: readonly string[];
}

/** A module and a function of it, which run in this process: to start another for each takes longer than to find that all is up to date. */
type Step = readonly [module: string, name: string];

/**
 * Compiles what a command needs, and builds the pages and the bundle: what is up to date takes a fraction of a second. Node runs this source
 * as it is. Usage: node tools/build/build.ts app | tools | all
 */
const PAGES: Step = ['../../packages/console/build.ts', 'buildPages'];
const BUNDLE: Step = ['./bundle.ts', 'bundleWhereStale'];

const STEPS: Readonly<Record<string, readonly (Program | Step)[]>> = {
  /** What `npm start` runs. */
  app: [compile('tsconfig.app.json'), PAGES, BUNDLE],
  /** The commands of `tools/`, and the shop that they start; no tests, and no benchmarks. */
  tools: [compile('packages/client', 'tsconfig.tools.json'), PAGES, BUNDLE],
  all: [
    compile(
      'libs/tsconfig.spec.json',
      ...['api-client', 'client', 'console', 'storefront', 'create-fissile'].map(
        (name) => `packages/${name}`,
      ),
      'tsconfig.json',
    ),
    { program: ['tools/stale-outputs/stale-outputs.ts'] },
    PAGES,
    BUNDLE,
    { program: ['packages/create-fissile/dist/repository/pack-template.js'] },
  ],
};

/** The native compiler: it makes the same JavaScript as the one that lint and generators use, in a third of the time. */
function compile(...projects: string[]): Program {
  return { program: ['node_modules/typescript-7/bin/tsc', '-b', ...projects] };
}

const [target = 'all'] = process.argv.slice(2);
const steps = STEPS[target];
if (steps === undefined) throw new Error(`expected one of ${Object.keys(STEPS).join(', ')}, not ${target}`);
// The output of the command that follows is often read by a program.
console.error('Building …');
process.chdir(fileURLToPath(new URL('../..', import.meta.url)));
for (const step of steps) {
  if ('program' in step) {
    const { status } = spawnSync(process.execPath, step.program, { stdio: 'inherit' });
    if (status !== 0) process.exit(status ?? 1);
  } else {
    const [module, name] = step;
    const made = (await import(module)) as Record<string, () => Promise<void>>;
    await made[name]?.();
  }
}

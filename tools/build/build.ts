import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/**
 * Compiles what a command needs, and builds the pages: what is up to date takes a fraction of a second. Node runs this source
 * as it is. Usage: node tools/build/build.ts app | tools | all
 */
const PAGES = ['packages/console/build.ts'];

const STEPS: Readonly<Record<string, readonly (readonly string[])[]>> = {
  /** What `npm start` runs. */
  app: [compile('tsconfig.app.json'), PAGES],
  /** The commands of `tools/`, and the shop that they start; no tests, and no benchmarks. */
  tools: [compile('packages/client', 'tsconfig.tools.json'), PAGES],
  all: [
    compile(
      'libs/tsconfig.spec.json',
      ...['api-client', 'client', 'console', 'storefront', 'create-fissile'].map(
        (name) => `packages/${name}`,
      ),
      'tsconfig.json',
    ),
    ['tools/stale-outputs/stale-outputs.ts'],
    PAGES,
    ['packages/create-fissile/dist/repository/pack-template.js'],
  ],
};

/** The native compiler: it makes the same JavaScript as the one that lint and generators use, in a third of the time. */
function compile(...projects: string[]): string[] {
  return ['node_modules/typescript-7/bin/tsc', '-b', ...projects];
}

const [target = 'all'] = process.argv.slice(2);
const steps = STEPS[target];
if (steps === undefined) throw new Error(`expected one of ${Object.keys(STEPS).join(', ')}, not ${target}`);
// The output of the command that follows is often read by a program.
console.error('Building …');
for (const parameters of steps) {
  const cwd = fileURLToPath(new URL('../..', import.meta.url));
  const { status } = spawnSync(process.execPath, parameters, { cwd, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}

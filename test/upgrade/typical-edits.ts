import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** What a team does to the files that its product was made from. */
export function makeTypicalEdits(root: string): void {
  const replace = (path: string, from: string | RegExp, to: string): void => {
    const file = join(root, path);
    const before = readFileSync(file, 'utf8');
    const after = before.replace(from, to);
    if (after === before) throw new Error(`${path} has no ${String(from)}`);
    writeFileSync(file, after);
  };
  const add = (path: string, text: string): void => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text, { flag: 'a' });
  };
  // Beside what the kit changes: merged.
  replace('Dockerfile', 'MALLOC_ARENA_MAX=2', 'MALLOC_ARENA_MAX=2 TZ=Europe/Vienna');
  replace('tsconfig.json', '"sourceMap": true', '"sourceMap": false');
  replace('package.json', '"dev":', '"seed": "node dist/tools/seed.js",\n    "dev":');
  add('AGENTS.md', '- Appointments are never deleted.\n');
  // The line that the kit changes: a conflict.
  replace('.github/workflows/ci.yml', /timeout-minutes: \d+/, 'timeout-minutes: 45');
  // What the kit does not change, or does not know.
  add('.gitignore', '.idea\n');
  add('config/topology.yaml', '\nedge:\n  front: [gateway, users]\n  back: [appointments, billing]\n');
  add('k8s/overlays/live/kustomization.yaml', 'resources: [../split]\n');
  add('compose.override.yaml', 'services: {}\n');
  // Changed by the kit, and not wanted.
  rmSync(join(root, 'README.md'));
}

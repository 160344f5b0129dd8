import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spreadOf } from '../figures.js';
import { readOptions, type ReportTable, writeReport } from '../report/index.js';
import { type Start, startOnce } from './one-start.js';
import { appProgram } from '../../test/harness/app-program.js';

/**
 * Starts the shop with its embedded PostgreSQL, for the first time and again, in turns with a bare Nest server.
 * Usage: npm run bench:start [-- --rounds N] [--no-report]
 */
const options = readOptions({ rounds: 3 });
const SHOP = appProgram('monolith');
const BARE = 'bare Nest + Fastify';
const INTRO = `How long the shop takes from the command to its first answers, and what its processes weigh when idle.
A start begins with the program and ends when GET /health/ready and then GET /api/products are answered. The first
start has a new data directory, so it initialises the embedded PostgreSQL and creates every table; the second one has
the directory of the first.`;

const COMPETITORS = [
  { name: 'fissile, one process', main: SHOP, env: {} },
  {
    name: 'fissile, split over gRPC',
    main: SHOP,
    env: { TOPOLOGY: 'split', INTERNAL_AUTH_SECRET: randomBytes(32).toString('hex') },
  },
  { name: BARE, main: 'dist/bench/start/bare-nest.js', env: {} },
] as const;
type Name = (typeof COMPETITORS)[number]['name'];

const starts: { name: Name; first: Start; second: Start }[] = [];
for (let round = 0; round < options.rounds; round += 1) {
  for (const { name, main, env } of COMPETITORS) {
    const dataDir = mkdtempSync(join(tmpdir(), 'fissile-start-'));
    // As root, PostgreSQL runs under another account, which needs access to the parent folder.
    chmodSync(dataDir, 0o755);
    const settings = { ...env, DATA_DIR: join(dataDir, 'data') };
    try {
      starts.push({
        name,
        first: await startOnce(main, settings),
        second: await startOnce(main, settings),
      });
    } finally {
      rmSync(dataDir, { recursive: true, force: true });
    }
  }
}
await writeReport(
  {
    slug: 'start',
    title: 'Starting, and resting',
    intro: INTRO,
    command: 'npm run bench:start',
    tables: [startTable(), memoryTable()],
  },
  options.full,
);

function of(name: Name): typeof starts {
  return starts.filter((start) => start.name === name);
}

function startTable(): ReportTable {
  const bare = of(BARE);
  return {
    title: 'To the first answers',
    columns: [
      { heading: 'first start', unit: 's', digits: 2 },
      { heading: 'second start', unit: 's', digits: 2 },
      { heading: 'ratio', unit: '×' },
      { heading: 'CPU of the second', unit: 's', digits: 2 },
      { heading: 'ratio of CPU', unit: '×' },
    ],
    rows: COMPETITORS.map(({ name }) => ({
      label: name,
      cells: [
        spreadOf(of(name).map(({ first }) => first.seconds)),
        spreadOf(of(name).map(({ second }) => second.seconds)),
        spreadOf(of(name).map(({ second }, index) => second.seconds / (bare[index]?.second.seconds ?? NaN))),
        spreadOf(of(name).map(({ second }) => second.cpu)),
        spreadOf(of(name).map(({ second }, index) => second.cpu / (bare[index]?.second.cpu ?? NaN))),
      ],
    })),
    plots: [1],
  };
}

function memoryTable(): ReportTable {
  const rows = COMPETITORS.flatMap(({ name }) => {
    const roles = [...(of(name)[0]?.second.idle.keys() ?? [])];
    return roles.map((role) => ({
      label: roles.length > 1 ? `split: ${role}` : name,
      cells: [spreadOf(of(name).map(({ second }) => second.idle.get(role) ?? NaN))],
    }));
  });
  return {
    title: 'Memory at rest',
    note: 'Resident memory after the second start, once it no longer changes.',
    columns: [{ heading: 'memory', unit: 'MiB', digits: 0 }],
    rows,
    plots: [0],
  };
}

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { describe, it } from 'node:test';

/** Passes what it does not know on to the builds. */
const PASSES_ON = 'dist/test/images/main.js';
/** Options that a command cannot do without: what lacks one is refused for that. */
const NEEDED: Readonly<Record<string, readonly string[]>> = { 'topology move': ['--to', 'own'] };
const FISSILE = 'libs/dist/cli/main.js';

const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> };

/** What the scripts of package.json run at last, each once. */
const PROGRAMS = [
  ...new Set(
    Object.values(scripts).flatMap((script) => {
      const [, program] =
        /node ((?:dist|libs\/dist|packages\/[a-z-]+\/dist)\/\S+\.js)(?: [^&]*)?$/.exec(script) ?? [];
      return program ?? [];
    }),
  ),
];

/** The subcommands that a help lists. */
function commandsOf(help: string): string[] {
  const [, list = ''] = /^Commands:\n((?: {2}.*\n?)*)/m.exec(help) ?? [];
  return [...list.matchAll(/^ {2}([a-z][\w-]*)/gm)]
    .map(([, name = '']) => name)
    .filter((name) => name !== 'help');
}

interface Ended {
  readonly status: number | string | null | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

function run(program: string, ...words: string[]): Promise<Ended> {
  // It may not reach any shop, nor start anything: with a port of its own it would do so unseen.
  const env = { ...process.env, FISSILE_URL: 'http://127.0.0.1:9', PORT: '9' };
  return new Promise((ended) => {
    execFile(process.execPath, [program, ...words], { env, timeout: 120_000 }, (error, stdout, stderr) => {
      ended({ status: error ? error.code : 0, stdout, stderr });
    });
  });
}

async function isHelped(program: string, ...words: string[]): Promise<string> {
  const { status, stdout, stderr } = await run(program, ...words, '--help');
  const line = `${program} ${words.join(' ')} --help`;
  assert.equal(status, 0, `${line}: ${stderr}`);
  assert.match(stdout, /^Usage: |\nUsage: /, line);
  return stdout;
}

async function refusesUnknown(program: string, ...words: string[]): Promise<void> {
  const { status, stdout, stderr } = await run(program, ...words, '--not-a-flag');
  const line = `${program} ${words.join(' ')} --not-a-flag`;
  assert.equal(status, 2, `${line}: ${stdout}${stderr}`);
  assert.match(stderr, /--not-a-flag/, line);
}

/** Each of these tests starts a program twice. */
const AT_ONCE = { concurrency: availableParallelism() };

describe('Each command of package.json', AT_ONCE, () => {
  it('is one of many', () => assert.ok(PROGRAMS.length > 20, PROGRAMS.join(', ')));

  for (const program of PROGRAMS) {
    it(`${program} shows its help, does nothing, and refuses a flag that it does not know`, async () => {
      await isHelped(program);
      if (program !== PASSES_ON) await refusesUnknown(program);
    });
  }

  it('dist/test/run.js does so too', async () => {
    await isHelped('dist/test/run.js');
    await refusesUnknown('dist/test/run.js');
  });
});

describe('Each command of fissile', () => {
  const visit = async (...words: string[]): Promise<void> => {
    const help = await isHelped(FISSILE, ...words);
    const below = commandsOf(help);
    if (below.length === 0) {
      await refusesUnknown(FISSILE, ...words, ...argumentsOf(help), ...(NEEDED[words.join(' ')] ?? []));
    }
    for (const name of below) await visit(...words, name);
  };

  /** A word for each argument that is needed: what lacks one is refused for that. */
  const argumentsOf = (help: string): string[] =>
    [...(/^Usage: (.*)$/m.exec(help)?.[1] ?? '').matchAll(/<[\w-]+(?:\.\.\.)?>/g)].map(() => 'word');

  it('shows its help, and refuses a flag that it does not know', () => visit());
});

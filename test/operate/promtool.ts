import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Extracted from Debian's package, whose installation would install and start a server. */
const CACHE = resolve('node_modules/.cache/fissile-prometheus');

export interface Prometheus {
  readonly promtool: string;
  readonly server: string;
}

/** Prometheus and its promtool: this machine's, or Debian's, which is downloaded when it is missing. */
export async function providePrometheus(): Promise<Prometheus | undefined> {
  const own = { promtool: 'promtool', server: 'prometheus' };
  if (await works(own)) return own;
  const cached = { promtool: join(CACHE, 'promtool'), server: join(CACHE, 'prometheus') };
  if (!existsSync(cached.promtool)) await fetchPackage().catch(() => undefined);
  return (await works(cached)) ? cached : undefined;
}

async function works({ promtool, server }: Prometheus): Promise<boolean> {
  return Promise.all([run(promtool, ['--version']), run(server, ['--version'])]).then(
    () => true,
    () => false,
  );
}

async function fetchPackage(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'fissile-prometheus-'));
  try {
    const download = () => run('apt-get', ['download', 'prometheus'], { cwd: folder });
    await download().catch(async () => {
      await run('apt-get', ['update']);
      await download();
    });
    await run('sh', ['-c', 'dpkg-deb --extract prometheus_*.deb .'], { cwd: folder });
    mkdirSync(CACHE, { recursive: true });
    // Each file appears atomically: concurrent tests may check for it.
    for (const program of ['prometheus', 'promtool']) {
      await run('cp', [join(folder, 'usr/bin', program), join(CACHE, `${program}.${process.pid}`)]);
      renameSync(join(CACHE, `${program}.${process.pid}`), join(CACHE, program));
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The output of promtool, and whether it reports success. */
export async function runPromtool(
  { promtool }: Prometheus,
  ...parameters: string[]
): Promise<{ ok: boolean; output: string }> {
  try {
    const { stdout, stderr } = await run(promtool, parameters);
    return { ok: true, output: stdout + stderr };
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
    return { ok: false, output: stdout + stderr };
  }
}

import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { CACHE, keep, withPackage } from './debian-programs.js';

const run = promisify(execFile);

export interface Prometheus {
  readonly promtool: string;
  readonly server: string;
}

/** Prometheus and its promtool: this machine's, or Debian's, which is downloaded when it is missing. */
export async function providePrometheus(): Promise<Prometheus | undefined> {
  const own = { promtool: 'promtool', server: 'prometheus' };
  if (await works(own)) return own;
  const cached = { promtool: join(CACHE, 'promtool'), server: join(CACHE, 'prometheus') };
  if (!existsSync(cached.promtool)) {
    await withPackage('prometheus', async (folder) => {
      for (const program of ['prometheus', 'promtool']) await keep(join(folder, 'usr/bin', program), program);
    }).catch(() => undefined);
  }
  return (await works(cached)) ? cached : undefined;
}

async function works({ promtool, server }: Prometheus): Promise<boolean> {
  return Promise.all([run(promtool, ['--version']), run(server, ['--version'])]).then(
    () => true,
    () => false,
  );
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

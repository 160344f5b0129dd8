import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { freePort, until } from '@fissile/kit/testing';
import { CACHE, keep, withPackage } from './debian-programs.js';

const run = promisify(execFile);

const PROGRAM = '/usr/bin/prometheus-alertmanager';
const ROOT = join(CACHE, 'alertmanager');

/**
 * Whether Debian's Alertmanager can run here. It looks for its templates in /usr/share, so it runs with a folder of its own
 * as the root, which takes the rights of root.
 */
export async function provideAlertmanager(): Promise<boolean> {
  if (process.getuid?.() !== 0) return false;
  if (!existsSync(ROOT)) {
    await withPackage('prometheus-alertmanager', async (folder) => {
      const { stdout } = await run('ldd', [join(folder, PROGRAM)]);
      for (const [library] of stdout.matchAll(/\/\S+/g)) {
        mkdirSync(join(folder, dirname(library)), { recursive: true });
        await run('cp', ['--dereference', library, join(folder, library)]);
      }
      await keep(folder, 'alertmanager');
    }).catch(() => undefined);
  }
  return run('chroot', [ROOT, PROGRAM, '--version']).then(
    () => true,
    () => false,
  );
}

export class AlertmanagerServer {
  private constructor(
    readonly url: string,
    private readonly child: ChildProcess,
    private readonly root: string,
  ) {}

  static async start(configuration: string): Promise<AlertmanagerServer> {
    const root = mkdtempSync(join(tmpdir(), 'fissile-alertmanager-'));
    for (const part of ['usr', 'lib', 'lib64']) {
      if (existsSync(join(ROOT, part))) cpSync(join(ROOT, part), join(root, part), { recursive: true });
    }
    writeFileSync(join(root, 'alertmanager.yml'), configuration);
    const address = `127.0.0.1:${await freePort()}`;
    const settings = ['--config.file=/alertmanager.yml', '--storage.path=/data', '--cluster.listen-address='];
    const child = spawn('chroot', [root, PROGRAM, ...settings, `--web.listen-address=${address}`], {
      stdio: 'ignore',
    });
    const running = new AlertmanagerServer(`http://${address}`, child, root);
    await until('Alertmanager is ready', () =>
      fetch(`${running.url}/-/ready`).then(
        ({ ok }) => ok,
        () => false,
      ),
    ).catch(async (error: unknown) => {
      await running.stop();
      throw error;
    });
    return running;
  }

  async stop(): Promise<void> {
    if (this.child.exitCode === null) {
      const ended = once(this.child, 'exit');
      this.child.kill();
      await ended;
    }
    rmSync(this.root, { recursive: true });
  }
}

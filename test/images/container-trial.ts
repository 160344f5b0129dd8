import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { until } from '@fissile/kit/testing';
import { readCompose } from '../deploy/compose.js';
import type { Engine } from './engine.js';
import { healthCommand, type Image } from './image-faults.js';

/** The restrictions of a container in Compose and Kubernetes. */
const LOCKED = ['--read-only', '--tmpfs', '/tmp', '--cap-drop', 'ALL', '--security-opt', 'no-new-privileges'];

/** Runs in an image, and prints its files and those of them that its user may write. */
const LIST_FILES = `
  const files = fs.readdirSync('.', { recursive: true });
  const mayWrite = (file) => { try { fs.accessSync(file, fs.constants.W_OK); return true; } catch { return false; } };
  const programs = fs.readdirSync('/usr/local/bin');
  console.log(JSON.stringify({ files, programs, writable: ['.', ...files].filter(mayWrite) }));
`;

/** The port of every app: only one of them runs at a time. */
const ADDRESSES = readdirSync('apps')
  .filter((app) => app !== 'monolith')
  .map((app) => `${app}=127.0.0.1:3000:4000`)
  .join();

export interface Contents {
  readonly files: string[];
  readonly writable: string[];
  /** The image's files in addition to Debian's own. */
  readonly programs: string[];
}

/** Tests images one after the other, with their own PostgreSQL, whose network they share. */
export class ContainerTrial {
  private readonly name = `fissile-trial-${randomBytes(4).toString('hex')}`;
  private readonly password = randomBytes(24).toString('hex');

  constructor(private readonly engine: Engine) {}

  async begin(): Promise<void> {
    const { services } = readCompose(readFileSync('docker-compose.yml', 'utf8'));
    const { image = 'postgres', user = 'postgres' } = services['postgres'] ?? {};
    const options = ['--user', user, '--env', `POSTGRES_PASSWORD=${this.password}`];
    await this.engine.text(['run', '--detach', '--name', this.name, ...options, image]);
    const ask = ['exec', this.name, 'pg_isready', '--host', '127.0.0.1'];
    await until('PostgreSQL answers', async () => (await this.engine.attempt(ask)).code === 0);
  }

  async end(): Promise<void> {
    await this.engine.attempt(['rm', '--force', '--volumes', this.name]);
  }

  async contentsOf(tag: string): Promise<Contents> {
    const command = ['run', '--rm', '--network', 'none', tag, 'node', '--eval', LIST_FILES];
    return JSON.parse(await this.engine.text(command)) as Contents;
  }

  /** The errors of an app that runs as it does in production. */
  async faultsOf(tag: string, app: string, image: Image): Promise<string[]> {
    return [
      ...(await this.refusalFaults(tag, app)),
      ...(app === 'gateway' ? [] : await this.migrationFaults(tag, app)),
      ...(await this.lifeFaults(tag, app, image)),
    ];
  }

  private async refusalFaults(tag: string, app: string): Promise<string[]> {
    const settings = [...this.settings(app), '--env', 'LOG_LEVEL=loud'];
    const { code, output } = await this.engine.attempt(['run', '--rm', ...LOCKED, ...settings, tag]);
    return code !== 0 && output.includes('LOG_LEVEL')
      ? []
      : [`a wrong LOG_LEVEL ended it with ${code}: ${output}`];
  }

  private async migrationFaults(tag: string, app: string): Promise<string[]> {
    const command = ['node', `dist/apps/${app}/src/main.js`, 'migrate'];
    const settings = this.settings(app);
    const { code, output } = await this.engine.attempt([
      'run',
      '--rm',
      ...LOCKED,
      ...settings,
      tag,
      ...command,
    ]);
    return code === 0 ? [] : [`migrate ended with ${code}: ${output}`];
  }

  /** It finds its databases migrated, reports its health, and ends gracefully on a signal. */
  private async lifeFaults(tag: string, app: string, image: Image): Promise<string[]> {
    const name = `${this.name}-${app}`;
    const settings = [...this.settings(app), '--env', 'MIGRATE_AT_START=false'];
    await this.engine.text(['run', '--detach', '--name', name, ...LOCKED, ...settings, tag]);
    try {
      if (!(await this.becomesHealthy(name, image))) return [`it ended: ${await this.sayingsOf(name)}`];
      await this.engine.text(['stop', '--time', '30', name]);
      const code = await this.engine.text(['inspect', '--format', '{{.State.ExitCode}}', name]);
      return code === '0' ? [] : [`SIGTERM ended it with ${code}: ${await this.sayingsOf(name)}`];
    } catch (error) {
      return [`${String(error)}: ${await this.sayingsOf(name)}`];
    } finally {
      await this.engine.attempt(['rm', '--force', name]);
    }
  }

  /**
   * Whether it becomes healthy before it ends. Runs the check itself, since Podman leaves that to systemd, which may
   * be missing.
   */
  private async becomesHealthy(name: string, image: Image): Promise<boolean> {
    const ask = ['exec', name, ...healthCommand(image)];
    const running = ['inspect', '--format', '{{.State.Running}}', name];
    const state = await until('it is healthy', async () => {
      if ((await this.engine.attempt(ask)).code === 0) return 'healthy';
      return (await this.engine.text(running)) === 'false' && 'ended';
    });
    return state === 'healthy';
  }

  private async sayingsOf(name: string): Promise<string> {
    return (await this.engine.attempt(['logs', name])).output;
  }

  private settings(app: string): string[] {
    const settings = {
      ...(app === 'monolith' ? {} : { TOPOLOGY: 'split', PROCESS_ADDRESSES: ADDRESSES }),
      DATABASE_URL: `postgres://postgres:${this.password}@127.0.0.1:5432/postgres`,
      PAYMENT_PROVIDER: 'sandbox',
      INTERNAL_AUTH_SECRET: this.password,
      AUTH_KEY_SECRET: this.password,
      ADMIN_EMAIL: 'admin@fissile.example',
      ADMIN_PASSWORD: this.password,
    };
    const variables = Object.entries(settings).flatMap(([name, value]) => ['--env', `${name}=${value}`]);
    return ['--network', `container:${this.name}`, ...variables];
  }
}

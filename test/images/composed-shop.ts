import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { readEnv } from '../deploy/env-file.js';
import type { Engine } from './engine.js';

const execute = promisify(execFile);

/** The shop of docker-compose.yml, with secrets and volumes separate from the developer's own. */
export class ComposedShop {
  private readonly folder = mkdtempSync(join(tmpdir(), 'fissile-compose-'));
  private readonly port = process.env['SHOP_PORT'] ?? '3000';
  private readonly variables: Readonly<Record<string, string>>;

  constructor(private readonly engine: Engine) {
    execFileSync('sh', ['deploy/make-env.sh', this.envFile]);
    this.variables = readEnv(this.envFile);
  }

  async start(profile: string): Promise<void> {
    await this.engine.show(this.compose(profile, 'up', '--build', '--wait', '--wait-timeout', '300'));
  }

  /** Runs one of the shop's tools against it, and returns the output. */
  async run(tool: string): Promise<string> {
    const env = { ...process.env, ...this.variables, FISSILE_URL: `http://127.0.0.1:${this.port}` };
    return (await execute(process.execPath, [`dist/tools/${tool}/main.js`], { env })).stdout;
  }

  /**
   * Stops everything except the data, and returns the exit code of each of its containers by the name of the service.
   */
  async stop(profile: string): Promise<[service: string, code: string][]> {
    await this.engine.show(this.compose(profile, 'stop'));
    const ids = await this.engine.text(this.compose(profile, 'ps', '--all', '--quiet'));
    const format = '{{ index .Config.Labels "com.docker.compose.service" }} {{ .State.ExitCode }}';
    const endings = await this.engine.text(['inspect', '--format', format, ...ids.split('\n')]);
    await this.engine.show(this.compose(profile, 'rm', '--force'));
    return endings.split('\n').map((line) => line.split(' ') as [string, string]);
  }

  async logsOf(profile: string): Promise<void> {
    await this.engine.show(this.compose(profile, 'logs', '--tail', '50'));
  }

  async remove(): Promise<void> {
    await this.engine.show(this.compose('*', 'down', '--volumes', '--remove-orphans'));
    rmSync(this.folder, { recursive: true });
  }

  private get envFile(): string {
    return join(this.folder, '.env');
  }

  private compose(profile: string, ...command: string[]): string[] {
    const options = ['--project-name', 'fissile-trial', '--env-file', this.envFile, '--profile', profile];
    return ['compose', ...options, ...command];
  }
}

import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import { sendSignal, until } from '@fissile/kit/testing';

const CREATE = resolve('packages/create-fissile/dist/repository/create.js');
const START_TIMEOUT_MS = 90_000;

/** A folder for products that `npm run create` makes, with the packages of this repository instead of the registry's. */
export class ProductMaker {
  private readonly folder = realpathSync(mkdtempSync(join(tmpdir(), 'fissile-create-')));
  private readonly programs = join(this.folder, 'bin');
  private readonly started: ChildProcess[] = [];
  private output = '';

  constructor() {
    // PostgreSQL runs as another user when the tests run as root.
    chmodSync(this.folder, 0o755);
    mkdirSync(this.programs);
    const npm = join(this.programs, 'npm');
    writeFileSync(
      npm,
      `#!/bin/sh\nexec "${process.execPath}" "${resolve('dist/test/clinic/offline-npm.js')}" "$@"\n`,
    );
    chmodSync(npm, 0o755);
  }

  pathOf(name: string): string {
    return join(this.folder, name);
  }

  /** Makes a product. Returns what was printed; fails with that. */
  create(name: string, ...flags: string[]): Promise<string> {
    return this.run('.', process.execPath, [CREATE, this.pathOf(name), ...flags]);
  }

  /** Runs a program in the folder of a product. Returns its output; fails with that when it fails. */
  run(product: string, program: string, words: readonly string[]): Promise<string> {
    const options = { cwd: this.pathOf(product), env: this.environment(), maxBuffer: 100 * 1024 * 1024 };
    return new Promise((done, failed) => {
      execFile(program, words, options, (error, stdout, stderr) =>
        error
          ? failed(new Error(`${program} ${words.join(' ')}:\n${stdout}${stderr}`))
          : done(stdout + stderr),
      );
    });
  }

  /** `npm start` in a product. Returns the address at which it listens. */
  async start(product: string, env: Readonly<Record<string, string>>): Promise<string> {
    const child = spawn('npm', ['start'], {
      cwd: this.pathOf(product),
      env: { ...this.environment(), ...env, PORT: '0' },
      // A group of its own, which is ended as a whole.
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.started.push(child);
    this.output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (chunk: string) => (this.output += chunk));
    }
    const outcome = await until(
      'npm start listens',
      () =>
        /listening on (http:\S+)/.exec(this.output)?.[1] ?? (child.exitCode === null ? undefined : 'ended'),
      START_TIMEOUT_MS,
    );
    if (outcome === 'ended') throw new Error(`npm start ended:\n${this.output}`);
    return outcome;
  }

  /** `kill -9` of the process that hosts a context, of those that `npm start` has started. */
  kill(context: string): void {
    const row = new RegExp(`^ {4}\\S+ +${context} +(\\d+) +http:`, 'm').exec(this.output);
    if (!row) throw new Error(`no process hosts ${context} alone:\n${this.output}`);
    sendSignal(Number(row[1]), 'SIGKILL');
  }

  /** Ends what was started, as Ctrl+C does. */
  async stop(): Promise<void> {
    for (const child of this.started.splice(0)) {
      if (child.exitCode !== null || child.pid === undefined) continue;
      const ended = new Promise((done) => child.once('close', done));
      process.kill(-child.pid, 'SIGINT');
      await ended;
    }
  }

  async remove(): Promise<void> {
    await this.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  private environment(): NodeJS.ProcessEnv {
    const path = [this.programs, dirname(process.execPath), process.env['PATH']].join(delimiter);
    const settings: NodeJS.ProcessEnv = { ...process.env, PATH: path, OFFLINE_NPM_FOLDER: this.programs };
    // A test run that inherits these would take itself for a part of this one.
    for (const name of ['NODE_TEST_CONTEXT', 'TEST_TOPOLOGY', 'TEST_SHARED_SHOP', 'TEST_DATABASE_TEMPLATE']) {
      delete settings[name];
    }
    return settings;
  }
}

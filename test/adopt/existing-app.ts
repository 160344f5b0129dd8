import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { cpSync, globSync, mkdirSync, rmSync } from 'node:fs';
import { delimiter, dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import {
  dropDatabases,
  freePort,
  Program,
  queryServer,
  startTestServer,
  type TestServer,
} from '@fissile/kit/testing';

const run = promisify(execFile);
const SOURCE = 'examples/existing-app';
const PARTS = ['package.json', 'nest-cli.json', 'tsconfig.json', 'src'];
const KEY = 'key-of-the-test';

/** How far the application has been taken: 0 is the plain one, and each further stage is a patch. */
export type Stage = 0 | 1 | 2 | 3;

export interface Answer {
  readonly status: number;
  /** The media type. */
  readonly type: string | undefined;
  readonly body: unknown;
}

/** examples/existing-app at a stage, compiled in a folder of its own, with a database of its own. */
export class ExistingApp {
  private readonly programs: Program[] = [];
  private readonly name = `adopt${randomBytes(4).toString('hex')}`;
  private server: TestServer | undefined;
  private url = '';
  private folder = '';

  /** The application with an empty database; not started yet. */
  static async create(stage: Stage): Promise<ExistingApp> {
    const app = new ExistingApp();
    app.server = await startTestServer();
    await queryServer(app.server.url, `CREATE DATABASE ${app.name}_school`);
    await app.becomes(stage);
    return app;
  }

  /** Brings the source to a stage and compiles it; the database stays as it is. */
  async becomes(stage: Stage): Promise<void> {
    this.folder = resolve('dist/adopt', `${this.name}-${stage}`);
    mkdirSync(this.folder, { recursive: true });
    for (const part of PARTS) cpSync(join(SOURCE, part), join(this.folder, part), { recursive: true });
    for (const patch of globSync(`${SOURCE}/stages/[1-${stage}]-*.patch`).sort()) {
      // Without a ceiling, git would apply it to the repository around the folder.
      const env = { ...process.env, GIT_CEILING_DIRECTORIES: dirname(this.folder) };
      await run('git', ['apply', resolve(patch)], { cwd: this.folder, env });
    }
    const bin = resolve('node_modules/.bin');
    const env = { ...process.env, PATH: `${bin}${delimiter}${process.env['PATH']}` };
    if (stage >= 2) await run('buf', ['generate'], { cwd: this.folder, env });
    await run(process.execPath, [resolve('node_modules/typescript/bin/tsc'), '-p', '.'], {
      cwd: this.folder,
    });
  }

  /** Starts the application's own program. */
  async start(env: Readonly<Record<string, string>> = {}): Promise<Program> {
    const program = this.launch('main', { PORT: String(await freePort()), ...env });
    this.url = await program.listens();
    return program;
  }

  /** Starts a compiled file of the application, such as `main`, on its database. */
  launch(file: string, env: Readonly<Record<string, string>>): Program {
    const program = new Program(
      join(this.folder, `dist/${file}.js`),
      { DATABASE_URL: this.databaseUrl, API_KEY: KEY, ...env },
      { cwd: this.folder },
    );
    this.programs.push(program);
    return program;
  }

  async call(method: string, path: string, body?: object, key = KEY): Promise<Answer> {
    const response = await fetch(`${this.url}/v1${path}`, {
      method,
      headers: { 'x-api-key': key, ...(body && { 'content-type': 'application/json' }) },
      ...(body && { body: JSON.stringify(body) }),
    });
    const type = response.headers.get('content-type')?.split(';')[0];
    return { status: response.status, type, body: await response.json() };
  }

  query<Row extends object>(sql: string, parameters: unknown[] = []): Promise<Row[]> {
    return queryServer<Row>(this.server?.url ?? '', sql, parameters, `${this.name}_school`);
  }

  /** Locks a table against writing. Returns a function that releases it. */
  async lock(table: string): Promise<() => Promise<void>> {
    const client = new pg.Client({ connectionString: this.databaseUrl });
    await client.connect();
    await client.query(`BEGIN; LOCK TABLE ${table} IN SHARE MODE`);
    return () => client.end();
  }

  /** How many statements wait for such a lock. */
  async waitingFor(table: string): Promise<number> {
    const waiting = await this.query(
      `SELECT 1 FROM pg_locks WHERE NOT granted AND relation = $1::regclass
         AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
      [table],
    );
    return waiting.length;
  }

  /** As kill -9 does: the program that was started last. */
  async kill(): Promise<void> {
    await this.programs.at(-1)?.stop('SIGKILL');
  }

  /** In order. Returns the exit code; null when it ended by the signal. */
  async stop(): Promise<number | null> {
    return (await this.programs.at(-1)?.stop()) ?? null;
  }

  /** Of the program that was started last. */
  get output(): string {
    return this.programs.at(-1)?.output ?? '';
  }

  async close(): Promise<void> {
    await Promise.all(this.programs.map((program) => program.stop('SIGKILL')));
    if (this.server) await dropDatabases(this.server.url, this.name);
    await this.server?.stop();
    for (const folder of globSync(`dist/adopt/${this.name}-*`)) rmSync(folder, { recursive: true });
  }

  private get databaseUrl(): string {
    return Object.assign(new URL(this.server?.url ?? ''), { pathname: `/${this.name}_school` }).href;
  }
}

import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import {
  dropDatabases,
  freePort,
  Program,
  queryServer,
  startTestServer,
  type TestServer,
  until,
} from '@fissile/kit/testing';

/** Processes of the clinic, of any version, on the same databases. */
export class ClinicProcesses {
  private readonly prefix = `t${randomBytes(5).toString('hex')}`;
  private readonly dataDir = mkdtempSync(join(tmpdir(), 'fissile-upgrade-'));
  private readonly started: Program[] = [];
  private token = '';

  private constructor(private readonly server: TestServer) {}

  static async open(): Promise<ClinicProcesses> {
    return new ClinicProcesses(await startTestServer());
  }

  /** Starts all contexts in one process. @param root the product's */
  async start(root: string): Promise<ClinicProcess> {
    const { program, url } = await this.launch(root, { TOPOLOGY: 'monolith', EVENT_BUS: 'local', PORT: '0' });
    this.token ||= await signIn(url);
    return new ClinicProcess([program], url, this.token);
  }

  /**
   * Starts billing in a process of its own, and all else in another. Each has the code of one version.
   * @param billing the product's root from which billing runs
   */
  async startSplit(root: string, billing: string): Promise<ClinicProcess> {
    const ports = await Promise.all([freePort(), freePort(), freePort(), freePort()]);
    const [http = '', rpc, httpOfBilling = '', rpcOfBilling] = ports.map(String);
    const addresses = ['gateway', 'users', 'appointments'].map((name) => `${name}=127.0.0.1:${http}:${rpc}`);
    const settings = {
      EVENT_BUS: 'direct',
      INTERNAL_AUTH_SECRET: 'the-secret-of-both-versions-of-the-clinic',
      PROCESS_ADDRESSES: [...addresses, `billing=127.0.0.1:${httpOfBilling}:${rpcOfBilling}`].join(','),
    };
    const other = await this.launch(billing, { ...settings, HOSTS: 'billing', PORT: httpOfBilling });
    const { program, url } = await this.launch(root, {
      ...settings,
      HOSTS: 'gateway,users,appointments',
      PORT: http,
    });
    return new ClinicProcess([program, other.program], url, await signIn(url));
  }

  private async launch(root: string, settings: Readonly<Record<string, string>>) {
    const program = new Program(
      join(root, 'dist/apps/monolith/src/main.js'),
      {
        DATABASE_URL: this.server.url,
        DATABASE_NAME_PREFIX: this.prefix,
        DATABASE_POOL_SIZE: '5',
        DATA_DIR: this.dataDir,
        THROTTLE_ENABLED: 'false',
        // A machine that runs many tests concurrently is slower than any that serves customers.
        BREAKER_TIMEOUT_MS: '5000',
        REQUEST_DEADLINE_MS: '60000',
        ...settings,
      },
      { cwd: root },
    );
    this.started.push(program);
    return { program, url: await program.listens() };
  }

  async count(context: string, table: string, where = 'true'): Promise<number> {
    const sql = `SELECT count(*) AS n FROM ${table} WHERE ${where}`;
    const [row] = await queryServer<{ n: number }>(this.server.url, sql, [], this.databaseOf(context));
    return row?.n ?? 0;
  }

  /** Keeps events of a context from leaving its outbox. Returns what lets them go. */
  async holdEvents(context: string): Promise<() => Promise<void>> {
    const url = new URL(this.server.url);
    url.pathname = `/${this.databaseOf(context)}`;
    const client = new pg.Client({ connectionString: url.href });
    await client.connect();
    await client.query('BEGIN');
    await client.query('LOCK TABLE outbox_leases IN ACCESS EXCLUSIVE MODE');
    return () => client.end();
  }

  async close(): Promise<void> {
    for (const program of this.started) await program.stop('SIGKILL');
    await dropDatabases(this.server.url, this.prefix);
    await this.server.stop();
    rmSync(this.dataDir, { recursive: true, force: true });
  }

  private databaseOf(context: string): string {
    return `${this.prefix}_${context}`;
  }
}

/** One of them, or two that are split, and the API. */
export class ClinicProcess {
  constructor(
    private readonly programs: readonly Program[],
    private readonly url: string,
    private readonly token: string,
  ) {}

  /** Returns the id of the appointment. */
  async book(): Promise<string> {
    const { id } = (await this.post('/api/appointments', { note: 'a visit' })) as { id: string };
    return id;
  }

  /** Asks again while a process that was just started is not reached by the others. */
  async pay(appointment: string): Promise<void> {
    const path = `/api/billing/${appointment}/pay`;
    await until(`${path} is done`, () =>
      this.post(path, undefined).then(
        () => true,
        (error: Error) => {
          if (!error.message.includes(': 503 ')) throw error;
          return false;
        },
      ),
    );
  }

  async stop(signal?: NodeJS.Signals): Promise<void> {
    for (const program of this.programs) await program.stop(signal);
  }

  /** Shows what the processes said when the work fails. */
  async during(work: () => Promise<void>): Promise<void> {
    await work().catch((cause: unknown) => {
      throw new Error(this.programs.map(({ output }) => output).join('\n'), { cause });
    });
  }

  private post(path: string, body: object | undefined): Promise<unknown> {
    return post(this.url + path, body, this.token);
  }
}

async function signIn(url: string): Promise<string> {
  const account = { email: `${randomUUID()}@example.com`, password: `the-password-of-${randomUUID()}` };
  await post(`${url}/api/users`, { ...account, name: 'A User' });
  const { accessToken } = (await post(`${url}/api/auth/login`, account)) as { accessToken: string };
  return accessToken;
}

async function post(url: string, body: object | undefined, token?: string): Promise<unknown> {
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      ...(body && { 'content-type': 'application/json' }),
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
    },
    ...(body && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  assert.ok(response.ok, `${url}: ${response.status} ${text}`);
  return text === '' ? undefined : JSON.parse(text);
}

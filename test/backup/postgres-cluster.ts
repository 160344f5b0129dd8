import { execFile, execFileSync } from 'node:child_process';
import { appendFileSync, chownSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { freePort, isInstalled, queryServer, until } from '@fissile/kit/testing';

const run = promisify(execFile);
const BASE_BACKUP = { debianPackage: 'postgresql', program: 'pg_basebackup' };

/**
 * The folder of Debian's PostgreSQL, newest version first: the embedded one has no pg_basebackup. Without one, it prints a
 * warning, or fails where CI is true.
 */
export function findPostgres(): string | undefined {
  isInstalled(BASE_BACKUP);
  const versions = globSync('/usr/lib/postgresql/*/bin/pg_basebackup').map(dirname);
  const [newest] = versions.sort((one, other) => versionOf(other) - versionOf(one));
  if (newest !== undefined) return newest;
  if (process.env['CI'] === 'true') throw new Error('pg_basebackup is required and not available');
  console.warn(
    'SKIPPED: pg_basebackup (Debian package postgresql) is not installed, so no backup is restored',
  );
  return undefined;
}

function versionOf(folder: string): number {
  return Number(/(\d+)\/bin$/.exec(folder)?.[1] ?? 0);
}

/** PostgreSQL refuses to run as root, so root runs it as the user that its package has made. */
function serverAccount(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const idOf = (flag: string) => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
  return { uid: idOf('-u'), gid: idOf('-g') };
}

/** A PostgreSQL server that archives its write-ahead log, and can be restored to a time. */
export class PostgresCluster {
  private readonly account = serverAccount();
  private readonly data: string;
  private readonly wal: string;
  private readonly backup: string;

  private constructor(
    private readonly programs: string,
    private readonly folder: string,
    private readonly port: number,
  ) {
    this.data = join(folder, 'data');
    this.wal = join(folder, 'wal');
    this.backup = join(folder, 'backup');
  }

  /** @param folder a new one, which everybody may enter */
  static async start(programs: string, folder: string): Promise<PostgresCluster> {
    const cluster = new PostgresCluster(programs, folder, await freePort());
    for (const path of [folder, cluster.data, cluster.wal, cluster.backup]) cluster.makeFolder(path);
    await cluster.execute('initdb', [
      '-D',
      cluster.data,
      '-U',
      'shop',
      '--auth',
      'trust',
      '--no-sync',
      '--locale',
      'C',
    ]);
    cluster.configure({
      port: cluster.port,
      listen_addresses: '127.0.0.1',
      unix_socket_directories: '',
      max_connections: 200,
      // The machine does not go down, and the disk is shared with other tests.
      fsync: 'off',
      archive_mode: 'on',
      archive_command: `test ! -f ${cluster.wal}/%f && cp %p ${cluster.wal}/%f`,
    });
    await cluster.run();
    return cluster;
  }

  get url(): string {
    return `postgres://shop@127.0.0.1:${this.port}`;
  }

  async takeBaseBackup(): Promise<void> {
    const address = ['-h', '127.0.0.1', '-p', String(this.port), '-U', 'shop'];
    await this.execute('pg_basebackup', [...address, '-D', this.backup, '--checkpoint', 'fast', '--no-sync']);
    await this.execute('pg_verifybackup', [this.backup]);
  }

  /** Has all that was written until now in the archive. */
  async archiveAll(): Promise<void> {
    const [row] = await queryServer<{ file: string }>(
      this.url,
      'SELECT pg_walfile_name(pg_switch_wal()) AS file',
    );
    await until('the write-ahead log is archived', async () => {
      const [archived] = await queryServer<{ file: string | null }>(
        this.url,
        'SELECT last_archived_wal AS file FROM pg_stat_archiver',
      );
      return (archived?.file ?? '') >= (row?.file ?? '');
    });
  }

  /** Loses the data, and restores them from the base backup and the archive as they were at that time. */
  async restoreTo(time: Date): Promise<void> {
    await this.execute('pg_ctl', ['stop', '-D', this.data, '-m', 'immediate', '-w']);
    rmSync(this.data, { recursive: true });
    await this.execute('cp', ['-a', this.backup, this.data]);
    // The archive stays as it is: a later restore needs it, and each begins a history of its own.
    this.configure({
      archive_mode: 'off',
      restore_command: `cp ${this.wal}/%f %p`,
      // It takes no abbreviation of a time zone, such as Z.
      recovery_target_time: time.toISOString().replace('Z', '+00'),
      recovery_target_action: 'promote',
      recovery_target_timeline: 'current',
    });
    writeFileSync(join(this.data, 'recovery.signal'), '');
    await this.run();
    await until('the recovery has ended', async () => {
      const [row] = await queryServer<{ busy: boolean }>(this.url, 'SELECT pg_is_in_recovery() AS busy');
      return row?.busy === false;
    });
  }

  async stop(): Promise<void> {
    await this.execute('pg_ctl', ['stop', '-D', this.data, '-m', 'immediate', '-w']).catch(() => undefined);
  }

  private async run(): Promise<void> {
    const log = join(this.folder, 'log');
    await this.execute('pg_ctl', ['start', '-D', this.data, '-l', log, '-w', '-t', '120']).catch(() => {
      throw new Error(`PostgreSQL does not start:\n${readFileSync(log, 'utf8').slice(-2_000)}`);
    });
  }

  private configure(settings: Readonly<Record<string, string | number>>): void {
    const lines = Object.entries(settings).map(([name, value]) => `${name} = '${value}'\n`);
    appendFileSync(join(this.data, 'postgresql.auto.conf'), lines.join(''));
  }

  private makeFolder(path: string): void {
    mkdirSync(path, { recursive: true, mode: 0o700 });
    if (this.account) chownSync(path, this.account.uid, this.account.gid);
  }

  private async execute(program: string, words: readonly string[]): Promise<void> {
    const path = program === 'cp' ? program : join(this.programs, program);
    const env = { PATH: process.env['PATH'], LC_ALL: 'C', TZ: 'UTC' };
    await run(path, [...words], { ...this.account, cwd: this.folder, env });
  }
}

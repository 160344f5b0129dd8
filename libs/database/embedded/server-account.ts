import { constants, readFileSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { EmbeddedPostgresError } from './embedded-postgres-error.js';

/** The system account that the server runs under. */
export interface ServerAccount {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

/**
 * PostgreSQL refuses to run as root, so root runs it under an unprivileged account.
 * @returns undefined when this process is not root, and the server runs under the same account
 * @throws EmbeddedPostgresError when the account cannot access the programs or the data
 */
export function findServerAccount(program: string, dataDir: string): ServerAccount | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const account = lookUp('postgres') ?? lookUp('nobody');
  if (!account) {
    throw new EmbeddedPostgresError(
      'PostgreSQL does not run as root, and there is no user postgres or nobody. Start as another user, or set DATABASE_URL.',
    );
  }
  for (const path of [program, dataDir]) {
    const closed = firstClosedFolder(path, account);
    if (!closed) continue;
    throw new EmbeddedPostgresError(
      `PostgreSQL does not run as root, and the user ${account.name} may not access ${closed}. ` +
        'Move the project or DATA_DIR, start as another user, or set DATABASE_URL.',
    );
  }
  return account;
}

function lookUp(name: string): ServerAccount | undefined {
  const line = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find((entry) => entry.startsWith(`${name}:`));
  const [, , uid, gid] = line?.split(':') ?? [];
  return uid && gid ? { name, uid: Number(uid), gid: Number(gid) } : undefined;
}

/** The outermost folder of the path that other accounts may not traverse. */
function firstClosedFolder(path: string, { uid, gid }: ServerAccount): string | undefined {
  const folders: string[] = [];
  for (let folder = dirname(path); folder !== dirname(folder); folder = dirname(folder))
    folders.unshift(folder);
  return folders.find((folder) => {
    const { mode, uid: owner, gid: group } = statSync(folder);
    const bit = owner === uid ? constants.S_IXUSR : group === gid ? constants.S_IXGRP : constants.S_IXOTH;
    return (mode & bit) === 0;
  });
}

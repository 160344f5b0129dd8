import { z } from 'zod';
import {
  address,
  findSetting,
  flag,
  isProduction,
  type LoadedSettings,
  settings,
  SettingsGroup,
  textLike,
  tlsErrors,
  tlsSettings,
  wholeNumber,
} from '@fissile/kit/config';
import type { ContextName } from '@fissile/kit/contract';

const postgresUrl = () => address('postgres', 'postgresql').optional();

@SettingsGroup()
export class DatabaseSettings extends settings(
  {
    DATABASE_URL: {
      schema: postgresUrl(),
      description:
        'Address of a PostgreSQL server. Each context uses a database of its own there, created when missing. ' +
        'Without it, and without the setting of a context, an embedded PostgreSQL is started.',
      secret: true,
      renewable: true,
    },
    ...tlsSettings('DATABASE', 'the database servers'),
    DATABASE_NAME_PREFIX: {
      schema: textLike(/^[a-z][a-z0-9_]{0,30}$/, 'small letters, digits and _').default('fissile'),
      description:
        'Start of the database names under DATABASE_URL: with fissile it is fissile_ and the name of the context.',
    },
    DATABASE_POOL_SIZE: {
      schema: wholeNumber(2, 1000).default(10),
      description:
        'Connections that each context keeps at most in each process that hosts it, besides one for LISTEN, and one for a ' +
        'moment when health is asked while all are in use.',
    },
    DATABASE_STATEMENT_TIMEOUT_MS: {
      schema: wholeNumber(100, 3_600_000).default(20_000),
      description:
        'How long a statement may take at the server, except in migrations; the work behind it is then tried again later. ' +
        'A connection that has not answered two seconds later is destroyed. Wins over what the role or the database has.',
    },
    DATABASE_LOCK_TIMEOUT_MS: {
      schema: wholeNumber(100, 3_600_000).default(18_000),
      description: 'How long a statement may wait for a lock, except in migrations.',
    },
    MIGRATE_AT_START: {
      schema: flag().default(true),
      description:
        'Whether a process brings the databases of its contexts up to date when it starts. Without that, it refuses to ' +
        'start while one lacks migrations: the command migrate has to run first.',
    },
    DATA_DIR: {
      schema: z.string().min(1).default('.data'),
      description: 'Folder of the embedded PostgreSQL and of what the first start generates.',
    },
    FAULT_FILE: {
      schema: z
        .string()
        .min(1)
        .refine(() => !isProduction(), 'expected not to be set in production')
        .optional(),
      description: 'For tests of faults: a file that names the commit at which a process ends itself.',
    },
  },
  (values) => tlsErrors('DATABASE', values),
) {}

/**
 * Declares a setting for the URL of each context's database. Call it before any settings are read; a context that is
 * already declared keeps its setting.
 */
export function declareDatabaseUrls(contexts: readonly ContextName[]): void {
  const shape = Object.fromEntries(
    contexts
      .filter((context) => findSetting(urlSettingOf(context)) === undefined)
      .map((context) => [
        urlSettingOf(context),
        {
          schema: postgresUrl(),
          description: `Address of the ${context} database, its name included. Wins over DATABASE_URL.`,
          secret: true,
          renewable: true,
        },
      ]),
  );
  @SettingsGroup()
  class DatabaseSettings extends settings(shape) {}
  void DatabaseSettings;
}

/** The URLs of the contexts that have settings of their own, as they are now. */
export type DatabaseUrls = Pick<ReadonlyMap<ContextName, string>, 'get' | 'has'>;

export function databaseUrlsOf(loaded: LoadedSettings, contexts: readonly ContextName[]): DatabaseUrls {
  const urlOf = (context: ContextName): string | undefined => {
    const url = contexts.includes(context) ? loaded.now(urlSettingOf(context)) : undefined;
    return typeof url === 'string' ? url : undefined;
  };
  return { get: urlOf, has: (context) => urlOf(context) !== undefined };
}

function urlSettingOf(context: ContextName): string {
  return `${context.toUpperCase()}_DATABASE_URL`;
}

import type { Type } from '@nestjs/common';
import type { MigrationInterface } from 'typeorm';
import type { ContextName, Product } from '@fissile/kit/contract';
import { Database, openDataSource } from '@fissile/kit/database';
import { AuditLog } from '../audit/audit-log.js';
import { compareEvents } from './event-checks.js';
import type { ExaminedDatabase, Finding, Retention } from './finding.js';
import {
  findDeadLetters,
  findSequencesBehind,
  findStuckOutboxLeases,
  findUnsentEvents,
} from './outbox-checks.js';
import { findFailingSagas, findStuckSagaLeases, findUnclaimedSagas } from './saga-checks.js';
import { findClockDifference, findInvalidIndexes, findMigrations, findReadOnly } from './server-checks.js';

const LIMITS = { statementMs: 60_000, lockMs: 10_000 };

/** A context, where its database is, and the migrations that its code knows. */
export interface ContextToExamine {
  readonly context: ContextName;
  readonly url: string;
  readonly migrations: readonly Type<MigrationInterface>[];
}

export interface Examination {
  readonly findings: readonly Finding[];
  /** Repairs need the databases: close them afterwards. */
  close(): Promise<void>;
}

/**
 * Checks the kit's tables in the databases of these contexts, and compares the events of those among them that publish
 * with those that handle. It changes nothing; a repair of a finding does.
 */
export async function examine(
  product: Product,
  contexts: readonly ContextToExamine[],
  retention: Retention,
): Promise<Examination> {
  const open: Database[] = [];
  const findings: Finding[] = [];
  const sound: ExaminedDatabase[] = [];
  for (const one of contexts) {
    const { found, examined } = await examineOne(one, open);
    findings.push(...found);
    if (examined) sound.push(examined);
  }
  findings.push(...(await compareEvents(product, sound, retention)));
  return {
    findings: findings.map((finding) => recorded(finding, sound)),
    close: async () => {
      await Promise.all(open.map((database) => database.close()));
    },
  };
}

/** A repair stands in the audit log of its context, as every other act of an operator does. */
function recorded(finding: Finding, examined: readonly ExaminedDatabase[]): Finding {
  const { context, check, message, repair } = finding;
  const { database, hasAudit } = examined.find((one) => one.context === context) ?? {};
  if (!repair || !database || !hasAudit) return finding;
  const audit = new AuditLog(database);
  return {
    ...finding,
    repair: async () => {
      const outcome = await repair();
      const details = { found: message, done: outcome };
      await audit.record(undefined, { action: 'database.repaired', subject: check, details });
      return outcome;
    },
  };
}

async function examineOne(
  { context, url, migrations }: ContextToExamine,
  open: Database[],
): Promise<{ found: Finding[]; examined?: ExaminedDatabase }> {
  const applicationName = `fissile doctor ${context}`;
  const found: Finding[] = [];
  try {
    const source = await openDataSource({
      url,
      applicationName,
      poolSize: 1,
      entities: [],
      migrations: [],
      limits: LIMITS,
    });
    const database = new Database(source, context);
    open.push(database);
    const examined = { context, database, ...(await tablesOf(database)) };
    const { missing, newer } = await findMigrations(examined, migrations);
    found.push(...missing, ...newer);
    if (missing.length > 0) return { found };
    for (const check of checksOf(examined)) found.push(...(await check(examined)));
    return { found, examined };
  } catch (error) {
    const message = `the database cannot be used: ${error instanceof Error ? error.message : String(error)}`;
    const advice = 'check its address, its role and whether it runs';
    return { found: [...found, { context, check: 'connection', message, advice }] };
  }
}

function checksOf({ hasEvents, hasSagas }: ExaminedDatabase) {
  return [
    findReadOnly,
    findClockDifference,
    findInvalidIndexes,
    ...(hasEvents ? [findUnsentEvents, findStuckOutboxLeases, findSequencesBehind, findDeadLetters] : []),
    ...(hasSagas ? [findUnclaimedSagas, findFailingSagas, findStuckSagaLeases] : []),
  ];
}

type Tables = Pick<ExaminedDatabase, 'hasEvents' | 'hasSagas' | 'hasAudit'>;

async function tablesOf(database: Database): Promise<Tables> {
  const [row] = await database.query<Tables>(
    `SELECT to_regclass('outbox') IS NOT NULL AS "hasEvents", to_regclass('sagas') IS NOT NULL AS "hasSagas",
       to_regclass('audit_log') IS NOT NULL AS "hasAudit"`,
  );
  return row ?? { hasEvents: false, hasSagas: false, hasAudit: false };
}

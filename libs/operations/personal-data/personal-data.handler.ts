import { Injectable, type OnModuleInit } from '@nestjs/common';
import type {
  ExportPersonRequest,
  ExportPersonResponse,
  ForgetPersonRequest,
  ForgetPersonResponse,
  Implementation,
  PersonalData,
} from '@fissile/kit/contract';
import { Database } from '@fissile/kit/database';
import { DeadLetters } from '@fissile/kit/messaging';
import { AuditLog, type AuditRecord } from '../audit/audit-log.js';
import { PersonalDataKeepers } from './personal-data-keepers.js';
import type { PersonalDataPage } from './personal-records.js';

const AUDIT_PAGE = 100;
/** The beginnings of cursors: the context's own records come first, then what the kit keeps. */
const OWN = 'own ';
const AUDIT = 'audit ';

/** What one context keeps of a person: in its own tables, and in those that the kit gives it. */
@Injectable()
export class PersonalDataHandler implements Implementation<typeof PersonalData>, OnModuleInit {
  constructor(
    private readonly database: Database,
    private readonly deadLetters: DeadLetters,
    private readonly audit: AuditLog,
    private readonly keepers: PersonalDataKeepers,
  ) {}

  /** @throws Error for a context that does not know how to forget what it keeps */
  onModuleInit(): void {
    this.keepers.check(this.database.context);
  }

  async exportPerson({ userId, cursor = OWN }: ExportPersonRequest): Promise<ExportPersonResponse> {
    const { records, nextCursor } = cursor.startsWith(AUDIT)
      ? await this.auditPage(userId, cursor.slice(AUDIT.length))
      : await this.ownPage(userId, cursor.slice(OWN.length));
    return { records: JSON.stringify(records), nextCursor };
  }

  async forgetPerson({ userId }: ForgetPersonRequest): Promise<ForgetPersonResponse> {
    await this.keepers.find(this.database.context)?.forgetPerson(userId);
    // An event whose key is the person is about nobody else.
    await this.deadLetters.deleteOf(userId);
    await this.audit.forgetSources(this.database, userId);
    return {};
  }

  private async ownPage(userId: string, cursor: string): Promise<PersonalDataPage> {
    const keeper = this.keepers.find(this.database.context);
    if (!keeper) return this.auditPage(userId, '');
    const { records, nextCursor } = await keeper.exportPerson(userId, cursor === '' ? undefined : cursor);
    return { records, nextCursor: nextCursor === undefined ? AUDIT : `${OWN}${nextCursor}` };
  }

  private async auditPage(userId: string, olderThan: string): Promise<PersonalDataPage> {
    const found = await this.audit.listOfPerson(userId, AUDIT_PAGE + 1, olderThan || undefined);
    const audit = found.slice(0, AUDIT_PAGE);
    const last = found.length > AUDIT_PAGE ? audit.at(-1) : undefined;
    return { records: { audit: audit.map(toRecord) }, nextCursor: last && `${AUDIT}${last.id}` };
  }
}

function toRecord({ at, action, subject, outcome, details, source, clientRequestId }: AuditRecord): object {
  return { at, action, subject, outcome, details, source, clientRequestId };
}

import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Database } from '@fissile/kit/database';
import { type EventHandlers, Inbox } from '@fissile/kit/messaging';
import { alpha } from '../alpha.context.js';

/** Records each event of beta that arrives. */
@Injectable()
export class HeardOfSlots implements OnModuleInit {
  constructor(
    private readonly inbox: Inbox,
    private readonly database: Database,
  ) {}

  onModuleInit(): void {
    const handlers: EventHandlers<typeof alpha> = {
      'beta.slots_held.v1': async ({ data: { runId, slots } }, transaction) => {
        const sql = 'INSERT INTO heard (run_id, slots) VALUES ($1, $2)';
        await transaction.query(sql, [runId, JSON.stringify(slots)]);
      },
    };
    this.inbox.subscribe(alpha, 'note-slots', handlers);
  }

  /** The slots of each event for the run. */
  async ofRun(runId: string): Promise<unknown[]> {
    const rows = await this.database.query<{ slots: unknown }>('SELECT slots FROM heard WHERE run_id = $1', [
      runId,
    ]);
    return rows.map(({ slots }) => slots);
  }
}

import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Database } from '@fissile/kit/database';
import { Inbox } from '@fissile/kit/messaging';
import { SlotsHeld } from '../beta.events.js';

/** Notes each event of beta that arrives. */
@Injectable()
export class HeardOfSlots implements OnModuleInit {
  constructor(
    private readonly inbox: Inbox,
    private readonly database: Database,
  ) {}

  onModuleInit(): void {
    this.inbox.on(SlotsHeld, 'note-slots', async ({ data: { runId, slots } }, transaction) => {
      await transaction.query('INSERT INTO heard (run_id, slots) VALUES ($1, $2)', [
        runId,
        JSON.stringify(slots),
      ]);
    });
  }

  /** The slots of each event about the run. */
  async ofRun(runId: string): Promise<unknown[]> {
    const rows = await this.database.query<{ slots: unknown }>('SELECT slots FROM heard WHERE run_id = $1', [
      runId,
    ]);
    return rows.map(({ slots }) => slots);
  }
}

import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Database } from '@fissile/kit/database';
import { type EventHandlers, Inbox } from '@fissile/kit/messaging';
import { beta } from '../beta.context.js';

/** Records each event of alpha that arrives. */
@Injectable()
export class HeardOfRuns implements OnModuleInit {
  constructor(
    private readonly inbox: Inbox,
    private readonly database: Database,
  ) {}

  onModuleInit(): void {
    const handlers: EventHandlers<typeof beta> = {
      'alpha.run_ended.v1': async ({ data: { runId, outcome } }, transaction) => {
        await transaction.query('INSERT INTO heard (run_id, outcome) VALUES ($1, $2)', [runId, outcome]);
      },
    };
    this.inbox.subscribe(beta, 'note-runs', handlers);
  }

  /** The outcome of each event for the run. */
  async ofRun(runId: string): Promise<string[]> {
    const sql = 'SELECT outcome FROM heard WHERE run_id = $1';
    const rows = await this.database.query<{ outcome: string }>(sql, [runId]);
    return rows.map(({ outcome }) => outcome);
  }
}

import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Database } from '@fissile/kit/database';
import { Inbox } from '@fissile/kit/messaging';
import { RunEnded } from '../alpha.events.js';

/** Notes each event of alpha that arrives. */
@Injectable()
export class HeardOfRuns implements OnModuleInit {
  constructor(
    private readonly inbox: Inbox,
    private readonly database: Database,
  ) {}

  onModuleInit(): void {
    this.inbox.on(RunEnded, 'note-runs', async ({ data: { runId, outcome } }, transaction) => {
      await transaction.query('INSERT INTO heard (run_id, outcome) VALUES ($1, $2)', [runId, outcome]);
    });
  }

  /** The outcome of each event about the run. */
  async ofRun(runId: string): Promise<string[]> {
    const sql = 'SELECT outcome FROM heard WHERE run_id = $1';
    const rows = await this.database.query<{ outcome: string }>(sql, [runId]);
    return rows.map(({ outcome }) => outcome);
  }
}

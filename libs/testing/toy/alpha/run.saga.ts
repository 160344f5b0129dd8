import { Injectable, type OnModuleInit } from '@nestjs/common';
import { ContextError } from '@fissile/kit/contract';
import type { Transaction } from '@fissile/kit/database';
import { Outbox } from '@fissile/kit/messaging';
import { defineSaga, FOR_EVER, noUndo, SagaEngine } from '@fissile/kit/saga';
import { RunEnded } from '../alpha.events.js';
import { Beta } from '../beta.context.js';
import type { Slot } from '../generated/beta/beta.js';
import { RunStore } from './run-store.js';

export interface RunData {
  readonly runId: string;
  readonly slots: readonly Slot[];
  /** Whether the run is refused at the end, when it already holds its slots. */
  readonly refused: boolean;
}

/** A run that either holds slots at beta, or fails and holds none. */
@Injectable()
export class RunSaga implements OnModuleInit {
  private readonly definition = defineSaga<RunData>({
    name: 'run',
    version: 1,
    subject: ({ runId }) => runId,
    steps: (step) => [
      step.transaction('begin', {
        do: (transaction, { runId, slots }) => this.runs.insert(transaction, runId, slots),
        undo: step.undoInTransaction('undo-run', (transaction, { runId }, { code }) =>
          this.end(transaction, runId, 'undone', code),
        ),
      }),
      step.call('hold-slots', {
        // Retried until the outcome is known, so that no run fails because beta is unavailable.
        retry: FOR_EVER,
        do: async ({ runId, slots }) => {
          await this.beta.hold({ runId, slots: [...slots] });
        },
        undo: step.undoByCall('release-slots', async ({ runId }) => {
          await this.beta.release({ runId });
        }),
      }),
      step.transaction('finish', {
        do: async (transaction, { runId, refused }) => {
          if (refused) throw ContextError.of('run_refused');
          await this.end(transaction, runId, 'done', null);
        },
        undo: noUndo('It is the last step'),
      }),
    ],
  });

  constructor(
    private readonly engine: SagaEngine,
    private readonly runs: RunStore,
    private readonly outbox: Outbox,
    private readonly beta: Beta,
  ) {}

  onModuleInit(): void {
    this.engine.register(this.definition);
  }

  async start(data: RunData): Promise<void> {
    await this.engine.start(this.definition, data);
  }

  private async end(
    transaction: Transaction,
    runId: string,
    outcome: 'done' | 'undone',
    reason: string | null,
  ): Promise<void> {
    await this.runs.end(transaction, { id: runId, state: outcome, reason });
    this.outbox.add(transaction, RunEnded, { runId, outcome });
  }
}

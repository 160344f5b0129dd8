import type pg from 'pg';
import { currentCall } from '@fissile/kit/request';
import { sendCancelRequest } from './cancel-request.js';

/** The database has become read-only, as a replica is: a connection stays so when the database is writable again. */
const READ_ONLY = '25006';

/** A connection, and what ends it for good. */
type Connection = Pick<pg.Client, 'end' | 'connection'> & pg.ClientBase;

/**
 * Bounds the wait for the answers on one connection. A connection that has not answered in time is destroyed: its
 * socket may be frozen while new ones work. When the call behind a statement is cancelled, so is the statement. A
 * connection that was given up leaves its pool.
 */
export class AnswerWatch {
  private givenUp = false;

  constructor(
    private readonly connection: Connection,
    /** How long a statement may take, without which it may take for ever. */
    private readonly limitMs: number | undefined,
    /** Called when other connections that were opened as early may be as bad. */
    private readonly onDistrust: () => void = () => undefined,
  ) {}

  async over<T>(answer: Promise<T>): Promise<T> {
    // What is sent after the cancellation, such as a rollback, is wanted.
    const cancellation = currentCall()?.cancellation;
    const awaited = cancellation?.reason ? undefined : cancellation;
    const onCancel = (): void => this.cancelStatement();
    awaited?.onCancel(onCancel);
    const timer = this.limitMs === undefined ? undefined : setTimeout(() => this.destroy(), this.limitMs);
    try {
      return await answer;
    } catch (error) {
      if ((error as { code?: unknown } | null)?.code === READ_ONLY) this.distrust();
      throw error;
    } finally {
      clearTimeout(timer);
      awaited?.offCancel(onCancel);
    }
  }

  /** The request can arrive late, and would then end what the connection does next: nothing may. */
  private cancelStatement(): void {
    if (this.givenUp) return;
    sendCancelRequest(this.connection);
    this.giveUp();
  }

  private distrust(): void {
    if (this.givenUp) return;
    this.giveUp();
    this.onDistrust();
  }

  private giveUp(): void {
    this.givenUp = true;
    void this.connection.end().catch(() => undefined);
  }

  private destroy(): void {
    this.givenUp = true;
    this.connection.connection.stream.destroy();
    this.onDistrust();
  }
}

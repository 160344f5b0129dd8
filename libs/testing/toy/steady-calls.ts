import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { type CallOptions, sendRequest } from '../product/send-request.js';
import { until } from '../until.js';

const CLIENTS = 2;
/** Between two calls of a client, in milliseconds, so that processors are left to what moves. */
const THINKS_MS = 75;

/** Clients that call the toy one request after the other, and repeat none: an answer other than the expected one is a failure. */
export class SteadyCalls {
  readonly failures: string[] = [];
  /** The ids of the runs that were accepted. */
  readonly runs: string[] = [];
  private answered = 0;
  private going = true;
  private sendsNotes = true;
  private readsHeld = false;
  private readonly clients: Promise<unknown>;

  constructor(private readonly url: string) {
    this.clients = Promise.all(Array.from({ length: CLIENTS }, () => this.run()));
  }

  /** From now on nothing is sent that must not be done twice: what a killed process has begun of that, nobody repeats. */
  sendOnlyWhatMayBeRepeated(): void {
    this.sendsNotes = false;
  }

  /** From now on alpha is also asked for what it asks beta for. */
  readWhatIsHeld(): void {
    this.readsHeld = true;
  }

  /** Resolves when there were so many more answers. */
  async goOn(more = 20): Promise<void> {
    const from = this.answered;
    await until(`${more} more calls are answered`, () => this.answered >= from + more);
  }

  /** Waits for what is under way. */
  async end(): Promise<void> {
    this.going = false;
    await this.clients;
  }

  private async run(): Promise<void> {
    while (this.going) {
      const id = `slot-${randomUUID()}`;
      // By this, the gateway knows that it may repeat it.
      const headers = this.sendsNotes ? undefined : { 'idempotency-key': id };
      await this.send('PUT', `/api/beta/slots/${id}`, 200, { body: { capacity: 1 }, headers });
      const slots = [{ slotId: id, count: 1 }];
      const begun = await this.send('POST', '/api/alpha/runs', 202, { body: { slots } });
      if (begun) this.runs.push(String(begun.id));
      await this.send('GET', `/api/beta/slots/${id}`, 200);
      if (begun && this.readsHeld) await this.send('GET', `/api/alpha/runs/${begun.id}/held`, 200);
      if (this.sendsNotes) await this.send('POST', '/api/beta/notes', 201, { body: { text: 'steady' } });
    }
  }

  private async send(
    method: string,
    path: string,
    expected: number,
    options: CallOptions = {},
  ): Promise<{ id?: unknown } | undefined> {
    try {
      const answer = await sendRequest(this.url, method, path, options);
      if (answer.status === expected) return answer.body as { id?: unknown };
      this.failures.push(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    } catch (error) {
      this.failures.push(`${method} ${path}: ${String((error as { cause?: unknown }).cause ?? error)}`);
    } finally {
      this.answered += 1;
      await pause(THINKS_MS);
    }
    return undefined;
  }
}

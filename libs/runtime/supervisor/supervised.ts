import { ContextError } from '@fissile/kit/contract';
import { type ControlView, TopologyControl, type TopologyRequest } from '@fissile/kit/operations';
import type { PlacementCommand } from '../placement/placement-commands.js';
import type { FromProcess, ToProcess } from './process-messages.js';

/** What a supervisor does with a process once that runs. */
export interface SupervisedProcess {
  stop(): Promise<void>;
  carryOut(command: PlacementCommand): Promise<void>;
}

/**
 * This process as one that may have a supervisor: without it, nothing would stop the process any more. The supervisor changes what
 * the processes host, so requests to do so go there.
 */
export class Supervised extends TopologyControl {
  private running: SupervisedProcess | undefined;
  private asked = 0;
  private readonly answers = new Map<number, PromiseWithResolvers<ControlView>>();

  /** @param timeoutMs how long a stop may take when the supervisor is gone */
  constructor(private readonly timeoutMs: number) {
    super();
    if (!this.isSupervised) return;
    process.on('disconnect', () => this.end());
    process.on('message', (message: ToProcess) => void this.take(message));
  }

  /** Reports to the supervisor, if there is one, that this process is ready. */
  isReady(running: SupervisedProcess, signInToken?: string): void {
    this.running = running;
    if (process.connected) this.send({ ready: true, ...(signInToken !== undefined && { signInToken }) });
    else if (this.isSupervised) this.end();
  }

  get isSupervised(): boolean {
    return process.send !== undefined && process.env['FISSILE_SUPERVISED'] !== undefined;
  }

  override carryOut(request: TopologyRequest): Promise<ControlView> {
    const id = (this.asked += 1);
    const answer = Promise.withResolvers<ControlView>();
    this.answers.set(id, answer);
    this.send({ ask: id, request });
    return answer.promise;
  }

  private async take(message: ToProcess): Promise<void> {
    if ('answer' in message) return this.resolve(message);
    try {
      await this.running?.carryOut(message.what);
      this.send({ done: message.command });
    } catch (error) {
      this.send({ done: message.command, error: error instanceof Error ? error.message : String(error) });
    }
  }

  private resolve({ answer: id, view, error }: Extract<ToProcess, { answer: number }>): void {
    const answer = this.answers.get(id);
    this.answers.delete(id);
    if (view) answer?.resolve(view);
    else answer?.reject(error ? ContextError.fromRecord(error) : ContextError.of('internal_error'));
  }

  private send(message: FromProcess): void {
    if (process.connected) process.send?.(message);
  }

  private end(): void {
    // Not process.exit(): that would wait for ever to flush logs into a pipe that is not read any more.
    const exit = (): boolean => process.kill(process.pid, 'SIGKILL');
    setTimeout(exit, this.timeoutMs).unref();
    if (this.running) void this.running.stop().finally(exit);
    else exit();
  }
}

import { Injectable } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import { ContextError } from '@fissile/kit/contract';
import { traceIdOf } from '@fissile/kit/observability';
import { type ProcessClient, ProcessClients } from '@fissile/kit/operations';
import { CallDeadline, currentCall, runInCall } from '@fissile/kit/request';

/** A process that hangs must not keep the operator waiting for longer. */
const ANSWER_WITHIN_MS = 2_000;

export interface ProcessAnswer<T> {
  readonly process: string;
  /** Which one it is, where there is a choice. */
  readonly instance: string;
  readonly answer: T;
}

/** A process that did not answer, and the code of the error that came instead. */
export interface MissingProcess {
  readonly process: string;
  readonly reason: string;
}

/** Asks every instance of every process, this one included, each for a short while; over a broker, one instance of each process. */
@Injectable()
export class AskProcesses {
  constructor(private readonly processes: ProcessClients) {}

  /** @param only the process to ask; all of them without it */
  async ask<T>(
    only: string | undefined,
    question: (client: ProcessClient) => Promise<T>,
  ): Promise<{ answers: ProcessAnswer<T>[]; missing: MissingProcess[] }> {
    const isAsked = (process: string): boolean => only === undefined || process === only;
    const answers: ProcessAnswer<T>[] = [];
    const unknown = this.processes.unknown().filter(isAsked);
    const missing = unknown.map((process) => ({ process, reason: 'unavailable' }));
    const asked = this.processes.all().filter(({ process }) => isAsked(process));
    await Promise.all(
      asked.map(async ({ process, name: instance, client }) => {
        try {
          answers.push({ process, instance, answer: await shortly(() => question(client)) });
        } catch (error) {
          missing.push({ process, reason: error instanceof ContextError ? error.code : 'internal_error' });
        }
      }),
    );
    return { answers, missing };
  }
}

/** The calls of the work get no more time than this. */
async function shortly<T>(work: () => Promise<T>): Promise<T> {
  const call = currentCall() ?? { requestId: randomUUID(), traceId: traceIdOf(undefined) };
  const deadline = new CallDeadline(ANSWER_WITHIN_MS, call);
  try {
    return await runInCall({ ...call, deadline: deadline.at, cancellation: deadline }, work);
  } finally {
    deadline.release();
  }
}

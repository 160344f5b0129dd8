import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import type { LogLine } from '@fissile/kit/contract';
import { type Page, readCursor, toPage } from '@fissile/kit/http';
import { AskProcesses, type MissingProcess } from './ask-processes.js';

export interface LogQuery {
  readonly limit: number;
  readonly cursor?: string | undefined;
  readonly process?: string | undefined;
  readonly level?: string | undefined;
  readonly text?: string | undefined;
  readonly traceId?: string | undefined;
  readonly since?: Date | undefined;
}

export interface JoinedLine extends LogLine {
  readonly process: string;
}

const LineId = z.string().regex(/^[0-9a-f]{20}-[0-9a-f]{8}$/);

/** The last log lines of all processes, merged. */
@Injectable()
export class LogView {
  constructor(private readonly processes: AskProcesses) {}

  /** Newest first. */
  async list({
    limit,
    cursor,
    process: only,
    level,
    text,
    traceId,
    since,
  }: LogQuery): Promise<Page<JoinedLine> & { missing: readonly MissingProcess[] }> {
    const before = readCursor(cursor, LineId);
    const { answers, missing } = await this.processes.ask(only, (client) =>
      client.listLogLines({ limit: limit + 1, before, level, text, traceId, since }),
    );
    const lines = answers
      .flatMap(({ process, answer }) => answer.lines.map((line) => ({ ...line, process })))
      .sort((one, other) => (one.id < other.id ? 1 : -1));
    return { ...toPage(lines.slice(0, limit + 1), limit, ({ id }) => id), missing };
  }
}

import type { DestinationStream } from 'pino';
import pino from 'pino';
import pretty from 'pino-pretty';
import type { Redact } from './redaction.js';

/** Where log lines go, each after its redaction. */
export function logOutput(isPretty: boolean, redact: Redact): DestinationStream {
  const output = isPretty ? prettyOutput() : pino.destination({ fd: 1, sync: true });
  return { write: (line) => void output.write(redact(line)) };
}

function prettyOutput(): DestinationStream {
  return pretty({
    sync: true,
    singleLine: true,
    ignore: 'pid,context',
    messageFormat: '{if context}[{context}] {end}{msg}',
  });
}

import type { Report } from '../report/index.js';
import { type Result, tablesOf } from '../rounds-table.js';

/** The baseline of the ratios. */
export const BASE = 'local';

const INTRO = `What it takes to bring an event from the outbox of one context to the inbox of another, by bus. \`local\` is one
process; with the others the contexts are in two. The events are registrations, each with a key of its own; what handles
one writes a notification down in the same commit, and the mail is put out into the log.

- events/s and CPU: many events in one commit, until all are handled. CPU and memory are of the shop's processes, without
  PostgreSQL and the broker, and with the mails.
- lag: single events at an even pace, from the start of the transaction that writes one to the start of the one that handles
  it. The writer is not a process of the shop, so the relay is woken by NOTIFY of PostgreSQL, as it is by other processes.
- \`kafka\` is not Kafka but the cluster that librdkafka makes for its own tests, in memory: it shows what our side
  costs. Its lag is the cluster's: it answers who asks for events after the longest wait, also when some have come meanwhile.`;

export function eventReport(results: readonly Result[], events: number, postgres: string): Report {
  const tables = tablesOf(`${events} events`, results, { answer: 'event', base: BASE });
  return {
    slug: 'events',
    title: 'Events from outbox to consumer',
    intro: INTRO,
    command: 'npm run bench:events',
    tables,
    brief: tables[0],
    postgres,
  };
}

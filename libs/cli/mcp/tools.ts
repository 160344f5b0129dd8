import { z } from 'zod';
import type { OperatorRequest } from '../operators/operator-client.js';

/** A tool of the MCP server: one request of the operators' API. */
export interface Tool {
  readonly name: string;
  readonly description: string;
  readonly input: z.ZodObject;
  /** Whether it changes the product. */
  readonly writes: boolean;
  readonly request: (input: Readonly<Record<string, unknown>>) => OperatorRequest;
}

const text = (description: string) => z.string().optional().describe(description);

const PAGE = {
  limit: z.int().min(1).max(100).optional().describe('How many at most; 20 unless said otherwise'),
  cursor: text('The nextCursor of the page before'),
};

const SPAN = {
  from: text('The earliest time, ISO 8601'),
  to: text('The latest time, ISO 8601'),
  context: text('One context of the product'),
};

const NONE = z.strictObject({});
const BY_ID = z.strictObject({ id: z.string().describe('The id, a UUID') });

/** Lists are asked with what the tool was given as the query. */
function lister(name: string, description: string, path: string, shape: z.ZodRawShape): Tool {
  const input = z.strictObject({ ...shape, ...PAGE });
  return { name, description, input, writes: false, request: (query) => ({ path, query }) };
}

function reader(name: string, description: string, path: string): Tool {
  return {
    name,
    description,
    input: BY_ID,
    writes: false,
    request: ({ id }) => ({ path: `${path}/${encodeURIComponent(String(id))}` }),
  };
}

function action(name: string, description: string, path: string, verb: string): Tool {
  return {
    name,
    description,
    input: BY_ID,
    writes: true,
    request: ({ id }) => ({ method: 'POST', path: `${path}/${encodeURIComponent(String(id))}/${verb}` }),
  };
}

const SAGAS = '/api/admin/sagas';
const DEAD_LETTERS = '/api/admin/dead-letters';
const TRACES = '/api/admin/traces';

const READING: readonly Tool[] = [
  {
    name: 'topology',
    description: 'Which process hosts which contexts, its instances, their breakers, and the last change',
    input: NONE,
    writes: false,
    request: () => ({ path: '/api/admin/topology' }),
  },
  lister('list_sagas', 'Sagas, newest first, by status, name or context', SAGAS, {
    status: z.enum(['running', 'compensating', 'completed', 'compensated']).optional(),
    name: text('The name of the saga'),
    ...SPAN,
  }),
  reader('get_saga', 'One saga with its steps, their errors, and its traceId', SAGAS),
  lister(
    'list_dead_letters',
    'Events that could not be handled, by type or words of the reason',
    DEAD_LETTERS,
    {
      type: text('The type of the event, with its version'),
      text: text('Words of the reason'),
      ...SPAN,
    },
  ),
  reader('get_dead_letter', 'One dead letter with its event and the reason', DEAD_LETTERS),
  lister('list_traces', 'The last traces over all processes; needs RECENT_SPANS', TRACES, {
    text: text('Part of the name of a span'),
    process: text('One process'),
    minDurationMs: z.int().min(0).optional(),
    failed: z.boolean().optional().describe('Only those with an error'),
  }),
  reader('get_trace', 'The spans of one trace; its id is the traceId of an error or a saga', TRACES),
  lister('read_logs', 'The last log lines over all processes', '/api/admin/logs', {
    text: text('Part of the message'),
    level: text('The lowest level, such as warn'),
    process: text('One process'),
    traceId: text('Lines of one trace'),
    since: text('The earliest time, ISO 8601'),
  }),
  {
    name: 'find',
    description: 'Sagas, dead letters, users and audit records by an id or an email address',
    input: z.strictObject({ q: z.string().describe('An id or an email address') }),
    writes: false,
    request: (query) => ({ path: '/api/admin/find', query }),
  },
  {
    name: 'list_errors',
    description: 'Every error code of the product: its status, what it means and what to do',
    input: NONE,
    writes: false,
    request: () => ({ path: '/errors' }),
  },
];

const WRITING: readonly Tool[] = [
  action('retry_saga', 'Retries the step at which a saga waits', SAGAS, 'retry'),
  action('abort_saga', 'Aborts a saga: the steps that were done are compensated', SAGAS, 'abort'),
  action('replay_dead_letter', 'Handles the event of a dead letter again', DEAD_LETTERS, 'replay'),
  action('discard_dead_letter', 'Deletes a dead letter: its event is never handled', DEAD_LETTERS, 'discard'),
  {
    name: 'move_context',
    description:
      'Moves a context to another process while requests are served; `topology` shows how far it is',
    input: z.strictObject({
      context: z.string(),
      to: z.string().describe('The name of a process, `gateway` for the one that hosts it, or `own`'),
    }),
    writes: true,
    request: ({ context, to }) => ({
      method: 'POST',
      path: '/api/admin/topology/changes',
      body: { action: 'move', context, to },
    }),
  },
];

/** What the server offers: it changes nothing unless that was allowed. */
export function toolsFor({ allowWrites }: { readonly allowWrites: boolean }): readonly Tool[] {
  return allowWrites ? [...READING, ...WRITING] : READING;
}

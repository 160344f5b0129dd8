import { z } from 'zod';
import type { RunningProduct } from '../product/running-product.js';

const SavedName = z.string().regex(/^\w+$/, 'expected letters, digits and _');

export const RecordedRequestSchema = z.strictObject({
  /** What it is called in a report; its method and path when absent. */
  name: z.string().min(1).optional(),
  method: z
    .string()
    .regex(/^[A-Z]+$/, 'expected capital letters, such as GET')
    .default('GET'),
  /** `{name}` in a path, a header and a body is a value that was saved from an earlier answer. */
  path: z.string().startsWith('/', 'expected a path that begins with /'),
  /** The saved access token that it is sent with. */
  as: SavedName.optional(),
  headers: z.record(z.string(), z.string()).optional(),
  /** Sent as JSON; text is sent as it is. */
  body: z.unknown().optional(),
  /** Saves values of the answer's body: `{ "order": "id", "first": "items.0.id" }`. */
  save: z.record(SavedName, z.string().min(1)).optional(),
  /** A pattern: it is sent again until the body has it, for what becomes true a little later. */
  until: z.string().optional(),
  /** A list in the answer's body whose order means nothing, such as `items`. */
  unordered: z.string().min(1).optional(),
});

/** One request that is sent to both topologies. */
export type RecordedRequest = z.input<typeof RecordedRequestSchema>;

const Requests = z.array(RecordedRequestSchema).min(1, 'expected at least one request');

const PlanSchema = z.strictObject({
  settings: z.record(z.string(), z.string()).optional(),
  requests: Requests,
  opaque: z.array(z.string()).optional(),
});

/** What is compared: requests in their order, and what they need. */
export interface ParityPlan {
  readonly requests: readonly RecordedRequest[];
  /** Settings of the product, such as the password of its first admin. */
  readonly settings?: Readonly<Record<string, string>> | undefined;
  /** Fields whose value means nothing beside that it is there, such as `nextCursor`. */
  readonly opaque?: readonly string[] | undefined;
  /** Values for `{name}` that no answer has, such as tokens of a provider; asked for once per topology. */
  prepare?(running: RunningProduct): Promise<Readonly<Record<string, string>>>;
  /** Ends what the plan itself started. */
  close?(): Promise<void>;
}

/**
 * Reads requests from text: a JSON list, a JSON object with `requests`, or JSON lines.
 * @param file names the text in errors
 * @throws Error that names the field and what was expected
 */
export function parseRequests(text: string, file: string): ParityPlan {
  const value = file.endsWith('.jsonl') ? parseLines(text, file) : parseJson(text, file);
  return checkPlan(Array.isArray(value) ? { requests: value } : value, file);
}

/** @throws Error that names the field and what was expected */
export function checkPlan(value: unknown, file: string): ParityPlan {
  const { prepare, close, ...data } = (value ?? {}) as ParityPlan;
  const checked = PlanSchema.safeParse(data);
  if (checked.success) return { ...checked.data, ...(prepare && { prepare }), ...(close && { close }) };
  const issues = checked.error.issues.map(({ path, message }) => `  ${path.join('.')}: ${message}`);
  throw new Error(`${file} has no requests to compare:\n${issues.join('\n')}`);
}

function parseLines(text: string, file: string): unknown[] {
  return text
    .split('\n')
    .map((line, index) => ({ line, place: `${file}, line ${index + 1}` }))
    .filter(({ line }) => line.trim() !== '')
    .map(({ line, place }) => parseJson(line, place));
}

function parseJson(text: string, place: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(`${place} is not JSON: ${(error as Error).message}`, { cause: error });
  }
}

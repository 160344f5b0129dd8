import { outboxesDrained } from '../product/outboxes-drained.js';
import type { RunningProduct } from '../product/running-product.js';
import { until } from '../until.js';
import type { FaultScenario } from './fault-scenario.js';

const REST_WITHIN_MS = 90_000;

/** A step, or its undo, that a saga has carried out more than once. */
const DONE_TWICE = `
  SELECT name || ' of ' || subject AS saga, entry ->> 'kind' || ' ' || (entry ->> 'name') AS step, count(*)::integer
  FROM sagas, jsonb_array_elements(timeline) AS entry
  WHERE entry ->> 'status' = 'done'
  GROUP BY sagas.id, name, subject, entry ->> 'kind', entry ->> 'name'
  HAVING count(*) > 1`;

/**
 * What is wrong with a product after faults, a line each: whatever holds for every product, and what the scenario finds.
 * @param begun the work whose beginning was confirmed
 */
export async function checkProduct(
  running: RunningProduct,
  scenario: FaultScenario,
  begun: readonly unknown[],
): Promise<string[]> {
  try {
    await until(
      'it is healthy',
      async () => (await running.call('GET', '/health')).status === 200,
      REST_WITHIN_MS,
    );
    await outboxesDrained(running, { withinMs: REST_WITHIN_MS });
  } catch (error) {
    return (error as Error).message.split('\n  - ');
  }
  const twice = await Promise.all(running.contexts.map((context) => stepsDoneTwice(running, context)));
  return [...twice.flat(), ...((await scenario.check?.(running, begun)) ?? [])];
}

async function stepsDoneTwice(running: RunningProduct, context: string): Promise<string[]> {
  const [known] = await running.query(context, `SELECT 1 WHERE to_regclass('sagas') IS NOT NULL`);
  if (!known) return [];
  const rows = await running.query<{ saga: string; step: string; count: number }>(context, DONE_TWICE);
  return rows.map(({ saga, step, count }) => `${context}: saga ${saga}: ${step} was done ${count} times`);
}

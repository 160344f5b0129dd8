import type { FaultScenario } from '../faults/fault-scenario.js';

const HEARD = 'SELECT count(*)::integer AS count FROM heard WHERE run_id = $1';

/** Runs of the toy, of which each must end, and be heard of once at both sides. */
export const toyFaults: FaultScenario<string> = {
  prepare: async (running) => {
    const opened = await running.call('PUT', '/api/beta/slots/one', { body: { capacity: 100_000 } });
    if (opened.status !== 200) throw new Error(`the slot was not opened: ${opened.status}`);
  },
  begin: async (running, { random }) => {
    const body = { slots: [{ slotId: 'one', count: random.between(1, 3) }], refused: random.chance(0.2) };
    const { status, body: begun } = await running.call('POST', '/api/alpha/runs', { body });
    if (status !== 202) throw new Error(`a run was not begun: ${status}`);
    return begun.id;
  },
  check: async (running, begun) => {
    const wrong: string[] = [];
    for (const id of begun) {
      const { body: run } = await running.call('GET', `/api/alpha/runs/${id}`);
      if (run.state !== 'done' && run.state !== 'undone') wrong.push(`run ${id} is ${run.state ?? 'lost'}`);
      for (const context of ['alpha', 'beta']) {
        const [row] = await running.query<{ count: number }>(context, HEARD, [id]);
        if (row?.count !== 1) wrong.push(`${context} has heard of run ${id} ${row?.count} times`);
      }
    }
    return wrong;
  },
};

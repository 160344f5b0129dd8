import { CHANGE_TIMEOUT_MS, until } from '@fissile/kit/testing';
import type { Answer, Api, Json } from './api.js';

/** Changes of the topology of a running shop, by its public API. */
export class Moves {
  constructor(
    private readonly api: Api,
    private readonly admin: string,
  ) {}

  ask(request: Record<string, unknown>): Promise<Answer<Json>> {
    return this.api.post('/api/admin/topology/changes', request, this.admin);
  }

  /** The placement as it is now, with the last change; also of a shop that is coming back. */
  async now(): Promise<Json> {
    return until('the shop tells its placement', async () => {
      const { status, body } = await this.api.get('/api/admin/topology', this.admin);
      return status === 200 ? body.placement : undefined;
    });
  }

  /** Resolves when the change has come so far, or has ended. Of an earlier run of the shop, nothing is known. */
  async reaches(stages: readonly string[]): Promise<Json> {
    return until(
      `the change is ${stages.join(' or ')}`,
      async () => {
        const { change } = await this.now();
        const isThere = change === null || change.endedAt !== null || stages.includes(change.stage);
        return isThere ? { change } : undefined;
      },
      CHANGE_TIMEOUT_MS,
    ).then(({ change }) => change);
  }

  /** @throws Error when it is refused or rolled back */
  async carryOut(request: Record<string, unknown>): Promise<void> {
    const asked = await this.ask(request);
    if (asked.status !== 202) throw new Error(`refused: ${JSON.stringify(asked.body)}`);
    const { what, stage, error } = await this.reaches([]);
    if (stage !== 'drained' || error !== null) throw new Error(`${what} is ${stage}: ${error}`);
  }
}

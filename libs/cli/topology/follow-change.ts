import type { ControlView, TopologyRequest } from '@fissile/kit/operations';
import { setTimeout as pause } from 'node:timers/promises';
import { NotAnswering } from '../operators/operator-client.js';
import { describePlacement } from './describe-placement.js';

/** A gateway that restarts, or a proxy in front of it, is back before that. */
const PATIENCE_MS = 120_000;

/** A product that runs here or elsewhere. */
export interface RunningProduct {
  /** @throws CommandError when it refuses */
  ask(request: TopologyRequest): Promise<ControlView>;
  /** How often it is looked at during a change, in milliseconds. */
  readonly lookEveryMs: number;
}

/** Begins a change, and prints its stages until it has ended. @returns whether it ended as it was meant to */
export async function carryOut(product: RunningProduct, request: TopologyRequest): Promise<boolean> {
  const ended = await followChange(product, await product.ask(request));
  const { stage, error } = ended.change ?? {};
  // Whoever asks for the way back may get it as the end of the change under way, or as a change of its own.
  const isAsWanted = stage === 'drained' || request.action === 'roll-back';
  return isAsWanted && !(error && stage === 'drained');
}

/** Prints the stages of the change under way until it has ended. */
export async function followChange(product: RunningProduct, begun: ControlView): Promise<ControlView> {
  let shown = '';
  for (let answer = begun; ; answer = await lookAgain(product)) {
    const { what, stage, endedAt, error, waitingFor } = answer.change ?? {};
    const waits = waitingFor && waitingFor.length > 0 ? `, waiting for ${waitingFor.join(', ')}` : '';
    const line = `${what}: ${stage}${waits}`;
    if (line !== shown) console.log(line);
    shown = line;
    if (!endedAt) continue;
    if (error) console.error(error);
    console.log(`\n${describePlacement(answer)}`);
    return answer;
  }
}

/** The change goes on, whether it is seen or not. */
async function lookAgain(product: RunningProduct): Promise<ControlView> {
  const giveUpAt = Date.now() + PATIENCE_MS;
  let said = '';
  for (;;) {
    await pause(product.lookEveryMs);
    try {
      return await product.ask({ action: 'show' });
    } catch (error) {
      if (!(error instanceof NotAnswering) || Date.now() > giveUpAt) throw error;
      if (error.message !== said) console.error(`${error.message}; asked again`);
      said = error.message;
    }
  }
}

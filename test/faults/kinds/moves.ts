import { setTimeout as pause } from 'node:timers/promises';
import { CONTEXTS } from '#contracts';
import { isAlive, sendSignal, until } from '@fissile/kit/testing';
import { Api } from '../../harness/api.js';
import { Moves } from '../../harness/moves.js';
import type { Fault, Scene } from '../fault.js';

/** A saga's owner keeps its lease for five seconds, and a caller that does not acknowledge holds the move up. */
const FROZEN_MS = 10_000;
const STAGES = ['starting', 'ready', 'moving', 'draining'];

/** What happens to a move: to the process that it begins in, to the new one, or to both. */
async function disturb(
  scene: Scene,
  disturbance: (parts: { moves: Moves; context: string }) => Promise<void>,
): Promise<void> {
  const { shop, random, recovery } = scene;
  const context = random.pick(CONTEXTS);
  const api = new Api(shop);
  const moves = new Moves(api, await api.admin());
  await moves.ask({ action: 'move', context, to: 'own' });
  await moves.reaches([random.pick(STAGES)]);
  await disturbance({ moves, context });
  recovery.begin();
  await isOneProcessAgain(moves);
}

/** The move has ended in one of the two placements, whichever, and leads back to the first. */
async function isOneProcessAgain(moves: Moves): Promise<void> {
  await moves.reaches([]);
  const { processes } = await moves.now();
  if (processes.length > 1) await moves.carryOut({ action: 'apply', topology: 'monolith' });
}

/** The process of the context that moves, once there is one. */
async function newOwner(moves: Moves, context: string): Promise<number | undefined> {
  return until('the new owner runs, or the move has ended', async () => {
    const { processes, change } = await moves.now();
    const [pid] = processes.find(({ name }: { name: string }) => name === context)?.pids ?? [];
    return pid ?? (change.endedAt === null ? undefined : 0);
  });
}

const newOwnerKilled: Fault = {
  name: 'kill -9 of the new owner while a context moves',
  topologies: ['monolith'],
  tries: { short: 1, long: 8 },
  inflict: (scene) =>
    disturb(scene, async ({ moves, context }) => {
      const pid = await newOwner(moves, context);
      if (pid) sendSignal(pid, 'SIGKILL');
    }),
};

const newOwnerFrozen: Fault = {
  name: 'the new owner frozen while a context moves',
  topologies: ['monolith'],
  tries: { short: 1, long: 4 },
  inflict: (scene) =>
    disturb(scene, async ({ moves, context }) => {
      const pid = await newOwner(moves, context);
      if (!pid) return;
      sendSignal(pid, 'SIGSTOP');
      await pause(FROZEN_MS);
      sendSignal(pid, 'SIGCONT');
    }),
};

/** It is the supervisor of the others, too: they end by themselves. */
const formerOwnerKilled: Fault = {
  name: 'kill -9 of the former owner while a context moves',
  topologies: ['monolith'],
  tries: { short: 1, long: 8 },
  inflict: async (scene) => {
    const { shop } = scene;
    await disturb(scene, async ({ moves }) => {
      const { processes } = await moves.now();
      const pids = processes.flatMap(({ pids }: { pids: number[] }) => pids) as number[];
      await shop.killSupervisor();
      await until('no process of the shop is left', () => !pids.some(isAlive));
      await shop.run();
    });
  },
};

export const moves: readonly Fault[] = [newOwnerKilled, newOwnerFrozen, formerOwnerKilled];

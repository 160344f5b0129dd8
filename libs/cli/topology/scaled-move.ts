import { GATEWAY } from '@fissile/kit/contract';
import type { ControlView, TopologyRequest } from '@fissile/kit/operations';
import { carryOut, followChange, type RunningProduct } from './follow-change.js';
import type { KubernetesDeployment } from './kubernetes-deployment.js';

type Move = Extract<TopologyRequest, { action: 'move' }>;

/**
 * Moves a context, with the Deployment of the process that it moves to, or away from: that is scaled up before, or down after.
 * It may be run again after it was broken off: what has been done by then is not asked for twice.
 * @returns whether the context is where it was to go
 */
export async function moveAndScale(
  product: RunningProduct,
  move: Move,
  deployment: Pick<KubernetesDeployment, 'replicas' | 'scaleTo'>,
  replicas: number,
): Promise<boolean> {
  const before = await deployment.replicas();
  if (replicas > before) await deployment.scaleTo(replicas);
  const isMoved = await moveOnce(product, move);
  if (!isMoved && replicas > before) await deployment.scaleTo(before);
  if (isMoved && replicas < before) await deployment.scaleTo(replicas);
  return isMoved;
}

async function moveOnce(product: RunningProduct, move: Move): Promise<boolean> {
  const found = await product.ask({ action: 'show' });
  const isUnderWay =
    found.change?.endedAt === null && found.change.what === `move ${move.context} to ${move.to}`;
  if (isUnderWay) return isWhere(await followChange(product, found), move);
  if (!isWhere(found, move)) return carryOut(product, move);
  console.log(`${move.context} is there already`);
  return true;
}

function isWhere({ processes }: ControlView, { context, to }: Move): boolean {
  const owner = processes.find(({ hosts }) => hosts.includes(context));
  if (to === 'own') return owner?.hosts.length === 1;
  return owner !== undefined && (owner.name === to || (to === GATEWAY && owner.hosts.includes(GATEWAY)));
}

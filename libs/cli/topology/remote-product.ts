import type { ControlView, OperatorApi, TopologyRequest } from '@fissile/kit/gateway';
import { CommandError } from '../command-error.js';
import type { OperatorsApi } from './operators-api.js';

const PATH = '/api/admin/topology';

type Topology = OperatorApi[typeof PATH]['get']['responses'][200]['content']['application/json'];

/**
 * Asks a product elsewhere, by its API for operators.
 * @throws NotAnswering when it does not answer now
 * @throws CommandError when it refuses, or its placement cannot be changed
 */
export async function askRemoteProduct(api: OperatorsApi, request: TopologyRequest): Promise<ControlView> {
  if (request.action !== 'show') await api.ask(`${PATH}/changes`, request);
  const { topology, placement } = (await api.ask(PATH)) as Partial<Topology>;
  if (topology !== undefined && placement) return { topology, ...placement };
  throw new CommandError(
    'Its placement is what its processes were started with: expected PLACEMENT_STORE=consul, or processes that npm start has started',
  );
}

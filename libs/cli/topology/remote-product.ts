import type { OperatorApi } from '@fissile/kit/gateway';
import type { ControlView, TopologyRequest } from '@fissile/kit/operations';
import { CommandError } from '../command-error.js';
import type { OperatorClient } from '../operators/operator-client.js';

const PATH = '/api/admin/topology';

type Topology = OperatorApi[typeof PATH]['get']['responses'][200]['content']['application/json'];

/**
 * Asks a product elsewhere, by its API for operators.
 * @throws NotAnswering when it does not answer now
 * @throws CommandError when it refuses, or its placement cannot be changed
 */
export async function askRemoteProduct(
  client: OperatorClient,
  request: TopologyRequest,
): Promise<ControlView> {
  if (request.action !== 'show')
    await client.send({ method: 'POST', path: `${PATH}/changes`, body: request });
  const { topology, placement } = (await client.send({ path: PATH })) as Partial<Topology>;
  if (topology !== undefined && placement) return { topology, ...placement };
  throw new CommandError(
    'Its placement is what its processes were started with: expected PLACEMENT_STORE=consul, or processes that npm start has started',
  );
}

import { Controller, Get } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { AdminOnly } from '@fissile/kit/http';
import { type Component, handledEvents, type Product } from '@fissile/kit/contract';
import { Balancer, Discovery, BREAKER_STATES, Placement } from '@fissile/kit/rpc';
import { OperatorView } from '../operator-view.js';
import { MissingContexts } from './operations.resources.js';

const BreakerResource = z
  .object({
    target: z.string().meta({
      example: 'billing',
      description: 'A context, for the calls to it; with -http, for the requests that are passed on to it',
    }),
    state: z.enum(BREAKER_STATES),
    inFlight: z.int().meta({ description: 'What is under way to it' }),
  })
  .meta({ id: 'Breaker' });

const InstanceResource = z.object({
  id: z.string(),
  address: z.string(),
  httpPort: z.int(),
  rpcPort: z.int().meta({ description: 'Where it takes calls, if the transport needs a port' }),
  state: z
    .enum(['healthy', 'ejected'])
    .meta({ description: 'ejected: it failed often and gets nothing for now' }),
  inFlight: z.int().meta({ description: 'Requests of the gateway that wait for its answer' }),
});

export const TopologyResource = z
  .object({
    topology: z.string().meta({ example: 'monolith' }),
    discovery: z.object({
      source: z.enum(['static', 'dns', 'consul']),
      registry: z
        .enum(['up', 'down'])
        .meta({ description: 'Whether the source responded to the last request' }),
    }),
    processes: z.array(
      z.object({
        name: z.string(),
        hosts: z.array(z.string()),
        instances: z.array(InstanceResource),
        isStale: z
          .boolean()
          .meta({ description: 'The source lists no instance now; these are the last known ones' }),
        breakers: z
          .array(BreakerResource)
          .nullable()
          .meta({ description: 'For its outgoing calls; null when it does not respond' }),
      }),
    ),
    missing: MissingContexts.meta({ description: 'The contexts whose process did not answer' }),
    events: z
      .array(z.object({ from: z.string(), to: z.string(), types: z.array(z.string()) }))
      .meta({ description: 'Which context handles which events of which other' }),
  })
  .meta({ id: 'Topology' });

@ApiTags('Operations')
@AdminOnly()
@Controller('api/admin/topology')
export class TopologyController {
  constructor(
    private readonly placement: Placement,
    private readonly view: OperatorView,
    private readonly discovery: Discovery,
    private readonly balancer: Balancer,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Which process hosts which contexts, its instances, and whom it cannot reach' })
  @ApiResponse({ status: 200, description: 'The topology that runs', standardSchema: TopologyResource })
  async read(): Promise<z.output<typeof TopologyResource>> {
    const answered = await Promise.all(
      this.placement.processes.map(async (process) => ({
        process,
        answer: await this.view.breakersOf(process),
      })),
    );
    const { source, registryIsUp } = this.discovery;
    return {
      topology: this.placement.topology,
      discovery: { source, registry: registryIsUp ? 'up' : 'down' },
      processes: answered.map(({ process: { name, hosts }, answer: { breakers } }) => ({
        name,
        hosts: [...hosts],
        ...this.instancesOf(hosts[0] as Component),
        breakers,
      })),
      missing: answered.flatMap(({ process: { hosts }, answer }) =>
        answer.breakers === null ? hosts.map((context) => ({ context, reason: answer.reason })) : [],
      ),
      events: eventRoutes(this.placement.product),
    };
  }

  /** All components of a process share the same instances. */
  private instancesOf(host: Component) {
    const instances = this.balancer.describe(host).map(({ instance, ejected, inFlight }) => ({
      ...instance,
      state: ejected ? ('ejected' as const) : ('healthy' as const),
      inFlight,
    }));
    return { instances, isStale: this.discovery.isKept(host) };
  }
}

/** Which context handles the events of which other context. */
function eventRoutes({ contexts }: Product): { from: string; to: string; types: string[] }[] {
  const pairs = contexts.flatMap((to) => contexts.map((from) => ({ from, to })));
  return pairs
    .map(({ from, to }) => {
      const published = from.publishes.map(({ name }) => name);
      const types = handledEvents(to)
        .map(({ name }) => name)
        .filter((name) => published.includes(name));
      return { from: from.name, to: to.name, types };
    })
    .filter(({ types }) => types.length > 0);
}

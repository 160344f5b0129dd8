import { Body, Controller, Get, HttpCode, Logger, Post } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { AdminOnly, ApiProblems } from '@fissile/kit/http';
import { type Component, handledEvents, hasCode, type Product } from '@fissile/kit/contract';
import { currentCall } from '@fissile/kit/request';
import { Balancer, Discovery, BREAKER_STATES, Placement } from '@fissile/kit/rpc';
import { OperationsClients } from '@fissile/kit/operations';
import { OperatorView } from '../operator-view.js';
import {
  CHANGE_STAGES,
  ChangeRequest,
  changeOf,
  type ControlView,
  TopologyControl,
} from '@fissile/kit/operations';
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

const ChangeResource = z
  .object({
    what: z.string().meta({ example: 'move billing to own' }),
    stage: z.enum(CHANGE_STAGES),
    startedAt: z.iso.datetime(),
    endedAt: z.iso.datetime().nullable().meta({ description: 'null while it is under way' }),
    error: z.string().nullable().meta({ description: 'Why it was rolled back, or could not be' }),
    waitingFor: z
      .array(z.string())
      .meta({ description: 'The processes that have not acknowledged the new placement yet' }),
  })
  .meta({ id: 'TopologyChange' });

export const PlacementResource = z.object({
  topologies: z.array(z.string()).meta({
    example: ['monolith', 'split'],
    description:
      'Those of config/topology.yaml, and monolith, that can be applied now; not those that need code which a process was started without',
  }),
  applied: z.string().nullable().meta({
    example: 'monolith',
    description:
      'Which of the topologies the processes are now; null when contexts differ from each, or instances where the supervisor holds the placement',
  }),
  version: z.int().meta({ description: 'Higher after each change' }),
  processes: z.array(
    z.object({
      name: z.string(),
      hosts: z.array(z.string()),
      standby: z.array(z.string()).meta({ description: 'What may move to it' }),
      pids: z.array(z.int()),
      state: z.enum(['running', 'starting', 'stopped']),
      downSince: z.iso.datetime().nullable().meta({
        description: 'When it ended by itself, until it serves again; null where that is not known',
      }),
    }),
  ),
  change: ChangeResource.nullable().meta({ description: 'The last change, or the one under way' }),
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
    placement: PlacementResource.nullable().meta({
      description:
        'What can be changed while it runs; null where nothing on this machine starts the processes',
    }),
    events: z
      .array(z.object({ from: z.string(), to: z.string(), types: z.array(z.string()) }))
      .meta({ description: 'Which context handles which events of which other' }),
  })
  .meta({ id: 'Topology' });

@ApiTags('Operations')
@AdminOnly()
@Controller('api/admin/topology')
export class TopologyController {
  private readonly logger = new Logger('Topology');

  constructor(
    private readonly placement: Placement,
    private readonly view: OperatorView,
    private readonly discovery: Discovery,
    private readonly balancer: Balancer,
    private readonly control: TopologyControl,
    private readonly operations: OperationsClients,
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
      placement: await this.placementNow(),
      events: eventRoutes(this.placement.product),
    };
  }

  @Post('changes')
  @HttpCode(202)
  @ApiOperation({
    summary:
      'Move a context, apply a topology, or restart, stop, start, kill or scale a process, while requests are served',
    description:
      'One change at a time. The topology shows how far it is. A process that is stopped leaves what it hosts without an owner. To kill one, as a crash would, is refused in production.',
  })
  @ApiResponse({ status: 202, description: 'The change has begun', standardSchema: PlacementResource })
  @ApiProblems('validation_failed', 'topology_not_changed')
  async change(
    @Body({ schema: ChangeRequest }) body: z.output<typeof ChangeRequest>,
  ): Promise<z.output<typeof PlacementResource>> {
    const view = toPlacement(await this.control.carryOut(changeOf(body)));
    const what = view.change?.what ?? body.action;
    this.logger.log(`${what} was asked for by ${currentCall()?.caller?.userId}`);
    void this.record(what);
    return view;
  }

  /** The change has begun, and does not wait for the audit log of a context that it may be about to repair. */
  private async record(what: string): Promise<void> {
    try {
      await this.operations.auditor?.recordTopologyChange({ what });
    } catch (error) {
      this.logger.warn(`${what} is not in the audit log: ${String(error)}`);
    }
  }

  private async placementNow(): Promise<z.output<typeof PlacementResource> | null> {
    try {
      return toPlacement(await this.control.carryOut({ action: 'show' }));
    } catch (error) {
      if (hasCode(error, 'topology_not_changed')) return null;
      throw error;
    }
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

function toPlacement(view: ControlView): z.output<typeof PlacementResource> {
  const { topologies, applied, version, processes, change } = view;
  return {
    topologies: [...topologies],
    applied,
    version,
    processes: processes.map(({ hosts, standby, pids, ...rest }) => ({
      ...rest,
      hosts: [...hosts],
      standby: [...standby],
      pids: [...pids],
    })),
    change: change && { ...change, waitingFor: [...change.waitingFor] },
  };
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

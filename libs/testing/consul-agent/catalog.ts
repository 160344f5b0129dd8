import { randomUUID } from 'node:crypto';
import type { Reading } from './blocking-query.js';
import { runHttpCheck } from './http-check.js';
import type { RaftIndex } from './raft-index.js';
import type { CheckStatus, RegisteredCheck, RegisteredService } from './registration.js';

/** Consul's own limits; a test that cannot wait that long sets lower ones. */
export interface ReapingTimes {
  /** The minimum time before a critical service is deregistered, even if it requests less. */
  readonly minCriticalMs: number;
  readonly everyMs: number;
}

interface WatchedCheck {
  readonly id: string;
  readonly definition: RegisteredCheck;
  readonly timer: NodeJS.Timeout;
  status: CheckStatus;
  output: string;
  criticalSince: number | undefined;
  createIndex: number;
  modifyIndex: number;
}

interface Instance {
  readonly id: string;
  readonly service: RegisteredService;
  readonly checks: readonly WatchedCheck[];
  readonly createIndex: number;
  readonly modifyIndex: number;
}

const NODE = 'fake';

/** The services of one agent, their HTTP checks, and their state in Consul's catalog. */
export class Catalog {
  readonly nodeId = randomUUID();
  private readonly instances = new Map<string, Instance>();
  /** The index of the last change to each service by name, also for services without instances. */
  private readonly changes = new Map<string, number>();
  private reaper: NodeJS.Timeout | undefined;

  constructor(
    private readonly log: RaftIndex,
    private readonly reaping: ReapingTimes,
  ) {}

  /** Starts the checks, until `stop`. */
  start(): void {
    this.reaper = setInterval(() => this.reap(), this.reaping.everyMs).unref();
    for (const { service } of [...this.instances.values()]) this.register(service);
  }

  stop(): void {
    clearInterval(this.reaper);
    for (const { checks } of this.instances.values()) for (const { timer } of checks) clearInterval(timer);
  }

  /** A new registration replaces the previous one; a check with the same id keeps its status. */
  register(service: RegisteredService): void {
    const id = service.ID ?? service.Name;
    const earlier = this.instances.get(id);
    for (const { timer } of earlier?.checks ?? []) clearInterval(timer);
    const modifyIndex = this.log.advance();
    const definitions = [...(service.Check ? [service.Check] : []), ...service.Checks];
    const checks = definitions.map((definition, index) => {
      const checkId = definition.CheckID ?? `service:${id}${definitions.length > 1 ? `:${index + 1}` : ''}`;
      const known = earlier?.checks.find((check) => check.id === checkId);
      return this.watch(checkId, definition, known, modifyIndex);
    });
    const createIndex = earlier?.createIndex ?? modifyIndex;
    this.instances.set(id, { id, service, checks, createIndex, modifyIndex });
    this.changes.set(service.Name, modifyIndex);
    for (const check of checks) void this.run(check);
  }

  /** @returns whether the service existed */
  deregister(id: string): boolean {
    const instance = this.instances.get(id);
    if (!instance) return false;
    for (const { timer } of instance.checks) clearInterval(timer);
    this.instances.delete(id);
    this.changes.set(instance.service.Name, this.log.advance());
    return true;
  }

  clear(): void {
    for (const id of [...this.instances.keys()]) this.deregister(id);
    this.changes.clear();
  }

  restore(index: number): void {
    for (const [name, change] of this.changes) this.changes.set(name, Math.min(change, index));
  }

  /** Runs all checks now. */
  async runChecks(): Promise<void> {
    const checks = [...this.instances.values()].flatMap((instance) => instance.checks);
    await Promise.all(checks.map((check) => this.run(check)));
  }

  /** Deregisters services that have been critical for as long as their check allows. */
  reap(now = Date.now()): void {
    for (const { id, checks } of [...this.instances.values()]) {
      const isOverdue = checks.some(({ definition, criticalSince }) => {
        const after = definition.DeregisterCriticalServiceAfter;
        if (after === undefined || criticalSince === undefined) return false;
        return now - criticalSince >= Math.max(after, this.reaping.minCriticalMs);
      });
      if (isOverdue) this.deregister(id);
    }
  }

  /** GET /v1/health/service/:name */
  readHealth(name: string, { passing, tag }: { passing: boolean; tag: string | null }): Reading {
    const found = [...this.instances.values()]
      .filter(({ service }) => service.Name === name && (tag === null || service.Tags.includes(tag)))
      .filter(({ checks }) => !passing || checks.every(({ status }) => status === 'passing'));
    const body = found.map((instance) => ({
      Node: this.node(),
      Service: serviceJson(instance),
      Checks: [serfHealth(), ...instance.checks.map((check) => checkJson(check, instance))],
    }));
    return { index: this.changes.get(name) ?? this.lastChange, status: 200, body };
  }

  /** GET /v1/catalog/services */
  readNames(): Reading {
    const byName = Object.groupBy([...this.instances.values()], ({ service }) => service.Name);
    const body = Object.fromEntries(
      Object.entries(byName).map(([name, instances]) => [
        name,
        [...new Set(instances?.flatMap(({ service }) => service.Tags))],
      ]),
    );
    return { index: this.lastChange, status: 200, body: { consul: [], ...body } };
  }

  /** GET /v1/agent/services */
  registered() {
    return Object.fromEntries(
      [...this.instances.values()].map((instance) => [instance.id, serviceJson(instance)]),
    );
  }

  private get lastChange(): number {
    return Math.max(1, ...this.changes.values());
  }

  private node() {
    return {
      ID: this.nodeId,
      Node: NODE,
      Address: '127.0.0.1',
      Datacenter: 'dc1',
      TaggedAddresses: { lan: '127.0.0.1', wan: '127.0.0.1' },
      Meta: { 'consul-network-segment': '' },
      CreateIndex: 5,
      ModifyIndex: 6,
    };
  }

  private watch(
    id: string,
    definition: RegisteredCheck,
    known: WatchedCheck | undefined,
    index: number,
  ): WatchedCheck {
    const status = known?.status ?? definition.Status;
    const check: WatchedCheck = {
      id,
      definition,
      timer: setInterval(() => void this.run(check), definition.Interval).unref(),
      status,
      output: known?.output ?? '',
      criticalSince: known ? known.criticalSince : status === 'critical' ? Date.now() : undefined,
      createIndex: known?.createIndex ?? index,
      modifyIndex: index,
    };
    return check;
  }

  private async run(check: WatchedCheck): Promise<void> {
    const { status, output } = await runHttpCheck(check.definition);
    const owner = [...this.instances.values()].find(({ checks }) => checks.includes(check));
    if (!owner) return;
    check.output = output;
    if (status === check.status) return;
    check.status = status;
    check.criticalSince = status === 'critical' ? Date.now() : undefined;
    check.modifyIndex = this.log.advance();
    this.changes.set(owner.service.Name, check.modifyIndex);
  }
}

function serviceJson({ id, service, createIndex, modifyIndex }: Instance) {
  const { Name, Tags, Address, Port, Meta, Weights, EnableTagOverride } = service;
  return {
    ID: id,
    Service: Name,
    Tags,
    Address,
    Meta,
    Port,
    Weights,
    EnableTagOverride,
    CreateIndex: createIndex,
    ModifyIndex: modifyIndex,
  };
}

function checkJson(check: WatchedCheck, { id, service }: Instance) {
  return {
    Node: NODE,
    CheckID: check.id,
    Name: check.definition.Name ?? `Service '${service.Name}' check`,
    Status: check.status,
    Notes: check.definition.Notes,
    Output: check.output,
    ServiceID: id,
    ServiceName: service.Name,
    ServiceTags: service.Tags,
    Type: 'http',
    CreateIndex: check.createIndex,
    ModifyIndex: check.modifyIndex,
  };
}

/** The check of the node itself, which members of a cluster perform for each other. */
function serfHealth() {
  return {
    Node: NODE,
    CheckID: 'serfHealth',
    Name: 'Serf Health Status',
    Status: 'passing',
    Notes: '',
    Output: 'Agent alive and reachable',
    ServiceID: '',
    ServiceName: '',
    ServiceTags: [],
    Type: '',
    CreateIndex: 5,
    ModifyIndex: 5,
  };
}

import { Logger } from '@nestjs/common';
import { GATEWAY } from '@fissile/kit/contract';
import type { Discovery, Endpoint, Placement, PlacementState, PlannedProcess } from '@fissile/kit/rpc';
import type { PlacementMember } from '../placement-member.js';
import type { MemberKey } from './member-key.js';
import {
  membersOf,
  type StoredMember,
  type StoredPlacement,
  type StoredState,
  type StoreView,
  worksFor,
} from './stored-placement.js';

/** What a process follows the store with. */
export interface FollowerParts {
  readonly placement: Placement;
  readonly member: Pick<PlacementMember, 'carryOut'>;
  readonly discovery: Pick<Discovery, 'found' | 'instancesOf' | 'sourceUnavailable'>;
  readonly key: Pick<MemberKey, 'say'>;
}

/**
 * This process as one that follows what the store says: it works for what it is to work for, routes as it is told, and says what it
 * has done. It goes by what the store says last, whatever it has missed.
 */
export class PlacementFollower {
  private readonly logger = new Logger('Topology');
  private wanted: StoredPlacement | undefined;
  private members: readonly StoredMember[] = [];
  private running: Promise<void> | undefined;
  private followed = 0;
  private followedVersion = 0;
  private error: string | null = null;

  constructor(private readonly parts: FollowerParts) {}

  /** Says that this process is there, and follows from now on. */
  join(): void {
    this.say();
  }

  take({ stored, members }: StoreView): void {
    this.members = members;
    this.parts.placement.locate((process) => endpointsOf(members, process));
    this.wanted = stored;
    this.running ??= this.follow().finally(() => (this.running = undefined));
  }

  /** Goes on with what it knows. */
  lose(): void {
    for (const host of this.hosts) this.parts.discovery.sourceUnavailable(host);
  }

  findAgain(): void {
    const { discovery } = this.parts;
    for (const host of this.hosts) discovery.found(host, discovery.instancesOf(host));
  }

  private get hosts(): string[] {
    return this.parts.placement.processes.flatMap(({ hosts }) => hosts);
  }

  /** One after the other: a step that is overtaken while another is under way is left out. */
  private async follow(): Promise<void> {
    for (let next = this.wanted; next && !this.hasFollowed(next); next = this.wanted) {
      this.error = await this.carryOut(next).then(
        () => null,
        (error: unknown) => (error instanceof Error ? error.message : String(error)),
      );
      if (this.error !== null) this.logger.warn(`The placement is not followed: ${this.error}`);
      this.followed = next.step;
      this.followedVersion = next.placement.version;
      this.say();
    }
  }

  /** A Consul that has forgotten everything counts the steps from one again. */
  private hasFollowed({ step, placement }: StoredPlacement): boolean {
    return step === this.followed && placement.version === this.followedVersion;
  }

  private async carryOut(stored: StoredPlacement): Promise<void> {
    const { placement, member } = this.parts;
    if (stored.placement.version < placement.version) {
      throw new Error(
        `version ${stored.placement.version} of the placement is older than ${placement.version}, which runs`,
      );
    }
    const works = worksFor(stored, placement.self.name).filter((host) => host !== GATEWAY);
    const missing = works.filter((context) => !placement.loaded.includes(context));
    if (missing.length > 0) throw new Error(`there is no code of ${missing.join(', ')}`);
    await member.carryOut({ do: 'host', contexts: works });
    await member.carryOut({
      do: 'place',
      state: located(stored.placement, this.members, placement.processes),
    });
    const others = placement.loadedContexts.filter((context) => !works.includes(context));
    await member.carryOut({ do: 'release', contexts: others });
  }

  private say(): void {
    const { placement, key } = this.parts;
    const { name, address, httpPort, rpcPort } = placement.self;
    key.say({
      process: name,
      pid: process.pid,
      address,
      httpPort,
      rpcPort,
      loaded: [...placement.loaded],
      runs: this.wanted ? [...worksFor(this.wanted, name)] : [...placement.localContexts],
      version: placement.version,
      step: this.followed,
      error: this.error,
    } satisfies StoredMember);
  }
}

/** The placement with the places that its instances say, or else those known before. */
export function located(
  placement: StoredState,
  members: readonly StoredMember[],
  before: readonly PlannedProcess[],
): PlacementState {
  const processes = placement.processes.map((process) => {
    const said = endpointsOf(members, process.name);
    const known = before.find(({ name }) => name === process.name)?.endpoints ?? [];
    return { ...process, endpoints: said.length > 0 ? said : known };
  });
  return { ...placement, processes };
}

/** Each once: of a process that was killed, the successor may be there while its key is too. */
function endpointsOf(members: readonly StoredMember[], process: string): Endpoint[] {
  const places = membersOf(members, process).map(({ address, httpPort, rpcPort }) => ({
    address,
    httpPort,
    rpcPort,
  }));
  return [...new Map(places.map((place) => [`${place.address} ${place.httpPort}`, place])).values()];
}

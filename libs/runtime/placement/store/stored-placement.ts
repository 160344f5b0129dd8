import { z } from 'zod';
import { CHANGE_STAGES } from '@fissile/kit/operations';

const Process = z.object({
  name: z.string(),
  hosts: z.array(z.string()),
  standby: z.array(z.string()).optional(),
  /** Where the instances are, they say themselves. */
  endpoints: z.array(z.never()),
});

const State = z.object({ topology: z.string(), version: z.int(), processes: z.array(Process) });

const Change = z.object({
  what: z.string(),
  stage: z.enum(CHANGE_STAGES),
  startedAt: z.iso.datetime(),
  endedAt: z.iso.datetime().nullable(),
  error: z.string().nullable(),
  from: State,
  target: State,
  /** When it is rolled back if what it needs has not been started. */
  startBy: z.iso.datetime(),
  wantsBack: z.boolean(),
});

/** What the store keeps for all processes. */
export const StoredPlacement = z.object({
  placement: State,
  /** Higher after each write that processes follow, and acknowledge when they have. */
  step: z.int(),
  /** The last change, or the one under way. */
  change: Change.nullable(),
});

/** What an instance says of itself, for as long as its session lives. */
export const StoredMember = z.object({
  process: z.string(),
  pid: z.int(),
  address: z.string(),
  httpPort: z.int(),
  rpcPort: z.int(),
  /** What it has the code of. */
  loaded: z.array(z.string()),
  /** What it works for now. */
  runs: z.array(z.string()),
  /** The version of the placement that it routes by. */
  version: z.int(),
  /** The last step that it has followed. */
  step: z.int(),
  /** Why it could not follow that step. */
  error: z.string().nullable(),
});

export type StoredState = z.output<typeof State>;
export type StoredProcess = z.output<typeof Process>;
export type StoredChange = z.output<typeof Change>;
export type StoredPlacement = z.output<typeof StoredPlacement>;
export type StoredMember = z.output<typeof StoredMember>;

/** All that the store says at one moment. */
export interface StoreView {
  /** undefined before anybody has written it. */
  readonly stored: StoredPlacement | undefined;
  /** Of the last write of what is stored; 0 when nothing is. */
  readonly index: number;
  readonly members: readonly StoredMember[];
}

export const NOTHING_STORED: StoreView = { stored: undefined, index: 0, members: [] };

export function isUnderWay(change: StoredChange | null): change is StoredChange & { endedAt: null } {
  return change !== null && change.endedAt === null;
}

/** What the instances of a process are to work for now: while a change has not been told to all, what takes over works beside what gives away. */
export function worksFor({ placement, change }: StoredPlacement, process: string): readonly string[] {
  const now = hostsIn(placement, process);
  if (!isUnderWay(change)) return now;
  const { stage, from, target } = change;
  if (stage === 'rolling back') return hostsIn(from, process);
  if (stage === 'draining') return hostsIn(target, process);
  return [...new Set([...hostsIn(from, process), ...hostsIn(target, process)])];
}

function hostsIn({ processes }: StoredState, name: string): readonly string[] {
  return processes.find((process) => process.name === name)?.hosts ?? [];
}

export function membersOf(members: readonly StoredMember[], process: string): readonly StoredMember[] {
  return members.filter((member) => member.process === process);
}

import { differences, type ProcessChange } from '../plan-change.js';
import {
  isUnderWay,
  membersOf,
  type StoredChange,
  type StoredMember,
  type StoredPlacement,
  type StoredState,
} from './stored-placement.js';

export const ON_REQUEST = 'it was rolled back on request';

/**
 * The state that follows, once what the present one waits for has come; undefined while it has not. It depends on nothing that a process
 * knows alone: whoever writes it first, as long as the store still says what this was made from, has written what the others would have.
 */
export function advance(
  stored: StoredPlacement,
  members: readonly StoredMember[],
  now: Date,
): StoredPlacement | undefined {
  const { change } = stored;
  if (!isUnderWay(change)) return undefined;
  const waiting = waitingFor(stored, members);
  switch (change.stage) {
    case 'starting':
      return afterStarting(stored, change, { members, waiting, now });
    case 'ready':
      if (change.wantsBack) return rollingBack(stored, change, ON_REQUEST);
      return {
        placement: { ...change.target, version: stored.placement.version + 1 },
        step: stored.step + 1,
        change: { ...change, stage: 'moving' },
      };
    case 'moving':
      // Former owners work yet: it need not wait for one that takes over and does not come back.
      if (change.wantsBack) return wayBack(stored, change, now);
      if (waiting.length > 0) return undefined;
      return { ...stored, step: stored.step + 1, change: { ...change, stage: 'draining' } };
    case 'draining':
      if (waiting.length > 0) return undefined;
      return change.wantsBack ? wayBack(stored, change, now) : ended(stored, change, 'drained', now);
    default:
      return waiting.length > 0 ? undefined : ended(stored, change, 'rolled back', now);
  }
}

/** What the change waits for, in words. */
export function waitingFor(stored: StoredPlacement, members: readonly StoredMember[]): string[] {
  const { change, step } = stored;
  if (!isUnderWay(change)) return [];
  const gains = gainsBetween(change.from, change.target);
  const notYet = (names: readonly string[]): string[] =>
    names.filter((name) => membersOf(members, name).some((member) => member.step < step));
  const notThere = gains
    .filter(({ name }) => membersOf(members, name).length === 0)
    .map(({ name }) => `${name}: start it, 0 of 1 runs`);
  switch (change.stage) {
    case 'starting':
      return [...notThere, ...notYet(namesOf(gains))];
    case 'moving':
      return [...notThere, ...notYet([...new Set(members.map(({ process }) => process))])];
    case 'draining':
      return notYet(namesOf(gainsBetween(change.target, change.from)));
    case 'rolling back':
      return notYet(namesOf(gains));
    default:
      return [];
  }
}

/** The processes that host more in the second state than in the first, and what. */
export function gainsBetween(from: StoredState, target: StoredState): ProcessChange[] {
  return differences(target.processes, (name) => from.processes.find((process) => process.name === name));
}

/** Why an instance cannot host these: undefined when it has their code. */
export function lackOfCode({ name, contexts }: ProcessChange, { loaded }: StoredMember): string | undefined {
  const missing = contexts.filter((context) => !loaded.includes(context));
  return missing.length > 0 ? `${name} was started without the code of ${missing.join(', ')}` : undefined;
}

/** The beginning of a change, from what is stored now. */
export function beginning(
  stored: StoredPlacement,
  what: string,
  target: StoredState,
  times: { readonly now: Date; readonly startMs: number },
): StoredPlacement {
  return {
    placement: stored.placement,
    step: stored.step + 1,
    change: {
      what,
      stage: 'starting',
      startedAt: times.now.toISOString(),
      endedAt: null,
      error: null,
      from: stored.placement,
      target,
      startBy: new Date(times.now.getTime() + times.startMs).toISOString(),
      wantsBack: false,
    },
  };
}

function afterStarting(
  stored: StoredPlacement,
  change: StoredChange,
  { members, waiting, now }: { members: readonly StoredMember[]; waiting: readonly string[]; now: Date },
): StoredPlacement | undefined {
  if (change.wantsBack) return rollingBack(stored, change, ON_REQUEST);
  const obstacle = obstacleTo(stored, change, members);
  if (obstacle !== undefined) return rollingBack(stored, change, obstacle);
  if (waiting.length === 0) return { ...stored, change: { ...change, stage: 'ready' } };
  if (now < new Date(change.startBy)) return undefined;
  return rollingBack(stored, change, `it waited too long (PLACEMENT_START_MS) for ${waiting.join('; ')}`);
}

/** Why what is to take over cannot. */
function obstacleTo(
  { step }: StoredPlacement,
  { from, target }: StoredChange,
  members: readonly StoredMember[],
): string | undefined {
  for (const gain of gainsBetween(from, target)) {
    for (const member of membersOf(members, gain.name)) {
      const lack = lackOfCode(gain, member);
      if (lack !== undefined) return lack;
      if (member.error !== null && member.step === step) return `${gain.name}: ${member.error}`;
    }
  }
  return undefined;
}

function rollingBack(stored: StoredPlacement, change: StoredChange, error: string): StoredPlacement {
  return { ...stored, step: stored.step + 1, change: { ...change, stage: 'rolling back', error } };
}

/** After everybody was told, the way back is a change like any other. */
function wayBack(stored: StoredPlacement, change: StoredChange, now: Date): StoredPlacement {
  const startMs = new Date(change.startBy).getTime() - new Date(change.startedAt).getTime();
  return beginning(stored, `roll back ${change.what}`, change.from, { now, startMs });
}

function ended(
  stored: StoredPlacement,
  change: StoredChange,
  stage: 'drained' | 'rolled back',
  now: Date,
): StoredPlacement {
  return { ...stored, change: { ...change, stage, endedAt: now.toISOString() } };
}

function namesOf(processes: readonly { readonly name: string }[]): string[] {
  return processes.map(({ name }) => name);
}

import { type Component, ContextError } from '@fissile/kit/contract';

export const CHANGE_STAGES = [
  'starting',
  'ready',
  'moving',
  'draining',
  'drained',
  'rolling back',
  'rolled back',
] as const;

/** How far a change of the topology is. It has ended when it is `drained` or `rolled back`. */
export type ChangeStage = (typeof CHANGE_STAGES)[number];

export interface ChangeView {
  /** What was asked for, such as `move billing to own` or `restart billing`. */
  readonly what: string;
  readonly stage: ChangeStage;
  readonly startedAt: string;
  readonly endedAt: string | null;
  /** Why it was rolled back, or could not be. */
  readonly error: string | null;
  /** The processes that have not acknowledged the new placement yet. */
  readonly waitingFor: readonly string[];
}

export interface RunningProcessView {
  readonly name: string;
  readonly hosts: readonly Component[];
  /** What may move to it. */
  readonly standby: readonly Component[];
  readonly pids: readonly number[];
  readonly state: 'running' | 'starting' | 'stopped';
  /** Since when none of it serves, if it ended by itself and whoever starts it has seen that. */
  readonly downSince: string | null;
}

/** The processes of this machine, and the last change of what they host. */
export interface ControlView {
  readonly topology: string;
  /** Those of config/topology.yaml, and `monolith`, that can be applied as the processes are now. */
  readonly topologies: readonly string[];
  /** Which of them the processes are now: applying it would change nothing. */
  readonly applied: string | null;
  readonly version: number;
  readonly processes: readonly RunningProcessView[];
  readonly change: ChangeView | null;
}

export type TopologyRequest =
  | { readonly action: 'show' }
  /** `to` is the name of a process, or `own` for one of its own. */
  | { readonly action: 'move'; readonly context: string; readonly to: string }
  | { readonly action: 'apply'; readonly topology: string }
  | { readonly action: 'roll-back' }
  /** `stop` leaves what the process hosts without an owner, until it is started again or its contexts move. */
  | { readonly action: 'restart' | 'stop' | 'start'; readonly process: string }
  /** As a crash would end it, to see what comes of that: outside of production alone. */
  | { readonly action: 'kill'; readonly process: string }
  | { readonly action: 'scale'; readonly process: string; readonly instances: number };

/** Who can change what the processes host while they run: whoever starts and stops them. */
export abstract class TopologyControl {
  /**
   * Shows the processes, or begins a change and shows how it has begun.
   * @throws ContextError topology_not_changed with what is wrong
   */
  abstract carryOut(request: TopologyRequest): Promise<ControlView>;
}

/** For processes that something else starts: containers, or an application of its own. */
export class NoTopologyControl extends TopologyControl {
  override async carryOut(): Promise<ControlView> {
    throw ContextError.of(
      'topology_not_changed',
      'Nothing on this machine starts the processes; their placement is what they were started with',
    );
  }
}

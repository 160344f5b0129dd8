import { ANY_PROCESS, type Component, ContextError } from '@fissile/kit/contract';
import type { CallingProcess } from '../internal-tokens.js';
import type { Placement } from '../placement.js';

/**
 * What a process hosts. What its key or its token says counts before the topology of this process: while a topology is changed by a
 * rolling deploy, the same name stands for different processes.
 * @returns undefined when nobody knows: a secret that all share is no proof of who calls, so that is no reason to refuse
 */
export function hostsOf(
  { name, hasOwnKey, hosts }: CallingProcess,
  placement: Placement,
): readonly Component[] | undefined {
  const known = hosts ?? placement.hostsOf(name);
  return known ?? (hasOwnKey ? [] : undefined);
}

/**
 * The components in whose name a process calls: the one that it says, which it must host, or any that it hosts where it says none, as
 * processes of earlier versions do. Where nobody knows what such a process hosts, it may be any.
 * @throws ContextError internal_port for a component that the process does not host
 */
export function callingComponents(
  process: CallingProcess,
  said: string | undefined,
  placement: Placement,
): readonly Component[] {
  const hosts = hostsOf(process, placement);
  if (said === undefined) return [...(hosts ?? placement.product.components), ANY_PROCESS];
  if (hosts && !hosts.includes(said)) {
    throw ContextError.of('internal_port', `${process.name} does not host ${said}`);
  }
  return [said];
}

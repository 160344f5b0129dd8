import { ANY_PROCESS, type Component, ContextError } from '@fissile/kit/contract';
import type { CallingProcess } from '../internal-tokens.js';
import type { Placement } from '../placement.js';

/**
 * The components in whose name a process calls: the one that it says, which it must host, or any that it hosts where it says none, as
 * processes of earlier versions do.
 * @throws ContextError internal_port for a component that the process does not host
 */
export function callingComponents(
  { name, hosts: registered }: CallingProcess,
  said: string | undefined,
  placement: Placement,
): readonly Component[] {
  const hosts = placement.hostsOf(name) ?? registered;
  if (said === undefined) return [...(hosts ?? []), ANY_PROCESS];
  // With a shared secret nobody knows what a process of another topology hosts; who has the secret can be any process.
  if (hosts && !hosts.includes(said)) throw ContextError.of('internal_port', `${name} does not host ${said}`);
  return [said];
}

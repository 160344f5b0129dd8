import { useLoaded } from '../shared/use-loaded.ts';
import { product } from './product.ts';
import { EDGE } from './topology-graph.ts';

/** The names of the contexts that there are, as the topology knows them: a new one has sagas, events and a log too. */
export function useContexts(): string[] {
  const topology = useLoaded(() => product.get('/api/admin/topology'), []);
  const hosts = topology.value?.processes.flatMap((process) => process.hosts) ?? [];
  return [...new Set(hosts)].filter((host) => host !== EDGE).sort();
}

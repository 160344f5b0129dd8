import { useLoaded } from '../shared/use-loaded.ts';
import { product } from './product.ts';

/** The names of the processes, of which some may have come while the product runs. */
export function useProcesses(): readonly string[] {
  const { value } = useLoaded(() => product.get('/api/admin/topology'), []);
  return (value?.processes ?? []).map(({ name }) => name).sort();
}

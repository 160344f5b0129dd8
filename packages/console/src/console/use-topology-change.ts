import { useSay } from '../shared/notices.tsx';
import { messageOf } from '../shared/product-api.ts';
import { product } from './product.ts';

type Change =
  | { action: 'move'; context: string; to: string }
  | { action: 'apply'; topology: string }
  | { action: 'roll-back' }
  | { action: 'restart' | 'stop' | 'start'; process: string }
  | { action: 'scale'; process: string; instances: number };

/** Asks for a change of the topology, and says that it has begun, or why it is refused. */
export function useTopologyChange(): (body: Change, begun: string) => void {
  const say = useSay();
  const ask = async (body: Change, begun: string): Promise<void> => {
    try {
      await product.post('/api/admin/topology/changes', { body });
      say(begun);
    } catch (refusal) {
      say(messageOf(refusal));
    }
  };
  return (body, begun) => void ask(body, begun);
}

import { type DescribedProcess, type DescribedTopologies, hasCode } from '@fissile/kit/contract';
import type { ControlView } from '@fissile/kit/operations';

/**
 * Which of these topologies can be applied now, and which one it is already.
 * @param current the one that was applied last, which counts where several are the same
 * @param wouldChange whether anything changes when it is applied; it throws topology_not_changed where it cannot be
 */
export function choiceOf(
  topologies: DescribedTopologies,
  current: string,
  wouldChange: (topology: string, processes: readonly DescribedProcess[]) => boolean,
): Pick<ControlView, 'topologies' | 'applied'> {
  const possible = [...topologies].flatMap(([name, processes]) => {
    try {
      return { name, isNow: !wouldChange(name, processes) };
    } catch (error) {
      if (hasCode(error, 'topology_not_changed')) return [];
      throw error;
    }
  });
  const now = possible.filter(({ isNow }) => isNow).map(({ name }) => name);
  return {
    topologies: possible.map(({ name }) => name),
    applied: now.includes(current) ? current : (now[0] ?? null),
  };
}

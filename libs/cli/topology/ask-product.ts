import type { ControlView, TopologyRequest } from '@fissile/kit/operations';
import { askControl, controlSocketIn } from '@fissile/kit/host';
import { CommandError } from '../command-error.js';

/**
 * Asks the running product whose data is in that folder.
 * @throws CommandError when none runs there, or when it refuses
 */
export async function askProduct(dataDir: string, request: TopologyRequest): Promise<ControlView> {
  const { status, answer } = await askControl(dataDir, request).catch(() => {
    const socket = controlSocketIn(dataDir);
    throw new CommandError(
      `No product listens at ${socket}; expected one that \`npm start\` has started, with the same DATA_DIR`,
    );
  });
  if (status === 200) return answer as ControlView;
  const { message = `The product answered ${status}` } = answer as { message?: string };
  throw new CommandError(message);
}

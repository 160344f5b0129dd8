import { basename } from 'node:path';

/** These start a shop of their own with its own settings, or stop parts of it. All others ask the shop of the run. */
const WITH_OWN_SHOP = ['audit', 'crashes', 'edge', 'logs', 'notifications', 'start'];

/**
 * The group of a compiled test file, whose files share a process: loading what a test imports takes longer than most tests
 * do. Unit tests are grouped by room or app, scenarios that share a shop are one group, and what starts programs is alone.
 */
export function specGroup(file: string): string | undefined {
  const room = /^(libs\/dist\/\w+|dist\/apps\/\w+)\//.exec(file);
  if (room) return room[1];
  if (!file.startsWith('dist/test/scenarios/')) return undefined;
  return WITH_OWN_SHOP.includes(basename(file, '.spec.js')) ? undefined : 'scenarios';
}

import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { SettingDescription } from '@fissile/kit/config';
import { renderSettings } from './render-settings.js';

export const PAGE = 'docs/settings.md';

/** The program that hosts all components, and so knows every setting. */
const MONOLITH = 'dist/apps/monolith/src/main.js';

/** Every setting, from the schemas of the shop. */
export async function readSchemas(): Promise<SettingDescription[]> {
  const { stdout } = await promisify(execFile)(process.execPath, [MONOLITH, 'config', '--schema']);
  return JSON.parse(stdout) as SettingDescription[];
}

/** The expected content of the page. */
export async function makePage(): Promise<string> {
  return renderSettings(await readSchemas());
}

import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { SettingDescription } from '@fissile/kit/config';
import { renderSettings } from './render-settings.js';

export const PAGE = 'docs/settings.md';

/** The program that hosts everything, and so knows every setting. */
const MONOLITH = 'dist/apps/monolith/src/main.js';

/** Every setting, as the schemas of the shop tell them. */
export async function readSchemas(): Promise<SettingDescription[]> {
  const { stdout } = await promisify(execFile)(process.execPath, [MONOLITH, 'config', '--schema']);
  return JSON.parse(stdout) as SettingDescription[];
}

/** What the page should say. */
export async function makePage(): Promise<string> {
  return renderSettings(await readSchemas());
}

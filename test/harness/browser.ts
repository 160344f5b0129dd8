import type { Browser } from 'playwright-core';
import { findProgram, isInstalled } from '@fissile/kit/testing';

const CHROMIUM = { debianPackage: 'chromium', program: 'chromium' };

/** For what a page is to show: as long as `until` waits, since the machine may run much else. */
export const PATIENCE_MS = 60_000;

/** Installs the browser when it is missing and can be installed. */
export function provideBrowser(): void {
  isInstalled(CHROMIUM);
}

/** Whether there is a browser. Without one, it prints a warning, or fails where CI is true. */
export function hasBrowser(): boolean {
  if (findProgram(CHROMIUM.program) !== '') return true;
  if (process.env['CI'] === 'true') throw new Error('Chromium is required and not available');
  console.warn('SKIPPED: Chromium is not installed, so the tests of the pages do not run');
  return false;
}

/** Debian's Chromium: playwright's own would have to be downloaded. */
export async function openBrowser(): Promise<Browser> {
  // Loaded lazily: it takes as long as the rest of the harness, and one test in a hundred opens pages.
  const { chromium } = await import('playwright-core');
  const isRoot = process.getuid?.() === 0;
  return chromium.launch({
    executablePath: findProgram(CHROMIUM.program),
    // Its sandbox does not start for root.
    args: isRoot ? ['--no-sandbox'] : [],
  });
}

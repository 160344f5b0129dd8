import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { CommandError } from '../command-error.js';

/** What the product was made from: written when it is made, and again by each upgrade. */
export const RECORD_FILE = '.fissile/templates.json';

const TemplateRecord = z.object({
  /** The version whose templates these are. */
  kit: z.string().regex(/^\d+\.\d+\.\d+(-[\w.-]+)?$/, 'expected a version such as 1.2.3'),
  /** What was asked when the product was made. */
  answers: z.record(z.string(), z.unknown()),
  /** The files as that version makes them, by their paths. */
  files: z.record(z.string(), z.string()),
});

export type TemplateRecord = z.output<typeof TemplateRecord>;

/** @throws CommandError that says what to do where there is none */
export function readRecord(root: string): TemplateRecord {
  const file = join(root, RECORD_FILE);
  if (!existsSync(file)) throw new CommandError(NO_RECORD);
  return parseRecord(readFileSync(file, 'utf8'));
}

/** @throws CommandError that names the fields that are wrong */
export function parseRecord(text: string): TemplateRecord {
  const { data, error } = TemplateRecord.safeParse(parseJson(text));
  if (data) return data;
  const issues = error.issues.map(({ path, message }) => `  ${path.join('.') || 'the file'}: ${message}`);
  throw new CommandError(
    `nothing was written: ${RECORD_FILE} cannot be read; take it from your last commit\n${issues.join('\n')}`,
  );
}

export function recordText(record: TemplateRecord): string {
  return `${JSON.stringify(record, null, 2)}\n`;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const NO_RECORD = `nothing was written: there is no ${RECORD_FILE}, which says what the product was made from. Products made before 0.2.0,
and those not made by npm create fissile, have none. To get one: make a product with the same name and flags in another
folder by npm create fissile@latest, take over what you want of its files, and copy its ${RECORD_FILE}. From then on
fissile upgrade works.`;

import { z } from 'zod';
import type { Setting } from './settings.js';

/** `true`, `false`, `1`, `0`, `yes`, `no`, `on` or `off`; or a boolean of a YAML file. */
export const flag = () =>
  z
    .union([z.boolean(), z.stringbool()], { error: 'expected true or false' })
    .meta({ expected: 'true or false' });

/** A whole number between two bounds. */
export const wholeNumber = (min: number, max: number) =>
  z
    .union(
      [
        z.number(),
        z
          .string()
          .regex(/^-?\d+$/)
          .transform(Number),
      ],
      {
        error: `expected a whole number from ${min} to ${max}`,
      },
    )
    .pipe(z.int(`expected a whole number from ${min} to ${max}`).min(min).max(max));

/** A number above zero. */
export const positiveNumber = () =>
  z
    .union(
      [
        z.number(),
        z
          .string()
          .regex(/^\d+(\.\d+)?$/)
          .transform(Number),
      ],
      { error: 'expected a number above 0' },
    )
    .pipe(z.number().positive('expected a number above 0'));

/** Items separated by commas; or a list of a YAML file. */
export const list = () =>
  z
    .union(
      [
        z.array(z.string()),
        z.string().transform((text) =>
          text
            .split(',')
            .map((item) => item.trim())
            .filter((item) => item !== ''),
        ),
      ],
      { error: 'expected items separated by commas' },
    )
    .meta({ expected: 'items separated by commas' });

/** @param expected the pattern in words, such as `name=value` */
export const textLike = (pattern: RegExp, expected: string) =>
  z.string().regex(pattern, `expected ${expected}`).meta({ expected });

/** An address with one of these schemes. */
export const address = (...schemes: string[]) =>
  z
    .string()
    .refine(
      (text) => URL.canParse(text) && schemes.includes(new URL(text).protocol.slice(0, -1)),
      `expected ${addressOf(schemes)}`,
    )
    .refine(isDecodable, 'expected a % in its user or password to be written as %25')
    .meta({ expected: addressOf(schemes) });

/** Drivers decode user and password, and so does what keeps them out of logs. */
function isDecodable(text: string): boolean {
  if (!URL.canParse(text)) return true;
  const { username, password } = new URL(text);
  try {
    decodeURIComponent(username + password);
    return true;
  } catch {
    return false;
  }
}

function addressOf(schemes: readonly string[]): string {
  return `an address that starts with ${schemes.map((scheme) => `${scheme}://`).join(' or ')}`;
}

/** A feature flag, switched while the process runs. Its name begins with FEATURE_. */
export const feature = (description: string, isOn = true) =>
  ({ schema: flag().default(isOn), description, live: true }) satisfies Setting<boolean>;

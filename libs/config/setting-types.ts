import { z } from 'zod';

/** `true`, `false`, `1`, `0`, `yes`, `no`, `on` or `off`; or a boolean of a YAML file. */
export const flag = () => z.union([z.boolean(), z.stringbool()], { error: 'expected true or false' });

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
  z.union([
    z.array(z.string()),
    z.string().transform((text) =>
      text
        .split(',')
        .map((item) => item.trim())
        .filter((item) => item !== ''),
    ),
  ]);

/** An address with one of these schemes. */
export const address = (...schemes: string[]) =>
  z
    .string()
    .refine(
      (text) => URL.canParse(text) && schemes.includes(new URL(text).protocol.slice(0, -1)),
      `expected an address that starts with ${schemes.map((scheme) => `${scheme}://`).join(' or ')}`,
    );

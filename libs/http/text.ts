import { z } from 'zod';

// PostgreSQL cannot store NUL, and no other control character has a place in a line of text.
// eslint-disable-next-line no-control-regex
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/;
// eslint-disable-next-line no-control-regex
const CONTROL_OR_BREAK = /[\u0000-\u001f\u007f\u2028\u2029]/;

const isWellFormed = (value: string): boolean => value.isWellFormed();

/** One line of text that is not blank. */
export const textLine = (max: number) =>
  z
    .string()
    .min(1, 'expected some text')
    .max(max, `expected at most ${max} characters`)
    .refine((value) => !CONTROL_OR_BREAK.test(value) && isWellFormed(value), 'expected no control characters')
    .refine((value) => value.trim() !== '', 'expected some text');

/** Text that may have several lines. */
export const textBlock = (max: number) =>
  z
    .string()
    .max(max, `expected at most ${max} characters`)
    .refine((value) => !CONTROL.test(value) && isWellFormed(value), 'expected no control characters');

import { z } from 'zod';

// PostgreSQL cannot store NUL, and no other control character has a place in a text but tabs and line breaks.
const CONTROL = /[^\P{Cc}\t\n\r]/u;
const CONTROL_OR_BREAK = /[\p{Cc}\u2028\u2029]/u;

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

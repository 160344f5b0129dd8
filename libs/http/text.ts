import { z } from 'zod';

// PostgreSQL cannot store NUL, and no other control character has a place in a text but tabs and line breaks.
const CONTROL = /[^\P{Cc}\t\n\r]/u;
const CONTROL_OR_BREAK = /[\p{Cc}\u2028\u2029]/u;
/** What turns the text around it, so that it reads as another: embeddings, overrides and isolates. */
const DIRECTION = /[\u202A-\u202E\u2066-\u2069]/u;
/** Something that is seen. Neither the filler of Hangul nor the empty pattern of Braille is, whatever their category. */
const VISIBLE = /[^\p{Z}\p{C}\p{Default_Ignorable_Code_Point}\u2800]/u;

const isWellFormed = (value: string): boolean => value.isWellFormed();
const turnsNoText = (value: string): boolean => !DIRECTION.test(value);
const NO_DIRECTION = 'expected no characters that change the direction of text';

/** One line of text with something to see in it. */
export const textLine = (max: number) =>
  z
    .string()
    .min(1, 'expected some text')
    .max(max, `expected at most ${max} characters`)
    .refine((value) => !CONTROL_OR_BREAK.test(value) && isWellFormed(value), 'expected no control characters')
    .refine(turnsNoText, NO_DIRECTION)
    .refine((value) => VISIBLE.test(value), 'expected some text');

/** Text that may have several lines. */
export const textBlock = (max: number) =>
  z
    .string()
    .max(max, `expected at most ${max} characters`)
    .refine((value) => !CONTROL.test(value) && isWellFormed(value), 'expected no control characters')
    .refine(turnsNoText, NO_DIRECTION);

import { z } from 'zod';

/** The part of JSON Schema that describes the values of a setting. */
interface Described {
  readonly expected?: string;
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly format?: string;
  readonly items?: Described;
  readonly anyOf?: readonly Described[];
}

/** What a setting may be, in words: `a whole number from 1 to 10`. */
export function expectedBy(schema: z.ZodType): string {
  const described = z.toJSONSchema(schema, { io: 'output', unrepresentable: 'any' });
  return inWords(described as unknown as Described);
}

function inWords(schema: Described): string {
  if (schema.expected !== undefined) return schema.expected;
  if (schema.enum)
    return schema.enum
      .map(String)
      .join(', ')
      .replace(/, ([^,]*)$/, ' or $1');
  if (schema.anyOf) return [...new Set(schema.anyOf.map(inWords))].join(', or ');
  if (schema.type === 'boolean') return 'true or false';
  if (schema.type === 'integer') return `a whole number from ${schema.minimum} to ${schema.maximum}`;
  if (schema.type === 'number') return numberOf(schema);
  if (schema.type === 'array') return `items separated by commas${itemsOf(schema.items)}`;
  return textOf(schema);
}

function numberOf({ minimum, maximum, exclusiveMinimum }: Described): string {
  if (exclusiveMinimum !== undefined) return `a number above ${exclusiveMinimum}`;
  return minimum === undefined ? 'a number' : `a number from ${minimum} to ${maximum}`;
}

function itemsOf(items: Described | undefined): string {
  return items?.expected === undefined ? '' : `, each ${items.expected}`;
}

function textOf({ format, minLength = 0, maxLength }: Described): string {
  if (format === 'email') return 'an email address';
  if (maxLength !== undefined) return `text of ${minLength} to ${maxLength} characters`;
  return minLength > 1 ? `text of at least ${minLength} characters` : 'text';
}

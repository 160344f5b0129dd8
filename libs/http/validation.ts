import { type ArgumentMetadata, StandardSchemaValidationPipe } from '@nestjs/common';
import { z } from 'zod';
import { type Issue, messageOf } from './issue-message.js';

/** What is wrong with one field; `path` is as in `items[0].quantity`, or empty for the whole. */
export interface FieldError {
  readonly path: string;
  readonly message: string;
}

/** The request does not fit the schema of its route. */
export class RequestInvalid extends Error {
  override readonly name = 'RequestInvalid';

  constructor(readonly errors: readonly FieldError[]) {
    super('The request is not valid');
  }
}

/** The most errors that an answer lists; a hostile body could have thousands. */
export const MAX_ERRORS = 50;

/** Issues of a schema, on their way to the parameter that they are about. */
class SchemaMismatch extends Error {
  constructor(readonly issues: readonly Issue[]) {
    super('What was sent does not fit its schema');
  }
}

class RequestValidationPipe extends StandardSchemaValidationPipe {
  constructor() {
    super({ exceptionFactory: (issues) => new SchemaMismatch(issues) });
  }

  override async transform<T>(value: T, metadata: ArgumentMetadata): Promise<T> {
    try {
      return await super.transform(value, metadata);
    } catch (error) {
      if (!(error instanceof SchemaMismatch)) throw error;
      throw new RequestInvalid(fieldErrorsOf(error.issues, value, metadata.data));
    }
  }
}

/** Checks every body, query and path parameter that declares a schema. */
export const validationPipe = new RequestValidationPipe();

/** @param parameter its name, where the value is that of one parameter */
function fieldErrorsOf(
  issues: readonly Issue[],
  value: unknown,
  parameter: string | undefined,
): FieldError[] {
  const start = parameter === undefined ? [] : [parameter];
  const all = issues.flatMap((issue) => toFieldErrors(issue, value, start));
  // Two rules of a field may say the same.
  const byText = new Map(all.map((error) => [`${error.path}: ${error.message}`, error]));
  return [...byText.values()].slice(0, MAX_ERRORS);
}

function toFieldErrors(issue: Issue, value: unknown, start: readonly string[]): FieldError[] {
  const path = (issue.path ?? []).map((segment) => (typeof segment === 'object' ? segment.key : segment));
  if (issue.code === 'unrecognized_keys' && issue.keys) {
    return issue.keys.map((key) => ({
      path: joinPath([...start, ...path, key]),
      message: 'This field is not known here',
    }));
  }
  return [{ path: joinPath([...start, ...path]), message: messageOf(issue, valueAt(value, path)) }];
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((at, key) => (at as Record<PropertyKey, unknown> | undefined)?.[key], value);
}

export function joinPath(segments: readonly PropertyKey[]): string {
  return segments.reduce<string>(
    (path, segment) =>
      typeof segment === 'number'
        ? `${path}[${segment}]`
        : path === ''
          ? String(segment)
          : `${path}.${String(segment)}`,
    '',
  );
}

/** An id in a path or a body, in lower case, as PostgreSQL returns it: so two spellings of one are the same text. */
export const Id = z
  .uuid({ error: 'expected a UUID' })
  .toLowerCase()
  .meta({ description: 'UUID', format: 'uuid' });

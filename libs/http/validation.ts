import { StandardSchemaValidationPipe } from '@nestjs/common';
import { z } from 'zod';

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

/** Checks every body, query and path parameter that declares a schema. */
export const validationPipe = new StandardSchemaValidationPipe({
  exceptionFactory: (issues) => new RequestInvalid(issues.flatMap(toFieldErrors).slice(0, MAX_ERRORS)),
});

/** An issue of Standard Schema, with what zod adds to it. */
interface Issue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
  readonly code?: string;
  readonly keys?: readonly string[];
}

function toFieldErrors(issue: Issue): FieldError[] {
  const path = (issue.path ?? []).map((segment) => (typeof segment === 'object' ? segment.key : segment));
  if (issue.code === 'unrecognized_keys' && issue.keys) {
    return issue.keys.map((key) => ({
      path: joinPath([...path, key]),
      message: 'This field is not known here',
    }));
  }
  return [{ path: joinPath(path), message: issue.message }];
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

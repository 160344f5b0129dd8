import { readFile } from 'node:fs/promises';
import { CommandError } from '../command-error.js';

/**
 * Reads an OpenAPI document, with paths and schemas sorted.
 * @param from a file, or the URL of a running product (`http://127.0.0.1:3000`) or of the document itself
 * @throws CommandError that names the source and what was expected
 */
export async function readDocument(from: string): Promise<unknown> {
  try {
    return /^https?:/.test(from)
      ? await fetched(from)
      : (JSON.parse(await readFile(from, 'utf8')) as unknown);
  } catch (error) {
    if (error instanceof CommandError) throw error;
    throw new CommandError(`${from} cannot be read as an OpenAPI document: ${reasonOf(error)}`);
  }
}

/** @throws CommandError when it is no OpenAPI document */
export function checkDocument(document: unknown, from: string): object {
  const { openapi, paths } = (document ?? {}) as { openapi?: unknown; paths?: unknown };
  if (
    typeof openapi === 'string' &&
    openapi.startsWith('3.') &&
    typeof paths === 'object' &&
    paths !== null
  ) {
    return document as object;
  }
  throw new CommandError(`${from} is no OpenAPI document: expected JSON with "openapi": "3.…" and "paths"`);
}

async function fetched(from: string): Promise<unknown> {
  const url = new URL(from);
  if (url.pathname === '/') url.pathname = '/docs-json';
  const response = await fetch(url);
  if (!response.ok)
    throw new CommandError(`${url.href} answered ${response.status}, expected an OpenAPI document`);
  return response.json();
}

function reasonOf(error: unknown): string {
  const { message, cause } = error as Error;
  return cause instanceof Error ? cause.message : message;
}

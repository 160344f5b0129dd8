import type { Variable } from '../description.js';

export const ENV_EXAMPLE = 'deploy/compose.env.example';
export const MAKE_ENV = 'deploy/make-env.sh';

/** A variable of .env without which Compose refuses to start. */
export function requiredVariable(name: string): string {
  return `\${${name}:?set ${name} in .env, see ${ENV_EXAMPLE}}`;
}

/** The entries of a service's environment: from .env, or what stands for it when .env does not name it. */
export function environmentOf(variables: readonly Variable[]): Record<string, string> {
  return Object.fromEntries(
    variables.map(({ name, required, default: otherwise = '' }) => [
      name,
      // Without the colon: set to nothing in .env, it is nothing.
      required ? requiredVariable(name) : `\${${name}-${escaped(otherwise)}}`,
    ]),
  );
}

/** Compose would take a `$` for a variable of its own. */
function escaped(text: string): string {
  return text.replaceAll('$', '$$$$');
}

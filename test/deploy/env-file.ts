import { readFileSync } from 'node:fs';

/** The variables of a .env, as Compose reads them. */
export function readEnv(path: string): Record<string, string> {
  const lines = readFileSync(path, 'utf8').matchAll(/^(\w+)=('?)(.*)\2$/gm);
  return Object.fromEntries([...lines].map(([, name = '', , value = '']) => [name, value]));
}

/** A value of docker-compose.yml with variables in their places. */
export function interpolated(text: string, variables: Readonly<Record<string, string>>): string {
  return text.replaceAll(
    /\$\{(\w+)(?:(:?[-?])([^}]*))?\}/g,
    (_whole, name: string, kind = '', otherwise = '') => {
      const value = variables[name];
      if (value !== undefined && (value !== '' || !kind.startsWith(':'))) return value;
      if (kind.endsWith('?')) throw new Error(otherwise);
      return otherwise;
    },
  );
}

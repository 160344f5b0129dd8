import { knownSettings, type LoadedSettings } from '@fissile/kit/config';

/** Shorter ones would be found in words that mean nothing. */
const SHORTEST = 8;

/** The values of settings that are secret, and the passwords in addresses among them. */
export function knownSecrets({ values }: LoadedSettings): string[] {
  const texts = knownSettings()
    .flatMap(({ shape }) => Object.entries(shape))
    .filter(([, { secret }]) => secret)
    .flatMap(([name]) => textsOf(values.get(name)?.value));
  return [...new Set(texts)].filter((text) => text.length >= SHORTEST);
}

function textsOf(value: unknown): string[] {
  if (typeof value === 'object' && value !== null) return Object.values(value).flatMap(textsOf);
  if (typeof value !== 'string') return [];
  if (!URL.canParse(value)) return [value];
  const { password } = new URL(value);
  return [password, decodeURIComponent(password)];
}

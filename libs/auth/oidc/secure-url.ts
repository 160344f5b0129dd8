import { isProduction } from '@fissile/kit/config';

const LOOPBACK = /^(localhost|.*\.localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/** Whether what is read there can be believed: outside production, and at a loopback address, http will do. */
export function isSecureUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname } = new URL(text);
  if (protocol === 'https:') return true;
  return protocol === 'http:' && (!isProduction() || LOOPBACK.test(hostname));
}

import { ApiProblem, ShopClient, ShopUnreachable, type Tokens, type TokenStore } from '@fissile/client';
import { useEffect, useState } from 'preact/hooks';

/**
 * Tokens live as long as the tab: a reload keeps them, closing the tab forgets them, and no other tab or later visitor of
 * this browser finds them. What could read them there could as well use them from memory: the content policy is what
 * keeps foreign scripts out.
 */
function inTab(key: string, changed: () => void): TokenStore {
  return {
    read: () => {
      const text = sessionStorage.getItem(key);
      return text === null ? undefined : (JSON.parse(text) as Tokens);
    },
    write: (tokens) => {
      if (tokens) {
        const { accessToken, refreshToken } = tokens;
        sessionStorage.setItem(key, JSON.stringify({ accessToken, refreshToken }));
      } else sessionStorage.removeItem(key);
      changed();
    },
  };
}

/** Tells when a session begins or ends, by a person or by the shop. */
export interface SessionWatch {
  readonly isSignedIn: boolean;
  /** @returns what ends it */
  onChange(listener: () => void): () => void;
  begin(tokens: Tokens): void;
}

/**
 * The shop that has served this page.
 * @param send instead of the platform's own fetch
 */
export function shopOfThisPage(
  key: string,
  send: (request: Request) => Promise<Response> = (request) => fetch(request),
): { shop: ShopClient; session: SessionWatch } {
  const listeners = new Set<() => void>();
  const tokens = inTab(key, () => listeners.forEach((listener) => listener()));
  const shop = new ShopClient({
    url: '',
    tokens,
    fetch: send,
    retryPolicy: { tries: 4, triesAfterLoss: 2, longestPauseMs: 5_000 },
  });
  const session = {
    get isSignedIn() {
      return shop.session.isSignedIn;
    },
    onChange: (listener: () => void) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    begin: (begun: Tokens) => tokens.write(begun),
  };
  return { shop, session };
}

export function useSignedIn(session: SessionWatch): boolean {
  const [isSignedIn, setSignedIn] = useState(session.isSignedIn);
  useEffect(() => session.onChange(() => setSignedIn(session.isSignedIn)), [session]);
  return isSignedIn;
}

/** What to tell a person of an error. */
export function toldOf(error: unknown): string {
  if (error instanceof ApiProblem) {
    const fields = error.errors.map(({ path, message }) => `${path}: ${message}`).join('; ');
    return fields === '' ? error.detail : fields;
  }
  if (error instanceof ShopUnreachable) return 'The shop does not answer. Is it running?';
  return error instanceof Error ? error.message : String(error);
}

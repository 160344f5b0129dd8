import {
  ApiClient,
  ApiProblem,
  ApiUnreachable,
  type PathMap,
  type Tokens,
  type TokenStore,
} from '@fissile/api-client';
import { useEffect, useState } from 'preact/hooks';
import type { ProviderSession } from './oidc.ts';

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

/** Notifies when a session begins or ends, by the user or by the product. */
export interface SessionWatch {
  readonly isSignedIn: boolean;
  /** @returns what ends it */
  onChange(listener: () => void): () => void;
  begin(tokens: Tokens): void;
  /** Ends it here and at the product, and at the external provider where that has begun it. */
  end(): Promise<void>;
}

/**
 * The product that has served this page, by the types of its API.
 * @param key where the session is kept in this tab
 */
export function productOfThisPage<Paths extends PathMap>(
  key: string,
  provider: ProviderSession,
): { api: ApiClient<Paths>; session: SessionWatch } {
  const listeners = new Set<() => void>();
  const tokens = inTab(key, () => listeners.forEach((listener) => listener()));
  const api = new ApiClient<Paths>({
    url: '',
    tokens,
    fetch: (request) => provider.send(request),
    retryPolicy: { tries: 4, triesAfterLoss: 2, longestPauseMs: 5_000 },
  });
  const session = {
    get isSignedIn() {
      return api.session.isSignedIn;
    },
    onChange: (listener: () => void) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    begin: (begun: Tokens) => tokens.write(begun),
    end: async () => {
      await api.session.signOut();
      const next = provider.forget();
      if (next !== undefined) location.assign(next);
    },
  };
  return { api, session };
}

export function useSignedIn(session: SessionWatch): boolean {
  const [isSignedIn, setSignedIn] = useState(session.isSignedIn);
  useEffect(() => session.onChange(() => setSignedIn(session.isSignedIn)), [session]);
  return isSignedIn;
}

/** The message of an error for the user. */
export function messageOf(error: unknown): string {
  if (error instanceof ApiProblem) {
    const fields = error.errors.map(({ path, message }) => `${path}: ${message}`).join('; ');
    return fields === '' ? error.detail : fields;
  }
  if (error instanceof ApiUnreachable) return 'The product does not answer. Is it running?';
  return error instanceof Error ? error.message : String(error);
}

import { ApiClient, ApiProblem, ApiUnreachable, type PathMap, type Tokens } from '@fissile/api-client';
import { useEffect, useState } from 'preact/hooks';
import type { ProviderSession } from './oidc.ts';
import { PageSession } from './page-session.ts';
import { PageTokens } from './page-tokens.ts';

/** Notifies when a session begins or ends, by the user or by the product. */
export interface SessionWatch {
  readonly isSignedIn: boolean;
  /** Why the last one has ended, unless it was by this tab. */
  readonly endReason: string | undefined;
  /** @returns what ends it */
  onChange(listener: () => void): () => void;
  begin(tokens: Tokens): void;
  /** Ends it here and at the product, and at the external provider where that has begun it. */
  end(): Promise<void>;
}

/** What a page has of the product that has served it. */
export interface ProductOfPage<Paths extends PathMap> {
  readonly api: ApiClient<Paths>;
  readonly session: SessionWatch;
  /** For a client of somebody whose session the page does not begin yet. */
  readonly send: (request: Request) => Promise<Response>;
}

/** What a page says while the product does not answer, by who reads it. */
const NO_ANSWER = {
  operators: 'The product does not answer. Is it running?',
  customers: 'We cannot be reached just now. Try again in a moment.',
} as const;

export type Readers = keyof typeof NO_ANSWER;

/** The request of a page for these readers got no answer. */
class NoAnswer extends Error {
  constructor(
    readonly readers: Readers,
    cause: unknown,
  ) {
    super(String(cause), { cause });
  }
}

/**
 * The product that has served this page, by the types of its API.
 * @param page its name: each page has a session of its own, which its tabs share
 */
export function productOfThisPage<Paths extends PathMap>(
  page: string,
  provider: ProviderSession,
  readers: Readers = 'operators',
): ProductOfPage<Paths> {
  const listeners = new Set<() => void>();
  const tokens = new PageTokens(`fissile.${page}`, () => {
    listeners.forEach((listener) => listener());
  });
  const pageSession = new PageSession(page, (reason) => (tokens.endReason = reason));
  const send = (request: Request): Promise<Response> => pageSession.send(request);
  const api = new ApiClient<Paths>({
    url: '',
    tokens,
    fetch: (request) =>
      provider.send(request, send).catch((error: unknown) => {
        throw new NoAnswer(readers, error);
      }),
    retryPolicy: { tries: 4, triesAfterLoss: 2, longestPauseMs: 5_000 },
  });
  const session = {
    get isSignedIn() {
      return api.session.isSignedIn;
    },
    get endReason() {
      return tokens.endReason;
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
  return { api, session, send };
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
  if (error instanceof ApiUnreachable)
    return NO_ANSWER[error.cause instanceof NoAnswer ? error.cause.readers : 'operators'];
  return error instanceof Error ? error.message : String(error);
}
